//! Random histories of everything that can happen to a registry, held against a model; and every watch, from
//! whichever revision, replayed to what is listed.

use std::collections::BTreeMap;
use std::time::Duration;

use api::registry::event::Change;
use api::registry::{
    DeleteEntryRequest, DeregisterRequest, Entry, Instance, ListEntriesRequest, ListInstancesRequest,
    PutEntryRequest, RegisterRequest, ServingState, WatchRequest,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use registry::Error;

use crate::common::{Kind, TestResult, World, instance, manifest, next, pin, version};
use crate::histories::model::{Model, Said};

mod model;

/// Something that happens. Numbers choose among what there is.
#[derive(Clone, Debug)]
enum Op {
    Pin { analyzer: u8, version: u8, expected: Expected },
    Version { analyzer: u8, version: u8, reads: u8, writes: u8 },
    Delete { entry: u8, expected: Expected },
    Register { id: u8, incarnation: i64, ttl: u8 },
    Repeat { call: u8 },
    Renew { lease: u8 },
    State { lease: u8, state: u8 },
    Enable { id: u8, enabled: bool },
    Deregister { lease: u8 },
    Advance { millis: u16 },
    Restart,
}

/// Which revision a write expects.
#[derive(Clone, Copy, Debug)]
enum Expected {
    Any,
    Present,
    Other,
}

fn op() -> impl Strategy<Value = Op> {
    let expected = || {
        prop_oneof![
            3 => Just(Expected::Any),
            2 => Just(Expected::Present),
            1 => Just(Expected::Other),
        ]
    };
    prop_oneof![
        3 => (0..3_u8, 0..3_u8, expected())
            .prop_map(|(analyzer, version, expected)| Op::Pin { analyzer, version, expected }),
        4 => (0..3_u8, 0..3_u8, 0..4_u8, 0..4_u8)
            .prop_map(|(analyzer, version, reads, writes)| Op::Version { analyzer, version, reads, writes }),
        2 => (any::<u8>(), expected()).prop_map(|(entry, expected)| Op::Delete { entry, expected }),
        6 => (0..3_u8, 1..6_i64, 3..12_u8)
            .prop_map(|(id, incarnation, ttl)| Op::Register { id, incarnation, ttl }),
        2 => any::<u8>().prop_map(|call| Op::Repeat { call }),
        5 => any::<u8>().prop_map(|lease| Op::Renew { lease }),
        3 => (any::<u8>(), 1..5_u8).prop_map(|(lease, state)| Op::State { lease, state }),
        2 => (0..3_u8, any::<bool>()).prop_map(|(id, enabled)| Op::Enable { id, enabled }),
        2 => any::<u8>().prop_map(|lease| Op::Deregister { lease }),
        4 => (1..8000_u16).prop_map(|millis| Op::Advance { millis }),
        1 => Just(Op::Restart),
    ]
}

/// What is listed at one revision.
#[derive(Clone, Debug, PartialEq)]
struct Listed {
    entries: BTreeMap<String, Entry>,
    instances: BTreeMap<String, Instance>,
}

/// A registry with its model and its past.
struct History {
    world: World,
    model: Model,
    calls: Vec<RegisterRequest>,
    leases: Vec<String>,
    /// What was listed, by revision, since the last restart.
    past: BTreeMap<i64, Listed>,
}

#[test]
fn any_history_on_memory() {
    run(Kind::Memory, 150);
}

#[test]
fn any_history_on_sled() {
    run(Kind::Sled, 12);
}

fn run(kind: Kind, cases: u32) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let ran = TestRunner::new(config).run(&prop::collection::vec(op(), 1..80), |ops| {
        runtime.block_on(history(kind, ops)).map_err(|error| TestCaseError::fail(error.to_string()))
    });
    if let Err(failure) = ran {
        panic!("{failure}");
    }
}

async fn history(kind: Kind, ops: Vec<Op>) -> TestResult {
    let mut history = History {
        world: World::new(kind).await?,
        model: Model::default(),
        calls: Vec::new(),
        leases: vec!["nobody#0000000000000001".into()],
        past: BTreeMap::new(),
    };
    for op in ops {
        let before = history.world.revision().await?;
        let said = history.happen(&op).await?;
        let after = history.world.revision().await?;
        match said {
            Said::Changed => assert!(after > before, "{op:?} changes something"),
            Said::Nothing => assert_eq!(after, before, "{op:?} changes nothing"),
            Said::Time => assert!(after >= before),
        }
        let listed = history.listed().await?;
        history.model.agrees(&listed.entries, &listed.instances);
        if let Some(same) = history.past.insert(after, listed.clone()) {
            assert_eq!(same, listed, "one revision, one state");
        }
    }
    history.every_watch_arrives().await
}

impl History {
    async fn happen(&mut self, op: &Op) -> Result<Said, Box<dyn std::error::Error>> {
        match op {
            Op::Pin { analyzer, version, expected } => {
                let entry = pin(&format!("a{analyzer}"), &format!("{version}.0.0"));
                self.put(entry, *expected).await
            }
            Op::Version { analyzer, version: v, reads, writes } => {
                let (name, v) = (format!("a{analyzer}"), format!("{v}.0.0"));
                let manifest = manifest(&name, &v, &format!("K{reads}"), &format!("K{writes}"));
                self.put(version(manifest), Expected::Any).await
            }
            Op::Delete { entry, expected } => self.delete(usize::from(*entry), *expected).await,
            Op::Register { id, incarnation, ttl } => {
                let call = RegisterRequest {
                    instance: Some(instance(&format!("i{id}"), *incarnation)),
                    ttl: Some(prost_types::Duration { seconds: i64::from(*ttl), nanos: 0 }),
                    request_id: format!("call-{}", self.calls.len()),
                };
                self.calls.push(call.clone());
                self.register(call).await
            }
            Op::Repeat { call } => match pick(&self.calls, *call) {
                Some(call) => self.register(call).await,
                None => Ok(Said::Nothing),
            },
            Op::Renew { lease } => {
                let lease = pick(&self.leases, *lease).ok_or("no lease")?;
                let found = word(self.world.renew(&lease).await);
                assert_eq!(found, self.model.renew(&lease));
                Ok(Said::Nothing)
            }
            Op::State { lease, state } => {
                let lease = pick(&self.leases, *lease).ok_or("no lease")?;
                let state = ServingState::try_from(i32::from(*state))?;
                let (expected, said) = self.model.state(&lease, state);
                assert_eq!(word(self.world.state(&lease, state).await), expected);
                Ok(said)
            }
            Op::Enable { id, enabled } => {
                let id = format!("i{id}");
                let (expected, said) = self.model.enable(&id, *enabled);
                assert_eq!(word(self.world.enable(&id, *enabled).await), expected);
                Ok(said)
            }
            Op::Deregister { lease } => {
                let lease_id = pick(&self.leases, *lease).ok_or("no lease")?;
                let (expected, said) = self.model.deregister(&lease_id);
                let found = self.world.registry().deregister(DeregisterRequest { lease_id }).await;
                assert_eq!(word(found), expected);
                Ok(said)
            }
            Op::Advance { millis } => {
                let duration = Duration::from_millis(u64::from(*millis));
                self.world.advance(duration).await?;
                self.model.advance(duration);
                Ok(Said::Time)
            }
            Op::Restart => {
                self.every_watch_arrives().await?;
                self.world.restart().await?;
                self.model.restart();
                self.past.clear();
                Ok(Said::Nothing)
            }
        }
    }

    async fn put(&mut self, entry: Entry, expected: Expected) -> Result<Said, Box<dyn std::error::Error>> {
        let present = self.model.entry_revision(&entry.name);
        let expected_revision = expected_revision(expected, present);
        let request = PutEntryRequest { entry: Some(entry.clone()), expected_revision };
        let found = self.world.registry().put_entry(request).await;
        let conflict = expected_revision.is_some_and(|expected| expected != present);
        match found {
            Ok(response) => {
                assert!(!conflict);
                Ok(self.model.put(&entry, &response.entry.ok_or("no entry")?))
            }
            Err(Error::RevisionConflict { actual, .. }) => {
                assert!(conflict && actual == present);
                Ok(Said::Nothing)
            }
            Err(error) => {
                self.model.refuses(&entry, word::<()>(Err(error)));
                Ok(Said::Nothing)
            }
        }
    }

    async fn delete(&mut self, entry: usize, expected: Expected) -> Result<Said, Box<dyn std::error::Error>> {
        let name = self.model.entry_name(entry).unwrap_or_else(|| "analyzers/none/pin".into());
        let present = self.model.entry_revision(&name);
        let expected_revision = expected_revision(expected, present);
        let request = DeleteEntryRequest { name: name.clone(), expected_revision };
        let found = word(self.world.registry().delete_entry(request).await);
        if present == 0 {
            assert_eq!(found, "no such entry");
        } else if expected_revision.is_some_and(|expected| expected != present) {
            assert_eq!(found, "conflict");
        } else {
            assert_eq!(found, "ok");
            self.model.delete(&name);
            return Ok(Said::Changed);
        }
        Ok(Said::Nothing)
    }

    async fn register(&mut self, call: RegisterRequest) -> Result<Said, Box<dyn std::error::Error>> {
        let found = self.world.registry().register(call.clone()).await;
        if let Ok(lease) = &found {
            self.leases.push(lease.lease_id.clone());
        }
        let instance = call.instance.ok_or("no instance")?;
        let ttl = Duration::try_from(call.ttl.ok_or("no ttl")?)?;
        let granted = found.as_ref().map(|lease| (lease.lease_id.as_str(), lease.fence)).ok();
        let (expected, said) = self.model.register(&instance, ttl, &call.request_id, granted);
        assert_eq!(word(found), expected);
        Ok(said)
    }

    /// What is listed now, in small pages.
    async fn listed(&self) -> Result<Listed, Box<dyn std::error::Error>> {
        let mut listed = Listed { entries: BTreeMap::new(), instances: BTreeMap::new() };
        let mut page_token = String::new();
        loop {
            let request = ListEntriesRequest { page_size: 2, page_token, ..Default::default() };
            let page = self.world.registry().list_entries(request).await?;
            listed.entries.extend(page.entries.into_iter().map(|entry| (entry.name.clone(), entry)));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        let page = self.world.registry().list_instances(ListInstancesRequest::default()).await?;
        let instances = page.instances.into_iter();
        listed.instances.extend(instances.map(|instance| (instance.instance_id.clone(), instance)));
        Ok(listed)
    }

    /// A watch from each revision of the past passes through every later state and arrives at the present one; so
    /// does one that begins with the initial state.
    async fn every_watch_arrives(&self) -> TestResult {
        let now = self.world.revision().await?;
        let present = self.listed().await?;
        for (after, then) in self.past.iter().filter(|(after, _)| **after > 0) {
            let request = WatchRequest { after_revision: *after, ..Default::default() };
            let mut watch = self.world.registry().watch(request).await?;
            let (mut state, mut through) =
                (then.clone(), next(&mut watch).await?.header.ok_or("no header")?.revision);
            assert_eq!(through, *after);
            while state != present {
                let message = next(&mut watch).await?;
                let revision = message.header.ok_or("no header")?.revision;
                assert!(revision > through && revision <= now, "{revision} after {through}");
                through = revision;
                for event in message.events {
                    assert_eq!(event.revision, revision);
                    replay(&mut state, event.change.ok_or("no change")?);
                }
                if let Some(listed) = self.past.get(&revision) {
                    assert_eq!(&state, listed, "at {revision}");
                }
            }
        }
        let request = WatchRequest { initial_state: true, ..Default::default() };
        let mut watch = self.world.registry().watch(request).await?;
        let mut state = Listed { entries: BTreeMap::new(), instances: BTreeMap::new() };
        loop {
            let message = next(&mut watch).await?;
            for event in message.events {
                replay(&mut state, event.change.ok_or("no change")?);
            }
            if message.sync {
                break;
            }
        }
        assert_eq!(state, present);
        Ok(())
    }
}

/// Applies a change to what was listed; it must be one that could happen there.
fn replay(listed: &mut Listed, change: Change) {
    match change {
        Change::EntryPut(entry) => {
            let before = listed.entries.insert(entry.name.clone(), entry.clone());
            assert!(before.is_none_or(|before| before.revision < entry.revision), "no duplicates");
        }
        Change::EntryDeleted(name) => assert!(listed.entries.remove(&name).is_some(), "{name}"),
        Change::InstancePut(instance) => {
            let before = listed.instances.insert(instance.instance_id.clone(), instance.clone());
            let same = |before: Instance| before.incarnation == instance.incarnation;
            assert!(before.is_none_or(same), "the one before is gone first");
        }
        Change::InstanceGone(gone) => {
            assert!(listed.instances.remove(&gone.instance_id).is_some(), "{gone:?}");
        }
    }
}

fn expected_revision(expected: Expected, present: i64) -> Option<i64> {
    match expected {
        Expected::Any => None,
        Expected::Present => Some(present),
        Expected::Other => Some(present + 1),
    }
}

fn pick<T: Clone>(from: &[T], choice: u8) -> Option<T> {
    from.get(usize::from(choice) % from.len().max(1)).cloned()
}

/// How a call ended.
fn word<T>(result: registry::Result<T>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(Error::Fenced { .. }) => "fenced",
        Err(Error::LeaseExpired { .. }) => "expired",
        Err(Error::NoSuchInstance { .. }) => "no such instance",
        Err(Error::NoSuchEntry { .. }) => "no such entry",
        Err(Error::RevisionConflict { .. }) => "conflict",
        Err(Error::VersionChanged { .. }) => "changed",
        Err(Error::Cycle { .. }) => "cycle",
        Err(error) => panic!("{error}"),
    }
}
