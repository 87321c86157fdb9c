//! The registry's gRPC service as its client sees it.

use std::time::Duration;

use api::Peer;
use api::analysis::Manifest;
use api::registry::entry::Value;
use api::registry::registry_client::RegistryClient;
use api::registry::{
    AnalyzerVersion, DeregisterRequest, Entry, PutEntryRequest, RegisterRequest, RegisterResponse,
    RenewRequest, ServingState, SetStateRequest, WatchRequest, WatchResponse,
};
use tonic::body::Body;
use tonic::{Code, Response, Status, Streaming};
use tonic_types::StatusExt as _;
use tower::ServiceExt as _;
use tower::util::BoxCloneSyncService;

use crate::{Error, Result};

/// The largest message in either direction, in bytes.
const LARGEST_MESSAGE: usize = 16 << 20;

/// A peer whose errors have a type without a lifetime. With the boxed ones of a [`Peer`] the compiler can not see that
/// a future that holds a call is `Send`, and so it could not be spawned.
type Way = BoxCloneSyncService<http::Request<Body>, http::Response<Body>, Status>;

/// Calls of the registry, each with a deadline.
#[derive(Clone)]
pub(crate) struct Client {
    inner: RegistryClient<Way>,
    timeout: Duration,
}

/// What a watch sends.
pub(crate) struct Updates(Streaming<WatchResponse>);

impl Client {
    pub(crate) fn new(peer: Peer, timeout: Duration) -> Self {
        let inner = RegistryClient::new(Way::new(peer.map_err(Status::from_error)))
            .max_decoding_message_size(LARGEST_MESSAGE)
            .max_encoding_message_size(LARGEST_MESSAGE);
        Self { inner, timeout }
    }

    pub(crate) async fn put_version(&self, manifest: Manifest) -> Result<()> {
        let entry = Entry {
            name: format!("analyzers/{}/versions/{}", manifest.name, manifest.version),
            value: Some(Value::AnalyzerVersion(AnalyzerVersion { manifest: Some(manifest) })),
            ..Entry::default()
        };
        let request = PutEntryRequest { entry: Some(entry), expected_revision: None };
        self.answer(self.inner.clone().put_entry(request)).await.map(|_| ())
    }

    pub(crate) async fn register(&self, request: RegisterRequest) -> Result<RegisterResponse> {
        self.answer(self.inner.clone().register(request)).await
    }

    pub(crate) async fn renew(&self, lease_id: &str) -> Result<()> {
        let request = RenewRequest { lease_id: lease_id.to_owned() };
        self.answer(self.inner.clone().renew(request)).await.map(|_| ())
    }

    pub(crate) async fn set_state(&self, lease_id: &str, state: ServingState) -> Result<()> {
        let lease_id = lease_id.to_owned();
        let request = SetStateRequest { lease_id, state: state.into(), ..SetStateRequest::default() };
        self.answer(self.inner.clone().set_state(request)).await.map(|_| ())
    }

    pub(crate) async fn deregister(&self, lease_id: &str) -> Result<()> {
        let request = DeregisterRequest { lease_id: lease_id.to_owned() };
        self.answer(self.inner.clone().deregister(request)).await.map(|_| ())
    }

    pub(crate) async fn watch(&self, request: WatchRequest) -> Result<Updates> {
        self.answer(self.inner.clone().watch(request)).await.map(Updates)
    }

    /// Waits for an answer. The deadline is ours: `grpc-timeout` would bind only who obeys it.
    async fn answer<T>(
        &self,
        call: impl Future<Output = std::result::Result<Response<T>, Status>>,
    ) -> Result<T> {
        match tokio::time::timeout(self.timeout, call).await {
            Ok(Ok(response)) => Ok(response.into_inner()),
            Ok(Err(status)) => Err(fault(&status)),
            Err(_) => Err(Error::Away { message: format!("no answer within {:?}", self.timeout) }),
        }
    }
}

impl Updates {
    /// The next message; an error once there is none.
    pub(crate) async fn next(&mut self) -> Result<WatchResponse> {
        match self.0.message().await {
            Ok(Some(message)) => Ok(message),
            Ok(None) => Err(Error::Away { message: "it ended the watch".to_owned() }),
            Err(status) => Err(fault(&status)),
        }
    }
}

/// What a status means to a client.
fn fault(status: &Status) -> Error {
    let message = status.message().to_owned();
    let info = status.get_details_error_info();
    match info.map(|info| info.reason).unwrap_or_default().as_str() {
        "FENCED" => return Error::Fenced { message },
        "LEASE_EXPIRED" => return Error::LeaseExpired,
        "COMPACTED" => return Error::Compacted,
        "SLOW_WATCHER" => return Error::TooSlow,
        _ => {}
    }
    match status.code() {
        Code::InvalidArgument
        | Code::Unauthenticated
        | Code::PermissionDenied
        | Code::Unimplemented
        | Code::FailedPrecondition => Error::Refused { message },
        // Whatever else there is may pass, such as `Unknown`, as which tonic tells that a connection broke.
        code => Error::Away { message: format!("{code}: {message}") },
    }
}
