//! Figures, and what two of them may say about each other.

use api::record::{Extent, ReasonCode, StatedChange, Statement};

use crate::overlap::Bounds;
use crate::slot::Slot;
use crate::statement::Item;

/// What two figures say about each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Equal as printed.
    Agree,
    /// Equal within the rounding of the printed digits.
    Round,
    /// They cannot both be right, for this reason.
    Contradict(ReasonCode),
    /// A forecast and the actual.
    Outturn,
    /// Two editions.
    Revision,
    /// A slot that is needed is empty or differs.
    NotComparable(Slot),
}

/// A figure of a statement: its level, or one of its changes.
#[derive(Clone, Debug)]
pub struct Figure<'a> {
    /// The statement.
    pub item: &'a Item,
    /// The change, if it is one.
    pub change: Option<&'a StatedChange>,
    /// What is printed.
    pub extent: &'a Extent,
    /// Its interval.
    pub bounds: Bounds,
}

impl<'a> Figure<'a> {
    /// The figures of a statement: its level, and each change that says by how much.
    pub fn all(item: &'a Item) -> impl Iterator<Item = Figure<'a>> {
        let level = item.statement.value.iter().map(move |extent| (None, extent));
        let changes =
            item.statement.changes.iter().filter_map(|change| Some((Some(change), change.by.as_ref()?)));
        level.chain(changes).filter_map(move |(change, extent)| {
            Some(Figure { item, change, extent, bounds: Bounds::of(extent)? })
        })
    }

    /// The figure as printed, with its unit.
    pub(crate) fn quote(&self) -> &'a str {
        let index = (self.extent.span as usize).checked_sub(1);
        index.and_then(|index| self.item.citation.spans.get(index)).map_or("", |span| span.quote.as_str())
    }

    pub(crate) fn statement(&self) -> &'a Statement {
        &self.item.statement
    }
}
