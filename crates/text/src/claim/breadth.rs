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
        // 增持 and 减持 are what is advised.
        Some(Cue::Move(direction)) if !matches!(scene.words(item), "增持" | "减持") => {
            Some((direction, item))
        }
        _ => None,
    };
    // «11 of the 15 stocks»: the second is how many there are.
    let ahead = scene.text[..mention.start_byte].trim_end();
    if ahead.ends_with("of the") || ahead.ends_with("of our") {
        return None;
    }
    let counted = counted::stocks(scene.text, mention.end_byte);
    // Behind the number stands what they did; else before it, as in 上涨178家.
    let behind =
        reach.tail.clone().take(3).take_while(|item| scene.items[*item].mark().is_none()).find_map(direction);
    let close = |item: usize| scene.items[item].start.saturating_sub(mention.end_byte) <= 24;
    let told = match behind {
        _ if bare(scene.text, mention.end_byte).is_some() => {
            bare(scene.text, mention.end_byte).map(|direction| (direction, reach.anchor))
        }
        Some(told) if reach.tail.clone().take(3).any(close) => Some(told),
        // 减少至8家 is how many there are.
        _ if counted
            && !reach.left.clone().rev().take(2).any(|item| scene.items[item].cue() == Some(Cue::To)) =>
        {
            reach.left.clone().rev().take(2).find_map(direction)
        }
        _ => None,
    };
    let stocks = counted || counted::of_stocks(scene.text, mention.end_byte);
    let (direction, item) = told.filter(|_| stocks)?;
    const RULE: &str = "stocks that rose or fell";
    Some(match direction {
        Direction::Up => resolved("measure/advancers", RULE),
        Direction::Down => resolved("measure/decliners", RULE),
        // Those that did not move have no name but the word for it.
        Direction::Flat => {
            let words = if item == reach.anchor { "平" } else { scene.words(item) };
            Slot { is: Term { id: None, words }, origin: scene.origin(item, block, RULE) }
        }
    })
}

/// What stocks did that are counted in one word: 47涨3跌1平.
pub(super) fn bare(text: &str, end: usize) -> Option<Direction> {
    match text.get(end..)?.chars().next()? {
        '涨' => Some(Direction::Up),
        '跌' => Some(Direction::Down),
        '平' => Some(Direction::Flat),
        _ => None,
    }
}
