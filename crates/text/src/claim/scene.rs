//! A text under work: its items, its blocks, and what was told before the sentence that is read.

use std::ops::Range;

use super::items::Item;
use super::layout::{Block, BlockKind};
use super::slots::{Amount, Interval, Origin, OriginKind, Slot, Term};
use crate::mention::{Kind, Mention};

/// A text with everything that was found in it.
pub(super) struct Scene<'t, 'a> {
    pub(super) text: &'t str,
    pub(super) mentions: &'a [Mention<'t>],
    pub(super) items: &'a [Item],
    pub(super) blocks: &'a [Block],
}

/// What was told last, for slots that a sentence leaves to the ones before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// Item of the good named last.
    pub(super) good: Option<usize>,
    /// Item of the company named last.
    pub(super) company: Option<usize>,
    /// Item of the measure named last.
    pub(super) measure: Option<usize>,
    /// Item of the time that set the period last.
    pub(super) period: Option<usize>,
    /// Item of the time that the title or heading sets for everything below it.
    pub(super) frame: Option<usize>,
}

impl<'t> Scene<'t, '_> {
    pub(super) fn mention(&self, item: usize) -> Option<&Mention<'t>> {
        self.items.get(item)?.mention().map(|index| &self.mentions[index])
    }

    /// The lexicon's id of an item that is a name.
    pub(super) fn id(&self, item: usize) -> Option<&str> {
        self.mention(item).filter(|mention| mention.kind == Kind::Entity)?.id.as_deref()
    }

    /// The kind before the slash of an item's id; empty if it is no name.
    pub(super) fn kind(&self, item: usize) -> &str {
        self.id(item).and_then(|id| id.split('/').next()).unwrap_or_default()
    }

    pub(super) fn is_time(&self, item: usize) -> bool {
        self.mention(item).is_some_and(|mention| mention.kind == Kind::Time)
    }

    pub(super) fn words(&self, item: usize) -> &'t str {
        &self.text[self.items[item].span()]
    }

    /// The items whose bytes lie in a block.
    pub(super) fn items_of(&self, block: &Block) -> Range<usize> {
        let start = self.items.partition_point(|item| item.start < block.span.start);
        let end = self.items.partition_point(|item| item.start < block.span.end);
        start..end
    }

    /// The block that holds an item.
    pub(super) fn block_of(&self, item: usize) -> usize {
        let at = self.items[item].start;
        self.blocks.partition_point(|block| block.span.end <= at).min(self.blocks.len().saturating_sub(1))
    }

    /// Where a slot comes from that the item at `item` fills in a claim of `block`.
    pub(super) fn origin(&self, item: usize, block: &Block, rule: &'static str) -> Origin {
        let span = self.items[item].span();
        let inside = block.span.start <= span.start && span.end <= block.span.end;
        let kind = if inside { OriginKind::Stated } else { OriginKind::Inherited };
        Origin { kind, start_byte: span.start, end_byte: span.end, rule }
    }

    /// The name at `item` as a slot.
    pub(super) fn term(&self, item: usize, block: &Block, rule: &'static str) -> Slot<Term<'t>> {
        let id = self.id(item).map(str::to_owned);
        Slot { is: Term { id, words: self.words(item) }, origin: self.origin(item, block, rule) }
    }

    /// The value at `item`.
    pub(super) fn amount(&self, item: usize) -> Amount {
        let Some(mention) = self.mention(item) else { return Amount::default() };
        Amount {
            value: mention.value.clone(),
            low: mention.low.clone(),
            high: mention.high.clone(),
            unit: mention.unit.clone(),
        }
    }

    /// The interval at `item`; nothing if it is not known.
    pub(super) fn interval(&self, item: usize) -> Option<Interval> {
        let mention = self.mention(item)?;
        (mention.kind == Kind::Time && (mention.start.is_some() || mention.end.is_some())).then(|| Interval {
            start: mention.start.clone(),
            end: mention.end.clone(),
            precision: mention.precision,
        })
    }
}

impl Block {
    /// True if the block sets the scene for what is below it.
    pub(super) fn is_above(&self) -> bool {
        matches!(self.kind, BlockKind::Title | BlockKind::Heading)
    }
}

/// A slot that follows by a rule, without words of its own.
pub(super) fn resolved<'t>(id: &str, rule: &'static str) -> Slot<Term<'t>> {
    let origin = Origin { kind: OriginKind::Resolved, start_byte: 0, end_byte: 0, rule };
    Slot { is: Term { id: Some(id.to_owned()), words: "" }, origin }
}
