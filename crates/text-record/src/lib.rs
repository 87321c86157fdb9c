//! The reader's mentions and claims as bodies of records, and mentions back; and rows of tables as claims, for their keys.
//!
//! `crates/text` knows no records and `crates/api` no reading; every analyzer that stands between the two goes through here, so
//! that a kind of mention or a slot of a claim has one form in the log.

#![forbid(unsafe_code)]

mod claim;
mod mention;
mod observation;
mod words;

pub use claim::claim;
pub use mention::{NotInText, mention, mentions};
pub use observation::{interval, observed, stated};

/// An offset into a text as the records hold it.
fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("the reader reads no text beyond 4 GiB")
}
