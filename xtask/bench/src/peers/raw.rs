//! A raw tonic service: unary echo, client stream and server stream of the contract's own messages, with no work behind.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use anyhow::Result;
use api::record::Record;
use api::storage::{ChangesRequest, ChangesResponse, GetRequest, GetResponse, ImportRequest, ImportResponse};
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt as _, StreamExt as _, stream};
use http::uri::PathAndQuery;
use tonic::body::Body;
use tonic::server::{ClientStreamingService, Grpc, NamedService, ServerStreamingService, UnaryService};
use tonic::transport::Channel;
use tonic::{Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;

const ECHO: &str = "/bench.Raw/Echo";
const SINK: &str = "/bench.Raw/Sink";
const SOURCE: &str = "/bench.Raw/Source";

/// The service.
#[derive(Clone)]
pub(crate) struct Raw {
    /// Answers each echo.
    pub record: Record,
    /// Sent by each source, in order.
    pub changes: Arc<[ChangesResponse]>,
}

impl NamedService for Raw {
    const NAME: &'static str = "bench.Raw";
}

impl tower::Service<http::Request<Body>> for Raw {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let this = self.clone();
        async move {
            let path = request.uri().path();
            Ok(match path {
                ECHO => Grpc::new(ProstCodec::default()).unary(this, request).await,
                SINK => Grpc::new(ProstCodec::default()).client_streaming(this, request).await,
                SOURCE => Grpc::new(ProstCodec::default()).server_streaming(this, request).await,
                other => Status::unimplemented(other.to_owned()).into_http(),
            })
        }
        .boxed()
    }
}

impl UnaryService<GetRequest> for Raw {
    type Response = GetResponse;
    type Future = BoxFuture<'static, Result<Response<GetResponse>, Status>>;

    fn call(&mut self, _: Request<GetRequest>) -> Self::Future {
        let answer = GetResponse { record: Some(self.record.clone()), read_sequence: 1 };
        async move { Ok(Response::new(answer)) }.boxed()
    }
}

impl ClientStreamingService<ImportRequest> for Raw {
    type Response = ImportResponse;
    type Future = BoxFuture<'static, Result<Response<ImportResponse>, Status>>;

    fn call(&mut self, request: Request<Streaming<ImportRequest>>) -> Self::Future {
        async move {
            let mut requests = request.into_inner();
            let mut answer = ImportResponse::default();
            while let Some(request) = requests.message().await? {
                answer.batch_id += request.records.len() as u64;
            }
            Ok(Response::new(answer))
        }
        .boxed()
    }
}

impl ServerStreamingService<ChangesRequest> for Raw {
    type Response = ChangesResponse;
    type ResponseStream = BoxStream<'static, Result<ChangesResponse, Status>>;
    type Future = BoxFuture<'static, Result<Response<Self::ResponseStream>, Status>>;

    fn call(&mut self, _: Request<ChangesRequest>) -> Self::Future {
        let changes = Arc::clone(&self.changes);
        let messages = stream::iter(0..changes.len()).map(move |i| Ok(changes[i].clone()));
        async move { Ok(Response::new(messages.boxed())) }.boxed()
    }
}

/// A client of [`Raw`].
#[derive(Clone)]
pub(crate) struct Client(tonic::client::Grpc<Channel>);

impl Client {
    pub(crate) fn new(channel: Channel) -> Self {
        Self(tonic::client::Grpc::new(channel).max_decoding_message_size(16 << 20))
    }

    /// One unary call.
    pub(crate) async fn echo(&mut self, request: GetRequest) -> Result<GetResponse> {
        self.0.ready().await?;
        let path = PathAndQuery::from_static(ECHO);
        Ok(self.0.unary(Request::new(request), path, ProstCodec::default()).await?.into_inner())
    }

    /// Sends all `requests`; gives how many records the server counted.
    pub(crate) async fn sink(&mut self, requests: Vec<ImportRequest>) -> Result<u64> {
        self.0.ready().await?;
        let path = PathAndQuery::from_static(SINK);
        let requests = Request::new(stream::iter(requests));
        let answer: ImportResponse =
            self.0.client_streaming(requests, path, ProstCodec::default()).await?.into_inner();
        Ok(answer.batch_id)
    }

    /// Receives everything; gives how many changes came.
    pub(crate) async fn source(&mut self) -> Result<usize> {
        self.0.ready().await?;
        let path = PathAndQuery::from_static(SOURCE);
        let request = Request::new(ChangesRequest::default());
        let mut messages: Streaming<ChangesResponse> =
            self.0.server_streaming(request, path, ProstCodec::default()).await?.into_inner();
        let mut count = 0;
        while let Some(message) = messages.message().await? {
            count += message.changes.len();
        }
        Ok(count)
    }
}
