//! Who says what a claim states.

use super::cues::Cue;
use super::layout::BlockKind;
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
    let Around { scene, reach, .. } = around;
    let mut last = item;
    let mut inside = false;
    for next in item + 1..reach.all.end.min(item + 8) {
        let gap = scene.gap(last, next);
        if gap.len() > BESIDE && !is_of_speaker(gap) && !inside {
            return false;
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
                return !rest.starts_with('的') || scene.text[there.end..].starts_with("的数据");
            }
            Some(Cue::Announced | Cue::Event(_) | Cue::Named(_) | Cue::Act | Cue::According) => {}
            Some(_) => return false,
            None => match there.mark() {
                Some('(') => inside = true,
                Some(')') => inside = false,
                Some(_) => return false,
                None if inside || scene.is_time(next) || scene.is_code(next) => {}
                None => return false,
            },
        }
        last = next;
    }
    false
}

/// True for words that are still of the speaker: «'s quarterly report», «data for July».
fn is_of_speaker(gap: &str) -> bool {
    gap.len() <= 40
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
    let speakers = ["company", "agency", "institution", "exchange"];
    for item in reach.all.clone() {
        let cue = scene.items[item].cue();
        let behind = item > reach.anchor;
        if cue == Some(Cue::According)
            && let Some(slot) = source(around, item)
        {
            return Some(slot);
        }
        if cue == Some(Cue::Say)
            && let Some(slot) = general(around, item).or_else(|| named_behind(around, item))
        {
            return Some(slot);
        }
        let is_name = speakers.contains(&scene.kind(item));
        let is_word = matches!(cue, Some(Cue::Speaker | Cue::Company));
        if !(is_name || is_word) || !said_by(around, item) {
            continue;
        }
        // «..., traders said.»: behind a figure only what ends the sentence.
        if behind && !ends_sentence(around, item) {
            continue;
        }
        if cue == Some(Cue::Company) {
            // «its» and 其 speak for nobody.
            if matches!(scene.words(item), "its" | "Its" | "our" | "Our" | "其") {
                continue;
            }
            if let Some(company) = memory.company.or(memory.topic).filter(|_| scene.is_anaphor(item)) {
                return Some(scene.term(company, block, "company told before says it"));
            }
            continue;
        }
        return Some(speaker(around, item));
    }
    None
}

/// Who speaks in general words before a Chinese verb of saying, from the beginning of the clause: 至少三家分离企业表示.
fn general<'t>(around: Around<'t, '_, '_, '_>, say: usize) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let end = scene.items[say].start;
    if say > reach.anchor {
        return None;
    }
    let lead = &scene.text[block.span.start..end];
    let from = lead
        .rfind(['，', ',', '。', '；', '：', ':', '】', '、', '“', ' '])
        .map_or(0, |at| at + lead[at..].chars().next().map_or(1, char::len_utf8));
    let words = &lead[from..];
    let is_speaker = SPEAKERS.iter().any(|word| words.len() > word.len() && words.ends_with(word));
    if !is_speaker || words.len() > LONGEST || words.starts_with("该公司") || words.ends_with("本公司")
    {
        return None;
    }
    let start = block.span.start + from;
    let named = reach.all.clone().any(|item| {
        (start..end).contains(&scene.items[item].start)
            && matches!(scene.kind(item), "company" | "agency" | "institution")
    });
    (!named).then_some(Slot {
        is: Term { id: None, words },
        origin: Origin {
            kind: OriginKind::Stated,
            start_byte: start,
            end_byte: end,
            rule: "speaker in general words",
        },
    })
}

/// Last words of who speaks in general.
const SPEAKERS: &[&str] = &[
    "企业",
    "厂商",
    "人士",
    "分析师",
    "研究员",
    "商会",
    "协会",
    "机构",
    "负责人",
    "期货公司",
    "管理层",
    "媒体",
    "券商",
    "贸易商",
    "交易商",
    "持货商",
    "冶炼厂",
    "经理",
    "专家",
    "网站",
    "主任",
    "发言人",
];

/// «"...", says a strategist»: the speaker behind the verb that ends a quotation.
fn named_behind<'t>(around: Around<'t, '_, '_, '_>, say: usize) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let lead = scene.text[..scene.items[say].start].trim_end();
    let next = say + 1;
    let quoted = say > reach.anchor && lead.ends_with(['"', '”']);
    if !quoted || next >= reach.all.end || scene.gap(say, next).len() > 30 {
        return None;
    }
    let is_name = ["company", "agency", "institution", "exchange"].contains(&scene.kind(next));
    (is_name || scene.items[next].cue() == Some(Cue::Speaker))
        .then(|| scene.term(next, block, "speaker behind the quotation"))
}

/// True if nothing but the saying stands behind the name at `item`.
fn ends_sentence(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    let Around { scene, reach, .. } = around;
    let lead = scene.text[..scene.items[item].start].trim_end();
    let parted = lead.ends_with([',', '，', '"', '”', '\'', '’'])
        || lead.ends_with(", the")
        || lead.ends_with(", a")
        || lead.ends_with("by");
    parted && !(item + 1..reach.all.end).any(|next| super::figure::is_figure(scene, next))
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
        .find(|next| ["company", "agency", "institution", "exchange"].contains(&scene.kind(*next)));
    if let Some(named) = named {
        return Some(scene.term(named, block, "named as the source"));
    }
    let words = scene.text[start..end].trim();
    let is_speaker = (item + 1..reach.all.end)
        .take_while(|next| scene.items[*next].start < end)
        .any(|next| scene.items[next].cue() == Some(Cue::Speaker));
    // 据此 and «per ton» name nobody; 据某某数据 and «according to the Bureau» do.
    let told = END_OF_SOURCE.iter().any(|word| rest[stop..].starts_with(word)) && words.chars().count() > 2;
    let capital = words.trim_start_matches("the ").starts_with(char::is_uppercase) && words.contains(' ');
    if words.is_empty() || words.len() > LONGEST || !(is_speaker || told || capital) {
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
    "数据",
    "统计",
    "报道",
    "显示",
    "披露",
    "介绍",
    "透露",
    "测算",
    "公布",
    "发布",
    "的最新",
    "说法",
    "预测",
    "估算",
    "了解",
];
