//! What is measured.

pub(crate) mod findings;
pub(crate) mod import;
pub(crate) mod pipeline;
pub(crate) mod plugins;
pub(crate) mod read;
pub(crate) mod search;
pub(crate) mod wire;

use std::path::PathBuf;

use crate::texts::Texts;

/// What every case gets.
pub(crate) struct Context {
    /// The binary, with its plugins beside it.
    pub binary: PathBuf,
    /// A folder for stores and files, on the disk that is measured.
    pub scratch: PathBuf,
    /// How often each pair is measured.
    pub rounds: usize,
    /// Documents of the short cases.
    pub documents: u64,
    /// Documents of the one long case.
    pub corpus: u64,
    /// Bytes that are read in one round of the case `read`.
    pub read_bytes: usize,
    /// Calls of each kind in the case `read`.
    pub calls: usize,
    /// How long another recognizer reads in one round.
    pub peer_seconds: f64,
    /// The interpreter that has the other recognizers, if there is one.
    pub peers_python: Option<PathBuf>,
    /// Documents that are searched in the case `search`.
    pub searched: usize,
    /// How long the case `findings` goes on importing; absent: to its end.
    pub minutes: Option<std::time::Duration>,
    /// Makes the documents.
    pub texts: Texts,
}
