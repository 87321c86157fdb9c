//! Reading Chinese and English market text: numbers, units, times and names, each with its exact place.
//!
//! A [`Reader`] finds [`Mention`]s in a text; [`sentences`] tells where sentences begin and end; [`language`] tells which
//! language a text is in. There is no input or output here, and no clock: what a time is resolved against comes in with
//! the [`Context`].
//!
//! ```
//! use text::{Context, Reader};
//!
//! let reader = Reader::standard();
//! let context = Context { published: Some(jiff::civil::date(2025, 7, 13)), ..Context::default() };
//! for mention in reader.read("一季度氧化锑报价2.8~2.85万元/吨", &context) {
//!     let line = serde_json::to_string(&mention)?;
//!     assert!(line.starts_with(r#"{"kind":"#));
//! }
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! How it works: the text is folded once (full width to half, traditional to simplified where numbers and units need it,
//! lower case), then read once from left to right. At each place the readings that could begin there are tried (citation
//! or code, value, time, name), the longest wins, and reading goes on behind it.

mod amount;
mod brief;
mod claim;
mod code;
mod compare;
mod compound;
mod entity;
mod find;
mod first;
mod han;
mod json;
mod language;
mod lead;
mod lexicon;
mod mention;
mod multiple;
mod numeral;
mod odd;
mod part;
mod percent;
mod phrase;
mod qualifier;
mod quick;
mod range;
mod rate;
mod reader;
pub mod rounding;
mod sentence;
mod shy;
mod sieve;
mod time;
mod trie;
mod units;
mod view;

pub use claim::{
    Amount, Base, Change, Choice, Claim, Direction, EventType, Interval, Keys, Modality, Origin, OriginKind,
    Relation, Slot, Status, Term, basis, dimension, statistic,
};
pub use json::{LineError, read_line};
pub use language::language;
pub use lexicon::{Entry, Lexicon, LexiconError, Name};
pub use mention::{Doubt, Exclusive, Kind, Kinds, Mention, Precision, Qualifier, UnknownKind};
pub use reader::{Context, Reader};
pub use sentence::sentences;
