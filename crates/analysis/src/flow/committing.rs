//! Commits: many groups at a time, one after the other, each carrying the cursor as far as it may go.

use std::time::Duration;

use api::analysis::Cursor;
use api::storage::{CommitResponse, Outcome as Written};
use tokio::time::Instant;

use crate::commit::Draft;
use crate::config::Backoff;
use crate::error::{Error, Result};
use crate::flow::session::{Event, Known, Session};
use crate::grpc::storage::Log;
use crate::names;
use crate::walk::{Position, Scope, Stage};

/// Most groups in the commit after one that was refused. Each refusal costs a commit, and a hostile analyzer is refused
/// often.
const SMALL_BATCH: usize = 64;

/// How often calls are looked at for being slow or overdue.
const CHECK: Duration = Duration::from_millis(100);

/// Reasons for which storage refuses one operation because of what is in it.
const REFUSALS: [&str; 5] =
    ["INVALID_RECORD", "QUOTE_DIFFERS", "SPAN_OUT_OF_TEXT", "UNKNOWN_DOCUMENT", "OWNED_BY_OTHER"];

impl Session {
    /// Looks for calls that take long.
    pub(super) fn check_times(&mut self, now: Instant) {
        let soft = self.context.config.soft_time;
        self.next_check = now + CHECK.min(soft / 4).max(Duration::from_millis(1));
        for answer in self.calls.overdue(now) {
            self.answered(answer);
        }
        self.slow = self.calls.older_than(soft, now);
        self.slow.retain(|group| self.ledger.can_store(group));
    }

    /// Sends the next commit, if it is time.
    pub(super) fn start_commit(&mut self, now: Instant) {
        if self.committing || !self.wants_commit(now) {
            return;
        }
        let mut draft = Draft::new(&self.analyzer, self.stored.record);
        self.release(&mut draft);
        while let Some(outcome) = self.outcomes.front()
            && draft.fits(outcome.bytes, self.batch, self.context.config.commit_bytes)
        {
            let Some(outcome) = self.outcomes.pop_front() else { break };
            self.outcome_bytes -= outcome.bytes;
            let delete_pending = self.ledger.commit(&outcome.group);
            let listed = self.failures.contains_key(&outcome.group);
            draft.add(outcome, self.assigned.sequence, listed, delete_pending);
        }
        self.waiting_since = (!self.outcomes.is_empty()).then_some(now);
        for group in std::mem::take(&mut self.slow) {
            if draft.fits(0, usize::MAX, usize::MAX)
                && let Some((touched, page)) = self.ledger.store(&group)
            {
                draft.add_pending(&group, touched);
                if let (Some(walk), Some(page)) = (&mut self.walk, page) {
                    walk.done(page);
                }
            }
        }
        draft.set_cursor(&self.next_cursor());
        self.send(draft);
    }

    fn wants_commit(&self, now: Instant) -> bool {
        let ahead = self.ledger.cursor() - self.stored.body.sequence;
        let walked = self.walk.as_ref().is_some_and(crate::walk::Walk::finished);
        if !self.slow.is_empty()
            || self.conflicts.wants_commit()
            || walked
            || ahead >= self.context.config.cursor_lag
        {
            return true;
        }
        if self.outcomes.is_empty() {
            return false;
        }
        let full =
            self.outcomes.len() >= self.batch || self.outcome_bytes >= self.context.config.commit_bytes;
        let alone = self.calls.is_idle() && self.reading.is_none() && self.looking == 0;
        let waited = self.waiting_since.is_some_and(|since| now >= since + self.context.config.linger);
        full || alone || waited
    }

    fn next_cursor(&self) -> Cursor {
        let sequence = self.ledger.cursor().max(self.stored.body.sequence);
        let mut cursor = Cursor { sequence, ..self.stored.body.clone() };
        match &self.walk {
            Some(walk) if walk.finished() => {
                cursor.assignment = self.assigned.sequence;
                cursor.walk_assignment = 0;
                cursor.walk_position = String::new();
            }
            Some(walk) => cursor.walk_position = walk.position().to_string(),
            None => {}
        }
        cursor
    }

    fn send(&mut self, draft: Draft) {
        self.committing = true;
        let (log, tell) = (self.context.log.clone(), self.tell.clone());
        let backoff = Backoff::new(&self.context.config);
        self.tasks.spawn(async move {
            let answer = commit(log, &draft, backoff).await;
            // Nobody listens any more when the session is gone.
            let _ = tell.send(Event::Committed(draft, answer));
        });
    }

    /// A commit was answered.
    pub(super) fn committed(&mut self, mut draft: Draft, answer: Result<CommitResponse>) -> Result<()> {
        self.committing = false;
        let response = match answer {
            Ok(response) => response,
            Err(Error::Refused { reason, operation: Some(operation), record, message, .. })
                if REFUSALS.contains(&reason.as_str()) =>
            {
                // A failure that is refused, or a record of our own, would be refused again for ever.
                let taken = draft.take_out(operation).filter(|sent| sent.failed.is_none());
                let refused = taken.ok_or_else(|| Error::Refused {
                    peer: crate::STORAGE,
                    reason: reason.clone(),
                    operation: Some(operation),
                    record: record.clone(),
                    message: message.clone(),
                })?;
                self.refused(refused, &reason, record, message);
                self.batch = SMALL_BATCH.min(self.context.config.commit_groups);
                // The cursor in it passes commits that the refused group was to settle: it has to be set anew.
                draft.replace_cursor(&self.next_cursor());
                self.send(draft);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        self.batch = (self.batch * 2).min(self.context.config.commit_groups);
        self.totals.written = response.sequence;
        let cursor = draft.cursor();
        if response.outcomes.last() == Some(&Written::Written.into()) {
            self.stored.record = Some(response.sequence);
        }
        if cursor.assignment == self.assigned.sequence {
            self.walk = None;
        }
        self.stored.body = cursor;
        for group in draft.released() {
            self.released(&group);
        }
        for sent in draft.into_sent() {
            self.totals.committed += 1;
            let page = self.ledger.committed(&sent.group);
            self.concluded(&sent.group);
            if let Some(walk) = &mut self.walk {
                walk.remember(&sent.group);
                if let Some(page) = page {
                    walk.done(page);
                }
            }
            let before = match sent.failed {
                Some((attempts, kept)) => {
                    self.kept += u64::from(kept);
                    self.failures.insert(sent.group, Known { attempts, kept })
                }
                None => self.failures.remove(&sent.group),
            };
            self.kept -= u64::from(before.is_some_and(|known| known.kept));
        }
        Ok(())
    }

    /// The feed can not be read on: everything there is has to be looked at.
    pub(super) async fn relist(&mut self) -> Result<()> {
        tracing::warn!(
            analyzer = self.analyzer,
            "the feed was compacted beyond the cursor: all groups are walked"
        );
        let body = Cursor {
            analyzer: self.analyzer.clone(),
            sequence: self.context.log.head().await?,
            walk_assignment: self.assigned.sequence,
            walk_position: Position { scope: Scope::All, stage: Stage::Failures }.to_string(),
            assignment: 0,
        };
        let mut draft = Draft::new(&self.analyzer, self.stored.record);
        draft.set_cursor(&body);
        self.context.log.commit(draft.request()).await?;
        Ok(())
    }

    /// Stores the cursor for the last time, so that the next start need not read again what this one has read.
    pub(super) async fn store_cursor(&mut self) {
        if self.ledger.cursor() <= self.stored.body.sequence || self.committing {
            return;
        }
        let mut draft = Draft::new(&self.analyzer, self.stored.record);
        draft.set_cursor(&self.next_cursor());
        if let Err(error) = self.context.log.commit(draft.request()).await {
            tracing::debug!(name = names::cursor(&self.analyzer), %error, "the cursor stays where it was");
        }
    }
}

/// Commits, and tries the very same again while storage cannot be reached: its precondition keeps it from happening twice.
async fn commit(log: Log, draft: &Draft, mut backoff: Backoff) -> Result<CommitResponse> {
    loop {
        match log.commit(draft.request()).await {
            Err(error @ Error::Unavailable { .. }) => {
                let pause = backoff.pause();
                tracing::warn!(%error, ?pause, "a commit is tried again");
                tokio::time::sleep(pause).await;
            }
            answer => return answer,
        }
    }
}
