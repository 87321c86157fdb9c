//! What can be found at one moment.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::Searcher;

use crate::error::{Error, Result};
use crate::schema::Columns;

/// How many states that page tokens speak of are kept.
const HELD: usize = 32;

/// What can be found at one moment: later commits do not change it. Cloning it is cheap.
#[derive(Clone)]
pub struct Snapshot {
    searcher: Searcher,
    sequence: i64,
    columns: Arc<Columns>,
    held: Arc<Held>,
}

impl Snapshot {
    pub(super) fn new(searcher: Searcher, sequence: i64, columns: Arc<Columns>, held: Arc<Held>) -> Snapshot {
        Snapshot { searcher, sequence, columns, held }
    }

    /// The sequence up to which the log is in it.
    pub fn sequence(&self) -> i64 {
        self.sequence
    }

    /// The same, up to a later sequence.
    pub(super) fn at(self, sequence: i64) -> Snapshot {
        Snapshot { sequence, ..self }
    }

    /// How many records it holds.
    pub fn records(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// How large the index is on disk, in bytes.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn size(&self) -> Result<u64> {
        let usage = self.searcher.space_usage().map_err(tantivy::TantivyError::from)?;
        Ok(usage.total().get_bytes())
    }

    /// How large its parts are on disk, in bytes: terms, postings and positions of each field, then columns and store.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn sizes(&self) -> Result<BTreeMap<String, u64>> {
        let usage = self.searcher.space_usage().map_err(tantivy::TantivyError::from)?;
        let mut sizes = BTreeMap::new();
        for segment in usage.segments() {
            let parts = [
                ("terms", segment.termdict()),
                ("postings", segment.postings()),
                ("positions", segment.positions()),
                ("columns", segment.fast_fields()),
                ("lengths", segment.fieldnorms()),
            ];
            for (part, usage) in parts {
                for usage in usage.fields() {
                    let name = format!("{part} of {}", usage.field_name());
                    *sizes.entry(name).or_default() += usage.total().get_bytes();
                }
            }
            *sizes.entry("store".to_owned()).or_default() += segment.store().total().get_bytes();
        }
        Ok(sizes)
    }

    pub(crate) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Which state of the index this is, among those of this process.
    pub(crate) fn generation(&self) -> u64 {
        self.searcher.generation().generation_id()
    }

    /// Tells this process's states from those of another.
    pub(crate) fn epoch(&self) -> u64 {
        self.held.epoch
    }

    /// Keeps this state for the next page.
    pub(crate) fn hold(&self) {
        let mut states = self.held.states.lock().unwrap_or_else(PoisonError::into_inner);
        states.retain(|state| state.generation() != self.generation());
        states.push_back(Stripped { searcher: self.searcher.clone(), sequence: self.sequence });
        if states.len() > HELD {
            states.pop_front();
        }
    }

    /// A state that was kept, or this one if it is that.
    pub(crate) fn of_generation(&self, generation: u64) -> Option<Snapshot> {
        if self.generation() == generation {
            return Some(self.clone());
        }
        let states = self.held.states.lock().unwrap_or_else(PoisonError::into_inner);
        let state = states.iter().find(|state| state.generation() == generation)?;
        let (searcher, sequence) = (state.searcher.clone(), state.sequence);
        Some(Snapshot::new(searcher, sequence, self.columns.clone(), self.held.clone()))
    }
}

/// States that page tokens speak of, the one used last at the end.
pub(crate) struct Held {
    states: Mutex<VecDeque<Stripped>>,
    epoch: u64,
}

/// A snapshot without what would hold itself.
struct Stripped {
    searcher: Searcher,
    sequence: i64,
}

impl Stripped {
    fn generation(&self) -> u64 {
        self.searcher.generation().generation_id()
    }
}

impl Held {
    pub(crate) fn new() -> Result<Held> {
        let epoch = getrandom::u64().map_err(|error| {
            Error::Broken(tantivy::TantivyError::SystemError(format!("no random number: {error}")))
        })?;
        Ok(Held { states: Mutex::default(), epoch })
    }
}
