//! Who of a bucket stands with whom: sets of figures of which each pair stands to each other in one way.

use crate::figure::Outcome;

/// What each pair of a bucket says about each other.
#[derive(Clone, Debug)]
pub(crate) struct Edges {
    size: usize,
    outcomes: Vec<Option<Outcome>>,
    told: Vec<bool>,
}

impl Edges {
    pub(crate) fn new(size: usize) -> Edges {
        Edges { size, outcomes: vec![None; size * size], told: vec![true; size * size] }
    }

    pub(crate) fn set(&mut self, one: usize, other: usize, outcome: Outcome) {
        self.outcomes[one * self.size + other] = Some(outcome);
        self.outcomes[other * self.size + one] = Some(outcome);
    }

    /// A pair that is told of elsewhere: here it counts only for who stands with whom.
    pub(crate) fn mute(&mut self, one: usize, other: usize) {
        self.told[one * self.size + other] = false;
        self.told[other * self.size + one] = false;
    }

    pub(crate) fn get(&self, one: usize, other: usize) -> Option<Outcome> {
        self.outcomes[one * self.size + other]
    }
}

/// Sets of figures, each pair of which has an outcome that is `wanted` or, if `sides` says so, stands on one side because it
/// agrees; every pair that is wanted is in one of them. Found greedily from the first pair on: few sets, though not always the fewest.
pub(crate) fn cliques(edges: &Edges, sides: bool, wanted: impl Fn(Outcome) -> bool) -> Vec<Vec<usize>> {
    let linked = |one: usize, other: usize| {
        edges.told[one * edges.size + other] && edges.get(one, other).is_some_and(&wanted)
    };
    let beside = |one: usize, other: usize| sides && edges.get(one, other) == Some(Outcome::Agree);
    let mut covered = vec![false; edges.size * edges.size];
    let mut found = Vec::new();
    for first in 0..edges.size {
        for second in first + 1..edges.size {
            if covered[first * edges.size + second] || !linked(first, second) {
                continue;
            }
            let mut clique = vec![first, second];
            for next in 0..edges.size {
                let fits = clique.iter().all(|member| linked(*member, next) || beside(*member, next));
                if !clique.contains(&next) && fits && clique.iter().any(|member| linked(*member, next)) {
                    clique.push(next);
                }
            }
            clique.sort_unstable();
            for (at, one) in clique.iter().enumerate() {
                for other in &clique[at + 1..] {
                    covered[one * edges.size + other] = true;
                }
            }
            found.push(clique);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_in_a_set_and_every_set_is_complete() {
        let mut edges = Edges::new(4);
        for (one, other) in [(0, 1), (0, 2), (1, 2), (2, 3)] {
            edges.set(one, other, Outcome::Agree);
        }
        edges.set(0, 3, Outcome::Round);
        assert_eq!(cliques(&edges, false, |outcome| outcome == Outcome::Agree), [vec![0, 1, 2], vec![2, 3]]);
    }

    #[test]
    fn who_agrees_stands_on_one_side() {
        let mut edges = Edges::new(3);
        let other = Outcome::Contradict(api::record::ReasonCode::Value);
        edges.set(0, 1, Outcome::Agree);
        edges.set(0, 2, other);
        edges.set(1, 2, other);
        assert_eq!(cliques(&edges, true, |outcome| outcome == other), [vec![0, 1, 2]]);
        edges.mute(0, 2);
        assert_eq!(cliques(&edges, true, |outcome| outcome == other), [vec![1, 2]]);
    }
}
