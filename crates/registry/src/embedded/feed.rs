//! Commits as a stream, read from the shared history.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use futures::stream::{self, StreamExt as _};
use tokio::sync::watch;

use crate::backend::{Commit, Commits};
use crate::embedded::{Head, Inner};
use crate::{Error, Result};

/// Commits that a watcher takes out of the history at a time.
const AT_ONCE: usize = 64;

/// Where a watcher stands. It does not keep the registry open.
struct Watcher {
    inner: Weak<Inner>,
    head: watch::Receiver<Head>,
    /// Up to here all is in `ready` or was handed out.
    taken: i64,
    /// The last revision that was handed out.
    sent: i64,
    ready: VecDeque<Arc<Commit>>,
    ended: bool,
}

/// All commits after a revision that is still kept.
pub(super) fn commits(inner: &Arc<Inner>, after: i64) -> Commits {
    let watcher = Watcher {
        inner: Arc::downgrade(inner),
        head: inner.head.subscribe(),
        taken: after,
        sent: after,
        ready: VecDeque::new(),
        ended: false,
    };
    stream::unfold(watcher, |mut watcher| async move {
        if watcher.ended {
            return None;
        }
        let next = watcher.next().await;
        watcher.ended = next.is_err();
        Some((next, watcher))
    })
    .boxed()
}

impl Watcher {
    async fn next(&mut self) -> Result<Arc<Commit>> {
        loop {
            if let Some(commit) = self.ready.pop_front() {
                self.sent = commit.revision;
                return Ok(commit);
            }
            let head = *self.head.borrow_and_update();
            if head.revision > self.taken {
                self.take()?;
                continue;
            }
            if head.draining || self.head.changed().await.is_err() {
                return Err(Error::Draining);
            }
        }
    }

    fn take(&mut self) -> Result<()> {
        let inner = self.inner.upgrade().ok_or(Error::Draining)?;
        let slow = |_| Error::SlowWatcher { last_revision: self.sent };
        self.ready = inner.state().after(self.taken, AT_ONCE).map_err(slow)?.into();
        self.taken = self.ready.back().map_or(self.taken, |commit| commit.revision);
        Ok(())
    }
}
