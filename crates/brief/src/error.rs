//! What can go wrong.

/// Why no brief can be made.
#[derive(Debug, thiserror::Error)]
pub enum BriefError {
    /// A record's body cannot be read.
    #[error("{record} holds no readable {kind}")]
    Body {
        /// Name of the record.
        record: String,
        /// Full name of its kind.
        kind: String,
        /// What the body lacks.
        #[source]
        source: prost::DecodeError,
    },
}
