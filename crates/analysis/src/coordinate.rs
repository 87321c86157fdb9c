//! Makes assignments, and keeps one flow for each analyzer that has one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::analysis::Assignment;
use api::storage::{CommitRequest, Operation, Precondition, Put, operation, precondition};
use prost::{Message as _, Name as _};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::assignment::{Assigned, choose};
use crate::board::Retry;
use crate::config::Backoff;
use crate::error::{Error, Result};
use crate::flow::{self, Context, Control};
use crate::names;
use crate::providers::Snapshot;

/// The last answer of the registry; nothing before the first.
pub(crate) type Snapshots = watch::Receiver<Option<Arc<Snapshot>>>;

struct Handle {
    control: watch::Sender<Control>,
    retries: mpsc::UnboundedSender<Retry>,
}

struct Coordinator {
    context: Arc<Context>,
    /// As stored; absent until they could be read.
    assignments: Option<BTreeMap<String, Assigned>>,
    flows: BTreeMap<String, Handle>,
    tasks: JoinSet<()>,
}

/// Works until shutdown, and then until each flow has finished what it has in flight.
pub(crate) async fn run(context: Arc<Context>, mut snapshots: Snapshots) {
    let mut backoff = Backoff::new(&context.config);
    let mut coordinator = Coordinator {
        context: context.clone(),
        assignments: None,
        flows: BTreeMap::new(),
        tasks: JoinSet::new(),
    };
    loop {
        let snapshot = snapshots.borrow_and_update().clone();
        let pause = tokio::select! {
            () = context.shutdown.cancelled() => break,
            made = coordinator.make_current(snapshot.as_deref()) => match made {
                Ok(()) => {
                    backoff.reset();
                    None
                }
                Err(error) => {
                    coordinator.assignments = None;
                    let pause = backoff.pause();
                    tracing::warn!(%error, ?pause, "assignments can not be made now");
                    Some(pause)
                }
            },
        };
        tokio::select! {
            () = context.shutdown.cancelled() => break,
            changed = snapshots.changed(), if pause.is_none() => if changed.is_err() { break },
            () = context.reassign.notified(), if pause.is_none() => coordinator.assignments = None,
            () = tokio::time::sleep(pause.unwrap_or_default()), if pause.is_some() => {}
        }
    }
    while coordinator.tasks.join_next().await.is_some() {}
}

impl Coordinator {
    /// Assigns what is to be assigned, and tells each flow.
    async fn make_current(&mut self, snapshot: Option<&Snapshot>) -> Result<()> {
        let assignments = match &mut self.assignments {
            Some(assignments) => assignments,
            none => none.insert(load(&self.context).await?),
        };
        if let Some(snapshot) = snapshot {
            let served = snapshot.served().map(str::to_owned);
            let names: BTreeSet<String> = assignments.keys().cloned().chain(served).collect();
            for name in names {
                if let Some(assigned) = assign(&self.context, &name, assignments.get(&name), snapshot).await?
                {
                    assignments.insert(name, assigned);
                }
            }
        }
        for (name, assigned) in assignments {
            let pin = snapshot.and_then(|snapshot| snapshot.pins.get(name));
            let providers = snapshot
                .map(|snapshot| snapshot.providers(name, &assigned.version, &assigned.config_digest))
                .unwrap_or_default();
            let control = Control {
                assigned: assigned.clone(),
                disabled: pin.is_some_and(|pin| pin.disabled),
                providers,
            };
            tell(&self.context, &mut self.flows, &mut self.tasks, name, control);
        }
        if let Some(snapshot) = snapshot {
            self.context.board.set_assigned_at(snapshot.revision);
        }
        Ok(())
    }
}

/// Tells a flow what to work on; starts it if there is none.
fn tell(
    context: &Arc<Context>,
    flows: &mut BTreeMap<String, Handle>,
    tasks: &mut JoinSet<()>,
    name: &str,
    control: Control,
) {
    if let Some(handle) = flows.get(name) {
        context.board.assign(name, &control.assigned, control.disabled, &handle.retries);
        handle.control.send_if_modified(|now| {
            let same = now.assigned.sequence == control.assigned.sequence
                && now.disabled == control.disabled
                && now.providers == control.providers;
            *now = control;
            !same
        });
        return;
    }
    let (retries, asked) = mpsc::unbounded_channel();
    context.board.assign(name, &control.assigned, control.disabled, &retries);
    let (control, told) = watch::channel(control);
    tasks.spawn(flow::run(context.clone(), name.to_owned(), told, asked));
    flows.insert(name.to_owned(), Handle { control, retries });
}

async fn load(context: &Context) -> Result<BTreeMap<String, Assigned>> {
    let records = context.log.list_all(Assignment::full_name(), Vec::new()).await?;
    records.iter().map(Assigned::read).collect()
}

/// Stores another assignment, if there is to be one.
async fn assign(
    context: &Context,
    analyzer: &str,
    current: Option<&Assigned>,
    snapshot: &Snapshot,
) -> Result<Option<Assigned>> {
    let present = current.map(|assigned| (assigned.version.as_str(), assigned.config_digest.as_str()));
    let chosen = choose(present, snapshot.pins.get(analyzer), &snapshot.candidates(analyzer));
    let Some(chosen) = chosen else { return Ok(None) };
    let manifest =
        snapshot.manifests.get(analyzer).and_then(|versions| versions.get(&chosen.version)).cloned();
    let Some(manifest) = manifest else { return Ok(None) };
    let body = Assignment {
        analyzer: analyzer.to_owned(),
        version: chosen.version,
        config_digest: chosen.config_digest,
        manifest: manifest.encode_to_vec().into(),
    };
    let condition = match current {
        Some(current) => precondition::Condition::Sequence(current.sequence),
        None => precondition::Condition::Absent(true),
    };
    let put = Put { record: Some(names::assignment_record(&body)) };
    let request = CommitRequest {
        operations: vec![Operation { operation: Some(operation::Operation::Put(put)) }],
        preconditions: vec![Precondition { name: names::assignment(analyzer), condition: Some(condition) }],
    };
    let sequence = match context.log.commit(request).await {
        Ok(response) => response.sequence,
        Err(error @ Error::Refused { operation: Some(_), .. }) => {
            // One analyzer with an impossible name must not keep the others from theirs.
            tracing::error!(analyzer, %error, "the analyzer can not be assigned");
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    tracing::info!(analyzer, body.version, body.config_digest, sequence, "assigned");
    Ok(Some(Assigned { version: body.version, config_digest: body.config_digest, manifest, sequence }))
}
