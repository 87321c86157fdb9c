//! Sectors of the stock market, which are named after a good.

use super::layout::Block;
use super::scene::Scene;
use super::slots::{Origin, OriginKind, Slot, Term};
use super::subject::Around;
use crate::find::Affixes;

/// «the rare earth permanent magnet sector»: the shares of those who trade in a good, not the good.
pub(super) fn sector<'t>(around: Around<'t, '_, '_, '_>, from: usize) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let is_good = |item: &usize| scene.kind(*item) == "commodity";
    // 锂矿板块走强，某公司涨3.9%，板块主力资金净流入12.6亿元.
    if begins_with_sector(around, from) {
        let told = (reach.all.start..from).rev().find(|item| is_sector(scene, block, *item));
        if let Some(item) = told {
            return sector_of(scene, block, item);
        }
        let above = around.memory.sector?;
        let mut slot = sector_of(scene, &scene.blocks[scene.block_of(above)], above)?;
        slot.origin.kind = OriginKind::Inherited;
        return Some(slot);
    }
    if let Some(item) = (reach.left.start..from).rev().find(is_good) {
        return sector_of(scene, block, item);
    }
    // 板块总市值: the sector told of last.
    if let Some(item) = around.memory.sector.filter(|_| says_sector(around, from)) {
        let mut slot = sector_of(scene, &scene.blocks[scene.block_of(item)], item)?;
        slot.origin.kind = OriginKind::Inherited;
        return Some(slot);
    }
    let named = (reach.left.start..from).any(|item| matches!(scene.kind(item), "company" | "index"));
    let item = (reach.all.start..reach.left.start)
        .rev()
        .find(|item| matches!(scene.kind(*item), "commodity" | "company" | "index"))?;
    if named { None } else { sector_of(scene, block, item) }
}

/// True if the clause of a figure begins with the word for a sector and no name.
fn begins_with_sector(around: Around<'_, '_, '_, '_>, from: usize) -> bool {
    const WORDS: &[&str] =
        &["板块", "整个板块", "全板块", "the sector ", "the sector's ", "the whole sector "];
    let Around { scene, block, .. } = around;
    let end = scene.items.get(from).map_or(block.span.end, |item| item.start);
    let words = scene.text.get(block.span.start..end.max(block.span.start)).unwrap_or_default();
    let clause = words.rsplit([',', '，', ';', '；', '、']).next().unwrap_or_default().trim_start();
    let clause = ["and ", "while ", "with ", "而", "同时"]
        .iter()
        .find_map(|word| clause.strip_prefix(word))
        .unwrap_or(clause);
    WORDS.iter().any(|word| clause.starts_with(word))
}

/// True if the words before a figure say «the sector» and no name.
fn says_sector(around: Around<'_, '_, '_, '_>, from: usize) -> bool {
    const WORDS: &[&str] =
        &["板块", "概念股", "the sector", "The sector", "the shares", "these stocks", "the group's stocks"];
    let Around { scene, block, reach, .. } = around;
    let end = scene.items.get(from).map_or(block.span.end, |item| item.start);
    let words = scene.text.get(block.span.start..end.max(block.span.start)).unwrap_or_default();
    let named =
        (reach.all.start..from).any(|item| matches!(scene.kind(item), "commodity" | "company" | "index"));
    !named && WORDS.iter().any(|word| words.contains(word))
}

/// True if a sector is named after the good at `item`.
pub(super) fn is_sector(scene: &Scene<'_, '_>, block: &Block, item: usize) -> bool {
    scene.kind(item) == "commodity" && sector_of(scene, block, item).is_some()
}

/// The sector that is named after the good at `item`, if it is one.
fn sector_of<'t>(scene: &Scene<'t, '_>, block: &Block, item: usize) -> Option<Slot<Term<'t>>> {
    let end = scene.items[item].end;
    let rest = scene.text.get(end..block.span.end)?.trim_start();
    let word = SECTOR_WORDS.first_in_any_case(rest)?;
    let stop = block.span.end - rest.len() + word.len();
    let start = scene.items[item].start;
    let id = scene.id(item)?.strip_prefix("commodity/")?;
    let origin = Origin {
        kind: OriginKind::Stated,
        start_byte: start,
        end_byte: stop,
        rule: "sector named after a good",
    };
    Some(Slot { is: Term { id: Some(format!("sector/{id}")), words: &scene.text[start..stop] }, origin })
}

/// What makes shares of a good.
const SECTOR_WORDS: Affixes = Affixes::heads(&[
    "板块", "股今年", "股昨", "股今", "股集体", "股普", "股走", "股涨", "股跌", "股上", "股下", "概念股",
    "概念", "行业指数", "个股", "sector", "stocks", "shares", "concept stocks", "concept", "equities",
    "names",
]);
