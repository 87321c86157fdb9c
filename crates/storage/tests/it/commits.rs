//! Commits, reads as of a sequence, and what is refused.

use api::storage::{BatchGetRequest, CommitRequest, Outcome, Precondition, precondition::Condition};

use crate::common::{Log, delete, document, note, on_both, put, reason};

#[test]
fn a_commit_is_seen_whole_at_its_sequence_and_later() {
    on_both(|log| async move {
        let first = log.commit(vec![put(note("n/1", "a", &[])), put(note("n/2", "b", &["x=1"]))]).await?;
        let second = log.commit(vec![put(note("n/1", "c", &[])), delete("n/2")]).await?;
        assert!(second.sequence > first.sequence);
        assert_eq!(log.storage.head(), second.sequence);
        assert_eq!(log.get("n/1", 0).await?.body, "c");
        assert_eq!(log.get("n/1", first.sequence).await?.body, "a");
        assert_eq!(log.get("n/2", first.sequence).await?.keys, ["x=1"]);
        assert_eq!(reason(log.get("n/2", 0).await), "NO_SUCH_RECORD");
        assert_eq!(reason(log.get("n/2", second.sequence + 1).await), "NOT_YET");
        let again = log.put(note("n/2", "d", &[])).await?;
        assert_eq!(log.get("n/2", 0).await?.sequence, again);
        assert_eq!(reason(log.get("n/2", second.sequence).await), "NO_SUCH_RECORD");

        let log = log.reopen().await?;
        assert_eq!(log.storage.head(), again);
        assert_eq!(log.get("n/1", first.sequence).await?.body, "a");
        assert!(log.put(note("n/3", "e", &[])).await? > again);
        Ok(())
    });
}

#[test]
fn what_changes_nothing_is_not_written() {
    on_both(|log| async move {
        let outcomes = |answer: &api::storage::CommitResponse| answer.outcomes.clone();
        let written = log.commit(vec![put(note("n/1", "a", &["b=2", "a=1"]))]).await?;
        assert_eq!(outcomes(&written), [Outcome::Written as i32]);
        let same = log.commit(vec![put(note("n/1", "a", &["a=1", "b=2", "a=1"])), delete("n/9")]).await?;
        assert_eq!(outcomes(&same), [Outcome::Unchanged as i32; 2]);
        assert_eq!((same.sequence, log.storage.head()), (written.sequence, written.sequence));
        let back =
            log.commit(vec![put(note("n/1", "z", &[])), put(note("n/1", "a", &["a=1", "b=2"]))]).await?;
        assert_eq!(back.sequence, written.sequence, "the commit ends where it began");
        let new = log.commit(vec![put(note("n/2", "a", &[])), delete("n/2")]).await?;
        assert_eq!(new.sequence, written.sequence);
        Ok(())
    });
}

#[test]
fn a_commit_is_written_whole_or_not_at_all() {
    on_both(|log| async move {
        let head = log.put(note("n/1", "a", &[])).await?;
        let bad = put(note("n/2", "a", &["no key"]));
        let error = log.commit(vec![put(note("n/3", "b", &[])), bad]).await.expect_err("a bad key");
        assert!(
            matches!(error, storage::Error::InvalidRecord { operation: 1, field: "keys", .. }),
            "{error}"
        );
        assert_eq!(log.storage.head(), head);
        assert_eq!(reason(log.get("n/3", 0).await), "NO_SUCH_RECORD");
        assert_eq!(reason(log.commit(Vec::new()).await), "INVALID_ARGUMENT");
        let many = vec![delete("n/1"); storage::limits::OPERATIONS + 1];
        assert_eq!(reason(log.commit(many).await), "TOO_MANY");
        Ok(())
    });
}

#[test]
fn preconditions_hold_at_the_moment_of_the_commit() {
    on_both(|log| async move {
        let at = log.put(note("n/1", "a", &[])).await?;
        let attempt = |name: &str, condition: Condition| {
            let precondition = Precondition { name: name.to_owned(), condition: Some(condition) };
            let operations = vec![put(note("n/1", "b", &[]))];
            log.storage.commit(CommitRequest { operations, preconditions: vec![precondition] })
        };
        assert_eq!(reason(attempt("n/1", Condition::Absent(true)).await), "PRECONDITION_FAILED");
        assert_eq!(reason(attempt("n/1", Condition::Sequence(at + 1)).await), "PRECONDITION_FAILED");
        assert_eq!(reason(attempt("n/2", Condition::Sequence(0)).await), "PRECONDITION_FAILED");
        attempt("n/2", Condition::Absent(true)).await?;
        assert_eq!(reason(attempt("n/1", Condition::Sequence(at)).await), "PRECONDITION_FAILED");
        Ok(())
    });
}

#[test]
fn of_many_who_compare_and_set_one_wins_each_time() {
    on_both(|log| async move {
        log.put(note("n/counter", "0", &[])).await?;
        let add = |storage: storage::Storage| async move {
            for _ in 0..10 {
                loop {
                    let request =
                        api::storage::GetRequest { name: "n/counter".to_owned(), ..Default::default() };
                    let record = storage.get(request).await?.record.expect("stands");
                    let count: u32 = std::str::from_utf8(&record.body)?.parse()?;
                    let condition = Some(Condition::Sequence(record.sequence));
                    let request = CommitRequest {
                        operations: vec![put(note("n/counter", &(count + 1).to_string(), &[]))],
                        preconditions: vec![Precondition { name: record.name, condition }],
                    };
                    match storage.commit(request).await {
                        Ok(_) => break,
                        Err(storage::Error::PreconditionFailed { .. }) => {}
                        Err(other) => return Err(anyhow::Error::from(other)),
                    }
                }
            }
            Ok(())
        };
        let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(add(log.storage.clone()))).collect();
        for task in tasks {
            task.await??;
        }
        assert_eq!(log.get("n/counter", 0).await?.body, "80");
        Ok(())
    });
}

#[test]
fn commit_time_never_goes_back() {
    on_both(|log| async move {
        log.at(2000);
        log.put(note("n/1", "a", &[])).await?;
        log.at(1000);
        log.put(note("n/2", "a", &[])).await?;
        let log = log.reopen().await?;
        log.at(500);
        log.put(note("n/3", "a", &[])).await?;
        for name in ["n/1", "n/2", "n/3"] {
            assert_eq!(log.get(name, 0).await?.commit_time.map(|time| time.seconds), Some(2000), "{name}");
        }
        Ok(())
    });
}

#[test]
fn records_of_every_size_read_back() {
    on_both(|log| async move {
        let noise = |length: usize| {
            let mut body = vec![0; length];
            blake3::Hasher::new().update(&length.to_be_bytes()).finalize_xof().fill(&mut body);
            body
        };
        let sizes = [0, 1, 4000, 4096, 9000, 1 << 20, (4 << 20) - 200];
        for size in sizes {
            let record =
                api::record::Record { body: noise(size).into(), ..note(&format!("n/{size}"), "", &[]) };
            log.put(record).await?;
        }
        let log = log.reopen().await?;
        for size in sizes {
            assert_eq!(log.get(&format!("n/{size}"), 0).await?.body, noise(size), "{size}");
        }
        let names = sizes.iter().map(|size| format!("n/{size}")).chain(["n/none".to_owned()]).collect();
        let answer = log.storage.batch_get(BatchGetRequest { names, ..Default::default() }).await?;
        assert_eq!((answer.records.len(), answer.missing.len()), (sizes.len(), 1));
        Ok(())
    });
}

#[test]
fn a_batch_get_over_12_mib_names_what_remains() {
    on_both(|log| async move {
        let mut names = Vec::new();
        for id in 0..5 {
            let mut body = vec![0; 3 << 20];
            blake3::Hasher::new().update(&[id]).finalize_xof().fill(&mut body);
            let name = format!("n/{id}");
            log.put(api::record::Record { body: body.into(), ..note(&name, "", &[]) }).await?;
            names.push(name);
        }
        let request = BatchGetRequest { names: names.clone(), ..Default::default() };
        let answer = log.storage.batch_get(request).await?;
        assert_eq!((answer.records.len(), answer.remaining), (3, names[3..].to_vec()));
        let request = BatchGetRequest { names: vec!["n/1".to_owned(); 1001], ..Default::default() };
        assert_eq!(reason(log.storage.batch_get(request).await), "TOO_MANY");
        Ok(())
    });
}

#[test]
fn a_drained_log_takes_no_commit_and_still_reads() {
    on_both(|log: Log| async move {
        log.put(document("a", "text")).await?;
        let late: Vec<_> = (0..50)
            .map(|id| {
                let storage = log.storage.clone();
                let operations = vec![put(note(&format!("n/{id}"), "", &[]))];
                tokio::spawn(async move {
                    storage.commit(CommitRequest { operations, preconditions: vec![] }).await
                })
            })
            .collect();
        log.storage.drain().await;
        let head = log.storage.head();
        for task in late {
            match task.await? {
                Ok(done) => assert!(done.sequence <= head, "acknowledged, so written before the drain ended"),
                Err(error) => assert_eq!(error.reason(), "DRAINING"),
            }
        }
        assert_eq!(reason(log.put(note("n/x", "a", &[])).await), "DRAINING");
        assert_eq!(log.get("documents/a", 0).await?.name, "documents/a");
        Ok(())
    });
}
