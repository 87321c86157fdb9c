//! What a flow knows and does between two loads from storage.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use api::analysis::{Cursor, Failure, Pending};
use api::storage::{ChangesRequest, ChangesResponse, CommitResponse, Derivation};
use prost::{Message as _, Name as _};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::assignment::Assigned;
use crate::board::{Progress, Retry};
use crate::calls::{Calls, LineEvent, Served};
use crate::commit::{Draft, Outcome};
use crate::error::{Error, Result};
use crate::flow::conflicts::{Conflicts, Refusal};
use crate::flow::lines::Sources;
use crate::flow::outcomes::Failed;
use crate::flow::reading::Reading;
use crate::flow::upstream::Upstream;
use crate::flow::walking::PageRead;
use crate::flow::{Context, Control, Totals};
use crate::groups::{GroupName, Grouping};
use crate::grpc::storage::Log;
use crate::ledger::Ledger;
use crate::names;
use crate::output::Limits;
use crate::walk::{Position, Scope, Stage, Walk};

/// How a session ends when nothing went wrong.
pub(crate) enum End {
    /// It has to start over.
    Reload,
    /// It is finished, for the service stops.
    Stopped,
}

/// What a task of the session found out.
pub(super) enum Event {
    /// A commit was answered.
    Committed(Draft, Result<CommitResponse>),
    /// What a group that failed was derived from before.
    LookedUp(Box<Failed>, Result<Option<Derivation>>),
    /// To which analyzer and group a name belongs that a group was refused.
    Owner(Box<Refusal>, Result<Option<(String, String)>>),
    /// A page of the walk.
    Page(Result<PageRead>),
}

/// The cursor as it is stored.
pub(super) struct Stored {
    pub(super) body: Cursor,
    /// Sequence of its record; absent if there is none.
    pub(super) record: Option<i64>,
}

/// A group in the failures list.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) attempts: u32,
    pub(super) kept: bool,
}

/// See the module.
pub(crate) struct Session {
    pub(super) context: Arc<Context>,
    pub(super) analyzer: String,
    pub(super) assigned: Assigned,
    pub(super) grouping: Grouping,
    pub(super) limits: Limits,
    pub(super) ledger: Ledger,
    pub(super) calls: Calls,
    pub(super) sources: Sources,
    pub(super) stored: Stored,
    pub(super) walk: Option<Walk>,
    pub(super) fetching: bool,
    pub(super) failures: HashMap<GroupName, Known>,
    /// How many of these have their old output kept.
    pub(super) kept: u64,
    pub(super) reading: Option<Reading>,
    /// Those who write what is read here.
    pub(super) upstream: Upstream,
    /// Failed groups whose former derivation is being looked up.
    pub(super) looking: usize,
    pub(super) outcomes: VecDeque<Outcome>,
    pub(super) outcome_bytes: usize,
    /// When the first of the outcomes came.
    pub(super) waiting_since: Option<Instant>,
    /// Groups that wait for a while before they are read anew.
    pub(super) deferred: Vec<(Instant, GroupName)>,
    /// Groups that were refused a name of another one.
    pub(super) conflicts: Conflicts,
    /// Groups to be stored as pending with the next commit.
    pub(super) slow: Vec<GroupName>,
    pub(super) committing: bool,
    /// The cursor as others are told it.
    shown_cursor: i64,
    /// Most groups in the next commit; small after one was refused.
    pub(super) batch: usize,
    pub(super) next_check: Instant,
    /// When to give up what is in flight; set once the service stops.
    pub(super) deadline: Option<Instant>,
    pub(super) totals: Totals,
    pub(super) tasks: JoinSet<()>,
    pub(super) tell: mpsc::UnboundedSender<Event>,
    pub(super) tell_line: mpsc::Sender<(u64, LineEvent)>,
    events: mpsc::UnboundedReceiver<Event>,
    line_events: mpsc::Receiver<(u64, LineEvent)>,
    feed: mpsc::Receiver<Result<ChangesResponse>>,
}

/// Frames that may wait between a stream and its flow. Each can be of megabytes, so they are few.
const FRAMES: usize = 32;

impl Session {
    /// Loads what is stored and opens the feed.
    ///
    /// # Errors
    /// Those of storage.
    pub(crate) async fn open(
        context: Arc<Context>,
        analyzer: &str,
        control: Control,
        totals: Totals,
    ) -> Result<Self> {
        let assigned = control.assigned;
        let (stored, walk) = load_cursor(&context.log, analyzer, assigned.sequence).await?;
        let mut ledger = Ledger::new(stored.body.sequence);
        for record in context.log.list_all(Pending::full_name(), vec![names::analyzer_key(analyzer)]).await? {
            if let Ok(pending) = Pending::decode(record.body) {
                ledger.restore(&pending.group, pending.touched_sequence);
            }
        }
        let (mut failures, mut kept) = (HashMap::new(), 0);
        for record in context.log.list_all(Failure::full_name(), vec![names::analyzer_key(analyzer)]).await? {
            if let Ok(failure) = Failure::decode(record.body) {
                let known = Known { attempts: failure.attempts, kept: failure.stale_output_kept };
                kept += u64::from(known.kept);
                failures.insert(failure.group.as_str().into(), known);
            }
        }
        let (tell, events) = mpsc::unbounded_channel();
        let (tell_line, line_events) = mpsc::channel(FRAMES);
        let (changes, feed) = mpsc::channel(4);
        let mut tasks = JoinSet::new();
        let grouping = Grouping::of(&assigned.manifest);
        let request = ChangesRequest {
            after_sequence: stored.body.sequence,
            kinds: assigned.manifest.reads.clone(),
            connection: grouping.connection().cloned(),
            consumer: format!("analysis/{analyzer}"),
            ..ChangesRequest::default()
        };
        tasks.spawn(follow(context.log.clone(), request, changes));
        let served = Served {
            analyzer: analyzer.to_owned(),
            version: assigned.version.clone(),
            config_digest: assigned.config_digest.clone(),
        };
        let mut session = Self {
            grouping,
            limits: Limits::of(&assigned.manifest),
            calls: Calls::new(served, assigned.manifest.clone(), &context.config),
            sources: Sources::default(),
            batch: context.config.commit_groups,
            analyzer: analyzer.to_owned(),
            context,
            assigned,
            ledger,
            stored,
            walk,
            fetching: false,
            failures,
            kept,
            reading: None,
            upstream: Upstream::default(),
            looking: 0,
            outcomes: VecDeque::new(),
            outcome_bytes: 0,
            waiting_since: None,
            deferred: Vec::new(),
            conflicts: Conflicts::default(),
            slow: Vec::new(),
            committing: false,
            shown_cursor: 0,
            next_check: Instant::now(),
            deadline: None,
            totals,
            tasks,
            tell,
            tell_line,
            events,
            line_events,
            feed,
        };
        session.set_providers(control.providers);
        Ok(session)
    }

    /// Sums since the service started.
    pub(crate) fn totals(&self) -> Totals {
        self.totals
    }

    /// Works until the session must end.
    ///
    /// # Errors
    /// What makes it necessary to start over after a pause.
    pub(crate) async fn run(
        &mut self,
        control: &mut watch::Receiver<Control>,
        retries: &mut mpsc::UnboundedReceiver<Retry>,
    ) -> Result<End> {
        let shutdown = self.context.shutdown.clone();
        let mut board = self.context.board.watch();
        loop {
            board.borrow_and_update();
            let now = Instant::now();
            self.pump(now)?;
            if self.is_drained(now) {
                self.store_cursor().await;
                return Ok(End::Stopped);
            }
            let wake = self.wake(now);
            let stopping = self.deadline.is_some();
            let (takes_changes, takes_inputs) = (self.takes_changes(), self.takes_inputs());
            tokio::select! {
                Some((line, event)) = self.line_events.recv() => {
                    self.line_event(line, event);
                    // One pass for all that has come meanwhile.
                    while let Ok((line, event)) = self.line_events.try_recv() {
                        self.line_event(line, event);
                    }
                }
                () = self.calls.let_in(), if !stopping => {}
                Some(event) = self.events.recv() => self.event(event)?,
                Some(change) = self.feed.recv(), if takes_changes => {
                    if let Some(end) = self.change(change).await? {
                        return Ok(end);
                    }
                }
                read = Reading::next(&mut self.reading), if takes_inputs => self.input(read)?,
                changed = control.changed(), if !stopping => {
                    if changed.is_err() || !self.follow_control(&control.borrow_and_update()) {
                        return Ok(End::Reload);
                    }
                }
                Some((groups, asked)) = retries.recv(), if !stopping => {
                    groups.iter().for_each(|group| self.ledger.ask(group));
                    self.publish();
                    // Whoever asked may have gone away.
                    let _ = asked.send(());
                }
                // The board outlives every flow.
                Ok(()) = board.changed(), if self.upstream.holds => {}
                () = tokio::time::sleep_until(wake) => {}
                () = shutdown.cancelled(), if !stopping => self.deadline = Some(now + self.context.config.drain),
            }
        }
    }

    /// Starts all that can be started.
    fn pump(&mut self, now: Instant) -> Result<()> {
        if now >= self.next_check {
            self.check_times(now);
        }
        if self.deadline.is_none() {
            if !self.deferred.is_empty() {
                self.resume_deferred(now);
            }
            self.open_lines(now);
            self.calls.dispatch(now);
            self.start_reading(now);
            self.start_walking();
        }
        self.start_commit(now);
        self.publish();
        Ok(())
    }

    fn event(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Committed(draft, answer) => self.committed(draft, answer),
            Event::LookedUp(failed, derivation) => {
                self.looking -= 1;
                self.failed(*failed, derivation?.as_ref());
                Ok(())
            }
            Event::Owner(refusal, owner) => self.owned(*refusal, owner),
            Event::Page(page) => self.page(page),
        }
    }

    async fn change(&mut self, change: Result<ChangesResponse>) -> Result<Option<End>> {
        let change = match change {
            Ok(change) => change,
            Err(error) if matches!(error.reason(), "COMPACTED" | "NOT_YET") => {
                self.relist().await?;
                return Ok(Some(End::Reload));
            }
            Err(error) => return Err(error),
        };
        self.grouping.touched(&change, &mut |group| self.ledger.touch(group, change.sequence));
        if change.last {
            self.ledger.see(change.sequence);
        }
        Ok(None)
    }

    /// False if what is told cannot be followed by this session.
    fn follow_control(&mut self, control: &Control) -> bool {
        if control.disabled || control.assigned.sequence != self.assigned.sequence {
            return false;
        }
        self.set_providers(control.providers.clone());
        true
    }

    fn takes_changes(&self) -> bool {
        self.deadline.is_none() && self.ledger.len() < self.context.config.window_groups
    }

    /// Bytes of inputs at hand, and of results that wait for their commit: where commits take longest, nothing more is read
    /// meanwhile.
    pub(super) fn held_bytes(&self) -> usize {
        self.calls.bytes() + self.outcome_bytes
    }

    fn takes_inputs(&self) -> bool {
        let room = self.held_bytes() < self.context.config.ready_bytes;
        self.reading.is_some() && self.deadline.is_none() && (room || self.sources.is_empty())
    }

    /// When to look again even if nothing happens.
    fn wake(&self, now: Instant) -> Instant {
        let idle = now + std::time::Duration::from_secs(3600);
        let linger =
            self.waiting_since.filter(|_| !self.committing).map(|since| since + self.context.config.linger);
        let check = (self.calls.in_flight() > 0).then_some(self.next_check);
        let open = self.sources.next_opening().filter(|_| self.deadline.is_none());
        let deferred = self.deferred.iter().map(|(at, _)| *at).min().filter(|_| self.deadline.is_none());
        // Who makes no progress tells nothing either.
        let holds = self.upstream.holds.then_some(now + self.context.config.upstream_stall / 16);
        [linger, check, open, deferred, holds, self.deadline].into_iter().flatten().min().unwrap_or(idle)
    }

    fn is_drained(&self, now: Instant) -> bool {
        let Some(deadline) = self.deadline else { return false };
        let busy =
            self.committing || self.looking > 0 || !self.outcomes.is_empty() || self.calls.in_flight() > 0;
        !busy || now >= deadline
    }

    fn publish(&mut self) {
        // What a commit under way carries is not so before it is acknowledged.
        if !self.committing {
            // Until the first walk is over, nothing is known to be done.
            let walked = self.walk.is_none() || self.stored.body.assignment > 0;
            let cursor = self.ledger.cursor().max(self.stored.body.sequence);
            self.shown_cursor = if walked { cursor } else { 0 };
        }
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let progress = Progress {
            cursor: self.shown_cursor,
            through: self.ledger.through(),
            walking: self.walk.is_some(),
            unfinished: count(self.ledger.len()),
            failed: count(self.failures.len()),
            kept: self.kept,
            providers: u32::try_from(self.sources.len()).unwrap_or(u32::MAX),
            written: self.totals.written,
            committed: self.totals.committed,
            analyzer_ns: self.totals.analyzer_ns,
        };
        self.context.board.publish(&self.analyzer, self.assigned.sequence, &progress);
    }
}

/// Reads the cursor's record, and says which walk is to be done.
async fn load_cursor(log: &Log, analyzer: &str, assignment: i64) -> Result<(Stored, Option<Walk>)> {
    let start = |scope| Position { scope, stage: Stage::Failures };
    let Some(record) = log.get(&names::cursor(analyzer)).await? else {
        // The first time: everything up to the head is found by the walk, everything after it comes by the feed.
        let position = start(Scope::Stale);
        let body = Cursor {
            analyzer: analyzer.to_owned(),
            sequence: log.head().await?,
            walk_assignment: assignment,
            walk_position: position.to_string(),
            assignment: 0,
        };
        return Ok((Stored { body, record: None }, Some(Walk::from(position))));
    };
    let mut body = Cursor::decode(record.body).map_err(|error| Error::Refused {
        peer: crate::STORAGE,
        reason: "CORRUPT_CURSOR".to_owned(),
        operation: None,
        record: record.name.clone(),
        message: format!("{}: {error}", record.name),
    })?;
    let stored_position: Option<Position> = body.walk_position.parse().ok();
    let position = match (body.walk_assignment, body.assignment) {
        (walking, _) if walking == assignment => Some(stored_position.unwrap_or_else(|| start(Scope::All))),
        (0, done) if done == assignment => None,
        (0, _) => Some(start(Scope::Stale)),
        // A walk for another assignment was under way. If it was to find missed changes, this one has to.
        _ => Some(start(stored_position.map_or(Scope::All, |position| position.scope))),
    };
    if let Some(position) = &position {
        body.walk_assignment = assignment;
        body.walk_position = position.to_string();
    }
    Ok((Stored { body, record: Some(record.sequence) }, position.map(Walk::from)))
}

/// Hands the feed on until either side ends.
async fn follow(log: Log, request: ChangesRequest, changes: mpsc::Sender<Result<ChangesResponse>>) {
    let ended = async {
        let mut answers = log.changes(request).await?;
        while let Some(answer) = answers.next().await? {
            if changes.send(Ok(answer)).await.is_err() {
                return Ok(());
            }
        }
        Err(Error::Unavailable { peer: crate::STORAGE, message: "the change feed ended".to_owned() })
    };
    if let Err(error) = ended.await {
        // Nobody listens any more when the session is gone.
        let _ = changes.send(Err(error)).await;
    }
}
