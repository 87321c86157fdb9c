//! Topics, and who watches them.

use std::collections::BTreeSet;

use api::search::{Alert, GetStatusRequest, WatchTopicRequest, WatchTopicResponse};
use api::storage::CompactRequest;
use tonic::{Code, Streaming};

use crate::world::{World, claim, delete, document, layer, membership, metadata, put, reason, topic};

/// All alerts up to a sequence, as record and sequence.
async fn until(stream: &mut Streaming<WatchTopicResponse>, sequence: i64) -> Vec<Alert> {
    let mut alerts = Vec::new();
    loop {
        let message = stream.message().await.unwrap().unwrap();
        alerts.extend(message.alerts);
        if message.sequence >= sequence {
            return alerts;
        }
    }
}

fn names(alerts: &[Alert]) -> Vec<&str> {
    alerts.iter().map(|alert| alert.hit.as_ref().unwrap().name.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_is_told_at_once_and_again_after_a_restart() {
    let mut world = World::new().await;
    world.put(vec![document("0", "", "", "稀土")]).await;
    let start = world.put(vec![topic("t", "磁材", "稀土", &[])]).await;
    let mut live = world.watch("topics/t", None).await;
    world.put(vec![document("1", "SMM", "Rare earth", "x"), document("2", "", "", "锑")]).await;
    let end = world.put(vec![document("3", "", "", "稀土")]).await;
    let alerts = until(&mut live, end).await;
    assert_eq!(names(&alerts), ["documents/1", "documents/3"]);
    let hit = alerts[0].hit.as_ref().unwrap();
    assert_eq!((hit.source.as_str(), hit.title.as_str()), ("SMM", "Rare earth"));
    assert_eq!(hit.title_highlights[0].end, 10);
    assert_eq!((alerts[0].topic.as_str(), alerts[0].id.len()), ("topics/t", 32));
    assert!(alerts[0].commit_time.is_some());
    world.kill();
    world.start();
    // The same alerts with the same ids, from the log; and all from the beginning.
    assert_eq!(until(&mut world.watch("topics/t", Some(start)).await, end).await, alerts);
    assert_eq!(names(&until(&mut world.watch("topics/t", Some(0)).await, end).await).len(), 3);
    let ids: BTreeSet<&str> = alerts.iter().map(|alert| alert.id.as_str()).collect();
    assert_eq!(ids.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_told_once_when_it_comes_to_answer() {
    let world = World::new().await;
    world.put(vec![topic("t", "磁材", "commodity:antimony OR 锑", &[])]).await;
    let mut live = world.watch("topics/t", None).await;
    // It answers with its text; its layer and its membership change nothing.
    let first = world.put(vec![document("1", "", "", "锑")]).await;
    world.put(vec![layer("1", "1", &["commodity/antimony"])]).await;
    world.put(vec![membership("1", "1", "磁材")]).await;
    // It answers with its layer only, and its new revision changes nothing.
    world.put(vec![document("2", "", "", "Sb")]).await;
    let second = world.put(vec![layer("2", "2", &["commodity/antimony"])]).await;
    world.put(vec![layer("2", "2", &["commodity/antimony", "country/CHN"])]).await;
    // It answers with its membership only.
    world.put(vec![document("3", "", "", "x")]).await;
    let third = world.put(vec![membership("3", "3", "磁材")]).await;
    // It ceases to answer, and answers again.
    world.delete("layers/2").await;
    let fourth = world.put(vec![layer("2", "2", &["commodity/antimony"])]).await;
    // All in one commit, and one that is gone in the commit that made it.
    let fifth = world.put(vec![document("4", "", "", "锑"), layer("4", "4", &["commodity/antimony"])]).await;
    let end = world.commit(vec![put(document("5", "", "", "锑")), delete("documents/5")]).await;
    let end = end.max(world.put(vec![document("6", "", "", "x")]).await);
    let alerts = until(&mut live, end).await;
    let told = ["documents/1", "documents/2", "documents/3", "documents/2", "documents/4"];
    assert_eq!(names(&alerts), told);
    for (sequence, alert) in [first, second, third, fourth, fifth].into_iter().zip(&alerts) {
        let id =
            blake3::hash(format!("topics/t\n{}\n{sequence}", alert.hit.as_ref().unwrap().name).as_bytes());
        assert_eq!(alert.id, id.to_hex()[..32]);
    }
    assert_eq!(until(&mut world.watch("topics/t", Some(0)).await, end).await, alerts);
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_are_told_if_a_topic_asks_for_them() {
    let world = World::new().await;
    world.put(vec![topic("t", "锑价", "commodity:antimony source:SMM", &["Claim"])]).await;
    let mut live = world.watch("topics/t", None).await;
    world
        .put(vec![document("1", "SMM", "", "锑价上涨"), claim("1", "1", "commodity/antimony", "锑价上涨")])
        .await;
    // A second revision answers as the first does.
    world.put(vec![claim("1", "1", "commodity/antimony", "锑价")]).await;
    world.put(vec![claim("2", "1", "commodity/gallium", "锑价")]).await;
    world.put(vec![claim("2", "1", "commodity/antimony", "锑价")]).await;
    // It answers once its document is there.
    world.put(vec![claim("3", "2", "commodity/antimony", "锑")]).await;
    let end = world.put(vec![document("2", "SMM", "", "锑")]).await;
    assert_eq!(names(&until(&mut live, end).await), ["claims/1", "claims/2", "claims/3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_bring_the_passage_that_answers_if_asked() {
    let mut world = World::new().await;
    world.put(vec![topic("t", "锑", "锑价", &["Document", "Claim"])]).await;
    let asked = |snippet_bytes, after| WatchTopicRequest {
        topic: "topics/t".to_owned(),
        after_sequence: Some(after),
        snippet_bytes,
    };
    let mut live = world.client().watch_topic(asked(240, 1)).await.unwrap().into_inner();
    let text = "国内市场平稳。周五锑价上涨。";
    world.put(vec![document("1", "SMM", "行情", text)]).await;
    world.put(vec![claim("1", "1", "commodity/antimony", "周五锑价上涨")]).await;
    // What answered is told as it stood then, though it was written anew since.
    let end = world.put(vec![document("1", "SMM", "行情", "锑价")]).await;
    let alerts = until(&mut live, end).await;
    let passage = |alert: &Alert| {
        let snippet = alert.hit.as_ref().unwrap().snippet.clone().unwrap();
        let highlight = snippet.highlights[0];
        (snippet.document, snippet.text[highlight.start as usize..highlight.end as usize].to_owned())
    };
    assert_eq!(names(&alerts), ["documents/1", "claims/1"]);
    for alert in &alerts {
        assert_eq!(passage(alert), ("documents/1".to_owned(), "锑价".to_owned()));
    }
    assert!(alerts[0].hit.as_ref().unwrap().snippet.as_ref().unwrap().text.contains("周五"));
    // The same from the log, after a restart, and none if none is asked for.
    world.kill();
    world.start();
    let mut again = world.client().watch_topic(asked(240, 1)).await.unwrap().into_inner();
    assert_eq!(until(&mut again, end).await, alerts);
    let mut without = world.client().watch_topic(asked(0, 1)).await.unwrap().into_inner();
    assert!(until(&mut without, end).await.iter().all(|alert| alert.hit.as_ref().unwrap().snippet.is_none()));
    let error = world.client().watch_topic(asked(2_001, 1)).await.unwrap_err();
    assert_eq!((error.code(), metadata(&error, "field").as_str()), (Code::InvalidArgument, "snippet_bytes"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_may_change_go_or_never_have_been() {
    let world = World::new().await;
    world.put(vec![topic("t", "t", "锑", &[])]).await;
    let mut live = world.watch("topics/t", None).await;
    world.put(vec![document("1", "", "", "锑"), document("2", "", "", "镓")]).await;
    world.put(vec![topic("t", "t", "镓", &[])]).await;
    let end = world.put(vec![document("3", "", "", "锑"), document("4", "", "", "镓")]).await;
    assert_eq!(names(&until(&mut live, end).await), ["documents/1", "documents/4"]);
    world.delete("topics/t").await;
    let error = loop {
        match live.message().await {
            Ok(message) => assert!(message.unwrap().alerts.is_empty()),
            Err(error) => break error,
        }
    };
    assert_eq!((error.code(), reason(&error).as_str()), (Code::Aborted, "TOPIC_REMOVED"));
    for (name, after, code, wanted) in [
        ("topics/t", None, Code::NotFound, "NO_SUCH_TOPIC"),
        ("documents/1", None, Code::NotFound, "NO_SUCH_TOPIC"),
        ("topics/u", Some(i64::MAX), Code::OutOfRange, "NOT_YET"),
        ("topics/u", Some(-1), Code::OutOfRange, "NOT_YET"),
    ] {
        world.put(vec![topic("u", "u", "锑", &[])]).await;
        let request = WatchTopicRequest {
            topic: name.to_owned(),
            after_sequence: after,
            ..WatchTopicRequest::default()
        };
        let error = world.client().watch_topic(request).await.unwrap_err();
        assert_eq!((error.code(), reason(&error).as_str()), (code, wanted), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_cannot_be_read_is_listed_and_says_where() {
    let world = World::new().await;
    world.put(vec![topic("good", "good", "锑", &[]), topic("bad", "bad", "锑 AND (镓", &[])]).await;
    let request = WatchTopicRequest {
        topic: "topics/bad".to_owned(),
        after_sequence: None,
        ..WatchTopicRequest::default()
    };
    let error = world.client().watch_topic(request).await.unwrap_err();
    assert_eq!((error.code(), reason(&error).as_str()), (Code::FailedPrecondition, "BROKEN_TOPIC"));
    assert_eq!(metadata(&error, "start_byte"), "8");
    world.ask("").await;
    let status = world.client().get_status(GetStatusRequest {}).await.unwrap().into_inner();
    assert_eq!((status.topics, status.broken_topics), (1, vec!["topics/bad".to_owned()]));
    world.put(vec![topic("bad", "bad", "锑", &[])]).await;
    world.delete("topics/good").await;
    world.ask("").await;
    let status = world.client().get_status(GetStatusRequest {}).await.unwrap().into_inner();
    assert_eq!((status.topics, status.broken_topics.len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_that_does_not_read_holds_up_nobody() {
    let mut world = World::asleep().await;
    world.config.watchers = 2;
    world.start();
    world.put(vec![topic("all", "all", "*", &[])]).await;
    let mut idle = world.watch("topics/all", None).await;
    let mut busy = world.watch("topics/all", None).await;
    let request = WatchTopicRequest {
        topic: "topics/all".to_owned(),
        after_sequence: None,
        ..WatchTopicRequest::default()
    };
    let error = world.client().watch_topic(request).await.unwrap_err();
    assert_eq!((error.code(), reason(&error).as_str()), (Code::ResourceExhausted, "TOO_MANY"));
    let long = "锑".repeat(2_000);
    for round in 0..30 {
        let records = (0..100).map(|n| document(&format!("{round}-{n}"), "", &long[..300], &long)).collect();
        let sequence = world.put(records).await;
        assert_eq!(until(&mut busy, sequence).await.len(), 100);
    }
    assert_eq!(world.ask("").await.hits.len(), 1_000);
    // What it did not read is read anew for it, all of it.
    let alerts = until(&mut idle, world.log.head()).await;
    assert_eq!(alerts.len(), 3_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_compacted_cannot_be_watched_any_more() {
    let mut world = World::asleep().await;
    world.put(vec![topic("t", "t", "锑", &[])]).await;
    for round in 0..5 {
        world.put(vec![document("1", "", "", &format!("锑 {round}"))]).await;
    }
    world.log.compact(CompactRequest { up_to_sequence: 0 }).await.unwrap();
    world.start();
    let request = WatchTopicRequest {
        topic: "topics/t".to_owned(),
        after_sequence: Some(1),
        ..WatchTopicRequest::default()
    };
    let error = world.client().watch_topic(request).await.unwrap_err();
    assert_eq!((error.code(), reason(&error).as_str()), (Code::OutOfRange, "COMPACTED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn watches_outlive_storage_and_end_with_the_service() {
    let mut world = World::new().await;
    world.put(vec![topic("t", "t", "锑", &[])]).await;
    let mut live = world.watch("topics/t", None).await;
    world.storage_is(false);
    let first = world.put(vec![document("1", "", "", "锑")]).await;
    world.storage_is(true);
    assert_eq!(names(&until(&mut live, first).await), ["documents/1"]);
    world.stop().await;
    let error = loop {
        match live.message().await {
            Ok(message) => assert!(message.unwrap().alerts.is_empty()),
            Err(error) => break error,
        }
    };
    assert_eq!((error.code(), reason(&error).as_str()), (Code::Unavailable, "DRAINING"));
}
