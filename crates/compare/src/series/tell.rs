//! What a fact's statements and points say about each other, as findings.

use std::collections::{BTreeMap, BTreeSet};

use api::record::{
    Calculation, Check, Direction, Finding, FindingKind, FindingSide, Modality, ReasonCode, SeriesPoint,
    TableReading,
};
use rust_decimal::Decimal;
use text::rounding::{Bounds, short};

use super::check::{Asked, Judged, judge, opposite, ratio, sure};
use super::house::{House, house};
use super::reading::{self, told, told_of_two};
use crate::figure::Figure;
use crate::finding::{Found, MAX_CITED, MAX_CLAIMS, Writer, keys, value, voices};
use crate::reconcile::Shared;
use crate::statement::{Item, day};

/// Most points of one fact that are asked: so many editions of all sources together, the newest of each source first.
const MAX_POINTS: usize = 64;

/// Most findings of one fact.
const MAX_FINDINGS: usize = 200;

/// Severity of what a table bears out: quiet, though more than what a text says of itself.
const HOLDS: u32 = 8;

/// Severity of a forecast and what came of it.
const OUTTURN: u32 = 20;

/// Severity of a figure that an earlier edition has and a later one does not.
const RESTATED: u32 = 30;

/// What the tables say of the figures that documents state of one fact: who says what they have, what they do not have, what only an
/// earlier edition has, and what came of a forecast. One finding for all who print the same; of a figure with which no table agrees, only if every slot of it
/// is sure. Of more than 64 points that many are asked, of all sources alike; then nothing is said not to hold, and each finding says that it is cut.
#[must_use]
pub fn against(items: &[Item], points: &[SeriesPoint], fact: &str) -> Vec<Found> {
    let Latest { points, cut } = latest(points);
    let mut told: BTreeMap<Group, Vec<(Figure<'_>, Verdict<'_>)>> = BTreeMap::new();
    let mut sorted: Vec<&Item> = items.iter().collect();
    sorted.sort_by(|one, other| one.statement.claim.cmp(&other.statement.claim));
    for figure in sorted.into_iter().flat_map(Figure::all) {
        let Some(verdict) = verdict(&figure, &points) else { continue };
        if cut && verdict.kind == FindingKind::Fails {
            // A table that was not asked may have it.
            continue;
        }
        let group = Group {
            kind: verdict.kind.into(),
            asked: verdict.judged.asked,
            said: said(&figure),
            point: verdict.point,
        };
        told.entry(group).or_default().push((figure, verdict));
    }
    let mut found: Vec<Found> =
        told.into_iter().map(|(group, members)| finding(&group, &members, fact)).collect();
    found.sort_by(|one, other| {
        let rank = |found: &Found| std::cmp::Reverse(found.finding.severity);
        rank(one).cmp(&rank(other)).then_with(|| one.finding.claims.cmp(&other.finding.claims))
    });
    if cut || found.len() > MAX_FINDINGS {
        found.truncate(MAX_FINDINGS);
        found.iter_mut().for_each(|found| found.finding.cut = true);
    }
    found
}

/// What makes one finding of several figures.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    kind: i32,
    asked: Asked,
    said: String,
    point: usize,
}

/// What the tables say of a figure.
struct Verdict<'a> {
    kind: FindingKind,
    /// The point that bears it out, or the one that does not.
    point: usize,
    judged: Judged<'a>,
    /// Of what an earlier edition has: what the latest has.
    later: Option<Judged<'a>>,
}

/// The points of a fact that are asked.
pub(super) struct Latest<'a> {
    /// By source, each source's editions from the latest to the earliest; at most [`MAX_POINTS`].
    pub(super) points: Vec<&'a SeriesPoint>,
    /// True if there were more.
    pub(super) cut: bool,
}

/// The points that are asked: the newest of each source, then the next of each, so that no source leaves out another.
pub(super) fn latest(points: &[SeriesPoint]) -> Latest<'_> {
    let mut sources: BTreeMap<&str, Vec<&SeriesPoint>> = BTreeMap::new();
    for point in points.iter().filter(|point| point.reading.is_some()) {
        sources.entry(source(point)).or_default().push(point);
    }
    let mut turns: Vec<(usize, &str, &SeriesPoint)> = Vec::new();
    for (source, mut editions) in sources {
        editions.sort_by(|one, other| {
            day(other.published.as_ref())
                .cmp(&day(one.published.as_ref()))
                .then_with(|| edition(other).cmp(edition(one)))
                .then_with(|| first_cell(one).cmp(first_cell(other)))
        });
        turns.extend(editions.into_iter().enumerate().map(|(turn, point)| (turn, source, point)));
    }
    turns.sort_by_key(|(turn, source, _)| (*turn, *source));
    let cut = turns.len() > MAX_POINTS;
    turns.truncate(MAX_POINTS);
    turns.sort_by_key(|(turn, source, _)| (*source, *turn));
    Latest { points: turns.into_iter().map(|(.., point)| point).collect(), cut }
}

fn source(point: &SeriesPoint) -> &str {
    point.reading.as_ref().map(|reading| reading.source.as_str()).unwrap_or_default()
}

fn edition(point: &SeriesPoint) -> &str {
    point.reading.as_ref().map(|reading| reading.edition.as_str()).unwrap_or_default()
}

fn first_cell(point: &SeriesPoint) -> &str {
    let cell = point.reading.as_ref().and_then(|reading| reading.cells.first());
    cell.map(|cell| cell.observation.as_str()).unwrap_or_default()
}

/// True if it is known that the one edition was published after the other.
fn is_later(one: &SeriesPoint, other: &SeriesPoint) -> bool {
    if source(one) != source(other) {
        return false;
    }
    if let (Some(this), Some(that)) = (day(one.published.as_ref()), day(other.published.as_ref())) {
        return this > that;
    }
    // Editions that are named by a year, or by year and month.
    let (this, that) = (edition(one), edition(other));
    let numbered =
        |name: &str| name.len() >= 4 && name.bytes().all(|letter| letter.is_ascii_digit() || letter == b'-');
    this.len() == that.len() && numbered(this) && numbered(that) && this > that
}

fn verdict<'a>(figure: &Figure<'_>, points: &[&'a SeriesPoint]) -> Option<Verdict<'a>> {
    let mut judged: Vec<(usize, Judged<'a>)> =
        points.iter().enumerate().filter_map(|(index, point)| Some((index, judge(figure, point)?))).collect();
    if figure.statement().modality() != Modality::Unspecified {
        let (point, judged) = judged.into_iter().next()?;
        return Some(Verdict { kind: FindingKind::Outturn, point, judged, later: None });
    }
    // The table of the house that is named comes first.
    let own = |index: usize| house(figure.statement(), source(points[index])) != House::Same;
    judged.sort_by_key(|(index, judged)| (!judged.holds, own(*index), *index));
    let (point, first) = judged.first().cloned()?;
    if !first.holds {
        let sure = judged.iter().all(|(_, judged)| judged.beyond) && sure(figure, points[point], &first);
        let kind = FindingKind::Fails;
        return sure.then_some(Verdict { kind, point, judged: first, later: None });
    }
    let later =
        judged.into_iter().find(|(index, other)| !other.holds && is_later(points[*index], points[point]));
    Some(match later {
        Some((_, later)) => Verdict { kind: FindingKind::Revision, point, judged: first, later: Some(later) },
        None => Verdict { kind: FindingKind::Holds, point, judged: first, later: None },
    })
}

/// What a figure says, in words: its value, or its change with the way that it goes.
pub(super) fn said(figure: &Figure<'_>) -> String {
    let mut value = value(figure.extent);
    if figure.statement().modality() != Modality::Unspecified {
        value.push_str(", expected");
    }
    match figure.change.map(api::record::StatedChange::direction) {
        Some(Direction::Up) => format!("up {value}"),
        Some(Direction::Down) => format!("down {value}"),
        _ => value,
    }
}

fn finding(group: &Group, members: &[(Figure<'_>, Verdict<'_>)], fact: &str) -> Found {
    let figures: Vec<&Figure<'_>> = members.iter().map(|(figure, _)| figure).collect();
    let verdict = &members[0].1;
    let mut writer = Writer::new(verdict.kind, ReasonCode::Unspecified);
    let mut readings: Vec<TableReading> = Vec::new();
    let mut told_by = |judged: &Judged<'_>| -> FindingSide {
        let first = readings.len();
        readings.extend(judged.readings.iter().map(|reading| (*reading).clone()));
        let indexes = (first..readings.len()).filter_map(|index| u32::try_from(index).ok()).collect();
        FindingSide { said: table_says(judged), readings: indexes, ..FindingSide::default() }
    };
    let mut sides = vec![writer.side(&group.said, &figures), told_by(&verdict.judged)];
    sides.extend(verdict.later.as_ref().map(told_by));
    let operands: Vec<u32> = sides[0].citations.clone();
    let calculations = std::iter::once(&verdict.judged)
        .chain(&verdict.later)
        .map(|judged| calculation(judged, operands.clone()))
        .collect();
    let claims: BTreeSet<&str> = figures.iter().map(|figure| figure.item.statement.claim.as_str()).collect();
    let finding = Finding {
        kind: verdict.kind.into(),
        check: check(group.asked).into(),
        severity: severity(verdict.kind, &verdict.judged, voices(&figures)),
        cut: figures.len() > MAX_CITED,
        sides,
        calculations,
        claims: claims.into_iter().take(MAX_CLAIMS).map(str::to_owned).collect(),
        readings,
        ..Finding::default()
    };
    let keys = keys(&figures, verdict.kind, ReasonCode::Unspecified, Shared::Fact(fact));
    Found { finding, citations: writer.into_citations(), keys }
}

fn check(asked: Asked) -> Check {
    match asked {
        Asked::Level => Check::SeriesLevel,
        Asked::Sum => Check::SeriesSum,
        Asked::Change(_) => Check::SeriesChange,
    }
}

/// What the table has, in words: its value, or its two values and what follows from them.
fn table_says(judged: &Judged<'_>) -> String {
    match judged.readings[..] {
        [now, base] => {
            let follows = format!("{} {}", rounded(&judged.follows), judged.unit);
            told_of_two(&follows, &formula(judged), now, base)
        }
        [now] => told(now, &judged.unit),
        _ => String::new(),
    }
}

/// How what follows is reckoned, from the values as the table has them.
fn formula(judged: &Judged<'_>) -> String {
    match judged.readings[..] {
        [now, base] if judged.unit == "%" => {
            format!("{} / {} - 1", reading::value(now, ""), reading::value(base, ""))
        }
        [now, base] => format!("{} - {}", reading::value(now, ""), reading::value(base, "")),
        [now] if now.cells.len() > 1 => {
            let cells: Vec<&str> =
                now.cells.iter().filter_map(|cell| Some(cell.row.as_ref()?.cell.as_str())).collect();
            cells.join(" + ")
        }
        [now] => reading::value(now, ""),
        _ => String::new(),
    }
}

/// What follows, to four digits: `31.96 … 32.06`.
fn rounded(follows: &Bounds) -> String {
    let end = |end: Option<Decimal>| {
        end.and_then(|end| end.round_sf(4)).map_or_else(String::new, |end| end.normalize().to_string())
    };
    let (low, high) = (end(follows.low()), end(follows.high()));
    if low == high { low } else { format!("{low} … {high}") }
}

fn calculation(judged: &Judged<'_>, operands: Vec<u32>) -> Calculation {
    let end = |end: Option<Decimal>| end.map(short).unwrap_or_default();
    Calculation {
        expression: formula(judged),
        low: end(judged.follows.low()),
        high: end(judged.follows.high()),
        printed_low: end(judged.printed.low()),
        printed_high: end(judged.printed.high()),
        unit: judged.unit.clone(),
        operands,
    }
}

fn severity(kind: FindingKind, judged: &Judged<'_>, voices: u32) -> u32 {
    match kind {
        FindingKind::Fails => by_gap(judged),
        FindingKind::Revision => RESTATED,
        FindingKind::Outturn => OUTTURN,
        _ => HOLDS + voices.clamp(1, 5) - 1,
    }
}

/// By how many times a level is off, as an audit has it; a change that goes the other way is worse than one that is too large.
fn by_gap(judged: &Judged<'_>) -> u32 {
    if matches!(judged.asked, Asked::Change(_)) {
        return if opposite(judged) { 80 } else { 65 };
    }
    match ratio(judged) {
        Some(gap) if gap < Decimal::new(101, 2) => 55,
        Some(gap) if gap < Decimal::new(110, 2) => 65,
        Some(gap) if gap < Decimal::TWO => 75,
        Some(gap) if gap < Decimal::from(5) => 80,
        Some(_) => 90,
        None => 75,
    }
}
