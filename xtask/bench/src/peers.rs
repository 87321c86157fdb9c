//! What we measure ourselves against: the same wire and the same store with nothing of ours between.

pub(crate) mod raw;
pub(crate) mod rows;
