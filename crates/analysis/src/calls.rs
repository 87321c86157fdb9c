//! Calls in flight at the providers of one analyzer: how many, for how long, and who is to blame when one breaks.
//!
//! When a stream breaks, each call in flight is suspect and is tried again alone: no other call, not of another analyzer
//! either, is at that provider then (see [`crate::isolation`]). One that was alone when it broke, several times in a row,
//! is the culprit; the others were bystanders.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use api::analysis::{
    AnalyzeRequest, AnalyzeResponse, Begin, Cancel, FailureCode, Finish, Manifest, analyze_request,
    analyze_response,
};
use api::record::Record;
use bytes::Bytes;
use futures::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::config::Config;
use crate::groups::GroupName;
use crate::isolation::{Company, Leave, Place};
use crate::output::{Limits, Output};

/// What a provider must serve.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    pub(crate) analyzer: String,
    pub(crate) version: String,
    pub(crate) config_digest: String,
}

/// What a stream tells.
#[derive(Debug)]
pub(crate) enum LineEvent {
    /// The provider is there and serves what it must.
    Open,
    /// A frame of an answer.
    Frame(AnalyzeResponse),
    /// The stream is over.
    Closed(Ending, String),
}

/// How a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It never came about; no call can have caused that.
    NotReached,
    /// The provider ended it in order.
    Left,
    /// It broke.
    Broken,
}

/// A group whose inputs are read.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) group: GroupName,
    pub(crate) inputs: Vec<Bytes>,
    pub(crate) bytes: usize,
    pub(crate) hash: Bytes,
    pub(crate) read_sequence: i64,
    /// How often its provider broke while it was alone there.
    pub(crate) lone_crashes: u32,
    /// How often it was handed out.
    pub(crate) attempts: u32,
}

/// What became of a group.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) job: Job,
    pub(crate) verdict: Result<Emitted, (FailureCode, String)>,
}

/// What an analyzer emitted for a group.
#[derive(Debug, Default)]
pub(crate) struct Emitted {
    pub(crate) records: Vec<Record>,
    pub(crate) bytes: usize,
    pub(crate) elapsed_ns: u64,
}

struct Call {
    job: Job,
    output: Output,
    leave: Leave,
    sent: Instant,
    /// When its provider can have begun with it: the earlier calls have left a slot free.
    started: Option<Instant>,
}

struct Line {
    requests: mpsc::UnboundedSender<AnalyzeRequest>,
    calls: BTreeMap<u64, Call>,
    open: bool,
    leaving: bool,
    place: Arc<Place>,
    /// How often the provider had broken before this stream was opened.
    breaks: u64,
    /// Queues at the provider to be let in.
    queued: Option<(Company, BoxFuture<'static, Leave>)>,
    /// It was let in after queueing.
    let_in: Option<Leave>,
}

impl Line {
    /// Leave for a call now; without one, it queues.
    fn enter(&mut self, company: Company) -> Option<Leave> {
        if self.queued.as_ref().is_some_and(|(queued, _)| *queued == company) {
            return None;
        }
        self.queued = None;
        let waited_for = self.let_in.take().filter(|leave| leave.company() == company);
        let Some(leave) = waited_for.or_else(|| self.place.try_enter(company)) else {
            self.queued = Some((company, Box::pin(self.place.enter(company))));
            return None;
        };
        if self.breaks != self.place.breaks() {
            // Another flow saw the process end; this stream may be as dead and is opened again.
            self.leaving = true;
            return None;
        }
        Some(leave)
    }
}

/// See the module.
pub(crate) struct Calls {
    served: Served,
    manifest: Arc<Manifest>,
    limits: Limits,
    slots: usize,
    most_per_slot: usize,
    queue_time: Duration,
    patience: Duration,
    lone_crashes: u32,
    ready: VecDeque<Job>,
    suspects: VecDeque<Job>,
    /// Groups that were in flight when a stream broke, with their lone crashes. They stay suspect although nobody is
    /// there to take them for a while, or a culprit would go out among others again after each restart.
    blamed: BTreeMap<GroupName, u32>,
    lines: BTreeMap<u64, Line>,
    next_call: u64,
    bytes: usize,
    /// Moving average of the analyzer's own time for a call, in nanoseconds.
    pace: Option<u64>,
}

impl Calls {
    pub(crate) fn new(served: Served, manifest: Arc<Manifest>, config: &Config) -> Self {
        let limits = Limits::of(&manifest);
        Self {
            slots: usize::try_from(manifest.concurrency.max(1)).unwrap_or(1),
            most_per_slot: usize::try_from(config.calls_per_slot.max(1)).unwrap_or(1),
            queue_time: config.queue_time,
            patience: Duration::from_millis(limits.deadline_ms.into()) + config.deadline_grace,
            lone_crashes: config.lone_crashes.max(1),
            served,
            manifest,
            limits,
            ready: VecDeque::new(),
            suspects: VecDeque::new(),
            blamed: BTreeMap::new(),
            lines: BTreeMap::new(),
            next_call: 1,
            bytes: 0,
            pace: None,
        }
    }

    /// Bytes of the inputs that wait or are in flight.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many calls are in flight.
    pub(crate) fn in_flight(&self) -> usize {
        self.lines.values().map(|line| line.calls.len()).sum()
    }

    /// True if nothing waits and nothing is in flight.
    pub(crate) fn is_idle(&self) -> bool {
        self.ready.is_empty() && self.suspects.is_empty() && self.in_flight() == 0
    }

    /// A group is ready to be handed out.
    pub(crate) fn push(&mut self, mut job: Job) {
        self.bytes += job.bytes;
        match self.blamed.get(&job.group) {
            Some(lone_crashes) => {
                job.lone_crashes = *lone_crashes;
                self.suspects.push_back(job);
            }
            None => self.ready.push_back(job),
        }
    }

    /// Takes back all that is not in flight, because nobody is there to take it.
    pub(crate) fn take_waiting(&mut self) -> Vec<Job> {
        let jobs: Vec<Job> = self.suspects.drain(..).chain(self.ready.drain(..)).collect();
        self.bytes -= jobs.iter().map(|job| job.bytes).sum::<usize>();
        jobs
    }

    /// A stream is being opened.
    pub(crate) fn add_line(
        &mut self,
        line: u64,
        requests: mpsc::UnboundedSender<AnalyzeRequest>,
        place: Arc<Place>,
    ) {
        let line_state = Line {
            requests,
            calls: BTreeMap::new(),
            open: false,
            leaving: false,
            breaks: place.breaks(),
            place,
            queued: None,
            let_in: None,
        };
        self.lines.insert(line, line_state);
    }

    /// A stream's provider is not to be used any more: it gets no more calls, and ends with its last answer.
    pub(crate) fn leave(&mut self, line: u64) {
        if let Some(state) = self.lines.get_mut(&line) {
            state.leaving = true;
        }
        self.drop_if_left(line);
    }

    fn drop_if_left(&mut self, line: u64) {
        if self.lines.get(&line).is_some_and(|state| state.leaving && state.calls.is_empty()) {
            self.lines.remove(&line);
        }
    }

    /// Hands out as much as the providers take.
    pub(crate) fn dispatch(&mut self, now: Instant) {
        if self.suspects.is_empty() {
            self.dispatch_ready(now);
        } else if self.in_flight() == 0
            && let Some((line, leave)) = self.enter(1, Company::Alone)
            && let Some(job) = self.suspects.pop_front()
        {
            self.send(line, job, leave, now);
        }
        let needed = match (self.suspects.is_empty(), self.ready.is_empty()) {
            (false, _) => (self.in_flight() == 0).then_some(Company::Alone),
            (true, false) => Some(Company::Shared),
            (true, true) => None,
        };
        // Leave that was waited for and is not needed any more would keep others out.
        for line in self.lines.values_mut() {
            line.let_in = None;
            line.queued.take_if(|(company, _)| Some(*company) != needed);
        }
    }

    fn dispatch_ready(&mut self, now: Instant) {
        let window = self.window();
        while !self.ready.is_empty() {
            let Some((line, leave)) = self.enter(window, Company::Shared) else { return };
            let Some(job) = self.ready.pop_front() else { return };
            self.send(line, job, leave, now);
        }
    }

    /// Waits until a provider lets this in that it kept out before; then there is something to be handed out. Waits for
    /// ever if nothing was kept out.
    pub(crate) async fn let_in(&mut self) {
        std::future::poll_fn(|context| {
            let mut any = std::task::Poll::Pending;
            for line in self.lines.values_mut() {
                if let Some((_, queued)) = &mut line.queued
                    && let std::task::Poll::Ready(leave) = queued.as_mut().poll(context)
                {
                    line.queued = None;
                    line.let_in = Some(leave);
                    any = std::task::Poll::Ready(());
                }
            }
            any
        })
        .await;
    }

    /// Calls at one provider at a time: enough to keep it busy, few enough that none waits long.
    fn window(&self) -> usize {
        let per_slot = match self.pace {
            None => 2,
            Some(pace) => {
                let fit = self.queue_time.as_nanos() / u128::from(pace.max(1));
                usize::try_from(fit).unwrap_or(usize::MAX).clamp(1, self.most_per_slot)
            }
        };
        self.slots * per_slot.min(self.most_per_slot)
    }

    /// The stream with the fewest calls, below `window`, whose provider lets one in.
    fn enter(&mut self, window: usize, company: Company) -> Option<(u64, Leave)> {
        let usable = |line: &Line| line.open && !line.leaving && line.calls.len() < window;
        let mut lines: Vec<_> = self.lines.iter_mut().filter(|(_, line)| usable(line)).collect();
        lines.sort_by_key(|(_, line)| line.calls.len());
        let entered = lines.into_iter().find_map(|(id, line)| Some((*id, line.enter(company)?)));
        self.lines.retain(|_, line| !line.leaving || !line.calls.is_empty());
        entered
    }

    fn send(&mut self, line: u64, mut job: Job, leave: Leave, now: Instant) {
        let Some(state) = self.lines.get_mut(&line) else { return };
        let call_id = self.next_call;
        self.next_call += 1;
        job.attempts += 1;
        let begin = Begin {
            analyzer: self.served.analyzer.clone(),
            version: self.served.version.clone(),
            config_digest: self.served.config_digest.clone(),
            group: job.group.to_string(),
            deadline_ms: self.limits.deadline_ms,
            request_id: format!("{}-{}", job.read_sequence, call_id),
        };
        let inputs = job.inputs.iter().cloned().map(analyze_request::Frame::Input);
        let frames = std::iter::once(analyze_request::Frame::Begin(begin))
            .chain(inputs)
            .chain(std::iter::once(analyze_request::Frame::Finish(Finish {})));
        for frame in frames {
            // A stream that is over says so by its own event, which brings the call back.
            let _ = state.requests.send(AnalyzeRequest { call_id, frame: Some(frame) });
        }
        state.calls.insert(call_id, Call { job, output: Output::default(), leave, sent: now, started: None });
        start_next(state, self.slots, now);
    }

    /// A stream is open.
    pub(crate) fn opened(&mut self, line: u64) {
        if let Some(state) = self.lines.get_mut(&line) {
            state.open = true;
        }
    }

    /// A frame came. The answer, if it is complete.
    pub(crate) fn frame(&mut self, line: u64, frame: AnalyzeResponse, now: Instant) -> Option<Answer> {
        let state = self.lines.get_mut(&line)?;
        let call = state.calls.get_mut(&frame.call_id)?;
        let verdict = match frame.frame {
            Some(analyze_response::Frame::Record(encoded)) => {
                match call.output.push(encoded, &self.manifest, &self.limits) {
                    Ok(()) => return None,
                    Err(fault) => {
                        cancel(state, frame.call_id);
                        Err(fault)
                    }
                }
            }
            Some(analyze_response::Frame::Done(done)) => {
                self.pace =
                    Some(self.pace.map_or(done.elapsed_ns, |pace| pace - pace / 8 + done.elapsed_ns / 8));
                std::mem::take(&mut call.output).finish().map(|(records, bytes)| Emitted {
                    records,
                    bytes,
                    elapsed_ns: done.elapsed_ns,
                })
            }
            Some(analyze_response::Frame::Failed(failed)) => {
                let mut message = failed.message.clone();
                message.truncate(message.floor_char_boundary(4096));
                match failed.code() {
                    FailureCode::Crash => return self.crashed(line, frame.call_id, message, now),
                    code @ (FailureCode::Cancelled | FailureCode::NotServed) => {
                        // Who says that it does not serve this is asked again what it serves, after a pause.
                        state.leaving |= code == FailureCode::NotServed;
                        let job = remove(state, frame.call_id, self.slots, now)?.job;
                        self.requeue(job);
                        self.drop_if_left(line);
                        return None;
                    }
                    code => Err((code, message)),
                }
            }
            None => return None,
        };
        let job = remove(state, frame.call_id, self.slots, now)?.job;
        self.drop_if_left(line);
        Some(self.answer(job, verdict))
    }

    /// Somebody before the provider says that its process ended during a call. The stream to it is not used for more
    /// calls, so that it is opened again after a pause, as if it had broken.
    fn crashed(&mut self, line: u64, call_id: u64, message: String, now: Instant) -> Option<Answer> {
        let state = self.lines.get_mut(&line)?;
        let call = remove(state, call_id, self.slots, now)?;
        state.leaving = true;
        state.place.broke();
        self.drop_if_left(line);
        self.suspect(call, message)
    }

    fn suspect(&mut self, call: Call, message: String) -> Option<Answer> {
        let Call { mut job, leave, .. } = call;
        if leave.was_alone() {
            job.lone_crashes += 1;
            if job.lone_crashes >= self.lone_crashes {
                let message =
                    format!("its process ended {} times with this call alone: {message}", job.lone_crashes);
                return Some(self.answer(job, Err((FailureCode::Crash, message))));
            }
        }
        self.blamed.insert(job.group.clone(), job.lone_crashes);
        self.suspects.push_back(job);
        None
    }

    /// A stream is over. The answers that follow from it.
    pub(crate) fn closed(&mut self, line: u64, ending: Ending, message: &str) -> Option<Answer> {
        let state = self.lines.remove(&line)?;
        if ending == Ending::Broken {
            if !state.calls.is_empty() {
                state.place.broke();
            }
            // Only one that was alone can be answered, so there is at most one answer.
            return state
                .calls
                .into_values()
                .filter_map(|call| self.suspect(call, message.to_owned()))
                .next_back();
        }
        for call in state.calls.into_values().rev() {
            self.requeue(call.job);
        }
        None
    }

    /// A call is to be made again, through no fault of its own. If it was suspect, it still is.
    fn requeue(&mut self, job: Job) {
        if self.blamed.contains_key(&job.group) {
            self.suspects.push_front(job);
        } else {
            self.ready.push_front(job);
        }
    }

    /// Calls whose time is up: they are cancelled and have failed.
    pub(crate) fn overdue(&mut self, now: Instant) -> Vec<Answer> {
        let mut late = Vec::new();
        for (id, line) in &mut self.lines {
            let overdue = |call: &Call| call.started.is_some_and(|started| now - started >= self.patience);
            let calls: Vec<u64> =
                line.calls.iter().filter(|(_, call)| overdue(call)).map(|(call_id, _)| *call_id).collect();
            for call_id in calls {
                cancel(line, call_id);
                late.extend(remove(line, call_id, self.slots, now).map(|call| (*id, call.job)));
            }
        }
        let answer = |(line, job)| {
            self.drop_if_left(line);
            let message = format!("no answer came within {:?}", self.patience);
            self.answer(job, Err((FailureCode::Deadline, message)))
        };
        late.into_iter().map(answer).collect()
    }

    /// Groups in flight since `age` or longer.
    pub(crate) fn older_than(&self, age: Duration, now: Instant) -> Vec<GroupName> {
        let calls = self.lines.values().flat_map(|line| line.calls.values());
        calls.filter(|call| now - call.sent >= age).map(|call| call.job.group.clone()).collect()
    }

    fn answer(&mut self, job: Job, verdict: Result<Emitted, (FailureCode, String)>) -> Answer {
        self.bytes -= job.bytes;
        self.blamed.remove(&job.group);
        Answer { job, verdict }
    }
}

fn cancel(line: &Line, call_id: u64) {
    let frame = Some(analyze_request::Frame::Cancel(Cancel {}));
    // If the stream is over, nothing is left to cancel.
    let _ = line.requests.send(AnalyzeRequest { call_id, frame });
}

fn remove(line: &mut Line, call_id: u64, slots: usize, now: Instant) -> Option<Call> {
    let call = line.calls.remove(&call_id)?;
    start_next(line, slots, now);
    Some(call)
}

/// The clock of a call runs from when it is among the first that its provider has slots for.
fn start_next(line: &mut Line, slots: usize, now: Instant) {
    for call in line.calls.values_mut().take(slots) {
        call.started.get_or_insert(now);
    }
}

#[cfg(test)]
#[path = "calls_tests.rs"]
mod tests;
