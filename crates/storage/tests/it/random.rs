//! Random histories against a simple model of the log: whatever is written, reopened and compacted, every read as of
//! every sequence, every list, the feed, the derivations and the counts are those of the model.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::record::Record;
use api::storage::{
    ChangesRequest, CompactRequest, Derivation, ListDerivationsRequest, ListRequest, Operation,
};
use futures::{TryStreamExt, stream};
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use storage::{Config, Error};

use crate::common::{Log, Place, delete, derivation, note, put, replace};

/// What a history does.
#[derive(Clone, Debug)]
enum Act {
    /// Commits operations at once.
    Commit(Vec<Op>),
    Reopen,
    /// Compacts up to so many hundredths of the log.
    Compact(u8),
}

#[derive(Clone, Debug)]
enum Op {
    Put {
        name: u8,
        kind: u8,
        body: u8,
        keys: u8,
    },
    Delete {
        name: u8,
    },
    /// `records` are bits; `back` is by how much the read lies behind the head.
    Replace {
        analyzer: u8,
        group: u8,
        records: u8,
        body: u8,
        back: u8,
        inputs: u8,
    },
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (0..8u8, 0..2u8, 0..3u8, 0..8u8).prop_map(|(name, kind, body, keys)| Op::Put { name, kind, body, keys }),
        2 => (0..8u8).prop_map(|name| Op::Delete { name }),
        3 => (0..2u8, 0..3u8, 0..32u8, 0..2u8, 0..4u8, 0..2u8).prop_map(
            |(analyzer, group, records, body, back, inputs)| Op::Replace {
                analyzer, group, records, body, back, inputs
            }
        ),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => prop::collection::vec(op(), 1..5).prop_map(Act::Commit),
        1 => Just(Act::Reopen),
        1 => (0..=100u8).prop_map(Act::Compact),
    ]
}

fn keys(bits: u8) -> Vec<String> {
    (0..3).filter(|bit| bits & (1 << bit) != 0).map(|bit| format!("key={bit}")).collect()
}

fn client_record(name: u8, kind: u8, body: u8, bits: u8) -> Record {
    let keys = keys(bits);
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    Record {
        kind: format!("example.Kind{kind}"),
        ..note(&format!("n/{name}"), &format!("body {body}"), &keys)
    }
}

/// Names are shared by the groups of an analyzer and by both analyzers, so that they collide at times.
fn derived_records(bits: u8, body: u8, group: u8) -> Vec<Record> {
    let record = |bit: u8| {
        let name = if bit < 4 { format!("d/{group}-{bit}") } else { "d/shared".to_owned() };
        Record { kind: "example.Derived".to_owned(), ..note(&name, &format!("body {body}"), &["key=1"]) }
    };
    (0..5).filter(|bit| bits & (1 << bit) != 0).map(record).collect()
}

/// A live revision.
#[derive(Clone, Debug, PartialEq)]
struct Live {
    record: Record,
    sequence: i64,
    owner: (String, String),
    /// Its place among all revisions ever written, which is the order of lists.
    place: usize,
}

/// The log as it should be.
#[derive(Clone, Default)]
struct Model {
    live: BTreeMap<String, Live>,
    derivations: BTreeMap<(String, String), Derivation>,
    head: i64,
    places: usize,
}

struct History {
    now: Model,
    /// The live records as of each sequence.
    past: BTreeMap<i64, BTreeMap<String, Live>>,
    horizon: i64,
}

impl Model {
    fn apply(&mut self, operations: &[Operation]) -> Result<(), &'static str> {
        use api::storage::operation::Operation as Do;
        let mut next = self.clone();
        for operation in operations {
            match operation.operation.as_ref().expect("is set") {
                Do::Put(put) => next.put(put.record.clone().expect("is set"), Default::default())?,
                Do::Delete(delete) => next.delete(&delete.name)?,
                Do::Replace(replace) => {
                    next.replace(self.head, replace.derivation.clone().expect("is set"), &replace.records)?;
                }
            }
        }
        // What ends as it began was never written.
        for (name, live) in &mut next.live {
            if let Some(before) = self.live.get(name)
                && (&before.record, &before.owner) == (&live.record, &live.owner)
            {
                *live = before.clone();
            }
        }
        let changed = next.derivations != self.derivations || next.live != self.live;
        if changed {
            next.head = self.head + 1;
            for live in next.live.values_mut().filter(|live| live.sequence == 0) {
                live.sequence = next.head;
            }
            for entry in next.derivations.values_mut().filter(|entry| entry.sequence == 0) {
                entry.sequence = next.head;
            }
            *self = next;
        }
        Ok(())
    }

    fn put(&mut self, record: Record, owner: (String, String)) -> Result<(), &'static str> {
        if let Some(before) = self.live.get(&record.name) {
            if before.owner != owner {
                return Err("OWNED_BY_OTHER");
            }
            if before.record == record {
                return Ok(());
            }
        }
        self.places += 1;
        let live = Live { sequence: 0, owner, place: self.places, record };
        self.live.insert(live.record.name.clone(), live);
        Ok(())
    }

    fn delete(&mut self, name: &str) -> Result<(), &'static str> {
        match self.live.get(name) {
            Some(live) if !live.owner.0.is_empty() => Err("OWNED_BY_OTHER"),
            _ => {
                self.live.remove(name);
                Ok(())
            }
        }
    }

    fn replace(&mut self, head: i64, derivation: Derivation, records: &[Record]) -> Result<(), &'static str> {
        let key = (derivation.analyzer.clone(), derivation.group.clone());
        let before = self.derivations.get(&key).cloned();
        assert!(derivation.read_sequence <= head);
        if before.as_ref().is_some_and(|before| derivation.read_sequence < before.read_sequence) {
            return Err("STALE_READ");
        }
        let gone = |entry: &Derivation| entry.record_count == 0 && entry.input_count == 0;
        if before.as_ref().is_none_or(gone) && records.is_empty() {
            return Ok(());
        }
        let kept: BTreeSet<&str> = records.iter().map(|record| record.name.as_str()).collect();
        let doomed = |live: &Live| live.owner == key && !kept.contains(live.record.name.as_str());
        let before_live = self.live.clone();
        for record in records {
            self.put(record.clone(), key.clone())?;
        }
        self.live.retain(|_, live| !doomed(live));
        let record_count = u32::try_from(records.len()).expect("few");
        let entry = Derivation { record_count, sequence: 0, ..derivation };
        let same =
            before.as_ref().is_some_and(|before| Derivation { sequence: 0, ..before.clone() } == entry);
        if !same || before_live != self.live {
            self.derivations.insert(key, entry);
        }
        Ok(())
    }
}

fn operations(ops: &[Op], head: i64) -> Vec<Operation> {
    let operation = |op: &Op| match op {
        Op::Put { name, kind, body, keys } => put(client_record(*name, *kind, *body, *keys)),
        Op::Delete { name } => delete(&format!("n/{name}")),
        Op::Replace { analyzer, group, records, body, back, inputs } => {
            let read = (head - i64::from(*back)).max(0);
            let mut derivation = derivation(&format!("a{analyzer}"), &format!("g={group}"), read);
            derivation.input_count = u32::from(*inputs);
            replace(derivation, derived_records(*records, *body, *group))
        }
    };
    ops.iter().map(operation).collect()
}

async fn run(mut log: Log, acts: Vec<Act>) -> anyhow::Result<()> {
    let mut history =
        History { now: Model::default(), past: BTreeMap::from([(0, BTreeMap::new())]), horizon: 0 };
    for act in acts {
        match act {
            Act::Commit(ops) => {
                let operations = operations(&ops, history.now.head);
                let expected = history.now.apply(&operations);
                match (log.commit(operations).await, expected) {
                    (Ok(answer), Ok(())) => {
                        anyhow::ensure!(answer.sequence == history.now.head, "{answer:?}")
                    }
                    (Err(error), Err(reason)) => {
                        anyhow::ensure!(error.reason() == reason, "{error} for {reason}")
                    }
                    (answer, expected) => anyhow::bail!("{answer:?} where the model says {expected:?}"),
                }
                history.past.insert(history.now.head, history.now.live.clone());
            }
            Act::Reopen => log = log.reopen().await?,
            Act::Compact(hundredths) => {
                let up_to = history.now.head * i64::from(hundredths) / 100;
                if up_to > 0 {
                    let done = log.storage.compact(CompactRequest { up_to_sequence: up_to }).await?;
                    history.horizon = history.horizon.max(up_to);
                    // What a group that is gone was read at is forgotten with its revisions.
                    let horizon = history.horizon;
                    let forgotten = |entry: &Derivation| {
                        entry.record_count == 0 && entry.input_count == 0 && entry.sequence <= horizon
                    };
                    history.now.derivations.retain(|_, entry| !forgotten(entry));
                    anyhow::ensure!(done.horizon == history.horizon, "{done:?}");
                }
            }
        }
    }
    check(&log, &history).await?;
    let log = log.reopen().await?;
    check(&log, &history).await?;
    let copy = Log::open(Place::Memory(Arc::new(kv::Memory::new())), log.config.clone()).await?;
    let parts: Vec<_> = log.storage.backup().await?.try_collect().await?;
    copy.storage.restore(stream::iter(parts.into_iter().map(|part| part.data))).await?;
    check(&copy, &history).await
}

async fn check(log: &Log, history: &History) -> anyhow::Result<()> {
    anyhow::ensure!(log.storage.head() == history.now.head);
    for (at, live) in &history.past {
        if *at < history.horizon {
            match log.get("n/0", *at).await {
                Err(Error::Compacted { .. }) => continue,
                // Sequence zero asks for the head.
                _ if *at == 0 => continue,
                other => anyhow::bail!("{other:?} at {at}"),
            }
        }
        // Zero would ask for the head.
        if *at > 0 {
            check_reads(log, *at, live).await?;
        }
    }
    check_feed(log, history).await?;
    let derivations = log.storage.list_derivations(ListDerivationsRequest::default()).await?.derivations;
    let gone = |entry: &&Derivation| entry.record_count == 0 && entry.input_count == 0;
    let expected: Vec<_> = history.now.derivations.values().filter(|entry| !gone(entry)).cloned().collect();
    anyhow::ensure!(derivations == expected, "{derivations:#?} where the model has {expected:#?}");
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for live in history.now.live.values() {
        *counts.entry(live.record.kind.as_str()).or_default() += 1;
    }
    let found = log.storage.statistics().await?.kinds;
    let found: BTreeMap<&str, i64> = found.iter().map(|count| (count.kind.as_str(), count.count)).collect();
    anyhow::ensure!(found == counts, "{found:?} where the model has {counts:?}");
    Ok(())
}

fn strip(record: Record) -> (Record, i64, (String, String)) {
    let owner = (record.analyzer.clone(), record.group.clone());
    let sequence = record.sequence;
    let bare =
        Record { sequence: 0, commit_time: None, analyzer: String::new(), group: String::new(), ..record };
    (bare, sequence, owner)
}

async fn check_reads(log: &Log, at: i64, live: &BTreeMap<String, Live>) -> anyhow::Result<()> {
    let names = (0..8).map(|name| format!("n/{name}")).chain(["d/0-0".to_owned(), "d/shared".to_owned()]);
    for name in names {
        match (log.get(&name, at).await, live.get(&name)) {
            (Ok(found), Some(expected)) => {
                let expected = (expected.record.clone(), expected.sequence, expected.owner.clone());
                anyhow::ensure!(strip(found.clone()) == expected, "{found:?} at {at} for {expected:?}");
            }
            (Err(Error::NoSuchRecord { .. }), None) => {}
            (found, expected) => anyhow::bail!("{found:?} at {at} where the model has {expected:?}"),
        }
    }
    for (kind, key) in
        [("", ""), ("example.Kind0", ""), ("", "key=1"), ("example.Derived", "key=1"), ("", "key=0")]
    {
        for newest_first in [false, true] {
            let keys = if key.is_empty() { Vec::new() } else { vec![key.to_owned()] };
            let request = ListRequest {
                kind: kind.to_owned(),
                keys,
                at_sequence: at,
                page_size: 3,
                newest_first,
                ..ListRequest::default()
            };
            let mut found = log.names(request).await?;
            let matches = |live: &&Live| {
                (kind.is_empty() || live.record.kind == kind)
                    && (key.is_empty() || live.record.keys.iter().any(|own| own == key))
            };
            let mut expected: Vec<_> = live.values().filter(matches).collect();
            expected.sort_by_key(|live| (live.sequence, live.place));
            let order: Vec<i64> = expected.iter().map(|live| live.sequence).collect();
            let mut expected: Vec<_> = expected.into_iter().map(|live| live.record.name.clone()).collect();
            if newest_first {
                found.reverse();
            }
            let found_order: Vec<_> =
                found.iter().filter_map(|name| live.get(name)).map(|live| live.sequence).collect();
            anyhow::ensure!(found_order == order, "{found:?} at {at} is not in the order of commits");
            found.sort();
            expected.sort();
            anyhow::ensure!(found == expected, "{found:?} at {at} where the model has {expected:?}");
        }
    }
    Ok(())
}

async fn check_feed(log: &Log, history: &History) -> anyhow::Result<()> {
    let mut expected = Vec::new();
    for (at, live) in history.past.range(history.horizon + 1..) {
        let Some((_, before)) = history.past.range(..at).next_back() else { continue };
        let names: BTreeSet<&String> = live.keys().chain(before.keys()).collect();
        for name in names {
            let (old, new) = (before.get(name), live.get(name));
            if old != new {
                let keys =
                    |live: Option<&Live>| live.map(|live| live.record.keys.clone()).unwrap_or_default();
                expected.push((*at, name.clone(), keys(old), keys(new), new.is_none(), old.is_some()));
            }
        }
    }
    let request = ChangesRequest { after_sequence: history.horizon, ..ChangesRequest::default() };
    let mut found = Vec::new();
    for message in log.feed(request).await? {
        for change in message.changes {
            let (before, after) = (change.keys_before, change.keys_after);
            found.push((message.sequence, change.name, before, after, change.deleted, change.existed));
        }
    }
    found.sort();
    anyhow::ensure!(found == expected, "the feed has {found:#?} where the model has {expected:#?}");
    Ok(())
}

fn histories(cases: u32, place: impl Fn() -> Place) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let mut runner = TestRunner::new(Cases { cases, failure_persistence: None, ..Cases::default() });
    let outcome = runner.run(&prop::collection::vec(act(), 1..30), |acts| {
        let place = place();
        let _kept = place.clone();
        let result = runtime.block_on(async {
            // A small cache, so that packs are read from the store as well.
            let config = Config { cache_bytes: 512, ..Config::default() };
            run(Log::open(place, config).await?, acts).await
        });
        result.map_err(|error| TestCaseError::fail(format!("{error:#}")))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn random_histories_end_as_the_model_in_memory() {
    let cases = std::env::var("MONAZITE_CASES").ok().and_then(|cases| cases.parse().ok());
    histories(cases.unwrap_or(200), || Place::Memory(Arc::new(kv::Memory::new())));
}

#[test]
fn random_histories_end_as_the_model_on_sled() {
    histories(25, || Place::Sled(Arc::new(tempfile::tempdir().expect("a folder"))));
}
