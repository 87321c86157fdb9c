//! The writer's side of an index.

use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::Term;
use tantivy::{IndexWriter, TantivyDocument};

use super::stamp::Stamp;
use super::{Index, Snapshot, tidy};
use crate::entry::Entry;
use crate::error::Result;

/// How an index is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Threads that index; at least one.
    pub threads: usize,
    /// Memory for each of them before a segment is written, in bytes; between 15 MB and 4 GB.
    pub memory: usize,
    /// After how many changes a commit is due.
    pub most: usize,
    /// After how long a commit is due, from the first change that is not in one.
    pub longest: Duration,
}

impl Default for Config {
    fn default() -> Config {
        Config { threads: 1, memory: 64 << 20, most: 1_000, longest: Duration::from_millis(100) }
    }
}

/// Writes an index. There is one for each folder.
pub struct Writer {
    inner: IndexWriter,
    index: Index,
    made_with: String,
    most: usize,
    longest: Duration,
    /// Changes that are not in a commit, and when the first of them came.
    pending: usize,
    since: Option<Instant>,
}

/// A merge that is under way; ends with it, whether it succeeds or not.
pub type Tidying = BoxFuture<'static, ()>;

/// Starts tantivy's writer.
pub(super) fn start(index: &tantivy::Index, config: &Config) -> Result<IndexWriter> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(config.threads.max(1))
        .memory_budget_per_thread(config.memory.clamp(15_000_000, 4_000_000_000))
        // Merging must not take all cores from searches.
        .num_merge_threads(1)
        .build();
    Ok(index.writer_with_options(options)?)
}

impl Writer {
    pub(super) fn new(inner: IndexWriter, index: Index, made_with: String, config: &Config) -> Writer {
        let Config { most, longest, .. } = *config;
        Writer { inner, index, made_with, most, longest, pending: 0, since: None }
    }

    /// Indexes an entry in the place of any of the same name. It is found after the next commit.
    ///
    /// # Errors
    /// If the index broke.
    pub fn put(&mut self, entry: &Entry, now: Instant) -> Result<()> {
        self.inner.delete_term(self.term(&entry.name));
        let document: TantivyDocument = self.index.shared.columns.document(entry);
        self.inner.add_document(document)?;
        self.changed(now);
        Ok(())
    }

    /// Takes the entry of a name out, if there is one.
    pub fn remove(&mut self, name: &str, now: Instant) {
        self.inner.delete_term(self.term(name));
        self.changed(now);
    }

    /// Takes everything out, for a rebuild within the folder; it is found until the next commit.
    ///
    /// # Errors
    /// If the index broke.
    pub fn clear(&mut self) -> Result<()> {
        self.inner.delete_all_documents()?;
        Ok(())
    }

    /// When the first of the changes came that are in no commit.
    pub fn waiting_since(&self) -> Option<Instant> {
        self.since
    }

    /// How many changes are in no commit.
    pub fn pending(&self) -> usize {
        self.pending
    }

    /// When the next commit is due: at once if many changes wait, `None` if none does. Commits are dear (tens of
    /// milliseconds), so that many changes share one.
    pub fn due(&self) -> Option<Instant> {
        let since = self.since?;
        Some(if self.pending >= self.most { since } else { since + self.longest })
    }

    /// Makes all changes durable and shows them to readers; from then on the index holds the log up to `sequence`.
    ///
    /// # Errors
    /// If the index broke. What was not committed is then not in the index.
    pub fn commit(&mut self, sequence: i64) -> Result<Snapshot> {
        let mut prepared = self.inner.prepare_commit()?;
        prepared.set_payload(&Stamp::new(&self.made_with, sequence).write());
        prepared.commit()?;
        (self.pending, self.since) = (0, None);
        self.index.show(sequence)
    }

    /// Says that the log holds nothing for the index up to `sequence`, without a commit: after a crash it is found out again.
    /// Does nothing while changes wait for theirs, for these come first.
    pub fn pass(&mut self, sequence: i64) {
        if self.pending == 0 && sequence > self.index.sequence() {
            self.index.mark(sequence);
        }
    }

    /// Shows readers what merges have done since the last commit, and starts to merge small segments, for a question costs as
    /// much as there are segments. `None` if nothing is left to merge.
    ///
    /// # Errors
    /// If the index broke.
    pub fn tidy(&mut self) -> Result<Option<Tidying>> {
        self.index.show(self.index.sequence())?;
        let mut segments = self.inner.index().searchable_segment_metas()?;
        segments.sort_by_key(tantivy::SegmentMeta::num_docs);
        let records: Vec<u32> = segments.iter().map(tantivy::SegmentMeta::num_docs).collect();
        segments.truncate(tidy::together(&records));
        if segments.is_empty() {
            return Ok(None);
        }
        let ids: Vec<tantivy::index::SegmentId> = segments.iter().map(tantivy::SegmentMeta::id).collect();
        let merge = self.inner.merge(&ids);
        Ok(Some(Box::pin(async move {
            // One that is at work on some of them already goes first.
            if let Err(error) = merge.await {
                tracing::debug!(%error, "segments of the search index were not merged");
            }
        })))
    }

    /// Waits for merges that are under way and ends writing. Dropping the writer stops them.
    ///
    /// # Errors
    /// If the index broke.
    pub fn close(self) -> Result<()> {
        self.inner.wait_merging_threads()?;
        Ok(())
    }

    fn term(&self, name: &str) -> Term {
        self.index.shared.columns.name(name)
    }

    fn changed(&mut self, now: Instant) {
        self.pending += 1;
        self.since.get_or_insert(now);
    }
}
