//! Keeps an index at the end of the log.

use std::collections::BTreeMap;
use std::time::Duration;

use api::storage::{ChangesRequest, ChangesResponse};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::build::Progress;
use super::replay::{Commit, Parts, Replay, Step, kinds};
use super::{Shared, blocking};
use crate::error::{Error, Result};
use crate::index::{Index, Tidying, Writer};

/// Messages of the feed that lie ready. Each may have a megabyte.
const READY: usize = 8;

/// How long changes that came alone wait for company.
const LINGER: Duration = Duration::from_millis(5);

/// The most changes that are committed when the server stops, in some tens of milliseconds; more are indexed again from the log
/// when it is started.
const LAST: usize = 100;

/// So many commits behind the head of the log, what is indexed now is not new any more: fewer and larger commits bring the index
/// to the head sooner.
const BEHIND: i64 = 100;

/// Not soon.
const FAR: Duration = Duration::from_secs(3_600);

/// An index and its place in the log.
pub(super) struct Follower {
    pub(super) index: Index,
    pub(super) writer: Writer,
    /// When the last commit was.
    pub(super) committed: Instant,
    /// The sequence of that.
    durable: i64,
    /// True if it takes the place of another when it is next followed for questions.
    pub(super) made: bool,
}

/// Why following ended.
#[derive(Debug)]
pub(super) enum End {
    /// It was told to.
    Stopped,
    /// A new index has come to the head of the log.
    CaughtUp,
    /// The log is not, or not any more, the one that the index has followed.
    Lost(Error),
}

/// For whom the log is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// For questions.
    Serve,
    /// For an index that is being made; ends when the head is reached.
    Build,
}

impl Follower {
    pub(super) fn new(index: Index, writer: Writer) -> Follower {
        let durable = index.sequence();
        Follower { index, writer, committed: Instant::now(), durable, made: false }
    }
}

/// Follows the log until told to stop; the follower is always given back unless the index broke.
pub(super) async fn follow(
    shared: &Shared,
    follower: Follower,
    purpose: Purpose,
    stop: &CancellationToken,
) -> Result<(Follower, End)> {
    let mut backoff = super::config::Backoff::new(&shared.config);
    let mut follower = follower;
    loop {
        let mut session = Session::new(shared, follower, purpose);
        let end = session.run(stop, &mut backoff).await;
        if purpose == Purpose::Serve {
            shared.live.end();
        }
        let Some(given_back) = session.follower else {
            return Err(end.err().unwrap_or(Error::Draining));
        };
        follower = given_back;
        let error = match end {
            Ok(end) => return Ok((follower, end)),
            Err(error @ (Error::Unreachable { .. } | Error::Refused { .. })) => error,
            Err(error) => return Err(error),
        };
        let pause = backoff.pause();
        tracing::warn!(%error, ?pause, "the search index waits for the log");
        tokio::select! {
            () = stop.cancelled() => return Ok((follower, End::Stopped)),
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// True if the feed cannot go on where the index is.
fn is_lost(error: &Error) -> bool {
    matches!(error, Error::Refused { reason, .. } if reason == "COMPACTED" || reason == "NOT_YET")
}

struct Session<'a> {
    shared: &'a Shared,
    follower: Option<Follower>,
    purpose: Purpose,
    replay: Option<Replay>,
    /// The latest sequence that the feed told, and the head that it told with it.
    told: i64,
    head: i64,
    /// True while there is more in the log than can be followed at once.
    hurry: bool,
    /// True until it is known that no segments are to be merged, and the merge that is under way.
    untidy: bool,
    tidying: Option<Tidying>,
    /// When the last commit or merge ended.
    still: Instant,
}

impl<'a> Session<'a> {
    fn new(shared: &'a Shared, follower: Follower, purpose: Purpose) -> Session<'a> {
        let at = follower.index.sequence();
        let replay = Replay::new(shared.log.clone(), at, shared.config.cache_bytes);
        let follower = Some(follower);
        let replay = Some(replay);
        let (told, head, hurry) = (at, at, false);
        let (untidy, tidying, still) = (true, None, Instant::now());
        Session { shared, follower, purpose, replay, told, head, hurry, untidy, tidying, still }
    }

    async fn run(&mut self, stop: &CancellationToken, backoff: &mut super::config::Backoff) -> Result<End> {
        let consumer = match self.purpose {
            Purpose::Serve => self.shared.config.consumer.clone(),
            Purpose::Build => String::new(),
        };
        let request = ChangesRequest {
            after_sequence: self.told,
            kinds: kinds(),
            consumer,
            include_records: true,
            ..ChangesRequest::default()
        };
        let mut feed = match pump(self.shared, request).await {
            Err(error) if is_lost(&error) => return Ok(End::Lost(error)),
            feed => feed?,
        };
        if let Some(follower) = self.follower.as_mut().filter(|_| self.purpose == Purpose::Serve) {
            // Only now is it sure that the log goes on from where the index is.
            self.shared.answers(&follower.index, std::mem::take(&mut follower.made));
            self.shared.live.begin(self.told);
        }
        let mut parts = Parts::default();
        loop {
            let (due, rest) = (self.due(), self.rest());
            let message = tokio::select! {
                biased;
                () = stop.cancelled() => {
                    if self.is_worth_a_commit() {
                        self.commit().await?;
                    }
                    return Ok(End::Stopped);
                }
                () = tokio::time::sleep_until(due) => {
                    self.commit().await?;
                    continue;
                }
                message = feed.recv() => message,
                () = merged(&mut self.tidying) => {
                    self.tidying = None;
                    self.still = Instant::now();
                    continue;
                }
                () = tokio::time::sleep_until(rest) => {
                    self.tidy().await?;
                    continue;
                }
            };
            let message = message.ok_or_else(closed)??;
            backoff.reset();
            let commits = self.gather(message, &mut feed, &mut parts)?;
            self.take(commits).await?;
            if self.purpose == Purpose::Build && self.told >= self.head {
                self.commit().await?;
                return Ok(End::CaughtUp);
            }
        }
    }

    /// The commits of a message and of those that lie ready behind it, up to a limit.
    fn gather(
        &mut self,
        first: ChangesResponse,
        feed: &mut mpsc::Receiver<Result<ChangesResponse>>,
        parts: &mut Parts,
    ) -> Result<Vec<Commit>> {
        let mut commits = Vec::new();
        let mut changes = 0;
        let mut next = Some(first);
        while let Some(message) = next.take() {
            changes += message.changes.len();
            self.head = self.head.max(message.head);
            if let Some(commit) = parts.join(message) {
                self.told = commit.sequence;
                if !commit.changes.is_empty() {
                    commits.push(commit);
                }
            }
            let full = changes >= self.shared.config.batch_changes;
            self.hurry = full || self.head - self.told > BEHIND;
            if !full {
                match feed.try_recv() {
                    Ok(message) => next = Some(message?),
                    Err(mpsc::error::TryRecvError::Empty) => {}
                    Err(mpsc::error::TryRecvError::Disconnected) => return Err(closed()),
                }
            }
        }
        Ok(commits)
    }

    /// Indexes commits.
    async fn take(&mut self, mut commits: Vec<Commit>) -> Result<()> {
        let broken =
            || Error::Unreachable { peer: crate::STORAGE, message: "the feed has to be read anew".into() };
        while !commits.is_empty() {
            let mut replay = self.replay.take().ok_or_else(broken)?;
            replay.prepare(&commits).await?;
            let (mut replay, mut replayed) = blocking(move || {
                let replayed = replay.replay(commits);
                (replay, replayed)
            })
            .await?;
            replay.finish(&mut replayed).await?;
            let mut steps = std::mem::take(&mut replayed.steps);
            if self.purpose == Purpose::Serve {
                steps = self.shared.tell(&replay, steps).await?;
            }
            self.replay = Some(replay);
            let mut follower = self.follower.take().ok_or_else(broken)?;
            let (follower, written) = blocking(move || {
                let written = write(&mut follower.writer, &steps);
                (follower, written)
            })
            .await?;
            self.follower = Some(follower);
            written?;
            commits = replayed.rest;
        }
        if let Some(follower) = &mut self.follower {
            follower.writer.pass(self.told);
        }
        match (self.purpose, &self.follower) {
            (Purpose::Build, Some(follower)) => {
                let records = follower.index.snapshot().records() + follower.writer.pending() as u64;
                self.shared.building(Some(Progress { sequence: self.told, head: self.head, records }));
            }
            _ => {
                self.shared.live.reach(self.told);
                self.shared.head(self.head);
            }
        }
        Ok(())
    }

    /// When the next commit is due.
    fn due(&self) -> Instant {
        let config = &self.shared.config;
        let idle = Instant::now() + FAR;
        let Some(follower) = &self.follower else { return idle };
        match follower.writer.waiting_since() {
            Some(since) => {
                let pace = if self.hurry { config.hurry } else { config.index.longest };
                (follower.committed + pace).max(Instant::from_std(since) + LINGER)
            }
            None if self.told > follower.durable => follower.committed + config.idle_commit,
            None => idle,
        }
    }

    /// True if what waits is committed sooner than it is indexed again: a server that stops must not wait long for it.
    fn is_worth_a_commit(&self) -> bool {
        let few = |follower: &Follower| follower.writer.pending() <= LAST;
        self.purpose == Purpose::Serve && self.follower.as_ref().is_some_and(few)
    }

    /// When small segments are merged next.
    fn rest(&self) -> Instant {
        let wanted = self.untidy && self.tidying.is_none() && self.purpose == Purpose::Serve;
        match &self.follower {
            Some(follower) if wanted && follower.writer.pending() == 0 => {
                self.still + self.shared.config.rest
            }
            _ => Instant::now() + FAR,
        }
    }

    /// Shows what merges have done, and starts the next.
    async fn tidy(&mut self) -> Result<()> {
        let Some(mut follower) = self.follower.take() else { return Ok(()) };
        let (follower, tidying) = blocking(move || {
            let tidying = follower.writer.tidy();
            (follower, tidying)
        })
        .await?;
        self.follower = Some(follower);
        self.tidying = tidying?;
        self.untidy = self.tidying.is_some();
        Ok(())
    }

    async fn commit(&mut self) -> Result<()> {
        let at = self.told;
        let idle = |follower: &Follower| follower.writer.pending() == 0 && follower.durable >= at;
        if self.follower.as_ref().is_none_or(idle) {
            return Ok(());
        }
        let Some(mut follower) = self.follower.take() else { return Ok(()) };
        let (mut follower, committed) = blocking(move || {
            let committed = follower.writer.commit(at).map(|_| ());
            (follower, committed)
        })
        .await?;
        follower.committed = Instant::now();
        self.still = follower.committed;
        self.untidy = true;
        if committed.is_ok() {
            follower.durable = at;
        }
        self.follower = Some(follower);
        committed
    }
}

/// Waits for a merge.
async fn merged(tidying: &mut Option<Tidying>) {
    match tidying {
        Some(tidying) => tidying.await,
        None => std::future::pending().await,
    }
}

/// Puts what the entries are after all steps.
fn write(writer: &mut Writer, steps: &[Step]) -> Result<()> {
    let mut last = BTreeMap::new();
    for touched in steps.iter().flat_map(|step| &step.touched) {
        last.insert(touched.name.as_str(), touched.entry.as_ref());
    }
    let now = std::time::Instant::now();
    for (name, entry) in last {
        match entry {
            Some(entry) => writer.put(entry, now)?,
            None => writer.remove(name, now),
        }
    }
    Ok(())
}

fn closed() -> Error {
    Error::Unreachable { peer: crate::STORAGE, message: "the feed has ended".to_owned() }
}

/// Reads the feed ahead, so that its messages are decoded while others are worked on.
pub(super) async fn pump(
    shared: &Shared,
    request: ChangesRequest,
) -> Result<mpsc::Receiver<Result<ChangesResponse>>> {
    let mut feed = shared.log.changes(request).await?;
    let (tell, told) = mpsc::channel(READY);
    tokio::spawn(async move {
        loop {
            let next = tokio::select! {
                () = tell.closed() => return,
                next = feed.next() => next,
            };
            let (message, last) = match next {
                Ok(Some(message)) => (Ok(message), false),
                Ok(None) => return,
                Err(error) => (Err(error), true),
            };
            if tell.send(message).await.is_err() || last {
                return;
            }
        }
    });
    Ok(told)
}
