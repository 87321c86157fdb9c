//! What is kept of an entry to show a hit without another look at the index or the log.

use prost::Message;

use crate::entry::Entry;

/// What is kept of an entry for its hits, in one piece: columns are opened, and their dictionaries read, for each value that
/// is asked of them, which took most of the time of a question.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Shown {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) kind: String,
    #[prost(string, tag = "3")]
    pub(crate) source: String,
    #[prost(sint64, optional, tag = "4")]
    pub(crate) published: Option<i64>,
    #[prost(int64, tag = "5")]
    pub(crate) sequence: i64,
    #[prost(bytes = "vec", tag = "6")]
    pub(crate) card: Vec<u8>,
}

impl Shown {
    /// What is kept of an entry.
    pub(crate) fn of(entry: &Entry) -> Shown {
        Shown {
            name: entry.name.clone(),
            kind: entry.kind.clone(),
            source: entry.source.clone(),
            published: entry.published,
            sequence: entry.sequence,
            card: entry.card.clone(),
        }
    }
}
