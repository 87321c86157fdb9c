//! Which folder is the index: a new one is made beside the old, and takes its place in one step.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::index::{self, Index, Opened};

/// Names the folder of the whole index; one that is being made is not named.
const CURRENT: &str = "current";

const PREFIX: &str = "index-";

/// The folder of the service.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    root: PathBuf,
    /// Removes a folder with all in it.
    remove: fn(&Path) -> io::Result<()>,
}

impl Folders {
    pub(crate) fn new(root: PathBuf) -> Folders {
        Folders { root, remove: |path| fs::remove_dir_all(path) }
    }

    /// Opens the index, if there is a whole one; else what was there is removed, or left alone where it cannot be. Reads all of
    /// its files.
    ///
    /// # Errors
    /// If it is in use, holds what is not ours, the disk is full, or the folder of all indexes cannot be written.
    pub(crate) fn open(
        &self,
        lexicon: &blake3::Hash,
        config: &index::Config,
    ) -> Result<Option<(PathBuf, Opened)>> {
        fs::create_dir_all(&self.root).map_err(|error| self.broken(error))?;
        let Some(path) = self.current()? else {
            self.clean(None)?;
            return Ok(None);
        };
        if !path.is_dir() {
            tracing::warn!(folder = %path.display(), "the search index is gone; it is rebuilt");
            self.clean(None)?;
            return Ok(None);
        }
        let opened = match Index::open(&path, lexicon, config) {
            Err(Error::Folder { source, .. }) if !passes(&source) => {
                let folder = path.display();
                tracing::warn!(%folder, error = %source, "the search index can neither be read nor emptied; it is rebuilt beside it");
                self.clean(None)?;
                return Ok(None);
            }
            opened => opened?,
        };
        if opened.rebuild.is_some() {
            // It is empty now, but must not be taken for a whole one.
            drop(opened);
            self.clean(None)?;
            return Ok(None);
        }
        self.clean(Some(&path))?;
        Ok(Some((path, opened)))
    }

    /// A folder for a new index. What is left of earlier attempts goes.
    ///
    /// # Errors
    /// If the operating system refuses.
    pub(crate) fn fresh(&self) -> Result<PathBuf> {
        self.clean(self.current()?.as_deref())?;
        let number = |path: &PathBuf| number(path);
        let last = self.all()?.iter().filter_map(number).max().unwrap_or(0);
        Ok(self.root.join(format!("{PREFIX}{}", last + 1)))
    }

    /// Makes a folder that of the index, whole or not at all, and removes all others.
    ///
    /// # Errors
    /// If the operating system refuses.
    pub(crate) fn adopt(&self, path: &Path) -> Result<()> {
        let part = self.root.join("current.part");
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let written = fs::File::create(&part).and_then(|mut file| {
            file.write_all(name.as_bytes())?;
            file.sync_all()
        });
        written
            .and_then(|()| fs::rename(&part, self.root.join(CURRENT)))
            .and_then(|()| fs::File::open(&self.root)?.sync_all())
            .map_err(|error| self.broken(error))?;
        self.clean(Some(path))
    }

    fn current(&self) -> Result<Option<PathBuf>> {
        match fs::read_to_string(self.root.join(CURRENT)) {
            Ok(name) => {
                let path = self.root.join(name.trim());
                Ok(Some(path).filter(|path| number(path).is_some() && path.parent() == Some(&self.root)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(None),
            Err(error) => Err(self.broken(error)),
        }
    }

    /// Removes all indexes but one; without that, also the word on which it is. One that cannot be removed is left alone: it is
    /// named by nothing, and a new one gets a higher number.
    fn clean(&self, keep: Option<&Path>) -> Result<()> {
        if keep.is_none() {
            match fs::remove_file(self.root.join(CURRENT)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(self.broken(error)),
                _ => {}
            }
        }
        for path in self.all()? {
            if Some(path.as_path()) != keep
                && let Err(error) = (self.remove)(&path)
            {
                let folder = path.display();
                tracing::warn!(%folder, %error, "an old search index cannot be removed; give back the right to, or remove it by hand");
            }
        }
        Ok(())
    }

    fn all(&self) -> Result<Vec<PathBuf>> {
        let mut all = Vec::new();
        for entry in fs::read_dir(&self.root).map_err(|error| self.broken(error))? {
            let path = entry.map_err(|error| self.broken(error))?.path();
            if number(&path).is_some() && path.is_dir() {
                all.push(path);
            }
        }
        Ok(all)
    }

    fn broken(&self, error: io::Error) -> Error {
        Error::Folder { folder: self.root.clone(), source: Arc::new(error) }
    }
}

/// True of errors that pass by themselves, or once there is room again: another folder would not help.
fn passes(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, OutOfMemory, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(error.kind(), Interrupted | OutOfMemory | QuotaExceeded | ReadOnlyFilesystem | StorageFull)
}

fn number(path: &Path) -> Option<u64> {
    path.file_name()?.to_str()?.strip_prefix(PREFIX)?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops where its setup fails")]

    use super::*;

    fn lexicon() -> blake3::Hash {
        blake3::hash(b"")
    }

    /// Makes an index and says that it is the one to answer from.
    fn made(folders: &Folders) -> PathBuf {
        let path = folders.fresh().unwrap();
        drop(Index::open(&path, &lexicon(), &index::Config::default()).unwrap());
        folders.adopt(&path).unwrap();
        path
    }

    #[test]
    fn one_that_cannot_be_emptied_gives_way_to_a_fresh_one() {
        let root = tempfile::tempdir().unwrap();
        let folders =
            Folders { root: root.path().to_owned(), remove: |_| Err(io::ErrorKind::PermissionDenied.into()) };
        let old = made(&folders);
        assert!(folders.open(&lexicon(), &index::Config::default()).unwrap().is_some());
        // It is damaged, and what stands in it under a name of ours is no file that could be removed.
        fs::remove_file(old.join("meta.json")).unwrap();
        fs::create_dir(old.join("meta.json")).unwrap();
        assert!(folders.open(&lexicon(), &index::Config::default()).unwrap().is_none());
        let new = made(&folders);
        assert!(old.is_dir() && new != old);
        let (path, _) = folders.open(&lexicon(), &index::Config::default()).unwrap().unwrap();
        assert_eq!(path, new);
    }

    #[test]
    fn one_that_can_be_removed_is() {
        let root = tempfile::tempdir().unwrap();
        let folders = Folders::new(root.path().to_owned());
        let (old, new) = (made(&folders), made(&folders));
        assert!(!old.exists() && new.is_dir());
    }

    #[test]
    fn a_full_disk_is_waited_for() {
        assert!(passes(&io::ErrorKind::StorageFull.into()));
        assert!(!passes(&io::ErrorKind::PermissionDenied.into()));
    }
}
