//! The Analysis service, and this crate's clients of others: all that knows tonic.

pub(crate) mod analyzer;
pub(crate) mod registry;
pub(crate) mod storage;

use std::collections::HashMap;
use std::pin::Pin;
use std::time::Duration;

use api::analysis::analysis_server::{Analysis as Contract, AnalysisServer};
use api::analysis::{
    GetStatusRequest, GetStatusResponse, ListFailuresRequest, ListFailuresResponse, RetryFailuresRequest,
    RetryFailuresResponse, WaitSettledRequest, WaitSettledResponse,
};
use futures::Stream;
use futures::future::BoxFuture;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::error::{Error, Result};
use crate::service::Analysis;
use crate::settle::Waiting;

/// The largest message, either way.
pub(crate) const MAX_MESSAGE: usize = 16 << 20;

/// Domain of this service's `ErrorInfo`.
const DOMAIN: &str = "analysis.monazite";

/// The service to be added to a server.
#[must_use]
pub fn service(analysis: Analysis) -> AnalysisServer<Handler> {
    AnalysisServer::new(Handler { analysis })
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE)
}

/// Answers the rpcs of the Analysis service.
#[derive(Clone, Debug)]
pub struct Handler {
    analysis: Analysis,
}

#[tonic::async_trait]
impl Contract for Handler {
    async fn get_status(
        &self,
        _request: Request<GetStatusRequest>,
    ) -> std::result::Result<Response<GetStatusResponse>, Status> {
        let (head, analyzers) = self.analysis.status().await.map_err(|error| status(&error))?;
        Ok(Response::new(GetStatusResponse { head, analyzers }))
    }

    type WaitSettledStream =
        Pin<Box<dyn Stream<Item = std::result::Result<WaitSettledResponse, Status>> + Send + 'static>>;

    async fn wait_settled(
        &self,
        request: Request<WaitSettledRequest>,
    ) -> std::result::Result<Response<Self::WaitSettledStream>, Status> {
        let sequence = request.into_inner().sequence;
        let (answers, stream) = mpsc::channel(4);
        let analysis = self.analysis.clone();
        tokio::spawn(async move {
            let (tell, mut progress) = mpsc::channel::<Waiting>(1);
            let forward = async {
                while let Some(waiting) = progress.recv().await {
                    if answers.send(Ok(settled_response(waiting, 0))).await.is_err() {
                        // Closing tells the one who waits that nobody listens any more.
                        progress.close();
                    }
                }
            };
            let settle = async {
                let settled = analysis.settle(sequence, &tell).await;
                drop(tell);
                settled
            };
            let (settled, ()) = tokio::join!(settle, forward);
            let last = match settled {
                Ok(at) => Ok(settled_response(analysis.waiting(), at)),
                Err(error) => Err(status(&error)),
            };
            // The caller may have gone away.
            let _ = answers.send(last).await;
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(stream))))
    }

    async fn list_failures(
        &self,
        request: Request<ListFailuresRequest>,
    ) -> std::result::Result<Response<ListFailuresResponse>, Status> {
        let ListFailuresRequest { analyzer, page_size, page_token } = request.into_inner();
        let page = self.analysis.failures(&analyzer, page_size, page_token).await;
        let (failures, next_page_token) = page.map_err(|error| status(&error))?;
        Ok(Response::new(ListFailuresResponse { failures, next_page_token }))
    }

    async fn retry_failures(
        &self,
        request: Request<RetryFailuresRequest>,
    ) -> std::result::Result<Response<RetryFailuresResponse>, Status> {
        let RetryFailuresRequest { names, analyzer } = request.into_inner();
        let groups = self.analysis.retry(&names, &analyzer).await.map_err(|error| status(&error))?;
        Ok(Response::new(RetryFailuresResponse { groups }))
    }
}

fn settled_response(waiting: Waiting, settled_sequence: i64) -> WaitSettledResponse {
    WaitSettledResponse {
        remaining_groups: waiting.remaining,
        committed_groups: waiting.committed,
        settled_sequence,
        failed_groups: waiting.failed,
        without_provider: waiting.without_provider,
    }
}

/// What a caller is told.
fn status(error: &Error) -> Status {
    let mut metadata = HashMap::new();
    let (code, reason) = match error {
        Error::Draining => (Code::Unavailable, "DRAINING"),
        Error::Unavailable { .. } => (Code::Unavailable, "NO_STORAGE"),
        Error::NotYet { head, .. } => {
            metadata.insert("head".to_owned(), head.to_string());
            (Code::OutOfRange, "NOT_YET")
        }
        Error::NoSuchFailure(name) => {
            metadata.insert("name".to_owned(), name.clone());
            (Code::NotFound, "NO_SUCH_FAILURE")
        }
        Error::InvalidPageToken(_) => (Code::InvalidArgument, "INVALID_PAGE_TOKEN"),
        Error::Refused { reason, .. } => (Code::Internal, reason.as_str()),
    };
    let details = ErrorDetails::with_error_info(reason, DOMAIN, metadata);
    Status::with_error_details(code, format!("failed to {error}"), details)
}

/// What a peer's status means.
fn fault(peer: &'static str, status: &Status) -> Error {
    let info = status.get_error_details().error_info().cloned();
    let reason = info.as_ref().map(|info| info.reason.clone()).unwrap_or_default();
    let message = format!("{:?}: {}", status.code(), status.message());
    let passing =
        matches!(status.code(), Code::Unavailable | Code::Unknown | Code::Cancelled | Code::DeadlineExceeded);
    if passing || (status.code() == Code::ResourceExhausted && reason == "DISK_FULL") {
        return Error::Unavailable { peer, message };
    }
    let operation = info.as_ref().and_then(|info| info.metadata.get("operation")?.parse().ok());
    let reason = if reason.is_empty() { format!("{:?}", status.code()) } else { reason };
    let record = info.and_then(|info| info.metadata.get("record").cloned()).unwrap_or_default();
    Error::Refused { peer, reason, operation, record, message: status.message().to_owned() }
}

/// The reason in a status's `ErrorInfo`; empty if there is none.
fn reason(status: &Status) -> String {
    status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default()
}

/// Waits for an answer, but not for ever.
///
/// The call is boxed here and now: within an async block the compiler cannot prove of a generated client over a
/// [`api::Peer`] that its futures are `Send`, for it forgets that the peer's error is `'static`.
fn answer<'a, T: 'a>(
    peer: &'static str,
    timeout: Duration,
    call: impl Future<Output = std::result::Result<Response<T>, Status>> + Send + 'a,
) -> BoxFuture<'a, Result<T>> {
    let call: BoxFuture<'a, _> = Box::pin(call);
    Box::pin(async move {
        match tokio::time::timeout(timeout, call).await {
            Ok(Ok(response)) => Ok(response.into_inner()),
            Ok(Err(status)) => Err(fault(peer, &status)),
            Err(_) => Err(Error::Unavailable { peer, message: format!("no answer within {timeout:?}") }),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_operation_is_read_from_the_error() {
        let metadata = HashMap::from(
            [("operation", "7"), ("record", "items/1")].map(|(k, v)| (k.to_owned(), v.to_owned())),
        );
        let details = ErrorDetails::with_error_info("QUOTE_DIFFERS", "storage.monazite", metadata);
        let refused = Status::with_error_details(Code::FailedPrecondition, "no such words", details);
        let Error::Refused { reason, operation, record, message, .. } = fault("Storage", &refused) else {
            panic!("it is a refusal");
        };
        assert_eq!(
            (reason.as_str(), operation, record.as_str(), message.as_str()),
            ("QUOTE_DIFFERS", Some(7), "items/1", "no such words")
        );
    }

    #[test]
    fn what_passes_is_tried_again() {
        let details = ErrorDetails::with_error_info("DISK_FULL", "storage.monazite", HashMap::new());
        for passing in [
            Status::unavailable("stopping"),
            Status::unknown("transport error"),
            Status::with_error_details(Code::ResourceExhausted, "full", details),
        ] {
            assert!(matches!(fault("Storage", &passing), Error::Unavailable { .. }), "{passing:?}");
        }
        assert!(matches!(fault("Storage", &Status::resource_exhausted("much")), Error::Refused { .. }));
    }

    #[test]
    fn every_error_carries_its_reason() {
        let cases = [
            (Error::Draining, Code::Unavailable, "DRAINING"),
            (Error::NotYet { sequence: 9, head: 3 }, Code::OutOfRange, "NOT_YET"),
            (Error::NoSuchFailure("failures/x".to_owned()), Code::NotFound, "NO_SUCH_FAILURE"),
            (Error::InvalidPageToken("x".to_owned()), Code::InvalidArgument, "INVALID_PAGE_TOKEN"),
            (Error::Unavailable { peer: "Storage", message: String::new() }, Code::Unavailable, "NO_STORAGE"),
        ];
        for (error, code, expected) in cases {
            let status = status(&error);
            assert_eq!((status.code(), reason(&status).as_str()), (code, expected));
            assert!(status.message().starts_with("failed to "));
        }
    }
}
