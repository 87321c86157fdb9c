//! Cells of prose in a row: «up 500 yuan on the week», «stocks 270,000 t». They go on from the row's own figure.

use std::ops::Range;

use super::cues::Cue;
use super::draft::{Draft, Move, Sentence};
use super::figure::{self, Reach, is_figure};
use super::layout::{Block, BlockKind};
use super::row::Row;
use super::scene::Scene;
use super::slots::{Base, Change, Claim, Direction, OriginKind, Relation, Slot};
use super::{base, measure, relation};
use crate::find::lower;

/// The claims of a cell of prose. A change that names no measure and no good of its own is the row's, and so is the level before.
pub(super) fn read<'t>(row: &Row<'_, 't, '_>, cell: &Range<usize>, found: &mut Vec<Claim<'t>>) {
    let scene = row.scene;
    let block =
        Block { span: cell.clone(), kind: BlockKind::Sentence, line: row.block.line, cells: Vec::new() };
    let sentence = Sentence { text: scene.text, mentions: scene.mentions, items: scene.items };
    let drafts = sentence.drafts(scene.items_of(&block));
    if let Some(last) = found.last_mut()
        && moves(scene, &block, &drafts, last)
    {
        relation::settle(last, None, scene.home.daily);
        return;
    }
    let memory = row.memory_of_head();
    let main = found.len().checked_sub(1);
    for mut claim in figure::claims_after(scene, &block, &memory, found.last(), &drafts) {
        claim.sentence = row.block.span.clone();
        let own = claim.measure.as_ref().is_some_and(|slot| slot.origin.kind == OriginKind::Stated);
        if let (Some(last), None) = (found.last_mut(), &claim.value)
            && (!own || last.measure_id() == claim.measure_id())
            && !claim.changes.is_empty()
        {
            adopt_changes(&mut claim.changes, last);
            last.changes.append(&mut claim.changes);
            relation::settle(last, None, scene.home.daily);
            continue;
        }
        if let Some(main) = main.and_then(|main| found.get(main)) {
            adopt_value(&mut claim, main);
            row.lend(&mut claim, main);
        }
        found.push(claim);
    }
}

/// Puts the changes of a cell to the row's figure; false if the cell tells more than how that moved.
fn moves<'t>(scene: &Scene<'t, '_>, block: &Block, drafts: &[Draft], level: &mut Claim<'t>) -> bool {
    let all = scene.items_of(block);
    if all.clone().any(|item| matches!(scene.kind(item), "measure" | "commodity" | "company" | "index")) {
        return false;
    }
    let before =
        all.clone().find(|item| is_figure(scene, *item)).filter(|item| is_before(scene, *item, &all));
    let start = before
        .filter(|item| scene.unit(*item) == level.unit())
        .filter(|item| drafts.first().is_some_and(|draft| draft.level == Some(*item)));
    let begun = start.map(|item| begun(drafts, item));
    let drafts = begun.as_deref().unwrap_or(drafts);
    if drafts.is_empty() || drafts.iter().any(|draft| draft.level.is_some()) {
        return false;
    }
    for draft in drafts {
        let (Some(anchor), Some(extent)) = (draft.anchor(), draft.extent()) else { continue };
        let tail = extent.end.max(anchor + 1)..all.end.max(anchor + 1);
        let reach = Reach { draft, anchor, left: all.start..anchor, tail, all: all.clone() };
        let mut changes = base::changes(scene, block, &reach, true);
        for change in &mut changes {
            let said = change
                .base
                .as_ref()
                .is_some_and(|base| base.is.relation.is_some() || base.is.period.is_some());
            if let Some(mut base) = relation(scene, block, &all).filter(|_| !said) {
                base.is.value = change.base.take().and_then(|base| base.is.value);
                change.base = Some(base);
            }
        }
        adopt_changes(&mut changes, level);
        level.changes.append(&mut changes);
    }
    true
}

/// «a year ago 186, down 13 %»: the drafts if the first figure is the level before.
fn begun(drafts: &[Draft], item: usize) -> Vec<Draft> {
    let mut drafts = drafts.to_vec();
    if let Some(first) = drafts.first_mut() {
        first.level = None;
        match first.moves.first_mut() {
            Some(moved) => moved.before = Some(item),
            None => first.moves.push(Move { before: Some(item), ..Move::default() }),
        }
    }
    if let [first, second] = &mut drafts[..]
        && second.level.is_none()
        && let Some(moved) = second.moves.first_mut()
    {
        moved.before = Some(item);
        first.moves.clear();
    }
    drafts.retain(|draft| !draft.moves.is_empty());
    drafts
}

/// True if a base stands right before a figure: 去年同期186万元, 上周59.2.
fn is_before(scene: &Scene<'_, '_>, item: usize, all: &Range<usize>) -> bool {
    const PAST: &[&str] = &["上", "去年", "前一", "昨", "年初", "last", "previous", "a year", "yesterday"];
    let near = (all.start..item).rev().take(2).take_while(|at| scene.items[*at].mark().is_none());
    let blank = |at: usize| scene.gap(at, item).trim_matches([' ', '为', ':', '：']).is_empty();
    near.filter(|at| blank(*at)).any(|at| {
        let words = lower(scene.words(at));
        // 周跌1000元 says by how much.
        let moves = ["涨", "跌", "升", "降", "增", "减", "加", "少"].iter().any(|end| words.ends_with(end));
        matches!(scene.items[at].cue(), Some(Cue::Relation(_))) && !moves
            || scene.is_time(at) && PAST.iter().any(|word| words.starts_with(word))
    })
}

/// A base that a cell says with a word of its own: 周跌, 日涨, 月涨, or as a relation.
fn relation<'t>(scene: &Scene<'t, '_>, block: &Block, all: &Range<usize>) -> Option<Slot<Base<'t>>> {
    const WORDS: &[(&str, Relation)] = &[
        ("周", Relation::WeekOnWeek),
        ("日", Relation::DayOnDay),
        ("月", Relation::MonthOnMonth),
        ("年", Relation::YearOnYear),
    ];
    const PAST: &[(&str, Relation)] = &[
        ("去年同期", Relation::YearOnYear),
        ("上年同期", Relation::YearOnYear),
        ("a year", Relation::YearOnYear),
        ("上周", Relation::WeekOnWeek),
        ("last week", Relation::WeekOnWeek),
        ("上月", Relation::MonthOnMonth),
        ("last month", Relation::MonthOnMonth),
        ("昨", Relation::DayOnDay),
        ("前一", Relation::DayOnDay),
        ("yesterday", Relation::DayOnDay),
        ("年初", Relation::YearStart),
    ];
    for item in all.clone() {
        let relation = match scene.items[item].cue() {
            Some(Cue::Relation(relation)) => Some(relation),
            Some(Cue::Move(_) | Cue::MoveBy(_)) => {
                let lead =
                    scene.text[block.span.start..scene.items[item].start].trim_end().trim_end_matches('内');
                WORDS.iter().find(|(word, _)| lead == *word).map(|(_, relation)| *relation)
            }
            _ if scene.is_time(item) => {
                let words = lower(scene.words(item));
                PAST.iter().find(|(word, _)| words.starts_with(word)).map(|(_, relation)| *relation)
            }
            _ => None,
        };
        if let Some(relation) = relation {
            let is = Base { relation: Some(relation), ..Base::default() };
            return Some(Slot { is, origin: scene.origin(item, block, "base named") });
        }
    }
    None
}

/// Puts a cell that says in words alone that nothing moved to the row's figure: 较上周持平, "unchanged on the day".
pub(super) fn flat<'t>(scene: &Scene<'t, '_>, row: &Block, cell: &Range<usize>, claim: &mut Claim<'t>) {
    let items = scene.items_in(cell);
    let flat = |item: &usize| matches!(scene.items[*item].cue(), Some(Cue::Move(Direction::Flat)));
    let Some(item) = items.clone().find(flat) else { return };
    let named = |item: usize| matches!(scene.kind(item), "measure" | "commodity" | "company");
    if !claim.changes.is_empty() || items.clone().any(named) {
        return;
    }
    let block = Block { span: cell.clone(), kind: BlockKind::Sentence, line: row.line, cells: Vec::new() };
    claim.changes.push(Change {
        direction: Some(Direction::Flat),
        by: None,
        base: relation(scene, &block, &items),
        qualifier: None,
        origin: scene.origin(item, row, "direction"),
    });
}

/// The unit of a price whose money an amount is in: «500 yuan» beside a price per tonne.
fn price_of(unit: Option<&str>, level: &Claim<'_>) -> Option<String> {
    let price = level.value.as_ref()?.is.unit.clone().filter(|unit| measure::is_rate_of_money(unit))?;
    let (money, _) = price.split_once('/')?;
    (unit? == money).then_some(price)
}

/// «down 500 yuan» beside a price per tonne is 500 yuan per tonne.
fn adopt_changes(changes: &mut [Change<'_>], level: &Claim<'_>) {
    for change in changes {
        let before = change.base.as_mut().and_then(|base| base.is.value.as_mut());
        for amount in [change.by.as_mut(), before].into_iter().flatten() {
            if let Some(unit) = price_of(amount.is.unit.as_deref(), level) {
                amount.is.unit = Some(unit);
            }
        }
    }
}

/// «offers at 115,000 yuan» beside a price per tonne are per tonne.
fn adopt_value(claim: &mut Claim<'_>, level: &Claim<'_>) {
    let is_price = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()) == Some("measure/price");
    if let Some(value) = claim.value.as_mut().filter(|_| is_price)
        && let Some(unit) = price_of(value.is.unit.as_deref(), level)
    {
        value.is.unit = Some(unit);
    }
}
