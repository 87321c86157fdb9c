//! What the durable store needs of an index: a map from keys to [`Slot`]s that may forget its newest changes when the
//! process dies, because the log has them.

use std::collections::BTreeMap;
use std::ops::Bound;

use bytes::{BufMut, Bytes};

use crate::Result;

/// Values up to this length lie in the index; a longer one lies in the log only.
pub(crate) const MAX_INLINE: usize = 128;

/// Where the value of a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Here.
    Inline(Bytes),
    /// In the log.
    Logged(Pointer),
}

/// A value in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pointer {
    /// The file's number.
    pub(crate) file: u32,
    /// First byte of the value in the file.
    pub(crate) offset: u32,
    /// Bytes.
    pub(crate) length: u16,
    /// CRC-32 of the key, then the value.
    pub(crate) crc: u32,
}

/// A place in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// The file's number.
    pub(crate) file: u32,
    /// Bytes from the file's beginning.
    pub(crate) offset: u32,
}

/// Up to where the index has the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    /// All records before it are in the index; `None` at the very beginning.
    pub(crate) position: Option<Position>,
    /// Bytes of live logged values for each file: a hint for reclaiming, not exact after a crash.
    pub(crate) live: BTreeMap<u32, u64>,
}

/// A map from keys to slots with durable checkpoints.
pub(crate) trait Index: Send + Sync + 'static {
    /// The slot of a key.
    fn get(&self, key: &[u8]) -> Result<Option<Slot>>;

    /// At most `limit` slots between two bounds, from the upper one down if `reverse`.
    fn scan(
        &self,
        bounds: (Bound<Bytes>, Bound<Bytes>),
        reverse: bool,
        limit: usize,
    ) -> Result<Vec<(Bytes, Slot)>>;

    /// Writes or removes a slot and returns the one that was there.
    fn apply(&self, key: &[u8], slot: Option<&Slot>) -> Result<Option<Slot>>;

    /// The newest durable checkpoint.
    fn checkpoint(&self) -> Result<Checkpoint>;

    /// Makes all that was applied durable, then `checkpoint`.
    fn make_durable(&self, checkpoint: &Checkpoint) -> Result<()>;
}

impl Slot {
    /// A tag byte, then the value or the pointer's fields, big-endian.
    pub(crate) fn encode(&self) -> Vec<u8> {
        match self {
            Self::Inline(value) => {
                let mut out = Vec::with_capacity(1 + value.len());
                out.put_u8(0);
                out.put_slice(value);
                out
            }
            Self::Logged(pointer) => {
                let mut out = Vec::with_capacity(15);
                out.put_u8(1);
                out.put_u32(pointer.file);
                out.put_u32(pointer.offset);
                out.put_u16(pointer.length);
                out.put_u32(pointer.crc);
                out
            }
        }
    }

    /// The slot that was encoded, or `None` for bytes that are none.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (0, value) => Some(Self::Inline(Bytes::copy_from_slice(value))),
            (1, rest) if rest.len() == 14 => Some(Self::Logged(Pointer {
                file: u32::from_be_bytes(rest[..4].try_into().ok()?),
                offset: u32::from_be_bytes(rest[4..8].try_into().ok()?),
                length: u16::from_be_bytes(rest[8..10].try_into().ok()?),
                crc: u32::from_be_bytes(rest[10..].try_into().ok()?),
            })),
            _ => None,
        }
    }
}

impl Checkpoint {
    /// The position (eight bytes, zeros for none), then file and live bytes of each file, big-endian.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(8 + 12 * self.live.len());
        let position = self.position.unwrap_or(Position { file: 0, offset: 0 });
        out.put_u32(position.file);
        out.put_u32(position.offset);
        for (file, live) in &self.live {
            out.put_u32(*file);
            out.put_u64(*live);
        }
        out
    }

    /// The checkpoint that was encoded, or `None` for bytes that are none.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(8)?;
        let file = u32::from_be_bytes(head[..4].try_into().ok()?);
        let offset = u32::from_be_bytes(head[4..].try_into().ok()?);
        let (pairs, rest) = rest.as_chunks::<12>();
        let live = pairs.iter().map(|pair| {
            let file = u32::from_be_bytes(pair[..4].try_into().ok()?);
            Some((file, u64::from_be_bytes(pair[4..].try_into().ok()?)))
        });
        let live = live.collect::<Option<_>>()?;
        rest.is_empty().then_some(Self { position: (file > 0).then_some(Position { file, offset }), live })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_and_checkpoints_survive_their_encoding() {
        let pointer = Pointer { file: 7, offset: u32::MAX, length: 4096, crc: 0xdead_beef };
        for slot in
            [Slot::Inline(Bytes::new()), Slot::Inline(Bytes::from_static(b"\x01")), Slot::Logged(pointer)]
        {
            assert_eq!(Slot::decode(&slot.encode()), Some(slot));
        }
        let position = Some(Position { file: 3, offset: 16 });
        for checkpoint in
            [Checkpoint::default(), Checkpoint { position, live: BTreeMap::from([(1, 5), (3, u64::MAX)]) }]
        {
            assert_eq!(Checkpoint::decode(&checkpoint.encode()), Some(checkpoint));
        }
    }

    #[test]
    fn other_bytes_are_refused() {
        for bytes in [&b""[..], b"\x02", b"\x01short"] {
            assert_eq!(Slot::decode(bytes), None);
        }
        for bytes in [&b"short"[..], b"12345678+"] {
            assert_eq!(Checkpoint::decode(bytes), None);
        }
    }
}
