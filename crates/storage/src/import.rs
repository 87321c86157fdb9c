use std::sync::Arc;
use std::sync::atomic::Ordering;

use api::storage::{ImportRequest, ImportResponse, Outcome, Refusal};
use futures::{Stream, StreamExt, future};
use prost::Message;
use tokio::sync::OwnedSemaphorePermit;

use crate::check::{self, Request, Step};
use crate::config::limits;
use crate::error::{Error, Result};
use crate::shared::Shared;
use crate::{Prepared, Storage};

/// Import requests of one stream that are prepared at a time.
const PREPARED: usize = 4;

/// What of an answer is known before anything is written.
struct Answer {
    batch_id: u64,
    /// Outcomes so far; the places of what is written are filled in later.
    outcomes: Vec<Outcome>,
    /// For each operation, the index of its record in the request.
    indexes: Vec<usize>,
    refusals: Vec<Refusal>,
}

impl Storage {
    /// Writes records as they come and answers each request, in order, once all of it is durable. The answers must be
    /// taken for the requests to be read. An error ends the answers.
    pub fn import(
        &self,
        requests: impl Stream<Item = ImportRequest> + Send + 'static,
    ) -> impl Stream<Item = Result<ImportResponse>> + Send + 'static {
        let storage = self.clone();
        let window = self.shared.config.import_window.max(1);
        let submitter = self.clone();
        let gate = self.clone();
        let answers = requests
            .then(move |request| {
                let storage = gate.clone();
                // In the order of the stream: a later request that holds its share must not keep an earlier one out.
                async move { storage.admit(request.encoded_len()).await.map(|permit| (request, permit)) }
            })
            .map(move |admitted| {
                let storage = storage.clone();
                let counted = Counted::new(&storage.shared);
                // Each on a task of its own, so that hashing and compressing use all processors.
                let task = tokio::spawn(async move {
                    let (request, permit) = admitted?;
                    Ok::<_, Error>((storage.prepare_import(request, permit).await?, counted))
                });
                async move { task.await.map_err(|_| Error::Draining)? }
            })
            .buffered(PREPARED)
            .then(move |prepared| {
                let storage = submitter.clone();
                // Requests join the queue one by one: their order is that of the stream.
                async move {
                    let ((answer, prepared), counted): (_, Counted) = prepared?;
                    let receipt = storage.submit(prepared).await?;
                    drop(counted);
                    Ok((answer, receipt))
                }
            })
            .map(|submitted: Result<_>| async move {
                let (answer, receipt) = submitted?;
                receipt.await.map_err(|_| Error::Draining)?.map(|receipt| answer.finish(receipt))
            })
            .buffered(window);
        let mut failed = false;
        answers.take_while(move |answer| {
            let go_on = !failed;
            failed |= answer.is_err();
            future::ready(go_on)
        })
    }

    async fn prepare_import(
        &self,
        request: ImportRequest,
        permit: OwnedSemaphorePermit,
    ) -> Result<(Answer, Prepared)> {
        check::too_many("records", request.records.len(), limits::IMPORT_RECORDS)?;
        let mut answer = Answer {
            batch_id: request.batch_id,
            outcomes: Vec::new(),
            indexes: Vec::new(),
            refusals: Vec::new(),
        };
        let mut operations = Vec::with_capacity(request.records.len());
        for (index, record) in request.records.into_iter().enumerate() {
            match check::draft(index, record) {
                Ok(draft) => {
                    operations.push(Step::Put(Box::new(draft)));
                    answer.indexes.push(index);
                    answer.outcomes.push(Outcome::Unspecified);
                }
                Err(error) => answer.refuse(index, &error),
            }
        }
        let request = Request { operations, preconditions: Vec::new(), import: true };
        Ok((answer, self.prepare(request, permit).await?))
    }
}

impl Answer {
    fn refuse(&mut self, index: usize, error: &Error) {
        self.outcomes.resize(self.outcomes.len().max(index + 1), Outcome::Refused);
        self.outcomes[index] = Outcome::Refused;
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        self.refusals.push(Refusal { index, reason: error.reason().to_owned(), message: error.to_string() });
    }

    fn finish(mut self, receipt: crate::writer::Receipt) -> ImportResponse {
        let indexes = std::mem::take(&mut self.indexes);
        for (index, outcome) in indexes.iter().zip(receipt.outcomes) {
            self.outcomes[*index] = outcome;
        }
        for (operation, error) in &receipt.refusals {
            self.refuse(indexes[*operation], error);
        }
        self.refusals.sort_unstable_by_key(|refusal| refusal.index);
        ImportResponse {
            batch_id: self.batch_id,
            sequence: receipt.sequence.cast_signed(),
            outcomes: self.outcomes.into_iter().map(i32::from).collect(),
            refusals: self.refusals,
        }
    }
}

/// Counts an import request that is on its way to the writer.
struct Counted(Arc<Shared>);

impl Counted {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.preparing.fetch_add(1, Ordering::Relaxed);
        Self(shared.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.preparing.fetch_sub(1, Ordering::Relaxed);
    }
}
