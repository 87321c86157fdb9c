//! What a printed figure stands for: an interval that follows from its last digit and its qualifier (`docs/findings.md`, *Rounding*).

use api::record::{Amount, Extent, Qualifier};
use rust_decimal::Decimal;
use text::rounding;

use crate::unit::canonical;

/// Two points of a percent to both sides: what «a third» and «half» may be off.
const FRACTION: Decimal = Decimal::TWO;

/// Largest count that is taken to be exact.
const LARGEST_COUNT: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

/// The interval of a figure whose words are `quote`. `None` for what is no number or too large to be held.
#[must_use]
pub fn extent(amount: &Amount, quote: &str, qualifier: Qualifier, span: u32) -> Option<Extent> {
    let canonical = canonical(&amount.unit)?;
    let ends = match decimal(&amount.value) {
        Some(value) => of_number(value, &amount.unit, quote, qualifier)?,
        None => of_range(amount)?,
    };
    let convert = |end: Option<Decimal>| -> Option<String> {
        match end {
            None => Some(String::new()),
            Some(end) => Some(end.checked_mul(canonical.factor)?.normalize().to_string()),
        }
    };
    Some(Extent {
        value: convert(decimal(&amount.value))?,
        low: convert(ends.low)?,
        high: convert(ends.high)?,
        quantum: convert(Some(ends.quantum))?,
        digits: digits(&amount.value),
        unit: canonical.unit,
        printed_unit: amount.unit.clone(),
        qualifier: qualifier.into(),
        span,
    })
}

/// The same without sign, for a change whose direction is told apart from it.
#[must_use]
pub(crate) fn unsigned(amount: &Amount, quote: &str, qualifier: Qualifier, span: u32) -> Option<Extent> {
    let plain = |end: &str| end.strip_prefix('-').unwrap_or(end).to_owned();
    let (mut low, mut high) = (plain(&amount.low), plain(&amount.high));
    if decimal(&low).zip(decimal(&high)).is_some_and(|(low, high)| low > high) {
        std::mem::swap(&mut low, &mut high);
    }
    extent(&Amount { value: plain(&amount.value), low, high, ..amount.clone() }, quote, qualifier, span)
}

/// A decimal string as a number; `None` if it is empty or is none.
#[must_use]
pub fn decimal(digits: &str) -> Option<Decimal> {
    if digits.is_empty() { None } else { Decimal::from_str_exact(digits).ok() }
}

/// The significant digits of a decimal string, without final zeros.
fn digits(value: &str) -> String {
    let only: String = value.chars().filter(char::is_ascii_digit).collect();
    only.trim_matches('0').to_owned()
}

struct Ends {
    low: Option<Decimal>,
    high: Option<Decimal>,
    quantum: Decimal,
}

fn of_range(amount: &Amount) -> Option<Ends> {
    let (low, high) = (decimal(&amount.low), decimal(&amount.high));
    let widest = high.or(low)?;
    Some(Ends { low, high, quantum: rounding::significant(widest) })
}

fn of_number(value: Decimal, unit: &str, quote: &str, qualifier: Qualifier) -> Option<Ends> {
    let quantum = rounding::significant(value);
    let (below, above) = (value.checked_sub(quantum)?, value.checked_add(quantum)?);
    let (low, high) = match qualifier {
        Qualifier::About => (Some(below), Some(above)),
        Qualifier::Over => (Some(value), Some(above)),
        Qualifier::Nearly => (Some(below), Some(value)),
        Qualifier::AtLeast => (Some(value), None),
        Qualifier::Under | Qualifier::AtMost => (None, Some(value)),
        Qualifier::Unspecified => {
            let half = half_step(value, unit, quote, quantum);
            (Some(value.checked_sub(half)?), Some(value.checked_add(half)?))
        }
    };
    Some(Ends { low, high, quantum })
}

/// Half a unit of the last printed digit; nothing for a count.
fn half_step(value: Decimal, unit: &str, quote: &str, quantum: Decimal) -> Decimal {
    if unit == "%" && is_fraction(quote) {
        return FRACTION;
    }
    let step = rounding::unit(quote, value);
    let counts = unit.is_empty() || unit.starts_with('{') && !matches!(unit, "{share}" | "{multiple}");
    if counts && step == Some(Decimal::ONE) && value.abs() < LARGEST_COUNT {
        return Decimal::ZERO;
    }
    step.unwrap_or(quantum) / Decimal::TWO
}

/// «half», 一半, «a third», 三分之一: nobody means 50.0 %.
fn is_fraction(quote: &str) -> bool {
    ["half", "third", "quarter", "分之", "半"].iter().any(|word| quote.to_lowercase().contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(value: &str, unit: &str, quote: &str, qualifier: Qualifier) -> (String, String) {
        let amount = Amount { value: value.into(), unit: unit.into(), ..Amount::default() };
        extent(&amount, quote, qualifier, 0).map(|extent| (extent.low, extent.high)).unwrap_or_default()
    }

    fn is(low: &str, high: &str) -> (String, String) {
        (low.into(), high.into())
    }

    #[test]
    fn printed_digits_stand_for_half_a_unit_of_the_last() {
        assert_eq!(told("3834", "kg", "3,834 kg", Qualifier::Unspecified), is("3833.5", "3834.5"));
        assert_eq!(told("3800", "kg", "3,800 kg", Qualifier::Unspecified), is("3799.5", "3800.5"));
        assert_eq!(told("38000", "kg", "3.8万公斤", Qualifier::Unspecified), is("37500", "38500"));
        assert_eq!(
            told("1640000000", "CNY", "16.4亿元", Qualifier::Unspecified),
            is("1635000000", "1645000000")
        );
        assert_eq!(told("3.8", "t", "3.80 t", Qualifier::Unspecified), is("3795", "3805"));
        assert_eq!(told("30", "%", "三成", Qualifier::Unspecified), is("25", "35"));
    }

    #[test]
    fn qualifiers_move_the_ends() {
        assert_eq!(told("3800", "kg", "3,800", Qualifier::About), is("3700", "3900"));
        assert_eq!(told("3800", "kg", "3,800", Qualifier::Over), is("3800", "3900"));
        assert_eq!(told("3900", "kg", "3,900", Qualifier::Nearly), is("3800", "3900"));
        assert_eq!(told("3800", "kg", "3,800", Qualifier::AtLeast), is("3800", ""));
        assert_eq!(told("3800", "kg", "3,800", Qualifier::Under), is("", "3800"));
    }

    #[test]
    fn fractions_and_counts() {
        assert_eq!(told("50", "%", "一半", Qualifier::Unspecified), is("48", "52"));
        assert_eq!(told("178", "", "178只", Qualifier::Unspecified), is("178", "178"));
    }

    #[test]
    fn what_cannot_be_held_is_nothing() {
        assert_eq!(told("79228162514264337593543950335", "t", "7.9e28", Qualifier::Unspecified), is("", ""));
        assert_eq!(told("n", "t", "n", Qualifier::Unspecified), is("", ""));
    }
}
