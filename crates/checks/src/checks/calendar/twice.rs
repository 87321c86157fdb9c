//! One time that is told twice, in two ways.

use api::record::Check;
use jiff::ToSpan as _;
use jiff::civil::Date;
use text::Mention;

use super::super::wording;
use super::MONTHS;
use crate::outcome::Outcome;
use crate::page::{Page, days, place};
use crate::words::has;

/// Times told from the day of publication, which a date behind them makes plain.
const RELATIVE: &[&str] = &[
    "last", "this", "previous", "preceding", "prior", "year-earlier", "earlier", "上周", "本周", "去年",
    "上年", "今年", "上月", "本月", "前年", "上季", "昨日", "昨天", "今日", "今天", "明日", "明天", "明年",
    "下月", "下周", "下季", "yesterday", "today", "tomorrow", "next",
];

/// Days told from the day of publication, which may be told in another time zone.
const DAYS: [&str; 9] = ["yesterday", "today", "tomorrow", "昨日", "昨天", "今日", "今天", "明日", "明天"];

/// What stands between a time and the same time told once more.
const JOINS: &[&str] = &[
    ", ", ", the ", " (", "(", "（", "，即", "即", "（即", "，也就是", "也就是", ", i.e. ", " (i.e. ",
    ", that is ", ", that is, ", ", or ", ", namely ", " - ", " – ", " — ", "——", ", from ", " (from ",
    ", in ", ": ", "：", ", between ",
];

/// By how many days a stretch of months that is told for a quarter or a half is another one, in whatever year.
const OFF_DAYS: i32 = 20;

/// One time told twice, from the day of publication and by its date: «the fourth quarter of last year, October to December 2024».
pub(super) fn named_twice(page: &Page<'_>, time: &Mention<'_>, next: &Mention<'_>) -> Option<Outcome> {
    let between = page.text.get(time.end_byte..next.start_byte)?.to_lowercase();
    let stem = between.trim_end_matches("in ").trim_end_matches("on ").trim_end_matches("from ");
    let joined = JOINS.contains(&between.as_str()) || JOINS.contains(&stem);
    if let Some(outcome) = said_again(page, time, next, stem) {
        return Some(outcome);
    }
    let quote = time.quote.to_lowercase();
    let fiscal = ["财年", "fiscal", "financial"].iter().any(|word| quote.contains(word));
    let month = |word: &str| next.quote.to_lowercase().starts_with(word);
    let absolute =
        next.quote.bytes().any(|byte| byte.is_ascii_digit()) || MONTHS.iter().any(|word| month(word));
    if joined && let Some(outcome) = quarter(page, time, next) {
        return Some(outcome);
    }
    if !joined || !absolute || !(fiscal || has(&quote, RELATIVE)) || has(&next.quote.to_lowercase(), RELATIVE)
    {
        return None;
    }
    let (one, other) = (days(time)?, days(next)?);
    let length = |(first, last): (Date, Date)| (last - first).get_days();
    let same = (length(one) - length(other)).abs() <= 3;
    // Whose fiscal year begins when is not known here; a length that fits holds.
    // The working days of a week are that week too.
    let week = length(one) == 6 && one.0 <= other.0 && other.1 <= one.1;
    let holds = if fiscal { same } else { one == other || week };
    // A day more or less is another time zone.
    let zone = DAYS.contains(&quote.as_str()) && (one.0 - other.0).get_days().abs() < 2;
    if !holds && (fiscal || !same || zone) {
        return None;
    }
    let shown = |(first, last): (Date, Date)| {
        if first == last { first.to_string() } else { format!("{first} to {last}") }
    };
    let said = match fiscal {
        true => format!("«{}» is {}", time.quote, shown(other)),
        false => format!("«{}» is {}; printed «{}»", time.quote, shown(one), next.quote),
    };
    let passages = vec![time.start_byte..time.end_byte, next.start_byte..next.end_byte];
    Some(wording(page, Check::Calendar, holds, said, passages))
}

/// A quarter or half year and its months behind it: 二季度（4月至6月）.
fn quarter(page: &Page<'_>, time: &Mention<'_>, next: &Mention<'_>) -> Option<Outcome> {
    let (one, other) = (days(time)?, days(next)?);
    let quote = time.quote.to_lowercase();
    let chinese = quote.contains("季度") || quote.contains("半年");
    let named = chinese || quote.contains("quarter") || quote.contains("half");
    let months = next.quote.contains('月')
        || MONTHS.iter().filter(|month| next.quote.to_lowercase().contains(&month[..3])).count() == 2;
    let fiscal = ["财", "fiscal", "financial", "年度"].iter().any(|word| quote.contains(word));
    let month = |day: Date| day.month();
    let year = next.quote.contains(&other.0.year().to_string());
    let same =
        if year { one == other } else { month(one.0) == month(other.0) && month(one.1) == month(other.1) };
    let length = |(first, last): (Date, Date)| (last - first).get_days();
    // Whose quarters begin when is not known here, except in Chinese, where a 财季 is called one.
    let certain = chinese && !page.text.contains('财') && (length(one) - length(other)).abs() <= 3;
    // In no financial year has a quarter four months.
    let between = page.text.get(time.end_byte..next.start_byte).unwrap_or_default();
    let restated = matches!(between, " (" | "(" | "（" | "，即" | ", i.e. ");
    let certain = certain || restated && (length(one) - length(other)).abs() >= OFF_DAYS;
    if !named || !months || fiscal || has(&quote, RELATIVE) || length(other) < 58 || !same && !certain {
        return None;
    }
    let said = format!("«{}» is {} to {}; printed «{}»", time.quote, one.0, one.1, next.quote);
    Some(wording(page, Check::Calendar, same, said, vec![place(time), place(next)]))
}

/// One time with its year told once more in a shorter one, by words that say so: «the June quarter of 2026, that is August 2026».
fn said_again(page: &Page<'_>, time: &Mention<'_>, next: &Mention<'_>, between: &str) -> Option<Outcome> {
    const THAT_IS: [&str; 12] = [
        ", that is", ", i.e.", ", ie", "(i.e.", ", namely", ", in other words", "，即", ",即", "即", "（即",
        "(即", "，也就是",
    ];
    let year = |time: &Mention<'_>, first: Date| time.quote.contains(&first.year().to_string());
    let (one, other) = (days(time)?, days(next)?);
    let quote = time.quote.to_lowercase();
    let fiscal = ["财", "fiscal", "financial", "fy"].iter().any(|word| quote.contains(word));
    let between = between.trim_end_matches([' ', ',']).trim_start_matches(' ');
    let dated = next.quote.to_lowercase();
    let named = dated.contains('月') || MONTHS.iter().any(|month| dated.contains(month));
    if !THAT_IS.contains(&between) || fiscal || !year(time, one.0) || !named {
        return None;
    }
    // A month without its year is of that of the time before it.
    let other = if year(next, other.0) {
        other
    } else {
        let years = i32::from(one.0.year()) - i32::from(other.0.year());
        (other.0.checked_add(years.years()).ok()?, other.1.checked_add(years.years()).ok()?)
    };
    let within = one.0 <= other.0 && other.1 <= one.1 || other.0 <= one.0 && one.1 <= other.1;
    if !within && other.0 <= one.1 && one.0 <= other.1 {
        return None;
    }
    let said = format!("«{}» is {} to {}; printed «{}»", time.quote, one.0, one.1, next.quote);
    Some(wording(page, Check::Calendar, within, said, vec![place(time), place(next)]))
}
