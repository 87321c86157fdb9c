//! A series by time: its values, their sums, and what changes are reckoned against.

use std::collections::{BTreeMap, BTreeSet};

use api::record::{
    Modality, Observation, Period, Precision, Relation, SeriesBase, SeriesPoint, TableReading, Term,
};
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use text::{Amount, Base, Change, Keys};
use text_record::{interval, observed, stated};

use super::reading::{of_cell, sum};

/// Most observations of one series.
pub const MAX_OBSERVATIONS: u32 = 50_000;

/// Measures whose values over parts of a time add up to that over the whole.
const ADDITIVE: &[&str] = &[
    "measure/imports",
    "measure/exports",
    "measure/reexports",
    "measure/output",
    "measure/consumption",
    "measure/shipments",
    "measure/delivery-volume",
    "measure/purchases",
    "measure/sales-volume",
    "measure/vehicle-sales",
    "measure/registrations",
    "measure/revenue",
];

/// Times of a year that are told as one, in months from its first: from January on, quarters, the second half.
const SPANS: [(i8, i8); 15] = [
    (0, 2),
    (0, 3),
    (0, 4),
    (0, 5),
    (0, 6),
    (0, 7),
    (0, 8),
    (0, 9),
    (0, 10),
    (0, 11),
    (0, 12),
    (3, 6),
    (6, 9),
    (9, 12),
    (6, 12),
];

/// A point of a series with its keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Its body.
    pub body: SeriesPoint,
    /// Values of the key `fact`: of a claim of its value, and of claims of nothing but one of its changes.
    pub facts: Vec<String>,
}

/// The points of one series, by source, edition and time, whatever the order in which the observations come. Forecasts and plans in a
/// table are left out, and so is a time for which one edition has two values.
#[must_use]
pub fn points(observations: &[(String, Observation)]) -> Vec<Point> {
    let mut tables: BTreeMap<(&str, &str), Vec<(&str, &Observation)>> = BTreeMap::new();
    for (name, body) in observations.iter().filter(|(_, body)| body.modality() == Modality::Unspecified) {
        tables.entry((&body.source, &body.edition)).or_default().push((name, body));
    }
    tables.into_values().flat_map(|mut table| of_table(&mut table)).collect()
}

type Span = (Date, Date);

/// What a table has for a time: one cell, or several that are added up.
struct Held<'a> {
    first: &'a Observation,
    reading: TableReading,
    estimated: bool,
}

fn of_table(table: &mut Vec<(&str, &Observation)>) -> Vec<Point> {
    table.sort_by(|one, other| one.0.cmp(other.0));
    let mut held: BTreeMap<Span, Option<Held<'_>>> = BTreeMap::new();
    for (name, body) in table {
        let Some((span, reading)) = body.period.as_ref().and_then(span).zip(of_cell(name, body)) else {
            continue;
        };
        let new = Held { first: body, reading, estimated: body.estimated };
        held.entry(span)
            .and_modify(|old| {
                // One series under two names: alike it is one value, and else nobody knows which.
                let alike = |old: &Held<'_>| old.reading.value == new.reading.value;
                if !old.as_ref().is_some_and(alike) {
                    *old = None;
                }
            })
            .or_insert(Some(new));
    }
    let mut held: BTreeMap<Span, Held<'_>> =
        held.into_iter().filter_map(|(span, held)| Some((span, held?))).collect();
    add_sums(&mut held);
    held.iter().map(|(span, at)| point(*span, at, &held)).collect()
}

fn span(period: &Period) -> Option<Span> {
    let day = |text: &str| text.get(..10)?.parse::<Date>().ok();
    Some((day(&period.start)?, day(&period.end)?))
}

/// Adds the sums over the times of each year that are told as one, where the table has all their months, quarters or halves.
fn add_sums(held: &mut BTreeMap<Span, Held<'_>>) {
    let Some(first) = held.values().next().map(|held| held.first) else { return };
    let additive = first.measure.as_ref().is_some_and(|measure| ADDITIVE.contains(&measure.id.as_str()));
    let amount = first.value.as_ref().is_some_and(|value| !value.unit.contains(['/', '%']));
    if !additive || !amount || first.statistic.is_some() {
        return;
    }
    let years: BTreeSet<i16> = held.keys().map(|(start, _)| start.year()).collect();
    let mut sums = Vec::new();
    for year in years {
        for (from, to) in SPANS {
            let (Some(start), Some(end)) = (month(year, from), month(year, to)) else { continue };
            if held.contains_key(&(start, end)) {
                continue;
            }
            let parts = [1, 3, 6].into_iter().find_map(|length| tiles(held, (start, end), length));
            sums.extend(parts.and_then(|parts| added(&parts, (start, end))).map(|sum| ((start, end), sum)));
        }
    }
    held.extend(sums);
}

/// The first day of a month, counted from the first of a year.
fn month(year: i16, months: i8) -> Option<Date> {
    Date::new(year, 1, 1).ok()?.checked_add(i32::from(months).months()).ok()
}

/// What the table has for the parts of a time, each of so many months; `None` if one is missing.
fn tiles<'h, 'a>(held: &'h BTreeMap<Span, Held<'a>>, whole: Span, length: i32) -> Option<Vec<&'h Held<'a>>> {
    let (mut at, mut parts) = (whole.0, Vec::new());
    while at < whole.1 {
        let end = at.checked_add(length.months()).ok()?;
        parts.push(held.get(&(at, end))?);
        at = end;
    }
    (at == whole.1 && parts.len() > 1).then_some(parts)
}

fn added<'a>(parts: &[&Held<'a>], whole: Span) -> Option<Held<'a>> {
    let first = parts.first()?.first;
    let readings: Vec<&TableReading> = parts.iter().map(|part| &part.reading).collect();
    let precision = match (whole.0.month(), whole.1.since((jiff::Unit::Month, whole.0)).ok()?.get_months()) {
        (_, 3) => Precision::Quarter,
        (1 | 7, 6) => Precision::Half,
        (_, 12) => Precision::Year,
        _ => Precision::Range,
    };
    let over = Period { start: whole.0.to_string(), end: whole.1.to_string(), precision: precision.into() };
    Some(Held { first, reading: sum(&readings, over)?, estimated: parts.iter().any(|part| part.estimated) })
}

fn point(span: Span, at: &Held<'_>, held: &BTreeMap<Span, Held<'_>>) -> Point {
    let bases: Vec<SeriesBase> = before(span)
        .into_iter()
        .filter_map(|(relation, span)| {
            let mut reading = held.get(&span)?.reading.clone();
            // The cells of a sum stand in its own point; here they would double what is stored.
            if reading.cells.len() > 1 {
                reading.cells.clear();
            }
            Some(SeriesBase { relation: relation.into(), reading: Some(reading) })
        })
        .collect();
    let first = at.first;
    let body = SeriesPoint {
        reading: Some(at.reading.clone()),
        published: first.published.clone(),
        basis: ids(first.basis.iter()),
        names: ids([&first.subject, &first.part, &first.whole, &first.place, &first.venue]
            .into_iter()
            .flatten()
            .chain(&first.actors)
            .chain(&first.partners)),
        estimated: at.estimated,
        bases,
    };
    Point { facts: facts(at, &body), body }
}

fn ids<'t>(terms: impl Iterator<Item = &'t Term>) -> Vec<String> {
    let ids: BTreeSet<String> = terms.map(|term| term.id.clone()).filter(|id| !id.is_empty()).collect();
    ids.into_iter().collect()
}

/// The times against which a change over this one is told.
fn before((start, end): Span) -> Vec<(Relation, Span)> {
    let moved = |back: jiff::Span| Some((start.checked_sub(back).ok()?, end.checked_sub(back).ok()?));
    let mut found = Vec::new();
    let mut add = |relation, back: jiff::Span| found.extend(moved(back).map(|span| (relation, span)));
    let days = (end - start).get_days();
    if days == 1 {
        // The trading day before; after a holiday it is not told apart from a missing row.
        let back = if start.weekday() == Weekday::Monday { 3 } else { 1 };
        add(Relation::DayOnDay, back.days());
        return found;
    }
    if days == 7 {
        add(Relation::WeekOnWeek, 7.days());
        return found;
    }
    if start.day() != 1 || end.day() != 1 {
        return found;
    }
    let months = (i32::from(end.year()) - i32::from(start.year())) * 12 + i32::from(end.month())
        - i32::from(start.month());
    let whole = i32::from(start.month() - 1) % months.max(1) == 0;
    match months {
        1 => add(Relation::MonthOnMonth, 1.month()),
        3 if whole => add(Relation::QuarterOnQuarter, 3.months()),
        6 if whole => add(Relation::HalfOnHalf, 6.months()),
        _ => {}
    }
    if (1..=12).contains(&months) {
        add(Relation::YearOnYear, 1.year());
    }
    found
}

/// The keys of a claim of this value, and of claims that tell only a change of it. What texts add up they may call cumulative.
fn facts(at: &Held<'_>, body: &SeriesPoint) -> Vec<String> {
    let mut claim = observed(at.first);
    claim.period = at.reading.over.as_ref().map(|over| stated(interval(over)));
    let (value, mut found) = (claim.value.take(), BTreeSet::new());
    let cumulative = text::Term { id: Some("statistic/cumulative".to_owned()), words: "" };
    let mut statistics = vec![claim.statistic.clone()];
    if at.reading.cells.len() > 1 {
        statistics.push(Some(stated(cumulative)));
    }
    for statistic in statistics {
        claim.statistic = statistic;
        claim.value.clone_from(&value);
        found.extend(Keys::of(&claim).fact);
        claim.value = None;
        for relation in body.bases.iter().filter_map(|base| told(base.relation())) {
            let percent = Amount { unit: Some("%".to_owned()), ..Amount::default() };
            let base = Base { relation: Some(relation), ..Base::default() };
            let (by, base) = (Some(stated(percent)), Some(stated(base)));
            let origin = stated(()).origin;
            claim.changes = vec![Change { direction: None, by, base, qualifier: None, origin }];
            found.extend(Keys::of(&claim).fact);
        }
        claim.changes.clear();
    }
    found.into_iter().collect()
}

fn told(relation: Relation) -> Option<text::Relation> {
    Some(match relation {
        Relation::YearOnYear => text::Relation::YearOnYear,
        Relation::HalfOnHalf => text::Relation::HalfOnHalf,
        Relation::QuarterOnQuarter => text::Relation::QuarterOnQuarter,
        Relation::MonthOnMonth => text::Relation::MonthOnMonth,
        Relation::WeekOnWeek => text::Relation::WeekOnWeek,
        Relation::DayOnDay => text::Relation::DayOnDay,
        _ => return None,
    })
}
