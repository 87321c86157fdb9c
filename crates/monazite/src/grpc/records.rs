//! Calls on the log.

use std::path::Path;

use anyhow::{Context as _, Result};
use api::Peer;
use api::record::Record;
use api::storage::storage_client::StorageClient;
use api::storage::{
    BackupRequest, CommitRequest, Delete, GetRequest, GetStatisticsRequest, GetStatisticsResponse,
    ImportRequest, ImportResponse, ListRequest, Operation, Precondition, Put, RestoreRequest,
    RestoreResponse, operation, precondition,
};
use prost_types::FieldMask;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

use super::{Client, LARGEST_MESSAGE};

/// Batches of an import that may be unanswered at a time.
const IMPORT_WINDOW: usize = 32;

/// Bytes of a backup sent at a time.
const PIECE: usize = 256 * 1024;

/// What to list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listed<'a> {
    /// Full name of the kind.
    pub(crate) kind: &'a str,
    /// Keys that records must carry.
    pub(crate) keys: Vec<String>,
    /// Latest commits first.
    pub(crate) newest_first: bool,
    /// At most this many; zero for all.
    pub(crate) limit: usize,
    /// As of this sequence; zero for now.
    pub(crate) at_sequence: i64,
    /// Fields to fetch; empty for all.
    pub(crate) fields: &'a [&'a str],
}

/// Records on their way into the log.
pub(crate) type ImportBatch = ImportRequest;

/// An open import: batches go in on one side, answers come out on the other.
pub(crate) struct Importer {
    /// Takes batches; waits while too many are unanswered. The import ends when all its clones are dropped.
    pub(crate) batches: mpsc::Sender<ImportBatch>,
    answers: ImportAnswers,
}

impl Importer {
    /// The answers; gives up this side's right to send.
    pub(crate) fn answers(self) -> ImportAnswers {
        self.answers
    }
}

/// Answers of an import, in the order of its batches.
pub(crate) struct ImportAnswers {
    stream: Streaming<ImportResponse>,
    url: String,
}

impl ImportAnswers {
    /// The next answer; `None` after the last.
    ///
    /// # Errors
    /// If the server ends the import.
    pub(crate) async fn next(&mut self) -> Result<Option<ImportResponse>> {
        self.stream
            .message()
            .await
            .map_err(|s| anyhow::anyhow!("{} ended the import: {}", self.url, s.message()))
    }
}

impl Client {
    pub(super) async fn storage(&self) -> Result<StorageClient<Peer>> {
        let peer = self.service(server::ServiceName::Storage).await?;
        Ok(StorageClient::new(peer)
            .max_decoding_message_size(LARGEST_MESSAGE)
            .max_encoding_message_size(LARGEST_MESSAGE))
    }

    /// Hands every record of a listing to `each`, page by page, all at one sequence, until it says to stop.
    ///
    /// # Errors
    /// If the server does not answer, or `each` fails.
    pub(crate) async fn each(
        &self,
        listed: Listed<'_>,
        mut each: impl AsyncFnMut(Vec<Record>) -> Result<bool>,
    ) -> Result<()> {
        let mut storage = self.storage().await?;
        let mut left = if listed.limit == 0 { usize::MAX } else { listed.limit };
        let page_size = i32::try_from(left.min(500)).unwrap_or(500);
        let mut request = ListRequest {
            kind: listed.kind.to_owned(),
            keys: listed.keys,
            newest_first: listed.newest_first,
            page_size,
            at_sequence: listed.at_sequence,
            read_mask: mask(listed.fields),
            ..Default::default()
        };
        loop {
            let page = storage.list(request.clone()).await.map_err(|s| self.failure(s))?.into_inner();
            let mut records = page.records;
            records.truncate(left);
            left -= records.len();
            if !each(records).await? || left == 0 || page.next_page_token.is_empty() {
                return Ok(());
            }
            request.page_token = page.next_page_token;
        }
    }

    /// All records of a listing.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn list(&self, listed: Listed<'_>) -> Result<Vec<Record>> {
        let mut all = Vec::new();
        self.each(listed, async |mut records| {
            all.append(&mut records);
            Ok(true)
        })
        .await?;
        Ok(all)
    }

    /// One record, as of a sequence (zero: now).
    ///
    /// # Errors
    /// If there is none, or the server does not answer.
    pub(crate) async fn get(&self, name: &str, at_sequence: i64) -> Result<Record> {
        let request = GetRequest { name: name.to_owned(), at_sequence, read_mask: None };
        let answer = self.storage().await?.get(request).await.map_err(|s| self.failure(s))?;
        answer.into_inner().record.context("the server answered without a record")
    }

    /// Several records as of now, all at one sequence; those that are gone are left out.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn batch_get(&self, names: &[String]) -> Result<Vec<Record>> {
        self.batch_get_at(names, 0).await
    }

    /// Writes a record, or a new revision of it; the answer is the sequence of the commit.
    ///
    /// # Errors
    /// If the server refuses or does not answer.
    pub(crate) async fn put(&self, record: Record) -> Result<i64> {
        self.commit(vec![operation::Operation::Put(Put { record: Some(record) })], Vec::new()).await
    }

    /// Writes a record that speaks of another, if that one is still of the revision that was read.
    ///
    /// # Errors
    /// If it is not, or the server refuses or does not answer.
    pub(crate) async fn put_about(&self, record: Record, about: &Record) -> Result<i64> {
        let condition = precondition::Condition::Sequence(about.sequence);
        let precondition = Precondition { name: about.name.clone(), condition: Some(condition) };
        self.commit(vec![operation::Operation::Put(Put { record: Some(record) })], vec![precondition]).await
    }

    /// Deletes records in one commit; the answer is its sequence.
    ///
    /// # Errors
    /// If the server refuses or does not answer.
    pub(crate) async fn delete(&self, names: &[String]) -> Result<i64> {
        let delete = |name: &String| operation::Operation::Delete(Delete { name: name.clone() });
        self.commit(names.iter().map(delete).collect(), Vec::new()).await
    }

    /// One commit; the answer is its sequence.
    async fn commit(
        &self,
        operations: Vec<operation::Operation>,
        preconditions: Vec<Precondition>,
    ) -> Result<i64> {
        let operations =
            operations.into_iter().map(|operation| Operation { operation: Some(operation) }).collect();
        let request = CommitRequest { operations, preconditions };
        let answer = self.storage().await?.commit(request).await.map_err(|s| self.failure(s))?;
        Ok(answer.into_inner().sequence)
    }

    /// Opens an import.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn import(&self) -> Result<Importer> {
        let (batches, receiver) = mpsc::channel(IMPORT_WINDOW);
        let mut storage = self.storage().await?;
        let answers = storage.import(ReceiverStream::new(receiver)).await.map_err(|s| self.failure(s))?;
        let answers = ImportAnswers { stream: answers.into_inner(), url: self.url.clone() };
        Ok(Importer { batches, answers })
    }

    /// Counts and sizes.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn statistics(&self) -> Result<GetStatisticsResponse> {
        let answer = self.storage().await?.get_statistics(GetStatisticsRequest {}).await;
        Ok(answer.map_err(|s| self.failure(s))?.into_inner())
    }

    /// Writes a backup into a new file; the answer is its sequence and its length in bytes.
    ///
    /// # Errors
    /// If the server does not answer or the file can not be written.
    pub(crate) async fn backup(&self, file: &mut tokio::fs::File) -> Result<(i64, u64)> {
        let mut parts =
            self.storage().await?.backup(BackupRequest {}).await.map_err(|s| self.failure(s))?.into_inner();
        let (mut sequence, mut length) = (0, 0);
        while let Some(part) = parts.message().await.map_err(|s| self.failure(s))? {
            sequence = part.sequence;
            length += part.data.len() as u64;
            file.write_all(&part.data).await.context("failed to write the backup")?;
        }
        file.sync_all().await.context("failed to write the backup")?;
        Ok((sequence, length))
    }

    /// Restores a backup into an empty log.
    ///
    /// # Errors
    /// If the file can not be read, or the server refuses it.
    pub(crate) async fn restore(&self, path: &Path) -> Result<RestoreResponse> {
        let mut file = tokio::fs::File::open(path)
            .await
            .with_context(|| format!("failed to open {}", path.display()))?;
        let (sender, receiver) = mpsc::channel(8);
        let shown = path.display().to_string();
        let reader = tokio::spawn(async move {
            loop {
                let mut piece = Vec::with_capacity(PIECE);
                let read = (&mut file).take(PIECE as u64).read_to_end(&mut piece).await;
                let read = read.with_context(|| format!("failed to read {shown}"))?;
                // The server has refused the file if nobody takes its bytes any more; its answer says why.
                if read == 0 || sender.send(RestoreRequest { data: piece.into() }).await.is_err() {
                    return anyhow::Ok(());
                }
            }
        });
        let answer = self.storage().await?.restore(ReceiverStream::new(receiver)).await;
        let answer = answer.map_err(|s| self.failure(s))?;
        reader.await.context("failed to read the backup")??;
        Ok(answer.into_inner())
    }
}

fn mask(fields: &[&str]) -> Option<FieldMask> {
    (!fields.is_empty()).then(|| FieldMask { paths: fields.iter().map(|f| (*f).to_owned()).collect() })
}
