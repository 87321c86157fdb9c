//! A registry on any backend, whose clock is moved by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use api::analysis::grouping::Grouping;
use api::analysis::{EachRecord, Grouping as Wrapped, Manifest};
use api::registry::entry::Value;
use api::registry::{
    AnalyzerVersion, Entry, Instance, Pin, ProvidedAnalyzer, PutEntryRequest, RegisterRequest,
    RegisterResponse, RenewRequest, ResolveRequest, ServingState, SetStateRequest, WatchRequest,
    WatchResponse,
};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use kv::Kv;
use registry::{Clock, Config, Embedded, Registry};

/// What a test answers.
pub(crate) type TestResult = Result<(), Box<dyn std::error::Error>>;

/// A watch as the registry gives it.
pub(crate) type Watch = BoxStream<'static, registry::Result<WatchResponse>>;

/// The service that most instances of the tests serve.
pub(crate) const STORAGE: &str = "monazite.storage.v1.Storage";

/// A backend under test.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// The embedded backend on a store in memory.
    Memory,
    /// The embedded backend on sled.
    Sled,
}

/// A registry, what it lies in, and its clock.
pub(crate) struct World {
    kind: Kind,
    folder: Option<tempfile::TempDir>,
    kv: Option<Arc<dyn Kv>>,
    now: Arc<AtomicU64>,
    config: Config,
    embedded: Option<Arc<Embedded>>,
    registry: Option<Registry>,
    requests: AtomicU64,
}

impl World {
    /// A new registry with default config.
    pub(crate) async fn new(kind: Kind) -> Result<Self, Box<dyn std::error::Error>> {
        Self::with(kind, Config::default()).await
    }

    /// A new registry.
    pub(crate) async fn with(kind: Kind, config: Config) -> Result<Self, Box<dyn std::error::Error>> {
        let folder = matches!(kind, Kind::Sled).then(tempfile::tempdir).transpose()?;
        let mut world = Self {
            kind,
            folder,
            kv: None,
            now: Arc::new(AtomicU64::new(1_000_000)),
            config,
            embedded: None,
            registry: None,
            requests: AtomicU64::new(0),
        };
        world.open().await?;
        Ok(world)
    }

    async fn open(&mut self) -> TestResult {
        let kv: Arc<dyn Kv> = match (self.kind, self.kv.take(), &self.folder) {
            // What is in memory outlives the registry, as a folder does.
            (Kind::Memory, Some(kv), _) => kv,
            (Kind::Sled, _, Some(folder)) => {
                Arc::new(kv::Sled::open(&folder.path().join("registry"), kv::SledConfig::default())?)
            }
            _ => Arc::new(kv::Memory::new()),
        };
        let now = Arc::clone(&self.now);
        let clock: Clock = Arc::new(move || Duration::from_millis(now.load(Ordering::SeqCst)));
        let embedded = Arc::new(Embedded::open(Arc::clone(&kv), self.config.clone(), clock).await?);
        self.registry = Some(Registry::over(Arc::clone(&embedded) as _, self.config.clone())?);
        self.embedded = Some(embedded);
        self.kv = Some(kv);
        Ok(())
    }

    /// The registry.
    pub(crate) fn registry(&self) -> &Registry {
        self.registry.as_ref().expect("a world always has a registry")
    }

    /// Stops the registry and starts it again on what it stored. Its clock goes on from elsewhere.
    pub(crate) async fn restart(&mut self) -> TestResult {
        self.registry().drain().await;
        self.registry = None;
        self.embedded = None;
        if matches!(self.kind, Kind::Sled) {
            let kv = self.kv.take().expect("a world always has a store");
            // Tasks of the old registry let go of the store within moments; only then can it be opened again.
            while Arc::strong_count(&kv) > 1 {
                tokio::task::yield_now().await;
            }
        }
        self.now.store(5_000, Ordering::SeqCst);
        self.open().await
    }

    /// Lets time pass, and the leases end that run out by then.
    pub(crate) async fn advance(&self, duration: Duration) -> TestResult {
        self.pass(duration);
        self.embedded.as_ref().expect("a world always has a backend").expire().await?;
        Ok(())
    }

    /// Lets time pass; nobody has looked yet for leases that ran out.
    pub(crate) fn pass(&self, duration: Duration) {
        let millis = u64::try_from(duration.as_millis()).expect("tests wait less than an age");
        self.now.fetch_add(millis, Ordering::SeqCst);
    }

    /// Registers an instance under a new request id.
    pub(crate) async fn register(&self, instance: Instance) -> registry::Result<RegisterResponse> {
        let request_id = format!("r{}", self.requests.fetch_add(1, Ordering::Relaxed));
        self.registry().register(RegisterRequest { instance: Some(instance), ttl: None, request_id }).await
    }

    /// Renews a lease.
    pub(crate) async fn renew(&self, lease_id: &str) -> registry::Result<()> {
        self.registry().renew(RenewRequest { lease_id: lease_id.into() }).await.map(|_| ())
    }

    /// Tells a serving state.
    pub(crate) async fn state(&self, lease_id: &str, state: ServingState) -> registry::Result<Instance> {
        let request =
            SetStateRequest { lease_id: lease_id.into(), state: state.into(), ..Default::default() };
        Ok(self.registry().set_state(request).await?.instance.expect("the answer has the instance"))
    }

    /// Tells an operator's wish.
    pub(crate) async fn enable(&self, instance_id: &str, enabled: bool) -> registry::Result<Instance> {
        let request =
            SetStateRequest { instance_id: instance_id.into(), enabled: Some(enabled), ..Default::default() };
        Ok(self.registry().set_state(request).await?.instance.expect("the answer has the instance"))
    }

    /// Ids of those who serve [`STORAGE`] now.
    pub(crate) async fn resolve(&self) -> registry::Result<Vec<String>> {
        let request = ResolveRequest { service: STORAGE.into(), ..Default::default() };
        let found = self.registry().resolve(&request).await?.instances;
        Ok(found.into_iter().map(|instance| instance.instance_id).collect())
    }

    /// Writes an entry, whatever is there.
    pub(crate) async fn put(&self, entry: Entry) -> registry::Result<Entry> {
        let request = PutEntryRequest { entry: Some(entry), expected_revision: None };
        Ok(self.registry().put_entry(request).await?.entry.expect("the answer has the entry"))
    }

    /// Follows changes after a revision.
    pub(crate) async fn watch(&self, after_revision: i64) -> registry::Result<Watch> {
        self.registry().watch(WatchRequest { after_revision, ..Default::default() }).await
    }

    /// The present revision.
    pub(crate) async fn revision(&self) -> registry::Result<i64> {
        let request = ResolveRequest { service: "none.None".into(), ..Default::default() };
        let header = self.registry().resolve(&request).await?.header;
        Ok(header.expect("every answer has a header").revision)
    }
}

/// An instance that serves [`STORAGE`].
pub(crate) fn instance(instance_id: &str, incarnation: i64) -> Instance {
    Instance {
        instance_id: instance_id.into(),
        incarnation,
        service: STORAGE.into(),
        endpoints: vec![format!("inproc:{instance_id}")],
        analyzers: vec![ProvidedAnalyzer {
            name: "reading".into(),
            version: "1.0.0".into(),
            config_digest: String::new(),
        }],
        ..Instance::default()
    }
}

/// A manifest that is right.
pub(crate) fn manifest(name: &str, version: &str, reads: &str, writes: &str) -> Manifest {
    Manifest {
        name: name.into(),
        version: version.into(),
        reads: vec![format!("m.{reads}")],
        grouping: Some(Wrapped { grouping: Some(Grouping::EachRecord(EachRecord {})) }),
        writes: vec![format!("m.{writes}")],
        ..Manifest::default()
    }
}

/// The entry of a version.
pub(crate) fn version(manifest: Manifest) -> Entry {
    Entry {
        name: format!("analyzers/{}/versions/{}", manifest.name, manifest.version),
        value: Some(Value::AnalyzerVersion(AnalyzerVersion { manifest: Some(manifest) })),
        ..Entry::default()
    }
}

/// The entry of a pin.
pub(crate) fn pin(analyzer: &str, version: &str) -> Entry {
    Entry {
        name: format!("analyzers/{analyzer}/pin"),
        value: Some(Value::Pin(Pin { version: version.into(), disabled: false })),
        ..Entry::default()
    }
}

/// The next message of a watch.
pub(crate) async fn next(watch: &mut Watch) -> registry::Result<WatchResponse> {
    watch.next().await.expect("a watch ends with an error")
}

/// Runs each test on every backend.
macro_rules! on_every_backend {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test] async fn $name() -> $crate::common::TestResult {
                super::$name($crate::common::Kind::Memory).await
            })+
        }
        mod sled {
            $(#[tokio::test] async fn $name() -> $crate::common::TestResult {
                super::$name($crate::common::Kind::Sled).await
            })+
        }
    };
}
