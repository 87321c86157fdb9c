//! Days of the Chinese lunisolar calendar: 正月初一, 大年三十, 农历八月十五, 春节. Their day in the solar calendar differs from
//! year to year and is not computed: the mention stays, without ends.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Point;
use super::calendar::{Interval, shifted};
use super::chinese::small;
use super::week::fixed;
use crate::mention::Precision;
use crate::view::View;

const FEASTS: &[&str] = &["春节", "除夕", "元宵节", "端午节", "端午", "中秋节", "重阳节", "清明节"];

/// A lunar month, day or feast at `at`.
pub(super) fn at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    if !matches!(
        view.get(at),
        '正' | '腊' | '冬' | '大' | '农' | '春' | '除' | '元' | '端' | '中' | '重' | '清'
    ) {
        return None;
    }
    if let Some((name, end)) = view.any_of(at, FEASTS) {
        if name == "春节" {
            return Some(new_year(view, end, published));
        }
        let end = view.any_of(end, &["假期", "期间"]).map_or(end, |found| found.1);
        return Some(fixed(end, None, Precision::Day));
    }
    if let Some((_, next)) = view.any_of(at, &["大年"]) {
        return day(view, next).map(|end| fixed(end, None, Precision::Day));
    }
    let named = view.any_of(at, &["农历"]);
    let next = named.map_or(at, |(_, end)| end);
    let month = view.any_of(next, &["正月", "腊月", "冬月"]).map(|(_, end)| end).or_else(|| {
        named?;
        small(view, next).filter(|(_, end)| view.get(*end) == '月').map(|(_, end)| end + 1)
    })?;
    match day(view, month) {
        Some(end) => Some(fixed(end, None, Precision::Day)),
        None => Some(fixed(month, None, Precision::Month)),
    }
}

/// The first days of the Chinese year, from 2015 on: month and day (Hong Kong Observatory, Gregorian-Lunar Calendar
/// Conversion Table).
const NEW_YEARS: &[(i8, i8)] = &[
    (2, 19),
    (2, 8),
    (1, 28),
    (2, 16),
    (2, 5),
    (1, 25),
    (2, 12),
    (2, 1),
    (1, 22),
    (2, 10),
    (1, 29),
    (2, 17),
    (2, 6),
    (1, 26),
    (2, 13),
    (2, 3),
    (1, 23),
];

/// The Spring Festival nearest to a day.
fn nearest_new_year(today: Date) -> Option<Date> {
    let days = |date: Date| today.until(date).map_or(i32::MAX, |span| span.get_days().abs());
    (today.year() - 1..=today.year() + 1)
        .filter_map(|year| {
            let (month, day) = NEW_YEARS.get(usize::try_from(year - 2015).ok()?)?;
            Date::new(year, *month, *day).ok()
        })
        .min_by_key(|date| days(*date))
}

/// 春节, 春节前, 春节后, 春节前后, 春节期间: the nearest one to publication; the holiday has eight days from its eve, and how long
/// "around" it lasts is not said.
fn new_year(view: &View<'_>, end: usize, published: Option<Date>) -> Point {
    let day = published.and_then(nearest_new_year);
    let next = |date: Date, days: i32| shifted(date, days.days());
    if let Some((name, end)) = view.any_of(end, &["假期", "期间", "长假", "前后"]) {
        let whole = day
            .filter(|_| name != "前后")
            .and_then(|day| Some(Interval::new(next(day, -1)?, next(day, 7)?, Precision::Range)));
        return fixed(end, whole, Precision::Range);
    }
    let counted =
        |at: usize| crate::numeral::is_chinese_numeral(view.get(at)) || view.get(at).is_ascii_digit();
    let before = view.any_of(end, &["之前", "以前", "前"]).filter(|(_, end)| !counted(*end));
    if let Some((_, end)) = before {
        let open = day.map(|day| Interval { start: None, end: Some(day), precision: Precision::Range });
        return fixed(end, open, Precision::Range);
    }
    let after = view.any_of(end, &["之后", "以后", "过后", "后"]).filter(|(_, end)| !counted(*end));
    if let Some((_, end)) = after {
        let open = day.and_then(|day| next(day, 1)).map(|day| Interval {
            start: Some(day),
            end: None,
            precision: Precision::Range,
        });
        return fixed(end, open, Precision::Range);
    }
    let whole = day.and_then(|day| Some(Interval::new(day, next(day, 1)?, Precision::Day)));
    fixed(end, whole, Precision::Day)
}

/// 初一, 十五, 三十: the index behind a lunar day.
fn day(view: &View<'_>, at: usize) -> Option<usize> {
    let start = if view.get(at) == '初' { at + 1 } else { at };
    let (_, end) = small(view, start).filter(|(number, _)| (1..=30).contains(number))?;
    Some(if matches!(view.get(end), '日') { end + 1 } else { end })
}
