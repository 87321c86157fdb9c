//! Arguments of what has to do with tables.

use std::path::PathBuf;

use clap::Args;

use super::ListArgs;

/// How `monazite import` reads tables.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Tables")]
pub(crate) struct TableArgs {
    /// Which column means what, for CSV and XLSX files; docs/table-formats.md describes it [default: columns with the names of
    /// slots: subject, measure, value, unit, period, source ...]
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    /// A lexicon of your own, any number of times, for the names in tables
    #[arg(long, value_name = "FILE")]
    pub(crate) lexicon: Vec<PathBuf>,
    /// Show how the first rows of tables are understood, and import nothing; needs no server
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `monazite observations`.
#[derive(Args, Debug)]
#[command(after_help = "\
An observation is one value of one series at one time, from a table that was imported. `monazite retract --table` takes
back all of one edition.

Examples:
  monazite observations --measure price --subject 锑 --period 2025
  monazite observations --measure output --place China --output csv > output.csv")]
pub(crate) struct ObservationsArgs {
    /// Only of this good, company or place, or a kind of it: its words in either language, such as 锑, or its id
    #[arg(long, value_name = "NAME")]
    pub(crate) subject: Option<String>,
    /// Only of this measure, or a kind of it: its words in either language, such as price or 产量, or its id
    #[arg(long, value_name = "MEASURE")]
    pub(crate) measure: Option<String>,
    /// Only of this country or place, or a part of it
    #[arg(long, value_name = "NAME")]
    pub(crate) place: Option<String>,
    /// Only in this period: 2025, 2025-H1, 2025-Q3, 2025-07, 2025-W28, 2025-07-13, or from one to before another
    #[arg(long)]
    pub(crate) period: Option<String>,
    /// Only of sources that contain these words
    #[arg(long, value_name = "WORDS")]
    pub(crate) source: Option<String>,
    /// A lexicon of your own, any number of times, for the names that you give here
    #[arg(long, value_name = "FILE")]
    pub(crate) lexicon: Vec<PathBuf>,
    /// At most this many, latest imported first; 0 for all
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}
