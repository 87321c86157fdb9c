//! From an answer to what is to be committed for its group.

use api::analysis::{Failure, FailureCode};
use api::storage::Derivation;
use tokio::time::Instant;

use crate::calls::{Answer, Job};
use crate::commit::{Outcome, Sent};
use crate::flow::session::{Event, Session};
use crate::groups::GroupName;
use crate::output;

/// A group that failed, before it is known what becomes of its old output.
pub(super) struct Failed {
    pub(super) group: GroupName,
    pub(super) inputs: Vec<String>,
    pub(super) input_count: u32,
    pub(super) input_hash: bytes::Bytes,
    pub(super) read_sequence: i64,
    pub(super) attempts: u32,
    pub(super) code: FailureCode,
    pub(super) message: String,
}

impl Session {
    /// A call has its answer.
    pub(super) fn answered(&mut self, answer: Answer) {
        let Answer { job, verdict } = answer;
        match verdict {
            Ok(emitted) => {
                self.totals.analyzer_ns += emitted.elapsed_ns;
                let outcome = Outcome {
                    derivation: Some(self.derivation(&job.group, &job)),
                    group: job.group,
                    records: emitted.records,
                    failure: None,
                    bytes: emitted.bytes,
                    inputs: output::names(&job.inputs),
                };
                self.push_outcome(outcome);
            }
            Err((code, message)) => self.look_up(Failed {
                inputs: output::names(&job.inputs),
                input_count: count(job.inputs.len()),
                group: job.group,
                input_hash: job.hash,
                read_sequence: job.read_sequence,
                attempts: job.attempts,
                code,
                message,
            }),
        }
    }

    fn derivation(&self, group: &str, job: &Job) -> Derivation {
        self.derivation_of(group, job.read_sequence, count(job.inputs.len()), job.hash.clone())
    }

    fn derivation_of(
        &self,
        group: &str,
        read_sequence: i64,
        input_count: u32,
        input_hash: bytes::Bytes,
    ) -> Derivation {
        Derivation {
            analyzer: self.analyzer.clone(),
            group: group.to_owned(),
            version: self.assigned.version.clone(),
            config_digest: self.assigned.config_digest.clone(),
            read_sequence,
            input_count,
            input_hash,
            record_count: 0,
            sequence: 0,
        }
    }

    /// A group without inputs is replaced by nothing.
    pub(super) fn withdraw(&mut self, group: GroupName, read_sequence: i64) {
        let outcome = Outcome {
            derivation: Some(self.nothing(&group, read_sequence)),
            group,
            records: Vec::new(),
            failure: None,
            bytes: 0,
            inputs: Vec::new(),
        };
        self.waiting_since.get_or_insert_with(Instant::now);
        // Names that it gives up may be wanted by groups in the same commit.
        self.outcomes.push_front(outcome);
    }

    /// What a group is replaced by that has no inputs, or whose old output is in the way.
    pub(super) fn nothing(&self, group: &str, read_sequence: i64) -> Derivation {
        self.derivation_of(group, read_sequence, 0, output::input_hash(&[]))
    }

    /// A group is over the analyzer's limits, so that its inputs were not even read.
    pub(super) fn too_large(&mut self, group: GroupName, read_sequence: i64) {
        let failed = Failed {
            group,
            inputs: Vec::new(),
            input_count: 0,
            input_hash: output::input_hash(&[]),
            read_sequence,
            attempts: 1,
            code: FailureCode::InputLimit,
            message: format!(
                "the group has more than {} records or {} bytes, the limits in the manifest",
                self.limits.input_records, self.limits.input_bytes
            ),
        };
        self.failed(failed, None);
    }

    /// Storage refused what an analyzer emitted for a group.
    pub(super) fn refused(&mut self, sent: Sent, reason: &str, record: String, message: String) {
        self.ledger.uncommit(&sent.group, sent.delete_pending);
        match reason {
            "OWNED_BY_OTHER" => self.look_up_owner(sent, record, message),
            // What is cited was deleted after the inputs were read, which the next read sees.
            "UNKNOWN_DOCUMENT" => self.try_later(sent, reason, message),
            _ => self.refused_for_good(sent, reason, message),
        }
    }

    /// The reason of a refusal may pass: the group is read anew after a pause, if that was not done too often already.
    pub(super) fn try_later(&mut self, sent: Sent, reason: &str, message: String) {
        if self.ledger.reruns(&sent.group) >= self.context.config.reruns {
            self.refused_for_good(sent, reason, message);
            return;
        }
        let reruns = self.ledger.defer(&sent.group);
        let pause = self.context.config.backoff_first * 2_u32.saturating_pow(reruns);
        self.deferred.push((Instant::now() + pause, sent.group));
    }

    /// A refusal is a failure of the analyzer.
    pub(super) fn refused_for_good(&mut self, sent: Sent, reason: &str, message: String) {
        let code = match reason {
            "QUOTE_DIFFERS" | "SPAN_OUT_OF_TEXT" => FailureCode::QuoteDiffers,
            _ => FailureCode::InvalidOutput,
        };
        self.look_up(Failed {
            group: sent.group,
            inputs: sent.inputs,
            input_count: sent.input_count,
            input_hash: sent.input_hash,
            read_sequence: sent.read_sequence,
            attempts: 1,
            code,
            message,
        });
    }

    fn look_up(&mut self, failed: Failed) {
        self.looking += 1;
        let (log, analyzer, tell) = (self.context.log.clone(), self.analyzer.clone(), self.tell.clone());
        self.tasks.spawn(async move {
            let derivation = log.derivation(&analyzer, &failed.group).await;
            // Nobody listens any more when the session is gone.
            let _ = tell.send(Event::LookedUp(Box::new(failed), derivation));
        });
    }

    /// A group failed. Output that was derived from these very inputs stays: it is right, though perhaps not that of
    /// the present version. Any other output is of inputs that are no more, and goes.
    pub(super) fn failed(&mut self, failed: Failed, before: Option<&Derivation>) {
        let stays = before.filter(|before| {
            before.record_count > 0
                && before.input_count == failed.input_count
                && before.input_hash == failed.input_hash
        });
        let is_current = |before: &Derivation| {
            before.version == self.assigned.version && before.config_digest == self.assigned.config_digest
        };
        let known = self.failures.get(&failed.group).map_or(0, |known| known.attempts);
        tracing::info!(
            analyzer = self.analyzer,
            group = &*failed.group,
            code = ?failed.code,
            message = failed.message,
            "a group failed"
        );
        let derivation = self.derivation_of(
            &failed.group,
            failed.read_sequence,
            failed.input_count,
            failed.input_hash.clone(),
        );
        let failure = Failure {
            name: String::new(),
            analyzer: self.analyzer.clone(),
            version: self.assigned.version.clone(),
            group: failed.group.to_string(),
            inputs: failed.inputs,
            input_count: failed.input_count,
            code: failed.code.into(),
            message: failed.message,
            attempts: known.saturating_add(failed.attempts),
            read_sequence: failed.read_sequence,
            time: None,
            stale_output_kept: stays.is_some_and(|before| !is_current(before)),
        };
        self.push_outcome(Outcome {
            group: failed.group,
            derivation: stays.is_none().then_some(derivation),
            records: Vec::new(),
            failure: Some(failure),
            bytes: 0,
            inputs: Vec::new(),
        });
    }

    /// Groups that were deferred long enough are read anew.
    pub(super) fn resume_deferred(&mut self, now: Instant) {
        let (due, later) = std::mem::take(&mut self.deferred).into_iter().partition(|(at, _)| *at <= now);
        self.deferred = later;
        let due: Vec<(Instant, GroupName)> = due;
        due.iter().for_each(|(_, group)| self.ledger.resume(group));
    }

    fn push_outcome(&mut self, outcome: Outcome) {
        self.outcome_bytes += outcome.bytes;
        self.waiting_since.get_or_insert_with(Instant::now);
        self.outcomes.push_back(outcome);
    }
}

fn count(inputs: usize) -> u32 {
    u32::try_from(inputs).unwrap_or(u32::MAX)
}
