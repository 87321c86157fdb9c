//! What the words around a figure say of it beside its measure: statistic, basis, modality, and a bound that a floor or
//! a ceiling sets.
//!
//! Between two figures of a sentence the words are parted first: what directly follows a figure, stands in brackets
//! behind it, or is a clause of its own that names a basis, is of the figure before; the rest is of the next one.

use std::ops::Range;

use super::cues::Cue;
use super::figure::{Reach, inherited};
use super::layout::Block;
use super::measure;
use super::scene::Scene;
use super::slots::{Choice, Claim, Modality, OriginKind, Slot, Term};
use super::{basis, modality};

/// The items around a figure that are its own.
pub(super) struct Own {
    /// Before the anchor.
    pub(super) left: Range<usize>,
    /// Behind it.
    pub(super) behind: Range<usize>,
}

/// Fills statistic, basis, modality and qualifier of a figure in running text. Rules: «statistic named», «basis named»,
/// «modal word», «floor or ceiling», and «the figure before» for what a list says once.
pub(super) fn fill<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    before: Option<&Claim<'t>>,
    claim: &mut Claim<'t>,
) {
    let own = own(scene, reach);
    claim.statistic = statistic(scene, block, &own.left, claim);
    basis::fill(scene, block, reach.anchor, own.left.clone().chain(own.behind.clone()), claim);
    if let Some(before) = before.filter(|before| goes_on(scene, reach, before, claim)) {
        if claim.statistic.is_none() {
            claim.statistic = before.statistic.as_ref().map(|slot| inherited(slot, "the figure before"));
        }
        if claim.basis.is_empty() {
            claim.basis = before.basis.iter().map(|slot| inherited(slot, "the figure before")).collect();
        }
    }
    // «averaged $24.35/lb, with a high of $24.60»: statistics of one price are reckoned alike.
    if let Some(before) = before
        && claim.basis.is_empty()
        && claim.statistic.is_some()
        && before.statistic.is_some()
        && before.measure.as_ref().map(|slot| &slot.is.id) == claim.measure.as_ref().map(|slot| &slot.is.id)
        && before.subject.as_ref().map(|slot| &slot.is) == claim.subject.as_ref().map(|slot| &slot.is)
        && !reach.left.clone().any(|item| scene.items[item].mark() == Some(';'))
    {
        claim.basis = before.basis.iter().map(|slot| inherited(slot, "the figure before")).collect();
    }
    modality::fill(scene, block, reach, &own, before, claim);
}

/// The words that are a figure's own, of those between it and its neighbours.
fn own(scene: &Scene<'_, '_>, reach: &Reach<'_>) -> Own {
    let extent = reach.draft.extent().unwrap_or(reach.anchor..reach.anchor + 1);
    let left = if reach.left.start == reach.all.start {
        reach.left.start
    } else {
        parting(scene, reach.left.start..extent.start.min(reach.anchor))
    };
    let behind = if reach.tail.end == reach.all.end {
        reach.all.end
    } else {
        parting(scene, extent.end.min(reach.tail.end)..reach.tail.end)
    };
    Own { left: left.min(reach.anchor)..reach.anchor, behind: reach.anchor + 1..behind.max(reach.anchor + 1) }
}

/// Of the items between two figures, the first one that belongs to the latter.
fn parting(scene: &Scene<'_, '_>, between: Range<usize>) -> usize {
    let mut commas: Vec<usize> = Vec::new();
    let mut open = None;
    for item in between.clone() {
        match scene.items[item].mark() {
            Some('(') => open = Some(item),
            Some(')') => open = None,
            Some(',' | ';' | '、' | '。') if open.is_none() => commas.push(item),
            _ => {}
        }
    }
    // A bracket that is still open holds the latter figure, behind its last comma: (不含税,折合31.4元).
    if let Some(open) = open {
        let inner = (open + 1..between.end).rev().find(|item| scene.items[*item].mark() == Some(','));
        let of_basis = |comma: &usize| {
            (open + 1..*comma).any(|item| matches!(scene.items[item].cue(), Some(Cue::Basis(_))))
        };
        if let Some(comma) = inner.filter(of_basis) {
            return comma + 1;
        }
    }
    let end = open.unwrap_or(between.end);
    commas.retain(|comma| *comma < end);
    let Some(first) = commas.first() else {
        return behind(scene, between.start..end);
    };
    let mut part = *first + 1;
    for comma in &commas[1..] {
        let of_basis = (part..*comma).any(|item| matches!(scene.items[item].cue(), Some(Cue::Basis(_))));
        let names = (part..*comma).any(|item| matches!(scene.kind(item), "commodity" | "company"));
        if !of_basis || names {
            break;
        }
        part = comma + 1;
    }
    part
}

/// The end of the words that directly follow a figure and say how it is reckoned: «t FOB», «吨REO», «t a year of
/// contained».
fn behind(scene: &Scene<'_, '_>, range: Range<usize>) -> usize {
    let mut at = range.start;
    while at < range.end && at > 0 {
        let gap = scene.text.get(scene.items[at - 1].end..scene.items[at].start).unwrap_or_default();
        let follows = matches!(gap.trim(), "" | "的" | "of" | "on" | "on a" | "/");
        let says = matches!(
            scene.items[at].cue(),
            Some(Cue::Basis(_) | Cue::Bound(_) | Cue::Modality(Modality::Expected | Modality::Planned))
        );
        let bracket = matches!(scene.items[at].mark(), Some('(' | ')'));
        if !follows || !(says || bracket) {
            break;
        }
        at += 1;
    }
    at
}

/// True if the figure goes on with what the one before said: they stand in one list, or the latter takes its measure
/// from the former and is of the same unit.
fn goes_on(scene: &Scene<'_, '_>, reach: &Reach<'_>, before: &Claim<'_>, claim: &Claim<'_>) -> bool {
    let unit = |claim: &Claim<'_>| claim.value.as_ref().map(|slot| slot.is.unit.clone().unwrap_or_default());
    let rate = |claim: &Claim<'_>| unit(claim).is_some_and(|unit| measure::is_rate_of_money(&unit));
    let named = |claim: &Claim<'_>| claim.measure.as_ref().and_then(|slot| slot.is.id.clone());
    let alike = unit(before) == unit(claim) || rate(before) && rate(claim);
    // Another venue's price is reckoned in its own way.
    let venue = (reach.left.start..reach.anchor).any(|item| scene.kind(item) == "exchange");
    if !alike || venue || named(before) != named(claim) {
        return false;
    }
    let start = before.value.as_ref().map_or(before.end_byte, |slot| slot.origin.end_byte);
    let between = scene.text.get(start..scene.items[reach.anchor].start).unwrap_or_default();
    let listed = matches!(
        between.trim_matches([' ', ',', '，', '、', ';', '；']),
        "" | "and" | "和" | "及" | "与" | "以及"
    );
    let takes = claim.measure.as_ref().is_some_and(|slot| {
        slot.origin.rule == "the figure before" && slot.origin.kind != OriginKind::Stated
    });
    listed || takes
}

/// The statistic that the words name. One in a comparison («比同类产品均价高出») is of what is compared with.
fn statistic<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    left: &Range<usize>,
    claim: &Claim<'t>,
) -> Option<Slot<Term<'t>>> {
    let measure = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    let traded = matches!(
        measure.strip_prefix("measure/").unwrap_or(measure),
        "price"
            | "share-price"
            | "index-level"
            | "price-index"
            | "premium"
            | "discount"
            | "spread"
            | "settlement-price"
    );
    for item in left.clone().rev() {
        match scene.items[item].cue() {
            Some(Cue::Statistic("statistic/close" | "statistic/open" | "statistic/settlement"))
                if !traded => {}
            Some(Cue::Statistic(id)) if !compared(scene, left, item) => {
                let origin = scene.origin(item, block, "statistic named");
                return Some(Slot { is: Term { id: Some(id.to_owned()), words: scene.words(item) }, origin });
            }
            _ if scene.items[item].mark() == Some(';') => return None,
            _ => {}
        }
    }
    None
}

/// True if a word of comparison stands before `item` in its clause.
fn compared(scene: &Scene<'_, '_>, left: &Range<usize>, item: usize) -> bool {
    let clause = (left.start..item).rev().take_while(|at| scene.items[*at].mark().is_none());
    clause.into_iter().any(|at| {
        scene.items[at].cue() == Some(Cue::Versus) && matches!(scene.words(at), "比" | "较" | "than" | "Than")
    })
}

/// A choice with the item that says it.
pub(super) fn choice<T>(
    scene: &Scene<'_, '_>,
    block: &Block,
    item: usize,
    value: T,
    rule: &'static str,
) -> Slot<Choice<T>> {
    Slot { is: Choice { value }, origin: scene.origin(item, block, rule) }
}

/// What the cells and the header of a row, and the headings above it, say of its figure: statistic and basis from the
/// nearest place that says one. Rules: «row», «heading».
pub(super) fn in_row<'t>(scene: &Scene<'t, '_>, row: &Block, above: &[Block], claim: &mut Claim<'t>) {
    let Some(anchor) = scene.items_of(row).find(|item| scene.items[*item].start == claim.start_byte) else {
        return;
    };
    let items = scene.items_of(row);
    let is_value = |item: &usize| super::figure::is_figure(scene, *item) && *item != anchor;
    // What stands in the cells of other figures is theirs.
    let next = (anchor + 1..items.end).find(is_value).unwrap_or(items.end);
    let next = if next == items.end { next } else { parting(scene, anchor + 1..next) };
    let first_figure = items.clone().find(is_value).unwrap_or(anchor).min(anchor);
    let head = items.start..first_figure;
    basis::fill(scene, row, anchor, head.clone().chain(anchor + 1..next), claim);
    if claim.statistic.is_none() {
        claim.statistic = statistic(scene, row, &head, claim);
    }
    modality::in_row(scene, row, head, anchor, claim);
    let money =
        claim.value.as_ref().and_then(|slot| slot.is.unit.as_deref()).is_some_and(measure::is_rate_of_money);
    let Some(heading) = above.last().filter(|_| money) else { return };
    let items = scene.items_of(heading);
    if claim.basis.is_empty() {
        basis::fill(scene, row, anchor, items.clone(), claim);
    }
    if claim.statistic.is_none() {
        claim.statistic = statistic(scene, row, &items, claim);
    }
}
