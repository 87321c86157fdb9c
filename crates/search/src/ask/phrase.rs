//! Words and phrases as one query, which looks at places only in records that can be among the best.

use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Result, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::lists::{Lists, Wanted};

/// A phrase in one field, ranked by BM25 with the sum of its words' weights, as tantivy's own does. Where the best are asked
/// for, [`super::best`] leaves out what cannot be among them.
#[derive(Clone, Debug)]
pub(super) struct Phrase(pub(super) Wanted);

impl Query for Phrase {
    fn weight(&self, scoring: EnableScoring<'_>) -> Result<Box<dyn Weight>> {
        Ok(Box::new(Weighed::new(&self.0, scoring)?))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        let placed = !self.0.is_single();
        self.0.placed.iter().for_each(|(_, term)| visitor(term, placed));
    }
}

/// A phrase with its rank among all records.
#[derive(Clone)]
pub(super) struct Weighed {
    wanted: Wanted,
    rank: Option<Bm25Weight>,
}

impl Weighed {
    pub(super) fn new(wanted: &Wanted, scoring: EnableScoring<'_>) -> Result<Weighed> {
        let rank = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } => {
                let terms: Vec<Term> = wanted.placed.iter().map(|(_, term)| term.clone()).collect();
                Some(Bm25Weight::for_terms(statistics_provider, &terms)?)
            }
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Weighed { wanted: wanted.clone(), rank })
    }

    pub(super) fn open(&self, reader: &SegmentReader, boost: Score) -> Result<Option<Lists>> {
        self.wanted.open(reader, self.rank.as_ref().map(|rank| rank.boost_by(boost)))
    }
}

impl Weight for Weighed {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>> {
        Ok(match self.open(reader, boost)? {
            Some(lists) => Box::new(Found::new(lists)),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("record #{doc} does not have the phrase")));
        }
        Ok(Explanation::new("phrase", scorer.score()))
    }
}

/// The records that have a phrase, one after the other.
struct Found {
    lists: Lists,
    /// How often the record has it; zero at the end.
    count: u32,
}

impl Found {
    fn new(lists: Lists) -> Found {
        let mut found = Found { lists, count: 0 };
        found.settle();
        found
    }

    /// Goes to the first record from here on that has the phrase.
    fn settle(&mut self) -> DocId {
        loop {
            let doc = self.lists.doc();
            self.count = if doc == TERMINATED { 0 } else { self.lists.count() };
            if self.count > 0 || doc == TERMINATED {
                return doc;
            }
            self.lists.advance();
        }
    }
}

impl DocSet for Found {
    fn advance(&mut self) -> DocId {
        if self.lists.doc() != TERMINATED {
            self.lists.advance();
        }
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.lists.doc() < target {
            self.lists.seek(target);
            self.settle();
        }
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.lists.doc()
    }

    fn size_hint(&self) -> u32 {
        self.lists.len()
    }
}

impl Scorer for Found {
    fn score(&mut self) -> Score {
        self.lists.ranked(self.lists.doc(), self.count)
    }
}
