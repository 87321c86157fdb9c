//! The log, as a client of storage's gRPC service.

use std::time::Duration;

use api::record::Record;
use api::storage::storage_client::StorageClient;
use api::storage::{
    BatchGetRequest, ChangesRequest, ChangesResponse, GetStatisticsRequest, ListRequest, ListResponse,
    ReadGroupsRequest,
};
use bytes::Bytes;
use futures::future::BoxFuture;
use tonic::{Response, Status, Streaming};

use super::{MAX_MESSAGE, fault};
use crate::error::{Error, Result};

/// Names and values of one call.
const ITEMS: usize = 1_000;

/// Storage, as search uses it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Log {
    client: StorageClient<api::Peer>,
    timeout: Duration,
}

/// The feed.
pub(crate) struct Feed(Streaming<ChangesResponse>);

impl Feed {
    /// The next message; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<ChangesResponse>> {
        self.0.message().await.map_err(|status| fault(&status))
    }
}

impl Log {
    /// A client that gives up on an answer after `timeout`.
    pub(crate) fn new(peer: api::Peer, timeout: Duration) -> Log {
        let client = StorageClient::new(peer)
            .max_decoding_message_size(MAX_MESSAGE)
            .max_encoding_message_size(MAX_MESSAGE);
        Log { client, timeout }
    }

    /// Sequence of the latest commit.
    pub(crate) async fn head(&self) -> Result<i64> {
        let mut client = self.client.clone();
        Ok(answer(self.timeout, client.get_statistics(GetStatisticsRequest {})).await?.head)
    }

    /// The records of these names as of a sequence, or now if that is zero. Those that are not there are left out.
    pub(crate) async fn get(&self, names: &[String], sequence: i64) -> Result<Vec<Record>> {
        let mut records = Vec::new();
        for chunk in names.chunks(ITEMS) {
            let mut names = chunk.to_vec();
            let mut at_sequence = sequence;
            while !names.is_empty() {
                let mut client = self.client.clone();
                let request = BatchGetRequest { names, at_sequence, read_mask: None };
                let response = answer(self.timeout, client.batch_get(request)).await?;
                records.extend(response.records);
                at_sequence = response.read_sequence;
                names = response.remaining;
            }
        }
        Ok(records)
    }

    /// One page of records.
    pub(crate) async fn list(&self, request: ListRequest) -> Result<ListResponse> {
        let mut client = self.client.clone();
        answer(self.timeout, client.list(request)).await
    }

    /// All records of these kinds that are keyed to each of these documents as of a sequence, in the order of the documents:
    /// encoded, without sequence and time.
    pub(crate) async fn of_documents(
        &self,
        kinds: &[String],
        documents: &[String],
        sequence: i64,
    ) -> Result<Vec<Vec<Bytes>>> {
        let mut groups = vec![Vec::new(); documents.len()];
        for (chunk, first) in documents.chunks(ITEMS).zip((0..).step_by(ITEMS)) {
            let mut client = self.client.clone();
            let request = ReadGroupsRequest {
                kinds: kinds.to_vec(),
                key_name: "document".to_owned(),
                values: chunk.to_vec(),
                at_sequence: sequence,
                ..ReadGroupsRequest::default()
            };
            let mut parts = answer(self.timeout, client.read_groups(request)).await?;
            while let Some(part) = parts.message().await.map_err(|status| fault(&status))? {
                let group = usize::try_from(part.index).ok().and_then(|index| groups.get_mut(first + index));
                let Some(group) = group else { return Err(odd("it answered for a group not asked for")) };
                if part.truncated {
                    tracing::warn!(
                        sequence,
                        "a document has more records than can be read; they are not indexed with it"
                    );
                }
                group.extend(part.records);
            }
        }
        Ok(groups)
    }

    /// Follows the log.
    pub(crate) async fn changes(&self, request: ChangesRequest) -> Result<Feed> {
        let mut client = self.client.clone();
        Ok(Feed(answer(self.timeout, client.changes(request)).await?))
    }
}

fn odd(message: &str) -> Error {
    Error::Unreachable {
        peer: crate::STORAGE,
        message: format!("its answer cannot be understood: {message}"),
    }
}

/// Waits for an answer, but not for ever.
///
/// The call is boxed here and now: within an async block the compiler cannot prove of a generated client over a
/// [`api::Peer`] that its futures are `Send`, for it forgets that the peer's error is `'static`.
fn answer<'a, T: 'a>(
    timeout: Duration,
    call: impl Future<Output = std::result::Result<Response<T>, Status>> + Send + 'a,
) -> BoxFuture<'a, Result<T>> {
    let call: BoxFuture<'a, _> = Box::pin(call);
    Box::pin(async move {
        match tokio::time::timeout(timeout, call).await {
            Ok(Ok(response)) => Ok(response.into_inner()),
            Ok(Err(status)) => Err(fault(&status)),
            Err(_) => Err(Error::Unreachable {
                peer: crate::STORAGE,
                message: format!("no answer within {timeout:?}"),
            }),
        }
    })
}
