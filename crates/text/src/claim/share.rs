//! Shares: what has them, and of what whole they are.

use std::ops::Range;

use super::cues::Cue;
use super::figure::Reach;
use super::layout::Block;
use super::scene::Scene;
use super::slots::{Claim, Origin, OriginKind, Slot, Term};

/// Longest words of a whole or a part, in bytes.
const LONGEST: usize = 90;

/// Words that end the words of a whole.
const ENDS: &[&str] = &[
    " is ", " are ", " was ", " were ", " in ", " from ", " to ", " by ", " and ", " while ", " which ",
    " has ", " have ", " comes ", " came ", " still ", " on ", " at ", " that ", " with ", " last ",
    " this ", " as ", " but ", " went ", " goes ",
];

/// The bytes of the words behind «N% of», or nothing if the figure is not followed by them.
pub(super) fn whole_behind(text: &str, end: usize, limit: usize) -> Option<Range<usize>> {
    let rest = text.get(end..limit)?;
    let body = rest.strip_prefix(" of ").or_else(|| rest.strip_prefix(" share of "))?;
    let start = limit - body.len();
    let stop = body.find([',', ';', '(', '[', '，', '。', '|']).unwrap_or(body.len());
    let stop = stop.min(full_stop(body)).min(first_word(body, ENDS));
    let words = body[..stop].trim();
    (!words.is_empty() && words.len() <= LONGEST).then(|| start..start + words.len())
}

/// Where a sentence ends: a point that is not of an abbreviation such as U.S.
fn full_stop(text: &str) -> usize {
    text.match_indices('.')
        .map(|(at, _)| at)
        .find(|at| {
            let before = text[..*at].rsplit([' ', '.']).next().unwrap_or_default();
            let inside = text[at + 1..].starts_with(|c: char| c.is_alphanumeric());
            !inside && before.len() > 1
        })
        .unwrap_or(text.len())
}

fn first_word(text: &str, words: &[&str]) -> usize {
    words.iter().filter_map(|word| text.find(word)).min().unwrap_or(text.len())
}

/// What may stand between the words of a whole and its share, at the end.
const TAILS: &[&str] = &[
    "的比重为",
    "的比例为",
    "的比重",
    "的比例",
    "的份额",
    "比重",
    "比例",
    "份额",
    "比为",
    "比约",
    "比达",
    "比升至",
    "比降至",
    "比",
    "的",
    "约为",
    "约",
    "近",
    "超过",
    "超",
    "逾",
    "达到",
    "达",
    "为",
    "升至",
    "降至",
    "提高至",
    "提升至",
    "增至",
    "上升至",
    "下降至",
    "回落至",
    "仅",
    "不足",
    "不到",
    "高达",
    "至少",
];

/// The bytes between 占 and the figure, without 的 and 比例.
pub(super) fn whole_before(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let clause = text.get(start..end)?;
    let at = clause.rfind('占').filter(|at| !clause[*at..].contains(['，', ',', '；', ';', '。']))?;
    let from = start + at + '占'.len_utf8();
    let words = without_tails(text[from..end].trim()).trim_start_matches(['比', '据', '到', '了']);
    let lead = text[from..end].find(words)?;
    let compared = ["较", "同比", "环比", "上升", "下降", "提高"].iter().any(|word| words.starts_with(word));
    (!words.is_empty() && words.len() <= LONGEST && !compared).then(|| from + lead..from + lead + words.len())
}

fn without_tails(mut words: &str) -> &str {
    while let Some(rest) = TAILS.iter().find_map(|tail| words.strip_suffix(tail)) {
        words = rest.trim_end();
    }
    words
}

/// «China's share of global output has climbed to 44%», 在全球产量中的占比升至98%: the words of the whole before the figure.
fn whole_of_share(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let clause = text.get(start..end)?;
    if let Some(at) = clause.rfind("share of ").filter(|at| !clause[*at..].contains([';', '.'])) {
        let from = start + at + "share of ".len();
        let body = &text[from..end];
        const VERBS: &[&str] = &[
            " rose",
            " fell",
            " climbed",
            " grew",
            " slipped",
            " dropped",
            " increased",
            " declined",
            " reached",
            " stood",
            " stands",
            " will ",
            " would ",
            " edged",
            " widened",
            " shrank",
            " at ",
            " up ",
            " down ",
        ];
        let stop =
            first_word(body, ENDS).min(first_word(body, VERBS)).min(body.find(',').unwrap_or(body.len()));
        let words = body[..stop].trim();
        return (!words.is_empty() && words.len() <= LONGEST).then(|| from..from + words.len());
    }
    let from = clause.rfind('在').map(|at| at + '在'.len_utf8())?;
    let body = &clause[from..];
    let stop = ["中的占比", "中占比", "中的份额", "中的比重", "中的比例", "里占", "中占", "的占比", "的份额"]
        .iter()
        .filter_map(|word| body.find(word))
        .min()?;
    let words = &body[..stop];
    (!words.is_empty() && words.len() <= LONGEST && !words.contains(['，', ',']))
        .then(|| start + from..start + from + words.len())
}

/// True if the figure is a share by how it is told.
pub(super) fn is_share(scene: &Scene<'_, '_>, block: &Block, reach: &Reach<'_>) -> bool {
    let Some(mention) = reach.draft.level.and_then(|level| scene.mention(level)) else { return false };
    mention.unit.as_deref() == Some("%")
        && (whole_behind(scene.text, mention.end_byte, block.span.end).is_some()
            || whole_before(scene.text, block.span.start, mention.start_byte).is_some()
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
        .filter_map(|word| Some((before.rfind(word)?, word)))
        .max()?;
    let rest = &before[at + word.len()..];
    let ends = [
        "占",
        "占比",
        "占到",
        "约占",
        "占比为",
        "占比约",
        "占了",
        "made up",
        "accounted for",
        "occupying",
        "or",
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
    let Some(mention) = reach.draft.level.and_then(|level| scene.mention(level)) else { return };
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
    let Some(whole) = behind.clone().or(said).or_else(|| shared.clone()).or_else(of_before) else {
        return;
    };
    claim.whole = Some(words(scene, &whole, "whole of a share"));
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
        let last = ["其中", "of which", "among which"].iter().filter_map(|word| before.rfind(word)).max();
        from = last.map_or(from, |last| block.span.start + last);
    }
    let verbless = ahead.is_some() || shared.is_some() || bare.is_some();
    claim.part = destination(scene, block, behind.as_ref())
        .or_else(|| part(scene, block, from, stop, verbless))
        .or_else(|| {
            let has = scene.text[end..].starts_with(" share of")
                || HAS.iter().any(|verb| find_whole(&scene.text[clause..start], verb).is_some());
            earlier(scene, block, reach, stop).filter(|_| has || verbless)
        });
    if before.is_none_or(|before| before.place.is_none() || within.is_none()) {
        claim.place = None;
    }
    claim.actors.clear();
}

/// The words of a whole up to the first figure or time in them.
fn uncut(scene: &Scene<'_, '_>, whole: Range<usize>) -> Range<usize> {
    const SHORTEST: usize = 5;
    let other = scene.items_in(&whole).find(|item| {
        super::figure::is_figure(scene, *item) && scene.items[*item].start > whole.start + SHORTEST
    });
    let stop = other.map_or(whole.end, |item| scene.items[item].start);
    whole.start..whole.start + scene.text[whole.start..stop].trim_end().len()
}

/// Where the word for a share without its whole stands, in a clause that names who has it: the UK's share grew to 13%.
fn bare_share(scene: &Scene<'_, '_>, from: usize, start: usize) -> Option<usize> {
    let clause = &scene.text[from..start];
    let at =
        ["占比", "份额", "比重", "'s share", "’s share"].iter().filter_map(|word| clause.find(word)).min()?;
    (at > 0).then_some(from + at)
}

/// The name behind the words of a whole to which the share goes, or from which it comes: «96% of exports went to China».
fn destination<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    whole: Option<&Range<usize>>,
) -> Option<Slot<Term<'t>>> {
    const WAYS: &[&str] = &[
        "went to",
        "goes to",
        "consigned to",
        "exported to",
        "shipped to",
        "sold to",
        "sent to",
        "came from",
        "coming from",
        "imported from",
        "sourced from",
        "comes from",
        "come from",
        "was from",
        "is from",
        "were from",
        "originated in",
        "supplied by",
        "produced by",
        "mined in",
        "produced in",
        "refined in",
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
    " accounted for",
    " accounts for",
    " accounting for",
    " makes up",
    " made up",
    " represents",
    " represented",
    " constitutes",
    " constituted",
    " contributed",
    " contributes",
    " generated",
    " supplied",
    " supplies",
    " provided",
    " provides",
    " produced",
    " produces",
    " consumed",
    " consumes",
    " occupied",
    " occupies",
    " occupying",
    " absorbed",
    " absorbs",
    " controls",
    " controlled",
    " holds",
    " held",
    " took",
    " takes",
    " sold",
    " sells",
    " bought",
    " buys",
    " has",
    " had",
    " owns",
    " owned",
    " dug",
    " mined",
    " refined",
    " commands",
    " captured",
    " with",
    " holding",
    " controlling",
    " producing",
    " supplying",
    " processing",
    " representing",
    " refining",
    " is",
    " was",
    " were",
    " are",
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
    let verb = HAS.iter().filter_map(|verb| find_whole(text, verb)).min();
    let body = &text[..verb.unwrap_or(text.len())];
    let lead = body.len() - unled(body).len();
    let mut words_of = without_tails(body[lead..].trim_end());
    words_of = words_of.trim_end_matches("'s").trim_end_matches("’s").trim_end();
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
    const PRONOUNS: &[&str] =
        &["its", "their", "they", "it", "we", "Together they", "our", "该公司", "公司", "其"];
    let told = (verb.is_some() || verbless) && !PRONOUNS.contains(&words_of) && !words_of.starts_with('其');
    let figures =
        scene.items_in(&span).any(|item| super::figure::is_figure(scene, item) || scene.is_time(item));
    (told && !figures && !words_of.is_empty() && words_of.len() <= LONGEST / 2 && names.is_empty())
        .then(|| words(scene, &span, "part of a share"))
}

/// True if the words behind a good only say what is measured of it, or are figures: 动力电池收入.
fn is_measured(scene: &Scene<'_, '_>, start: usize, end: usize) -> bool {
    let words = scene.text.get(start..end).unwrap_or_default().trim_start_matches([' ', '（', '(']);
    let measure = scene.items_in(&(start..end)).any(|item| scene.kind(item) == "measure");
    measure || ["业务", "板块", "产品", "收入", "产量", "销量"].iter().any(|word| words.starts_with(word))
}

/// A word followed by no letter.
fn find_whole(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word)
        .map(|(at, _)| at)
        .find(|at| !text[at + word.len()..].starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// The words of a clause without those that only lead into it.
fn unled(text: &str) -> &str {
    const LEADS: &[&str] = &[
        "其中",
        "而",
        "且",
        "并",
        "另",
        "of which",
        "while",
        "whereas",
        "and",
        "with",
        "but",
        "meanwhile",
        "that",
        "among them",
        "Among them",
        "among which",
        "the",
        "The",
        "来自",
        "对",
        "输往",
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

/// What the last figure before `end` is of, in its own words: 全国TiO2出口 in 2024年全国TiO2出口190万吨.
fn whole_of_figure(scene: &Scene<'_, '_>, block: &Block, end: usize) -> Option<Range<usize>> {
    let items = scene.items_in(&(block.span.start..end));
    let figure = |item: &usize| {
        let level = scene.mention(*item).is_some_and(|mention| mention.unit.as_deref() != Some("%"));
        super::figure::is_figure(scene, *item) && level
    };
    let anchor = items.clone().find(figure)?;
    let stop = scene.items[anchor].start;
    let from = (items.start..anchor)
        .rev()
        .find(|item| {
            scene.is_time(*item)
                || matches!(scene.items[*item].mark(), Some(',' | ';' | ':' | '。'))
                || matches!(scene.items[*item].cue(), Some(Cue::According))
        })
        .map_or(block.span.start, |item| scene.items[item].end);
    let body = scene.text.get(from..stop)?;
    let mut words = without_tails(body.trim());
    for verb in [" totalled", " totaled", " were", " was", " came to", " reached", " amounted to", " at"] {
        words = words.strip_suffix(verb).unwrap_or(words);
    }
    let lead = body.find(words)?;
    (!words.is_empty() && words.len() <= LONGEST).then(|| from + lead..from + lead + words.len())
}

fn words<'t>(scene: &Scene<'t, '_>, span: &Range<usize>, rule: &'static str) -> Slot<Term<'t>> {
    Slot {
        is: Term { id: None, words: &scene.text[span.clone()] },
        origin: Origin { kind: OriginKind::Stated, start_byte: span.start, end_byte: span.end, rule },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wholes_are_read_on_either_side() {
        let text = "China accounts for 69% of global rare earth mine output and more";
        let end = text.find("69%").unwrap_or_default() + 3;
        assert_eq!(
            whole_behind(text, end, text.len()).map(|span| &text[span]),
            Some("global rare earth mine output")
        );
        assert_eq!(whole_behind("5% higher", 2, 9), None);
        let text = "over 70% of U.S. rare earth imports. And";
        let end = text.find("70%").unwrap_or_default() + 3;
        assert_eq!(
            whole_behind(text, end, text.len()).map(|span| &text[span]),
            Some("U.S. rare earth imports")
        );
        let text = "对泰国出口300吨，占总量的24%";
        let end = text.find("24%").unwrap_or_default();
        assert_eq!(whole_before(text, 0, end).map(|span| &text[span]), Some("总量"));
        assert_eq!(whole_before("占地很大，增长24%", 0, 18), None);
        let text = "China's share of refined output has climbed to 44%";
        let end = text.find("44%").unwrap_or_default();
        assert_eq!(whole_of_share(text, 0, end).map(|span| &text[span]), Some("refined output"));
    }
}
