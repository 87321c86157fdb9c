//! Comparisons that name no amount: «surpassing the total from the previous three years», 与上周持平, «above the 12 t of May».

use std::ops::Range;

use super::cues::Cue;
use super::draft::{Draft, Move, Sentence};
use super::slots::{Direction, Relation};
use crate::find::{find, lower};
use crate::mention::{Kind, Mention};

/// What a figure is compared with.
pub(super) struct Comparison {
    /// The word that compares.
    word: usize,
    direction: Direction,
    /// The figure that is surpassed or not reached, if it is said.
    pub(super) before: Option<usize>,
    /// The items that name the base.
    base: Range<usize>,
}

/// Farthest gap between words of one comparison, in bytes.
const LOOSE: usize = 40;
/// Farthest gap between a base's time and its figure, or the word that compares and the time.
const CLOSE: usize = 12;

/// What is said behind a figure that was only expected.
const EXPECTATIONS: &[&str] = &[
    "预期", "预测", "指引", "预估", "预计", "计划", "目标", "guidance", "forecast", "forecasts",
    "expectation", "expectations", "target", "estimate", "estimates", "consensus", "plan",
];

/// The bytes of the word for an expectation that stands at `end` behind a figure, after 的.
pub(super) fn expectation(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = text.get(end..)?;
    let trimmed = rest.trim_start_matches([' ', '的']);
    let start = end + rest.len() - trimmed.len();
    let word =
        EXPECTATIONS.iter().filter(|word| trimmed.starts_with(**word)).max_by_key(|word| word.len())?;
    Some(start..start + word.len())
}

/// The relation that a relative time stands in to the period under report.
pub(super) fn relation_of(words: &str) -> Option<Relation> {
    let lower = lower(words);
    let name = lower.strip_prefix("the ").unwrap_or(&lower);
    chinese_relation(name).or_else(|| english_relation(name))
}

fn chinese_relation(name: &str) -> Option<Relation> {
    // The end of a period and the same of it stand in the relation of the period.
    let plain =
        ["同期", "同月", "同季", "末", "底"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    Some(match plain {
        "年初" => Relation::YearStart,
        "上年" | "去年" | "上年年" | "去年年" if plain != name && name.ends_with(['末', '底']) => {
            Relation::YearStart
        }
        "去年" | "上年" | "前一年" | "上一年" | "一年前" | "一年之前" | "1年前" | "上年度" | "上一年度" => {
            Relation::YearOnYear
        }
        "上周" | "前一周" | "上一周" | "前周" | "上星期" | "上周五" | "上个星期" | "一周前" | "一周之前" => {
            Relation::WeekOnWeek
        }
        "上月" | "上个月" | "前一月" | "上一月" | "前一个月" | "前月" | "一个月前" | "一个月之前" => {
            Relation::MonthOnMonth
        }
        "上季度" | "上季" | "前一季度" | "上一季度" | "上个季度" | "前季" => {
            Relation::QuarterOnQuarter
        }
        "昨日" | "前一日" | "上一交易日" | "昨天" | "上一日" | "前一交易日" | "上个交易日" | "前一天"
        | "上日" => Relation::DayOnDay,
        "上半年" if plain != name => return None,
        _ => return None,
    })
}

fn english_relation(name: &str) -> Option<Relation> {
    if matches!(name, "same period last year" | "same period a year earlier" | "same period of last year") {
        return Some(Relation::YearOnYear);
    }
    let mut words = name.split([' ', '-']).filter(|word| !word.is_empty());
    let (first, second, third) = (words.next()?, words.next()?, words.next());
    let noun = match (first, second, third) {
        ("last" | "previous" | "prior" | "preceding", noun, None) => noun,
        ("a" | "one" | "an", noun, Some("earlier" | "ago" | "before" | "previously" | "prior")) => noun,
        (noun, "before" | "earlier" | "ago" | "prior", None) => noun,
        _ => return None,
    };
    Some(match noun {
        "year" => Relation::YearOnYear,
        "quarter" => Relation::QuarterOnQuarter,
        "month" => Relation::MonthOnMonth,
        "week" => Relation::WeekOnWeek,
        "day" | "session" => Relation::DayOnDay,
        _ => return None,
    })
}

/// The bytes of the word for an expectation between a word that compares and its figure: 低于公司原定的85万磅.
pub(super) fn expectation_before(text: &str, from: usize, to: usize) -> Option<Range<usize>> {
    const MORE: &[&str] = &["原定", "既定", "预算", "budget", "guided", "planned", "budgeted"];
    let between = text.get(from..to)?;
    let lower = between.to_ascii_lowercase();
    let word = EXPECTATIONS
        .iter()
        .chain(MORE)
        .filter(|word| lower.contains(**word))
        .max_by_key(|word| word.len())?;
    let at = from + find(&lower, word)?;
    Some(at..at + word.len())
}

impl Sentence<'_> {
    /// The comparisons of a sentence, in order.
    pub(super) fn comparisons(&self, range: &Range<usize>) -> Vec<Comparison> {
        let mut found: Vec<Comparison> = Vec::new();
        for word in range.clone() {
            let Some(Cue::Above(direction)) = self.items[word].cue() else { continue };
            // «20 t less than in May» says by how much.
            let amount =
                (range.start..word).rev().find(|item| self.items[*item].end <= self.items[word].start);
            let by = amount.is_some_and(|item| {
                self.is_figure(item) && self.items[word].start - self.items[item].end <= 1
            });
            if by {
                continue;
            }
            if let Some((before, base)) = self.compared_with(word, range) {
                found.push(Comparison { word, direction, before, base });
            }
        }
        found
    }

    /// The figure and the items of the base behind a word that compares.
    fn compared_with(&self, word: usize, range: &Range<usize>) -> Option<(Option<usize>, Range<usize>)> {
        let end = self.items[word].end;
        // A word with several roles stands there once for each.
        let start = (word + 1..range.end).find(|item| self.items[*item].start >= end)?;
        let (mut first_time, mut first_figure, mut sum, mut after_sum) = (None, None, None, None);
        let mut last = start;
        let mut reached = end;
        for item in start..range.end {
            let there = &self.items[item];
            if there.start.saturating_sub(reached) > LOOSE
                || matches!(there.mark(), Some(',' | ';' | '。' | '|'))
            {
                break;
            }
            if matches!(there.cue(), Some(Cue::Above(_))) {
                break;
            }
            reached = reached.max(there.end);
            last = item + 1;
            if there.cue() == Some(Cue::Sum) {
                sum = sum.or(Some(item));
            } else if self.mention(item).is_some_and(|mention| mention.kind == Kind::Time) {
                first_time = first_time.or(Some(item));
            } else if self.is_figure(item) {
                first_figure = first_figure.or(Some(item));
                let beside = |sum: usize| there.start.saturating_sub(self.items[sum].end) <= CLOSE;
                if sum.is_some_and(beside) {
                    after_sum = after_sum.or(Some(item));
                }
            }
        }
        let base = start..last;
        if sum.is_some() && first_time.is_some() {
            let leads = first_figure.filter(|figure| first_time.is_some_and(|time| *figure < time));
            return Some((after_sum.or(leads), base));
        }
        // What was expected is a figure of its own: 高于公司年初给出的40GWh指引.
        if first_figure.is_some_and(|figure| {
            expectation(self.text, self.items[figure].end).is_some()
                || first_time.is_none()
                    && expectation_before(self.text, end, self.items[figure].start).is_some()
        }) {
            return None;
        }
        let time = first_time.filter(|time| self.items[*time].start.saturating_sub(end) <= CLOSE)?;
        let figure = first_figure.filter(|figure| {
            *figure > time && self.items[*figure].start.saturating_sub(self.items[time].end) <= CLOSE
        });
        Some((figure, time..time + 1))
    }

    /// True for a level that a word right behind calls an expectation, and that another level is held against.
    pub(super) fn is_expected(&self, item: usize) -> bool {
        expectation(self.text, self.items[item].end).is_some()
            && (item.saturating_sub(4)..item).any(|at| matches!(self.items[at].cue(), Some(Cue::Above(_))))
    }

    /// «down 0.4% on the day and 1.9% on the week»: the direction is said once.
    pub(super) fn goes_on(&self, item: usize, drafts: &[Draft]) -> Option<Direction> {
        let moved = drafts.last()?.moves.last()?;
        let by = moved.by.filter(|by| *by < item)?;
        let (left, right) = (self.mention(by)?, self.mention(item)?);
        let signed = right.quote.starts_with(['+', '-', '−', '－', '＋', '–']);
        let gap = self.text.get(left.end_byte..right.start_byte)?;
        let joined =
            [" and ", "和", "及", "、", "与"].iter().any(|word| gap.contains(word)) && gap.len() <= 60;
        let moves =
            (by + 1..item).any(|at| matches!(self.items[at].cue(), Some(Cue::Move(_) | Cue::MoveBy(_))));
        (joined && !signed && !moves && left.kind == right.kind).then_some(moved.direction).flatten()
    }

    /// True for a level below zero, as of treatment charges: 为-47.3美元/干吨, «at -$45/t».
    pub(super) fn below_zero(&self, item: usize) -> bool {
        let Some(mention) = self.mention(item) else { return false };
        let rate = mention.unit.as_deref().is_some_and(|unit| unit.contains('/'));
        let before = self.text[..mention.start_byte].trim_end();
        let led =
            ["为", "报", "至", "是", "在", " at", " to", " is", " was", " of", "报于", "收于", ":", "："];
        rate && mention.quote.starts_with(['-', '−', '－', '–'])
            && led.iter().any(|word| before.ends_with(word))
    }

    /// «compared with a loss of $30 million»: the noun between the word that compares and the level before.
    pub(super) fn with_loss(&self, item: usize, range: &Range<usize>) -> bool {
        let before = self.text[..self.items[item].start].trim_end();
        let nouns = ["loss of", "profit of", "deficit of", "surplus of", "亏损", "盈利", "净亏损"];
        let Some(noun) = nouns.iter().find(|noun| before.ends_with(**noun)) else { return false };
        let rest = before[..before.len() - noun.len()].trim_end();
        let rest = [" a net", " a", " net", " an operating"]
            .iter()
            .find_map(|word| rest.strip_suffix(word))
            .unwrap_or(rest);
        (range.start..item).rev().take(4).any(|at| {
            self.items[at].cue() == Some(Cue::Versus)
                && self.items[at].end == rest.len()
                && !matches!(&self.text[self.items[at].span()], "over" | "on" | "同" | "与")
        })
    }

    /// Adds each comparison to the figure before it.
    pub(super) fn compare(&self, comparisons: Vec<Comparison>, drafts: &mut [Draft]) {
        for comparison in comparisons {
            let draft =
                drafts.iter_mut().rfind(|draft| draft.level.is_some_and(|level| level < comparison.word));
            let Some(draft) = draft else { continue };
            let parted = draft.extent().is_none_or(|extent| {
                (extent.end..comparison.word).any(|item| self.items[item].mark() == Some(';'))
            });
            if !parted {
                draft.moves.push(Move {
                    by: None,
                    direction: Some(comparison.direction),
                    word: Some(comparison.word),
                    before: comparison.before,
                    against: Some(comparison.base),
                });
            }
        }
    }

    /// Adds «unchanged», and a word of a move with what it is compared with and no amount (较上周走软), to the level that it is
    /// said of.
    pub(super) fn unchanged(&self, range: &Range<usize>, drafts: &mut [Draft]) {
        for word in range.clone() {
            let Some(Cue::Move(direction)) = self.items[word].cue() else { continue };
            if direction != Direction::Flat && !self.is_bare_comparison(word, range) {
                continue;
            }
            if drafts.iter().any(|draft| draft.moves.iter().any(|moved| moved.word == Some(word))) {
                continue;
            }
            let moved = Move { direction: Some(direction), word: Some(word), ..Move::default() };
            let is_free = |draft: &&mut Draft| {
                draft.level.is_some()
                    && draft.moves.iter().all(|moved| moved.by.is_none() && moved.direction.is_none())
            };
            let behind = drafts.iter().position(|draft| {
                draft.level.is_some_and(|level| level > word && self.leads_to(word, level))
            });
            if let Some(draft) = behind.and_then(|index| drafts.get_mut(index)).filter(is_free) {
                draft.moves.push(moved);
                continue;
            }
            let ahead =
                drafts.iter_mut().rfind(|draft| draft.extent().is_some_and(|extent| extent.end <= word));
            if let Some(draft) = ahead.filter(is_free)
                && draft.extent().is_some_and(|extent| !(extent.end..word).any(|item| self.parts(item)))
            {
                draft.moves.push(moved);
            }
        }
    }

    /// Where the clause of an item begins and ends, by the marks around it.
    fn clause_of(&self, item: usize, range: &Range<usize>) -> Range<usize> {
        let ends = |at: &usize| matches!(self.items[*at].mark(), Some(',' | ';' | '。' | '|' | '(' | ')'));
        let start = (range.start..item).rev().find(ends).map_or(range.start, |mark| mark + 1);
        let end = (item..range.end).find(ends).unwrap_or(range.end);
        start..end
    }

    /// True for a move that is told by its clause alone with what it is compared with: 较上周走软, 环比收窄.
    fn is_bare_comparison(&self, word: usize, range: &Range<usize>) -> bool {
        let clause = self.clause_of(word, range);
        let based = clause.clone().any(|item| match self.items[item].cue() {
            Some(Cue::Relation(_)) => self.items[item].end <= self.items[word].start,
            Some(Cue::Versus) => item < word && clause.contains(&(item + 1)) && self.is_time(item + 1),
            _ => false,
        });
        let told = clause.clone().any(|item| self.is_figure(item) || self.opens(item));
        based && !told && !self.text[self.items[word].span()].is_ascii()
    }

    /// True if nothing parts a word from the level behind it: «unchanged at 742,000», 没有变化,仍为每年3,200吨.
    fn leads_to(&self, word: usize, level: usize) -> bool {
        let between = word + 1..level;
        self.items[level].start.saturating_sub(self.items[word].end) <= LOOSE
            && !between
                .clone()
                .any(|item| self.is_figure(item) || self.parts(item) || self.items[item].mark().is_some())
    }

    /// True if an item names something new, or ends the clause for good.
    fn parts(&self, item: usize) -> bool {
        self.opens(item)
    }

    /// The word for a move beside the level before, if no amount is said with it: 较上年同期的25.3亿元明显减少, «down from 12 t».
    pub(super) fn bare_move(&self, item: usize, range: &Range<usize>) -> Option<(Direction, usize)> {
        let behind = (item + 1..range.end.min(item + 4))
            .take_while(|next| self.items[*next].mark().is_none() && !self.is_figure(*next))
            .find(|next| matches!(self.items[*next].cue(), Some(Cue::Move(_))));
        let ahead = (range.start.max(item.saturating_sub(4))..item)
            .rev()
            .take_while(|left| self.items[*left].mark().is_none() && !self.is_figure(*left))
            .find(|left| matches!(self.items[*left].cue(), Some(Cue::Move(_))));
        let word = ahead.or(behind)?;
        let followed = (item + 1..range.end)
            .take_while(|next| *next <= word + 2 && self.items[*next].mark().is_none())
            .any(|next| self.is_figure(next));
        match self.items[word].cue() {
            Some(Cue::Move(direction)) if !followed => Some((direction, word)),
            _ => None,
        }
    }

    /// «9% above the last settlement», «600 t less than in March».
    pub(super) fn comparative(&self, mention: &Mention<'_>) -> Option<Direction> {
        if mention.kind == Kind::Number {
            return None;
        }
        let rest = self.text.get(mention.end_byte..)?.strip_prefix(' ')?;
        let word = rest.split([' ', ',', '.', ';', ')']).next()?;
        match word {
            "higher" | "above" | "more" | "greater" | "stronger" | "dearer" => Some(Direction::Up),
            "lower" | "below" | "less" | "fewer" | "smaller" | "weaker" | "cheaper" | "short" => {
                Some(Direction::Down)
            }
            _ => None,
        }
    }

    /// True for a factor: 2倍, 一半.
    pub(super) fn is_multiple(&self, item: usize) -> bool {
        self.mention(item)
            .is_some_and(|mention| mention.unit.as_deref() == Some("{multiple}") || mention.quote == "一半")
    }

    /// True if a start follows its level: «300 t, compared with 250 t», not «from 250 to 300 t».
    pub(super) fn looks_back(&self, item: usize, range: &Range<usize>) -> bool {
        let last = (range.start..item)
            .rev()
            .find(|left| !matches!(self.items[*left].cue(), Some(Cue::From | Cue::Versus | Cue::Move(_))));
        if last.is_some_and(|last| self.is_figure(last)) {
            // «to $25 from $21.50».
            return true;
        }
        let next = (item + 1..range.end).find(|next| self.is_figure(*next));
        let ahead = next.is_some_and(|next| {
            let marks = (item + 1..next).any(|i| matches!(self.items[i].mark(), Some(',' | ';')));
            let to = (item + 1..next).any(|i| matches!(self.items[i].cue(), Some(Cue::To | Cue::Move(_))));
            to && !marks
        });
        !ahead
    }
}
