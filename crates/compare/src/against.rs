//! What changes are measured against.

use api::record::{Period, Precision, Relation, StatedChange, Statement};

use crate::slot::Fit;

mod words;

pub(crate) use words::base_in_words;

/// How what two changes are against fits.
pub(crate) fn base(
    one: &StatedChange,
    of_one: &Statement,
    other: &StatedChange,
    of_other: &Statement,
) -> Fit {
    let (left, right) = (against(one, of_one), against(other, of_other));
    let stated = |change: &StatedChange| change.base.as_ref().is_some_and(|word| !word.inherited);
    let both = stated(one) && stated(other);
    match (left, right) {
        (None, None) => Fit::Empty,
        (None, _) | (_, None) => Fit::OneSided,
        (Some(left), Some(right)) if left == right => Fit::Same,
        (Some(Against::Words), _) | (_, Some(Against::Words)) => Fit::Unsure,
        // Of one time both are told, though one leaves it out: from October, and on the month for November.
        (Some(Against::Time(start, end, false)), Some(Against::Relation(relation)))
            if of_one.over.is_none() && follows(of_other, &start, &end) == Some(relation) =>
        {
            Fit::Same
        }
        (Some(Against::Relation(relation)), Some(Against::Time(start, end, false)))
            if of_other.over.is_none() && follows(of_one, &start, &end) == Some(relation) =>
        {
            Fit::Same
        }
        // The same may be said in two ways, if it is not known of which time the change is.
        (Some(Against::Time(..)), Some(Against::Relation(_))) if !monthly(of_one) => Fit::Unsure,
        (Some(Against::Relation(_)), Some(Against::Time(..))) if !monthly(of_other) => Fit::Unsure,
        // «Down 26% in the first half from 2024», «twice the level of January»: the same period and the beginning of the year are meant.
        (Some(Against::Time(start, end, false)), Some(Against::Relation(relation)))
        | (Some(Against::Relation(relation)), Some(Against::Time(start, end, false)))
            if loosely(&start, &end, relation, [of_one, of_other]) =>
        {
            Fit::Unsure
        }
        _ if both => Fit::Differ,
        _ => Fit::Unsure,
    }
}

/// How a base lies to the time of a statement.
fn follows(statement: &Statement, start: &str, end: &str) -> Option<Relation> {
    let base = Period { start: start.to_owned(), end: end.to_owned(), ..Period::default() };
    let (own, base) = statement.over.as_ref().and_then(months).zip(months(&base))?;
    lies(own, base)
}

/// True for a whole year beside «a year earlier» of a shorter time, and for the first month of a year beside its beginning.
fn loosely(start: &str, end: &str, relation: Relation, of: [&Statement; 2]) -> bool {
    let year = |day: &str| day.get(..4).and_then(|year| year.parse::<i32>().ok());
    let (Some(first), Some(last)) = (year(start), year(end)) else { return false };
    let whole = last == first + 1 && start.get(5..10) == Some("01-01") && end.get(5..10) == Some("01-01");
    let shorter = of.iter().all(|statement| {
        statement.over.as_ref().and_then(months).is_none_or(|(first, last)| last - first < 12)
    });
    match relation {
        Relation::YearOnYear => whole && shorter,
        Relation::YearStart => matches!(start.get(5..7), Some("01" | "12")),
        _ => false,
    }
}

/// What a change is against, where that can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Against {
    Relation(Relation),
    Time(String, String, bool),
    /// A plan, a budget, an expectation; a mean of years; a low or a high.
    Named(Named),
    Words,
}

/// How the base of a change lies to the time of its statement, if it is told or follows from both times.
pub(crate) fn relation(change: &StatedChange, statement: &Statement) -> Option<Relation> {
    match against(change, statement)? {
        Against::Relation(relation) => Some(relation),
        _ => None,
    }
}

fn against(change: &StatedChange, statement: &Statement) -> Option<Against> {
    let own = statement.over.as_ref();
    let relation = match change.relation() {
        // 环比 is against the period before, whose length is that of the claim's own.
        Relation::PreviousPeriod => match own.and_then(months).map(|(first, last)| last - first) {
            Some(length) => of_length(length),
            None => match own.map(Period::precision) {
                Some(Precision::Day) => Relation::DayOnDay,
                Some(Precision::Week) => Relation::WeekOnWeek,
                _ => return Some(Against::Words),
            },
        },
        known => known,
    };
    if relation != Relation::Unspecified {
        return Some(Against::Relation(relation));
    }
    if let Some(over) = &change.over {
        if own.is_some_and(|own| (&own.start, &own.end) == (&over.start, &over.end)) {
            // Nothing is against its own time: «down 14.6% on quarter in January-March».
            return None;
        }
        if let (Some(own), Some(base), false) = (own.and_then(months), months(over), change.sum)
            && let Some(relation) = lies(own, base)
        {
            return Some(Against::Relation(relation));
        }
        return Some(Against::Time(over.start.clone(), over.end.clone(), change.sum));
    }
    let words = change.base.as_ref()?.words.to_lowercase();
    let named = NAMED.iter().find(|(names, _)| names.iter().any(|name| words.contains(name)));
    Some(named.map_or(Against::Words, |(_, kind)| Against::Named(*kind)))
}

/// What a base is that is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Whole,
    Plan,
    Mean,
    Extreme,
}

/// Words by which bases that are no times are known.
const NAMED: &[(&[&str], Named)] = &[
    (&["全年", "whole of last year", "all of last year", "as a whole", "full year", "total"], Named::Whole),
    (
        &[
            "计划", "预算", "预期", "目标", "指引", "plan", "budget", "target", "expect", "guidance",
            "forecast", "consensus",
        ],
        Named::Plan,
    ),
    (&["均值", "平均", "average", "mean"], Named::Mean),
    (&["低点", "高点", "峰值", "peak", "record high", "trough"], Named::Extreme),
];

/// How one time of whole months lies to another of the same length, if it does so in a way that has a name.
fn lies((first, last): (i32, i32), (base_first, base_last): (i32, i32)) -> Option<Relation> {
    let length = last - first;
    if length != base_last - base_first || length <= 0 {
        return None;
    }
    match first - base_first {
        12 => Some(Relation::YearOnYear),
        apart if apart == length => {
            Some(of_length(length)).filter(|relation| *relation != Relation::Unspecified)
        }
        _ => None,
    }
}

fn of_length(months: i32) -> Relation {
    match months {
        1 => Relation::MonthOnMonth,
        3 => Relation::QuarterOnQuarter,
        6 => Relation::HalfOnHalf,
        12 => Relation::YearOnYear,
        _ => Relation::Unspecified,
    }
}

/// True if a statement is of whole months.
fn monthly(statement: &Statement) -> bool {
    statement.over.as_ref().and_then(months).is_some()
}

/// First and last month of a time of whole months, counted from year zero; the last is left out.
fn months(period: &Period) -> Option<(i32, i32)> {
    let count = |day: &str| -> Option<i32> {
        let (year, month) = (day.get(..4)?.parse::<i32>().ok()?, day.get(5..7)?.parse::<i32>().ok()?);
        (day.get(8..10)? == "01").then_some(year * 12 + month)
    };
    count(&period.start).zip(count(&period.end)).filter(|(first, last)| first < last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::record::Word;

    fn of(own: (&str, &str), relation: Relation, base: Option<(&str, &str)>) -> (StatedChange, Statement) {
        let period =
            |(start, end): (&str, &str)| Period { start: start.into(), end: end.into(), ..Period::default() };
        let change = StatedChange {
            relation: relation.into(),
            over: base.map(period),
            base: Some(Word::default()),
            ..StatedChange::default()
        };
        (change, Statement { over: Some(period(own)), ..Statement::default() })
    }

    #[test]
    fn a_base_said_in_two_ways_is_one() {
        let july = ("2025-07-01", "2025-08-01");
        let named = of(july, Relation::YearOnYear, None);
        let dated = of(july, Relation::Unspecified, Some(("2024-07-01", "2024-08-01")));
        let before = of(july, Relation::PreviousPeriod, None);
        let june = of(july, Relation::Unspecified, Some(("2025-06-01", "2025-07-01")));
        assert_eq!(base(&named.0, &named.1, &dated.0, &dated.1), Fit::Same);
        assert_eq!(base(&before.0, &before.1, &june.0, &june.1), Fit::Same);
        assert_eq!(base(&named.0, &named.1, &june.0, &june.1), Fit::Differ);
    }
}
