//! Numbers that are a part of a name and count nothing: chemical formulas, "TOP 10", "Area 5", `1#`, M+2, LME 3M.

use super::{Found, code_of, skip};
use crate::view::{View, Word, is_han};

/// Nouns that a number behind them names.
const PLACES: &[&str] = &[
    "area", "scope", "block", "zone", "pit", "lot", "unit", "line", "train", "reactor", "shaft", "berth",
    "route", "top", "panel", "group", "grade", "class", "type", "level", "furnace", "smelter", "kiln",
    "mine", "plant", "potline", "module", "bay", "hall", "warehouse", "round", "phase", "stage", "tier",
    "category", "chapter", "version", "step", "tranche", "tank", "table", "figure", "fig", "page", "annex",
    "appendix", "paragraph", "gate", "site", "seam", "terminal", "industry", "web",
];

/// Those of them that name what their number counts in small letters too: "phase 2", "page 3".
const SMALL: &[&str] = &["phase", "stage", "tier", "scope", "page", "table", "figure", "version", "furnace"];

/// The name with its number that begins at `at`, a letter.
pub(super) fn lettered(view: &View<'_>, at: usize, word: Word<'_>) -> Option<Found> {
    let name = word.as_str();
    // All of these begin with a capital.
    if !view.raw(at).is_ascii_uppercase() && !SMALL.contains(&name) {
        return None;
    }
    if let Some(end) = formula(view, at) {
        return skip(end);
    }
    // M+2, M-1: the month of pricing.
    if name == "m" && matches!(view.get(word.end), '+' | '-') {
        let digits = view.digits(word.end + 1).filter(|digits| digits.count == 1)?;
        return (!view.get(digits.end).is_ascii_alphanumeric()).then(|| skip(digits.end)).flatten();
    }
    let next = view.blanks(word.end);
    if next != word.end + 1 {
        return None;
    }
    let digits = view.digits(next).filter(|digits| digits.count <= 4)?;
    let place = PLACES.contains(&name);
    // An index of that many shares: "CSI 300", "the Beizheng 50 Index".
    let index = view.next_word(digits.end).is_some_and(|noun| matches!(noun.as_str(), "index" | "etf"))
        || view.starts_with(view.blanks(digits.end), "指数");
    let ends = !matches!(view.get(digits.end), '.' | ',' | '%' | '-' | '/' | ':') || {
        let sign = view.get(digits.end);
        matches!(sign, '.' | ',') && !view.get(digits.end + 1).is_ascii_digit()
    };
    let unit = crate::units::behind(view, view.blanks(digits.end)).is_some()
        || view.get(digits.end).is_ascii_alphanumeric();
    // "Industry 4.0"
    let release =
        view.get(digits.end) == '.' && view.get(digits.end + 1) == '0' && view.at_edge(digits.end + 2);
    if place && release && !view.get(digits.end + 2).is_ascii_digit() {
        return skip(digits.end + 2);
    }
    if !(place || index) || !ends || unit {
        return None;
    }
    // "Scope 1 and 2", "Units 3 and 4"
    let more = view.next_word(digits.end).filter(|and| and.as_str() == "and").and_then(|and| {
        let second = view.digits(view.blanks(and.end)).filter(|second| second.count <= 2)?;
        let alone = view.at_edge(second.end) && !matches!(view.get(second.end), '.' | ',' | '%' | '-')
            || view.get(second.end + 1) == ' ' && view.get(second.end) != '%';
        let counted = crate::units::behind(view, view.blanks(second.end)).is_some();
        (alone && !counted && second.value > digits.value).then_some(second.end)
    });
    skip(more.unwrap_or(digits.end))
}

/// Li2O, TiO2, V2O5: symbols of elements with small numbers, oxygen among them.
fn formula(view: &View<'_>, at: usize) -> Option<usize> {
    let mut here = at;
    let mut symbols = 0;
    let mut oxygen = false;
    let mut counted = false;
    while view.raw(here).is_ascii_uppercase() {
        oxygen |= view.raw(here) == 'O';
        symbols += 1;
        here += 1;
        if view.raw(here).is_ascii_lowercase() {
            oxygen &= view.get(here) != 's' || symbols > 1;
            here += 1;
        }
        if let Some(digits) = view.digits(here) {
            if digits.count > 2 || digits.value > 14 {
                return None;
            }
            counted = true;
            here = digits.end;
        }
    }
    let ends = !view.get(here).is_ascii_alphanumeric() && view.get(here) != '-';
    (symbols >= 2 && oxygen && counted && ends && here - at <= 10).then_some(here)
}

/// `1#`, 1级, 200目, 3C电池: a grade by its number, at a digit.
pub(super) fn graded(view: &View<'_>, at: usize) -> Option<Found> {
    let digits = view.digits(at).filter(|digits| digits.count <= 4)?;
    // LME 3M, LME 15M: the tenor of a contract.
    let exchange = || {
        view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| {
            matches!(word.as_str(), "lme" | "shfe" | "comex") || is_metal(word.as_str())
        }) || view.next_word(digits.end + 1).is_some_and(|word| is_metal(word.as_str()))
    };
    if let Some(end) = slogan(view, at, digits.end).or_else(|| series(view, digits.end, digits.count)) {
        return skip(end);
    }
    // 316L: a stainless steel.
    if digits.count == 3
        && GRADES.contains(&digits.value)
        && matches!(view.raw(digits.end), 'L' | 'S' | 'H')
        && view.at_edge(digits.end + 1)
    {
        return Some(code_of(at..digits.end + 1));
    }
    match view.get(digits.end) {
        'm' if view.raw(digits.end) == 'M'
            && matches!(view.before(at), '铜' | '铝' | '锌' | '铅' | '镍' | '锡') =>
        {
            skip(digits.end + 1)
        }
        'm' if digits.count <= 2 && view.raw(digits.end) == 'M' && exchange() => skip(digits.end + 1),
        '#' => skip(digits.end + 1),
        _ if digits.count >= 3 && alloyed(view, at, digits.end) => Some(code_of(at..digits.end)),
        '级' if !matches!(view.get(digits.end + 1), '以' | '地') => skip(digits.end + 1),
        '目' if !matches!(view.get(digits.end + 1), '标' | '前' | '的') => {
            Some(code_of(at..digits.end + 1))
        }
        'c' if digits.count == 1 && view.raw(digits.end) == 'C' && is_han(view.get(digits.end + 1)) => {
            skip(digits.end + 1)
        }
        _ => None,
    }
}

/// 5·20, 2+26城市, 4.0时代, 双11, 90后: digits of a slogan, of a day that has a name, of an age.
fn slogan(view: &View<'_>, at: usize, end: usize) -> Option<usize> {
    let second = view.digits(end + 1).filter(|second| second.count <= 2);
    let digits = view.digits(at)?;
    match view.get(end) {
        '·' if digits.count <= 2 && digits.value <= 12 => return second.map(|second| second.end),
        '+' if digits.count == 1 => {
            let after = match second {
                Some(second) => second.end,
                None if matches!(view.raw(end + 1), 'N' | 'X') => end + 2,
                None => return None,
            };
            return is_han(view.get(after)).then_some(after);
        }
        '.' if digits.count == 1 && second.is_some_and(|second| second.value == 0 && second.count == 1) => {
            let words = ["版", "时代", "阶段", "模式", "平台", "系统", "战略", "升级", "行动"];
            return view.any_of(end + 2, &words).map(|_| end + 2);
        }
        '后' if digits.count == 2
            && matches!(digits.value, 0 | 60 | 70 | 80 | 90)
            && !is_han(view.before(at)) =>
        {
            return Some(end + 1);
        }
        _ => {}
    }
    (view.before(at) == '双' && matches!(digits.value, 11 | 12)).then_some(end)
}

/// 8系三元, 高镍9系: a cathode by its share of nickel.
fn series(view: &View<'_>, end: usize, count: usize) -> Option<usize> {
    let next = view.get(end + 1);
    (count == 1 && view.get(end) == '系' && !matches!(next, '统' | '数')).then_some(end + 1)
}

/// The metals whose tenors are quoted by months.
fn is_metal(word: &str) -> bool {
    matches!(
        word,
        "copper"
            | "aluminium"
            | "aluminum"
            | "zinc"
            | "lead"
            | "nickel"
            | "tin"
            | "cobalt"
            | "lithium"
            | "molybdenum"
    )
}

/// Numbers of stainless steels and aluminium alloys.
const GRADES: &[u32] = &[
    201, 202, 304, 309, 310, 316, 321, 409, 410, 420, 430, 436, 439, 441, 444, 2205, 1060, 3003, 3004, 3104,
    5052, 5083, 5182, 6005, 6061, 6063, 6082, 7050, 7075, 8011, 8079,
];

/// "stainless steel 304", 6517合金: the number of a steel or an alloy.
fn alloyed(view: &View<'_>, at: usize, end: usize) -> bool {
    if matches!(view.get(end), '.' | ',') && view.get(end + 1).is_ascii_digit()
        || matches!(view.before(at), '.' | ',')
    {
        return false;
    }
    if view.any_of(end, &["合金", "系"]).is_some_and(|(word, next)| {
        word == "合金" || view.starts_with(next, "不锈钢") || view.starts_with(next, "铝")
    }) {
        return true;
    }
    view.digits(at).is_some_and(|digits| GRADES.contains(&digits.value))
        && (view.any_of(view.blanks(end), &["不锈", "冷轧", "热轧", "铝"]).is_some()
            || view.next_word(end).is_some_and(|word| {
                matches!(word.as_str(), "stainless" | "alloy" | "grade" | "coil" | "cold" | "hot" | "series")
            })
            || view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| {
                matches!(
                    word.as_str(),
                    "stainless" | "steel" | "scrap" | "grade" | "type" | "alloy" | "series"
                )
            }))
}

/// 沪铜2509, 主力合约2510: the year and month of a contract right behind its name.
pub(super) fn contract_behind(view: &View<'_>, at: usize, end: usize) -> bool {
    let named = "铜铝锌铅镍锡锂硅钢油金银锰煤焦纹卷钯铂矿约力".contains(view.before(at));
    let month = view.digits(at).is_some_and(|digits| {
        (20..40).contains(&(digits.value / 100)) && (1..=12).contains(&(digits.value % 100))
    });
    let next = view.blanks(end);
    let measured = crate::units::behind(view, next).is_some()
        || matches!(view.get(end), '.' | ',' | '-' | '~' | '%') && view.get(end + 1).is_ascii_digit()
        || matches!(view.get(next), '年' | '万' | '亿' | '家' | '个' | '人' | '名' | '辆');
    named && month && !measured
}

/// 18650 cells, 4680电池: a cell by its diameter and height.
pub(super) fn cell_size(view: &View<'_>, at: usize, end: usize) -> bool {
    const SIZES: &[u32] = &[14500, 18350, 18650, 21700, 26650, 26700, 32650, 32700, 2170, 4680, 4695, 46950];
    view.digits(at).is_some_and(|digits| SIZES.contains(&digits.value))
        && (view
            .any_of(view.blanks(end), &["电池", "电芯", "圆柱", "型", "系列", "大圆柱"])
            .is_some_and(|_| !view.before(at).is_ascii_digit())
            || view.next_word(end).is_some_and(|word| {
                matches!(
                    word.as_str(),
                    "cell" | "cells" | "battery" | "batteries" | "cylindrical" | "format" | "lithium" | "li"
                )
            }))
}

/// -200目: what passes a sieve.
pub(super) fn sieved(view: &View<'_>, at: usize) -> Option<Found> {
    let digits = view.digits(at + 1).filter(|digits| view.get(digits.end) == '目')?;
    Some(code_of(at..digits.end + 1))
}
