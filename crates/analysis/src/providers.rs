//! Who provides which analyzer, as the registry last told.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::analysis::Manifest;
use api::registry::{Instance, Pin, ServingState};

use crate::assignment::Candidate;

/// Full name of the gRPC service that analyzers are reached through.
const SERVICE: &str = "monazite.analysis.v1.Analyzer";

/// The registry at one revision, as far as analysis needs it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    /// The revision.
    pub(crate) revision: i64,
    /// Pins by analyzer.
    pub(crate) pins: BTreeMap<String, Pin>,
    /// Manifests by analyzer and version.
    pub(crate) manifests: BTreeMap<String, BTreeMap<String, Arc<Manifest>>>,
    /// Instances by id, of every service and in every state.
    pub(crate) instances: BTreeMap<String, Instance>,
}

/// One who serves the assigned version and config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Provider {
    /// Its id; a restart makes another provider of it.
    pub(crate) id: String,
    /// When this one was registered.
    pub(crate) fence: i64,
    /// Where it is reached, best first.
    pub(crate) endpoints: Vec<String>,
}

impl Snapshot {
    /// Forgets a catalog entry.
    pub(crate) fn remove_entry(&mut self, name: &str) {
        let mut parts = name.split('/');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("analyzers"), Some(name), Some("pin"), None) => {
                self.pins.remove(name);
            }
            (Some("analyzers"), Some(name), Some("versions"), Some(version)) => {
                if let Some(versions) = self.manifests.get_mut(name) {
                    versions.remove(version);
                }
            }
            _ => {}
        }
    }

    /// Names of all analyzers that somebody serves.
    pub(crate) fn served(&self) -> impl Iterator<Item = &str> {
        self.usable().flat_map(|instance| instance.analyzers.iter().map(|analyzer| analyzer.name.as_str()))
    }

    /// What of an analyzer could be assigned: served, and with a manifest in the catalog.
    pub(crate) fn candidates(&self, analyzer: &str) -> Vec<Candidate> {
        let manifests = self.manifests.get(analyzer);
        self.usable()
            .flat_map(|instance| &instance.analyzers)
            .filter(|served| served.name == analyzer)
            .filter(|served| manifests.is_some_and(|versions| versions.contains_key(&served.version)))
            .map(|served| Candidate {
                version: served.version.clone(),
                config_digest: served.config_digest.clone(),
            })
            .collect()
    }

    /// Who serves this version of an analyzer with this config. Nobody while the analyzer is pinned to another version.
    pub(crate) fn providers(&self, analyzer: &str, version: &str, config_digest: &str) -> Vec<Provider> {
        let pinned = self.pins.get(analyzer).map(|pin| pin.version.as_str()).unwrap_or_default();
        if !pinned.is_empty() && pinned != version {
            return Vec::new();
        }
        let serves = |instance: &&Instance| {
            instance.analyzers.iter().any(|served| {
                served.name == analyzer && served.version == version && served.config_digest == config_digest
            })
        };
        self.usable()
            .filter(serves)
            .map(|instance| Provider {
                id: instance.instance_id.clone(),
                fence: instance.fence,
                endpoints: instance.endpoints.clone(),
            })
            .collect()
    }

    fn usable(&self) -> impl Iterator<Item = &Instance> {
        self.instances.values().filter(|instance| {
            let takes_calls = !matches!(instance.state(), ServingState::Draining | ServingState::NotServing);
            instance.service == SERVICE && instance.enabled && takes_calls && !instance.endpoints.is_empty()
        })
    }
}

#[cfg(test)]
mod tests {
    use api::registry::ProvidedAnalyzer;

    use super::*;

    fn instance(id: &str, version: &str, state: ServingState, enabled: bool) -> Instance {
        Instance {
            instance_id: id.to_owned(),
            service: SERVICE.to_owned(),
            endpoints: vec![format!("inproc:{id}")],
            analyzers: vec![ProvidedAnalyzer {
                name: "words".to_owned(),
                version: version.to_owned(),
                config_digest: "c".to_owned(),
            }],
            state: state.into(),
            enabled,
            ..Instance::default()
        }
    }

    #[test]
    fn only_who_takes_calls_counts_and_a_pin_elsewhere_leaves_nobody() {
        let mut snapshot = Snapshot::default();
        for (id, version, state, enabled) in [
            ("a", "1.0.0", ServingState::Serving, true),
            ("b", "1.0.0", ServingState::Draining, true),
            ("c", "1.0.0", ServingState::Serving, false),
            ("d", "1.0.0", ServingState::Suspect, true),
            ("e", "2.0.0", ServingState::Serving, true),
        ] {
            snapshot.instances.insert(id.to_owned(), instance(id, version, state, enabled));
        }
        let ids = |snapshot: &Snapshot| {
            let providers = snapshot.providers("words", "1.0.0", "c");
            providers.into_iter().map(|provider| provider.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(&snapshot), ["a", "d"]);
        assert!(snapshot.providers("words", "1.0.0", "other").is_empty());
        assert!(snapshot.candidates("words").is_empty(), "the catalog has no manifest");
        let versions = BTreeMap::from([("2.0.0".to_owned(), Arc::new(Manifest::default()))]);
        snapshot.manifests.insert("words".to_owned(), versions);
        assert_eq!(snapshot.candidates("words").len(), 1);
        let pin = Pin { version: "2.0.0".to_owned(), disabled: false };
        snapshot.pins.insert("words".to_owned(), pin);
        assert!(ids(&snapshot).is_empty());
        snapshot.remove_entry("analyzers/words/pin");
        snapshot.remove_entry("analyzers/words/versions/2.0.0");
        assert_eq!(ids(&snapshot), ["a", "d"]);
        assert!(snapshot.candidates("words").is_empty());
    }
}
