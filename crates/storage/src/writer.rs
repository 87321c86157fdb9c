//! The one task that writes: it takes requests in their order, gives them sequences, and commits them in groups.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use api::storage::Outcome;
use bytes::Bytes;
use kv::{Batch, Check};
use prost::Message;
use prost_types::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio::time::Instant;

use crate::check::Request;
use crate::error::{Error, Result};
use crate::layout::{self, ConsumerRow, HeadRow};
use crate::plan::{self, Plan};
use crate::rows::Rows;
use crate::shared::{Head, Shared, time_order, timestamp};

/// Raw bytes at which a group is closed.
const GROUP_BYTES: usize = 4 << 20;

/// Changed names of which the writer remembers when they changed; older plans are made again.
const RECENT: usize = 32 << 10;

/// How often the places of consumers are written along with a group.
const CONSUMERS_SAVED: Duration = Duration::from_secs(30);

/// What the writer is asked to do.
pub(crate) enum Job {
    /// Commits a request.
    Commit(Box<CommitJob>),
    /// Writes rows that are no part of a commit.
    Raw(RawJob),
    /// Reads the state again, after a restore.
    Reload(oneshot::Sender<Result<()>>),
    /// Ends once all before it is done.
    Drain(oneshot::Sender<()>),
}

/// A request and what it was planned to come to.
pub(crate) struct CommitJob {
    pub(crate) request: Request,
    pub(crate) plan: Plan,
    pub(crate) reply: oneshot::Sender<Result<Receipt>>,
    /// Its share of the bytes that may wait.
    pub(crate) permit: OwnedSemaphorePermit,
}

/// Rows that are no part of a commit.
pub(crate) struct RawJob {
    /// Names that must not have changed since.
    pub(crate) basis: Vec<(Bytes, u64)>,
    /// The head when the basis was read.
    pub(crate) head: u64,
    pub(crate) writes: Vec<(Bytes, Option<Bytes>)>,
    /// Answered with false if the basis does not hold.
    pub(crate) reply: oneshot::Sender<Result<bool>>,
}

/// What became of a request.
#[derive(Debug)]
pub(crate) struct Receipt {
    pub(crate) sequence: u64,
    pub(crate) time: Timestamp,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) refusals: Vec<(usize, Error)>,
}

/// The writer.
pub(crate) struct Writer {
    shared: Arc<Shared>,
    jobs: mpsc::Receiver<Job>,
    /// A job that did not fit into the last group.
    carry: Option<Job>,
    /// The head row as it is stored.
    head_row: Option<Bytes>,
    /// The highest sequence ever tried: one that failed is not used again, since a plan may have seen its rows.
    tried: u64,
    recent: Recent,
    consumers_saved: SystemTime,
}

/// When names changed lately.
#[derive(Default)]
struct Recent {
    changed: HashMap<Bytes, u64>,
    order: VecDeque<(Bytes, u64)>,
    /// All changes above this sequence are known.
    floor: u64,
}

/// Requests of one batch.
struct Group {
    rows: Rows,
    done: Vec<(oneshot::Sender<Result<Receipt>>, Receipt, OwnedSemaphorePermit)>,
    records: usize,
    bytes: usize,
    /// True while only imports are in it: they may wait for more.
    may_wait: bool,
}

impl Writer {
    pub(crate) fn new(shared: Arc<Shared>, jobs: mpsc::Receiver<Job>, head_row: Option<Bytes>) -> Self {
        let consumers_saved = shared.now();
        let tried = shared.head();
        let recent = Recent { floor: tried, ..Recent::default() };
        Self { shared, jobs, carry: None, head_row, tried, recent, consumers_saved }
    }

    /// Works until every handle is gone, or until it is drained.
    pub(crate) async fn run(mut self) {
        let mut drained = Vec::new();
        loop {
            let job = match self.carry.take() {
                Some(job) => job,
                None => match self.jobs.recv().await {
                    Some(job) => job,
                    None => break,
                },
            };
            match job {
                Job::Commit(job) => self.group(job).await,
                Job::Raw(job) => self.raw(job).await,
                Job::Reload(reply) => drop(reply.send(self.reload().await)),
                Job::Drain(reply) => {
                    self.jobs.close();
                    drained.push(reply);
                }
            }
        }
        for reply in drained {
            // Whoever asked may be gone; the writer ends all the same.
            let _ = reply.send(());
        }
    }

    async fn group(&mut self, first: Box<CommitJob>) {
        let before = *self.shared.head.borrow();
        let now = timestamp(self.shared.now());
        let time = if time_order(&now) < time_order(&before.time) { before.time } else { now };
        let backup = self.shared.backup.load(Ordering::Acquire);
        let mut group = Group {
            rows: Rows::new(self.tried.max(before.sequence), time, backup),
            done: Vec::new(),
            records: 0,
            bytes: 0,
            may_wait: true,
        };
        if let Some(first) = self.renew(first).await {
            self.admit(&mut group, *first);
        }
        let deadline = Instant::now() + self.shared.config.group_wait;
        while group.records < self.shared.config.group_records && group.bytes < GROUP_BYTES {
            let Some(job) = self.next(&group, deadline).await else { break };
            match job {
                Job::Commit(job) if self.holds(&job.plan, Some(&group.rows)) => self.admit(&mut group, *job),
                other => {
                    self.carry = Some(other);
                    break;
                }
            }
        }
        self.write(group, before).await;
    }

    async fn next(&mut self, group: &Group, deadline: Instant) -> Option<Job> {
        match self.jobs.try_recv() {
            Ok(job) => Some(job),
            Err(_) if group.may_wait && self.shared.preparing.load(Ordering::Relaxed) > 0 => {
                tokio::time::timeout_at(deadline, self.jobs.recv()).await.ok().flatten()
            }
            Err(_) => None,
        }
    }

    /// Makes a plan again that no longer holds; nobody else writes meanwhile, so that the new one does.
    async fn renew(&mut self, mut job: Box<CommitJob>) -> Option<Box<CommitJob>> {
        if self.holds(&job.plan, None) {
            return Some(job);
        }
        match plan::plan(&self.shared, &job.request).await {
            Ok(plan) => {
                job.plan = plan;
                Some(job)
            }
            Err(error) => {
                let _ = job.reply.send(Err(error));
                None
            }
        }
    }

    fn holds(&self, plan: &Plan, rows: Option<&Rows>) -> bool {
        // Sequences above head belong to batches that failed, or to this very group.
        let head = self.shared.head();
        let unchanged = self.recent.unchanged(plan.head, head, &plan.basis);
        unchanged && rows.is_none_or(|rows| !plan.basis.iter().any(|(key, _)| rows.touched.contains_key(key)))
    }

    fn admit(&self, group: &mut Group, job: CommitJob) {
        if self.shared.restoring.load(Ordering::Acquire) {
            let _ = job.reply.send(Err(Error::Restoring));
            return;
        }
        let mut effects = match job.plan.result {
            Ok(effects) => effects,
            Err(error) => {
                let _ = job.reply.send(Err(error));
                return;
            }
        };
        group.may_wait &= job.request.import;
        group.records += effects.outcomes.len();
        group.bytes += effects.packs.iter().map(|pack| pack.raw_bytes).sum::<usize>();
        let outcomes = std::mem::take(&mut effects.outcomes);
        let refusals = std::mem::take(&mut effects.refusals);
        let sequence = if effects.is_empty() {
            0
        } else {
            group.rows.add(effects, job.request.import, &mut self.shared.interns_mut())
        };
        let receipt = Receipt { sequence, time: Timestamp::default(), outcomes, refusals };
        group.done.push((job.reply, receipt, job.permit));
    }

    async fn write(&mut self, mut group: Group, before: Head) {
        group.rows.close();
        let result =
            if group.rows.writes.is_empty() { Ok(before) } else { self.commit(&mut group.rows).await };
        if result.is_err() {
            // Readers that wait for rows to become visible look again.
            self.shared.head.send_modify(|_| {});
        }
        for (reply, mut receipt, permit) in group.done {
            let answer = result.clone().map(|head| {
                if receipt.sequence == 0 {
                    receipt.sequence = head.sequence;
                }
                receipt.time = head.time;
                receipt
            });
            let _ = reply.send(answer);
            drop(permit);
        }
    }

    async fn commit(&mut self, rows: &mut Rows) -> Result<Head> {
        let shared = self.shared.clone();
        let head = Head { sequence: rows.head, time: rows.time() };
        self.tried = head.sequence;
        let row = Bytes::from(HeadRow { head: head.sequence, time: Some(head.time) }.encode_to_vec());
        let mut writes = std::mem::take(&mut rows.writes);
        shared.interns().unstored(&mut writes);
        let counts: Vec<(u32, i64)> = {
            let counts = shared.counts();
            let count = |(kind, delta): (&u32, &i64)| (*kind, counts.get(kind).copied().unwrap_or(0) + delta);
            rows.counts.iter().map(count).collect()
        };
        for (kind, count) in &counts {
            writes.push((layout::count_key(*kind), Some(Bytes::copy_from_slice(&count.to_be_bytes()))));
        }
        self.save_consumers(&mut writes);
        writes.push((layout::HEAD_KEY, Some(row.clone())));
        let checks = vec![Check { key: layout::HEAD_KEY, expected: self.head_row.clone() }];
        shared.kv.commit(Batch { checks, writes }).await?;

        self.head_row = Some(row);
        shared.interns_mut().mark_stored();
        shared.counts().extend(counts);
        let mut touched: Vec<_> = std::mem::take(&mut rows.touched).into_iter().collect();
        touched.sort_unstable_by_key(|(_, sequence)| *sequence);
        let changes = touched.len();
        self.recent.note(touched);
        {
            let mut cache = shared.cache();
            for (id, pack) in rows.packs.drain(..) {
                cache.insert(id, pack);
            }
        }
        shared.head.send_replace(head);
        tracing::debug!(sequence = head.sequence, changes, "committed");
        Ok(head)
    }

    fn save_consumers(&mut self, writes: &mut Vec<(Bytes, Option<Bytes>)>) {
        let now = self.shared.now();
        if now.duration_since(self.consumers_saved).is_ok_and(|age| age < CONSUMERS_SAVED) {
            return;
        }
        self.consumers_saved = now;
        writes.extend(consumer_rows(&self.shared));
    }

    async fn raw(&self, job: RawJob) {
        let result = if self.recent.unchanged(job.head, self.shared.head(), &job.basis) {
            let batch = Batch { checks: Vec::new(), writes: job.writes };
            self.shared.kv.commit(batch).await.map(|()| true).map_err(Error::from)
        } else {
            Ok(false)
        };
        let _ = job.reply.send(result);
    }

    async fn reload(&mut self) -> Result<()> {
        self.head_row = self.shared.load().await?;
        self.tried = self.tried.max(self.shared.head());
        self.recent = Recent { floor: self.shared.head(), ..Recent::default() };
        Ok(())
    }
}

/// Rows of consumers that have moved or expired.
pub(crate) fn consumer_rows(shared: &Shared) -> Vec<(Bytes, Option<Bytes>)> {
    let changed = shared.pins.take_changed(shared.now(), shared.config.consumer_expiry);
    let row = |sequence| Bytes::from(ConsumerRow { sequence }.encode_to_vec());
    changed.into_iter().map(|(name, at)| (layout::consumer_key(&name), at.map(row))).collect()
}

impl Recent {
    /// True if nothing of a basis that was read at `since` has changed.
    fn unchanged(&self, since: u64, head: u64, basis: &[(Bytes, u64)]) -> bool {
        since >= self.floor
            && basis.iter().all(|(key, version)| {
                *version <= head && self.changed.get(key).is_none_or(|changed| changed == version)
            })
    }

    fn note(&mut self, touched: Vec<(Bytes, u64)>) {
        for (key, sequence) in touched {
            self.changed.insert(key.clone(), sequence);
            self.order.push_back((key, sequence));
        }
        while self.order.len() > RECENT {
            let Some((key, sequence)) = self.order.pop_front() else { break };
            self.floor = sequence;
            // It may have changed again since.
            if self.changed.get(&key) == Some(&sequence) {
                self.changed.remove(&key);
            }
        }
        // A sequence is forgotten as a whole.
        while self.order.front().is_some_and(|(_, sequence)| *sequence <= self.floor) {
            if let Some((key, sequence)) = self.order.pop_front()
                && self.changed.get(&key) == Some(&sequence)
            {
                self.changed.remove(&key);
            }
        }
    }
}
