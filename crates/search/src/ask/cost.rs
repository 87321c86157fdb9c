//! What a question costs, before it is asked.

use tantivy::Term;
use tantivy::query::Bm25StatisticsProvider as _;

use super::{Frequencies, is_term, wanted};
use crate::error::Result;
use crate::field::Field;
use crate::plan::Test;
use crate::schema::Columns;

/// What it costs to look for a phrase where its rarest word stands, against looking at a record alone.
const PHRASE: u64 = 4;

/// How many records are looked at at most, in all lists and columns that are read for a test.
///
/// # Errors
/// If the index is broken.
pub(crate) fn of(test: &Test, columns: &Columns, frequencies: &Frequencies<'_>) -> Result<u64> {
    let frequency = |term: &Term| Ok::<u64, crate::Error>(frequencies.doc_freq(term)?);
    let sum = |tests: &[Test]| -> Result<u64> {
        tests.iter().try_fold(0, |sum: u64, test| Ok(sum.saturating_add(of(test, columns, frequencies)?)))
    };
    match test {
        Test::All | Test::Within { .. } | Test::Exists { .. } | Test::Not(_) => {
            Ok(frequencies.searcher().num_docs())
        }
        Test::Is { field, value } => frequency(&is_term(*field, value, columns)),
        Test::Has { scope, pattern } => {
            let fields = scope.as_ref().map_or(&[Field::Title, Field::Body][..], std::slice::from_ref);
            let mut all = 0;
            for field in fields {
                let wanted = wanted(*field, pattern, columns);
                let weight = if wanted.is_single() { 1 } else { PHRASE };
                let terms = wanted.placed.iter().map(|(_, term)| term).chain(&wanted.there);
                let rarest = terms.map(frequency).min_by_key(|frequency| {
                    // An error comes first, and so comes out.
                    frequency.as_ref().copied().unwrap_or(0)
                });
                all += weight * rarest.transpose()?.unwrap_or(0);
            }
            Ok(all)
        }
        Test::And(tests) => {
            // The others are only sought where the rarest stands.
            let costs = tests.iter().map(|test| of(test, columns, frequencies));
            let rarest = costs.collect::<Result<Vec<u64>>>()?.into_iter().min();
            Ok(rarest.unwrap_or_else(|| frequencies.searcher().num_docs()).saturating_mul(tests.len() as u64))
        }
        Test::Or(tests) | Test::Synonyms(tests) => sum(tests),
    }
}
