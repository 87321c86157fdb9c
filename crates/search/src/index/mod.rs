//! The index: a folder that follows the log, one writer, any number of readers.
//!
//! Every commit of the index carries the sequence up to which the log is in it, so that the two are never apart: after a
//! crash the follower goes on behind [`Index::sequence`]. What was put and not committed is then put again.

mod folder;
mod snapshot;
mod stamp;
mod tidy;
mod writer;

use std::path::Path;
use std::sync::{Arc, RwLock};

use tantivy::directory::{Directory, MmapDirectory, RamDirectory};
use tantivy::{IndexReader, IndexSettings, ReloadPolicy};
use tokio::sync::watch;

use crate::error::{Error, Result};
use crate::schema::{self, Columns};

pub use folder::Rebuild;
pub(crate) use snapshot::Held;
pub use snapshot::Snapshot;
use stamp::Stamp;
pub use writer::{Config, Tidying, Writer};

/// Blocks of what is stored of records that each segment keeps unpacked, of 4 KB.
const UNPACKED: usize = 512;

/// The readers' side of an index. Cloning it is cheap.
#[derive(Clone)]
pub struct Index {
    shared: Arc<Shared>,
}

struct Shared {
    reader: IndexReader,
    columns: Arc<Columns>,
    held: Arc<Held>,
    current: RwLock<Snapshot>,
    sequence: watch::Sender<i64>,
}

/// An index that was opened.
pub struct Opened {
    /// For readers.
    pub index: Index,
    /// For the one who follows the log.
    pub writer: Writer,
    /// Why the index is empty and must be filled from the beginning of the log; `None` if it goes on where it was.
    pub rebuild: Option<Rebuild>,
}

impl Index {
    /// Opens the index in a folder, or creates it. A folder that is damaged, half deleted, or was made with another
    /// format, other analyzers or another lexicon is emptied; [`Opened::rebuild`] and a line of the log say why.
    ///
    /// All files are read once, to compare their checksums. `lexicon` is the [`crate::Expander::fingerprint`] of the
    /// lexicon from which entries are tagged.
    ///
    /// # Errors
    /// If the folder is in use, holds files that are no part of an index, or cannot be read or written.
    pub fn open(path: &Path, lexicon: &blake3::Hash, config: &Config) -> Result<Opened> {
        let made_with = stamp::fingerprint(lexicon);
        folder::prepare(path)?;
        let rebuild = match folder::open(path, &made_with) {
            Ok(index) => match Index::serve(index, &made_with, config) {
                Ok((index, writer)) => return Ok(Opened { index, writer, rebuild: None }),
                Err(error) => folder::why(path, error)?,
            },
            Err(folder::Unusable::Rebuild(rebuild)) => rebuild,
            Err(folder::Unusable::Error(error)) => return Err(error),
        };
        if rebuild == Rebuild::New {
            tracing::info!(folder = %path.display(), "creating the search index");
        } else {
            tracing::warn!(folder = %path.display(), reason = %rebuild, "throwing the search index away; it is rebuilt");
        }
        folder::empty(path)?;
        let directory = MmapDirectory::open(path).map_err(tantivy::TantivyError::from)?;
        let (index, writer) = Index::create(directory, &made_with, config)?;
        Ok(Opened { index, writer, rebuild: Some(rebuild) })
    }

    /// An index in memory, for tests and small tools.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn in_memory(config: &Config) -> Result<(Index, Writer)> {
        let made_with = stamp::fingerprint(&blake3::hash(b""));
        Index::create(RamDirectory::create(), &made_with, config)
    }

    fn create(
        directory: impl Into<Box<dyn Directory>>,
        made_with: &str,
        config: &Config,
    ) -> Result<(Index, Writer)> {
        let (schema, _) = Columns::build();
        // Names are all that is stored: small blocks are read for a hit, and need no thread of their own.
        let settings = IndexSettings {
            docstore_blocksize: 4096,
            docstore_compress_dedicated_thread: false,
            ..IndexSettings::default()
        };
        let index = tantivy::Index::create(directory, schema, settings)?;
        let (index, mut writer) = Index::serve(index, made_with, config)?;
        writer.commit(0)?;
        Ok((index, writer))
    }

    fn serve(mut index: tantivy::Index, made_with: &str, config: &Config) -> Result<(Index, Writer)> {
        index.set_tokenizers(schema::tokenizers());
        let (_, columns) = Columns::build();
        let columns = Arc::new(columns);
        let inner = writer::start(&index, config)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader = reader.doc_store_cache_num_blocks(UNPACKED).try_into()?;
        let sequence = Stamp::of(&index.load_metas()?).map_or(0, |stamp| stamp.sequence);
        let held = Arc::new(Held::new()?);
        let current = Snapshot::new(reader.searcher(), sequence, columns.clone(), held.clone());
        let shared = Shared {
            reader,
            columns,
            held,
            current: RwLock::new(current),
            sequence: watch::Sender::new(sequence),
        };
        let index = Index { shared: Arc::new(shared) };
        let writer = Writer::new(inner, index.clone(), made_with.to_owned(), config);
        Ok((index, writer))
    }

    /// The sequence up to which the log is in the index and can be found.
    pub fn sequence(&self) -> i64 {
        *self.shared.sequence.borrow()
    }

    /// What can be found now. Later commits do not change it.
    pub fn snapshot(&self) -> Snapshot {
        match self.shared.current.read() {
            Ok(current) => current.clone(),
            // It is replaced in one assignment, so that it is whole even then.
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    /// What can be found, if that is at least up to `sequence`.
    ///
    /// # Errors
    /// [`Error::Behind`] if the index has not come so far.
    pub fn at_least(&self, sequence: i64) -> Result<Snapshot> {
        let snapshot = self.snapshot();
        match snapshot.sequence() >= sequence {
            true => Ok(snapshot),
            false => Err(Error::Behind { at: snapshot.sequence(), wanted: sequence }),
        }
    }

    /// Waits until the log is in the index up to `sequence`. Set a time limit around it: a follower that stands still
    /// never gets there.
    pub async fn reached(&self, sequence: i64) -> Snapshot {
        let mut watched = self.shared.sequence.subscribe();
        // The sender lives as long as `self` does, so that this cannot fail.
        let _ = watched.wait_for(|at| *at >= sequence).await;
        self.snapshot()
    }

    /// Shows readers what was committed.
    fn show(&self, sequence: i64) -> Result<Snapshot> {
        let Shared { reader, columns, held, .. } = &*self.shared;
        reader.reload()?;
        let snapshot = Snapshot::new(reader.searcher(), sequence, columns.clone(), held.clone());
        self.set(snapshot.clone());
        Ok(snapshot)
    }

    /// Tells readers that the same holds of a later sequence.
    fn mark(&self, sequence: i64) {
        self.set(self.snapshot().at(sequence));
    }

    fn set(&self, snapshot: Snapshot) {
        let sequence = snapshot.sequence();
        match self.shared.current.write() {
            Ok(mut current) => *current = snapshot,
            Err(poisoned) => *poisoned.into_inner() = snapshot,
        }
        self.shared.sequence.send_replace(sequence);
    }
}

#[cfg(test)]
mod tests;
