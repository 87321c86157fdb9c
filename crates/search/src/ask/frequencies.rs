//! In how many records terms stand, looked up once for a question: what it costs and how its answers rank both ask for it.

use std::cell::RefCell;

use rustc_hash::FxHashMap;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field as Column;
use tantivy::{Searcher, Term};

/// Of one question to one state of the index.
pub(crate) struct Frequencies<'a> {
    searcher: &'a Searcher,
    known: RefCell<FxHashMap<Term, u64>>,
}

impl<'a> Frequencies<'a> {
    /// None are known yet.
    pub(crate) fn new(searcher: &'a Searcher) -> Frequencies<'a> {
        Frequencies { searcher, known: RefCell::default() }
    }

    /// The state of the index.
    pub(crate) fn searcher(&self) -> &'a Searcher {
        self.searcher
    }
}

impl Bm25StatisticsProvider for Frequencies<'_> {
    fn total_num_tokens(&self, field: Column) -> tantivy::Result<u64> {
        self.searcher.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.searcher.total_num_docs()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        if let Some(known) = self.known.borrow().get(term) {
            return Ok(*known);
        }
        let found = self.searcher.doc_freq(term)?;
        self.known.borrow_mut().insert(term.clone(), found);
        Ok(found)
    }
}
