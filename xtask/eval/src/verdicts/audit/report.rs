//! The score of the audit, for a terminal and for docs/accuracy.md.

use std::fmt::Write as _;

use super::{Part, Row};
use crate::stats::{Counts, Rate};

/// What is asked for, of all checks together.
const TARGETS: &str = "precision at least .97, recall at least .80, no alarm on a case that holds";

const HEADERS: [&str; 9] = [
    "check", "cases", "precision", "95 %", "recall", "95 %", "recall of holds", "recall of fails", "verdicts",
];

/// The score of one part as lines for a terminal; up to `errors` errors of each check.
pub(crate) fn print(name: &str, part: &Part, errors: usize) -> String {
    let mut out = format!("\naudit, {name}: {TARGETS}\n");
    for cells in std::iter::once(HEADERS.map(str::to_owned)).chain(part.rows.iter().map(cells)) {
        let _ = writeln!(
            out,
            "  {:<17}{:>6}{:>10}  {:<13}{:>7}  {:<13}{:>16}{:>16}{:>9}",
            cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7], cells[8]
        );
    }
    let _ = writeln!(out, "  {}", alarms(part));
    for miss in part.errors.iter().take(errors.saturating_mul(part.rows.len())) {
        let _ = writeln!(out, "  {} {}\n      {}", miss.case, miss.labelled, miss.said);
    }
    out
}

/// The score of one part in Markdown.
pub(crate) fn markdown(name: &str, part: &Part) -> String {
    let mut out = format!("\n### {name}: {} cases\n\n", part.rows.last().map_or(0, |all| all.verdicts.gold));
    let _ = writeln!(out, "| {} |\n|---|{}", HEADERS.join(" | "), "---:|".repeat(HEADERS.len() - 1));
    for row in &part.rows {
        let _ = writeln!(out, "| {} |", cells(row).join(" | "));
    }
    let _ = writeln!(out, "\n{}", alarms(part));
    out
}

fn alarms(part: &Part) -> String {
    format!(
        "Cases labelled as holding on which anything was said to fail: {} of {} ({} %).",
        part.alarmed,
        part.holding,
        interval(part.alarms())
    )
}

fn cells(row: &Row) -> [String; 9] {
    let recall = |counts: Counts| counts.recall().map(|rate| format!("{:.2}", rate.rate)).unwrap_or_default();
    let share = |rate: Option<Rate>| rate.map(|rate| format!("{:.3}", rate.rate)).unwrap_or_default();
    let counts = row.verdicts;
    [
        row.check.clone(),
        counts.gold.to_string(),
        share(counts.precision()),
        interval(counts.precision()),
        share(counts.recall()),
        interval(counts.recall()),
        recall(row.holds),
        recall(row.fails),
        format!("{}/{}", counts.right, counts.read),
    ]
}

fn interval(rate: Option<Rate>) -> String {
    rate.map(|rate| format!("{:.1}–{:.1}", rate.low * 100.0, rate.high * 100.0)).unwrap_or_default()
}
