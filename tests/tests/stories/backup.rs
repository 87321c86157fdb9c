//! An operator keeps a copy of everything, and brings it back.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use tests::{Cluster, Output};

use crate::feed::{FEED, reading, rows};

/// What an analyst sees, to be compared before and after.
const VIEWS: [&[&str]; 4] = [
    &["facts", "--limit", "0", "--output", "json"],
    &["facts", "--mentions", "--kind", "quantity,percent,number", "--limit", "0", "--output", "json"],
    &["digest", "--all", "--output", "json"],
    &["documents", "--output", "json"],
];

const LATER: &str = "{\"title\":\"Tin\",\"text\":\"Tin closed at $33,000 per ton.\"}\n";

fn views(cluster: &Cluster) -> Result<Vec<String>> {
    VIEWS.iter().map(|view| Ok(cluster.run(view)?.stdout)).collect()
}

fn import(cluster: &Cluster, name: &str, text: &str) -> Result<Output> {
    let path = cluster.file(name, text.as_bytes())?;
    cluster.run(&["import", "--wait", &path])
}

/// A cluster with facts, and its backup.
fn backed_up() -> Result<(Cluster, String)> {
    let cluster = reading()?;
    import(&cluster, "feed.txt", FEED)?;
    let path = cluster.folder().join("monday.backup").display().to_string();
    let said = cluster.run(&["backup", &path])?.stdout;
    ensure!(said.contains("monday.backup: all records as of sequence"), "{said}");
    Ok((cluster, path))
}

#[test]
fn a_fresh_cluster_takes_a_backup_and_goes_on() -> Result<()> {
    let (old, backup) = backed_up()?;
    let data = old.folder().join("fresh");
    let restored = old.run(&["restore", &backup, "--data", &data.display().to_string()])?;
    ensure!(restored.stdout.contains("records restored"), "{restored:?}");
    let fresh = Cluster::builder().plugin("reading").plugin("claims").plugin("digest").data(&data).start()?;
    ensure!(views(&fresh)? == views(&old)?, "what is shown differs");
    let imported = import(&fresh, "more.jsonl", LATER)?;
    ensure!(imported.stdout.contains("1 new"), "{imported:?}");
    let facts = rows(&fresh.run(&["facts", "--mentions", "--output", "jsonl"])?)?;
    ensure!(facts.iter().any(|f| f["value"]["value"] == "33000"), "{facts:#?}");
    Ok(())
}

#[test]
fn a_cluster_without_plugins_takes_a_backup_and_gets_them_later() -> Result<()> {
    let (old, backup) = backed_up()?;
    let mut fresh = Cluster::builder().start()?;
    fresh.run(&["restore", &backup])?;
    ensure!(views(&fresh)? == views(&old)?, "what is shown differs");
    fresh.stop()?;
    for plugin in ["reading", "claims", "digest"] {
        tests::install(plugin, &fresh.plugins)?;
    }
    fresh.start()?;
    let again = import(&fresh, "feed.txt", FEED)?;
    ensure!(again.stdout.contains("0 new · 2 already there"), "{again:?}");
    ensure!(views(&fresh)? == views(&old)?, "what is shown differs once the plugins are there");
    import(&fresh, "more.jsonl", LATER)?;
    let facts = rows(&fresh.run(&["facts", "--mentions", "--output", "jsonl"])?)?;
    ensure!(facts.iter().any(|f| f["value"]["value"] == "33000"), "{facts:#?}");
    Ok(())
}

#[test]
fn nothing_is_overwritten() -> Result<()> {
    let (cluster, backup) = backed_up()?;
    let before = std::fs::read(&backup)?;
    let second = cluster.attempt(&["backup", &backup])?;
    ensure!(second.code == 1 && second.stderr.contains("monday.backup exists"), "{second:?}");
    ensure!(std::fs::read(&backup)? == before, "the file is as it was");
    let refused = cluster.attempt(&["restore", &backup])?;
    ensure!(refused.code == 1 && refused.stderr.contains("the log is not empty"), "{refused:?}");
    ensure!(refused.stderr.contains("fresh data folder"), "it says how to mend that: {refused:?}");
    let missing = cluster.attempt(&["restore", "no-such.backup"])?;
    ensure!(missing.code == 1 && missing.stderr.contains("no-such.backup"), "{missing:?}");
    Ok(())
}

#[test]
fn a_backup_that_can_not_be_written_leaves_nothing_behind() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let nowhere = cluster.folder().join("nowhere/a.backup").display().to_string();
    let failed = cluster.attempt(&["backup", &nowhere])?;
    ensure!(failed.code == 1 && failed.stderr.contains("nowhere"), "{failed:?}");
    Ok(())
}

/// The byte that a refusal names.
fn offset(refused: &Output) -> Result<usize> {
    let (_, rest) = refused.stderr.split_once("damaged at byte ").with_context(|| format!("{refused:?}"))?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Ok(digits.parse()?)
}

fn refuse(cluster: &Cluster, path: &Path, damaged: &[u8]) -> Result<usize> {
    std::fs::write(path, damaged)?;
    let refused = cluster.attempt(&["restore", &path.display().to_string()])?;
    ensure!(refused.code == 1, "{refused:?}");
    let documents = rows(&cluster.run(&["documents", "--limit", "0", "--output", "jsonl"])?)?;
    ensure!(documents.is_empty(), "nothing of it is visible: {documents:#?}");
    offset(&refused)
}

#[test]
fn a_damaged_backup_is_refused_with_its_byte() -> Result<()> {
    let (old, backup) = backed_up()?;
    let whole = std::fs::read(&backup)?;
    let fresh = Cluster::builder().start()?;
    let path = fresh.folder().join("damaged.backup");
    for cut in [0, 10, 20, 25, whole.len() / 2, whole.len() - 1] {
        let told =
            refuse(&fresh, &path, &whole[..cut]).with_context(|| format!("cut off after {cut} bytes"))?;
        ensure!(told <= cut, "cut off after {cut} bytes, told as {told}");
    }
    for flipped in [0, 21, 40, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[flipped] ^= 4;
        let told = refuse(&fresh, &path, &damaged).with_context(|| format!("byte {flipped} flipped"))?;
        ensure!(told <= flipped, "byte {flipped} flipped, told as {told}");
    }
    let mut longer = whole.clone();
    longer.push(0);
    let told = refuse(&fresh, &path, &longer)?;
    ensure!(told == whole.len(), "a byte after the end, told as {told}");
    // After all of this the log is still empty, and takes the whole file.
    fresh.run(&["restore", &backup])?;
    ensure!(views(&fresh)? == views(&old)?, "what is shown differs");
    Ok(())
}

#[test]
fn a_backup_of_a_newer_version_is_refused() -> Result<()> {
    let (_old, backup) = backed_up()?;
    let mut newer = std::fs::read(&backup)?;
    newer[19] = 99;
    let fresh = Cluster::builder().start()?;
    let path = fresh.file("newer.backup", &newer)?;
    let refused = fresh.attempt(&["restore", &path])?;
    ensure!(refused.code == 1 && refused.stderr.contains("format 99"), "{refused:?}");
    ensure!(refused.stderr.contains("newer version"), "{refused:?}");
    Ok(())
}

#[test]
fn the_past_can_be_read() -> Result<()> {
    let cluster = reading()?;
    import(&cluster, "feed.txt", FEED)?;
    let listed = rows(&cluster.run(&["documents", "--source", "Example House", "--output", "jsonl"])?)?;
    let name = listed[0]["name"].as_str().context("a name")?;
    let shown = cluster.run(&["show", name])?.stdout;
    ensure!(shown.contains("155,000 yuan/ton"), "{shown}");
    let now = tests::block_on(async {
        Ok(cluster
            .wire()?
            .storage()
            .get_statistics(api::storage::GetStatisticsRequest {})
            .await?
            .into_inner()
            .head)
    })?;
    cluster.run(&["retract", "--wait", name])?;
    ensure!(cluster.attempt(&["show", name])?.code == 5);
    let as_of = now.to_string();
    let past = cluster.run(&["show", name, "--as-of", &as_of, "--output", "json"])?.json()?;
    let text = past["body"]["text"].as_str().context("a text")?;
    ensure!(text.contains("155,000 yuan/ton"), "{past}");
    let earlier = cluster.attempt(&["show", name, "--as-of", "1"])?;
    ensure!(earlier.code == 5, "it was not there yet: {earlier:?}");
    let future = cluster.attempt(&["show", name, "--as-of", "1000000"])?;
    ensure!(future.code == 1 && future.stderr.contains("and not to 1000000 yet"), "{future:?}");
    let past = cluster.run(&["show", name, "--as-of", &as_of])?.stdout;
    ensure!(past == shown, "it is shown as it was, with its mentions:\n{past}");
    let short = cluster.run(&["show", &name["documents/".len()..][..8], "--as-of", &as_of])?.stdout;
    ensure!(short == shown, "the beginning of its id names it as well:\n{short}");
    Ok(())
}
