//! What is known of every analyzer at this moment: where flows write their progress and others read it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use api::analysis::AnalyzerState;
use tokio::sync::{mpsc, oneshot, watch};

use crate::assignment::Assigned;
use crate::order;

/// Groups to be run again, and whom to tell that they are asked for.
pub(crate) type Retry = (Vec<String>, oneshot::Sender<()>);

/// How an analyzer is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Every group touched up to here is committed, failed, or stored as pending.
    pub(crate) cursor: i64,
    /// The same without pending groups. Below zero: not known yet.
    pub(crate) through: i64,
    /// A walk over all groups is under way.
    pub(crate) walking: bool,
    /// Groups known to be unfinished.
    pub(crate) unfinished: u64,
    /// Groups whose last analysis failed.
    pub(crate) failed: u64,
    /// Of these, those whose old output was kept.
    pub(crate) kept: u64,
    /// Providers of the assigned version and config.
    pub(crate) providers: u32,
    /// Sequence of its last commit since the service started; zero before the first.
    pub(crate) written: i64,
    /// Groups committed since the service started.
    pub(crate) committed: u64,
    /// The analyzer's own time for them, in nanoseconds.
    pub(crate) analyzer_ns: u64,
}

/// One analyzer.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) assigned: Assigned,
    pub(crate) disabled: bool,
    pub(crate) progress: Progress,
    retries: mpsc::UnboundedSender<Retry>,
}

impl Entry {
    /// Its state for people.
    pub(crate) fn state(&self) -> AnalyzerState {
        let idle = self.progress.unfinished == 0 && !self.progress.walking && self.progress.through >= 0;
        match (self.disabled, idle, self.progress.providers) {
            (true, ..) => AnalyzerState::Disabled,
            (_, true, _) => AnalyzerState::Current,
            (_, false, 0) => AnalyzerState::NoProvider,
            (_, false, _) => AnalyzerState::Working,
        }
    }

    /// True if everything that commits up to `sequence` ask of it is done.
    pub(crate) fn is_through(&self, sequence: i64) -> bool {
        self.disabled || (self.progress.through >= sequence && !self.progress.walking)
    }
}

/// How far those are who write what an analyzer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Feeding {
    /// All of them are through with this sequence; the largest there is if nobody writes it.
    pub(crate) through: i64,
    /// Where the last of their commits is.
    pub(crate) written: i64,
    /// What those have done who are not through with what is asked for: groups committed, and nanoseconds of their analyzers.
    pub(crate) done: (u64, u64),
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Board {
    entries: Mutex<BTreeMap<String, Entry>>,
    changed: watch::Sender<u64>,
    /// The registry revision for which assignments were last made; absent before the first time.
    assigned_at: watch::Sender<Option<i64>>,
}

impl Board {
    pub(crate) fn new() -> Self {
        Self {
            entries: Mutex::default(),
            changed: watch::Sender::new(0),
            assigned_at: watch::Sender::new(None),
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        // Nothing that holds the lock can leave an entry half-written, so a panic elsewhere does not spoil it.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells when anything changes.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Tells the registry revision for which assignments were last made.
    pub(crate) fn assigned_at(&self) -> watch::Receiver<Option<i64>> {
        self.assigned_at.subscribe()
    }

    /// Assignments are made for what the registry told at this revision.
    pub(crate) fn set_assigned_at(&self, revision: i64) {
        self.assigned_at.send_replace(Some(revision));
        self.tell();
    }

    /// An analyzer has an assignment, or another one, or is disabled or enabled. What it did for another assignment does not
    /// count.
    pub(crate) fn assign(
        &self,
        analyzer: &str,
        assigned: &Assigned,
        disabled: bool,
        retries: &mpsc::UnboundedSender<Retry>,
    ) {
        let mut entries = self.lock();
        let before = entries.get(analyzer);
        let same = before
            .is_some_and(|entry| entry.assigned.sequence == assigned.sequence && entry.disabled == disabled);
        if same {
            return;
        }
        let old = before.map(|entry| entry.progress.clone()).unwrap_or_default();
        let progress = Progress { through: -1, ..old };
        let entry = Entry { assigned: assigned.clone(), disabled, progress, retries: retries.clone() };
        entries.insert(analyzer.to_owned(), entry);
        drop(entries);
        self.tell();
    }

    /// A flow that works on the assignment of this sequence tells how far it has come.
    pub(crate) fn publish(&self, analyzer: &str, assignment: i64, progress: &Progress) {
        let mut entries = self.lock();
        let Some(entry) = entries.get_mut(analyzer) else { return };
        if entry.assigned.sequence != assignment || entry.progress == *progress {
            return;
        }
        entry.progress.clone_from(progress);
        drop(entries);
        self.tell();
    }

    /// All analyzers that have an assignment.
    pub(crate) fn entries(&self) -> BTreeMap<String, Entry> {
        self.lock().clone()
    }

    /// Asks an analyzer to run groups again. Tells how many will be; none if it does not work.
    pub(crate) async fn retry(&self, analyzer: &str, groups: Vec<String>) -> u32 {
        let retries = match self.lock().get(analyzer) {
            Some(entry) if !entry.disabled => entry.retries.clone(),
            _ => return 0,
        };
        let count = u32::try_from(groups.len()).unwrap_or(u32::MAX);
        let (done, told) = oneshot::channel();
        if retries.send((groups, done)).is_err() || told.await.is_err() {
            return 0;
        }
        count
    }

    /// The enabled analyzers in levels, each reading only what earlier levels write, with the assignments that this holds
    /// for.
    pub(crate) fn levels(&self) -> (Vec<Vec<String>>, Vec<(String, i64)>) {
        let entries = self.lock();
        let enabled = || entries.iter().filter(|(_, entry)| !entry.disabled);
        let manifests = enabled().map(|(name, entry)| (name.as_str(), &*entry.assigned.manifest));
        let levels = order::levels(manifests);
        (levels, enabled().map(|(name, entry)| (name.clone(), entry.assigned.sequence)).collect())
    }

    /// True if all these analyzers are through with a sequence.
    pub(crate) fn are_through(&self, analyzers: &[String], sequence: i64) -> bool {
        let entries = self.lock();
        analyzers.iter().all(|name| entries.get(name).is_none_or(|entry| entry.is_through(sequence)))
    }

    /// How far those are who write kinds that an analyzer reads, and what those have done who are not through with `sequence`. Who
    /// is disabled or has no provider does not count.
    pub(crate) fn feeding(&self, analyzer: &str, reads: &[String], sequence: i64) -> Feeding {
        let entries = self.lock();
        let writes = |entry: &Entry| entry.assigned.manifest.writes.iter().any(|kind| reads.contains(kind));
        let works = |entry: &Entry| !entry.disabled && entry.progress.providers > 0;
        let mut feeding = Feeding { through: i64::MAX, written: 0, done: (0, 0) };
        for (_, entry) in
            entries.iter().filter(|(name, entry)| *name != analyzer && works(entry) && writes(entry))
        {
            let progress = &entry.progress;
            feeding.through = feeding.through.min(progress.through);
            feeding.written = feeding.written.max(progress.written);
            if progress.through < sequence {
                feeding.done.0 += progress.committed;
                feeding.done.1 += progress.analyzer_ns;
            }
        }
        feeding
    }

    fn tell(&self) {
        self.changed.send_modify(|version| *version += 1);
    }
}
