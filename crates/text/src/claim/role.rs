//! What a number does in its sentence: a level, a change, or where a move began.

use std::ops::Range;

use super::cues::Cue;
use super::draft::{Draft, Sentence};
use super::items::{Item, What};
use super::slots::Direction;
use super::{breadth, counted};
use crate::find::lower;
use crate::mention::{Kind, Mention, Qualifier};

/// What a number does in its sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// A level, reached by a move in this direction perhaps.
    Level(Option<(Direction, usize)>),
    /// A change.
    Change(Option<Direction>, Option<usize>),
    /// Where a move began.
    Before,
}

/// The longest stretch of other words, in bytes, over which a word still belongs to a number.
const NEAR: usize = 30;

impl Sentence<'_> {
    fn near(&self, left: usize, right: usize) -> bool {
        self.gap(left, right).len() <= NEAR
    }

    pub(super) fn role(&self, item: usize, range: &Range<usize>) -> Role {
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
        if mention.kind == Kind::Percent && self.text[..mention.start_byte].ends_with(" off ") {
            return Role::Change(Some(Direction::Down), None);
        }
        // «zinc rose 12% to 465,200 t, lead 8% to 92,200 t»: the verb is said once.
        if mention.kind == Kind::Percent && self.leads_to_level(item, range) {
            return Role::Change(None, None);
        }
        // «… from the previous quarter and a 14% increase from the low»: the article begins a move of its own.
        let begins = [" a ", " an "].iter().any(|word| self.text[..mention.start_byte].ends_with(word));
        if let Some((direction, word)) = self.right(item, range).filter(|_| begins) {
            return Role::Change(direction, word);
        }
        let signed = mention.quote.starts_with(['+', '-', '−', '－', '＋', '–']);
        match self.left(item, range) {
            Left::By(..) if mention.kind == Kind::Number && counted::stocks(self.text, mention.end_byte) => {
                return Role::Level(None);
            }
            Left::By(_, word) if self.raises_money(word, item) => return Role::Level(None),
            // 持平于2200吨 stays at a level.
            Left::By(Direction::Flat, word) => {
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
            // 维持9%不变 is a level.
            return match (direction, word) {
                (Some(Direction::Flat), Some(word)) => Role::Level(Some((Direction::Flat, word))),
                _ => Role::Change(direction, word),
            };
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

    /// True for a percentage right behind a name, from which a word such as «to» leads to a level, in a sentence that tells a move
    /// before it.
    fn leads_to_level(&self, item: usize, range: &Range<usize>) -> bool {
        let Some(before) = item.checked_sub(1).filter(|before| range.contains(before)) else { return false };
        let named = self.mention(before).is_some_and(|mention| mention.kind == Kind::Entity)
            || self.items[before].what == What::Name;
        let to = (item + 1..range.end)
            .take(2)
            .find(|next| self.items[*next].cue() == Some(Cue::To))
            .filter(|to| self.gap(item, *to).trim().is_empty());
        let level =
            to.and_then(|to| (to + 1..range.end).find(|next| self.items[*next].start >= self.items[to].end));
        let reached = level.zip(to).is_some_and(|(level, to)| {
            self.mention(level).is_some_and(|mention| mention.kind == Kind::Quantity)
                && self.gap(to, level).trim().is_empty()
        });
        let moved = || (range.start..before).any(|at| matches!(self.items[at].cue(), Some(Cue::Move(_))));
        named && self.gap(before, item).trim().is_empty() && reached && moved()
    }

    /// A figure in one list with a change is a change too: 分别下跌0.4%和0.8%.
    pub(super) fn listed(&self, item: usize, drafts: &[Draft]) -> Option<Role> {
        if self.lists_before(item, drafts) || self.goes_on_before(item, drafts) {
            return Some(Role::Before);
        }
        // 分别为-2.6美元/吨和-11.8美元/吨: levels below zero in one list.
        let negative = |item: usize| {
            self.mention(item).is_some_and(|mention| {
                mention.quote.starts_with(['-', '−', '－'])
                    && mention.unit.as_deref().is_some_and(|unit| unit.contains('/'))
            })
        };
        let below = |item: usize| {
            self.mention(item).is_some_and(|mention| mention.quote.starts_with(['-', '−', '－']))
        };
        let dealt = (item.saturating_sub(8)..item).any(|at| self.items[at].cue() == Some(Cue::Respectively));
        // 分别为120元、-30元和50元
        let alike = |level: usize| {
            let unit = |item: usize| self.mention(item).map(|mention| mention.unit.as_deref());
            dealt && unit(level) == unit(item) && (below(item) || below(level))
        };
        if let Some(level) = drafts
            .last()?
            .level
            .filter(|level| *level < item && (negative(*level) && negative(item) || alike(*level)))
            && matches!(
                self.text.get(self.items[level].end..self.items[item].start)?.trim(),
                "和" | "与" | "、" | "及" | "and"
            )
        {
            return Some(Role::Level(None));
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
        // 下跌30元和20元: a second level would name what it is of.
        let money = right
            .unit
            .as_deref()
            .is_some_and(|unit| super::measure::is_money(unit) || super::measure::is_rate_of_money(unit));
        let dealt = matches!(gap.trim(), "和" | "与" | "、" | "及" | "and")
            && left.unit.as_deref().is_some_and(super::measure::is_money)
            && (item.saturating_sub(6)..by).any(|at| self.items[at].cue() == Some(Cue::Respectively));
        (right.kind == Kind::Percent && (joined || again) || (joined || dealt) && money)
            .then_some(Role::Change(moved.direction, moved.word))
    }

    /// What a multiple does: «doubled», «five times the demand in 2020» are changes, a price-earnings ratio is a level.
    fn multiple(&self, item: usize, mention: &Mention<'_>, range: &Range<usize>) -> Option<Role> {
        if self.is_multiple(item) && after_de(&self.text[..mention.start_byte]) {
            return Some(Role::Change(None, None));
        }
        if mention.unit.as_deref() != Some("{multiple}") {
            return None;
        }
        let quote = lower(mention.quote);
        let verb = ["doubl", "tripl", "quadrupl", "halv", "翻", "减半", "腰斩", "fold"]
            .iter()
            .any(|word| quote.contains(word));
        // As long as the longest of these words, and no more of the text.
        let rest: String =
            self.text[mention.end_byte..].chars().take(12).flat_map(char::to_lowercase).collect();
        let compared = [
            " the ", " that of", " those of", " what ", " as much", " as many", " higher", " more than",
            " its ",
        ]
        .iter()
        .any(|word| rest.starts_with(word));
        if let Left::By(direction, word) = self.left(item, range) {
            return Some(Role::Change(Some(direction), Some(word)));
        }
        (verb || compared).then_some(Role::Change(None, None))
    }

    /// The move that the word at `say` tells beside saying, right before a figure.
    fn moves_too(&self, say: usize, item: usize) -> Option<(Direction, usize)> {
        let there = &self.items[say];
        let near = self.items[item].start.saturating_sub(there.end) <= 1;
        let same = (say.saturating_sub(2)..say + 3).filter(|at| {
            self.items.get(*at).is_some_and(|other| other.start == there.start && other.end == there.end)
        });
        same.into_iter().filter(|_| near).find_map(|at| match self.items[at].cue() {
            Some(Cue::Move(direction)) => Some((direction, at)),
            _ => None,
        })
    }

    /// False for the measure at `left` that «of» joins to the figure, unless a word of a move stands right before it.
    fn is_moved(&self, left: usize, item: usize) -> bool {
        let between = self.text.get(self.items[left].end..self.items[item].start).unwrap_or_default();
        if !between.starts_with(" of ") {
            return true;
        }
        left.checked_sub(1).is_some_and(|before| {
            let gap = self.text.get(self.items[before].end..self.items[left].start).unwrap_or_default();
            matches!(self.items[before].cue(), Some(Cue::Move(_) | Cue::MoveBy(_))) && gap.len() <= 12
        })
    }

    /// True for «up» that belongs to a verb of another sense or to a bound.
    fn is_no_move(&self, item: usize) -> bool {
        let there = &self.items[item];
        let before = self.text[..there.start].trim_end();
        let rest = &self.text[there.end..];
        let verb = [
            "start", "starts", "started", "put", "puts", "set", "sets", "made", "makes", "take", "takes",
            "took", "ramp",
        ];
        self.text[there.span()].eq_ignore_ascii_case("up")
            && (verb.iter().any(|word| before.ends_with(word))
                || rest.starts_with(" to ")
                    && [" of", " for", " at", " by"].iter().any(|word| before.ends_with(word)))
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
                // «buy up to $500 million» bounds it.
                What::Cue(Cue::Move(_))
                    if self.text[self.items[left].span()].eq_ignore_ascii_case("up")
                        && self.text[self.items[left].end..self.items[item].start].trim() == "to"
                        && self
                            .mention(item)
                            .is_some_and(|mention| mention.qualifier == Some(Qualifier::AtMost)) =>
                {
                    break;
                }
                What::Cue(Cue::Move(direction)) if to && !by => return Left::To(*direction, left),
                // «a loss of 226 billion won» is a level.
                What::Cue(Cue::MoveBy(Direction::Down)) if !by && self.is_loss(left, item) => break,
                // «put up», «start up» and «a fine of up to» move nothing.
                What::Cue(Cue::Move(_) | Cue::MoveBy(_)) if self.is_no_move(left) => break,
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
                // «sheds added 240 t»: a word of saying that is one of moving too.
                What::Cue(Cue::Say) if !to && self.moves_too(left, item).is_some() => {
                    let Some((direction, word)) = self.moves_too(left, item) else { break };
                    return Left::By(direction, word);
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
                        // «a rebound in the sector with an inflow of 3.5 billion» is a level, «an increase in profit of 5%» is none.
                        Kind::Entity if is_measure && by && !self.is_moved(left, item) => break,
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
        let words = lower(&self.text[self.items[item].span()]);
        matches!(&*words, "below" | "above")
    }

    /// True for «surpassing» and the like, which tell no place as «below» and «over» do.
    fn surpasses(&self, item: usize) -> bool {
        let words = lower(&self.text[self.items[item].span()]);
        !matches!(&*words, "below" | "above" | "under" | "over" | "more than" | "less than")
    }

    /// True for money that was raised from investors: «raised A$50 million», not «raised it by A$50 million».
    fn raises_money(&self, word: usize, item: usize) -> bool {
        let unit = self.mention(item).and_then(|mention| mention.unit.as_deref()).unwrap_or_default();
        let money = super::measure::is_money(unit);
        let words = lower(&self.text[self.items[word].span()]);
        let between = self.text.get(self.items[word].end..self.items[item].start).unwrap_or_default();
        let moves = matches!(&*words, "raised" | "raise" | "raises" | "raising" | "增持" | "减持");
        // «it lost $3.8m» tells a result, a share that lost 2 dollars moved.
        let lost = matches!(&*words, "lost" | "lose" | "loses" | "losing")
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
        let money = super::measure::is_money(unit);
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
}

/// True if 的 stands before a multiple, with no more than a word of how near it is between the two: 年初的近1.8倍.
pub(super) fn after_de(ahead: &str) -> bool {
    const NEAR: &[&str] = &[
        "近", "约", "逾", "超", "超过", "大约", "将近", "接近", "不到", "不足", "至少", "整整", "近乎",
        "差不多", "",
    ];
    let ahead = ahead.trim_end();
    NEAR.iter().any(|word| ahead.strip_suffix(word).is_some_and(|rest| rest.trim_end().ends_with('的')))
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
