//! What the registry knows about analyzers, followed through its gRPC service.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::registry::registry_client::RegistryClient;
use api::registry::{ListInstancesRequest, WatchRequest, WatchResponse, entry, event};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::config::{Backoff, Config};
use crate::error::{Error, Result};
use crate::grpc::{MAX_MESSAGE, answer, fault};
use crate::providers::Snapshot;

/// Longest time without any word from the registry, which sends a progress mark at least every 10 s.
const SILENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// A client of the registry.
#[derive(Clone)]
pub(crate) struct Directory {
    client: RegistryClient<api::Peer>,
    config: Arc<Config>,
}

impl Directory {
    pub(crate) fn new(peer: api::Peer, config: Arc<Config>) -> Self {
        let client = RegistryClient::new(peer)
            .max_decoding_message_size(MAX_MESSAGE)
            .max_encoding_message_size(MAX_MESSAGE);
        Self { client, config }
    }

    /// The registry's revision now.
    pub(crate) async fn revision(&self) -> Result<i64> {
        let mut client = self.client.clone();
        let request = ListInstancesRequest { page_size: 1, ..ListInstancesRequest::default() };
        let call = client.list_instances(request);
        let response = answer(crate::REGISTRY, self.config.peer_timeout, call).await?;
        Ok(response.header.unwrap_or_default().revision)
    }

    /// Keeps `snapshots` current until shutdown. Through an outage the last known one stays.
    pub(crate) async fn follow(
        self,
        snapshots: watch::Sender<Option<Arc<Snapshot>>>,
        shutdown: CancellationToken,
    ) {
        let mut backoff = Backoff::new(&self.config);
        loop {
            let error = tokio::select! {
                () = shutdown.cancelled() => return,
                error = self.watch(&snapshots, &mut backoff) => error,
            };
            let pause = backoff.pause();
            tracing::warn!(%error, ?pause, "the registry cannot be followed; its last known answer stays");
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Follows one stream until it ends, and says why.
    async fn watch(&self, snapshots: &watch::Sender<Option<Arc<Snapshot>>>, backoff: &mut Backoff) -> Error {
        let mut client = self.client.clone();
        let request = WatchRequest { initial_state: true, ..WatchRequest::default() };
        let mut stream = match answer(crate::REGISTRY, self.config.peer_timeout, client.watch(request)).await
        {
            Ok(stream) => stream,
            Err(error) => return error,
        };
        let (mut snapshot, mut synced) = (Snapshot::default(), false);
        let lost = |message: &str| Error::Unavailable { peer: crate::REGISTRY, message: message.to_owned() };
        loop {
            let message: WatchResponse = match tokio::time::timeout(SILENCE, stream.message()).await {
                Ok(Ok(Some(message))) => message,
                Ok(Ok(None)) => return lost("the watch ended"),
                Ok(Err(status)) => return fault(crate::REGISTRY, &status),
                Err(_) => return lost("nothing was heard for 30 s"),
            };
            backoff.reset();
            synced |= message.sync;
            apply(&mut snapshot, message);
            if synced {
                snapshots.send_replace(Some(Arc::new(snapshot.clone())));
            }
        }
    }
}

fn apply(snapshot: &mut Snapshot, message: WatchResponse) {
    for event in message.events {
        match event.change {
            Some(event::Change::EntryPut(entry)) => put(snapshot, entry),
            Some(event::Change::EntryDeleted(name)) => snapshot.remove_entry(&name),
            Some(event::Change::InstancePut(instance)) => {
                snapshot.instances.insert(instance.instance_id.clone(), instance);
            }
            Some(event::Change::InstanceGone(gone)) => {
                snapshot.instances.remove(&gone.instance_id);
            }
            None => {}
        }
        snapshot.revision = snapshot.revision.max(event.revision);
    }
    if let Some(header) = message.header {
        snapshot.revision = snapshot.revision.max(header.revision);
    }
}

fn put(snapshot: &mut Snapshot, entry: api::registry::Entry) {
    let mut parts = entry.name.split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next(), entry.value) {
        (Some("analyzers"), Some(name), Some("pin"), None, Some(entry::Value::Pin(pin))) => {
            snapshot.pins.insert(name.to_owned(), pin);
        }
        (
            Some("analyzers"),
            Some(name),
            Some("versions"),
            Some(version),
            Some(entry::Value::AnalyzerVersion(of)),
        ) => {
            let manifest = Arc::new(of.manifest.unwrap_or_default());
            let versions: &mut BTreeMap<_, _> = snapshot.manifests.entry(name.to_owned()).or_default();
            versions.insert(version.to_owned(), manifest);
        }
        _ => {}
    }
}
