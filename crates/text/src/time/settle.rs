//! Times that count from a time said before: 去年同期, "a year earlier", "the previous quarter".
//!
//! They are read by themselves first, and settled when the mentions before them are known: from the period that the
//! sentence or paragraph speaks of if there is one, else their ends stay as the words alone give them, or open.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::anchor::{Reach, anchor};
use crate::find::find;
use crate::mention::{Kind, Mention, Precision};

/// Resolves a time by the mentions before it, if its words ask for that.
pub(crate) fn settle(
    mention: &mut Mention<'_>,
    text: &str,
    earlier: &[Mention<'_>],
    published: Option<Date>,
) {
    if mention.doubt.is_some() || super::fiscal::settle(mention, text, published) {
        return;
    }
    if listed(mention, text, earlier)
        || of_the_year(mention, text, earlier, published)
        || day_of_the_month(mention, text, earlier, published)
        || super::recall::settle(mention, text, earlier)
    {
        return;
    }
    if mention.quote == "年初" {
        // The beginning of the year that is reported on.
        let near = anchor(mention, text, earlier, Reach::Sentence)
            .filter(|near| near.precision == Some(Precision::Year));
        if let Some((start, _)) = near.and_then(ends)
            && let Ok(next) = start.checked_add(1.day())
        {
            set(mention, start, next, Some(Precision::Day));
        }
    } else if mention.quote.starts_with("上周") && mention.quote.ends_with("同期") {
        if let Some(near) = anchor(mention, text, earlier, Reach::Sentence)
            && let Some((start, end)) = ends(near)
            && let Some((start, end)) = moved(start, end, (-1).weeks())
        {
            set(mention, start, end, near.precision);
        }
    } else if mention.quote.starts_with('上') && mention.quote.contains("月同期") {
        if let Some(near) = anchor(mention, text, earlier, Reach::Sentence)
            && near.precision != Some(Precision::Month)
            && let Some((start, end)) = ends(near)
            && let Some((start, end)) = moved(start, end, (-1).months())
        {
            set(mention, start, end, near.precision);
        }
    } else if mention.quote.contains('同') && mention.quote.ends_with(['期', '月', '季', '周', '间']) {
        same_period(mention, text, earlier, chinese_years(mention));
    } else if mention.quote.starts_with('上') {
        compared_chinese(mention, text, earlier);
    } else if mention.quote.is_ascii() {
        english(mention, text, earlier);
    }
}

/// 2024年5月和6月, "Q2 2024 and Q3": what follows in a list is of the same year where it leaves its year out.
fn listed(mention: &mut Mention<'_>, text: &str, earlier: &[Mention<'_>]) -> bool {
    let Some(before) = earlier.last().filter(|before| before.kind == Kind::Time) else { return false };
    let plain = matches!(mention.precision, Some(Precision::Month | Precision::Quarter | Precision::Half));
    if !plain || before.precision != mention.precision || !said_with_year(before.quote) {
        return false;
    }
    let between = text[before.end_byte..mention.start_byte].trim();
    let alone =
        !said_with_year(mention.quote) && !mention.quote.starts_with(['上', '本', '下', '当', '这', '同']);
    if !alone || !matches!(between, "、" | "和" | "及" | "与" | "," | "，" | "and" | "or" | "/" | "&") {
        return false;
    }
    let (Some((start, end)), Some((first, _))) = (ends(mention), ends(before)) else { return false };
    if let Some((start, end)) = moved(start, end, (first.year() - start.year()).years())
        && start > first
    {
        set(mention, start, end, mention.precision);
    }
    true
}

/// 2025年下半年…比上半年, "in 2024 … with the fourth quarter": a quarter or half without its year is of the year that the sentence
/// speaks of.
fn of_the_year(
    mention: &mut Mention<'_>,
    text: &str,
    earlier: &[Mention<'_>],
    published: Option<Date>,
) -> bool {
    let plain = matches!(mention.precision, Some(Precision::Quarter | Precision::Half));
    let relative = mention.quote.starts_with(['上', '本', '下', '这', '当', '今', '去', '明', '同'])
        && !mention.quote.starts_with("上半")
        && !mention.quote.starts_with("下半");
    if !plain || relative || said_with_year(mention.quote) || !begins_with_number(mention.quote) {
        return false;
    }
    let Some(near) = anchor(mention, text, earlier, Reach::Sentence) else { return false };
    let whole = matches!(near.precision, Some(Precision::Quarter | Precision::Half | Precision::Year));
    // What has not ended is no fact beside a quarter of the year before.
    let open = ends(mention).zip(published).is_some_and(|((_, end), today)| end > today);
    let beside = open && near.precision == mention.precision;
    if !whole || !said_with_year(near.quote) && !beside {
        return false;
    }
    let (Some((start, end)), Some((first, last))) = (ends(mention), ends(near)) else { return false };
    let years = (first.year() - start.year()).years();
    match moved(start, end, years) {
        // What the sentence reaches to by itself is left as it was read.
        Some((start, end))
            if last.year() == first.year() || near.precision == Some(Precision::Year) || end <= last =>
        {
            set(mention, start, end, mention.precision);
            true
        }
        _ => false,
    }
}

/// 上半年, 三季度, Q3, "first half", "third-quarter": not "the quarter", 本季度 or "June quarter".
fn begins_with_number(quote: &str) -> bool {
    const NUMBERS: &[&str] = &["first", "second", "third", "fourth", "q", "h"];
    quote.starts_with(['上', '下', '一', '二', '三', '四', '第', '首', '1', '2', '3', '4', '前', '后'])
        || NUMBERS.iter().any(|word| quote.to_ascii_lowercase().starts_with(word))
}

/// 11日, "the 11th": of the month that the sentence or the report speaks of.
fn day_of_the_month(
    mention: &mut Mention<'_>,
    text: &str,
    earlier: &[Mention<'_>],
    published: Option<Date>,
) -> bool {
    let quote = mention.quote.trim_start_matches("the ");
    let digits = quote.bytes().take_while(u8::is_ascii_digit).count();
    let bare = (1..=2).contains(&digits)
        && matches!(&quote[digits..], "日" | "号" | "st" | "nd" | "rd" | "th")
        && mention.precision == Some(Precision::Day);
    if !bare {
        return false;
    }
    let Some(near) = anchor(mention, text, earlier, Reach::Report) else { return true };
    let month = matches!(near.precision, Some(Precision::Month | Precision::Day));
    if let (true, Some((start, _)), Ok(number)) = (month, ends(near), quote[..digits].parse())
        && let Some(day) = super::calendar::day(start.year(), start.month(), number)
    {
        // "figures for July are due on the 20th": the coming one.
        let before = &text[..mention.start_byte];
        let clause = before.rfind(['.', ';', '\n', '。', '；']).map_or(before, |at| &before[at..]);
        let ahead = [" due ", " will ", "将于", "将在"].iter().any(|word| find(clause, word).is_some());
        if ahead && published.is_some() && day.start < published {
            return true;
        }
        mention.start = day.start.map(super::written);
        mention.end = day.end.map(super::written);
    }
    true
}

/// True if a quote names its year, in digits or words.
fn said_with_year(quote: &str) -> bool {
    let digits = quote.bytes().filter(u8::is_ascii_digit).count();
    quote.contains('年') || digits >= 3 || quote.to_ascii_lowercase().contains("year")
}

/// By how many years 去年同期 lies before its period: the year it names against that of the period, which is settled with
/// the anchor; none for 同期 alone.
fn chinese_years(mention: &Mention<'_>) -> Years {
    let quote = mention.quote;
    if quote.starts_with("前年") {
        return Years::Back(2);
    }
    if quote.starts_with(['去', '上']) {
        return Years::Back(1);
    }
    match mention.start.as_deref().and_then(|start| start.parse::<Date>().ok()) {
        Some(start) if quote.chars().count() > 2 => Years::Of(start.year()),
        _ => Years::Back(0),
    }
}

/// Which year a period is moved to.
#[derive(Clone, Copy, Debug)]
enum Years {
    Back(i16),
    Of(i16),
}

/// The period that the paragraph speaks of, in another year.
fn same_period(mention: &mut Mention<'_>, text: &str, earlier: &[Mention<'_>], years: Years) {
    let Some(anchor) = anchor(mention, text, earlier, Reach::Report) else {
        // Of which period it is the same is not said, so that the year alone would be wrong.
        if mention.quote.ends_with("同期") {
            (mention.start, mention.end) = (None, None);
        }
        return;
    };
    let Some((start, end)) = ends(anchor) else { return };
    let back = match years {
        Years::Back(back) => back,
        Years::Of(year) => start.year() - year,
    };
    if let Some((start, end)) = moved(start, end, (-back).years()) {
        set(mention, start, end, anchor.precision);
    }
}

/// 6月…比上月: the month before June.
fn compared_chinese(mention: &mut Mention<'_>, text: &str, earlier: &[Mention<'_>]) {
    let before = text[..mention.start_byte].trim_end();
    if matches!(mention.quote, "上年" | "上一年") && before.ends_with(['比', '较', '与']) {
        let near = anchor(mention, text, earlier, Reach::Report)
            .filter(|near| near.precision == Some(Precision::Year));
        if let Some(near) = near {
            previous(mention, near, 1);
        }
        return;
    }
    let counts = ["上月", "上个月", "上一季度", "上季度", "上个季度"].contains(&mention.quote);
    let weekday = mention.precision == Some(Precision::Day) && mention.quote.contains(['周', '星', '礼']);
    if !counts && !before.ends_with(['比', '较', '与']) || mention.quote.contains('年') || weekday {
        return;
    }
    let Some(near) = anchor(mention, text, earlier, Reach::Report) else { return };
    if near.precision == mention.precision {
        previous(mention, near, 1);
    }
}

/// "a year earlier", "the same period of last year", "the previous quarter", "the following day"
fn english(mention: &mut Mention<'_>, text: &str, earlier: &[Mention<'_>]) {
    let quote = mention.quote.to_ascii_lowercase();
    let first = quote.split([' ', '-']).next().unwrap_or_default();
    let last = quote.rsplit(' ').next().unwrap_or_default();
    if matches!(first, "same" | "corresponding" | "comparable" | "pcp")
        || quote.ends_with("corresponding period")
        || quote.ends_with("same period") && quote.starts_with("last year")
        || quote.ends_with("comparable period")
        || quote.starts_with("year-") && !quote.starts_with("year-to")
    {
        let years = if quote.contains("last year")
            || quote.contains("year-")
            || quote.contains("a year")
            || quote.contains("one year")
            || quote.contains("previous year")
            || quote.contains("prior year")
            || quote == "pcp"
            || quote.starts_with("pr")
        {
            Years::Back(1)
        } else {
            match mention.start.as_deref().and_then(|start| start.parse::<Date>().ok()) {
                Some(start) => Years::Of(start.year()),
                None => return,
            }
        };
        return same_period(mention, text, earlier, years);
    }
    // "up from a year ago" compares, "a year ago" tells a day.
    let before = text[..mention.start_byte].trim_end();
    let compared = quote.ends_with(" ago")
        && ["from", "than", "with", "against", "versus", "over"].iter().any(|word| ends_with(before, word));
    if quote.ends_with(" earlier") || quote.ends_with(" before") && !quote.starts_with("the ") || compared {
        let Some(anchor) = anchor(mention, text, earlier, Reach::Report) else { return };
        let (Some((start, end)), Some(span)) = (ends(anchor), length_back(&quote)) else { return };
        // A month before 30 June is one day, and not what lies between 30 May and 1 June.
        let shifted = match anchor.precision {
            Some(Precision::Day) => {
                start.checked_add(span).ok().and_then(|start| Some((start, start.checked_add(1.day()).ok()?)))
            }
            _ => moved(start, end, span),
        };
        if let Some((start, end)) = shifted {
            set(mention, start, end, anchor.precision);
        }
        return;
    }
    let forward = first == "following";
    let forward = forward || quote == "next day";
    if matches!(
        quote.as_str(),
        "the day before" | "the week before" | "the month before" | "the quarter before" | "the year before"
    ) {
        if let Some(anchor) = anchor(mention, text, earlier, Reach::Sentence) {
            previous(mention, anchor, 1);
        }
        return;
    }
    if window_before(mention, text, earlier, &quote) {
        return;
    }
    if !(forward || matches!(first, "previous" | "preceding" | "prior")) {
        return;
    }
    let article = ends_with(text[..mention.start_byte].trim_end(), "the");
    let Some(anchor) = anchor(mention, text, earlier, Reach::Report).filter(|_| article) else { return };
    // "on Thursday … the previous Thursday": a week before.
    if super::week::weekday(last).is_some() {
        if let Some((start, end)) = ends(anchor)
            && let Some(day) = mention.start.as_deref().and_then(|day| day.parse::<Date>().ok())
            && start.weekday() == day.weekday()
            && anchor.precision == mention.precision
            && let Some((start, end)) = moved(start, end, if forward { 7 } else { -7 }.days())
        {
            set(mention, start, end, anchor.precision);
        }
        return;
    }
    previous(mention, anchor, if forward { -1 } else { 1 });
}

/// The unit before (or behind) the anchor where both have the same precision; otherwise the ends are left open, because
/// from which day it counts is not said.
fn previous(mention: &mut Mention<'_>, anchor: &Mention<'_>, back: i64) {
    let span = match mention.precision {
        precision if precision != anchor.precision => None,
        Some(Precision::Day) => Some((-back).days()),
        Some(Precision::Week) => Some((-back).weeks()),
        Some(Precision::Month) => Some((-back).months()),
        Some(Precision::Quarter) => Some((-3 * back).months()),
        Some(Precision::Half) => Some((-6 * back).months()),
        Some(Precision::Year) => Some((-back).years()),
        _ => None,
    };
    let found = span.and_then(|span| {
        let (start, end) = ends(anchor)?;
        moved(start, end, span)
    });
    // The week before the one around a day.
    let around = || {
        let (start, end) = ends(anchor)?;
        let short = start.until(end).is_ok_and(|days| days.get_days() <= 7);
        let noun = match mention.precision? {
            Precision::Week => "week",
            Precision::Month => "month",
            Precision::Quarter => "quarter",
            _ => return None,
        };
        let offset = i32::try_from(-back).ok().filter(|_| short)?;
        super::relative::calendar_unit(noun, offset, Some(start))?.0
    };
    match found {
        Some((start, end)) => set(mention, start, end, anchor.precision),
        None if let Some(unit) = around() => {
            mention.start = unit.start.map(|date| date.to_string());
            mention.end = unit.end.map(|date| date.to_string());
        }
        None => {
            mention.start = None;
            mention.end = None;
        }
    }
}

/// "the eight preceding months", "the previous three years": up to where the time that the sentence speaks of begins.
fn window_before(mention: &mut Mention<'_>, text: &str, earlier: &[Mention<'_>], quote: &str) -> bool {
    let words: Vec<&str> = quote.split([' ', '-']).filter(|word| !word.is_empty()).take(4).collect();
    let before = |word: &str| matches!(word, "previous" | "preceding" | "prior");
    let length = match words.as_slice() {
        [first, count, unit] if before(first) => format!("{count} {unit}"),
        [count, second, unit] if before(second) => format!("{count} {unit}"),
        _ => return false,
    };
    let article = ends_with(text[..mention.start_byte].trim_end(), "the");
    let Some(span) = length_back(&length).filter(|_| article) else { return false };
    let near = anchor(mention, text, earlier, Reach::Sentence).and_then(ends);
    if let Some((start, _)) = near
        && let Ok(begin) = start.checked_add(span)
    {
        set(mention, begin, start, Some(Precision::Range));
    }
    true
}

/// "a year earlier", "three months earlier" as a span backwards.
fn length_back(quote: &str) -> Option<Span> {
    let mut words = quote.split([' ', '-']).filter(|word| !word.is_empty());
    let count: i64 = match words.next()? {
        "a" | "an" | "one" => 1,
        word => crate::numeral::cardinal(word).map(i64::from).or_else(|| word.parse().ok())?,
    };
    let unit = super::duration::english_unit(words.next()?)?;
    let count = -count.checked_mul(i64::from(unit.count)).filter(|count| *count < 10_000)?;
    Some(match unit.code {
        "d" => count.days(),
        "wk" => count.weeks(),
        "mo" => count.months(),
        "a" => count.years(),
        _ => return None,
    })
}

fn ends(mention: &Mention<'_>) -> Option<(Date, Date)> {
    Some((mention.start.as_deref()?.parse().ok()?, mention.end.as_deref()?.parse().ok()?))
}

fn moved(start: Date, end: Date, span: Span) -> Option<(Date, Date)> {
    Some((start.checked_add(span).ok()?, end.checked_add(span).ok()?))
}

fn set(mention: &mut Mention<'_>, start: Date, end: Date, precision: Option<Precision>) {
    mention.start = Some(super::written(start));
    mention.end = Some(super::written(end));
    mention.precision = precision;
}

/// True if a text ends with a word, whatever its capitals.
fn ends_with(text: &str, word: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= word.len() && bytes[bytes.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
}
