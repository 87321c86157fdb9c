//! What one record is, and on which others it rests.

use std::collections::BTreeSet;

use api::record::{
    Claim, Digest, Document, Finding, Layer, Observation, Record, SeriesPoint, Statement, Story,
    TableReading, Verdict,
};
use prost::{Message as _, Name as _};

use crate::commands::facts::{figure, shown_period};
use crate::commands::findings::words;
use crate::commands::verdict;
use crate::view::View;

/// A record that an analyzer was given: no more of it than tells who rests on it.
#[derive(Debug)]
pub(super) struct Input {
    /// Its resource name.
    name: String,
    tells: Tells,
}

/// What an input tells, as others name it.
#[derive(Debug)]
enum Tells {
    /// What nobody names: all that is derived from it rests on it.
    Nothing,
    /// Itself.
    Itself,
    /// Of other records.
    Of(Vec<String>),
}

impl Input {
    /// What is kept of a record.
    pub(super) fn of(record: &Record) -> Self {
        let (kind, body) = (&record.kind, &record.body[..]);
        let tells = if *kind == Claim::full_name() || *kind == Observation::full_name() {
            Tells::Itself
        } else if *kind == Statement::full_name() {
            Statement::decode(body).map_or(Tells::Nothing, |statement| Tells::Of(vec![statement.claim]))
        } else if *kind == SeriesPoint::full_name() {
            let read = |point: SeriesPoint| Tells::Of(point.reading.iter().flat_map(cells).collect());
            SeriesPoint::decode(body).map_or(Tells::Nothing, read)
        } else {
            Tells::Nothing
        };
        Self { name: record.name.clone(), tells }
    }

    fn is_among(&self, named: &BTreeSet<String>) -> bool {
        match &self.tells {
            Tells::Nothing => true,
            Tells::Itself => named.contains(&self.name),
            Tells::Of(names) => names.iter().any(|name| named.contains(name)),
        }
    }
}

/// Names of the observations that a table is read from.
fn cells(reading: &TableReading) -> impl Iterator<Item = String> {
    reading.cells.iter().map(|cell| cell.observation.clone())
}

/// Names of the records on which a record rests, sorted: of those that its analyzer was given, those that it names, or all if it
/// names none; where they cannot be read any more, those that it names or cites.
pub(super) fn rests_on(record: &Record, inputs: Option<&[Input]>) -> Vec<String> {
    let named = named(record);
    let cited = record.citations.iter().map(|citation| citation.document.clone());
    let names: BTreeSet<String> = match inputs {
        Some(inputs) => inputs
            .iter()
            .filter(|input| named.is_empty() || input.is_among(&named))
            .map(|input| input.name.clone())
            .collect(),
        // What was put by a client rests on nothing, unless it names what it speaks of.
        None if record.analyzer.is_empty() && named.is_empty() => BTreeSet::new(),
        None => named.into_iter().chain(cited).collect(),
    };
    names.into_iter().filter(|name| *name != record.name).collect()
}

/// What a record names as that on which it rests: claims and observations, or a finding.
fn named(record: &Record) -> BTreeSet<String> {
    let body = &record.body[..];
    let kind = &record.kind;
    let names = if *kind == Finding::full_name() {
        Finding::decode(body).map(|finding| {
            let observations: Vec<String> = finding.readings.iter().flat_map(cells).collect();
            let of_sides = finding.sides.into_iter().flat_map(|side| side.claims);
            finding.claims.into_iter().chain(of_sides).chain(observations).collect()
        })
    } else if *kind == SeriesPoint::full_name() {
        SeriesPoint::decode(body).map(|point| {
            let bases = point.bases.iter().filter_map(|base| base.reading.as_ref());
            point.reading.iter().chain(bases).flat_map(cells).collect()
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
    } else if of(SeriesPoint::full_name()) {
        SeriesPoint::decode(body).map(|point| {
            let reading = point.reading.unwrap_or_default();
            let over = reading.over.as_ref().map(shown_period).unwrap_or_default();
            let value = reading.value.unwrap_or_default();
            let value = figure(&value.value, &value.low, &value.high, &value.unit);
            let parts = [reading.source, over, value];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        })
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
