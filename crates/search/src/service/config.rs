use std::path::PathBuf;
use std::time::Duration;

use crate::index;
use crate::query::Limits;

/// How the service works.
#[derive(Clone, Debug)]
pub struct Config {
    /// Its folder, which it has for itself.
    pub folder: PathBuf,
    /// How the index is written.
    pub index: index::Config,
    /// How large a query may be.
    pub limits: Limits,
    /// The name under which storage keeps what this service has yet to read; 1 to 128 bytes.
    pub consumer: String,
    /// Changes that are taken from the feed at a time, about.
    pub batch_changes: usize,
    /// Bytes of documents that are kept at hand, for what is derived of them soon after.
    pub cache_bytes: usize,
    /// After how long a commit is due while there is more in the log than the index can follow at once.
    pub hurry: Duration,
    /// How long a question waits for the sequence that it asks for.
    pub wait: Duration,
    /// How long storage may take to answer.
    pub peer_timeout: Duration,
    /// The first pause after storage could not be reached; it doubles up to the last.
    pub backoff_first: Duration,
    /// The longest pause.
    pub backoff_last: Duration,
    /// Topics that may be watched at a time.
    pub watchers: usize,
    /// After how long without a commit the place in the log is made durable, though nothing was indexed.
    pub idle_commit: Duration,
    /// After how long without a commit small segments of the index are merged.
    pub rest: Duration,
}

impl Config {
    /// The usual settings for a folder.
    #[must_use]
    pub fn new(folder: PathBuf) -> Config {
        Config {
            folder,
            index: index::Config { memory: 32 << 20, ..index::Config::default() },
            limits: Limits { bytes: 64 << 10, terms: 1_024, ..Limits::default() },
            consumer: "search".to_owned(),
            batch_changes: 1_000,
            cache_bytes: 16 << 20,
            hurry: Duration::from_secs(1),
            wait: Duration::from_secs(10),
            peer_timeout: Duration::from_secs(30),
            backoff_first: Duration::from_millis(20),
            backoff_last: Duration::from_secs(5),
            watchers: 64,
            idle_commit: Duration::from_secs(60),
            rest: Duration::from_secs(2),
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
    pub(crate) fn new(config: &Config) -> Backoff {
        Backoff { first: config.backoff_first, last: config.backoff_last, next: config.backoff_first }
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
