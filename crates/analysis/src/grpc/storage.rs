//! The log, as a client of storage's gRPC service.

use std::time::Duration;

use api::record::Record;
use api::storage::storage_client::StorageClient;
use api::storage::{
    BatchGetRequest, ChangesRequest, ChangesResponse, CommitRequest, CommitResponse, Derivation, GetRequest,
    GetStatisticsRequest, ListDerivationsRequest, ListDerivationsResponse, ListRequest, ListResponse,
    ReadGroupsRequest, ReadGroupsResponse,
};
use tonic::Streaming;

use crate::error::Result;
use crate::grpc::{MAX_MESSAGE, answer, fault};

/// Storage, as the dataflow uses it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Log {
    client: StorageClient<api::Peer>,
    timeout: Duration,
}

/// A stream of storage's answers.
pub(crate) struct Answers<T>(Streaming<T>);

impl<T> Answers<T> {
    /// The next answer; `None` at the end.
    ///
    /// # Errors
    /// As the rpc's.
    pub(crate) async fn next(&mut self) -> Result<Option<T>> {
        self.0.message().await.map_err(|status| fault(crate::STORAGE, &status))
    }
}

impl Log {
    /// A client that gives up on an answer after `timeout`.
    pub(crate) fn new(peer: api::Peer, timeout: Duration) -> Self {
        let client = StorageClient::new(peer)
            .max_decoding_message_size(MAX_MESSAGE)
            .max_encoding_message_size(MAX_MESSAGE);
        Self { client, timeout }
    }

    /// Sequence of the latest commit.
    pub(crate) async fn head(&self) -> Result<i64> {
        let mut client = self.client.clone();
        let call = client.get_statistics(GetStatisticsRequest {});
        Ok(answer(crate::STORAGE, self.timeout, call).await?.head)
    }

    /// The live record of a name.
    pub(crate) async fn get(&self, name: &str) -> Result<Option<Record>> {
        let mut client = self.client.clone();
        let request = GetRequest { name: name.to_owned(), ..GetRequest::default() };
        match answer(crate::STORAGE, self.timeout, client.get(request)).await {
            Ok(response) => Ok(response.record),
            Err(error) if error.reason() == "NO_SUCH_RECORD" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The live records of up to 1,000 names, and the names of those that are not there.
    pub(crate) async fn batch_get(&self, names: Vec<String>) -> Result<(Vec<Record>, Vec<String>)> {
        let (mut records, mut missing, mut names) = (Vec::new(), Vec::new(), names);
        let mut at_sequence = 0;
        while !names.is_empty() {
            let mut client = self.client.clone();
            let request = BatchGetRequest { names, at_sequence, read_mask: None };
            let response = answer(crate::STORAGE, self.timeout, client.batch_get(request)).await?;
            records.extend(response.records);
            missing.extend(response.missing);
            at_sequence = response.read_sequence;
            names = response.remaining;
        }
        Ok((records, missing))
    }

    /// One page of records.
    pub(crate) async fn list(&self, request: ListRequest) -> Result<ListResponse> {
        let mut client = self.client.clone();
        answer(crate::STORAGE, self.timeout, client.list(request)).await
    }

    /// All live records of a kind that carry all these keys.
    pub(crate) async fn list_all(&self, kind: String, keys: Vec<String>) -> Result<Vec<Record>> {
        let mut request = ListRequest { kind, keys, page_size: 1000, ..ListRequest::default() };
        let mut records = Vec::new();
        loop {
            let page = self.list(request.clone()).await?;
            records.extend(page.records);
            if page.next_page_token.is_empty() {
                return Ok(records);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// One commit.
    pub(crate) async fn commit(&self, request: CommitRequest) -> Result<CommitResponse> {
        let mut client = self.client.clone();
        answer(crate::STORAGE, self.timeout, client.commit(request)).await
    }

    /// The feed.
    pub(crate) async fn changes(&self, request: ChangesRequest) -> Result<Answers<ChangesResponse>> {
        let mut client = self.client.clone();
        Ok(Answers(answer(crate::STORAGE, self.timeout, client.changes(request)).await?))
    }

    /// Groups of records.
    pub(crate) async fn read_groups(
        &self,
        request: ReadGroupsRequest,
    ) -> Result<Answers<ReadGroupsResponse>> {
        let mut client = self.client.clone();
        Ok(Answers(answer(crate::STORAGE, self.timeout, client.read_groups(request)).await?))
    }

    /// One page of derivations.
    pub(crate) async fn derivations(
        &self,
        request: ListDerivationsRequest,
    ) -> Result<ListDerivationsResponse> {
        let mut client = self.client.clone();
        answer(crate::STORAGE, self.timeout, client.list_derivations(request)).await
    }

    /// What one group was last derived from.
    pub(crate) async fn derivation(&self, analyzer: &str, group: &str) -> Result<Option<Derivation>> {
        let request = ListDerivationsRequest {
            analyzer: analyzer.to_owned(),
            group: group.to_owned(),
            ..ListDerivationsRequest::default()
        };
        Ok(self.derivations(request).await?.derivations.into_iter().next())
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").finish_non_exhaustive()
    }
}
