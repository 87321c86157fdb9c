//! The rules of the log: what each operation of a request does, seeing those before it.

use std::collections::{BTreeMap, HashMap, HashSet};

use api::storage::{Outcome, precondition::Condition};
use bytes::Bytes;
use prost::{Message, Name};

use crate::check::{Draft, Request, Step, Swap, Text};
use crate::citations;
use crate::error::{Error, Result};
use crate::layout::{Locator, NameRow};
use crate::plan::{At, View};

/// What a request comes to, before it is packed.
#[derive(Debug, Default)]
pub(crate) struct Decision {
    /// Drafts to be written, in order.
    pub(crate) writes: Vec<At>,
    /// Names to be deleted.
    pub(crate) deletes: Vec<String>,
    /// Derivations that change.
    pub(crate) groups: Vec<GroupDecision>,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) refusals: Vec<(usize, Error)>,
}

/// A derivation that changes.
#[derive(Debug)]
pub(crate) struct GroupDecision {
    /// Index of the Replace that had the last word.
    pub(crate) operation: usize,
    /// Records that stay as they are.
    pub(crate) kept: Vec<Locator>,
    /// Records that are written.
    pub(crate) written: Vec<At>,
}

/// What stands under a name, after the operations so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Now {
    /// What is stored.
    Stored,
    /// Nothing.
    Absent,
    /// A draft of this request.
    Draft(At),
}

/// A derivation, after the operations so far.
struct Group {
    /// Names of its records.
    members: HashSet<String>,
    /// The Replace that changed it last.
    operation: Option<usize>,
    /// What it was derived from, as of now.
    read_sequence: u64,
    live: bool,
}

struct State<'a> {
    view: &'a View,
    request: &'a Request,
    names: HashMap<&'a str, Now>,
    /// Texts of documents that this request puts.
    drafted: HashMap<At, Bytes>,
    groups: HashMap<(&'a str, &'a str), Group>,
}

/// Applies all operations of a request to what is stored.
pub(crate) fn decide(view: &View, request: &Request) -> Result<Decision> {
    check_preconditions(view, request)?;
    let mut state =
        State { view, request, names: HashMap::new(), drafted: HashMap::new(), groups: HashMap::new() };
    let mut decision = Decision::default();
    for (index, step) in request.operations.iter().enumerate() {
        let outcome = match step {
            Step::Put(draft) => state.put(index, draft),
            Step::Delete(name) => state.delete(index, name),
            Step::Replace(swap) => state.replace(index, swap),
        };
        let changed = match outcome {
            Ok(true) => Outcome::Written,
            Ok(false) => Outcome::Unchanged,
            Err(error) if request.import => {
                decision.refusals.push((index, error));
                Outcome::Refused
            }
            Err(error) => return Err(error),
        };
        decision.outcomes.push(changed);
    }
    state.finish(&mut decision);
    Ok(decision)
}

fn check_preconditions(view: &View, request: &Request) -> Result<()> {
    for (index, precondition) in request.preconditions.iter().enumerate() {
        let row = stored(view, &precondition.name);
        let holds = match precondition.condition {
            Some(Condition::Absent(absent)) => row.is_none() == absent,
            Some(Condition::Sequence(sequence)) => {
                row.is_some_and(|row| row.sequence.cast_signed() == sequence)
            }
            None => true,
        };
        if !holds {
            return Err(Error::PreconditionFailed { precondition: index, name: precondition.name.clone() });
        }
    }
    Ok(())
}

fn stored<'a>(view: &'a View, name: &str) -> Option<&'a NameRow> {
    view.names.get(name)?.as_ref().filter(|row| !row.deleted)
}

impl<'a> State<'a> {
    fn now(&self, name: &str) -> Now {
        let now = self.names.get(name).copied().unwrap_or(Now::Stored);
        if now == Now::Stored && stored(self.view, name).is_none() { Now::Absent } else { now }
    }

    fn put(&mut self, index: usize, draft: &'a Draft) -> Result<bool> {
        let name = draft.record.name.as_str();
        self.check_client_owns(index, name)?;
        let before = self.now(name);
        let same_as_stored =
            stored(self.view, name).is_some_and(|row| row.analyzer == 0 && row.hash == draft.hash);
        let at = At { operation: index, record: 0 };
        let after = if same_as_stored { Now::Stored } else { Now::Draft(at) };
        let unchanged = match before {
            Now::Stored => same_as_stored,
            Now::Draft(earlier) => earlier.draft(self.request).hash == draft.hash,
            Now::Absent => false,
        };
        if !unchanged {
            self.names.insert(name, after);
        }
        Ok(!unchanged)
    }

    fn delete(&mut self, index: usize, name: &'a str) -> Result<bool> {
        self.check_client_owns(index, name)?;
        if self.now(name) == Now::Absent {
            return Ok(false);
        }
        self.names.insert(name, Now::Absent);
        Ok(true)
    }

    fn check_client_owns(&self, operation: usize, name: &str) -> Result<()> {
        let derived = match self.now(name) {
            Now::Absent => false,
            Now::Stored => stored(self.view, name).is_some_and(|row| row.analyzer != 0),
            Now::Draft(at) => matches!(self.request.operations[at.operation], Step::Replace(_)),
        };
        if derived {
            let owner = "an analyzer, and is changed by its Replace alone".to_owned();
            return Err(Error::OwnedByOther { operation, record: name.to_owned(), owner });
        }
        Ok(())
    }

    fn replace(&mut self, index: usize, swap: &'a Swap) -> Result<bool> {
        self.check_assignment(index, swap)?;
        let derivation = &swap.derivation;
        let read_sequence = derivation.read_sequence.cast_unsigned();
        if read_sequence > self.view.head {
            let message = format!("is {read_sequence}, above the head at {}", self.view.head);
            return Err(Error::InvalidRecord {
                operation: index,
                record: String::new(),
                field: "read_sequence",
                message,
            });
        }
        let key = (derivation.analyzer.as_str(), derivation.group.as_str());
        let mut group = self.groups.remove(&key).unwrap_or_else(|| Group::stored(self.view, key));
        if read_sequence < group.read_sequence {
            return Err(Error::StaleRead { operation: index, read_sequence, stored: group.read_sequence });
        }
        if !group.live && swap.records.is_empty() {
            self.groups.insert(key, group);
            return Ok(false);
        }
        let mut changed = !self.derivation_stands(&group, swap);
        let mut members = HashSet::with_capacity(swap.records.len());
        for (number, draft) in swap.records.iter().enumerate() {
            self.check_citations(index, draft)?;
            let at = At { operation: index, record: number };
            changed |= self.derive(at, draft, &group)?;
            members.insert(draft.record.name.clone());
        }
        for name in group.members.difference(&members) {
            changed = true;
            // The name lives as long as the view or the request, of which one is its origin.
            if let Some(name) = self.lasting(name) {
                self.names.insert(name, Now::Absent);
            }
        }
        group.members = members;
        group.read_sequence = read_sequence;
        group.live = !(swap.records.is_empty() && derivation.input_count == 0);
        if changed {
            group.operation = Some(index);
        }
        self.groups.insert(key, group);
        Ok(changed)
    }

    /// Notes what becomes of one derived record; tells whether it changes.
    fn derive(&mut self, at: At, draft: &'a Draft, group: &Group) -> Result<bool> {
        let name = draft.record.name.as_str();
        let mine = group.members.contains(name);
        let before = self.now(name);
        if before != Now::Absent && !mine {
            let owner = match stored(self.view, name) {
                Some(row) if row.analyzer == 0 => "a client".to_owned(),
                _ => "another analyzer or another group".to_owned(),
            };
            return Err(Error::OwnedByOther { operation: at.operation, record: name.to_owned(), owner });
        }
        let key = self.key_of(at);
        let base = self.view.groups.get(&key).and_then(Option::as_ref);
        let same_as_stored = base.is_some_and(|(_, members)| members.contains_key(name))
            && stored(self.view, name).is_some_and(|row| row.hash == draft.hash);
        let unchanged = match before {
            Now::Stored => same_as_stored,
            Now::Draft(earlier) => earlier.draft(self.request).hash == draft.hash,
            Now::Absent => false,
        };
        if !unchanged {
            self.names.insert(name, if same_as_stored { Now::Stored } else { Now::Draft(at) });
        }
        Ok(!unchanged)
    }

    fn key_of(&self, at: At) -> (String, String) {
        match &self.request.operations[at.operation] {
            Step::Replace(swap) => (swap.derivation.analyzer.clone(), swap.derivation.group.clone()),
            _ => (String::new(), String::new()),
        }
    }

    fn check_assignment(&self, operation: usize, swap: &Swap) -> Result<()> {
        if swap.assignment.is_empty() {
            return Ok(());
        }
        let found = match self.now(&swap.assignment) {
            Now::Stored => stored(self.view, &swap.assignment).map_or(0, |row| row.sequence),
            // It will be of the sequence of this commit, which nobody can know.
            Now::Draft(_) => u64::MAX,
            Now::Absent => 0,
        };
        if found == swap.assignment_sequence {
            return Ok(());
        }
        Err(Error::AssignmentChanged { operation, assignment: swap.assignment.clone(), found })
    }

    fn check_citations(&mut self, operation: usize, draft: &Draft) -> Result<()> {
        for name in citations::documents(&draft.record, draft.layer.as_deref()) {
            if let Now::Draft(at) = self.now(name) {
                let record = &at.draft(self.request).record;
                if record.kind == api::record::Document::full_name() && !self.drafted.contains_key(&at) {
                    let text = Text::decode(record.body.clone()).map_err(crate::pack::damaged)?.text;
                    self.drafted.insert(at, text);
                }
            }
        }
        citations::check(operation, draft, |name| match self.now(name) {
            Now::Stored => self.view.texts.get(name),
            Now::Draft(at) => self.drafted.get(&at),
            Now::Absent => None,
        })
    }

    /// True if a Replace says the same of its inputs as what stands.
    fn derivation_stands(&self, group: &Group, swap: &Swap) -> bool {
        let derivation = &swap.derivation;
        match group.operation.map(|operation| &self.request.operations[operation]) {
            Some(Step::Replace(earlier)) => earlier.derivation == *derivation,
            _ => {
                let key = (derivation.analyzer.clone(), derivation.group.clone());
                let provenance = crate::plan::provenance(&derivation.version, &derivation.config_digest);
                self.view.groups.get(&key).and_then(Option::as_ref).is_some_and(|(row, _)| {
                    row.read_sequence == derivation.read_sequence.cast_unsigned()
                        && row.input_count == derivation.input_count
                        && row.input_hash == derivation.input_hash
                        && self
                            .view
                            .provenances
                            .get(&row.provenance)
                            .is_some_and(|stored| **stored == *provenance)
                })
            }
        }
    }

    /// A name that outlives a group's set of members: as the view has it.
    fn lasting(&self, name: &str) -> Option<&'a str> {
        self.view.names.get_key_value(name).map(|(name, _)| name.as_str())
    }

    fn finish(self, decision: &mut Decision) {
        let mut writes = Vec::new();
        for (name, now) in &self.names {
            match now {
                Now::Draft(at) => writes.push(*at),
                Now::Absent if stored(self.view, name).is_some() => decision.deletes.push((*name).to_owned()),
                Now::Absent | Now::Stored => {}
            }
        }
        writes.sort_unstable();
        decision.deletes.sort_unstable();
        decision.writes = writes;
        let groups: BTreeMap<_, _> = self.groups.iter().collect();
        for (key, group) in groups {
            let Some(operation) = group.operation else { continue };
            let mut decided = GroupDecision { operation, kept: Vec::new(), written: Vec::new() };
            for name in &group.members {
                match self.names.get(name.as_str()) {
                    Some(Now::Draft(at)) => decided.written.push(*at),
                    _ => decided.kept.extend(self.view.member(*key, name)),
                }
            }
            decided.kept.sort_unstable();
            decision.groups.push(decided);
        }
    }
}

impl View {
    /// Where a record of a stored derivation lies.
    fn member(&self, (analyzer, group): (&str, &str), name: &str) -> Option<Locator> {
        let (_, members) = self.groups.get(&(analyzer.to_owned(), group.to_owned()))?.as_ref()?;
        members.get(name).copied()
    }
}

impl Group {
    fn stored(view: &View, (analyzer, group): (&str, &str)) -> Self {
        let stored = view.groups.get(&(analyzer.to_owned(), group.to_owned())).and_then(Option::as_ref);
        match stored {
            Some((row, members)) => Self {
                members: members.keys().cloned().collect(),
                operation: None,
                read_sequence: row.read_sequence,
                live: !row.withdrawn(),
            },
            None => Self { members: HashSet::new(), operation: None, read_sequence: 0, live: false },
        }
    }
}
