//! Labels as words: what `eval/guideline.md` says may stand in a field.

use jiff::civil::{Date, Weekday};
use text::{Amount, Direction, EventType, Interval, Modality, Precision, Qualifier, Relation, Status};

use crate::decimal::Decimal;

/// Why a label is none: what it should have been.
pub(super) type Wrong = String;

/// `9663 USD/t`, `28000..28500 CNY/t`, `1000..`, `178`.
pub(super) fn amount(label: &str) -> Result<Amount, Wrong> {
    let label = label.trim();
    let (number, unit) = label.split_once(' ').unwrap_or((label, ""));
    let unit = unit.trim();
    let end = |text: &str| -> Result<Option<String>, Wrong> {
        if text.is_empty() {
            return Ok(None);
        }
        let number = Decimal::parse(text).ok_or_else(|| {
            format!("«{label}» is no value such as 9663 USD/t, 28000..28500 CNY/t or 1000..: «{text}» is no decimal")
        })?;
        Ok(Some(number.to_string()))
    };
    if unit.contains(' ') {
        return Err(format!("«{label}» has more than a value and a unit"));
    }
    let unit = (!unit.is_empty()).then(|| unit.to_owned());
    let Some((low, high)) = number.split_once("..") else {
        let value = end(number)?.ok_or_else(|| format!("«{label}» has no value"))?;
        return Ok(Amount { value: Some(value), low: None, high: None, unit });
    };
    let (low, high) = (end(low)?, end(high)?);
    if low.is_none() && high.is_none() {
        return Err(format!("«{label}» is a range without ends"));
    }
    Ok(sorted(Amount { value: None, low, high, unit }))
}

/// The lower end first, also of two falls.
pub(super) fn sorted(mut amount: Amount) -> Amount {
    let number = |end: &Option<String>| end.as_deref().and_then(Decimal::parse);
    if let (Some(low), Some(high)) = (number(&amount.low), number(&amount.high))
        && high.less_than(&low)
    {
        std::mem::swap(&mut amount.low, &mut amount.high);
    }
    amount
}

/// Half-open dates `2025-07-01/2025-08-01`, either end open.
pub(super) fn interval(label: &str) -> Result<Interval, Wrong> {
    let wrong = || format!("«{label}» is no time of the form 2025-07-01/2025-08-01, with either end open");
    let (start, end) = label.split_once('/').ok_or_else(wrong)?;
    let date = |text: &str| -> Result<Option<Date>, Wrong> {
        let date = if text.is_empty() { None } else { Some(text.parse::<Date>().map_err(|_| wrong())?) };
        Ok(date)
    };
    let (first, last) = (date(start)?, date(end)?);
    if first.is_none() && last.is_none() {
        return Err(wrong());
    }
    if first.zip(last).is_some_and(|(first, last)| last <= first) {
        return Err(format!("«{label}» ends before it begins"));
    }
    let text = |date: Option<Date>| date.map(|date| date.to_string());
    Ok(Interval { start: text(first), end: text(last), precision: precision(first, last) })
}

/// The name of an interval's length, which the keys of a claim need for weeks.
fn precision(first: Option<Date>, last: Option<Date>) -> Option<Precision> {
    let (first, last) = (first?, last?);
    Some(match (last - first).get_days() {
        1 => Precision::Day,
        7 if first.weekday() == Weekday::Monday => Precision::Week,
        _ => Precision::Range,
    })
}

/// A change as it is labelled: how much, and which way.
pub(super) fn change(label: &str) -> Result<(Option<Amount>, Option<Direction>), Wrong> {
    match label {
        "up" => return Ok((None, Some(Direction::Up))),
        "down" => return Ok((None, Some(Direction::Down))),
        "flat" => return Ok((None, Some(Direction::Flat))),
        _ => {}
    }
    let by = match label.strip_prefix('x') {
        Some(factor) => {
            Amount { unit: Some("{multiple}".to_owned()), ..amount(&factor.replace("..x", ".."))? }
        }
        None => amount(label)?,
    };
    let direction = direction(&by);
    Ok((Some(by), direction))
}

/// The way that a signed difference or a factor goes.
pub(super) fn direction(by: &Amount) -> Option<Direction> {
    let one = Decimal::parse("1")?;
    let number = [&by.value, &by.low, &by.high].into_iter().flatten().find_map(|end| Decimal::parse(end))?;
    let factor = by.unit.as_deref() == Some("{multiple}");
    let (falls, stays) = if factor {
        (number.less_than(&one), number == one)
    } else {
        (number.is_negative(), number.is_zero())
    };
    Some(match (falls, stays) {
        (true, _) => Direction::Down,
        (_, true) => Direction::Flat,
        _ => Direction::Up,
    })
}

/// One of a closed list by its word.
fn choice<T: Copy>(what: &str, word: &str, list: &[(&str, T)]) -> Result<T, Wrong> {
    list.iter().find(|(name, _)| *name == word).map(|(_, choice)| *choice).ok_or_else(|| {
        let names: Vec<&str> = list.iter().map(|(name, _)| *name).collect();
        format!("«{word}» is no {what}; there are {}", names.join(", "))
    })
}

/// A qualifier.
pub(super) fn qualifier(word: &str) -> Result<Qualifier, Wrong> {
    choice(
        "qualifier",
        word,
        &[
            ("about", Qualifier::About),
            ("nearly", Qualifier::Nearly),
            ("over", Qualifier::Over),
            ("at_least", Qualifier::AtLeast),
            ("under", Qualifier::Under),
            ("at_most", Qualifier::AtMost),
        ],
    )
}

/// A modality.
pub(super) fn modality(word: &str) -> Result<Modality, Wrong> {
    choice(
        "modality",
        word,
        &[
            ("expected", Modality::Expected),
            ("planned", Modality::Planned),
            ("contractual", Modality::Contractual),
            ("hypothetical", Modality::Hypothetical),
        ],
    )
}

/// The status of an event.
pub(super) fn status(word: &str) -> Result<Status, Wrong> {
    let list = [("proposed", Status::Proposed), ("eased", Status::Eased), ("ended", Status::Ended)];
    choice("status", word, &list)
}

/// The type of an event.
pub(super) fn event(word: &str) -> Result<EventType, Wrong> {
    choice(
        "event",
        word,
        &[
            ("ban", EventType::Ban),
            ("licence", EventType::Licence),
            ("quota", EventType::Quota),
            ("closure", EventType::Closure),
            ("agreement", EventType::Agreement),
            ("enforcement", EventType::Enforcement),
            ("announcement", EventType::Announcement),
        ],
    )
}

/// A relation of a change to its base, if the word is one.
pub(super) fn relation(word: &str) -> Option<Relation> {
    let list = [
        ("yoy", Relation::YearOnYear),
        ("wow", Relation::WeekOnWeek),
        ("mom", Relation::MonthOnMonth),
        ("qoq", Relation::QuarterOnQuarter),
        ("dod", Relation::DayOnDay),
        ("previous", Relation::PreviousPeriod),
        ("year-start", Relation::YearStart),
        ("half-on-half", Relation::HalfOnHalf),
    ];
    choice("relation", word, &list).ok()
}

/// The measures of the guideline.
const MEASURES: &[&str] = &[
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

const STATISTICS: &[&str] =
    &["mean", "median", "high", "low", "open", "close", "settlement", "cumulative", "weighted-mean", "peak"];

const BASES: &[&str] = &[
    "REO",
    "LCE",
    "metal-content",
    "vat-included",
    "vat-excluded",
    "CIF",
    "FOB",
    "ex-works",
    "DDP",
    "ttm",
    "pro-forma",
    "excluding-non-recurring",
];

/// The id of a word of a closed list: `measure/price` for `price`.
pub(super) fn listed(slot: &str, word: &str) -> Result<String, Wrong> {
    let list = match slot {
        "measure" => MEASURES,
        "statistic" => STATISTICS,
        _ => BASES,
    };
    if list.contains(&word) {
        return Ok(format!("{slot}/{word}"));
    }
    let words = if slot == "statistic" { "" } else { ", or words: and the words" };
    Err(format!("«{word}» is no {slot}; there are {}{words}", list.join(", ")))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

    use super::*;

    fn ends(label: &str) -> [Option<String>; 4] {
        let amount = amount(label).unwrap();
        [amount.value, amount.low, amount.high, amount.unit]
    }

    #[test]
    fn values_and_ranges() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(ends("9663.00 USD/t"), [some("9663"), None, None, some("USD/t")]);
        assert_eq!(ends("28000..28500 CNY/t"), [None, some("28000"), some("28500"), some("CNY/t")]);
        assert_eq!(ends("1000.."), [None, some("1000"), None, None]);
        assert_eq!(ends("-5..-10 %"), [None, some("-10"), some("-5"), some("%")]);
        for bad in ["", "1,000 t", "..", "5 metric tons", "x5", "t"] {
            assert!(amount(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn times_are_half_open() {
        assert_eq!(interval("2025-07-07/2025-07-14").unwrap().precision, Some(Precision::Week));
        assert_eq!(interval("2025-07-08/2025-07-15").unwrap().precision, Some(Precision::Range));
        assert_eq!(interval("2019-01-01/").unwrap().end, None);
        for bad in ["2025-07", "/", "2025-02-30/2025-03-01", "2025-07-14/2025-07-07", "2025-07-14/2025-07-14"]
        {
            assert!(interval(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn changes_have_a_direction() {
        for (label, way) in [
            ("-1.92 %", Direction::Down),
            ("+500 CNY/t", Direction::Up),
            ("x0.5", Direction::Down),
            ("x5", Direction::Up),
            ("+1882..+2014 %", Direction::Up),
            ("0 %", Direction::Flat),
            ("flat", Direction::Flat),
        ] {
            assert_eq!(change(label).unwrap().1, Some(way), "{label}");
        }
        assert_eq!(change("x2..x3").unwrap().0.unwrap().high.as_deref(), Some("3"));
    }

    #[test]
    fn closed_lists_are_closed() {
        assert_eq!(listed("measure", "price").unwrap(), "measure/price");
        assert!(listed("measure", "prices").is_err() && listed("statistic", "mode").is_err());
        assert!(event("strike").unwrap_err().contains("there are ban, licence"));
        assert!(relation("yoy").is_some() && relation("2024-01-01/2025-01-01").is_none());
    }
}
