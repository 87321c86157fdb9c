//! `monazite topics`: questions that are kept.

pub(crate) mod saved;
mod show;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use api::record::Topic;
use api::search::{FacetRequest, QueryRequest};
use futures::{StreamExt as _, stream};
use prost::Name as _;
use serde_json::{Value, json};

use crate::cli::{TopicArgs, TopicListArgs, TopicsAction, TopicsArgs};
use crate::commands::print;
use crate::commands::search::compose::{Composed, kind_name};
use crate::commands::search::malformed::placed;
use crate::commands::search::page::expanded;
use crate::fit::flat;
use crate::grpc::Client;
use crate::output::{Cell, Listing, column};

use saved::{Saved, checked, user};

/// Topics whose answers are counted at a time.
const COUNTED_TOGETHER: usize = 8;

/// Topics of imports that are listed, at most: the largest that a facet may be.
const IMPORTED: u32 = 1000;

pub(super) async fn run(client: &Client, args: &TopicsArgs) -> Result<()> {
    match &args.action {
        None => list(client, &args.listing).await,
        Some(TopicsAction::List(listing)) => list(client, listing).await,
        Some(TopicsAction::Add { name, query, owner, literal, kind }) => {
            let owner = owner.clone().unwrap_or_else(user);
            let topic = Topic {
                name: checked("topic's name", name)?.to_owned(),
                owner: checked("owner's name", &owner)?.to_owned(),
                query: query.trim().to_owned(),
                literal: *literal,
                kinds: kind.iter().map(|kind| full_kind(kind)).collect::<Result<_>>()?,
            };
            add(client, topic).await
        }
        Some(TopicsAction::Remove(topic)) => remove(client, topic).await,
        Some(TopicsAction::Show { topic, limit, output }) => show::run(client, topic, *limit, *output).await,
    }
}

/// The full name of a kind by its word.
fn full_kind(kind: &str) -> Result<String> {
    let kind = kind_name(kind)?;
    if kind.contains('.') {
        return Ok(kind.to_owned());
    }
    let document = api::record::Document::full_name();
    let package = document.trim_end_matches("Document");
    let mut letters = kind.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    Ok(format!("{package}{}{}", first.unwrap_or_default(), letters.as_str()))
}

/// How many records answer a topic now.
async fn answers(client: &Client, saved: &Saved) -> Result<i64> {
    let request = QueryRequest {
        query: saved.answered_by(),
        literal: saved.topic.literal,
        page_size: 1,
        count: true,
        ..QueryRequest::default()
    };
    Ok(client.query(request).await?.total.unwrap_or(0))
}

async fn list(client: &Client, args: &TopicListArgs) -> Result<()> {
    let saved = saved::all(client, args.owner.as_deref()).await?;
    // Without the search service the topics are still there; then nothing is counted.
    let search = client.search_status().await;
    let broken: BTreeSet<String> =
        search.as_ref().map(|status| status.broken_topics.iter().cloned().collect()).unwrap_or_default();
    let counts: Vec<Option<i64>> = match &search {
        Ok(_) => {
            let count = |topic| async move { answers(client, topic).await.ok() };
            stream::iter(&saved).map(count).buffered(COUNTED_TOGETHER).collect().await
        }
        Err(_) => vec![None; saved.len()],
    };
    let imported = match (&search, &args.owner) {
        (Ok(_), None) => imported(client).await?,
        _ => BTreeMap::new(),
    };
    let mut listing = Listing::new(&[
        column("TOPIC", "topic").shrinks_to(40),
        column("OWNER", "owner").shrinks_to(20),
        column("ANSWERS", "answers").right(),
        column("QUERY", "query").shrinks(),
        column("KINDS", "kinds").hidden(saved.iter().all(|saved| saved.topic.kinds.is_empty())),
        column("NOTE", "state").shrinks(),
        column("", "literal").hidden(true),
        column("", "name").hidden(true),
    ]);
    for (saved, count) in saved.iter().zip(counts) {
        listing.row(row(saved, count, broken.contains(&saved.name)));
    }
    let taken: BTreeSet<&str> = saved.iter().map(|saved| saved.topic.name.as_str()).collect();
    for (name, count) in imported.iter().filter(|(name, _)| !taken.contains(name.as_str())) {
        listing.row(imported_row(name, *count));
    }
    listing.note(match (listing.len(), &args.owner) {
        (0, None) => "no topics; `monazite topics add NAME QUERY` saves one".to_owned(),
        (0, Some(owner)) => format!("{} has no topics", flat(owner)),
        (1, _) => "1 topic · `monazite watch TOPIC` tells what comes in".to_owned(),
        (n, _) => format!("{n} topics · `monazite watch TOPIC` tells what comes in"),
    });
    if let Err(error) = search {
        listing.note(format!("answers are not counted: {}", flat(&error.to_string())));
    }
    print(|mut out| listing.print(args.list.output, &mut out))
}

fn row(saved: &Saved, count: Option<i64>, broken: bool) -> Vec<Cell> {
    let topic = &saved.topic;
    let kinds: Vec<&str> = topic.kinds.iter().map(|kind| kind.rsplit('.').next().unwrap_or(kind)).collect();
    let kinds = kinds.join(", ").to_lowercase();
    let note = match (broken, topic.literal, topic.query.is_empty()) {
        (true, ..) => "broken: `monazite topics show` tells why",
        (_, true, _) => "literal",
        (_, _, true) => "only what came in under its name",
        _ => "",
    };
    let state = if broken { "broken" } else { "saved" };
    let count = if broken { None } else { count };
    vec![
        topic.name.as_str().into(),
        topic.owner.as_str().into(),
        Cell::new(
            count.map_or_else(|| "—".to_owned(), |count| count.to_string()),
            count.map_or(Value::Null, Value::from),
        ),
        topic.query.as_str().into(),
        Cell::new(kinds, topic.kinds.clone()),
        Cell::new(note, state),
        Cell::new("", topic.literal),
        saved.name.as_str().into(),
    ]
}

/// A name under which documents came in and that nobody saved as a topic.
fn imported_row(name: &str, count: i64) -> Vec<Cell> {
    vec![
        name.into(),
        Cell::new("", Value::Null),
        count.into(),
        Cell::new("", Value::Null),
        Cell::new("", json!([])),
        Cell::new("came in with imports, not saved", "imported"),
        Cell::new("", Value::Null),
        Cell::new("", Value::Null),
    ]
}

/// Names under which documents came in, with how many.
async fn imported(client: &Client) -> Result<BTreeMap<String, i64>> {
    let request = QueryRequest {
        query: "kind:document".to_owned(),
        page_size: 1,
        facets: vec![FacetRequest { field: "topic".to_owned(), limit: IMPORTED }],
        ..QueryRequest::default()
    };
    let facets = client.query(request).await?.facets;
    Ok(facets.into_iter().flat_map(|facet| facet.counts).map(|count| (count.value, count.count)).collect())
}

async fn add(client: &Client, topic: Topic) -> Result<()> {
    let saved = Saved::new(topic);
    let topic = &saved.topic;
    let alone = Composed { query: topic.query.clone(), written: 0..topic.query.len(), filters: Vec::new() };
    let explained = client.explain(&topic.query, topic.literal).await.map_err(|e| placed(e, &alone))?;
    let before = saved::all(client, Some(&topic.owner)).await?.into_iter().find(|s| s.name == saved.name);
    if before.as_ref() != Some(&saved) {
        client.put(saved.record()).await?;
    }
    let mut lines = vec![match &before {
        None => format!("saved {}", saved.shown()),
        Some(same) if *same == saved => format!("{} is saved already, just so", saved.shown()),
        Some(before) => format!("changed {}; it was: {}", saved.shown(), flat(&before.topic.query)),
    }];
    if topic.query.is_empty() {
        lines.push("  without a query only documents that came in under its name answer it".to_owned());
    } else {
        lines.push(format!("  read as: {}", flat(&explained.canonical)));
        let expansions = expanded(&topic.query, &explained.expansions);
        lines.extend(expansions.into_iter().map(|line| format!("  {line}")));
        if explained.matches_everything {
            lines.push("  it names nothing that must be there: whatever comes in may answer it".to_owned());
        }
    }
    lines.push(match answers(client, &saved).await {
        Ok(count) => {
            format!("  answered by {count} now · `monazite watch {}` tells what comes in", saved.argument())
        }
        Err(error) => format!("  answers are not counted: {}", flat(&error.to_string())),
    });
    print(|out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))
}

async fn remove(client: &Client, args: &TopicArgs) -> Result<()> {
    let saved = saved::find(client, args).await?;
    client.delete(std::slice::from_ref(&saved.name)).await?;
    print(|out| {
        let query = if saved.topic.query.is_empty() {
            String::new()
        } else {
            format!("; its query was: {}", flat(&saved.topic.query))
        };
        writeln!(out, "removed {}{query}", saved.shown())
    })
}
