//! Search: an index that follows the log, a query language, and saved queries that new records are held against.
//!
//! An [`Entry`] is what is indexed of a record. A [`Writer`] puts entries into an [`Index`], in commits that carry how far
//! the log was followed. A [`Query`] is read from what a user typed; an [`Expander`] makes a [`Plan`] of it, with the
//! aliases that a lexicon knows in both languages. A [`Snapshot`] of the index answers a plan ([`Request`], [`Answer`]), a
//! [`Highlighter`] shows where a text answers it, and [`Topics`] tell which of many saved plans a new record answers. All
//! three find the same: they ask the same [`Pattern`]s.
//!
//! ```
//! use std::time::Instant;
//! use search::{Config, Entry, Expand, Expander, Index, Limits, Query, Request};
//!
//! let (index, mut writer) = Index::in_memory(&Config::default())?;
//! let text = "Rare-earth exports fell in May.";
//! let entry = Entry { name: "documents/1".into(), body: text.into(), sequence: 1, ..Entry::default() };
//! writer.put(&entry, Instant::now())?;
//! writer.commit(1)?;
//!
//! let expander = Expander::new(text::Lexicon::standard());
//! let limits = Limits::default();
//! let plan = expander.plan(&Query::parse("稀土", &limits)?, Expand::On, &limits)?;
//! let answer = index.at_least(1)?.search(&Request::new(&plan))?;
//! assert_eq!(answer.hits[0].name, "documents/1");
//! assert_eq!(answer.expansions[0].ids, ["commodity/rare-earths"]);
//! let snippet = plan.highlighter().snippet(text, 0, 200);
//! assert_eq!(&text[snippet.highlights[0].clone()], "Rare-earth");
//! # Ok::<(), search::Error>(())
//! ```
//!
//! What is not here: texts. The index keeps no text (it would be half of its size); whoever wants a snippet brings the
//! text from storage. There is no clock either: queries name dates, and the writer is told what time it is.

mod analyze;
mod answer;
mod ask;
mod entry;
mod error;
mod expand;
mod field;
pub mod grpc;
mod highlight;
mod index;
mod plan;
mod query;
mod schema;
pub mod service;
mod shown;
mod topics;

pub use analyze::{PairTokenizer, Pattern, Token, TokenKind, Tokens, WordTokenizer, characters, words};
pub use answer::{Answer, Facet, FacetOf, Hit, Order, PageError, Request};
pub use entry::Entry;
pub use error::{Error, Result};
pub use expand::{Expand, Expander, Expansion};
pub use field::{Field, Form};
pub use highlight::{Highlighter, Snippet};
pub use index::{Config, Index, Opened, Rebuild, Snapshot, Tidying, Writer};
pub use plan::Plan;
pub use query::{Limits, Query, QueryError, QueryErrorKind, civil_seconds};
pub use service::Search;
pub use topics::{AnyTerm, Guess, Rarity, Scratch, Topics};

/// Name of a peer in errors.
const STORAGE: &str = "storage";
