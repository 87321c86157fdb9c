//! Stories of the dataflow with a real log and a real registry.

use std::collections::BTreeMap;

use crate::analyzers::{A_WHILE, ITEM, counter, owner, splitter};
use crate::common::World;
use api::analysis::{
    AnalyzerState, FailureCode, GetStatusRequest, ListFailuresRequest, RetryFailuresRequest,
    WaitSettledRequest,
};
use api::record::Record;
use api::storage::Put;
use api::storage::operation::Operation;
use prost::Message as _;

/// Kind of groups that wait.
const PENDING: &str = "monazite.analysis.v1.Pending";

fn counts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(word, count)| ((*word).to_owned(), (*count).to_owned())).collect()
}

#[tokio::test]
async fn documents_are_split_counted_changed_and_retracted() {
    let mut world = World::new().await;
    world.provide("inproc:splitter", splitter("1.0.0")).await;
    world.provide("inproc:counter", counter("1.0.0")).await;
    world.start();
    world.put(&[("a", "copper tin"), ("b", "copper")]).await;
    let settled = world.settle().await;
    assert_eq!(settled.remaining_groups, 0);
    assert_eq!(world.counts().await, counts(&[("copper", "2 of 1 by 1.0.0"), ("tin", "1 of 1 by 1.0.0")]));
    // Another text under the same name: the old key's group and the new one's are both made current.
    world.put(&[("a", "zinc tin")]).await;
    world.settle().await;
    let expected = [("copper", "1 of 1 by 1.0.0"), ("tin", "1 of 1 by 1.0.0"), ("zinc", "1 of 1 by 1.0.0")];
    assert_eq!(world.counts().await, counts(&expected));
    world.delete("a").await;
    world.delete("b").await;
    world.settle().await;
    assert_eq!(world.derived().await, Default::default());
}

#[tokio::test]
async fn waiting_ends_when_there_is_nothing_to_do() {
    let mut world = World::new().await;
    world.start();
    let mut stream =
        world.client().wait_settled(WaitSettledRequest { sequence: 0 }).await.unwrap().into_inner();
    while let Some(message) = stream.message().await.unwrap() {
        assert_eq!((message.settled_sequence, message.remaining_groups), (0, 0));
    }
    let sequence = world.put(&[("a", "copper")]).await;
    assert_eq!(world.settle().await.settled_sequence, sequence);
    let mut stream = world
        .client()
        .wait_settled(WaitSettledRequest { sequence: sequence + 1 })
        .await
        .unwrap()
        .into_inner();
    let error = stream.message().await.unwrap_err();
    assert_eq!(error.code(), tonic::Code::OutOfRange);
}

#[tokio::test]
async fn nothing_changes_once_all_is_settled() {
    let mut world = World::new().await;
    let splitter = world.provide("inproc:splitter", splitter("1.0.0")).await;
    let counter = world.provide("inproc:counter", counter("1.0.0")).await;
    world.start();
    for round in 0..20 {
        let texts: Vec<_> =
            (0..10).map(|i| (format!("d{i}"), format!("copper tin{} zinc{round}", i % 3))).collect();
        world.put(&texts.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect::<Vec<_>>()).await;
        let settled = world.settle().await;
        let calls = (splitter.answered(), counter.answered());
        let derived = world.derived().await;
        assert!(settled.settled_sequence <= world.log.head());
        tokio::time::sleep(A_WHILE / 10).await;
        assert_eq!((splitter.answered(), counter.answered()), calls, "nobody is called any more");
        assert!(derived == world.derived().await);
    }
}

#[tokio::test]
async fn a_group_is_analyzed_once_when_all_that_it_is_made_of_is_written() {
    let mut world = World::new().await;
    // Each document's items come in a commit of their own; whatever follows from the first would be analyzed anew after the second.
    world.config.commit_groups = 1;
    world.provide("inproc:splitter", splitter("1.0.0")).await;
    let counter = world.provide("inproc:counter", counter("1.0.0")).await;
    world.start();
    for analyzer in ["splitter", "counter"] {
        world.until(analyzer, |status| status.state() == AnalyzerState::Current).await;
    }
    let texts: Vec<_> = (0..6).map(|i| (format!("d{i}"), "copper".to_owned())).collect();
    world.put(&texts.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect::<Vec<_>>()).await;
    world.settle().await;
    assert_eq!(world.counts().await, counts(&[("copper", "6 of 1 by 1.0.0")]));
    assert_eq!(counter.answered(), 1);
}

#[tokio::test]
async fn being_killed_again_and_again_loses_and_doubles_nothing() {
    let mut world = World::new().await;
    world.config.commit_groups = 16;
    world.provide("inproc:splitter", splitter("1.0.0")).await;
    world.provide("inproc:counter", counter("1.0.0")).await;
    world.start();
    let texts: Vec<_> = (0..400).map(|i| (format!("d{i}"), format!("copper{} w{i}", i / 5))).collect();
    for chunk in texts.chunks(20) {
        world.put(&chunk.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect::<Vec<_>>()).await;
        world.kill();
        world.start();
        tokio::task::yield_now().await;
    }
    world.settle().await;
    let counts = world.counts().await;
    assert_eq!(counts.len(), 480);
    assert!(
        counts
            .iter()
            .filter(|(word, _)| word.starts_with("copper"))
            .all(|(_, text)| text.starts_with("5 of"))
    );
    assert_eq!(world.list(ITEM).await.len(), 800);
}

#[tokio::test]
async fn a_failed_group_is_listed_retried_and_forgotten_when_it_succeeds_or_is_gone() {
    let mut world = World::new().await;
    world.provide("inproc:splitter", splitter("1.0.0")).await;
    world.start();
    world.put(&[("a", "copper"), ("b", "tin"), ("c", "lead refuse")]).await;
    world.settle().await;
    assert_eq!(world.list(ITEM).await.len(), 2);
    // The output of what is no more is withdrawn.
    world.put(&[("a", "zinc refuse")]).await;
    assert_eq!(world.settle().await.failed_groups, 2);
    assert_eq!(world.list(ITEM).await.len(), 1);
    let failures = world.failures().await;
    let names: Vec<_> = failures.iter().map(|failure| failure.group.as_str()).collect();
    assert_eq!(names, ["documents/a", "documents/c"], "latest first");
    assert_eq!(failures[0].code(), FailureCode::InvalidInput);
    assert_eq!(failures[0].inputs, ["documents/a"]);
    assert!(failures[0].name.starts_with("failures/") && failures[0].time.is_some());
    assert_eq!((failures[0].attempts, failures[0].stale_output_kept), (1, false));

    let retry = |names: Vec<String>| RetryFailuresRequest { names, analyzer: String::new() };
    let retried = world.client().retry_failures(retry(vec![failures[0].name.clone()])).await.unwrap();
    assert_eq!(retried.into_inner().groups, 1);
    world.settle().await;
    assert_eq!(world.failures().await.iter().map(|failure| failure.attempts).sum::<u32>(), 3);
    let error = world.client().retry_failures(retry(vec!["failures/none".to_owned()])).await.unwrap_err();
    assert_eq!(error.code(), tonic::Code::NotFound);

    world.put(&[("a", "zinc")]).await;
    world.delete("c").await;
    world.settle().await;
    assert_eq!(world.failures().await, []);
    assert_eq!(world.list(ITEM).await.len(), 2);
    let bad_token =
        ListFailuresRequest { page_token: "no such".to_owned(), ..ListFailuresRequest::default() };
    let error = world.client().list_failures(bad_token).await.unwrap_err();
    assert_eq!(error.code(), tonic::Code::InvalidArgument);
}

#[tokio::test]
async fn hostile_output_fails_its_own_group_only() {
    let mut world = World::new().await;
    world.provide("inproc:splitter", splitter("1.0.0")).await;
    world.start();
    let documents = [
        ("lies", "lie"),
        ("foreign", "foreign"),
        ("garbage", "x garbage"),
        ("large", "tin"),
        ("good", "copper"),
    ];
    world.put(&documents).await;
    let many: Vec<_> =
        (0..200).map(|i| (format!("d{i}"), if i % 9 == 0 { "lie" } else { "copper" })).collect();
    world.put(&many.iter().map(|(id, text)| (id.as_str(), *text)).collect::<Vec<_>>()).await;
    world.settle().await;
    let failures = world.failures().await;
    let code = |group: &str| {
        let failure = failures.iter().find(|failure| failure.group == format!("documents/{group}"));
        failure.map(api::analysis::Failure::code)
    };
    assert_eq!(code("lies"), Some(FailureCode::QuoteDiffers));
    assert_eq!(code("foreign"), Some(FailureCode::InvalidOutput));
    assert_eq!(code("garbage"), Some(FailureCode::InvalidOutput));
    assert_eq!((code("good"), code("large")), (None, None));
    assert_eq!((failures.len(), world.list(ITEM).await.len()), (3 + 23, 2 + 177));
}

#[tokio::test]
async fn the_group_that_crashes_its_provider_is_found_among_many() {
    let mut world = World::new().await;
    world.provide("inproc:splitter", splitter("1.0.0")).await;
    world.start();
    let many: Vec<_> =
        (0..60).map(|i| (format!("d{i}"), if i % 20 == 7 { "crash" } else { "copper" })).collect();
    world.put(&many.iter().map(|(id, text)| (id.as_str(), *text)).collect::<Vec<_>>()).await;
    world.settle().await;
    let failures = world.failures().await;
    let mut groups: Vec<_> = failures.iter().map(|failure| failure.group.as_str()).collect();
    groups.sort_unstable();
    assert_eq!(groups, ["documents/d27", "documents/d47", "documents/d7"]);
    assert!(failures.iter().all(|failure| failure.code() == FailureCode::Crash), "{failures:?}");
    assert_eq!(world.list(ITEM).await.len(), 57);
}

#[tokio::test]
async fn an_endpoint_that_does_not_lead_there_is_passed_over() {
    let mut world = World::new().await;
    // As on another machine than the provider's: its socket comes first, and is not there. A pause would be longer than
    // a test waits.
    world.config.backoff_first = std::time::Duration::from_secs(3600);
    world.config.backoff_last = std::time::Duration::from_secs(3600);
    let endpoints = ["unix:/nowhere/worker.sock", "inproc:nobody", "inproc:splitter"];
    world.provide_at(&endpoints, "inproc:splitter", splitter("1.0.0")).await;
    world.start();
    world.put(&[("a", "copper tin")]).await;
    world.settle().await;
    assert_eq!(world.list(ITEM).await.len(), 2);
}

#[tokio::test]
async fn a_group_over_its_limits_or_its_time_fails() {
    let mut world = World::new().await;
    world.config.deadline_grace = std::time::Duration::from_millis(20);
    let mut hanging = splitter("1.0.0");
    hanging.manifest.limits.as_mut().unwrap().deadline_ms = 20;
    world.provide("inproc:splitter", hanging).await;
    world.provide("inproc:counter", counter("1.0.0")).await;
    world.start();
    let mut documents: Vec<_> = (0..7).map(|i| (format!("d{i}"), "copper tin".to_owned())).collect();
    documents.push(("hangs".to_owned(), "hang".to_owned()));
    documents[0].1 = "copper".to_owned();
    world.put(&documents.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect::<Vec<_>>()).await;
    world.settle().await;
    let codes: BTreeMap<_, _> =
        world.failures().await.iter().map(|failure| (failure.group.clone(), failure.code())).collect();
    let expected = [
        ("documents/hangs".to_owned(), FailureCode::Deadline),
        // Seven, and the manifest says six.
        ("word=copper".to_owned(), FailureCode::InputLimit),
    ];
    assert_eq!(codes, expected.into());
    assert_eq!(world.counts().await, counts(&[("tin", "6 of 1 by 1.0.0")]));
    world.delete("d1").await;
    world.settle().await;
    assert_eq!(world.counts().await, counts(&[("copper", "6 of 1 by 1.0.0"), ("tin", "5 of 1 by 1.0.0")]));
}

#[tokio::test]
async fn an_upgrade_walks_all_groups_and_a_rollback_walks_them_back() {
    let mut world = World::new().await;
    world.provide("inproc:splitter", splitter("1.0.0")).await;
    world.provide("inproc:counter", counter("1.0.0")).await;
    world.start();
    world.put(&[("a", "copper tin"), ("b", "copper"), ("c", "zinc refuse2")]).await;
    world.settle().await;
    let first = world.derived().await;
    assert_eq!(world.status("splitter").await.unwrap().stale_groups, 0);

    world.provide("inproc:splitter2", splitter("2.0.0")).await;
    world.until("splitter", |status| status.version == "2.0.0").await;
    world.settle().await;
    assert_eq!(world.counts().await["copper"], "2 of 2 by 1.0.0");
    // Only the version changed, so the old output of the group that fails now stays, marked.
    assert_eq!(world.counts().await["zinc"], "1 of 1 by 1.0.0");
    let failures = world.failures().await;
    assert!(failures.len() == 1 && failures[0].stale_output_kept, "{failures:?}");
    let status = world.status("splitter").await.unwrap();
    assert_eq!((status.stale_groups, status.failed_groups), (1, 1));

    world.pin("splitter", "1.0.0", false).await;
    world.until("splitter", |status| status.version == "1.0.0").await;
    world.settle().await;
    assert!(world.derived().await == first, "the walk back ends where it began");
    assert_eq!(world.failures().await, []);

    world.unpin("splitter").await;
    world.until("splitter", |status| status.version == "2.0.0").await;
    world.settle().await;
    // Now the inputs change, and the old output is of what is no more.
    world.put(&[("c", "lead refuse2")]).await;
    world.settle().await;
    assert!(!world.counts().await.contains_key("zinc"));
    assert_eq!(world.status("splitter").await.unwrap().stale_groups, 0);
    assert_eq!(world.failures().await.len(), 1);
}

#[tokio::test]
async fn a_walk_goes_on_after_a_kill() {
    let mut world = World::new().await;
    world.config.window_groups = 40;
    world.config.commit_groups = 8;
    let old = world.provide("inproc:splitter", splitter("1.0.0")).await;
    world.start();
    let many: Vec<_> = (0..300).map(|i| (format!("d{i}"), format!("w{i}"))).collect();
    world.put(&many.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect::<Vec<_>>()).await;
    world.settle().await;
    assert_eq!(old.answered(), 300);
    world.provide("inproc:splitter2", splitter("2.0.0")).await;
    for _ in 0..10 {
        world.kill();
        world.start();
        let begun = world.until("splitter", |status| status.version == "2.0.0").await;
        assert!(begun.stale_groups <= 300);
    }
    world.settle().await;
    let items = world.list(ITEM).await;
    assert_eq!(items.len(), 300);
    assert!(items.iter().all(|item| item.body.starts_with(b"2 ")));
    assert_eq!(world.status("splitter").await.unwrap().stale_groups, 0);
}

#[tokio::test]
async fn a_disabled_analyzer_rests_and_catches_up() {
    let mut world = World::new().await;
    let splitter = world.provide("inproc:splitter", splitter("1.0.0")).await;
    world.start();
    world.put(&[("a", "copper")]).await;
    world.settle().await;
    world.pin("splitter", "", true).await;
    world.until("splitter", |status| status.state() == AnalyzerState::Disabled).await;
    world.put(&[("a", "tin"), ("b", "zinc")]).await;
    world.settle().await;
    assert_eq!(splitter.answered(), 1);
    assert_eq!(world.list(ITEM).await.len(), 1, "what it derived stays");
    world.unpin("splitter").await;
    world.settle().await;
    assert_eq!((splitter.answered(), world.list(ITEM).await.len()), (3, 2));
}

#[tokio::test]
async fn a_slow_group_waits_as_pending_and_holds_nobody_up() {
    let mut world = World::new().await;
    world.config.soft_time = std::time::Duration::from_millis(5);
    let splitter = world.provide("inproc:splitter", splitter("1.0.0")).await;
    world.start();
    let slow = world.put(&[("s", "slow")]).await;
    world.put(&[("a", "copper"), ("b", "tin")]).await;
    let status = world.until("splitter", |status| status.cursor > slow && status.pending_groups == 1).await;
    assert_eq!(status.state(), AnalyzerState::Working);
    assert_eq!((world.list(ITEM).await.len(), world.list(PENDING).await.len()), (2, 1));
    // It is not settled: neither now nor after a restart.
    for _ in 0..2 {
        let settled = tokio::time::timeout(A_WHILE, world.settle_at(slow)).await;
        assert!(settled.is_err(), "{settled:?}");
        world.kill();
        world.start();
        world.until("splitter", |status| status.pending_groups == 1).await;
    }
    splitter.let_go.notify_one();
    world.settle().await;
    assert_eq!((world.list(ITEM).await.len(), world.list(PENDING).await.len()), (3, 0));
}

#[tokio::test]
async fn without_a_provider_work_waits_but_retractions_do_not() {
    let mut world = World::new().await;
    world.provide("inproc:splitter", splitter("1.0.0")).await;
    world.start();
    world.put(&[("a", "copper"), ("b", "tin")]).await;
    world.settle().await;
    world.withdraw("inproc:splitter").await;
    world.until("splitter", |status| status.providers == 0).await;
    world.put(&[("c", "zinc")]).await;
    world.delete("a").await;
    let mut stream =
        world.client().wait_settled(WaitSettledRequest { sequence: 0 }).await.unwrap().into_inner();
    loop {
        let message = stream.message().await.unwrap().unwrap();
        assert_eq!(message.settled_sequence, 0);
        if message.without_provider == ["splitter"] {
            break;
        }
    }
    while world.list(ITEM).await.len() > 1 {
        tokio::task::yield_now().await;
    }
    world
        .until("splitter", |status| status.state() == AnalyzerState::NoProvider && status.pending_groups == 1)
        .await;
    world.provide("inproc:other", splitter("1.0.0")).await;
    world.settle().await;
    assert_eq!(world.list(ITEM).await.len(), 2);
    while let Some(message) = stream.message().await.unwrap() {
        assert!(message.settled_sequence > 0 || message.remaining_groups > 0, "{message:?}");
    }
}

#[tokio::test]
async fn outages_of_storage_registry_and_provider_are_survived() {
    let mut world = World::new().await;
    world.storage_is(false);
    world.registry_is(false);
    let splitter = world.provide("inproc:splitter", splitter("1.0.0")).await;
    world.put(&[("a", "copper")]).await;
    world.start();
    let refused = world.client().get_status(GetStatusRequest {}).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::Unavailable);
    world.storage_is(true);
    tokio::time::sleep(A_WHILE / 10).await;
    world.registry_is(true);
    world.settle().await;
    assert_eq!(world.list(ITEM).await.len(), 1);
    // The registry is gone: what it said last still holds.
    world.registry_is(false);
    world.put(&[("b", "tin")]).await;
    world.settle().await;
    splitter.die();
    world.put(&[("c", "zinc")]).await;
    world.until("splitter", |status| status.pending_groups == 1).await;
    splitter.up.store(true, std::sync::atomic::Ordering::SeqCst);
    world.settle().await;
    assert_eq!(world.list(ITEM).await.len(), 3);
    assert_eq!(world.failures().await, []);
}

#[tokio::test]
async fn a_drain_finishes_what_is_in_flight_and_stores_how_far_it_came() {
    let mut world = World::new().await;
    let splitter = world.provide("inproc:splitter", splitter("1.0.0")).await;
    world.start();
    world.put(&[("a", "copper")]).await;
    world.settle().await;
    world.commit(vec![Operation::Put(Put { record: Some(note()) })]).await;
    let head = world.log.head();
    world.until("splitter", |status| status.cursor >= head).await;
    let client = world.client();
    world.stop().await;
    let mut client = client;
    let refused = client.get_status(GetStatusRequest {}).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::Unavailable);
    let cursor = world.list("monazite.analysis.v1.Cursor").await.remove(0);
    assert!(api::analysis::Cursor::decode(cursor.body).unwrap().sequence >= head);
    world.start();
    world.settle().await;
    assert_eq!(splitter.answered(), 1, "nothing is analyzed twice");
}

fn note() -> Record {
    Record { name: "notes/1".to_owned(), kind: "test.v1.Note".to_owned(), ..Record::default() }
}

#[tokio::test]
async fn a_name_can_move_from_one_group_to_another() {
    let mut world = World::new().await;
    world.provide("inproc:owner", owner("1.0.0")).await;
    world.start();
    for turn in 0..12 {
        let word = |document: usize| ["copper", "tin", "zinc", "lead"][(document + turn) % 4];
        world.put(&[("a", word(0)), ("b", word(1)), ("c", word(2))]).await;
        world.settle().await;
        assert_eq!(world.failures().await, [], "in turn {turn}");
        let items = world.list(ITEM).await;
        let owned: BTreeMap<_, _> = items.iter().map(|item| (item.name.as_str(), &item.body[..])).collect();
        assert_eq!(owned.len(), 3);
        assert_eq!(owned[format!("owners/{}", word(1)).as_str()], b"documents/b");
    }
}

#[tokio::test]
async fn where_the_feed_can_not_be_resumed_all_groups_are_walked() {
    let mut world = World::new().await;
    world.provide("inproc:splitter", splitter("1.0.0")).await;
    world.provide("inproc:counter", counter("1.0.0")).await;
    world.start();
    world.put(&[("a", "copper"), ("b", "copper tin")]).await;
    world.settle().await;
    world.stop().await;
    world.put(&[("a", "zinc"), ("c", "lead")]).await;
    world.delete("b").await;
    // The cursor of another, longer log, as after restoring a backup: the feed refuses it.
    let mut record = world.list("monazite.analysis.v1.Cursor").await.into_iter();
    let mut record = record.find(|record| record.name == "cursors/splitter").unwrap();
    let mut cursor = api::analysis::Cursor::decode(record.body).unwrap();
    cursor.sequence = 1_000_000;
    record.body = cursor.encode_to_vec().into();
    world.commit(vec![Operation::Put(Put { record: Some(record) })]).await;
    world.start();
    // Its stored cursor claims to be done with all there is, so wait for what the walk finds.
    world.until("splitter", |status| status.cursor > 0 && status.cursor < 1_000_000).await;
    world.settle().await;
    assert_eq!(world.counts().await, counts(&[("lead", "1 of 1 by 1.0.0"), ("zinc", "1 of 1 by 1.0.0")]));
}
