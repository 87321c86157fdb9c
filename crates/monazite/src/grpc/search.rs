//! Calls on the search service.

use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::Result;
use api::Peer;
use api::search::search_client::SearchClient;
use api::search::{
    ExplainRequest, ExplainResponse, GetStatusRequest, GetStatusResponse, QueryRequest, QueryResponse,
    RebuildRequest, RebuildResponse, WatchTopicRequest, WatchTopicResponse,
};
use tonic::{Status, Streaming};
use tonic_types::StatusExt as _;

use super::{Client, LARGEST_MESSAGE};
use crate::failure::{Failure, Kind};

/// How long a question waits for the first index.
const FIRST_INDEX: Duration = Duration::from_secs(20);

/// After which time it is asked again.
const ASKED_AGAIN: Duration = Duration::from_millis(100);

/// Bytes of the passage of an alert.
const PASSAGE: u32 = 240;

/// Why a query cannot be read.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the query cannot be read: {what}")]
pub(crate) struct Malformed {
    /// What is wrong.
    pub(crate) what: String,
    /// How to mend it; empty if nobody said.
    pub(crate) help: String,
    /// Where, in bytes of the query.
    pub(crate) bytes: Range<usize>,
}

impl Malformed {
    /// Reads the message and metadata of the service.
    fn new(message: &str, metadata: &std::collections::HashMap<String, String>) -> Self {
        let byte = |name: &str| metadata.get(name).and_then(|byte| byte.parse().ok()).unwrap_or(0);
        // The place is told apart: it is shown, and counted from another start where filters were added.
        let said = match message.split_once("): ") {
            Some((place, said)) if place.starts_with("the query cannot be read at") => said,
            _ => message,
        };
        let (what, help) = said.split_once("; ").unwrap_or((said, ""));
        Self { what: what.to_owned(), help: help.to_owned(), bytes: byte("start_byte")..byte("end_byte") }
    }
}

/// Alerts of a topic as they come.
pub(crate) struct Watch {
    stream: Streaming<WatchTopicResponse>,
}

impl Watch {
    /// The alerts of the next commit, or a mark of progress; `None` if the server ended the watch.
    ///
    /// # Errors
    /// If the connection broke ([`Kind::NoServer`]), or the topic is gone.
    pub(crate) async fn next(&mut self, client: &Client) -> Result<Option<WatchTopicResponse>> {
        self.stream.message().await.map_err(|status| client.search_failure(status))
    }
}

impl Client {
    async fn search(&self) -> Result<SearchClient<Peer>> {
        let peer = self.service(server::ServiceName::Search).await?;
        Ok(SearchClient::new(peer)
            .max_decoding_message_size(LARGEST_MESSAGE)
            .max_encoding_message_size(LARGEST_MESSAGE))
    }

    /// One page of an answer. While the first index is being made, as at the start of a server, it waits a moment.
    ///
    /// # Errors
    /// [`Malformed`]; if a field or token is refused, the index is not there yet, or the server does not answer.
    pub(crate) async fn query(&self, request: QueryRequest) -> Result<QueryResponse> {
        let mut search = self.search().await?;
        let deadline = Instant::now() + FIRST_INDEX;
        loop {
            match search.query(request.clone()).await {
                Ok(answer) => return Ok(answer.into_inner()),
                Err(status) if is_building(&status) && Instant::now() < deadline => {
                    tokio::time::sleep(ASKED_AGAIN).await;
                }
                Err(status) => return Err(self.search_failure(status)),
            }
        }
    }

    /// Waits until the search index has come to the present head of the log. Where there is none, or it is far behind, nobody
    /// is to wait for it: `monazite status` tells.
    pub(crate) async fn until_found(&self) {
        let Ok(statistics) = self.statistics().await else { return };
        let request = QueryRequest {
            query: "sequence:0".to_owned(),
            at_least_sequence: statistics.head,
            page_size: 1,
            ..QueryRequest::default()
        };
        if let Err(error) = self.query(request).await {
            tracing::debug!(%error, "the search index was not waited for");
        }
    }

    /// What a query means.
    ///
    /// # Errors
    /// [`Malformed`]; if the server does not answer.
    pub(crate) async fn explain(&self, query: &str, literal: bool) -> Result<ExplainResponse> {
        let request = ExplainRequest { query: query.to_owned(), literal };
        let answer = self.search().await?.explain(request).await;
        Ok(answer.map_err(|status| self.search_failure(status))?.into_inner())
    }

    /// How far the index has come.
    ///
    /// # Errors
    /// If no search service answers.
    pub(crate) async fn search_status(&self) -> Result<GetStatusResponse> {
        let answer = self.search().await?.get_status(GetStatusRequest {}).await;
        Ok(answer.map_err(|status| self.search_failure(status))?.into_inner())
    }

    /// Has the index made again; `tell` hears of progress. The answer is the last word.
    ///
    /// # Errors
    /// If it is being made already, or the server does not answer.
    pub(crate) async fn rebuild(&self, mut tell: impl FnMut(&RebuildResponse)) -> Result<RebuildResponse> {
        let answer = self.search().await?.rebuild(RebuildRequest {}).await;
        let mut progress = answer.map_err(|status| self.search_failure(status))?.into_inner();
        let mut last = None;
        while let Some(message) = progress.message().await.map_err(|status| self.search_failure(status))? {
            tell(&message);
            last = Some(message);
        }
        last.filter(|last| last.done).ok_or_else(|| {
            Failure::new(
                Kind::Failed,
                "the server ended the answer early; `monazite status` tells how far the index is",
            )
            .into()
        })
    }

    /// Watches a topic: what was committed after a sequence, then what comes.
    ///
    /// # Errors
    /// If there is no such topic, the log has forgotten the sequence, or the server does not answer.
    pub(crate) async fn watch(&self, topic: &str, after_sequence: i64) -> Result<Watch> {
        let request = WatchTopicRequest {
            topic: topic.to_owned(),
            after_sequence: Some(after_sequence),
            snippet_bytes: PASSAGE,
        };
        let answer = self.search().await?.watch_topic(request).await;
        Ok(Watch { stream: answer.map_err(|status| self.search_failure(status))?.into_inner() })
    }

    /// Turns a status of the search service into an error for people.
    fn search_failure(&self, status: Status) -> anyhow::Error {
        let Some(info) = status.get_details_error_info() else { return self.failure(status) };
        let failed = |message: String| Failure::new(Kind::Failed, message).into();
        let not_ready = |message: String| Failure::new(Kind::NoServer, message).into();
        let told = |name: &str| info.metadata.get(name).map_or("?", String::as_str);
        match info.reason.as_str() {
            "QUERY" => Malformed::new(status.message(), &info.metadata).into(),
            "BUILDING" => not_ready(format!(
                "there is no index to search in yet: it has come to sequence {} of {} of the log; `monazite status` tells how \
                 far it is",
                told("sequence"),
                told("head")
            )),
            "BEHIND" => not_ready(format!("{}; try again, or ask for less", status.message())),
            "PAGE_EXPIRED" => failed(format!("{}; ask again without --page", status.message())),
            "INVALID_PAGE_TOKEN" => failed(format!(
                "{}; --page goes with the very query and filters that gave its token",
                status.message()
            )),
            "BROKEN_TOPIC" => failed(format!("{}; `monazite topics show` tells where", status.message())),
            "INVALID_ARGUMENT" | "NOT_YET" | "COMPACTED" | "TOPIC_REMOVED" => {
                failed(status.message().to_owned())
            }
            "REBUILDING" => failed(
                "the index is being made again already; `monazite status` tells how far it is".to_owned(),
            ),
            _ => self.failure(status),
        }
    }
}

/// Whether there is no index yet, but soon.
fn is_building(status: &Status) -> bool {
    status.get_details_error_info().is_some_and(|info| info.reason == "BUILDING")
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn place_and_help_are_told_apart() {
        let metadata = HashMap::from([("start_byte".into(), "11".into()), ("end_byte".into(), "12".into())]);
        let message =
            "the query cannot be read at character 8 (byte 11): it is not closed; add «)», or quote it";
        let malformed = Malformed::new(message, &metadata);
        assert_eq!(malformed.bytes, 11..12);
        assert_eq!(malformed.to_string(), "the query cannot be read: it is not closed");
        assert_eq!(malformed.help, "add «)», or quote it");
        let other = Malformed::new("too long", &HashMap::new());
        assert_eq!((other.what.as_str(), other.help.as_str(), other.bytes), ("too long", "", 0..0));
    }
}
