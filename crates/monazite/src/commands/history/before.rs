//! How each value stands to what was said of the same period before: who repeats, who differs, who corrects himself.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::ledger::Revision;
use crate::commands::series::{Point, agree};

/// What was said of the same before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before<'a> {
    /// The latest that the same source said of it, else the latest that anybody said.
    pub(super) point: &'a Point,
    /// Whether both can stand for one value, up to the rounding of their digits.
    pub(super) agrees: bool,
    /// Whether the same source said it.
    own: bool,
}

impl Before<'_> {
    /// For people: empty if it was the same.
    pub(super) fn words(&self) -> String {
        match (self.agrees, self.own) {
            (true, _) => String::new(),
            (false, true) => format!("before: {}", self.point.figure()),
            (false, false) => format!("≠ {} of {}", self.point.figure(), self.point.source),
        }
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        json!({
            "record": self.point.record,
            "source": self.point.source,
            "printed": self.point.json()["printed"],
            "agrees": self.agrees,
        })
    }
}

/// Of what a value is: its series, the ends of its period, and whether it is told as fact.
type Fact<'a> = (&'a str, &'a str, &'a str, bool);

/// For each revision, in the order in which they are given, what was said of the same before; `None` for the first.
pub(super) fn before<'a>(revisions: &[&'a Revision]) -> Vec<Option<Before<'a>>> {
    let mut by_anybody: HashMap<Fact<'a>, &'a Point> = HashMap::new();
    let mut by_source: HashMap<(Fact<'a>, String), &'a Point> = HashMap::new();
    let mut all = Vec::with_capacity(revisions.len());
    for revision in revisions {
        let point = &revision.point;
        let fact: Fact<'a> = (&point.series, &point.period.start, &point.period.end, point.is_actual());
        let source = (fact, point.source.to_lowercase());
        let own = by_source.get(&source).copied();
        let earlier = own.or_else(|| by_anybody.get(&fact).copied());
        all.push(earlier.map(|earlier| Before {
            point: earlier,
            agrees: agree(earlier, point),
            own: own.is_some(),
        }));
        by_anybody.insert(fact, point);
        by_source.insert(source, point);
    }
    all
}

#[cfg(test)]
mod tests {
    use api::record::{Amount, Modality};

    use super::super::ledger::Ledger;
    use super::*;

    fn said(source: &str, value: &str, modality: Modality) -> Point {
        let amount = Amount { value: value.into(), unit: "t".into(), ..Default::default() };
        let words = format!("{value} t");
        Point { source: source.into(), amount, words, modality, ..Default::default() }
    }

    #[test]
    fn who_differs_and_who_corrects_himself_is_told() {
        let fact = Modality::Unspecified;
        let told = [
            said("A", "60000", fact),
            said("B", "61000", fact),
            said("A", "60000", fact),
            said("a", "60500", fact),
            said("B", "62000", Modality::Expected),
            said("C", "60500", fact),
        ];
        let mut ledger = Ledger::default();
        for (index, point) in told.into_iter().enumerate() {
            ledger.take(&format!("claims/{index}"), 1, "now", Some(point));
        }
        let revisions: Vec<&Revision> = ledger.revisions.iter().collect();
        let words: Vec<Option<String>> =
            before(&revisions).iter().map(|before| before.map(|before| before.words())).collect();
        let words: Vec<Option<&str>> = words.iter().map(Option::as_deref).collect();
        let expected = [None, Some("≠ 60,000 t of A"), Some(""), Some("before: 60,000 t"), None, Some("")];
        assert_eq!(words, expected);
    }
}
