//! What every backend must do, run against each of them.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{Batch, Check, Error, Kv, MAX_BATCH, MAX_KEY, MAX_VALUE, Memory, Pair, Range, Sled, SledConfig};

/// Small enough that files, checkpoints and reclaiming all happen within a test.
pub(crate) fn tiny() -> SledConfig {
    SledConfig { cache_bytes: 1 << 20, log_file_bytes: 4096, checkpoint_bytes: 2048, reserve_bytes: 0 }
}

/// Runs a test on every backend.
fn each_backend(test: impl AsyncFn(Arc<dyn Kv>)) {
    let runtime = Runtime::new().unwrap();
    runtime.block_on(test(Arc::new(Memory::new())));
    for config in [SledConfig::default(), tiny()] {
        let folder = TempDir::new().unwrap();
        runtime.block_on(test(Arc::new(Sled::open(folder.path(), config).unwrap())));
    }
}

pub(crate) fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

pub(crate) fn put(pairs: &[(&str, &str)]) -> Batch {
    let writes = pairs.iter().map(|(key, value)| (bytes(key), Some(bytes(value)))).collect();
    Batch { checks: Vec::new(), writes }
}

fn texts(pairs: Vec<Pair>) -> Vec<(String, String)> {
    let text = |bytes: Bytes| String::from_utf8(bytes.to_vec()).unwrap();
    pairs.into_iter().map(|(key, value)| (text(key), text(value))).collect()
}

fn keys(pairs: &[Pair]) -> Vec<&[u8]> {
    pairs.iter().map(|pair| &*pair.0).collect()
}

#[test]
fn get_answers_in_the_order_of_the_keys() {
    each_backend(async |kv| {
        kv.commit(put(&[("b", "2"), ("a", "1"), ("", "empty key"), ("c", "")])).await.unwrap();
        let found = kv.get(["c", "x", "a", "", "a"].map(bytes).to_vec()).await.unwrap();
        let expected = [Some(""), None, Some("1"), Some("empty key"), Some("1")];
        assert_eq!(found, expected.map(|value| value.map(bytes)));
        assert_eq!(kv.get(Vec::new()).await.unwrap(), Vec::<Option<Bytes>>::new());
    });
}

#[test]
fn the_last_write_of_a_key_counts() {
    each_backend(async |kv| {
        let mut batch = put(&[("a", "1"), ("b", "1"), ("a", "2")]);
        batch.writes.push((bytes("b"), None));
        batch.writes.push((bytes("never there"), None));
        kv.commit(batch).await.unwrap();
        let all = kv.scan(Range::prefix(b""), 10).await.unwrap();
        assert_eq!(texts(all), [("a".to_owned(), "2".to_owned())]);
    });
}

#[test]
fn scans_keep_to_their_bounds_and_limit() {
    use Bound::{Excluded, Included, Unbounded};
    each_backend(async |kv| {
        kv.commit(put(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")])).await.unwrap();
        type Ends = (Bound<&'static str>, Bound<&'static str>);
        let cases: [(Ends, usize, &str, &str); 9] = [
            ((Unbounded, Unbounded), 10, "abcd", "dcba"),
            ((Included("b"), Included("c")), 10, "bc", "cb"),
            ((Excluded("b"), Included("c")), 10, "c", "c"),
            ((Included("b"), Excluded("c")), 10, "b", "b"),
            ((Unbounded, Unbounded), 2, "ab", "dc"),
            ((Unbounded, Unbounded), 0, "", ""),
            ((Excluded("b"), Excluded("b")), 10, "", ""),
            ((Included("c"), Included("b")), 10, "", ""),
            ((Included("b"), Included("b")), 10, "b", "b"),
        ];
        for ((start, end), limit, rising, falling) in cases {
            let range = Range { start: start.map(bytes), end: end.map(bytes), reverse: false };
            let found = kv.scan(range.clone(), limit).await.unwrap();
            assert_eq!(keys(&found).concat(), rising.as_bytes(), "{range:?} {limit}");
            let found = kv.scan(range.clone().reversed(), limit).await.unwrap();
            assert_eq!(keys(&found).concat(), falling.as_bytes(), "{range:?} {limit} reversed");
        }
    });
}

#[test]
fn a_prefix_ends_where_it_should() {
    each_backend(async |kv| {
        let all: [&[u8]; 8] =
            [b"a", b"a\x00", b"a\xff", b"a\xff\xff\x01", b"b", b"\xff", b"\xff\xff", b"\xff\xff\x00"];
        let writes = all.iter().map(|key| (Bytes::from_static(key), Some(Bytes::new()))).collect();
        kv.commit(Batch { checks: Vec::new(), writes }).await.unwrap();
        let cases: [(&[u8], &[&[u8]]); 5] = [
            (b"a", &all[..4]),
            (b"a\xff", &all[2..4]),
            (b"\xff", &all[5..]),
            (b"\xff\xff", &all[6..]),
            (b"c", &[]),
        ];
        for (prefix, expected) in cases {
            let found = kv.scan(Range::prefix(prefix), 100).await.unwrap();
            assert_eq!(keys(&found), expected, "{prefix:?}");
            let found = kv.scan(Range::prefix(prefix).reversed(), 100).await.unwrap();
            assert!(keys(&found).into_iter().rev().eq(expected.iter().copied()), "{prefix:?} reversed");
        }
    });
}

#[test]
fn long_scans_are_whole() {
    each_backend(async |kv| {
        let key = |i: usize| Bytes::from(format!("{i:05}"));
        for start in (0..2000).step_by(100) {
            let writes = (start..start + 100).map(|i| (key(i), Some(Bytes::from(vec![b'x'; i])))).collect();
            kv.commit(Batch { checks: Vec::new(), writes }).await.unwrap();
            let writes = (start..start + 100).filter(|i| i % 3 == 0).map(|i| (key(i), None)).collect();
            kv.commit(Batch { checks: Vec::new(), writes }).await.unwrap();
        }
        let expected: Vec<Pair> =
            (0..2000).filter(|i| i % 3 != 0).map(|i| (key(i), Bytes::from(vec![b'x'; i]))).collect();
        assert_eq!(kv.scan(Range::prefix(b""), 5000).await.unwrap(), expected);
        let mut falling = kv.scan(Range::prefix(b"").reversed(), 1000).await.unwrap();
        falling.reverse();
        assert_eq!(falling, expected[expected.len() - 1000..]);
    });
}

#[test]
fn a_failed_check_writes_nothing() {
    each_backend(async |kv| {
        kv.commit(put(&[("a", "1")])).await.unwrap();
        let check =
            |key: &str, expected: Option<&str>| Check { key: bytes(key), expected: expected.map(bytes) };
        let cases = [
            (vec![check("a", Some("1")), check("b", None)], None),
            (vec![check("a", Some("1")), check("a", Some("2"))], Some(1)),
            (vec![check("a", None)], Some(0)),
            (vec![check("x", Some(""))], Some(0)),
        ];
        for (number, (checks, failing)) in cases.into_iter().enumerate() {
            let key = format!("case {number}");
            let result = kv.commit(Batch { checks, ..put(&[(&key, "written")]) }).await;
            match (&result, failing) {
                (Ok(()), None) => {}
                (Err(Error::CheckFailed { index }), Some(expected)) if *index == expected => {}
                _ => panic!("case {number}: {result:?}"),
            }
            let there = kv.get(vec![bytes(&key)]).await.unwrap()[0].is_some();
            assert_eq!(there, failing.is_none(), "case {number}");
        }
    });
}

#[test]
fn lengths_are_limited() {
    each_backend(async |kv| {
        let long = |length| Bytes::from(vec![b'k'; length]);
        let batch = |key, value| Batch { checks: Vec::new(), writes: vec![(long(key), Some(long(value)))] };
        kv.commit(batch(MAX_KEY, MAX_VALUE)).await.unwrap();
        assert_eq!(kv.get(vec![long(MAX_KEY)]).await.unwrap(), [Some(long(MAX_VALUE))]);
        for (key, value, expected) in [(MAX_KEY + 1, 1, "key"), (1, MAX_VALUE + 1, "value")] {
            match kv.commit(batch(key, value)).await {
                Err(Error::TooLong { what, .. }) => assert_eq!(what, expected),
                other => panic!("{other:?}"),
            }
        }
        let writes = vec![(long(1), Some(long(MAX_VALUE))); MAX_BATCH / MAX_VALUE];
        match kv.commit(Batch { checks: Vec::new(), writes }).await {
            Err(Error::TooLong { what: "batch", .. }) => {}
            other => panic!("{other:?}"),
        }
        assert_eq!(kv.scan(Range::prefix(b""), 10).await.unwrap().len(), 1);
    });
}

#[test]
fn counters_count_every_success_once() {
    each_backend(async |kv| {
        const TASKS: usize = 12;
        const EACH: usize = 20;
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let kv = kv.clone();
                tokio::spawn(async move {
                    for _ in 0..EACH {
                        while !increment(&*kv).await {}
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let count = kv.get(vec![bytes("count")]).await.unwrap().remove(0);
        assert_eq!(count, Some(Bytes::from((TASKS * EACH).to_string())));
    });
}

/// One attempt to add one; false if somebody else was faster.
async fn increment(kv: &dyn Kv) -> bool {
    let expected = kv.get(vec![bytes("count")]).await.unwrap().remove(0);
    let count: usize =
        expected.as_ref().map_or(0, |text| std::str::from_utf8(text).unwrap().parse().unwrap());
    let checks = vec![Check { key: bytes("count"), expected }];
    match kv.commit(Batch { checks, ..put(&[("count", &(count + 1).to_string())]) }).await {
        Ok(()) => true,
        Err(Error::CheckFailed { index: 0 }) => false,
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn readers_see_a_batch_whole_or_not_at_all() {
    each_backend(async |kv| {
        let writer = tokio::spawn({
            let kv = kv.clone();
            async move {
                for round in 0..200 {
                    let value = format!("{round:0200}");
                    kv.commit(put(&[("a", &value), ("m", &value), ("z", &value)])).await.unwrap();
                }
            }
        });
        let mut newest = None;
        while !writer.is_finished() {
            let found = kv.get(["z", "a", "m"].map(bytes).to_vec()).await.unwrap();
            assert!(found.iter().all(|value| *value == found[0]), "{found:?}");
            assert!(found[0] >= newest, "time went back from {newest:?} to {:?}", found[0]);
            newest.clone_from(&found[0]);
        }
        writer.await.unwrap();
    });
}

/// A step of a random history.
#[derive(Clone, Debug)]
enum Step {
    Commit { check: Option<(u8, bool)>, writes: Vec<(u8, Option<u16>)> },
    Scan { start: u8, end: u8, reverse: bool, limit: usize },
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let write = (0..40u8, prop::option::weighted(0.8, prop_oneof![0..8u16, 120..140u16, 4000..=4096u16]));
    let check = prop::option::weighted(0.3, (0..40u8, any::<bool>()));
    prop_oneof![
        8 => (check, prop::collection::vec(write, 0..12)).prop_map(|(check, writes)| Step::Commit { check, writes }),
        4 => (0..42u8, 0..42u8, any::<bool>(), 0..50usize)
            .prop_map(|(start, end, reverse, limit)| Step::Scan { start, end, reverse, limit }),
        1 => Just(Step::Reopen),
    ]
}

fn key(number: u8) -> Bytes {
    Bytes::from(vec![b'k', number])
}

/// Runs a history and compares each answer with a map's.
async fn follow(mut kv: Box<dyn Kv>, reopen: impl Fn(Box<dyn Kv>) -> Box<dyn Kv>, steps: Vec<Step>) {
    let mut model: BTreeMap<Bytes, Bytes> = BTreeMap::new();
    for (number, step) in steps.into_iter().enumerate() {
        match step {
            Step::Commit { check, writes } => {
                let check = check.map(|(name, right)| {
                    let now = model.get(&key(name)).cloned();
                    let other = if now.is_none() { Some(Bytes::new()) } else { None };
                    (Check { key: key(name), expected: if right { now } else { other } }, right)
                });
                let fails = check.as_ref().is_some_and(|check| !check.1);
                let value = |length: u16| Bytes::from(vec![number.to_le_bytes()[0]; length.into()]);
                let writes: Vec<_> =
                    writes.into_iter().map(|(name, length)| (key(name), length.map(value))).collect();
                let checks = check.into_iter().map(|check| check.0).collect();
                let result = kv.commit(Batch { checks, writes: writes.clone() }).await;
                assert_eq!(result.is_err(), fails, "{result:?}");
                for (key, value) in writes.into_iter().filter(|_| !fails) {
                    match value {
                        Some(value) => model.insert(key, value),
                        None => model.remove(&key),
                    };
                }
            }
            Step::Scan { start, end, reverse, limit } => {
                let bounds = (Bound::Included(key(start)), Bound::Excluded(key(end)));
                let range = Range { start: bounds.0.clone(), end: bounds.1.clone(), reverse };
                let found = kv.scan(range, limit).await.unwrap();
                let mut expected: Vec<Pair> = if start <= end {
                    model.range(bounds).map(|(k, v)| (k.clone(), v.clone())).collect()
                } else {
                    Vec::new()
                };
                if reverse {
                    expected.reverse();
                }
                expected.truncate(limit);
                assert_eq!(found, expected);
            }
            Step::Reopen => kv = reopen(kv),
        }
        let found = kv.get((0..42).map(key).collect()).await.unwrap();
        let expected: Vec<_> = (0..42).map(|name| model.get(&key(name)).cloned()).collect();
        assert_eq!(found, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn random_histories_agree_with_a_map(steps in prop::collection::vec(step(), 1..40)) {
        let runtime = Runtime::new().unwrap();
        runtime.block_on(follow(Box::new(Memory::new()), |kv| kv, steps.clone()));
        let folder = TempDir::new().unwrap();
        let open = || -> Box<dyn Kv> { Box::new(Sled::open(folder.path(), tiny()).unwrap()) };
        runtime.block_on(follow(open(), |old| { drop(old); open() }, steps));
    }
}
