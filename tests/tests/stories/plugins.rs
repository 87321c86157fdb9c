//! Plugins that misbehave, and plugins that are replaced.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use prost::Message as _;
use serde_json::Value;
use tests::Cluster;

use crate::feed::rows;

/// Notes as JSON lines, one for each text.
fn notes(texts: &[&str]) -> String {
    texts
        .iter()
        .enumerate()
        .map(|(n, text)| format!("{}\n", serde_json::json!({"title": format!("Note {n}"), "text": text})))
        .collect()
}

/// Failures of an analyzer by the title of the document that failed.
fn failures(cluster: &Cluster, analyzer: &str) -> Result<BTreeMap<String, Value>> {
    let mut titles = BTreeMap::new();
    for document in rows(&cluster.run(&["documents", "--limit", "0", "--output", "jsonl"])?)? {
        let name = document["name"].as_str().context("a name")?.to_owned();
        titles.insert(name, document["title"].as_str().context("a title")?.to_owned());
    }
    let mut found = BTreeMap::new();
    for failure in rows(&cluster.run(&["failures", "--analyzer", analyzer, "--output", "jsonl"])?)? {
        let group = failure["group"].as_str().context("a group")?;
        found.insert(titles.get(group).cloned().unwrap_or_default(), failure);
    }
    Ok(found)
}

#[test]
fn what_misbehaves_is_named_and_the_rest_goes_on() -> Result<()> {
    let cluster = Cluster::builder().plugin("reading").plugin("faulty").start()?;
    let texts = [
        "Copper rose 1%.", "!panic", "!lie", "!undeclared", "!garbage", "!flood", "!flood-bytes", "!refuse",
        "!abort", "Tin rose 2%.",
    ];
    let feed = cluster.file("notes.jsonl", notes(&texts).as_bytes())?;
    cluster.run(&["import", "--wait", "--wait-limit", "120", &feed])?;
    let failed = failures(&cluster, "faulty")?;
    let expected = [
        (1, "panic"),
        (2, "quote differs"),
        (3, "invalid output"),
        (4, "invalid output"),
        (5, "output limit"),
        (6, "output limit"),
        (7, "invalid input"),
        (8, "crash"),
    ];
    for (number, code) in expected {
        let failure =
            failed.get(&format!("Note {number}")).with_context(|| format!("{} fails", texts[number]))?;
        ensure!(failure["code"] == code && failure["version"] == "1.0.0", "{}: {failure}", texts[number]);
    }
    ensure!(failed.len() == expected.len(), "{failed:#?}");
    let facts = rows(&cluster.run(&["facts", "--mentions", "--output", "jsonl"])?)?;
    ensure!(facts.len() == 2, "the other analyzers read on: {facts:#?}");
    // Its worker may pause after the last crash.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    loop {
        let plugins = rows(&cluster.run(&["plugins", "--output", "jsonl"])?)?;
        let faulty = plugins.iter().find(|p| p["analyzer"] == "faulty").context("it is listed")?;
        if faulty["state"] == "serving" && faulty["restarts"].as_u64() > Some(0) {
            break;
        }
        ensure!(std::time::Instant::now() < deadline, "{faulty}");
    }
    let all = rows(&cluster.run(&["failures", "--output", "jsonl"])?)?;
    ensure!(all.iter().all(|f| f["analyzer"] == "faulty"), "nobody else in its process is accused: {all:#?}");
    Ok(())
}

#[test]
fn a_hanging_call_costs_its_worker_and_nothing_else() -> Result<()> {
    let cluster = Cluster::builder().plugin("faulty").start()?;
    let feed = cluster.file("notes.jsonl", notes(&["!hang", "Tin rose 2%."]).as_bytes())?;
    cluster.run(&["import", "--wait", "--wait-limit", "120", &feed])?;
    let failed = failures(&cluster, "faulty")?;
    ensure!(failed.len() == 1 && failed["Note 0"]["code"] == "deadline", "{failed:#?}");
    Ok(())
}

#[test]
fn a_failure_goes_when_it_is_tried_again_or_its_document_goes() -> Result<()> {
    let cluster = Cluster::builder().plugin("faulty").start()?;
    let feed = cluster.file("notes.jsonl", notes(&["!fail", "!refuse"]).as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    ensure!(failures(&cluster, "faulty")?.len() == 2);
    let retried = cluster.run(&["failures", "--retry"])?;
    ensure!(retried.stdout.contains("2 groups"), "{}", retried.stdout);
    let documents = rows(&cluster.run(&["documents", "--title", "Note 0", "--output", "jsonl"])?)?;
    let name = documents[0]["name"].as_str().context("a name")?;
    cluster.run(&["retract", "--wait", name])?;
    let left = rows(&cluster.run(&["failures", "--output", "jsonl"])?)?;
    ensure!(left.len() == 1 && left[0]["group"] != name, "{left:#?}");
    Ok(())
}

#[test]
fn a_library_that_is_none_is_rejected_and_the_rest_starts() -> Result<()> {
    let cluster = Cluster::builder()
        .plugin("reading")
        .plugin_file("libnonsense.so", b"\x7fELF this is no library")
        .start()?;
    let plugins = rows(&cluster.run(&["plugins", "--output", "jsonl"])?)?;
    let rejected = plugins.iter().find(|p| p["state"] == "rejected").context("one is rejected")?;
    ensure!(rejected["path"].as_str().is_some_and(|p| p.ends_with("libnonsense.so")), "{rejected}");
    ensure!(!rejected["message"].as_str().unwrap_or_default().is_empty(), "{rejected}");
    ensure!(plugins.iter().any(|p| p["analyzer"] == "reading" && p["state"] == "serving"), "{plugins:#?}");
    ensure!(cluster.server()?.line.contains("1 library rejected"), "{}", cluster.server()?.line);
    Ok(())
}

#[test]
fn a_refused_config_is_said() -> Result<()> {
    let mut cluster = Cluster::builder().plugin("faulty").start()?;
    cluster.stop()?;
    std::fs::write(cluster.data.join("config/faulty.json"), r#"{"refuse": "not today"}"#)?;
    cluster.start()?;
    let plugins = rows(&cluster.run(&["plugins", "--output", "jsonl"])?)?;
    let message = plugins[0]["message"].as_str().context("a message")?;
    ensure!(plugins[0]["state"] == "rejected" && message.contains("not today"), "{plugins:#?}");
    Ok(())
}

/// The body of a `faulty.v1.Echo`, as far as a test looks at it.
#[derive(Clone, PartialEq, prost::Message)]
struct Echo {
    #[prost(string, tag = "2")]
    text: String,
}

/// What `echo` derived now, sorted.
fn echoes(cluster: &Cluster) -> Result<Vec<String>> {
    let records = tests::block_on(async {
        let request = api::storage::ListRequest {
            kind: "faulty.v1.Echo".into(),
            page_size: 1000,
            ..Default::default()
        };
        Ok(cluster.wire()?.storage().list(request).await?.into_inner().records)
    })?;
    let own = records.into_iter().filter(|record| record.analyzer == "echo");
    let mut texts: Vec<String> =
        own.map(|record| Ok(Echo::decode(record.body)?.text)).collect::<Result<_>>()?;
    texts.sort();
    Ok(texts)
}

#[test]
fn upgrade_and_rollback_leave_no_double() -> Result<()> {
    let cluster = Cluster::builder().plugin("faulty").start()?;
    let feed = cluster.file("notes.jsonl", notes(&["Copper rose.", "Tin fell.", "Zinc held."]).as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let first = echoes(&cluster)?;
    ensure!(first == ["NOTE 0", "NOTE 1", "NOTE 2"], "the highest version is used: {first:?}");
    for (arguments, expected) in [
        (vec!["plugins", "pin", "echo", "1.0.0"], ["Note 0", "Note 1", "Note 2"]),
        (vec!["plugins", "unpin", "echo"], ["NOTE 0", "NOTE 1", "NOTE 2"]),
    ] {
        cluster.run(&arguments)?;
        // The walk through all groups begins with the assignment, a moment after the pin.
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
        loop {
            let now = echoes(&cluster)?;
            ensure!(now.len() == 3, "never a double, never a gap: {now:?}");
            if now == expected {
                break;
            }
            ensure!(std::time::Instant::now() < deadline, "{arguments:?}: {now:?}");
        }
        // What `echo-length` made of it follows, and the walk over all groups ends.
        tests::block_on(async {
            let mut wait =
                cluster.wire()?.analysis().wait_settled(api::analysis::WaitSettledRequest::default()).await?;
            while wait.get_mut().message().await?.is_some() {}
            Ok(())
        })?;
        let status = rows(&cluster.run(&["status", "--output", "jsonl"])?)?;
        let echo = status.iter().find(|s| s["analyzer"] == "echo").context("it has a status")?;
        ensure!(echo["stale_groups"] == 0 && echo["failed_groups"] == 0, "{echo}");
    }
    let wrong = cluster.attempt(&["plugins", "pin", "echo", "3.0.0"])?;
    ensure!(wrong.code == 5 && wrong.stderr.contains("1.0.0, 2.0.0"), "{wrong:?}");
    Ok(())
}

#[test]
fn a_disabled_analyzer_rests_and_what_it_derived_stays() -> Result<()> {
    let cluster = Cluster::builder().plugin("reading").plugin("digest").start()?;
    let feed = cluster.file("a.jsonl", notes(&["Copper rose 1%."]).as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    cluster.run(&["plugins", "disable", "digest"])?;
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    loop {
        let status = rows(&cluster.run(&["status", "--output", "jsonl"])?)?;
        if status.iter().any(|s| s["analyzer"] == "digest" && s["state"] == "disabled") {
            break;
        }
        ensure!(std::time::Instant::now() < deadline, "{status:#?}");
    }
    let more = cluster.file("b.jsonl", notes(&["", "Tin rose 2%."]).as_bytes())?;
    cluster.attempt(&["import", "--wait", &more])?;
    let briefs = cluster.run(&["digest", "--all", "--output", "json"])?.json()?;
    ensure!(briefs.as_array().map(Vec::len) == Some(1), "{briefs}");
    cluster.run(&["plugins", "enable", "digest"])?;
    while cluster.run(&["digest", "--all", "--output", "json"])?.json()?.as_array().map(Vec::len) != Some(2) {
        ensure!(std::time::Instant::now() < deadline, "the second document gets its digest");
    }
    Ok(())
}
