//! What a request must keep to, whatever is stored.

use api::record::{Document, Layer, Record};
use api::storage::{CommitRequest, Derivation, Precondition, Replace, operation::Operation};
use bytes::Bytes;
use prost::{Message, Name};

use crate::config::limits;
use crate::error::{Error, Result};
use crate::pack;

/// A request whose form has been checked.
#[derive(Debug)]
pub(crate) struct Request {
    /// What is to be done, in order.
    pub(crate) operations: Vec<Step>,
    /// What must hold.
    pub(crate) preconditions: Vec<Precondition>,
    /// True for an import: an operation that is refused stops nothing else, and commits may be merged.
    pub(crate) import: bool,
}

/// One operation.
#[derive(Debug)]
pub(crate) enum Step {
    /// Writes a record.
    Put(Box<Draft>),
    /// Deletes a record.
    Delete(String),
    /// Swaps what an analyzer derived from a group.
    Replace(Box<Swap>),
}

/// A Replace.
#[derive(Debug)]
pub(crate) struct Swap {
    pub(crate) derivation: Derivation,
    pub(crate) records: Vec<Draft>,
    pub(crate) assignment: String,
    pub(crate) assignment_sequence: u64,
}

/// A record that is to be written, in the form in which it is stored.
#[derive(Debug)]
pub(crate) struct Draft {
    /// Keys sorted and without duplicates, output-only fields cleared.
    pub(crate) record: Record,
    pub(crate) encoded: Bytes,
    /// First 16 bytes of the BLAKE3 hash of `encoded`.
    pub(crate) hash: Bytes,
    /// The decoded body, of a Layer.
    pub(crate) layer: Option<Box<Layer>>,
}

impl Draft {
    /// Documents that it cites without being keyed by them.
    pub(crate) fn unkeyed_documents(&self) -> Vec<String> {
        pack::unkeyed(
            &self.record.keys,
            self.record.citations.iter().map(|citation| citation.document.as_str()),
        )
    }
}

/// The text of a Document, without decoding the rest of it.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Text {
    /// Its bytes; valid UTF-8, since that was checked when the document was written.
    #[prost(bytes = "bytes", tag = "4")]
    pub(crate) text: Bytes,
}

/// Checks the form of a commit.
pub(crate) fn commit(request: CommitRequest) -> Result<Request> {
    let count = request.operations.len();
    if count == 0 {
        return Err(Error::InvalidArgument { what: "operations", message: "must not be empty".to_owned() });
    }
    too_many("operations", count, limits::OPERATIONS)?;
    too_many("preconditions", request.preconditions.len(), limits::OPERATIONS)?;
    for precondition in &request.preconditions {
        name(&precondition.name)?;
        if precondition.condition.is_none() {
            let message = format!("on `{}` says nothing", precondition.name);
            return Err(Error::InvalidArgument { what: "precondition", message });
        }
    }
    let steps =
        request.operations.into_iter().enumerate().map(|(index, operation)| match operation.operation {
            Some(Operation::Put(put)) => {
                let record = put.record.ok_or_else(|| invalid(index, "", "record", "is missing"))?;
                Ok(Step::Put(Box::new(draft(index, record)?)))
            }
            Some(Operation::Delete(delete)) => {
                name(&delete.name)?;
                Ok(Step::Delete(delete.name))
            }
            Some(Operation::Replace(replace)) => Ok(Step::Replace(Box::new(swap(index, replace)?))),
            None => Err(invalid(index, "", "operation", "is missing")),
        });
    let operations = steps.collect::<Result<_>>()?;
    Ok(Request { operations, preconditions: request.preconditions, import: false })
}

fn swap(index: usize, replace: Replace) -> Result<Swap> {
    let derivation = replace.derivation.ok_or_else(|| invalid(index, "", "derivation", "is missing"))?;
    label(index, "analyzer", &derivation.analyzer, limits::LABEL_BYTES)?;
    label(index, "group", &derivation.group, limits::GROUP_BYTES)?;
    for (field, text) in [("version", &derivation.version), ("config_digest", &derivation.config_digest)] {
        if !text.is_empty() {
            label(index, field, text, limits::LABEL_BYTES)?;
        }
    }
    if derivation.input_hash.len() > limits::LABEL_BYTES {
        return Err(invalid(index, "", "input_hash", over(derivation.input_hash.len(), limits::LABEL_BYTES)));
    }
    if derivation.read_sequence < 0 {
        return Err(invalid(index, "", "read_sequence", "is negative"));
    }
    if !replace.assignment.is_empty() {
        name(&replace.assignment)?;
    }
    let assignment_sequence = u64::try_from(replace.assignment_sequence)
        .map_err(|_| invalid(index, "", "assignment_sequence", "is negative"))?;
    let records =
        replace.records.into_iter().map(|record| draft(index, record)).collect::<Result<Vec<_>>>()?;
    let mut names: Vec<&str> = records.iter().map(|draft| draft.record.name.as_str()).collect();
    names.sort_unstable();
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(invalid(index, pair[0], "name", "stands twice in one Replace"));
    }
    Ok(Swap { derivation, records, assignment: replace.assignment, assignment_sequence })
}

/// Checks the form of a record and brings it into the form in which it is stored.
pub(crate) fn draft(operation: usize, mut record: Record) -> Result<Draft> {
    let fail = |record: &Record, field, message: String| invalid(operation, &record.name, field, message);
    if let Err(message) = check_name(&record.name) {
        return Err(fail(&record, "name", message));
    }
    if let Err(message) = check_kind(&record.kind) {
        return Err(fail(&record, "kind", message));
    }
    if record.keys.len() > limits::KEYS {
        return Err(fail(
            &record,
            "keys",
            format!("are {}, where {} is the limit", record.keys.len(), limits::KEYS),
        ));
    }
    if let Some(message) = record.keys.iter().find_map(|key| check_key(key).err()) {
        return Err(fail(&record, "keys", message));
    }
    if record.citations.len() > limits::CITATIONS {
        let message = format!("are {}, where {} is the limit", record.citations.len(), limits::CITATIONS);
        return Err(fail(&record, "citations", message));
    }
    if let Some(message) = record.citations.iter().find_map(|citation| check_name(&citation.document).err()) {
        return Err(fail(&record, "citations", format!("name a document that {message}")));
    }
    record.keys.sort_unstable();
    record.keys.dedup();
    record.sequence = 0;
    record.commit_time = None;
    record.analyzer.clear();
    record.group.clear();
    let length = record.encoded_len();
    if length > limits::RECORD_BYTES {
        return Err(fail(
            &record,
            "body",
            format!("makes the record {}", over(length, limits::RECORD_BYTES)),
        ));
    }
    let layer = match check_body(&record) {
        Ok(layer) => layer,
        Err(message) => return Err(fail(&record, "body", message)),
    };
    let encoded = Bytes::from(record.encode_to_vec());
    let hash = Bytes::copy_from_slice(&blake3::hash(&encoded).as_bytes()[..16]);
    Ok(Draft { record, encoded, hash, layer })
}

fn check_body(record: &Record) -> Result<Option<Box<Layer>>, String> {
    if record.kind == Document::full_name() {
        let document =
            Document::decode(record.body.clone()).map_err(|error| format!("is no Document: {error}"))?;
        check_title(&document)?;
    } else if record.kind == Layer::full_name() {
        let layer = Layer::decode(record.body.clone()).map_err(|error| format!("is no Layer: {error}"))?;
        check_name(&layer.document).map_err(|message| format!("names a document that {message}"))?;
        return Ok(Some(Box::new(layer)));
    }
    Ok(None)
}

fn check_title(document: &Document) -> Result<(), String> {
    let title = document.title_bytes as usize;
    if !document.text.is_char_boundary(title) {
        return Err(format!("has a title of {title} bytes, which is beyond the text or within a character"));
    }
    match document.text.as_bytes().get(title) {
        Some(b'\n') | None => Ok(()),
        Some(_) if title == 0 => Ok(()),
        Some(_) => Err(format!("has a title of {title} bytes that no line feed follows")),
    }
}

/// Checks the name of a record in a request that reads.
pub(crate) fn name(name: &str) -> Result<()> {
    check_name(name).map_err(|message| Error::InvalidName { name: name.to_owned(), message })
}

fn check_name(name: &str) -> Result<(), String> {
    if name.len() > limits::NAME_BYTES {
        return Err(over(name.len(), limits::NAME_BYTES));
    }
    let Some((collection, id)) = name.split_once('/') else {
        return Err("is not of the form `collection/id`".to_owned());
    };
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if collection.is_empty() || !collection.bytes().all(lower) {
        return Err("has a collection that is not of lower-case letters, digits and hyphens".to_owned());
    }
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/') {
        return Err("has an id that is not of printable ASCII without spaces or slashes".to_owned());
    }
    Ok(())
}

fn check_kind(kind: &str) -> Result<(), String> {
    if kind.len() > limits::KIND_BYTES {
        return Err(over(kind.len(), limits::KIND_BYTES));
    }
    let part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if kind.split('.').all(part) {
        Ok(())
    } else {
        Err("is not the full name of a protobuf message".to_owned())
    }
}

/// Checks that a key is of the form `name=value`.
pub(crate) fn check_key(key: &str) -> Result<(), String> {
    if key.len() > limits::KEY_BYTES {
        return Err(format!("hold one {}", over(key.len(), limits::KEY_BYTES)));
    }
    let Some((name, value)) = key.split_once('=') else {
        return Err(format!("hold `{key}`, which is not of the form `name=value`"));
    };
    if check_key_name(name).is_err() || value.is_empty() || value.chars().any(char::is_control) {
        return Err(format!(
            "hold {key:?}: a name has letters, digits and `_-.`, a value no control characters"
        ));
    }
    Ok(())
}

/// Checks the name of a key.
pub(crate) fn check_key_name(name: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if name.is_empty() || name.len() > limits::KEY_BYTES || !name.bytes().all(allowed) {
        return Err(format!("`{name}` is no name of a key"));
    }
    Ok(())
}

fn label(operation: usize, field: &'static str, text: &str, limit: usize) -> Result<()> {
    check_label(text, limit).map_err(|message| invalid(operation, "", field, message))
}

/// Checks a name that is no resource name: of an analyzer, a group, a consumer.
pub(crate) fn check_label(text: &str, limit: usize) -> Result<(), String> {
    if text.len() > limit {
        return Err(over(text.len(), limit));
    }
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err("is empty or has control characters".to_owned());
    }
    Ok(())
}

/// Refuses more than `limit` items.
pub(crate) fn too_many(what: &'static str, count: usize, limit: usize) -> Result<()> {
    if count > limit { Err(Error::TooMany { what, count, limit }) } else { Ok(()) }
}

fn over(length: usize, limit: usize) -> String {
    format!("of {length} bytes, where {limit} is the limit")
}

fn invalid(operation: usize, record: &str, field: &'static str, message: impl Into<String>) -> Error {
    Error::InvalidRecord { operation, record: record.to_owned(), field, message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_to_their_form() {
        for good in ["documents/7f", "a-1/!~x"] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        let long = format!("documents/{}", "x".repeat(limits::NAME_BYTES));
        for bad in
            ["", "documents", "documents/", "/x", "Documents/x", "d/x y", "d/x/y", "d/é", "d/x\0", &long]
        {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        assert_eq!(check_name(&long[..limits::NAME_BYTES]), Ok(()));
    }

    #[test]
    fn keys_and_kinds_keep_to_their_form() {
        let longest = format!("k={}", "v".repeat(limits::KEY_BYTES - 2));
        for good in ["document=documents/7f", "fact=price|cu|LME@2025-W28", "topic=稀土", "a=b=c", &longest]
        {
            assert_eq!(check_key(good), Ok(()), "{good}");
        }
        let long = format!("{longest}v");
        for bad in ["", "a", "=a", "a=", "a b=c", "a=\0", "a=b\n", &long] {
            assert!(check_key(bad).is_err(), "{bad}");
        }
        assert_eq!(check_kind("monazite.record.v1.Document"), Ok(()));
        for bad in ["", ".", "a..b", "1a", "a b", "a."] {
            assert!(check_kind(bad).is_err(), "{bad}");
        }
    }

    fn record() -> Record {
        Record { name: "claims/a".to_owned(), kind: "example.Claim".to_owned(), ..Record::default() }
    }

    fn field(record: Record) -> Option<&'static str> {
        match draft(0, record) {
            Ok(_) => None,
            Err(Error::InvalidRecord { field, .. }) => Some(field),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn each_limit_of_a_record_is_checked() {
        assert_eq!(field(record()), None);
        let overhead = record().encoded_len() + 5;
        let body = |length| Record { body: vec![0; length].into(), ..record() };
        assert_eq!(field(body(limits::RECORD_BYTES - overhead)), None);
        assert_eq!(field(body(limits::RECORD_BYTES)), Some("body"));
        let keys = |count| Record { keys: (0..count).map(|i| format!("k={i}")).collect(), ..record() };
        assert_eq!(field(keys(limits::KEYS)), None);
        assert_eq!(field(keys(limits::KEYS + 1)), Some("keys"));
        let citation = api::record::Citation { document: "d/1".to_owned(), spans: Vec::new() };
        let citations = |count| Record { citations: vec![citation.clone(); count], ..record() };
        assert_eq!(field(citations(limits::CITATIONS)), None);
        assert_eq!(field(citations(limits::CITATIONS + 1)), Some("citations"));
    }

    #[test]
    fn a_document_needs_a_title_that_ends_at_a_line() {
        let document = |text: &str, title_bytes| Record {
            kind: Document::full_name(),
            body: Document { text: text.to_owned(), title_bytes, ..Document::default() }
                .encode_to_vec()
                .into(),
            ..record()
        };
        for (text, title) in [("铜价\n上涨", 6), ("铜价上涨", 0), ("铜价", 6), ("", 0)] {
            assert_eq!(field(document(text, title)), None, "{text} {title}");
        }
        for (text, title) in [("铜价\n上涨", 5), ("铜价上涨", 6), ("铜价", 7), ("", 1)] {
            assert_eq!(field(document(text, title)), Some("body"), "{text} {title}");
        }
        let damaged = Record { kind: Document::full_name(), body: Bytes::from_static(b"\xff"), ..record() };
        assert_eq!(field(damaged), Some("body"));
    }

    #[test]
    fn what_is_stored_has_sorted_keys_and_no_output_only_fields() -> Result<()> {
        let keys = ["b=2", "a=1", "b=2"].map(str::to_owned).to_vec();
        let given = Record { keys, sequence: 9, analyzer: "x".to_owned(), group: "g".to_owned(), ..record() };
        let expected = Record { keys: vec!["a=1".to_owned(), "b=2".to_owned()], ..record() };
        assert_eq!(draft(0, given)?.record, expected);
        Ok(())
    }
}
