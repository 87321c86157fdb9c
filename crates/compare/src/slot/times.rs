//! How times fit, and what is told of a time to come.

use api::record::{Period, Precision, StatedChange, Statement, Word};

use super::{Fit, bodies};
use crate::slip::day_number;
use crate::statement::{Item, day, sentence};

/// Whether both are told as fact. What is told of a time that was not over when it was told is no fact yet, whatever its words.
pub(super) fn modality(one: &Statement, other: &Statement) -> Fit {
    let ahead = |statement: &Statement| {
        let told = day(statement.published.as_ref());
        let end = statement.over.as_ref().and_then(|over| over.end.get(..10));
        told.zip(end).is_some_and(|(told, end)| end > told)
    };
    // Who estimates what is over tells a fact as well as he can.
    let estimate = |statement: &Statement| {
        const ESTIMATES: &[&str] = &["estimate", "估计", "估算", "测算", "推算"];
        let words = statement.modal.as_ref().map(|word| word.words.to_lowercase()).unwrap_or_default();
        statement.over.is_some() && !ahead(statement) && ESTIMATES.iter().any(|word| words.contains(word))
    };
    match (one.modality == 0, other.modality == 0) {
        (true, false) if estimate(other) => Fit::Same,
        (false, true) if estimate(one) => Fit::Same,
        (true, false) if ahead(one) || one.over.is_none() && ahead(other) => Fit::Same,
        (false, true) if ahead(other) || other.over.is_none() && ahead(one) => Fit::Same,
        (left, right) if left == right => Fit::Same,
        _ => Fit::Differ,
    }
}

pub(super) fn period(of_one: &Item, of_other: &Item) -> Fit {
    let (one, other) = (&of_one.statement, &of_other.statement);
    let (left, right) = match (&one.over, &other.over) {
        (None, None) => return Fit::Empty,
        (Some(left), Some(right)) => (left, right),
        // Where one day is all that a text names, it is that of its figures.
        (Some(over), None) if is_only_day(over, other) => return Fit::Same,
        (None, Some(over)) if is_only_day(over, one) => return Fit::Same,
        _ => return Fit::OneSided,
    };
    if left.start.is_empty() || right.start.is_empty() || left.end.is_empty() || right.end.is_empty() {
        return Fit::Unsure;
    }
    if days(left) == days(right) || is_one_week(left, right) {
        return Fit::Same;
    }
    if other_calendar(one, other) {
        return Fit::Unsure;
    }
    let taken = |word: &Option<Word>| word.as_ref().is_none_or(|word| word.inherited);
    if taken(&one.period) || taken(&other.period) {
        return Fit::Unsure;
    }
    let long = |period: &Period| {
        matches!(
            period.precision(),
            Precision::Month | Precision::Quarter | Precision::Half | Precision::Year | Precision::Range
        )
    };
    // «The quarter to September» is easily read as September.
    const SPANS: &[&str] = &[
        "季", "quarter", "半年", "half", "财年", "fiscal", "年度", "截至", "ended", "months", "year to",
        "ending",
    ];
    let within =
        |short: &Period, long: &Period| days(long).0 <= days(short).0 && days(short).1 <= days(long).1;
    let spoken = |words: &Option<Word>| {
        words.as_ref().is_some_and(|word| SPANS.iter().any(|span| word.words.to_lowercase().contains(span)))
    };
    let sentences = [sentence(of_one).to_lowercase(), sentence(of_other).to_lowercase()];
    let span_near = |index: usize, words: &Option<Word>| {
        !spoken(words) && SPANS.iter().any(|span| sentences[index].contains(span))
    };
    if within(left, right) && span_near(0, &one.period) || within(right, left) && span_near(1, &other.period)
    {
        return Fit::Unsure;
    }
    let apart = days(left).1 <= days(right).0 || days(right).1 <= days(left).0;
    if apart || long(left) && long(right) { Fit::Differ } else { Fit::Unsure }
}

/// True for two weeks that share their working days: one runs from Monday to Sunday, the other up to the Friday that is named.
fn is_one_week(one: &Period, other: &Period) -> bool {
    const WORKING: i64 = 5;
    let numbers = |period: &Period| {
        let (start, end) = days(period);
        let (start, end) = (day_number(start)?, day_number(end)?);
        (WORKING..=7).contains(&(end - start)).then_some((start, end))
    };
    let Some(((start, end), (first, last))) = numbers(one).zip(numbers(other)) else { return false };
    end.min(last) - start.max(first) >= WORKING
}

/// True if a time is the one day that stands around a statement.
fn is_only_day(over: &Period, statement: &Statement) -> bool {
    let day = over.start.get(..10).unwrap_or_default();
    over.precision() == Precision::Day
        && !day.is_empty()
        && matches!(statement.days.as_slice(), [only] if only == day)
}

/// True if one side names a time by a financial year, or a quarter or half of a company by its number, and the other by its months or
/// otherwise: which months a company's first quarter has is not known.
fn other_calendar(one: &Statement, other: &Statement) -> bool {
    const FISCAL: &[&str] = &["fy", "fiscal", "financial year", "财年", "财政年度", "年度"];
    const MONTHS: &[&str] = &[
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "月", "months",
        "ended", "ending", "year to", "截至",
    ];
    let words = |statement: &Statement| {
        statement.period.as_ref().map(|word| word.words.to_lowercase()).unwrap_or_default()
    };
    let (left, right) = (words(one), words(other));
    let fiscal = |words: &str| FISCAL.iter().any(|word| words.contains(word));
    let months = |words: &str| MONTHS.iter().any(|word| words.contains(word));
    let numbered = |words: &str| {
        !months(words)
            && ["季", "quarter", "半年", "half", "q1", "q2", "q3", "q4"]
                .iter()
                .any(|word| words.contains(word))
    };
    let of_company = |statement: &Statement| !bodies(statement).0.is_empty();
    let as_long = one.over.as_ref().map(Period::precision) == other.over.as_ref().map(Period::precision)
        || length(one) == length(other);
    fiscal(&left) != fiscal(&right)
        || of_company(one)
            && of_company(other)
            && as_long
            && (numbered(&left) && months(&right) || months(&left) && numbered(&right))
}

/// How long a statement's time is, in months.
fn length(statement: &Statement) -> Option<i32> {
    let over = statement.over.as_ref()?;
    let months =
        |day: &str| Some(day.get(..4)?.parse::<i32>().ok()? * 12 + day.get(5..7)?.parse::<i32>().ok()?);
    Some(months(&over.end)? - months(&over.start)?)
}

fn days(period: &Period) -> (&str, &str) {
    (period.start.get(..10).unwrap_or_default(), period.end.get(..10).unwrap_or_default())
}

pub(super) fn direction(one: &StatedChange, other: &StatedChange) -> Fit {
    match (one.direction, other.direction) {
        (0, 0) => Fit::Empty,
        (0, _) | (_, 0) => Fit::OneSided,
        (left, right) if left == right => Fit::Same,
        _ => Fit::Differ,
    }
}
