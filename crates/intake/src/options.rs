//! What a caller may ask for.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;

use crate::Charset;

/// The largest encoded record that the log takes: 4 MiB, as `record.proto` says.
pub const MAX_RECORD_BYTES: usize = 4 * 1024 * 1024;

/// Why an option could not be understood.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No such format.
    #[error("unknown format «{0}»; known are feed, jsonl, text, markdown and html")]
    UnknownFormat(String),
    /// No such encoding.
    #[error(
        "unknown encoding «{0}»; known are utf-8, utf-16le, utf-16be, gb18030 (also gbk and gb2312) and windows-1252 (also cp1252)"
    )]
    UnknownCharset(String),
    /// No such time zone.
    #[error("unknown time zone «{0}»; write an offset such as +08:00, UTC, or a name such as Asia/Shanghai")]
    UnknownZone(String),
}

/// How an input is written. Each is described in `docs/import-formats.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// The export of a topic feed: a header, then entries of title line, source line and body.
    Feed,
    /// One JSON object a line.
    JsonLines,
    /// One plain text, with optional front matter.
    Text,
    /// One Markdown text, with optional front matter.
    Markdown,
    /// One saved web page.
    Html,
}

impl Format {
    /// The name by which it is asked for: `feed`, `jsonl`, `text`, `markdown` or `html`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::JsonLines => "jsonl",
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }

    /// All formats, in the order in which they are documented.
    pub const ALL: [Self; 5] = [Self::Feed, Self::JsonLines, Self::Text, Self::Markdown, Self::Html];
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| Error::UnknownFormat(name.to_owned()))
    }
}

/// How to read. The default detects format and encoding.
#[derive(Clone, Debug)]
pub struct Options {
    /// The format; detected for each file if absent.
    pub format: Option<Format>,
    /// The encoding; detected for each file if absent.
    pub encoding: Option<Charset>,
    /// The zone of times that do not say theirs; [`parse_zone`](crate::parse_zone) reads one. A feed's own header goes
    /// before it. Default: China Standard Time, UTC+8 all year.
    pub feed_zone: TimeZone,
    /// Takes the place of the topic in a feed's header, and gives documents of other formats one more.
    pub topic: Option<String>,
    /// The largest encoded record, in bytes; a document beyond it is refused. Values above [`MAX_RECORD_BYTES`],
    /// the default, count as that.
    pub max_document_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: None,
            encoding: None,
            feed_zone: TimeZone::fixed(jiff::tz::offset(8)),
            topic: None,
            max_document_bytes: MAX_RECORD_BYTES,
        }
    }
}

impl Options {
    /// The limit that holds.
    pub(crate) fn record_limit(&self) -> usize {
        self.max_document_bytes.min(MAX_RECORD_BYTES)
    }

    /// The most bytes of an input that can become one document: UTF-16 takes two bytes where UTF-8 takes one.
    pub(crate) fn raw_limit(&self) -> usize {
        self.record_limit() * 2 + 4
    }
}
