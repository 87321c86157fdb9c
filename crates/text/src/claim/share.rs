//! Shares: what has them, and of what whole they are. The words of the whole are read in [`super::whole`].

use std::ops::Range;

use super::figure::Reach;
use super::layout::Block;
use super::scene::Scene;
use super::slots::{Claim, Slot, Term};
use super::whole::{
    uncut, whole_among, whole_before, whole_behind, whole_of_figure, whole_of_share, without_tails,
};
use crate::find::{self, rfind};

/// Longest words of a part, in bytes.
const LONGEST: usize = 45;

/// True if the figure is a share by how it is told.
pub(super) fn is_share(scene: &Scene<'_, '_>, block: &Block, reach: &Reach<'_>) -> bool {
    let Some(mention) = reach.draft.level.and_then(|level| scene.mention(level)) else { return false };
    mention.unit.as_deref() == Some("%")
        && (whole_behind(scene.text, mention.end_byte, block.span.end).is_some()
            || whole_before(scene.text, block.span.start, mention.start_byte).is_some()
            || whole_among(scene.text, block.span.start, mention.start_byte).is_some()
            || is_of_which(scene, block, reach).is_some())
}

/// Where the clause of the figure begins.
fn clause_start(scene: &Scene<'_, '_>, block: &Block, at: usize) -> usize {
    let text = &scene.text[block.span.start..at];
    let stop = text
        .char_indices()
        .rev()
        .find(|(_, c)| matches!(c, '，' | ',' | '；' | ';' | '。' | '：' | ':' | '|'))
        .map_or(0, |(at, c)| at + c.len_utf8());
    block.span.start + stop
}

/// 其中山东占三成二, «of which X made up 30%»: where the words begin that tell of a part of the figure before.
fn is_of_which(scene: &Scene<'_, '_>, block: &Block, reach: &Reach<'_>) -> Option<usize> {
    let mention = reach.draft.level.and_then(|level| scene.mention(level))?;
    let before = &scene.text[block.span.start..mention.start_byte];
    let (at, word) = ["其中", "of which", "among which", "among them", "Among them"]
        .iter()
        .filter_map(|word| Some((rfind(before, word)?, word)))
        .max()?;
    let rest = &before[at + word.len()..];
    let ends = [
        "占", "占比", "占到", "约占", "占比为", "占比约", "占了", "made up", "accounted for", "occupying",
        "or", "took", "takes", "taking", "supplied", "supplies", "supplying", "provided", "contributed",
        "bought", "received", "absorbed", "made up some", "represented", "comprised", "makes up",
        "account for", "make up",
    ];
    let tail = without_tails(rest.trim_end());
    let tells = ends.iter().any(|end| tail.ends_with(end) || rest.trim_end().ends_with(end));
    (tells && !rest.contains(['；', ';', '。'])).then_some(block.span.start + at)
}

/// Fills part and whole of a share.
pub(super) fn fill<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    before: Option<&Claim<'t>>,
    claim: &mut Claim<'t>,
) {
    let moved = || reach.draft.moves.iter().find_map(|moved| moved.by);
    let Some(mention) = reach.draft.level.or_else(moved).and_then(|figure| scene.mention(figure)) else {
        return;
    };
    let (start, end) = (mention.start_byte, mention.end_byte);
    let clause = clause_start(scene, block, start);
    let behind = whole_behind(scene.text, end, block.span.end).map(|whole| uncut(scene, whole));
    let ahead = whole_before(scene.text, block.span.start, start);
    let shared = whole_of_share(scene.text, clause, start);
    let within = is_of_which(scene, block, reach);
    let bare = bare_share(scene, clause.min(within.unwrap_or(clause)), start);
    let of_before = || {
        let end = within.or(bare.map(|_| clause))?;
        whole_of_figure(scene, block, end)
    };
    let said = ahead.clone().filter(|_| within.is_none());
    let among = whole_among(scene.text, block.span.start, start);
    let Some(whole) = behind.clone().or(said).or_else(|| shared.clone()).or(among).or_else(of_before) else {
        goes_on(scene, block, before, clause..start, claim);
        return;
    };
    const NOTHING: &[&str] = &["其中", "不低于", "不超过", "不足", "超过", "it", "them"];
    let words = &scene.text[whole.clone()];
    let named = !NOTHING.contains(&words) && !words.starts_with("it ");
    claim.whole = named.then(|| scene.words_term(whole.clone(), "whole of a share"));
    // What has the share stands before its verb, or before the words of the whole.
    let stop = match (&ahead, &shared) {
        _ if bare.is_some() && behind.is_none() && ahead.is_none() && shared.is_none() => {
            bare.unwrap_or(start)
        }
        (Some(whole), _) => scene.text[..whole.start].rfind('占').unwrap_or(whole.start),
        (None, Some(whole)) if behind.is_none() => scene.text[..whole.start]
            .rfind("share of")
            .or_else(|| scene.text[..whole.start].rfind('在'))
            .unwrap_or(whole.start),
        _ => start,
    };
    let mut from = within.unwrap_or(clause).min(stop);
    if scene.text[from..stop].trim().is_empty() {
        // 其中动力电池收入312亿元,占总收入的70%: the clause before has the part.
        let before = &scene.text[block.span.start..stop];
        let last = ["其中", "of which", "among which"].iter().filter_map(|word| rfind(before, word)).max();
        from = last.map_or(from, |last| block.span.start + last);
    }
    let verbless = ahead.is_some() || shared.is_some() || bare.is_some();
    claim.part = destination(scene, block, behind.as_ref())
        .or_else(|| part(scene, block, from, stop, verbless))
        .or_else(|| {
            let has = scene.text[clause..start].trim().is_empty()
                || scene.text[end..].starts_with(" share of")
                || HAS.iter().any(|verb| find_whole(&scene.text[clause..start], verb).is_some());
            earlier(scene, block, reach, stop).filter(|_| has || verbless)
        });
    if claim.part.is_none() {
        claim.part = with_its_amount(scene, block, before, start);
    }
    sold(scene, &whole, claim);
    apart(scene, block, &whole, (within, start), before, claim);
    claim.place = place(scene, block, &whole, before, claim);
    claim.actors.clear();
}

/// A share that one good has of another is told of the other: 精炼铜产量1,392万吨，其中再生铜占23%, 纯电动车型占新能源汽车零售量的62%.
fn apart<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    whole: &Range<usize>,
    (within, start): (Option<usize>, usize),
    before: Option<&Claim<'t>>,
    claim: &mut Claim<'t>,
) {
    let Some(subject) = claim.subject.clone().filter(is_good) else { return };
    let told = subject.origin.start_byte;
    let is_part = match &claim.part {
        Some(part) => part.is.id == subject.is.id,
        None => within.is_some_and(|within| within <= told && told < start),
    };
    let item = scene.items_in(whole).find(|item| scene.kind(*item) == "commodity");
    let other = item
        .map(|item| scene.term(item, block, "nearest name before the figure"))
        .or_else(|| {
            let before = before.filter(|before| within.is_some() && before.sentence == block.span)?;
            Some(super::figure::inherited(before.subject.as_ref()?, "the figure before"))
        })
        .or_else(|| {
            // «magnet demand will reach 450,000 t, with robots accounting for 40% of the growth»
            let words = &scene.text[whole.clone()];
            let before = before.filter(|before| before.sentence == block.span)?;
            let of_before = [
                "the growth", "the increase", "the total", "that", "this", "the rise", "总量", "增量",
                "全部", "其增量",
            ]
            .contains(&words);
            let subject = before.subject.as_ref().filter(|_| of_before)?;
            Some(super::figure::inherited(subject, "the figure before"))
        })
        .filter(|other| is_part && is_good(other) && other.is.id != subject.is.id);
    let Some(other) = other else { return };
    if claim.part.is_none() {
        let origin = super::slots::Origin { rule: "part of a share", ..subject.origin };
        claim.part = Some(Slot { is: subject.is, origin });
    }
    claim.subject = Some(other);
}

fn is_good(slot: &Slot<Term<'_>>) -> bool {
    slot.is.id.as_deref().is_some_and(|id| id.starts_with("commodity/"))
}

/// A company's part of what is sold, or of a market, is its market share: «BYD took 35 % of all NEV sales».
fn sold(scene: &Scene<'_, '_>, whole: &Range<usize>, claim: &mut Claim<'_>) {
    const SALES: &[&str] =
        &["sales", "shipments", "market", "deliveries", "销量", "零售", "出货", "装车", "装机", "市场"];
    const OWN: &[&str] = &["own ", "its ", "their ", "our ", "公司", "其"];
    let words = &scene.text[whole.clone()];
    let of_company = claim
        .part
        .as_ref()
        .and_then(|slot| slot.is.id.as_deref())
        .is_some_and(|id| id.starts_with("company/"));
    let of_market = ["market", "市场"].iter().any(|word| words.contains(word));
    let of_company = of_company || of_market && claim.part.is_some();
    let own = OWN.iter().any(|word| words.contains(word))
        || scene.items_in(whole).any(|item| scene.kind(item) == "company");
    if let Some(slot) = claim.measure.as_mut().filter(|_| of_company && !own)
        && slot.is.id.as_deref() == Some("measure/share")
        && SALES.iter().any(|word| words.contains(word))
    {
        slot.is.id = Some("measure/market-share".to_owned());
    }
}

/// «imports from China were 300 t, or 62 % of the total»: the share has whose amount stands right before it.
fn with_its_amount<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    before: Option<&Claim<'t>>,
    start: usize,
) -> Option<Slot<Term<'t>>> {
    const NEAR: usize = 40;
    const AGAIN: &[&str] =
        &["or", "or about", "or some", "or nearly", "or almost", "即", "约占", "占", "占比"];
    let before = before.filter(|before| before.sentence == block.span && before.end_byte + NEAR >= start)?;
    let gap = scene.text.get(before.end_byte..start)?;
    let last = gap.rsplit([',', '，']).next().unwrap_or_default().trim();
    let again = AGAIN.iter().any(|word| last == *word || !word.is_ascii() && last.starts_with(word));
    if !again {
        return None;
    }
    if let [partner] = before.partners.as_slice() {
        return Some(super::figure::inherited(partner, "the figure before"));
    }
    let items = scene.items_in(&(block.span.start..before.start_byte));
    let does = |item: &usize| {
        let rest = &scene.text[scene.items[*item].end..before.start_byte];
        matches!(scene.kind(*item), "country" | "company" | "region")
            && HAS.iter().any(|verb| rest.starts_with(verb))
    };
    items.rev().find(does).map(|item| scene.term(item, block, "part of a share"))
}

/// Where the whole is: in the country that its words name, or that reports the trade of which the figure before tells.
fn place<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    whole: &Range<usize>,
    before: Option<&Claim<'t>>,
    claim: &Claim<'t>,
) -> Option<Slot<Term<'t>>> {
    const WIDER: &[&str] = &["全球", "世界", "海外", "global", "world", "Global", "World", "seaborne"];
    let words = &scene.text[whole.clone()];
    if WIDER.iter().any(|word| words.contains(word)) {
        return None;
    }
    let part = claim.part.as_ref().and_then(|slot| slot.is.id.as_deref());
    let mut items = scene.items_in(whole);
    let named = items.find(|item| {
        matches!(scene.kind(*item), "country" | "place") && scene.id(*item) != part
            || scene.items[*item].cue() == Some(super::cues::Cue::Home) && part != Some("country/CHN")
    });
    if let Some(item) = named {
        let mut slot = scene.term(item, block, "country of the whole");
        if scene.items[item].cue() == Some(super::cues::Cue::Home) {
            slot.is.id = Some("country/CHN".to_owned());
        }
        return Some(slot);
    }
    let traded = before.filter(|before| {
        let trade =
            matches!(before.measure_id(), Some("measure/imports" | "measure/exports" | "measure/share"));
        trade && before.sentence == block.span
    });
    traded
        .and_then(|before| before.place.as_ref())
        .map(|place| super::figure::inherited(place, "the figure before"))
}

/// Of a further part the whole is not said again: 缅甸矿占进口的58%,老挝矿占34%.
fn goes_on<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    before: Option<&Claim<'t>>,
    clause: Range<usize>,
    claim: &mut Claim<'t>,
) {
    let Some(before) = before.filter(|before| before.sentence == block.span) else { return };
    let Some(whole) = before.whole.as_ref() else { return };
    // «Japan supplied 15% and Thailand 13%»: nothing but the next part stands between the two figures.
    let named = scene.items_in(&(before.end_byte..clause.end)).filter(|item| is_name(scene, *item)).last();
    let alone = named.filter(|item| {
        let gap = scene.text.get(before.end_byte..scene.items[*item].start).unwrap_or_default();
        let last = scene.text[scene.items[*item].end..clause.end].trim();
        let gap = gap.trim().trim_start_matches([',', '，', '、']).trim();
        matches!(gap, "" | "and" | "and the" | "the" | "while" | "和" | "而")
            && matches!(last, "" | "about" | "some" | "another" | "约" | "则" | "为")
    });
    if let Some(item) = alone.filter(|_| before.part.is_some()) {
        claim.whole = Some(super::figure::inherited(whole, "the figure before"));
        claim.part = Some(scene.term(item, block, "part of a share"));
        return;
    }
    let words = without_tails(scene.text[clause.clone()].trim_end());
    let Some(stop) = words.strip_suffix('占').map(|words| clause.start + words.len()) else { return };
    claim.whole = Some(super::figure::inherited(whole, "the figure before"));
    claim.part = part(scene, block, clause.start, stop, true);
}

/// Where the word for a share without its whole stands, in a clause that names who has it: the UK's share grew to 13%.
fn bare_share(scene: &Scene<'_, '_>, from: usize, start: usize) -> Option<usize> {
    let clause = &scene.text[from..start];
    let at = ["占比", "份额", "比重", "'s share", "’s share", "s' share", "s’ share"]
        .iter()
        .filter_map(|word| clause.find(word))
        .min()?;
    (at > 0).then_some(from + at)
}

/// The name behind the words of a whole to which the share goes, or from which it comes: «96% of exports went to China».
fn destination<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    whole: Option<&Range<usize>>,
) -> Option<Slot<Term<'t>>> {
    const WAYS: &[&str] = &[
        "went to", "goes to", "consigned to", "exported to", "shipped to", "sold to", "sent to", "came from",
        "coming from", "imported from", "sourced from", "comes from", "come from", "was from", "is from",
        "were from", "originated in", "supplied by", "produced by", "mined in", "produced in", "refined in",
    ];
    let end = whole?.end;
    let rest = scene.text.get(end..block.span.end)?;
    let clause = rest.split([',', ';']).next().unwrap_or_default();
    let at = WAYS.iter().filter_map(|way| Some(clause.find(way)? + way.len())).min()?;
    let item = scene.items_in(&(end + at..block.span.end)).find(|item| is_name(scene, *item))?;
    let near = scene.items[item].start - (end + at) <= 6;
    near.then(|| scene.term(item, block, "part of a share"))
}

/// Verbs by which something has a share, the longest first.
const HAS: &[&str] = &[
    " accounted for", " accounts for", " accounting for", " makes up", " made up", " represents",
    " represented", " constitutes", " constituted", " contributed", " contributes", " generated",
    " supplied", " supplies", " provided", " provides", " produced", " produces", " consumed", " consumes",
    " occupied", " occupies", " occupying", " absorbed", " absorbs", " controls", " controlled", " holds",
    " held", " took", " takes", " sold", " sells", " bought", " buys", " has", " had", " owns", " owned",
    " dug", " mined", " refined", " commands", " captured", " with", " holding", " controlling",
    " producing", " supplying", " processing", " representing", " refining", " is", " was", " were", " are",
];

/// What has a share, by the words of its clause before the verb: a name that they begin or end with, else the words.
fn part<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    start: usize,
    stop: usize,
    verbless: bool,
) -> Option<Slot<Term<'t>>> {
    let text = scene.text.get(start..stop)?;
    // «with robots accounting for 40%»: the word that leads in is no verb.
    let led = text.len() - unled(text).len();
    let verbs = HAS.iter().filter_map(|verb| find_whole(text, verb));
    let verb = verbs.filter(|at| *at >= led.saturating_sub(1)).min();
    let body = &text[..verb.unwrap_or(text.len())];
    let lead = body.len() - unled(body).len();
    let mut words_of = without_tails(body[lead..].trim_end());
    words_of =
        words_of.trim_end_matches("'s").trim_end_matches("’s").trim_end_matches(['\'', '’']).trim_end();
    for tail in
        ["合计", "总计", "共计", "两家", "二者", "三者", "共", "各", "则", "已", "就", "也", "将", "约"]
    {
        words_of = words_of.strip_suffix(tail).unwrap_or(words_of).trim_end();
    }
    let span = start + lead..start + lead + words_of.len();
    let names: Vec<usize> = scene.items_in(&span).filter(|item| is_name(scene, *item)).collect();
    let named = names
        .iter()
        .copied()
        .find(|item| {
            let there = scene.items[*item].span();
            there.start == span.start
                && (there.end >= span.end
                    || scene.kind(*item) != "commodity"
                    || is_measured(scene, there.end, span.end))
        })
        .or_else(|| names.iter().copied().find(|item| scene.items[*item].end == span.end));
    if let Some(item) = named {
        return Some(scene.term(item, block, "part of a share"));
    }
    const PRONOUNS: &[&str] = &[
        "its", "their", "they", "it", "we", "Together they", "our", "this part", "that", "该公司", "公司",
        "其",
    ];
    let told = (verb.is_some() || verbless)
        && !PRONOUNS.iter().any(|pronoun| pronoun.eq_ignore_ascii_case(words_of))
        && !words_of.starts_with('其');
    let figures =
        scene.items_in(&span).any(|item| super::figure::is_figure(scene, item) || scene.is_time(item));
    (told && !figures && !words_of.is_empty() && words_of.len() <= LONGEST)
        .then(|| scene.words_term(span.clone(), "part of a share"))
}

/// True if the words behind a good only say what is measured of it, or are figures: 动力电池收入.
fn is_measured(scene: &Scene<'_, '_>, start: usize, end: usize) -> bool {
    let words = scene.text.get(start..end).unwrap_or_default().trim_start_matches([' ', '（', '(']);
    let measure = scene.items_in(&(start..end)).any(|item| scene.kind(item) == "measure");
    measure || ["业务", "板块", "产品", "收入", "产量", "销量"].iter().any(|word| words.starts_with(word))
}

/// A word followed by no letter.
fn find_whole(text: &str, word: &str) -> Option<usize> {
    find::each(text, word).find(|at| !text[at + word.len()..].starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// The words of a clause without those that only lead into it.
fn unled(text: &str) -> &str {
    const LEADS: &[&str] = &[
        "其中", "而", "且", "并", "另", "of which", "while", "whereas", "and", "with", "but", "meanwhile",
        "that", "among them", "Among them", "among which", "the", "The", "来自", "对", "输往",
    ];
    let mut rest = text.trim_start();
    while let Some(next) = LEADS.iter().find_map(|lead| {
        let next = rest.strip_prefix(lead)?;
        (!lead.is_ascii() || next.starts_with([' ', ','])).then_some(next)
    }) {
        rest = next.trim_start_matches([' ', ',', '，', '、']);
    }
    rest
}

fn is_name(scene: &Scene<'_, '_>, item: usize) -> bool {
    matches!(scene.kind(item), "country" | "company" | "region" | "exchange" | "commodity" | "place")
}

/// Who has the share, if the clause itself does not say: the nearest name before that can have one.
fn earlier<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    stop: usize,
) -> Option<Slot<Term<'t>>> {
    let is = |item: &usize| {
        matches!(scene.kind(*item), "country" | "company" | "region" | "exchange" | "place")
            && scene.items[*item].end <= stop
    };
    let item =
        reach.left.clone().rev().find(is).or_else(|| (reach.all.start..reach.left.start).rev().find(is))?;
    Some(scene.term(item, block, "part of a share"))
}
