//! Tables of `monazite import`, and taking them back.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use api::record::Observation;
use indicatif::{HumanCount, ProgressBar};
use prost::Name as _;
use tables::{Item, Mapping, Names, Source, Tally};
use text::Lexicon;
use tokio::sync::mpsc;

use crate::cli::{Format, ImportArgs};
use crate::commands::import::{Batch, READ_AHEAD, Sent, Written, answers, bar, counted, say};
use crate::commands::{observations, print};
use crate::failure::{Failure, Kind};
use crate::grpc::{Client, ImportBatch, Listed};
use crate::names;

/// Rows that a dry run shows.
const SHOWN: usize = 12;

/// Refusals that are told one by one; the rest are counted.
const TOLD: u64 = 50;

/// Unknown names that a report lists.
const UNKNOWN: usize = 10;

/// Observations that are deleted in one commit.
const DELETED: usize = 1_000;

/// Paths of tables, and those of documents. With a mapping all are tables.
pub(super) fn parted(args: &ImportArgs) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let mapped = args.tables.mapping.is_some();
    let asked = args.format.is_some();
    args.paths.iter().cloned().partition(|path| mapped || !asked && path.is_file() && tables::is_table(path))
}

/// What all tables of an import share.
struct Setting {
    mapping: Option<Mapping>,
    /// The user's, behind the program's; none without files of the user.
    own: Option<Lexicon>,
    encoding: Option<intake::Charset>,
}

impl Setting {
    fn new(args: &ImportArgs) -> Result<Self> {
        let mapping = args.tables.mapping.as_deref().map(mapping).transpose()?;
        let files = &args.tables.lexicon;
        let own = if files.is_empty() { None } else { Some(names::lexicon(files)?) };
        Ok(Self { mapping, own, encoding: args.encoding })
    }

    fn lexicon(&self) -> &Lexicon {
        self.own.as_ref().unwrap_or_else(|| Lexicon::standard())
    }

    fn read<'n>(&self, path: &Path, names: &'n Names<'n>) -> Result<tables::Reading<'n>, tables::Error> {
        let source = if path.as_os_str() == "-" { Source::stdin() } else { Source::path(path) };
        tables::read(source, self.mapping.as_ref(), self.encoding, names)
    }
}

fn mapping(path: &Path) -> Result<Mapping> {
    let shown = path.display().to_string();
    let failed = || format!("failed to read {shown}");
    // One byte more than a mapping may have shows that it is too large, whatever kind of file it is.
    let most = tables::MAX_MAPPING_BYTES as u64 + 1;
    let mut text = String::new();
    fs::File::open(path).with_context(failed)?.take(most).read_to_string(&mut text).with_context(failed)?;
    Mapping::parse(&shown, &text).map_err(|error| Failure::new(Kind::Usage, error.to_string()).into())
}

/// What comes from the thread that reads.
enum Read {
    Item(Item),
    /// A table that is not read, or not to its end.
    Failed(tables::Error),
}

/// Imports tables; the answer counts as refused also what was not sent.
pub(super) async fn import(client: &Client, args: &ImportArgs, paths: Vec<PathBuf>) -> Result<Written> {
    let started = Instant::now();
    let setting = Setting::new(args)?;
    let importer = client.import().await?;
    let bar = bar("importing", "observations");
    let (items, received) = mpsc::channel(READ_AHEAD);
    let reader = tokio::task::spawn_blocking(move || read(&paths, &setting, &items));
    let (sent, awaited) = mpsc::unbounded_channel();
    let (told, mut written) = tokio::try_join!(
        send(received, importer.batches.clone(), sent, &bar),
        // The importer's own sender has to go, or the server would wait for more.
        answers(importer, awaited, &bar)
    )?;
    reader.await.context("failed to read the input")?;
    bar.finish_and_clear();
    report(&told, &written, started.elapsed())?;
    written.refused += told.tally.refused + told.failed;
    Ok(written)
}

fn read(paths: &[PathBuf], setting: &Setting, items: &mpsc::Sender<Read>) {
    let names = Names::new(setting.lexicon());
    for path in paths {
        let reading = match setting.read(path, &names) {
            Ok(reading) => reading,
            Err(error) => {
                if items.blocking_send(Read::Failed(error)).is_err() {
                    return;
                }
                continue;
            }
        };
        for item in reading {
            let read = item.map_or_else(Read::Failed, Read::Item);
            if items.blocking_send(read).is_err() {
                return;
            }
        }
    }
}

/// What was read, as a report tells it.
#[derive(Default)]
struct Told {
    tally: Tally,
    /// Tables that were not read, or not to their end.
    failed: u64,
}

/// Sends observations in batches, and says on standard error what could not be read.
async fn send(
    mut items: mpsc::Receiver<Read>,
    batches: mpsc::Sender<ImportBatch>,
    sent: mpsc::UnboundedSender<Vec<Sent>>,
    bar: &ProgressBar,
) -> Result<Told> {
    let mut told = Told::default();
    let mut batch = Batch::default();
    while let Some(read) = items.recv().await {
        let item = match read {
            Read::Item(item) => item,
            Read::Failed(error) => {
                told.failed += 1;
                say(bar, &format!("error: {error}"));
                continue;
            }
        };
        told.tally.add(&item);
        match item {
            Item::Observation(entry) => {
                batch.add(entry.record, Sent { place: entry.place.to_string(), counted: true });
                if batch.is_full() || items.is_empty() {
                    batch.send(&batches, &sent).await;
                }
            }
            Item::Refused(refusal) if told.tally.refused <= TOLD => say(bar, &format!("error: {refusal}")),
            Item::Notice(notice) => say(bar, &format!("note: {notice}")),
            _ => {}
        }
    }
    batch.send(&batches, &sent).await;
    Ok(told)
}

fn report(told: &Told, written: &Written, elapsed: Duration) -> Result<()> {
    let tally = &told.tally;
    let mut parts = summary(tally);
    parts.push(format!("{} new", HumanCount(written.new)));
    parts.push(format!("{} already there", HumanCount(written.already_there)));
    parts.push(format!("{} refused", HumanCount(tally.refused + written.refused)));
    if told.failed > 0 {
        parts.push(format!("{} not read to the end", counted(told.failed, "table")));
    }
    print(|out| {
        writeln!(out, "imported  {}   ({:.1} s)", parts.join(" · "), elapsed.as_secs_f32())?;
        notes(tally).iter().try_for_each(|note| writeln!(out, "{note}"))
    })
}

/// Observations and series, and what of the table is none.
fn summary(tally: &Tally) -> Vec<String> {
    let observations = if tally.observations == 1 { "observation" } else { "observations" };
    let mut parts = vec![format!(
        "{} {observations} of {} series",
        HumanCount(tally.observations),
        HumanCount(tally.series)
    )];
    let more = [
        (tally.without_value, "without a value"),
        (tally.repeated, "said twice"),
        (tally.left_out, "rows left out"),
    ];
    parts.extend(more.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", HumanCount(*n))));
    parts
}

/// What a report says below its line.
fn notes(tally: &Tally) -> Vec<String> {
    let mut lines = Vec::new();
    if tally.refused > TOLD {
        lines.push(format!("          the first {TOLD} refusals are told above"));
    }
    if tally.without_keys > 0 {
        lines.push(format!(
            "          {} not compared with claims, for a name or unit is not known, or a detail tells the series from others",
            HumanCount(tally.without_keys)
        ));
    }
    let mut unknown: Vec<_> = tally.unknown.iter().collect();
    unknown.sort_by_key(|((slot, words), count)| (std::cmp::Reverse(**count), *slot, words.as_str()));
    for ((slot, words), count) in unknown.iter().take(UNKNOWN) {
        lines.push(format!("          unknown {slot} «{words}», {} times", HumanCount(**count)));
    }
    if unknown.len() > UNKNOWN {
        lines.push(format!("          and {} further unknown names", unknown.len() - UNKNOWN));
    }
    if !unknown.is_empty() {
        lines.push(
            "          say what they mean with `words` in the mapping, or give a lexicon of your own with --lexicon".to_owned(),
        );
    }
    lines
}

/// Shows how the first rows are understood, and counts the rest.
pub(super) fn dry_run(args: &ImportArgs) -> Result<()> {
    let (paths, documents) = parted(args);
    if let Some(path) = documents.first() {
        let message = format!("--dry-run is for tables, and {} is none: .csv, .tsv, .xlsx", path.display());
        return Err(Failure::new(Kind::Usage, message).into());
    }
    let setting = Setting::new(args)?;
    let mut tally = Tally::default();
    let names = Names::new(setting.lexicon());
    let mut listing = observations::listing();
    for path in &paths {
        for item in setting.read(path, &names)? {
            let item = item?;
            tally.add(&item);
            match item {
                Item::Observation(entry) if listing.len() < SHOWN => {
                    observations::add(&mut listing, setting.lexicon(), &entry.record, &entry.body);
                }
                Item::Refused(refusal) if tally.refused <= TOLD => {
                    say(&ProgressBar::hidden(), &format!("error: {refusal}"))
                }
                Item::Notice(notice) => say(&ProgressBar::hidden(), &format!("note: {notice}")),
                _ => {}
            }
        }
    }
    let mut parts = summary(&tally);
    parts.push(format!("{} refused", HumanCount(tally.refused)));
    listing.note(format!(
        "nothing is imported: this is how the first rows are understood\nall rows: {}",
        parts.join(" · ")
    ));
    notes(&tally).iter().for_each(|note| listing.note(note.trim().to_owned()));
    print(|mut out| listing.print(Format::Table, &mut out))?;
    match tally.refused {
        0 => Ok(()),
        refused => Err(Failure::new(Kind::PartlyRefused, format!("{refused} would be refused")).into()),
    }
}

/// Deletes the observations of `SOURCE@EDITION`, or of all editions of `SOURCE`; the answer is how many, and the last sequence.
pub(super) async fn retract(client: &Client, table: &str) -> Result<(u64, i64)> {
    let mut names = Vec::new();
    // An edition may be empty, and a source may hold the sign that parts the two.
    for key in [format!("table={table}"), format!("source={table}")] {
        let listed = Listed {
            kind: &Observation::full_name(),
            keys: vec![key],
            fields: &["name"],
            ..Default::default()
        };
        names = client.list(listed).await?.into_iter().map(|record| record.name).collect::<Vec<_>>();
        if !names.is_empty() {
            break;
        }
    }
    if names.is_empty() {
        let message =
            format!("no observation is of «{table}»; `monazite observations` shows sources and editions");
        return Err(Failure::new(Kind::NotFound, message).into());
    }
    let mut sequence = 0;
    for chunk in names.chunks(DELETED) {
        sequence = client.delete(chunk).await?;
    }
    Ok((names.len() as u64, sequence))
}
