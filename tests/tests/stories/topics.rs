//! An analyst saves a question and is told when something new answers it.

use anyhow::{Context as _, Result, ensure};
use api::record::{Record, Topic};
use api::storage::{CommitRequest, Operation, Put, operation};
use prost::{Message as _, Name as _};
use serde_json::Value;
use tests::{Cluster, Running, block_on, until};

use crate::feed::{FEED, rows};
use crate::search::{analyst, note};

fn topics(cluster: &Cluster) -> Result<Vec<Value>> {
    rows(&cluster.run(&["topics", "--output", "jsonl"])?)
}

/// Imports a note about antimony with this title.
fn import(cluster: &Cluster, title: &str) -> Result<()> {
    let note = note(title, "Harbour Metals", "2025-07-14", "Antimony was quoted higher.");
    let file = cluster.file("more.jsonl", note.as_bytes())?;
    cluster.run(&["import", &file])?;
    Ok(())
}

/// The title of the next alert, and its sequence.
fn next(watch: &Running) -> Result<(String, i64, String)> {
    let line = watch.line()?;
    let alert: Value = serde_json::from_str(&line).with_context(|| line.clone())?;
    let text = |value: &Value| value.as_str().map(str::to_owned).with_context(|| line.clone());
    Ok((
        text(&alert["hit"]["title"])?,
        alert["sequence"].as_i64().context("a sequence")?,
        text(&alert["id"])?,
    ))
}

#[test]
fn a_topic_is_saved_listed_shown_changed_and_removed() -> Result<()> {
    let cluster = analyst()?;
    let saved = cluster.run(&["topics", "add", "export bans", "\"export ban\" OR 锑"])?.stdout;
    for expected in [
        "saved export bans of ana",
        "read as: ",
        "锑 also finds antimony",
        "answered by 2 now",
        "watch 'export bans'",
    ] {
        ensure!(saved.contains(expected), "no «{expected}» in\n{saved}");
    }
    let again = cluster.run(&["topics", "add", "export bans", "\"export ban\" OR 锑"])?.stdout;
    ensure!(again.contains("is saved already"), "{again}");
    cluster.run(&["topics", "add", "稀土", "稀土", "--owner", "bo", "--literal"])?;
    let listed = topics(&cluster)?;
    ensure!(listed.len() == 2, "{listed:#?}");
    ensure!(
        listed[0]["topic"] == "export bans" && listed[0]["owner"] == "ana" && listed[0]["answers"] == 2,
        "{listed:#?}"
    );
    ensure!(
        listed[1]["topic"] == "稀土" && listed[1]["answers"] == 1 && listed[1]["literal"] == true,
        "{listed:#?}"
    );
    let own = rows(&cluster.run(&["topics", "list", "--owner", "bo", "--output", "jsonl"])?)?;
    ensure!(own.len() == 1 && own[0]["owner"] == "bo", "{own:#?}");

    let shown = cluster.run(&["topics", "show", "稀土"])?.stdout;
    ensure!(shown.contains("稀土 of bo") && shown.contains("⟦稀土⟧价格上调"), "{shown}");
    let changed =
        cluster.run(&["topics", "add", "export bans", "墨西哥", "--kind", "document,claim"])?.stdout;
    ensure!(changed.contains("changed export bans of ana; it was: \"export ban\" OR 锑"), "{changed}");
    ensure!(topics(&cluster)?.len() == 2);

    let removed = cluster.run(&["topics", "remove", "export bans"])?.stdout;
    ensure!(removed.contains("removed export bans of ana; its query was: 墨西哥"), "{removed}");
    ensure!(topics(&cluster)?.len() == 1);
    let gone = cluster.attempt(&["topics", "show", "export bans"])?;
    ensure!(gone.code == 5 && gone.stderr.contains("there is no topic «export bans»"), "{gone:?}");
    Ok(())
}

#[test]
fn a_feeds_own_topic_is_found_and_can_be_saved() -> Result<()> {
    let cluster = Cluster::builder().plugin("reading").start()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let under = rows(&cluster.run(&["search", "--topic", "锑", "--output", "jsonl"])?)?;
    ensure!(under.len() == 2, "{under:#?}");
    let listed = topics(&cluster)?;
    ensure!(
        listed.len() == 1 && listed[0]["topic"] == "锑" && listed[0]["state"] == "imported",
        "{listed:#?}"
    );
    ensure!(listed[0]["answers"] == 2, "{listed:#?}");
    let unsaved = cluster.attempt(&["watch", "锑"])?;
    ensure!(unsaved.code == 5 && unsaved.stderr.contains("monazite topics add 锑 锑"), "{unsaved:?}");

    // The note on copper does not speak of antimony, but came in under its name.
    let saved = cluster.run(&["topics", "add", "锑"])?.stdout;
    ensure!(
        saved.contains("only documents that came in under its name") && saved.contains("answered by 2"),
        "{saved}"
    );
    let watch = cluster.run(&["watch", "锑", "--since-start", "--exit-after", "2", "--output", "jsonl"])?;
    ensure!(rows(&watch)?.len() == 2, "{watch:?}");
    let listed = topics(&cluster)?;
    ensure!(listed.len() == 1 && listed[0]["state"] == "saved" && listed[0]["answers"] == 2, "{listed:#?}");
    Ok(())
}

#[test]
fn what_comes_in_is_told_through_a_restart() -> Result<()> {
    let mut cluster = analyst()?;
    cluster.run(&["topics", "add", "antimony", "title:antimony"])?;
    let watch = cluster.running(&["watch", "antimony", "--output", "jsonl"])?;
    watch.says("watching antimony of ana")?;
    import(&cluster, "Antimony one")?;
    let (title, first, id) = next(&watch)?;
    ensure!(title == "Antimony one", "{title}");

    cluster.kill()?;
    watch.says("trying again")?;
    cluster.start()?;
    import(&cluster, "Antimony two")?;
    watch.says("the server is back")?;
    let (title, second, _) = next(&watch)?;
    ensure!(title == "Antimony two" && second > first, "{title}");
    cluster.stop()?;
    watch.says("trying again")?;
    cluster.start()?;
    import(&cluster, "Antimony three")?;
    ensure!(next(&watch)?.0 == "Antimony three");
    watch.interrupt()?;
    ensure!(watch.unread().is_empty());
    let (code, said) = watch.ended()?;
    ensure!(code == 0 && said.contains("3 alerts told"), "{said}");

    // Whoever comes later is told the same, under the same ids.
    let before = (first - 1).to_string();
    let again =
        cluster.run(&["watch", "antimony", "--after", &before, "--exit-after", "3", "--output", "jsonl"])?;
    let again = rows(&again)?;
    ensure!(again.len() == 3 && again[0]["id"] == id.as_str(), "{again:#?}");
    ensure!(again[0]["sequence"] == first && again[1]["sequence"] == second, "{again:#?}");
    Ok(())
}

#[test]
fn a_watch_on_a_screen_ends_with_its_topic() -> Result<()> {
    let cluster = analyst()?;
    cluster.run(&["topics", "add", "antimony", "锑"])?;
    let watch = cluster.running(&["watch", "antimony", "--since-start"])?;
    let mut lines = Vec::new();
    // Each alert has a line of its own, and its passage below it.
    while lines.iter().filter(|line: &&String| !line.starts_with(' ')).count() < 2 {
        lines.push(watch.line()?);
    }
    let text = lines.join("\n");
    ensure!(text.contains("Harbour Metals  ⟦Antimony⟧ and the export ban"), "{text}");
    ensure!(text.contains("山海日报  中国对⟦锑⟧出口实施许可管理"), "{text}");
    cluster.run(&["topics", "remove", "antimony"])?;
    let (code, said) = watch.ended()?;
    ensure!(code == 1 && said.contains("error: "), "{code}: {said}");
    Ok(())
}

#[test]
fn hostile_topics_are_refused_or_listed_as_broken() -> Result<()> {
    let cluster = analyst()?;
    let long = "稀".repeat(10_000);
    for (arguments, expected) in [
        (vec!["topics", "add", &long, "锑"], "has 30000 bytes; at most 200"),
        (vec!["topics", "add", "", "锑"], "the topic's name is empty"),
        (vec!["topics", "add", "a\u{1b}[31m", "锑"], "control characters"),
        (vec!["topics", "add", "a", "锑", "--owner", "\u{7}"], "control characters"),
        (vec!["topics", "add", "a", "锑 AND"], "锑 AND\n        ^"),
        (vec!["topics", "add", "a", "锑", "--kind", "claims"], "there are document, claim"),
        (vec!["watch", &long], "at most 200"),
    ] {
        let refused = cluster.attempt(&arguments)?;
        ensure!(refused.code == 2 && refused.stderr.contains(expected), "{expected}: {refused:?}");
        ensure!(!refused.stderr.contains('\u{1b}') && !refused.stderr.contains('\u{7}'), "{refused:?}");
    }
    ensure!(topics(&cluster)?.is_empty());
    let everything = cluster.run(&["topics", "add", "all", "-nothing"])?.stdout;
    ensure!(everything.contains("whatever comes in may answer it"), "{everything}");

    // Another client may have saved what this one would refuse.
    let topic =
        Topic { name: "bad".into(), owner: "eve\u{202e}".into(), query: "(锑".into(), ..Topic::default() };
    let record = Record {
        name: "topics/00000000000000000000000000000000".into(),
        kind: Topic::full_name(),
        body: topic.encode_to_vec().into(),
        keys: vec!["owner=eve".into(), "topic=bad".into()],
        ..Record::default()
    };
    let wire = cluster.wire()?;
    block_on(async move {
        let put = operation::Operation::Put(Put { record: Some(record) });
        let request =
            CommitRequest { operations: vec![Operation { operation: Some(put) }], ..Default::default() };
        wire.storage().commit(request).await?;
        Ok(())
    })?;
    until("the topic is listed as broken", || {
        Ok(topics(&cluster)?.iter().any(|topic| topic["topic"] == "bad" && topic["state"] == "broken"))
    })?;
    let listed = cluster.run(&["topics"])?.stdout;
    ensure!(listed.contains("broken") && !listed.contains('\u{202e}'), "{listed}");
    let shown = cluster.attempt(&["topics", "show", "bad"])?;
    ensure!(shown.code == 2 && shown.stderr.contains("  (锑\n  ^"), "{shown:?}");
    let watched = cluster.attempt(&["watch", "bad"])?;
    ensure!(watched.code == 1, "{watched:?}");
    Ok(())
}
