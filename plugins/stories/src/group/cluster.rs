//! Which documents of a group tell one event: agglomerative clustering by average linkage.
//!
//! The two clusters whose documents speak most for each other on average are joined, until none speak for it any more. Who is compared
//! with whom follows from shared links; a document that retells two events is thus held back by all that it does not share.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use plugin_sdk::AnalyzeError;
use plugin_sdk::record::StoryMark;

use super::pair::evidence;
use super::profile::Profile;

/// Most tellings of a story; what is more is another story, and both say that they are cut.
pub(super) const MAX_TELLINGS: usize = 500;

/// With how many later documents that carry the same link a document is compared.
const NEIGHBOURS: usize = 32;

/// What two clusters that lie too far apart count: never joined.
const NEVER: f64 = f64::NEG_INFINITY;

/// Documents that tell one event, by their place in the group, in the order of publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    /// Two or more.
    pub(super) members: Vec<usize>,
    /// Whether there were more than a story may have.
    pub(super) cut: bool,
}

/// The clusters of two and more documents, in the order of their first ones. The marks are in order of publication.
pub(super) fn cluster(
    marks: &[(StoryMark, Vec<String>)],
    profiles: &[Profile],
    check: &dyn Fn() -> Result<(), AnalyzeError>,
) -> Result<Vec<Cluster>, AnalyzeError> {
    let mut state = State {
        profiles,
        clusters: (0..marks.len()).map(|place| Some(Cluster { members: vec![place], cut: false })).collect(),
        sums: vec![BTreeMap::new(); marks.len()],
        heap: BinaryHeap::new(),
    };
    for (step, (a, b)) in candidates(marks).into_iter().enumerate() {
        if step.is_multiple_of(65_536) {
            check()?;
        }
        let sum = state.compare(&[a], &[b]);
        state.link(a, b, sum);
    }
    while let Some(best) = state.heap.pop() {
        if state.is_current(&best) {
            state.join(best.a, best.b);
            check()?;
        }
    }
    let mut found: Vec<Cluster> =
        state.clusters.into_iter().flatten().filter(|cluster| cluster.members.len() > 1).collect();
    found.sort_by_key(|cluster| cluster.members[0]);
    Ok(found)
}

/// Pairs of documents that share a link, each with those that follow it soonest.
fn candidates(marks: &[(StoryMark, Vec<String>)]) -> Vec<(usize, usize)> {
    let mut carriers: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, (_, links)) in marks.iter().enumerate() {
        for link in links {
            carriers.entry(link).or_default().push(place);
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for places in carriers.values() {
        for (number, a) in places.iter().enumerate() {
            pairs.extend(places[number + 1..].iter().take(NEIGHBOURS).map(|b| (*a, *b)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Two clusters that may be joined, and what spoke for it when they were compared.
struct Candidate {
    average: f64,
    a: usize,
    b: usize,
    /// How many documents both had then.
    size: usize,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.average
            .total_cmp(&other.average)
            .then_with(|| (other.a, other.b).cmp(&(self.a, self.b)))
            .then_with(|| self.size.cmp(&other.size))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}

struct State<'a> {
    profiles: &'a [Profile],
    /// By the place of their first document; `None` once joined to an earlier one.
    clusters: Vec<Option<Cluster>>,
    /// What the documents of a cluster and of another count together.
    sums: Vec<BTreeMap<usize, f64>>,
    heap: BinaryHeap<Candidate>,
}

impl State<'_> {
    fn size(&self, place: usize) -> usize {
        self.clusters[place].as_ref().map_or(0, |cluster| cluster.members.len())
    }

    fn members(&self, place: usize) -> &[usize] {
        self.clusters[place].as_ref().map_or(&[], |cluster| &cluster.members)
    }

    /// The sum over all pairs of documents of two clusters.
    fn compare(&self, a: &[usize], b: &[usize]) -> f64 {
        let mut sum = 0.0;
        for one in a {
            for other in b {
                match evidence(&self.profiles[*one], &self.profiles[*other]) {
                    Some(evidence) => sum += evidence.score,
                    None => return NEVER,
                }
            }
        }
        sum
    }

    fn link(&mut self, a: usize, b: usize, sum: f64) {
        let (a, b) = (a.min(b), a.max(b));
        self.sums[a].insert(b, sum);
        self.sums[b].insert(a, sum);
        let (one, other) = (self.size(a), self.size(b));
        let average = sum / (one * other) as f64;
        if average > 0.0 {
            self.heap.push(Candidate { average, a, b, size: one + other });
        }
    }

    fn is_current(&self, candidate: &Candidate) -> bool {
        let (one, other) = (self.size(candidate.a), self.size(candidate.b));
        one > 0 && other > 0 && one + other == candidate.size
    }

    /// Joins the cluster at `b` to the one at `a`, the earlier of the two.
    fn join(&mut self, a: usize, b: usize) {
        if self.size(a) + self.size(b) > MAX_TELLINGS {
            for place in [a, b] {
                if let Some(cluster) = &mut self.clusters[place] {
                    cluster.cut = true;
                }
            }
            return;
        }
        let mut neighbours = std::mem::take(&mut self.sums[a]);
        let others = std::mem::take(&mut self.sums[b]);
        let Some(joined) = self.clusters[b].take() else { return };
        neighbours.remove(&b);
        let mut sums: BTreeMap<usize, (Option<f64>, Option<f64>)> = BTreeMap::new();
        for (place, sum) in neighbours {
            sums.entry(place).or_default().0 = Some(sum);
        }
        for (place, sum) in others.into_iter().filter(|(place, _)| *place != a) {
            sums.entry(place).or_default().1 = Some(sum);
        }
        let new: Vec<(usize, f64)> = sums
            .into_iter()
            .map(|(place, (one, other))| {
                let with = self.members(place);
                let one = one.unwrap_or_else(|| self.compare(self.members(a), with));
                let other = other.unwrap_or_else(|| self.compare(&joined.members, with));
                (place, one + other)
            })
            .collect();
        if let Some(cluster) = &mut self.clusters[a] {
            cluster.cut |= joined.cut;
            cluster.members.extend(joined.members);
            cluster.members.sort_unstable();
        }
        for (place, sum) in new {
            self.sums[place].remove(&b);
            self.link(a, place, sum);
        }
    }
}
