//! What was measured, and how it is told: as a table, as JSON, as a part of docs/performance.md.

use std::path::Path;

use anyhow::{Context as _, Result};
use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};

use crate::machine::Machine;

/// One line of the report.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The case, as given on the command line.
    pub case: &'static str,
    /// What was measured.
    pub what: String,
    /// Our figure: the median of all rounds.
    pub ours: f64,
    /// Its unit, and that of the peer's figure.
    pub unit: &'static str,
    /// What it is compared with, and the median of its figure.
    pub peer: Option<(&'static str, f64)>,
    /// What it should reach.
    pub target: Option<Target>,
    /// What one needs to know to judge it.
    pub note: String,
}

/// A bound on a row: on its ratio if it has a peer, else on its figure.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
}

impl Row {
    /// A figure without a peer and without a target.
    pub(crate) fn figure(case: &'static str, what: impl Into<String>, ours: f64, unit: &'static str) -> Self {
        Self { case, what: what.into(), ours, unit, peer: None, target: None, note: String::new() }
    }

    pub(crate) fn against(mut self, name: &'static str, figure: f64) -> Self {
        self.peer = Some((name, figure));
        self
    }

    pub(crate) fn at_least(mut self, bound: f64) -> Self {
        self.target = Some(Target::AtLeast(bound));
        self
    }

    pub(crate) fn at_most(mut self, bound: f64) -> Self {
        self.target = Some(Target::AtMost(bound));
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Our figure as a part of the peer's.
    fn ratio(&self) -> Option<f64> {
        self.peer.filter(|(_, figure)| *figure > 0.0).map(|(_, figure)| self.ours / figure)
    }

    /// Whether the target is reached; `None` without a target.
    fn reached(&self) -> Option<bool> {
        let figure = self.ratio().unwrap_or(self.ours);
        self.target.map(|target| match target {
            Target::AtLeast(bound) => figure >= bound,
            Target::AtMost(bound) => figure <= bound,
        })
    }

    fn cells(&self) -> [String; 6] {
        let bound = |bound: f64| {
            if self.peer.is_some() { format!("{:.0} %", bound * 100.0) } else { number(bound, self.unit) }
        };
        [
            self.what.clone(),
            number(self.ours, self.unit),
            self.peer
                .map_or_else(String::new, |(name, figure)| format!("{} {name}", number(figure, self.unit))),
            self.ratio().map_or_else(String::new, |ratio| format!("{:.1} %", ratio * 100.0)),
            match self.target {
                None => String::new(),
                Some(Target::AtLeast(b)) => format!("≥ {}", bound(b)),
                Some(Target::AtMost(b)) => format!("≤ {}", bound(b)),
            },
            match self.reached() {
                None => "",
                Some(true) => "yes",
                Some(false) => "NO",
            }
            .to_owned(),
        ]
    }
}

const HEADERS: [&str; 6] = ["what", "ours", "against", "ratio", "target", "reached"];

/// The table for a terminal, with the notes below.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(HEADERS);
    for row in rows {
        table.add_row(row.cells());
    }
    for column in [1, 3, 4] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let notes: String = notes(rows).map(|note| format!("  {note}\n")).collect();
    format!("{table}\n{notes}")
}

/// Everything for programs. Grows only.
pub(crate) fn json(machine: &Machine, settings: &[(&str, String)], rows: &[Row]) -> Value {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "case": row.case,
                "what": row.what,
                "ours": row.ours,
                "unit": row.unit,
                "peer": row.peer.map(|(name, figure)| json!({ "name": name, "figure": figure })),
                "ratio": row.ratio(),
                "target": row.target.map(|target| match target {
                    Target::AtLeast(bound) => json!({ "at_least": bound }),
                    Target::AtMost(bound) => json!({ "at_most": bound }),
                }),
                "reached": row.reached(),
                "note": row.note,
            })
        })
        .collect();
    let settings: Value = settings.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    json!({ "machine": machine.json(), "settings": settings, "rows": rows })
}

// Between these two lines docs/performance.md is written by the bench; the rest by people.
const BEGIN: &str = "<!-- measured: written by `cargo xtask bench --write-docs` -->";
const END: &str = "<!-- end of what was measured -->";

/// Puts the table into docs/performance.md and leaves what people wrote there.
///
/// # Errors
/// If the file is not there, has lost its marks, or cannot be written.
pub(crate) fn write_docs(
    path: &Path,
    machine: &Machine,
    settings: &[(&str, String)],
    rows: &[Row],
) -> Result<()> {
    let old = std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    let (before, rest) =
        old.split_once(BEGIN).with_context(|| format!("{} has no line {BEGIN}", path.display()))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("{} has no line {END}", path.display()))?;
    let text = format!("{before}{BEGIN}\n\n{}\n{END}{after}", markdown(machine, settings, rows));
    std::fs::write(path, text).with_context(|| format!("failed to write {}", path.display()))
}

fn markdown(machine: &Machine, settings: &[(&str, String)], rows: &[Row]) -> String {
    let settings: Vec<String> = settings.iter().map(|(name, value)| format!("{name} {value}")).collect();
    let mut out = format!("Machine: {machine}.\n\nSettings: {}.\n\n", settings.join(", "));
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    out += &line(&HEADERS.map(str::to_owned));
    out += "|---|---:|---|---:|---:|---|\n";
    for row in rows {
        out += &line(&row.cells());
    }
    out.push('\n');
    out.extend(notes(rows).map(|note| format!("- {note}\n")));
    out
}

fn notes(rows: &[Row]) -> impl Iterator<Item = String> + '_ {
    rows.iter().filter(|row| !row.note.is_empty()).map(|row| format!("{}: {}", row.what, row.note))
}

/// Three significant digits, thousands apart.
fn number(value: f64, unit: &str) -> String {
    let digits = match value.abs() {
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        _ => 2,
    };
    let plain = format!("{value:.digits$}");
    let (whole, rest) =
        plain.split_once('.').map_or((plain.as_str(), String::new()), |(w, r)| (w, format!(".{r}")));
    let mut grouped = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0
            && (whole.len() - i).is_multiple_of(3)
            && c.is_ascii_digit()
            && whole.as_bytes()[i - 1] != b'-'
        {
            grouped.push(',');
        }
        grouped.push(c);
    }
    format!("{grouped}{rest} {unit}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row::figure("import", "durable import", 5000.0, "documents/s").against("sled", 5500.0)
    }

    #[test]
    fn a_target_with_a_peer_bounds_the_ratio() {
        assert_eq!(row().at_least(0.85).reached(), Some(true));
        assert_eq!(row().at_least(0.95).reached(), Some(false));
        assert_eq!(row().reached(), None);
        let cells = row().at_least(0.95).cells();
        assert_eq!(
            cells.each_ref().map(String::as_str),
            ["durable import", "5,000 documents/s", "5,500 documents/s sled", "90.9 %", "≥ 95 %", "NO"]
        );
    }

    #[test]
    fn a_target_without_a_peer_bounds_the_figure() {
        let memory = Row::figure("memory", "peak", 512.0, "MB").at_most(600.0);
        assert_eq!(memory.reached(), Some(true));
        assert_eq!(memory.cells()[4], "≤ 600 MB");
    }

    #[test]
    fn numbers_have_three_digits() {
        assert_eq!(number(1_234_567.8, "B"), "1,234,568 B");
        assert_eq!(number(12.345, "us"), "12.3 us");
        assert_eq!(number(0.5, ""), "0.50");
    }

    #[test]
    fn docs_keep_what_people_wrote() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("performance.md");
        std::fs::write(&path, format!("# Speed\n{BEGIN}\nold\n{END}\nWhy.\n"))?;
        write_docs(&path, &Machine::read(), &[("rounds", "5".to_owned())], &[row()])?;
        let text = std::fs::read_to_string(&path)?;
        assert!(
            text.starts_with("# Speed\n") && text.ends_with("\nWhy.\n") && !text.contains("old"),
            "{text}"
        );
        assert!(
            text.contains("| durable import | 5,000 documents/s | 5,500 documents/s sled | 90.9 % |"),
            "{text}"
        );
        Ok(())
    }
}
