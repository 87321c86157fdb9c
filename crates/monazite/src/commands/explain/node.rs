//! What one record is, and on which others it rests.

use std::collections::BTreeSet;

use api::record::{Claim, Digest, Document, Finding, Layer, Observation, Record, Statement, Story, Verdict};
use prost::{Message as _, Name as _};

use crate::commands::findings::words;
use crate::commands::verdict;
use crate::view::View;

/// Names of the records on which a record rests, sorted: of those that its analyzer was given, those that it names, or all if it
/// names none; where they cannot be read any more, those that it names or cites.
pub(super) fn rests_on(record: &Record, inputs: Option<&[Record]>) -> Vec<String> {
    let named = named(record);
    let cited = record.citations.iter().map(|citation| citation.document.clone());
    let names: BTreeSet<String> = match inputs {
        Some(inputs) => inputs
            .iter()
            .filter(|input| named.is_empty() || claim(input).is_none_or(|claim| named.contains(&claim)))
            .map(|input| input.name.clone())
            .collect(),
        // What was put by a client rests on nothing, unless it names what it speaks of.
        None if record.analyzer.is_empty() && named.is_empty() => BTreeSet::new(),
        None => named.into_iter().chain(cited).collect(),
    };
    names.into_iter().filter(|name| *name != record.name).collect()
}

/// What a record names as that on which it rests: claims, or a finding.
fn named(record: &Record) -> BTreeSet<String> {
    let body = &record.body[..];
    let kind = &record.kind;
    let names = if *kind == Finding::full_name() {
        Finding::decode(body).map(|finding| {
            finding.claims.into_iter().chain(finding.sides.into_iter().flat_map(|side| side.claims)).collect()
        })
    } else if *kind == Statement::full_name() {
        Statement::decode(body).map(|statement| BTreeSet::from([statement.claim]))
    } else if *kind == Verdict::full_name() {
        Verdict::decode(body).map(|verdict| BTreeSet::from([verdict.finding]))
    } else {
        return BTreeSet::new();
    };
    // A body that is not readable names nothing.
    names.unwrap_or_default()
}

/// The claim that an input is, or of which it is the statement.
fn claim(input: &Record) -> Option<String> {
    if input.kind == Claim::full_name() {
        Some(input.name.clone())
    } else if input.kind == Statement::full_name() {
        Statement::decode(&input.body[..]).ok().map(|statement| statement.claim)
    } else {
        None
    }
}

/// The last part of a kind's full name.
pub(super) fn kind(full: &str) -> &str {
    full.rsplit('.').next().unwrap_or(full)
}

/// What a record is, in one line; empty if there is nothing to say but its kind.
pub(super) fn summary(record: &Record) -> String {
    let body = &record.body[..];
    let of = |full: String| record.kind == full;
    if of(Document::full_name()) {
        let Ok(view) = View::new(record) else { return String::new() };
        let parts = [view.published(), view.source().to_owned(), view.heading().to_owned()];
        return parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    }
    let said = if of(Layer::full_name()) {
        Layer::decode(body).map(|layer| format!("{} mentions", layer.mentions.len()))
    } else if of(Finding::full_name()) {
        Finding::decode(body).map(|finding| {
            let subtitle = words::subtitle(&finding).map(|words| format!(" · {words}")).unwrap_or_default();
            format!("{}{subtitle} · severity {}", words::kind(finding.kind()), finding.severity)
        })
    } else if of(Story::full_name()) {
        Story::decode(body).map(|story| format!("{} tellings", story.tellings.len()))
    } else if of(Digest::full_name()) {
        Digest::decode(body).map(|digest| {
            format!("{} sentences", digest.groups.iter().map(|group| group.points.len()).sum::<usize>())
        })
    } else if of(Verdict::full_name()) {
        Verdict::decode(body)
            .map(|body| verdict::sentence(&brief::verdict::Stored { record: record.clone(), verdict: body }))
    } else if of(Observation::full_name()) {
        Observation::decode(body).map(|_| {
            record.keys.iter().filter(|key| key.starts_with("series=")).cloned().collect::<Vec<_>>().join(" ")
        })
    } else {
        return String::new();
    };
    said.unwrap_or_else(|_| "its body is not readable".to_owned())
}

/// Bytes in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
