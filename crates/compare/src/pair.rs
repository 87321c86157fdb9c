//! Two figures against each other.

use api::record::{Extent, Modality, ReasonCode, StatedChange, Statement};
use rust_decimal::Decimal;

use crate::evidence::{Evidence, attribution};
use crate::goods::Kinship;
use crate::overlap::{Bounds, equal, overlap};
use crate::printed::decimal;
use crate::slot::{Fit, Fits, Slot};
use crate::statement::{Item, day};
use crate::unit::alike;

/// What two figures say about each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Equal as printed.
    Agree,
    /// Equal within the rounding of the printed digits.
    Round,
    /// They cannot both be right, for this reason.
    Contradict(ReasonCode),
    /// A forecast and the actual.
    Outturn,
    /// Two editions.
    Revision,
    /// A slot that is needed is empty or differs.
    NotComparable(Slot),
}

/// A figure of a statement: its level, or one of its changes.
#[derive(Clone, Debug)]
pub struct Figure<'a> {
    /// The statement.
    pub item: &'a Item,
    /// The change, if it is one.
    pub change: Option<&'a StatedChange>,
    /// What is printed.
    pub extent: &'a Extent,
    /// Its interval.
    pub bounds: Bounds,
}

impl<'a> Figure<'a> {
    /// The figures of a statement: its level, and each change that says by how much.
    pub fn all(item: &'a Item) -> impl Iterator<Item = Figure<'a>> {
        let level = item.statement.value.iter().map(move |extent| (None, extent));
        let changes = item.statement.changes.iter().filter_map(|change| Some((Some(change), change.by.as_ref()?)));
        level.chain(changes).filter_map(move |(change, extent)| {
            Some(Figure { item, change, extent, bounds: Bounds::of(extent)? })
        })
    }

    fn statement(&self) -> &'a Statement {
        &self.item.statement
    }
}

/// Measures that have no running period: a plant's capacity, an estimate, the terms of one deal.
const TIMELESS: &[&str] = &[
    "measure/capacity",
    "measure/capacity-under-construction",
    "measure/installed-capacity",
    "measure/reserves",
    "measure/resources",
    "measure/grade",
    "measure/mine-life",
    "measure/investment",
    "measure/contract-value",
    "measure/deal-value",
    "measure/net-present-value",
    "measure/internal-rate-of-return",
    "measure/payback-period",
    "measure/issue-price",
    "measure/shareholding",
    "measure/tariff",
    "measure/export-tax-rebate",
    "measure/anti-dumping-duty",
    "measure/subsidy",
    "measure/vat",
    "measure/royalty",
];

/// Longest time between two publications that tell one thing, in days; later it may be a new edition.
const MAX_DAYS_APART: i64 = 30;

/// What two figures say about each other.
#[must_use]
pub fn compare(one: &Figure<'_>, other: &Figure<'_>) -> Outcome {
    let (left, right) = (one.statement(), other.statement());
    if one.change.is_some() != other.change.is_some() || left.document == right.document {
        return Outcome::NotComparable(Slot::Measure);
    }
    let fits = Fits::of(left, right, one.change.zip(other.change));
    let pair = Pair { one, other, fits, evidence: evidence(one, other) };
    pair.outcome()
}

fn evidence(one: &Figure<'_>, other: &Figure<'_>) -> Evidence {
    let own = |figure: &Figure<'_>| format!("{} {}", figure.extent.value, figure.extent.unit);
    Evidence::of(one.statement(), other.statement(), [&own(one), &own(other)])
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
        let differ = self.fits.those(Fit::Differ);
        if self.fits.fit(Slot::Modality) == Fit::Differ {
            return self.outturn(&differ);
        }
        if let Err(slot) = self.one_house() {
            return Outcome::NotComparable(slot);
        }
        if one.unit == other.unit && overlap(one, other) {
            return match differ.as_slice() {
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

    fn statements(&self) -> (&Statement, &Statement) {
        (self.one.statement(), self.other.statement())
    }

    /// Two forecasts are opinions, and can be compared only if they are one house's.
    fn one_house(&self) -> Result<(), Slot> {
        let (left, right) = self.statements();
        if left.modality == 0 || matches!(left.modality(), Modality::Contractual) {
            return Ok(());
        }
        let same = attribution(left, right) || left.source == right.source && !left.source.is_empty();
        let silent = left.attribution.is_none() && right.attribution.is_none();
        let guidance = self.fits.fit(Slot::Actor) == Fit::Same;
        if same || silent && guidance || self.evidence.figures > 0 { Ok(()) } else { Err(Slot::Modality) }
    }

    fn agreement(&self) -> Outcome {
        let needed = [Slot::Measure, Slot::Good, Slot::Actor, Slot::Period];
        let unsure = needed.into_iter().find(|slot| matches!(self.fits.fit(*slot), Fit::Unsure));
        let same = needed.into_iter().filter(|slot| self.fits.fit(*slot) == Fit::Same).count();
        match unsure {
            Some(slot) => Outcome::NotComparable(slot),
            None if same < 2 => Outcome::NotComparable(Slot::Measure),
            None if equal(&self.one.bounds, &self.other.bounds) => Outcome::Agree,
            None => Outcome::Round,
        }
    }

    /// True if all that says which quantity it is says the same on both sides.
    fn same_quantity(&self) -> Result<(), Slot> {
        let timeless = {
            let measure = self.one.statement().measure.as_ref();
            measure.is_some_and(|word| TIMELESS.contains(&word.id.as_str()))
        };
        let about = [Slot::Good, Slot::Actor].into_iter().any(|slot| self.fits.fit(slot) == Fit::Same);
        let share = self.fits.fit(Slot::Whole) == Fit::Same && self.fits.fit(Slot::Part) == Fit::Same;
        if !about && !share {
            return Err(Slot::Good);
        }
        if self.fits.fit(Slot::Measure) != Fit::Same {
            return Err(Slot::Measure);
        }
        match self.fits.fit(Slot::Period) {
            Fit::Same => {}
            Fit::Empty | Fit::OneSided if timeless => {}
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
        match strict.into_iter().find(|slot| !self.fits.alike(*slot)) {
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
        match self.same_quantity() {
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
        let unsure = self.fits.those(Fit::Unsure);
        if let Some(other) = unsure.into_iter().find(|other| *other != slot) {
            return Outcome::NotComparable(other);
        }
        if self.doubled() || self.days_apart() > MAX_DAYS_APART || self.evidence.weight() < 2 {
            return Outcome::NotComparable(slot);
        }
        if slot == Slot::Good && self.fits.goods == Kinship::Siblings && self.evidence.weight() < 3 {
            return Outcome::NotComparable(slot);
        }
        Outcome::Contradict(reason)
    }

    /// No slot differs, and the values do.
    fn values_differ(&self) -> Outcome {
        let (left, right) = self.statements();
        let sure = self.same_quantity();
        if left.editions != right.editions || left.source == right.source && self.days_apart() > 0 {
            return match sure {
                Ok(()) | Err(Slot::Scope) => Outcome::Revision,
                Err(slot) => Outcome::NotComparable(slot),
            };
        }
        if let Err(slot) = sure {
            return Outcome::NotComparable(slot);
        }
        if self.doubled() || self.days_apart() > MAX_DAYS_APART {
            return Outcome::NotComparable(Slot::Measure);
        }
        let (one, other) = (self.one.extent, self.other.extent);
        let same_digits = !one.digits.is_empty() && one.digits == other.digits;
        if same_digits && one.printed_unit != other.printed_unit
            && (one.unit == other.unit && !power_of_ten(one, other) || alike(&one.unit, &other.unit))
        {
            return Outcome::Contradict(ReasonCode::UnitOrBasis);
        }
        if one.unit != other.unit {
            return Outcome::NotComparable(Slot::Measure);
        }
        if same_digits && power_of_ten(one, other) {
            return Outcome::Contradict(ReasonCode::Scale);
        }
        if transposed(one, other) {
            return Outcome::Contradict(ReasonCode::DigitsTransposed);
        }
        if self.evidence.weight() >= 2 { Outcome::Contradict(ReasonCode::Value) } else { Outcome::NotComparable(Slot::Venue) }
    }

    fn doubled(&self) -> bool {
        let (left, right) = self.statements();
        left.doubled || right.doubled
    }

    /// Days between the publications; none if one is not known.
    fn days_apart(&self) -> i64 {
        let (left, right) = self.statements();
        let number = |statement: &Statement| day(statement.published.as_ref()).and_then(day_number);
        number(left).zip(number(right)).map_or(0, |(left, right)| (left - right).abs())
    }
}

/// The number of a day, counted so that differences are right within a few months.
fn day_number(day: &str) -> Option<i64> {
    let mut parts = day.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    // Days of the civil calendar (H. Hinnant, «chrono-compatible low-level date algorithms», 2013).
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year)
}

/// True if one value is the other times ten, a hundred and so on.
fn power_of_ten(one: &Extent, other: &Extent) -> bool {
    let (Some(left), Some(right)) = (decimal(&one.value), decimal(&other.value)) else { return false };
    if left.is_zero() || right.is_zero() || left.is_sign_negative() != right.is_sign_negative() {
        return false;
    }
    let (larger, smaller) = (left.abs().max(right.abs()), left.abs().min(right.abs()));
    let Some(ratio) = larger.checked_div(smaller) else { return false };
    let ratio = ratio.normalize().to_string();
    ratio.len() > 1 && ratio.starts_with('1') && ratio[1..].bytes().all(|digit| digit == b'0')
}

/// True if two values have the same digits at the same scale, two of them exchanged.
fn transposed(one: &Extent, other: &Extent) -> bool {
    let (left, right) = (one.digits.as_bytes(), other.digits.as_bytes());
    if left.len() < 2 || left.len() != right.len() {
        return false;
    }
    let apart: Vec<usize> = (0..left.len()).filter(|at| left[*at] != right[*at]).collect();
    let exchanged = matches!(apart[..], [a, b] if left[a] == right[b] && left[b] == right[a]);
    let (Some(left), Some(right)) = (decimal(&one.value), decimal(&other.value)) else { return false };
    // One place of the larger can make it up to ten times the smaller; a further power of ten is another slip.
    exchanged && left.abs().max(right.abs()) < left.abs().min(right.abs()).saturating_mul(Decimal::TEN)
}
