//! What holds compaction back, and the horizon itself: both change under one lock, so that no read starts below a
//! horizon that is being raised.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::error::{Error, Result};

/// Open reads, page tokens, consumers and the horizon.
#[derive(Debug, Default)]
pub(crate) struct Pins {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    horizon: u64,
    next: u64,
    reads: HashMap<u64, (u64, &'static str)>,
    tokens: BTreeMap<u64, SystemTime>,
    consumers: BTreeMap<String, Cursor>,
}

/// A named reader of the feed.
#[derive(Clone, Debug)]
struct Cursor {
    sequence: u64,
    /// How far each of its open streams has come.
    streams: BTreeMap<u64, u64>,
    seen: SystemTime,
    /// Not stored yet as it is.
    changed: bool,
}

/// Keeps what is visible at a sequence, until it is dropped.
#[derive(Debug)]
pub(crate) struct Pin {
    pins: Arc<Pins>,
    id: u64,
    /// The sequence.
    pub(crate) sequence: u64,
}

impl Pins {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a read as of `at`; zero: `head`.
    pub(crate) fn read(self: &Arc<Self>, at: i64, head: u64, what: &'static str) -> Result<Pin> {
        let sequence = if at == 0 { head } else { at.cast_unsigned() };
        if at < 0 || sequence > head {
            return Err(Error::NotYet { sequence: at, head });
        }
        self.pin(sequence, what)
    }

    /// Opens a read as of a sequence that is not above head.
    pub(crate) fn pin(self: &Arc<Self>, sequence: u64, what: &'static str) -> Result<Pin> {
        let mut state = self.lock();
        if sequence < state.horizon {
            return Err(Error::Compacted { sequence, horizon: state.horizon });
        }
        let id = state.next;
        state.next += 1;
        state.reads.insert(id, (sequence, what));
        drop(state);
        Ok(Pin { pins: self.clone(), id, sequence })
    }

    /// A pin moves on: what is visible only below `sequence` is no longer needed. Without effect once it is dropped.
    pub(crate) fn advance(&self, pin: u64, sequence: u64) {
        if let Some(read) = self.lock().reads.get_mut(&pin) {
            read.0 = sequence;
        }
    }

    /// Notes that a page token as of a sequence was given out or used.
    pub(crate) fn touch_token(&self, sequence: u64, now: SystemTime, expiry: Duration) {
        let mut state = self.lock();
        state.tokens.insert(sequence, now);
        // The map stays small: what is expired goes whenever it has doubled.
        if state.tokens.len().is_power_of_two() {
            state.tokens.retain(|_, used| !expired(*used, now, expiry));
        }
    }

    /// The horizon.
    pub(crate) fn horizon(&self) -> u64 {
        self.lock().horizon
    }

    /// Sets the horizon as it is stored.
    pub(crate) fn set_horizon(&self, horizon: u64) {
        self.lock().horizon = horizon;
    }

    /// How far the horizon could go now, at most to `target`, and what holds it back.
    pub(crate) fn bound(&self, target: u64, now: SystemTime, ages: Ages) -> (u64, String) {
        self.lock().bound(target, now, ages)
    }

    /// Raises the horizon to `target`, or as far as it can go; tells what held it back.
    pub(crate) fn raise(&self, target: u64, now: SystemTime, ages: Ages) -> (u64, String) {
        let mut state = self.lock();
        let (bound, why) = state.bound(target, now, ages);
        state.horizon = state.horizon.max(bound);
        (state.horizon, why)
    }

    /// Puts a consumer where it was when the log was last open. Its time to expire starts again.
    pub(crate) fn load_consumer(&self, name: String, sequence: u64, now: SystemTime) {
        let cursor = Cursor { sequence, streams: BTreeMap::new(), seen: now, changed: false };
        self.lock().consumers.insert(name, cursor);
    }

    /// A consumer opens a stream after a sequence; returns the stream's number.
    pub(crate) fn open_consumer(&self, name: &str, sequence: u64, now: SystemTime) -> u64 {
        let mut state = self.lock();
        let stream = state.next;
        state.next += 1;
        let new = || Cursor { sequence, streams: BTreeMap::new(), seen: now, changed: true };
        let cursor = state.consumers.entry(name.to_owned()).or_insert_with(new);
        cursor.streams.insert(stream, sequence);
        cursor.moved(now);
        stream
    }

    /// A stream of a consumer was sent everything up to a sequence. Without effect once it is closed.
    pub(crate) fn advance_consumer(&self, name: &str, stream: u64, sequence: u64, now: SystemTime) {
        if let Some(cursor) = self.lock().consumers.get_mut(name)
            && let Some(at) = cursor.streams.get_mut(&stream)
        {
            *at = sequence;
            cursor.moved(now);
        }
    }

    /// A stream of a consumer has ended.
    pub(crate) fn close_consumer(&self, name: &str, stream: u64, now: SystemTime) {
        if let Some(cursor) = self.lock().consumers.get_mut(name) {
            cursor.streams.remove(&stream);
            cursor.seen = now;
        }
    }

    /// Live consumers and how far each has come.
    pub(crate) fn consumers(&self, now: SystemTime, expiry: Duration) -> Vec<(String, u64)> {
        let state = self.lock();
        let live = state.consumers.iter().filter(|(_, cursor)| cursor.live(now, expiry));
        live.map(|(name, cursor)| (name.clone(), cursor.sequence)).collect()
    }

    /// Consumers that are to be written (with a sequence) or forgotten (without).
    pub(crate) fn take_changed(&self, now: SystemTime, expiry: Duration) -> Vec<(String, Option<u64>)> {
        let mut state = self.lock();
        let mut changed = Vec::new();
        state.consumers.retain(|name, cursor| {
            let live = cursor.live(now, expiry);
            if !live {
                changed.push((name.clone(), None));
            } else if std::mem::take(&mut cursor.changed) {
                changed.push((name.clone(), Some(cursor.sequence)));
            }
            live
        });
        changed
    }
}

/// After which time what does not move no longer holds compaction back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ages {
    /// Of a page token.
    pub(crate) token: Duration,
    /// Of a consumer.
    pub(crate) consumer: Duration,
}

impl State {
    fn bound(&self, target: u64, now: SystemTime, ages: Ages) -> (u64, String) {
        let mut bound = target;
        let mut why = String::new();
        let mut hold = |sequence: u64, what: &dyn Fn() -> String| {
            if sequence < bound {
                bound = sequence;
                why = what();
            }
        };
        for &(sequence, what) in self.reads.values() {
            hold(sequence, &|| format!("{what} as of {sequence}"));
        }
        for (&sequence, &used) in &self.tokens {
            if !expired(used, now, ages.token) {
                hold(sequence, &|| format!("a list as of {sequence}, of which more pages may be asked for"));
            }
        }
        for (name, cursor) in &self.consumers {
            if cursor.live(now, ages.consumer) {
                hold(cursor.sequence, &|| {
                    format!("the consumer `{name}`, which has come to {}", cursor.sequence)
                });
            }
        }
        (bound, why)
    }
}

impl Cursor {
    /// Of two streams under one name the one that is further behind counts.
    fn moved(&mut self, now: SystemTime) {
        self.sequence = self.streams.values().min().copied().unwrap_or(self.sequence);
        self.seen = now;
        self.changed = true;
    }

    fn live(&self, now: SystemTime, expiry: Duration) -> bool {
        !self.streams.is_empty() || !expired(self.seen, now, expiry)
    }
}

fn expired(used: SystemTime, now: SystemTime, after: Duration) -> bool {
    now.duration_since(used).is_ok_and(|age| age >= after)
}

impl Pin {
    /// Its number, for [`Pins::advance`].
    pub(crate) fn id(&self) -> u64 {
        self.id
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.pins.lock().reads.remove(&self.id);
    }
}
