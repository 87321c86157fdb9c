//! How the base of a change lies to the period of its claim: June against May is month on month, 环比 of a quarter is with the
//! quarter before, and a market's move of which no base is said is with the session before.

use jiff::ToSpan;
use jiff::civil::Date;

use super::slots::{Base, Claim, Direction, Interval, Modality, Origin, OriginKind, Relation, Slot};
use crate::mention::Precision;

/// The rule of a base that is the highest or lowest level within a time.
const EXTREME: &str = "low or high named";

/// Settles the bases of a claim when its period is known. `before` is the claim before it in the same sentence; `daily` is true
/// in a day's report.
pub(super) fn settle<'t>(claim: &mut Claim<'t>, before: Option<&Claim<'t>>, daily: bool) {
    let relation = claim.period.as_ref().and_then(|period| previous(&period.is));
    uncounted(claim);
    by_dates(claim);
    carried(claim, before);
    implied(claim, relation, daily);
    for base in claim.changes.iter_mut().filter_map(|change| change.base.as_mut()) {
        if base.is.relation == Some(Relation::PreviousPeriod)
            && let Some(relation) = relation
        {
            base.is.relation = Some(relation);
            base.origin = Origin {
                kind: OriginKind::Resolved,
                rule: "previous period by the claim's own",
                ..base.origin
            };
        }
    }
}

/// True for a measure that is quoted at moments.
pub(super) fn is_quoted(id: &str) -> bool {
    matches!(id, "measure/price" | "measure/share-price" | "measure/index-level" | "measure/price-index")
}

/// Counts of stocks that rose, fell or did not move are no changes themselves.
fn uncounted(claim: &mut Claim<'_>) {
    let id = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    let plain = claim.value.as_ref().is_some_and(|value| value.is.unit.is_none());
    if matches!(id, "measure/advancers" | "measure/decliners" | "measure/limit-ups" | "measure/count")
        && plain
    {
        claim.changes.retain(|change| change.by.is_some());
    }
    // 1只持平: nor is their standing still.
    if claim.measure.as_ref().is_some_and(|slot| slot.origin.rule == "stocks that rose or fell") {
        claim.changes.retain(|change| change.by.is_some());
    }
    // «should it fall below 40», 若跌破800美元: a level that is only supposed has not moved.
    let supposed = claim.modality.as_ref().is_some_and(|slot| slot.is.value == Modality::Hypothetical);
    if supposed && claim.value.is_some() {
        claim.changes.retain(|change| {
            change.by.is_some() || change.base.is_some() || change.direction != Some(Direction::Down)
        });
    }
}

/// The relation of a period to the one before it.
fn previous(period: &Interval) -> Option<Relation> {
    Some(match period.precision? {
        Precision::Day => Relation::DayOnDay,
        Precision::Week => Relation::WeekOnWeek,
        Precision::Month => Relation::MonthOnMonth,
        Precision::Quarter => Relation::QuarterOnQuarter,
        Precision::Half => Relation::HalfOnHalf,
        // 7月7日—11日 is the week of a report.
        Precision::Range => {
            let (start, end) = days(period)?;
            let length = start.until(end).ok()?.get_days();
            let monday = i32::from(start.weekday().to_monday_zero_offset());
            return ((4..=7).contains(&length) && monday + length <= 7).then_some(Relation::WeekOnWeek);
        }
        _ => return None,
    })
}

/// «oxide rose 5 % on the week, metal 3 %»: the base is that of the same measure before it in the sentence.
fn carried<'t>(claim: &mut Claim<'t>, before: Option<&Claim<'t>>) {
    let Some(before) = before.filter(|before| before.sentence == claim.sentence) else { return };
    if claim.measure_id() != before.measure_id() || claim.changes.len() > before.changes.len() {
        return;
    }
    for (change, told) in claim.changes.iter_mut().zip(&before.changes) {
        let Some(told) = told.base.as_ref().filter(|told| told.is.relation.is_some()) else { continue };
        if change.base.is_none() && change.by.is_some() {
            let base = Base { value: None, ..told.is.clone() };
            let origin =
                Origin { kind: OriginKind::Inherited, rule: "base of the figure before", ..told.origin };
            change.base = Some(Slot { is: base, origin });
        }
    }
}

/// The base of a market's move of which no base is said: the day, week or month of its period before that one.
///
/// Shares, indices and sectors move within a day against nothing that is not said, and a price so only in a day's report.
fn implied(claim: &mut Claim<'_>, relation: Option<Relation>, daily: bool) {
    let id = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    let of_shares = matches!(id, "measure/index-level" | "measure/share-price");
    // A price that is told in a day's report moved on that day only if its sentence says so.
    let at_close = matches!(
        claim.statistic.as_ref().and_then(|slot| slot.is.id.as_deref()),
        Some("statistic/close" | "statistic/settlement")
    );
    let stated = claim.period.as_ref().is_some_and(|period| period.origin.kind == OriginKind::Stated);
    let bare = claim.value.is_none();
    // A company tells how its finances grew against the year before.
    const FINANCES: &[&str] = &[
        "measure/net-profit",
        "measure/profit-excluding-non-recurring",
        "measure/revenue",
        "measure/operating-profit",
        "measure/gross-profit",
    ];
    let long = claim.period.as_ref().is_some_and(|period| {
        matches!(period.is.precision, Some(Precision::Quarter | Precision::Half | Precision::Year))
    });
    let grown = bare
        && claim
            .changes
            .iter()
            .all(|change| change.by.as_ref().is_some_and(|by| by.is.unit.as_deref() == Some("%")));
    let relation = match relation {
        _ if FINANCES.contains(&id) && long && grown => Relation::YearOnYear,
        Some(Relation::DayOnDay)
            if daily && (at_close || stated) && matches!(id, "measure/price" | "measure/open-interest") =>
        {
            Relation::DayOnDay
        }
        Some(Relation::WeekOnWeek) if of_shares || id == "measure/price" => Relation::WeekOnWeek,
        Some(relation @ (Relation::MonthOnMonth | Relation::QuarterOnQuarter))
            if of_shares || bare && stated && id == "measure/price" =>
        {
            relation
        }
        _ => return,
    };
    for change in claim.changes.iter_mut().filter(|change| change.base.is_none() && change.by.is_some()) {
        let origin = Origin {
            kind: OriginKind::Resolved,
            rule: "a move of the period against the one before",
            ..change.origin.clone()
        };
        change.base = Some(Slot { is: Base { relation: Some(relation), ..Base::default() }, origin });
    }
}

/// Names the relation of each base that is said as a time.
fn by_dates(claim: &mut Claim<'_>) {
    let own = claim.period.as_ref().and_then(|slot| days(&slot.is));
    for base in claim.changes.iter_mut().filter_map(|change| change.base.as_mut()) {
        if base.is.relation.is_some() || base.is.sum || base.origin.rule == EXTREME {
            continue;
        }
        let Some(there) = base.is.period.as_ref().and_then(days) else { continue };
        let relation = own.and_then(|own| between(own, there)).or_else(|| year_start(own, there));
        if let Some(relation) = relation {
            base.is.relation = Some(relation);
            base.is.period = None;
            base.origin =
                Origin { kind: OriginKind::Resolved, rule: "base by the two periods", ..base.origin };
        }
    }
}

/// So many equal months, quarters or years of a period.
pub(super) fn split(period: &Interval, count: usize) -> Option<Vec<Interval>> {
    let (start, end) = days(period)?;
    let whole = months((start, end));
    let count = i32::try_from(count).ok().filter(|count| *count > 1 && whole % count == 0)?;
    let precision = match whole / count {
        1 => Precision::Month,
        3 => Precision::Quarter,
        12 => Precision::Year,
        _ => return None,
    };
    let part = |index: i32| {
        let first = start.checked_add((whole / count * index).months()).ok()?;
        let last = first.checked_add((whole / count).months()).ok()?;
        let (start, end) = (Some(first.to_string()), Some(last.to_string()));
        Some(Interval { start, end, precision: Some(precision) })
    };
    (0..count).map(part).collect()
}

/// How many whole months lie between two days; none if they are not firsts of months.
fn months(period: (Date, Date)) -> i32 {
    let count = (i32::from(period.1.year()) - i32::from(period.0.year())) * 12 + i32::from(period.1.month())
        - i32::from(period.0.month());
    if period.0.day() == 1 && period.1.day() == 1 { count } else { 0 }
}

/// The first day of an interval and the day after its last.
fn days(interval: &Interval) -> Option<(Date, Date)> {
    Some((interval.start.as_deref()?.parse().ok()?, interval.end.as_deref()?.parse().ok()?))
}

/// The relation of a period to the one that it is compared with.
fn between(own: (Date, Date), base: (Date, Date)) -> Option<Relation> {
    let back = |span: jiff::Span| Some((own.0.checked_sub(span).ok()?, own.1.checked_sub(span).ok()?));
    if back(1.year()) == Some(base) {
        return Some(Relation::YearOnYear);
    }
    let length = |period: (Date, Date)| period.0.until(period.1).map_or(0, |span| span.get_days());
    let adjoins = base.1 == own.0;
    match months(own) {
        count if count > 0 && count == months(base) && adjoins => {
            return match count {
                1 => Some(Relation::MonthOnMonth),
                3 => Some(Relation::QuarterOnQuarter),
                6 => Some(Relation::HalfOnHalf),
                12 => Some(Relation::YearOnYear),
                _ => None,
            };
        }
        _ => {}
    }
    match (length(own), length(base)) {
        (1, 1) => {
            let gap = base.0.until(own.0).ok()?.get_days();
            let month_ends = own.1.day() == 1 && base.1.day() == 1;
            match gap {
                1 => Some(Relation::DayOnDay),
                // The sessions before and after a weekend.
                2..=3 if gap > i32::from(own.0.weekday().to_monday_zero_offset()) => Some(Relation::DayOnDay),
                7 => Some(Relation::WeekOnWeek),
                28..=31 if month_ends => Some(Relation::MonthOnMonth),
                _ => None,
            }
        }
        // «compared with last Friday»
        (4..=7, 1) => {
            let gap = base.1.until(own.0).ok()?.get_days();
            (0..=6).contains(&gap).then_some(Relation::WeekOnWeek)
        }
        (4..=7, 4..=7) => {
            let gap = base.0.until(own.0).ok()?.get_days();
            (6..=8).contains(&gap).then_some(Relation::WeekOnWeek)
        }
        _ => None,
    }
}

/// The first day of the year, or the last of the one before, as a base of what is later in the year.
fn year_start(own: Option<(Date, Date)>, base: (Date, Date)) -> Option<Relation> {
    let day = base.0.tomorrow().ok()? == base.1;
    let first = base.0.month() == 1 && base.0.day() == 1;
    let last = base.0.month() == 12 && base.0.day() == 31;
    let year = if first { base.0.year() } else { base.0.year() + 1 };
    let fits = own.is_none_or(|own| own.0.year() == year && own.1 > base.1);
    (day && (first || last) && fits).then_some(Relation::YearStart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_tells_the_relation() {
        let period = |text: &str| {
            let (start, end) = text.split_once('/')?;
            Some((start.parse::<Date>().ok()?, end.parse::<Date>().ok()?))
        };
        for (own, base, expected) in [
            ("2025-06-01/2025-07-01", "2025-05-01/2025-06-01", Some(Relation::MonthOnMonth)),
            ("2025-06-01/2025-07-01", "2024-06-01/2024-07-01", Some(Relation::YearOnYear)),
            ("2025-04-01/2025-07-01", "2025-01-01/2025-04-01", Some(Relation::QuarterOnQuarter)),
            ("2025-04-01/2025-07-01", "2024-10-01/2025-01-01", None),
            ("2025-07-14/2025-07-15", "2025-07-11/2025-07-12", Some(Relation::DayOnDay)),
            ("2025-07-16/2025-07-17", "2025-07-14/2025-07-15", None),
            ("2025-07-11/2025-07-12", "2025-07-04/2025-07-05", Some(Relation::WeekOnWeek)),
            ("2025-07-07/2025-07-14", "2025-06-30/2025-07-07", Some(Relation::WeekOnWeek)),
            ("2025-06-30/2025-07-01", "2025-05-31/2025-06-01", Some(Relation::MonthOnMonth)),
            ("2025-01-01/2026-01-01", "2024-01-01/2025-01-01", Some(Relation::YearOnYear)),
        ] {
            let found = period(own).zip(period(base)).and_then(|(own, base)| between(own, base));
            assert_eq!(found, expected, "{own} {base}");
        }
        let since_new_year = |own: &str| year_start(period(own), period("2025-01-01/2025-01-02")?);
        assert_eq!(since_new_year("2025-08-27/2025-08-28"), Some(Relation::YearStart));
        assert_eq!(since_new_year("2024-08-27/2024-08-28"), None);
    }
}
