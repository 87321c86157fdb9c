//! The keys of a claim: what it may be compared by. A key is there only if every slot that it is made of is sure.

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde::Serialize;

use super::{Amount, Base, Change, Claim, Interval, Relation, Slot, Term};
use crate::mention::Precision;

/// Least significant digits of a value that is compared by its digits alone.
const LEAST_DIGITS: usize = 3;

/// The keys of one claim. Slots are joined by `|`, with their names where two could be confused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Keys {
    /// The history of one quantity: measure, statistic, subject or part and whole, actors, place and partners, venue, basis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// The series at one period: values must agree, up to rounding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// The value's significant digits, three or more, without scale, and its dimension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digits: Option<String>,
}

impl Keys {
    /// True if there is no key.
    pub fn is_empty(&self) -> bool {
        self.series.is_none() && self.fact.is_none() && self.digits.is_none()
    }

    /// The keys of a claim whose slots are filled.
    pub fn of(claim: &Claim<'_>) -> Keys {
        if claim.event.is_some() {
            return Keys::default();
        }
        let series = series(claim);
        let period = claim.period.as_ref().and_then(|slot| period(&slot.is));
        let fact = series.as_ref().zip(period).map(|(series, period)| format!("{series}@{period}"));
        Keys { series, fact, digits: claim.value.as_ref().and_then(|slot| digits(&slot.is)) }
    }
}

/// Takes the `fact` key from claims of one text that would meet in it with values that differ: what sets the two apart was
/// said and not read, far more often than a text contradicts itself. Then neither claim's slots are sure.
pub(super) fn withhold(claims: &mut [Claim<'_>]) {
    let mut held: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, claim) in claims.iter().enumerate() {
        if let Some(fact) = &claim.keys.fact {
            held.entry(fact.clone()).or_default().push(index);
        }
    }
    for group in held.into_values() {
        let first = &claims[group[0]];
        if !group.iter().all(|other| agree(first, &claims[*other])) {
            for index in group {
                claims[index].keys.fact = None;
            }
        }
    }
}

/// True if two claims of one key give one value, up to rounding to the fewer digits; ranges agree where they overlap.
fn agree(one: &Claim<'_>, other: &Claim<'_>) -> bool {
    let amount = |claim: &Claim<'_>| {
        let by = || claim.changes.first().and_then(|change| change.by.as_ref()).map(|by| by.is.clone());
        claim.value.as_ref().map(|slot| slot.is.clone()).or_else(by)
    };
    let (Some(one), Some(other)) = (amount(one), amount(other)) else { return false };
    if one.unit != other.unit {
        return false;
    }
    let ends = |amount: &Amount| -> Option<(Decimal, Decimal)> {
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<Decimal>().ok());
        let value = number(&amount.value);
        Some((
            value.or(number(&amount.low)).unwrap_or(Decimal::MIN),
            value.or(number(&amount.high)).unwrap_or(Decimal::MAX),
        ))
    };
    let (Some((low, high)), Some((start, end))) = (ends(&one), ends(&other)) else { return false };
    if low == high && start == end {
        let round = |value: Decimal, like: Decimal| value.round_sf(figures(like));
        return low == start || round(low, start) == Some(start) || round(start, low) == Some(low);
    }
    low <= end && start <= high
}

/// Significant digits of a value as printed, without the zeros at its end.
fn figures(value: Decimal) -> u32 {
    let digits = value.normalize().mantissa().unsigned_abs().to_string();
    u32::try_from(digits.trim_end_matches('0').len().max(1)).unwrap_or(1)
}

/// The measured thing in canonical words, or nothing if a slot is only words: two spellings must never be two histories, nor
/// two things one.
fn series(claim: &Claim<'_>) -> Option<String> {
    let mut parts = vec![name(claim.measure.as_ref()?)?.to_owned()];
    // A difference and a level of one quantity are two histories.
    match (&claim.value, claim.changes.first()) {
        (Some(value), _) => parts.push(dimension(&value.is)?),
        (None, Some(change)) => parts.push(changed(change)?),
        (None, None) => return None,
    }
    if let Some(statistic) = &claim.statistic {
        parts.push(format!("statistic={}", name(statistic)?));
    }
    if claim.whole.is_none() || claim.part.is_none() {
        parts.push(name(claim.subject.as_ref()?)?.to_owned());
    } else if let Some(subject) = &claim.subject {
        parts.push(name(subject)?.to_owned());
    }
    for (label, slot) in [("part", &claim.part), ("whole", &claim.whole), ("place", &claim.place)] {
        if let Some(slot) = slot {
            parts.push(format!("{label}={}", name(slot)?));
        }
    }
    for (label, slots) in [
        ("joint", &claim.joint),
        ("actors", &claim.actors),
        ("partners", &claim.partners),
        ("basis", &claim.basis),
    ] {
        if !slots.is_empty() {
            let mut names: Vec<&str> = slots.iter().map(name).collect::<Option<_>>()?;
            names.sort_unstable();
            parts.push(format!("{label}={}", names.join("+")));
        }
    }
    if let Some(venue) = &claim.venue {
        parts.push(format!("venue={}", name(venue)?));
    }
    Some(parts.join("|"))
}

/// The id of a term without its kind where the place in the key says it.
fn name<'a>(slot: &'a Slot<Term<'_>>) -> Option<&'a str> {
    let id = slot.is.id.as_deref()?;
    let kind = id.split('/').next().unwrap_or_default();
    Some(if matches!(kind, "measure" | "statistic" | "basis") { id.split_once('/')?.1 } else { id })
}

/// A change as part of a series: its unit and its relation. A base in words or at a date of its own makes no history.
fn changed(change: &Change<'_>) -> Option<String> {
    let by = change.by.as_ref()?;
    let base: &Base<'_> = &change.base.as_ref()?.is;
    let relation = match base.relation? {
        Relation::YearOnYear => "year-on-year",
        Relation::HalfOnHalf => "half-on-half",
        Relation::QuarterOnQuarter => "quarter-on-quarter",
        Relation::MonthOnMonth => "month-on-month",
        Relation::WeekOnWeek => "week-on-week",
        Relation::DayOnDay => "day-on-day",
        Relation::YearStart => "since-year-start",
        // Two lengths would meet.
        Relation::PreviousPeriod => return None,
    };
    Some(format!("{relation} {}", dimension(&by.is)?))
}

/// What may be compared with what: the kind of unit, so that kg and t are one but money and mass are two.
fn dimension(amount: &Amount) -> Option<String> {
    let unit = amount.unit.as_deref().unwrap_or_default();
    Some(unit.split('/').map(base_unit).collect::<Vec<_>>().join("/"))
}

fn base_unit(unit: &str) -> &str {
    match unit {
        "" => "1",
        "ug" | "mg" | "g" | "kg" | "t" | "[lb_av]" | "[oz_av]" | "[oz_tr]" | "[lton_av]" | "[ston_av]"
        | "[car_m]" => "mass",
        "nm" | "um" | "mm" | "cm" | "dm" | "m" | "km" | "[mi_i]" | "[ft_i]" | "[in_i]" | "[yd_i]" => "length",
        "W" | "kW" | "MW" | "GW" | "TW" => "power",
        "J" | "GJ" | "W.h" | "kW.h" | "MW.h" | "GW.h" | "TW.h" => "energy",
        "m2" | "km2" | "har" | "{mu}" | "[acr_us]" => "area",
        "mL" | "L" | "hL" | "m3" | "[bbl_us]" | "[gal_us]" => "volume",
        other => other,
    }
}

/// `2025-W28`, `2025-07`, `2025-Q3`, `2025`, or both ends; nothing if an end is open or not known.
fn period(interval: &Interval) -> Option<String> {
    let start = interval.start.as_deref()?;
    let end = interval.end.as_deref()?;
    let (first, last): (jiff::civil::Date, jiff::civil::Date) = (start.parse().ok()?, end.parse().ok()?);
    let months = (i32::from(last.year()) - i32::from(first.year())) * 12 + i32::from(last.month())
        - i32::from(first.month());
    let whole_months = first.day() == 1 && last.day() == 1;
    let days = (last - first).get_days();
    Some(match months {
        1 if whole_months => start.get(..7)?.to_owned(),
        3 if whole_months && first.month() % 3 == 1 => format!("{}-Q{}", first.year(), first.month() / 3 + 1),
        6 if whole_months && first.month() % 6 == 1 => format!("{}-H{}", first.year(), first.month() / 6 + 1),
        12 if whole_months && first.month() == 1 => first.year().to_string(),
        _ if days == 1 => start.to_owned(),
        _ if days == 7 && interval.precision == Some(Precision::Week) => {
            let week = first.iso_week_date();
            format!("{}-W{:02}", week.year(), week.week())
        }
        _ => format!("{start}..{end}"),
    })
}

/// `9663|USD/mass`: without sign, scale and trailing zeros, so that a lost 亿 and a kilogram for a ton still meet.
fn digits(amount: &Amount) -> Option<String> {
    let value = amount.value.as_deref()?;
    let only: String = value.chars().filter(char::is_ascii_digit).collect();
    let significant = only.trim_matches('0');
    (significant.len() >= LEAST_DIGITS).then_some(())?;
    Some(format!("{significant}|{}", dimension(amount)?))
}
