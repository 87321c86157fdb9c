//! Figures that might be one and cannot be compared, because one side leaves out what the other says.

use std::collections::{BTreeMap, BTreeSet};

use api::record::{Finding, FindingKind, Modality, ReasonCode, Statement, Word};
use rust_decimal::Decimal;

use crate::figure::{Figure, Outcome};
use crate::finding::{Found, MAX_CITED, Writer, keys, value};
use crate::overlap::overlap;
use crate::pair::{MAX_DAYS_APART, compare, days_apart};
use crate::reconcile::{MAX_FIGURES, Shared};
use crate::slot::{Fit, Fits, Slot};
use crate::statement::Item;

/// Severity of what says only that nothing can be said.
const QUIET: u32 = 2;

/// Most findings of a group.
const MAX_FINDINGS: usize = 8;

/// From how many times on two values are no more taken for tellings of one.
const FAR: Decimal = Decimal::TEN;

/// Slots that keep two figures apart where one side leaves them empty.
const SLOTS: [(Slot, &str); 6] = [
    (Slot::Basis, "basis"),
    (Slot::Scope, "scope"),
    (Slot::Place, "place"),
    (Slot::Partners, "partners"),
    (Slot::Venue, "venue"),
    (Slot::Period, "period"),
];

/// Slots of these that keep two figures apart where they differ as well: a price with tax and one without, spot and futures.
const DIFFERING: [Slot; 2] = [Slot::Basis, Slot::Scope];

/// Slots that texts leave out and still mean one thing.
const UNSAID: [Slot; 2] = [Slot::Actor, Slot::Statistic];

/// What could not be compared: levels of two publishers that differ and agree in all slots but one, which one of them leaves empty, or which
/// says that they are counted in two ways. One finding for each quantity and slot, at most eight of a group, in the order of what they are about. Of more than
/// [`MAX_FIGURES`] figures the first are looked at, and the finding says so; so it does where passages or further findings are left out.
#[must_use]
pub fn apart(items: &[Item], shared: Shared<'_>) -> Vec<Found> {
    let mut items: Vec<&Item> = items.iter().collect();
    items.sort_by(|one, other| one.statement.claim.cmp(&other.statement.claim));
    let levels = items.into_iter().flat_map(Figure::all).filter(|figure| {
        let statement = figure.statement();
        figure.change.is_none() && statement.modality() == Modality::Unspecified && !statement.doubled
    });
    let mut quantities: BTreeMap<Quantity<'_>, Vec<Figure<'_>>> = BTreeMap::new();
    for figure in levels {
        quantities.entry(quantity(&figure)).or_default().push(figure);
    }
    let mut found = Vec::new();
    for figures in quantities.values().filter(|figures| figures.len() > 1) {
        let cut = figures.len() > MAX_FIGURES;
        let figures = &figures[..figures.len().min(MAX_FIGURES)];
        let mut without: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (at, one) in figures.iter().enumerate() {
            for (behind, other) in figures.iter().enumerate().skip(at + 1) {
                if let Some(slot) = left_out(one, other, shared) {
                    without.entry(slot).or_default().extend([at, behind]);
                }
            }
        }
        for (slot, members) in without {
            let members: Vec<&Figure<'_>> = members.into_iter().map(|index| &figures[index]).collect();
            found.push(finding(&members, SLOTS[slot], shared, cut));
        }
    }
    if found.len() > MAX_FINDINGS {
        found.truncate(MAX_FINDINGS);
        found.iter_mut().for_each(|found: &mut Found| found.finding.cut = true);
    }
    found
}

/// What is measured, of what, and in which unit.
type Quantity<'a> = [&'a str; 3];

fn quantity<'a>(figure: &Figure<'a>) -> Quantity<'a> {
    let statement = &figure.item.statement;
    let id = |word: &'a Option<Word>| word.as_ref().map(|word| word.id.as_str()).unwrap_or_default();
    [id(&statement.measure), id(&statement.subject), &figure.extent.unit]
}

/// The one slot that one of two figures leaves out, by its place in [`SLOTS`], if nothing else keeps them apart and their values differ.
fn left_out(one: &Figure<'_>, other: &Figure<'_>, shared: Shared<'_>) -> Option<usize> {
    let (left, right) = (one.statement(), other.statement());
    let both_by_fact =
        matches!(shared, Shared::Story(_)) && one.item.fact.is_some() && one.item.fact == other.item.fact;
    if both_by_fact
        || left.document == right.document
        || !left.source.is_empty() && left.source == right.source
        || days_apart(left, right) > MAX_DAYS_APART
        || overlap(&one.bounds, &other.bounds)
        || !near(one, other)
        || !matches!(compare(one, other), Outcome::NotComparable(_))
    {
        return None;
    }
    let fits = Fits::of(one.item, other.item, None);
    let about = [Slot::Good, Slot::Actor].into_iter().any(|slot| fits.fit(slot) == Fit::Same);
    let mut open: Vec<Slot> =
        [Fit::OneSided, Fit::Unsure, Fit::Broader].into_iter().flat_map(|fit| fits.those(fit)).collect();
    open.retain(|slot| !UNSAID.contains(slot));
    let differ = fits.those(Fit::Differ);
    let known =
        about && fits.fit(Slot::Measure) == Fit::Same && differ.iter().all(|slot| DIFFERING.contains(slot));
    open.extend(differ);
    let [missing] = open[..] else { return None };
    SLOTS.iter().position(|(slot, _)| known && *slot == missing)
}

fn near(one: &Figure<'_>, other: &Figure<'_>) -> bool {
    let (Some(left), Some(right)) = (one.bounds.value, other.bounds.value) else { return false };
    let (less, more) = (left.abs().min(right.abs()), left.abs().max(right.abs()));
    left.is_sign_negative() == right.is_sign_negative() && !less.is_zero() && more < less.saturating_mul(FAR)
}

fn finding(figures: &[&Figure<'_>], (slot, name): (Slot, &str), shared: Shared<'_>, cut: bool) -> Found {
    let kind = FindingKind::NotComparable;
    let mut writer = Writer::new(kind, ReasonCode::Unspecified);
    let mut sides: BTreeMap<String, Vec<&Figure<'_>>> = BTreeMap::new();
    for figure in figures {
        sides.entry(said(figure, slot)).or_default().push(figure);
    }
    let cut = cut || sides.values().any(|side| side.len() > MAX_CITED);
    let told = sides
        .iter()
        .map(|(said, side)| writer.side_with(said, side, |figure| spans(figure.statement(), slot)))
        .collect();
    let claims: BTreeSet<&str> = figures.iter().map(|figure| figure.item.statement.claim.as_str()).collect();
    let finding = Finding {
        kind: kind.into(),
        severity: QUIET,
        sides: told,
        missing: name.to_owned(),
        claims: claims.into_iter().map(str::to_owned).collect(),
        cut,
        ..Finding::default()
    };
    Found {
        keys: keys(figures, kind, ReasonCode::Unspecified, shared),
        finding,
        citations: writer.into_citations(),
    }
}

/// A value, with what its side says in the slot.
fn said(figure: &Figure<'_>, slot: Slot) -> String {
    let statement = figure.statement();
    let mut words: Vec<&str> = if slot == Slot::Scope {
        statement.scope.iter().map(String::as_str).collect()
    } else {
        filled(statement, slot).into_iter().map(name).collect()
    };
    words.sort_unstable();
    let value = value(figure.extent);
    if words.is_empty() { value } else { format!("{value}, {}", words.join(", ")) }
}

fn spans(statement: &Statement, slot: Slot) -> Vec<u32> {
    filled(statement, slot).into_iter().map(|word| word.span).collect()
}

fn name(word: &Word) -> &str {
    if word.id.is_empty() { &word.words } else { &word.id }
}

/// The words that fill a slot.
fn filled(statement: &Statement, slot: Slot) -> Vec<&Word> {
    match slot {
        Slot::Basis => statement.basis.iter().collect(),
        Slot::Period => statement.period.iter().collect(),
        Slot::Place => statement.place.iter().collect(),
        Slot::Partners => statement.partners.iter().collect(),
        Slot::Venue => statement.venue.iter().collect(),
        _ => Vec::new(),
    }
}
