//! The change feed: complete, in order, resumable, filtered, and live.

use std::time::Duration;

use api::storage::ChangesRequest;
use futures::StreamExt;
use storage::{Config, Storage};

use crate::common::{claim, delete, derivation, document, note, on_both, put, reason, replace, with_config};

fn after(sequence: i64) -> ChangesRequest {
    ChangesRequest { after_sequence: sequence, ..ChangesRequest::default() }
}

#[test]
fn a_change_tells_the_keys_before_and_after() {
    on_both(|log| async move {
        let first = log.put(note("n/1", "a", &["x=1", "y=1"])).await?;
        let second = log.put(note("n/1", "b", &["x=2"])).await?;
        let third = log.commit(vec![delete("n/1")]).await?.sequence;
        log.put(note("n/1", "c", &["z=1"])).await?;
        let messages = log.feed(after(0)).await?;
        let told: Vec<_> = messages
            .iter()
            .map(|message| {
                let change = &message.changes[0];
                (change.keys_before.join(","), change.keys_after.join(","), change.deleted, change.existed)
            })
            .collect();
        let row = |before: &str, after: &str, deleted, existed| {
            (before.to_owned(), after.to_owned(), deleted, existed)
        };
        assert_eq!(
            told,
            [
                row("", "x=1,y=1", false, false),
                row("x=1,y=1", "x=2", false, true),
                row("x=2", "", true, true),
                row("", "z=1", false, false),
            ]
        );
        assert!(messages.iter().all(|message| message.changes[0].name == "n/1" && message.last));

        let keyed = |key: &str| ChangesRequest { keys: vec![key.to_owned()], ..after(0) };
        let sequences = |messages: Vec<api::storage::ChangesResponse>| -> Vec<i64> {
            messages.into_iter().map(|message| message.sequence).collect()
        };
        assert_eq!(sequences(log.feed(keyed("y")).await?), [first, second], "before or after");
        assert_eq!(sequences(log.feed(keyed("x=2")).await?), [second, third]);
        assert_eq!(sequences(log.feed(after(second)).await?).first(), Some(&third), "resumed");
        let kinds = ChangesRequest { kinds: vec!["example.Other".to_owned()], ..after(0) };
        assert!(log.feed(kinds).await?.is_empty());
        let records = ChangesRequest { include_records: true, ..after(0) };
        let messages = log.feed(records).await?;
        assert_eq!(messages[1].changes[0].record.as_ref().map(|record| &record.body[..]), Some(&b"b"[..]));
        assert!(messages[2].changes[0].record.is_none());
        assert_eq!(reason(log.storage.changes(after(99)).await), "NOT_YET");
        Ok(())
    });
}

#[test]
fn a_replace_is_one_commit_in_the_feed() {
    on_both(|log| async move {
        let read = log.put(document("a", "铜价上涨")).await?;
        let claims = ["1", "2"].map(|id| claim(id, "documents/a", 6, "铜价")).to_vec();
        let first = log.commit(vec![replace(derivation("x", "documents/a", read), claims)]).await?.sequence;
        let swap = vec![claim("2", "documents/a", 6, "铜价"), claim("3", "documents/a", 6, "铜价")];
        log.commit(vec![replace(derivation("x", "documents/a", first), swap)]).await?;
        let messages = log.feed(after(read)).await?;
        let names = |index: usize| {
            let changes = &messages[index].changes;
            let mut names: Vec<_> =
                changes.iter().map(|change| (change.name.as_str(), change.deleted)).collect();
            names.sort_unstable();
            names
        };
        assert_eq!(names(0), [("claims/1", false), ("claims/2", false)]);
        assert_eq!(names(1), [("claims/1", true), ("claims/3", false)], "what stays is no change");
        assert!(messages.iter().flat_map(|message| &message.changes).all(|change| change.analyzer == "x"));
        Ok(())
    });
}

#[test]
fn a_large_commit_comes_in_parts_and_many_commits_in_order() {
    on_both(|log| async move {
        let noise = |id: usize| {
            let mut body = vec![0; 300 << 10];
            blake3::Hasher::new().update(&id.to_be_bytes()).finalize_xof().fill(&mut body);
            api::record::Record { body: body.into(), ..note(&format!("n/{id}"), "", &[]) }
        };
        let large = log.commit((0..10).map(|id| put(noise(id))).collect()).await?.sequence;
        let messages = log.feed(ChangesRequest { include_records: true, ..after(0) }).await?;
        assert!(messages.len() > 2 && messages.iter().all(|message| message.sequence == large));
        let last: Vec<bool> = messages.iter().map(|message| message.last).collect();
        assert_eq!(last.iter().filter(|last| **last).count(), 1);
        assert_eq!(last.last(), Some(&true));
        assert_eq!(messages.iter().map(|message| message.changes.len()).sum::<usize>(), 10);

        // Far more commit rows than are read at a time, one of them of many chunks.
        log.commit((0..4000).map(|id| put(note(&format!("m/{id}"), "", &[]))).collect()).await?;
        for id in 0..300 {
            log.put(note("n/same", &id.to_string(), &[])).await?;
        }
        let messages = log.feed(after(large)).await?;
        assert_eq!(messages.len(), 301);
        assert_eq!(messages[0].changes.len(), 4000);
        assert!(messages.windows(2).all(|pair| pair[0].sequence < pair[1].sequence));
        Ok(())
    });
}

#[test]
fn a_live_feed_tells_of_a_commit_at_once_and_of_those_that_do_not_match() {
    on_both(|log| async move {
        let request = ChangesRequest { kinds: vec!["example.Note".to_owned()], ..after(0) };
        let mut stream = log.storage.changes(request).await?;
        let mark = stream.next().await.expect("a mark")?;
        assert_eq!((mark.sequence, mark.commit_time), (0, None), "the head is reached");
        let other = log.put(document("a", "text")).await?;
        let mark = stream.next().await.expect("a mark")?;
        assert_eq!((mark.sequence, mark.changes.len()), (other, 0));
        let mine = log.put(note("n/1", "", &[])).await?;
        let message = stream.next().await.expect("a commit")?;
        assert_eq!((message.sequence, message.changes.len()), (mine, 1));
        log.storage.drain().await;
        assert_eq!(stream.next().await.map(reason), Some("DRAINING"));
        assert!(stream.next().await.is_none());
        Ok(())
    });
}

#[test]
fn an_idle_feed_marks_its_progress() {
    let config = Config { progress_interval: Duration::from_millis(1), ..Config::default() };
    with_config(config, |log| async move {
        let head = log.put(note("n/1", "", &[])).await?;
        let mut stream = log.storage.changes(after(head)).await?;
        for _ in 0..3 {
            assert_eq!(stream.next().await.expect("a mark")?.sequence, head);
        }
        Ok(())
    });
}

#[test]
fn a_consumer_that_takes_nothing_holds_nobody_up_and_misses_nothing() {
    on_both(|log| async move {
        let mut slow = log.storage.changes(after(0)).await?;
        let write = |storage: Storage| async move {
            for id in 0..200 {
                let operations = vec![put(note(&format!("n/{id}"), "", &[]))];
                storage.commit(api::storage::CommitRequest { operations, preconditions: Vec::new() }).await?;
            }
            anyhow::Ok(())
        };
        write(log.storage.clone()).await?;
        let mut seen = Vec::new();
        while seen.len() < 200 {
            let message = slow.next().await.expect("goes on")?;
            seen.extend(message.changes.into_iter().map(|change| change.name));
        }
        let expected: Vec<String> = (0..200).map(|id| format!("n/{id}")).collect();
        assert_eq!(seen, expected);
        Ok(())
    });
}
