//! What we measure ourselves against: the same wire and the same store with nothing of ours between, other indexes and
//! other recognizers.

pub(crate) mod fts5;
pub(crate) mod index;
mod interpreter;
pub(crate) mod python;
pub(crate) mod raw;
pub(crate) mod rows;
