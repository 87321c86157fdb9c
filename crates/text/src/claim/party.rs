//! Actors, place, partners and venue of a figure.

use super::slots::Claim;
use super::subject::Around;
use super::{actor, place, venue};

/// Fills actors, place, partners and venue. `measure` is an id.
pub(super) fn parties<'t>(around: Around<'t, '_, '_, '_>, measure: &str, claim: &mut Claim<'t>) {
    let name = measure.strip_prefix("measure/").unwrap_or(measure);
    venue::fill(around, name, claim);
    actor::fill(around, name, claim);
    place::fill(around, name, claim);
}
