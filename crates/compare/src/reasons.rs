//! Why one side may be the likelier: it is the later edition, or its arithmetic holds where the other's does not.

use std::collections::BTreeMap;

use api::record::{Likelier, LikelierKind};

use crate::figure::Figure;
use crate::statement::day;

/// What a first edition is called.
const FIRST: &[&str] = &["preliminary"];

/// The one side that is the later edition, as a reason: the other is called preliminary, or this final or revised and the other is
/// not; else the one that a publisher printed after the other. Nothing if there are more than two sides, or if it cannot be told.
pub(crate) fn edition(sides: &BTreeMap<String, Vec<&Figure<'_>>>) -> Option<Likelier> {
    let told: Vec<&Vec<&Figure<'_>>> = sides.values().collect();
    let [one, other] = told[..] else { return None };
    match (later(one, other), later(other, one)) {
        (true, false) => Some(reason(0, LikelierKind::Edition)),
        (false, true) => Some(reason(1, LikelierKind::Edition)),
        _ => None,
    }
}

/// The one side that has a figure which a calculation of its document bears out, if all other sides have one that such a calculation
/// does not.
pub(crate) fn arithmetic(sides: &BTreeMap<String, Vec<&Figure<'_>>>) -> Option<Likelier> {
    let fails = |side: &[&Figure<'_>]| side.iter().any(|figure| figure.statement().sum_fails);
    let holds = |side: &[&Figure<'_>]| !fails(side) && side.iter().any(|figure| figure.statement().sum_holds);
    let mut holding = (0_u32..).zip(sides.values()).filter(|(_, side)| holds(side));
    let (side, _) = holding.next()?;
    let others = (0_u32..).zip(sides.values()).filter(|(place, _)| *place != side);
    let all_fail = others.into_iter().all(|(_, other)| fails(other));
    all_fail.then(|| reason(side, LikelierKind::Arithmetic))
}

fn reason(side: u32, kind: LikelierKind) -> Likelier {
    Likelier { side, kind: kind.into(), citations: Vec::new(), readings: Vec::new() }
}

/// True if each figure of one side is called a later edition than each of the other, or all of one publisher were printed later.
fn later(one: &[&Figure<'_>], other: &[&Figure<'_>]) -> bool {
    let (this, that) = (called(one), called(other));
    if this != that {
        return this > that;
    }
    one.iter().all(|late| {
        other.iter().all(|early| {
            let (late, early) = (late.statement(), early.statement());
            let days = day(late.published.as_ref()).zip(day(early.published.as_ref()));
            late.source == early.source && days.is_some_and(|(late, early)| late > early)
        })
    })
}

/// How late an edition the words of a side call it, if all agree: first, not said, or a later one.
fn called(figures: &[&Figure<'_>]) -> i8 {
    let rank = |figure: &&Figure<'_>| -> i8 {
        let editions = &figure.statement().editions;
        let first = editions.iter().any(|word| FIRST.contains(&word.as_str()));
        match (first, editions.is_empty()) {
            (true, _) if editions.len() == 1 => -1,
            (false, false) => 1,
            _ => 0,
        }
    };
    let mut ranks = figures.iter().map(rank);
    let first = ranks.next().unwrap_or(0);
    if ranks.all(|rank| rank == first) { first } else { 0 }
}
