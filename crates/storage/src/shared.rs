use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use kv::Kv;
use prost::Message;
use prost_types::Timestamp;
use tokio::sync::watch;

use crate::cache::Cache;
use crate::config::{Clock, Config};
use crate::error::{Error, Result};
use crate::interns::Interns;
use crate::layout::{self, Locator, NameRow, PackId};
use crate::pack::{self, Pack};
use crate::pins::{Ages, Pin, Pins};

/// Sequence and time of the latest commit that is durable.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Head {
    pub(crate) sequence: u64,
    pub(crate) time: Timestamp,
}

/// What readers and the writer share.
pub(crate) struct Shared {
    pub(crate) kv: Arc<dyn Kv>,
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    /// The head; receivers are woken after every batch, written or failed.
    pub(crate) head: watch::Sender<Head>,
    /// True once no new commits are taken.
    pub(crate) draining: watch::Sender<bool>,
    /// True while a backup is being restored.
    pub(crate) restoring: AtomicBool,
    /// Import requests that are on their way to the writer.
    pub(crate) preparing: AtomicUsize,
    /// True while a backup is open: derivations that change are kept as they were.
    pub(crate) backup: AtomicBool,
    pub(crate) pins: Arc<Pins>,
    pub(crate) interns: RwLock<Interns>,
    pub(crate) cache: Mutex<Cache>,
    /// Live records by id of their kind.
    pub(crate) counts: Mutex<BTreeMap<u32, i64>>,
}

impl Shared {
    pub(crate) fn head(&self) -> u64 {
        self.head.borrow().sequence
    }

    /// Opens a read as of the head.
    pub(crate) fn pin_head(&self, what: &'static str) -> Result<Pin> {
        loop {
            match self.pins.pin(self.head(), what) {
                // The head has moved on and compaction after it: look again.
                Err(Error::Compacted { .. }) => {}
                other => return other,
            }
        }
    }

    pub(crate) fn now(&self) -> SystemTime {
        (self.clock)()
    }

    pub(crate) fn ages(&self) -> Ages {
        Ages { token: self.config.page_token_expiry, consumer: self.config.consumer_expiry }
    }

    pub(crate) fn interns(&self) -> RwLockReadGuard<'_, Interns> {
        self.interns.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn interns_mut(&self) -> RwLockWriteGuard<'_, Interns> {
        self.interns.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn counts(&self) -> std::sync::MutexGuard<'_, BTreeMap<u32, i64>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Messages at keys, in their order.
    pub(crate) async fn rows<M: Message + Default>(&self, keys: Vec<Bytes>) -> Result<Vec<Option<M>>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let values = self.kv.get(keys).await?;
        values
            .into_iter()
            .map(|value| value.map(|value| M::decode(value).map_err(pack::damaged)).transpose())
            .collect()
    }

    /// The latest revisions of names, tombstones too, whether or not they are visible yet.
    pub(crate) async fn latest(&self, names: impl Iterator<Item = &str>) -> Result<Vec<Option<NameRow>>> {
        self.rows(names.map(layout::name_key).collect()).await
    }

    /// The revisions of names that are live as of a sequence.
    pub(crate) async fn names_at(&self, names: &[String], sequence: u64) -> Result<Vec<Option<NameRow>>> {
        let mut rows: Vec<Option<NameRow>> = self.latest(names.iter().map(String::as_str)).await?;
        for (name, slot) in names.iter().zip(&mut rows) {
            if slot.as_ref().is_some_and(|row| row.sequence > sequence) {
                *slot = self.earlier(name, sequence).await?;
            }
            slot.take_if(|row| row.deleted);
        }
        Ok(rows)
    }

    async fn earlier(&self, name: &str, sequence: u64) -> Result<Option<NameRow>> {
        let mut range = kv::Range::prefix(&layout::history_prefix(name));
        range.start = std::ops::Bound::Included(layout::history_key(name, sequence));
        let pairs = self.kv.scan(range, 1).await?;
        pairs.into_iter().next().map(|(_, value)| NameRow::decode(value).map_err(pack::damaged)).transpose()
    }

    /// Packs by their ids, in order, until `budget` bytes are read, but at least the first.
    pub(crate) async fn packs_within(
        &self,
        ids: impl Iterator<Item = PackId>,
        mut budget: usize,
    ) -> Result<HashMap<PackId, Arc<Pack>>> {
        let mut seen = HashSet::new();
        let ids: Vec<PackId> = ids.filter(|id| seen.insert(*id)).collect();
        let cached: Vec<Option<Arc<Pack>>> = {
            let mut cache = self.cache();
            ids.iter().map(|id| cache.get(*id)).collect()
        };
        let missing = ids.iter().zip(&cached).filter(|(_, pack)| pack.is_none());
        let keys: Vec<Bytes> = missing.map(|(id, _)| layout::chunk_key(*id, 0)).collect();
        let firsts = if keys.is_empty() { Vec::new() } else { self.kv.get(keys).await? };
        let mut firsts = firsts.into_iter();
        let mut found = HashMap::with_capacity(ids.len());
        for (id, cached) in ids.into_iter().zip(cached) {
            if budget == 0 && !found.is_empty() {
                break;
            }
            let pack = match cached {
                Some(pack) => pack,
                None => {
                    let first = firsts.next().flatten();
                    let first = first.ok_or_else(|| Error::corrupt(format!("pack {id:?} is missing")))?;
                    let pack = Arc::new(self.open_pack(id, first).await?);
                    self.cache().insert(id, pack.clone());
                    pack
                }
            };
            budget = budget.saturating_sub(pack.bytes);
            found.insert(id, pack);
        }
        Ok(found)
    }

    async fn open_pack(&self, id: PackId, first: Bytes) -> Result<Pack> {
        let count = pack::header(&first)?.chunks;
        let mut chunks = vec![first];
        if count > 1 {
            let rest = self.kv.get((1..count).map(|chunk| layout::chunk_key(id, chunk)).collect()).await?;
            for chunk in rest {
                chunks
                    .push(chunk.ok_or_else(|| Error::corrupt(format!("a chunk of pack {id:?} is missing")))?);
            }
        }
        pack::open(&chunks)
    }

    /// All packs of these ids.
    pub(crate) async fn packs(
        &self,
        ids: impl Iterator<Item = PackId>,
    ) -> Result<HashMap<PackId, Arc<Pack>>> {
        self.packs_within(ids, usize::MAX).await
    }

    /// The pack of one revision.
    pub(crate) async fn pack_of(&self, locator: Locator) -> Result<Arc<Pack>> {
        let id = locator.pack_id();
        if let Some(pack) = self.cache().get(id) {
            return Ok(pack);
        }
        let first = self.kv.get(vec![layout::chunk_key(id, 0)]).await?.pop().flatten();
        let first = first.ok_or_else(|| Error::corrupt(format!("pack {id:?} is missing")))?;
        let pack = Arc::new(self.open_pack(id, first).await?);
        self.cache().insert(id, pack.clone());
        Ok(pack)
    }
}

/// A time of the clock as it is stored.
pub(crate) fn timestamp(time: SystemTime) -> Timestamp {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp { seconds: since.as_secs().cast_signed(), nanos: since.subsec_nanos().cast_signed() }
}

/// The order of two times.
pub(crate) fn time_order(time: &Timestamp) -> (i64, i32) {
    (time.seconds, time.nanos)
}
