//! Which groups a change touches, and what a group is called.

use std::sync::Arc;

use api::analysis::{Manifest, grouping};
use api::storage::Change;

/// Name of a group: a record's name, or `key=value`.
pub(crate) type GroupName = Arc<str>;

/// How an analyzer's inputs are put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// Each record alone.
    EachRecord,
    /// All records that share a value of this key.
    SharedKey(String),
}

impl Grouping {
    /// The grouping that a manifest asks for; each record alone if it says nothing.
    pub(crate) fn of(manifest: &Manifest) -> Self {
        match manifest.grouping.as_ref().and_then(|grouping| grouping.grouping.as_ref()) {
            Some(grouping::Grouping::SharedKey(shared)) => Self::SharedKey(shared.key.clone()),
            Some(grouping::Grouping::EachRecord(_)) | None => Self::EachRecord,
        }
    }

    /// Name of the key for storage's ReadGroups; empty for each record alone.
    pub(crate) fn key_name(&self) -> &str {
        match self {
            Self::EachRecord => "",
            Self::SharedKey(key) => key,
        }
    }

    /// What ReadGroups calls the group: the value without the key's name. `None` if the name is not one of this
    /// grouping, so that nothing can be in it.
    pub(crate) fn value<'a>(&self, group: &'a str) -> Option<&'a str> {
        match self {
            Self::EachRecord => Some(group),
            Self::SharedKey(key) => group.strip_prefix(key.as_str())?.strip_prefix('='),
        }
    }

    /// Calls `touch` with each group that a record of this name and these keys is in.
    pub(crate) fn of_record(&self, name: &str, keys: &[String], touch: &mut impl FnMut(&str)) {
        match self {
            Self::EachRecord => touch(name),
            Self::SharedKey(key) => {
                for pair in keys {
                    if pair.strip_prefix(key.as_str()).is_some_and(|rest| rest.starts_with('=')) {
                        touch(pair);
                    }
                }
            }
        }
    }

    /// Calls `touch` with each group that a change takes a record out of, leaves it in, or puts it into. A group that
    /// it was in and is in comes twice.
    pub(crate) fn touched(&self, change: &Change, touch: &mut impl FnMut(&str)) {
        match self {
            Self::EachRecord => touch(&change.name),
            Self::SharedKey(_) => {
                self.of_record(&change.name, &change.keys_before, touch);
                self.of_record(&change.name, &change.keys_after, touch);
            }
        }
    }
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
        grouping.touched(&change, &mut |group| groups.push(group.to_owned()));
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
}
