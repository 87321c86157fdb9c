//! Who says what a claim states.

use std::sync::LazyLock;

use super::cues::Cue;
use super::described::{self, Who};
use super::layout::BlockKind;
use super::scene::Scene;
use super::slots::{Origin, OriginKind, Slot, Term};
use super::subject::Around;
use super::{guided, home, interview, office, person, source, speaker_told};
use crate::find::{Words, lower};

/// Longest stretch of other words between a speaker and the verb that says that it speaks, in bytes.
const BESIDE: usize = 14;

/// True if the name at `item` says something.
pub(super) fn speaks(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    said_by(around, item) || is_source(around, item)
}

/// True for «according to X», 据X.
fn is_source(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    let Around { scene, reach, .. } = around;
    item > reach.all.start
        && scene.items[item - 1].cue() == Some(Cue::According)
        && scene.gap(item - 1, item).len() <= BESIDE
}

/// True for «X said», X表示, X(600111.SH)8月1日公告称, «X's quarterly report showed».
fn said_by(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    saying(around, item).is_some()
}

static DENIED: LazyLock<Words> =
    LazyLock::new(|| Words::new(&["不", "未", "没有", "拒绝", " not", "n't", "declined"]));

/// The item of the verb with which the name at `item` says something.
fn saying(around: Around<'_, '_, '_, '_>, item: usize) -> Option<usize> {
    let Around { scene, reach, .. } = around;
    let mut last = item;
    let mut inside = false;
    for next in item + 1..reach.all.end.min(item + 16) {
        let gap = scene.gap(last, next);
        let named = scene.items[last].cue() == Some(Cue::Speaker) && person::is_named(gap);
        let is_near = gap.len() <= BESIDE || inside || is_of_speaker(gap) || is_person_of(gap);
        let is_far = !(is_near || named || person::is_titled(gap));
        if is_far || DENIED.any_in(gap) {
            return None;
        }
        let there = &scene.items[next];
        // A word can do several things: 预计 says and forecasts, «added» says and moves.
        let says = (next..reach.all.end)
            .take_while(|other| scene.items[*other].start == there.start)
            .any(|other| scene.items[other].cue() == Some(Cue::Say))
            && !adds(scene, next);
        match there.cue() {
            Some(_) if says => {
                // 公布的产量 is output, not a saying.
                let rest = &scene.text[there.end..];
                let told = rest.split([',', '，']).next().unwrap_or_default();
                let of_a_noun =
                    rest.starts_with('的') && !["数据", "数据显示"].iter().any(|end| told.ends_with(end));
                return (!of_a_noun && !is_result(around, item, next)).then_some(next);
            }
            Some(
                Cue::Announced | Cue::Event(_) | Cue::Named(_) | Cue::Act | Cue::According | Cue::Speaker,
            ) => {}
            Some(_) => return None,
            None => match there.mark() {
                Some('(') => inside = true,
                Some(')') => inside = false,
                Some(_) if inside => {}
                // X公告,预计…: the notice says it.
                // 株冶集团公告，一季度归母净利润2.77亿元.
                Some(',')
                    if announces(scene, last) && last == item + 1 && scene.gap(item, last).is_empty() =>
                {
                    return Some(last);
                }
                Some(',') if announces(scene, last) => {}
                // «SQM's chief executive, Ricardo Ramos, said»
                Some(',') => {
                    return behind_apposition(around, next)
                        .or_else(|| person::behind(scene, next, reach.all.end));
                }
                Some(_) => return None,
                None if inside || scene.is_time(next) || scene.is_code(next) => {}
                None => return None,
            },
        }
        last = next;
    }
    None
}

/// «copper added 20%» moves.
fn adds(scene: &Scene<'_, '_>, item: usize) -> bool {
    let behind = scene.text[scene.items[item].end..].trim_start();
    scene.words(item).starts_with("add")
        && behind.starts_with(|first: char| first.is_ascii_digit() || first == '$')
}

fn announces(scene: &Scene<'_, '_>, item: usize) -> bool {
    scene.items[item].cue() == Some(Cue::Announced)
}

/// «Sims, whose year closes in June, said»: the verb behind the second comma.
fn behind_apposition(around: Around<'_, '_, '_, '_>, comma: usize) -> Option<usize> {
    let Around { scene, reach, .. } = around;
    let second = (comma + 1..reach.all.end).find(|item| scene.items[*item].mark() == Some(','))?;
    let say = second + 1;
    let near = scene.items[second].start - scene.items[comma].end <= 90;
    let opens = ["whose ", "which ", "in its ", "the ", "a ", "an ", "of ", "based "];
    let rest = scene.text[scene.items[comma].end..].trim_start();
    (near
        && say < reach.all.end
        && opens.iter().any(|word| rest.starts_with(word))
        && scene.items[say].cue() == Some(Cue::Say)
        && matches!(scene.gap(second, say).trim(), "" | "has" | "have" | "had" | "also"))
    .then_some(say)
}

/// «Samsung SDI reported a loss of»: a company's result is its own deed, what it «reported that» is a saying.
fn is_result(around: Around<'_, '_, '_, '_>, item: usize, say: usize) -> bool {
    let Around { scene, .. } = around;
    let word = scene.words(say);
    let reports = ["reported", "reports", "put", "puts"].iter().any(|other| word.eq_ignore_ascii_case(other));
    let rest = scene.text[scene.items[say].end..].trim_start();
    reports && scene.kind(item) == "company" && !rest.starts_with("that ") && !word.starts_with("put")
}

/// Words of a day or an occasion between a speaker and its verb.
const WHEN: &[&str] = &[
    "in", "the", "evening", "morning", "afternoon", "of", "on", "late", "early", "a", "an", "statement",
    "filing", "note", "report", "interview", "its", "press", "conference", "release", "this", "week",
    "before", "after", "market", "latest", "today", "letter", "presentation", "briefing", "call", "with",
    "at", "by", "and", "has", "had", "have", "also", "that",
];

/// True for words of a person behind the name of an employer: «'s chief executive», 董事长.
fn is_person_of(gap: &str) -> bool {
    gap.len() <= 60
        && !gap.contains(['.', ';', '。', '；'])
        && described::at_end(gap, 0..gap.len(), Who::Speaker).is_some()
}

/// True for words that are still of the speaker: «'s quarterly report», «data for July».
fn is_of_speaker(gap: &str) -> bool {
    let when = gap.len() <= 40 && gap.split_whitespace().all(|word| WHEN.contains(&word));
    let where_it_is = gap.len() <= 28
        && [" at ", " in ", " of "].iter().any(|word| gap.starts_with(word))
        && gap
            .split_whitespace()
            .skip(1)
            .all(|word| word.starts_with(|first: char| first.is_ascii_uppercase()));
    when || where_it_is
        || gap.len() <= 40
            && (gap.starts_with("'s ")
                || gap.starts_with("’s ")
                || gap.contains(" data")
                || gap.contains(" figures"))
            && !gap.contains('.')
}

/// Who says it: a name or, in general words, who is said to.
pub(super) fn attribution<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, memory, .. } = around;
    if block.kind == BlockKind::Row {
        return None;
    }
    if let Some(slot) = expected_by(around) {
        return Some(slot);
    }
    for item in reach.all.clone() {
        let cue = scene.items[item].cue();
        let behind = item > reach.anchor;
        // 据X of a later clause is of what follows it.
        let later = behind && !scene.words(item).is_ascii();
        if cue == Some(Cue::According)
            && !later
            && let Some(slot) = source::source(around, item)
        {
            return Some(slot);
        }
        if cue == Some(Cue::Say)
            && !is_over(around, item)
            && let Some(slot) = general(around, item)
                .or_else(|| named_behind(around, item))
                .or_else(|| speaker_told::goes_on(around, item))
                .or_else(|| person::unknown(around, item))
        {
            return Some(slot);
        }
        let is_name = SPEAKING.contains(&scene.kind(item));
        let is_word = matches!(cue, Some(Cue::Speaker | Cue::Company));
        if !(is_name || is_word) {
            continue;
        }
        let Some(say) = saying(around, item).filter(|say| !is_over(around, *say)) else { continue };
        // «..., traders said.»: behind a figure only what ends the sentence or its clause.
        if behind && !ends_sentence(around, item, say) {
            continue;
        }
        if cue == Some(Cue::Company) {
            // «its» and 其 speak for nobody, and «we» are not named.
            if is_own(scene.words(item)) {
                continue;
            }
            let here = (reach.all.start..item).rev().find(|other| scene.kind(*other) == "company");
            // «…, it adds»: who was said last to say something.
            if here.is_none()
                && scene.words(item).eq_ignore_ascii_case("it")
                && let Some((start, end, id)) = memory.speaker.clone()
            {
                let origin = Origin {
                    kind: OriginKind::Inherited,
                    start_byte: start,
                    end_byte: end,
                    rule: "speaker told before",
                };
                return Some(Slot { is: Term { id, words: scene.text.get(start..end)? }, origin });
            }
            let told = here.or(memory.company).or(memory.topic);
            if told.is_some_and(|company| home::wrote(scene, company)) {
                continue;
            }
            if let Some(company) = told.filter(|_| scene.is_anaphor(item)) {
                return Some(scene.term(company, block, "company told before says it"));
            }
            continue;
        }
        if home::wrote(scene, item) {
            continue;
        }
        // «Statistics South Africa said»: the general word is the first of a name.
        if cue == Some(Cue::Speaker)
            && let Some(slot) = person::unknown(around, say)
        {
            return Some(slot);
        }
        return Some(speaker(around, item));
    }
    if let Some(slot) = speaker_told::office_speaks(around) {
        return Some(slot);
    }
    if let Some(slot) = speaker_told::pronoun(around) {
        return Some(slot);
    }
    interview::heading(around)
        .or_else(|| interview::answering(around))
        .or_else(|| speaker_told::forecaster(around))
        .or_else(|| speaker_told::behind_semicolon(around))
}

/// «the 900 tonnes it had guided to»: who had expected the figure.
fn expected_by<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, memory, .. } = around;
    let (who, _) = guided::by_whom(scene.text, scene.items[reach.anchor].end, block.span.end)?;
    let mut items = scene.items_in(&who);
    if let Some(item) = items.clone().find(|item| SPEAKING.contains(&scene.kind(*item))) {
        return Some(scene.term(item, block, "says it"));
    }
    if items.any(|item| scene.items[item].cue() == Some(Cue::Company)) {
        let here = (reach.all.start..reach.anchor).rev().find(|item| scene.kind(*item) == "company");
        let company = here.or(memory.company).or(memory.topic)?;
        return Some(scene.term(company, block, "company told before says it"));
    }
    None
}

/// Kinds of names that may speak.
pub(super) const SPEAKING: [&str; 4] = ["company", "agency", "institution", "exchange"];

fn is_own(word: &str) -> bool {
    ["its", "our", "we", "其", "我司", "本公司", "本集团"].iter().any(|own| word.eq_ignore_ascii_case(own))
}

/// True if what is said at `say` ends before the figure: «X expects first ore in May; it was up 9 %», «X fears ..., but we
/// think ...».
fn is_over(around: Around<'_, '_, '_, '_>, say: usize) -> bool {
    let Around { scene, reach, .. } = around;
    let ours = (say + 1..reach.anchor).any(|item| {
        scene.items[item].cue() == Some(Cue::Say)
            && ["我们", "笔者", "我", " we", " I"]
                .iter()
                .any(|own| scene.text[..scene.items[item].start].trim_end().ends_with(own))
    });
    ours || (say..reach.anchor).any(|item| scene.items[item].mark() == Some(';'))
        && ["expect", "forecast", "预计", "预测", "预期", "guid", "anticipat"]
            .iter()
            .any(|word| lower(scene.words(say)).starts_with(word))
}

/// Who speaks in general words before a verb of saying: 至少三家分离企业表示, «a London broker wrote»; the employer, if that
/// is named.
fn general<'t>(around: Around<'t, '_, '_, '_>, say: usize) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, memory, .. } = around;
    let said = &scene.items[say];
    let lead = block.span.start..without_adverbs(scene.text, block.span.start, said.start);
    let span = described::at_end(scene.text, lead, Who::Speaker)?;
    let words = &scene.text[span.clone()];
    if words.starts_with("its ") || words.starts_with("their ") {
        let here = (reach.all.start..say).find(|item| scene.kind(*item) == "company");
        return Some(scene.term(here.or(memory.company)?, block, "company told before says it"));
    }
    if say > reach.anchor {
        let before = scene.text[..span.start].trim_end();
        let behind = scene.text[said.end..block.span.end].trim_start();
        let parted = before.ends_with([',', '，', '"', '”', ';', '；', '—', '–']) || before.ends_with("as");
        // «a source at a trading firm told Fastmarkets.»
        let hearer = behind.split(['.', ',', ';']).next().unwrap_or_default();
        let heard = scene.words(say).eq_ignore_ascii_case("told")
            && hearer.split(' ').count() <= 3
            && !hearer.contains(|c: char| c.is_ascii_digit());
        let closes = behind.is_empty() || behind.starts_with(['.', ',', ';', '。', '，', '；']);
        if !parted || !(closes || heard) {
            return None;
        }
    }
    if let Some(item) = office::meant(scene, say, words) {
        return Some(scene.term(item, block, "office told before"));
    }
    const OFFICES: &[&str] =
        &["the ministry", "the department", "the bureau", "the commission", "the agency", "the office"];
    if OFFICES.iter().any(|office| words.eq_ignore_ascii_case(office))
        && let Some(slot) = home::office_told(scene, block)
    {
        return Some(slot);
    }
    let is_company = |item: &usize| scene.items[*item].cue() == Some(Cue::Company);
    let inside = scene.items_in(&span);
    if inside.clone().any(|item| is_company(&item) && scene.words(item).len() == words.len())
        || GENERAL_ALONE.iter().any(|word| words.eq_ignore_ascii_case(word))
    {
        return None;
    }
    if let Some(named) = inside.clone().rev().find(|item| SPEAKING.contains(&scene.kind(*item))) {
        return Some(scene.term(named, block, "speaker for a name"));
    }
    // «The Russian company sees»: the one that was told of.
    let told = reach.all.clone().take_while(|item| *item < say).find(|item| scene.kind(*item) == "company");
    if person::is_the_company(words)
        && let Some(company) = told.or(memory.company).or(memory.topic)
    {
        return (!home::wrote(scene, company))
            .then(|| scene.term(company, block, "company told before says it"));
    }
    Some(around.scene.words_term(span, "speaker in general words"))
}

/// Words that alone say nobody.
const GENERAL_ALONE: &[&str] = &[
    "公司", "集团", "数据", "统计", "公告", "消息", "报告", "文件", "data", "figures", "people",
    "the report", "the study", "the data", "the figures", "this report", "the article", "the survey",
    "report", "the document", "the company", "the group", "the firm",
];

/// The end of the words before a verb, without adverbs and days: «a trader on Monday also», 该人士昨日进一步.
fn without_adverbs(text: &str, from: usize, to: usize) -> usize {
    let mut words = text[from..to].trim_end();
    loop {
        let rest = ADVERBS.iter().find_map(|adverb| {
            let rest = words.strip_suffix(adverb)?;
            (!adverb.is_ascii() || rest.ends_with(' ')).then(|| rest.trim_end())
        });
        match rest {
            Some(rest) => words = rest,
            None => return from + words.len(),
        }
    }
}

const ADVERBS: &[&str] = &[
    "also", "earlier", "later", "recently", "still", "now", "previously", "Monday", "Tuesday", "Wednesday",
    "Thursday", "Friday", "Saturday", "Sunday", "on", "last week", "this week", "yesterday", "today", "has",
    "have", "had", "both", "all", "themselves", "昨日", "今日", "近日", "日前", "当日", "昨天", "今天",
    "本周", "上周", "此前", "同时", "随后", "进一步", "明确", "公开", "也", "还", "均", "则", "都", "普遍",
    "一致", "已", "曾", "再次", "再度", "向记者", "对记者", "最新", "共同", "最近", "直接", "独家", "另外",
    "又", "亦", "告诉记者",
];

/// «"...", says a strategist»: the speaker behind the verb that ends a quotation.
fn named_behind<'t>(around: Around<'t, '_, '_, '_>, say: usize) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let lead = scene.text[..scene.items[say].start].trim_end();
    let next = say + 1;
    let quoted = say > reach.anchor && lead.ends_with([',', '"', '”']);
    let start = scene.items[say].end;
    let rest = scene.text.get(start..block.span.end)?;
    if quoted && lead.ends_with(['"', '”']) && next < reach.all.end && scene.gap(say, next).len() <= 30 {
        let is_name = SPEAKING.contains(&scene.kind(next));
        if let Some(span) = person::employer(scene, block, next).filter(|_| !is_name) {
            return Some(scene.words_term(span, "speaker for a name"));
        }
        if is_name || scene.items[next].cue() == Some(Cue::Speaker) {
            return Some(scene.term(next, block, "speaker behind the quotation"));
        }
    }
    // «..., said Ms. Zhou of Guotai Junan Futures.»
    let clause = rest.split([',', ';', '\n']).next().unwrap_or_default();
    let clause = clause.strip_suffix('.').unwrap_or(clause);
    if quoted && clause.len() <= 60 && clause.starts_with(' ') {
        let links = [" of ", " at ", " from ", " with "];
        let employer = (next..reach.all.end)
            .take_while(|item| scene.items[*item].start < start + clause.len())
            .find(|item| SPEAKING.contains(&scene.kind(*item)));
        if let Some(item) = employer
            && links.iter().any(|link| scene.text[..scene.items[item].start].ends_with(link))
            && clause.trim_start().starts_with(|first: char| first.is_uppercase())
        {
            return Some(scene.term(item, block, "speaker for a name"));
        }
    }
    // «..., says a metals strategist at a Geneva trading house, who notes that ...».
    if !(quoted || lead.ends_with(['"', '”'])) || !rest.starts_with([' ', '\u{a0}']) {
        return None;
    }
    let end = rest.find([',', '.', ';', '，', '。']).unwrap_or(rest.len());
    let span = described::at_end(scene.text, start..start + end, Who::Speaker)?;
    (span.start <= start + 1).then(|| around.scene.words_term(span, "speaker behind the quotation"))
}

/// True if nothing but the saying stands behind the name at `item`, or the verb ends its clause.
fn ends_sentence(around: Around<'_, '_, '_, '_>, item: usize, say: usize) -> bool {
    let Around { scene, block, reach, .. } = around;
    let lead = scene.text[..scene.items[item].start].trim_end();
    let parted = lead.ends_with([',', '，', '"', '”', '\'', '’'])
        || lead.ends_with(", the")
        || lead.ends_with(", a")
        || lead.ends_with("by");
    let rest = scene.text[scene.items[say].end..block.span.end].trim_start();
    let closes = rest.is_empty() || rest.starts_with(['.', ';', ',', '。', '；']) || only_a_day(around, say);
    parted && (closes || !(item + 1..reach.all.end).any(|next| super::figure::is_figure(scene, next)))
}

/// «..., customs said on Tuesday.»: nothing but a time stands between the verb and the end of its clause.
fn only_a_day(around: Around<'_, '_, '_, '_>, say: usize) -> bool {
    let Around { scene, block, reach, .. } = around;
    let Some(time) = (say + 1..reach.all.end).find(|next| scene.is_time(*next)) else { return false };
    let lead = scene.gap(say, time).trim();
    let rest = scene.text.get(scene.items[time].end..block.span.end).unwrap_or_default().trim_start();
    matches!(lead, "" | "on" | "in" | "earlier" | "late" | "early" | "late on" | "early on")
        && (rest.is_empty() || rest.starts_with(['.', ';', ',', '。', '；']))
}

/// The speaker at `item`; «an analyst at X» is X.
fn speaker<'t>(around: Around<'t, '_, '_, '_>, item: usize) -> Slot<Term<'t>> {
    let Around { scene, block, reach, .. } = around;
    let next = item + 1;
    if scene.items[item].cue() == Some(Cue::Speaker)
        && next < reach.all.end
        && ["company", "institution", "agency", "exchange"].contains(&scene.kind(next))
        && matches!(scene.gap(item, next).trim(), "at" | "with" | "of" | "from")
    {
        return scene.term(next, block, "speaker for a name");
    }
    scene.term(item, block, "says it")
}
