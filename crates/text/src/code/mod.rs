//! What looks like a number and is none: citation marks, list numbers, tickers, HS codes, addresses, ids.

mod document;
mod list;
mod name;
mod runs;
mod ticker;

use std::ops::Range;

pub(crate) use ticker::behind_company as ticker_behind;

use runs::{address, dashed, dotted, hour, telephone, telephone_behind};

use crate::mention::Kind;
use crate::numeral::continental;
use crate::sentence::list_number;
use crate::view::{View, is_han};

/// Something that is not to be read as a number.
#[derive(Debug)]
pub(crate) struct Found {
    /// Where it begins, if not where it was asked for.
    pub(crate) start: Option<usize>,
    /// Where reading goes on.
    pub(crate) end: usize,
    /// What to report it as, if anything.
    pub(crate) kind: Option<Kind>,
    /// Nothing within may be read otherwise.
    pub(crate) certain: bool,
}

fn code(end: usize) -> Option<Found> {
    Some(Found { start: None, end, kind: Some(Kind::Code), certain: true })
}

/// A code that does not begin where it was asked for: its label or bracket stands before it.
fn code_of(span: Range<usize>) -> Found {
    Found { start: Some(span.start), end: span.end, kind: Some(Kind::Code), certain: true }
}

fn skip(end: usize) -> Option<Found> {
    Some(Found { start: None, end, kind: None, certain: true })
}

/// What is not to be read as a number at `at`.
pub(crate) fn code_at(view: &View<'_>, at: usize) -> Option<Found> {
    match view.get(at) {
        '[' | '【' => citation(view, at).or_else(|| document::bracketed_year(view, at)),
        '〔' => document::bracketed_year(view, at),
        '0'..='9' => from_digit(view, at),
        'a'..='z' if !view.before(at).is_ascii_alphanumeric() => from_letter(view, at),
        '(' => list::mark(view, at).or_else(|| document::regulation(view, at)),
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '注' => {
            list::mark(view, at)
        }
        '第' => document::ordinal(view, at),
        '-' => name::sieved(view, at),
        '$' => cashtag(view, at),
        '+' => telephone(view, at),
        _ => None,
    }
}

/// `[3]`, `[3,5]`, `[12-14]`
fn citation(view: &View<'_>, at: usize) -> Option<Found> {
    let close = if view.get(at) == '[' { ']' } else { '】' };
    let mut here = if view.get(at + 1) == '注' { at + 2 } else { at + 1 };
    let mut listed = false;
    loop {
        let digits = view.digits(view.blanks(here))?;
        if digits.count > 3 {
            return None;
        }
        here = view.blanks(digits.end);
        match view.get(here) {
            ',' | '-' | '–' | '、' => {
                here += 1;
                listed = true;
            }
            character if character == close => break,
            _ => return None,
        }
    }
    // 区间[20,35] is an interval.
    if listed && crate::range::interval_at(view, at).is_some() {
        return None;
    }
    Some(Found { kind: Some(Kind::Citation), ..code_of(at..here + 1) })
}

fn from_digit(view: &View<'_>, at: usize) -> Option<Found> {
    let before = view.before(at);
    if before.is_ascii_alphanumeric() {
        // The tail of a model number such as a320 that began elsewhere.
        return None;
    }
    let digits = view.digits(at)?;
    if let Some(found) = list::mark(view, at)
        .or_else(|| ticker::ticker(view, at))
        .or_else(|| document::of_year(view, at))
        .or_else(|| document::of_paper(view, at))
        .or_else(|| document::tariff(view, at))
        .or_else(|| name::graded(view, at))
    {
        return Some(found);
    }
    let next = view.get(digits.end);
    if next == '.'
        && let Some(end) = dotted(view, at).filter(|_| continental(view, at).is_none())
    {
        return code(end);
    }
    let tail = view.blanks(digits.end);
    if let Some(found) = hour(view, &digits, tail) {
        return Some(found);
    }
    if matches!(digits.count, 3..=4) && (view.starts_with(tail, "合约") || month_of_contract(view, &digits))
    {
        return code(digits.end);
    }
    if digits.count == 4 && name::contract_behind(view, at, digits.end)
        || digits.count >= 4 && name::cell_size(view, at, digits.end)
    {
        return code(digits.end);
    }
    // 12:30, 12:30:05
    if digits.count <= 2
        && view.get(digits.end) == ':'
        && let Some(minutes) =
            view.digits(digits.end + 1).filter(|minutes| minutes.count == 2 && minutes.value < 60)
    {
        let seconds = view.digits(minutes.end + 1).filter(|_| view.get(minutes.end) == ':');
        return skip(seconds.map_or(minutes.end, |seconds| seconds.end));
    }
    if matches!((digits.value, view.get(digits.end)), (24, '/') | (50, '/'))
        && view.digits(digits.end + 1).is_some_and(|second| second.value == 7 || second.value == 50)
    {
        return skip(view.digits(digits.end + 1)?.end);
    }
    // 税则号列：81011000、81019600
    if matches!(digits.count, 8 | 10) && document::follows_code(view, at, digits.count) {
        return code(digits.end);
    }
    if digits.count >= 4 && document::behind_label(view, at) {
        return code(document::run(view, at)?);
    }
    if next == '-'
        && let Some(end) = dashed(view, at)
    {
        return code(end);
    }
    if digits.count <= 2
        && next == '.'
        && let Some(end) = list(view, at)
    {
        return code(end);
    }
    // 10-K, 20-F: the forms of filings.
    let form = matches!(view.raw(digits.end + 1), 'K' | 'Q' | 'F') && view.get(digits.end) == '-';
    if form && matches!(digits.value, 6 | 8 | 10 | 20 | 40) && view.at_edge(digits.end + 2) {
        return skip(digits.end + 2);
    }
    // 7439-style ids, 3N5N purity, 2nd, 4th: digits grown together with letters that name no unit.
    let word = view.word(digits.end)?;
    match word.as_str() {
        // 4N purity, 5G, A-share numbers such as 3C
        "n" if digits.count <= 2 && view.raw(digits.end) == 'N' => {
            // 4N5
            let half = view.digits(word.end).filter(|half| half.count == 1 && view.at_edge(half.end));
            code(half.map_or(word.end, |half| half.end))
        }
        // 42SH, 38EH: grades of magnets.
        "sh" | "uh" | "eh" | "ah" | "th"
            if digits.count == 2 && view.raw(digits.end).is_ascii_uppercase() =>
        {
            code(word.end)
        }
        "g" if view.raw(digits.end) == 'G'
            && (digits.count == 1 && (2..=6).contains(&digits.value) || is_han(view.get(word.end))) =>
        {
            code(word.end)
        }
        "d" | "c" if before != '.' && digits.count == 1 && view.raw(digits.end).is_ascii_uppercase() => {
            code(word.end)
        }
        _ if view.get(word.end).is_ascii_digit()
            && word.end - digits.end > 1
            && view.get(digits.end) != 'x'
            && !is_unit_run(word.as_str()) =>
        {
            code(run(view, word.end))
        }
        _ => None,
    }
}

/// "the 2510 contract": a year of two digits and a month.
fn month_of_contract(view: &View<'_>, digits: &crate::view::Digits) -> bool {
    digits.count == 4
        && (1..=12).contains(&(digits.value % 100))
        && view.next_word(digits.end).is_some_and(|word| matches!(word.as_str(), "contract" | "futures"))
}

/// `q` and `h` join year and quarter, `m2` is a unit.
fn is_unit_run(word: &str) -> bool {
    matches!(
        word,
        "q" | "h" | "qfy" | "hfy" | "w" | "m" | "km" | "cm" | "mm" | "ft" | "e" | "usd" | "rmb" | "cny"
    )
}

/// `2.1 Copper - …` at the beginning of a line or of a heading.
fn list(view: &View<'_>, at: usize) -> Option<usize> {
    let rest = &view.source[view.byte(at)..];
    let length = list_number(rest)?;
    let before = view.blanks_back(at);
    let opens = before == 0 || matches!(view.before(before), '\n' | ']');
    let dot_inside = rest.as_bytes().get(length - 2).is_some_and(u8::is_ascii_digit);
    let heading = || {
        let heading = &rest[length..];
        let stop = heading
            .char_indices()
            .take(90)
            .find(|(_, character)| matches!(character, '.' | ',' | '\n' | '-' | '–'))
            .map(|(index, _)| index);
        let words = stop.map(|stop| (&heading[..stop], heading[stop..].chars().next()));
        words.is_some_and(|(words, mark)| {
            let numbered = mark == Some('.') && words.ends_with(|character: char| character.is_ascii_digit());
            let named = words.split_whitespace().all(|word| {
                word.starts_with(|character: char| character.is_uppercase() || character.is_ascii_digit())
                    || matches!(word, "of" | "and" | "the" | "in" | "by" | "for" | "to")
            });
            named && (mark == Some('-') || mark == Some('–') || numbered)
        })
    };
    let capital_word_before =
        view.word_before(before).is_some_and(|(start, _)| view.raw(start).is_ascii_uppercase());
    if opens && (!dot_inside || heading()) || (capital_word_before || view.before(before) == '.') && heading()
    {
        return Some(at + if dot_inside { length - 1 } else { length - 2 });
    }
    None
}

fn cashtag(view: &View<'_>, at: usize) -> Option<Found> {
    let word = view.word(at + 1)?;
    let upper = (at + 1..word.end).all(|at| view.raw(at).is_ascii_uppercase());
    if upper && word.end - at > 2 { code(word.end) } else { None }
}

/// Past letters, digits, hyphens and points inside a word.
fn run(view: &View<'_>, mut at: usize) -> usize {
    loop {
        let character = view.get(at);
        if character.is_ascii_alphanumeric()
            || matches!(character, '-' | '.' | '_') && view.get(at + 1).is_ascii_alphanumeric()
        {
            at += 1;
        } else {
            return at;
        }
    }
}

fn from_letter(view: &View<'_>, at: usize) -> Option<Found> {
    let word = view.word(at)?;
    let name = word.as_str();
    // Asked at every word: a longer one in small letters before another such word is none of those below.
    if name.len() > 5
        && view.get(word.end) == ' '
        && view.raw(at).is_ascii_lowercase()
        && view.raw(word.end + 1).is_ascii_lowercase()
    {
        return None;
    }
    if matches!(name, "http" | "https" | "ftp") && view.starts_with(word.end, "://") {
        return skip(address(view, word.end + 3));
    }
    if let Some(found) = list::mark(view, at).or_else(|| ticker::ticker(view, at)) {
        return Some(found);
    }
    if let Some(found) = document::standard(view, at) {
        return Some(found);
    }
    if matches!(name, "hs" | "cas" | "ncm" | "hts" | "htsus")
        || name == "cn" && view.starts_with(word.end, " code")
    {
        return document::labelled(view, word.end);
    }
    if name == "ex" && view.digits(word.end + 1).is_some_and(|digits| digits.count == 4) {
        return document::run(view, word.end + 1)
            .filter(|end| *end > word.end + 5)
            .map(|end| code_of(word.end + 1..end));
    }
    if matches!(name, "utc" | "gmt") && matches!(view.get(word.end), '+' | '-') {
        return skip(view.digits(word.end + 1)?.end);
    }
    if matches!(name, "tel" | "phone" | "fax") {
        return telephone_behind(view, word.end);
    }
    if name == "group" && view.raw(at) == 'G' {
        // "Group 2: …" numbers a group; "Group 2" of the periodic table is written otherwise.
        let digits = view.digits(view.blanks(word.end)).filter(|digits| digits.count <= 2)?;
        let tail = view.blanks(digits.end);
        return if matches!(view.get(tail), ':' | '-') { code(digits.end) } else { None };
    }
    if matches!(name, "no" | "nos") && view.get(word.end) == '.' {
        // "kiln No. 2"
        if view.word_before(view.blanks_back(at)).is_some_and(|(_, noun)| document::is_plant(noun.as_str())) {
            return skip(view.digits(view.blanks(word.end + 1))?.end);
        }
        return document::number(view, word.end + 1);
    }
    if let Some(found) = name::lettered(view, at, word) {
        return Some(found);
    }
    let next = view.get(view.blanks(word.end));
    if (next.is_ascii_digit() || view.raw(view.blanks(word.end)).is_ascii_uppercase())
        && PAPERS.contains(&name)
        && let Some(found) = document::of_notice(view, word.end)
    {
        return Some(found);
    }
    if next.is_ascii_digit()
        && LABELS.contains(&name)
        && (view.raw(at).is_ascii_uppercase() || matches!(name, "page" | "section" | "article" | "notice"))
        && let Some(found) = labelled_number(view, word.end)
    {
        return Some(found);
    }
    model(view, at, word.end, name)
}

/// Words for papers that a number of letters, digits and slashes names.
const PAPERS: &[&str] =
    &["notice", "circular", "bulletin", "announcement", "decree", "filing", "document", "order", "reference"];

/// Words that make a name of the whole number behind them.
const LABELS: &[&str] = &[
    "model", "iphone", "section", "article", "windows", "boeing", "airbus", "rule", "exhibit", "schedule",
    "executive", "resolution", "clause", "notice", "circular", "bulletin", "decree",
];

/// "Section 232", "Table 3"; but not "Phase 2.5%" or "Section 40 tons".
fn labelled_number(view: &View<'_>, after: usize) -> Option<Found> {
    let digits = view.digits(view.blanks(after)).filter(|digits| digits.count <= 4)?;
    let next = view.get(digits.end);
    let more = next.is_ascii_alphanumeric()
        || next == '%'
        || matches!(next, '.' | ',') && view.get(digits.end + 1).is_ascii_digit();
    let unit = crate::units::behind(view, view.blanks(digits.end)).is_some();
    if more || unit || view.blanks(after) == after { None } else { code(digits.end) }
}

/// F-35, SCP-173, A320, CO2, Ti64: letters grown together with digits.
fn model(view: &View<'_>, at: usize, word_end: usize, name: &str) -> Option<Found> {
    let (digits_at, hyphen) = match view.get(word_end) {
        '-' => (word_end + 1, true),
        _ => (word_end, false),
    };
    let digits = view.digits(digits_at)?;
    // "the Beebyn-W11 mine": the tail of a name.
    if view.before(at) == '-'
        && at > 1
        && view.get(at - 2).is_ascii_lowercase()
        && view.raw(at - 2).is_lowercase()
    {
        return skip(run(view, digits.end));
    }
    let upper = (at..word_end).all(|at| view.raw(at).is_ascii_uppercase());
    if !hyphen {
        // Q3, H1, FY2025, USD115 are read elsewhere.
        // R53,650: South African rand.
        if name == "r"
            && matches!(view.get(digits.end), ',' | '.')
            && view.get(digits.end + 1).is_ascii_digit()
        {
            return None;
        }
        if name == "w" && digits.count <= 2 && crate::time::year_behind(view, digits.end).is_some() {
            return None;
        }
        // Q235B, a steel; Q3 is read elsewhere.
        if name == "q"
            && digits.count == 3
            && matches!(digits.value, 195 | 215 | 235 | 345 | 355 | 390 | 420 | 460)
        {
            return code(run(view, digits.end));
        }
        // H13, a tool steel: halves of a year have one digit.
        if name == "h"
            && matches!(digits.value, 11 | 12 | 13 | 21 | 59 | 62 | 65 | 68)
            && digits.count == 2
            && view.at_edge(digits.end)
        {
            return code(digits.end);
        }
        if matches!(name, "q" | "h" | "fy" | "cy" | "us" | "hk" | "nt") || money(name) || month(name) {
            return None;
        }
        // Mn44%: the content of a metal.
        let part = if view.get(digits.end) == '.' { view.digits(digits.end + 1) } else { None };
        if word_end - at == 2
            && view.raw(at + 1).is_lowercase()
            && view.get(part.map_or(digits.end, |part| part.end)) == '%'
        {
            return None;
        }
        return code(run(view, digits.end));
    }
    // covid-19, scp-173m
    let lower = (2..=6).contains(&(word_end - at))
        && digits.count <= 3
        && !NO_NAMES.contains(&name)
        && crate::numeral::cardinal(name).is_none();
    if hyphen && !upper && lower && !money(name) && !month(name) {
        return code(run(view, digits.end));
    }
    // Dushanbe-2, the second of a name: it counts nothing.
    let named = view.raw(at).is_ascii_uppercase() && !upper && word_end - at > 3;
    if named
        && digits.count <= 2
        && view.at_edge(digits.end)
        && view.get(digits.end) != '%'
        && !month(name)
        && !NO_NAMES.contains(&name)
    {
        return skip(digits.end);
    }
    // "post-2019", "mid-2025", "pre-1990": words before a year; "Inc-5"?
    let year = digits.count == 4 && (1900..2100).contains(&digits.value);
    if !upper || year && word_end - at > 2 || matches!(name, "q" | "h") || money(name) || word_end - at > 6 {
        return None;
    }
    code(run(view, digits.end))
}

/// Words that go before numbers with a hyphen and make no name of them.
const NO_NAMES: &[&str] = &[
    "mid", "post", "pre", "early", "late", "non", "over", "under", "up", "down", "about", "sub", "ex",
    "plus", "minus", "near", "to", "end", "past", "fy", "cy",
];

fn money(name: &str) -> bool {
    name.len() <= 4
        && crate::units::before(&View::new(&name.to_uppercase()), 0)
            .is_some_and(|found| found.end >= name.len().min(4))
        || matches!(name, "rmb" | "usd" | "cny" | "musd" | "maud" | "sen")
}

fn month(name: &str) -> bool {
    crate::time::month_name(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first code in a text, by its words; nothing if the place is skipped or free.
    fn first(text: &str) -> Option<&str> {
        let view = View::new(text);
        let mut at = 0;
        while at < view.len() {
            match code_at(&view, at) {
                Some(found) if found.kind.is_some() => {
                    return Some(&text[view.bytes(found.start.unwrap_or(at)..found.end)]);
                }
                Some(found) => at = found.end.max(at + 1),
                None => at += 1,
            }
        }
        None
    }

    #[test]
    fn labels_and_brackets_stand_outside() {
        for (text, code) in [
            ("（3）钨价", "3"),
            ("二、镁", "二"),
            ("IV. Prices", "IV"),
            ("Question 2: why", "2"),
            ("注1：含税", "1"),
            ("矿业股份（600999）", "600999"),
            ("Example Mining (TSX: EXM)", "EXM"),
            ("公告编号：2024-031", "2024-031"),
            ("省函〔2024〕7号", "省函〔2024〕7"),
            ("CN code 2804 69 00", "2804 69 00"),
            ("GB/T 12345 修订", "GB/T 12345"),
            ("5N purity", "5N"),
        ] {
            assert_eq!(first(text), Some(code), "{text}");
        }
        for text in [
            "the No. 4 smelter", "2#线", "TOP 10 makers", "Li2O content", "M+1 pricing", "3号炉",
            "LME 3M zinc",
        ] {
            assert_eq!(first(text), None, "{text}");
        }
    }
}
