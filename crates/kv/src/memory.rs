use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Batch, Error, Kv, MAX_BATCH, MAX_KEY, MAX_VALUE, Pair, Range, Result};

/// A store in memory: for tests, and for a node that need not remember.
#[derive(Debug, Default)]
pub struct Memory {
    rows: RwLock<BTreeMap<Bytes, Bytes>>,
}

impl Memory {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl Kv for Memory {
    fn backend(&self) -> &'static str {
        "memory"
    }

    async fn get(&self, keys: Vec<Bytes>) -> Result<Vec<Option<Bytes>>> {
        let rows = self.rows.read().unwrap_or_else(PoisonError::into_inner);
        Ok(keys.iter().map(|key| rows.get(key).cloned()).collect())
    }

    async fn scan(&self, range: Range, limit: usize) -> Result<Vec<Pair>> {
        let rows = self.rows.read().unwrap_or_else(PoisonError::into_inner);
        if range.is_empty() {
            return Ok(Vec::new());
        }
        let pairs = rows.range((range.start, range.end)).map(|(k, v)| (k.clone(), v.clone()));
        Ok(if range.reverse { pairs.rev().take(limit).collect() } else { pairs.take(limit).collect() })
    }

    async fn commit(&self, batch: Batch) -> Result<()> {
        check_lengths(&batch)?;
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        for (index, check) in batch.checks.iter().enumerate() {
            if rows.get(&check.key) != check.expected.as_ref() {
                return Err(Error::CheckFailed { index });
            }
        }
        for (key, value) in batch.writes {
            match value {
                Some(value) => rows.insert(key, value),
                None => rows.remove(&key),
            };
        }
        Ok(())
    }

    async fn disk_bytes(&self) -> Result<u64> {
        Ok(0)
    }
}

/// Refuses a batch that is over its limit, or has a key or value that is.
pub(crate) fn check_lengths(batch: &Batch) -> Result<()> {
    let within = |what, length, limit| {
        if length > limit { Err(Error::TooLong { what, length, limit }) } else { Ok(()) }
    };
    for (key, value) in &batch.writes {
        within("key", key.len(), MAX_KEY)?;
        within("value", value.as_ref().map_or(0, Bytes::len), MAX_VALUE)?;
    }
    within("batch", batch.bytes(), MAX_BATCH)
}
