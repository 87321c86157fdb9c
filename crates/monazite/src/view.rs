//! Documents as the screens show them.

use anyhow::{Context as _, Result};
use api::record::{Document, Period, Record};
pub(crate) use brief::point;
use prost::{Message as _, Name as _};
use serde_json::{Value, json};

use crate::failure::{Failure, Kind};
use crate::grpc::{Client, Listed};

/// Shortest beginning of an id that may stand for it.
const SHORTEST_PREFIX: usize = 4;

/// A document with its name.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// Resource name.
    pub(crate) name: String,
    /// The body.
    pub(crate) document: Document,
}

impl View {
    /// Decodes a record.
    ///
    /// # Errors
    /// If its body is no document.
    pub(crate) fn new(record: &Record) -> Result<Self> {
        let document = Document::decode(record.body.clone())
            .with_context(|| format!("{} holds no readable document", record.name))?;
        Ok(Self { name: record.name.clone(), document })
    }

    /// The title; empty if there is none.
    pub(crate) fn title(&self) -> &str {
        self.document.text.get(..self.document.title_bytes as usize).unwrap_or_default()
    }

    /// The title, or the beginning of the text where there is none.
    pub(crate) fn heading(&self) -> &str {
        let title = self.title();
        if title.is_empty() { self.document.text.lines().next().unwrap_or_default() } else { title }
    }

    /// The source, or words for its absence.
    pub(crate) fn source(&self) -> &str {
        if self.document.source.is_empty() { "source not given" } else { &self.document.source }
    }

    /// When it was published, for people: `2025-07-13 16:09`.
    pub(crate) fn published(&self) -> String {
        self.document.published.as_ref().map(point).unwrap_or_default()
    }

    /// What programs want to know of it beside its text.
    pub(crate) fn json(&self) -> Value {
        let published = self.document.published.as_ref();
        json!({
            "name": self.name,
            "title": self.title(),
            "source": self.document.source,
            "url": self.document.url,
            "published": published.map(|p| p.start.as_str()),
            "published_precision": published.map(precision),
            "language": self.document.language,
            "truncated": self.document.truncated,
        })
    }
}

/// How exactly a period is known, in a word.
pub(crate) fn precision(period: &Period) -> String {
    period.precision().as_str_name().trim_start_matches("PRECISION_").to_ascii_lowercase()
}

/// An id shortened so that people can still tell records apart.
pub(crate) fn short(name: &str) -> &str {
    let id = name.rsplit('/').next().unwrap_or(name);
    id.get(..8).unwrap_or(id)
}

/// The full name that a user means: a name, or the beginning of the id of a document that there is as of a sequence (zero:
/// now).
///
/// # Errors
/// If nothing or more than one thing is meant.
pub(crate) async fn document_name(client: &Client, id: &str, at_sequence: i64) -> Result<String> {
    let given = id.strip_prefix("documents/").unwrap_or(id);
    if given.len() == 32 {
        return Ok(format!("documents/{given}"));
    }
    if given.len() < SHORTEST_PREFIX || !given.bytes().all(|b| b.is_ascii_hexdigit()) {
        let message = format!(
            "`{id}` is no document's name, nor the first {SHORTEST_PREFIX} or more digits of one; see `monazite documents`"
        );
        return Err(Failure::new(Kind::NotFound, message).into());
    }
    let mut found = Vec::new();
    let listed =
        Listed { kind: &Document::full_name(), fields: &["name"], at_sequence, ..Default::default() };
    client
        .each(listed, async |records| {
            found.extend(records.into_iter().map(|r| r.name).filter(|n| {
                n.strip_prefix("documents/").is_some_and(|n| n.starts_with(&given.to_ascii_lowercase()))
            }));
            Ok(found.len() < 2)
        })
        .await?;
    match found.as_slice() {
        [name] => Ok(name.clone()),
        [] => {
            Err(Failure::new(Kind::NotFound, format!("there is no document {id}; see `monazite documents`"))
                .into())
        }
        _ => Err(Failure::new(
            Kind::NotFound,
            format!(
                "more than one document starts with {id}: {} and others; give more digits",
                found.join(", ")
            ),
        )
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use api::record::Precision;

    use super::*;

    #[test]
    fn a_time_is_shown_as_exactly_as_it_is_known() {
        let period = |precision: Precision| Period {
            start: "2025-07-13T16:09:00+08:00".into(),
            end: String::new(),
            precision: precision.into(),
        };
        assert_eq!(point(&period(Precision::Minute)), "2025-07-13 16:09");
        assert_eq!(point(&period(Precision::Day)), "2025-07-13");
        assert_eq!(point(&period(Precision::Month)), "2025-07");
    }

    #[test]
    fn a_title_of_a_damaged_length_is_none() {
        let document = Document { text: "稀土".into(), title_bytes: 1, ..Default::default() };
        let view = View { name: "documents/x".into(), document };
        assert_eq!(view.title(), "");
        assert_eq!(view.heading(), "稀土");
    }
}
