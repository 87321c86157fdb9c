//! How fast documents come to be found, and how large the index is.

use std::cmp::Reverse;
use std::path::Path;
use std::time::{Duration, Instant};

use ::search::{Config, Expander, Index, Opened};
use anyhow::{Context as _, Result, bail};
use api::search::{QueryRequest, RebuildRequest};
use api::storage::ImportRequest;
use futures::stream;
use text::Lexicon;
use tonic::Code;

use super::super::Context;
use super::{BATCH, CASE, Filled, Shelf, inexact, python, settled};
use crate::corpus;
use crate::peers::fts5::Fts5;
use crate::peers::index::Raw;
use crate::process::{self, Up};
use crate::report::Row;
use crate::wire;

/// Records of one import request.
const REQUEST: usize = 128;

/// Fills everything with the same documents, one after the other.
pub(super) fn fill(context: &Context, shelf: &Shelf, folder: &Path) -> Result<(Filled, Vec<Row>)> {
    let count = inexact(shelf.entries.len());
    let (raw, seconds) = Raw::fill(&folder.join("raw"), &shelf.entries, BATCH)?;
    #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
    let raw_bytes = process::disk_bytes(&folder.join("raw"))? as f64;
    let tantivy = count / seconds;
    let (seconds, parts, index) = library(shelf, &folder.join("library"))?;
    let library = count / seconds;
    let up = Up::start(&context.binary, &folder.join("data"), false)?;
    let log = wire::block_on(through_the_log(&up, shelf))?;
    let sqlite = sqlite(python(context), shelf, folder);

    let unit = "documents/s";
    let name = "tantivy, same analyzers";
    let row = |what: &str, figure| Row::figure(CASE, what, figure, unit).against(name, tantivy);
    let mut rows = vec![
        row("indexing, from import until found", count / log.imported).at_least(0.8).note(format!(
            "{} bytes a document; all was acknowledged after {:.0} % of that time; processor time of the server {:.0} us \
             a document",
            shelf.entries.first().map_or(0, |entry| entry.title.len() + entry.body.len()),
            100.0 * log.acknowledged / log.imported,
            log.processor * 1e6 / count
        )),
        row("indexing again, from a log that is full", count / log.rebuilt),
        row("indexing, the library without a log", library),
        Row::figure(CASE, "size of the index", log.bytes / 1e6, "MB")
            .against("of text", shelf.bytes / 1e6)
            .at_most(0.6)
            .note(format!("{parts}; tantivy's, with the same analyzers, is {:.1} MB", raw_bytes / 1e6)),
    ];
    let sqlite = match sqlite {
        Ok((mut peer, seconds)) => {
            let size = peer.size()?;
            let what = "indexing, from import until found, and SQLite";
            let row = Row::figure(CASE, what, count / log.imported, unit);
            rows.push(row.against("SQLite FTS5 with trigrams", count / seconds));
            let row = Row::figure(CASE, "size of the index, and of SQLite's", log.bytes / 1e6, "MB");
            #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
            let bytes = size.bytes as f64 / 1e6;
            let note = format!("SQLite {}, which keeps the texts too", size.version);
            rows.push(row.against("SQLite FTS5 with trigrams", bytes).note(note));
            Ok(peer)
        }
        Err(error) => {
            let what = "SQLite FTS5 with trigrams: not measured";
            rows.push(Row::figure(CASE, what, 0.0, unit).note(format!("{error:#}")));
            Err(error)
        }
    };
    Ok((Filled { up, raw, library: index, sqlite }, rows))
}

/// Seconds that our index takes for the same entries in this process, the largest of its parts, and the index.
fn library(shelf: &Shelf, folder: &Path) -> Result<(f64, String, Index)> {
    let expander = Expander::new(Lexicon::standard());
    let open = || Index::open(folder, expander.fingerprint(), &Config::default());
    let Opened { mut writer, .. } = open()?;
    let start = Instant::now();
    for batch in shelf.entries.chunks(BATCH) {
        for entry in batch {
            writer.put(entry, start)?;
        }
        writer.commit(batch.last().map_or(0, |entry| entry.sequence))?;
    }
    let seconds = start.elapsed().as_secs_f64();
    // As the server does once it is idle.
    writer.close()?;
    let Opened { index, mut writer, .. } = open()?;
    wire::block_on(async {
        while let Some(merge) = writer.tidy()? {
            merge.await;
        }
        Ok(())
    })?;
    let mut sizes: Vec<(String, u64)> = index.snapshot().sizes()?.into_iter().collect();
    sizes.sort_by_key(|(_, bytes)| Reverse(*bytes));
    #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
    let share = |bytes: u64| 100.0 * bytes as f64 / shelf.bytes;
    let parts = sizes.iter().take(5).map(|(part, bytes)| format!("{part} {:.0} %", share(*bytes)));
    let parts = parts.collect::<Vec<_>>().join(", ");
    writer.close()?;
    Ok((seconds, parts, index))
}

/// What the real server took, in seconds.
struct Log {
    acknowledged: f64,
    imported: f64,
    rebuilt: f64,
    /// Processor time until all was found.
    processor: f64,
    /// Of the index at rest.
    bytes: f64,
}

async fn through_the_log(up: &Up, shelf: &Shelf) -> Result<Log> {
    let mut storage = wire::storage(up).await?;
    let mut client = wire::search(up).await?;
    let requests: Vec<ImportRequest> = (0..)
        .zip(shelf.entries.chunks(REQUEST))
        .map(|(batch_id, entries)| ImportRequest {
            batch_id,
            records: entries.iter().map(corpus::record).collect(),
        })
        .collect();
    let before = process::processor_seconds(up.pid());
    let start = Instant::now();
    let last = import(&mut storage, requests).await?;
    let acknowledged = start.elapsed().as_secs_f64();
    found(&mut client, last).await?;
    let imported = start.elapsed().as_secs_f64();
    let processor = process::processor_seconds(up.pid()) - before;
    settled(&mut client, up.pid()).await?;
    let start = Instant::now();
    let mut progress = client.rebuild(RebuildRequest {}).await?.into_inner();
    while progress.message().await?.is_some_and(|message| !message.done) {}
    let rebuilt = start.elapsed().as_secs_f64();
    let rest = settled(&mut client, up.pid()).await?;
    anyhow::ensure!(
        usize::try_from(rest.records)? == shelf.entries.len(),
        "{} documents were imported, {} are in the index",
        shelf.entries.len(),
        rest.records
    );
    #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
    let bytes = rest.bytes as f64;
    Ok(Log { acknowledged, imported, rebuilt, processor, bytes })
}

/// Imports everything; gives the sequence of the last commit once all of it is durable.
pub(super) async fn import(storage: &mut wire::Storage, requests: Vec<ImportRequest>) -> Result<i64> {
    let mut waiting = requests.len();
    let mut last = 0;
    let mut answers = storage.import(stream::iter(requests)).await?.into_inner();
    while waiting > 0 {
        let answer = answers.message().await?.context("the import ended early")?;
        if let Some(refusal) = answer.refusals.first() {
            bail!("a record was refused: {}", refusal.message);
        }
        last = last.max(answer.sequence);
        waiting -= 1;
    }
    Ok(last)
}

/// Waits until questions are answered from the log up to `sequence`.
pub(super) async fn found(client: &mut wire::Search, sequence: i64) -> Result<()> {
    let request = QueryRequest {
        query: "sequence:0".to_owned(),
        at_least_sequence: sequence,
        page_size: 1,
        ..QueryRequest::default()
    };
    loop {
        match client.query(request.clone()).await {
            Ok(_) => return Ok(()),
            // There is no index yet, or it is more than ten seconds behind.
            Err(status) if status.code() == Code::Unavailable => {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            Err(status) => return Err(status.into()),
        }
    }
}

/// Fills SQLite; gives the seconds that it took.
fn sqlite(python: &Path, shelf: &Shelf, folder: &Path) -> Result<(Fts5, f64)> {
    let mut peer = Fts5::start(python, folder.join("fts5.db"))?;
    let mut seconds = 0.0;
    for batch in shelf.entries.chunks(BATCH) {
        let documents: Vec<(&str, &str)> =
            batch.iter().map(|entry| (entry.title.as_str(), entry.body.as_str())).collect();
        seconds += peer.add(&documents)?;
    }
    Ok((peer, seconds))
}
