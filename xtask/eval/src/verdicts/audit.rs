//! The audit cases of the verdicts set: one document each, with one check that holds or fails. Of the development part every
//! error is told, of the test part numbers alone.

mod load;
mod report;

use std::ops::Range;
use std::path::Path;

use anyhow::{Result, bail};
use checks::{Input, Outcome, Stated};
use serde::Serialize;
use text::{Context, Reader};

use self::load::Case;
pub(crate) use self::report::{markdown, print};
use crate::stats::{Counts, Rate, wilson};

/// What the audit cases of one part give.
#[derive(Debug, Serialize)]
pub(crate) struct Part {
    /// Check by check in the order of the guideline, then all.
    pub(crate) rows: Vec<Row>,
    /// Cases that were labelled as holding.
    pub(crate) holding: usize,
    /// Those of them on which anything was said to fail.
    pub(crate) alarmed: usize,
    /// Whatever is wrong; empty for the test part.
    pub(crate) errors: Vec<Miss>,
}

/// One check, or all.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Row {
    /// Its name as the labels have it.
    pub(crate) check: String,
    /// Verdicts: labelled cases; verdicts said on them and alarms beside them; right ones.
    pub(crate) verdicts: Counts,
    /// Of those that hold.
    pub(crate) holds: Counts,
    /// Of those that fail.
    pub(crate) fails: Counts,
}

/// Something that is wrong in the development part.
#[derive(Debug, Serialize)]
pub(crate) struct Miss {
    /// The case.
    pub(crate) case: String,
    /// What was labelled.
    pub(crate) labelled: String,
    /// What was said.
    pub(crate) said: String,
}

impl Part {
    /// The share of cases said to hold on which something was said to fail.
    pub(crate) fn alarms(&self) -> Option<Rate> {
        wilson(self.alarmed, self.holding)
    }
}

/// Scores the audit cases in `folder`, of which the errors are told if it is the development part.
///
/// # Errors
/// If a line is no case; of the test part without its words.
pub(crate) fn score(reader: &Reader, folder: &Path, told: bool) -> Result<Part> {
    let cases = match load::cases(folder) {
        Ok(cases) => cases,
        Err(error) if told => return Err(error),
        Err(_) => bail!("{} has a line that is not as eval/verdicts/guideline.md says", folder.display()),
    };
    let mut part = Part { rows: Vec::new(), holding: 0, alarmed: 0, errors: Vec::new() };
    let mut all = Row { check: "all".to_owned(), ..Row::default() };
    for case in &cases {
        let found = outcomes(reader, case);
        let verdict = Verdict::of(case, &found);
        let index = match part.rows.iter().position(|row| row.check == case.check) {
            Some(index) => index,
            None => {
                part.rows.push(Row { check: case.check.clone(), ..Row::default() });
                part.rows.len() - 1
            }
        };
        for row in [&mut part.rows[index], &mut all] {
            row.add(case.holds, &verdict);
        }
        part.holding += usize::from(case.holds);
        part.alarmed += usize::from(case.holds && found.iter().any(|outcome| !outcome.holds));
        if told {
            part.errors.extend(verdict.misses(case));
        }
    }
    part.rows.sort_by_key(|row| load::CHECKS.iter().position(|(name, _)| *name == row.check));
    part.rows.push(all);
    Ok(part)
}

/// What the audit says of a case.
fn outcomes(reader: &Reader, case: &Case) -> Vec<Outcome> {
    let context = Context { published: Some(case.published), ..Context::default() };
    let mentions = reader.read(&case.text, &context);
    let claims: Vec<Stated> = reader
        .claims(&case.text, case.title_bytes, &mentions)
        .iter()
        .map(|claim| Stated {
            name: String::new(),
            keys: Vec::new(),
            claim: text_record::claim("documents/case", claim),
        })
        .collect();
    checks::audit(&Input {
        text: &case.text,
        title_bytes: case.title_bytes,
        published: Some(case.published),
        mentions: &mentions,
        claims: &claims,
    })
}

/// What was said of the labelled check of a case, and what else was said to fail.
struct Verdict<'o> {
    /// Outcomes of the labelled check that touch its quotes: one that fails if there is one, else one that holds.
    said: Option<&'o Outcome>,
    right: bool,
    /// Outcomes that fail and are not the labelled one.
    alarms: Vec<&'o Outcome>,
}

impl<'o> Verdict<'o> {
    fn of(case: &Case, found: &'o [Outcome]) -> Verdict<'o> {
        let meant = |outcome: &&Outcome| {
            let touched = case.quotes.iter().filter(|quote| touches(outcome, quote)).count();
            // Passages of time and wording are phrases, of which one label may quote two in one.
            let least = if load::is_arithmetic(&case.check) { 2 } else { 1 };
            Some(outcome.check) == load::check(&case.check) && touched >= case.quotes.len().min(least)
        };
        let fails = found.iter().filter(meant).find(|outcome| !outcome.holds);
        let said = fails.or(found.iter().find(meant));
        // The labelled slip may be told in two ways.
        let other = |outcome: &&Outcome| {
            !outcome.holds && (case.holds || !meant(outcome)) && said.is_none_or(|said| said != *outcome)
        };
        Verdict {
            said,
            right: said.is_some_and(|said| said.holds == case.holds),
            alarms: found.iter().filter(other).collect(),
        }
    }

    fn misses(&self, case: &Case) -> Vec<Miss> {
        let verdict = if case.holds { "holds" } else { "fails" };
        let told = |said: String| Miss {
            case: case.id.clone(),
            labelled: format!("{} {verdict}: {}", case.check, case.words.join(" ¦ ")),
            said,
        };
        let tell = |outcome: &Outcome| format!("{:?} {}: {}", outcome.check, outcome.kind(), outcome.said);
        let mut misses: Vec<Miss> = Vec::new();
        if !self.right {
            misses.push(told(self.said.map_or("nothing".to_owned(), tell)));
        }
        misses.extend(self.alarms.iter().map(|alarm| told(format!("alarm: {}", tell(alarm)))));
        misses
    }
}

impl Row {
    fn add(&mut self, holds: bool, verdict: &Verdict<'_>) {
        let one = Counts {
            gold: 1,
            read: usize::from(verdict.said.is_some()) + verdict.alarms.len(),
            right: usize::from(verdict.right),
        };
        self.verdicts.add(one);
        if holds { &mut self.holds } else { &mut self.fails }.add(one);
    }
}

/// True if an outcome rests on some of a labelled quote.
fn touches(outcome: &Outcome, places: &[Range<usize>]) -> bool {
    let meet = |passage: &Range<usize>| {
        places.iter().any(|place| passage.start < place.end && place.start < passage.end)
    };
    outcome.passages.iter().any(meet)
}
