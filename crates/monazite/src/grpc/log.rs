//! Calls on the history of the log.

use anyhow::{Context as _, Result};
use api::storage::{ChangesRequest, ChangesResponse, GetStatisticsRequest};
use jiff::Timestamp;

use super::Client;
use crate::cli::AsOf;
use crate::failure::{Failure, Kind};

/// How far back the log can be read, and how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The lowest sequence that can be read; zero if nothing was compacted.
    pub(crate) horizon: i64,
    /// The sequence of the latest commit.
    pub(crate) head: i64,
}

impl Client {
    /// The part of the log that can be read.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn extent(&self) -> Result<Extent> {
        let request = GetStatisticsRequest {};
        let answer = self.storage().await?.get_statistics(request).await.map_err(|s| self.failure(s))?;
        let answer = answer.into_inner();
        Ok(Extent { horizon: answer.horizon, head: answer.head })
    }

    /// The sequence that a user means; zero, which is now, if none is meant.
    ///
    /// # Errors
    /// If the log does not reach so far, was compacted past it, or the server does not answer.
    pub(crate) async fn sequence(&self, as_of: Option<AsOf>) -> Result<i64> {
        let Some(as_of) = as_of else { return Ok(0) };
        let log = self.extent().await?;
        match as_of {
            AsOf::Sequence(sequence) => within(sequence, log),
            AsOf::Before(time) => self.last_before(time, log).await,
        }
    }

    /// The sequence of the last commit before a time: commit times never go back, so it is found by halving.
    async fn last_before(&self, time: Timestamp, log: Extent) -> Result<i64> {
        let (mut low, mut high) = (log.horizon, log.head);
        // Whatever commit follows `high` is not before the time, and one that follows any sequence below `low` is.
        while low < high {
            let middle = low + (high - low) / 2;
            match self.first_after(middle).await? {
                Some((sequence, written)) if written < time => low = sequence,
                _ => high = middle,
            }
        }
        if low > log.horizon {
            return Ok(low);
        }
        let problem = if log.horizon > 0 {
            format!(
                "the log was compacted up to sequence {}: what it said before {time} can no longer be read; the oldest state \
                 that can is --as-of {}",
                log.horizon, log.horizon
            )
        } else {
            match self.first_after(0).await? {
                Some((_, first)) => {
                    format!("there was nothing in the log before {time}: it begins at {first}")
                }
                None => "there is nothing in the log yet".to_owned(),
            }
        };
        Err(Failure::new(Kind::Failed, problem).into())
    }

    /// The first commit after a sequence, with its time; `None` after the last.
    async fn first_after(&self, sequence: i64) -> Result<Option<(i64, Timestamp)>> {
        let request = ChangesRequest { after_sequence: sequence, ..Default::default() };
        let answer = self.storage().await?.changes(request).await.map_err(|s| self.failure(s))?;
        let mut commits = answer.into_inner();
        while let Some(commit) = commits.message().await.map_err(|s| self.failure(s))? {
            if !commit.changes.is_empty() {
                return Ok(Some((commit.sequence, time(&commit)?)));
            }
            // A mark of progress; at the head nothing follows.
            if commit.sequence >= commit.head {
                break;
            }
        }
        Ok(None)
    }

    /// Hands to `each` all changes of records of these kinds with one of these keys, after one sequence up to another, with the
    /// records as the commit wrote them.
    ///
    /// # Errors
    /// If the server does not answer, or `each` fails.
    pub(crate) async fn changes(
        &self,
        kinds: &[String],
        keys: &[String],
        after: i64,
        up_to: i64,
        mut each: impl FnMut(ChangesResponse) -> Result<()>,
    ) -> Result<()> {
        if after >= up_to {
            return Ok(());
        }
        let request = ChangesRequest {
            after_sequence: after,
            kinds: kinds.to_vec(),
            keys: keys.to_vec(),
            include_records: true,
            ..Default::default()
        };
        let answer = self.storage().await?.changes(request).await.map_err(|s| self.failure(s))?;
        let mut commits = answer.into_inner();
        while let Some(commit) = commits.message().await.map_err(|s| self.failure(s))? {
            let (sequence, last) = (commit.sequence, commit.last || commit.changes.is_empty());
            if sequence > up_to {
                break;
            }
            if !commit.changes.is_empty() {
                each(commit)?;
            }
            if sequence == up_to && last {
                break;
            }
        }
        Ok(())
    }
}

/// The time of a commit.
///
/// # Errors
/// If the server says none, or one that the calendar does not have.
pub(crate) fn time(commit: &ChangesResponse) -> Result<Timestamp> {
    moment(commit.commit_time.as_ref())
}

/// The time of a commit, as it stands in a record.
///
/// # Errors
/// As [`time`].
pub(crate) fn moment(time: Option<&prost_types::Timestamp>) -> Result<Timestamp> {
    let time = time.context("the server answered with a commit without a time")?;
    Timestamp::new(time.seconds, time.nanos).context("the server answered with a time that is none")
}

/// A sequence that can be read.
fn within(sequence: i64, log: Extent) -> Result<i64> {
    let problem = if sequence > log.head {
        format!("the log has come to sequence {} and not to {sequence} yet", log.head)
    } else if sequence < log.horizon {
        format!(
            "the log was compacted up to sequence {0}: what it said at {sequence} can no longer be read; the oldest state that \
             can is --as-of {0}",
            log.horizon
        )
    } else {
        return Ok(sequence);
    };
    Err(Failure::new(Kind::Failed, problem).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_that_cannot_be_read_is_told_with_what_can() {
        let log = Extent { horizon: 9, head: 20 };
        let refused =
            |sequence| within(sequence, log).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused(3).contains("compacted up to sequence 9") && refused(3).contains("--as-of 9"));
        assert!(refused(21).contains("has come to sequence 20 and not to 21"), "{}", refused(21));
        assert_eq!((refused(9).as_str(), refused(20).as_str()), ("", ""));
    }
}
