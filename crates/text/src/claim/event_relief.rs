//! Controls that are suspended or lifted: «suspended that ban», 暂停实施…公告, «the measures were lifted».
//!
//! What is told is the control with the status eased, or ended where its word says so; it is no ban anew and no closure. A word
//! that only points at a control (措施, «the measures») has the type of the control that the sentence, or the text before it, names.

use std::ops::Range;

use super::cues::Cue;
use super::event_doubt;
use super::event_slots::Around;
use super::layout::Block;
use super::scene::Scene;
use super::slots::{Claim, EventType, Modality, Status};
use super::words::choice;
use crate::find::{lower, rfind};

/// Longest stretch between a Chinese verb and the control behind it, in bytes: the name of a notice with its number.
const OBJECT: usize = 90;
/// Longest stretch between a Chinese control and the verb behind it, in bytes: 自2025年11月10日起.
const SUBJECT: usize = 48;
/// Longest stretch between an English control and «was lifted», in bytes.
const PASSIVE: usize = 90;
/// How many items back a control is looked for that «the measures» mean.
const BACK: usize = 80;

/// Something done to a control.
pub(super) struct Relief {
    /// The item of its verb.
    pub(super) verb: usize,
    /// The item that tells the event: the control's name, if that is known, else the verb.
    pub(super) item: usize,
    /// What kind of control it is; nothing if no text before says it.
    pub(super) event: Option<EventType>,
}

/// The first control of a clause that is suspended or lifted.
pub(super) fn find(scene: &Scene<'_, '_>, block: &Block, clause: &Range<usize>) -> Option<Relief> {
    clause.clone().filter(|item| scene.items[*item].cue() == Some(Cue::Relief)).find_map(|verb| {
        let noun = object(scene, block, clause, verb).or_else(|| subject(scene, block, clause, verb))?;
        let named = scene.items_in(&(noun.start.saturating_sub(24)..noun.end)).find_map(|item| {
            let there = &scene.items[item];
            let covers = there.start <= noun.start && noun.end <= there.end;
            match there.cue() {
                Some(Cue::Named(event) | Cue::Event(event)) if covers && is_control(event) => {
                    Some((item, event))
                }
                _ => None,
            }
        });
        let word = lower(&scene.text[noun.clone()]).into_owned();
        let event = named.map(|(_, event)| event).or_else(|| kind(&word));
        let policy = POLICIES.iter().any(|policy| word.starts_with(policy)) && is_of_law(scene.words(verb));
        let meant = is_of_law(scene.words(verb)) || is_pointed_at(scene, block, noun);
        let told = event
            .or_else(|| named_around(scene, block, verb).filter(|_| meant))
            .or_else(|| policy.then_some(EventType::Announcement));
        Some(Relief { verb, item: named.map_or(verb, |(item, _)| item), event: told })
    })
}

/// True if nothing is told of a control's relief: it is denied, asked for, or only thought of.
pub(super) fn is_untold(
    scene: &Scene<'_, '_>,
    block: &Block,
    clause: &Range<usize>,
    relief: &Relief,
) -> bool {
    let thought = (clause.start..relief.verb).any(|item| {
        matches!(
            scene.items[item].cue(),
            Some(Cue::Status(Status::Proposed) | Cue::Modality(Modality::Expected | Modality::Hypothetical))
        )
    });
    let start = scene.items[relief.verb].start;
    let before = lower(&scene.text[event_doubt::clause_start(scene, block, start)..start]).into_owned();
    let asked = before.trim_end().ends_with(" to") && !DECIDED.iter().any(|word| before.contains(word));
    let former = ["the", "a", "previously"].iter().any(|word| before.trim_end() == *word)
        || [" the", " a", " an", " previously"].iter().any(|word| before.trim_end().ends_with(word));
    let nominal = scene.words(relief.verb).ends_with(" of");
    thought || asked || former && !nominal || event_doubt::is_untold(scene, block, start, EventType::Licence)
}

/// Sets the status, and the modality if the relief is only planned.
pub(super) fn fill<'t>(around: &Around<'_, 't, '_>, claim: &mut Claim<'t>) {
    let scene = around.scene;
    let Some(relief) = find(scene, around.block, around.clause).filter(|found| found.item == around.item)
    else {
        return;
    };
    let start = scene.items[relief.verb].start;
    let ended = scene.items_in(&(start..start + 1)).any(|item| {
        scene.items[item].start == start && scene.items[item].cue() == Some(Cue::Status(Status::Ended))
    });
    let status = if ended { Status::Ended } else { Status::Eased };
    claim.status = Some(choice(scene, around.block, relief.verb, status, "status word"));
    let begin = event_doubt::clause_start(scene, around.block, start);
    let before = lower(&scene.text[begin..start]).into_owned();
    let agreed = AGREED.iter().any(|word| before.contains(word));
    let future = (around.clause.start..relief.verb)
        .any(|item| matches!(scene.items[item].cue(), Some(Cue::Future | Cue::Modality(Modality::Planned))));
    if agreed || future {
        claim.modality = Some(choice(scene, around.block, relief.verb, Modality::Planned, "modal word"));
    }
}

/// Words before «to lift» after which it is still to come.
const AGREED: &[&str] = &[
    "agreed to", "agrees to", "decided to", "decides to", "plans to", "will ", "due to ", "同意", "承诺",
    "拟",
];

/// Words before «to lift» after which it is done, or will be.
const DECIDED: &[&str] = &["will ", "plans ", "due ", "agreed ", "agrees ", "decided ", "decides ", "moved "];

fn is_control(event: EventType) -> bool {
    matches!(event, EventType::Ban | EventType::Licence | EventType::Quota)
}

/// True for a verb that is used of rules and notices alone.
fn is_of_law(verb: &str) -> bool {
    !verb.is_ascii() && (verb.ends_with("实施") || verb.ends_with("执行") || verb.ends_with("施行"))
}

/// Words for a rule or a notice, which may be of any control.
const POLICIES: &[&str] = &["措施", "公告", "规定", "通知", "决定", "条款", "办法"];

/// Chinese words for controls, longer ones first.
const CHINESE: &[&str] = &[
    "出口管制", "禁运令", "禁令", "禁运", "管制", "限制", "许可要求", "许可管理", "许可制度", "配额管理",
    "配额制", "措施", "公告", "规定", "条款", "通知", "办法",
];

/// Chinese words that say that something else is meant than a control: 停止向违反管制的企业供货.
const OTHER: &[&str] = &[
    "企业", "公司", "厂", "生产", "建设", "项目", "供应", "供货", "开采", "采购", "交易", "税", "股", "签发",
    "许可证", "检修", "业务", "违反", "会议", "限产", "产能",
];

/// English words for controls.
const ENGLISH: &[&str] = &[
    "ban", "bans", "embargo", "embargoes", "moratorium", "prohibition", "curb", "curbs", "control",
    "controls", "restriction", "restrictions", "measure", "measures", "rule", "rules", "requirement",
    "requirements", "regime", "paragraph", "provision", "provisions", "announcement", "notice", "regulation",
    "regulations",
];

/// The control that a verb of relief has behind it, in bytes.
fn object(scene: &Scene<'_, '_>, block: &Block, clause: &Range<usize>, verb: usize) -> Option<Range<usize>> {
    let start = scene.items[verb].end;
    let end = scene.items.get(clause.end).map_or(block.span.end, |item| item.start.min(block.span.end));
    let ahead = scene.text.get(start..end)?;
    if scene.words(verb).is_ascii() {
        let found = english_object(ahead)?;
        return Some(start + found.start..start + found.end);
    }
    let (at, word) =
        CHINESE.iter().filter_map(|word| Some((ahead.find(word)?, *word))).min_by_key(|hit| hit.0)?;
    let fits = at <= OBJECT && !OTHER.iter().any(|other| ahead[..at].contains(other)) && {
        // 管制企业 are enterprises.
        let rest = &ahead[at + word.len()..];
        !["企业", "公司", "产品", "货物"].iter().any(|other| rest.starts_with(other))
    };
    fits.then(|| start + at..start + at + word.len())
}

/// The control in the noun phrase at the beginning of `ahead`: « its export ban».
fn english_object(ahead: &str) -> Option<Range<usize>> {
    const STOPS: &[&str] = &[
        "on", "in", "at", "to", "for", "from", "until", "after", "because", "with", "under", "over",
        "during", "by", "and", "as", "that", "which", "while", "when",
    ];
    let mut at = 0;
    let mut last = "";
    for (index, word) in ahead.split_inclusive(' ').enumerate() {
        let bare = word.trim_matches(|end: char| !end.is_ascii_alphanumeric());
        let low = bare.to_ascii_lowercase();
        let linked = low == "of"
            && matches!(
                last,
                "implementation" | "enforcement" | "application" | "part" | "parts" | "some" | "all"
            );
        // «suspended that ban» points at one, «suspended a mine that» goes on with another clause.
        let points = low == "that" && index <= 1;
        let ends = index > 8 || STOPS.contains(&low.as_str()) && !points || low == "of" && !linked;
        if ends || low.contains("tariff") || low.contains("dut") {
            return None;
        }
        if ENGLISH.contains(&low.as_str()) {
            let start = at + word.find(bare)?;
            return Some(start..start + bare.len());
        }
        if word.trim_end().ends_with([',', '.', ';', ':']) {
            return None;
        }
        last = match low.as_str() {
            "implementation" => "implementation",
            "enforcement" => "enforcement",
            "application" => "application",
            "part" | "parts" => "part",
            "some" => "some",
            "all" => "all",
            _ => "",
        };
        at += word.len();
    }
    None
}

/// The control before a verb that says what was done to it: 出口禁令已解除, «the ban was lifted».
fn subject(scene: &Scene<'_, '_>, block: &Block, clause: &Range<usize>, verb: usize) -> Option<Range<usize>> {
    let end = scene.items[verb].start;
    let start = match clause.start.checked_sub(1) {
        Some(mark) if scene.items[mark].start >= block.span.start => scene.items[mark].end,
        _ => block.span.start,
    };
    let before = scene.text.get(start..end)?;
    if !scene.words(verb).is_ascii() {
        let (at, word) =
            CHINESE.iter().filter_map(|word| Some((rfind(before, word)?, *word))).max_by_key(|hit| hit.0)?;
        let gap = &before[at + word.len()..];
        let is_verbless =
            !["对", "向", "后", "因", "使", "出口", "令", "致", "下"].iter().any(|other| gap.contains(other));
        let fits = gap.len() <= SUBJECT && is_verbless && !OTHER.iter().any(|other| gap.contains(other));
        return fits.then(|| start + at..start + at + word.len());
    }
    let low = before.to_ascii_lowercase();
    let rest = low.trim_end();
    let passive =
        [" was", " were", " been", " be", " is", " are", " being", "partially", "temporarily", "fully"];
    if !passive.iter().any(|word| rest.ends_with(word)) {
        return None;
    }
    let span = ENGLISH
        .iter()
        .filter_map(|word| {
            let at = rfind(rest, word)?;
            let alone = !rest[..at].ends_with(|last: char| last.is_ascii_alphanumeric())
                && rest[at + word.len()..].starts_with(' ');
            alone.then_some(at..at + word.len())
        })
        .max_by_key(|span| span.end)?;
    let gap = &rest[span.end..];
    let goes_on = [
        " on ", " of ", " against ", " to ", " over ", " from ", " was", " were", " has", " have", " had",
        " is", " are", " will", " imposed", " introduced",
    ];
    let lead = &rest[..span.start];
    let of_another = lead.rsplit(' ').filter(|word| !word.is_empty()).take(4).any(|word| {
        matches!(word, "under" | "after" | "despite" | "since" | "by" | "because" | "to" | "amid" | "before")
    });
    let fits = gap.len() <= PASSIVE && goes_on.iter().any(|word| gap.starts_with(word)) && !of_another;
    fits.then(|| start + span.start..start + span.end)
}

/// The kind of control that a word names by itself.
fn kind(word: &str) -> Option<EventType> {
    if ["ban", "embargo", "moratorium", "prohibition", "禁"].iter().any(|start| word.starts_with(start)) {
        return Some(EventType::Ban);
    }
    if ["control", "regime", "出口管制", "管制", "许可"].iter().any(|start| word.starts_with(start)) {
        return Some(EventType::Licence);
    }
    word.starts_with("配额").then_some(EventType::Quota)
}

/// True if the word for a control points at one that is known: 上述措施, 第46号公告, «those measures».
fn is_pointed_at(scene: &Scene<'_, '_>, block: &Block, noun: Range<usize>) -> bool {
    let clause = event_doubt::clause_start(scene, block, noun.start);
    let before = lower(&scene.text[clause..noun.start]).into_owned();
    if !scene.text[noun].is_ascii() {
        return ["该", "上述", "此", "这些", "这一", "号", "《", "前述", "相关", "有关", "出口", "进口"]
            .iter()
            .any(|word| before.contains(word));
    }
    let mut near = before.rsplit(' ').filter(|word| !word.is_empty()).take(3);
    near.any(|word| matches!(word, "the" | "that" | "those" | "these" | "its" | "such" | "export" | "import"))
}

/// The control that the sentence names, or that was told of last before it.
fn named_around(scene: &Scene<'_, '_>, block: &Block, verb: usize) -> Option<EventType> {
    let control = |item: usize| match scene.items[item].cue() {
        Some(Cue::Named(event) | Cue::Event(event)) if is_control(event) && item != verb => Some(event),
        _ => None,
    };
    let own = scene.items_of(block);
    let start = scene.items[verb].start;
    let outside = |item: &usize| scene.items[*item].start != start;
    own.clone()
        .filter(outside)
        .find_map(control)
        .or_else(|| (own.start.saturating_sub(BACK)..own.start).rev().find_map(control))
}
