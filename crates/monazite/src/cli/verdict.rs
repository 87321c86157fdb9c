//! Arguments of `monazite verdict` and `monazite verdicts`.

use clap::{Args, ValueEnum};

use super::ListArgs;

/// `monazite verdict`.
#[derive(Args, Debug)]
#[command(after_help = "\
A finding that is rejected is muted: `monazite findings` and `monazite brief` leave it out, until it or what it cites changes, or
somebody else accepts it. A second verdict of one person on one finding replaces the first. docs/findings.md says more.

Examples:
  monazite verdict 7f3c9a20 reject --note 'two editions of one table'
  monazite verdict 7f3c9a20 accept --by ana
  monazite verdict 7f3c9a20 note --note 'asked the publisher'")]
pub(crate) struct VerdictArgs {
    /// The finding: its name, or the beginning of its id
    #[arg(value_name = "FINDING")]
    pub(crate) finding: String,
    /// What you think of it
    #[arg(value_enum, value_name = "VERDICT")]
    pub(crate) judgement: Judged,
    /// Why, in words; at most 4,096 bytes
    #[arg(long, value_name = "TEXT", required_if_eq("judgement", "note"))]
    pub(crate) note: Option<String>,
    /// Who says so [default: you]
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

/// What somebody thinks of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Judged {
    /// It is right
    Accept,
    /// It is wrong, or of no interest: it is muted
    Reject,
    /// Only words about it
    Note,
}

/// `monazite verdicts`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  monazite verdicts                    the latest first, with whether they still hold
  monazite verdicts --by ana --output json")]
pub(crate) struct VerdictsArgs {
    /// Only of this person
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// At most this many; 0 for all
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}
