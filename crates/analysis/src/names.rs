//! Names and envelopes of the records that the analysis service keeps in storage.

use api::analysis::{Assignment, Cursor, Failure, Pending};
use api::record::Record;
use prost::{Message, Name};

/// The longest key of a record, in bytes (record.proto).
const MAX_KEY: usize = 512;

/// Name of an analyzer's assignment.
pub(crate) fn assignment(analyzer: &str) -> String {
    format!("assignments/{analyzer}")
}

/// Name of an analyzer's cursor.
pub(crate) fn cursor(analyzer: &str) -> String {
    format!("cursors/{analyzer}")
}

/// Name of a group's failure.
pub(crate) fn failure(analyzer: &str, group: &str) -> String {
    format!("failures/{}", id(analyzer, group))
}

/// Name of a group's pending record.
pub(crate) fn pending(analyzer: &str, group: &str) -> String {
    format!("pending/{}", id(analyzer, group))
}

/// The first 32 hexadecimal digits of the BLAKE3 hash of analyzer, a zero byte, and group.
fn id(analyzer: &str, group: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(analyzer.as_bytes()).update(&[0]).update(group.as_bytes());
    let mut id = hasher.finalize().to_hex().to_string();
    id.truncate(32);
    id
}

/// The key by which all records of one analyzer are found.
pub(crate) fn analyzer_key(analyzer: &str) -> String {
    format!("analyzer={analyzer}")
}

fn record<T: Message + Name>(name: String, analyzer: &str, group: Option<&str>, body: &T) -> Record {
    let mut keys = vec![analyzer_key(analyzer)];
    // A group's name may be as long as a key, and then does not fit into one; the body has it in any case.
    keys.extend(group.map(|group| format!("group={group}")).filter(|key| key.len() <= MAX_KEY));
    Record { name, kind: T::full_name(), body: body.encode_to_vec().into(), keys, ..Record::default() }
}

/// The record of an assignment.
pub(crate) fn assignment_record(body: &Assignment) -> Record {
    record(assignment(&body.analyzer), &body.analyzer, None, body)
}

/// The record of a cursor.
pub(crate) fn cursor_record(body: &Cursor) -> Record {
    record(cursor(&body.analyzer), &body.analyzer, None, body)
}

/// The record of a failure.
pub(crate) fn failure_record(body: &Failure) -> Record {
    record(failure(&body.analyzer, &body.group), &body.analyzer, Some(&body.group), body)
}

/// The record of a group that waits.
pub(crate) fn pending_record(body: &Pending) -> Record {
    record(pending(&body.analyzer, &body.group), &body.analyzer, Some(&body.group), body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_has_one_name_for_each_analyzer_and_a_key_only_if_it_fits() {
        assert_ne!(failure("ab", "c"), failure("a", "bc"));
        assert_eq!(failure("a", "b"), failure("a", "b"));
        let body = |group: String| Failure { analyzer: "a".to_owned(), group, ..Failure::default() };
        assert_eq!(failure_record(&body("word=x".to_owned())).keys, ["analyzer=a", "group=word=x"]);
        assert_eq!(failure_record(&body("g".repeat(507))).keys, ["analyzer=a"]);
    }
}
