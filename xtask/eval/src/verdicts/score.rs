//! Labels of pairs against what is found.

use std::collections::BTreeMap;

use api::record::{FindingKind, ReasonCode};
use compare::Found;
use serde::Serialize;

use super::chain::{Said, Strangers, about};
use super::generate::Generated;
use super::groups::{Group, Label};
use super::tables::Tables;

/// Kinds of a pair, as labels name them.
pub(crate) const KINDS: [&str; 6] = ["agree", "round", "contradict", "outturn", "revision", "not-comparable"];

/// The numbers of a part.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Totals {
    /// Labelled pairs.
    pub(crate) pairs: usize,
    /// Of each labelled kind, how often each kind was found.
    pub(crate) found: BTreeMap<String, BTreeMap<String, usize>>,
    /// Contradictions that are labelled and found with the labelled figures.
    pub(crate) right: usize,
    /// All contradictions found.
    pub(crate) contradictions: usize,
    /// Contradictions labelled.
    pub(crate) labelled: usize,
    /// Of the right ones, those whose reason is right.
    pub(crate) reasons: usize,
    /// Contradictions found in pairs that agree or are not comparable.
    pub(crate) alarms: usize,
    /// Of each labelled reason: labelled, found, found with this reason.
    pub(crate) by_reason: BTreeMap<String, [usize; 3]>,
    /// Of each reason found: how often it was found wrongly.
    pub(crate) wrong: BTreeMap<String, usize>,
}

/// A pair that came out otherwise than labelled.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Miss {
    /// The group.
    pub(crate) group: String,
    /// The two passages.
    pub(crate) documents: [String; 2],
    /// What is labelled.
    pub(crate) labelled: String,
    /// What was found.
    pub(crate) found: String,
    /// The labelled words.
    pub(crate) quotes: [Vec<String>; 2],
    /// How each pair of figures of the two came out.
    pub(crate) why: Vec<String>,
}

/// The numbers, and every error.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    /// The numbers.
    pub(crate) totals: Totals,
    /// The errors.
    pub(crate) misses: Vec<Miss>,
    /// What is found between passages of different groups.
    pub(crate) strangers: Strangers,
    /// What is said of each pair if one side of it is a loaded table.
    #[serde(skip)]
    pub(crate) tables: Tables,
    /// What is found in copies in which one thing is changed.
    pub(crate) generated: Generated,
}

/// Scores groups with what was found in each.
pub(crate) fn report<'a>(groups: impl Iterator<Item = (&'a Group, Vec<Found>)>) -> Report {
    let mut report = Report::default();
    for (group, found) in groups {
        for label in &group.labels {
            score(group, label, &about(&found, &label.documents[0], &label.documents[1]), &mut report);
        }
    }
    report
}

fn score(group: &Group, label: &Label, said: &[Said], report: &mut Report) {
    let totals = &mut report.totals;
    totals.pairs += 1;
    let contradiction = said.iter().filter(|said| said.kind == FindingKind::Contradiction);
    // A pair may say several things; a contradiction outweighs the rest, one in the labelled figures every other.
    let chosen =
        contradiction.max_by_key(|said| hits(group, label, said)).or_else(|| said.iter().max_by_key(rank));
    let kind = chosen.map_or("not-comparable", |said| kind_name(said.kind));
    *totals.found.entry(label.kind.clone()).or_default().entry(kind.to_owned()).or_default() += 1;
    let labelled = label.kind == "contradict";
    totals.labelled += usize::from(labelled);
    let mut right = kind == label.kind;
    let reason = label.reason.clone().unwrap_or_default();
    if labelled {
        totals.by_reason.entry(reason.clone()).or_default()[0] += 1;
    }
    if let Some(said) = chosen.filter(|said| said.kind == FindingKind::Contradiction) {
        totals.contradictions += 1;
        let hit = labelled && hits(group, label, said);
        let same = hit && reason_name(said.reason) == reason;
        totals.right += usize::from(hit);
        totals.reasons += usize::from(same);
        totals.alarms += usize::from(matches!(label.kind.as_str(), "agree" | "round" | "not-comparable"));
        if !hit {
            *totals.wrong.entry(reason_name(said.reason)).or_default() += 1;
        }
        if hit {
            let row = totals.by_reason.entry(reason.clone()).or_default();
            row[1] += 1;
            row[2] += usize::from(same);
        }
        right = hit && same;
    }
    if !right {
        let found = chosen.map_or_else(|| kind.to_owned(), |said| told(group, label, said));
        let why = label.reason.clone().or_else(|| label.why.clone()).unwrap_or_default();
        report.misses.push(Miss {
            group: group.id.clone(),
            documents: label.documents.clone(),
            labelled: format!("{} {why}", label.kind).trim_end().to_owned(),
            found,
            quotes: label.quotes.clone(),
            why: Vec::new(),
        });
    }
}

fn told(group: &Group, label: &Label, said: &Said) -> String {
    let mut out = format!("{} {}", kind_name(said.kind), reason_name(said.reason));
    for (which, id) in label.documents.iter().enumerate() {
        let text =
            group.passages.iter().find(|passage| passage.id == *id).map_or("", |passage| &passage.text);
        let quotes: Vec<&str> = said.spans[which].iter().filter_map(|span| text.get(span.clone())).collect();
        out += &format!(" «{}»", quotes.join("» «"));
    }
    out
}

fn rank(said: &&Said) -> u8 {
    match said.kind {
        FindingKind::Revision => 4,
        FindingKind::Outturn => 3,
        FindingKind::Rounding => 2,
        _ => 1,
    }
}

/// True if what is cited on both sides meets the first words that the label quotes there.
fn hits(group: &Group, label: &Label, said: &Said) -> bool {
    (0..2).all(|which| {
        let passage = group.passages.iter().find(|passage| passage.id == label.documents[which]);
        let Some((passage, quote)) = passage.zip(label.quotes[which].first()) else { return false };
        passage.text.match_indices(quote.as_str()).any(|(start, quote)| {
            said.spans[which].iter().any(|span| span.start < start + quote.len() && start < span.end)
        })
    })
}

fn kind_name(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Agreement => "agree",
        FindingKind::Rounding => "round",
        FindingKind::Contradiction => "contradict",
        FindingKind::Outturn => "outturn",
        FindingKind::Revision => "revision",
        _ => "not-comparable",
    }
}

/// A reason as labels name it.
pub(crate) fn reason_name(reason: ReasonCode) -> String {
    reason.as_str_name().trim_start_matches("REASON_CODE_").to_lowercase().replace('_', "-")
}
