//! Events: bans, licences, quotas, closures, agreements, enforcement, announcements, with who, what and when.
//!
//! A clause tells at most one event. A verb of the kind (禁止出口, «signed») tells it; a noun (禁令, «export ban») only if
//! something is done with it in its clause or it is dated there. What is denied, asked, under a condition, a tag of a paragraph (【停产】), or
//! only the background of something else (停产期间, «the shuttered mine», «to bypass export controls») is no event.

use std::ops::Range;
use std::sync::LazyLock;

use super::cues::Cue;
use super::layout::{Block, BlockKind};
use super::modality;
use super::scene::{Memory, Scene};
use super::slots::{Claim, EventType, Status};
use super::{event_doubt, event_relief, event_slots, event_stop, event_time};
use crate::find::{Words, lower};

/// The events of one block. `figures` are the claims already read there: an announcement or a quota that is told with a
/// figure is one of those.
pub(super) fn claims<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    memory: &Memory,
    figures: &[Claim<'t>],
) -> Vec<Claim<'t>> {
    let all = scene.items_of(block);
    let text = &scene.text[block.span.clone()];
    if block.kind == BlockKind::Row || text.ends_with(['?', '？']) {
        return Vec::new();
    }
    let mut found: Vec<Claim<'t>> = Vec::new();
    for clause in clauses(scene, &all) {
        let has_figure = figures.iter().any(|figure| {
            clause.clone().any(|item| {
                let span = scene.items[item].span();
                figure.start_byte < span.end && span.start < figure.end_byte
            })
        });
        // 下达开采指标，分别为13.5万吨和12.7万吨: the figures behind are the quota.
        let has_quota = figures.iter().any(|figure| figure.measure_id() == Some("measure/quota"));
        let told = (has_figure, has_quota);
        let Some((item, event)) = trigger(scene, block, &all, &clause, told) else { continue };
        let around = event_slots::Around { scene, block, all: &all, clause: &clause, item, event };
        // «announced a ban on antimony, and the ban took effect on 1 May» is one event.
        let named = matches!(scene.items[item].cue(), Some(Cue::Named(_)));
        if let Some(told) = found.iter_mut().find(|claim| named && claim.event == Some(event)) {
            event_time::fill(&around, told);
            continue;
        }
        // «signed an agreement, under which it acquires ...» is one too.
        let before = found.iter().find(|claim| claim.event == Some(event) && event == EventType::Agreement);
        if before.is_some_and(|before| !names_another(scene, &clause, item, before)) {
            continue;
        }
        let claim = around.claim(memory, found.last());
        // What the text tells of before holds for what stops or is forbidden, if it is not sure enough to be named.
        let told = memory.good.is_some()
            && matches!(
                event,
                EventType::Closure | EventType::Enforcement | EventType::Licence | EventType::Ban
            );
        if told || !claim.actors.is_empty() || claim.subject.is_some() || !claim.targets.is_empty() {
            found.push(claim);
        }
    }
    // «X and Y jointly announced that they signed ...» is the signing.
    if found.len() > 1 {
        found.retain(|claim| !is_bare(claim.quote));
    }
    found
}

/// True for a word that says only that something was made known.
pub(super) fn is_bare(word: &str) -> bool {
    matches!(word, "联合宣布" | "共同宣布") || word.eq_ignore_ascii_case("jointly announced")
}

/// The parts of a sentence between commas and semicolons; a comma between two goods of a list parts nothing.
fn clauses(scene: &Scene<'_, '_>, all: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = all.start;
    let good = |item: usize| scene.kind(item) == "commodity";
    for item in all.clone() {
        // «at Balama, Mozambique, in June»: a country beside its place parts nothing.
        let place = |item: usize| matches!(scene.kind(item), "place" | "country");
        let apposed = item > all.start
            && item + 1 < all.end
            && (scene.kind(item - 1) == "place" && scene.kind(item + 1) == "country"
                || scene.kind(item - 1) == "country"
                    && item >= all.start + 3
                    && scene.items[item - 2].mark() == Some(',')
                    && place(item - 3))
            && scene.text[scene.items[item].span()].starts_with(',');
        let listed = apposed || item > all.start && item + 1 < all.end && good(item - 1) && good(item + 1);
        if matches!(scene.items[item].mark(), Some(',' | ';')) && !listed {
            found.push(start..item);
            start = item + 1;
        }
    }
    found.push(start..all.end);
    found
}

/// The word of a clause that tells what happens. The more telling kinds go before a bare announcement, and of one kind the
/// verb before the noun.
fn trigger(
    scene: &Scene<'_, '_>,
    block: &Block,
    all: &Range<usize>,
    clause: &Range<usize>,
    (has_figure, has_quota): (bool, bool),
) -> Option<(usize, EventType)> {
    let rank = |event: EventType| match event {
        EventType::Ban => 6,
        EventType::Enforcement => 5,
        EventType::Closure => 4,
        EventType::Licence => 3,
        EventType::Agreement => 2,
        EventType::Quota => 1,
        EventType::Announcement => 0,
    };
    let relief = event_relief::find(scene, block, clause);
    if let Some(relief) = &relief
        && let Some(event) = relief.event
        && !event_relief::is_untold(scene, block, clause, relief)
    {
        return Some((relief.item, event));
    }
    // What a control's relief is told of is neither a closure nor a ban anew.
    let spent =
        relief.map(|relief| scene.items[relief.verb].start..scene.items[relief.item.max(relief.verb)].end);
    let mut best: Option<(usize, EventType, (i32, bool))> = None;
    for item in clause.clone() {
        if spent.as_ref().is_some_and(|spent| spent.contains(&scene.items[item].start)) {
            continue;
        }
        let (event, is_verb) = match scene.items[item].cue() {
            Some(Cue::Event(EventType::Agreement)) if event_stop::is_of_a_law(scene, clause, item) => {
                continue;
            }
            Some(Cue::Event(EventType::Closure)) if event_stop::is_of_trade(scene, clause, item) => {
                (EventType::Ban, true)
            }
            Some(Cue::Event(EventType::Closure)) if event_stop::is_of_a_deal(scene, clause, item) => {
                (EventType::Agreement, true)
            }
            Some(Cue::Event(event)) => (event, true),
            Some(Cue::Relief) => match event_stop::kind(scene, clause, item) {
                Some(event) => (event, true),
                None => continue,
            },
            Some(Cue::Named(event))
                if is_done(scene, all, item) || is_of_country(scene, clause, item, event) =>
            {
                (event, false)
            }
            _ => continue,
        };
        // A quota or an announcement with a figure is that figure's claim.
        let told = match event {
            EventType::Quota => has_figure || has_quota,
            EventType::Announcement => has_figure && !(is_verb && is_deed(scene.words(item))),
            // 查获氧化铽0.8吨 is a figure of what was seized.
            EventType::Enforcement => has_figure && is_seizure(scene.words(item)),
            _ => false,
        };
        let doubted = || event_doubt::is_untold(scene, block, scene.items[item].start, event);
        if told || is_background(scene, block, item, is_verb) || doubted() {
            continue;
        }
        let weight = (rank(event), is_verb);
        if best.is_none_or(|(.., other)| weight > other) {
            best = Some((item, event, weight));
        }
    }
    best.map(|(item, event, _)| (item, event))
}

/// True if the clause has a company before its word that no earlier agreement names: X拟收购Y,Z则签了协议.
fn names_another(scene: &Scene<'_, '_>, clause: &Range<usize>, item: usize, before: &Claim<'_>) -> bool {
    let first = (clause.start..item).find(|other| scene.kind(*other) == "company");
    first.is_some_and(|first| {
        let known = before.actors.iter().chain(&before.targets);
        let begins = scene.items[first].start < scene.items[clause.start].end + 8;
        begins
            && known
                .into_iter()
                .all(|slot| slot.is.words != scene.words(first) && slot.is.id.as_deref() != scene.id(first))
    })
}

/// True for a verb of works and listings, which tells something beside the figure of its clause: 投产, «will convert».
fn is_deed(word: &str) -> bool {
    const PRICED: &[&str] = &[
        "价", "税", "债", "息", "定增", "配股", "关税", "price", "tariff", "dut", "guidance", "raise", "cut",
        "invest", "bond", "issue", "build", "start", "put into", "投产", "建成",
    ];
    let word = lower(word);
    !PRICED.iter().any(|priced| word.contains(priced))
}

/// True for a verb whose figure says how much was seized.
fn is_seizure(word: &str) -> bool {
    let word = lower(word);
    ["查获", "查扣", "扣押", "没收", "罚没", "缴获", "seized", "confiscated"]
        .iter()
        .any(|verb| word.contains(verb))
}

/// Longest stretch between a noun and the verb that does something with it, in bytes.
const BESIDE: usize = 48;

/// True if something is done shortly beside what `item` names, or its date of effect or announcement is said: «the ban,
/// announced in May».
fn is_done(scene: &Scene<'_, '_>, all: &Range<usize>, item: usize) -> bool {
    let there = &scene.items[item];
    let dated = all.clone().any(|other| scene.is_time(other));
    all.clone().any(|other| {
        let at = &scene.items[other];
        let gap = at.start.saturating_sub(there.end).max(there.start.saturating_sub(at.end));
        match at.cue() {
            Some(Cue::Act | Cue::Status(Status::Ended)) => at.span() != there.span() && gap <= BESIDE,
            Some(Cue::Effective | Cue::Announced) => dated && at.span() != there.span() && gap <= BESIDE,
            _ => false,
        }
    })
}

/// «China's export ban on antimony», 中国的出口禁令: a control that a country has is told by its name alone.
fn is_of_country(scene: &Scene<'_, '_>, clause: &Range<usize>, item: usize, event: EventType) -> bool {
    if event != EventType::Ban || scene.words(item).contains("restriction") {
        return false;
    }
    let start = scene.items[item].start;
    // «export bans from China».
    let source = (item + 1..clause.end).find(|other| scene.kind(*other) == "country");
    if source.is_some_and(|country| scene.gap(item, country).trim() == "from") {
        return true;
    }
    let near = (clause.start..item).rev().find(|other| scene.kind(*other) == "country");
    near.is_some_and(|country| {
        let gap = scene.text.get(scene.items[country].end..start).unwrap_or_default();
        let owner = ["'s ", "’s ", " ", "的", "对", ""].iter().any(|word| gap.starts_with(word));
        owner
            && gap.len() <= 24
            && !gap.contains([',', '，', '、'])
            && !gap.contains(" to ")
            && !gap.contains("进口")
    })
}

static DENIED: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        " not ", "不会", "没有", "并未", "未收到", "未有", "暂无", "尚无", "未经", "未对", "拒绝", "否认",
    ])
});

/// True if the word does not tell that the thing happens.
fn is_background(scene: &Scene<'_, '_>, block: &Block, item: usize, is_verb: bool) -> bool {
    let span = scene.items[item].span();
    let word = &scene.text[span.clone()];
    let from = (span.start.saturating_sub(24).max(block.span.start)..=span.start)
        .find(|at| scene.text.is_char_boundary(*at))
        .unwrap_or(span.start);
    let before = lower(&scene.text[from..span.start]);
    let before = before.trim_end();
    let rest = scene.text.get(span.end..block.span.end).unwrap_or_default().trim_start();
    let begins = span.start == block.span.start || before.ends_with('【');
    if begins && rest.starts_with(['】', ':', '：']) {
        return true;
    }
    let denied = ["未", "并无", "n't", "never", "without", " no", "denied", " not"];
    let near = before.rsplit([',', '，', ';', '；', '。']).next().unwrap_or_default();
    if denied.iter().any(|word| near.ends_with(word)) || DENIED.any_in(near) {
        return true;
    }
    let items = scene.items_of(block);
    if modality::condition(scene, items.start..item).is_some() {
        return true;
    }
    // 按照发展规划，…: what is done by a plan is told, and not the plan.
    let by = near.trim_start();
    if !is_verb && ["按照", "根据", "依照", "依据"].iter().any(|word| by.starts_with(word)) {
        return true;
    }
    // «China's first-batch quota»: a compound says only which one.
    if lower(word).starts_with("first-") && rest.starts_with(|next: char| next.is_ascii_lowercase()) {
        return true;
    }
    // «Under the MoU, Lynas would supply …»
    let deal = matches!(scene.items[item].cue(), Some(Cue::Named(EventType::Agreement)));
    if deal
        && [" under the", " under a", " under this", " under that", " under its"]
            .iter()
            .any(|lead| format!(" {near}").trim_end().ends_with(lead))
    {
        return true;
    }
    let backward = [
        "期间", "仍存", "存在", "前景", "不确定", "进度", "时间", "风险", "率", "价", "前", "预期", "传闻",
        "损失", "可能性", "要约", "量", "成本",
    ];
    if backward.iter().any(|word| rest.starts_with(word)) {
        return true;
    }
    // 停产检修的选厂已恢复运行: the former says only which works.
    if is_verb && rest.starts_with('的') && !rest.starts_with("的通知") && !rest.starts_with("的公告")
    {
        return true;
    }
    if is_verb && word.is_ascii() {
        let participle = word.ends_with("ed") || word.ends_with("shut");
        let is_adjective =
            participle && [" the", " a", " its", "the"].iter().any(|end| before.ends_with(end));
        // «to halt» is done only if somebody plans it, which the words before say.
        let infinitive = before.ends_with(" to") && !is_planned(scene, item);
        return is_adjective || infinitive;
    }
    false
}

/// True if a word of planning or ordering stands shortly before an infinitive.
fn is_planned(scene: &Scene<'_, '_>, item: usize) -> bool {
    let start = scene.items[item].start;
    (item.saturating_sub(3)..item).any(|other| {
        let there = &scene.items[other];
        there.end <= start
            && start - there.end <= 12
            && matches!(there.cue(), Some(Cue::Modality(_) | Cue::Future | Cue::Act))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::slots::Modality;
    use crate::{Context, Reader};

    /// The events of a text as «type at; actors > targets; goods; announced, effective; status, modality».
    fn told(text: &str) -> Vec<String> {
        let reader = Reader::standard();
        let context = Context { published: Some(jiff::civil::date(2025, 7, 13)), ..Context::default() };
        let mentions = reader.read(text, &context);
        let claims = reader.claims(text, 0, &mentions);
        let name = |slot: &super::super::slots::Slot<super::super::slots::Term<'_>>| {
            slot.is.id.as_deref().and_then(|id| id.split_once('/')).map_or("?", |(_, name)| name).to_owned()
        };
        let day = |slot: &Option<super::super::slots::Slot<super::super::slots::Interval>>| {
            slot.as_ref().and_then(|slot| slot.is.start.clone()).unwrap_or_default()
        };
        let show = |claim: &Claim<'_>| {
            let actors: Vec<String> = claim.actors.iter().map(name).collect();
            let targets: Vec<String> = claim.targets.iter().map(name).collect();
            let goods: Vec<String> = claim.subject.iter().chain(&claim.joint).map(name).collect();
            let status = match claim.status.as_ref().map(|slot| slot.is.value) {
                Some(Status::Proposed) => " proposed",
                Some(Status::Eased) => " eased",
                Some(Status::Ended) => " ended",
                None => "",
            };
            let planned = claim.modality.as_ref().is_some_and(|slot| slot.is.value == Modality::Planned);
            format!(
                "{:?} {}>{} of {}; {}, {}{status}{}",
                claim.event.unwrap_or(EventType::Announcement),
                actors.join("+"),
                targets.join("+"),
                goods.join("+"),
                day(&claim.announced),
                day(&claim.effective),
                if planned { " planned" } else { "" }
            )
        };
        claims.iter().filter(|claim| claim.event.is_some()).map(show).collect()
    }

    #[test]
    fn events_are_told_with_who_what_and_when() {
        let cases: &[(&str, &[&str])] = &[
            (
                "商务部7月1日宣布对镓、锗实施出口管制，自8月1日起施行。",
                &["Licence mofcom> of gallium+germanium; 2025-07-01, 2025-08-01"],
            ),
            (
                "Indonesia announced a ban on exports of bauxite, effective 1 September 2025.",
                &["Ban IDN> of bauxite; , 2025-09-01"],
            ),
            (
                "格林美与赣锋锂业签署碳酸锂供应协议。",
                &["Agreement gem+ganfeng-lithium> of lithium-carbonate; , "],
            ),
            (
                "Lynas signed an agreement with MP Materials for heavy rare earths.",
                &["Agreement lynas>mp-materials of heavy-rare-earths; , "],
            ),
            ("Glencore halted copper production on 3 July.", &["Closure glencore> of copper; , 2025-07-03"]),
            ("天齐锂业计划8月停产检修。", &["Closure tianqi-lithium> of ; , 2025-08-01 planned"]),
            ("Freeport resumed production of copper.", &["Closure freeport> of copper; ,  ended"]),
        ];
        for (text, expected) in cases {
            assert_eq!(told(text), *expected, "{text}");
        }
    }

    #[test]
    fn what_is_background_asked_or_denied_is_no_event() {
        for text in [
            "Traders used Mexico to bypass export controls on antimony.",
            "锂辉石矿停产期间库存下降。",
            "【停产】碳酸锂价格上涨。",
            "Glencore has not declared force majeure on copper.",
            "Will Glencore halt copper production?",
            "海关总署公布铜进口数据。",
        ] {
            assert_eq!(told(text), Vec::<String>::new(), "{text}");
        }
    }
}
