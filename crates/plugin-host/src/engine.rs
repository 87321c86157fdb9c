//! Runs calls: for each analyzer a queue and as many threads as its manifest allows.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use api::analysis::{Done, Failed, FailureCode, ServedAnalyzer};
use bytes::Bytes;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use crate::library::{Emit, Loaded, Sink};
use crate::watchdog::Watchdog;

/// All analyzers of a worker.
pub(crate) struct Engine {
    lanes: HashMap<(String, String), Arc<Lane>>,
    /// Set when no new call is to be taken.
    pub(crate) draining: CancellationToken,
    threads: Mutex<Vec<std::thread::JoinHandle<()>>>,
}

/// One analyzer with its queue.
pub(crate) struct Lane {
    pub(crate) loaded: Loaded,
    queue: Mutex<Queue>,
    ready: Condvar,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    closed: bool,
}

/// A call whose inputs are all in.
pub(crate) struct Job {
    pub(crate) ticket: Arc<Ticket>,
    pub(crate) group: String,
    pub(crate) inputs: Vec<Bytes>,
    /// How long the analyzer may take.
    pub(crate) deadline: Duration,
}

/// What is known of a call outside the thread that runs it. It is answered once.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) call_id: u64,
    pub(crate) cancelled: AtomicBool,
    answered: AtomicBool,
    /// Set when the answer is on its way to the client.
    pub(crate) sent: AtomicBool,
    answers: UnboundedSender<Answer>,
}

/// The end of a call.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) ticket: Arc<Ticket>,
    pub(crate) outcome: Result<(Vec<Bytes>, Done), Failed>,
}

impl Ticket {
    pub(crate) fn new(call_id: u64, answers: UnboundedSender<Answer>) -> Arc<Self> {
        Arc::new(Self {
            call_id,
            cancelled: AtomicBool::new(false),
            answered: AtomicBool::new(false),
            sent: AtomicBool::new(false),
            answers,
        })
    }

    /// Answers the call, unless it was answered before.
    pub(crate) fn answer(self: &Arc<Self>, outcome: Result<(Vec<Bytes>, Done), Failed>) {
        if !self.answered.swap(true, Ordering::SeqCst) {
            // The client may be gone; then nobody wants the answer.
            let _ = self.answers.send(Answer { ticket: Arc::clone(self), outcome });
        }
    }

    /// Answers the call with a failure, unless it was answered before.
    pub(crate) fn fail(self: &Arc<Self>, code: FailureCode, message: impl Into<String>) {
        self.answer(Err(Failed { code: code.into(), message: message.into() }));
    }

    /// Tells the analyzer and the client that the answer is not wanted.
    pub(crate) fn cancel(self: &Arc<Self>) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.fail(FailureCode::Cancelled, "the call was cancelled");
    }
}

impl Engine {
    /// Starts the threads of all analyzers.
    pub(crate) fn start(analyzers: Vec<Loaded>, watchdog: &Arc<Watchdog>) -> std::io::Result<Arc<Self>> {
        let mut lanes = HashMap::new();
        let mut threads = Vec::new();
        for loaded in analyzers {
            let id = id_of(&loaded.served);
            let lane = Arc::new(Lane { loaded, queue: Mutex::default(), ready: Condvar::new() });
            for number in 0..lane.loaded.bounds.concurrency {
                let (lane, watchdog) = (Arc::clone(&lane), Arc::clone(watchdog));
                let thread = std::thread::Builder::new().name(format!("{}-{number}", id.0)).stack_size(STACK);
                threads.push(thread.spawn(move || lane.work(&watchdog))?);
            }
            lanes.insert(id, lane);
        }
        Ok(Arc::new(Self { lanes, draining: CancellationToken::new(), threads: Mutex::new(threads) }))
    }

    /// The analyzer of this name and version.
    pub(crate) fn lane(&self, analyzer: &str, version: &str) -> Option<&Arc<Lane>> {
        // The map is small and a call has thousands of nanoseconds before it; two short strings are no matter.
        self.lanes.get(&(analyzer.to_owned(), version.to_owned()))
    }

    /// What is served, sorted by name and version.
    pub(crate) fn served(&self) -> Vec<ServedAnalyzer> {
        let mut served: Vec<ServedAnalyzer> =
            self.lanes.values().map(|lane| lane.loaded.served.clone()).collect();
        served.sort_by_key(id_of);
        served
    }

    /// Lets the threads end once their queues are empty, and waits for them.
    pub(crate) fn join(&self) {
        for lane in self.lanes.values() {
            lane.lock().closed = true;
            lane.ready.notify_all();
        }
        for thread in self.threads.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _ = thread.join();
        }
    }
}

fn id_of(served: &ServedAnalyzer) -> (String, String) {
    let manifest = served.manifest.clone().unwrap_or_default();
    (manifest.name, manifest.version)
}

impl Lane {
    /// Name and version.
    pub(crate) fn id(&self) -> (String, String) {
        id_of(&self.loaded.served)
    }

    pub(crate) fn submit(&self, job: Job) {
        self.lock().jobs.push_back(job);
        self.ready.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Nothing panics while it holds the lock, and a queue is never half changed.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes jobs until the lane is closed and empty.
    fn work(self: &Arc<Self>, watchdog: &Watchdog) {
        loop {
            let mut queue = self.lock();
            let job = loop {
                if let Some(job) = queue.jobs.pop_front() {
                    break job;
                }
                if queue.closed {
                    return;
                }
                queue = self.ready.wait(queue).unwrap_or_else(PoisonError::into_inner);
            };
            drop(queue);
            // A call that was cancelled while it waited has its answer.
            if !job.ticket.cancelled.load(Ordering::Relaxed) {
                self.run(job, watchdog);
            }
        }
    }

    fn run(self: &Arc<Self>, job: Job, watchdog: &Watchdog) {
        let bounds = &self.loaded.bounds;
        let mut sink = Collected { records: Vec::new(), bytes: 0, over: None, lane: self };
        let watch = watchdog.watch(&job.ticket, self, &job.group, job.deadline);
        let start = Instant::now();
        let result = self.loaded.analyze(&job.group, &job.inputs, &mut sink, &job.ticket.cancelled);
        let elapsed = start.elapsed();
        drop(watch);
        let outcome = match (sink.over, result) {
            (Some(what), _) => Err(Failed {
                code: FailureCode::OutputLimit.into(),
                message: format!(
                    "it emitted more than {what} (limits: {} records, {} bytes, {MAX_RECORD_BYTES} bytes a record)",
                    bounds.output_records, bounds.output_bytes
                ),
            }),
            (None, Err(failed)) => Err(failed),
            (None, Ok(())) => {
                let elapsed_ns = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
                Ok((sink.records, Done { elapsed_ns }))
            }
        };
        job.ticket.answer(outcome);
    }
}

/// Stack of a thread that calls a plugin: as large as a main thread's, which foreign code may count on.
const STACK: usize = 8 << 20;

/// Most bytes of one encoded record; see `record.proto`.
pub(crate) const MAX_RECORD_BYTES: usize = 4 << 20;

/// Keeps what a call emits until it succeeds.
struct Collected<'a> {
    records: Vec<Bytes>,
    bytes: usize,
    over: Option<&'static str>,
    lane: &'a Lane,
}

impl Sink for Collected<'_> {
    fn emit(&mut self, record: &[u8]) -> Emit {
        let bounds = &self.lane.loaded.bounds;
        let over = if self.records.len() >= bounds.output_records {
            Some("its most records")
        } else if self.bytes + record.len() > bounds.output_bytes {
            Some("its most bytes")
        } else if record.len() > MAX_RECORD_BYTES {
            Some("the most bytes of one record")
        } else {
            None
        };
        if self.over.is_some() || over.is_some() {
            self.over = self.over.or(over);
            // What was emitted is void; its memory is better used elsewhere.
            self.records = Vec::new();
            return Emit::OverLimit;
        }
        self.bytes += record.len();
        self.records.push(Bytes::copy_from_slice(record));
        Emit::Taken
    }
}
