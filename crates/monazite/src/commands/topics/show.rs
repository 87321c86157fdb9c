//! `monazite topics show`: how a topic is read, and what answers it.

use anyhow::Result;
use api::search::{Order, QueryRequest, QueryResponse};
use serde_json::{Value, json};

use super::saved::{self, Saved};
use crate::cli::{BriefFormat, Format, TopicArgs};
use crate::commands::print;
use crate::commands::search::compose::Composed;
use crate::commands::search::malformed::placed;
use crate::commands::search::{hit, page};
use crate::fit::flat;
use crate::grpc::Client;
use crate::output::screen_width;

/// Records that are shown of those that answer it.
const LATEST: u32 = 5;

pub(super) async fn run(client: &Client, args: &TopicArgs, format: BriefFormat) -> Result<()> {
    let saved = saved::find(client, args).await?;
    let topic = &saved.topic;
    let alone = Composed { query: topic.query.clone(), written: 0..topic.query.len(), filters: Vec::new() };
    let explained = client.explain(&topic.query, topic.literal).await.map_err(|e| placed(e, &alone))?;
    let request = QueryRequest {
        query: saved.answered_by(),
        literal: topic.literal,
        order: Order::Time.into(),
        page_size: LATEST,
        count: true,
        snippet_bytes: 240,
        ..QueryRequest::default()
    };
    let answer = client.query(request).await?;
    if format != BriefFormat::Text {
        let value = json(&saved, &explained.canonical, &answer);
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
            "finds    {}{}",
            flat(&kinds),
            if topic.literal { ", only what is written" } else { "" }
        ));
    }
    lines.extend(page::expanded(&topic.query, &explained.expansions));
    let found = page::Found {
        total: answer.total.unwrap_or(0),
        order: Order::Time,
        documents: topic.kinds.is_empty(),
        hits: answer.hits,
        ..page::Found::default()
    };
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

fn json(saved: &Saved, canonical: &str, answer: &QueryResponse) -> Value {
    json!({
        "name": saved.name,
        "topic": saved.topic.name,
        "owner": saved.topic.owner,
        "query": saved.topic.query,
        "literal": saved.topic.literal,
        "kinds": saved.topic.kinds,
        "read_as": canonical,
        "answers": answer.total,
        "latest": answer.hits.iter().map(hit::json).collect::<Value>(),
    })
}
