//! What was scored, as text for a terminal and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use serde::Serialize;
use serde_json::{Value, json};

use crate::set::{ALL, Report, RuleRow, Sums, Totals};
use crate::specs::{Conversion, Exceptions, FileScore, SpecKind};
use crate::stats::{Counts, Rate, wilson};
use crate::stories::{self, Stories};
use crate::verdicts::{self, audit};

/// Everything that was scored.
#[derive(Default)]
pub(crate) struct Results {
    /// Specifications.
    pub(crate) specs: Option<Specs>,
    /// The development part of the annotated set.
    pub(crate) development: Option<Report>,
    /// The test part.
    pub(crate) test: Option<Totals>,
    /// The corpus feed, whose labels name no names.
    pub(crate) feed: Option<Report>,
    /// The stories set.
    pub(crate) stories: Option<Stories>,
    /// The audit cases of the verdicts set, part by part.
    pub(crate) audit: Vec<(&'static str, audit::Part)>,
    /// The groups of the verdicts set, development part.
    pub(crate) verdicts: Option<verdicts::Report>,
    /// The groups of the verdicts set, test part.
    pub(crate) hidden_verdicts: Option<verdicts::Totals>,
}

/// The scores of specifications.
pub(crate) struct Specs {
    /// By file.
    pub(crate) scores: Vec<FileScore>,
    /// What is listed as an exception.
    pub(crate) exceptions: Exceptions,
}

/// A line of the table of specifications.
#[derive(Serialize)]
pub(crate) struct SpecRow {
    /// The kind of mentions.
    pub(crate) kind: SpecKind,
    /// The language, or `all`.
    pub(crate) language: String,
    /// Cases.
    pub(crate) cases: usize,
    /// Right ones.
    pub(crate) right: usize,
    /// Right ones of all.
    pub(crate) rate: Option<Rate>,
    /// Wrong ones that are listed as exceptions.
    pub(crate) excepted: usize,
    /// Right ones of those that are no exceptions.
    pub(crate) rate_without: Option<Rate>,
    /// What is asked for, of both languages together.
    pub(crate) target: Option<f64>,
    /// Right only by a conversion.
    pub(crate) converted: BTreeMap<Conversion, usize>,
}

impl Specs {
    /// Kind by kind: each language, and all together.
    pub(crate) fn rows(&self) -> Vec<SpecRow> {
        let mut rows = Vec::new();
        for kind in SpecKind::ALL {
            let scores: Vec<&FileScore> = self.scores.iter().filter(|score| score.kind == kind).collect();
            rows.extend(scores.iter().map(|score| row(kind, &score.language, &[score], None)));
            if !scores.is_empty() {
                rows.push(row(kind, ALL, &scores, Some(kind.target())));
            }
        }
        rows
    }
}

fn row(kind: SpecKind, language: &str, scores: &[&FileScore], target: Option<f64>) -> SpecRow {
    let sum = |count: fn(&FileScore) -> usize| scores.iter().map(|score| count(score)).sum::<usize>();
    let (cases, right, excepted) = (sum(|s| s.cases), sum(|s| s.right), sum(|s| s.excepted));
    let mut converted = BTreeMap::new();
    for (conversion, count) in scores.iter().flat_map(|score| &score.converted) {
        *converted.entry(*conversion).or_default() += count;
    }
    SpecRow {
        kind,
        language: language.to_owned(),
        cases,
        right,
        rate: wilson(right, cases),
        excepted,
        rate_without: wilson(right, cases - excepted),
        target,
        converted,
    }
}

impl SpecRow {
    /// The cells of the table.
    pub(crate) fn cells(&self) -> Vec<String> {
        let reached = self.target.zip(self.rate).map(|(target, rate)| rate.rate >= target);
        let converted: usize = self.converted.values().sum();
        vec![
            self.kind.name().to_owned(),
            self.language.clone(),
            self.cases.to_string(),
            self.right.to_string(),
            percent(self.rate),
            interval(self.rate),
            converted.to_string(),
            self.excepted.to_string(),
            percent(self.rate_without),
            self.target.map(|target| format!("{:.0} %", target * 100.0)).unwrap_or_default(),
            reached.map(|reached| if reached { "yes" } else { "NO" }.to_owned()).unwrap_or_default(),
        ]
    }
}

/// The headers of the table of specifications.
pub(crate) const SPEC_HEADERS: &[&str] = &[
    "kind", "language", "cases", "right", "rate", "95 %", "converted", "exceptions", "without them",
    "target", "reached",
];

/// The headers of the tables of mentions and slots.
pub(crate) const COUNT_HEADERS: &[&str] =
    &["language", "what", "labelled", "read", "right", "precision", "95 %", "recall", "95 %", "F1"];

fn counts_cells(language: &str, what: &str, counts: Counts) -> Vec<String> {
    vec![
        language.to_owned(),
        what.to_owned(),
        counts.gold.to_string(),
        counts.read.to_string(),
        counts.right.to_string(),
        share(counts.precision()),
        share_interval(counts.precision()),
        share(counts.recall()),
        share_interval(counts.recall()),
        counts.f1().map(|f1| format!("{f1:.3}")).unwrap_or_default(),
    ]
}

/// Mentions of a part: each kind, all, and all by span alone.
pub(crate) fn mention_rows(totals: &Totals) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (language, sums) in ordered(totals) {
        rows.extend(sums.mentions.iter().map(|(kind, counts)| counts_cells(language, kind, counts.exact)));
        rows.push(counts_cells(language, "all kinds", sums.all_mentions.exact));
        rows.push(counts_cells(language, "all kinds, span alone", sums.all_mentions.span));
    }
    rows
}

/// Slots of a part's claims: claims matched, each slot, all slots.
pub(crate) fn slot_rows(totals: &Totals) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (language, sums) in ordered(totals).into_iter().filter(|(_, sums)| sums.claims.is_some()) {
        rows.push(counts_cells(language, "claims matched", sums.claims.unwrap_or_default()));
        rows.extend(sums.slots.iter().map(|(slot, counts)| counts_cells(language, slot, *counts)));
        rows.push(counts_cells(language, "all slots", sums.all_slots));
    }
    rows
}

/// The headers of the table of keys.
pub(crate) const KEY_HEADERS: &[&str] = &["language", "key", "claims that carry it", "equal", "rate", "95 %"];

/// Keys of a part's claims.
pub(crate) fn key_rows(totals: &Totals) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (language, sums) in ordered(totals).into_iter().filter(|(_, sums)| sums.claims.is_some()) {
        let keys = sums.keys;
        for (name, gold, right) in [
            ("series", keys.series.gold, keys.series.right),
            ("fact", keys.fact.gold, keys.fact.right),
            ("digits", keys.digits.gold, keys.digits.right),
            ("all that it carries, and no other", keys.claims, keys.claims_right),
        ] {
            let rate = wilson(right, gold);
            rows.push(vec![
                language.to_owned(),
                name.to_owned(),
                gold.to_string(),
                right.to_string(),
                share(rate),
                share_interval(rate),
            ]);
        }
    }
    rows
}

/// The languages, and all together last.
fn ordered(totals: &Totals) -> Vec<(&str, &Sums)> {
    let mut list: Vec<(&str, &Sums)> =
        totals.languages.iter().map(|(language, sums)| (language.as_str(), sums)).collect();
    list.sort_by_key(|(language, _)| (*language == ALL, *language));
    list
}

/// The headers of the table of a part's pooled rates.
pub(crate) const POOLED_HEADERS: &[&str] = &["what", "rate", "95 %, over texts", "target", "reached"];

/// The rates over all languages, with what issue asks for.
pub(crate) fn pooled_rows(totals: &Totals, with_targets: bool) -> Vec<Vec<String>> {
    let keys = totals.languages.get(ALL).map(|sums| sums.keys).unwrap_or_default();
    let mut rows = Vec::new();
    for (what, rate, target) in [
        ("mentions, precision", totals.mentions.precision, Some(0.97)),
        ("mentions, recall", totals.mentions.recall, Some(0.97)),
        ("mentions, F1", totals.mentions.f1, None),
        ("mentions by span alone, F1", totals.mention_spans.f1, None),
        ("slots of claims, precision", totals.slots.precision, Some(0.93)),
        ("slots of claims, recall", totals.slots.recall, Some(0.80)),
        ("slots of claims, F1", totals.slots.f1, None),
        (
            "claims with all keys right (interval over claims)",
            wilson(keys.claims_right, keys.claims),
            Some(0.93),
        ),
    ] {
        let target = target.filter(|_| with_targets);
        let reached = target.zip(rate).map(|(target, rate)| if rate.rate >= target { "yes" } else { "NO" });
        rows.extend(rate.is_some().then(|| {
            vec![
                what.to_owned(),
                share(rate),
                share_interval(rate),
                target.map(|target| format!("{target:.2}")).unwrap_or_default(),
                reached.unwrap_or_default().to_owned(),
            ]
        }));
    }
    rows
}

/// Everything for a terminal, with up to `errors` errors of each cause.
pub(crate) fn print(results: &Results, errors: usize) -> String {
    let mut out = String::new();
    if let Some(specs) = &results.specs {
        let rows: Vec<Vec<String>> = specs.rows().iter().map(SpecRow::cells).collect();
        out += &format!("specifications\n\n{}\n", table(SPEC_HEADERS, &rows));
        for score in &specs.scores {
            if !score.unknown_units.is_empty() {
                let _ = writeln!(out, "{}: units.tsv lacks {}", score.stem, score.unknown_units.join(", "));
            }
            for wrong in score.wrong.iter().take(errors) {
                let _ = writeln!(
                    out,
                    "{} {:?}\n   expected {}\n   got      {}",
                    wrong.id,
                    wrong.text,
                    wrong.expected.join("  "),
                    wrong.got.join("  ")
                );
            }
        }
    }
    if let Some(report) = &results.development {
        out += &part("development part", &report.totals, false);
        out += &list_errors(report, errors);
    }
    if let Some(totals) = &results.test {
        out += &part("test part", totals, true);
    }
    if let Some(report) = &results.feed {
        out += &part("the feed", &report.totals, false);
        out += &list_errors(report, errors);
    }
    if let Some(stories) = &results.stories {
        out += &stories::print(stories, errors);
    }
    for (name, part) in &results.audit {
        out += &audit::print(name, part, errors);
    }
    if let Some(report) = &results.verdicts {
        out += &verdicts::plain("verdicts, development part", &report.totals);
        out += &verdicts::errors(report, errors);
    }
    if let Some(totals) = &results.hidden_verdicts {
        out += &verdicts::plain("verdicts, test part", totals);
    }
    out
}

fn part(name: &str, totals: &Totals, with_targets: bool) -> String {
    let all = totals.languages.get(ALL);
    let mut out = format!("\n{name}: {} texts\n\n", all.map_or(0, |sums| sums.texts));
    out += &table(POOLED_HEADERS, &pooled_rows(totals, with_targets));
    out += &format!("\nmentions\n\n{}", table(COUNT_HEADERS, &mention_rows(totals)));
    let _ = writeln!(out, "\nlabelled names not in the lexicon: {}", all.map_or(0, |s| s.not_in_lexicon));
    if all.is_some_and(|sums| sums.claims.is_some()) {
        out += &format!("\nclaims\n\n{}", table(COUNT_HEADERS, &slot_rows(totals)));
        out += &format!("\nkeys\n\n{}", table(KEY_HEADERS, &key_rows(totals)));
        out += &meetings_line(totals);
    } else {
        out += "claims are not scored: the reader reads none\n";
    }
    out
}

/// How many pairs of claims meet that should not.
pub(crate) fn meetings_line(totals: &Totals) -> String {
    format!(
        "\nPairs that meet in `fact=` with different meanings: {} (must be none); with the same meaning and labelled values that disagree: {}.\n",
        totals.met_wrongly, totals.met_with_other_values
    )
}

/// Causes by how often they occur, each with its first errors. The test part has no [`Report`].
fn list_errors(report: &Report, errors: usize) -> String {
    let mut out = String::new();
    let mut causes: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for miss in &report.misses {
        causes.entry(&miss.cause).or_default().push(miss);
    }
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(cause, misses)| (std::cmp::Reverse(misses.len()), *cause));
    if errors > 0 {
        out += "\nerrors by cause\n";
    }
    for (cause, misses) in causes.iter().filter(|_| errors > 0) {
        let _ = writeln!(out, "\n{} × {cause}", misses.len());
        for miss in misses.iter().take(errors) {
            let _ = writeln!(
                out,
                "  {} {:?}\n     expected {}\n     got      {}",
                miss.text, miss.quote, miss.expected, miss.got
            );
        }
    }
    for meeting in &report.meetings {
        let what = if meeting.different { "differ in meaning" } else { "disagree in value" };
        let ((first, quote), (second, other)) = (&meeting.first, &meeting.second);
        let _ = writeln!(
            out,
            "fact={} joins {first} {quote:?} and {second} {other:?}, which {what}",
            meeting.fact
        );
    }
    if errors > 0 && !report.not_in_lexicon.is_empty() {
        let _ = writeln!(out, "\nnot in the lexicon: {}", report.not_in_lexicon.join(", "));
    }
    out
}

/// What each rule filled, the most often wrong first.
pub(crate) fn rules(rows: &[RuleRow]) -> String {
    let cells = |row: &RuleRow| {
        let filled = row.filled;
        vec![
            row.slot.to_owned(),
            row.rule.clone(),
            filled.filled.to_string(),
            filled.right.to_string(),
            (filled.filled - filled.right).to_string(),
            filled.too_many.to_string(),
            filled.unpaired.to_string(),
            share(wilson(filled.right, filled.filled)),
        ]
    };
    let headers = ["slot", "rule", "filled", "right", "wrong", "left empty", "no claim", "precision"];
    table(&headers, &rows.iter().map(cells).collect::<Vec<_>>())
}

/// Everything as JSON; of the test part the totals.
///
/// # Errors
/// If a figure cannot be written as JSON, such as one that is not finite.
pub(crate) fn json(results: &Results) -> Result<Value> {
    let specs = results.specs.as_ref().map(|specs| json!({ "rows": specs.rows(), "files": specs.scores }));
    Ok(json!({
        "specs": specs,
        "development": serde_json::to_value(&results.development)?,
        "test": serde_json::to_value(&results.test)?,
        "feed": serde_json::to_value(&results.feed)?,
        "stories": serde_json::to_value(&results.stories)?,
        "audit": results.audit.iter().map(|(name, part)| json!({ "part": name, "score": part })).collect::<Vec<_>>(),
        "verdicts": serde_json::to_value(&results.verdicts)?,
        "verdicts_test": serde_json::to_value(&results.hidden_verdicts)?,
    }))
}

/// Columns padded with blanks.
pub(crate) fn table(headers: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = headers.iter().map(|header| header.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
    let mut out = String::new();
    for row in std::iter::once(&headers).chain(rows) {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        let _ = writeln!(out, "{}", cells.join("  ").trim_end());
    }
    out
}

/// `97.4 %`.
fn percent(rate: Option<Rate>) -> String {
    rate.map(|rate| format!("{:.1} %", rate.rate * 100.0)).unwrap_or_default()
}

/// `95.1–98.6`.
fn interval(rate: Option<Rate>) -> String {
    rate.map(|rate| format!("{:.1}–{:.1}", rate.low * 100.0, rate.high * 100.0)).unwrap_or_default()
}

fn share(rate: Option<Rate>) -> String {
    rate.map(|rate| format!("{:.3}", rate.rate)).unwrap_or_default()
}

fn share_interval(rate: Option<Rate>) -> String {
    rate.map(|rate| format!("{:.3}–{:.3}", rate.low, rate.high)).unwrap_or_default()
}
