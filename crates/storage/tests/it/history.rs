//! Compaction, backup and restore.

use std::time::Duration;

use api::storage::{ChangesRequest, CompactRequest, CompactResponse, ListRequest};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use storage::Config;

use crate::common::{
    Log, Place, claim, delete, derivation, document, note, on_both, put, reason, replace, with_config,
};

async fn compact(log: &Log, up_to_sequence: i64) -> Result<CompactResponse, storage::Error> {
    log.storage.compact(CompactRequest { up_to_sequence }).await
}

#[test]
fn compaction_forgets_what_was_superseded_and_nothing_else() {
    on_both(|log| async move {
        let first =
            log.commit((0..50).map(|id| put(note(&format!("n/{id}"), "a", &["all=1"]))).collect()).await?;
        let middle =
            log.commit((0..50).map(|id| put(note(&format!("n/{id}"), "b", &["all=1"]))).collect()).await?;
        let last = log.commit((0..49).map(|id| delete(&format!("n/{id}"))).collect()).await?;
        let done = compact(&log, middle.sequence).await?;
        assert_eq!((done.horizon, done.revisions, done.held_back_by.as_str()), (middle.sequence, 50, ""));
        assert_eq!(reason(log.get("n/1", first.sequence).await), "COMPACTED");
        assert_eq!(log.get("n/1", middle.sequence).await?.body, "b");
        let early = ChangesRequest { after_sequence: first.sequence, ..ChangesRequest::default() };
        assert_eq!(reason(log.storage.changes(early).await), "COMPACTED");
        let on = ChangesRequest { after_sequence: middle.sequence, ..ChangesRequest::default() };
        assert_eq!(log.feed(on).await?[0].changes.len(), 49);
        // The feed holds compaction until it notices that nobody listens any more.
        let done = loop {
            let done = compact(&log, 0).await?;
            if done.held_back_by.is_empty() {
                break done;
            }
            tokio::task::yield_now().await;
        };
        assert_eq!((done.horizon, done.revisions), (last.sequence, 49));
        let log = log.reopen().await?;
        assert_eq!(log.storage.horizon(), last.sequence);
        assert_eq!(log.names(ListRequest::default()).await?, ["n/49"]);
        assert_eq!(log.get("n/49", 0).await?.body, "b");
        assert_eq!(reason(compact(&log, 99).await), "NOT_YET");
        log.put(note("n/1", "back", &[])).await?;
        assert_eq!(log.get("n/1", 0).await?.body, "back");
        Ok(())
    });
}

#[test]
fn compaction_passes_nothing_that_is_still_needed() {
    on_both(|log| async move {
        let at = log.put(note("n/1", "a", &[])).await?;
        let mut stream = log
            .storage
            .changes(ChangesRequest { consumer: "reader".to_owned(), ..ChangesRequest::default() })
            .await?;
        assert_eq!(stream.next().await.expect("a commit")?.sequence, at);
        drop(stream);
        let second = log.put(note("n/1", "b", &[])).await?;
        let held = compact(&log, 0).await?;
        assert!(held.horizon <= at && held.held_back_by.contains("`reader`"), "{held:?}");
        let log = log.reopen().await?;
        let held = compact(&log, 0).await?;
        assert!(held.horizon < second && held.held_back_by.contains("`reader`"), "{held:?}");
        log.at(1_752_394_140 + 25 * 3600);
        assert_eq!(compact(&log, 0).await?.horizon, second, "expired after a day");

        for id in 0..3 {
            log.put(note(&format!("m/{id}"), "", &[])).await?;
        }
        let page = log.storage.list(ListRequest { page_size: 1, ..ListRequest::default() }).await?;
        let head = log.put(note("n/1", "c", &[])).await?;
        let held = compact(&log, 0).await?;
        assert_eq!(held.horizon, page.read_sequence);
        assert!(held.held_back_by.contains("a list"), "{held:?}");
        log.at(1_752_394_140 + 25 * 3600 + 601);
        assert_eq!(compact(&log, 0).await?.horizon, head);
        let late = ListRequest { page_size: 1, page_token: page.next_page_token, ..ListRequest::default() };
        assert_eq!(reason(log.storage.list(late).await), "COMPACTED");
        Ok(())
    });
}

#[test]
fn a_feed_that_is_dropped_holds_nothing_at_once() {
    let config = Config { consumer_expiry: Duration::ZERO, ..Config::default() };
    with_config(config, |log| async move {
        for round in 0..20 {
            let from = log.storage.head();
            let request = ChangesRequest {
                after_sequence: from,
                consumer: "reader".to_owned(),
                ..ChangesRequest::default()
            };
            let far = log.storage.changes(request.clone()).await?;
            let mut near = log.storage.changes(request).await?;
            let head = log.put(note("n/1", &round.to_string(), &[])).await?;
            while near.next().await.expect("a message")?.sequence < head {}
            drop(near);
            drop(far);
            assert_eq!(compact(&log, 0).await?.horizon, head, "round {round}");
        }
        Ok(())
    });
}

#[test]
fn a_text_that_a_live_record_cites_is_kept_until_the_record_is_read_again() {
    on_both(|log| async move {
        let read = log.put(document("a", "铜价上涨")).await?;
        let claims = || vec![claim("1", "documents/a", 6, "铜价")];
        let cited = log.commit(vec![replace(derivation("x", "documents/a", read), claims())]).await?.sequence;
        let changed = log.put(document("a", "铜价下跌")).await?;
        let held = compact(&log, 0).await?;
        assert_eq!(held.horizon, changed - 1);
        assert!(held.held_back_by.contains("claims/1"), "{held:?}");
        assert_eq!(log.get("documents/a", cited).await?.sequence, read);
        let head =
            log.commit(vec![replace(derivation("x", "documents/a", changed), claims())]).await?.sequence;
        assert_eq!(compact(&log, 0).await?.horizon, head);

        // The same for a record that is not keyed by what it cites.
        let read = log.put(document("b", "铜价上涨")).await?;
        let unkeyed = api::record::Record { keys: Vec::new(), ..claim("2", "documents/b", 6, "铜价") };
        log.commit(vec![replace(derivation("y", "g=1", read), vec![unkeyed])]).await?;
        let gone = log.commit(vec![delete("documents/b")]).await?.sequence;
        assert_eq!(compact(&log, 0).await?.horizon, gone - 1);
        Ok(())
    });
}

async fn backup(log: &Log) -> anyhow::Result<Bytes> {
    let parts: Vec<Bytes> = log.storage.backup().await?.map_ok(|part| part.data).try_collect().await?;
    Ok(parts.concat().into())
}

async fn fresh(log: &Log) -> anyhow::Result<Log> {
    let place = match &log.place {
        Place::Memory(_) => Place::Memory(std::sync::Arc::new(kv::Memory::new())),
        Place::Sled(_) => Place::Sled(std::sync::Arc::new(tempfile::tempdir()?)),
    };
    Log::open(place, log.config.clone()).await
}

fn in_parts(file: &Bytes, length: usize) -> impl futures::Stream<Item = Bytes> + Unpin + Send + use<> {
    stream::iter(file.chunks(length).map(Bytes::copy_from_slice).collect::<Vec<_>>())
}

async fn eventful(log: &Log) -> anyhow::Result<()> {
    let read = log.put(document("a", "铜价上涨")).await?;
    for id in 0..30 {
        log.put(note(&format!("n/{}", id % 10), &id.to_string(), &["all=1"])).await?;
    }
    log.commit(vec![delete("n/3"), delete("n/4")]).await?;
    compact(log, 20).await?;
    log.put(note("n/3", "back", &["all=1"])).await?;
    let claims = vec![claim("1", "documents/a", 6, "铜价"), claim("2", "documents/a", 3, "铜")];
    log.commit(vec![replace(derivation("x", "documents/a", read), claims)]).await?;
    Ok(())
}

#[test]
fn a_restored_log_answers_as_the_one_that_was_backed_up() {
    on_both(|log| async move {
        eventful(&log).await?;
        let file = backup(&log).await?;
        let copy = fresh(&log).await?;
        let restored = copy.storage.restore(in_parts(&file, 1000)).await?;
        assert_eq!(restored.sequence, log.storage.head());
        let copy = copy.reopen().await?;
        for at in log.storage.horizon()..=log.storage.head() {
            let all = ListRequest { at_sequence: at, page_size: 1000, ..ListRequest::default() };
            let keyed = ListRequest { keys: vec!["all=1".to_owned()], ..all.clone() };
            for request in [all, keyed] {
                assert_eq!(
                    copy.storage.list(request.clone()).await?,
                    log.storage.list(request).await?,
                    "at {at}"
                );
            }
        }
        let on = ChangesRequest { after_sequence: 20, include_records: true, ..ChangesRequest::default() };
        assert_eq!(copy.feed(on.clone()).await?, log.feed(on).await?);
        let derivations = api::storage::ListDerivationsRequest::default;
        assert_eq!(
            copy.storage.list_derivations(derivations()).await?,
            log.storage.list_derivations(derivations()).await?
        );
        assert_eq!(copy.storage.statistics().await?.kinds, log.storage.statistics().await?.kinds);
        assert_eq!(backup(&copy).await?, file, "a backup of the copy is the same file");
        compact(&copy, 0).await?;
        copy.put(note("n/4", "new", &[])).await?;
        let error = copy.storage.restore(in_parts(&file, 1000)).await;
        assert_eq!(reason(error), "NOT_EMPTY");
        copy.put(note("n/5", "goes on", &[])).await?;
        Ok(())
    });
}

#[test]
fn a_damaged_backup_leaves_nothing_behind() {
    on_both(|log| async move {
        eventful(&log).await?;
        let file = backup(&log).await?;
        let copy = fresh(&log).await?;
        let cut = file.slice(..file.len() - 1);
        assert_eq!(reason(copy.storage.restore(in_parts(&cut, 1 << 20)).await), "CORRUPT_BACKUP");
        for at in [0, 17, 40, file.len() / 2, file.len() - 5] {
            let mut damaged = file.to_vec();
            damaged[at] ^= 0x10;
            let reason = reason(copy.storage.restore(in_parts(&damaged.into(), 1 << 20)).await);
            assert!(matches!(reason, "CORRUPT_BACKUP" | "NEWER_FORMAT"), "at {at}: {reason}");
        }
        let mut longer = file.to_vec();
        longer.push(0);
        assert_eq!(reason(copy.storage.restore(in_parts(&longer.into(), 1 << 20)).await), "CORRUPT_BACKUP");
        assert_eq!(reason(copy.get("n/1", 0).await), "NO_SUCH_RECORD");
        assert_eq!(copy.put(note("n/1", "a", &[])).await?, 1);
        Ok(())
    });
}

#[test]
fn a_restore_that_is_cut_off_is_cleared_away() {
    on_both(|log| async move {
        eventful(&log).await?;
        let file = backup(&log).await?;
        let copy = fresh(&log).await?;
        // The last part never comes; the caller goes away in the middle.
        let half = in_parts(&file.slice(..file.len() / 2), 1000).chain(stream::pending());
        let storage = copy.storage.clone();
        let task = tokio::spawn(async move { storage.restore(Box::pin(half)).await });
        while !matches!(copy.commit(vec![delete("n/probe")]).await, Err(storage::Error::Restoring)) {
            anyhow::ensure!(!task.is_finished());
            tokio::task::yield_now().await;
        }
        task.abort();
        assert!(task.await.is_err());
        let copy = copy.reopen().await?;
        assert_eq!(copy.storage.head(), 0);
        assert_eq!(copy.storage.restore(in_parts(&file, 1000)).await?.sequence, log.storage.head());
        Ok(())
    });
}

#[test]
fn a_backup_is_of_one_sequence_while_writes_go_on() {
    on_both(|log| async move {
        eventful(&log).await?;
        // More than fits between the log and whoever takes the backup, so that it stays open.
        for id in 0u8..8 {
            let mut body = vec![0; 1 << 20];
            blake3::Hasher::new().update(&[id]).finalize_xof().fill(&mut body);
            log.put(api::record::Record { body: body.into(), ..note(&format!("l/{id}"), "", &[]) }).await?;
        }
        let before = log.storage.head();
        let mut stream = Box::pin(log.storage.backup().await?);
        // Everything changes before the first part is taken.
        let swap = replace(derivation("x", "documents/a", before), vec![claim("9", "documents/a", 3, "铜")]);
        log.commit(vec![delete("n/1"), put(note("n/2", "new", &[])), swap]).await?;
        assert!(compact(&log, 0).await?.held_back_by.contains("backup"));
        let mut file = Vec::new();
        while let Some(part) = stream.next().await {
            let part = part?;
            assert_eq!(part.sequence, before);
            file.extend_from_slice(&part.data);
        }
        let copy = fresh(&log).await?;
        copy.storage.restore(in_parts(&file.into(), 5000)).await?;
        assert_eq!(copy.storage.head(), before);
        let all = ListRequest { at_sequence: before, page_size: 1000, ..ListRequest::default() };
        assert_eq!(copy.storage.list(all.clone()).await?, log.storage.list(all).await?);
        let derivations = copy.storage.list_derivations(Default::default()).await?.derivations;
        assert_eq!(derivations[0].record_count, 2);
        Ok(())
    });
}
