//! Events: bans, licences, quotas, closures, agreements, enforcement, announcements, with who, what and when.

use std::ops::Range;

use super::cues::Cue;
use super::layout::{Block, BlockKind};
use super::scene::{Memory, Scene};
use super::slots::{Choice, Claim, EventType, Slot, Status};

/// Longest stretch between an event's word and the word that says its status, in bytes.
const NEAR: usize = 40;

/// The events of one block. `figures` are the claims already read there: what is told with a figure is one of those.
pub(super) fn claims<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    memory: &Memory,
    figures: &[Claim<'t>],
) -> Vec<Claim<'t>> {
    if matches!(block.kind, BlockKind::Row) {
        return Vec::new();
    }
    let all = scene.items_of(block);
    let mut found: Vec<Claim<'t>> = Vec::new();
    let mut last: Option<(EventType, usize)> = None;
    for clause in clauses(scene, &all) {
        let has_figure = figures.iter().any(|figure| {
            clause.clone().any(|item| {
                let span = scene.items[item].span();
                figure.start_byte < span.end && span.start < figure.end_byte
            })
        });
        let Some((item, event)) = trigger(scene, &clause, has_figure) else { continue };
        // One event is told once in a sentence, however many words name it.
        if last.is_some_and(|(kind, _)| kind == event || event == EventType::Announcement) {
            continue;
        }
        let claim = claim(scene, block, memory, &all, &clause, item, event);
        if claim.actors.is_empty() && claim.subject.is_none() && claim.targets.is_empty() {
            continue;
        }
        last = Some((event, item));
        found.push(claim);
    }
    found
}

/// The parts of a sentence between commas and semicolons.
fn clauses(scene: &Scene<'_, '_>, all: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = all.start;
    for item in all.clone() {
        if matches!(scene.items[item].mark(), Some(',' | ';')) {
            found.push(start..item);
            start = item + 1;
        }
    }
    found.push(start..all.end);
    found
}

/// The word of a clause that tells what happens. The more telling kinds go before a bare announcement.
fn trigger(scene: &Scene<'_, '_>, clause: &Range<usize>, has_figure: bool) -> Option<(usize, EventType)> {
    // «to bypass export controls» names an event and tells none.
    let told = clause.clone().any(|item| scene.items[item].cue() == Some(Cue::Act) || scene.is_time(item));
    let events = clause.clone().filter_map(|item| match scene.items[item].cue() {
        Some(Cue::Event(event)) => Some((item, event)),
        Some(Cue::Named(event)) if told => Some((item, event)),
        _ => None,
    });
    let rank = |event: EventType| match event {
        EventType::Ban => 6,
        EventType::Enforcement => 5,
        EventType::Closure => 4,
        EventType::Licence => 3,
        EventType::Agreement => 2,
        EventType::Quota => 1,
        EventType::Announcement => 0,
    };
    let mut best: Option<(usize, EventType)> = None;
    for (item, event) in events {
        // A quota or an announcement with a figure is that figure's claim.
        if has_figure && matches!(event, EventType::Quota | EventType::Announcement | EventType::Licence) {
            continue;
        }
        if best.is_none_or(|(_, other)| rank(event) > rank(other)) {
            best = Some((item, event));
        }
    }
    best
}

fn claim<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    memory: &Memory,
    all: &Range<usize>,
    clause: &Range<usize>,
    item: usize,
    event: EventType,
) -> Claim<'t> {
    let span = scene.items[item].span();
    let mut claim = Claim {
        start_byte: span.start,
        end_byte: span.end,
        quote: &scene.text[span],
        sentence: block.span.clone(),
        event: Some(event),
        ..Claim::default()
    };
    parties(scene, block, all, clause, item, &mut claim);
    let good = |range: Range<usize>| range.into_iter().find(|item| scene.kind(*item) == "commodity");
    let subject = good(item..clause.end)
        .or_else(|| (clause.start..item).rev().find(|item| scene.kind(*item) == "commodity"));
    let subject = subject.or_else(|| (all.start..item).rev().find(|item| scene.kind(*item) == "commodity"));
    claim.subject = subject.map(|item| scene.term(item, block, "goods of the event"));
    if claim.actors.is_empty()
        && clause.clone().any(|item| scene.items[item].cue() == Some(Cue::Company))
        && let Some(company) = memory.company
    {
        claim.actors.push(scene.term(company, block, "company told before"));
    }
    times(scene, block, clause, all, item, &mut claim);
    let start = scene.items[item].start;
    for other in clause.clone() {
        let there = &scene.items[other];
        let near = there.start.abs_diff(start) <= NEAR;
        match there.cue() {
            Some(Cue::Status(value)) if near && (value != Status::Proposed || other < item) => {
                claim.status =
                    Some(Slot { is: Choice { value }, origin: scene.origin(other, block, "status word") });
            }
            Some(Cue::Modality(value))
                if other < item && claim.modality.is_none() && claim.status.is_none() =>
            {
                claim.modality =
                    Some(Slot { is: Choice { value }, origin: scene.origin(other, block, "modal word") });
            }
            _ => {}
        }
    }
    claim
}

/// Actors stand before the word, joined by «and» perhaps; whom it is with or against behind it.
fn parties<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    all: &Range<usize>,
    clause: &Range<usize>,
    item: usize,
    claim: &mut Claim<'t>,
) {
    let is_party = |item: &usize| {
        matches!(scene.kind(*item), "company" | "agency" | "country" | "exchange" | "institution" | "region")
    };
    let mut before: Vec<usize> = (clause.start..item).filter(is_party).collect();
    if before.is_empty() {
        before = (all.start..clause.start).filter(is_party).collect();
        before.truncate(1);
    }
    for party in before {
        let words = scene.text[..scene.items[party].start].trim_end();
        let with = ["与", "和", "同", "对", "向", "with", "against", "to", "from"]
            .iter()
            .any(|word| words.ends_with(word));
        let joined = words.ends_with("和") || words.ends_with("and");
        if with && !joined && !claim.actors.is_empty() || words.ends_with('对') || words.ends_with("against")
        {
            claim.targets.push(scene.term(party, block, "with or against whom"));
        } else {
            claim.actors.push(scene.term(party, block, "who acts"));
        }
    }
    for party in (item + 1..clause.end).filter(is_party) {
        claim.targets.push(scene.term(party, block, "with or against whom"));
    }
}

fn times<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    clause: &Range<usize>,
    all: &Range<usize>,
    item: usize,
    claim: &mut Claim<'t>,
) {
    for time in all.clone().filter(|time| scene.is_time(*time)) {
        let slot = |rule: &'static str| {
            scene.interval(time).map(|is| Slot { is, origin: scene.origin(time, block, rule) })
        };
        let beside = |cue: Cue| {
            let near = |other: usize| scene.items[other].cue() == Some(cue);
            let left = (all.start..time).rev().take(2).any(|other| {
                near(other) && scene.items[time].start.saturating_sub(scene.items[other].end) <= 4
            });
            let right = (time + 1..all.end).take(2).any(|other| {
                near(other) && scene.items[other].start.saturating_sub(scene.items[time].end) <= 4
            });
            left || right
        };
        if beside(Cue::Effective) {
            if claim.effective.is_none() {
                claim.effective = slot("date of effect");
            }
        } else if (clause.contains(&time) || time < item) && claim.announced.is_none() {
            claim.announced = slot("date of the event");
        }
    }
}
