//! Alerts of the commits that have just been indexed, of all topics that are watched: each record is held against all of
//! them at once, and whoever watches takes what is his.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use api::record::Record;
use api::search::Hit;
use tokio::sync::watch;

use super::answering;
use super::blocking;
use super::replay::{Replay, Step, Touched};
use crate::entry::Entry;
use crate::error::Result;
use crate::plan::Plan;
use crate::topics::{Guess, Scratch, Topics};

/// Alerts that are kept for watchers that are a little behind, over all topics. Who is farther behind reads the log.
const KEPT: usize = 20_000;

/// A commit with alerts.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) sequence: i64,
    pub(super) time: Option<prost_types::Timestamp>,
    /// Records, each with the topics that it came to answer.
    alerts: Vec<(Arc<Hit>, Arc<[String]>)>,
}

impl Told {
    /// The records that came to answer a topic, in the order of their names.
    pub(super) fn of<'a>(&'a self, topic: &'a str) -> impl Iterator<Item = &'a Arc<Hit>> {
        let answers = move |topics: &[String]| topics.iter().any(|name| name == topic);
        self.alerts.iter().filter(move |(_, topics)| answers(topics)).map(|(hit, _)| hit)
    }
}

/// What is known of the commits behind a sequence.
pub(super) enum Recent {
    /// Not all; the log has to be read.
    Unknown,
    /// All up to a sequence, with the commits that have alerts.
    Known(Vec<Told>, i64),
}

/// See the module.
pub(super) struct Live {
    topics: RwLock<Topics>,
    state: Mutex<State>,
    news: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    /// True while the log is followed.
    on: bool,
    /// All alerts behind `floor` up to `at` are known, of topics that were watched then.
    floor: i64,
    at: i64,
    told: VecDeque<Told>,
    alerts: usize,
    watched: HashMap<String, Watched>,
}

/// A topic that is watched.
struct Watched {
    /// Of the commit that wrote what it asks.
    sequence: i64,
    /// Alerts of later commits are known.
    since: i64,
    watchers: usize,
}

impl Live {
    pub(super) fn new() -> Live {
        Live { topics: RwLock::default(), state: Mutex::default(), news: watch::Sender::new(()) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells when there is something new.
    pub(super) fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }

    /// The log is followed from a sequence on.
    pub(super) fn begin(&self, at: i64) {
        let mut state = self.state();
        state.on = true;
        (state.floor, state.at, state.alerts) = (at, at, 0);
        state.told.clear();
        for watched in state.watched.values_mut() {
            watched.since = watched.since.min(at);
        }
    }

    /// The log is not followed any more; who watches has to read it.
    pub(super) fn end(&self) {
        self.state().on = false;
        self.news.send_replace(());
    }

    /// One more watches a topic whose query was written at `sequence`. Needs the processor.
    pub(super) fn watch(&self, topic: &str, sequence: i64, plan: &Plan) {
        // Nobody matches while this is held, so that every commit behind `at` will be held against the query.
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        let mut state = self.state();
        let at = state.at;
        let watched =
            state.watched.entry(topic.to_owned()).or_insert(Watched { sequence: -1, since: at, watchers: 0 });
        watched.watchers += 1;
        if watched.sequence < sequence {
            (watched.sequence, watched.since) = (sequence, at);
            topics.set(topic, plan, &Guess);
        }
    }

    /// One less does. Needs the processor.
    pub(super) fn unwatch(&self, topic: &str) {
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        let mut state = self.state();
        if let Some(watched) = state.watched.get_mut(topic) {
            watched.watchers -= 1;
            if watched.watchers == 0 {
                state.watched.remove(topic);
                topics.remove(topic);
            }
        }
    }

    /// What is known of a topic behind `after`, if it still asks what was written at `sequence`.
    pub(super) fn recent(&self, topic: &str, sequence: i64, after: i64) -> Recent {
        let state = self.state();
        let watched = state.watched.get(topic);
        let known = watched.is_some_and(|watched| watched.since <= after && watched.sequence == sequence);
        if !state.on || !known || after < state.floor {
            return Recent::Unknown;
        }
        let first = state.told.partition_point(|told| told.sequence <= after);
        let told =
            state.told.range(first..).filter(|told| told.of(topic).next().is_some()).cloned().collect();
        Recent::Known(told, state.at)
    }

    /// Holds what commits did against all topics that are watched; the steps are given back. `change` is called for each
    /// topic that a commit wrote or removed, and gives what it asks then.
    pub(super) async fn tell(
        self: &Arc<Self>,
        replay: &Replay,
        steps: Vec<Step>,
        change: impl Fn(&str, Option<&Record>, i64) -> Option<Plan> + Send + 'static,
    ) -> Result<Vec<Step>> {
        let live = self.clone();
        let (steps, candidates) = blocking(move || {
            let candidates = live.candidates(&steps, change);
            (steps, candidates)
        })
        .await?;
        let mut read = HashMap::new();
        for Candidate { step, touched, .. } in &candidates {
            let (of, one) = (&steps[*step], &steps[*step].touched[*touched]);
            if one.before().is_none() {
                read.insert((*step, *touched), replay.before(of.sequence, one).await?);
            }
        }
        let live = self.clone();
        blocking(move || {
            live.settle(&steps, candidates, read);
            steps
        })
        .await
    }

    /// Which entries answer which topics after each commit.
    fn candidates(
        &self,
        steps: &[Step],
        change: impl Fn(&str, Option<&Record>, i64) -> Option<Plan>,
    ) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        let mut scratch = Scratch::new();
        for (index, step) in steps.iter().enumerate() {
            for (name, record) in &step.topics {
                let plan = change(name, record.as_ref(), step.sequence);
                self.change(name, plan, step.sequence);
            }
            let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
            if topics.is_empty() {
                continue;
            }
            for (touched, one) in step.touched.iter().enumerate() {
                let Some(entry) = &one.entry else { continue };
                let found = topics.matches(entry, &mut scratch);
                if !found.is_empty() {
                    let topics = found.into_iter().map(str::to_owned).collect();
                    candidates.push(Candidate { step: index, touched, topics });
                }
            }
        }
        candidates
    }

    /// A topic asks something else from a commit on, or nothing any more.
    fn change(&self, topic: &str, plan: Option<Plan>, sequence: i64) {
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        let mut state = self.state();
        let Some(watched) = state.watched.get_mut(topic).filter(|watched| watched.sequence < sequence) else {
            return;
        };
        // Who watches learns of the change from the log.
        (watched.sequence, watched.since) = (sequence, sequence);
        match plan {
            Some(plan) => topics.set(topic, &plan, &Guess),
            None => {
                topics.remove(topic);
            }
        }
    }

    /// Leaves out what answered before already, and keeps the rest for who watches.
    fn settle(
        &self,
        steps: &[Step],
        candidates: Vec<Candidate>,
        mut read: HashMap<(usize, usize), Option<Entry>>,
    ) {
        let mut scratch = Scratch::new();
        let mut told: Vec<Told> = Vec::new();
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        for Candidate { step: index, touched, topics: mut found } in candidates {
            let step = &steps[index];
            let one: &Touched = &step.touched[touched];
            let before = one.before().unwrap_or_else(|| read.remove(&(index, touched)).flatten());
            if let Some(before) = before {
                let already = topics.matches(&before, &mut scratch);
                found.retain(|topic| !already.contains(&topic.as_str()));
            }
            let Some(entry) = one.entry.as_ref().filter(|_| !found.is_empty()) else { continue };
            let alert = (Arc::new(answering::hit_of(entry)), found.into());
            match told.last_mut() {
                Some(last) if last.sequence == step.sequence => last.alerts.push(alert),
                _ => told.push(Told { sequence: step.sequence, time: step.time, alerts: vec![alert] }),
            }
        }
        drop(topics);
        let mut state = self.state();
        for one in told {
            state.alerts += one.alerts.len();
            state.told.push_back(one);
        }
        while state.alerts > KEPT
            && let Some(oldest) = state.told.pop_front()
        {
            state.alerts -= oldest.alerts.len();
            state.floor = oldest.sequence;
        }
    }

    /// Everything up to a sequence was told.
    pub(super) fn reach(&self, sequence: i64) {
        let mut state = self.state();
        if sequence > state.at {
            state.at = sequence;
            drop(state);
            self.news.send_replace(());
        }
    }
}

/// An entry that answers topics after a commit.
struct Candidate {
    step: usize,
    touched: usize,
    topics: Vec<String>,
}
