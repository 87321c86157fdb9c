//! Calls in flight at the providers of one analyzer: how many, for how long, and who is to blame when one breaks.
//!
//! When a stream breaks with several calls in flight, each of them is suspect and is tried again alone. One that is
//! alone when its stream breaks, several times in a row, is the culprit; the others were bystanders.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use api::analysis::{
    AnalyzeRequest, AnalyzeResponse, Begin, Cancel, FailureCode, Finish, Manifest, analyze_request,
    analyze_response,
};
use api::record::Record;
use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::config::Config;
use crate::groups::GroupName;
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
    /// How often it was the only call when a stream broke.
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
    sent: Instant,
    /// When its provider can have begun with it: the earlier calls have left a slot free.
    started: Option<Instant>,
}

struct Line {
    requests: mpsc::UnboundedSender<AnalyzeRequest>,
    calls: BTreeMap<u64, Call>,
    open: bool,
    leaving: bool,
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
    pub(crate) fn add_line(&mut self, line: u64, requests: mpsc::UnboundedSender<AnalyzeRequest>) {
        let line_state = Line { requests, calls: BTreeMap::new(), open: false, leaving: false };
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
        if !self.suspects.is_empty() {
            if self.in_flight() == 0
                && let Some(line) = self.freest(1)
                && let Some(job) = self.suspects.pop_front()
            {
                self.send(line, job, now);
            }
            return;
        }
        let window = self.window();
        while !self.ready.is_empty() {
            let Some(line) = self.freest(window) else { return };
            let Some(job) = self.ready.pop_front() else { return };
            self.send(line, job, now);
        }
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

    fn freest(&self, window: usize) -> Option<u64> {
        let usable =
            self.lines.iter().filter(|(_, line)| line.open && !line.leaving && line.calls.len() < window);
        usable.min_by_key(|(_, line)| line.calls.len()).map(|(id, _)| *id)
    }

    fn send(&mut self, line: u64, mut job: Job, now: Instant) {
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
        state.calls.insert(call_id, Call { job, output: Output::default(), sent: now, started: None });
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
                    FailureCode::Cancelled | FailureCode::NotServed => {
                        let job = remove(state, frame.call_id, self.slots, now)?;
                        self.ready.push_front(job);
                        self.drop_if_left(line);
                        return None;
                    }
                    code => Err((code, message)),
                }
            }
            None => return None,
        };
        let job = remove(state, frame.call_id, self.slots, now)?;
        self.drop_if_left(line);
        Some(self.answer(job, verdict))
    }

    /// The provider says itself that its process ended during a call.
    fn crashed(&mut self, line: u64, call_id: u64, message: String, now: Instant) -> Option<Answer> {
        let state = self.lines.get_mut(&line)?;
        let lone = state.calls.len() == 1;
        let job = remove(state, call_id, self.slots, now)?;
        self.drop_if_left(line);
        self.suspect(job, lone, message)
    }

    fn suspect(&mut self, mut job: Job, lone: bool, message: String) -> Option<Answer> {
        if lone {
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
        let jobs: Vec<Job> = state.calls.into_values().map(|call| call.job).collect();
        if ending == Ending::Broken {
            let lone = jobs.len() == 1;
            // Only a lone one can be answered, so there is at most one answer.
            return jobs
                .into_iter()
                .filter_map(|job| self.suspect(job, lone, message.to_owned()))
                .next_back();
        }
        for job in jobs.into_iter().rev() {
            self.ready.push_front(job);
        }
        None
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
                late.extend(remove(line, call_id, self.slots, now).map(|job| (*id, job)));
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

fn remove(line: &mut Line, call_id: u64, slots: usize, now: Instant) -> Option<Job> {
    let call = line.calls.remove(&call_id)?;
    start_next(line, slots, now);
    Some(call.job)
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
