//! What each rule of the reader filled: the development part alone tells it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

/// How often a rule filled a slot.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Filled {
    /// All fills.
    pub(crate) filled: usize,
    /// Those as labelled.
    pub(crate) right: usize,
    /// Those of labelled claims that leave the slot empty.
    pub(crate) too_many: usize,
    /// Those of claims that nobody labelled.
    pub(crate) unpaired: usize,
}

impl Filled {
    /// Adds another's counts.
    pub(super) fn add(&mut self, other: Filled) {
        self.filled += other.filled;
        self.right += other.right;
        self.too_many += other.too_many;
        self.unpaired += other.unpaired;
    }
}

/// By slot and rule; of a slot with several names the rules joined.
pub(super) type Rules = BTreeMap<(&'static str, String), Filled>;

/// A line of the table of rules.
#[derive(Debug, Serialize)]
pub(crate) struct RuleRow {
    /// The slot.
    pub(crate) slot: &'static str,
    /// The rule, as docs/claims.md names it.
    pub(crate) rule: String,
    /// How often it filled the slot.
    #[serde(flatten)]
    pub(crate) filled: Filled,
}

/// Adds the rules of one text.
pub(super) fn add(rules: &mut Rules, text: Rules) {
    for (rule, filled) in text {
        rules.entry(rule).or_default().add(filled);
    }
}

/// All rules, the most often wrong first.
pub(super) fn rows(rules: Rules) -> Vec<RuleRow> {
    let mut rows: Vec<RuleRow> =
        rules.into_iter().map(|((slot, rule), filled)| RuleRow { slot, rule, filled }).collect();
    rows.sort_by_key(|row| Reverse(row.filled.filled - row.filled.right));
    rows
}
