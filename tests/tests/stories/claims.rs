//! An analyst asks what was stated: facts with subject, measure, period and change, and where each of these comes from.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tests::Cluster;

use crate::feed::{reading, rows};

/// Texts of our own about public matters, one document a line.
fn notes() -> String {
    let note = |title: &str, source: &str, text: &str| {
        json!({"title": title, "source": source, "published": "2025-07-13", "text": text}).to_string() + "\n"
    };
    [
        note(
            "LME copper, July 11, 2025",
            "Harbour Metals",
            "LME copper fell 1.92% week-on-week to $9,663.00 per ton. Zinc inventory was 1,200 tons.",
        ),
        note(
            "北方稀土业绩预告",
            "山海日报",
            "2025年上半年，北方稀土预计净利润9亿元至9.6亿元，同比增长1882.54%至2014.71%。",
        ),
        note(
            "Antimony and the export ban",
            "Harbour Metals",
            "China banned exports of antimony to the United States on December 3, 2024.",
        ),
    ]
    .concat()
}

/// A cluster that has read the notes.
fn analyst() -> Result<Cluster> {
    let cluster = reading()?;
    let feed = cluster.file("notes.jsonl", notes().as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    Ok(cluster)
}

fn facts(cluster: &Cluster, filter: &[&str]) -> Result<Vec<Value>> {
    let mut arguments = vec!["facts", "--output", "jsonl"];
    arguments.extend(filter);
    rows(&cluster.run(&arguments)?)
}

/// The quotes of facts.
fn quotes(facts: &[Value]) -> BTreeSet<&str> {
    facts.iter().filter_map(|fact| fact["quote"].as_str()).collect()
}

#[test]
fn facts_say_what_they_are_of_and_where_that_stands() -> Result<()> {
    let cluster = analyst()?;
    let found = facts(&cluster, &["--measure", "price"])?;
    ensure!(quotes(&found) == BTreeSet::from(["$9,663.00 per ton"]), "{found:#?}");
    let price = &found[0];
    ensure!(price["value"]["value"] == "9663" && price["value"]["unit"] == "USD/t", "{price}");
    ensure!(
        price["subject"]["id"] == "commodity/copper" && price["venue"]["id"] == "exchange/LME",
        "{price}"
    );
    ensure!(price["changes"][0]["base"]["relation"] == "week_on_week", "{price}");
    ensure!(price["source"]["source"] == "Harbour Metals", "{price}");
    // The day stands in the title alone.
    ensure!(price["period"]["start"] == "2025-07-11" && price["period"]["origin"] == "inherited", "{price}");
    ensure!(price["period"]["quote"] == "July 11, 2025", "{price}");
    ensure!(
        price["keys"]["fact"] == "price|USD/mass|commodity/copper|venue=exchange/LME@2025-07-11",
        "{price}"
    );
    let sentence = price["sentence"]["quote"].as_str().context("a sentence")?;
    ensure!(sentence.starts_with("LME copper fell") && sentence.ends_with("per ton."), "{sentence}");

    let profit = &facts(&cluster, &["--measure", "净利润"])?[0];
    ensure!(profit["value"]["low"] == "900000000" && profit["value"]["high"] == "960000000", "{profit}");
    ensure!(profit["modality"]["value"] == "expected" && profit["period"]["precision"] == "half", "{profit}");
    Ok(())
}

#[test]
fn every_slot_quotes_the_document() -> Result<()> {
    let cluster = analyst()?;
    let found = facts(&cluster, &[])?;
    ensure!(found.len() >= 4, "{found:#?}");
    for fact in &found {
        let name = fact["document"].as_str().context("a name")?;
        let document = cluster.run(&["show", name, "--output", "json"])?.json()?;
        let text = document["body"]["text"].as_str().context("a text")?;
        let mut slots = 0;
        quoted(fact, text, &mut slots)?;
        ensure!(slots >= 3, "{fact}");
    }
    Ok(())
}

/// Checks every object that has a quote, however deep it lies.
fn quoted(value: &Value, text: &str, checked: &mut usize) -> Result<()> {
    if let Some(quote) = value.get("quote").and_then(Value::as_str) {
        let at = |field: &str| value[field].as_u64().and_then(|n| usize::try_from(n).ok());
        let (start, end) = (at("start_byte").context("a start")?, at("end_byte").context("an end")?);
        ensure!(text.get(start..end) == Some(quote), "{value}");
        *checked += 1;
    }
    match value {
        Value::Object(fields) => fields.values().try_for_each(|field| quoted(field, text, checked)),
        Value::Array(values) => values.iter().try_for_each(|value| quoted(value, text, checked)),
        _ => Ok(()),
    }
}

#[test]
fn facts_are_filtered_by_what_they_say() -> Result<()> {
    let cluster = analyst()?;
    let all = facts(&cluster, &[])?;
    let only = |filter: &[&str]| -> Result<BTreeSet<String>> {
        let found = facts(&cluster, filter)?;
        ensure!(found.len() < all.len(), "{filter:?} filters");
        Ok(quotes(&found).into_iter().map(str::to_owned).collect())
    };
    let copper = BTreeSet::from(["$9,663.00 per ton".to_owned()]);
    let profit = BTreeSet::from(["9亿元至9.6亿元".to_owned()]);
    for (filter, expected) in [
        (["--subject", "铜"], &copper),
        (["--subject", "commodity/copper"], &copper),
        (["--unit", "USD/t"], &copper),
        (["--subject", "Northern Rare Earth"], &profit),
        (["--period", "2025-H1"], &profit),
        (["--period", "2025-01-01..2025-07-01"], &profit),
        (["--source", "山海"], &profit),
    ] {
        let found = only(&filter)?;
        ensure!(found == *expected, "{filter:?}: {found:?}");
    }
    ensure!(only(&["--period", "2025-Q3", "--measure", "price"])? == copper);
    ensure!(only(&["--period", "2025-08"])?.is_empty());
    let events = facts(&cluster, &["--events"])?;
    ensure!(!events.is_empty() && events.iter().all(|fact| fact["event"].is_string()), "{events:#?}");
    let bans = facts(&cluster, &["--events=ban", "--subject", "antimony", "--period", "2024-12"])?;
    ensure!(bans.len() == 1 && bans[0]["event"] == "ban", "{bans:#?}");
    let first = facts(&cluster, &["--limit", "1"])?;
    ensure!(first.len() == 1);
    Ok(())
}

#[test]
fn what_cannot_be_asked_for_is_said() -> Result<()> {
    let cluster = analyst()?;
    for (arguments, expected) in [
        (["facts", "--period", "July"], "`July` is no period"),
        (["facts", "--period", "2025-08..2025-07"], "the end does not follow the start"),
        (["facts", "--events=bans", "--limit=1"], "there are ban, licence"),
        (["facts", "--mentions", "--explain"], "--explain"),
        (["facts", "--kind=number", "--limit=1"], "--mentions"),
    ] {
        let wrong = cluster.attempt(&arguments)?;
        ensure!(wrong.code == 2 && wrong.stderr.contains(expected), "{arguments:?}: {wrong:?}");
    }
    let unknown = cluster.run(&["facts", "--measure", "pirce"])?.stdout;
    ensure!(unknown.contains("the lexicon knows no measure «pirce»"), "{unknown}");
    Ok(())
}

#[test]
fn people_see_a_table_and_why() -> Result<()> {
    let cluster = analyst()?;
    let table = cluster.run(&["facts", "--measure", "price"])?.stdout;
    for expected in ["LME copper", "9,663 USD/t", "−1.92 % WoW", "(2025-07-11)", "07-13 Harbour Metals"] {
        ensure!(table.contains(expected), "no «{expected}» in\n{table}");
    }
    ensure!(!table.contains("nearest name"), "rules are shown when they are asked for:\n{table}");
    let why = cluster.run(&["facts", "--measure", "price", "--explain"])?.stdout;
    for expected in ["copper (commodity/copper)", "stated", "inherited", "«July 11, 2025»", "key fact"] {
        ensure!(why.contains(expected), "no «{expected}» in\n{why}");
    }
    let csv = cluster.run(&["facts", "--output", "csv"])?.stdout;
    ensure!(csv.starts_with("\u{feff}subject.id,subject.words,subject.origin,measure.id"), "{csv}");
    ensure!(csv.contains("北方稀土"), "{csv}");
    Ok(())
}

#[test]
fn a_retracted_document_leaves_no_claim() -> Result<()> {
    let cluster = analyst()?;
    let documents = rows(&cluster.run(&["documents", "--output", "jsonl"])?)?;
    for document in &documents {
        let name = document["name"].as_str().context("a name")?;
        ensure!(!facts(&cluster, &["--document", name])?.is_empty(), "{document}");
    }
    let names: Vec<&str> = documents.iter().filter_map(|document| document["name"].as_str()).collect();
    cluster.run(&[&["retract", "--wait"], names.as_slice()].concat())?;
    ensure!(facts(&cluster, &["--limit", "0"])?.is_empty());
    let status = cluster.run(&["status"])?.stdout;
    ensure!(!status.contains(" Claim") && !status.contains(" Layer"), "{status}");
    Ok(())
}

#[test]
fn claims_come_when_their_analyzer_is_enabled_and_stay_when_it_rests() -> Result<()> {
    let cluster = reading()?;
    cluster.run(&["plugins", "disable", "claims"])?;
    tests::until("claims is disabled", || {
        let status = rows(&cluster.run(&["status", "--output", "jsonl"])?)?;
        Ok(status.iter().any(|s| s["analyzer"] == "claims" && s["state"] == "disabled"))
    })?;
    let feed = cluster.file("notes.jsonl", notes().as_bytes())?;
    cluster.attempt(&["import", "--wait", &feed])?;
    ensure!(facts(&cluster, &[])?.is_empty());
    let numbers = rows(&cluster.run(&["facts", "--mentions", "--output", "jsonl"])?)?;
    ensure!(!numbers.is_empty(), "numbers are read without claims");
    cluster.run(&["plugins", "enable", "claims"])?;
    tests::until("the claims are there", || Ok(facts(&cluster, &[])?.len() >= 4))?;
    let before = facts(&cluster, &[])?;
    cluster.run(&["plugins", "disable", "claims"])?;
    ensure!(facts(&cluster, &[])? == before, "what was derived stays");
    Ok(())
}

#[test]
fn a_name_of_the_users_own_becomes_the_subject_of_a_fact() -> Result<()> {
    let mut cluster = reading()?;
    let note = json!({"title": "Price list", "text": "月光盐报价2.8万元/吨。"}).to_string();
    let feed = cluster.file("note.jsonl", note.as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let own = "commodity/moonstone-salt\t月光盐\tmoonstone salt\t\tcommodity/antimony\tour own list\n";
    ensure!(facts(&cluster, &["--subject", "commodity/moonstone-salt"])?.is_empty());

    cluster.stop()?;
    std::fs::write(cluster.data.join("config/reading.json"), json!({ "lexicon": own }).to_string())?;
    cluster.start()?;
    // Another config is another assignment: everything is read again.
    tests::until("the name is read", || {
        Ok(!facts(&cluster, &["--subject", "commodity/moonstone-salt"])?.is_empty())
    })?;
    let file = cluster.file("own.tsv", own.as_bytes())?;
    for name in ["月光盐", "moonstone salt", "锑"] {
        let found = facts(&cluster, &["--subject", name, "--lexicon", &file])?;
        ensure!(found.len() == 1 && found[0]["subject"]["words"] == "月光盐", "{name}: {found:#?}");
        ensure!(
            found[0]["measure"]["id"] == "measure/price" && found[0]["value"]["value"] == "28000",
            "{found:#?}"
        );
    }

    cluster.stop()?;
    std::fs::write(cluster.data.join("config/reading.json"), json!({ "lexicon": "moonstone" }).to_string())?;
    cluster.start()?;
    let plugins = rows(&cluster.run(&["plugins", "--output", "jsonl"])?)?;
    let rejected = plugins.iter().find(|plugin| plugin["state"] == "rejected").context("one is rejected")?;
    let message = rejected["message"].as_str().context("a message")?;
    ensure!(message.contains("lexicon:1: there are 1 fields instead of six"), "{message}");
    Ok(())
}

#[test]
fn what_is_doubtful_is_marked_with_its_reason() -> Result<()> {
    let cluster = reading()?;
    let note = json!({"title": "Tin", "text": "Tin traded at 35,000-33,000 yuan a ton."}).to_string();
    let feed = cluster.file("note.jsonl", note.as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let numbers = rows(&cluster.run(&["facts", "--mentions", "--output", "jsonl"])?)?;
    ensure!(numbers.iter().any(|number| number["value"]["doubt"] == "backward_range"), "{numbers:#?}");
    let document = numbers[0]["document"].as_str().context("a name")?;
    let shown = cluster.run(&["show", document])?.stdout;
    ensure!(shown.contains("doubtful: backward range"), "{shown}");
    Ok(())
}
