//! How long questions take, one at a time, over the wire.

use std::time::Instant;

use anyhow::Result;
use api::search::{FacetRequest, QueryRequest};
use search::{Expand, Expander, Index, Limits, Query, Request};
use text::Lexicon;

use super::super::Context;
use super::{CASE, Filled, Shelf, quantile};
use crate::peers::index::Raw;
use crate::report::Row;
use crate::wire;

/// Questions of each kind.
const QUERIES: usize = 200;

/// Of questions for which SQLite reads all texts, so many.
const SLOW: usize = 20;

/// What an answer over gRPC may cost beside 1.5 times the peer, in microseconds.
const WIRE: f64 = 200.0;

/// Makes the request of a query.
type Asking<'a> = &'a dyn Fn(&str) -> QueryRequest;

/// A question with nothing besides, as it is put to the peers.
pub(super) fn plain(query: &str) -> QueryRequest {
    QueryRequest { query: query.to_owned(), literal: true, page_size: 10, ..QueryRequest::default() }
}

/// Terms, phrases and filters, each against what the peers have.
pub(super) fn questions(context: &Context, shelf: &Shelf, filled: &mut Filled) -> Result<Vec<Row>> {
    let (terms, phrases) = (shelf.corpus.terms(QUERIES), shelf.corpus.phrases(QUERIES));
    let mut rows = wire::block_on(async {
        let mut client = wire::search(&filled.up).await?;
        let mut rows = Vec::new();
        for (what, queries) in
            [("term, ten best, over gRPC", &terms), ("phrase, ten best, over gRPC", &phrases)]
        {
            let (mut ours, mut peer) = (Vec::new(), Vec::new());
            ask(&mut client, queries, plain).await?;
            tantivy(&filled.raw, queries)?;
            for _ in 0..context.rounds {
                ours.extend(ask(&mut client, queries, plain).await?);
                peer.extend(tantivy(&filled.raw, queries)?);
            }
            let median = quantile(peer.clone(), 0.5);
            let note = format!(
                "medians; one call at a time; p99 {:.0} us, of tantivy {:.0} us",
                quantile(ours.clone(), 0.99),
                quantile(peer, 0.99)
            );
            let row =
                Row::figure(CASE, what, quantile(ours, 0.5), "us").against("tantivy in this process", median);
            rows.push(match what.starts_with("term") {
                // The peer is a call in this process, so that a fixed part is allowed for the wire.
                true => row
                    .at_most(1.5 + WIRE / median)
                    .note(format!("{note}; the target is 1.5 times and 200 us")),
                false => row.note(note),
            });
        }
        rows.extend(stages(context, &mut client, &terms, &filled.library).await?);
        rows.extend(alone(context, &mut client, &terms).await?);
        Ok(rows)
    })?;
    rows.extend(sqlite(context, &terms, filled)?);
    Ok(rows)
}

/// What the answer to a term is made of: what every call costs, and what the library does for it.
async fn stages(
    context: &Context,
    client: &mut wire::Search,
    terms: &[String],
    index: &Index,
) -> Result<Vec<Row>> {
    let nothing: Vec<String> = (0..terms.len()).map(|number| format!("name:documents/no{number}")).collect();
    let expander = Expander::new(Lexicon::standard());
    let (mut calls, mut plans, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..=context.rounds {
        calls.extend(ask(client, &nothing, plain).await?);
        for term in terms {
            let limits = Limits::default();
            let start = Instant::now();
            let plan = expander.plan(&Query::parse(term, &limits)?, Expand::Off, &limits)?;
            plans.push(start.elapsed().as_secs_f64() * 1e6);
            let start = Instant::now();
            index.snapshot().search(&Request { size: 10, ..Request::new(&plan) })?;
            answers.push(start.elapsed().as_secs_f64() * 1e6);
        }
    }
    let row = |what: &str, times: Vec<f64>| {
        let note = format!("median; p99 {:.0} us", quantile(times.clone(), 0.99));
        Row::figure(CASE, what, quantile(times, 0.5), "us").note(note)
    };
    Ok(vec![
        row("a question that nothing answers, over gRPC", calls),
        row("term, read and planned, in this process", plans),
        row("term, ten best with what is shown of them, in this process", answers),
    ])
}

/// Kinds of question for which there is no peer.
async fn alone(context: &Context, client: &mut wire::Search, terms: &[String]) -> Result<Vec<Row>> {
    let names = ["稀土", "antimony", "氧化锑", "\"rare earth\"", "北方稀土", "锑"].map(str::to_owned);
    let filtered: Vec<String> =
        terms.iter().map(|term| format!("{term} language:zh published:>=2024-06")).collect();
    let facet = |field: &str| FacetRequest { field: field.to_owned(), limit: 10 };
    let expanded = |query: &str| QueryRequest { literal: false, ..plain(query) };
    let shown = |query: &str| QueryRequest { snippet_bytes: 240, ..expanded(query) };
    let counted = |query: &str| QueryRequest {
        facets: ["source", "language", "kind"].map(facet).to_vec(),
        count: true,
        ..plain(query)
    };
    let kinds: [(&str, &[String], Asking<'_>); 4] = [
        ("name with its aliases", &names, &expanded),
        ("name with its aliases and ten snippets", &names, &shown),
        ("term with two filters", &filtered, &plain),
        ("term with two filters, three facets and the total", &filtered, &counted),
    ];
    let mut rows = Vec::new();
    for (what, queries, request) in kinds {
        ask(client, queries, request).await?;
        let mut times = Vec::new();
        for _ in 0..context.rounds {
            times.extend(ask(client, queries, request).await?);
        }
        let note = format!("median; p99 {:.0} us", quantile(times.clone(), 0.99));
        rows.push(Row::figure(CASE, what, quantile(times, 0.5), "us").note(note));
    }
    Ok(rows)
}

/// SQLite on the same terms, those of three characters and more apart from shorter ones.
fn sqlite(context: &Context, terms: &[String], filled: &mut Filled) -> Result<Vec<Row>> {
    let Ok(peer) = &mut filled.sqlite else { return Ok(Vec::new()) };
    let (short, long): (Vec<String>, Vec<String>) =
        terms.iter().cloned().partition(|term| term.chars().count() < 3);
    let mut rows = Vec::new();
    for (what, queries, note) in [
        ("term of three characters and more, and SQLite", long, "medians"),
        (
            "term of two characters, and SQLite",
            short.into_iter().take(SLOW).collect(),
            "medians; trigrams do not help there: SQLite reads texts one by one (LIKE) up to the tenth that answers, in no order",
        ),
    ] {
        let ours = wire::block_on(async {
            let mut client = wire::search(&filled.up).await?;
            ask(&mut client, &queries, plain).await?;
            ask(&mut client, &queries, plain).await
        })?;
        let mut theirs = peer.top(&queries)?;
        if context.rounds > 1 {
            theirs = peer.top(&queries)?;
        }
        let row = Row::figure(CASE, what, quantile(ours, 0.5), "us");
        rows.push(row.against("SQLite FTS5 with trigrams", quantile(theirs, 0.5)).note(note));
    }
    Ok(rows)
}

/// Puts questions one after the other; gives the microseconds of each.
pub(super) async fn ask(
    client: &mut wire::Search,
    queries: &[String],
    request: impl Fn(&str) -> QueryRequest,
) -> Result<Vec<f64>> {
    let mut times = Vec::with_capacity(queries.len());
    for query in queries {
        let request = request(query);
        let start = Instant::now();
        client.query(request).await?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok(times)
}

fn tantivy(raw: &Raw, queries: &[String]) -> Result<Vec<f64>> {
    let mut times = Vec::with_capacity(queries.len());
    for query in queries {
        let start = Instant::now();
        raw.top(query.trim_matches('"'))?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok(times)
}
