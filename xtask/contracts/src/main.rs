//! Compiles `proto/` without protoc. `cargo xtask codegen` and `cargo xtask tidy` call it.

#![expect(clippy::print_stdout, reason = "a command that talks to its user")]

mod codegen;
mod comments;
mod released;
mod style;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

/// Compiles proto/.
#[derive(Parser)]
#[command(name = "contracts")]
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
    /// Checks the rules for protobuf, and compatibility with the last release.
    Tidy,
}

/// A rule that is broken, and how to mend it.
#[derive(Debug, PartialEq, Eq)]
struct Violation {
    /// File, relative to the workspace.
    file: String,
    /// Line, from 1; zero if it concerns the file as a whole.
    line: usize,
    /// What is wrong and how to mend it.
    message: String,
}

/// The folder of this crate as cargo says it now: checkouts that share a target folder share this program too.
fn here() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}

fn main() -> Result<ExitCode> {
    let root = here();
    let root = root.ancestors().nth(2).context("contracts lies two folders below the workspace")?;
    match Cli::parse().command {
        Command::Codegen { check, release_contract } => {
            codegen::run(root, check)?;
            if release_contract {
                released::write(root)?;
                println!("{} holds the contract of this release", released::FILE);
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Tidy => tidy(root),
    }
}

fn tidy(root: &Path) -> Result<ExitCode> {
    let set = codegen::descriptors(root)?;
    let mut violations = style::check(&set);
    let compatibility = match released::read(root)? {
        Some(old) => {
            violations.extend(released::check(&old, &set));
            format!("compared with {}", released::FILE)
        }
        None => format!("no {} yet, so no release to be compatible with", released::FILE),
    };
    for v in &violations {
        println!("{}:{}: {}", v.file, v.line, v.message);
    }
    if violations.is_empty() {
        let ours = set.file.iter().filter(|f| style::is_ours(f)).count();
        println!("contracts: {ours} files follow the rules; {compatibility}");
        return Ok(ExitCode::SUCCESS);
    }
    println!("contracts: {} violations", violations.len());
    Ok(ExitCode::FAILURE)
}
