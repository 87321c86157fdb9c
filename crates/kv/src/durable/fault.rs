//! Faults of a disk, for tests.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the next operations on the log shall do.
#[derive(Debug, Default)]
pub(super) struct Fault {
    /// Write half, then find the disk full.
    pub(super) full: AtomicBool,
    /// Fail to make the file durable.
    pub(super) sync: AtomicBool,
}

impl Fault {
    pub(super) fn write(&self, write: impl FnOnce(&[u8]) -> io::Result<()>, bytes: &[u8]) -> io::Result<()> {
        if self.full.load(Ordering::SeqCst) {
            write(&bytes[..bytes.len() / 2])?;
            return Err(io::ErrorKind::StorageFull.into());
        }
        write(bytes)
    }

    pub(super) fn sync(&self, sync: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        if self.sync.load(Ordering::SeqCst) {
            return Err(io::Error::other("the disk has gone"));
        }
        sync()
    }
}
