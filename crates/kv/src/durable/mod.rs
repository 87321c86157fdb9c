//! A durable store: a log of commits with an index over it.
//!
//! A commit is one record at the end of the log, checked by a checksum and made durable by one `fdatasync`. Then it is
//! shown to readers and acknowledged, and the index follows behind. Values over [`index::MAX_INLINE`] bytes stay in
//! the log and the index points to them, so a body is written once. After a crash the records since the last
//! checkpoint are applied again; a record that was not finished is cut off.
//!
//! Three threads touch it: any reader, one writer, and one applier that brings the index up to the log.

mod applier;
#[cfg(test)]
mod fault;
mod files;
pub(crate) mod index;
mod queue;
mod record;
mod shared;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

use self::applier::Applier;
use self::files::Files;
use self::index::Index;
use self::queue::Queue;
use self::shared::Shared;
use self::writer::{Job, Limits, Writer};
use crate::memory::check_lengths;
use crate::{Batch, Error, Pair, Range, Result};

/// Commits that may wait for the writer before their callers have to.
const WAITING: usize = 256;

/// Log bytes that may be ahead of the index: they are held in memory.
const AHEAD_BYTES: usize = 8 << 20;

/// Reads of at most this many rows are done where they are asked for: finding them in memory takes less than the way
/// to another thread, and a cold one costs a few reads of the disk.
const SHORT: usize = 16;

/// Sizes of a store; see [`crate::SledConfig`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) file_bytes: u64,
    pub(crate) checkpoint_bytes: u64,
    pub(crate) reserve_bytes: u64,
}

/// An open store.
pub(crate) struct Durable {
    shared: Arc<Shared>,
    jobs: Option<mpsc::Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
    #[cfg(test)]
    fault: Arc<fault::Fault>,
}

impl Durable {
    /// Opens the log in the folder `log` inside `path` and brings the index up to it.
    pub(crate) fn open(path: &Path, index: Box<dyn Index>, sizes: Sizes) -> Result<Self> {
        let files = Files::open(&path.join("log"))?;
        let checkpoint = index.checkpoint()?;
        let shared = Arc::new(Shared::new(path.into(), index, files, Queue::new(AHEAD_BYTES)));
        for (file, live) in &checkpoint.live {
            shared.usage().entry(*file).or_default().live = *live;
        }
        let begin = checkpoint.position.unwrap_or(index::Position { file: 1, offset: record::FILE_HEADER });
        let mut applier = Applier::new(shared.clone(), sizes.checkpoint_bytes, begin);
        let (end, file) = shared.files.replay(checkpoint.position, |record| applier.replay(record))?;
        for (id, length) in shared.files.lengths()?.into_iter().filter(|(id, _)| *id < end.file) {
            shared.usage().entry(id).or_default().length = length;
        }
        let limits = Limits { file_bytes: sizes.file_bytes, reserve_bytes: sizes.reserve_bytes };
        let writer = Writer::new(shared.clone(), limits, file, end);
        #[cfg(test)]
        let fault = writer.fault.clone();
        let (jobs, waiting) = mpsc::channel(WAITING);
        let spawn = |name: &str, work: Box<dyn FnOnce() + Send>| {
            thread::Builder::new().name(name.into()).spawn(work).map_err(|e| Error::io(path, e))
        };
        let threads = vec![
            spawn("kv-applier", Box::new(move || applier.run()))?,
            spawn("kv-writer", Box::new(move || writer.run(waiting)))?,
        ];
        Ok(Self {
            shared,
            jobs: Some(jobs),
            threads,
            #[cfg(test)]
            fault,
        })
    }

    pub(crate) async fn get(&self, keys: Vec<Bytes>) -> Result<Vec<Option<Bytes>>> {
        self.read(keys.len(), move |shared| shared.get(&keys)).await
    }

    pub(crate) async fn scan(&self, range: Range, limit: usize) -> Result<Vec<Pair>> {
        self.read(limit, move |shared| shared.scan(range, limit)).await
    }

    pub(crate) async fn commit(&self, batch: Batch) -> Result<()> {
        check_lengths(&batch)?;
        let (answer, answered) = oneshot::channel();
        let gone = || {
            let reason = "the thread that commits has ended".to_owned();
            Error::Halted { path: self.shared.path.clone(), reason }
        };
        let jobs = self.jobs.as_ref().ok_or_else(gone)?;
        jobs.send(Job { batch, answer }).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    pub(crate) async fn disk_bytes(&self) -> Result<u64> {
        self.read(usize::MAX, |shared| crate::folder::bytes(&shared.path)).await
    }

    /// Runs a read of about `rows` rows, elsewhere if it may take long.
    async fn read<T: Send + 'static>(
        &self,
        rows: usize,
        work: impl FnOnce(&Shared) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        if rows <= SHORT {
            return work(&self.shared);
        }
        let shared = self.shared.clone();
        let done = tokio::task::spawn_blocking(move || work(&shared)).await;
        done.unwrap_or_else(|error| {
            let source = std::io::Error::other(error);
            Err(Error::Io { path: self.shared.path.clone(), source })
        })
    }
}

impl Drop for Durable {
    /// Waits until the index has the whole log, so that the next opening has nothing to do.
    fn drop(&mut self) {
        self.jobs = None;
        // The writer closes the queue, which ends the applier.
        for thread in self.threads.drain(..).rev() {
            if thread.join().is_err() {
                tracing::error!(folder = %self.shared.path.display(), "a thread of the store has panicked");
            }
        }
    }
}
