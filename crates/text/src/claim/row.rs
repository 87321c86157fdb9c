//! What a row is about: its name, and what the heading above says for all rows.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::LazyLock;

use super::column::Column;
use super::cues::Cue;
use super::figure::is_figure;
use super::layout::Block;
use super::scene::{Memory, Scene, resolved};
use super::slots::{Claim, Interval, Origin, OriginKind, Slot, Term};
use super::{actor, carry, home, measure, relation, words};
use crate::brief::Brief;
use crate::find::{Words, find, lower};

/// Headers of columns of places.
const PLACES: &[&str] =
    &["地区", "产地", "省份", "国家", "港口", "仓库", "region", "country", "origin", "location", "port"];

/// Headers of columns of companies and days, in a table of one good.
const OTHERS: &[&str] =
    &["企业", "公司", "日期", "厂家", "时间", "company", "producer", "date", "month", "year"];

/// Words behind which a cell names its source.
static SOURCES: LazyLock<Words> = LazyLock::new(|| Words::in_any_case(&["来源", "source", "据"]));

/// A row of a table under its headings.
pub(super) struct Row<'s, 't, 'a> {
    pub(super) scene: &'s Scene<'t, 'a>,
    pub(super) memory: &'s Memory,
    pub(super) above: &'s [Block],
    pub(super) block: &'s Block,
    /// The columns of the header, if its cells are as many as the row's.
    pub(super) columns: &'s [Column],
    /// The items of each cell behind the first that has no figure.
    words: Vec<Range<usize>>,
    /// What the header says of the first column, in lower case; looked for once for all figures of the row.
    header: OnceCell<Option<Cow<'t, str>>>,
    /// The items that name its place and its venue; looked for once too.
    place: OnceCell<Option<usize>>,
    venue: OnceCell<Option<usize>>,
}

impl<'s, 't, 'a> Row<'s, 't, 'a> {
    pub(super) fn new(
        scene: &'s Scene<'t, 'a>,
        memory: &'s Memory,
        above: &'s [Block],
        block: &'s Block,
        columns: &'s [Column],
    ) -> Self {
        let cells = block.cells.iter().skip(1).map(|cell| scene.items_in(cell));
        let words = cells.filter(|items| !items.clone().any(|item| is_figure(scene, item))).collect();
        let (header, place, venue) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Row { scene, memory, above, block, columns, words, header, place, venue }
    }
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
        self.longest(self.head(), kind).or_else(|| self.words.iter().find_map(|items| items.clone().find(is)))
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
    pub(super) fn lend(&self, claim: &mut Claim<'t>, main: &Claim<'t>) {
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
        let held = Brief::of(claim.unit().unwrap_or_default());
        let unit: &str = &held;
        // «TC» in the name of a row says more than a column of prices.
        let priced = claim.measure.as_ref().is_none_or(|slot| slot.is.id.as_deref() == Some("measure/price"));
        let in_head = self.head().find(|item| self.scene.kind(*item) == "measure" && self.fits(*item, unit));
        match in_head.filter(|_| priced) {
            Some(item) => claim.measure = Some(self.scene.term(item, self.block, "row")),
            None if claim.measure.is_none() => claim.measure = self.measure(unit),
            None => {}
        }
        let held = Brief::of(claim.measure.as_ref()?.is.id.as_deref().unwrap_or_default());
        let id: &str = &held;
        let of_good = measure::bearer(id) == measure::Bearer::Good;
        // The good of a column counts where the row names none.
        let of_column = claim.subject.take().filter(|_| of_good && self.named("commodity").is_none());
        claim.subject = of_column.or_else(|| self.subject(id));
        let venue = *self.venue.get_or_init(|| self.venue());
        claim.venue = venue.map(|item| self.scene.term(item, self.block, "row"));
        if let Some(item) = self.memory.notice.filter(|_| claim.venue.is_none() && of_good) {
            claim.venue = Some(self.scene.term(item, self.block, "exchange whose notice it is"));
        }
        let place = *self.place.get_or_init(|| {
            self.named("place").or_else(|| self.named("country")).or_else(|| self.named("region"))
        });
        claim.place = place.map(|item| {
            let mut slot = self.scene.term(item, self.block, "row");
            // A column of places tells them as exactly as it can.
            if let Some(cell) = self.block.cells.first().filter(|cell| cell.contains(&slot.origin.start_byte))
                && self.column_of(PLACES)
                && cell.len() > slot.is.words.len()
            {
                slot.is = Term { id: None, words: &self.scene.text[cell.clone()] };
            }
            slot
        });
        let named =
            self.block.cells.first().is_some_and(|cell| {
                !self.scene.items_in(cell).any(|item| self.scene.kind(item) == "commodity")
            });
        if place.is_none()
            && named
            && self.column_of(PLACES)
            && let Some(cell) = self.block.cells.first()
        {
            let is = Term { id: None, words: &self.scene.text[cell.clone()] };
            let origin = Origin {
                kind: OriginKind::Stated,
                start_byte: cell.start,
                end_byte: cell.end,
                rule: "column of places",
            };
            claim.place = Some(Slot { is, origin });
        }
        if of_good && let Some(item) = self.named("company") {
            claim.actors.push(self.scene.term(item, self.block, "row"));
        }
        let quoted = matches!(id, "measure/price" | "measure/output" | "measure/inventory");
        if quoted && claim.place.is_none() && claim.venue.is_none() {
            claim.place = home::place_of_row(self.scene, self.block);
        }
        if actor::is_made(measure::name_of(id)) && claim.actors.is_empty() && self.scene.home.is_own() {
            let host = self.scene.home.host;
            claim.actors.extend(host.map(|item| self.scene.term(item, self.block, "company told before")));
        }
        self.period(&mut claim);
        words::in_row(self.scene, self.block, self.above, &mut claim);
        // Indices and shares move against nothing that is not said.
        if matches!(id, "measure/index-level" | "measure/share-price") {
            for change in &mut claim.changes {
                change.base = change.base.take().filter(|base| base.origin.rule != "cell of a change");
            }
        }
        relation::settle(&mut claim, None, self.scene.home.daily);
        Some(claim)
    }

    /// True if a level in `unit` can be a value of the measure named at `item`; money for a mass is no amount of goods.
    fn fits(&self, item: usize, unit: &str) -> bool {
        const AMOUNTS: &[&str] = &["imports", "exports", "output", "inventory", "sales-volume", "shipments"];
        let priced = unit.split_once('/').is_some_and(|(money, _)| measure::fits("measure/revenue", money));
        self.scene.id(item).is_some_and(|id| {
            let amount = id.strip_prefix("measure/").is_some_and(|name| AMOUNTS.contains(&name));
            measure::fits(id, unit) && !(priced && amount)
        })
    }

    fn measure(&self, unit: &str) -> Option<Slot<Term<'t>>> {
        let fits = |item: &usize| self.fits(*item, unit);
        let named = self.named("measure").filter(fits).or(self.memory.measure.filter(fits));
        match named {
            Some(item) => Some(self.scene.term(item, self.block, "row or heading")),
            None if measure::is_rate_of_money(unit) => {
                Some(resolved("measure/price", "money for a mass is a price"))
            }
            // «Scrap sales (thousand tonnes)» are no money.
            None if self.says("measure/revenue") && self.weighs(unit) => {
                Some(resolved("measure/sales-volume", "sales in tonnes"))
            }
            None if self.named("index").is_some() => {
                Some(resolved("measure/index-level", "an index has a level"))
            }
            None => None,
        }
    }

    fn says(&self, id: &str) -> bool {
        self.memory.measure.and_then(|item| self.scene.id(item)) == Some(id)
    }

    fn weighs(&self, unit: &str) -> bool {
        measure::fits("measure/sales-volume", unit) && !measure::fits("measure/revenue", unit)
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
        // «Tesla Model 3» is more than the company's name.
        let most = |item: usize| self.scene.words(item).len() * 2 > first.len();
        let is_other = self
            .head()
            .any(|item| self.scene.is_time(item) || other.contains(&self.scene.kind(item)) && most(item))
            || self.column_of(PLACES)
            || self.column_of(OTHERS);
        if is_other || !self.has_head() {
            let told = match kinds[0] {
                "company" => self.memory.company,
                "index" => self.memory.index,
                _ => self.memory.good,
            };
            return told.map(|item| self.scene.term(item, self.block, "name told above the table"));
        }
        Some(self.scene.words_term(first.clone(), "row"))
    }

    /// True if the header names the first column with one of these words.
    fn column_of(&self, heads: &[&str]) -> bool {
        let header = self.header.get_or_init(|| self.first_header());
        header.as_deref().is_some_and(|words| heads.iter().any(|head| find(words, head).is_some()))
    }

    fn first_header(&self) -> Option<Cow<'t, str>> {
        if self.columns.is_empty() {
            return None;
        }
        let before = self
            .scene
            .headers()
            .iter()
            .rev()
            .map(|header| &self.scene.blocks[*header])
            .find(|block| block.line < self.block.line && block.cells.len() == self.block.cells.len());
        let cell = before.and_then(|block| block.cells.first())?;
        Some(lower(&self.scene.text[cell.clone()]))
    }

    /// The exchange of the row, or the reporter whom a cell names as the source.
    fn venue(&self) -> Option<usize> {
        let exchange = self.named("exchange");
        let source = || {
            if !SOURCES.any_in(&self.scene.text[self.block.span.clone()]) {
                return None;
            }
            self.block.cells.iter().skip(1).find_map(|cell| {
                let words = lower(&self.scene.text[cell.clone()]);
                let at = ["来源", "source", "据"].iter().find_map(|word| find(&words, word))?;
                let from = cell.start + at;
                self.scene
                    .items_in(&(from.min(cell.end)..cell.end))
                    .find(|item| matches!(self.scene.kind(*item), "institution" | "exchange"))
            })
        };
        exchange.or_else(source)
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
            let takes = |item: &usize| carry::takes(claim, self.scene.precision(*item));
            let above = self.memory.frame.filter(takes).or(self.memory.period.filter(takes));
            claim.period = above.and_then(|item| slot(item, "time of the title"));
        }
    }
}
