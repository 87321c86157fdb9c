//! The goods of an event.

use super::event_notice;
use super::event_slots::Around;
use super::scene::Memory;
use super::slots::{Claim, EventType};

/// The goods: the nearest behind the word in its clause, else before it, with those listed beside them.
pub(super) fn fill<'t>(around: &Around<'_, 't, '_>, memory: &Memory, claim: &mut Claim<'t>) {
    let is_good = |item: &usize| around.scene.kind(*item) == "commodity" && !around.in_brackets(*item);
    let found = (around.item + 1..around.clause.end)
        .find(is_good)
        .or_else(|| (around.all.start..around.item).rev().find(is_good))
        .or_else(|| {
            let next = (around.clause.end..around.all.end).find(is_good).filter(|_| around.reaches_on())?;
            (!is_of_another(around, next)).then_some(next)
        });
    let Some(item) = found else {
        // «Two smelters halted production», «customs raided three yards»: of what the text is about.
        if matches!(
            around.event,
            EventType::Closure | EventType::Enforcement | EventType::Licence | EventType::Ban
        ) {
            let good = memory.good.filter(|item| super::home::is_the_good(around.scene, *item));
            claim.subject = good.map(|item| around.term(item, "name told before"));
        }
        return;
    };
    let beside = |left: usize, right: usize| {
        let gap = around.scene.text.get(around.scene.items[left].end..around.scene.items[right].start);
        gap.is_some_and(|gap| {
            let short = |item: usize| around.scene.words(item).chars().count() == 1;
            event_notice::is_summed_up(gap)
                || matches!(
                    gap.trim(),
                    "、" | "," | "，" | "and" | ", and" | "和" | "及" | "与" | "以及" | "or" | "或" | "/"
                )
                || gap.is_empty() && short(left) && short(right)
        })
    };
    let next = |item: usize| (item + 1..around.all.end).find(is_good).filter(|next| beside(item, *next));
    let last = |item: usize| (around.all.start..item).rev().find(is_good).filter(|last| beside(*last, item));
    let first = std::iter::successors(Some(item), |item| last(*item)).last().unwrap_or(item);
    let mut goods = std::iter::successors(Some(first), |item| next(*item));
    claim.subject = goods.next().map(|item| around.term(item, "goods of the event"));
    claim.joint = goods.map(|item| around.term(item, "goods of the event")).collect();
}

/// True if the good at `item` is in a later clause that tells of something else: 后者拥有资源量…, 并规划产能….
fn is_of_another(around: &Around<'_, '_, '_>, item: usize) -> bool {
    let mark =
        (around.clause.end..item).rev().find(|at| matches!(around.scene.items[*at].mark(), Some(',' | ';')));
    let Some(mark) = mark else { return false };
    let clause = around.scene.text[around.scene.items[mark].end..].trim_start();
    ["后者", "规划", "并规划", "前者"].iter().any(|word| clause.starts_with(word))
}
