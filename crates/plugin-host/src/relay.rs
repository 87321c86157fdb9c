//! The way to the workers for whoever can not reach their sockets: one stream of calls from outside, one stream to each
//! worker that its calls name.
//!
//! Frames pass undecoded and keep their call ids. The first call for a worker opens the stream to it. When that stream
//! breaks, each of its calls fails with CRASH and the client's stream goes on. Limits: 16 frames wait each way; while a
//! worker takes no more, no frames are read from the client, not for other workers either.

use std::collections::HashMap;
use std::path::PathBuf;

use api::analysis::{
    AnalyzeRequest, AnalyzeResponse, Failed, FailureCode, analyze_request, analyze_response,
};
use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::host::Host;
use crate::session::{ProtocolError, Refused};

/// Frames that wait, each way. Each can be of megabytes, so they are few.
pub(crate) const FRAMES: usize = 16;

/// What comes from the stream to a worker.
pub(crate) enum Heard {
    /// A frame of an answer.
    Frame(AnalyzeResponse),
    /// The stream is over; nothing follows.
    Over(Over),
}

/// How a stream to a worker ended.
pub(crate) enum Over {
    /// It never came about, or the worker ended it in order: the calls may be tried elsewhere.
    Left(String),
    /// The worker's process is gone.
    Broken(String),
    /// The client broke the rules, says the worker.
    Protocol(String),
}

/// Why the client's stream ends with an error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// Found here.
    #[error(transparent)]
    Here(#[from] ProtocolError),
    /// Found by a worker, in its words.
    #[error("{0}")]
    Worker(String),
}

/// Carries frames to the worker at a socket and back.
pub(crate) trait Connect: Clone + Send + 'static {
    /// Carries `frames` to the worker until either side ends, and tells what comes back, with `number` to tell streams
    /// apart. The last it tells is [`Heard::Over`].
    fn carry(
        self,
        socket: PathBuf,
        number: u64,
        frames: mpsc::Receiver<AnalyzeRequest>,
        tell: mpsc::Sender<(u64, Heard)>,
    ) -> impl Future<Output = ()> + Send;
}

/// A stream to a worker.
struct Line {
    number: u64,
    frames: mpsc::Sender<AnalyzeRequest>,
}

/// A call that was not answered.
struct Call {
    line: u64,
    finished: bool,
}

struct Relay<C> {
    host: Host,
    connect: C,
    lines: HashMap<PathBuf, Line>,
    calls: HashMap<u64, Call>,
    /// Calls that failed before they were finished; their remaining frames lead nowhere.
    refused: Refused,
    last_line: u64,
    tasks: JoinSet<()>,
    tell: mpsc::Sender<(u64, Heard)>,
    out: mpsc::Sender<Result<AnalyzeResponse, Refusal>>,
}

/// The client is gone.
struct Gone;

/// Serves one stream until the client is done or gone, or the host stops and no call is left.
pub(crate) async fn serve<E>(
    host: Host,
    connect: impl Connect,
    requests: impl Stream<Item = Result<AnalyzeRequest, E>> + Send,
    out: mpsc::Sender<Result<AnalyzeResponse, Refusal>>,
) {
    let (tell, mut heard) = mpsc::channel(FRAMES);
    let stop = host.stopping();
    let mut relay = Relay {
        host,
        connect,
        lines: HashMap::new(),
        calls: HashMap::new(),
        refused: Refused::default(),
        last_line: 0,
        tasks: JoinSet::new(),
        tell,
        out: out.clone(),
    };
    let mut requests = std::pin::pin!(requests.fuse());
    let (mut ended, mut stops) = (false, false);
    // A frame on its way to a worker. While it waits, answers are still taken, so that the worker can go on.
    let mut pending: Routed = None;
    loop {
        if (ended || stops) && pending.is_none() && relay.calls.is_empty() {
            return;
        }
        let frames = pending.as_ref().map(|(frames, _)| frames.clone());
        let room = async {
            match frames {
                Some(frames) => frames.reserve_owned().await,
                None => std::future::pending().await,
            }
        };
        let step = tokio::select! {
            biased;
            Some((number, heard)) = heard.recv() => relay.hear(number, heard).await,
            () = out.closed() => return,
            () = stop.cancelled(), if !stops => {
                stops = true;
                Ok(())
            }
            room = room => {
                // Without room the stream to the worker is over, which it tells by itself.
                if let (Ok(room), Some((_, frame))) = (room, pending.take()) {
                    room.send(frame);
                }
                Ok(())
            }
            frame = requests.next(), if !ended && pending.is_none() => match frame {
                Some(Ok(frame)) => relay.route(frame).await.map(|way| pending = way),
                // Ended or broken: what was finished is still answered; if the client is gone, `out` tells.
                Some(Err(_)) | None => {
                    ended = true;
                    // The workers are told, too: a call that was not finished will never be.
                    relay.lines.clear();
                    Ok(())
                }
            },
        };
        if step.is_err() {
            return;
        }
    }
}

/// A frame, and the worker that it goes to.
type Routed = Option<(mpsc::Sender<AnalyzeRequest>, AnalyzeRequest)>;

impl<C: Connect> Relay<C> {
    /// Where a frame of the client goes.
    async fn route(&mut self, request: AnalyzeRequest) -> Result<Routed, Gone> {
        let call_id = request.call_id;
        if let Some(analyze_request::Frame::Begin(begin)) = &request.frame {
            if self.calls.contains_key(&call_id) {
                return self.refuse(call_id, "a second begin").await;
            }
            let socket = self.host.socket_of(&begin.analyzer, &begin.version, &begin.config_digest);
            let Some(socket) = socket else {
                let message = format!("{} {} is not served here now", begin.analyzer, begin.version);
                self.refused.insert(call_id);
                self.fail(call_id, FailureCode::NotServed, message).await?;
                return Ok(None);
            };
            let line = self.line(socket);
            let (number, frames) = (line.number, line.frames.clone());
            self.calls.insert(call_id, Call { line: number, finished: false });
            return Ok(Some((frames, request)));
        }
        let Some(call) = self.calls.get_mut(&call_id) else {
            let crossed = matches!(request.frame, Some(analyze_request::Frame::Cancel(_)));
            return match crossed || self.refused.contains(call_id) {
                true => Ok(None),
                false => self.refuse(call_id, "a frame before begin").await,
            };
        };
        call.finished |= matches!(request.frame, Some(analyze_request::Frame::Finish(_)));
        // If the stream to the worker is over, its end is about to be heard and fails the call.
        let line = self.lines.values().find(|line| line.number == call.line);
        Ok(line.map(|line| (line.frames.clone(), request)))
    }

    /// The stream to the worker at a socket.
    fn line(&mut self, socket: PathBuf) -> &Line {
        self.lines.entry(socket).or_insert_with_key(|socket| {
            self.last_line += 1;
            let (frames, stream) = mpsc::channel(FRAMES);
            let carry = self.connect.clone().carry(socket.clone(), self.last_line, stream, self.tell.clone());
            self.tasks.spawn(carry);
            Line { number: self.last_line, frames }
        })
    }

    /// A worker tells something.
    async fn hear(&mut self, number: u64, heard: Heard) -> Result<(), Gone> {
        let frame = match heard {
            Heard::Frame(frame) => frame,
            Heard::Over(over) => return self.over(number, over).await,
        };
        if let Some(analyze_response::Frame::Done(_) | analyze_response::Frame::Failed(_)) = frame.frame {
            self.forget(frame.call_id);
        }
        self.out.send(Ok(frame)).await.map_err(|_| Gone)
    }

    async fn over(&mut self, number: u64, over: Over) -> Result<(), Gone> {
        self.lines.retain(|_, line| line.number != number);
        while self.tasks.try_join_next().is_some() {}
        let (code, message) = match over {
            Over::Left(message) => (FailureCode::NotServed, message),
            Over::Broken(message) => (FailureCode::Crash, message),
            Over::Protocol(message) => {
                let _ = self.out.send(Err(Refusal::Worker(message))).await;
                return Err(Gone);
            }
        };
        let mut calls: Vec<u64> =
            self.calls.iter().filter(|(_, call)| call.line == number).map(|(call_id, _)| *call_id).collect();
        calls.sort_unstable();
        for call_id in calls {
            self.forget(call_id);
            self.fail(call_id, code, message.clone()).await?;
        }
        Ok(())
    }

    /// A call is answered.
    fn forget(&mut self, call_id: u64) {
        if self.calls.remove(&call_id).is_some_and(|call| !call.finished) {
            self.refused.insert(call_id);
        }
    }

    async fn fail(&self, call_id: u64, code: FailureCode, message: String) -> Result<(), Gone> {
        let failed = analyze_response::Frame::Failed(Failed { code: code.into(), message });
        let frame = AnalyzeResponse { call_id, frame: Some(failed) };
        self.out.send(Ok(frame)).await.map_err(|_| Gone)
    }

    /// Ends the stream, because the client broke its rules.
    async fn refuse<T>(&self, call_id: u64, what: &'static str) -> Result<T, Gone> {
        let _ = self.out.send(Err(ProtocolError::new(call_id, what).into())).await;
        Err(Gone)
    }
}
