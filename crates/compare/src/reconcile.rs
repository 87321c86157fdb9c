//! A group of statements as findings, in bounded time.

use std::collections::{BTreeMap, BTreeSet};

use api::record::{Extent, FindingKind, ReasonCode};

use crate::camps::{Edges, cliques};
use crate::figure::{Figure, Outcome};
use crate::finding::{Found, found, once};
use crate::pair::compare;
use crate::slot::{Fit, Fits, Slot};
use crate::statement::{Item, signature};

/// Most figures that are laid side by side, each with each.
pub const MAX_FIGURES: usize = 200;

/// What the statements of a group share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared<'a> {
    /// The key `fact`: one quantity at one time.
    Fact(&'a str),
    /// A story.
    Story(&'a str),
}

/// What the statements of a group say about each other, most severe first, then by content. At most [`MAX_FIGURES`] of those that
/// could meet are compared with each other; a finding says if there were more.
#[must_use]
pub fn reconcile(items: &[Item], shared: Shared<'_>) -> Vec<Found> {
    let mut items: Vec<&Item> = items.iter().collect();
    items.sort_by(|one, other| one.statement.claim.cmp(&other.statement.claim));
    let figures: Vec<Figure<'_>> = items.into_iter().flat_map(Figure::all).collect();
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for (bucket, cut) in buckets(&figures, shared) {
        let mut edges = Edges::new(bucket.len());
        for (at, left) in bucket.iter().enumerate() {
            for (behind, right) in bucket.iter().enumerate().skip(at + 1) {
                edges.set(at, behind, compare(&figures[*left], &figures[*right]));
                if !seen.insert((*left, *right)) || met_elsewhere(&figures[*left], &figures[*right], shared) {
                    edges.mute(at, behind);
                }
            }
        }
        let figures: Vec<&Figure<'_>> = bucket.iter().map(|index| &figures[*index]).collect();
        drop_what_both_say(&figures, &mut edges);
        findings.extend(of_bucket(&figures, &edges, shared, cut));
    }
    findings.sort_by(|one, other| {
        let rank = |found: &Found| std::cmp::Reverse(found.finding.severity);
        rank(one).cmp(&rank(other)).then_with(|| one.finding.claims.cmp(&other.finding.claims))
    });
    once(&mut findings);
    findings
}

/// Takes back contradictions of a figure with what its own document says as well: a text that gives two months with one value, or a
/// value with its revision, does not contradict one that gives half of it.
fn drop_what_both_say(figures: &[&Figure<'_>], edges: &mut Edges) {
    let mut of_document: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, figure) in figures.iter().enumerate() {
        of_document.entry(&figure.item.statement.document).or_default().push(index);
    }
    let says = |speaker: usize, one: usize, other: usize, reason: ReasonCode| {
        let own = of_document.get(figures[speaker].item.statement.document.as_str());
        own.into_iter()
            .flatten()
            .filter(|index| **index != one)
            .any(|index| confirms(figures[*index], figures[other], reason))
    };
    for one in 0..figures.len() {
        for other in one + 1..figures.len() {
            let Some(Outcome::Contradict(reason)) = edges.get(one, other) else { continue };
            // A title that calls the good otherwise than its own text is what is looked for.
            let titled = [one, other].iter().any(|index| figures[*index].item.statement.in_title);
            if reason == ReasonCode::GoodConfused && titled {
                continue;
            }
            if says(one, one, other, reason) || says(other, other, one, reason) {
                edges.set(one, other, Outcome::NotComparable(Slot::Measure));
            }
        }
    }
}

/// True if two figures agree, also in the slot in which a contradiction with this reason differs.
fn confirms(one: &Figure<'_>, other: &Figure<'_>, reason: ReasonCode) -> bool {
    let printed = Extent { span: one.extent.span, ..other.extent.clone() };
    if *one.extent == printed && signature(&one.item.statement) == signature(&other.item.statement) {
        return true;
    }
    let slot = match reason {
        ReasonCode::PeriodShifted => Slot::Period,
        ReasonCode::GoodConfused => Slot::Good,
        ReasonCode::ComparisonBase => Slot::Base,
        ReasonCode::Direction => Slot::Direction,
        ReasonCode::UnitOrBasis => Slot::Basis,
        ReasonCode::ActorOrTradeDirection => Slot::Actor,
        _ => Slot::Measure,
    };
    matches!(compare(one, other), Outcome::Agree | Outcome::Round)
        && Fits::of(one.item, other.item, one.change.zip(other.change)).fit(slot) == Fit::Same
}

/// True for a pair that also meets by its key `fact`, so that a story need not compare it again.
fn met_elsewhere(one: &Figure<'_>, other: &Figure<'_>, shared: Shared<'_>) -> bool {
    matches!(shared, Shared::Story(_)) && one.item.fact.is_some() && one.item.fact == other.item.fact
}

/// Figures that could have to do with each other, as indexes, and whether some were left out. A small group is one bucket; in a
/// large one figures meet by what is measured and by their digits.
fn buckets(figures: &[Figure<'_>], shared: Shared<'_>) -> Vec<(Vec<usize>, bool)> {
    if figures.len() <= MAX_FIGURES {
        return vec![((0..figures.len()).collect(), false)];
    }
    let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, figure) in figures.iter().enumerate() {
        if matches!(shared, Shared::Fact(_)) {
            named.entry(String::new()).or_default().push(index);
            continue;
        }
        let measure = figure.item.statement.measure.as_ref().map(|word| word.id.as_str()).unwrap_or_default();
        let unit = &figure.extent.unit;
        named.entry(format!("measure {measure} {unit} {}", figure.change.is_some())).or_default().push(index);
        if figure.extent.digits.len() > 1 {
            named.entry(format!("digits {}", figure.extent.digits)).or_default().push(index);
        }
    }
    named.into_values().filter(|bucket| bucket.len() > 1).map(|bucket| spread(figures, bucket)).collect()
}

/// At most [`MAX_FIGURES`] of a bucket: first one of each value, from the most often told to the least, then further ones.
fn spread(figures: &[Figure<'_>], bucket: Vec<usize>) -> (Vec<usize>, bool) {
    if bucket.len() <= MAX_FIGURES {
        return (bucket, false);
    }
    let mut alike: BTreeMap<(&str, &str, &str, i32), Vec<usize>> = BTreeMap::new();
    for index in bucket {
        let (extent, statement) = (figures[index].extent, &figures[index].item.statement);
        alike.entry((&extent.unit, &extent.low, &extent.high, statement.modality)).or_default().push(index);
    }
    let mut groups: Vec<Vec<usize>> = alike.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let deepest = groups.first().map_or(0, Vec::len);
    let mut chosen = Vec::with_capacity(MAX_FIGURES);
    'full: for depth in 0..deepest {
        for group in &groups {
            if let Some(index) = group.get(depth) {
                if chosen.len() == MAX_FIGURES {
                    break 'full;
                }
                chosen.push(*index);
            }
        }
    }
    chosen.sort_unstable();
    (chosen, true)
}

const REASONS: [ReasonCode; 9] = [
    ReasonCode::Value,
    ReasonCode::DigitsTransposed,
    ReasonCode::Scale,
    ReasonCode::UnitOrBasis,
    ReasonCode::PeriodShifted,
    ReasonCode::ComparisonBase,
    ReasonCode::GoodConfused,
    ReasonCode::Direction,
    ReasonCode::ActorOrTradeDirection,
];

fn of_bucket(figures: &[&Figure<'_>], edges: &Edges, shared: Shared<'_>, cut: bool) -> Vec<Found> {
    let mut findings = Vec::new();
    let mut tell = |kind, reason, wanted: &dyn Fn(Outcome) -> bool| {
        for clique in cliques(edges, kind != FindingKind::Rounding, wanted) {
            let agree = |one, other| edges.get(one, other) == Some(Outcome::Agree);
            findings.extend(found(figures, &clique, (kind, reason), shared, cut, agree));
        }
    };
    for reason in REASONS {
        tell(FindingKind::Contradiction, reason, &|outcome| outcome == Outcome::Contradict(reason));
    }
    tell(FindingKind::Outturn, ReasonCode::Unspecified, &|outcome| outcome == Outcome::Outturn);
    tell(FindingKind::Revision, ReasonCode::Unspecified, &|outcome| outcome == Outcome::Revision);
    tell(FindingKind::Rounding, ReasonCode::Unspecified, &|outcome| {
        matches!(outcome, Outcome::Agree | Outcome::Round)
    });
    findings
}
