//! Axes: from values and times to places.

use jiff::ToSpan as _;
use jiff::civil::Date;

/// One axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    /// An axis that has room for all values; one in whose middle they lie, if they are all equal. `None` without values.
    pub(super) fn new(values: impl Iterator<Item = f64>) -> Option<Axis> {
        let ends = values.filter(|value| value.is_finite()).fold(None, |ends: Option<(f64, f64)>, value| {
            Some(ends.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        });
        let (low, high) = ends?;
        if low < high {
            return Some(Axis { low, high });
        }
        let room = (low.abs() / 10.0).max(1.0);
        Some(Axis { low: low - room, high: high + room })
    }

    /// An axis of days since 1970, of two weeks if all are one.
    pub(super) fn of_days(days: impl Iterator<Item = f64> + Clone) -> Option<Axis> {
        let axis = Axis::new(days.clone())?;
        let first = days.clone().find(|day| day.is_finite())?;
        let one = days.into_iter().all(|day| day == first);
        Some(if one { Axis { low: first - 7.0, high: first + 7.0 } } else { axis })
    }

    /// Where a value lies between the ends, from 0 to 1.
    pub(super) fn part(self, value: f64) -> f64 {
        // Halves, so that the ends of the largest numbers have a difference.
        let part = (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0);
        if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.5 }
    }

    /// The value at a part of the axis.
    pub(super) fn at(self, part: f64) -> f64 {
        self.low * (1.0 - part) + self.high * part
    }

    /// The value at a part of the axis for people, as exactly as its steps can be told apart.
    pub(super) fn label(self, part: f64) -> String {
        let (value, span) = (self.at(part), self.high - self.low);
        let (scale, word) = match self.low.abs().max(self.high.abs()) {
            most if most >= 1e15 => return format!("{value:.2e}"),
            most if most >= 1e12 => (1e12, " trillion"),
            most if most >= 1e9 => (1e9, " billion"),
            most if most >= 1e6 => (1e6, " million"),
            _ => (1.0, ""),
        };
        let step = span / scale;
        let decimals =
            [(20.0, 0), (2.0, 1), (0.2, 2), (0.02, 3)].into_iter().find(|(least, _)| step >= *least);
        let decimals = decimals.map_or(6, |(_, decimals)| decimals);
        let digits = format!("{:.decimals$}", value / scale);
        // What is rounded to nothing has no sign.
        let digits = if digits.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
            digits.as_str()
        } else {
            digits.trim_start_matches('-')
        };
        format!("{digits}{word}")
    }

    /// The day at a part of an axis of days since 1970.
    pub(super) fn day(self, part: f64) -> String {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "days of the calendar, which has four digits of years"
        )]
        let days = self.at(part).floor() as i64;
        let day = days.try_days().ok().and_then(|days| Date::constant(1970, 1, 1).checked_add(days).ok());
        day.map(|day| day.to_string()).unwrap_or_default()
    }
}

/// `days.days()` that does not panic.
trait TryDays {
    /// That many days.
    fn try_days(self) -> Result<jiff::Span, jiff::Error>;
}

impl TryDays for i64 {
    fn try_days(self) -> Result<jiff::Span, jiff::Error> {
        0.days().try_days(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(values: &[f64]) -> Option<Axis> {
        Axis::new(values.iter().copied())
    }

    #[test]
    fn any_values_have_an_axis() {
        assert_eq!(axis(&[]), None);
        assert_eq!(axis(&[f64::NAN]), None);
        let equal = axis(&[5.0, 5.0]).map(|axis| (axis.part(5.0), axis.label(0.0), axis.label(1.0)));
        assert_eq!(equal, Some((0.5, "4.0".into(), "6.0".into())));
        let huge = axis(&[f64::MAX, f64::MIN]).map(|axis| (axis.part(f64::MAX), axis.part(0.0)));
        assert_eq!(huge, Some((1.0, 0.5)));
        let negative = axis(&[-44e6, 1e6]).map(|axis| (axis.label(0.0), axis.label(1.0)));
        assert_eq!(negative, Some(("-44 million".into(), "1 million".into())));
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let axis = axis(&[20_270.0, 20_282.0]);
        assert_eq!(
            axis.map(|axis| (axis.day(0.0), axis.day(1.0))),
            Some(("2025-07-01".into(), "2025-07-13".into()))
        );
    }
}
