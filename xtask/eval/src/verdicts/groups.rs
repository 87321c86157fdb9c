//! The groups of the verdicts set, in two parts; of the test part nothing but totals leaves.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use text::Reader;

use super::chain::{self, Passage, Strangers};
use super::generate;
use super::score::{self, Report, Totals};
use super::tables;

/// A line of `groups.jsonl`.
#[derive(Deserialize)]
struct Line {
    id: String,
    documents: Vec<Text>,
    labels: Vec<LabelLine>,
}

#[derive(Deserialize)]
struct Text {
    id: String,
    source: String,
    published: String,
    language: String,
    title: String,
    text: String,
}

#[derive(Deserialize)]
struct LabelLine {
    documents: [String; 2],
    kind: String,
    reason: Option<String>,
    why: Option<String>,
    quotes: [Vec<String>; 2],
}

/// A group: passages and labels of their pairs.
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) passages: Vec<Passage>,
    pub(crate) labels: Vec<Label>,
}

/// A pair's label.
pub(crate) struct Label {
    pub(crate) documents: [String; 2],
    pub(crate) kind: String,
    pub(crate) reason: Option<String>,
    pub(crate) why: Option<String>,
    pub(crate) quotes: [Vec<String>; 2],
}

/// The development part: everything about it may be told.
pub(crate) struct Development(Vec<Group>);

impl Development {
    /// Loads `groups.jsonl` of a folder.
    ///
    /// # Errors
    /// What cannot be read, with its line.
    pub(crate) fn load(folder: &Path) -> Result<Development> {
        Ok(Development(load(folder)?))
    }

    /// Scores it, with every error.
    pub(crate) fn report(&self, reader: &Reader) -> Report {
        let found = self.0.iter().map(|group| (group, chain::findings(reader, &group.passages)));
        let mut report = score::report(found);
        for miss in &mut report.misses {
            let group = self.0.iter().find(|group| group.id == miss.group);
            let passage = |id: &String| group?.passages.iter().find(|passage| passage.id == *id);
            if let Some((one, other)) = passage(&miss.documents[0]).zip(passage(&miss.documents[1])) {
                miss.why = chain::why(reader, one, other);
            }
        }
        report.strangers = self.strangers(reader);
        report.tables = tables::run(reader, self.0.iter());
        report.generated = generate::run(reader, self.0.iter().flat_map(|group| &group.passages));
        report
    }

    fn strangers(&self, reader: &Reader) -> Strangers {
        let groups: Vec<&[Passage]> = self.0.iter().map(|group| group.passages.as_slice()).collect();
        chain::strangers(reader, &groups)
    }
}

/// The test part. Nothing but [`Totals`] leaves it.
pub(crate) struct Hidden(Vec<Group>);

impl Hidden {
    /// Loads `groups.jsonl` of a folder.
    ///
    /// # Errors
    /// That something cannot be read, without its words.
    pub(crate) fn load(folder: &Path) -> Result<Hidden> {
        let groups =
            load(folder).ok().context("the groups of the test part are not as the guideline says")?;
        Ok(Hidden(groups))
    }

    /// Scores it.
    pub(crate) fn totals(&self, reader: &Reader) -> Totals {
        score::report(self.0.iter().map(|group| (group, chain::findings(reader, &group.passages)))).totals
    }
}

fn load(folder: &Path) -> Result<Vec<Group>> {
    let path = folder.join("groups.jsonl");
    let lines =
        std::fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let mut groups = Vec::new();
    for (number, line) in (1..).zip(lines.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let at = || format!("{}:{number} is no group as eval/verdicts/guideline.md says", path.display());
        groups.push(group(serde_json::from_str(line).with_context(at)?).with_context(at)?);
    }
    Ok(groups)
}

fn group(line: Line) -> Result<Group> {
    let passages: Vec<Passage> = line.documents.into_iter().map(passage).collect();
    let mut labels = Vec::new();
    for label in line.labels {
        for (document, quotes) in label.documents.iter().zip(&label.quotes) {
            let passage = passages.iter().find(|passage| passage.id == *document);
            let passage = passage.with_context(|| format!("there is no passage {document}"))?;
            for quote in quotes {
                ensure!(passage.text.contains(quote.as_str()), "«{quote}» is not in {document}");
            }
        }
        let LabelLine { documents, kind, reason, why, quotes } = label;
        labels.push(Label { documents, kind, reason, why, quotes });
    }
    Ok(Group { id: line.id, passages, labels })
}

fn passage(text: Text) -> Passage {
    Passage {
        id: text.id,
        source: text.source,
        published: text.published,
        language: text.language,
        title_bytes: text.title.len(),
        text: format!("{}\n{}", text.title, text.text),
    }
}
