//! A query as it is held against one record.

use super::cover::{AnyTerm, Guess, Rarity as _};
use super::record::{BODY, Scratch};
use super::terms::{TermId, Terms};
use crate::analyze::Pattern;
use crate::entry::Entry;
use crate::field::{Field, Form};
use crate::plan::Test;

/// A test with its terms as numbers.
pub(super) enum Check {
    All,
    /// Terms at these distances, in title or text or only one of them; the one first that is taken to be the rarest.
    Has {
        scope: Option<Field>,
        terms: Box<[(u32, TermId)]>,
    },
    Is(TermId),
    Within {
        field: Field,
        from: Option<i64>,
        to: Option<i64>,
    },
    Exists(Field),
    /// The cheaper ones first.
    And(Box<[Check]>),
    /// One of several tests. Each has a term that it needs, or [`NOTHING`], so that most are passed over without a look at them:
    /// these terms lie side by side, for most of the time of matching goes into fetching them.
    Or {
        needs: Box<[TermId]>,
        checks: Box<[Check]>,
    },
    Not(Box<Check>),
}

/// The number of no term.
const NOTHING: TermId = TermId::MAX;

impl Check {
    /// The check of a test; takes the numbers of its terms.
    pub(super) fn of(test: &Test, terms: &mut Terms) -> Check {
        match test {
            Test::All => Check::All,
            Test::Has { scope, pattern } => Check::Has { scope: *scope, terms: numbered(pattern, terms) },
            Test::Is { field, value } => Check::Is(terms.take(&AnyTerm::Value(*field, value))),
            Test::Within { field, from, to } => Check::Within { field: *field, from: *from, to: *to },
            Test::Exists { field } => Check::Exists(*field),
            Test::And(tests) => {
                let mut checks: Vec<Check> = tests.iter().map(|test| Check::of(test, terms)).collect();
                checks.sort_by_cached_key(Check::cost);
                Check::And(checks.into_boxed_slice())
            }
            Test::Or(tests) | Test::Synonyms(tests) => {
                let checks: Box<[Check]> = tests.iter().map(|test| Check::of(test, terms)).collect();
                let needs = checks.iter().map(|check| check.needs().unwrap_or(NOTHING)).collect();
                Check::Or { needs, checks }
            }
            Test::Not(test) => Check::Not(Box::new(Check::of(test, terms))),
        }
    }

    /// Gives the numbers of its terms back.
    pub(super) fn release(&self, terms: &mut Terms) {
        match self {
            Check::Has { terms: own, .. } => own.iter().for_each(|(_, id)| terms.release(*id)),
            Check::Is(id) => terms.release(*id),
            Check::And(checks) | Check::Or { checks, .. } => {
                checks.iter().for_each(|check| check.release(terms));
            }
            Check::Not(check) => check.release(terms),
            Check::All | Check::Within { .. } | Check::Exists(_) => {}
        }
    }

    /// True if every record answers.
    pub(super) fn is_all(&self) -> bool {
        matches!(self, Check::All)
    }

    /// A term without which no record answers, if one is known.
    fn needs(&self) -> Option<TermId> {
        match self {
            Check::Has { terms, .. } => terms.first().map(|(_, id)| *id),
            Check::Is(id) => Some(*id),
            Check::And(checks) => checks.iter().find_map(Check::needs),
            Check::All | Check::Within { .. } | Check::Exists(_) | Check::Or { .. } | Check::Not(_) => None,
        }
    }

    /// About how many terms are looked at.
    fn cost(&self) -> usize {
        match self {
            Check::Has { terms, .. } => terms.len(),
            Check::And(checks) => checks.iter().map(Check::cost).sum(),
            Check::Or { checks, .. } => checks.len() + checks.first().map_or(0, Check::cost),
            Check::Not(check) => check.cost(),
            Check::All | Check::Is(_) | Check::Within { .. } | Check::Exists(_) => 1,
        }
    }

    /// True if the record answers.
    pub(super) fn holds(&self, record: &Scratch, entry: &Entry) -> bool {
        match self {
            Check::All => true,
            Check::Has { scope, terms } => stands(*scope, terms, record),
            Check::Is(id) => record.has(*id),
            Check::Within { field, from, to } => entry.number(*field).is_some_and(|number| {
                from.is_none_or(|from| number >= from) && to.is_none_or(|to| number < to)
            }),
            Check::Exists(field) => match field.form() {
                Form::Date | Form::Number => entry.number(*field).is_some(),
                Form::Value | Form::Text => !entry.values(*field).is_empty(),
            },
            Check::And(checks) => checks.iter().all(|check| check.holds(record, entry)),
            Check::Or { needs, checks } => needs.iter().zip(checks).any(|(needs, check)| {
                (*needs == NOTHING || record.has(*needs)) && check.holds(record, entry)
            }),
            Check::Not(check) => !check.holds(record, entry),
        }
    }
}

fn numbered(pattern: &Pattern, terms: &mut Terms) -> Box<[(u32, TermId)]> {
    let term = |text| if pattern.is_character() { AnyTerm::Character(text) } else { AnyTerm::Word(text) };
    let mut texts: Vec<&(u32, String)> = pattern.terms().iter().collect();
    texts.sort_by_cached_key(|(_, text)| Guess.records(&term(text)));
    texts.into_iter().map(|(place, text)| (*place, terms.take(&term(text)))).collect()
}

/// True if the terms stand at their distances somewhere.
fn stands(scope: Option<Field>, terms: &[(u32, TermId)], record: &Scratch) -> bool {
    if let ([(_, only)], None) = (terms, scope) {
        return record.has(*only);
    }
    if !terms.iter().all(|(_, id)| record.has(*id)) {
        return false;
    }
    // The term with the fewest places is tried at each of them.
    let Some(&(offset, rarest)) = terms.iter().min_by_key(|(_, id)| record.places(*id).len()) else {
        return true;
    };
    let mut starts = record.places(rarest).iter().filter(|place| match scope {
        Some(Field::Title) => **place & BODY == 0,
        Some(_) => **place & BODY != 0,
        None => true,
    });
    starts.any(|place| {
        let Some(start) = (place & !BODY).checked_sub(offset) else { return false };
        let start = start | place & BODY;
        terms.iter().all(|(offset, id)| record.places(*id).binary_search(&(start + offset)).is_ok())
    })
}
