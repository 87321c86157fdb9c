//! What operators ask: `services`, `status`, `reindex`, `failures`, `retract`.

use std::io::IsTerminal as _;
use std::time::Duration;

use anyhow::Result;
use api::analysis::{AnalyzerState, AnalyzerStatus, FailureCode};
use api::registry::{Instance, ServingState};
use api::search::{GetStatusResponse, RebuildResponse};
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::{FailuresArgs, Format, RetractArgs};
use crate::commands::import::counted;
use crate::commands::{print, tables};
use crate::fit::flat;
use crate::grpc::Client;
use crate::output::{Cell, Listing, column};
use crate::view::document_name;

/// How long `retract --wait` waits.
const RETRACT_LIMIT: Duration = Duration::from_secs(600);

pub(super) async fn services(client: &Client, format: Format) -> Result<()> {
    let mut listing = Listing::new(&[
        column("SERVICE", "service"),
        column("INSTANCE", "instance").shrinks(),
        column("STATE", "state"),
        column("VERSION", "version"),
        column("PROVIDES", "provides").shrinks(),
        column("REACHED AT", "endpoints").shrinks(),
    ]);
    for instance in client.instances().await? {
        listing.row(service_row(&instance));
    }
    print(|mut out| listing.print(format, &mut out))
}

fn service_row(instance: &Instance) -> Vec<Cell> {
    let state = match instance.state() {
        _ if !instance.enabled => "disabled",
        ServingState::Unspecified | ServingState::Serving => "serving",
        ServingState::Draining => "draining",
        ServingState::NotServing => "not serving",
        ServingState::Suspect => "suspect",
    };
    let provides: Vec<_> = instance.analyzers.iter().map(|a| format!("{} {}", a.name, a.version)).collect();
    vec![
        Cell::new(instance.service.rsplit('.').next().unwrap_or_default(), instance.service.as_str()),
        instance.instance_id.as_str().into(),
        state.into(),
        instance.version.as_str().into(),
        Cell::new(provides.join(", "), provides),
        Cell::new(instance.endpoints.join(", "), instance.endpoints.clone()),
    ]
}

pub(super) async fn status(client: &Client, format: Format) -> Result<()> {
    let status = client.status().await?;
    let mut listing = Listing::new(&[
        column("ANALYZER", "analyzer"),
        column("VERSION", "version"),
        column("STATE", "state"),
        column("BEHIND", "behind").right(),
        column("PENDING", "pending_groups").right(),
        column("FAILED", "failed_groups").right(),
        column("STALE", "stale_groups").right(),
        column("PROVIDERS", "providers").right(),
        column("COMMITTED", "committed_groups").right(),
        column("MS EACH", "milliseconds_each").right(),
    ]);
    for analyzer in &status.analyzers {
        listing.row(status_row(analyzer, status.head));
    }
    let statistics = client.statistics().await?;
    let counts: Vec<_> = statistics
        .kinds
        .iter()
        .map(|k| format!("{} {}", k.count, k.kind.rsplit('.').next().unwrap_or(&k.kind)))
        .collect();
    listing.note(format!(
        "log at sequence {} · {} · {} on disk",
        statistics.head,
        if counts.is_empty() { "no records".to_owned() } else { counts.join(", ") },
        indicatif::HumanBytes(u64::try_from(statistics.disk_bytes).unwrap_or(0)),
    ));
    listing.note(match client.search_status().await {
        Ok(index) => index_note(&index),
        Err(error) => format!("search does not answer: {}", flat(&error.to_string())),
    });
    print(|mut out| listing.print(format, &mut out))
}

/// How far the search index has come, in a sentence.
fn index_note(index: &GetStatusResponse) -> String {
    let mut parts = vec![match index.head - index.sequence {
        ..=0 => format!("search index at sequence {}", index.sequence),
        behind => format!("search index at sequence {}, {behind} behind", index.sequence),
    }];
    parts.push(format!("{} records", index.records));
    parts.push(format!("{} on disk", indicatif::HumanBytes(u64::try_from(index.bytes).unwrap_or(0))));
    parts.push(format!("{} topics", index.topics));
    if let Some(rebuild) = &index.rebuild {
        parts.push(format!("made again: {} % done", percent(rebuild)));
    }
    if !index.broken_topics.is_empty() {
        parts.push(format!("broken: {}, see `monazite topics`", index.broken_topics.join(", ")));
    }
    parts.join(" · ")
}

/// How much of the log is in an index that is being made.
fn percent(rebuild: &RebuildResponse) -> i64 {
    (rebuild.sequence.max(0) * 100).checked_div(rebuild.head).unwrap_or(100).clamp(0, 100)
}

pub(super) async fn reindex(client: &Client) -> Result<()> {
    let started = std::time::Instant::now();
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    let style = ProgressStyle::with_template("indexing {wide_bar} {percent} %  {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let last = client
        .rebuild(|progress| {
            bar.set_length(u64::try_from(progress.head).unwrap_or(0));
            bar.set_position(u64::try_from(progress.sequence).unwrap_or(0));
            bar.set_message(format!("{} records", progress.records));
        })
        .await?;
    bar.finish_and_clear();
    print(|out| {
        let seconds = started.elapsed().as_secs_f32();
        writeln!(
            out,
            "indexed   {} records, up to sequence {}   ({seconds:.1} s)",
            last.records, last.sequence
        )
    })
}

fn status_row(analyzer: &AnalyzerStatus, head: i64) -> Vec<Cell> {
    let state = match analyzer.state() {
        AnalyzerState::Unspecified => "unknown",
        AnalyzerState::Current => "current",
        AnalyzerState::Working => "working",
        AnalyzerState::NoProvider => "nobody provides it",
        AnalyzerState::Disabled => "disabled",
    };
    let each = match analyzer.committed_groups {
        0 => Cell::new("", serde_json::Value::Null),
        groups => {
            let microseconds = analyzer.analyzer_ns / 1000 / groups;
            let text = format!("{}.{:03}", microseconds / 1000, microseconds % 1000);
            Cell::new(text.clone(), text)
        }
    };
    vec![
        analyzer.analyzer.as_str().into(),
        analyzer.version.as_str().into(),
        state.into(),
        Cell::from((head - analyzer.cursor).max(0)),
        analyzer.pending_groups.into(),
        analyzer.failed_groups.into(),
        analyzer.stale_groups.into(),
        analyzer.providers.into(),
        analyzer.committed_groups.into(),
        each,
    ]
}

pub(super) async fn failures(client: &Client, args: &FailuresArgs) -> Result<()> {
    let analyzer = args.analyzer.as_deref().unwrap_or_default();
    if args.retry {
        let groups = client.retry_failures(analyzer).await?;
        return print(|out| {
            writeln!(out, "{groups} groups are tried again; `monazite status` tells how far they are")
        });
    }
    let mut listing = Listing::new(&[
        column("ANALYZER", "analyzer"),
        column("VERSION", "version"),
        column("GROUP", "group").shrinks(),
        column("WHY", "code"),
        column("TRIES", "attempts").right(),
        column("OLD OUTPUT", "old_output"),
        column("MESSAGE", "message").shrinks(),
    ]);
    for failure in client.failures(analyzer).await? {
        let code = code_word(failure.code());
        listing.row(vec![
            failure.analyzer.as_str().into(),
            failure.version.as_str().into(),
            failure.group.as_str().into(),
            code.into(),
            failure.attempts.into(),
            if failure.stale_output_kept { "kept, stale" } else { "withdrawn" }.into(),
            failure.message.as_str().into(),
        ]);
    }
    listing.note(match listing.len() {
        0 => "no failures".to_owned(),
        n => format!("{n} failed · `monazite failures --retry` tries them again"),
    });
    print(|mut out| listing.print(args.list.output, &mut out))
}

fn code_word(code: FailureCode) -> String {
    code.as_str_name().trim_start_matches("FAILURE_CODE_").to_ascii_lowercase().replace('_', " ")
}

pub(super) async fn retract(client: &Client, args: &RetractArgs) -> Result<()> {
    if let Some(table) = &args.table {
        let (count, sequence) = tables::retract(client, table).await?;
        if args.wait {
            client.wait_settled(sequence, RETRACT_LIMIT, |_| {}).await?;
        }
        return print(|out| writeln!(out, "retracted {}", counted(count, "observation")));
    }
    let mut names = Vec::with_capacity(args.documents.len());
    for id in &args.documents {
        let name = document_name(client, id, 0).await?;
        client.get(&name, 0).await?;
        names.push(name);
    }
    let sequence = client.delete(&names).await?;
    if args.wait {
        client.wait_settled(sequence, RETRACT_LIMIT, |_| {}).await?;
    }
    print(|out| {
        let rest = if args.wait { ", and all that rested on it is gone" } else { "" };
        names.iter().try_for_each(|name| writeln!(out, "retracted {name}{rest}"))
    })
}
