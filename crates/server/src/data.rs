//! The data folder: private to the user, locked by one process, with a version and a token.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Version of the folder's layout.
const FORMAT: u32 = 1;

/// The longest path of a Unix socket (`sun_path` less its terminator), with room for a file name of 40 bytes.
const LONGEST_SOCKET_FOLDER: usize = 107 - 40;

/// An open data folder. It stays locked until this is dropped.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    token: String,
    sockets: PathBuf,
    /// Removed on drop where the sockets could not lie in the folder itself.
    outside: bool,
    _lock: File,
}

impl DataFolder {
    /// Opens a data folder, or makes one with mode 0700.
    ///
    /// # Errors
    /// If another process has it open, it is of a newer format or open to other users, or the operating system refuses.
    pub fn open(path: &Path) -> Result<Self> {
        create_private(path)?;
        check_private(path)?;
        let path = std::path::absolute(path).map_err(|e| data("resolve", path, e))?;
        let lock = lock(&path)?;
        check_format(&path)?;
        let token = token(&path)?;
        let (sockets, outside) = socket_folder(&path)?;
        Ok(Self { path, token, sockets, outside, _lock: lock })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The token that clients have to show: 64 hexadecimal digits.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Tells this folder from others without telling where it lies: 8 hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> String {
        let hash = blake3::hash(self.path.as_os_str().as_encoded_bytes());
        hash.to_hex().chars().take(8).collect()
    }

    /// A private folder for Unix sockets, whose path is short enough for them.
    #[must_use]
    pub fn sockets(&self) -> &Path {
        &self.sockets
    }

    /// Leaves the server's URL for clients.
    ///
    /// # Errors
    /// If the file can not be written.
    pub fn leave_address(&self, url: &str) -> Result<()> {
        write_private(&address_file(&self.path), url)
    }

    /// A folder below the data folder, made if need be.
    ///
    /// # Errors
    /// If the operating system refuses.
    pub fn subfolder(&self, name: &str) -> Result<PathBuf> {
        let path = self.path.join(name);
        create_private(&path)?;
        Ok(path)
    }
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        // An address that nobody listens on only misleads; a failure to remove it harms nobody.
        let _ = std::fs::remove_file(address_file(&self.path));
        if self.outside {
            // What is left behind in a folder for temporary files harms nobody.
            let _ = std::fs::remove_dir_all(&self.sockets);
        }
    }
}

/// The token file of a data folder, for clients.
#[must_use]
pub fn token_file(data: &Path) -> PathBuf {
    data.join("token")
}

/// The file of a data folder in which a running server leaves its URL, for clients.
#[must_use]
pub fn address_file(data: &Path) -> PathBuf {
    data.join("address")
}

/// Reads a token from a file.
///
/// # Errors
/// If there is no such file or it can not be read.
pub fn read_token(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path).map_err(|e| data("read", path, e))?;
    Ok(text.trim().to_owned())
}

fn data(action: &'static str, path: &Path, source: std::io::Error) -> Error {
    Error::Data { action, path: path.to_owned(), source }
}

fn create_private(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|e| data("create", path, e))
}

fn check_private(path: &Path) -> Result<()> {
    let mode = std::fs::metadata(path).map_err(|e| data("read", path, e))?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    // An empty folder that somebody made beforehand (`mkdir`, a temporary folder) is simply made private.
    let empty = std::fs::read_dir(path).map_err(|e| data("read", path, e))?.next().is_none();
    if !empty {
        return Err(Error::NotPrivate { path: path.to_owned(), mode });
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
        .map_err(|e| data("protect", path, e))
}

fn lock(path: &Path) -> Result<File> {
    let file = path.join("lock");
    let mut lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(&file)
        .map_err(|e| data("open", &file, e))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(std::fs::TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = lock.read_to_string(&mut holder);
            return Err(Error::InUse { path: path.to_owned(), holder: holder.trim().parse().ok() });
        }
        Err(std::fs::TryLockError::Error(source)) => return Err(data("lock", &file, source)),
    }
    let written =
        lock.set_len(0).and_then(|()| lock.rewind()).and_then(|()| writeln!(lock, "{}", std::process::id()));
    written.map_err(|e| data("write", &file, e))?;
    Ok(lock)
}

fn check_format(path: &Path) -> Result<()> {
    let file = path.join("format");
    match std::fs::read_to_string(&file) {
        Ok(text) => {
            let found = text.trim().parse().map_err(|_| {
                data("understand", &file, std::io::Error::new(std::io::ErrorKind::InvalidData, text.clone()))
            })?;
            if found > FORMAT {
                return Err(Error::NewerFormat { path: path.to_owned(), found, known: FORMAT });
            }
            Ok(())
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => write_private(&file, &format!("{FORMAT}\n")),
        Err(e) => Err(data("read", &file, e)),
    }
}

fn token(path: &Path) -> Result<String> {
    let file = token_file(path);
    if file.exists() {
        return read_token(&file);
    }
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| data("make", &file, std::io::Error::other(e.to_string())))?;
    let token: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    write_private(&file, &token)?;
    Ok(token)
}

/// Writes a small file whole or not at all, readable by its owner alone.
fn write_private(file: &Path, text: &str) -> Result<()> {
    let part = file.with_extension("part");
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true).mode(0o600);
    options
        .open(&part)
        .and_then(|mut f| f.write_all(text.as_bytes()).and_then(|()| f.sync_all()))
        .and_then(|()| std::fs::rename(&part, file))
        .map_err(|e| data("write", file, e))
}

fn socket_folder(path: &Path) -> Result<(PathBuf, bool)> {
    let inside = path.join("run");
    if inside.as_os_str().len() <= LONGEST_SOCKET_FOLDER {
        // Sockets of a process that was killed are of no use to anybody.
        let _ = std::fs::remove_dir_all(&inside);
        create_private(&inside)?;
        return Ok((inside, false));
    }
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|e| data("make", path, std::io::Error::other(e.to_string())))?;
    let outside = std::env::temp_dir().join(format!("monazite-{:016x}", u64::from_le_bytes(bytes)));
    // Not recursive: it must not exist before, or somebody else could own it.
    DirBuilder::new().mode(0o700).create(&outside).map_err(|e| data("create", &outside, e))?;
    Ok((outside, true))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn keeps_its_token_and_is_private() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("data");
        let first = DataFolder::open(&path).unwrap().token().to_owned();
        let second = DataFolder::open(&path).unwrap().token().to_owned();
        assert_eq!(first, second);
        assert_eq!(first.len(), 64);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(std::fs::metadata(token_file(&path)).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn is_open_once() {
        let temp = tempfile::tempdir().unwrap();
        let _held = DataFolder::open(temp.path()).unwrap();
        let error = DataFolder::open(temp.path()).unwrap_err();
        let Error::InUse { holder, .. } = &error else { panic!("{error}") };
        assert_eq!(*holder, Some(std::process::id()));
    }

    #[test]
    fn refuses_a_newer_format_and_a_folder_open_to_others() {
        let temp = tempfile::tempdir().unwrap();
        drop(DataFolder::open(temp.path()).unwrap());
        std::fs::write(temp.path().join("format"), "2\n").unwrap();
        assert!(matches!(DataFolder::open(temp.path()), Err(Error::NewerFormat { found: 2, known: 1, .. })));
        std::fs::write(temp.path().join("format"), "1\n").unwrap();
        std::fs::set_permissions(temp.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(DataFolder::open(temp.path()), Err(Error::NotPrivate { mode: 0o755, .. })));
    }

    #[test]
    fn sockets_of_a_deep_folder_lie_elsewhere() {
        let temp = tempfile::tempdir().unwrap();
        let deep = temp.path().join("d".repeat(120));
        let folder = DataFolder::open(&deep).unwrap();
        let sockets = folder.sockets().to_owned();
        assert!(sockets.as_os_str().len() <= LONGEST_SOCKET_FOLDER && sockets.is_dir());
        drop(folder);
        assert!(!sockets.exists());
    }
}
