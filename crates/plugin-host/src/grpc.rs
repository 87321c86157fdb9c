//! All that knows tonic: the worker's `Analyzer` service, the host's relay to it, and its `Plugins` service.

mod relay;

use std::sync::Arc;

use api::analysis::analyzer_server::{Analyzer, AnalyzerServer};
use api::analysis::plugins_server::{Plugins, PluginsServer};
use api::analysis::{
    AnalyzeRequest, AnalyzeResponse, DescribeRequest, DescribeResponse, ListPluginsRequest,
    ListPluginsResponse,
};
use tokio::net::UnixListener;
use tokio::sync::mpsc;
use tokio_stream::wrappers::{ReceiverStream, UnixListenerStream};
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::engine::Engine;
use crate::host::Host;
use crate::session;

pub use self::relay::{RelayService, analyzer_service};

/// Largest message, either way, in bytes.
const MAX_MESSAGE: usize = 16 << 20;
/// HTTP/2 flow-control windows of a worker's connections, in bytes. Groups are megabytes at times; the protocol's 64 KiB
/// would make each of them several round trips.
const STREAM_WINDOW: u32 = 4 << 20;
/// As [`STREAM_WINDOW`], for all streams of a connection together.
const CONNECTION_WINDOW: u32 = 16 << 20;
/// Domain of the reasons in `ErrorInfo`.
const DOMAIN: &str = "analysis.monazite";
/// Frames of an answer that wait for the connection.
const FRAMES: usize = 64;

/// The `monazite.analysis.v1.Plugins` service over a host.
#[must_use]
pub fn plugins_service(host: Host) -> PluginsServer<PluginsService> {
    PluginsServer::new(PluginsService { host })
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE)
}

/// Answers what a host has loaded.
#[derive(Debug, Clone)]
pub struct PluginsService {
    host: Host,
}

#[tonic::async_trait]
impl Plugins for PluginsService {
    async fn list_plugins(
        &self,
        _request: Request<ListPluginsRequest>,
    ) -> Result<Response<ListPluginsResponse>, Status> {
        if self.host.is_stopping() {
            return Err(status(Code::Unavailable, "DRAINING", "the plugin host is stopping"));
        }
        Ok(Response::new(ListPluginsResponse { plugins: self.host.plugins() }))
    }
}

/// Serves the engine's analyzers on a socket until the engine drains, and then until the open streams have ended.
pub(crate) async fn serve(
    listener: UnixListener,
    engine: Arc<Engine>,
) -> Result<(), tonic::transport::Error> {
    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_serving::<AnalyzerServer<AnalyzerGrpc>>().await;
    let draining = engine.draining.clone();
    let unhealthy = health.clone();
    let drain = async move {
        draining.cancelled().await;
        unhealthy.set_not_serving::<AnalyzerServer<AnalyzerGrpc>>().await;
    };
    let analyzer = AnalyzerServer::new(AnalyzerGrpc { engine })
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE);
    let reflection = || {
        tonic_reflection::server::Builder::configure().register_encoded_file_descriptor_set(api::DESCRIPTORS)
    };
    tonic::transport::Server::builder()
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .add_service(health_service)
        .add_service(reflection().build_v1().expect("the checked-in descriptors are valid"))
        .add_service(reflection().build_v1alpha().expect("the checked-in descriptors are valid"))
        .add_service(analyzer)
        .serve_with_incoming_shutdown(UnixListenerStream::new(listener), drain)
        .await
}

/// The worker's service.
pub(crate) struct AnalyzerGrpc {
    engine: Arc<Engine>,
}

#[tonic::async_trait]
impl Analyzer for AnalyzerGrpc {
    async fn describe(
        &self,
        _request: Request<DescribeRequest>,
    ) -> Result<Response<DescribeResponse>, Status> {
        self.refuse_when_draining()?;
        Ok(Response::new(DescribeResponse { analyzers: self.engine.served() }))
    }

    type AnalyzeStream = std::pin::Pin<Box<dyn Stream<Item = Result<AnalyzeResponse, Status>> + Send>>;

    async fn analyze(
        &self,
        request: Request<Streaming<AnalyzeRequest>>,
    ) -> Result<Response<Self::AnalyzeStream>, Status> {
        self.refuse_when_draining()?;
        let (out, frames) = mpsc::channel(FRAMES);
        tokio::spawn(session::serve(Arc::clone(&self.engine), request.into_inner(), out));
        let frames = ReceiverStream::new(frames).map(|frame| frame.map_err(|error| broken_protocol(&error)));
        Ok(Response::new(Box::pin(frames)))
    }
}

impl AnalyzerGrpc {
    fn refuse_when_draining(&self) -> Result<(), Status> {
        if self.engine.draining.is_cancelled() {
            return Err(status(Code::Unavailable, "DRAINING", "the worker is stopping"));
        }
        Ok(())
    }
}

fn broken_protocol(error: &impl std::error::Error) -> Status {
    status(Code::InvalidArgument, "PROTOCOL", &error.to_string())
}

fn status(code: Code, reason: &str, message: &str) -> Status {
    let details = ErrorDetails::with_error_info(reason, DOMAIN, std::collections::HashMap::new());
    Status::with_error_details(code, message, details)
}
