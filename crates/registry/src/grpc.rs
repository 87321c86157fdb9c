//! Serves a registry over gRPC, as `monazite.registry.v1.Registry`.

use std::collections::HashMap;

use api::registry::registry_server::{Registry as Contract, RegistryServer};
use api::registry::{
    DeleteEntryRequest, DeleteEntryResponse, DeregisterRequest, DeregisterResponse, GetEntryRequest,
    GetEntryResponse, ListEntriesRequest, ListEntriesResponse, ListInstancesRequest, ListInstancesResponse,
    PutEntryRequest, PutEntryResponse, RegisterRequest, RegisterResponse, RenewRequest, RenewResponse,
    ResolveRequest, ResolveResponse, SetStateRequest, SetStateResponse, WatchRequest, WatchResponse,
};
use futures::stream::{BoxStream, StreamExt as _};
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::{Error, Registry};

/// The domain of all reasons.
pub const DOMAIN: &str = "registry.monazite";

/// The largest message in either direction, in bytes.
const LARGEST_MESSAGE: usize = 16 << 20;

/// A registry as a gRPC service.
#[must_use]
pub fn service(registry: Registry) -> RegistryServer<Service> {
    RegistryServer::new(Service { registry })
        .max_decoding_message_size(LARGEST_MESSAGE)
        .max_encoding_message_size(LARGEST_MESSAGE)
}

/// Answers calls by asking a [`Registry`].
pub struct Service {
    registry: Registry,
}

type Answer<T> = Result<Response<T>, Status>;

fn answer<T>(result: crate::Result<T>) -> Answer<T> {
    result.map(Response::new).map_err(|error| status(&error))
}

#[tonic::async_trait]
impl Contract for Service {
    async fn put_entry(&self, request: Request<PutEntryRequest>) -> Answer<PutEntryResponse> {
        answer(self.registry.put_entry(request.into_inner()).await)
    }

    async fn get_entry(&self, request: Request<GetEntryRequest>) -> Answer<GetEntryResponse> {
        answer(self.registry.get_entry(request.into_inner()).await)
    }

    async fn list_entries(&self, request: Request<ListEntriesRequest>) -> Answer<ListEntriesResponse> {
        answer(self.registry.list_entries(request.into_inner()).await)
    }

    async fn delete_entry(&self, request: Request<DeleteEntryRequest>) -> Answer<DeleteEntryResponse> {
        answer(self.registry.delete_entry(request.into_inner()).await)
    }

    async fn register(&self, request: Request<RegisterRequest>) -> Answer<RegisterResponse> {
        answer(self.registry.register(request.into_inner()).await)
    }

    async fn renew(&self, request: Request<RenewRequest>) -> Answer<RenewResponse> {
        answer(self.registry.renew(request.into_inner()).await)
    }

    async fn set_state(&self, request: Request<SetStateRequest>) -> Answer<SetStateResponse> {
        answer(self.registry.set_state(request.into_inner()).await)
    }

    async fn deregister(&self, request: Request<DeregisterRequest>) -> Answer<DeregisterResponse> {
        answer(self.registry.deregister(request.into_inner()).await)
    }

    async fn resolve(&self, request: Request<ResolveRequest>) -> Answer<ResolveResponse> {
        answer(self.registry.resolve(request.get_ref()).await)
    }

    async fn list_instances(&self, request: Request<ListInstancesRequest>) -> Answer<ListInstancesResponse> {
        answer(self.registry.list_instances(request.into_inner()).await)
    }

    type WatchStream = BoxStream<'static, Result<WatchResponse, Status>>;

    async fn watch(&self, request: Request<WatchRequest>) -> Answer<Self::WatchStream> {
        let stream = self.registry.watch(request.into_inner()).await;
        answer(stream.map(|stream| stream.map(|message| message.map_err(|error| status(&error))).boxed()))
    }
}

/// An error as the contract tells it.
fn status(error: &Error) -> Status {
    let (code, reason, metadata): (_, _, Vec<(&str, String)>) = match error {
        Error::RevisionConflict { actual, .. } => {
            (Code::Aborted, "REVISION_CONFLICT", vec![("revision", actual.to_string())])
        }
        Error::Cycle { path, .. } => (Code::FailedPrecondition, "CYCLE", vec![("path", path.clone())]),
        Error::VersionChanged { .. } => (Code::FailedPrecondition, "VERSION_CHANGED", Vec::new()),
        Error::InvalidEntry { field, .. } => {
            (Code::InvalidArgument, "INVALID_ENTRY", vec![("field", field.clone())])
        }
        Error::NoSuchEntry { .. } => (Code::NotFound, "NO_SUCH_ENTRY", Vec::new()),
        Error::InvalidPageToken => (Code::InvalidArgument, "INVALID_PAGE_TOKEN", Vec::new()),
        Error::Compacted { compact_revision, .. } => {
            (Code::OutOfRange, "COMPACTED", vec![("compact_revision", compact_revision.to_string())])
        }
        Error::InvalidInstance { field, .. } => {
            (Code::InvalidArgument, "INVALID_INSTANCE", vec![("field", field.clone())])
        }
        Error::Fenced { incarnation, .. } => {
            (Code::FailedPrecondition, "FENCED", vec![("incarnation", incarnation.to_string())])
        }
        Error::LeaseExpired { .. } => (Code::NotFound, "LEASE_EXPIRED", Vec::new()),
        Error::NoSuchInstance { .. } => (Code::NotFound, "NO_SUCH_INSTANCE", Vec::new()),
        Error::InvalidState { field, .. } => {
            (Code::InvalidArgument, "INVALID_STATE", vec![("field", (*field).to_owned())])
        }
        Error::InvalidTarget { field, .. } => {
            (Code::InvalidArgument, "INVALID_TARGET", vec![("field", (*field).to_owned())])
        }
        Error::InvalidWatch { field, .. } => {
            (Code::InvalidArgument, "INVALID_WATCH", vec![("field", (*field).to_owned())])
        }
        Error::SlowWatcher { last_revision } => {
            (Code::ResourceExhausted, "SLOW_WATCHER", vec![("last_revision", last_revision.to_string())])
        }
        Error::Draining => (Code::Unavailable, "DRAINING", Vec::new()),
        Error::Contended => (Code::Unavailable, "CONTENDED", Vec::new()),
        Error::Store(kv::Error::DiskFull { .. }) => (Code::ResourceExhausted, "DISK_FULL", Vec::new()),
        Error::Store(_)
        | Error::Config { .. }
        | Error::Damaged { .. }
        | Error::NewerFormat { .. }
        | Error::Random(_) => (Code::Internal, "STORE", Vec::new()),
    };
    if code == Code::Internal {
        tracing::error!(error = error as &dyn std::error::Error, "failed to answer");
    }
    let metadata: HashMap<_, _> = metadata.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let details = ErrorDetails::with_error_info(reason, DOMAIN, metadata);
    Status::with_error_details(code, error.to_string(), details)
}
