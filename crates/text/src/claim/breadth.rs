//! How many stocks rose and fell.

use super::cues::Cue;
use super::figure::Reach;
use super::scene::Scene;
use super::slots::Direction;
use crate::mention::Kind;

/// Words behind a number that counts stocks or listed goods.
pub(super) const COUNTED: &[&str] = &[
    "只",
    "家",
    "支",
    "个",
    "stocks",
    "shares",
    "names",
    "companies",
    "constituents",
    "个股",
    "listed",
    "of the",
    "varieties",
    "members",
];

/// Advancers and decliners: «178 stocks rose, while 87 fell», 上涨178家.
pub(super) fn of(scene: &Scene<'_, '_>, reach: &Reach<'_>) -> Option<&'static str> {
    let mention = scene.mention(reach.draft.level?).filter(|mention| mention.kind == Kind::Number)?;
    let direction = |item: usize| match scene.items[item].cue() {
        Some(Cue::Move(direction)) => Some(direction),
        _ => None,
    };
    let rest = scene.text.get(mention.end_byte..).unwrap_or_default().trim_start();
    let counted = COUNTED.iter().any(|word| rest.starts_with(word));
    // Behind the number stands what they did; else before it, as in 上涨178家.
    let behind =
        reach.tail.clone().take(3).take_while(|item| scene.items[*item].mark().is_none()).find_map(direction);
    let close = |item: usize| scene.items[item].start.saturating_sub(mention.end_byte) <= 24;
    let told = match behind {
        Some(direction) if reach.tail.clone().take(3).any(close) => Some(direction),
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
    match told.filter(|_| stocks)? {
        Direction::Up => Some("measure/advancers"),
        Direction::Down => Some("measure/decliners"),
        Direction::Flat => None,
    }
}
