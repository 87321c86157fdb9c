//! When an event was made known, and when it takes effect.
//!
//! A word of announcing (公布, «announced») or of effect (起施行, «effective from») gives its role to one time: in English the one
//! behind it, in Chinese the nearest. A time of the event's own clause that no such word claims is when it happens.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use super::cues::Cue;
use super::event_slots::Around;
use super::slots::{Claim, Interval, Slot};
use crate::find::lower;
use crate::mention::{Kind, Precision};

/// Longest stretch between a word of effect and its date, in bytes.
const EFFECTIVE: usize = 12;
/// Longest stretch between a word of announcing and its date, in bytes.
const ANNOUNCED: usize = 24;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Effective,
    Announced,
}

/// Fills both dates, as far as they are not filled yet.
pub(super) fn fill<'t>(around: &Around<'_, 't, '_>, claim: &mut Claim<'t>) {
    let times: Vec<(usize, Option<Role>)> = around
        .all
        .clone()
        .filter(|time| around.scene.is_time(*time))
        .map(|time| (time, role(around, time)))
        .collect();
    // Of the times that no word claims the nearest is the event's.
    let free_here: Vec<usize> = times
        .iter()
        .filter(|(time, role)| role.is_none() && around.clause.contains(time))
        .map(|(time, _)| *time)
        .collect();
    let nearest = free_here.into_iter().min_by_key(|time| gap(around, around.item, *time));
    let here = |time: usize| around.clause.contains(&time);
    let takes_effect = |time: usize| {
        // «By an order effective from 1 April, the ministry will require a licence»
        let told = time < around.item
            && controls(around)
            && !(time..around.item).any(|item| {
                scene_mark(around, item) == Some(';')
                    || matches!(around.scene.items[item].cue(), Some(Cue::Event(_) | Cue::Named(_)))
            });
        here(time) || time > around.item || leads(around, time) || told
    };
    // Further behind, or behind a semicolon, it may be that of another event.
    let parted =
        |time: usize| (around.clause.end..time).any(|item| around.scene.items[item].mark() == Some(';'));
    let near =
        |time: usize| here(time) || leads(around, time) || is_next_clause(around, time) && !parted(time);
    let is_told = is_announced(around)
        && times.iter().any(|(time, role)| *role == Some(Role::Effective) && near(*time));
    // «ratified on 8 May the agreement signed on 30 April»: the day behind the verb is its own.
    let is_signed_later = times.iter().any(|(time, role)| {
        role.is_none()
            && *time > around.item
            && here(*time)
            && is_on(around, *time)
            && is_a_day(around, *time)
            && lower(around.scene.words(around.item)).starts_with("signed")
    });
    for (time, role) in times {
        let slot = |rule: &'static str| {
            around
                .scene
                .interval(time)
                .map(|is| Slot { is, origin: around.scene.origin(time, around.block, rule) })
        };
        let free = claim.effective.is_none();
        let announced = claim.announced.is_none();
        match role {
            Some(Role::Effective) if free && takes_effect(time) => claim.effective = slot("date of effect"),
            Some(Role::Announced)
                if announced && (here(time) || time < around.item || is_next_clause(around, time)) =>
            {
                claim.announced = slot("date of the announcement");
            }
            // «announced controls on antimony on 15 August, effective 15 September»
            None if is_told && announced && here(time) && time > around.item => {
                claim.announced = slot("date of the announcement");
            }
            // 11月7日，商务部宣布暂停实施…
            None if announced
                && is_announced(around)
                && controls(around)
                && leads(around, time)
                && is_a_day(around, time) =>
            {
                claim.announced = slot("date of the announcement");
            }
            // A contract was made on the day that is said, and binds from the one that it names.
            None if announced
                && around.event == super::slots::EventType::Agreement
                && (here(time) && time < around.item
                    || leads(around, time)
                    || here(time) && is_on(around, time))
                && !["complet", "clos", "完成", "交割"]
                    .iter()
                    .any(|done| lower(around.scene.words(around.item)).contains(done))
                && is_a_day(around, time)
                && !(time < around.item && is_signed_later) =>
            {
                claim.announced = slot("date of the announcement");
            }
            None if !is_told
                && free
                && (here(time) || leads(around, time))
                && nearest.is_none_or(|nearest| nearest == time || !here(time))
                && happens(around) =>
            {
                claim.effective = slot("date of the event");
            }
            _ => {}
        }
    }
    ends_only(around, claim);
    lasts(around, claim);
    runs_until(around, claim);
    ends_later(around, claim);
}

fn scene_mark(around: &Around<'_, '_, '_>, item: usize) -> Option<char> {
    around.scene.items[item].mark()
}

/// True for bans, licences and quotas, which are made known before they hold.
fn controls(around: &Around<'_, '_, '_>) -> bool {
    use super::slots::EventType;
    matches!(around.event, EventType::Ban | EventType::Licence | EventType::Quota)
}

/// 宣布暂停实施上述措施，直至2026年11月10日: the end that the clause behind says, where no beginning is said.
fn ends_later(around: &Around<'_, '_, '_>, claim: &mut Claim<'_>) {
    let scene = around.scene;
    if claim.effective.is_some() || !controls(around) {
        return;
    }
    let ends = |time: &usize| {
        let words = lower(scene.words(*time));
        let open = scene.interval(*time).is_some_and(|is| is.start.is_none() && is.end.is_some());
        scene.is_time(*time)
            && open
            && ["until", "till", "直至", "直到", "through"].iter().any(|word| words.starts_with(word))
    };
    let near = |time: &usize| {
        let parted = (around.item..*time).any(|item| scene.items[item].mark() == Some(';'));
        !parted && (around.clause.contains(time) || is_next_clause(around, *time))
    };
    let Some(time) = (around.item + 1..around.all.end).find(|time| ends(time) && near(time)) else { return };
    claim.effective = scene
        .interval(time)
        .map(|is| Slot { is, origin: scene.origin(time, around.block, "date of effect") });
}

/// 即日起至2026年11月27日: the day is the end of what begins at once; of a control, also in the clause right before it.
fn ends_only(around: &Around<'_, '_, '_>, claim: &mut Claim<'_>) {
    let scene = around.scene;
    let is_end = |start: usize| {
        let before = scene.text[around.block.span.start..start].trim_end();
        before.ends_with("起至") || before.ends_with("起到") || before.ends_with("起，至")
    };
    if let Some(effective) = claim.effective.as_mut() {
        if is_end(effective.origin.start_byte) {
            effective.is.start = None;
        }
        return;
    }
    let first = around.clause.start;
    let from = around.all.start.max(first.saturating_sub(6));
    let last = (from..first).rev().find(|item| scene.is_time(*item) && is_end(scene.items[*item].start));
    let Some(time) =
        last.filter(|time| (*time..first).filter(|item| scene.items[*item].mark().is_some()).count() <= 1)
    else {
        return;
    };
    claim.effective = scene.interval(time).map(|is| Slot {
        is: Interval { start: None, ..is },
        origin: scene.origin(time, around.block, "date of effect"),
    });
}

/// «suspended it on Sunday until 27 November»: the end that its clause says of what begins on a day, or at once.
fn runs_until(around: &Around<'_, '_, '_>, claim: &mut Claim<'_>) {
    let Some(effective) = claim.effective.as_mut() else { return };
    let Some(start) = effective.is.start.clone() else { return };
    let began = effective.origin.start_byte;
    let day =
        start.parse::<Date>().ok().and_then(|day| day.checked_add(1.day()).ok()).map(|day| day.to_string());
    if effective.is.end.is_some() && effective.is.end != day {
        return;
    }
    let last =
        around.clause.clone().filter(|item| around.scene.items[*item].start > began).find_map(|item| {
            let interval = around.scene.interval(item).filter(|_| around.scene.is_time(item))?;
            // «opened a line and aims to meet 30 % by 2030» says no end of it.
            if lower(around.scene.words(item)).starts_with("by ") {
                return None;
            }
            interval.end.filter(|end| interval.start.is_none() && *end > start)
        });
    if let Some(last) = last {
        effective.is = Interval { end: Some(last), ..effective.is.clone() };
    }
}

/// True unless the event is a single act of an authority or of publishing, which is over when it is told: 查扣, 印发.
fn happens(around: &Around<'_, '_, '_>) -> bool {
    const LASTING: &[&str] = &[
        "行动", "专项", "监察", "检查", "整治", "整顿", "action", "campaign", "rectification", "inspection",
        "sweep", "crackdown", "drive", "probe", "investigation", "调查",
    ];
    const PUBLISHED: &[&str] =
        &["印发", "发布", "下发", "出台", "征求意见", "下线", "issued", "published", "declared"];
    let word = lower(around.scene.words(around.item));
    let says = |words: &[&str]| words.iter().any(|other| word.contains(other));
    match around.event {
        super::slots::EventType::Enforcement => says(LASTING),
        _ => !says(PUBLISHED),
    }
}

/// True for a time of a week or month at most that is over.
fn is_a_day(around: &Around<'_, '_, '_>, time: usize) -> bool {
    let short = around.scene.precision(time).is_none_or(|precision| precision <= Precision::Month);
    let words = lower(around.scene.words(time));
    let ahead = ["next", "下周", "下月", "明", "以前", "until", "from", "自", "起"]
        .iter()
        .any(|word| words.contains(word));
    short
        && !ahead
        && around
            .scene
            .interval(time)
            .is_some_and(|interval| interval.start.is_some() && interval.end.is_some())
}

/// True if «on» or «in» stands before a time, or nothing: «signed a contract on Friday».
fn is_on(around: &Around<'_, '_, '_>, time: usize) -> bool {
    let ahead = around.scene.text[..around.scene.items[time].start].trim_end();
    [" on", " in", " last", " late", " early"].iter().any(|word| ahead.ends_with(word))
}

/// True if a word of announcing stands before the event in its clause.
fn is_announced(around: &Around<'_, '_, '_>) -> bool {
    let mut before = around.clause.start..around.item;
    before.any(|item| around.scene.items[item].cue() == Some(Cue::Announced))
}

/// What the words beside a time say of it: the nearest word whose own time it is.
fn role(around: &Around<'_, '_, '_>, time: usize) -> Option<Role> {
    let scene = around.scene;
    let mut best: Option<(usize, Role)> = None;
    let from = stop(around, time, false);
    let to = stop(around, time, true);
    for item in from..to {
        let (role, reach) = match scene.items[item].cue() {
            Some(Cue::Effective) => (Role::Effective, EFFECTIVE),
            Some(Cue::Announced) => (Role::Announced, ANNOUNCED),
            _ => continue,
        };
        let gap = gap(around, item, time);
        if gap > reach || own_time(around, item, reach) != Some(time) {
            continue;
        }
        if best.is_none_or(|(other, _)| gap < other) {
            best = Some((gap, role));
        }
    }
    best.map(|(_, role)| role)
}

/// The time that a word of effect or announcing is for.
fn own_time(around: &Around<'_, '_, '_>, item: usize, reach: usize) -> Option<usize> {
    let scene = around.scene;
    let free = |other: &usize| scene.items[*other].mark().is_none();
    let is_time = |other: &usize| scene.is_time(*other) && gap(around, item, *other) <= reach;
    let behind = (item + 1..around.all.end).take_while(free).find(is_time);
    let before = (around.all.start..item).rev().take_while(free).find(is_time);
    // A time inside which the word stands, such as 自…起, is its own.
    let inside = |other: usize| gap(around, item, other) == 0;
    match (before, behind) {
        (Some(before), Some(behind)) => {
            let english = scene.words(item).is_ascii();
            let nearer = gap(around, item, behind) < gap(around, item, before);
            Some(if (english || nearer) && !inside(before) { behind } else { before })
        }
        (before, behind) => before.or(behind),
    }
}

fn gap(around: &Around<'_, '_, '_>, left: usize, right: usize) -> usize {
    let (there, at) = (&around.scene.items[left], &around.scene.items[right]);
    at.start.saturating_sub(there.end).max(there.start.saturating_sub(at.end))
}

/// The first item before or behind a time, up to a mark.
fn stop(around: &Around<'_, '_, '_>, time: usize, behind: bool) -> usize {
    let is_mark = |item: &usize| around.scene.items[*item].mark().is_some();
    if behind {
        (time + 1..around.all.end).find(is_mark).unwrap_or(around.all.end)
    } else {
        (around.all.start..time).rev().find(is_mark).map_or(around.all.start, |mark| mark + 1)
    }
}

/// True if the time is in the clause directly behind the event's.
fn is_next_clause(around: &Around<'_, '_, '_>, time: usize) -> bool {
    let marks = (around.clause.end..time)
        .filter(|item| matches!(around.scene.items[*item].mark(), Some(',' | ';')))
        .count();
    time > around.item && marks <= 1
}

/// True if the time is alone in a clause directly before the event's: «On 11 July, ...», 12月3日起，….
fn leads(around: &Around<'_, '_, '_>, time: usize) -> bool {
    let scene = around.scene;
    time < around.clause.start
        && (time + 1..around.clause.start).all(|item| {
            let there = &scene.items[item];
            there.mark().is_some() || there.end <= scene.items[time].end
        })
        && (around.all.start..time).rev().take_while(|item| scene.items[*item].mark().is_none()).count() == 0
}

/// A closure of a stated length ends with it: 3月5日起停产检修，为期20天.
fn lasts(around: &Around<'_, '_, '_>, claim: &mut Claim<'_>) {
    let Some(effective) = claim.effective.as_mut() else { return };
    let Some(start) = effective.is.start.as_deref().and_then(|start| start.parse::<Date>().ok()) else {
        return;
    };
    let day = start.checked_add(1.day()).map(|day| day.to_string()).ok();
    if effective.is.end.is_some() && effective.is.end != day {
        return;
    }
    let scene = around.scene;
    let end = (around.item + 1..around.all.end)
        .find(|item| scene.items[*item].mark() == Some(';'))
        .unwrap_or(around.all.end);
    let length = (around.clause.start..end).find_map(|item| {
        let mention = scene.mention(item).filter(|mention| mention.kind == Kind::Duration)?;
        span(mention.value.as_deref()?, mention.unit.as_deref()?)
    });
    let is_closed = claim.event == Some(super::slots::EventType::Closure) && claim.status.is_none();
    if let Some(last) = length.filter(|_| is_closed).and_then(|length| start.checked_add(length).ok()) {
        effective.is = Interval { end: Some(last.to_string()), ..effective.is.clone() };
    }
}

/// A length in days, weeks, months or years.
fn span(value: &str, unit: &str) -> Option<Span> {
    let number: i64 = value.parse().ok()?;
    if !(0..=10_000).contains(&number) {
        return None;
    }
    match unit {
        "d" => Some(number.days()),
        "wk" => Some(number.weeks()),
        "mo" => Some(number.months()),
        "a" => Some(number.years()),
        _ => None,
    }
}
