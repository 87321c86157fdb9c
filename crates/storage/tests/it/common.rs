//! A log on each backend, with a clock that the test moves.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use api::record::{Citation, Document, Layer, Mention, Record, Span};
use api::storage::operation::Operation as Do;
use api::storage::{
    ChangesRequest, ChangesResponse, CommitRequest, CommitResponse, Delete, Derivation, GetRequest,
    ListRequest, Operation, Put, Replace,
};
use futures::StreamExt;
use kv::Kv;
use prost::{Message, Name};
use storage::{Clock, Config, Error, Storage};

/// Where a store lives, so that it can be opened again.
#[derive(Clone)]
pub(crate) enum Place {
    Memory(Arc<kv::Memory>),
    Sled(Arc<tempfile::TempDir>),
}

/// A log under test.
pub(crate) struct Log {
    pub(crate) place: Place,
    pub(crate) storage: Storage,
    pub(crate) config: Config,
    /// Seconds since 1970.
    pub(crate) now: Arc<AtomicI64>,
}

/// Runs a story on an empty log of each backend.
pub(crate) fn on_both<F>(story: impl Fn(Log) -> F)
where
    F: Future<Output = anyhow::Result<()>>,
{
    with_config(Config::default(), story);
}

/// Runs a story on an empty log of each backend, with limits of the story's own.
pub(crate) fn with_config<F>(config: Config, story: impl Fn(Log) -> F)
where
    F: Future<Output = anyhow::Result<()>>,
{
    let places: [fn() -> Place; 2] = [
        || Place::Memory(Arc::new(kv::Memory::new())),
        || Place::Sled(Arc::new(tempfile::tempdir().expect("a folder"))),
    ];
    for place in places {
        let place = place();
        let name = place.name();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let config = config.clone();
        runtime.block_on(async {
            // The story may drop parts of the log early; the folder stays until it has ended.
            let _kept = place.clone();
            let log = Log::open(place, config).await.unwrap_or_else(|error| panic!("on {name}: {error:#}"));
            story(log).await.unwrap_or_else(|error| panic!("on {name}: {error:#}"));
        });
    }
}

impl Place {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Memory(_) => "memory",
            Self::Sled(_) => "sled",
        }
    }

    pub(crate) async fn kv(&self) -> anyhow::Result<Arc<dyn Kv>> {
        match self {
            Self::Memory(memory) => Ok(memory.clone()),
            Self::Sled(folder) => {
                // The folder is free once the last task of the log before has ended.
                let begin = std::time::Instant::now();
                while begin.elapsed() < Duration::from_secs(20) {
                    match kv::Sled::open(folder.path(), kv::SledConfig::default()) {
                        Err(kv::Error::InUse { .. }) => tokio::task::yield_now().await,
                        other => return Ok(Arc::new(other?)),
                    }
                }
                anyhow::bail!("the folder stays in use")
            }
        }
    }
}

impl Log {
    pub(crate) async fn open(place: Place, config: Config) -> anyhow::Result<Self> {
        let now = Arc::new(AtomicI64::new(1_752_394_140));
        Self::open_at(place, config, now).await
    }

    async fn open_at(place: Place, config: Config, now: Arc<AtomicI64>) -> anyhow::Result<Self> {
        let storage = Storage::open(place.kv().await?, config.clone(), clock(&now)).await?;
        Ok(Self { place, storage, config, now })
    }

    /// Closes the log and opens it again.
    pub(crate) async fn reopen(self) -> anyhow::Result<Self> {
        let Self { place, storage, config, now } = self;
        storage.drain().await;
        drop(storage);
        Self::open_at(place, config, now).await
    }

    pub(crate) fn at(&self, seconds: i64) {
        self.now.store(seconds, Ordering::Relaxed);
    }

    pub(crate) async fn commit(&self, operations: Vec<Operation>) -> Result<CommitResponse, Error> {
        self.storage.commit(CommitRequest { operations, preconditions: Vec::new() }).await
    }

    pub(crate) async fn put(&self, record: Record) -> Result<i64, Error> {
        Ok(self.commit(vec![put(record)]).await?.sequence)
    }

    pub(crate) async fn get(&self, name: &str, at_sequence: i64) -> Result<Record, Error> {
        let request = GetRequest { name: name.to_owned(), at_sequence, read_mask: None };
        Ok(self.storage.get(request).await?.record.expect("an answer has its record"))
    }

    /// Names of all that a list gives, page by page.
    pub(crate) async fn names(&self, mut request: ListRequest) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        loop {
            let page = self.storage.list(request.clone()).await?;
            names.extend(page.records.into_iter().map(|record| record.name));
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                return Ok(names);
            }
        }
    }

    /// All messages of the feed after a sequence up to the head.
    pub(crate) async fn feed(&self, request: ChangesRequest) -> anyhow::Result<Vec<ChangesResponse>> {
        let head = self.storage.head();
        let mut stream = self.storage.changes(request).await?;
        let mut messages = Vec::new();
        while let Some(message) = stream.next().await {
            let message = message?;
            let done = message.sequence >= head && message.last;
            if message.commit_time.is_some() {
                messages.push(message);
            }
            if done {
                break;
            }
        }
        Ok(messages)
    }
}

pub(crate) fn clock(now: &Arc<AtomicI64>) -> Clock {
    let now = now.clone();
    Arc::new(move || UNIX_EPOCH + Duration::from_secs(now.load(Ordering::Relaxed).unsigned_abs()))
}

pub(crate) fn put(record: Record) -> Operation {
    Operation { operation: Some(Do::Put(Put { record: Some(record) })) }
}

pub(crate) fn delete(name: &str) -> Operation {
    Operation { operation: Some(Do::Delete(Delete { name: name.to_owned() })) }
}

pub(crate) fn note(name: &str, body: &str, keys: &[&str]) -> Record {
    Record {
        name: name.to_owned(),
        kind: "example.Note".to_owned(),
        body: body.as_bytes().to_vec().into(),
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        ..Record::default()
    }
}

pub(crate) fn document(id: &str, text: &str) -> Record {
    let body = Document { text: text.to_owned(), source: "Example".to_owned(), ..Document::default() };
    let name = format!("documents/{id}");
    Record {
        keys: vec![format!("document={name}")],
        name,
        kind: Document::full_name(),
        body: body.encode_to_vec().into(),
        ..Record::default()
    }
}

/// A claim about the first bytes of a document.
pub(crate) fn claim(id: &str, document: &str, end_byte: u32, quote: &str) -> Record {
    let span = Span { start_byte: 0, end_byte, quote: quote.to_owned() };
    Record {
        name: format!("claims/{id}"),
        kind: "example.Claim".to_owned(),
        keys: vec![format!("document={document}")],
        citations: vec![Citation { document: document.to_owned(), spans: vec![span] }],
        ..Record::default()
    }
}

pub(crate) fn layer(id: &str, document: &str, spans: &[(u32, u32)]) -> Record {
    let mention = |(start_byte, end_byte): &(u32, u32)| Mention {
        start_byte: *start_byte,
        end_byte: *end_byte,
        ..Mention::default()
    };
    let body = Layer { document: document.to_owned(), mentions: spans.iter().map(mention).collect() };
    Record {
        name: format!("layers/{id}"),
        kind: Layer::full_name(),
        keys: vec![format!("document={document}")],
        body: body.encode_to_vec().into(),
        ..Record::default()
    }
}

pub(crate) fn derivation(analyzer: &str, group: &str, read_sequence: i64) -> Derivation {
    Derivation {
        analyzer: analyzer.to_owned(),
        group: group.to_owned(),
        version: "1.0.0".to_owned(),
        config_digest: "c0".to_owned(),
        read_sequence,
        input_count: 1,
        input_hash: vec![7; 32].into(),
        ..Derivation::default()
    }
}

pub(crate) fn replace(derivation: Derivation, records: Vec<Record>) -> Operation {
    let replace = Replace { derivation: Some(derivation), records, ..Replace::default() };
    Operation { operation: Some(Do::Replace(replace)) }
}

/// The reason of an error, or what was answered.
pub(crate) fn reason<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result {
        Ok(answer) => panic!("was not refused: {answer:?}"),
        Err(error) => error.reason(),
    }
}
