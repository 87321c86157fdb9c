//! The query language.
//!
//! ```text
//! 稀土 出口                      both, anywhere in title or text (words side by side are joined by AND)
//! antimony OR 锑                 either
//! "rare earth" AND NOT magnet    a phrase, and a word that must not be there (-magnet says the same)
//! title:(镓 OR 锗)               in the title; body: is the text alone
//! source:"Financial Times"       source, language, kind, name, topic, entity, commodity, country, measure
//! published:2025-06              in that month; also a day, a quarter (2025-Q2), a half (2025-H1), a week (2025-W28), a year
//! published:[2025-01-01 TO 2025-06-30]   both ends included; {...} leaves them out, * leaves one open
//! published:>=2025-06            also >, <, <=
//! sequence:>120                  by place in the log
//! measure:*                      any value at all
//! ```
//!
//! `AND`, `OR` and `NOT` are written in capitals; NOT binds closest, then AND, then OR. The meaning is that of sets: a
//! query that only excludes (`NOT magnet`) finds all other records, wherever in a query it stands; an empty query and `*`
//! find all. Words are found in all their English forms, whatever their case and width; Chinese without quotation marks
//! is a phrase. Full width punctuation and quotation marks («“稀土”», «（», «：») count as theirs.
//!
//! Dates compare with the first second of the period in which a record was published, as the civil time that was printed.

mod date;
mod display;
mod error;
mod parse;

use std::ops::Range;

pub use date::civil_seconds;
pub use error::{QueryError, QueryErrorKind};

use crate::field::Field;

/// How large a query may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Its length, in bytes.
    pub bytes: usize,
    /// Words, phrases, values and ranges in it.
    pub terms: usize,
    /// Parentheses within each other.
    pub depth: usize,
    /// Words and phrases that are searched for once aliases have been added.
    pub patterns: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 16 << 10, terms: 1_000, depth: 32, patterns: 4_000 }
    }
}

/// A query that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub(crate) text: String,
    pub(crate) root: Node,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    All,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    /// Bare words side by side.
    Words {
        scope: Option<Field>,
        words: Vec<Word>,
    },
    /// A phrase in quotation marks.
    Phrase {
        scope: Option<Field>,
        phrase: Word,
    },
    Value {
        field: Field,
        value: Word,
    },
    /// From the first to before the second; no end is `None`.
    Range {
        field: Field,
        from: Option<i64>,
        to: Option<i64>,
    },
    Exists {
        field: Field,
    },
}

/// A word or phrase, and where it stands in the query, quotation marks included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) bytes: Range<usize>,
}

impl Query {
    /// Reads a query.
    ///
    /// ```
    /// use search::{Limits, Query};
    ///
    /// assert!(Query::parse("稀土 AND published:>=2025-06", &Limits::default()).is_ok());
    /// let error = Query::parse("稀土 AND (锑", &Limits::default()).unwrap_err();
    /// assert_eq!(error.character, 8);
    /// assert_eq!(error.bytes, 11..12);
    /// ```
    ///
    /// # Errors
    /// What cannot be read, or breaks a limit; with its place and what to write instead.
    pub fn parse(text: &str, limits: &Limits) -> Result<Query, QueryError> {
        let root = parse::parse(text, limits)?;
        Ok(Query { text: text.to_owned(), root })
    }

    /// The query as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Narrows it to records with one of these values in a field, as filters beside a search box do. No values: nothing
    /// is narrowed.
    #[must_use]
    pub fn restricted(mut self, field: Field, values: &[String]) -> Query {
        let value = |value: &String| Node::Value { field, value: Word { text: value.clone(), bytes: 0..0 } };
        if !values.is_empty() {
            self.join(Node::Or(values.iter().map(value).collect()));
        }
        self
    }

    /// Narrows it to records whose field (`published`, in the seconds of [`civil_seconds`], or `sequence`) is at least
    /// `from` and below `to`.
    #[must_use]
    pub fn within(mut self, field: Field, from: Option<i64>, to: Option<i64>) -> Query {
        if from.is_some() || to.is_some() {
            self.join(Node::Range { field, from, to });
        }
        self
    }

    /// Widens it by what another query finds.
    #[must_use]
    pub(crate) fn or(mut self, other: Query) -> Query {
        let root = std::mem::replace(&mut self.root, Node::All);
        self.root = Node::Or(vec![root, other.root]);
        self
    }

    fn join(&mut self, other: Node) {
        let root = std::mem::replace(&mut self.root, Node::All);
        self.root = Node::And(vec![root, other]);
    }
}

#[cfg(test)]
mod tests;
