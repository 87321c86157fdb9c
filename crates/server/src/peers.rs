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

    /// What announces plugins, whose relay is reached at `relay`. With `sockets`, those who share this machine are told
    /// the way past the relay.
    pub(crate) fn herald(&self, relay: String, sockets: bool) -> Arc<Herald> {
        Arc::new(Herald { peers: self.clone(), relay, sockets, announced: Mutex::default() })
    }
}

/// Announces the workers of a plugin host.
pub(crate) struct Herald {
    peers: Peers,
    relay: String,
    sockets: bool,
    announced: Mutex<HashMap<String, Announcer>>,
}

impl Herald {
    /// Takes all workers out of the answers to who serves what.
    pub(crate) async fn drain(&self) {
        for announcer in self.announced.lock().await.values() {
            announcer.set_state(ServingState::Draining).await;
        }
    }

    /// A worker with the endpoints that it is announced with, best first.
    fn reached(&self, worker: &Instance) -> Instance {
        let mut worker = worker.clone();
        if !self.sockets {
            // Elsewhere the same path may lead to another host's worker.
            worker.endpoints.clear();
        }
        worker.endpoints.push(self.relay.clone());
        worker
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
        let announcer = self.peers.announce(self.reached(instance));
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

#[cfg(test)]
mod tests {
    use api::analysis::DescribeRequest;
    use api::analysis::analyzer_client::AnalyzerClient;

    use super::*;

    #[tokio::test]
    async fn a_socket_of_another_machine_is_found_missing_at_once() -> crate::error::Result<()> {
        let peer = Dialer::new(None, None, None)?.peer("unix:/nowhere/worker.sock");
        let mut client = AnalyzerClient::new(peer);
        let described =
            tokio::time::timeout(Duration::from_secs(2), client.describe(DescribeRequest {})).await;
        // The time for one attempt to connect is 5 s: it is not used up.
        assert!(matches!(described, Ok(Err(_))), "{described:?}");
        Ok(())
    }
}
