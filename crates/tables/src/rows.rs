//! Rows of a table of any form, one after another.

use crate::Error;
use crate::comma::CommaRows;
use crate::workbook::SheetRows;

/// Most bytes of a row, all its cells together.
pub const MAX_ROW_BYTES: usize = 1 << 20;

/// Most cells of a row: as many as a spreadsheet has columns.
pub const MAX_COLUMNS: usize = 16_384;

/// A row: its number as a spreadsheet counts (of CSV the line on which it begins), and its cells as printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Row {
    pub(crate) number: u64,
    pub(crate) cells: Vec<String>,
}

impl Row {
    /// A cell without blanks around it; empty beyond the last.
    pub(crate) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }

    /// True if no cell holds anything.
    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Where rows come from.
pub(crate) enum Rows {
    Comma(Box<CommaRows>),
    Sheet(SheetRows),
}

impl Rows {
    /// The next row; none after the last.
    pub(crate) fn next(&mut self) -> Result<Option<Row>, Error> {
        match self {
            Self::Comma(rows) => rows.next(),
            Self::Sheet(rows) => rows.next(),
        }
    }

    /// The sheet's name; empty for CSV.
    pub(crate) fn sheet(&self) -> &str {
        match self {
            Self::Comma(_) => "",
            Self::Sheet(rows) => rows.name(),
        }
    }
}

/// The letters by which a spreadsheet calls a column, counted from 0: A, B, ... Z, AA.
pub(crate) fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(letters(column), name);
        }
    }
}
