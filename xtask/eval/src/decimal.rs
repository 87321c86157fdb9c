//! Decimals as they are written, of any length, so that no comparison rounds by itself.

/// Significant digits of a 64-bit float, as it is printed.
const FLOAT_DIGITS: usize = 15;
/// Digits that are sure after some reckoning with floats: of 1.1 to the 23rd power the 15th is wrong.
const SURE_DIGITS: usize = 14;

/// A decimal number: `digits` without zeros at either end, times ten to the `exponent`. Zero has no digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// Reads `-12.50`, `+3`, `2.5E+23`; nothing else, and no separators.
    pub(crate) fn parse(text: &str) -> Option<Decimal> {
        let (mantissa, power) = match text.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let negative = mantissa.starts_with(['-', '−']);
        let bare = mantissa.trim_start_matches(['-', '−', '+']);
        let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
        let all: String = [whole, fraction].concat();
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let trimmed = all.trim_end_matches('0');
        let zeros = i64::try_from(all.len() - trimmed.len()).ok()?;
        let exponent = power + zeros - i64::try_from(fraction.len()).ok()?;
        let digits = trimmed.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Some(Decimal { negative: false, digits, exponent: 0 });
        }
        Some(Decimal { negative, digits, exponent })
    }

    /// True if the number is below zero.
    pub(crate) fn is_negative(&self) -> bool {
        self.negative
    }

    /// True if it is zero.
    pub(crate) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Times ten to the `power`.
    pub(crate) fn shifted(mut self, power: i64) -> Decimal {
        if !self.is_zero() {
            self.exponent += power;
        }
        self
    }

    /// The exponent of ten if this is a power of ten.
    pub(crate) fn power_of_ten(&self) -> Option<i64> {
        (!self.negative && self.digits == "1").then_some(self.exponent)
    }

    /// Equal, or equal in the digits that are sure where `printed` has as many as a 64-bit float, and so was one.
    pub(crate) fn equals_float(&self, printed: &Decimal) -> bool {
        self == printed
            || printed.digits.len() >= FLOAT_DIGITS
                && self.rounded(SURE_DIGITS) == printed.rounded(SURE_DIGITS)
    }

    /// Equal after the more exact one is rounded to the place of the other.
    pub(crate) fn agrees(&self, other: &Decimal) -> bool {
        let place = self.exponent.max(other.exponent);
        self.rounded_at(place) == other.rounded_at(place)
    }

    fn length(&self) -> i64 {
        i64::try_from(self.digits.len()).unwrap_or(i64::MAX)
    }

    fn rounded(&self, digits: usize) -> Decimal {
        let place = self.exponent + self.length() - i64::try_from(digits).unwrap_or(i64::MAX);
        self.rounded_at(place)
    }

    /// Rounds halves away from zero at ten to the `place`.
    fn rounded_at(&self, place: i64) -> Decimal {
        let drop = place - self.exponent;
        if drop <= 0 {
            return self.clone();
        }
        let zero = Decimal { negative: false, digits: String::new(), exponent: 0 };
        if drop > self.length() {
            return zero;
        }
        let keep = usize::try_from(self.length() - drop).unwrap_or(0);
        let up = self.digits.as_bytes().get(keep).is_some_and(|digit| *digit >= b'5');
        let mut kept: Vec<u8> = self.digits.bytes().take(keep).collect();
        if up {
            let mut at = kept.len();
            loop {
                if at == 0 {
                    kept.insert(0, b'1');
                    break;
                }
                at -= 1;
                if kept[at] < b'9' {
                    kept[at] += 1;
                    break;
                }
                kept[at] = b'0';
            }
        }
        let text: String = kept.into_iter().map(char::from).collect();
        let sign = if self.negative { "-" } else { "" };
        Decimal::parse(&format!("{sign}{text}e{place}")).unwrap_or(zero)
    }

    /// As [`Ord`] for numbers, which derived order is not.
    pub(crate) fn less_than(&self, other: &Decimal) -> bool {
        let sign = |number: &Decimal| i64::from(!number.is_zero()) * if number.negative { -1 } else { 1 };
        if sign(self) != sign(other) {
            return sign(self) < sign(other);
        }
        let head = |number: &Decimal| number.exponent + number.length();
        let smaller =
            (head(self), self.digits.as_str()) < (head(other), other.digits.as_str()) && self != other;
        if self.negative { !smaller && self != other } else { smaller }
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_zero() {
            return f.write_str("0");
        }
        if self.negative {
            f.write_str("-")?;
        }
        let count = self.digits.len();
        match usize::try_from(self.exponent) {
            Ok(zeros) => write!(f, "{}{}", self.digits, "0".repeat(zeros)),
            Err(_) => {
                let places = usize::try_from(-self.exponent).unwrap_or(usize::MAX);
                if places < count {
                    write!(f, "{}.{}", &self.digits[..count - places], &self.digits[count - places..])
                } else {
                    write!(f, "0.{}{}", "0".repeat(places - count), self.digits)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test's own decimal is one, or the test fails")]

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn equal_numbers_are_equal_however_written() {
        for (left, right) in
            [("9663.00", "9663"), ("1e3", "1000"), ("-0", "0"), ("0.50", "5E-1"), ("+7", "7")]
        {
            assert_eq!(decimal(left), decimal(right), "{left} {right}");
        }
        for bad in ["", "-", "1,000", "1.2.3", "x", "1e"] {
            assert!(Decimal::parse(bad).is_none(), "{bad}");
        }
        for text in ["9663", "-0.05", "1200", "0.5", "12.25", "0"] {
            assert_eq!(decimal(text).to_string(), text);
        }
    }

    #[test]
    fn only_what_went_through_a_float_is_rounded() {
        assert!(decimal("202107211321363588510367").equals_float(&decimal("2.02107211321364E+23")));
        assert!(decimal("12.16666666666666667").equals_float(&decimal("12.166666666666666")));
        assert!(decimal("8.954302432552373").equals_float(&decimal("8.95430243255239")));
        assert!(!decimal("8.954302432553").equals_float(&decimal("8.95430243255239")));
        assert!(!decimal("1639999999").equals_float(&decimal("1640000000")));
        assert!(!decimal("0.3333333333").equals_float(&decimal("0.333")));
    }

    #[test]
    fn rounding_and_order() {
        assert!(decimal("9663.4").agrees(&decimal("9663")) && !decimal("9663.5").agrees(&decimal("9663")));
        assert!(decimal("999.9").agrees(&decimal("1000")));
        for (less, more) in [("-5", "3"), ("-5", "-4"), ("9", "10"), ("0.5", "0.51"), ("0", "1"), ("-1", "0")]
        {
            assert!(decimal(less).less_than(&decimal(more)), "{less} {more}");
            assert!(!decimal(more).less_than(&decimal(less)), "{more} {less}");
        }
        assert!(!decimal("5").less_than(&decimal("5")));
    }
}
