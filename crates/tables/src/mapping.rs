//! The mapping: which columns fill which slots, as a TOML file says it. `docs/table-formats.md` describes it for users.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};

use crate::Error;

/// Largest mapping, in bytes.
pub const MAX_MAPPING_BYTES: usize = 1 << 20;

/// Most columns of values of one mapping.
pub const MAX_VALUE_COLUMNS: usize = 1_000;

/// What a mapping file says.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// How the file is written.
    #[serde(default)]
    pub file: FileForm,
    /// How its numbers are written.
    #[serde(default)]
    pub numbers: NumberForm,
    /// What fills the slots of every observation.
    #[serde(default)]
    pub slots: Slots,
    /// Of a wide table: its columns of values, each with slots of its own.
    #[serde(default)]
    pub values: Vec<ValueColumn>,
    /// Rows that are taken; all if empty. A row must fit every entry.
    #[serde(default)]
    pub only: Vec<Filter>,
    /// Rows that are left out, because they fit one of the entries.
    #[serde(default)]
    pub skip: Vec<Filter>,
}

/// How the file is written.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct FileForm {
    /// `csv` or `xlsx`; told by the content if absent.
    pub format: Option<Format>,
    /// An encoding that `--encoding` knows; detected if absent.
    pub encoding: Option<String>,
    /// What separates the cells of a CSV: one ASCII character. Of comma, semicolon and tab the one that the first line has most
    /// often, if absent.
    pub delimiter: Option<char>,
    /// Lines that begin so are passed over.
    pub comment: Option<char>,
    /// The sheet of a workbook; its first if absent.
    pub sheet: Option<String>,
    /// The row of the headings, counted from 1 without comments; 1 if absent. Rows above it are passed over.
    pub header: Option<u64>,
}

/// A form of table.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Text with a separator between cells, RFC 4180.
    Csv,
    /// A workbook, Office Open XML.
    Xlsx,
}

/// How numbers are written.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct NumberForm {
    /// `.` or `,`; a full stop if absent.
    pub decimal: Option<char>,
    /// Words that stand for a missing value, beside those that always do.
    #[serde(default)]
    pub missing: Vec<String>,
    /// Marks before or behind a number that mean nothing here, such as `r` for revised.
    #[serde(default)]
    pub footnotes: Vec<String>,
    /// Marks before or behind a number that say that it is an estimate, such as `e`.
    #[serde(default)]
    pub estimates: Vec<String>,
}

/// What fills each slot. Those with several values may be lists.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the fields of `Observation`, where each is described")]
pub struct Slots {
    pub subject: Option<Fill>,
    pub measure: Option<Fill>,
    pub statistic: Option<Fill>,
    pub value: Option<Fill>,
    pub unit: Option<Fill>,
    pub basis: Fills,
    pub part: Option<Fill>,
    pub whole: Option<Fill>,
    pub actors: Fills,
    pub place: Option<Fill>,
    pub partners: Fills,
    pub venue: Option<Fill>,
    pub detail: Option<Fill>,
    pub period: Option<Fill>,
    pub modality: Option<Fill>,
    pub source: Option<Fill>,
    pub edition: Option<Fill>,
    pub published: Option<Fill>,
}

/// A column of values of a wide table.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ValueColumn {
    /// Its heading.
    pub column: String,
    /// What fills the slots of its observations, before those of the mapping.
    #[serde(default)]
    pub slots: Slots,
}

/// Rows that have one of some words in a column.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The column's heading.
    pub column: String,
    /// The words, compared without regard to case and blanks around them.
    pub is: Vec<String>,
}

/// What fills a slot: always the same words, or the cell of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Fill {
    /// These words.
    Constant(String),
    /// The cell of a column.
    Column(Box<Column>),
}

/// A list of [`Fill`]; a single one may stand without brackets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fills(pub Vec<Fill>);

/// The cell of a column, and how it is understood.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its heading.
    pub column: String,
    /// What words of it mean: an id, other words, or nothing (`""`).
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    /// What words mean that `words` does not list; as they stand if absent.
    pub otherwise: Option<String>,
    /// An empty cell means what the last one above it does that is not empty, as below merged cells.
    #[serde(default)]
    pub fill_down: bool,
    /// Of a period: how a date is written that could be read in two ways.
    pub dates: Option<DateForm>,
    /// Of a period: the calendar unit in which a day lies, if the day stands for all of it.
    pub precision: Option<Calendar>,
}

/// How a date is written that could be read in two ways.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum DateForm {
    /// 31/12/2024.
    DayFirst,
    /// 12/31/2024.
    MonthFirst,
    /// Days since 1899-12-30, as Excel counts them.
    Excel,
}

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "their names say it")]
pub enum Calendar {
    Week,
    Month,
    Quarter,
    Year,
}

impl Mapping {
    /// Reads a mapping; `file` is its name, for errors.
    ///
    /// # Errors
    /// If it is too large, no TOML, or says what no mapping can say.
    pub fn parse(file: &str, text: &str) -> Result<Self, Error> {
        let wrong = |what: String| Error::Mapping { file: file.to_owned(), what };
        if text.len() > MAX_MAPPING_BYTES {
            let what = format!("it has more than {} MiB, which no mapping has", MAX_MAPPING_BYTES >> 20);
            return Err(wrong(what));
        }
        let mapping: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start].matches('\n').count() + 1);
            let at = line.map_or(String::new(), |line| format!("line {line}: "));
            wrong(format!("{at}{}; docs/table-formats.md describes every key", error.message().trim_end()))
        })?;
        mapping.check().map_err(wrong)?;
        Ok(mapping)
    }

    fn check(&self) -> Result<(), String> {
        if self.values.len() > MAX_VALUE_COLUMNS {
            return Err(format!(
                "it has {} columns of values; at most {MAX_VALUE_COLUMNS}",
                self.values.len()
            ));
        }
        if !self.values.is_empty() && self.slots.value.is_some() {
            return Err("both slots.value and [[values]] say where values stand; leave one out".to_owned());
        }
        if self.values.is_empty() && self.slots.value.is_none() {
            return Err(
                "nothing says where values stand: give slots.value = { column = \"…\" }, or [[values]]"
                    .to_owned(),
            );
        }
        if self.values.iter().any(|column| column.slots.value.is_some()) {
            return Err(
                "slots.value stands within [[values]], whose column is the value's; leave it out".to_owned()
            );
        }
        if let Some(decimal) = self.numbers.decimal.filter(|decimal| !matches!(decimal, '.' | ',')) {
            return Err(format!("numbers.decimal is «{decimal}»; it is \".\" or \",\""));
        }
        if let Some(sign) =
            [self.file.delimiter, self.file.comment].into_iter().flatten().find(|c| !c.is_ascii())
        {
            return Err(format!("«{sign}» in [file] is no ASCII character"));
        }
        if self.file.header == Some(0) {
            return Err("file.header is 0; rows are counted from 1".to_owned());
        }
        Ok(())
    }
}

struct FillVisitor;

impl<'de> Visitor<'de> for FillVisitor {
    type Value = Fill;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("words such as \"copper\", or a column such as { column = \"Commodity\" }")
    }

    fn visit_str<E: de::Error>(self, words: &str) -> Result<Fill, E> {
        Ok(Fill::Constant(words.to_owned()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Fill, E> {
        Ok(Fill::Constant(number.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Fill, A::Error> {
        Column::deserialize(MapAccessDeserializer::new(map)).map(|column| Fill::Column(Box::new(column)))
    }
}

impl<'de> Deserialize<'de> for Fill {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FillVisitor)
    }
}

struct FillsVisitor;

impl<'de> Visitor<'de> for FillsVisitor {
    type Value = Fills;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("words, a column such as { column = \"Basis\" }, or a list of them")
    }

    fn visit_str<E: de::Error>(self, words: &str) -> Result<Fills, E> {
        FillVisitor.visit_str(words).map(|fill| Fills(vec![fill]))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Fills, A::Error> {
        FillVisitor.visit_map(map).map(|fill| Fills(vec![fill]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Fills, A::Error> {
        let mut fills = Vec::new();
        while let Some(fill) = list.next_element()? {
            fills.push(fill);
        }
        Ok(Fills(fills))
    }
}

impl<'de> Deserialize<'de> for Fills {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FillsVisitor)
    }
}
