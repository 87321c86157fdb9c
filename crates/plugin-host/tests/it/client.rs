//! A client of one worker: a stream of calls.

use std::collections::HashMap;

use api::analysis::analyzer_client::AnalyzerClient;
use api::analysis::{
    AnalyzeRequest, AnalyzeResponse, Begin, Cancel, Failed, FailureCode, Finish, analyze_request,
    analyze_response,
};
use api::record::{Document, Record};
use prost::Message as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::transport::{Channel, Endpoint};
use tonic::{Status, Streaming};

use crate::stage::{PATIENCE, World};

pub(crate) type Outcome = Result<Vec<Vec<u8>>, Failed>;

/// One stream of calls.
pub(crate) struct Calls {
    requests: mpsc::UnboundedSender<AnalyzeRequest>,
    responses: Streaming<AnalyzeResponse>,
    emitted: HashMap<u64, Vec<Vec<u8>>>,
    answered: HashMap<u64, Outcome>,
    digests: HashMap<(String, String), String>,
    last_id: u64,
}

/// Connects to a worker; keeps trying, because a restarted one may be just binding its socket.
pub(crate) async fn connect(endpoint: &str) -> Channel {
    let endpoint = Endpoint::from_shared(endpoint.to_owned()).unwrap();
    loop {
        match endpoint.connect().await {
            Ok(channel) => return channel,
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

impl Calls {
    /// Opens a stream to the worker that serves an analyzer.
    pub(crate) async fn open(world: &World, analyzer: &str) -> Self {
        let channel = connect(&world.endpoint(analyzer)).await;
        let mut client = AnalyzerClient::new(channel).max_decoding_message_size(16 << 20);
        let served = client.describe(api::analysis::DescribeRequest {}).await.unwrap().into_inner();
        let digests = served.analyzers.into_iter().map(|served| {
            let manifest = served.manifest.unwrap();
            ((manifest.name, manifest.version), served.config_digest)
        });
        let (requests, stream) = mpsc::unbounded_channel();
        let stream = UnboundedReceiverStream::new(stream);
        Self {
            requests,
            responses: client.analyze(stream).await.unwrap().into_inner(),
            emitted: HashMap::new(),
            answered: HashMap::new(),
            digests: digests.collect(),
            last_id: 0,
        }
    }

    pub(crate) fn send(&self, call_id: u64, frame: analyze_request::Frame) {
        // A broken stream is seen when the answer is read.
        let _ = self.requests.send(AnalyzeRequest { call_id, frame: Some(frame) });
    }

    /// Opens a call without inputs.
    pub(crate) fn begin(&mut self, analyzer: &str, version: &str, deadline_ms: u32) -> u64 {
        self.last_id += 1;
        let config_digest = self.digests.get(&(analyzer.to_owned(), version.to_owned())).cloned();
        let begin = Begin {
            analyzer: analyzer.into(),
            version: version.into(),
            config_digest: config_digest.unwrap_or_default(),
            group: format!("documents/{}", self.last_id),
            deadline_ms,
            request_id: "test".into(),
        };
        self.send(self.last_id, analyze_request::Frame::Begin(begin));
        self.last_id
    }

    /// Sends a whole call with one document of this text.
    pub(crate) fn start(&mut self, analyzer: &str, version: &str, text: &str, deadline_ms: u32) -> u64 {
        let id = self.begin(analyzer, version, deadline_ms);
        self.send(id, analyze_request::Frame::Input(document(id, text).encode_to_vec().into()));
        self.send(id, analyze_request::Frame::Finish(Finish {}));
        id
    }

    pub(crate) fn cancel(&self, call_id: u64) {
        self.send(call_id, analyze_request::Frame::Cancel(Cancel {}));
    }

    /// Reads until the call is answered.
    pub(crate) async fn answer(&mut self, call_id: u64) -> Result<Outcome, Status> {
        while !self.answered.contains_key(&call_id) {
            let response = tokio::time::timeout(PATIENCE, self.responses.message()).await;
            let response = response.map_err(|_| Status::deadline_exceeded("no answer"))??;
            let response = response.ok_or_else(|| Status::unavailable("the stream ended"))?;
            let id = response.call_id;
            assert!(!self.answered.contains_key(&id), "a frame after the end of call {id}");
            match response.frame.unwrap() {
                analyze_response::Frame::Record(record) => {
                    self.emitted.entry(id).or_default().push(record.to_vec());
                }
                analyze_response::Frame::Done(_) => {
                    let records = self.emitted.remove(&id).unwrap_or_default();
                    self.answered.insert(id, Ok(records));
                }
                analyze_response::Frame::Failed(failed) => {
                    self.answered.insert(id, Err(failed));
                }
            }
        }
        Ok(self.answered[&call_id].clone())
    }

    /// Whether an answer to the call was seen.
    pub(crate) fn is_answered(&self, call_id: u64) -> bool {
        self.answered.contains_key(&call_id)
    }

    /// One call to `faulty`, and its answer.
    pub(crate) async fn faulty(&mut self, text: &str) -> Outcome {
        let id = self.start("faulty", "1.0.0", text, 0);
        self.answer(id).await.unwrap()
    }

    /// One call to `faulty` that fails.
    pub(crate) async fn failure(&mut self, text: &str) -> (FailureCode, String) {
        let failed = self.faulty(text).await.expect_err("it fails");
        (failed.code(), failed.message)
    }
}

/// The record of a document.
pub(crate) fn document(id: u64, text: &str) -> Record {
    let name = format!("documents/{id}");
    Record {
        keys: vec![format!("document={name}")],
        name,
        kind: "monazite.record.v1.Document".into(),
        body: Document { text: text.into(), ..Document::default() }.encode_to_vec().into(),
        ..Record::default()
    }
}

impl Calls {
    /// Begins one call twice, which is against the rules.
    pub(crate) fn last_begin_again(&mut self) {
        self.begin("echo", "1.0.0", 0);
        self.last_id -= 1;
        self.begin("echo", "1.0.0", 0);
    }
}
