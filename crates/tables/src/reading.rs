//! A table, read row by row.

use std::collections::VecDeque;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::comma::CommaRows;
use crate::item::Item;
use crate::mapping::{Format, Mapping};
use crate::names::Names;
use crate::observe::Observer;
use crate::plan::Plan;
use crate::rows::Rows;
use crate::workbook::SheetRows;
use crate::{Error, documented};
use intake::Charset;

/// A table that is to be read.
pub struct Source {
    /// Its name, without folders.
    name: String,
    from: From,
}

enum From {
    Path(PathBuf),
    Bytes(Box<dyn Read + Send>),
}

impl Source {
    /// A file.
    pub fn path(path: &Path) -> Self {
        let name = path
            .file_name()
            .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        Self { name, from: From::Path(path.to_owned()) }
    }

    /// Standard input, which holds a CSV.
    pub fn stdin() -> Self {
        Self { name: "-".to_owned(), from: From::Bytes(Box::new(std::io::stdin())) }
    }

    /// Bytes of a CSV, under a name.
    pub fn bytes(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.to_owned(), from: From::Bytes(Box::new(std::io::Cursor::new(bytes.into()))) }
    }
}

/// Whether a file is a table by its name: `.csv`, `.tsv` or `.xlsx`.
pub fn is_table(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    extension.is_some_and(|extension| matches!(extension.as_str(), "csv" | "tsv" | "xlsx"))
}

/// The observations of a table, as they stand in it. What goes wrong with a cell is an [`Item::Refused`] and stops nothing;
/// after an [`Error`] there is nothing more.
pub struct Reading<'n> {
    rows: Rows,
    plan: Plan,
    observer: Observer<'n>,
    ready: VecDeque<Item>,
    ended: bool,
}

/// Opens a table and reads its header. Without a mapping its headings are to be [`HEADINGS`](crate::HEADINGS). An encoding that
/// is given goes before the mapping's.
///
/// # Errors
/// If the file cannot be read, is no table or over a limit, or does not fit the mapping.
pub fn read<'n>(
    source: Source,
    mapping: Option<&Mapping>,
    encoding: Option<Charset>,
    names: &'n Names<'n>,
) -> Result<Reading<'n>, Error> {
    let name = source.name.clone();
    let wrong = |what: String| Error::Header { file: name.clone(), what };
    let default = Mapping::default();
    let form = &mapping.unwrap_or(&default).file;
    let mut rows = open(source, mapping.unwrap_or(&default), encoding)?;
    let mut skipped = 1;
    let header = loop {
        let row = rows.next()?.ok_or_else(|| wrong("it has no header".to_owned()))?;
        match form.header {
            Some(header) if skipped < header => skipped += 1,
            _ if row.is_blank() && form.header.is_none() => {}
            _ => break row,
        }
    };
    let made;
    let mapping = match mapping {
        Some(mapping) => mapping,
        None => {
            made = documented::mapping(&header.cells).map_err(wrong)?;
            &made
        }
    };
    let plan = Plan::new(mapping, &header).map_err(wrong)?;
    let observer = Observer::new(names, mapping.numbers.clone(), &name, rows.sheet());
    Ok(Reading { rows, plan, observer, ready: VecDeque::new(), ended: false })
}

fn open(source: Source, mapping: &Mapping, encoding: Option<Charset>) -> Result<Rows, Error> {
    let file = source.name;
    let form = &mapping.file;
    let asked = match (encoding, &form.encoding) {
        (Some(encoding), _) => Some(encoding),
        (None, Some(name)) => {
            let wrong = |error: intake::Error| Error::Mapping { file: file.clone(), what: error.to_string() };
            Some(name.parse().map_err(wrong)?)
        }
        (None, None) => None,
    };
    let bytes: Box<dyn Read + Send> = match source.from {
        From::Bytes(bytes) => bytes,
        From::Path(path) => {
            let failed = |source| Error::Unreadable { file: file.clone(), source };
            let mut opened = std::fs::File::open(&path).map_err(failed)?;
            let mut start = Vec::new();
            (&mut opened).take(4).read_to_end(&mut start).map_err(failed)?;
            let zipped = start == *b"PK\x03\x04";
            if form.format == Some(Format::Xlsx) || form.format.is_none() && zipped {
                return SheetRows::open(&file, &path, form.sheet.as_deref()).map(Rows::Sheet);
            }
            // What is read of a pipe cannot be read again.
            Box::new(std::io::Cursor::new(start).chain(opened))
        }
    };
    if form.format == Some(Format::Xlsx) {
        let what = "a workbook cannot be read as a stream; give its file by name".to_owned();
        return Err(Error::Table { file, what });
    }
    CommaRows::open(&file, bytes, form, asked).map(|rows| Rows::Comma(Box::new(rows)))
}

impl Iterator for Reading<'_> {
    type Item = Result<Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(Ok(item));
            }
            if self.ended {
                return None;
            }
            match self.rows.next() {
                Ok(Some(row)) if row.is_blank() => {}
                Ok(Some(mut row)) => {
                    if self.plan.takes(&mut row) {
                        self.ready.extend(self.observer.row(&self.plan, &row));
                    } else {
                        return Some(Ok(Item::LeftOut(row.number)));
                    }
                }
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
    }
}
