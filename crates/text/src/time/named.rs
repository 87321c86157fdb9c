//! Times that Chinese words name from the day of publication: 昨日, 上周五, 本周末, 上个季度, 月底, 本月10日, 十四五.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::calendar::{Interval, Of, Said, day, days, iso_week, shifted, week, years};
use super::relative::{offset_day, quarter};
use super::week::{fixed, last_weekday};
use super::{Point, nth, season};
use crate::first::Firsts;
use crate::mention::Precision;
use crate::numeral::{chinese_digit, is_chinese_numeral};
use crate::view::View;

/// Chinese words that name a point of time by themselves, and may be an end of a range.
pub(super) fn named_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    within_year(view, at, published)
        .or_else(|| super::recall::chinese(view, at, published))
        .or_else(|| named_day(view, at, published))
        .or_else(|| edge(view, at, published))
        .or_else(|| week_at(view, at, published))
        .or_else(|| quarter_named(view, at, published))
        .or_else(|| day_of_month(view, at, published))
        .or_else(|| plan(view, at))
        .or_else(|| fiscal(view, at))
        .or_else(|| same_period(view, at))
        .or_else(|| two_years(view, at, published))
        .or_else(|| season::chinese_at(view, at, None))
}

/// 年内: the year of publication, up to that day if what is told has happened; 三年内 is a length.
fn within_year(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let end = view.loosely(at, "年内").filter(|_| view.get(at) == '年')?;
    let before = view.before(view.blanks_back(at));
    let counted = is_chinese_numeral(before) || before.is_ascii_digit();
    let other = counted || matches!(before, '今' | '去' | '明' | '前' | '半' | '几' | '数' | '本');
    let mut year = published.and_then(|date| years(date.year(), 1, Precision::Year));
    let moved = [
        "累计", "已", "涨幅", "跌幅", "上涨", "下跌", "增加了", "减少了", "涨超", "跌超", "涨", "跌", "新高",
        "新低", "最高", "最低", "高点", "低点",
    ];
    if view.any_of(end, &moved).is_some()
        && let (Some(interval), Some(today)) = (year.as_mut(), published)
    {
        *interval = Interval { end: Some(today), precision: Precision::Range, ..*interval };
    }
    (!other).then(|| fixed(end, year, Precision::Year))
}

fn named_day(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    const DAYS: &[(&str, i32)] = &[
        ("今天", 0),
        ("今日", 0),
        ("昨天", -1),
        ("昨日", -1),
        ("昨晚", -1),
        ("昨夜", -1),
        ("今晨", 0),
        ("今早", 0),
        ("今晚", 0),
        ("明天", 1),
        ("明日", 1),
        ("大前天", -3),
        ("大后天", 3),
        ("前天", -2),
        ("前日", -2),
        ("后天", 2),
        ("后日", 2),
        ("最近", 0),
    ];
    const FIRSTS: Firsts = Firsts::of_pairs(DAYS);
    const SECONDS: Firsts = Firsts::second_of_pairs(DAYS);
    let second = view.get(at + 1);
    if !FIRSTS.may_be(view.get(at)) || second != ' ' && !SECONDS.may_be(second) {
        return None;
    }
    for (name, offset) in DAYS {
        if let Some(end) = view.loosely(at, name) {
            // 今日头条 and 明日之后 are names; 最近三个月 is a window; 5日前日均 and 三日后日 are others.
            let named = view.any_of(end, &["头条", "之后", "之星"]).is_some()
                || matches!(*name, "前日" | "后日") && view.get(end) == '均';
            let counted = is_chinese_numeral(view.before(at)) || view.before(at).is_ascii_digit();
            let next = view.get(view.blanks(end));
            let window = *name == "最近" && (next.is_ascii_digit() || is_chinese_numeral(next));
            let short =
                matches!(*name, "前日" | "后日") && !matches!(view.before(at), '\0' | '\n' | '，' | '。');
            if named || window || short || counted && matches!(*name, "前日" | "后日") {
                return None;
            }
            return Some(fixed(end, offset_day(published, *offset), Precision::Day));
        }
    }
    None
}

/// 年初 and 月底 by themselves, not behind a year or a month, which were read with them.
fn edge(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    const EDGES: &[&str] = &[
        "年初", "年底", "年末", "年中", "月初", "月中", "月底", "月末", "上旬", "中旬", "下旬", "季末",
        "季初",
    ];
    const FIRSTS: Firsts = Firsts::of(EDGES);
    if !FIRSTS.may_be(view.get(at)) {
        return None;
    }
    let (name, end) = view.any_of(at, EDGES)?;
    let before = view.before(at);
    if before.is_ascii_digit()
        || is_chinese_numeral(before)
        || matches!(before, '月' | '个' | '每' | '当' | '大' | '同' | '本' | '中' | '青' | '少' | '半')
    {
        return None;
    }
    // 年中国 and 月中国 are cut elsewhere; 年初至今 is a window.
    if view.any_of(end, &["至今", "以来", "国", "介", "期"]).is_some() && name != "年底" {
        return None;
    }
    if name == "年初" {
        let first = published.and_then(|date| day(date.year(), 1, 1));
        return Some(fixed(end, first, Precision::Day));
    }
    if matches!(name, "季末" | "季初") {
        let last = name == "季末";
        // The last quarter that is over.
        let day_of = |whole: Interval| {
            let day_at = if last { shifted(whole.end?, (-1).days())? } else { whole.start? };
            day(day_at.year(), day_at.month(), day_at.day())
        };
        let whole = published.and_then(|date| quarter(date, if last { -1 } else { 0 }));
        return Some(fixed(end, whole.and_then(day_of), Precision::Day));
    }
    let part = match name {
        "年中" => Of::Months(6, 7),
        "年底" | "年末" => Of::LastDay(12),
        "月初" => Of::DayOnly(1),
        "上旬" => Of::ThirdOnly(1),
        "月中" | "中旬" => Of::ThirdOnly(2),
        "月底" | "月末" => Of::LastDay(0),
        _ => Of::ThirdOnly(3),
    };
    Some(Point { end, said: Said { year: None, part } })
}

/// 一 to 日: the day of a week.
pub(super) fn weekday(character: char) -> Option<Weekday> {
    Some(match character {
        '一' => Weekday::Monday,
        '二' => Weekday::Tuesday,
        '三' => Weekday::Wednesday,
        '四' => Weekday::Thursday,
        '五' => Weekday::Friday,
        '六' => Weekday::Saturday,
        '日' | '天' => Weekday::Sunday,
        _ => return None,
    })
}

/// 本周, 上上周, 下周五, 周三, 星期一, 本周末, 第28周
fn week_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    if view.get(at) == '第' {
        let year = published.map(|date| date.year());
        return numbered_week(view, at, year);
    }
    let mut here = at;
    let mut offset = 0;
    while matches!(view.get(here), '上' | '下') && here < at + 3 {
        offset += if view.get(here) == '上' { -1 } else { 1 };
        here = view.blanks(here + 1);
    }
    let mut sure = offset != 0;
    if matches!(view.get(here), '本' | '这') && offset == 0 {
        // 样本周度, 成本周期
        if matches!(view.before(here), '样' | '成' | '资' | '基' | '根') {
            return None;
        }
        sure = true;
        here = view.blanks(here + 1);
    }
    if sure && matches!(view.get(here), '个' | '一') {
        here += 1;
    }
    let (name, end) = view.any_of(here, &["星期", "礼拜", "周"])?;
    let counted =
        is_chinese_numeral(view.before(at)) || view.before(at).is_ascii_digit() && !behind_code(view, at);
    if view.get(end) == '末' && view.get(end + 1) != '端' {
        if counted {
            return None;
        }
        let weekend = published.and_then(|date| days(shifted(week(date, offset)?.start?, 5.days())?, 2));
        return Some(fixed(end + 1, weekend, Precision::Range));
    }
    let other = begins_word(view, end);
    let Some(weekday) = weekday(view.get(end)).filter(|_| !other) else {
        let tells = |next: char| {
            next.is_ascii_digit()
                || matches!(next, '价' | '收' | '于' | '约' | '在' | '至' | '每' | '$' | '¥' | '出')
        };
        let report = view.get(end) == '报' && !tells(view.get(view.blanks(end + 1)));
        if !sure || name == "周" && (report || matches!(view.get(end), '期' | '边' | '年' | '刊' | '转'))
        {
            return None;
        }
        let end = view.any_of(end, &["同期"]).filter(|_| offset == -1).map_or(end, |found| found.1);
        return Some(fixed(end, published.and_then(|date| week(date, offset)), Precision::Week));
    };
    let end = end + 1;
    if !sure {
        // 每周一次, 每周一
        if view.before(at) == '每' {
            return None;
        }
        // 一周, 两周三…: the week of a count is no weekday.
        if counted {
            return None;
        }
        return Some(fixed(end, published.and_then(|date| last_weekday(date, weekday)), Precision::Day));
    }
    let date = published
        .and_then(|date| week(date, offset)?.start)
        .and_then(|start| shifted(start, i32::from(weekday.to_monday_zero_offset()).days()));
    Some(fixed(end, date.and_then(|date| day(date.year(), date.month(), date.day())), Precision::Day))
}

/// True if what could be a day of the week begins another word: 上周一致, 本周三元材料, 本周三氧化二锑, 上周日本; not in 上周五氧化镨钕.
fn begins_word(view: &View<'_>, at: usize) -> bool {
    let [first, next, third] = [at, at + 1, at + 2].map(|at| view.get(at));
    let of = |elements: &str| third == '化' && elements.contains(view.get(at + 3));
    match (first, next) {
        ('一', '致' | '样' | '直' | '度' | '级' | '体')
        | ('二', '级')
        | ('三', '元')
        | ('四', '钼' | '川')
        | ('六', '氟')
        | ('日', '本' | '均' | '韩')
        | ('天', '然' | '齐' | '津') => true,
        ('二', '氧') => of("锗碲钛锆硅硫碳锰硒铅锡钒钌氮"),
        ('三', '氧') => of("二钨钼硫"),
        ('四', '氧') => of("三锇钌"),
        ('五', '氧') => of("二"),
        ('二', '硫') => of("钼碳钨"),
        ('四', '氯') => of("硅钛锗碳锆铪"),
        _ => false,
    }
}

/// LC2505周四: the digits before belong to a code.
fn behind_code(view: &View<'_>, at: usize) -> bool {
    let mut start = at;
    while view.before(start).is_ascii_digit() {
        start -= 1;
    }
    view.before(start).is_ascii_alphabetic()
}

/// 第28周 of a year.
pub(super) fn numbered_week(view: &View<'_>, at: usize, year: Option<i16>) -> Option<Point> {
    // 连续第三周 counts.
    if view.get(at) != '第' || view.starts_with(at.saturating_sub(2), "连续") {
        return None;
    }
    let (number, end) = super::chinese::small(view, view.blanks(at + 1))?;
    let (_, end) = view.any_of(view.blanks(end), &["个星期", "星期", "周"])?;
    (1..=53).contains(&number).then_some(())?;
    Some(fixed(end, year.and_then(|year| iso_week(year, number)), Precision::Week))
}

fn quarter_named(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    const QUARTERS: &[(&str, i32)] = &[
        ("本季度", 0),
        ("这个季度", 0),
        ("这季度", 0),
        ("上上个季度", -2),
        ("上季度", -1),
        ("上个季度", -1),
        ("上一季度", -1),
        ("下季度", 1),
        ("下个季度", 1),
        ("下一季度", 1),
        ("本季", 0),
        ("上季", -1),
        ("下季", 1),
    ];
    const SECONDS: Firsts = Firsts::second_of_pairs(QUARTERS);
    let second = view.get(at + 1);
    if !matches!(view.get(at), '本' | '这' | '当' | '上' | '下') || second != ' ' && !SECONDS.may_be(second)
    {
        return None;
    }
    QUARTERS.iter().find_map(|(name, offset)| {
        let end = view.loosely(at, name)?;
        let other = matches!(view.get(end), '节' | '报' | '度') && name.ends_with('季');
        (!other).then(|| fixed(end, published.and_then(|date| quarter(date, *offset)), Precision::Quarter))
    })
}

/// 本月10日, 上个月的12号
fn day_of_month(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    const MONTHS: &[&str] = &["本月", "这个月", "当月", "上月", "上个月", "下月", "下个月"];
    const FIRSTS: Firsts = Firsts::of(MONTHS);
    if !FIRSTS.may_be(view.get(at)) {
        return None;
    }
    let (name, next) = view.any_of(at, MONTHS)?;
    let offset = match name.chars().next() {
        Some('上') => -1,
        Some('下') => 1,
        _ => 0,
    };
    let next = if view.get(next) == '的' { next + 1 } else { next };
    let (number, after) = super::chinese::small(view, view.blanks(next))?;
    let mark = view.blanks(after);
    if !matches!(view.get(mark), '日' | '号') || !(1..=31).contains(&number) {
        return None;
    }
    let date = published.and_then(|date| shifted(date.first_of_month(), offset.months()));
    Some(fixed(mark + 1, date.and_then(|date| day(date.year(), date.month(), number)), Precision::Day))
}

/// 十四五, 十四五期间, 第十四个五年规划: the years of a five-year plan.
fn plan(view: &View<'_>, at: usize) -> Option<Point> {
    if view.get(at) == '第' {
        let (number, end) = super::chinese::small(view, at + 1)?;
        let (_, end) = view.any_of(end, &["个五年规划", "个五年计划", "个五年"])?;
        return Some(fixed(end, nth::five_year_plan(number), Precision::Range));
    }
    if view.get(at) != '十' || view.get(at + 2) != '五' || is_chinese_numeral(view.before(at)) {
        return None;
    }
    let number = chinese_digit(view.get(at + 1)).filter(|number| (1..=9).contains(number))?;
    let end = at + 3;
    // 十四五 may also be ten and four or five of something that is counted.
    let counted =
        matches!(view.get(end), '个' | '岁' | '年' | '天' | '家' | '吨' | '万' | '亿' | '元' | '%' | '人');
    let interval = nth::five_year_plan(10 + i8::try_from(number).ok()?);
    // 十四五末: the last day of it.
    if let Some((_, end)) = view.any_of(end, &["期末", "末"]) {
        let last = interval.and_then(|plan| shifted(plan.end?, (-1).days()));
        let day = last.and_then(|last| day(last.year(), last.month(), last.day()));
        return Some(fixed(end, day, Precision::Day));
    }
    let end = view.any_of(end, &["规划期间", "规划期", "期间", "时期"]).map_or(end, |found| found.1);
    (!counted).then(|| fixed(end, interval, Precision::Range))
}

/// 同期 by itself: settled from the period that is spoken of.
fn same_period(view: &View<'_>, at: usize) -> Option<Point> {
    let end = view
        .any_of(at, &["同一期间", "同一时期"])
        .map(|found| found.1)
        .or_else(|| view.loosely(at, "同期"))
        .filter(|end| !matches!(view.get(*end), '声' | '性' | '群'))?;
    let other = matches!(view.before(at), '年' | '月' | '季' | '周' | '度' | '合' | '不' | '历');
    (!other).then(|| fixed(end, None, Precision::Range))
}

/// 今明两年
fn two_years(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let (name, end) = view.any_of(at, &["今明两年", "今明2年", "明后两年", "明后年", "去今两年"])?;
    let offset = match name.chars().next() {
        Some('明') => 1,
        Some('去') => -1,
        _ => 0,
    };
    let interval = published.and_then(|date| years(date.year() + offset, 2, Precision::Range));
    Some(fixed(end, interval, Precision::Range))
}

/// 本财年, 上一财年: when a financial year begins is not said.
fn fiscal(view: &View<'_>, at: usize) -> Option<Point> {
    if !matches!(view.get(at), '本' | '上' | '下' | '当') {
        return None;
    }
    let (_, end) =
        view.any_of(at, &["本财年", "上财年", "上一财年", "上个财年", "下财年", "下一财年", "当前财年"])?;
    Some(fixed(end, None, Precision::Year))
}
