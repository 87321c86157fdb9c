//! The service over gRPC: limits, errors with their details, streams.

use std::sync::Arc;

use api::storage::storage_client::StorageClient;
use api::storage::{
    BackupRequest, ChangesRequest, CommitRequest, GetRequest, GetStatisticsRequest, ImportRequest,
    RestoreRequest,
};
use futures::{StreamExt, TryStreamExt, stream};
use hyper_util::rt::TokioIo;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::common::{Log, Place, claim, derivation, document, note, on_both, put, replace};

/// A client of a log, in this process.
async fn client(log: &Log) -> anyhow::Result<StorageClient<Channel>> {
    let (near, far) = tokio::io::duplex(1 << 20);
    let service = storage::grpc::service(log.storage.clone());
    let incoming = stream::once(async { Ok::<_, std::io::Error>(far) }).chain(stream::pending());
    tokio::spawn(Server::builder().add_service(service).serve_with_incoming(incoming));
    let mut near = Some(near);
    let connector = tower::service_fn(move |_| {
        let near = near.take().map(TokioIo::new);
        async move { near.ok_or_else(|| std::io::Error::other("there is one connection")) }
    });
    let channel = Endpoint::from_static("http://log").connect_with_connector(connector).await?;
    Ok(StorageClient::new(channel).max_decoding_message_size(16 << 20).max_encoding_message_size(16 << 20))
}

fn told(status: &Status) -> (Code, String, Vec<(String, String)>) {
    let details = status.get_error_details();
    let info = details.error_info().expect("every error has its details");
    assert_eq!(info.domain, "storage.monazite");
    let mut metadata: Vec<_> =
        info.metadata.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    metadata.sort();
    (status.code(), info.reason.clone(), metadata)
}

fn metadata(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn records_go_in_and_come_out_over_the_wire() {
    on_both(|log| async move {
        let mut client = client(&log).await?;
        let batch = |batch_id| ImportRequest {
            batch_id,
            records: vec![document(&format!("{batch_id}"), "铜价上涨"), note("no name", "", &[])],
        };
        let answers = client.import(stream::iter((0..50).map(batch))).await?.into_inner();
        let answers: Vec<_> = answers.try_collect().await?;
        assert_eq!(answers.len(), 50);
        assert!(answers.iter().all(|answer| answer.refusals[0].reason == "INVALID_RECORD"));
        let request = GetRequest { name: "documents/7".to_owned(), ..GetRequest::default() };
        let record = client.get(request).await?.into_inner().record.expect("is there");
        assert_eq!(record.body, document("7", "铜价上涨").body);

        let mut changes = client.changes(ChangesRequest::default()).await?.into_inner();
        let mut seen = 0;
        while seen < 50 {
            seen += changes.next().await.expect("goes on")?.changes.len();
        }
        let parts: Vec<_> = client.backup(BackupRequest {}).await?.into_inner().try_collect().await?;
        let parts =
            parts.into_iter().map(|part: api::storage::BackupResponse| RestoreRequest { data: part.data });
        let copy = Log::open(Place::Memory(Arc::new(kv::Memory::new())), log.config.clone()).await?;
        let mut other = self::client(&copy).await?;
        let restored = other.restore(stream::iter(parts.collect::<Vec<_>>())).await?.into_inner();
        assert_eq!((restored.sequence, restored.revisions), (log.storage.head(), 50));
        let statistics = other.get_statistics(GetStatisticsRequest {}).await?.into_inner();
        assert_eq!(statistics.kinds[0].count, 50);
        Ok(())
    });
}

#[test]
fn errors_carry_code_reason_and_what_is_at_fault() {
    on_both(|log| async move {
        let mut client = client(&log).await?;
        let read = log.put(document("a", "铜价上涨")).await?;
        let missing = GetRequest { name: "documents/b".to_owned(), ..GetRequest::default() };
        let error = client.get(missing.clone()).await.expect_err("not there");
        assert_eq!(told(&error), (Code::NotFound, "NO_SUCH_RECORD".to_owned(), Vec::new()));
        let error = client.get(GetRequest { at_sequence: 9, ..missing }).await.expect_err("above head");
        assert_eq!(told(&error), (Code::OutOfRange, "NOT_YET".to_owned(), metadata(&[("head", "1")])));
        let mut commit = async |operations| {
            let request = CommitRequest { operations, preconditions: Vec::new() };
            told(&client.commit(request).await.expect_err("is refused"))
        };
        let bad = vec![put(note("n/1", "", &[])), put(note("n/2", "", &["no key"]))];
        let fault = metadata(&[("field", "keys"), ("operation", "1"), ("record", "n/2")]);
        assert_eq!(commit(bad).await, (Code::InvalidArgument, "INVALID_RECORD".to_owned(), fault));
        let quote = claim("1", "documents/a", 6, "铝价");
        let fault = metadata(&[("document", "documents/a"), ("operation", "0"), ("record", "claims/1")]);
        let refused = commit(vec![replace(derivation("x", "documents/a", read), vec![quote])]).await;
        assert_eq!(refused, (Code::FailedPrecondition, "QUOTE_DIFFERS".to_owned(), fault));
        log.storage.drain().await;
        let refused = commit(vec![put(note("n/1", "", &[]))]).await;
        assert_eq!(refused, (Code::Unavailable, "DRAINING".to_owned(), Vec::new()));
        Ok(())
    });
}

#[test]
fn a_message_over_16_mib_is_refused_by_the_transport() {
    on_both(|log| async move {
        let mut client = client(&log).await?.max_encoding_message_size(64 << 20);
        let record = api::record::Record { body: vec![0; 17 << 20].into(), ..note("n/1", "", &[]) };
        let request = CommitRequest { operations: vec![put(record)], preconditions: Vec::new() };
        let error = client.commit(request).await.expect_err("too long");
        assert_eq!(error.code(), Code::OutOfRange);
        assert_eq!(log.storage.head(), 0);
        Ok(())
    });
}
