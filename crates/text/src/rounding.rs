//! What a printed number stands for, and reckoning with it: decimal interval arithmetic, exact and checked.
//!
//! A printed number is an interval: half a unit of its last printed digit to both sides, or what its qualifier says. Two numbers
//! agree if their intervals have a common point; a calculation holds if what follows from its operands has a common point with
//! the printed result. Ends belong to intervals (R. E. Moore, *Interval Analysis*, 1966).
//!
//! ```
//! use text::rounding::{Bounds, printed};
//!
//! let profit = printed("900 million yuan", "900000000".parse()?, None).ok_or("printed")?;
//! let growth = printed("1882%", "1882".parse()?, None).ok_or("printed")?;
//! let factor = Bounds::exact(1.into()).plus(&growth.percent().ok_or("small")?).ok_or("small")?;
//! let base = profit.over(&factor).ok_or("not zero")?;
//! assert!(base.meets(&Bounds::between("45380000".parse()?, "45390000".parse()?)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;

use rust_decimal::Decimal;

use crate::mention::{Mention, Qualifier};

mod place;
#[cfg(test)]
mod tests;

pub use place::{significant, unit};

/// A closed interval of decimals; an end that is `None` is open. The lower end is never above the upper one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    low: Option<Decimal>,
    high: Option<Decimal>,
}

impl Bounds {
    /// One value alone.
    #[must_use]
    pub fn exact(value: Decimal) -> Bounds {
        Bounds { low: Some(value), high: Some(value) }
    }

    /// From one value to the other, in whatever order they are given.
    #[must_use]
    pub fn between(one: Decimal, other: Decimal) -> Bounds {
        Bounds { low: Some(one.min(other)), high: Some(one.max(other)) }
    }

    /// From a value on.
    #[must_use]
    pub fn from(low: Decimal) -> Bounds {
        Bounds { low: Some(low), high: None }
    }

    /// Up to a value.
    #[must_use]
    pub fn up_to(high: Decimal) -> Bounds {
        Bounds { low: None, high: Some(high) }
    }

    /// The lower end; `None` if open.
    #[must_use]
    pub fn low(&self) -> Option<Decimal> {
        self.low
    }

    /// The upper end; `None` if open.
    #[must_use]
    pub fn high(&self) -> Option<Decimal> {
        self.high
    }

    /// True if the two have a common point.
    #[must_use]
    pub fn meets(&self, other: &Bounds) -> bool {
        !self.is_below(other) && !other.is_below(self)
    }

    /// True if all of it lies below all of the other.
    #[must_use]
    pub fn is_below(&self, other: &Bounds) -> bool {
        matches!((self.high, other.low), (Some(high), Some(low)) if high < low)
    }

    /// True if zero or a negative value lies in it.
    fn reaches_zero(&self) -> bool {
        self.low.is_none_or(|low| low <= Decimal::ZERO)
    }

    /// The smallest interval that holds both.
    #[must_use]
    pub fn hull(&self, other: &Bounds) -> Bounds {
        Bounds {
            low: self.low.zip(other.low).map(|(one, other)| one.min(other)),
            high: self.high.zip(other.high).map(|(one, other)| one.max(other)),
        }
    }

    /// The interval mirrored at zero.
    #[must_use]
    pub fn negate(&self) -> Bounds {
        Bounds { low: self.high.map(|high| -high), high: self.low.map(|low| -low) }
    }

    /// The sum; nothing if it does not fit a [`Decimal`].
    #[must_use]
    pub fn plus(&self, other: &Bounds) -> Option<Bounds> {
        Some(Bounds { low: sum(self.low, other.low)?, high: sum(self.high, other.high)? })
    }

    /// The difference; nothing if it does not fit.
    #[must_use]
    pub fn minus(&self, other: &Bounds) -> Option<Bounds> {
        self.plus(&other.negate())
    }

    /// The product; nothing if it does not fit, or if an end is open of what may be negative.
    #[must_use]
    pub fn times(&self, other: &Bounds) -> Option<Bounds> {
        if let (Some(a), Some(b), Some(c), Some(d)) = (self.low, self.high, other.low, other.high) {
            return hull_of([a.checked_mul(c)?, a.checked_mul(d)?, b.checked_mul(c)?, b.checked_mul(d)?]);
        }
        let (one, other_low) = (self.low?, other.low?);
        if one < Decimal::ZERO || other_low < Decimal::ZERO {
            return None;
        }
        Some(Bounds { low: Some(one.checked_mul(other_low)?), high: None })
    }

    /// The quotient; nothing if the divisor can be zero, if it does not fit, or if an end is open of what may be negative.
    #[must_use]
    pub fn over(&self, divisor: &Bounds) -> Option<Bounds> {
        if divisor.high.is_some_and(|high| high < Decimal::ZERO) {
            return self.negate().over(&divisor.negate());
        }
        if divisor.reaches_zero() {
            return None;
        }
        let least = divisor.low?;
        if let (Some(a), Some(b), Some(most)) = (self.low, self.high, divisor.high) {
            return hull_of([
                a.checked_div(least)?,
                a.checked_div(most)?,
                b.checked_div(least)?,
                b.checked_div(most)?,
            ]);
        }
        let low = self.low.filter(|low| *low >= Decimal::ZERO)?;
        let low = match divisor.high {
            Some(most) => low.checked_div(most)?,
            None => Decimal::ZERO,
        };
        let high = match self.high {
            Some(high) => Some(high.checked_div(least)?),
            None => None,
        };
        Some(Bounds { low: Some(low), high })
    }

    /// A hundredth of it: a percentage as a fraction of one.
    #[must_use]
    pub fn percent(&self) -> Option<Bounds> {
        self.over(&Bounds::exact(Decimal::ONE_HUNDRED))
    }
}

impl fmt::Display for Bounds {
    /// Both ends to seven significant digits, or one if they are equal: `2.1161..2.1192`; an open end is left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |end: Option<Decimal>| end.map_or(String::new(), short);
        if self.low.is_some() && self.low == self.high {
            return f.write_str(&end(self.low));
        }
        write!(f, "{}..{}", end(self.low), end(self.high))
    }
}

/// A decimal to seven significant digits, without trailing zeros.
#[must_use]
pub fn short(value: Decimal) -> String {
    value.round_sf(7).unwrap_or(value).normalize().to_string()
}

/// What a printed number stands for. `quote` is the text that prints it, in which its last printed digit is looked for; `value` is
/// the value that was read from it. Nothing if the value has more digits than a [`Decimal`] holds.
///
/// - without a qualifier, half a unit of the last printed digit to both sides;
/// - *about*, one unit of the last digit that is not a final zero, to both sides;
/// - *over*, from the number to one such unit above it; *nearly*, from one such unit below it to the number;
/// - *at least*, *under*, *at most*, from or up to the number.
///
/// A negative value is taken by its size, as «fell by more than 8 %» is.
#[must_use]
pub fn printed(quote: &str, value: Decimal, qualifier: Option<Qualifier>) -> Option<Bounds> {
    if value.is_sign_negative() && !value.is_zero() {
        return printed(quote, -value, qualifier).map(|bounds| bounds.negate());
    }
    let rough = place::significant(value);
    let around = |below: Decimal, above: Decimal| {
        Some(Bounds { low: Some(value.checked_sub(below)?), high: Some(value.checked_add(above)?) })
    };
    match qualifier {
        None => {
            let half = place::half(quote, value)?;
            around(half, half)
        }
        Some(Qualifier::About) => {
            let wide = place::spread(quote, value).unwrap_or(rough).max(rough);
            around(wide, wide)
        }
        Some(Qualifier::Over) => around(Decimal::ZERO, rough),
        Some(Qualifier::Nearly) => {
            around(rough.max(place::spread(quote, value).unwrap_or(rough)), Decimal::ZERO)
        }
        Some(Qualifier::AtLeast) => Some(Bounds::from(value)),
        Some(Qualifier::Under | Qualifier::AtMost) => {
            Some(Bounds { low: Some(Decimal::ZERO), high: Some(value) })
        }
    }
}

/// What a mention stands for: a range from its lower to its upper end, a number as [`printed`]. Nothing for what has no value.
#[must_use]
pub fn mentioned(mention: &Mention<'_>) -> Option<Bounds> {
    let decimal = |text: &String| text.parse::<Decimal>().ok();
    if let Some(value) = &mention.value {
        return printed(mention.quote, decimal(value)?, mention.qualifier);
    }
    match (&mention.low, &mention.high) {
        (Some(low), Some(high)) => Some(Bounds::between(decimal(low)?, decimal(high)?)),
        (Some(low), None) => Some(Bounds::from(decimal(low)?)),
        (None, Some(high)) => Some(Bounds::up_to(decimal(high)?)),
        (None, None) => None,
    }
}

/// The two ends of a printed range, each with its own rounding and the qualifier of the whole. Nothing if an end is open.
#[must_use]
pub fn ends(mention: &Mention<'_>) -> Option<(Bounds, Bounds)> {
    let (low, high) = (mention.low.as_ref()?.parse().ok()?, mention.high.as_ref()?.parse().ok()?);
    // Of a range a bound such as "at least" speaks of the whole of it and not of both ends.
    let qualifier = mention.qualifier.filter(|qualifier| *qualifier == Qualifier::About);
    Some((printed(mention.quote, low, qualifier)?, printed(mention.quote, high, qualifier)?))
}

/// The sum of two ends, open if one is; nothing if it does not fit.
#[expect(clippy::option_option, reason = "an open end is an answer, an overflow is none")]
fn sum(one: Option<Decimal>, other: Option<Decimal>) -> Option<Option<Decimal>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Some(one.checked_add(other)?)),
        _ => Some(None),
    }
}

fn hull_of(ends: [Decimal; 4]) -> Option<Bounds> {
    let low = ends.into_iter().min()?;
    let high = ends.into_iter().max()?;
    Some(Bounds { low: Some(low), high: Some(high) })
}
