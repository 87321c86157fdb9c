//! The log: an append-only sequence of commits over an ordered key-value store, with indexes beside it.
//!
//! The principle type is [`Storage`], a handle that is cheap to clone. Its methods take and give the messages of
//! `monazite.storage.v1`; [`grpc::service`] serves them. It promises:
//!
//! 1. An acknowledged commit is durable, and atomic for readers, the feed, and reads as of a sequence.
//! 2. A sequence belongs to a commit and is strictly increasing, not dense; nothing appears at or below a head that
//!    was once returned; commit time never goes back.
//! 3. Replace swaps all that an analyzer derived from one group, unless what stands was read later.
//! 4. Reads can be as of any sequence from the compaction horizon on.
//!
//! ```
//! # use std::sync::Arc;
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> storage::Result<()> {
//! use api::record::Record;
//! use api::storage::{CommitRequest, Operation, Put, operation::Operation as Do};
//!
//! let kv = Arc::new(kv::Memory::new());
//! let log = storage::Storage::open(kv, storage::Config::default(), storage::system_clock()).await?;
//! let record = Record { name: "notes/1".into(), kind: "example.Note".into(), ..Record::default() };
//! let put = Operation { operation: Some(Do::Put(Put { record: Some(record) })) };
//! let done = log.commit(CommitRequest { operations: vec![put], preconditions: vec![] }).await?;
//! assert_eq!((done.sequence, log.head()), (1, 1));
//! # Ok(()) }
//! ```
//!
//! How it works: a request is checked ([`check`]) and planned ([`plan`], [`decide`]) beside the writer, which only
//! verifies that the plan still holds, assigns the sequence, and commits many requests in one durable batch
//! ([`writer`], [`rows`]). How rows lie is told in [`layout`]. Readers ([`read`], [`list`], [`feed`]) see what is at
//! or below the head that they started from; groups of records that are linked with each other are found by [`connect`].

mod backup;
mod cache;
mod check;
mod citations;
mod compact;
mod config;
mod connect;
mod decide;
mod derivations;
mod error;
mod feed;
pub mod grpc;
mod import;
mod interns;
mod keys;
mod layout;
mod list;
mod mask;
mod open;
mod pack;
mod pins;
mod plan;
mod read;
mod restore;
mod rows;
mod shared;
mod statistics;
mod writer;

use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, RwLock};

use api::storage::{CommitRequest, CommitResponse};
use kv::Kv;
use prost::Message;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use crate::cache::Cache;
use crate::check::Request;
pub use crate::config::{Clock, Config, limits, system_clock};
pub use crate::error::{CitationFault, Error, Result};
pub use crate::feed::ChangeStream;
use crate::interns::Interns;
use crate::shared::{Head, Shared};
use crate::writer::{CommitJob, Job, Receipt, Writer};

/// A handle on a log.
#[derive(Clone)]
pub struct Storage {
    shared: Arc<Shared>,
    jobs: mpsc::Sender<Job>,
    /// KiB of requests that may be prepared or wait.
    budget: Arc<Semaphore>,
    budget_kib: u32,
    /// One compaction or backup at a time.
    exclusive: Arc<tokio::sync::Mutex<()>>,
}

impl Storage {
    /// Opens the log of a store, or begins one in an empty store, and starts its writer on the present runtime. The
    /// caller sees to it that no other process has the store open.
    ///
    /// # Errors
    /// [`Error::NewerFormat`] for a store that a newer version wrote; [`Error::Corrupt`] for one that holds something
    /// else; [`Error::Store`] if it cannot be read, [`Error::DiskFull`] if it cannot be written.
    pub async fn open(kv: Arc<dyn Kv>, config: Config, clock: Clock) -> Result<Self> {
        open::prepare(&kv).await?;
        let (jobs, queue) = mpsc::channel(config.queue_requests.max(1));
        let budget_kib = u32::try_from(config.queue_bytes >> 10).unwrap_or(u32::MAX).max(1);
        let shared = Arc::new(Shared {
            kv,
            clock,
            head: watch::Sender::new(Head::default()),
            draining: watch::Sender::new(false),
            restoring: AtomicBool::new(false),
            preparing: AtomicUsize::new(0),
            backup: AtomicBool::new(false),
            pins: Arc::default(),
            interns: RwLock::new(Interns::default()),
            cache: Mutex::new(Cache::new(config.cache_bytes)),
            counts: Mutex::default(),
            config,
        });
        let head_row = shared.load().await?;
        tokio::spawn(Writer::new(shared.clone(), queue, head_row).run());
        let budget = Arc::new(Semaphore::new(budget_kib as usize));
        Ok(Self { shared, jobs, budget, budget_kib, exclusive: Arc::default() })
    }

    /// Sequence of the latest commit; zero if there is none.
    #[must_use]
    pub fn head(&self) -> i64 {
        self.shared.head().cast_signed()
    }

    /// Reads as of a lower sequence are refused.
    #[must_use]
    pub fn horizon(&self) -> i64 {
        self.shared.pins.horizon().cast_signed()
    }

    /// Writes a batch of operations at one sequence: all of them or none, durable once it is answered.
    ///
    /// # Errors
    /// As the contract of `Commit` lists them.
    pub async fn commit(&self, request: CommitRequest) -> Result<CommitResponse> {
        let permit = self.admit(request.encoded_len()).await?;
        let job = self.prepare(check::commit(request)?, permit).await?;
        let receipt = self.submit(job).await?.await.map_err(|_| Error::Draining)??;
        Ok(CommitResponse {
            sequence: receipt.sequence.cast_signed(),
            commit_time: Some(receipt.time),
            outcomes: receipt.outcomes.into_iter().map(i32::from).collect(),
        })
    }

    /// Takes no new commits, ends the feeds, and returns once all that was taken is written. Reads still work.
    pub async fn drain(&self) {
        self.shared.draining.send_replace(true);
        let (reply, done) = oneshot::channel();
        // A writer that is gone has nothing left to do.
        if self.jobs.send(Job::Drain(reply)).await.is_ok() {
            let _ = done.await;
        }
    }

    /// Waits for a share of the bytes that may be on their way.
    async fn admit(&self, bytes: usize) -> Result<OwnedSemaphorePermit> {
        if *self.shared.draining.borrow() {
            return Err(Error::Draining);
        }
        let kib = u32::try_from(bytes >> 10).unwrap_or(u32::MAX).saturating_add(1);
        let permit = self.budget.clone().acquire_many_owned(kib.min(self.budget_kib)).await;
        permit.map_err(|_| Error::Draining)
    }

    /// Works out what a request comes to.
    async fn prepare(&self, request: Request, permit: OwnedSemaphorePermit) -> Result<Prepared> {
        let plan = plan::plan(&self.shared, &request).await?;
        let (reply, receipt) = oneshot::channel();
        Ok(Prepared { job: Box::new(CommitJob { request, plan, reply, permit }), receipt })
    }

    /// Queues a request; the receipt comes once it is durable.
    async fn submit(&self, prepared: Prepared) -> Result<oneshot::Receiver<Result<Receipt>>> {
        if *self.shared.draining.borrow() {
            return Err(Error::Draining);
        }
        self.jobs.send(Job::Commit(prepared.job)).await.map_err(|_| Error::Draining)?;
        Ok(prepared.receipt)
    }

    /// Writes rows that are no part of a commit; false if their basis does not hold.
    async fn write_raw(&self, head: u64, basis: Vec<(bytes::Bytes, u64)>, writes: Writes) -> Result<bool> {
        let (reply, done) = oneshot::channel();
        let job = Job::Raw(writer::RawJob { basis, head, writes, reply });
        self.jobs.send(job).await.map_err(|_| Error::Draining)?;
        done.await.map_err(|_| Error::Draining)?
    }
}

/// Rows to be written or removed.
type Writes = Vec<(bytes::Bytes, Option<bytes::Bytes>)>;

/// A request that is ready for the writer.
struct Prepared {
    job: Box<CommitJob>,
    receipt: oneshot::Receiver<Result<Receipt>>,
}
