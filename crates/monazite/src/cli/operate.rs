//! What operators' commands understand.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ListArgs;

/// `monazite plugins`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  monazite plugins
  monazite plugins pin reading 0.1.0        use this version from now on; what it derives replaces what is there
  monazite plugins unpin reading
  monazite plugins disable digest")]
pub(crate) struct PluginsArgs {
    #[command(subcommand)]
    pub(crate) action: Option<PluginsAction>,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// What to do with an analyzer.
#[derive(Debug, Subcommand)]
pub(crate) enum PluginsAction {
    /// Uses one version, whichever others there are
    Pin {
        /// The analyzer
        analyzer: String,
        /// Its version
        version: String,
    },
    /// Uses the highest version again
    Unpin {
        /// The analyzer
        analyzer: String,
    },
    /// Stops using an analyzer; what it derived stays
    Disable {
        /// The analyzer
        analyzer: String,
    },
    /// Uses it again
    Enable {
        /// The analyzer
        analyzer: String,
    },
}

/// `monazite failures`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  monazite failures\n  monazite failures --retry")]
pub(crate) struct FailuresArgs {
    /// Only of this analyzer
    #[arg(long)]
    pub(crate) analyzer: Option<String>,
    /// Try them again
    #[arg(long)]
    pub(crate) retry: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// `monazite retract`.
#[derive(Args, Debug)]
pub(crate) struct RetractArgs {
    /// Documents: their names, or the beginnings of their ids
    #[arg(required_unless_present = "table", value_name = "ID")]
    pub(crate) documents: Vec<String>,
    /// Take back all observations of a source, or of one edition of it
    #[arg(long, value_name = "SOURCE[@EDITION]", conflicts_with = "documents")]
    pub(crate) table: Option<String>,
    /// Return when all that rested on them is gone
    #[arg(long)]
    pub(crate) wait: bool,
}

/// `monazite backup`.
#[derive(Args, Debug)]
pub(crate) struct BackupArgs {
    /// The file; it must not exist
    pub(crate) file: PathBuf,
}

/// `monazite restore`.
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  monazite restore monday.backup --data ./fresh
  monazite up --data ./fresh

It needs no server: a fresh data folder is made and filled. With --server it goes through a server whose log is empty.")]
pub(crate) struct RestoreArgs {
    /// The file
    pub(crate) file: PathBuf,
}

/// `monazite plugin-worker`.
#[derive(Args, Debug)]
pub(crate) struct WorkerArgs {
    /// The library to load
    #[arg(long)]
    pub(crate) library: PathBuf,
    /// Where to listen
    #[arg(long)]
    pub(crate) socket: PathBuf,
    /// Folder with one `{analyzer}.json` for each analyzer that has a config
    #[arg(long)]
    pub(crate) config_dir: Option<PathBuf>,
}
