//! A registry that can be away, be restarted, and be replaced by another, over the real contract but no socket.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use api::Peer;
use api::registry::{Instance, ListInstancesRequest};
use registry::Registry;
use tower::ServiceExt as _;

/// What a test answers.
pub(crate) type TestResult = Result<(), Box<dyn std::error::Error>>;

/// The service that all instances of the tests serve.
pub(crate) const STORAGE: &str = "monazite.storage.v1.Storage";

/// A registry at a fixed place.
#[derive(Clone)]
pub(crate) struct Place {
    now: Arc<Mutex<Option<Registry>>>,
    kv: Arc<Mutex<Arc<kv::Memory>>>,
    calls: Arc<Mutex<Vec<String>>>,
    lost_answers: Arc<AtomicU64>,
}

impl Place {
    /// A place where nobody answers.
    pub(crate) fn new() -> Self {
        Self {
            now: Arc::default(),
            kv: Arc::new(Mutex::new(Arc::new(kv::Memory::new()))),
            calls: Arc::default(),
            lost_answers: Arc::default(),
        }
    }

    /// Opens the registry of this place: the one that was there before, if there was one.
    pub(crate) async fn open(&self) -> Result<Registry, Box<dyn std::error::Error>> {
        self.open_with(registry::Config::default()).await
    }

    /// Opens the registry of this place with a config.
    pub(crate) async fn open_with(
        &self,
        config: registry::Config,
    ) -> Result<Registry, Box<dyn std::error::Error>> {
        let kv = Arc::clone(&*lock(&self.kv));
        let registry = Registry::open(kv, config, registry::monotonic()).await?;
        *lock(&self.now) = Some(registry.clone());
        Ok(registry)
    }

    /// Stops the registry; what it stored stays.
    pub(crate) async fn close(&self) {
        let registry = lock(&self.now).take();
        if let Some(registry) = registry {
            registry.drain().await;
        }
    }

    /// Forgets what was stored: the next one to open is another registry.
    pub(crate) fn wipe(&self) {
        *lock(&self.kv) = Arc::new(kv::Memory::new());
    }

    /// Loses the next answers: the registry gets the calls, the client hears nothing of it.
    pub(crate) fn lose_answers(&self, count: u64) {
        self.lost_answers.store(count, Ordering::SeqCst);
    }

    /// How often a method was called.
    pub(crate) fn calls(&self, method: &str) -> usize {
        lock(&self.calls).iter().filter(|path| path.ends_with(&format!("/{method}"))).count()
    }

    /// The way there.
    pub(crate) fn peer(&self) -> Peer {
        let place = self.clone();
        Peer::new(tower::service_fn(move |request: http::Request<_>| {
            lock(&place.calls).push(request.uri().path().to_owned());
            let registry = lock(&place.now).clone();
            let place = place.clone();
            async move {
                let registry = registry.ok_or("connection refused")?;
                let response = registry::grpc::service(registry).oneshot(request).await?;
                let lose = |count: u64| count.checked_sub(1);
                if place.lost_answers.fetch_update(Ordering::SeqCst, Ordering::SeqCst, lose).is_ok() {
                    return Err("connection reset".into());
                }
                Ok(response)
            }
        }))
    }

    /// All instances that the registry lists now.
    pub(crate) async fn instances(&self) -> Result<Vec<Instance>, Box<dyn std::error::Error>> {
        let registry = lock(&self.now).clone().ok_or("nobody is there")?;
        Ok(registry.list_instances(ListInstancesRequest::default()).await?.instances)
    }
}

/// An instance.
pub(crate) fn instance(instance_id: &str) -> Instance {
    Instance {
        instance_id: instance_id.into(),
        service: STORAGE.into(),
        endpoints: vec![format!("inproc:{instance_id}")],
        ..Instance::default()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
