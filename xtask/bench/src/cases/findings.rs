//! What a new document costs when a million claims are stored: how soon its findings are out, and what its claims take.

mod facts;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use api::record::{Claim, Finding};
use api::storage::{ChangesRequest, ChangesResponse, GetStatisticsRequest};
use prost::Name as _;
use serde_json::Value;
use tokio::time::timeout;
use tonic::Streaming;

use super::Context;
use super::pipeline::worker_name;
use crate::process::{self, Up};
use crate::report::Row;
use crate::rounds::{median, per_second};
use crate::wire::{self, Storage};

const CASE: &str = "findings";

/// Blocks of documents that are stored when it is measured: about 10,000, 100,000 and 1,000,000 claims.
const SIZES: [u64; 3] = [1, 12, 122];

/// The same for a quick run.
const QUICK: [u64; 2] = [1, 2];

/// New documents at each size, one after the other: 36 at all, each of which tells its facts in an arrangement of its own.
const NEWS: u64 = 12;

/// A finding that takes longer than this is not coming.
const PATIENCE: Duration = Duration::from_secs(60);

/// Processor seconds in half a second, of all processes together, below which nothing is being done.
const IDLE: f64 = 0.03;

/// How many half seconds in a row that has to be so.
const STILL: u32 = 4;

/// A server that is at work for longer than this after all is answered does not come to rest.
const REST: Duration = Duration::from_secs(300);

/// Documents whose brief is timed.
const BRIEF: u64 = 10_000;

/// Documents that are imported at a time; between two parts the time is looked at.
const PART: u64 = 2_000;

/// Imports up to each size and measures there. Where a time is set, importing ends with it, and what is stored then is the last
/// size.
///
/// # Errors
/// If a process fails, or the findings of a document do not come.
pub(crate) fn run(context: &Context) -> Result<Vec<Row>> {
    let quick = context.rounds == 1;
    let plugins = plugins(context)?;
    let up = Up::start_with(&context.binary, &context.scratch.join("findings"), Some(&plugins))?;
    let mut rows = Rows::default();
    let (start, mut stored, mut first) = (Instant::now(), 0, None);
    let late = || context.minutes.is_some_and(|minutes| start.elapsed() >= minutes);
    for (blocks, index) in if quick { &QUICK[..] } else { &SIZES[..] }.iter().zip(0..) {
        let (from, before) = (Instant::now(), stored);
        let wanted = blocks * facts::BLOCK;
        while stored < wanted && !(stored > 0 && late()) {
            let end = next(stored, wanted);
            check(import(context, &up, (stored..end).map(facts::stored))?.status()?)?;
            stored = end;
            if stored == BRIEF {
                rows.add(brief(&up)?);
            }
        }
        if stored == before {
            break;
        }
        let speed = per_second(usize::try_from((stored - before) * facts::FACTS)?, from);
        let few = if quick { index * NEWS + 3 } else { (index + 1) * NEWS };
        // Only facts that all who tell them have told.
        let measured = news(context, &up, stored / facts::BLOCK, index * NEWS..few)?;
        let first = *first.get_or_insert(measured.cost);
        let size = process::disk_bytes(up.data())?;
        measured.rows(speed, first, size).into_iter().for_each(|row| rows.add(row));
        if stored < wanted {
            eprintln!("  stopped after {:.0} min, as told", start.elapsed().as_secs_f64() / 60.0);
            break;
        }
    }
    up.stop()?;
    Ok(rows.0)
}

/// What was measured so far; each row is told when it comes.
#[derive(Default)]
struct Rows(Vec<Row>);

impl Rows {
    fn add(&mut self, row: Row) {
        eprintln!(
            "  {}: {:.1} {}{}{}",
            row.what,
            row.ours,
            row.unit,
            if row.note.is_empty() { "" } else { " · " },
            row.note
        );
        self.0.push(row);
    }
}

/// A folder with the plugins that find something in claims. Stories are told apart: they group documents, not claims.
fn plugins(context: &Context) -> Result<PathBuf> {
    let beside = context.binary.parent().context("a binary lies in a folder")?.join("plugins");
    let folder = context.scratch.join("plugins");
    std::fs::create_dir_all(&folder)?;
    for name in ["reading", "claims", "reconcile", "audit"] {
        let file = format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        std::fs::copy(beside.join(&file), folder.join(&file))
            .with_context(|| format!("failed to copy {file}"))?;
    }
    Ok(folder)
}

/// Where the next part of an import ends: the brief is timed when just so many documents are stored.
fn next(stored: u64, wanted: u64) -> u64 {
    let end = (stored + PART).min(wanted);
    if stored < BRIEF { end.min(BRIEF) } else { end }
}

/// A command that imports lines and waits until all that follows from them is written.
fn import(context: &Context, up: &Up, lines: impl Iterator<Item = Value>) -> Result<Command> {
    let path = context.scratch.join("findings.jsonl");
    let mut file = BufWriter::new(File::create(&path)?);
    for line in lines {
        writeln!(file, "{line}")?;
    }
    file.into_inner()?;
    Ok(up.client(&["import", "--wait", "--format", "jsonl", &path.to_string_lossy()]))
}

fn check(status: ExitStatus) -> Result<()> {
    ensure!(status.success(), "a command of monazite failed ({status})");
    Ok(())
}

/// How long a brief takes when [`BRIEF`] documents are stored, the start of the command included.
fn brief(up: &Up) -> Result<Row> {
    let seconds = || {
        let start = Instant::now();
        check(up.client(&["brief", "锑", "--output", "json"]).status()?)?;
        anyhow::Ok(start.elapsed().as_secs_f64())
    };
    let all = (0..3).map(|_| seconds()).collect::<Result<Vec<f64>>>()?;
    Ok(Row::figure(CASE, "brief over 10,000 documents of 40 claims, command", median(all), "s").at_most(2.0))
}

/// What was measured at one size.
struct Measured {
    claims: i64,
    /// Milliseconds from when the claims of a document are written to when its contradiction is.
    delays: Vec<f64>,
    /// Milliseconds from when a document is handed over to when its contradiction is written.
    whole: Vec<f64>,
    /// Microseconds of processor time of a new claim with all that follows from it.
    cost: f64,
    /// The same of each process, the most first.
    parts: Vec<(String, f64)>,
}

impl Measured {
    fn rows(self, speed: f64, first: f64, bytes: u64) -> Vec<Row> {
        let claims = self.claims;
        let (slowest, whole) = (self.delays.iter().copied().fold(0.0, f64::max), median(self.whole));
        let note = format!(
            "{} documents one after the other, slowest {slowest:.0} ms; from handing over the document {whole:.0} ms",
            self.delays.len()
        );
        let out = format!("claims to findings, among {claims} claims");
        let cost = format!("processor time of a new claim, among {claims} claims");
        let parts: Vec<String> =
            self.parts.iter().map(|(name, cost)| format!("{name} {cost:.0} us")).collect();
        let rest = format!(
            "{}; nothing else at work: the index of search is at the end of the log and merges nothing",
            parts.join(", ")
        );
        let kilobytes = |bytes: u64| f64::from(u32::try_from(bytes >> 10).unwrap_or(u32::MAX));
        let disk = kilobytes(bytes) / kilobytes(claims.unsigned_abs() << 10);
        vec![
            Row::figure(CASE, out, median(self.delays), "ms").at_most(500.0).note(note),
            Row::figure(CASE, cost, self.cost, "us")
                .against("at the first size", first)
                .at_most(1.5)
                .note(rest),
            Row::figure(CASE, format!("import of so many, up to {claims}"), speed, "claims/s"),
            Row::figure(CASE, format!("disk with all that is derived, {claims} claims"), disk, "KB a claim"),
        ]
    }
}

/// Documents that contradict one stored fact each, one after the other.
fn news(context: &Context, up: &Up, blocks: u64, numbers: Range<u64>) -> Result<Measured> {
    let claims = wire::block_on(async { claims(&mut wire::storage(up).await?).await })?;
    let (mut delays, mut whole) = (Vec::new(), Vec::new());
    quiet(up)?;
    let before = processor_seconds(up);
    let count = numbers.end - numbers.start;
    for (number, place) in numbers.zip(0..) {
        let block = place * blocks / count;
        let line = facts::news(block, number);
        let (delay, all) = follow(context, up, &line)?;
        delays.push(delay);
        whole.push(all);
    }
    // What follows from the last of them, and is not waited for by anybody, counts too.
    quiet(up)?;
    let told = f64::from(u32::try_from(count * facts::FACTS)?);
    let taken = |(name, seconds): (String, f64)| {
        let cost = (seconds - before.get(&name).copied().unwrap_or(0.0)) * 1e6 / told;
        (name, cost)
    };
    let mut parts: Vec<(String, f64)> = processor_seconds(up).into_iter().map(taken).collect();
    parts.sort_by(|one, other| other.1.total_cmp(&one.1));
    let cost = parts.iter().map(|(_, cost)| cost).sum();
    Ok(Measured { claims, delays, whole, cost, parts })
}

/// Waits until server and workers have nothing left to do: after an import the index of search follows the log, and then goes on merging.
fn quiet(up: &Up) -> Result<()> {
    let start = Instant::now();
    let (mut still, mut last) = (0, all_processor_seconds(up));
    while still < STILL {
        ensure!(
            start.elapsed() < REST,
            "the server is still at work after {} s without any request",
            REST.as_secs()
        );
        std::thread::sleep(Duration::from_millis(500));
        let now = all_processor_seconds(up);
        still = if now - last < IDLE { still + 1 } else { 0 };
        last = now;
    }
    Ok(())
}

/// Processor time of server and workers.
fn all_processor_seconds(up: &Up) -> f64 {
    processor_seconds(up).into_values().sum()
}

/// The same of each process by its name.
fn processor_seconds(up: &Up) -> BTreeMap<String, f64> {
    let workers = process::descendants(up.pid()).into_iter();
    let mut seconds = BTreeMap::from([("server".to_owned(), process::processor_seconds(up.pid()))]);
    for worker in workers {
        *seconds.entry(worker_name(worker)).or_default() += process::processor_seconds(worker);
    }
    seconds
}

async fn claims(storage: &mut Storage) -> Result<i64> {
    let statistics = storage.get_statistics(GetStatisticsRequest {}).await?.into_inner();
    Ok(statistics.kinds.iter().find(|kind| kind.kind == Claim::full_name()).map_or(0, |kind| kind.count))
}

/// Imports one document; gives the milliseconds from its claims to its contradiction, and from the command to that. Returns when
/// nothing is left to be done.
fn follow(context: &Context, up: &Up, line: &Value) -> Result<(f64, f64)> {
    wire::block_on(async {
        let mut storage = wire::storage(up).await?;
        let head = storage.get_statistics(GetStatisticsRequest {}).await?.into_inner().head;
        let request = ChangesRequest {
            after_sequence: head,
            kinds: vec![Claim::full_name(), Finding::full_name()],
            ..ChangesRequest::default()
        };
        let mut feed = storage.changes(request).await?.into_inner();
        let start = Instant::now();
        let mut importing = import(context, up, std::iter::once(line.clone()))?.spawn()?;
        let seen = async {
            let (document, told) = first_claim(&mut feed).await?;
            let found = contradiction(&mut feed, &document).await?;
            anyhow::Ok((told, found))
        };
        let seen = timeout(PATIENCE, seen).await;
        check(importing.wait()?)?;
        let (told, found) = seen.context("no contradiction came for a document")??;
        let milliseconds = |from: Instant| found.duration_since(from).as_secs_f64() * 1e3;
        Ok((milliseconds(told), milliseconds(start)))
    })
}

/// The key of the document that has the first claim to come, and when that came.
async fn first_claim(feed: &mut Streaming<ChangesResponse>) -> Result<(String, Instant)> {
    loop {
        let part = feed.message().await?.context("the feed ended")?;
        let claim = part.changes.into_iter().find(|change| change.kind == Claim::full_name());
        if let Some(claim) = claim {
            let document = claim.keys_after.into_iter().find(|key| key.starts_with("document="));
            return Ok((document.context("a claim has a document")?, Instant::now()));
        }
    }
}

/// When the first contradiction comes that cites a document.
async fn contradiction(feed: &mut Streaming<ChangesResponse>, document: &str) -> Result<Instant> {
    loop {
        let part = feed.message().await?.context("the feed ended")?;
        let has = |keys: &[String], key: &str| keys.iter().any(|other| other == key);
        if part.changes.iter().any(|change| {
            has(&change.keys_after, document) && has(&change.keys_after, "finding=contradiction")
        }) {
            return Ok(Instant::now());
        }
    }
}
