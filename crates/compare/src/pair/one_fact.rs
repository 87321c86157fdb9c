//! How much speaks for it that two figures are of one quantity, all slots and all that stands around them taken together.
//!
//! The rules of [`super::needed`] ask for certain things, each in its own way; texts in other words often have none of these and still
//! leave no doubt, because nearly every slot says the same. The weights are set by hand from the development part of `eval/verdicts`,
//! where no pair that is not comparable comes near the limits.

use api::record::{ReasonCode, Statement};

use crate::measures::{DAILY, PRICES, TIMELESS};
use crate::slot::{Fit, Slot};
use crate::statement::companies;

use super::{Pair, SOME_DIGITS};

/// In tenths: what a slot speaks for it if both say the same, and against it if one says nothing.
const SLOTS: &[(Slot, i32, i32)] = &[
    (Slot::Good, 20, 10),
    (Slot::Actor, 20, 10),
    (Slot::Measure, 15, 20),
    (Slot::Period, 15, 15),
    (Slot::Place, 10, 10),
    (Slot::Partners, 10, 10),
    (Slot::Venue, 10, 5),
    (Slot::Whole, 10, 15),
    (Slot::Part, 10, 10),
    (Slot::Base, 10, 10),
    (Slot::Statistic, 5, 10),
    (Slot::Basis, 5, 20),
    (Slot::Trade, 5, 10),
    (Slot::Scope, 0, 25),
];

/// What a slot speaks against it if one says it more broadly, in tenths.
const BROADER: i32 = 5;

/// From here on two figures that look like one with a slip are one, in tenths.
const SLIP: i32 = 50;

/// From here on two values of which neither looks like the other are of one quantity, in tenths, and how much of it has to stand around
/// the slots.
const VALUE: (i32, i32) = (65, 20);

/// Slots that a figure of its own often has and leaves to the reader: of two values, one may be counted otherwise or be a part.
const OFTEN_LEFT_OUT: &[Slot] =
    &[Slot::Basis, Slot::Scope, Slot::Statistic, Slot::Part, Slot::Whole, Slot::Partners, Slot::Base];

/// From here on one slot that differs is a slip, in tenths. Other goods, companies and times have figures of their own, however alike
/// their reports are; nothing is enough there.
fn limit(slot: Slot, digits: usize) -> Option<i32> {
    match slot {
        Slot::Base if digits >= SOME_DIGITS => Some(35),
        Slot::Base | Slot::Direction => Some(45),
        Slot::Basis => Some(45),
        _ => None,
    }
}

impl Pair<'_> {
    /// True if two values can be of nothing but one quantity. What changes from day to day and what is forecast has many values.
    pub(super) fn values_of_one_fact(&self) -> bool {
        let (left, right) = self.statements();
        let fact = left.modality == 0 && right.modality == 0;
        fact && !self.measured(DAILY)
            && self.is_told_fully()
            && self.is_no_part()
            && self.around() >= VALUE.1
            && self.one_fact() >= VALUE.0
    }

    /// True if two figures that look like one with this slip are one. Of two digits exchanged, one may as well be counted otherwise;
    /// another power of ten is wrong on one side, whatever it is a part of.
    pub(super) fn slip_of_one_fact(&self, reason: ReasonCode) -> bool {
        let power = matches!(reason, ReasonCode::Scale | ReasonCode::UnitOrBasis);
        let left_out = self.fits.those(Fit::OneSided);
        let counted = left_out.iter().all(|slot| *slot == Slot::Scope || !OFTEN_LEFT_OUT.contains(slot));
        (self.is_told_fully() || power && counted) && self.one_fact() >= SLIP
    }

    /// True if one slot that differs is a slip by all the others, none of which is in doubt or counts in another way.
    pub(super) fn slot_of_one_fact(&self, slot: Slot) -> bool {
        let left_out = self.fits.those(Fit::OneSided);
        let counted = left_out.iter().all(|other| *other == slot || !OFTEN_LEFT_OUT.contains(other));
        let digits = self.one.extent.digits.len();
        counted
            && !self.measured(PRICES)
            && !self.daily()
            && self.fits.those(Fit::Unsure).iter().all(|other| *other == slot)
            && limit(slot, digits).is_some_and(|limit| self.one_fact() >= limit)
    }

    /// True if nothing is said more broadly or in doubt on one side, and what one leaves out is no way to count: not a mine and all of its
    /// company, a company and all of its country, one product of a company and all, a month and any.
    fn is_told_fully(&self) -> bool {
        let one_sided = |slot: Slot| self.fits.fit(slot) == Fit::OneSided;
        let clear = [Fit::Unsure, Fit::Broader].into_iter().all(|fit| self.fits.those(fit).is_empty());
        let wider = one_sided(Slot::Place) && self.evidence.figures == 0
            || one_sided(Slot::Actor) && self.is_a_stranger()
            || one_sided(Slot::Good);
        // What both tell of no time is of the time of either.
        let timed = self.fits.fit(Slot::Period) == Fit::Same || self.measured(TIMELESS);
        clear
            && timed
            && !wider
            && !self.fits.those(Fit::OneSided).iter().any(|slot| OFTEN_LEFT_OUT.contains(slot))
    }

    /// True if one side is told of a company that the other does not name.
    fn is_a_stranger(&self) -> bool {
        let (left, right) = self.statements();
        let alone = |one, other: &Statement| {
            companies(one).any(|id| !other.names.contains(id) && *id != other.source_id)
        };
        alone(left, right) || alone(right, left)
    }

    /// How much speaks for one quantity, in tenths, in one story; nothing does in texts that are told apart.
    pub(super) fn one_fact(&self) -> i32 {
        if !self.story_of_days() {
            return 0;
        }
        let slots: i32 = SLOTS
            .iter()
            .map(|(slot, same, missing)| match self.fits.fit(*slot) {
                Fit::Same => *same,
                Fit::OneSided => -missing,
                Fit::Unsure => -missing * 13 / 10,
                Fit::Broader => -BROADER,
                Fit::Empty | Fit::Differ => 0,
            })
            .sum();
        slots + self.around()
    }

    /// The same of what stands around the slots.
    fn around(&self) -> i32 {
        let evidence = &self.evidence;
        let few = |count: usize| i32::try_from(count.min(2)).unwrap_or(2);
        let yes = i32::from;
        20 * yes(evidence.attribution || evidence.sources > 0)
            + 15 * few(evidence.figures)
            + 8 * few(evidence.shared.saturating_sub(1))
            + 12 * few(evidence.days)
            + 7 * few(evidence.names)
            + 7 * few(evidence.circumstances)
            + 15 * few(evidence.unlisted)
            + 7 * yes(evidence.words)
            + 25 * yes(evidence.copied || evidence.verbatim)
    }
}
