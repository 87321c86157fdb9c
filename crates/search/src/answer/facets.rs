//! Counts of the values of fields.

use std::collections::HashMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

use super::FacetOf;
use crate::field::Field;

/// How often the values of a field stand in what answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// The field.
    pub field: Field,
    /// Values with how many records have them, the most frequent first, equal ones by value.
    pub values: Vec<(String, u64)>,
    /// How many further values there are.
    pub others: u64,
}

/// Counts the values of some fields.
pub(super) struct Facets<'a> {
    pub(super) of: &'a [FacetOf],
}

/// The counts of one field in one segment, by ordinal of the value.
pub(super) struct SegmentCounts {
    column: Option<StrColumn>,
    counts: Vec<u32>,
}

pub(super) struct SegmentFacets {
    fields: Vec<SegmentCounts>,
}

impl Collector for Facets<'_> {
    type Fruit = Vec<Facet>;
    type Child = SegmentFacets;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentFacets> {
        let counts = |facet: &FacetOf| -> tantivy::Result<SegmentCounts> {
            let column = segment.fast_fields().str(facet.field.name())?;
            let terms = column.as_ref().map_or(0, |column| column.num_terms());
            Ok(SegmentCounts { column, counts: vec![0; terms] })
        };
        Ok(SegmentFacets { fields: self.of.iter().map(counts).collect::<tantivy::Result<_>>()? })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Vec<SegmentCounts>>) -> tantivy::Result<Vec<Facet>> {
        let mut sums: Vec<HashMap<String, u64>> = vec![HashMap::new(); self.of.len()];
        for segment in segments {
            for (sum, counts) in sums.iter_mut().zip(segment) {
                counts.add_to(sum)?;
            }
        }
        let facets = self.of.iter().zip(sums).map(|(facet, sum)| {
            let mut values: Vec<(String, u64)> = sum.into_iter().collect();
            values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let others = values.len().saturating_sub(facet.most) as u64;
            values.truncate(facet.most);
            Facet { field: facet.field, values, others }
        });
        Ok(facets.collect())
    }
}

impl SegmentCounts {
    fn add_to(self, sum: &mut HashMap<String, u64>) -> tantivy::Result<()> {
        let Some(column) = self.column else { return Ok(()) };
        let counted = |(ord, count): (usize, &u32)| (*count > 0).then_some((ord as u64, u64::from(*count)));
        let (ords, counts): (Vec<u64>, Vec<u64>) = self.counts.iter().enumerate().filter_map(counted).unzip();
        let mut counts = counts.into_iter();
        let add = |value: &[u8]| {
            let value = String::from_utf8_lossy(value).into_owned();
            *sum.entry(value).or_default() += counts.next().unwrap_or_default();
        };
        column.dictionary().sorted_ords_to_term_cb(&ords, add).map_err(TantivyError::from)?;
        Ok(())
    }
}

impl SegmentCollector for SegmentFacets {
    type Fruit = Vec<SegmentCounts>;

    fn collect(&mut self, doc: DocId, _: Score) {
        for SegmentCounts { column, counts } in &mut self.fields {
            let Some(column) = column else { continue };
            for ord in column.ords().values_for_doc(doc) {
                if let Some(count) = counts.get_mut(ord as usize) {
                    *count += 1;
                }
            }
        }
    }

    fn harvest(self) -> Vec<SegmentCounts> {
        self.fields
    }
}
