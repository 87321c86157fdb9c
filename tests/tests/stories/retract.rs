//! An analyst takes a document back.

use anyhow::{Context as _, Result, ensure};

use crate::feed::{FEED, reading, rows};

#[test]
fn what_rested_on_a_document_goes_with_it() -> Result<()> {
    let cluster = reading()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let documents = rows(&cluster.run(&["documents", "--source", "Example House", "--output", "jsonl"])?)?;
    let name = documents[0]["name"].as_str().context("a name")?.to_owned();
    cluster.run(&["retract", "--wait", &name])?;
    let left = rows(&cluster.run(&["facts", "--output", "jsonl"])?)?;
    ensure!(!left.is_empty() && left.iter().all(|f| f["document"] != name.as_str()), "{left:#?}");
    let brief = cluster.attempt(&["digest", &name])?;
    ensure!(brief.code != 0, "{brief:?}");
    // It may come back, and all that rests on it with it.
    let again = cluster.run(&["import", "--wait", &feed])?;
    ensure!(again.stdout.contains("1 new · 1 already there"), "{}", again.stdout);
    let back = rows(&cluster.run(&["facts", "--output", "jsonl"])?)?;
    ensure!(back.iter().any(|f| f["document"] == name.as_str()), "{back:#?}");
    Ok(())
}

#[test]
fn an_unknown_document_is_said() -> Result<()> {
    let cluster = reading()?;
    for id in ["00000000", "documents/0123456789abcdef0123456789abcdef", "nonsense!"] {
        let gone = cluster.attempt(&["retract", id])?;
        ensure!(gone.code == 5, "{gone:?}");
    }
    Ok(())
}

#[test]
fn a_retraction_during_analysis_leaves_nothing() -> Result<()> {
    let cluster = reading()?;
    let body = "Antimony ingot was quoted at 155,000 yuan/ton, up 2.5% from a week earlier. ".repeat(20);
    let lines: String =
        (0..200).map(|n| format!("{{\"title\":\"Note {n}\",\"text\":\"{body}\"}}\n")).collect();
    let feed = cluster.file("notes.jsonl", lines.as_bytes())?;
    cluster.run(&["import", &feed])?;
    let listed = rows(&cluster.run(&["documents", "--limit", "0", "--output", "jsonl"])?)?;
    ensure!(listed.len() == 200);
    let names: Vec<&str> = listed.iter().filter_map(|d| d["name"].as_str()).collect();
    let mut arguments = vec!["retract", "--wait"];
    arguments.extend(&names[..199]);
    cluster.run(&arguments)?;
    let facts = rows(&cluster.run(&["facts", "--limit", "0", "--output", "jsonl"])?)?;
    ensure!(!facts.is_empty() && facts.iter().all(|f| f["document"] == names[199]), "{} facts", facts.len());
    Ok(())
}
