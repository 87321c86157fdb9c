//! The host's `Analyzer` service: a relay to the workers.

use std::path::{Path, PathBuf};
use std::time::Duration;

use api::analysis::analyzer_client::AnalyzerClient;
use api::analysis::analyzer_server::{Analyzer, AnalyzerServer};
use api::analysis::{AnalyzeRequest, AnalyzeResponse, DescribeRequest, DescribeResponse};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt as _};
use tonic::transport::Endpoint;
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_types::StatusExt as _;

use super::{CONNECTION_WINDOW, MAX_MESSAGE, STREAM_WINDOW, broken_protocol, status};
use crate::host::Host;
use crate::relay::{self, Connect, FRAMES, Heard, Over};

/// How long a worker may take to say that it is there.
const DESCRIBE: Duration = Duration::from_secs(10);

/// The `monazite.analysis.v1.Analyzer` service over all workers of a host, for callers who can not reach their sockets.
#[must_use]
pub fn analyzer_service(host: Host) -> AnalyzerServer<RelayService> {
    AnalyzerServer::new(RelayService { host })
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE)
}

/// Passes calls on to the workers of a host.
#[derive(Debug, Clone)]
pub struct RelayService {
    host: Host,
}

impl RelayService {
    fn refuse_when_stopping(&self) -> Result<(), Status> {
        if self.host.is_stopping() {
            return Err(status(Code::Unavailable, "DRAINING", "the plugin host is stopping"));
        }
        Ok(())
    }
}

#[tonic::async_trait]
impl Analyzer for RelayService {
    async fn describe(
        &self,
        _request: Request<DescribeRequest>,
    ) -> Result<Response<DescribeResponse>, Status> {
        self.refuse_when_stopping()?;
        Ok(Response::new(DescribeResponse { analyzers: self.host.served() }))
    }

    type AnalyzeStream = std::pin::Pin<Box<dyn Stream<Item = Result<AnalyzeResponse, Status>> + Send>>;

    async fn analyze(
        &self,
        request: Request<Streaming<AnalyzeRequest>>,
    ) -> Result<Response<Self::AnalyzeStream>, Status> {
        self.refuse_when_stopping()?;
        let (out, frames) = mpsc::channel(FRAMES);
        tokio::spawn(relay::serve(self.host.clone(), Sockets, request.into_inner(), out));
        let frames = ReceiverStream::new(frames).map(|frame| frame.map_err(|error| broken_protocol(&error)));
        Ok(Response::new(Box::pin(frames)))
    }
}

/// Connects over Unix sockets.
#[derive(Clone, Copy)]
struct Sockets;

impl Connect for Sockets {
    async fn carry(
        self,
        socket: PathBuf,
        number: u64,
        frames: mpsc::Receiver<AnalyzeRequest>,
        tell: mpsc::Sender<(u64, Heard)>,
    ) {
        let over = match open(&socket, frames).await {
            Ok(answers) => pass_on(answers, number, &tell).await,
            Err(over) => over,
        };
        // Nobody listens any more when the client's stream is over.
        let _ = tell.send((number, Heard::Over(over))).await;
    }
}

/// Opens a stream to a worker. It is asked first what it serves: a process that is just ending still takes
/// connections, and no call is to be blamed for that.
async fn open(
    socket: &Path,
    frames: mpsc::Receiver<AnalyzeRequest>,
) -> Result<Streaming<AnalyzeResponse>, Over> {
    let away = |why: &dyn std::fmt::Display| Over::Left(format!("its worker can not be reached now: {why}"));
    let endpoint =
        Endpoint::from_shared(format!("unix:{}", socket.display())).map_err(|error| away(&error))?;
    let channel = endpoint
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .connect()
        .await
        .map_err(|error| away(&error))?;
    let mut client = AnalyzerClient::new(channel)
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE);
    match tokio::time::timeout(DESCRIBE, client.describe(DescribeRequest {})).await {
        Ok(Ok(_)) => {}
        Ok(Err(status)) => return Err(away(&status.message())),
        Err(_) => return Err(away(&"it does not answer")),
    }
    match client.analyze(ReceiverStream::new(frames)).await {
        Ok(answers) => Ok(answers.into_inner()),
        Err(status) => Err(over(&status)),
    }
}

async fn pass_on(
    mut answers: Streaming<AnalyzeResponse>,
    number: u64,
    tell: &mpsc::Sender<(u64, Heard)>,
) -> Over {
    loop {
        match answers.message().await {
            Ok(Some(frame)) => {
                if tell.send((number, Heard::Frame(frame))).await.is_err() {
                    return Over::Left(String::new());
                }
            }
            Ok(None) => return Over::Left("its worker has ended the stream".to_owned()),
            Err(status) => return over(&status),
        }
    }
}

fn over(status: &Status) -> Over {
    let reason = status.get_details_error_info().map(|info| info.reason).unwrap_or_default();
    match (status.code(), reason.as_str()) {
        (Code::Unavailable, "DRAINING") => Over::Left(status.message().to_owned()),
        (Code::InvalidArgument, "PROTOCOL") => Over::Protocol(status.message().to_owned()),
        _ => Over::Broken(format!("its process is gone ({:?}: {})", status.code(), status.message())),
    }
}
