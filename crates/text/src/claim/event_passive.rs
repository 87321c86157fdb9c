//! Controls told in the passive or by a noun: «exports from China to Japan have been banned», «export bans from China».
//!
//! Where goods go to is met by the control. Where they come from says by itself neither who acts nor who is met.

use super::cues::Cue;
use super::event_slots::{Around, ends};
use super::slots::EventType;
use crate::find::lower;

/// What a name beside the word of a control is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Against whom it is.
    Target,
    /// Whose it is.
    Actor,
    /// Neither.
    Neither,
}

/// What a name before the word of a control is, if its place in the sentence tells; nothing for the usual order.
pub(super) fn before(around: &Around<'_, '_, '_>, item: usize) -> Option<Side> {
    if !is_control(around.event) {
        return None;
    }
    let scene = around.scene;
    let from = scene.items.get(around.clause.start).map_or(around.block.span.start, |first| first.start);
    let start = scene.items[item].start;
    let lead = lower(scene.text.get(from.min(start)..start).unwrap_or_default());
    let words = lead.trim_end();
    let words = words.strip_suffix("the").map_or(words, str::trim_end);
    let gap =
        lower(scene.text.get(scene.items[item].end..scene.items[around.item].start).unwrap_or_default());
    if is_subject_of_passive(around, gap.trim()) {
        return Some(Side::Target);
    }
    let out = ["export", "shipment", "suppl", "sale", "deliver", "flow"];
    let last_out = out.iter().filter_map(|word| words.rfind(word)).max();
    let last_in = ["import", "purchase"].iter().filter_map(|word| words.rfind(word)).max();
    let is_outward = last_out.is_some() && last_out >= last_in;
    if ends(words, &[" to"]) && is_outward
        || ends(words, &["输往", "运往", "销往", "发往", "流向", "出口至", "出口到", "输", "销至", "运至"])
    {
        return Some(Side::Target);
    }
    (ends(words, &[" from"]) && is_outward).then_some(Side::Neither)
}

/// «Japan was banned from importing», 该国被禁止进口: who is named directly before a passive verb of banning.
fn is_subject_of_passive(around: &Around<'_, '_, '_>, gap: &str) -> bool {
    if around.event != EventType::Ban || !matches!(around.scene.items[around.item].cue(), Some(Cue::Event(_)))
    {
        return false;
    }
    let word = lower(around.scene.words(around.item));
    let participle = word.ends_with("ed");
    let be = ["was", "were", "is", "are", "been", "be"];
    let links = ["has", "have", "had", "will", "also", "now", "already", "since", "recently", "effectively"];
    let passive = participle
        && gap.split(' ').any(|word| be.contains(&word))
        && gap.split(' ').all(|word| be.contains(&word) || links.contains(&word));
    passive || matches!(gap, "被" | "遭" | "已被" | "遭到") || gap.is_empty() && word.starts_with('被')
}

/// What a name behind the word of a control is, if it is only its owner: «export bans from China».
pub(super) fn behind(around: &Around<'_, '_, '_>, item: usize) -> Option<Side> {
    let scene = around.scene;
    let named = matches!(scene.items[around.item].cue(), Some(Cue::Named(_)));
    let gap = scene.text.get(scene.items[around.item].end..scene.items[item].start)?;
    let owner = gap.trim() == "from" && is_control(around.event) && named;
    owner.then_some(Side::Actor)
}

fn is_control(event: EventType) -> bool {
    matches!(event, EventType::Ban | EventType::Licence | EventType::Quota)
}
