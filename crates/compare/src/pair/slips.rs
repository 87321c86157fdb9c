//! One figure told with a slip: another power of ten, two digits exchanged, another unit, up for down.

use api::record::{Qualifier, ReasonCode};
use rust_decimal::Decimal;

use crate::figure::Figure;
use crate::overlap::Bounds;
use crate::printed::decimal;
use crate::slip::{power_of_ten, ranges_of_powers, transposed};
use crate::slot::{Fit, Slot};
use crate::unit::{alike, canonical, currencies, names_country};

use super::{MANY_DIGITS, Pair, SOME_DIGITS, one_value};

impl Pair<'_> {
    /// True if nothing but one slot is left out on one side, and the digits are many or something else is shared.
    pub(super) fn nearly_sure(&self, reason: ReasonCode) -> bool {
        let digits = self.one.extent.digits.len();
        let copied = self.evidence.copied && (self.weight() > 2 || digits >= SOME_DIGITS);
        // Germanium and germanium ingots at one number with two units.
        let power = matches!(reason, ReasonCode::Scale | ReasonCode::UnitOrBasis) && digits >= SOME_DIGITS;
        let broader = self.fits.those(Fit::Broader);
        // Four digits with two exchanged are no other figure's by chance.
        let exchanged = reason == ReasonCode::DigitsTransposed && digits >= MANY_DIGITS;
        let told = exchanged && (self.evidence.attribution || self.evidence.sources > 0);
        let clear = self.fits.those(Fit::Unsure).is_empty()
            && (broader.is_empty() || (power || told) && broader == [Slot::Good] && self.one_story());
        let about = copied
            || (power || told) && broader == [Slot::Good]
            || self.evidence.unlisted > 0
            || [Slot::Good, Slot::Actor].into_iter().any(|slot| self.fits.fit(slot) == Fit::Same);
        let left_out = self.fits.those(Fit::OneSided);
        let harmless = left_out.iter().all(|slot| match slot {
            Slot::Period | Slot::Place | Slot::Actor | Slot::Good | Slot::Venue => true,
            // «The unit's», «net», «the first batch»: another figure, unless the wording is one.
            Slot::Scope => self.evidence.copied,
            Slot::Measure => self.evidence.figures > 0 || self.evidence.unlisted > 0 && digits >= SOME_DIGITS,
            Slot::Statistic => self.evidence.attribution,
            _ => false,
        });
        let needed = if self.fits.fit(Slot::Period) == Fit::Same { 3 } else { 4 };
        // Of a mine and of its company, or of two companies, figures are often near each other.
        let loose = reason == ReasonCode::DigitsTransposed
            && left_out.iter().any(|slot| matches!(slot, Slot::Place | Slot::Actor | Slot::Partners));
        let needed = if loose && !copied { 5 } else { needed };
        about && clear && harmless && left_out.len() <= 2 && digits + self.weight() >= needed
    }

    /// True for a slip in two tellings of one story that have a further telling figure in common and one company, good, source or name
    /// of their own, if no slot says two things; of two digits alone the measure has to be the same.
    pub(super) fn anchored(&self, reason: ReasonCode) -> bool {
        let slip =
            matches!(reason, ReasonCode::Scale | ReasonCode::DigitsTransposed | ReasonCode::UnitOrBasis);
        let restricted =
            self.fits.fit(Slot::Part) == Fit::OneSided || self.fits.fit(Slot::Whole) == Fit::OneSided;
        let digits = self.one.extent.digits.len().max(self.other.extent.digits.len());
        let many = digits >= SOME_DIGITS
            || digits > 1
                && reason != ReasonCode::DigitsTransposed
                && self.fits.fit(Slot::Measure) == Fit::Same;
        // A country and its province, a company and another one: two figures of a story may be near each other.
        let place = self.fits.fit(Slot::Place) == Fit::Broader;
        let exchanged = reason == ReasonCode::DigitsTransposed;
        let others = exchanged && (self.of_others() || digits < MANY_DIGITS && !self.fits.alike(Slot::Scope));
        slip && many
            && self.about()
            && !restricted
            && !place
            && !others
            && self.evidence.figures > 1
            && self.story_of_days()
    }

    /// True if something shows that both speak of one thing: a good, a company, a source, a name that no lexicon has.
    fn about(&self) -> bool {
        let same = [Slot::Good, Slot::Actor].into_iter().any(|slot| self.fits.fit(slot) == Fit::Same);
        let evidence = &self.evidence;
        same || evidence.attribution || evidence.sources + evidence.unlisted + evidence.names > 0
    }

    /// True if the figures have so many digits that these are no chance, or something shows that both tell one thing.
    pub(super) fn telling(&self, reason: ReasonCode) -> bool {
        let digits = self.one.extent.digits.len().max(self.other.extent.digits.len());
        // Another power of ten is wrong on one side, whatever else is said of the same quantity.
        let slip = matches!(reason, ReasonCode::UnitOrBasis | ReasonCode::Scale | ReasonCode::Direction);
        let enough = if slip { 2 } else { SOME_DIGITS };
        digits >= enough || self.weight() >= 2 || self.evidence.copied || self.evidence.verbatim
    }

    /// What two figures look like that are one figure with a slip.
    pub(super) fn slip(&self) -> Option<ReasonCode> {
        let (one, other) = (self.one.extent, self.other.extent);
        let value = self.one.bounds.value.zip(self.other.bounds.value);
        if one.unit == other.unit && value.is_some_and(|(one, other)| one == -other && !one.is_zero()) {
            return Some(ReasonCode::Direction);
        }
        let same_digits = !one.digits.is_empty() && one.digits == other.digits;
        let one_unit = one.unit == other.unit;
        if one_unit && same_digits && self.one_number() {
            return Some(ReasonCode::UnitOrBasis);
        }
        if same_digits
            && !one_value(one, other)
            && (one_unit && !power_of_ten(one, other)
                || alike(&one.unit, &other.unit)
                || self.two_currencies())
        {
            Some(ReasonCode::UnitOrBasis)
        } else if one_unit
            && (same_digits && power_of_ten(one, other)
                || ranges_of_powers(one, other)
                || self.rounded_power())
        {
            Some(ReasonCode::Scale)
        } else if one_unit && transposed(one, other) {
            Some(ReasonCode::DigitsTransposed)
        } else {
            None
        }
    }

    /// True if a rounded figure holds the other one only at another power of ten: «three hundred-odd million», 3.15 billion.
    fn rounded_power(&self) -> bool {
        let (one, other) = (&self.one.bounds, &self.other.bounds);
        let holds = |rounded: &Bounds, exact: &Bounds| {
            let (Some(low), Some(high), Some(value)) = (rounded.low, rounded.high, exact.value) else {
                return false;
            };
            let loose =
                rounded.qualifier != Qualifier::Unspecified && rounded.qualifier != Qualifier::AtLeast;
            let inside = |value: Decimal| low <= value && value <= high;
            let powers = [10, 100, 1_000, 10_000].map(Decimal::from);
            loose
                && !value.is_zero()
                && powers.into_iter().any(|power| {
                    value.checked_mul(power).is_some_and(inside)
                        || value.checked_div(power).is_some_and(inside)
                })
        };
        self.evidence.figures > 1
            && self.about()
            && self.one_story()
            && (holds(one, other) || holds(other, one))
    }

    /// True if both print one number with two units: $110 a kilogram and $110 a tonne.
    fn one_number(&self) -> bool {
        let printed = |figure: &Figure<'_>| {
            let unit = canonical(&figure.extent.printed_unit)?;
            decimal(&figure.extent.value)?.checked_div(unit.factor).map(|value| value.normalize())
        };
        let (one, other) = (self.one.extent, self.other.extent);
        let numbers = printed(self.one).zip(printed(self.other));
        // A kilowatt and a gigawatt are one unit at two powers of ten.
        let prefixed = one.unit.split('/').any(|part| matches!(part, "W" | "J" | "m" | "L"));
        !prefixed
            && !one_value(one, other)
            && one.printed_unit != other.printed_unit
            && numbers.is_some_and(|(one, other)| one == other)
    }

    /// True if both name the country of their dollar, yuan or the like, and name two.
    fn two_currencies(&self) -> bool {
        let (one, other) = (self.one.extent, self.other.extent);
        let told = |figure: &Figure<'_>| names_country(figure.quote());
        one.unit != other.unit && currencies(&one.unit, &other.unit) && told(self.one) && told(self.other)
    }
}
