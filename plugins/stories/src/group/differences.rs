//! What the tellings of a story say differently about the same thing.
//!
//! A number, a day or a place differs where two sentences that otherwise share what they mention have one each of a kind that the other
//! telling nowhere has. The period differs of a number that both tellings give. What cannot be laid side by side so is left out.

mod aligned;
mod good;
mod period;

use std::collections::BTreeMap;

use plugin_sdk::record::{Difference, DifferenceKind, MarkedItem, MentionKind, Side, Span};

use super::sources::Named;
use super::write::{Members, Quotes};

/// Most tellings of which all pairs are laid side by side; copies are not counted.
const COMPARED: usize = 24;

/// Who says what about one thing: what is said, then each telling with its words.
type Sides<'a> = BTreeMap<String, BTreeMap<usize, &'a Span>>;

/// What differs between the tellings of a story.
pub(super) fn differences(
    members: &Members<'_>,
    named: &[Vec<Named>],
    quotes: &mut Quotes,
) -> Vec<Difference> {
    let own = &members.texts[..members.texts.len().min(COMPARED)];
    let mut found: Vec<(DifferenceKind, Sides<'_>)> = Vec::new();
    found.extend(good::goods(members).map(|sides| (DifferenceKind::Good, sides)));
    found.extend(period::periods(members).into_iter().map(|sides| (DifferenceKind::Period, sides)));
    found.extend(aligned::aligned(members, own));
    found
        .into_iter()
        .filter(|(_, sides)| sides.len() > 1)
        .map(|(kind, sides)| body(kind, &sides, members, named, quotes))
        .collect()
}

fn body(
    kind: DifferenceKind,
    sides: &Sides<'_>,
    members: &Members<'_>,
    named: &[Vec<Named>],
    quotes: &mut Quotes,
) -> Difference {
    let document = |number: usize| members.marks[number].document.clone();
    let list: Vec<Vec<usize>> = sides.values().map(|tellings| tellings.keys().copied().collect()).collect();
    // Whoever names a telling of another side as its source had its words before it.
    let changed = list.iter().enumerate().any(|(place, side)| {
        let others = |member: &usize| {
            list.iter().enumerate().any(|(other, side)| other != place && side.contains(member))
        };
        side.iter().any(|number| {
            named[*number].iter().filter_map(|source| source.member).any(|member| others(&member))
        })
    });
    let sides = sides
        .iter()
        .map(|(said, tellings)| Side {
            documents: tellings.keys().map(|number| document(*number)).collect(),
            said: said.clone(),
            citations: tellings.iter().map(|(number, span)| quotes.cite(&document(*number), span)).collect(),
        })
        .collect();
    Difference { kind: kind.into(), sides, changed }
}

fn is_number(item: &MarkedItem) -> bool {
    matches!(item.kind(), MentionKind::Number | MentionKind::Percent | MentionKind::Quantity)
}

fn is_good(item: &MarkedItem) -> bool {
    item.kind() == MentionKind::Entity && item.said.starts_with("commodity/")
}
