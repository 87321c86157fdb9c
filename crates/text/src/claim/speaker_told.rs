//! Speakers who are not named beside what they say: «he said», 该部指出, behind a semicolon, and whose forecast is changed.

use std::sync::LazyLock;

use super::cues::Cue;
use super::home;
use super::slots::{Origin, OriginKind, Slot, Term};
use super::speaker::SPEAKING;
use super::subject::Around;
use crate::find::{Words, lower};

/// «he said», 他认为: the one who was said last to say something.
pub(super) fn pronoun<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        Words::new(&[
            "他表示", "她表示", "他认为", "她认为", "他说", "她说", "他称", "她称", "他指出", "她指出",
            "他透露", "她透露", "他预计", "她预计", "他补充", "她补充", "他还表示", "她还表示", "该人士表示",
            "该人士称", "该人士透露", "该负责人表示", "该负责人称", "该分析师认为", "该分析师表示",
            "该交易员表示", "该交易员称", "该研究员认为", "该贸易商表示", " he said", " she said", "He said",
            "She said", "He added", "She added", " he added", " she added", "he says", "she says",
            "He expects", "She expects", "He put", "She put", "the trader said", "the analyst said",
            "the strategist said", "The trader said", "The analyst said", "The strategist said",
            "the trader added", "the analyst added",
        ])
    });
    let Around { scene, block, memory, .. } = around;
    let (start, end, id) = memory.speaker.clone()?;
    if !WORDS.any_in(&scene.text[block.span.clone()]) {
        return None;
    }
    let origin =
        Origin { kind: OriginKind::Inherited, start_byte: start, end_byte: end, rule: "speaker told before" };
    Some(Slot { is: Term { id, words: scene.text.get(start..end)? }, origin })
}

/// «the Ministry expects», 部方指出: the office whose text it is.
pub(super) fn office_speaks<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
    const NEAR: usize = 24;
    static OFFICES: LazyLock<Words> = LazyLock::new(|| {
        Words::new(&[
            "The Ministry", "the Ministry", "The ministry", "the ministry", "The Department",
            "the Department", "the department", "The department", "The Bureau", "the Bureau",
            "The Commission", "the Commission", "The agency", "the agency", "the Agency", "部方", "我部",
            "该部", "我委", "该委", "我局", "该局", "我厅", "该厅",
        ])
    });
    let Around { scene, block, reach, .. } = around;
    scene.home.has_office().then_some(())?;
    let text = &scene.text[block.span.clone()];
    let told = OFFICES.each_in(text).find_map(|(_, rest)| {
        let end = block.span.end - rest.len();
        reach.all.clone().find(|item| {
            let there = &scene.items[*item];
            there.cue() == Some(Cue::Say) && there.start >= end && there.start - end <= NEAR
        })
    })?;
    (told < reach.anchor).then(|| home::office_told(scene, block)).flatten()
}

/// SMM数据显示，…；冶炼厂库存5.03万吨: behind a semicolon the same one says it on.
pub(super) fn behind_semicolon<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, memory, .. } = around;
    let (start, end, id) = memory.speaker.clone()?;
    let between = scene.text.get(end..block.span.start)?;
    let joined = between.trim_end().ends_with(['；', ';']);
    if !joined || between.contains(['。', '\n']) || between.contains(". ") {
        return None;
    }
    let origin =
        Origin { kind: OriginKind::Inherited, start_byte: start, end_byte: end, rule: "speaker told before" };
    Some(Slot { is: Term { id, words: scene.text.get(start..end)? }, origin })
}

/// «Macquarie cut its 2025 nickel price forecast by 4 %», 大摩将锂价预测上调至…: whose forecast it is.
pub(super) fn forecaster<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
    const VIEWS: &[&str] = &[
        "forecast", "target price", "price target", "outlook", "estimate", "预测", "目标价", "价目标",
        "目标位", "预期", "预估",
    ];
    const CHANGED: &[&str] =
        &["cut", "raise", "lift", "lower", "trim", "upgrade", "将", "把", "上调", "下调"];
    let Around { scene, block, reach, .. } = around;
    let first = reach.all.clone().find(|item| !scene.kind(*item).is_empty())?;
    let named = scene.kind(first) == "institution" && scene.items[first].start <= block.span.start + 4;
    if !named || first > reach.anchor {
        return None;
    }
    let gap = lower(scene.gap(first, reach.anchor)).into_owned();
    let clause = gap.split([';', '；']).next().unwrap_or_default();
    let changed = CHANGED.iter().any(|verb| clause.trim_start().starts_with(verb));
    (clause.len() == gap.len() && changed && VIEWS.iter().any(|view| clause.contains(view)))
        .then(|| scene.term(first, block, "says it"))
}

/// «Albemarle posted sales of …, and said it expected …»: who heads the sentence says it.
pub(super) fn goes_on<'t>(around: Around<'t, '_, '_, '_>, say: usize) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let lead = scene.text.get(block.span.start..scene.items[say].start)?.trim_end();
    let joined = [" and", " and also", "，并", "，同时"].iter().any(|word| lead.ends_with(word));
    if !joined || say > reach.anchor {
        return None;
    }
    let first = reach.all.clone().next()?;
    let heads = SPEAKING.contains(&scene.kind(first)) && scene.items[first].start <= block.span.start + 4;
    (heads && !home::wrote(scene, first)).then(|| scene.term(first, block, "says it"))
}
