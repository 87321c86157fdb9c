//! Durable import over gRPC, against sled alone with the same rows; and import without a store, against a bare stream.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use api::storage::ImportRequest;
use async_trait::async_trait;
use bytes::Bytes;
use kv::{Batch, Kv, Pair, Range, Sled, SledConfig};
use storage::grpc::service;

use super::Context;
use super::wire::{import, requests};
use crate::peers::rows::{self, Rows};
use crate::process::Up;
use crate::report::Row;
use crate::rounds::{paired, per_second};
use crate::wire::{self, PeerServer};

/// Records of one group commit, as the log makes them.
const GROUP: usize = 512;

/// The rows of our own import in sled alone; one bare row a document; a bare client stream.
///
/// # Errors
/// If a server or a store fails.
pub(crate) fn run(context: &Context) -> Result<Vec<Row>> {
    let requests = requests(context);
    let batches = wire::block_on(record(context, requests.clone()))?;
    let rows: usize = batches.iter().map(Vec::len).sum();
    let settings = format!("{rows} rows in {} durable batches", batches.len());
    let bare: Vec<Rows> = bare(&requests);
    let documents = usize::try_from(context.documents)?;
    let store = |batches: &[Rows]| {
        let folder = tempfile::tempdir_in(&context.scratch)?;
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        rows::write(folder.path(), batches).map(|seconds| documents as f64 / seconds)
    };
    wire::block_on(async {
        let ours = || durable(context, requests.clone());
        let (speed, same) = paired(context.rounds, ours, || async { store(&batches) }).await?;
        let (again, one) = paired(context.rounds, ours, || async { store(&bare) }).await?;
        let unit = "documents/s";
        let mut found = vec![
            Row::figure("import", "durable import", speed, unit)
                .against("sled, same rows, batches and syncs", same)
                .at_least(0.85)
                .note(settings),
            Row::figure("import", "durable import again", again, unit)
                .against("sled, one bare row a document", one),
        ];
        found.push(without_store(context, &requests).await?);
        Ok(found)
    })
}

async fn without_store(context: &Context, requests: &[ImportRequest]) -> Result<Row> {
    let nowhere = PeerServer::start("--serve-nowhere", &context.scratch)?;
    let raw = PeerServer::raw(&context.scratch, &[])?;
    let (storage, client) = (nowhere.storage().await?, raw.client().await?);
    let documents = usize::try_from(context.documents)?;
    let ours = || {
        let (mut storage, requests) = (storage.clone(), requests.to_vec());
        async move {
            let start = Instant::now();
            import(&mut storage, requests).await?;
            Ok(per_second(documents, start))
        }
    };
    let peer = || {
        let (mut client, requests) = (client.clone(), requests.to_vec());
        async move {
            let start = Instant::now();
            ensure!(client.sink(requests).await? == context.documents, "the raw stream is not whole");
            Ok(per_second(documents, start))
        }
    };
    let (ours, peer) = paired(context.rounds, ours, peer).await?;
    let row = Row::figure("import", "import without a store", ours, "documents/s");
    Ok(row.against("raw tonic client stream", peer).at_least(0.7))
}

/// One import into a new server; the start of the server not counted.
async fn durable(context: &Context, requests: Vec<ImportRequest>) -> Result<f64> {
    let folder = tempfile::tempdir_in(&context.scratch)?;
    let up = Up::start(&context.binary, &folder.path().join("data"), false)?;
    let mut storage = wire::storage(&up).await?;
    let documents = requests.iter().map(|r| r.records.len()).sum();
    let start = Instant::now();
    import(&mut storage, requests).await?;
    let speed = per_second(documents, start);
    up.stop()?;
    Ok(speed)
}

/// One row for each document: its name and its body as it came.
fn bare(requests: &[ImportRequest]) -> Vec<Rows> {
    let rows: Rows = requests
        .iter()
        .flat_map(|request| &request.records)
        .map(|record| (Bytes::from(record.name.clone()), Some(record.body.clone())))
        .collect();
    rows.chunks(GROUP).map(<[_]>::to_vec).collect()
}

/// The rows that the log writes for these requests, commit by commit.
async fn record(context: &Context, requests: Vec<ImportRequest>) -> Result<Vec<Rows>> {
    let folder = tempfile::tempdir_in(&context.scratch)?;
    let inner = Sled::open(&folder.path().join("store"), SledConfig::default())?;
    let recorder = Arc::new(Recorder { inner, batches: Mutex::default() });
    let log = storage::Storage::open(
        Arc::clone(&recorder) as Arc<dyn Kv>,
        storage::Config::default(),
        storage::system_clock(),
    )
    .await?;
    let mut client = wire::storage_in_memory(log).await?;
    import(&mut client, requests).await?;
    let batches = std::mem::take(&mut *recorder.batches.lock().unwrap_or_else(PoisonError::into_inner));
    ensure!(!batches.is_empty(), "nothing was recorded");
    Ok(batches)
}

/// Keeps what is committed.
struct Recorder {
    inner: Sled,
    batches: Mutex<Vec<Rows>>,
}

#[async_trait]
impl Kv for Recorder {
    fn backend(&self) -> &'static str {
        self.inner.backend()
    }

    async fn get(&self, keys: Vec<Bytes>) -> kv::Result<Vec<Option<Bytes>>> {
        self.inner.get(keys).await
    }

    async fn scan(&self, range: Range, limit: usize) -> kv::Result<Vec<Pair>> {
        self.inner.scan(range, limit).await
    }

    async fn commit(&self, batch: Batch) -> kv::Result<()> {
        self.batches.lock().unwrap_or_else(PoisonError::into_inner).push(batch.writes.clone());
        self.inner.commit(batch).await
    }

    async fn disk_bytes(&self) -> kv::Result<u64> {
        self.inner.disk_bytes().await
    }
}

/// A store that takes everything and keeps nothing.
struct Nowhere;

#[async_trait]
impl Kv for Nowhere {
    fn backend(&self) -> &'static str {
        "nowhere"
    }

    async fn get(&self, keys: Vec<Bytes>) -> kv::Result<Vec<Option<Bytes>>> {
        Ok(vec![None; keys.len()])
    }

    async fn scan(&self, _: Range, _: usize) -> kv::Result<Vec<Pair>> {
        Ok(Vec::new())
    }

    async fn commit(&self, _: Batch) -> kv::Result<()> {
        Ok(())
    }

    async fn disk_bytes(&self) -> kv::Result<u64> {
        Ok(0)
    }
}

/// Serves a log that keeps nothing, until the process is killed.
///
/// # Errors
/// If there is no free port.
pub(crate) fn serve_nowhere() -> Result<()> {
    wire::serve(async {
        let log =
            storage::Storage::open(Arc::new(Nowhere), storage::Config::default(), storage::system_clock());
        Ok(tonic::service::Routes::new(service(log.await.context("a log without a store")?)))
    })
}
