//! Who speaks line by line: before a colon, or in the answers of an interview.

use std::ops::Range;

use super::described::{self, Who};
use super::slots::{Slot, Term};
use super::subject::Around;
use crate::find::lower;

/// «CISA: crude steel output ...», 研究员：…: who begins the line and a colon follows.
pub(super) fn heading<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let line = scene.text[..block.span.start].rfind('\n').map_or(0, |at| at + 1);
    // A label is of the sentence before which it stands.
    if !scene.text[line..block.span.start.max(line)].trim().is_empty() {
        return None;
    }
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

/// Who gives the answer in whose line the figure stands, if a label before it says so: «A (a strategist at a London house): ...».
pub(super) fn answering<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, .. } = around;
    let line = scene.text[..block.span.start].rfind('\n').map_or(0, |at| at + 1);
    // Who answers for a company speaks as the company.
    if scene.home.host.is_some() || !scene.text[line..block.span.start.max(line)].trim().is_empty() {
        return None;
    }
    let span = introduced(scene.text, line)?;
    Some(around.scene.words_term(span, "who is interviewed"))
}

/// The words in the brackets of an answer's label, where the answer begins at `line`.
fn introduced(text: &str, line: usize) -> Option<Range<usize>> {
    const ANSWERS: &[&str] = &["A (", "A（", "答(", "答（"];
    const LONGEST: usize = 90;
    let mark = ANSWERS.iter().find(|mark| text[line..].starts_with(**mark))?;
    let at = line + mark.len();
    let end = at + text[at..].find([')', '）'])?;
    let colon = text[end..].trim_start_matches([')', '）']).starts_with([':', '：']);
    (colon && end - at <= LONGEST && at < end).then_some(at..end)
}

/// Persons who are quoted line by line.
const PEOPLE: &[&str] = &[
    "研究员", "分析师", "交易员", "贸易商", "专家", "人士", "策略师", "经济学家", "销售", "采购", "负责人",
    "经理", "董事长", "总裁", "工程师", "顾问", "教授", "院士", "厂长", "矿长", "analyst", "trader",
    "strategist", "economist", "director", "manager", "broker", "dealer", "consultant", "engineer", "buyer",
    "merchant", "executive", "officer", "researcher", "professor", "expert", "veteran",
];
