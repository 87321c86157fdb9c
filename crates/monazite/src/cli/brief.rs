//! Arguments of `monazite brief` and `monazite digest`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{AsOfArgs, BriefFormat};

/// `monazite brief`.
#[derive(Args, Debug)]
#[command(after_help = "\
TOPIC is the name of a saved topic, else a topic under which documents came in, else a query. Every entry is a sentence of a
source, or a template filled from claims and findings, and cites what it rests on. docs/brief.md says how it chooses, and describes
the JSON. What one document says on its own is shown by `monazite digest`.

Examples:
  monazite brief 稀土
  monazite brief 稀土 --since last --lang zh             what is new since the brief before
  monazite brief --query '锑 OR antimony' --from 2025-07-01 --output html --save antimony.html
  monazite brief --all --output json | jq '.sections[].entries[].records'")]
pub(crate) struct BriefArgs {
    /// What it is about
    #[arg(required_unless_present_any = ["all", "query"], value_name = "TOPIC")]
    pub(crate) topic: Option<String>,
    /// About what answers this query, in the language of `monazite search`
    #[arg(long, value_name = "QUERY", conflicts_with = "topic")]
    pub(crate) query: Option<String>,
    /// About everything
    #[arg(long, conflicts_with_all = ["topic", "query"])]
    pub(crate) all: bool,
    /// Only what is new: since the last brief on this topic (`last`), or published on this day (2025-07-13) or later
    #[arg(long, value_name = "last|DATE", value_parser = parse_since)]
    pub(crate) since: Option<SinceArg>,
    /// Only of documents published on this day (2025-07-01) or later
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub(crate) from: Option<String>,
    /// Only of documents published on this day or before
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub(crate) to: Option<String>,
    #[command(flatten)]
    pub(crate) at: AsOfArgs,
    /// Read every document that answers, however many they are; without it the latest, until 20,000 claims and other records
    /// are read
    #[arg(long)]
    pub(crate) whole: bool,
    /// Language of headings and labels; quotes stay as they are [default: that of TOPIC]
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(crate) lang: Option<Lang>,
    /// At most this many entries in a section; 0 for all
    #[arg(long, default_value_t = 6, value_name = "N")]
    pub(crate) limit: usize,
    /// How to print
    #[arg(long, value_enum, default_value_t = BriefOutput::Text, value_name = "FORMAT")]
    pub(crate) output: BriefOutput,
    /// Write it to this file, replacing what is there, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    /// Do not wait for the analysis of what came in, nor for the index; what is not analyzed yet is missing then
    #[arg(long)]
    pub(crate) now: bool,
    /// Longest time to wait for it, and for the index, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, conflicts_with = "now")]
    pub(crate) wait_limit: u64,
}

impl BriefArgs {
    /// How long to wait for the analysis and the index.
    pub(crate) fn wait(&self) -> Duration {
        if self.now { Duration::ZERO } else { Duration::from_secs(self.wait_limit) }
    }
}

/// From when on something is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SinceArg {
    /// The last brief on the same topic.
    Last,
    /// A day of publication.
    Day(String),
}

/// Languages of headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// Chinese
    Zh,
    /// English
    En,
}

/// Formats of a brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BriefOutput {
    /// Fitted to the terminal
    Text,
    /// For a page or a mail that knows Markdown
    Markdown,
    /// One file for a browser or a printer, with every quote in its context
    Html,
    /// One JSON object, with every citation
    Json,
}

/// `monazite digest`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  monazite digest 7f3c\n  monazite digest --all --output json")]
pub(crate) struct DigestArgs {
    /// Documents: their names, or the beginnings of their ids
    #[arg(required_unless_present = "all", value_name = "ID")]
    pub(crate) documents: Vec<String>,
    /// Of every document, latest first
    #[arg(long, conflicts_with = "documents")]
    pub(crate) all: bool,
    /// With --all, at most this many; 0 for all
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) limit: usize,
    /// How to print
    #[arg(long, value_enum, default_value_t = BriefFormat::Text, value_name = "FORMAT")]
    pub(crate) output: BriefFormat,
}

fn parse_since(text: &str) -> Result<SinceArg, String> {
    if text == "last" {
        return Ok(SinceArg::Last);
    }
    parse_day(text).map(SinceArg::Day).map_err(|error| format!("{error}; or write `last`"))
}

fn parse_day(text: &str) -> Result<String, String> {
    let day: jiff::civil::Date =
        text.parse().map_err(|_| format!("`{text}` is no day of the calendar; write it as 2025-07-13"))?;
    Ok(day.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_day_of_the_calendar() {
        assert_eq!(parse_day("2025-07-13"), Ok("2025-07-13".to_owned()));
        assert!(parse_day("2025-02-30").is_err() && parse_day("yesterday").is_err());
        assert_eq!(parse_since("last"), Ok(SinceArg::Last));
        assert!(parse_since("lately").is_err_and(|error| error.ends_with("; or write `last`")));
    }
}
