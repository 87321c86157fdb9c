//! The log over gRPC; the only part of this crate that knows tonic.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use api::storage::storage_server::{Storage as Service, StorageServer};
use api::storage::{
    BackupRequest, BackupResponse, BatchGetRequest, BatchGetResponse, ChangesRequest, ChangesResponse,
    CommitRequest, CommitResponse, CompactRequest, CompactResponse, GetRequest, GetResponse,
    GetStatisticsRequest, GetStatisticsResponse, ImportRequest, ImportResponse, ListDerivationsRequest,
    ListDerivationsResponse, ListKeysRequest, ListKeysResponse, ListRequest, ListResponse,
    ListRevisionsRequest, ListRevisionsResponse, ReadGroupsRequest, ReadGroupsResponse, RestoreRequest,
    RestoreResponse,
};
use futures::{Stream, StreamExt, future, stream};
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_types::{ErrorDetails, StatusExt};

use crate::config::limits;
use crate::{Error, Storage};

/// The domain of all errors of this service.
pub const ERROR_DOMAIN: &str = "storage.monazite";

/// Serves a log.
#[must_use]
pub fn service(storage: Storage) -> StorageServer<impl Service> {
    StorageServer::new(Grpc { storage })
        .max_decoding_message_size(limits::MESSAGE_BYTES)
        .max_encoding_message_size(limits::MESSAGE_BYTES)
}

struct Grpc {
    storage: Storage,
}

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

fn answers<T>(stream: impl Stream<Item = Result<T, Error>> + Send + 'static) -> Response<Answers<T>> {
    Response::new(Box::pin(stream.map(|item| item.map_err(Status::from))))
}

#[tonic::async_trait]
impl Service for Grpc {
    type ImportStream = Answers<ImportResponse>;
    type ReadGroupsStream = Answers<ReadGroupsResponse>;
    type ChangesStream = Answers<ChangesResponse>;
    type BackupStream = Answers<BackupResponse>;

    async fn commit(&self, request: Request<CommitRequest>) -> Result<Response<CommitResponse>, Status> {
        Ok(Response::new(self.storage.commit(request.into_inner()).await?))
    }

    async fn import(
        &self,
        request: Request<Streaming<ImportRequest>>,
    ) -> Result<Response<Self::ImportStream>, Status> {
        // A request that does not arrive whole ends the stream: what came before it is still answered, then the reason.
        let broken = Arc::new(OnceLock::new());
        let seen = broken.clone();
        let arrived = request.into_inner().take_while(move |request| {
            if let Err(status) = request {
                // Only the first can be seen, since the stream ends with it.
                let _ = seen.set(status.clone());
            }
            future::ready(request.is_ok())
        });
        let requests = arrived.filter_map(|request| future::ready(request.ok()));
        let answers = self.storage.import(requests).map(|item| item.map_err(Status::from));
        let reason = stream::once(async move { broken.get().cloned() });
        let reason = reason.filter_map(|status| future::ready(status.map(Err)));
        Ok(Response::new(Box::pin(answers.chain(reason))))
    }

    async fn get(&self, request: Request<GetRequest>) -> Result<Response<GetResponse>, Status> {
        Ok(Response::new(self.storage.get(request.into_inner()).await?))
    }

    async fn batch_get(
        &self,
        request: Request<BatchGetRequest>,
    ) -> Result<Response<BatchGetResponse>, Status> {
        Ok(Response::new(self.storage.batch_get(request.into_inner()).await?))
    }

    async fn list(&self, request: Request<ListRequest>) -> Result<Response<ListResponse>, Status> {
        Ok(Response::new(self.storage.list(request.into_inner()).await?))
    }

    async fn list_keys(
        &self,
        request: Request<ListKeysRequest>,
    ) -> Result<Response<ListKeysResponse>, Status> {
        Ok(Response::new(self.storage.list_keys(request.into_inner()).await?))
    }

    async fn list_revisions(
        &self,
        request: Request<ListRevisionsRequest>,
    ) -> Result<Response<ListRevisionsResponse>, Status> {
        Ok(Response::new(self.storage.list_revisions(request.into_inner()).await?))
    }

    async fn read_groups(
        &self,
        request: Request<ReadGroupsRequest>,
    ) -> Result<Response<Self::ReadGroupsStream>, Status> {
        Ok(answers(self.storage.read_groups(request.into_inner()).await?))
    }

    async fn changes(
        &self,
        request: Request<ChangesRequest>,
    ) -> Result<Response<Self::ChangesStream>, Status> {
        Ok(answers(self.storage.changes(request.into_inner()).await?))
    }

    async fn list_derivations(
        &self,
        request: Request<ListDerivationsRequest>,
    ) -> Result<Response<ListDerivationsResponse>, Status> {
        Ok(Response::new(self.storage.list_derivations(request.into_inner()).await?))
    }

    async fn get_statistics(
        &self,
        _request: Request<GetStatisticsRequest>,
    ) -> Result<Response<GetStatisticsResponse>, Status> {
        Ok(Response::new(self.storage.statistics().await?))
    }

    async fn compact(&self, request: Request<CompactRequest>) -> Result<Response<CompactResponse>, Status> {
        Ok(Response::new(self.storage.compact(request.into_inner()).await?))
    }

    async fn backup(&self, _request: Request<BackupRequest>) -> Result<Response<Self::BackupStream>, Status> {
        Ok(answers(self.storage.backup().await?))
    }

    async fn restore(
        &self,
        request: Request<Streaming<RestoreRequest>>,
    ) -> Result<Response<RestoreResponse>, Status> {
        // A stream that breaks off is a backup that is cut off: its end is missing.
        let parts = request.into_inner().take_while(|part| future::ready(part.is_ok()));
        let parts = parts.filter_map(|part| future::ready(part.ok().map(|part| part.data)));
        Ok(Response::new(self.storage.restore(parts).await?))
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::InvalidRecord { .. }
            | Error::InvalidName { .. }
            | Error::InvalidMask { .. }
            | Error::InvalidPageToken
            | Error::InvalidArgument { .. }
            | Error::TooMany { .. } => Code::InvalidArgument,
            Error::Citation { .. }
            | Error::OwnedByOther { .. }
            | Error::NotEmpty { .. }
            | Error::NewerFormat { .. } => Code::FailedPrecondition,
            Error::PreconditionFailed { .. } | Error::StaleRead { .. } | Error::AssignmentChanged { .. } => {
                Code::Aborted
            }
            Error::NoSuchRecord { .. } => Code::NotFound,
            Error::Compacted { .. } | Error::NotYet { .. } => Code::OutOfRange,
            Error::DiskFull => Code::ResourceExhausted,
            Error::Draining | Error::Restoring => Code::Unavailable,
            Error::CorruptBackup { .. } | Error::Corrupt { .. } => Code::DataLoss,
            Error::Store(_) => Code::Internal,
        };
        if matches!(error, Error::Corrupt { .. } | Error::Store(_)) {
            tracing::error!(error = &error as &dyn std::error::Error, "the log failed");
        }
        let details = ErrorDetails::with_error_info(error.reason(), ERROR_DOMAIN, metadata(&error));
        Self::with_error_details(code, message(&error), details)
    }
}

/// The error with its causes.
fn message(error: &Error) -> String {
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        message.push_str(": ");
        message.push_str(&inner.to_string());
        cause = inner.source();
    }
    message
}

fn metadata(error: &Error) -> HashMap<String, String> {
    let pairs: Vec<(&str, String)> = match error {
        Error::InvalidRecord { operation, record, field, .. } => {
            vec![
                ("operation", operation.to_string()),
                ("record", record.clone()),
                ("field", (*field).to_owned()),
            ]
        }
        Error::Citation { operation, record, document, .. } => {
            vec![
                ("operation", operation.to_string()),
                ("record", record.clone()),
                ("document", document.clone()),
            ]
        }
        Error::OwnedByOther { operation, record, .. } => {
            vec![("operation", operation.to_string()), ("record", record.clone())]
        }
        Error::PreconditionFailed { precondition, name } => {
            vec![("precondition", precondition.to_string()), ("record", name.clone())]
        }
        Error::StaleRead { operation, stored, .. } => {
            vec![("operation", operation.to_string()), ("read_sequence", stored.to_string())]
        }
        Error::AssignmentChanged { operation, found, .. } => {
            vec![("operation", operation.to_string()), ("sequence", found.to_string())]
        }
        Error::Compacted { horizon, .. } => vec![("horizon", horizon.to_string())],
        Error::NotYet { head, .. } | Error::NotEmpty { head } => vec![("head", head.to_string())],
        Error::CorruptBackup { offset, .. } => vec![("offset", offset.to_string())],
        _ => Vec::new(),
    };
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
