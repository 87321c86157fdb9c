//! An analyst sees several articles about one event as one story.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tests::{Cluster, Output};

use crate::feed::rows;

/// Three tellings of one invented event in two languages, of which one names another month; and another event of the same good and
/// country two days later.
pub(crate) const FEED: [&str; 4] = [
    r#"{"title":"Thai customs: 3,834 t of antimony oxide to Mexico in May","source":"Harbour Wire","published":"2025-06-11T08:00:00+00:00","text":"Thailand shipped 3,834 tons of antimony oxide to Mexico in May 2025, customs in Bangkok said. Stocks at Laem Chabang port stood at 1,278 tons. Two years ago there was no such trade."}"#,
    r#"{"title":"泰国对墨西哥出口氧化锑3834吨","source":"港口日报","published":"2025-06-11T20:30:00+08:00","text":"据Harbour Wire报道，2025年4月泰国向墨西哥出口氧化锑3834吨。林查班港库存1278吨。"}"#,
    r#"{"title":"Thai antimony finds a way to Mexico","source":"Ore Mirror","published":"2025-06-12T09:00:00+00:00","text":"Thailand shipped 3,834 tons of antimony oxide to Mexico in May 2025, customs in Bangkok said. Stocks at Laem Chabang port stood at 1,278 tons. Two years ago there was no such trade."}"#,
    r#"{"title":"Thai smelter to lift antimony output","source":"Harbour Wire","published":"2025-06-13T08:00:00+00:00","text":"A smelter in Rayong, Thailand, plans to lift its antimony output to 9,420 tons a year by 2027 and has ordered two furnaces for 27.3 million dollars."}"#,
];

fn cluster() -> Result<Cluster> {
    Cluster::builder().plugin("reading").plugin("claims").plugin("stories").start()
}

fn story(output: &Output) -> Result<Value> {
    serde_json::from_str(&output.stdout).context("a story in JSON")
}

fn names(cluster: &Cluster) -> Result<Vec<(String, String)>> {
    let listed = rows(&cluster.run(&["documents", "--output", "jsonl"])?)?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(listed.iter().map(|document| (text(&document["title"]), text(&document["name"]))).collect())
}

#[test]
fn tellings_of_one_event_are_one_story_whichever_came_first() -> Result<()> {
    let mut told = Vec::new();
    for order in [[0, 1, 2, 3], [3, 2, 1, 0]] {
        let cluster = cluster()?;
        for place in order {
            let feed = cluster.file("feed.jsonl", FEED[place].as_bytes())?;
            cluster.run(&["import", "--wait", &feed])?;
        }
        let stories = rows(&cluster.run(&["stories", "--output", "jsonl"])?)?;
        ensure!(
            stories.len() == 1 && stories[0]["tellings"] == 3 && stories[0]["voices"] == 1,
            "{stories:#?}"
        );
        let mut seen = Vec::new();
        for (title, name) in names(&cluster)? {
            let shown = cluster.attempt(&["story", &name, "--output", "json"])?;
            if title.contains("smelter") {
                ensure!(shown.code == 5 && shown.stderr.contains("is in no story"), "{shown:?}");
            } else {
                ensure!(shown.code == 0, "{shown:?}");
                seen.push(story(&shown)?);
            }
        }
        ensure!(seen.len() == 3 && seen.iter().all(|other| *other == seen[0]), "{seen:#?}");
        told.push(seen.remove(0));
    }
    ensure!(told[0] == told[1], "{told:#?}");
    let story = &told[0];
    let tellings = story["tellings"].as_array().context("tellings")?;
    ensure!(
        tellings[2]["manner"] == "copy" && tellings[2]["copied_from"] == tellings[0]["document"],
        "{story:#}"
    );
    ensure!(tellings[1]["attributions"][0]["document"] == tellings[0]["document"], "{story:#}");
    let differences = story["differences"].as_array().context("differences")?;
    let period =
        differences.iter().find(|difference| difference["kind"] == "period").context("the period differs")?;
    // One telling names the other as its source, so that the month was changed on the way.
    ensure!(
        period["changed"] == true && period["sides"].as_array().is_some_and(|sides| sides.len() == 2),
        "{period:#}"
    );
    Ok(())
}

#[test]
fn a_story_loses_what_is_retracted_and_ends_with_its_last_but_one() -> Result<()> {
    let cluster = cluster()?;
    let feed = cluster.file("feed.jsonl", FEED.join("\n").as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let names = names(&cluster)?;
    let name = |words: &str| {
        let found = names.iter().find(|(title, _)| title.contains(words));
        found.map(|(_, name)| name.clone()).context("a document")
    };
    // The earliest telling goes, and with it the name of the story.
    cluster.run(&["retract", "--wait", &name("customs")?])?;
    let left = story(&cluster.run(&["story", &name("finds a way")?[10..22], "--output", "json"])?)?;
    ensure!(left["tellings"].as_array().is_some_and(|tellings| tellings.len() == 2), "{left:#}");
    cluster.run(&["retract", "--wait", &name("泰国")?])?;
    let stories = rows(&cluster.run(&["stories", "--output", "jsonl"])?)?;
    ensure!(stories.is_empty(), "{stories:#?}");
    Ok(())
}

#[test]
fn the_five_tellings_of_the_corpus_are_one_story() -> Result<()> {
    let Some(shared) = tests::shared()? else { return Ok(()) };
    let cluster = cluster()?;
    let feed = shared.join("corpus/rare-earth-feed-2025-07-13.txt");
    cluster.run(&["import", "--wait", feed.to_str().context("a path in UTF-8")?])?;
    let stories = rows(&cluster.run(&["stories", "--output", "jsonl"])?)?;
    ensure!(stories.len() == 1 && stories[0]["tellings"] == 5, "{stories:#?}");
    let name = stories[0]["name"].as_str().context("a name")?;
    let story = story(&cluster.run(&["story", name, "--output", "json"])?)?;
    for telling in story["tellings"].as_array().context("tellings")? {
        let title = telling["title"].as_str().unwrap_or_default();
        ensure!(["转运", "第三国", "3834吨", "帮凶"].iter().any(|words| title.contains(words)), "{title}");
    }
    let differences = story["differences"].as_array().context("differences")?;
    let period =
        differences.iter().find(|difference| difference["kind"] == "period").context("the period differs")?;
    let few = period["sides"]
        .as_array()
        .context("sides")?
        .iter()
        .map(|side| side["documents"].as_array().map_or(0, Vec::len));
    ensure!(few.min() == Some(1) && period["changed"] == false, "{period:#}");
    ensure!(differences.iter().any(|difference| difference["kind"] == "good"), "{differences:#?}");
    Ok(())
}
