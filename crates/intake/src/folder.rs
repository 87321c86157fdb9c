//! Files of a folder, in a stable order.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::item::SkipReason;

/// One thing found in a folder.
pub(crate) enum Found {
    /// A file to read, with its name relative to the folder.
    File(PathBuf, String),
    /// Something to leave out.
    Skip(String, SkipReason),
    /// Something that could not be looked at.
    Unreadable(String, std::io::Error),
}

/// Walks a folder and all below it: sorted by name, without hidden files, never through a symbolic link.
pub(crate) struct Walk {
    root: PathBuf,
    walk: Box<dyn Iterator<Item = walkdir::Result<DirEntry>> + Send>,
}

impl Walk {
    pub(crate) fn new(root: &Path) -> Self {
        let walk = WalkDir::new(root).min_depth(1).follow_links(false).sort_by_file_name().into_iter();
        let visible = walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry));
        Self { root: root.to_owned(), walk: Box::new(visible) }
    }

    fn name(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let parts: Vec<_> =
            relative.components().map(|part| shown(&part.as_os_str().to_string_lossy())).collect();
        parts.join("/")
    }
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let entry = match self.walk.next()? {
                Ok(entry) => entry,
                Err(error) => {
                    let name = self.name(error.path().unwrap_or(&self.root));
                    let cause = error
                        .into_io_error()
                        .unwrap_or_else(|| std::io::Error::other("the folder contains itself"));
                    return Some(Found::Unreadable(name, cause));
                }
            };
            let name = self.name(entry.path());
            let kind = entry.file_type();
            if kind.is_dir() {
                continue;
            }
            if kind.is_symlink() {
                return Some(Found::Skip(name, SkipReason::Link));
            }
            if !kind.is_file() {
                return Some(Found::Skip(name, SkipReason::Special));
            }
            return Some(Found::File(entry.into_path(), name));
        }
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// A name in which control characters cannot break a report's lines or a terminal.
pub(crate) fn shown(name: &str) -> String {
    name.chars().flat_map(|c| if c.is_control() { c.escape_debug().collect() } else { vec![c] }).collect()
}
