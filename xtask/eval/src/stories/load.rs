//! The files of a part.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A part of the set.
pub(super) struct Set {
    /// Its documents.
    pub(super) documents: Vec<Text>,
    /// Its stories.
    pub(super) stories: Vec<Story>,
}

/// A document.
#[derive(Deserialize)]
pub(super) struct Text {
    /// Its id.
    pub(super) id: String,
    /// Its publisher.
    pub(super) source: String,
    /// Where it was published.
    pub(super) url: String,
    /// Its title.
    pub(super) title: String,
    /// `zh` or `en`.
    pub(super) language: String,
    /// RFC 3339.
    pub(super) published: String,
    /// Its body.
    pub(super) text: String,
}

/// A labelled story.
#[derive(Deserialize)]
pub(super) struct Story {
    /// Its id.
    pub(super) story: String,
    /// Its documents.
    pub(super) members: Vec<Member>,
    /// Which of them are one voice.
    pub(super) voices: Vec<Vec<String>>,
    /// What differs.
    pub(super) differences: Vec<Difference>,
    /// What it is easily mistaken for.
    pub(super) hard_negatives: Vec<HardNegative>,
}

/// A document of a story.
#[derive(Deserialize)]
pub(super) struct Member {
    /// The document.
    pub(super) id: String,
    /// From which it was copied.
    pub(super) copied_from: Option<String>,
    /// Whom it names as a source.
    pub(super) attribution: Vec<Attribution>,
}

/// Words that name a source.
#[derive(Deserialize)]
pub(super) struct Attribution {
    /// The words.
    pub(super) words: String,
    /// The document of the story whose publisher is named.
    pub(super) member: Option<String>,
}

/// What two tellings say differently.
#[derive(Deserialize)]
pub(super) struct Difference {
    /// number, period, good, date or place.
    pub(super) what: String,
    /// The words of each telling.
    pub(super) by: BTreeMap<String, String>,
}

/// A story or a document that another story is easily mistaken for.
#[derive(Deserialize)]
pub(super) struct HardNegative {
    /// The story.
    pub(super) story: Option<String>,
    /// The document.
    pub(super) document: Option<String>,
    /// Why they are mistaken.
    pub(super) kind: String,
}

/// Loads the files of a folder.
///
/// # Errors
/// If one is missing or a line is no document or story.
pub(super) fn load(folder: &Path) -> Result<Set> {
    Ok(Set {
        documents: lines(&folder.join("documents.jsonl"))?,
        stories: lines(&folder.join("labels.jsonl"))?,
    })
}

fn lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    let line = |(number, line): (usize, &str)| {
        serde_json::from_str(line)
            .with_context(|| format!("{}:{}: not as the guideline says", path.display(), number + 1))
    };
    text.lines().enumerate().filter(|(_, line)| !line.is_empty()).map(line).collect()
}
