//! Times that point back to one said before: 当日, 全年, 前一周, 报告期, "the quarter", "the same day", "full-year".
//!
//! They are read with what publication alone would make of them, and settled when the mentions before them are known.

use jiff::civil::Date;

use super::anchor::{compares, report};
use super::calendar::{self, Interval, shifted, years};
use super::relative::{calendar_unit, quarter};
use super::week::fixed;
use super::{Point, TimeRead, read};
use crate::find::lower;
use crate::first::Firsts;
use crate::mention::{Kind, Mention, Precision};
use crate::view::View;

/// Chinese words, the noun of the unit that they mean, and by how many units it lies before the one spoken of.
const CHINESE: &[(&str, &str, i32)] = &[
    ("前一交易日", "trading day", -1),
    ("前一个交易日", "trading day", -1),
    ("上一交易日", "trading day", -1),
    ("上一个交易日", "trading day", -1),
    ("上个交易日", "trading day", -1),
    ("上日", "day", -1),
    ("前一日", "day", -1),
    ("前一天", "day", -1),
    ("前一周", "week", -1),
    ("前一月", "month", -1),
    ("前一个月", "month", -1),
    ("前一季度", "quarter", -1),
    ("前一年", "year", -1),
    ("同一天", "day", 0),
    ("当日", "day", 0),
    ("当天", "day", 0),
    ("同日", "day", 0),
    ("当月", "month", 0),
    ("同月", "month", 0),
    ("当季", "quarter", 0),
    ("当年", "year", 0),
    ("同年", "year", 0),
    ("次日", "day", 1),
    ("翌日", "day", 1),
    ("隔日", "day", 1),
    ("次月", "month", 1),
    ("次年", "year", 1),
    ("翌年", "year", 1),
    ("全年", "year", 0),
    ("全周", "week", 0),
    ("全月", "month", 0),
    ("全季", "quarter", 0),
    ("周内", "week", 0),
    ("当周", "week", 0),
    ("报告期末", "period end", 0),
    ("期末", "period end", 0),
    ("期初", "period start", 0),
    ("本报告期", "period", 0),
    ("报告期", "period", 0),
];

/// A Chinese word that points back.
pub(super) fn chinese(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    if !matches!(
        view.get(at),
        '前' | '同' | '当' | '全' | '周' | '报' | '次' | '翌' | '隔' | '期' | '上' | '本'
    ) {
        return None;
    }
    const SECONDS: Firsts = Firsts::second_of_triples(CHINESE);
    if !SECONDS.may_be(view.get(at + 1)) {
        return None;
    }
    let (_, noun, offset) = CHINESE.iter().find(|(name, ..)| view.starts_with(at, name))?;
    let (name, end) = CHINESE.iter().find_map(|(name, ..)| Some((*name, view.loosely(at, name)?)))?;
    let before = view.before(at);
    let next = view.get(end);
    if super::month::is_spread(view, at, end) {
        return None;
    }
    let other = match name {
        // 本周内 and 上周内 say which week; 应当日后 is another word.
        "周内" => {
            matches!(before, '本' | '上' | '下' | '每' | '一' | '两' | '几') || before.is_ascii_digit()
        }
        "当日" | "当天" | "当周" | "当月" | "当季" | "当年" => {
            matches!(before, '应' | '相' | '适') || next == '度' && name == "当日"
        }
        "全年" | "全周" | "全月" | "全季" => {
            matches!(before, '年' | '安') || matches!(next, '节' | '薪')
        }
        // 晚上日均, 以上日
        "上日" => {
            !matches!(before, '较' | '比' | '与' | '\0' | '\n' | ',' | '，' | '。')
                || matches!(next, '均' | '本' | '前')
        }
        "报告期" | "本报告期" => next == '末',
        "次日" | "次月" => {
            crate::numeral::is_chinese_numeral(before) || before.is_ascii_digit() || next == '均'
        }
        "隔日" => next == '达' || before == '间',
        "期末" | "期初" => crate::view::is_han(before) || matches!(next, '考' | '试'),
        "同年" | "同月" | "同日" => matches!(next, '龄' | '代') || before == '不',
        "次年" => matches!(before, '一' | '二' | '三' | '两'),
        _ => matches!(next, '段' | '代') || before == '目',
    };
    if other {
        return None;
    }
    let end = if name == "当季" && next == '度' { end + 1 } else { end };
    // 次年4月30日, 当年1月, 同年底
    if matches!(name, "次年" | "翌年" | "当年" | "同年")
        && let Some(today) = published
        && let Some(point) =
            super::chinese::within(view, end, Some(today.year() + i16::try_from(*offset).ok()?), published)
    {
        return Some(point);
    }
    let (interval, precision) = unit(noun, *offset, published);
    Some(fixed(end, interval, precision))
}

fn unit(noun: &str, offset: i32, published: Option<Date>) -> (Option<Interval>, Precision) {
    match noun {
        "day" => (super::relative::offset_day(published, offset), Precision::Day),
        "trading day" => {
            let day = published.and_then(trading_day_before);
            (day.and_then(|day| calendar::day(day.year(), day.month(), day.day())), Precision::Day)
        }
        "period" => (None, Precision::Range),
        "period end" | "period start" => (None, Precision::Day),
        "half" => {
            let half = published.and_then(half_before);
            (half, Precision::Half)
        }
        _ => calendar_unit(noun, offset, published).unwrap_or((None, Precision::Range)),
    }
}

/// The day of trade before a day, Saturdays and Sundays left out.
fn trading_day_before(date: Date) -> Option<Date> {
    use jiff::ToSpan as _;
    let mut day = shifted(date, (-1).day())?;
    while day.weekday().to_monday_zero_offset() >= 5 {
        day = shifted(day, (-1).day())?;
    }
    Some(day)
}

/// The last half of a year that is over.
fn half_before(date: Date) -> Option<Interval> {
    match date.month() {
        1..=6 => calendar::months(date.year() - 1, 7, 12, Precision::Half),
        _ => calendar::months(date.year(), 1, 6, Precision::Half),
    }
}

/// "full-year", "the quarter", "same day", "those three months": English words that point back.
pub(super) fn english(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    let word = view.word(at)?;
    let name = word.as_str();
    let next = if view.get(word.end) == '-' { word.end + 1 } else { view.blanks(word.end) };
    let noun = view.word(next).filter(|_| next > word.end)?;
    let (interval, precision) = match (name, noun.as_str()) {
        ("full" | "whole", "year") => unit("year", 0, published),
        ("same" | "that", "day" | "afternoon" | "morning" | "evening") => unit("day", 0, published),
        ("same" | "that", "week" | "month" | "quarter" | "half" | "year")
            if (name == "that" || !dated(view, noun.end)) && view.get(noun.end) != '-' =>
        {
            unit(noun.as_str(), 0, published)
        }
        ("same" | "those" | "corresponding" | "comparable", count)
            if crate::numeral::cardinal(count).is_some() || is_stretch(count) =>
        {
            let last = if is_stretch(count) { noun } else { view.next_word(noun.end)? };
            let unit = matches!(last.as_str(), "months" | "weeks" | "days" | "quarters" | "years");
            // "the same six months of 2024"
            if unit && let Some((year, end)) = super::year::year_behind(view, last.end) {
                return Some(read(at, end, years(year, 1, Precision::Year), Precision::Range));
            }
            let earlier = [" last year", " of last year", " a year earlier", " a year before", " a year ago"];
            if unit && let Some((_, end)) = view.any_of(last.end, &earlier) {
                return Some(read(at, end, None, Precision::Range));
            }
            return (unit || is_stretch(count)).then(|| read(at, last.end, None, Precision::Range));
        }
        ("reporting" | "report" | "review", "period") => (None, Precision::Range),
        ("the", "period") if opened(view, at) && !goes_on(view, noun.end) => (None, Precision::Range),
        ("same" | "that", "period") if !dated(view, noun.end) => (None, Precision::Range),
        ("the", "half") if opened(view, at) && !goes_on(view, noun.end) => unit("half", 0, published),
        ("the", "month" | "quarter" | "week") if opened(view, at) && !goes_on(view, noun.end) => {
            unit(noun.as_str(), 0, published)
        }
        ("the", "quarter" | "month") if view.starts_with(noun.end, "'s ") => {
            unit(noun.as_str(), 0, published)
        }
        _ => return None,
    };
    // "a full-year", "full year 2025" says which.
    let ends = !view.get(noun.end).is_ascii_alphanumeric();
    let said = name == "full" && (goes_on(view, noun.end) || super::year::year_of(view, noun.end).is_some());
    (ends && !said).then(|| read(at, noun.end, interval, precision))
}

fn is_stretch(word: &str) -> bool {
    matches!(word, "stretch" | "span")
}

/// "of last year", "a year earlier" behind the words.
fn dated(view: &View<'_>, end: usize) -> bool {
    view.next_word(end).is_some_and(|word| matches!(word.as_str(), "of" | "in" | "a" | "last" | "one"))
}

fn opened(view: &View<'_>, at: usize) -> bool {
    view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| {
        matches!(word.as_str(), "in" | "for" | "during" | "over" | "within" | "throughout")
    })
}

/// "the quarter ended", "the month of June", "the week to Friday", "the month-end": more is said behind.
fn goes_on(view: &View<'_>, end: usize) -> bool {
    view.get(end) == '-'
        || view.get(view.blanks(end)).is_ascii_digit()
        || view.next_word(end).is_some_and(|word| {
            matches!(
                word.as_str(),
                "of" | "year"
                    | "ended"
                    | "ending"
                    | "to"
                    | "before"
                    | "after"
                    | "ahead"
                    | "from"
                    | "through"
                    | "prior"
                    | "earlier"
                    | "later"
                    | "starting"
                    | "beginning"
            )
        })
}

/// Settles a time that points back; true if it is one.
pub(super) fn settle(mention: &mut Mention<'_>, text: &str, earlier: &[Mention<'_>]) -> bool {
    let quote = lower(mention.quote);
    let quote = quote.trim_end_matches('度');
    let chinese = quote.bytes().next().is_some_and(|first| !first.is_ascii());
    if let Some((_, noun, offset)) = CHINESE.iter().find(|(name, ..)| chinese && *name == quote) {
        let year = matches!(*noun, "year" | "month" | "quarter") && *offset == 0
            || *noun == "year"
            || noun.starts_with("period");
        let noun = if *noun == "day" && *offset != 0 { &"day before" } else { noun };
        if let Some(anchor) = anchor(mention, text, earlier, noun, !year) {
            point_to(mention, anchor, noun, *offset);
        }
        return true;
    }
    if let Some((_, _, offset)) = CHINESE.iter().find(|(name, noun, _)| {
        *noun == "year" && name.ends_with('年') && quote.starts_with(name) && !name.starts_with(['前', '全'])
    }) {
        if let Some((start, ..)) = anchor(mention, text, earlier, "year", false) {
            into_year(mention, start.year() + i16::try_from(*offset).unwrap_or(0));
        }
        return true;
    }
    if let Some(part) = edge_of_month(quote) {
        if let Some((start, ..)) = anchor(mention, text, earlier, "month", true) {
            let said = calendar::Said { year: Some(start.year()), part: part(start.month()) };
            if let Some(interval) = said.resolve(None, false) {
                set(mention, interval);
            }
        }
        return true;
    }
    let noun = match quote {
        "full-year" | "full year" | "whole year" | "same year" | "that year" => "year",
        "same day" | "same afternoon" | "same morning" | "that day" => "day",
        "same week" | "that week" => "week",
        "the month" | "same month" | "that month" => "month",
        "the quarter" | "same quarter" | "that quarter" => "quarter",
        "the period" | "reporting period" | "report period" | "review period" => "period",
        "the half" | "same half" | "that half" => "half",
        _ if quote.starts_with("those ")
            || quote.starts_with("same ") && mention.start.is_none() && !quote.contains("year") =>
        {
            "span"
        }
        _ => return false,
    };
    if let Some(anchor) = anchor(
        mention,
        text,
        earlier,
        noun,
        !matches!(noun, "year" | "month" | "quarter" | "half" | "period"),
    ) {
        point_to(mention, anchor, noun, 0);
    }
    true
}

/// Moves a part of a year into another one: 次年4月30日.
fn into_year(mention: &mut Mention<'_>, year: i16) {
    use jiff::ToSpan as _;
    let read = |day: &Option<String>| day.as_deref().and_then(|day| day.parse::<Date>().ok());
    let (start, end) = (read(&mention.start), read(&mention.end));
    // The end lies behind the last day, which may be that of the year.
    let own = start.or_else(|| shifted(end?, (-1).day()));
    let Some(own) = own else { return };
    let moved = |day: Option<Date>| day.and_then(|day| shifted(day, (year - own.year()).years()));
    mention.start = moved(start).map(super::written);
    mention.end = moved(end).map(super::written);
}

/// True for a few days of one week: 7月7日-11日.
fn is_of_days(found: &Mention<'_>) -> bool {
    let (Some(start), Some(end)) = (found.start.as_deref(), found.end.as_deref()) else { return false };
    let (Ok(start), Ok(end)) = (start.parse::<Date>(), end.parse::<Date>()) else { return false };
    start.until(end).is_ok_and(|days| (1..=7).contains(&days.get_days()))
}

/// "those three months", "same four quarters": how many months are meant.
fn months_in(quote: &str) -> Option<i32> {
    let mut words = quote.split(' ').skip(1);
    let count = i32::try_from(crate::numeral::cardinal(words.next()?)?).ok()?;
    match words.next()? {
        "months" => Some(count),
        "quarters" => Some(count * 3),
        "years" => Some(count * 12),
        _ => None,
    }
}

fn length_in_months(found: &Mention<'_>) -> Option<i32> {
    let (start, end) = (found.start.as_deref()?.parse().ok()?, found.end.as_deref()?.parse().ok()?);
    Some(super::part::whole_months(start, end))
}

/// How many mentions are searched for the time that is pointed to.
const REACH: usize = 80;

/// The last time before it that can tell the unit; within the paragraph, if `near`.
fn anchor(
    mention: &Mention<'_>,
    text: &str,
    earlier: &[Mention<'_>],
    noun: &str,
    near: bool,
) -> Option<(Date, Date, Option<Precision>)> {
    let fits = |found: &Mention<'_>| match (noun, found.precision) {
        ("day" | "day before" | "trading day", precision) => precision == Some(Precision::Day),
        ("week", Some(Precision::Range)) => is_of_days(found),
        ("week", precision) => matches!(precision, Some(Precision::Day | Precision::Week)),
        ("month", precision) => precision == Some(Precision::Month),
        // «the half year ended 31 December … in the quarter»: the last one of it.
        ("quarter", Some(Precision::Range)) => {
            matches!(length_in_months(found), Some(3 | 6)) && is_report_span(found)
        }
        ("quarter", precision) => matches!(precision, Some(Precision::Quarter | Precision::Half)),
        ("half", Some(Precision::Range)) => length_in_months(found) == Some(6) && is_report_span(found),
        ("half", precision) => precision == Some(Precision::Half),
        ("period" | "period end" | "period start", precision) => {
            matches!(precision, Some(Precision::Quarter | Precision::Half | Precision::Year))
                || noun != "period"
                    && precision == Some(Precision::Range)
                    && length_in_months(found).is_some_and(|months| months >= 3)
        }
        ("span", precision) => {
            precision.is_some()
                && precision != Some(Precision::Day)
                && months_in(mention.quote).is_none_or(|count| Some(count) == length_in_months(found))
        }
        _ => true,
    };
    // What is far away is not meant, and a long text must not be searched whole for each time in it.
    let of_report = noun.starts_with("period");
    let near_by = if of_report {
        &earlier[..earlier.len().min(REACH)]
    } else {
        &earlier[earlier.len().saturating_sub(REACH)..]
    };
    let ends = |found: &Mention<'_>| -> Option<(Date, Date, Option<Precision>)> {
        Some((found.start.as_deref()?.parse().ok()?, found.end.as_deref()?.parse().ok()?, found.precision))
    };
    let mut times = near_by.iter().filter(|found| {
        found.kind == Kind::Time && fits(found) && ends(found).is_some() && !compares(found, text)
    });
    // What a report is of is said at its beginning; all else is told from what was said last.
    let found = if of_report { times.next() } else { times.next_back() }.filter(|found| {
        let between = &text[found.end_byte..mention.start_byte];
        !near || between.len() < 400 && (!between.contains('\n') || matches!(noun, "day" | "span"))
    });
    let report = || report(mention, text, earlier).filter(|found| fits(found));
    found.or_else(report).and_then(ends)
}

/// True for a span that ends with the words for it: "half year ended 31 December", "three months to June".
fn is_report_span(found: &Mention<'_>) -> bool {
    ["ended", "ending", " to "].iter().any(|word| found.quote.contains(word))
}

/// Sets the unit around the anchor, `offset` units on.
fn point_to(
    mention: &mut Mention<'_>,
    (start, end, precision): (Date, Date, Option<Precision>),
    noun: &str,
    offset: i32,
) {
    use jiff::ToSpan as _;
    let interval = match noun {
        "day" | "day before" => {
            shifted(start, offset.days()).and_then(|day| calendar::day(day.year(), day.month(), day.day()))
        }
        "trading day" => {
            trading_day_before(start).and_then(|day| calendar::day(day.year(), day.month(), day.day()))
        }
        "period end" => {
            shifted(end, (-1).days()).and_then(|day| calendar::day(day.year(), day.month(), day.day()))
        }
        "period start" => calendar::day(start.year(), start.month(), start.day()),
        "week" => calendar::week(start, offset),
        "month" => shifted(start.first_of_month(), offset.months())
            .and_then(|date| calendar::months(date.year(), date.month(), date.month(), Precision::Month)),
        "quarter" if precision != Some(Precision::Quarter) => {
            shifted(end, (-1).days()).and_then(|day| quarter(day, offset))
        }
        "quarter" => quarter(start, offset),
        "year" => {
            i16::try_from(offset).ok().and_then(|offset| years(start.year() + offset, 1, Precision::Year))
        }
        _ => Some(Interval::new(start, end, precision.unwrap_or(Precision::Range))),
    };
    if let Some(interval) = interval {
        set(mention, interval);
    }
}

fn set(mention: &mut Mention<'_>, interval: Interval) {
    mention.start = interval.start.map(|date| date.to_string());
    mention.end = interval.end.map(|date| date.to_string());
    mention.precision = Some(interval.precision);
}

/// 月初, 下旬: which part of the month that is spoken of.
fn edge_of_month(quote: &str) -> Option<fn(i8) -> calendar::Of> {
    Some(match quote {
        "月初" => |month| calendar::Of::Day(month, 1),
        "上旬" => |month| calendar::Of::TenDays(month, 1),
        "月中" | "中旬" => |month| calendar::Of::TenDays(month, 2),
        "下旬" => |month| calendar::Of::TenDays(month, 3),
        "月底" | "月末" | "month-end" | "month end" => calendar::Of::LastDay,
        _ => return None,
    })
}
