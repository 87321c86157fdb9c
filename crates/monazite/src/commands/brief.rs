//! `monazite brief`: what documents say, in their own sentences.

use std::io::{self, Write};

use anyhow::Result;
use api::record::{Citation, Digest, Document, Record};
use prost::{Message as _, Name as _};
use serde_json::{Value, json};

use crate::cli::{BriefArgs, BriefFormat};
use crate::commands::print;
use crate::failure::{Failure, Kind};
use crate::fit::safe;
use crate::grpc::{Client, Listed};
use crate::output::screen_width;
use crate::view::{View, document_name, short};
use crate::wrap::wrapped;

/// A document and its digest.
struct Brief {
    view: View,
    digest: Digest,
    citations: Vec<Citation>,
}

pub(super) async fn run(client: &Client, args: &BriefArgs) -> Result<()> {
    let names =
        if args.all { latest(client, args.limit).await? } else { named(client, &args.documents).await? };
    let mut briefs = Vec::with_capacity(names.len());
    for record in client.batch_get(&names).await? {
        let view = View::new(&record)?;
        match digest(client, &view.name).await? {
            Some((digest, citations)) => briefs.push(Brief { view, digest, citations }),
            None if args.all => {}
            None => {
                let message = format!(
                    "{} has no digest (yet); `monazite status` and `monazite failures` tell why",
                    view.name
                );
                return Err(Failure::new(Kind::NotFound, message).into());
            }
        }
    }
    if briefs.len() < names.len() && !args.all {
        return Err(Failure::new(Kind::NotFound, "a document is gone; see `monazite documents`").into());
    }
    print(|out| match args.output {
        BriefFormat::Text if briefs.is_empty() => {
            writeln!(out, "nothing to tell yet; bring documents in with `monazite import --wait`")
        }
        BriefFormat::Text => briefs.iter().enumerate().try_for_each(|(index, brief)| {
            if index > 0 {
                writeln!(out)?;
            }
            text(brief, out)
        }),
        BriefFormat::Json => {
            let all: Vec<Value> = briefs.iter().map(json).collect();
            serde_json::to_writer_pretty(&mut *out, &all)?;
            writeln!(out)
        }
        BriefFormat::Jsonl => briefs.iter().try_for_each(|brief| {
            serde_json::to_writer(&mut *out, &json(brief))?;
            writeln!(out)
        }),
    })
}

async fn latest(client: &Client, limit: usize) -> Result<Vec<String>> {
    let kind = Document::full_name();
    let listed = Listed { kind: &kind, newest_first: true, limit, fields: &["name"], ..Default::default() };
    Ok(client.list(listed).await?.into_iter().map(|r| r.name).collect())
}

async fn named(client: &Client, ids: &[String]) -> Result<Vec<String>> {
    let mut names = Vec::with_capacity(ids.len());
    for id in ids {
        names.push(document_name(client, id, 0).await?);
    }
    Ok(names)
}

async fn digest(client: &Client, document: &str) -> Result<Option<(Digest, Vec<Citation>)>> {
    let kind = Digest::full_name();
    let listed =
        Listed { kind: &kind, keys: vec![format!("document={document}")], limit: 1, ..Default::default() };
    let found: Option<Record> = client.list(listed).await?.into_iter().next();
    found.map(|record| Ok((Digest::decode(record.body)?, record.citations))).transpose()
}

impl Brief {
    /// The quote behind an index of the digest; several spans are joined as they are read.
    fn quote(&self, index: u32) -> String {
        let spans = self.citations.get(index as usize).map(|c| c.spans.as_slice()).unwrap_or_default();
        spans.iter().map(|s| s.quote.as_str()).collect::<Vec<_>>().join(" … ")
    }
}

fn text(brief: &Brief, out: &mut dyn Write) -> io::Result<()> {
    let width = usize::from(screen_width());
    writeln!(out, "{}", safe(brief.view.heading()))?;
    let mut line = vec![brief.view.source().to_owned()];
    line.extend(Some(brief.view.published()).filter(|p| !p.is_empty()));
    line.push(short(&brief.view.name).to_owned());
    if brief.view.document.truncated {
        line.push("cut off by its exporter".to_owned());
    }
    if !brief.digest.own_headings {
        line.push("groups made here; the text has no headings".to_owned());
    }
    writeln!(out, "{}", safe(&line.join(" · ")))?;
    if !brief.digest.viewpoint.is_empty() {
        let heading = brief.digest.viewpoint_heading.map(|i| brief.quote(i));
        writeln!(out, "{}", safe(heading.as_deref().unwrap_or("Viewpoint")))?;
        for index in &brief.digest.viewpoint {
            write!(out, "{}", wrapped(&safe(&brief.quote(*index)), "  ", "  ", width))?;
        }
    }
    for group in &brief.digest.groups {
        if let Some(heading) = group.heading {
            writeln!(out, "{}", safe(&brief.quote(heading)))?;
        }
        for point in &group.points {
            write!(out, "{}", wrapped(&safe(&brief.quote(*point)), "  • ", "    ", width))?;
        }
    }
    Ok(())
}

fn json(brief: &Brief) -> Value {
    let cited = |index: &u32| {
        let spans = brief.citations.get(*index as usize).map(|c| c.spans.as_slice()).unwrap_or_default();
        let spans: Vec<_> = spans
            .iter()
            .map(|s| json!({"start_byte": s.start_byte, "end_byte": s.end_byte, "quote": s.quote}))
            .collect();
        Value::Array(spans)
    };
    let groups: Vec<_> = brief
        .digest
        .groups
        .iter()
        .map(|g| {
            json!({
                "heading": g.heading.as_ref().map(cited),
                "points": g.points.iter().map(cited).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "document": brief.view.json(),
        "own_headings": brief.digest.own_headings,
        "viewpoint_heading": brief.digest.viewpoint_heading.as_ref().map(cited),
        "viewpoint": brief.digest.viewpoint.iter().map(cited).collect::<Vec<_>>(),
        "groups": groups,
    })
}
