//! The surroundings in which a name with several meanings is surely this one.

use std::ops::Range;

use crate::lexicon::{Cue, Rule};
use crate::view::{View, is_han};

/// A context line, ready to be held against a text.
pub(crate) struct Condition {
    /// It forbids the name where it holds.
    pub(crate) bars: bool,
    cue: Cue,
    words: Vec<Vec<char>>,
}

/// How far `near` reaches, in characters.
const NEAR: usize = 80;

/// What joins the members of a list.
const JOINTS: &[&str] =
    &[",", "、", "/", "-", "–", "&", "和", "与", "及", "或", "以及", " and", " or", ", and", ", or"];

/// After which a pair of countries begins, when no clause begins with it.
const PAIR_HEADS: &[char] =
    &['从', '自', '对', '与', '和', '在', '经', '由', '向', '往', '关', '近', '驻', '随', '如', '及', '是'];
/// What follows a pair of countries.
const PAIR_TAILS: &[char] = &[
    '转', '关', '贸', '经', '两', '双', '进', '出', '谈', '之', '稀', '等', '三', '间', '运', '联', '合',
    '首', '高', '会', '海', '签', '矿', '战', '冲', '博', '企', '方', '厂',
];
/// Pairs that are more often something else: 日中 is noon, 中欧 is Central Europe, 加法 is addition.
const NO_PAIRS: &[(char, char)] =
    &[('日', '中'), ('中', '日'), ('中', '英'), ('法', '中'), ('印', '中'), ('加', '法'), ('加', '中')];

impl Condition {
    pub(crate) fn new(rule: &Rule) -> Condition {
        let words = rule.words.iter().map(|word| word.chars().collect()).collect();
        Condition { bars: rule.bars, cue: rule.cue, words }
    }

    /// True if one of its words stands where the cue says.
    pub(crate) fn holds(&self, view: &View<'_>, span: Range<usize>) -> bool {
        match self.cue {
            Cue::Before => self.words.iter().any(|word| ends_at(view, span.start, word)),
            Cue::After => self.words.iter().any(|word| begins_at(view, span.end, word)),
            Cue::Around => self.words.iter().any(|word| stands_around(view, &span, word)),
            Cue::Near => self.is_near(view, span),
            Cue::Beside => self.is_beside(view, &span),
            Cue::Pair => self.is_pair(view, &span),
        }
    }

    fn is_near(&self, view: &View<'_>, span: Range<usize>) -> bool {
        let ends = |at: usize| {
            matches!(view.get(at), '\n' | '。' | '!' | '?' | ';' | '\0')
                || view.get(at) == '.' && matches!(view.get(at + 1), ' ' | '\n') && view.get(at + 2) != '\0'
        };
        let first = span.start.saturating_sub(NEAR);
        let start = (first..span.start).rev().find(|at| ends(*at)).map_or(first, |at| at + 1);
        let end = (span.end..span.end + NEAR).find(|at| ends(*at)).unwrap_or(span.end + NEAR);
        (start..end).any(|at| {
            view.at_edge(at)
                && !span.contains(&at)
                && self.words.iter().any(|word| word.first() == Some(&view.get(at)) && begins(view, at, word))
        })
    }

    fn is_beside(&self, view: &View<'_>, span: &Range<usize>) -> bool {
        JOINTS.iter().any(|joint| {
            let joint: &str = joint.trim_start();
            let past = view.blanks(span.end);
            if view.starts_with(past, joint) && is_whole(view, past, past + joint.chars().count(), joint) {
                let next = past + joint.chars().count();
                if self.words.iter().any(|word| begins_at(view, next, word)) {
                    return true;
                }
            }
            let back = view.blanks_back(span.start);
            let length = joint.chars().count();
            back >= length
                && view.starts_with(back - length, joint)
                && is_whole(view, back - length, back, joint)
                && self.words.iter().any(|word| ends_at(view, back - length, word))
        })
    }

    /// Two countries of one character each, side by side, with no third character that makes another word of them:
    /// 从泰墨转运, 中美关系, 日韩.
    fn is_pair(&self, view: &View<'_>, span: &Range<usize>) -> bool {
        let partner = |other: char| self.words.iter().any(|word| word.first() == Some(&other));
        let (before, own, next) = (view.before(span.start), view.get(span.start), view.get(span.end));
        let heads = |at: usize| {
            let before = view.before(at);
            !is_han(before) || PAIR_HEADS.contains(&before)
        };
        let tails = |at: usize| !is_han(view.get(at)) || PAIR_TAILS.contains(&view.get(at));
        let first = partner(next)
            && !NO_PAIRS.contains(&(own, next))
            && heads(span.start)
            && (tails(span.end + 1) || partner(view.get(span.end + 1)));
        let second = partner(before)
            && !NO_PAIRS.contains(&(before, own))
            && (heads(span.start - 1) || partner(view.before(span.start - 1)))
            && (tails(span.end) || partner(next) && tails(span.end + 1));
        first || second
    }
}

/// A joint that is a word stands alone, one that is a sign stands anywhere.
fn is_whole(view: &View<'_>, start: usize, end: usize, joint: &str) -> bool {
    !joint.ends_with(|last: char| last.is_ascii_alphabetic()) || view.at_edge(start) && view.at_edge(end)
}

/// True if `word` begins at `at`; a `*` at its end takes any ending.
fn begins(view: &View<'_>, at: usize, word: &[char]) -> bool {
    let (word, open) = match word {
        [word @ .., '*'] => (word, true),
        word => (word, false),
    };
    let mut here = at;
    for character in word {
        if view.get(here) != *character {
            return false;
        }
        here += 1;
    }
    open || view.at_edge(here)
}

/// True if `word` stands behind `at`, blanks left aside. `#` is any digit, `^` anything but a letter, digit or Chinese
/// character.
fn begins_at(view: &View<'_>, at: usize, word: &[char]) -> bool {
    let at = if word.first() == Some(&' ') { at } else { view.blanks(at) };
    match word {
        ['#'] => view.get(at).is_ascii_digit(),
        ['^'] => !is_letter(view.get(at)),
        _ => begins(view, at, word),
    }
}

/// True if `word` stands before `at`, blanks left aside; `#` and `^` as behind it.
fn ends_at(view: &View<'_>, at: usize, word: &[char]) -> bool {
    let at = view.blanks_back(at);
    match word {
        ['#'] => view.before(at).is_ascii_digit(),
        ['^'] => !is_letter(view.before(at)),
        _ => {
            let Some(start) = at.checked_sub(word.len()) else { return false };
            word.iter().zip(start..).all(|(character, here)| view.get(here) == *character)
                && view.at_edge(start)
        }
    }
}

fn stands_around(view: &View<'_>, span: &Range<usize>, word: &[char]) -> bool {
    let Some(gap) = word.iter().position(|character| *character == '_') else { return false };
    let (before, after) = (&word[..gap], &word[gap + 1..]);
    (before.is_empty() || ends_at(view, span.start, before))
        && (after.is_empty() || begins_at(view, span.end, after))
}

fn is_letter(character: char) -> bool {
    character.is_ascii_alphanumeric() || is_han(character)
}
