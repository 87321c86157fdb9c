//! A query as it is held against one record.

use super::cover::AnyTerm;
use super::record::{BODY, Scratch};
use super::terms::{TermId, Terms};
use crate::analyze::Pattern;
use crate::entry::Entry;
use crate::field::{Field, Form};
use crate::plan::Test;

/// A test with its terms as numbers.
pub(super) enum Check {
    All,
    /// Terms at these distances, in title or text or only one of them.
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
    And(Box<[Check]>),
    Or(Box<[Check]>),
    Not(Box<Check>),
}

impl Check {
    /// The check of a test; takes the numbers of its terms.
    pub(super) fn of(test: &Test, terms: &mut Terms) -> Check {
        match test {
            Test::All => Check::All,
            Test::Has { scope, pattern } => Check::Has { scope: *scope, terms: numbered(pattern, terms) },
            Test::Is { field, value } => Check::Is(terms.take(&AnyTerm::Value(*field, value))),
            Test::Within { field, from, to } => Check::Within { field: *field, from: *from, to: *to },
            Test::Exists { field } => Check::Exists(*field),
            Test::And(tests) => Check::And(tests.iter().map(|test| Check::of(test, terms)).collect()),
            Test::Or(tests) | Test::Synonyms(tests) => {
                Check::Or(tests.iter().map(|test| Check::of(test, terms)).collect())
            }
            Test::Not(test) => Check::Not(Box::new(Check::of(test, terms))),
        }
    }

    /// Gives the numbers of its terms back.
    pub(super) fn release(&self, terms: &mut Terms) {
        match self {
            Check::Has { terms: own, .. } => own.iter().for_each(|(_, id)| terms.release(*id)),
            Check::Is(id) => terms.release(*id),
            Check::And(checks) | Check::Or(checks) => checks.iter().for_each(|check| check.release(terms)),
            Check::Not(check) => check.release(terms),
            Check::All | Check::Within { .. } | Check::Exists(_) => {}
        }
    }

    /// True if the record answers.
    pub(super) fn holds(&self, record: &Scratch, entry: &Entry) -> bool {
        match self {
            Check::All => true,
            Check::Has { scope, terms } => stands(*scope, terms, record),
            Check::Is(id) => !record.places(*id).is_empty(),
            Check::Within { field, from, to } => entry.number(*field).is_some_and(|number| {
                from.is_none_or(|from| number >= from) && to.is_none_or(|to| number < to)
            }),
            Check::Exists(field) => match field.form() {
                Form::Date | Form::Number => entry.number(*field).is_some(),
                Form::Value | Form::Text => !entry.values(*field).is_empty(),
            },
            Check::And(checks) => checks.iter().all(|check| check.holds(record, entry)),
            Check::Or(checks) => checks.iter().any(|check| check.holds(record, entry)),
            Check::Not(check) => !check.holds(record, entry),
        }
    }
}

fn numbered(pattern: &Pattern, terms: &mut Terms) -> Box<[(u32, TermId)]> {
    let term = |text| if pattern.is_character() { AnyTerm::Character(text) } else { AnyTerm::Word(text) };
    pattern.terms().iter().map(|(place, text)| (*place, terms.take(&term(text)))).collect()
}

/// True if the terms stand at their distances somewhere.
fn stands(scope: Option<Field>, terms: &[(u32, TermId)], record: &Scratch) -> bool {
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
