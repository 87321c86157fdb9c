//! Instances: what is there as long as its lease.

use api::registry::{
    DeregisterRequest, DeregisterResponse, GoneReason, Instance, ListInstancesRequest, ListInstancesResponse,
    RegisterRequest, RegisterResponse, RenewRequest, RenewResponse, ResolveRequest, ResolveResponse,
    ServingState, SetStateRequest, SetStateResponse,
};
use prost::Message as _;

use crate::backend::{Check, LeaseId, Outcome, Row, Txn, Write};
use crate::registry::TRIES;
use crate::rows::{
    Announced, INSTANCES, decode_announced, disabled_key, fenced_key, instance_key, lease_id, parse_lease_id,
};
use crate::rules::Problem;
use crate::rules::instance::{self, Wanted};
use crate::{Error, Registry, Result};

/// What a lease id leads to.
enum Held {
    /// The instance, still under this lease.
    Live(Box<(Row, Announced)>, LeaseId),
    /// A newer incarnation took the place; zero if that is gone again.
    Fenced(String, i64),
    /// Nothing.
    Gone,
}

impl Registry {
    /// Announces an instance and grants it a lease. The same call again (by request id) gives the same answer and
    /// renews the lease.
    ///
    /// # Errors
    /// [`Error::InvalidInstance`]; [`Error::Fenced`] if this or a newer incarnation was registered by another call.
    pub async fn register(&self, request: RegisterRequest) -> Result<RegisterResponse> {
        let wanted = instance::check(request)
            .map_err(|Problem { field, message }| Error::InvalidInstance { field, message })?;
        let ttl = self.config.grant(wanted.ttl);
        let key = instance_key(&wanted.instance.instance_id);
        let _turn = self.turn.lock().await;
        for _ in 0..TRIES {
            let (revision, row) = self.row(key.clone()).await?;
            let mut check = row.as_ref().map_or(0, |row| row.revision);
            if let Some(row) = &row {
                let current = decode_announced(row)?;
                if let Some((lease, ttl)) = self.repeated(&wanted, &current, row).await? {
                    let lease_id = lease_id(&wanted.instance.instance_id, lease);
                    let fence = current.instance.fence;
                    let header = self.header(revision);
                    return Ok(RegisterResponse { header, lease_id, ttl: duration(ttl), fence });
                }
                if current.instance.incarnation == wanted.instance.incarnation {
                    // Its lease ran out and its row is about to go: the commit below ends it first.
                    check = 0;
                }
            }
            let lease = self.backend.grant(ttl).await?;
            let checks = vec![Check::Revision { key: key.clone(), revision: check }];
            let previous = row.filter(|_| check != 0);
            let outcome = self.announce(&wanted, previous.as_ref(), lease, checks).await?;
            if let Outcome::Committed(revision) = outcome {
                let lease_id = lease_id(&wanted.instance.instance_id, lease);
                let header = self.header(revision);
                return Ok(RegisterResponse { header, lease_id, ttl: duration(ttl), fence: revision });
            }
            self.backend.revoke(lease, GoneReason::Unspecified).await?;
        }
        Err(Error::Contended)
    }

    /// The lease, if this call was made before and still holds; refuses a call that comes too late.
    async fn repeated(
        &self,
        wanted: &Wanted,
        current: &Announced,
        row: &Row,
    ) -> Result<Option<(LeaseId, std::time::Duration)>> {
        let incarnation = current.instance.incarnation;
        if incarnation < wanted.instance.incarnation {
            return Ok(None);
        }
        if incarnation == wanted.instance.incarnation && current.request_id == wanted.request_id {
            let Some(lease) = row.lease else { return Ok(None) };
            return Ok(self.backend.renew(lease).await?.map(|ttl| (lease, ttl)));
        }
        Err(Error::Fenced { instance_id: wanted.instance.instance_id.clone(), incarnation })
    }

    /// Writes the row of an instance, and leaves word for the one whose place it takes.
    async fn announce(
        &self,
        wanted: &Wanted,
        previous: Option<&Row>,
        lease: LeaseId,
        mut checks: Vec<Check>,
    ) -> Result<Outcome> {
        let id = &wanted.instance.instance_id;
        let (_, disabled) = self.row(disabled_key(id)).await?;
        checks.push(Check::Revision {
            key: disabled_key(id),
            revision: disabled.as_ref().map_or(0, |row| row.revision),
        });
        let mut instance = wanted.instance.clone();
        instance.state = known_state(instance.state);
        instance.enabled = disabled.is_none();
        let mut writes = vec![put(&instance, &wanted.request_id, 0, Some(lease))];
        if let Some(old) = previous.and_then(|row| row.lease) {
            let key = fenced_key(&lease_id(id, old));
            writes.push(Write::Put { key, value: bytes::Bytes::new(), lease: Some(old) });
        }
        self.backend.commit(Txn { checks, writes }).await
    }

    /// What a lease id leads to, and the present revision.
    async fn held(&self, text: &str) -> Result<(i64, Held)> {
        let Some((instance_id, lease)) = parse_lease_id(text) else {
            let (revision, _) = self.row(instance_key("")).await?;
            return Ok((revision, Held::Gone));
        };
        let (revision, row) = self.row(instance_key(instance_id)).await?;
        let mut incarnation = 0;
        if let Some(row) = row {
            let announced = decode_announced(&row)?;
            incarnation = announced.instance.incarnation;
            if row.lease == Some(lease) {
                return Ok((revision, Held::Live(Box::new((row, announced)), lease)));
            }
        }
        let (revision, fenced) = self.row(fenced_key(text)).await?;
        if incarnation == 0 && fenced.is_none() {
            return Ok((revision, Held::Gone));
        }
        Ok((revision, Held::Fenced(instance_id.to_owned(), incarnation)))
    }

    /// Renews a lease.
    ///
    /// # Errors
    /// [`Error::LeaseExpired`], [`Error::Fenced`].
    pub async fn renew(&self, request: RenewRequest) -> Result<RenewResponse> {
        let _turn = self.turn.lock().await;
        let (revision, held) = self.held(&request.lease_id).await?;
        let renewed = match held {
            Held::Live(_, lease) => self.backend.renew(lease).await?,
            Held::Fenced(instance_id, incarnation) => {
                return Err(Error::Fenced { instance_id, incarnation });
            }
            Held::Gone => None,
        };
        let ttl = renewed.ok_or(Error::LeaseExpired { lease_id: request.lease_id })?;
        Ok(RenewResponse { header: self.header(revision), ttl: duration(ttl) })
    }

    /// Tells the state of an instance (by its lease), or whether an operator wants it used (by its id).
    ///
    /// # Errors
    /// [`Error::InvalidState`], [`Error::LeaseExpired`], [`Error::Fenced`], [`Error::NoSuchInstance`].
    pub async fn set_state(&self, request: SetStateRequest) -> Result<SetStateResponse> {
        check_state(&request)?;
        let _turn = self.turn.lock().await;
        for _ in 0..TRIES {
            let (revision, row, announced) = self.whose(&request).await?;
            let mut instance = announced.instance;
            let (state, enabled) = (instance.state, instance.enabled);
            if request.state != i32::from(ServingState::Unspecified) {
                instance.state = request.state;
            }
            instance.enabled = request.enabled.unwrap_or(enabled);
            if (state, enabled) == (instance.state, instance.enabled) {
                return Ok(SetStateResponse { header: self.header(revision), instance: Some(instance) });
            }
            let mut writes = vec![put(&instance, &announced.request_id, instance.fence, row.lease)];
            if instance.enabled != enabled {
                let key = disabled_key(&instance.instance_id);
                writes.push(match instance.enabled {
                    true => Write::Delete { key, reason: GoneReason::Unspecified },
                    false => Write::Put { key, value: bytes::Bytes::new(), lease: None },
                });
            }
            let checks = vec![Check::Revision { key: row.key, revision: row.revision }];
            if let Outcome::Committed(revision) = self.backend.commit(Txn { checks, writes }).await? {
                instance.revision = revision;
                return Ok(SetStateResponse { header: self.header(revision), instance: Some(instance) });
            }
        }
        Err(Error::Contended)
    }

    /// The instance that a state is told of.
    async fn whose(&self, request: &SetStateRequest) -> Result<(i64, Row, Announced)> {
        if request.lease_id.is_empty() {
            let (revision, row) = self.row(instance_key(&request.instance_id)).await?;
            let gone = || Error::NoSuchInstance { instance_id: request.instance_id.clone() };
            let row = row.ok_or_else(gone)?;
            let announced = decode_announced(&row)?;
            return Ok((revision, row, announced));
        }
        match self.held(&request.lease_id).await? {
            (revision, Held::Live(live, _)) => {
                let (row, announced) = *live;
                Ok((revision, row, announced))
            }
            (_, Held::Fenced(instance_id, incarnation)) => Err(Error::Fenced { instance_id, incarnation }),
            (_, Held::Gone) => Err(Error::LeaseExpired { lease_id: request.lease_id.clone() }),
        }
    }

    /// Ends a lease. Ending one that is gone changes nothing.
    ///
    /// # Errors
    /// [`Error::Fenced`].
    pub async fn deregister(&self, request: DeregisterRequest) -> Result<DeregisterResponse> {
        let _turn = self.turn.lock().await;
        let (mut revision, held) = self.held(&request.lease_id).await?;
        match held {
            Held::Live(live, lease) => {
                self.backend.revoke(lease, GoneReason::Deregistered).await?;
                (revision, _) = self.row(live.0.key).await?;
            }
            Held::Fenced(instance_id, incarnation) => {
                return Err(Error::Fenced { instance_id, incarnation });
            }
            Held::Gone => {}
        }
        Ok(DeregisterResponse { header: self.header(revision) })
    }

    /// Finds who can serve now, by id.
    ///
    /// # Errors
    /// [`Error::InvalidTarget`].
    pub async fn resolve(&self, request: &ResolveRequest) -> Result<ResolveResponse> {
        let wrong = |field, message| Err(Error::InvalidTarget { field, message });
        if request.service.is_empty() {
            return wrong("service", "must be the full name of a gRPC service");
        }
        if request.analyzer.is_empty() && !request.analyzer_version.is_empty() {
            return wrong("analyzer", "must be given with analyzer_version");
        }
        let (revision, rows) = self.rows(INSTANCES).await?;
        let mut instances = Vec::new();
        for row in &rows {
            let instance = decode_announced(row)?.instance;
            if instance.service == request.service && takes_calls(&instance) && provides(&instance, request) {
                instances.push(instance);
            }
        }
        Ok(ResolveResponse { header: self.header(revision), instances })
    }

    /// Lists instances in whatever state by id, all pages at one revision.
    ///
    /// # Errors
    /// [`Error::InvalidPageToken`]; [`Error::Compacted`] if the token is too old.
    pub async fn list_instances(&self, request: ListInstancesRequest) -> Result<ListInstancesResponse> {
        let page = (request.page_size, request.page_token.as_str());
        let list = ["instances", &request.service];
        let wanted = |row: &Row| {
            let instance = decode_announced(row)?.instance;
            let wanted = request.service.is_empty() || instance.service == request.service;
            Ok(wanted.then_some(instance))
        };
        let page = self.page(INSTANCES, &list, page, wanted).await?;
        Ok(ListInstancesResponse {
            header: self.header(page.revision),
            instances: page.items,
            next_page_token: page.next_page_token,
        })
    }
}

fn put(instance: &Instance, request_id: &str, fence: i64, lease: Option<LeaseId>) -> Write {
    let instance = Instance { fence, revision: 0, ..instance.clone() };
    let key = instance_key(&instance.instance_id);
    let announced = Announced { instance, request_id: request_id.to_owned() };
    Write::Put { key, value: announced.encode_to_vec().into(), lease }
}

/// A state that was not said is SERVING.
fn known_state(state: i32) -> i32 {
    if state == i32::from(ServingState::Unspecified) { ServingState::Serving.into() } else { state }
}

fn check_state(request: &SetStateRequest) -> Result<()> {
    let wrong = |field, message| Err(Error::InvalidState { field, message });
    let by_lease = !request.lease_id.is_empty();
    if by_lease != request.instance_id.is_empty() {
        return wrong("lease_id", "or instance_id must be given, and not both");
    }
    if by_lease && request.enabled.is_some() {
        return wrong("enabled", "is told by an operator: by instance_id");
    }
    if !by_lease && request.state != i32::from(ServingState::Unspecified) {
        return wrong("state", "is told by the instance itself: by lease_id");
    }
    Ok(())
}

/// True for one that serves or is suspect, and that its operator wants used.
fn takes_calls(instance: &Instance) -> bool {
    instance.enabled && matches!(instance.state(), ServingState::Serving | ServingState::Suspect)
}

fn provides(instance: &Instance, request: &ResolveRequest) -> bool {
    request.analyzer.is_empty()
        || instance.analyzers.iter().any(|provided| {
            provided.name == request.analyzer
                && (request.analyzer_version.is_empty() || provided.version == request.analyzer_version)
        })
}

fn duration(duration: std::time::Duration) -> Option<prost_types::Duration> {
    // A TTL is at most `Config::longest_ttl`; one that protobuf can not say is said as none.
    prost_types::Duration::try_from(duration).ok()
}
