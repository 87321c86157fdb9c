//! What a reading yields.

use std::fmt;

use api::record::{Period, Record};

/// One thing that was read, or why it was not.
#[derive(Clone, Debug)]
pub enum Item {
    /// A document.
    Document(Entry),
    /// A `TopicMembership` of a document that came before it, or was already there.
    Membership(Record),
    /// Something that was to be a document and cannot be one.
    Refused(Refusal),
    /// Something that was left out on purpose.
    Skipped(Skip),
    /// Something worth knowing about a file that was read.
    Notice(Notice),
}

/// A document and what a report says about it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The record, ready to be put.
    pub record: Record,
    /// The title; empty if there is none.
    pub title: String,
    /// The publisher as printed; empty if not given.
    pub source: String,
    /// When it was published, if known.
    pub published: Option<Period>,
    /// True if the exporter cut the text off.
    pub truncated: bool,
    /// Where it starts.
    pub place: Place,
    /// Its number in its file, from 1; refused entries count.
    pub number: u64,
}

/// A place in the input. Displayed as `feed.txt:23`, `page.html, byte 17` or `feed.txt`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to what was asked to be read, with `/` between folders; `-` for standard input.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The byte in the file as it lies on disk, from 0.
    pub byte: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(byte) = self.byte {
            write!(f, ", byte {byte}")?;
        }
        Ok(())
    }
}

/// Why something was refused, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusalReason {
    /// The file could not be opened or read.
    Unreadable,
    /// It is no text.
    Binary,
    /// Bytes are not valid in the encoding, or the encoding is not known.
    Encoding,
    /// It is over a limit.
    TooLarge,
    /// There is no text.
    NoText,
    /// A date cannot be read.
    Date,
    /// It is not written as its format demands.
    Syntax,
    /// A field is missing or has the wrong type.
    Field,
}

/// Something that was to be a document and cannot be one. Displayed in two or three lines:
///
/// ```text
/// entry 7 of feed.txt has no readable date
///   feed.txt:23: «House News· 2025-13-07 05:44»: there is no month 13
///   correct the line and import again (nothing is imported twice)
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why, for programs.
    pub reason: RefusalReason,
    /// Where.
    pub place: Place,
    /// Number of the entry in its file, from 1; zero if the whole file is refused.
    pub number: u64,
    /// What is wrong, in one line, with the entry or the file as its subject.
    pub what: String,
    /// What was found there, shortened; empty if nothing can be shown.
    pub quote: String,
    /// Why that is wrong; empty if `what` says it all.
    pub why: String,
    /// How to mend it.
    pub mend: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  {}", self.what, self.place)?;
        if !self.quote.is_empty() {
            write!(f, ": «{}»", self.quote)?;
        }
        if !self.why.is_empty() {
            write!(f, ": {}", self.why)?;
        }
        if !self.mend.is_empty() {
            write!(f, "\n  {}", self.mend)?;
        }
        Ok(())
    }
}

/// Why something was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// The same document came before, at this place.
    Duplicate(Place),
    /// A kind of file that is not read; its extension.
    UnknownKind(String),
    /// A file in a folder that is no text.
    Binary,
    /// A file in a folder without any text.
    Empty,
    /// A symbolic link in a folder; what it leads to is read only if it lies in the folder itself.
    Link,
    /// A socket, pipe or device in a folder.
    Special,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate(place) => write!(f, "the same document as {place}"),
            Self::UnknownKind(extension) => write!(f, "files of the kind .{extension} are not read"),
            Self::Binary => f.write_str("not a text"),
            Self::Empty => f.write_str("empty"),
            Self::Link => f.write_str("a symbolic link"),
            Self::Special => f.write_str("not a regular file"),
        }
    }
}

/// Something that was left out on purpose. Displayed as `feed.txt:23: the same document as feed.txt:5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// Where.
    pub place: Place,
    /// Why.
    pub reason: SkipReason,
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

/// Something worth knowing about a file that was read, such as a field that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Where it was first seen.
    pub place: Place,
    /// A sentence without its full stop.
    pub message: String,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Counts what came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Documents.
    pub documents: u64,
    /// Of these, those without a source.
    pub without_source: u64,
    /// Of these, those without a time of publication.
    pub without_date: u64,
    /// Of these, those that the exporter cut off.
    pub truncated: u64,
    /// Topic memberships.
    pub memberships: u64,
    /// Refusals.
    pub refused: u64,
    /// Duplicates within one file.
    pub duplicates: u64,
    /// Files that were left out.
    pub skipped: u64,
}

impl Tally {
    /// Counts one item.
    pub fn add(&mut self, item: &Item) {
        match item {
            Item::Document(entry) => {
                self.documents += 1;
                self.without_source += u64::from(entry.source.is_empty());
                self.without_date += u64::from(entry.published.is_none());
                self.truncated += u64::from(entry.truncated);
            }
            Item::Membership(_) => self.memberships += 1,
            Item::Refused(_) => self.refused += 1,
            Item::Skipped(Skip { reason: SkipReason::Duplicate(_), .. }) => self.duplicates += 1,
            Item::Skipped(_) => self.skipped += 1,
            Item::Notice(_) => {}
        }
    }
}
