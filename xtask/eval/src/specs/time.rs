//! Times: candidates, and ends of ranges.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::Value;
use text::{Kind, Mention, Precision};

use super::Conversion;
use crate::decimal::Decimal;

/// True if a mention meets one of their candidates; adds the conversions that it takes.
pub(super) fn meets(mention: &Mention<'_>, resolution: &Value, used: &mut BTreeSet<Conversion>) -> bool {
    let Some(candidates) = resolution["values"].as_array() else { return false };
    for candidate in candidates {
        if let Some(moved) = candidate_meets(mention, candidate) {
            used.extend(moved.then_some(Conversion::RangeEnd));
            used.extend((candidates.len() > 1).then_some(Conversion::Candidate));
            return true;
        }
    }
    false
}

/// Whether the end had to be moved, if it is met.
fn candidate_meets(mention: &Mention<'_>, candidate: &Value) -> Option<bool> {
    let text = |name: &str| candidate[name].as_str();
    if text("type") == Some("duration") {
        let same = mention.kind == Kind::Duration
            && mention.seconds.as_deref().and_then(Decimal::parse) == Some(Decimal::parse(text("value")?)?);
        return same.then_some(false);
    }
    if mention.kind != Kind::Time {
        return None;
    }
    let (start, end) = (mention.start.as_deref(), mention.end.as_deref());
    if text("value") == Some("not resolved") {
        return (start.is_none() && end.is_none()).then_some(false);
    }
    match text("type")? {
        "date" => {
            let day: Date = text("value")?.parse().ok()?;
            let next = day.tomorrow().ok()?.to_string();
            let same = mention.precision == Some(Precision::Day)
                && start == text("value")
                && end == Some(next.as_str());
            same.then_some(false)
        }
        "daterange" if start == text("start") => {
            if end == text("end") {
                return Some(false);
            }
            let theirs: Date = text("end")?.parse().ok()?;
            let ours: Date = end?.parse().ok()?;
            (names_both_ends(mention.quote) && ends_period_later(mention.quote, text("timex")?, theirs, ours))
                .then_some(true)
        }
        _ => None,
    }
}

/// True if `ours` is the end of the period that begins at `theirs`, the length of the period being the unit in which
/// the range is counted: `(2014-01-01,2018-01-01,P4Y)` counts years.
fn ends_period_later(quote: &str, timex: &str, theirs: Date, ours: Date) -> bool {
    let Some((_, length)) = timex.trim_end_matches(')').rsplit_once(",P") else { return false };
    let mut letters = length.chars().filter(char::is_ascii_alphabetic);
    let (Some(unit), None) = (letters.next(), letters.next()) else { return false };
    let later = |span: jiff::Span| theirs.checked_add(span).is_ok_and(|end| end == ours);
    match unit {
        'D' => later(1.day()),
        'W' => later(1.week()),
        'Q' => later(3.months()),
        // Quarters are counted in months as well.
        'M' if names_quarters(quote) => later(3.months()),
        'M' => later(1.month()),
        'Y' => later(1.year()),
        _ => false,
    }
}

/// True if the words are of quarters.
fn names_quarters(quote: &str) -> bool {
    let quote = quote.to_lowercase();
    let letter = quote.split('q').skip(1).any(|rest| rest.starts_with(['1', '2', '3', '4']));
    letter || quote.contains("quarter") || quote.contains('季')
}

/// True if the words name two ends, as "2014 to 2018" does and "the last four years" does not.
fn names_both_ends(quote: &str) -> bool {
    let quote = quote.to_lowercase();
    let joins = [" to ", " till ", " until ", " through ", " thru ", " and "];
    let marks = ['-', '–', '—', '~', '～', '至', '到', '和', '与', '间'];
    joins.iter().any(|join| quote.contains(join)) || quote.contains(marks)
}
