//! `monazite import`: documents here, tables in `tables.rs`.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use api::record::{Period, Record};
use api::storage::{ImportResponse, Outcome};
use indicatif::{ProgressBar, ProgressStyle};
use intake::{Item, Place, Skip, SkipReason, Tally};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use prost::Message as _;
use tokio::sync::mpsc;

use crate::cli::ImportArgs;
use crate::commands::{print, tables};
use crate::failure::{Failure, Kind};
use crate::grpc::{Client, ImportBatch, Importer};
use crate::view::point;

/// Records in a batch, at most.
const BATCH_RECORDS: usize = 128;

/// Bytes in a batch, unless a single record is larger.
const BATCH_BYTES: usize = 1 << 20;

/// Items that are read ahead of the network.
pub(super) const READ_AHEAD: usize = 256;

/// What the server made of the documents or observations.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) new: u64,
    pub(super) already_there: u64,
    pub(super) refused: u64,
    /// The highest sequence of all answers.
    pub(super) sequence: i64,
}

/// Where a record came from, to be told if the server refuses it.
pub(super) struct Sent {
    pub(super) place: String,
    /// Whether the report counts it.
    pub(super) counted: bool,
}

pub(super) async fn run(client: &Client, args: &ImportArgs) -> Result<()> {
    let (tables, documents) = tables::parted(args);
    let mut all = Written::default();
    if !documents.is_empty() {
        all.add(&import_documents(client, args, documents).await?);
    }
    if !tables.is_empty() {
        all.add(&tables::import(client, args, tables).await?);
    }
    if args.wait {
        settle(client, args, all.sequence).await?;
    }
    match all.refusal() {
        None => Ok(()),
        Some(message) => Err(Failure::new(Kind::PartlyRefused, message).into()),
    }
}

impl Written {
    fn add(&mut self, other: &Self) {
        self.new += other.new;
        self.already_there += other.already_there;
        self.refused += other.refused;
        self.sequence = self.sequence.max(other.sequence);
    }

    /// What was refused and what became of the rest; nothing if nothing was refused.
    fn refusal(&self) -> Option<String> {
        let rest = match (self.new, self.already_there) {
            (0, 0) => "nothing was imported",
            (0, _) => "the rest was there already",
            _ => "the rest was imported",
        };
        (self.refused > 0).then(|| format!("{} refused; {rest}", self.refused))
    }
}

/// Imports documents; the answer counts as refused also what was not sent.
async fn import_documents(client: &Client, args: &ImportArgs, paths: Vec<PathBuf>) -> Result<Written> {
    let started = Instant::now();
    let importer = client.import().await?;
    let bar = bar("importing", "documents");
    let (items, received) = mpsc::channel(READ_AHEAD);
    let options = options(args)?;
    let reader = tokio::task::spawn_blocking(move || read(&paths, &options, &items));
    let (sent, awaited) = mpsc::unbounded_channel();
    let ((tally, ahead), mut written) = tokio::try_join!(
        send(received, importer.batches.clone(), sent, &bar),
        // The importer's own sender has to go, or the server would wait for more.
        answers(importer, awaited, &bar)
    )?;
    reader.await.context("failed to read the input")?;
    bar.finish_and_clear();
    written.refused += tally.refused;
    report(&tally, &written, ahead, started.elapsed())?;
    Ok(written)
}

fn options(args: &ImportArgs) -> Result<intake::Options> {
    let mut options = intake::Options {
        format: args.format,
        encoding: args.encoding,
        topic: args.topic.clone(),
        ..intake::Options::default()
    };
    if let Some(zone) = &args.zone {
        options.feed_zone = intake::parse_zone(zone).map_err(|e| Failure::new(Kind::Usage, e.to_string()))?;
    }
    Ok(options)
}

/// Reads all paths, one after another, until nobody wants more.
fn read(paths: &[PathBuf], options: &intake::Options, items: &mpsc::Sender<Item>) {
    for path in paths {
        let source =
            if path.as_os_str() == "-" { intake::Source::stdin() } else { intake::Source::path(path) };
        for item in intake::read(source, options) {
            if items.blocking_send(item).is_err() {
                return;
            }
        }
    }
}

/// Sends what was read in batches, and says on standard error what could not be read.
async fn send(
    mut items: mpsc::Receiver<Item>,
    batches: mpsc::Sender<ImportBatch>,
    sent: mpsc::UnboundedSender<Vec<Sent>>,
    bar: &ProgressBar,
) -> Result<(Tally, u64)> {
    let now = Timestamp::now();
    let mut ahead = 0;
    let mut tally = Tally::default();
    let mut batch = Batch::default();
    while let Some(item) = items.recv().await {
        tally.add(&item);
        let (record, place, counted) = match item {
            Item::Document(entry) => {
                if let Some(period) = entry.published.as_ref().filter(|period| is_ahead(period, now)) {
                    ahead += 1;
                    if ahead == 1 {
                        say(bar, &warning(&entry.place, period));
                    }
                }
                (entry.record, entry.place.to_string(), true)
            }
            Item::Membership(record) => {
                let name = record.name.clone();
                (record, name, false)
            }
            Item::Refused(refusal) => {
                say(bar, &format!("error: {refusal}"));
                continue;
            }
            Item::Skipped(skip) => {
                say(bar, &format!("skipped: {skip}{}", instead(&skip)));
                continue;
            }
            Item::Notice(notice) => {
                say(bar, &format!("note: {notice}"));
                continue;
            }
        };
        batch.add(record, Sent { place, counted });
        // A short input is not held back for a full batch: the reader has nothing more at the moment.
        if batch.is_full() || items.is_empty() {
            batch.send(&batches, &sent).await;
        }
    }
    batch.send(&batches, &sent).await;
    Ok((tally, ahead))
}

/// Whether a time begins more than a day ahead: wherever on earth it was written, it cannot have come yet.
fn is_ahead(period: &Period, now: Timestamp) -> bool {
    let start = period.start.parse::<Timestamp>().ok();
    let midnight = || period.start.get(..10)?.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok();
    let start = start.or_else(|| midnight().map(|zoned| zoned.timestamp()));
    start.is_some_and(|start| start.duration_since(now) > SignedDuration::from_hours(24))
}

fn warning(place: &Place, period: &Period) -> String {
    format!(
        "warning: {place}: it is dated {}, more than a day ahead of this computer's clock; it is imported all the same, and others \
         like it are only counted",
        point(period)
    )
}

/// What to do about a file of a folder that is left out.
fn instead(skip: &Skip) -> &'static str {
    match &skip.reason {
        SkipReason::UnknownKind(_) if ::tables::is_table(Path::new(&skip.place.file)) => {
            ", unless named itself: of a folder only documents are imported, for a table may need a mapping"
        }
        SkipReason::Empty => ", so that there is nothing to import; by itself it would be refused",
        _ => "",
    }
}

#[derive(Default)]
pub(super) struct Batch {
    id: u64,
    records: Vec<Record>,
    sent: Vec<Sent>,
    bytes: usize,
}

impl Batch {
    pub(super) fn add(&mut self, record: Record, sent: Sent) {
        self.bytes += record.encoded_len();
        self.records.push(record);
        self.sent.push(sent);
    }

    pub(super) fn is_full(&self) -> bool {
        self.records.len() >= BATCH_RECORDS || self.bytes >= BATCH_BYTES
    }

    /// Sends what there is. If the server has ended the import, its answer says why.
    pub(super) async fn send(
        &mut self,
        batches: &mpsc::Sender<ImportBatch>,
        sent: &mpsc::UnboundedSender<Vec<Sent>>,
    ) {
        if self.records.is_empty() {
            return;
        }
        self.id += 1;
        self.bytes = 0;
        let _ = sent.send(std::mem::take(&mut self.sent));
        let request = ImportBatch { batch_id: self.id, records: std::mem::take(&mut self.records) };
        let _ = batches.send(request).await;
    }
}

/// Counts the server's answers, and says on standard error what it refused.
pub(super) async fn answers(
    importer: Importer,
    mut awaited: mpsc::UnboundedReceiver<Vec<Sent>>,
    bar: &ProgressBar,
) -> Result<Written> {
    let mut written = Written::default();
    let mut answers = importer.answers();
    while let Some(answer) = answers.next().await? {
        let sent = awaited.recv().await.context("the server answered what was not asked")?;
        count(&mut written, &answer, &sent, bar);
        bar.set_position(written.new + written.already_there);
    }
    let unanswered = awaited.recv().await.map_or(0, |sent| sent.len());
    anyhow::ensure!(
        unanswered == 0,
        "the server ended the import early; import again, nothing is imported twice"
    );
    Ok(written)
}

fn count(written: &mut Written, answer: &ImportResponse, sent: &[Sent], bar: &ProgressBar) {
    written.sequence = written.sequence.max(answer.sequence);
    for (outcome, sent) in answer.outcomes().zip(sent) {
        match outcome {
            Outcome::Written if sent.counted => written.new += 1,
            Outcome::Unchanged if sent.counted => written.already_there += 1,
            Outcome::Refused => written.refused += 1,
            _ => {}
        }
    }
    for refusal in &answer.refusals {
        let place = sent.get(refusal.index as usize).map_or("", |sent| sent.place.as_str());
        say(bar, &format!("error: {place} is refused by the server\n  {}", refusal.message));
    }
}

/// A line on standard error, above the progress bar if there is one.
pub(super) fn say(bar: &ProgressBar, line: &str) {
    bar.suspend(|| {
        let _ = writeln!(std::io::stderr(), "{line}");
    });
}

/// A progress bar on a terminal, nothing otherwise.
pub(super) fn bar(what: &'static str, of: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    let style = ProgressStyle::with_template(&format!("{what:<11} {{spinner}} {{human_pos}} {of} {{msg}}"));
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn report(tally: &Tally, written: &Written, ahead: u64, elapsed: Duration) -> Result<()> {
    let mut parts = vec![
        counted(tally.documents, "document"),
        format!("{} new", written.new),
        format!("{} already there", written.already_there),
        format!("{} refused", written.refused),
    ];
    let more = [
        (tally.without_source, "without a source line"),
        (tally.without_date, "without a date"),
        (ahead, "dated ahead of the clock"),
        (tally.truncated, "cut off by their exporter"),
        (tally.duplicates, "twice in the input"),
        (tally.skipped, "files skipped"),
    ];
    parts.extend(more.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")));
    print(|out| writeln!(out, "imported  {}   ({:.1} s)", parts.join(" · "), elapsed.as_secs_f32()))
}

pub(super) fn counted(n: u64, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

async fn settle(client: &Client, args: &ImportArgs, sequence: i64) -> Result<()> {
    let started = Instant::now();
    let bar = bar("analysing", "groups");
    let mut told = Vec::new();
    let last = client
        .wait_settled(sequence, Duration::from_secs(args.wait_limit), |progress| {
            bar.set_position(progress.committed_groups);
            bar.set_message(format!("done, {} to do", progress.remaining_groups));
            for analyzer in &progress.without_provider {
                if !told.contains(analyzer) {
                    told.push(analyzer.clone());
                    say(
                        &bar,
                        &format!("waiting for {analyzer}, which nobody provides now; see `monazite plugins`"),
                    );
                }
            }
        })
        .await?;
    client.until_found().await;
    bar.finish_and_clear();
    let failed = match last.failed_groups {
        0 => String::new(),
        n => format!(" · {n} failed, see `monazite failures`"),
    };
    // Workers may still be loading, or none was asked for: then nothing was read, which must not look like success.
    let what = if client.status().await?.analyzers.is_empty() {
        "nothing to do: no analyzer has announced itself yet, see `monazite plugins`"
    } else {
        "all that follows is committed"
    };
    print(|out| writeln!(out, "settled   {what}{failed}   ({:.1} s)", started.elapsed().as_secs_f32()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_became_of_the_rest() {
        let refusal = |new, already_there, refused| {
            Written { new, already_there, refused, sequence: 0 }.refusal().unwrap_or_default()
        };
        assert_eq!(refusal(0, 0, 1), "1 refused; nothing was imported");
        assert_eq!(refusal(0, 2, 1), "1 refused; the rest was there already");
        assert_eq!(refusal(1, 2, 3), "3 refused; the rest was imported");
        assert_eq!(refusal(5, 0, 0), "");
    }

    #[test]
    fn only_what_is_more_than_a_day_ahead_is_ahead() {
        let now = Timestamp::constant(1_752_400_800, 0); // 2025-07-13T10:00:00Z
        let ahead = |start: &str| is_ahead(&Period { start: start.into(), ..Period::default() }, now);
        for early in
            ["2025-07-14T18:00:00+08:00", "2025-07-14", "1999-01-01", "", "soon", "2025-07-14T10:00:00Z"]
        {
            assert!(!ahead(early), "{early}");
        }
        for late in ["2025-07-14T10:00:01Z", "2025-07-15", "2052-07-13T09:00:00+08:00"] {
            assert!(ahead(late), "{late}");
        }
        let place = Place { file: "feed.txt".into(), line: Some(7), byte: None };
        let period = Period { start: "2052-07-13".into(), ..Period::default() };
        assert!(
            warning(&place, &period)
                .starts_with("warning: feed.txt:7: it is dated 2052-07-13, more than a day")
        );
    }

    #[test]
    fn a_table_or_an_empty_file_of_a_folder_says_what_to_do() {
        let skip = |file: &str, reason| {
            let skip = Skip { place: Place { file: file.into(), ..Place::default() }, reason };
            format!("{skip}{}", instead(&skip))
        };
        let table = skip("in/prices.csv", SkipReason::UnknownKind("csv".into()));
        assert!(
            table.starts_with("in/prices.csv: files of the kind .csv are not read, unless named itself"),
            "{table}"
        );
        assert!(!skip("in/photo.jpg", SkipReason::UnknownKind("jpg".into())).contains("named itself"));
        assert!(skip("in/note.txt", SkipReason::Empty).contains("empty, so that there is nothing to import"));
    }
}
