//! Dates in digits: 2025-07-13, 2025/7/13, 2025.07.13, 20250713, 7/13/2025, 05-Aug-2016, 2025-07.

use super::calendar::{Of, Said};
use super::{Point, english};
use crate::view::View;

/// The date in digits at `at`.
pub(super) fn date_at(view: &View<'_>, at: usize) -> Option<Point> {
    let first = view.digits(at)?;
    if view.before(at).is_ascii_digit()
        || view.before(at) == '.' && view.get(at.wrapping_sub(2)).is_ascii_digit()
    {
        return None;
    }
    if first.count == 8 {
        return compact(view, first.value, first.end);
    }
    let mark = view.get(first.end);
    if mark == '.'
        && let Some(point) = dotted(view, at)
    {
        return Some(point);
    }
    if !matches!(mark, '-' | '/' | '.') {
        return None;
    }
    if let Some(named) = with_month_name(view, first.value, first.count, first.end) {
        return Some(named);
    }
    if let Some(month) = month_and_year(view, first.value, first.count, first.end) {
        return Some(month);
    }
    let second = view.digits(first.end + 1).filter(|second| second.count <= 2)?;
    let closed = |end: usize| !view.get(end).is_ascii_alphanumeric();
    if view.get(second.end) == mark {
        let third = view.digits(second.end + 1)?;
        if closed(third.end)
            && !(view.get(third.end) == mark && mark != '-'
                || view.get(third.end) == '-' && view.get(third.end + 1).is_ascii_digit() && mark == '-')
        {
            if first.count == 4 && third.count <= 2 {
                return point(year(first.value)?, second.value, third.value, third.end);
            }
            if third.count == 4 && first.count <= 2 {
                let year = year(third.value)?;
                // With points the day stands first, as in 31.12.2024, wherever it can.
                return match mark {
                    '.' if second.value <= 12 => point(year, second.value, first.value, third.end),
                    _ => ambiguous(view, first.value, second.value, year, third.end),
                };
            }
            if third.count == 2 && first.count <= 2 && second.count == 2 && mark == '/' {
                return ambiguous(
                    view,
                    first.value,
                    second.value,
                    2000 + year_of_two(third.value),
                    third.end,
                );
            }
        }
        return None;
    }
    if first.count == 4
        && second.count == 2
        && mark != '.'
        && closed(second.end)
        && view.get(second.end) != '年'
    {
        let month = i8::try_from(second.value).ok().filter(|month| (1..=12).contains(month))?;
        return Some(Point {
            end: second.end,
            said: Said { year: Some(year(first.value)?), part: Of::Month(month) },
        });
    }
    // Month and day without a year: only where a date is plainly meant.
    if dated(view, at, second.end) {
        return short_date(view, at);
    }
    None
}

/// 本周（7.7-7.11）: months and days with points, where a week's bracket says that they are no numbers.
fn dotted(view: &View<'_>, at: usize) -> Option<Point> {
    let short = |at: usize| {
        let first = view.digits(at).filter(|first| first.count <= 2 && view.get(first.end) == '.')?;
        let second = view.digits(first.end + 1).filter(|second| second.count <= 2)?;
        let (month, day) = (i8::try_from(first.value).ok()?, i8::try_from(second.value).ok()?);
        let exists = (1..=12).contains(&month) && (1..=31).contains(&day);
        exists.then_some((second.end, Of::Day(month, day)))
    };
    let (end, part) = short(at)?;
    let ranged = |character: char| matches!(character, '-' | '~' | '–' | '—' | '至');
    let open = if ranged(view.before(at)) {
        (at.saturating_sub(7)..at - 1).rev().find(|here| view.get(*here) == '(')?
    } else {
        at.checked_sub(1).filter(|here| view.get(*here) == '(')?
    };
    let (first_end, _) = short(open + 1)?;
    let (last_end, _) = ranged(view.get(first_end)).then(|| short(first_end + 1)).flatten()?;
    let weekly = open > 0
        && (matches!(
            view.get(open - 1),
            '周' | '报' | '期' | '间' | '评' | '顾' | '望' | '述' | '览' | '结' | '月' | '格'
        ) || view.any_of(open.saturating_sub(7), &["周报", "周评", "周度", "一周"]).is_some());
    (weekly && view.get(last_end) == ')').then_some(Point { end, said: Said { year: None, part } })
}

fn year_of_two(value: u32) -> i16 {
    let value = i16::try_from(value).unwrap_or_default();
    if value < 70 { value } else { value - 100 }
}

/// 5/12: a month and a day, in whichever order is possible.
pub(super) fn short_date(view: &View<'_>, at: usize) -> Option<Point> {
    let first = view.digits(at).filter(|first| first.count <= 2 && view.get(first.end) == '/')?;
    let second = view.digits(first.end + 1).filter(|second| second.count <= 2)?;
    let closed = !view.get(second.end).is_ascii_alphanumeric() && view.get(second.end) != '%';
    let (month, day) = month_day(view, first.value, second.value).filter(|_| closed)?;
    Some(Point { end: second.end, said: Said { year: None, part: Of::Day(month, day) } })
}

/// 09/2015, 9-2015: a month of a year.
fn month_and_year(view: &View<'_>, month: u32, count: usize, end: usize) -> Option<Point> {
    let digits =
        view.digits(end + 1).filter(|digits| digits.count == 4 && (1900..2100).contains(&digits.value))?;
    let closed = !view.get(digits.end).is_ascii_alphanumeric()
        && !matches!(view.get(digits.end), '/' | '-' | '.' | '%' | '年');
    let month = i8::try_from(month).ok().filter(|month| (1..=12).contains(month) && count == 2)?;
    let slash = view.get(end) == '/' && closed;
    slash
        .then_some(Point { end: digits.end, said: Said { year: year(digits.value), part: Of::Month(month) } })
}

/// True if the words around or the whole text say that 10/1 is a date.
fn dated(view: &View<'_>, at: usize, end: usize) -> bool {
    let before = view.word_before(view.blanks_back(at));
    let opened = before.is_some_and(|(_, word)| {
        matches!(word.as_str(), "from" | "on" | "since" | "until" | "this" | "next" | "to" | "by")
    });
    let ranged = matches!(view.get(end), '-' | '~') || matches!(view.before(at), '-' | '~');
    let alone = at == 0 && end == view.len();
    opened || ranged && (at == 0 || view.before(at) == '-') || alone
}

fn year(value: u32) -> Option<i16> {
    i16::try_from(value).ok().filter(|year| (1000..2200).contains(year))
}

fn compact(view: &View<'_>, value: u32, end: usize) -> Option<Point> {
    let (year, month, day) = (value / 10_000, value / 100 % 100, value % 100);
    let plausible = (1900..2100).contains(&year) && !view.get(end).is_ascii_alphanumeric();
    if !plausible {
        return None;
    }
    let said = Said {
        year: i16::try_from(year).ok(),
        part: Of::Day(i8::try_from(month).ok()?, i8::try_from(day).ok()?),
    };
    (!said.impossible()).then_some(Point { end, said })
}

fn point(year: i16, month: u32, day: u32, end: usize) -> Option<Point> {
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    // 2025-13-07 is a date that does not exist, and is kept as one; 2025-88-90 is something else.
    ((1..=31).contains(&month) && (1..=31).contains(&day) && (month <= 12 || day <= 12))
        .then_some(Point { end, said: Said { year: Some(year), part: Of::Day(month, day) } })
}

/// Month first in English, day first in Chinese texts, whichever is possible.
fn ambiguous(view: &View<'_>, first: u32, second: u32, year: i16, end: usize) -> Option<Point> {
    let english = view.source.bytes().any(|byte| byte.is_ascii_alphabetic()) || first > 12 || second > 12;
    let (month, day) =
        if first > 12 || (!english && second <= 12) { (second, first) } else { (first, second) };
    point(year, month, day, end)
}

fn month_day(_view: &View<'_>, first: u32, second: u32) -> Option<(i8, i8)> {
    let (month, day) = if first > 12 { (second, first) } else { (first, second) };
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
    fits.then_some((i8::try_from(month).ok()?, i8::try_from(day).ok()?))
}

/// 05-Aug-2016, 22/Jan/2019, 11-Jul-25, 2025-Jul-11
fn with_month_name(view: &View<'_>, first: u32, count: usize, at: usize) -> Option<Point> {
    let word = view.word(at + 1)?;
    let month = english::month_name(word.as_str())?;
    let mark = view.get(at);
    let digits = view.digits(word.end + 1).filter(|_| view.get(word.end) == mark)?;
    let closed = !view.get(digits.end).is_ascii_alphanumeric();
    let (year, day) = match (count, digits.count) {
        (1..=2, 4) => (year(digits.value)?, first),
        (1..=2, 2) if mark == '-' => (2000 + year_of_two(digits.value), first),
        (4, 1..=2) => (year(first)?, digits.value),
        _ => return None,
    };
    let number = i8::try_from(day).ok().filter(|day| (1..=31).contains(day) && closed)?;
    Some(Point { end: digits.end, said: Said { year: Some(year), part: Of::Day(month, number) } })
}
