//! A word or phrase in one field of a segment, found by the lists of its words, characters and pairs.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::query::Bm25Weight;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet as _, Result, Score, SegmentReader, TERMINATED, Term};

/// A bound is taken this much higher, for sums of floats are rounded.
const SLACK: Score = 1.000_01;

/// What is looked up for a word or phrase in one field.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Terms with their places; if there is but one, any place will do. At least one.
    pub(super) placed: Vec<(u32, Term)>,
    /// Terms that stand at least as often as the phrase does.
    pub(super) there: Vec<Term>,
}

impl Wanted {
    /// True if a record with the one term answers, wherever it stands.
    pub(super) fn is_single(&self) -> bool {
        self.placed.len() == 1 && self.there.is_empty()
    }

    /// The lists in a segment; `None` if one of them is missing there.
    ///
    /// # Errors
    /// If the index is broken.
    pub(super) fn open(&self, reader: &SegmentReader, rank: Option<Bm25Weight>) -> Result<Option<Lists>> {
        let [(_, first), ..] = self.placed.as_slice() else { return Ok(None) };
        let end = self.placed.iter().map(|(place, _)| *place).max().unwrap_or_default();
        let placed = if self.is_single() {
            IndexRecordOption::WithFreqs
        } else {
            IndexRecordOption::WithFreqsAndPositions
        };
        let placed = self.placed.iter().map(|(place, term)| (Some(end - place), term, placed));
        let there = self.there.iter().map(|term| (None, term, IndexRecordOption::WithFreqs));
        let mut lists = Vec::with_capacity(self.placed.len() + self.there.len());
        for (shift, term, option) in placed.chain(there) {
            match reader.inverted_index(term.field())?.read_postings(term, option)? {
                Some(postings) => lists.push(List { postings, shift }),
                None => return Ok(None),
            }
        }
        lists.sort_by_key(|list| list.postings.doc_freq());
        let lengths = match rank {
            Some(_) => reader.fieldnorms_readers().get_field(first.field())?,
            None => None,
        };
        let lengths = lengths.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1));
        let mut lists = Lists { lists, lengths, rank, own: Vec::new(), other: Vec::new() };
        lists.meet();
        Ok(Some(lists))
    }
}

/// Where one term stands.
struct List {
    postings: SegmentPostings,
    /// What is added to its places, so that those of a phrase are the same; `None` if its places do not matter.
    shift: Option<u32>,
}

/// The lists of a word or phrase, all at the same record or at the end.
pub(super) struct Lists {
    /// The shortest first. At least one.
    lists: Vec<List>,
    lengths: FieldNormReader,
    rank: Option<Bm25Weight>,
    own: Vec<u32>,
    other: Vec<u32>,
}

impl Lists {
    /// The record that they are at; it has all terms, though not always the phrase.
    #[inline]
    pub(super) fn doc(&self) -> DocId {
        self.lists[0].postings.doc()
    }

    /// How many records have the rarest term.
    pub(super) fn len(&self) -> u32 {
        self.lists[0].postings.doc_freq()
    }

    /// Goes to the next record that has all terms, from `target` on.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.lists[0].postings.seek(target);
        }
        self.meet()
    }

    /// Goes to the next record that has all terms.
    pub(super) fn advance(&mut self) -> DocId {
        self.lists[0].postings.advance();
        self.meet()
    }

    /// The same, leaving out records that stand before `keep` and score `floor` at most.
    pub(super) fn advance_above(&mut self, floor: Score, keep: DocId) -> DocId {
        let mut doc = self.lists[0].postings.advance();
        loop {
            if doc == TERMINATED {
                return doc;
            }
            if doc < keep && self.at_most(doc, self.lists[0].postings.term_freq()) <= floor {
                doc = self.lists[0].postings.advance();
                continue;
            }
            let met = self.meet();
            if met != doc {
                doc = met;
            } else if doc < keep && self.bound() <= floor {
                doc = self.lists[0].postings.advance();
            } else {
                return doc;
            }
        }
    }

    /// Goes to the first record from here on that stands in all lists.
    fn meet(&mut self) -> DocId {
        let [rarest, others @ ..] = self.lists.as_mut_slice() else { return TERMINATED };
        let mut doc = rarest.postings.doc();
        'record: while doc != TERMINATED {
            for other in &mut *others {
                if other.postings.doc() < doc {
                    other.postings.seek(doc);
                }
                let at = other.postings.doc();
                if at != doc {
                    doc = rarest.postings.seek(at);
                    continue 'record;
                }
            }
            break;
        }
        doc
    }

    /// The highest score that this record can have.
    pub(super) fn bound(&self) -> Score {
        let most = self.lists.iter().map(|list| list.postings.term_freq()).min();
        self.at_most(self.doc(), most.unwrap_or_default())
    }

    /// The highest score that any record can have.
    pub(super) fn highest(&self) -> Score {
        self.rank.as_ref().map_or(1.0, Bm25Weight::max_score) * SLACK
    }

    /// The score of the record, if it has the phrase (BM25).
    pub(super) fn score(&mut self) -> Option<Score> {
        let count = self.count();
        (count > 0).then(|| self.ranked(self.doc(), count))
    }

    /// How often the record has the phrase.
    pub(super) fn count(&mut self) -> u32 {
        let Lists { lists, own, other, .. } = self;
        if let [only] = lists.as_mut_slice() {
            return only.postings.term_freq();
        }
        let mut first = true;
        for List { postings, shift } in lists {
            let Some(shift) = *shift else { continue };
            if first {
                postings.positions_with_offset(shift, own);
                first = false;
            } else {
                postings.positions_with_offset(shift, other);
                keep_common(own, other);
            }
            if own.is_empty() {
                return 0;
            }
        }
        // A record is shorter than 2^32 words.
        u32::try_from(own.len()).unwrap_or(u32::MAX)
    }

    /// The score of a record that has the phrase so often.
    pub(super) fn ranked(&self, doc: DocId, count: u32) -> Score {
        self.rank.as_ref().map_or(1.0, |rank| rank.score(self.lengths.fieldnorm_id(doc), count))
    }

    #[inline]
    fn at_most(&self, doc: DocId, count: u32) -> Score {
        self.ranked(doc, count) * SLACK
    }
}

/// Keeps of places in rising order those that are among others.
fn keep_common(own: &mut Vec<u32>, others: &[u32]) {
    let mut others = others.iter().copied().peekable();
    own.retain(|place| {
        while others.next_if(|other| other < place).is_some() {}
        others.peek() == Some(place)
    });
}
