//! Dates and times of publication.

use api::record::{Period, Precision};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, ToSpan as _, Zoned};

use crate::Error;

/// What is said of words that are no date.
const NO_DATE: &str =
    "it is not written as YYYY-MM-DD HH:MM, nor as a time of ISO 8601 such as 2025-07-13T16:09:00+08:00";

/// Reads a time zone: `UTC`, an offset such as `+08:00`, a name of the IANA data base such as `Asia/Shanghai`, or
/// `China Standard Time`.
///
/// # Errors
///
/// [`Error::UnknownZone`].
pub fn parse_zone(name: &str) -> Result<TimeZone, Error> {
    let name = name.trim();
    let lower = name.to_ascii_lowercase();
    // These need no data base, which a small system may lack. China has kept UTC+8 all year since 1992.
    match lower.as_str() {
        "utc" | "gmt" | "z" => return Ok(TimeZone::UTC),
        "china standard time" | "beijing time" | "asia/shanghai" | "北京时间" => {
            return Ok(TimeZone::fixed(jiff::tz::offset(8)));
        }
        _ => {}
    }
    let signed = lower.strip_prefix("utc").or(lower.strip_prefix("gmt")).unwrap_or(&lower);
    if let Some(offset) = parse_offset(signed) {
        return Ok(TimeZone::fixed(offset));
    }
    TimeZone::get(name).map_err(|_| Error::UnknownZone(name.to_owned()))
}

/// Reads `+08:00`, `+0800` or `+8`.
fn parse_offset(text: &str) -> Option<Offset> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits = &text[1..];
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if digits.len() == 4 && digits.is_ascii() => digits.split_at(2),
        None => (digits, "0"),
    };
    let hours = two_digits(hours).filter(|hours| *hours <= 14)?;
    let minutes = two_digits(minutes).filter(|minutes| *minutes <= 59)?;
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

fn two_digits(text: &str) -> Option<i32> {
    let ok = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    ok.then(|| text.parse().ok()).flatten()
}

/// Reads a time of publication: `2025-07-13 16:09`, with seconds, with `T`, with an offset or `Z`, with `/` or `.` or
/// as `2025年7月13日 16时09分`, or a day `20250713`, a month `2025-07`, a year `2025`. What has no offset is in `zone`.
///
/// # Errors
///
/// What is wrong with it, as a fragment such as `there is no month 13`.
pub(crate) fn parse(text: &str, zone: &TimeZone) -> Result<Period, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("there is no date".to_owned());
    }
    let (numbers, rest) = leading_date(text).ok_or(NO_DATE)?;
    let year = numbers[0];
    let (Some(month), day) = (numbers.get(1).copied(), numbers.get(2).copied()) else {
        check_rest_empty(rest)?;
        return whole_year(year);
    };
    if !(1..=12).contains(&month) {
        return Err(format!("there is no month {month}"));
    }
    let Some(day) = day else {
        check_rest_empty(rest)?;
        return whole_month(year, month);
    };
    let date = checked_date(year, month, day)?;
    if rest.trim().is_empty() {
        return day_period(date);
    }
    let clock = parse_clock(rest)?;
    let zone = match clock.offset {
        Some(offset) => &TimeZone::fixed(offset),
        None => zone,
    };
    moment(date, &clock, zone)
}

/// The day that a title ends with, as in `周报-20250713`; `None` if it does not end so, or there is no such day.
pub(crate) fn at_end_of_title(title: &str) -> Option<Period> {
    let digits = eight_digits_at_end(title)?;
    let number = |range: std::ops::Range<usize>| digits[range].parse::<i32>().ok();
    let date = checked_date(number(0..4)?, number(4..6)?, number(6..8)?).ok()?;
    day_period(date).ok()
}

/// The eight digits of a day that a title ends with, after a dash.
pub(crate) fn eight_digits_at_end(title: &str) -> Option<&str> {
    let title = title.trim_end();
    let digits = title.get(title.len().checked_sub(8)?..)?;
    let before = title[..title.len() - 8].chars().next_back()?;
    let dated = matches!(before, '-' | '—' | '–' | '\u{FF0D}' | '_')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits.starts_with("19") || digits.starts_with("20"));
    dated.then_some(digits)
}

/// Splits year, month and day off the front: one to three numbers.
fn leading_date(text: &str) -> Option<(Vec<i32>, &str)> {
    let year_end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    if year_end == 8 {
        let numbers =
            [&text[..4], &text[4..6], &text[6..8]].iter().filter_map(|part| part.parse().ok()).collect();
        return Some((numbers, &text[8..]));
    }
    if year_end != 4 {
        return None;
    }
    let mut numbers = vec![text[..4].parse().ok()?];
    let mut rest = &text[4..];
    for separators in [['-', '/', '.', '年'], ['-', '/', '.', '月']] {
        let Some(after) = rest.strip_prefix(separators) else { break };
        let end = after.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(after.len());
        if end == 0 && after.trim().is_empty() {
            rest = after;
            break;
        }
        if end == 0 || end > 2 {
            return None;
        }
        numbers.push(after[..end].parse().ok()?);
        rest = &after[end..];
    }
    let unit = if numbers.len() == 3 { '日' } else { '月' };
    Some((numbers, rest.strip_prefix(unit).unwrap_or(rest)))
}

/// A time of day as it was written.
struct Clock {
    hour: i32,
    minute: i32,
    second: Option<i32>,
    offset: Option<Offset>,
}

/// Reads what stands behind the day.
fn parse_clock(rest: &str) -> Result<Clock, String> {
    let strange = || format!("«{}» is not a time of day written as HH:MM", shown(rest.trim()));
    let text = rest.strip_prefix(['T', 't']).unwrap_or(rest).trim();
    let (text, offset) = split_offset(text);
    let text = text.replace(['时', '点', '分'], ":").replace('秒', "");
    let text = text.strip_suffix(':').unwrap_or(&text);
    let mut parts = text.split([':', '\u{FF1A}']);
    let number = |part: Option<&str>| part.and_then(two_digits);
    let hour = number(parts.next()).ok_or_else(strange)?;
    let minute = number(parts.next()).ok_or_else(strange)?;
    let second = match parts.next() {
        None => None,
        // A fraction of a second is more than a publication is known to.
        Some(part) => Some(number(part.split('.').next()).ok_or_else(strange)?),
    };
    if parts.next().is_some() {
        return Err(strange());
    }
    for (value, highest, unit) in
        [(hour, 23, "hour"), (minute, 59, "minute"), (second.unwrap_or(0), 59, "second")]
    {
        if value > highest {
            return Err(format!("there is no {unit} {value}"));
        }
    }
    Ok(Clock { hour, minute, second, offset })
}

/// Splits `Z` or an offset off the end.
fn split_offset(text: &str) -> (&str, Option<Offset>) {
    if let Some(front) = text.strip_suffix(['Z', 'z']).or_else(|| text.strip_suffix("UTC")) {
        return (front.trim_end(), Some(Offset::UTC));
    }
    if let Some(at) = text.rfind(['+', '-'])
        && let Some(offset) = parse_offset(&text[at..])
    {
        return (text[..at].trim_end(), Some(offset));
    }
    (text, None)
}

fn check_rest_empty(rest: &str) -> Result<(), String> {
    if rest.trim().is_empty() { Ok(()) } else { Err(NO_DATE.to_owned()) }
}

fn checked_date(year: i32, month: i32, day: i32) -> Result<Date, String> {
    if !(1000..=9998).contains(&year) {
        return Err(format!("there is no year {year:04} in print"));
    }
    if !(1..=12).contains(&month) {
        return Err(format!("there is no month {month}"));
    }
    let small = |number: i32| i8::try_from(number).unwrap_or(i8::MAX);
    let first =
        Date::new(i16::try_from(year).unwrap_or(i16::MAX), small(month), 1).map_err(|e| e.to_string())?;
    let last = i32::from(first.days_in_month());
    if !(1..=last).contains(&day) {
        return Err(format!("there is no day {day} in {}: it has {last} days", first.strftime("%B %Y")));
    }
    Date::new(first.year(), first.month(), small(day)).map_err(|error| error.to_string())
}

fn whole_year(year: i32) -> Result<Period, String> {
    let first = checked_date(year, 1, 1)?;
    between(first, first.checked_add(1.year()), Precision::Year)
}

fn whole_month(year: i32, month: i32) -> Result<Period, String> {
    let first = checked_date(year, month, 1)?;
    between(first, first.checked_add(1.month()), Precision::Month)
}

fn day_period(date: Date) -> Result<Period, String> {
    between(date, date.tomorrow(), Precision::Day)
}

fn between(start: Date, end: Result<Date, jiff::Error>, precision: Precision) -> Result<Period, String> {
    let end = end.map_err(|error| error.to_string())?;
    Ok(Period { start: start.to_string(), end: end.to_string(), precision: precision.into() })
}

/// The minute or second that a clock shows on a day.
fn moment(date: Date, clock: &Clock, zone: &TimeZone) -> Result<Period, String> {
    let small = |number: i32| i8::try_from(number).unwrap_or(i8::MAX);
    let (hour, minute, second) = (small(clock.hour), small(clock.minute), small(clock.second.unwrap_or(0)));
    let time = Time::new(hour, minute, second, 0).map_err(|error| error.to_string())?;
    let start = DateTime::from_parts(date, time).to_zoned(zone.clone()).map_err(|error| error.to_string())?;
    let (length, precision) = match clock.second {
        Some(_) => (1, Precision::Second),
        None => (60, Precision::Minute),
    };
    let end = start.checked_add(SignedDuration::from_secs(length)).map_err(|error| error.to_string())?;
    Ok(Period { start: iso(&start), end: iso(&end), precision: precision.into() })
}

fn iso(time: &Zoned) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// At most 40 characters of what was written.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn china() -> TimeZone {
        TimeZone::fixed(jiff::tz::offset(8))
    }

    #[test]
    fn what_is_read() {
        let minute = ("2025-07-13T16:09:00+08:00", "2025-07-13T16:10:00+08:00", Precision::Minute);
        let cases = [
            ("2025-07-13 16:09", minute),
            ("2025/7/13 16:09", minute),
            ("2025年7月13日 16时09分", minute),
            ("2025-07-13T16:09+08:00", minute),
            (
                "2025-07-13T16:09Z",
                ("2025-07-13T16:09:00+00:00", "2025-07-13T16:10:00+00:00", Precision::Minute),
            ),
            (
                "2025-07-13 16:09 -0330",
                ("2025-07-13T16:09:00-03:30", "2025-07-13T16:10:00-03:30", Precision::Minute),
            ),
            (
                "2025-07-13T16:09:59.123Z",
                ("2025-07-13T16:09:59+00:00", "2025-07-13T16:10:00+00:00", Precision::Second),
            ),
            (
                "2024-12-31 23:59",
                ("2024-12-31T23:59:00+08:00", "2025-01-01T00:00:00+08:00", Precision::Minute),
            ),
            ("2024-02-29", ("2024-02-29", "2024-03-01", Precision::Day)),
            ("20250713", ("2025-07-13", "2025-07-14", Precision::Day)),
            ("2025-12", ("2025-12-01", "2026-01-01", Precision::Month)),
            ("2025年", ("2025-01-01", "2026-01-01", Precision::Year)),
            ("2025", ("2025-01-01", "2026-01-01", Precision::Year)),
        ];
        for (text, (start, end, precision)) in cases {
            let expected = Period { start: start.into(), end: end.into(), precision: precision.into() };
            assert_eq!(parse(text, &china()), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            ("", "there is no date"),
            ("2025-13-07 05:44", "there is no month 13"),
            ("2025-00-07", "there is no month 0"),
            ("2025-02-30 10:00", "there is no day 30 in February 2025: it has 28 days"),
            ("2023-02-29", "there is no day 29 in February 2023: it has 28 days"),
            ("2025-07-13 25:00", "there is no hour 25"),
            ("2025-07-13 05:61", "there is no minute 61"),
            ("2025-07-13 0", "«0» is not a time of day written as HH:MM"),
            ("0000-01-01", "there is no year 0000 in print"),
            ("yesterday", NO_DATE),
            ("13-07-2025", NO_DATE),
            ("2025-07 16:09", NO_DATE),
        ];
        for (text, message) in cases {
            assert_eq!(parse(text, &china()), Err(message.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_title_may_end_with_its_day() {
        let day = at_end_of_title("有色金属周报:价格上行-20250713");
        assert_eq!(day.map(|period| period.start).as_deref(), Some("2025-07-13"));
        for title in ["周报-20251307", "周报20250713", "周报-2025071", "20250713", "订单号-99250713", ""]
        {
            assert_eq!(at_end_of_title(title), None, "{title}");
        }
    }

    #[test]
    fn zones() -> Result<(), Error> {
        for (name, seconds) in
            [("UTC", 0), ("+08:00", 28_800), ("utc-3", -10_800), ("Asia/Shanghai", 28_800), ("+0530", 19_800)]
        {
            assert_eq!(
                parse_zone(name)?.to_fixed_offset().map(Offset::seconds).ok(),
                Some(seconds),
                "{name}"
            );
        }
        for name in ["Mars/Olympus", "+99:00", "", "+8:0x", "../../etc/passwd"] {
            assert!(parse_zone(name).is_err(), "{name}");
        }
        Ok(())
    }
}
