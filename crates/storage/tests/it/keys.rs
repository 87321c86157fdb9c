//! The keys that records carry, and the revisions that carried one.

use std::collections::{BTreeMap, BTreeSet};

use api::record::Record;
use api::storage::{CompactRequest, ListKeysRequest, ListRevisionsRequest, Revision};

use crate::common::{Log, delete, note, on_both, put, reason};

async fn keys(log: &Log, mut request: ListKeysRequest) -> Result<Vec<String>, storage::Error> {
    let mut keys = Vec::new();
    loop {
        let page = log.storage.list_keys(request.clone()).await?;
        assert!(request.page_size == 0 || page.keys.len() <= usize::try_from(request.page_size).unwrap_or(0));
        keys.extend(page.keys);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            return Ok(keys);
        }
    }
}

async fn revisions(log: &Log, mut request: ListRevisionsRequest) -> Result<Vec<Revision>, storage::Error> {
    let mut revisions = Vec::new();
    loop {
        let page = log.storage.list_revisions(request.clone()).await?;
        revisions.extend(page.revisions);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            return Ok(revisions);
        }
    }
}

fn with(prefix: &str, delimiter: &str) -> ListKeysRequest {
    ListKeysRequest { prefix: prefix.to_owned(), delimiter: delimiter.to_owned(), ..Default::default() }
}

fn of(key: &str) -> ListRevisionsRequest {
    ListRevisionsRequest { key: key.to_owned(), ..Default::default() }
}

#[test]
fn keys_are_listed_each_once_and_cut_where_it_is_asked_for() {
    on_both(|log| async move {
        let all = ["s=price|cu|LME", "s=price|cu", "s=price|sb", "s=output|sb", "s=price", "t=price|zn"];
        for round in 0..40 {
            let notes =
                all.iter().enumerate().map(|(at, key)| put(note(&format!("n/{round}-{at}"), "", &[key])));
            log.commit(notes.collect()).await?;
        }
        let mut sorted = ["s=output|sb", "s=price", "s=price|cu", "s=price|cu|LME", "s=price|sb"];
        sorted.sort_unstable();
        for page_size in [0, 1, 2, 5, 1000] {
            let sized = |request| ListKeysRequest { page_size, ..request };
            assert_eq!(keys(&log, sized(with("s=", ""))).await?, sorted, "{page_size}");
            let cut = ["s=output|", "s=price", "s=price|"];
            assert_eq!(keys(&log, sized(with("s=", "|"))).await?, cut, "{page_size}");
            assert_eq!(keys(&log, sized(with("s=price|c", "|"))).await?, ["s=price|cu", "s=price|cu|"]);
            assert_eq!(keys(&log, sized(with("s=price|sb", "|"))).await?, ["s=price|sb"]);
        }
        assert_eq!(keys(&log, with("s=q", "")).await?, [""; 0]);
        let kind = |kind: &str| ListKeysRequest { kind: kind.to_owned(), ..with("t=", "") };
        assert_eq!(keys(&log, kind("example.Note")).await?, ["t=price|zn"]);
        assert_eq!(keys(&log, kind("example.Other")).await?, [""; 0]);
        log.put(Record { kind: "example.Other".to_owned(), ..note("n/other", "", &["t=a"]) }).await?;
        assert_eq!(keys(&log, kind("example.Note")).await?, ["t=price|zn"]);
        assert_eq!(keys(&log, kind("example.Other")).await?, ["t=a"]);
        Ok(())
    });
}

#[test]
fn what_is_no_prefix_and_no_key_is_refused() {
    on_both(|log| async move {
        log.commit(
            (0..3).map(|at| put(note(&format!("n/{at}"), "", &[&format!("s={at}"), "all=1"]))).collect(),
        )
        .await?;
        for prefix in ["", "series", "=x", "a b=c"] {
            assert_eq!(reason(log.storage.list_keys(with(prefix, "")).await), "INVALID_ARGUMENT", "{prefix}");
        }
        assert_eq!(reason(log.storage.list_keys(with(&"s=x".repeat(200), "")).await), "INVALID_ARGUMENT");
        assert_eq!(reason(log.storage.list_keys(with("s=", "||")).await), "INVALID_ARGUMENT");
        assert_eq!(reason(log.storage.list_revisions(of("series")).await), "INVALID_ARGUMENT");
        let future = ListKeysRequest { at_sequence: 99, ..with("s=", "") };
        assert_eq!(reason(log.storage.list_keys(future).await), "NOT_YET");
        let sized = ListKeysRequest { page_size: 1, ..with("s=", "") };
        let first = log.storage.list_keys(sized).await?;
        let foreign = ListKeysRequest { page_token: first.next_page_token, ..with("t=", "") };
        assert_eq!(reason(log.storage.list_keys(foreign).await), "INVALID_PAGE_TOKEN");
        let sized = ListRevisionsRequest { page_size: 1, ..of("all=1") };
        let first = log.storage.list_revisions(sized).await?;
        let foreign = ListRevisionsRequest { page_token: first.next_page_token, ..of("all=2") };
        assert_eq!(reason(log.storage.list_revisions(foreign).await), "INVALID_PAGE_TOKEN");
        Ok(())
    });
}

/// What was said of each record, commit by commit: its keys, or that it is gone.
type Told = Vec<(i64, String, Option<BTreeSet<String>>)>;

/// The keys that stand at a sequence, and those of all that was superseded after another up to there.
fn expected(told: &Told, at: i64, horizon: i64) -> BTreeSet<String> {
    let mut standing: BTreeMap<&str, (i64, &BTreeSet<String>)> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for (sequence, name, keys) in told.iter().filter(|(sequence, ..)| *sequence <= at) {
        let before = match keys {
            Some(keys) => standing.insert(name, (*sequence, keys)),
            None => standing.remove(name.as_str()),
        };
        found.extend(before.filter(|_| *sequence > horizon).into_iter().flat_map(|(_, keys)| keys.clone()));
    }
    found.extend(standing.into_values().flat_map(|(_, keys)| keys.clone()));
    found
}

/// Revisions with a key: name, when it was written, when it ended (zero: it stands).
fn expected_revisions(told: &Told, key: &str, at: i64, horizon: i64) -> Vec<(i64, String, i64)> {
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found: Vec<(i64, String, i64)> = Vec::new();
    for (sequence, name, keys) in told.iter().filter(|(sequence, ..)| *sequence <= at) {
        if let Some(index) = open.remove(name.as_str()) {
            found[index].2 = *sequence;
        }
        if keys.as_ref().is_some_and(|keys| keys.contains(key)) {
            open.insert(name, found.len());
            found.push((*sequence, name.clone(), 0));
        }
    }
    found.retain(|(_, _, end)| *end == 0 || *end > horizon);
    found
}

async fn compare(log: &Log, told: &Told, at: i64, horizon: i64) -> anyhow::Result<()> {
    for superseded in [false, true] {
        let request = ListKeysRequest { at_sequence: at, superseded, page_size: 2, ..with("k=", "") };
        let found: Vec<String> = keys(log, request).await?;
        let from = if superseded { horizon } else { at };
        let wanted: Vec<String> = expected(told, at, from).into_iter().collect();
        assert_eq!(found, wanted, "at {at}, superseded {superseded}");
    }
    for key in (0..6).map(|key| format!("k={key}")) {
        let request = ListRevisionsRequest { at_sequence: at, page_size: 3, ..of(&key) };
        let found = revisions(log, request).await?;
        let mut last = (0, 0);
        let mut seen = Vec::new();
        for revision in found {
            let record = revision.record.unwrap_or_default();
            assert!(last < (record.sequence, revision.place), "the order of the log");
            last = (record.sequence, revision.place);
            let ended = revision.superseded_time.map_or(0, |time| time.seconds - 1000);
            assert_eq!(ended, revision.superseded_sequence, "each commit had its own second");
            seen.push((record.sequence, record.name, ended));
        }
        let mut wanted = expected_revisions(told, &key, at, horizon);
        wanted.sort();
        seen.sort();
        assert_eq!(seen, wanted, "{key} at {at}");
    }
    Ok(())
}

#[test]
fn after_any_history_keys_and_revisions_are_those_that_its_commits_tell() {
    on_both(|log| async move {
        let mut noise = blake3::Hasher::new().update(b"histories of keys").finalize_xof();
        let mut draw = |below: u8| {
            let mut byte = [0];
            noise.fill(&mut byte);
            byte[0] % below
        };
        let mut told = Told::new();
        for second in 1..=60 {
            log.at(1000 + log.storage.head() + 1);
            let mut operations = BTreeMap::new();
            for _ in 0..=draw(3) {
                let name = format!("n/{}", draw(8));
                let keys: BTreeSet<String> = (0..draw(3)).map(|_| format!("k={}", draw(6))).collect();
                let keys = (draw(4) > 0).then_some(keys);
                operations.insert(name, keys);
            }
            let head = log.storage.head();
            let operation = |(name, keys): (&String, &Option<BTreeSet<String>>)| match keys {
                Some(keys) => {
                    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
                    put(note(name, &second.to_string(), &keys))
                }
                None => delete(name),
            };
            let sequence = log.commit(operations.iter().map(operation).collect()).await?.sequence;
            if sequence > head {
                told.extend(operations.into_iter().map(|(name, keys)| (sequence, name, keys)));
            }
        }
        let head = log.storage.head();
        for at in [1, head / 2, head - 1, head] {
            compare(&log, &told, at, 0).await?;
        }
        let horizon = head / 2;
        // What the page tokens of before lead to is kept until they have lain idle for long.
        log.at(1000 + head + 700);
        log.storage.compact(CompactRequest { up_to_sequence: horizon }).await?;
        assert_eq!(log.storage.horizon(), horizon);
        for at in [horizon, horizon + 3, head] {
            compare(&log, &told, at, horizon).await?;
        }
        let past = ListRevisionsRequest { at_sequence: horizon - 1, ..of("k=1") };
        assert_eq!(reason(log.storage.list_revisions(past).await), "COMPACTED");
        Ok(())
    });
}
