//! A plan as tantivy asks it.

pub(crate) mod cost;
mod excluded;
mod frequencies;

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, ExistsQuery, Occur,
    PhraseQuery, Query, RangeQuery, TermQuery,
};
use tantivy::schema::IndexRecordOption;

use crate::analyze::Pattern;
use crate::field::Field;
use crate::plan::Test;
use crate::schema::Columns;
use excluded::Excluded;
pub(crate) use frequencies::Frequencies;

/// How much more a word in the title weighs than one in the text.
const TITLE: f32 = 3.0;

type Boxed = Box<dyn Query>;

/// The tantivy query of a test. Only words and phrases give a score (BM25); filters give none.
pub(crate) fn query(test: &Test, columns: &Columns) -> Boxed {
    let each = |tests: &[Test]| tests.iter().map(|test| query(test, columns)).collect::<Vec<Boxed>>();
    match test {
        Test::All => all(),
        Test::Has { scope: Some(field), pattern } => has(*field, pattern, columns),
        Test::Has { scope: None, pattern } => {
            let title = Box::new(BoostQuery::new(has(Field::Title, pattern, columns), TITLE));
            Box::new(BooleanQuery::union(vec![title, has(Field::Body, pattern, columns)]))
        }
        Test::Is { field, value } => {
            unscored(TermQuery::new(is_term(*field, value, columns), IndexRecordOption::Basic))
        }
        Test::Within { field, from, to } => within(*field, *from, *to, columns),
        Test::Exists { field } => unscored(ExistsQuery::new(field.name().to_owned(), false)),
        Test::And(tests) => and(tests, columns),
        Test::Or(tests) => Box::new(BooleanQuery::union(each(tests))),
        Test::Synonyms(tests) => Box::new(DisjunctionMaxQuery::new(each(tests))),
        Test::Not(_) => and(std::slice::from_ref(test), columns),
    }
}

/// All of them. What is excluded is taken from the rest, or from everything if there is no rest.
fn and(tests: &[Test], columns: &Columns) -> Boxed {
    let mut clauses: Vec<(Occur, Boxed)> = Vec::with_capacity(tests.len() + 1);
    for test in tests {
        clauses.push(match test {
            Test::Not(test) => (Occur::MustNot, Box::new(Excluded(query(test, columns)))),
            test => (Occur::Must, query(test, columns)),
        });
    }
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        clauses.push((Occur::Must, all()));
    }
    Box::new(BooleanQuery::new(clauses))
}

/// A pattern in the title or in the text.
fn has(field: Field, pattern: &Pattern, columns: &Columns) -> Boxed {
    let single = |term| Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
    if let Some(pair) = pattern.as_pair() {
        return single(Term::from_field_text(columns.pairs(field), pair));
    }
    let (mut places, pairs) = has_terms(field, pattern, columns);
    let last = match places.pop() {
        Some((_, only)) if places.is_empty() => return single(only),
        last => last,
    };
    let phrase: Boxed = Box::new(PhraseQuery::new_with_offset(places.into_iter().chain(last).collect()));
    if pairs.is_empty() {
        return phrase;
    }
    // Only where all pairs stand are the places of the characters looked at.
    let pairs = pairs.into_iter().map(|pair| unscored(TermQuery::new(pair, IndexRecordOption::Basic)));
    Box::new(BooleanQuery::intersection(std::iter::once(phrase).chain(pairs).collect()))
}

/// The terms of a pattern in the title or in the text: those that have places, and those that are only to be there.
fn has_terms(field: Field, pattern: &Pattern, columns: &Columns) -> (Vec<(usize, Term)>, Vec<Term>) {
    let (words, pairs) = (columns.of(field), columns.pairs(field));
    let placed = |(place, text): &(u32, String)| (*place as usize, Term::from_field_text(words, text));
    let pair = |text: &String| Term::from_field_text(pairs, text);
    (pattern.places().iter().map(placed).collect(), pattern.pairs().iter().map(pair).collect())
}

/// The term of a value.
fn is_term(field: Field, value: &str, columns: &Columns) -> Term {
    match field {
        Field::Name => columns.name(value),
        _ => Term::from_field_text(columns.of(field), value),
    }
}

fn within(field: Field, from: Option<i64>, to: Option<i64>, columns: &Columns) -> Boxed {
    let term = |value| Term::from_field_i64(columns.of(field), value);
    match (from, to) {
        (None, None) => unscored(ExistsQuery::new(field.name().to_owned(), false)),
        (Some(from), Some(to)) if from >= to => Box::new(EmptyQuery),
        (from, to) => unscored(RangeQuery::new(
            from.map_or(Bound::Unbounded, |from| Bound::Included(term(from))),
            to.map_or(Bound::Unbounded, |to| Bound::Excluded(term(to))),
        )),
    }
}

fn all() -> Boxed {
    unscored(AllQuery)
}

fn unscored(query: impl Query) -> Boxed {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}
