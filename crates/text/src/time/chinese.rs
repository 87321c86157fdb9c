//! Chinese dates and periods: 2025年上半年, 一季度, 7月11日, 本月十日, 上世纪九十年代, 2021年的最后4个月.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::{self, Interval, Of, Said, days, iso_week, months, shifted};
use super::chinese_part::{decade, quarter_at};
use super::month::{days_of_month, month_at, nth_within};
use super::{Point, era, lunar, named, season, week};
use crate::first::Firsts;
use crate::mention::Precision;
use crate::numeral::{chinese_digit, chinese_year};
use crate::view::{Digits, View};

/// A small number in digits or Chinese up to 99, with the index after it.
pub(super) fn small(view: &View<'_>, at: usize) -> Option<(i8, usize)> {
    if let Some(digits) = view.digits(at) {
        return (digits.count <= 2)
            .then(|| i8::try_from(digits.value).ok().map(|value| (value, digits.end)))?;
    }
    let mut value = 0_i8;
    let mut end = at;
    let first = view.get(at);
    if let Some(digit) = chinese_digit(first) {
        value = i8::try_from(digit).ok()?;
        end += 1;
    } else if first != '十' {
        return None;
    }
    if view.get(end) == '十' {
        value = value.max(1) * 10;
        end += 1;
        if let Some(digit) = chinese_digit(view.get(end)) {
            value += i8::try_from(digit).ok()?;
            end += 1;
        }
    }
    Some((value, end))
}

/// The Chinese time at `at`.
pub(super) fn date_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let first = view.get(at);
    if first.is_ascii_lowercase() || first.is_ascii_digit() && !may_date(view, at) {
        return None;
    }
    if let Some(decade) = decade(view, at) {
        return Some(decade);
    }
    if let Some(fiscal) = fiscal(view, at) {
        return Some(fiscal);
    }
    if let Some((year, end, sure)) = year_at(view, at, published) {
        if let Some(point) = within(view, end, year, published) {
            return Some(point);
        }
        return sure.then_some(Point { end, said: Said { year, part: Of::Year } });
    }
    if view.before(at).is_ascii_digit() {
        return None;
    }
    part_at(view, at, None, published).or_else(|| day_only(view, at))
}

/// False where what stands behind digits shows that they are no Chinese date.
fn may_date(view: &View<'_>, at: usize) -> bool {
    let end = view.digits(at).map_or(at, |digits| view.blanks(digits.end));
    let behind = view.get(end);
    !(behind.is_ascii_lowercase()
        || matches!(
            behind,
            '.' | ',' | '%' | ')' | '|' | '\0' | '\n' | '，' | '。' | '万' | '亿' | '元' | '吨'
        ))
}

/// 2025财年, 2025财年Q1, 2026财年上半年: the calendar year, unless two years are named; then when it begins is not said.
fn fiscal(view: &View<'_>, at: usize) -> Option<Point> {
    let digits = view.digits(at).filter(|digits| matches!(digits.count, 2 | 4))?;
    let second = view.digits(digits.end + 1).filter(|_| matches!(view.get(digits.end), '/' | '-'));
    let end = view.blanks(second.map_or(digits.end, |second| second.end));
    let (_, end) = view.any_of(end, &["财政年度", "财年"])?;
    let year = i16::try_from(digits.value).ok().filter(|_| digits.count == 4 && second.is_none());
    let Some(year) = year else { return Some(week::fixed(end, None, Precision::Year)) };
    if let Some(point) = part_at(view, view.blanks(end), Some(year), None) {
        return Some(point);
    }
    let quarter =
        view.digits(end + 1).filter(|digits| view.get(end) == 'q' && (1..=4).contains(&digits.value));
    if let Some(quarter) = quarter.filter(|quarter| quarter.count == 1) {
        let number = i8::try_from(quarter.value).ok()?;
        return Some(Point { end: quarter.end, said: Said { year: Some(year), part: Of::Quarter(number) } });
    }
    Some(Point { end, said: Said { year: Some(year), part: Of::Year } })
}

/// 11日 by itself; but not 30日均线 or 近5日.
fn day_only(view: &View<'_>, at: usize) -> Option<Point> {
    let (number, end) = small(view, at).filter(|(number, _)| (1..=31).contains(number))?;
    let behind = matches!(
        view.get(end + 1),
        '均' | '线' | '内' | '游' | '龄' | '元' | '期' | '报' | '移' | '涨' | '跌'
    );
    let before = view.before(at);
    let counted = crate::numeral::is_chinese_numeral(before)
        || matches!(before, '近' | '去' | '第' | '每' | '连' | '.' | '前')
        || super::duration::in_a_row(view, at);
    // 二十五号: a number in digits before 号 is a code.
    let ends = matches!(view.get(end + 1), '\0' | '\n' | '，' | ',' | '。' | '上' | '下' | '晚' | '早');
    let numbered = view.get(end) == '号' && end > at + 1 && !view.get(at).is_ascii_digit() && ends;
    let day = (view.get(end) == '日' || numbered) && !behind && !counted;
    day.then_some(Point { end: end + 1, said: Said { year: None, part: Of::DayOnly(number) } })
}

/// A year at `at`: the year (none if it hangs on a publication day that is not known), the index after it, and whether it
/// is one without a month behind it.
fn year_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<(Option<i16>, usize, bool)> {
    const NAMED: &[(&str, i16)] = &[
        ("今年", 0),
        ("本年度", 0),
        ("本年", 0),
        ("去年", -1),
        ("上年度", -1),
        ("上一年度", -1),
        ("上一年", -1),
        ("下一年", 1),
        ("上年", -1),
        ("明年", 1),
        ("大前年", -3),
        ("前年", -2),
        ("后年", 2),
    ];
    const FIRSTS: Firsts = Firsts::of_pairs(NAMED);
    let digits = view.digits(at);
    const SECONDS: Firsts = Firsts::second_of_pairs(NAMED);
    let second = view.get(at + 1);
    let named = digits.is_none() && FIRSTS.may_be(view.get(at)) && (second == ' ' || SECONDS.may_be(second));
    for (name, offset) in NAMED.iter().filter(|_| named) {
        if let Some(end) = view.loosely(at, name) {
            let counted = crate::numeral::is_chinese_numeral(view.before(at));
            if matches!(*name, "前年" | "后年")
                && (counted || matches!(view.before(at), '产' | '成' | '目' | '以'))
            {
                return None;
            }
            return Some((published.map(|date| date.year() + offset), end, true));
        }
    }
    if let Some((year, end)) = spaced_year(view, at) {
        return Some((Some(year), end, true));
    }
    if let Some(digits) = digits {
        let mark = view.blanks(digits.end);
        if let Some(year) = bare_year(view, digits, mark) {
            return Some(year);
        }
        if view.get(mark) != '年' || mark > digits.end + 1 {
            return None;
        }
        if view.get(mark + 1) == '代' {
            return None;
        }
        let end = if view.get(mark + 1) == '度' { mark + 2 } else { mark + 1 };
        let year = i16::try_from(digits.value).ok()?;
        if digits.count == 4 && (1000..2200).contains(&year) {
            return (view.get(mark + 1) != '期').then_some((Some(year), end, true));
        }
        // 25年一季度; 24年 alone may be a duration.
        if digits.count == 2 && !view.before(at).is_ascii_digit() {
            let full = if year < 70 { 2000 + year } else { 1900 + year };
            return Some((Some(full), end, short_year_alone(view, at, year, end)));
        }
        return None;
    }
    if let Some((year, end)) = era::year_at(view, at) {
        return Some((Some(year), end, true));
    }
    if let Some(year) = short_chinese_year(view, at) {
        return Some(year);
    }
    let (year, end) = chinese_year(view, at)?;
    (view.get(end) == '年' && (1000..2200).contains(&year)).then_some((Some(year), end + 1, true))
}

/// 24年产量: two digits are a year near to ours where no length is told.
fn short_year_alone(view: &View<'_>, at: usize, year: i16, end: usize) -> bool {
    let next = view.get(end);
    let lasts = "期来以内后前间的长历经运寿之多余半龄限起工矿老";
    let long = "达约近超逾满期时去来立行务保过第了有计共上下需要将续";
    (19..=31).contains(&year)
        && crate::view::is_han(next)
        && !lasts.contains(next)
        && !long.contains(view.before(at))
}

/// 2022、2023年 says the unit once; 2025上半年 and 2025一季度 leave it out.
fn bare_year(view: &View<'_>, digits: Digits, mark: usize) -> Option<(Option<i16>, usize, bool)> {
    const PARTS: &[&str] = &[
        "上半年", "下半年", "一季度", "二季度", "三季度", "四季度", "第一季度", "第二季度", "第三季度",
        "第四季度", "前三季度",
    ];
    let year =
        i16::try_from(digits.value).ok().filter(|year| digits.count == 4 && (1900..2200).contains(year))?;
    if matches!(view.get(mark), '至' | '到') {
        let next = view.digits(view.blanks(mark + 1)).filter(|next| next.count == 4)?;
        let ranged =
            view.get(next.end) == '年' && (digits.value + 1..digits.value + 60).contains(&next.value);
        return ranged.then_some((Some(year), digits.end, true));
    }
    if matches!(view.get(mark), '、' | '和' | '及' | '与') {
        let next = view.digits(view.blanks(mark + 1)).filter(|next| next.count == 4)?;
        let listed = matches!(view.get(next.end), '年' | '、' | '财')
            && (digits.value + 1..digits.value + 12).contains(&next.value);
        return listed.then_some((Some(year), digits.end, true));
    }
    if view.any_of(mark, &["财年"]).is_some() {
        return None;
    }
    view.any_of(mark, PARTS).map(|_| (Some(year), digits.end, false))
}

/// 2 0 2 5 年: the digits of a year with a blank behind each.
fn spaced_year(view: &View<'_>, at: usize) -> Option<(i16, usize)> {
    let mut value = 0_i16;
    for index in 0..4 {
        let digit = view.get(at + 2 * index).to_digit(10).filter(|_| view.get(at + 2 * index + 1) == ' ')?;
        value = value * 10 + i16::try_from(digit).ok()?;
    }
    let alone = view.before(at) != ' ' || !view.before(at - 1).is_ascii_digit();
    (alone && view.get(at + 8) == '年' && (1900..2100).contains(&value)).then_some((value, at + 9))
}

/// 一六年七月, 二五年: two digits in Chinese; without a month behind it, 二五年 is no sure year.
fn short_chinese_year(view: &View<'_>, at: usize) -> Option<(Option<i16>, usize, bool)> {
    let digit = |at: usize| chinese_digit(view.get(at)).filter(|digit| *digit < 10);
    let (tens, unit) = (digit(at)?, digit(at + 1)?);
    let alone = !crate::numeral::is_chinese_numeral(view.before(at));
    let year = i16::try_from(tens * 10 + unit).ok().filter(|_| alone && view.get(at + 2) == '年')?;
    Some((Some(if year < 70 { 2000 + year } else { 1900 + year }), at + 3, false))
}

/// What follows a year: a half, quarter, month, day, week, or so many of them from either end.
pub(super) fn within(
    view: &View<'_>,
    end: usize,
    year: Option<i16>,
    published: Option<Date>,
) -> Option<Point> {
    let mut next = view.blanks(end);
    if view.get(next) == '的' {
        next = view.blanks(next + 1);
    }
    if let Some(point) = counted(view, next, year) {
        return Some(point);
    }
    let fixed = |end: usize, interval: Option<Interval>| {
        let interval = interval?;
        Some(Point { end, said: Said { year, part: Of::Fixed(interval) } })
    };
    match (view.get(next), view.get(next + 1)) {
        ('初', _) => return fixed(next + 1, calendar::day(year?, 1, 1)),
        ('底' | '末', _) => return fixed(next + 1, calendar::day(year?, 12, 31)),
        ('年', '初') => return fixed(next + 2, calendar::day(year?, 1, 1)),
        ('年', '底' | '末') => return fixed(next + 2, calendar::day(year?, 12, 31)),
        ('年', '中') => return fixed(next + 2, months(year?, 6, 7, Precision::Range)),
        ('中', other)
            if !matches!(other, '国' | '重' | '东' | '西' | '小' | '美' | '欧' | '南' | '部' | '央') =>
        {
            return fixed(next + 1, months(year?, 6, 7, Precision::Range));
        }
        _ => {}
    }
    if let Some((_, after)) = view.any_of(next, &["半年度", "半年报"]) {
        let after = if view.get(after - 1) == '报' { after - 1 } else { after };
        return Some(Point { end: after, said: Said { year, part: Of::Half(1) } });
    }
    // 去年同期 is the year as far as the words themselves say; what goes before settles it.
    if let Some((_, after)) = view.any_of(next, &["同期", "同月", "同季", "同周", "全年"]) {
        return Some(Point { end: after, said: Said { year, part: Of::Year } });
    }
    if let Some(after) = season::chinese(view, next, true) {
        return Some(week::fixed(after, None, Precision::Range));
    }
    if let Some(point) = lunar::at(view, next, None).or_else(|| named::numbered_week(view, next, year)) {
        return Some(point);
    }
    if let Some(point) = nth_within(view, next, Said { year, part: Of::Year }, published) {
        return Some(point);
    }
    if let Some((part, end)) = season::chinese_feast(view, next) {
        return Some(Point { end, said: Said { year, part } });
    }
    part_at(view, next, year, published)
}

/// 前2周, 最后4个月, 前三个季度 of a year.
fn counted(view: &View<'_>, at: usize, year: Option<i16>) -> Option<Point> {
    let (last, next) = match view.any_of(at, &["最后", "前", "首", "头"]) {
        Some(("最后", next)) => (true, next),
        Some((_, next)) => (false, next),
        None => return None,
    };
    let (count, next) = small(view, view.blanks(next))?;
    let unit = view.blanks(next);
    let year = year?;
    let (interval, end) = if let Some((_, end)) = view.any_of(unit, &["个月", "月"]) {
        let (from, to) = if last { (13 - count, 12) } else { (1, count) };
        (months(year, from, to, Precision::Range)?, end)
    } else if let Some((_, end)) = view.any_of(unit, &["个季度", "季度", "季"]) {
        let (from, to) = if last { (13 - count * 3, 12) } else { (1, count * 3) };
        (months(year, from, to, Precision::Range)?, end)
    } else if let Some((_, end)) = view.any_of(unit, &["周", "个星期", "星期"]) {
        let first = iso_week(year, 1)?.start?;
        let end_of_year = iso_week(year + 1, 1)?.start?;
        let span = i32::from(count) * 7;
        let start = if last { shifted(end_of_year, (-span).days())? } else { first };
        (days(start, span)?, end)
    } else if let Some((_, end)) = view.any_of(unit, &["天", "日"]) {
        let span = i32::from(count);
        let start = if last {
            shifted(Date::new(year + 1, 1, 1).ok()?, (-span).days())?
        } else {
            Date::new(year, 1, 1).ok()?
        };
        (days(start, span)?, end)
    } else {
        return None;
    };
    Some(Point { end, said: Said { year: Some(year), part: Of::Fixed(interval) } })
}

/// A part of a year: 上半年, 一季度, 三月, 7月11日.
fn part_at(view: &View<'_>, at: usize, year: Option<i16>, published: Option<Date>) -> Option<Point> {
    let said = |end: usize, part: Of| Some(Point { end, said: Said { year, part } });
    if let Some((name, end)) = view.any_of(at, &["上半年", "下半年", "前半年", "后半年", "h1", "h2"])
        && (!name.starts_with('h') || year.is_some())
    {
        let half = if matches!(name, "上半年" | "前半年" | "h1") { 1 } else { 2 };
        if matches!(view.get(end), '末' | '底') {
            return said(end + 1, Of::LastDay(half * 6));
        }
        return said(end, Of::Half(half));
    }
    if let Some(point) = quarter_at(view, at, year) {
        return Some(point);
    }
    let (month, mut end) = month_at(view, at, year, published)?;
    let Some((month, last, own_year)) = month else {
        return said(end, Of::Fixed(Interval { start: None, end: None, precision: Precision::Month }));
    };
    if let Some(last) = last {
        return said(end, Of::Months(month, last));
    }
    let year = own_year.or(year);
    let said = |end: usize, part: Of| Some(Point { end, said: Said { year, part } });
    let next = view.blanks(end);
    if let Some((number, after)) = small(view, next) {
        let mark = view.blanks(after);
        if let Some(point) = days_of_month(view, number, after, Said { year, part: Of::Month(month) }) {
            return Some(point);
        }
        if matches!(view.get(mark), '日' | '号') && (1..=31).contains(&number) && view.get(mark + 1) != '元'
        {
            return said(weekday_behind(view, mark + 1), Of::Day(month, number));
        }
    }
    if let Some((name, after)) = view.any_of(next, &["上半月", "下半月", "上中旬", "中上旬", "中下旬"])
    {
        let (from, to) = match name {
            "上半月" => (1, 15),
            "下半月" => (16, 31),
            "上中旬" | "中上旬" => (1, 20),
            _ => (11, 31),
        };
        return said(after, Of::Within(month, from, to));
    }
    if let Some(point) = nth_within(view, next, Said { year, part: Of::Month(month) }, published) {
        return Some(point);
    }
    if let Some((name, after)) = view.any_of(next, &["上旬", "中旬", "下旬", "初", "中", "底", "末"])
    {
        // 五月初一 is a day of the other calendar.
        if name == "初" && (chinese_digit(view.get(after)).is_some() || view.get(after) == '十') {
            let (_, end) = small(view, after)?;
            return Some(week::fixed(end, None, Precision::Day));
        }
        if matches!(name, "底" | "末") {
            return said(after, Of::LastDay(month));
        }
        let third = match name {
            "上旬" | "初" => 1,
            "中旬" => 2,
            "中" if !matches!(view.get(after), '国' | '美' | '央') => 2,
            "中" => 0,
            _ => 3,
        };
        if third > 0 {
            return said(after, Of::TenDays(month, third));
        }
    }
    if view.get(end) == '份' {
        end += 1;
    }
    said(end, Of::Month(month))
}

/// 10月12号，星期一: the day of the week that is said behind a date belongs to it.
fn weekday_behind(view: &View<'_>, end: usize) -> usize {
    let mut next = view.blanks(end);
    let bracket = matches!(view.get(next), '(' | ',' | '，');
    if bracket {
        next = view.blanks(next + 1);
    }
    let closes = bracket && view.before(next) == '(';
    let Some((_, after)) = view.any_of(next, &["星期", "礼拜", "周"]) else { return end };
    if !matches!(view.get(after), '一' | '二' | '三' | '四' | '五' | '六' | '日' | '天') {
        return end;
    }
    if closes && view.get(after + 1) == ')' { after + 2 } else { after + 1 }
}
