//! Revisions of points, as the log took them in.

use std::collections::BTreeMap;

use crate::commands::series::Point;

/// What became of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// It came in.
    Said,
    /// Another value took its place under the same name.
    Revised,
    /// It went, with its document or table, or since it is read in another way now.
    Withdrawn,
}

impl What {
    /// In a word.
    pub(super) fn word(self) -> &'static str {
        match self {
            What::Said => "said",
            What::Revised => "revised",
            What::Withdrawn => "withdrawn",
        }
    }
}

/// A point from one commit to another.
#[derive(Clone, Debug)]
pub(super) struct Revision {
    pub(super) point: Point,
    /// Sequence and time of the commit that wrote it.
    pub(super) written: (i64, String),
    /// What ended it, with sequence and time; none if it stands.
    pub(super) end: Option<(What, i64, String)>,
    /// Whether it took the place of another.
    replaces: bool,
}

/// One change, in the order of the log.
#[derive(Clone, Debug)]
pub(super) struct Event<'a> {
    pub(super) sequence: i64,
    pub(super) time: &'a str,
    pub(super) what: What,
    pub(super) revision: &'a Revision,
}

/// All revisions, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) revisions: Vec<Revision>,
    /// Where the revision stands that is not ended, by record.
    open: BTreeMap<String, usize>,
}

impl Ledger {
    /// Takes in what a commit made of a record: another point, or none. Commits come in their order.
    pub(super) fn take(&mut self, record: &str, sequence: i64, time: &str, point: Option<Point>) {
        let before = self.open.get(record).and_then(|index| self.revisions.get_mut(*index));
        let Some(point) = point else {
            if let Some(before) = before {
                before.end = Some((What::Withdrawn, sequence, time.to_owned()));
            }
            self.open.remove(record);
            return;
        };
        let replaces = before.is_some();
        if let Some(before) = before {
            if says_the_same(&before.point, &point) {
                return;
            }
            before.end = Some((What::Revised, sequence, time.to_owned()));
        }
        self.open.insert(record.to_owned(), self.revisions.len());
        self.revisions.push(Revision { point, written: (sequence, time.to_owned()), end: None, replaces });
    }

    /// What happened, in the order of the log.
    pub(super) fn events(&self) -> Vec<Event<'_>> {
        let mut events = Vec::new();
        for revision in &self.revisions {
            let what = if revision.replaces { What::Revised } else { What::Said };
            let (sequence, time) = (revision.written.0, revision.written.1.as_str());
            events.push(Event { sequence, time, what, revision });
            if let Some((What::Withdrawn, sequence, time)) = &revision.end {
                events.push(Event { sequence: *sequence, time, what: What::Withdrawn, revision });
            }
        }
        events.sort_by_key(|event| event.sequence);
        events
    }
}

/// Whether a reader would see no difference, as where merely the names of rules changed.
fn says_the_same(one: &Point, other: &Point) -> bool {
    let amount = |point: &Point| (point.figure(), point.modality(), point.series.clone());
    one.period == other.period && one.quote == other.quote && amount(one) == amount(other)
}

#[cfg(test)]
mod tests {
    use api::record::Amount;

    use super::*;

    fn point(value: &str) -> Option<Point> {
        let amount = Amount { value: value.into(), unit: "t".into(), ..Default::default() };
        Some(Point { amount, ..Default::default() })
    }

    #[test]
    fn a_value_is_said_revised_withdrawn_and_said_again() {
        let mut ledger = Ledger::default();
        ledger.take("observations/1", 1, "a", point("60000"));
        ledger.take("observations/1", 2, "b", point("60000"));
        ledger.take("observations/1", 3, "c", point("61000"));
        ledger.take("claims/1", 4, "d", point("5"));
        ledger.take("observations/1", 5, "e", None);
        ledger.take("observations/1", 6, "f", None);
        ledger.take("observations/1", 7, "g", point("61000"));
        let events: Vec<_> = ledger
            .events()
            .iter()
            .map(|event| (event.sequence, event.what.word(), event.revision.point.amount.value.clone()))
            .collect();
        let expected = [
            (1, "said", "60000"),
            (3, "revised", "61000"),
            (4, "said", "5"),
            (5, "withdrawn", "61000"),
            (7, "said", "61000"),
        ];
        assert_eq!(events, expected.map(|(sequence, what, value)| (sequence, what, value.to_owned())));
        let ends: Vec<_> = ledger.revisions.iter().map(|r| r.end.as_ref().map(|end| end.0)).collect();
        assert_eq!(ends, [Some(What::Revised), Some(What::Withdrawn), None, None]);
    }
}
