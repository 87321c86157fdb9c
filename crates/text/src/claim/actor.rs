//! Who produces, sells, buys or plans what a figure is of.

use super::figure::inherited;
use super::layout::BlockKind;
use super::measure::{Bearer, bearer};
use super::slots::Claim;
use super::speaker;
use super::subject::{Around, is_stake};

/// Fills the actors of a figure.
///
/// Of what somebody does (output, sales, capacity) the company is the nearest one before the figure, else the one earlier in the
/// sentence, else that of the figure before, else the one told before or meant by «the company». Of a price or a stock it is
/// only the one beside the figure or meant by «the company».
pub(super) fn fill<'t>(around: Around<'t, '_, '_, '_>, measure: &str, claim: &mut Claim<'t>) {
    let Around { scene, block, reach, before, memory } = around;
    let made = is_made(measure) || is_stake(measure);
    if !made && (bearer(measure) != Bearer::Good || measure == "imports") {
        return;
    }
    let is = |item: &usize| scene.kind(*item) == "company" && !is_other(around, *item);
    let silent = |item: &usize| is(item) && (made || !speaker::speaks(around, *item));
    if let Some(item) = reach.left.clone().rev().find(silent) {
        with_joined(around, item, claim);
        return;
    }
    let by = reach
        .tail
        .clone()
        .take_while(|item| !matches!(scene.items[*item].mark(), Some(',' | ';' | '(')))
        .find(|item| scene.kind(*item) == "company" && is_maker(around, *item));
    if let Some(item) = by {
        claim.actors.push(scene.term(item, block, "company that makes it"));
        return;
    }
    if let Some(company) = meant(around)
        && memory_is_near(around)
    {
        claim.actors.push(scene.term(company, block, "company told before"));
        return;
    }
    if !made {
        return;
    }
    if let Some(claim_before) = before.filter(|claim| !claim.actors.is_empty()) {
        claim.actors.extend(claim_before.actors.iter().map(|slot| inherited(slot, "the figure before")));
        return;
    }
    if let Some(item) = (reach.all.start..reach.left.start).rev().find(is) {
        with_joined(around, item, claim);
        return;
    }
    if block.kind == BlockKind::Sentence
        && claim.place.is_none()
        && let Some(company) = memory.company
    {
        claim.actors.push(scene.term(company, block, "company told before"));
    }
}

/// Measures of what somebody does.
fn is_made(measure: &str) -> bool {
    matches!(
        measure,
        "output"
            | "sales-volume"
            | "shipments"
            | "capacity"
            | "supply"
            | "production-cut"
            | "operating-rate"
            | "recovery-rate"
            | "cost"
            | "vehicle-sales"
            | "contract-value"
    )
}

fn memory_is_near(around: Around<'_, '_, '_, '_>) -> bool {
    around.block.kind != BlockKind::Row
}

/// The company that 公司, «the company», «it» or «we» means in the part of the sentence before the figure.
pub(super) fn meant(around: Around<'_, '_, '_, '_>) -> Option<usize> {
    let Around { scene, reach, memory, .. } = around;
    let word = (reach.all.start..reach.anchor).rev().find(|item| scene.is_anaphor(*item))?;
    let named = (reach.all.start..word).find(|item| scene.kind(*item) == "company");
    named.or(memory.company).or(memory.topic)
}

/// The company at `item` with those joined to it: «Teck and Korea Zinc agreed».
fn with_joined<'t>(around: Around<'t, '_, '_, '_>, item: usize, claim: &mut Claim<'t>) {
    let Around { scene, block, reach, .. } = around;
    let mut items = vec![item];
    let mut right = item;
    for left in (reach.all.start..item).rev().filter(|left| scene.items[*left].mark() != Some('、')) {
        let gap = scene.gap(left, right).trim();
        if scene.kind(left) != "company" || !matches!(gap, "、" | "和" | "与" | "及" | "and" | "&") {
            break;
        }
        items.push(left);
        right = left;
    }
    items.reverse();
    claim.actors.extend(items.into_iter().map(|item| scene.term(item, block, "company before the figure")));
}

/// True if the company at `item` is somebody else: a customer, a partner, one that is compared with.
fn is_other(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    let scene = around.scene;
    let before = scene.text[..scene.items[item].start].trim_end();
    [" to", " with", " from", " than", " against", " for", "向", "对", "为", "较", "比", "供应"]
        .iter()
        .any(|word| before.ends_with(word))
}

/// True if the words before the company at `item` say that it makes the thing.
fn is_maker(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    let scene = around.scene;
    let before = scene.text[..scene.items[item].start].trim_end();
    [" by", " at", " from", "由"].iter().any(|word| before.ends_with(word))
}
