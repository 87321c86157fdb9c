//! One long-lived stream of calls to a provider.

use std::time::Duration;

use api::analysis::analyzer_client::AnalyzerClient;
use api::analysis::{AnalyzeRequest, DescribeRequest};
use futures::future::BoxFuture;
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::{Code, Status};

use crate::calls::{Ending, LineEvent, Served};
use crate::grpc::{MAX_MESSAGE, reason};

/// How long a provider may take to say what it serves.
const DESCRIBE: Duration = Duration::from_secs(10);

/// Carries `requests` to a provider and its answers to `events`, tagged with `line`, until either side ends. The last
/// event says how it ended.
///
/// Describe comes first: it tells a provider that cannot be reached from one that breaks under a call, whatever
/// the server does about response headers, and it finds out if the registry's answer was out of date.
pub(crate) async fn carry(
    peer: api::Peer,
    served: Served,
    line: u64,
    requests: mpsc::UnboundedReceiver<AnalyzeRequest>,
    events: mpsc::Sender<(u64, LineEvent)>,
) {
    let (ending, message) = talk(peer, &served, line, requests, &events).await;
    // Nobody listens any more when the session that opened the line is gone.
    let _ = events.send((line, LineEvent::Closed(ending, message))).await;
}

async fn talk(
    peer: api::Peer,
    served: &Served,
    line: u64,
    requests: mpsc::UnboundedReceiver<AnalyzeRequest>,
    events: &mpsc::Sender<(u64, LineEvent)>,
) -> (Ending, String) {
    let mut client = AnalyzerClient::new(peer)
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE);
    let described = match tokio::time::timeout(DESCRIBE, boxed(client.describe(DescribeRequest {}))).await {
        Ok(Ok(response)) => response.into_inner(),
        Ok(Err(status)) => return (Ending::NotReached, text(&status)),
        Err(_) => return (Ending::NotReached, "it did not say what it serves within 10 s".to_owned()),
    };
    let serves = described.analyzers.iter().any(|analyzer| {
        let manifest = analyzer.manifest.as_ref();
        manifest
            .is_some_and(|manifest| manifest.name == served.analyzer && manifest.version == served.version)
            && analyzer.config_digest == served.config_digest
    });
    if !serves {
        return (Ending::NotReached, "it does not serve this version and config".to_owned());
    }
    if events.send((line, LineEvent::Open)).await.is_err() {
        return (Ending::Left, String::new());
    }
    let mut answers = match boxed(client.analyze(UnboundedReceiverStream::new(requests))).await {
        Ok(response) => response.into_inner(),
        Err(status) => return (ending(&status), text(&status)),
    };
    loop {
        match answers.message().await {
            Ok(Some(frame)) => {
                if events.send((line, LineEvent::Frame(frame))).await.is_err() {
                    return (Ending::Left, String::new());
                }
            }
            Ok(None) => return (Ending::Left, "it ended the stream".to_owned()),
            Err(status) => return (ending(&status), text(&status)),
        }
    }
}

/// See [`crate::grpc::answer`] for why.
fn boxed<'a, T>(call: impl Future<Output = T> + Send + 'a) -> BoxFuture<'a, T> {
    Box::pin(call)
}

/// A provider that stops in order says so. A process that dies in the middle of a call shows as a transport error,
/// whose code is Unknown more often than Unavailable.
fn ending(status: &Status) -> Ending {
    match (status.code(), reason(status).as_str()) {
        (Code::Unavailable, "DRAINING") => Ending::Left,
        _ => Ending::Broken,
    }
}

fn text(status: &Status) -> String {
    format!("{:?}: {}", status.code(), status.message())
}
