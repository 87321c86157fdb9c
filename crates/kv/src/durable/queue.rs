//! Committed groups on their way from the writer into the index.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::index::{Position, Slot};

/// What one record of the log says.
#[derive(Debug)]
pub(super) struct Group {
    /// Rises by one from record to record.
    pub(super) number: u64,
    /// Just behind the record.
    pub(super) end: Position,
    /// Rows in the order of their keys.
    pub(super) rows: Vec<(Bytes, Option<Slot>)>,
    /// Bytes that the record took in the log.
    pub(super) bytes: usize,
    /// A file that can be deleted once all before this group is durable in the index.
    pub(super) retired: Option<u32>,
}

/// A queue that makes its writer wait while it holds too many bytes.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    limit: usize,
}

#[derive(Debug, Default)]
struct State {
    groups: VecDeque<Group>,
    bytes: usize,
    closed: bool,
}

impl Queue {
    pub(super) fn new(limit: usize) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), limit }
    }

    /// Adds a group, once there is room. A closed queue drops it: the log has it.
    pub(super) fn push(&self, group: Group) {
        let mut state = self.state();
        while state.bytes >= self.limit && !state.closed {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if !state.closed {
            state.bytes += group.bytes;
            state.groups.push_back(group);
            self.changed.notify_all();
        }
    }

    /// Waits for groups and takes those at the front, `limit` bytes or one group; `None` once the queue is closed and
    /// empty.
    pub(super) fn take(&self, limit: usize) -> Option<Vec<Group>> {
        let mut state = self.state();
        while state.groups.is_empty() && !state.closed {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let mut bytes = 0;
        let fits = |group: &&Group| {
            bytes += group.bytes;
            bytes <= limit
        };
        let count = state.groups.iter().take_while(fits).count().max(1).min(state.groups.len());
        let groups: Vec<Group> = state.groups.drain(..count).collect();
        (!groups.is_empty()).then_some(groups)
    }

    /// Makes room for as many bytes as were taken and are now in the index.
    pub(super) fn done(&self, bytes: usize) {
        self.state().bytes -= bytes;
        self.changed.notify_all();
    }

    /// No more groups come, or none are taken any more.
    pub(super) fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
