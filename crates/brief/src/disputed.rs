//! Which passages have a number in dispute, so that it never stands undisputed among the points.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use api::record::{DifferenceKind, Finding, FindingKind};

use crate::input::{Input, Read};
use crate::like::numbers;

/// A number of fewer digits is too common to be known again in another sentence.
const TELLING_DIGITS: usize = 3;

/// What is in dispute.
#[derive(Debug, Default)]
pub(crate) struct Disputed {
    /// By document: the bytes that a finding cites.
    places: BTreeMap<String, Vec<Range<usize>>>,
    /// By document: numbers that are in dispute in it, or in another telling of its story.
    numbers: BTreeMap<String, BTreeSet<String>>,
}

impl Disputed {
    /// What contradictions, checks that fail and differences between tellings speak of.
    pub(crate) fn new(input: &Input<'_>) -> Self {
        let mut disputed = Self::default();
        for finding in input.findings.iter().filter(|finding| is_dispute(&finding.body)) {
            disputed.take_finding(input, finding);
        }
        for story in input.stories.values() {
            let tellings: Vec<&str> =
                story.body.tellings.iter().map(|telling| telling.document.as_str()).collect();
            let counted = [DifferenceKind::Number, DifferenceKind::Period, DifferenceKind::Date];
            for difference in
                story.body.differences.iter().filter(|difference| counted.contains(&difference.kind()))
            {
                let cited = difference.sides.iter().flat_map(|side| &side.citations);
                for citation in cited.filter_map(|index| story.citations.get(*index as usize)) {
                    disputed.take(citation, &tellings);
                }
            }
        }
        disputed
    }

    fn take_finding(&mut self, input: &Input<'_>, finding: &Read<'_, Finding>) {
        for citation in finding.citations {
            let story = input
                .memberships
                .get(&citation.document)
                .and_then(|member| input.stories.get(member.story.as_str()));
            let tellings: Vec<&str> = match story {
                Some(story) => story.body.tellings.iter().map(|telling| telling.document.as_str()).collect(),
                None => vec![&citation.document],
            };
            self.take(citation, &tellings);
        }
        let names = finding.body.claims.iter().chain(finding.body.sides.iter().flat_map(|side| &side.claims));
        for claim in names.filter_map(|name| input.claims.get(name.as_str())) {
            let at = claim.body.start_byte as usize..claim.body.end_byte as usize;
            self.places.entry(claim.body.document.clone()).or_default().push(at);
        }
    }

    fn take(&mut self, citation: &api::record::Citation, tellings: &[&str]) {
        for span in &citation.spans {
            let at = span.start_byte as usize..span.end_byte as usize;
            self.places.entry(citation.document.clone()).or_default().push(at);
            let told: Vec<String> =
                numbers(&span.quote).into_iter().filter(|number| is_telling(number)).collect();
            for document in tellings {
                self.numbers.entry((*document).to_owned()).or_default().extend(told.iter().cloned());
            }
        }
    }

    /// Whether a passage holds a place in dispute, or a number that is.
    pub(crate) fn speaks_in(&self, document: &str, at: &Range<usize>, text: &str) -> bool {
        let overlap = |place: &Range<usize>| place.start < at.end && at.start < place.end;
        let here = self.places.get(document).is_some_and(|places| places.iter().any(overlap));
        here || self.numbers.get(document).is_some_and(|known| !known.is_disjoint(&numbers(text)))
    }
}

/// Whether a finding says that something cannot be right as it stands.
pub(crate) fn is_dispute(finding: &Finding) -> bool {
    matches!(finding.kind(), FindingKind::Contradiction | FindingKind::Fails)
}

/// Whether a number is rare enough to be known again: three digits or more, and no year.
pub(crate) fn is_telling(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let year = number.len() == 4 && matches!(number.parse::<u32>(), Ok(1900..=2100));
    digits >= TELLING_DIGITS && !year
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_and_short_numbers_are_not_known_again() {
        assert!(is_telling("3834") && is_telling("50.89") && is_telling("200"));
        assert!(!is_telling("2024") && !is_telling("90") && !is_telling("5"));
    }
}
