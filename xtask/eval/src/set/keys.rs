//! Keys of labelled claims, and pairs of read claims that meet where they should not.

use serde::Serialize;
use text::{Amount, Base, Change, Choice, Claim, Keys, Origin, OriginKind, Slot, Term};

use super::gold::{GoldBase, GoldChange, GoldClaim};
use super::names::Named;
use super::score::KeyCounts;
use crate::decimal::Decimal;

/// The keys that a claim has if it is read as labelled.
pub(super) fn of(gold: &GoldClaim) -> Keys {
    Keys::of(&claim(gold))
}

/// The claim that a label describes, without places.
pub(super) fn claim(gold: &GoldClaim) -> Claim<'_> {
    Claim {
        event: gold.event,
        subject: one(&gold.subject),
        joint: all(&gold.joint),
        actors: all(&gold.actors),
        targets: all(&gold.targets),
        measure: one(&gold.measure),
        statistic: one(&gold.statistic),
        value: gold.value.clone().map(slot),
        basis: all(&gold.basis),
        part: one(&gold.part),
        whole: one(&gold.whole),
        place: one(&gold.place),
        partners: all(&gold.partners),
        venue: one(&gold.venue),
        period: gold.period.clone().map(slot),
        changes: gold.changes.iter().map(change).collect(),
        qualifier: gold.qualifier.map(|value| slot(Choice { value })),
        modality: gold.modality.map(|value| slot(Choice { value })),
        attribution: one(&gold.attribution),
        announced: gold.announced.clone().map(slot),
        effective: gold.effective.clone().map(slot),
        status: gold.status.map(|value| slot(Choice { value })),
        ..Claim::default()
    }
}

fn one(named: &Option<Named>) -> Option<Slot<Term<'_>>> {
    named.as_ref().map(|named| slot(term(named)))
}

fn all(named: &[Named]) -> Vec<Slot<Term<'_>>> {
    named.iter().map(|named| slot(term(named))).collect()
}

fn origin() -> Origin {
    Origin { kind: OriginKind::Stated, start_byte: 0, end_byte: 0, rule: "label" }
}

fn slot<T>(is: T) -> Slot<T> {
    Slot { is, origin: origin() }
}

fn term(named: &Named) -> Term<'_> {
    let words = match named {
        Named::Words(words) | Named::Unknown(words) => words,
        Named::Known(_) | Named::Sector(_) => "",
    };
    Term { id: named.id(), words }
}

fn change(gold: &GoldChange) -> Change<'_> {
    let value = gold.base_value.clone().map(slot);
    let only_value = value.is_some().then(Base::default);
    let base = gold.base.as_ref().map(|base| match base {
        GoldBase::Relation(relation) => Base { relation: Some(*relation), ..Base::default() },
        GoldBase::Period(period) => Base { period: Some(period.clone()), ..Base::default() },
        GoldBase::Sum(period) => Base { period: Some(period.clone()), sum: true, ..Base::default() },
        GoldBase::Words(words) => Base { words, ..Base::default() },
    });
    let base = base.or(only_value).map(|base| Base { value, ..base });
    Change {
        direction: gold.direction,
        by: gold.by.clone().map(slot),
        base: base.map(slot),
        qualifier: gold.qualifier,
        origin: origin(),
    }
}

/// Counts the keys of one labelled claim; `read` are those of the claim that was matched to it.
pub(super) fn count(gold: &Keys, read: Option<&Keys>, counts: &mut KeyCounts) {
    let none = Keys::default();
    let read = read.unwrap_or(&none);
    for (gold, read, counts) in [
        (&gold.series, &read.series, &mut counts.series),
        (&gold.fact, &read.fact, &mut counts.fact),
        (&gold.digits, &read.digits, &mut counts.digits),
    ] {
        counts.gold += usize::from(gold.is_some());
        counts.read += usize::from(read.is_some());
        counts.right += usize::from(gold.is_some() && gold == read);
    }
    if !gold.is_empty() {
        counts.claims += 1;
        counts.claims_right += usize::from(gold == read);
    }
}

/// A read claim that carries a `fact=` key and is matched to a labelled one.
#[derive(Clone, Debug)]
pub(super) struct Carrier {
    pub(super) fact: String,
    pub(super) gold_fact: Option<String>,
    pub(super) gold_value: Option<Amount>,
    pub(super) text: String,
    pub(super) quote: String,
}

/// Two read claims that meet in `fact=` and should not.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Meeting {
    /// The key in which they meet.
    pub(crate) fact: String,
    /// True if the labels say two different things; false if they say the same thing with two values.
    pub(crate) different: bool,
    /// Text and quote of the first.
    pub(crate) first: (String, String),
    /// Text and quote of the second.
    pub(crate) second: (String, String),
}

/// All such pairs, in the order of the texts.
pub(super) fn meetings(carriers: &[Carrier]) -> Vec<Meeting> {
    let mut found = Vec::new();
    for (index, first) in carriers.iter().enumerate() {
        for second in carriers[index + 1..].iter().filter(|second| second.fact == first.fact) {
            // A label without the key does not say that the two are one.
            let different = first.gold_fact.is_none() || first.gold_fact != second.gold_fact;
            if different || !values_agree(first.gold_value.as_ref(), second.gold_value.as_ref()) {
                found.push(Meeting {
                    fact: first.fact.clone(),
                    different,
                    first: (first.text.clone(), first.quote.clone()),
                    second: (second.text.clone(), second.quote.clone()),
                });
            }
        }
    }
    found
}

/// Equal after rounding to the coarser of two; ranges and other units must be equal as they are.
fn values_agree(first: Option<&Amount>, second: Option<&Amount>) -> bool {
    let (Some(first), Some(second)) = (first, second) else { return first == second };
    let number = |amount: &Amount| amount.value.as_deref().and_then(Decimal::parse);
    match (number(first), number(second)) {
        (Some(left), Some(right)) if first.unit == second.unit => left.agrees(&right),
        _ => first == second,
    }
}
