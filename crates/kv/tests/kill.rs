//! A process that commits is killed, at random and at chosen moments; what it had acknowledged must be there.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail loudly and tell what it met")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use kv::{Batch, Error, Kv, Range, Sled, SledConfig};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Names the folder to the process that is to be killed.
const FOLDER: &str = "KV_KILL_TEST_FOLDER";

/// Tells that process to open the folder and end at once, without closing it.
const OPEN_ONLY: &str = "KV_KILL_TEST_OPEN_ONLY";

/// Sequences of batches that are committed side by side.
const LANES: u32 = 3;

/// Rows of a batch.
const ROWS: u32 = 12;

/// A batch removes the one that is so many before it.
const KEPT: u32 = 40;

/// Small enough that log files, checkpoints and reclaiming all happen while the process lives.
fn config() -> SledConfig {
    SledConfig {
        cache_bytes: 1 << 20,
        log_file_bytes: 64 << 10,
        checkpoint_bytes: 32 << 10,
        reserve_bytes: 0,
    }
}

fn key(lane: u32, batch: u32, row: u32) -> Bytes {
    Bytes::from(format!("{lane}/{batch:08}/{row:02}"))
}

/// A value that names its place; short ones lie in the index, long ones in the log.
fn value(lane: u32, batch: u32, row: u32) -> Bytes {
    let text = format!("{lane}/{batch}/{row};");
    Bytes::from(text.repeat(if row.is_multiple_of(3) { 60 } else { 3 }))
}

fn batch(lane: u32, batch: u32) -> Batch {
    let mut writes: Vec<_> =
        (0..ROWS).map(|row| (key(lane, batch, row), Some(value(lane, batch, row)))).collect();
    if let Some(old) = batch.checked_sub(KEPT) {
        writes.extend((0..ROWS).map(|row| (key(lane, old, row), None)));
    }
    Batch { checks: Vec::new(), writes }
}

/// The newest batch of each lane. Panics unless exactly the newest [`KEPT`] of each are there, whole.
async fn newest(store: &Sled) -> Vec<Option<u32>> {
    let rows = store.scan(Range::prefix(b""), 1 << 20).await.unwrap();
    let rows: BTreeMap<Bytes, Bytes> = rows.into_iter().collect();
    let mut expected = BTreeMap::new();
    let mut newest = Vec::new();
    for lane in 0..LANES {
        let range = Range::prefix(format!("{lane}/").as_bytes()).reversed();
        let last = store.scan(range, 1).await.unwrap().pop();
        let last: Option<u32> =
            last.map(|(key, _)| std::str::from_utf8(&key[2..10]).unwrap().parse().unwrap());
        for batch in last.into_iter().flat_map(|last| (last + 1).saturating_sub(KEPT)..=last) {
            expected.extend((0..ROWS).map(|row| (key(lane, batch, row), value(lane, batch, row))));
        }
        newest.push(last);
    }
    assert!(rows == expected, "{} rows, {} expected", rows.len(), expected.len());
    newest
}

/// Not a test by itself: what the process does that is killed.
#[test]
fn committer() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    Runtime::new().unwrap().block_on(async {
        let store = std::sync::Arc::new(Sled::open(Path::new(&folder), config()).unwrap());
        if std::env::var_os(OPEN_ONLY).is_some() {
            std::process::exit(0);
        }
        let starts = newest(&store).await;
        tell("open");
        let mut lanes = Vec::new();
        for (lane, start) in (0..).zip(starts) {
            let store = store.clone();
            lanes.push(tokio::spawn(async move {
                for number in start.map_or(0, |last| last + 1).. {
                    store.commit(batch(lane, number)).await.unwrap();
                    tell(&format!("acknowledged {lane} {number}"));
                }
            }));
        }
        for lane in lanes {
            lane.await.unwrap();
        }
    });
}

fn tell(line: &str) {
    // In one write, so that a line is never cut in two by the kill; the harness may have its own words on the line.
    std::io::stdout().lock().write_all(format!("\n{line}\n").as_bytes()).unwrap();
}

fn start(folder: &Path) -> Child {
    command(folder).stdout(Stdio::piped()).spawn().unwrap()
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "committer", "--nocapture", "--test-threads=1"]).env(FOLDER, folder);
    command
}

/// Reads what the process tells until `enough` is true of the number of lines, kills it, reads the rest, and returns
/// the newest batch of each lane that it acknowledged.
fn kill_after(mut child: Child, mut enough: impl FnMut(usize) -> bool) -> Vec<Option<u32>> {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = vec![None; LANES as usize];
    let mut count = 0;
    let mut killed = false;
    loop {
        if !killed && enough(count) {
            child.kill().unwrap();
            killed = true;
        }
        let Some(line) = lines.next() else { break };
        let line = line.unwrap();
        if let Some(rest) = line.strip_prefix("acknowledged ") {
            let (lane, number) = rest.split_once(' ').unwrap();
            acknowledged[lane.parse::<usize>().unwrap()] = Some(number.parse().unwrap());
            count += 1;
        }
    }
    assert!(killed, "the process ended by itself: {}", child.wait().unwrap());
    child.wait().unwrap();
    acknowledged
}

/// Opens a copy of the folder, so that the next process meets it as the kill has left it, compares, and returns the
/// newest batch of each lane that is there.
fn verify(folder: &Path, acknowledged: &[Option<u32>]) -> Vec<Option<u32>> {
    let copy = TempDir::new().unwrap();
    copy_folder(folder, copy.path());
    let store = Sled::open(copy.path(), config()).unwrap();
    let found = Runtime::new().unwrap().block_on(newest(&store));
    for (found, acknowledged) in found.iter().zip(acknowledged) {
        // Of each lane one batch at most was on its way.
        let next = acknowledged.map_or(0, |last| last + 1);
        assert!(
            *found == *acknowledged || *found == Some(next),
            "{found:?} found, {acknowledged:?} acknowledged"
        );
    }
    found
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The newer of what was acknowledged before and now.
fn newer(before: &[Option<u32>], now: &[Option<u32>]) -> Vec<Option<u32>> {
    before.iter().zip(now).map(|(before, now)| *before.max(now)).collect()
}

#[test]
fn kills_at_random_lose_nothing_that_was_acknowledged() {
    let folder = TempDir::new().unwrap();
    let mut acknowledged = vec![None; LANES as usize];
    let until = Instant::now() + Duration::from_secs(8);
    let mut kills = 0;
    // The moments differ from run to run through the machine; the numbers only spread them.
    for wanted in [1, 40, 7, 150, 3, 90, 0, 400, 20, 60, 2, 250] {
        let now = kill_after(start(folder.path()), |count| count >= wanted);
        // A batch that was not acknowledged may be there; then the next process went on from it.
        acknowledged = newer(&acknowledged, &now);
        acknowledged = verify(folder.path(), &acknowledged);
        kills += 1;
        if Instant::now() > until {
            break;
        }
    }
    println!("{kills} kills, newest batches {acknowledged:?}");
}

#[test]
fn kills_while_sled_writes_its_snapshot_lose_nothing() {
    let folder = TempDir::new().unwrap();
    let acknowledged = kill_after(start(folder.path()), |count| count >= 300);
    let index = folder.path().join("index");
    let generating = || {
        let paths = fs::read_dir(&index).unwrap().map(|entry| entry.unwrap().path());
        paths.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "generating"))
    };
    let until = Instant::now() + Duration::from_secs(8);
    let (mut kills, mut hits) = (0, 0);
    let saved = TempDir::new().unwrap();
    copy_folder(folder.path(), saved.path());
    while hits < 5 && Instant::now() < until {
        // Sled writes a snapshot when it opens a folder that was not closed.
        let mut child = command(folder.path()).env(OPEN_ONLY, "").stdout(Stdio::null()).spawn().unwrap();
        while generating().is_none() && child.try_wait().unwrap().is_none() {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        verify(folder.path(), &acknowledged);
        if let Some(unfinished) = generating() {
            hits += 1;
            // The kill may as well have come while sled was writing it.
            let file = fs::OpenOptions::new().write(true).open(&unfinished).unwrap();
            file.set_len(file.metadata().unwrap().len() / 2).unwrap();
            verify(folder.path(), &acknowledged);
        }
        fs::remove_dir_all(folder.path()).unwrap();
        copy_folder(saved.path(), folder.path());
    }
    println!("{kills} kills, {hits} of them left an unfinished snapshot");
}

#[test]
fn a_folder_belongs_to_one_process() {
    let folder = TempDir::new().unwrap();
    let mut child = start(folder.path());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.by_ref().any(|line| line.unwrap() == "open"), "the process did not open the folder");
    let error = Sled::open(folder.path(), config()).unwrap_err();
    assert!(matches!(&error, Error::InUse { path } if path == folder.path()), "{error:?}");
    child.kill().unwrap();
    child.wait().unwrap();
    Sled::open(folder.path(), config()).unwrap();
}
