//! Questions to an index, and their answers.

mod facets;
mod order;
mod page;
#[cfg(test)]
mod tests;

use prost::Message as _;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::Query;
use tantivy::schema::Value as _;
use tantivy::{DocAddress, TantivyDocument, TantivyError};

use crate::ask::{self, Frequencies};
use crate::error::{Error, Result};
use crate::expand::Expansion;
use crate::field::{Field, Form};
use crate::index::Snapshot;
use crate::plan::Plan;
use crate::shown::Shown;
use facets::Facets;
use order::{NewestFirst, TimeKey};
use page::{Page, Place};

pub use facets::Facet;
pub use page::PageError;

/// In which order records are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The most relevant first (BM25, the title counting three times), the earlier in the index first among equals. A
    /// question without words, which has no relevance, is answered in the order of time.
    #[default]
    Relevance,
    /// The newest first, by time of publication, then by sequence; those without a time last.
    Time,
}

/// Of which field values are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FacetOf {
    /// A field of the form [`Form::Value`], but not the name.
    pub field: Field,
    /// How many of its values are given, the most frequent first; at most 1,000.
    pub most: usize,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// What is asked.
    pub plan: &'a Plan,
    /// In which order.
    pub order: Order,
    /// Records on a page, at most 1,000; 20 if zero.
    pub size: usize,
    /// The token of the page before; empty for the first.
    pub page_token: &'a str,
    /// Values to count.
    pub facets: &'a [FacetOf],
    /// Whether to count all records that answer.
    pub count: bool,
}

impl<'a> Request<'a> {
    /// The first page of an answer in the order of relevance, without counts.
    pub fn new(plan: &'a Plan) -> Request<'a> {
        Request { plan, order: Order::Relevance, size: 0, page_token: "", facets: &[], count: false }
    }
}

/// A record that answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its resource name.
    pub name: String,
    /// Full protobuf name of its body.
    pub kind: String,
    /// Its relevance; 0 in the order of time.
    pub score: f32,
    /// When it was published, in seconds of civil time ([`crate::civil_seconds`]).
    pub published: Option<i64>,
    /// Sequence of the commit that wrote it.
    pub sequence: i64,
    /// Publisher or platform, as printed; empty if not known.
    pub source: String,
    /// [`crate::Entry::card`].
    pub card: Vec<u8>,
}

/// What answers a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The records of this page.
    pub hits: Vec<Hit>,
    /// Counts, in the order of the request.
    pub facets: Vec<Facet>,
    /// How many records answer, if that was asked.
    pub total: Option<u64>,
    /// The token of the next page; empty on the last.
    pub next_page_token: String,
    /// The order in which they are given, which is that of time for a question without words.
    pub order: Order,
    /// Up to where the log was in the index. The pages of an answer in the order of relevance all come from one state.
    pub sequence: i64,
    /// What words were expanded to.
    pub expansions: Vec<Expansion>,
}

/// Records on a page if none are asked for, and at most.
const SIZE: usize = 20;
const LARGEST: usize = 1_000;
/// How far an answer in the order of relevance can be paged through: each page costs as much as all before it.
const DEEPEST: usize = 10_000;

impl Snapshot {
    /// Answers a question.
    ///
    /// # Errors
    /// A limit that is broken, a page token of another question or of a state that is no longer held, a broken index.
    pub fn search(&self, request: &Request<'_>) -> Result<Answer> {
        check(request)?;
        let frequencies = Frequencies::new(self.searcher());
        let order = if request.plan.ranks() { request.order } else { Order::Time };
        let page = Page::read(request.page_token, &request.plan.hash, order)?;
        let state = match &page {
            Some(Place::Ranked { epoch, generation, .. }) => {
                let same = *epoch == self.epoch();
                same.then(|| self.of_generation(*generation)).flatten().ok_or(PageError::Expired)?
            }
            _ => return self.answer(request, order, page, &frequencies),
        };
        state.answer(request, order, page, &Frequencies::new(state.searcher()))
    }

    /// Answers the first page of a question if at most so many records are looked at for it, those in several lists several
    /// times, or says that it would cost more.
    ///
    /// # Errors
    /// Those of [`Snapshot::search`].
    pub(crate) fn search_within(&self, request: &Request<'_>, most: u64) -> Result<Option<Answer>> {
        check(request)?;
        let frequencies = Frequencies::new(self.searcher());
        let cost = ask::cost::of(&request.plan.test, self.columns(), &frequencies)?;
        let order = if request.plan.ranks() { request.order } else { Order::Time };
        // Each facet, the total and the order of time are another look at all that answers.
        let looks = 1 + request.facets.len() + usize::from(request.count) + usize::from(order == Order::Time);
        if cost.saturating_mul(looks as u64) > most {
            return Ok(None);
        }
        self.answer(request, order, None, &frequencies).map(Some)
    }

    fn answer(
        &self,
        request: &Request<'_>,
        order: Order,
        page: Option<Place>,
        frequencies: &Frequencies<'_>,
    ) -> Result<Answer> {
        let query = ask::query(&request.plan.test, self.columns());
        let size = if request.size == 0 { SIZE } else { request.size };
        let (found, next) = match order {
            Order::Relevance => self.ranked(&*query, size, page, frequencies)?,
            Order::Time => self.newest(&*query, size, page)?,
        };
        let next_page_token =
            next.map(|place| Page { question: request.plan.hash, place }.write()).unwrap_or_default();
        let hits = found.into_iter().map(|(score, at)| self.hit(score, at)).collect::<Result<_>>()?;
        let facets = match request.facets {
            [] => Vec::new(),
            facets => self.searcher().search(&*query, &Facets { of: facets })?,
        };
        let total = match request.count {
            true => Some(self.searcher().search(&*query, &Count)? as u64),
            false => None,
        };
        let expansions = request.plan.expansions.clone();
        Ok(Answer { hits, facets, total, next_page_token, order, sequence: self.sequence(), expansions })
    }

    /// One page by relevance, and where the next begins.
    fn ranked(
        &self,
        query: &dyn Query,
        size: usize,
        page: Option<Place>,
        frequencies: &Frequencies<'_>,
    ) -> Result<Found> {
        let offset = match page {
            Some(Place::Ranked { offset, .. }) => offset as usize,
            _ => 0,
        };
        if offset + size > DEEPEST {
            return Err(Error::Request {
                field: "page_token",
                message: format!(
                    "leads beyond the first {DEEPEST} records; narrow the query, or order by time"
                ),
            });
        }
        let top = TopDocs::with_limit(size + 1).and_offset(offset).order_by_score();
        let mut found = self.searcher().search_with_statistics_provider(query, &top, frequencies)?;
        let more = found.len() > size;
        found.truncate(size);
        let next = more.then(|| {
            self.hold();
            // It is below the deepest.
            let offset = u32::try_from(offset + size).unwrap_or(u32::MAX);
            Place::Ranked { epoch: self.epoch(), generation: self.generation(), offset }
        });
        Ok((found, next))
    }

    /// One page by time, and behind which record the next begins.
    fn newest(&self, query: &dyn Query, size: usize, page: Option<Place>) -> Result<Found> {
        let after = match page {
            Some(Place::After(key)) => Some(key),
            _ => None,
        };
        let top = TopDocs::with_limit(size + 1).order_by(NewestFirst { after });
        let found = self.searcher().search(query, &top)?;
        let mut found: Vec<(TimeKey, DocAddress)> =
            found.into_iter().filter_map(|(key, at)| Some((key?, at))).collect();
        let more = found.len() > size;
        found.truncate(size);
        let next = found.last().filter(|_| more).map(|(key, _)| Place::After(*key));
        Ok((found.into_iter().map(|(_, at)| (0.0, at)).collect(), next))
    }

    fn hit(&self, score: f32, at: DocAddress) -> Result<Hit> {
        let stored: TantivyDocument = self.searcher().doc(at)?;
        let shown = stored.get_first(self.columns().shown()).and_then(|shown| shown.as_bytes());
        let damaged =
            |error| TantivyError::InternalError(format!("what is kept for a hit cannot be read: {error}"));
        let shown = Shown::decode(shown.unwrap_or_default()).map_err(damaged)?;
        let name = shown.name();
        let Shown { kind, source, published, sequence, card, .. } = shown;
        Ok(Hit { name, kind, score, published, sequence, source, card })
    }
}

/// Records with their scores, and where the next page begins.
type Found = (Vec<(f32, DocAddress)>, Option<Place>);

fn check(request: &Request<'_>) -> Result<()> {
    if request.size > LARGEST {
        let message = format!("is {}, and at most {LARGEST} are allowed", request.size);
        return Err(Error::Request { field: "page_size", message });
    }
    for FacetOf { field, most } in request.facets {
        if field.form() != Form::Value || *field == Field::Name {
            let message = format!("asks for `{}`, whose values are not counted", field.name());
            return Err(Error::Request { field: "facets", message });
        }
        if *most > LARGEST {
            let message =
                format!("asks for {most} values of `{}`, and at most {LARGEST} are given", field.name());
            return Err(Error::Request { field: "facets", message });
        }
    }
    Ok(())
}
