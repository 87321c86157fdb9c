//! How much two figures must have in common besides one slot that differs.

use api::record::Statement;

use crate::goods::Kinship;
use crate::measures::PRICES;
use crate::slot::{Fit, Slot, good};
use crate::statement::companies;

use super::{MANY_DIGITS, Pair, SOME_DIGITS};

impl Pair<'_> {
    /// How much has to show that both tell one thing, if this slot differs.
    pub(super) fn needed(&self, slot: Slot) -> usize {
        let complete = self.same_quantity(Some(slot)).is_ok();
        let digits = self.one.extent.digits.len().max(self.other.extent.digits.len());
        match slot {
            // Up and down by one amount cannot both be right, if all else is the same.
            _ if self.changed_copy(slot) => 0,
            // An oxide and its metal, terbium and dysprosium: often alike, and often taken for each other by the reader.
            Slot::Good if self.fits.goods == Kinship::Siblings => 3,
            // Many digits do not meet by chance in one story, if all else is the same.
            _ if complete
                && digits >= MANY_DIGITS
                && self.one_story()
                && !self.daily()
                && !self.measured(PRICES) =>
            {
                0
            }
            // Up by some percent on the month and down by as many on the year are no contradiction.
            Slot::Direction
                if self.one.extent.unit == "%"
                    && self.fits.fit(Slot::Base) == Fit::OneSided
                    && !complete
                    && self.evidence.figures < 2 =>
            {
                4
            }
            Slot::Direction if complete || digits > 2 && (self.told_alike() || self.moved_alike()) => 0,
            Slot::Basis | Slot::Trade if complete && digits >= SOME_DIGITS && self.one_story() => 0,
            Slot::Direction | Slot::Basis => 1,
            Slot::Good | Slot::Actor | Slot::Trade
                if complete && digits >= SOME_DIGITS && self.one_story() =>
            {
                1
            }
            // Two companies that one story gives the same three digits of one thing, and neither text names the other's.
            Slot::Actor
                if digits >= SOME_DIGITS
                    && self.one.change.is_none()
                    && self.one_story()
                    && !self.measured(PRICES)
                    && self.fits.fit(Slot::Measure) == Fit::Same
                    && self.fits.alike(Slot::Good)
                    && self.named_apart() =>
            {
                usize::from(digits < MANY_DIGITS && self.fits.fit(Slot::Period) != Fit::Same)
            }
            // A day on which both say that it was told shows that it is one release, if nothing else differs.
            Slot::Period | Slot::Good | Slot::Actor | Slot::Trade
                if complete && self.evidence.days > 0 && !self.daily() =>
            {
                1
            }
            Slot::Base if complete && digits > 1 => {
                usize::from(digits == 2 && !self.particular() && !self.one_story())
            }
            Slot::Base if digits > 1 => 1,
            // A mine or company that both name makes one report of it.
            Slot::Period
                if digits >= SOME_DIGITS
                    && self.one_story()
                    && !self.daily()
                    && !self.measured(PRICES)
                    && self.evidence.names + self.evidence.unlisted > 0 =>
            {
                1
            }
            // Prices of two days are often the same, and a source tells of every month.
            Slot::Period if self.daily() || self.evidence.figures + self.evidence.days == 0 => 4,
            _ => 2,
        }
    }

    /// True if each side's sentence and title name its own companies alone.
    fn named_apart(&self) -> bool {
        let (left, right) = self.statements();
        let named = |one, other: &Statement| companies(one).any(|id| other.names.contains(id));
        !named(left, right) && !named(right, left)
    }

    /// True if a share's part or whole is told by the good of the figure itself: 钒产品出口, 稀土产品出口.
    pub(super) fn named_by_good(&self, slot: Slot) -> bool {
        let has = |statement: &Statement| {
            let word = if slot == Slot::Part { &statement.part } else { &statement.whole };
            let good = good(statement).map(|good| good.id).unwrap_or_default();
            !good.is_empty() && word.as_ref().is_some_and(|word| word.id.contains(&good))
        };
        let (left, right) = self.statements();
        has(left) && has(right)
    }

    /// True for one figure under two goods of two families, of which one stands elsewhere in its text, if two further figures are shared
    /// and nothing else is in doubt.
    pub(super) fn inherited_good_confused(&self) -> bool {
        let digits = &self.one.extent.digits;
        self.fits.goods == Kinship::Strangers
            && self.fits.those(Fit::Unsure) == [Slot::Good]
            && self.fits.fit(Slot::Measure) == Fit::Same
            && digits.len() >= SOME_DIGITS
            && *digits == self.other.extent.digits
            && self.evidence.shared > 1
            && self.one_story()
            && !self.measured(PRICES)
            && !self.names_both_goods()
    }

    /// True if one sentence is the other with this slot changed. Lists of prices and reports of every month are written so too, and
    /// are none: of prices many are equal, and a publisher's next report comes later.
    fn changed_copy(&self, slot: Slot) -> bool {
        let (left, right) = self.statements();
        let series =
            slot == Slot::Period && (self.daily() || left.source == right.source || self.days_apart() > 3);
        let list = slot == Slot::Good && (self.fits.goods == Kinship::Siblings || self.measured(PRICES));
        let digits = self.one.extent.digits.len();
        (self.evidence.copied || self.evidence.verbatim && digits >= SOME_DIGITS) && !series && !list
    }

    /// True if measure, time and base are the same, and nothing differs but the way that both go.
    fn told_alike(&self) -> bool {
        let same = [Slot::Measure, Slot::Period, Slot::Base]
            .into_iter()
            .all(|slot| self.fits.fit(slot) == Fit::Same);
        same && self.fits.those(Fit::OneSided).is_empty()
    }

    /// True if one story tells of one good's measure that moved by one amount, and nothing that both say differs but the way.
    fn moved_alike(&self) -> bool {
        let same = [Slot::Measure, Slot::Good].into_iter().all(|slot| self.fits.fit(slot) == Fit::Same);
        let left_out = self.fits.those(Fit::OneSided);
        let harmless = [Slot::Period, Slot::Base, Slot::Place, Slot::Venue];
        same && self.one_story()
            && !self.measured(PRICES)
            && left_out.iter().all(|slot| harmless.contains(slot))
    }

    /// True if a certain company or a place within a country is told of on both sides.
    fn particular(&self) -> bool {
        let place = self.one.statement().place.as_ref().is_some_and(|word| word.id.starts_with("place/"));
        place && self.fits.fit(Slot::Place) == Fit::Same || self.fits.fit(Slot::Actor) == Fit::Same
    }
}
