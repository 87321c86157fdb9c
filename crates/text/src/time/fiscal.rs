//! Financial years: FY2025, "third quarter of FY26", 2025财年上半年, "fiscal third quarter".
//!
//! A financial year is named by the calendar year in which it ends, and is that year itself unless the text says when it
//! ends: "year ended 30 June", "fiscal year ends in March", 截至3月31日止财政年度.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::{Interval, months, shifted};
use super::month_name;
use crate::find::{find, lower};
use crate::mention::{Mention, Precision};

/// How far around a financial year its end is looked for, in bytes.
const AROUND: usize = 6000;

/// What the words of a financial time say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told {
    /// The year in which it ends.
    year: Option<i16>,
    /// True if two years are named, so that it is no calendar year.
    split: bool,
    part: Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year,
    Half(i8),
    Quarter(i8),
}

/// Fills in a financial time; true if it is one.
pub(super) fn settle(mention: &mut Mention<'_>, text: &str, published: Option<Date>) -> bool {
    let Some(told) = told(mention.quote) else { return false };
    let mut from = mention.start_byte.saturating_sub(AROUND);
    let mut to = (mention.end_byte + AROUND).min(text.len());
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    while !text.is_char_boundary(to) {
        to += 1;
    }
    let around = &text[from..to];
    let last = last_month(around).or_else(|| if told.split { usual_end(around) } else { None });
    // FY2025 is the calendar year where nothing else is said; "fiscal year" in full leaves open when it begins.
    let spelled = told.part == Part::Year && find(&lower(mention.quote), "fiscal year").is_some();
    if (told.split || spelled || told.year.is_none()) && last.is_none() {
        return true;
    }
    if let Some(interval) = interval(told, last.unwrap_or(12), published) {
        mention.start = interval.start.map(|date| date.to_string());
        mention.end = interval.end.map(|date| date.to_string());
        mention.precision = Some(interval.precision);
    }
    true
}

/// The days of a financial time, where such years end with the month `last`.
fn interval(told: Told, last: i8, published: Option<Date>) -> Option<Interval> {
    let (skipped, length, precision) = match told.part {
        Part::Year => (0, 12, Precision::Year),
        Part::Half(half) => (i32::from(half - 1) * 6, 6, Precision::Half),
        Part::Quarter(quarter) => (i32::from(quarter - 1) * 3, 3, Precision::Quarter),
    };
    let of = |year: i16| {
        let end = months(year, last, last, Precision::Month)?.end?;
        let start = shifted(shifted(end, (-12).months())?, skipped.months())?;
        Some(Interval::new(start, shifted(start, length.months())?, precision))
    };
    if let Some(year) = told.year {
        return of(year);
    }
    // Without a year it is the last one that has begun.
    let today = published?;
    [1, 0, -1].into_iter().find_map(|offset| {
        let found = of(today.year() + offset)?;
        let over = if told.part == Part::Year { found.start? } else { found.end? };
        (over <= today).then_some(found)
    })
}

/// What a quote says, if it names a financial year.
fn told(quote: &str) -> Option<Told> {
    // The words have an f or the last byte of 财, which few other times do.
    if !quote.bytes().any(|byte| matches!(byte, b'f' | b'F' | 0xa2)) {
        return None;
    }
    let words = lower(quote);
    let at = ["fy", "fiscal", "financial", "财年", "财政年度"].iter().find_map(|word| find(&words, word))?;
    let english = words.is_ascii();
    // "the financial year ending 30 June 2026" says its days.
    if english && [" end", " to ", " from "].iter().any(|word| find(&words, word).is_some()) {
        return None;
    }
    let part = part(&words);
    let (year, split) = match years(&words, at, english) {
        Some((first, Some(second))) => (Some((first / 100) * 100 + second % 100), true),
        Some((first, None)) => (Some(first), false),
        None => (None, false),
    };
    Some(Told { year, split, part })
}

/// The year that stands beside the word for a financial year, and a second one behind a stroke.
fn years(words: &str, at: usize, english: bool) -> Option<(i16, Option<i16>)> {
    let bytes = words.as_bytes();
    let run = |mut start: usize| {
        let begin = start;
        while bytes.get(start).is_some_and(u8::is_ascii_digit) {
            start += 1;
        }
        let number: i16 = words.get(begin..start)?.parse().ok()?;
        Some((number, start - begin, start))
    };
    let mut start = (0..bytes.len()).filter(|index| bytes[*index].is_ascii_digit());
    let found = start.find_map(|index| {
        let (number, count, end) = run(index)?;
        let alone = index == 0 || !bytes[index - 1].is_ascii_digit();
        let full = count == 4 && (1900..2200).contains(&number);
        // FY26 and 25财年 have two digits right beside the word.
        let short = count == 2 && (english && index > at || !english && end == at);
        (alone && (full || short)).then_some((if full { number } else { 2000 + number }, end))
    });
    let (first, end) = found?;
    let second = matches!(bytes.get(end), Some(b'-' | b'/')).then(|| run(end + 1)).flatten();
    Some((first, second.map(|(number, ..)| number)))
}

/// Which part of the year the words name.
fn part(words: &str) -> Part {
    const PARTS: &[(&str, Part)] = &[
        ("first half", Part::Half(1)),
        ("first-half", Part::Half(1)),
        ("second half", Part::Half(2)),
        ("second-half", Part::Half(2)),
        ("上半", Part::Half(1)),
        ("下半", Part::Half(2)),
        ("h1", Part::Half(1)),
        ("h2", Part::Half(2)),
        ("1h", Part::Half(1)),
        ("2h", Part::Half(2)),
        ("first", Part::Quarter(1)),
        ("second", Part::Quarter(2)),
        ("third", Part::Quarter(3)),
        ("fourth", Part::Quarter(4)),
        ("q1", Part::Quarter(1)),
        ("q2", Part::Quarter(2)),
        ("q3", Part::Quarter(3)),
        ("q4", Part::Quarter(4)),
        ("1q", Part::Quarter(1)),
        ("2q", Part::Quarter(2)),
        ("3q", Part::Quarter(3)),
        ("4q", Part::Quarter(4)),
        ("一财季", Part::Quarter(1)),
        ("二财季", Part::Quarter(2)),
        ("三财季", Part::Quarter(3)),
        ("四财季", Part::Quarter(4)),
        ("一季", Part::Quarter(1)),
        ("二季", Part::Quarter(2)),
        ("三季", Part::Quarter(3)),
        ("四季", Part::Quarter(4)),
    ];
    PARTS.iter().find(|(name, _)| words.contains(name)).map_or(Part::Year, |(_, part)| *part)
}

/// The month with which a text says that its financial years end.
fn last_month(text: &str) -> Option<i8> {
    let lower = text.to_ascii_lowercase();
    end_by_bracket(&lower)
        .or_else(|| english_end(&lower))
        .or_else(|| chinese_end(&lower))
        .or_else(|| end_by_quarter(&lower))
        .or_else(|| end_by_half(&lower))
}

/// "half year ended 31 December 2024 … H1 FY25": the half that is named by its last month tells when the year ends.
fn end_by_half(text: &str) -> Option<i8> {
    let first = ["h1 fy", "1h fy", "h1fy", "1hfy", "1h2", "first half of fy", "first half of fiscal"];
    let second = ["h2 fy", "2h fy", "h2fy", "2hfy", "second half of fy", "second half of fiscal"];
    let says = |words: &[&str]| words.iter().any(|word| find(text, word).is_some());
    let left = match (says(&first), says(&second)) {
        (true, false) => 6,
        (false, true) => 0,
        _ => return None,
    };
    text.match_indices("half").find_map(|(at, _)| {
        let rest = text[at + 4..].trim_start_matches(['-', ' ']);
        let rest = rest.strip_prefix("year").unwrap_or(rest).trim_start();
        let rest = ["ended", "ending", "to"].iter().find_map(|word| rest.strip_prefix(word))?;
        let (month, _) = month_in(rest)?;
        Some((month + left - 1) % 12 + 1)
    })
}

/// "H1 FY26 (April-September 2025)", "fiscal third quarter (March-May)": the months of a part tell when its year ends.
fn end_by_bracket(text: &str) -> Option<i8> {
    /// How far from the words the bracket opens, in bytes.
    const NEAR: usize = 28;
    text.match_indices("fy").chain(text.match_indices("fiscal")).find_map(|(at, _)| {
        let mut from = at.saturating_sub(18);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let rest = &text[at..];
        let open = rest.find('(').filter(|open| *open < NEAR)?;
        let (first, behind) = rest[open + 1..].split_once(['-', '–'])?;
        let first = month_name(first.trim())?;
        let letters: String = behind.trim_start().chars().take_while(char::is_ascii_alphabetic).collect();
        let last = month_name(&letters)?;
        let length = (last - first).rem_euclid(12) + 1;
        let left = match part(&text[from..at + open]) {
            Part::Quarter(number) if length == 3 => 3 * (4 - number),
            Part::Half(number) if length == 6 => 6 * (2 - number),
            Part::Year if length == 12 => 0,
            _ => return None,
        };
        Some((last + left - 1) % 12 + 1)
    })
}

/// Where two years name a financial year, the month with which it ends by the country that the text speaks of.
fn usual_end(text: &str) -> Option<i8> {
    const MARCH: &[&str] = &["india", "crore", "lakh", "rupee", "japan", "印度", "卢比", "日元"];
    const JUNE: &[&str] = &["a$", "(asx", "australia", "澳元", "澳大利亚", "澳洲"];
    let lower = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| find(&lower, word).is_some());
    match (says(MARCH), says(JUNE)) {
        (true, false) => Some(3),
        (false, true) => Some(6),
        _ => None,
    }
}

/// "year ended 30 June", "whose fiscal year ends in March", "financial year to 31 March 2025", "a June year-end".
fn english_end(text: &str) -> Option<i8> {
    for (at, _) in text.match_indices("year") {
        let before = text[..at].trim_end_matches([' ', '-']);
        // Half years end twice a year.
        if before.ends_with("half") || before.ends_with("calendar") {
            continue;
        }
        let rest = text[at + 4..].trim_start();
        if (rest.starts_with("-end") || rest.starts_with("end "))
            && let Some(month) = before.rsplit([' ', '\n']).next().and_then(month_name)
        {
            return Some(month);
        }
        let link =
            ["ended", "ending", "ends", "end", "closes", "closing", "closed", "to", "runs to", "through"]
                .iter()
                .find_map(|word| rest.strip_prefix(word).filter(|rest| rest.starts_with(' ')));
        let fiscal = before.ends_with("fiscal") || before.ends_with("financial");
        let runs = fiscal.then(|| rest.strip_prefix("runs from ")).flatten();
        if let Some((month, day)) = link.and_then(month_in) {
            // "the year to June" may be any twelve months; a financial year ends on a last day.
            if fiscal || day >= 28 {
                return Some(month);
            }
        }
        if let Some((month, _)) = runs.and_then(month_in) {
            return Some((month + 10) % 12 + 1);
        }
    }
    None
}

/// The month among the next few words, with the day of it that is said there, or the last one.
fn month_in(rest: &str) -> Option<(i8, i8)> {
    let mut day = None;
    let words = rest.split([' ', ',', '.', ')', '\n', ';']).filter(|word| !word.is_empty()).take(4);
    for word in words {
        if let Some(month) = month_name(word) {
            let behind = rest.split(word).nth(1).unwrap_or_default().trim_start();
            let digits: String = behind.chars().take_while(char::is_ascii_digit).take(2).collect();
            let after = digits.parse().ok().filter(|day: &i8| (1..=31).contains(day) && digits.len() <= 2);
            let year = behind.bytes().take_while(u8::is_ascii_digit).count() == 4;
            return Some((month, day.or(after.filter(|_| !year)).unwrap_or(0)));
        }
        day = word.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok().or(day);
    }
    None
}

/// 截至2025年3月31日止财政年度, 财年截至6月, 4月至次年3月.
fn chinese_end(text: &str) -> Option<i8> {
    for (at, word) in text.match_indices("财年").chain(text.match_indices("年度")) {
        let mut from = at.saturating_sub(45);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let before = &text[from..at];
        let opened = before.rfind("截至").or_else(|| before.rfind("止于")).or_else(|| before.rfind("结束于"));
        if let Some(start) = opened
            && let Some(month) = chinese_month(&before[start..])
            && (before.contains('止') || before.contains("结束"))
        {
            return Some(month);
        }
        let rest = &text[at + word.len()..];
        let closed = ["截至", "(截至", "（截至", "止于", "结束于", "于"]
            .iter()
            .find_map(|word| rest.strip_prefix(word));
        if let Some(month) = closed.filter(|_| word == "财年").and_then(chinese_month) {
            return Some(month);
        }
    }
    text.find("月至次年").and_then(|at| chinese_month(&text[at + "月至次年".len()..]))
}

/// The number before 月 among the next few characters.
fn chinese_month(rest: &str) -> Option<i8> {
    let end = rest.find('月').filter(|end| *end <= 24)?;
    let digits = rest[..end].bytes().rev().take_while(u8::is_ascii_digit).count();
    rest[end - digits..end].parse().ok().filter(|month| (1..=12).contains(month))
}

/// "third quarter of FY26 … the quarter to December 2025": the one quarter that is named by its last month tells it.
fn end_by_quarter(text: &str) -> Option<i8> {
    let number = text.match_indices("fy").chain(text.match_indices("fiscal")).find_map(|(at, _)| {
        let mut from = at.saturating_sub(18);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        match part(&text[from..at]) {
            Part::Quarter(number) => Some(number),
            _ => None,
        }
    })?;
    let mut found = None;
    for (at, _) in text.match_indices("quarter ") {
        let rest = &text[at + 8..];
        let link = ["ended ", "ending ", "to "].iter().find_map(|word| rest.strip_prefix(word));
        if let Some((month, _)) = link.and_then(month_in) {
            if found.is_some_and(|found| found != month) {
                return None;
            }
            found = Some(month);
        }
    }
    let month = found?;
    Some((month + 3 * (4 - number) - 1) % 12 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn financial_years_are_told_from_the_text() {
        for (text, expected) in [
            ("for the year ended 30 June 2025", Some(6)),
            ("whose fiscal year ends in March", Some(3)),
            ("our fiscal year runs from October", Some(9)),
            ("the half-year ended 31 December", None),
            ("half year ended 31 December 2024; revenue in H1 FY25", Some(6)),
            ("in the year to June prices rose", None),
            ("截至2025年3月31日止财政年度", Some(3)),
            ("2025财年（截至9月30日）", Some(9)),
            ("Q3 FY26: we made 3 GW in the quarter to December", Some(3)),
        ] {
            assert_eq!(last_month(text), expected, "{text}");
        }
    }

    #[test]
    fn words_tell_year_and_part() {
        for (quote, year, part) in [
            ("FY26", Some(2026), Part::Year),
            ("Q3 FY26", Some(2026), Part::Quarter(3)),
            ("fiscal third quarter", None, Part::Quarter(3)),
            ("first half of FY2025/26", Some(2026), Part::Half(1)),
            ("fiscal Q2 2025", Some(2025), Part::Quarter(2)),
            ("2025财年上半年", Some(2025), Part::Half(1)),
            ("4QFY25", Some(2025), Part::Quarter(4)),
        ] {
            let told = told(quote);
            assert_eq!(told.map(|told| (told.year, told.part)), Some((year, part)), "{quote}");
        }
    }
}
