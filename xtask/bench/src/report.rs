//! What was measured, and how it is told: as a table, as JSON, as a part of docs/performance.md.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
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
            if self.peer.is_some() { share(bound, 0) } else { number(bound, self.unit) }
        };
        [
            self.what.clone(),
            number(self.ours, self.unit),
            self.peer
                .map_or_else(String::new, |(name, figure)| format!("{} {name}", number(figure, self.unit))),
            self.ratio().map_or_else(String::new, |ratio| share(ratio, 1)),
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
    let notes: String = notes(rows.iter()).map(|note| format!("  {note}\n")).collect();
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

/// A part of docs/performance.md that is written here, from its first line to the next [`END`]; the rest is by people.
struct Part {
    /// The line with which it begins.
    begin: &'static str,
    /// The cases whose rows stand in it.
    cases: &'static [&'static str],
    /// What bears on them.
    settings: &'static [&'static str],
}

const PARTS: [Part; 4] = [
    Part {
        begin: "<!-- measured: written by `cargo xtask bench --write-docs` -->",
        cases: &["import", "get", "feed", "pipeline", "boundary", "recovery"],
        settings: &["rounds", "documents", "corpus", "text bytes", "profile", "wire"],
    },
    Part {
        begin: "<!-- measured reading: written by `cargo xtask bench read --write-docs` -->",
        cases: &["read"],
        settings: &["rounds", "bytes read a round", "seconds a peer reads a round", "profile"],
    },
    Part {
        begin: "<!-- measured search: written by `cargo xtask bench search --write-docs` -->",
        cases: &["search"],
        settings: &["rounds", "documents searched", "profile", "wire"],
    },
    Part {
        begin: "<!-- measured findings: written by `cargo xtask bench findings --write-docs` -->",
        cases: &["findings"],
        settings: &["profile", "wire"],
    },
];

const END: &str = "<!-- end of what was measured -->";

/// Puts the rows into docs/performance.md and leaves what people wrote there, and parts of which there are no rows.
///
/// # Errors
/// If a part would lose some of its cases, or if the file is not there, has lost its marks, or cannot be written.
pub(crate) fn write_docs(
    path: &Path,
    machine: &Machine,
    settings: &[(&str, String)],
    rows: &[Row],
) -> Result<()> {
    let mut text =
        std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    for Part { begin, cases, settings: names } in &PARTS {
        let rows: Vec<&Row> = rows.iter().filter(|row| cases.contains(&row.case)).collect();
        if rows.is_empty() {
            continue;
        }
        if let Some(missing) = cases.iter().find(|case| rows.iter().all(|row| row.case != **case)) {
            bail!("{} would lose the rows of {missing}; run {} together", path.display(), cases.join(" "));
        }
        let settings = settings.iter().filter(|(name, _)| names.contains(name));
        let settings: Vec<String> = settings.map(|(name, value)| format!("{name} {value}")).collect();
        let (before, rest) =
            text.split_once(begin).with_context(|| format!("{} has no line {begin}", path.display()))?;
        let (_, after) =
            rest.split_once(END).with_context(|| format!("{} has no line {END}", path.display()))?;
        text = format!("{before}{begin}\n\n{}\n{END}{after}", markdown(machine, &settings, &rows));
    }
    std::fs::write(path, text).with_context(|| format!("failed to write {}", path.display()))
}

fn markdown(machine: &Machine, settings: &[String], rows: &[&Row]) -> String {
    let mut out = format!("Machine: {machine}.\n\nSettings: {}.\n\n", settings.join(", "));
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    out += &line(&HEADERS.map(str::to_owned));
    out += "|---|---:|---|---:|---:|---|\n";
    for row in rows {
        out += &line(&row.cells());
    }
    out.push('\n');
    out.extend(notes(rows.iter().copied()).map(|note| format!("- {note}\n")));
    out
}

fn notes<'r>(rows: impl Iterator<Item = &'r Row>) -> impl Iterator<Item = String> {
    rows.filter(|row| !row.note.is_empty()).map(|row| format!("{}: {}", row.what, row.note))
}

/// A ratio as a percentage, or as a factor from ten on.
fn share(ratio: f64, digits: usize) -> String {
    if ratio >= 10.0 { format!("{ratio:.digits$} times") } else { format!("{:.digits$} %", ratio * 100.0) }
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
    fn large_ratios_are_factors() {
        let read = Row::figure("read", "text", 6e6, "characters/s").against("another", 1e5).at_least(50.0);
        assert_eq!(read.cells()[3..], ["60.0 times", "≥ 50 times", "yes"]);
    }

    /// A folder with a docs/performance.md that has both parts.
    fn docs() -> Result<(tempfile::TempDir, std::path::PathBuf)> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("performance.md");
        let parts = PARTS.each_ref().map(|part| format!("{}\nold {}\n{END}\n", part.begin, part.cases[0]));
        std::fs::write(&path, format!("# Speed\n{}Why.\n", parts.join("Between.\n")))?;
        Ok((folder, path))
    }

    #[test]
    fn docs_keep_what_people_wrote() -> Result<()> {
        let (_folder, path) = docs()?;
        let all: Vec<Row> = PARTS[0].cases.iter().map(|case| Row { case, ..row() }).collect();
        let settings = [("rounds", "5".to_owned()), ("bytes read a round", "7".to_owned())];
        write_docs(&path, &Machine::read(), &settings, &all)?;
        let text = std::fs::read_to_string(&path)?;
        assert!(
            text.starts_with("# Speed\n") && text.ends_with("\nWhy.\n") && !text.contains("old import"),
            "{text}"
        );
        assert!(
            text.contains("| durable import | 5,000 documents/s | 5,500 documents/s sled | 90.9 % |"),
            "{text}"
        );
        assert!(text.contains("Between.") && text.contains("old read"), "{text}");
        assert!(text.contains("Settings: rounds 5.\n"), "{text}");
        Ok(())
    }

    #[test]
    fn one_part_of_the_docs_is_written_alone() -> Result<()> {
        let (_folder, path) = docs()?;
        write_docs(&path, &Machine::read(), &[], &[Row::figure("read", "prose", 6.0, "MB/s")])?;
        let text = std::fs::read_to_string(&path)?;
        assert!(text.contains("| prose | 6.00 MB/s |") && !text.contains("old read"), "{text}");
        assert!(text.contains("old import"), "{text}");
        Ok(())
    }

    #[test]
    fn a_part_is_not_written_with_some_of_its_cases() -> Result<()> {
        let (_folder, path) = docs()?;
        let before = std::fs::read_to_string(&path)?;
        let error = write_docs(&path, &Machine::read(), &[], &[row()]).err().map(|error| error.to_string());
        assert!(error.as_deref().unwrap_or_default().contains("would lose the rows of get"), "{error:?}");
        assert_eq!(std::fs::read_to_string(&path)?, before);
        Ok(())
    }
}
