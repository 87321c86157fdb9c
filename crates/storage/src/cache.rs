use std::collections::HashMap;
use std::sync::Arc;

use crate::layout::PackId;
use crate::pack::Pack;

/// Packs that were read or written lately.
///
/// Two generations: what is used moves to the young one, and when that is full it becomes the old one. That is
/// nearly least-recently-used at the cost of a hash map.
#[derive(Debug)]
pub(crate) struct Cache {
    young: HashMap<PackId, Arc<Pack>>,
    old: HashMap<PackId, Arc<Pack>>,
    young_bytes: usize,
    limit: usize,
}

impl Cache {
    /// A cache of about `bytes` of decoded records.
    pub(crate) fn new(bytes: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), young_bytes: 0, limit: bytes / 2 }
    }

    /// The pack, if it is here.
    pub(crate) fn get(&mut self, id: PackId) -> Option<Arc<Pack>> {
        if let Some(pack) = self.young.get(&id) {
            return Some(pack.clone());
        }
        let pack = self.old.remove(&id)?;
        self.insert(id, pack.clone());
        Some(pack)
    }

    /// Keeps a pack, unless it would fill the cache alone.
    pub(crate) fn insert(&mut self, id: PackId, pack: Arc<Pack>) {
        if pack.bytes > self.limit {
            return;
        }
        self.young_bytes += pack.bytes;
        if self.young_bytes > self.limit {
            self.young_bytes = pack.bytes;
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(id, pack);
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
        self.young_bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::PackBody;

    fn pack() -> Arc<Pack> {
        Arc::new(Pack { time: prost_types::Timestamp::default(), body: PackBody::default(), bytes: 10 })
    }

    #[test]
    fn what_is_used_stays_and_the_rest_goes() {
        let mut cache = Cache::new(40);
        for id in 0..100 {
            cache.insert((id, 0), pack());
            assert!(cache.get((0, 0)).is_some(), "used each time");
        }
        assert!(cache.get((50, 0)).is_none());
        assert!(cache.young.len() + cache.old.len() <= 4);
    }
}
