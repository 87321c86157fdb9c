//! Against or with whom an event is, if that is described and not named: «against undeclared accounts», 约谈某企业.

use std::ops::Range;

use super::cues::Cue;
use super::described::{self, Who};
use super::event_slots::Around;
use super::scene::Memory;
use super::slots::{Claim, EventType};
use crate::find::lower;

/// Longest stretch between an event's word and the word behind which its target stands, in bytes.
const NEAR: usize = 60;
/// Longest target in bytes.
const LONGEST: usize = 60;

/// Fills the target from words, if no name is one.
pub(super) fn fill<'t>(around: &Around<'_, 't, '_>, memory: &Memory, claim: &mut Claim<'t>) {
    if !claim.targets.is_empty() {
        return;
    }
    let scene = around.scene;
    let end = scene.items.get(around.clause.end).filter(|_| around.clause.end < around.all.end);
    let end = end.map_or(around.block.span.end, |item| item.start);
    let start = scene.items[around.item].end;
    let Some(rest) = scene.text.get(start..end) else { return };
    let found = if scene.words(around.item).is_ascii() {
        english(around.event, rest)
    } else {
        chinese(around.event, rest)
    };
    if let Some(span) = found.is_none().then(|| before(around)).flatten() {
        claim.targets.push(scene.words_term(span, "whom it meets in words"));
        return;
    }
    let Some(span) = found.map(|span| start + span.start..start + span.end) else { return };
    let named = scene.items_in(&span).any(|item| {
        matches!(scene.kind(item), "commodity" | "place") && scene.items[item].span() == span
            || scene.is_time(item)
    });
    let words = &scene.text[span.clone()];
    if named || claim.actors.iter().any(|actor| actor.is.words == words) {
        return;
    }
    let company = ["the company", "the Company", "该公司", "公司"].contains(&words);
    if let Some(item) = memory.company.or(memory.topic).filter(|_| company) {
        claim.targets.push(around.term(item, "company told before"));
        return;
    }
    claim.targets.push(around.scene.words_term(span, "whom it meets in words"));
}

/// 藏格锂业收到通知，要求立即停止…: who received a notice in a clause before is met by what it orders.
pub(super) fn turn_received(around: &Around<'_, '_, '_>, claim: &mut Claim<'_>) {
    if around.event != EventType::Enforcement || !claim.targets.is_empty() || claim.actors.is_empty() {
        return;
    }
    let scene = around.scene;
    let start = scene.items[around.item].start;
    let met = |end: usize| {
        let behind = scene.text.get(end..start).unwrap_or_default();
        let near = behind.split(['，', ',']).next().unwrap_or_default();
        ["收到", "接到", "接获", " received a ", " received an "].iter().any(|word| near.contains(word))
    };
    if claim.actors.iter().all(|actor| actor.origin.end_byte <= start && met(actor.origin.end_byte)) {
        claim.targets = std::mem::take(&mut claim.actors);
    }
}

/// True if the words between a name and a control say that the named one need not obey it: «X was granted a waiver from».
pub(super) fn is_let_off(around: &Around<'_, '_, '_>, item: usize) -> bool {
    let gap = lower(around.scene.gap(item, around.item)).into_owned();
    let spared = ["exempt", "waiver", "exclusion", "carve-out", "豁免"].iter().any(|word| gap.contains(word));
    let passive =
        ["was ", "were ", "been ", "received", "got ", "secured", "won ", "obtained", "获", "被"].iter();
    spared
        && matches!(around.event, EventType::Ban | EventType::Licence | EventType::Quota)
        && passive.into_iter().any(|word| gap.contains(word))
}

/// True for whom an event only answers, or whose measures it does: «in response to US tariffs».
pub(super) fn is_a_reason(around: &Around<'_, '_, '_>, item: usize) -> bool {
    const LEADS: &[&str] =
        &["response to", "retaliation to", "reaction to", "owing to", "due to", "thanks to", "reply to"];
    let start = around.scene.items[item].start;
    let before = lower(around.scene.text[..start].trim_end()).into_owned();
    let before = before.strip_suffix(" the").unwrap_or(&before);
    LEADS.iter().any(|lead| before.ends_with(lead))
        || ["应对", "回应", "反制"].iter().any(|lead| before.ends_with(lead))
}

/// True if the first name says what the second does.
pub(super) fn says_between(around: &Around<'_, '_, '_>, left: usize, right: usize) -> bool {
    let scene = around.scene;
    let mut said = false;
    for item in left + 1..right {
        match scene.items[item].cue() {
            Some(Cue::Say) => said = true,
            Some(Cue::Event(_) | Cue::Named(_) | Cue::Relief) => return false,
            _ => {}
        }
    }
    let gap = scene.gap(left, right).trim_end();
    let subject = ["said", "says", "that", "the", "称", "说", "表示", "指出", "认为", "透露"];
    said && subject.iter().any(|word| gap.ends_with(word))
}

/// Before a Chinese word: 对数十名客户采取…措施, 与一家航空材料客户签订….
fn before(around: &Around<'_, '_, '_>) -> Option<Range<usize>> {
    let scene = around.scene;
    let word = &scene.items[around.item];
    let from = match around.clause.start.checked_sub(1).filter(|mark| *mark >= around.all.start) {
        Some(mark) => scene.items[mark].end,
        None => around.block.span.start,
    };
    let lead = scene.text.get(from..word.start)?;
    let link = match around.event {
        EventType::Enforcement => '对',
        EventType::Agreement => '与',
        _ => return None,
    };
    let at = lead.rfind(link)? + link.len_utf8();
    if lead.len() - at > LONGEST {
        return None;
    }
    let span = described::nearest(scene.text, from + at..word.start, Who::Target)?;
    let words = scene.text.get(span.clone())?;
    let own = words.strip_prefix("公司").filter(|rest| !rest.is_empty()).map_or(0, |_| "公司".len());
    let starts = span.start <= from + at + own;
    let one = around.event != EventType::Agreement
        || ["一家", "某", "两家", "多家", "数家"].iter().any(|one| words.starts_with(one));
    (starts && one).then(|| span.start + own..span.end)
}

/// Behind «against», «with» or «to», or directly behind a verb of enforcement.
fn english(event: EventType, rest: &str) -> Option<Range<usize>> {
    let links: &[&str] = match event {
        EventType::Agreement => &[" with "],
        EventType::Enforcement => &[" against ", " to ", " into "],
        EventType::Ban => &[" against "],
        _ => return None,
    };
    for link in links {
        let Some(at) = rest.find(link).filter(|at| *at <= NEAR) else { continue };
        return phrase(rest, at + link.len());
    }
    let object = event == EventType::Enforcement && rest.starts_with(' ');
    object.then(|| phrase(rest, 1)).flatten()
}

/// The noun phrase at `from`, up to a word that cannot be of it.
fn phrase(rest: &str, from: usize) -> Option<Range<usize>> {
    let mut end = from;
    for (index, word) in rest[from..].split_inclusive(' ').enumerate() {
        let bare = word.trim_end();
        let first = index == 0;
        let stop = [
            "in", "on", "for", "to", "that", "which", "under", "over", "with", "at", "by", "from", "after",
            "before", "and", "of", "as", "since", "until", "during", "who", "is", "was", "were", "had",
            "has", "will", "worth", "while", "last", "this", "about",
        ];
        let article = matches!(bare, "a" | "an" | "the");
        if stop.contains(&bare) || article && !first {
            break;
        }
        end += word.len();
        if bare.ends_with([',', '.', ';', ':']) {
            break;
        }
    }
    let words = rest[from..end].trim_end_matches([' ', ',', '.', ';', ':']);
    let end = from + words.len();
    let proper = rest[from..].starts_with(|first: char| first.is_ascii_uppercase());
    let meets = proper || described::at_end(rest, from..end, Who::Target).is_some();
    (meets && words.len() <= LONGEST).then_some(from..end)
}

/// Directly behind a verb of enforcement: 查实某企业将…, 约谈多家冶炼厂.
fn chinese(event: EventType, rest: &str) -> Option<Range<usize>> {
    if event != EventType::Enforcement {
        return None;
    }
    let end = rest
        .find(['将', '在', '因', '以', '的', '未', '存', '违', '涉', '，', '。', ','])
        .or_else(|| rest.char_indices().nth(16).map(|(at, _)| at))
        .unwrap_or(rest.len());
    let span = described::at_end(rest, 0..end, Who::Target)?;
    (span.start <= 9).then_some(span)
}
