//! Claims of one sentence from its drafts: every slot that the words around a figure fill.

use std::ops::Range;

use super::cues::Cue;
use super::draft::{Draft, Sentence};
use super::layout::Block;
use super::scene::{Memory, Scene};
use super::slots::{Choice, Claim, Modality, Origin, OriginKind, Slot, Term};
use super::{base, measured, party, period, share, units};
use crate::mention::Kind;

/// A draft with the items around it that are its own.
pub(super) struct Reach<'d> {
    pub(super) draft: &'d Draft,
    /// The item that the claim stands at.
    pub(super) anchor: usize,
    /// From behind the draft before to the anchor.
    pub(super) left: Range<usize>,
    /// From behind the draft to the next one.
    pub(super) tail: Range<usize>,
    /// The whole sentence.
    pub(super) all: Range<usize>,
}

/// The claims of one block, in order.
pub(super) fn claims<'t>(scene: &Scene<'t, '_>, block: &Block, memory: &Memory) -> Vec<Claim<'t>> {
    let all = scene.items_of(block);
    let sentence = Sentence { text: scene.text, mentions: scene.mentions, items: scene.items };
    let drafts = sentence.drafts(all.clone());
    let mut found: Vec<Claim<'t>> = Vec::new();
    let mut start = all.start;
    for (index, draft) in drafts.iter().enumerate() {
        let (Some(anchor), Some(extent)) = (draft.anchor(), draft.extent()) else { continue };
        let next = drafts.get(index + 1).and_then(Draft::extent).map_or(all.end, |extent| extent.start);
        let reach = Reach {
            draft,
            anchor,
            left: start.min(extent.start)..anchor,
            tail: anchor + 1..next.max(anchor + 1),
            all: all.clone(),
        };
        if let Some(claim) = claim(scene, block, &reach, found.last(), memory) {
            found.push(claim);
        }
        start = extent.end;
    }
    units::carry(scene.text, &mut found);
    found
}

fn claim<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    before: Option<&Claim<'t>>,
    memory: &Memory,
) -> Option<Claim<'t>> {
    let span = scene.items[reach.anchor].span();
    let mut claim = Claim {
        start_byte: span.start,
        end_byte: span.end,
        quote: &scene.text[span],
        sentence: block.span.clone(),
        ..Claim::default()
    };
    if let Some(level) = reach.draft.level {
        let mut amount = scene.amount(level);
        amount.unit = amount.unit.or_else(|| units::shared(scene, level));
        claim.value = Some(Slot { is: amount, origin: scene.origin(level, block, "number") });
        claim.qualifier = scene
            .mention(level)
            .and_then(|mention| mention.qualifier)
            .map(|value| Slot { is: Choice { value }, origin: scene.origin(level, block, "qualifier") });
    }
    let (measure, place) = measured::measure_of(scene, block, reach, before, memory)?;
    claim.measure = Some(measure);
    measured::settle(&mut claim);
    let id = claim.measure.as_ref().and_then(|slot| slot.is.id.clone()).unwrap_or_default();
    claim.subject = party::subject(scene, block, reach, place, &id, before, memory);
    // What moves of a sector is the price of its shares.
    let is_sector = claim
        .subject
        .as_ref()
        .and_then(|slot| slot.is.id.as_deref())
        .is_some_and(|id| id.starts_with("sector/"));
    let id = if is_sector && id == "measure/price" { "measure/share-price".to_owned() } else { id };
    if let Some(slot) = claim.measure.as_mut() {
        slot.is.id = Some(id.clone());
    }
    claim.changes = base::changes(scene, block, reach);
    party::parties(scene, block, reach, &id, &mut claim);
    if matches!(id.as_str(), "measure/share" | "measure/market-share") {
        share::fill(scene, block, reach, &mut claim);
    }
    period::fill(scene, block, reach, before, memory, &mut claim);
    base::settle(&mut claim);
    words(scene, block, reach, before, &mut claim);
    Some(claim)
}

/// A slot of an earlier claim, as one that this claim takes from there.
pub(super) fn inherited<T: Clone>(slot: &Slot<T>, rule: &'static str) -> Slot<T> {
    let kind =
        if slot.origin.kind == OriginKind::Resolved { OriginKind::Resolved } else { OriginKind::Inherited };
    Slot { is: slot.is.clone(), origin: Origin { kind, rule, ..slot.origin } }
}

/// Statistic, basis, modality and attribution.
fn words<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    before: Option<&Claim<'t>>,
    claim: &mut Claim<'t>,
) {
    let term = |item: usize, id: &'static str, rule: &'static str| Slot {
        is: Term { id: Some(id.to_owned()), words: scene.words(item) },
        origin: scene.origin(item, block, rule),
    };
    for item in reach.left.clone().rev() {
        match scene.items[item].cue() {
            Some(Cue::Statistic(id)) if claim.statistic.is_none() => {
                claim.statistic = Some(term(item, id, "statistic named"));
            }
            Some(Cue::Basis(id)) => claim.basis.push(term(item, id, "basis named")),
            Some(Cue::Modality(value)) if claim.modality.is_none() => {
                claim.modality = Some(modality(scene, block, item, value));
            }
            _ => {}
        }
    }
    // «19,109 yuan/ton (REO=50%, tax excluded)».
    for item in reach.tail.clone().take_while(|item| scene.items[*item].mark() != Some(';')) {
        if let Some(Cue::Basis(id)) = scene.items[item].cue() {
            claim.basis.push(term(item, id, "basis named"));
        }
    }
    claim.basis.sort_by_key(|slot| slot.origin.start_byte);
    claim.basis.dedup_by(|right, left| right.is.id == left.is.id);
    if claim.modality.is_none()
        && let Some(modality) = before.and_then(|claim| claim.modality.as_ref())
        && !reach.left.clone().any(|item| matches!(scene.items[item].mark(), Some(',' | ';')))
    {
        claim.modality = Some(inherited(modality, "the figure before"));
    }
    claim.attribution = party::attribution(scene, block, reach);
}

fn modality(scene: &Scene<'_, '_>, block: &Block, item: usize, value: Modality) -> Slot<Choice<Modality>> {
    Slot { is: Choice { value }, origin: scene.origin(item, block, "modal word") }
}

/// True if the item is a figure.
pub(super) fn is_figure(scene: &Scene<'_, '_>, item: usize) -> bool {
    scene
        .mention(item)
        .is_some_and(|mention| matches!(mention.kind, Kind::Number | Kind::Percent | Kind::Quantity))
}
