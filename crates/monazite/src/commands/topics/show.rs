//! `monazite topics show`: how a topic is read, and what answers it.

use anyhow::Result;
use api::search::{Order, QueryRequest};
use serde_json::{Value, json};

use super::saved::{self, Saved};
use crate::cli::{BriefFormat, Format, TopicArgs};
use crate::commands::print;
use crate::commands::search::compose::Composed;
use crate::commands::search::malformed::placed;
use crate::commands::search::page::{Found, expanded};
use crate::commands::search::{collect, hit};
use crate::fit::flat;
use crate::grpc::Client;
use crate::output::screen_width;

pub(super) async fn run(client: &Client, args: &TopicArgs, limit: usize, format: BriefFormat) -> Result<()> {
    let saved = saved::find(client, args).await?;
    let topic = &saved.topic;
    let alone = Composed { query: topic.query.clone(), written: 0..topic.query.len(), filters: Vec::new() };
    let explained = client.explain(&topic.query, topic.literal).await.map_err(|e| placed(e, &alone))?;
    let request = QueryRequest {
        query: saved.answered_by(),
        literal: topic.literal,
        order: Order::Time.into(),
        count: true,
        snippet_bytes: 240,
        ..QueryRequest::default()
    };
    let mut found = Found { documents: topic.kinds.is_empty(), ..Found::default() };
    collect(client, request, limit, &alone, |page| {
        found.add(page);
        Ok(true)
    })
    .await?;
    // What the words of the query were expanded to is told above; the whole of what was asked is longer than the query.
    found.expansions.clear();
    found.next.clear();
    if format != BriefFormat::Text {
        let value = json(&saved, &explained.canonical, &found);
        return print(|out| {
            if format == BriefFormat::Json {
                serde_json::to_writer_pretty(&mut *out, &value)?;
            } else {
                serde_json::to_writer(&mut *out, &value)?;
            }
            writeln!(out)
        });
    }
    let kinds: Vec<String> = topic.kinds.iter().map(|kind| kind_word(kind)).collect();
    let kinds = if kinds.is_empty() { kind_word("document") } else { kinds.join(", ") };
    let mut lines = vec![format!("{} · {}", saved.shown(), saved.name)];
    if topic.query.is_empty() {
        lines.push("answered by documents that came in under its name".to_owned());
    } else {
        lines.push(format!("query    {}", flat(&topic.query)));
        lines.push(format!("read as  {}", flat(&explained.canonical)));
        lines.push(format!(
            "kinds    {}{}",
            flat(&kinds),
            if topic.literal { ", only what is written" } else { "" }
        ));
    }
    lines.extend(expanded(&topic.query, &explained.expansions));
    let listing = found.listing(screen_width());
    print(|mut out| {
        lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        writeln!(out)?;
        listing.print(Format::Table, &mut out)
    })
}

/// The last part of a kind's name, in lower case.
fn kind_word(kind: &str) -> String {
    kind.rsplit('.').next().unwrap_or(kind).to_lowercase()
}

fn json(saved: &Saved, canonical: &str, found: &Found) -> Value {
    json!({
        "name": saved.name,
        "topic": saved.topic.name,
        "owner": saved.topic.owner,
        "query": saved.topic.query,
        "literal": saved.topic.literal,
        "kinds": saved.topic.kinds,
        "read_as": canonical,
        "answers": found.total,
        "latest": found.hits.iter().map(hit::json).collect::<Value>(),
    })
}
