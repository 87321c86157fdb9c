//! The embedded backend; the only file that names sled.
//!
//! Sled is an index over a log of commits (see `durable`), because of what it does on its own with batches of 512
//! documents of 2 KB and four short rows for each, half of these at random keys, every batch made durable. One run on
//! 2 cores, 100,000 documents; the rate is relative to single inserts, the disk to the uncompressed text of 4 KB:
//!
//! | | rate | disk | atomic |
//! |---|---|---|---|
//! | single inserts | 1 | 1.43 | no |
//! | one `apply_batch` | 0.76 | 1.27, and up to 6 times the memory | yes |
//! | a journal of what to undo, in sled, then single inserts | 0.73 | 1.54 | yes |
//! | a log that is thrown away, then single inserts | 0.86 | 1.63 | yes |
//! | the log holds the values, sled where they are | 1.47 | 0.90 | yes |
//!
//! The last row was measured with a sketch. This backend, against single inserts in one run: rate 1.1 with one commit at
//! a time and 1.5 with four, disk 0.86 to 1.38; for the documents without short rows rate 4.1 and disk 0.54 to 0.88.
//! Sled's own part is the short rows: each of some 50 bytes takes about 250 on disk. A cache of 32 MB made the process
//! peak at 133 MB, one of 8 MB at 78 MB.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;

use crate::durable::index::{Checkpoint, Index, Slot};
use crate::durable::{Durable, Sizes};
use crate::{Batch, Error, Kv, Pair, Range, Result, folder};

/// Where the checkpoint lies in its tree.
const CHECKPOINT: &[u8] = b"checkpoint";

/// How a [`Sled`] is opened. The defaults fit a program that does other things besides.
#[derive(Clone, Debug)]
pub struct SledConfig {
    /// Pages that sled keeps in memory, counted as they are on disk; memory is several times that.
    pub cache_bytes: u64,
    /// A log file is closed when it is this long. At most 1 GiB.
    pub log_file_bytes: u64,
    /// Log bytes between two checkpoints: what an opening after a crash has to read again at most.
    pub checkpoint_bytes: u64,
    /// Commits are refused with [`Error::DiskFull`] while less than this is free, so that the index always has room
    /// to follow.
    pub reserve_bytes: u64,
}

impl Default for SledConfig {
    fn default() -> Self {
        Self {
            cache_bytes: 32 << 20,
            log_file_bytes: 128 << 20,
            checkpoint_bytes: 32 << 20,
            reserve_bytes: 64 << 20,
        }
    }
}

/// A store in a folder on disk.
///
/// The folder holds `lock`, which the open store holds; `log`, with every commit; and `index`, which is sled's. Sled has
/// the keys, the short values, and for a longer value its place in the log.
///
/// Dropping it waits until all is written.
pub struct Sled {
    // Dropped first: the lock is let go of once all is written.
    store: Durable,
    _lock: File,
}

impl Sled {
    /// Opens the store in `path`, which is made for the user alone if it is not there. Blocks while it brings the
    /// index up to the log after a crash.
    ///
    /// # Errors
    /// [`Error::InUse`], [`Error::Corrupt`], [`Error::Newer`], [`Error::DiskFull`], [`Error::Io`].
    pub fn open(path: &Path, config: SledConfig) -> Result<Self> {
        folder::create_private(path)?;
        let lock = folder::lock(path)?;
        let index = SledIndex::open(&path.join("index"), config.cache_bytes)?;
        let sizes = Sizes {
            file_bytes: config.log_file_bytes.min(1 << 30),
            checkpoint_bytes: config.checkpoint_bytes,
            reserve_bytes: config.reserve_bytes,
        };
        let store = Durable::open(path, Box::new(index), sizes)?;
        File::open(path).and_then(|folder| folder.sync_all()).map_err(|e| Error::io(path, e))?;
        Ok(Self { store, _lock: lock })
    }
}

impl fmt::Debug for Sled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sled").finish_non_exhaustive()
    }
}

#[async_trait]
impl Kv for Sled {
    fn backend(&self) -> &'static str {
        "sled"
    }

    async fn get(&self, keys: Vec<Bytes>) -> Result<Vec<Option<Bytes>>> {
        self.store.get(keys).await
    }

    async fn scan(&self, range: Range, limit: usize) -> Result<Vec<Pair>> {
        self.store.scan(range, limit).await
    }

    async fn commit(&self, batch: Batch) -> Result<()> {
        self.store.commit(batch).await
    }

    async fn disk_bytes(&self) -> Result<u64> {
        self.store.disk_bytes().await
    }
}

/// Sled as an index of the log.
struct SledIndex {
    path: PathBuf,
    db: sled::Db,
    /// Holds the checkpoint, apart from the keys of others.
    meta: sled::Tree,
    /// Sled's own file, to make it durable: its flush is `sync_file_range`, which leaves the disk's cache out.
    file: File,
}

/// How long a store of this process that is on its way out is waited for.
const LETTING_GO: Duration = Duration::from_secs(5);

/// Opens the index. The folder's own lock is held already, so that a lock of sled's can only be that of a store of this process that
/// was dropped: threads of sled's own may let go of it a moment later.
fn open_when_free(config: &sled::Config) -> sled::Result<sled::Db> {
    let begun = Instant::now();
    loop {
        match config.open() {
            Err(sled::Error::Io(error))
                if error.to_string().contains("could not acquire lock") && begun.elapsed() < LETTING_GO =>
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            outcome => return outcome,
        }
    }
}

impl SledIndex {
    fn open(path: &Path, cache_bytes: u64) -> Result<Self> {
        folder::create_private(path)?;
        clear_leavings(path)?;
        // A timer would write at times that nobody chose; what must be durable is in the log.
        let config = sled::Config::new().path(path).cache_capacity(cache_bytes).flush_every_ms(None);
        let (db, meta) = guard(path, || {
            let db = open_when_free(&config)?;
            let meta = db.open_tree("meta")?;
            Ok((db, meta))
        })?;
        let name = path.join("db");
        let file = File::open(&name).map_err(|e| Error::io(&name, e))?;
        Ok(Self { path: path.into(), db, meta, file })
    }

    fn decode(&self, bytes: &[u8]) -> Result<Slot> {
        Slot::decode(bytes).ok_or_else(|| Error::corrupt(&self.path, "a row of the index is no slot"))
    }

    fn sync(&self) -> Result<()> {
        guard(&self.path, || self.db.flush())?;
        self.file.sync_data().map_err(|e| Error::io(&self.path, e))?;
        // Pages over 128 KB lie in files of their own; only keys of a kilobyte make such pages.
        let blobs = self.path.join("blobs");
        let sync = || -> io::Result<()> {
            for entry in fs::read_dir(&blobs)? {
                match File::open(entry?.path()) {
                    Ok(file) => file.sync_data()?,
                    // Sled deletes them in the background.
                    Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                    Err(e) => return Err(e),
                }
            }
            File::open(&blobs)?.sync_all()
        };
        sync().map_err(|e| Error::io(&blobs, e))
    }
}

impl Index for SledIndex {
    fn get(&self, key: &[u8]) -> Result<Option<Slot>> {
        let found = guard(&self.path, || self.db.get(key))?;
        found.map(|bytes| self.decode(&bytes)).transpose()
    }

    fn scan(
        &self,
        bounds: (Bound<Bytes>, Bound<Bytes>),
        reverse: bool,
        limit: usize,
    ) -> Result<Vec<(Bytes, Slot)>> {
        let rows = guard(&self.path, || {
            let rows = self.db.range::<Bytes, _>(bounds);
            if reverse {
                rows.rev().take(limit).collect::<sled::Result<Vec<_>>>()
            } else {
                rows.take(limit).collect()
            }
        })?;
        let rows =
            rows.into_iter().map(|(key, slot)| Ok((Bytes::copy_from_slice(&key), self.decode(&slot)?)));
        rows.collect()
    }

    fn apply(&self, key: &[u8], slot: Option<&Slot>) -> Result<Option<Slot>> {
        let old = guard(&self.path, || match slot {
            Some(slot) => self.db.insert(key, slot.encode()),
            None => self.db.remove(key),
        })?;
        old.map(|bytes| self.decode(&bytes)).transpose()
    }

    fn checkpoint(&self) -> Result<Checkpoint> {
        let Some(bytes) = guard(&self.path, || self.meta.get(CHECKPOINT))? else {
            return Ok(Checkpoint::default());
        };
        Checkpoint::decode(&bytes).ok_or_else(|| Error::corrupt(&self.path, "its checkpoint is not readable"))
    }

    fn make_durable(&self, checkpoint: &Checkpoint) -> Result<()> {
        // In this order: a checkpoint must never be there without the rows that it speaks of.
        self.sync()?;
        guard(&self.path, || self.meta.insert(CHECKPOINT, checkpoint.encode()))?;
        self.sync()
    }
}

/// Removes what a process that died while sled was opening has left, which sled would take for damage: a snapshot that
/// was being generated (sled makes it anew from its file), and settings that were being written before there was any
/// data.
fn clear_leavings(path: &Path) -> Result<()> {
    let clear = || -> io::Result<()> {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("snap.") && name.ends_with(".generating") {
                tracing::warn!(file = %entry.path().display(), "removing an unfinished snapshot");
                fs::remove_file(entry.path())?;
            }
        }
        let data = fs::metadata(path.join("db")).map_or(0, |data| data.len());
        let settings = path.join("conf");
        if data == 0 && settings.exists() {
            fs::remove_file(settings)?;
        }
        Ok(())
    };
    clear().map_err(|e| Error::io(path, e))
}

/// Calls sled, and turns its errors, and its panics on bytes that it does not expect, into ours.
fn guard<T>(path: &Path, call: impl FnOnce() -> sled::Result<T>) -> Result<T> {
    // Sled is not used for writing after an error, and its pages are changed by compare-and-swap as a whole.
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(sled::Error::Io(source))) => Err(Error::io(path, source)),
        Ok(Err(error)) => Err(Error::corrupt(path, error.to_string())),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given");
            Err(Error::corrupt(path, format!("the index cannot go on: {text}")))
        }
    }
}
