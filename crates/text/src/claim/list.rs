//! Lists that go one by one: subjects, companies or months with values, and values with changes (分别, «respectively»).

use std::ops::Range;

use super::cues::Cue;
use super::draft::{Draft, Sentence};
use super::items::What;
use super::layout::Block;
use super::measure::{Bearer, bearer};
use super::scene::Scene;
use super::slots::{Claim, Slot};
use crate::mention::{Kind, Precision};

/// Farthest gap between two members of a list, in bytes.
const BETWEEN: usize = 14;

impl Sentence<'_> {
    /// Gives each of several levels its own change, where the changes are said behind them one by one.
    pub(super) fn deal(&self, range: &Range<usize>, drafts: &mut Vec<Draft>) {
        for word in range.clone().filter(|item| self.items[*item].cue() == Some(Cue::Respectively)) {
            let dealt: Vec<(usize, usize)> = drafts
                .iter()
                .enumerate()
                .flat_map(|(index, draft)| {
                    draft.moves.iter().enumerate().map(move |(at, moved)| (index, at, moved.by))
                })
                .filter(|(_, _, by)| {
                    by.is_some_and(|by| {
                        by > word
                            && !(word..by).any(|item| matches!(self.items[item].mark(), Some(';' | '。')))
                    })
                })
                .map(|(index, at, _)| (index, at))
                .collect();
            let levels: Vec<usize> = (0..drafts.len())
                .filter(|index| drafts[*index].level.is_some_and(|level| level < word))
                .collect();
            // «分别为3吨和4吨,分别增长» deals levels first.
            let last = dealt.last().and_then(|(index, at)| drafts[*index].moves[*at].by).unwrap_or(word);
            let later =
                drafts.iter().any(|draft| draft.level.is_some_and(|level| level > word && level < last));
            if levels.is_empty() && !later && dealt.len() > 1 {
                apart(drafts, dealt[0].0);
                continue;
            }
            let Some(first) = levels.len().checked_sub(dealt.len()).filter(|_| dealt.len() > 1) else {
                continue;
            };
            let mut moves = Vec::new();
            for (index, at) in dealt.iter().rev() {
                moves.push(drafts[*index].moves.remove(*at));
            }
            // What says the direction of the first says it of the rest: 分别下跌0.4%和0.8%.
            let told =
                moves.last().and_then(|moved| moved.direction.map(|direction| (direction, moved.word)));
            for (level, mut moved) in levels[first..].iter().zip(moves.into_iter().rev()) {
                if let Some((direction, word)) = told.filter(|_| moved.direction.is_none()) {
                    moved.direction = Some(direction);
                    moved.word = word;
                }
                drafts[*level].moves.push(moved);
            }
        }
        drafts.retain(|draft| draft.anchor().is_some());
    }
}

/// Changes of several things that are told one by one are drafts of their own: 分别上涨2.2%、4.7%和1.5%.
fn apart(drafts: &mut Vec<Draft>, at: usize) {
    let mut moves = std::mem::take(&mut drafts[at].moves);
    let told = moves.first().and_then(|moved| moved.direction.map(|direction| (direction, moved.word)));
    for moved in &mut moves {
        if let Some((direction, word)) = told.filter(|_| moved.direction.is_none()) {
            moved.direction = Some(direction);
            moved.word = word;
        }
    }
    drafts.splice(at..=at, moves.into_iter().map(|moved| Draft { level: None, moves: vec![moved] }));
}

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
        let Some(names) = names_of(scene, all, before, run.len()) else {
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
}

/// 第四季度、第一季度及第二季度的出货量是18.6、16.2和21.9吉瓦时: as many times as figures of one measure go one by one without a word
/// for it.
fn by_number<'t>(scene: &Scene<'t, '_>, block: &Block, all: &Range<usize>, claims: &mut [Claim<'t>]) {
    let mut first = 0;
    while first < claims.len() {
        let Some(run) = run_of(scene, claims, first) else { return };
        first = run.end;
        let measure = claims[run.start].measure_id().map(str::to_owned);
        let alike = claims[run.clone()].iter().all(|claim| {
            claim.measure_id() == measure.as_deref()
                && claim.unit() == claims[run.start].unit()
                && claim.value.is_some()
        });
        if run.len() < 2 || !alike || measure.is_none() {
            continue;
        }
        let Some(names) = names_of(scene, all, claims[run.start].start_byte, run.len()) else { continue };
        if names.iter().all(|item| scene.is_time(*item)) {
            for (index, item) in run.zip(names) {
                give(scene, block, item, &mut claims[index]);
            }
        }
    }
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

/// The claims from `first` on whose figures stand in one list.
fn run_of(scene: &Scene<'_, '_>, claims: &[Claim<'_>], first: usize) -> Option<Range<usize>> {
    let mut end = first + 1;
    while end < claims.len() {
        let gap = scene.text.get(claims[end - 1].end_byte..claims[end].start_byte)?;
        if !is_join(gap) {
            break;
        }
        end += 1;
    }
    Some(first..end)
}

/// True if nothing but a comma or an «and» stands between two members of a list.
fn is_join(gap: &str) -> bool {
    // 力拓(皮尔巴拉)、必和必拓(西澳): what stands in brackets parts nothing.
    let gap =
        match gap.trim_start().strip_prefix(['(', '（']).and_then(|inside| inside.split_once([')', '）'])) {
            Some((inside, rest)) if inside.len() <= 40 => rest,
            _ => gap,
        };
    // 158万辆、112万辆: what is counted is no part of the number.
    let counted = ['辆', '家', '只', '台', '套', '座', '艘', '个', '起', '份', '票', '宗', '人', '吨'];
    let words = gap.trim().trim_start_matches(counted).trim_start_matches([',', '，', '、']).trim();
    // «2023, 2024 and in the first half of 2025»
    let words = words.strip_suffix("the").map_or(words, str::trim_end);
    let words = words.strip_suffix(" in").or(words.strip_suffix(" for")).unwrap_or(words);
    gap.len() <= BETWEEN && matches!(words, "" | "and" | "和" | "与" | "及" | "以及" | "or" | "&" | "/")
}

/// As many names of one kind as there are figures, in one list before them; the nearest such list.
fn names_of(scene: &Scene<'_, '_>, all: &Range<usize>, before: usize, count: usize) -> Option<Vec<usize>> {
    let kind = |item: usize| {
        if scene.items[item].what == What::Name {
            return Some("company");
        }
        let mention = scene.mention(item)?;
        match mention.kind {
            Kind::Time => Some("time"),
            Kind::Entity => match scene.kind(item) {
                kind @ ("commodity" | "company" | "index" | "exchange") => Some(kind),
                "country" | "place" | "region" => Some("place"),
                _ => None,
            },
            _ => None,
        }
    };
    let named: Vec<usize> =
        all.clone().filter(|item| kind(*item).is_some() && scene.items[*item].end <= before).collect();
    let mut lists: Vec<Vec<usize>> = Vec::new();
    for item in named {
        let joined = lists.last().and_then(|list| list.last()).is_some_and(|last| {
            kind(*last) == kind(item)
                && scene.text.get(scene.items[*last].end..scene.items[item].start).is_some_and(is_join)
        });
        match lists.last_mut().filter(|_| joined) {
            Some(list) => list.push(item),
            None => lists.push(vec![item]),
        }
    }
    lists.into_iter().rev().find_map(|list| {
        // «In the fourth quarter, October, November and December»: the first holds the others.
        let whole = list.len() == count + 1 && holds(scene, &list);
        (list.len() == count || whole).then(|| list[list.len() - count..].to_vec())
    })
}

/// True if the first time of a list holds all the others.
fn holds(scene: &Scene<'_, '_>, list: &[usize]) -> bool {
    let intervals: Option<Vec<_>> = list.iter().map(|item| scene.interval(*item)).collect();
    let Some([whole, parts @ ..]) = intervals.as_deref() else { return false };
    parts.iter().all(|part| whole.start <= part.start && part.end <= whole.end)
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
    match (scene.kind(item), bearer(measure)) {
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
