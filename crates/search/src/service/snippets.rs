//! Passages of records, cut from the texts that storage has.

use std::collections::HashMap;

use api::record::{Document, Record};
use api::search::{Hit, Snippet};
use prost::Name as _;

use super::answering::range;
use super::blocking;
use super::groups::decoded;
use crate::error::{Error, Result};
use crate::grpc::storage::Log;
use crate::highlight::Highlighter;

/// Gives each hit the passage that answers best, as the records were at a sequence; a record that is gone since has none.
pub(super) async fn add(
    log: &Log,
    hits: Vec<Hit>,
    highlighter: Highlighter,
    longest: usize,
    sequence: i64,
) -> Result<Vec<Hit>> {
    let names: Vec<String> = hits.iter().map(|hit| hit.name.clone()).collect();
    let records = match log.get(&names, sequence).await {
        // What was compacted since the index had it can only be read as it is now.
        Err(Error::Refused { reason, .. }) if reason == "COMPACTED" => log.get(&names, 0).await?,
        records => records?,
    };
    blocking(move || {
        let records: HashMap<&str, &Record> =
            records.iter().map(|record| (record.name.as_str(), record)).collect();
        let mut hits = hits;
        for hit in &mut hits {
            hit.snippet = records.get(hit.name.as_str()).and_then(|record| of(record, &highlighter, longest));
        }
        hits
    })
    .await
}

fn of(record: &Record, highlighter: &Highlighter, longest: usize) -> Option<Snippet> {
    if record.kind == Document::full_name() {
        let document: Document = decoded(record)?;
        let snippet = highlighter.snippet(&document.text, document.title_bytes as usize, longest);
        return cut(&document.text, &snippet, 0, record.name.clone());
    }
    // The quote in which most different words of the query stand; the first of those.
    let mut best: Option<(usize, Snippet)> = None;
    for citation in &record.citations {
        for span in &citation.spans {
            let found = highlighter.snippet(&span.quote, 0, longest);
            let worth = found.highlights.len();
            if best.as_ref().is_none_or(|(most, _)| worth > *most)
                && let Some(snippet) = cut(&span.quote, &found, span.start_byte, citation.document.clone())
            {
                best = Some((worth, snippet));
            }
        }
    }
    best.map(|(_, snippet)| snippet)
}

fn cut(text: &str, found: &crate::highlight::Snippet, start: u32, document: String) -> Option<Snippet> {
    let passage = found.passage.clone();
    let first = passage.start;
    let inside = found.highlights.iter().map(|bytes| range(bytes.start - first..bytes.end - first));
    let text = text.get(passage.clone()).filter(|text| !text.is_empty())?;
    Some(Snippet {
        start_byte: start + range(passage).start,
        text: text.to_owned(),
        highlights: inside.collect(),
        document,
    })
}
