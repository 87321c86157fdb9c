//! What can go wrong.

/// Why a call to this service or from it failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A peer does not answer, or not now; the same may be tried again.
    #[error("reach {peer}: {message}")]
    Unavailable {
        /// Name of the peer's service.
        peer: &'static str,
        /// What was heard.
        message: String,
    },
    /// A peer answered that it will not do this.
    #[error("have {peer} do it: {reason}: {message}")]
    Refused {
        /// Name of the peer's service.
        peer: &'static str,
        /// The reason in its `ErrorInfo`; empty if there was none.
        reason: String,
        /// Index of the operation at fault, where one is.
        operation: Option<usize>,
        /// Name of the record at fault; empty if none is.
        record: String,
        /// A sentence for people.
        message: String,
    },
    /// A sequence was asked for that no commit has reached.
    #[error("wait for sequence {sequence}: the latest is {head}")]
    NotYet {
        /// What was asked for.
        sequence: i64,
        /// The latest.
        head: i64,
    },
    /// A failure was named that is not listed.
    #[error("find {0:?} among the failures")]
    NoSuchFailure(String),
    /// A page token is not one of this request.
    #[error("read the page token: {0}")]
    InvalidPageToken(String),
    /// The service is stopping.
    #[error("begin anything new: the service is stopping")]
    Draining,
}

impl Error {
    /// The reason in the peer's `ErrorInfo`, or nothing.
    pub(crate) fn reason(&self) -> &str {
        match self {
            Self::Refused { reason, .. } => reason,
            _ => "",
        }
    }
}

/// Short for a result with this crate's error.
pub type Result<T> = std::result::Result<T, Error>;
