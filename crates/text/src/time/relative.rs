//! Times that a word names from the day of publication: today, 上周五, last month, 年初, week 31, the end of 2008.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::calendar::{Interval, Of, Said, day, iso_week, months, shifted, week, years};
use super::{Point, english, year};
use crate::mention::Precision;
use crate::view::View;

fn fixed(end: usize, interval: Option<Interval>, precision: Precision) -> Point {
    let interval = interval.unwrap_or_else(|| english::unknown(precision));
    Point { end, said: Said { year: None, part: Of::Fixed(interval) } }
}

fn offset_day(published: Option<Date>, offset: i32) -> Option<Interval> {
    let date = shifted(published?, offset.days())?;
    day(date.year(), date.month(), date.day())
}

/// Words that name a point of time by themselves, and may be an end of a range.
pub(super) fn named_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    if view.get(at).is_ascii_digit() {
        return None;
    }
    match view.word(at) {
        Some(word) => english_name(view, at, word.as_str(), word.end, published),
        None => chinese_name(view, at, published),
    }
}

fn chinese_name(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    const DAYS: &[(&str, i32)] = &[
        ("今天", 0),
        ("今日", 0),
        ("昨天", -1),
        ("昨日", -1),
        ("明天", 1),
        ("明日", 1),
        ("前天", -2),
        ("后天", 2),
        ("当前", 0),
        ("最近", 0),
    ];
    for (name, offset) in DAYS {
        if let Some(end) = view.loosely(at, name) {
            // 今日头条 and 明日之后 are names; 最近三个月 is a window.
            let named = view.any_of(end, &["头条", "之后", "之星"]).is_some();
            let window = *name == "最近"
                && (view.digits(view.blanks(end)).is_some()
                    || crate::numeral::is_chinese_numeral(view.get(end)));
            if named || window || *name == "当前" {
                return None;
            }
            return Some(fixed(end, offset_day(published, *offset), Precision::Day));
        }
    }
    // 年初 and 年底 by themselves, not behind a year, which was read with them.
    if let Some((name, end)) = view
        .any_of(at, &["年初", "年底", "年末"])
        .filter(|_| !view.before(at).is_ascii_digit() && !crate::numeral::is_chinese_numeral(view.before(at)))
    {
        let to_now = view.any_of(end, &["至", "以来"]).is_some();
        return (!to_now).then_some(Point {
            end,
            said: Said { year: None, part: Of::Month(if name == "年初" { 1 } else { 12 }) },
        });
    }
    if let Some(point) = chinese_week(view, at, published) {
        return Some(point);
    }
    for (name, offset) in
        [("本季度", 0), ("上季度", -1), ("上个季度", -1), ("上一季度", -1), ("下季度", 1), ("下个季度", 1)]
    {
        if let Some(end) = view.loosely(at, name) {
            return Some(fixed(end, published.and_then(|date| quarter(date, offset)), Precision::Quarter));
        }
    }
    let (_, next) = view.any_of(at, &["本月", "上月", "上个月", "下月"])?;
    let offset = match view.get(at) {
        '上' => -1,
        '下' => 1,
        _ => 0,
    };
    let (number, after) = super::chinese::small(view, next)?;
    if !matches!(view.get(after), '日' | '号') {
        return None;
    }
    let date = published.and_then(|date| shifted(date.first_of_month(), offset.months()));
    Some(fixed(after + 1, date.and_then(|date| day(date.year(), date.month(), number)), Precision::Day))
}

/// 本周, 上上周, 下周五, 周三, 星期一
fn chinese_week(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let mut here = at;
    let mut offset = 0;
    while matches!(view.get(here), '上' | '下') && here < at + 3 {
        offset += if view.get(here) == '上' { -1 } else { 1 };
        here = view.blanks(here + 1);
    }
    let mut sure = offset != 0;
    if matches!(view.get(here), '本' | '这') && offset == 0 {
        sure = true;
        here = view.blanks(here + 1);
    }
    if sure && matches!(view.get(here), '个' | '一') {
        here += 1;
    }
    let (name, end) = view.any_of(here, &["星期", "礼拜", "周"])?;
    let number = match view.get(end) {
        '一' => Some(0),
        '二' => Some(1),
        '三' => Some(2),
        '四' => Some(3),
        '五' => Some(4),
        '六' => Some(5),
        '日' | '天' => Some(6),
        _ => None,
    };
    let Some(number) = number else {
        if !sure
            || view.get(end) == '末'
            || name == "周" && matches!(view.get(end), '期' | '边' | '年' | '报' | '刊')
        {
            return None;
        }
        return Some(fixed(end, published.and_then(|date| week(date, offset)), Precision::Week));
    };
    let end = end + 1;
    if !sure {
        // 一周, 两周三…: the week of a count is no weekday.
        if crate::numeral::is_chinese_numeral(view.before(at)) || view.before(at).is_ascii_digit() {
            return None;
        }
        return Some(fixed(end, published.and_then(|date| weekday_before(date, number)), Precision::Day));
    }
    let date = published
        .and_then(|date| week(date, offset)?.start)
        .and_then(|start| shifted(start, i32::from(number).days()));
    Some(fixed(end, date.and_then(|date| day(date.year(), date.month(), date.day())), Precision::Day))
}

/// The last such weekday, today included.
fn weekday_before(date: Date, number: i8) -> Option<Interval> {
    let back = (date.weekday().to_monday_zero_offset() - number).rem_euclid(7);
    let date = shifted(date, (-i32::from(back)).days())?;
    day(date.year(), date.month(), date.day())
}

pub(super) fn quarter(date: Date, offset: i32) -> Option<Interval> {
    let index = i32::from(date.year()) * 4 + i32::from(date.month() - 1) / 3 + offset;
    let year = i16::try_from(index.div_euclid(4)).ok()?;
    let number = i8::try_from(index.rem_euclid(4)).ok()?;
    months(year, number * 3 + 1, number * 3 + 3, Precision::Quarter)
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

fn english_name(
    view: &View<'_>,
    at: usize,
    word: &str,
    end: usize,
    published: Option<Date>,
) -> Option<Point> {
    if let Some(weekday) = weekday(word) {
        let number = weekday.to_monday_zero_offset();
        return Some(fixed(end, published.and_then(|date| weekday_before(date, number)), Precision::Day));
    }
    match word {
        "today" => return Some(fixed(end, offset_day(published, 0), Precision::Day)),
        "yesterday" => return Some(fixed(end, offset_day(published, -1), Precision::Day)),
        "tomorrow" => return Some(fixed(end, offset_day(published, 1), Precision::Day)),
        "current" => {
            let (_, end) = view.any_of(at, &["current date"])?;
            return Some(fixed(end, offset_day(published, 0), Precision::Day));
        }
        "week" => return numbered_week(view, end, published),
        _ => {}
    }
    if let Some((point, third)) = english::edge(view, at) {
        let interval = point.said.resolve(published, false);
        let part = interval.and_then(|interval| edge_of(interval, third));
        return Some(fixed(point.end, part, Precision::Day));
    }
    let offset = match word {
        "this" | "current" => 0,
        "last" | "previous" | "past" | "preceding" => -1,
        "next" | "coming" | "following" | "upcoming" => 1,
        _ => return None,
    };
    let noun = view.next_word(end)?;
    let (interval, precision) = match noun.as_str() {
        "week" => (published.and_then(|date| week(date, offset)), Precision::Week),
        "month" => (
            published
                .and_then(|date| shifted(date.first_of_month(), offset.months()))
                .and_then(|date| months(date.year(), date.month(), date.month(), Precision::Month)),
            Precision::Month,
        ),
        "quarter" => (published.and_then(|date| quarter(date, offset)), Precision::Quarter),
        "year" => (
            published.and_then(|date| years(date.year() + i16::try_from(offset).ok()?, 1, Precision::Year)),
            Precision::Year,
        ),
        other => {
            if let Some(month) =
                english::month_name(other).filter(|_| view.raw(noun.end - other.len()).is_ascii_uppercase())
            {
                let said = Said {
                    year: published.map(|date| {
                        if offset == 0 {
                            date.year()
                        } else {
                            date.year()
                                + if (i32::from(month) < i32::from(date.month())) == (offset < 0) {
                                    0
                                } else {
                                    offset as i16
                                }
                        }
                    }),
                    part: Of::Month(month),
                };
                return Some(Point { end: noun.end, said });
            }
            let number = weekday(other)?.to_monday_zero_offset();
            let date = published
                .and_then(|date| week(date, offset)?.start)
                .and_then(|start| shifted(start, i32::from(number).days()));
            (date.and_then(|date| day(date.year(), date.month(), date.day())), Precision::Day)
        }
    };
    // "this week" is no opening of "this weekend"; "last year's" is.
    Some(fixed(noun.end, interval, precision))
}

/// "week 31", "week 3 of 2027"
fn numbered_week(view: &View<'_>, end: usize, published: Option<Date>) -> Option<Point> {
    let digits = view.digits(view.blanks(end)).filter(|digits| (1..=53).contains(&digits.value))?;
    let number = i8::try_from(digits.value).ok()?;
    let (year, end) = match year::year_behind(view, digits.end) {
        Some((year, end)) => (Some(year), end),
        None => (published.map(|date| date.year()), digits.end),
    };
    Some(fixed(end, year.and_then(|year| iso_week(year, number)), Precision::Week))
}

/// The end, middle or beginning of an interval, as a day.
fn edge_of(interval: Interval, third: i8) -> Option<Interval> {
    let (start, end) = (interval.start?, interval.end?);
    match third {
        3 => Some(Interval::new(shifted(end, (-1).days())?, end, Precision::Day)),
        2 => {
            let middle = shifted(start, (start.until(end).ok()?.get_days() / 2).days())?;
            Some(Interval::new(middle, shifted(middle, 1.day())?, Precision::Day))
        }
        _ => Some(Interval::new(start, shifted(start, 1.day())?, Precision::Day)),
    }
}
