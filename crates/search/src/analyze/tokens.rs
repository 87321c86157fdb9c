//! The tokens of one text.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word (stemmed if it is of plain letters), a number, or a part of a code.
    Word,
    /// A whole code of several parts joined by full stops: `2841.90`, `600111.sh`. Its parts follow as words.
    Code,
    /// A word with at least two capitals in exactly its spelling, behind `=`: `=REE`. The folded word follows.
    Exact,
    /// Two Chinese characters that stand together.
    Pair,
    /// A Chinese character at either end of a run of them: what a phrase of a word and one character needs.
    Edge,
    /// Any Chinese character; only in the field of single characters.
    Character,
}

/// A token of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What is indexed.
    pub text: &'a str,
    /// Its place among words and characters, from zero. A clause's end leaves one place out.
    pub position: u32,
    /// How many places it takes.
    pub places: u32,
    /// Where it stands in the text.
    pub bytes: Range<usize>,
    /// What it is.
    pub kind: TokenKind,
}

/// A token, with its text in the arena.
#[derive(Clone, Copy, Debug)]
struct Item {
    text: (u32, u32),
    bytes: (u32, u32),
    position: u32,
    places: u32,
    kind: TokenKind,
}

/// The tokens of one text. Meant to be used again for the next one, so that indexing allocates nothing.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    arena: String,
    items: Vec<Item>,
}

impl Tokens {
    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The token at an index.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Token<'_>> {
        let item = self.items.get(index)?;
        Some(Token {
            text: &self.arena[item.text.0 as usize..item.text.1 as usize],
            position: item.position,
            places: item.places,
            bytes: item.bytes.0 as usize..item.bytes.1 as usize,
            kind: item.kind,
        })
    }

    /// All tokens. Those of one kind are in order of their position.
    pub fn iter(&self) -> impl Iterator<Item = Token<'_>> {
        (0..self.items.len()).filter_map(|index| self.get(index))
    }

    pub(super) fn clear(&mut self) {
        self.arena.clear();
        self.items.clear();
    }

    /// Where the next text written to `arena` will begin.
    #[inline]
    pub(super) fn mark(&self) -> usize {
        self.arena.len()
    }

    pub(super) fn arena(&mut self) -> &mut String {
        &mut self.arena
    }

    /// Adds a token whose text is what was written to the arena between two marks.
    #[inline]
    pub(super) fn push(
        &mut self,
        text: Range<usize>,
        bytes: Range<usize>,
        (position, places): (u32, u32),
        kind: TokenKind,
    ) {
        // Records are at most 4 MiB, and texts are cut before they could pass 4 GiB.
        let narrow = |range: Range<usize>| {
            (u32::try_from(range.start).unwrap_or(u32::MAX), u32::try_from(range.end).unwrap_or(u32::MAX))
        };
        self.items.push(Item { text: narrow(text), bytes: narrow(bytes), position, places, kind });
    }
}
