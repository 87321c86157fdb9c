//! An analyst imports a feed and reads its facts.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tests::{Cluster, Output};

/// Two entries in the layout of a topic-feed export, about public facts, in our own words.
pub(crate) const FEED: &str = "\
Workflow
锑
icon
Search documents
中国对锑出口实施许可管理
Example House· 2024-09-15 09:30
Core Viewpoint - Export licences for antimony apply from September 15, 2024 [1]. Group 1: Prices - Antimony ingot was \
quoted at 155,000 yuan/ton, up 2.5% from a week earlier [2]. - Stocks fell by 1,200 tons [3].
A weekly note on copper-20250713
Copper at the London Metal Exchange fell 1.92% to $9,663.00 per ton this week. Domestic inventory rose slightly.
";

/// Rows of a listing printed as JSON lines.
pub(crate) fn rows(output: &Output) -> Result<Vec<Value>> {
    output.stdout.lines().map(|line| serde_json::from_str(line).context("a JSON line")).collect()
}

pub(crate) fn reading() -> Result<Cluster> {
    Cluster::builder().plugin("reading").plugin("claims").plugin("digest").start()
}

#[test]
fn numbers_come_with_their_exact_quotes() -> Result<()> {
    let cluster = reading()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    let imported = cluster.run(&["import", "--wait", &feed])?;
    ensure!(
        imported.stdout.contains("2 documents · 2 new · 0 already there · 0 refused"),
        "{}",
        imported.stdout
    );
    ensure!(imported.stdout.contains("1 without a source line"), "{}", imported.stdout);

    let facts = rows(&cluster.run(&["facts", "--mentions", "--output", "jsonl"])?)?;
    let find = |value: &str, unit: &str| {
        facts
            .iter()
            .find(|f| f["value"]["value"] == value && f["value"]["unit"] == unit)
            .with_context(|| format!("{value} {unit} among {facts:#?}"))
    };
    let price = find("155000", "CNY/t")?;
    ensure!(price["fact"]["quote"] == "155,000 yuan/ton", "{price}");
    ensure!(price["source"]["source"] == "Example House", "{price}");
    let copper = find("9663", "USD/t")?;
    let sentence = copper["fact"]["sentence"]["quote"].as_str().context("a sentence")?;
    ensure!(sentence.starts_with("Copper at the London") && sentence.ends_with("this week."), "{sentence}");
    let named: Vec<_> = copper["entities"].as_array().context("entities")?.iter().map(|e| &e["id"]).collect();
    ensure!(named.contains(&&Value::from("commodity/copper")), "{named:?}");
    // The marks [1] and [2] point outside the text and are no numbers.
    ensure!(facts.iter().all(|f| f["value"]["value"] != "1" && f["value"]["value"] != "3"), "{facts:#?}");
    Ok(())
}

#[test]
fn every_quote_is_the_text_between_its_offsets() -> Result<()> {
    let cluster = reading()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    for fact in rows(&cluster.run(&[
        "facts",
        "--mentions",
        "--kind",
        "quantity,percent,number",
        "--output",
        "jsonl",
    ])?)? {
        let name = fact["document"].as_str().context("a name")?;
        let document = cluster.run(&["show", name, "--output", "json"])?.json()?;
        let text = document["body"]["text"].as_str().context("a text")?;
        let at = |field: &str| fact["fact"][field].as_u64().and_then(|n| usize::try_from(n).ok());
        let (start, end) = (at("start_byte").context("a start")?, at("end_byte").context("an end")?);
        ensure!(text.get(start..end) == fact["fact"]["quote"].as_str(), "{fact}");
    }
    Ok(())
}

#[test]
fn importing_twice_changes_nothing() -> Result<()> {
    let cluster = reading()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let before = cluster.run(&["facts", "--output", "json"])?.stdout;
    let again = cluster.run(&["import", "--wait", &feed])?;
    ensure!(again.stdout.contains("0 new · 2 already there"), "{}", again.stdout);
    ensure!(cluster.run(&["facts", "--output", "json"])?.stdout == before);
    Ok(())
}

#[test]
fn a_brief_keeps_the_texts_own_headings() -> Result<()> {
    let cluster = reading()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let brief = cluster.run(&["digest", "--all"])?.stdout;
    for expected in [
        "Core Viewpoint",
        "Export licences for antimony apply",
        "Group 1: Prices",
        "• Stocks fell by 1,200 tons",
    ] {
        ensure!(brief.contains(expected), "no «{expected}» in\n{brief}");
    }
    ensure!(!brief.contains("[1]"), "citation marks are left out:\n{brief}");
    Ok(())
}

#[test]
fn spreadsheets_get_a_byte_order_mark_and_people_a_table() -> Result<()> {
    let cluster = reading()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let csv = cluster.run(&["documents", "--output", "csv"])?.stdout;
    ensure!(csv.starts_with("\u{feff}name,published,source"), "{csv}");
    ensure!(csv.contains("中国对锑出口实施许可管理"), "{csv}");
    let table = cluster.run(&["documents", "--topic", "锑"])?.stdout;
    ensure!(table.contains("Example House") && table.contains("2 documents"), "{table}");
    Ok(())
}

#[test]
fn the_shared_feed_is_read_whole() -> Result<()> {
    let Some(shared) = tests::shared()? else { return Ok(()) };
    let cluster = reading()?;
    let feed = shared.join("corpus/rare-earth-feed-2025-07-13.txt").display().to_string();
    let imported = cluster.run(&["import", "--wait", &feed])?;
    ensure!(
        imported.stdout.contains("10 documents · 10 new · 0 already there · 0 refused"),
        "{}",
        imported.stdout
    );
    ensure!(imported.stdout.contains("2 without a source line"), "{}", imported.stdout);
    let facts = rows(&cluster.run(&["facts", "--mentions", "--limit", "0", "--output", "jsonl"])?)?;
    for (value, unit) in
        [("19109", "CNY/t"), ("9663", "USD/t"), ("63200", "CNY/t"), ("3834", "t"), ("83.7", "%")]
    {
        let found = facts.iter().any(|f| f["value"]["value"] == value && f["value"]["unit"] == unit);
        ensure!(found, "{value} {unit} is missing");
    }
    let failures = cluster.run(&["failures"])?.stdout;
    ensure!(failures.contains("no failures"), "{failures}");
    Ok(())
}
