//! The source behind «according to», 据 and the like.

use super::cues::Cue;
use super::described::{self, Who};
use super::slots::{Slot, Term};
use super::speaker::SPEAKING;
use super::subject::Around;
use crate::find::{find, lower};

/// Longest words of a source that is no name, in bytes.
const LONGEST: usize = 80;

/// The source behind «according to»: a name, else its words.
pub(super) fn source<'t>(around: Around<'t, '_, '_, '_>, item: usize) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let start = scene.items[item].end;
    let rest = scene.text.get(start..block.span.end)?;
    let stop = rest
        .find(['，', ',', '。', '；', ';', '、', '(', '（', '：'])
        .into_iter()
        .chain(find(rest, ". "))
        .chain(END_OF_SOURCE.iter().filter_map(|word| find(rest, word)))
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
    let word = lower(scene.words(item));
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
    Some(scene.words_term(from..from + words.len(), "words of the source"))
}

/// Words behind a source that are of the saying.
const END_OF_SOURCE: &[&str] = &[
    "数据", "统计", "报道", "显示", "披露", "介绍", "透露", "测算", "公布", "发布", "的最新", " that ",
    " show", " indicate", " suggest", "说法", "预测", "估算", "了解",
];
