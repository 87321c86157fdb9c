//! The power fails in the middle of an import.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, ensure};
use api::record::{Document, Record};
use api::storage::{ImportRequest, ListRequest, Outcome};
use prost::{Message as _, Name as _};
use tests::{Cluster, block_on};
use tokio_stream::wrappers::ReceiverStream;

fn document(round: usize, number: usize) -> Record {
    let text = format!("Note {round}.{number}: copper closed at {} USD/t. ", 9_000 + number).repeat(40);
    let name = format!("documents/{round:08x}{number:024x}");
    let body = Document { text, language: "en".into(), ..Default::default() };
    Record {
        keys: vec![format!("document={name}")],
        name,
        kind: Document::full_name(),
        body: body.encode_to_vec().into(),
        ..Default::default()
    }
}

/// Imports until the connection breaks; the names that were acknowledged.
async fn import_until_cut(cluster: &Cluster, round: usize, enough: &AtomicBool) -> Result<BTreeSet<String>> {
    let (sender, receiver) = tokio::sync::mpsc::channel(64);
    let mut answers = cluster.wire()?.storage().import(ReceiverStream::new(receiver)).await?.into_inner();
    tokio::spawn(async move {
        for batch in 0..100_000_u64 {
            let first = usize::try_from(batch).unwrap_or(usize::MAX) * 16;
            let records = (first..first + 16).map(|n| document(round, n)).collect();
            if sender.send(ImportRequest { batch_id: batch, records }).await.is_err() {
                break;
            }
        }
    });
    let mut acknowledged = BTreeSet::new();
    // The stream ends with an error when the server is killed.
    while let Ok(Some(answer)) = answers.message().await {
        ensure!(answer.outcomes().all(|o| o == Outcome::Written), "{:?}", answer.refusals);
        let first = usize::try_from(answer.batch_id)? * 16;
        acknowledged.extend((first..first + 16).map(|n| document(round, n).name));
        if acknowledged.len() > 400 {
            enough.store(true, Ordering::Release);
        }
    }
    Ok(acknowledged)
}

async fn stored(cluster: &Cluster) -> Result<BTreeSet<String>> {
    let mut storage = cluster.wire()?.storage();
    let mut request = ListRequest { kind: Document::full_name(), page_size: 1000, ..Default::default() };
    let mut names = BTreeSet::new();
    loop {
        let page = storage.list(request.clone()).await?.into_inner();
        names.extend(page.records.into_iter().map(|r| r.name));
        if page.next_page_token.is_empty() {
            return Ok(names);
        }
        request.page_token = page.next_page_token;
    }
}

#[test]
fn nothing_that_was_acknowledged_is_lost() -> Result<()> {
    let mut cluster = Cluster::builder().start()?;
    let mut acknowledged = BTreeSet::new();
    for round in 0..3 {
        let enough = AtomicBool::new(false);
        let id = cluster.server()?.id();
        let pid = rustix::process::Pid::from_raw(i32::try_from(id)?).context("a process has an id")?;
        let got = std::thread::scope(|scope| {
            let importing = scope.spawn(|| block_on(import_until_cut(&cluster, round, &enough)));
            while !enough.load(Ordering::Acquire) && !importing.is_finished() {
                std::thread::yield_now();
            }
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
            importing.join().map_err(|_| anyhow::anyhow!("the import panicked"))?
        })?;
        ensure!(got.len() > 400, "only {} were acknowledged before the kill", got.len());
        acknowledged.extend(got);
        cluster.kill()?;
        cluster.start()?;
        let stored = block_on(stored(&cluster))?;
        let lost = acknowledged.difference(&stored).count();
        ensure!(lost == 0, "{lost} of {} acknowledged documents are lost", acknowledged.len());
    }
    Ok(())
}
