//! Who speaks line by line: before a colon, or in the answers of an interview.

use std::ops::Range;
use std::sync::LazyLock;

use super::described::{self, Who};
use super::slots::{Slot, Term};
use super::subject::Around;
use crate::find::{Words, find, lower};

/// «CISA: crude steel output ...», 研究员：…: who begins the line and a colon follows.
pub(super) fn heading<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
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
    let person = PEOPLE.iter().any(|word| lower(words).ends_with(word));
    person.then(|| around.scene.words_term(span, "speaker before a colon"))
}

/// Whose answers the text prints, if its title or first line says so: «对话某券商分析师», «Interview with a tin trader».
/// Questions are not theirs.
pub(super) fn interviewee<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, .. } = around;
    let line = scene.text[..block.span.start].rfind('\n')? + 1;
    if ["问", "记者", "Q"].iter().any(|asks| scene.text[line..].starts_with(asks)) {
        return None;
    }
    // Who answers for a company speaks as the company.
    if scene.home.host.is_some() {
        return None;
    }
    if let Some(span) = introduced(scene.text, line) {
        return Some(around.scene.words_term(span, "who is interviewed"));
    }
    let title = scene.blocks.first()?.span.clone();
    let words = &scene.text[title.clone()];
    if !is_interview(words) {
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
    let person = PEOPLE.iter().any(|word| words.len() > word.len() && lower(words).ends_with(word));
    person.then(|| around.scene.words_term(span, "who is interviewed"))
}

/// «A (a strategist at a London house): ...»: the first answer says who gives this one, which begins at `line`.
fn introduced(text: &str, line: usize) -> Option<Range<usize>> {
    const ANSWERS: &[&str] = &["\nA (", "\nA（", "\n答(", "\n答（"];
    const LONGEST: usize = 90;
    if !["A", "答"].iter().any(|answer| text[line..].starts_with(answer)) {
        return None;
    }
    // The answer itself may be the first one.
    let head = &text[..text.ceil_char_boundary((line + 8).min(text.len()))];
    let at = ANSWERS.iter().filter_map(|mark| Some(find(head, mark)? + mark.len())).min()?;
    let end = at + text[at..].find([')', '）'])?;
    let colon = text[end..].trim_start_matches([')', '）']).starts_with([':', '：']);
    (colon && end - at <= LONGEST && at < end).then_some(at..end)
}

/// True if a title says that the text is an interview.
fn is_interview(title: &str) -> bool {
    static CHINESE: LazyLock<Words> =
        LazyLock::new(|| Words::new(&["对话", "专访", "访谈", "采访", "对谈", "——访", "—访"]));
    static ENGLISH: LazyLock<Words> = LazyLock::new(|| {
        Words::in_any_case(&[
            "interview", "q&a with", "conversation with", "talks", "speaks", "five minutes with",
            "ten minutes with",
        ])
    });
    CHINESE.any_in(title) || ENGLISH.any_in(title)
}

/// Persons who are quoted line by line.
const PEOPLE: &[&str] = &[
    "研究员", "分析师", "交易员", "贸易商", "专家", "人士", "策略师", "经济学家", "销售", "采购", "负责人",
    "经理", "董事长", "总裁", "工程师", "顾问", "教授", "院士", "厂长", "矿长", "analyst", "trader",
    "strategist", "economist", "director", "manager", "broker", "dealer", "consultant", "engineer", "buyer",
    "merchant", "executive", "officer", "researcher", "professor", "expert", "veteran",
];
