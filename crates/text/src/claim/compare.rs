//! Comparisons that name no amount: «surpassing the total from the previous three years», 与上周持平, «above the 12 t of May».

use std::ops::Range;

use super::cues::Cue;
use super::draft::{Draft, Move, Sentence};
use super::slots::{Direction, Relation};
use crate::mention::Kind;

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
    "预期",
    "预测",
    "指引",
    "预估",
    "预计",
    "计划",
    "目标",
    "guidance",
    "forecast",
    "forecasts",
    "expectation",
    "expectations",
    "target",
    "estimate",
    "estimates",
    "consensus",
    "plan",
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
    Some(match words.to_lowercase().as_str() {
        "去年同期"
        | "上年同期"
        | "去年"
        | "上年"
        | "前一年"
        | "上一年"
        | "去年同月"
        | "一年前"
        | "a year earlier"
        | "a year ago"
        | "last year"
        | "the year before"
        | "the same period last year"
        | "a year before" => Relation::YearOnYear,
        "上周" | "前一周" | "上一周" | "上周同期" | "last week" | "the week before" | "the previous week"
        | "a week earlier" => Relation::WeekOnWeek,
        "上月" | "上个月" | "前一月" | "上月同期" | "last month" | "the month before"
        | "the previous month" | "a month earlier" => Relation::MonthOnMonth,
        "上季度"
        | "上季"
        | "前一季度"
        | "上一季度"
        | "last quarter"
        | "the quarter before"
        | "the previous quarter" => Relation::QuarterOnQuarter,
        "昨日" | "前一日" | "上一交易日" | "昨天" | "yesterday" | "the day before" => {
            Relation::DayOnDay
        }
        "年初" | "上年末" | "去年末" | "去年底" => Relation::YearStart,
        _ => return None,
    })
}

impl Sentence<'_> {
    /// The comparisons of a sentence, in order.
    pub(super) fn comparisons(&self, range: &Range<usize>) -> Vec<Comparison> {
        let mut found: Vec<Comparison> = Vec::new();
        for word in range.clone() {
            let Some(Cue::Above(direction)) = self.items[word].cue() else { continue };
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
        if let Some(figure) = first_figure
            && expectation(self.text, self.items[figure].end).is_some()
        {
            return Some((Some(figure), figure..figure));
        }
        let time = first_time.filter(|time| self.items[*time].start.saturating_sub(end) <= CLOSE)?;
        let figure = first_figure.filter(|figure| {
            *figure > time && self.items[*figure].start.saturating_sub(self.items[time].end) <= CLOSE
        });
        Some((figure, time..time + 1))
    }

    /// The time of a level before that is told in a clause of its own: «300 t, 去年同期为250 t», «(a year earlier: 250 t)».
    pub(super) fn former(&self, item: usize, range: &Range<usize>) -> Option<usize> {
        let unit = |item: usize| self.mention(item).and_then(|mention| mention.unit.as_deref());
        let money = |item: usize| unit(item).map(|unit| unit.split('/').next().unwrap_or(unit));
        let time = (range.start..item)
            .rev()
            .take(3)
            .take_while(|at| {
                self.is_time(*at)
                    || matches!(
                        self.items[*at].cue(),
                        Some(Cue::To | Cue::Say | Cue::Versus | Cue::From | Cue::Relation(_))
                    )
                    || self.items[*at].mark() == Some(':')
            })
            .find(|at| self.is_time(*at))?;
        if self.items[item].start.saturating_sub(self.items[time].end) > CLOSE {
            return None;
        }
        let words = &self.text[self.items[time].span()];
        relation_of(words)?;
        let opened = time == range.start
            || (range.start..time)
                .rev()
                .take_while(|at| {
                    self.items[*at].start >= self.items[time].start || self.items[*at].cue().is_some()
                })
                .count()
                < 3
                && (range.start..time)
                    .rev()
                    .find(|at| self.items[*at].end <= self.items[time].start)
                    .is_some_and(|at| {
                        matches!(self.items[at].mark(), Some(',' | '(' | ';'))
                            && self.items[time].start - self.items[at].end <= 2
                    });
        let level = (range.start..time).rev().find(|at| self.is_figure(*at) && money(*at) == money(item))?;
        let parted = (level + 1..time).any(|at| self.items[at].mark() == Some(';') || self.names_good(at));
        (opened && time > range.start && !parted).then_some(time)
    }

    fn is_time(&self, item: usize) -> bool {
        self.mention(item).is_some_and(|mention| mention.kind == Kind::Time)
    }

    fn names_good(&self, item: usize) -> bool {
        self.mention(item)
            .and_then(|mention| mention.id.as_deref())
            .is_some_and(|id| id.starts_with("commodity/") || id.starts_with("company/"))
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

    /// Adds «unchanged» to the level that it is said of.
    pub(super) fn unchanged(&self, range: &Range<usize>, drafts: &mut Vec<Draft>) {
        for word in range.clone().filter(|item| self.items[*item].cue() == Some(Cue::Move(Direction::Flat))) {
            if drafts.iter().any(|draft| draft.moves.iter().any(|moved| moved.word == Some(word))) {
                continue;
            }
            let moved = Move { direction: Some(Direction::Flat), word: Some(word), ..Move::default() };
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
}
