//! Quarters and decades in Chinese: 前三季度, 第二财季, 20世纪90年代.

use super::Point;
use super::calendar::{self, Interval, Of, Said, years};
use super::chinese::small;
use crate::mention::Precision;
use crate::numeral::chinese_digit;
use crate::view::View;

pub(super) fn quarter_at(view: &View<'_>, at: usize, year: Option<i16>) -> Option<Point> {
    let said = |end: usize, part: Of| Some(Point { end, said: Said { year, part } });
    if let Some((_, end)) = view.any_of(at, &["前三季度", "前3季度"]) {
        return said(end, Of::Quarters(1, 3));
    }
    if let Some((_, end)) = view.any_of(at, &["首季度", "首季"]) {
        return said(end, Of::Quarter(1));
    }
    if let (true, Some(number)) = (view.get(at) == 'q' && year.is_some(), view.get(at + 1).to_digit(10)) {
        return (1..=4)
            .contains(&number)
            .then_some(Point { end: at + 2, said: Said { year, part: Of::Quarter(number as i8) } });
    }
    let start = if view.get(at) == '第' { view.blanks(at + 1) } else { at };
    let (first, end) = small(view, start)?;
    let range = |character: char| matches!(character, '至' | '到' | '-' | '~' | '—' | '、');
    if range(view.get(end))
        && let Some((mut last, mut after)) = small(view, end + 1)
    {
        // 一、二、三季度
        while view.get(after) == '、'
            && let Some((next, end)) = small(view, after + 1).filter(|(next, _)| *next == last + 1)
        {
            (last, after) = (next, end);
        }
        let (_, after) = view.any_of(after, &["季度"])?;
        return (1..=4)
            .contains(&last)
            .then_some(first)
            .filter(|first| *first >= 1 && *first < last)
            .and_then(|first| said(after, Of::Quarters(first, last)));
    }
    let (_, after) = view.any_of(view.blanks(end), &["季度", "季报", "财季", "季"])?;
    // 一季报 names a report.
    if view.get(after - 1) == '报' {
        return None;
    }
    (1..=4).contains(&first).then_some(())?;
    match view.get(after) {
        '初' => said(after + 1, Of::Month(first * 3 - 2)),
        '末' | '底' => said(after + 1, Of::LastDay(first * 3)),
        _ => said(after, Of::Quarter(first)),
    }
}

/// 20世纪90年代, 上世纪九十年代, 90年代
pub(super) fn decade(view: &View<'_>, at: usize) -> Option<Point> {
    let (century, next) = if let Some((_, end)) = view.any_of(at, &["上世纪", "上个世纪"]) {
        (Some(19), end)
    } else if let Some((_, end)) = view.any_of(at, &["本世纪"]) {
        (Some(20), end)
    } else if let Some((number, end)) = small(view, at).filter(|(_, end)| view.starts_with(*end, "世纪")) {
        (Some(i16::from(number) - 1), end + 2)
    } else {
        (None, at)
    };
    let fixed = |end: usize, interval: Interval| {
        Some(Point { end, said: Said { year: None, part: Of::Fixed(interval) } })
    };
    if let Some((number, end)) = small(view, next).filter(|(number, _)| number % 10 == 0)
        && view.starts_with(end, "年代")
    {
        let century = century.unwrap_or(if number >= 30 { 19 } else { 20 });
        let interval = years(century * 100 + i16::from(number), 10, Precision::Decade)?;
        return fixed(end + 2, interval);
    }
    // 九零年代
    if let (Some(tens), '零', true) =
        (chinese_digit(view.get(at)), view.get(at + 1), view.starts_with(at + 2, "年代"))
    {
        let tens = i16::try_from(tens).ok().filter(|tens| *tens < 10)?;
        let century = if tens >= 3 { 1900 } else { 2000 };
        return fixed(at + 4, years(century + tens * 10, 10, Precision::Decade)?);
    }
    // 21世纪: a hundred years, from 2001.
    if let Some(century) = century.filter(|_| next > at && view.any_of(next, &["经济报道"]).is_none()) {
        let interval = years(century * 100 + 1, 100, Precision::Range)?;
        return fixed(next, interval);
    }
    let digits = view.digits(at).filter(|digits| digits.count == 4 && digits.value % 10 == 0)?;
    if view.starts_with(digits.end, "年代") {
        let interval = calendar::years(i16::try_from(digits.value).ok()?, 10, Precision::Decade)?;
        return fixed(digits.end + 2, interval);
    }
    None
}
