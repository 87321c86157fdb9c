//! The files: JSON lines, named `kind.language.jsonl`.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use text::{Kind, Kinds};

/// What a file's cases look for, from its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SpecKind {
    /// Numbers.
    Number,
    /// Percentages.
    Percent,
    /// Money.
    Currency,
    /// Physical quantities.
    Dimension,
    /// Ranges of numbers.
    Range,
    /// Dates, periods and durations.
    Time,
}

impl SpecKind {
    /// All, in the order of the report.
    pub(crate) const ALL: [SpecKind; 6] = [
        SpecKind::Number,
        SpecKind::Percent,
        SpecKind::Currency,
        SpecKind::Dimension,
        SpecKind::Range,
        SpecKind::Time,
    ];

    /// The name in a file's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            SpecKind::Number => "number",
            SpecKind::Percent => "percent",
            SpecKind::Currency => "currency",
            SpecKind::Dimension => "dimension",
            SpecKind::Range => "range",
            SpecKind::Time => "time",
        }
    }

    /// The least rate asked for, both languages pooled.
    pub(crate) fn target(self) -> f64 {
        match self {
            SpecKind::Number | SpecKind::Percent => 0.97,
            SpecKind::Currency => 0.95,
            SpecKind::Dimension => 0.92,
            SpecKind::Range | SpecKind::Time => 0.90,
        }
    }

    /// What the reader is asked to look for.
    pub(crate) fn kinds(self) -> Kinds {
        match self {
            SpecKind::Number | SpecKind::Range => Kinds::of(&[Kind::Number]),
            // There a unit without a number counts as well.
            SpecKind::Percent => Kinds::of(&[Kind::Percent]).with_units(),
            SpecKind::Currency | SpecKind::Dimension => Kinds::of(&[Kind::Quantity]).with_units(),
            SpecKind::Time => Kinds::of(&[Kind::Time, Kind::Duration]),
        }
    }
}

/// A file of cases.
#[derive(Debug)]
pub(crate) struct SpecFile {
    /// Its name without the end, `currency.en`.
    pub(crate) stem: String,
    /// What is looked for.
    pub(crate) kind: SpecKind,
    /// The language.
    pub(crate) language: String,
    /// Its cases.
    pub(crate) cases: Vec<Case>,
}

/// One text with what stands in it.
#[derive(Debug, Deserialize)]
pub(crate) struct Case {
    /// Its id in the file.
    pub(crate) id: String,
    /// The text.
    pub(crate) text: String,
    /// All mentions of the file's kind.
    pub(crate) expect: Vec<Expected>,
    /// The time of writing.
    #[serde(default)]
    pub(crate) reference: Option<String>,
}

impl Case {
    /// The day of writing.
    pub(crate) fn day(&self) -> Option<Date> {
        self.reference.as_deref()?.get(..10)?.parse().ok()
    }
}

/// A mention of a case.
#[derive(Debug, Deserialize)]
pub(crate) struct Expected {
    /// First byte.
    pub(crate) start: usize,
    /// After the last byte.
    pub(crate) end: usize,
    /// The text between.
    pub(crate) text: String,
    /// Value, unit and the like, by the names of the specification.
    pub(crate) resolution: serde_json::Value,
}

/// All files of a folder whose names tell a kind, by name.
///
/// # Errors
/// If the folder has none, or a line is no case, or a span is not its text.
pub(crate) fn load(folder: &Path) -> Result<Vec<SpecFile>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("failed to read the folder {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let Some(stem) =
            path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".jsonl"))
        else {
            continue;
        };
        let Some((kind, language)) = stem.split_once('.') else {
            bail!("{}: a file of cases is named kind.language.jsonl", path.display());
        };
        let Some(kind) = SpecKind::ALL.into_iter().find(|known| known.name() == kind) else {
            bail!(
                "{}: «{kind}» is no kind of cases; there are number, percent, currency, dimension, range, time",
                path.display()
            );
        };
        let content =
            std::fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
        let cases = cases(&content).with_context(|| path.display().to_string())?;
        files.push(SpecFile { stem: stem.to_owned(), kind, language: language.to_owned(), cases });
    }
    ensure!(!files.is_empty(), "{} has no files kind.language.jsonl", folder.display());
    files.sort_by(|a, b| (a.kind, &a.language).cmp(&(b.kind, &b.language)));
    Ok(files)
}

fn cases(content: &str) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for (line, text) in (1..).zip(content.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let case: Case = serde_json::from_str(text).with_context(|| format!("line {line} is no case"))?;
        for expected in &case.expect {
            ensure!(
                case.text.get(expected.start..expected.end) == Some(expected.text.as_str()),
                "line {line}, case {}: bytes {}..{} are not «{}»",
                case.id,
                expected.start,
                expected.end,
                expected.text
            );
        }
        cases.push(case);
    }
    Ok(cases)
}
