//! Which side of a contradiction a loaded table bears out.

use std::collections::BTreeMap;

use api::record::{FindingKind, FindingSide, Likelier, LikelierKind, ReasonCode, SeriesPoint, TableReading};

use super::check::judge;
use super::tell::{latest, said};
use crate::figure::Figure;
use crate::finding::{Found, value};
use crate::statement::Item;

/// Adds to each contradiction about values the one side that a table has, if it has no other. It says what the table says, and never
/// that it is true.
pub fn suggest(found: &mut [Found], items: &[Item], points: &[SeriesPoint]) {
    if points.is_empty() {
        return;
    }
    let points = latest(points);
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
        let told: Option<(u32, Vec<TableReading>)> = points.iter().find_map(|point| {
            let borne: Vec<Option<bool>> =
                finding.sides.iter().map(|side| borne_out(side, reason, &by_claim, point)).collect();
            let mut holding = (0_u32..).zip(&borne).filter(|(_, borne)| **borne == Some(true));
            let (Some((side, _)), None) = (holding.next(), holding.next()) else { return None };
            let others_fail = borne.iter().all(Option::is_some);
            let reading = point.reading.clone().filter(|_| others_fail)?;
            let bases = point.bases.iter().filter(|_| reason == ReasonCode::Direction);
            let bases = bases.filter_map(|base| base.reading.clone());
            Some((side, std::iter::once(reading).chain(bases).collect()))
        });
        let Some((side, readings)) = told else { continue };
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
