//! The sequence of the last brief on each topic, in a small file of the user's own: what somebody has read is no record of the log.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use brief::Asked;

use crate::cli::Connection;
use crate::failure::{Failure, Kind};
use crate::grpc::data_folder;

/// Largest file that is read, in bytes.
const LARGEST: u64 = 4 << 20;

/// What is remembered for one topic of one log.
pub(super) struct Last {
    file: PathBuf,
    /// The data folder, or the address of the server.
    log: String,
    asked: String,
    known: Known,
}

/// By log and by what was asked for.
type Known = BTreeMap<String, BTreeMap<String, i64>>;

impl Last {
    /// Reads `briefs.json` in the user's state folder.
    ///
    /// # Errors
    /// If there is no home folder, or the file cannot be read or is not what this program writes.
    pub(super) fn open(connection: &Connection, asked: &Asked) -> Result<Self> {
        let base = std::env::var_os("XDG_STATE_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state")));
        let no_home = || Failure::new(Kind::Usage, "there is no home folder; give one with XDG_STATE_HOME");
        let file = base.ok_or_else(no_home)?.join("monazite/briefs.json");
        let log = match &connection.server {
            Some(url) => url.clone(),
            None => {
                let data = data_folder(connection)?;
                std::fs::canonicalize(&data).unwrap_or(data).display().to_string()
            }
        };
        let asked = match asked {
            Asked::All => "all".to_owned(),
            Asked::Topic { name, .. } => format!("topic {name}"),
            Asked::Query(query) => format!("query {query}"),
        };
        let known = read(&file)?;
        Ok(Self { file, log, asked, known })
    }

    /// The sequence of the last brief on this topic.
    pub(super) fn sequence(&self) -> Option<i64> {
        self.known.get(&self.log)?.get(&self.asked).copied()
    }

    /// Remembers that a brief on this topic was read at a sequence.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn remember(&mut self, sequence: i64) -> Result<()> {
        // Another brief may have been made meanwhile.
        self.known = read(&self.file)?;
        // A data folder that is gone has nothing to remember.
        self.known.retain(|log, _| log.contains("://") || Path::new(log).exists());
        self.known.entry(self.log.clone()).or_default().insert(self.asked.clone(), sequence);
        let fail = || format!("failed to remember this brief in {}", self.file.display());
        let folder = self.file.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).with_context(fail)?;
        let fresh = folder.join(format!("briefs.json.{}", std::process::id()));
        std::fs::write(&fresh, serde_json::to_vec_pretty(&self.known)?).with_context(fail)?;
        std::fs::rename(&fresh, &self.file).with_context(fail)
    }
}

fn read(file: &Path) -> Result<Known> {
    let size = match std::fs::metadata(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Known::new()),
        other => other.with_context(|| format!("failed to read {}", file.display()))?.len(),
    };
    let wrong = |what: String| {
        let message = format!("{}: {what}; it remembers earlier briefs, and may be removed", file.display());
        anyhow::Error::from(Failure::new(Kind::Failed, message))
    };
    if size > LARGEST {
        return Err(wrong(format!("it has {size} bytes, and at most {LARGEST} are read")));
    }
    let bytes = std::fs::read(file).with_context(|| format!("failed to read {}", file.display()))?;
    serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]
    use super::*;

    fn last(file: &Path, asked: &str) -> Last {
        let log = "http://127.0.0.1:7401".to_owned();
        Last { file: file.to_owned(), log, asked: asked.to_owned(), known: read(file).unwrap() }
    }

    #[test]
    fn each_topic_has_its_own_sequence() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/briefs.json");
        let (mut tin, mut zinc) = (last(&file, "topic tin"), last(&file, "topic zinc"));
        assert_eq!(tin.sequence(), None);
        tin.remember(7).unwrap();
        zinc.remember(9).unwrap();
        assert_eq!(last(&file, "topic tin").sequence(), Some(7));
        assert_eq!(last(&file, "topic zinc").sequence(), Some(9));
        // A log that is gone is forgotten.
        let gone = folder.path().join("gone").display().to_string();
        Last { log: gone.clone(), ..last(&file, "all") }.remember(3).unwrap();
        tin.remember(11).unwrap();
        let left = read(&file).unwrap();
        assert!(!left.contains_key(&gone) && left["http://127.0.0.1:7401"].len() == 2, "{left:?}");
    }

    #[test]
    fn a_file_that_is_something_else_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("briefs.json");
        std::fs::write(&file, "[]").unwrap();
        let error = read(&file).unwrap_err().to_string();
        assert!(error.contains("briefs.json: ") && error.ends_with("may be removed"), "{error}");
    }
}
