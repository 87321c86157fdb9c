//! The thread that commits: one at a time, so that a check and the write behind it cannot be separated.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

use super::index::{MAX_INLINE, Position, Slot};
use super::queue::Group;
use super::record::{self, FILE_HEADER, RECORD_HEADER, Rows};
use super::shared::{Pending, Shared, Usage};
use crate::{Batch, Error, Result};

/// Commits that are already waiting share one record, up to this many bytes.
const GROUP_BYTES: usize = 4 << 20;

/// Bytes of a file that are moved between two commits.
const RECLAIM_BYTES: u32 = 1 << 20;

/// A batch whose caller waits.
pub(super) struct Job {
    pub(super) batch: Batch,
    pub(super) answer: oneshot::Sender<Result<()>>,
}

/// Limits of the writer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// A new file is started when one is this long.
    pub(super) file_bytes: u64,
    /// Commits are refused while less than this is free on the disk.
    pub(super) reserve_bytes: u64,
}

/// Appends records to the log and shows them to readers.
pub(super) struct Writer {
    shared: Arc<Shared>,
    limits: Limits,
    file: Arc<File>,
    /// The end of the log.
    end: Position,
    /// Number of the newest group.
    number: u64,
    /// How far the file that is being reclaimed has been read.
    reclaiming: Option<Position>,
    #[cfg(test)]
    pub(super) fault: Arc<super::fault::Fault>,
}

impl Writer {
    pub(super) fn new(shared: Arc<Shared>, limits: Limits, file: Arc<File>, end: Position) -> Self {
        Self {
            shared,
            limits,
            file,
            end,
            number: 0,
            reclaiming: None,
            #[cfg(test)]
            fault: Arc::default(),
        }
    }

    /// Works until all senders of jobs are gone.
    pub(super) fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        while let Some(first) = self.next(&mut jobs) {
            self.commit(first, &mut jobs);
            self.reclaim();
        }
    }

    /// The next job. While nobody commits, files are reclaimed.
    fn next(&mut self, jobs: &mut mpsc::Receiver<Job>) -> Option<Job> {
        loop {
            match jobs.try_recv() {
                Ok(job) => return Some(job),
                Err(mpsc::error::TryRecvError::Disconnected) => return None,
                Err(mpsc::error::TryRecvError::Empty) if self.reclaim() => {}
                Err(mpsc::error::TryRecvError::Empty) => return jobs.blocking_recv(),
            }
        }
    }

    /// Commits a job and those that wait behind it as one record.
    fn commit(&mut self, first: Job, jobs: &mut mpsc::Receiver<Job>) {
        let mut rows = Rows::new();
        let mut bytes = 0;
        let mut answers = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            let size = job.batch.bytes();
            let outcome = self.check(&job.batch, &rows);
            if outcome.is_ok() {
                rows.extend(job.batch.writes);
                bytes += size;
            }
            answers.push((job.answer, outcome));
            next = if bytes < GROUP_BYTES { jobs.try_recv().ok() } else { None };
        }
        // A check may have seen rows of this very group, so even its failure is told only once they are durable.
        let written = if rows.is_empty() {
            self.shared.check_running().map(|()| None)
        } else {
            self.write(rows).map(Some)
        };
        for (answer, outcome) in answers {
            let outcome = written.as_ref().map_err(Error::again).map(|_| ()).and(outcome);
            // Nobody waits for an answer any more; the commit stands all the same.
            let _ = answer.send(outcome);
        }
        if let Ok(Some(group)) = written {
            self.shared.queue.push(group);
        }
    }

    /// Compares a batch's checks with the rows before it.
    fn check(&self, batch: &Batch, rows: &Rows) -> Result<()> {
        let overlay = self.shared.overlay();
        for (index, check) in batch.checks.iter().enumerate() {
            let value = match rows.get(&check.key) {
                Some(value) => value.clone(),
                None => self.shared.value(&overlay, &check.key)?,
            };
            if value != check.expected {
                return Err(Error::CheckFailed { index });
            }
        }
        Ok(())
    }

    /// Makes rows durable, then visible.
    fn write(&mut self, rows: Rows) -> Result<Group> {
        let group = self.append(&rows)?;
        let mut overlay = self.shared.overlay_mut();
        for (key, value) in rows {
            overlay.insert(key, Pending { value, group: group.number });
        }
        Ok(group)
    }

    /// Appends a record. If that fails nothing of it stays.
    fn append(&mut self, rows: &Rows) -> Result<Group> {
        self.shared.check_running()?;
        let room = fs4::available_space(&self.shared.path).map_err(|e| Error::io(&self.shared.path, e))?;
        let needed = (RECORD_HEADER + record::payload_length(rows)) as u64;
        if room < self.limits.reserve_bytes.saturating_add(needed) {
            return Err(Error::DiskFull { path: self.shared.path.clone() });
        }
        if u64::from(self.end.offset) >= self.limits.file_bytes {
            self.roll()?;
        }
        let (bytes, slots) = record::encode(self.end, rows);
        self.write_durably(&bytes)?;
        self.number += 1;
        self.end.offset += u32::try_from(bytes.len()).expect("batches are far shorter than 4 GiB");
        let rows = rows.keys().cloned().zip(slots).collect();
        Ok(Group { number: self.number, end: self.end, rows, bytes: bytes.len(), retired: None })
    }

    fn write_durably(&self, bytes: &[u8]) -> Result<()> {
        let start = u64::from(self.end.offset);
        let failure = match self.write_all(bytes, start) {
            Ok(()) => match self.sync() {
                Ok(()) => return Ok(()),
                // After a failed sync the system may have dropped the pages and report success the next time.
                Err(error) => Error::Halted {
                    path: self.shared.path.clone(),
                    reason: format!("the log could not be made durable: {error}"),
                },
            },
            Err(error) => Error::io(&self.shared.path, error),
        };
        let cut = self.file.set_len(start).and_then(|()| self.file.sync_data());
        if cut.is_err() || matches!(failure, Error::Halted { .. }) {
            self.shared.halt(&failure);
        }
        Err(failure)
    }

    #[cfg(not(test))]
    fn write_all(&self, bytes: &[u8], at: u64) -> std::io::Result<()> {
        self.file.write_all_at(bytes, at)
    }

    #[cfg(not(test))]
    fn sync(&self) -> std::io::Result<()> {
        self.file.sync_data()
    }

    #[cfg(test)]
    fn write_all(&self, bytes: &[u8], at: u64) -> std::io::Result<()> {
        self.fault.write(|part| self.file.write_all_at(part, at), bytes)
    }

    #[cfg(test)]
    fn sync(&self) -> std::io::Result<()> {
        self.fault.sync(|| self.file.sync_data())
    }

    /// Starts the next file.
    fn roll(&mut self) -> Result<()> {
        let next = self.end.file.checked_add(1).ok_or_else(|| {
            let source = std::io::Error::other("the log has used up its file numbers");
            Error::Io { path: self.shared.path.clone(), source }
        })?;
        self.file = self.shared.files.create(next)?;
        let length = u64::from(self.end.offset);
        let mut usage = self.shared.usage();
        usage.entry(self.end.file).or_default().length = length;
        usage.insert(next, Usage::default());
        self.end = Position { file: next, offset: FILE_HEADER };
        Ok(())
    }

    /// Moves some of the live values of a mostly dead file to the end of the log; false if there is nothing to do.
    fn reclaim(&mut self) -> bool {
        let file = self.shared.reclaimable.load(Ordering::Relaxed);
        let at = match self.reclaiming {
            Some(at) => at,
            None if file > 0 => Position { file, offset: FILE_HEADER },
            None => return false,
        };
        match self.move_values(at) {
            Ok(next) => self.reclaiming = next,
            Err(error) => {
                // Dead bytes cost disk, not truth; the next checkpoint names a file again.
                tracing::warn!(%error, file = at.file, "failed to reclaim a log file");
                self.reclaiming = None;
                self.shared.reclaimable.store(0, Ordering::Relaxed);
            }
        }
        true
    }

    fn move_values(&mut self, mut at: Position) -> Result<Option<Position>> {
        let start = at.offset;
        let mut rows = Rows::new();
        let mut done = false;
        while at.offset - start < RECLAIM_BYTES && !done {
            match self.shared.files.record(at)? {
                None => done = true,
                Some(record) => {
                    at = record.end;
                    self.live_values(record.rows, &mut rows)?;
                }
            }
        }
        let group = if rows.is_empty() { None } else { Some(self.write(rows)?) };
        if done {
            // Nobody names it a second time while it waits to be deleted.
            self.shared.usage().remove(&at.file);
            self.shared.reclaimable.store(0, Ordering::Relaxed);
        }
        let retired = done.then_some(at.file);
        if let Some(group) = group {
            self.shared.queue.push(Group { retired, ..group });
        } else if done {
            let (number, end) = (self.number, self.end);
            self.shared.queue.push(Group { number, end, rows: Vec::new(), bytes: 0, retired });
        }
        Ok((!done).then_some(at))
    }

    /// Adds to `live` those rows whose slot is still the current one.
    fn live_values(&self, rows: Vec<(Bytes, Option<Slot>)>, live: &mut Rows) -> Result<()> {
        let overlay = self.shared.overlay();
        for (key, slot) in rows {
            let Some(Slot::Logged(pointer)) = slot else { continue };
            debug_assert!(usize::from(pointer.length) > MAX_INLINE);
            if overlay.contains_key(&key) || self.shared.index.get(&key)? != slot {
                continue;
            }
            let value = self.shared.files.value(&key, pointer)?;
            live.insert(key, Some(value));
        }
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The applier finishes what there is and ends.
        self.shared.queue.close();
    }
}
