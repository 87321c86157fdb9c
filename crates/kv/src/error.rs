use std::io;
use std::path::{Path, PathBuf};

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
    /// A key, a value or a whole batch is over its limit; nothing was written.
    #[error("{what} of {length} bytes is over the limit of {limit}")]
    TooLong {
        /// `key`, `value` or `batch`.
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
    /// There is no space left; nothing was written, and the commit can be repeated once there is.
    #[error("no space left on the disk of {}", path.display())]
    DiskFull {
        /// The folder.
        path: PathBuf,
    },
    /// Stored bytes are not what was written.
    #[error("damaged data in {}: {message}", path.display())]
    Corrupt {
        /// The folder or file.
        path: PathBuf,
        /// What was found.
        message: String,
    },
    /// The folder was written by a newer program.
    #[error("{} has format {found}, and this program knows formats up to {known}: use a newer one", path.display())]
    Newer {
        /// The file whose format is not known.
        path: PathBuf,
        /// Its format.
        found: u8,
        /// The newest format that this program knows.
        known: u8,
    },
    /// An earlier write failed in such a way that nothing more can be promised. What was acknowledged is safe.
    #[error("writing to {} has stopped ({reason}); mend the disk and restart", path.display())]
    Halted {
        /// The folder.
        path: PathBuf,
        /// What failed.
        reason: String,
    },
    /// The operating system refused a read or write.
    #[error("failed to access {}", path.display())]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// The error of a call to the operating system on `path`.
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path: path.into() },
            _ => Self::Io { path: path.into(), source },
        }
    }

    pub(crate) fn corrupt(path: &Path, message: impl Into<String>) -> Self {
        Self::Corrupt { path: path.into(), message: message.into() }
    }

    /// The same error for another waiting caller.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::CheckFailed { index } => Self::CheckFailed { index: *index },
            Self::TooLong { what, length, limit } => Self::TooLong { what, length: *length, limit: *limit },
            Self::InUse { path } => Self::InUse { path: path.clone() },
            Self::DiskFull { path } => Self::DiskFull { path: path.clone() },
            Self::Corrupt { path, message } => Self::corrupt(path, message.clone()),
            Self::Newer { path, found, known } => {
                Self::Newer { path: path.clone(), found: *found, known: *known }
            }
            Self::Halted { path, reason } => Self::Halted { path: path.clone(), reason: reason.clone() },
            Self::Io { path, source } => {
                let source = io::Error::new(source.kind(), source.to_string());
                Self::Io { path: path.clone(), source }
            }
        }
    }
}

/// The result of a call on a store.
pub type Result<T> = std::result::Result<T, Error>;
