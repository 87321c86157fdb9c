//! Chooses what a digest keeps.

use crate::outline::{Group, Outline};
use crate::sentences::Piece;

/// Most points of a digest whose groups are not those of the text.
pub const MAX_POINTS: usize = 12;
/// Most points of a digest that keeps the text's own groups, and most of its groups.
pub const MAX_KEPT: usize = 96;
/// Most sentences of prose under one of the text's own headings.
const PROSE_UNDER_HEADING: usize = 4;

/// What weighs no more than this was cut off within a sentence.
const CUT_OFF: i32 = -15;

/// Keeps the heaviest sentences, in the order of the text. Points that the text itself sets as bullets are all
/// kept, up to [`MAX_KEPT`].
pub(crate) fn choose(mut outline: Outline, max_points: usize) -> Outline {
    if outline.own_headings {
        for group in &mut outline.groups {
            if !group.points.iter().any(|piece| piece.bulleted) {
                keep_heaviest(&mut group.points, PROSE_UNDER_HEADING);
            }
        }
        outline.groups.truncate(MAX_KEPT);
        keep_heaviest_of_all(&mut outline.groups, MAX_KEPT);
        drop_trailing_heading(&mut outline.groups);
        return outline;
    }
    // The viewpoint of a text without headings is the heaviest of its first three sentences.
    let opening = outline.groups.iter().flat_map(|group| &group.points).take(3);
    let viewpoint = opening.max_by_key(|piece| (piece.weight, std::cmp::Reverse(piece.span.start))).cloned();
    for group in &mut outline.groups {
        group.points.retain(|piece| Some(piece) != viewpoint.as_ref() && piece.weight > CUT_OFF);
    }
    outline.viewpoint = viewpoint.into_iter().collect();
    keep_heaviest_of_all(&mut outline.groups, max_points);
    outline.groups.retain(|group| !group.points.is_empty());
    outline
}

fn keep_heaviest(points: &mut Vec<Piece>, count: usize) {
    if points.len() <= count {
        return;
    }
    let least = lowest_kept(points.iter(), count);
    points.retain(|piece| least.keeps(piece));
}

fn keep_heaviest_of_all(groups: &mut [Group], count: usize) {
    let all: usize = groups.iter().map(|group| group.points.len()).sum();
    if all <= count {
        return;
    }
    let least = lowest_kept(groups.iter().flat_map(|group| &group.points), count);
    for group in groups {
        group.points.retain(|piece| least.keeps(piece));
    }
}

/// The lightest piece that is kept; of equal weight, what stands first goes before.
struct Least {
    weight: i32,
    start: usize,
}

impl Least {
    fn keeps(&self, piece: &Piece) -> bool {
        piece.weight > self.weight || (piece.weight == self.weight && piece.span.start <= self.start)
    }
}

fn lowest_kept<'a>(pieces: impl Iterator<Item = &'a Piece>, count: usize) -> Least {
    let mut order: Vec<(i32, usize)> = pieces.map(|piece| (-piece.weight, piece.span.start)).collect();
    order.sort_unstable();
    match count.checked_sub(1).and_then(|last| order.get(last)) {
        Some((weight, start)) => Least { weight: -weight, start: *start },
        None => Least { weight: i32::MAX, start: 0 },
    }
}

/// A heading with nothing under it and nothing after it announces nothing.
fn drop_trailing_heading(groups: &mut Vec<Group>) {
    while groups.last().is_some_and(|group| group.points.is_empty()) {
        groups.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(start: usize, weight: i32, paragraph: usize) -> Piece {
        Piece {
            span: start..start + 5,
            bulleted: false,
            starts_line: false,
            ends_line: false,
            paragraph,
            weight,
        }
    }

    #[test]
    fn the_heaviest_are_kept_in_order() {
        let points = |weights: &[i32]| -> Vec<Piece> {
            weights.iter().enumerate().map(|(at, weight)| piece(at * 10, *weight, 0)).collect()
        };
        let groups = vec![Group { heading: None, points: points(&[3, 9, 0, 5, 5, 5]) }];
        let chosen = choose(Outline { groups, ..Outline::default() }, 3);
        assert_eq!(chosen.viewpoint, [piece(10, 9, 0)]);
        assert_eq!(chosen.groups[0].points, [piece(30, 5, 0), piece(40, 5, 0), piece(50, 5, 0)]);
    }

    #[test]
    fn of_equal_weight_the_first_is_kept() {
        let mut points: Vec<Piece> = (0..9).map(|at| piece(at * 10, 1, 0)).collect();
        keep_heaviest(&mut points, 4);
        assert_eq!(points.iter().map(|piece| piece.span.start).collect::<Vec<_>>(), [0, 10, 20, 30]);
    }
}
