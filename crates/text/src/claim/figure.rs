//! Claims of one sentence from its drafts: every slot that the words around a figure fill.

use std::ops::Range;

use super::draft::{Draft, Sentence};
use super::layout::Block;
use super::scene::{Memory, Scene};
use super::slots::{Choice, Claim, Origin, OriginKind, Slot};
use super::subject::{self, Around};
use super::{
    base, basis, counted, list, measured, modality, party, per_share, period, relation, share, speaker,
    together, units, words,
};
use crate::brief::Brief;

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
    let sentence = Sentence { text: scene.text, mentions: scene.mentions, items: scene.items };
    claims_after(scene, block, memory, None, &sentence.drafts(scene.items_of(block)))
}

/// The claims of a block with these drafts that goes on from a claim: a remark in a table's row goes on from the row's own figure.
pub(super) fn claims_after<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    memory: &Memory,
    before: Option<&Claim<'t>>,
    drafts: &[Draft],
) -> Vec<Claim<'t>> {
    let all = scene.items_of(block);
    let mut found: Vec<Claim<'t>> = Vec::with_capacity(drafts.len());
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
        if let Some(claim) = claim(scene, block, &reach, found.last().or(before), memory) {
            found.push(claim);
            // The words before a figure that tells nothing are left to the next one. A change that was dealt to a level stands behind
            // the levels that follow it.
            start = if next < extent.end { anchor + 1 } else { extent.end };
        }
    }
    without_ends(scene, &mut found);
    list::assign(scene, block, &all, &mut found);
    together::spread(scene, &mut found);
    basis::spread(scene, block, &mut found);
    units::carry(scene.text, &mut found);
    found
}

/// 1600-1630元/公斤 均价1615元/公斤: a range right before its own mean is what was paid at least and at most, and no claim beside it.
fn without_ends(scene: &Scene<'_, '_>, found: &mut Vec<Claim<'_>>) {
    const NEAR: usize = 16;
    const MEANS: &[&str] = &["均价", "平均", "均值", "avg", "average", "mean"];
    let ends = |pair: &[Claim<'_>]| {
        let [range, mean] = pair else { return false };
        let gap = scene.text.get(range.end_byte..mean.start_byte).unwrap_or_default();
        let is_range =
            range.value.as_ref().is_some_and(|value| value.is.low.is_some() && value.is.high.is_some());
        let is_one = mean.value.as_ref().is_some_and(|value| value.is.value.is_some());
        is_range
            && is_one
            && range.changes.is_empty()
            && range.unit() == mean.unit()
            && range.subject_id() == mean.subject_id()
            && gap.len() <= NEAR
            && MEANS.iter().any(|word| gap.trim_matches([' ', ',', '，', '、', '(', '（']).starts_with(word))
    };
    let dropped: Vec<usize> =
        found.windows(2).enumerate().filter(|(_, pair)| ends(pair)).map(|(at, _)| at).collect();
    for at in dropped.into_iter().rev() {
        found.remove(at);
    }
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
        quote: &scene.text[span.clone()],
        sentence: block.span.clone(),
        ..Claim::default()
    };
    if let Some(level) = reach.draft.level {
        let mut amount = scene.amount(level);
        amount.unit = amount.unit.or_else(|| units::shared(scene, level));
        if let Some(rate) = units::rate_of_start(scene, reach.draft, level) {
            amount.unit = Some(rate);
        }
        if scene.text[..span.start].trim_end().ends_with(" minus") || scene.text[..span.start].ends_with('负')
        {
            amount = measured::negated(&amount);
        }
        claim.value = Some(Slot { is: amount, origin: scene.origin(level, block, "number") });
        claim.qualifier = scene
            .mention(level)
            .and_then(|mention| mention.qualifier)
            .map(|value| Slot { is: Choice { value }, origin: scene.origin(level, block, "qualifier") });
    }
    let (measure, place) = match measured::measure_of(scene, block, reach, before, memory) {
        Some((measure, place)) => (Some(measure), place),
        // Money and mass of which no measure is named are figures of something all the same.
        None if measured::is_amount(scene, reach) => (None, None),
        None => return None,
    };
    claim.measure = measure;
    if claim.measure_id() == Some("measure/price")
        && let Some((value, unit)) = claim.value.as_mut().zip(scene.home.unit.as_ref())
    {
        unit.give(&mut value.is);
    }
    measured::settle(&mut claim);
    per_share::per_share(scene.text, &mut claim);
    let held = Brief::of(claim.measure_id().unwrap_or_default());
    let mut id: &str = &held;
    let around = Around { scene, block, reach, before, memory };
    claim.subject = subject::subject(around, place, id);
    if let Some(slot) = claim.subject.as_mut() {
        super::grade::tell(scene, block.span.start, span.start, slot);
    }
    if let Some(level) = reach.draft.level.filter(|_| id == "measure/count") {
        claim.subject = counted::things(scene, block, level, place).or(claim.subject);
    }
    if let Some(slot) = &claim.subject {
        claim.joint = subject::joint(around, slot);
    }
    // What moves of a sector is the price of its shares.
    let is_sector = claim
        .subject
        .as_ref()
        .and_then(|slot| slot.is.id.as_deref())
        .is_some_and(|id| id.starts_with("sector/"));
    if let Some(slot) = claim.measure.as_mut().filter(|_| is_sector && id == "measure/price") {
        id = "measure/share-price";
        slot.is.id = Some(id.to_owned());
    }
    claim.changes = base::changes(scene, block, reach, relation::is_quoted(id));
    party::parties(around, id, &mut claim);
    // SMM口径下 names the venue of a price alone.
    claim.attribution = speaker::attribution(around).filter(|slot| {
        let venue = claim.venue.as_ref().and_then(|venue| venue.is.id.as_deref());
        let by_scope = scene.text[slot.origin.end_byte..].starts_with("口径");
        slot.is.id.is_none() || venue != slot.is.id.as_deref() || !by_scope
    });
    if matches!(id, "measure/share" | "measure/market-share") {
        share::fill(scene, block, reach, before, &mut claim);
    }
    words::fill(scene, block, reach, before, &mut claim);
    period::fill(scene, block, reach, before, memory, &mut claim);
    modality::of_a_deadline(scene, &mut claim);
    relation::settle(&mut claim, before, scene.home.daily);
    list::elided(scene, block, &reach.left, &mut claim);
    Some(claim)
}

/// A slot of an earlier claim, as one that this claim takes from there.
pub(super) fn inherited<T: Clone>(slot: &Slot<T>, rule: &'static str) -> Slot<T> {
    let kind =
        if slot.origin.kind == OriginKind::Resolved { OriginKind::Resolved } else { OriginKind::Inherited };
    Slot { is: slot.is.clone(), origin: Origin { kind, rule, ..slot.origin } }
}

/// True if the item is a figure.
pub(super) fn is_figure(scene: &Scene<'_, '_>, item: usize) -> bool {
    scene.mention(item).is_some_and(|mention| mention.kind.is_figure())
}
