//! Packs: records that are encoded and compressed together.
//!
//! Stored as a header of [`HEADER_BYTES`] (flags, number of chunks, length before compression, commit time) and a
//! payload, cut into chunks of at most [`kv::MAX_VALUE`] bytes.

use std::cell::RefCell;

use api::record::Record;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use prost::Message;
use prost_types::Timestamp;

use crate::error::{Error, Result};
use crate::layout::Locator;

/// Bytes before the payload.
pub(crate) const HEADER_BYTES: usize = 19;

const COMPRESSED: u8 = 1;

thread_local! {
    static COMPRESSOR: RefCell<Scratch> = const { RefCell::new(Scratch::new()) };
    static DECOMPRESSOR: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
}

/// What a pack holds, before compression.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct PackBody {
    /// The analyzer that derived the records; empty if a client put them.
    #[prost(string, tag = "1")]
    pub(crate) analyzer: String,
    /// The group from which they were derived.
    #[prost(string, tag = "2")]
    pub(crate) group: String,
    /// Encoded records without output-only fields.
    #[prost(bytes = "bytes", repeated, tag = "3")]
    pub(crate) records: Vec<Bytes>,
}

/// A pack as it is read.
#[derive(Debug)]
pub(crate) struct Pack {
    /// Time of its commit.
    pub(crate) time: Timestamp,
    /// Its records and their origin.
    pub(crate) body: PackBody,
    /// Bytes that it takes in memory.
    pub(crate) bytes: usize,
}

/// What can be told of a record without decoding its body and citations.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Envelope {
    /// Its name.
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    /// Its kind.
    #[prost(string, tag = "2")]
    pub(crate) kind: String,
    /// Its keys.
    #[prost(string, repeated, tag = "4")]
    pub(crate) keys: Vec<String>,
    /// What it cites.
    #[prost(message, repeated, tag = "5")]
    pub(crate) citations: Vec<Cited>,
}

/// The document of a citation.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Cited {
    /// Its name.
    #[prost(string, tag = "1")]
    pub(crate) document: String,
}

impl Pack {
    /// The encoded record at an index.
    pub(crate) fn encoded(&self, locator: Locator) -> Result<&Bytes> {
        let record = self.body.records.get(locator.index as usize);
        record.ok_or_else(|| {
            Error::corrupt(format!("pack {:?} has no record {}", locator.pack_id(), locator.index))
        })
    }

    /// The record at an index, with its output-only fields.
    pub(crate) fn record(&self, locator: Locator) -> Result<Record> {
        let mut record = Record::decode(self.encoded(locator)?.clone()).map_err(damaged)?;
        record.sequence = locator.sequence.cast_signed();
        record.commit_time = Some(self.time);
        record.analyzer.clone_from(&self.body.analyzer);
        record.group.clone_from(&self.body.group);
        Ok(record)
    }

    /// Name, kind and keys of the record at an index.
    pub(crate) fn envelope(&self, locator: Locator) -> Result<Envelope> {
        Envelope::decode(self.encoded(locator)?.clone()).map_err(damaged)
    }
}

impl Envelope {
    /// Documents that the record cites without being keyed by them: they have rows of their own.
    pub(crate) fn unkeyed_documents(&self) -> Vec<String> {
        let documents = self.citations.iter().map(|cited| cited.document.as_str());
        unkeyed(&self.keys, documents)
    }
}

/// Documents that do not stand in `document=` keys, sorted and without duplicates.
pub(crate) fn unkeyed<'a>(keys: &[String], documents: impl Iterator<Item = &'a str>) -> Vec<String> {
    let keyed = |document: &str| keys.iter().any(|key| key.strip_prefix("document=") == Some(document));
    let mut last = "";
    let mut unkeyed = Vec::new();
    for document in documents {
        // Citations of one record mostly name one document, again and again.
        if document != last && !keyed(document) {
            unkeyed.push(document.to_owned());
        }
        last = document;
    }
    unkeyed.sort_unstable();
    unkeyed.dedup();
    unkeyed
}

/// A pack that is ready to be written, but for the time of its commit.
#[derive(Clone, Debug)]
pub(crate) struct Sealed {
    /// Header and payload.
    stored: BytesMut,
    /// What it holds.
    pub(crate) body: PackBody,
    /// Bytes before compression.
    pub(crate) raw_bytes: usize,
}

/// What one thread compresses with, again and again: packs are so short that making these anew would cost as much as
/// compressing.
struct Scratch {
    compressor: Option<zstd::bulk::Compressor<'static>>,
    raw: Vec<u8>,
    compressed: Vec<u8>,
}

/// Bytes that a thread's buffers may keep between two packs.
const SCRATCH_BYTES: usize = 256 << 10;

impl Scratch {
    const fn new() -> Self {
        Self { compressor: None, raw: Vec::new(), compressed: Vec::new() }
    }

    /// Encodes and compresses into the buffers.
    fn fill(&mut self, body: &PackBody, level: i32) -> std::io::Result<()> {
        self.raw.clear();
        self.compressed.clear();
        body.encode(&mut self.raw).map_err(std::io::Error::other)?;
        self.compressed.reserve(zstd::zstd_safe::compress_bound(self.raw.len()));
        let compressor = match &mut self.compressor {
            Some(compressor) => compressor,
            none => none.insert(zstd::bulk::Compressor::new(level)?),
        };
        compressor.set_compression_level(level)?;
        compressor.compress_to_buffer(&self.raw, &mut self.compressed)?;
        Ok(())
    }
}

/// Encodes and compresses records.
pub(crate) fn seal(body: PackBody, level: i32) -> Result<Sealed> {
    COMPRESSOR.with_borrow_mut(|scratch| {
        let filled = scratch.fill(&body, level);
        filled.map_err(|error| Error::corrupt(format!("a pack cannot be compressed: {error}")))?;
        let raw_bytes = scratch.raw.len();
        let compressed = (COMPRESSED, &scratch.compressed);
        let (flags, payload) = if compressed.1.len() < raw_bytes { compressed } else { (0, &scratch.raw) };
        let stored = store(flags, payload, raw_bytes)?;
        if scratch.raw.capacity() > SCRATCH_BYTES {
            scratch.raw = Vec::new();
            scratch.compressed = Vec::new();
        }
        Ok(Sealed { stored, body, raw_bytes })
    })
}

/// Header, but for the time, and payload.
fn store(flags: u8, payload: &[u8], raw_bytes: usize) -> Result<BytesMut> {
    let length = HEADER_BYTES + payload.len();
    let chunks = length.div_ceil(kv::MAX_VALUE);
    let chunks = u16::try_from(chunks).map_err(|_| Error::corrupt("a pack is over its limit"))?;
    let mut stored = BytesMut::with_capacity(length);
    stored.put_u8(flags);
    stored.put_u16(chunks);
    stored.put_u32(u32::try_from(raw_bytes).map_err(|_| Error::corrupt("a pack is over its limit"))?);
    stored.put_bytes(0, HEADER_BYTES - 7);
    stored.put_slice(payload);
    Ok(stored)
}

impl Sealed {
    /// The chunks to be stored, and the pack as it will be read.
    pub(crate) fn finish(mut self, time: Timestamp) -> (Vec<Bytes>, Pack) {
        self.stored[7..15].copy_from_slice(&time.seconds.to_be_bytes());
        self.stored[15..HEADER_BYTES].copy_from_slice(&time.nanos.to_be_bytes());
        let mut stored = self.stored.freeze();
        let mut chunks = Vec::with_capacity(stored.len().div_ceil(kv::MAX_VALUE));
        while !stored.is_empty() {
            chunks.push(stored.split_to(stored.len().min(kv::MAX_VALUE)));
        }
        (chunks, Pack { time, body: self.body, bytes: self.raw_bytes })
    }
}

/// The header of a stored pack.
pub(crate) struct Header {
    flags: u8,
    raw_bytes: usize,
    /// How many chunks there are.
    pub(crate) chunks: u16,
    /// Time of the commit.
    pub(crate) time: Timestamp,
}

/// Reads the header in a pack's first chunk.
pub(crate) fn header(mut chunk: &[u8]) -> Result<Header> {
    if chunk.len() < HEADER_BYTES {
        return Err(Error::corrupt("a pack is shorter than its header"));
    }
    let flags = chunk.get_u8();
    let chunks = chunk.get_u16();
    let raw_bytes = chunk.get_u32() as usize;
    let time = Timestamp { seconds: chunk.get_i64(), nanos: chunk.get_i32() };
    Ok(Header { flags, raw_bytes, chunks, time })
}

/// Reads a pack from all its chunks.
pub(crate) fn open(chunks: &[Bytes]) -> Result<Pack> {
    let first = chunks.first().ok_or_else(|| Error::corrupt("a pack is missing"))?;
    let header = header(first)?;
    let joined = if chunks.len() == 1 { first.clone() } else { Bytes::from(chunks.concat()) };
    let payload = joined.slice(HEADER_BYTES..);
    let raw = if header.flags & COMPRESSED == 0 { payload } else { decompress(&payload, header.raw_bytes)? };
    if raw.len() != header.raw_bytes {
        return Err(Error::corrupt("a pack is not as long as its header says"));
    }
    let body = PackBody::decode(raw).map_err(damaged)?;
    Ok(Pack { time: header.time, body, bytes: header.raw_bytes })
}

fn decompress(payload: &[u8], raw_bytes: usize) -> Result<Bytes> {
    let raw = DECOMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Some(zstd::bulk::Decompressor::new()?);
        }
        slot.as_mut().expect("was just filled").decompress(payload, raw_bytes)
    });
    raw.map(Bytes::from).map_err(|error| Error::corrupt(format!("a pack does not decompress: {error}")))
}

/// Turns a decoding error of a stored message into ours.
pub(crate) fn damaged(error: prost::DecodeError) -> Error {
    Error::corrupt(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(length: usize) -> PackBody {
        let record = Record {
            name: "documents/a".to_owned(),
            kind: "k".to_owned(),
            body: blake3::Hasher::new().update(b"noise").finalize_xof().bytes(length),
            ..Record::default()
        };
        PackBody { records: vec![record.encode_to_vec().into(); 2], ..PackBody::default() }
    }

    trait Noise {
        fn bytes(&mut self, length: usize) -> Bytes;
    }

    impl Noise for blake3::OutputReader {
        fn bytes(&mut self, length: usize) -> Bytes {
            let mut bytes = vec![0; length];
            self.fill(&mut bytes);
            bytes.into()
        }
    }

    #[test]
    fn packs_of_any_length_read_back_with_their_time() -> Result<()> {
        for length in [0, 1, 4000, 4096, 20_000, 1 << 20] {
            let time = Timestamp { seconds: 1_752_394_140, nanos: 5 };
            let (chunks, written) = seal(body(length), 3)?.finish(time);
            assert!(chunks.iter().all(|chunk| chunk.len() <= kv::MAX_VALUE), "{length}");
            assert_eq!(usize::from(header(&chunks[0])?.chunks), chunks.len());
            let read = open(&chunks)?;
            assert_eq!((read.time, &read.body), (time, &written.body), "{length}");
            let record = read.record(Locator { sequence: 7, pack: 0, index: 1 })?;
            assert_eq!((record.sequence, record.body.len()), (7, length));
        }
        Ok(())
    }

    #[test]
    fn damage_is_told() -> Result<()> {
        let (mut chunks, _) = seal(body(20_000), 3)?.finish(Timestamp::default());
        chunks.pop();
        assert!(matches!(open(&chunks), Err(Error::Corrupt { .. })));
        Ok(())
    }
}
