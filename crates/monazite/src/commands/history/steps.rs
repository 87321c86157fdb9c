//! Revisions of several series, put into the order of the log.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use api::record::Record;
use api::storage::Revision;

use super::ledger::Ledger;
use crate::commands::series::Point;
use crate::grpc::log::moment;

/// What commits did to the records of some series.
#[derive(Debug, Default)]
pub(super) struct Steps {
    /// By sequence and place within the commit: which record, when, and what it says, if that is wanted.
    written: BTreeMap<(i64, i64, String), (String, Option<Point>)>,
    /// By sequence: records that were replaced or deleted, and when.
    ended: BTreeMap<(i64, String), String>,
    /// How many points there are.
    pub(super) points: usize,
}

impl Steps {
    /// Adds a revision.
    ///
    /// # Errors
    /// If the server does not say when it was written or ended.
    pub(super) fn add(&mut self, revision: &Revision, record: &Record, point: Option<Point>) -> Result<()> {
        self.points += usize::from(point.is_some());
        let written = moment(record.commit_time.as_ref())?.to_string();
        self.written.insert((record.sequence, revision.place, record.name.clone()), (written, point));
        if revision.superseded_sequence != 0 {
            let ended = moment(revision.superseded_time.as_ref())?.to_string();
            self.ended.insert((revision.superseded_sequence, record.name.clone()), ended);
        }
        Ok(())
    }

    /// What became of each point.
    pub(super) fn ledger(mut self) -> Ledger {
        // What was replaced within the same series, or by one of another that is wanted too, stands among what was written.
        let replaced: BTreeSet<(i64, String)> =
            self.written.keys().map(|(sequence, _, name)| (*sequence, name.clone())).collect();
        self.ended.retain(|end, _| !replaced.contains(end));
        let last =
            self.ended.into_iter().map(|((sequence, name), time)| ((sequence, i64::MAX, name), (time, None)));
        self.written.extend(last);
        let mut ledger = Ledger::default();
        for ((sequence, _, name), (time, point)) in self.written {
            ledger.take(&name, sequence, &time, point);
        }
        ledger
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]
    use api::record::Amount;
    use prost_types::Timestamp;

    use super::*;

    fn revision(name: &str, at: (i64, i64), ended: i64) -> Revision {
        let time = |seconds| Some(Timestamp { seconds, nanos: 0 });
        let record =
            Record { name: name.into(), sequence: at.0, commit_time: time(at.0), ..Default::default() };
        Revision {
            record: Some(record),
            place: at.1,
            superseded_sequence: ended,
            superseded_time: time(ended).filter(|_| ended != 0),
        }
    }

    #[test]
    fn revisions_of_several_series_are_told_in_the_order_of_the_log() {
        let mut steps = Steps::default();
        // One series after the other, as they are read; the first record goes over from one to the other.
        for (name, at, ended, value) in [
            ("observations/1", (2, 0), 3, "60000"),
            ("claims/1", (4, 1), 6, "7"),
            ("observations/1", (3, 0), 0, "61000"),
            ("claims/2", (4, 0), 0, "8"),
            ("claims/3", (5, 0), 7, ""),
        ] {
            let amount = Amount { value: value.into(), unit: "t".into(), ..Default::default() };
            let point = Some(Point { amount, ..Default::default() }).filter(|_| !value.is_empty());
            let revision = revision(name, at, ended);
            steps.add(&revision, &revision.record.clone().unwrap(), point).unwrap();
        }
        assert_eq!(steps.points, 4);
        let ledger = steps.ledger();
        let events: Vec<_> = ledger
            .events()
            .iter()
            .map(|event| (event.sequence, event.what.word(), event.revision.point.amount.value.clone()))
            .collect();
        let expected = [
            (2, "said", "60000"),
            (3, "revised", "61000"),
            (4, "said", "8"),
            (4, "said", "7"),
            (6, "withdrawn", "7"),
        ];
        assert_eq!(events, expected.map(|(sequence, what, value)| (sequence, what, value.to_owned())));
        assert_eq!(ledger.revisions[0].written.1, "1970-01-01T00:00:02Z");
    }
}
