//! Runs of digits that count nothing: addresses, versions, telephone numbers, ids, times of day.

use super::{Found, code, code_of, skip};
use crate::view::{View, is_han};

/// Addresses, versions, section numbers: digits with two or more points; HS codes such as 2825.80.10.
pub(super) fn dotted(view: &View<'_>, at: usize) -> Option<usize> {
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
pub(super) fn dashed(view: &View<'_>, at: usize) -> Option<usize> {
    let first = view.digits(at)?;
    if view.get(first.end) != '-' {
        return None;
    }
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

/// 9时30分, 5 p.m., 1600 GMT: a time of day.
pub(super) fn hour(view: &View<'_>, digits: &crate::view::Digits, tail: usize) -> Option<Found> {
    if digits.count <= 2
        && digits.value < 25
        && view.get(tail) == '时'
        && !matches!(view.get(tail + 1), '代' | '间' | '尚' | '候')
    {
        let minutes = view.digits(tail + 1).filter(|minutes| view.get(minutes.end) == '分');
        return skip(minutes.map_or(tail + 1, |minutes| minutes.end + 1));
    }
    // 5 p.m.
    if digits.count <= 2
        && let Some((_, end)) = view.any_of(tail, &["p.m.", "a.m."])
    {
        return skip(end);
    }
    if digits.count == 4
        && view.word(tail).is_some_and(|word| matches!(word.as_str(), "gmt" | "utc" | "cst" | "edt" | "bst"))
    {
        return skip(digits.end);
    }
    None
}

/// `+86 10 6512 3456`
pub(super) fn telephone(view: &View<'_>, at: usize) -> Option<Found> {
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

/// "Tel: 010 6512 3456"
pub(super) fn telephone_behind(view: &View<'_>, at: usize) -> Option<Found> {
    let mut here = at;
    while matches!(view.get(here), ':' | ' ' | '.') {
        here += 1;
    }
    let start = here;
    while matches!(view.get(here), '0'..='9' | '+' | '-' | ' ' | '(' | ')') {
        here += 1;
    }
    let end = view.blanks_back(here);
    (end > start + 5).then(|| code_of(start..end))
}

/// The end of an address on the web.
pub(super) fn address(view: &View<'_>, mut at: usize) -> usize {
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
