//! What readers, the writer and the applier share, and how a read sees it.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use bytes::Bytes;

use super::files::Files;
use super::index::{Index, Slot};
use super::queue::Queue;
use crate::{Error, Pair, Range, Result};

/// Pairs that one look at the store collects; commits wait while it looks.
const CHUNK: usize = 256;

/// Shared by readers, the writer's thread and the applier's.
pub(super) struct Shared {
    pub(super) path: PathBuf,
    pub(super) index: Box<dyn Index>,
    pub(super) files: Files,
    /// Committed rows that the index may not have yet. They hide what the index says about their keys, so that a
    /// commit appears at once however long the index takes.
    overlay: RwLock<Overlay>,
    /// Committed groups on their way into the index.
    pub(super) queue: Queue,
    /// How full each file is, but for those whose values have all been moved away.
    pub(super) usage: Mutex<BTreeMap<u32, Usage>>,
    /// A file that is worth reclaiming; zero for none.
    pub(super) reclaimable: AtomicU32,
    halted: OnceLock<String>,
}

/// Rows by key.
pub(super) type Overlay = BTreeMap<Bytes, Pending>;

/// A committed row.
pub(super) struct Pending {
    /// `None`: removed.
    pub(super) value: Option<Bytes>,
    /// The group of commits that wrote it.
    pub(super) group: u64,
}

/// Bytes of a log file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Usage {
    /// Its length, once it is full; zero while it is written.
    pub(super) length: u64,
    /// Values in it that are still pointed to.
    pub(super) live: u64,
}

impl Shared {
    pub(super) fn new(path: PathBuf, index: Box<dyn Index>, files: Files, queue: Queue) -> Self {
        Self {
            path,
            index,
            files,
            overlay: RwLock::default(),
            queue,
            usage: Mutex::default(),
            reclaimable: AtomicU32::new(0),
            halted: OnceLock::new(),
        }
    }

    pub(super) fn overlay(&self) -> RwLockReadGuard<'_, Overlay> {
        self.overlay.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn overlay_mut(&self) -> RwLockWriteGuard<'_, Overlay> {
        self.overlay.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn usage(&self) -> MutexGuard<'_, BTreeMap<u32, Usage>> {
        self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses all later commits.
    pub(super) fn halt(&self, reason: &Error) {
        let mut text = reason.to_string();
        if let Some(source) = std::error::Error::source(reason) {
            text = format!("{text}: {source}");
        }
        tracing::error!(folder = %self.path.display(), reason = text, "the store has stopped writing");
        // The first reason is the cause of the others.
        let _ = self.halted.set(text);
        self.reclaimable.store(0, Ordering::Relaxed);
    }

    /// An error once commits are refused.
    pub(super) fn check_running(&self) -> Result<()> {
        match self.halted.get() {
            Some(reason) => Err(Error::Halted { path: self.path.clone(), reason: reason.clone() }),
            None => Ok(()),
        }
    }

    /// The values of `keys`, all of one moment.
    pub(super) fn get(&self, keys: &[Bytes]) -> Result<Vec<Option<Bytes>>> {
        let overlay = self.overlay();
        keys.iter().map(|key| self.value(&overlay, key)).collect()
    }

    /// The value of one key under an overlay.
    pub(super) fn value(&self, overlay: &Overlay, key: &[u8]) -> Result<Option<Bytes>> {
        match overlay.get(key) {
            Some(pending) => Ok(pending.value.clone()),
            None => self.index.get(key)?.map(|slot| self.resolve(key, slot)).transpose(),
        }
    }

    fn resolve(&self, key: &[u8], slot: Slot) -> Result<Bytes> {
        match slot {
            Slot::Inline(value) => Ok(value),
            Slot::Logged(pointer) => self.files.value(key, pointer),
        }
    }

    /// At most `limit` pairs of a range.
    pub(super) fn scan(&self, mut range: Range, limit: usize) -> Result<Vec<Pair>> {
        let mut pairs = Vec::new();
        while pairs.len() < limit && !range.is_empty() {
            let Some(last) = self.scan_chunk(&range, CHUNK.min(limit - pairs.len()), &mut pairs)? else {
                break;
            };
            if range.reverse {
                range.end = Bound::Excluded(last);
            } else {
                range.start = Bound::Excluded(last);
            }
        }
        Ok(pairs)
    }

    /// Appends at most `limit` pairs, all of one moment, and returns the key behind which to go on, if there may be
    /// more.
    fn scan_chunk(&self, range: &Range, limit: usize, pairs: &mut Vec<Pair>) -> Result<Option<Bytes>> {
        let overlay = self.overlay();
        let bounds = (range.start.clone(), range.end.clone());
        let slots = self.index.scan(bounds.clone(), range.reverse, limit)?;
        // Behind the last key that the index gave, it may have more than the overlay says.
        let horizon = if slots.len() == limit { slots.last().map(|slot| slot.0.clone()) } else { None };
        let bounds = match (&horizon, range.reverse) {
            (None, _) => bounds,
            (Some(key), false) => (bounds.0, Bound::Included(key.clone())),
            (Some(key), true) => (Bound::Included(key.clone()), bounds.1),
        };
        let mut merged: BTreeMap<Bytes, Option<Row<'_>>> =
            slots.into_iter().map(|(key, slot)| (key, Some(Row::Slot(slot)))).collect();
        for (key, pending) in overlay.range(bounds) {
            merged.insert(key.clone(), pending.value.as_ref().map(Row::Pending));
        }
        let mut rows: Box<dyn Iterator<Item = _>> =
            if range.reverse { Box::new(merged.into_iter().rev()) } else { Box::new(merged.into_iter()) };
        let mut left = limit;
        for (key, row) in rows.by_ref().filter_map(|(key, row)| Some((key, row?))) {
            let value = match row {
                Row::Slot(slot) => self.resolve(&key, slot)?,
                Row::Pending(value) => value.clone(),
            };
            pairs.push((key, value));
            left -= 1;
            if left == 0 {
                break;
            }
        }
        if left == 0 { Ok(pairs.last().map(|pair| pair.0.clone())) } else { Ok(horizon) }
    }
}

/// A row of a scan before its value is read.
enum Row<'a> {
    Slot(Slot),
    Pending(&'a Bytes),
}
