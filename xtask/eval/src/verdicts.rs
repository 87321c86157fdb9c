//! The verdicts set: which numbers hold up, in a development part and a test part.

pub(crate) mod audit;
