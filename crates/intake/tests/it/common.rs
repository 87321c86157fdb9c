//! Reading for tests, with the rules that everything yielded obeys.

use api::record::{Document, Record, TopicMembership};
use intake::{Entry, Item, MAX_RECORD_BYTES, Options, Refusal, Skip, Source, Tally};
use prost::{Message as _, Name as _};

/// All that a source yields, sorted by kind.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) entries: Vec<Entry>,
    pub(crate) documents: Vec<Document>,
    pub(crate) memberships: Vec<Record>,
    pub(crate) refused: Vec<Refusal>,
    pub(crate) skipped: Vec<Skip>,
    pub(crate) notices: Vec<String>,
    pub(crate) tally: Tally,
}

impl Found {
    /// The only refusal.
    pub(crate) fn refusal(&self) -> &Refusal {
        assert_eq!(self.refused.len(), 1, "{:?}", self.refused);
        &self.refused[0]
    }
}

/// Reads bytes under a name.
pub(crate) fn read(name: &str, bytes: impl Into<Vec<u8>>) -> Found {
    read_with(Source::bytes(name, bytes), &Options::default())
}

/// Reads a source and checks every record.
pub(crate) fn read_with(source: Source, options: &Options) -> Found {
    let mut found = Found::default();
    for item in intake::read(source, options) {
        found.tally.add(&item);
        match item {
            Item::Document(entry) => {
                found.documents.push(check_document(&entry));
                found.entries.push(entry);
            }
            Item::Membership(record) => {
                check_membership(&record);
                found.memberships.push(record);
            }
            Item::Refused(refusal) => {
                assert!(!refusal.what.is_empty(), "{refusal:?}");
                assert!(!refusal.to_string().contains('\0'), "{refusal:?}");
                found.refused.push(refusal);
            }
            Item::Skipped(skip) => found.skipped.push(skip),
            Item::Notice(notice) => found.notices.push(notice.to_string()),
        }
    }
    found
}

/// The rules of `record.proto` and `document.proto`.
fn check_document(entry: &Entry) -> Document {
    let record = &entry.record;
    assert!(record.encoded_len() <= MAX_RECORD_BYTES);
    assert_eq!(record.kind, Document::full_name());
    assert_eq!(record.keys, [format!("document={}", record.name)]);
    assert!(is_name(&record.name, "documents/"), "{}", record.name);
    let document = Document::decode(record.body.clone()).unwrap_or_default();
    assert_eq!(document.encode_to_vec(), record.body, "the body is a document");
    assert_eq!(intake::document_name(&document), record.name);
    assert!(!document.text.trim().is_empty());
    assert!(!document.text.contains('\0'));
    let title = &document.text[..document.title_bytes as usize];
    assert_eq!(title, entry.title);
    assert!(!title.contains('\n'));
    if !title.is_empty() {
        assert_eq!(document.text.as_bytes()[title.len()], b'\n');
    }
    assert!(["zh", "en", "und"].contains(&document.language.as_str()));
    if let Some(period) = &document.published {
        assert!(
            !period.start.is_empty() && period.start < period.end || period.start.contains('T'),
            "{period:?}"
        );
        assert_ne!(period.precision, 0);
    }
    document
}

fn check_membership(record: &Record) {
    let membership = TopicMembership::decode(record.body.clone()).unwrap_or_default();
    assert_eq!(record.kind, TopicMembership::full_name());
    assert!(is_name(&record.name, "memberships/"), "{}", record.name);
    let keys = [format!("document={}", membership.document), format!("topic={}", membership.topic)];
    assert_eq!(record.keys, keys);
    assert!(record.keys.is_sorted() && record.keys.iter().all(|key| key.len() <= 512));
}

fn is_name(name: &str, collection: &str) -> bool {
    let id = name.strip_prefix(collection).unwrap_or_default();
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}
