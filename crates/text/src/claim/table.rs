//! Tables pasted as lines, and lists of short rows: a header says what the columns are, a row is one claim, or one for each
//! measure or period, and one for each further figure that a remark in it tells.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use super::column::{Column, End, Role, column};
use super::cues::Cue;
use super::figure::is_figure;
use super::layout::Block;
use super::row::Row;
use super::scene::{Memory, Scene};
use super::slots::{Amount, Base, Change, Claim, Direction, Relation, Slot, Term};
use super::unit_once::{Unit, unit_of, unit_said, words_behind};
use super::{base, remark};
use crate::mention::Kind;
use rust_decimal::Decimal;

/// Rows that stand together, and what is said above them.
pub(super) struct Table<'s, 't, 'a> {
    pub(super) scene: &'s Scene<'t, 'a>,
    pub(super) memory: &'s Memory,
    /// Headings and title above, the nearest last; a unit said there holds for the whole table.
    pub(super) above: &'s [Block],
    /// The units that words say, behind the numbers of figures or in cells of their own; they are the same row by row.
    units: RefCell<HashMap<&'t str, Option<Unit>>>,
}

/// A level of a row with the column that it stands in.
struct Level<'t> {
    claim: Claim<'t>,
    role: Role,
    measure: Option<usize>,
    good: Option<usize>,
    time: Option<usize>,
    /// The unit of the figure as printed, for changes that leave it out.
    unit: Option<Unit>,
    /// The unit that the header says of its column.
    said: Option<Unit>,
    /// The end of a range that it is, until the other one is found.
    end: Option<End>,
}

/// True if two headers say units that cannot be of one figure.
fn differ(left: Option<&Unit>, right: Option<&Unit>) -> bool {
    left.zip(right).is_some_and(|(left, right)| left.code != right.code)
}

/// Which of the levels before the last moved by a change in percent to what it is, from the last or another of them: of the columns
/// «Q2 | Q1 | change» the first. Nothing if the last did, or none of them.
fn whose(before: &[Level<'_>], last: &Level<'_>, change: &Amount) -> Option<usize> {
    let percent: Decimal =
        change.value.as_deref().filter(|_| change.unit.as_deref() == Some("%"))?.parse().ok()?;
    let size = |level: &Level<'_>| -> Option<Decimal> {
        level.claim.value.as_ref()?.is.value.as_deref()?.parse().ok()
    };
    let near = Decimal::ONE;
    let moved = |to: Decimal, from: Decimal| {
        let by = to.checked_sub(from)?.checked_div(from)?.checked_mul(Decimal::ONE_HUNDRED)?;
        Some((by - percent).abs() <= near)
    };
    let gives = |to: Option<Decimal>, from: Option<Decimal>| {
        to.zip(from).and_then(|(to, from)| moved(to, from)) == Some(true)
    };
    let same = |level: &&Level<'_>| level.measure == last.measure;
    if before.iter().filter(same).any(|other| gives(size(last), size(other))) {
        return None;
    }
    (0..before.len()).find(|index| same(&&before[*index]) && gives(size(&before[*index]), size(last)))
}

impl<'s, 't, 'a> Table<'s, 't, 'a> {
    pub(super) fn new(scene: &'s Scene<'t, 'a>, memory: &'s Memory, above: &'s [Block]) -> Self {
        Table { scene, memory, above, units: RefCell::default() }
    }
}

impl<'t> Table<'_, 't, '_> {
    /// Adds the claims of the rows, in order. A row without figures is the header of those below it.
    pub(super) fn claims(&self, rows: &[Block], found: &mut Vec<Claim<'t>>) {
        let first = self.scene.blocks.first();
        let said = |block: &Block| match first {
            Some(first) if first.span == block.span => self.scene.home.titled.clone(),
            _ => unit_said(&self.scene.text[block.span.clone()]),
        };
        let mut general = self.above.iter().rev().find_map(said);
        let mut columns: Vec<Column> = Vec::new();
        let mut memory = self.memory.clone();
        let mut levels: Vec<Level<'t>> = Vec::new();
        let mut of_row: Vec<Claim<'t>> = Vec::new();
        for row in rows {
            // |---|:---:| between header and rows says nothing.
            let rule =
                |cell: &Range<usize>| self.scene.text[cell.clone()].chars().all(|c| "-:=— ".contains(c));
            if row.cells.iter().all(rule) {
                continue;
            }
            let figures = row.cells.iter().any(|cell| self.figure(cell).is_some());
            if figures {
                self.row(row, &columns, general.as_ref(), &memory, &mut levels, &mut of_row);
                found.append(&mut of_row);
                continue;
            }
            columns = row.cells.iter().map(|cell| column(self.scene, cell)).collect();
            // «Exports, '000 t | May | June»: the corner tells of all columns.
            let named =
                |corner: &&Column| corner.measure.is_some_and(|item| self.scene.kind(item) == "measure");
            if let Some(corner) = columns.first().filter(named) {
                memory.measure = corner.measure;
                general = corner.unit.clone().or(general);
            }
            // 品种（单位：元/吨）: said of all columns too.
            let corner = row.cells.first().map(|cell| &self.scene.text[cell.clone()]);
            if let Some(unit) = corner.filter(|words| words.contains("单位")).and_then(unit_said) {
                general = Some(unit);
            }
        }
    }

    fn figure(&self, cell: &Range<usize>) -> Option<usize> {
        // «'000 t» in a header is a unit.
        let zeros = |item: usize| self.scene.words(item).starts_with("000");
        self.scene.items_in(cell).find(|item| is_figure(self.scene, *item) && !zeros(*item))
    }

    /// Puts the claims of a row to `found`; both lists are empty, and their memory is used for the next row again.
    fn row(
        &self,
        row: &Block,
        columns: &[Column],
        general: Option<&Unit>,
        memory: &Memory,
        levels: &mut Vec<Level<'t>>,
        found: &mut Vec<Claim<'t>>,
    ) {
        let unknown = Column::default();
        let cells = &row.cells;
        // A row that lacks cells of the header cannot be told apart from one that is shifted.
        let columns = if cells.len() == columns.len() { columns } else { &[] };
        let own = cells.iter().zip(columns).find(|(_, column)| column.role == Role::Unit);
        let own = own.and_then(|(cell, _)| self.unit_of(&self.scene.text[cell.clone()]));
        // «Lithium carbonate (yuan/t) | 66,000»: the row's name may say its unit.
        let own = own.or_else(|| cells.first().and_then(|head| unit_said(&self.scene.text[head.clone()])));
        let named = Row::new(self.scene, memory, self.above, row, columns);
        let mut remarks: Vec<Range<usize>> = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            let column = columns.get(index).unwrap_or(&unknown);
            if column.role == Role::Words || column.role == Role::Unit || index == 0 && named.has_head() {
                continue;
            }
            let Some(item) = self.figure(cell) else {
                if let Some(level) = levels.last_mut() {
                    remark::flat(self.scene, row, cell, &mut level.claim);
                }
                continue;
            };
            if !(self.begins(cell, item) || column.role > Role::Unit && self.is_alone(cell)) {
                remarks.push(cell.clone());
                continue;
            }
            let unit = column.unit.as_ref().or(own.as_ref()).or(general);
            self.cell(row, column, item, unit, levels);
            let rest = self.scene.items[item].end..cell.end;
            if self.figure(&rest).is_some() {
                remarks.push(rest);
            }
        }
        found.extend(levels.drain(..).filter_map(|level| named.complete(level.claim)));
        for cell in &remarks {
            remark::read(&named, cell, found);
        }
    }

    /// Puts the figure of a cell to the levels of its row.
    fn cell(
        &self,
        row: &Block,
        column: &Column,
        item: usize,
        unit: Option<&Unit>,
        levels: &mut Vec<Level<'t>>,
    ) {
        let role = self.role(column, item, levels.last());
        // Of a second level of one measure, as a rule, nothing is taken.
        let amount = || {
            let mut amount = self.scene.amount(item);
            if let Some(unit) = unit {
                unit.give(&mut amount);
            }
            amount
        };
        let (before, last) = match levels.split_last_mut() {
            Some((last, before)) => (before, Some(last)),
            None => (&mut [][..], None),
        };
        match (role, last) {
            (Role::Change | Role::Before, Some(level)) => {
                let mut amount = amount();
                let whose = whose(before, level, &amount);
                let level = match whose {
                    Some(index) => &mut before[index],
                    None => level,
                };
                if let Some(unit) = &level.unit {
                    unit.give(&mut amount);
                }
                self.change(&mut level.claim, row, column, item, amount, role);
            }
            (Role::Change | Role::Before, None) => {}
            (_, Some(level))
                if self.same(level.measure, column.measure)
                    && level.time == column.time
                    && level.good == column.good
                    && !differ(level.said.as_ref(), column.unit.as_ref()) =>
            {
                if role == Role::End && level.role == Role::End {
                    self.other_end(level, column, item, amount());
                } else if role > level.role {
                    level.role = role;
                    self.level(&mut level.claim, row, column, item, amount());
                }
            }
            _ => {
                let mut claim = Claim { sentence: row.span.clone(), ..Claim::default() };
                self.level(&mut claim, row, column, item, amount());
                let quote = self.scene.mention(item).map(|mention| mention.quote).unwrap_or_default();
                let unit = self.unit_of(words_behind(quote)).or(unit.cloned());
                levels.push(Level {
                    claim,
                    role,
                    measure: column.measure,
                    good: column.good,
                    time: column.time,
                    unit,
                    said: column.unit.clone(),
                    end: column.end,
                });
            }
        }
    }

    fn unit_of(&self, words: &'t str) -> Option<Unit> {
        self.units.borrow_mut().entry(words).or_insert_with(|| unit_of(words)).clone()
    }

    /// True if a cell begins with its figure: nothing stands before it but a word of how near it is, or which way it moved.
    fn begins(&self, cell: &Range<usize>, item: usize) -> bool {
        const WORDS: usize = 10;
        let lead = self.scene.text[cell.start..self.scene.items[item].start].trim();
        let moved = |at: usize| matches!(self.scene.items[at].cue(), Some(Cue::Move(_) | Cue::MoveBy(_)));
        let signs = lead.chars().all(|c| !c.is_alphanumeric());
        let word = self.scene.items_in(cell).find(|at| moved(*at) && *at < item);
        signs
            || word.is_some_and(|at| self.scene.words(at).len() == lead.len())
            || lead.len() <= WORDS
                && self.scene.mention(item).is_some_and(|mention| mention.qualifier.is_some())
                && word.is_none()
    }

    /// True if a cell has one figure and few words beside it.
    fn is_alone(&self, cell: &Range<usize>) -> bool {
        const WORDS: usize = 24;
        let figures: Vec<usize> =
            self.scene.items_in(cell).filter(|item| is_figure(self.scene, *item)).collect();
        let [item] = figures[..] else { return false };
        cell.len().saturating_sub(self.scene.items[item].span().len()) <= WORDS
    }

    /// The measure that a header's item names.
    fn measure_id(&self, item: usize) -> Option<&str> {
        match self.scene.items[item].cue() {
            Some(Cue::Measure(id)) => Some(id),
            _ => self.scene.id(item),
        }
    }

    /// True if two columns tell of one measure, or one of them does not say.
    fn same(&self, left: Option<usize>, right: Option<usize>) -> bool {
        match (left, right) {
            (Some(left), Some(right)) => self.measure_id(left) == self.measure_id(right),
            _ => true,
        }
    }

    fn role(&self, column: &Column, item: usize, last: Option<&Level<'t>>) -> Role {
        let Some(mention) = self.scene.mention(item) else { return Role::Words };
        let signed = mention.quote.starts_with(['+', '-', '−', '－', '＋']);
        let moved =
            item > 0 && self.scene.gap(item - 1, item).trim().is_empty() && self.moved_before(item).is_some();
        let of_money = last
            .and_then(|level| level.claim.value.as_ref()?.is.unit.as_deref())
            .is_some_and(|unit| unit != "%");
        // 铜精矿现货TC:-68.5美元/吨: the first figure of a row for a mass is a level.
        let below = last.is_none()
            && !moved
            && mention.quote.starts_with(['-', '−', '－'])
            && mention.unit.as_deref().is_some_and(super::measure::is_rate_of_money);
        match column.role {
            Role::Unknown if below => Role::Level,
            Role::Unknown if signed || moved => Role::Change,
            Role::Unknown if mention.kind == Kind::Percent && of_money => Role::Change,
            Role::Unknown if mention.low.is_some() => Role::End,
            Role::Unknown => Role::Level,
            // A range beside a mean is what was paid at most and at least.
            Role::Level if mention.low.is_some() => Role::End,
            role => role,
        }
    }

    /// The way that the word before an item says; 周跌 is a move and a relation, each an item of its own.
    fn moved_before(&self, item: usize) -> Option<Direction> {
        let start = self.scene.items.get(item.checked_sub(1)?)?.start;
        let same = (0..item).rev().take_while(|at| self.scene.items[*at].start == start);
        same.filter_map(|at| self.scene.items[at].cue()).find_map(|cue| match cue {
            Cue::Move(direction) | Cue::MoveBy(direction) => Some(direction),
            _ => None,
        })
    }

    /// The relation that the word before an item says: 周跌.
    fn relation_before(&self, item: usize) -> Option<Relation> {
        let start = self.scene.items.get(item.checked_sub(1)?)?.start;
        let same = (0..item).rev().take_while(|at| self.scene.items[*at].start == start);
        same.filter_map(|at| self.scene.items[at].cue()).find_map(|cue| match cue {
            Cue::Relation(relation) => Some(relation),
            _ => None,
        })
    }

    fn level(&self, claim: &mut Claim<'t>, row: &Block, column: &Column, item: usize, amount: Amount) {
        let span = self.scene.items[item].span();
        claim.quote = &self.scene.text[span.clone()];
        (claim.start_byte, claim.end_byte) = (span.start, span.end);
        claim.value = Some(Slot { is: amount, origin: self.scene.origin(item, row, "cell") });
        claim.qualifier = self.scene.mention(item).and_then(|mention| mention.qualifier).map(|value| Slot {
            is: super::Choice { value },
            origin: self.scene.origin(item, row, "qualifier"),
        });
        claim.measure = column.measure.map(|item| {
            let mut term = self.scene.term(item, row, "column");
            term.is.id = self.measure_id(item).map(str::to_owned);
            term
        });
        if let Some(item) = column.good {
            claim.subject = Some(self.scene.term(item, row, "column"));
        }
        claim.statistic = column.statistic.map(|(item, id)| Slot {
            is: Term { id: Some(id.to_owned()), words: self.scene.words(item) },
            origin: self.scene.origin(item, row, "column"),
        });
        claim.period = column.time.and_then(|item| {
            self.scene.interval(item).map(|is| Slot { is, origin: self.scene.origin(item, row, "column") })
        });
    }

    /// Puts the lowest and the highest that stand in columns of their own together to one range.
    fn other_end(&self, level: &mut Level<'t>, column: &Column, item: usize, amount: Amount) {
        let Some(held) = level.claim.value.as_mut().filter(|held| held.is.unit == amount.unit) else {
            return;
        };
        let (low, high) = match (level.end, column.end) {
            (Some(End::Low), Some(End::High)) => (held.is.value.take(), amount.value),
            (Some(End::High), Some(End::Low)) => (amount.value, held.is.value.take()),
            _ => return,
        };
        held.is = Amount { low, high, value: None, unit: held.is.unit.take() };
        let end = self.scene.items[item].end;
        held.origin.end_byte = end;
        level.end = None;
        level.claim.end_byte = end;
        level.claim.quote = &self.scene.text[level.claim.start_byte..end];
        level.claim.statistic = None;
    }

    fn change(
        &self,
        claim: &mut Claim<'t>,
        row: &Block,
        column: &Column,
        item: usize,
        mut amount: Amount,
        role: Role,
    ) {
        let origin = self.scene.origin(item, row, "cell of a change");
        let base = |value: Option<Slot<Amount>>| {
            let relation =
                column.relation.map(|(_, relation)| relation).or_else(|| self.relation_before(item));
            let said = column.relation.and_then(|(item, _)| item);
            let origin = said.map_or_else(|| origin.clone(), |item| self.scene.origin(item, row, "column"));
            (relation.is_some() || value.is_some())
                .then(|| Slot { is: Base { relation, value, ..Base::default() }, origin })
        };
        // A column of the level before tells claims of its own, and no change.
        if role == Role::Before && column.relation.is_some_and(|(said, _)| said.is_some()) {
            return;
        }
        if role == Role::Before {
            let base = base(Some(Slot { is: amount, origin: origin.clone() }));
            claim.changes.push(Change { direction: None, by: None, base, qualifier: None, origin });
            return;
        }
        let down = self.moved_before(item) == Some(Direction::Down);
        if down {
            for value in [&mut amount.value, &mut amount.low, &mut amount.high].into_iter().flatten() {
                if !value.starts_with('-') && value != "0" {
                    value.insert(0, '-');
                }
            }
        }
        let direction = base::direction(&amount);
        let base = base(None).or_else(|| claim.changes.last().and_then(|change| change.base.clone()));
        let by = Some(Slot { is: amount, origin: origin.clone() });
        claim.changes.push(Change { direction, by, base, qualifier: None, origin });
    }
}
