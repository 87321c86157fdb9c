//! Intervals of printed figures against each other.

use api::record::{Extent, Qualifier};
use rust_decimal::Decimal;

use crate::printed::decimal;

/// An interval, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The figure itself; none for a range.
    pub value: Option<Decimal>,
    /// Its least; none if open.
    pub low: Option<Decimal>,
    /// Its most; none if open.
    pub high: Option<Decimal>,
    /// One unit of its last digit that is not zero.
    pub quantum: Decimal,
    /// How the words around qualify it.
    pub qualifier: Qualifier,
    /// Canonical unit.
    pub unit: String,
}

impl Bounds {
    /// The interval of an extent; `None` if it has no end at all.
    #[must_use]
    pub fn of(extent: &Extent) -> Option<Bounds> {
        let (low, high) = (decimal(&extent.low), decimal(&extent.high));
        (low.is_some() || high.is_some()).then(|| Bounds {
            value: decimal(&extent.value),
            low,
            high,
            quantum: decimal(&extent.quantum).unwrap_or_default(),
            qualifier: extent.qualifier(),
            unit: extent.unit.clone(),
        })
    }
}

/// True if two intervals of one unit have a common point; ends belong to them. A figure that was rounded the wrong way («nearly
/// 3,800» for 3,834) still agrees if it is off by no more than one unit of its last digit.
#[must_use]
pub fn overlap(one: &Bounds, other: &Bounds) -> bool {
    if one.unit != other.unit {
        return false;
    }
    let gap = gap(one, other);
    gap <= Decimal::ZERO || gap <= wrong_way(one).max(wrong_way(other))
}

/// How far two intervals lie apart; zero or less if they meet.
fn gap(one: &Bounds, other: &Bounds) -> Decimal {
    let above = |upper: &Bounds, lower: &Bounds| match (upper.low, lower.high) {
        (Some(low), Some(high)) => low.saturating_sub(high),
        _ => Decimal::MIN,
    };
    above(one, other).max(above(other, one))
}

fn wrong_way(bounds: &Bounds) -> Decimal {
    match bounds.qualifier {
        Qualifier::Over | Qualifier::Nearly => bounds.quantum,
        _ => Decimal::ZERO,
    }
}

/// True if two figures are printed as one value, without rounding, ranges included.
#[must_use]
pub fn equal(one: &Bounds, other: &Bounds) -> bool {
    let plain = |bounds: &Bounds| bounds.qualifier == Qualifier::Unspecified;
    if one.unit != other.unit || plain(one) != plain(other) {
        return false;
    }
    match (one.value, other.value) {
        (Some(left), Some(right)) => left == right && one.qualifier == other.qualifier,
        (None, None) => one.low == other.low && one.high == other.high,
        _ => false,
    }
}
