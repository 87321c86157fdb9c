//! Workers and servers are killed or stopped while there is work.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use api::analysis::{GetStatusRequest, ListPluginsRequest, Plugin, WaitSettledRequest};
use rustix::process::{Pid, Signal, kill_process};
use tests::{Cluster, Wire, block_on};

use crate::feed::{reading, rows};

fn text(number: usize) -> String {
    format!(
        "Note {number}: copper closed at {} USD/t, up {}% from a week earlier. ",
        9_000 + number,
        number % 7
    )
    .repeat(40)
}

async fn plugins(wire: &Wire) -> Result<Vec<Plugin>> {
    Ok(wire.plugins().list_plugins(ListPluginsRequest {}).await?.into_inner().plugins)
}

/// Groups that are committed, of all analyzers.
async fn committed(wire: &Wire) -> Result<u64> {
    let status = wire.analysis().get_status(GetStatusRequest {}).await?.into_inner();
    Ok(status.analyzers.iter().map(|analyzer| analyzer.committed_groups).sum())
}

async fn settled(wire: &Wire) -> Result<()> {
    let mut wait = wire.analysis().wait_settled(WaitSettledRequest::default()).await?.into_inner();
    while wait.message().await?.is_some() {}
    Ok(())
}

#[test]
fn workers_that_are_killed_leave_no_gap_and_no_blame() -> Result<()> {
    const DOCUMENTS: usize = 1_000;
    const KILLS: u32 = 4;
    let cluster = reading()?;
    let lines: String = (0..DOCUMENTS)
        .map(|n| format!("{}\n", serde_json::json!({"title": format!("Note {n}"), "text": text(n)})))
        .collect();
    let notes = cluster.file("notes.jsonl", lines.as_bytes())?;
    cluster.run(&["import", &notes])?;
    let wire = cluster.wire()?;
    for _ in 0..KILLS {
        // Each kill finds a worker at work: it comes after more groups were committed.
        let before = block_on(committed(&wire))?;
        tests::until("the work goes on", || Ok(block_on(committed(&wire))? > before + 20))?;
        for plugin in block_on(plugins(&wire))? {
            if let Some(pid) = i32::try_from(plugin.pid).ok().and_then(Pid::from_raw) {
                // One that ended of itself meanwhile is as good as killed.
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }
    block_on(settled(&wire))?;
    let failures = rows(&cluster.run(&["failures", "--output", "jsonl"])?)?;
    ensure!(failures.is_empty(), "nobody is blamed for a kill: {failures:#?}");
    let briefs = cluster.run(&["digest", "--all", "--limit", "0", "--output", "jsonl"])?;
    ensure!(rows(&briefs)?.len() == DOCUMENTS, "each document has its brief");
    let status = rows(&cluster.run(&["status", "--output", "jsonl"])?)?;
    for analyzer in &status {
        ensure!(analyzer["state"] == "current" && analyzer["pending_groups"] == 0, "{analyzer}");
    }
    let listed = block_on(plugins(&wire))?;
    let restarts: u32 = listed.iter().map(|plugin| plugin.restarts).sum();
    ensure!(restarts >= KILLS, "the kills came: {restarts} restarts");
    Ok(())
}

#[test]
fn a_server_that_is_killed_during_analysis_finishes_it_later() -> Result<()> {
    const DOCUMENTS: usize = 500;
    let mut cluster = reading()?;
    let lines: String = (0..DOCUMENTS)
        .map(|n| format!("{}\n", serde_json::json!({"title": format!("Note {n}"), "text": text(n)})))
        .collect();
    let notes = cluster.file("notes.jsonl", lines.as_bytes())?;
    cluster.run(&["import", &notes])?;
    let orphans = block_on(plugins(&cluster.wire()?))?;
    cluster.kill()?;
    tests::until("its workers end with it", || {
        Ok(orphans.iter().all(|plugin| !std::path::Path::new(&format!("/proc/{}", plugin.pid)).exists()))
    })?;
    cluster.start()?;
    block_on(settled(&cluster.wire()?))?;
    let briefs = cluster.run(&["digest", "--all", "--limit", "0", "--output", "jsonl"])?;
    ensure!(rows(&briefs)?.len() == DOCUMENTS, "each document has its brief");
    let failures = cluster.run(&["failures"])?.stdout;
    ensure!(failures.contains("no failures"), "{failures}");
    Ok(())
}

#[test]
fn a_stop_during_an_import_loses_nothing() -> Result<()> {
    let mut cluster = reading()?;
    let enough = AtomicBool::new(false);
    let wire = cluster.wire()?;
    let ((acknowledged, end), took) = std::thread::scope(|scope| {
        let importing = scope.spawn(|| {
            let progress = |n| enough.store(n > 400, Ordering::Release);
            block_on(tests::import_until_cut(&wire, 0, text, progress))
        });
        while !enough.load(Ordering::Acquire) && !importing.is_finished() {
            std::thread::yield_now();
        }
        let started = Instant::now();
        cluster.stop()?;
        let took = started.elapsed();
        let imported = importing.join().map_err(|_| anyhow::anyhow!("the import panicked"))??;
        anyhow::Ok((imported, took))
    })?;
    ensure!(took < Duration::from_secs(12), "the grace is 10 s, and it took {took:?}");
    let end = end.context("an import that is cut short does not end as if all was well")?;
    ensure!(end.code() == tonic::Code::Unavailable || end.code() == tonic::Code::Unknown, "{end:?}");
    cluster.start()?;
    let stored = block_on(tests::stored(&cluster.wire()?))?;
    let lost = acknowledged.difference(&stored).count();
    ensure!(acknowledged.len() > 400 && lost == 0, "{lost} of {} are lost", acknowledged.len());
    Ok(())
}

#[test]
fn a_command_whose_server_stops_says_so_and_may_be_repeated() -> Result<()> {
    let mut cluster = Cluster::builder().start()?;
    let lines: String = (0..60_000)
        .map(|n| {
            format!(
                "{}\n",
                serde_json::json!({"title": format!("Note {n}"), "text": format!("Tin rose {n}%.")})
            )
        })
        .collect();
    let notes = cluster.file("notes.jsonl", lines.as_bytes())?;
    let command = cluster.command(&["import", &notes])?;
    let wire = cluster.wire()?;
    let cut = std::thread::scope(|scope| {
        let importing = scope.spawn(|| tests::Output::of(command, b""));
        tests::until("some of it is stored", || {
            let statistics = api::storage::GetStatisticsRequest {};
            let head =
                block_on(async { Ok(wire.storage().get_statistics(statistics).await?.into_inner().head) })?;
            Ok(head > 2)
        })?;
        cluster.stop()?;
        importing.join().map_err(|_| anyhow::anyhow!("the import panicked"))?
    })?;
    ensure!(cut.code == 3 || cut.code == 1, "{cut:?}");
    ensure!(cut.stderr.contains("ended the import"), "{cut:?}");
    cluster.start()?;
    let again = cluster.run(&["import", &notes])?;
    ensure!(
        again.stdout.contains("60000 documents") && !again.stdout.contains(" 0 already there"),
        "{again:?}"
    );
    ensure!(block_on(tests::stored(&cluster.wire()?))?.len() == 60_000);
    Ok(())
}
