//! Lists, groups, imports and statistics.

use api::storage::{
    ImportRequest, ListDerivationsRequest, ListRequest, Outcome, ReadGroupsRequest, ReadGroupsResponse,
};
use futures::{StreamExt, TryStreamExt, stream};
use prost::Message;
use prost_types::{FieldMask, Timestamp};

use crate::common::{claim, delete, derivation, document, note, on_both, put, reason, replace};

fn keyed(keys: &[&str]) -> ListRequest {
    ListRequest {
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        page_size: 2,
        ..ListRequest::default()
    }
}

#[test]
fn a_list_gives_what_matches_in_the_order_of_commits_at_one_sequence() {
    on_both(|log| async move {
        for id in 0..7 {
            let even = format!("even={}", id % 2 == 0);
            let third = format!("third={}", id % 3 == 0);
            log.put(note(&format!("n/{id}"), "", &["all=1", &even, &third])).await?;
        }
        log.put(document("a", "text")).await?;
        let head = log.storage.head();
        let names = |request: ListRequest| log.names(request);
        assert_eq!(names(keyed(&["even=true"])).await?, ["n/0", "n/2", "n/4", "n/6"]);
        assert_eq!(names(keyed(&["even=true", "third=true", "all=1"])).await?, ["n/0", "n/6"]);
        assert_eq!(
            names(ListRequest { newest_first: true, ..keyed(&["third=true"]) }).await?,
            ["n/6", "n/3", "n/0"]
        );
        let newest = ListRequest { newest_first: true, ..keyed(&["even=true", "all=1"]) };
        assert_eq!(names(newest).await?, ["n/6", "n/4", "n/2", "n/0"]);
        let kind = ListRequest { kind: "example.Note".to_owned(), page_size: 3, ..ListRequest::default() };
        assert_eq!(names(kind.clone()).await?.len(), 7);
        assert_eq!(names(ListRequest { kind: "no.Such".to_owned(), ..keyed(&[]) }).await?, [""; 0]);
        assert_eq!(names(keyed(&[])).await?.len(), 8, "all kinds");
        let other = ListRequest { kind: "example.Other".to_owned(), ..keyed(&["all=1"]) };
        assert_eq!(names(other).await?, [""; 0]);

        // Pages are of one sequence, whatever happens between them.
        let first = log.storage.list(kind.clone()).await?;
        log.commit(vec![delete("n/5"), put(note("n/9", "", &[])), put(note("n/4", "new", &[]))]).await?;
        let next = ListRequest { page_token: first.next_page_token.clone(), page_size: 100, ..kind.clone() };
        let second = log.storage.list(next).await?;
        assert_eq!((first.read_sequence, second.read_sequence), (head, head));
        let rest: Vec<_> = second.records.iter().map(|record| record.name.as_str()).collect();
        assert_eq!((rest, second.next_page_token.as_str()), (vec!["n/3", "n/4", "n/5", "n/6"], ""));
        let foreign = ListRequest { page_token: first.next_page_token, newest_first: true, ..kind };
        assert_eq!(reason(log.storage.list(foreign).await), "INVALID_PAGE_TOKEN");
        for token in ["zz", "abc", "ü"] {
            let damaged = ListRequest { page_token: token.to_owned(), ..ListRequest::default() };
            assert_eq!(reason(log.storage.list(damaged).await), "INVALID_PAGE_TOKEN", "{token}");
        }
        let past = ListRequest { at_sequence: head, ..keyed(&["even=true"]) };
        assert_eq!(log.names(past).await?, ["n/0", "n/2", "n/4", "n/6"]);
        assert_eq!(log.names(keyed(&["even=true"])).await?, ["n/0", "n/2", "n/6"]);
        let mask = FieldMask { paths: vec!["name".to_owned()] };
        let bare = log.storage.list(ListRequest { read_mask: Some(mask), ..keyed(&["even=true"]) }).await?;
        assert!(bare.records.iter().all(|record| record.keys.is_empty() && !record.name.is_empty()));
        Ok(())
    });
}

#[test]
fn a_list_can_be_bounded_by_commit_time() {
    on_both(|log| async move {
        for id in 0..20 {
            log.at(1000 + id / 2 * 10);
            log.put(note(&format!("n/{id}"), "", &["all=1"])).await?;
        }
        let time = |seconds| Some(Timestamp { seconds, nanos: 0 });
        for (from, to, expected) in [
            (0, 9999, 20),
            (1000, 1090, 18),
            (1000, 1000, 0),
            (1010, 1020, 2),
            (1085, 1095, 2),
            (1091, 9999, 0),
        ] {
            for keys in [&["all=1"][..], &[]] {
                let request =
                    ListRequest { commit_time_from: time(from), commit_time_to: time(to), ..keyed(keys) };
                assert_eq!(log.names(request).await?.len(), expected, "{from}..{to}");
            }
        }
        Ok(())
    });
}

#[test]
fn a_page_holds_at_most_12_mib() {
    on_both(|log| async move {
        for id in 0u8..5 {
            let mut body = vec![0; 3 << 20];
            blake3::Hasher::new().update(&[id]).finalize_xof().fill(&mut body);
            log.put(api::record::Record { body: body.into(), ..note(&format!("n/{id}"), "", &[]) }).await?;
        }
        let request = ListRequest { page_size: 1000, ..ListRequest::default() };
        let page = log.storage.list(request.clone()).await?;
        assert_eq!(page.records.len(), 3);
        assert_eq!(log.names(request).await?.len(), 5);
        Ok(())
    });
}

#[test]
fn groups_are_read_at_one_sequence_sorted_by_name() {
    on_both(|log| async move {
        let read = log.put(document("a", "铜价上涨")).await?;
        log.put(document("b", "other")).await?;
        let claims = ["2", "1"].map(|id| claim(id, "documents/a", 6, "铜价")).to_vec();
        let head = log.commit(vec![replace(derivation("x", "documents/a", read), claims)]).await?.sequence;
        let kinds = vec!["example.Claim".to_owned(), <api::record::Document as prost::Name>::full_name()];
        let values = vec!["documents/b".to_owned(), "documents/none".to_owned(), "documents/a".to_owned()];
        let request =
            ReadGroupsRequest { kinds, key_name: "document".to_owned(), values, ..Default::default() };
        let read = |request: ReadGroupsRequest| async {
            let parts: Vec<ReadGroupsResponse> =
                log.storage.read_groups(request).await?.try_collect().await?;
            anyhow::Ok(parts)
        };
        let names = |part: &ReadGroupsResponse| -> Vec<String> {
            let decode =
                |record: &bytes::Bytes| api::record::Record::decode(record.clone()).expect("a record");
            part.records
                .iter()
                .map(decode)
                .map(|record| format!("{}:{}", record.name, record.analyzer))
                .collect()
        };
        let parts = read(request.clone()).await?;
        assert_eq!(parts.len(), 3);
        assert_eq!(names(&parts[0]), ["documents/b:"]);
        assert_eq!(names(&parts[1]), [""; 0]);
        assert_eq!(names(&parts[2]), ["claims/1:x", "claims/2:x", "documents/a:"]);
        assert!(parts.iter().all(|part| part.last && !part.truncated && part.read_sequence == head));
        let parts = read(ReadGroupsRequest { max_records: 2, ..request.clone() }).await?;
        assert_eq!(parts.iter().map(|part| part.truncated).collect::<Vec<_>>(), [false, false, true]);
        let parts = read(ReadGroupsRequest { max_bytes: 20, ..request.clone() }).await?;
        assert!(parts[2].truncated && parts[2].records.is_empty());
        let parts = read(ReadGroupsRequest { key_name: String::new(), ..request.clone() }).await?;
        assert_eq!(names(&parts[2]), ["documents/a:"]);
        let parts = read(ReadGroupsRequest { at_sequence: 1, ..request.clone() }).await?;
        assert_eq!((names(&parts[0]).len(), names(&parts[2])), (0, vec!["documents/a:".to_owned()]));
        let many = ReadGroupsRequest { values: vec![String::new(); 1001], ..request };
        assert_eq!(reason(log.storage.read_groups(many).await.map(|_| ())), "TOO_MANY");
        Ok(())
    });
}

#[test]
fn an_import_answers_in_order_and_refuses_single_records() {
    on_both(|log| async move {
        let read = log.put(document("a", "铜价上涨")).await?;
        let owned = vec![claim("x", "documents/a", 6, "铜价")];
        log.commit(vec![replace(derivation("x", "documents/a", read), owned)]).await?;
        let requests: Vec<ImportRequest> = (0..100)
            .map(|batch| {
                let mut records: Vec<_> =
                    (0..5).map(|id| note(&format!("n/{batch}-{id}"), "text", &["all=1"])).collect();
                records.push(note("bad name", "", &[]));
                records.push(note("n/same", &format!("{batch:03}"), &[]));
                records.push(note("claims/x", "", &[]));
                ImportRequest { batch_id: batch, records }
            })
            .collect();
        let answers: Vec<_> = log.storage.import(stream::iter(requests.clone())).try_collect().await?;
        assert_eq!(
            answers.iter().map(|answer| answer.batch_id).collect::<Vec<_>>(),
            (0..100).collect::<Vec<_>>()
        );
        for answer in &answers {
            let refused: Vec<_> =
                answer.refusals.iter().map(|refusal| (refusal.index, refusal.reason.as_str())).collect();
            assert_eq!(refused, [(5, "INVALID_RECORD"), (7, "OWNED_BY_OTHER")]);
            assert_eq!(answer.outcomes[0], Outcome::Written as i32);
            assert_eq!(
                (answer.outcomes[5], answer.outcomes[7]),
                (Outcome::Refused as i32, Outcome::Refused as i32)
            );
            assert!(answer.sequence <= log.storage.head());
        }
        assert_eq!(log.get("n/same", 0).await?.body, "099", "in the order of the stream");
        assert_eq!(log.names(keyed(&["all=1"])).await?.len(), 500);
        let head = log.storage.head();
        let fresh = requests.iter().map(|request| {
            let records = request.records[..5].to_vec();
            ImportRequest { records, ..*request }
        });
        let again: Vec<_> = log.storage.import(stream::iter(fresh.collect::<Vec<_>>())).try_collect().await?;
        let unchanged = Outcome::Unchanged as i32;
        assert!(again.iter().all(|answer| answer.outcomes.iter().all(|outcome| *outcome == unchanged)));
        assert_eq!(log.storage.head(), head, "importing twice changes nothing");
        let many = ImportRequest { batch_id: 1, records: vec![note("n/1", "", &[]); 513] };
        let mut answers = Box::pin(log.storage.import(stream::iter([many])));
        assert_eq!(answers.next().await.map(reason), Some("TOO_MANY"));
        Ok(())
    });
}

#[test]
fn derivations_are_listed_page_by_page() {
    on_both(|log| async move {
        let read = log.put(document("a", "铜价上涨")).await?;
        for analyzer in ["b", "a"] {
            for id in 0..3 {
                let records = vec![claim(&format!("{analyzer}{id}"), "documents/a", 6, "铜价")];
                log.commit(vec![replace(derivation(analyzer, &format!("g={id}"), read), records)]).await?;
            }
        }
        let mut request = ListDerivationsRequest { page_size: 2, ..Default::default() };
        let mut seen = Vec::new();
        loop {
            let page = log.storage.list_derivations(request.clone()).await?;
            seen.extend(page.derivations.iter().map(|entry| format!("{} {}", entry.analyzer, entry.group)));
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        assert_eq!(seen, ["a g=0", "a g=1", "a g=2", "b g=0", "b g=1", "b g=2"]);
        let one = ListDerivationsRequest {
            group: "g=1".to_owned(),
            analyzer: "b".to_owned(),
            ..Default::default()
        };
        let entry = &log.storage.list_derivations(one).await?.derivations[0];
        let expected = derivation("b", "g=1", read);
        assert_eq!((&entry.version, &entry.config_digest), (&expected.version, &expected.config_digest));
        assert_eq!((&entry.input_hash, entry.record_count), (&expected.input_hash, 1));
        Ok(())
    });
}

#[test]
fn statistics_count_what_is_live() {
    on_both(|log| async move {
        log.commit((0..5).map(|id| put(note(&format!("n/{id}"), "", &[]))).collect()).await?;
        log.commit(vec![delete("n/0"), put(note("n/1", "new", &[])), put(document("a", "text"))]).await?;
        let log = log.reopen().await?;
        let statistics = log.storage.statistics().await?;
        let counts: Vec<_> =
            statistics.kinds.iter().map(|count| (count.kind.as_str(), count.count)).collect();
        assert_eq!(counts, [("example.Note", 4), ("monazite.record.v1.Document", 1)]);
        assert_eq!((statistics.head, statistics.horizon, statistics.format), (log.storage.head(), 0, 1));
        assert_eq!(statistics.backend, log.place.name());
        assert_eq!(statistics.disk_bytes > 0, log.place.name() == "sled");
        Ok(())
    });
}
