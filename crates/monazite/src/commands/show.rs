//! `monazite show`: a text with its mentions, or any record as JSON.

use std::io::{self, Write};

use anyhow::{Context as _, Result};
use api::record::{Document, Layer, Mention, MentionKind, Record};
use api::registry::entry;
use prost::{Message as _, Name as _};
use prost_reflect::{DescriptorPool, DynamicMessage};
use serde_json::{Value, json};

use crate::cli::{BriefFormat, ShowArgs};
use crate::commands::mentions::{doubt, shown};
use crate::commands::print;
use crate::failure::{Failure, Kind};
use crate::fit::safe;
use crate::grpc::{Client, Listed};
use crate::output::{Cell, Listing, colour, column};
use crate::view::{View, document_name, record_name, short};

pub(super) async fn run(client: &Client, args: &ShowArgs) -> Result<()> {
    let at_sequence = client.sequence(args.at.as_of).await?;
    let other = args.id.contains('/') && !args.id.starts_with("documents/");
    let name = if other {
        record_name(client, &args.id, None, at_sequence).await?
    } else {
        document_name(client, &args.id, at_sequence).await?
    };
    let record = client.get(&name, at_sequence).await?;
    if record.kind != Document::full_name() || args.output != BriefFormat::Text {
        let pool = pool(client, &record.kind).await?;
        let value = json_of(&record, &pool)?;
        return print(|out| {
            if args.output == BriefFormat::Jsonl {
                serde_json::to_writer(&mut *out, &value)?;
            } else {
                serde_json::to_writer_pretty(&mut *out, &value)?;
            }
            writeln!(out)
        });
    }
    let view = View::new(&record)?;
    if let Some((start, end)) = args.span {
        check_span(&view.document.text, start as usize, end as usize)?;
        let colour = colour();
        return print(|out| passage(&view, start as usize..end as usize, colour, out));
    }
    let layer = layer(client, &name, at_sequence).await?;
    let colour = colour();
    print(|out| whole(&view, &layer, colour, out))
}

fn check_span(text: &str, start: usize, end: usize) -> Result<()> {
    let wrong = if end > text.len() {
        format!("the text has {} bytes, so there is no {start}..{end}", text.len())
    } else if !text.is_char_boundary(start) || !text.is_char_boundary(end) {
        format!("{start}..{end} cuts a character in two; offsets are UTF-8 bytes")
    } else {
        return Ok(());
    };
    Err(Failure::new(Kind::Usage, wrong).into())
}

/// All mentions of a document, in order; those of a long one lie in several layers.
async fn layer(client: &Client, document: &str, at_sequence: i64) -> Result<Layer> {
    let kind = Layer::full_name();
    let listed =
        Listed { kind: &kind, keys: vec![format!("document={document}")], at_sequence, ..Default::default() };
    let mut whole = Layer { document: document.to_owned(), mentions: Vec::new() };
    for record in client.list(listed).await? {
        whole.mentions.extend(Layer::decode(record.body)?.mentions);
    }
    whole.mentions.sort_by_key(|mention| (mention.start_byte, mention.end_byte));
    Ok(whole)
}

fn heading(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let mut line = vec![view.name.clone(), view.source().to_owned()];
    line.extend(Some(view.published()).filter(|p| !p.is_empty()));
    line.extend(Some(view.document.url.clone()).filter(|u| !u.is_empty()));
    writeln!(out, "{}\n", safe(&line.join(" · ")))
}

fn passage(view: &View, span: std::ops::Range<usize>, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    heading(view, out)?;
    let text = &view.document.text;
    let (before, after) = if colour { ("\u{1b}[7m", "\u{1b}[0m") } else { ("⟦", "⟧") };
    writeln!(
        out,
        "{}{before}{}{after}{}",
        safe(&text[..span.start]),
        safe(&text[span.clone()]),
        safe(&text[span.end..])
    )
}

fn whole(view: &View, layer: &Layer, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    heading(view, out)?;
    let text = &view.document.text;
    let mut at = 0;
    for mention in layer.mentions.iter().filter(|m| m.kind() != MentionKind::Citation) {
        let (start, end) = (mention.start_byte as usize, mention.end_byte as usize);
        let (Some(before), Some(quote)) = (text.get(at..start), text.get(start..end)) else { continue };
        let (open, close) = if colour { (style(mention.kind()), "\u{1b}[0m") } else { ("⟦", "⟧") };
        write!(out, "{}{open}{}{close}", safe(before), safe(quote))?;
        at = end;
    }
    writeln!(out, "{}\n", safe(text.get(at..).unwrap_or_default()))?;
    let mut listing = Listing::new(&[
        column("BYTES", "span").right(),
        column("KIND", "kind"),
        column("QUOTE", "quote").shrinks(),
        column("READ AS", "reading").shrinks(),
    ]);
    for mention in &layer.mentions {
        listing.row(mention_row(text, mention));
    }
    listing.note(format!(
        "{} mentions · `monazite facts --document {}` lists what is stated with them",
        layer.mentions.len(),
        short(&view.name)
    ));
    listing.print(crate::cli::Format::Table, &mut { out })
}

fn mention_row(text: &str, mention: &Mention) -> Vec<Cell> {
    let quote = text.get(mention.start_byte as usize..mention.end_byte as usize).unwrap_or_default();
    let reading = match mention.kind() {
        MentionKind::Entity => mention.entity.clone(),
        MentionKind::Time => mention
            .time
            .as_ref()
            .map(|t| format!("[{}, {})", dash(&t.start), dash(&t.end)))
            .unwrap_or_default(),
        MentionKind::Duration => format!("{} = {} s", shown(mention), mention.seconds),
        _ => shown(mention),
    };
    let reading = match doubt(mention) {
        Some(why) => format!("{reading}  doubtful: {why}").trim_start().to_owned(),
        None => reading,
    };
    vec![
        Cell::from(format!("{}..{}", mention.start_byte, mention.end_byte)),
        kind_word(mention.kind()).into(),
        quote.into(),
        reading.into(),
    ]
}

fn dash(end: &str) -> &str {
    if end.is_empty() { "…" } else { end }
}

fn kind_word(kind: MentionKind) -> String {
    kind.as_str_name().trim_start_matches("MENTION_KIND_").to_ascii_lowercase()
}

/// Bold for values, underlined for names, dim for what is no number.
fn style(kind: MentionKind) -> &'static str {
    match kind {
        MentionKind::Entity => "\u{1b}[4m",
        MentionKind::Code | MentionKind::Citation => "\u{1b}[2m",
        MentionKind::Time | MentionKind::Duration => "\u{1b}[36m",
        _ => "\u{1b}[1m",
    }
}

/// Descriptors of a kind: our own, or those that came with an analyzer's manifest.
async fn pool(client: &Client, kind: &str) -> Result<DescriptorPool> {
    let pool = DescriptorPool::decode(api::DESCRIPTORS).context("failed to read the built-in descriptors")?;
    if pool.get_message_by_name(kind).is_some() {
        return Ok(pool);
    }
    for entry in client.entries("analyzers/").await? {
        let Some(entry::Value::AnalyzerVersion(version)) = entry.value else { continue };
        let Some(manifest) = version.manifest else { continue };
        if !manifest.writes.iter().any(|k| k == kind) {
            continue;
        }
        // A plugin's set may be damaged or clash with another's: then it is simply not the one that helps.
        let mut own = pool.clone();
        if own.decode_file_descriptor_set(manifest.descriptor_set).is_ok()
            && own.get_message_by_name(kind).is_some()
        {
            return Ok(own);
        }
    }
    Ok(pool)
}

fn json_of(record: &Record, pool: &DescriptorPool) -> Result<Value> {
    let body = match pool.get_message_by_name(&record.kind) {
        Some(descriptor) => {
            let message = DynamicMessage::decode(descriptor, record.body.clone())
                .with_context(|| format!("the body of {} is no {}", record.name, record.kind))?;
            serde_json::to_value(&message)?
        }
        None => json!({"undecoded_bytes": record.body.len()}),
    };
    let citations: Vec<_> = record
        .citations
        .iter()
        .map(|c| {
            let spans: Vec<_> = c
                .spans
                .iter()
                .map(|s| json!({"start_byte": s.start_byte, "end_byte": s.end_byte, "quote": s.quote}))
                .collect();
            json!({"document": c.document, "spans": spans})
        })
        .collect();
    Ok(json!({
        "name": record.name,
        "kind": record.kind,
        "body": body,
        "keys": record.keys,
        "citations": citations,
        "sequence": record.sequence,
        "commit_time": record.commit_time.as_ref().map(ToString::to_string),
        "analyzer": record.analyzer,
        "group": record.group,
    }))
}
