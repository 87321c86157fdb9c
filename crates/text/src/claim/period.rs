//! When a figure holds.

use super::base;
use super::cues::Cue;
use super::figure::{Reach, inherited};
use super::layout::{Block, BlockKind};
use super::scene::{Memory, Scene};
use super::slots::{Claim, Slot};

/// Fills the period: said beside the figure, else carried on from the figure before, the sentence before, or the title.
pub(super) fn fill<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    before: Option<&Claim<'t>>,
    memory: &Memory,
    claim: &mut Claim<'t>,
) {
    let slot = |item: usize, rule: &'static str| {
        scene.interval(item).map(|is| Slot { is, origin: scene.origin(item, block, rule) })
    };
    let free = |item: &usize| scene.is_time(*item) && !is_base(scene, *item, reach);
    if let Some(item) = reach.left.clone().rev().find(free) {
        claim.period = slot(item, "time before the figure");
        return;
    }
    let tail = reach.tail.clone().take_while(|item| scene.items[*item].mark() != Some(';'));
    if let Some(item) = tail.clone().find(free) {
        // The time of the next figure is not of this one: it stands at its head, behind a comma.
        let parted = (reach.tail.start..item).any(|between| scene.items[between].mark() == Some(','));
        if !parted || reach.tail.end == reach.all.end {
            claim.period = slot(item, "time behind the figure");
            return;
        }
    }
    if let Some(period) = before.and_then(|claim| claim.period.as_ref()) {
        claim.period = Some(inherited(period, "the figure before"));
        return;
    }
    if let Some(item) = (reach.all.start..reach.left.start).rev().find(free) {
        claim.period = slot(item, "time earlier in the sentence");
        return;
    }
    if let Some(item) = memory.period {
        claim.period = slot(item, "time told before");
    }
}

/// True if a time is what a change is measured against, not when the figure holds.
pub(super) fn is_base(scene: &Scene<'_, '_>, item: usize, reach: &Reach<'_>) -> bool {
    let span = scene.items[item].span();
    // A relation covers it: 较去年同期.
    let covered = reach.all.clone().any(|other| {
        let there = &scene.items[other];
        matches!(there.cue(), Some(Cue::Relation(_))) && there.start <= span.start && span.end <= there.end
    });
    covered || versus(scene, item, reach).is_some() || base::after_multiple(scene, item)
}

/// The word that compares with the time at `item`: «from the low in Q3 2024», 较2024年末, «than in June».
pub(super) fn versus(scene: &Scene<'_, '_>, item: usize, reach: &Reach<'_>) -> Option<usize> {
    let start = scene.items[item].start;
    for left in (reach.all.start..item).rev() {
        let there = &scene.items[left];
        if start.saturating_sub(there.end) > 28 {
            return None;
        }
        match there.cue() {
            Some(Cue::Versus | Cue::From) => {
                let word = &scene.text[there.span()];
                // «over» and «on» and 同 go before periods that are no base.
                let weak = matches!(word, "over" | "on" | "同" | "与");
                // «the period from May to June» is one mention, so what is left of «from» is a base.
                return (!weak).then_some(left);
            }
            Some(_) => {}
            None if there.mark().is_some() => return None,
            None if scene.kind(left) == "measure" => {}
            None => return None,
        }
    }
    None
}

/// The item that sets the period for what is below a title or heading, or for the sentences behind one.
pub(super) fn sets(scene: &Scene<'_, '_>, block: &Block) -> Option<usize> {
    let items = scene.items_of(block);
    let reach_all = items.clone();
    let mut times = items.filter(|item| scene.is_time(*item) && scene.interval(*item).is_some());
    let first = times.next()?;
    match block.kind {
        // A title with two times sets neither.
        BlockKind::Title | BlockKind::Heading => times.next().is_none().then_some(first),
        BlockKind::Sentence => {
            let draft = super::draft::Draft::default();
            let reach = Reach {
                draft: &draft,
                anchor: reach_all.end,
                left: reach_all.clone(),
                tail: reach_all.end..reach_all.end,
                all: reach_all,
            };
            (!is_base(scene, first, &reach)).then_some(first)
        }
        BlockKind::Row => None,
    }
}
