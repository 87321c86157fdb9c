//! The verdicts set: groups of passages, of which each pair is labelled, true texts in which exactly one thing is changed, and
//! audit cases of one document each.

pub(crate) mod audit;
mod chain;
mod feed;
mod generate;
mod groups;
mod report;
mod score;
mod tables;

pub(crate) use self::feed::findings;
pub(crate) use self::groups::{Development, Hidden};
pub(crate) use self::report::{beyond, errors, markdown, plain};
pub(crate) use self::score::{Report, Totals};
