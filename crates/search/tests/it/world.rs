//! A world for tests: a real log in this process, which can be cut off, and a search service that can be killed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use api::Peer;
use api::record::{
    Citation, Claim, Document, Layer, Mention, MentionKind, Period, Record, Span, Term, Topic,
    TopicMembership,
};
use api::search::search_client::SearchClient;
use api::search::{Hit, QueryRequest, QueryResponse, WatchTopicRequest, WatchTopicResponse};
use api::storage::{CommitRequest, Delete, Operation, Put, operation};
use prost::{Message, Name};
use search::service::Config;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic_types::StatusExt as _;
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt as _};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Answering = futures::future::BoxFuture<'static, Result<http::Response<tonic::body::Body>, BoxError>>;

/// A peer in this process, which can be cut off.
#[derive(Clone)]
struct Gated {
    routes: Routes,
    open: Arc<AtomicBool>,
}

impl Service<http::Request<tonic::body::Body>> for Gated {
    type Response = http::Response<tonic::body::Body>;
    type Error = BoxError;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<tonic::body::Body>) -> Answering {
        if !self.open.load(Ordering::SeqCst) {
            return Box::pin(async { Err("the peer is cut off".into()) });
        }
        let routes = self.routes.clone();
        Box::pin(async move { Ok(routes.oneshot(request).await?) })
    }
}

fn peer(routes: Routes, open: &Arc<AtomicBool>) -> Peer {
    BoxCloneSyncService::new(Gated { routes, open: open.clone() })
}

/// See the module.
pub(crate) struct World {
    pub(crate) log: storage::Storage,
    pub(crate) config: Config,
    open: Arc<AtomicBool>,
    folder: tempfile::TempDir,
    running: Option<Running>,
}

struct Running {
    runtime: tokio::runtime::Runtime,
    search: search::Search,
}

impl Drop for World {
    fn drop(&mut self) {
        self.kill();
    }
}

impl World {
    /// A log and a service that follows it.
    pub(crate) async fn new() -> World {
        let mut world = World::asleep().await;
        world.start();
        world
    }

    /// A log, and a service that is not started yet.
    pub(crate) async fn asleep() -> World {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            index: search::Config {
                memory: 15_000_000,
                longest: Duration::from_millis(1),
                ..search::Config::default()
            },
            backoff_first: Duration::from_millis(2),
            backoff_last: Duration::from_millis(40),
            // Segments are merged all the time.
            rest: Duration::from_millis(1),
            ..Config::new(folder.path().join("search"))
        };
        World { log: new_log().await, config, open: Arc::new(AtomicBool::new(true)), folder, running: None }
    }

    /// Takes the log away and puts an empty one in its place.
    pub(crate) async fn another_log(&mut self) {
        self.log = new_log().await;
    }

    pub(crate) fn start(&mut self) {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let storage = peer(Routes::new(storage::grpc::service(self.log.clone())), &self.open);
        let guard = runtime.enter();
        let search = search::Search::start(self.config.clone(), storage, CancellationToken::new());
        drop(guard);
        self.running = Some(Running { runtime, search });
    }

    /// Ends the service at once, whatever it is doing.
    pub(crate) fn kill(&mut self) {
        if let Some(Running { runtime, search }) = self.running.take() {
            drop(search);
            // The lock of the index has to go with it, as it does with a process.
            let ended = std::thread::spawn(move || runtime.shutdown_timeout(Duration::from_secs(30)));
            ended.join().unwrap();
        }
    }

    /// Stops the service in order.
    pub(crate) async fn stop(&mut self) {
        let Running { runtime, search } = self.running.take().unwrap();
        search.drain().await;
        runtime.shutdown_background();
    }

    /// Cuts storage off from search, or not.
    pub(crate) fn storage_is(&self, open: bool) {
        self.open.store(open, Ordering::SeqCst);
    }

    /// The folder of the service.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().join("search")
    }

    /// The folder of the index.
    pub(crate) fn index_folder(&self) -> PathBuf {
        let name = std::fs::read_to_string(self.folder().join("current")).unwrap();
        self.folder().join(name)
    }

    /// The service as clients see it.
    pub(crate) fn client(&self) -> SearchClient<Peer> {
        let routes = Routes::new(search::grpc::service(self.running.as_ref().unwrap().search.clone()));
        SearchClient::new(peer(routes, &Arc::new(AtomicBool::new(true)))).max_decoding_message_size(16 << 20)
    }

    /// Commits operations; the sequence.
    pub(crate) async fn commit(&self, operations: Vec<operation::Operation>) -> i64 {
        let operations = operations.into_iter().map(|one| Operation { operation: Some(one) }).collect();
        let request = CommitRequest { operations, preconditions: Vec::new() };
        self.log.commit(request).await.unwrap().sequence
    }

    /// Puts records in one commit; the sequence.
    pub(crate) async fn put(&self, records: Vec<Record>) -> i64 {
        self.commit(records.into_iter().map(put).collect()).await
    }

    /// Deletes a record; the sequence.
    pub(crate) async fn delete(&self, name: &str) -> i64 {
        self.commit(vec![delete(name)]).await
    }

    /// Asks once the index has come to the head.
    pub(crate) async fn ask(&self, query: &str) -> QueryResponse {
        let request = QueryRequest {
            query: query.to_owned(),
            page_size: 1_000,
            at_least_sequence: self.log.head(),
            ..QueryRequest::default()
        };
        self.query(request).await
    }

    /// Asks until there is an answer: the service sees a while later that storage is back.
    pub(crate) async fn query(&self, request: QueryRequest) -> QueryResponse {
        loop {
            match self.client().query(request.clone()).await {
                Ok(answer) => return answer.into_inner(),
                Err(error) if matches!(reason(&error).as_str(), "BUILDING" | "BEHIND" | "NO_STORAGE") => {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
                Err(error) => panic!("{error:?}"),
            }
        }
    }

    /// The names of the records that answer, sorted.
    pub(crate) async fn names(&self, query: &str) -> Vec<String> {
        let mut names: Vec<String> = self.ask(query).await.hits.into_iter().map(|hit| hit.name).collect();
        names.sort();
        names
    }

    /// All that is in the index, by name.
    pub(crate) async fn all(&self) -> BTreeMap<String, Hit> {
        let hits = self.ask("").await.hits;
        hits.into_iter().map(|hit| (hit.name.clone(), hit)).collect()
    }

    /// Watches a topic.
    pub(crate) async fn watch(
        &self,
        topic: &str,
        after: Option<i64>,
    ) -> tonic::Streaming<WatchTopicResponse> {
        let request = WatchTopicRequest {
            topic: topic.to_owned(),
            after_sequence: after,
            ..WatchTopicRequest::default()
        };
        self.client().watch_topic(request).await.unwrap().into_inner()
    }
}

async fn new_log() -> storage::Storage {
    let kv = Arc::new(kv::Memory::new());
    storage::Storage::open(kv, storage::Config::default(), storage::system_clock()).await.unwrap()
}

/// The reason that an error carries.
pub(crate) fn reason(status: &tonic::Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// What else an error carries for programs.
pub(crate) fn metadata(status: &tonic::Status, key: &str) -> String {
    status.get_details_error_info().and_then(|info| info.metadata.get(key).cloned()).unwrap_or_default()
}

pub(crate) fn put(record: Record) -> operation::Operation {
    operation::Operation::Put(Put { record: Some(record) })
}

pub(crate) fn delete(name: &str) -> operation::Operation {
    operation::Operation::Delete(Delete { name: name.to_owned() })
}

fn record<T: Message + Name>(name: String, body: &T, keys: Vec<String>) -> Record {
    Record { name, kind: T::full_name(), body: body.encode_to_vec().into(), keys, ..Record::default() }
}

/// A document of a source, with a title.
pub(crate) fn document(id: &str, source: &str, title: &str, text: &str) -> Record {
    let name = format!("documents/{id}");
    let body = Document {
        source: source.to_owned(),
        title_bytes: u32::try_from(title.len()).unwrap(),
        text: format!("{title}\n{text}"),
        language: if text.is_ascii() { "en" } else { "zh" }.to_owned(),
        published: Some(Period {
            start: "2025-07-13".to_owned(),
            end: "2025-07-14".to_owned(),
            precision: 4,
        }),
        ..Document::default()
    };
    let key = format!("document={name}");
    record(name, &body, vec![key])
}

/// A layer that mentions entities in a document.
pub(crate) fn layer(id: &str, of: &str, entities: &[&str]) -> Record {
    let document = format!("documents/{of}");
    let mention = |entity: &&str| Mention {
        kind: MentionKind::Entity.into(),
        entity: (*entity).to_owned(),
        ..Mention::default()
    };
    let mentions = entities.iter().map(mention).collect();
    let key = format!("document={document}");
    record(format!("layers/{id}"), &Layer { document, mentions }, vec![key])
}

/// Says that a document came in under a topic.
pub(crate) fn membership(id: &str, of: &str, topic: &str) -> Record {
    let document = format!("documents/{of}");
    let keys = vec![format!("document={document}"), format!("topic={topic}")];
    record(format!("memberships/{id}"), &TopicMembership { document, topic: topic.to_owned() }, keys)
}

/// A claim of a document with its quote.
pub(crate) fn claim(id: &str, of: &str, subject: &str, quote: &str) -> Record {
    let document = format!("documents/{of}");
    let term = Term { id: subject.to_owned(), words: String::new(), origin: None };
    let body = Claim { document: document.clone(), subject: Some(term), ..Claim::default() };
    let key = format!("document={document}");
    let span =
        Span { start_byte: 7, end_byte: 7 + u32::try_from(quote.len()).unwrap(), quote: quote.to_owned() };
    let citations = vec![Citation { document, spans: vec![span] }];
    Record { citations, ..record(format!("claims/{id}"), &body, vec![key]) }
}

/// A saved query.
pub(crate) fn topic(id: &str, name: &str, query: &str, kinds: &[&str]) -> Record {
    let body = Topic {
        name: name.to_owned(),
        owner: "ana".to_owned(),
        query: query.to_owned(),
        literal: false,
        kinds: kinds.iter().map(|kind| format!("monazite.record.v1.{kind}")).collect(),
    };
    record(format!("topics/{id}"), &body, vec![format!("topic={name}"), "owner=ana".to_owned()])
}

/// Overwrites some bytes in the middle of the largest file of a folder.
pub(crate) fn damage(folder: &Path) {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let file = files.max_by_key(|file| std::fs::metadata(file).unwrap().len()).unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    std::fs::write(&file, bytes).unwrap();
}
