//! Which groups a change touches, and what a group is called.

use std::sync::Arc;

use api::analysis::{Manifest, grouping};
use api::storage::{Change, ChangesResponse, Connection};

use crate::output::Limits;

/// Name of a group: a record's name (of a group by connection, its first member's), or `key=value`.
pub(crate) type GroupName = Arc<str>;

/// How an analyzer's inputs are put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// Each record alone.
    EachRecord,
    /// All records that share a value of this key.
    SharedKey(String),
    /// Records that are linked by shared values of a key. Which groups a change touches depends on what is linked with it,
    /// and is told by storage.
    Connection(Connection),
}

impl Grouping {
    /// The grouping that a manifest asks for; each record alone if it says nothing.
    pub(crate) fn of(manifest: &Manifest) -> Self {
        match manifest.grouping.as_ref().and_then(|grouping| grouping.grouping.as_ref()) {
            Some(grouping::Grouping::SharedKey(shared)) => Self::SharedKey(shared.key.clone()),
            Some(grouping::Grouping::Connection(connection)) => Self::Connection(Connection {
                key_name: connection.key.clone(),
                window_key: connection.window_key.clone(),
                window_days: connection.window_days,
                max_records: Limits::of(manifest).input_records,
            }),
            Some(grouping::Grouping::EachRecord(_)) | None => Self::EachRecord,
        }
    }

    /// Name of the key for storage's ReadGroups; empty where groups are named as records.
    pub(crate) fn key_name(&self) -> &str {
        match self {
            Self::EachRecord | Self::Connection(_) => "",
            Self::SharedKey(key) => key,
        }
    }

    /// The connection for storage's ReadGroups and Changes.
    pub(crate) fn connection(&self) -> Option<&Connection> {
        match self {
            Self::Connection(connection) => Some(connection),
            Self::EachRecord | Self::SharedKey(_) => None,
        }
    }

    /// What ReadGroups calls the group: the value without the key's name. `None` if the name is not one of this
    /// grouping, so that nothing can be in it.
    pub(crate) fn value<'a>(&self, group: &'a str) -> Option<&'a str> {
        match self {
            Self::EachRecord | Self::Connection(_) => Some(group),
            Self::SharedKey(key) => group.strip_prefix(key.as_str())?.strip_prefix('='),
        }
    }

    /// Calls `touch` with each group that a record of this name and these keys is in, or may be. A group by connection is
    /// found by asking for each of its members, of which storage answers for the first alone.
    pub(crate) fn of_record(&self, name: &str, keys: &[String], touch: &mut impl FnMut(&str)) {
        match self {
            Self::EachRecord => touch(name),
            Self::SharedKey(key) => keys.iter().filter(|pair| is_of(key, pair)).for_each(|pair| touch(pair)),
            Self::Connection(connection) => {
                if keys.iter().any(|pair| is_of(&connection.key_name, pair)) {
                    touch(name);
                }
            }
        }
    }

    /// Calls `touch` with each group that a part of the feed touches.
    pub(crate) fn touched(&self, part: &ChangesResponse, touch: &mut impl FnMut(&str)) {
        match self {
            Self::Connection(_) => part.touched_groups.iter().for_each(|group| touch(group)),
            Self::EachRecord | Self::SharedKey(_) => {
                part.changes.iter().for_each(|change| self.changed(change, touch));
            }
        }
    }

    /// Calls `touch` with each group that a change takes a record out of, leaves it in, or puts it into. A group that
    /// it was in and is in comes twice.
    fn changed(&self, change: &Change, touch: &mut impl FnMut(&str)) {
        if *self == Self::EachRecord {
            return touch(&change.name);
        }
        self.of_record(&change.name, &change.keys_before, touch);
        self.of_record(&change.name, &change.keys_after, touch);
    }
}

/// True if a key is one of this name.
fn is_of(name: &str, pair: &str) -> bool {
    pair.strip_prefix(name).is_some_and(|rest| rest.starts_with('='))
}

#[cfg(test)]
mod tests {
    use api::analysis::{self as proto, SharedKey};

    use super::*;

    fn touched(grouping: &Grouping, before: &[&str], after: &[&str]) -> Vec<String> {
        let strings = |keys: &[&str]| keys.iter().map(ToString::to_string).collect();
        let change = Change {
            name: "items/1".to_owned(),
            keys_before: strings(before),
            keys_after: strings(after),
            ..Change::default()
        };
        let mut groups = Vec::new();
        let part = ChangesResponse { changes: vec![change], ..ChangesResponse::default() };
        grouping.touched(&part, &mut |group| groups.push(group.to_owned()));
        groups.sort();
        groups.dedup();
        groups
    }

    #[test]
    fn a_changed_key_touches_the_old_group_and_the_new() {
        let shared = Grouping::SharedKey("word".to_owned());
        assert_eq!(touched(&shared, &["word=a", "words=b", "document=d"], &["word=c"]), ["word=a", "word=c"]);
        assert_eq!(touched(&shared, &[], &["word=a", "word=b"]), ["word=a", "word=b"]);
        assert_eq!(touched(&shared, &["word=a"], &[]), ["word=a"]);
        assert_eq!(touched(&Grouping::EachRecord, &["word=a"], &[]), ["items/1"]);
    }

    #[test]
    fn a_group_name_is_read_back_by_its_own_grouping_only() {
        let shared = Grouping::SharedKey("word".to_owned());
        assert_eq!(shared.value("word=a=b"), Some("a=b"));
        assert_eq!(shared.value("words=a"), None);
        assert_eq!(shared.value("items/1"), None);
        assert_eq!(Grouping::EachRecord.value("items/1"), Some("items/1"));
        let manifest = Manifest {
            grouping: Some(proto::Grouping {
                grouping: Some(grouping::Grouping::SharedKey(SharedKey { key: "word".to_owned() })),
            }),
            ..Manifest::default()
        };
        assert_eq!(Grouping::of(&manifest), shared);
    }

    #[test]
    fn groups_by_connection_are_told_by_storage_and_walked_by_their_members() {
        let connection =
            proto::Connection { key: "band".to_owned(), window_key: "at".to_owned(), window_days: 7 };
        let manifest = Manifest {
            grouping: Some(proto::Grouping { grouping: Some(grouping::Grouping::Connection(connection)) }),
            ..Manifest::default()
        };
        let grouping = Grouping::of(&manifest);
        let asked = grouping.connection().expect("a connection");
        assert_eq!((asked.window_days, asked.max_records), (7, Limits::of(&manifest).input_records));
        assert_eq!((grouping.key_name(), grouping.value("items/1")), ("", Some("items/1")));
        assert_eq!(touched(&grouping, &["band=a"], &["band=b"]), [""; 0]);
        let part =
            ChangesResponse { touched_groups: vec!["items/7".to_owned()], ..ChangesResponse::default() };
        let mut groups = Vec::new();
        grouping.touched(&part, &mut |group| groups.push(group.to_owned()));
        for keys in [["band=a", "band=b"], ["bands=a", "at=2025-07-13"]] {
            grouping
                .of_record("items/1", &keys.map(str::to_owned), &mut |group| groups.push(group.to_owned()));
        }
        assert_eq!(groups, ["items/7", "items/1"]);
    }
}
