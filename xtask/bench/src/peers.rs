//! What we measure ourselves against: the same wire and the same store with nothing of ours between, and other recognizers.

pub(crate) mod python;
pub(crate) mod raw;
pub(crate) mod rows;
