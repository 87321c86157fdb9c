//! Finds libraries in folders, and refuses what somebody else could have put or changed there.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::error::{HostError, Rejection};

/// The libraries (`*.so`, `*.dylib`) directly in `folder`, sorted by path.
///
/// # Errors
/// [`HostError::Path`] if the folder can not be read.
pub(crate) fn scan(folder: &Path) -> Result<Vec<PathBuf>, HostError> {
    let fail = |source| HostError::Path { path: folder.to_owned(), source };
    // Workers run in another folder, so their paths must be whole.
    let folder = std::path::absolute(folder).map_err(fail)?;
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.extension().is_some_and(|extension| extension == "so" || extension == "dylib") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Refuses a library unless it and its folder belong to this user or root and can not be changed by others.
///
/// # Errors
/// [`Rejection::UnsafeFile`], with what to do.
pub(crate) fn check_safe(library: &Path) -> Result<(), Rejection> {
    let unreadable = |error: std::io::Error| Rejection::NotLoadable(error.to_string());
    let file = library.canonicalize().map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Rejection::NotLoadable("it is not a file".into()));
    }
    check_owner(&file, &metadata)?;
    match file.parent() {
        Some(folder) => check_owner(folder, &folder.metadata().map_err(unreadable)?),
        None => Ok(()),
    }
}

fn check_owner(path: &Path, metadata: &Metadata) -> Result<(), Rejection> {
    let us = rustix::process::geteuid().as_raw();
    let owner = metadata.uid();
    if owner != us && owner != 0 {
        return Err(Rejection::UnsafeFile(format!(
            "{} belongs to user {owner}, not to this user ({us}) or root; copy it or change its owner",
            path.display()
        )));
    }
    let mode = metadata.mode() & 0o7777;
    // Many systems give each user a group of the same number and let it write; that group is the user alone.
    let own_group = metadata.gid() == us && us != 0;
    if mode & 0o002 != 0 || (mode & 0o020 != 0 && !own_group) {
        return Err(Rejection::UnsafeFile(format!(
            "{} can be changed by others (mode {mode:o}); run `chmod go-w` on it",
            path.display()
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{Permissions, set_permissions, write};
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn only_libraries_are_found_in_order() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        for name in ["b.so", "a.so", "c.dylib", "d.txt", "so"] {
            write(dir.path().join(name), "")?;
        }
        let found = scan(dir.path())?;
        let names: Vec<_> = found.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        assert_eq!(names, ["a.so", "b.so", "c.dylib"]);
        assert!(scan(&dir.path().join("missing")).is_err());
        Ok(())
    }

    #[test]
    fn what_others_can_change_is_refused() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let library = dir.path().join("a.so");
        write(&library, "")?;
        set_permissions(&library, Permissions::from_mode(0o644))?;
        assert_eq!(check_safe(&library), Ok(()));

        set_permissions(&library, Permissions::from_mode(0o646))?;
        let error = check_safe(&library).expect_err("others can write").to_string();
        assert!(error.contains("a.so can be changed by others (mode 646)"), "{error}");

        set_permissions(&library, Permissions::from_mode(0o644))?;
        set_permissions(dir.path(), Permissions::from_mode(0o777))?;
        let error = check_safe(&library).expect_err("the folder is open").to_string();
        assert!(error.contains("chmod go-w"), "{error}");
        Ok(())
    }
}
