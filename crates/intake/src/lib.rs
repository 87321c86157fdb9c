//! Turns files, folders and standard input into records that are ready to be put in the log.
//!
//! The principle type is [`Reading`], an iterator over [`Item`]s, which [`read`] makes of a [`Source`]. It streams: what
//! is held in memory is bounded by [`Options::max_document_bytes`], not by the size of the input. Nothing that
//! goes wrong with one document stops the others: it becomes an [`Item::Refused`] that says where, why and how to
//! mend it. A [`Tally`] counts what came.
//!
//! ```
//! let feed = "铜价创新高\nHouse News· 2025-07-13 16:09\n伦敦金属交易所的铜价上涨。\n";
//! let source = intake::Source::bytes("feed.txt", feed.as_bytes());
//! let mut tally = intake::Tally::default();
//! for item in intake::read(source, &intake::Options::default()) {
//!     tally.add(&item);
//!     if let intake::Item::Document(entry) = item {
//!         assert_eq!(entry.title, "铜价创新高");
//!         assert_eq!(entry.place.to_string(), "feed.txt:1");
//!     }
//! }
//! assert_eq!((tally.documents, tally.refused), (1, 0));
//! ```
//!
//! The formats are described for users in `docs/import-formats.md`. This crate knows neither gRPC nor the command
//! line, opens nothing but what it is handed, and never follows a link in a document.

mod charset;
mod dates;
mod decoding;
mod detect;
mod feed;
mod folder;
mod front;
mod html;
mod input;
mod item;
mod jsonl;
mod language;
mod lines;
mod options;
mod plain;
mod reading;
mod record;
mod sink;

pub use charset::Charset;
pub use dates::parse_zone;
pub use decoding::Decoding;
pub use item::{Entry, Item, Notice, Place, Refusal, RefusalReason, Skip, SkipReason, Tally};
pub use options::{Error, Format, MAX_RECORD_BYTES, Options};
pub use reading::{Progress, Reading, Source, read};
pub use record::{document_name, document_record, membership_record};
