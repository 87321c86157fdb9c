//! Years in digits and words, and where four digits are one: in 2019, Q3'25, 2028-29, the 1990s.

use super::Point;
use super::calendar::{Of, Said, years};
use super::year_noun::{is_counted, is_of_year};
use crate::mention::Precision;
use crate::numeral::cardinal;
use crate::view::View;

/// Four digits that can be a year.
pub(super) fn year_number(view: &View<'_>, at: usize) -> Option<(i16, usize)> {
    let digits =
        view.digits(at).filter(|digits| digits.count == 4 && (1500..2200).contains(&digits.value))?;
    let next = view.get(digits.end);
    let decimals = matches!(next, '.' | ',') && view.get(digits.end + 1).is_ascii_digit();
    (!next.is_ascii_alphanumeric() && next != '%' && !decimals)
        .then_some((i16::try_from(digits.value).ok()?, digits.end))
}

/// '25 or 25 behind Q3: two digits.
pub(super) fn short_year(view: &View<'_>, at: usize) -> Option<(i16, usize)> {
    let at = if view.get(at) == '\'' { at + 1 } else { at };
    let digits = view.digits(at).filter(|digits| digits.count == 2)?;
    let value = i16::try_from(digits.value).ok()?;
    (!view.get(digits.end).is_ascii_alphanumeric())
        .then_some((if value < 70 { 2000 + value } else { 1900 + value }, digits.end))
}

/// The year that belongs to what ends at `end`: " 2025", ", 2025", " of 2025", " in 2025", "'25", "-2025", in words.
pub(super) fn year_of(view: &View<'_>, end: usize) -> Option<(i16, usize)> {
    if view.get(end) == '\'' || view.get(end).is_ascii_digit() {
        return year_number(view, end).or_else(|| short_year(view, end));
    }
    if matches!(view.get(end), '-' | '/') {
        return year_number(view, end + 1);
    }
    year_behind(view, end)
}

pub(crate) fn year_behind(view: &View<'_>, end: usize) -> Option<(i16, usize)> {
    let mut next = view.blanks(end);
    if view.get(next) == ',' {
        next = view.blanks(next + 1);
    }
    if let Some(word) = view.word(next) {
        match word.as_str() {
            "of" | "in" => next = after_calendar(view, view.blanks(word.end)),
            _ => return year_in_words(view, next),
        }
    }
    (next > end).then(|| year_number(view, next)).flatten()
}

/// "calendar 2024", "calendar year 2024", "Year 2024": the index of the year.
fn after_calendar(view: &View<'_>, at: usize) -> usize {
    let Some(word) = view.word(at).filter(|word| matches!(word.as_str(), "calendar" | "year")) else {
        return at;
    };
    let next = view.blanks(word.end);
    view.word(next).filter(|word| word.as_str() == "year").map_or(next, |word| view.blanks(word.end))
}

/// "two thousand and five", "seventeen hundred thirty three", "nineteen eighty four"
pub(super) fn year_in_words(view: &View<'_>, at: usize) -> Option<(i16, usize)> {
    cardinal(view.word(at)?.as_str())?;
    if let Some(year) = year_in_pairs(view, at) {
        return Some(year);
    }
    let number = crate::numeral::number_at(view, at)?;
    if let Some(year) = number.value.small().filter(|year| (1000..2200).contains(year)) {
        return Some((i16::try_from(year).ok()?, number.end));
    }
    None
}

/// "nineteen eighty four", "twenty twenty-five", "twenty oh five": a year said as two numbers of two digits.
fn year_in_pairs(view: &View<'_>, at: usize) -> Option<(i16, usize)> {
    let word = view.word(at)?;
    let century = cardinal(word.as_str()).filter(|century| (15..=20).contains(century))?;
    let next = view.blanks(word.end);
    let tens = view.word(next)?;
    let (rest, end) = match (tens.as_str(), cardinal(tens.as_str())) {
        ("oh", _) => {
            let unit = view.next_word(tens.end)?;
            (cardinal(unit.as_str()).filter(|unit| (1..10).contains(unit))?, unit.end)
        }
        (_, Some(tens_value @ 20..=90)) => {
            let mark = if view.get(tens.end) == '-' { tens.end + 1 } else { view.blanks(tens.end) };
            match view.word(mark).and_then(|unit| Some((cardinal(unit.as_str())?, unit.end))) {
                Some((unit @ 1..=9, end)) => (tens_value + unit, end),
                _ => (tens_value, tens.end),
            }
        }
        (_, Some(teens @ 10..=19)) => (teens, tens.end),
        _ => return None,
    };
    Some((i16::try_from(century * 100 + rest).ok()?, end))
}

/// 2028-29, 2024/25: two years that follow each other.
pub(super) fn season(view: &View<'_>, year: i16, end: usize) -> Option<Point> {
    let digits = view
        .digits(end + 1)
        .filter(|digits| digits.count == 2 && matches!(view.get(end), '-' | '/' | '–'))?;
    let follows = i64::from(digits.value) == i64::from(year + 1) % 100;
    // "2022–24": a month has at most 12, and is not written with a dash.
    let (own, last) = (i64::from(year) % 100, i64::from(digits.value));
    let spans =
        last > own + 1 && last <= own + 25 && (last > 12 || view.get(end) == '–') && view.get(end) != '/';
    if spans
        && year >= 1990
        && !view.get(digits.end).is_ascii_alphanumeric()
        && !matches!(view.get(digits.end), '-' | '/' | '%')
    {
        let interval = years(year, i16::try_from(last - own + 1).ok()?, Precision::Range)?;
        return Some(Point { end: digits.end, said: Said { year: None, part: Of::Fixed(interval) } });
    }
    let closed =
        !view.get(digits.end).is_ascii_alphanumeric() && !matches!(view.get(digits.end), '-' | '/' | '%');
    let interval =
        years(year, 2, Precision::Range).filter(|_| follows && closed && (1900..2100).contains(&year))?;
    Some(Point { end: digits.end, said: Said { year: None, part: Of::Fixed(interval) } })
}

/// True if what stands around four digits makes them a year.
pub(super) fn year_place(view: &View<'_>, at: usize, end: usize) -> bool {
    let tail = view.blanks(end);
    let unit_behind =
        crate::units::behind(view, tail).is_some_and(|found| tail == end || found.end > tail + 1);
    let counted = view.word(tail).is_some_and(|word| is_counted(word.as_str()));
    // "2000 t"; a lone "a" or "m" may be a word.
    let letter = matches!(view.get(tail), 't' | 'g') && !view.get(tail + 1).is_ascii_alphanumeric();
    if unit_behind || letter || counted || view.get(tail) == '个' {
        return false;
    }
    if listed(view, at, end) || described(view, at, end) || alone(view, at, end) {
        return true;
    }
    let back = view.blanks_back(at);
    if view.before(at) == '(' && matches!(view.get(end), ':' | ')') {
        return view.digits(at).is_some_and(|digits| (1950..2060).contains(&digits.value));
    }
    if matches!(view.before(back), '-' | '~' | '–' | '—') {
        // The second end of a range, or post-2019.
        let first = view
            .digits(back.saturating_sub(5))
            .is_some_and(|digits| digits.count == 4 && (1900..2100).contains(&digits.value));
        let word = view
            .word_before(back - 1)
            .is_some_and(|(_, word)| matches!(word.as_str(), "post" | "pre" | "mid" | "early" | "late"));
        return first || word;
    }
    // The first end of a range of years.
    let mark = view.get(tail);
    if matches!(mark, '-' | '~' | '–' | '—')
        || view.word(tail).is_some_and(|word| matches!(word.as_str(), "to" | "through" | "till" | "until"))
    {
        let next =
            if mark.is_ascii_lowercase() { view.word(tail).map_or(tail, |word| word.end) } else { tail + 1 };
        let second = view
            .digits(view.blanks(next))
            .filter(|digits| digits.count == 4 && (1900..2100).contains(&digits.value));
        let first = view.digits(at);
        let ascending = matches!((first, second), (Some(first), Some(second)) if first.value < second.value);
        let bare = second.is_some_and(|second| {
            crate::units::behind(view, view.blanks(second.end)).is_none() && view.get(second.end) != '%'
        });
        if ascending && bare {
            return true;
        }
    }
    let Some((_, word)) = view.word_before(back).filter(|_| back < at) else { return false };
    match word.as_str() {
        "in" | "since" | "during" | "until" | "till" | "through" | "before" | "after" | "year" | "by"
        | "for" | "of" | "from" | "and" | "between" | "early" | "late" | "mid" | "end" | "throughout"
        | "ending" | "fy" | "cy" | "versus" | "vs" | "january" | "around" => {
            // "and 2000 tons" was refused above; "from 2000 to 3000" and "of 2000" hang on what follows.
            if matches!(word.as_str(), "and" | "of" | "for" | "from" | "by" | "around" | "between") {
                let value = view.digits(at).map_or(0, |digits| digits.value);
                let verb =
                    word.as_str() == "by" && view.next_word(end).is_some_and(|next| next.as_str() == "to");
                return (1950..2060).contains(&value) && !verb;
            }
            true
        }
        // "as early as 2026"
        "as" => view.digits(at).is_some_and(|digits| (1950..2060).contains(&digits.value)),
        "to" => {
            view.digits(at).is_some_and(|digits| (1950..2060).contains(&digits.value))
                && (year_before_to(view, back)
                    || view.word_before(view.blanks_back(back.saturating_sub(2))).is_some_and(|(_, word)| {
                        matches!(
                            word.as_str(),
                            "agreement"
                                | "contract"
                                | "deal"
                                | "pact"
                                | "extended"
                                | "extend"
                                | "extends"
                                | "runs"
                                | "run"
                                | "running"
                                | "valid"
                                | "licence"
                                | "license"
                                | "offtake"
                                | "out"
                                | "postponed"
                                | "delayed"
                                | "pushed"
                                | "back"
                                | "deferred"
                                | "forecast"
                                | "guidance"
                                | "outlook"
                                | "through"
                                | "up"
                                | "years"
                                | "decade"
                                | "months"
                                | "period"
                        )
                    })
                    || view
                        .word_before(view.blanks_back(back.saturating_sub(2)))
                        .is_some_and(|(_, word)| word.as_str() == "prior"))
        }
        _ => false,
    }
}

/// Four digits without a sign of a count around them: "against 2021", "our 2026 metal forecast", "ended 2024,".
fn alone(view: &View<'_>, at: usize, end: usize) -> bool {
    if !view.digits(at).is_some_and(|digits| (2001..2040).contains(&digits.value)) {
        return false;
    }
    let back = view.blanks_back(at);
    let next = view.get(view.blanks(end));
    let signs = matches!(view.before(at), '-' | '/' | '$' | '#' | '+' | '.' | ',' | '(' | '~' | '±' | '=')
        || matches!(view.get(end), '-' | '/' | '%' | '~' | '=' | ':')
        || matches!(view.before(back), '|' | '\n' | '\0' | ':' | '-' | '–' | '—' | '~' | '>' | '<')
        || matches!(next, '|' | '\n' | '\0' | '-' | '–' | '—' | '~' | '(')
        || crate::view::is_han(next)
        || next.is_ascii_digit();
    if signs || crate::view::is_han(view.before(back)) {
        return false;
    }
    // "about 2010 tests", "No 2015", "a total 2010"
    let Some((_, word)) = view.word_before(back) else { return view.before(back) == ',' };
    !matches!(
        word.as_str(),
        "about"
            | "around"
            | "some"
            | "nearly"
            | "almost"
            | "over"
            | "roughly"
            | "approximately"
            | "exactly"
            | "all"
            | "another"
            | "only"
            | "these"
            | "total"
            | "no"
            | "model"
            | "code"
            | "number"
            | "than"
            | "at"
            | "to"
            | "is"
            | "are"
            | "was"
            | "were"
            | "has"
            | "have"
            | "had"
            | "times"
            | "and"
            | "or"
            | "of"
            | "plus"
            | "minus"
            | "equals"
            | "sold"
            | "bought"
            | "produced"
            | "made"
    ) || matches!(word.as_str(), "than")
        && matches!(next, '.' | ',' | ';')
        && !view.get(end + 1).is_ascii_digit()
}

/// "the 2025 quota", "2024 output", "2019's harvest", "2019 to date": a year that stands before what is of that year.
fn described(view: &View<'_>, at: usize, end: usize) -> bool {
    let plausible = view.digits(at).is_some_and(|digits| (1950..2060).contains(&digits.value));
    if !plausible || view.before(at) == '-' {
        return false;
    }
    if view.starts_with(end, "'s") && !view.get(end + 2).is_ascii_alphanumeric() {
        return true;
    }
    let to_now = view
        .any_of(view.blanks(end), &["to date", "to now", "to present", "to the present", "-present", "-now"]);
    if to_now.is_some_and(|(_, end)| view.at_edge(end)) {
        return true;
    }
    view.get(end) == ' ' && view.next_word(end).is_some_and(|noun| is_of_year(noun.as_str()))
}

/// "2022, 2023 and 2024": one of a list of years that rise.
fn listed(view: &View<'_>, at: usize, end: usize) -> bool {
    let year = |at: usize| {
        view.digits(at)
            .filter(|digits| digits.count == 4 && (1950..2060).contains(&digits.value))
            .map(|digits| (digits.value, digits.end))
    };
    let Some((own, _)) = year(at) else { return false };
    // "2024 versus 2023"
    let against = view.next_word(end).filter(|word| matches!(word.as_str(), "versus" | "vs"));
    if let Some(word) = against {
        let next = if view.get(word.end) == '.' { word.end + 1 } else { word.end };
        return year(view.blanks(next)).is_some_and(|(_, end)| !view.get(end).is_ascii_alphanumeric());
    }
    let behind = |end: usize| -> Option<(u32, usize)> {
        let comma = view.get(end) == ',' && view.get(end + 1) == ' ';
        let mut next = if comma { view.blanks(end + 1) } else { view.blanks(end) };
        let word = view.word(next).filter(|word| matches!(word.as_str(), "and" | "or" | "versus" | "vs"));
        if let Some(word) = word {
            next = view.blanks(word.end);
        }
        (comma || word.is_some()).then(|| year(next)).flatten()
    };
    let next = behind(end).filter(|(value, _)| (own + 1..own + 12).contains(value));
    let before = || {
        let mut back = view.blanks_back(at);
        if let Some((start, word)) = view.word_before(back)
            && matches!(word.as_str(), "and" | "or")
        {
            back = view.blanks_back(start);
        }
        if view.before(back) == ',' {
            back -= 1;
        }
        let start = back.saturating_sub(4);
        (back < at && back >= 4)
            .then(|| year(start))
            .flatten()
            .filter(|(value, stop)| *stop == back && (*value + 1..*value + 12).contains(&own))
            .filter(|_| !view.before(start).is_ascii_digit())
            .map(|_| start)
    };
    // Three in a row are sure; of two, the place of the first tells, which the words before it do.
    match next {
        Some((value, stop)) => {
            let third = behind(stop).is_some_and(|(last, _)| (value + 1..value + 12).contains(&last));
            // "2023 and 2024 respectively"
            let pair = value == own + 1
                && (1990..2040).contains(&own)
                && matches!(view.before(view.blanks_back(at)), '\0' | '\n' | '.' | ',' | ';' | ':' | '(')
                && crate::units::behind(view, view.blanks(stop)).is_none();
            third || pair || before().is_some()
        }
        None => before().is_some_and(|start| {
            view.word_before(view.blanks_back(start)).is_some() && year_place(view, start, start + 4)
                || view.before(view.blanks_back(start)) == ','
        }),
    }
}

/// "2014 to 2018": the word "to" that ends at `back` follows a year or a month.
pub(super) fn year_before_to(view: &View<'_>, back: usize) -> bool {
    let start = view.blanks_back(back.saturating_sub(2));
    let digits_start = start.saturating_sub(4);
    view.digits(digits_start).is_some_and(|digits| {
        digits.count == 4 && digits.end == start && (1900..2100).contains(&digits.value)
    })
}

/// "1990s", "1990 s", "90s"
pub(super) fn decade(view: &View<'_>, at: usize) -> Option<Point> {
    let digits = view.digits(at).filter(|digits| digits.value.is_multiple_of(10))?;
    let mut end = digits.end;
    let apostrophe = view.get(end) == '\'';
    if apostrophe || view.get(end) == ' ' {
        end += 1;
    }
    if view.get(end) != 's' || view.get(end + 1).is_ascii_alphanumeric() {
        return None;
    }
    let value = i16::try_from(digits.value).ok()?;
    let first = match digits.count {
        4 if (1500..2100).contains(&value) => value,
        2 if value >= 20 => {
            if value >= 30 {
                1900 + value
            } else {
                2000 + value
            }
        }
        _ => return None,
    };
    let interval = years(first, 10, Precision::Decade)?;
    Some(Point { end: end + 1, said: Said { year: None, part: Of::Fixed(interval) } })
}

/// The quarter or half that a letter and a number name: Q3, H1.
pub(super) fn sub_year(letter: &str, number: i8) -> Option<Of> {
    match (letter, number) {
        ("q", 1..=4) => Some(Of::Quarter(number)),
        ("h", 1..=2) => Some(Of::Half(number)),
        _ => None,
    }
}
