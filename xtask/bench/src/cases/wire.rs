//! Unary gets and the change feed of the real server, against the same messages without a log behind.

use std::time::Instant;

use anyhow::{Result, bail, ensure};
use api::storage::storage_client::StorageClient;
use api::storage::{ChangesRequest, ChangesResponse, GetRequest, ImportRequest};
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::codegen::{self, StdError};

use super::Context;
use crate::peers::raw;
use crate::process::Up;
use crate::report::Row;
use crate::rounds::{paired, per_second};
use crate::wire::{self, PeerServer, Storage};

/// Records of one import request.
const BATCH: usize = 128;

/// A server with the documents of the short cases, and the raw one with the same messages.
struct Sides {
    up: Up,
    names: Vec<String>,
    raw: PeerServer,
}

impl Sides {
    fn start(context: &Context, case: &str) -> Result<Self> {
        let up = Up::start(&context.binary, &context.scratch.join(case), false)?;
        let (names, messages) = wire::block_on(async {
            let mut storage = wire::storage(&up).await?;
            let requests = requests(context);
            let names = requests.iter().flat_map(|r| &r.records).map(|r| r.name.clone()).collect();
            import(&mut storage, requests).await?;
            Ok((names, feed(&mut storage, context).await?))
        })?;
        let raw = PeerServer::raw(&context.scratch, &messages)?;
        Ok(Self { up, names, raw })
    }
}

/// Unary get at 1 and at 64 in flight.
///
/// # Errors
/// If a server fails.
pub(crate) fn get(context: &Context) -> Result<Vec<Row>> {
    let sides = Sides::start(context, "get")?;
    wire::block_on(async {
        let storage = wire::storage(&sides.up).await?;
        let raw = sides.raw.client().await?;
        let mut rows = Vec::new();
        for in_flight in [1, 64] {
            let ours = || gets(&storage, &sides.names, in_flight);
            let peer = || echoes(&raw, &sides.names, in_flight);
            let (ours, peer) = paired(context.rounds, ours, peer).await?;
            let what = format!("unary get, {in_flight} in flight");
            rows.push(
                Row::figure("get", what, ours, "calls/s").against("raw tonic echo", peer).at_least(0.6),
            );
        }
        Ok(rows)
    })
}

/// The change feed with its records, from the beginning to the head.
///
/// # Errors
/// If a server fails.
pub(crate) fn changes(context: &Context) -> Result<Vec<Row>> {
    let sides = Sides::start(context, "feed")?;
    wire::block_on(async {
        let storage = wire::storage(&sides.up).await?;
        let raw = sides.raw.client().await?;
        let names = &sides.names;
        let ours = || {
            let mut storage = storage.clone();
            async move {
                let start = Instant::now();
                feed(&mut storage, context).await?;
                Ok(per_second(names.len(), start))
            }
        };
        let peer = || {
            let mut raw = raw.clone();
            async move {
                let start = Instant::now();
                ensure!(raw.source().await? == names.len(), "the raw stream is not whole");
                Ok(per_second(names.len(), start))
            }
        };
        let (ours, peer) = paired(context.rounds, ours, peer).await?;
        Ok(vec![
            Row::figure("feed", "change feed with records", ours, "changes/s")
                .against("raw tonic server stream", peer)
                .at_least(0.5),
        ])
    })
}

async fn gets(storage: &Storage, names: &[String], in_flight: usize) -> Result<f64> {
    let start = Instant::now();
    stream::iter(names)
        .map(|name| {
            let mut storage = storage.clone();
            let request = GetRequest { name: name.clone(), ..GetRequest::default() };
            async move { anyhow::Ok(storage.get(request).await?) }
        })
        .buffer_unordered(in_flight)
        .try_for_each(|answer| async move {
            ensure!(answer.into_inner().record.is_some(), "an answer without a record");
            Ok(())
        })
        .await?;
    Ok(per_second(names.len(), start))
}

async fn echoes(raw: &raw::Client, names: &[String], in_flight: usize) -> Result<f64> {
    let start = Instant::now();
    stream::iter(names)
        .map(|name| {
            let mut raw = raw.clone();
            let request = GetRequest { name: name.clone(), ..GetRequest::default() };
            async move { raw.echo(request).await }
        })
        .buffer_unordered(in_flight)
        .try_for_each(|answer| async move {
            ensure!(answer.record.is_some(), "an answer without a record");
            Ok(())
        })
        .await?;
    Ok(per_second(names.len(), start))
}

/// The documents as they are sent.
pub(super) fn requests(context: &Context) -> Vec<ImportRequest> {
    let numbers: Vec<u64> = (0..context.documents).collect();
    let batches = (0..).zip(numbers.chunks(BATCH));
    let request = |(batch_id, batch): (u64, &[u64])| {
        let records = batch.iter().map(|n| context.texts.record(*n)).collect();
        ImportRequest { batch_id, records }
    };
    batches.map(request).collect()
}

/// Imports everything; returns when all of it is durable.
pub(super) async fn import<T>(storage: &mut StorageClient<T>, requests: Vec<ImportRequest>) -> Result<()>
where
    T: GrpcService<Body, ResponseBody: codegen::Body<Data = Bytes> + Send + 'static>,
    T::Error: Into<StdError>,
    <T::ResponseBody as codegen::Body>::Error: Into<StdError> + Send,
{
    let mut waiting = requests.len();
    let mut answers = storage.import(stream::iter(requests)).await?.into_inner();
    while waiting > 0 {
        let Some(answer) = answers.message().await? else { bail!("the import ended early") };
        if let Some(refusal) = answer.refusals.first() {
            bail!("a record was refused: {}", refusal.message);
        }
        waiting -= 1;
    }
    Ok(())
}

/// Everything from the first commit to the last document.
async fn feed(storage: &mut Storage, context: &Context) -> Result<Vec<ChangesResponse>> {
    let kinds = vec![<api::record::Document as prost::Name>::full_name()];
    let request = ChangesRequest { kinds, include_records: true, ..ChangesRequest::default() };
    let mut messages = storage.changes(request).await?.into_inner();
    let (mut all, mut count) = (Vec::new(), 0);
    while count < context.documents {
        let Some(message) = messages.message().await? else { bail!("the feed ended early") };
        count += message.changes.len() as u64;
        all.push(message);
    }
    Ok(all)
}
