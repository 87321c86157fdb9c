//! A real full disk, and a damaged index.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may fail loudly and tell what it skips"
)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use kv::{Batch, Error, Kv, Range, Sled, SledConfig};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A small disk in memory, taken away again when dropped.
struct Disk(TempDir);

impl Disk {
    /// `None` where the user may not mount.
    fn mount(size: &str) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(folder.path())
            .output();
        let mounted = mount.is_ok_and(|output| output.status.success());
        if !mounted {
            println!("SKIPPED: mounting a small disk needs a privilege that this user does not have");
        }
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let status = Command::new("umount").arg("--lazy").arg(self.path()).status();
        assert!(status.unwrap().success(), "the disk could not be taken away");
    }
}

fn config(reserve_bytes: u64) -> SledConfig {
    SledConfig { cache_bytes: 1 << 20, log_file_bytes: 256 << 10, checkpoint_bytes: 128 << 10, reserve_bytes }
}

fn row(number: u32) -> (Bytes, Bytes) {
    // Every third value is long; the keys make the index grow too.
    let value = format!("{number};").repeat(if number.is_multiple_of(3) { 100 } else { 2 });
    (Bytes::from(format!("{number:08}{}", "k".repeat(100))), Bytes::from(value))
}

fn batch(number: u32) -> Batch {
    let writes = (0..8).map(|i| row(number * 8 + i)).map(|(key, value)| (key, Some(value))).collect();
    Batch { checks: Vec::new(), writes }
}

/// Commits until the disk is full; gives the number of batches taken, and the error.
async fn fill(store: &Sled) -> (u32, Error) {
    for number in 0..100_000 {
        if let Err(error) = store.commit(batch(number)).await {
            return (number, error);
        }
    }
    panic!("the disk never got full");
}

async fn assert_holds(store: &Sled, batches: u32) {
    let found = store.scan(Range::prefix(b""), 1 << 20).await.unwrap();
    assert_eq!(found.len(), batches as usize * 8);
    assert!(found.into_iter().eq((0..batches * 8).map(row)), "a row differs");
}

#[test]
fn with_a_reserve_a_full_disk_harms_nothing() {
    let Some(disk) = Disk::mount("16m") else { return };
    let (folder, ballast) = (disk.path().join("store"), disk.path().join("ballast"));
    fs::write(&ballast, vec![1; 6 << 20]).unwrap();
    Runtime::new().unwrap().block_on(async {
        let store = Sled::open(&folder, config(4 << 20)).unwrap();
        let (taken, error) = fill(&store).await;
        assert!(matches!(error, Error::DiskFull { .. }), "{error:?}");
        assert!(taken > 0);
        assert_holds(&store, taken).await;
        fs::remove_file(&ballast).unwrap();
        store.commit(batch(taken)).await.unwrap();
        assert_holds(&store, taken + 1).await;
        drop(store);
        assert_holds(&Sled::open(&folder, config(0)).unwrap(), taken + 1).await;
    });
}

#[test]
fn without_a_reserve_a_full_disk_loses_nothing_that_was_acknowledged() {
    let Some(disk) = Disk::mount("16m") else { return };
    let (folder, ballast) = (disk.path().join("store"), disk.path().join("ballast"));
    fs::write(&ballast, vec![1; 12 << 20]).unwrap();
    Runtime::new().unwrap().block_on(async {
        let store = Sled::open(&folder, config(0)).unwrap();
        let (taken, error) = fill(&store).await;
        assert!(matches!(error, Error::DiskFull { .. } | Error::Halted { .. }), "{error:?}");
        println!("{taken} batches, then: {error}");
        drop(store);
        fs::remove_file(&ballast).unwrap();
        let store = Sled::open(&folder, config(0)).unwrap();
        assert_holds(&store, taken).await;
        store.commit(batch(taken)).await.unwrap();
        assert_holds(&store, taken + 1).await;
    });
}

#[test]
fn a_damaged_index_never_gives_wrong_rows() {
    let folder = TempDir::new().unwrap();
    let runtime = Runtime::new().unwrap();
    let store = Sled::open(folder.path(), config(0)).unwrap();
    for number in 0..60 {
        runtime.block_on(store.commit(batch(number))).unwrap();
    }
    drop(store);
    let all: BTreeMap<Bytes, Bytes> = (0..480).map(row).collect();
    damage_index(folder.path(), &all);
    // Opened once more, sled has a snapshot and reads a page only when it is asked for.
    drop(Sled::open(folder.path(), config(0)).unwrap());
    let told = damage_index(folder.path(), &all);
    assert!(told > 0, "no damage was found, so none was done");
}

/// Changes one byte after the other in copies of a folder; returns how many changes were told.
fn damage_index(folder: &Path, expected: &BTreeMap<Bytes, Bytes>) -> usize {
    let runtime = Runtime::new().unwrap();
    let whole = fs::read(folder.join("index/db")).unwrap();
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap();
    let (mut told, mut harmless) = (0, 0);
    for place in (0..used).step_by(used / 60) {
        let copy = TempDir::new().unwrap();
        copy_folder(folder, copy.path());
        let file = fs::OpenOptions::new().write(true).open(copy.path().join("index/db")).unwrap();
        file.write_all_at(&[whole[place] ^ 0x20], place as u64).unwrap();
        let found = Sled::open(copy.path(), config(0))
            .and_then(|store| runtime.block_on(store.scan(Range::prefix(b""), 1 << 20)));
        match found {
            Ok(rows) => {
                assert!(rows.iter().map(|(k, v)| (k, v)).eq(expected), "byte {place} changes what is read");
                harmless += 1;
            }
            Err(Error::Corrupt { .. }) => told += 1,
            Err(other) => panic!("byte {place}: {other:?}"),
        }
    }
    println!("{told} damages told, {harmless} mended from the log or without effect");
    told
}

#[test]
fn an_unfinished_snapshot_is_no_damage() {
    let folder = TempDir::new().unwrap();
    let runtime = Runtime::new().unwrap();
    let store = Sled::open(folder.path(), config(0)).unwrap();
    for number in 0..20 {
        runtime.block_on(store.commit(batch(number))).unwrap();
    }
    drop(store);
    // Sled writes a snapshot when it opens.
    drop(Sled::open(folder.path(), config(0)).unwrap());
    let index = folder.path().join("index");
    let names = fs::read_dir(&index).unwrap().map(|entry| entry.unwrap().file_name());
    let snapshot = names.into_iter().find(|name| name.to_string_lossy().starts_with("snap.")).unwrap();
    let bytes = fs::read(index.join(snapshot)).unwrap();
    for length in [0, 5, bytes.len() / 2, bytes.len()] {
        let unfinished = index.join("snap.7FFFFFFFFFFFFFFF.generating");
        fs::write(&unfinished, &bytes[..length]).unwrap();
        let store = Sled::open(folder.path(), config(0)).unwrap();
        runtime.block_on(assert_holds(&store, 20));
        assert!(!unfinished.exists(), "{length} of {} bytes", bytes.len());
    }
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

#[test]
fn the_folder_is_private_and_measured() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("deep/store");
    let store = Sled::open(&folder, SledConfig::default()).unwrap();
    let runtime = Runtime::new().unwrap();
    for path in [parent.path().join("deep"), folder.clone(), folder.join("log"), folder.join("index")] {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700, "{}", path.display());
    }
    let before = runtime.block_on(store.disk_bytes()).unwrap();
    let writes =
        (0..256u32).map(|i| (Bytes::from(i.to_be_bytes().to_vec()), Some(Bytes::from(vec![7; 4096]))));
    runtime.block_on(store.commit(Batch { checks: Vec::new(), writes: writes.collect() })).unwrap();
    let after = runtime.block_on(store.disk_bytes()).unwrap();
    assert!(after - before >= 1 << 20, "{before} bytes before a megabyte, {after} after it");
}
