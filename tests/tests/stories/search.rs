//! An analyst looks for what was written about a good, in whichever language.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tests::Cluster;

use crate::feed::rows;

/// A text of our own about public matters, as a line of JSON.
pub(crate) fn note(title: &str, source: &str, published: &str, text: &str) -> String {
    json!({"title": title, "source": source, "published": published, "text": text}).to_string() + "\n"
}

fn notes() -> String {
    [
        note(
            "Antimony and the export ban",
            "Harbour Metals",
            "2025-07-11",
            "China banned exports of antimony to the United States on December 3, 2024. Traders turned to Mexico.",
        ),
        note("中国对锑出口实施许可管理", "山海日报", "2025-07-12", "自九月十五日起,锑锭与氧化锑的出口须先取得许可。墨西哥未受影响。"),
        note("Rare earths, a weekly look", "Harbour Metals", "2025-07-13", "Rare earth concentrate was raised to 19,109 yuan per ton."),
        note("稀土价格上调", "Terra Notes", "2025-06-30", "稀土精矿价格上调至19109元/吨。"),
    ]
    .concat()
}

/// A cluster that has read the notes.
pub(crate) fn analyst() -> Result<Cluster> {
    let cluster = Cluster::builder().plugin("reading").plugin("claims").plugin("digest").start()?;
    let file = cluster.file("notes.jsonl", notes().as_bytes())?;
    cluster.run(&["import", "--wait", &file])?;
    Ok(cluster)
}

/// The titles that a question finds.
fn titles(cluster: &Cluster, question: &[&str]) -> Result<Vec<String>> {
    let mut arguments = vec!["search", "--output", "jsonl"];
    arguments.extend(question);
    let hits = rows(&cluster.run(&arguments)?)?;
    hits.iter().map(|hit| Ok(hit["title"].as_str().context("a title")?.to_owned())).collect()
}

fn found(cluster: &Cluster, question: &[&str]) -> Result<BTreeSet<String>> {
    Ok(titles(cluster, question)?.into_iter().collect())
}

const BAN: &str = "Antimony and the export ban";
const LICENCE: &str = "中国对锑出口实施许可管理";
const WEEKLY: &str = "Rare earths, a weekly look";
const PRICE: &str = "稀土价格上调";

fn set(titles: &[&str]) -> BTreeSet<String> {
    titles.iter().map(|title| (*title).to_owned()).collect()
}

#[test]
fn a_word_finds_both_languages_unless_told_not_to() -> Result<()> {
    let cluster = analyst()?;
    for (question, expected) in [
        (vec!["稀土"], set(&[WEEKLY, PRICE])),
        (vec!["\"rare earth\""], set(&[WEEKLY, PRICE])),
        (vec!["锑"], set(&[BAN, LICENCE])),
        (vec!["antimony"], set(&[BAN, LICENCE])),
        (vec!["--literal", "稀土"], set(&[PRICE])),
        (vec!["antimony", "--literal"], set(&[BAN])),
        (vec!["antimony -ban"], set(&[LICENCE])),
        (vec!["antimony", "墨西哥"], set(&[BAN, LICENCE])),
        (vec!["title:价格 OR title:weekly"], set(&[WEEKLY, PRICE])),
    ] {
        let titles = found(&cluster, &question)?;
        ensure!(titles == expected, "{question:?}: {titles:?}");
    }
    let screen = cluster.run(&["search", "antimony"])?.stdout;
    for expected in
        ["⟦Antimony⟧ and the export ban", "中国对⟦锑⟧出口", "antimony also finds", "--literal", "2 documents"]
    {
        ensure!(screen.contains(expected), "no «{expected}» in\n{screen}");
    }
    Ok(())
}

#[test]
fn filters_narrow_a_question() -> Result<()> {
    let cluster = analyst()?;
    for (question, expected) in [
        (vec!["--source", "Harbour Metals"], set(&[BAN, WEEKLY])),
        (vec!["--source", "Harbour Metals", "--source", "Terra Notes", "稀土"], set(&[WEEKLY, PRICE])),
        (vec!["--language", "zh"], set(&[LICENCE, PRICE])),
        (vec!["--from", "2025-07-12"], set(&[LICENCE, WEEKLY])),
        (vec!["--to", "2025-07-12"], set(&[BAN, LICENCE, PRICE])),
        (vec!["--from", "2025-07", "--to", "2025-07-11"], set(&[BAN])),
        (vec!["--commodity", "锑"], set(&[BAN, LICENCE])),
        (vec!["--country", "MEX", "--commodity", "antimony"], set(&[BAN, LICENCE])),
        (vec!["--entity", "墨西哥"], set(&[BAN, LICENCE])),
        (vec!["稀土 OR 锑", "--source", "Terra Notes"], set(&[PRICE])),
    ] {
        let titles = found(&cluster, &question)?;
        ensure!(titles == expected, "{question:?}: {titles:?}");
    }
    let newest = titles(&cluster, &["--order", "time"])?;
    ensure!(newest == [WEEKLY, LICENCE, BAN, PRICE], "{newest:?}");
    let claims = rows(&cluster.run(&["search", "稀土", "--kind", "claim", "--output", "jsonl"])?)?;
    ensure!(!claims.is_empty() && claims.iter().all(|hit| hit["kind"] == "claim"), "{claims:#?}");
    let all = rows(&cluster.run(&["search", "--kind", "all", "--all", "--output", "jsonl"])?)?;
    let kinds: BTreeSet<_> = all.iter().filter_map(|hit| hit["kind"].as_str()).collect();
    ensure!(kinds.contains("document") && kinds.contains("claim"), "{kinds:?}");
    Ok(())
}

#[test]
fn programs_get_total_facets_expansions_and_the_way_on() -> Result<()> {
    let cluster = analyst()?;
    let first = cluster
        .run(&[
            "search", "--limit", "3", "--facet", "source,language", "--order", "time", "--output", "json",
        ])?
        .json()?;
    ensure!(first["total"] == 4 && first["hits"].as_array().map(Vec::len) == Some(3), "{first}");
    ensure!(first["facets"]["source"][0] == json!({"value": "Harbour Metals", "count": 2}), "{first}");
    let token = first["next_page_token"].as_str().context("a token")?;
    let arguments = ["search", "--limit", "3", "--order", "time", "--output", "json", "--page", token];
    let rest = cluster.run(&arguments)?.json()?;
    ensure!(rest["hits"].as_array().map(Vec::len) == Some(1) && rest["next_page_token"].is_null(), "{rest}");
    let other = cluster.attempt(&["search", "锑", "--limit", "3", "--page", token])?;
    ensure!(other.code == 1 && other.stderr.contains("--page goes with"), "{other:?}");

    let answer = cluster.run(&["search", "锑", "--output", "json"])?.json()?;
    ensure!(answer["expansions"][0]["ids"][0] == "commodity/antimony", "{answer}");
    for hit in answer["hits"].as_array().context("hits")? {
        let highlighted = |text: &Value, ranges: &Value| -> Result<Vec<String>> {
            let text = text.as_str().context("a text")?;
            let at = |range: &Value, end: &str| range[end].as_u64().and_then(|n| usize::try_from(n).ok());
            let ranges = ranges.as_array().context("ranges")?;
            let cut = |range| Some(text.get(at(range, "start")?..at(range, "end")?)?.to_lowercase());
            ranges.iter().map(|range| cut(range).context("a place in the text")).collect()
        };
        let mut words = highlighted(&hit["title"], &hit["title_highlights"])?;
        words.extend(highlighted(&hit["snippet"]["text"], &hit["snippet"]["highlights"])?);
        ensure!(
            !words.is_empty() && words.iter().all(|w| w.contains('锑') || w.contains("antimony")),
            "{hit}"
        );
    }
    let csv = cluster.run(&["search", "锑", "--output", "csv"])?.stdout;
    ensure!(csv.starts_with("\u{feff}name,published,kind,source,title,snippet"), "{csv}");
    Ok(())
}

#[test]
fn what_cannot_be_read_is_shown_with_its_place() -> Result<()> {
    let cluster = analyst()?;
    let wrong = cluster.attempt(&["search", "稀土 AND (锑 OR 镓"])?;
    ensure!(wrong.code == 2, "{wrong:?}");
    let lines: Vec<&str> = wrong.stderr.lines().collect();
    ensure!(lines[0].starts_with("error: the query cannot be read: "), "{wrong:?}");
    // 稀土 is four cells wide, and AND with its blanks five; two stand before every line.
    ensure!(lines[1] == "  稀土 AND (锑 OR 镓" && lines[2] == format!("{}^", " ".repeat(2 + 9)), "{wrong:?}");
    for (arguments, expected) in [
        // Without its own check the one parenthesis would close that of the filter.
        (vec!["search", "a) OR (b", "--source", "x"], "  a) OR (b\n   ^"),
        (vec!["search", "colour:red"], "^^^^^^"),
        (vec!["search", "锑", "--from", "2025-13"], "--from 2025-13"),
        (vec!["search", "锑", "--from", "soon) OR (a"], "is no date"),
        (vec!["search", "锑", "--kind", "claims"], "there are document, claim"),
        (vec!["search", "锑", "--source", ""], "--source has an empty value"),
    ] {
        let wrong = cluster.attempt(&arguments)?;
        ensure!(wrong.code == 2 && wrong.stderr.contains(expected), "{arguments:?}: {}", wrong.stderr);
    }
    let facet = cluster.attempt(&["search", "锑", "--facet", "colour"])?;
    ensure!(facet.code == 1 && facet.stderr.contains("colour"), "{facet:?}");
    let future = cluster.attempt(&["search", "锑", "--at-least", "9000000"])?;
    ensure!(future.code == 1 && !future.stderr.is_empty(), "{future:?}");
    Ok(())
}

#[test]
fn nothing_found_says_what_would_be() -> Result<()> {
    let cluster = analyst()?;
    let none = cluster.run(&["search", "antimony concentrate", "--source", "Terra Notes"])?.stdout;
    ensure!(none.contains("no document answers this"), "{none}");
    ensure!(none.contains("each word alone: antimony 0 · concentrate 1"), "{none}");
    let source = cluster.run(&["search", "antimony", "--source", "Terra Notes"])?.stdout;
    ensure!(source.contains("without --source Terra Notes: 2"), "{source}");
    let literal = cluster.run(&["search", "REE", "--literal"])?.stdout;
    ensure!(literal.contains("without --literal: 2"), "{literal}");
    Ok(())
}

#[test]
fn hostile_titles_and_questions_do_no_harm() -> Result<()> {
    let cluster = analyst()?;
    let hostile = note(
        "Gallium \u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}lla",
        "Evil\u{1b}[31m House",
        "2025-07-13",
        "Gallium \u{1b}[5mblinks\u{8}\u{8}\u{8} here.",
    );
    let file = cluster.file("hostile.jsonl", hostile.as_bytes())?;
    cluster.run(&["import", "--wait", &file])?;
    let screen = cluster.run(&["search", "gallium", "--facet", "source"])?.stdout;
    ensure!(screen.contains("⟦Gallium⟧"), "{screen}");
    let harmful = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    ensure!(!screen.contains(harmful), "{screen:?}");
    for query in ["稀土 ".repeat(10_000), "(".repeat(10_000), "a\u{1b}[31m\"".to_owned(), "x".repeat(100_000)]
    {
        let answer = cluster.attempt(&["search", &query])?;
        ensure!([0, 2].contains(&answer.code), "{}: {answer:?}", query.len());
        ensure!(answer.stderr.len() < 2_000 && !answer.stderr.contains(harmful), "{:?}", answer.stderr);
    }
    Ok(())
}

#[test]
fn the_index_is_made_again() -> Result<()> {
    let cluster = analyst()?;
    let status = cluster.run(&["status"])?.stdout;
    ensure!(status.contains("search index at sequence ") && status.contains(" records"), "{status}");
    let before = cluster.run(&["search", "锑", "--output", "json"])?.json()?;
    let made = cluster.run(&["reindex"])?.stdout;
    ensure!(made.starts_with("indexed   "), "{made}");
    let after = cluster.run(&["search", "锑", "--output", "json"])?.json()?;
    ensure!(after["hits"] == before["hits"] && after["total"] == 2, "{after}");
    Ok(())
}
