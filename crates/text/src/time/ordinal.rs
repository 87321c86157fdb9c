//! Parts of a year by their number: "the first half of 2025", "third-quarter FY26", "first and second quarters".

use super::Point;
use super::calendar::{Of, Said};
use super::english::{date_at, from_digit, month_at, month_name, unknown};
use super::year::year_behind;
use crate::numeral::ordinal;
use crate::view::View;

/// "the first half of 2025", "third quarter", "the first quarter of the year", "fourth of July", "the 4th of July".
pub(super) fn part_at(view: &View<'_>, at: usize) -> Option<Point> {
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
    let number = i8::try_from(ordinal(word.as_str()).or(match word.as_str() {
        "last" | "final" | "closing" => Some(9),
        "opening" => Some(1),
        // "the back half of the year"
        "latter" | "back" if view.next_word(word.end).is_some_and(|noun| noun.as_str() == "half") => Some(2),
        _ => None,
    })?)
    .ok()?;
    let mut next = view.blanks(word.end);
    if view.get(next) == '-' {
        next = view.blanks(next + 1);
    }
    // "first, second and third quarters"
    if view.get(word.end) == ',' && number == 1 {
        let second = view.next_word(word.end + 1).filter(|word| word.as_str() == "second")?;
        let and = view.next_word(second.end).filter(|word| word.as_str() == "and")?;
        return pair(view, 1, and.end);
    }
    let noun = view.word(next)?;
    let part = match (noun.as_str(), number) {
        ("and" | "to", 1..=3) => return pair(view, number, noun.end),
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
    let end = half_year(view, part, noun.end);
    if let Some((year, end)) = year_behind(view, end) {
        return said(end, Some(year), part);
    }
    if let Some(end) = fiscal_behind(view, end) {
        return said(end, None, Of::Fixed(unknown(super::precision_of(Said { year: None, part }))));
    }
    // "second half of year", the article left out
    if let Some((_, end)) = view.any_of(end, &[" of year"]).filter(|(_, end)| view.at_edge(*end)) {
        return said(end, None, part);
    }
    // "the second half of July"
    let of = view.next_word(noun.end).filter(|of| of.as_str() == "of" && matches!(part, Of::Half(_)));
    if let Some(month) = of.map(|of| view.blanks(of.end)).and_then(|at| {
        view.word(at).and_then(|word| month_at(view, at, word.end, month_name(word.as_str())?))
    }) && let Of::Month(number) = month.said.part
    {
        let (from, to) = if part == Of::Half(1) { (1, 15) } else { (16, 31) };
        return said(month.end, month.said.year, Of::Within(number, from, to));
    }
    said(end, None, part)
}

/// "first half year": the end of the noun with the word that may stand behind it.
fn half_year(view: &View<'_>, part: Of, end: usize) -> usize {
    let half = matches!(part, Of::Half(_));
    let next = if view.get(end) == '-' { end + 1 } else { view.blanks(end) };
    let year = view.word(next).filter(|word| half && next > end && word.as_str() == "year");
    // "first-half year-on-year growth" grows over a year.
    year.filter(|year| view.get(year.end) != '-').map_or(end, |year| year.end)
}

/// "of FY26", " fiscal 2025" behind a quarter or half: the index behind it.
fn fiscal_behind(view: &View<'_>, end: usize) -> Option<usize> {
    let mut word = view.next_word(end)?;
    if matches!(word.as_str(), "of" | "in") {
        word = view.next_word(word.end)?;
        if word.as_str() == "the" {
            word = view.next_word(word.end)?;
        }
    }
    if !matches!(word.as_str(), "fy" | "fiscal" | "financial") {
        return None;
    }
    date_at(view, word.end - word.as_str().len()).map(|point| point.end)
}

/// "first and second quarters": two parts that follow each other.
fn pair(view: &View<'_>, first: i8, end: usize) -> Option<Point> {
    let word = view.next_word(end)?;
    let second = i8::try_from(ordinal(word.as_str())?)
        .ok()
        .filter(|second| *second > first && *second <= first + 2)?;
    let next = if view.get(word.end) == '-' { word.end + 1 } else { view.blanks(word.end) };
    let noun = view.word(next)?;
    let part = match noun.as_str() {
        "quarters" | "quarter" if second <= 4 => Of::Quarters(first, second),
        "halves" if second == 2 => Of::Year,
        _ => return None,
    };
    let (year, end) = year_behind(view, noun.end).map_or((None, noun.end), |(year, end)| (Some(year), end));
    Some(Point { end, said: Said { year, part } })
}

/// "9 to 12 of June", "7-11 July": the month comes with the second end.
pub(super) fn day_before_range(view: &View<'_>, at: usize, day: i8, end: usize) -> Option<Point> {
    let mark = view.blanks(end);
    let next = match view.get(mark) {
        '-' | '–' | '—' | '~' => view.blanks(mark + 1),
        _ => {
            let word = view
                .word(mark)
                .filter(|word| matches!(word.as_str(), "to" | "through" | "until" | "till" | "and"))?;
            // "5 and 6 June" are two days, "between 5 and 6 June" is a range.
            if word.as_str() == "and"
                && !between_before(view, at)
                && (view.get(end.saturating_sub(1)).is_ascii_lowercase() || !spoken_of(view, at))
            {
                return None;
            }
            view.blanks(word.end)
        }
    };
    let digits = view.digits(next).filter(|digits| digits.count <= 2 && digits.value > day as u32)?;
    view.next_word(digits.end)?;
    let second = from_digit(view, next)?;
    let month = second.said.month()?;
    let said = Said { year: second.said.year, part: Of::Day(month, day) };
    matches!(second.said.part, Of::Day(..)).then_some(Point { end, said })
}

/// True behind words that go before days: "on 30 and 31 July".
fn spoken_of(view: &View<'_>, at: usize) -> bool {
    view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| {
        matches!(word.as_str(), "on" | "of" | "from" | "since" | "by" | "until" | "and" | "the")
    })
}

fn between_before(view: &View<'_>, at: usize) -> bool {
    view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| word.as_str() == "between")
}
