use std::path::PathBuf;

use crate::answer::PageError;
use crate::query::QueryError;

/// The result of a call on the index.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong with a search. Fragments, to be read after «failed to ...».
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The query cannot be read or is too large.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The page token is not of this question, or of no state that is still held.
    #[error(transparent)]
    Page(#[from] PageError),
    /// A request breaks a limit.
    #[error("{field} {message}")]
    Request {
        /// The field at fault.
        field: &'static str,
        /// What is wrong with it and what to give instead.
        message: String,
    },
    /// The index has not yet followed the log so far. Ask again later, or wait for it.
    #[error("the index is at sequence {at} and {wanted} was asked for; ask again later")]
    Behind {
        /// The sequence up to which everything is indexed.
        at: i64,
        /// The sequence asked for.
        wanted: i64,
    },
    /// Another process, or another part of this one, writes to the folder.
    #[error("the index folder {folder} is in use; stop the other process, or give each its own folder")]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder holds what is not ours, so it is not thrown away.
    #[error(
        "{folder} holds {file}, which is no part of a search index; give an empty folder, or take the file away"
    )]
    NotOurs {
        /// The folder.
        folder: PathBuf,
        /// A file in it.
        file: String,
    },
    /// The folder cannot be read or written.
    #[error("the index folder {folder} cannot be used")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        #[source]
        source: std::sync::Arc<std::io::Error>,
    },
    /// The index broke while it was in use: the disk is full, or a file was changed. Open it again; what is damaged is
    /// thrown away then.
    #[error("the index broke")]
    Broken(#[from] tantivy::TantivyError),
}
