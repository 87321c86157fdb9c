//! Arguments of `monazite findings`.

use clap::Args;

use super::{AsOfArgs, ListArgs};

/// `monazite findings`.
#[derive(Args, Debug)]
#[command(after_help = "\
A finding is a verdict about what documents state: two sources contradict each other, a calculation does not add up, and
quietly also what agrees and what holds. Each cites the passages that it rests on. docs/audit.md describes the checks
of one document, docs/findings.md those between documents and against loaded tables.

Examples:
  monazite findings                              the most severe first
  monazite findings --kind contradiction,fails
  monazite findings --reason period-shifted,scale --story 7f3c
  monazite findings --kind fails --check unit-price
  monazite findings --document 7f3c --output jsonl
  monazite findings --as-of 2025-07-13")]
pub(crate) struct FindingsArgs {
    /// Only of these kinds: agreement, rounding, contradiction, outturn, revision, not-comparable, holds, fails
    #[arg(long, value_delimiter = ',', value_name = "KINDS")]
    pub(crate) kind: Vec<String>,
    /// Only contradictions for these reasons: value, digits-transposed, scale, unit-or-basis, period-shifted,
    /// comparison-base, good-confused, direction, actor-or-trade-direction
    #[arg(long, value_delimiter = ',', value_name = "REASONS")]
    pub(crate) reason: Vec<String>,
    /// Only of these checks: change-base, range-base, parts-total, ratio, share, unit-price, future-period, calendar,
    /// self-explanation, chronology, age; against loaded tables: series-level, series-change, series-sum
    #[arg(long, value_delimiter = ',', value_name = "CHECKS")]
    pub(crate) check: Vec<String>,
    /// Only at least as severe, 0 to 100
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100), hide_default_value = true)]
    pub(crate) severity: u32,
    /// Only about documents of this story (the beginning of its id, or of that of any of its documents)
    #[arg(long, value_name = "ID", conflicts_with = "document")]
    pub(crate) story: Option<String>,
    /// Only about this document (its name, or the beginning of its id)
    #[arg(long, value_name = "ID")]
    pub(crate) document: Option<String>,
    /// Only about this measure, or a kind of it: its words in either language, such as price or 净利润, or its id
    #[arg(long, value_name = "MEASURE")]
    pub(crate) measure: Option<String>,
    /// Those too that a verdict mutes, and checks that hold by their wording alone
    #[arg(long)]
    pub(crate) all: bool,
    /// Only those that a verdict mutes
    #[arg(long, conflicts_with = "all")]
    pub(crate) muted: bool,
    /// At most this many; 0 for all
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) at: AsOfArgs,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}
