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
    #[error(
        "the index folder {folder} cannot be used; make room on its disk and give this user the right to read and write all in it"
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        #[source]
        source: std::sync::Arc<std::io::Error>,
    },
    /// Another service does not answer, or not now; the same may be tried again.
    #[error("{peer} cannot be reached: {message}")]
    Unreachable {
        /// Which.
        peer: &'static str,
        /// What was heard.
        message: String,
    },
    /// Another service answered that it will not do this.
    #[error("{peer} refuses: {message}")]
    Refused {
        /// Which.
        peer: &'static str,
        /// The reason in its `ErrorInfo`; the name of the status code if there was none.
        reason: String,
        /// A sentence for people.
        message: String,
    },
    /// There is no index yet.
    #[error(
        "the index is being made ({records} records, up to sequence {sequence} of {head}); ask again later"
    )]
    Building {
        /// Up to where the log is in it.
        sequence: i64,
        /// The head of the log.
        head: i64,
        /// How many records are in it.
        records: u64,
    },
    /// A sequence was named that no commit has reached.
    #[error("sequence {sequence} is above the head of the log, {head}; pass one that a commit was given")]
    NotYet {
        /// What was named.
        sequence: i64,
        /// The latest.
        head: i64,
    },
    /// What happened after the sequence is no longer known in full.
    #[error(
        "what happened after sequence {0} is no longer in the log; query for what answers now, and watch from the head"
    )]
    Compacted(i64),
    /// There is no topic of that name.
    #[error("there is no topic `{0}`; list the topics to see which there are")]
    NoSuchTopic(String),
    /// The topic was removed while it was watched.
    #[error("the topic `{0}` was removed")]
    TopicRemoved(String),
    /// The query of a topic cannot be read any more.
    #[error("the topic `{topic}` cannot be matched: {source}; save it anew")]
    BrokenTopic {
        /// Its resource name.
        topic: String,
        /// Why.
        #[source]
        source: QueryError,
    },
    /// More watchers than the service takes.
    #[error(
        "{0} topics are being watched already, and more are not allowed; end one, or watch topics together in one query"
    )]
    TooManyWatchers(usize),
    /// A new index is being made already.
    #[error("a new index is being made already; ask for the status to see how far it is")]
    Rebuilding,
    /// The service is stopping.
    #[error("the service is stopping; try again later or elsewhere")]
    Draining,
    /// The index broke while it was in use: the disk is full, or a file was changed. Open it again; what is damaged is
    /// thrown away then.
    #[error("the index broke")]
    Broken(#[from] tantivy::TantivyError),
}
