//! Where a figure holds: the place of production, stock or sale.

use std::sync::LazyLock;

use super::cues::Cue;
use super::figure::inherited;
use super::home;
use super::layout::Block;
use super::measure::{Bearer, bearer};
use super::scene::{Scene, resolved};
use super::slots::{Claim, OriginKind, Slot, Term};
use super::subject::Around;
use super::{event_place, site, trade};
use crate::find::{Words, ending, rfind};

/// Fills place and partners.
///
/// Stated beside the figure; else earlier in the sentence, unless a company acts; else told with the figure before or above.
pub(super) fn fill<'t>(around: Around<'t, '_, '_, '_>, measure: &str, claim: &mut Claim<'t>) {
    let Around { scene, block, reach, .. } = around;
    if !has_place(measure) || of_shares(claim) && bearer(measure) == Bearer::Good {
        return;
    }
    if matches!(measure, "imports" | "exports") {
        trade::fill(around, measure, claim);
        return;
    }
    let tail = reach
        .tail
        .clone()
        .take_while(|item| !matches!(scene.items[*item].mark(), Some(',' | ';' | '(' | '。')));
    // A duty holds where the one who levies it is: the first of a sentence, and not whose goods it meets.
    if matches!(measure, "tariff" | "tax") {
        let levies = (reach.all.start..reach.anchor)
            .find(|item| matches!(scene.kind(*item), "country" | "region") && !is_source(scene, *item));
        if let Some(item) = levies.filter(|item| !is_located(scene, *item) && ruled_by(scene, *item)) {
            claim.place = Some(scene.term(item, block, "place beside the figure"));
            return;
        }
    }
    let mut last = None;
    // A semicolon parts the figure from what was told before.
    let cut = reach.left.clone().rev().find(|item| scene.items[*item].mark() == Some(';'));
    let left = cut.map_or(reach.left.start, |cut| cut + 1)..reach.left.end;
    let near: Vec<usize> = left.chain(tail).collect();
    let mut chosen: Option<(usize, u8)> = None;
    for item in near {
        if scene.items[item].cue() == Some(Cue::Home)
            && item < reach.anchor
            && claim.place.is_none()
            && !is_source(scene, item)
        {
            claim.place = home(around, item);
            continue;
        }
        let rank = match scene.kind(item) {
            "place" => 3,
            "country" => 2,
            "region" if !is_session(around, item) => 1,
            _ => continue,
        };
        let joined = last.is_some_and(|last| is_joined(around, last, item));
        if measure == "shipments" && (joined || trade::is_partner(scene, item, measure)) {
            claim.partners.push(scene.term(item, block, "origin or destination"));
            last = Some(item);
            continue;
        }
        let located = is_located(scene, item);
        let passed = country_beside(scene, item).is_some_and(|country| is_source(scene, country));
        if is_source(scene, item)
            || passed
            || !located && (item > reach.anchor || is_of_somebody(scene, block, item))
            || !located && bearer(measure) != Bearer::Good
        {
            continue;
        }
        if chosen.is_none_or(|(_, other)| rank > other || rank == other && item < reach.anchor) {
            chosen = Some((item, rank));
        }
    }
    if let Some((item, rank)) = chosen {
        let item = country_beside(scene, item).unwrap_or(item);
        claim.place = Some(scene.term(item, block, "place beside the figure"));
        if rank == 3 {
            return;
        }
    }
    elsewhere(around, measure, claim);
}

/// Fills the place that no name beside the figure tells: a site, all the world, who reports or sets it; else that of the figure before,
/// or what was told above.
fn elsewhere<'t>(around: Around<'t, '_, '_, '_>, measure: &str, claim: &mut Claim<'t>) {
    let Around { scene, block, reach, before, memory } = around;
    if let Some(slot) = site::find(around) {
        claim.place = Some(slot);
    }
    if claim.place.is_none()
        && let Some(slot) = world(around, measure)
    {
        claim.place = Some(slot);
        return;
    }
    if claim.place.is_none() && measure == "price" && of_trade(around) {
        claim.place = trade::known(around, "exports");
    }
    // A quota or a duty holds where the body that sets it is of.
    if claim.place.is_none()
        && let Some(actor) = claim.actors.first()
        && actor.origin.rule == "who sets it"
        && let Some(country) = actor.is.id.as_deref().and_then(event_place::nation)
    {
        claim.place = Some(resolved(country, "country whose national agency acts"));
    }
    if claim.place.is_none() && claim.actors.is_empty() {
        claim.place = super::bureau::counting(around, measure);
    }
    let acts = claim.actors.iter().any(|slot| slot.origin.rule != "the figure before");
    if claim.place.is_some() || acts {
        return;
    }
    // The reporter of trade ships what goes to a partner.
    if measure == "shipments"
        && !claim.partners.is_empty()
        && let Some(item) = memory.reporter
    {
        claim.place = Some(scene.term(item, block, "place told before"));
        return;
    }
    let domestic = reach.left.clone().any(|item| scene.items[item].cue() == Some(Cue::Home))
        || scene.text[..scene.items[reach.anchor].start]
            .get(block.span.start..)
            .is_some_and(|words| words.rsplit(',').next().unwrap_or_default().contains("domestic"));
    if domestic {
        return;
    }
    if let Some(place) = before.filter(|before| is_same(before, claim)).and_then(|claim| claim.place.as_ref())
    {
        claim.place = Some(inherited(place, "the figure before"));
        return;
    }
    claim.place = told(around, measure, claim);
}

/// The words for all the world in the clause of a figure of supply and demand: 全球原生镍过剩, «this year's global EV sales».
fn world<'t>(around: Around<'t, '_, '_, '_>, measure: &str) -> Option<Slot<Term<'t>>> {
    const MEASURES: &[&str] =
        &["balance", "supply", "demand", "consumption", "output", "vehicle-sales", "reserves"];
    const WORDS: &[&str] = &["全球", "global ", "Global ", "world ", "World "];
    let Around { scene, block, reach, .. } = around;
    MEASURES.contains(&measure).then_some(())?;
    let lead = scene.text.get(block.span.start..scene.items[reach.anchor].start)?;
    let mark = lead.rfind([',', '，', ';', '；', '。']).unwrap_or(0);
    let (at, word) =
        WORDS.iter().filter_map(|word| Some((rfind(&lead[mark..], word)? + mark, word))).max()?;
    let start = block.span.start + at;
    Some(scene.words_term(start..start + word.trim_end().len(), "the whole world"))
}

/// The place that the whole text or the sentences before tell.
fn told<'t>(around: Around<'t, '_, '_, '_>, measure: &str, claim: &Claim<'t>) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, memory, .. } = around;
    if super::dated::is_target(scene, block, around.reach.anchor) {
        return None;
    }
    if let Some(slot) = home::place(around, claim).filter(|_| !is_of_the_market(around, measure)) {
        return Some(slot);
    }
    // Behind a semicolon a sentence goes on.
    let joined = scene.text[..block.span.start].trim_end().ends_with(['；', ';']);
    let holds = claim.venue.is_none() && (inherits(measure) || joined) && !home::is_wider(scene, block);
    let item = memory.place.filter(|_| holds)?;
    home(around, item)
        .filter(|_| scene.items[item].cue() == Some(Cue::Home))
        .or_else(|| Some(scene.term(item, block, "place told before")))
}

/// True for a country that acts by its head of state or government: 美国总统, «the US government», 印度政府.
fn ruled_by(scene: &Scene<'_, '_>, item: usize) -> bool {
    const WORDS: &[&str] = &[
        "总统", "政府", "财政部", "国会", "议会", "内阁", "商务部", "President", "government", "Congress",
        "will ", "imposed", "plans ", "has ",
    ];
    let rest = scene.text[scene.items[item].end..].trim_start();
    let rest = rest.strip_prefix("'s ").unwrap_or(rest);
    WORDS.iter().any(|word| rest.starts_with(word))
}

/// True for a surplus or deficit of which a speaker tells without a place: that of the world market.
fn is_of_the_market(around: Around<'_, '_, '_, '_>, measure: &str) -> bool {
    let Around { scene, reach, .. } = around;
    measure == "balance" && !reach.all.clone().any(|item| matches!(scene.kind(item), "country" | "place"))
}

/// True for the price of imports or exports.
fn of_trade(around: Around<'_, '_, '_, '_>) -> bool {
    let Around { scene, reach, .. } = around;
    reach.left.clone().any(|item| matches!(scene.id(item), Some("measure/exports" | "measure/imports")))
}

/// True for what is of a company, a sector or an index, whose shares are nowhere.
fn of_shares(claim: &Claim<'_>) -> bool {
    let id = claim.subject.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    ["company/", "sector/", "index/"].iter().any(|kind| id.starts_with(kind))
}

/// The country that is named directly beside the place at `item`: 莫桑比克Balama, «Kokkola, Finland».
fn country_beside(scene: &Scene<'_, '_>, item: usize) -> Option<usize> {
    if scene.kind(item) != "place" {
        return None;
    }
    let close = |left: usize, right: usize| {
        matches!(scene.gap(left, right).trim(), "" | "," | "'s" | "’s" | "的" | "in" | "(" | "（")
    };
    let next = (item + 1..scene.items.len()).find(|next| scene.items[*next].mark().is_none());
    let last = (0..item).rev().find(|last| scene.items[*last].mark().is_none());
    last.filter(|last| scene.kind(*last) == "country" && close(*last, item))
        .or_else(|| next.filter(|next| scene.kind(*next) == "country" && close(item, *next)))
}

/// The item of the place that the sentences behind a block may leave unsaid: of its first figure that stands somewhere; of
/// a title or heading the only country.
pub(super) fn holds_on(scene: &Scene<'_, '_>, block: &Block, found: &[Claim<'_>]) -> Option<usize> {
    let items = scene.items_of(block);
    let told = stated(scene, block, found, |_| true);
    if told.is_some() || !block.is_above() {
        return told;
    }
    let mut countries = items.filter(|item| scene.kind(*item) == "country");
    countries.next().filter(|first| countries.all(|other| scene.id(other) == scene.id(*first)))
}

/// The item of the country that reports the trade that a block tells of.
pub(super) fn reporter(scene: &Scene<'_, '_>, block: &Block, found: &[Claim<'_>]) -> Option<usize> {
    let traded = |claim: &Claim<'_>| {
        let id = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
        matches!(id, "measure/imports" | "measure/exports")
    };
    stated(scene, block, found, traded).or_else(|| trade::in_title(scene, block))
}

/// The item of the first place that a claim of a block states.
fn stated(
    scene: &Scene<'_, '_>,
    block: &Block,
    found: &[Claim<'_>],
    is: impl Fn(&Claim<'_>) -> bool,
) -> Option<usize> {
    // The block's own claims are the last ones.
    let first =
        found.iter().rposition(|claim| claim.sentence.end <= block.span.start).map_or(0, |last| last + 1);
    found[first..]
        .iter()
        .filter(|claim| claim.sentence == block.span && is(claim))
        .filter_map(|claim| claim.place.as_ref())
        .find(|slot| slot.origin.kind == OriginKind::Stated)
        .and_then(|slot| {
            scene.items_of(block).find(|item| scene.items[*item].start == slot.origin.start_byte)
        })
}

/// Measures that hold somewhere.
fn has_place(measure: &str) -> bool {
    match bearer(measure) {
        Bearer::Good => true,
        Bearer::Any => matches!(measure, "share" | "count" | "tax"),
        Bearer::Company => matches!(measure, "investment" | "fine"),
        Bearer::Index => false,
    }
}

/// True if both tell one measure of one subject, or are both trade.
fn is_same(before: &Claim<'_>, claim: &Claim<'_>) -> bool {
    before.measure_id() == claim.measure_id()
        && (before.subject_id() == claim.subject_id() || claim.venue.is_none())
}

/// Measures whose place holds on in the sentences behind.
fn inherits(measure: &str) -> bool {
    matches!(measure, "output" | "consumption" | "demand" | "supply" | "inventory" | "quota")
}

/// 国内: the country of the text.
pub(super) fn home<'t>(around: Around<'t, '_, '_, '_>, item: usize) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, .. } = around;
    block_is_chinese(scene.words(item)).then(|| {
        let mut slot = scene.term(item, block, "at home in a Chinese text");
        let other = (scene.words(item) == "全国").then(|| country_of_title(scene)).flatten();
        slot.is.id = Some(other.unwrap_or("country/CHN").to_owned());
        slot
    })
}

/// The one country of which the title tells: in a text on Chile 全国 is Chile.
fn country_of_title<'s>(scene: &'s Scene<'_, '_>) -> Option<&'s str> {
    let title = scene.blocks.first().filter(|block| block.is_above())?;
    let mut countries = scene.items_of(title).filter(|item| scene.kind(*item) == "country");
    let first = scene.id(countries.next()?)?;
    countries.all(|other| scene.id(other) == Some(first)).then_some(first)
}

pub(super) fn block_is_chinese(text: &str) -> bool {
    let wide = text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    wide * 6 > text.len()
}

/// 亚洲时段 is a time of the day, not a place.
fn is_session(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    let rest = around.scene.text[around.scene.items[item].end..].trim_start();
    ["时段", "盘", "session", "hours", "trading", "time"].iter().any(|word| rest.starts_with(word))
}

pub(super) fn is_joined(around: Around<'_, '_, '_, '_>, last: usize, item: usize) -> bool {
    let gap = around.scene.gap(last, item).trim();
    let pair = |item: usize| around.scene.words(item).chars().count() == 1;
    gap.is_empty() && pair(last) && pair(item)
        || matches!(gap, "、" | "和" | "与" | "及" | "," | "and" | ", and" | "&")
}

/// True if the name at `item` is where something comes from or goes to, or what it is compared with, rather than where it
/// is: 自澳大利亚, "to Japan", 比国内.
fn is_source(scene: &Scene<'_, '_>, item: usize) -> bool {
    let before = scene.text[..scene.items[item].start].trim_end().trim_end_matches(" the");
    let rest = &scene.text[scene.items[item].end..];
    ends_with(
        before,
        &[
            " from", " to", " via", " through", "by way of", " against", " with", " than", " over",
            " versus", "采购", "购买", "购自", " outside", " outside of", " excluding", " except", " beyond",
            "bound for", "destined for", "来自", "自", "从", "对", "向", "输往", "运往", "发往", "销往",
            "To", "From", "经由", "经", "途经", "借道", "取道", "比", "较", "与", "高于", "低于", "原产于",
            "相比",
        ],
    ) || is_destination(before)
        || is_of_speech(scene, item)
        || ["-origin", " origin", "-made", "-based", "以外", "之外", "产", "系", "籍"]
            .iter()
            .any(|word| rest.starts_with(word))
            && !rest.starts_with("产量")
            && !rest.starts_with("产能")
            && !rest.starts_with("产区")
}

/// 目的地全部为中国: where goods go to.
fn is_destination(before: &str) -> bool {
    let clause = before.rsplit(['，', ',', '。', '；', '\n']).next().unwrap_or_default();
    clause.len() <= 36 && clause.ends_with('为') && (clause.contains("目的地") || clause.contains("来源"))
}

/// True for words behind which «in» and a place tell where something was said or agreed.
pub(super) fn is_lead_of_speech(words: &str) -> bool {
    const MET: &[&str] = &[
        "speaking", "spoke", "told", "said", "conference", "meeting", "summit", "forum", "seminar",
        "briefing", "hearing", "interview", "event", "talks", "visit", "symposium", "gathering", "reporters",
        "webinar", "panel", "signed", "met", "agreed",
    ];
    let last = words.trim_end().rsplit(' ').next().unwrap_or_default();
    let last = last.trim_matches(|end: char| !end.is_alphanumeric());
    MET.iter().any(|other| last.eq_ignore_ascii_case(other))
}

/// True for where something was said or written, which is no place of a figure: «(Shanghai)», «LONDON, 14 Nov –», «told a conference in
/// Toronto», 在雅加达表示.
pub(super) fn is_of_speech(scene: &Scene<'_, '_>, item: usize) -> bool {
    const SAID: &[&str] = &[
        "表示", "称", "说", "召开", "举行", "会见", "会晤", "出席", "接受采访", "对记者", "告诉", "签署",
        "举办", "发表", "指出",
    ];
    let there = &scene.items[item];
    let rest = scene.text[there.end..].trim_start_matches(' ');
    let line = scene.text[..there.start].rfind('\n').map_or(0, |at| at + 1);
    let lead = scene.text[line..there.start].trim();
    // A dateline opens its line.
    let dated = match lead {
        "(" | "（" => rest.starts_with([')', '）']),
        "" => {
            let head = rest.split(['\n', '.', '。']).next().unwrap_or_default();
            head.find(['—', '–']).is_some_and(|at| at <= 48) && rest.starts_with([',', '，', '—', '–', '('])
        }
        _ => false,
    };
    let met = || lead.strip_suffix(" in").or_else(|| lead.strip_suffix(" at")).is_some_and(is_lead_of_speech);
    let said = || lead.ends_with('在') && SAID.iter().any(|word| rest.starts_with(word));
    dated || met() || said()
}

/// True if the words before the name at `item` say that something is there.
fn is_located(scene: &Scene<'_, '_>, item: usize) -> bool {
    let before = scene.text[..scene.items[item].start].trim_end().trim_end_matches(" the");
    ends_with(before, &[" in", " at", " across", " within", " inside", "在", "位于", " near", "In", "Across"])
}

/// True if the place at `item` only says where somebody is at home or who they are: «China's Hailiang», «a Beijing research
/// house», 一家美国催化剂厂, 赣州警方.
pub(super) fn is_of_somebody(scene: &Scene<'_, '_>, block: &Block, item: usize) -> bool {
    let end = scene.items[item].end;
    let rest = scene.text.get(end..block.span.end).unwrap_or_default();
    let named =
        (item + 1..scene.items.len()).find(|next| scene.items[*next].start >= end).is_some_and(|next| {
            let gap = scene.gap(item, next);
            matches!(scene.kind(next), "company" | "agency" | "institution" | "exchange" | "index")
                && matches!(
                    gap.trim(),
                    "" | "'s" | "’s" | "的" | "的公司" | "企业" | "国有企业" | "公司" | "巨头" | "矿商"
                )
        });
    // 澳大利亚稀土商Lynas: what the company is stands between.
    let named = named
        || (item + 1..scene.items.len().min(item + 5))
            .find(|next| scene.kind(*next) == "company")
            .is_some_and(|next| is_trade_of(scene.gap(item, next)));
    let before = scene.text[..scene.items[item].start].trim_end();
    if named || ends_with(before, &["一家", "某", "一位", "一名", "原产于", "产自", "涉案", "驻"])
    {
        return true;
    }
    // «The Russian company sees a surplus»: who is meant, not where.
    let one = ends_with(before, &[" the", " a", " an", "The", "A", "An"])
        || matches!(before.get(block.span.start..), Some("The" | "A" | "An"));
    let who = ["company", "firm", "group", "giant", "miner", "producer", "broker", "trader", "maker"];
    let next = rest.trim_start_matches([' ', '-']).split(' ').next().unwrap_or_default();
    if one && who.contains(&next.trim_end_matches([',', '.', '\''])) {
        return true;
    }
    let clause = rest.split([',', '，', ';', '；', '。', '(', '（', ':', '：']).next().unwrap_or_default();
    let word = clause.trim_start_matches("'s ").trim_start_matches("’s ").trim_start_matches(['-', ' ']);
    if PEOPLE_BEHIND.iter().any(|people| word.starts_with(people)) {
        return true;
    }
    let mut cut = clause.len().min(SPEAKER);
    while !clause.is_char_boundary(cut) {
        cut -= 1;
    }
    SPEAKERS.any_in(&clause[..cut])
}

/// True for what a company is between its country and its name: 澳大利亚稀土商Lynas, «Brazil's iron ore miner Vale».
fn is_trade_of(gap: &str) -> bool {
    const LONGEST: usize = 30;
    const WHAT: &[&str] = &[
        "商", "企业", "公司", "巨头", "生产商", "矿企", "集团", "厂", "龙头", "车企", "厂商", "producer",
        "miner", "maker", "trader", "giant", "smelter", "refiner", "group", "company", "supplier",
        "developer", "steelmaker", "carmaker", "recycler", "explorer", "firm", "house",
    ];
    let gap = gap.trim();
    gap.len() <= LONGEST
        && !gap.contains([',', '，', '、', '.', '。', '；', ';'])
        && WHAT.iter().any(|word| gap.ends_with(word))
}

/// How far behind a place somebody who speaks may be named, in bytes.
const SPEAKER: usize = 42;

/// Who speaks or judges, by what they are.
static SPEAKERS: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "research house", "consultanc", "consultant", "brokerage", "broker", "bank ", "trading house",
        "trader", "freight agent", "analyst", "strategist", "researcher", "think tank", "police",
        "prosecutor", "court", "人士", "分析师", "研究员", "研究机构", "咨询机构", "期货公司", "券商",
        "贸易商", "经纪商", "警方", "公安", "检察", "法院",
    ])
});

/// Who acts for a place.
const PEOPLE_BEHIND: &[&str] = &[
    "government", "ministry", "officials", "authorities", "regulator", "exchange", "board", "dollar", "yuan",
    "customers", "buyers", "clients", "investors", "owned", "listed", "客户", "买家", "用户", "投资者",
    "政府", "商务", "工信", "证监", "央行", "财政", "交易所", "官方", "当局", "籍",
];

pub(super) fn ends_with(text: &str, words: &[&'static str]) -> bool {
    ending(text, words).next().is_some()
}
