//! Periods of claims as people write them, and the period that a user asks for.

use std::str::FromStr;

use api::record::{Period, Precision};
use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{Span, ToSpan as _};

/// Days from the first to before the second; an open end is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    start: Option<Date>,
    end: Option<Date>,
}

impl Days {
    /// The days of a period.
    pub(crate) fn of(period: &Period) -> Self {
        Self { start: day(&period.start), end: day(&period.end) }
    }

    /// From the first day of one to the last of another; `None` if there is neither.
    pub(crate) fn between(from: Option<Self>, to: Option<Self>) -> Option<Self> {
        (from.is_some() || to.is_some())
            .then(|| Self { start: from.and_then(|days| days.start), end: to.and_then(|days| days.end) })
    }

    /// The first day, and the day after the last.
    pub(crate) fn ends(&self) -> (Option<Date>, Option<Date>) {
        (self.start, self.end)
    }

    /// Whether a period has a day in common with these.
    pub(crate) fn overlap(&self, period: &Period) -> bool {
        let (start, end) = (day(&period.start), day(&period.end));
        if start.is_none() && end.is_none() {
            return false;
        }
        let before =
            |end: Option<Date>, start: Option<Date>| matches!((end, start), (Some(e), Some(s)) if e <= s);
        !before(self.end, start) && !before(end, self.start)
    }
}

/// The day of a date or a date-time as it is written.
fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

impl FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((start, end)) = text.split_once("..") else { return whole(text) };
        let first = |part: &str| if part.is_empty() { Ok(None) } else { whole(part).map(|days| days.start) };
        let days = Days { start: first(start)?, end: first(end)? };
        match (days.start, days.end) {
            (None, None) => Err(format!("`{text}` has neither a start nor an end")),
            (Some(start), Some(end)) if end <= start => {
                Err(format!("in `{text}` the end does not follow the start"))
            }
            _ => Ok(days),
        }
    }
}

/// `2025`, `2025-H1`, `2025-Q3`, `2025-07`, `2025-W28` or `2025-07-13`.
fn whole(text: &str) -> Result<Days, String> {
    let wrong = || {
        format!(
            "`{text}` is no period; write 2025, 2025-H1, 2025-Q3, 2025-07, 2025-W28, 2025-07-13, or two with .. between \
             them, of which the second is no longer in the period"
        )
    };
    let (start, length) = begin(text).ok_or_else(wrong)?;
    let end = start.checked_add(length).map_err(|_| wrong())?;
    Ok(Days { start: Some(start), end: Some(end) })
}

fn begin(text: &str) -> Option<(Date, Span)> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<i16>().ok())?;
    if text.len() == 10 {
        return Some((text.parse().ok()?, 1.day()));
    }
    let year = digits(text.get(..4)?)?;
    let month = |month: i16| Date::new(year, i8::try_from(month).ok()?, 1).ok();
    let rest = text.get(4..)?;
    if rest.is_empty() {
        return Some((month(1)?, 1.year()));
    }
    let rest = rest.strip_prefix('-')?;
    let number = digits(rest.get(1..)?)?;
    match rest.get(..1)? {
        "H" | "h" if rest.len() == 2 && (1..=2).contains(&number) => {
            Some((month(number * 6 - 5)?, 6.months()))
        }
        "Q" | "q" if rest.len() == 2 && (1..=4).contains(&number) => {
            Some((month(number * 3 - 2)?, 3.months()))
        }
        "W" | "w" if rest.len() == 3 => {
            let week = ISOWeekDate::new(year, i8::try_from(number).ok()?, Weekday::Monday).ok()?;
            Some((week.date(), 1.week()))
        }
        _ if rest.len() == 2 => Some((month(digits(rest)?)?, 1.month())),
        _ => None,
    }
}

/// A period as people write it, with the last day or month that is in it: `2025-Q3`, `2024-12 … 2025-04`,
/// `2025-07-08 … 07-12`. An open end is left out; empty if nothing is known.
pub(crate) fn shown(period: &Period) -> String {
    let (Some(start), Some(end)) = (day(&period.start), day(&period.end)) else {
        return match (day(&period.start), day(&period.end)) {
            (Some(start), _) => format!("{start} …"),
            (_, Some(end)) => format!("… {}", last(end)),
            _ => String::new(),
        };
    };
    if let (Precision::Second | Precision::Minute | Precision::Hour, Some(time)) =
        (period.precision(), period.start.get(..16))
    {
        return time.replace('T', " ");
    }
    let month = |date: Date| format!("{:04}-{:02}", date.year(), date.month());
    let months = (i32::from(end.year()) - i32::from(start.year())) * 12 + i32::from(end.month())
        - i32::from(start.month());
    let number = start.month();
    if start.day() == 1 && end.day() == 1 {
        match months {
            120 if number == 1 && start.year() % 10 == 0 => return format!("{}s", start.year()),
            12 if number == 1 => return start.year().to_string(),
            _ if number == 1 && months % 12 == 0 => {
                return format!("{} … {}", start.year(), last(end).year());
            }
            6 if number % 6 == 1 => return format!("{}-H{}", start.year(), number / 6 + 1),
            3 if number % 3 == 1 => return format!("{}-Q{}", start.year(), number / 3 + 1),
            1 => return month(start),
            _ => return format!("{} … {}", month(start), month(last(end))),
        }
    }
    let last = last(end);
    if start.until(last).is_ok_and(|span| span.get_days() == 6) && start.weekday() == Weekday::Monday {
        let week = start.iso_week_date();
        return format!("{}-W{:02}", week.year(), week.week());
    }
    match (start < last, start.year() == last.year()) {
        (false, _) => start.to_string(),
        (true, true) => format!("{start} … {:02}-{:02}", last.month(), last.day()),
        (true, false) => format!("{start} … {last}"),
    }
}

fn last(end: Date) -> Date {
    end.yesterday().unwrap_or(end)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]
    use super::*;

    fn period(start: &str, end: &str) -> Period {
        Period { start: start.into(), end: end.into(), ..Default::default() }
    }

    #[test]
    fn periods_are_written_short() {
        for (start, end, expected) in [
            ("2025-07-13", "2025-07-14", "2025-07-13"),
            ("2025-07-07", "2025-07-14", "2025-W28"),
            ("2025-07-08", "2025-07-13", "2025-07-08 … 07-12"),
            ("2024-12-24", "2025-01-03", "2024-12-24 … 2025-01-02"),
            ("2025-07-01", "2025-08-01", "2025-07"),
            ("2025-07-01", "2025-10-01", "2025-Q3"),
            ("2025-07-01", "2026-01-01", "2025-H2"),
            ("2024-01-01", "2025-01-01", "2024"),
            ("2022-01-01", "2025-01-01", "2022 … 2024"),
            ("1990-01-01", "2000-01-01", "1990s"),
            ("2024-12-01", "2025-05-01", "2024-12 … 2025-04"),
            ("2019-01-01", "", "2019-01-01 …"),
            ("", "2010-01-01", "… 2009-12-31"),
            ("", "", ""),
        ] {
            assert_eq!(shown(&period(start, end)), expected);
        }
        let minute = Period {
            precision: Precision::Minute.into(),
            ..period("2025-07-13T16:09:00+08:00", "2025-07-13T16:10:00+08:00")
        };
        assert_eq!(shown(&minute), "2025-07-13 16:09");
    }

    #[test]
    fn what_is_asked_for_overlaps_what_is_in_it() {
        let asked = |text: &str| text.parse::<Days>().unwrap();
        let quarter = period("2025-07-01", "2025-10-01");
        for inside in [
            "2025", "2025-H2", "2025-Q3", "2025-07", "2025-W27", "2025-09-30", "2025-09-30..", "..2025-07-02",
        ] {
            assert!(asked(inside).overlap(&quarter), "{inside}");
        }
        for outside in
            ["2024", "2025-H1", "2025-Q2", "2025-10", "2025-W26", "2025-10-01", "2025-10-01..", "..2025-07"]
        {
            assert!(!asked(outside).overlap(&quarter), "{outside}");
        }
        assert!(asked("2030").overlap(&period("2019-01-01", "")));
        assert!(!asked("2030").overlap(&period("", "")));
    }

    #[test]
    fn what_is_no_period_is_said() {
        for wrong in
            ["", "25", "2025-13", "2025-Q5", "2025-H3", "2025-W54", "2025-02-30", "2025-Q", "年", "9999-Q4"]
        {
            let error = wrong.parse::<Days>().unwrap_err();
            assert!(error.contains("is no period"), "{wrong}: {error}");
        }
        assert!("..".parse::<Days>().unwrap_err().contains("neither"));
        assert!("2025-07..2025-07".parse::<Days>().unwrap_err().contains("does not follow"));
    }
}
