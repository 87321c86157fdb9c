//! The folder of an index: whether it can be used, and throwing it away if not.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::TantivyError;
use tantivy::directory::error::LockError;
use tantivy::index::SegmentComponent;

use super::stamp::Stamp;
use crate::error::{Error, Result};
use crate::schema::{Columns, FORMAT};

const META: &str = "meta.json";
const MANAGED: &str = ".managed.json";

/// Why an index is filled from the beginning of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rebuild {
    /// There was none.
    New,
    /// Files are missing or damaged; with the first of them, or what was wrong.
    Damaged(String),
    /// It was made by another version of this program.
    Format(u32),
    /// It was made with other analyzers or another lexicon.
    MadeOtherwise,
}

impl fmt::Display for Rebuild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rebuild::New => f.write_str("there was none"),
            Rebuild::Damaged(what) => write!(f, "it is damaged: {what}"),
            Rebuild::Format(format) => write!(f, "it has format {format}, not {FORMAT}"),
            Rebuild::MadeOtherwise => f.write_str("it was made with other analyzers or another lexicon"),
        }
    }
}

/// Why a folder cannot be used as it is.
pub(super) enum Unusable {
    /// It must be emptied.
    Rebuild(Rebuild),
    /// It must be left alone.
    Error(Error),
}

/// Makes the folder, and refuses one that holds what is not ours.
pub(super) fn prepare(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|error| broken(path, error))?;
    for file in files(path)? {
        if !is_ours(&file) {
            return Err(Error::NotOurs { folder: path.to_owned(), file });
        }
    }
    Ok(())
}

/// Opens what is in the folder, if all of it is there and whole.
pub(super) fn open(path: &Path, made_with: &str) -> Result<tantivy::Index, Unusable> {
    let damaged = |what: String| Unusable::Rebuild(Rebuild::Damaged(what));
    let files = files(path).map_err(Unusable::Error)?;
    let has = |name: &str| files.iter().any(|file| file == name);
    // A lock alone is left by a process that died before it wrote anything.
    if files.iter().all(|file| file.ends_with(".lock")) {
        return Err(Unusable::Rebuild(Rebuild::New));
    }
    for name in [META, MANAGED] {
        if !has(name) {
            return Err(damaged(format!("{name} is missing")));
        }
    }
    let index = tantivy::Index::open_in_dir(path).map_err(|error| unusable(path, error))?;
    let meta = index.load_metas().map_err(|error| unusable(path, error))?;
    let Some(stamp) = Stamp::of(&meta) else {
        return Err(damaged("it has no whole commit of ours".to_owned()));
    };
    if stamp.format != FORMAT {
        return Err(Unusable::Rebuild(Rebuild::Format(stamp.format)));
    }
    if stamp.made_with != made_with || index.schema() != Columns::build().0 {
        return Err(Unusable::Rebuild(Rebuild::MadeOtherwise));
    }
    checksums(&index, &meta)?;
    Ok(index)
}

/// Compares the checksum of every file of every segment; none of them may be missing.
fn checksums(index: &tantivy::Index, meta: &tantivy::IndexMeta) -> Result<(), Unusable> {
    use SegmentComponent::{Delete, FastFields, FieldNorms, Positions, Postings, Store, Terms};
    for segment in &meta.segments {
        for component in [Postings, Positions, FastFields, FieldNorms, Terms, Store, Delete] {
            if matches!(component, Delete) && !segment.has_deletes() {
                continue;
            }
            let file = segment.relative_path(component);
            if !index.directory().validate_checksum(&file).unwrap_or(false) {
                let what = format!("{} is missing or does not have its checksum", file.display());
                return Err(Unusable::Rebuild(Rebuild::Damaged(what)));
            }
        }
    }
    Ok(())
}

/// What an error on opening says about the folder: that it is damaged, or something that throwing away does not mend.
pub(super) fn why(path: &Path, error: Error) -> Result<Rebuild> {
    let Error::Broken(error) = error else { return Err(error) };
    match unusable(path, error) {
        Unusable::Rebuild(rebuild) => Ok(rebuild),
        Unusable::Error(error) => Err(error),
    }
}

fn unusable(path: &Path, error: TantivyError) -> Unusable {
    use tantivy::directory::error::OpenReadError;
    match error {
        TantivyError::LockFailure(LockError::LockBusy, _) => {
            Unusable::Error(Error::Busy { folder: path.to_owned() })
        }
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
        | TantivyError::IoError(io_error)
            if denied(&io_error) =>
        {
            Unusable::Error(Error::Folder { folder: path.to_owned(), source: io_error })
        }
        TantivyError::LockFailure(..)
        | TantivyError::OpenDirectoryError(_)
        | TantivyError::SystemError(_)
        | TantivyError::InvalidArgument(_) => Unusable::Error(Error::Broken(error)),
        other => Unusable::Rebuild(Rebuild::Damaged(other.to_string())),
    }
}

/// Errors that say nothing about what is in a file.
fn denied(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, OutOfMemory, PermissionDenied, QuotaExceeded, StorageFull};
    matches!(error.kind(), PermissionDenied | OutOfMemory | StorageFull | QuotaExceeded | Interrupted)
}

/// Removes all files of the index. The caller knows that they are ours.
pub(super) fn empty(path: &Path) -> Result<()> {
    for file in files(path)? {
        // A lock that another process waits for must stay the same file.
        if is_ours(&file) && !file.ends_with(".lock") {
            std::fs::remove_file(path.join(&file)).map_err(|error| broken(path, error))?;
        }
    }
    Ok(())
}

fn files(path: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|error| broken(path, error))? {
        let entry = entry.map_err(|error| broken(path, error))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Names that tantivy gives its files: of the index, of segments (32 hexadecimal digits), and of writing them whole.
fn is_ours(name: &str) -> bool {
    let segment = name
        .split_once('.')
        .is_some_and(|(id, _)| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    segment || name == META || name == MANAGED || name.starts_with(".tantivy-") || name.starts_with(".tmp")
}

fn broken(path: &Path, error: io::Error) -> Error {
    Error::Folder { folder: path.to_owned(), source: Arc::new(error) }
}
