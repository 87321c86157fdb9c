//! What a registry should know, kept in the plainest way.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use api::analysis::Manifest;
use api::registry::entry::Value;
use api::registry::{Entry, Instance, ServingState};

/// Whether something is expected to get a revision.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Said {
    /// It is.
    Changed,
    /// It is not.
    Nothing,
    /// Time passed: whatever ran out by then did.
    Time,
}

struct Live {
    incarnation: i64,
    request_id: String,
    lease_id: String,
    fence: i64,
    ttl: Duration,
    left: Duration,
    state: ServingState,
}

/// The model.
#[derive(Default)]
pub(crate) struct Model {
    entries: BTreeMap<String, Entry>,
    live: BTreeMap<String, Live>,
    disabled: BTreeSet<String>,
    /// Leases of those who were replaced, with their TTL and what is left of it.
    replaced: BTreeMap<String, (Duration, Duration)>,
}

impl Model {
    pub(crate) fn entry_revision(&self, name: &str) -> i64 {
        self.entries.get(name).map_or(0, |entry| entry.revision)
    }

    pub(crate) fn entry_name(&self, choice: usize) -> Option<String> {
        self.entries.keys().nth(choice % self.entries.len().max(1)).cloned()
    }

    /// An entry was accepted.
    pub(crate) fn put(&mut self, asked: &Entry, written: &Entry) -> Said {
        assert_eq!(asked.value, written.value);
        let before = self.entries.insert(asked.name.clone(), written.clone());
        self.no_choice_of_versions_is_a_cycle();
        match before {
            Some(before) if before.value == asked.value => {
                assert_eq!(&before, written);
                Said::Nothing
            }
            Some(before) => {
                assert!(asked.name.ends_with("/pin"), "a version says one thing");
                assert_eq!(before.create_revision, written.create_revision);
                assert!(written.revision > before.revision);
                Said::Changed
            }
            None => {
                assert_eq!(written.create_revision, written.revision);
                Said::Changed
            }
        }
    }

    /// An entry was refused.
    pub(crate) fn refuses(&self, asked: &Entry, word: &str) {
        let before = self.entries.get(&asked.name);
        match word {
            "changed" => assert!(before.is_some_and(|before| before.value != asked.value)),
            "cycle" => {
                let Some(Value::AnalyzerVersion(version)) = &asked.value else { panic!("a pin is no cycle") };
                let new = version.manifest.as_ref().expect("the tests give one");
                let mut all: Vec<_> = self.manifests().filter(|other| other.name != new.name).collect();
                all.push(new);
                assert!(has_cycle(&all), "{asked:?} closes nothing");
            }
            other => panic!("{other}"),
        }
    }

    fn manifests(&self) -> impl Iterator<Item = &Manifest> {
        self.entries.values().filter_map(|entry| match &entry.value {
            Some(Value::AnalyzerVersion(version)) => version.manifest.as_ref(),
            _ => None,
        })
    }

    /// However one version of each analyzer is chosen, nothing feeds back.
    fn no_choice_of_versions_is_a_cycle(&self) {
        let mut choices: Vec<Vec<&Manifest>> = vec![Vec::new()];
        let names: BTreeSet<_> = self.manifests().map(|manifest| &manifest.name).collect();
        for name in names {
            let versions: Vec<_> = self.manifests().filter(|manifest| manifest.name == *name).collect();
            let mut longer = Vec::new();
            for choice in &choices {
                longer.extend(versions.iter().map(|version| [choice.as_slice(), &[*version]].concat()));
            }
            choices = longer;
        }
        for choice in choices {
            assert!(!has_cycle(&choice), "{choice:?}");
        }
    }

    pub(crate) fn delete(&mut self, name: &str) {
        self.entries.remove(name);
    }

    /// A registration, and what was granted, if it was.
    pub(crate) fn register(
        &mut self,
        instance: &Instance,
        ttl: Duration,
        request_id: &str,
        granted: Option<(&str, i64)>,
    ) -> (&'static str, Said) {
        let mut word = "ok";
        if let Some(current) = self.live.get_mut(&instance.instance_id) {
            let repeated = current.incarnation == instance.incarnation && current.request_id == request_id;
            if repeated {
                current.left = current.ttl;
                assert_eq!(granted, Some((current.lease_id.as_str(), current.fence)));
                return (word, Said::Nothing);
            }
            if current.incarnation >= instance.incarnation {
                word = "fenced";
            }
        }
        let Some((lease_id, fence)) = granted.filter(|_| word == "ok") else { return (word, Said::Nothing) };
        let live = Live {
            incarnation: instance.incarnation,
            request_id: request_id.to_owned(),
            lease_id: lease_id.to_owned(),
            fence,
            ttl,
            left: ttl,
            state: ServingState::Serving,
        };
        if let Some(old) = self.live.insert(instance.instance_id.clone(), live) {
            assert!(old.fence < fence, "fences rise");
            self.replaced.insert(old.lease_id, (old.ttl, old.left));
        }
        (word, Said::Changed)
    }

    fn holder(&mut self, lease_id: &str) -> Result<(String, &mut Live), &'static str> {
        let id = lease_id.split('#').next().unwrap_or_default().to_owned();
        let fenced = self.replaced.contains_key(lease_id);
        match self.live.get_mut(&id) {
            Some(live) if live.lease_id == lease_id => Ok((id, live)),
            None if !fenced => Err("expired"),
            _ => Err("fenced"),
        }
    }

    pub(crate) fn renew(&mut self, lease_id: &str) -> &'static str {
        match self.holder(lease_id) {
            Ok((_, live)) => {
                live.left = live.ttl;
                "ok"
            }
            Err(word) => word,
        }
    }

    pub(crate) fn state(&mut self, lease_id: &str, state: ServingState) -> (&'static str, Said) {
        match self.holder(lease_id) {
            Ok((_, live)) if live.state == state => ("ok", Said::Nothing),
            Ok((_, live)) => {
                live.state = state;
                ("ok", Said::Changed)
            }
            Err(word) => (word, Said::Nothing),
        }
    }

    pub(crate) fn enable(&mut self, id: &str, enabled: bool) -> (&'static str, Said) {
        if !self.live.contains_key(id) {
            return ("no such instance", Said::Nothing);
        }
        let changed = if enabled { self.disabled.remove(id) } else { self.disabled.insert(id.to_owned()) };
        ("ok", if changed { Said::Changed } else { Said::Nothing })
    }

    pub(crate) fn deregister(&mut self, lease_id: &str) -> (&'static str, Said) {
        match self.holder(lease_id).map(|(id, _)| id) {
            Ok(id) => {
                self.live.remove(&id);
                ("ok", Said::Changed)
            }
            Err("expired") => ("ok", Said::Nothing),
            Err(word) => (word, Said::Nothing),
        }
    }

    pub(crate) fn advance(&mut self, duration: Duration) {
        let passes = |left: &mut Duration| {
            *left = left.saturating_sub(duration);
            !left.is_zero()
        };
        self.live.retain(|_, live| passes(&mut live.left));
        self.replaced.retain(|_, (_, left)| passes(left));
    }

    /// Every lease gets its full TTL again.
    pub(crate) fn restart(&mut self) {
        self.live.values_mut().for_each(|live| live.left = live.ttl);
        self.replaced.values_mut().for_each(|(ttl, left)| *left = *ttl);
    }

    /// Holds what is listed against what should be.
    pub(crate) fn agrees(&self, entries: &BTreeMap<String, Entry>, instances: &BTreeMap<String, Instance>) {
        assert_eq!(entries, &self.entries);
        let ids: Vec<_> = instances.keys().collect();
        assert_eq!(ids, self.live.keys().collect::<Vec<_>>());
        for (id, live) in &self.live {
            let instance = &instances[id];
            let found = (instance.incarnation, instance.state(), instance.fence, instance.enabled);
            assert_eq!(found, (live.incarnation, live.state, live.fence, !self.disabled.contains(id)));
        }
    }
}

/// True if some kind leads back to itself.
fn has_cycle(manifests: &[&Manifest]) -> bool {
    let mut leads: BTreeSet<(&str, &str)> = manifests
        .iter()
        .flat_map(|manifest| manifest.reads.iter().map(|read| (read, &manifest.writes)))
        .flat_map(|(read, writes)| writes.iter().map(|write| (read.as_str(), write.as_str())))
        .collect();
    loop {
        let mut longer = Vec::new();
        for (from, over) in &leads {
            let next = leads.iter().filter(|(start, _)| start == over).map(|(_, to)| (*from, *to));
            longer.extend(next.filter(|pair| !leads.contains(pair)));
        }
        if longer.is_empty() {
            return leads.iter().any(|(from, to)| from == to);
        }
        leads.extend(longer);
    }
}
