//! Slots of a claim for spreadsheets: plain values in columns that are the same in every export, with ASCII for signs.

use api::record::{Amount, Change, Claim, Direction, Qualifier, Relation, Term, When};
use serde_json::{Value, json};

use super::words::lower;

/// The first change: which way, by how much (signed, as the record has it) and against what.
pub(super) fn change(claim: &Claim) -> Value {
    let change = claim.changes.first();
    let by = change.and_then(|change| change.by.as_ref());
    let base = change.and_then(|change| change.base.as_ref());
    let before = base.and_then(|base| base.value.as_ref());
    let end = |of: fn(&Amount) -> &String| by.map(of).filter(|text| !text.is_empty()).cloned();
    json!({
        "direction": change.and_then(direction),
        "value": end(|is| &is.value),
        "low": end(|is| &is.low),
        "high": end(|is| &is.high),
        "unit": end(|is| &is.unit),
        "qualifier": change.and_then(|change| match change.qualifier() {
            Qualifier::Unspecified => None,
            qualifier => Some(lower(qualifier.as_str_name(), "QUALIFIER_")),
        }),
        "relation": change.and_then(relation),
        "base_start": base.and_then(|base| base.period.as_ref()).map(|period| period.start.as_str()),
        "base_end": base.and_then(|base| base.period.as_ref()).map(|period| period.end.as_str()),
        "base_words": base.map(|base| base.words.as_str()).filter(|words| !words.is_empty()),
        "base_value": before.map(plain),
        "base_unit": before.map(|before| before.unit.as_str()),
    })
}

/// The changes behind the first, in words: `up 14.14 % year_on_year`.
pub(super) fn further_changes(claim: &Claim) -> Value {
    let told = claim.changes.iter().skip(1).map(|change| {
        let by = change.by.as_ref().map(|by| format!("{} {}", plain(by), by.unit).trim_end().to_owned());
        let words = change.base.as_ref().map(|base| base.words.clone()).filter(|words| !words.is_empty());
        [direction(change), by, relation(change), words].into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    told.collect()
}

/// Names of a slot that may have several: ids, and the words as printed.
pub(super) fn names(terms: &[Term]) -> Value {
    let of = |of: fn(&Term) -> &String| -> Vec<&String> {
        terms.iter().map(of).filter(|name| !name.is_empty()).collect()
    };
    json!({"id": of(|term| &term.id), "words": of(|term| &term.words)})
}

/// The days of a date of an event.
pub(super) fn time(when: Option<&When>) -> Value {
    let period = when.and_then(|when| when.period.as_ref());
    json!({
        "start": period.map(|period| period.start.as_str()),
        "end": period.map(|period| period.end.as_str()),
    })
}

fn direction(change: &Change) -> Option<String> {
    let known = change.direction() != Direction::Unspecified;
    known.then(|| lower(change.direction().as_str_name(), "DIRECTION_"))
}

fn relation(change: &Change) -> Option<String> {
    let relation = change.base.as_ref()?.relation();
    (relation != Relation::Unspecified).then(|| lower(relation.as_str_name(), "RELATION_"))
}

/// `19109`, `900..960`, `3800..`.
fn plain(amount: &Amount) -> String {
    if amount.value.is_empty() { format!("{}..{}", amount.low, amount.high) } else { amount.value.clone() }
}
