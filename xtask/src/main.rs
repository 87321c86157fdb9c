//! Developer commands: `cargo xtask --help`.

mod codegen;

use std::path::PathBuf;

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
    },
}

fn main() -> Result<()> {
    let root =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?.to_owned();
    match Cli::parse().command {
        Command::Codegen { check } => codegen::run(&root, check),
    }
}
