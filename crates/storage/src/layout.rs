//! How the log lies in the key-value store. Stored format 1.
//!
//! Numbers in keys are big-endian, so that rows sort as their numbers do; `!` is the bitwise complement, so that
//! they sort the other way. Values other than packs are protobuf messages. A *locator* is (sequence, pack, index):
//! the place of one revision.
//!
//! | key | value |
//! |---|---|
//! | `m` `format` / `head` / `horizon` / `restoring` | meta: format version, [`HeadRow`], [`HorizonRow`], a mark |
//! | `i` table, id | a string that stands elsewhere as its id: kinds, analyzers, provenances |
//! | `q` kind id | how many live records of the kind there are |
//! | `u` consumer | how far a named reader of the feed has come |
//! | `b` sequence, pack, chunk | a pack: records encoded and compressed together, in chunks of 4096 bytes |
//! | `n` name | [`NameRow`]: the latest revision of a name, or its tombstone |
//! | `h` name, 0, !sequence | earlier [`NameRow`]s |
//! | `t` kind id, locator | [`IndexRow`]: revisions of a kind in the order of their commits |
//! | `k` key, 0, locator | [`IndexRow`]: revisions that carry a key |
//! | `x` document, 0, locator | [`IndexRow`]: revisions that cite a document and do not carry `document={document}` |
//! | `c` sequence, chunk | [`CommitRow`]: what a commit changed |
//! | `d` analyzer id, group | [`DerivationRow`]: what a group was last derived from |
//! | `e` analyzer id, group, 0, !sequence | earlier derivations, kept only while a backup needs them |
//! | `g` sequence, pack | bitmap of the records of a pack that compaction has forgotten |
//!
//! A reader as of sequence S takes a [`NameRow`] whose sequence is at most S, and an index row whose locator is at
//! most S and which is not superseded at or below S. Rows only gain a `superseded` mark, so that a scan need not
//! be from one moment.

use bytes::{BufMut, Bytes, BytesMut};

/// The stored format that this version writes.
pub(crate) const FORMAT: u32 = 1;

/// Key of the format version.
pub(crate) const FORMAT_KEY: Bytes = Bytes::from_static(b"mformat");
/// Key of the head.
pub(crate) const HEAD_KEY: Bytes = Bytes::from_static(b"mhead");
/// Key of the compaction horizon.
pub(crate) const HORIZON_KEY: Bytes = Bytes::from_static(b"mhorizon");
/// Key of the mark that a restore is going on, or was cut off.
pub(crate) const RESTORING_KEY: Bytes = Bytes::from_static(b"mrestoring");

/// The place of one revision of a record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Message)]
pub(crate) struct Locator {
    /// Sequence of its commit.
    #[prost(uint64, tag = "1")]
    pub(crate) sequence: u64,
    /// Number of its pack within the commit.
    #[prost(uint32, tag = "2")]
    pub(crate) pack: u32,
    /// Index within the pack.
    #[prost(uint32, tag = "3")]
    pub(crate) index: u32,
}

/// Bytes that a locator takes in a key.
pub(crate) const LOCATOR_BYTES: usize = 16;

impl Locator {
    /// The pack in which it lies.
    pub(crate) fn pack_id(self) -> PackId {
        (self.sequence, self.pack)
    }

    /// Reads the locator at the end of an index key.
    pub(crate) fn of_key(key: &[u8]) -> Option<Self> {
        let (_, tail) = key.split_at_checked(key.len().checked_sub(LOCATOR_BYTES)?)?;
        Some(Self {
            sequence: u64::from_be_bytes(tail[..8].try_into().ok()?),
            pack: u32::from_be_bytes(tail[8..12].try_into().ok()?),
            index: u32::from_be_bytes(tail[12..].try_into().ok()?),
        })
    }

    fn put(self, key: &mut BytesMut) {
        key.put_u64(self.sequence);
        key.put_u32(self.pack);
        key.put_u32(self.index);
    }
}

/// Names a pack: sequence of the commit and number within it.
pub(crate) type PackId = (u64, u32);

/// The head of the log; every batch checks it, so that the sequence is assigned inside the commit.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct HeadRow {
    /// Sequence of the latest commit.
    #[prost(uint64, tag = "1")]
    pub(crate) head: u64,
    /// Time of the latest commit.
    #[prost(message, optional, tag = "2")]
    pub(crate) time: Option<prost_types::Timestamp>,
}

/// How far compaction has come.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct HorizonRow {
    /// Reads as of a lower sequence are refused.
    #[prost(uint64, tag = "1")]
    pub(crate) horizon: u64,
    /// Everything superseded up to here is gone.
    #[prost(uint64, tag = "2")]
    pub(crate) swept: u64,
}

/// One revision of a name.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct NameRow {
    /// Sequence of the commit that wrote or deleted it.
    #[prost(uint64, tag = "1")]
    pub(crate) sequence: u64,
    /// Pack in which it lies.
    #[prost(uint32, tag = "2")]
    pub(crate) pack: u32,
    /// Index within the pack.
    #[prost(uint32, tag = "3")]
    pub(crate) index: u32,
    /// Id of its kind.
    #[prost(uint32, tag = "4")]
    pub(crate) kind: u32,
    /// Id of its analyzer; zero: put by a client.
    #[prost(uint32, tag = "5")]
    pub(crate) analyzer: u32,
    /// First 16 bytes of the BLAKE3 hash of the encoded record.
    #[prost(bytes = "bytes", tag = "6")]
    pub(crate) hash: Bytes,
    /// True for a tombstone, which has only a sequence.
    #[prost(bool, tag = "7")]
    pub(crate) deleted: bool,
}

impl NameRow {
    /// Where the revision lies.
    pub(crate) fn locator(&self) -> Locator {
        Locator { sequence: self.sequence, pack: self.pack, index: self.index }
    }
}

/// A row of an index.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct IndexRow {
    /// Id of the revision's kind; zero in the index by kind, where the key says it.
    #[prost(uint32, tag = "1")]
    pub(crate) kind: u32,
    /// Sequence at which the revision was replaced or deleted; zero: it is live.
    #[prost(uint64, tag = "2")]
    pub(crate) superseded: u64,
}

/// What a commit changed.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct CommitRow {
    /// Its time.
    #[prost(message, optional, tag = "1")]
    pub(crate) time: Option<prost_types::Timestamp>,
    /// One for each record written or deleted.
    #[prost(message, repeated, tag = "2")]
    pub(crate) changes: Vec<ChangeRow>,
    /// Derivations that were withdrawn: compaction drops them.
    #[prost(message, repeated, tag = "3")]
    pub(crate) withdrawn: Vec<GroupRow>,
}

/// What a commit did to one record. Names and keys stand in the packs.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct ChangeRow {
    /// Pack of the new revision within the commit.
    #[prost(uint32, tag = "1")]
    pub(crate) pack: u32,
    /// Index of the new revision within the pack.
    #[prost(uint32, tag = "2")]
    pub(crate) index: u32,
    /// Id of the kind, before if deleted, else after.
    #[prost(uint32, tag = "3")]
    pub(crate) kind: u32,
    /// Id of the analyzer.
    #[prost(uint32, tag = "4")]
    pub(crate) analyzer: u32,
    /// The revision before; absent if the record is new.
    #[prost(message, optional, tag = "5")]
    pub(crate) previous: Option<Locator>,
    /// Id of the kind before; zero if it is the same.
    #[prost(uint32, tag = "6")]
    pub(crate) previous_kind: u32,
    /// True if the record is gone.
    #[prost(bool, tag = "7")]
    pub(crate) deleted: bool,
    /// Sequence of the tombstone that the record follows; zero: none.
    #[prost(uint64, tag = "8")]
    pub(crate) tombstone: u64,
}

/// Names a derivation.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct GroupRow {
    /// Id of the analyzer.
    #[prost(uint32, tag = "1")]
    pub(crate) analyzer: u32,
    /// The group.
    #[prost(string, tag = "2")]
    pub(crate) group: String,
}

/// What a group was last derived from.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct DerivationRow {
    /// Sequence of the commit that last changed it.
    #[prost(uint64, tag = "1")]
    pub(crate) sequence: u64,
    /// Id of version and config digest.
    #[prost(uint32, tag = "2")]
    pub(crate) provenance: u32,
    /// Sequence at which the inputs were read.
    #[prost(uint64, tag = "3")]
    pub(crate) read_sequence: u64,
    /// How many inputs there were.
    #[prost(uint32, tag = "4")]
    pub(crate) input_count: u32,
    /// Hash of the inputs.
    #[prost(bytes = "bytes", tag = "5")]
    pub(crate) input_hash: Bytes,
    /// Where its records lie.
    #[prost(message, repeated, tag = "6")]
    pub(crate) parts: Vec<PartRow>,
}

impl DerivationRow {
    /// Where its records lie, one by one.
    pub(crate) fn locators(&self) -> impl Iterator<Item = Locator> + '_ {
        self.parts.iter().flat_map(|part| {
            part.indexes.iter().map(|&index| Locator { sequence: part.sequence, pack: part.pack, index })
        })
    }

    /// True for a group that is gone: the row stays until compaction, so that a late Replace is refused.
    pub(crate) fn withdrawn(&self) -> bool {
        self.parts.is_empty() && self.input_count == 0
    }
}

/// Records of a derivation that lie in one pack.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct PartRow {
    /// Sequence of the pack.
    #[prost(uint64, tag = "1")]
    pub(crate) sequence: u64,
    /// Number of the pack.
    #[prost(uint32, tag = "2")]
    pub(crate) pack: u32,
    /// Indexes within the pack.
    #[prost(uint32, repeated, tag = "3")]
    pub(crate) indexes: Vec<u32>,
}

/// How far a named consumer has come.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct ConsumerRow {
    /// The last sequence that it was sent.
    #[prost(uint64, tag = "1")]
    pub(crate) sequence: u64,
}

/// A table of interned strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// Kinds of record.
    Kinds,
    /// Names of analyzers.
    Analyzers,
    /// Version and config digest of an analyzer, joined by a zero byte.
    Provenances,
}

impl Table {
    /// All tables.
    pub(crate) const ALL: [Self; 3] = [Self::Kinds, Self::Analyzers, Self::Provenances];

    fn letter(self) -> u8 {
        match self {
            Self::Kinds => b'k',
            Self::Analyzers => b'a',
            Self::Provenances => b'v',
        }
    }
}

fn key(capacity: usize, build: impl FnOnce(&mut BytesMut)) -> Bytes {
    let mut key = BytesMut::with_capacity(capacity);
    build(&mut key);
    key.freeze()
}

/// All rows of an intern table.
pub(crate) fn intern_prefix(table: Table) -> [u8; 2] {
    [b'i', table.letter()]
}

/// An interned string.
pub(crate) fn intern_key(table: Table, id: u32) -> Bytes {
    key(6, |key| {
        key.put_slice(&intern_prefix(table));
        key.put_u32(id);
    })
}

/// The count of a kind.
pub(crate) fn count_key(kind: u32) -> Bytes {
    key(5, |key| {
        key.put_u8(b'q');
        key.put_u32(kind);
    })
}

/// A consumer.
pub(crate) fn consumer_key(name: &str) -> Bytes {
    key(1 + name.len(), |key| {
        key.put_u8(b'u');
        key.put_slice(name.as_bytes());
    })
}

/// The first bytes of all chunks of a pack.
pub(crate) fn pack_prefix((sequence, pack): PackId) -> Bytes {
    key(13, |key| {
        key.put_u8(b'b');
        key.put_u64(sequence);
        key.put_u32(pack);
    })
}

/// A chunk of a pack.
pub(crate) fn chunk_key((sequence, pack): PackId, chunk: u16) -> Bytes {
    key(15, |key| {
        key.put_u8(b'b');
        key.put_u64(sequence);
        key.put_u32(pack);
        key.put_u16(chunk);
    })
}

/// Reads the key of a chunk.
pub(crate) fn parse_chunk_key(key: &[u8]) -> Option<(PackId, u16)> {
    let key: &[u8; 15] = key.try_into().ok()?;
    let sequence = u64::from_be_bytes(key[1..9].try_into().ok()?);
    let pack = u32::from_be_bytes(key[9..13].try_into().ok()?);
    Some(((sequence, pack), u16::from_be_bytes(key[13..].try_into().ok()?)))
}

/// The latest revision of a name.
pub(crate) fn name_key(name: &str) -> Bytes {
    key(1 + name.len(), |key| {
        key.put_u8(b'n');
        key.put_slice(name.as_bytes());
    })
}

/// The first bytes of all earlier revisions of a name.
pub(crate) fn history_prefix(name: &str) -> Bytes {
    key(2 + name.len(), |key| {
        key.put_u8(b'h');
        key.put_slice(name.as_bytes());
        key.put_u8(0);
    })
}

/// An earlier revision of a name.
pub(crate) fn history_key(name: &str, sequence: u64) -> Bytes {
    key(10 + name.len(), |key| {
        key.put_u8(b'h');
        key.put_slice(name.as_bytes());
        key.put_u8(0);
        key.put_u64(!sequence);
    })
}

/// The first bytes of an index: all revisions of a kind.
pub(crate) fn kind_prefix(kind: u32) -> Bytes {
    key(5, |key| {
        key.put_u8(b't');
        key.put_u32(kind);
    })
}

/// The first byte of the index by key.
pub(crate) const KEYED: u8 = b'k';

/// The first bytes of an index: all revisions that carry a key.
pub(crate) fn keyed_prefix(record_key: &str) -> Bytes {
    text_prefix(KEYED, record_key)
}

/// The first bytes of an index: all revisions that cite a document and are not keyed by it.
pub(crate) fn citing_prefix(document: &str) -> Bytes {
    text_prefix(b'x', document)
}

fn text_prefix(letter: u8, text: &str) -> Bytes {
    key(2 + text.len(), |key| {
        key.put_u8(letter);
        key.put_slice(text.as_bytes());
        key.put_u8(0);
    })
}

/// A row of an index.
pub(crate) fn index_key(prefix: &[u8], locator: Locator) -> Bytes {
    key(prefix.len() + LOCATOR_BYTES, |key| {
        key.put_slice(prefix);
        locator.put(key);
    })
}

/// The first bytes of all chunks of a commit row; with sequence alone.
pub(crate) fn commit_key(sequence: u64, chunk: u16) -> Bytes {
    key(11, |key| {
        key.put_u8(b'c');
        key.put_u64(sequence);
        key.put_u16(chunk);
    })
}

/// Reads the sequence of a commit's key.
pub(crate) fn parse_commit_key(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(key.get(1..9)?.try_into().ok()?))
}

/// The first bytes of all derivations of an analyzer.
pub(crate) fn derivation_prefix(analyzer: u32) -> Bytes {
    key(5, |key| {
        key.put_u8(b'd');
        key.put_u32(analyzer);
    })
}

/// A derivation.
pub(crate) fn derivation_key(analyzer: u32, group: &str) -> Bytes {
    key(5 + group.len(), |key| {
        key.put_u8(b'd');
        key.put_u32(analyzer);
        key.put_slice(group.as_bytes());
    })
}

/// The first bytes of all earlier derivations that are kept for a backup.
pub(crate) const OLD_DERIVATIONS: &[u8] = b"e";

/// An earlier derivation.
pub(crate) fn old_derivation_key(derivation_key: &[u8], sequence: u64) -> Bytes {
    key(derivation_key.len() + 9, |key| {
        key.put_slice(OLD_DERIVATIONS);
        key.put_slice(&derivation_key[1..]);
        key.put_u8(0);
        key.put_u64(!sequence);
    })
}

/// The bitmap of what is forgotten of a pack.
pub(crate) fn forgotten_key((sequence, pack): PackId) -> Bytes {
    key(13, |key| {
        key.put_u8(b'g');
        key.put_u64(sequence);
        key.put_u32(pack);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locators_read_back_and_sort_as_their_numbers_do() {
        let low = Locator { sequence: 255, pack: 1, index: 2 };
        let high = Locator { sequence: 256, pack: 0, index: 0 };
        let prefix = keyed_prefix("document=documents/a");
        assert_eq!(Locator::of_key(&index_key(&prefix, low)), Some(low));
        assert!(index_key(&prefix, low) < index_key(&prefix, high));
    }

    #[test]
    fn later_revisions_of_a_name_come_first_and_names_do_not_mix() {
        assert!(history_key("a/b", 9) < history_key("a/b", 8));
        assert!(history_key("a/b", 1) < history_key("a/b0", u64::MAX));
        assert!(history_key("a/b", 1).starts_with(&history_prefix("a/b")));
        assert!(!history_key("a/b0", 1).starts_with(&history_prefix("a/b")));
    }

    #[test]
    fn chunk_keys_read_back() {
        assert_eq!(parse_chunk_key(&chunk_key((7, 3), 2)), Some(((7, 3), 2)));
        assert_eq!(parse_commit_key(&commit_key(77, 1)), Some(77));
    }
}
