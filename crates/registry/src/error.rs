/// What can go wrong in a registry.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An entry's revision is not the expected one.
    #[error("{name} is at revision {actual}, not {expected}; read it again")]
    RevisionConflict {
        /// The entry.
        name: String,
        /// What the caller expected; zero: that it does not exist.
        expected: i64,
        /// What it is; zero: it does not exist.
        actual: i64,
    },
    /// The analyzer's kinds would feed back into themselves.
    #[error("analyzer {analyzer} would feed back into itself: {path}")]
    Cycle {
        /// The analyzer that was to be registered.
        analyzer: String,
        /// Kinds and analyzers in turn, from a kind back to it.
        path: String,
    },
    /// This version is registered with another manifest.
    #[error("{name} is registered with another manifest; raise the version")]
    VersionChanged {
        /// The entry.
        name: String,
    },
    /// An entry breaks a rule.
    #[error("invalid entry: {field} {message}")]
    InvalidEntry {
        /// Path of the field.
        field: String,
        /// What is wrong with it.
        message: String,
    },
    /// There is no such entry.
    #[error("no entry {name}")]
    NoSuchEntry {
        /// Its name.
        name: String,
    },
    /// A page token was not made by this list of this cluster.
    #[error("invalid page token; list from the start")]
    InvalidPageToken,
    /// What lies at that revision is not kept any more.
    #[error(
        "revision {revision} is not kept; the oldest is {compact_revision}, start from the present state"
    )]
    Compacted {
        /// What was asked for.
        revision: i64,
        /// The oldest from which changes are kept.
        compact_revision: i64,
    },
    /// An instance breaks a rule.
    #[error("invalid instance: {field} {message}")]
    InvalidInstance {
        /// Path of the field.
        field: String,
        /// What is wrong with it.
        message: String,
    },
    /// A newer incarnation took the place.
    #[error(
        "incarnation {incarnation} of {instance_id} is registered; stop, or start with a newer incarnation"
    )]
    Fenced {
        /// The instance.
        instance_id: String,
        /// The incarnation that holds the place; zero if it is gone again.
        incarnation: i64,
    },
    /// The lease ran out or never was.
    #[error("lease {lease_id} is gone; register again with a newer incarnation")]
    LeaseExpired {
        /// The lease.
        lease_id: String,
    },
    /// No such instance is alive.
    #[error("no instance {instance_id} is alive")]
    NoSuchInstance {
        /// Its id.
        instance_id: String,
    },
    /// A state was told in a way that is not allowed.
    #[error("invalid state: {field} {message}")]
    InvalidState {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        message: &'static str,
    },
    /// It does not say whom to find.
    #[error("invalid target: {field} {message}")]
    InvalidTarget {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        message: &'static str,
    },
    /// It does not say what to follow.
    #[error("invalid watch: {field} {message}")]
    InvalidWatch {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        message: &'static str,
    },
    /// A watcher fell behind what is kept.
    #[error("the watcher fell behind; resume after revision {last_revision} or start from the present state")]
    SlowWatcher {
        /// The last revision that was sent whole.
        last_revision: i64,
    },
    /// The registry is being stopped.
    #[error("the registry is being stopped; reconnect")]
    Draining,
    /// Too many others changed the same at the same time.
    #[error("too many concurrent changes; try again")]
    Contended,
    /// A config under which a promise could not be kept.
    #[error("invalid registry config: {field} {message}")]
    Config {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// Stored bytes are not what was written.
    #[error("damaged registry row {key}: {message}; restore the data folder from a backup")]
    Damaged {
        /// The row.
        key: String,
        /// What was found.
        message: String,
    },
    /// The stored registry was written by a newer program.
    #[error("the stored registry has format {found}, this program knows {known}; use a newer program")]
    NewerFormat {
        /// What is stored.
        found: u64,
        /// What this program knows.
        known: u64,
    },
    /// The operating system gave no random bytes.
    #[error("failed to get random bytes: {0}")]
    Random(getrandom::Error),
    /// The store failed.
    #[error("failed to store")]
    Store(#[from] kv::Error),
}

/// The result of a call on a registry.
pub type Result<T> = std::result::Result<T, Error>;
