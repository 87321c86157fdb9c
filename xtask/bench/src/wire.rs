//! Both sides over loopback TCP, each server in a process of its own: ours is the real binary, the peer is this program.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};
use api::search::search_client::SearchClient;
use api::storage::ChangesResponse;
use api::storage::storage_client::StorageClient;
use futures::future::pending;
use prost::Message as _;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Routes;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Status};

use crate::peers::raw::{self, Raw};
use crate::process::Up;

/// The largest message, as every service of ours has it.
const MESSAGE: usize = 16 << 20;

/// Puts the token on each request.
#[derive(Clone)]
pub(crate) struct Token(MetadataValue<Ascii>);

impl tonic::service::Interceptor for Token {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        Ok(request)
    }
}

/// A client of our log.
pub(crate) type Storage = StorageClient<InterceptedService<Channel, Token>>;

/// Connects to our server as a client program would.
///
/// # Errors
/// If its token cannot be read or it does not answer.
pub(crate) async fn storage(up: &Up) -> Result<Storage> {
    let client = StorageClient::with_interceptor(connect(up.url().to_owned()).await?, token(up)?);
    Ok(limited(client))
}

/// A client of our search service.
pub(crate) type Search = SearchClient<InterceptedService<Channel, Token>>;

/// Connects to our search service as a client program would, with a connection of its own.
///
/// # Errors
/// If its token cannot be read or it does not answer.
pub(crate) async fn search(up: &Up) -> Result<Search> {
    let channel = connect(up.url().to_owned()).await?;
    Ok(SearchClient::with_interceptor(channel, token(up)?).max_decoding_message_size(MESSAGE))
}

fn token(up: &Up) -> Result<Token> {
    let token = std::fs::read_to_string(up.data().join("token")).context("failed to read the token")?;
    Ok(Token(format!("Bearer {}", token.trim()).parse()?))
}

fn limited<T>(client: StorageClient<T>) -> StorageClient<T>
where
    T: tonic::client::GrpcService<
            tonic::body::Body,
            ResponseBody: tonic::codegen::Body<Data = bytes::Bytes> + Send + 'static,
        >,
    T::Error: Into<tonic::codegen::StdError>,
    <T::ResponseBody as tonic::codegen::Body>::Error: Into<tonic::codegen::StdError> + Send,
{
    client.max_decoding_message_size(MESSAGE).max_encoding_message_size(MESSAGE)
}

async fn connect(url: String) -> Result<Channel> {
    Ok(Endpoint::from_shared(url)?.tcp_nodelay(true).connect().await?)
}

/// A peer in a process of its own: this program again. Dropped, it is killed.
pub(crate) struct PeerServer {
    child: Child,
    url: String,
}

impl PeerServer {
    /// The raw service, with `messages` to give.
    ///
    /// # Errors
    /// If the process does not start.
    pub(crate) fn raw(scratch: &Path, messages: &[ChangesResponse]) -> Result<Self> {
        let file = scratch.join("raw-messages");
        let encoded: Vec<u8> =
            messages.iter().flat_map(prost::Message::encode_length_delimited_to_vec).collect();
        std::fs::write(&file, encoded)?;
        Self::start("--serve-raw", &file)
    }

    /// This program with a flag that makes it serve.
    ///
    /// # Errors
    /// If the process does not start.
    pub(crate) fn start(flag: &str, path: &Path) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(flag)
            .arg(path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut url = String::new();
        BufReader::new(child.stdout.take().context("standard output is piped")?).read_line(&mut url)?;
        Ok(Self { child, url: url.trim().to_owned() })
    }

    /// A client of the raw service, with a connection of its own.
    ///
    /// # Errors
    /// If it does not answer.
    pub(crate) async fn client(&self) -> Result<raw::Client> {
        Ok(raw::Client::new(connect(self.url.clone()).await?))
    }

    /// A client of a log without a token, with a connection of its own.
    ///
    /// # Errors
    /// If it does not answer.
    pub(crate) async fn storage(&self) -> Result<StorageClient<Channel>> {
        Ok(limited(StorageClient::new(connect(self.url.clone()).await?)))
    }
}

impl Drop for PeerServer {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves [`Raw`] with the messages of a file, until the process is killed.
///
/// # Errors
/// If the file cannot be read or there is no free port.
pub(crate) fn serve_raw(file: &Path) -> Result<()> {
    let mut bytes = bytes::Bytes::from(std::fs::read(file)?);
    let mut changes = Vec::new();
    while !bytes.is_empty() {
        changes.push(ChangesResponse::decode_length_delimited(&mut bytes)?);
    }
    let first = changes.iter().flat_map(|c| &c.changes).find_map(|c| c.record.clone());
    let raw = Raw { record: first.unwrap_or_default(), changes: changes.into() };
    serve(async { Ok(Routes::new(raw)) })
}

/// Serves `routes` on a free port and tells its address on standard output, on as many threads as our server has.
///
/// # Errors
/// If there is no free port, or the routes cannot be made.
pub(crate) fn serve(routes: impl Future<Output = Result<Routes>>) -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async move {
        let routes = routes.await?;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let mut out = std::io::stdout();
        writeln!(out, "http://{}", listener.local_addr()?)?;
        out.flush()?;
        // `Server::tcp_nodelay` does not reach a listener of one's own.
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        Server::builder().add_routes(routes).serve_with_incoming_shutdown(incoming, pending()).await?;
        Ok(())
    })
}

/// Serves a log on one connection in memory and gives a client of it. It ends with the client.
///
/// # Errors
/// If the two do not come together.
pub(crate) async fn storage_in_memory(log: storage::Storage) -> Result<StorageClient<Channel>> {
    let (near, far) = tokio::io::duplex(1 << 20);
    let incoming = futures::stream::iter([std::io::Result::Ok(far)]);
    let server = Server::builder().add_service(storage::grpc::service(log)).serve_with_incoming(incoming);
    tokio::spawn(server);
    let mut near = Some(hyper_util::rt::TokioIo::new(near));
    let connector = tower::service_fn(move |_: http::Uri| {
        std::future::ready(near.take().ok_or_else(|| std::io::Error::other("there is one connection only")))
    });
    let channel = Endpoint::from_static("http://memory").connect_with_connector(connector).await?;
    Ok(limited(StorageClient::new(channel)))
}

/// Runs a client on one thread, which was best on two cores.
///
/// # Errors
/// Those of `work`.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
