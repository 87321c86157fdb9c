//! An ordered key-value store behind one small trait, and its backends.
//!
//! The principle type is [`Kv`]. A store is an ordered map from byte strings to byte strings, changed by atomic
//! [`Batch`]es whose preconditions are data. It knows nothing of records, sequences or services. Values are kept at
//! or under [`MAX_VALUE`] bytes by those who write; longer bodies are split by them.
//!
//! Backends: [`Memory`], and [`Sled`] for a folder on disk. Both pass the same suite of tests.

mod durable;
mod error;
mod folder;
mod memory;
mod sled;
#[cfg(test)]
mod suite;

use std::ops::Bound;

use async_trait::async_trait;
use bytes::Bytes;

pub use crate::error::{Error, Result};
pub use crate::memory::Memory;
pub use crate::sled::{Sled, SledConfig};

/// The longest key, in bytes.
pub const MAX_KEY: usize = 1024;

/// The longest value, in bytes: sled moves a page over 128 KB into a file of its own, which 16 values of 8 KB reach.
pub const MAX_VALUE: usize = 4096;

/// The largest batch: bytes of all its keys and values.
pub const MAX_BATCH: usize = 64 << 20;

/// A key and its value.
pub type Pair = (Bytes, Bytes);

/// A range of keys, read in either direction.
#[derive(Clone, Debug)]
pub struct Range {
    /// The lower end.
    pub start: Bound<Bytes>,
    /// The upper end.
    pub end: Bound<Bytes>,
    /// From the upper end down.
    pub reverse: bool,
}

impl Range {
    /// All keys that start with `prefix`, in rising order.
    #[must_use]
    pub fn prefix(prefix: &[u8]) -> Self {
        let mut end = prefix.to_vec();
        while end.last() == Some(&0xff) {
            end.pop();
        }
        let end = match end.last_mut() {
            Some(last) => {
                *last += 1;
                Bound::Excluded(Bytes::from(end))
            }
            None => Bound::Unbounded,
        };
        Self { start: Bound::Included(Bytes::copy_from_slice(prefix)), end, reverse: false }
    }

    /// The same keys, in falling order.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.reverse = true;
        self
    }

    /// True for a range that can hold no key, which `BTreeMap::range` and sled take for a defect.
    pub(crate) fn is_empty(&self) -> bool {
        match (&self.start, &self.end) {
            (Bound::Included(a), Bound::Included(b)) => a > b,
            (Bound::Included(a) | Bound::Excluded(a), Bound::Included(b) | Bound::Excluded(b)) => a >= b,
            _ => false,
        }
    }
}

/// A condition on one key, checked inside the commit.
#[derive(Clone, Debug)]
pub struct Check {
    /// The key.
    pub key: Bytes,
    /// The value that it must have; `None`: it must not be there.
    pub expected: Option<Bytes>,
}

/// Changes that happen together or not at all.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// All must hold.
    pub checks: Vec<Check>,
    /// Written, or with `None` removed; for a key that stands more than once the last one counts.
    pub writes: Vec<(Bytes, Option<Bytes>)>,
}

impl Batch {
    /// Bytes of the keys and values to write.
    pub(crate) fn bytes(&self) -> usize {
        self.writes.iter().map(|(key, value)| key.len() + value.as_ref().map_or(0, Bytes::len)).sum()
    }
}

/// An ordered key-value store.
///
/// Every call is linearizable. Dropping the future of a [`Kv::commit`] does not undo it.
#[async_trait]
pub trait Kv: Send + Sync + 'static {
    /// Name of the backend, for people: `sled`, `memory`.
    fn backend(&self) -> &'static str;

    /// The values of `keys`, in their order.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::Corrupt`].
    async fn get(&self, keys: Vec<Bytes>) -> Result<Vec<Option<Bytes>>>;

    /// At most `limit` pairs of a range. Fewer than `limit` means that the range is at its end. Pairs of one call are
    /// not from one moment unless nobody writes.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::Corrupt`].
    async fn scan(&self, range: Range, limit: usize) -> Result<Vec<Pair>>;

    /// Applies a batch atomically and returns once it is durable.
    ///
    /// # Errors
    /// [`Error::CheckFailed`] if a condition does not hold; [`Error::TooLong`] for a key, value or batch over its
    /// limit; [`Error::DiskFull`] and [`Error::Io`], after which nothing of the batch is visible, now or after a
    /// restart, and the next commit may succeed; [`Error::Halted`] for this and all later commits if the disk cannot
    /// be trusted any more: nothing of the batch is visible now, and after a restart it may be there as a whole.
    async fn commit(&self, batch: Batch) -> Result<()>;

    /// Bytes that the store takes on disk; zero in memory.
    ///
    /// # Errors
    /// [`Error::Io`].
    async fn disk_bytes(&self) -> Result<u64>;
}
