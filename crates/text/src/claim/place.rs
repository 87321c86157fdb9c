//! Where a figure holds: the place of production, stock or sale, the reporter of trade and its partners.

use super::cues::Cue;
use super::figure::inherited;
use super::layout::Block;
use super::measure::{Bearer, bearer};
use super::scene::{Scene, resolved};
use super::slots::{Claim, OriginKind};
use super::subject::Around;

/// Fills place and partners.
///
/// Stated beside the figure; else earlier in the sentence, unless a company acts; else told with the figure before or above.
/// Imports and exports of which customs of China or a Chinese text tells without a reporter are China's.
pub(super) fn fill<'t>(around: Around<'t, '_, '_, '_>, measure: &str, claim: &mut Claim<'t>) {
    let Around { scene, block, reach, before, memory } = around;
    if !has_place(measure) {
        return;
    }
    let is_trade = matches!(measure, "imports" | "exports" | "shipments");
    let tail = reach
        .tail
        .clone()
        .take_while(|item| !matches!(scene.items[*item].mark(), Some(',' | ';' | '(' | '。')));
    let mut partner_before = None;
    let near: Vec<usize> = reach.left.clone().chain(tail).collect();
    let mut chosen: Option<(usize, u8)> = None;
    for item in near {
        if scene.items[item].cue() == Some(Cue::Home) && claim.place.is_none() {
            claim.place = home(around, item);
            continue;
        }
        let rank = match scene.kind(item) {
            "place" => 3,
            "country" => 2,
            "region" if !is_session(around, item) => 1,
            _ => continue,
        };
        let joined = partner_before.is_some_and(|last| is_joined(around, last, item));
        if is_trade && (joined || is_partner(around, item, measure)) {
            claim.partners.push(scene.term(item, block, "origin or destination"));
            partner_before = Some(item);
            continue;
        }
        if is_source(around, item) || item > reach.anchor && !is_located(around, item) {
            continue;
        }
        if chosen.is_none_or(|(_, other)| rank > other || rank == other && item < reach.anchor) {
            chosen = Some((item, rank));
        }
    }
    if let Some((item, _)) = chosen {
        claim.place = Some(scene.term(item, block, "place beside the figure"));
    }
    if claim.place.is_some() {
        return;
    }
    let acts = !claim.actors.is_empty() && !is_trade;
    if acts {
        return;
    }
    if let Some(place) = before.filter(|before| is_same(before, claim)).and_then(|claim| claim.place.as_ref())
    {
        claim.place = Some(inherited(place, "the figure before"));
        return;
    }
    if let Some(item) = memory.place.filter(|_| claim.venue.is_none() && inherits(measure)) {
        claim.place = Some(scene.term(item, block, "place told before"));
        return;
    }
    let chinese = block_is_chinese(&scene.text[block.span.clone()]);
    if matches!(measure, "imports" | "exports") && chinese {
        claim.place = Some(resolved("country/CHN", "trade in a Chinese text is China's"));
    }
}

/// The item of the place that the sentences behind a block may leave unsaid: of its first figure that stands somewhere; of
/// a title or heading the only country.
pub(super) fn holds_on(scene: &Scene<'_, '_>, block: &Block, found: &[Claim<'_>]) -> Option<usize> {
    let items = scene.items_of(block);
    // The block's own claims are the last ones.
    let first =
        found.iter().rposition(|claim| claim.sentence.end <= block.span.start).map_or(0, |last| last + 1);
    let told = found[first..]
        .iter()
        .filter(|claim| claim.sentence == block.span)
        .filter_map(|claim| claim.place.as_ref())
        .find(|slot| slot.origin.kind == OriginKind::Stated)
        .and_then(|slot| items.clone().find(|item| scene.items[*item].start == slot.origin.start_byte));
    if told.is_some() || !block.is_above() {
        return told;
    }
    let mut countries = items.filter(|item| scene.kind(*item) == "country");
    countries.next().filter(|first| countries.all(|other| scene.id(other) == scene.id(*first)))
}

/// Measures that hold somewhere.
fn has_place(measure: &str) -> bool {
    match bearer(measure) {
        Bearer::Good => true,
        Bearer::Any => matches!(measure, "share" | "count" | "tax"),
        Bearer::Company => matches!(measure, "investment" | "fine"),
        Bearer::Index => false,
    }
}

/// True if both tell one measure of one subject, or are both trade.
fn is_same(before: &Claim<'_>, claim: &Claim<'_>) -> bool {
    let measure = |claim: &Claim<'_>| claim.measure.as_ref().and_then(|slot| slot.is.id.clone());
    let subject = |claim: &Claim<'_>| claim.subject.as_ref().and_then(|slot| slot.is.id.clone());
    measure(before) == measure(claim) && (subject(before) == subject(claim) || claim.venue.is_none())
}

/// Measures whose place holds on in the sentences behind.
fn inherits(measure: &str) -> bool {
    matches!(
        measure,
        "imports" | "exports" | "output" | "consumption" | "demand" | "supply" | "inventory" | "quota"
    )
}

/// 国内: the country of the text.
fn home<'t>(
    around: Around<'t, '_, '_, '_>,
    item: usize,
) -> Option<super::slots::Slot<super::slots::Term<'t>>> {
    let Around { scene, block, .. } = around;
    block_is_chinese(scene.words(item)).then(|| {
        let mut slot = scene.term(item, block, "at home in a Chinese text");
        slot.is.id = Some("country/CHN".to_owned());
        slot
    })
}

fn block_is_chinese(text: &str) -> bool {
    let wide = text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    wide * 6 > text.len()
}

/// 亚洲时段 is a time of the day, not a place.
fn is_session(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    let rest = around.scene.text[around.scene.items[item].end..].trim_start();
    ["时段", "盘", "session", "hours", "trading", "time"].iter().any(|word| rest.starts_with(word))
}

fn is_joined(around: Around<'_, '_, '_, '_>, last: usize, item: usize) -> bool {
    let gap = around.scene.gap(last, item).trim();
    matches!(gap, "、" | "和" | "与" | "及" | "," | "and" | ", and" | "&")
}

/// True if the country at `item` is where trade comes from or goes to.
fn is_partner(around: Around<'_, '_, '_, '_>, item: usize, measure: &str) -> bool {
    let scene = around.scene;
    let before = scene.text[..scene.items[item].start].trim_end().trim_end_matches(" the");
    match measure {
        "imports" => ends_with(before, &["from", "来自", "自", "从", "源自", "originating in", "进口"]),
        "exports" | "shipments" => {
            ends_with(before, &[" to", "对", "向", "至", "往", "到", "出口", "输往", "bound for", "into"])
        }
        _ => false,
    }
}

/// True if the name at `item` is where something comes from or goes to rather than where it is: 自澳大利亚, "to Japan".
fn is_source(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    let scene = around.scene;
    let before = scene.text[..scene.items[item].start].trim_end().trim_end_matches(" the");
    ends_with(before, &[" from", "来自", "自", "对", "向", " against", "输往", "运往", " with"])
}

/// True if the words before the name at `item` say that something is there.
fn is_located(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    let before = around.scene.text[..around.scene.items[item].start].trim_end().trim_end_matches(" the");
    ends_with(before, &[" in", " at", " across", " within", " inside", "在", "位于", " near"])
}

fn ends_with(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.ends_with(word))
}
