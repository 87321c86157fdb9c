//! Audit cases as `eval/verdicts/guideline.md` says.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use api::record::Check;
use jiff::civil::Date;
use serde::Deserialize;

/// The checks in the order of the guideline, with their kind of record.
pub(super) const CHECKS: [(&str, Check); 11] = [
    ("change-base", Check::ChangeBase),
    ("range-base", Check::RangeBase),
    ("parts-total", Check::PartsTotal),
    ("ratio", Check::Ratio),
    ("share", Check::Share),
    ("unit-price", Check::UnitPrice),
    ("future-period", Check::FuturePeriod),
    ("calendar", Check::Calendar),
    ("self-explanation", Check::SelfExplanation),
    ("chronology", Check::Chronology),
    ("age", Check::Age),
];

/// The check of a label's name.
pub(super) fn check(name: &str) -> Option<Check> {
    CHECKS.iter().find(|(known, _)| *known == name).map(|(_, check)| *check)
}

/// True for the checks that calculate with figures; the others rest on times and wording.
pub(super) fn is_arithmetic(name: &str) -> bool {
    CHECKS[..6].iter().any(|(known, _)| *known == name)
}

/// A case, its title a part of its text.
pub(super) struct Case {
    pub(super) id: String,
    pub(super) published: Date,
    pub(super) text: String,
    pub(super) title_bytes: usize,
    pub(super) check: String,
    pub(super) holds: bool,
    /// What the label quotes, and wherever that stands.
    pub(super) words: Vec<String>,
    pub(super) quotes: Vec<Vec<Range<usize>>>,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    documents: Vec<Document>,
    labels: Vec<Label>,
}

#[derive(Deserialize)]
struct Document {
    published: String,
    title: String,
    text: String,
}

#[derive(Deserialize)]
struct Label {
    check: String,
    verdict: String,
    quotes: Vec<String>,
}

/// The cases of `audit.jsonl` in a folder.
///
/// # Errors
/// The first line that is no case.
pub(super) fn cases(folder: &Path) -> Result<Vec<Case>> {
    let path = folder.join("audit.jsonl");
    let content =
        std::fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let lines = (1..).zip(content.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| case(line).with_context(|| format!("{}:{number}", path.display()))).collect()
}

fn case(line: &str) -> Result<Case> {
    let line: Line = serde_json::from_str(line)?;
    let ([document], [label]) = (line.documents.as_slice(), line.labels.as_slice()) else {
        bail!("an audit case has one document and one label");
    };
    ensure!(check(&label.check).is_some(), "labels[0].check: there is no check «{}»", label.check);
    let holds = match label.verdict.as_str() {
        "holds" => true,
        "fails" => false,
        other => bail!("labels[0].verdict: «{other}» is neither holds nor fails"),
    };
    let text = format!("{}\n{}", document.title, document.text);
    let mut quotes = Vec::new();
    for quote in &label.quotes {
        let places: Vec<Range<usize>> =
            text.match_indices(quote.as_str()).map(|(at, quote)| at..at + quote.len()).collect();
        ensure!(!places.is_empty(), "labels[0].quotes: «{quote}» is not in the text");
        quotes.push(places);
    }
    Ok(Case {
        id: line.id,
        published: document.published.get(..10).unwrap_or_default().parse().context("published")?,
        title_bytes: document.title.len(),
        text,
        check: label.check.clone(),
        holds,
        words: label.quotes.clone(),
        quotes,
    })
}
