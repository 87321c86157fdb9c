//! Programs send what is too large, malformed or out of place.

use anyhow::{Context as _, Result, ensure};
use api::analysis::WaitSettledRequest;
use api::record::{Document, Record};
use api::storage::storage_client::StorageClient;
use api::storage::{
    ChangesRequest, CommitRequest, CompactRequest, Delete, GetRequest, GetStatisticsRequest, ImportRequest,
    ListRequest, Operation, Outcome, Put, operation,
};
use prost::Name as _;
use tests::{Cluster, Wire, block_on, document, reason};
use tokio_stream::iter;
use tonic::{Code, Status};

use crate::feed::rows;

fn put(record: Record) -> CommitRequest {
    let operation = Some(operation::Operation::Put(Put { record: Some(record) }));
    CommitRequest { operations: vec![Operation { operation }], preconditions: Vec::new() }
}

/// The refusal of a call that must be refused.
fn refusal<T: std::fmt::Debug>(answer: Result<T, Status>) -> Result<Status> {
    answer.err().context("it was not refused")
}

async fn head(wire: &Wire) -> Result<i64> {
    Ok(wire.storage().get_statistics(GetStatisticsRequest {}).await?.into_inner().head)
}

#[test]
fn a_record_over_4_mebibytes_is_refused_alone() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    block_on(async {
        let wire = cluster.wire()?;
        let large = document(0, 1, "copper ".repeat(600_000));
        let status = refusal(wire.storage().commit(put(large.clone())).await)?;
        ensure!(status.code() == Code::InvalidArgument, "{status:?}");
        let (why, of) = reason(&status);
        ensure!(why == "INVALID_RECORD" && of["field"] == "body" && of["operation"] == "0", "{why} {of:?}");
        ensure!(of["record"] == large.name, "{of:?}");
        ensure!(status.message().contains("4194304"), "the limit is said: {}", status.message());

        let small = |n| document(0, n, "Tin rose 2%.".to_owned());
        let request = ImportRequest { batch_id: 7, records: vec![small(0), large, small(2)] };
        let mut answers = wire.storage().import(iter([request])).await?.into_inner();
        let answer = answers.message().await?.context("an answer")?;
        let outcomes: Vec<_> = answer.outcomes().collect();
        ensure!(outcomes == [Outcome::Written, Outcome::Refused, Outcome::Written], "{outcomes:?}");
        ensure!(answer.refusals.len() == 1 && answer.refusals[0].index == 1, "{:?}", answer.refusals);
        ensure!(answer.refusals[0].reason == "INVALID_RECORD", "{:?}", answer.refusals);
        ensure!(answers.message().await?.is_none());
        ensure!(tests::stored(&wire).await?.len() == 2);
        Ok(())
    })
}

/// A client that sends whatever it is given.
fn unbounded(wire: &Wire) -> StorageClient<api::Peer> {
    wire.storage().max_encoding_message_size(usize::MAX)
}

/// A batch over 16 MiB of records that are each small enough.
fn oversized() -> Vec<Record> {
    (0..5).map(|n| document(0, n, "antimony ".repeat(430_000))).collect()
}

#[test]
fn a_message_over_16_mebibytes_is_refused() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    block_on(async {
        let wire = cluster.wire()?;
        let puts = oversized().into_iter().flat_map(|record| put(record).operations).collect();
        let request = CommitRequest { operations: puts, preconditions: Vec::new() };
        let status = refusal(unbounded(&wire).commit(request).await)?;
        ensure!(status.code() == Code::OutOfRange, "{status:?}");
        ensure!(head(&wire).await? == 0, "nothing was written");
        wire.storage().commit(put(document(0, 1, "Tin rose 2%.".to_owned()))).await?;
        Ok(())
    })
}

#[test]
fn a_batch_over_16_mebibytes_ends_its_import_with_the_reason() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    block_on(async {
        let wire = cluster.wire()?;
        let small = ImportRequest { batch_id: 0, records: vec![document(1, 0, "Tin rose 2%.".to_owned())] };
        let requests = iter([small, ImportRequest { batch_id: 1, records: oversized() }]);
        let mut answers = unbounded(&wire).import(requests).await?.into_inner();
        let first = answers.message().await?.context("what came before is answered")?;
        ensure!(first.batch_id == 0);
        let status = refusal(answers.message().await)?;
        ensure!(status.code() == Code::OutOfRange, "{status:?}");
        ensure!(tests::stored(&wire).await?.len() == 1);
        Ok(())
    })
}

#[test]
fn an_import_of_too_many_records_at_a_time_is_said() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    block_on(async {
        let records = (0..513).map(|n| document(0, n, "Tin.".to_owned())).collect();
        let request = ImportRequest { batch_id: 0, records };
        let mut answers = cluster.wire()?.storage().import(iter([request])).await?.into_inner();
        let status = refusal(answers.message().await)?;
        ensure!(reason(&status).0 == "TOO_MANY" && status.message().contains("512"), "{status:?}");
        Ok(())
    })
}

#[test]
fn bad_names_and_keys_are_refused_with_their_field() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let good = document(0, 0, "Tin rose 2%.".to_owned());
    let long = format!("documents/{}", "a".repeat(300));
    let names = [
        "", "documents", "documents/", "/a", "Documents/a", "documents/a/b", "documents/a b", "documents/锑",
        &long,
    ];
    let named = names.map(|name| ("name", Record { name: name.to_owned(), ..good.clone() }));
    let long = format!("a={}", "b".repeat(600));
    let keys = ["", "novalue", "=v", &long, "a=\0"].map(|key| vec![key.to_owned()]);
    let many = (0..1025).map(|n| format!("k={n}")).collect();
    let keyed = keys.into_iter().chain([many]).map(|keys| ("keys", Record { keys, ..good.clone() }));
    let kinds = ["", "a..b", "1a", "with space"]
        .map(|kind| ("kind", Record { kind: kind.to_owned(), ..good.clone() }));
    let body = ("body", Record { body: b"\xff\xff\xff".as_slice().into(), ..good.clone() });
    block_on(async {
        let wire = cluster.wire()?;
        for (field, record) in named.into_iter().chain(keyed).chain(kinds).chain([body]) {
            let shown = format!("{:.40} {:.40?} {}", record.name, record.keys.first(), record.kind);
            let status = wire
                .storage()
                .commit(put(record))
                .await
                .err()
                .with_context(|| format!("{shown} is taken"))?;
            let (why, of) = reason(&status);
            ensure!(status.code() == Code::InvalidArgument && why == "INVALID_RECORD", "{shown}: {status:?}");
            ensure!(of["field"] == field, "{shown}: {of:?}");
        }
        for name in names {
            let get = GetRequest { name: name.to_owned(), ..Default::default() };
            let status = refusal(wire.storage().get(get).await)?;
            ensure!(reason(&status).0 == "INVALID_NAME", "get {name}: {status:?}");
            let delete = Some(operation::Operation::Delete(Delete { name: name.to_owned() }));
            let delete =
                CommitRequest { operations: vec![Operation { operation: delete }], ..Default::default() };
            let status = refusal(wire.storage().commit(delete).await)?;
            ensure!(status.code() == Code::InvalidArgument, "delete {name}: {status:?}");
        }
        ensure!(head(&wire).await? == 0, "nothing was written");
        let status = refusal(wire.storage().commit(CommitRequest::default()).await)?;
        ensure!(status.code() == Code::InvalidArgument, "an empty commit: {status:?}");
        Ok(())
    })
}

#[test]
fn a_page_token_is_of_its_request_alone() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    block_on(async {
        let wire = cluster.wire()?;
        for n in 0..5 {
            wire.storage().commit(put(document(0, n, format!("Tin rose {n}%.")))).await?;
        }
        let own = ListRequest { kind: Document::full_name(), page_size: 2, ..Default::default() };
        let token = wire.storage().list(own.clone()).await?.into_inner().next_page_token;
        let with = |token: &str| ListRequest { page_token: token.to_owned(), ..own.clone() };
        let second = wire.storage().list(with(&token)).await?.into_inner();
        ensure!(second.records.len() == 2 && second.records[0].sequence == 3, "{second:?}");
        let cut = &token[..token.len() - 1];
        for other in [
            ListRequest { kind: String::new(), ..with(&token) },
            ListRequest { newest_first: true, ..with(&token) },
            ListRequest { keys: vec!["document=documents/a".into()], ..with(&token) },
            ListRequest { at_sequence: 4, ..with(&token) },
            with(cut),
            with("nonsense"),
            with("锑"),
        ] {
            let status =
                refusal(wire.storage().list(other.clone()).await).with_context(|| format!("{other:?}"))?;
            ensure!(status.code() == Code::InvalidArgument, "{other:?}: {status:?}");
            ensure!(reason(&status).0 == "INVALID_PAGE_TOKEN", "{other:?}: {status:?}");
        }
        let negative = ListRequest { page_size: -1, ..own.clone() };
        ensure!(refusal(wire.storage().list(negative).await)?.code() == Code::InvalidArgument);
        Ok(())
    })
}

#[test]
fn a_sequence_above_head_is_not_yet() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    block_on(async {
        let wire = cluster.wire()?;
        let record = document(0, 0, "Tin rose 2%.".to_owned());
        let name = record.name.clone();
        wire.storage().commit(put(record)).await?;
        let above = head(&wire).await? + 1;
        let get = |at_sequence| GetRequest { name: name.clone(), at_sequence, read_mask: None };
        wire.storage().get(get(above - 1)).await?;
        let mut refused = vec![
            refusal(wire.storage().get(get(above)).await)?,
            refusal(wire.storage().get(get(i64::MAX)).await)?,
            refusal(wire.storage().list(ListRequest { at_sequence: above, ..Default::default() }).await)?,
            refusal(wire.storage().compact(CompactRequest { up_to_sequence: above }).await)?,
        ];
        let changes = ChangesRequest { after_sequence: above, ..Default::default() };
        refused.push(match wire.storage().changes(changes).await {
            Ok(stream) => refusal(stream.into_inner().message().await)?,
            Err(status) => status,
        });
        refused.push(match wire.analysis().wait_settled(WaitSettledRequest { sequence: above }).await {
            Ok(stream) => refusal(stream.into_inner().message().await)?,
            Err(status) => status,
        });
        for status in refused {
            ensure!(status.code() == Code::OutOfRange && reason(&status).0 == "NOT_YET", "{status:?}");
            ensure!(
                reason(&status).1.get("head").is_none_or(|h| *h == (above - 1).to_string()),
                "{status:?}"
            );
        }
        for at in [-1, i64::MIN] {
            let status = refusal(wire.storage().get(get(at)).await)?;
            ensure!(matches!(status.code(), Code::InvalidArgument | Code::OutOfRange), "{at}: {status:?}");
        }
        Ok(())
    })
}

#[test]
fn a_reader_that_does_not_read_holds_up_nobody() -> Result<()> {
    const DOCUMENTS: usize = 3_000;
    let cluster = Cluster::builder().start()?;
    block_on(async {
        let wire = cluster.wire()?;
        let changes = ChangesRequest { include_records: true, ..Default::default() };
        let mut slow = wire.storage().changes(changes).await?.into_inner();
        // 12 MB of text: far more than all the buffers between the log and a client that does not read.
        let text = |n: usize| format!("Note {n}: {}", "tin rose and copper fell ".repeat(160));
        let requests = (0..DOCUMENTS / 10).map(move |batch| ImportRequest {
            batch_id: batch as u64,
            records: (batch * 10..batch * 10 + 10).map(|n| document(0, n, text(n))).collect(),
        });
        let mut answers = wire.storage().import(iter(requests)).await?.into_inner();
        let mut last = 0;
        while let Some(answer) = answers.message().await? {
            ensure!(answer.outcomes().all(|o| o == Outcome::Written), "{:?}", answer.refusals);
            last = answer.sequence;
        }
        // All of it is committed; only now the reader begins.
        let mut names = std::collections::BTreeSet::new();
        let mut at = 0;
        while at < last {
            let part = slow.message().await?.context("the stream goes on")?;
            ensure!(part.sequence >= at, "{} after {at}", part.sequence);
            for change in part.changes {
                let record = change.record.context("records were asked for")?;
                ensure!(!record.body.is_empty() && record.sequence == part.sequence, "{}", change.name);
                ensure!(names.insert(change.name.clone()), "{} comes twice", change.name);
            }
            if part.last {
                at = part.sequence;
            }
        }
        ensure!(names.len() == DOCUMENTS, "{} of {DOCUMENTS} came", names.len());
        Ok(())
    })
}

#[test]
fn json_lines_are_refused_one_by_one() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let mut lines = Vec::new();
    lines.extend_from_slice(b"{\"title\":\"One\",\"text\":\"Tin rose 2%.\"}\n");
    lines.extend_from_slice(format!("{{\"text\":\"{}\"}}\n", "x".repeat(17 << 20)).as_bytes());
    lines.extend_from_slice(b"{\"title\":\"One\",\"text\":\"Tin rose 2%.\"}\n");
    let at = lines.len() + b"{\"text\":\"".len();
    lines.extend_from_slice(b"{\"text\":\"\xff\xfe\"}\n{\"text\": 5}\n{\"title\":\"no text\"}\nnonsense\n");
    lines.extend_from_slice(b"{\"title\":\"Two\",\"text\":\"Zinc fell 1%.\"}");
    let path = cluster.file("notes.jsonl", &lines)?;
    let imported = cluster.attempt(&["import", "--format", "jsonl", "--encoding", "utf-8", &path])?;
    ensure!(imported.code == 4, "{}", imported.stderr);
    for expected in ["2 new", "5 refused", "1 twice in the input"] {
        ensure!(
            imported.stdout.contains(expected),
            "no «{expected}» in {}\n{}",
            imported.stdout,
            imported.stderr
        );
    }
    for expected in ["notes.jsonl:2", "notes.jsonl:3", "notes.jsonl:5", "notes.jsonl:6", "notes.jsonl:7"] {
        ensure!(imported.stderr.contains(expected), "no «{expected}» in\n{}", imported.stderr);
    }
    ensure!(imported.stderr.contains(&at.to_string()), "the byte {at} is named:\n{}", imported.stderr);
    ensure!(imported.stderr.contains("MiB"), "the limit is named:\n{}", imported.stderr);
    ensure!(imported.stderr.len() < 10_000, "a long line is not shown whole");
    Ok(())
}

#[test]
fn an_entry_that_was_cut_off_is_marked() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let feed = "锑价\nExample House· 2025-07-12 05:44\nAntimony rose, while the price of...\n\
                铜价\nExample House· 2025-07-12 05:44\nCopper fell.\n";
    let path = cluster.file("feed.txt", feed.as_bytes())?;
    let imported = cluster.run(&["import", &path])?;
    ensure!(imported.stdout.contains("1 cut off by their exporter"), "{}", imported.stdout);
    let mut marked = Vec::new();
    for listed in rows(&cluster.run(&["documents", "--output", "jsonl"])?)? {
        let name = listed["name"].as_str().context("a name")?;
        let document = cluster.run(&["show", name, "--output", "json"])?.json()?;
        if document["body"]["truncated"] == true {
            marked.push(listed["title"].as_str().context("a title")?.to_owned());
        }
    }
    ensure!(marked == ["锑价"], "{marked:?}");
    Ok(())
}
