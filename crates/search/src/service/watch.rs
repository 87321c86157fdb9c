//! Topics that are watched: the log is read for each watcher from where it left off.

use std::sync::Arc;

use api::record::{Record, Topic};
use api::search::{Alert, Hit, WatchTopicRequest, WatchTopicResponse};
use api::storage::ChangesRequest;
use prost::Name as _;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::answering::titled;
use super::config::Backoff;
use super::follow::pump;
use super::groups::decoded;
use super::replay::{Parts, Replay, Replayed, Step, kinds};
use super::saved::{Matcher, plan_of};
use super::{Search, Shared, blocking};
use crate::entry::Entry;
use crate::error::{Error, Result};
use crate::plan::Plan;

/// Messages that lie ready for a watcher. One that does not read them holds up nobody but itself.
const READY: usize = 4;

/// Bytes of documents that are kept at hand for each watcher.
const CACHE: usize = 2 << 20;

/// Alerts of one message; a commit with more comes in several.
const ALERTS: usize = 500;

impl Search {
    /// Alerts of a topic.
    pub(crate) async fn watch(
        &self,
        request: WatchTopicRequest,
    ) -> Result<mpsc::Receiver<Result<WatchTopicResponse>>> {
        let shared = self.ready()?.clone();
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
        let mut watcher = Watcher { shared: shared.clone(), watched, after, tell, _permit: permit };
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
    /// All alerts up to here were told.
    after: i64,
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

    /// Tells alerts until the watcher goes away; storage may come and go.
    async fn run(&mut self, feed: Feed) -> Result<()> {
        let shutdown = self.shared.shutdown.clone();
        let mut backoff = Backoff::new(&self.shared.config);
        let mut feed = Some(feed);
        loop {
            let told = self.after;
            let ended = tokio::select! {
                () = shutdown.cancelled() => return Err(Error::Draining),
                ended = self.session(feed.take()) => ended,
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

    async fn session(&mut self, feed: Option<Feed>) -> Result<()> {
        let mut feed = match feed {
            Some(feed) => feed,
            None => self.feed().await?,
        };
        let mut replay = Replay::new(self.shared.log.clone(), self.after, CACHE);
        let mut parts = Parts::default();
        loop {
            let message = tokio::select! {
                message = feed.recv() => message,
                () = self.tell.closed() => return Ok(()),
            };
            let ended = || Error::Unreachable { peer: crate::STORAGE, message: "the feed has ended".to_owned() };
            let Some(commit) = parts.join(message.ok_or_else(ended)??) else { continue };
            let sequence = commit.sequence;
            let mut alerts = Vec::new();
            if !commit.changes.is_empty() {
                let commits = vec![commit];
                replay.prepare(&commits).await?;
                let (moved, mut replayed): (Replay, Replayed) = blocking(move || {
                    let replayed = replay.replay(commits);
                    (replay, replayed)
                })
                .await?;
                replay = moved;
                replay.finish(&mut replayed).await?;
                for step in replayed.steps {
                    alerts.extend(self.alerts(&replay, step).await?);
                }
            }
            if self.tell(sequence, alerts).await.is_err() {
                return Ok(());
            }
        }
    }

    /// The alerts of one commit.
    async fn alerts(&mut self, replay: &Replay, step: Step) -> Result<Vec<Alert>> {
        for (name, record) in &step.topics {
            if *name == self.watched.name && step.sequence > self.watched.sequence {
                let record = record.as_ref().ok_or_else(|| Error::TopicRemoved(name.clone()))?;
                self.watched = Watched::read(&self.shared, record)?;
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
        let mut alerts = Vec::new();
        let mut matcher = Matcher::new(&self.watched.plan);
        let highlighter = self.watched.plan.highlighter();
        for (touched, found) in step.touched.iter().zip(found) {
            let Some(entry) = touched.entry.as_ref().filter(|_| found) else { continue };
            let before = replay.before(step.sequence, touched).await?;
            if before.is_some_and(|before| matcher.matches(&before)) {
                continue;
            }
            let mut hit = hit_of(entry);
            hit.title_highlights = titled(&highlighter, &hit.title);
            let topic = self.watched.name.clone();
            let id = id(&topic, &entry.name, step.sequence);
            alerts.push(Alert { id, topic, hit: Some(hit), commit_time: step.time });
        }
        Ok(alerts)
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

fn hit_of(entry: &Entry) -> Hit {
    let found = crate::answer::Hit {
        name: entry.name.clone(),
        kind: entry.kind.clone(),
        score: 0.0,
        published: entry.published,
        sequence: entry.sequence,
        source: entry.source.clone(),
        card: entry.card.clone(),
    };
    super::answering::hit(found)
}
