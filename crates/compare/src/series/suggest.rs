//! Which side of a contradiction a loaded table bears out.

use std::collections::BTreeMap;

use api::record::{
    Finding, FindingKind, FindingSide, Likelier, LikelierKind, ReasonCode, SeriesPoint, TableReading,
};

use super::check::judge;
use super::tell::{Latest, latest, said};
use crate::figure::Figure;
use crate::finding::{Found, value};
use crate::statement::Item;

/// Adds to each contradiction about values the one side that the tables have, if none of them has another. It says what a table says, and
/// never that it is true. Where not all points could be asked it says nothing.
pub fn suggest(found: &mut [Found], items: &[Item], points: &[SeriesPoint]) {
    let Latest { points, cut } = latest(points);
    if points.is_empty() || cut {
        return;
    }
    let by_claim: BTreeMap<&str, &Item> =
        items.iter().map(|item| (item.statement.claim.as_str(), item)).collect();
    for found in found {
        let finding = &mut found.finding;
        let reason = finding.reason();
        let of_value = matches!(
            reason,
            ReasonCode::Value | ReasonCode::Scale | ReasonCode::DigitsTransposed | ReasonCode::Direction
        );
        if finding.kind() != FindingKind::Contradiction || !of_value {
            continue;
        }
        let mut told = points.iter().filter_map(|point| Some((only_side(finding, &by_claim, point)?, point)));
        let Some((side, point)) = told.next() else { continue };
        if told.any(|(other, _)| other != side) {
            continue;
        }
        let bases = point.bases.iter().filter(|_| reason == ReasonCode::Direction);
        let readings: Vec<TableReading> =
            point.reading.iter().chain(bases.filter_map(|base| base.reading.as_ref())).cloned().collect();
        let first = finding.readings.len();
        finding.readings.extend(readings);
        let readings =
            (first..finding.readings.len()).filter_map(|index| u32::try_from(index).ok()).collect();
        finding.likelier.push(Likelier {
            side,
            kind: LikelierKind::Table.into(),
            citations: Vec::new(),
            readings,
        });
    }
}

/// The side that a point bears out, if it can decide: it has that one, and no other.
fn only_side(finding: &Finding, items: &BTreeMap<&str, &Item>, point: &SeriesPoint) -> Option<u32> {
    let sides = finding.sides.iter();
    let borne: Option<Vec<bool>> =
        sides.map(|side| borne_out(side, finding.reason(), items, point)).collect();
    let mut holding = (0_u32..).zip(borne?).filter(|(_, borne)| *borne).map(|(side, _)| side);
    holding.next().filter(|_| holding.next().is_none())
}

/// Whether a point has what a side says: all of its figures that can be asked, or none of them. `None` if none can, or some hold.
fn borne_out(
    side: &FindingSide,
    reason: ReasonCode,
    items: &BTreeMap<&str, &Item>,
    point: &SeriesPoint,
) -> Option<bool> {
    let figures =
        side.claims.iter().filter_map(|claim| items.get(claim.as_str())).flat_map(|item| Figure::all(item));
    let told = figures.filter(|figure| match reason {
        ReasonCode::Direction => figure.change.is_some() && said(figure).starts_with(&side.said),
        _ => value(figure.extent) == side.said,
    });
    let mut verdicts: Vec<bool> = told.filter_map(|figure| Some(judge(&figure, point)?.holds)).collect();
    verdicts.dedup();
    match verdicts[..] {
        [all] => Some(all),
        _ => None,
    }
}
