//! One unit for all values of a series, by exact conversions alone.

use std::collections::BTreeMap;

use api::record::Amount;
use compare::{canonical, decimal};
use rust_decimal::Decimal;

use super::point::Point;

/// The unit in which most values are printed, among those into which all of them convert exactly; else the canonical one. `None`
/// if there are no values.
pub(super) fn common(points: &[Point]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for point in points {
        *counts.entry(&point.amount.unit).or_default() += 1;
    }
    let mut units: Vec<(&str, usize)> = counts.into_iter().collect();
    units.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let fits = |unit: &str| points.iter().all(|point| converted(&point.amount, unit).is_some());
    let best = units.iter().map(|(unit, _)| *unit).find(|unit| fits(unit));
    let first = units.first()?.0;
    Some(match best {
        Some(unit) => unit.to_owned(),
        None => canonical(first).map_or(first.to_owned(), |canonical| canonical.unit),
    })
}

/// A value in another unit; `None` if it cannot be converted exactly.
pub(super) fn converted(amount: &Amount, unit: &str) -> Option<Amount> {
    if amount.unit == unit {
        return Some(amount.clone());
    }
    let (from, to) = (canonical(&amount.unit)?, canonical(unit)?);
    if from.unit != to.unit {
        return None;
    }
    let end = |text: &str| -> Option<String> {
        if text.is_empty() {
            return Some(String::new());
        }
        let base = product(decimal(text)?, from.factor)?;
        let value = base.checked_div(to.factor)?;
        (product(value.normalize(), to.factor)? == base).then(|| value.normalize().to_string())
    };
    Some(Amount {
        value: end(&amount.value)?,
        low: end(&amount.low)?,
        high: end(&amount.high)?,
        unit: unit.to_owned(),
        origin: None,
    })
}

/// A product with all its digits; `None` if they cannot be held. A decimal by itself would be rounded.
fn product(one: Decimal, other: Decimal) -> Option<Decimal> {
    let (one, other) = (one.normalize(), other.normalize());
    let digits = one.mantissa().checked_mul(other.mantissa())?;
    Decimal::try_from_i128_with_scale(digits, one.scale() + other.scale()).ok()
}

/// Where a value is drawn: a range at its middle, one with an open end at the other.
pub(super) fn height(amount: &Amount) -> Option<f64> {
    let number = |text: &str| decimal(text).and_then(|value: Decimal| f64::try_from(value).ok());
    let ends = (number(&amount.low), number(&amount.high));
    number(&amount.value).or(match ends {
        (Some(low), Some(high)) => Some(f64::midpoint(low, high)),
        (low, high) => low.or(high),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(value: &str, unit: &str) -> Amount {
        Amount { value: value.into(), unit: unit.into(), ..Default::default() }
    }

    fn points(amounts: &[(&str, &str)]) -> Vec<Point> {
        let point =
            |(value, unit): &(&str, &str)| Point { amount: amount(value, unit), ..Default::default() };
        amounts.iter().map(point).collect()
    }

    #[test]
    fn only_exact_conversions_are_made() {
        let in_unit =
            |value: &str, from: &str, to: &str| converted(&amount(value, from), to).map(|a| a.value);
        assert_eq!(in_unit("3.8", "kg", "t").as_deref(), Some("0.0038"));
        assert_eq!(in_unit("19.1", "CNY/kg", "CNY/t").as_deref(), Some("19100"));
        assert_eq!(in_unit("1", "kg", "[oz_tr]"), None, "an endless fraction");
        assert_eq!(in_unit("1", "USD/t", "CNY/t"), None, "no rate of exchange is a definition");
        assert_eq!(in_unit("79228162514264337593543950335", "t", "kg"), None, "too large to be held");
    }

    #[test]
    fn the_unit_of_most_is_taken_if_all_fit() {
        assert_eq!(common(&[]), None);
        assert_eq!(common(&points(&[("1", "t"), ("2", "t"), ("3", "kg")])).as_deref(), Some("t"));
        assert_eq!(common(&points(&[("1", "[oz_tr]"), ("2", "[oz_tr]"), ("1", "t")])).as_deref(), Some("t"));
    }
}
