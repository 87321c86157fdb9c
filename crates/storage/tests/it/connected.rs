//! Groups by connection, against a model that joins and cuts everything anew each time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::record::Record;
use api::storage::{ChangesRequest, CompactRequest, Connection, ReadGroupsRequest, ReadGroupsResponse};
use futures::TryStreamExt;
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use prost::Message;
use storage::{Config, Error};

use crate::common::{Log, Place, delete, note, on_both, put, reason};

const KIND: &str = "example.Note";

/// A record of the model.
#[derive(Clone, Debug, PartialEq)]
struct Node {
    body: String,
    values: BTreeSet<u8>,
    day: Option<u8>,
    other_kind: bool,
}

type State = BTreeMap<String, Node>;

/// What a group's name leads to.
#[derive(Clone, Debug, PartialEq)]
enum Group {
    Whole(Vec<(String, String)>),
    Over,
}

type Groups = BTreeMap<String, Group>;

fn connection(limit: u32, days: u32) -> Connection {
    Connection {
        key_name: "band".to_owned(),
        window_key: "at".to_owned(),
        window_days: days,
        max_records: limit,
    }
}

/// All groups, found by comparing each record with each other.
fn model(state: &State, limit: usize, days: u32) -> Groups {
    let mut windows = vec![i64::from(days)];
    while windows[windows.len() - 1] > 1 {
        windows.push(windows[windows.len() - 1] / 2);
    }
    let vertices: Vec<&String> = state
        .iter()
        .filter(|(_, node)| !node.other_kind && !node.values.is_empty())
        .map(|(name, _)| name)
        .collect();
    let carried = |value: &u8| vertices.iter().filter(|name| state[**name].values.contains(value)).count();
    let common: BTreeSet<u8> = (0..=u8::MAX).filter(|value| carried(value) > 8 * limit).collect();
    let mut groups = Groups::new();
    cut(state, &vertices, None, &windows, &common, limit, &mut groups);
    groups
}

fn cut(
    state: &State,
    vertices: &[&String],
    window: Option<i64>,
    deeper: &[i64],
    common: &BTreeSet<u8>,
    limit: usize,
    groups: &mut Groups,
) {
    let linked = |a: &Node, b: &Node| {
        let mut shared = a.values.intersection(&b.values);
        match window {
            None => shared.next().is_some(),
            Some(days) => {
                let number = |node: &Node| node.day.map(|day| i64::from(day).div_euclid(days));
                number(a) == number(b) && shared.any(|value| !common.contains(value))
            }
        }
    };
    let mut parents: Vec<usize> = (0..vertices.len()).collect();
    let root = |parents: &[usize], mut at: usize| {
        while parents[at] != at {
            at = parents[at];
        }
        at
    };
    for a in 0..vertices.len() {
        for b in 0..a {
            if linked(&state[vertices[a]], &state[vertices[b]]) {
                let (a, b) = (root(&parents, a), root(&parents, b));
                parents[a] = b;
            }
        }
    }
    let mut components: BTreeMap<usize, Vec<&String>> = BTreeMap::new();
    for (at, name) in vertices.iter().enumerate() {
        components.entry(root(&parents, at)).or_default().push(name);
    }
    for members in components.into_values() {
        if members.len() <= limit {
            let whole = members.iter().map(|name| ((*name).clone(), state[*name].body.clone())).collect();
            groups.insert(members[0].clone(), Group::Whole(whole));
        } else if let Some((days, deeper)) = deeper.split_first() {
            cut(state, &members, Some(*days), deeper, common, limit, groups);
        } else {
            groups.extend(members.iter().map(|name| ((*name).clone(), Group::Over)));
        }
    }
}

/// The groups that storage gives for these names.
async fn stored(
    log: &Log,
    names: impl Iterator<Item = String>,
    of: &Connection,
    at: i64,
) -> anyhow::Result<Groups> {
    let values: Vec<String> = names.collect();
    let request = ReadGroupsRequest {
        kinds: vec![KIND.to_owned()],
        values: values.clone(),
        at_sequence: at,
        connection: Some(of.clone()),
        ..ReadGroupsRequest::default()
    };
    let parts: Vec<ReadGroupsResponse> = log.storage.read_groups(request).await?.try_collect().await?;
    let mut groups = Groups::new();
    for part in parts {
        let name = values[part.index as usize].clone();
        if part.truncated {
            groups.insert(name, Group::Over);
        } else if !part.records.is_empty() {
            let records: Result<Vec<_>, _> = part.records.into_iter().map(Record::decode).collect();
            let records = records?.into_iter();
            let whole = records.map(|record| (record.name, String::from_utf8_lossy(&record.body).into()));
            groups.insert(name, Group::Whole(whole.collect()));
        }
    }
    Ok(groups)
}

/// For each commit that matters, the groups that the feed says it touched.
async fn touched(
    log: &Log,
    of: &Connection,
    after_sequence: i64,
) -> anyhow::Result<BTreeMap<i64, BTreeSet<String>>> {
    let request = ChangesRequest {
        kinds: vec![KIND.to_owned()],
        connection: Some(of.clone()),
        after_sequence,
        ..ChangesRequest::default()
    };
    let mut all: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    for message in log.feed(request).await? {
        all.entry(message.sequence).or_default().extend(message.touched_groups);
    }
    Ok(all)
}

#[derive(Clone, Debug)]
enum Act {
    Put(String, BTreeSet<u8>, Option<u8>, bool),
    Delete(String),
}

/// Commits of a few records each, of which many share a value or a day.
fn history() -> impl Strategy<Value = Vec<Vec<Act>>> {
    let name = || (0..14u8).prop_map(|id| format!("n/{id:02}"));
    let value = prop_oneof![3 => Just(0u8), 4 => 1..5u8, 3 => 5..12u8];
    let values = prop::collection::btree_set(value, 0..3);
    let day = prop_oneof![1 => Just(None), 6 => (0..12u8).prop_map(Some)];
    let one = prop_oneof![
        5 => (name(), values, day, prop::bool::weighted(0.05)).prop_map(|(n, v, d, o)| Act::Put(n, v, d, o)),
        1 => name().prop_map(Act::Delete),
    ];
    prop::collection::vec(prop::collection::vec(one, 1..7), 1..14)
}

fn record(name: &str, node: &Node) -> Record {
    let bands = node.values.iter().map(|value| format!("band=b{value}"));
    let date = node.day.map(|day| format!("at=1970-01-{:02}", day + 1));
    let keys: Vec<String> = bands.chain(date).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let kind = if node.other_kind { "example.Other" } else { KIND };
    Record { kind: kind.to_owned(), ..note(name, &node.body, &keys) }
}

/// Plays a history and compares each of its states, and what is told of each of its commits, with the model.
async fn run(
    log: Log,
    acts: Vec<Vec<Act>>,
    limit: u32,
    days: u32,
) -> anyhow::Result<BTreeMap<i64, BTreeSet<String>>> {
    let of = connection(limit, days);
    let mut state = State::new();
    let mut states = BTreeMap::from([(0, state.clone())]);
    for (turn, commit) in acts.into_iter().enumerate() {
        let mut operations = Vec::new();
        for act in commit {
            match act {
                Act::Put(name, values, day, other_kind) => {
                    let node = Node { body: format!("turn {turn}"), values, day, other_kind };
                    operations.push(put(record(&name, &node)));
                    state.insert(name, node);
                }
                Act::Delete(name) => {
                    operations.push(delete(&name));
                    state.remove(&name);
                }
            }
        }
        let sequence = log.commit(operations).await?.sequence;
        states.insert(sequence, state.clone());
    }
    let names = || (0..20).map(|id| format!("n/{id:02}"));
    let modelled: BTreeMap<i64, Groups> =
        states.iter().map(|(at, state)| (*at, model(state, limit as usize, days))).collect();
    for (&at, expected) in modelled.iter().filter(|(at, _)| **at > 0) {
        assert_eq!(&stored(&log, names(), &of, at).await?, expected, "at {at} of {:#?}", states[&at]);
    }
    let told = touched(&log, &of, 0).await?;
    // Who follows knows of the graph what it looked at before; who begins at a commit knows nothing. Both are told the same.
    for at in modelled.keys().filter(|at| **at > 0) {
        let anew = touched(&log, &of, at - 1).await?;
        assert_eq!(anew.get(at), told.get(at), "at {at}: {states:#?}");
    }
    let nothing = BTreeSet::new();
    for (before, after) in modelled.iter().zip(modelled.iter().skip(1)) {
        let told = told.get(after.0).unwrap_or(&nothing);
        let (old, new) = (before.1, after.1);
        for name in names() {
            let changed = old.get(&name) != new.get(&name);
            assert!(!changed || told.contains(&name), "{name} is not told at {}: {states:#?}", after.0);
            let known = old.contains_key(&name) || new.contains_key(&name);
            assert!(known || !told.contains(&name), "{name} is no group at {}", after.0);
        }
    }
    Ok(told)
}

fn histories(cases: u32, place: impl Fn() -> Place) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let mut runner = TestRunner::new(Cases { cases, failure_persistence: None, ..Cases::default() });
    let outcome = runner.run(&(history(), 1..6u32, 1..10u32), |(acts, limit, days)| {
        let place = place();
        let _kept = place.clone();
        let result = runtime
            .block_on(async { run(Log::open(place, Config::default()).await?, acts, limit, days).await });
        result.map(drop).map_err(|error| TestCaseError::fail(format!("{error:#}")))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn groups_by_connection_are_those_of_the_model_in_memory() {
    let cases = std::env::var("MONAZITE_CASES").ok().and_then(|cases| cases.parse().ok());
    histories(cases.unwrap_or(300), || Place::Memory(Arc::new(kv::Memory::new())));
}

#[test]
fn groups_by_connection_are_those_of_the_model_on_sled() {
    histories(20, || Place::Sled(Arc::new(tempfile::tempdir().expect("a folder"))));
}

#[test]
fn everybody_who_carries_a_value_is_told_when_it_becomes_too_common_and_when_it_ceases_to_be() {
    on_both(|log| async move {
        let pair = |id: u8| Act::Put(format!("n/{id:02}"), BTreeSet::from([0]), Some(id / 2), false);
        let most = (0..16).map(pair).collect();
        let acts = vec![most, vec![pair(16)], vec![Act::Delete("n/03".to_owned())], vec![pair(17), pair(3)]];
        let told = run(log, acts, 2, 1).await?;
        let counts: Vec<usize> = told.values().map(BTreeSet::len).collect();
        // Eight pairs; then each of 17 for itself, where eight names stood for pairs; and the like back and forth.
        assert_eq!(counts, [8, 17, 17, 18]);
        Ok(())
    });
}

fn whole(members: &[&str]) -> Group {
    Group::Whole(members.iter().map(|name| ((*name).to_owned(), String::new())).collect())
}

fn groups(of: &[(&str, Group)]) -> Groups {
    of.iter().map(|(name, group)| ((*name).to_owned(), group.clone())).collect()
}

#[test]
fn a_bridge_joins_groups_and_its_removal_splits_them() {
    on_both(|log| async move {
        let of = connection(3, 7);
        let names = || ["n/1", "n/2", "n/3", "n/4"].map(str::to_owned).into_iter();
        log.put(note("n/2", "", &["band=x", "at=2025-07-13"])).await?;
        log.put(note("n/3", "", &["band=y", "at=2025-07-13T08:00:00Z"])).await?;
        let apart = groups(&[("n/2", whole(&["n/2"])), ("n/3", whole(&["n/3"]))]);
        assert_eq!(stored(&log, names(), &of, 0).await?, apart);
        let joined = log.put(note("n/1", "", &["band=x", "band=y", "at=2030-01-01"])).await?;
        let one = groups(&[("n/1", whole(&["n/1", "n/2", "n/3"]))]);
        assert_eq!(stored(&log, names(), &of, 0).await?, one);
        // A fourth is one too many: what is far in time falls off.
        let cut = log.put(note("n/4", "", &["band=y", "at=2025-07-17"])).await?;
        let expected = [
            ("n/1", whole(&["n/1"])),
            ("n/2", whole(&["n/2"])),
            ("n/3", whole(&["n/3"])),
            ("n/4", whole(&["n/4"])),
        ];
        // 2025-07-16 is day 20285 and ends a window of seven days.
        assert_eq!(stored(&log, names(), &of, 0).await?, groups(&expected));
        let gone = log.commit(vec![delete("n/1")]).await?.sequence;
        let split = groups(&[("n/2", whole(&["n/2"])), ("n/3", whole(&["n/3", "n/4"]))]);
        assert_eq!(stored(&log, names(), &of, 0).await?, split);
        assert_eq!(stored(&log, names(), &of, joined).await?, one, "as of an earlier sequence");
        let told = touched(&log, &of, 0).await?;
        let told = |at| told[&at].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(told(joined), ["n/1", "n/2", "n/3"]);
        assert_eq!(told(cut), ["n/1", "n/2", "n/3", "n/4"]);
        assert_eq!(told(gone), ["n/1", "n/2", "n/3", "n/4"]);
        Ok(())
    });
}

#[test]
fn what_a_commit_touched_is_told_also_right_after_a_compaction() {
    on_both(|log| async move {
        let of = connection(3, 7);
        for id in ["n/1", "n/2", "n/3"] {
            log.put(note(id, "old", &["band=x"])).await?;
        }
        let after_sequence = log.put(note("n/3", "", &["band=y"])).await?;
        let compacted = log.storage.compact(CompactRequest { up_to_sequence: 0 }).await?;
        assert_eq!(compacted.horizon, after_sequence);
        let gone = log.commit(vec![delete("n/1")]).await?.sequence;
        let request =
            ChangesRequest { after_sequence, connection: Some(of.clone()), ..ChangesRequest::default() };
        let messages = log.feed(request).await?;
        let told: Vec<_> = messages.into_iter().map(|told| (told.sequence, told.touched_groups)).collect();
        assert_eq!(told, [(gone, vec!["n/1".to_owned(), "n/2".to_owned()])]);
        Ok(())
    });
}

#[test]
fn a_connection_that_says_too_little_is_refused() {
    on_both(|log| async move {
        let good = connection(3, 7);
        let bad = [
            Connection { key_name: String::new(), ..good.clone() },
            Connection { window_key: "a=b".to_owned(), ..good.clone() },
            Connection { window_days: 0, ..good.clone() },
            Connection { window_days: 100_000, ..good.clone() },
        ];
        for connection in bad {
            let read = ReadGroupsRequest { connection: Some(connection.clone()), ..Default::default() };
            assert!(matches!(log.storage.read_groups(read).await.err(), Some(Error::InvalidArgument { .. })));
            let feed = ChangesRequest { connection: Some(connection), ..Default::default() };
            assert_eq!(reason(log.storage.changes(feed).await), "INVALID_ARGUMENT");
        }
        let both =
            ReadGroupsRequest { connection: Some(good), key_name: "band".to_owned(), ..Default::default() };
        assert!(matches!(log.storage.read_groups(both).await.err(), Some(Error::InvalidArgument { .. })));
        Ok(())
    });
}
