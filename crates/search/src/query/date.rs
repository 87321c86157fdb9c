//! Dates in queries, and what a date is in the index.

use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};
use jiff::{Span, Unit};

/// Seconds of a civil time from 1970-01-01T00:00:00, as if it were UTC: how the index orders and compares what was
/// published. Takes a date (`2025-07-13`) or a date-time, whose offset is left aside, because readers ask for the date that
/// was printed. `None` if it is neither.
///
/// ```
/// assert_eq!(search::civil_seconds("1970-01-02"), Some(86_400));
/// assert_eq!(search::civil_seconds("1970-01-02T00:30:00+08:00"), Some(88_200));
/// assert_eq!(search::civil_seconds("soon"), None);
/// ```
pub fn civil_seconds(text: &str) -> Option<i64> {
    if !text.is_ascii() {
        return None;
    }
    let date_time: DateTime = match text.get(..10) {
        Some(date) if text.len() == 10 => {
            date.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight())
        }
        _ => text.get(..text.find(['+', 'Z']).unwrap_or(text.len()))?.parse().ok()?,
    };
    seconds(date_time)
}

/// The seconds of the period that a date of a query names: from, and before. Year, half, quarter, month, week (ISO 8601),
/// day, hour, minute or second.
pub(super) fn period(text: &str) -> Option<(i64, i64)> {
    if !text.is_ascii() {
        return None;
    }
    let (start, length) = date_period(text).or_else(|| time_period(text))?;
    Some((seconds(start)?, seconds(start.checked_add(length).ok()?)?))
}

fn date_period(text: &str) -> Option<(DateTime, Span)> {
    let year: i16 = text.get(..4).filter(|year| digits(year))?.parse().ok()?;
    let months = |month: i8, count: i32| {
        let start = Date::new(year, month, 1).ok()?;
        Some((start.at(0, 0, 0, 0), Span::new().try_months(count).ok()?))
    };
    let rest = text.get(4..)?;
    let Some(rest) = rest.strip_prefix('-') else {
        return if rest.is_empty() { months(1, 12) } else { None };
    };
    match (rest.as_bytes(), rest.get(1..).and_then(|number| number.parse::<i8>().ok())) {
        ([b'Q' | b'q', b'1'..=b'4'], Some(quarter)) => months(quarter * 3 - 2, 3),
        ([b'H' | b'h', b'1'..=b'2'], Some(half)) => months(half * 6 - 5, 6),
        ([b'W' | b'w', _, _], Some(week)) => {
            let monday = ISOWeekDate::new(year, week, Weekday::Monday).ok()?.date();
            Some((monday.at(0, 0, 0, 0), Span::new().try_weeks(1).ok()?))
        }
        ([_, _], _) if digits(rest) => months(rest.parse().ok()?, 1),
        ([_, _, b'-', _, _], _) => {
            let date: Date = text.parse().ok()?;
            Some((date.at(0, 0, 0, 0), Span::new().try_days(1).ok()?))
        }
        _ => None,
    }
}

/// `2025-06-30T16`, `2025-06-30T16:09` or `2025-06-30T16:09:30`.
fn time_period(text: &str) -> Option<(DateTime, Span)> {
    let (date, time) = text.split_once(['T', 't'])?;
    let date: Date = date.parse().ok()?;
    let mut parts = time.split(':');
    let mut part = || match parts.next() {
        None => Some(None),
        Some(part) if part.len() == 2 && digits(part) => part.parse::<i8>().ok().map(Some),
        Some(_) => None,
    };
    let (hour, minute, second) = (part()??, part()?, part()?);
    if parts.next().is_some() {
        return None;
    }
    let start =
        date.to_datetime(jiff::civil::Time::new(hour, minute.unwrap_or(0), second.unwrap_or(0), 0).ok()?);
    let unit = match (minute, second) {
        (None, _) => Span::new().try_hours(1),
        (_, None) => Span::new().try_minutes(1),
        _ => Span::new().try_seconds(1),
    };
    Some((start, unit.ok()?))
}

/// The date of so many seconds, with its time unless that is midnight: the other way round.
pub(super) fn civil(seconds: i64) -> String {
    let epoch = Date::constant(1970, 1, 1).at(0, 0, 0, 0);
    let at = Span::new().try_seconds(seconds).ok().and_then(|span| epoch.checked_add(span).ok());
    match at {
        Some(at) if at.time() == jiff::civil::Time::midnight() => at.date().to_string(),
        Some(at) => at.to_string(),
        // Farther away than any calendar.
        None => seconds.to_string(),
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn seconds(at: DateTime) -> Option<i64> {
    let epoch = Date::constant(1970, 1, 1).at(0, 0, 0, 0);
    let since = at.since((Unit::Second, epoch)).ok()?;
    Some(since.get_seconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<i64> {
        civil_seconds(text)
    }

    #[test]
    fn a_date_names_its_whole_period() {
        let cases = [
            ("2025", "2025-01-01", "2026-01-01"),
            ("2025-H2", "2025-07-01", "2026-01-01"),
            ("2025-Q2", "2025-04-01", "2025-07-01"),
            ("2025-q4", "2025-10-01", "2026-01-01"),
            ("2024-02", "2024-02-01", "2024-03-01"),
            ("2025-12", "2025-12-01", "2026-01-01"),
            ("2025-W28", "2025-07-07", "2025-07-14"),
            ("2025-06-30", "2025-06-30", "2025-07-01"),
            ("2025-06-30T16", "2025-06-30T16:00:00", "2025-06-30T17:00:00"),
            ("2025-06-30T16:09", "2025-06-30T16:09:00", "2025-06-30T16:10:00"),
            ("2025-06-30T16:09:30", "2025-06-30T16:09:30", "2025-06-30T16:09:31"),
            ("1969-12-31", "1969-12-31", "1970-01-01"),
        ];
        for (text, from, to) in cases {
            let wanted = (day(from).unwrap_or(-1), day(to).unwrap_or(-1));
            assert_eq!(period(text), Some(wanted), "{text}");
        }
        for none in [
            "", "25", "2025-", "2025-13", "2025-Q5", "2025-02-30", "2025-W54", "2025-6", "20250630",
            "2025-06-30T", "去年", "2025-06-30T25", "2025-06-30T16:09:30:1", "9999-12-31",
            "2025-06-30T16:09Z", "+025", "2025-+1",
        ] {
            assert_eq!(period(none), None, "{none}");
        }
    }
}
