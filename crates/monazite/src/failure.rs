//! How a command fails: a sentence for people and an exit code for programs.

use std::fmt;

/// What went wrong, as far as the exit code tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Anything else.
    Failed = 1,
    /// The arguments contradict each other.
    Usage = 2,
    /// No server answers, or it refuses the token.
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

/// The exit code of an error: that of the first [`Failure`] among its causes.
pub(crate) fn exit_code(error: &anyhow::Error) -> u8 {
    let kind =
        error.chain().find_map(|cause| cause.downcast_ref::<Failure>()).map_or(Kind::Failed, |f| f.kind);
    kind as u8
}
