//! One commit of a flow: outcomes of groups, groups that wait, and the cursor that passes them, together or not at all.

use api::analysis::{Cursor, Failure, Pending};
use api::record::Record;
use api::storage::{
    CommitRequest, Delete, Derivation, Operation, Precondition, Put, Replace, operation, precondition,
};
use bytes::Bytes;

use crate::groups::GroupName;
use crate::names;

/// Most operations of one commit (storage.proto).
pub(crate) const MAX_OPERATIONS: usize = 4096;

/// What is to be committed for one group.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) group: GroupName,
    /// What the records were derived from; absent if the old output stays as it is.
    pub(crate) derivation: Option<Derivation>,
    pub(crate) records: Vec<Record>,
    pub(crate) failure: Option<Failure>,
    /// Encoded size of the records.
    pub(crate) bytes: usize,
    /// Names of the first inputs.
    pub(crate) inputs: Vec<String>,
}

/// What is left to know of an outcome once it is on its way.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) group: GroupName,
    pub(crate) inputs: Vec<String>,
    pub(crate) input_count: u32,
    pub(crate) input_hash: Bytes,
    pub(crate) read_sequence: i64,
    /// Whether the group stands in the failures list now, with which attempts and with its old output kept.
    pub(crate) failed: Option<(u32, bool)>,
    /// Whether its pending record goes.
    pub(crate) delete_pending: bool,
}

/// A commit being made.
#[derive(Debug)]
pub(crate) struct Draft {
    analyzer: String,
    request: CommitRequest,
    /// For each operation the group, as an index into `sent`, that goes if the operation is refused.
    owners: Vec<Option<usize>>,
    sent: Vec<Option<Sent>>,
    /// Groups whose old output is withdrawn.
    released: Vec<GroupName>,
    bytes: usize,
    cursor: Cursor,
}

impl Draft {
    /// A commit that holds only while the cursor's record has the sequence that it was last seen with.
    pub(crate) fn new(analyzer: &str, cursor_record: Option<i64>) -> Self {
        let condition = match cursor_record {
            Some(sequence) => precondition::Condition::Sequence(sequence),
            None => precondition::Condition::Absent(true),
        };
        let precondition = Precondition { name: names::cursor(analyzer), condition: Some(condition) };
        let request = CommitRequest { operations: Vec::new(), preconditions: vec![precondition] };
        Self {
            analyzer: analyzer.to_owned(),
            request,
            owners: Vec::new(),
            sent: Vec::new(),
            released: Vec::new(),
            bytes: 0,
            cursor: Cursor::default(),
        }
    }

    /// True if another outcome with this much output has a place.
    pub(crate) fn fits(&self, bytes: usize, most_groups: usize, most_bytes: usize) -> bool {
        let operations = self.request.operations.len() + 4 < MAX_OPERATIONS;
        operations
            && self.sent.len() < most_groups
            && (self.sent.is_empty() || self.bytes + bytes <= most_bytes)
    }

    /// Adds the outcome of a group, valid under one assignment. `listed`: it stands in the failures list.
    pub(crate) fn add(
        &mut self,
        outcome: Outcome,
        assignment_sequence: i64,
        listed: bool,
        delete_pending: bool,
    ) {
        let owner = Some(self.sent.len());
        let derivation = outcome.derivation.clone().unwrap_or_default();
        let failed = outcome.failure.as_ref().map(|failure| (failure.attempts, failure.stale_output_kept));
        self.bytes += outcome.bytes;
        if let Some(derivation) = outcome.derivation {
            let replace = Replace {
                derivation: Some(derivation),
                records: outcome.records,
                assignment: names::assignment(&self.analyzer),
                assignment_sequence,
            };
            self.push(operation::Operation::Replace(replace), owner);
        }
        match outcome.failure {
            Some(failure) => self.put(names::failure_record(&failure), owner),
            None if listed => self.delete(names::failure(&self.analyzer, &outcome.group), owner),
            None => {}
        }
        if delete_pending {
            self.delete(names::pending(&self.analyzer, &outcome.group), owner);
        }
        self.sent.push(Some(Sent {
            group: outcome.group,
            inputs: outcome.inputs,
            input_count: derivation.input_count,
            input_hash: derivation.input_hash,
            read_sequence: derivation.read_sequence,
            failed,
            delete_pending,
        }));
    }

    /// Withdraws the old output of a group that goes on waiting.
    pub(crate) fn release(&mut self, derivation: Derivation, assignment_sequence: i64) {
        self.released.push(derivation.group.as_str().into());
        let replace = Replace {
            derivation: Some(derivation),
            records: Vec::new(),
            assignment: names::assignment(&self.analyzer),
            assignment_sequence,
        };
        self.push(operation::Operation::Replace(replace), None);
    }

    /// The groups whose old output was withdrawn.
    pub(crate) fn released(&self) -> Vec<GroupName> {
        self.released.clone()
    }

    /// A group waits on.
    pub(crate) fn add_pending(&mut self, group: &str, touched_sequence: i64) {
        let body = Pending { analyzer: self.analyzer.clone(), group: group.to_owned(), touched_sequence };
        self.put(names::pending_record(&body), None);
    }

    /// Sets the cursor, as the last operation.
    pub(crate) fn set_cursor(&mut self, cursor: &Cursor) {
        self.cursor.clone_from(cursor);
        self.put(names::cursor_record(cursor), None);
    }

    /// Sets another cursor instead.
    pub(crate) fn replace_cursor(&mut self, cursor: &Cursor) {
        self.request.operations.pop();
        self.owners.pop();
        self.set_cursor(cursor);
    }

    /// The cursor that was set.
    pub(crate) fn cursor(&self) -> Cursor {
        self.cursor.clone()
    }

    /// What is to be sent.
    pub(crate) fn request(&self) -> CommitRequest {
        self.request.clone()
    }

    /// Takes a group out because of the operation of this index. `None` if the operation is not about a group.
    pub(crate) fn take_out(&mut self, operation: usize) -> Option<Sent> {
        let owner = (*self.owners.get(operation)?)?;
        let mut owners = self.owners.iter();
        self.request.operations.retain(|_| owners.next() != Some(&Some(owner)));
        self.owners.retain(|of| *of != Some(owner));
        self.sent.get_mut(owner)?.take()
    }

    /// The groups that were committed.
    pub(crate) fn into_sent(self) -> impl Iterator<Item = Sent> {
        self.sent.into_iter().flatten()
    }

    fn put(&mut self, record: Record, owner: Option<usize>) {
        self.push(operation::Operation::Put(Put { record: Some(record) }), owner);
    }

    fn delete(&mut self, name: String, owner: Option<usize>) {
        self.push(operation::Operation::Delete(Delete { name }), owner);
    }

    fn push(&mut self, operation: operation::Operation, owner: Option<usize>) {
        self.request.operations.push(Operation { operation: Some(operation) });
        self.owners.push(owner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(group: &str, failure: Option<Failure>) -> Outcome {
        Outcome {
            group: group.into(),
            derivation: Some(Derivation {
                group: group.to_owned(),
                read_sequence: 7,
                ..Derivation::default()
            }),
            records: Vec::new(),
            failure,
            bytes: 10,
            inputs: Vec::new(),
        }
    }

    #[test]
    fn a_refused_operation_takes_all_of_its_group_out_and_nothing_else() {
        let mut draft = Draft::new("words", Some(3));
        draft.add(outcome("a", None), 1, true, false);
        draft.add(outcome("b", None), 1, true, true);
        draft.add(outcome("c", Some(Failure::default())), 1, false, false);
        draft.add_pending("d", 4);
        draft.set_cursor(&Cursor::default());
        assert_eq!(draft.request().operations.len(), 2 + 3 + 2 + 1 + 1);
        assert_eq!(draft.take_out(3).map(|sent| sent.group.to_string()), Some("b".to_owned()));
        assert_eq!(draft.request().operations.len(), 2 + 2 + 1 + 1);
        assert!(draft.take_out(4).is_none(), "a pending record is nobody's fault");
        assert_eq!(draft.take_out(2).map(|sent| sent.group.to_string()), Some("c".to_owned()));
        let rest: Vec<_> = draft.into_sent().map(|sent| sent.group.to_string()).collect();
        assert_eq!(rest, ["a"]);
    }

    #[test]
    fn one_outcome_always_fits() {
        let mut draft = Draft::new("words", None);
        assert!(draft.fits(1 << 30, 2, 100));
        draft.add(outcome("a", None), 1, false, false);
        assert!(draft.fits(90, 2, 100) && !draft.fits(91, 2, 100));
        draft.add(outcome("b", None), 1, false, false);
        assert!(!draft.fits(0, 2, 100));
    }
}
