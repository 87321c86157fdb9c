//! The change feed: every commit after a sequence, in order, then live.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::pin::Pin as Pinned;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll};

use api::storage::{Change, ChangesRequest, ChangesResponse};
use bytes::{Bytes, BytesMut};
use futures::Stream;
use kv::Range;
use prost::Message;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use crate::check;
use crate::config::limits;
use crate::connect::{self, Changed, Rule, SharedMemory};
use crate::error::{Error, Result};
use crate::layout::{self, ChangeRow, CommitRow, Locator, PackId, Table};
use crate::pack::{self, Pack};
use crate::pins::Pin;
use crate::shared::{Head, Shared};
use crate::{Storage, writer};

/// Commit rows that are read at a time.
const ROWS: usize = 256;

/// Changes whose records are read at a time.
const CHANGES: usize = 256;

/// Messages that lie ready for a consumer that is slow to take them.
const READY: usize = 4;

/// The most filters of each sort.
const FILTERS: usize = 1000;

/// What happened to the log, message by message; it ends only with an error. Dropping it ends the feed.
#[derive(Debug)]
pub struct ChangeStream {
    messages: mpsc::Receiver<Result<ChangesResponse>>,
    /// Let go along with the stream, so that neither holds compaction once that is dropped. The task may be reading
    /// still; what it finds is told to nobody.
    _held: (Pin, Option<Consumer>),
}

impl Stream for ChangeStream {
    type Item = Result<ChangesResponse>;

    fn poll_next(mut self: Pinned<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.messages.poll_recv(context)
    }
}

impl Storage {
    /// Follows the log. A consumer counts as having read what it was sent.
    ///
    /// # Errors
    /// As the contract of `Changes` lists them, at once; later ones as the last item of the stream.
    pub async fn changes(&self, request: ChangesRequest) -> Result<ChangeStream> {
        check::too_many("kinds", request.kinds.len(), FILTERS)?;
        check::too_many("keys", request.keys.len(), FILTERS)?;
        for key in &request.keys {
            let checked = if key.contains('=') { check::check_key(key) } else { check::check_key_name(key) };
            checked.map_err(|message| Error::InvalidArgument { what: "keys", message })?;
        }
        if !request.consumer.is_empty() {
            check::check_label(&request.consumer, limits::LABEL_BYTES)
                .map_err(|message| Error::InvalidArgument { what: "consumer", message })?;
        }
        let rule = request.connection.as_ref().map(|of| Rule::new(of, &request.kinds)).transpose()?;
        if *self.shared.draining.borrow() {
            return Err(Error::Draining);
        }
        let head = self.shared.head();
        let after = u64::try_from(request.after_sequence).ok().filter(|after| *after <= head);
        let after = after.ok_or(Error::NotYet { sequence: request.after_sequence, head })?;
        let pin = self.shared.pins.pin(after, "a feed")?;
        let consumer = Consumer::open(&self.shared, &request.consumer, after);
        if consumer.is_some() {
            let saved = self.write_raw(head, Vec::new(), writer::consumer_rows(&self.shared)).await;
            if let Err(error) = saved {
                // It holds compaction all the same, only not over a restart; reading goes on where the disk is full.
                tracing::warn!(consumer = request.consumer, %error, "failed to save the place of a consumer");
            }
        }
        let (messages, stream) = mpsc::channel(READY);
        let feed = Feed {
            filter: Filter::new(&request),
            include_records: request.include_records,
            rule: rule.map(Arc::new),
            memory: SharedMemory::default(),
            head: self.shared.head.subscribe(),
            draining: self.shared.draining.subscribe(),
            shared: self.shared.clone(),
            told: None,
            at: after,
            pin: pin.id(),
            consumer: consumer.as_ref().map(|consumer| (consumer.name.clone(), consumer.stream)),
            messages,
        };
        tokio::spawn(feed.run());
        Ok(ChangeStream { messages: stream, _held: (pin, consumer) })
    }
}

/// A stream of a named consumer.
struct Consumer {
    shared: Arc<Shared>,
    name: String,
    stream: u64,
}

impl Consumer {
    fn open(shared: &Arc<Shared>, name: &str, after: u64) -> Option<Self> {
        if name.is_empty() {
            return None;
        }
        let stream = shared.pins.open_consumer(name, after, shared.now());
        Some(Self { shared: shared.clone(), name: name.to_owned(), stream })
    }
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consumer").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.shared.pins.close_consumer(&self.name, self.stream, self.shared.now());
    }
}

/// Which changes are asked for.
struct Filter {
    kinds: Vec<String>,
    /// Keys `name=value`, and names followed by `=`.
    keys: Vec<String>,
}

impl Filter {
    fn new(request: &ChangesRequest) -> Self {
        let key = |key: &String| if key.contains('=') { key.clone() } else { format!("{key}=") };
        Self { kinds: request.kinds.clone(), keys: request.keys.iter().map(key).collect() }
    }

    fn keyed(&self, keys: &[String]) -> bool {
        let matches = |key: &String, wanted: &String| {
            key == wanted
                || wanted.ends_with('=')
                    && wanted.find('=') == Some(wanted.len() - 1)
                    && key.starts_with(wanted.as_str())
        };
        self.keys.is_empty() || keys.iter().any(|key| self.keys.iter().any(|wanted| matches(key, wanted)))
    }
}

/// A feed under way.
struct Feed {
    shared: Arc<Shared>,
    filter: Filter,
    include_records: bool,
    /// Groups of which records are told with each commit.
    rule: Option<Arc<Rule>>,
    /// What is known of their graph where the feed is.
    memory: SharedMemory,
    head: watch::Receiver<Head>,
    draining: watch::Receiver<bool>,
    messages: mpsc::Sender<Result<ChangesResponse>>,
    /// How far the feed has come.
    at: u64,
    /// Holds what is still to be read.
    pin: u64,
    /// The last sequence that the client was told of.
    told: Option<u64>,
    /// The consumer's name and the number of its stream.
    consumer: Option<(String, u64)>,
}

/// Why a feed ends without a word: nobody listens any more.
struct Gone;

type Step = std::result::Result<(), Gone>;

impl Feed {
    async fn run(mut self) {
        loop {
            let head = self.head.borrow_and_update().sequence;
            let step = if self.at < head { self.read(head).await } else { Ok(self.rest().await) };
            match step {
                Ok(Ok(())) => {}
                Ok(Err(Gone)) => return,
                Err(error) => {
                    // Nobody to tell is no reason to go on.
                    let _ = self.messages.send(Err(error)).await;
                    return;
                }
            }
            if *self.draining.borrow() {
                let _ = self.messages.send(Err(Error::Draining)).await;
                return;
            }
        }
    }

    /// Waits for a commit, and marks progress meanwhile.
    async fn rest(&mut self) -> Step {
        // Who has just come, or passed commits of which none matched, is told at once that the head is reached.
        if self.told.is_none_or(|told| told < self.at) {
            return self.mark().await;
        }
        let deadline = Instant::now() + self.shared.config.progress_interval;
        tokio::select! {
            changed = self.head.changed() => if changed.is_err() { return Err(Gone) },
            _ = self.draining.changed() => {}
            () = self.messages.closed() => return Err(Gone),
            () = sleep_until(deadline) => return self.mark().await,
        }
        Ok(())
    }

    async fn mark(&mut self) -> Step {
        let sequence = self.at.cast_signed();
        let head = self.head.borrow().sequence.cast_signed();
        let mark = ChangesResponse { sequence, head, last: true, ..ChangesResponse::default() };
        self.messages.send(Ok(mark)).await.map_err(|_| Gone)?;
        self.advance(self.at);
        self.told = Some(self.at);
        Ok(())
    }

    fn advance(&mut self, sequence: u64) {
        self.at = sequence;
        self.shared.pins.advance(self.pin, sequence);
        if let Some((name, stream)) = &self.consumer {
            self.shared.pins.advance_consumer(name, *stream, sequence, self.shared.now());
        }
    }

    /// Sends commits up to a head.
    async fn read(&mut self, head: u64) -> Result<Step> {
        let mut range = Range {
            start: Bound::Included(layout::commit_key(self.at + 1, 0)),
            end: Bound::Included(layout::commit_key(head, u16::MAX)),
            reverse: false,
        };
        let mut marked = Instant::now();
        loop {
            let (commits, more) = read_commits(&self.shared, &mut range).await?;
            for (sequence, commit) in commits {
                if self.send(sequence, &commit).await?.is_err() {
                    return Ok(Err(Gone));
                }
                self.advance(sequence);
            }
            if !more {
                self.advance(head);
                return Ok(Ok(()));
            }
            let silent = self.told.is_none_or(|told| told < self.at);
            if silent && marked.elapsed() >= self.shared.config.progress_interval {
                marked = Instant::now();
                if self.mark().await.is_err() {
                    return Ok(Err(Gone));
                }
            }
        }
    }

    /// Sends what matches of a commit.
    async fn send(&mut self, sequence: u64, commit: &CommitRow) -> Result<Step> {
        let mut part = ChangesResponse {
            sequence: sequence.cast_signed(),
            commit_time: commit.time,
            head: self.head.borrow().sequence.cast_signed(),
            ..ChangesResponse::default()
        };
        let mut bytes = 0;
        let wanted: Vec<&ChangeRow> = commit.changes.iter().filter(|row| self.wants_kind(row)).collect();
        for rows in wanted.chunks(CHANGES) {
            let packs = self.packs(sequence, rows).await?;
            for row in rows {
                let Some(change) = self.change(sequence, row, &packs)? else { continue };
                let length = change.encoded_len();
                if bytes > 0 && bytes + length > limits::PART_BYTES {
                    let changes = std::mem::take(&mut part.changes);
                    let full = ChangesResponse { changes, ..part.clone() };
                    if self.messages.send(Ok(full)).await.is_err() {
                        return Ok(Err(Gone));
                    }
                    bytes = 0;
                }
                bytes += length;
                part.changes.push(change);
            }
        }
        if part.changes.is_empty() {
            // Nobody asks what a commit without a wanted key did to the graph.
            if !wanted.is_empty() {
                self.memory.lock().unwrap_or_else(PoisonError::into_inner).clear();
            }
            return Ok(Ok(()));
        }
        for group in self.touched_groups(sequence, &wanted).await? {
            if bytes + group.len() > limits::PART_BYTES {
                let full = ChangesResponse {
                    changes: std::mem::take(&mut part.changes),
                    touched_groups: std::mem::take(&mut part.touched_groups),
                    ..part.clone()
                };
                if self.messages.send(Ok(full)).await.is_err() {
                    return Ok(Err(Gone));
                }
                bytes = 0;
            }
            bytes += group.len();
            part.touched_groups.push(group);
        }
        part.last = true;
        self.told = Some(sequence);
        Ok(self.messages.send(Ok(part)).await.map_err(|_| Gone))
    }

    /// Names of the groups that a commit touched, if they are asked for. The feed's own pin is still before the commit, so
    /// that what it replaced can be read.
    async fn touched_groups(&self, sequence: u64, rows: &[&ChangeRow]) -> Result<BTreeSet<String>> {
        let Some(rule) = &self.rule else { return Ok(BTreeSet::new()) };
        let changed = |row: &&ChangeRow| {
            let after = Locator { sequence, pack: row.pack, index: row.index };
            let kind_before = if row.previous_kind == 0 { row.kind } else { row.previous_kind };
            Changed {
                before: row.previous.filter(|_| self.wants(kind_before)),
                after: Some(after).filter(|_| !row.deleted && self.wants(row.kind)),
            }
        };
        let changes: Vec<Changed> = rows.iter().map(changed).collect();
        connect::touched(&self.shared, rule, sequence, &changes, &self.memory).await
    }

    fn wants_kind(&self, row: &ChangeRow) -> bool {
        self.wants(row.kind) || row.previous_kind != 0 && self.wants(row.previous_kind)
    }

    fn wants(&self, id: u32) -> bool {
        if self.filter.kinds.is_empty() {
            return true;
        }
        let interns = self.shared.interns();
        self.filter.kinds.iter().any(|kind| interns.id(Table::Kinds, kind) == Some(id))
    }

    async fn packs(&self, sequence: u64, rows: &[&ChangeRow]) -> Result<HashMap<PackId, Arc<Pack>>> {
        let after = rows.iter().filter(|row| !row.deleted).map(|row| (sequence, row.pack));
        let before = rows.iter().filter_map(|row| row.previous).map(Locator::pack_id);
        self.shared.packs(after.chain(before)).await
    }

    fn change(
        &self,
        sequence: u64,
        row: &ChangeRow,
        packs: &HashMap<PackId, Arc<Pack>>,
    ) -> Result<Option<Change>> {
        let interns = self.shared.interns();
        let mut change = Change {
            kind: interns.text(Table::Kinds, row.kind).to_string(),
            analyzer: interns.text(Table::Analyzers, row.analyzer).to_string(),
            deleted: row.deleted,
            existed: row.previous.is_some(),
            ..Change::default()
        };
        drop(interns);
        if let Some(previous) = row.previous {
            let envelope = packs[&previous.pack_id()].envelope(previous)?;
            change.name = envelope.name;
            change.keys_before = envelope.keys;
        }
        if row.deleted {
            return Ok(Some(change).filter(|change| self.filter.keyed(&change.keys_before)));
        }
        let locator = Locator { sequence, pack: row.pack, index: row.index };
        let pack = &packs[&locator.pack_id()];
        if self.include_records {
            let record = pack.record(locator)?;
            change.name.clone_from(&record.name);
            change.keys_after.clone_from(&record.keys);
            change.record = Some(record);
        } else {
            let envelope = pack.envelope(locator)?;
            change.name = envelope.name;
            change.keys_after = envelope.keys;
        }
        let matches = self.filter.keyed(&change.keys_before) || self.filter.keyed(&change.keys_after);
        Ok(Some(change).filter(|_| matches))
    }
}

/// The next commits of a range, and whether there may be more.
pub(crate) async fn read_commits(
    shared: &Shared,
    range: &mut Range,
) -> Result<(Vec<(u64, CommitRow)>, bool)> {
    let mut pairs = shared.kv.scan(range.clone(), ROWS).await?;
    let more = pairs.len() == ROWS;
    if more {
        // The last commit may go on beyond the rows that were read.
        let last = pairs.last().and_then(|(key, _)| layout::parse_commit_key(key));
        let first_of_last =
            pairs.iter().position(|(key, _)| layout::parse_commit_key(key) == last).unwrap_or(0);
        if first_of_last == 0 {
            let last = last.unwrap_or_default();
            range.start = Bound::Included(layout::commit_key(last + 1, 0));
            return Ok((vec![(last, long_commit(shared, last).await?)], true));
        }
        pairs.truncate(first_of_last);
        range.start = Bound::Included(layout::commit_key(last.unwrap_or_default(), 0));
    }
    Ok((gather_commits(pairs)?, more))
}

/// A commit of which the row takes more chunks than are read at a time.
async fn long_commit(shared: &Shared, sequence: u64) -> Result<CommitRow> {
    let prefix = layout::commit_key(sequence, 0);
    let pairs = shared.kv.scan(Range::prefix(&prefix[..9]), usize::from(u16::MAX)).await?;
    let mut commits = gather_commits(pairs)?;
    commits.pop().map(|(_, row)| row).ok_or_else(|| Error::corrupt(format!("commit {sequence} is missing")))
}

/// Joins the chunks of commit rows.
fn gather_commits(pairs: Vec<kv::Pair>) -> Result<Vec<(u64, CommitRow)>> {
    let mut joined: Vec<(u64, BytesMut)> = Vec::new();
    for (key, value) in pairs {
        let sequence =
            layout::parse_commit_key(&key).ok_or_else(|| Error::corrupt("a commit row has no sequence"))?;
        match joined.last_mut() {
            Some((last, bytes)) if *last == sequence => bytes.extend_from_slice(&value),
            _ => joined.push((sequence, BytesMut::from(&value[..]))),
        }
    }
    let decode = |bytes: BytesMut| CommitRow::decode(Bytes::from(bytes)).map_err(pack::damaged);
    joined.into_iter().map(|(sequence, bytes)| Ok((sequence, decode(bytes)?))).collect()
}
