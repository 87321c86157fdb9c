//! The contract of a backend: six operations, which etcd has too.
//!
//! A backend keeps rows: keys (printable ASCII, at most [`MAX_KEY`] bytes) with values, some bound to a lease. It
//! knows nothing of catalogs, instances or incarnations. Rows change in transactions that get one revision each.
//!
//! For etcd: [`Backend::commit`] is a `Txn` with compares on `mod_revision` (over a range for [`Check::NotAfter`]);
//! [`Backend::list`] a `Range` at a revision; leases are its leases; [`Backend::watch`] is its watch with `prev_kv`. It
//! gives no reason for a deletion: such a backend writes the reason as a row of its own in the same transaction and
//! folds both into one [`Change`]; a deletion without such a row is an expiry.

use std::time::Duration;

use api::registry::GoneReason;
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;

use crate::Result;

/// The longest key of a row, in bytes.
pub const MAX_KEY: usize = 512;

/// Names a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LeaseId(pub u64);

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: Bytes,
    /// Revision of its first write since it was last absent.
    pub create_revision: i64,
    /// Revision of its last write.
    pub revision: i64,
    /// The lease it goes with.
    pub lease: Option<LeaseId>,
}

/// A condition of a transaction.
#[derive(Clone, Debug)]
pub enum Check {
    /// The row's last write has this revision; zero: there is no such row.
    Revision {
        /// The row.
        key: String,
        /// The revision.
        revision: i64,
    },
    /// No row that starts so was written after this revision. Deletions are not seen.
    NotAfter {
        /// How the keys start.
        prefix: String,
        /// The revision.
        revision: i64,
    },
}

/// A change of a transaction. A key stands at most once in one.
#[derive(Clone, Debug)]
pub enum Write {
    /// Writes a row; it leaves the lease that it had.
    Put {
        /// Its key.
        key: String,
        /// Its value.
        value: Bytes,
        /// The lease it goes with.
        lease: Option<LeaseId>,
    },
    /// Deletes a row, if it is there.
    Delete {
        /// Its key.
        key: String,
        /// Why.
        reason: GoneReason,
    },
}

/// Changes that happen together, if all conditions hold, or not at all.
#[derive(Clone, Debug, Default)]
pub struct Txn {
    /// The conditions.
    pub checks: Vec<Check>,
    /// The changes; at least one.
    pub writes: Vec<Write>,
}

/// What became of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It happened, at this revision.
    Committed(i64),
    /// A condition does not hold, or a lease that a row was to go with is gone. Nothing happened.
    Conflict,
}

/// Which rows.
#[derive(Clone, Debug)]
pub enum Span {
    /// The row of this key.
    One(String),
    /// Rows whose keys start so.
    Prefix(String),
}

impl Span {
    /// True if a key lies in it.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        match self {
            Self::One(one) => key == one,
            Self::Prefix(prefix) => key.starts_with(prefix.as_str()),
        }
    }
}

/// What to list.
#[derive(Clone, Debug)]
pub struct Query {
    /// Which rows.
    pub span: Span,
    /// As of this revision; absent: now.
    pub at: Option<i64>,
    /// Only keys after this one.
    pub after: Option<String>,
    /// At most so many rows.
    pub limit: usize,
}

/// Rows of one revision.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The revision.
    pub revision: i64,
    /// The rows, by key.
    pub rows: Vec<Row>,
    /// True if there are more.
    pub more: bool,
}

/// A row that changed.
#[derive(Clone, Debug)]
pub struct Change {
    /// The row now; absent: it was deleted.
    pub row: Option<Row>,
    /// The row before; absent: there was none.
    pub previous: Option<Row>,
    /// Why it was deleted; unspecified if it was not.
    pub reason: GoneReason,
}

/// All changes of one transaction.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Its revision.
    pub revision: i64,
    /// What changed, by key.
    pub changes: Vec<Change>,
}

impl Commit {
    /// Bytes of all values in it.
    pub(crate) fn bytes(&self) -> usize {
        let size = |row: &Option<Row>| row.as_ref().map_or(0, |row| row.key.len() + row.value.len());
        self.changes.iter().map(|change| size(&change.row) + size(&change.previous)).sum()
    }
}

/// Commits as they happen, in order and none left out.
pub type Commits = BoxStream<'static, Result<std::sync::Arc<Commit>>>;

/// Keeps rows, leases and revisions.
///
/// Every call is linearizable; dropping the future of one that changes something does not undo it. Any call may fail
/// with [`crate::Error::Store`].
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// Name of the backend, for people: `embedded on sled`.
    fn describe(&self) -> String;

    /// Made at the first start, kept ever since.
    fn cluster_id(&self) -> &str;

    /// Applies a transaction and returns once it is durable.
    ///
    /// # Errors
    /// Only those of the store: a condition that does not hold is an [`Outcome`].
    async fn commit(&self, txn: Txn) -> Result<Outcome>;

    /// Lists rows.
    ///
    /// # Errors
    /// [`crate::Error::Compacted`] if `at` is not kept, or above the present revision.
    async fn list(&self, query: Query) -> Result<Listing>;

    /// Grants a lease: rows bound to it stay at least for `ttl` after its last renewal, and are gone at the latest 3 s
    /// after that, with [`GoneReason::Expired`]. After a restart every lease that has rows gets its full TTL again.
    ///
    /// # Errors
    /// [`crate::Error::Random`].
    async fn grant(&self, ttl: Duration) -> Result<LeaseId>;

    /// Renews a lease and tells its TTL; `None` if its TTL ran out or it never was.
    ///
    /// # Errors
    /// None of its own.
    async fn renew(&self, lease: LeaseId) -> Result<Option<Duration>>;

    /// Ends a lease and deletes its rows; does nothing if it is gone.
    ///
    /// # Errors
    /// None of its own.
    async fn revoke(&self, lease: LeaseId, reason: GoneReason) -> Result<()>;

    /// All commits after a revision. The stream ends with [`crate::Error::SlowWatcher`] if its reader lags behind
    /// what is kept, and with [`crate::Error::Draining`] when the registry is stopped.
    ///
    /// # Errors
    /// [`crate::Error::Compacted`] if commits after `after` are not kept, or it is above the present revision.
    async fn watch(&self, after: i64) -> Result<Commits>;

    /// Ends all watches, and returns once no change is under way.
    async fn drain(&self);
}
