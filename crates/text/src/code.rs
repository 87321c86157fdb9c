//! What looks like a number and is none: citation marks, list numbers, tickers, HS codes, addresses, ids.

use crate::mention::Kind;
use crate::sentence::list_number;
use crate::view::{View, is_han};

/// Something that is not to be read as a number.
pub(crate) struct Found {
    pub(crate) end: usize,
    /// What to report it as, if anything.
    pub(crate) kind: Option<Kind>,
    /// Nothing within may be read otherwise.
    pub(crate) certain: bool,
}

fn code(end: usize) -> Option<Found> {
    Some(Found { end, kind: Some(Kind::Code), certain: true })
}

fn skip(end: usize) -> Option<Found> {
    Some(Found { end, kind: None, certain: true })
}

/// What is not to be read as a number at `at`.
pub(crate) fn code_at(view: &View<'_>, at: usize) -> Option<Found> {
    match view.get(at) {
        '[' | '【' => citation(view, at),
        '0'..='9' => from_digit(view, at),
        'a'..='z' if !view.before(at).is_ascii_alphanumeric() => from_letter(view, at),
        '第' => numbered(view, at),
        '$' => cashtag(view, at),
        '+' => telephone(view, at),
        _ => None,
    }
}

/// `[3]`, `[3,5]`, `[12-14]`
fn citation(view: &View<'_>, at: usize) -> Option<Found> {
    let close = if view.get(at) == '[' { ']' } else { '】' };
    let mut here = at + 1;
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
    Some(Found { end: here + 1, kind: Some(Kind::Citation), certain: true })
}

fn from_digit(view: &View<'_>, at: usize) -> Option<Found> {
    let before = view.before(at);
    if before.is_ascii_alphanumeric() {
        // The tail of a model number such as a320 that began elsewhere.
        return None;
    }
    let digits = view.digits(at)?;
    if let Some(end) = dotted(view, at) {
        return code(end);
    }
    // 600111.SH, 0700.HK, 300748.SZ
    if matches!(digits.count, 4..=6)
        && view.get(digits.end) == '.'
        && let Some(word) = view.word(digits.end + 1)
        && matches!(word.as_str(), "sh" | "sz" | "hk" | "ss" | "bj" | "t" | "tw" | "ks" | "ax" | "oq")
    {
        return code(word.end);
    }
    // 9时30分, 1600 GMT, the contract 2508合约
    let tail = view.blanks(digits.end);
    if digits.count <= 2
        && digits.value < 25
        && view.get(tail) == '时'
        && !matches!(view.get(tail + 1), '代' | '间' | '尚' | '候')
    {
        let minutes = view.digits(tail + 1).filter(|minutes| view.get(minutes.end) == '分');
        return skip(minutes.map_or(tail + 1, |minutes| minutes.end + 1));
    }
    if digits.count == 4
        && view.word(tail).is_some_and(|word| matches!(word.as_str(), "gmt" | "utc" | "cst" | "edt" | "bst"))
    {
        return skip(digits.end);
    }
    if matches!(digits.count, 3..=4) && view.starts_with(tail, "合约") {
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
    if digits.count <= 2 && view.get(digits.end) == '、' && opens_line(view, at) {
        return code(digits.end);
    }
    if matches!(view.get(digits.end), '号') && view.before(at) != '月' && digits.count <= 3 {
        return code(digits.end + 1);
    }
    if matches!((digits.value, view.get(digits.end)), (24, '/') | (50, '/'))
        && view.digits(digits.end + 1).is_some_and(|second| second.value == 7 || second.value == 50)
    {
        return code(view.digits(digits.end + 1)?.end);
    }
    if digits.count >= 4 && behind_label(view, at) {
        return code(digits.end);
    }
    if let Some(end) = dashed(view, at) {
        return code(end);
    }
    if let Some(end) = list(view, at) {
        return code(end);
    }
    // 7439-style ids, 3N5N purity, 2nd, 4th: digits grown together with letters that name no unit.
    let word = view.word(digits.end)?;
    match word.as_str() {
        // 4N purity, 5G, A-share numbers such as 3C
        "n" if digits.count == 1 => code(word.end),
        "g" if view.raw(digits.end) == 'G'
            && (digits.count == 1 && (2..=6).contains(&digits.value) || is_han(view.get(word.end))) =>
        {
            code(word.end)
        }
        "d" | "c" if digits.count == 1 && view.raw(digits.end).is_ascii_uppercase() => code(word.end),
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

/// True at the beginning of a line or sentence.
fn opens_line(view: &View<'_>, at: usize) -> bool {
    let back = view.blanks_back(at);
    matches!(view.before(back), '\0' | '\n' | '。' | ';' | '；' | ':' | '：')
}

/// True behind 代码, 邮编 and the like.
fn behind_label(view: &View<'_>, at: usize) -> bool {
    let mut back = view.blanks_back(at);
    if matches!(view.before(back), ':' | '：' | '为') {
        back = view.blanks_back(back - 1);
    }
    back >= 2
        && ["代码", "邮编", "编号", "编码", "电话"].iter().any(|label| view.starts_with(back - 2, label))
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
    let byte = view.byte(at);
    let mut end = (byte + 8).min(view.source.len());
    while !view.source.is_char_boundary(end) {
        end -= 1;
    }
    let rest = &view.source[byte..];
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

/// Addresses, versions, section numbers: digits with two or more points; HS codes such as 2825.80.10.
fn dotted(view: &View<'_>, at: usize) -> Option<usize> {
    let mut here = view.digits(at)?.end;
    let mut points = 0;
    while view.get(here) == '.' {
        let Some(next) = view.digits(here + 1) else { break };
        points += 1;
        here = next.end;
    }
    // 2025.07.11 is a date, and so is 11.07.2025.
    let year = |digits: &crate::view::Digits| digits.count == 4 && (1900..2100).contains(&digits.value);
    let first = view.digits(at)?;
    let last = view
        .digits(here.saturating_sub(4))
        .filter(|last| last.end == here && view.before(here.saturating_sub(4)) == '.');
    let short = first.count <= 2 && here - at <= 10 && last.as_ref().is_some_and(year);
    let date = points == 2 && (year(&first) || short);
    (points > 1 && !date).then_some(here)
}

/// Telephone numbers, CAS numbers and ids: three or more runs of digits joined by hyphens, unless it is a date.
fn dashed(view: &View<'_>, at: usize) -> Option<usize> {
    let first = view.digits(at)?;
    let mut runs = vec![first];
    let mut here = first.end;
    while matches!(view.get(here), '-') {
        let Some(next) = view.digits(here + 1) else { break };
        runs.push(next);
        here = next.end;
    }
    // An area code: 010-65123456.
    if runs.len() == 2 && first.count > 2 && view.get(at) == '0' && runs[1].count >= 6 {
        return Some(here);
    }
    if runs.len() < 3 {
        return None;
    }
    let date = runs.len() == 3
        && first.count == 4
        && runs[1].value <= 31
        && runs[1].count <= 2
        && runs[2].value <= 31
        && runs[2].count <= 2
        // 2025-13-07 is a date that does not exist; of 2025-19-20 nobody can tell.
        && (runs[1].value <= 12 || runs[2].value <= 12);
    let short_date = runs.len() == 3 && first.count <= 2 && runs[1].count <= 2 && runs[2].count == 4;
    if date || short_date { None } else { Some(here) }
}

fn telephone(view: &View<'_>, at: usize) -> Option<Found> {
    let end = view.digits(at + 1).filter(|digits| digits.count <= 3)?.end;
    let mut here = end;
    let mut groups = 0;
    while matches!(view.get(here), '-' | ' ' | '/') {
        let Some(next) = view.digits(here + 1) else { break };
        groups += 1;
        here = next.end;
    }
    if groups >= 2 || groups == 1 && here - end > 7 { code(here) } else { None }
}

fn cashtag(view: &View<'_>, at: usize) -> Option<Found> {
    let word = view.word(at + 1)?;
    let upper = (at + 1..word.end).all(|at| view.raw(at).is_ascii_uppercase());
    (upper && word.end - at > 2).then_some(Found { end: word.end, kind: Some(Kind::Code), certain: true })
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
    if matches!(name, "http" | "https" | "ftp") && view.starts_with(word.end, "://") {
        return skip(address(view, word.end + 3));
    }
    if name == "hs" || name == "cas" {
        return labelled(view, word.end);
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
        return matches!(view.get(tail), ':' | '-').then(|| Found {
            end: digits.end,
            kind: Some(Kind::Code),
            certain: true,
        });
    }
    if matches!(name, "no" | "nos") && view.get(word.end) == '.' {
        let digits = view.digits(view.blanks(word.end + 1))?;
        return code(digits.end);
    }
    if LABELS.contains(&name) && (view.raw(at).is_ascii_uppercase() || name == "page") {
        return labelled_number(view, word.end);
    }
    model(view, at, word.end, name)
}

/// Words that make a name of the whole number behind them.
const LABELS: &[&str] = &[
    "model",
    "iphone",
    "table",
    "figure",
    "fig",
    "page",
    "section",
    "chapter",
    "article",
    "phase",
    "tier",
    "annex",
    "appendix",
    "category",
    "version",
    "windows",
    "boeing",
    "airbus",
    "rule",
    "exhibit",
    "schedule",
    "executive",
    "resolution",
    "clause",
    "paragraph",
    "stage",
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

/// 第46号, 第12条: an ordinal, which counts nothing. 第3季度 is a time.
fn numbered(view: &View<'_>, at: usize) -> Option<Found> {
    let digits = view.digits(view.blanks(at + 1)).filter(|digits| digits.count <= 5)?;
    let next = view.get(view.blanks(digits.end));
    match next {
        '季' | '周' | '天' | '年' | '月' | '%' | '.' => None,
        '号' | '条' | '页' | '章' | '款' => code(view.blanks(digits.end) + 1),
        _ => skip(digits.end),
    }
}

/// F-35, SCP-173, A320, CO2, Ti64: letters grown together with digits.
fn model(view: &View<'_>, at: usize, word_end: usize, name: &str) -> Option<Found> {
    let (digits_at, hyphen) = match view.get(word_end) {
        '-' => (word_end + 1, true),
        _ => (word_end, false),
    };
    let digits = view.digits(digits_at)?;
    let upper = (at..word_end).all(|at| view.raw(at).is_ascii_uppercase());
    if !hyphen {
        // Q3, H1, FY2025, USD115 are read elsewhere.
        if name == "w" && digits.count <= 2 && crate::time::year_behind(view, digits.end).is_some() {
            return None;
        }
        if matches!(name, "q" | "h" | "fy" | "cy" | "us" | "hk" | "nt") || money(name) || month(name) {
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

fn telephone_behind(view: &View<'_>, at: usize) -> Option<Found> {
    let mut here = at;
    while matches!(view.get(here), ':' | ' ' | '.') {
        here += 1;
    }
    let start = here;
    while matches!(view.get(here), '0'..='9' | '+' | '-' | ' ' | '(' | ')') {
        here += 1;
    }
    let end = view.blanks_back(here);
    (end > start + 5).then_some(Found { end, kind: Some(Kind::Code), certain: true })
}

/// "HS 2825.80", "HS code 280530", "CAS 7440-36-0"
fn labelled(view: &View<'_>, at: usize) -> Option<Found> {
    let mut here = view.blanks(at);
    for label in ["codes", "code", "编码", "no."] {
        if view.starts_with(here, label) {
            here = view.blanks(here + label.chars().count());
        }
    }
    if matches!(view.get(here), ':') {
        here = view.blanks(here + 1);
    }
    view.digits(here)?;
    let mut end = here;
    loop {
        let character = view.get(end);
        if character.is_ascii_digit() || matches!(character, '.' | '-') && view.get(end + 1).is_ascii_digit()
        {
            end += 1;
        } else {
            break;
        }
    }
    code(end)
}

fn address(view: &View<'_>, mut at: usize) -> usize {
    while at < view.len() {
        let character = view.get(at);
        if character == ' '
            || character == '\n'
            || is_han(character)
            || matches!(character, '，' | '。' | '）' | '"' | '”')
        {
            break;
        }
        at += 1;
    }
    at
}
