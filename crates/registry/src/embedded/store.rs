//! How the embedded backend lies in a key-value store.
//!
//! All keys start with `r/`: `r/format` (8 bytes, big-endian), `r/cluster` (text), `r/revision` (8 bytes, big-endian),
//! and each row under `r/row/{key}`, a zero byte and the number of a piece (2 bytes, big-endian). A piece is the count
//! of pieces (2 bytes, big-endian) and a part of the encoded [`StoredRow`], so that no value passes the limit of kv.
//! The revision is written with every commit, so it never goes back, not even over a crash.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use kv::{Batch, Kv, MAX_VALUE, Range};
use prost::Message as _;

use crate::backend::{Change, LeaseId, Row};
use crate::{Error, Result};

const FORMAT: u64 = 1;
const FORMAT_KEY: &[u8] = b"r/format";
const CLUSTER_KEY: &[u8] = b"r/cluster";
const REVISION_KEY: &[u8] = b"r/revision";
const ROW_PREFIX: &[u8] = b"r/row/";

/// Bytes of a row in one piece.
const PIECE: usize = MAX_VALUE - 2;

/// Pairs that are read at a time.
const SCAN: usize = 512;

/// A row as stored.
#[derive(Clone, PartialEq, prost::Message)]
struct StoredRow {
    #[prost(bytes = "bytes", tag = "1")]
    value: Bytes,
    #[prost(int64, tag = "2")]
    create_revision: i64,
    #[prost(int64, tag = "3")]
    revision: i64,
    /// Zero: bound to none.
    #[prost(fixed64, tag = "4")]
    lease: u64,
    #[prost(uint64, tag = "5")]
    ttl_ms: u64,
}

/// What is found at a start.
pub(super) struct Loaded {
    pub(super) cluster_id: String,
    pub(super) revision: i64,
    /// Rows with the TTL of their leases; zero for a row without one.
    pub(super) rows: Vec<(Row, Duration)>,
}

/// Reads all that is stored; writes the first row of all at the very first start.
pub(super) async fn load(kv: &Arc<dyn Kv>) -> Result<Loaded> {
    let fixed = [FORMAT_KEY, CLUSTER_KEY, REVISION_KEY].map(Bytes::from_static);
    let found = kv.get(fixed.to_vec()).await?;
    let [format, cluster, revision] = &found[..] else {
        return Err(damaged("r/format", "the store answered fewer values than asked for"));
    };
    let Some(format) = format else {
        return create(kv).await;
    };
    let format = u64::from_be_bytes(eight("r/format", format)?);
    if format != FORMAT {
        return Err(Error::NewerFormat { found: format, known: FORMAT });
    }
    let cluster = cluster.as_ref().ok_or_else(|| damaged("r/cluster", "is missing"))?;
    let cluster_id = String::from_utf8(cluster.to_vec()).map_err(|_| damaged("r/cluster", "is not text"))?;
    let revision = revision.as_ref().ok_or_else(|| damaged("r/revision", "is missing"))?;
    let revision = i64::from_be_bytes(eight("r/revision", revision)?);
    Ok(Loaded { cluster_id, revision, rows: load_rows(kv).await? })
}

/// Makes an empty registry with a cluster id of its own.
async fn create(kv: &Arc<dyn Kv>) -> Result<Loaded> {
    let cluster_id = format!("{:016x}{:016x}", random()?, random()?);
    let writes = [
        (FORMAT_KEY, Bytes::copy_from_slice(&FORMAT.to_be_bytes())),
        (CLUSTER_KEY, Bytes::from(cluster_id.clone().into_bytes())),
        (REVISION_KEY, revision_value(0)),
    ];
    let writes = writes.map(|(key, value)| (Bytes::from_static(key), Some(value))).to_vec();
    let checks = vec![kv::Check { key: Bytes::from_static(FORMAT_KEY), expected: None }];
    kv.commit(Batch { checks, writes }).await?;
    Ok(Loaded { cluster_id, revision: 0, rows: Vec::new() })
}

/// Sixty-four random bits, never zero.
pub(super) fn random() -> Result<u64> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(Error::Random)?;
    Ok(u64::from_be_bytes(bytes).max(1))
}

/// Stores changes and the revision that they get; fails if somebody else has written since.
pub(super) async fn commit(
    kv: &Arc<dyn Kv>,
    revision: i64,
    changes: &[Change],
    ttl: impl Fn(LeaseId) -> Duration,
) -> Result<()> {
    let mut writes = vec![(Bytes::from_static(REVISION_KEY), Some(revision_value(revision)))];
    for change in changes {
        // All pieces of the row before; of two writes of a key in a batch the last one counts.
        if let Some(previous) = &change.previous {
            let pieces = encode(previous, &ttl).len();
            writes.extend((0..pieces).map(|index| (piece_key(&previous.key, index), None)));
        }
        if let Some(row) = &change.row {
            let pieces = encode(row, &ttl);
            let pieces = pieces.into_iter().enumerate();
            writes.extend(pieces.map(|(index, piece)| (piece_key(&row.key, index), Some(piece))));
        }
    }
    let before = revision_value(revision - 1);
    let checks = vec![kv::Check { key: Bytes::from_static(REVISION_KEY), expected: Some(before) }];
    Ok(kv.commit(Batch { checks, writes }).await?)
}

fn revision_value(revision: i64) -> Bytes {
    Bytes::copy_from_slice(&revision.to_be_bytes())
}

fn piece_key(key: &str, index: usize) -> Bytes {
    let mut bytes = Vec::with_capacity(ROW_PREFIX.len() + key.len() + 3);
    bytes.extend_from_slice(ROW_PREFIX);
    bytes.extend_from_slice(key.as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(&u16::try_from(index).unwrap_or(u16::MAX).to_be_bytes());
    Bytes::from(bytes)
}

/// A row in pieces. Values stay far below 65,535 pieces (256 MiB): manifests are bounded to a part of that.
fn encode(row: &Row, ttl: &impl Fn(LeaseId) -> Duration) -> Vec<Bytes> {
    let stored = StoredRow {
        value: row.value.clone(),
        create_revision: row.create_revision,
        revision: row.revision,
        lease: row.lease.map_or(0, |lease| lease.0),
        ttl_ms: row.lease.map_or(0, |lease| u64::try_from(ttl(lease).as_millis()).unwrap_or(u64::MAX)),
    };
    let bytes = stored.encode_to_vec();
    let parts: Vec<_> = bytes.chunks(PIECE).collect();
    let count = u16::try_from(parts.len()).unwrap_or(u16::MAX).to_be_bytes();
    parts.into_iter().map(|part| Bytes::from([count.as_slice(), part].concat())).collect()
}

async fn load_rows(kv: &Arc<dyn Kv>) -> Result<Vec<(Row, Duration)>> {
    let mut rows = Vec::new();
    let mut range = Range::prefix(ROW_PREFIX);
    let mut pieces: Vec<u8> = Vec::new();
    let mut next = 0;
    loop {
        let pairs = kv.scan(range.clone(), SCAN).await?;
        for (key, value) in &pairs {
            let (name, index) = parse_key(key)?;
            let (count, part) = parse_piece(name, value)?;
            if index != next || index >= count {
                return Err(damaged(name, "a piece is missing"));
            }
            pieces.extend_from_slice(part);
            next = index + 1;
            if next == count {
                rows.push(decode(name, &pieces)?);
                pieces.clear();
                next = 0;
            }
        }
        match pairs.last() {
            Some((key, _)) if pairs.len() == SCAN => {
                range.start = std::ops::Bound::Excluded(key.clone());
            }
            _ if next == 0 => return Ok(rows),
            _ => return Err(damaged("r/row/", "the last row lacks a piece")),
        }
    }
}

fn parse_key(key: &[u8]) -> Result<(&str, u16)> {
    let rest = key.strip_prefix(ROW_PREFIX).unwrap_or(key);
    let parsed = rest.split_last_chunk::<3>().and_then(|(name, [zero, high, low])| {
        let name = std::str::from_utf8(name).ok().filter(|_| *zero == 0)?;
        Some((name, u16::from_be_bytes([*high, *low])))
    });
    parsed.ok_or_else(|| damaged(&String::from_utf8_lossy(key), "its key is not one of a row"))
}

fn parse_piece<'a>(name: &str, value: &'a [u8]) -> Result<(u16, &'a [u8])> {
    let split = value.split_first_chunk::<2>();
    let (count, part) = split.ok_or_else(|| damaged(name, "a piece is too short"))?;
    Ok((u16::from_be_bytes(*count), part))
}

fn decode(name: &str, bytes: &[u8]) -> Result<(Row, Duration)> {
    let stored = StoredRow::decode(bytes).map_err(|e| damaged(name, &e.to_string()))?;
    let row = Row {
        key: name.to_owned(),
        value: stored.value,
        create_revision: stored.create_revision,
        revision: stored.revision,
        lease: (stored.lease != 0).then_some(LeaseId(stored.lease)),
    };
    Ok((row, Duration::from_millis(stored.ttl_ms)))
}

fn eight(key: &str, bytes: &[u8]) -> Result<[u8; 8]> {
    bytes.try_into().map_err(|_| damaged(key, "does not have 8 bytes"))
}

fn damaged(key: &str, message: &str) -> Error {
    Error::Damaged { key: key.to_owned(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use api::registry::GoneReason;

    use super::*;

    fn row(length: usize, revision: i64, lease: Option<LeaseId>) -> Row {
        let value = (0..length).map(|i| (i % 251) as u8).collect::<Vec<_>>();
        Row { key: "catalog/x".into(), value: value.into(), create_revision: 1, revision, lease }
    }

    /// A row grows, shrinks and is deleted; what is loaded is what was stored, and no piece is left behind.
    #[tokio::test]
    async fn rows_of_any_length_survive() -> Result<()> {
        let kv: Arc<dyn Kv> = Arc::new(kv::Memory::new());
        let cluster_id = load(&kv).await?.cluster_id;
        let ttl = |_| Duration::from_secs(7);
        let mut previous: Option<Row> = None;
        for (revision, length) in (1..).zip([0, PIECE - 3, PIECE, 3 * PIECE + 1, 200_000, 5]) {
            let row = row(length, revision, (length % 2 == 1).then_some(LeaseId(9)));
            let change = Change { row: Some(row.clone()), previous, reason: GoneReason::Unspecified };
            commit(&kv, revision, &[change], ttl).await?;
            let loaded = load(&kv).await?;
            let ttl = if row.lease.is_some() { Duration::from_secs(7) } else { Duration::ZERO };
            assert_eq!(loaded.rows, vec![(row.clone(), ttl)]);
            assert_eq!((loaded.revision, &loaded.cluster_id), (revision, &cluster_id));
            previous = Some(row);
        }
        let change = Change { row: None, previous, reason: GoneReason::Deregistered };
        commit(&kv, 7, &[change], ttl).await?;
        assert!(kv.scan(Range::prefix(ROW_PREFIX), 10).await?.is_empty());
        Ok(())
    }

    #[tokio::test]
    async fn a_missing_piece_is_damage() -> Result<()> {
        let kv: Arc<dyn Kv> = Arc::new(kv::Memory::new());
        load(&kv).await?;
        for lost in 0..3 {
            let row = row(2 * PIECE + 50, 1, None);
            let writes = encode(&row, &|_| Duration::ZERO).into_iter().enumerate().collect::<Vec<_>>();
            assert_eq!(writes.len(), 3);
            let writes = writes
                .into_iter()
                .map(|(index, piece)| (piece_key(&row.key, index), (index != lost).then_some(piece)))
                .collect();
            kv.commit(Batch { checks: Vec::new(), writes }).await?;
            assert!(matches!(load(&kv).await, Err(Error::Damaged { .. })), "without piece {lost}");
        }
        Ok(())
    }

    #[tokio::test]
    async fn a_newer_format_is_refused() -> Result<()> {
        let kv: Arc<dyn Kv> = Arc::new(kv::Memory::new());
        load(&kv).await?;
        let newer = Bytes::copy_from_slice(&(FORMAT + 1).to_be_bytes());
        let writes = vec![(Bytes::from_static(FORMAT_KEY), Some(newer))];
        kv.commit(Batch { checks: Vec::new(), writes }).await?;
        assert!(matches!(load(&kv).await, Err(Error::NewerFormat { found: 2, known: 1 })));
        Ok(())
    }

    #[tokio::test]
    async fn two_writers_on_one_store_are_noticed() -> Result<()> {
        let kv: Arc<dyn Kv> = Arc::new(kv::Memory::new());
        load(&kv).await?;
        commit(&kv, 1, &[], |_| Duration::ZERO).await?;
        let second = commit(&kv, 1, &[], |_| Duration::ZERO).await;
        assert!(matches!(second, Err(Error::Store(kv::Error::CheckFailed { .. }))));
        Ok(())
    }
}
