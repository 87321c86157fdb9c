//! How many stocks rose and fell.

use super::counted;
use super::cues::Cue;
use super::figure::Reach;
use super::layout::Block;
use super::scene::{Scene, resolved};
use super::slots::{Direction, Slot, Term};
use crate::mention::Kind;

/// Advancers and decliners: «178 stocks rose, while 87 fell», 上涨178家.
pub(super) fn of<'t>(scene: &Scene<'t, '_>, block: &Block, reach: &Reach<'_>) -> Option<Slot<Term<'t>>> {
    let mention = scene.mention(reach.draft.level?).filter(|mention| mention.kind == Kind::Number)?;
    let direction = |item: usize| match scene.items[item].cue() {
        Some(Cue::Move(direction)) => Some((direction, item)),
        _ => None,
    };
    let counted = counted::stocks(scene.text, mention.end_byte);
    // Behind the number stands what they did; else before it, as in 上涨178家.
    let behind =
        reach.tail.clone().take(3).take_while(|item| scene.items[*item].mark().is_none()).find_map(direction);
    let close = |item: usize| scene.items[item].start.saturating_sub(mention.end_byte) <= 24;
    let told = match behind {
        Some(told) if reach.tail.clone().take(3).any(close) => Some(told),
        _ if counted => reach.left.clone().rev().take(2).find_map(direction),
        _ => None,
    };
    let stocks = counted
        || scene.text.get(..mention.end_byte).is_some_and(|text| {
            let start = text.len().saturating_sub(160);
            let from = (start..).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            [
                "stocks",
                "个股",
                "成分股",
                "只股",
                "shares",
                "constituents",
                "品种",
                "varieties",
                "listed",
                "names",
            ]
            .iter()
            .any(|word| text[from..].contains(word))
        });
    let (direction, item) = told.filter(|_| stocks)?;
    const RULE: &str = "stocks that rose or fell";
    Some(match direction {
        Direction::Up => resolved("measure/advancers", RULE),
        Direction::Down => resolved("measure/decliners", RULE),
        // Those that did not move have no name but the word for it.
        Direction::Flat => {
            Slot { is: Term { id: None, words: scene.words(item) }, origin: scene.origin(item, block, RULE) }
        }
    })
}
