//! What a row is about: its name, and what the heading above says for all rows.

use std::ops::Range;

use super::column::Column;
use super::cues::Cue;
use super::figure::is_figure;
use super::layout::Block;
use super::scene::{Memory, Scene, resolved};
use super::slots::{Claim, Interval, Origin, OriginKind, Slot, Term};
use super::{base, carry, measure};
use crate::mention::Kind;

/// A row of a table under its headings.
pub(super) struct Row<'s, 't, 'a> {
    pub(super) scene: &'s Scene<'t, 'a>,
    pub(super) memory: &'s Memory,
    pub(super) above: &'s [Block],
    pub(super) block: &'s Block,
    /// The columns of the header, if its cells are as many as the row's.
    pub(super) columns: &'s [Column],
}

impl<'t> Row<'_, 't, '_> {
    /// True if the first cell is a name, with the numbers of its grade perhaps, and no figure of its own.
    pub(super) fn has_head(&self) -> bool {
        let Some(first) = self.block.cells.first() else { return false };
        let text = &self.scene.text[first.clone()];
        let rest = self
            .scene
            .items_in(first)
            .filter(|item| is_figure(self.scene, *item) || self.scene.is_time(*item));
        let taken: usize = rest.map(|item| self.scene.items[item].span().len()).sum();
        let words = text.chars().filter(|c| c.is_alphabetic()).count();
        let others = self
            .block
            .cells
            .iter()
            .skip(1)
            .any(|cell| self.scene.items_in(cell).any(|item| is_figure(self.scene, item)));
        // A whole sentence before the first bar tells figures itself.
        let prose = self
            .scene
            .items_in(first)
            .filter(|item| is_figure(self.scene, *item))
            .filter(|item| {
                self.scene.mention(*item).is_some_and(|mention| {
                    mention.unit.as_deref().is_some_and(|unit| unit.contains("CNY") || unit.contains("USD"))
                })
            })
            .count();
        words > 0 && others && prose == 0 && (taken < text.len() || words > 2)
    }

    fn head(&self) -> Range<usize> {
        self.block.cells.first().map_or(0..0, |first| self.scene.items_in(first))
    }

    /// The first name of a kind in the head, else in another cell that has no figure.
    fn named(&self, kind: &str) -> Option<usize> {
        let is = |item: &usize| self.scene.kind(*item) == kind;
        let figures =
            |cell: &&Range<usize>| self.scene.items_in(cell).any(|item| is_figure(self.scene, item));
        self.longest(self.head(), kind).or_else(|| {
            self.block
                .cells
                .iter()
                .skip(1)
                .filter(|cell| !figures(cell))
                .find_map(|cell| self.scene.items_in(cell).find(is))
        })
    }

    /// The last good of the head is the most specific in Chinese and in English names; of other kinds the first counts.
    fn longest(&self, mut items: Range<usize>, kind: &str) -> Option<usize> {
        items.find(|item| self.scene.kind(*item) == kind)
    }

    /// What a remark of the row may take from its head.
    pub(super) fn memory_of_head(&self) -> Memory {
        let mut memory = self.memory.clone();
        let first = |kind: &str| self.head().find(|item| self.scene.kind(*item) == kind);
        memory.good = first("commodity").or(memory.good);
        memory.company = first("company").or(memory.company);
        memory.index = first("index").or(memory.index);
        memory.measure = first("measure").or(memory.measure);
        memory
    }

    /// Fills what a claim of a remark leaves to the row: subject, venue, place and actors.
    pub(super) fn lend(&self, claim: &mut Claim<'t>, main: Option<&Claim<'t>>) {
        let Some(main) = main else { return };
        let same =
            claim.subject.as_ref().map(|slot| &slot.is.id) == main.subject.as_ref().map(|slot| &slot.is.id);
        let lent = |origin: &Origin| Origin { kind: OriginKind::Inherited, rule: "row", ..origin.clone() };
        if !same {
            return;
        }
        if claim.venue.is_none() {
            claim.venue = main.venue.clone().map(|slot| Slot { origin: lent(&slot.origin), is: slot.is });
        }
        if claim.actors.is_empty() {
            claim.actors = main
                .actors
                .iter()
                .cloned()
                .map(|slot| Slot { origin: lent(&slot.origin), is: slot.is })
                .collect();
        }
    }

    /// Subject, measure, period and the rest of a row; nothing if no one says what is measured.
    pub(super) fn complete(&self, mut claim: Claim<'t>) -> Option<Claim<'t>> {
        let unit = claim.value.as_ref().and_then(|value| value.is.unit.clone()).unwrap_or_default();
        if claim.measure.is_none() {
            claim.measure = self.measure(&unit);
        }
        let id = claim.measure.as_ref()?.is.id.clone().unwrap_or_default();
        let of_good = measure::bearer(&id) == measure::Bearer::Good;
        claim.subject = self.subject(&id);
        claim.venue = self.venue();
        let place = self.named("place").or_else(|| self.named("country")).or_else(|| self.named("region"));
        claim.place = place.map(|item| self.scene.term(item, self.block, "row"));
        if of_good && let Some(item) = self.named("company") {
            claim.actors.push(self.scene.term(item, self.block, "row"));
        }
        self.period(&mut claim);
        self.words(&mut claim);
        base::settle(&mut claim);
        Some(claim)
    }

    fn measure(&self, unit: &str) -> Option<Slot<Term<'t>>> {
        let fits = |item: &usize| self.scene.id(*item).is_some_and(|id| measure::fits(id, unit));
        let named = self.named("measure").filter(fits).or(self.memory.measure.filter(fits));
        match named {
            Some(item) => Some(self.scene.term(item, self.block, "row or heading")),
            None if measure::is_rate_of_money(unit) => {
                Some(resolved("measure/price", "money for a mass is a price"))
            }
            None if self.named("index").is_some() => {
                Some(resolved("measure/index-level", "an index has a level"))
            }
            None => None,
        }
    }

    fn subject(&self, measure: &str) -> Option<Slot<Term<'t>>> {
        let kinds: &[&str] = match measure::bearer(measure) {
            measure::Bearer::Good => &["commodity"],
            measure::Bearer::Company => &["company"],
            measure::Bearer::Index => &["index"],
            measure::Bearer::Any => &["commodity", "company", "index"],
        };
        if let Some(item) = kinds.iter().find_map(|kind| self.named(kind)) {
            return Some(self.scene.term(item, self.block, "row"));
        }
        let first = self.block.cells.first()?.clone();
        let other = ["company", "country", "place", "region", "exchange"];
        // The rows of a table of one good are companies, places, days or venues.
        let is_other =
            self.head().any(|item| self.scene.is_time(item) || other.contains(&self.scene.kind(item)))
                || self.column_of_places();
        if is_other || !self.has_head() {
            let told = match kinds[0] {
                "company" => self.memory.company,
                "index" => self.memory.index,
                _ => self.memory.good,
            };
            return told.map(|item| self.scene.term(item, self.block, "name told above the table"));
        }
        let words = &self.scene.text[first.clone()];
        let origin =
            Origin { kind: OriginKind::Stated, start_byte: first.start, end_byte: first.end, rule: "row" };
        Some(Slot { is: Term { id: None, words }, origin })
    }

    /// True if the header says that the first column holds places, companies or days.
    fn column_of_places(&self) -> bool {
        const HEADS: &[&str] = &[
            "地区", "产地", "省份", "国家", "企业", "公司", "日期", "港口", "仓库", "region", "country",
            "company", "producer", "date", "origin", "location", "port",
        ];
        let before = self.scene.blocks.iter().rev().find(|block| {
            block.line < self.block.line
                && block.cells.len() == self.block.cells.len()
                && !block
                    .cells
                    .iter()
                    .any(|cell| self.scene.items_in(cell).any(|item| is_figure(self.scene, item)))
        });
        let header = before.filter(|_| !self.columns.is_empty()).and_then(|block| block.cells.first());
        header.is_some_and(|cell| {
            let words = self.scene.text[cell.clone()].to_lowercase();
            HEADS.iter().any(|head| words.contains(head))
        })
    }

    /// The exchange of the row, or the reporter whom a cell names as the source.
    fn venue(&self) -> Option<Slot<Term<'t>>> {
        let exchange = self.named("exchange");
        let source = || {
            self.block.cells.iter().skip(1).find_map(|cell| {
                let words = self.scene.text[cell.clone()].to_lowercase();
                let at = ["来源", "source", "据"].iter().find_map(|word| words.find(word))?;
                let from = cell.start + at;
                self.scene
                    .items_in(&(from.min(cell.end)..cell.end))
                    .find(|item| matches!(self.scene.kind(*item), "institution" | "exchange"))
            })
        };
        exchange.or_else(source).map(|item| self.scene.term(item, self.block, "row"))
    }

    /// The time of the row's head or of a cell that holds nothing else; else what the title sets.
    fn period(&self, claim: &mut Claim<'t>) {
        if claim.period.is_some() {
            return;
        }
        let slot = |item: usize, rule: &'static str| -> Option<Slot<Interval>> {
            self.scene.interval(item).map(|is| Slot { is, origin: self.scene.origin(item, self.block, rule) })
        };
        let own = self.block.cells.iter().enumerate().find_map(|(index, cell)| {
            let items = self.scene.items_in(cell);
            let mixed = items.clone().any(|item| {
                is_figure(self.scene, item) && index > 0
                    || matches!(
                        self.scene.items[item].cue(),
                        Some(Cue::Move(_) | Cue::Relation(_) | Cue::Versus | Cue::Event(_) | Cue::Effective)
                    )
            });
            let time =
                |item: &usize| self.scene.is_time(*item) && !super::dated::is_delivery(self.scene, *item);
            items.into_iter().find(time).filter(|_| !mixed)
        });
        claim.period = own.and_then(|item| slot(item, "row"));
        if claim.period.is_none() && carry::inherits(claim) {
            let takes = |item: &usize| {
                carry::takes(claim, self.scene.interval(*item).and_then(|interval| interval.precision))
            };
            let above = self.memory.frame.filter(takes).or(self.memory.period.filter(takes));
            claim.period = above.and_then(|item| slot(item, "time of the title"));
        }
    }

    /// Statistic, basis and modality: what the row says, and what the nearest heading or the title says for all rows.
    fn words(&self, claim: &mut Claim<'t>) {
        let cells = self.block.cells.iter().enumerate().filter(|(index, cell)| {
            *index == 0
                || !self.scene.items_in(cell).any(|item| is_figure(self.scene, item) && !self.is_rate(item))
        });
        let in_row: Vec<usize> = cells.flat_map(|(_, cell)| self.scene.items_in(cell)).collect();
        let behind = self.scene.items_in(&(claim.end_byte..claim.end_byte + 1));
        let value_cell = self.block.cells.iter().find(|cell| cell.contains(&claim.start_byte)).cloned();
        let in_cell = value_cell.map_or(behind, |cell| self.scene.items_in(&(claim.end_byte..cell.end)));
        let heading: Vec<usize> =
            self.above.iter().rev().take(2).flat_map(|block| self.scene.items_of(block)).collect();
        let term = |item: usize, id: &'static str| Slot {
            is: Term { id: Some(id.to_owned()), words: self.scene.words(item) },
            origin: self.scene.origin(item, self.block, "row or heading"),
        };
        for item in in_cell.chain(in_row) {
            match self.scene.items[item].cue() {
                Some(Cue::Basis(id)) => claim.basis.push(term(item, id)),
                Some(Cue::Statistic(id)) if claim.statistic.is_none() => {
                    claim.statistic = Some(term(item, id))
                }
                Some(Cue::Modality(value)) if claim.modality.is_none() => {
                    let origin = self.scene.origin(item, self.block, "modal word");
                    claim.modality = Some(Slot { is: super::Choice { value }, origin });
                }
                _ => {}
            }
        }
        let own_basis = !claim.basis.is_empty();
        for item in heading {
            match self.scene.items[item].cue() {
                Some(Cue::Basis(id)) if !own_basis => claim.basis.push(term(item, id)),
                Some(Cue::Statistic(id)) if claim.statistic.is_none() => {
                    claim.statistic = Some(term(item, id))
                }
                _ => {}
            }
        }
        claim.basis.sort_by_key(|slot| slot.origin.start_byte);
        claim.basis.dedup_by(|right, left| right.is.id == left.is.id);
    }

    /// True for the rate of a tax: 含13%增值税.
    fn is_rate(&self, item: usize) -> bool {
        self.scene.mention(item).is_some_and(|mention| mention.kind == Kind::Percent)
    }
}
