//! One query of what a user wrote and the filters beside it.

use std::ops::Range;

use anyhow::Result;

use crate::cli::Filters;
use crate::failure::{Failure, Kind};

/// Kinds of record that can be found, by the words for them.
pub(crate) const KINDS: [&str; 5] = ["document", "claim", "digest", "story", "finding"];

/// Marks between which a value may stand, and what it may not hold between them.
const QUOTES: [(&str, &[char], &str); 4] =
    [("\"", &['"', '“', '”', '＂'], "\""), ("「", &['」'], "」"), ("『", &['』'], "』"), ("«", &['»'], "»")];

/// A query with its filters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Composed {
    /// The whole of it.
    pub(crate) query: String,
    /// Where what the user wrote stands in it.
    pub(crate) written: Range<usize>,
    /// Where each filter stands in it, and how it was given.
    pub(crate) filters: Vec<(Range<usize>, String)>,
}

impl Composed {
    /// The query of a user's words and filters. Only documents are asked for, unless the words or filters name kinds.
    ///
    /// # Errors
    /// If a filter has a value that none can have.
    pub(crate) fn new(words: &str, filters: &Filters) -> Result<Self> {
        let mut composed = Self::default();
        composed.add_words(words);
        let values: [(&str, &str, &[String]); 7] = [
            ("source", "source", &filters.source),
            ("language", "language", &filters.language),
            ("topic", "topic", &filters.topic),
            ("entity", "entity", &filters.entity),
            ("commodity", "commodity", &filters.commodity),
            ("country", "country", &filters.country),
            ("measure", "measure", &filters.measure),
        ];
        for (option, field, values) in values {
            composed.add_values(option, field, values)?;
        }
        for (option, sign, date) in [("from", ">=", &filters.from), ("to", "<=", &filters.to)] {
            if let Some(date) = date {
                let text = format!("published:{sign}{}", bare_date(option, date)?);
                composed.add(&text, format!("--{option} {date}"));
            }
        }
        let kinds = kinds(&filters.kind, words)?;
        if !kinds.is_empty() {
            let given = match filters.kind.as_slice() {
                [] => String::new(),
                given => format!("--kind {}", given.join(" --kind ")),
            };
            composed.add(&one_of("kind", &kinds), given);
        }
        Ok(composed)
    }

    /// The same without one of its filters.
    pub(crate) fn without(&self, filter: usize) -> String {
        let parts = self.filters.iter().enumerate().filter(|(index, _)| *index != filter);
        let parts = parts.map(|(_, (bytes, _))| &self.query[bytes.clone()]);
        let words = &self.query[self.written.clone()];
        let words = (!words.trim().is_empty()).then(|| format!("({words})"));
        words.as_deref().into_iter().chain(parts).collect::<Vec<_>>().join(" AND ")
    }

    /// The same with other words, which must be well-formed.
    pub(crate) fn with_words(&self, words: &str) -> String {
        let parts = self.filters.iter().map(|(bytes, _)| &self.query[bytes.clone()]);
        let words = format!("({words})");
        std::iter::once(words.as_str()).chain(parts).collect::<Vec<_>>().join(" AND ")
    }

    fn add_words(&mut self, words: &str) {
        self.query.push_str(words);
        self.written = 0..words.len();
    }

    fn add_values(&mut self, option: &str, field: &str, values: &[String]) -> Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        let quoted: Vec<String> = values.iter().map(|v| quoted(option, v)).collect::<Result<_>>()?;
        let given: Vec<String> = values.iter().map(|value| format!("--{option} {value}")).collect();
        self.add(&one_of(field, &quoted), given.join(" "));
        Ok(())
    }

    fn add(&mut self, text: &str, given: String) {
        if self.filters.is_empty() && !self.query.trim().is_empty() {
            // What was written may hold an OR, which must not reach the filters.
            self.query = format!("({})", self.query);
            self.written = self.written.start + 1..self.written.end + 1;
        }
        if !self.query.trim().is_empty() {
            self.query.push_str(" AND ");
        }
        let start = self.query.len();
        self.query.push_str(text);
        self.filters.push((start..self.query.len(), given));
    }
}

fn one_of(field: &str, values: &[String]) -> String {
    match values {
        [value] => format!("{field}:{value}"),
        values => format!("{field}:({})", values.join(" OR ")),
    }
}

/// A value between marks that do not occur in it.
fn quoted(option: &str, value: &str) -> Result<String> {
    if value.trim().is_empty() {
        return Err(Failure::new(Kind::Usage, format!("--{option} has an empty value")).into());
    }
    let marks = QUOTES.iter().find(|(_, not, _)| !value.contains(*not));
    let Some((open, _, close)) = marks else {
        let message = format!("--{option} has quotation marks of all kinds in it; leave them out");
        return Err(Failure::new(Kind::Usage, message).into());
    };
    Ok(format!("{open}{value}{close}"))
}

/// A date as the query language takes it; whether it is one, the service knows.
fn bare_date<'a>(option: &str, date: &'a str) -> Result<&'a str> {
    let date = date.trim();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':');
    if date.is_empty() || !date.chars().all(fits) {
        let message = format!(
            "--{option} {date:?} is no date; give one such as 2025, 2025-H1, 2025-Q3, 2025-07, 2025-W28, 2025-07-13 or \
             2025-07-13T16"
        );
        return Err(Failure::new(Kind::Usage, message).into());
    }
    Ok(date)
}

/// Kinds to ask for, quoted; none for all.
fn kinds(given: &[String], words: &str) -> Result<Vec<String>> {
    if given.is_empty() {
        let lower = words.to_lowercase();
        let names_kind = lower.contains("kind:") || lower.contains("kind：");
        return Ok(if names_kind { Vec::new() } else { vec!["document".to_owned()] });
    }
    if given.iter().any(|kind| kind == "all") {
        return Ok(Vec::new());
    }
    given.iter().map(|kind| quoted("kind", kind_name(kind)?)).collect()
}

/// A kind by its word, or by its full name.
///
/// # Errors
/// If it is neither.
pub(crate) fn kind_name(kind: &str) -> Result<&str> {
    if KINDS.contains(&kind) || kind.contains('.') {
        return Ok(kind);
    }
    let message =
        format!("`{kind}` is no kind that can be found; there are {}, or a full name", KINDS.join(", "));
    Err(Failure::new(Kind::Usage, message).into())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]
    use super::*;

    fn filters(fill: impl FnOnce(&mut Filters)) -> Filters {
        let mut filters = Filters::default();
        fill(&mut filters);
        filters
    }

    #[test]
    fn filters_become_fields() {
        let composed = |words: &str, fill: fn(&mut Filters)| {
            let composed = Composed::new(words, &filters(fill)).unwrap();
            assert_eq!(&composed.query[composed.written.clone()], words);
            composed.query
        };
        assert_eq!(composed("稀土", |_| {}), "(稀土) AND kind:document");
        assert_eq!(composed("", |_| {}), "kind:document");
        assert_eq!(composed("a OR b", |f| f.kind = vec!["all".into()]), "a OR b");
        assert_eq!(composed("锑 Kind:claim", |_| {}), "锑 Kind:claim");
        assert_eq!(
            composed("锑", |f| {
                f.source = vec!["SMM".into(), "Financial \"Times\"".into()];
                f.from = Some("2025-07".into());
                f.to = Some("2025-W40".into());
                f.kind = vec!["claim".into(), "monazite.record.v1.Digest".into()];
            }),
            "(锑) AND source:(\"SMM\" OR 「Financial \"Times\"」) AND published:>=2025-07 AND published:<=2025-W40 AND \
             kind:(\"claim\" OR \"monazite.record.v1.Digest\")"
        );
    }

    #[test]
    fn each_filter_can_be_left_out() {
        let filters = filters(|f| {
            f.source = vec!["SMM".into()];
            f.topic = vec!["稀土".into()];
        });
        let composed = Composed::new("锑", &filters).unwrap();
        let given: Vec<&str> = composed.filters.iter().map(|(_, given)| given.as_str()).collect();
        assert_eq!(given, ["--source SMM", "--topic 稀土", ""]);
        assert_eq!(composed.without(0), "(锑) AND topic:\"稀土\" AND kind:document");
        assert_eq!(composed.with_words("镓"), "(镓) AND source:\"SMM\" AND topic:\"稀土\" AND kind:document");
    }

    #[test]
    fn a_value_cannot_break_out_of_its_filter() {
        let refused = |fill: fn(&mut Filters)| {
            Composed::new("锑", &filters(fill)).err().map(|error| error.to_string()).unwrap_or_default()
        };
        assert!(refused(|f| f.from = Some("2025) OR (x".into())).contains("is no date"));
        assert!(refused(|f| f.source = vec!["\"」』»".into()]).contains("quotation marks"));
        assert!(refused(|f| f.source = vec![" ".into()]).contains("empty"));
        assert!(refused(|f| f.kind = vec!["claims".into()]).contains("there are document, claim"));
        let escape = filters(|f| f.source = vec!["x\" OR kind:\"claim".into()]);
        let composed = Composed::new("", &escape).unwrap();
        assert_eq!(composed.query, "source:「x\" OR kind:\"claim」 AND kind:document");
    }
}
