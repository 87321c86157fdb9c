//! Which numbers of a sentence are levels, which are changes, which are where a change began, and which belong together.

use std::ops::Range;

use super::basis;
use super::cues::Cue;
use super::items::{Item, What};
use super::role::Role;
use super::slots::Direction;
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
        let mut span: Option<Range<usize>> = self.level.map(|level| level..level + 1);
        for moved in &self.moves {
            for item in [moved.by, moved.word, moved.before].into_iter().flatten() {
                span = Some(span.map_or(item..item + 1, |span| span.start.min(item)..span.end.max(item + 1)));
            }
        }
        span
    }
}

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
        self.mention(item).is_some_and(|mention| {
            mention.kind.is_figure() && !is_year(mention)
                || mention.kind == Kind::Duration && self.is_measured_time(item)
        })
    }

    /// The bytes between two neighbouring items.
    pub(super) fn gap(&self, left: usize, right: usize) -> &'a str {
        self.text.get(self.items[left].end..self.items[right].start).unwrap_or_default()
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
                    // «2900 t, above the 2500 t that were forecast and twice those of May»: of the level, not of the forecast.
                    let told = drafts
                        .iter()
                        .rposition(|draft| !draft.level.is_some_and(|level| self.is_expected(level)));
                    let last = told.or(drafts.len().checked_sub(1));
                    let last = last
                        .and_then(|last| drafts.get_mut(last))
                        .filter(|draft| self.continues(draft, item));
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

    /// True if a change belongs to the draft before it: no other thing is named between the two.
    fn continues(&self, draft: &Draft, item: usize) -> bool {
        let Some(extent) = draft.extent() else { return false };
        let between = extent.end..item;
        if between.clone().any(|at| matches!(self.items[at].mark(), Some(';' | '。' | '|'))) {
            return false;
        }
        if self.is_of_another(draft, item, &between) {
            return false;
        }
        // «84.3% of capacity in February, 2.1 points lower»: behind the comma nothing new is named.
        let comma = between.clone().find(|at| self.items[*at].mark() == Some(','));
        let from = comma.filter(|_| draft.level.is_some()).unwrap_or(extent.end);
        // What stands in brackets is said in passing.
        let mut depth = 0;
        !(from..item).filter(|between| !self.is_compared_with(*between)).any(|between| {
            match self.items[between].mark() {
                Some('(') => depth += 1,
                Some(')') => depth -= 1,
                _ => {}
            }
            depth <= 0 && self.opens(between)
        })
    }

    /// True if a change without a level cannot be of what the change before it is of: it is in other money (国内上调500元/吨，国际上调70美元/吨), or
    /// a name with an elided noun stands before it («output rose 9%, and Escondida's was up 11%»).
    fn is_of_another(&self, draft: &Draft, item: usize, between: &Range<usize>) -> bool {
        let money = |item: usize| {
            let unit = self.mention(item)?.unit.as_deref()?.split('/').next()?;
            super::measure::is_money(unit).then_some(unit)
        };
        let last = draft.level.is_none().then(|| draft.moves.last().and_then(|moved| moved.by)).flatten();
        let other = last.and_then(money).zip(money(item)).is_some_and(|(left, right)| left != right);
        other || between.clone().any(|at| self.is_elided(at))
    }

    /// True for a measure that only says what a move is held against: 较前结算价上涨, 比上周均价.
    fn is_compared_with(&self, item: usize) -> bool {
        const LEAD: usize = 5;
        let measure = self
            .mention(item)
            .and_then(|mention| mention.id.as_deref())
            .is_some_and(|id| id.starts_with("measure/"))
            || matches!(self.items[item].cue(), Some(Cue::Measure(_)));
        let ahead = &self.text[..self.items[item].start];
        let lead = ahead.char_indices().rev().take(LEAD).take_while(|(_, c)| !matches!(c, ',' | '，' | '。'));
        measure && lead.into_iter().any(|(_, c)| matches!(c, '较' | '比'))
    }

    /// True for a name in the possessive with nothing behind it but its verb: «Escondida's was up», «Chile’s fell».
    pub(super) fn is_elided(&self, item: usize) -> bool {
        const VERBS: &[&str] =
            &["was", "were", "is", "are", "had", "has", "stood", "came", "totalled", "reached"];
        let named = match self.items[item].what {
            What::Name => true,
            What::Mention(index) => self.mentions[index].kind == Kind::Entity,
            _ => false,
        };
        let rest = &self.text[self.items[item].end..];
        // «Las Bambas' surged»: a name in s has no second.
        let plural = || rest.strip_prefix("' ").filter(|_| self.text[..self.items[item].end].ends_with('s'));
        let possessive = rest.strip_prefix("'s ").or_else(|| rest.strip_prefix("’s ")).or_else(plural);
        let Some(rest) = possessive.filter(|_| named) else { return false };
        let verb = rest.split([' ', ',', '.']).next().unwrap_or_default();
        let start = self.text.len() - rest.len();
        let next = self.items[item + 1..].iter().find(|next| next.start >= start);
        VERBS.contains(&verb)
            || next.is_some_and(|next| next.start == start && matches!(next.cue(), Some(Cue::Move(_))))
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
            ("产量30吨，低于40吨的预期", "30吨 []; 40吨 []"),
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
