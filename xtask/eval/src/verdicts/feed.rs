//! The documents of a feed, laid side by side as if they were one story.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use api::record::Document;
use compare::Found;
use intake::{Item, Options, Source};
use prost::Message as _;
use text::Reader;

use super::chain::{self, Passage};
use super::score::reason_name;

/// What is found between the documents of a feed, with the passages of each side.
///
/// # Errors
/// If the feed cannot be read.
pub(crate) fn findings(reader: &Reader, feed: &Path) -> Result<String> {
    let mut passages = Vec::new();
    for item in intake::read(Source::path(feed), &Options::default()) {
        if let Item::Document(entry) = item {
            let document = Document::decode(entry.record.body).context("a document cannot be decoded")?;
            passages.push(passage(entry.number, document));
        }
    }
    let mut out = String::new();
    for Found { finding, citations, .. } in chain::findings(reader, &passages) {
        let kind = finding.kind().as_str_name().trim_start_matches("FINDING_KIND_").to_lowercase();
        let _ = writeln!(out, "{:3} {kind} {}", finding.severity, reason_name(finding.reason()));
        for side in &finding.sides {
            let _ = writeln!(out, "      {} · voices {}", side.said, side.voices);
            for citation in side.citations.iter().filter_map(|cited| citations.get(*cited as usize)) {
                let quotes: Vec<&str> = citation.spans.iter().map(|span| span.quote.as_str()).collect();
                let _ = writeln!(out, "         {} «{}»", citation.document, quotes.join("» «"));
            }
        }
    }
    Ok(out)
}

fn passage(number: u64, document: Document) -> Passage {
    Passage {
        id: number.to_string(),
        source: document.source,
        published: document.published.map(|published| published.start).unwrap_or_default(),
        language: document.language,
        title_bytes: document.title_bytes as usize,
        text: document.text,
    }
}
