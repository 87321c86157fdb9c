use std::ops::Range;

/// What is wrong with a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QueryErrorKind {
    /// A quotation mark without its partner.
    UnclosedQuote,
    /// A parenthesis without its partner, on either side.
    Parenthesis,
    /// An operator or field with nothing where its operand belongs.
    MissingOperand,
    /// No field has this name.
    UnknownField,
    /// A value that the field cannot have: no date, no number.
    Value,
    /// A range that is not complete, or of a field that has none.
    Range,
    /// Nothing in it can be searched for.
    Nothing,
    /// A wildcard in a word.
    Wildcard,
    /// Longer than allowed.
    TooLong,
    /// More terms than allowed, given or with aliases.
    TooManyTerms,
    /// Deeper than allowed.
    TooDeep,
}

/// Why a query cannot be read: what is wrong, where, and how to mend it.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the query cannot be read at character {character} (byte {}): {what}; {help}", bytes.start)]
pub struct QueryError {
    /// What is wrong.
    pub kind: QueryErrorKind,
    /// Where, in bytes of the query. Empty at the end of the query, if something is missing there.
    pub bytes: Range<usize>,
    /// Where, in characters from one.
    pub character: usize,
    /// What is wrong, in words.
    pub what: String,
    /// What to write instead.
    pub help: String,
}

impl QueryError {
    /// An error at a place of `text`.
    pub(crate) fn new(
        kind: QueryErrorKind,
        text: &str,
        bytes: Range<usize>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> QueryError {
        let before = text.get(..bytes.start).map_or(0, |before| before.chars().count());
        QueryError { kind, bytes, character: before + 1, what: what.into(), help: help.into() }
    }
}
