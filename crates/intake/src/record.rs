//! Documents and memberships as records: names, keys, limits.

use api::record::{Document, Record, TopicMembership};
use prost::{Message as _, Name as _};

/// Name of a document, `documents/{id}`: the id is the first 32 hexadecimal digits of the BLAKE3 hash of source, url
/// (else title), published time and text. Language and the mark of truncation follow from the text.
///
/// Each field is hashed as its length (eight bytes, little endian) and its bytes, so that no two documents share
/// one hashed string; a letter tells a url from a title.
pub fn document_name(document: &Document) -> String {
    let mut hash = Fields::new("monazite.document.v1");
    hash.field(&document.source);
    if document.url.is_empty() {
        hash.field("t").field(title(document));
    } else {
        hash.field("u").field(&document.url);
    }
    match &document.published {
        Some(period) => {
            hash.field(&period.start).field(&period.end).field(&period.precision.to_string());
        }
        None => {
            hash.field("").field("").field("");
        }
    }
    hash.field(&document.text);
    format!("documents/{}", hash.id())
}

/// The record of a document, keyed `document={name}`.
pub fn document_record(document: &Document) -> Record {
    let name = document_name(document);
    Record {
        keys: vec![format!("document={name}")],
        name,
        kind: Document::full_name(),
        body: document.encode_to_vec().into(),
        ..Record::default()
    }
}

/// The record that puts the document of this name under a topic: `memberships/{id}`, keyed `document={name}` and
/// `topic={topic}`.
pub fn membership_record(document: &str, topic: &str) -> Record {
    let body = TopicMembership { document: document.to_owned(), topic: topic.to_owned() };
    let mut hash = Fields::new("monazite.membership.v1");
    hash.field(document).field(topic);
    Record {
        name: format!("memberships/{}", hash.id()),
        kind: TopicMembership::full_name(),
        body: body.encode_to_vec().into(),
        keys: vec![format!("document={document}"), format!("topic={topic}")],
        ..Record::default()
    }
}

/// The title of a document.
fn title(document: &Document) -> &str {
    document.text.get(..document.title_bytes as usize).unwrap_or_default()
}

/// Hashes fields so that their borders cannot move.
struct Fields(blake3::Hasher);

impl Fields {
    fn new(domain: &str) -> Self {
        let mut fields = Self(blake3::Hasher::new());
        fields.field(domain);
        fields
    }

    fn field(&mut self, value: &str) -> &mut Self {
        self.0.update(&(value.len() as u64).to_le_bytes());
        self.0.update(value.as_bytes());
        self
    }

    fn id(&self) -> String {
        let mut hex = self.0.finalize().to_hex().to_string();
        hex.truncate(32);
        hex
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::record::Period;

    fn sample() -> Document {
        Document {
            source: "House News".to_owned(),
            url: String::new(),
            title_bytes: 2,
            text: "铜\nLME".to_owned(),
            published: Some(Period { start: "2025-07-13".into(), end: "2025-07-14".into(), precision: 4 }),
            ..Document::default()
        }
    }

    /// The name is a promise to every store that exists: it must never change.
    #[test]
    fn the_name_is_pinned() {
        let mut document = sample();
        document.title_bytes = 3;
        assert_eq!(document_name(&document), "documents/a04ec07c6b47d57a7f8164512108f581");
        assert_eq!(
            membership_record("documents/1", "稀土").name,
            "memberships/957d29f95c52142df251324ad40bc264"
        );
    }

    #[test]
    fn each_named_field_counts_and_no_other() {
        let base = Document { title_bytes: 3, ..sample() };
        let name = document_name(&base);
        let changes: [fn(&mut Document); 6] = [
            |d| d.source = "House New".to_owned(),
            |d| d.url = "https://example.org/1".to_owned(),
            |d| d.title_bytes = 0,
            |d| d.text.push('.'),
            |d| d.published = None,
            |d| d.published = Some(Period { precision: 3, ..d.published.clone().unwrap_or_default() }),
        ];
        for change in changes {
            let mut other = base.clone();
            change(&mut other);
            assert_ne!(document_name(&other), name, "{other:?}");
        }
        let marked = Document { language: "en".to_owned(), truncated: true, ..base };
        assert_eq!(document_name(&marked), name);
    }

    #[test]
    fn a_url_that_equals_a_title_is_another_document() {
        let with_title = Document { text: "x\ny".to_owned(), title_bytes: 1, ..Document::default() };
        let with_url = Document { url: "x".to_owned(), ..with_title.clone() };
        assert_ne!(document_name(&with_title), document_name(&with_url));
    }
}
