use std::path::PathBuf;

/// What can go wrong with a store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A precondition of a batch does not hold; nothing was written.
    #[error("check {index} of the batch does not hold")]
    CheckFailed {
        /// Index into [`crate::Batch::checks`].
        index: usize,
    },
    /// A key or value is over its limit; nothing was written.
    #[error("{what} of {length} bytes is over the limit of {limit}")]
    TooLong {
        /// `key` or `value`.
        what: &'static str,
        /// Its length in bytes.
        length: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Another process has the folder open.
    #[error("{} is in use by another process", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// There is no space left; nothing was written.
    #[error("no space left on the disk of {}", path.display())]
    DiskFull {
        /// The folder.
        path: PathBuf,
    },
    /// Stored bytes are not what was written.
    #[error("damaged data in {}: {message}", path.display())]
    Corrupt {
        /// The folder.
        path: PathBuf,
        /// What was found.
        message: String,
    },
    /// The operating system refused a read or write.
    #[error("failed to access {}", path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// The result of a call on a store.
pub type Result<T> = std::result::Result<T, Error>;
