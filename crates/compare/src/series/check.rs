//! One figure against one point of a series.

use api::record::{
    Direction, Extent, Modality, Period, Qualifier, Relation, SeriesPoint, Statement, TableReading,
};
use rust_decimal::Decimal;
use text::rounding::Bounds;

use super::house::{House, house};
use crate::against::relation;
use crate::figure::Figure;
use crate::measures::PARTS;
use crate::overlap::{self, overlap};
use crate::printed::decimal;
use crate::slip::{day_number, power_of_ten, transposed};
use crate::statement::{day, sentence};

/// How far a change may be off before it is said to be wrong, in points of a percent: tables restate the base, and those who tell a
/// change may have reckoned with what stood there before.
const POINTS: Decimal = Decimal::TWO;

/// The same as a part of the change: a tenth.
const PART: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

/// How long after an edition a document still rests on it and not on the next, in days.
const MAX_DAYS_BEHIND: i64 = 30;

/// From how many times on a level is no more taken for that of another edition.
const RESTATED: Decimal = Decimal::from_parts(11, 0, 0, false, 1);

/// From which part of its upper end on an interval bears nothing out.
const WIDE: Decimal = Decimal::from_parts(4, 0, 0, false, 1);

/// What is held against a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asked {
    /// A level, which one cell has.
    Level,
    /// A level over a time of which the table has the parts.
    Sum,
    /// A change against this base.
    Change(Relation),
}

/// A figure beside a point: what follows from the table, what is printed, and whether the two meet.
#[derive(Clone, Debug)]
pub(super) struct Judged<'a> {
    pub(super) asked: Asked,
    /// In `unit`.
    pub(super) follows: Bounds,
    /// In `unit`.
    pub(super) printed: Bounds,
    /// In which both are shown.
    pub(super) unit: String,
    pub(super) holds: bool,
    /// True if a difference is worth an alarm, as far as the two numbers go.
    pub(super) beyond: bool,
    /// What the table says: of a change first its own time, then its base.
    pub(super) readings: Vec<&'a TableReading>,
}

/// What a point says of a figure; `None` if it says nothing of it. Of forecasts and plans only the levels are asked.
pub(super) fn judge<'a>(figure: &Figure<'_>, point: &'a SeriesPoint) -> Option<Judged<'a>> {
    let reading = point.reading.as_ref()?;
    let statement = figure.statement();
    let one_time = statement.over.as_ref().zip(reading.over.as_ref());
    let foretold = match statement.modality() {
        Modality::Unspecified => false,
        Modality::Expected | Modality::Planned => true,
        Modality::Contractual | Modality::Hypothetical => return None,
    };
    if foretold && (figure.change.is_some() || point.estimated)
        || !one_time.is_some_and(|(told, over)| told.start == over.start && told.end == over.end)
        || !same_basis(statement, point)
        || statement.scope.iter().any(|scope| PARTS.contains(&scope.as_str()))
    {
        return None;
    }
    match figure.change {
        None => level(figure, reading),
        Some(_) => change(figure, point, reading),
    }
}

fn level<'a>(figure: &Figure<'_>, reading: &'a TableReading) -> Option<Judged<'a>> {
    let table = overlap::Bounds::of(reading.value.as_ref()?)?;
    if table.unit != figure.bounds.unit {
        return None;
    }
    let holds = overlap(&figure.bounds, &table);
    if holds && (is_wide(&figure.bounds) || is_wide(&table)) {
        return None;
    }
    let asked = if reading.cells.len() > 1 { Asked::Sum } else { Asked::Level };
    let unit = figure.extent.printed_unit.clone();
    let (follows, printed) = (bounds(reading.value.as_ref()?)?, bounds(figure.extent)?);
    let readings = vec![reading];
    Some(Judged {
        asked,
        follows: in_unit(&follows, &unit)?,
        printed: in_unit(&printed, &unit)?,
        unit,
        holds,
        beyond: !holds,
        readings,
    })
}

fn change<'a>(figure: &Figure<'_>, point: &'a SeriesPoint, reading: &'a TableReading) -> Option<Judged<'a>> {
    let change = figure.change?;
    let told = relation(change, figure.statement())?;
    let base = point.bases.iter().find(|base| base.relation() == told)?.reading.as_ref()?;
    let printed = match change.direction() {
        Direction::Up => bounds(figure.extent)?,
        Direction::Down => bounds(figure.extent)?.negate(),
        Direction::Flat | Direction::Unspecified => return None,
    };
    if change.sum || open(figure.extent) {
        return None;
    }
    let (now, then) = (bounds(reading.value.as_ref()?)?, bounds(base.value.as_ref()?)?);
    let (kind, figure_unit) = (&reading.value.as_ref()?.unit, &figure.extent.unit);
    let difference = figure_unit == "[pp]" && kind == "%" || figure_unit == kind && kind != "%";
    let follows = match figure_unit.as_str() {
        _ if difference => now.minus(&then)?,
        "%" if kind != "%" => {
            let part = now.over(&then)?.minus(&Bounds::exact(Decimal::ONE))?;
            part.times(&Bounds::exact(Decimal::ONE_HUNDRED))?
        }
        _ => return None,
    };
    let unit = figure.extent.printed_unit.clone();
    let (follows, printed) = (in_unit(&follows, &unit)?, in_unit(&printed, &unit)?);
    let holds = follows.meets(&printed) || slack(figure, &follows, &printed, &unit);
    Some(Judged {
        asked: Asked::Change(told),
        holds,
        beyond: far(&follows, &printed, matches!(unit.as_str(), "%" | "[pp]")),
        follows,
        printed,
        unit,
        readings: vec![reading, base],
    })
}

/// «Nearly 12 %» for 12.1: rounded the wrong way by no more than one unit of its last digit.
fn slack(figure: &Figure<'_>, follows: &Bounds, printed: &Bounds, unit: &str) -> bool {
    let wrong_way = matches!(figure.bounds.qualifier, Qualifier::Over | Qualifier::Nearly);
    let quantum = super::reading::shown(figure.bounds.quantum, unit);
    wrong_way && gap(follows, printed).zip(quantum).is_some_and(|(gap, quantum)| gap <= quantum)
}

/// True if two changes lie so far apart that a restated base does not explain it.
fn far(follows: &Bounds, printed: &Bounds, points: bool) -> bool {
    let size = printed.low().zip(printed.high()).map(|(low, high)| low.abs().max(high.abs()));
    let (Some(gap), Some(size)) = (gap(follows, printed), size) else { return false };
    gap > size.saturating_mul(PART).max(if points { POINTS } else { Decimal::ZERO })
}

/// How far two intervals lie apart; `None` if an end between them is open.
fn gap(one: &Bounds, other: &Bounds) -> Option<Decimal> {
    let (below, above) = if one.is_below(other) { (one, other) } else { (other, one) };
    above.low()?.checked_sub(below.high()?)
}

/// True for a figure that is right of nearly everything: at least so much, about 400 with one digit.
fn is_wide(bounds: &overlap::Bounds) -> bool {
    let (Some(low), Some(high)) = (bounds.low, bounds.high) else { return true };
    let size = low.abs().max(high.abs());
    high.saturating_sub(low) >= size.saturating_mul(WIDE)
}

fn open(extent: &Extent) -> bool {
    extent.low.is_empty() || extent.high.is_empty()
}

fn bounds(extent: &Extent) -> Option<Bounds> {
    match (decimal(&extent.low), decimal(&extent.high)) {
        (Some(low), Some(high)) => Some(Bounds::between(low, high)),
        (Some(low), None) => Some(Bounds::from(low)),
        (None, Some(high)) => Some(Bounds::up_to(high)),
        (None, None) => None,
    }
}

/// Bounds in a canonical unit as they are in another of its kind.
fn in_unit(bounds: &Bounds, unit: &str) -> Option<Bounds> {
    let end = |end: Option<Decimal>| end.map(|end| super::reading::shown(end, unit));
    match (end(bounds.low()), end(bounds.high())) {
        (Some(low), Some(high)) => Some(Bounds::between(low?, high?)),
        (Some(low), None) => Some(Bounds::from(low?)),
        (None, Some(high)) => Some(Bounds::up_to(high?)),
        (None, None) => None,
    }
}

/// True if the slots of a figure are so sure, and so surely those of the series, that a difference is its error and not the reader's.
pub(super) fn sure(figure: &Figure<'_>, point: &SeriesPoint, judged: &Judged<'_>) -> bool {
    let statement = figure.statement();
    let source = point.reading.as_ref().map(|reading| reading.source.as_str()).unwrap_or_default();
    let estimate = point.estimated;
    let house = match house(statement, source) {
        House::Same => true,
        // Who rests on nobody may have another estimate than this one.
        House::Unnamed => !estimate,
        House::Other => false,
    };
    house
        && said_here(statement)
        && based_here(figure)
        && told_after(statement, point)
        && statement.scope.is_empty()
        && statement.editions.is_empty()
        && !statement.doubled
        && !others_named(statement, point)
        && !says_both(figure, point)
        && !narrower(figure)
        && (!other_edition(statement, point) || !restated(figure, judged))
}

/// Words that make a figure one of several which the key does not tell apart: a month of delivery, a way in.
const NARROWER: &[&str] = &[
    "contract", "futures", "tenor", "delivery", "合约", "期货", "主力", "交割", "口岸", "入境", " via ",
    " through ", "port of",
];

/// True if the sentence has a word that makes the figure narrower than its slots say.
fn narrower(figure: &Figure<'_>) -> bool {
    let sentence = sentence(figure.item).to_lowercase();
    sentence.is_empty() || NARROWER.iter().any(|word| sentence.contains(word))
}

/// True if the document may rest on another edition: it could not know this one, or was published long after it.
fn other_edition(statement: &Statement, point: &SeriesPoint) -> bool {
    let edition = point.reading.as_ref().map(|reading| reading.edition.as_str()).unwrap_or_default();
    let number = |period: Option<&Period>| day(period).and_then(day_number);
    let since = number(statement.published.as_ref()).zip(number(point.published.as_ref()));
    !edition.is_empty()
        && since.is_none_or(|(told, printed)| !(0..=MAX_DAYS_BEHIND).contains(&(told - printed)))
}

/// True if a difference may be that between two editions: of a level by less than a tenth, unless it looks like a slip of the pen; of
/// a change, unless it goes the other way.
fn restated(figure: &Figure<'_>, judged: &Judged<'_>) -> bool {
    let table = judged.readings.first().and_then(|reading| reading.value.as_ref());
    let slip =
        table.is_some_and(|table| transposed(figure.extent, table) || power_of_ten(figure.extent, table));
    let near = ratio(judged).is_some_and(|ratio| ratio < RESTATED);
    match judged.asked {
        Asked::Change(_) => !opposite(judged),
        Asked::Level | Asked::Sum => near && !slip,
    }
}

/// True if what follows and what is printed have opposite signs.
pub(super) fn opposite(judged: &Judged<'_>) -> bool {
    let zero = Bounds::exact(Decimal::ZERO);
    let (follows, printed) = (&judged.follows, &judged.printed);
    follows.is_below(&zero) && zero.is_below(printed) || printed.is_below(&zero) && zero.is_below(follows)
}

/// How many times what is printed is too large or too small; `None` if there is no telling.
pub(super) fn ratio(judged: &Judged<'_>) -> Option<Decimal> {
    let (follows, printed) = (&judged.follows, &judged.printed);
    let (lower, upper) = if follows.is_below(printed) { (follows, printed) } else { (printed, follows) };
    let (most, least) = lower.high().zip(upper.low())?;
    if most <= Decimal::ZERO { None } else { least.checked_div(most) }
}

/// True if what is measured, of what, where and when stands in the sentence itself.
fn said_here(statement: &Statement) -> bool {
    let slots =
        [&statement.subject, &statement.measure, &statement.place, &statement.period, &statement.venue];
    let listed = statement.actors.iter().chain(&statement.partners);
    statement.period.is_some() && slots.into_iter().flatten().chain(listed).all(|word| !word.inherited)
}

fn based_here(figure: &Figure<'_>) -> bool {
    figure.change.is_none_or(|change| change.base.as_ref().is_none_or(|base| !base.inherited))
}

/// True if the time was over when the document was published, and when the table was.
fn told_after(statement: &Statement, point: &SeriesPoint) -> bool {
    let end = statement.over.as_ref().and_then(|over| over.end.get(..10));
    let told = day(statement.published.as_ref());
    let printed = day(point.published.as_ref());
    let over = |day: Option<&str>| day.zip(end).is_some_and(|(day, end)| day >= end);
    over(told) && (printed.is_none() || over(printed))
}

fn same_basis(statement: &Statement, point: &SeriesPoint) -> bool {
    let mut ids: Vec<&str> = statement.basis.iter().map(|word| word.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.iter().copied().eq(point.basis.iter().map(String::as_str))
}

/// True if the sentence or title names a place or company that the series does not know, and that is not who says it: the figure may
/// be of that.
fn others_named(statement: &Statement, point: &SeriesPoint) -> bool {
    let speaker = statement.attribution.as_ref().map(|word| word.id.as_str()).unwrap_or_default();
    statement.names.iter().any(|name| {
        let kind = name.split_once('/').map_or("", |(kind, _)| kind);
        matches!(kind, "country" | "region" | "place" | "company")
            && name != speaker
            && *name != statement.source_id
            && !point.names.contains(name)
    })
}

/// True if the document has the table's own value too, near by: then it tells of two things, or of a figure and its correction.
fn says_both(figure: &Figure<'_>, point: &SeriesPoint) -> bool {
    let Some(table) = point.reading.as_ref().and_then(|reading| reading.value.as_ref()) else { return false };
    let Some(wanted) = bounds(table) else { return false };
    figure.change.is_none()
        && figure.statement().beside.iter().any(|known| {
            known.split_once(' ').is_some_and(|(value, unit)| {
                unit == table.unit && decimal(value).is_some_and(|value| wanted.meets(&Bounds::exact(value)))
            })
        })
}
