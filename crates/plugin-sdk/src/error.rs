//! What can go wrong inside an analyzer.

use std::fmt::Display;

/// Why a config is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    /// A refusal that says what is wrong and how to mend it.
    pub fn new(reason: impl Display) -> Self {
        Self(reason.to_string())
    }
}

/// Why a group can not be analyzed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnalyzeError {
    /// The input is refused, and will be refused again.
    #[error("the input is refused: {0}")]
    InvalidInput(String),
    /// The analyzer failed for a reason of its own.
    #[error("the analyzer failed: {0}")]
    Internal(String),
    /// Nobody wants the answer any more.
    #[error("the call was cancelled")]
    Cancelled,
    /// More was emitted than the manifest's limits allow.
    #[error("the call emitted more than its limits allow")]
    OverLimit,
}

impl AnalyzeError {
    /// Refuses the input, for now and later.
    pub fn invalid_input(reason: impl Display) -> Self {
        Self::InvalidInput(reason.to_string())
    }

    /// Fails for a reason of the analyzer's own.
    pub fn internal(reason: impl Display) -> Self {
        Self::Internal(reason.to_string())
    }
}
