//! The folder of a store: private to its user, held by one process, measured.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::Path;

use crate::{Error, Result};

/// Makes a folder, and those above it, that only its user can enter; leaves one that is there as it is.
pub(crate) fn create_private(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|e| Error::io(path, e))
}

/// Holds the folder until the file is closed; the system lets go of it when the process dies.
///
/// # Errors
/// [`Error::InUse`] if somebody else holds it.
pub(crate) fn lock(path: &Path) -> Result<File> {
    let name = path.join("lock");
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&name)
        .map_err(|e| Error::io(&name, e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse { path: path.into() }),
        Err(TryLockError::Error(e)) => Err(Error::io(&name, e)),
    }
}

/// Bytes that the files of a folder take on disk. A file that disappears meanwhile counts as nothing.
pub(crate) fn bytes(path: &Path) -> Result<u64> {
    let gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    let mut sum = 0;
    for entry in fs::read_dir(path).map_err(|e| Error::io(path, e))? {
        let entry = entry.map_err(|e| Error::io(path, e))?;
        match entry.metadata() {
            Ok(data) if data.is_dir() => sum += bytes(&entry.path())?,
            // `st_blocks` counts units of 512 bytes whatever the file system's own block is (POSIX, sys/stat.h).
            Ok(data) => sum += data.blocks() * 512,
            Err(e) if gone(&e) => {}
            Err(e) => return Err(Error::io(&entry.path(), e)),
        }
    }
    Ok(sum)
}
