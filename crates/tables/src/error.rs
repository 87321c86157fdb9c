//! What goes wrong with a whole table; what goes wrong with a row is a [`Refusal`](crate::Refusal).

/// Why a table cannot be read, or not to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The mapping is not what `docs/table-formats.md` describes.
    #[error("{file}: {what}")]
    Mapping {
        /// The mapping's file.
        file: String,
        /// What is wrong, where, and how to mend it.
        what: String,
    },
    /// The file cannot be opened or read.
    #[error("{file} cannot be read: {source}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is no table of a known form, or over a limit.
    #[error("{file}: {what}")]
    Table {
        /// The file.
        file: String,
        /// What is wrong, where, and how to mend it.
        what: String,
    },
    /// The mapping and the header do not fit together.
    #[error("{file}: {what}")]
    Header {
        /// The file.
        file: String,
        /// What is wrong, and how to mend it.
        what: String,
    },
}
