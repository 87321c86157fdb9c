//! Groups that are out of date, and their inputs.

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::Instant;

use api::storage::ReadGroupsRequest;

use crate::calls::Job;
use crate::error::{Error, Result};
use crate::flow::session::Session;
use crate::groups::GroupName;
use crate::grpc::storage::Log;
use crate::output;

/// Groups that may wait between the read and the flow.
const AHEAD: usize = 8;

/// The inputs of one group.
pub(super) struct ReadGroup {
    name: GroupName,
    inputs: Vec<Bytes>,
    truncated: bool,
    read_sequence: i64,
}

/// A read under way.
pub(super) struct Reading {
    groups: mpsc::Receiver<Result<ReadGroup>>,
    /// It only looks whether there is anything in the groups.
    probe: bool,
}

impl Reading {
    /// The next group of a read; `None` at its end. Waits for ever if nothing is being read.
    pub(super) async fn next(reading: &mut Option<Self>) -> Option<Result<ReadGroup>> {
        match reading {
            Some(reading) => reading.groups.recv().await,
            None => std::future::pending().await,
        }
    }
}

impl Session {
    /// Reads the next groups. Without a provider only their being empty matters, and takes no more than a look.
    pub(super) fn start_reading(&mut self, now: Instant) {
        self.upstream.holds = false;
        if self.reading.is_some() || !self.ledger.has_queued() {
            return;
        }
        let probe = self.sources.is_empty();
        if !probe && self.held_bytes() >= self.context.config.ready_bytes {
            return;
        }
        let ready = self.ready(now);
        let names = self.ledger.take(self.context.config.read_groups.clamp(1, 1000), ready);
        if names.is_empty() {
            return;
        }
        let mut asked = Vec::with_capacity(names.len());
        let mut values = Vec::with_capacity(names.len());
        let mut strangers = Vec::new();
        for name in names {
            match self.grouping.value(&name) {
                Some(value) => {
                    values.push(value.to_owned());
                    asked.push(name);
                }
                None => strangers.push(name),
            }
        }
        let request = ReadGroupsRequest {
            kinds: self.assigned.manifest.reads.clone(),
            key_name: self.grouping.key_name().to_owned(),
            connection: self.grouping.connection().cloned(),
            values,
            at_sequence: 0,
            max_records: if probe { 1 } else { self.limits.input_records },
            max_bytes: if probe { 1 } else { self.limits.input_bytes },
        };
        let (tell, groups) = mpsc::channel(AHEAD);
        self.reading = Some(Reading { groups, probe });
        self.tasks.spawn(read(self.context.log.clone(), request, asked, strangers, tell));
    }

    /// Up to which commit groups may be read: those who write what is read here have to be through with it.
    fn ready(&mut self, now: Instant) -> i64 {
        let Some(next) = self.ledger.next_touched() else { return i64::MAX };
        let feeding = self.context.board.feeding(&self.analyzer, &self.assigned.manifest.reads, next);
        self.upstream.ready(feeding, next, self.ledger.seen(), now, &self.context.config)
    }

    /// A group was read, or all of them were.
    pub(super) fn input(&mut self, read: Option<Result<ReadGroup>>) -> Result<()> {
        let Some(read) = read else {
            self.reading = None;
            return Ok(());
        };
        let group = read?;
        let probe = self.reading.as_ref().is_some_and(|reading| reading.probe);
        self.ledger.read(&group.name, group.read_sequence);
        if group.inputs.is_empty() && !group.truncated {
            self.withdraw(group.name, group.read_sequence);
        } else if probe || self.sources.is_empty() {
            self.ledger.park(&group.name);
            if !self.sources.is_empty() {
                self.ledger.unpark();
            }
        } else if group.truncated {
            self.too_large(group.name, group.read_sequence);
        } else {
            self.calls.push(Job {
                bytes: group.inputs.iter().map(Bytes::len).sum(),
                hash: output::input_hash(&group.inputs),
                group: group.name,
                inputs: group.inputs,
                read_sequence: group.read_sequence,
                lone_crashes: 0,
                attempts: 0,
            });
        }
        Ok(())
    }
}

/// Reads groups and hands each on as soon as it is whole. `strangers` are groups of another grouping, in which nothing
/// can be.
async fn read(
    log: Log,
    request: ReadGroupsRequest,
    asked: Vec<GroupName>,
    strangers: Vec<GroupName>,
    tell: mpsc::Sender<Result<ReadGroup>>,
) {
    let result = async {
        let empty =
            |name, read_sequence| ReadGroup { name, inputs: Vec::new(), truncated: false, read_sequence };
        if !strangers.is_empty() {
            let head = log.head().await?;
            for name in strangers {
                if tell.send(Ok(empty(name, head))).await.is_err() {
                    return Ok(());
                }
            }
        }
        if asked.is_empty() {
            return Ok(());
        }
        let mut answers = log.read_groups(request).await?;
        let (mut left, mut inputs) = (asked.len(), Vec::new());
        while let Some(part) = answers.next().await? {
            inputs.extend(part.records);
            if !part.last {
                continue;
            }
            let index = usize::try_from(part.index).unwrap_or(usize::MAX);
            let name =
                asked.get(index).cloned().ok_or_else(|| odd("it answered for a group not asked for"))?;
            let inputs = std::mem::take(&mut inputs);
            let (truncated, read_sequence) = (part.truncated, part.read_sequence);
            left = left.saturating_sub(1);
            if tell.send(Ok(ReadGroup { name, inputs, truncated, read_sequence })).await.is_err() {
                return Ok(());
            }
        }
        if left > 0 { Err(odd("it left out groups")) } else { Ok(()) }
    };
    if let Err(error) = result.await {
        // Nobody listens any more when the session is gone.
        let _ = tell.send(Err(error)).await;
    }
}

fn odd(message: &str) -> Error {
    Error::Unavailable { peer: crate::STORAGE, message: format!("reading groups: {message}") }
}
