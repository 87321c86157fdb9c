//! Which read claim is which labelled one.

use std::cmp::Reverse;
use std::ops::Range;

use text::{Claim, sentences};

use super::gold::GoldClaim;
use super::slots;

/// Pairs of indices, labelled and read, each claim in at most one.
///
/// Figures are paired by how well the labelled place overlaps the read claim's, or that of one of its changes; events of
/// one type by their sentence first. Among equals the pair with more right slots goes first, then the earlier one.
pub(super) fn pairs(text: &str, gold: &[GoldClaim], read: &[Claim<'_>]) -> Vec<(usize, usize)> {
    let starts: Vec<usize> = sentences(text).map(|sentence| sentence.start).collect();
    let sentence_of = |at: usize| starts.partition_point(|start| *start <= at);
    let mut candidates = Vec::new();
    for (g, labelled) in gold.iter().enumerate() {
        for (r, claim) in read.iter().enumerate().filter(|(_, claim)| claim.event == labelled.event) {
            let overlap = places(claim).map(|place| overlap(&labelled.at, &place)).max().unwrap_or(0);
            let near =
                labelled.event.is_some() && sentence_of(labelled.at.start) == sentence_of(claim.start_byte);
            if near || labelled.event.is_none() && overlap > 0 {
                let slots = slots::compare(Some(labelled), Some(claim), &[]);
                let right = slots.iter().filter(|slot| slot.right).count();
                candidates.push((Reverse(overlap), Reverse(right), g, r));
            }
        }
    }
    candidates.sort_unstable();
    let (mut golds, mut reads) = (vec![false; gold.len()], vec![false; read.len()]);
    let mut pairs = Vec::new();
    for (_, _, g, r) in candidates {
        if !golds[g] && !reads[r] {
            (golds[g], reads[r]) = (true, true);
            pairs.push((g, r));
        }
    }
    pairs.sort_unstable();
    pairs
}

/// Where a claim may stand: its own place, its value's and its changes'.
fn places<'a>(claim: &'a Claim<'_>) -> impl Iterator<Item = Range<usize>> + 'a {
    let value = claim.value.as_ref().map(|slot| slot.origin.start_byte..slot.origin.end_byte);
    let changes = claim.changes.iter().flat_map(|change| {
        let by = change.by.as_ref().map(|slot| slot.origin.start_byte..slot.origin.end_byte);
        std::iter::once(change.origin.start_byte..change.origin.end_byte).chain(by)
    });
    std::iter::once(claim.start_byte..claim.end_byte).chain(value).chain(changes)
}

/// The share of two places that both have, in thousandths.
fn overlap(left: &Range<usize>, right: &Range<usize>) -> usize {
    let both = left.end.min(right.end).saturating_sub(left.start.max(right.start));
    let all = left.end.max(right.end).saturating_sub(left.start.min(right.start));
    (both * 1000).checked_div(all).unwrap_or(0)
}
