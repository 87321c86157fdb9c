//! One record, as the terms of saved queries that it has.

use super::terms::{TermId, Terms};
use crate::analyze::{self, Tokens};
use crate::entry::Entry;
use crate::field::{Field, Form};

/// Marks places in the text; those in the title are without it.
pub(super) const BODY: u32 = 1 << 31;

/// What matching a record needs, used again from record to record.
#[derive(Default)]
pub struct Scratch {
    tokens: Tokens,
    /// Terms with their places, sorted.
    occurrences: Vec<(TermId, u32)>,
    /// The places alone, in the same order.
    places: Vec<u32>,
    /// The terms, each once.
    found: Vec<TermId>,
    /// A bit for each term that the record has: all of them fit into the nearest cache.
    present: Vec<u64>,
    /// For each term, the record in which it was seen last, and where its places are.
    spans: Vec<(u32, u32, u32)>,
    /// For each query, the record against which it was held last.
    held: Vec<u32>,
    /// The number of the record.
    record: u32,
}

impl Scratch {
    /// For one thread.
    pub fn new() -> Scratch {
        Scratch::default()
    }

    /// Reads a record.
    pub(super) fn read(&mut self, entry: &Entry, terms: &Terms, queries: usize) {
        self.next_record(terms.len(), queries);
        for (text, mark) in [(&entry.title, 0), (&entry.body, BODY)] {
            analyze::words(text, &mut self.tokens);
            for token in self.tokens.iter() {
                if let Some(id) = terms.word(token.text) {
                    self.occurrences.push((id, token.position | mark));
                }
            }
            if terms.has_characters() {
                analyze::characters(text, &mut self.tokens);
                for token in self.tokens.iter() {
                    if let Some(id) = terms.character(token.text) {
                        self.occurrences.push((id, token.position | mark));
                    }
                }
            }
        }
        for field in Field::ALL {
            if field.form() != Form::Value || !terms.has_values(field) {
                continue;
            }
            for value in entry.values(field) {
                let ids = field.indexed(value).into_iter().filter_map(|value| terms.value(field, &value));
                self.occurrences.extend(ids.map(|id| (id, 0)));
            }
        }
        self.group();
    }

    fn next_record(&mut self, terms: usize, queries: usize) {
        if self.record == u32::MAX {
            // The numbers begin again, so that nothing may be left of the old ones.
            *self = Scratch::default();
        }
        self.record += 1;
        for id in &self.found {
            self.present[*id as usize / 64] = 0;
        }
        self.occurrences.clear();
        self.places.clear();
        self.found.clear();
        if self.spans.len() < terms {
            self.spans.resize(terms, (0, 0, 0));
            self.present.resize(terms.div_ceil(64), 0);
        }
        if self.held.len() < queries {
            self.held.resize(queries, 0);
        }
    }

    /// Puts the places of each term side by side.
    fn group(&mut self) {
        self.occurrences.sort_unstable();
        self.occurrences.dedup();
        for (index, (id, place)) in (0_u32..).zip(&self.occurrences) {
            self.places.push(*place);
            let span = &mut self.spans[*id as usize];
            if span.0 == self.record {
                span.2 = index + 1;
            } else {
                *span = (self.record, index, index + 1);
                self.found.push(*id);
                self.present[*id as usize / 64] |= 1 << (id % 64);
            }
        }
    }

    /// The terms that the record has, each once.
    pub(super) fn found(&self) -> &[TermId] {
        &self.found
    }

    /// True if the record has a term.
    #[inline]
    pub(super) fn has(&self, id: TermId) -> bool {
        self.present.get(id as usize / 64).is_some_and(|bits| bits >> (id % 64) & 1 == 1)
    }

    /// Where a term stands in the record; values stand at zero.
    #[inline]
    pub(super) fn places(&self, id: TermId) -> &[u32] {
        match self.spans.get(id as usize) {
            Some((record, start, end)) if *record == self.record => {
                &self.places[*start as usize..*end as usize]
            }
            _ => &[],
        }
    }

    /// True the first time that a query is met in this record.
    pub(super) fn first_time(&mut self, query: u32) -> bool {
        let held = &mut self.held[query as usize];
        let first = *held != self.record;
        *held = self.record;
        first
    }
}
