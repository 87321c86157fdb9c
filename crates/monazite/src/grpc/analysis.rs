//! Calls on the dataflow.

use std::time::Duration;

use anyhow::Result;
use api::Peer;
use api::analysis::analysis_client::AnalysisClient;
use api::analysis::{
    Failure, GetStatusRequest, GetStatusResponse, ListFailuresRequest, RetryFailuresRequest,
    WaitSettledRequest, WaitSettledResponse,
};

use super::Client;
use crate::failure::{Failure as CommandFailure, Kind};

impl Client {
    async fn analysis(&self) -> Result<AnalysisClient<Peer>> {
        Ok(AnalysisClient::new(self.service(server::ServiceName::Analysis).await?))
    }

    /// How far each analyzer has come.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn status(&self) -> Result<GetStatusResponse> {
        let answer = self.analysis().await?.get_status(GetStatusRequest {}).await;
        Ok(answer.map_err(|s| self.failure(s))?.into_inner())
    }

    /// Waits until what follows from a sequence is settled; `tell` hears of progress. The answer is the last word.
    ///
    /// # Errors
    /// If it takes longer than `limit`, or the server does not answer.
    pub(crate) async fn wait_settled(
        &self,
        sequence: i64,
        limit: Duration,
        mut tell: impl FnMut(&WaitSettledResponse),
    ) -> Result<WaitSettledResponse> {
        let mut analysis = self.analysis().await?;
        let wait = async {
            let answer = analysis.wait_settled(WaitSettledRequest { sequence }).await;
            let mut progress = answer.map_err(|s| self.failure(s))?.into_inner();
            let mut last = None;
            while let Some(message) = progress.message().await.map_err(|s| self.failure(s))? {
                tell(&message);
                let done = message.settled_sequence > 0;
                last = Some(message);
                if done {
                    break;
                }
            }
            last.ok_or_else(|| anyhow::anyhow!("the server ended the wait without an answer"))
        };
        tokio::time::timeout(limit, wait).await.map_err(|_| {
            let message = format!(
                "not settled after {} s; what was imported is safe, and `monazite status` tells what is missing",
                limit.as_secs()
            );
            anyhow::Error::from(CommandFailure::new(Kind::Failed, message))
        })?
    }

    /// Groups whose last analysis failed.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn failures(&self, analyzer: &str) -> Result<Vec<Failure>> {
        let mut analysis = self.analysis().await?;
        let mut request =
            ListFailuresRequest { analyzer: analyzer.into(), page_size: 500, ..Default::default() };
        let mut all = Vec::new();
        loop {
            let page =
                analysis.list_failures(request.clone()).await.map_err(|s| self.failure(s))?.into_inner();
            all.extend(page.failures);
            if page.next_page_token.is_empty() {
                return Ok(all);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// Analyzes failed groups again; the answer is how many.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn retry_failures(&self, analyzer: &str) -> Result<u32> {
        let request = RetryFailuresRequest { names: Vec::new(), analyzer: analyzer.into() };
        let answer = self.analysis().await?.retry_failures(request).await;
        Ok(answer.map_err(|s| self.failure(s))?.into_inner().groups)
    }
}
