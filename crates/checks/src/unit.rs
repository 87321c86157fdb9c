//! Units as far as a calculation needs them: what is one dimension, and the factor to its base unit.

use rust_decimal::Decimal;

/// A unit: its dimension, and what a value in it is multiplied by to be in the base unit of the dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Such as `mass`, `CNY`, `CNY/mass`, `%`; `1` for a plain number.
    pub(crate) dimension: String,
    pub(crate) factor: Decimal,
    /// As the mention gives it.
    pub(crate) code: String,
}

impl Unit {
    /// The unit of a mention.
    pub(crate) fn parse(code: &str) -> Unit {
        let mut parts = code.split('/');
        let (mut dimension, mut factor) = base(parts.next().unwrap_or_default());
        for part in parts {
            let (below, divisor) = base(part);
            dimension = format!("{dimension}/{below}");
            // A base unit is never zero; a quotient that does not fit keeps the unit apart from all others.
            match factor.checked_div(divisor) {
                Some(quotient) => factor = quotient,
                None => dimension = code.to_owned(),
            }
        }
        Unit { dimension, factor, code: code.to_owned() }
    }

    /// True for an amount of money, without a unit below it.
    pub(crate) fn is_money(&self) -> bool {
        is_currency(&self.dimension)
    }

    /// Of money for a unit, the currency and the dimension of that unit.
    pub(crate) fn price(&self) -> Option<(&str, &str)> {
        self.dimension.split_once('/').filter(|(money, _)| is_currency(money))
    }

    /// True for a percentage.
    pub(crate) fn is_percent(&self) -> bool {
        self.dimension == "%"
    }

    /// True for what can be added up: not a percentage, a multiple, or a rate.
    pub(crate) fn is_amount(&self) -> bool {
        !matches!(self.dimension.as_str(), "%" | "[pp]" | "{multiple}") && self.price().is_none()
    }
}

/// True for the code of a currency.
pub(crate) fn is_currency(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|letter| letter.is_ascii_uppercase())
}

/// Dimension and factor of one unit. Factors are exact by definition (NIST Handbook 44, appendix C).
fn base(unit: &str) -> (String, Decimal) {
    let factor =
        |dimension: &str, mantissa: i64, scale: u32| (dimension.to_owned(), Decimal::new(mantissa, scale));
    match unit {
        "" => factor("1", 1, 0),
        "t" => factor("mass", 1000, 0),
        "kg" => factor("mass", 1, 0),
        "g" => factor("mass", 1, 3),
        "mg" => factor("mass", 1, 6),
        "[lb_av]" => factor("mass", 45_359_237, 8),
        "[oz_av]" => factor("mass", 28_349_523_125, 12),
        "[oz_tr]" => factor("mass", 311_034_768, 10),
        "[ston_av]" => factor("mass", 90_718_474, 5),
        "[lton_av]" => factor("mass", 10_160_469_088, 7),
        "W" => factor("power", 1, 0),
        "kW" => factor("power", 1000, 0),
        "MW" => factor("power", 1_000_000, 0),
        "GW" => factor("power", 1_000_000_000, 0),
        "W.h" => factor("energy", 1, 0),
        "kW.h" => factor("energy", 1000, 0),
        "MW.h" => factor("energy", 1_000_000, 0),
        "GW.h" => factor("energy", 1_000_000_000, 0),
        other => factor(other, 1, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pound_and_a_ton_are_one_dimension() {
        let (pound, ton) = (Unit::parse("USD/[lb_av]"), Unit::parse("USD/t"));
        assert_eq!(pound.dimension, "USD/mass");
        assert_eq!(pound.price(), ton.price());
        let tons = pound.factor.checked_div(ton.factor).map(|factor| factor.round_dp(2));
        assert_eq!(tons, Some(Decimal::new(220_462, 2)));
        assert!(Unit::parse("CNY").is_money() && !Unit::parse("CNY/t").is_money());
        assert!(Unit::parse("{share}").is_amount() && !Unit::parse("%").is_amount());
    }
}
