//! Topics that are watched: the log is read for each watcher from where it left off.

use std::sync::Arc;
use std::time::Duration;

use api::record::{Record, Topic};
use api::search::{Alert, Hit, WatchTopicRequest, WatchTopicResponse};
use api::storage::ChangesRequest;
use prost::Name as _;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::Instant;

use super::answering::{check_snippet, hit_of, titled};
use super::config::Backoff;
use super::follow::pump;
use super::groups::decoded;
use super::live::{Live, Recent};
use super::replay::{Parts, Replay, Replayed, Step, kinds};
use super::saved::{Matcher, plan_of};
use super::{Search, Shared, blocking, snippets};
use crate::analyze::Tokens;
use crate::entry::Entry;
use crate::error::{Error, Result};
use crate::plan::Plan;

/// Messages that lie ready for a watcher. One that does not read them holds up nobody but itself.
const READY: usize = 4;

/// Bytes of documents that are kept at hand for each watcher.
const CACHE: usize = 2 << 20;

/// Changes that are read at a time, about.
const CHANGES: usize = 256;

/// The shortest time between two marks of progress while nothing answers.
const MARK: Duration = Duration::from_millis(100);

/// The longest wait before looking again.
const IDLE: Duration = Duration::from_secs(3_600);

/// Alerts of one message; a commit with more comes in several.
const ALERTS: usize = 500;

impl Search {
    /// Alerts of a topic.
    pub(crate) async fn watch(
        &self,
        request: WatchTopicRequest,
    ) -> Result<mpsc::Receiver<Result<WatchTopicResponse>>> {
        let shared = self.ready()?.clone();
        check_snippet(request.snippet_bytes)?;
        let many = Error::TooManyWatchers(shared.config.watchers);
        let permit = shared.watchers.clone().try_acquire_owned().map_err(|_| many)?;
        let record = shared.log.get(std::slice::from_ref(&request.topic), 0).await?.into_iter().next();
        let record = record.filter(|record| record.kind == Topic::full_name());
        let record = record.ok_or_else(|| Error::NoSuchTopic(request.topic.clone()))?;
        let watched = Watched::read(&shared, &record)?;
        let head = shared.log.head().await?;
        let after = request.after_sequence.unwrap_or(head);
        if after > head || after < 0 {
            return Err(Error::NotYet { sequence: after, head });
        }
        let (tell, told) = mpsc::channel(READY);
        let registered = Registered::new(&shared, &watched).await?;
        let snippet_bytes = request.snippet_bytes as usize;
        let mut watcher = Watcher {
            shared: shared.clone(),
            watched,
            registered,
            after,
            snippet_bytes,
            tell,
            _permit: permit,
        };
        // What keeps it from beginning is the answer to the call.
        let feed = watcher.feed().await?;
        shared.tasks.spawn(async move {
            if let Err(error) = watcher.run(feed).await {
                // It may have gone away.
                let _ = watcher.tell.send(Err(error)).await;
            }
        });
        Ok(told)
    }
}

/// That a topic is watched, until it is dropped.
struct Registered {
    live: Arc<Live>,
    topic: String,
}

impl Registered {
    async fn new(shared: &Shared, watched: &Watched) -> Result<Registered> {
        let live = shared.live.clone();
        let (topic, sequence, plan) = (watched.name.clone(), watched.sequence, watched.plan.clone());
        blocking(move || {
            live.watch(&topic, sequence, &plan);
            Registered { live, topic }
        })
        .await
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        let (live, topic) = (self.live.clone(), std::mem::take(&mut self.topic));
        // Records may be held against it just now, which takes a while.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn_blocking(move || live.unwatch(&topic));
        }
    }
}

/// Why the log is not read any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// What follows is known.
    Known,
    /// The watcher has gone away.
    Gone,
}

/// A topic as it is watched.
struct Watched {
    name: String,
    sequence: i64,
    plan: Arc<Plan>,
}

impl Watched {
    fn read(shared: &Shared, record: &Record) -> Result<Watched> {
        let topic: Topic = decoded(record).ok_or_else(|| Error::NoSuchTopic(record.name.clone()))?;
        let plan = plan_of(&topic, &shared.config.limits)
            .map_err(|source| Error::BrokenTopic { topic: record.name.clone(), source })?;
        Ok(Watched { name: record.name.clone(), sequence: record.sequence, plan: Arc::new(plan) })
    }
}

struct Watcher {
    shared: Arc<Shared>,
    watched: Watched,
    /// Has the records that arrive held against the topic.
    registered: Registered,
    /// All alerts up to here were told.
    after: i64,
    /// Bytes of the passage of each alert.
    snippet_bytes: usize,
    tell: mpsc::Sender<Result<WatchTopicResponse>>,
    _permit: OwnedSemaphorePermit,
}

type Feed = mpsc::Receiver<Result<api::storage::ChangesResponse>>;

impl Watcher {
    async fn feed(&self) -> Result<Feed> {
        let request = ChangesRequest {
            after_sequence: self.after,
            kinds: kinds(),
            include_records: true,
            ..ChangesRequest::default()
        };
        match pump(&self.shared, request).await {
            Err(Error::Refused { reason, .. }) if reason == "COMPACTED" => Err(Error::Compacted(self.after)),
            feed => feed,
        }
    }

    /// Tells alerts until the watcher goes away: what has just been indexed from what is known of it, what lies farther back
    /// from the log. Storage may come and go.
    async fn run(&mut self, feed: Feed) -> Result<()> {
        let shutdown = self.shared.shutdown.clone();
        let mut backoff = Backoff::new(&self.shared.config);
        let mut feed = Some(feed);
        // At once, so that the watcher knows from where on it is told.
        if self.tell(self.after, Vec::new()).await.is_err() {
            return Ok(());
        }
        loop {
            let told = self.after;
            let ended = tokio::select! {
                () = shutdown.cancelled() => return Err(Error::Draining),
                ended = self.follow(feed.take()) => ended,
            };
            match ended {
                Ok(()) => return Ok(()),
                Err(Error::Unreachable { .. }) => {}
                Err(error) => return Err(error),
            }
            if self.after > told {
                backoff.reset();
            }
            tokio::select! {
                () = shutdown.cancelled() => return Err(Error::Draining),
                () = self.tell.closed() => return Ok(()),
                () = tokio::time::sleep(backoff.pause()) => {}
            }
        }
    }

    async fn follow(&mut self, mut feed: Option<Feed>) -> Result<()> {
        let mut news = self.shared.live.news();
        let mut marked = Instant::now();
        loop {
            news.borrow_and_update();
            let recent = self.shared.live.recent(&self.watched.name, self.watched.sequence, self.after);
            let Recent::Known(told, at) = recent else {
                if self.read_log(feed.take()).await? == End::Gone {
                    return Ok(());
                }
                continue;
            };
            // It is not read any more.
            feed = None;
            if told.is_empty() && (at <= self.after || marked.elapsed() < MARK) {
                let due = if at > self.after { marked + MARK } else { Instant::now() + IDLE };
                tokio::select! {
                    _ = news.changed() => {}
                    () = tokio::time::sleep_until(due) => {}
                    () = self.tell.closed() => return Ok(()),
                }
                continue;
            }
            for one in &told {
                let hits: Vec<Hit> = one.of(&self.watched.name).map(|hit| Hit::clone(hit)).collect();
                let alerts = self.alerted(one.sequence, one.time, hits).await?;
                if self.tell(one.sequence, alerts).await.is_err() {
                    return Ok(());
                }
            }
            if at > self.after && self.tell(at, Vec::new()).await.is_err() {
                return Ok(());
            }
            marked = Instant::now();
        }
    }

    /// Reads the log until the alerts that follow are known.
    async fn read_log(&mut self, feed: Option<Feed>) -> Result<End> {
        let mut feed = match feed {
            Some(feed) => feed,
            None => self.feed().await?,
        };
        let mut replay = Replay::new(self.shared.log.clone(), self.after, CACHE);
        let mut parts = Parts::default();
        loop {
            let message = tokio::select! {
                message = feed.recv() => message,
                () = self.tell.closed() => return Ok(End::Gone),
            };
            let ended =
                || Error::Unreachable { peer: crate::STORAGE, message: "the feed has ended".to_owned() };
            let mut message = Some(message.ok_or_else(ended)??);
            let (mut commits, mut changes, mut at) = (Vec::new(), 0, self.after);
            while let Some(part) = message.take() {
                changes += part.changes.len();
                if let Some(commit) = parts.join(part) {
                    at = commit.sequence;
                    commits.extend(Some(commit).filter(|commit| !commit.changes.is_empty()));
                }
                if changes < CHANGES {
                    message = feed.try_recv().ok().transpose()?;
                }
            }
            while !commits.is_empty() {
                replay.prepare(&commits).await?;
                let (moved, mut replayed): (Replay, Replayed) = blocking(move || {
                    let replayed = replay.replay(commits);
                    (replay, replayed)
                })
                .await?;
                replay = moved;
                replay.finish(&mut replayed).await?;
                for step in replayed.steps {
                    let sequence = step.sequence;
                    let alerts = self.alerts(&replay, step).await?;
                    if !alerts.is_empty() && self.tell(sequence, alerts).await.is_err() {
                        return Ok(End::Gone);
                    }
                }
                commits = replayed.rest;
            }
            if at > self.after && self.tell(at, Vec::new()).await.is_err() {
                return Ok(End::Gone);
            }
            let recent = self.shared.live.recent(&self.watched.name, self.watched.sequence, self.after);
            if matches!(recent, Recent::Known(..)) {
                return Ok(End::Known);
            }
        }
    }

    /// The alerts of one commit.
    async fn alerts(&mut self, replay: &Replay, step: Step) -> Result<Vec<Alert>> {
        for (name, record) in &step.topics {
            if *name == self.watched.name && step.sequence > self.watched.sequence {
                let record = record.as_ref().ok_or_else(|| Error::TopicRemoved(name.clone()))?;
                let watched = Watched::read(&self.shared, record)?;
                self.registered = Registered::new(&self.shared, &watched).await?;
                self.watched = watched;
            }
        }
        let plan = self.watched.plan.clone();
        let (step, found) = blocking(move || {
            let mut matcher = Matcher::new(&plan);
            let answers = |entry: &Option<Entry>| entry.as_ref().is_some_and(|entry| matcher.matches(entry));
            let found: Vec<bool> = step.touched.iter().map(|touched| &touched.entry).map(answers).collect();
            (step, found)
        })
        .await?;
        let mut hits = Vec::new();
        let mut matcher = Matcher::new(&self.watched.plan);
        for (touched, found) in step.touched.iter().zip(found) {
            let Some(entry) = touched.entry.as_ref().filter(|_| found) else { continue };
            let before = replay.before(step.sequence, touched).await?;
            if !before.is_some_and(|before| matcher.matches(&before)) {
                hits.push(hit_of(entry));
            }
        }
        self.alerted(step.sequence, step.time, hits).await
    }

    /// Alerts of records that came to answer with a commit.
    async fn alerted(
        &self,
        sequence: i64,
        commit_time: Option<prost_types::Timestamp>,
        mut hits: Vec<Hit>,
    ) -> Result<Vec<Alert>> {
        let highlighter = self.watched.plan.highlighter();
        let mut tokens = Tokens::default();
        for hit in &mut hits {
            hit.title_highlights = titled(&highlighter, &hit.title, &mut tokens);
        }
        if self.snippet_bytes > 0 && !hits.is_empty() {
            let log = &self.shared.log;
            hits = snippets::add(log, hits, highlighter, self.snippet_bytes, sequence).await?;
        }
        let topic = &self.watched.name;
        let alert = |hit: Hit| Alert {
            id: id(topic, &hit.name, sequence),
            topic: topic.clone(),
            hit: Some(hit),
            commit_time,
        };
        Ok(hits.into_iter().map(alert).collect())
    }

    /// Tells alerts, then how far it has come with the last of them.
    async fn tell(&mut self, sequence: i64, alerts: Vec<Alert>) -> std::result::Result<(), ()> {
        let mut alerts = alerts.into_iter().peekable();
        loop {
            let part: Vec<Alert> = alerts.by_ref().take(ALERTS).collect();
            let last = alerts.peek().is_none();
            // Until the last part came, the commit has to be read again.
            let told = if last { sequence } else { self.after };
            let message = WatchTopicResponse { alerts: part, sequence: told };
            self.tell.send(Ok(message)).await.map_err(|_| ())?;
            if last {
                self.after = sequence;
                return Ok(());
            }
        }
    }
}

/// The same each time that an alert is told.
fn id(topic: &str, record: &str, sequence: i64) -> String {
    let hash = blake3::hash(format!("{topic}\n{record}\n{sequence}").as_bytes());
    hash.to_hex()[..32].to_owned()
}
