//! The row of a table as a claim, so that both have the same keys.

use api::record::{Observation, Period, Term};
use text::{Amount, Claim, Interval, Origin, OriginKind, Slot};

/// A claim with the slots of an observation. Of its value only the unit is there, which is all that keys ask for.
#[must_use]
pub fn observed(body: &Observation) -> Claim<'_> {
    Claim {
        subject: body.subject.as_ref().map(term),
        measure: body.measure.as_ref().map(term),
        statistic: body.statistic.as_ref().map(term),
        value: body.value.as_ref().map(|value| {
            stated(Amount { unit: (!value.unit.is_empty()).then(|| value.unit.clone()), ..Amount::default() })
        }),
        basis: body.basis.iter().map(term).collect(),
        part: body.part.as_ref().map(term),
        whole: body.whole.as_ref().map(term),
        actors: body.actors.iter().map(term).collect(),
        place: body.place.as_ref().map(term),
        partners: body.partners.iter().map(term).collect(),
        venue: body.venue.as_ref().map(term),
        period: body.period.as_ref().map(|period| stated(interval(period))),
        ..Claim::default()
    }
}

/// Both ends of a period, as keys ask for them.
#[must_use]
pub fn interval(period: &Period) -> Interval {
    Interval { start: Some(period.start.clone()), end: Some(period.end.clone()), precision: None }
}

/// What a table says, in the slot of a claim.
#[must_use]
pub fn stated<T>(is: T) -> Slot<T> {
    Slot { is, origin: Origin { kind: OriginKind::Stated, start_byte: 0, end_byte: 0, rule: "a table" } }
}

fn term(term: &Term) -> Slot<text::Term<'_>> {
    let id = (!term.id.is_empty()).then(|| term.id.clone());
    stated(text::Term { id, words: &term.words })
}
