//! One analyzer's flow: from what the log tells to what is committed.
//!
//! A flow is a series of [`session::Session`]s. A session loads the cursor, works until something is not as it believed
//! (another assignment, a lost connection, a cursor that somebody else moved), and is thrown away; the next one
//! starts from what is stored. So there is one way back from every mishap, and it is taken often.

mod committing;
mod conflicts;
mod lines;
mod outcomes;
mod reading;
mod session;
mod upstream;
mod walking;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::assignment::Assigned;
use crate::board::{Board, Retry};
use crate::config::{Backoff, Config};
use crate::flow::session::{End, Session};
use crate::grpc::storage::Log;
use crate::isolation::Isolation;
use crate::providers::Provider;

/// How a provider's endpoint is connected to.
pub(crate) type Connect = Arc<dyn Fn(&str) -> api::Peer + Send + Sync>;

/// What all flows share.
pub(crate) struct Context {
    pub(crate) config: Arc<Config>,
    pub(crate) log: Log,
    pub(crate) connect: Connect,
    pub(crate) board: Board,
    pub(crate) isolation: Isolation,
    /// Assignments are not as this process believes and should be read again.
    pub(crate) reassign: Notify,
    pub(crate) shutdown: CancellationToken,
}

/// What a flow is told to work on.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    pub(crate) assigned: Assigned,
    pub(crate) disabled: bool,
    pub(crate) providers: Vec<Provider>,
}

/// Sums since the service started, which outlive sessions.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) written: i64,
    pub(crate) committed: u64,
    pub(crate) analyzer_ns: u64,
}

/// Keeps one analyzer's output current until shutdown.
pub(crate) async fn run(
    context: Arc<Context>,
    analyzer: String,
    mut control: watch::Receiver<Control>,
    mut retries: mpsc::UnboundedReceiver<Retry>,
) {
    let mut backoff = Backoff::new(&context.config);
    let mut totals = Totals::default();
    while !context.shutdown.is_cancelled() {
        let told = control.borrow_and_update().clone();
        if told.disabled {
            tokio::select! {
                () = context.shutdown.cancelled() => return,
                changed = control.changed() => if changed.is_err() { return },
            }
            continue;
        }
        let committed = totals.committed;
        let end = session(&context, &analyzer, told, &mut control, &mut retries, &mut totals).await;
        if totals.committed > committed {
            backoff.reset();
        }
        let error = match end {
            Ok(End::Reload) => continue,
            Ok(End::Stopped) => return,
            Err(error) => error,
        };
        if error.reason() == "ASSIGNMENT_CHANGED" {
            context.reassign.notify_one();
        }
        let pause: Duration = backoff.pause();
        tracing::warn!(analyzer, %error, ?pause, "a flow starts over from what is stored");
        tokio::select! {
            () = context.shutdown.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn session(
    context: &Arc<Context>,
    analyzer: &str,
    told: Control,
    control: &mut watch::Receiver<Control>,
    retries: &mut mpsc::UnboundedReceiver<Retry>,
    totals: &mut Totals,
) -> crate::Result<End> {
    let opened = tokio::select! {
        () = context.shutdown.cancelled() => return Ok(End::Stopped),
        opened = Session::open(context.clone(), analyzer, told, *totals) => opened?,
    };
    let mut session = opened;
    let end = session.run(control, retries).await;
    *totals = session.totals();
    end
}
