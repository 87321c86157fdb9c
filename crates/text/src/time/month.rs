//! Months in Chinese and what is counted within one: 1-4月, 三四月, 7月8-11日, 7月第二周, 本月最后一天.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::{Of, Said, shifted};
use super::chinese::small;
use super::duration::english_unit;
use super::{Point, named, nth, week};
use crate::first::Firsts;
use crate::mention::Precision;
use crate::numeral::chinese_digit;
use crate::view::View;

/// 7月8-11日: two days with the unit said once.
pub(super) fn days_of_month(view: &View<'_>, first: i8, end: usize, month: Said) -> Option<Point> {
    let next = matches!(view.get(end), '-' | '~' | '–' | '—' | '至' | '到').then_some(end + 1)?;
    let (last, end) = small(view, next)?;
    let days = matches!(view.get(end), '日' | '号') && first >= 1 && first < last && last <= 31;
    let Of::Month(month_number) = month.part else { return None };
    days.then_some(Point {
        end: end + 1,
        said: Said { part: Of::Within(month_number, first, last), ..month },
    })
}

/// 7月第二周, 7月第一个星期五, 本月最后一天, 今年第一个月
pub(super) fn nth_within(view: &View<'_>, at: usize, whole: Said, published: Option<Date>) -> Option<Point> {
    let next = if view.get(at) == '的' { at + 1 } else { at };
    let (number, next) = match view.get(next) {
        '第' => small(view, next + 1)?,
        '最' => (-1, view.any_of(next, &["最后一", "最后1"])?.1),
        '首' => (1, next + 1),
        _ => return None,
    };
    let next = if view.get(next) == '个' { next + 1 } else { next };
    let (name, end) = view.any_of(next, &["星期", "礼拜", "周", "天", "月"])?;
    let whole = whole.resolve(published, false);
    let (unit, precision) = match name {
        "天" => (english_unit("day")?, Precision::Day),
        "月" => (english_unit("month")?, Precision::Month),
        _ => (english_unit("week")?, Precision::Week),
    };
    if let Some(weekday) = named::weekday(view.get(end)).filter(|_| unit.code == "wk") {
        let interval = whole.and_then(|whole| nth::nth_weekday(whole, weekday, number));
        return Some(week::fixed(end + 1, interval, Precision::Day));
    }
    let interval = whole.and_then(|whole| nth::nth_unit(whole, unit, number));
    Some(week::fixed(end, interval, precision))
}

/// A month: (first, last of a range if one is said within the word, its own year) or none if the day of publication is
/// not known; and the index after it.
pub(super) type Month = (i8, Option<i8>, Option<i16>);

pub(super) fn month_at(
    view: &View<'_>,
    at: usize,
    year: Option<i16>,
    published: Option<Date>,
) -> Option<(Option<Month>, usize)> {
    const NAMED: &[(&str, i32)] = &[
        ("上上个月", -2),
        ("上上月", -2),
        ("下下个月", 2),
        ("下下月", 2),
        ("本月", 0),
        ("这个月", 0),
        ("这月", 0),
        ("当月", 0),
        ("上个月", -1),
        ("上月", -1),
        ("下个月", 1),
        ("下月", 1),
    ];
    const FIRSTS: Firsts = Firsts::of_pairs(NAMED);
    const SECONDS: Firsts = Firsts::second_of_pairs(NAMED);
    let second = view.get(at + 1);
    let named = FIRSTS.may_be(view.get(at)) && (second == ' ' || SECONDS.may_be(second));
    for (name, offset) in NAMED.iter().filter(|_| named) {
        if let Some(end) = view.loosely(at, name) {
            if year.is_some() || is_spread(view, at, end) {
                return None;
            }
            // 较上月同期
            let end = view.any_of(end, &["同期"]).filter(|_| *offset == -1).map_or(end, |found| found.1);
            let date = published.and_then(|date| shifted(date.first_of_month(), offset.months()));
            return Some((date.map(|date| (date.month(), None, Some(date.year()))), end));
        }
    }
    if let Some(two) = two_months(view, at) {
        return Some(two);
    }
    let (first, end) = small(view, at)?;
    if matches!(view.get(end), '-' | '~' | '至' | '到' | '—' | '–')
        && let Some((last, after)) = small(view, end + 1)
    {
        // 1-4月
        if view.get(after) == '月' && first < last && (1..=12).contains(&first) && last <= 12 {
            let end = if view.get(after + 1) == '份' { after + 2 } else { after + 1 };
            return Some((Some((first, Some(last), None)), end));
        }
    }
    let mark = view.blanks(end);
    // 2025年13月 is kept as a month that does not exist.
    let possible = (1..=12).contains(&first) || year.is_some() && first > 12;
    // LME三月期镍 is a contract of three months.
    let tenor = view.get(mark + 1) == '期' && view.get(mark + 2) != '间' && first == 3;
    if view.get(mark) != '月' || !possible || mark > end + 1 || tenor || is_spread(view, at, mark + 1) {
        return None;
    }
    Some((Some((first, None, None)), mark + 1))
}

/// 对三月升水133美元, 对当月贴水: the contract that a premium is told against.
pub(super) fn is_spread(view: &View<'_>, at: usize, end: usize) -> bool {
    let next = view.blanks(end);
    view.before(view.blanks_back(at)) == '对' && matches!(view.get(next), '升' | '贴' | '平' | '合')
}

/// 1、2月, 三四月: two months that follow each other.
fn two_months(view: &View<'_>, at: usize) -> Option<(Option<Month>, usize)> {
    let before = view.before(at);
    if before.is_ascii_digit() || crate::numeral::is_chinese_numeral(before) {
        return None;
    }
    let (first, last, end) = match (chinese_digit(view.get(at)), chinese_digit(view.get(at + 1))) {
        (Some(first), Some(last)) => (i8::try_from(first).ok()?, i8::try_from(last).ok()?, at + 2),
        _ => {
            let (first, end) = small(view, at)?;
            let next = (view.get(end) == '、').then_some(end + 1)?;
            let (last, end) = small(view, next)?;
            (first, last, end)
        }
    };
    let follow = view.get(end) == '月' && first >= 1 && last == first + 1 && last <= 12;
    follow.then_some((Some((first, Some(last), None)), end + 1))
}
