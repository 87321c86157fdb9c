//! Actors, place, partners and venue of a figure.

use super::slots::Claim;
use super::speaker;
use super::subject::Around;
use super::{actor, place};

/// Fills actors, place, partners and venue. `measure` is an id.
pub(super) fn parties<'t>(around: Around<'t, '_, '_, '_>, measure: &str, claim: &mut Claim<'t>) {
    let name = measure.strip_prefix("measure/").unwrap_or(measure);
    venue(around, name, claim);
    actor::fill(around, name, claim);
    place::fill(around, name, claim);
}

/// The exchange on which, or the reporter by whom, a price or a stock is told.
fn venue<'t>(around: Around<'t, '_, '_, '_>, measure: &str, claim: &mut Claim<'t>) {
    let super::subject::Around { scene, block, reach, before, memory } = around;
    if !is_quoted(measure) {
        return;
    }
    let is = |item: &usize| match scene.kind(*item) {
        "exchange" => !is_listing(around, *item),
        "institution" => !speaker::speaks(around, *item) && measure != "inventory",
        _ => false,
    };
    let tail =
        reach.tail.clone().take_while(|item| !matches!(scene.items[*item].mark(), Some(',' | ';' | '(')));
    let near = reach.left.clone().rev().find(is).or_else(|| tail.into_iter().find(is));
    if let Some(item) = near {
        claim.venue = Some(scene.term(item, block, "exchange or reporter beside the figure"));
        return;
    }
    if let Some(venue) = before
        .filter(|before| {
            before.measure.as_ref().map(|slot| &slot.is.id) == claim.measure.as_ref().map(|slot| &slot.is.id)
        })
        .and_then(|before| before.venue.as_ref())
        .filter(|_| {
            claim.subject.as_ref().map(|slot| &slot.is.id)
                == before.and_then(|before| before.subject.as_ref()).map(|slot| &slot.is.id)
        })
    {
        claim.venue = Some(super::figure::inherited(venue, "the figure before"));
        return;
    }
    let _ = memory;
}

/// «(NYSE: MP)» names where shares are listed.
fn is_listing(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    let rest = around.scene.text[around.scene.items[item].end..].trim_start();
    let lead = around.scene.text[..around.scene.items[item].start].trim_end();
    lead.ends_with(['(', '（']) && rest.starts_with([':', '：'])
}

fn is_quoted(measure: &str) -> bool {
    matches!(
        measure,
        "price"
            | "premium"
            | "discount"
            | "treatment-charge"
            | "spread"
            | "inventory"
            | "trading-volume"
            | "open-interest"
            | "price-index"
    )
}
