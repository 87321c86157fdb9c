//! Units that are said once for a table, a column or a row.

use rust_decimal::Decimal;

use super::slots::Amount;
use crate::amount::plain;
use crate::find::{find, lower};
use crate::mention::{Kind, Kinds};
use crate::numeral::is_chinese_numeral;
use crate::phrase::phrase_at;
use crate::units;
use crate::view::{View, is_han};

/// A unit said once, with what a bare number is multiplied by.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unit {
    /// UCUM or ISO 4217, joined as in `CNY/t`.
    pub(super) code: String,
    /// Ten thousand for 万吨.
    pub(super) factor: Decimal,
}

impl Unit {
    /// Gives the unit to an amount that has none.
    pub(super) fn give(&self, amount: &mut Amount) {
        if amount.unit.is_some() {
            return;
        }
        for value in [&mut amount.value, &mut amount.low, &mut amount.high].into_iter().flatten() {
            if let Some(product) =
                value.parse::<Decimal>().ok().and_then(|value| value.checked_mul(self.factor))
            {
                *value = plain(product.normalize());
            }
        }
        amount.unit = Some(self.code.clone());
    }
}

/// What stands behind the number of a quantity as printed: 万元/吨 of 44.6万元/吨.
pub(super) fn words_behind(quote: &str) -> &str {
    let digits =
        |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '，' | '-' | '~' | '—' | '–' | '+' | ' ');
    quote.trim_start_matches(digits)
}

/// False if words surely are no unit with a scale perhaps, as most words are, by their first character.
fn may_be_unit(words: &str) -> bool {
    let Some(first) = words.chars().next() else { return false };
    let scale = || {
        let length = words.bytes().take_while(u8::is_ascii_alphabetic).count();
        length < 4 || SCALES.contains(&&words[..length])
    };
    let scaled = match first {
        'a'..='z' => scale(),
        _ if is_han(first) => {
            is_chinese_numeral(first)
                || matches!(
                    first,
                    '个' | '多' | '余' | '来' | '几' | '数' | '成' | '折' | '倍' | '半' | '分' | '点' | '每'
                )
        }
        _ => true,
    };
    scaled || units::may_begin_behind(words)
}

/// English words of more than three letters that may stand before a unit.
const SCALES: &[&str] = &[
    "hundred", "hundreds", "thousand", "thousands", "million", "millions", "billion", "billions", "trillion",
    "trillions", "dozen", "dozens", "lakh", "lakhs", "crore", "crores",
];

/// A unit that a heading or a header's cell says: 单位：元/吨, `(万吨)`, "in yuan/ton".
pub(super) fn unit_said(text: &str) -> Option<Unit> {
    let lower = lower(text);
    for mark in
        ["单位：", "单位:", "单位为", "unit: ", "units: ", "unit:", "（", "(", "in ", "，", ", ", "、", "/"]
    {
        let mut rest = &*lower;
        while let Some(at) = find(rest, mark) {
            rest = &rest[at + mark.len()..];
            if let Some(unit) = unit_of(rest) {
                return Some(unit);
            }
        }
    }
    None
}

/// The unit that a text begins with, up to a bracket or its end; 万吨 gives tonnes and ten thousand.
pub(super) fn unit_of(text: &str) -> Option<Unit> {
    let words =
        text.trim().split(['）', ')', '，', ',', ';', '；', '|', '\n', '、', '】', ']']).next()?.trim();
    // «1点» would be an hour.
    if matches!(words, "点" | "points" | "point") {
        return Some(Unit { code: "{point}".to_owned(), factor: Decimal::ONE });
    }
    // «'000 t» are thousands.
    let words = words.trim_start_matches(['\'', '’', '‘']);
    let thousands = words.strip_prefix("000 ").map(|unit| ["1 thousand ", unit]);
    // «(units)» in brackets may be long prose, which no unit is.
    if words.is_empty() || words.len() > 40 {
        return None;
    }
    if thousands.is_none() && !may_be_unit(words) {
        return None;
    }
    thousands.into_iter().chain([["1", words], ["1 ", words]]).find_map(|probe| {
        let probe = probe.concat();
        let view = View::new(&probe);
        let phrase = phrase_at(&view, 0, Kinds::ALL)?;
        let whole = phrase.end == view.len() && matches!(phrase.kind, Kind::Quantity | Kind::Percent);
        let factor = phrase.value.as_ref().and_then(|value| value.short())?;
        (whole && phrase.unit.is_some()).then_some(Unit { code: phrase.unit.unwrap_or_default(), factor })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_said_once_are_read_with_their_scale() {
        let unit = |text: &str| unit_said(text).map(|unit| format!("{} {}", unit.factor, unit.code));
        assert_eq!(unit("单位：元/吨").as_deref(), Some("1 CNY/t"));
        assert_eq!(unit("产量（万吨）").as_deref(), Some("10000 t"));
        assert_eq!(unit("Price (USD/kg)").as_deref(), Some("1 USD/kg"));
        assert_eq!(unit("Change (%)").as_deref(), Some("1 %"));
        assert_eq!(unit("Exports, '000 t").as_deref(), Some("1000 t"));
        assert_eq!(unit("Sales (thousand tonnes)").as_deref(), Some("1000 t"));
        assert_eq!(
            unit_of(words_behind("44.6万元/吨")).map(|unit| unit.factor.to_string()).as_deref(),
            Some("10000")
        );
        assert_eq!(unit("a heading (of no unit)"), None);
    }
}
