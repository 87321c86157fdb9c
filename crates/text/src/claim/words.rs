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
use crate::find::find;

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
        if claim.statistic.is_none() && is_counted_alike(scene, reach, before) {
            claim.statistic = before.statistic.as_ref().map(|slot| inherited(slot, "the figure before"));
        }
        if claim.basis.is_empty() {
            claim.basis = taken_on(before);
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
        claim.basis = taken_on(before);
    }
    let start = scene.items[reach.anchor].start;
    let lead = scene.text.get(block.span.start..start).unwrap_or_default();
    let mark = lead.rfind([',', '，', ';', '；', '。', '\n', '？', '?']);
    let clause = mark.map_or(0, |at| at + lead[at..].chars().next().map_or(1, char::len_utf8));
    basis::market(scene, block.span.start + clause..start, claim);
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
    fn unit<'c>(claim: &'c Claim<'_>) -> Option<&'c str> {
        claim.value.as_ref().map(|slot| slot.is.unit.as_deref().unwrap_or_default())
    }
    let rate = |claim: &Claim<'_>| unit(claim).is_some_and(measure::is_rate_of_money);
    let alike = unit(before) == unit(claim) || rate(before) && rate(claim);
    // Another venue's price is reckoned in its own way.
    let venue = (reach.left.start..reach.anchor).any(|item| scene.kind(item) == "exchange");
    if !alike || venue || before.measure_id() != claim.measure_id() {
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

/// The bases that a figure takes from the one before; a type of market other than 现货 is said for each.
fn taken_on<'t>(before: &Claim<'t>) -> Vec<Slot<Term<'t>>> {
    let taken =
        before.basis.iter().filter(|slot| slot.origin.rule != "market type named" || slot.is.words == "现货");
    taken.map(|slot| inherited(slot, "the figure before")).collect()
}

/// True if a figure that goes on from the one before is of the same statistic: not where another market, place or reporter is
/// named for it, nor another time in a clause of its own.
fn is_counted_alike(scene: &Scene<'_, '_>, reach: &Reach<'_>, before: &Claim<'_>) -> bool {
    let between = scene.text.get(before.end_byte..scene.items[reach.anchor].start).unwrap_or_default();
    let other = ["现货", "spot ", "physical "].iter().any(|word| find(between, word).is_some())
        || reach.left.clone().any(|item| matches!(scene.kind(item), "institution" | "place" | "country"));
    let parted = reach.left.clone().any(|item| matches!(scene.items[item].mark(), Some(',' | ';')))
        && reach.left.clone().any(|item| scene.is_time(item));
    !other && !parted
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
        super::measure::name_of(measure),
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
            // 累计上涨42%: the move went on for a time.
            Some(Cue::Statistic("statistic/cumulative")) if claim.value.is_none() => {}
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
    // A rate of tax and the grade in the row's name are no figures of its.
    let name = row.cells.first().filter(|cell| cell.end <= claim.start_byte).map_or(0, |cell| cell.end);
    let is_value = |item: &usize| {
        super::figure::is_figure(scene, *item)
            && *item != anchor
            && scene.items[*item].start >= name
            && !scene.mention(*item).is_some_and(|mention| basis::is_vat_rate(scene.text, mention))
    };
    // What stands in the cells of other figures is theirs.
    let next = (anchor + 1..items.end).find(is_value).unwrap_or(items.end);
    let next = if next == items.end { next } else { parting(scene, anchor + 1..next) };
    let first_figure = items.clone().find(is_value).unwrap_or(anchor).min(anchor);
    let head = items.start..first_figure;
    basis::fill(scene, row, anchor, head.clone().chain(anchor + 1..next), claim);
    if claim.statistic.is_none() {
        claim.statistic = statistic(scene, row, &head, claim);
    }
    if let Some(cell) = row.cells.first().filter(|cell| cell.end <= claim.start_byte) {
        basis::market(scene, cell.clone(), claim);
    }
    modality::in_row(scene, row, head, anchor, claim);
    let price = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()) == Some("measure/price");
    let unit = claim.value.as_ref().and_then(|slot| slot.is.unit.as_deref());
    let money = price || unit.is_some_and(measure::is_rate_of_money);
    let Some(heading) = above.last().filter(|_| money) else { return };
    let items = scene.items_of(heading);
    if claim.basis.is_empty() {
        basis::fill(scene, row, anchor, items.clone(), claim);
    }
    if claim.statistic.is_none() {
        claim.statistic = statistic(scene, row, &items, claim);
    }
}

#[cfg(test)]
mod tests {
    use crate::{Context, Reader};

    /// Of each figure: its statistic, basis, modality and qualifier.
    fn said(text: &str) -> Vec<String> {
        let reader = Reader::standard();
        let context = Context { published: Some(jiff::civil::date(2025, 7, 13)), ..Context::default() };
        let mentions = reader.read(text, &context);
        let claims = reader.claims(text, 0, &mentions);
        let figures = claims.iter().filter(|claim| claim.event.is_none());
        let show = |claim: &super::Claim<'_>| {
            let name = |id: Option<&str>| {
                id.and_then(|id| id.split_once('/')).map_or("words", |(_, name)| name).to_owned()
            };
            let mut told: Vec<String> = Vec::new();
            told.extend(claim.statistic.iter().map(|slot| name(slot.is.id.as_deref())));
            told.extend(claim.basis.iter().map(|slot| name(slot.is.id.as_deref())));
            told.extend(claim.modality.iter().map(|slot| format!("{:?}", slot.is.value)));
            told.extend(claim.qualifier.iter().map(|slot| format!("{:?}", slot.is.value)));
            format!("{}: {}", claim.quote, told.join(" "))
        };
        figures.map(show).collect()
    }

    #[test]
    fn the_words_around_a_figure_are_its_own() {
        let cases: &[(&str, &[&str])] = &[
            ("铜加权均价为78000元/吨(含税)。", &["78000元/吨: weighted-mean vat-included"]),
            ("Tin closed at $33,000/t.", &["$33,000/t: close"]),
            (
                "Tin averaged $33,000/t FOB, with a high of $34,000/t.",
                &["$33,000/t: mean FOB", "$34,000/t: high FOB"],
            ),
            ("锑锭价格为16万元/吨，含13%增值税。", &["16万元/吨: vat-included"]),
            ("Molybdenum oxide price was $24/lb Mo.", &["$24/lb: metal-content"]),
            ("预计2026年铜产量为90万吨。", &["90万吨: Expected"]),
            ("该矿设计产能为每年5万吨铜。", &["每年5万吨: Planned"]),
            (
                "如果铜价跌至9000美元/吨，铜产量将减少5万吨。",
                &["9000美元/吨: Hypothetical", "5万吨: Hypothetical"],
            ),
            ("原料方面，锑精矿价格为12万元/吨。", &["12万元/吨: "]),
            ("长协设定锂精矿底价为每吨800美元。", &["每吨800美元: Contractual AtLeast"]),
        ];
        for (text, expected) in cases {
            assert_eq!(said(text), *expected, "{text}");
        }
    }
}
