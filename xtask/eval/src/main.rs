//! `cargo xtask eval`: scores the reader on specifications and on annotated texts.
//!
//! It ends with 0 if everything could be scored, whatever the scores, and with 1 if something could not: a folder that was
//! named and is not there, a line that is no case, a label that `eval/guideline.md` does not allow, an exception too many.

#![expect(clippy::print_stdout, reason = "a command that talks to its user")]

mod decimal;
mod docs;
mod report;
mod set;
mod specs;
mod stats;
mod stories;
mod verdicts;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Parser;
use text::{Lexicon, Reader};

use crate::report::Results;
use crate::set::{ClaimReader, Development, Hidden, LoadError, Names, Reading};
use crate::specs::{Exceptions, Units};

/// The feed that `eval/feed` labels, in the shared folder.
const FEED: &str = "corpus/rare-earth-feed-2025-07-13.txt";

/// Reads claims.
const CLAIMS: Option<ClaimReader> = Some(Reader::claims);

/// Scores the reader on specifications and on annotated texts.
#[derive(Parser)]
#[command(name = "cargo xtask eval")]
struct Cli {
    /// Folder of specifications, files named kind.language.jsonl. Default: `specs` in the shared folder, if it is there.
    #[arg(long, value_name = "DIR")]
    specs: Option<PathBuf>,
    /// Folder of annotated texts, with the folders `development` and `test`.
    #[arg(long, value_name = "DIR")]
    set: Option<PathBuf>,
    /// Score the stories set alone.
    #[arg(long, conflicts_with_all = ["specs", "set", "write_docs"])]
    stories: bool,
    /// Score the annotated texts alone.
    #[arg(long, conflicts_with_all = ["specs", "stories", "verdicts", "write_docs"])]
    texts: bool,
    /// Score the verdicts set alone.
    #[arg(long, conflicts_with_all = ["specs", "set", "write_docs"])]
    verdicts: bool,
    /// Score this folder of the form of the verdicts set alone, telling its errors: groups.jsonl, audit.jsonl or both.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["specs", "set", "write_docs", "verdicts", "stories"])]
    cases: Option<PathBuf>,
    /// Print what is found between the documents of a feed, taken as one story, and score nothing.
    #[arg(long, value_name = "FEED", conflicts_with_all = ["write_docs", "verdicts", "json"])]
    findings: Option<PathBuf>,
    /// Write docs/accuracy.md.
    #[arg(long)]
    write_docs: bool,
    /// List up to N wrong cases of each file of specifications, and N errors of each cause of the development part.
    #[arg(long, value_name = "N", default_value_t = 0)]
    errors: usize,
    /// Tell of each rule and slot how often it filled the slot in the development part, and how often rightly.
    #[arg(long, requires = "texts")]
    rules: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let cli = Cli::parse();
    let here = here();
    let root = here.ancestors().nth(2).context("eval lies two folders below the workspace")?;
    let reader = Reader::standard();
    if let Some(feed) = &cli.findings {
        print!("{}", verdicts::findings(&reader, feed)?);
        return Ok(());
    }
    let mut results = Results::default();
    if let Some(folder) = &cli.cases {
        score_cases(&reader, folder, &mut results)?;
        return show(&results, cli.json, cli.errors);
    }
    if cli.stories {
        results.stories =
            Some(stories::stories(&root.join("eval/stories"), shared(None, root, FEED)?.as_deref())?);
        return show(&results, cli.json, cli.errors);
    }
    if cli.texts {
        score_set(&reader, &Names::new(Lexicon::standard()), cli.set, root, &mut results)?;
        if let Some(report) = results.development.as_ref().filter(|_| cli.rules) {
            print!("{}", report::rules(&report.rules));
            return Ok(());
        }
        return show(&results, cli.json, cli.errors);
    }
    score_groups(&reader, root, &mut results)?;
    score_audit(&reader, root, &mut results)?;
    if cli.verdicts {
        return show(&results, cli.json, cli.errors);
    }
    match shared(cli.specs, root, "specs")? {
        Some(folder) => results.specs = Some(score_specs(&reader, &folder, &here)?),
        None => eprintln!("skipped: no specifications at ../shared/specs; name their folder with --specs"),
    }
    let names = Names::new(Lexicon::standard());
    score_set(&reader, &names, cli.set, root, &mut results)?;
    score_feed(&reader, &names, root, &mut results)?;
    results.stories =
        Some(stories::stories(&root.join("eval/stories"), shared(None, root, FEED)?.as_deref())?);
    ensure!(
        results.specs.is_some() || results.development.is_some() || results.test.is_some(),
        "there is nothing to score; name folders with --specs and --set"
    );
    show(&results, cli.json, cli.errors)?;
    if cli.write_docs {
        let worst = here.join("worst.md");
        let worst =
            std::fs::read_to_string(&worst).with_context(|| format!("failed to read {}", worst.display()))?;
        let path = root.join("docs/accuracy.md");
        std::fs::write(&path, docs::page(&results, &worst))
            .with_context(|| format!("failed to write {}", path.display()))?;
        eprintln!("wrote docs/accuracy.md");
    }
    Ok(())
}

fn show(results: &Results, as_json: bool, errors: usize) -> Result<()> {
    if as_json {
        println!("{:#}", report::json(results)?);
    } else {
        print!("{}", report::print(results, errors));
    }
    Ok(())
}

/// Scores the groups of the verdicts set, if it is there.
fn score_groups(reader: &Reader, root: &Path, results: &mut Results) -> Result<()> {
    let folder = root.join("eval/verdicts");
    let (development, test) = (folder.join("development"), folder.join("test"));
    if development.is_dir() {
        results.verdicts = Some(verdicts::Development::load(&development)?.report(reader));
    }
    if test.is_dir() {
        results.hidden_verdicts = Some(verdicts::Hidden::load(&test)?.totals(reader));
    }
    Ok(())
}

/// Scores the groups and audit cases of one folder.
fn score_cases(reader: &Reader, folder: &Path, results: &mut Results) -> Result<()> {
    let has = |name: &str| folder.join(name).is_file();
    ensure!(
        has("groups.jsonl") || has("audit.jsonl"),
        "{} has neither groups.jsonl nor audit.jsonl",
        folder.display()
    );
    if has("groups.jsonl") {
        results.verdicts = Some(verdicts::Development::load(folder)?.report(reader));
    }
    if has("audit.jsonl") {
        results.audit.push(("cases", verdicts::audit::score(reader, folder, true)?));
    }
    Ok(())
}

/// What is named, or the usual one if it is there. Where everything must be there, a missing one is an error.
fn shared(named: Option<PathBuf>, root: &Path, usual: &str) -> Result<Option<PathBuf>> {
    if named.is_some() {
        return Ok(named);
    }
    let shared = std::env::var_os("MONAZITE_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let path = shared.join(usual);
    if path.exists() {
        return Ok(Some(path));
    }
    ensure!(std::env::var_os("CI").is_none(), "there is nothing at {}", path.display());
    Ok(None)
}

/// Scores the feed of our corpus, if it and its labels are there.
fn score_feed(reader: &Reader, names: &Names, root: &Path, results: &mut Results) -> Result<()> {
    let labels = root.join("eval/feed/labels.jsonl");
    let feed = shared(None, root, FEED)?;
    let (true, Some(feed)) = (labels.is_file(), feed) else {
        eprintln!("skipped: no feed at ../shared/{FEED}");
        return Ok(());
    };
    let part = Development::feed(&labels, &feed, names).or_else(refuse)?;
    results.feed = Some(part.report(&Reading { reader, claims: CLAIMS }));
    Ok(())
}

fn score_specs(reader: &Reader, folder: &Path, here: &Path) -> Result<report::Specs> {
    let path = here.join("exceptions.tsv");
    let list =
        std::fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let exceptions = Exceptions::parse(&list)?;
    let units = Units::standard()?;
    let mut scores = Vec::new();
    for file in specs::load(folder)? {
        scores.push(specs::score(reader, &file, &units, &exceptions)?);
    }
    Ok(report::Specs { scores, exceptions })
}

fn score_set(
    reader: &Reader,
    names: &Names,
    named: Option<PathBuf>,
    root: &Path,
    results: &mut Results,
) -> Result<()> {
    let asked = named.is_some();
    let folder = named.unwrap_or_else(|| root.join("eval"));
    let (development, test) = (folder.join("development"), folder.join("test"));
    if !development.is_dir() && !test.is_dir() {
        ensure!(!asked, "{} has neither a folder development nor a folder test", folder.display());
        eprintln!("skipped: no annotated texts at eval/development and eval/test");
        return Ok(());
    }
    let reading = Reading { reader, claims: CLAIMS };
    if development.is_dir() {
        let part = Development::load(&development, names).or_else(refuse)?;
        results.development = Some(part.report(&reading));
    }
    if test.is_dir() {
        let part = Hidden::load(&test, names).or_else(refuse)?;
        results.test = Some(part.totals(&reading));
    }
    Ok(())
}

/// Scores the audit cases of the verdicts set, if it is there.
fn score_audit(reader: &Reader, root: &Path, results: &mut Results) -> Result<()> {
    let folder = root.join("eval/verdicts");
    for (part, told) in [("development", true), ("test", false)] {
        let folder = folder.join(part);
        if folder.is_dir() {
            results.audit.push((part, verdicts::audit::score(reader, &folder, told)?));
        } else {
            eprintln!("skipped: no verdicts at eval/verdicts/{part}");
        }
    }
    Ok(())
}

fn refuse<T>(errors: Vec<LoadError>) -> Result<T> {
    for error in &errors {
        eprintln!("{error}");
    }
    bail!("{} labels cannot be taken; they are listed above", errors.len())
}

/// The folder of this crate as cargo says it now: checkouts that share a target folder share this program too.
fn here() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}
