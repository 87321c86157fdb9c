//! `cargo xtask bench`: speed, size and memory as ratios measured in one run against named peers.

#![expect(clippy::print_stdout, reason = "a command that talks to its user")]

mod cases;
mod corpus;
mod fresh;
mod inputs;
mod machine;
mod peers;
mod process;
mod report;
mod rounds;
mod texts;
mod wire;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Parser;

use crate::cases::Context;
use crate::machine::Machine;
use crate::report::Row;
use crate::texts::Texts;

/// Measures speed, size and memory as ratios against named peers.
#[derive(Parser)]
#[command(name = "cargo xtask bench")]
struct Cli {
    /// Cases to run: import, get, feed, pipeline, boundary, recovery, read, search, findings. Default: all.
    cases: Vec<String>,
    /// Fewer rounds and documents: tells that everything runs, not how fast.
    #[arg(long)]
    quick: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Put the table into docs/performance.md; parts whose cases were not run stay as they are.
    #[arg(long, conflicts_with = "quick")]
    write_docs: bool,
    /// Documents of the case `pipeline`.
    #[arg(long, value_name = "N")]
    corpus: Option<u64>,
    /// Documents of the case `search`.
    #[arg(long, value_name = "N")]
    searched: Option<usize>,
    /// Minutes after which the case `findings` imports no more; it measures among what is stored then.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    minutes: Option<u64>,
    /// The binary, with its plugins beside it.
    #[arg(long, env = "MONAZITE_BINARY", value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Python interpreter with the recognizers that `read` is measured against; without it only ours is measured.
    /// One is made with `python3 -m venv DIR && DIR/bin/pip install recognizers-text-suite 'emoji<2' quantulum3 jionlp`,
    /// and is then DIR/bin/python.
    #[arg(long, env = "MONAZITE_PEERS_PYTHON", value_name = "FILE")]
    peers_python: Option<PathBuf>,
    /// Folder for stores, on the disk to be measured; default: where temporary files go.
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// Serve the raw peer with the messages of a file; started by the bench itself.
    #[arg(long, value_name = "FILE", hide = true)]
    serve_raw: Option<PathBuf>,
    /// Serve a log that keeps nothing; started by the bench itself.
    #[arg(long, value_name = "FILE", hide = true)]
    serve_nowhere: Option<PathBuf>,
}

/// Every case by its name.
const CASES: &[(&str, Case)] = &[
    ("import", cases::import::run),
    ("get", cases::wire::get),
    ("feed", cases::wire::changes),
    ("pipeline", cases::pipeline::run),
    ("boundary", cases::plugins::boundary),
    ("recovery", cases::plugins::recovery),
    ("read", cases::read::run),
    ("search", cases::search::run),
    ("findings", cases::findings::run),
];

type Case = fn(&Context) -> Result<Vec<Row>>;

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
    if let Some(file) = &cli.serve_raw {
        return wire::serve_raw(file);
    }
    if cli.serve_nowhere.is_some() {
        return cases::import::serve_nowhere();
    }
    if let Some(unknown) = cli.cases.iter().find(|name| CASES.iter().all(|(case, _)| case != name)) {
        let names: Vec<&str> = CASES.iter().map(|(name, _)| *name).collect();
        bail!("there is no case `{unknown}`; there are {}", names.join(", "));
    }
    let scratch = match &cli.scratch {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    }
    .context("failed to make a folder for stores")?;
    let context = Context {
        binary: cli.binary.context("name the binary with --binary, or run `cargo xtask bench`")?,
        scratch: scratch.path().to_owned(),
        rounds: if cli.quick { 1 } else { 5 },
        documents: if cli.quick { 1_000 } else { 10_000 },
        corpus: cli.corpus.unwrap_or(if cli.quick { 1_000 } else { 100_000 }),
        read_bytes: if cli.quick { 128 << 10 } else { 4 << 20 },
        calls: if cli.quick { 50 } else { 2_000 },
        peer_seconds: if cli.quick { 0.2 } else { 2.0 },
        peers_python: cli.peers_python,
        searched: cli.searched.unwrap_or(if cli.quick { 2_000 } else { 200_000 }),
        minutes: cli.minutes.map(|minutes| std::time::Duration::from_secs(60 * minutes)),
        texts: Texts::new(),
    };
    let machine = Machine::read();
    let settings = [
        ("rounds", context.rounds.to_string()),
        ("documents", context.documents.to_string()),
        ("corpus", context.corpus.to_string()),
        ("text bytes", texts::TEXT_BYTES.to_string()),
        ("bytes read a round", context.read_bytes.to_string()),
        ("seconds a peer reads a round", context.peer_seconds.to_string()),
        ("documents searched", context.searched.to_string()),
        ("profile", "demo (optimized, no debug information)".to_owned()),
        ("wire", "loopback TCP with TCP_NODELAY".to_owned()),
    ];
    if !cli.json {
        println!("{machine}");
        println!("{}", settings.each_ref().map(|(name, value)| format!("{name} {value}")).join(" · "));
    }
    let mut rows = Vec::new();
    for (name, run) in CASES {
        if cli.cases.is_empty() || cli.cases.iter().any(|case| case == name) {
            eprintln!("measuring {name} ...");
            rows.extend(run(&context).with_context(|| format!("case {name} failed"))?);
        }
    }
    if cli.json {
        println!("{:#}", report::json(&machine, &settings, &rows));
    } else {
        println!("{}", report::table(&rows));
    }
    if cli.write_docs {
        let root = here();
        let root = root.ancestors().nth(2).context("bench lies two folders below the workspace")?;
        report::write_docs(&root.join("docs/performance.md"), &machine, &settings, &rows)?;
    }
    Ok(())
}

/// The folder of this crate as cargo says it now: checkouts that share a target folder share this program too.
fn here() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}
