//! Calls for a brief: many records at one sequence.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use api::record::Record;
use api::search::search_client::SearchClient;
use api::search::{ExplainRequest, Order, QueryRequest};
use api::storage::{BatchGetRequest, ReadGroupsRequest};
use prost::Message as _;
use tonic::Code;

use super::{Client, LARGEST_MESSAGE};

/// Names of one request, as storage limits them.
const AT_ONCE: usize = 1000;

/// Requests that are under way at a time.
const UNDER_WAY: usize = 4;

/// Between two questions to an index that is being made.
const AGAIN: Duration = Duration::from_millis(100);

/// Which documents are asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answering<'a> {
    /// The query as the reader gave it; empty for all.
    pub(crate) query: &'a str,
    /// Without the aliases of names.
    pub(crate) literal: bool,
    /// What has to hold besides, as ` AND field:value`.
    pub(crate) narrowed: &'a str,
    /// The index has to have come so far.
    pub(crate) at_least_sequence: i64,
    /// How long to wait for that.
    pub(crate) wait: Duration,
    /// At most so many.
    pub(crate) most: usize,
}

impl Client {
    /// Several records as of a sequence (zero: all as of the one that is the latest now); those that are not there are left out.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn batch_get_at(&self, names: &[String], mut at_sequence: i64) -> Result<Vec<Record>> {
        let mut storage = self.storage().await?;
        let mut records = Vec::with_capacity(names.len());
        for chunk in names.chunks(AT_ONCE) {
            let mut wanted = chunk.to_vec();
            while !wanted.is_empty() {
                let request = BatchGetRequest { names: wanted, at_sequence, read_mask: None };
                let answer = storage.batch_get(request).await.map_err(|s| self.failure(s))?.into_inner();
                records.extend(answer.records);
                wanted = answer.remaining;
                at_sequence = answer.read_sequence;
            }
        }
        Ok(records)
    }

    /// All records of these kinds that carry one of these values of a key, as of a sequence. They come without the sequences
    /// at which they were written.
    ///
    /// # Errors
    /// If the server does not answer, or a group is too large.
    pub(crate) async fn read_groups(
        &self,
        kinds: &[String],
        key_name: &str,
        values: &[String],
        at_sequence: i64,
    ) -> Result<Vec<Record>> {
        use futures::{StreamExt as _, TryStreamExt as _};
        let storage = self.storage().await?;
        let parts = futures::stream::iter(values.chunks(AT_ONCE / UNDER_WAY)).map(|chunk| {
            let mut storage = storage.clone();
            let request = ReadGroupsRequest {
                kinds: kinds.to_vec(),
                key_name: key_name.to_owned(),
                values: chunk.to_vec(),
                at_sequence,
                ..Default::default()
            };
            async move {
                let answer = storage.read_groups(request).await.map_err(|s| self.failure(s))?;
                let mut parts = answer.into_inner();
                let mut records = Vec::new();
                while let Some(part) = parts.message().await.map_err(|s| self.failure(s))? {
                    let value = chunk.get(part.index as usize).map_or("", String::as_str);
                    anyhow::ensure!(!part.truncated, "too much is derived from {value} to be read at once");
                    for record in part.records {
                        records.push(
                            Record::decode(record).context("the server answered with a broken record")?,
                        );
                    }
                }
                anyhow::Ok(records)
            }
        });
        let parts: Vec<Vec<Record>> = parts.buffered(UNDER_WAY).try_collect().await?;
        Ok(parts.into_iter().flatten().collect())
    }

    /// Names of the documents that answer a query, the latest published first, once the index has come to a sequence. While the
    /// index is being made, or is behind, it asks again for as long as `wait` allows.
    ///
    /// # Errors
    /// If the query cannot be read, or no search service answers in time.
    pub(crate) async fn answering(&self, asked: Answering<'_>) -> Result<Vec<String>> {
        let Answering { query, literal, narrowed, at_least_sequence, wait, most } = asked;
        let deadline = Instant::now() + wait;
        let peer = self.service(server::ServiceName::Search).await?;
        let mut search = SearchClient::new(peer).max_decoding_message_size(LARGEST_MESSAGE);
        // What is wrong with the query is told of the query as it was given, before more is put around it.
        let asked = ExplainRequest { query: query.to_owned(), literal };
        search.explain(asked).await.map_err(|s| self.failure(s))?;
        let query = match query.trim() {
            "" => format!("kind:document{narrowed}"),
            query => format!("({query}) AND kind:document{narrowed}"),
        };
        let mut request = QueryRequest {
            query,
            literal,
            order: Order::Time.into(),
            page_size: 1000,
            at_least_sequence,
            ..Default::default()
        };
        let mut names = Vec::new();
        loop {
            let page = match search.query(request.clone()).await {
                Ok(page) => page.into_inner(),
                // A status with a source was made here: nobody answered.
                Err(status)
                    if status.code() == Code::Unavailable
                        && std::error::Error::source(&status).is_none()
                        && Instant::now() < deadline =>
                {
                    tokio::time::sleep(AGAIN).await;
                    continue;
                }
                Err(status) => return Err(self.failure(status)),
            };
            names.extend(page.hits.into_iter().map(|hit| hit.name));
            if page.next_page_token.is_empty() || names.len() >= most {
                names.truncate(most);
                return Ok(names);
            }
            request.page_token = page.next_page_token;
        }
    }
}
