//! Which figures tell where a move began: «from 12», 由12万元, «compared with 12», 12万元上涨至.

use std::ops::Range;

use super::cues::Cue;
use super::draft::Sentence;
use super::items::Item;
use crate::find::lower;
use crate::mention::Kind;

impl Sentence<'_> {
    /// True for the second of two figures that name each what they are of: «10% on cobalt, against 3.5% on copper».
    fn is_of_other(&self, item: usize, range: &Range<usize>) -> bool {
        let named = |figure: usize| {
            let next = (figure + 1..range.end).find(|next| self.mention(*next).is_some())?;
            let preposition = self.text.get(self.items[figure].end..self.items[next].start)?.trim();
            let mention = self.mention(next)?;
            let good = mention.id.as_deref().filter(|id| id.starts_with("commodity/"))?;
            matches!(preposition, "on" | "for" | "of").then_some((preposition, good))
        };
        let before = (range.start..item).rev().find(|at| self.is_figure(*at));
        before
            .and_then(named)
            .zip(named(item))
            .is_some_and(|(left, right)| left.0 == right.0 && left.1 != right.1)
    }

    /// True if the number is where a move began: «from 12», 由12万元, «compared with 12», 12万元上涨至.
    pub(super) fn is_start(&self, item: usize, range: &Range<usize>) -> bool {
        // 较上周一-0.44万吨 is by how much.
        let signed = self
            .mention(item)
            .is_some_and(|mention| mention.quote.starts_with(['+', '-', '−', '－', '＋', '–']));
        if signed && item > range.start + 1 {
            let versus = matches!(self.items[item - 2].cue(), Some(Cue::Versus | Cue::Relation(_)));
            if versus && self.mention(item - 1).is_some_and(|mention| mention.kind == Kind::Time) {
                return false;
            }
        }
        if item > range.start {
            let left = item - 1;
            let close = |gap: &str| {
                let gap = gap.trim_matches([' ', '的']);
                gap.len() <= 4
                    || matches!(
                        gap,
                        "about"
                            | "roughly"
                            | "around"
                            | "nearly"
                            | "almost"
                            | "some"
                            | "just over"
                            | "just under"
                            | "as low as"
                            | "as high as"
                            | "approximately"
                    )
            };
            // A word with several roles stands there once for each.
            let roles =
                (range.start..item).rev().take_while(|at| self.items[*at].start == self.items[left].start);
            let role = roles
                .filter_map(|at| self.items[at].cue())
                .filter(|cue| matches!(cue, Cue::From | Cue::Versus))
                .last();
            match role {
                Some(Cue::From) if close(self.gap(left, item)) => return true,
                Some(Cue::Versus) if close(self.gap(left, item)) && self.is_of_other(item, range) => {
                    return false;
                }
                Some(Cue::Versus) if close(self.gap(left, item)) => {
                    // «up 5% from» goes before a level, «5% over 300 t» may not.
                    let word = &self.text[self.items[left].span()];
                    return !matches!(word, "over" | "on" | "同" | "与");
                }
                _ => {}
            }
            let time = self.mention(left).is_some_and(|mention| mention.kind == Kind::Time);
            if time && left > range.start && close(self.gap(left, item)) && !self.is_multiple(item) {
                // «from» begins, compares and takes effect: an item for each.
                let word = self.items[left - 1].start;
                let cues = (range.start..left).rev().take_while(|at| self.items[*at].start == word);
                let cue = cues
                    .filter_map(|at| self.items[at].cue())
                    .find(|cue| matches!(cue, Cue::Versus | Cue::From | Cue::Relation(_)));
                let joined = self.gap(left, item).contains('的')
                    || cue == Some(Cue::From)
                        && self.gap(left, item).is_empty()
                        && self.gap(left - 1, left).is_empty()
                    || self.text[..self.items[item].start].ends_with("'s ");
                if joined && matches!(cue, Some(Cue::Versus | Cue::From | Cue::Relation(_))) {
                    return true;
                }
            }
        }
        if self.is_of_before(item, range) || self.is_after_a_former(item, range) {
            return true;
        }
        if self.starts_comparison(item, range) || self.is_sum_before(item, range) {
            return true;
        }
        let of_multiple =
            item + 1 < range.end && self.gap(item, item + 1) == "的" && self.is_multiple(item + 1);
        if of_multiple || self.former(item, range).is_some() || self.with_loss(item, range) {
            return true;
        }
        let next = item + 1;
        let moved = self.items.get(next).filter(|_| next < range.end).and_then(Item::cue);
        // «closed 4.1% lower at A$15.86» says by how much.
        let amount = self.mention(item).is_some_and(|mention| self.comparative(mention).is_some());
        matches!(moved, Some(Cue::Move(_)))
            && !amount
            && self.gap(item, next).trim().is_empty()
            && self.items.get(next + 1).and_then(Item::cue) == Some(Cue::To)
    }

    /// «..., after a profit of 130 million a year earlier»: a level of the same kind follows that is told of a time before by the
    /// words right behind it.
    fn is_of_before(&self, item: usize, range: &Range<usize>) -> bool {
        const EARLIER: &[&str] = &[
            "a year earlier",
            "a year before",
            "a year ago",
            "a month earlier",
            "a month before",
            "a quarter earlier",
            "a week earlier",
            "a week before",
            "the year before",
            "the month before",
            "the quarter before",
            "one year earlier",
            "in the previous quarter",
            "in the previous month",
            "in the previous year",
            "the previous quarter",
            "the previous month",
            "the previous year",
            "the prior year",
        ];
        let next = item + 1;
        let told = next < range.end
            && matches!(self.items[next].cue(), Some(Cue::Relation(_)))
            && self.gap(item, next).trim().is_empty()
            && EARLIER.contains(&lower(&self.text[self.items[next].span()]).as_ref());
        let unit = |at: usize| self.mention(at).and_then(|mention| mention.unit.as_deref());
        let percent = matches!(unit(item), Some("%" | "[pp]" | "{multiple}"));
        // Of several it may be any.
        let alike = (range.start..item).filter(|at| self.is_figure(*at) && unit(*at) == unit(item)).count();
        told && !percent && alike == 1
    }
}
