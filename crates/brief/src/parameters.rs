//! What a reader asks for.

use serde::Serialize;

/// The language of headings and labels; quotes stay as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Language {
    /// Chinese.
    #[serde(rename = "zh")]
    Chinese,
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// Its BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Language::Chinese => "zh",
            Language::English => "en",
        }
    }
}

/// What the brief is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// All that there is.
    #[default]
    All,
    /// A topic, by the name under which it is saved or documents came in, with its query (empty if it has none).
    Topic {
        /// The name.
        name: String,
        /// The query.
        query: String,
    },
    /// A query in the language of the search service.
    Query(String),
}

/// From when on something counts as new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// What was committed after this sequence.
    Sequence(i64),
    /// What was published on or after this day, as `2025-07-13`.
    Day(String),
}

/// An analyzer that derived some of the records.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Derived {
    /// Name of the analyzer.
    pub analyzer: String,
    /// Its version.
    pub version: String,
    /// Digest of its config; empty if it has none.
    pub config: String,
}

/// What a brief is made for. Together with the records it decides every byte of the brief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parameters {
    /// What it is about.
    pub asked: Asked,
    /// Language of headings and labels.
    pub language: Language,
    /// Only documents published on or after this day, as `2025-07-01`.
    pub from: Option<String>,
    /// Only documents published on or before this day.
    pub to: Option<String>,
    /// The sequence as of which the records were read, if the reader asked for one.
    pub as_of: Option<i64>,
    /// From when on something is new; without it, everything is.
    pub since: Option<Since>,
    /// Most entries of a section; 0 for all.
    pub limit: usize,
    /// Who derived the records.
    pub derived_by: Vec<Derived>,
    /// Documents that do not answer and are there only because a finding or a story cites them: they tell nothing of their own.
    pub beside: Vec<String>,
    /// Documents that answer and were not read, for there are too many: all are older than those that were.
    #[serde(skip_serializing_if = "is_none")]
    pub left: usize,
    /// Documents that did not come in under the topic asked for but answer its name as a query, as far as is known.
    #[serde(skip_serializing_if = "is_none")]
    pub beyond: usize,
}

/// A brief that read all that answers bears the id that it had before there was a bound.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over like this")]
fn is_none(documents: &usize) -> bool {
    *documents == 0
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            asked: Asked::All,
            language: Language::English,
            from: None,
            to: None,
            as_of: None,
            since: None,
            limit: 6,
            derived_by: Vec::new(),
            beside: Vec::new(),
            left: 0,
            beyond: 0,
        }
    }
}
