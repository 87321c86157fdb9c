//! What can be set from outside.

use std::time::Duration;

/// Sizes and times of the dataflow. The defaults suit a machine of any size; tests shorten the times.
#[derive(Clone, Debug)]
pub struct Config {
    /// Most groups of one analyzer that are known and unfinished; above it the feed is read no further.
    pub window_groups: usize,
    /// Groups read with one request, at most 1,000.
    pub read_groups: usize,
    /// Bytes of inputs of one analyzer that may be read ahead or in flight, and of results that wait for their commit.
    /// One group may exceed it.
    pub ready_bytes: usize,
    /// Most calls in flight at one provider for each call that its manifest says it takes at a time.
    pub calls_per_slot: u32,
    /// How long a call may wait at its provider behind others. It bounds the calls in flight once the analyzer's
    /// pace is known.
    pub queue_time: Duration,
    /// Most groups in one commit.
    pub commit_groups: usize,
    /// Bytes of output after which a commit is closed. One group may exceed it.
    pub commit_bytes: usize,
    /// How long a group waits, at most, for analyzers that write what it is made of and make no progress. While they do, it
    /// waits, so that it is analyzed once and not after each of them.
    pub upstream_stall: Duration,
    /// How long it waits for them, at most, even if they do make progress.
    pub upstream_patience: Duration,
    /// How long a finished group waits for others to share its commit, while others are in work.
    pub linger: Duration,
    /// After this time in flight a group is stored as pending, so that the cursor can pass it.
    pub soft_time: Duration,
    /// Added to the manifest's deadline before a call is given up from our side.
    pub deadline_grace: Duration,
    /// How often a group must break its provider while it is the only one in flight until it is called the culprit.
    pub lone_crashes: u32,
    /// How often a group is run again because what it cites was deleted meanwhile, or because a name that it emits belongs
    /// to somebody else, before that is a failure. The pauses before it double, from twice [`Config::backoff_first`]; where
    /// another group of the same analyzer has the name, there are none, and each time that one is made current first.
    pub reruns: u32,
    /// The first pause before a peer is tried again; it doubles with each failure.
    pub backoff_first: Duration,
    /// The longest such pause.
    pub backoff_last: Duration,
    /// How many sequences a cursor may run ahead of its stored record while nothing else is to be committed.
    pub cursor_lag: i64,
    /// Time for one answer of storage or registry.
    pub peer_timeout: Duration,
    /// How long work in flight may take at shutdown.
    pub drain: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            window_groups: 20_000,
            read_groups: 256,
            ready_bytes: 16 << 20,
            calls_per_slot: 32,
            queue_time: Duration::from_millis(250),
            commit_groups: 1024,
            commit_bytes: 8 << 20,
            upstream_stall: Duration::from_secs(5),
            upstream_patience: Duration::from_secs(600),
            linger: Duration::from_millis(25),
            soft_time: Duration::from_secs(10),
            deadline_grace: Duration::from_secs(5),
            lone_crashes: 3,
            reruns: 5,
            backoff_first: Duration::from_millis(20),
            backoff_last: Duration::from_secs(5),
            cursor_lag: 4096,
            peer_timeout: Duration::from_secs(60),
            drain: Duration::from_secs(10),
        }
    }
}

/// The pause before the next try: doubles from the first to the last.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    first: Duration,
    last: Duration,
    next: Duration,
}

impl Backoff {
    pub(crate) fn new(config: &Config) -> Self {
        Self { first: config.backoff_first, last: config.backoff_last, next: config.backoff_first }
    }

    /// The pause to take now.
    pub(crate) fn pause(&mut self) -> Duration {
        let now = self.next;
        self.next = (now * 2).min(self.last);
        now
    }

    /// After a success.
    pub(crate) fn reset(&mut self) {
        self.next = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_up_to_the_last_and_starts_over() {
        let config = Config {
            backoff_first: Duration::from_millis(10),
            backoff_last: Duration::from_millis(25),
            ..Config::default()
        };
        let mut backoff = Backoff::new(&config);
        let pauses: Vec<_> = (0..4).map(|_| backoff.pause().as_millis()).collect();
        assert_eq!(pauses, [10, 20, 25, 25]);
        backoff.reset();
        assert_eq!(backoff.pause().as_millis(), 10);
    }
}
