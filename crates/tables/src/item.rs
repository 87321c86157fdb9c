//! What a reading yields.

use std::collections::BTreeMap;
use std::fmt;

use api::record::{Observation, Record};

/// Most distinct unknown names that a tally lists.
const MAX_UNKNOWN: usize = 1_000;

/// One thing that was read, or why it was not.
#[derive(Clone, Debug)]
pub enum Item {
    /// An observation.
    Observation(Box<Entry>),
    /// A cell of values that says that there is none.
    WithoutValue(Place),
    /// A cell that says again what another of the table says, with an equal value.
    Repeated(Place),
    /// A row that the mapping leaves out.
    LeftOut(u64),
    /// Something that was to be an observation and cannot be one.
    Refused(Refusal),
    /// Something worth knowing about the table.
    Notice(String),
}

/// An observation and what a report says about it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The record, ready to be put.
    pub record: Record,
    /// Its body.
    pub body: Observation,
    /// Where it stands.
    pub place: Place,
    /// True if no observation of its series came before it.
    pub first_of_series: bool,
    /// Slots whose words nothing is known by, with the words.
    pub unknown: Vec<(&'static str, String)>,
}

/// A cell. Displayed as `prices.csv:12, column «Price» (C)`, or with its sheet as `prices.xlsx, sheet «Data», row 12, ...`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The sheet; empty for CSV.
    pub sheet: String,
    /// The row, from 1; of CSV the line.
    pub row: u64,
    /// The column's heading and letters, if it is about one.
    pub column: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.sheet.is_empty() {
            write!(f, "{}:{}", self.file, self.row)?;
        } else {
            write!(f, "{}, sheet «{}», row {}", self.file, self.sheet, self.row)?;
        }
        self.column.as_ref().map_or(Ok(()), |column| write!(f, ", column {column}"))
    }
}

/// Why a cell is no observation. Displayed on two lines: where, with the cell, and why, with how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where.
    pub place: Place,
    /// The cell as printed, shortened.
    pub cell: String,
    /// Why, and how to mend it.
    pub why: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: «{}»\n  {}", self.place, self.cell, self.why)
    }
}

/// What came, counted.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Observations.
    pub observations: u64,
    /// Series that they are of, as far as told apart ([`MAX_REMEMBERED`](crate::MAX_REMEMBERED)).
    pub series: u64,
    /// Cells of values that say that there is none.
    pub without_value: u64,
    /// Cells that say again what another says.
    pub repeated: u64,
    /// Rows that the mapping leaves out.
    pub left_out: u64,
    /// Cells that were refused.
    pub refused: u64,
    /// Observations without the keys of a claim, because a name, a unit or a detail of them is not known.
    pub without_keys: u64,
    /// Unknown names by slot and words, with how often they stand; at most 1,000 are listed.
    pub unknown: BTreeMap<(&'static str, String), u64>,
}

impl Tally {
    /// Counts an item.
    pub fn add(&mut self, item: &Item) {
        match item {
            Item::Observation(entry) => {
                self.observations += 1;
                self.series += u64::from(entry.first_of_series);
                self.without_keys += u64::from(!entry.record.keys.iter().any(|key| key.starts_with("fact=")));
                for unknown in &entry.unknown {
                    if self.unknown.len() < MAX_UNKNOWN || self.unknown.contains_key(unknown) {
                        *self.unknown.entry(unknown.clone()).or_default() += 1;
                    }
                }
            }
            Item::WithoutValue(_) => self.without_value += 1,
            Item::Repeated(_) => self.repeated += 1,
            Item::LeftOut(_) => self.left_out += 1,
            Item::Refused(_) => self.refused += 1,
            Item::Notice(_) => {}
        }
    }
}
