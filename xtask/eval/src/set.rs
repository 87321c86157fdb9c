//! The annotated set: texts with labels, in a development part and a test part.

mod claims;
mod feed;
mod gold;
mod keys;
mod label;
mod load;
mod matching;
mod mentions;
mod names;
mod part;
mod rules;
mod score;
mod slots;
#[cfg(test)]
mod tests;

pub(crate) use self::load::LoadError;
pub(crate) use self::names::Names;
pub(crate) use self::part::{ClaimReader, Development, Hidden, Reading, Report};
pub(crate) use self::rules::RuleRow;
pub(crate) use self::score::{ALL, Sums, Totals};
