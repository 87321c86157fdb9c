//! Restoring a backup into an empty log. The head is written last, so that nothing is visible before all is checked;
//! what a restore that was cut off has written is removed when the log is opened again.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::Ordering;

use api::storage::RestoreResponse;
use bytes::{Buf, Bytes, BytesMut};
use futures::{Stream, StreamExt};
use kv::Batch;
use prost::Message;
use prost_types::Timestamp;
use tokio::sync::oneshot;

use crate::backup::{
    BACKUP_FORMAT, CHECKSUM_BYTES, CommitFrame, DerivationsFrame, EndFrame, HeaderFrame, MAGIC, PackFrame,
    frame,
};
use crate::error::{Error, Result};
use crate::interns::Interns;
use crate::layout::{
    self, ChangeRow, CommitRow, DerivationRow, HeadRow, HorizonRow, Locator, NameRow, PackId, Table,
};
use crate::open::wipe;
use crate::pack::{self, Pack};
use crate::plan::provenance;
use crate::rows::{commit_rows, index_rows};
use crate::shared::Shared;
use crate::writer::Job;
use crate::{Storage, Writes};

/// Bytes of rows that are written at a time, about.
const BATCH_BYTES: usize = 4 << 20;

/// Bytes of the longest frame: a pack of the longest record, or the commit row of the largest commit.
const FRAME_BYTES: usize = 16 << 20;

impl Storage {
    /// Restores a backup into an empty log. Commits are refused meanwhile.
    ///
    /// # Errors
    /// [`Error::NotEmpty`], [`Error::CorruptBackup`], [`Error::NewerFormat`], or what the store fails with; the log is
    /// empty then, as before.
    pub async fn restore(
        &self,
        mut parts: impl Stream<Item = Bytes> + Send + Unpin,
    ) -> Result<RestoreResponse> {
        let _exclusive = self.exclusive.lock().await;
        self.shared.restoring.store(true, Ordering::Release);
        let _restoring = Restoring(&self.shared);
        // Commits that were under way are behind us after this.
        let mark = vec![(layout::RESTORING_KEY, Some(Bytes::from_static(b"1")))];
        self.write_raw(self.shared.head(), Vec::new(), Vec::new()).await?;
        if self.shared.head() != 0 {
            return Err(Error::NotEmpty { head: self.shared.head() });
        }
        self.write_raw(0, Vec::new(), mark).await?;
        let mut restore = Restore::new(&self.shared);
        let done = restore.run(&mut parts).await;
        // What was read belongs to locators that another attempt may give to other records.
        self.shared.cache().clear();
        if let Err(error) = done {
            wipe(self.shared.kv.as_ref()).await?;
            return Err(error);
        }
        let (reply, reloaded) = oneshot::channel();
        self.jobs.send(Job::Reload(reply)).await.map_err(|_| Error::Draining)?;
        reloaded.await.map_err(|_| Error::Draining)??;
        Ok(RestoreResponse { sequence: self.head(), revisions: restore.end.revisions.cast_signed() })
    }
}

/// Lets commits in again.
struct Restoring<'a>(&'a Shared);

impl Drop for Restoring<'_> {
    fn drop(&mut self) {
        self.0.restoring.store(false, Ordering::Release);
    }
}

struct Restore<'a> {
    shared: &'a Shared,
    /// Bytes that are not yet taken apart.
    buffer: BytesMut,
    /// Where they start in the file.
    offset: u64,
    hasher: blake3::Hasher,
    header: Option<HeaderFrame>,
    interns: Interns,
    counts: BTreeMap<u32, i64>,
    writes: Writes,
    bytes: usize,
    /// Packs whose rows are not written yet.
    unwritten: HashSet<PackId>,
    /// Packs of the present sequence.
    packs: HashMap<PackId, Pack>,
    end: EndFrame,
    ended: bool,
}

impl<'a> Restore<'a> {
    fn new(shared: &'a Shared) -> Self {
        Self {
            shared,
            buffer: BytesMut::new(),
            offset: 0,
            hasher: blake3::Hasher::new(),
            header: None,
            interns: Interns::default(),
            counts: BTreeMap::new(),
            writes: Vec::new(),
            bytes: 0,
            unwritten: HashSet::new(),
            packs: HashMap::new(),
            end: EndFrame::default(),
            ended: false,
        }
    }

    async fn run(&mut self, parts: &mut (impl Stream<Item = Bytes> + Send + Unpin)) -> Result<()> {
        self.need(parts, MAGIC.len() + 4).await?;
        let magic = self.take(MAGIC.len());
        if magic != MAGIC[..] {
            return Err(Error::CorruptBackup {
                offset: 0,
                message: "it is no backup of Monazite".to_owned(),
            });
        }
        let format = self.take(4).get_u32();
        if format != BACKUP_FORMAT {
            return Err(Error::NewerFormat { what: "the backup", found: format, known: BACKUP_FORMAT });
        }
        while !self.ended {
            self.frame(parts).await?;
        }
        self.drained(parts).await?;
        self.finish().await
    }

    fn corrupt(&self, message: impl Into<String>) -> Error {
        Error::CorruptBackup { offset: self.offset, message: message.into() }
    }

    /// Waits until there are `length` bytes.
    async fn need(&mut self, parts: &mut (impl Stream<Item = Bytes> + Unpin), length: usize) -> Result<()> {
        while self.buffer.len() < length {
            match parts.next().await {
                Some(part) => self.buffer.extend_from_slice(&part),
                None => {
                    let end = self.offset + self.buffer.len() as u64;
                    return Err(Error::CorruptBackup { offset: end, message: "it is cut off".to_owned() });
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, length: usize) -> Bytes {
        let bytes = self.buffer.split_to(length).freeze();
        self.hasher.update(&bytes);
        self.offset += length as u64;
        bytes
    }

    async fn drained(&mut self, parts: &mut (impl Stream<Item = Bytes> + Unpin)) -> Result<()> {
        while let Some(part) = parts.next().await {
            self.buffer.extend_from_slice(&part);
        }
        if self.buffer.is_empty() { Ok(()) } else { Err(self.corrupt("there are bytes after its end")) }
    }

    async fn frame(&mut self, parts: &mut (impl Stream<Item = Bytes> + Unpin)) -> Result<()> {
        let begin = self.offset;
        self.need(parts, 5).await?;
        let length =
            u32::from_be_bytes([self.buffer[1], self.buffer[2], self.buffer[3], self.buffer[4]]) as usize;
        if length > FRAME_BYTES {
            return Err(self.corrupt(format!("a part of {length} bytes is over the limit of {FRAME_BYTES}")));
        }
        self.need(parts, 5 + length + CHECKSUM_BYTES).await?;
        let letter = self.take(5)[0];
        let payload = self.take(length);
        let expected = self.hasher.finalize();
        if self.take(CHECKSUM_BYTES) != expected.as_bytes()[..CHECKSUM_BYTES] {
            return Err(Error::CorruptBackup { offset: begin, message: "the checksum differs".to_owned() });
        }
        let applied = self.apply(letter, payload).await;
        applied.map_err(|error| match error {
            Error::Corrupt { message } => Error::CorruptBackup { offset: begin, message },
            other => other,
        })
    }

    async fn apply(&mut self, letter: u8, payload: Bytes) -> Result<()> {
        if self.header.is_none() != (letter == frame::HEADER) {
            return Err(Error::corrupt("the header is not where it belongs"));
        }
        match letter {
            frame::HEADER => self.header = Some(HeaderFrame::decode(payload).map_err(pack::damaged)?),
            frame::PACK => self.pack(PackFrame::decode(payload).map_err(pack::damaged)?)?,
            frame::COMMIT => self.commit(CommitFrame::decode(payload).map_err(pack::damaged)?).await?,
            frame::DERIVATIONS => {
                self.derivations(DerivationsFrame::decode(payload).map_err(pack::damaged)?)?
            }
            frame::END => {
                let end = EndFrame::decode(payload).map_err(pack::damaged)?;
                if end != self.end {
                    return Err(Error::corrupt("it does not hold as much as its end says"));
                }
                self.ended = true;
            }
            other => return Err(Error::corrupt(format!("there is a part of an unknown sort, {other}"))),
        }
        if self.bytes >= BATCH_BYTES { self.flush().await } else { Ok(()) }
    }

    fn write(&mut self, key: Bytes, value: Bytes) {
        self.bytes += key.len() + value.len();
        self.writes.push((key, Some(value)));
    }

    async fn flush(&mut self) -> Result<()> {
        let writes = std::mem::take(&mut self.writes);
        self.bytes = 0;
        self.unwritten.clear();
        Ok(self.shared.kv.commit(Batch { checks: Vec::new(), writes }).await?)
    }

    fn horizon(&self) -> u64 {
        self.header.map_or(0, |header| header.horizon)
    }

    fn pack(&mut self, frame: PackFrame) -> Result<()> {
        let id = (frame.sequence, frame.pack);
        let mut stored = frame.stored;
        let opened = pack::open(std::slice::from_ref(&stored))?;
        let mut chunk = 0;
        while !stored.is_empty() {
            let value = stored.split_to(stored.len().min(kv::MAX_VALUE));
            self.write(layout::chunk_key(id, chunk), value);
            chunk += 1;
        }
        self.unwritten.insert(id);
        self.end.packs += 1;
        let gone =
            |index: usize| frame.forgotten.get(index / 8).is_some_and(|byte| byte & (1 << (index % 8)) != 0);
        for index in (0..opened.body.records.len()).filter(|index| !gone(*index)) {
            self.end.revisions += 1;
            if frame.sequence <= self.horizon() {
                // What is not forgotten at or below the horizon was live there.
                let index =
                    u32::try_from(index).map_err(|_| Error::corrupt("a pack has too many records"))?;
                self.revision(Locator { sequence: id.0, pack: id.1, index }, &opened)?;
            }
        }
        if !frame.forgotten.is_empty() {
            self.write(layout::forgotten_key(id), frame.forgotten);
        }
        if self.packs.keys().any(|(sequence, _)| *sequence != id.0) {
            self.packs.clear();
        }
        self.packs.insert(id, opened);
        Ok(())
    }

    /// The row of a revision, and what it is found by.
    fn name_row(&mut self, locator: Locator, pack: &Pack) -> Result<(NameRow, pack::Envelope)> {
        let envelope = pack.envelope(locator)?;
        let hash = blake3::hash(pack.encoded(locator)?);
        let row = NameRow {
            sequence: locator.sequence,
            pack: locator.pack,
            index: locator.index,
            kind: self.interns.intern(Table::Kinds, &envelope.kind),
            analyzer: self.interns.intern(Table::Analyzers, &pack.body.analyzer),
            hash: Bytes::copy_from_slice(&hash.as_bytes()[..16]),
            deleted: false,
        };
        Ok((row, envelope))
    }

    fn revision(&mut self, locator: Locator, pack: &Pack) -> Result<NameRow> {
        let (row, envelope) = self.name_row(locator, pack)?;
        index_rows(&row, &envelope.keys, &envelope.unkeyed_documents(), 0, &mut self.writes);
        self.write(layout::name_key(&envelope.name), row.encode_to_vec().into());
        *self.counts.entry(row.kind).or_default() += 1;
        Ok(row)
    }

    async fn commit(&mut self, frame: CommitFrame) -> Result<()> {
        let sequence = frame.sequence;
        let mut commit = CommitRow { time: frame.time, ..CommitRow::default() };
        let packs: HashMap<PackId, Pack> = std::mem::take(&mut self.packs);
        for change in &frame.changes {
            let mut row = ChangeRow {
                pack: change.pack,
                index: change.index,
                deleted: change.deleted,
                previous: change.previous,
                tombstone: change.tombstone,
                ..ChangeRow::default()
            };
            if let Some(previous) = change.previous {
                let before = self.supersede(previous, sequence, change.deleted).await?;
                (row.kind, row.analyzer, row.previous_kind) = (before.kind, before.analyzer, before.kind);
            }
            if !change.deleted {
                let locator = Locator { sequence, pack: change.pack, index: change.index };
                let pack = packs.get(&locator.pack_id());
                let pack =
                    pack.ok_or_else(|| Error::corrupt(format!("pack {:?} is missing", locator.pack_id())))?;
                let after = self.revision(locator, pack)?;
                (row.kind, row.analyzer) = (after.kind, after.analyzer);
                if change.tombstone > self.horizon() {
                    let name = pack.envelope(locator)?.name;
                    let tombstone =
                        NameRow { sequence: change.tombstone, deleted: true, ..NameRow::default() };
                    self.write(
                        layout::history_key(&name, change.tombstone),
                        tombstone.encode_to_vec().into(),
                    );
                }
            }
            if row.previous_kind == row.kind {
                row.previous_kind = 0;
            }
            commit.changes.push(row);
        }
        commit_rows(sequence, &commit, &mut self.writes);
        self.end.commits += 1;
        Ok(())
    }

    async fn supersede(&mut self, previous: Locator, sequence: u64, deleted: bool) -> Result<NameRow> {
        if self.unwritten.contains(&previous.pack_id()) {
            self.flush().await?;
        }
        let pack = self.shared.pack_of(previous).await?;
        let (row, envelope) = self.name_row(previous, &pack)?;
        index_rows(&row, &envelope.keys, &envelope.unkeyed_documents(), sequence, &mut self.writes);
        self.write(layout::history_key(&envelope.name, row.sequence), row.encode_to_vec().into());
        *self.counts.entry(row.kind).or_default() -= 1;
        if deleted {
            let tombstone = NameRow { sequence, deleted: true, ..NameRow::default() };
            self.write(layout::name_key(&envelope.name), tombstone.encode_to_vec().into());
        }
        Ok(row)
    }

    fn derivations(&mut self, frame: DerivationsFrame) -> Result<()> {
        for entry in frame.derivations {
            let derivation = entry.derivation.ok_or_else(|| Error::corrupt("a derivation is empty"))?;
            let analyzer = self.interns.intern(Table::Analyzers, &derivation.analyzer);
            let text = provenance(&derivation.version, &derivation.config_digest);
            let row = DerivationRow {
                sequence: derivation.sequence.cast_unsigned(),
                provenance: self.interns.intern(Table::Provenances, &text),
                read_sequence: derivation.read_sequence.cast_unsigned(),
                input_count: derivation.input_count,
                input_hash: derivation.input_hash,
                parts: entry.parts,
            };
            self.write(layout::derivation_key(analyzer, &derivation.group), row.encode_to_vec().into());
            self.end.derivations += 1;
        }
        Ok(())
    }

    /// Makes everything visible at once.
    async fn finish(&mut self) -> Result<()> {
        let header = self.header.ok_or_else(|| self.corrupt("it has no header"))?;
        self.flush().await?;
        self.interns.unstored(&mut self.writes);
        for (kind, count) in std::mem::take(&mut self.counts) {
            self.write(layout::count_key(kind), Bytes::copy_from_slice(&count.to_be_bytes()));
        }
        let horizon = HorizonRow { horizon: header.horizon, swept: header.horizon };
        self.write(layout::HORIZON_KEY, horizon.encode_to_vec().into());
        let time: Option<Timestamp> = header.time;
        let head = HeadRow { head: header.sequence, time };
        self.write(layout::HEAD_KEY, head.encode_to_vec().into());
        self.writes.push((layout::RESTORING_KEY, None));
        self.flush().await
    }
}
