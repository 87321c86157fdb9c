//! Tickers and contract codes, by the exchange or bracket beside them.

use std::ops::Range;

use super::{Found, code_of};
use crate::mention::Mention;
use crate::view::View;

/// Exchanges as they stand before a colon and a ticker.
const EXCHANGES: &[&str] = &[
    "sha", "she", "sse", "szse", "hkex", "sehk", "hkg", "hk", "asx", "nyse", "nasdaq", "amex", "tsx", "tsxv",
    "cse", "lse", "aim", "otcqx", "otcqb", "otc", "otcmkts", "fra", "fse", "xetra", "epa", "bit", "tyo",
    "tse", "krx", "kosdaq", "kospi", "jse", "nse", "bse", "idx", "sgx", "bme", "osl", "sto", "hel", "moex",
    "bvl", "nysearca", "arca", "six", "wse", "kase", "neo", "cboe",
];

/// Exchanges as they stand behind a ticker and a full stop.
const SUFFIXES: &[&str] = &[
    "n", "o", "oq", "a", "to", "v", "cn", "ax", "l", "jk", "de", "f", "pa", "as", "br", "mi", "mc", "he",
    "st", "ol", "co", "ks", "kq", "t", "tw", "hk", "sh", "ss", "sz", "bj", "si", "bk", "kl", "ns", "bo",
    "sa", "mx", "jo", "me", "is", "vi", "wa", "us", "ln", "sw", "un", "u", "hm", "tsx", "jse", "sn", "kz",
];

/// A ticker at `at`.
pub(super) fn ticker(view: &View<'_>, at: usize) -> Option<Found> {
    if view.get(at).is_ascii_digit() {
        return numbered(view, at);
    }
    if !view.raw(at).is_ascii_uppercase() {
        return None;
    }
    let before = view.before(view.blanks_back(at));
    if !matches!(before, ':' | '：' | '(' | '/') {
        return None;
    }
    let end = upper_end(view, at);
    if end - at > 6 || view.get(end).is_ascii_lowercase() {
        return None;
    }
    if matches!(before, ':' | '：') && behind_exchange(view, at) {
        return Some(code_of(at..suffixed(view, end).unwrap_or(end)));
    }
    if let Some(end) = suffixed(view, end) {
        return Some(code_of(at..end));
    }
    let alone = end - at >= 2 && before == '(' && view.get(end) == ')';
    (alone && behind_contract(view, at - 1)).then(|| code_of(at..end))
}

/// "Kazatomprom (KAP)": capitals in brackets behind a company, unless they are the first letters of its name.
pub(crate) fn behind_company(
    view: &View<'_>,
    end: usize,
    company: Option<&Mention<'_>>,
) -> Option<Range<usize>> {
    // 红星发展600367
    let next = view.blanks(end);
    if crate::view::is_han(view.before(end))
        && next <= end + 1
        && let Some(digits) = view.digits(next)
        && digits.count == 6
        && LISTED.iter().any(|first| view.starts_with(next, first))
        && !matches!(view.get(digits.end), '.' | ',' | '-')
        && crate::units::behind(view, view.blanks(digits.end)).is_none()
    {
        return Some(next..digits.end);
    }
    let point = if view.get(end) == '.' { end + 1 } else { end };
    let open = view.blanks(point);
    if view.get(open) != '(' {
        return None;
    }
    let start = open + 1;
    let close = upper_end(view, start);
    let letters = view.source_of(start..close);
    let fits = (2..=5).contains(&(close - start)) && view.get(close) == ')' && letters.is_ascii();
    let initials: String = company?.quote.split_whitespace().filter_map(|word| word.chars().next()).collect();
    (fits && !initials.to_uppercase().starts_with(letters)).then_some(start..close)
}

/// 600111 in brackets or behind an exchange; 0700.HK
fn numbered(view: &View<'_>, at: usize) -> Option<Found> {
    let digits = view.digits(at).filter(|digits| matches!(digits.count, 3..=12))?;
    if digits.count > 6 {
        return padded(view, at, digits.end).then(|| code_of(at..digits.end));
    }
    if let Some(end) = suffixed(view, digits.end).filter(|_| digits.count >= 4) {
        return Some(code_of(at..end));
    }
    let before = view.before(view.blanks_back(at));
    let ends = matches!(view.get(digits.end), ')' | ',' | ';' | '/' | '、' | '，' | ' ')
        && !(view.get(digits.end) == ',' && view.get(digits.end + 1).is_ascii_digit());
    let listed = digits.count == 6 && matches!(view.get(at), '0' | '3' | '4' | '6' | '8' | '9')
        || digits.count == 5 && view.get(at) == '0';
    let exchange = matches!(before, ':' | '：') && behind_exchange(view, at);
    // (1208 HK), (600111 CH)
    let country = before == '('
        && view.get(digits.end) == ' '
        && view.word(digits.end + 1).is_some_and(|word| {
            matches!(word.as_str(), "hk" | "ch" | "ks" | "jp" | "tt" | "us")
                && view.raw(digits.end + 1).is_ascii_uppercase()
                && view.get(word.end) == ')'
        });
    (before == '(' && (ends && listed || country && digits.count <= 6)
        || exchange
        || leads_row(view, at, digits.end)
        || digits.count == 3 && digits.value < 10 && padded(view, at, digits.end)
        || digits.count >= 5 && padded(view, at, digits.end))
    .then(|| code_of(at..digits.end))
}

/// How the numbers of shares and funds on the Chinese exchanges begin.
const LISTED: &[&str] = &["00", "30", "60", "68", "15", "51", "56", "58", "83", "87", "43", "92"];

/// 603799 before a name, at the beginning of a line or a cell.
fn leads_row(view: &View<'_>, at: usize, end: usize) -> bool {
    let listed = end - at == 6 && LISTED.iter().any(|first| view.starts_with(at, first));
    let next = view.blanks(end);
    let opens = matches!(view.before(view.blanks_back(at)), '\0' | '\n' | '|' | '/' | ':' | ',' | ';');
    let letter = if view.get(next) == '(' { view.raw(next + 1) } else { view.raw(next) };
    let named = next > end && (letter.is_ascii_uppercase() || crate::view::is_han(letter));
    listed && opens && named && crate::units::behind(view, next).is_none()
}

/// 000762, 0212026017: no number begins with zeros.
fn padded(view: &View<'_>, at: usize, end: usize) -> bool {
    let sign = view.get(end);
    view.get(at) == '0'
        && !matches!(view.before(at), '.' | ',' | '/' | '-' | '\'' | ':')
        && !matches!(sign, 'a'..='z' | '%')
        && (!matches!(sign, '.' | ',' | '-' | ':') || !view.get(end + 1).is_ascii_digit())
}

/// Past capitals and digits.
fn upper_end(view: &View<'_>, at: usize) -> usize {
    let mut end = at;
    while view.raw(end).is_ascii_uppercase() || end > at && view.get(end).is_ascii_digit() {
        end += 1;
    }
    end
}

/// Past `.TO` and the like.
fn suffixed(view: &View<'_>, end: usize) -> Option<usize> {
    if view.get(end) != '.' {
        return None;
    }
    let suffix = view.word(end + 1)?;
    let upper = (end + 1..suffix.end).all(|here| view.raw(here).is_ascii_uppercase());
    (upper && SUFFIXES.contains(&suffix.as_str())).then_some(suffix.end)
}

/// True behind "ASX:", 多伦多证券交易所:
fn behind_exchange(view: &View<'_>, at: usize) -> bool {
    let colon = view.blanks_back(at) - 1;
    let end = view.blanks_back(colon);
    end >= 3 && view.starts_with(end - 3, "交易所")
        || view.word_before(end).is_some_and(|(_, word)| EXCHANGES.contains(&word.as_str()))
}

/// True behind a futures contract or fund whose code stands in brackets.
fn behind_contract(view: &View<'_>, at: usize) -> bool {
    let end = view.blanks_back(at);
    end >= 2 && view.starts_with(end - 2, "期货")
        || view
            .word_before(end)
            .is_some_and(|(_, word)| matches!(word.as_str(), "futures" | "etf" | "future"))
}
