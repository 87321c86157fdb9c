//! English dates and periods: July 11, 2025; Q3 2025; the first half of 2025; the 1990s; in 2019.

use jiff::civil::Date;

use super::calendar::{Interval, Of, Said};
use super::year::{decade, season, short_year, sub_year, year_behind, year_number, year_of, year_place};
use super::{Point, nth, ordinal, week};
use crate::mention::Precision;
use crate::view::{Digits, View, Word};

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
            if name == "q" && is_question(view, at, end) {
                return None;
            }
            let part = sub_year(name, number)?;
            if let Some(fiscal) = view.next_word(end).filter(|word| matches!(word.as_str(), "fy" | "fiscal"))
            {
                let point = date_at(view, fiscal.end - fiscal.as_str().len())?;
                return said(point.end, None, Of::Fixed(unknown(Precision::Quarter)));
            }
            let (year, end) = year_of(view, end).map_or((None, end), |(year, end)| (Some(year), end));
            said(end, year, part)
        }
        "fy" | "fiscal" | "financial" | "marketing" | "crop" => fiscal(view, name, word.end),
        "cy" | "year" => {
            let next = view.blanks(word.end);
            let (year, end) =
                year_number(view, next).or_else(|| short_year(view, next).filter(|_| name == "cy"))?;
            said(end, Some(year), Of::Year)
        }
        "calendar" if year_number(view, view.blanks(word.end)).is_some() => {
            let (year, end) = year_number(view, view.blanks(word.end))?;
            said(end, Some(year), Of::Year)
        }
        "calendar" | "full" | "whole" => {
            let next = if view.get(word.end) == '-' { word.end + 1 } else { view.blanks(word.end) };
            let noun = view.word(next).filter(|word| word.as_str() == "year")?;
            let (year, end) = year_number(view, view.blanks(noun.end))?;
            said(end, Some(year), Of::Year)
        }
        "the" | "first" | "second" | "third" | "fourth" | "last" | "final" | "opening" | "closing"
        | "latter" | "back" => ordinal::part_at(view, at),
        _ => None,
    }
}

/// "Q1: How is …? A: …" at the beginning of a line counts a question.
fn is_question(view: &View<'_>, at: usize, end: usize) -> bool {
    let opens = matches!(view.before(at), '\0' | '\n') && matches!(view.get(end), ':' | '：' | '.' | '、');
    let line = || (end..(end + 160).min(view.len())).take_while(|at| view.get(*at) != '\n');
    opens && line().any(|at| matches!(view.get(at), '?' | '？'))
}

/// "FY2025", "fiscal year 2025", "fiscal Q3 2025", "FY2024-25", "fiscal year": when it begins is not said.
fn fiscal(view: &View<'_>, name: &str, end: usize) -> Option<Point> {
    let at = |end: usize, precision: Precision| Some(week::fixed(end, None, precision));
    let mut next = view.blanks(end);
    let mut sure = name == "fy";
    let noun = view.word(next).filter(|word| word.as_str() == "year");
    if let Some(noun) = noun {
        sure = name != "fy";
        next = view.blanks(noun.end);
        // "financial year FY25"
        if let Some(short) = view.word(next).filter(|word| word.as_str() == "fy") {
            next = view.blanks(short.end);
        }
    }
    if let Some(part) =
        view.word(next).filter(|word| matches!(word.as_str(), "q" | "h")).filter(|_| name == "fiscal")
    {
        let (number, end) = one_digit(view, part.end)?;
        sub_year(part.as_str(), number)?;
        return at(year_of(view, end).map_or(end, |(_, end)| end), Precision::Quarter);
    }
    if let Some(word) = view.word(next).filter(|word| matches!(word.as_str(), "quarter" | "half")) {
        return (name == "fiscal").then(|| week::fixed(word.end, None, Precision::Quarter));
    }
    // "fiscal third quarter", "fiscal first-half 2025"
    if let Some(point) = ordinal::part_at(view, next).filter(|_| name == "fiscal" && noun.is_none()) {
        return at(point.end, super::precision_of(point.said));
    }
    if !sure && name != "fiscal" {
        return None;
    }
    let year = year_number(view, next).or_else(|| short_year(view, next));
    match year {
        Some((year, end)) => at(season(view, year, end).map_or(end, |point| point.end), Precision::Year),
        None => noun.filter(|_| name != "crop").and_then(|noun| at(noun.end, Precision::Year)),
    }
}

/// True if a small Latin letter stands at `at`.
pub(super) fn letter(view: &View<'_>, at: usize) -> bool {
    view.get(at).is_ascii_lowercase()
}

/// A month's name whatever stands around it.
pub(super) fn bare_month(view: &View<'_>, at: usize) -> Option<Point> {
    let word = view.word(at)?;
    let month = month_name(word.as_str())?;
    Some(Point { end: word.end, said: Said { year: None, part: Of::Month(month) } })
}

fn one_digit(view: &View<'_>, at: usize) -> Option<(i8, usize)> {
    let digits = view.digits(at).filter(|digits| digits.count == 1)?;
    (!view.get(digits.end).is_ascii_alphabetic()).then_some((i8::try_from(digits.value).ok()?, digits.end))
}

pub(super) fn month_at(view: &View<'_>, at: usize, end: usize, month: i8) -> Option<Point> {
    let short = end - at <= 3 || view.starts_with(at, "sept") && end - at == 4;
    let end = if view.get(end) == '.' && short && view.get(end - 1) != 'y' { end + 1 } else { end };
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
    if let Some((day, after)) = ordinal_day(view, at, end) {
        let (year, end) = year_behind(view, after).map_or((None, after), |(year, end)| (Some(year), end));
        return said(end, year, Of::Day(month, day));
    }
    let short = view.blanks(end);
    let year = if view.get(short) == '\'' { short_year(view, short) } else { year_of(view, end) };
    if let Some((year, end)) = year {
        return said(end, Some(year), Of::Month(month));
    }
    // Jul-25 and Jul-2025 are written in tables; '-25 behind a day is another day.
    if view.get(end) == '-' && view.raw(at).is_uppercase() {
        let digits =
            view.digits(end + 1).filter(|digits| digits.count == 2 && (15..60).contains(&digits.value));
        if let Some(digits) = digits.filter(|digits| digits.value > 31 || !preposition_before(view, at))
            && !view.get(digits.end).is_ascii_alphanumeric()
            && !matches!(view.get(digits.end), '%' | '.' | '-')
        {
            return said(digits.end, Some(2000 + i16::try_from(digits.value).ok()?), Of::Month(month));
        }
    }
    // "may", "march" and "mar" are words of their own; "dec" and "sep" only count where capitals or a day say so.
    let capital = view.raw(at).is_uppercase();
    if view.word(at)?.as_str() == "may" && view.starts_with(end, " day") && view.at_edge(end + 4) {
        return None;
    }
    let alone = match view.word(at)?.as_str() {
        "may" if !capital => view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| {
            matches!(word.as_str(), "in" | "since" | "during" | "until" | "late" | "early" | "mid")
        }),
        "may" => {
            let inside = view.word_before(view.blanks_back(at)).is_some() && !all_capitals(view, at);
            capital && (inside || preposition_before(view, at) || matches!(view.before(at), '-' | '–' | '/'))
        }
        "march" => capital || preposition_before(view, at),
        "mar" | "jan" | "sep" | "dec" | "jun" | "jul" | "nov" | "oct" | "apr" | "aug" | "feb" | "sept" => {
            capital && !all_capitals(view, at) || preposition_before(view, at)
        }
        _ => true,
    };
    alone.then(|| said(end, None, Of::Month(month))).flatten()
}

/// "the 4th", "twenty first" behind a month.
fn ordinal_day(view: &View<'_>, at: usize, end: usize) -> Option<(i8, usize)> {
    let next = view.blanks(end);
    let article = view.word(next).filter(|word| word.as_str() == "the");
    let start = article.map_or(next, |word| view.blanks(word.end));
    let (day, after) = nth::ordinal_at(view, start).filter(|_| next > end)?;
    // "In May first-quarter results", "March third quarter"
    let noun = view.get(after) == '-'
        || view
            .next_word(after)
            .is_some_and(|word| matches!(word.as_str(), "quarter" | "half" | "week" | "day"));
    (!noun && (1..=31).contains(&day) && view.raw(at).is_uppercase()).then_some((day, after))
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
pub(super) fn from_digit(view: &View<'_>, at: usize) -> Option<Point> {
    let digits = view.digits(at)?;
    let said = |end: usize, year: Option<i16>, part: Of| Some(Point { end, said: Said { year, part } });
    if view.before(at).is_ascii_digit()
        || matches!(view.before(at), '.' | ',') && view.get(at.wrapping_sub(2)).is_ascii_digit()
        || view.before(at) == '$'
    {
        return None;
    }
    // But for years nothing is a time without a word or a dash behind it.
    let mark = view.get(view.blanks(digits.end));
    if digits.count != 4 && !mark.is_ascii_lowercase() && !matches!(mark, '-' | '–' | '—' | '~' | '\'') {
        return None;
    }
    if let Some(decade) = decade(view, at) {
        return Some(decade);
    }
    if let Some(point) = tight_part(view, at) {
        return Some(point);
    }
    if digits.count == 4 {
        let (year, end) = year_number(view, at)?;
        if let Some(point) = week::behind_year(view, year, end) {
            return Some(point);
        }
        if let Some(season) = season(view, year, end) {
            let behind = [" financial year", " fiscal year", " marketing year", " crop year", "年度", "榨季"];
            return Some(match view.any_of(season.end, &behind) {
                Some((_, end)) => week::fixed(end, None, Precision::Year),
                None => season,
            });
        }
        // "the 2026 financial year"
        let years = [" financial year", " fiscal year", " calendar year"];
        if let Some((name, end)) = view.any_of(end, &years).filter(|(_, end)| view.at_edge(*end)) {
            return match name {
                " calendar year" => said(end, Some(year), Of::Year),
                _ => Some(week::fixed(end, None, Precision::Year)),
            };
        }
        // 2025 Q1, 2025-Q1, 2025H1, 2025年 is Chinese
        let next = if view.get(end) == '-' { end + 1 } else { view.blanks(end) };
        if let Some(word) = view.word(next).filter(|word| matches!(word.as_str(), "q" | "h")) {
            let (number, end) = one_digit(view, word.end)?;
            return said(end, Some(year), sub_year(word.as_str(), number)?);
        }
        // 2025 Third Quarter, 2025 first half
        let part = super::ordinal::part_at(view, next).filter(|part| {
            part.said.year.is_none() && matches!(part.said.part, Of::Quarter(_) | Of::Half(_))
        });
        if let Some(part) = part.filter(|_| next > end && !view.starts_with(next, "the ")) {
            return said(part.end, Some(year), part.said.part);
        }
        // 2025 July 11
        if let Some(point) = view.word(next).and_then(|word| month_behind_year(view, next, word.end, year)) {
            return Some(point);
        }
        return (year_place(view, at, end) && (1900..2100).contains(&year))
            .then(|| said(end, Some(year), Of::Year))
            .flatten();
    }
    if digits.count > 2 {
        return None;
    }
    // 9M 2024, 9M24: the first months of a year.
    if let Some(point) = first_months(view, digits.value, digits.end) {
        return Some(point);
    }
    // 3Q25, 1H 2025, 4QFY25
    if let Some(word) = view
        .word(digits.end)
        .filter(|word| matches!(word.as_str(), "q" | "h" | "qfy" | "hfy") && digits.count == 1)
    {
        return numbered_part(view, digits, word);
    }
    let day = i8::try_from(digits.value).ok().filter(|day| (1..=31).contains(day))?;
    let mut end = digits.end;
    if let Some(suffix) = view.word(end).filter(|suffix| matches!(suffix.as_str(), "st" | "nd" | "rd" | "th"))
    {
        end = suffix.end;
    }
    if let Some(point) = ordinal::day_before_range(view, at, day, end) {
        return Some(point);
    }
    let mut word = view.next_word(end)?;
    if word.as_str() == "of" {
        word = view.next_word(word.end)?;
    }
    let month = month_name(word.as_str())?;
    let start = word.end - word.as_str().len();
    if end == digits.end && is_verb(view, start, word) {
        return None;
    }
    let (year, end) = year_behind(view, word.end).map_or((None, word.end), |(year, end)| (Some(year), end));
    said(end, year, Of::Day(month, day))
}

/// "11 may rise": a month's name in small letters that is a verb before another one.
fn is_verb(view: &View<'_>, start: usize, word: Word<'_>) -> bool {
    let common = matches!(word.as_str(), "may" | "march" | "mar" | "dec" | "sep")
        && !view.raw(start).is_ascii_uppercase();
    common
        && view
            .next_word(word.end)
            .is_some_and(|next| matches!(next.as_str(), "be" | "have" | "not" | "rise" | "fall"))
}

/// "3Q25", "1H 2025", "4QFY25": a part of a year behind its number.
fn numbered_part(view: &View<'_>, digits: Digits, word: Word<'_>) -> Option<Point> {
    let said = |end: usize, year: Option<i16>, part: Of| Some(Point { end, said: Said { year, part } });
    if word.as_str().len() > 1 {
        let (_, end) = year_number(view, word.end).or_else(|| short_year(view, word.end))?;
        return Some(week::fixed(end, None, Precision::Quarter));
    }
    let part = sub_year(word.as_str(), i8::try_from(digits.value).ok()?)?;
    // "2H July"
    if let Of::Half(half) = part
        && let Some(month) = bare_month(view, view.blanks(word.end)).filter(|_| view.get(word.end) == ' ')
        && let Of::Month(number) = month.said.part
    {
        let (from, to) = if half == 1 { (1, 15) } else { (16, 31) };
        let (year, end) = year_behind(view, month.end).unzip();
        return said(end.unwrap_or(month.end), year, Of::Within(number, from, to));
    }
    let told = view
        .digits(word.end)
        .filter(|year| year.count == 2 && (10..60).contains(&year.value) && forecast_mark(view, year.end));
    if let Some(year) = told {
        return said(year.end, i16::try_from(2000 + year.value).ok(), part);
    }
    match year_of(view, word.end) {
        Some((year, end)) => said(end, Some(year), part),
        None if !view.get(word.end).is_ascii_alphanumeric() && view.raw(digits.end).is_ascii_uppercase() => {
            said(word.end, None, part)
        }
        None => None,
    }
}

/// 2025H1, 2025Q1, 25Q1, 24H2: a part of a year written behind it without a blank.
fn tight_part(view: &View<'_>, at: usize) -> Option<Point> {
    let digits = view.digits(at)?;
    let mark = view.word(digits.end).filter(|word| matches!(word.as_str(), "q" | "h" | "w"))?;
    if mark.as_str() == "w" {
        let year = i16::try_from(digits.value).ok().filter(|year| (1900..2100).contains(year))?;
        return week::behind_year(view, year, digits.end);
    }
    let (number, end) = one_digit(view, mark.end)?;
    let year = i16::try_from(digits.value).ok()?;
    let year = match digits.count {
        4 if (1900..2100).contains(&year) => year,
        2 if (10..60).contains(&year) && view.raw(digits.end).is_ascii_uppercase() => 2000 + year,
        _ => return None,
    };
    let closed = !view.get(end).is_ascii_alphanumeric() || forecast_mark(view, end);
    let part = sub_year(mark.as_str(), number).filter(|_| closed)?;
    Some(Point { end, said: Said { year: Some(year), part } })
}

/// 1Q26A, 2Q26E: actual or expected.
fn forecast_mark(view: &View<'_>, end: usize) -> bool {
    matches!(view.raw(end), 'A' | 'E' | 'F') && !view.get(end + 1).is_ascii_alphanumeric()
}

/// "July", "July 11" behind a year.
fn month_behind_year(view: &View<'_>, at: usize, end: usize, year: i16) -> Option<Point> {
    let month = month_name(view.word(at)?.as_str()).filter(|_| view.raw(at).is_uppercase())?;
    let point = month_at(view, at, end, month).filter(|point| point.said.year.is_none())?;
    Some(Point { end: point.end, said: Said { year: Some(year), ..point.said } })
}

/// "9M 2024", "9M24"; millions have no year behind them.
fn first_months(view: &View<'_>, count: u32, end: usize) -> Option<Point> {
    let mark = view.word(end).filter(|word| word.as_str() == "m" && view.raw(end) == 'M')?;
    let last = i8::try_from(count).ok().filter(|count| matches!(count, 3 | 6 | 9 | 12))?;
    let tight = view.get(mark.end).is_ascii_digit() || view.get(mark.end) == '\'';
    let (year, end) =
        if tight { year_of(view, mark.end)? } else { year_number(view, view.blanks(mark.end))? };
    (2000..2100)
        .contains(&year)
        .then_some(Point { end, said: Said { year: Some(year), part: Of::Months(1, last) } })
}

/// "H2 of next year", "July last year", "first quarter of the year": the year in words behind its part.
pub(super) fn with_year(view: &View<'_>, point: Point, published: Option<Date>) -> Point {
    const YEARS: &[(&str, Option<i16>)] = &[
        (" of the year", None),
        (" of this year", Some(0)),
        (" of last year", Some(-1)),
        (" of next year", Some(1)),
        (" this year", Some(0)),
        (" last year", Some(-1)),
        (" next year", Some(1)),
    ];
    let part = matches!(
        point.said.part,
        Of::Half(_) | Of::Quarter(_) | Of::Quarters(..) | Of::Month(_) | Of::Day(..) | Of::Within(..)
    );
    if !part || point.said.year.is_some() || view.get(point.end) != ' ' {
        return point;
    }
    let Some((offset, end)) = YEARS.iter().find_map(|(words, offset)| {
        let end = point.end + words.len();
        (view.starts_with(point.end, words) && view.at_edge(end)).then_some((*offset, end))
    }) else {
        return point;
    };
    let Some(offset) = offset else { return Point { end, ..point } };
    match published {
        Some(date) => Point { end, said: Said { year: Some(date.year() + offset), ..point.said } },
        None => week::fixed(end, None, super::precision_of(point.said)),
    }
}

/// Nothing is known of it but that it is a time.
pub(super) fn unknown(precision: Precision) -> Interval {
    Interval { start: None, end: None, precision }
}
