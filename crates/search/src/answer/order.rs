//! The newest first.

use std::cmp::{Ordering, Reverse};

use tantivy::collector::sort_key::NaturalComparator;
use tantivy::collector::{SegmentSortKeyComputer, SortKeyComputer};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentReader};

use crate::field::Field;

/// Where a record stands in the order of time; the greatest comes first. No two records share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TimeKey {
    /// Records without a time come last.
    pub(super) published: Option<i64>,
    pub(super) sequence: i64,
    /// The hash of the name.
    pub(super) key: Reverse<u64>,
}

/// Orders by [`TimeKey`]; records up to `after` have none.
pub(super) struct NewestFirst {
    pub(super) after: Option<TimeKey>,
}

pub(super) struct SegmentNewestFirst {
    after: Option<TimeKey>,
    published: Column<i64>,
    sequence: Column<i64>,
    key: Column<u64>,
}

impl SortKeyComputer for NewestFirst {
    type SortKey = Option<TimeKey>;
    type Child = SegmentNewestFirst;
    type Comparator = NaturalComparator;

    fn segment_sort_key_computer(&self, segment: &SegmentReader) -> tantivy::Result<SegmentNewestFirst> {
        let fast = segment.fast_fields();
        Ok(SegmentNewestFirst {
            after: self.after,
            published: fast.i64(Field::Published.name())?,
            sequence: fast.i64(Field::Sequence.name())?,
            key: fast.u64("key")?,
        })
    }
}

impl SegmentSortKeyComputer for SegmentNewestFirst {
    type SortKey = Option<TimeKey>;
    type SegmentSortKey = Option<TimeKey>;
    type SegmentComparator = NaturalComparator;

    fn segment_sort_key(&mut self, doc: DocId, _: Score) -> Option<TimeKey> {
        let key = TimeKey {
            published: self.published.first(doc),
            sequence: self.sequence.first(doc).unwrap_or_default(),
            key: Reverse(self.key.first(doc).unwrap_or_default()),
        };
        self.after.is_none_or(|after| key < after).then_some(key)
    }

    /// Most records are refused by their time alone.
    fn accept_sort_key_lazy(
        &mut self,
        doc: DocId,
        score: Score,
        threshold: &Option<TimeKey>,
    ) -> Option<(Ordering, Option<TimeKey>)> {
        if let Some(threshold) = threshold
            && self.published.first(doc) < threshold.published
        {
            return None;
        }
        let key = self.segment_sort_key(doc, score);
        let order = key.cmp(threshold);
        (order != Ordering::Less).then_some((order, key))
    }

    fn convert_segment_sort_key(&self, key: Option<TimeKey>) -> Option<TimeKey> {
        key
    }
}
