//! Arguments of `monazite explain`.

use clap::{Args, ValueEnum};

/// `monazite explain`.
#[derive(Args, Debug)]
#[command(after_help = "\
Shows who derived a record, from which group, at which sequence and with which version and config; what it cites, with exact
spans and quotes; and the same of each record on which it rests, down to the documents. Offsets are bytes of UTF-8.

Examples:
  monazite explain findings/7f3c9a20
  monazite explain claims/1b2c --output json")]
pub(crate) struct ExplainArgs {
    /// Any record: its name, or the beginning of its id
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// How to print
    #[arg(long, value_enum, default_value_t = ExplainOutput::Text, value_name = "FORMAT")]
    pub(crate) output: ExplainOutput,
}

/// Formats of a derivation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainOutput {
    /// Fitted to the terminal
    Text,
    /// One JSON object, with every record on which it rests
    Json,
}
