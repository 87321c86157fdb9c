//! Developer commands: `cargo xtask --help`.

#![expect(clippy::print_stdout, reason = "commands that talk to their user")]

mod cargo;
mod demo;
mod dist;
mod test;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

/// Developer commands of Monazite.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes the checked-in bindings of proto/.
    Codegen {
        /// Only tell whether they are up to date.
        #[arg(long)]
        check: bool,
        /// Keep the present contract as that of the release, with which later ones must be compatible.
        #[arg(long, conflicts_with = "check")]
        release_contract: bool,
    },
    /// Checks the rules of the house: who imports whom, names, sizes, words, protobuf.
    Tidy,
    /// Formatting, tidy, codegen check, build, all tests, lints.
    Test {
        /// Passed on to `cargo test --workspace`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Builds the binary with its plugins beside it, ready to run, and prints where.
    Dist {
        /// Profile of cargo.
        #[arg(long, default_value = dist::PROFILE)]
        profile: String,
    },
    /// Shows the product: imports a feed into a fresh server, prints facts and a brief.
    Demo {
        /// The feed to import.
        #[arg(long, value_name = "FILE")]
        feed: Option<PathBuf>,
        /// Keep the data folder and say where it is.
        #[arg(long)]
        keep: bool,
    },
    /// Scores the reader on specifications and on annotated texts.
    Eval {
        /// Passed on: --specs DIR, --set DIR, --write-docs, --errors N, --json.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Measures speed, size and memory as ratios; `--help` after `--` lists the cases.
    Bench {
        /// Passed on.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
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

/// The folder of this crate as cargo says it now: checkouts that share a target folder share this program too.
fn here() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}

fn run() -> Result<()> {
    let root = here().parent().context("xtask lies in the workspace")?.to_owned();
    match Cli::parse().command {
        Command::Codegen { check, release_contract } => {
            let mut args = vec!["codegen"];
            args.extend(check.then_some("--check"));
            args.extend(release_contract.then_some("--release-contract"));
            contracts(&root, &args)
        }
        Command::Tidy => tidy::run(&root),
        Command::Test { args } => test::run_all(&root, &args),
        Command::Dist { profile } => {
            println!("{}", dist::build(&root, &profile)?.display());
            Ok(())
        }
        Command::Eval { args } => eval(&root, &args),
        Command::Bench { args } => bench(&root, &args),
        Command::Demo { feed, keep } => demo::run(&root, feed.as_deref(), keep),
    }
}

/// Calls the crate `contracts`, which is apart because it has a protobuf compiler.
fn contracts(root: &Path, args: &[&str]) -> Result<()> {
    cargo::run(cargo::cargo(root).args(["run", "--quiet", "--package", "contracts", "--"]).args(args))
}

/// Calls the crate `eval`, built for speed. Folders are named from where the caller stands, not from the workspace.
fn eval(root: &Path, args: &[String]) -> Result<()> {
    let here = std::env::current_dir().context("failed to tell the present folder")?;
    let mut command = cargo::cargo(root);
    command.args(["run", "--quiet", "--release", "--package", "eval", "--manifest-path"]);
    command.arg(root.join("Cargo.toml")).arg("--").args(args).current_dir(here);
    cargo::run(&mut command)
}

/// Builds binary, plugins and the bench alike, and runs the bench.
fn bench(root: &Path, args: &[String]) -> Result<()> {
    let binary = dist::build(root, dist::PROFILE)?;
    let profile = ["--profile", dist::PROFILE];
    cargo::run(
        cargo::cargo(root)
            .arg("build")
            .args(profile)
            .args(["--package", "bench", "--package", "bench-plugin"]),
    )?;
    let mut command = cargo::cargo(root);
    command.args(["run", "--quiet"]).args(profile).args(["--package", "bench", "--"]).args(args);
    cargo::run(command.env("MONAZITE_BINARY", binary))
}
