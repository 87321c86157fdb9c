//! The rarest terms of which a record must have at least one to answer a query.

use tantivy::Term;

use crate::analyze::{self, Class};
use crate::field::Field;
use crate::index::Snapshot;
use crate::plan::Test;

/// How much rarer than its rarest character a pair is taken to be that is not counted.
const UNCOUNTED: u64 = 16;

/// A term of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnyTerm<'a> {
    /// A word, a code, or two Chinese characters.
    Word(&'a str),
    /// A single Chinese character.
    Character(&'a str),
    /// A value of a field, folded.
    Value(Field, &'a str),
}

/// How often terms occur.
pub trait Rarity {
    /// In about how many records a term occurs.
    fn records(&self, term: &AnyTerm<'_>) -> u64;
}

/// Knows no records, and takes longer words and pairs of less frequent characters to be rarer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Guess;

impl Rarity for Guess {
    fn records(&self, term: &AnyTerm<'_>) -> u64 {
        match term {
            AnyTerm::Word(text) => match text.chars().collect::<Vec<char>>()[..] {
                [one, other] if [one, other].map(analyze::class) == [Class::Han; 2] => {
                    // That of two characters of the hundredth rank is about that of an English word of six letters.
                    let share = |character| 20 + analyze::rank(character) as u64;
                    4_000_000 / (share(one) * share(other))
                }
                _ => 1_000_000 >> (2 * text.len().min(9)),
            },
            AnyTerm::Character(_) => 20_000,
            AnyTerm::Value(Field::Kind | Field::Language, _) => 1_000_000,
            AnyTerm::Value(..) => 10_000,
        }
    }
}

impl Rarity for Snapshot {
    fn records(&self, term: &AnyTerm<'_>) -> u64 {
        let columns = self.columns();
        let in_column = |column, text: &str| {
            // A term that cannot be looked up is taken for frequent: the outcome is the same.
            self.searcher().doc_freq(&Term::from_field_text(column, text)).unwrap_or(u64::MAX / 4)
        };
        let in_text =
            |text: &str| in_column(columns.of(Field::Title), text) + in_column(columns.of(Field::Body), text);
        match term {
            AnyTerm::Word(pair) if analyze::is_frequent_pair(pair) => {
                in_column(columns.pairs(Field::Title), pair) + in_column(columns.pairs(Field::Body), pair)
            }
            AnyTerm::Word(text) => match text.chars().map(analyze::class).collect::<Vec<_>>()[..] {
                // Other pairs are not counted. They are rarer than their rarest character, about by so much.
                [Class::Han, Class::Han] => {
                    let rarest = text.split("").filter(|part| !part.is_empty()).map(in_text).min();
                    rarest.unwrap_or_default().div_ceil(UNCOUNTED)
                }
                _ => in_text(text),
            },
            AnyTerm::Character(text) => in_text(text),
            AnyTerm::Value(field, value) => match field {
                Field::Name => 1,
                _ => in_column(columns.of(*field), value),
            },
        }
    }
}

/// A term under which a query stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Needed<'a> {
    pub(super) term: AnyTerm<'a>,
    /// A term that a record must have too, to answer by way of this one.
    pub(super) also: Option<AnyTerm<'a>>,
}

/// Terms of which every record that answers has at least one, with what it has besides, as rare as can be; `None` if a
/// record may answer without any term.
pub(super) fn cover<'a>(test: &'a Test, rarity: &dyn Rarity) -> Option<Vec<Needed<'a>>> {
    cheapest(test, rarity).map(|cover| cover.terms)
}

struct Cover<'a> {
    /// In how many records the terms occur together.
    records: u64,
    terms: Vec<Needed<'a>>,
}

fn cheapest<'a>(test: &'a Test, rarity: &dyn Rarity) -> Option<Cover<'a>> {
    match test {
        Test::Has { pattern, .. } => {
            let any =
                |text| if pattern.is_character() { AnyTerm::Character(text) } else { AnyTerm::Word(text) };
            let mut terms: Vec<(u64, AnyTerm<'_>)> = pattern
                .terms()
                .iter()
                .map(|(_, text)| any(text.as_str()))
                .map(|term| (rarity.records(&term), term))
                .collect();
            terms.sort_by_key(|(records, _)| *records);
            let (records, term) = *terms.first()?;
            let also = terms.iter().map(|(_, other)| *other).find(|other| *other != term);
            Some(Cover { records, terms: vec![Needed { term, also }] })
        }
        Test::Is { field, value } => {
            let term = AnyTerm::Value(*field, value);
            Some(Cover { records: rarity.records(&term), terms: vec![Needed { term, also: None }] })
        }
        Test::And(tests) => {
            let mut covers: Vec<Cover<'_>> = tests.iter().filter_map(|test| cheapest(test, rarity)).collect();
            covers.sort_by_key(|cover| cover.records);
            let mut covers = covers.into_iter();
            let mut first = covers.next()?;
            // Another part that stands under a single term needs that term whatever else holds.
            let also = covers.find(|cover| cover.terms.len() == 1).map(|cover| cover.terms[0].term);
            for needed in &mut first.terms {
                needed.also = needed.also.or(also);
            }
            Some(first)
        }
        Test::Or(tests) | Test::Synonyms(tests) => {
            let mut all = Cover { records: 0, terms: Vec::new() };
            for test in tests {
                let cover = cheapest(test, rarity)?;
                all.records = all.records.saturating_add(cover.records);
                all.terms.extend(cover.terms);
            }
            Some(all)
        }
        Test::All | Test::Within { .. } | Test::Exists { .. } | Test::Not(_) => None,
    }
}
