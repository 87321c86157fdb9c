//! Who and what a figure is of: subject, actors, place, partners, venue, attribution.

use super::cues::Cue;
use super::figure::{Reach, inherited};
use super::layout::{Block, BlockKind};
use super::measure::{Bearer, bearer};
use super::scene::{Memory, Scene};
use super::slots::{Claim, Origin, OriginKind, Slot, Term};

/// Longest stretch between a speaker and what says that it speaks, in bytes.
const BESIDE: usize = 8;

/// What the figure is of. `place` is the item that names the measure.
pub(super) fn subject<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    place: Option<usize>,
    measure: &str,
    before: Option<&Claim<'t>>,
    memory: &Memory,
) -> Option<Slot<Term<'t>>> {
    let kinds: &[&str] = match bearer(measure) {
        Bearer::Good => &["commodity"],
        Bearer::Company => &["company"],
        Bearer::Index => &["index"],
        Bearer::Any => &["commodity", "company", "index"],
    };
    let is = |item: &usize| kinds.contains(&scene.kind(*item));
    let from = place.filter(|place| reach.left.contains(place)).unwrap_or(reach.anchor);
    if let Some(slot) = sector(scene, block, reach, from) {
        return Some(slot);
    }
    let nearest = (reach.left.start..from).rev().find(is).or_else(|| (from..reach.anchor).rev().find(is));
    if let Some(item) = nearest {
        return Some(scene.term(item, block, "nearest name before the figure"));
    }
    let behind = reach.tail.clone().take_while(|item| scene.items[*item].mark().is_none()).find(is);
    if let Some(item) = behind.filter(|_| kinds.contains(&"commodity")) {
        return Some(scene.term(item, block, "name behind the figure"));
    }
    if let Some(subject) = before.and_then(|claim| claim.subject.as_ref()) {
        let kind = subject.is.id.as_deref().and_then(|id| id.split('/').next()).unwrap_or_default();
        if kinds.contains(&kind) || kind == "sector" && kinds.contains(&"commodity") {
            return Some(inherited(subject, "the figure before"));
        }
    }
    if let Some(item) = (reach.all.start..reach.left.start).rev().find(is) {
        return Some(scene.term(item, block, "name earlier in the sentence"));
    }
    let remembered = if kinds[0] == "company" { memory.company } else { memory.good };
    let item = remembered.filter(is)?;
    let there = &scene.blocks[scene.block_of(item)];
    let same_line = there.line == block.line;
    (same_line || there.is_above()).then(|| scene.term(item, block, "name told before"))
}

/// «the rare earth permanent magnet sector»: the shares of those who trade in a good, not the good.
fn sector<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    from: usize,
) -> Option<Slot<Term<'t>>> {
    let item = (reach.left.start..from).rev().find(|item| scene.kind(*item) == "commodity")?;
    sector_of(scene, block, item)
}

/// The sector that is named after the good at `item`, if it is one.
fn sector_of<'t>(scene: &Scene<'t, '_>, block: &Block, item: usize) -> Option<Slot<Term<'t>>> {
    let end = scene.items[item].end;
    let rest = scene.text.get(end..block.span.end)?.trim_start();
    let word = SECTOR_WORDS.iter().find(|word| rest.to_lowercase().starts_with(**word))?;
    let stop = block.span.end - rest.len() + word.len();
    let start = scene.items[item].start;
    let id = scene.id(item)?.replacen("commodity/", "sector/", 1);
    let origin = Origin {
        kind: OriginKind::Stated,
        start_byte: start,
        end_byte: stop,
        rule: "sector named after a good",
    };
    Some(Slot { is: Term { id: Some(id), words: &scene.text[start..stop] }, origin })
}

/// What makes shares of a good.
const SECTOR_WORDS: &[&str] =
    &["板块", "概念股", "概念", "行业指数", "sector", "stocks", "shares", "concept stocks", "concept"];

/// Actors, place, partners and venue.
pub(super) fn parties<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    measure: &str,
    claim: &mut Claim<'t>,
) {
    let name = measure.strip_prefix("measure/").unwrap_or(measure);
    let of_company = bearer(measure) == Bearer::Company;
    let near: Vec<usize> = reach.left.clone().chain(short_tail(scene, reach)).collect();
    for item in near {
        match scene.kind(item) {
            "exchange" | "institution" | "agency"
                if is_price(name) && claim.venue.is_none() && !speaks(scene, item, reach) =>
            {
                claim.venue = Some(scene.term(item, block, "exchange or reporter beside the figure"));
            }
            "company" if !of_company && !speaks(scene, item, reach) && claim.actors.is_empty() => {
                claim.actors.push(scene.term(item, block, "company beside the figure"));
            }
            "country" | "region" if !of_company && name != "index-level" => {
                country(scene, block, item, name, claim)
            }
            _ => {}
        }
    }
}

fn country<'t>(scene: &Scene<'t, '_>, block: &Block, item: usize, measure: &str, claim: &mut Claim<'t>) {
    let before = scene.text[..scene.items[item].start].trim_end();
    let partner = match measure {
        "imports" => ends_with(before, &["from", "来自", "自", "从"]),
        "exports" | "shipments" => ends_with(before, &["to", "对", "向", "至", "往", "出口"]),
        _ => false,
    };
    if partner {
        claim.partners.push(scene.term(item, block, "origin or destination"));
    } else if claim.place.is_none() {
        claim.place = Some(scene.term(item, block, "country beside the figure"));
    }
}

fn ends_with(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.ends_with(word))
}

fn is_price(measure: &str) -> bool {
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

/// The items behind a figure that still belong to its clause.
fn short_tail<'a>(scene: &'a Scene<'_, '_>, reach: &'a Reach<'_>) -> impl Iterator<Item = usize> + 'a {
    reach.tail.clone().take_while(|item| !matches!(scene.items[*item].mark(), Some(',' | ';' | '(')))
}

/// True if the name at `item` says something rather than being told of.
fn speaks(scene: &Scene<'_, '_>, item: usize, reach: &Reach<'_>) -> bool {
    said_by(scene, item, reach)
        || item > reach.all.start && scene.items[item - 1].cue() == Some(Cue::According)
}

fn said_by(scene: &Scene<'_, '_>, item: usize, reach: &Reach<'_>) -> bool {
    let next = item + 1;
    next < reach.all.end
        && scene.items[next].cue() == Some(Cue::Say)
        && scene.text[scene.items[item].end..scene.items[next].start].len() <= BESIDE
}

/// Who says it.
pub(super) fn attribution<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
) -> Option<Slot<Term<'t>>> {
    let speakers = ["company", "agency", "institution", "exchange", "country"];
    let is = |item: usize| speakers.contains(&scene.kind(item));
    if block.kind == BlockKind::Row {
        return None;
    }
    for item in reach.all.clone().filter(|item| is(*item)) {
        if item > reach.all.start && scene.items[item - 1].cue() == Some(Cue::According) {
            let gap = &scene.text[scene.items[item - 1].end..scene.items[item].start];
            if gap.len() <= BESIDE {
                return Some(scene.term(item, block, "named as the source"));
            }
        }
        if said_by(scene, item, reach) && item < reach.anchor {
            return Some(scene.term(item, block, "says it"));
        }
    }
    None
}
