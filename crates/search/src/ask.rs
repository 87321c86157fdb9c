//! A plan as tantivy asks it.

mod best;
pub(crate) mod cost;
mod frequencies;
mod lists;
mod phrase;
#[cfg(test)]
mod tests;

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, ExistsQuery, Occur,
    Query, RangeQuery, TermQuery,
};
use tantivy::schema::IndexRecordOption;

use crate::analyze::Pattern;
use crate::field::Field;
use crate::plan::Test;
use crate::schema::Columns;
use best::{Best, Way};
pub(crate) use frequencies::Frequencies;
use lists::Wanted;
use phrase::Phrase;

/// How much more a word in the title weighs than one in the text.
const TITLE: f32 = 3.0;

/// Synonyms of which the best are looked for side by side; of more, all answers are ranked.
const WAYS: usize = 24;

type Boxed = Box<dyn Query>;

/// The tantivy query of a test. Only words and phrases give a score (BM25); filters give none.
pub(crate) fn query(test: &Test, columns: &Columns) -> Boxed {
    let each = |tests: &[Test]| tests.iter().map(|test| query(test, columns)).collect::<Vec<Boxed>>();
    match test {
        Test::All => all(),
        Test::Has { scope: Some(field), pattern } => has(*field, pattern, columns),
        Test::Has { scope: None, pattern } => {
            let title = Box::new(BoostQuery::new(has(Field::Title, pattern, columns), TITLE));
            let all = Box::new(BooleanQuery::union(vec![title, has(Field::Body, pattern, columns)]));
            let way = way(None, pattern, columns);
            // Of two words, tantivy leaves out whole blocks of records.
            let single = way.iter().all(|(wanted, _)| wanted.is_single());
            if single { all } else { Box::new(Best { ways: vec![way], all }) }
        }
        Test::Is { field, value } => {
            unscored(TermQuery::new(is_term(*field, value, columns), IndexRecordOption::Basic))
        }
        Test::Within { field, from, to } => within(*field, *from, *to, columns),
        Test::Exists { field } => unscored(ExistsQuery::new(field.name().to_owned(), false)),
        Test::And(tests) => and(tests, columns),
        Test::Or(tests) => Box::new(BooleanQuery::union(each(tests))),
        Test::Synonyms(tests) => {
            let all = Box::new(DisjunctionMaxQuery::new(each(tests)));
            let way = |test: &Test| match test {
                Test::Has { scope, pattern } => Some(way(*scope, pattern, columns)),
                _ => None,
            };
            match tests.iter().map(way).collect::<Option<Vec<Way>>>() {
                Some(ways) if ways.len() <= WAYS => Box::new(Best { ways, all }),
                _ => all,
            }
        }
        Test::Not(_) => and(std::slice::from_ref(test), columns),
    }
}

/// All of them. What is excluded is taken from the rest, or from everything if there is no rest.
fn and(tests: &[Test], columns: &Columns) -> Boxed {
    let mut clauses: Vec<(Occur, Boxed)> = Vec::with_capacity(tests.len() + 1);
    for test in tests {
        clauses.push(match test {
            Test::Not(test) => (Occur::MustNot, query(test, columns)),
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
    let wanted = wanted(field, pattern, columns);
    match wanted.placed.as_slice() {
        [(_, only)] if wanted.is_single() => {
            Box::new(TermQuery::new(only.clone(), IndexRecordOption::WithFreqs))
        }
        _ => Box::new(Phrase(wanted)),
    }
}

/// Where a pattern is looked for, and how much it weighs there.
fn way(scope: Option<Field>, pattern: &Pattern, columns: &Columns) -> Way {
    match scope {
        Some(field) => vec![(wanted(field, pattern, columns), 1.0)],
        None => [(Field::Title, TITLE), (Field::Body, 1.0)]
            .map(|(field, boost)| (wanted(field, pattern, columns), boost))
            .into(),
    }
}

/// The terms of a pattern in the title or in the text: those that have places, and those that are only to be there.
fn wanted(field: Field, pattern: &Pattern, columns: &Columns) -> Wanted {
    let (words, pairs) = (columns.of(field), columns.pairs(field));
    if let Some(pair) = pattern.as_pair() {
        return Wanted { placed: vec![(0, Term::from_field_text(pairs, pair))], there: Vec::new() };
    }
    let placed = |(place, text): &(u32, String)| (*place, Term::from_field_text(words, text));
    let pair = |text: &String| Term::from_field_text(pairs, text);
    Wanted {
        placed: pattern.places().iter().map(placed).collect(),
        there: pattern.pairs().iter().map(pair).collect(),
    }
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
