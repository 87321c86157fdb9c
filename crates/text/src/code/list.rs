//! Marks of lists, questions and notes: `1.`, `(2)`, 一、, `IV.`, "Question 3:", 注1：. A mark is a code, by its digits alone.

use super::{Found, code_of};
use crate::view::{View, Word, is_han};

/// Words before the number of a question or a note that opens a line.
const HEADS: &[&str] = &["question", "remark", "note", "item", "point", "annex", "step"];

/// The mark that begins at `at`.
pub(super) fn mark(view: &View<'_>, at: usize) -> Option<Found> {
    match view.get(at) {
        '(' => bracketed(view, at),
        '0'..='9' => numbered(view, at),
        'a'..='z' => worded(view, at),
        '注' => {
            let digits = view.digits(view.blanks(at + 1)).filter(|digits| digits.count <= 2)?;
            let colon = matches!(view.get(view.blanks(digits.end)), ':' | '：');
            colon.then(|| code_of(digits.end - digits.count..digits.end))
        }
        first if chinese(first) => {
            let end = chinese_end(view, at)?;
            // 一、行情 二、库存
            let spaced = (matches!(view.before(at), ' ') || opens_clause(view, at))
                && view.get(end) == '、'
                && is_han(view.get(end + 1));
            ((opens_line(view, at) || spaced)
                && matches!(view.get(end), '、' | '.')
                && !chinese(view.get(end + 1)))
            .then(|| code_of(at..end))
        }
        _ => None,
    }
}

/// True at the beginning of a line.
fn opens_line(view: &View<'_>, at: usize) -> bool {
    matches!(view.before(view.blanks_back(at)), '\0' | '\n')
}

/// True at the beginning of a line or behind the end of a clause.
fn opens_clause(view: &View<'_>, at: usize) -> bool {
    matches!(view.before(view.blanks_back(at)), '\0' | '\n' | '。' | ';' | '；' | ':' | '：')
}

/// 一 to 十, which number headings.
fn chinese(character: char) -> bool {
    matches!(character, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
}

fn chinese_end(view: &View<'_>, at: usize) -> Option<usize> {
    let end = (at..at + 4).find(|here| !chinese(view.get(*here)))?;
    (end > at && end - at <= 3).then_some(end)
}

/// `(1)`, `（一）` before words.
fn bracketed(view: &View<'_>, at: usize) -> Option<Found> {
    let start = at + 1;
    let end = match view.digits(start) {
        Some(digits) if digits.count <= 2 && (1..=40).contains(&digits.value) => digits.end,
        Some(_) => return None,
        None => chinese_end(view, start)?,
    };
    let before = view.before(at);
    let free = matches!(before, '\0' | '\n' | ' ' | '。' | ';' | '；' | ':' | '：' | ',' | '，');
    let next = view.get(view.blanks(end + 1));
    (view.get(end) == ')' && free && (next.is_ascii_lowercase() || is_han(next))).then(|| code_of(start..end))
}

/// `1.`, `2)`, `3、` at the beginning of a line; `2)` behind a clause too.
fn numbered(view: &View<'_>, at: usize) -> Option<Found> {
    let digits = view.digits(at).filter(|digits| digits.count <= 2)?;
    let mark = view.blanks(digits.end);
    let next = view.get(mark + 1);
    let fits = match view.get(mark) {
        ')' => {
            (opens_clause(view, at) || goes_on(view, at, digits.value))
                && !matches!(next, '\0' | '\n' | '|')
                && view.get(view.blanks(mark + 1)) != '|'
        }
        '.' => {
            let words = view.blanks(mark + 1);
            let year = || {
                view.digits(words)
                    .is_some_and(|digits| digits.count == 4 && view.get(view.blanks(digits.end)) == '年')
            };
            let spaced = words > mark + 1 && (view.raw(words).is_alphabetic() || year());
            opens_line(view, at) && (is_han(next) || spaced)
        }
        '、' => mark == digits.end && opens_clause(view, at) && !next.is_ascii_digit(),
        _ => false,
    };
    fits.then(|| code_of(at..digits.end))
}

/// True behind a sentence for the mark that follows one said before: `1)` ... `2)`.
fn goes_on(view: &View<'_>, at: usize, value: u32) -> bool {
    /// How far back the mark before is looked for.
    const NEAR: usize = 600;
    let back = view.blanks_back(at);
    if value < 2 || back == at || !matches!(view.before(back), '.' | '!' | '?' | ',') {
        return false;
    }
    (at.saturating_sub(NEAR)..back).rev().any(|mark| {
        view.get(mark) == ')'
            && view.before(mark).is_ascii_digit()
            && (mark.saturating_sub(2)..mark).any(|start| {
                !view.before(start).is_ascii_digit()
                    && view
                        .digits(start)
                        .is_some_and(|digits| digits.end == mark && digits.value == value - 1)
            })
    })
}

/// "Question 1:", "Q2:" before an answer, `IV.`
fn worded(view: &View<'_>, at: usize) -> Option<Found> {
    if !view.raw(at).is_ascii_uppercase() || !opens_line(view, at) {
        return None;
    }
    let word = view.word(at)?;
    let name = word.as_str();
    if matches!(name, "q" | "a") || HEADS.contains(&name) {
        let digits = view.digits(view.blanks(word.end)).filter(|digits| digits.count <= 2)?;
        let colon = matches!(view.get(view.blanks(digits.end)), ':' | '：' | '.');
        let asked = name.len() > 1 || is_dialogue(view, digits.end, name);
        return (colon && asked).then(|| code_of(digits.end - digits.count..digits.end));
    }
    roman(view, at, word)
}

/// Q1 names a quarter as well: it numbers a question where the next line answers it.
fn is_dialogue(view: &View<'_>, end: usize, name: &str) -> bool {
    if name == "a" {
        return true;
    }
    let answered = |at: usize| {
        let next = view.blanks(at + 1);
        matches!(view.get(at), '?' | '？')
            && (view.get(next) == '答'
                || view.get(next) == 'a' && matches!(view.get(next + 1), ':' | '：' | '.'))
    };
    let line = (end..(end + 400).min(view.len())).find(|at| view.get(*at) == '\n' || answered(*at));
    line.is_some_and(|line| {
        if answered(line) {
            return true;
        }
        let next = view.blanks(line + 1);
        view.get(next) == '答'
            || view.get(next) == 'a'
                && (view.get(next + 1).is_ascii_digit() || matches!(view.get(next + 1), ':' | '：'))
    })
}

/// `IV.` before a capitalised heading.
fn roman(view: &View<'_>, at: usize, word: Word<'_>) -> Option<Found> {
    let numeral = matches!(
        word.as_str(),
        "i" | "ii" | "iii" | "iv" | "v" | "vi" | "vii" | "viii" | "ix" | "x" | "xi" | "xii"
    );
    let next = view.blanks(word.end + 1);
    let upper = (at..word.end).all(|here| view.raw(here).is_ascii_uppercase());
    (numeral && upper && view.get(word.end) == '.' && next > word.end + 1 && view.raw(next).is_uppercase())
        .then(|| code_of(at..word.end))
}
