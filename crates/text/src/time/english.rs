//! English dates and periods: July 11, 2025; Q3 2025; the first half of 2025; the 1990s; in 2019.

use super::Point;
use super::calendar::{Interval, Of, Said};
use super::year::{decade, season, short_year, year_behind, year_number, year_of, year_place};
use crate::mention::Precision;
use crate::numeral::ordinal;
use crate::view::View;

/// The number of a month's name or its usual short form.
pub(crate) fn month_name(word: &str) -> Option<i8> {
    Some(match word {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sept" | "sep" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// The English time at `at`.
pub(super) fn date_at(view: &View<'_>, at: usize) -> Option<Point> {
    if view.get(at).is_ascii_digit() {
        return from_digit(view, at);
    }
    let word = view.word(at)?;
    let name = word.as_str();
    if let Some(month) = month_name(name) {
        return month_at(view, at, word.end, month);
    }
    let said = |end: usize, year: Option<i16>, part: Of| Some(Point { end, said: Said { year, part } });
    match name {
        "q" | "h" => {
            let (number, end) = one_digit(view, word.end)?;
            let part = sub_year(name, number)?;
            if let Some(fiscal) = view.next_word(end).filter(|word| matches!(word.as_str(), "fy" | "fiscal"))
            {
                let point = date_at(view, fiscal.end - fiscal.as_str().len())?;
                return said(point.end, None, Of::Fixed(unknown(Precision::Quarter)));
            }
            let (year, end) = year_of(view, end).map_or((None, end), |(year, end)| (Some(year), end));
            said(end, year, part)
        }
        "fy" | "fiscal" => {
            // When a fiscal year begins is not said.
            let next = view.blanks(word.end);
            let next = view
                .word(next)
                .filter(|word| word.as_str() == "year")
                .map_or(next, |word| view.blanks(word.end));
            let (_, end) = year_number(view, next).or_else(|| short_year(view, next))?;
            said(end, None, Of::Fixed(unknown(Precision::Year)))
        }
        "cy" | "year" => {
            let next = view.blanks(word.end);
            let (year, end) =
                year_number(view, next).or_else(|| short_year(view, next).filter(|_| name == "cy"))?;
            said(end, Some(year), Of::Year)
        }
        "the" | "first" | "second" | "third" | "fourth" | "last" | "final" => ordinal_part(view, at),
        "early" | "late" | "mid" => {
            let next = if view.get(word.end) == '-' { word.end + 1 } else { view.blanks(word.end) };
            let point = date_at(view, next).or_else(|| {
                year_number(view, next)
                    .map(|(year, end)| Point { end, said: Said { year: Some(year), part: Of::Year } })
            })?;
            matches!(point.said.part, Of::Year | Of::Month(_)).then_some(point)
        }
        _ => None,
    }
}

fn sub_year(letter: &str, number: i8) -> Option<Of> {
    match (letter, number) {
        ("q", 1..=4) => Some(Of::Quarter(number)),
        ("h", 1..=2) => Some(Of::Half(number)),
        _ => None,
    }
}

fn one_digit(view: &View<'_>, at: usize) -> Option<(i8, usize)> {
    let digits = view.digits(at).filter(|digits| digits.count == 1)?;
    (!view.get(digits.end).is_ascii_alphabetic()).then_some((i8::try_from(digits.value).ok()?, digits.end))
}

fn month_at(view: &View<'_>, at: usize, end: usize, month: i8) -> Option<Point> {
    let end = if view.get(end) == '.' && end - at <= 4 { end + 1 } else { end };
    let said = |end: usize, year: Option<i16>, part: Of| Some(Point { end, said: Said { year, part } });
    let tight = view.digits(end).filter(|digits| digits.count <= 2);
    let next = if tight.is_some() { end } else { view.blanks(end) };
    // The day, unless it is the beginning of a larger number or a time of day.
    if let Some(digits) =
        view.digits(next).filter(|digits| digits.count <= 2 && (1..=31).contains(&digits.value))
    {
        let mut day_end = digits.end;
        if let Some(suffix) =
            view.word(day_end).filter(|suffix| matches!(suffix.as_str(), "st" | "nd" | "rd" | "th"))
        {
            day_end = suffix.end;
        }
        let unit = matches!(view.get(day_end), '%' | ':' | '/')
            || matches!(view.get(day_end), '.' | ',') && view.get(day_end + 1).is_ascii_digit();
        let scaled = view.next_word(day_end).is_some_and(|word| {
            matches!(word.as_str(), "million" | "billion" | "percent" | "tons" | "tonnes" | "thousand")
        });
        if !unit && !scaled && !view.get(day_end).is_ascii_alphanumeric() {
            let day = i8::try_from(digits.value).ok()?;
            let (year, end) =
                year_behind(view, day_end).map_or((None, day_end), |(year, end)| (Some(year), end));
            return said(end, year, Of::Day(month, day));
        }
    }
    if let Some((year, end)) = year_of(view, end) {
        return said(end, Some(year), Of::Month(month));
    }
    // "may", "march" and "mar" are words of their own; "dec" and "sep" only count where capitals or a day say so.
    let capital = view.raw(at).is_uppercase();
    let alone = match view.word(at)?.as_str() {
        "may" => capital && (preposition_before(view, at) || matches!(view.before(at), '-' | '–' | '/')),
        "march" => capital || preposition_before(view, at),
        "mar" | "jan" | "sep" | "dec" | "jun" | "jul" | "nov" | "oct" | "apr" | "aug" | "feb" | "sept" => {
            capital && !all_capitals(view, at) || preposition_before(view, at)
        }
        _ => true,
    };
    alone.then(|| said(end, None, Of::Month(month))).flatten()
}

fn all_capitals(view: &View<'_>, at: usize) -> bool {
    view.raw(at + 1).is_ascii_uppercase()
}

/// True if a word that goes before times stands before `at`.
fn preposition_before(view: &View<'_>, at: usize) -> bool {
    view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| {
        matches!(
            word.as_str(),
            "in" | "of"
                | "since"
                | "from"
                | "to"
                | "until"
                | "till"
                | "by"
                | "between"
                | "through"
                | "during"
                | "for"
                | "last"
                | "next"
                | "this"
                | "late"
                | "early"
                | "mid"
                | "before"
                | "after"
                | "on"
        )
    })
}

/// "11 July 2025", "4th of July", "2025 Q1", "3Q25", "1990s", "2025" in a place for years, "9 to 12 of June".
fn from_digit(view: &View<'_>, at: usize) -> Option<Point> {
    let digits = view.digits(at)?;
    let said = |end: usize, year: Option<i16>, part: Of| Some(Point { end, said: Said { year, part } });
    if view.before(at).is_ascii_digit()
        || matches!(view.before(at), '.' | ',') && view.get(at.wrapping_sub(2)).is_ascii_digit()
        || view.before(at) == '$'
    {
        return None;
    }
    if let Some(decade) = decade(view, at) {
        return Some(decade);
    }
    if digits.count == 4 {
        let (year, end) = year_number(view, at)?;
        if let Some(season) = season(view, year, end) {
            return Some(season);
        }
        // 2025 Q1, 2025-Q1, 2025H1, 2025年 is Chinese
        let next = if view.get(end) == '-' { end + 1 } else { view.blanks(end) };
        if let Some(word) = view.word(next).filter(|word| matches!(word.as_str(), "q" | "h")) {
            let (number, end) = one_digit(view, word.end)?;
            return said(end, Some(year), sub_year(word.as_str(), number)?);
        }
        return (year_place(view, at, end) && (1900..2100).contains(&year))
            .then(|| said(end, Some(year), Of::Year))
            .flatten();
    }
    if digits.count > 2 {
        return None;
    }
    // 3Q25, 1H 2025
    if let Some(word) =
        view.word(digits.end).filter(|word| matches!(word.as_str(), "q" | "h") && digits.count == 1)
    {
        let part = sub_year(word.as_str(), i8::try_from(digits.value).ok()?)?;
        return match year_of(view, word.end) {
            Some((year, end)) => said(end, Some(year), part),
            None if !view.get(word.end).is_ascii_alphanumeric()
                && view.raw(digits.end).is_ascii_uppercase() =>
            {
                said(word.end, None, part)
            }
            None => None,
        };
    }
    let day = i8::try_from(digits.value).ok().filter(|day| (1..=31).contains(day))?;
    let mut end = digits.end;
    if let Some(suffix) = view.word(end).filter(|suffix| matches!(suffix.as_str(), "st" | "nd" | "rd" | "th"))
    {
        end = suffix.end;
    }
    let mut word = view.next_word(end)?;
    if matches!(word.as_str(), "to")
        && view.digits(view.blanks(word.end)).is_some_and(|digits| digits.count <= 2)
    {
        // "9 to 12 of June": the month comes with the second end.
        let second = from_digit(view, view.blanks(word.end))?;
        let month = second.said.month()?;
        return matches!(second.said.part, Of::Day(..))
            .then(|| said(end, second.said.year, Of::Day(month, day)))
            .flatten();
    }
    if word.as_str() == "of" {
        word = view.next_word(word.end)?;
    }
    let month = month_name(word.as_str())?;
    let start = word.end - word.as_str().len();
    let common = matches!(word.as_str(), "may" | "march" | "mar" | "dec" | "sep")
        && !view.raw(start).is_ascii_uppercase()
        && end == digits.end;
    let verb = common
        && view
            .next_word(word.end)
            .is_some_and(|next| matches!(next.as_str(), "be" | "have" | "not" | "rise" | "fall"));
    if verb {
        return None;
    }
    let (year, end) = year_behind(view, word.end).map_or((None, word.end), |(year, end)| (Some(year), end));
    said(end, year, Of::Day(month, day))
}

/// "the first half of 2025", "third quarter", "the first quarter of the year", "fourth of July", "the 4th of July".
fn ordinal_part(view: &View<'_>, at: usize) -> Option<Point> {
    let mut word = view.word(at)?;
    if word.as_str() == "the" {
        let next = view.blanks(word.end);
        if view.get(next).is_ascii_digit() {
            let digits = view.digits(next)?;
            let point = from_digit(view, next)?;
            return view.word(digits.end).filter(|_| matches!(point.said.part, Of::Day(..))).map(|_| point);
        }
        word = view.word(next)?;
        if view.blanks(word.end) == word.end {
            return None;
        }
    }
    let said = |end: usize, year: Option<i16>, part: Of| Some(Point { end, said: Said { year, part } });
    let number = i8::try_from(ordinal(word.as_str()).or(if matches!(word.as_str(), "last" | "final") {
        Some(9)
    } else {
        None
    })?)
    .ok()?;
    let mut next = view.blanks(word.end);
    if view.get(next) == '-' {
        next = view.blanks(next + 1);
    }
    let noun = view.word(next)?;
    let part = match (noun.as_str(), number) {
        ("half", 1..=2) => Of::Half(number),
        ("quarter", 1..=4) => Of::Quarter(number),
        ("half" | "quarter", 9) => {
            // "the last quarter" alone is the one before; with a year it is the fourth.
            let part = if noun.as_str() == "half" { Of::Half(2) } else { Of::Quarter(4) };
            let (year, end) = year_behind(view, noun.end)?;
            return said(end, Some(year), part);
        }
        ("of", 1..=31) => {
            let month_word = view.next_word(noun.end)?;
            let month = month_name(month_word.as_str())?;
            let (year, end) = year_behind(view, month_word.end)
                .map_or((None, month_word.end), |(year, end)| (Some(year), end));
            return said(end, year, Of::Day(month, number));
        }
        _ => return None,
    };
    if let Some((year, end)) = year_behind(view, noun.end) {
        return said(end, Some(year), part);
    }
    let of_year = view.any_of(noun.end, &[" of the year", " of this year"]).map(|(_, end)| end);
    said(of_year.unwrap_or(noun.end), None, part)
}

/// "the end of 2008", "the middle of March": the point from which or up to which a range goes.
pub(super) fn edge(view: &View<'_>, at: usize) -> Option<(Point, i8)> {
    let (name, after) = view.any_of(
        at,
        &["the end of ", "the middle of ", "the beginning of ", "the start of ", "end of ", "end-"],
    )?;
    let point = date_at(view, after)?;
    let third = if name.contains("middle") {
        2
    } else if name.contains("end") {
        3
    } else {
        1
    };
    Some((point, third))
}

/// Nothing is known of it but that it is a time.
pub(super) fn unknown(precision: Precision) -> Interval {
    Interval { start: None, end: None, precision }
}
