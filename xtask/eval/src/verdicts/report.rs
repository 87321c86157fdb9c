//! The scores of the verdicts set, for a terminal and for a page.

use std::fmt::Write as _;

use super::generate::Generated;
use super::score::{KINDS, Report, Totals};
use crate::stats::{Rate, wilson};

/// What the issue asks for.
const PRECISION: f64 = 0.97;
const RECALL: f64 = 0.75;
const REASON: f64 = 0.90;

/// A table: its headers and its rows.
type Table = (Vec<&'static str>, Vec<Vec<String>>);

fn tables(totals: &Totals) -> [Table; 3] {
    [main_table(totals), kind_table(totals), reason_table(totals)]
}

fn main_table(totals: &Totals) -> Table {
    let mut rows = Vec::new();
    for (what, right, all, target) in [
        ("contradictions, precision", totals.right, totals.contradictions, PRECISION),
        ("contradictions, recall", totals.right, totals.labelled, RECALL),
        ("reason of a contradiction", totals.reasons, totals.right, REASON),
    ] {
        let rate = wilson(right, all);
        let reached = rate.map_or("", |rate| if rate.rate >= target { "yes" } else { "NO" });
        rows.push(vec![
            what.to_owned(),
            format!("{right} of {all}"),
            share(rate),
            interval(rate),
            format!("{target:.2}"),
            reached.to_owned(),
        ]);
    }
    let reached = if totals.alarms == 0 { "yes" } else { "NO" };
    let alarms = totals.alarms.to_string();
    let what = "alarms on pairs that agree or cannot be compared".to_owned();
    rows.push(vec![what, alarms, String::new(), String::new(), "0".to_owned(), reached.to_owned()]);
    (vec!["what", "pairs", "rate", "95 %", "target", "reached"], rows)
}

fn kind_table(totals: &Totals) -> Table {
    let mut rows = Vec::new();
    for kind in KINDS {
        let Some(found) = totals.found.get(kind) else { continue };
        let all: usize = found.values().sum();
        let right = found.get(kind).copied().unwrap_or_default();
        let mut row = vec![kind.to_owned(), all.to_string()];
        row.extend(KINDS.iter().map(|other| found.get(*other).copied().unwrap_or_default().to_string()));
        row.push(share(wilson(right, all)));
        row.push(interval(wilson(right, all)));
        rows.push(row);
    }
    let mut headers = vec!["labelled", "pairs"];
    headers.extend(KINDS);
    headers.extend(["found as labelled", "95 %"]);
    (headers, rows)
}

fn reason_table(totals: &Totals) -> Table {
    let rows = totals.by_reason.iter().map(|(reason, [labelled, found, same])| {
        let rate = wilson(*found, *labelled);
        vec![
            reason.clone(),
            labelled.to_string(),
            found.to_string(),
            same.to_string(),
            totals.wrong.get(reason).copied().unwrap_or_default().to_string(),
            share(rate),
            interval(rate),
        ]
    });
    (
        vec!["reason", "labelled", "found", "with this reason", "wrongly found", "recall", "95 %"],
        rows.collect(),
    )
}

fn generated_table(generated: &Generated) -> Table {
    let mut rows = Vec::new();
    let mut sum = [0; 3];
    for (change, counts) in &generated.by_change {
        rows.push(generated_row(change.name(), *counts));
        for (sum, count) in sum.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    rows.push(generated_row("all", sum));
    (vec!["changed", "cases", "found", "with its reason", "recall", "95 %"], rows)
}

fn generated_row(name: &str, [cases, found, same]: [usize; 3]) -> Vec<String> {
    let rate = wilson(found, cases);
    vec![name.to_owned(), cases.to_string(), found.to_string(), same.to_string(), share(rate), interval(rate)]
}

/// What can be told of made cases and of pairs of strangers, for a terminal or a page by how a table is written.
pub(crate) fn beyond(report: &Report, table: fn(&[&str], &[Vec<String>]) -> String) -> String {
    let (headers, rows) = generated_table(&report.generated);
    format!(
        "\n{}\nAlarms on {} unchanged copies: {}. Alarms between passages of different groups: {} in {} pairs of groups.\n",
        table(&headers, &rows),
        report.generated.copies,
        report.generated.alarms,
        report.strangers.alarms.len(),
        report.strangers.pairs
    )
}

/// A part for a terminal.
pub(crate) fn plain(name: &str, totals: &Totals) -> String {
    let mut out = format!("\n{name}: {} pairs\n", totals.pairs);
    for (headers, rows) in tables(totals) {
        out.push('\n');
        out += &crate::report::table(&headers, &rows);
    }
    out
}

/// A part for a page.
pub(crate) fn markdown(name: &str, totals: &Totals) -> String {
    let mut out = format!("\n### {name}: {} pairs\n", totals.pairs);
    for (headers, rows) in tables(totals) {
        out.push('\n');
        out += &crate::docs::table(&headers, &rows);
    }
    out
}

/// The errors of the development part, up to `most`.
pub(crate) fn errors(report: &Report, most: usize) -> String {
    let mut out = beyond(report, crate::report::table);
    out += "\nIf one side of a pair is a loaded table, of its own house or of a stranger:\n";
    for ((owner, labelled, said), count) in &report.tables.counts {
        let _ = writeln!(out, "   {owner:?} {labelled}: {said} {count}");
    }
    for (labelled, count) in &report.tables.apart {
        let _ = writeln!(out, "   told as not comparable: {count} pairs labelled {labelled}");
    }
    for alarm in report.tables.alarms.iter().take(most) {
        let _ = writeln!(out, "   {alarm}");
    }
    for alarm in report.strangers.alarms.iter().take(most) {
        let _ = writeln!(out, "   {alarm}");
    }
    for missed in report.generated.misses.iter().take(most) {
        let [stood, stands] = &missed.words;
        let _ = writeln!(out, "{} {}: «{stood}» «{stands}»", missed.change.name(), missed.passage);
        for line in &missed.why {
            let _ = writeln!(out, "      {line}");
        }
    }
    for miss in report.misses.iter().take(most) {
        let [left, right] = &miss.quotes;
        let _ = writeln!(
            out,
            "{} {} {}\n   labelled {} {left:?} {right:?}\n   found    {}",
            miss.group, miss.documents[0], miss.documents[1], miss.labelled, miss.found
        );
        for line in &miss.why {
            let _ = writeln!(out, "      {line}");
        }
    }
    out
}

fn share(rate: Option<Rate>) -> String {
    rate.map(|rate| format!("{:.3}", rate.rate)).unwrap_or_default()
}

fn interval(rate: Option<Rate>) -> String {
    rate.map(|rate| format!("{:.3}–{:.3}", rate.low, rate.high)).unwrap_or_default()
}
