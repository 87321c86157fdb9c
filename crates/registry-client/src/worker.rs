//! The task behind an [`crate::Announcer`].

use std::time::Duration;

use api::Peer;
use api::registry::{Instance, RegisterRequest};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::config::{Backoff, random, shorten};
use crate::grpc::Client;
use crate::{Config, Error, Lease, Status};

/// The registry's default TTL, for a registry that does not say what it granted.
const DEFAULT_TTL: Duration = Duration::from_secs(15);

/// The part of a third of the TTL by which a renewal may come sooner.
const JITTER: f64 = 0.2;

/// What is to be announced.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) instance: Instance,
    /// True if it shall end.
    pub(crate) stop: bool,
}

pub(crate) struct Worker {
    client: Client,
    config: Config,
    backoff: Backoff,
    wanted: watch::Receiver<Wanted>,
    status: watch::Sender<Status>,
    /// The state that the registry was told last.
    told: watch::Sender<i32>,
    incarnation: i64,
}

/// How holding a lease ended.
enum Ended {
    /// It is to be registered anew.
    Anew,
    /// It is over.
    Over(Status),
}

impl Worker {
    pub(crate) fn new(
        peer: Peer,
        config: Config,
        wanted: watch::Receiver<Wanted>,
        status: watch::Sender<Status>,
        told: watch::Sender<i32>,
    ) -> Self {
        let client = Client::new(peer, config.call_timeout);
        Self { client, backoff: Backoff::new(&config), config, wanted, status, told, incarnation: 0 }
    }

    pub(crate) async fn run(mut self) {
        loop {
            let (lease, announced) = match self.register().await {
                Ok(registered) => registered,
                Err(status) => return self.tell(status),
            };
            tracing::debug!(lease = lease.lease_id, fence = lease.fence, "registered");
            self.told.send_replace(announced.state);
            self.tell(Status::Registered(lease.clone()));
            match self.hold(&lease, announced).await {
                Ended::Anew => self.tell(Status::Announcing),
                Ended::Over(status) => return self.tell(status),
            }
        }
    }

    fn tell(&self, status: Status) {
        if let Status::Fenced(error) = &status {
            tracing::error!(%error, "gave up the registration");
        }
        self.status.send_replace(status);
    }

    /// Registers, however long it takes. A call that got no answer is repeated as it was.
    async fn register(&mut self) -> std::result::Result<(Lease, Instance), Status> {
        let mut unanswered: Option<(Instance, RegisterRequest)> = None;
        loop {
            let wanted = self.wanted.borrow_and_update().clone();
            if wanted.stop {
                return Err(Status::Stopped);
            }
            // What got no answer may have been granted, so anything else needs a newer incarnation.
            let repeated = unanswered.take().filter(|(instance, _)| *instance == wanted.instance);
            let (instance, call) = match repeated {
                Some(call) => call,
                None => (wanted.instance.clone(), self.request(wanted.instance)),
            };
            match self.client.register(call.clone()).await {
                Ok(answer) => {
                    self.backoff.reset();
                    let ttl = answer.ttl.and_then(|ttl| Duration::try_from(ttl).ok());
                    let lease = Lease {
                        lease_id: answer.lease_id,
                        ttl: ttl.unwrap_or(DEFAULT_TTL),
                        fence: answer.fence,
                        incarnation: self.incarnation,
                        cluster_id: answer.header.unwrap_or_default().cluster_id,
                    };
                    return Ok((lease, instance));
                }
                Err(error @ Error::Fenced { .. }) => return Err(Status::Fenced(error)),
                Err(error @ Error::Refused { .. }) => {
                    tracing::error!(%error, "failed to register");
                    self.tell(Status::Refused(error));
                }
                Err(error) => {
                    tracing::debug!(%error, "failed to register; trying again");
                    unanswered = Some((instance, call));
                }
            }
            let pause = self.backoff.pause();
            self.wait(Instant::now() + pause).await;
        }
    }

    /// A registration with a newer incarnation than any before.
    fn request(&mut self, mut instance: Instance) -> RegisterRequest {
        self.incarnation = (self.config.wall_clock)().max(self.incarnation + 1);
        instance.incarnation = self.incarnation;
        // Two processes that chose the same incarnation by accident are told apart by the random part.
        let request_id = format!("{}-{:08x}", self.incarnation, random());
        let ttl = self.config.ttl.and_then(|ttl| prost_types::Duration::try_from(ttl).ok());
        RegisterRequest { instance: Some(instance), ttl, request_id }
    }

    /// Renews a lease and tells the state until something ends it.
    async fn hold(&mut self, lease: &Lease, mut announced: Instance) -> Ended {
        let third = lease.ttl / 3;
        let mut due = Instant::now() + shorten(third, JITTER);
        loop {
            let wanted = self.wanted.borrow_and_update().clone();
            if wanted.stop {
                if let Err(error) = self.client.deregister(&lease.lease_id).await {
                    tracing::debug!(%error, "failed to end the registration; it runs out by itself");
                }
                return Ended::Over(Status::Stopped);
            }
            let state = wanted.instance.state;
            if wanted.instance != (Instance { state, ..announced.clone() }) {
                return Ended::Anew;
            }
            // Renewals come first: a state that can not be told must not cost the lease.
            let answer = if Instant::now() >= due {
                let renewed = self.client.renew(&lease.lease_id).await;
                renewed.map(|()| due = Instant::now() + shorten(third, JITTER))
            } else if state != announced.state {
                let told = self.client.set_state(&lease.lease_id, wanted.instance.state()).await;
                told.map(|()| {
                    announced.state = state;
                    self.told.send_replace(state);
                })
            } else {
                self.wait(due).await;
                continue;
            };
            match answer {
                Ok(()) => self.backoff.reset(),
                Err(Error::LeaseExpired) => return Ended::Anew,
                Err(error @ Error::Fenced { .. }) => return Ended::Over(Status::Fenced(error)),
                Err(error) => {
                    tracing::debug!(%error, "failed to reach the registry; trying again");
                    let pause = self.backoff.pause().min(third);
                    self.wait(Instant::now() + pause).await;
                }
            }
        }
    }

    /// Waits until then, or until something else is wanted.
    async fn wait(&mut self, until: Instant) {
        tokio::select! {
            () = tokio::time::sleep_until(until) => {}
            // The announcer aborts this task when it goes, so the other end is there.
            _ = self.wanted.changed() => {}
        }
    }
}
