//! The Search service, and this crate's client of storage: all that knows tonic.

pub(crate) mod storage;

use std::collections::HashMap;
use std::pin::Pin;

use api::search::search_server::{Search as Contract, SearchServer};
use api::search::{
    ExplainRequest, ExplainResponse, GetStatusRequest, GetStatusResponse, QueryRequest, QueryResponse,
    RebuildRequest, RebuildResponse, WatchTopicRequest, WatchTopicResponse,
};
use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::answer::PageError;
use crate::error::Error;
use crate::query::QueryError;
use crate::service::Search;

/// The largest message, either way.
const MAX_MESSAGE: usize = 16 << 20;

/// The domain of all errors of this service.
pub const ERROR_DOMAIN: &str = "search.monazite";

/// The service to be added to a server.
#[must_use]
pub fn service(search: Search) -> SearchServer<Handler> {
    SearchServer::new(Handler { search })
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE)
}

/// Answers the rpcs of the Search service.
#[derive(Clone, Debug)]
pub struct Handler {
    search: Search,
}

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send + 'static>>;

#[tonic::async_trait]
impl Contract for Handler {
    type WatchTopicStream = Answers<WatchTopicResponse>;
    type RebuildStream = Answers<RebuildResponse>;

    async fn query(&self, request: Request<QueryRequest>) -> Result<Response<QueryResponse>, Status> {
        Ok(Response::new(self.search.query(request.into_inner()).await?))
    }

    async fn watch_topic(
        &self,
        request: Request<WatchTopicRequest>,
    ) -> Result<Response<Self::WatchTopicStream>, Status> {
        Ok(answers(self.search.watch(request.into_inner()).await?))
    }

    async fn explain(&self, request: Request<ExplainRequest>) -> Result<Response<ExplainResponse>, Status> {
        Ok(Response::new(self.search.explain(request.into_inner()).await?))
    }

    async fn rebuild(
        &self,
        _request: Request<RebuildRequest>,
    ) -> Result<Response<Self::RebuildStream>, Status> {
        Ok(answers(self.search.rebuild().await?))
    }

    async fn get_status(
        &self,
        _request: Request<GetStatusRequest>,
    ) -> Result<Response<GetStatusResponse>, Status> {
        Ok(Response::new(self.search.status().await?))
    }
}

fn answers<T: Send + 'static>(told: mpsc::Receiver<Result<T, Error>>) -> Response<Answers<T>> {
    Response::new(Box::pin(ReceiverStream::new(told).map(|item| item.map_err(Status::from))))
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        let (code, reason) = kind(&error);
        if code == Code::Internal {
            tracing::error!(error = &error as &dyn std::error::Error, "the search index failed");
        }
        let details = ErrorDetails::with_error_info(reason, ERROR_DOMAIN, metadata(&error));
        Self::with_error_details(code, error.to_string(), details)
    }
}

fn kind(error: &Error) -> (Code, &'static str) {
    match error {
        Error::Query(_) => (Code::InvalidArgument, "QUERY"),
        Error::Page(PageError::Expired) => (Code::FailedPrecondition, "PAGE_EXPIRED"),
        Error::Page(_) => (Code::InvalidArgument, "INVALID_PAGE_TOKEN"),
        Error::Request { .. } => (Code::InvalidArgument, "INVALID_ARGUMENT"),
        Error::Behind { .. } => (Code::Unavailable, "BEHIND"),
        Error::Building { .. } => (Code::Unavailable, "BUILDING"),
        Error::Unreachable { .. } => (Code::Unavailable, "NO_STORAGE"),
        Error::Draining => (Code::Unavailable, "DRAINING"),
        Error::NotYet { .. } => (Code::OutOfRange, "NOT_YET"),
        Error::Compacted(_) => (Code::OutOfRange, "COMPACTED"),
        Error::NoSuchTopic(_) => (Code::NotFound, "NO_SUCH_TOPIC"),
        Error::TopicRemoved(_) => (Code::Aborted, "TOPIC_REMOVED"),
        Error::BrokenTopic { .. } => (Code::FailedPrecondition, "BROKEN_TOPIC"),
        Error::TooManyWatchers(_) => (Code::ResourceExhausted, "TOO_MANY"),
        Error::Rebuilding => (Code::Aborted, "REBUILDING"),
        Error::Busy { .. }
        | Error::NotOurs { .. }
        | Error::Folder { .. }
        | Error::Refused { .. }
        | Error::Broken(_) => (Code::Internal, "INDEX"),
    }
}

fn metadata(error: &Error) -> HashMap<String, String> {
    let place = |error: &QueryError| {
        vec![("start_byte", error.bytes.start.to_string()), ("end_byte", error.bytes.end.to_string())]
    };
    let pairs: Vec<(&str, String)> = match error {
        Error::Query(error) => place(error),
        Error::BrokenTopic { topic, source } => {
            let mut pairs = place(source);
            pairs.push(("topic", topic.clone()));
            pairs
        }
        Error::Request { field, .. } => vec![("field", (*field).to_owned())],
        Error::Behind { at, .. } => vec![("sequence", at.to_string())],
        Error::Building { sequence, head, records } => vec![
            ("sequence", sequence.to_string()),
            ("head", head.to_string()),
            ("records", records.to_string()),
        ],
        Error::NotYet { head, .. } => vec![("head", head.to_string())],
        Error::NoSuchTopic(topic) | Error::TopicRemoved(topic) => vec![("topic", topic.clone())],
        _ => Vec::new(),
    };
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// What storage's status means.
fn fault(status: &Status) -> Error {
    let reason = status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default();
    let passing =
        matches!(status.code(), Code::Unavailable | Code::Unknown | Code::Cancelled | Code::DeadlineExceeded);
    if passing {
        let message = format!("{:?}: {}", status.code(), status.message());
        return Error::Unreachable { peer: crate::STORAGE, message };
    }
    let reason = if reason.is_empty() { format!("{:?}", status.code()) } else { reason };
    Error::Refused { peer: crate::STORAGE, reason, message: status.message().to_owned() }
}
