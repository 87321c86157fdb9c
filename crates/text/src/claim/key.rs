//! The keys of a claim: what it may be compared by. A key is there only if every slot that it is made of is sure.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use rust_decimal::Decimal;
use serde::Serialize;

use super::{Amount, Base, Change, Claim, Interval, Relation, Slot, Term};
use crate::quick::Quick;

/// Least significant digits of a value that is compared by its digits alone.
const LEAST_DIGITS: usize = 3;

/// Measures that mean one thing wherever they are told, so that their histories may be compared. Of others (orders, seizures, margins)
/// the words alone do not settle what was counted.
const COMPARED: &[&str] = &[
    "price",
    "premium",
    "discount",
    "treatment-charge",
    "spread",
    "price-index",
    "index-level",
    "net-profit",
    "profit-excluding-non-recurring",
    "gross-profit",
    "operating-profit",
    "ebitda",
    "revenue",
    "gross-margin",
    "eps",
    "dividend",
    "cost",
    "capex",
    "investment",
    "contract-value",
    "deal-value",
    "output",
    "sales-volume",
    "shipments",
    "imports",
    "exports",
    "inventory",
    "reserves",
    "resources",
    "grade",
    "capacity",
    "operating-rate",
    "consumption",
    "demand",
    "supply",
    "balance",
    "market-share",
    "share",
    "quota",
    "penetration",
    "recovery-rate",
    "pe-ratio",
    "pb-ratio",
    "market-value",
    "trading-volume",
    "trading-value",
    "turnover-rate",
    "open-interest",
    "net-inflow",
    "margin-balance",
    "shareholding",
    "share-price",
    "advancers",
    "decliners",
    "limit-ups",
    "ratio",
    "tariff",
    "tax",
    "interest-rate",
    "exchange-rate",
    "installed-capacity",
    "vehicle-sales",
    "registrations",
    "production-cut",
    "fine",
    "count",
];

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

    /// The keys of a claim whose slots are filled: from a text, or from the row of a table, so that both meet.
    pub fn of(claim: &Claim<'_>) -> Keys {
        if claim.event.is_some() {
            return Keys::default();
        }
        let series = series(claim);
        let period = claim.period.as_ref().and_then(|slot| period(&slot.is));
        let fact = series.as_deref().zip(period).map(|(series, period)| [series, "@", &period].concat());
        Keys { series, fact, digits: claim.value.as_ref().and_then(|slot| digits(&slot.is)) }
    }
}

/// Takes `fact=` from claims of one text that meet in it with values that do not agree: what tells the two apart was not read,
/// so neither is sure. Where one says its slots itself and the other leans on the figure before, it is the other that is not.
pub(super) fn part(claims: &mut [Claim<'_>]) {
    // As a rule no two meet, which is told by hashes alone.
    let hash = |claim: &Claim<'_>| claim.keys.fact.as_deref().map(|fact| Quick::of(fact.as_bytes()));
    let mut hashes: Vec<u64> = claims.iter().filter_map(hash).collect();
    hashes.sort_unstable();
    if !hashes.windows(2).any(|pair| pair[0] == pair[1]) {
        return;
    }
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, claim) in claims.iter().enumerate() {
        if let Some(fact) = claim.keys.fact.as_deref() {
            groups.entry(fact).or_default().push(index);
        }
    }
    let mut unsure: Vec<usize> = Vec::new();
    for group in groups.into_values().filter(|group| group.len() > 1) {
        if !differ(claims, &group) {
            continue;
        }
        let own: Vec<usize> = group.iter().copied().filter(|index| !leans(&claims[*index])).collect();
        if own.is_empty() || differ(claims, &own) {
            unsure.extend(group);
        } else {
            unsure.extend(group.into_iter().filter(|index| !own.contains(index)));
        }
    }
    for index in unsure {
        claims[index].keys.fact = None;
    }
}

/// True if some of these claims do not agree with the first.
fn differ(claims: &[Claim<'_>], group: &[usize]) -> bool {
    group
        .split_first()
        .is_some_and(|(first, rest)| rest.iter().any(|index| !agree(&claims[*first], &claims[*index])))
}

/// True if a claim has its subject or its measure from the figure before.
fn leans(claim: &Claim<'_>) -> bool {
    const RULE: &str = "the figure before";
    let from = |slot: &Option<Slot<Term<'_>>>| slot.as_ref().is_some_and(|slot| slot.origin.rule == RULE);
    from(&claim.subject) || from(&claim.measure)
}

/// True if two claims say one value, up to rounding to the fewer significant digits of the two.
fn agree(one: &Claim<'_>, other: &Claim<'_>) -> bool {
    let said = |claim: &'_ Claim<'_>| -> Option<Amount> {
        match &claim.value {
            Some(value) => Some(value.is.clone()),
            None => claim.changes.first()?.by.as_ref().map(|by| by.is.clone()),
        }
    };
    let (one, other) = (said(one), said(other));
    if one == other {
        return true;
    }
    let (Some(one), Some(other)) = (one, other) else { return false };
    let decimal = |amount: &Amount| amount.value.as_deref()?.parse::<Decimal>().ok();
    let (Some(left), Some(right)) = (decimal(&one), decimal(&other)) else { return false };
    let digits = |value: Decimal| {
        let plain = value.normalize().mantissa().unsigned_abs().to_string();
        u32::try_from(plain.trim_end_matches('0').len()).unwrap_or(u32::MAX).max(1)
    };
    let fewer = digits(left).min(digits(right));
    one.unit == other.unit && left.round_sf(fewer) == right.round_sf(fewer)
}

/// The measured thing in canonical words, or nothing if a slot is only words: two spellings must never be two histories, nor
/// two things one.
fn series(claim: &Claim<'_>) -> Option<String> {
    let mut key = String::with_capacity(96);
    key.push_str(name(claim.measure.as_ref()?).filter(|measure| COMPARED.contains(measure))?);
    let mut add = |words: [&str; 3]| key.extend(["|"].into_iter().chain(words));
    // A difference and a level of one quantity are two histories.
    match (&claim.value, claim.changes.first()) {
        (Some(value), _) => add([&dimension_of(&value.is), "", ""]),
        (None, Some(change)) => add([&changed(change)?, "", ""]),
        (None, None) => return None,
    }
    if let Some(statistic) = &claim.statistic {
        add(["statistic", "=", name(statistic)?]);
    }
    if claim.whole.is_none() || claim.part.is_none() {
        add([name(claim.subject.as_ref()?)?, "", ""]);
    } else if let Some(subject) = &claim.subject {
        add([name(subject)?, "", ""]);
    }
    for (label, slot) in [("part", &claim.part), ("whole", &claim.whole), ("place", &claim.place)] {
        if let Some(slot) = slot {
            add([label, "=", name(slot)?]);
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
            add([label, "=", &names.join("+")]);
        }
    }
    if let Some(venue) = &claim.venue {
        add(["venue", "=", name(venue)?]);
    }
    Some(key)
}

/// The id of a term without its kind where the place in the key says it.
fn name<'a>(slot: &'a Slot<Term<'_>>) -> Option<&'a str> {
    let id = slot.is.id.as_deref()?;
    let named = ["measure/", "statistic/", "basis/"].iter().find_map(|kind| id.strip_prefix(kind));
    Some(named.unwrap_or(id))
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
    Some([relation, " ", &dimension_of(&by.is)].concat())
}

fn dimension_of(amount: &Amount) -> Cow<'_, str> {
    dimension(amount.unit.as_deref().unwrap_or_default())
}

/// What may be compared with what: the kind of a unit, so that kg and t are one but money and mass are two. `USD/mass` for
/// `USD/t`, `1` for no unit.
pub fn dimension(unit: &str) -> Cow<'_, str> {
    let Some((first, rest)) = unit.split_once('/') else { return Cow::Borrowed(base_unit(unit)) };
    let mut found = base_unit(first).to_owned();
    rest.split('/').map(base_unit).for_each(|unit| found.extend(["/", unit]));
    Cow::Owned(found)
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
    let (first, last) = (day(start)?, day(end)?);
    let months = (i32::from(last.year()) - i32::from(first.year())) * 12 + i32::from(last.month())
        - i32::from(first.month());
    let whole_months = first.day() == 1 && last.day() == 1;
    let days = || (last - first).get_days();
    Some(match months {
        1 if whole_months => start.get(..7)?.to_owned(),
        3 if whole_months && first.month() % 3 == 1 => format!("{}-Q{}", first.year(), first.month() / 3 + 1),
        6 if whole_months && first.month() % 6 == 1 => format!("{}-H{}", first.year(), first.month() / 6 + 1),
        12 if whole_months && first.month() == 1 => first.year().to_string(),
        _ if days() == 1 => start.to_owned(),
        // Seven days from a Monday are the week, whatever words named them.
        _ if days() == 7 && first.weekday() == jiff::civil::Weekday::Monday => {
            let week = first.iso_week_date();
            format!("{}-W{:02}", week.year(), week.week())
        }
        _ => format!("{start}..{end}"),
    })
}

/// A day as the slots have it, `2025-07-13`; any other way to write one is read too.
fn day(text: &str) -> Option<jiff::civil::Date> {
    let number = |range: Range<usize>| {
        let digits = text.as_bytes().get(range)?;
        digits
            .iter()
            .try_fold(0_i16, |all, digit| digit.is_ascii_digit().then(|| all * 10 + i16::from(digit - b'0')))
    };
    match text.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _] => {
            let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
            jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        }
        _ => text.parse().ok(),
    }
}

/// `9663|USD/mass`: without sign, scale and trailing zeros, so that a lost 亿 and a kilogram for a ton still meet.
fn digits(amount: &Amount) -> Option<String> {
    let value = amount.value.as_deref()?;
    let only: String = value.chars().filter(char::is_ascii_digit).collect();
    let significant = only.trim_matches('0');
    (significant.len() >= LEAST_DIGITS).then_some(())?;
    Some([significant, "|", &dimension_of(amount)].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Reader};

    fn interval(start: &str, end: &str) -> Option<String> {
        period(&Interval { start: Some(start.to_owned()), end: Some(end.to_owned()), precision: None })
    }

    #[test]
    fn periods_are_named_by_the_calendar() {
        let named = |start, end| interval(start, end).unwrap_or_default();
        assert_eq!(named("2025-07-07", "2025-07-14"), "2025-W28");
        assert_eq!(named("2025-07-08", "2025-07-15"), "2025-07-08..2025-07-15");
        assert_eq!(named("2025-07-01", "2025-08-01"), "2025-07");
        assert_eq!(named("2025-07-01", "2025-10-01"), "2025-Q3");
        assert_eq!(named("2025-07-01", "2026-01-01"), "2025-H2");
    }

    /// The `fact=` keys of a text whose day of publication is given.
    fn facts(text: &str) -> Vec<Option<String>> {
        let reader = Reader::standard();
        let published = "2025-07-13".parse().ok();
        let mentions = reader.read(text, &Context { published, ..Context::default() });
        reader.claims(text, 0, &mentions).into_iter().map(|claim| claim.keys.fact).collect()
    }

    #[test]
    fn values_that_differ_do_not_meet() {
        let differ = facts("2025年6月中国锡锭产量为15,300吨。2025年6月中国锡锭产量为9,100吨。");
        assert_eq!(differ, [None, None]);
        let same = facts("2025年6月中国锡锭产量为15,300吨。2025年6月中国锡锭产量为1.53万吨。");
        assert!(same.len() == 2 && same[0].is_some() && same[0] == same[1], "{same:?}");
    }
}
