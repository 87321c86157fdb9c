use std::time::Duration;

use api::Peer;
use api::registry::{Instance, ServingState};
use tokio::sync::watch;

use crate::worker::{Wanted, Worker};
use crate::{Config, Error, Result};

/// Keeps one instance registered. Dropping it leaves the registration to run out; [`Announcer::end`] ends it.
pub struct Announcer {
    wanted: watch::Sender<Wanted>,
    status: watch::Receiver<Status>,
    told: watch::Receiver<i32>,
    call_timeout: Duration,
    task: tokio::task::AbortHandle,
}

/// How it stands with an announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not registered, and trying to be.
    Announcing,
    /// The registry refuses the announcement, and goes on being asked after pauses.
    Refused(Error),
    /// Registered; the registry may be away meanwhile.
    Registered(Lease),
    /// A newer incarnation took the place. This one has given up and must stop.
    Fenced(Error),
    /// Ended.
    Stopped,
}

/// A lease that was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Its id.
    pub lease_id: String,
    /// The granted TTL.
    pub ttl: Duration,
    /// Goes with every effect that must be exclusive; the receiver refuses a lower one than the highest seen.
    pub fence: i64,
    /// The incarnation that it was granted to.
    pub incarnation: i64,
    /// The registry that granted it.
    pub cluster_id: String,
}

impl Announcer {
    /// Starts to announce an instance, in its `state` (unspecified: SERVING). Its incarnation is chosen here; what
    /// is output-only is ignored.
    #[must_use]
    pub fn start(peer: Peer, instance: Instance, config: Config) -> Self {
        let (wanted, wanted_receiver) = watch::channel(Wanted { instance: normal(instance), stop: false });
        let (status_sender, status) = watch::channel(Status::Announcing);
        let (told_sender, told) = watch::channel(ServingState::Unspecified.into());
        let call_timeout = config.call_timeout;
        let worker = Worker::new(peer, config, wanted_receiver, status_sender, told_sender);
        let task = tokio::spawn(worker.run()).abort_handle();
        Self { wanted, status, told, call_timeout, task }
    }

    /// Returns once it is registered.
    ///
    /// # Errors
    /// [`Error::Refused`] or [`Error::Fenced`] as soon as the registry says so; [`Error::Stopped`]. An outage is
    /// none: it goes on trying.
    pub async fn registered(&self) -> Result<Lease> {
        let mut status = self.status.clone();
        let settled = status.wait_for(|status| *status != Status::Announcing).await;
        match settled.as_deref() {
            Ok(Status::Registered(lease)) => Ok(lease.clone()),
            Ok(Status::Refused(error) | Status::Fenced(error)) => Err(error.clone()),
            Ok(Status::Announcing | Status::Stopped) | Err(_) => Err(Error::Stopped),
        }
    }

    /// How it stands, and how it changes.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// Tells a serving state, now and for as long as the instance is announced. Returns once the registry knows it,
    /// at the latest after the call timeout; what it could not be told then it is told later.
    pub async fn set_state(&self, state: ServingState) {
        self.wanted.send_modify(|wanted| {
            wanted.instance.state = state.into();
            wanted.instance = normal(wanted.instance.clone());
        });
        let state = self.wanted.borrow().instance.state;
        let mut told = self.told.clone();
        // Whether it is told by then or not, there is nothing more to wait for.
        let _ = tokio::time::timeout(self.call_timeout, told.wait_for(|told| *told == state)).await;
    }

    /// Changes what is announced, such as the analyzers, except for the state. It is registered anew, with a newer
    /// incarnation; the same again changes nothing.
    pub fn update(&self, change: impl FnOnce(&mut Instance)) {
        self.wanted.send_modify(|wanted| {
            let state = wanted.instance.state;
            change(&mut wanted.instance);
            wanted.instance.state = state;
            wanted.instance = normal(wanted.instance.clone());
        });
    }

    /// Ends the registration, if the registry can be reached within the call timeout, and stops.
    pub async fn end(&self) {
        self.wanted.send_modify(|wanted| wanted.stop = true);
        // The worker drops its end when it is done.
        let mut status = self.status.clone();
        while status.changed().await.is_ok() {}
    }
}

impl Drop for Announcer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An instance without what is not its own to say.
fn normal(mut instance: Instance) -> Instance {
    (instance.incarnation, instance.fence, instance.revision, instance.enabled) = (0, 0, 0, false);
    if instance.state() == ServingState::Unspecified {
        instance.state = ServingState::Serving.into();
    }
    instance
}
