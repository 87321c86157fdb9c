//! One stream of calls: frames come in, calls go to the engine, answers go out.
//!
//! Limits: at most 64 calls begun and not finished (a client that passes this breaks the protocol); with 256 calls
//! finished and unanswered, or 64 MiB of their inputs, or 64 MiB of answers that the client does not take, no more
//! frames are read. So a client reads answers while it writes calls.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use api::analysis::{
    AnalyzeRequest, AnalyzeResponse, Begin, Failed, FailureCode, analyze_request, analyze_response,
};
use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;

use crate::engine::{Answer, Engine, Job, Lane, Ticket};

const MAX_OPEN: usize = 64;
const MAX_WAITING: usize = 256;
const MAX_WAITING_BYTES: usize = 64 << 20;
/// How many calls that were refused early are remembered, so that their remaining frames can be told from nonsense.
const MAX_REFUSED: usize = 4096;

/// The client broke the rules of the stream, which ends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("call {call_id}: {what}")]
pub(crate) struct ProtocolError {
    call_id: u64,
    what: &'static str,
}

impl ProtocolError {
    pub(crate) fn new(call_id: u64, what: &'static str) -> Self {
        Self { call_id, what }
    }
}

/// A call of a stream.
enum CallState {
    /// Its inputs are coming in.
    Open(Open),
    /// The engine has it; so many bytes of inputs.
    Waiting(Arc<Ticket>, usize),
}

struct Open {
    lane: Arc<Lane>,
    group: String,
    deadline: Duration,
    inputs: Vec<Bytes>,
    bytes: usize,
}

/// A stream of calls.
pub(crate) struct Session {
    engine: Arc<Engine>,
    calls: HashMap<u64, CallState>,
    open: usize,
    waiting: usize,
    waiting_bytes: usize,
    outbox_bytes: usize,
    refused: Refused,
    answers: mpsc::UnboundedSender<Answer>,
    /// Frames to be sent, each with the call whose last frame it is.
    outbox: VecDeque<(AnalyzeResponse, Option<Arc<Ticket>>)>,
}

/// The latest calls that were refused before they were finished.
#[derive(Default)]
pub(crate) struct Refused {
    order: VecDeque<u64>,
    ids: HashSet<u64>,
}

impl Refused {
    pub(crate) fn contains(&self, call_id: u64) -> bool {
        self.ids.contains(&call_id)
    }

    pub(crate) fn insert(&mut self, call_id: u64) {
        self.ids.insert(call_id);
        self.order.push_back(call_id);
        if self.order.len() > MAX_REFUSED
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
    }
}

/// Serves one stream until the client is done or gone, or the worker drains and no call is left.
pub(crate) async fn serve<E>(
    engine: Arc<Engine>,
    requests: impl Stream<Item = Result<AnalyzeRequest, E>> + Send,
    out: mpsc::Sender<Result<AnalyzeResponse, ProtocolError>>,
) {
    let (answers, mut answered) = mpsc::unbounded_channel();
    let draining = engine.draining.clone();
    let mut session = Session {
        engine,
        calls: HashMap::new(),
        open: 0,
        waiting: 0,
        waiting_bytes: 0,
        outbox_bytes: 0,
        refused: Refused::default(),
        answers,
        outbox: VecDeque::new(),
    };
    let mut requests = std::pin::pin!(requests.fuse());
    let mut ended = false;
    let mut drains = false;
    loop {
        if session.outbox.is_empty()
            && ((ended && session.waiting == 0) || (drains && session.calls.is_empty()))
        {
            return;
        }
        tokio::select! {
            // Answers first: they free what the calls hold.
            biased;
            permit = out.reserve(), if !session.outbox.is_empty() => match permit {
                Ok(permit) => session.send(permit),
                Err(_) => break,
            },
            Some(answer) = answered.recv() => session.answer(answer),
            () = out.closed() => break,
            () = draining.cancelled(), if !drains => drains = true,
            frame = requests.next(), if !ended && session.takes_more() => match frame {
                Some(Ok(frame)) => if let Err(error) = session.frame(frame) {
                    let _ = out.send(Err(error)).await;
                    break;
                },
                // Ended or broken: what was finished is still answered; if the client is gone, `out` tells.
                Some(Err(_)) | None => ended = true,
            },
        }
    }
    session.abandon();
}

impl Session {
    fn takes_more(&self) -> bool {
        self.waiting < MAX_WAITING
            && self.waiting_bytes < MAX_WAITING_BYTES
            && self.outbox_bytes < MAX_WAITING_BYTES
    }

    fn frame(&mut self, request: AnalyzeRequest) -> Result<(), ProtocolError> {
        let call_id = request.call_id;
        let error = |what| Err(ProtocolError { call_id, what });
        match request.frame {
            None => error("a frame without content"),
            Some(analyze_request::Frame::Begin(begin)) => self.begin(call_id, begin),
            Some(analyze_request::Frame::Input(input)) => match self.calls.get_mut(&call_id) {
                Some(CallState::Open(open)) => {
                    open.bytes += input.len();
                    open.inputs.push(input);
                    self.check_input(call_id);
                    Ok(())
                }
                Some(CallState::Waiting(..)) => error("an input after finish"),
                None if self.refused.contains(call_id) => Ok(()),
                None => error("an input before begin"),
            },
            Some(analyze_request::Frame::Finish(_)) => match self.calls.remove(&call_id) {
                Some(CallState::Open(open)) => {
                    self.finish(call_id, open);
                    Ok(())
                }
                Some(CallState::Waiting(..)) => error("a second finish"),
                None if self.refused.contains(call_id) => Ok(()),
                None => error("a finish before begin"),
            },
            Some(analyze_request::Frame::Cancel(_)) => {
                match self.calls.get(&call_id) {
                    Some(CallState::Open(_)) => {
                        self.refuse(call_id, FailureCode::Cancelled, "the call was cancelled".into());
                    }
                    Some(CallState::Waiting(ticket, _)) => ticket.cancel(),
                    // The answer and the cancellation crossed.
                    None => {}
                }
                Ok(())
            }
        }
    }

    fn begin(&mut self, call_id: u64, begin: Begin) -> Result<(), ProtocolError> {
        if self.calls.contains_key(&call_id) {
            return Err(ProtocolError { call_id, what: "a second begin" });
        }
        if self.open >= MAX_OPEN {
            return Err(ProtocolError { call_id, what: "more than 64 calls begun and not finished" });
        }
        if self.engine.draining.is_cancelled() {
            self.refuse(call_id, FailureCode::NotServed, "the worker is stopping; ask elsewhere".into());
            return Ok(());
        }
        let Some(lane) = self.engine.lane(&begin.analyzer, &begin.version) else {
            let message = format!("{} {} is not served here", begin.analyzer, begin.version);
            self.refuse(call_id, FailureCode::NotServed, message);
            return Ok(());
        };
        let served = &lane.loaded.served;
        if served.config_digest != begin.config_digest {
            let message = format!(
                "{} {} is served with config {}, not {}",
                begin.analyzer, begin.version, served.config_digest, begin.config_digest
            );
            self.refuse(call_id, FailureCode::NotServed, message);
            return Ok(());
        }
        let deadline = match begin.deadline_ms {
            0 => lane.loaded.bounds.deadline,
            milliseconds => Duration::from_millis(milliseconds.into()),
        };
        let open =
            Open { lane: Arc::clone(lane), group: begin.group, deadline, inputs: Vec::new(), bytes: 0 };
        self.calls.insert(call_id, CallState::Open(open));
        self.open += 1;
        Ok(())
    }

    fn check_input(&mut self, call_id: u64) {
        let Some(CallState::Open(open)) = self.calls.get(&call_id) else { return };
        let bounds = open.lane.loaded.bounds;
        if open.inputs.len() > bounds.input_records || open.bytes > bounds.input_bytes {
            let message = format!(
                "the group is larger than {} records or {} bytes, which are the analyzer's limits",
                bounds.input_records, bounds.input_bytes
            );
            self.refuse(call_id, FailureCode::InputLimit, message);
        }
    }

    fn finish(&mut self, call_id: u64, open: Open) {
        let ticket = Ticket::new(call_id, self.answers.clone());
        self.open -= 1;
        self.waiting += 1;
        self.waiting_bytes += open.bytes;
        self.calls.insert(call_id, CallState::Waiting(Arc::clone(&ticket), open.bytes));
        let Open { lane, group, deadline, inputs, .. } = open;
        lane.submit(Job { ticket, group, inputs, deadline });
    }

    /// Ends a call that the engine does not have.
    fn refuse(&mut self, call_id: u64, code: FailureCode, message: String) {
        if self.calls.remove(&call_id).is_some() {
            self.open -= 1;
        }
        self.refused.insert(call_id);
        let failed = Failed { code: code.into(), message };
        self.outbox.push_back((response(call_id, analyze_response::Frame::Failed(failed)), None));
    }

    fn answer(&mut self, answer: Answer) {
        let call_id = answer.ticket.call_id;
        if let Some(CallState::Waiting(_, bytes)) = self.calls.remove(&call_id) {
            self.waiting_bytes -= bytes;
        }
        let last = match answer.outcome {
            Ok((records, done)) => {
                self.outbox_bytes += records.iter().map(Bytes::len).sum::<usize>();
                let frames = records.into_iter().map(analyze_response::Frame::Record);
                self.outbox.extend(frames.map(|frame| (response(call_id, frame), None)));
                analyze_response::Frame::Done(done)
            }
            Err(failed) => analyze_response::Frame::Failed(failed),
        };
        self.outbox.push_back((response(call_id, last), Some(answer.ticket)));
    }

    fn send(&mut self, permit: mpsc::Permit<'_, Result<AnalyzeResponse, ProtocolError>>) {
        let Some((frame, ticket)) = self.outbox.pop_front() else { return };
        if let Some(analyze_response::Frame::Record(record)) = &frame.frame {
            self.outbox_bytes -= record.len();
        }
        permit.send(Ok(frame));
        if let Some(ticket) = ticket {
            self.waiting -= 1;
            ticket.sent.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }

    /// Nobody listens any more.
    fn abandon(&mut self) {
        for call in self.calls.values() {
            if let CallState::Waiting(ticket, _) = call {
                ticket.cancel();
            }
        }
    }
}

fn response(call_id: u64, frame: analyze_response::Frame) -> AnalyzeResponse {
    AnalyzeResponse { call_id, frame: Some(frame) }
}
