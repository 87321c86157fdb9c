//! A text as a row of items: mentions, words that tell what they do, and marks between clauses.

use std::ops::Range;

use super::cues::{Cue, Cues};
use super::names;
use crate::mention::{Kind, Mention};
use crate::view::View;

/// Something that counts, with its bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) what: What,
}

/// What an item is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// A mention, by its index.
    Mention(usize),
    /// A word with what it can do.
    Cue(Cue),
    /// A company by the form of its name, which the lexicon does not know.
    Name,
    /// A comma, 、, bracket or the like.
    Mark(char),
}

impl Item {
    pub(super) fn cue(&self) -> Option<Cue> {
        match self.what {
            What::Cue(cue) => Some(cue),
            _ => None,
        }
    }

    pub(super) fn mention(&self) -> Option<usize> {
        match self.what {
            What::Mention(index) => Some(index),
            _ => None,
        }
    }

    pub(super) fn mark(&self) -> Option<char> {
        match self.what {
            What::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// The items of a text in the order of their beginnings. A cue inside a number, code or name is none; one that covers a
/// time (较去年同期) stands before it.
pub(super) fn items(text: &str, view: &View<'_>, mentions: &[Mention<'_>], cues: &Cues) -> Vec<Item> {
    let mut found = Vec::with_capacity(mentions.len() * 3);
    let mut next = 0;
    let mut at = 0;
    while at < view.len() {
        let byte = view.byte(at);
        while mentions.get(next).is_some_and(|mention| mention.end_byte <= byte) {
            next += 1;
        }
        let inside = mentions.get(next).filter(|mention| mention.start_byte <= byte);
        if let Some(mention) = inside.filter(|mention| mention.start_byte == byte) {
            found.push(Item { start: byte, end: mention.end_byte, what: What::Mention(next) });
        }
        // REO is a good by its name and a basis by its place.
        if let Some(mention) =
            inside.filter(|mention| mention.kind == Kind::Entity && mention.start_byte == byte)
            && let Some(hit) = cues.find(view, at).filter(|hit| view.byte(hit.end) == mention.end_byte)
        {
            let basis = hit.cues().filter(|cue| matches!(cue, Cue::Basis(_)));
            found.extend(basis.map(|cue| Item { start: byte, end: mention.end_byte, what: What::Cue(cue) }));
        }
        let solid = inside.filter(|mention| is_solid(mention));
        if let Some(mention) = solid {
            while at < view.len() && view.byte(at) < mention.end_byte {
                at += 1;
            }
            continue;
        }
        // «October 20, 2023» is one time, whose comma parts nothing.
        let in_time = inside.is_some_and(|mention| mention.kind == Kind::Time && mention.start_byte < byte);
        if let Some(mark) = mark(view, at).filter(|mark| *mark != ',' || !in_time) {
            found.push(Item { start: byte, end: view.byte(at + 1), what: What::Mark(mark) });
        } else if let Some(hit) = cues.find(view, at) {
            let end = view.byte(hit.end);
            // 同 does nothing inside 去年同期.
            let swallowed = inside.is_some_and(|mention| {
                mention.kind == Kind::Time && mention.start_byte < byte && end <= mention.end_byte
            });
            if swallowed {
                at += 1;
                continue;
            }
            // A cue that runs into a number or a name is a part of another word.
            let cut = mentions[next..]
                .iter()
                .take_while(|m| m.start_byte < end)
                .any(|m| is_solid(m) && m.end_byte > end);
            // So is one that begins inside a time and runs out of it: 年增 of 2024年增加.
            let torn = inside.is_some_and(|mention| mention.start_byte < byte && mention.end_byte < end);
            if torn {
                at += 1;
                continue;
            }
            if !cut {
                let at = found.len();
                // 交易 of 上个交易日 tells no measure.
                let dated =
                    inside.is_some_and(|mention| mention.kind == Kind::Time && mention.end_byte >= end);
                // Nor is 减 of 资产减值 a move; 上涨 of 上涨家数 tells which way.
                let named = inside.is_some_and(|mention| {
                    let id = mention.id.as_deref().unwrap_or_default();
                    id.starts_with("measure/")
                        && !matches!(id, "measure/advancers" | "measure/decliners" | "measure/limit-ups")
                        && (mention.start_byte < byte || mention.end_byte > end)
                        && mention.end_byte >= end
                });
                let does = |cue: &Cue| match cue {
                    // The month of May proposes nothing.
                    Cue::Measure(_) | Cue::Status(_) | Cue::Future => !dated,
                    Cue::Move(_) | Cue::MoveBy(_) => !named,
                    _ => true,
                };
                for cue in hit.cues().filter(does) {
                    found.push(Item { start: byte, end, what: What::Cue(cue) });
                }
                // 较去年同期: the words go before the time that they cover.
                if let Some(Item { what: What::Mention(_), start, .. }) =
                    at.checked_sub(1).and_then(|i| found.get(i))
                    && *start == byte
                {
                    found[at - 1..].rotate_left(1);
                }
            }
            at = hit.end.max(at + 1);
            // Mentions under the cue are items too.
            while let Some(mention) = mentions.get(next).filter(|m| m.start_byte < end) {
                if mention.start_byte > byte {
                    found.push(Item {
                        start: mention.start_byte,
                        end: mention.end_byte,
                        what: What::Mention(next),
                    });
                }
                if mention.end_byte > end {
                    break;
                }
                next += 1;
            }
            continue;
        }
        at = past_word(view, at + 1, mentions.get(next));
    }
    names::add(text, mentions, found)
}

/// The index after the rest of a word or number from `at` on, inside which stands neither a cue nor a mark, or that of the
/// next end of a mention.
fn past_word(view: &View<'_>, mut at: usize, next: Option<&Mention<'_>>) -> usize {
    let before = view.byte(at.saturating_sub(1));
    let until = next.map_or(usize::MAX, |mention| {
        if mention.start_byte > before { mention.start_byte } else { mention.end_byte }
    });
    while view.before(at).is_ascii_alphanumeric()
        && view.get(at).is_ascii_alphanumeric()
        && view.byte(at) < until
    {
        at += 1;
    }
    at
}

/// A mention inside which no word counts. Times and measures hold words that do: 较去年同期, 均价.
fn is_solid(mention: &Mention<'_>) -> bool {
    match mention.kind {
        Kind::Time | Kind::Duration => false,
        Kind::Entity => !mention.id.as_deref().is_some_and(|id| id.starts_with("measure/")),
        _ => true,
    }
}

/// A mark that parts clauses or lists. A comma inside a number is within its mention.
fn mark(view: &View<'_>, at: usize) -> Option<char> {
    let character = view.get(at);
    match character {
        ',' | ';' | '(' | ')' | '、' | '|' | '。' => Some(character),
        ':' => Some(':'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Reader};

    #[test]
    fn words_and_mentions_come_in_order() {
        let text = "铜均价较去年同期下降2%至9663元/吨";
        let reader = Reader::standard();
        let mentions = reader.read(text, &Context::default());
        let items = items(text, &View::new(text), &mentions, &Cues::standard());
        let words: Vec<&str> = items.iter().map(|item| &text[item.span()]).collect();
        assert_eq!(words, ["铜", "均价", "均价", "较去年同期", "去年同期", "下降", "2%", "至", "9663元/吨"]);
    }
}
