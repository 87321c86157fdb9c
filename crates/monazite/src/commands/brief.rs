//! `monazite brief`: what is new, in dispute and by theme about a topic.

mod last;
mod read;

use std::io::Write as _;

use anyhow::{Context as _, Result};
use brief::{Asked, Derived, Language, Parameters, Since, render};

use crate::cli::{BriefArgs, BriefOutput, Connection, Lang, SinceArg};
use crate::commands::print;
use crate::grpc::Client;
use crate::output::screen_width;
use last::Last;

pub(super) async fn run(client: &Client, connection: &Connection, args: &BriefArgs) -> Result<()> {
    let sequence = sequence(client, args).await?;
    let wanted = read::wanted(client, args, sequence).await?;
    let mut last = Last::open(connection, &wanted.asked)?;
    let since = since(args, &last, sequence);
    let read = read::records(client, &wanted.documents, args.whole, sequence).await?;
    let parameters = Parameters {
        language: language(args.lang, &wanted.asked),
        asked: wanted.asked,
        from: args.from.clone(),
        to: args.to.clone(),
        as_of: args.at.as_of.map(|_| sequence),
        since,
        limit: args.limit,
        derived_by: derived_by(client).await?,
        beside: read.beside,
        left: read.left,
        beyond: wanted.beyond,
    };
    let brief = brief::make(&read.records, &parameters)?;
    let text = match args.output {
        BriefOutput::Text => render::text(&brief, usize::from(screen_width())),
        BriefOutput::Markdown => render::markdown(&brief),
        BriefOutput::Html => render::html(&brief),
        BriefOutput::Json => render::json(&brief),
    };
    match &args.save {
        None => print(|out| out.write_all(text.as_bytes()))?,
        Some(file) => {
            std::fs::write(file, &text).with_context(|| format!("failed to write {}", file.display()))?;
            print(|out| {
                writeln!(out, "{}: brief {}, {} sources", file.display(), brief.id, brief.sources.len())
            })?;
        }
    }
    // A brief on some days or as of an earlier time is not the last one on its topic.
    if args.at.as_of.is_none() && args.from.is_none() && args.to.is_none() {
        last.remember(sequence)?;
    }
    Ok(())
}

/// The sequence at which everything is read: the one asked for, else one at which all that follows from what came in is there.
async fn sequence(client: &Client, args: &BriefArgs) -> Result<i64> {
    if args.at.as_of.is_some() {
        return client.sequence(args.at.as_of).await;
    }
    let head = client.statistics().await?.head;
    if args.now || head == 0 {
        return Ok(head);
    }
    let settled = client.wait_settled(head, args.wait(), |_| {}).await;
    let settled = settled.context("with --now a brief is made of what is analyzed already")?;
    Ok(settled.settled_sequence.max(head))
}

/// From when on something is new. Where no brief is remembered, everything is.
fn since(args: &BriefArgs, last: &Last, sequence: i64) -> Option<Since> {
    match args.since.as_ref()? {
        SinceArg::Day(day) => Some(Since::Day(day.clone())),
        SinceArg::Last => {
            let known = last.sequence().filter(|known| *known <= sequence);
            if known.is_none() {
                // Nothing can be done about a standard error that is closed.
                let _ = writeln!(
                    std::io::stderr(),
                    "no earlier brief on this topic is remembered; this is all there is"
                );
            }
            known.map(Since::Sequence)
        }
    }
}

/// The language asked for, else that of the words asked with.
fn language(lang: Option<Lang>, asked: &Asked) -> Language {
    let words = match asked {
        Asked::All => "",
        Asked::Topic { name, .. } => name,
        Asked::Query(query) => query,
    };
    match lang {
        Some(Lang::Zh) => Language::Chinese,
        Some(Lang::En) => Language::English,
        None if text::language(words) == "zh" => Language::Chinese,
        None => Language::English,
    }
}

/// Which version of which analyzer is current, with its config.
async fn derived_by(client: &Client) -> Result<Vec<Derived>> {
    let analyzers = client.status().await?.analyzers.into_iter().map(|analyzer| Derived {
        analyzer: analyzer.analyzer,
        version: analyzer.version,
        config: analyzer.config_digest,
    });
    Ok(analyzers.collect())
}
