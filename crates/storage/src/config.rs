use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Tells the time of commits. Tests hand in one of their own.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// The clock of the machine.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(SystemTime::now)
}

/// How the log is to work. Limits of the contract itself are constants in [`crate::limits`].
#[derive(Clone, Debug)]
pub struct Config {
    /// A group commit is closed at this many records (imports only).
    pub group_records: usize,
    /// A group commit of imports waits at most this long for more.
    pub group_wait: Duration,
    /// Requests that wait to be written; more wait at their senders.
    pub queue_requests: usize,
    /// Bytes of requests that are prepared or wait to be written; more wait at their senders.
    pub queue_bytes: usize,
    /// Import requests of one stream that are unanswered at a time.
    pub import_window: usize,
    /// Bytes of decoded records that are kept for reading again.
    pub cache_bytes: usize,
    /// A named consumer without a stream is forgotten after this long.
    pub consumer_expiry: Duration,
    /// A page token holds compaction for this long after its last use.
    pub page_token_expiry: Duration,
    /// The longest time between two messages of the feed.
    pub progress_interval: Duration,
    /// Level of zstd at which records are stored. A negative one is fast and leaves single characters as they are.
    pub compression_level: i32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            group_records: 512,
            group_wait: Duration::from_millis(5),
            queue_requests: 256,
            queue_bytes: 64 << 20,
            import_window: 64,
            cache_bytes: 16 << 20,
            consumer_expiry: Duration::from_secs(24 * 3600),
            page_token_expiry: Duration::from_secs(600),
            progress_interval: Duration::from_secs(10),
            compression_level: -3,
        }
    }
}

/// The limits of the contract.
pub mod limits {
    /// Operations of one commit.
    pub const OPERATIONS: usize = 4096;
    /// Records of one import request.
    pub const IMPORT_RECORDS: usize = 512;
    /// Bytes of one encoded record.
    pub const RECORD_BYTES: usize = 4 << 20;
    /// Bytes of a name.
    pub const NAME_BYTES: usize = 256;
    /// Bytes of a kind.
    pub const KIND_BYTES: usize = 256;
    /// Keys of a record.
    pub const KEYS: usize = 1024;
    /// Bytes of a key.
    pub const KEY_BYTES: usize = 512;
    /// Citations of a record.
    pub const CITATIONS: usize = 65_536;
    /// Bytes of an analyzer's name, of a version, of a config digest, of an input hash, of a consumer's name.
    pub const LABEL_BYTES: usize = 128;
    /// Bytes of a group: a name, or a key.
    pub const GROUP_BYTES: usize = KEY_BYTES;
    /// Names of a batch get, values of a group read, records of a page.
    pub const ITEMS: usize = 1000;
    /// Records of a page if none is asked for.
    pub const DEFAULT_PAGE: usize = 100;
    /// Keys of a list.
    pub const LIST_KEYS: usize = 8;
    /// Bytes of records in one answer.
    pub const ANSWER_BYTES: usize = 12 << 20;
    /// Bytes of one part of a commit in the feed, or of a group.
    pub const PART_BYTES: usize = 1 << 20;
    /// Records of a group if no limit is given.
    pub const GROUP_RECORDS: usize = 100_000;
    /// Encoded bytes of a group if no limit is given.
    pub const GROUP_BYTES_READ: u64 = 64 << 20;
    /// Bytes of a gRPC message.
    pub const MESSAGE_BYTES: usize = 16 << 20;
}
