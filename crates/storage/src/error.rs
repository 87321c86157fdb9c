use std::sync::Arc;

/// The result of a call on the log.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a citation does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CitationFault {
    /// The text at the span is not the quote.
    QuoteDiffers,
    /// The span is empty, beyond the text, or not on character boundaries.
    SpanOutOfText,
    /// There is no such document now.
    UnknownDocument,
}

/// What can go wrong with the log. Nothing was written if a call answers with one of these.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A request or record breaks a limit or rule.
    #[error("operation {operation}, record `{record}`: {field} {message}")]
    InvalidRecord {
        /// Index of the operation in the request.
        operation: usize,
        /// Name of the record, as given.
        record: String,
        /// The field at fault.
        field: &'static str,
        /// What is wrong with it, to be read after the field's name.
        message: String,
    },
    /// A derived record cites what the document does not say.
    #[error("operation {operation}, record `{record}` cites `{document}`: {message}")]
    Citation {
        /// What is wrong.
        fault: CitationFault,
        /// Index of the operation in the request.
        operation: usize,
        /// Name of the record.
        record: String,
        /// Name of the document.
        document: String,
        /// What is wrong, with the bytes.
        message: String,
    },
    /// The name belongs to another analyzer or group, or to a client.
    #[error("operation {operation}: record `{record}` belongs to {owner}")]
    OwnedByOther {
        /// Index of the operation in the request.
        operation: usize,
        /// Name of the record.
        record: String,
        /// To whom it belongs, in words.
        owner: String,
    },
    /// A precondition does not hold; read again.
    #[error("precondition {precondition} on `{name}` does not hold")]
    PreconditionFailed {
        /// Index of the precondition in the request.
        precondition: usize,
        /// Name of the record.
        name: String,
    },
    /// The group was derived from a later reading already.
    #[error("operation {operation} was read at {read_sequence}, the stored derivation at {stored}")]
    StaleRead {
        /// Index of the operation in the request.
        operation: usize,
        /// At which sequence the Replace was read.
        read_sequence: u64,
        /// At which sequence the stored derivation was read.
        stored: u64,
    },
    /// Another version or config is current now.
    #[error("operation {operation}: `{assignment}` is at sequence {found} now")]
    AssignmentChanged {
        /// Index of the operation in the request.
        operation: usize,
        /// Name of the record that says what is current.
        assignment: String,
        /// Its sequence now; zero if there is none.
        found: u64,
    },
    /// There is no such record at that sequence.
    #[error("there is no record `{name}`")]
    NoSuchRecord {
        /// Its name.
        name: String,
    },
    /// A name that no record can have.
    #[error("name `{name}` {message}")]
    InvalidName {
        /// The name.
        name: String,
        /// What is wrong with it.
        message: String,
    },
    /// A field mask that names no field of a record.
    #[error("`{path}` is not a field of a record")]
    InvalidMask {
        /// The path.
        path: String,
    },
    /// A page token of another request, or none at all.
    #[error("the page token is not one of this request: list again from the start")]
    InvalidPageToken,
    /// A number or argument of the request is out of its range.
    #[error("{what} {message}")]
    InvalidArgument {
        /// Which argument.
        what: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// More items than the limit.
    #[error("{count} {what}, where {limit} is the limit")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// The sequence is below the compaction horizon.
    #[error("sequence {sequence} is compacted: the horizon is at {horizon}")]
    Compacted {
        /// The sequence asked for.
        sequence: u64,
        /// The lowest sequence that can be read.
        horizon: u64,
    },
    /// The sequence is above head.
    #[error("sequence {sequence} is not yet written: the head is at {head}")]
    NotYet {
        /// The sequence asked for.
        sequence: i64,
        /// Sequence of the latest commit.
        head: u64,
    },
    /// The disk is full.
    #[error("failed to write: no space left on the disk; free some, then retry")]
    DiskFull,
    /// The server is stopping.
    #[error("the log is draining: retry elsewhere or later")]
    Draining,
    /// A backup is being restored.
    #[error("a backup is being restored: retry when that is done")]
    Restoring,
    /// A backup can only be restored into an empty log.
    #[error("the log is not empty: its head is at {head}; restore into a fresh data folder")]
    NotEmpty {
        /// Sequence of the latest commit.
        head: u64,
    },
    /// The backup is damaged or cut off.
    #[error("the backup is damaged at byte {offset}: {message}")]
    CorruptBackup {
        /// The byte at which the damaged part starts.
        offset: u64,
        /// What was found.
        message: String,
    },
    /// What is stored was written by a newer version.
    #[error("{what} has format {found}, and this version knows formats up to {known}: use a newer version")]
    NewerFormat {
        /// The data folder or the backup.
        what: &'static str,
        /// Its format.
        found: u32,
        /// The newest format known here.
        known: u32,
    },
    /// Stored bytes are not what was written.
    #[error("the log is damaged: {message}")]
    Corrupt {
        /// What was found.
        message: String,
    },
    /// The key-value store failed.
    #[error("failed to use the store")]
    Store(#[source] Arc<kv::Error>),
}

impl Error {
    /// A row that does not decode, or is not there.
    pub(crate) fn corrupt(message: impl Into<String>) -> Self {
        Self::Corrupt { message: message.into() }
    }

    /// The reason as the contract names it, for programs.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::InvalidRecord { .. } => "INVALID_RECORD",
            Self::Citation { fault: CitationFault::QuoteDiffers, .. } => "QUOTE_DIFFERS",
            Self::Citation { fault: CitationFault::SpanOutOfText, .. } => "SPAN_OUT_OF_TEXT",
            Self::Citation { fault: CitationFault::UnknownDocument, .. } => "UNKNOWN_DOCUMENT",
            Self::OwnedByOther { .. } => "OWNED_BY_OTHER",
            Self::PreconditionFailed { .. } => "PRECONDITION_FAILED",
            Self::StaleRead { .. } => "STALE_READ",
            Self::AssignmentChanged { .. } => "ASSIGNMENT_CHANGED",
            Self::NoSuchRecord { .. } => "NO_SUCH_RECORD",
            Self::InvalidName { .. } => "INVALID_NAME",
            Self::InvalidMask { .. } => "INVALID_MASK",
            Self::InvalidPageToken => "INVALID_PAGE_TOKEN",
            Self::InvalidArgument { .. } => "INVALID_ARGUMENT",
            Self::TooMany { .. } => "TOO_MANY",
            Self::Compacted { .. } => "COMPACTED",
            Self::NotYet { .. } => "NOT_YET",
            Self::DiskFull => "DISK_FULL",
            Self::Draining => "DRAINING",
            Self::Restoring => "RESTORING",
            Self::NotEmpty { .. } => "NOT_EMPTY",
            Self::CorruptBackup { .. } => "CORRUPT_BACKUP",
            Self::NewerFormat { .. } => "NEWER_FORMAT",
            Self::Corrupt { .. } => "CORRUPT",
            Self::Store(_) => "STORE",
        }
    }
}

impl From<kv::Error> for Error {
    fn from(error: kv::Error) -> Self {
        match error {
            kv::Error::DiskFull { .. } => Self::DiskFull,
            other => Self::Store(Arc::new(other)),
        }
    }
}
