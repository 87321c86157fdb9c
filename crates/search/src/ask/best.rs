//! The best of several words and phrases, each in title and text. tantivy reads the places of all words in every record that
//! has them; here only those records are looked at that can be among the best.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, Result, Score, SegmentReader, TERMINATED, Term};

use super::lists::{Lists, Wanted};
use super::phrase::Weighed;

/// The fields in which one word or phrase is looked for, each with what its score is multiplied by. Their scores are added.
pub(super) type Way = Vec<(Wanted, Score)>;

/// Records that answer in one of several ways; the score is that of the best way.
#[derive(Debug)]
pub(super) struct Best {
    pub(super) ways: Vec<Way>,
    /// The same as tantivy asks it, for whoever wants all answers.
    pub(super) all: Box<dyn Query>,
}

impl Clone for Best {
    fn clone(&self) -> Best {
        Best { ways: self.ways.clone(), all: self.all.box_clone() }
    }
}

impl Query for Best {
    fn weight(&self, scoring: EnableScoring<'_>) -> Result<Box<dyn Weight>> {
        if !scoring.is_scoring_enabled() {
            return self.all.weight(scoring);
        }
        let way = |way: &Way| -> Result<Vec<(Weighed, Score)>> {
            way.iter().map(|(wanted, boost)| Ok((Weighed::new(wanted, scoring)?, *boost))).collect()
        };
        let ways = self.ways.iter().map(way).collect::<Result<_>>()?;
        Ok(Box::new(Weighted { ways, all: self.all.weight(scoring)? }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.all.query_terms(visitor);
    }
}

struct Weighted {
    ways: Vec<Vec<(Weighed, Score)>>,
    all: Box<dyn Weight>,
}

impl Weight for Weighted {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>> {
        self.all.scorer(reader, boost)
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> Result<Explanation> {
        self.all.explain(reader, doc)
    }

    fn count(&self, reader: &SegmentReader) -> Result<u32> {
        self.all.count(reader)
    }

    fn for_each_pruning(
        &self,
        mut threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> Result<()> {
        let mut ways = Vec::with_capacity(self.ways.len());
        for way in &self.ways {
            let mut open = Vec::with_capacity(way.len());
            for (weighed, boost) in way {
                open.extend(weighed.open(reader, *boost)?);
            }
            ways.push(Walk { fields: open });
        }
        ways.retain(|way| way.highest() > threshold);
        while let Some(doc) = ways.iter().map(Walk::doc).min().filter(|doc| *doc != TERMINATED) {
            let bound = ways.iter().map(|way| way.bound(doc)).fold(Score::MIN, Score::max);
            if bound > threshold {
                let scores = ways.iter_mut().filter_map(|way| way.score(doc));
                if let Some(score) = scores.reduce(Score::max).filter(|score| *score > threshold) {
                    threshold = callback(doc, score);
                    ways.retain(|way| way.highest() > threshold);
                }
            }
            ways.iter_mut().for_each(|way| way.leave(doc, threshold));
        }
        Ok(())
    }
}

/// A way through the records of a segment.
struct Walk {
    fields: Vec<Lists>,
}

impl Walk {
    fn doc(&self) -> DocId {
        self.fields.iter().map(Lists::doc).min().unwrap_or(TERMINATED)
    }

    /// The highest score that any record can have.
    fn highest(&self) -> Score {
        self.fields.iter().map(Lists::highest).sum()
    }

    /// The highest score that this record can have.
    fn bound(&self, doc: DocId) -> Score {
        self.fields.iter().filter(|lists| lists.doc() == doc).map(Lists::bound).sum()
    }

    /// The score of a record, if it answers.
    fn score(&mut self, doc: DocId) -> Option<Score> {
        let here = self.fields.iter_mut().filter(|lists| lists.doc() == doc);
        here.filter_map(Lists::score).reduce(|sum, score| sum + score)
    }

    /// Goes on from a record, to one that may score more than `floor`.
    fn leave(&mut self, doc: DocId, floor: Score) {
        let Some((last, others)) = self.fields.split_last_mut() else { return };
        for lists in &mut *others {
            if lists.doc() == doc {
                lists.advance();
            }
        }
        // Where another field has the word as well, the two are added.
        let keep = others.iter().map(Lists::doc).min().unwrap_or(TERMINATED);
        if last.doc() == doc {
            last.advance_above(floor, keep);
        }
    }
}
