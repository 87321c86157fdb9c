use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use kv::{Kv, Range};

use crate::error::{Error, Result};
use crate::layout::{self, Table};

/// Strings that stand in rows as small ids. Ids start at 1; zero is the empty string.
#[derive(Debug, Default)]
pub(crate) struct Interns {
    tables: [Strings; 3],
}

#[derive(Debug, Default)]
struct Strings {
    strings: Vec<Arc<str>>,
    ids: HashMap<Arc<str>, u32>,
    /// How many of them are stored.
    stored: usize,
}

impl Interns {
    /// Reads all tables.
    pub(crate) async fn load(kv: &dyn Kv) -> Result<Self> {
        let mut interns = Self::default();
        for table in Table::ALL {
            let strings = &mut interns.tables[table as usize];
            let pairs = kv.scan(Range::prefix(&layout::intern_prefix(table)), usize::MAX).await?;
            for (key, value) in pairs {
                let text = std::str::from_utf8(&value).map_err(|error| Error::corrupt(error.to_string()))?;
                let id = strings.add(text);
                if key != layout::intern_key(table, id) {
                    return Err(Error::corrupt(format!(
                        "the table of interned strings has a gap before {key:?}"
                    )));
                }
            }
            strings.stored = strings.strings.len();
        }
        Ok(interns)
    }

    /// The id of a string, if it has one.
    pub(crate) fn id(&self, table: Table, text: &str) -> Option<u32> {
        if text.is_empty() { Some(0) } else { self.tables[table as usize].ids.get(text).copied() }
    }

    /// The id of a string, given to it now if need be. The writer alone calls this.
    pub(crate) fn intern(&mut self, table: Table, text: &str) -> u32 {
        self.id(table, text).unwrap_or_else(|| self.tables[table as usize].add(text))
    }

    /// The string of an id; empty if there is none.
    pub(crate) fn text(&self, table: Table, id: u32) -> Arc<str> {
        let index = (id as usize).checked_sub(1);
        let text = index.and_then(|index| self.tables[table as usize].strings.get(index));
        text.cloned().unwrap_or_default()
    }

    /// All strings of a table with their ids, in the order of the strings.
    pub(crate) fn sorted(&self, table: Table) -> Vec<(Arc<str>, u32)> {
        let mut all: Vec<_> =
            self.tables[table as usize].ids.iter().map(|(text, id)| (text.clone(), *id)).collect();
        all.sort_unstable();
        all
    }

    /// Rows of what is not stored yet.
    pub(crate) fn unstored(&self, rows: &mut Vec<(Bytes, Option<Bytes>)>) {
        for table in Table::ALL {
            let strings = &self.tables[table as usize];
            for (index, text) in strings.strings.iter().enumerate().skip(strings.stored) {
                let key = layout::intern_key(table, id_of(index));
                rows.push((key, Some(Bytes::copy_from_slice(text.as_bytes()))));
            }
        }
    }

    /// Notes that the rows of [`Self::unstored`] are stored.
    pub(crate) fn mark_stored(&mut self) {
        for strings in &mut self.tables {
            strings.stored = strings.strings.len();
        }
    }
}

impl Strings {
    fn add(&mut self, text: &str) -> u32 {
        let text: Arc<str> = text.into();
        self.strings.push(text.clone());
        let id = id_of(self.strings.len() - 1);
        self.ids.insert(text, id);
        id
    }
}

fn id_of(index: usize) -> u32 {
    u32::try_from(index + 1).expect("kinds, analyzers and versions are far fewer than four billion")
}
