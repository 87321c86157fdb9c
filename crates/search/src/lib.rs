//! Search.

mod analyze;
mod answer;
mod ask;
mod entry;
mod error;
mod expand;
mod field;
mod highlight;
mod index;
mod plan;
mod query;
mod schema;

pub use analyze::{
    CharacterTokenizer, Pattern, Token, TokenKind, Tokens, WordTokenizer, characters, fingerprint, words,
};
pub use answer::{Answer, Facet, FacetOf, Hit, Order, PageError, Request};
pub use entry::Entry;
pub use error::{Error, Result};
pub use expand::{Expand, Expander, Expansion};
pub use field::{Field, Form};
pub use highlight::{Highlighter, Snippet};
pub use index::{Config, Index, Opened, Rebuild, Snapshot, Writer};
pub use plan::Plan;
pub use query::{Limits, Query, QueryError, QueryErrorKind, civil_seconds};
