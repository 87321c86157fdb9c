//! Which numbers of a sentence are levels, which are changes, which are where a change began, and which belong together.

use std::ops::Range;

use super::cues::Cue;
use super::items::{Item, What};
use super::slots::Direction;
use super::{basis, breadth, counted};
use crate::mention::{Kind, Mention};

/// Figures that make one claim, as indexes of items.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Draft {
    /// The level.
    pub(super) level: Option<usize>,
    /// How it moved, in the order of the text.
    pub(super) moves: Vec<Move>,
}

/// A change of a draft.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Move {
    /// By how much; none if only the direction or the base is said.
    pub(super) by: Option<usize>,
    pub(super) direction: Option<Direction>,
    /// The word that says the direction.
    pub(super) word: Option<usize>,
    /// The level before.
    pub(super) before: Option<usize>,
    /// The items that name what it is compared with, if a word of comparison leads to them.
    pub(super) against: Option<Range<usize>>,
}

impl Draft {
    /// The item at which the claim stands: its level, else its first change.
    pub(super) fn anchor(&self) -> Option<usize> {
        self.level.or_else(|| self.moves.iter().find_map(|moved| moved.by.or(moved.before).or(moved.word)))
    }

    /// From its first to its last item.
    pub(super) fn extent(&self) -> Option<Range<usize>> {
        let all = || {
            self.level
                .into_iter()
                .chain(self.moves.iter().flat_map(|moved| [moved.by, moved.word, moved.before]).flatten())
        };
        Some(all().min()?..all().max()? + 1)
    }
}

/// What a number does in its sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Role {
    /// A level, reached by a move in this direction perhaps.
    Level(Option<(Direction, usize)>),
    /// A change.
    Change(Option<Direction>, Option<usize>),
    /// Where a move began.
    Before,
}

/// The longest stretch of other words, in bytes, over which a word still belongs to a number.
const NEAR: usize = 30;

/// True for a plain number that is written as a year: «our 2026 forecast».
pub(super) fn is_year(mention: &Mention<'_>) -> bool {
    mention.kind == Kind::Number
        && mention.quote.len() == 4
        && matches!(mention.quote.as_bytes(), [b'1', b'9', ..] | [b'2', b'0', ..])
        && mention.quote.bytes().all(|byte| byte.is_ascii_digit())
}

/// The sentence under work.
pub(super) struct Sentence<'a> {
    pub(super) text: &'a str,
    pub(super) mentions: &'a [Mention<'a>],
    pub(super) items: &'a [Item],
}

impl<'a> Sentence<'a> {
    pub(super) fn mention(&self, item: usize) -> Option<&'a Mention<'a>> {
        self.items.get(item)?.mention().map(|index| &self.mentions[index])
    }

    /// True if the item is a figure that a claim may be about.
    pub(super) fn is_figure(&self, item: usize) -> bool {
        self.mention(item).is_some_and(|mention| mention.kind.is_figure() && !is_year(mention))
    }

    /// The bytes between two neighbouring items.
    pub(super) fn gap(&self, left: usize, right: usize) -> &'a str {
        self.text.get(self.items[left].end..self.items[right].start).unwrap_or_default()
    }

    fn near(&self, left: usize, right: usize) -> bool {
        self.gap(left, right).len() <= NEAR
    }

    /// The drafts of the items in `range`, which is one sentence.
    pub(super) fn drafts(&self, range: Range<usize>) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = Vec::new();
        let mut before: Option<usize> = None;
        let comparisons = self.comparisons(&range);
        let compared: Vec<usize> = comparisons.iter().filter_map(|comparison| comparison.before).collect();
        let figures = range.clone().filter(|item| {
            self.is_figure(*item)
                && !compared.contains(item)
                && !self.in_basis(*item, &range)
                && !self.is_no_figure(*item, &range)
        });
        for item in figures {
            match self.listed(item, &drafts).unwrap_or_else(|| self.role(item, &range)) {
                Role::Before => match drafts.last_mut().filter(|_| self.looks_back(item, &range)) {
                    // «300 t, compared with 250 t a year earlier».
                    Some(draft) => {
                        let word = self.bare_move(item, &range);
                        match draft.moves.last_mut() {
                            Some(moved) if moved.before.is_none() => moved.before = Some(item),
                            _ => draft.moves.push(Move {
                                before: Some(item),
                                direction: word.map(|(direction, _)| direction),
                                word: word.map(|(_, word)| word),
                                ..Move::default()
                            }),
                        }
                    }
                    None => before = Some(item),
                },
                Role::Change(direction, word) => {
                    let direction = direction.or_else(|| self.goes_on(item, &drafts));
                    let moved =
                        Move { by: Some(item), direction, word, before: before.take(), against: None };
                    // «two times the 34 t of May»: the level before stands beside its multiple.
                    let start = drafts.last_mut().and_then(|draft| draft.moves.last_mut());
                    if let Some(start) = start.filter(|start| {
                        start.by.is_none()
                            && start.before.is_some_and(|before| before + 1 == item)
                            && self.is_multiple(item)
                    }) {
                        start.by = Some(item);
                        continue;
                    }
                    let last = drafts.last_mut().filter(|draft| self.continues(draft, item));
                    match last {
                        Some(draft) => draft.moves.push(moved),
                        None => drafts.push(Draft { level: None, moves: vec![moved] }),
                    }
                }
                Role::Level(reached) => {
                    let start = before.take();
                    let open =
                        drafts.last_mut().filter(|draft| draft.level.is_none() && self.reaches(draft, item));
                    if let Some(draft) = open {
                        draft.level = Some(item);
                        if let (Some(start), Some(moved)) = (start, draft.moves.last_mut()) {
                            moved.before = Some(start);
                        }
                        continue;
                    }
                    let mut draft = Draft { level: Some(item), moves: Vec::new() };
                    if reached.is_some() || start.is_some() {
                        draft.moves.push(Move {
                            by: None,
                            direction: reached.map(|(direction, _)| direction),
                            word: reached.map(|(_, word)| word),
                            before: start,
                            against: None,
                        });
                    }
                    drafts.push(draft);
                }
            }
        }
        for draft in &mut drafts {
            // The bare direction of «rose to 5» says nothing beside «by 2 %, to 5».
            if draft.moves.iter().any(|moved| moved.by.is_some()) {
                draft.moves.retain(|moved| moved.by.is_some() || moved.before.is_some());
            }
        }
        self.deal(&range, &mut drafts);
        self.compare(comparisons, &mut drafts);
        self.unchanged(&range, &mut drafts);
        self.moved_alone(&range, &mut drafts);
        drafts
    }

    /// True for the figure of a basis: «REO=50%».
    fn in_basis(&self, item: usize, range: &Range<usize>) -> bool {
        item > range.start
            && (self.gap(item - 1, item).trim_end().ends_with(['=', '≥', '＝'])
                || matches!(self.items[item - 1].cue(), Some(Cue::Basis(_)))
                    && self.gap(item - 1, item).trim().is_empty())
            && self.mention(item).is_some_and(|mention| mention.kind == Kind::Percent)
            || self.mention(item).is_some_and(|mention| basis::is_vat_rate(self.text, mention))
    }

    fn role(&self, item: usize, range: &Range<usize>) -> Role {
        let Some(mention) = self.mention(item) else { return Role::Level(None) };
        // 47涨3跌: the number counts those that did.
        if mention.kind == Kind::Number && breadth::bare(self.text, mention.end_byte).is_some() {
            return Role::Level(None);
        }
        if let Some(direction) = self.more_or_less(item, range) {
            return Role::Change(Some(direction), None);
        }
        if self.is_start(item, range) {
            return Role::Before;
        }
        // «one declined» counts too, whatever stands before it.
        let moves = |next: usize| next < range.end && matches!(self.items[next].cue(), Some(Cue::Move(_)));
        if mention.kind == Kind::Number && moves(item + 1) && self.gap(item, item + 1) == " " {
            return Role::Level(None);
        }
        if let Some(role) = self.multiple(item, mention, range) {
            return role;
        }
        if let Some(direction) = self.comparative(mention) {
            return Role::Change(Some(direction), None);
        }
        let signed = mention.quote.starts_with(['+', '-', '−', '－', '＋', '–']);
        match self.left(item, range) {
            Left::By(..) if mention.kind == Kind::Number && counted::stocks(self.text, mention.end_byte) => {
                return Role::Level(None);
            }
            Left::By(_, word) if self.raises_money(word, item) => return Role::Level(None),
            // 持平于2200吨 stays at a level.
            Left::By(Direction::Flat, word) if mention.kind != Kind::Percent => {
                return Role::Level(Some((Direction::Flat, word)));
            }
            Left::By(direction, word) => return Role::Change(Some(direction), Some(word)),
            Left::To(direction, word) => {
                return if signed && mention.kind == Kind::Percent {
                    Role::Change(None, None)
                } else {
                    Role::Level(Some((direction, word)))
                };
            }
            Left::Relation if mention.kind == Kind::Percent || signed && !self.is_below_zero(item, range) => {
                return Role::Change(None, None);
            }
            _ => {}
        }
        if let Some((direction, word)) = self.right(item, range) {
            return Role::Change(direction, word);
        }
        if signed
            && mention.unit.as_deref() != Some("Cel")
            && !self.is_below_zero(item, range)
            && !self.below_zero(item)
        {
            return Role::Change(None, None);
        }
        Role::Level(None)
    }

    /// A figure in one list with a change is a change too: 分别下跌0.4%和0.8%.
    fn listed(&self, item: usize, drafts: &[Draft]) -> Option<Role> {
        if self.lists_before(item, drafts) {
            return Some(Role::Before);
        }
        let moved = drafts.last()?.moves.last()?;
        let by = moved.by.filter(|by| *by < item)?;
        let (left, right) = (self.mention(by)?, self.mention(item)?);
        let gap = self.text.get(left.end_byte..right.start_byte)?;
        let joined = matches!(gap.trim(), "和" | "与" | "、" | "及" | "and") && left.unit == right.unit;
        // «a loss of 28.4 points, or 0.5%», 上涨500元(2%): the same once more.
        let open = gap.trim_start_matches([',', '，', ' ']).trim_end();
        let closed = self.text[right.end_byte..].starts_with([')', '）']);
        let again = left.unit != right.unit
            && (matches!(open, "or" | "或" | "即" | "i.e.") || matches!(open, "(" | "（") && closed);
        (right.kind == Kind::Percent && (joined || again))
            .then_some(Role::Change(moved.direction, moved.word))
    }

    /// What a multiple does: «doubled», «five times the demand in 2020» are changes, a price-earnings ratio is a level.
    fn multiple(&self, item: usize, mention: &Mention<'_>, range: &Range<usize>) -> Option<Role> {
        if self.is_multiple(item) && self.text[..mention.start_byte].trim_end().ends_with('的') {
            return Some(Role::Change(None, None));
        }
        if mention.unit.as_deref() != Some("{multiple}") {
            return None;
        }
        let quote = mention.quote.to_lowercase();
        let verb = ["doubl", "tripl", "quadrupl", "halv", "翻", "减半", "腰斩", "fold"]
            .iter()
            .any(|word| quote.contains(word));
        // As long as the longest of these words, and no more of the text.
        let rest: String =
            self.text[mention.end_byte..].chars().take(12).flat_map(char::to_lowercase).collect();
        let compared = [
            " the ",
            " that of",
            " those of",
            " what ",
            " as much",
            " as many",
            " higher",
            " more than",
            " its ",
        ]
        .iter()
        .any(|word| rest.starts_with(word));
        if let Left::By(direction, word) = self.left(item, range) {
            return Some(Role::Change(Some(direction), Some(word)));
        }
        (verb || compared).then_some(Role::Change(None, None))
    }

    /// What stands before a number and says what it is.
    fn left(&self, item: usize, range: &Range<usize>) -> Left {
        let (mut to, mut by, mut relation) = (false, false, false);
        let mut right = item;
        for left in (range.start..item.min(range.end)).rev() {
            if !self.near(left, right) {
                break;
            }
            match &self.items[left].what {
                What::Cue(Cue::Move(direction)) if to && !by => return Left::To(*direction, left),
                // «a loss of 226 billion won» is a level.
                What::Cue(Cue::MoveBy(Direction::Down)) if !by && self.is_loss(left, item) => break,
                What::Cue(Cue::Move(direction) | Cue::MoveBy(direction)) => {
                    return Left::By(*direction, left);
                }
                What::Cue(Cue::To) => to = true,
                // «topped the total by 57 t».
                What::Cue(Cue::Above(direction)) if by && !to && self.surpasses(left) => {
                    return Left::By(*direction, left);
                }
                // «slip below 9,500» moves to there.
                What::Cue(Cue::Above(_)) if !by && self.is_position(left) => to = true,
                What::Cue(Cue::By) => by |= !to,
                What::Cue(Cue::Relation(_)) => {
                    relation = true;
                    // 较年初上涨 tells the base and the way.
                    if let Some(direction) = self.moves_itself(left).filter(|_| !to) {
                        return Left::By(direction, left);
                    }
                }
                // 高出 is a move where something is compared, and a premium else.
                What::Cue(Cue::Measure(_)) if !by && self.is_compared(left, range) => {}
                What::Cue(Cue::Say | Cue::According | Cue::Measure(_)) if !by => break,
                What::Cue(_) => {}
                What::Mark('(' | ':') => {}
                What::Mark(_) | What::Name => break,
                What::Mention(index) => {
                    let mention = &self.mentions[*index];
                    let is_measure = mention.id.as_deref().is_some_and(|id| id.starts_with("measure/"));
                    match mention.kind {
                        Kind::Time | Kind::Duration | Kind::Citation => {}
                        // «an increase in net profit of 5%».
                        Kind::Entity if is_measure || by => {}
                        _ => break,
                    }
                }
            }
            right = left;
        }
        if relation { Left::Relation } else { Left::Nothing }
    }

    /// True for «below» and «above», which tell where something is, unlike «surpassing».
    fn is_position(&self, item: usize) -> bool {
        let words = self.text[self.items[item].span()].to_lowercase();
        matches!(words.as_str(), "below" | "above")
    }

    /// True for «surpassing» and the like, which tell no place as «below» and «over» do.
    fn surpasses(&self, item: usize) -> bool {
        let words = self.text[self.items[item].span()].to_lowercase();
        !matches!(words.as_str(), "below" | "above" | "under" | "over" | "more than" | "less than")
    }

    /// True for money that was raised from investors: «raised A$50 million», not «raised it by A$50 million».
    fn raises_money(&self, word: usize, item: usize) -> bool {
        let unit = self.mention(item).and_then(|mention| mention.unit.as_deref()).unwrap_or_default();
        let money = unit.len() == 3 && unit.bytes().all(|byte| byte.is_ascii_uppercase());
        let words = self.text[self.items[word].span()].to_lowercase();
        let between = self.text.get(self.items[word].end..self.items[item].start).unwrap_or_default();
        let moves = matches!(words.as_str(), "raised" | "raise" | "raises" | "raising" | "增持" | "减持");
        // «it lost $3.8m» tells a result, a share that lost 2 dollars moved.
        let lost = matches!(words.as_str(), "lost" | "lose" | "loses" | "losing")
            && self
                .mention(item)
                .and_then(|mention| mention.value.as_deref())
                .is_some_and(|value| value.split('.').next().is_some_and(|whole| whole.len() > 5));
        money
            && (moves || lost)
            && matches!(
                between.trim(),
                "" | "about" | "some" | "over" | "nearly" | "up to" | "around" | "more than" | "a further"
            )
    }

    /// True if a sum of money is what was lost: «a loss of 5 million yuan», not «a loss of 5%».
    fn is_loss(&self, word: usize, item: usize) -> bool {
        let unit = self.mention(item).and_then(|mention| mention.unit.as_deref()).unwrap_or_default();
        let money = unit.len() == 3 && unit.bytes().all(|byte| byte.is_ascii_uppercase());
        money && self.text[self.items[word].span()].eq_ignore_ascii_case("loss of")
    }

    /// «a 5% increase», «5% higher», «5% YoY».
    fn right(&self, item: usize, range: &Range<usize>) -> Option<(Option<Direction>, Option<usize>)> {
        let mention = self.mention(item)?;
        let next = item + 1;
        if next >= range.end {
            return None;
        }
        let gap = self.gap(item, next).trim();
        if !matches!(gap, "" | "的" | "之" | "-") {
            return None;
        }
        match self.items[next].cue()? {
            // «87 fell» are those that fell.
            Cue::Move(_) if mention.kind == Kind::Number => None,
            Cue::Move(direction) => {
                // «12万元上涨至13万元» begins there, «5%,上涨» does not.
                let to = self.items.get(next + 1).and_then(Item::cue) == Some(Cue::To);
                let verb = !mention.quote.is_ascii() && gap.is_empty();
                (!to && !verb).then_some((Some(direction), Some(next)))
            }
            Cue::Relation(_) if mention.kind == Kind::Percent => Some((None, None)),
            _ => None,
        }
    }

    /// True if the number is where a move began: «from 12», 由12万元, «compared with 12», 12万元上涨至.
    fn is_start(&self, item: usize, range: &Range<usize>) -> bool {
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
                Some(Cue::Versus) if close(self.gap(left, item)) => {
                    // «up 5% from» goes before a level, «5% over 300 t» may not.
                    let word = &self.text[self.items[left].span()];
                    return !matches!(word, "over" | "on" | "同" | "与");
                }
                _ => {}
            }
            let time = self.mention(left).is_some_and(|mention| mention.kind == Kind::Time);
            if time && left > range.start && close(self.gap(left, item)) && !self.is_multiple(item) {
                let cue = self.items[left - 1].cue();
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

    /// True if a change belongs to the draft before it: no other thing is named between the two.
    fn continues(&self, draft: &Draft, item: usize) -> bool {
        let Some(extent) = draft.extent() else { return false };
        let between = extent.end..item;
        if between.clone().any(|at| matches!(self.items[at].mark(), Some(';' | '。' | '|'))) {
            return false;
        }
        // «84.3% of capacity in February, 2.1 points lower»: behind the comma nothing new is named.
        let comma = between.clone().rev().find(|at| self.items[*at].mark() == Some(','));
        let from = comma.filter(|_| draft.level.is_some()).unwrap_or(extent.end);
        // What stands in brackets is said in passing.
        let mut depth = 0;
        !(from..item).any(|between| {
            match self.items[between].mark() {
                Some('(') => depth += 1,
                Some(')') => depth -= 1,
                _ => {}
            }
            depth <= 0 && self.opens(between)
        })
    }

    /// True if a level is what the draft's change led to: «down 1.92% to $9,663», 上涨2%至9663元, «up 5%, to 300 t».
    fn reaches(&self, draft: &Draft, item: usize) -> bool {
        let Some(extent) = draft.extent() else { return false };
        let between = extent.end.min(item)..item;
        let to = between.clone().any(|i| self.items[i].cue() == Some(Cue::To));
        to && !between.clone().any(|i| self.opens(i))
    }

    /// True if an item names something new: a good, a company, a measure.
    pub(super) fn opens(&self, item: usize) -> bool {
        match self.items[item].what {
            What::Mention(index) => {
                let mention = &self.mentions[index];
                let id = mention.id.as_deref().unwrap_or_default();
                mention.kind == Kind::Entity
                    && !["country/", "region/", "place/"].iter().any(|kind| id.starts_with(kind))
            }
            What::Cue(Cue::Measure(_)) | What::Name => true,
            What::Mark(mark) => matches!(mark, ';' | '。' | '|'),
            What::Cue(_) => false,
        }
    }
}

/// What stands before a number.
enum Left {
    /// A move by it.
    By(Direction, usize),
    /// A move to it.
    To(Direction, usize),
    /// 同比 and the like without a direction.
    Relation,
    /// Nothing that says more.
    Nothing,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::cues::Cues;
    use crate::claim::items::items;
    use crate::view::View;
    use crate::{Context, Reader};

    /// The drafts of a sentence as `level < before [changes]`.
    fn told(text: &str) -> String {
        let mentions = Reader::standard().read(text, &Context::default());
        let items = items(text, &View::new(text), &mentions, &Cues::standard());
        let sentence = Sentence { text, mentions: &mentions, items: &items };
        let word = |item: usize| &text[items[item].span()];
        let drafts = sentence.drafts(0..items.len());
        let show = |moved: &Move| {
            let by = moved.by.map(word).unwrap_or("-");
            let direction = moved.direction.map_or("?".to_owned(), |d| format!("{d:?}"));
            let before = moved.before.map(|item| format!("<{}", word(item))).unwrap_or_default();
            format!("{direction} {by}{before}")
        };
        let told: Vec<String> = drafts
            .iter()
            .map(|draft| {
                let moves: Vec<String> = draft.moves.iter().map(show).collect();
                format!("{} [{}]", draft.level.map(word).unwrap_or("-"), moves.join(", "))
            })
            .collect();
        told.join("; ")
    }

    #[test]
    fn levels_and_changes_that_belong_together_are_one_draft() {
        let cases = [
            ("LME copper down 1.92% to $9,663.00 per ton", "$9,663.00 per ton [Down 1.92%]"),
            ("净利润9.6亿元，同比增长20%，环比下降5%", "9.6亿元 [Up 20%, Down 5%]"),
            ("铜价上涨2%，铝价下跌1%", "- [Up 2%]; - [Down 1%]"),
            ("碳酸锂价格由7.2万元/吨涨至7.5万元/吨", "7.5万元/吨 [Up -<7.2万元/吨]"),
            ("Output rose 5% year-on-year to 3,000 tons", "3,000 tons [Up 5%]"),
            ("Exports were 300 tons, compared with 250 tons in 2024", "300 tons [? -<250 tons]"),
            ("prices increased 0.8% to 63,200 yuan/ton", "63,200 yuan/ton [Up 0.8%]"),
            ("a 12% increase in revenue", "- [Up 12%]"),
            ("毛利率15.2%，较上年同期下降1.6个百分点", "15.2% [Down 1.6个百分点]"),
            ("涨幅达5%", "- [Up 5%]"),
            ("Imports were 300 tons, 20 tons less than in May", "300 tons [Down 20 tons]"),
            ("锡锭均价16万元/吨，上周为15万元，去年同期为14万元", "16万元/吨 [? -<15万元, ? -<14万元]"),
            ("8月进口锡矿50吨，超过6月、7月之和的40吨", "50吨 [Up -<40吨]"),
            ("产量30吨，低于40吨的预期", "30吨 [Down -<40吨]"),
            ("镍价报12万元/吨，较上周持平", "12万元/吨 [Flat -]"),
            ("铜、铝价格为5万元和2万元，分别下跌3%和2%", "5万元 [Down 3%]; 2万元 [Down 2%]"),
            ("锡锭报5600元/吨，为2020年同期的一半", "5600元/吨 [? 一半]"),
            ("Revenue was $25 million, down from $30 million", "$25 million [Down -<$30 million]"),
            ("raised to 19,109 yuan/ton (REO=50%), marking a 1.51% increase", "19,109 yuan/ton [Up 1.51%]"),
        ];
        for (text, expected) in cases {
            assert_eq!(told(text), expected, "{text}");
        }
    }
}
