//! Two figures against each other.

mod needed;
mod one_fact;
mod periods;
mod slips;
mod values;

use api::record::{Extent, Modality, Precision, ReasonCode, Statement};
use rust_decimal::Decimal;

use crate::evidence::{Evidence, attribution};
use crate::figure::{Figure, Outcome};
use crate::goods::{Kinship, is_named};
use crate::measures::{DEALS, FLOWS, OPERATIONS, RESULTS, TIMELESS};
use crate::overlap::{Bounds, equal, overlap};
use crate::slip::day_number;
use crate::slot::{Fit, Fits, Slot, good};
use crate::statement::{day, sentence};

/// From how many significant digits on a figure is told from all others of a story.
const MANY_DIGITS: usize = 4;

/// How often the interval of a finely rounded figure fits into it.
const FINE: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

/// How far apart tellings of one event are published, in days.
const MAX_DAYS_OF_STORY: i64 = 3;

/// From how many significant digits on a figure is hardly another's by chance, if nothing but one slot differs that nobody fills in two
/// ways for one value: with and without tax, imports and exports.
const SOME_DIGITS: usize = 3;

/// Longest time between two publications that tell one thing, in days; later it may be a new edition.
pub(crate) const MAX_DAYS_APART: i64 = 30;

/// The same where nothing but the value differs: a revision looks like that.
const MAX_DAYS_OF_VALUES: i64 = 10;

/// What two figures say about each other.
#[must_use]
pub fn compare(one: &Figure<'_>, other: &Figure<'_>) -> Outcome {
    let (left, right) = (one.statement(), other.statement());
    if one.change.is_some() != other.change.is_some() || left.document == right.document {
        return Outcome::NotComparable(Slot::Measure);
    }
    let fits = Fits::of(one.item, other.item, one.change.zip(other.change));
    let pair = Pair { one, other, fits, evidence: evidence(one, other) };
    pair.outcome()
}

fn evidence(one: &Figure<'_>, other: &Figure<'_>) -> Evidence {
    let own = |figure: &Figure<'_>| format!("{} {}", figure.extent.value, figure.extent.unit);
    Evidence::of(one.item, other.item, [&own(one), &own(other)])
}

/// True if two figures are one value in one unit, however it is named.
fn one_value(one: &Extent, other: &Extent) -> bool {
    one.unit == other.unit && one.value == other.value
}

/// True for a unit of money for a mass.
fn per_mass(unit: &str) -> bool {
    unit.split_once('/').is_some_and(|(money, mass)| money.len() == 3 && mass.starts_with("kg"))
}

struct Pair<'a> {
    one: &'a Figure<'a>,
    other: &'a Figure<'a>,
    fits: Fits,
    evidence: Evidence,
}

impl Pair<'_> {
    fn outcome(&self) -> Outcome {
        let (one, other) = (&self.one.bounds, &self.other.bounds);
        let mut differ = self.fits.those(Fit::Differ);
        let one_figure = one.unit == other.unit && overlap(one, other) || self.slip().is_some();
        let (left, right) = self.statements();
        let undated = left.over.is_none() && right.over.is_none();
        if (self.timeless() || undated) && one_figure {
            // A plant's capacity is planned for one and there for another; where nobody says when, «invests» and «will invest» are one plan.
            differ.retain(|slot| *slot != Slot::Modality);
        }
        if differ.contains(&Slot::Modality) {
            return self.outturn(&differ);
        }
        if let Err(slot) = self.one_house() {
            return Outcome::NotComparable(slot);
        }
        // Two floors, of $110 a kilogram and of $110 a tonne, have every dearer price in common, and are no agreement.
        let two_floors = one.qualifier == other.qualifier
            && one.high.is_none()
            && other.high.is_none()
            && self.slip().is_some();
        if one.unit == other.unit && overlap(one, other) && !two_floors {
            if self.called_otherwise(&differ) {
                return Outcome::Contradict(ReasonCode::GoodConfused);
            }
            return match differ.as_slice() {
                [] if self.inherited_good_confused() => Outcome::Contradict(ReasonCode::GoodConfused),
                [] => self.agreement(),
                [slot] => self.slot_differs(*slot),
                [slot, ..] => Outcome::NotComparable(*slot),
            };
        }
        match differ.as_slice() {
            [] => self.values_differ(),
            [slot, ..] => Outcome::NotComparable(*slot),
        }
    }

    /// True if a sentence names the other side's good as well, so that the figure may be of either. A title that calls a good otherwise
    /// than its own text is what is looked for, and so is a copy with another good.
    fn names_both_goods(&self) -> bool {
        let names = |one: &Figure<'_>, other: &Figure<'_>| {
            let good = good(other.statement()).map(|word| word.id).unwrap_or_default();
            !one.statement().in_title && is_named(&good, sentence(one.item))
        };
        let copy = self.evidence.copied || self.evidence.verbatim;
        !copy && (names(self.one, self.other) || names(self.other, self.one))
    }

    /// True for one shipment under two goods of two families: in one story four digits and more do not meet by chance, even if the
    /// rest was read in two ways, as headlines allow.
    fn called_otherwise(&self, differ: &[Slot]) -> bool {
        let flows = |statement: &Statement| {
            statement.measure.as_ref().is_some_and(|word| FLOWS.contains(&word.id.as_str()))
        };
        let (left, right) = self.statements();
        let loose = [Slot::Good, Slot::Measure, Slot::Trade, Slot::Place, Slot::Partners];
        let digits = &self.one.extent.digits;
        differ.contains(&Slot::Good)
            && differ.iter().all(|slot| loose.contains(slot))
            && self.fits.goods == Kinship::Strangers
            && digits.len() >= MANY_DIGITS
            && *digits == self.other.extent.digits
            && self.one_story()
            && flows(left)
            && flows(right)
    }

    /// True if both documents are tellings of one story, published within days.
    fn one_story(&self) -> bool {
        let (left, right) = self.statements();
        !left.story.is_empty() && left.story == right.story && self.days_apart() <= MAX_DAYS_OF_STORY
    }

    /// True if both documents are tellings of one story, published within some days.
    fn story_of_days(&self) -> bool {
        let (left, right) = self.statements();
        !left.story.is_empty() && left.story == right.story && self.days_apart() <= MAX_DAYS_OF_VALUES
    }

    fn statements(&self) -> (&Statement, &Statement) {
        (self.one.statement(), self.other.statement())
    }

    fn measured(&self, among: &[&str]) -> bool {
        let (left, right) = self.statements();
        let either = left.measure.as_ref().or(right.measure.as_ref());
        either.is_some_and(|word| among.contains(&word.id.as_str()))
    }

    fn timeless(&self) -> bool {
        let (left, right) = self.statements();
        self.measured(TIMELESS) && (left.over.is_none() || right.over.is_none() || left.over == right.over)
    }

    /// How much shows that both tell one thing. A company is the one source of its own results.
    fn weight(&self) -> usize {
        let own = self.fits.fit(Slot::Actor) == Fit::Same;
        let (left, right) = self.statements();
        let dated = left.over.is_some() || right.over.is_some() || !self.measured(TIMELESS);
        let results = self.measured(RESULTS) && own && dated;
        let operations = self.measured(OPERATIONS) && own;
        let good = match self.fits.fit(Slot::Good) {
            Fit::Same => true,
            Fit::Empty => self.evidence.circumstances > 1,
            _ => false,
        };
        let deal = self.measured(DEALS) && own && good;
        let deal = usize::from(deal) * (1 + usize::from(self.evidence.circumstances > 0));
        self.evidence.weight() + 2 * usize::from(results) + usize::from(operations) + deal
    }

    /// Two forecasts are opinions, and can be compared only if they are one house's.
    fn one_house(&self) -> Result<(), Slot> {
        let (left, right) = self.statements();
        let opinion = |statement: &Statement| {
            matches!(statement.modality(), Modality::Expected | Modality::Hypothetical)
        };
        if !opinion(left) && !opinion(right) {
            return Ok(());
        }
        let same = attribution(left, right)
            || (self.evidence.copied || self.evidence.verbatim) && self.days_apart() <= MAX_DAYS_OF_STORY
            || left.source == right.source && !left.source.is_empty();
        let two = left.attribution.is_some() && right.attribution.is_some();
        let guidance = self.fits.fit(Slot::Actor) == Fit::Same && !two;
        let shared = self.evidence.figures > 0 || self.evidence.sources > 0;
        if same || guidance || shared { Ok(()) } else { Err(Slot::Modality) }
    }

    fn agreement(&self) -> Outcome {
        let needed =
            [Slot::Measure, Slot::Good, Slot::Actor, Slot::Period, Slot::Part, Slot::Whole, Slot::Base];
        match needed.into_iter().find(|slot| self.fits.fit(*slot) == Fit::Unsure) {
            Some(Slot::Actor) if self.fits.elsewhere && self.evidence.figures > 0 => {
                return self.slot_differs(Slot::Actor);
            }
            Some(slot) => return Outcome::NotComparable(slot),
            None => {}
        }
        if self.fits.fit(Slot::Base) == Fit::OneSided && self.fits.fit(Slot::Period) != Fit::Same {
            // A growth of nobody knows what time over nobody knows which.
            return Outcome::NotComparable(Slot::Base);
        }
        let share = [&self.one.bounds, &self.other.bounds].iter().any(|bounds| bounds.unit == "%");
        let open = |bounds: &Bounds| bounds.low.is_none() || bounds.high.is_none();
        if self.same_quantity(None).is_err() && !self.left_out_without_doubt(share) {
            return Outcome::NotComparable(Slot::Measure);
        }
        if equal(&self.one.bounds, &self.other.bounds) {
            Outcome::Agree
        } else if (open(&self.one.bounds) || open(&self.other.bounds)) && self.same_quantity(None).is_err() {
            // What is at least so much agrees with nearly everything.
            Outcome::NotComparable(Slot::Measure)
        } else {
            Outcome::Round
        }
    }

    /// True if nothing differs and what one side leaves out is plain from the rest: the figure is much the same, and two of what is
    /// measured, of what, by whom and when are said on both sides. A share has to be of one whole.
    fn left_out_without_doubt(&self, share: bool) -> bool {
        let needed = [Slot::Measure, Slot::Good, Slot::Actor, Slot::Period];
        let same = needed.into_iter().filter(|slot| self.fits.fit(*slot) == Fit::Same).count();
        let whole = !share
            || self.one.change.is_some()
            || self.fits.fit(Slot::Whole) == Fit::Same
            || self.weight() >= 2 && self.same_digits()
            || self.one.extent.digits.len() > 2 && self.same_digits();
        same >= 2 && whole
    }

    /// True if all that says which quantity it is says the same on both sides; `without` is left aside.
    fn same_quantity(&self, without: Option<Slot>) -> Result<(), Slot> {
        let asked = |slot: &Slot| Some(*slot) != without;
        let about = [Slot::Good, Slot::Actor].into_iter().any(|slot| self.fits.fit(slot) == Fit::Same);
        let share = self.fits.fit(Slot::Whole) == Fit::Same && self.fits.fit(Slot::Part) == Fit::Same;
        // A company that no lexicon has, named in the same words by both.
        let unlisted = self.evidence.unlisted > 0
            && [Slot::Good, Slot::Actor].into_iter().all(|slot| self.fits.alike(slot));
        if !about && !share && !unlisted {
            return Err(Slot::Good);
        }
        // If all but one slot has to agree, deliveries and sales of one figure do, and a company's place within its country.
        let broader = |slot: Slot| match slot {
            _ if without.is_none() || self.fits.fit(slot) != Fit::Broader => false,
            Slot::Measure => true,
            Slot::Place => self.fits.fit(Slot::Actor) == Fit::Same,
            _ => false,
        };
        // So much money for a mass is a price, whether or not it is called so.
        let price = self.fits.fit(Slot::Measure) == Fit::Empty && per_mass(&self.one.bounds.unit);
        let measured = self.fits.fit(Slot::Measure) == Fit::Same || price || broader(Slot::Measure);
        if asked(&Slot::Measure) && !measured {
            return Err(Slot::Measure);
        }
        match self.fits.fit(Slot::Period) {
            _ if !asked(&Slot::Period) => {}
            Fit::Same => {}
            Fit::Empty | Fit::OneSided if self.measured(TIMELESS) => {}
            _ => return Err(Slot::Period),
        }
        let strict = [
            Slot::Good,
            Slot::Actor,
            Slot::Trade,
            Slot::Statistic,
            Slot::Basis,
            Slot::Part,
            Slot::Whole,
            Slot::Partners,
            Slot::Place,
            Slot::Venue,
            Slot::Base,
            Slot::Direction,
            Slot::Scope,
        ];
        match strict.into_iter().filter(asked).find(|slot| !self.fits.alike(*slot) && !broader(*slot)) {
            Some(slot) => Err(slot),
            None => Ok(()),
        }
    }

    fn outturn(&self, differ: &[Slot]) -> Outcome {
        if let Some(slot) = differ.iter().find(|slot| **slot != Slot::Modality) {
            return Outcome::NotComparable(*slot);
        }
        if self.one.bounds.unit != self.other.bounds.unit {
            return Outcome::NotComparable(Slot::Measure);
        }
        match self.same_quantity(None) {
            Ok(()) | Err(Slot::Scope | Slot::Statistic) => Outcome::Outturn,
            Err(slot) => Outcome::NotComparable(slot),
        }
    }

    /// The values agree, and one slot does not.
    fn slot_differs(&self, slot: Slot) -> Outcome {
        let reason = match slot {
            Slot::Period => ReasonCode::PeriodShifted,
            Slot::Good => ReasonCode::GoodConfused,
            Slot::Base => ReasonCode::ComparisonBase,
            Slot::Direction => ReasonCode::Direction,
            Slot::Actor | Slot::Trade => ReasonCode::ActorOrTradeDirection,
            Slot::Basis => ReasonCode::UnitOrBasis,
            _ => return Outcome::NotComparable(slot),
        };
        let mut unsure = self.fits.those(Fit::Unsure);
        if slot == Slot::Direction && self.evidence.figures > 1 && self.one_story() {
            // Both have the level too that moved so: of when it was read, little depends.
            let (left, right) = self.statements();
            let placed = left.place.is_some() && right.place.is_some();
            unsure.retain(|slot| {
                !(matches!(slot, Slot::Period | Slot::Actor) || placed && *slot == Slot::Place)
            });
        }
        if slot == Slot::Good {
            unsure.retain(|slot| !(matches!(slot, Slot::Part | Slot::Whole) && self.named_by_good(*slot)));
        }
        if self.measured(TIMELESS) && self.evidence.days + self.evidence.figures > 0 {
            // «By end-2026», «by the end of 2026».
            unsure.retain(|slot| *slot != Slot::Period);
        }
        if let Some(other) = unsure.into_iter().find(|other| *other != slot) {
            return Outcome::NotComparable(other);
        }
        let enough = self.slot_of_one_fact(slot) || self.weight() >= self.needed(slot);
        if self.doubled() || self.days_apart() > MAX_DAYS_APART || !enough {
            return Outcome::NotComparable(slot);
        }
        if slot == Slot::Period && self.fits.fit(Slot::Good) == Fit::Broader && self.evidence.figures < 2 {
            // The metal of one year, and its oxide of another.
            return Outcome::NotComparable(Slot::Good);
        }
        let both = match slot {
            Slot::Good => self.names_both_goods(),
            Slot::Period => self.names_both_times(),
            _ => false,
        };
        if both {
            return Outcome::NotComparable(slot);
        }
        if self.of_their_own_days() {
            return Outcome::NotComparable(Slot::Period);
        }
        let rounded = match slot {
            Slot::Base => self.evidence.attribution,
            Slot::Basis => self.weight() > 1,
            _ => false,
        } && self.same_quantity(Some(slot)).is_ok();
        if !self.same_digits() && slot != Slot::Direction && !rounded {
            return Outcome::NotComparable(slot);
        }
        Outcome::Contradict(reason)
    }

    /// True if both print the same digits, or round so finely that they must mean one figure.
    fn same_digits(&self) -> bool {
        let (one, other) = (self.one.extent, self.other.extent);
        let fine = |bounds: &Bounds| {
            let width = bounds.high.zip(bounds.low).map(|(high, low)| high.saturating_sub(low));
            width.zip(bounds.value).is_some_and(|(width, value)| width.saturating_mul(FINE) <= value.abs())
        };
        !one.digits.is_empty() && one.digits == other.digits
            || fine(&self.one.bounds) && fine(&self.other.bounds)
    }

    fn daily(&self) -> bool {
        let (left, right) = self.statements();
        let day = |statement: &Statement| {
            statement.over.as_ref().is_some_and(|over| over.precision() <= Precision::Day)
        };
        day(left) && day(right)
    }

    /// No slot differs, and the values do.
    fn values_differ(&self) -> Outcome {
        let (left, right) = self.statements();
        let sure = self.same_quantity(None);
        // Another edition has other digits, not the same ones with another unit.
        let unit = self.slip() == Some(ReasonCode::UnitOrBasis) && self.one_story();
        let editions = left.editions != right.editions && !unit;
        if editions || left.source == right.source && self.days_apart() > 0 {
            return match sure {
                Ok(()) | Err(Slot::Scope) => Outcome::Revision,
                Err(slot) => Outcome::NotComparable(slot),
            };
        }
        // A surplus and a deficit are printed with the same digits, so that each text seems to have the other's.
        let turned = self.slip() == Some(ReasonCode::Direction);
        if self.doubled() || self.days_apart() > MAX_DAYS_APART || !turned && self.knows_both() {
            return Outcome::NotComparable(Slot::Measure);
        }
        if self.of_their_own_days() {
            return Outcome::NotComparable(Slot::Period);
        }
        if self.one.extent.unit != self.other.extent.unit && self.slip().is_none() {
            return Outcome::NotComparable(Slot::Measure);
        }
        match (self.slip(), sure) {
            (Some(reason), Ok(())) if self.telling(reason) => Outcome::Contradict(reason),
            // Digits that look like each other's show by themselves that both tell one thing.
            (Some(reason), Err(_)) if self.nearly_sure(reason) || self.anchored(reason) => {
                Outcome::Contradict(reason)
            }
            (None, Err(Slot::Place)) if self.only_place_left_out() && self.of_one_thing() => {
                Outcome::Contradict(ReasonCode::Value)
            }
            (None, Ok(())) if self.weight() >= 2 && self.of_one_thing() && self.near() => {
                Outcome::Contradict(ReasonCode::Value)
            }
            (Some(reason), _) if self.slip_of_one_fact(reason) => Outcome::Contradict(reason),
            (None, _) if self.values_of_one_fact() && self.of_one_thing() && self.near() => {
                Outcome::Contradict(ReasonCode::Value)
            }
            (_, Ok(())) => Outcome::NotComparable(Slot::Venue),
            (_, Err(slot)) => Outcome::NotComparable(slot),
        }
    }

    fn doubled(&self) -> bool {
        let (left, right) = self.statements();
        left.doubled || right.doubled
    }

    fn days_apart(&self) -> i64 {
        let (left, right) = self.statements();
        days_apart(left, right)
    }
}

/// Days between the publications of two statements; none if one is not known.
pub(crate) fn days_apart(left: &Statement, right: &Statement) -> i64 {
    let number = |statement: &Statement| day(statement.published.as_ref()).and_then(day_number);
    number(left).zip(number(right)).map_or(0, |(left, right)| (left - right).abs())
}
