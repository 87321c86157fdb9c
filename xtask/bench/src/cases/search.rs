//! Search: indexing through the log, questions over gRPC, what is said of a new document and when, saved queries, near
//! copies. The peers are tantivy in this process with the same analyzers, and SQLite's FTS5 with trigrams.

mod asking;
mod filling;
mod live;
mod matching;

use std::path::Path;

use anyhow::{Result, bail};
use api::search::{GetStatusRequest, GetStatusResponse};
use search::{Entry, Index};

use super::Context;
use crate::corpus::Corpus;
use crate::peers::fts5::Fts5;
use crate::peers::index::Raw;
use crate::process::{self, Up};
use crate::report::Row;
use crate::wire;

pub(crate) const CASE: &str = "search";

/// A server that takes less processor time than this in a second is idle, and for so many seconds when it is at rest; it
/// begins to merge two seconds after the last commit or merge.
const IDLE: f64 = 0.05;
const STILL: usize = 4;

/// Records in one commit of the peers.
const BATCH: usize = 1_000;

/// What is searched.
struct Shelf {
    corpus: Corpus,
    entries: Vec<Entry>,
    /// Bytes of all titles and texts.
    bytes: f64,
}

/// What was filled with it.
struct Filled {
    up: Up,
    raw: Raw,
    /// Our index in this process.
    library: Index,
    /// SQLite, or why it is not measured.
    sqlite: Result<Fts5>,
}

/// Everything that is said of search in docs/performance.md.
///
/// # Errors
/// If the server or tantivy fails.
pub(crate) fn run(context: &Context) -> Result<Vec<Row>> {
    let corpus = Corpus::new();
    let entries: Vec<Entry> = (0..context.searched).map(|number| corpus.entry(number)).collect();
    let bytes = entries.iter().map(|entry| inexact(entry.title.len() + entry.body.len())).sum();
    let shelf = Shelf { corpus, entries, bytes };
    let folder = context.scratch.join(CASE);
    std::fs::create_dir_all(&folder)?;
    let (mut filled, mut rows) = filling::fill(context, &shelf, &folder)?;
    rows.extend(asking::questions(context, &shelf, &mut filled)?);
    rows.extend(live::news(context, &shelf, &filled.up)?);
    filled.up.stop()?;
    rows.extend(matching::topics(&shelf)?);
    rows.push(matching::fingerprints(&shelf));
    Ok(rows)
}

/// The index of the server once nothing changes in it any more: a while after the last commit it merges small segments.
async fn settled(client: &mut wire::Search, pid: u32) -> Result<GetStatusResponse> {
    let mut still = 0;
    for _ in 0..300 {
        let before = process::processor_seconds(pid);
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let now = client.get_status(GetStatusRequest {}).await?.into_inner();
        let idle = process::processor_seconds(pid) - before < IDLE;
        still = if idle && now.rebuild.is_none() && now.bytes > 0 { still + 1 } else { 0 };
        if still == STILL {
            return Ok(now);
        }
    }
    bail!("the index does not come to rest")
}

/// The interpreter that has SQLite.
fn python(context: &Context) -> &Path {
    context.peers_python.as_deref().unwrap_or(Path::new("python3"))
}

/// The value below which `share` of them lie; zero of none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list is not negative and far below 2^52"
)]
fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = inexact(values.len().saturating_sub(1)) * share;
    values.get(at.round() as usize).copied().unwrap_or(0.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn inexact(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        assert!((quantile(values.clone(), 0.99) - 99.0).abs() < f64::EPSILON);
        assert!((quantile(values, 0.5) - 50.0).abs() < f64::EPSILON);
        assert!(quantile(Vec::new(), 0.5).abs() < f64::EPSILON);
    }
}
