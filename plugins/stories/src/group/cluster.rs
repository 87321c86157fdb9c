//! Which documents of a group tell one event: agglomerative clustering by average linkage.
//!
//! The two clusters whose documents speak most for each other on average are joined, until none speak for it any more. Who is compared
//! with whom follows from shared links; a document that retells two events is thus held back by all that it does not share.
//!
//! Documents with the same text are one from the beginning, so that what a text that runs everywhere costs is little.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use plugin_sdk::AnalyzeError;
use plugin_sdk::record::StoryMark;

use super::pair::{APART, evidence};
use super::profile::Profile;

/// Most tellings of a story; what is more is another story, and both say that they are cut.
pub(super) const MAX_TELLINGS: usize = 500;

/// With how many later texts that carry the same link a text is compared.
const NEIGHBOURS: usize = 32;

/// How many texts of a cluster are compared with those of another: the first ones stand for the rest.
const COMPARED: usize = 16;

/// What two clusters that lie too far apart count: never joined.
const NEVER: f64 = f64::NEG_INFINITY;

/// Documents that tell one event, by their place in the group, in the order of publication.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cluster {
    /// Two or more.
    pub(super) members: Vec<usize>,
    /// Whether there were more than a story may have.
    pub(super) cut: bool,
    /// Its texts: the first document that has each, and how many have it.
    texts: Vec<(usize, usize)>,
    /// Seconds since 1970 between which its documents were published, as far as it is known.
    published: Option<(i64, i64)>,
}

impl Cluster {
    /// Whether another one was published too far from it.
    fn is_apart(&self, other: &Self) -> bool {
        let both = self.published.zip(other.published);
        both.is_some_and(|((first, last), (from, to))| last.max(to) - first.min(from) > APART)
    }

    fn take(&mut self, other: Self) {
        self.cut |= other.cut;
        self.members.extend(other.members);
        self.members.sort_unstable();
        self.texts.extend(other.texts);
        self.texts.sort_unstable();
        self.published = match (self.published, other.published) {
            (Some((first, last)), Some((from, to))) => Some((first.min(from), last.max(to))),
            (own, other) => own.or(other),
        };
    }
}

/// The clusters of two and more documents, in the order of their first ones. The marks are in order of publication.
pub(super) fn cluster(
    marks: &[(StoryMark, Vec<String>)],
    profiles: &[Profile],
    check: &dyn Fn() -> Result<(), AnalyzeError>,
) -> Result<Vec<Cluster>, AnalyzeError> {
    let texts = texts(profiles);
    let pairs = candidates(marks, &texts);
    let mut state = State {
        profiles,
        sums: vec![BTreeMap::new(); texts.len()],
        clusters: texts.into_iter().map(Some).collect(),
        heap: BinaryHeap::new(),
    };
    for (step, (a, b)) in pairs.into_iter().enumerate() {
        if step.is_multiple_of(65_536) {
            check()?;
        }
        let sum = state.compare(state.cluster(a), state.cluster(b));
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

/// The documents by their texts, in the order of publication.
fn texts(profiles: &[Profile]) -> Vec<Cluster> {
    let mut known: HashMap<&[u8], usize> = HashMap::new();
    let mut texts: Vec<Cluster> = Vec::new();
    for (place, profile) in profiles.iter().enumerate() {
        let published = profile.second.map(|second| (second, second));
        let own = Cluster { members: vec![place], cut: false, texts: vec![(place, 1)], published };
        let earlier =
            if profile.slots.is_empty() { None } else { known.get(profile.body.as_slice()).copied() };
        match earlier.map(|number| &mut texts[number]) {
            Some(text) if text.members.len() < MAX_TELLINGS && !text.is_apart(&own) => {
                text.take(Cluster { texts: Vec::new(), ..own });
                text.texts[0].1 += 1;
            }
            full => {
                let is_full = full.is_some_and(|text| {
                    text.cut = !text.is_apart(&own);
                    text.cut
                });
                known.insert(&profile.body, texts.len());
                texts.push(Cluster { cut: is_full, ..own });
            }
        }
    }
    texts
}

/// Pairs of texts that share a link, each with those that follow it soonest.
fn candidates(marks: &[(StoryMark, Vec<String>)], texts: &[Cluster]) -> BTreeSet<(usize, usize)> {
    let mut carriers: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, text) in texts.iter().enumerate() {
        for link in text.members.iter().flat_map(|place| &marks[*place].1) {
            let carriers = carriers.entry(link).or_default();
            if carriers.last() != Some(&number) {
                carriers.push(number);
            }
        }
    }
    let mut pairs = BTreeSet::new();
    for numbers in carriers.values() {
        for (place, a) in numbers.iter().enumerate() {
            pairs.extend(numbers[place + 1..].iter().take(NEIGHBOURS).map(|b| (*a, *b)));
        }
    }
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
    /// By the number of their first text; `None` once joined to an earlier one.
    clusters: Vec<Option<Cluster>>,
    /// What the documents of a cluster and of another count together.
    sums: Vec<BTreeMap<usize, f64>>,
    heap: BinaryHeap<Candidate>,
}

/// What stands for a cluster that was joined to another.
static GONE: Cluster = Cluster { members: Vec::new(), cut: false, texts: Vec::new(), published: None };

impl State<'_> {
    fn cluster(&self, number: usize) -> &Cluster {
        self.clusters[number].as_ref().unwrap_or(&GONE)
    }

    fn size(&self, number: usize) -> usize {
        self.cluster(number).members.len()
    }

    /// The sum over all pairs of documents of two clusters; of larger ones, what that of their first texts comes to for all.
    fn compare(&self, a: &Cluster, b: &Cluster) -> f64 {
        if a.is_apart(b) {
            return NEVER;
        }
        let (mut sum, mut pairs) = (0.0, 0);
        for (one, times) in a.texts.iter().take(COMPARED) {
            for (other, others) in b.texts.iter().take(COMPARED) {
                let Some(found) = evidence(&self.profiles[*one], &self.profiles[*other]) else {
                    return NEVER;
                };
                sum += found.score * (times * others) as f64;
                pairs += times * others;
            }
        }
        sum * (a.members.len() * b.members.len()) as f64 / pairs.max(1) as f64
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

    /// Joins the cluster `b` to `a`, the earlier of the two.
    fn join(&mut self, a: usize, b: usize) {
        if self.size(a) + self.size(b) > MAX_TELLINGS {
            for number in [a, b] {
                if let Some(cluster) = &mut self.clusters[number] {
                    cluster.cut = true;
                }
            }
            return;
        }
        let Some(joined) = self.clusters[b].take() else { return };
        let mut sums: BTreeMap<usize, (Option<f64>, Option<f64>)> = BTreeMap::new();
        for (number, sum) in std::mem::take(&mut self.sums[a]) {
            sums.entry(number).or_default().0 = Some(sum);
        }
        for (number, sum) in std::mem::take(&mut self.sums[b]) {
            sums.entry(number).or_default().1 = Some(sum);
        }
        let neighbours: Vec<usize> = sums.keys().copied().collect();
        let new: Vec<(usize, f64)> = sums
            .into_iter()
            .filter(|(number, (one, other))| {
                // Who shares nothing with one of the two and is held back by the other stays away.
                let speaks = |sum: &Option<f64>| sum.is_some_and(|sum| sum > 0.0);
                *number != a
                    && *number != b
                    && ((one.is_some() && other.is_some()) || speaks(one) || speaks(other))
            })
            .map(|(number, (one, other))| {
                let with = self.cluster(number);
                let one = one.unwrap_or_else(|| self.compare(self.cluster(a), with));
                let other = other.unwrap_or_else(|| self.compare(&joined, with));
                (number, one + other)
            })
            .collect();
        if let Some(cluster) = &mut self.clusters[a] {
            cluster.take(joined);
        }
        for number in &neighbours {
            self.sums[*number].remove(&a);
            self.sums[*number].remove(&b);
        }
        for (number, sum) in new {
            self.link(a, number, sum);
        }
    }
}
