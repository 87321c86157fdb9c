//! An analyst is told which tellings of one event contradict each other, and why.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tests::Cluster;

use crate::feed::rows;
use crate::tellings::FEED;

fn cluster() -> Result<Cluster> {
    Cluster::builder().plugin("reading").plugin("claims").plugin("stories").plugin("reconcile").start()
}

fn contradictions(cluster: &Cluster) -> Result<Vec<Value>> {
    rows(&cluster.run(&["findings", "--kind", "contradiction", "--output", "jsonl"])?)
}

#[test]
fn a_month_that_differs_within_a_story_is_shown_with_both_quotes_and_goes_with_its_telling() -> Result<()> {
    let cluster = cluster()?;
    let feed = cluster.file("feed.jsonl", FEED.join("\n").as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let found = contradictions(&cluster)?;
    // The figures meet within the story and by their digits; both say the same, which is shown once.
    let shifted = found.iter().all(|finding| finding["reason"] == "period-shifted");
    ensure!(!found.is_empty() && shifted, "{found:#?}");
    let quotes = found[0]["sides"].to_string();
    for words in ["May", "2025年4月", "3834吨"] {
        ensure!(quotes.contains(words), "«{words}» is not quoted: {quotes}");
    }
    // The odd telling names another side's publisher as its source, which speaks for neither.
    ensure!(found[0]["likelier"].as_array().is_none_or(Vec::is_empty), "{found:#?}");
    let shown = cluster.run(&["findings", "--kind", "contradiction"])?.stdout;
    ensure!(shown.contains("✗ contradiction · period shifted"), "{shown}");
    ensure!(shown.matches("✗ contradiction").count() == 1, "once: {shown}");
    ensure!(shown.contains("A  Apr 2025") && shown.contains("B  May 2025"), "in words: {shown}");
    let odd = found[0]["documents"].as_array().context("documents")?;
    let odd = odd.iter().find(|document| document["source"] == "港口日报").context("the odd telling")?;
    let odd = odd["name"].as_str().context("a name")?;
    let of_story = rows(&cluster.run(&["findings", "--story", odd, "--output", "jsonl"])?)?;
    ensure!(of_story.iter().any(|finding| finding["finding"] == found[0]["finding"]), "{of_story:#?}");
    cluster.run(&["retract", "--wait", odd])?;
    let left = contradictions(&cluster)?;
    ensure!(left.is_empty(), "{left:#?}");
    Ok(())
}

#[test]
fn the_period_that_one_telling_of_the_corpus_shifts_is_found() -> Result<()> {
    let Some(shared) = tests::shared()? else { return Ok(()) };
    let cluster = cluster()?;
    let feed = shared.join("corpus/rare-earth-feed-2025-07-13.txt");
    cluster.run(&["import", "--wait", feed.to_str().context("a path in UTF-8")?])?;
    let found = contradictions(&cluster)?;
    let of = |reason: &str| found.iter().filter(|finding| finding["reason"] == reason).collect::<Vec<_>>();
    let shifted = of("period-shifted");
    ensure!(shifted.len() == 1 && shifted[0]["sides"].to_string().contains("3,834"), "{found:#?}");
    // All others say that a headline takes antimony for rare earths.
    ensure!(of("good-confused").len() + 1 == found.len(), "{found:#?}");
    Ok(())
}
