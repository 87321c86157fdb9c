//! Rows of a workbook's sheet.

use std::path::Path;

use crate::Error;
use crate::rows::Row;

/// Rows of a sheet.
pub(crate) struct SheetRows {
    name: String,
}

impl SheetRows {
    pub(crate) fn open(file: &str, _path: &Path, _sheet: Option<&str>) -> Result<Self, Error> {
        Err(Error::Table { file: file.to_owned(), what: "workbooks are not read".to_owned() })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn next(&mut self) -> Result<Option<Row>, Error> {
        Ok(None)
    }
}
