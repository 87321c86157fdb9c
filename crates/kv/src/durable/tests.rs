//! What the durable store promises when the disk, the index or the process fails.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeMap;
use std::fs;
use std::ops::Bound;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::index::{Checkpoint, Index, Slot};
use super::{Durable, Sizes};
use crate::suite::{bytes, put};
use crate::{Error, Range, Result};

/// An index in memory that can fail, and whose state at a crash can be chosen.
#[derive(Clone, Default)]
struct Fake {
    state: Arc<Mutex<State>>,
    full: Arc<AtomicBool>,
}

#[derive(Clone, Default)]
struct State {
    now: BTreeMap<Bytes, Slot>,
    durable: BTreeMap<Bytes, Slot>,
    checkpoint: Checkpoint,
}

impl Fake {
    /// What is left of it after a crash: the rows of the last checkpoint and, for each key, perhaps the newest slot.
    fn crashed(&self, keeps: impl Fn(usize) -> bool) -> Self {
        let State { now, durable, checkpoint } = self.state.lock().unwrap().clone();
        let mut mixed = durable.clone();
        let keys: Vec<_> = now.keys().chain(durable.keys()).cloned().collect();
        for (_, key) in keys.into_iter().enumerate().filter(|(number, _)| keeps(*number)) {
            match now.get(&key) {
                Some(slot) => mixed.insert(key, slot.clone()),
                None => mixed.remove(&key),
            };
        }
        let state = State { now: mixed.clone(), durable: mixed, checkpoint };
        Self { state: Arc::new(Mutex::new(state)), full: Arc::default() }
    }
}

impl Index for Fake {
    fn get(&self, key: &[u8]) -> Result<Option<Slot>> {
        Ok(self.state.lock().unwrap().now.get(key).cloned())
    }

    fn scan(
        &self,
        bounds: (Bound<Bytes>, Bound<Bytes>),
        reverse: bool,
        limit: usize,
    ) -> Result<Vec<(Bytes, Slot)>> {
        let state = self.state.lock().unwrap();
        let rows = state.now.range(bounds).map(|(key, slot)| (key.clone(), slot.clone()));
        Ok(if reverse { rows.rev().take(limit).collect() } else { rows.take(limit).collect() })
    }

    fn apply(&self, key: &[u8], slot: Option<&Slot>) -> Result<Option<Slot>> {
        if self.full.load(Ordering::SeqCst) {
            return Err(Error::DiskFull { path: PathBuf::from("index") });
        }
        let mut state = self.state.lock().unwrap();
        let key = Bytes::copy_from_slice(key);
        Ok(match slot {
            Some(slot) => state.now.insert(key, slot.clone()),
            None => state.now.remove(&key),
        })
    }

    fn checkpoint(&self) -> Result<Checkpoint> {
        Ok(self.state.lock().unwrap().checkpoint.clone())
    }

    fn make_durable(&self, checkpoint: &Checkpoint) -> Result<()> {
        let mut state = self.state.lock().unwrap();
        state.durable = state.now.clone();
        state.checkpoint = checkpoint.clone();
        Ok(())
    }
}

/// Files and checkpoints large enough that all stays in one file without a checkpoint.
const LARGE: Sizes = Sizes { file_bytes: 1 << 20, checkpoint_bytes: 1 << 20, reserve_bytes: 0 };

/// Files and checkpoints so small that they happen all the time.
const SMALL: Sizes = Sizes { file_bytes: 2000, checkpoint_bytes: 900, reserve_bytes: 0 };

fn open(folder: &Path, index: &Fake, sizes: Sizes) -> Result<Durable> {
    Durable::open(folder, Box::new(index.clone()), sizes)
}

fn run<T>(future: impl Future<Output = T>) -> T {
    Runtime::new().unwrap().block_on(future)
}

async fn value(store: &Durable, key: &str) -> Option<Bytes> {
    store.get(vec![bytes(key)]).await.unwrap().remove(0)
}

/// A copy of the log as the disk has it now.
fn copy_log(folder: &Path) -> TempDir {
    let copy = TempDir::new().unwrap();
    fs::create_dir(copy.path().join("log")).unwrap();
    for entry in fs::read_dir(folder.join("log")).unwrap() {
        let path = entry.unwrap().path();
        match fs::copy(&path, copy.path().join("log").join(path.file_name().unwrap())) {
            // It has just been given back.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            result => drop(result.unwrap()),
        }
    }
    copy
}

fn log_file(folder: &Path, id: u32) -> PathBuf {
    folder.join(format!("log/{id:010}.log"))
}

fn long(text: &str) -> String {
    text.repeat(1000)
}

#[test]
fn a_full_disk_refuses_one_commit_and_takes_the_next() {
    let folder = TempDir::new().unwrap();
    let index = Fake::default();
    run(async {
        let store = open(folder.path(), &index, LARGE).unwrap();
        store.commit(put(&[("a", "1")])).await.unwrap();
        store.fault.full.store(true, Ordering::SeqCst);
        let result = store.commit(put(&[("a", "2"), ("b", &long("2"))])).await;
        assert!(matches!(result, Err(Error::DiskFull { .. })), "{result:?}");
        assert_eq!(store.get(vec![bytes("a"), bytes("b")]).await.unwrap(), [Some(bytes("1")), None]);
        let crashed = copy_log(folder.path());
        let reopened = open(crashed.path(), &Fake::default(), LARGE).unwrap();
        assert_eq!(reopened.get(vec![bytes("a"), bytes("b")]).await.unwrap(), [Some(bytes("1")), None]);
        store.fault.full.store(false, Ordering::SeqCst);
        store.commit(put(&[("b", &long("3"))])).await.unwrap();
        assert_eq!(value(&store, "b").await, Some(bytes(&long("3"))));
    });
    let store = open(folder.path(), &index, LARGE).unwrap();
    assert_eq!(run(value(&store, "b")), Some(bytes(&long("3"))));
}

#[test]
fn a_failed_sync_stops_writing_but_not_reading() {
    let folder = TempDir::new().unwrap();
    let index = Fake::default();
    run(async {
        let store = open(folder.path(), &index, LARGE).unwrap();
        store.commit(put(&[("a", "1")])).await.unwrap();
        store.fault.sync.store(true, Ordering::SeqCst);
        let result = store.commit(put(&[("a", "2")])).await;
        assert!(matches!(result, Err(Error::Halted { .. })), "{result:?}");
        store.fault.sync.store(false, Ordering::SeqCst);
        let result = store.commit(put(&[("a", "3")])).await;
        assert!(
            matches!(&result, Err(Error::Halted { reason, .. }) if reason.contains("the disk has gone")),
            "{result:?}"
        );
        assert_eq!(value(&store, "a").await, Some(bytes("1")));
    });
    let store = open(folder.path(), &index, LARGE).unwrap();
    assert_eq!(run(value(&store, "a")), Some(bytes("1")));
}

#[test]
fn an_index_without_room_loses_nothing_that_was_acknowledged() {
    let folder = TempDir::new().unwrap();
    let index = Fake::default();
    run(async {
        let store = open(folder.path(), &index, LARGE).unwrap();
        index.full.store(true, Ordering::SeqCst);
        let mut acknowledged = Vec::new();
        // The applier meets the error while commits go on, so how many are taken is not known beforehand.
        for round in 0..10_000 {
            let key = format!("{round:05}");
            match store.commit(put(&[(&key, "value")])).await {
                Ok(()) => acknowledged.push(bytes(&key)),
                Err(Error::Halted { .. }) => break,
                Err(other) => panic!("{other:?}"),
            }
        }
        assert!(!acknowledged.is_empty() && acknowledged.len() < 10_000);
        let found = store.scan(Range::prefix(b""), 20_000).await.unwrap();
        assert!(found.iter().map(|pair| &pair.0).eq(&acknowledged));
        drop(store);
        let store = open(folder.path(), &Fake::default(), LARGE).unwrap();
        let found = store.scan(Range::prefix(b""), 20_000).await.unwrap();
        assert!(found.iter().map(|pair| &pair.0).eq(&acknowledged));
    });
}

#[test]
fn commits_are_refused_while_the_reserve_is_not_free() {
    let folder = TempDir::new().unwrap();
    let sizes = Sizes { reserve_bytes: u64::MAX, ..LARGE };
    let store = open(folder.path(), &Fake::default(), sizes).unwrap();
    let result = run(store.commit(put(&[("a", "1")])));
    assert!(matches!(result, Err(Error::DiskFull { .. })), "{result:?}");
}

#[test]
fn a_record_cut_off_anywhere_is_not_there() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path(), &Fake::default(), LARGE).unwrap();
    run(store.commit(put(&[("a", "1"), ("b", "1")]))).unwrap();
    let before = fs::metadata(log_file(folder.path(), 1)).unwrap().len();
    run(store.commit(put(&[("a", "2"), ("b", &"2".repeat(200))]))).unwrap();
    let after = fs::metadata(log_file(folder.path(), 1)).unwrap().len();
    for length in before..after {
        let crashed = copy_log(folder.path());
        let path = log_file(crashed.path(), 1);
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(length).unwrap();
        let reopened = open(crashed.path(), &Fake::default(), LARGE).unwrap();
        let found = run(reopened.get(vec![bytes("a"), bytes("b")])).unwrap();
        assert_eq!(found, [Some(bytes("1")), Some(bytes("1"))], "cut at {length}");
        assert_eq!(fs::metadata(&path).unwrap().len(), before);
        run(reopened.commit(put(&[("a", "3")]))).unwrap();
        assert_eq!(run(value(&reopened, "a")), Some(bytes("3")));
    }
}

/// Opens the log with one byte changed.
fn open_flipped(folder: &Path, place: u64) -> (TempDir, Result<Durable>) {
    let crashed = copy_log(folder);
    let file = fs::OpenOptions::new().read(true).write(true).open(log_file(crashed.path(), 1)).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, place).unwrap();
    file.write_all_at(&[byte[0] ^ 0x10], place).unwrap();
    let store = open(crashed.path(), &Fake::default(), LARGE);
    (crashed, store)
}

#[test]
fn damage_before_a_whole_record_is_told_and_never_cut_off() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path(), &Fake::default(), LARGE).unwrap();
    for text in ["1", "2", "3"] {
        run(store.commit(put(&[("a", text)]))).unwrap();
    }
    let length = fs::metadata(log_file(folder.path(), 1)).unwrap().len();
    let last = length - (length - 16) / 3;
    for place in 0..last {
        let (_folder, result) = open_flipped(folder.path(), place);
        let expected = matches!(&result, Err(Error::Corrupt { .. } | Error::Newer { .. }));
        assert!(expected, "byte {place}: {:?}", result.map(|_| "opened"));
    }
    // A damaged last record cannot be told from one that was not finished.
    for place in last..length {
        let (_folder, result) = open_flipped(folder.path(), place);
        assert_eq!(run(value(&result.unwrap(), "a")), Some(bytes("2")), "byte {place}");
    }
}

#[test]
fn a_damaged_value_is_told_when_it_is_read() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path(), &Fake::default(), LARGE).unwrap();
    run(store.commit(put(&[("a", &long("1")), ("b", "short")]))).unwrap();
    let file = fs::OpenOptions::new().write(true).open(log_file(folder.path(), 1)).unwrap();
    file.write_all_at(b"x", 500).unwrap();
    // Rows that the index has not yet are answered from memory.
    while store.shared.overlay().contains_key(&bytes("a")) {
        std::thread::yield_now();
    }
    let result = run(store.get(vec![bytes("a")]));
    assert!(matches!(result, Err(Error::Corrupt { .. })), "{result:?}");
    assert_eq!(run(value(&store, "b")), Some(bytes("short")));
}

#[test]
fn a_missing_file_and_a_newer_format_are_told() {
    let folder = TempDir::new().unwrap();
    let index = Fake::default();
    let store = open(folder.path(), &index, SMALL).unwrap();
    for round in 0..10 {
        run(store.commit(put(&[(&format!("{round}"), &long("x"))]))).unwrap();
    }
    drop(store);
    let last = super::files::Files::open(&folder.path().join("log")).unwrap().lengths().unwrap();
    let last = *last.last_key_value().unwrap().0;
    let newer = copy_log(folder.path());
    let file = fs::OpenOptions::new().write(true).open(log_file(newer.path(), last)).unwrap();
    file.write_all_at(&[9], 7).unwrap();
    let error = open(newer.path(), &index, SMALL).err().unwrap();
    assert!(matches!(error, Error::Newer { found: 9, known: 1, .. }), "{error:?}");
    for gone in [1, last] {
        let holed = copy_log(folder.path());
        fs::remove_file(log_file(holed.path(), gone)).unwrap();
        let crashed = if gone == last { index.clone() } else { Fake::default() };
        let error = open(holed.path(), &crashed, SMALL).err().unwrap();
        assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
    }
}

#[test]
fn files_of_dead_values_are_given_back() {
    let folder = TempDir::new().unwrap();
    let index = Fake::default();
    run(async {
        let store = open(folder.path(), &index, SMALL).unwrap();
        store.commit(put(&[("kept", &long("k"))])).await.unwrap();
        let mut most = 0;
        for round in 0..500 {
            store.commit(put(&[("changing", &format!("{round}{}", long("c")))])).await.unwrap();
            most = most.max(fs::read_dir(folder.path().join("log")).unwrap().count());
        }
        // 500 values of 1 KB in files of 2 KB: without reclaiming there would be 250 files.
        assert!(most < 100, "{most} files");
        assert!(!log_file(folder.path(), 1).exists(), "the first file was not given back");
        assert_eq!(value(&store, "kept").await, Some(bytes(&long("k"))));
    });
    let store = open(folder.path(), &index, SMALL).unwrap();
    assert_eq!(run(value(&store, "kept")), Some(bytes(&long("k"))));
    assert_eq!(run(value(&store, "changing")), Some(bytes(&format!("499{}", long("c")))));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever part of its newest rows the index has forgotten, the log brings back all.
    #[test]
    fn a_crash_at_any_time_loses_nothing(
        history in prop::collection::vec(
            prop::collection::vec((0..20u8, prop::option::weighted(0.8, 0..1500usize)), 1..6), 1..40),
        keeps in prop::collection::vec(any::<bool>(), 64),
    ) {
        let folder = TempDir::new().unwrap();
        let index = Fake::default();
        let mut model = BTreeMap::new();
        let runtime = Runtime::new().unwrap();
        let store = open(folder.path(), &index, SMALL).unwrap();
        for (round, writes) in history.into_iter().enumerate() {
            let value = |length: usize| Bytes::from(vec![round.to_le_bytes()[0]; length]);
            let writes: Vec<_> =
                writes.into_iter().map(|(key, length)| (Bytes::from(vec![key]), length.map(value))).collect();
            runtime.block_on(store.commit(crate::Batch { checks: Vec::new(), writes: writes.clone() })).unwrap();
            for (key, value) in writes {
                match value {
                    Some(value) => model.insert(key, value),
                    None => model.remove(&key),
                };
            }
        }
        // The threads may go on while the two are looked at one after the other. The log comes first: what the index
        // learns meanwhile was in the log before it was shown, and nothing can be shown under this lock.
        let (log, crashed) = {
            let _still = store.shared.overlay();
            (copy_log(folder.path()), index.crashed(|number| keeps[number % keeps.len()]))
        };
        let reopened = open(log.path(), &crashed, SMALL).unwrap();
        let found = runtime.block_on(reopened.scan(Range::prefix(b""), 100)).unwrap();
        prop_assert!(found.into_iter().eq(model));
    }
}
