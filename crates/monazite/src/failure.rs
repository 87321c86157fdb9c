//! How a command fails: a sentence for people and an exit code for programs.

use std::fmt;

/// What went wrong, as far as the exit code tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Anything else.
    Failed = 1,
    /// The arguments contradict each other.
    Usage = 2,
    /// No server answers, it refuses the token, or it is not ready yet.
    NoServer = 3,
    /// Some of the input was refused.
    PartlyRefused = 4,
    /// There is no such thing.
    NotFound = 5,
}

/// An error with an exit code of its own.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    message: String,
}

impl Failure {
    /// An error that says `message`.
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// What went wrong: the kind of the first [`Failure`] among an error's causes.
pub(crate) fn kind(error: &anyhow::Error) -> Kind {
    error.chain().find_map(|cause| cause.downcast_ref::<Failure>()).map_or(Kind::Failed, |f| f.kind)
}

/// The exit code of an error.
pub(crate) fn exit_code(error: &anyhow::Error) -> u8 {
    kind(error) as u8
}
