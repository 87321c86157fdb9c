//! Rows of a workbook's sheet (Office Open XML, ECMA-376), read cell by cell.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, Reader as _, Xlsx};

use crate::Error;
use crate::rows::{MAX_COLUMNS, MAX_ROW_BYTES, Row};

/// Largest file of a workbook, in bytes.
pub const MAX_WORKBOOK_BYTES: u64 = 256 << 20;

/// Most bytes of all parts of a workbook, unpacked.
pub const MAX_UNPACKED_BYTES: u64 = 1 << 30;

/// Most bytes of a part that is held in memory, unpacked: the shared strings, the styles.
pub const MAX_PART_BYTES: u64 = 128 << 20;

/// Most parts of a workbook.
pub const MAX_PARTS: usize = 10_000;

/// What an archive may hold.
struct Limits {
    parts: usize,
    part: u64,
    total: u64,
}

const LIMITS: Limits = Limits { parts: MAX_PARTS, part: MAX_PART_BYTES, total: MAX_UNPACKED_BYTES };

/// Rows that are read ahead.
const AHEAD: usize = 64;

/// Rows of a sheet. A thread of its own reads them: the library's cells borrow the workbook, and what a hostile file makes it do
/// ends there.
pub(crate) struct SheetRows {
    file: String,
    name: String,
    rows: Receiver<Message>,
    ended: bool,
}

enum Message {
    Row(Row),
    Wrong(String),
    End,
}

impl SheetRows {
    /// Opens a sheet, the first if none is named.
    pub(crate) fn open(file: &str, path: &Path, sheet: Option<&str>) -> Result<Self, Error> {
        let failed = |source| Error::Unreadable { file: file.to_owned(), source };
        let wrong = |what: String| Error::Table { file: file.to_owned(), what };
        let mut opened = File::open(path).map_err(failed)?;
        let size = opened.metadata().map_err(failed)?.len();
        if size > MAX_WORKBOOK_BYTES {
            let most = MAX_WORKBOOK_BYTES >> 20;
            return Err(wrong(format!(
                "it has {size} bytes; a workbook has at most {most} MiB; save the sheet as CSV"
            )));
        }
        check(&mut opened, &LIMITS).map_err(wrong)?;
        opened.rewind().map_err(failed)?;
        let (names, workbook) = guarded(move || {
            let workbook = Xlsx::new(BufReader::new(opened)).map_err(|error| error.to_string())?;
            Ok((workbook.sheet_names(), workbook))
        })
        .map_err(|why| {
            wrong(format!("it is no workbook that can be read: {why}; save it again, or as CSV"))
        })?;
        let name = match sheet {
            Some(sheet) if names.iter().any(|name| name == sheet) => sheet.to_owned(),
            Some(sheet) => {
                let known: Vec<String> = names.iter().map(|name| format!("«{name}»")).collect();
                return Err(wrong(format!("it has no sheet «{sheet}»; its sheets are {}", known.join(", "))));
            }
            None => names.first().cloned().ok_or_else(|| wrong("it has no sheet".to_owned()))?,
        };
        let (sender, rows) = sync_channel(AHEAD);
        let wanted = name.clone();
        std::thread::spawn(move || send(workbook, &wanted, &sender));
        Ok(Self { file: file.to_owned(), name, rows, ended: false })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn next(&mut self) -> Result<Option<Row>, Error> {
        if self.ended {
            return Ok(None);
        }
        let wrong = |what: String| Error::Table { file: self.file.clone(), what };
        match self.rows.recv() {
            Ok(Message::Row(row)) => Ok(Some(row)),
            Ok(Message::End) => {
                self.ended = true;
                Ok(None)
            }
            Ok(Message::Wrong(what)) => {
                self.ended = true;
                Err(wrong(format!("sheet «{}»: {what}; save it again, or as CSV", self.name)))
            }
            // The thread is gone without a word: the library has panicked.
            Err(_) => {
                self.ended = true;
                Err(wrong(format!(
                    "sheet «{}» is damaged and cannot be read; save it again, or as CSV",
                    self.name
                )))
            }
        }
    }
}

/// Runs the library on a thread of its own, so that a panic in it is an error here.
fn guarded<T: Send + 'static>(run: impl FnOnce() -> Result<T, String> + Send + 'static) -> Result<T, String> {
    std::thread::spawn(run).join().unwrap_or_else(|_| Err("it is damaged".to_owned()))
}

/// Unpacks all parts once, holding none of them, and refuses what is over a limit: sizes that an archive states may lie.
fn check(file: &mut (impl Read + Seek), limits: &Limits) -> Result<(), String> {
    let mut archive = zip::ZipArchive::new(file).map_err(|error| format!("it is no workbook: {error}"))?;
    if archive.len() > limits.parts {
        return Err(format!("it has {} parts; a workbook has at most {}", archive.len(), limits.parts));
    }
    let mut total = 0;
    let mut buffer = vec![0; 64 * 1024];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| format!("it is damaged: {error}"))?;
        let name = part.name().to_owned();
        let streamed = name.contains("worksheets/");
        let mut counts = Counts::default();
        let mut size = 0;
        loop {
            let read =
                part.read(&mut buffer).map_err(|error| format!("its part {name} is damaged: {error}"))?;
            if read == 0 {
                break;
            }
            size += read as u64;
            total += read as u64;
            counts.read(&buffer[..read]);
            if total > limits.total {
                return Err(format!(
                    "unpacked it has more than {} MiB; save the sheet as CSV",
                    limits.total >> 20
                ));
            }
            if !streamed && size > limits.part {
                let most = limits.part >> 20;
                return Err(format!(
                    "its part {name} has more than {most} MiB unpacked; save the sheet as CSV"
                ));
            }
        }
        // An entry takes at least `<si/>`; room is made for as many as are stated.
        if counts.largest > size / 5 {
            return Err(format!("its part {name} states {} entries, more than it can hold", counts.largest));
        }
    }
    Ok(())
}

/// Finds the numbers that a part states as its `uniqueCount`, for which the library makes room before it reads.
#[derive(Default)]
struct Counts {
    /// How many bytes of the attribute's name were seen.
    matched: usize,
    /// The number that is being read, once the name was seen.
    number: Option<u64>,
    largest: u64,
}

impl Counts {
    fn read(&mut self, bytes: &[u8]) {
        const NAME: &[u8] = b"uniqueCount";
        for byte in bytes {
            match (&mut self.number, byte) {
                (Some(number), b'0'..=b'9') => {
                    *number = number.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                    self.largest = self.largest.max(*number);
                }
                (Some(0), b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n') => {}
                (Some(_), _) => self.number = None,
                (None, _) => {}
            }
            self.matched = match NAME.get(self.matched) {
                Some(next) if next == byte => self.matched + 1,
                _ => usize::from(NAME[0] == *byte),
            };
            if self.matched == NAME.len() {
                (self.matched, self.number) = (0, Some(0));
            }
        }
    }
}

/// Sends the rows of a sheet until nobody wants more.
fn send(mut workbook: Xlsx<BufReader<File>>, sheet: &str, rows: &SyncSender<Message>) {
    let last = match each_row(&mut workbook, sheet, |row| rows.send(Message::Row(row)).is_ok()) {
        Ok(()) => Message::End,
        Err(why) => Message::Wrong(why),
    };
    // Nobody may want it any more.
    let _ = rows.send(last);
}

fn each_row(
    workbook: &mut Xlsx<BufReader<File>>,
    sheet: &str,
    mut take: impl FnMut(Row) -> bool,
) -> Result<(), String> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(|error| error.to_string())?;
    let mut row = Row::default();
    let mut bytes = 0;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| error.to_string())? {
        let (number, column) = (u64::from(cell.pos.0) + 1, cell.pos.1 as usize);
        if column >= MAX_COLUMNS {
            return Err(format!("row {number} has a cell beyond column {MAX_COLUMNS}"));
        }
        if number < row.number {
            return Err(format!("row {number} stands behind row {}", row.number));
        }
        if number > row.number {
            if !row.cells.is_empty() && !take(std::mem::take(&mut row)) {
                return Ok(());
            }
            row.number = number;
            bytes = 0;
        }
        let unsaved = cell.formula.is_some() && cell.value == DataRef::Empty;
        let text = if unsaved { UNSAVED.to_owned() } else { shown(&cell.value) };
        bytes += text.len();
        if bytes > MAX_ROW_BYTES {
            return Err(format!("row {number} has more than {} MiB", MAX_ROW_BYTES >> 20));
        }
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        row.cells[column] = text;
    }
    if !row.cells.is_empty() {
        take(row);
    }
    Ok(())
}

/// What a formula whose result is not in the file becomes; as a number it is refused with what to do.
pub(crate) const UNSAVED: &str = "=";

/// A cell as text: dates in ISO 8601, numbers with the 15 digits that a spreadsheet keeps.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float(*number),
        DataRef::Bool(is) => is.to_string(),
        DataRef::DateTime(time) if time.is_datetime() && (0.0..2_958_466.0).contains(&time.as_f64()) => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(time) => float(time.as_f64()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// 0.1 + 0.2 is 0.3 in a spreadsheet.
fn float(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_that_a_spreadsheet_keeps() {
        assert_eq!(float(0.1 + 0.2), "0.3");
        assert_eq!(float(19_109.0), "19109");
        assert_eq!(float(-1.5e-7), "-0.00000015");
        assert_eq!(float(136.059_833_835_342_7), "136.059833835343");
    }

    #[test]
    fn stated_counts_are_found_across_borders() {
        for (text, largest) in [
            ("<sst count=\"7\" uniqueCount=\"42\">", 42),
            ("<sst uniqueCount = '900'", 900),
            ("uniqueCoununiqueCount=\"5\"", 5),
            ("count=\"7\"", 0),
            ("uniqueCount=\"99999999999999999999999\"", u64::MAX),
        ] {
            for cut in 0..text.len() {
                let mut counts = Counts::default();
                counts.read(&text.as_bytes()[..cut]);
                counts.read(&text.as_bytes()[cut..]);
                assert_eq!(counts.largest, largest, "{text}");
            }
        }
    }

    #[test]
    fn an_archive_over_a_limit_is_refused_whatever_it_states() -> Result<(), Box<dyn std::error::Error>> {
        use std::io::{Cursor, Write as _};
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml"] {
            zip.start_file(name, zip::write::SimpleFileOptions::default())?;
            zip.write_all(&vec![b' '; 3 << 20])?;
        }
        let bytes = zip.finish()?.into_inner();
        let mebi = |parts, part: u64, total: u64| Limits { parts, part: part << 20, total: total << 20 };
        let told = |limits: &Limits| check(&mut Cursor::new(&bytes), limits).err().unwrap_or_default();
        assert_eq!(told(&mebi(3, 3, 9)), "");
        assert!(told(&mebi(2, 3, 9)).contains("3 parts; a workbook has at most 2"));
        assert!(told(&mebi(3, 2, 9)).contains("xl/styles.xml has more than 2 MiB"));
        assert!(told(&mebi(3, 3, 5)).contains("unpacked it has more than 5 MiB"));
        Ok(())
    }
}
