//! The arithmetic and the dates within one document, checked. Every calculation that can be made from what the document prints
//! becomes an [`Outcome`]: quietly if it holds, loudly if it does not.
//!
//! [`audit`] is the whole of it as a plain function, which the plugin `audit` calls. What each check looks for, its formula, its
//! tolerance and its limits stand in `docs/audit.md`. A check that is not sure which figures belong together says nothing.

mod checks;
mod figure;
mod outcome;
mod page;
mod unit;
mod words;

pub use crate::outcome::{Calculated, Outcome};
pub use crate::page::{Input, Stated, published};

/// Most outcomes of one document; the rest of a longer table is not checked.
pub const MAX_OUTCOMES: usize = 2_000;

/// What can be calculated in a document, in the order of the text: at most [`MAX_OUTCOMES`].
#[must_use]
pub fn audit(input: &Input<'_>) -> Vec<Outcome> {
    let page = page::Page::new(input);
    let mut found = checks::all(&page);
    found.sort_by_key(outcome::Outcome::place);
    found.dedup();
    found.truncate(MAX_OUTCOMES);
    found
}
