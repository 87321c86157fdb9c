//! The terms that saved queries speak of, as numbers.

use rustc_hash::FxHashMap;

use super::cover::AnyTerm;
use crate::field::Field;

/// The number of a term.
pub(super) type TermId = u32;

/// Terms with their numbers, and how many queries speak of each.
#[derive(Default)]
pub(super) struct Terms {
    words: FxHashMap<Box<str>, TermId>,
    characters: FxHashMap<Box<str>, TermId>,
    values: [FxHashMap<Box<str>, TermId>; Field::ALL.len()],
    speaking: Vec<u32>,
    free: Vec<TermId>,
}

impl Terms {
    /// How many numbers were given out.
    pub(super) fn len(&self) -> usize {
        self.speaking.len()
    }

    #[inline]
    pub(super) fn word(&self, text: &str) -> Option<TermId> {
        self.words.get(text).copied()
    }

    #[inline]
    pub(super) fn character(&self, text: &str) -> Option<TermId> {
        self.characters.get(text).copied()
    }

    pub(super) fn value(&self, field: Field, value: &str) -> Option<TermId> {
        self.values[field as usize].get(value).copied()
    }

    /// False if no query speaks of a single character, so that none need be looked for.
    pub(super) fn has_characters(&self) -> bool {
        !self.characters.is_empty()
    }

    /// False if no query speaks of a value of the field.
    pub(super) fn has_values(&self, field: Field) -> bool {
        !self.values[field as usize].is_empty()
    }

    pub(super) fn find(&self, term: &AnyTerm<'_>) -> Option<TermId> {
        match term {
            AnyTerm::Word(text) => self.word(text),
            AnyTerm::Character(text) => self.character(text),
            AnyTerm::Value(field, value) => self.value(*field, value),
        }
    }

    /// The number of a term, of which one more query speaks.
    pub(super) fn take(&mut self, term: &AnyTerm<'_>) -> TermId {
        let id = self.find(term).unwrap_or_else(|| self.add(term));
        self.speaking[id as usize] += 1;
        id
    }

    fn add(&mut self, term: &AnyTerm<'_>) -> TermId {
        let id = self.free.pop().unwrap_or_else(|| {
            self.speaking.push(0);
            u32::try_from(self.speaking.len() - 1).unwrap_or(u32::MAX)
        });
        match term {
            AnyTerm::Word(text) => self.words.insert((*text).into(), id),
            AnyTerm::Character(text) => self.characters.insert((*text).into(), id),
            AnyTerm::Value(field, value) => self.values[*field as usize].insert((*value).into(), id),
        };
        id
    }

    /// One query less speaks of a term.
    pub(super) fn release(&mut self, id: TermId) {
        let speaking = &mut self.speaking[id as usize];
        *speaking = speaking.saturating_sub(1);
        if *speaking == 0 {
            let maps = [&mut self.words, &mut self.characters].into_iter().chain(&mut self.values);
            for map in maps {
                map.retain(|_, other| *other != id);
            }
            self.free.push(id);
        }
    }
}
