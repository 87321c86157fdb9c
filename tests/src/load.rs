//! Many documents: sent until something stops the server, and counted afterwards.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use api::record::{Document, Record};
use api::storage::{ImportRequest, ListRequest, Outcome};
use prost::{Message as _, Name as _};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use crate::Wire;

/// Documents in a batch.
const BATCH: usize = 16;

/// The document of this number, of this text; those of different rounds have different names.
#[must_use]
pub fn document(round: usize, number: usize, text: String) -> Record {
    let name = format!("documents/{round:08x}{number:024x}");
    let body = Document { text, language: "en".into(), ..Default::default() };
    Record {
        keys: vec![format!("document={name}")],
        name,
        kind: Document::full_name(),
        body: body.encode_to_vec().into(),
        ..Default::default()
    }
}

/// Imports up to 100,000 documents of the texts that `text` gives, until the import ends; the names that were
/// acknowledged, and the error that ended it. `progress` is told after each answer how many are acknowledged.
///
/// # Errors
/// If the import can not be opened, or a document is refused.
pub async fn import_until_cut(
    wire: &Wire,
    round: usize,
    text: impl Fn(usize) -> String + Send + Sync + 'static,
    mut progress: impl FnMut(usize),
) -> Result<(BTreeSet<String>, Option<Status>)> {
    let (sender, receiver) = tokio::sync::mpsc::channel(64);
    let mut answers = wire.storage().import(ReceiverStream::new(receiver)).await?.into_inner();
    tokio::spawn(async move {
        for batch in 0..100_000 / BATCH {
            let first = batch * BATCH;
            let records = (first..first + BATCH).map(|n| document(round, n, text(n))).collect();
            if sender.send(ImportRequest { batch_id: batch as u64, records }).await.is_err() {
                break;
            }
        }
    });
    let mut acknowledged = BTreeSet::new();
    let end = loop {
        match answers.message().await {
            Ok(Some(answer)) => {
                ensure!(answer.outcomes().all(|o| o == Outcome::Written), "{:?}", answer.refusals);
                let first = usize::try_from(answer.batch_id)? * BATCH;
                acknowledged.extend((first..first + BATCH).map(|n| document(round, n, String::new()).name));
                progress(acknowledged.len());
            }
            Ok(None) => break None,
            Err(status) => break Some(status),
        }
    };
    Ok((acknowledged, end))
}

/// Names of all documents that are stored.
///
/// # Errors
/// If the server does not answer.
pub async fn stored(wire: &Wire) -> Result<BTreeSet<String>> {
    let mut storage = wire.storage();
    let mut request = ListRequest { kind: Document::full_name(), page_size: 1000, ..Default::default() };
    let mut names = BTreeSet::new();
    loop {
        let page = storage.list(request.clone()).await?.into_inner();
        names.extend(page.records.into_iter().map(|r| r.name));
        if page.next_page_token.is_empty() {
            return Ok(names);
        }
        request.page_token = page.next_page_token;
    }
}
