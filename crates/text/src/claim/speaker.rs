//! Who says what a claim states.

use std::ops::Range;

use super::cues::Cue;
use super::described::{self, Who};
use super::layout::BlockKind;
use super::office;
use super::scene::Scene;
use super::slots::{Origin, OriginKind, Slot, Term};
use super::subject::Around;

/// Longest stretch of other words between a speaker and the verb that says that it speaks, in bytes.
const BESIDE: usize = 14;
/// Longest words of a source that is no name, in bytes.
const LONGEST: usize = 80;

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

/// The item of the verb with which the name at `item` says something.
fn saying(around: Around<'_, '_, '_, '_>, item: usize) -> Option<usize> {
    let Around { scene, reach, .. } = around;
    let mut last = item;
    let mut inside = false;
    for next in item + 1..reach.all.end.min(item + 16) {
        let gap = scene.gap(last, next);
        let is_far = gap.len() > BESIDE && !inside && !is_of_speaker(gap) && !is_person_of(gap);
        if is_far
            || ["不", "未", "没有", "拒绝", " not", "n't", "declined"].iter().any(|word| gap.contains(word))
        {
            return None;
        }
        let there = &scene.items[next];
        // A word can do several things: 预计 says and forecasts, «added» says and moves.
        let says = (next..reach.all.end)
            .take_while(|other| scene.items[*other].start == there.start)
            .any(|other| scene.items[other].cue() == Some(Cue::Say));
        match there.cue() {
            Some(_) if says => {
                // 公布的产量 is output, not a saying.
                let rest = &scene.text[there.end..];
                let of_a_noun = rest.starts_with('的') && !rest.starts_with("的数据");
                return (!of_a_noun && !is_result(around, item, next)).then_some(next);
            }
            Some(
                Cue::Announced | Cue::Event(_) | Cue::Named(_) | Cue::Act | Cue::According | Cue::Speaker,
            ) => {}
            Some(_) => return None,
            None => match there.mark() {
                Some('(') => inside = true,
                Some(')') => inside = false,
                // X公告,预计…: the notice says it.
                Some(',') if announces(scene, last) => {}
                Some(',') => return behind_apposition(around, next),
                Some(_) if inside => {}
                Some(_) => return None,
                None if inside || scene.is_time(next) || scene.is_code(next) => {}
                None => return None,
            },
        }
        last = next;
    }
    None
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
    for item in reach.all.clone() {
        let cue = scene.items[item].cue();
        let behind = item > reach.anchor;
        // 据X of a later clause is of what follows it.
        let later = behind && !scene.words(item).is_ascii();
        if cue == Some(Cue::According)
            && !later
            && let Some(slot) = source(around, item)
        {
            return Some(slot);
        }
        if cue == Some(Cue::Say)
            && !is_over(around, item)
            && let Some(slot) = general(around, item).or_else(|| named_behind(around, item))
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
            let told = here.or(memory.company).or(memory.topic);
            if let Some(company) = told.filter(|_| scene.is_anaphor(item)) {
                return Some(scene.term(company, block, "company told before says it"));
            }
            continue;
        }
        if is_author(around, item) {
            continue;
        }
        return Some(speaker(around, item));
    }
    heading(around).or_else(|| interviewee(around))
}

/// True for the company that a text begins with: its own notice needs no source.
fn is_author(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    let Around { scene, .. } = around;
    let Some(title) = scene.blocks.first() else { return false };
    let Some(first) = scene.items_of(title).next() else { return false };
    scene.kind(item) == "company"
        && scene.items[first].start == title.span.start
        && (scene.id(first).is_some() && scene.id(first) == scene.id(item)
            || scene.words(first) == scene.words(item))
}

/// Kinds of names that may speak.
const SPEAKING: [&str; 4] = ["company", "agency", "institution", "exchange"];

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
            .any(|word| scene.words(say).to_lowercase().starts_with(word))
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
        if !parted || !(behind.is_empty() || behind.starts_with(['.', ',', ';', '。', '，', '；'])) {
            return None;
        }
    }
    if let Some(item) = office::meant(scene, say, words) {
        return Some(scene.term(item, block, "office told before"));
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
    Some(words_slot(around, span, "speaker in general words"))
}

/// Words that alone say nobody.
const GENERAL_ALONE: &[&str] = &[
    "公司", "集团", "数据", "统计", "公告", "消息", "报告", "文件", "data", "figures", "people",
    "the report", "the study", "the data", "the figures", "this report", "the article", "the survey",
    "report", "the document", "the company", "the group", "the firm",
];

fn words_slot<'t>(around: Around<'t, '_, '_, '_>, span: Range<usize>, rule: &'static str) -> Slot<Term<'t>> {
    let words = &around.scene.text[span.clone()];
    let origin = Origin { kind: OriginKind::Stated, start_byte: span.start, end_byte: span.end, rule };
    Slot { is: Term { id: None, words }, origin }
}

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

/// «CISA: crude steel output ...», 研究员：…: who begins the line and a colon follows.
fn heading<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let line = scene.text[..block.span.start].rfind('\n').map_or(0, |at| at + 1);
    let items = scene.items_in(&(line..scene.items[reach.anchor].start));
    let colon = items.clone().take(6).find(|item| scene.items[*item].mark() == Some(':'))?;
    let end = scene.items[colon].start;
    let named = (items.start..colon).rev().find(|item| scene.items[*item].end == end);
    if let Some(item) = named.filter(|item| matches!(scene.kind(*item), "institution" | "agency")) {
        return Some(scene.term(item, block, "speaker before a colon"));
    }
    let span = described::at_end(scene.text, line..end, Who::Speaker)?;
    let words = &scene.text[span.clone()];
    let person = PEOPLE.iter().any(|word| words.to_lowercase().ends_with(word));
    person.then(|| words_slot(around, span, "speaker before a colon"))
}

/// Whose answers the text prints, if its title or first line says so: «对话某券商分析师», «Interview with a tin trader».
/// Questions are not theirs.
fn interviewee<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, .. } = around;
    let line = scene.text[..block.span.start].rfind('\n')? + 1;
    if ["问", "记者", "Q"].iter().any(|asks| scene.text[line..].starts_with(asks)) {
        return None;
    }
    let title = scene.blocks.first()?.span.clone();
    let words = &scene.text[title.clone()];
    let lower = words.to_lowercase();
    let is_interview =
        ["对话", "专访", "访谈", "采访", "对谈", "——访", "—访"].iter().any(|word| words.contains(word))
            || [
                "interview", "q&a with", "conversation with", "talks", "speaks", "five minutes with",
                "ten minutes with",
            ]
            .iter()
            .any(|word| lower.contains(word));
    if !is_interview {
        return None;
    }
    let end =
        words.find(['：', ':', '，', ',', '》', '|', '｜']).filter(|at| *at > 12).unwrap_or(words.len());
    let span = described::nearest(scene.text, title.start..title.start + end, Who::Speaker)?;
    let text = &scene.text[span.clone()];
    let named = ["访谈", "采访", "专访", "对话", "访"].iter().find_map(|word| text.rsplit_once(word));
    let words = named.map_or(text, |(_, words)| words);
    let span = span.end - words.len()..span.end;
    // 专家 alone is nobody of whom the text says more.
    let person = PEOPLE.iter().any(|word| words.len() > word.len() && words.to_lowercase().ends_with(word));
    person.then(|| words_slot(around, span, "who is interviewed"))
}

/// Persons who are quoted line by line.
const PEOPLE: &[&str] = &[
    "研究员", "分析师", "交易员", "贸易商", "专家", "人士", "策略师", "经济学家", "销售", "采购", "负责人",
    "经理", "董事长", "总裁", "工程师", "顾问", "教授", "院士", "厂长", "矿长", "analyst", "trader",
    "strategist", "economist", "director", "manager", "broker", "dealer", "consultant", "engineer", "buyer",
    "merchant", "executive", "officer", "researcher", "professor", "expert", "veteran",
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
        if is_name || scene.items[next].cue() == Some(Cue::Speaker) {
            return Some(scene.term(next, block, "speaker behind the quotation"));
        }
    }
    // «..., says a metals strategist at a Geneva trading house, who notes that ...».
    if !(quoted || lead.ends_with(['"', '”'])) || !rest.starts_with([' ', '\u{a0}']) {
        return None;
    }
    let end = rest.find([',', '.', ';', '，', '。']).unwrap_or(rest.len());
    let span = described::at_end(scene.text, start..start + end, Who::Speaker)?;
    (span.start <= start + 1).then(|| words_slot(around, span, "speaker behind the quotation"))
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
    let closes = rest.is_empty() || rest.starts_with(['.', ';', ',', '。', '；']);
    parted && (closes || !(item + 1..reach.all.end).any(|next| super::figure::is_figure(scene, next)))
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

/// The source behind «according to»: a name, else its words.
fn source<'t>(around: Around<'t, '_, '_, '_>, item: usize) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let start = scene.items[item].end;
    let rest = scene.text.get(start..block.span.end)?;
    let stop = rest
        .find(['，', ',', '。', '；', ';', '、', '(', '（', '：'])
        .into_iter()
        .chain(rest.find(". "))
        .chain(END_OF_SOURCE.iter().filter_map(|word| rest.find(word)))
        .min()
        .unwrap_or(rest.trim_end_matches(['.', '。']).len());
    let end = start + stop;
    let named = (item + 1..reach.all.end)
        .take_while(|next| scene.items[*next].start < end.max(start + 1))
        .find(|next| SPEAKING.contains(&scene.kind(*next)))
        // «the Yichun Natural Resources Bureau»: a company's form inside another name is none.
        .filter(|next| {
            scene.id(*next).is_some()
                || scene.items[*next].end + 1 >= start + scene.text[start..end].trim_end().len()
        });
    if let Some(named) = named {
        return Some(scene.term(named, block, "named as the source"));
    }
    let words = scene.text[start..end].trim();
    // 按 goes before a rate or a yardstick more often than before a source.
    if matches!(scene.words(item), "按" | "综合") {
        return None;
    }
    let is_speaker = (item + 1..reach.all.end)
        .take_while(|next| scene.items[*next].start < end)
        .any(|next| scene.items[next].cue() == Some(Cue::Speaker));
    // 据此 and «per ton» name nobody; 据某某数据 and «according to the Bureau» do.
    let ours = matches!(words, "此" | "我们" | "笔者" | "了解" | "悉");
    let told =
        END_OF_SOURCE.iter().any(|word| rest[stop..].starts_with(word)) && words.chars().count() > 1 && !ours;
    let capital = words.trim_start_matches("the ").starts_with(char::is_uppercase) && words.contains(' ');
    let word = scene.words(item).to_lowercase();
    let says = word.starts_with("according") || word.starts_with("citing") || word.starts_with("as ");
    let plain = says && described::nearest(scene.text, start..end, Who::Speaker).is_some();
    let terms = [
        "plan", "agreement", "contract", "terms", "rules", "schedule", "协议", "合同", "规定", "约定", "办法",
    ];
    let is_terms = !is_speaker && terms.iter().any(|term| words.contains(term));
    if words.is_empty() || words.len() > LONGEST || is_terms || !(is_speaker || told || capital || plain) {
        return None;
    }
    let from = start + scene.text[start..end].len() - scene.text[start..end].trim_start().len();
    let origin = Origin {
        kind: OriginKind::Stated,
        start_byte: from,
        end_byte: from + words.len(),
        rule: "words of the source",
    };
    Some(Slot { is: Term { id: None, words }, origin })
}

/// Words behind a source that are of the saying.
const END_OF_SOURCE: &[&str] = &[
    "数据", "统计", "报道", "显示", "披露", "介绍", "透露", "测算", "公布", "发布", "的最新", " that ",
    " show", " indicate", " suggest", "说法", "预测", "估算", "了解",
];
