//! Watches: all changes, in order, as events of the catalog and of instances.

use std::collections::VecDeque;
use std::time::Duration;

use api::registry::event::Change as EventChange;
use api::registry::{Event, GoneReason, InstanceGone, WatchRequest, WatchResponse};
use futures::stream::{self, BoxStream, StreamExt as _};
use prost::Message as _;
use tokio::time::Instant;

use crate::backend::{Change, Commit, Commits, Query, Row, Span};
use crate::rows::{CATALOG, INSTANCES, decode_announced, decode_entry};
use crate::{Error, Registry, Result};

/// Bytes of events in a message of the initial state, if there is more than one event.
const BYTES: usize = 1 << 20;

/// Rows that are read at a time for the initial state.
const ROWS: usize = 256;

/// What is followed.
#[derive(Clone, Copy)]
struct Classes {
    catalog: bool,
    instances: bool,
}

/// What a watch still has to send.
enum Phase {
    /// Rows of these prefixes, after this key, as of a revision; then a SYNC mark.
    Initial { prefixes: VecDeque<&'static str>, after: Option<String>, revision: i64 },
    /// At once the mark that says where it starts.
    Start(Commits),
    /// Commits as they come.
    Follow(Commits),
    /// Nothing: it has failed.
    Ended,
}

struct Watch {
    registry: Registry,
    classes: Classes,
    phase: Phase,
    /// The revision up to which all was sent.
    through: i64,
    /// When a mark is due at the latest.
    due: Instant,
}

impl Registry {
    /// Follows all changes in order: events of one revision come in one message, whose header says up to which
    /// revision all was sent (zero before the SYNC mark). Without an initial state the first message is a mark.
    ///
    /// # Errors
    /// [`Error::InvalidWatch`]; [`Error::Compacted`] if the revision is not kept any more. The stream ends with
    /// [`Error::SlowWatcher`] if it is read too slowly, and with [`Error::Draining`].
    pub async fn watch(&self, request: WatchRequest) -> Result<BoxStream<'static, Result<WatchResponse>>> {
        if request.after_revision < 0 {
            return Err(Error::InvalidWatch { field: "after_revision", message: "must not be negative" });
        }
        if request.initial_state && request.after_revision != 0 {
            return Err(Error::InvalidWatch {
                field: "after_revision",
                message: "must be zero with initial_state",
            });
        }
        let all = !request.catalog && !request.instances;
        let classes = Classes { catalog: all || request.catalog, instances: all || request.instances };
        let (revision, _) = self.row(String::new()).await?;
        let through = if request.after_revision == 0 { revision } else { request.after_revision };
        let phase = if request.initial_state {
            let prefixes = [(classes.catalog, CATALOG), (classes.instances, INSTANCES)];
            let prefixes = prefixes.into_iter().filter_map(|(wanted, prefix)| wanted.then_some(prefix));
            Phase::Initial { prefixes: prefixes.collect(), after: None, revision }
        } else {
            Phase::Start(self.backend.watch(through).await?)
        };
        let watch = Watch { registry: self.clone(), classes, phase, through, due: Instant::now() };
        Ok(stream::unfold(watch, |mut watch| async move {
            let message = watch.next().await?;
            if message.is_err() {
                watch.phase = Phase::Ended;
            }
            watch.due = Instant::now() + watch.interval();
            Some((message, watch))
        })
        .boxed())
    }
}

impl Watch {
    fn interval(&self) -> Duration {
        self.registry.config.progress_interval
    }

    async fn next(&mut self) -> Option<Result<WatchResponse>> {
        match std::mem::replace(&mut self.phase, Phase::Ended) {
            Phase::Initial { prefixes, after, revision } => {
                Some(self.initial(prefixes, after, revision).await)
            }
            Phase::Start(commits) => {
                self.phase = Phase::Follow(commits);
                Some(Ok(self.message(Vec::new(), self.through)))
            }
            Phase::Follow(commits) => Some(self.follow(commits).await),
            Phase::Ended => None,
        }
    }

    fn message(&self, events: Vec<Event>, revision: i64) -> WatchResponse {
        WatchResponse { header: self.registry.header(revision), events, sync: false }
    }

    /// The next message of the initial state.
    async fn initial(
        &mut self,
        mut prefixes: VecDeque<&'static str>,
        mut after: Option<String>,
        revision: i64,
    ) -> Result<WatchResponse> {
        let mut events = Vec::new();
        let mut bytes = 0;
        while let Some(prefix) = prefixes.front() {
            let span = Span::Prefix((*prefix).to_owned());
            let query = Query { span, at: Some(revision), after: after.take(), limit: ROWS };
            let listing = self.registry.backend.list(query).await?;
            for row in &listing.rows {
                let event = Event { revision: row.revision, change: Some(put(row)?) };
                bytes += event.encoded_len();
                if bytes > BYTES && !events.is_empty() {
                    self.phase = Phase::Initial { prefixes, after, revision };
                    return Ok(self.message(events, 0));
                }
                events.push(event);
                after = Some(row.key.clone());
            }
            if !listing.more {
                prefixes.pop_front();
                after = None;
            }
        }
        if !events.is_empty() {
            self.phase = Phase::Initial { prefixes, after: None, revision };
            return Ok(self.message(events, 0));
        }
        self.phase = Phase::Follow(self.registry.backend.watch(revision).await?);
        self.through = revision;
        Ok(WatchResponse { sync: true, ..self.message(Vec::new(), revision) })
    }

    /// The next commit with something to tell, or a mark if there is none for a while.
    async fn follow(&mut self, mut commits: Commits) -> Result<WatchResponse> {
        loop {
            let Ok(next) = tokio::time::timeout_at(self.due, commits.next()).await else {
                self.phase = Phase::Follow(commits);
                return Ok(self.message(Vec::new(), self.through));
            };
            let commit = next.unwrap_or(Err(Error::Draining))?;
            self.through = commit.revision;
            let events = events(&commit, self.classes)?;
            if !events.is_empty() {
                self.phase = Phase::Follow(commits);
                return Ok(self.message(events, self.through));
            }
        }
    }
}

/// What a commit tells those who follow these classes.
fn events(commit: &Commit, classes: Classes) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    let mut tell = |change| events.push(Event { revision: commit.revision, change: Some(change) });
    for change in &commit.changes {
        let key = change.row.as_ref().or(change.previous.as_ref()).map_or("", |row| &row.key);
        if let Some(name) = key.strip_prefix(CATALOG).filter(|_| classes.catalog) {
            tell(match &change.row {
                Some(row) => put(row)?,
                None => EventChange::EntryDeleted(name.to_owned()),
            });
        } else if key.starts_with(INSTANCES) && classes.instances {
            if let Some(gone) = gone(change)? {
                tell(EventChange::InstanceGone(gone));
            }
            if let Some(row) = &change.row {
                tell(put(row)?);
            }
        }
    }
    Ok(events)
}

/// The entry or instance that a row holds.
fn put(row: &Row) -> Result<EventChange> {
    if row.key.starts_with(CATALOG) {
        return Ok(EventChange::EntryPut(decode_entry(row)?));
    }
    Ok(EventChange::InstancePut(decode_announced(row)?.instance))
}

/// The instance that a change ends: it was deleted, or another incarnation has its row now.
fn gone(change: &Change) -> Result<Option<InstanceGone>> {
    let Some(previous) = &change.previous else { return Ok(None) };
    let before = decode_announced(previous)?.instance;
    let reason = match &change.row {
        None => change.reason,
        Some(row) if decode_announced(row)?.instance.incarnation != before.incarnation => {
            GoneReason::Replaced
        }
        Some(_) => return Ok(None),
    };
    let (instance_id, service) = (before.instance_id, before.service);
    Ok(Some(InstanceGone { instance_id, service, reason: reason.into() }))
}
