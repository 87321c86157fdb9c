//! Figures in one list, and names in one list: which change is whose level's, and which names go with as many figures.

use std::ops::Range;

use rust_decimal::Decimal;

use super::cues::Cue;
use super::draft::{Draft, Move, Sentence};
use super::items::What;
use super::slots::Direction;
use crate::mention::Kind;

/// Farthest gap between two members of a list, in bytes.
const BETWEEN: usize = 14;

impl Sentence<'_> {
    /// Gives each of several levels its own change, where the changes are said behind them one by one, and makes changes of several
    /// names that are told one by one drafts of their own.
    pub(super) fn deal(&self, range: &Range<usize>, drafts: &mut Vec<Draft>) {
        for word in range.clone().filter(|item| self.items[*item].cue() == Some(Cue::Respectively)) {
            self.deal_behind(word, drafts);
        }
        drafts.retain(|draft| draft.anchor().is_some());
        self.deal_nouns(range, drafts);
        self.deal_starts(drafts);
        self.deal_in_order(drafts);
        self.deal_to_names(range, drafts);
    }

    /// Deals the changes behind a word such as 分别.
    fn deal_behind(&self, word: usize, drafts: &mut Vec<Draft>) {
        let dealt: Vec<(usize, usize)> = drafts
            .iter()
            .enumerate()
            .flat_map(|(index, draft)| {
                draft.moves.iter().enumerate().map(move |(at, moved)| (index, at, moved.by))
            })
            .filter(|(_, _, by)| {
                by.is_some_and(|by| {
                    by > word && !(word..by).any(|item| matches!(self.items[item].mark(), Some(';' | '。')))
                })
            })
            .map(|(index, at, _)| (index, at))
            .collect();
        // A bare number among quantities has no part in it: the grade of 10矿.
        let unit = |index: usize| self.mention(drafts[index].level?)?.unit.as_deref();
        let ahead = |index: &usize| drafts[*index].level.is_some_and(|level| level < word);
        let last = (0..drafts.len()).rev().find(ahead);
        let levels: Vec<usize> = (0..drafts.len())
            .filter(ahead)
            .filter(|index| unit(*index).is_some() || last.is_none_or(|last| unit(last).is_none()))
            .collect();
        // «分别为3吨和4吨,分别增长» deals levels first.
        let last = dealt.last().and_then(|(index, at)| drafts[*index].moves[*at].by).unwrap_or(word);
        let later = drafts.iter().any(|draft| draft.level.is_some_and(|level| level > word && level < last));
        if levels.is_empty() && !later && dealt.len() > 1 {
            apart(drafts, dealt[0].0);
            return;
        }
        let Some(first) = levels
            .len()
            .checked_sub(dealt.len())
            .filter(|_| dealt.len() > 1 || dealt.len() == 1 && self.flat_behind(last).is_some())
        else {
            return;
        };
        let mut moves = Vec::new();
        for (index, at) in dealt.iter().rev() {
            moves.push(drafts[*index].moves.remove(*at));
        }
        moves.reverse();
        told_once(&mut moves);
        // 分别上调3美元、20元和持平: the last of the list did not move.
        let flat = first.checked_sub(1).zip(self.flat_behind(last));
        let first = flat.map_or(first, |(first, _)| first);
        moves.extend(flat.map(|(_, word)| Move {
            direction: Some(Direction::Flat),
            word: Some(word),
            ..Move::default()
        }));
        for (level, moved) in levels[first..].iter().zip(moves) {
            drafts[*level].moves.push(moved);
        }
    }

    /// The word by which the last of a list did not move, right behind the figure before it: 和持平.
    fn flat_behind(&self, figure: usize) -> Option<usize> {
        let next = self.items.get(figure + 1)?;
        let gap = self.text.get(self.items[figure].end..next.start)?;
        let flat = next.cue() == Some(Cue::Move(Direction::Flat));
        (flat && !gap.trim().is_empty() && is_join(gap)).then_some(figure + 1)
    }

    /// A move told by a noun alone behind several levels, «A由26万跌至25万，B为1.7万，降幅3.8%», is that of the level for which it holds; behind a
    /// list of levels, which it may be of together, it is nobody's.
    fn deal_nouns(&self, range: &Range<usize>, drafts: &mut [Draft]) {
        for index in 1..drafts.len() {
            let (ahead, [draft, ..]) = drafts.split_at_mut(index) else { continue };
            let [moved] = draft.moves.as_slice() else { continue };
            let (Some(level), Some(by), None) = (draft.level, moved.by, moved.before) else { continue };
            if !self.is_noun_of_move(level, by, range) {
                continue;
            }
            let holds = |other: &Draft| {
                let start = other.moves.iter().find(|moved| moved.by.is_none())?.before?;
                (self.percent_between(start, other.level?)? - self.amount_of(by)?.abs())
                    .abs()
                    .le(&Decimal::new(6, 2))
                    .then_some(())
            };
            if let Some(other) = ahead.iter_mut().rev().find(|other| holds(other).is_some()) {
                let moved = draft.moves.remove(0);
                if let Some(open) =
                    other.moves.iter_mut().find(|open| open.by.is_none() && open.before.is_some())
                {
                    *open = Move { before: open.before, against: open.against.clone(), ..moved };
                }
            } else if ahead
                .last()
                .and_then(|other| other.level)
                .is_some_and(|other| self.is_listed(other, level))
            {
                draft.moves.clear();
            }
        }
    }

    /// True for 降幅3%: a noun for a move in a clause of its own, which says neither what moved nor against what.
    fn is_noun_of_move(&self, level: usize, by: usize, range: &Range<usize>) -> bool {
        let between = level + 1..by.min(range.end);
        let mut marks = between.clone().filter(|at| self.items[*at].mark() == Some(','));
        let noun = marks.next().filter(|_| marks.next().is_none()).is_some_and(|mark| {
            (mark + 1..by).any(|at| matches!(self.items[at].cue(), Some(Cue::MoveBy(_))))
        });
        let other = |at: usize| {
            self.opens(at) || matches!(self.items[at].cue(), Some(Cue::Relation(_) | Cue::Versus))
        };
        noun && level < by && !between.into_iter().any(other)
    }

    /// By how many percent one figure differs from another, without its sign.
    fn percent_between(&self, from: usize, to: usize) -> Option<Decimal> {
        let (from, to) = (self.amount_of(from)?, self.amount_of(to)?);
        Some(to.checked_sub(from)?.checked_div(from)?.checked_mul(Decimal::ONE_HUNDRED)?.abs())
    }

    fn amount_of(&self, item: usize) -> Option<Decimal> {
        self.mention(item)?.value.as_deref()?.parse().ok()
    }

    /// «rose to 70% for cobalt and 72% for nickel, from 68% and 70%»: as many levels before in one list as there are levels.
    fn deal_starts(&self, drafts: &mut [Draft]) {
        let unit = |draft: &Draft| {
            draft.level.and_then(|level| self.mention(level)).map(|mention| mention.unit.as_deref())
        };
        for last in 1..drafts.len() {
            let starts: Vec<usize> = drafts[last].moves.iter().filter_map(|moved| moved.before).collect();
            let listed = starts.windows(2).all(|pair| self.is_listed(pair[0], pair[1]));
            let plain = drafts[last].moves.iter().all(|moved| moved.by.is_none());
            let Some(first) =
                (last + 1).checked_sub(starts.len()).filter(|_| starts.len() > 1 && listed && plain)
            else {
                continue;
            };
            let open = |draft: &Draft| {
                unit(draft) == unit(&drafts[last])
                    && draft.moves.iter().all(|moved| moved.before.is_none() && moved.by.is_none())
            };
            if !drafts[first..last].iter().all(open) {
                continue;
            }
            drafts[last].moves.truncate(1);
            let told = drafts[first].moves.first().cloned().unwrap_or_default();
            for (draft, start) in drafts[first..=last].iter_mut().zip(starts) {
                match draft.moves.first_mut() {
                    Some(moved) => moved.before = Some(start),
                    None => draft.moves.push(Move { before: Some(start), ..told.clone() }),
                }
                if let Some(moved) = draft.moves.first_mut().filter(|moved| moved.direction.is_none()) {
                    (moved.direction, moved.word) = (told.direction, told.word);
                }
            }
        }
    }

    /// True if a figure goes on a list of levels before: «from 68% and 70%».
    pub(super) fn goes_on_before(&self, item: usize, drafts: &[Draft]) -> bool {
        let [.., first, last] = drafts else { return false };
        let before = last.moves.last().and_then(|moved| moved.before).filter(|before| *before < item);
        let start = last.moves.last().is_some_and(|moved| moved.by.is_none());
        first.level.is_some() && start && before.is_some_and(|before| self.is_listed(before, item))
    }

    /// 分别为13.5万吨和12.7万吨，同比增长12.5%和10.4%: as many changes in one list as there are levels in the list before them.
    fn deal_in_order(&self, drafts: &mut [Draft]) {
        for last in 0..drafts.len() {
            let moves = &drafts[last].moves;
            let count = moves.len();
            let (Some(first), true) = ((last + 1).checked_sub(count), count > 1) else { continue };
            let unit = |draft: &Draft| {
                draft.level.and_then(|level| self.mention(level)).map(|mention| mention.unit.as_deref())
            };
            let alike = |draft: &Draft| unit(draft).is_some() && unit(draft) == unit(&drafts[last]);
            let one_list = drafts[first..=last].iter().all(alike);
            // A longer list, or one whose first has a change of its own, goes with other words.
            let longer = first > 0 && alike(&drafts[first - 1]) && drafts[first - 1].moves.is_empty();
            let bare = drafts[first..last].iter().all(|draft| draft.moves.is_empty());
            if !one_list || longer || !bare || !self.is_list_of_moves(moves) {
                continue;
            }
            let mut moves = std::mem::take(&mut drafts[last].moves);
            told_once(&mut moves);
            for (draft, moved) in drafts[first..=last].iter_mut().zip(moves) {
                draft.moves.push(moved);
            }
        }
    }

    /// «Exports of yttrium and dysprosium fell 12% and 30%»: as many changes in one list as there are names in the list before them.
    fn deal_to_names(&self, range: &Range<usize>, drafts: &mut Vec<Draft>) {
        let mut at = 0;
        while at < drafts.len() {
            let (draft, count) = (&drafts[at], drafts[at].moves.len());
            let first = draft.moves.first().and_then(|moved| moved.by);
            let whose = first.filter(|_| draft.level.is_none() && count > 1).and_then(|first| {
                let start = at
                    .checked_sub(1)
                    .and_then(|before| drafts[before].extent())
                    .map_or(range.start, |extent| extent.end);
                let names = self.names_of(&(start..first), self.items[first].start, count)?;
                self.is_list_of_moves(&draft.moves).then_some(names)
            });
            if whose.is_some() {
                apart(drafts, at);
                at += count;
            } else {
                at += 1;
            }
        }
    }

    /// True if changes stand in one list: 12.5%和10.4%, 增加2.6万吨和减少0.15万吨.
    fn is_list_of_moves(&self, moves: &[Move]) -> bool {
        moves.iter().all(|moved| moved.by.is_some() && moved.before.is_none())
            && moves.windows(2).all(|pair| match (pair[0].by, pair[1].by) {
                (Some(left), Some(right)) if left < right => self.is_listed(left, right),
                _ => false,
            })
    }

    /// True if two figures are neighbours in one list and of one unit; a word of direction may stand before the second.
    fn is_listed(&self, left: usize, right: usize) -> bool {
        let unit = |item: usize| self.mention(item).map(|mention| mention.unit.as_deref());
        let word = (left + 1..right).find(|item| matches!(self.items[*item].cue(), Some(Cue::Move(_))));
        let start = word.map_or(self.items[right].start, |word| self.items[word].start);
        let gap = self.text.get(self.items[left].end..start).unwrap_or_default();
        // The last of a list alone says the unit of all, if any does.
        let same = unit(left) == unit(right) || unit(left) == Some(None);
        let bare = word.is_none_or(|word| self.gap(word, right).trim().is_empty());
        same && bare && is_join(gap) && (word.is_none() || !gap.trim().is_empty())
    }

    /// As many names of one kind as there are figures, in one list before them; the nearest such list. Two signs of one character in
    /// one word, 铜、铅锌、黄金, are one member where they have one figure.
    pub(super) fn names_of(&self, all: &Range<usize>, before: usize, count: usize) -> Option<Vec<usize>> {
        self.names_in(all, before, count, false).or_else(|| self.names_in(all, before, count, true))
    }

    fn names_in(&self, all: &Range<usize>, before: usize, count: usize, words: bool) -> Option<Vec<usize>> {
        let named: Vec<usize> = all
            .clone()
            .filter(|item| self.kind_of_name(*item).is_some() && self.items[*item].end <= before)
            .collect();
        let mut lists: Vec<Vec<usize>> = Vec::new();
        let mut last = None;
        for item in named {
            let joined = last.is_some_and(|last: usize| {
                self.kind_of_name(last) == self.kind_of_name(item)
                    && self.text.get(self.items[last].end..self.items[item].start).is_some_and(is_join)
            });
            let inside = words && last.is_some_and(|last| self.items[last].end == self.items[item].start);
            last = Some(item);
            match lists.last_mut().filter(|_| joined) {
                Some(_) if inside => {}
                Some(list) => list.push(item),
                None => lists.push(vec![item]),
            }
        }
        lists.into_iter().rev().find_map(|list| {
            // «In the fourth quarter, October, November and December»: the first holds the others.
            let whole = list.len() == count + 1 && self.holds(&list);
            (list.len() == count || whole).then(|| list[list.len() - count..].to_vec())
        })
    }

    /// The kind of the name at `item`, as far as names of it stand in lists.
    pub(super) fn kind_of_name(&self, item: usize) -> Option<&'static str> {
        const KINDS: &[&str] = &["commodity", "company", "index", "exchange", "measure"];
        if self.items[item].what == What::Name {
            return Some("company");
        }
        let mention = self.mention(item)?;
        if mention.kind == Kind::Time {
            return Some("time");
        }
        let kind = mention.id.as_deref()?.split('/').next().filter(|_| mention.kind == Kind::Entity)?;
        match kind {
            "country" | "place" | "region" => Some("place"),
            _ => KINDS.iter().find(|known| **known == kind).copied(),
        }
    }

    /// True if the first time of a list holds all the others.
    fn holds(&self, list: &[usize]) -> bool {
        let interval = |item: &usize| {
            let mention = self.mention(*item)?;
            Some((mention.start.as_deref()?, mention.end.as_deref()?))
        };
        let intervals: Option<Vec<_>> = list.iter().map(interval).collect();
        let Some([whole, parts @ ..]) = intervals.as_deref() else { return false };
        parts.iter().all(|part| whole.0 <= part.0 && part.1 <= whole.1)
    }
}

/// What says the direction of the first says it of the rest: 分别下跌0.4%和0.8%.
fn told_once(moves: &mut [Move]) {
    let told = moves.first().and_then(|moved| moved.direction.map(|direction| (direction, moved.word)));
    for moved in moves {
        if let Some((direction, word)) = told.filter(|_| moved.direction.is_none()) {
            moved.direction = Some(direction);
            moved.word = word;
        }
    }
}

/// Changes of several things that are told one by one are drafts of their own: 分别上涨2.2%、4.7%和1.5%.
fn apart(drafts: &mut Vec<Draft>, at: usize) {
    let mut moves = std::mem::take(&mut drafts[at].moves);
    told_once(&mut moves);
    drafts.splice(at..=at, moves.into_iter().map(|moved| Draft { level: None, moves: vec![moved] }));
}

/// True if nothing but a comma or an «and» stands between two members of a list.
pub(super) fn is_join(gap: &str) -> bool {
    // 力拓(皮尔巴拉)、必和必拓(西澳): what stands in brackets parts nothing.
    let gap =
        match gap.trim_start().strip_prefix(['(', '（']).and_then(|inside| inside.split_once([')', '）'])) {
            Some((inside, rest)) if inside.len() <= 40 => rest,
            _ => gap,
        };
    // 158万辆、112万辆: what is counted is no part of the number.
    let counted = ['辆', '家', '只', '台', '套', '座', '艘', '个', '起', '份', '票', '宗', '人', '吨'];
    let words = gap.trim().trim_start_matches(counted).trim_start_matches([',', '，', '、']).trim();
    // «2023, 2024 and in the first half of 2025»
    let words = words.strip_suffix("the").map_or(words, str::trim_end);
    let words = words.strip_suffix(" in").or(words.strip_suffix(" for")).unwrap_or(words);
    gap.len() <= BETWEEN && matches!(words, "" | "and" | "和" | "与" | "及" | "以及" | "or" | "&" | "/")
}
