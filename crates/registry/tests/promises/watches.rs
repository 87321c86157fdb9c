//! What the registry promises about watches, on every backend.

use std::time::Duration;

use crate::common::{Kind, TestResult, World, instance, manifest, next, pin, version};
use api::registry::event::Change;
use api::registry::{DeleteEntryRequest, DeregisterRequest, ServingState, WatchRequest, WatchResponse};
use futures::StreamExt as _;
use registry::{Config, Error};

on_every_backend!(
    initial_state_then_sync_then_changes,
    resumes_without_gaps_or_duplicates,
    too_old_is_out_of_range,
    a_slow_watcher_is_ended,
    deletions_say_why,
    classes_are_apart,
    draining_ends_watches,
    a_large_state_comes_in_parts,
    wrong_watches_are_refused,
);

/// The words of a message, such as `3:+reading`, and its revision.
fn words(message: &WatchResponse) -> (i64, Vec<String>) {
    let words = message.events.iter().map(|event| {
        let what = match &event.change {
            Some(Change::EntryPut(entry)) => format!("+{}", entry.name),
            Some(Change::EntryDeleted(name)) => format!("-{name}"),
            Some(Change::InstancePut(i)) => {
                format!("+{}/{} {}", i.instance_id, i.incarnation, i.state().as_str_name())
            }
            Some(Change::InstanceGone(gone)) => {
                format!("-{} {}", gone.instance_id, gone.reason().as_str_name())
            }
            None => "nothing".to_owned(),
        };
        format!("{}:{what}", event.revision).replace("SERVING_STATE_", "").replace("GONE_REASON_", "")
    });
    (message.header.as_ref().map_or(-1, |header| header.revision), words.collect())
}

fn from_start() -> WatchRequest {
    WatchRequest { initial_state: true, ..Default::default() }
}

async fn initial_state_then_sync_then_changes(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    let mut empty = world.registry().watch(from_start()).await?;
    let sync = next(&mut empty).await?;
    assert!(sync.sync && sync.events.is_empty());
    world.put(pin("b", "1.0.0")).await?;
    let lease = world.register(instance("i", 1)).await?;
    world.put(pin("a", "1.0.0")).await?;
    let mut watch = world.registry().watch(from_start()).await?;
    let initial = next(&mut watch).await?;
    let expected = ["3:+analyzers/a/pin", "1:+analyzers/b/pin", "2:+i/1 SERVING"];
    assert_eq!(words(&initial), (0, expected.map(str::to_owned).to_vec()), "zero: not to be resumed from");
    let sync = next(&mut watch).await?;
    assert!(sync.sync && !initial.sync);
    assert_eq!(words(&sync), (3, vec![]));
    world.state(&lease.lease_id, ServingState::Draining).await?;
    for watch in [&mut empty, &mut watch] {
        let mut last = next(watch).await?;
        while words(&last).0 < 4 {
            last = next(watch).await?;
        }
        assert_eq!(words(&last), (4, vec!["4:+i/1 DRAINING".to_owned()]));
        assert!(!last.sync);
    }
    Ok(())
}

async fn resumes_without_gaps_or_duplicates(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    for i in 1..=6 {
        world.put(pin(&format!("a{i}"), "1.0.0")).await?;
    }
    for after in 1..=6 {
        let mut watch = world.watch(after).await?;
        assert_eq!(words(&next(&mut watch).await?), (after, vec![]), "first of all where it starts");
        for revision in after + 1..=6 {
            let expected = format!("{revision}:+analyzers/a{revision}/pin");
            assert_eq!(words(&next(&mut watch).await?), (revision, vec![expected]));
        }
    }
    let mut from_now = world.watch(0).await?;
    assert_eq!(words(&next(&mut from_now).await?), (6, vec![]));
    world.put(pin("a7", "1.0.0")).await?;
    assert_eq!(words(&next(&mut from_now).await?).0, 7);
    Ok(())
}

async fn too_old_is_out_of_range(kind: Kind) -> TestResult {
    let mut world = World::with(kind, Config { history: 3, ..Default::default() }).await?;
    for i in 1..=8 {
        world.put(pin("a", &format!("{i}.0.0"))).await?;
    }
    for (after, kept) in [(4, false), (5, true), (8, true), (9, false)] {
        match world.watch(after).await {
            Err(Error::Compacted { compact_revision, .. }) => {
                assert_eq!((kept, compact_revision), (false, 5))
            }
            other => assert!(other.is_ok() && kept, "after {after}"),
        }
    }
    world.restart().await?;
    for (after, kept) in [(7, false), (8, true), (9, false)] {
        match world.watch(after).await {
            Err(Error::Compacted { compact_revision, .. }) => {
                assert_eq!((kept, compact_revision), (false, 8))
            }
            other => assert!(other.is_ok() && kept, "after {after}"),
        }
    }
    Ok(())
}

async fn a_slow_watcher_is_ended(kind: Kind) -> TestResult {
    let world = World::with(kind, Config { history: 5, ..Default::default() }).await?;
    let mut watch = world.watch(0).await?;
    next(&mut watch).await?;
    for i in 1..=3 {
        world.put(pin("a", &format!("{i}.0.0"))).await?;
    }
    assert_eq!(words(&next(&mut watch).await?).0, 1);
    for i in 4..=20 {
        world.put(pin("a", &format!("{i}.0.0"))).await?;
    }
    // What it had taken before is still whole.
    let mut last = 1;
    let ended = loop {
        match next(&mut watch).await {
            Ok(message) => {
                assert_eq!(words(&message).0, last + 1);
                last += 1;
            }
            Err(error) => break error,
        }
    };
    assert!(matches!(ended, Error::SlowWatcher { last_revision } if last_revision == last), "{ended:?}");
    assert!(last < 20);
    assert!(watch.next().await.is_none());
    Ok(())
}

async fn deletions_say_why(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    let mut watch = world.watch(0).await?;
    next(&mut watch).await?;
    world.put(pin("a", "1.0.0")).await?;
    let delete = DeleteEntryRequest { name: "analyzers/a/pin".into(), expected_revision: None };
    world.registry().delete_entry(delete).await?;
    world.register(instance("i", 1)).await?;
    let lease = world.register(instance("i", 2)).await?;
    world.registry().deregister(DeregisterRequest { lease_id: lease.lease_id }).await?;
    world.register(instance("j", 1)).await?;
    world.advance(Duration::from_secs(15)).await?;
    let mut told = Vec::new();
    for _ in 0..7 {
        told.extend(words(&next(&mut watch).await?).1);
    }
    let expected = [
        "1:+analyzers/a/pin", "2:-analyzers/a/pin", "3:+i/1 SERVING", "4:-i REPLACED", "4:+i/2 SERVING",
        "5:-i DEREGISTERED", "6:+j/1 SERVING", "7:-j EXPIRED",
    ];
    assert_eq!(told, expected);
    Ok(())
}

async fn classes_are_apart(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    world.put(pin("a", "1.0.0")).await?;
    world.register(instance("i", 1)).await?;
    let request = |catalog, instances| WatchRequest { catalog, instances, ..from_start() };
    let mut catalog = world.registry().watch(request(true, false)).await?;
    let mut instances = world.registry().watch(request(false, true)).await?;
    let mut both = world.registry().watch(request(true, true)).await?;
    assert_eq!(words(&next(&mut catalog).await?).1, ["1:+analyzers/a/pin"]);
    assert_eq!(words(&next(&mut instances).await?).1, ["2:+i/1 SERVING"]);
    assert_eq!(words(&next(&mut both).await?).1.len(), 2);
    for watch in [&mut catalog, &mut instances, &mut both] {
        assert!(next(watch).await?.sync);
    }
    world.enable("i", false).await?;
    world.put(pin("a", "2.0.0")).await?;
    assert_eq!(words(&next(&mut catalog).await?), (4, vec!["4:+analyzers/a/pin".into()]));
    assert_eq!(words(&next(&mut instances).await?), (3, vec!["3:+i/1 SERVING".into()]));
    assert_eq!(words(&next(&mut both).await?).0, 3);
    Ok(())
}

async fn draining_ends_watches(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    let mut waiting = world.watch(0).await?;
    next(&mut waiting).await?;
    world.put(pin("a", "1.0.0")).await?;
    world.registry().drain().await;
    assert_eq!(words(&next(&mut waiting).await?).0, 1, "what happened before is still told");
    assert!(matches!(next(&mut waiting).await, Err(Error::Draining)));
    let mut late = world.watch(1).await?;
    next(&mut late).await?;
    assert!(matches!(next(&mut late).await, Err(Error::Draining)));
    Ok(())
}

async fn a_large_state_comes_in_parts(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    let mut names = Vec::new();
    for i in 0..8 {
        let mut large = manifest(&format!("a{i}"), "1.0.0", "Document", "Layer");
        large.config_schema = format!("{{\"description\":\"{}\"}}", "x".repeat(400_000));
        names.push(world.put(version(large)).await?.name);
    }
    let mut watch = world.registry().watch(from_start()).await?;
    let (mut found, mut parts) = (Vec::new(), 0);
    loop {
        let part = next(&mut watch).await?;
        if part.sync {
            break;
        }
        assert!(prost::Message::encoded_len(&part) < 2 << 20);
        parts += 1;
        assert!(parts <= names.len(), "no part is empty, and none comes twice");
        found.extend(words(&part).1.iter().filter_map(|word| Some(word.split_once('+')?.1.to_owned())));
    }
    assert!(parts > 2, "{parts}");
    assert_eq!(found, names);
    let list = world.registry().list_entries(<_>::default()).await?;
    assert!(prost::Message::encoded_len(&list) <= 5 << 20);
    let page = (list.entries.len(), list.next_page_token.is_empty());
    assert_eq!(page, (8, true), "eight of 400 kB are under 4 MiB");
    Ok(())
}

async fn wrong_watches_are_refused(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    world.put(pin("a", "1.0.0")).await?;
    for (after_revision, initial_state) in [(-1, false), (1, true)] {
        let request = WatchRequest { after_revision, initial_state, ..Default::default() };
        assert!(matches!(world.registry().watch(request).await, Err(Error::InvalidWatch { .. })));
    }
    Ok(())
}

/// Promise 7: marks at least every 10 s, however much happens that is not followed.
#[tokio::test(start_paused = true)]
async fn marks_come_at_least_every_ten_seconds() -> TestResult {
    let world = World::new(Kind::Memory).await?;
    let request = WatchRequest { catalog: true, ..Default::default() };
    let mut watch = world.registry().watch(request).await?;
    next(&mut watch).await?;
    let mut at = tokio::time::Instant::now();
    for round in 0..40 {
        let lease = world.register(instance("i", round + 1)).await?;
        world.state(&lease.lease_id, ServingState::Draining).await?;
        let mark = tokio::time::timeout(Duration::from_secs(2), next(&mut watch)).await;
        if let Ok(mark) = mark {
            let revision = world.revision().await?;
            assert_eq!(words(&mark?), (revision, vec![]));
            assert!(at.elapsed() <= Duration::from_secs(10), "{:?}", at.elapsed());
            at = tokio::time::Instant::now();
        }
    }
    assert!(at.elapsed() <= Duration::from_secs(10));
    Ok(())
}
