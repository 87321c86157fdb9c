//! Replace: what an analyzer derived from one group is swapped as a whole.

use api::record::{Citation, Record};
use api::storage::operation::Operation as Do;
use api::storage::{ListDerivationsRequest, Operation, Outcome, Replace};

use crate::common::{Log, claim, delete, derivation, document, layer, note, on_both, put, reason, replace};

const D: &str = "documents/a";

async fn with_document(log: &Log) -> anyhow::Result<i64> {
    Ok(log.put(document("a", "铜价上涨 1.92%")).await?)
}

async fn derivations(log: &Log) -> anyhow::Result<Vec<(String, i64, u32)>> {
    let list = log.storage.list_derivations(ListDerivationsRequest::default()).await?;
    Ok(list
        .derivations
        .into_iter()
        .map(|entry| (entry.group, entry.read_sequence, entry.record_count))
        .collect())
}

#[test]
fn a_group_is_swapped_and_what_is_equal_stays_where_it_was() {
    on_both(|log| async move {
        let read = with_document(&log).await?;
        let (one, two, three) = (claim("1", D, 6, "铜价"), claim("2", D, 3, "铜"), claim("3", D, 3, "铜"));
        let first =
            log.commit(vec![replace(derivation("x", D, read), vec![one.clone(), two.clone()])]).await?;
        let stored = log.get("claims/1", 0).await?;
        assert_eq!((stored.analyzer.as_str(), stored.group.as_str()), ("x", D));

        let swap = replace(derivation("x", D, first.sequence), vec![two.clone(), three]);
        let second = log.commit(vec![swap.clone()]).await?;
        assert_eq!(reason(log.get("claims/1", 0).await), "NO_SUCH_RECORD");
        assert_eq!(log.get("claims/1", first.sequence).await?.name, "claims/1");
        assert_eq!(log.get("claims/2", 0).await?.sequence, first.sequence, "equal, so not rewritten");
        assert_eq!(log.get("claims/3", 0).await?.sequence, second.sequence);
        assert_eq!(derivations(&log).await?, [(D.to_owned(), first.sequence, 2)]);

        let repeated = log.commit(vec![swap]).await?;
        assert_eq!(repeated.outcomes, [Outcome::Unchanged as i32]);
        assert_eq!(repeated.sequence, second.sequence);
        let other_body = Record { body: vec![1].into(), ..two };
        let third = log.commit(vec![replace(derivation("x", D, first.sequence), vec![other_body])]).await?;
        assert_eq!(log.get("claims/2", 0).await?.sequence, third.sequence);
        Ok(())
    });
}

#[test]
fn an_older_reading_is_refused_even_after_the_group_is_gone() {
    on_both(|log| async move {
        let read = with_document(&log).await?;
        let later = log.put(note("n/1", "", &[])).await?;
        log.commit(vec![replace(derivation("x", D, later), vec![claim("1", D, 6, "铜价")])]).await?;
        let stale = replace(derivation("x", D, read), vec![claim("2", D, 3, "铜")]);
        assert_eq!(reason(log.commit(vec![stale.clone()]).await), "STALE_READ");
        let mut gone = derivation("x", D, later);
        gone.input_count = 0;
        log.commit(vec![replace(gone, Vec::new())]).await?;
        assert_eq!(derivations(&log).await?, []);
        assert_eq!(reason(log.get("claims/1", 0).await), "NO_SUCH_RECORD");
        assert_eq!(reason(log.commit(vec![stale.clone()]).await), "STALE_READ");
        let log = log.reopen().await?;
        assert_eq!(reason(log.commit(vec![stale]).await), "STALE_READ");
        let future = replace(derivation("x", D, 1 << 40), Vec::new());
        assert_eq!(reason(log.commit(vec![future]).await), "INVALID_RECORD");
        Ok(())
    });
}

#[test]
fn an_empty_replace_of_a_group_that_never_was_changes_nothing() {
    on_both(|log| async move {
        let head = with_document(&log).await?;
        let answer = log.commit(vec![replace(derivation("x", D, head), Vec::new())]).await?;
        assert_eq!((answer.sequence, answer.outcomes), (head, vec![Outcome::Unchanged as i32]));
        assert_eq!(derivations(&log).await?, []);
        Ok(())
    });
}

#[test]
fn only_what_the_document_says_can_be_cited() {
    on_both(|log| async move {
        let read = with_document(&log).await?;
        let attempt = |record: Record| log.commit(vec![replace(derivation("x", D, read), vec![record])]);
        assert_eq!(reason(attempt(claim("1", D, 6, "铝价")).await), "QUOTE_DIFFERS");
        assert_eq!(reason(attempt(claim("1", D, 5, "铜价")).await), "SPAN_OUT_OF_TEXT");
        assert_eq!(reason(attempt(claim("1", D, 99, "铜价")).await), "SPAN_OUT_OF_TEXT");
        assert_eq!(reason(attempt(claim("1", "documents/b", 6, "铜价")).await), "UNKNOWN_DOCUMENT");
        attempt(layer("1", D, &[(0, 6), (13, 14)])).await?;
        assert_eq!(reason(attempt(layer("1", D, &[(0, 6), (13, 99)])).await), "SPAN_OUT_OF_TEXT");
        assert_eq!(reason(attempt(layer("1", D, &[(1, 6)])).await), "SPAN_OUT_OF_TEXT");
        assert_eq!(reason(attempt(layer("1", "documents/b", &[])).await), "UNKNOWN_DOCUMENT");
        let error = attempt(claim("1", D, 6, "铝价")).await.expect_err("differs");
        assert!(matches!(&error, storage::Error::Citation { operation: 0, record, document, .. }
            if record == "claims/1" && document == D));

        // A whole document may be cited; one that is not a Document may not.
        log.put(note("documents/note", "no text", &[])).await?;
        let whole = |document: &str| {
            let citation = Citation { document: document.to_owned(), spans: Vec::new() };
            Record { citations: vec![citation], ..claim("2", D, 0, "") }
        };
        attempt(whole(D)).await?;
        assert_eq!(reason(attempt(whole("documents/note")).await), "UNKNOWN_DOCUMENT");
        Ok(())
    });
}

#[test]
fn a_document_that_was_retracted_since_it_was_read_cannot_be_cited() {
    on_both(|log| async move {
        let read = with_document(&log).await?;
        log.commit(vec![delete(D)]).await?;
        let late = replace(derivation("x", D, read), vec![claim("1", D, 6, "铜价")]);
        assert_eq!(reason(log.commit(vec![late.clone()]).await), "UNKNOWN_DOCUMENT");
        // Operations see those before them.
        log.commit(vec![put(document("a", "铜价上涨 1.92%")), late.clone()]).await?;
        assert_eq!(reason(log.commit(vec![delete(D), late]).await), "UNKNOWN_DOCUMENT");
        Ok(())
    });
}

#[test]
fn names_have_one_owner() {
    on_both(|log| async move {
        let read = with_document(&log).await?;
        log.put(note("claims/client", "", &[])).await?;
        log.commit(vec![replace(derivation("x", D, read), vec![claim("1", D, 6, "铜价")])]).await?;
        let take = |analyzer: &str, group: &str, id: &str| {
            log.commit(vec![replace(derivation(analyzer, group, read), vec![claim(id, D, 6, "铜价")])])
        };
        assert_eq!(reason(take("y", D, "1").await), "OWNED_BY_OTHER");
        assert_eq!(reason(take("x", "fact=other", "1").await), "OWNED_BY_OTHER");
        assert_eq!(reason(take("x", D, "client").await), "OWNED_BY_OTHER");
        assert_eq!(reason(log.put(note("claims/1", "mine", &[])).await), "OWNED_BY_OTHER");
        assert_eq!(reason(log.commit(vec![delete("claims/1")]).await), "OWNED_BY_OTHER");
        // Given up and taken over in one commit.
        let mut gone = derivation("x", D, read);
        gone.input_count = 0;
        let over = replace(derivation("y", D, read), vec![claim("1", D, 6, "铜价")]);
        log.commit(vec![replace(gone, Vec::new()), over]).await?;
        assert_eq!(log.get("claims/1", 0).await?.analyzer, "y");
        let twice = vec![claim("9", D, 6, "铜价"), claim("9", D, 3, "铜")];
        assert_eq!(
            reason(log.commit(vec![replace(derivation("x", D, read), twice)]).await),
            "INVALID_RECORD"
        );
        Ok(())
    });
}

#[test]
fn only_the_assigned_version_may_write() {
    on_both(|log| async move {
        let read = with_document(&log).await?;
        let assigned = log.put(note("assignments/x", "v1", &[])).await?;
        let swap = |sequence: i64| {
            let derivation = Some(derivation("x", D, read));
            let records = vec![claim("1", D, 6, "铜价")];
            let assignment = "assignments/x".to_owned();
            let replace = Replace { derivation, records, assignment, assignment_sequence: sequence };
            log.commit(vec![Operation { operation: Some(Do::Replace(replace)) }])
        };
        assert_eq!(reason(swap(assigned + 1).await), "ASSIGNMENT_CHANGED");
        swap(assigned).await?;
        let changed = log.put(note("assignments/x", "v2", &[])).await?;
        assert_eq!(reason(swap(assigned).await), "ASSIGNMENT_CHANGED");
        swap(changed).await?;
        Ok(())
    });
}

#[test]
fn many_groups_at_once_keep_their_own() {
    on_both(|log| async move {
        let read = with_document(&log).await?;
        let tasks: Vec<_> = (0..40)
            .map(|id| {
                let storage = log.storage.clone();
                let claims = (0..3).map(|n| claim(&format!("{id}-{n}"), D, 6, "铜价")).collect();
                let operations = vec![replace(derivation("x", &format!("g={id}"), read), claims)];
                let request = api::storage::CommitRequest { operations, preconditions: Vec::new() };
                tokio::spawn(async move { storage.commit(request).await })
            })
            .collect();
        let mut sequences = Vec::new();
        for task in tasks {
            sequences.push(task.await??.sequence);
        }
        sequences.sort_unstable();
        sequences.dedup();
        assert_eq!(sequences.len(), 40, "each commit has a sequence of its own");
        let entries = derivations(&log).await?;
        assert!(entries.len() == 40 && entries.iter().all(|(_, _, records)| *records == 3), "{entries:?}");
        let counts = log.storage.statistics().await?.kinds;
        let claims = counts.iter().find(|count| count.kind == "example.Claim").map(|count| count.count);
        assert_eq!(claims, Some(120));
        Ok(())
    });
}
