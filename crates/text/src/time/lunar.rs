//! Days of the Chinese lunisolar calendar: 正月初一, 大年三十, 农历八月十五, 春节. Their day in the solar calendar differs from
//! year to year and is not computed: the mention stays, without ends.

use super::Point;
use super::chinese::small;
use super::week::fixed;
use crate::mention::Precision;
use crate::view::View;

const FEASTS: &[&str] = &["春节", "除夕", "元宵节", "端午节", "端午", "中秋节", "重阳节", "清明节"];

/// A lunar month, day or feast at `at`.
pub(super) fn at(view: &View<'_>, at: usize) -> Option<Point> {
    if !matches!(
        view.get(at),
        '正' | '腊' | '冬' | '大' | '农' | '春' | '除' | '元' | '端' | '中' | '重' | '清'
    ) {
        return None;
    }
    if let Some((_, end)) = view.any_of(at, FEASTS) {
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

/// 初一, 十五, 三十: the index behind a lunar day.
fn day(view: &View<'_>, at: usize) -> Option<usize> {
    let start = if view.get(at) == '初' { at + 1 } else { at };
    let (_, end) = small(view, start).filter(|(number, _)| (1..=30).contains(number))?;
    Some(if matches!(view.get(end), '日') { end + 1 } else { end })
}
