//! `monazite search`: what answers a question, with the passages that do.

pub(crate) mod compose;
mod findings;
pub(crate) mod hit;
pub(crate) mod malformed;
pub(crate) mod page;
mod wider;

use anyhow::Result;
use api::search::{FacetRequest, Order, QueryRequest, QueryResponse};

use crate::cli::{Format, Order as Asked, SearchArgs};
use crate::commands::{heard, print};
use crate::grpc::Client;
use crate::output::screen_width;

use compose::Composed;
use malformed::placed;
use page::Found;

/// The largest page of the service.
const LARGEST_PAGE: usize = 1000;

pub(super) async fn run(client: &Client, args: &SearchArgs) -> Result<()> {
    let words = args.words.join(" ");
    let composed = Composed::new(&words, &args.filters)?;
    check(client, &words, args.literal).await?;
    let limit = if args.all { 0 } else { args.limit };
    let request = request(args, &composed);
    let mut found = Found {
        query: composed.query.clone(),
        documents: composed.query.ends_with("kind:document"),
        ..Found::default()
    };
    let lines = args.list.output == Format::Jsonl;
    collect(client, request, limit, &composed, |page| {
        found.add(page);
        if lines {
            let listing = found.listing(0);
            found.hits.clear();
            return heard(|mut out| listing.print(Format::Jsonl, &mut out));
        }
        Ok(true)
    })
    .await?;
    if args.list.output == Format::Table {
        found.findings = findings::told(client, &found.hits).await?;
    }
    if found.total == 0 && args.list.output == Format::Table {
        found.wider = wider::suggestions(client, &words, args.literal, &composed).await;
    }
    match args.list.output {
        Format::Jsonl => Ok(()),
        Format::Json => print(|out| {
            serde_json::to_writer_pretty(&mut *out, &found.json())?;
            writeln!(out)
        }),
        format => {
            let width = screen_width();
            let listing = if format == Format::Table { found.screen(width) } else { found.listing(width) };
            print(|mut out| listing.print(format, &mut out))
        }
    }
}

/// Reads what the user wrote by itself, before filters are added: so that its errors are told where they were made, and no
/// parenthesis of it reaches into the filters.
async fn check(client: &Client, words: &str, literal: bool) -> Result<()> {
    if words.trim().is_empty() {
        return Ok(());
    }
    let alone = Composed { query: words.to_owned(), written: 0..words.len(), filters: Vec::new() };
    client.explain(words, literal).await.map_err(|error| placed(error, &alone))?;
    Ok(())
}

fn request(args: &SearchArgs, composed: &Composed) -> QueryRequest {
    let order = match args.order {
        None => Order::Unspecified,
        Some(Asked::Relevance) => Order::Relevance,
        Some(Asked::Time) => Order::Time,
    };
    QueryRequest {
        query: composed.query.clone(),
        literal: args.literal,
        order: order.into(),
        page_token: args.page.clone().unwrap_or_default(),
        facets: args.facet.iter().map(|field| FacetRequest { field: field.clone(), limit: 0 }).collect(),
        count: true,
        at_least_sequence: args.at_least,
        snippet_bytes: snippet_bytes(args.list.output),
        ..QueryRequest::default()
    }
}

/// Bytes of a passage that fill two lines of the screen with English, and less than that with Chinese; for programs, a
/// usual length.
fn snippet_bytes(format: Format) -> u32 {
    match format {
        Format::Table => u32::from(screen_width().saturating_sub(4)).saturating_mul(2).clamp(240, 600),
        _ => 400,
    }
}

/// Hands the pages over, until `limit` hits (zero: all) were there or nobody wants more.
///
/// # Errors
/// Those of the question, placed in what was `composed`, and of `each`.
pub(crate) async fn collect(
    client: &Client,
    mut request: QueryRequest,
    limit: usize,
    composed: &Composed,
    mut each: impl FnMut(QueryResponse) -> Result<bool>,
) -> Result<()> {
    let mut left = if limit == 0 { usize::MAX } else { limit };
    request.page_size = u32::try_from(left.min(LARGEST_PAGE)).unwrap_or(0);
    loop {
        let mut page = client.query(request.clone()).await.map_err(|error| placed(error, composed))?;
        if page.hits.len() > left {
            // A page that is cut has no token that leads on from there.
            page.hits.truncate(left);
            page.next_page_token.clear();
        }
        left -= page.hits.len();
        let next = page.next_page_token.clone();
        if !each(page)? || left == 0 || next.is_empty() {
            return Ok(());
        }
        request.page_token = next;
    }
}

impl Found {
    /// Adds the next page.
    pub(crate) fn add(&mut self, page: QueryResponse) {
        self.order = page.order();
        if let Some(total) = page.total {
            self.total = total;
        }
        self.sequence = page.sequence;
        self.next = page.next_page_token;
        self.hits.extend(page.hits);
        if !page.facets.is_empty() {
            self.facets = page.facets;
        }
        self.expansions = page.expansions;
    }
}
