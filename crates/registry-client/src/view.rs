use std::collections::BTreeMap;
use std::sync::Arc;

use api::registry::event::Change;
use api::registry::{Entry, Event, Instance, ServingState};

/// All that the registry knows, at one revision.
#[derive(Clone, Debug, Default)]
pub struct View {
    cluster_id: String,
    revision: i64,
    entries: BTreeMap<String, Arc<Entry>>,
    instances: BTreeMap<String, Arc<Instance>>,
}

impl View {
    /// Of which registry; empty if none was ever heard of.
    #[must_use]
    pub fn cluster_id(&self) -> &str {
        &self.cluster_id
    }

    /// At which revision; zero if none was ever heard of.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// The catalog, by name.
    pub fn entries(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.values()
    }

    /// An entry of the catalog.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&Arc<Entry>> {
        self.entries.get(name)
    }

    /// All instances in whatever state, by id.
    pub fn instances(&self) -> impl Iterator<Item = &Arc<Instance>> {
        self.instances.values()
    }

    /// Who can serve a gRPC service (its full name): SERVING or SUSPECT, and enabled; by id.
    #[must_use]
    pub fn resolve(&self, service: &str) -> Vec<Arc<Instance>> {
        let serves = |instance: &&Arc<Instance>| instance.service == service && takes_calls(instance);
        self.instances().filter(serves).cloned().collect()
    }

    /// Who can serve an analyzer; an empty version: any.
    #[must_use]
    pub fn resolve_analyzer(&self, name: &str, version: &str) -> Vec<Arc<Instance>> {
        let provides = |instance: &&Arc<Instance>| {
            takes_calls(instance)
                && instance.analyzers.iter().any(|provided| {
                    provided.name == name && (version.is_empty() || provided.version == version)
                })
        };
        self.instances().filter(provides).cloned().collect()
    }

    /// Takes over what a message of a watch says.
    pub(crate) fn apply(&mut self, events: Vec<Event>) {
        for event in events {
            match event.change {
                Some(Change::EntryPut(entry)) => {
                    self.entries.insert(entry.name.clone(), Arc::new(entry));
                }
                Some(Change::EntryDeleted(name)) => {
                    self.entries.remove(&name);
                }
                Some(Change::InstancePut(instance)) => {
                    self.instances.insert(instance.instance_id.clone(), Arc::new(instance));
                }
                Some(Change::InstanceGone(gone)) => {
                    self.instances.remove(&gone.instance_id);
                }
                // A kind of change that a newer registry knows.
                None => {}
            }
        }
    }

    /// Sets where it stands.
    pub(crate) fn reach(&mut self, cluster_id: &str, revision: i64) {
        cluster_id.clone_into(&mut self.cluster_id);
        self.revision = revision;
    }
}

fn takes_calls(instance: &Instance) -> bool {
    let state = instance.state();
    let serves = matches!(state, ServingState::Unspecified | ServingState::Serving | ServingState::Suspect);
    // A state that only a newer registry knows is read as unspecified, but is not a reason to call somebody.
    serves && ServingState::try_from(instance.state).is_ok() && instance.enabled
}
