//! What is measured: the word that names the measure of a figure, or the rule by which it follows.

use std::sync::LazyLock;

use rust_decimal::Decimal;

use super::cues::Cue;
use super::figure::{Reach, inherited};
use super::layout::Block;
use super::measure;
use super::scene::{Memory, Scene, resolved};
use super::slots::{Amount, Claim, Slot, Term};
use super::{breadth, counted, implied, share, units};
use crate::find::{Words, lower};

/// Farthest place behind a figure at which its measure may be named, in bytes.
const BEHIND: usize = 40;

/// Farthest gap between a profit and the figure for a mass that it is, in bytes.
const BESIDE: usize = 12;

/// A measure with the item that names it.
pub(super) type Found<'t> = (Slot<Term<'t>>, Option<usize>);

/// What is measured, with the item that says it. A figure of which nobody says what it measures is no claim.
pub(super) fn measure_of<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    before: Option<&Claim<'t>>,
    memory: &Memory,
) -> Option<Found<'t>> {
    let level = reach.draft.level.and_then(|level| scene.mention(level));
    let shared = reach.draft.level.and_then(|level| units::shared(scene, level));
    let rate = reach.draft.level.and_then(|level| units::rate_of_start(scene, reach.draft, level));
    let unit = level
        .map(|mention| rate.as_deref().or(mention.unit.as_deref()).or(shared.as_deref()).unwrap_or_default());
    let choice = Choice {
        scene,
        block,
        reach,
        unit,
        counted: reach.draft.level.is_some_and(|level| vehicles(scene, level)),
    };
    if reach.draft.level.is_some_and(|level| counted::people(scene, level)) {
        return None;
    }
    if !choice.beside_its_name() && share::is_share(scene, block, reach) {
        return Some((resolved(implied::kind_of_share(&choice), "percent of a whole"), None));
    }
    if let Some(slot) = breadth::of(scene, block, reach) {
        return Some((slot, None));
    }
    let found = choice
        .beside()
        .or_else(|| implied::by_the_word_before(&choice, before))
        .or_else(|| choice.named_before())
        .or_else(|| choice.named_behind())
        .or_else(|| implied::by_its_close(&choice))
        .or_else(|| choice.by_the_figure_before(before, true))
        .or_else(|| implied::by_unit(&choice, memory))
        .or_else(|| choice.by_the_figure_before(before, false))
        .or_else(|| choice.named_earlier(before))
        .or_else(|| implied::by_what_moves(&choice, before, memory))
        .or_else(|| choice.told_above(memory))
        .or_else(|| implied::as_a_last_resort(&choice, before))?;
    Some(implied::of_output(&choice, found, before))
}

/// True if the level is money or mass, of which a text says something even where no word names the measure.
pub(super) fn is_amount(scene: &Scene<'_, '_>, reach: &Reach<'_>) -> bool {
    let unit =
        reach.draft.level.and_then(|level| scene.mention(level)).and_then(|mention| mention.unit.as_deref());
    unit.is_some_and(|unit| {
        let size = [
            "m", "km", "cm", "mm", "um", "nm", "Cel", "[degF]", "V", "[in_i]", "{multiple}", "[pp]", "%",
            "{mu}", "L", "{contract}", "{lot}", "{share}", "[ppm]", "A.h", "W", "kW",
        ];
        !size.contains(&unit)
    })
}

/// True if a plain number counts vehicles: 12.5万辆, 15,310 cars.
fn vehicles(scene: &Scene<'_, '_>, level: usize) -> bool {
    let Some(mention) = scene.mention(level).filter(|mention| mention.unit.is_none()) else { return false };
    let rest = scene.text.get(mention.end_byte..).unwrap_or_default().trim_start();
    // «sales of new energy vehicles came to 1.2 million units», «44,000 sets of electric cars».
    let of_goods = ["units", "sets", "台", "pieces"].iter().any(|word| rest.starts_with(word)) && {
        let near = level.saturating_sub(8)..(level + 4).min(scene.items.len());
        near.into_iter().any(|item| {
            matches!(
                scene.id(item),
                Some(
                    "commodity/new-energy-vehicle"
                        | "commodity/electric-vehicle"
                        | "commodity/vehicle"
                        | "commodity/plug-in-hybrid"
                        | "commodity/battery-electric-vehicle"
                )
            )
        })
    };
    if of_goods {
        return true;
    }
    ["辆", "台新能源", "vehicles", "cars", "EVs", "NEVs", "trucks", "electric vehicles"]
        .iter()
        .any(|word| rest.starts_with(word))
}

/// A figure whose measure is looked for.
pub(super) struct Choice<'t, 's, 'a> {
    pub(super) scene: &'s Scene<'t, 'a>,
    pub(super) block: &'s Block,
    pub(super) reach: &'s Reach<'s>,
    /// The unit of the level; nothing if only a change is told.
    pub(super) unit: Option<&'s str>,
    /// The figure counts vehicles.
    counted: bool,
}

impl<'t> Choice<'t, '_, '_> {
    fn fits(&self, id: &str) -> bool {
        if self.counted {
            return matches!(
                id,
                "measure/vehicle-sales"
                    | "measure/registrations"
                    | "measure/sales-volume"
                    | "measure/shipments"
                    | "measure/output"
                    | "measure/exports"
                    | "measure/imports"
            );
        }
        // 亿 behind a number of which a sum of money is told stands for 亿元.
        if self.unit == Some("") && self.scene.words(self.reach.anchor).ends_with('亿') && measure::is_sum(id)
        {
            return true;
        }
        // A price without a unit has more than a digit or two, and the rate of a tax is a basis.
        let small = matches!(id, "measure/price" | "measure/index-level")
            && self.unit == Some("")
            && self.scene.words(self.reach.anchor).bytes().filter(u8::is_ascii_digit).count() < 3;
        id != "measure/vat"
            && !small
            && self.unit.map_or_else(|| self.moves_by(id), |unit| measure::fits(id, unit))
    }

    /// True if a change can be one of the measure: an inventory moves by tonnes, a share price does not.
    fn moves_by(&self, id: &str) -> bool {
        // «the top gainers included X (+7.6%)» tells how X moved, and not how many rose.
        if matches!(id, "measure/advancers" | "measure/decliners" | "measure/limit-ups") {
            return false;
        }
        let by = self.reach.draft.moves.iter().find_map(|moved| moved.by);
        let unit = by.and_then(|by| self.scene.mention(by)).and_then(|mention| mention.unit.as_deref());
        unit.is_none_or(|unit| {
            matches!(unit, "%" | "[pp]" | "{multiple}" | "{point}") || measure::fits(id, unit)
        })
    }

    /// The measure that an item names, if the figure can be one of it.
    fn at(&self, item: usize) -> Option<Found<'t>> {
        let mut slot = said(self.scene, item, self.block)?;
        // A profit for a mass is what a tonne of it earns.
        let profit = matches!(
            slot.is.id.as_deref(),
            Some(
                "measure/profit"
                    | "measure/net-profit"
                    | "measure/net-loss"
                    | "measure/gross-profit"
                    | "measure/profit-margin"
            )
        );
        let beside = || {
            let gap = self.scene.items[self.reach.anchor].start.checked_sub(self.scene.items[item].end);
            gap.is_some_and(|gap| gap <= BESIDE)
        };
        if profit && beside() && self.unit.is_some_and(measure::is_rate_of_money) {
            slot.is.id = Some("measure/unit-profit".to_owned());
        }
        let id = slot.is.id.as_deref().unwrap_or_default();
        // 高出41% without a level is how far something moved.
        let moved = self.reach.draft.level.is_none() && self.scene.words(item) == "高出";
        let of_shares = id == "measure/trading-value" && matches!(self.unit, Some("{share}" | "{lot}"));
        // «needs $500 million» asks for no goods.
        let paid = id == "measure/demand"
            && matches!(self.scene.items[item].cue(), Some(Cue::Measure(_)))
            && self.unit.is_some_and(measure::is_money);
        // «an 82% compliance capacity ratio» is no ratio of two counts: its own words name it.
        let named = id == "measure/ratio"
            && self.unit == Some("%")
            && matches!(&*lower(self.scene.words(item)), "ratio" | "比率")
            && self.has_words_before(item);
        if moved || paid || named || !(self.fits(id) || of_shares) || self.covered(item) {
            return None;
        }
        // «on turnover of 148 million shares»
        if id == "measure/trading-value" && matches!(self.unit, Some("{share}" | "{lot}")) {
            let is = Term { id: Some("measure/trading-volume".to_owned()), ..slot.is };
            return Some((Slot { is, origin: slot.origin }, Some(item)));
        }
        let sold = self.counted && matches!(id, "measure/sales-volume" | "measure/shipments");
        if sold {
            let is = Term { id: Some("measure/vehicle-sales".to_owned()), ..slot.is };
            return Some((Slot { is, origin: slot.origin }, Some(item)));
        }
        Some((slot, Some(item)))
    }

    /// True if a measure that is no share stands right before the figure: 市占率43.05%, 渗透率为60%.
    fn beside_its_name(&self) -> bool {
        let Some(level) = self.reach.draft.level else { return false };
        let name = (self.reach.left.start..level).rev().find(|item| self.scene.kind(*item) == "measure");
        name.is_some_and(|name| {
            let share = self.scene.id(name) == Some("measure/share");
            !share
                && self.scene.words(name).ends_with('率')
                && self.scene.gap(name, level).trim().len() <= 9
                && self.at(name).is_some()
        })
    }

    /// True if a word that is no article stands right before an item.
    fn has_words_before(&self, item: usize) -> bool {
        let ahead = &self.scene.text[self.block.span.start..self.scene.items[item].start];
        let word = ahead.trim_end().rsplit(' ').next().unwrap_or_default();
        let joined = ahead.ends_with(' ')
            && word.len() > 3
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        joined && !matches!(word, "with" | "this" | "that" | "their" | "into" | "from")
    }

    /// True if a longer word for a measure holds the item: «without non-recurring gains».
    fn covered(&self, item: usize) -> bool {
        let there = &self.scene.items[item];
        let measure = |at: usize| {
            matches!(self.scene.items[at].cue(), Some(Cue::Measure(_))) || self.scene.kind(at) == "measure"
        };
        let before = (self.reach.all.start..item).rev().take(3).any(|before| {
            let longer = &self.scene.items[before];
            longer.end >= there.end && longer.start < there.start && measure(before)
        });
        // «export prices»: the cue «export» begins where the longer name begins.
        let around = item.saturating_sub(2)..(item + 3).min(self.reach.all.end);
        before
            || around.into_iter().any(|at| {
                let longer = &self.scene.items[at];
                // «stocks fell by 300 tonnes» counts no shares, so that «stocks» stays what it is.
                longer.start == there.start
                    && longer.end > there.end
                    && self.scene.kind(at) == "measure"
                    && self.scene.id(at).is_some_and(|id| self.fits(id))
            })
    }

    /// «300 t of imports», 5% stake: the measure that follows the level at once.
    fn beside(&self) -> Option<Found<'t>> {
        let level = self.reach.draft.level?;
        let next =
            (level + 1..self.reach.all.end).take(2).find_map(|item| self.at(item).map(|found| (item, found)));
        let (item, found) = next?;
        let gap = self.scene.text.get(self.scene.items[level].end..self.scene.items[item].start)?;
        matches!(gap.trim(), "" | "的" | "of" | "in" | "-").then_some(found)
    }

    fn named_before(&self) -> Option<Found<'t>> {
        let mut found = None;
        for item in self.reach.left.clone().rev() {
            // The level of an index needs no other word.
            if self.scene.kind(item) == "index"
                && self.unit.is_none_or(|unit| measure::fits("measure/index-level", unit))
            {
                return Some((resolved("measure/index-level", "an index has a level"), None));
            }
            if let Some(named) = self.at(item) {
                let lost = named.0.is.id.as_deref() == Some("measure/net-loss");
                let mut without = self.without(item).and_then(|word| self.at(word));
                if let Some((slot, _)) = without.as_mut().filter(|_| lost) {
                    slot.is.id = Some("measure/loss-excluding-non-recurring".to_owned());
                }
                found = without.or(Some(named));
                break;
            }
        }
        found
    }

    /// The word that takes what stands behind it out of a profit: «stripping out subsidies».
    fn without(&self, item: usize) -> Option<usize> {
        let clause = self.reach.left.start..item;
        clause.rev().take_while(|at| self.scene.items[*at].mark().is_none()).take(4).find(|at| {
            self.scene.items[*at].cue() == Some(Cue::Measure("measure/profit-excluding-non-recurring"))
        })
    }

    /// A measure that was named earlier in the sentence, of which figures of another kind have been told since.
    fn named_earlier(&self, before: Option<&Claim<'t>>) -> Option<Found<'t>> {
        self.unit.filter(|unit| !unit.is_empty() && *unit != "%")?;
        let earlier = self.reach.all.start..self.reach.left.start;
        earlier
            .rev()
            .take_while(|item| self.scene.items[*item].mark() != Some(';'))
            .find_map(|item| self.at(item))
            .filter(|(measure, _)| {
                measure.is.id.as_deref() != Some("measure/price") || !self.is_of_all(before)
            })
    }

    /// 单价7.4万元/吨，总金额3700万元: what all of a quantity costs is no price.
    fn is_of_all(&self, before: Option<&Claim<'_>>) -> bool {
        let start = before.map_or(self.block.span.start, |claim| claim.end_byte);
        let gap = self.scene.text.get(start..self.scene.items[self.reach.anchor].start).unwrap_or_default();
        TOTALS.any_in(gap)
    }

    /// «87 fell on turnover of»: the words behind the figure, up to the next mark.
    fn named_behind(&self) -> Option<Found<'t>> {
        let start = self.scene.items.get(self.reach.tail.start)?.start;
        self.reach
            .tail
            .clone()
            .take_while(|item| {
                self.scene.items[*item].mark().is_none() && self.scene.items[*item].start <= start + BEHIND
            })
            .find_map(|item| self.at(item))
    }

    /// «imports were 300 t in June and 250 t in May», «copper rose 2 %, tin 3 %». `rate` asks for money for a mass.
    fn by_the_figure_before(&self, before: Option<&Claim<'t>>, rate: bool) -> Option<Found<'t>> {
        if rate && !self.unit.is_some_and(measure::is_rate_of_money) {
            return None;
        }
        let measure = before.and_then(|claim| claim.measure.as_ref())?;
        if measure.is.id.as_deref() == Some("measure/price") && self.is_of_all(before) {
            return None;
        }
        // «the sector rose 8.8 %, but indium itself fell 1.5 %»: a good does not move in shares, nor a company in a price.
        if self.reach.draft.level.is_none() {
            let nearest = self.reach.left.clone().rev().map(|item| self.scene.kind(item));
            let nearest = nearest.into_iter().find(|kind| matches!(*kind, "commodity" | "company"));
            let other = match measure.is.id.as_deref() {
                Some("measure/share-price" | "measure/index-level") => nearest == Some("commodity"),
                Some("measure/price") => nearest == Some("company"),
                _ => false,
            };
            if other {
                return None;
            }
        }
        // 收涨4.1%，报48.66元: the level behind the move.
        let moved = before.is_some_and(|claim| claim.value.is_none() && claim.sentence == self.block.span);
        if measure.is.id.as_deref() == Some("measure/share-price")
            && moved
            && self.unit.is_some_and(measure::is_money)
            && self.is_quoted()
        {
            return Some((inherited(measure, "the figure before"), None));
        }
        let fits = measure.is.id.as_deref().is_some_and(|id| self.fits(id));
        (fits && same_dimension(before, self.scene, self.reach))
            .then(|| (inherited(measure, "the figure before"), None))
    }

    /// True if a word of quoting stands right before the level: 报, 收于, «at», «to».
    fn is_quoted(&self) -> bool {
        const WORDS: &[&str] = &["报", "收报", "收于", "报收", "至", "为", " at", " to"];
        let before = self.scene.text[..self.scene.items[self.reach.anchor].start].trim_end();
        WORDS.iter().any(|word| before.ends_with(word))
    }

    /// The measure of the sentence before or of the title above.
    fn told_above(&self, memory: &Memory) -> Option<Found<'t>> {
        let above = memory.measure?;
        let slot = said(self.scene, above, self.block)?;
        let unit = self.unit.filter(|unit| !unit.is_empty() && *unit != "%")?;
        let is_above = self.scene.blocks[self.scene.block_of(above)].is_above();
        let money = super::measure::is_money(unit);
        (slot.is.id.as_deref().is_some_and(|id| measure::fits(id, unit)) && (is_above || !money))
            .then_some((slot, None))
    }
}

/// Words before money for all of a quantity.
static TOTALS: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "总价", "总额", "总金额", "总计", "合计", "共计", "货款", "货值", " total", "total ", " altogether",
        " in all", " worth ",
    ])
});

/// The measure that an item names.
fn said<'t>(scene: &Scene<'t, '_>, item: usize, block: &Block) -> Option<Slot<Term<'t>>> {
    if scene.kind(item) == "measure" {
        return Some(scene.term(item, block, "measure named"));
    }
    let Some(Cue::Measure(id)) = scene.items[item].cue() else { return None };
    let words = scene.words(item);
    // 半年产铜 tells what was made.
    let half = words.starts_with("年产") && scene.text[..scene.items[item].start].ends_with(['半', '全']);
    let id = if half { "measure/output" } else { id };
    // 产 and 耗 are verbs only with what is made or used behind them: 产锗33吨.
    if words.chars().count() == 1 && !words.is_ascii() {
        let next = scene.items.get(item + 1..)?.iter().find(|next| next.start >= scene.items[item].end)?;
        if next.start > scene.items[item].end || next.mention().is_none() {
            return None;
        }
    }
    let origin = scene.origin(item, block, "verb of a measure");
    Some(Slot { is: Term { id: Some(id.to_owned()), words }, origin })
}

fn same_dimension(before: Option<&Claim<'_>>, scene: &Scene<'_, '_>, reach: &Reach<'_>) -> bool {
    let Some(claim) = before else { return false };
    match (&claim.value, reach.draft.level) {
        (Some(value), Some(level)) => same_unit(value.is.unit.as_deref(), scene.unit(level)),
        (None, None) => true,
        _ => false,
    }
}

/// True if two units are one, or money said once for a mass and once without it.
fn same_unit(left: Option<&str>, right: Option<&str>) -> bool {
    fn money(unit: &str) -> Option<&str> {
        unit.split('/').next().filter(|money| money.len() == 3)
    }
    left == right || left.and_then(money).is_some_and(|left| right.and_then(money) == Some(left))
}

/// Gives a claim the measure that figures are compared by, and its value the sign of a loss or deficit.
pub(super) fn settle(claim: &mut Claim<'_>) {
    let Some(slot) = claim.measure.as_mut() else { return };
    let (id, negative) = measure::settled(slot.is.id.as_deref().unwrap_or_default(), slot.is.words);
    if let Some(id) = id {
        slot.is.id = Some(id.to_owned());
    }
    // 净亏损分别为79.05亿元和20.74亿元: the second of a loss is below zero as the first is.
    let again = slot.origin.rule == "the figure before" && id.is_none() && is_of_loss(slot);
    if let Some(value) = claim.value.as_mut().filter(|_| negative || again) {
        value.is = negated(&value.is);
    }
}

/// True for a profit or balance whose words told a loss or a deficit.
fn is_of_loss(slot: &Slot<Term<'_>>) -> bool {
    const SIGNED: &[&str] = &[
        "measure/net-profit",
        "measure/operating-profit",
        "measure/gross-profit",
        "measure/ebitda",
        "measure/profit-excluding-non-recurring",
        "measure/balance",
        "measure/net-inflow",
    ];
    let words = lower(slot.is.words);
    slot.is.id.as_deref().is_some_and(|id| SIGNED.contains(&id))
        && ["亏", "缺口", "短缺", "流出", "loss", "deficit", "shortfall", "short by", "outflow"]
            .iter()
            .any(|word| words.contains(word))
}

/// The amount below zero: ends of a range change places.
pub(super) fn negated(amount: &Amount) -> Amount {
    let turn = |value: &Option<String>| {
        let value = value.as_deref()?;
        let decimal: Decimal = value.parse().ok()?;
        Some((-decimal.abs()).normalize().to_string())
    };
    Amount {
        value: turn(&amount.value),
        low: turn(&amount.high),
        high: turn(&amount.low),
        unit: amount.unit.clone(),
    }
}
