//! Backups: one file with the log as of one sequence, written while commits go on. The format is told in
//! `docs/backup-format.md`.

use std::ops::Bound;
use std::sync::atomic::Ordering;

use api::storage::{BackupResponse, Derivation};
use bytes::{BufMut, Bytes, BytesMut};
use futures::Stream;
use kv::Range;
use prost::Message;
use prost_types::Timestamp;
use tokio::sync::{OwnedMutexGuard, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use crate::Storage;
use crate::compact::Commits;
use crate::error::{Error, Result};
use crate::layout::{self, CommitRow, DerivationRow, Locator, PackId, PartRow, Table};
use crate::open::{Pages, SCAN_ROWS};
use crate::pack;
use crate::plan::split_provenance;

/// The first bytes of every backup.
pub(crate) const MAGIC: &[u8; 16] = b"MONAZITE BACKUP\n";

/// The format of backups that this version writes, and the newest that it reads.
pub(crate) const BACKUP_FORMAT: u32 = 1;

/// Bytes of the checksum after each frame.
pub(crate) const CHECKSUM_BYTES: usize = 16;

/// Bytes of a part of the stream, about.
const PART_BYTES: usize = 256 << 10;

/// Derivations in one frame.
const DERIVATIONS: usize = 256;

/// The letters by which frames are told apart.
pub(crate) mod frame {
    pub(crate) const HEADER: u8 = b'H';
    pub(crate) const PACK: u8 = b'P';
    pub(crate) const COMMIT: u8 = b'C';
    pub(crate) const DERIVATIONS: u8 = b'D';
    pub(crate) const END: u8 = b'E';
}

/// What the file is a backup of.
#[derive(Clone, Copy, PartialEq, Message)]
pub(crate) struct HeaderFrame {
    #[prost(uint64, tag = "1")]
    pub(crate) sequence: u64,
    #[prost(uint64, tag = "2")]
    pub(crate) horizon: u64,
    #[prost(message, optional, tag = "3")]
    pub(crate) time: Option<Timestamp>,
}

/// A pack as it is stored.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct PackFrame {
    #[prost(uint64, tag = "1")]
    pub(crate) sequence: u64,
    #[prost(uint32, tag = "2")]
    pub(crate) pack: u32,
    #[prost(bytes = "bytes", tag = "3")]
    pub(crate) stored: Bytes,
    #[prost(bytes = "bytes", tag = "4")]
    pub(crate) forgotten: Bytes,
}

/// What a commit changed.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct CommitFrame {
    #[prost(uint64, tag = "1")]
    pub(crate) sequence: u64,
    #[prost(message, optional, tag = "2")]
    pub(crate) time: Option<Timestamp>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) changes: Vec<ChangeFrame>,
}

/// What a commit did to one record.
#[derive(Clone, Copy, PartialEq, Message)]
pub(crate) struct ChangeFrame {
    #[prost(uint32, tag = "1")]
    pub(crate) pack: u32,
    #[prost(uint32, tag = "2")]
    pub(crate) index: u32,
    #[prost(message, optional, tag = "3")]
    pub(crate) previous: Option<Locator>,
    #[prost(bool, tag = "4")]
    pub(crate) deleted: bool,
    #[prost(uint64, tag = "5")]
    pub(crate) tombstone: u64,
}

/// Some derivations.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct DerivationsFrame {
    #[prost(message, repeated, tag = "1")]
    pub(crate) derivations: Vec<DerivationFrame>,
}

/// A derivation and where its records lie.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct DerivationFrame {
    #[prost(message, optional, tag = "1")]
    pub(crate) derivation: Option<Derivation>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) parts: Vec<PartRow>,
}

/// How much there was.
#[derive(Clone, Copy, PartialEq, Message)]
pub(crate) struct EndFrame {
    #[prost(uint64, tag = "1")]
    pub(crate) packs: u64,
    #[prost(uint64, tag = "2")]
    pub(crate) revisions: u64,
    #[prost(uint64, tag = "3")]
    pub(crate) commits: u64,
    #[prost(uint64, tag = "4")]
    pub(crate) derivations: u64,
}

impl Storage {
    /// Streams a backup as of the present head. Compaction waits until the stream is at its end or dropped.
    ///
    /// # Errors
    /// [`Error::Draining`] at once; what the store fails with as the last item of the stream.
    pub async fn backup(&self) -> Result<impl Stream<Item = Result<BackupResponse>> + Send + 'static> {
        if *self.shared.draining.borrow() {
            return Err(Error::Draining);
        }
        let exclusive = self.exclusive.clone().lock_owned().await;
        self.finish_sweep().await?;
        self.remove_old_derivations().await?;
        self.shared.backup.store(true, Ordering::Release);
        let open = Open { storage: self.clone(), exclusive: Some(exclusive) };
        // Batches that were begun before the mark was set are behind us after this.
        self.write_raw(self.shared.head(), Vec::new(), Vec::new()).await?;
        let head = *self.shared.head.borrow();
        let (parts, stream) = mpsc::channel(4);
        let header = HeaderFrame {
            sequence: head.sequence,
            horizon: self.shared.pins.horizon(),
            time: Some(head.time),
        };
        let writer = Writer {
            storage: self.clone(),
            header,
            buffer: BytesMut::new(),
            hasher: blake3::Hasher::new(),
            end: EndFrame::default(),
            parts,
        };
        tokio::spawn(async move {
            let parts = writer.parts.clone();
            if let Err(Stop::Failed(error)) = writer.run().await {
                // Nobody to tell is no reason to go on.
                let _ = parts.send(Err(error)).await;
            }
            drop(open);
        });
        Ok(ReceiverStream::new(stream))
    }

    async fn remove_old_derivations(&self) -> Result<()> {
        let mut pages = Pages::prefix(layout::OLD_DERIVATIONS);
        loop {
            let page = pages.next(self.shared.kv.as_ref(), SCAN_ROWS).await?;
            if page.is_empty() {
                return Ok(());
            }
            let writes = page.into_iter().map(|(key, _)| (key, None)).collect();
            self.write_raw(self.shared.head(), Vec::new(), writes).await?;
        }
    }
}

/// An open backup; its end clears away what was kept for it.
struct Open {
    storage: Storage,
    exclusive: Option<OwnedMutexGuard<()>>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.storage.shared.backup.store(false, Ordering::Release);
        let storage = self.storage.clone();
        let exclusive = self.exclusive.take();
        tokio::spawn(async move {
            if let Err(error) = storage.remove_old_derivations().await {
                tracing::debug!(%error, "what was kept for a backup is removed by the next one");
            }
            drop(exclusive);
        });
    }
}

/// Why a backup ends early.
enum Stop {
    /// Nobody takes it any more.
    Gone,
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<kv::Error> for Stop {
    fn from(error: kv::Error) -> Self {
        Self::Failed(error.into())
    }
}

struct Writer {
    storage: Storage,
    header: HeaderFrame,
    buffer: BytesMut,
    /// Over all bytes of the file so far.
    hasher: blake3::Hasher,
    end: EndFrame,
    parts: mpsc::Sender<Result<BackupResponse>>,
}

impl Writer {
    async fn run(mut self) -> Result<(), Stop> {
        self.put(MAGIC);
        self.put(&BACKUP_FORMAT.to_be_bytes());
        let header = self.header;
        self.frame(frame::HEADER, &header).await?;
        self.packs_and_commits().await?;
        self.derivations().await?;
        let end = self.end;
        self.frame(frame::END, &end).await?;
        self.flush().await
    }

    fn put(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.buffer.put_slice(bytes);
    }

    async fn frame(&mut self, letter: u8, message: &impl Message) -> Result<(), Stop> {
        let payload = message.encode_to_vec();
        let length = u32::try_from(payload.len()).map_err(|_| Error::corrupt("a frame is over its limit"))?;
        self.put(&[letter]);
        self.put(&length.to_be_bytes());
        self.put(&payload);
        let checksum = self.hasher.finalize();
        self.put(&checksum.as_bytes()[..CHECKSUM_BYTES]);
        if self.buffer.len() >= PART_BYTES { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<(), Stop> {
        let mut data = self.buffer.split().freeze();
        let sequence = self.header.sequence.cast_signed();
        while !data.is_empty() {
            let data = data.split_to(data.len().min(PART_BYTES * 4));
            self.parts.send(Ok(BackupResponse { data, sequence })).await.map_err(|_| Stop::Gone)?;
        }
        Ok(())
    }

    /// Packs by sequence, each sequence followed by its commit.
    async fn packs_and_commits(&mut self) -> Result<(), Stop> {
        let storage = self.storage.clone();
        let mut commits = Commits::new(self.header.horizon, self.header.sequence);
        let mut commit = commits.next(&storage).await?;
        let start = Bound::Included(layout::pack_prefix((0, 0)));
        let end = Bound::Excluded(layout::pack_prefix((self.header.sequence + 1, 0)));
        let mut pages = Pages::new(Range { start, end, reverse: false });
        let mut open: Option<(PackId, Vec<Bytes>)> = None;
        loop {
            let page = pages.next(storage.shared.kv.as_ref(), SCAN_ROWS).await?;
            let done = page.is_empty();
            let mut packs = Vec::new();
            for (key, chunk) in page {
                let (id, _) =
                    layout::parse_chunk_key(&key).ok_or_else(|| Error::corrupt("a chunk has no number"))?;
                match &mut open {
                    Some((last, chunks)) if *last == id => chunks.push(chunk),
                    _ => packs.extend(open.replace((id, vec![chunk]))),
                }
            }
            if done {
                packs.extend(open.take());
            }
            let keys = packs.iter().map(|(id, _)| layout::forgotten_key(*id)).collect();
            let forgotten = if packs.is_empty() { Vec::new() } else { storage.shared.kv.get(keys).await? };
            for ((id, chunks), forgotten) in packs.into_iter().zip(forgotten) {
                while let Some((sequence, row)) = commit.take_if(|(sequence, _)| *sequence < id.0) {
                    self.commit(sequence, row).await?;
                    commit = commits.next(&storage).await?;
                }
                self.pack(id, &chunks, forgotten.unwrap_or_default()).await?;
            }
            if done {
                break;
            }
        }
        while let Some((sequence, row)) = commit {
            self.commit(sequence, row).await?;
            commit = commits.next(&storage).await?;
        }
        Ok(())
    }

    async fn pack(&mut self, id: PackId, chunks: &[Bytes], forgotten: Bytes) -> Result<(), Stop> {
        let gone: u32 = forgotten.iter().map(|byte| byte.count_ones()).sum();
        let records = pack::open(chunks)?.body.records.len() as u64;
        self.end.packs += 1;
        self.end.revisions += records.saturating_sub(u64::from(gone));
        let (sequence, pack) = id;
        self.frame(frame::PACK, &PackFrame { sequence, pack, stored: chunks.concat().into(), forgotten })
            .await
    }

    async fn commit(&mut self, sequence: u64, row: CommitRow) -> Result<(), Stop> {
        self.end.commits += 1;
        let change = |row: layout::ChangeRow| ChangeFrame {
            pack: row.pack,
            index: row.index,
            previous: row.previous,
            deleted: row.deleted,
            tombstone: row.tombstone,
        };
        let changes = row.changes.into_iter().map(change).collect();
        self.frame(frame::COMMIT, &CommitFrame { sequence, time: row.time, changes }).await
    }

    async fn derivations(&mut self) -> Result<(), Stop> {
        let storage = self.storage.clone();
        let mut pages = Pages::prefix(b"d");
        loop {
            let page = pages.next(storage.shared.kv.as_ref(), DERIVATIONS).await?;
            if page.is_empty() {
                return Ok(());
            }
            let mut derivations = Vec::with_capacity(page.len());
            for (key, value) in page {
                let mut row = Some(DerivationRow::decode(value).map_err(pack::damaged)?);
                if row.as_ref().is_some_and(|row| row.sequence > self.header.sequence) {
                    row = self.earlier(&key).await?;
                }
                let row = row.filter(|row| !row.withdrawn());
                derivations.extend(row.map(|row| describe(&storage, &key, row)));
            }
            self.end.derivations += derivations.len() as u64;
            self.frame(frame::DERIVATIONS, &DerivationsFrame { derivations }).await?;
        }
    }

    /// A derivation as it was at the sequence of the backup; none if it was not there.
    async fn earlier(&self, key: &[u8]) -> Result<Option<DerivationRow>> {
        let start = Bound::Included(layout::old_derivation_key(key, self.header.sequence));
        let end = Bound::Included(layout::old_derivation_key(key, 0));
        let pairs = self.storage.shared.kv.scan(Range { start, end, reverse: false }, 1).await?;
        let row =
            pairs.into_iter().next().map(|(_, value)| DerivationRow::decode(value).map_err(pack::damaged));
        row.transpose()
    }
}

fn describe(storage: &Storage, key: &[u8], row: DerivationRow) -> DerivationFrame {
    let id = key.get(1..5).and_then(|id| id.try_into().ok()).map_or(0, u32::from_be_bytes);
    let interns = storage.shared.interns();
    let (version, config_digest) = split_provenance(&interns.text(Table::Provenances, row.provenance));
    let derivation = Derivation {
        analyzer: interns.text(Table::Analyzers, id).to_string(),
        group: String::from_utf8_lossy(key.get(5..).unwrap_or_default()).into_owned(),
        version,
        config_digest,
        read_sequence: row.read_sequence.cast_signed(),
        input_count: row.input_count,
        record_count: u32::try_from(row.locators().count()).unwrap_or(u32::MAX),
        input_hash: row.input_hash,
        sequence: row.sequence.cast_signed(),
    };
    DerivationFrame { derivation: Some(derivation), parts: row.parts }
}
