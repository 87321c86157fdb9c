//! Windows from the day of publication in Chinese: 近三个月, 过去五天, 最近一周, 未来两年.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::{Interval, shifted};
use super::duration::{TimeUnit, english_unit, part};
use super::window::{first_months, span, whole, window};
use super::{TimeRead, read};
use crate::mention::Precision;
use crate::view::View;

/// 近三个月, 过去五天, 最近一周, 未来两年, 前1周, 后1年
pub(super) fn at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    if !matches!(view.get(at), '过' | '最' | '近' | '未' | '今' | '接' | '前' | '后' | '首' | '头')
    {
        return None;
    }
    let (name, next) = view.any_of(
        at,
        &[
            "过去的", "过去", "最近的", "最近", "近期", "近", "未来的", "未来", "今后", "接下来的", "接下来",
            "前", "后", "首", "头",
        ],
    )?;
    // 够用近一个季度, 停产近两个月: nearly so long.
    const LASTING: &[&str] = &[
        "够用", "可用", "持续", "历时", "耗时", "长达", "为期", "停产", "停工", "停摆", "检修", "延长",
        "推迟", "延期", "相当于", "长期", "连续", "时隔",
    ];
    if name == "近" && LASTING.iter().any(|word| ends_behind(view, at, word)) {
        return None;
    }
    let next = view.blanks(next);
    if let Some(read) = uncertain(view, at, next, name) {
        return Some(read);
    }
    let opens_year = matches!(name, "前" | "首" | "头");
    let (number, unit, end) = part(view, next)
        .or_else(|| days_counted(view, next))
        .or_else(|| months_counted(view, next).filter(|_| opens_year && free(view, at)))?;
    // 近5日均线 is a length.
    if matches!(view.get(end), '均' | '线' | '移') && view.before(end) == '日' {
        return None;
    }
    let forward = matches!(name, "未来" | "未来的" | "今后" | "接下来" | "接下来的" | "后");
    // 近三年 is a window, 近300吨 is not, which the unit has told; 前三年 of a year was read with its year.
    if matches!(name, "前" | "后") && !free(view, at) {
        return None;
    }
    let count = whole(&number)?;
    if matches!(name, "首" | "头") && (unit.code != "mo" || count * i64::from(unit.count) < 2) {
        return None;
    }
    if opens_year && unit.code == "mo" && count * i64::from(unit.count) > 1 {
        // 前5个月: of the year.
        let interval = published.and_then(|date| first_months(date, count * i64::from(unit.count)));
        return Some(read(at, end, interval, Precision::Range));
    }
    let back = span(unit, if forward { count } else { -count })?;
    let trading =
        view.get(end.saturating_sub(1)) == '日' && matches!(view.get(end.saturating_sub(2)), '易' | '作');
    let interval = published.and_then(|date| match (trading, forward) {
        (true, false) => Some(Interval::new(working_days_back(date, count)?, date, Precision::Range)),
        _ => window(date, unit, count, forward, &[back]),
    });
    Some(read(at, end, interval, Precision::Range))
}

/// True where 前 and 首 open a clause or follow 的.
fn free(view: &View<'_>, at: usize) -> bool {
    // 出口前11个月, 产量前5月
    let summed = ["出口", "进口", "产量", "销量", "全国", "我国", "行业", "营收", "装机", "累计"];
    if at >= 2 && summed.iter().any(|word| view.starts_with(at - 2, word)) {
        return true;
    }
    matches!(
        view.before(at),
        '\0' | '\n' | '，' | ',' | '。' | '；' | ';' | '：' | ':' | '的' | ' ' | '(' | '国' | '年'
    )
}

/// The day so many days of trade before another, without Saturdays and Sundays.
fn working_days_back(date: Date, count: i64) -> Option<Date> {
    let mut day = date;
    for _ in 0..count.min(400) {
        day = shifted(day, (-1).day())?;
        while day.weekday().to_monday_zero_offset() >= 5 {
            day = shifted(day, (-1).day())?;
        }
    }
    Some(day)
}

/// 前5月, 首7月: months without their measure word.
fn months_counted(view: &View<'_>, at: usize) -> Option<(crate::numeral::Number, TimeUnit, usize)> {
    let number = crate::numeral::number_at(view, at).filter(|number| number.start == at)?;
    let named = matches!(view.get(number.end + 1), '初' | '底' | '末' | '中' | '上' | '下' | '份')
        || view.get(number.end + 1).is_ascii_digit();
    let end = number.end + 1;
    (view.get(number.end) == '月' && !named).then_some((number, english_unit("month")?, end))
}

/// True if a word ends at `at`, or right before 了 there.
fn ends_behind(view: &View<'_>, at: usize, word: &str) -> bool {
    let end = if view.before(at) == '了' { at - 1 } else { at };
    let count = word.chars().count();
    end >= count && view.starts_with(end - count, word)
}

/// 近两三年, 未来2-3年: how long is said as a range, so that the ends are open.
fn uncertain(view: &View<'_>, at: usize, next: usize, name: &str) -> Option<TimeRead> {
    if matches!(name, "前" | "后") {
        return None;
    }
    let length = super::duration::duration_at(view, next)?;
    length.length.as_ref()?.low.as_ref()?;
    Some(read(at, length.end, None, Precision::Range))
}

/// 近5日, 过去10日; but not 近5日均线.
fn days_counted(view: &View<'_>, at: usize) -> Option<(crate::numeral::Number, TimeUnit, usize)> {
    let number = crate::numeral::number_at(view, at).filter(|number| number.start == at)?;
    let mark = view.blanks(number.end);
    let line = matches!(view.get(mark + 1), '均' | '线' | '移');
    (view.get(mark) == '日' && !line).then_some((number, english_unit("day")?, mark + 1))
}
