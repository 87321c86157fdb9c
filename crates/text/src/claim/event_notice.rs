//! Notices of authorities: who issues one, the goods that it lists, and the sentence of its own that says when it takes effect.

use super::cues::Cue;
use super::event_slots::Around;
use super::layout::Block;
use super::scene::Scene;
use super::slots::{Claim, EventType, OriginKind, Slot, Term};
use crate::find::lower;

/// Longest stretch between goods and the group that sums them up, in bytes: 等5种中重稀土相关.
const SUM: usize = 36;
/// Longest stretch between a date and the words that say that it takes effect, in bytes.
const NEAR: usize = 16;

/// True for the words between the last of some goods and the group that sums them up: 铕、镱等5种中重稀土.
pub(super) fn is_summed_up(gap: &str) -> bool {
    gap.len() <= SUM
        && gap.trim_start().starts_with('等')
        && !gap.contains(['，', ',', '。', '；', ';', '、'])
}

/// True for people whom an accident meets, who do not act in it: 两名工人遇难.
pub(super) fn is_met(who: &str, word: &str) -> bool {
    matches!(word, "遇难" | "死亡" | "受伤" | "被困")
        && ["工人", "矿工", "人员", "人", "员工", "名"].iter().any(|end| who.ends_with(end))
}

/// The authorities whose notice the text is, for what it decides without naming anybody: 决定对…实施出口管制.
pub(super) fn acting<'t>(around: &Around<'_, 't, '_>) -> Vec<Slot<Term<'t>>> {
    let scene = around.scene;
    let controls = matches!(around.event, EventType::Ban | EventType::Licence | EventType::Quota);
    let sentence = &scene.text[around.block.span.clone()];
    let decides = ["决定", "经国务院批准", "现公布", "现将", "hereby", "has been decided", "it is decided"];
    if !controls || !decides.iter().any(|word| sentence.contains(word)) {
        return Vec::new();
    }
    let Some(first) = scene.blocks.first() else { return Vec::new() };
    let head = lower(&scene.text[first.span.clone()]).into_owned();
    let notices =
        ["公告", "通告", "令", "announcement no", "notice no", "announcement of", "notice of", "order no"];
    let Some(notice) = notices.iter().filter_map(|word| head.find(word)).min() else { return Vec::new() };
    let of_office = |item: &usize| {
        scene.kind(*item) == "agency"
            && (scene.items[*item].end <= first.span.start + notice || head[notice..].contains(" of"))
    };
    let agencies = scene.items_of(first).filter(of_office);
    agencies
        .map(|item| {
            let slot = around.term(item, "office told before");
            let kind = if *around.block == *first { OriginKind::Stated } else { OriginKind::Inherited };
            Slot { origin: super::slots::Origin { kind, ..slot.origin }, ..slot }
        })
        .collect()
}

/// Capitals that stand for the government in them, with their countries.
const CAPITALS: &[(&str, &str)] = &[
    ("place/beijing", "country/CHN"),
    ("place/jakarta", "country/IDN"),
    ("place/london", "country/GBR"),
    ("place/kinshasa", "country/COD"),
    ("place/harare", "country/ZWE"),
];

/// «Beijing suspended the ban»: the country whose capital stands directly before the verb of a control.
pub(super) fn capital<'t>(around: &Around<'_, 't, '_>) -> Option<Slot<Term<'t>>> {
    let scene = around.scene;
    if !matches!(around.event, EventType::Ban | EventType::Licence | EventType::Quota) {
        return None;
    }
    let acts = |item: &usize| {
        let before = scene.text[..scene.items[*item].start].trim_end();
        let located = [" in", " at", "In", "At", " of", " from", " to", "在", "于", "自", "从", "往", "到"];
        !located.iter().any(|word| before.ends_with(word)) && !around.in_brackets(*item)
    };
    let item =
        (around.all.start..around.item).rev().filter(acts).find(|item| scene.kind(*item) == "place")?;
    let id = scene.id(item)?;
    let (_, country) = CAPITALS.iter().find(|(place, _)| *place == id)?;
    // Nothing but a verb or two between: «Beijing on Sunday suspended its».
    let slot = around.term(item, "capital for its country");
    // «Beijing, which banned …, suspended that ban»: an apposition parts nothing.
    let gap = scene.gap(item, around.item);
    let apposed = gap.starts_with(", which ") && gap.trim_end().ends_with(',') && gap.len() <= 120;
    (gap.len() <= 40 || apposed)
        .then(|| Slot { is: Term { id: Some((*country).to_owned()), ..slot.is }, origin: slot.origin })
}

/// 本公告自2025年11月8日起施行, «The order takes effect on 1 May»: a sentence of its own gives the control told before its date.
///
/// `here` are the events of the sentence itself: if there are any, the date is theirs.
pub(super) fn take_effect<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    here: &[Claim<'t>],
    found: &mut [Claim<'t>],
) {
    let is_control = |claim: &Claim<'_>| {
        matches!(claim.event, Some(EventType::Ban | EventType::Licence | EventType::Quota))
    };
    if here.iter().any(|claim| claim.event.is_some()) || !found.iter().any(is_control) {
        return;
    }
    if !points_back(&scene.text[block.span.clone()]) {
        return;
    }
    let Some(time) = effect(scene, block) else { return };
    let Some(is) = scene.interval(time) else { return };
    let origin = scene.origin(time, block, "date of effect");
    let Some(last) = found.iter_mut().rev().find(|claim| is_control(claim)) else { return };
    if last.effective.is_none() {
        let origin = super::slots::Origin { kind: OriginKind::Inherited, ..origin };
        last.effective = Some(Slot { is, origin });
    }
}

/// True if the sentence begins with the notice or control of which the text told.
fn points_back(sentence: &str) -> bool {
    const CHINESE: &[&str] = &["本", "该", "上述", "此", "以上", "这些", "这一", "相关", "有关"];
    const NOTICES: &[&str] = &[
        "公告", "措施", "办法", "决定", "规定", "通知", "禁令", "管制", "限制", "通告", "政策", "要求",
        "命令",
    ];
    const ENGLISH: &[&str] = &[
        "announcement", "notice", "order", "measure", "measures", "ban", "rule", "rules", "control",
        "controls", "restriction", "restrictions", "curbs", "regulation", "regulations", "decision",
        "requirement", "requirements", "circular", "embargo", "decree", "policy",
    ];
    let start = sentence.trim_start_matches(|mark: char| !mark.is_alphanumeric());
    let start = start.trim_start_matches(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '、']);
    // 公告自2025年12月1日起施行。
    let bare = NOTICES.iter().find_map(|notice| start.strip_prefix(notice));
    if bare.is_some_and(|rest| {
        ["自", "将自", "将于", "于", "从", "即日起"].iter().any(|word| rest.starts_with(word))
    }) {
        return true;
    }
    if let Some(rest) = CHINESE.iter().find_map(|word| start.strip_prefix(word)) {
        let near: String = rest.chars().take(8).collect();
        return NOTICES.iter().any(|notice| near.contains(notice));
    }
    let mut words =
        start.split(|mark: char| !mark.is_ascii_alphabetic()).take(5).map(str::to_ascii_lowercase);
    words.next().is_some_and(|word| matches!(word.as_str(), "the" | "this" | "these" | "both" | "such"))
        && words.any(|word| ENGLISH.contains(&word.as_str()))
}

/// The time in the sentence that a word of taking effect stands beside.
fn effect(scene: &Scene<'_, '_>, block: &Block) -> Option<usize> {
    let items = scene.items_of(block);
    let takes = |item: usize| {
        let word = lower(scene.words(item));
        scene.items[item].cue() == Some(Cue::Effective)
            && ["施", "效", "执行", "effect", "force", "appl"].iter().any(|part| word.contains(part))
    };
    items.clone().filter(|item| scene.is_time(*item)).find(|time| {
        let there = &scene.items[*time];
        items.clone().filter(|item| takes(*item)).any(|item| {
            let at = &scene.items[item];
            at.start.saturating_sub(there.end).max(there.start.saturating_sub(at.end)) <= NEAR
        })
    })
}
