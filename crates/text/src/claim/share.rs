//! Shares: what has them, and of what whole they are.

use std::ops::Range;

use super::figure::Reach;
use super::layout::Block;
use super::scene::Scene;
use super::slots::{Claim, Origin, OriginKind, Slot, Term};

/// Longest words of a whole or a part, in bytes.
const LONGEST: usize = 90;

/// The bytes of the words behind «N% of», or nothing if the figure is not followed by them.
pub(super) fn whole_behind(text: &str, end: usize, limit: usize) -> Option<Range<usize>> {
    let rest = text.get(end..limit)?;
    let body = rest.strip_prefix(" of ").or_else(|| rest.strip_prefix(" share of "))?;
    let start = limit - body.len();
    let stop = body.find([',', ';', '.', '(', '[', '，', '。']).unwrap_or(body.len()).min(first_word(
        body,
        &[
            " is ", " are ", " was ", " were ", " in ", " from ", " to ", " by ", " and ", " while ",
            " which ", " has ", " have ", " comes ", " still ",
        ],
    ));
    let words = body[..stop].trim();
    (!words.is_empty() && words.len() <= LONGEST).then(|| start..start + words.len())
}

fn first_word(text: &str, words: &[&str]) -> usize {
    words.iter().filter_map(|word| text.find(word)).min().unwrap_or(text.len())
}

/// The bytes between 占 and the figure, without 的 and 比例.
pub(super) fn whole_before(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let clause = text.get(start..end)?;
    let at = clause.rfind('占').filter(|at| !clause[*at..].contains(['，', ',', '；', '。']))?;
    let from = start + at + '占'.len_utf8();
    let mut words = text[from..end].trim();
    for tail in [
        "的比重为",
        "的比例为",
        "的比重",
        "的比例",
        "比重",
        "比例",
        "比为",
        "比约",
        "比达",
        "比",
        "的",
        "约",
        "近",
        "超",
        "逾",
        "达",
    ] {
        words = words.strip_suffix(tail).unwrap_or(words);
    }
    let words = words.trim_start_matches(['比', '据', '到', '了']);
    let lead = text[from..end].find(words)?;
    (!words.is_empty() && words.len() <= LONGEST).then(|| from + lead..from + lead + words.len())
}

/// True if the figure is a share by how it is told.
pub(super) fn is_share(scene: &Scene<'_, '_>, block: &Block, reach: &Reach<'_>) -> bool {
    let Some(mention) = reach.draft.level.and_then(|level| scene.mention(level)) else { return false };
    mention.unit.as_deref() == Some("%")
        && (whole_behind(scene.text, mention.end_byte, block.span.end).is_some()
            || whole_before(scene.text, block.span.start, mention.start_byte).is_some())
}

/// Fills part and whole of a share.
pub(super) fn fill<'t>(scene: &Scene<'t, '_>, block: &Block, reach: &Reach<'_>, claim: &mut Claim<'t>) {
    let Some(mention) = reach.draft.level.and_then(|level| scene.mention(level)) else { return };
    let behind = whole_behind(scene.text, mention.end_byte, block.span.end);
    let before = whole_before(scene.text, block.span.start, mention.start_byte);
    let Some(whole) = behind.or_else(|| before.clone()) else { return };
    claim.whole = Some(Slot {
        is: Term { id: None, words: &scene.text[whole.clone()] },
        origin: Origin {
            kind: OriginKind::Stated,
            start_byte: whole.start,
            end_byte: whole.end,
            rule: "whole of a share",
        },
    });
    let stop = before.as_ref().map_or(scene.items[reach.anchor].start, |whole| whole.start);
    let is_part = |item: &usize| {
        matches!(scene.kind(*item), "country" | "company" | "region" | "exchange")
            && scene.items[*item].end <= stop
    };
    let part = reach
        .left
        .clone()
        .rev()
        .find(is_part)
        .or_else(|| (reach.all.start..reach.left.start).rev().find(is_part));
    claim.part = part.map(|item| scene.term(item, block, "part of a share"));
    claim.place = None;
    claim.actors.clear();
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
        let text = "对泰国出口300吨，占总量的24%";
        let end = text.find("24%").unwrap_or_default();
        assert_eq!(whole_before(text, 0, end).map(|span| &text[span]), Some("总量"));
        assert_eq!(whole_before("占地很大，增长24%", 0, 18), None);
    }
}
