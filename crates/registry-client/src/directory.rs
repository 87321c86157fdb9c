use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use api::Peer;
use api::registry::{Entry, Instance, WatchRequest, WatchResponse};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::config::{Backoff, shorten};
use crate::grpc::{Client, Updates};
use crate::{Config, Error, Result, View};

/// Follows everything that the registry knows. Clones are handles to the same one; it stops with the last.
#[derive(Clone)]
pub struct Directory {
    shared: Arc<Shared>,
    _task: Arc<Task>,
}

struct Shared {
    view: watch::Sender<Arc<View>>,
    /// When the registry was last heard.
    heard: Mutex<Option<Instant>>,
}

struct Task(tokio::task::AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Directory {
    /// Starts to follow the registry. Until it was first heard, the view is empty.
    #[must_use]
    pub fn start(peer: Peer, config: Config) -> Self {
        let view = watch::Sender::new(Arc::new(View::default()));
        let shared = Arc::new(Shared { view, heard: Mutex::new(None) });
        let client = Client::new(peer, config.call_timeout);
        let follower = Follower { client, config, shared: Arc::clone(&shared) };
        let task = tokio::spawn(follower.run()).abort_handle();
        Self { shared, _task: Arc::new(Task(task)) }
    }

    /// What the registry knew when it was last heard.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        self.shared.view.borrow().clone()
    }

    /// Returns once everything was heard once.
    pub async fn synced(&self) {
        // The sender lives as long as `self`, so this ends with a view.
        let _ = self.changed().wait_for(|view| !view.cluster_id().is_empty()).await;
    }

    /// The views as they come, to await changes.
    #[must_use]
    pub fn changed(&self) -> watch::Receiver<Arc<View>> {
        self.shared.view.subscribe()
    }

    /// How long ago the registry was last heard: below 10 s while it can be reached. `None` if never.
    #[must_use]
    pub fn age(&self) -> Option<Duration> {
        let heard = *self.shared.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.map(|heard| heard.elapsed())
    }

    /// As [`View::resolve`], now.
    #[must_use]
    pub fn resolve(&self, service: &str) -> Vec<Arc<Instance>> {
        self.view().resolve(service)
    }

    /// As [`View::resolve`], but waits until somebody serves.
    pub async fn find(&self, service: &str) -> Vec<Arc<Instance>> {
        // The sender lives as long as `self`, so this ends with an instance.
        let _ = self.changed().wait_for(|view| !view.resolve(service).is_empty()).await;
        self.resolve(service)
    }

    /// As [`View::resolve_analyzer`], now.
    #[must_use]
    pub fn resolve_analyzer(&self, name: &str, version: &str) -> Vec<Arc<Instance>> {
        self.view().resolve_analyzer(name, version)
    }

    /// As [`View::instances`], now.
    #[must_use]
    pub fn instances(&self) -> Vec<Arc<Instance>> {
        self.view().instances().cloned().collect()
    }

    /// As [`View::entries`], now.
    #[must_use]
    pub fn entries(&self) -> Vec<Arc<Entry>> {
        self.view().entries().cloned().collect()
    }
}

struct Follower {
    client: Client,
    config: Config,
    shared: Arc<Shared>,
}

/// How it goes on when a watch is given up.
enum Next {
    /// After a pause.
    Pause(Error),
    /// After a pause, from all that there is.
    PauseAndRelist(Error),
    /// At once from all that there is: it is time, or the changes are not kept.
    Relist,
}

impl Follower {
    async fn run(self) {
        let mut backoff = Backoff::new(&self.config);
        let mut relist = true;
        let mut away = false;
        loop {
            let error = match self.follow(relist, &mut backoff, &mut away).await {
                Next::Relist => {
                    relist = true;
                    continue;
                }
                Next::PauseAndRelist(error) => {
                    relist = true;
                    error
                }
                Next::Pause(error) => {
                    relist = false;
                    error
                }
            };
            if !away {
                tracing::warn!(%error, "lost the registry; its last known answer stays");
                away = true;
            }
            tokio::time::sleep(backoff.pause()).await;
        }
    }

    /// Follows the registry as long as it can be heard.
    async fn follow(&self, relist: bool, backoff: &mut Backoff, away: &mut bool) -> Next {
        let known = self.shared.view.borrow().clone();
        // From revision zero nothing can be resumed: it stands for now.
        let relist = relist || known.revision() == 0;
        let request = WatchRequest {
            initial_state: relist,
            after_revision: if relist { 0 } else { known.revision() },
            ..WatchRequest::default()
        };
        let mut updates = match self.client.watch(request).await {
            Ok(updates) => updates,
            Err(error) => return lost(error, relist),
        };
        let relist_at = Instant::now() + shorten(self.config.relist, 0.2);
        let mut view = if relist { View::default() } else { View::clone(&known) };
        let mut synced = !relist;
        loop {
            let message = match self.hear(&mut updates, relist_at).await {
                Ok(Some(message)) => message,
                Ok(None) => return Next::Relist,
                Err(error) => return lost(error, !synced),
            };
            let header = message.header.unwrap_or_default();
            if !relist && header.cluster_id != known.cluster_id() {
                // Another registry answers there now, and its revisions mean something else.
                return Next::Relist;
            }
            backoff.reset();
            if std::mem::take(away) {
                tracing::info!("the registry is back");
            }
            *self.shared.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            let tells = !message.events.is_empty() || message.sync;
            view.apply(message.events);
            synced |= message.sync;
            if synced {
                view.reach(&header.cluster_id, header.revision);
                self.show(&view, tells);
            }
        }
    }

    /// Shows a view; those who await changes are woken only if it tells something new.
    fn show(&self, view: &View, tells: bool) {
        self.shared.view.send_if_modified(|shown| {
            *shown = Arc::new(view.clone());
            tells
        });
    }

    /// The next message; `None` if it is time to look at everything again.
    async fn hear(&self, updates: &mut Updates, relist_at: Instant) -> Result<Option<WatchResponse>> {
        let silence = self.config.silence;
        tokio::select! {
            message = tokio::time::timeout(silence, updates.next()) => match message {
                Ok(message) => message.map(Some),
                Err(_) => Err(Error::Away { message: format!("it was silent for {silence:?}") }),
            },
            () = tokio::time::sleep_until(relist_at) => Ok(None),
        }
    }
}

fn lost(error: Error, relist: bool) -> Next {
    match error {
        Error::Compacted if !relist => Next::Relist,
        error if relist => Next::PauseAndRelist(error),
        error => Next::Pause(error),
    }
}
