//! The thread that brings the index up to the log.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;

use super::files::Record;
use super::index::{Checkpoint, Position, Slot};
use super::queue::Group;
use super::shared::Shared;
use crate::{Error, Result};

/// Log bytes that are applied together: sorted, so that neighbours meet the same page, and few, so that a writer who
/// waits for room does not wait long.
const BITE: usize = 2 << 20;

/// Applies groups to the index, makes it durable from time to time, and deletes files that are no longer needed.
pub(super) struct Applier {
    shared: Arc<Shared>,
    /// Log bytes between two checkpoints: what an opening after a crash may have to read again.
    interval: u64,
    /// Up to where the index has the log.
    applied: Position,
    /// Log bytes, or bytes of values that died, since the last checkpoint.
    written: u64,
    died: u64,
}

impl Applier {
    pub(super) fn new(shared: Arc<Shared>, interval: u64, applied: Position) -> Self {
        Self { shared, interval, applied, written: 0, died: 0 }
    }

    /// Works until the queue is closed and empty, then makes all durable. After an error the store refuses commits;
    /// rows that are not in the index stay in the overlay, and in the log for the next opening.
    pub(super) fn run(mut self) {
        let result = self.work();
        if let Err(error) = result {
            self.shared.halt(&error);
        }
    }

    fn work(&mut self) -> Result<()> {
        while let Some(groups) = self.shared.queue.take(BITE) {
            let bytes = groups.iter().map(|group| group.bytes).sum();
            let retired: Vec<u32> = groups.iter().filter_map(|group| group.retired).collect();
            if let Some(last) = groups.last() {
                self.applied = last.end;
                let number = last.number;
                self.apply(merge(groups))?;
                self.forget(number);
            }
            self.shared.queue.done(bytes);
            self.written += bytes as u64;
            if !retired.is_empty() || self.written >= self.interval || self.died >= self.interval {
                self.checkpoint(&retired)?;
            }
        }
        self.checkpoint(&[])
    }

    /// Applies a record that the log has and the index may not have.
    pub(super) fn replay(&mut self, record: Record) -> Result<()> {
        self.applied = record.end;
        self.apply(record.rows.into_iter().collect())
    }

    /// Writes rows into the index, and keeps count of the bytes that live in each file.
    fn apply(&mut self, rows: BTreeMap<Bytes, Option<Slot>>) -> Result<()> {
        let mut changes: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
        for (key, slot) in rows {
            let old = self.shared.index.apply(&key, slot.as_ref())?;
            // When a record is applied again after a crash its value counts once.
            if let Some(Slot::Logged(pointer)) = old.filter(|old| Some(old) != slot.as_ref()) {
                changes.entry(pointer.file).or_default().1 += u64::from(pointer.length);
                self.died += u64::from(pointer.length);
            }
            if let Some(Slot::Logged(pointer)) = slot {
                changes.entry(pointer.file).or_default().0 += u64::from(pointer.length);
            }
        }
        let mut usage = self.shared.usage();
        for (file, (born, died)) in changes {
            if born > 0 {
                usage.entry(file).or_default();
            }
            if let Some(usage) = usage.get_mut(&file) {
                usage.live = (usage.live + born).saturating_sub(died);
            }
        }
        Ok(())
    }

    /// Takes rows out of the overlay that the index has, up to group `number`.
    fn forget(&self, number: u64) {
        self.shared.overlay_mut().retain(|_, pending| pending.group > number);
    }

    fn checkpoint(&mut self, retired: &[u32]) -> Result<()> {
        let live = self.shared.usage().iter().map(|(file, usage)| (*file, usage.live)).collect();
        self.shared.index.make_durable(&Checkpoint { position: Some(self.applied), live })?;
        self.written = 0;
        self.died = 0;
        for file in retired {
            self.shared.files.delete(*file)?;
        }
        self.nominate();
        Ok(())
    }

    /// Names the full file with the least live bytes for reclaiming, if less than half of it lives.
    fn nominate(&self) {
        let usage = self.shared.usage();
        let emptiest = usage
            .iter()
            .filter(|(file, usage)| **file < self.applied.file && usage.live * 2 < usage.length)
            .min_by_key(|(_, usage)| usage.live.saturating_mul(1000) / usage.length.max(1));
        self.shared.reclaimable.store(emptiest.map_or(0, |(file, _)| *file), Ordering::Relaxed);
    }
}

impl Drop for Applier {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.shared
                .halt(&Error::corrupt(&self.shared.path, "the index came upon a state that cannot be"));
        }
        // The writer must not wait for room that nobody makes.
        self.shared.queue.close();
    }
}

/// The rows of several groups; of two for one key the later one counts.
fn merge(groups: impl IntoIterator<Item = Group>) -> BTreeMap<Bytes, Option<Slot>> {
    groups.into_iter().flat_map(|group| group.rows).collect()
}
