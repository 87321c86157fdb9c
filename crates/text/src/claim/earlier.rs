//! Figures that are no claim of their own: a level before that is told beside the level of now, a price said again in another
//! currency, the shares for which a dividend is paid.

use std::ops::Range;

use super::basis;
use super::compare::relation_of;
use super::cues::Cue;
use super::draft::{Draft, Move, Sentence};
use super::slots::Direction;
use crate::find::lower;
use crate::mention::Kind;

/// Farthest gap between a base's time and its figure, in bytes.
const CLOSE: usize = 12;

/// Beginnings of times that lie before the period under report.
const PAST: &[&str] = &[
    "上年", "去年", "前年", "上季", "上月", "上周", "上一", "前一", "上个", "上期", "前期", "年初", "last ",
    "a year", "the previous", "the prior", "previous", "prior", "the year before", "the month before",
    "the week before", "the quarter before",
];

/// Words between a price and the same price in another currency.
const AGAIN: &[&str] = &[
    "约合", "折合", "折算", "合人民币", "相当于", "equivalent", "or about", "or around", "or roughly", "≈",
    "equal to", "即大约", "即约",
];

impl Sentence<'_> {
    /// The time of a level before that is told in a clause of its own: «300 t, 去年同期为250 t», «(a year earlier: 250 t)»,
    /// 上周贴水为4.1元.
    pub(super) fn former(&self, item: usize, range: &Range<usize>) -> Option<usize> {
        let money = |item: usize| self.unit(item).map(|unit| unit.split('/').next().unwrap_or(unit));
        let time = (range.start..item)
            .rev()
            .take(5)
            .take_while(|at| self.is_time(*at) || self.leads_back(*at))
            .find(|at| self.is_time(*at))?;
        let between = self.text.get(self.items[time].end..self.items[item].start)?;
        let measured = (time + 1..item).any(|at| self.names_measure(at));
        if between.len() > if measured { 4 * CLOSE } else { CLOSE } {
            return None;
        }
        let words = lower(&self.text[self.items[time].span()]);
        // «300 t (May: 250 t)» names any time.
        let bracketed = time > range.start
            && self.items[time - 1].mark() == Some('(')
            && self.text[self.items[item].end..].trim_start().starts_with([')', '）']);
        if !bracketed
            && relation_of(&words).is_none()
            && !PAST.iter().any(|past| words.starts_with(past))
            && !self.goes_back(time, item, range)
        {
            return None;
        }
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
                            && self.items[time].start - self.items[at].end <= 4
                    });
        let level = (range.start..time).rev().find(|at| self.is_figure(*at) && money(*at) == money(item))?;
        let parted = (level + 1..time).any(|at| self.items[at].mark() == Some(';') || self.names_good(at));
        // A measure said again has to be the one of the level.
        let same = |at: usize| {
            // 上年同期为亏损1.1亿元 tells of the profit.
            if matches!(
                &self.text[self.items[at].span()],
                "亏损" | "盈利" | "净亏损" | "净利" | "loss" | "profit"
            ) {
                return true;
            }
            let id = self.mention(at).and_then(|mention| mention.id.as_deref());
            (range.start..level)
                .any(|before| self.mention(before).and_then(|mention| mention.id.as_deref()) == id)
        };
        let other = (time + 1..item)
            .any(|at| self.mention(at).is_some_and(|mention| mention.kind == Kind::Entity) && !same(at));
        (opened && time > range.start && !parted && !other).then_some(time)
    }

    /// True if a time behind a comma lies right before that of the level ahead: 2025年下半年产量为3,150吨，2025年上半年为4,020吨.
    fn goes_back(&self, time: usize, item: usize, range: &Range<usize>) -> bool {
        let gap = self.text.get(self.items[time].end..self.items[item].start).unwrap_or_default();
        let level = (range.start..time).rev().find(|at| self.is_figure(*at));
        let Some(level) = level.filter(|_| matches!(gap, "为" | "仅为" | "则为" | "是" | "超过"))
        else {
            return false;
        };
        let start = |item: usize| self.mention(item).and_then(|mention| mention.start.as_deref());
        let end = |item: usize| self.mention(item).and_then(|mention| mention.end.as_deref());
        let told = (range.start..level).rev().find(|at| self.is_time(*at));
        told.is_some_and(|told| start(told).is_some() && start(told) == end(time))
    }

    /// True for a length of time that is the value of a measure: «transit time averaging 34 days», 库存天数降至12天.
    pub(super) fn is_measured_time(&self, item: usize) -> bool {
        const OF_TIME: &[&str] =
            &["measure/lead-time", "measure/payback-period", "measure/mine-life", "measure/inventory-days"];
        (item.saturating_sub(4)..item).rev().take_while(|at| self.items[*at].mark().is_none()).any(|at| {
            match self.items[at].cue() {
                Some(Cue::Measure(id)) => OF_TIME.contains(&id),
                _ => {
                    let id = self.mention(at).and_then(|mention| mention.id.as_deref());
                    id.is_some_and(|id| OF_TIME.contains(&id))
                }
            }
        })
    }

    fn unit(&self, item: usize) -> Option<&str> {
        self.mention(item).and_then(|mention| mention.unit.as_deref())
    }

    pub(super) fn is_time(&self, item: usize) -> bool {
        self.mention(item).is_some_and(|mention| mention.kind == Kind::Time)
    }

    /// True if an item may stand between the time of a level before and its figure.
    fn leads_back(&self, item: usize) -> bool {
        matches!(
            self.items[item].cue(),
            Some(Cue::To | Cue::Say | Cue::Versus | Cue::From | Cue::Relation(_) | Cue::Measure(_))
        ) || self.items[item].mark() == Some(':')
            || self.names_measure(item)
    }

    fn names_measure(&self, item: usize) -> bool {
        self.mention(item)
            .and_then(|mention| mention.id.as_deref())
            .is_some_and(|id| id.starts_with("measure/"))
    }

    fn names_good(&self, item: usize) -> bool {
        self.mention(item)
            .and_then(|mention| mention.id.as_deref())
            .is_some_and(|id| id.starts_with("commodity/") || id.starts_with("company/"))
    }

    /// True for the level in «a loss of 591 billion won, after a profit of 130 billion won a year earlier».
    pub(super) fn is_after_a_former(&self, item: usize, range: &Range<usize>) -> bool {
        const WHEN: &[&str] =
            &[" a year earlier", " a year ago", " the year before", " a quarter earlier", " a month earlier"];
        const NEAR: usize = 48;
        let there = &self.items[item];
        let rest = self.text.get(there.end..).unwrap_or_default();
        let clause = self.text.get(self.items[range.start].start..there.start).unwrap_or_default();
        let Some(after) = clause
            .rfind(" after ")
            .filter(|at| clause.trim_end().ends_with(" of") && clause.len() - at <= NEAR)
        else {
            return false;
        };
        let bare = !(range.start..item)
            .rev()
            .take_while(|at| self.items[*at].start > self.items[range.start].start + after)
            .any(|at| self.is_figure(at) || self.items[at].mark().is_some());
        let level = (range.start..item).rev().find(|at| self.is_figure(*at));
        bare && WHEN.iter().any(|when| rest.starts_with(when)) && level.is_some()
    }

    /// True if a figure goes on a list of levels before: «compared with 2,080 t in June and 1,509 t in March».
    pub(super) fn lists_before(&self, item: usize, drafts: &[Draft]) -> bool {
        let Some(draft) = drafts.last().filter(|draft| draft.level.is_some()) else { return false };
        let Some(before) = draft.moves.last().and_then(|moved| moved.before).filter(|before| *before < item)
        else {
            return false;
        };
        let between = before + 1..item;
        let plain = between.clone().all(|at| {
            self.is_time(at)
                || matches!(self.items[at].mark(), Some(',' | '、'))
                || matches!(self.items[at].cue(), Some(Cue::To | Cue::Versus | Cue::Relation(_)))
        });
        plain && between.into_iter().any(|at| self.is_time(at)) && self.unit(before) == self.unit(item)
    }

    /// True for a level that the periods before give together: 比前三个月加起来的118亿米还多.
    pub(super) fn is_sum_before(&self, item: usize, range: &Range<usize>) -> bool {
        let Some(left) = (range.start..item).next_back() else { return false };
        self.items[left].cue() == Some(Cue::Sum)
            && matches!(self.gap(left, item), "" | "的")
            && (range.start..left)
                .rev()
                .take_while(|at| self.items[*at].mark().is_none() && !self.is_figure(*at))
                .any(|at| {
                    self.items[at].cue() == Some(Cue::Versus)
                        && matches!(&self.text[self.items[at].span()], "比" | "较" | "than")
                })
    }

    /// True for the level that a multiple or a comparison starts from: «four times the 53,000 t», «5% less than the 12 t».
    pub(super) fn starts_comparison(&self, item: usize, range: &Range<usize>) -> bool {
        let Some(left) = (range.start..item).next_back() else { return false };
        if self.is_multiple(left) {
            return matches!(
                self.gap(left, item).trim(),
                "the" | "the some" | "that of the" | "what was" | "its" | "their"
            );
        }
        let word = (range.start..item)
            .rev()
            .take_while(|at| self.items[*at].start == self.items[left].start)
            .find(|at| matches!(self.items[*at].cue(), Some(Cue::Above(_))));
        let Some(word) = word.filter(|_| self.gap(left, item).trim_matches([' ', '的']).len() <= 4) else {
            return false;
        };
        let amount = (range.start..word).rev().find(|at| self.items[*at].end <= self.items[word].start);
        amount.is_some_and(|at| self.is_figure(at) && self.items[word].start - self.items[at].end <= 1)
    }

    /// Adds the clauses that tell a measure and a base, and only which way it moved: 库存较上周继续下降, 借款较上年末没有变化.
    pub(super) fn moved_alone(&self, range: &Range<usize>, drafts: &mut Vec<Draft>) {
        let mut start = range.start;
        for end in range.clone().chain([range.end]) {
            let closes = end == range.end
                || matches!(self.items[end].mark(), Some(',' | ';' | '。' | '|' | '(' | ')'));
            if !closes {
                continue;
            }
            let clause = start..end;
            start = end + 1;
            if clause.clone().any(|item| self.is_figure(item)) {
                continue;
            }
            let Some(measure) = clause.clone().find(|item| self.names_measure(*item)) else { continue };
            let word = clause.clone().rev().find_map(|item| match self.items[item].cue() {
                Some(Cue::Move(direction)) => Some((direction, item)),
                _ => None,
            });
            let based = clause.clone().any(|item| match self.items[item].cue() {
                Some(Cue::Relation(_)) => true,
                Some(Cue::Versus) => clause.contains(&(item + 1)) && self.is_time(item + 1),
                _ => false,
            });
            let Some((direction, word)) = word.filter(|(_, word)| based && measure < *word) else { continue };
            let taken = drafts.iter().any(|draft| draft.moves.iter().any(|moved| moved.word == Some(word)));
            if !taken {
                let moved = Move { direction: Some(direction), word: Some(word), ..Move::default() };
                drafts.push(Draft { level: None, moves: vec![moved] });
            }
        }
        drafts.sort_by_key(Draft::anchor);
    }

    /// True for the percentage of a grade in the name of a good: «62% fines», 65%黑钨精矿, 1.6%品位镍矿.
    fn is_grade(&self, item: usize) -> bool {
        const WORDS: &[&str] = &[
            "品位", " fines", " Fe", " lump", " pellet", " concentrate", " grade ", "-grade", " Li2O",
            " TREO", " min,",
        ];
        let end = self.items[item].end;
        let rest = self.text.get(end..).unwrap_or_default();
        let good = self.items.get(item + 1).is_some_and(|next| next.start == end)
            && self
                .mention(item + 1)
                .and_then(|next| next.id.as_deref())
                .is_some_and(|id| id.starts_with("commodity/"));
        let plain =
            self.mention(item).is_some_and(|mention| !mention.quote.starts_with(['+', '-', '−', '–']));
        plain
            && (good && !self.text[..self.items[item].start].ends_with('占')
                || WORDS.iter().any(|word| rest.starts_with(word)))
    }

    /// By how much something is more or less than what it is compared with: 比上月多57亿, 较前半段少运41吨.
    pub(super) fn more_or_less(&self, item: usize, range: &Range<usize>) -> Option<Direction> {
        const VERBS: &[char] =
            &['了', '运', '产', '出', '卖', '赚', '进', '销', '花', '付', '用', '约', '近', '逾', '超'];
        let before = self.text[..self.items[item].start].trim_end().trim_end_matches(VERBS);
        let direction = match before.chars().next_back()? {
            '多' => Direction::Up,
            '少' => Direction::Down,
            _ => return None,
        };
        let compared = (range.start..item)
            .rev()
            .take_while(|at| !matches!(self.items[*at].mark(), Some(',' | ';' | '。' | '|')))
            // 较1—2月合计的412吨少了326吨: the level that is compared with may stand right before.
            .take_while(|at| !self.is_figure(*at) || *at + 2 >= item)
            .any(|at| matches!(self.items[at].cue(), Some(Cue::Versus | Cue::Relation(_))));
        compared.then_some(direction)
    }

    /// True for a level below zero, unlike a change with its sign: TC报-22美元/干吨, 均值是-46.9美元.
    pub(super) fn is_below_zero(&self, item: usize, range: &Range<usize>) -> bool {
        const SIGNED: &[&str] = &[
            "measure/treatment-charge",
            "measure/premium",
            "measure/discount",
            "measure/spread",
            "measure/net-profit",
            "measure/balance",
            "measure/operating-profit",
            "measure/ebitda",
            "measure/gross-margin",
        ];
        let Some(mention) = self.mention(item) else { return false };
        let Some(left) = (range.start..item).next_back() else { return false };
        let id = |item: usize| self.mention(item).and_then(|mention| mention.id.as_deref());
        // 毛利率-12% says it at once.
        let margin =
            matches!(
                id(left),
                Some("measure/gross-margin" | "measure/net-margin" | "measure/profit-margin" | "measure/roe")
            ) && matches!(self.gap(left, item).trim(), "" | "为" | "约" | "约为" | "of" | "was" | "at");
        if !mention.quote.starts_with(['-', '−', '－', '–']) || mention.kind == Kind::Percent && !margin
        {
            return false;
        }
        let Some(left) =
            (range.start..item).next_back().filter(|left| self.gap(*left, item).trim().len() <= 6)
        else {
            return false;
        };
        let there = self.items[left].start;
        (range.start..item).rev().take_while(|at| self.items[*at].start == there).any(|at| {
            matches!(self.items[at].cue(), Some(Cue::To | Cue::Statistic(_)))
                || self
                    .mention(at)
                    .and_then(|mention| mention.id.as_deref())
                    .is_some_and(|id| SIGNED.contains(&id))
                || matches!(self.items[at].cue(), Some(Cue::Measure(id)) if SIGNED.contains(&id))
        })
    }

    /// The way in which a word for a base says that something moved: 较年初上涨.
    pub(super) fn moves_itself(&self, item: usize) -> Option<Direction> {
        let words = &self.text[self.items[item].span()];
        if ["上涨", "上升", "增长", "增加", "同增", "年增", "涨"].iter().any(|end| words.ends_with(end))
        {
            Some(Direction::Up)
        } else if ["下跌", "下降", "减少", "下滑", "同降", "跌"].iter().any(|end| words.ends_with(end))
        {
            Some(Direction::Down)
        } else {
            None
        }
    }

    /// True if a word that tells a measure or a move stands behind a word of comparison: 同比则高出近五成.
    pub(super) fn is_compared(&self, word: usize, range: &Range<usize>) -> bool {
        let there = &self.items[word];
        let moves = |at: &usize| {
            self.items[*at].start == there.start && matches!(self.items[*at].cue(), Some(Cue::Move(_)))
        };
        (range.start..word).rev().take(2).any(|at| moves(&at))
            && (range.start..word)
                .rev()
                .take_while(|at| self.items[*at].mark().is_none() && !self.is_figure(*at))
                .any(|at| match self.items[at].cue() {
                    Some(Cue::Relation(_)) => true,
                    // 比2025年末高出41%, unlike 比国内高出260美元.
                    Some(Cue::Versus) => self.is_time(at + 1),
                    _ => false,
                })
    }

    /// True for the number of those of whom the next figure counts some: 28家公司中22家上涨.
    fn is_of_how_many(&self, item: usize, range: &Range<usize>) -> bool {
        const LONGEST: usize = 30;
        let Some(next) = (item + 1..range.end).find(|next| self.is_figure(*next)) else { return false };
        let gap = self.text.get(self.items[item].end..self.items[next].start).unwrap_or_default();
        let gap = gap.trim_end_matches([',', '，', ' ']);
        gap.len() <= LONGEST
            && gap.ends_with('中')
            && gap.starts_with(['只', '家', '个'])
            && self.mention(next).is_some_and(|mention| mention.kind == Kind::Number)
    }

    /// True for a price that is said again in another currency, and for the shares that a dividend is for.
    pub(super) fn is_no_figure(&self, item: usize, range: &Range<usize>) -> bool {
        let Some(mention) = self.mention(item) else { return false };
        if mention.kind == Kind::Percent {
            return basis::whole_of(self.text, mention).is_some() || self.is_grade(item);
        }
        let before = &self.text[..mention.start_byte];
        let behind = self.text.get(mention.end_byte..).unwrap_or_default();
        // 50只成份股中14只上涨: of how many; 2—4英寸 is a size.
        if mention.kind == Kind::Number && self.is_of_how_many(item, range)
            || mention.unit.as_deref() == Some("[in_i]")
        {
            return true;
        }
        if mention.unit.as_deref() == Some("{share}") || mention.kind == Kind::Number {
            let every = before.ends_with('每') || before.ends_with("every ") || before.ends_with("per ");
            let ten = mention.value.as_deref() == Some("10");
            // 3.1:1 is one ratio.
            let second =
                before.strip_suffix(':').is_some_and(|first| first.ends_with(|c: char| c.is_ascii_digit()));
            return second || ten && (every || behind.starts_with(['派', '送', '转']));
        }
        let currency = |item: usize| {
            let money = self.unit(item)?.split('/').next()?;
            super::measure::is_money(money).then_some(money)
        };
        let Some(own) = currency(item) else { return false };
        let Some(last) = (range.start..item).rev().find(|at| self.is_figure(*at)) else { return false };
        let Some(other) = currency(last).filter(|other| *other != own) else { return false };
        let gap = self.text.get(self.items[last].end..mention.start_byte).unwrap_or_default();
        let bracket = gap.trim_start().starts_with(['(', '（']) && gap.len() <= 30;
        let at_once = matches!(gap.trim_matches([',', '，', ' ']), "or" | "即" | "或" | "i.e." | "=" | "合");
        other != own && gap.len() <= 40 && (bracket || at_once || AGAIN.iter().any(|word| gap.contains(word)))
    }
}
