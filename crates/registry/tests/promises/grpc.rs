//! What the contract says about errors, over the wire format.

use std::collections::HashMap;

use api::Peer;
use api::registry::registry_client::RegistryClient;
use api::registry::{
    DeleteEntryRequest, DeregisterRequest, GetEntryRequest, ListEntriesRequest, ListInstancesRequest,
    PutEntryRequest, RegisterRequest, RenewRequest, ResolveRequest, SetStateRequest, WatchRequest,
};
use registry::grpc::{DOMAIN, service};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use tower::ServiceExt as _;

use crate::common::{Kind, TestResult, World, instance, manifest, pin, version};

fn client(world: &World) -> RegistryClient<Peer> {
    let service = service(world.registry().clone());
    RegistryClient::new(Peer::new(tower::service_fn(move |request: http::Request<tonic::body::Body>| {
        let service = service.clone();
        async move { Ok(service.oneshot(request).await?) }
    })))
}

/// Code, reason and metadata of an error.
#[track_caller]
fn told<T: std::fmt::Debug>(answer: Result<T, Status>) -> (Code, String, HashMap<String, String>) {
    let status = answer.expect_err("it is refused");
    let info = status.get_details_error_info().expect("every error has details");
    assert_eq!(info.domain, DOMAIN);
    (status.code(), info.reason, info.metadata)
}

#[track_caller]
fn is<T: std::fmt::Debug>(answer: Result<T, Status>, code: Code, reason: &str, metadata: &[(&str, &str)]) {
    let metadata = metadata.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    assert_eq!(told(answer), (code, reason.to_owned(), metadata));
}

#[tokio::test]
async fn errors_of_the_catalog() -> TestResult {
    let world = World::with(Kind::Memory, registry::Config { history: 2, ..Default::default() }).await?;
    let mut client = client(&world);
    let put = |entry, expected_revision| PutEntryRequest { entry: Some(entry), expected_revision };
    client.put_entry(put(version(manifest("reading", "1.0.0", "Document", "Layer")), None)).await?;

    let conflict = client.put_entry(put(pin("reading", "1.0.0"), Some(4))).await;
    is(conflict, Code::Aborted, "REVISION_CONFLICT", &[("revision", "0")]);
    let back = client.put_entry(put(version(manifest("x", "1.0.0", "Layer", "Document")), None)).await;
    let path = "Layer -> x -> Document -> reading -> Layer";
    is(back, Code::FailedPrecondition, "CYCLE", &[("path", path)]);
    let other = version(manifest("reading", "1.0.0", "Document", "Claim"));
    is(client.put_entry(put(other, None)).await, Code::FailedPrecondition, "VERSION_CHANGED", &[]);
    let wrong = client.put_entry(put(pin("Reading", ""), None)).await;
    is(wrong, Code::InvalidArgument, "INVALID_ENTRY", &[("field", "name")]);
    let nothing = client.put_entry(PutEntryRequest::default()).await;
    is(nothing, Code::InvalidArgument, "INVALID_ENTRY", &[("field", "entry")]);

    let name = "analyzers/none/pin".to_owned();
    let get = client.get_entry(GetEntryRequest { name: name.clone() }).await;
    is(get, Code::NotFound, "NO_SUCH_ENTRY", &[]);
    let delete = client.delete_entry(DeleteEntryRequest { name, expected_revision: None }).await;
    is(delete, Code::NotFound, "NO_SUCH_ENTRY", &[]);

    client.put_entry(put(pin("reading", "1.0.0"), None)).await?;
    let list = |page_token: &str| ListEntriesRequest {
        page_size: 1,
        page_token: page_token.into(),
        ..Default::default()
    };
    is(client.list_entries(list("x")).await, Code::InvalidArgument, "INVALID_PAGE_TOKEN", &[]);
    let token = client.list_entries(list("")).await?.into_inner().next_page_token;
    for i in 0..3 {
        client.put_entry(put(pin("reading", &format!("2.0.{i}")), None)).await?;
    }
    let late = client.list_entries(list(&token)).await;
    is(late, Code::OutOfRange, "COMPACTED", &[("compact_revision", "3")]);
    Ok(())
}

#[tokio::test]
async fn errors_of_instances() -> TestResult {
    let world = World::new(Kind::Memory).await?;
    let mut client = client(&world);
    let register = |incarnation| RegisterRequest {
        instance: Some(instance("a", incarnation)),
        ttl: None,
        request_id: format!("r{incarnation}"),
    };
    let wrong = client.register(RegisterRequest { request_id: String::new(), ..register(1) }).await;
    is(wrong, Code::InvalidArgument, "INVALID_INSTANCE", &[("field", "request_id")]);
    let old = client.register(register(1)).await?.into_inner().lease_id;
    client.register(register(2)).await?;
    let fenced = [("incarnation", "2")];
    is(client.register(register(1)).await, Code::FailedPrecondition, "FENCED", &fenced);
    let renew = RenewRequest { lease_id: old.clone() };
    is(client.renew(renew).await, Code::FailedPrecondition, "FENCED", &fenced);
    let state = SetStateRequest { lease_id: old.clone(), ..Default::default() };
    is(client.set_state(state).await, Code::FailedPrecondition, "FENCED", &fenced);
    let end = DeregisterRequest { lease_id: old };
    is(client.deregister(end).await, Code::FailedPrecondition, "FENCED", &fenced);
    let renew = RenewRequest { lease_id: "b#0000000000000001".into() };
    is(client.renew(renew).await, Code::NotFound, "LEASE_EXPIRED", &[]);
    let nobody =
        SetStateRequest { instance_id: "b".into(), enabled: Some(true), ..SetStateRequest::default() };
    is(client.set_state(nobody).await, Code::NotFound, "NO_SUCH_INSTANCE", &[]);
    let neither = client.set_state(SetStateRequest::default()).await;
    is(neither, Code::InvalidArgument, "INVALID_STATE", &[("field", "lease_id")]);
    let nobody = client.resolve(ResolveRequest::default()).await;
    is(nobody, Code::InvalidArgument, "INVALID_TARGET", &[("field", "service")]);
    Ok(())
}

#[tokio::test]
async fn errors_of_watches() -> TestResult {
    let world = World::with(Kind::Memory, registry::Config { history: 2, ..Default::default() }).await?;
    let mut client = client(&world);
    let negative = WatchRequest { after_revision: -1, ..Default::default() };
    let refused = client.watch(negative).await;
    is(refused, Code::InvalidArgument, "INVALID_WATCH", &[("field", "after_revision")]);
    let future = WatchRequest { after_revision: 9, ..Default::default() };
    is(client.watch(future).await, Code::OutOfRange, "COMPACTED", &[("compact_revision", "0")]);
    let mut slow = client.watch(WatchRequest::default()).await?.into_inner();
    slow.message().await?;
    for i in 0..5 {
        world.put(pin("a", &format!("{i}.0.0"))).await?;
    }
    is(slow.message().await, Code::ResourceExhausted, "SLOW_WATCHER", &[("last_revision", "0")]);
    let mut drained = client.watch(WatchRequest::default()).await?.into_inner();
    drained.message().await?;
    world.registry().drain().await;
    is(drained.message().await, Code::Unavailable, "DRAINING", &[]);
    Ok(())
}

#[tokio::test]
async fn every_answer_has_a_header() -> TestResult {
    let world = World::new(Kind::Memory).await?;
    let mut client = client(&world);
    let entry = client.put_entry(PutEntryRequest { entry: Some(pin("a", "")), expected_revision: None });
    let mut headers = vec![entry.await?.into_inner().header];
    let get = GetEntryRequest { name: "analyzers/a/pin".into() };
    headers.push(client.get_entry(get).await?.into_inner().header);
    headers.push(client.list_entries(ListEntriesRequest::default()).await?.into_inner().header);
    let request = RegisterRequest { instance: Some(instance("a", 1)), ttl: None, request_id: "r".into() };
    let lease = client.register(request).await?.into_inner();
    let lease_id = lease.lease_id;
    headers.push(lease.header);
    headers.push(client.renew(RenewRequest { lease_id: lease_id.clone() }).await?.into_inner().header);
    let state = SetStateRequest { lease_id: lease_id.clone(), ..Default::default() };
    headers.push(client.set_state(state).await?.into_inner().header);
    let find = ResolveRequest { service: crate::common::STORAGE.into(), ..Default::default() };
    headers.push(client.resolve(find).await?.into_inner().header);
    headers.push(client.list_instances(ListInstancesRequest::default()).await?.into_inner().header);
    headers.push(client.deregister(DeregisterRequest { lease_id }).await?.into_inner().header);
    let delete = DeleteEntryRequest { name: "analyzers/a/pin".into(), expected_revision: None };
    headers.push(client.delete_entry(delete).await?.into_inner().header);
    let mut watch = client.watch(WatchRequest::default()).await?.into_inner();
    headers.push(watch.message().await?.ok_or("the watch ended")?.header);
    let revisions: Vec<_> = headers.iter().flatten().map(|header| header.revision).collect();
    assert_eq!(revisions, [1, 1, 1, 2, 2, 2, 2, 2, 3, 4, 4]);
    assert!(headers.iter().flatten().all(|header| header.cluster_id == world.registry().cluster_id()));
    Ok(())
}
