//! A world for tests: a real log and a real registry in this process, analyzers that the tests make up, and an analysis
//! service that can be killed at any moment.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use analysis::{Analysis, Config, Peers};
use api::analysis::analysis_client::AnalysisClient;
use api::analysis::analyzer_server::AnalyzerServer;
use api::analysis::{AnalyzerStatus, Failure, GetStatusRequest, ListFailuresRequest, RetryFailuresRequest};
use api::analysis::{WaitSettledRequest, WaitSettledResponse};
use api::record::{Document, Record};
use api::registry::{
    AnalyzerVersion, DeleteEntryRequest, DeregisterRequest, Entry, Instance, Pin, ProvidedAnalyzer,
    PutEntryRequest, RegisterRequest, ServingState, entry,
};
use api::storage::{
    CommitRequest, Delete, Derivation, ListDerivationsRequest, ListRequest, Operation, Put, operation,
};
use prost::{Message as _, Name as _};
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt as _};

use crate::analyzers::{self, Fake, Served};

/// A peer in this process, which can be cut off.
#[derive(Clone)]
struct Gated {
    routes: Routes,
    open: Arc<AtomicBool>,
}

type Answering = futures::future::BoxFuture<'static, Result<http::Response<tonic::body::Body>, BoxError>>;
type BoxError = Box<dyn std::error::Error + Send + Sync>;

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

fn peer(routes: Routes, open: &Arc<AtomicBool>) -> api::Peer {
    BoxCloneSyncService::new(Gated { routes, open: open.clone() })
}

/// Settings under which tests need not wait.
pub(crate) fn quick() -> Config {
    Config {
        backoff_first: Duration::from_millis(2),
        backoff_last: Duration::from_millis(40),
        linger: Duration::from_millis(1),
        drain: Duration::from_secs(2),
        ..Config::default()
    }
}

/// See the module.
pub(crate) struct World {
    pub(crate) log: storage::Storage,
    pub(crate) registry: registry::Registry,
    pub(crate) config: Config,
    storage_open: Arc<AtomicBool>,
    registry_open: Arc<AtomicBool>,
    fakes: Arc<Mutex<HashMap<String, Arc<Fake>>>>,
    leases: HashMap<String, String>,
    running: Option<Running>,
    _folder: Option<tempfile::TempDir>,
}

struct Running {
    runtime: tokio::runtime::Runtime,
    analysis: Analysis,
}

impl Drop for World {
    fn drop(&mut self) {
        self.kill();
    }
}

/// What tests compare: every derived record by name, and every derivation that has records.
pub(crate) type Derived = (BTreeMap<String, Record>, BTreeMap<(String, String), Derivation>);

impl World {
    /// A world in memory.
    pub(crate) async fn new() -> Self {
        Self::over(Arc::new(kv::Memory::new()), None).await
    }

    /// A world on disk.
    pub(crate) async fn on_disk() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let kv = kv::Sled::open(&folder.path().join("log"), kv::SledConfig::default()).unwrap();
        Self::over(Arc::new(kv), Some(folder)).await
    }

    async fn over(kv: Arc<dyn kv::Kv>, folder: Option<tempfile::TempDir>) -> Self {
        let log =
            storage::Storage::open(kv, storage::Config::default(), storage::system_clock()).await.unwrap();
        let catalog = Arc::new(kv::Memory::new());
        let registry = registry::Registry::open(catalog, registry::Config::default(), registry::monotonic())
            .await
            .unwrap();
        Self {
            log,
            registry,
            config: quick(),
            storage_open: Arc::new(AtomicBool::new(true)),
            registry_open: Arc::new(AtomicBool::new(true)),
            fakes: Arc::default(),
            leases: HashMap::new(),
            running: None,
            _folder: folder,
        }
    }

    /// Cuts storage off from analysis, or not.
    pub(crate) fn storage_is(&self, open: bool) {
        self.storage_open.store(open, Ordering::SeqCst);
    }

    /// Cuts the registry off from analysis, or not.
    pub(crate) fn registry_is(&self, open: bool) {
        self.registry_open.store(open, Ordering::SeqCst);
    }

    /// Starts the analysis service, on threads of its own.
    pub(crate) fn start(&mut self) {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let storage = Routes::new(storage::grpc::service(self.log.clone()));
        let registry = Routes::new(registry::grpc::service(self.registry.clone()));
        let fakes = self.fakes.clone();
        let connect = move |endpoint: &str| {
            let fake = fakes.lock().unwrap().get(endpoint).cloned();
            match fake {
                Some(fake) => {
                    let open = fake.up.clone();
                    let server = AnalyzerServer::new(Served(fake)).max_decoding_message_size(16 << 20);
                    peer(Routes::new(server), &open)
                }
                None => peer(Routes::default(), &Arc::new(AtomicBool::new(false))),
            }
        };
        let peers = Peers {
            storage: peer(storage, &self.storage_open),
            registry: peer(registry, &self.registry_open),
            connect: Arc::new(connect),
        };
        let guard = runtime.enter();
        let analysis = Analysis::start(self.config.clone(), peers, CancellationToken::new());
        drop(guard);
        self.running = Some(Running { runtime, analysis });
    }

    /// Ends the analysis service at once, whatever it is doing.
    pub(crate) fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.runtime.shutdown_background();
        }
    }

    /// Stops the analysis service in order.
    pub(crate) async fn stop(&mut self) {
        let running = self.running.take().unwrap();
        assert!(running.analysis.drain().await, "it drains in time");
        running.runtime.shutdown_background();
    }

    /// The analysis service as clients see it.
    pub(crate) fn client(&self) -> AnalysisClient<api::Peer> {
        let analysis = self.running.as_ref().unwrap().analysis.clone();
        let routes = Routes::new(analysis::grpc::service(analysis));
        AnalysisClient::new(peer(routes, &Arc::new(AtomicBool::new(true))))
    }

    /// Puts an analyzer's version into the catalog and an instance that serves it into the registry.
    pub(crate) async fn provide(&mut self, endpoint: &str, fake: Fake) -> Arc<Fake> {
        self.provide_at(&[endpoint], endpoint, fake).await
    }

    /// As [`provide`](Self::provide), announced with these endpoints, of which only the last leads there.
    pub(crate) async fn provide_at(&mut self, endpoints: &[&str], endpoint: &str, fake: Fake) -> Arc<Fake> {
        let name = fake.manifest.name.clone();
        let version = fake.manifest.version.clone();
        let manifest = fake.manifest.clone();
        self.put_entry(
            &format!("analyzers/{name}/versions/{version}"),
            AnalyzerVersion { manifest: Some(manifest) },
        )
        .await;
        let fake = Arc::new(fake);
        self.fakes.lock().unwrap().insert(endpoint.to_owned(), fake.clone());
        let instance = Instance {
            instance_id: endpoint.replace(':', "-"),
            incarnation: 1 + self.log.head() + i64::try_from(self.leases.len()).unwrap(),
            service: "monazite.analysis.v1.Analyzer".to_owned(),
            endpoints: endpoints.iter().map(|endpoint| (*endpoint).to_owned()).collect(),
            analyzers: vec![ProvidedAnalyzer { name, version, config_digest: fake.config_digest.clone() }],
            state: ServingState::Serving.into(),
            ..Instance::default()
        };
        let request = RegisterRequest {
            instance: Some(instance),
            ttl: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            request_id: format!("{endpoint}-{}", self.leases.len()),
        };
        let lease = self.registry.register(request).await.unwrap().lease_id;
        self.leases.insert(endpoint.to_owned(), lease);
        fake
    }

    /// Takes an instance out of the registry.
    pub(crate) async fn withdraw(&mut self, endpoint: &str) {
        if let Some(lease_id) = self.leases.remove(endpoint) {
            self.registry.deregister(DeregisterRequest { lease_id }).await.unwrap();
        }
        self.fakes.lock().unwrap().remove(endpoint);
    }

    async fn put_entry(&self, name: &str, value: impl Into<EntryValue>) {
        let entry = Entry { name: name.to_owned(), value: Some(value.into().0), ..Entry::default() };
        self.registry
            .put_entry(PutEntryRequest { entry: Some(entry), expected_revision: None })
            .await
            .unwrap();
    }

    /// Pins an analyzer.
    pub(crate) async fn pin(&self, analyzer: &str, version: &str, disabled: bool) {
        self.put_entry(&format!("analyzers/{analyzer}/pin"), Pin { version: version.to_owned(), disabled })
            .await;
    }

    /// Removes a pin.
    pub(crate) async fn unpin(&self, analyzer: &str) {
        let request =
            DeleteEntryRequest { name: format!("analyzers/{analyzer}/pin"), expected_revision: None };
        self.registry.delete_entry(request).await.unwrap();
    }

    /// Puts documents, each a name and a text, in one commit.
    pub(crate) async fn put(&self, documents: &[(&str, &str)]) -> i64 {
        let put =
            |(id, text): &(&str, &str)| operation::Operation::Put(Put { record: Some(document(id, text)) });
        self.commit(documents.iter().map(put).collect()).await
    }

    /// Deletes a document.
    pub(crate) async fn delete(&self, id: &str) -> i64 {
        self.commit(vec![operation::Operation::Delete(Delete { name: format!("documents/{id}") })]).await
    }

    /// Commits what clients may commit.
    pub(crate) async fn commit(&self, operations: Vec<operation::Operation>) -> i64 {
        let operations = operations.into_iter().map(|one| Operation { operation: Some(one) }).collect();
        let request = CommitRequest { operations, preconditions: Vec::new() };
        self.log.commit(request).await.unwrap().sequence
    }

    /// Waits until all is settled; the last message.
    pub(crate) async fn settle(&self) -> WaitSettledResponse {
        self.settle_at(0).await
    }

    /// Waits until what follows from a sequence is settled; the last message.
    pub(crate) async fn settle_at(&self, sequence: i64) -> WaitSettledResponse {
        let waited = async {
            let mut stream =
                self.client().wait_settled(WaitSettledRequest { sequence }).await.unwrap().into_inner();
            let mut last = WaitSettledResponse::default();
            while let Some(message) = stream.message().await.unwrap() {
                assert_eq!(last.settled_sequence, 0, "nothing comes after the result");
                last = message;
            }
            assert!(last.settled_sequence > 0, "{last:?}");
            last
        };
        match tokio::time::timeout(Duration::from_secs(60), waited).await {
            Ok(last) => last,
            Err(_) => panic!("not settled after a minute: {:#?}", self.status_all().await),
        }
    }

    /// Waits until a condition holds of an analyzer's status.
    pub(crate) async fn until(
        &self,
        analyzer: &str,
        what: impl Fn(&AnalyzerStatus) -> bool,
    ) -> AnalyzerStatus {
        for _ in 0..30_000 {
            if let Some(status) = self.status(analyzer).await.filter(&what) {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("it never came about: {:#?}", self.status_all().await)
    }

    async fn status_all(&self) -> Vec<AnalyzerStatus> {
        self.client()
            .get_status(GetStatusRequest {})
            .await
            .map(|r| r.into_inner().analyzers)
            .unwrap_or_default()
    }

    /// How an analyzer is doing.
    pub(crate) async fn status(&self, analyzer: &str) -> Option<AnalyzerStatus> {
        self.status_all().await.into_iter().find(|status| status.analyzer == analyzer)
    }

    /// The failures list.
    pub(crate) async fn failures(&self) -> Vec<Failure> {
        let request = ListFailuresRequest { page_size: 1000, ..ListFailuresRequest::default() };
        self.client().list_failures(request).await.unwrap().into_inner().failures
    }

    /// Runs all failed groups again.
    pub(crate) async fn retry_all(&self) -> u32 {
        self.client().retry_failures(RetryFailuresRequest::default()).await.unwrap().into_inner().groups
    }

    /// All live records of a kind.
    pub(crate) async fn list(&self, kind: &str) -> Vec<Record> {
        let mut request = ListRequest { kind: kind.to_owned(), page_size: 1000, ..ListRequest::default() };
        let mut records = Vec::new();
        loop {
            let page = self.log.list(request.clone()).await.unwrap();
            records.extend(page.records);
            if page.next_page_token.is_empty() {
                return records;
            }
            request.page_token = page.next_page_token;
        }
    }

    /// All that is derived, without sequences, times and read sequences.
    pub(crate) async fn derived(&self) -> Derived {
        let records = self
            .list("")
            .await
            .into_iter()
            .filter(|record| !record.analyzer.is_empty())
            .map(|record| (record.name.clone(), Record { sequence: 0, commit_time: None, ..record }));
        let records = records.collect();
        let mut request = ListDerivationsRequest { page_size: 1000, ..ListDerivationsRequest::default() };
        let mut derivations = BTreeMap::new();
        loop {
            let page = self.log.list_derivations(request.clone()).await.unwrap();
            for derivation in page.derivations.into_iter().filter(|derivation| derivation.record_count > 0) {
                let key = (derivation.analyzer.clone(), derivation.group.clone());
                derivations.insert(key, Derivation { sequence: 0, read_sequence: 0, ..derivation });
            }
            if page.next_page_token.is_empty() {
                return (records, derivations);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// What `linker` noted, by document.
    pub(crate) async fn links(&self) -> BTreeMap<String, String> {
        let text = |record: &Record| String::from_utf8(record.body.to_vec()).unwrap();
        let links = self.list(analyzers::LINK).await;
        links
            .iter()
            .map(|record| (record.name.trim_start_matches("links/").to_owned(), text(record)))
            .collect()
    }

    /// The counts that `counter` derived, by word.
    pub(crate) async fn counts(&self) -> BTreeMap<String, String> {
        let text = |record: &Record| String::from_utf8(record.body.to_vec()).unwrap();
        self.list(analyzers::COUNT)
            .await
            .iter()
            .map(|record| (record.name.trim_start_matches("counts/").to_owned(), text(record)))
            .collect()
    }
}

/// The document of an id. Its first two words are its bands; a word such as `day7` says its day.
pub(crate) fn document(id: &str, text: &str) -> Record {
    let body = Document { text: text.to_owned(), ..Document::default() };
    let day = |word: &str| word.strip_prefix("day").map(|day| format!("at=2025-07-{day:0>2}"));
    let bands = text.split_whitespace().filter(|word| day(word).is_none()).take(2);
    let bands = bands.map(|word| format!("band={word}"));
    let days = text.split_whitespace().filter_map(day);
    Record {
        name: format!("documents/{id}"),
        kind: Document::full_name(),
        body: body.encode_to_vec().into(),
        keys: bands.chain(days).chain([format!("document=documents/{id}")]).collect(),
        ..Record::default()
    }
}

struct EntryValue(entry::Value);

impl From<AnalyzerVersion> for EntryValue {
    fn from(value: AnalyzerVersion) -> Self {
        Self(entry::Value::AnalyzerVersion(value))
    }
}

impl From<Pin> for EntryValue {
    fn from(value: Pin) -> Self {
        Self(entry::Value::Pin(value))
    }
}
