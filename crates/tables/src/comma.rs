//! Rows of text with a separator between cells (RFC 4180), read as a stream.

use std::io::{self, BufRead as _, BufReader, Read};

use intake::{Charset, Decoding};

use crate::Error;
use crate::mapping::FileForm;
use crate::rows::{MAX_COLUMNS, MAX_ROW_BYTES, Row};

/// How far is read ahead, in bytes.
const AHEAD: usize = 64 * 1024;

/// Rows of a CSV.
pub(crate) struct CommaRows {
    file: String,
    reader: csv::Reader<Capped>,
    record: csv::StringRecord,
}

/// A reader that refuses to go on where a row does not end: an open quote must not take in all of a file.
struct Capped {
    inner: BufReader<Decoding>,
    left: usize,
}

impl Read for Capped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.inner.fill_buf()?.is_empty() {
            let what =
                format!("a row has more than {} MiB; a quote may be open before it", MAX_ROW_BYTES >> 20);
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        let most = buffer.len().min(self.left);
        let read = self.inner.read(&mut buffer[..most])?;
        self.left -= read;
        Ok(read)
    }
}

impl CommaRows {
    /// Looks at the first line.
    pub(crate) fn open(
        file: &str,
        bytes: Box<dyn Read + Send>,
        form: &FileForm,
        encoding: Option<Charset>,
    ) -> Result<Self, Error> {
        let failed = |source| Error::Unreadable { file: file.to_owned(), source };
        let decoding = Decoding::new(bytes, encoding).map_err(failed)?;
        let mut inner = BufReader::with_capacity(AHEAD, decoding);
        let first = inner.fill_buf().map_err(failed)?;
        let delimiter = form.delimiter.map_or_else(|| separator(first, form.comment), ascii);
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(delimiter).comment(form.comment.map(ascii));
        let reader = builder.from_reader(Capped { inner, left: MAX_ROW_BYTES + AHEAD });
        Ok(Self { file: file.to_owned(), reader, record: csv::StringRecord::new() })
    }

    pub(crate) fn next(&mut self) -> Result<Option<Row>, Error> {
        self.reader.get_mut().left = MAX_ROW_BYTES + AHEAD;
        let line = self.reader.position().line();
        if !self.reader.read_record(&mut self.record).map_err(|error| self.failed(line, error))? {
            return Ok(None);
        }
        let number = self.record.position().map_or(line, csv::Position::line);
        if self.record.len() > MAX_COLUMNS {
            let what = format!(
                "line {number} has {} cells; a table has at most {MAX_COLUMNS} columns",
                self.record.len()
            );
            return Err(Error::Table { file: self.file.clone(), what });
        }
        Ok(Some(Row { number, cells: self.record.iter().map(str::to_owned).collect() }))
    }

    fn failed(&self, line: u64, error: csv::Error) -> Error {
        let file = self.file.clone();
        match error.into_kind() {
            csv::ErrorKind::Io(source) if source.kind() == io::ErrorKind::InvalidData => {
                Error::Table { file, what: format!("at line {line} or after it, {source}") }
            }
            csv::ErrorKind::Io(source) => Error::Unreadable { file, source },
            other => Error::Table { file, what: format!("at line {line}, {other:?}") },
        }
    }
}

/// The mapping is checked to hold ASCII only.
fn ascii(sign: char) -> u8 {
    u8::try_from(sign).unwrap_or(b',')
}

/// Of comma, semicolon and tab the one that stands most often, outside quotes, in the first line that is no comment.
fn separator(start: &[u8], comment: Option<char>) -> u8 {
    let comment = comment.map(ascii);
    let mut lines = start.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let line = lines.find(|line| !line.is_empty() && line.first().copied() != comment).unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in line {
        quoted ^= *byte == b'"';
        for (sign, count) in &mut counts {
            *count += usize::from(*byte == *sign && !quoted);
        }
    }
    // The first of those that stand equally often.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(sign, _)| *sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8], form: &FileForm) -> Result<Vec<(u64, Vec<String>)>, String> {
        let mut rows = CommaRows::open("t.csv", Box::new(io::Cursor::new(text.to_vec())), form, None)
            .map_err(|e| e.to_string())?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(|e| e.to_string())? {
            all.push((row.number, row.cells));
        }
        Ok(all)
    }

    #[test]
    fn separators_and_lines_are_found() {
        let found = rows(b"a;b\n\"1;\n2\";3\n4;5\n", &FileForm::default());
        let cells = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            found,
            Ok(vec![(1, cells(&["a", "b"])), (2, cells(&["1;\n2", "3"])), (4, cells(&["4", "5"]))])
        );
        assert_eq!(separator(b"a\tb\tc,d", None), b'\t');
        assert_eq!(separator(b"\"a;b;c\",d", None), b',');
        assert_eq!(separator(b"# a;b;c\nd,e", Some('#')), b',');
    }

    #[test]
    fn an_open_quote_does_not_take_in_the_file() {
        let mut text = b"a,b\n1,\"".to_vec();
        text.resize(8 << 20, b'x');
        let why = rows(&text, &FileForm::default()).expect_err("it has no end");
        assert!(why.contains("t.csv: at line 2") && why.contains("a quote may be open"), "{why}");
        let wide = ",".repeat(MAX_COLUMNS);
        assert!(
            rows(wide.as_bytes(), &FileForm::default()).is_err_and(|e| e.contains("at most 16384 columns"))
        );
    }
}
