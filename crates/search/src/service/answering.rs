//! Questions, as callers ask them.

use std::sync::Arc;

use api::search::{
    ByteRange, Expansion, ExplainRequest, ExplainResponse, Facet, FacetCount, FacetRequest, Hit,
    Order as Asked, QueryRequest, QueryResponse,
};
use prost::Message as _;
use tokio::time::Instant;

use super::saved::{matches_everything, plan};
use super::{Search, Shared, blocking, snippets};
use crate::analyze::Tokens;
use crate::answer::{self, Answer, FacetOf, Order, Request};
use crate::entry::Entry;
use crate::error::{Error, Result};
use crate::expand;
use crate::field::Field;
use crate::highlight::Highlighter;
use crate::index::Snapshot;
use crate::plan::Plan;
use crate::query::Limits;

/// The most bytes of a snippet.
const LONGEST_SNIPPET: u32 = 2_000;

/// How many values of a facet are given if the request does not say.
const FACET_VALUES: usize = 10;

/// What is answered on the thread of the caller: at most so many records that are looked at, some hundred microseconds; of
/// a query of at most so many bytes, and of a page of at most so many records.
const CHEAP: u64 = 50_000;
const SHORT: usize = 256;
const PAGE: usize = 50;

impl Search {
    /// One page of a question.
    pub(crate) async fn query(&self, request: QueryRequest) -> Result<QueryResponse> {
        let shared = self.ready()?.clone();
        let wanted = request.at_least_sequence;
        let snippet_bytes = request.snippet_bytes as usize;
        let asked = checked(request)?;
        let snapshot = shared.snapshot(wanted).await?;
        // Never closed.
        let _permit = shared.questions.acquire().await.map_err(|_| Error::Draining)?;
        let (plan, answer) = match asked.at_once(&snapshot, &shared.config.limits)? {
            Ok(answered) => answered,
            Err(asked) => {
                let limits = shared.config.limits.clone();
                blocking(move || asked.ask(&snapshot, &limits)).await??
            }
        };
        respond(&shared, plan, answer, snippet_bytes).await
    }

    /// What a query means.
    pub(crate) async fn explain(&self, request: ExplainRequest) -> Result<ExplainResponse> {
        let limits = self.ready()?.config.limits.clone();
        blocking(move || {
            let ExplainRequest { query, literal } = request;
            let plan = plan(&query, literal, &limits)?;
            let canonical = crate::query::Query::parse(&query, &limits)?.to_string();
            let expansions = plan.expansions().iter().map(expansion).collect();
            Ok(ExplainResponse { canonical, expansions, matches_everything: matches_everything(&plan) })
        })
        .await?
    }
}

/// A question whose limits hold.
struct Question {
    query: String,
    literal: bool,
    order: Order,
    size: usize,
    page_token: String,
    facets: Vec<FacetOf>,
    count: bool,
}

impl Question {
    /// Answers what costs little on the thread of the caller: handing it to another takes longer than the answer. Gives the
    /// question back if it costs more.
    fn at_once(self, snapshot: &Snapshot, limits: &Limits) -> Result<Result<(Plan, Answer), Question>> {
        if self.query.len() > SHORT || self.size > PAGE || !self.page_token.is_empty() {
            return Ok(Err(self));
        }
        let plan = plan(&self.query, self.literal, limits)?;
        match snapshot.search_within(&self.request(&plan), CHEAP)? {
            Some(answer) => Ok(Ok((plan, answer))),
            None => Ok(Err(self)),
        }
    }

    fn ask(&self, snapshot: &Snapshot, limits: &Limits) -> Result<(Plan, Answer)> {
        let plan = plan(&self.query, self.literal, limits)?;
        let answer = snapshot.search(&self.request(&plan))?;
        Ok((plan, answer))
    }

    fn request<'a>(&'a self, plan: &'a Plan) -> Request<'a> {
        let Question { order, size, page_token, facets, count, .. } = self;
        Request { plan, order: *order, size: *size, page_token, facets, count: *count }
    }
}

fn checked(request: QueryRequest) -> Result<Question> {
    let refused = |field, message| Err(Error::Request { field, message });
    check_snippet(request.snippet_bytes)?;
    if request.at_least_sequence < 0 {
        return refused("at_least_sequence", "is below zero; give one that a commit was given".to_owned());
    }
    let order = match Asked::try_from(request.order) {
        Ok(Asked::Unspecified | Asked::Relevance) => Order::Relevance,
        Ok(Asked::Time) => Order::Time,
        Err(_) => return refused("order", format!("is {}, which is none", request.order)),
    };
    Ok(Question {
        query: request.query,
        literal: request.literal,
        order,
        size: request.page_size as usize,
        page_token: request.page_token,
        facets: request.facets.into_iter().map(facet_of).collect::<Result<_>>()?,
        count: request.count,
    })
}

/// Refuses snippets that are too long.
pub(super) fn check_snippet(bytes: u32) -> Result<()> {
    if bytes > LONGEST_SNIPPET {
        let message = format!("is {bytes}, and at most {LONGEST_SNIPPET} are allowed");
        return Err(Error::Request { field: "snippet_bytes", message });
    }
    Ok(())
}

fn facet_of(request: FacetRequest) -> Result<FacetOf> {
    let Some(field) = Field::named(&request.field) else {
        let message = format!(
            "asks for `{}`, which is no field; there are kind, source, language, topic, entity, commodity, country and measure",
            request.field
        );
        return Err(Error::Request { field: "facets", message });
    };
    let most = if request.limit == 0 { FACET_VALUES } else { request.limit as usize };
    Ok(FacetOf { field, most })
}

impl Shared {
    /// What there is to answer from, once it has come to a sequence; waits for that, but not for ever.
    async fn snapshot(&self, wanted: i64) -> Result<Snapshot> {
        let deadline = Instant::now() + self.config.wait;
        let mut state = self.state.subscribe();
        let mut known = false;
        loop {
            let now = state.borrow_and_update().clone();
            match (now.index, now.building, now.failed) {
                (Some(index), ..) => {
                    if let Ok(snapshot) = index.at_least(wanted) {
                        return Ok(snapshot);
                    }
                    if !known && wanted > now.head {
                        let head = self.log.head().await?;
                        if wanted > head {
                            return Err(Error::NotYet { sequence: wanted, head });
                        }
                        known = true;
                    }
                    let at = index.sequence();
                    tokio::select! {
                        snapshot = index.reached(wanted) => return Ok(snapshot),
                        // Another index may have taken its place.
                        _ = state.changed() => {}
                        () = tokio::time::sleep_until(deadline) => return Err(Error::Behind { at, wanted }),
                        () = self.shutdown.cancelled() => return Err(Error::Draining),
                    }
                }
                (None, Some(progress), _) => {
                    let super::Progress { sequence, head, records } = progress;
                    return Err(Error::Building { sequence, head, records });
                }
                (None, None, Some(error)) => return Err(error),
                (None, None, None) => {
                    // It is being opened, and compared with the log.
                    let message = "the index waits for it".to_owned();
                    let error = Error::Unreachable { peer: crate::STORAGE, message };
                    tokio::select! {
                        _ = state.changed() => {}
                        () = tokio::time::sleep_until(deadline) => return Err(error),
                        () = self.shutdown.cancelled() => return Err(Error::Draining),
                    }
                }
            }
        }
    }
}

async fn respond(
    shared: &Arc<Shared>,
    plan: Plan,
    answer: Answer,
    snippet_bytes: usize,
) -> Result<QueryResponse> {
    let mut hits: Vec<Hit> = answer.hits.into_iter().map(hit).collect();
    let highlighter = plan.highlighter();
    let mut tokens = Tokens::default();
    for hit in &mut hits {
        hit.title_highlights = titled(&highlighter, &hit.title, &mut tokens);
    }
    if snippet_bytes > 0 {
        hits = snippets::add(&shared.log, hits, highlighter, snippet_bytes, answer.sequence).await?;
    }
    let facet = |facet: answer::Facet| Facet {
        field: facet.field.name().to_owned(),
        counts: facet
            .values
            .into_iter()
            .map(|(value, count)| FacetCount { value, count: count.cast_signed() })
            .collect(),
    };
    Ok(QueryResponse {
        hits,
        facets: answer.facets.into_iter().map(facet).collect(),
        total: answer.total.map(u64::cast_signed),
        next_page_token: answer.next_page_token,
        order: match answer.order {
            Order::Relevance => Asked::Relevance.into(),
            Order::Time => Asked::Time.into(),
        },
        sequence: answer.sequence,
        expansions: answer.expansions.iter().map(expansion).collect(),
    })
}

/// A hit with what stands on its card.
pub(super) fn hit(found: answer::Hit) -> Hit {
    // What is on the card was encoded by us.
    let card = Hit::decode(found.card.as_slice()).unwrap_or_default();
    let document = match found.kind.as_str() {
        "monazite.record.v1.Document" => found.name.clone(),
        _ => card.document,
    };
    Hit {
        document,
        name: found.name,
        kind: found.kind,
        score: found.score,
        published: card.published,
        sequence: found.sequence,
        source: found.source,
        title: card.title,
        ..Hit::default()
    }
}

/// A hit of an entry that was not looked for in the index.
pub(super) fn hit_of(entry: &Entry) -> Hit {
    hit(answer::Hit {
        name: entry.name.clone(),
        kind: entry.kind.clone(),
        score: 0.0,
        published: entry.published,
        sequence: entry.sequence,
        source: entry.source.clone(),
        card: entry.card.clone(),
    })
}

/// Where a title answers.
pub(super) fn titled(highlighter: &Highlighter, title: &str, tokens: &mut Tokens) -> Vec<ByteRange> {
    highlighter.title(title, tokens).into_iter().map(range).collect()
}

pub(super) fn range(bytes: std::ops::Range<usize>) -> ByteRange {
    // Records have at most 4 MiB.
    let number = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    ByteRange { start: number(bytes.start), end: number(bytes.end) }
}

fn expansion(expansion: &expand::Expansion) -> Expansion {
    Expansion {
        bytes: Some(range(expansion.bytes.clone())),
        ids: expansion.ids.clone(),
        names: expansion.to.clone(),
    }
}
