//! What the embedded backend holds in memory: all rows, the leases, and the latest commits.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;
use std::time::Duration;

use api::registry::GoneReason;

use crate::backend::{Change, Check, Commit, LeaseId, Listing, Query, Row, Span, Txn, Write};
use crate::{Config, Error, Result};

/// A lease.
#[derive(Debug)]
pub(super) struct Lease {
    /// Its TTL.
    pub(super) ttl: Duration,
    /// When it runs out, by the clock.
    pub(super) deadline: Duration,
    /// The rows that go with it.
    pub(super) keys: BTreeSet<String>,
}

/// Rows, leases and history.
#[derive(Debug)]
pub(super) struct State {
    /// Revision of the last commit.
    pub(super) revision: i64,
    /// All rows.
    pub(super) rows: BTreeMap<String, Row>,
    /// All leases.
    pub(super) leases: HashMap<LeaseId, Lease>,
    /// The latest commits, oldest first.
    history: VecDeque<Arc<Commit>>,
    /// Bytes of values in `history`.
    history_bytes: usize,
    /// Every commit after this revision is in `history`.
    compact_revision: i64,
}

impl State {
    /// The state after a start: no history, every lease with its full TTL.
    pub(super) fn new(revision: i64, rows: Vec<(Row, Duration)>, now: Duration) -> Self {
        let mut state = Self {
            revision,
            rows: BTreeMap::new(),
            leases: HashMap::new(),
            history: VecDeque::new(),
            history_bytes: 0,
            compact_revision: revision,
        };
        for (row, ttl) in rows {
            if let Some(id) = row.lease {
                let lease = state.leases.entry(id).or_insert(Lease {
                    ttl,
                    deadline: now + ttl,
                    keys: BTreeSet::new(),
                });
                lease.keys.insert(row.key.clone());
            }
            state.rows.insert(row.key.clone(), row);
        }
        state
    }

    /// What a transaction would change; `None` if a condition does not hold or a lease is gone.
    pub(super) fn plan(&self, txn: &Txn) -> Option<Vec<Change>> {
        if !txn.checks.iter().all(|check| self.holds(check)) {
            return None;
        }
        let revision = self.revision + 1;
        let mut changes = Vec::with_capacity(txn.writes.len());
        for write in &txn.writes {
            match write {
                Write::Put { key, value, lease } => {
                    if lease.is_some_and(|id| !self.leases.contains_key(&id)) {
                        return None;
                    }
                    let previous = self.rows.get(key).cloned();
                    let create_revision = previous.as_ref().map_or(revision, |row| row.create_revision);
                    let row = Row {
                        key: key.clone(),
                        value: value.clone(),
                        create_revision,
                        revision,
                        lease: *lease,
                    };
                    changes.push(Change { row: Some(row), previous, reason: GoneReason::Unspecified });
                }
                Write::Delete { key, reason } => changes.extend(self.deletion(key, *reason)),
            }
        }
        Some(changes)
    }

    /// The deletion of a row, if there is one.
    fn deletion(&self, key: &str, reason: GoneReason) -> Option<Change> {
        let previous = self.rows.get(key)?.clone();
        Some(Change { row: None, previous: Some(previous), reason })
    }

    /// What ending a lease would change.
    pub(super) fn plan_revoke(&self, lease: LeaseId, reason: GoneReason) -> Vec<Change> {
        let keys = self.leases.get(&lease).map(|lease| &lease.keys);
        keys.into_iter().flatten().filter_map(|key| self.deletion(key, reason)).collect()
    }

    /// Leases that ran out, the longest overdue first, at most `limit`.
    pub(super) fn overdue(&self, now: Duration, limit: usize) -> Vec<LeaseId> {
        let mut overdue: Vec<_> = self
            .leases
            .iter()
            .filter(|(_, lease)| lease.deadline <= now)
            .map(|(id, lease)| (lease.deadline, *id))
            .collect();
        overdue.sort_unstable();
        overdue.into_iter().take(limit).map(|(_, id)| id).collect()
    }

    fn holds(&self, check: &Check) -> bool {
        match check {
            Check::Revision { key, revision } => {
                self.rows.get(key).map_or(0, |row| row.revision) == *revision
            }
            Check::NotAfter { prefix, revision } => self
                .rows
                .range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded))
                .take_while(|(key, _)| key.starts_with(prefix))
                .all(|(_, row)| row.revision <= *revision),
        }
    }

    /// Takes over what was stored.
    pub(super) fn apply(&mut self, commit: Commit, config: &Config) {
        self.revision = commit.revision;
        for change in &commit.changes {
            if let Some(previous) = &change.previous {
                self.rows.remove(&previous.key);
                if let Some(lease) = previous.lease.and_then(|id| self.leases.get_mut(&id)) {
                    lease.keys.remove(&previous.key);
                }
            }
            if let Some(row) = &change.row {
                self.rows.insert(row.key.clone(), row.clone());
                if let Some(lease) = row.lease.and_then(|id| self.leases.get_mut(&id)) {
                    lease.keys.insert(row.key.clone());
                }
            }
        }
        self.history_bytes += commit.bytes();
        self.history.push_back(Arc::new(commit));
        while self.history.len() > config.history
            || (self.history_bytes > config.history_bytes && self.history.len() > 1)
        {
            if let Some(oldest) = self.history.pop_front() {
                self.history_bytes -= oldest.bytes();
                self.compact_revision = oldest.revision;
            }
        }
    }

    /// Forgets leases that have no rows any more.
    pub(super) fn end(&mut self, leases: &[LeaseId]) {
        for lease in leases {
            self.leases.remove(lease);
        }
    }

    /// At most `limit` commits after a revision. The revision of the last one, or that asked for, is what the caller
    /// has then seen.
    pub(super) fn after(&self, revision: i64, limit: usize) -> Result<Vec<Arc<Commit>>> {
        self.kept(revision)?;
        let start = self.history.partition_point(|commit| commit.revision <= revision);
        Ok(self.history.range(start..).take(limit).cloned().collect())
    }

    /// Refuses a revision from which on changes are not kept, and one that is still to come.
    pub(super) fn kept(&self, revision: i64) -> Result<()> {
        if revision < self.compact_revision || revision > self.revision {
            return Err(Error::Compacted { revision, compact_revision: self.compact_revision });
        }
        Ok(())
    }

    /// Lists rows.
    pub(super) fn list(&self, query: &Query) -> Result<Listing> {
        let at = query.at.unwrap_or(self.revision);
        let mut rows = self.range(query);
        if at != self.revision {
            self.kept(at)?;
            self.undo(&mut rows, query, at);
        }
        let more = rows.len() > query.limit;
        let rows = rows.into_values().take(query.limit).cloned().collect();
        Ok(Listing { revision: at, rows, more })
    }

    /// The rows of a query as they are now; one more than asked for if it needs no older revision.
    fn range(&self, query: &Query) -> BTreeMap<&str, &Row> {
        let start = match (&query.span, query.after.as_deref()) {
            (Span::One(key) | Span::Prefix(key), Some(after)) if after >= key.as_str() => {
                Bound::Excluded(after)
            }
            (Span::One(key) | Span::Prefix(key), _) => Bound::Included(key.as_str()),
        };
        let most = if query.at.is_none() { query.limit.saturating_add(1) } else { usize::MAX };
        self.rows
            .range::<str, _>((start, Bound::Unbounded))
            .take_while(|(key, _)| query.span.contains(key))
            .take(most)
            .map(|(key, row)| (key.as_str(), row))
            .collect()
    }

    /// Takes back what was committed after `at`.
    fn undo<'a>(&'a self, rows: &mut BTreeMap<&'a str, &'a Row>, query: &Query, at: i64) {
        let wanted =
            |key: &str| query.span.contains(key) && query.after.as_deref().is_none_or(|after| key > after);
        for commit in self.history.iter().rev().take_while(|commit| commit.revision > at) {
            for change in &commit.changes {
                if let Some(row) = change.row.as_ref().filter(|row| wanted(&row.key)) {
                    rows.remove(row.key.as_str());
                }
                if let Some(row) = change.previous.as_ref().filter(|row| wanted(&row.key)) {
                    rows.insert(&row.key, row);
                }
            }
        }
    }
}
