//! Exact decimal amounts.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A decimal number, exact. Never a float.
///
/// Up to 28 digits it is a [`Decimal`] and can be reckoned with; what is longer keeps its digits, can be shifted by
/// powers of ten, and refuses all else.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Amount {
    Short(Decimal),
    /// Digits with at most one full stop, and its sign.
    Long(String),
}

/// The most digits that a [`Decimal`] surely holds.
const HELD: usize = 28;

impl Amount {
    pub(crate) fn whole(value: u64) -> Amount {
        Amount::Short(Decimal::from(value))
    }

    /// From ASCII digits with at most one full stop among them.
    pub(crate) fn parse(digits: &str) -> Option<Amount> {
        let count = digits.bytes().filter(u8::is_ascii_digit).count();
        if count == 0 {
            return None;
        }
        if count <= HELD {
            let whole = if digits.starts_with('.') { &format!("0{digits}") } else { digits };
            return Decimal::from_str_exact(whole).ok().map(Amount::Short);
        }
        Some(Amount::Long(tidy(digits)))
    }

    /// The same from digits, whole ones and decimals; nothing if there is none, or more than are reckoned quickly.
    pub(crate) fn of_digits(
        whole: impl Iterator<Item = u32>,
        decimals: impl Iterator<Item = u32>,
    ) -> Option<Amount> {
        // What a u64 surely holds.
        const QUICK: u32 = 19;
        let (mut value, mut count, mut scale) = (0_u64, 0, 0);
        for digit in whole {
            count += 1;
            value = value.wrapping_mul(10).wrapping_add(digit.into());
        }
        for digit in decimals {
            count += 1;
            scale += 1;
            value = value.wrapping_mul(10).wrapping_add(digit.into());
        }
        ((1..=QUICK).contains(&count))
            .then(|| Amount::Short(Decimal::from_i128_with_scale(value.into(), scale)))
    }

    pub(crate) fn short(&self) -> Option<Decimal> {
        match self {
            Amount::Short(value) => Some(*value),
            Amount::Long(_) => None,
        }
    }

    /// True if it has more digits than are counted in.
    pub(crate) fn is_endless(&self) -> bool {
        matches!(self, Amount::Long(digits) if digits.len() > 40)
    }

    pub(crate) fn negate(self) -> Amount {
        match self {
            Amount::Short(value) => Amount::Short(-value),
            Amount::Long(digits) => Amount::Long(match digits.strip_prefix('-') {
                Some(positive) => positive.to_owned(),
                None => format!("-{digits}"),
            }),
        }
    }

    /// The exact sum, or nothing if it does not fit.
    pub(crate) fn plus(&self, other: &Amount) -> Option<Amount> {
        if other.is_zero() {
            return Some(self.clone());
        }
        if self.is_zero() {
            return Some(other.clone());
        }
        let (left, right) = (self.short()?.normalize(), other.short()?.normalize());
        let fraction = left.scale().max(right.scale()) as usize;
        if whole_digits(left).max(whole_digits(right)) + fraction >= HELD {
            return None;
        }
        left.checked_add(right).map(Amount::Short)
    }

    /// The exact product, or nothing if it does not fit.
    pub(crate) fn times(&self, factor: Decimal) -> Option<Amount> {
        let factor = factor.normalize();
        match self {
            Amount::Short(value) => {
                let value = value.normalize();
                let digits = significant(value) + significant(factor);
                if digits <= HELD
                    && value.scale() + factor.scale() <= HELD as u32
                    && let Some(product) = value.checked_mul(factor)
                {
                    return Some(Amount::Short(product));
                }
                shift(&value.to_string(), power_of_ten(factor)?).map(Amount::Long)
            }
            Amount::Long(digits) => shift(digits, power_of_ten(factor)?).map(Amount::Long),
        }
    }

    /// The quotient to 15 significant digits, or nothing for a division by zero.
    pub(crate) fn over(&self, divisor: &Amount) -> Option<Amount> {
        let quotient = self.short()?.checked_div(divisor.short()?)?;
        quotient.round_sf(15).map(Amount::Short)
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.short().is_some_and(|value| value.is_zero())
    }

    /// As a small whole number, if it is one.
    pub(crate) fn small(&self) -> Option<i64> {
        let value = self.short()?;
        if value.is_integer() { value.to_i64() } else { None }
    }

    /// The canonical decimal string: no exponent, no trailing zeros behind the point.
    pub(crate) fn text(&self) -> String {
        match self {
            Amount::Short(value) => canonical(*value),
            Amount::Long(digits) => digits.clone(),
        }
    }

    /// True if it is surely smaller than `other`.
    pub(crate) fn less_than(&self, other: &Amount) -> bool {
        matches!((self.short(), other.short()), (Some(left), Some(right)) if left < right)
    }
}

/// The same as `Decimal::normalize` and then `to_string`; what is small is reckoned in one word of the machine.
pub(crate) fn canonical(value: Decimal) -> String {
    let (mut mantissa, mut scale) = (value.mantissa(), value.scale());
    if mantissa == 0 {
        return "0".to_owned();
    }
    let Ok(mut small) = u64::try_from(mantissa.unsigned_abs()) else { return plain(value.normalize()) };
    while scale > 0 && small.is_multiple_of(10) {
        small /= 10;
        scale -= 1;
    }
    mantissa = if mantissa < 0 { -i128::from(small) } else { i128::from(small) };
    plain(Decimal::from_i128_with_scale(mantissa, scale))
}

/// The same as `Decimal::to_string`, without its general formatting, which costs several times as much.
pub(crate) fn plain(value: Decimal) -> String {
    // Twenty digits of a u64 or 28 behind the point and one before it, the point and the sign.
    let mut text = [0; 32];
    let mut start = text.len();
    let mut put = |byte: u8| {
        start -= 1;
        text[start] = byte;
    };
    let scale = value.scale();
    let Ok(mut rest) = u64::try_from(value.mantissa().unsigned_abs()) else { return value.to_string() };
    let mut written = 0;
    while rest > 0 || written <= scale {
        if written == scale && scale > 0 {
            put(b'.');
        }
        put(b'0' + (rest % 10) as u8);
        rest /= 10;
        written += 1;
    }
    if value.is_sign_negative() {
        put(b'-');
    }
    std::str::from_utf8(&text[start..]).unwrap_or_default().to_owned()
}

fn significant(value: Decimal) -> usize {
    value.mantissa().unsigned_abs().checked_ilog10().map_or(1, |log| log as usize + 1)
}

fn whole_digits(value: Decimal) -> usize {
    value.trunc().mantissa().unsigned_abs().checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// The exponent if `factor` is a power of ten of at least one.
fn power_of_ten(factor: Decimal) -> Option<usize> {
    let mut rest = factor.to_u128()?;
    if !factor.is_integer() || rest == 0 {
        return None;
    }
    let mut power = 0;
    while rest % 10 == 0 {
        rest /= 10;
        power += 1;
    }
    (rest == 1).then_some(power)
}

/// Moves the decimal point to the right.
fn shift(digits: &str, power: usize) -> Option<String> {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let moved = power.min(fraction.len());
    let mut shifted = format!("{whole}{}{}", &fraction[..moved], "0".repeat(power - moved));
    if fraction.len() > moved {
        shifted.push('.');
        shifted.push_str(&fraction[moved..]);
    }
    Some(format!("{sign}{}", tidy(&shifted)))
}

/// Without leading zeros, and without trailing ones behind the point.
fn tidy(digits: &str) -> String {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

    use super::*;

    #[test]
    fn stays_exact_beyond_what_a_decimal_holds() {
        let long = "1".repeat(40);
        let amount = Amount::parse(&long).unwrap();
        assert_eq!(amount.text(), long);
        assert_eq!(amount.times(Decimal::from(10_000)).unwrap().text(), format!("{long}0000"));
        assert_eq!(amount.times(Decimal::from(12)), None);
        let fraction = format!("0.{long}");
        assert_eq!(
            Amount::parse(&fraction).unwrap().times(Decimal::from(100)).unwrap().text(),
            format!("11.{}", &long[2..])
        );
    }

    #[test]
    fn products_never_round() {
        let tiny = Amount::parse("0.1234567890123456789012345678").unwrap();
        assert_eq!(tiny.times(Decimal::from(3)), None);
        assert_eq!(tiny.times(Decimal::from(10)).unwrap().text(), "1.234567890123456789012345678");
        assert_eq!(
            Amount::parse("16.4").unwrap().times(Decimal::from(100_000_000)).unwrap().text(),
            "1640000000"
        );
        let large = Amount::parse(&"9".repeat(28)).unwrap();
        assert_eq!(large.times(Decimal::from(100)).unwrap().text(), format!("{}00", "9".repeat(28)));
        assert_eq!(large.plus(&Amount::parse("0.5").unwrap()), None);
    }

    #[test]
    fn plain_text_is_that_of_a_decimal() {
        for text in [
            "0",
            "1",
            "-1",
            "10",
            "0.1",
            "-0.05",
            "1.50",
            "123456789.123456789",
            "18446744073709551615",
            "18446744073709551616",
            "-79228162514264337593543950335",
            "0.0000000000000000000000000001",
            "-0.1844674407370955161500000001",
            "9.999999999999999999999999999",
        ] {
            let value = Decimal::from_str_exact(text).unwrap();
            assert_eq!(plain(value), value.to_string());
            assert_eq!(plain(value.normalize()), value.normalize().to_string());
        }
    }

    #[test]
    fn quotients_have_fifteen_digits() {
        assert_eq!(Amount::whole(2).over(&Amount::whole(3)).unwrap().text(), "0.666666666666667");
        assert_eq!(Amount::whole(2).over(&Amount::whole(0)), None);
    }
}
