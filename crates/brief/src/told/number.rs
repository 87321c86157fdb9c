//! Numbers and units as people write them.

use api::record::Amount;
use rust_decimal::Decimal;

use super::Teller;
use crate::parameters::Language;
use crate::words::{self, say};

/// Most decimals of a number in millions or 万; one that needs more is written out.
const SCALED_DECIMALS: usize = 3;

/// Significant digits of what was calculated, if its two ends are the same with these, and if they are not.
const DIGITS: (u32, u32) = (3, 4);

/// Most significant digits of what was calculated.
const MOST_DIGITS: u32 = 12;

/// Words for powers of ten in English.
const ENGLISH: [(usize, &str); 3] = [(12, " trillion"), (9, " billion"), (6, " million")];

/// Words for powers of ten in Chinese.
const CHINESE: [(usize, &str); 3] = [(12, "万亿"), (8, "亿"), (4, "万")];

/// The sign of a multiple.
const MULTIPLE: &str = "×";

/// Units with a name in Chinese, by their code.
const UNITS: &[(&str, &str)] = &[
    ("%", "%"),
    ("t", "吨"),
    ("kt", "千吨"),
    ("kg", "千克"),
    ("g", "克"),
    ("[lb_av]", "磅"),
    ("[oz_tr]", "盎司"),
    ("[bbl_us]", "桶"),
    ("[ston_av]", "短吨"),
    ("[lton_av]", "长吨"),
    ("CNY", "元"),
    ("USD", "美元"),
    ("HKD", "港元"),
    ("EUR", "欧元"),
    ("JPY", "日元"),
    ("AUD", "澳元"),
    ("{share}", "股"),
    ("{multiple}", "倍"),
    ("[pp]", "个百分点"),
    ("a", "年"),
    ("mo", "个月"),
    ("wk", "周"),
    ("d", "天"),
];

/// Units whose code says nothing to a reader of English, by their code.
const NAMED: &[(&str, &str)] = &[
    ("{share}", "shares"),
    ("{multiple}", MULTIPLE),
    ("CNY/{share}", "CNY a share"),
    ("HKD/{share}", "HKD a share"),
    ("[pp]", "points"),
    ("[lb_av]", "lb"),
    ("[oz_tr]", "troy oz"),
    ("[bbl_us]", "barrels"),
    ("[ston_av]", "short tons"),
    ("[lton_av]", "long tons"),
    ("a", "years"),
    ("mo", "months"),
    ("wk", "weeks"),
    ("d", "days"),
];

impl Teller<'_> {
    /// A value as a side has it, such as `over 3800 t` or `64000000–66000000 CNY`; `None` if it is no value.
    pub(super) fn value(&self, said: &str) -> Option<String> {
        let (qualifier, rest) = words::qualifier_named(said, self.language);
        let (number, unit) = rest.split_once(' ').unwrap_or((rest, ""));
        let (low, high) = number.split_once('–').unwrap_or((number, number));
        let is_end = |end: &str| end.is_empty() || end.parse::<Decimal>().is_ok();
        let is_value = is_end(low) && is_end(high) && !(low.is_empty() && high.is_empty());
        is_value.then(|| format!("{qualifier}{}", self.figure(low, high, unit)))
    }

    /// A number or range with its unit; an end may be empty.
    pub(super) fn figure(&self, low: &str, high: &str, unit: &str) -> String {
        let scales = if self.language == Language::Chinese { &CHINESE } else { &ENGLISH };
        let end =
            |end: &str, power: usize| if end.is_empty() { Some(String::new()) } else { scaled(end, power) };
        let fitting =
            scales.iter().find_map(|(power, word)| Some((end(low, *power)?, end(high, *power)?, *word)));
        let (from, to, scale) = fitting.unwrap_or_else(|| (low.to_owned(), high.to_owned(), ""));
        let (from, to) = (grouped(&from), grouped(&to));
        // In Chinese each end has its power of ten: 9亿–9.6亿.
        let inner = if self.language == Language::Chinese { scale } else { "" };
        let number = match (low, high) {
            (low, high) if low == high => format!("{from}{scale}"),
            (_, "") => format!("≥ {from}{scale}"),
            ("", _) => format!("≤ {to}{scale}"),
            _ => format!("{from}{inner}–{to}{scale}"),
        };
        self.with_unit(&number, unit)
    }

    fn with_unit(&self, number: &str, unit: &str) -> String {
        match (self.language, self.unit(unit)) {
            (_, None) => number.to_owned(),
            (Language::English, Some(unit)) if unit == MULTIPLE => format!("{number}{unit}"),
            (Language::English, Some(unit)) => format!("{number} {unit}"),
            // What has no Chinese word stands apart, as Latin letters do.
            (Language::Chinese, Some(unit)) if unit != "%" && unit.is_ascii() => format!("{number} {unit}"),
            (Language::Chinese, Some(unit)) => format!("{number}{unit}"),
        }
    }

    /// A unit as people write it; `None` where there is none.
    fn unit(&self, unit: &str) -> Option<String> {
        let named = |names: &[(&'static str, &'static str)], unit: &str| {
            names.iter().find(|(code, _)| *code == unit).map(|(_, name)| *name)
        };
        let known = match self.language {
            Language::English => named(NAMED, unit).map(str::to_owned),
            Language::Chinese => {
                let parts: Option<Vec<&str>> = unit.split('/').map(|part| named(UNITS, part)).collect();
                parts.map(|parts| parts.join("/"))
            }
        };
        known.or_else(|| (!unit.is_empty()).then(|| plain(unit)))
    }

    /// The value of a slot; `None` if it has none.
    pub(crate) fn amount(&self, amount: &Amount) -> Option<String> {
        let (low, high) = match amount.value.as_str() {
            "" => (amount.low.as_str(), amount.high.as_str()),
            value => (value, value),
        };
        (!(low.is_empty() && high.is_empty())).then(|| self.figure(low, high, &amount.unit))
    }

    /// What was calculated, with as few digits as show that it is one number, or, if `beside` is an interval that it does not meet, that it lies
    /// beside it. All are decimal strings; an end that is empty is open.
    pub(super) fn calculated(&self, ends: (&str, &str), beside: Option<(&str, &str)>, unit: &str) -> String {
        let parsed = |end: &str| end.parse::<Decimal>().ok();
        let (Some(low), Some(high)) = (parsed(ends.0), parsed(ends.1)) else {
            return self.figure(ends.0, ends.1, unit);
        };
        // What was rounded lies on the side on which all of its digits lie.
        let above = beside.and_then(|(_, to)| parsed(to)).filter(|to| low > *to);
        let below = beside.and_then(|(from, _)| parsed(from)).filter(|from| high < *from);
        let misses = |low: Decimal, high: Decimal| {
            above.is_none_or(|to| low > to) && below.is_none_or(|from| high < from)
        };
        let cut = |value: Decimal, digits: u32| value.round_sf(digits).unwrap_or(value);
        let (mut one, mut other) = (cut(low, DIGITS.0), cut(high, DIGITS.0));
        if one != other || !misses(one, other) {
            let shown = (DIGITS.1..=MOST_DIGITS).map(|digits| (cut(low, digits), cut(high, digits)));
            (one, other) = shown.into_iter().find(|(one, other)| misses(*one, *other)).unwrap_or((low, high));
        }
        self.figure(&one.normalize().to_string(), &other.normalize().to_string(), unit)
    }

    /// What a text prints for a calculation, or what is plausible.
    pub(super) fn printed(&self, low: &str, high: &str, unit: &str) -> String {
        match (low, high) {
            ("", "") => say(self.language, "任意", "anything").to_owned(),
            (low, high) => self.figure(low, high, unit),
        }
    }
}

/// A code of UCUM without the brackets in which it has what is counted or customary, and without whose custom it is: `bbl` of `[bbl_us]`.
fn plain(unit: &str) -> String {
    let mut words = String::new();
    let mut left_out = false;
    for c in unit.chars() {
        match c {
            '[' | ']' | '{' | '}' => left_out = false,
            '_' => left_out = true,
            _ if left_out => {}
            _ => words.push(c),
        }
    }
    words
}

/// A decimal divided by a power of ten, if it is at least that large and needs at most three decimals then.
#[must_use]
pub fn scaled(decimal: &str, power: usize) -> Option<String> {
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let at = whole.len().checked_sub(power).filter(|at| *at > 0)?;
    let decimals = format!("{}{fraction}", whole.get(at..)?);
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    (decimals.len() <= SCALED_DECIMALS).then(|| format!("{sign}{}{point}{decimals}", &whole[..at]))
}

/// Groups the digits before the decimal point by three: `19,109`.
#[must_use]
pub fn grouped(decimal: &str) -> String {
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal), |rest| ("−", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use text::Lexicon;

    use super::*;

    fn both(ends: (&str, &str), beside: Option<(&str, &str)>, unit: &str) -> [String; 2] {
        [Language::English, Language::Chinese]
            .map(|language| Teller::new(Lexicon::standard(), language).calculated(ends, beside, unit))
    }

    #[test]
    fn as_few_digits_as_tell_it() {
        assert_eq!(both(("69.23055", "69.23099"), None, "%"), ["69.2 %", "69.2%"]);
        assert_eq!(both(("45372010", "45445940"), None, "CNY"), ["45.4 million CNY", "4,540万元"]);
        assert_eq!(
            both(("7711.818", "7771.788"), None, "t"),
            ["7,712–7,772 t", "7,712吨–7,772吨".replace("吨–", "–").as_str()]
        );
        assert_eq!(both(("2.117202", "2.117815"), None, "CNY/{share}"), ["2.12 CNY a share", "2.12元/股"]);
        assert_eq!(both(("", "5"), None, "t"), ["≤ 5 t", "≤ 5吨"]);
    }

    #[test]
    fn what_misses_by_little_is_shown_to_miss() {
        let shown = both(("69.2401", "69.2404"), Some(("69.225", "69.235")), "%");
        assert_eq!(shown, ["69.24 %", "69.24%"]);
    }
}
