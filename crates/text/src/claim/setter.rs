//! Who sets a quota, a duty, a fine or a limit of trading, and who seizes goods.

use super::actor::{anaphor, is_maker, is_other};
use super::cues::Cue;
use super::described::{self, Who};
use super::slots::Claim;
use super::subject::Around;

/// Of a quota, a duty or a fine the one who sets it: an agency or an exchange before the figure, or behind «by».
pub(super) fn who_sets<'t>(around: Around<'t, '_, '_, '_>, claim: &mut Claim<'t>) {
    let Around { scene, block, reach, .. } = around;
    let sets = |item: &usize| matches!(scene.kind(*item), "agency" | "exchange");
    let source = |item: &usize| {
        item.checked_sub(1).is_some_and(|before| scene.items[before].cue() == Some(Cue::According))
    };
    let before = (reach.all.start..reach.anchor).rev().find(|item| sets(item) && !source(item));
    let behind = || reach.tail.clone().find(|item| sets(item) && is_maker(around, *item));
    if let Some(item) = before.or_else(behind) {
        // 工信部、自然资源部下达: those named together set it together.
        let mut setters = vec![item];
        while let Some(last) = setters.last().copied()
            && let Some(other) = (reach.all.start..last).rev().take(2).find(|other| sets(other))
            && matches!(scene.gap(other, last).trim(), "、" | "和" | "与" | "会同" | "联合" | "and" | "&")
        {
            setters.push(other);
        }
        setters.reverse();
        claim.actors.extend(setters.into_iter().map(|item| scene.term(item, block, "who sets it")));
        return;
    }
    // 该公司获批的出口配额: who may use it.
    if claim.measure_id() == Some("measure/quota") {
        let holder = (reach.all.start..reach.anchor)
            .rev()
            .find(|item| scene.kind(*item) == "company" && !is_other(around, *item));
        if let Some(item) = holder.or_else(|| anaphor(around).map(|(_, company)| company)) {
            claim.actors.push(scene.term(item, block, "company before the figure"));
        }
    }
}

/// Of what was seized the authority before the figure, named or described.
pub(super) fn who_seizes<'t>(around: Around<'t, '_, '_, '_>, claim: &mut Claim<'t>) {
    let Around { scene, block, reach, .. } = around;
    let lead = block.span.start..scene.items[reach.anchor].start;
    let named = (reach.all.start..reach.anchor).rev().find(|item| scene.kind(*item) == "agency");
    let from = named.map_or(lead.start, |item| scene.items[item].end);
    let words = scene.text.get(from..lead.end).unwrap_or_default();
    // A clause behind the one that names an office may have somebody else.
    let mark = words.rfind([',', '，', ';', '；']).map_or(from, |at| from + at + 1);
    let mark = (mark..lead.end).find(|at| scene.text.is_char_boundary(*at)).unwrap_or(lead.end);
    if let Some(span) = described::nearest(scene.text, mark..lead.end, Who::Actor) {
        claim.actors.push(scene.words_term(span, "who is described before the figure"));
    } else if let Some(item) = named {
        claim.actors.push(scene.term(item, block, "who sets it"));
    }
}
