//! The stories set: documents that tell one event, labelled as `eval/stories/guideline.md` says.
//!
//! What may be told of its two parts differs: of the test part only [`Score`] leaves [`hidden`].

mod found;
mod load;
mod score;
mod show;

use std::path::Path;

use anyhow::{Context as _, Result};

pub(crate) use score::Score;
pub(crate) use show::{docs, print};

/// The scores of both parts.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Stories {
    /// The development part, with its errors.
    pub(crate) development: Score,
    /// What is wrong in the development part, each a line.
    pub(crate) errors: Vec<String>,
    /// The test part; nothing else of it is ever told.
    pub(crate) test: Score,
    /// The stories of the corpus feed, if it is there.
    pub(crate) feed: Option<Vec<InFeed>>,
}

/// A story of the feed.
#[derive(Debug, serde::Serialize)]
pub(crate) struct InFeed {
    /// The numbers of its documents in the feed.
    pub(crate) entries: Vec<String>,
    /// In what they differ.
    pub(crate) differences: Vec<&'static str>,
}

/// Scores both parts of the set in `folder`, and looks for stories in `feed`.
///
/// # Errors
/// If a file cannot be read or an analyzer fails; of the test part only that it is so.
pub(crate) fn stories(folder: &Path, feed: Option<&Path>) -> Result<Stories> {
    let (development, errors) = part(&folder.join("development"))?;
    let test = hidden(&folder.join("test"))?;
    let feed = feed.map(in_feed).transpose()?;
    Ok(Stories { development, errors, test, feed })
}

fn in_feed(feed: &Path) -> Result<Vec<InFeed>> {
    let story = |found: found::Found| {
        let number = |document: &str| document.rsplit('/').next().unwrap_or(document).to_owned();
        let mut entries: Vec<String> =
            found.story.tellings.iter().map(|telling| number(&telling.document)).collect();
        entries.sort_by_key(|entry| entry.parse::<u32>().unwrap_or(u32::MAX));
        let differences = found.story.differences.iter().map(|difference| score::word(difference.kind()));
        InFeed { entries, differences: differences.collect() }
    };
    Ok(found::in_feed(feed)?.into_iter().map(story).collect())
}

fn part(folder: &Path) -> Result<(Score, Vec<String>)> {
    let set = load::load(folder)?;
    let found = found::found(&set.documents)?;
    Ok(score::score(&set, &found))
}

/// The totals of the test part.
fn hidden(folder: &Path) -> Result<Score> {
    part(folder)
        .map(|(score, _)| score)
        .map_err(|_| anyhow::anyhow!("the test part cannot be scored; why is not shown"))
        .with_context(|| format!("failed to score {}", folder.display()))
}
