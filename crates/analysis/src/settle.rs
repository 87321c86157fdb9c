//! When everything that follows from a commit is done.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::board::Entry;
use crate::error::{Error, Result};
use crate::flow::Context;
use crate::grpc::registry::Directory;

/// The shortest time between two messages of progress.
const REPORT: Duration = Duration::from_millis(200);

/// How long changes are gathered before they are looked at, so that waiting costs those who work next to nothing.
const GATHER: Duration = Duration::from_millis(2);

/// What is told while waiting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) remaining: u64,
    pub(crate) committed: u64,
    pub(crate) failed: u64,
    pub(crate) without_provider: Vec<String>,
}

/// Waits until everything that follows from commits up to `sequence` (zero: the present head) is done, and tells a sequence at
/// which it is. Level by level: those who read only what clients write have to be through with the sequence; those
/// who read what these wrote have to be through with what was the head when they were; and so on.
///
/// # Errors
/// [`Error::NotYet`], [`Error::Draining`], and those of storage.
pub(crate) async fn settle(
    context: &Context,
    directory: &Directory,
    sequence: i64,
    tell: &mpsc::Sender<Waiting>,
) -> Result<i64> {
    let head = context.log.head().await?;
    if sequence > head {
        return Err(Error::NotYet { sequence, head });
    }
    let first = if sequence <= 0 { head } else { sequence };
    let mut reports = Reports { tell, last: None };
    assigned(context, directory, &mut reports).await?;
    let mut changes = context.board.watch();
    'assignments: loop {
        let (levels, assignments) = context.board.levels();
        let mut at = first;
        for level in &levels {
            loop {
                changes.borrow_and_update();
                if context.board.levels().1 != assignments {
                    continue 'assignments;
                }
                if context.board.are_through(level, at) {
                    break;
                }
                reports.tell(context).await?;
                tokio::select! {
                    () = context.shutdown.cancelled() => return Err(Error::Draining),
                    _ = tokio::time::timeout(REPORT, changes.changed()) => {}
                }
                tokio::time::sleep(GATHER).await;
            }
            at = at.max(context.log.head().await?);
        }
        return Ok(at);
    }
}

/// What is known of all analyzers together.
pub(crate) fn waiting(context: &Context) -> Waiting {
    let mut sum = Waiting::default();
    for (name, entry) in context.board.entries() {
        let progress = &entry.progress;
        sum.committed += progress.committed;
        sum.failed += progress.failed;
        if entry.disabled {
            continue;
        }
        sum.remaining += progress.unfinished;
        if lacks_provider(&entry) {
            sum.without_provider.push(name);
        }
    }
    sum
}

fn lacks_provider(entry: &Entry) -> bool {
    entry.progress.providers == 0 && (entry.progress.unfinished > 0 || entry.progress.walking)
}

/// Waits until assignments are made for what the registry knows now; if it cannot be asked, for what it told last.
async fn assigned(context: &Context, directory: &Directory, reports: &mut Reports<'_>) -> Result<()> {
    let revision = tokio::time::timeout(REPORT, directory.revision()).await;
    let wanted = revision.ok().and_then(Result::ok).unwrap_or(i64::MIN);
    let mut made = context.board.assigned_at();
    loop {
        if made.borrow_and_update().is_some_and(|revision| revision >= wanted) {
            return Ok(());
        }
        reports.tell(context).await?;
        tokio::select! {
            () = context.shutdown.cancelled() => return Err(Error::Draining),
            _ = tokio::time::timeout(REPORT, made.changed()) => {}
        }
    }
}

struct Reports<'a> {
    tell: &'a mpsc::Sender<Waiting>,
    last: Option<(Instant, Waiting)>,
}

impl Reports<'_> {
    /// Tells what changed, not too often. Fails once nobody listens any more.
    async fn tell(&mut self, context: &Context) -> Result<()> {
        if self.tell.is_closed() {
            return Err(Error::Draining);
        }
        let now = Instant::now();
        if self.last.as_ref().is_some_and(|(at, _)| now - *at < REPORT) {
            return Ok(());
        }
        let waiting = waiting(context);
        if self.last.as_ref().is_none_or(|(_, last)| *last != waiting) {
            // A closed channel is found out the next time.
            let _ = self.tell.send(waiting.clone()).await;
        }
        self.last = Some((now, waiting));
        Ok(())
    }
}
