//! Ends the process when a call is over its deadline, because a thread that hangs in foreign code can not be ended
//! alone. The client of the call and the supervisor are told first who is to blame.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use api::analysis::FailureCode;

use crate::engine::{Lane, Ticket};
use crate::events::{Event, Reporter};

/// How long the answers get to leave the process before it ends.
const FLUSH: Duration = Duration::from_millis(100);

/// Watches running calls.
pub(crate) struct Watchdog {
    running: Mutex<Vec<Running>>,
    changed: Condvar,
}

struct Running {
    deadline: Instant,
    allowed: Duration,
    ticket: Arc<Ticket>,
    lane: Arc<Lane>,
    group: String,
}

/// Ends the watch over a call when dropped.
pub(crate) struct Watch<'a> {
    watchdog: &'a Watchdog,
    ticket: Arc<Ticket>,
}

impl Watchdog {
    /// Starts the thread that watches. `end` ends the process.
    pub(crate) fn start(reporter: Arc<Reporter>, end: fn()) -> std::io::Result<Arc<Self>> {
        let watchdog = Arc::new(Self { running: Mutex::default(), changed: Condvar::new() });
        let thread = Arc::clone(&watchdog);
        std::thread::Builder::new().name("watchdog".into()).spawn(move || {
            let overdue = thread.wait_for_overdue();
            thread.blame(&overdue, &reporter);
            end();
        })?;
        Ok(watchdog)
    }

    /// Watches a call from now until the answer is dropped.
    pub(crate) fn watch(
        &self,
        ticket: &Arc<Ticket>,
        lane: &Arc<Lane>,
        group: &str,
        allowed: Duration,
    ) -> Watch<'_> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let deadline = Instant::now() + allowed;
        // The thread sleeps until the earliest deadline it knew; only an earlier one needs to wake it.
        let is_earliest = running.iter().all(|other| deadline < other.deadline);
        running.push(Running {
            deadline,
            allowed,
            ticket: Arc::clone(ticket),
            lane: Arc::clone(lane),
            group: group.to_owned(),
        });
        drop(running);
        if is_earliest {
            self.changed.notify_one();
        }
        Watch { watchdog: self, ticket: Arc::clone(ticket) }
    }

    /// Sleeps until a call is over its deadline.
    fn wait_for_overdue(&self) -> Vec<Running> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let now = Instant::now();
            let overdue: Vec<Running> = running.extract_if(.., |call| call.deadline <= now).collect();
            if !overdue.is_empty() {
                return overdue;
            }
            running = match running.iter().map(|call| call.deadline).min() {
                None => self.changed.wait(running).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let pause = deadline.saturating_duration_since(now);
                    self.changed.wait_timeout(running, pause).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    fn blame(&self, overdue: &[Running], reporter: &Reporter) {
        for call in overdue {
            let (analyzer, version) = call.lane.id();
            let milliseconds = call.allowed.as_millis();
            let message = format!("it took longer than {milliseconds} ms; its process was ended");
            call.ticket.fail(FailureCode::Deadline, message);
            reporter.tell(&Event::Deadline { analyzer, version, group: call.group.clone() });
        }
        let end = Instant::now() + FLUSH;
        while Instant::now() < end && !overdue.iter().all(|call| call.ticket.sent.load(Ordering::Relaxed)) {
            std::thread::sleep(Duration::from_millis(1));
        }
        // `sent` means handed to the connection; this is for the connection to write it.
        std::thread::sleep(Duration::from_millis(10));
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        let mut running = self.watchdog.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = running.iter().position(|call| Arc::ptr_eq(&call.ticket, &self.ticket)) {
            running.swap_remove(index);
        }
    }
}
