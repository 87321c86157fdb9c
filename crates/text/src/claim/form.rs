//! Measures by the form of their names: a noun such as 就地转化率 or «waiting time» right before its figure, which the
//! lexicon does not have.

use super::cues::Cue;
use super::measured::Choice;
use super::slots::{Slot, Term};
use crate::mention::Kind;

/// Last characters of Chinese nouns for measures.
const ENDS: &[&str] = &[
    "率", "比例", "比重", "系数", "额", "量", "费", "费用", "价", "时间", "天数", "面积", "产值", "规模",
    "强度", "密度", "收益", "资金", "周期", "增加值", "厚度", "深度", "长度", "寿命", "限额", "上限", "下限",
    "标准", "系數",
];

/// Words between such a noun and its figure.
const BETWEEN: &[&str] = &[
    "提高到", "提高至", "提升到", "提升至", "上升至", "下降至", "下调至", "上调至", "调整为", "控制在",
    "维持在", "保持在", "不低于", "不超过", "不高于", "不少于", "须达到", "应达到", "要达到", "达到", "超过",
    "高达", "升至", "降至", "增至", "减至", "约为", "仅为", "只有", "还有", "在", "为", "达", "至", "到",
    "是", "约", "近", "超", "仅", "报", "逾", ":", "：", "共", "平均",
];

/// Heads of English nouns for measures.
const HEADS: &[&str] = &[
    "rate", "ratio", "time", "cost", "fee", "charge", "factor", "margin", "duty", "length", "depth", "size",
    "yield", "content", "density", "amount", "proportion", "threshold", "limit", "weight", "fund", "budget",
    "award", "grant", "facility", "note", "bond", "subsidy", "bonus", "penalty", "percentage", "intensity",
    "thickness", "period", "area", "turnover", "compensation", "allowance", "loss", "gain", "income",
    "expenditure", "expense", "spend", "throughput", "unit", "purchases", "payment", "payments", "backlog",
    "stake", "interest", "offset", "weighting",
];

/// English words between such a noun and its figure.
const LINKS: &[&str] = &[
    "equals", "equal", "hit", "hits", "touched", "comes", "in", "amounts", "amounted", "is", "was", "were",
    "are", "of", "at", "to", "stood", "stands", "reached", "reaches", "averaged", "averaging", "about",
    "around", "roughly", "approximately", "nearly", "over", "under", "rose", "fell", "came", "set", "be",
    "been", "has", "had", "will", "must", "should", "not", "lower", "higher", "than", "least", "most", "up",
    "only", "just", "exceeds", "exceeded", "totalled", "totaled", "a", "an", "the", "some", "close",
    "almost", "remains", "remained", "worth", "down",
];

/// The noun for a measure that stands before the figure.
pub(super) fn named<'t>(choice: &Choice<'t, '_, '_>) -> Option<Slot<Term<'t>>> {
    let scene = choice.scene;
    // A number that counts something is of what it counts.
    let counts = choice.reach.draft.level.and_then(|level| scene.mention(level)).is_some_and(|mention| {
        mention.kind == Kind::Number
            && scene.text[mention.end_byte..].trim_start().starts_with(|next: char| next.is_alphabetic())
    });
    if counts {
        return None;
    }
    let left = choice.reach.left.clone();
    // Of a change the noun stands before what it is compared with, or before the word for the move.
    let moves = |item: &usize| {
        matches!(
            scene.items[*item].cue(),
            Some(Cue::Versus | Cue::Relation(_) | Cue::Move(_) | Cue::MoveBy(_))
        )
    };
    let clause = || left.clone().rev().take_while(|item| scene.items[*item].mark().is_none());
    let end = match choice.reach.draft.level {
        Some(_) => choice.reach.anchor,
        None => clause().filter(moves).last()?,
    };
    let anchor = scene.items[end].start;
    // The noun begins behind the last mark, figure, time or name before the figure.
    let start = (left.start..end.max(left.start))
        .rev()
        .find(|item| scene.items[*item].mark().is_some() || scene.mention(*item).is_some())
        .map_or(choice.block.span.start, |item| scene.items[item].end);
    let lead = scene.text.get(start.min(anchor)..anchor)?;
    let words = if lead.is_ascii() { english(lead)? } else { chinese(lead)? };
    let at = start + lead.rfind(words)?;
    Some(scene.words_term(at..at + words.len(), "noun of the form of a measure"))
}

/// The noun for a measure right behind a percentage: «an 82% compliance capacity ratio».
pub(super) fn named_behind<'t>(choice: &Choice<'t, '_, '_>) -> Option<Slot<Term<'t>>> {
    const WORDS: usize = 5;
    let scene = choice.scene;
    let level = choice.reach.draft.level.and_then(|level| scene.mention(level))?;
    let rest = scene.text.get(level.end_byte..choice.block.span.end)?.strip_prefix(' ')?;
    let mut end = 0;
    for word in rest.split(' ').take(WORDS) {
        let bare = word.trim_end_matches(['.', ',', ';', ':', ')']);
        if bare.is_empty()
            || !bare.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
            || LINKS.contains(&bare)
        {
            return None;
        }
        if end > 0 && matches!(bare, "ratio" | "rate" | "proportion" | "percentage") {
            let start = level.end_byte + 1;
            return Some(scene.words_term(start..start + end + bare.len(), "noun of the form of a measure"));
        }
        if word.len() != bare.len() {
            return None;
        }
        end += word.len() + 1;
    }
    None
}

/// True if a noun for a measure is a fee, a cost or a deduction.
pub(super) fn is_fee(words: &str) -> bool {
    [
        "费", "费用", "成本", "fee", "charge", "cost", "penalty", "bonus", "duty", "subsidy", "allowance",
        "payment", "loss", "gain",
    ]
    .iter()
    .any(|end| words.ends_with(end))
}

/// The longest noun, in characters.
const LONGEST: usize = 12;

fn chinese(lead: &str) -> Option<&str> {
    let mut rest = lead.trim();
    while let Some(shorter) = BETWEEN.iter().find_map(|word| rest.strip_suffix(word)) {
        rest = shorter.trim_end();
    }
    if !ENDS.iter().any(|end| rest.ends_with(end) && rest.len() > end.len()) {
        return None;
    }
    let from = rest
        .char_indices()
        .rev()
        .take_while(|(_, c)| {
            !c.is_ascii_digit() && !matches!(c, '的' | '其' | '该' | '和' | '与' | '将' | '在' | '”' | '“')
        })
        .take(LONGEST)
        .last()
        .map(|(at, _)| at)?;
    (rest[from..].chars().count() >= 2).then_some(rest[from..].trim())
}

fn english(lead: &str) -> Option<&str> {
    let mut rest = lead.trim_end();
    loop {
        let word = rest.rsplit(' ').next()?;
        if word.is_empty() || !LINKS.contains(&word) {
            break;
        }
        rest = rest[..rest.len() - word.len()].trim_end();
    }
    let head = rest.rsplit(' ').next()?;
    if !HEADS.contains(&head) {
        return None;
    }
    let before = rest[..rest.len() - head.len()].trim_end();
    let adjective = before.rsplit(' ').next().unwrap_or_default();
    let joined = adjective.len() > 2
        && adjective.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
        && !LINKS.contains(&adjective)
        && !matches!(adjective, "and" | "for" | "with" | "its" | "that" | "this" | "from" | "our" | "their");
    let from = if joined { before.len() - adjective.len() } else { rest.len() - head.len() };
    Some(&rest[from..])
}
