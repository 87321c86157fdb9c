//! The service as others hold it: it keeps an index at the end of the log, and answers from it.

mod answering;
mod build;
mod config;
mod entries;
mod folders;
mod follow;
mod groups;
mod live;
mod replay;
mod run;
mod saved;
mod snippets;
mod watch;

use std::sync::Arc;

use api::record::{Record, Topic};
use api::search::{GetStatusResponse, RebuildResponse};
use api::storage::ListRequest;
use prost::Name as _;
use tokio::sync::{Semaphore, mpsc, oneshot, watch as watched};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::{Error, Result};
use crate::grpc::storage::Log;
use crate::index::Index;
use build::Progress;
pub use config::Config;
use live::Live;
use replay::{Replay, Step};
use saved::Board;

/// The running service. A clone is another handle to the same one.
#[derive(Clone)]
pub struct Search {
    shared: Arc<Shared>,
}

struct Shared {
    config: Config,
    log: Log,
    state: watched::Sender<State>,
    rebuilds: mpsc::Sender<oneshot::Sender<Result<()>>>,
    topics: Arc<Board>,
    live: Arc<Live>,
    /// Questions that are worked on at a time.
    questions: Semaphore,
    watchers: Arc<Semaphore>,
    shutdown: CancellationToken,
    tasks: TaskTracker,
}

/// What there is to answer from.
#[derive(Clone, Default)]
struct State {
    index: Option<Index>,
    /// The head of the log, as far as it was told.
    head: i64,
    /// The making of a new index, if one is under way.
    building: Option<Progress>,
    /// How many indexes were made since the start.
    built: u64,
    /// Why there is no index and none is being made.
    failed: Option<Error>,
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search").finish_non_exhaustive()
    }
}

impl Search {
    /// Starts to follow the log on the present tokio runtime. It need not find storage awake: it waits for it, also later,
    /// trying again with growing pauses. `shutdown` begins a drain.
    #[must_use]
    pub fn start(config: Config, storage: api::Peer, shutdown: CancellationToken) -> Search {
        let (rebuilds, asked) = mpsc::channel(4);
        let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let shared = Arc::new(Shared {
            log: Log::new(storage, config.peer_timeout),
            state: watched::Sender::new(State::default()),
            rebuilds,
            topics: Arc::default(),
            live: Arc::new(Live::new()),
            questions: Semaphore::new(2 * threads),
            watchers: Arc::new(Semaphore::new(config.watchers)),
            shutdown: shutdown.child_token(),
            tasks: TaskTracker::new(),
            config,
        });
        shared.tasks.spawn(run::run(shared.clone(), asked));
        Search { shared }
    }

    /// Stops: watches end with their reason, what was indexed is committed. Returns once all tasks are gone.
    pub async fn drain(&self) {
        self.shared.shutdown.cancel();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }

    fn ready(&self) -> Result<&Arc<Shared>> {
        if self.shared.shutdown.is_cancelled() { Err(Error::Draining) } else { Ok(&self.shared) }
    }

    /// How far the index has come.
    pub(crate) async fn status(&self) -> Result<GetStatusResponse> {
        let shared = self.ready()?;
        let state = shared.state.borrow().clone();
        let (topics, broken_topics) = shared.topics.count();
        let mut status = GetStatusResponse {
            head: state.head,
            rebuild: state.building.map(|progress| progress.message(false)),
            topics: topics as i64,
            broken_topics,
            ..GetStatusResponse::default()
        };
        if let Some(index) = state.index {
            let snapshot = index.snapshot();
            status.sequence = snapshot.sequence();
            status.head = status.head.max(status.sequence);
            status.records = snapshot.records().cast_signed();
            status.bytes = blocking(move || snapshot.size()).await??.cast_signed();
        }
        Ok(status)
    }

    /// Starts to make a new index. The receiver tells how far that has come; it ends with the message that says so.
    pub(crate) async fn rebuild(&self) -> Result<mpsc::Receiver<Result<RebuildResponse>>> {
        let shared = self.ready()?.clone();
        let mut state = shared.state.subscribe();
        let built = state.borrow_and_update().built;
        let (answer, answered) = oneshot::channel();
        shared.rebuilds.send(answer).await.map_err(|_| Error::Draining)?;
        answered.await.map_err(|_| Error::Draining)??;
        let (tell, told) = mpsc::channel(1);
        shared.tasks.clone().spawn(async move {
            loop {
                let now = state.borrow_and_update().clone();
                let done = now.built > built;
                let message = match (&now.index, now.building) {
                    (Some(index), _) if done => {
                        let records = index.snapshot().records();
                        Progress { sequence: index.sequence(), head: now.head, records }.message(true)
                    }
                    (_, building) => building.unwrap_or_default().message(false),
                };
                if tell.send(Ok(message)).await.is_err() || done {
                    return;
                }
                tokio::select! {
                    changed = state.changed() => if changed.is_err() { return },
                    () = tell.closed() => return,
                    () = shared.shutdown.cancelled() => {
                        // The caller may have gone away.
                        let _ = tell.send(Err(Error::Draining)).await;
                        return;
                    }
                }
            }
        });
        Ok(told)
    }
}

impl Progress {
    fn message(self, done: bool) -> RebuildResponse {
        let Progress { sequence, head, records } = self;
        RebuildResponse { sequence, head: head.max(sequence), records: records.cast_signed(), done }
    }
}

impl Shared {
    /// The making of a new index has come so far, or is over.
    fn building(&self, progress: Option<Progress>) {
        self.state.send_modify(|state| {
            state.building = progress;
            state.head = state.head.max(progress.map_or(0, |progress| progress.head));
        });
    }

    /// Answers come from this index from now on. It is known to be of this log.
    fn answers(&self, index: &Index, made: bool) {
        self.state.send_modify(|state| {
            state.failed = None;
            state.head = state.head.max(index.sequence());
            state.index = Some(index.clone());
            if made {
                state.building = None;
                state.built += 1;
            }
        });
    }

    /// The head was told.
    fn head(&self, head: i64) {
        self.state.send_if_modified(|state| {
            let news = head > state.head;
            state.head = state.head.max(head);
            news
        });
    }

    /// Reads all topics.
    async fn load_topics(&self) -> Result<()> {
        let mut request =
            ListRequest { kind: Topic::full_name(), page_size: 1_000, ..ListRequest::default() };
        let mut records = Vec::new();
        loop {
            let page = self.log.list(request.clone()).await?;
            records.extend(page.records);
            if page.next_page_token.is_empty() {
                self.topics.replace(&records, &self.config.limits);
                return Ok(());
            }
            request.page_token = page.next_page_token;
        }
    }

    /// Tells watchers of what commits did; gives the steps back.
    async fn tell(&self, replay: &Replay, steps: Vec<Step>) -> Result<Vec<Step>> {
        let (board, limits) = (self.topics.clone(), self.config.limits.clone());
        let last = steps.last().map_or(0, |step| step.sequence);
        let change = move |name: &str, record: Option<&Record>, sequence: i64| match record {
            Some(record) => board.set(record, &limits),
            None => {
                board.remove(name, sequence);
                None
            }
        };
        let steps = self.live.tell(replay, steps, change).await?;
        self.live.reach(last);
        Ok(steps)
    }
}

/// Runs what needs the processor or the disk for long on a thread for it.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // The runtime is going down.
        Err(_) => Err(Error::Draining),
    }
}
