//! Tables pasted as lines: a header says what the columns are, a row is one claim, or one for each measure or period.

use std::ops::Range;

use rust_decimal::Decimal;

use super::base;
use super::cues::Cue;
use super::figure::is_figure;
use super::layout::{self, Block};
use super::measure;
use super::scene::{Memory, Scene, resolved};
use super::slots::{Amount, Base, Change, Claim, Interval, Origin, OriginKind, Relation, Slot, Term};
use super::words;
use crate::mention::{Kind, Kinds};
use crate::phrase::phrase_at;
use crate::view::View;

/// A unit said once, with what a bare number in the table is multiplied by.
#[derive(Clone, Debug, PartialEq)]
struct Unit {
    code: String,
    factor: Decimal,
}

/// What the cells of a column hold.
#[derive(Clone, Debug, Default)]
struct Column {
    role: Role,
    /// The item that names its measure.
    measure: Option<usize>,
    /// The item that names its time.
    time: Option<usize>,
    statistic: Option<(usize, &'static str)>,
    relation: Option<(usize, Relation)>,
    unit: Option<Unit>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
enum Role {
    /// Not said.
    #[default]
    Unknown,
    /// Names or words.
    Words,
    /// The unit of the row.
    Unit,
    /// The lower or upper end of what was paid.
    End,
    /// A level.
    Level,
    /// The level that stands for the row: mean, close.
    Main,
    /// The level before.
    Before,
    /// A change.
    Change,
}

/// Rows that stand together, and what is said above them.
pub(super) struct Table<'s, 't, 'a> {
    pub(super) scene: &'s Scene<'t, 'a>,
    pub(super) memory: &'s Memory,
    /// Headings and title above, the nearest last; a unit said there holds for the whole table.
    pub(super) above: &'s [Block],
}

impl<'t> Table<'_, 't, '_> {
    /// The claims of the rows, in order. A row without figures is the header of those below it.
    pub(super) fn claims(&self, rows: &[Block]) -> Vec<Claim<'t>> {
        let general =
            self.above.iter().rev().find_map(|block| unit_said(&self.scene.text[block.span.clone()]));
        let mut columns: Vec<Column> = Vec::new();
        let mut found = Vec::new();
        for row in rows {
            let cells = self.cells(row);
            if cells.iter().any(|cell| self.figure(cell).is_some()) {
                found.append(&mut self.row(row, &cells, &columns, general.as_ref()));
            } else {
                columns = cells.iter().map(|cell| self.column(cell)).collect();
            }
        }
        found
    }

    fn cells(&self, row: &Block) -> Vec<Range<usize>> {
        let line = &self.scene.text[row.span.clone()];
        let found = layout::cells(line).unwrap_or_default();
        found.into_iter().map(|cell| row.span.start + cell.start..row.span.start + cell.end).collect()
    }

    /// The items in a cell.
    fn items(&self, cell: &Range<usize>) -> Range<usize> {
        let items = self.scene.items;
        items.partition_point(|item| item.start < cell.start)
            ..items.partition_point(|item| item.start < cell.end)
    }

    fn figure(&self, cell: &Range<usize>) -> Option<usize> {
        self.items(cell).find(|item| is_figure(self.scene, *item))
    }

    /// What a header's cell says of its column.
    fn column(&self, cell: &Range<usize>) -> Column {
        let words = self.scene.text[cell.clone()].to_lowercase();
        let mut column = Column { unit: unit_said(&words), ..Column::default() };
        for item in self.items(cell) {
            match self.scene.items[item].cue() {
                Some(Cue::Relation(relation)) => column.relation = Some((item, relation)),
                Some(Cue::Statistic(id)) => column.statistic = Some((item, id)),
                _ if self.scene.kind(item) == "measure" => column.measure = Some(item),
                _ if self.scene.is_time(item) => column.time = Some(item),
                _ => {}
            }
        }
        let any = |list: &[&str]| list.iter().any(|word| words.contains(word));
        column.role = if any(&["单位", "unit"]) && column.measure.is_none() {
            Role::Unit
        } else if column.relation.is_some()
            || any(&[
                "涨跌", "变动", "变化", "增减", "增幅", "涨幅", "升跌", "change", "chg", "+/-", "±", "diff",
            ])
        {
            Role::Change
        } else if any(&[
            "前值",
            "上期",
            "前一",
            "昨",
            "previous",
            "prior",
            "prev",
            "last week",
            "上周",
            "上月",
        ]) {
            Role::Before
        } else {
            match column.statistic.map(|(_, id)| id) {
                Some("statistic/high" | "statistic/low") => Role::End,
                Some(_) => Role::Main,
                None if column.measure.is_some() || column.time.is_some() || column.unit.is_some() => {
                    Role::Level
                }
                None => Role::Unknown,
            }
        };
        column
    }

    fn row(
        &self,
        row: &Block,
        cells: &[Range<usize>],
        columns: &[Column],
        general: Option<&Unit>,
    ) -> Vec<Claim<'t>> {
        let unknown = Column::default();
        // A row that lacks cells of the header cannot be told apart from one that is shifted.
        let columns = if cells.len() == columns.len() { columns } else { &[] };
        let own = cells.iter().zip(columns).find(|(_, column)| column.role == Role::Unit);
        let own = own.and_then(|(cell, _)| unit_of(&self.scene.text[cell.clone()]));
        let mut found: Vec<(Claim<'t>, Role, Option<usize>, Option<usize>)> = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            let column = columns.get(index).unwrap_or(&unknown);
            let Some(item) = self.figure(cell) else { continue };
            let role = self.role(column, item);
            if role == Role::Words || role == Role::Unit {
                continue;
            }
            let amount = self.amount(item, column.unit.as_ref().or(own.as_ref()).or(general), role);
            let last = found.last_mut();
            match (role, last) {
                (Role::Change | Role::Before, Some((claim, ..))) => {
                    self.change(claim, row, column, item, amount, role)
                }
                (Role::Change | Role::Before, None) => {}
                (_, Some((claim, held, measure, time)))
                    if self.same(*measure, column.measure) && *time == column.time =>
                {
                    if role > *held {
                        *held = role;
                        self.level(claim, row, column, item, amount);
                    }
                }
                _ => {
                    let mut claim = Claim { sentence: row.span.clone(), ..Claim::default() };
                    self.level(&mut claim, row, column, item, amount);
                    found.push((claim, role, column.measure, column.time));
                }
            }
        }
        found.into_iter().map(|(claim, ..)| claim).filter_map(|claim| self.name(claim, row, cells)).collect()
    }

    /// True if two columns tell of one measure, or one of them does not say.
    fn same(&self, left: Option<usize>, right: Option<usize>) -> bool {
        match (left, right) {
            (Some(left), Some(right)) => self.scene.id(left) == self.scene.id(right),
            _ => true,
        }
    }

    fn role(&self, column: &Column, item: usize) -> Role {
        let Some(mention) = self.scene.mention(item) else { return Role::Words };
        let signed = mention.quote.starts_with(['+', '-', '−', '－', '＋']);
        match column.role {
            Role::Unknown if signed => Role::Change,
            Role::Unknown if mention.low.is_some() => Role::End,
            Role::Unknown => Role::Level,
            // A range beside a mean is what was paid at most and at least.
            Role::Level if mention.low.is_some() => Role::End,
            role => role,
        }
    }

    /// The value of a cell, with the unit that its column, row or table says if it has none itself.
    fn amount(&self, item: usize, unit: Option<&Unit>, role: Role) -> Amount {
        let mut amount = self.scene.amount(item);
        let Some(unit) = unit.filter(|_| amount.unit.is_none()) else { return amount };
        // A column of changes has the unit of its table unless it says another.
        let _ = role;
        for value in [&mut amount.value, &mut amount.low, &mut amount.high].into_iter().flatten() {
            if let Some(product) =
                value.parse::<Decimal>().ok().and_then(|value| value.checked_mul(unit.factor))
            {
                *value = product.normalize().to_string();
            }
        }
        amount.unit = Some(unit.code.clone());
        amount
    }

    fn level(&self, claim: &mut Claim<'t>, row: &Block, column: &Column, item: usize, amount: Amount) {
        let span = self.scene.items[item].span();
        claim.quote = &self.scene.text[span.clone()];
        (claim.start_byte, claim.end_byte) = (span.start, span.end);
        claim.value = Some(Slot { is: amount, origin: self.scene.origin(item, row, "cell") });
        claim.measure = column.measure.map(|item| self.scene.term(item, row, "column"));
        claim.statistic = column.statistic.map(|(item, id)| Slot {
            is: Term { id: Some(id.to_owned()), words: self.scene.words(item) },
            origin: self.scene.origin(item, row, "column"),
        });
        claim.period = column.time.and_then(|item| {
            self.scene.interval(item).map(|is| Slot { is, origin: self.scene.origin(item, row, "column") })
        });
    }

    fn change(
        &self,
        claim: &mut Claim<'t>,
        row: &Block,
        column: &Column,
        item: usize,
        amount: Amount,
        role: Role,
    ) {
        let origin = self.scene.origin(item, row, "cell of a change");
        let base = column.relation.map(|(item, relation)| Slot {
            is: Base { relation: Some(relation), ..Base::default() },
            origin: self.scene.origin(item, row, "column"),
        });
        if role == Role::Before {
            let value = Slot { is: amount, origin: origin.clone() };
            let base = Base {
                relation: column.relation.map(|(_, relation)| relation),
                value: Some(value),
                ..Base::default()
            };
            let base = Some(Slot { is: base, origin: origin.clone() });
            claim.changes.push(Change { direction: None, by: None, base, qualifier: None, origin });
            return;
        }
        let direction = base::direction(&amount);
        claim.changes.push(Change {
            direction,
            by: Some(Slot { is: amount, origin: origin.clone() }),
            base,
            qualifier: None,
            origin,
        });
    }

    /// Subject, measure and period of a row; nothing if no one says what is measured.
    fn name(&self, mut claim: Claim<'t>, row: &Block, cells: &[Range<usize>]) -> Option<Claim<'t>> {
        let unit = claim.value.as_ref().and_then(|value| value.is.unit.clone()).unwrap_or_default();
        let items: Vec<usize> = cells.iter().flat_map(|cell| self.items(cell)).collect();
        let in_row = |kind: &str| items.iter().copied().find(|item| self.scene.kind(*item) == kind);
        if claim.measure.is_none() {
            let named = in_row("measure").or(self.memory.measure);
            let fits = |item: &usize| self.scene.id(*item).is_some_and(|id| measure::fits(id, &unit));
            claim.measure = match named.filter(fits) {
                Some(item) => Some(self.scene.term(item, row, "row or heading")),
                None if measure::is_rate_of_money(&unit) => {
                    Some(resolved("measure/price", "money for a mass is a price"))
                }
                None if in_row("index").is_some() => {
                    Some(resolved("measure/index-level", "an index has a level"))
                }
                None => None,
            };
        }
        let id = claim.measure.as_ref()?.is.id.clone().unwrap_or_default();
        let kinds: &[&str] = match measure::bearer(&id) {
            measure::Bearer::Good => &["commodity"],
            measure::Bearer::Company => &["company"],
            measure::Bearer::Index => &["index"],
            measure::Bearer::Any => &["commodity", "company", "index"],
        };
        let first = cells.first()?;
        let head_has_figure = self.figure(first).is_some();
        let subject = kinds.iter().find_map(|kind| in_row(kind));
        claim.subject = match subject {
            Some(item) => Some(self.scene.term(item, row, "row")),
            None if self.items(first).any(|item| self.scene.is_time(item)) || head_has_figure => {
                let told = if kinds[0] == "company" { self.memory.company } else { self.memory.good };
                told.map(|item| self.scene.term(item, row, "name told above the table"))
            }
            None => Some(Slot {
                is: Term { id: None, words: &self.scene.text[first.clone()] },
                origin: Origin {
                    kind: OriginKind::Stated,
                    start_byte: first.start,
                    end_byte: first.end,
                    rule: "row",
                },
            }),
        };
        for (slot, kind) in [(&mut claim.venue, "exchange"), (&mut claim.place, "country")] {
            *slot = in_row(kind).map(|item| self.scene.term(item, row, "row"));
        }
        if measure::bearer(&id) == measure::Bearer::Good
            && let Some(item) = in_row("company")
        {
            claim.actors.push(self.scene.term(item, row, "row"));
        }
        let interval = |item: usize| -> Option<Slot<Interval>> {
            self.scene
                .interval(item)
                .map(|is| Slot { is, origin: self.scene.origin(item, row, "row or title") })
        };
        if claim.period.is_none() {
            let here = items.iter().copied().find(|item| self.scene.is_time(*item));
            claim.period = here.and_then(interval).or_else(|| self.memory.period.and_then(interval));
        }
        words::in_row(self.scene, row, self.above, &mut claim);
        base::settle(&mut claim);
        Some(claim)
    }
}

/// A unit that a heading or a header's cell says: 单位：元/吨, `(万吨)`, "in yuan/ton".
fn unit_said(text: &str) -> Option<Unit> {
    let lower = text.to_lowercase();
    for mark in ["单位：", "单位:", "单位为", "unit: ", "units: ", "unit:", "（", "(", "in ", "，", ", ", "/"]
    {
        let mut rest = lower.as_str();
        while let Some(at) = rest.find(mark) {
            rest = &rest[at + mark.len()..];
            if let Some(unit) = unit_of(rest) {
                return Some(unit);
            }
        }
    }
    None
}

/// The unit that a text begins with, up to a bracket or its end; 万吨 gives tonnes and ten thousand.
fn unit_of(text: &str) -> Option<Unit> {
    let words = text.trim().split(['）', ')', '，', ';', '；', '|', '\n']).next()?.trim();
    // «(units)» in brackets may be long prose, which no unit is.
    if words.is_empty() || words.len() > 40 {
        return None;
    }
    let behind = format!("1{words}");
    let spaced = format!("1 {words}");
    [behind, spaced].iter().find_map(|probe| {
        let view = View::new(probe);
        let phrase = phrase_at(&view, 0, Kinds::ALL)?;
        let whole = phrase.end == view.len() && matches!(phrase.kind, Kind::Quantity | Kind::Percent);
        let factor = phrase.value.as_ref().and_then(|value| value.short())?;
        (whole && phrase.unit.is_some()).then_some(Unit { code: phrase.unit.unwrap_or_default(), factor })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_said_once_are_read_with_their_scale() {
        let unit = |text: &str| unit_said(text).map(|unit| format!("{} {}", unit.factor, unit.code));
        assert_eq!(unit("单位：元/吨").as_deref(), Some("1 CNY/t"));
        assert_eq!(unit("产量（万吨）").as_deref(), Some("10000 t"));
        assert_eq!(unit("Price (USD/kg)").as_deref(), Some("1 USD/kg"));
        assert_eq!(unit("Change (%)").as_deref(), Some("1 %"));
        assert_eq!(unit("a heading (of no unit)"), None);
    }
}
