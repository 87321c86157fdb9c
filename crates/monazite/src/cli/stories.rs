//! `monazite stories` and `monazite story`.

use clap::Args;

use super::ListArgs;

/// `monazite stories`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  monazite stories\n  monazite stories --limit 0 --output csv > stories.csv"
)]
pub(crate) struct StoriesArgs {
    /// At most this many, latest first; 0 for all
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// `monazite story`.
#[derive(Args, Debug)]
#[command(after_help = "\
A story is all documents that tell one event. Tellings that no named source and no detail of their own separates are one
voice. A difference says \"changed\" only where one telling names the other as its source. * marks what fewer tellings say.

Examples:
  monazite story 7f3c                     the story of this document, or with this id
  monazite story 7f3c --output json       with every quote and every reason")]
pub(crate) struct StoryArgs {
    /// The story, or any of its documents: its name, or the beginning of its id
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}
