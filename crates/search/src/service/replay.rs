//! Reads the log again, commit by commit, as changes of entries.
//!
//! An entry rests on several records: a document's on the document, its layers and its memberships; a claim's on the claim
//! and its document. [`Replay`] keeps the groups of documents that are in use, all as of one place of the log, and moves
//! them on with each commit. So each state of an entry is exactly that of its sequence, whoever asks, and the index after any
//! history is that of a fresh one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::record::{Claim, Digest, Document, Finding, Layer, Record, Story, Topic, TopicMembership};
use api::storage::{Change, ChangesResponse};
use prost::{Message as _, Name as _};

use super::entries;
use super::groups::{Group, Groups, Role, documents};
use crate::entry::Entry;
use crate::error::Result;
use crate::grpc::storage::Log;

/// Kinds that are followed.
pub(crate) fn kinds() -> Vec<String> {
    let mut kinds =
        vec![Document::full_name(), Layer::full_name(), TopicMembership::full_name(), Topic::full_name()];
    kinds.extend(derived_kinds());
    kinds
}

/// Kinds that are indexed with their quotes.
pub(crate) fn derived_kinds() -> Vec<String> {
    vec![Claim::full_name(), Digest::full_name(), Story::full_name(), Finding::full_name()]
}

/// A whole commit, as far as it is of kinds that are followed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Commit {
    pub(crate) sequence: i64,
    pub(crate) time: Option<prost_types::Timestamp>,
    pub(crate) changes: Vec<Change>,
}

/// Joins the parts of commits.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    open: Commit,
}

impl Parts {
    /// The commit that a message completes; without changes if it only marks progress.
    pub(crate) fn join(&mut self, part: ChangesResponse) -> Option<Commit> {
        self.open.sequence = part.sequence;
        self.open.time = part.commit_time.or(self.open.time);
        self.open.changes.extend(part.changes);
        part.last.then(|| std::mem::take(&mut self.open))
    }
}

/// What a commit did to entries, in the order of their names.
#[derive(Debug, Default)]
pub(crate) struct Step {
    pub(crate) sequence: i64,
    pub(crate) time: Option<prost_types::Timestamp>,
    pub(crate) touched: Vec<Touched>,
    /// Topics that were written; `None` for those that are gone.
    pub(crate) topics: Vec<(String, Option<Record>)>,
}

/// An entry that a commit may have changed.
#[derive(Debug)]
pub(crate) struct Touched {
    pub(crate) name: String,
    /// As it is after the commit.
    pub(crate) entry: Option<Entry>,
    /// What it was made of before.
    pub(crate) before: Before,
}

impl Touched {
    /// The entry as it was before; `None` if that takes a look into the log. Needs the processor.
    pub(crate) fn before(&self) -> Option<Option<Entry>> {
        match &self.before {
            Before::Document(group) => Some(entries::of_document(&self.name, group)),
            Before::Same(record, group) => Some(entries::of_derived(record, group)),
            Before::Nothing => Some(None),
            Before::Earlier(_) => None,
        }
    }
}

/// What an entry was made of before a commit.
#[derive(Debug)]
pub(crate) enum Before {
    /// A document with its group.
    Document(Arc<Group>),
    /// A derived record that is the same as after, with another group.
    Same(Box<Record>, Arc<Group>),
    /// A derived record that was another, with the groups at hand of the documents that it may have shown. Its own revision is
    /// read, and its document if that is not among them.
    Earlier(BTreeMap<String, Arc<Group>>),
    /// There was none.
    Nothing,
}

/// See the module.
pub(crate) struct Replay {
    log: Log,
    groups: Groups,
    /// The place in the log of which the groups are.
    at: i64,
}

/// What was made of some commits.
pub(crate) struct Replayed {
    pub(crate) steps: Vec<Step>,
    /// Commits that were not come to.
    pub(crate) rest: Vec<Commit>,
    /// Derived records that were not written by the last commit, but show something of a document that was.
    late: Vec<String>,
    /// Groups before the last commit, of documents that it touched.
    before: BTreeMap<String, Arc<Group>>,
}

impl Replay {
    /// From a place in the log; about `cache_bytes` of documents are kept.
    pub(crate) fn new(log: Log, at: i64, cache_bytes: usize) -> Replay {
        Replay { log, groups: Groups::new(cache_bytes), at }
    }

    /// Reads what [`Replay::replay`] will need for these commits, which follow the present place.
    pub(crate) async fn prepare(&mut self, commits: &[Commit]) -> Result<()> {
        self.groups.trim();
        let mut changed = BTreeSet::new();
        let mut new = BTreeSet::new();
        let mut shown = BTreeSet::new();
        for change in commits.iter().flat_map(|commit| &commit.changes) {
            let role = Role::of(&change.kind);
            match role {
                Role::Document => {
                    // Only the first change tells whether it was there before all of them.
                    if changed.insert(change.name.clone()) && !change.existed && !change.deleted {
                        new.insert(change.name.clone());
                    }
                }
                // A finding may be keyed to many documents, of which it shows one.
                Role::Derived => shown.extend(change.record.as_ref().and_then(entries::lead)),
                Role::Layer | Role::Membership | Role::Other => {
                    // It may have been a document.
                    changed.extend(Some(change.name.clone()).filter(|_| role == Role::Other));
                    changed.extend(
                        documents(&change.keys_before)
                            .chain(documents(&change.keys_after))
                            .map(str::to_owned),
                    );
                }
                Role::Topic => {}
            }
        }
        self.load_whole(&changed, &new).await?;
        self.load_shown(&shown).await
    }

    /// Brings whole groups to hand. Documents among `new` are known not to be there yet.
    async fn load_whole(&mut self, documents: &BTreeSet<String>, new: &BTreeSet<String>) -> Result<()> {
        let missing = self.missing(documents, true);
        if missing.is_empty() {
            return Ok(());
        }
        let mut kinds = derived_kinds();
        kinds.extend([Layer::full_name(), TopicMembership::full_name()]);
        let known: Vec<String> =
            missing.iter().filter(|document| !new.contains(*document)).cloned().collect();
        let read = read(&self.log, &kinds, &missing, &known, self.at, Group::whole).await?;
        missing.into_iter().zip(read).for_each(|(document, group)| self.groups.insert(document, group));
        Ok(())
    }

    /// Brings to hand what derived records show of documents: what is derived of them is not looked at, which is more the more
    /// is told of what they tell.
    async fn load_shown(&mut self, documents: &BTreeSet<String>) -> Result<()> {
        let missing = self.missing(documents, false);
        if missing.is_empty() {
            return Ok(());
        }
        let kinds = [TopicMembership::full_name()];
        let read = read(&self.log, &kinds, &missing, &missing, self.at, Group::shown).await?;
        missing.into_iter().zip(read).for_each(|(document, group)| self.groups.insert(document, group));
        Ok(())
    }

    /// Which groups are not at hand.
    fn missing(&mut self, documents: &BTreeSet<String>, whole: bool) -> Vec<String> {
        let missing = documents.iter().filter(|document| !self.groups.has(document, whole)).cloned();
        let missing: Vec<String> = missing.collect();
        if self.at > 0 {
            return missing;
        }
        // Before the first commit there is nothing; to storage, zero means the head.
        missing.into_iter().for_each(|document| self.groups.insert(document, Group::whole()));
        Vec::new()
    }

    /// Moves on through commits for which everything was prepared; up to one after which more has to be read, with
    /// [`Replay::finish`]. Needs the processor for long.
    pub(crate) fn replay(&mut self, commits: Vec<Commit>) -> Replayed {
        let mut replayed =
            Replayed { steps: Vec::new(), rest: Vec::new(), late: Vec::new(), before: BTreeMap::new() };
        let mut commits = commits.into_iter();
        for commit in commits.by_ref() {
            let (step, late, before) = self.step(commit);
            self.at = step.sequence;
            replayed.steps.push(step);
            if !late.is_empty() {
                (replayed.late, replayed.before) = (late, before);
                break;
            }
        }
        replayed.rest = commits.collect();
        replayed
    }

    fn step(&mut self, commit: Commit) -> (Step, Vec<String>, BTreeMap<String, Arc<Group>>) {
        let mut before: BTreeMap<String, Arc<Group>> = BTreeMap::new();
        let mut topics = Vec::new();
        for change in &commit.changes {
            self.apply(change, &mut before);
            if Role::of(&change.kind) == Role::Topic {
                topics.push((change.name.clone(), change.record.clone().filter(|_| !change.deleted)));
            }
        }
        let mut touched = BTreeMap::new();
        let mut changed = BTreeSet::new();
        for change in &commit.changes {
            changed.insert(change.name.as_str());
            if let Some(one) = self.changed(change, &before) {
                touched.insert(one.name.clone(), one);
            }
        }
        let mut late = BTreeSet::new();
        for (document, was) in &before {
            let group = self.groups.get(document);
            if !group.same_entry(was) {
                let entry = entries::of_document(document, &group);
                let before = Before::Document(was.clone());
                touched.insert(document.clone(), Touched { name: document.clone(), entry, before });
            }
            if !group.same_about(was) {
                late.extend(group.derived().iter().filter(|name| !changed.contains(name.as_str())).cloned());
            }
        }
        let touched = touched.into_values().collect();
        let step = Step { sequence: commit.sequence, time: commit.time, touched, topics };
        (step, late.into_iter().collect(), before)
    }

    /// Moves the groups on; remembers those whose entries may change as they were.
    fn apply(&mut self, change: &Change, before: &mut BTreeMap<String, Arc<Group>>) {
        let role = Role::of(&change.kind);
        if role == Role::Document {
            before.entry(change.name.clone()).or_insert_with(|| self.groups.get(&change.name));
            self.groups.change(&change.name, |group| match &change.record {
                Some(record) if !change.deleted => group.insert(record),
                _ => group.remove_document(),
            });
            return;
        }
        if role == Role::Other {
            before.entry(change.name.clone()).or_insert_with(|| self.groups.get(&change.name));
            self.groups.change(&change.name, Group::remove_document);
        }
        for document in documents(&change.keys_before) {
            if role != Role::Derived {
                before.entry(document.to_owned()).or_insert_with(|| self.groups.get(document));
            }
            self.groups.change(document, |group| group.remove(&change.name));
        }
        let Some(record) = change.record.as_ref().filter(|_| !change.deleted) else { return };
        for document in documents(&change.keys_after) {
            if role != Role::Derived {
                before.entry(document.to_owned()).or_insert_with(|| self.groups.get(document));
            }
            self.groups.change(document, |group| group.insert(record));
        }
    }

    /// What a change does to the entry of the record itself, if that is no document.
    fn changed(&self, change: &Change, before: &BTreeMap<String, Arc<Group>>) -> Option<Touched> {
        let name = change.name.clone();
        let role = Role::of(&change.kind);
        if role == Role::Document || role != Role::Derived && !change.existed {
            return None;
        }
        let record = change.record.as_ref().filter(|_| !change.deleted && role == Role::Derived);
        let lead = record.and_then(entries::lead).unwrap_or_default();
        let group = self.groups.get(&lead);
        let entry = record.and_then(|record| entries::of_derived(record, &group));
        if !change.existed {
            return Some(Touched { name, entry, before: Before::Nothing });
        }
        let was = |document: &str| {
            let group = before.get(document).cloned().or_else(|| self.groups.find(document))?;
            Some((document.to_owned(), group))
        };
        let shown = documents(&change.keys_before).filter_map(was).collect();
        Some(Touched { name, entry, before: Before::Earlier(shown) })
    }

    /// Completes the last step with what has to be read for it.
    pub(crate) async fn finish(&mut self, replayed: &mut Replayed) -> Result<()> {
        let late = std::mem::take(&mut replayed.late);
        let Some(step) = replayed.steps.last_mut().filter(|_| !late.is_empty()) else { return Ok(()) };
        let records = self.log.get(&late, step.sequence).await?;
        let leads = records.iter().filter_map(entries::lead).collect();
        self.load_shown(&leads).await?;
        for record in records {
            let lead = entries::lead(&record).unwrap_or_default();
            let group = self.groups.get(&lead);
            let entry = entries::of_derived(&record, &group);
            let was = replayed.before.get(&lead).cloned().unwrap_or(group);
            let name = record.name.clone();
            step.touched.push(Touched { name, entry, before: Before::Same(Box::new(record), was) });
        }
        step.touched.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(())
    }

    /// The entry as it was before a commit at `sequence`; the commit's records must still be held by a feed.
    pub(crate) async fn before(&self, sequence: i64, touched: &Touched) -> Result<Option<Entry>> {
        let Before::Earlier(shown) = &touched.before else { return Ok(touched.before().flatten()) };
        let names = [touched.name.clone()];
        let record = self.log.get(&names, sequence - 1).await?.into_iter().next();
        let Some(record) = record.filter(|record| Role::of(&record.kind) == Role::Derived) else {
            return Ok(None);
        };
        let lead: Vec<String> = entries::lead(&record).into_iter().collect();
        if let Some(group) = lead.first().and_then(|lead| shown.get(lead)) {
            return Ok(entries::of_derived(&record, group));
        }
        let kinds = [TopicMembership::full_name()];
        let mut read = read(&self.log, &kinds, &lead, &lead, sequence - 1, Group::shown).await?;
        Ok(entries::of_derived(&record, &read.pop().unwrap_or_default()))
    }
}

/// Groups as of a sequence: the records of some kinds beside the documents, and those documents that are `known` to be there.
async fn read(
    log: &Log,
    kinds: &[String],
    documents: &[String],
    known: &[String],
    at: i64,
    empty: fn() -> Group,
) -> Result<Vec<Group>> {
    let beside = log.of_documents(kinds, documents, at).await?;
    let written = if known.is_empty() { Vec::new() } else { log.get(known, at).await? };
    let mut written: BTreeMap<String, Record> =
        written.into_iter().map(|record| (record.name.clone(), record)).collect();
    let group = |(document, records): (&String, Vec<bytes::Bytes>)| {
        let mut group = empty();
        if let Some(record) = written.remove(document) {
            group.insert(&record);
        }
        for bytes in records {
            match Record::decode(bytes) {
                Ok(record) => group.insert(&record),
                Err(error) => tracing::warn!(document, %error, "a record of a document cannot be read"),
            }
        }
        group
    };
    Ok(documents.iter().zip(beside).map(group).collect())
}
