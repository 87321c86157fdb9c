//! Lists that go one by one: subjects, companies or months with values, and values with changes (分别, «respectively»).

use std::ops::Range;

use super::cues::Cue;
use super::deal::is_join;
use super::draft::Sentence;
use super::layout::Block;
use super::measure::{Bearer, bearer, fits};
use super::scene::Scene;
use super::slots::{Base, Change, Claim, Slot};
use crate::mention::Precision;

/// Gives each claim of a list its own subject, company or period from the list of names that goes with it.
pub(super) fn assign<'t>(scene: &Scene<'t, '_>, block: &Block, all: &Range<usize>, claims: &mut [Claim<'t>]) {
    for word in all.clone().filter(|item| scene.items[*item].cue() == Some(Cue::Respectively)) {
        let at = scene.items[word].start;
        share_base(claims, at);
        let behind = claims.iter().position(|claim| claim.start_byte > at);
        let run = behind.and_then(|first| run_of(scene, claims, first)).or_else(|| {
            // «to HK$24.0, 82 yuan and 560p respectively».
            let last = claims.iter().rposition(|claim| claim.end_byte <= at)?;
            (0..=last).find_map(|first| run_of(scene, claims, first).filter(|run| run.end == last + 1))
        });
        let Some(run) = run.filter(|run| run.len() > 1) else { continue };
        let before = claims[run.start].start_byte;
        if made_and_sold(scene, word) && run.len() == 2 {
            sold(scene, block, word, &mut claims[run.end - 1]);
            continue;
        }
        if shares_of_those_before(claims, &run) {
            continue;
        }
        let Some(names) = names_of(scene, all, before, run.len()) else {
            grades(scene, &mut claims[run.clone()]);
            parts(scene, block, (all, before), &mut claims[run]);
            continue;
        };
        for (index, item) in run.zip(names) {
            give(scene, block, item, &mut claims[index]);
        }
    }
    if !all.clone().any(|item| scene.items[item].cue() == Some(Cue::Respectively)) {
        by_number(scene, block, all, claims);
    }
    share_in_lists(scene, claims);
}

/// 几内亚1330万吨、澳大利亚358万吨，占比分别为73.4%和19.8%: gives each of several shares the part that the amount before it tells of.
fn shares_of_those_before(claims: &mut [Claim<'_>], run: &Range<usize>) -> bool {
    let count = run.len();
    let Some(first) = run.start.checked_sub(count) else { return false };
    let share = |claim: &Claim<'_>| {
        matches!(claim.measure_id(), Some("measure/share" | "measure/market-share"))
            && claim.sentence == claims[first].sentence
    };
    let amounts = claims[first..run.start].iter().all(|claim| {
        claim.unit().is_some_and(|unit| unit != "%")
            && claim.unit() == claims[first].unit()
            && claim.sentence == claims[first].sentence
    });
    if !claims[run.clone()].iter().all(share) || !amounts {
        return false;
    }
    let whose: [fn(&Claim<'_>) -> Option<usize>; 4] = [
        |claim| claim.partners.first().map(|slot| slot.origin.start_byte),
        |claim| claim.actors.first().map(|slot| slot.origin.start_byte),
        |claim| claim.subject.as_ref().map(|slot| slot.origin.start_byte),
        |claim| claim.place.as_ref().map(|slot| slot.origin.start_byte),
    ];
    let tells = whose.iter().position(|place| {
        let mut places: Vec<usize> = claims[first..run.start].iter().filter_map(*place).collect();
        places.dedup();
        places.len() == count
    });
    let Some(tells) = tells else { return false };
    let whole = claims[run.start].whole.clone();
    let (ahead, shares) = claims.split_at_mut(run.start);
    for (amount, share) in ahead[first..].iter().zip(shares) {
        let part = match tells {
            0 => amount.partners.first(),
            1 => amount.actors.first(),
            2 => amount.subject.as_ref(),
            _ => amount.place.as_ref(),
        };
        share.part = part.map(|part| super::figure::inherited(part, "one by one of a list"));
        share.whole = whole.clone();
    }
    true
}

/// 工业级与电池级碳酸锂均价分别为: the grades of one good one by one.
fn grades(scene: &Scene<'_, '_>, claims: &mut [Claim<'_>]) {
    let [first, second] = claims else { return };
    let same = first.subject_id() == second.subject_id();
    let Some(subject) = first.subject.as_ref().filter(|_| same) else { return };
    let ahead = &scene.text[..subject.origin.start_byte];
    let Some((id, words)) = super::grade::before(ahead, subject) else { return };
    if let Some(slot) = first.subject.as_mut() {
        slot.is.id = Some(id);
        slot.origin.start_byte -= words;
    }
}

/// True for the word of 产销分别, which names two measures in one.
fn made_and_sold(scene: &Scene<'_, '_>, word: usize) -> bool {
    let ahead = &scene.text[..scene.items[word].start];
    ["产销", "产销量", "产量销量"].iter().any(|words| ahead.ends_with(words))
        || matches!(scene.words(word), "产销分别" | "产销量分别")
}

/// The second of the two is what was sold.
fn sold<'t>(scene: &Scene<'t, '_>, block: &Block, word: usize, claim: &mut Claim<'t>) {
    let vehicles = claim.subject_id().is_some_and(|id| id.contains("vehicle"));
    let id = if vehicles { "measure/vehicle-sales" } else { "measure/sales-volume" };
    let mut term = scene.term(word, block, "made and sold in one word");
    term.is.id = Some(id.to_owned());
    claim.measure = Some(term);
}

/// 第四季度、第一季度及第二季度的出货量是18.6、16.2和21.9吉瓦时, «imports of gallium and germanium were 4.1 t and 6.2 t»: as many names as
/// figures of one measure go one by one without a word for it.
fn by_number<'t>(scene: &Scene<'t, '_>, block: &Block, all: &Range<usize>, claims: &mut [Claim<'t>]) {
    let mut first = 0;
    while first < claims.len() {
        let Some(run) = run_of(scene, claims, first) else { return };
        first = run.end;
        let of_run = &claims[run.clone()];
        let Some(last) = of_run.last().filter(|_| run.len() > 1) else { continue };
        let measure = last.measure_id();
        let alike = of_run.iter().all(|claim| {
            claim.measure_id() == measure
                && claim.value.is_some() == last.value.is_some()
                && (claim.unit() == last.unit() || claim.unit().is_none())
        });
        if !alike || measure.is_none() {
            continue;
        }
        let before = of_run[0].start_byte;
        let Some(names) = names_of(scene, all, before, run.len()) else { continue };
        if names.iter().all(|item| scene.is_time(*item)) || leads(scene, &names, before) {
            for (index, item) in run.zip(names) {
                give(scene, block, item, &mut claims[index]);
            }
        }
    }
}

/// True if a list of names stands before a list of figures without another name of their kind or another figure between the two.
fn leads(scene: &Scene<'_, '_>, names: &[usize], before: usize) -> bool {
    let sentence = sentence(scene);
    let Some(last) = names.last().copied() else { return false };
    let kind = sentence.kind_of_name(last);
    // Two measures of one name say what their figures are; one name of two measures does not.
    scene.items[last + 1..].iter().take_while(|item| item.start < before).enumerate().all(|(index, item)| {
        let at = last + 1 + index;
        !super::figure::is_figure(scene, at)
            && !matches!(item.mark(), Some(';' | '。'))
            && (sentence.kind_of_name(at) != kind || item.start < scene.items[last].end)
    })
}

fn sentence<'a>(scene: &'a Scene<'_, '_>) -> Sentence<'a> {
    Sentence { text: scene.text, mentions: scene.mentions, items: scene.items }
}

fn names_of(scene: &Scene<'_, '_>, all: &Range<usize>, before: usize, count: usize) -> Option<Vec<usize>> {
    sentence(scene).names_of(all, before, count)
}

/// 一、二、三季度分别为…, 1-3月分别为…: as many equal parts of one time as there are figures.
fn parts<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    (all, before): (&Range<usize>, usize),
    claims: &mut [Claim<'t>],
) {
    let time = all.clone().rev().find(|item| scene.is_time(*item) && scene.items[*item].end <= before);
    let Some((time, whole)) = time.and_then(|time| Some((time, scene.interval(time)?))) else { return };
    if whole.precision != Some(Precision::Range) {
        return;
    }
    let Some(periods) = super::relation::split(&whole, claims.len()) else { return };
    for (claim, is) in claims.iter_mut().zip(periods) {
        claim.period = Some(Slot { is, origin: scene.origin(time, block, "one by one of a list") });
    }
}

/// The base of changes that are told one by one is said once, with the first of them.
fn share_base(claims: &mut [Claim<'_>], word: usize) {
    let changes = || claims.iter().flat_map(|claim| &claim.changes);
    let first = changes().find(|change| change.by.as_ref().is_some_and(|by| by.origin.start_byte > word));
    let Some(base) = first.and_then(|change| change.base.clone()).filter(|base| base.is.value.is_none())
    else {
        return;
    };
    for change in claims.iter_mut().flat_map(|claim| &mut claim.changes) {
        if change.base.is_none() && change.by.as_ref().is_some_and(|by| by.origin.start_byte > word) {
            change.base = Some(base.clone());
        }
    }
}

/// The base of changes in one list is said once, beside the first or the last of them: 同比增长12.5%和10.4%.
fn share_in_lists(scene: &Scene<'_, '_>, claims: &mut [Claim<'_>]) {
    let by = |change: &Change<'_>| change.by.as_ref().map(|by| (by.origin.start_byte, by.origin.end_byte));
    for index in 1..claims.len() {
        let (before, [claim, ..]) = claims.split_at_mut(index) else { continue };
        let Some(before) = before.last_mut() else { continue };
        for right in &mut claim.changes {
            let Some((start, end)) = by(right) else { continue };
            for left in &mut before.changes {
                let Some((from, to)) = by(left) else { continue };
                // Where levels stand between, the list goes on behind them.
                let gap = if to <= start { scene.text.get(to..start) } else { scene.text.get(end..from) };
                if !gap.is_some_and(is_join) {
                    continue;
                }
                let plain = |base: &Slot<Base<'_>>| base.is.value.is_none();
                match (left.base.clone().filter(plain), right.base.clone().filter(plain)) {
                    (Some(base), None) if right.base.is_none() => right.base = Some(base),
                    (None, Some(base)) if left.base.is_none() => left.base = Some(base),
                    _ => {}
                }
            }
        }
    }
}

/// The claims from `first` on whose figures stand in one list.
fn run_of(scene: &Scene<'_, '_>, claims: &[Claim<'_>], first: usize) -> Option<Range<usize>> {
    let mut end = first + 1;
    while end < claims.len() {
        let last = claims[end - 1].end_byte;
        let gap = scene.text.get(last..word_of_move(scene, last, &claims[end]))?;
        if !is_join(gap) {
            break;
        }
        end += 1;
    }
    Some(first..end)
}

/// Where the word of a claim's direction begins, if it has a change alone and that word stands right before it, behind `from`: 上涨1.2%和下跌0.5%.
fn word_of_move(scene: &Scene<'_, '_>, from: usize, claim: &Claim<'_>) -> usize {
    let start = claim.start_byte;
    let before = scene.items.partition_point(|item| item.start < start);
    let word = before.checked_sub(1).map(|item| &scene.items[item]).filter(|word| {
        claim.value.is_none()
            && word.start > from
            && matches!(word.cue(), Some(Cue::Move(_)))
            && scene.text.get(word.end..start).is_some_and(|gap| gap.trim().is_empty())
    });
    word.map_or(start, |word| word.start)
}

/// «Codelco's output rose 9%, while Escondida's fell 3%»: what the possessive with an elided noun names is whose figure it is.
pub(super) fn elided<'t>(scene: &Scene<'t, '_>, block: &Block, left: &Range<usize>, claim: &mut Claim<'t>) {
    const RULE: &str = "possessive with an elided noun";
    let sentence = sentence(scene);
    let Some(item) = left.clone().rev().find(|item| sentence.is_elided(*item)) else { return };
    let start = scene.items[item].start;
    let measure = claim.measure_id().unwrap_or_default();
    let term = scene.term(item, block, RULE);
    match (scene.kind(item), bearer(measure)) {
        ("company", Bearer::Company) => claim.subject = Some(term),
        ("company", _) => claim.actors = vec![term],
        ("country" | "place" | "region", _) => {
            claim.actors.retain(|actor| actor.origin.start_byte > start);
            claim.partners.retain(|partner| partner.origin.start_byte != start);
            claim.place = Some(term);
        }
        _ => {}
    }
}

/// Puts a name into the slot that its kind fills.
fn give<'t>(scene: &Scene<'t, '_>, block: &Block, item: usize, claim: &mut Claim<'t>) {
    const RULE: &str = "one by one of a list";
    if scene.is_time(item) {
        if let Some(is) = scene.interval(item) {
            claim.period = Some(Slot { is, origin: scene.origin(item, block, RULE) });
        }
        return;
    }
    let measure = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    let term = scene.term(item, block, RULE);
    let of_market = matches!(measure, "measure/market-share" | "measure/share");
    match (scene.kind(item), bearer(measure)) {
        ("measure", _) => {
            let unit = claim.unit().unwrap_or_default();
            if claim.value.is_none() || term.is.id.as_deref().is_some_and(|id| fits(id, unit)) {
                claim.measure = Some(term);
                super::measured::settle(claim);
            }
        }
        // Of a market each has a part.
        ("company", _) if of_market => claim.part = Some(term),
        ("commodity" | "index", _) | ("company", Bearer::Company | Bearer::Any) => {
            claim.subject = Some(term);
            claim.joint.clear();
        }
        // What is traded on an exchange is of the company.
        ("company", _) if matches!(measure, "measure/trading-volume" | "measure/open-interest") => {
            claim.subject = Some(term);
            claim.joint.clear();
            claim.actors.clear();
        }
        ("company", _) => claim.actors = vec![term],
        ("country" | "place" | "region", _) => {
            let partners =
                matches!(measure, "measure/imports" | "measure/exports") && !claim.partners.is_empty();
            if partners {
                claim.partners = vec![term];
            } else {
                claim.place = Some(term);
            }
        }
        ("exchange", _) => claim.venue = Some(term),
        _ => {}
    }
}
