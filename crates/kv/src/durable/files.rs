//! The log's files: reading values, appending records, and finding where the log ends after a crash.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;

use super::index::{Pointer, Position, Slot};
use super::record::{self, FILE_HEADER, Header, MARK, RECORD_HEADER};
use crate::{Error, Result};

/// The open files of a log, for reading.
#[derive(Debug)]
pub(super) struct Files {
    folder: PathBuf,
    open: RwLock<BTreeMap<u32, Arc<File>>>,
}

/// A record that was read.
pub(super) struct Record {
    /// Keys and slots in the order of the keys.
    pub(super) rows: Vec<(Bytes, Option<Slot>)>,
    /// Just behind the record.
    pub(super) end: Position,
}

/// What stands at a place of a file.
enum Found {
    Record(Record),
    /// The file ends exactly here.
    End,
    /// Something else, told in words.
    Damage(&'static str),
}

impl Files {
    /// Opens all files of `folder`, which is made if it is not there.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        crate::folder::create_private(folder)?;
        let mut open = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(|e| Error::io(folder, e))? {
            let path = entry.map_err(|e| Error::io(folder, e))?.path();
            let Some(id) = number(&path) else { continue };
            let file =
                OpenOptions::new().read(true).write(true).open(&path).map_err(|e| Error::io(&path, e))?;
            open.insert(id, Arc::new(file));
        }
        Ok(Self { folder: folder.into(), open: RwLock::new(open) })
    }

    /// Numbers and lengths of all files.
    pub(super) fn lengths(&self) -> Result<BTreeMap<u32, u64>> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let length = |(id, file): (&u32, &Arc<File>)| {
            let length = file.metadata().map_err(|e| Error::io(&self.path(*id), e))?.len();
            Ok((*id, length))
        };
        open.iter().map(length).collect()
    }

    /// The path of a file.
    pub(super) fn path(&self, id: u32) -> PathBuf {
        self.folder.join(format!("{id:010}.log"))
    }

    /// The value that `pointer` names, checked against its checksum.
    pub(super) fn value(&self, key: &[u8], pointer: Pointer) -> Result<Bytes> {
        let file = self.file(pointer.file)?;
        let mut value = vec![0; usize::from(pointer.length)];
        file.read_exact_at(&mut value, u64::from(pointer.offset))
            .map_err(|e| self.unreadable(pointer.file, e))?;
        if record::value_crc(key, &value) != pointer.crc {
            let message =
                format!("{} bytes at byte {} do not fit their checksum", pointer.length, pointer.offset);
            return Err(Error::corrupt(&self.path(pointer.file), message));
        }
        Ok(value.into())
    }

    /// The record at `at`, or `None` at the file's end.
    pub(super) fn record(&self, at: Position) -> Result<Option<Record>> {
        match self.look(at)? {
            Found::Record(record) => Ok(Some(record)),
            Found::End => Ok(None),
            Found::Damage(what) => {
                Err(Error::corrupt(&self.path(at.file), format!("{what} at byte {}", at.offset)))
            }
        }
    }

    /// Starts file `id` and makes it durable.
    pub(super) fn create(&self, id: u32) -> Result<Arc<File>> {
        let path = self.path(id);
        let start = || -> io::Result<File> {
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path)?;
            file.write_all_at(&record::file_header(id), 0)?;
            file.sync_all()?;
            File::open(&self.folder)?.sync_all()?;
            Ok(file)
        };
        let file = start().map_err(|e| Error::io(&path, e)).inspect_err(|_| {
            // An empty file would be started afresh at the next opening; it is only litter.
            let _ = fs::remove_file(&path);
        })?;
        let file = Arc::new(file);
        self.open.write().unwrap_or_else(PoisonError::into_inner).insert(id, file.clone());
        Ok(file)
    }

    /// Deletes a file to which no slot points any more.
    pub(super) fn delete(&self, id: u32) -> Result<()> {
        self.open.write().unwrap_or_else(PoisonError::into_inner).remove(&id);
        let path = self.path(id);
        fs::remove_file(&path).map_err(|e| Error::io(&path, e))
    }

    /// Hands every record from `from` on to `apply`, then cuts off a record that was never finished, and returns the
    /// end of the log and its file.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a file is missing or damage lies before a whole record, so that it cannot be the trace of
    /// a commit that was interrupted.
    pub(super) fn replay(
        &self,
        from: Option<Position>,
        mut apply: impl FnMut(Record) -> Result<()>,
    ) -> Result<(Position, Arc<File>)> {
        let ids: Vec<u32> = self.lengths()?.into_keys().collect();
        let mut at = from.unwrap_or(Position { file: 1, offset: FILE_HEADER });
        let last = ids.last().copied().unwrap_or(0).max(at.file);
        loop {
            let known = self.header(at.file, at.file == last, from)?;
            if !known {
                return Ok((Position { offset: FILE_HEADER, ..at }, self.create(at.file)?));
            }
            loop {
                match self.look(at)? {
                    Found::Record(record) => {
                        at = record.end;
                        apply(record)?;
                    }
                    Found::End => break,
                    Found::Damage(what) if at.file == last => {
                        self.cut(at, what)?;
                        break;
                    }
                    Found::Damage(what) => {
                        let message = format!("{what} at byte {}", at.offset);
                        return Err(Error::corrupt(&self.path(at.file), message));
                    }
                }
            }
            if at.file == last {
                return Ok((at, self.file(last)?));
            }
            at = Position { file: at.file + 1, offset: FILE_HEADER };
        }
    }

    /// Whether file `id` has its header. The last one may lack it: it was being started when the process died.
    fn header(&self, id: u32, last: bool, from: Option<Position>) -> Result<bool> {
        let path = self.path(id);
        let needed = from.is_some_and(|from| from.file == id);
        let missing = || {
            let message = "the file is missing; restore the folder from a backup";
            if last && !needed { Ok(false) } else { Err(Error::corrupt(&path, message)) }
        };
        let Ok(file) = self.file(id) else { return missing() };
        let mut header = [0; FILE_HEADER as usize];
        let length = file.metadata().map_err(|e| Error::io(&path, e))?.len();
        if length < u64::from(FILE_HEADER) {
            return missing();
        }
        file.read_exact_at(&mut header, 0).map_err(|e| self.unreadable(id, e))?;
        match record::read_file_header(id, &header) {
            Header::Known => Ok(true),
            Header::Newer(found) => Err(Error::Newer { path, found, known: record::FORMAT }),
            // The header is made durable before the first record is written behind it.
            Header::Damaged if last && !needed && length == u64::from(FILE_HEADER) => Ok(false),
            Header::Damaged => Err(Error::corrupt(&path, "its header is damaged")),
        }
    }

    /// What stands at `at`.
    fn look(&self, at: Position) -> Result<Found> {
        let file = self.file(at.file)?;
        let length = file.metadata().map_err(|e| Error::io(&self.path(at.file), e))?.len();
        let left = match length.checked_sub(u64::from(at.offset)) {
            Some(0) => return Ok(Found::End),
            Some(left) => left,
            None => return Ok(Found::Damage("the file ends too early")),
        };
        let mut header = [0; RECORD_HEADER];
        if left < header.len() as u64 {
            return Ok(Found::Damage("a record is cut off"));
        }
        file.read_exact_at(&mut header, at.offset.into()).map_err(|e| self.unreadable(at.file, e))?;
        let Some((length, crc)) = record::decode_header(&header) else {
            return Ok(Found::Damage("no record starts"));
        };
        if left - (header.len() as u64) < u64::from(length) {
            return Ok(Found::Damage("a record is cut off"));
        }
        let mut payload = vec![0; length as usize];
        let start = u64::from(at.offset) + header.len() as u64;
        file.read_exact_at(&mut payload, start).map_err(|e| self.unreadable(at.file, e))?;
        if record::record_crc(at, &payload) != crc {
            return Ok(Found::Damage("a record does not fit its checksum"));
        }
        let Some(rows) = record::decode(at, &payload.into()) else {
            return Ok(Found::Damage("a record holds no rows"));
        };
        let offset = at.offset + (RECORD_HEADER as u32) + length;
        Ok(Found::Record(Record { rows, end: Position { offset, ..at } }))
    }

    /// Cuts the last file off at `at`, unless a whole record follows.
    fn cut(&self, at: Position, what: &'static str) -> Result<()> {
        let path = self.path(at.file);
        let file = self.file(at.file)?;
        let length = file.metadata().map_err(|e| Error::io(&path, e))?.len();
        if length < u64::from(at.offset) {
            return Err(Error::corrupt(&path, format!("{what}: {length} bytes, {} expected", at.offset)));
        }
        let mut rest = vec![0; usize::try_from(length - u64::from(at.offset)).unwrap_or(usize::MAX)];
        file.read_exact_at(&mut rest, at.offset.into()).map_err(|e| self.unreadable(at.file, e))?;
        for skip in (1..rest.len()).filter(|skip| rest[*skip..].starts_with(&MARK)) {
            let Ok(skip) = u32::try_from(skip) else { break };
            let later = Position { offset: at.offset + skip, ..at };
            if let Found::Record(_) = self.look(later)? {
                let message = format!(
                    "{what} at byte {}, and a whole record follows at byte {}; restore the folder from a backup",
                    at.offset, later.offset
                );
                return Err(Error::corrupt(&path, message));
            }
        }
        tracing::warn!(file = %path.display(), at = at.offset, bytes = rest.len(), what, "cutting off an unfinished commit");
        file.set_len(at.offset.into()).and_then(|()| file.sync_all()).map_err(|e| Error::io(&path, e))
    }

    fn file(&self, id: u32) -> Result<Arc<File>> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.get(&id).cloned().ok_or_else(|| Error::corrupt(&self.path(id), "the file is missing"))
    }

    fn unreadable(&self, id: u32, error: io::Error) -> Error {
        let path = self.path(id);
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Error::corrupt(&path, "the file ends too early"),
            _ => Error::io(&path, error),
        }
    }
}

/// The number of a log file, from its name.
fn number(path: &Path) -> Option<u32> {
    let name = path.file_name()?.to_str()?.strip_suffix(".log")?;
    let digits = name.len() == 10 && name.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| name.parse().ok())?.filter(|id| *id > 0)
}
