//! What the tests share: reading a table to its end, and writing workbooks.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::LazyLock;

use tables::{Entry, Error, Item, Mapping, Names, Refusal, Source, Tally};
use text::Lexicon;

/// What a table said.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) entries: Vec<Entry>,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) tally: Tally,
}

impl Told {
    /// Value and unit of each observation.
    pub(crate) fn values(&self) -> Vec<String> {
        let value = |entry: &Entry| entry.body.value.clone().unwrap_or_default();
        self.entries.iter().map(value).map(|value| format!("{} {}", value.value, value.unit)).collect()
    }

    /// The keys of a name.
    pub(crate) fn keys(&self, name: &str) -> Vec<Option<String>> {
        let key = |entry: &Entry| {
            entry
                .record
                .keys
                .iter()
                .find_map(|key| key.strip_prefix(name)?.strip_prefix('='))
                .map(str::to_owned)
        };
        self.entries.iter().map(key).collect()
    }
}

static NAMES: LazyLock<Names<'static>> = LazyLock::new(|| Names::new(Lexicon::standard()));

/// Reads a table to its end.
pub(crate) fn read(source: Source, mapping: Option<&str>) -> Result<Told, Error> {
    let mapping = mapping.map(|text| Mapping::parse("m.toml", text)).transpose()?;
    let mut told = Told::default();
    for item in tables::read(source, mapping.as_ref(), None, &NAMES)? {
        let item = item?;
        told.tally.add(&item);
        match item {
            Item::Observation(entry) => told.entries.push(*entry),
            Item::Refused(refusal) => told.refusals.push(refusal),
            _ => {}
        }
    }
    Ok(told)
}

/// Reads a CSV.
pub(crate) fn csv(table: &str, mapping: &str) -> Result<Told, Error> {
    read(Source::bytes("t.csv", table), Some(mapping))
}

/// A workbook with one sheet, «Data», of this XML within `sheetData`, and with these shared strings.
pub(crate) struct Workbook {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

impl Workbook {
    /// Writes it.
    pub(crate) fn new(rows: &str, strings: &str) -> std::io::Result<Self> {
        Self::of(&[
            (
                "xl/worksheets/sheet1.xml",
                &format!("<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"),
            ),
            ("xl/sharedStrings.xml", strings),
        ])
    }

    /// Writes one with these parts beside those that every workbook has.
    pub(crate) fn of(parts: &[(&str, &str)]) -> std::io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("t.xlsx");
        let mut zip = zip::ZipWriter::new(std::fs::File::create(&path)?);
        let options = zip::write::SimpleFileOptions::default();
        for (name, content) in PARTS.iter().chain(parts) {
            zip.start_file(*name, options)?;
            zip.write_all(content.as_bytes())?;
        }
        zip.finish()?;
        Ok(Self { folder, path })
    }

    pub(crate) fn source(&self) -> Source {
        Source::path(&self.path)
    }
}

pub(crate) const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

/// Style 0 is general, style 1 a date.
const PARTS: &[(&str, &str)] = &[
    (
        "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" \
         ContentType=\"application/xml\"/></Types>",
    ),
    (
        "_rels/.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
         Target=\"xl/workbook.xml\"/></Relationships>",
    ),
    (
        "xl/workbook.xml",
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Data\" \
         sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
         Target=\"worksheets/sheet1.xml\"/></Relationships>",
    ),
    (
        "xl/styles.xml",
        "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs count=\"2\"><xf \
         numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
    ),
];

/// A mapping whose columns are Metal, Month, Price.
pub(crate) const PRICES: &str = r#"
[slots]
source = "Example Metals"
edition = "2025-07"
subject = { column = "Metal" }
measure = "price"
unit = "USD/t"
period = { column = "Month" }
value = { column = "Price" }
"#;
