//! What any gRPC client finds: the C plugin behind the same contract, health, reflection, and the list of plugins.

use api::analysis::plugins_client::PluginsClient;
use api::analysis::{FailureCode, ListPluginsRequest, PluginState};
use prost::Message as _;
use tokio_stream::StreamExt as _;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus};
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};
use tonic_types::StatusExt as _;

use crate::client::{Calls, connect, document};
use crate::stage::{Stage, until};

#[tokio::test]
async fn a_plugin_in_c_serves_the_same_contract() {
    let stage = Stage::empty();
    stage.add_c("c.so", &[]);
    let host = stage.start().await;
    let mut calls = Calls::open(&stage.world, "c-echo").await;
    let id = calls.start("c-echo", "1.0.0", "from C", 0);
    let records = calls.answer(id).await.unwrap().unwrap();
    assert_eq!(records, [document(id, "from C").encode_to_vec()]);
    host.stop().await;
}

#[tokio::test]
async fn records_from_a_thread_that_is_not_the_calls_are_refused() {
    let stage = Stage::empty();
    stage.add_c("c.so", &["WRONG_THREAD"]);
    let host = stage.start().await;
    let mut calls = Calls::open(&stage.world, "c-echo").await;
    let id = calls.start("c-echo", "1.0.0", "from C", 0);
    let failed = calls.answer(id).await.unwrap().unwrap_err();
    assert_eq!((failed.code(), failed.message.as_str()), (FailureCode::Internal, "emit was refused"));
    host.stop().await;
}

#[tokio::test]
async fn a_worker_tells_its_health_and_its_contract() {
    const SERVICE: &str = "monazite.analysis.v1.Analyzer";
    let stage = Stage::faulty();
    let host = stage.start().await;
    let channel = connect(&stage.world.endpoint("faulty")).await;
    let request = HealthCheckRequest { service: SERVICE.into() };
    let health = HealthClient::new(channel.clone()).check(request).await.unwrap().into_inner();
    assert_eq!(health.status(), ServingStatus::Serving);

    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::FileContainingSymbol(SERVICE.into())),
    };
    let mut answers = ServerReflectionClient::new(channel)
        .server_reflection_info(tokio_stream::once(request))
        .await
        .unwrap()
        .into_inner();
    let answer: ServerReflectionResponse = answers.next().await.unwrap().unwrap();
    assert!(matches!(answer.message_response, Some(MessageResponse::FileDescriptorResponse(_))));
    host.stop().await;
}

#[tokio::test]
async fn plugins_are_listed_over_the_wire() {
    let stage = Stage::faulty();
    stage.add_c("bad.so", &["WRONG_ABI"]);
    let host = stage.start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tonic::transport::Server::builder()
        .add_service(plugin_host::grpc::plugins_service(host.clone()))
        .serve_with_incoming(tonic::transport::server::TcpIncoming::from(listener));
    tokio::spawn(server);

    until(&host, |plugins| plugins.iter().any(|plugin| !plugin.digest.is_empty())).await;
    let mut client = PluginsClient::new(connect(&format!("http://{address}")).await);
    let plugins = client.list_plugins(ListPluginsRequest {}).await.unwrap().into_inner().plugins;
    let seen: Vec<_> = plugins.iter().map(|plugin| (plugin.state(), plugin.analyzers.len())).collect();
    assert_eq!(seen, [(PluginState::Rejected, 0), (PluginState::Serving, 4)]);
    let bytes = std::fs::read(stage.path("plugins/faulty.so")).unwrap();
    assert_eq!(plugins[1].digest, blake3::hash(&bytes).to_hex().to_string());

    host.stop().await;
    let status = client.list_plugins(ListPluginsRequest {}).await.unwrap_err();
    assert_eq!(status.code(), tonic::Code::Unavailable);
    assert_eq!(status.get_details_error_info().unwrap().reason, "DRAINING");
}
