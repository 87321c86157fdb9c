//! How a commit lies in a log file.
//!
//! A file starts with a header: [`MAGIC`], a byte for the format, the file's number, and the CRC-32 of these. Records
//! follow without gaps: [`MARK`], the length of the payload, a CRC-32 over the record's place and its payload, and the
//! payload: for each write the lengths of key and value (`0xffff`: removed), the key, the value. Numbers are
//! big-endian. A record is there as a whole or, if its checksum does not hold, not at all.

use std::collections::BTreeMap;

use bytes::{BufMut, Bytes};

use super::index::{MAX_INLINE, Pointer, Position, Slot};

/// How every log file starts.
const MAGIC: [u8; 7] = *b"MZKVLOG";

/// The format of log files.
pub(super) const FORMAT: u8 = 1;

/// Length of a file's header in bytes.
pub(super) const FILE_HEADER: u32 = 16;

/// How every record starts, so that records behind a damaged one can be found.
pub(super) const MARK: [u8; 4] = [0xa7, b'r', b'e', 0xc1];

/// Length of a record's header in bytes.
pub(super) const RECORD_HEADER: usize = 12;

/// The length of a value that marks a removal.
const REMOVED: u16 = u16::MAX;

/// Keys in order, each with its new value, or `None` to remove it.
pub(super) type Rows = BTreeMap<Bytes, Option<Bytes>>;

/// What a file's header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// A file of this format.
    Known,
    /// A file of a newer format.
    Newer(u8),
    /// No header of the file with this number.
    Damaged,
}

/// The header of file `id`.
pub(super) fn file_header(id: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(FILE_HEADER as usize);
    out.put_slice(&MAGIC);
    out.put_u8(FORMAT);
    out.put_u32(id);
    out.put_u32(crc32fast::hash(&out));
    out
}

/// Reads the header of file `id`.
pub(super) fn read_file_header(id: u32, bytes: &[u8]) -> Header {
    if bytes == file_header(id) {
        return Header::Known;
    }
    match bytes.strip_prefix(&MAGIC) {
        Some([format, ..]) if *format > FORMAT => Header::Newer(*format),
        _ => Header::Damaged,
    }
}

/// Bytes that `rows` take as a payload.
pub(super) fn payload_length(rows: &Rows) -> usize {
    rows.iter().map(|(key, value)| 4 + key.len() + value.as_ref().map_or(0, Bytes::len)).sum()
}

/// The record of `rows` at `at`, and the slot of each row in order.
///
/// Keys and values are within their limits and the payload is within that of a batch, so every length fits its field.
pub(super) fn encode(at: Position, rows: &Rows) -> (Vec<u8>, Vec<Option<Slot>>) {
    let length = payload_length(rows);
    let mut out = Vec::with_capacity(RECORD_HEADER + length);
    out.put_slice(&MARK);
    out.put_u32(narrow(length));
    out.put_u32(0);
    let mut slots = Vec::with_capacity(rows.len());
    for (key, value) in rows {
        out.put_u16(narrow(key.len()));
        out.put_u16(value.as_ref().map_or(REMOVED, |value| narrow(value.len())));
        out.put_slice(key);
        slots.push(value.as_ref().map(|value| {
            let offset = at.offset + narrow::<u32>(out.len());
            out.put_slice(value);
            slot(Position { offset, ..at }, key, value)
        }));
    }
    let crc = record_crc(at, &out[RECORD_HEADER..]);
    out[8..RECORD_HEADER].copy_from_slice(&crc.to_be_bytes());
    (out, slots)
}

/// The payload's length and checksum that a record's header names.
pub(super) fn decode_header(bytes: &[u8]) -> Option<(u32, u32)> {
    let rest: &[u8; 8] = bytes.strip_prefix(&MARK)?.get(..8)?.try_into().ok()?;
    let (length, crc) = rest.split_at(4);
    Some((u32::from_be_bytes(length.try_into().ok()?), u32::from_be_bytes(crc.try_into().ok()?)))
}

/// The checksum of a record at `at`; its place is part of it, so that a stale or moved record is none.
pub(super) fn record_crc(at: Position, payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&at.file.to_be_bytes());
    hasher.update(&at.offset.to_be_bytes());
    hasher.update(payload);
    hasher.finalize()
}

/// The checksum of a value under its key.
pub(super) fn value_crc(key: &[u8], value: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(value);
    hasher.finalize()
}

/// The rows of a payload whose record is at `at`, each with its slot; `None` for bytes that are no payload.
pub(super) fn decode(at: Position, payload: &Bytes) -> Option<Vec<(Bytes, Option<Slot>)>> {
    let mut rows = Vec::new();
    let mut place = 0;
    while place < payload.len() {
        let lengths: &[u8; 4] = payload.get(place..place + 4)?.try_into().ok()?;
        let key_length = usize::from(u16::from_be_bytes([lengths[0], lengths[1]]));
        let value_length = u16::from_be_bytes([lengths[2], lengths[3]]);
        place += 4;
        payload.get(place..place + key_length)?;
        let key = payload.slice(place..place + key_length);
        place += key_length;
        let mut value = None;
        if value_length != REMOVED {
            let bytes = payload.get(place..place + usize::from(value_length))?;
            let offset = at.offset + narrow::<u32>(RECORD_HEADER + place);
            value = Some(slot(Position { offset, ..at }, &key, bytes));
            place += usize::from(value_length);
        }
        rows.push((key, value));
    }
    Some(rows)
}

/// The slot of a value whose first byte in the log is at `at`.
fn slot(at: Position, key: &[u8], value: &[u8]) -> Slot {
    if value.len() <= MAX_INLINE {
        return Slot::Inline(Bytes::copy_from_slice(value));
    }
    Slot::Logged(Pointer {
        file: at.file,
        offset: at.offset,
        length: narrow(value.len()),
        crc: value_crc(key, value),
    })
}

fn narrow<T: TryFrom<usize>>(length: usize) -> T {
    T::try_from(length).ok().expect("keys, values and batches are checked against limits that fit")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn rows() -> Rows {
        let row = |key: &'static str, value: Option<Vec<u8>>| (Bytes::from(key), value.map(Bytes::from));
        Rows::from([
            row("", Some(Vec::new())),
            row("gone", None),
            row("long", Some(vec![7; 4096])),
            row("short", Some(vec![9; MAX_INLINE])),
        ])
    }

    #[test]
    fn a_record_gives_back_its_rows_and_slots() {
        let at = Position { file: 3, offset: 1000 };
        let (record, slots) = encode(at, &rows());
        let (length, crc) = decode_header(&record).unwrap();
        let payload = Bytes::from(record).split_off(RECORD_HEADER);
        assert_eq!(payload.len(), length as usize);
        assert_eq!(record_crc(at, &payload), crc);
        assert_ne!(record_crc(Position { offset: 1001, ..at }, &payload), crc, "its place is part of it");
        let decoded = decode(at, &payload).unwrap();
        assert_eq!(
            decoded.iter().map(|row| row.0.clone()).collect::<Vec<_>>(),
            rows().into_keys().collect::<Vec<_>>()
        );
        assert_eq!(decoded.into_iter().map(|row| row.1).collect::<Vec<_>>(), slots);
    }

    #[test]
    fn a_cut_payload_is_refused() {
        let at = Position { file: 1, offset: FILE_HEADER };
        let payload = Bytes::from(encode(at, &rows()).0).split_off(RECORD_HEADER);
        for cut in [1, 3, payload.len() - 1] {
            assert!(decode(at, &payload.slice(..cut)).is_none(), "{cut}");
        }
    }

    #[test]
    fn a_header_tells_damage_from_a_newer_format() {
        let header = file_header(5);
        assert_eq!(header.len(), FILE_HEADER as usize);
        assert_eq!(read_file_header(5, &header), Header::Known);
        assert_eq!(read_file_header(6, &header), Header::Damaged);
        let mut newer = header.clone();
        newer[7] = FORMAT + 1;
        assert_eq!(read_file_header(5, &newer), Header::Newer(FORMAT + 1));
        assert_eq!(read_file_header(5, &header[..9]), Header::Damaged);
    }
}
