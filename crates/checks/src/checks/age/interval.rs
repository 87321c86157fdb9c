//! The time between two dates that is told from one of them: «opened on 2 December, four weeks earlier».

use std::ops::Range;

use rust_decimal::Decimal;
use text::{Kind, Mention};

use super::{Length, Unit, day, is_dated, judge};
use crate::outcome::Outcome;
use crate::page::{Page, Sentence};
use crate::words::has;

/// Words behind a length that lead from one date to another, in English and in Chinese.
const STEPS: [&str; 8] = ["earlier", "later", "before", "之后", "以后", "后", "之前", "前"];

/// How far from the length its own date may stand, in bytes.
const REACH: usize = 12;

/// Counts in words.
const COUNTS: [(&str, &str); 12] = [
    ("one", "一"),
    ("two", "两"),
    ("three", "三"),
    ("four", "四"),
    ("five", "五"),
    ("six", "六"),
    ("seven", "七"),
    ("eight", "八"),
    ("nine", "九"),
    ("ten", "十"),
    ("eleven", "十一"),
    ("twelve", "十二"),
];

/// Words with which a length may be told from another thing than a date beside it.
const OTHER: &[&str] = &[
    "working", "business", "trading", "工作日", "交易日", "deadline", "schedule", "planned", "expected",
    "than", "计划", "预期", "原定", "each", "respectively", "分别",
];

/// A length told from one date to another, held against both.
pub(super) fn check(page: &Page<'_>, at: usize, sentence: &Sentence) -> Option<Outcome> {
    let times: Vec<&Mention<'_>> = page.times(&sentence.span).collect();
    let (index, length) =
        times.iter().enumerate().find_map(|(index, time)| Some((index, length(page, time)?)))?;
    // The date of the step stands right before the length, or right behind it.
    let near = |from: usize, to: usize| {
        to.checked_sub(from).is_some_and(|gap| gap <= REACH) && is_link(&page.text[from..to])
    };
    let own = |time: &&Mention<'_>| is_dated(time) && is_day(time, length.unit);
    let before = times[..index].last().copied().filter(own);
    let before = before.filter(|time| near(time.end_byte, length.start));
    let behind = times.get(index + 1).copied().filter(own);
    let behind = behind.filter(|time| near(length.end, time.start_byte));
    let step = before.or(behind)?;
    // Exactly one other date is told before: the one from which it is counted.
    let last = page.sentences[..at].last().filter(|last| last.line == sentence.line);
    let head = last.map_or(sentence.span.start, |last| last.span.start)..length.start;
    let told: Vec<&Mention<'_>> = page
        .times(&head)
        .filter(|time| is_dated(time) && time.kind == Kind::Time && time.start_byte != step.start_byte)
        .filter(|time| day(time) != day(step))
        .collect();
    let &[from] = told.as_slice() else { return None };
    let words = page.lower(sentence.span.start, sentence.span.end);
    if !is_day(from, length.unit) || has(&words, OTHER) {
        return None;
    }
    let (one, other) = (day(from)?, day(step)?);
    let (first, second) = if one.0 <= other.0 { (one, other) } else { (other, one) };
    let (from, to) = if one.0 <= other.0 { (from, step) } else { (step, from) };
    let outcome = judge(page, &length, from, Some(to), first, second)?;
    let beside = sentence.span.contains(&from.start_byte) && sentence.span.contains(&to.start_byte);
    // Across sentences the length may be counted from another thing: then it fails only right behind the date.
    (outcome.holds || beside || before.is_some()).then_some(outcome)
}

/// The length of «four weeks earlier» or «三个月后», with the words of the step.
fn length(page: &Page<'_>, time: &Mention<'_>) -> Option<Length> {
    let Range { start, end } = time.start_byte..time.end_byte;
    let quote = time.quote.to_lowercase();
    let behind: String = page.text[end..].chars().take(8).collect();
    let told = STEPS.iter().any(|step| {
        quote.ends_with(step)
            || behind.trim_start().starts_with(step)
                && !behind.trim_start()[step.len()..].starts_with(|letter: char| letter.is_ascii_alphabetic())
    });
    if !told || quote.ends_with("ago") {
        return None;
    }
    const UNITS: [(&str, Unit); 10] = [
        ("year", Unit::Year),
        ("month", Unit::Month),
        ("week", Unit::Week),
        ("day", Unit::Day),
        ("个月", Unit::Month),
        ("星期", Unit::Week),
        ("周", Unit::Week),
        ("天", Unit::Day),
        ("日", Unit::Day),
        ("年", Unit::Year),
    ];
    let (at, unit) = UNITS.iter().find_map(|(word, unit)| Some((quote.find(word)?, *unit)))?;
    let count = quote[..at].trim_end_matches(['个', ' ', '-']);
    let named = COUNTS.iter().position(|(english, chinese)| count == *english || count == *chinese);
    let count = named.map(|index| Decimal::from(index + 1)).or_else(|| count.parse().ok())?;
    Some(Length { start, end, count, unit, qualifier: time.qualifier })
}

/// True for a time that is told to at least the unit of the length: «in 2023, three months later» tells nothing.
fn is_day(time: &Mention<'_>, unit: Unit) -> bool {
    let days = day(time).map(|(first, last)| (last - first).get_days());
    days.is_some_and(|days| match unit {
        Unit::Year => days < 366,
        Unit::Month => days < 32,
        Unit::Week | Unit::Day => days == 0,
    })
}

/// True for what may stand between a length and its date.
fn is_link(between: &str) -> bool {
    matches!(
        between.trim(),
        "" | ","
            | "，"
            | "("
            | "（"
            | ", on"
            | ", in"
            | "on"
            | "in"
            | ", exactly"
            | ", just"
            | ", some"
            | ", about"
            | ", nearly"
            | "的"
            | ",即"
            | "，即"
            | "即"
            | "于"
            | ",于"
            | "，于"
            | "later"
            | "later,"
            | "later, on"
            | "later, in"
            | "later in"
            | "later on"
            | "earlier"
            | "earlier, on"
            | "earlier, in"
            | "后"
            | "后的"
            | "后于"
            | "之后"
    )
}
