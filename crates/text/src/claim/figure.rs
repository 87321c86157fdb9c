//! Claims of one sentence from its drafts: every slot that the words around a figure fill.

use std::ops::Range;

use rust_decimal::Decimal;

use super::cues::Cue;
use super::draft::{Draft, Sentence};
use super::layout::Block;
use super::measure;
use super::scene::{Memory, Scene, resolved};
use super::slots::{Choice, Claim, Direction, Modality, Origin, OriginKind, Slot, Term};
use super::subject::{self, Around};
use super::{base, party, period, share, speaker};
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
    claims_after(scene, block, memory, None)
}

/// The claims of a block that goes on from a claim: a remark in a table's row goes on from the row's own figure.
pub(super) fn claims_after<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    memory: &Memory,
    before: Option<&Claim<'t>>,
) -> Vec<Claim<'t>> {
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
        if let Some(claim) = claim(scene, block, &reach, found.last().or(before), memory) {
            found.push(claim);
        }
        start = extent.end;
    }
    derive(&mut found);
    found
}

/// Links a ratio to the two figures of its sentence that give it when divided, as printed.
fn derive(claims: &mut [Claim<'_>]) {
    let decimal = |claim: &Claim<'_>| claim.value.as_ref()?.is.value.as_deref()?.parse::<Decimal>().ok();
    for index in 2..claims.len() {
        let is_ratio =
            claims[index].measure.as_ref().and_then(|slot| slot.is.id.as_deref()) == Some("measure/ratio");
        let Some(ratio) = decimal(&claims[index]).filter(|_| is_ratio) else { continue };
        let (one, other) = (&claims[index - 2], &claims[index - 1]);
        let (Some(above), Some(below)) = (decimal(one), decimal(other)) else { continue };
        let Some(quotient) = above.checked_div(below) else { continue };
        if quotient.round_dp(ratio.scale()) == ratio {
            claims[index].derived_from = vec![claims[index - 2].start_byte, claims[index - 1].start_byte];
        }
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
        quote: &scene.text[span],
        sentence: block.span.clone(),
        ..Claim::default()
    };
    if let Some(level) = reach.draft.level {
        claim.value = Some(Slot { is: scene.amount(level), origin: scene.origin(level, block, "number") });
        claim.qualifier = scene
            .mention(level)
            .and_then(|mention| mention.qualifier)
            .map(|value| Slot { is: Choice { value }, origin: scene.origin(level, block, "qualifier") });
    }
    let (measure, place) = measure_of(scene, block, reach, before, memory)?;
    let id = measure.is.id.clone().unwrap_or_default();
    claim.measure = Some(measure);
    let around = Around { scene, block, reach, before, memory };
    claim.subject = subject::subject(around, place, &id);
    if let Some(slot) = &claim.subject {
        claim.joint = subject::joint(around, slot);
    }
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
    claim.changes = base::changes(scene, block, reach, &id);
    party::parties(around, &id, &mut claim);
    claim.attribution = speaker::attribution(around);
    if matches!(id.as_str(), "measure/share" | "measure/market-share") {
        share::fill(scene, block, reach, &mut claim);
    }
    words(scene, block, reach, before, &mut claim);
    period::fill(scene, block, reach, before, memory, &mut claim);
    base::settle(&mut claim);
    Some(claim)
}

/// What is measured, with the item that says it. A figure of which nobody says what it measures is no claim.
fn measure_of<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    before: Option<&Claim<'t>>,
    memory: &Memory,
) -> Option<(Slot<Term<'t>>, Option<usize>)> {
    let level = reach.draft.level.and_then(|level| scene.mention(level));
    let unit = level.map(|mention| mention.unit.as_deref().unwrap_or_default());
    let fits = |id: &str| unit.is_none_or(|unit| measure::fits(id, unit));
    if share::is_share(scene, block, reach) {
        return Some((resolved("measure/share", "percent of a whole"), None));
    }
    if let Some(id) = breadth(scene, reach) {
        return Some((resolved(id, "stocks that rose or fell"), None));
    }
    for item in reach.left.clone().rev() {
        if let Some(slot) =
            said(scene, item, block).filter(|slot| fits(slot.is.id.as_deref().unwrap_or_default()))
        {
            return Some((slot, Some(item)));
        }
    }
    // «300 t of imports», «5 billion in revenue».
    for item in reach.tail.clone() {
        if scene.items[item].mark().is_some()
            || scene.items[item].start > scene.items[reach.tail.start].start + 40
        {
            break;
        }
        if let Some(slot) =
            said(scene, item, block).filter(|slot| fits(slot.is.id.as_deref().unwrap_or_default()))
        {
            return Some((slot, Some(item)));
        }
    }
    if unit.is_some_and(measure::is_rate_of_money) {
        return Some((resolved("measure/price", "money for a mass is a price"), None));
    }
    let has_index = reach.left.clone().any(|item| scene.kind(item) == "index");
    if has_index && unit.is_none_or(|unit| measure::fits("measure/index-level", unit)) {
        return Some((resolved("measure/index-level", "an index has a level"), None));
    }
    // «imports were 300 t in June and 250 t in May», «copper rose 2 %, tin 3 %».
    if let Some(measure) = before.and_then(|claim| claim.measure.as_ref())
        && measure.is.id.as_deref().is_some_and(fits)
        && same_dimension(before, scene, reach)
    {
        return Some((inherited(measure, "the figure before"), None));
    }
    let has_good = reach.left.clone().any(|item| scene.kind(item) == "commodity");
    let has_venue = reach.left.clone().any(|item| scene.kind(item) == "exchange");
    if reach.draft.level.is_none() && has_good && has_venue {
        return Some((resolved("measure/price", "what moves on an exchange is a price"), None));
    }
    let above = memory.measure.filter(|item| scene.blocks[scene.block_of(*item)].is_above())?;
    let slot = said(scene, above, block)?;
    (unit.is_some_and(|unit| !unit.is_empty()) && slot.is.id.as_deref().is_some_and(fits))
        .then_some((slot, None))
}

/// Advancers and decliners: «178 stocks rose, while 87 fell», 上涨178家.
fn breadth(scene: &Scene<'_, '_>, reach: &Reach<'_>) -> Option<&'static str> {
    let mention = scene.mention(reach.draft.level?).filter(|mention| mention.kind == Kind::Number)?;
    let direction = |item: usize| match scene.items[item].cue() {
        Some(Cue::Move(direction)) => Some(direction),
        _ => None,
    };
    let rest = scene.text.get(mention.end_byte..).unwrap_or_default().trim_start();
    let counted = ["只", "家", "支", "stocks", "shares", "names", "constituents", "个股"]
        .iter()
        .any(|word| rest.starts_with(word));
    // Behind the number stands what they did; else before it, as in 上涨178家.
    let behind =
        reach.tail.clone().take(3).take_while(|item| scene.items[*item].mark().is_none()).find_map(direction);
    let close = |item: usize| scene.items[item].start.saturating_sub(mention.end_byte) <= 24;
    let told = match behind {
        Some(direction) if reach.tail.clone().take(3).any(close) => Some(direction),
        _ if counted => reach.left.clone().rev().take(2).find_map(direction),
        _ => None,
    };
    let stocks = counted
        || scene.text.get(..mention.end_byte).is_some_and(|text| {
            let start = text.len().saturating_sub(160);
            let from = (start..).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            ["stocks", "个股", "只股", "shares"].iter().any(|word| text[from..].contains(word))
        });
    match told.filter(|_| stocks)? {
        Direction::Up => Some("measure/advancers"),
        Direction::Down => Some("measure/decliners"),
        Direction::Flat => None,
    }
}

fn said<'t>(scene: &Scene<'t, '_>, item: usize, block: &Block) -> Option<Slot<Term<'t>>> {
    if scene.kind(item) == "measure" {
        return Some(scene.term(item, block, "measure named"));
    }
    if let Some(Cue::Measure(id)) = scene.items[item].cue() {
        let origin = scene.origin(item, block, "verb of a measure");
        return Some(Slot { is: Term { id: Some(id.to_owned()), words: scene.words(item) }, origin });
    }
    None
}

/// A slot of an earlier claim, as one that this claim takes from there.
pub(super) fn inherited<T: Clone>(slot: &Slot<T>, rule: &'static str) -> Slot<T> {
    let kind =
        if slot.origin.kind == OriginKind::Resolved { OriginKind::Resolved } else { OriginKind::Inherited };
    Slot { is: slot.is.clone(), origin: Origin { kind, rule, ..slot.origin } }
}

fn same_dimension(before: Option<&Claim<'_>>, scene: &Scene<'_, '_>, reach: &Reach<'_>) -> bool {
    let Some(claim) = before else { return false };
    match (&claim.value, reach.draft.level) {
        (Some(value), Some(level)) => value.is.unit == scene.amount(level).unit,
        (None, None) => true,
        _ => false,
    }
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
