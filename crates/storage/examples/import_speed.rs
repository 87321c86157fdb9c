//! Where the time of an import goes: `cargo run --release -p storage --example import_speed [DOCUMENTS]`.
//!
//! Writes documents of about 4 KB of Chinese text into a fresh folder, and prints documents a second for each stage:
//! checking and packing alone, the log on a store in memory, the log on sled, and sled alone with rows of the same
//! number and size in the same batches; then what the folder takes, and the speed of gets and of the feed.
#![expect(clippy::print_stdout, reason = "its purpose is to print")]

use std::sync::Arc;
use std::time::Instant;

use api::record::{Document, Record};
use api::storage::{ChangesRequest, GetRequest, ImportRequest};
use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};
use kv::{Batch, Kv, Pair, Range};
use prost::{Message, Name};
use storage::{Config, Storage, system_clock};

const BATCH: usize = 64;

/// Keeps the batches that pass, so that they can be written again.
struct Recorder {
    inner: kv::Memory,
    batches: std::sync::Mutex<Vec<Batch>>,
}

#[async_trait]
impl Kv for Recorder {
    fn backend(&self) -> &'static str {
        "recorder"
    }

    async fn get(&self, keys: Vec<Bytes>) -> kv::Result<Vec<Option<Bytes>>> {
        self.inner.get(keys).await
    }

    async fn scan(&self, range: Range, limit: usize) -> kv::Result<Vec<Pair>> {
        self.inner.scan(range, limit).await
    }

    async fn commit(&self, batch: Batch) -> kv::Result<()> {
        self.batches.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(batch.clone());
        self.inner.commit(batch).await
    }

    async fn disk_bytes(&self) -> kv::Result<u64> {
        Ok(0)
    }
}

/// Text whose words repeat about as often as those of a report do.
fn text(id: u64) -> String {
    let words = [
        "铜价", "上涨", "库存", "下降", "出口", "稀土", "配额", "同比", "环比", "市场", "需求", "供应",
        "公司", "预计", "，", "。",
    ];
    let mut text = format!("有色金属日报 {id}\n");
    let mut state = id.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    while text.len() < 4096 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        match state % 5 {
            0 => text.push_str(&(state % 100_000).to_string()),
            1 => text.extend(char::from_u32(0x4e00 + u32::try_from(state >> 8 & 0x7ff).unwrap_or(0))),
            _ => text.push_str(words[usize::try_from(state >> 16 & 15).unwrap_or(0)]),
        }
    }
    text
}

fn requests(count: u64) -> (Vec<ImportRequest>, usize) {
    let mut bytes = 0;
    let records: Vec<Record> = (0..count)
        .map(|id| {
            let text = text(id);
            bytes += text.len();
            let name = format!("documents/{}", &blake3::hash(&id.to_be_bytes()).to_hex()[..32]);
            let body = Document { text, source: "Example".to_owned(), ..Document::default() };
            Record {
                keys: vec![format!("document={name}")],
                name,
                kind: Document::full_name(),
                body: body.encode_to_vec().into(),
                ..Record::default()
            }
        })
        .collect();
    let chunks = records.chunks(BATCH).zip(0..);
    (chunks.map(|(records, batch_id)| ImportRequest { batch_id, records: records.to_vec() }).collect(), bytes)
}

async fn import(log: &Storage, requests: Vec<ImportRequest>) -> anyhow::Result<()> {
    let mut answers = Box::pin(log.import(stream::iter(requests)));
    while let Some(answer) = answers.next().await {
        answer?;
    }
    Ok(())
}

#[tokio::main(worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let count: u64 = std::env::args().nth(1).map_or(Ok(20_000), |count| count.parse())?;
    let (requests, bytes) = requests(count);
    let rate = |start: Instant, times: f64| times / start.elapsed().as_secs_f64();
    let documents = count as f64;

    for level in [-20, -7, -5, -3, -1, 1, 3] {
        let mut compressor = zstd::bulk::Compressor::new(level)?;
        let start = Instant::now();
        let mut stored = 0;
        for record in requests.iter().flat_map(|request| &request.records).take(2000) {
            stored += compressor.compress(&record.body)?.len();
        }
        let micros = start.elapsed().as_secs_f64() * 1e6 / documents.min(2000.0);
        println!(
            "zstd level {level:>2}             {micros:>9.1} us, {:.0} bytes a document",
            stored as f64 / documents.min(2000.0)
        );
    }

    let recorder = Arc::new(Recorder { inner: kv::Memory::new(), batches: std::sync::Mutex::default() });
    let log = Storage::open(recorder.clone(), Config::default(), system_clock()).await?;
    let start = Instant::now();
    import(&log, requests.clone()).await?;
    println!("import into memory        {:>9.0} documents/s", rate(start, documents));
    log.drain().await;

    let batches =
        std::mem::take(&mut *recorder.batches.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    let (rows, row_bytes) =
        batches.iter().flat_map(|batch| &batch.writes).fold((0, 0), |(rows, bytes), (key, value)| {
            (rows + 1, bytes + key.len() + value.as_ref().map_or(0, Bytes::len))
        });
    println!(
        "{} batches, {:.2} rows and {:.0} bytes a document",
        batches.len(),
        f64::from(rows) / documents,
        row_bytes as f64 / documents
    );

    for _ in 0..2 {
        let folder = tempfile::tempdir()?;
        let sled = kv::Sled::open(folder.path(), kv::SledConfig::default())?;
        let start = Instant::now();
        for batch in batches.clone() {
            sled.commit(Batch { checks: Vec::new(), ..batch }).await?;
        }
        println!("the same batches, sled    {:>9.0} documents/s", rate(start, documents));
        drop(sled);

        let folder = tempfile::tempdir()?;
        let sled = Arc::new(kv::Sled::open(folder.path(), kv::SledConfig::default())?);
        let log = Storage::open(sled.clone(), Config::default(), system_clock()).await?;
        let start = Instant::now();
        import(&log, requests.clone()).await?;
        println!("import into sled          {:>9.0} documents/s", rate(start, documents));
        let disk = log.statistics().await?.disk_bytes;
        println!("disk                      {:>9.2} times the text", disk as f64 / bytes as f64);

        let names: Vec<String> =
            requests.iter().flat_map(|r| &r.records).map(|record| record.name.clone()).collect();
        let start = Instant::now();
        for index in 0..20_000 {
            let name = names[index * 7919 % names.len()].clone();
            log.get(GetRequest { name, ..GetRequest::default() }).await?;
        }
        println!("gets, one at a time       {:>9.0} /s", rate(start, 20_000.0));
        let start = Instant::now();
        let request = ChangesRequest { include_records: true, ..ChangesRequest::default() };
        let mut feed = log.changes(request).await?;
        let mut seen = 0;
        while seen < names.len() {
            seen += feed.next().await.ok_or_else(|| anyhow::anyhow!("the feed ended"))??.changes.len();
        }
        println!("feed with records         {:>9.0} documents/s", rate(start, documents));
        drop(feed);
        log.drain().await;
        drop((log, sled));
        let start = Instant::now();
        let sled = loop {
            match kv::Sled::open(folder.path(), kv::SledConfig::default()) {
                Err(kv::Error::InUse { .. }) => tokio::task::yield_now().await,
                other => break Arc::new(other?),
            }
        };
        let opened = start.elapsed();
        let start = Instant::now();
        Storage::open(sled, Config::default(), system_clock()).await?;
        println!("reopening                 {opened:>9.1?} for sled, {:.1?} for the log", start.elapsed());
    }
    Ok(())
}
