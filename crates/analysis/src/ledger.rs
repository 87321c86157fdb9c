//! What is to be done for one analyzer, what is being done, and how far the cursor may go.
//!
//! The ledger is level-triggered: it remembers that a group is out of date, never why. Two marks follow from it.
//! The *cursor* may be stored: each group touched by commits up to it is committed, failed, or stored as pending. The
//! analyzer is *through* with a sequence only when pending groups are done as well.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::groups::GroupName;

/// What is happening to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It waits to be read.
    Queued,
    /// It has inputs, and nobody is there to analyze them; or it waits for what is in its way to pass.
    Parked,
    /// Its inputs are being read; at which sequence is not known yet.
    Reading,
    /// Its inputs are read; it waits for an answer or has one.
    Read,
    /// Its outcome is in a commit that is under way.
    Committing,
}

/// Commits that touched a group after its inputs were read.
#[derive(Clone, Copy, Debug)]
struct Later {
    first: i64,
    last: i64,
}

#[derive(Debug)]
struct Entry {
    state: State,
    /// The first commit that this run covers; absent if no commit asked for it.
    touched: Option<i64>,
    /// Holds back the through mark only: restored from a pending record, or asked for by somebody.
    asked: Option<i64>,
    later: Option<Later>,
    read_sequence: i64,
    /// The page of the walk that waits for this group.
    page: Option<u64>,
    /// A pending record of it is stored.
    stored: bool,
    /// How often it was read again because its outcome was refused for a passing reason.
    reruns: u32,
}

impl Entry {
    fn new() -> Self {
        Self {
            state: State::Queued,
            touched: None,
            asked: None,
            later: None,
            read_sequence: 0,
            page: None,
            stored: false,
            reruns: 0,
        }
    }

    /// What holds back the cursor.
    fn held(&self) -> [Option<i64>; 2] {
        if self.stored {
            return [None, None];
        }
        let touched = self.touched.filter(|_| self.state != State::Committing);
        [touched, self.later.map(|later| later.first)]
    }

    /// What holds back the through mark.
    fn open(&self) -> [Option<i64>; 3] {
        [self.touched, self.asked, self.later.map(|later| later.first)]
    }
}

/// Sequences with how many hold each.
#[derive(Debug, Default)]
struct Holds(BTreeMap<i64, u32>);

impl Holds {
    fn add(&mut self, sequences: impl IntoIterator<Item = Option<i64>>) {
        for sequence in sequences.into_iter().flatten() {
            *self.0.entry(sequence).or_default() += 1;
        }
    }

    fn remove(&mut self, sequences: impl IntoIterator<Item = Option<i64>>) {
        for sequence in sequences.into_iter().flatten() {
            if let Some(count) = self.0.get_mut(&sequence) {
                *count -= 1;
                if *count == 0 {
                    self.0.remove(&sequence);
                }
            }
        }
    }

    /// The last sequence that nobody holds, given how far the feed was read.
    fn free(&self, seen: i64) -> i64 {
        self.0.keys().next().map_or(seen, |first| seen.min(first - 1))
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    groups: HashMap<GroupName, Entry>,
    live: VecDeque<GroupName>,
    walk: VecDeque<GroupName>,
    parked: Vec<GroupName>,
    held: Holds,
    open: Holds,
    seen: i64,
}

impl Ledger {
    /// A ledger of someone who has read the feed up to `seen`.
    pub(crate) fn new(seen: i64) -> Self {
        Self { seen, ..Self::default() }
    }

    /// The feed was read up to here; all touches of it are told.
    pub(crate) fn see(&mut self, sequence: i64) {
        self.seen = self.seen.max(sequence);
    }

    /// What may be stored as the cursor once the commit under way is done.
    pub(crate) fn cursor(&self) -> i64 {
        self.held.free(self.seen)
    }

    /// Everything up to here is committed or failed, walks apart.
    pub(crate) fn through(&self) -> i64 {
        self.open.free(self.seen)
    }

    /// How many groups are unfinished.
    pub(crate) fn len(&self) -> usize {
        self.groups.len()
    }

    /// True if a group is unfinished.
    pub(crate) fn contains(&self, group: &str) -> bool {
        self.groups.contains_key(group)
    }

    /// True if a group waits to be read.
    pub(crate) fn has_queued(&self) -> bool {
        !self.live.is_empty() || !self.walk.is_empty()
    }

    /// How many groups wait for a provider.
    #[cfg(test)]
    pub(crate) fn parked(&self) -> usize {
        self.parked.len()
    }

    /// A commit touched a group.
    pub(crate) fn touch(&mut self, group: &str, sequence: i64) {
        let Some((name, entry)) = self.groups.get_key_value(group) else {
            let name: GroupName = group.into();
            let entry = Entry { touched: Some(sequence), ..Entry::new() };
            self.insert(name.clone(), entry);
            self.live.push_back(name);
            return;
        };
        let promote = entry.state == State::Queued && entry.touched.is_none() && !entry.stored;
        let name = name.clone();
        self.update(&name, |entry| match entry.state {
            State::Queued | State::Parked => entry.touched = Some(entry.touched.unwrap_or(sequence)),
            State::Read | State::Committing if sequence <= entry.read_sequence => {
                entry.touched = Some(entry.touched.unwrap_or(sequence));
            }
            State::Reading | State::Read | State::Committing => {
                let first = entry.later.map_or(sequence, |later| later.first);
                entry.later = Some(Later { first, last: sequence });
            }
        });
        // It waited in the walk's queue; a live change goes first. Its other place in line is skipped.
        if promote {
            self.live.push_back(name);
        }
    }

    /// A pending record names a group.
    pub(crate) fn restore(&mut self, group: &str, touched: i64) {
        if !self.groups.contains_key(group) {
            let name: GroupName = group.into();
            self.insert(name.clone(), Entry { asked: Some(touched), stored: true, ..Entry::new() });
            self.live.push_back(name);
        }
    }

    /// Somebody wants a group run again, whatever touched it. A group that is in work already is left there.
    pub(crate) fn ask(&mut self, group: &str) {
        if !self.groups.contains_key(group) {
            let name: GroupName = group.into();
            self.insert(name.clone(), Entry { asked: Some(self.seen), ..Entry::new() });
            self.live.push_back(name);
        }
    }

    /// The walk came upon a group. False if it need not wait for it: an earlier page does already.
    pub(crate) fn walk(&mut self, group: &str, page: u64) -> bool {
        if let Some(entry) = self.groups.get_mut(group) {
            // What was read or is queued now is newer than the walk's assignment, which no other session survives.
            let waits = entry.page.is_none() && !entry.stored;
            if waits {
                entry.page = Some(page);
            }
            return waits;
        }
        let name: GroupName = group.into();
        self.insert(name.clone(), Entry { page: Some(page), ..Entry::new() });
        self.walk.push_back(name);
        true
    }

    /// The first commit that touched the group whose turn it is among live changes; zero if none did. `None` if none
    /// waits.
    pub(crate) fn next_touched(&mut self) -> Option<i64> {
        while let Some(name) = self.live.front() {
            if self.state(name) == Some(State::Queued) {
                return Some(self.groups.get(name).and_then(|entry| entry.touched).unwrap_or(0));
            }
            self.live.pop_front();
        }
        None
    }

    /// How far the feed was read.
    pub(crate) fn seen(&self) -> i64 {
        self.seen
    }

    /// Takes up to `most` groups to be read, live changes first: of these, only what commits up to `ready` touched.
    pub(crate) fn take(&mut self, most: usize, ready: i64) -> Vec<GroupName> {
        let mut taken = Vec::new();
        while taken.len() < most {
            let live = self.next_touched().is_some_and(|touched| touched <= ready);
            let next = if live { self.live.pop_front() } else { self.walk.pop_front() };
            let Some(name) = next else { break };
            if self.state(&name) == Some(State::Queued) {
                self.update(&name, |entry| entry.state = State::Reading);
                taken.push(name);
            }
        }
        taken
    }

    /// A group's inputs were read at a sequence, which covers every touch up to it.
    pub(crate) fn read(&mut self, group: &GroupName, read_sequence: i64) {
        self.update(group, |entry| {
            entry.state = State::Read;
            entry.read_sequence = read_sequence;
            let Some(later) = entry.later.take() else { return };
            if later.first <= read_sequence {
                entry.touched = Some(entry.touched.unwrap_or(later.first));
            }
            if later.last > read_sequence {
                entry.later = Some(Later { first: later.first.max(read_sequence + 1), last: later.last });
            }
        });
    }

    /// A group has inputs and no provider.
    pub(crate) fn park(&mut self, group: &GroupName) {
        self.again(group, State::Parked);
        self.parked.push(group.clone());
    }

    /// There is a provider now.
    pub(crate) fn unpark(&mut self) {
        for name in std::mem::take(&mut self.parked) {
            self.update(&name, |entry| entry.state = State::Queued);
            self.live.push_back(name);
        }
    }

    /// A group's outcome was refused for a reason that may pass: it waits, and is then read anew. How often that
    /// happened to it in this run.
    pub(crate) fn defer(&mut self, group: &GroupName) -> u32 {
        self.again(group, State::Parked);
        let Some(entry) = self.groups.get_mut(group) else { return 0 };
        entry.reruns += 1;
        entry.reruns
    }

    /// A group that was read waits for another one, and is then read anew.
    pub(crate) fn hold(&mut self, group: &GroupName) {
        self.again(group, State::Parked);
    }

    /// A group that was deferred has waited long enough.
    pub(crate) fn resume(&mut self, group: &GroupName) {
        self.update(group, |entry| entry.state = State::Queued);
        self.live.push_back(group.clone());
    }

    /// How often a group was read anew in this run.
    pub(crate) fn reruns(&self, group: &str) -> u32 {
        self.groups.get(group).map_or(0, |entry| entry.reruns)
    }

    fn again(&mut self, group: &GroupName, state: State) {
        self.update(group, |entry| {
            entry.state = state;
            if let Some(later) = entry.later.take() {
                entry.touched = Some(entry.touched.unwrap_or(later.first));
            }
        });
    }

    /// A group's outcome goes into a commit. True if that commit must delete its pending record.
    pub(crate) fn commit(&mut self, group: &GroupName) -> bool {
        let mut delete = false;
        self.update(group, |entry| {
            entry.state = State::Committing;
            // Touched again since: the pending record goes on standing for it.
            delete = entry.stored && entry.later.is_none();
            entry.stored &= !delete;
        });
        delete
    }

    /// A group's outcome was taken out of the commit that was to carry it, and to delete its pending record or not.
    pub(crate) fn uncommit(&mut self, group: &GroupName, delete_pending: bool) {
        self.update(group, |entry| {
            entry.state = State::Read;
            entry.stored |= delete_pending;
        });
    }

    /// True if something is gained by storing a group as pending.
    pub(crate) fn can_store(&self, group: &str) -> bool {
        let gains = |entry: &Entry| {
            entry.state == State::Read && !entry.stored && (entry.touched.is_some() || entry.page.is_some())
        };
        self.groups.get(group).is_some_and(gains)
    }

    /// A group stands as pending in the commit that is being made. The first commit that touched it, and the page that
    /// need not wait for it any more. `None` if nothing is gained by it.
    pub(crate) fn store(&mut self, group: &str) -> Option<(i64, Option<u64>)> {
        let (name, entry) = self.groups.get_key_value(group)?;
        if !self.can_store(group) {
            return None;
        }
        // A group that only the walk asked for is out of date for every sequence.
        let touched = entry.touched.or(entry.asked).unwrap_or(0);
        let name = name.clone();
        let mut page = None;
        self.update(&name, |entry| {
            entry.stored = true;
            entry.asked = Some(entry.asked.unwrap_or(touched));
            page = entry.page.take();
        });
        Some((touched, page))
    }

    /// A group is committed. The page of the walk that waited for it.
    pub(crate) fn committed(&mut self, group: &GroupName) -> Option<u64> {
        let mut page = None;
        let mut again = false;
        self.update(group, |entry| {
            page = entry.page.take();
            entry.touched = None;
            entry.asked = None;
            if let Some(later) = entry.later.take() {
                again = true;
                entry.touched = Some(later.first);
                entry.state = State::Queued;
                entry.reruns = 0;
            }
        });
        if again {
            self.live.push_back(group.clone());
        } else {
            self.groups.remove(group);
        }
        page
    }

    fn state(&self, group: &str) -> Option<State> {
        self.groups.get(group).map(|entry| entry.state)
    }

    fn insert(&mut self, name: GroupName, entry: Entry) {
        self.held.add(entry.held());
        self.open.add(entry.open());
        self.groups.insert(name, entry);
    }

    fn update(&mut self, group: &str, change: impl FnOnce(&mut Entry)) {
        let Some(entry) = self.groups.get_mut(group) else { return };
        let (held, open) = (entry.held(), entry.open());
        change(entry);
        let (held_now, open_now) = (entry.held(), entry.open());
        if held != held_now {
            self.held.remove(held);
            self.held.add(held_now);
        }
        if open != open_now {
            self.open.remove(open);
            self.open.add(open_now);
        }
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
