//! Makes a brief of records: what is new, what is in dispute, what each theme has, what was checked and holds.
//!
//! The principle function is [`make`]: records that were read at one sequence, and [`Parameters`], give a [`Brief`]. There is no
//! input or output here and no clock: the same records in any order and the same parameters give the same bytes in every
//! output. A brief says nothing that no record says: each of its entries is a sentence of a document, or words of a
//! template that claims or findings fill, and every entry cites what it rests on. `docs/brief.md` says how it chooses.
//!
//! ```
//! use brief::{Asked, Parameters, make, render};
//!
//! let parameters = Parameters { asked: Asked::All, ..Parameters::default() };
//! let brief = make(&[], &parameters)?;
//! assert!(render::text(&brief, 80).contains("nothing"));
//! # Ok::<(), brief::BriefError>(())
//! ```

#![forbid(unsafe_code)]

mod candidate;
mod choose;
mod compose;
mod disputed;
mod error;
mod findings;
mod id;
mod input;
mod label;
mod like;
mod model;
mod parameters;
mod passage;
pub mod render;
mod stories;
mod theme;
mod topic;
mod words;
mod wrap;

pub use compose::make;
pub use error::BriefError;
pub use input::{KINDS, point};
pub use model::{Brief, Counts, Entry, Passage, Piece, Section, SectionKind, Source, Tellings};
pub use parameters::{Asked, Derived, Language, Parameters, Since};
pub use wrap::wrapped;
