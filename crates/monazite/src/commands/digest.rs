//! `monazite digest`: what each document says, in their own sentences.

use std::io::{self, Write};

use anyhow::Result;
use api::record::{Citation, Digest, Document, Record};
use prost::{Message as _, Name as _};
use serde_json::{Value, json};

use crate::cli::{BriefFormat, DigestArgs};
use crate::commands::print;
use crate::failure::{Failure, Kind};
use crate::fit::safe;
use crate::grpc::{Client, Listed};
use crate::output::screen_width;
use crate::view::{View, document_name, short};
use crate::wrap::wrapped;

/// A document and its digest.
struct Told {
    view: View,
    digest: Digest,
    citations: Vec<Citation>,
}

pub(super) async fn run(client: &Client, args: &DigestArgs) -> Result<()> {
    let names =
        if args.all { latest(client, args.limit).await? } else { named(client, &args.documents).await? };
    let mut all_told = Vec::with_capacity(names.len());
    for record in client.batch_get(&names).await? {
        let view = View::new(&record)?;
        match digest(client, &view.name).await? {
            Some((digest, citations)) => all_told.push(Told { view, digest, citations }),
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
    if all_told.len() < names.len() && !args.all {
        return Err(Failure::new(Kind::NotFound, "a document is gone; see `monazite documents`").into());
    }
    print(|out| match args.output {
        BriefFormat::Text if all_told.is_empty() => {
            writeln!(out, "nothing to tell yet; bring documents in with `monazite import --wait`")
        }
        BriefFormat::Text => all_told.iter().enumerate().try_for_each(|(index, told)| {
            if index > 0 {
                writeln!(out)?;
            }
            text(told, out)
        }),
        BriefFormat::Json => {
            let all: Vec<Value> = all_told.iter().map(json).collect();
            serde_json::to_writer_pretty(&mut *out, &all)?;
            writeln!(out)
        }
        BriefFormat::Jsonl => all_told.iter().try_for_each(|told| {
            serde_json::to_writer(&mut *out, &json(told))?;
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

impl Told {
    /// The quote behind an index of the digest; several spans are joined as they are read.
    fn quote(&self, index: u32) -> String {
        let spans = self.citations.get(index as usize).map(|c| c.spans.as_slice()).unwrap_or_default();
        spans.iter().map(|s| s.quote.as_str()).collect::<Vec<_>>().join(" … ")
    }
}

fn text(told: &Told, out: &mut dyn Write) -> io::Result<()> {
    let width = usize::from(screen_width());
    writeln!(out, "{}", safe(told.view.heading()))?;
    let mut line = vec![told.view.source().to_owned()];
    line.extend(Some(told.view.published()).filter(|p| !p.is_empty()));
    line.push(short(&told.view.name).to_owned());
    if told.view.document.truncated {
        line.push("cut off by its exporter".to_owned());
    }
    if !told.digest.own_headings {
        line.push("groups made here; the text has no headings".to_owned());
    }
    writeln!(out, "{}", safe(&line.join(" · ")))?;
    if !told.digest.viewpoint.is_empty() {
        let heading = told.digest.viewpoint_heading.map(|i| told.quote(i));
        writeln!(out, "{}", safe(heading.as_deref().unwrap_or("Viewpoint")))?;
        for index in &told.digest.viewpoint {
            write!(out, "{}", wrapped(&safe(&told.quote(*index)), "  ", "  ", width))?;
        }
    }
    for group in &told.digest.groups {
        if let Some(heading) = group.heading {
            writeln!(out, "{}", safe(&told.quote(heading)))?;
        }
        for point in &group.points {
            write!(out, "{}", wrapped(&safe(&told.quote(*point)), "  • ", "    ", width))?;
        }
    }
    Ok(())
}

fn json(told: &Told) -> Value {
    let cited = |index: &u32| {
        let spans = told.citations.get(*index as usize).map(|c| c.spans.as_slice()).unwrap_or_default();
        let spans: Vec<_> = spans
            .iter()
            .map(|s| json!({"start_byte": s.start_byte, "end_byte": s.end_byte, "quote": s.quote}))
            .collect();
        Value::Array(spans)
    };
    let groups: Vec<_> = told
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
        "document": told.view.json(),
        "own_headings": told.digest.own_headings,
        "viewpoint_heading": told.digest.viewpoint_heading.as_ref().map(cited),
        "viewpoint": told.digest.viewpoint.iter().map(cited).collect::<Vec<_>>(),
        "groups": groups,
    })
}
