//! The service as others hold it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::analysis::{AnalyzerState, AnalyzerStatus, Failure};
use api::storage::{ListDerivationsRequest, ListRequest};
use prost::{Message as _, Name as _};
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::board::{Board, Entry};
use crate::config::Config;
use crate::coordinate::{self, Snapshots};
use crate::error::{Error, Result};
use crate::flow::{Connect, Context};
use crate::grpc::registry::Directory;
use crate::grpc::storage::Log;
use crate::isolation::Isolation;
use crate::names;
use crate::settle::{self, Waiting};

/// Ways to the services that analysis needs.
#[derive(Clone)]
pub struct Peers {
    /// To the log.
    pub storage: api::Peer,
    /// To the registry.
    pub registry: api::Peer,
    /// To an analyzer, given an endpoint as the registry tells it: `http://127.0.0.1:7402`, `unix:/path`, `inproc:name`.
    /// It is called from within a tokio runtime and should return at once; a peer that cannot be reached fails its calls.
    pub connect: Arc<dyn Fn(&str) -> api::Peer + Send + Sync>,
}

impl std::fmt::Debug for Peers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Peers").finish_non_exhaustive()
    }
}

/// The running dataflow. A clone is another handle to the same one.
#[derive(Clone)]
pub struct Analysis {
    shared: Arc<Shared>,
}

struct Shared {
    context: Arc<Context>,
    directory: Directory,
    snapshots: Snapshots,
    tasks: TaskTracker,
}

impl std::fmt::Debug for Analysis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Analysis").finish_non_exhaustive()
    }
}

impl Analysis {
    /// Starts the dataflow on the present tokio runtime. It need not find its peers awake: it waits for them, also
    /// later, trying again with growing pauses. `shutdown` begins a drain.
    #[must_use]
    pub fn start(config: Config, peers: Peers, shutdown: CancellationToken) -> Self {
        let config = Arc::new(config);
        let connect: Connect = peers.connect;
        let context = Arc::new(Context {
            log: Log::new(peers.storage, config.peer_timeout),
            connect,
            board: Board::new(),
            isolation: Isolation::default(),
            reassign: Notify::new(),
            shutdown: shutdown.child_token(),
            config: config.clone(),
        });
        let directory = Directory::new(peers.registry, config);
        let (told, snapshots) = watch::channel(None);
        let tasks = TaskTracker::new();
        tasks.spawn(directory.clone().follow(told, context.shutdown.clone()));
        tasks.spawn(coordinate::run(context.clone(), snapshots.clone()));
        tasks.close();
        Self { shared: Arc::new(Shared { context, directory, snapshots, tasks }) }
    }

    /// Stops: nothing new is begun, and what is in flight is finished and committed, up to [`Config::drain`]. Returns once
    /// all tasks are gone; false if some were still at work a second after that deadline.
    pub async fn drain(&self) -> bool {
        self.shared.context.shutdown.cancel();
        let grace = self.shared.context.config.drain + std::time::Duration::from_secs(1);
        tokio::time::timeout(grace, self.shared.tasks.wait()).await.is_ok()
    }

    fn ready(&self) -> Result<&Context> {
        let context = &self.shared.context;
        if context.shutdown.is_cancelled() { Err(Error::Draining) } else { Ok(context) }
    }

    /// The head, and how each analyzer is doing.
    pub(crate) async fn status(&self) -> Result<(i64, Vec<AnalyzerStatus>)> {
        let context = self.ready()?;
        let head = context.log.head().await?;
        let mut analyzers = BTreeMap::new();
        for (name, entry) in context.board.entries() {
            let stale = stale_groups(context, &name, &entry).await?;
            analyzers.insert(name.clone(), status_of(name, &entry, stale));
        }
        let snapshot = self.shared.snapshots.borrow().clone();
        if let Some(snapshot) = snapshot {
            for name in snapshot.served() {
                let disabled = snapshot.pins.get(name).is_some_and(|pin| pin.disabled);
                let state = if disabled { AnalyzerState::Disabled } else { AnalyzerState::NoProvider };
                analyzers.entry(name.to_owned()).or_insert_with(|| AnalyzerStatus {
                    analyzer: name.to_owned(),
                    state: state.into(),
                    ..AnalyzerStatus::default()
                });
            }
        }
        Ok((head, analyzers.into_values().collect()))
    }

    /// See [`settle::settle`].
    pub(crate) async fn settle(&self, sequence: i64, tell: &mpsc::Sender<Waiting>) -> Result<i64> {
        settle::settle(self.ready()?, &self.shared.directory, sequence, tell).await
    }

    /// What is known of all analyzers together.
    pub(crate) fn waiting(&self) -> Waiting {
        settle::waiting(&self.shared.context)
    }

    /// One page of failures, latest first, and the next page's token.
    pub(crate) async fn failures(
        &self,
        analyzer: &str,
        page_size: i32,
        page_token: String,
    ) -> Result<(Vec<Failure>, String)> {
        let keys = if analyzer.is_empty() { Vec::new() } else { vec![names::analyzer_key(analyzer)] };
        let request = ListRequest {
            kind: Failure::full_name(),
            keys,
            newest_first: true,
            page_size: page_size.clamp(0, 1000),
            page_token,
            ..ListRequest::default()
        };
        let page = match self.ready()?.log.list(request).await {
            Err(Error::Refused { reason, message, .. }) if reason == "INVALID_PAGE_TOKEN" => {
                return Err(Error::InvalidPageToken(message));
            }
            page => page?,
        };
        let failure = |record: api::record::Record| {
            let failure = Failure::decode(record.body).ok()?;
            Some(Failure { name: record.name, time: record.commit_time, ..failure })
        };
        Ok((page.records.into_iter().filter_map(failure).collect(), page.next_page_token))
    }

    /// Runs failed groups again: those of these names, or else all of an analyzer, or else all. Tells how many.
    pub(crate) async fn retry(&self, names: &[String], analyzer: &str) -> Result<u32> {
        let context = self.ready()?;
        let mut records = Vec::new();
        if names.is_empty() {
            let keys = if analyzer.is_empty() { Vec::new() } else { vec![names::analyzer_key(analyzer)] };
            records = context.log.list_all(Failure::full_name(), keys).await?;
        }
        for chunk in names.chunks(1000) {
            let (found, missing) = context.log.batch_get(chunk.to_vec()).await?;
            let stranger = found.iter().find(|record| record.kind != Failure::full_name());
            let absent = missing.into_iter().next().or_else(|| stranger.map(|record| record.name.clone()));
            if let Some(name) = absent {
                return Err(Error::NoSuchFailure(name));
            }
            records.extend(found);
        }
        let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for failure in records.into_iter().filter_map(|record| Failure::decode(record.body).ok()) {
            groups.entry(failure.analyzer).or_default().insert(failure.group);
        }
        let mut count = 0;
        for (analyzer, groups) in groups {
            count += context.board.retry(&analyzer, groups.into_iter().collect()).await;
        }
        Ok(count)
    }
}

fn status_of(analyzer: String, entry: &Entry, stale_groups: u64) -> AnalyzerStatus {
    let progress = &entry.progress;
    AnalyzerStatus {
        analyzer,
        version: entry.assigned.version.clone(),
        config_digest: entry.assigned.config_digest.clone(),
        state: entry.state().into(),
        cursor: progress.cursor,
        pending_groups: progress.unfinished,
        failed_groups: progress.failed,
        stale_groups,
        providers: progress.providers,
        committed_groups: progress.committed,
        analyzer_ns: progress.analyzer_ns,
    }
}

/// Groups that are as an earlier version or config left them. Once the walk is over these are the failed ones whose old output
/// was kept; before that they are counted.
async fn stale_groups(context: &Context, analyzer: &str, entry: &Entry) -> Result<u64> {
    if !entry.progress.walking && entry.progress.through >= 0 {
        return Ok(entry.progress.kept);
    }
    let mut request = ListDerivationsRequest {
        analyzer: analyzer.to_owned(),
        page_size: 1000,
        ..ListDerivationsRequest::default()
    };
    let mut stale = 0;
    loop {
        let page = context.log.derivations(request.clone()).await?;
        let is_stale = |version: &str, digest: &str| {
            version != entry.assigned.version || digest != entry.assigned.config_digest
        };
        let of_page = page.derivations.iter();
        stale += of_page.map(|one| u64::from(is_stale(&one.version, &one.config_digest))).sum::<u64>();
        if page.next_page_token.is_empty() {
            return Ok(stale);
        }
        request.page_token = page.next_page_token;
    }
}
