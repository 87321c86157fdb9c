//! Arguments of `monazite series` and `monazite history`.

use std::path::PathBuf;

use clap::Args;

use super::{AsOfArgs, ListArgs};

/// Which series are meant.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct NarrowArgs {
    /// Only of this good or company, or a kind of it: its words in either language, such as 锑, or its id
    #[arg(long, value_name = "NAME")]
    pub(crate) subject: Option<String>,
    /// Only in or with this country or place
    #[arg(long, value_name = "NAME")]
    pub(crate) place: Option<String>,
    /// Only on this exchange or of this setter of prices, such as LME
    #[arg(long, value_name = "NAME")]
    pub(crate) venue: Option<String>,
    /// Only on this basis, such as reo or vat-excluded
    #[arg(long, value_name = "NAME")]
    pub(crate) basis: Option<String>,
    /// Only periods that end in this one or later: 2025, 2025-H1, 2025-Q3, 2025-07, 2025-W28, 2025-07-13
    #[arg(long, value_name = "PERIOD")]
    pub(crate) from: Option<String>,
    /// Only periods that begin in this one or before
    #[arg(long, value_name = "PERIOD")]
    pub(crate) to: Option<String>,
    /// Only of sources that contain these words
    #[arg(long, value_name = "WORDS")]
    pub(crate) source: Option<String>,
    /// A lexicon of your own, any number of times, for the names that you give here
    #[arg(long, value_name = "FILE")]
    pub(crate) lexicon: Vec<PathBuf>,
}

/// `monazite series`.
#[derive(Args, Debug)]
#[command(after_help = "\
Claims of documents and rows of tables that measure one and the same thing form a series. Where several series fit, they are
listed with what each holds; narrow them with the options, or give a whole key of that list instead of the measure.
docs/series.md describes what is shown.

Examples:
  monazite series price
  monazite series price --subject copper --venue LME --plot
  monazite series 'price|USD/mass|commodity/copper|venue=exchange/LME' --svg copper.svg
  monazite series output --subject 锑 --from 2024 --output csv > output.csv")]
pub(crate) struct SeriesArgs {
    /// The measure, in either language or by its id, or a whole key
    #[arg(value_name = "MEASURE")]
    pub(crate) measure: String,
    #[command(flatten)]
    pub(crate) narrow: NarrowArgs,
    /// Draw it on the terminal, above the table
    #[arg(long)]
    pub(crate) plot: bool,
    /// Draw it into this file, replacing what is there; each point tells its quote and source
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// At most this many rows, latest periods first left; 0 for all
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) at: AsOfArgs,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// `monazite history`.
#[derive(Args, Debug)]
#[command(after_help = "\
Which document said what, in the order of publication, and what was revised or withdrawn since. With --by-commit it tells what
the log took in, in its own order, as far back as the log was not compacted.

Examples:
  monazite history price --subject copper
  monazite history price --subject copper --from 2025-W28 --to 2025-W28
  monazite history price --subject copper --by-commit")]
pub(crate) struct HistoryArgs {
    /// The measure, in either language or by its id; a whole key of `monazite series`; or the name of a claim or row,
    /// or the beginning of its id
    #[arg(value_name = "MEASURE|CLAIM")]
    pub(crate) measure: String,
    #[command(flatten)]
    pub(crate) narrow: NarrowArgs,
    /// In the order of the log, each commit by itself
    #[arg(long)]
    pub(crate) by_commit: bool,
    /// At most this many rows, the latest; 0 for all
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) at: AsOfArgs,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}
