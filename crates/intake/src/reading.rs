//! Goes through a source, file by file.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::charset::{self, Charset, Looks};
use crate::detect::{self, Hint};
use crate::folder::{self, Found, Walk};
use crate::input::{Input, SAMPLE_BYTES};
use crate::item::{Item, Refusal, RefusalReason, SkipReason};
use crate::lines::{Lines, normalize_line_ends};
use crate::sink::{FormatReader, Sink};
use crate::{Format, Options, feed, html, jsonl, plain};

/// What to read.
pub struct Source(Kind);

enum Kind {
    Path(PathBuf),
    Reader(String, Box<dyn Read + Send>),
}

impl Source {
    /// A file, or a folder with all below it.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self(Kind::Path(path.into()))
    }

    /// Standard input, named `-`.
    pub fn stdin() -> Self {
        Self::reader("-", io::stdin())
    }

    /// A stream. Reports show `name`, and its extension is a hint for the format.
    pub fn reader(name: impl Into<String>, reader: impl Read + Send + 'static) -> Self {
        Self(Kind::Reader(name.into(), Box::new(reader)))
    }

    /// Bytes in memory.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self::reader(name, io::Cursor::new(bytes.into()))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Path(path) => f.debug_tuple("Source::path").field(path).finish(),
            Kind::Reader(name, _) => f.debug_tuple("Source::reader").field(name).finish(),
        }
    }
}

/// How far a reading has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read so far, of all files.
    pub bytes: u64,
    /// Bytes in all; `None` for a stream or a folder, whose size is not known before it was read.
    pub total: Option<u64>,
    /// Files opened so far.
    pub files: u64,
    /// The file that is being read.
    pub file: String,
}

/// Yields what is in a source, in the order in which it stands there. Made by [`read`].
pub struct Reading {
    todo: Todo,
    sink: Sink,
    current: Option<Box<dyn FormatReader>>,
    done_bytes: u64,
    total: Option<u64>,
    files: u64,
}

enum Todo {
    Source(Source),
    Folder(Walk),
    Nothing,
}

/// Reads a source. Nothing is opened before the first item is asked for, and what cannot be opened is an
/// [`Item::Refused`].
pub fn read(source: Source, options: &Options) -> Reading {
    Reading {
        todo: Todo::Source(source),
        sink: Sink::new(Arc::new(options.clone())),
        current: None,
        done_bytes: 0,
        total: None,
        files: 0,
    }
}

impl Iterator for Reading {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.sink.pop() {
                return Some(item);
            }
            if let Some(reader) = &mut self.current {
                if !reader.step(&mut self.sink) {
                    self.done_bytes += reader.offset();
                    self.current = None;
                }
            } else if !self.open_next() {
                return self.sink.pop();
            }
        }
    }
}

impl Reading {
    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let bytes = self.done_bytes + self.current.as_ref().map_or(0, |reader| reader.offset());
        Progress { bytes, total: self.total, files: self.files, file: self.sink.file.clone() }
    }

    /// Opens what comes next; false if nothing is left.
    fn open_next(&mut self) -> bool {
        match std::mem::replace(&mut self.todo, Todo::Nothing) {
            Todo::Nothing => return false,
            Todo::Source(Source(Kind::Reader(name, reader))) => {
                let hint = detect::hint(&extension(Path::new(&name)));
                self.start(folder::shown(&name), reader, hint, false);
            }
            Todo::Source(Source(Kind::Path(path))) => self.open_path(&path),
            Todo::Folder(mut walk) => {
                let Some(found) = walk.next() else { return false };
                self.todo = Todo::Folder(walk);
                self.open_found(found);
            }
        }
        true
    }

    /// Opens what the user named: a folder, or a file of any kind.
    fn open_path(&mut self, path: &Path) {
        let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
        let name = folder::shown(&name);
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.todo = Todo::Folder(Walk::new(path)),
            Ok(metadata) => {
                self.total = metadata.is_file().then_some(metadata.len());
                self.open_file(path, name, detect::hint(&extension(path)), false);
            }
            Err(error) => self.refuse_unreadable(name, &error),
        }
    }

    /// Opens what was found in a folder.
    fn open_found(&mut self, found: Found) {
        match found {
            Found::Skip(name, reason) => {
                self.sink.start(name);
                let place = self.sink.whole();
                self.sink.skip(place, reason);
            }
            Found::Unreadable(name, error) => self.refuse_unreadable(name, &error),
            Found::File(path, name) => {
                let extension = extension(&path);
                match detect::hint(&extension) {
                    Hint::Unknown => {
                        self.sink.start(name);
                        let place = self.sink.whole();
                        self.sink.skip(place, SkipReason::UnknownKind(folder::shown(&extension)));
                    }
                    hint => self.open_file(&path, name, hint, true),
                }
            }
        }
    }

    fn open_file(&mut self, path: &Path, name: String, hint: Hint, in_folder: bool) {
        match File::open(path) {
            Ok(file) => self.start(name, Box::new(file), hint, in_folder),
            Err(error) => self.refuse_unreadable(name, &error),
        }
    }

    /// Detects encoding and format, and sets the reader up.
    fn start(&mut self, name: String, reader: Box<dyn Read + Send>, hint: Hint, in_folder: bool) {
        self.sink.start(name.clone());
        self.files += 1;
        let mut input = Input::new(reader);
        let sample = match input.fill(SAMPLE_BYTES) {
            Ok(filled) => filled[..filled.len().min(SAMPLE_BYTES)].to_vec(),
            Err(error) => return self.refuse_unreadable(name, &error),
        };
        let whole = self.sink.whole();
        let (reason, what, mend) = match self.look(&sample, input.ended(), hint) {
            Ok((format, charset, mark)) => {
                if format != Format::Html {
                    input.consume(mark);
                }
                self.current = Some(self.reader(format, input, charset));
                return;
            }
            Err(Unfit::Empty) if in_folder => return self.sink.skip(whole, SkipReason::Empty),
            Err(Unfit::Binary) if in_folder => return self.sink.skip(whole, SkipReason::Binary),
            Err(Unfit::Empty) => (RefusalReason::NoText, format!("{name} is empty"), String::new()),
            Err(Unfit::Binary) => {
                let mend = "save it as text, Markdown, HTML or JSON lines and import that".to_owned();
                (RefusalReason::Binary, format!("{name} is not a text"), mend)
            }
            Err(Unfit::Charset(other)) => {
                let mend = "convert it to UTF-8 and import again, or name its encoding".to_owned();
                (RefusalReason::Encoding, format!("{name} looks like {other}, which is not read"), mend)
            }
        };
        let (quote, why) = (String::new(), String::new());
        self.sink.refuse(Refusal { reason, place: whole, number: 0, what, quote, why, mend });
    }

    /// Tells format, encoding (`None` while all is ASCII) and the length of the byte order mark.
    fn look(
        &self,
        sample: &[u8],
        complete: bool,
        hint: Hint,
    ) -> Result<(Format, Option<Charset>, usize), Unfit> {
        let looks = charset::look(sample, complete);
        if sample.is_empty() || (complete && sample.iter().all(u8::is_ascii_whitespace)) {
            return Err(Unfit::Empty);
        }
        let (charset, mark) = match (self.sink.options.encoding, looks) {
            (Some(asked), Looks::Like(found, mark)) if asked == found => (Some(asked), mark),
            (Some(asked), _) => (Some(asked), 0),
            (None, Looks::Like(found, mark)) => (Some(found), mark),
            (None, _) => (None, 0),
        };
        let format = self.sink.options.format.unwrap_or_else(|| {
            detect::detect(&normalize_line_ends(sample_text(&sample[mark..], charset)), hint)
        });
        let forced = self.sink.options.encoding.is_some();
        match looks {
            Looks::Binary if !forced => Err(Unfit::Binary),
            _ if detect::is_known_binary(sample) => Err(Unfit::Binary),
            // A page may declare any encoding.
            Looks::Other(name) if !forced && format != Format::Html => Err(Unfit::Charset(name)),
            _ => Ok((format, charset, mark)),
        }
    }

    fn reader(&self, format: Format, input: Input, charset: Option<Charset>) -> Box<dyn FormatReader> {
        let raw_limit = self.sink.options.raw_limit();
        match format {
            Format::Feed => Box::new(feed::FeedReader::new(Lines::new(input, charset, raw_limit))),
            // A character of two bytes may be written as an escape of six.
            Format::JsonLines => {
                Box::new(jsonl::JsonLinesReader::new(Lines::new(input, charset, raw_limit * 2)))
            }
            Format::Text => Box::new(plain::PlainReader::new(input, charset, false)),
            Format::Markdown => Box::new(plain::PlainReader::new(input, charset, true)),
            Format::Html => Box::new(html::HtmlReader::new(input)),
        }
    }

    fn refuse_unreadable(&mut self, name: String, error: &io::Error) {
        self.sink.start(name.clone());
        let place = self.sink.whole();
        self.sink.refuse(unreadable(place, &name, error));
    }
}

/// Why a file cannot be read as text.
enum Unfit {
    Empty,
    Binary,
    Charset(&'static str),
}

/// A refusal of an input that cannot be read (any further).
pub(crate) fn unreadable(place: crate::Place, name: &str, error: &io::Error) -> Refusal {
    Refusal {
        reason: RefusalReason::Unreadable,
        place,
        number: 0,
        what: format!("{name} cannot be read"),
        quote: String::new(),
        why: error.to_string(),
        mend: String::new(),
    }
}

/// The sample as text, for looking at only.
fn sample_text(sample: &[u8], charset: Option<Charset>) -> String {
    match charset {
        Some(Charset::Utf16Le) => encoding_rs::UTF_16LE.decode_without_bom_handling(sample).0.into_owned(),
        Some(Charset::Utf16Be) => encoding_rs::UTF_16BE.decode_without_bom_handling(sample).0.into_owned(),
        Some(Charset::Gb18030) => encoding_rs::GB18030.decode_without_bom_handling(sample).0.into_owned(),
        _ => String::from_utf8_lossy(sample).into_owned(),
    }
}

/// The extension in lower case, without its dot.
fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}
