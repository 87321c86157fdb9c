//! Finding others through the registry, and being found.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use api::Peer;
use api::analysis::ServedAnalyzer;
use api::registry::{Instance, ServingState};
use async_trait::async_trait;
use registry_client::{Announcer, Config, Directory};
use tokio::sync::Mutex;

use crate::config::ServiceName;
use crate::grpc::dialer::Dialer;

/// How long a call waits for somebody who serves it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Pause between two attempts to put an analyzer into the catalog while the registry is away.
const CATALOG_PAUSE: Duration = Duration::from_millis(500);

/// Ways to the other services, wherever they run.
#[derive(Clone)]
pub(crate) struct Peers {
    dialer: Dialer,
    registry: Peer,
    directory: Directory,
}

impl Peers {
    /// Peers that are found through the registry at `registry`.
    pub(crate) fn new(dialer: Dialer, registry: &str) -> Self {
        let registry = dialer.peer(registry);
        let directory = Directory::start(registry.clone(), Config::default());
        Self { dialer, registry, directory }
    }

    /// The registry.
    pub(crate) fn registry(&self) -> Peer {
        self.registry.clone()
    }

    /// A service, found anew for each call, so that it may move and come back.
    pub(crate) fn service(&self, service: ServiceName) -> Peer {
        let (dialer, directory) = (self.dialer.clone(), self.directory.clone());
        self.dialer.finding(move || {
            let (dialer, directory) = (dialer.clone(), directory.clone());
            async move {
                let name = service.full_name();
                let find = tokio::time::timeout(PATIENCE, directory.find(name)).await;
                let instances = find.map_err(|_| format!("nobody serves {name} now"))?;
                let endpoints = instances.iter().flat_map(|i| i.endpoints.iter().map(String::as_str));
                dialer
                    .first(endpoints)
                    .ok_or_else(|| format!("no endpoint of {name} can be reached from here"))
            }
        })
    }

    /// The way to whatever endpoint the registry names.
    pub(crate) fn connect(&self) -> Arc<dyn Fn(&str) -> Peer + Send + Sync> {
        let dialer = self.dialer.clone();
        Arc::new(move |endpoint| dialer.peer(endpoint))
    }

    /// Announces an instance.
    pub(crate) fn announce(&self, instance: Instance) -> Announcer {
        Announcer::start(self.registry(), instance, Config::default())
    }

    /// What announces plugins.
    pub(crate) fn herald(&self) -> Arc<Herald> {
        Arc::new(Herald { peers: self.clone(), announced: Mutex::default() })
    }
}

/// Announces the workers of a plugin host.
pub(crate) struct Herald {
    peers: Peers,
    announced: Mutex<HashMap<String, Announcer>>,
}

impl Herald {
    /// Takes all workers out of the answers to who serves what.
    pub(crate) async fn drain(&self) {
        for announcer in self.announced.lock().await.values() {
            announcer.set_state(ServingState::Draining).await;
        }
    }
}

#[async_trait]
impl plugin_host::Announce for Herald {
    async fn serving(&self, instance: &Instance, analyzers: &[ServedAnalyzer]) -> Result<(), String> {
        for manifest in analyzers.iter().filter_map(|served| served.manifest.as_ref()) {
            loop {
                match registry_client::register_version(
                    self.peers.registry(),
                    manifest.clone(),
                    &Config::default(),
                )
                .await
                {
                    Ok(()) => break,
                    Err(error @ registry_client::Error::Refused { .. }) => return Err(error.to_string()),
                    Err(error) => {
                        tracing::debug!(analyzer = manifest.name, %error, "putting it into the catalog later");
                        tokio::time::sleep(CATALOG_PAUSE).await;
                    }
                }
            }
        }
        let mut announced = self.announced.lock().await;
        if let Some(earlier) = announced.remove(&instance.instance_id) {
            earlier.end().await;
        }
        let announcer = self.peers.announce(instance.clone());
        announcer.registered().await.map_err(|e| e.to_string())?;
        announced.insert(instance.instance_id.clone(), announcer);
        Ok(())
    }

    async fn gone(&self, instance_id: &str) {
        if let Some(announcer) = self.announced.lock().await.remove(instance_id) {
            announcer.end().await;
        }
    }
}
