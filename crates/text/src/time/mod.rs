//! Times and durations, resolved against the day of publication.

mod anchor;
mod article;
mod begin;
mod bound;
mod calendar;
mod chinese;
mod chinese_part;
mod chinese_window;
mod duration;
mod english;
mod era;
mod fiscal;
mod iso;
mod lunar;
mod month;
mod named;
mod nth;
mod ordinal;
mod part;
mod range;
mod recall;
mod relative;
mod season;
mod settle;
mod span;
mod week;
mod window;
mod year;
mod year_noun;

use std::sync::LazyLock;

use jiff::civil::Date;

pub(crate) use calendar::{Interval, Of, Said};
pub(crate) use duration::Length;
pub(crate) use english::month_name;
pub(crate) use settle::settle;
pub(crate) use year::year_behind;

use crate::mention::{Doubt, Kind, Precision};
use crate::sieve::Sieve;
use crate::view::{View, is_han};

/// A time or duration read; spans count characters.
#[derive(Clone, Debug)]
pub(crate) struct TimeRead {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind,
    pub(crate) interval: Option<Interval>,
    pub(crate) precision: Option<Precision>,
    pub(crate) length: Option<Length>,
    pub(crate) doubt: Option<Doubt>,
}

/// A time as said, with the index after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) end: usize,
    pub(crate) said: Said,
}

/// A day as `2025-07-13`: the same as `Date::to_string`, without its general formatting.
pub(crate) fn written(date: Date) -> String {
    let (Ok(year @ 1000..=9999), Ok(month), Ok(day)) =
        (u16::try_from(date.year()), u8::try_from(date.month()), u8::try_from(date.day()))
    else {
        return date.to_string();
    };
    let mut text = String::with_capacity(10);
    for power in [1000, 100, 10, 1] {
        text.push(char::from(b'0' + (year / power % 10) as u8));
    }
    for part in [month, day] {
        text.push('-');
        text.push(char::from(b'0' + part / 10));
        text.push(char::from(b'0' + part % 10));
    }
    text
}

/// False if surely no time or duration begins at `at`, as the first word or character tells.
pub(crate) fn may_begin(view: &View<'_>, at: usize) -> bool {
    let first = view.get(at);
    let can_begin = first.is_ascii_alphanumeric() || is_han(first);
    let behind_letter = view.before(at).is_ascii_lowercase() && first.is_ascii_digit();
    can_begin && begin::may_begin(view, at, first) && (view.at_edge(at) || behind_letter)
}

/// The time or duration that begins at `at`, where [`may_begin`] is known to hold.
pub(crate) fn time_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    let first = view.get(at);
    // LME三月镍: the metal for delivery in three months.
    if first == '三' && view.get(at + 1) == '月' && "铜铝锌铅镍锡钴".contains(view.get(at + 2)) {
        return None;
    }
    // 今年以来 is the year to date before it is a point from which on.
    let mut best = window::to_date(view, at, published);
    let mut take = |candidate: Option<TimeRead>| {
        if let Some(candidate) = candidate
            && best.as_ref().is_none_or(|best| candidate.end > best.end)
        {
            best = Some(candidate);
        }
    };
    take(range::range_at(view, at, published));
    let digit = first.is_ascii_digit();
    if digit && !span::countable(view, at) {
        return best.map(|best| article::without(view, best));
    }
    take(window::relative_at(view, at, published));
    if digit || english::letter(view, at) {
        take(span::at(view, at, published));
        take(span::in_time(view, at, published));
    }
    take(duration::duration_at(view, at));
    best.map(|best| article::without(view, best))
}

pub(crate) fn read(start: usize, end: usize, interval: Option<Interval>, precision: Precision) -> TimeRead {
    let precision = interval.map_or(precision, |interval| interval.precision);
    TimeRead { start, end, kind: Kind::Time, interval, precision: Some(precision), length: None, doubt: None }
}

fn precision_of(said: Said) -> Precision {
    match said.part {
        Of::Year => Precision::Year,
        Of::Half(_) => Precision::Half,
        Of::Quarter(_) => Precision::Quarter,
        Of::Month(_) => Precision::Month,
        Of::TenDays(..) => Precision::TenDays,
        Of::Day(..) | Of::DayOnly(_) | Of::LastDay(_) => Precision::Day,
        Of::ThirdOnly(_) => Precision::TenDays,
        Of::Quarters(..) | Of::Months(..) | Of::Within(..) => Precision::Range,
        Of::Fixed(interval) => interval.precision,
    }
}

/// A single time at `at`, in any notation.
pub(crate) fn point_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    plain_point(view, at, published).map(|point| week::with_day(view, point))
}

/// A single time without the day of its week that may stand behind it.
fn plain_point(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let first = view.get(at);
    let mut best: Option<Point> = None;
    let mut take = |candidate: Option<Point>| {
        if let Some(candidate) = candidate
            && best.is_none_or(|best| candidate.end > best.end)
        {
            best = Some(candidate);
        }
    };
    if first.is_ascii_digit() {
        take(iso::date_at(view, at));
        let day = chinese::date_at(view, at, published);
        take(day);
        take(day.and_then(|day| week::around(view, day, published)));
        take(english::date_at(view, at));
        take(nth::at(view, at, published));
        return best.map(|point| english::with_year(view, point, published));
    }
    if !first.is_ascii_lowercase() {
        take(chinese::date_at(view, at, published));
        take(named::named_at(view, at, published));
        take(lunar::at(view, at, published));
        return best;
    }
    let word = view.word(at)?;
    let name = word.as_str();
    if month_name(name).is_some() {
        let point = span::quarter_of_month(view, at).or_else(|| english::date_at(view, at));
        return point.map(|point| english::with_year(view, point, published));
    }
    if week::weekday(name).is_some() {
        return week::at(view, at, published);
    }
    if matches!(name, "a" | "an" | "half" | "all" | "in" | "for")
        || crate::numeral::cardinal(name).is_some_and(|value| !matches!(value, 20 | 30))
    {
        return None;
    }
    take(english::date_at(view, at));
    take(week::at(view, at, published));
    take(relative::named_at(view, at, published));
    take(nth::at(view, at, published));
    take(part::at(view, at, published));
    take(part::edge_at(view, at, published));
    take(part::decade_word(view, at));
    take(season::english(view, at, published));
    best.map(|point| english::with_year(view, point, published))
}

/// True if the sentence speaks of the future at a time: words such as "will" before it say so; words behind it, and mere
/// expectations, leave open which side of publication is meant, and then the nearer one is.
fn speaks_of_future(view: &View<'_>, start: usize, end: usize, said: Said, published: Option<Date>) -> bool {
    static FIRST_WORDS: LazyLock<Sieve> =
        LazyLock::new(|| Sieve::of(SURE.iter().chain(OPEN).chain(MEANT).map(|word| word.trim_start())));
    /// Words that may stand further before a half or a quarter.
    const MEANT: &[&str] = &[
        " expected to ", " expects to ", " due to ", " plans to ", " aims to ", " set to ", " should ",
        " will ",
    ];
    const SURE: &[&str] = &[
        " will ", " upcoming ", " scheduled ", " for delivery ", " would ", " were to ", " pencilled ",
        " penciled ", " slated ", " due ", " shall ", " takes effect", " take effect", " comes into ",
        " come into ", " enters into ", " goes into ", "将于", "将在", "拟于", "明日",
    ];
    const OPEN: &[&str] = &[
        " will ", " expected ", " expect ", " expects ", " plans ", " plan ", " planned ", " forthcoming ",
        " effective ", " scheduled ", " forecast ", " projected ", " pencilled ", " penciled ",
        " for delivery ", " delivery in ", " slated ", " postponed ", " delayed ", " would ", " were to ",
        " hopes ", " hopeful ", " next ", " aims ", " due ", " until ", "预计", "争取", "力争", "推迟",
        "延期", "定于", "最早", "最快", "届时", "计划", "起施行", "起实施", "起执行", "有望", "将于", "将在",
    ];
    if published.is_none() || said.year.is_some() || matches!(said.part, Of::Fixed(_)) {
        return false;
    }
    // "will suspend its 4 April listing": what already has a day.
    if matches!(said.part, Of::Day(..))
        && view
            .word_before(view.blanks_back(start))
            .is_some_and(|(_, word)| matches!(word.as_str(), "its" | "his" | "their"))
    {
        return false;
    }
    // 最快下半年, 力争三季度
    const HOPED: &[&str] = &["最快", "最早", "最迟", "最晚", "力争", "争取", "有望"];
    if start >= 2 && HOPED.iter().any(|word| view.starts_with(start - 2, word)) {
        return true;
    }
    let stops = |at: usize| {
        matches!(view.get(at), '\n' | '。' | ';' | '；') || view.get(at) == '.' && view.get(at + 1) == ' '
    };
    let from = (start.saturating_sub(40)..start).rev().take_while(|at| !stops(*at)).last().unwrap_or(start);
    let to = (end..(end + 30).min(view.len())).take_while(|at| !stops(*at)).last().unwrap_or(end);
    let says = |from: usize, to: usize, words: &[&str]| {
        (from..to).any(|at| {
            let first = view.get(at);
            // A sentence may begin with the word, which has no blank before it there.
            let opens = matches!(view.before(at), '\0' | '\n') && first.is_ascii_lowercase();
            let may = match first {
                ' ' => FIRST_WORDS.may_begin_with_letters(view.letters_at(at + 1)),
                _ => is_han(first) && FIRST_WORDS.may_go_on(first, view, at + 1),
            };
            may && words.iter().any(|word| view.starts_with(at, word))
                || opens && words.iter().any(|word| view.starts_with(at, word.trim_start()))
        })
    };
    if says(from, start, SURE) {
        return true;
    }
    // "is expected to approve the venture … in the second half".
    if matches!(said.part, Of::Half(_) | Of::Quarter(_)) {
        let parts = |at: usize| stops(at) || matches!(view.get(at), ',' | '，');
        let far =
            (start.saturating_sub(110)..start).rev().take_while(|at| !parts(*at)).last().unwrap_or(start);
        if long_past(said, published) && says(far, start, MEANT) && !tells_past(view, start) {
            return true;
        }
    }
    if !says(from, start, OPEN) && !says(end, to + 1, OPEN) {
        return soon(said, published) && !tells_past(view, start);
    }
    nearer_ahead(said, published)
}

/// True if one of the last words before a time is a verb in the past tense: "it closed on August 1".
fn tells_past(view: &View<'_>, start: usize) -> bool {
    // "rose from $930 in early April": the verb of the clause, however far back.
    const MOVED: &[&str] = &[
        " rose ", " fell ", " climbed ", " dropped ", " slipped ", " gained ", " lost ", " was ", " were ",
        " had ", " jumped ", " slid ", " eased ", " peaked ", " bottomed ", " surged ", " produced ",
        " sold ", " shipped ", " imported ", " exported ",
    ];
    let from = (start.saturating_sub(80)..start)
        .rev()
        .take_while(|at| {
            let ended = view.get(*at) == '.' && view.get(at + 1) == ' ';
            !ended && !matches!(view.get(*at), ';' | '\n')
        })
        .last()
        .unwrap_or(start);
    if (from..start).any(|at| view.get(at) == ' ' && MOVED.iter().any(|word| view.starts_with(at, word))) {
        return true;
    }
    const AHEAD: &[&str] = &[
        "scheduled", "expected", "planned", "delayed", "extended", "postponed", "due", "slated", "proposed",
        "need", "set",
    ];
    let mut at = start;
    for _ in 0..4 {
        let Some((begin, word)) = view.word_before(view.blanks_back(at)) else { return false };
        let name = word.as_str();
        let past = name.ends_with("ed")
            || matches!(
                name,
                "was"
                    | "were"
                    | "had"
                    | "fell"
                    | "rose"
                    | "began"
                    | "came"
                    | "went"
                    | "hit"
                    | "stood"
                    | "told"
                    | "sold"
            );
        if past && !AHEAD.contains(&name) {
            return true;
        }
        at = begin;
    }
    false
}

/// How many days ahead a day or month without its year is rather the coming one, whatever the sentence says.
const SOON: i32 = 100;

/// The same of a quarter.
const SOON_QUARTER: i32 = 60;

/// The same of a half year.
const SOON_HALF: i32 = 30;

/// The same of the end of a year, which is spoken of from the summer on.
const SOON_YEAR_END: i32 = 200;

/// True if the coming one of the years that could be meant begins soon, and the one before it is long past.
fn soon(said: Said, published: Option<Date>) -> bool {
    let Some(today) = published else { return false };
    let ahead = said.resolve(published, true).and_then(|interval| interval.start);
    let days = ahead.and_then(|start| Some(today.until(start).ok()?.get_days()));
    let soon = match said.part {
        Of::Quarter(_) => SOON_QUARTER,
        Of::LastDay(12) => SOON_YEAR_END,
        Of::Half(_) => SOON_HALF,
        Of::Quarters(..) | Of::Months(..) | Of::Year => return false,
        _ => SOON,
    };
    days.is_some_and(|days| (1..=soon).contains(&days)) && nearer_ahead(said, published)
}

/// True if the last one of the parts of a year that could be meant was over long before publication.
fn long_past(said: Said, published: Option<Date>) -> bool {
    let last = said.resolve(published, false).and_then(|interval| interval.end);
    let days = last.zip(published).and_then(|(last, today)| Some(last.until(today).ok()?.get_days()));
    days.is_some_and(|days| days > SOON)
}

/// True if of the years that could be meant the coming one is nearer to publication.
fn nearer_ahead(said: Said, published: Option<Date>) -> bool {
    let Some(today) = published else { return false };
    let far = |future: bool| {
        let interval = said.resolve(published, future)?;
        let (start, end) = (interval.start?, interval.end?);
        let nearest = if start > today { start } else { end.min(today) };
        Some(today.until(nearest).ok()?.get_days().abs())
    };
    match (far(true), far(false)) {
        (Some(ahead), Some(back)) => ahead < back,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_the_calendar_library_writes_them() {
        let days = [(2025, 7, 13), (1000, 1, 1), (9999, 12, 31), (999, 10, 9), (-4, 2, 29)];
        for (year, month, day) in days {
            let date = jiff::civil::date(year, month, day);
            assert_eq!(written(date), date.to_string());
        }
    }
}
