//! What is measured.

pub(crate) mod import;
pub(crate) mod pipeline;
pub(crate) mod plugins;
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
    /// Makes the documents.
    pub texts: Texts,
}
