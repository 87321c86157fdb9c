//! Units: what stands behind or before a number, as data (`lexicon/units.tsv`).

use std::sync::LazyLock;

use rust_decimal::Decimal;

use crate::find::lower;
use crate::trie::{Names, Trie};
use crate::view::{View, is_han};

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Money,
    Mass,
    Count,
    Multiple,
    Percent,
    /// Volume, area, length, energy and all the rest that needs no rule of its own.
    Other,
}

/// A unit.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    /// UCUM, ISO 4217, or `%`.
    pub(crate) code: &'static str,
    pub(crate) class: Class,
    /// What a value is multiplied by to be in `code`.
    pub(crate) factor: Decimal,
}

/// A unit found in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) unit: &'static Unit,
    pub(crate) end: usize,
}

struct Name {
    unit: usize,
    /// The only spelling that counts, if there is one.
    exact: Option<&'static str>,
}

struct Table {
    units: Vec<Unit>,
    names: Vec<Name>,
    behind: Trie,
    before: Trie,
}

const DATA: &str = include_str!("../lexicon/units.tsv");

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let (mut units, mut names) = (Vec::new(), Vec::new());
    let (mut behind_numbers, mut before_numbers) = (Names::default(), Names::default());
    for line in DATA.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let mut fields = line.split('\t');
        let (Some(code), Some(class), Some(factor)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        // The table is checked by a test, so nothing is skipped here.
        let Ok(factor) = Decimal::from_str_exact(factor) else { continue };
        let class = match class {
            "money" => Class::Money,
            "mass" => Class::Mass,
            "count" => Class::Count,
            "multiple" => Class::Multiple,
            "percent" => Class::Percent,
            _ => Class::Other,
        };
        let unit = units.len();
        units.push(Unit { code, class, factor });
        for (field, behind) in [(fields.next(), true), (fields.next(), false)] {
            for name in field.unwrap_or_default().split('|').filter(|name| !name.is_empty()) {
                let (exact, name) = match name.strip_prefix('=') {
                    Some(name) => (Some(name), name),
                    None => (None, name),
                };
                let number = u32::try_from(names.len()).unwrap_or(u32::MAX);
                names.push(Name { unit, exact });
                let list = if behind { &mut behind_numbers } else { &mut before_numbers };
                list.insert(name, number);
            }
        }
    }
    Table { units, names, behind: behind_numbers.ready(), before: before_numbers.ready_before_digits() }
});

/// The longest unit that stands exactly at `at`, behind a number.
pub(crate) fn behind(view: &View<'_>, at: usize) -> Option<Found> {
    find(view, at, &TABLE.behind).filter(|found| fits_context(view, at, found))
}

/// False if surely no unit begins at `at` that stands before a number.
pub(crate) fn may_begin_before(view: &View<'_>, at: usize) -> bool {
    TABLE.before.may_begin(view, at)
}

/// False if surely no unit that stands behind a number begins a text.
pub(crate) fn may_begin_behind(text: &str) -> bool {
    TABLE.behind.may_begin_text(text)
}

/// A unit that stands without a number: a name of money, or another that is long enough to mean nothing else.
pub(crate) fn bare(view: &View<'_>, at: usize) -> Option<Found> {
    if view.before(at).is_ascii_alphanumeric() {
        return None;
    }
    let found = find(view, at, &TABLE.behind)?;
    let length = found.end - at;
    let sure = match found.unit.class {
        Class::Money => is_han(view.get(at)) && length > 1 || length > 3,
        Class::Percent => true,
        Class::Count | Class::Multiple => false,
        // Abbreviations without a vowel are no words.
        Class::Mass | Class::Other => (at..found.end).all(|at| is_consonant(view.get(at))) && length > 1,
    };
    (sure && !view.get(found.end).is_ascii_digit()).then_some(found)
}

fn is_consonant(letter: char) -> bool {
    letter.is_ascii_lowercase() && !matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// True for a code that is also a word, such as TOP, TRY or the name of a maker: it counts money only before much of it.
pub(crate) fn is_word_too(code: &str) -> bool {
    matches!(
        code,
        "ALL"
            | "TOP"
            | "TRY"
            | "CUP"
            | "GEL"
            | "PEN"
            | "SOS"
            | "BAM"
            | "MAD"
            | "RON"
            | "AMD"
            | "BOB"
            | "NIO"
            | "LAK"
            | "COP"
            | "DOP"
            | "SAR"
            | "MOP"
    )
}

/// The longest currency name or symbol at `at` that goes before a number; it ends where the number or a blank begins.
pub(crate) fn before(view: &View<'_>, at: usize) -> Option<Found> {
    if view.before(at).is_ascii_alphabetic() {
        return None;
    }
    // MAUD 60: millions, as some banks write them.
    find(view, at, &TABLE.before)
}

/// A currency code with a letter for its scale before it, as in `MUSD` and `kEUR`.
pub(crate) fn scaled_code(view: &View<'_>, at: usize) -> Option<(Found, Decimal)> {
    if !matches!(view.get(at), 'm' | 'k' | 't' | 'b') {
        return None;
    }
    let scale = match view.raw(at) {
        'M' => 1_000_000,
        'k' | 'K' | 'T' => 1_000,
        'B' => 1_000_000_000,
        _ => return None,
    };
    if view.before(at).is_ascii_alphanumeric() {
        return None;
    }
    let word = view.word(at).filter(|word| word.end == at + 4)?;
    let found = find(view, at + 1, &TABLE.before)?;
    const CODES: &[&str] = &[
        "USD", "EUR", "GBP", "CNY", "JPY", "AUD", "CAD", "NZD", "CHF", "HKD", "SGD", "SEK", "NOK", "DKK",
        "INR", "KRW", "BRL", "MXN", "ZAR", "RUB", "IDR", "THB", "CLP", "PLN", "CZK",
    ];
    (found.end == word.end && CODES.contains(&found.unit.code)).then_some((found, Decimal::from(scale)))
}

/// True if the name at a place is that of many currencies: dollar, 元, franc.
pub(crate) fn is_general(view: &View<'_>, at: usize, end: usize) -> bool {
    let name = lower(view.source_of(at..end));
    matches!(
        &*name,
        "元" | "块"
            | "圆"
            | "dollar"
            | "dollars"
            | "pound"
            | "pounds"
            | "franc"
            | "francs"
            | "peso"
            | "pesos"
    )
}

/// True if the name at a place is that of a hundredth of many currencies.
pub(crate) fn is_hundredth(view: &View<'_>, at: usize, end: usize) -> bool {
    let name = lower(view.source_of(at..end));
    matches!(
        &*name,
        "cent" | "cents" | "¢" | "分" | "仙" | "centavo" | "centavos" | "centime" | "centimes" | "sen"
    )
}

/// True if a bare `$` may stand for the currency.
pub(crate) fn is_dollar(code: &str) -> bool {
    const DOLLARS: &[&str] = &[
        "USD", "AUD", "CAD", "NZD", "HKD", "SGD", "TWD", "MOP", "MXN", "ARS", "CLP", "COP", "BRL", "BND",
        "FJD", "JMD", "TTD", "BSD", "BBD", "BZD", "BMD", "GYD", "KYD", "LRD", "NAD", "SBD", "SRD", "XCD",
        "ZWL", "UYU", "DOP", "CUP",
    ];
    DOLLARS.contains(&code)
}

fn find(view: &View<'_>, at: usize, trie: &'static Trie) -> Option<Found> {
    let table = &*TABLE;
    let mut found = None;
    trie.each(view, at, |hit| {
        for value in hit.values {
            let name = &table.names[*value as usize];
            let spelled = name.exact.is_none_or(|exact| view.source_of(at..hit.end) == exact);
            // Latin letters, unlike Chinese ones, must not run on.
            if spelled {
                found = Some(Found { unit: &table.units[name.unit], end: hit.end });
                break;
            }
        }
    });
    found
}

/// False where a character that names a unit is a part of another word: 股 in 股东, 手 in 手机.
fn fits_context(view: &View<'_>, at: usize, found: &Found) -> bool {
    let next = view.get(found.end);
    if found.end != at + 1 {
        return true;
    }
    match view.get(at) {
        '股' => !matches!(next, '东' | '票' | '价' | '权' | '息' | '市' | '民' | '指' | '吧'),
        '手' => {
            let word = matches!(next, '机' | '段' | '续' | '工' | '术' | '中' | '里' | '车' | '房');
            !word && (view.before(at).is_ascii_digit() || matches!(view.before(at), '万' | '亿'))
        }
        '元' => !matches!(next, '素' | '件' | '旦' | '宵' | '老' | '首' | '年'),
        '克' => !matches!(next, '拉' | '服' | '制'),
        '米' => !matches!(next, '饭' | '粉' | '勒'),
        '方' => {
            !matches!(next, '面' | '案' | '向' | '法' | '式' | '便' | '针')
                && view.before(at).is_ascii_digit()
        }
        '升' => {
            !matches!(next, '级' | '至' | '到' | '值' | '幅' | '高' | '温' | '势' | '息' | '破' | '逾' | '超')
        }
        '毛' => !matches!(next, '利' | '重' | '巾'),
        '角' => !matches!(next, '度' | '色' | '力' | '逐'),
        '亩' => next != '产',
        '块' => {
            !is_han(next)
                || matches!(next, '和' | '钱' | '每')
                || crate::numeral::is_chinese_numeral(next) && !matches!(view.get(found.end + 1), '块' | '手')
        }
        '点' => points(view, at) && next != '钟' && next != '半',
        _ => true,
    }
}

/// 3500点 is a level of an index, 20点 a time of day.
fn points(view: &View<'_>, at: usize) -> bool {
    let mut digits = 0;
    let mut here = at;
    while here > 0 {
        let character = view.get(here - 1);
        if character.is_ascii_digit() {
            digits += 1;
        } else if character == '.' {
            return true;
        } else if character != ',' {
            break;
        }
        here -= 1;
    }
    digits > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        let mut lines = 0;
        for (number, line) in
            DATA.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty())
        {
            let fields: Vec<&str> = line.split('\t').collect();
            assert!((4..=5).contains(&fields.len()), "line {}: {line}", number + 1);
            assert!(Decimal::from_str_exact(fields[2]).is_ok(), "line {}: factor {}", number + 1, fields[2]);
            lines += 1;
        }
        assert_eq!(TABLE.units.len(), lines);
        let names = |line: &'static str| line.split('\t').nth(4).unwrap_or_default().split('|');
        let mut before = DATA.lines().filter(|line| !line.starts_with('#')).flat_map(names);
        let digit = |name: &str| name.trim_start_matches('=').starts_with(|c: char| c.is_ascii_digit());
        assert!(!before.any(digit), "a number would begin with its unit");
    }

    #[test]
    fn finds_the_longest_name() {
        for (text, code) in [
            ("元人民币", "CNY"),
            ("美元", "USD"),
            ("MWh", "MW.h"),
            ("kg", "kg"),
            ("个百分点", "[pp]"),
            ("short tons", "[ston_av]"),
        ] {
            let view = View::new(text);
            let found = behind(&view, 0).map(|found| (found.unit.code, found.end));
            assert_eq!(found, Some((code, text.chars().count())), "{text}");
        }
        assert!(behind(&View::new("股东"), 0).is_none());
        assert!(behind(&View::new("tonic"), 0).is_none());
    }
}
