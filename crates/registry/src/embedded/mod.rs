//! The backend of one process: rows and leases in memory, every change stored in a [`kv::Kv`] before it is seen.
//!
//! Instances are stored too, with the TTL of their leases but without their deadlines: after a restart each lease
//! gets its full TTL again, and whoever is still alive renews as if nothing had happened. A renewal is not stored.

mod feed;
mod state;
mod store;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use api::registry::GoneReason;
use async_trait::async_trait;
use kv::Kv;
use tokio::sync::{Mutex, watch};

use crate::backend::{Backend, Change, Commit, Commits, LeaseId, Listing, Outcome, Query, Txn};
use crate::embedded::state::{Lease, State};
use crate::{Clock, Config, Result};

/// Leases that are ended in one transaction.
const EXPIRE_AT_ONCE: usize = 256;

/// The embedded backend.
pub struct Embedded {
    inner: Arc<Inner>,
    ticker: tokio::task::AbortHandle,
}

/// Where watchers wait.
#[derive(Clone, Copy, Debug)]
struct Head {
    revision: i64,
    draining: bool,
}

/// What is to be done in one turn.
#[derive(Default)]
struct Plan {
    /// Rows that change.
    changes: Vec<Change>,
    /// Leases that end; their rows are among the changes.
    ended: Vec<LeaseId>,
}

struct Inner {
    kv: Arc<dyn Kv>,
    cluster_id: String,
    config: Config,
    clock: Clock,
    /// Held from planning a change until it is stored and applied: changes happen one after the other.
    writer: Mutex<()>,
    state: RwLock<State>,
    head: watch::Sender<Head>,
}

impl Embedded {
    /// Opens the registry that lies in `kv` under `r/`, or makes one, and starts to look for leases that ran out.
    ///
    /// # Errors
    /// [`crate::Error::Config`]; [`crate::Error::Damaged`], [`crate::Error::NewerFormat`] or
    /// [`crate::Error::Store`] if what is stored can not be read.
    pub async fn open(kv: Arc<dyn Kv>, config: Config, clock: Clock) -> Result<Self> {
        config.check()?;
        let loaded = store::load(&kv).await?;
        let state = State::new(loaded.revision, loaded.rows, clock());
        let head = watch::Sender::new(Head { revision: loaded.revision, draining: false });
        let tick = config.expiry_tick;
        let inner = Arc::new(Inner {
            kv,
            cluster_id: loaded.cluster_id,
            config,
            clock,
            writer: Mutex::new(()),
            state: RwLock::new(state),
            head,
        });
        let weak = Arc::downgrade(&inner);
        let ticker = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(tick);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let Some(inner) = weak.upgrade() else { return };
                if let Err(error) = inner.expire().await {
                    tracing::error!(%error, "failed to end leases that ran out; trying again");
                }
            }
        });
        Ok(Self { inner, ticker: ticker.abort_handle() })
    }

    /// Ends all leases that ran out. Happens by itself at every tick.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub async fn expire(&self) -> Result<()> {
        self.inner.expire().await
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.ticker.abort();
    }
}

impl Inner {
    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a change to its end even if the caller goes away in the middle, else what is stored and what is seen
    /// could differ. Leases that ran out are ended first, so that no change sees their rows.
    async fn change<P>(self: &Arc<Self>, plan: P) -> Result<Outcome>
    where
        P: FnOnce(&State) -> Option<Plan> + Send + 'static,
    {
        let inner = Arc::clone(self);
        let task = tokio::spawn(async move {
            let _turn = inner.writer.lock().await;
            inner.expire_in_turn().await?;
            let planned = plan(&inner.state());
            let Some(plan) = planned else { return Ok(Outcome::Conflict) };
            inner.store(plan).await.map(Outcome::Committed)
        });
        match task.await {
            Ok(outcome) => outcome,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(crate::Error::Draining),
            },
        }
    }

    async fn expire(self: &Arc<Self>) -> Result<()> {
        let now = (self.clock)();
        if self.state().overdue(now, 1).is_empty() {
            return Ok(());
        }
        self.change(|_| Some(Plan::default())).await.map(|_| ())
    }

    async fn expire_in_turn(&self) -> Result<()> {
        loop {
            let now = (self.clock)();
            let plan = {
                let state = self.state();
                let ended = state.overdue(now, EXPIRE_AT_ONCE);
                let rows = |lease: &LeaseId| state.plan_revoke(*lease, GoneReason::Expired);
                Plan { changes: ended.iter().flat_map(rows).collect(), ended }
            };
            if plan.ended.is_empty() {
                return Ok(());
            }
            self.store(plan).await?;
        }
    }

    /// Stores changes, then lets them be seen. Without changes there is no new revision.
    async fn store(&self, mut plan: Plan) -> Result<i64> {
        let revision = self.state().revision;
        if plan.changes.is_empty() {
            self.state_mut().end(&plan.ended);
            return Ok(revision);
        }
        plan.changes.sort_by(|a, b| key(a).cmp(key(b)));
        let revision = revision + 1;
        let ttls = self.ttls(&plan.changes);
        let ttl = |lease| ttls.iter().find(|(id, _)| *id == lease).map_or(Duration::ZERO, |(_, ttl)| *ttl);
        store::commit(&self.kv, revision, &plan.changes, ttl).await?;
        {
            let mut state = self.state_mut();
            state.apply(Commit { revision, changes: plan.changes }, &self.config);
            state.end(&plan.ended);
        }
        self.head.send_modify(|head| head.revision = revision);
        Ok(revision)
    }

    /// TTLs of all leases that the changes touch.
    fn ttls(&self, changes: &[Change]) -> Vec<(LeaseId, Duration)> {
        let state = self.state();
        let rows = changes.iter().flat_map(|change| change.row.iter().chain(&change.previous));
        rows.filter_map(|row| row.lease)
            .filter_map(|id| state.leases.get(&id).map(|lease| (id, lease.ttl)))
            .collect()
    }
}

fn key(change: &Change) -> &str {
    change.row.as_ref().or(change.previous.as_ref()).map_or("", |row| row.key.as_str())
}

#[async_trait]
impl Backend for Embedded {
    fn describe(&self) -> String {
        format!("embedded on {}", self.inner.kv.backend())
    }

    fn cluster_id(&self) -> &str {
        &self.inner.cluster_id
    }

    async fn commit(&self, txn: Txn) -> Result<Outcome> {
        let plan = move |state: &State| Some(Plan { changes: state.plan(&txn)?, ended: Vec::new() });
        self.inner.change(plan).await
    }

    async fn list(&self, query: Query) -> Result<Listing> {
        self.inner.state().list(&query)
    }

    async fn grant(&self, ttl: Duration) -> Result<LeaseId> {
        let id = LeaseId(store::random()?);
        let deadline = (self.inner.clock)() + ttl;
        let lease = Lease { ttl, deadline, keys: std::collections::BTreeSet::new() };
        self.inner.state_mut().leases.insert(id, lease);
        Ok(id)
    }

    async fn renew(&self, lease: LeaseId) -> Result<Option<Duration>> {
        let now = (self.inner.clock)();
        let mut state = self.inner.state_mut();
        // One that ran out is refused even before it is ended: a renewal of an expired lease is never OK.
        let lease = state.leases.get_mut(&lease).filter(|lease| now < lease.deadline);
        Ok(lease.map(|lease| {
            lease.deadline = now + lease.ttl;
            lease.ttl
        }))
    }

    async fn revoke(&self, lease: LeaseId, reason: GoneReason) -> Result<()> {
        let plan =
            move |state: &State| Some(Plan { changes: state.plan_revoke(lease, reason), ended: vec![lease] });
        self.inner.change(plan).await.map(|_| ())
    }

    async fn watch(&self, after: i64) -> Result<Commits> {
        self.inner.state().kept(after)?;
        Ok(feed::commits(&self.inner, after))
    }

    async fn drain(&self) {
        self.ticker.abort();
        self.inner.head.send_modify(|head| head.draining = true);
        let _turn = self.inner.writer.lock().await;
    }
}
