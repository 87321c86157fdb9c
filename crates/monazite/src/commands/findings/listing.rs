//! Findings for spreadsheets and programs: each as it is stored, with every quote, its document and place.

use std::collections::BTreeSet;

use api::record::{Claim, TableReading, Term};
use serde_json::{Value, json};

use super::about::Claims;
use super::{Found, Views, words};
use crate::output::{Cell, Listing, column};
use crate::view::View;

/// A row for each finding.
pub(super) fn listing(found: &[Found], views: &Views, claims: &Claims) -> Listing {
    let mut listing = Listing::new(&[
        column("SEVERITY", "severity"),
        column("KIND", "kind"),
        column("REASON", "reason"),
        column("CHECK", "check"),
        column("SUBJECT", "subject"),
        column("MEASURE", "measure"),
        column("PERIOD", "period"),
        column("SAID", "said"),
        column("QUOTES", "quotes"),
        column("DOCUMENTS", "documents"),
        column("FINDING", "finding"),
    ]);
    for found in found {
        let object = object(found, views);
        let claim = claims.first(&found.body);
        let said: Vec<&str> = found.body.sides.iter().map(|side| side.said.as_str()).collect();
        let optional = |name: Option<String>| Cell::new(name.clone().unwrap_or_default(), name);
        let documents = documents(found);
        let quotes =
            found.citations.iter().enumerate().map(|(index, _)| quote(found, index)).collect::<Vec<_>>();
        let cells = vec![
            found.body.severity.into(),
            words::kind(found.body.kind()).into(),
            optional(words::reason(&found.body)),
            optional(words::check(&found.body)),
            Cell::new("", named(claim.and_then(|claim| claim.subject.as_ref().or(claim.actors.first())))),
            Cell::new("", named(claim.and_then(|claim| claim.measure.as_ref()))),
            Cell::new("", period(claim)),
            said.join(" / ").into(),
            Cell::new("", quotes),
            Cell::new("", documents),
            found.name.clone().into(),
        ];
        listing.row_of(cells, Vec::new(), object);
    }
    listing
}

/// A name for CSV, by its id, else by its words.
fn named(term: Option<&Term>) -> Value {
    term.map(|term| if term.id.is_empty() { &term.words } else { &term.id }).map(String::as_str).into()
}

/// The period of the claim that says what a finding is about; where its sides differ, that of the first.
fn period(claim: Option<&Claim>) -> Value {
    let period = claim.and_then(|claim| claim.period.as_ref()?.period.as_ref());
    json!({
        "start": period.map(|period| period.start.as_str()),
        "end": period.map(|period| period.end.as_str()),
    })
}

/// The documents that a finding cites, each once, in the order of its passages.
pub(super) fn documents(found: &Found) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    let cited = found.citations.iter().map(|citation| citation.document.as_str());
    cited.filter(|document| seen.insert(*document)).collect()
}

/// A finding for programs: every quote with its document and span.
pub(super) fn object(found: &Found, views: &Views) -> Value {
    let body = &found.body;
    let quotes =
        |indexes: &[u32]| indexes.iter().map(|index| quote(found, *index as usize)).collect::<Vec<_>>();
    let sides: Vec<Value> = body
        .sides
        .iter()
        .enumerate()
        .map(|(index, side)| {
            json!({
                "side": words::letter(index),
                "said": side.said,
                "voices": side.voices,
                "claims": side.claims,
                "quotes": quotes(&side.citations),
                "readings": side.readings,
            })
        })
        .collect();
    let calculations: Vec<Value> = body
        .calculations
        .iter()
        .map(|sum| {
            json!({
                "expression": sum.expression,
                "low": given(&sum.low),
                "high": given(&sum.high),
                "printed_low": given(&sum.printed_low),
                "printed_high": given(&sum.printed_high),
                "unit": given(&sum.unit),
                "operands": quotes(&sum.operands),
            })
        })
        .collect();
    let likelier: Vec<Value> = body
        .likelier
        .iter()
        .map(|reason| {
            json!({"side": words::letter(reason.side as usize), "kind": words::likelier(reason), "quotes": quotes(&reason.citations), "readings": reason.readings})
        })
        .collect();
    let keys: Vec<&String> = found.keys.iter().filter(|key| !key.starts_with("document=")).collect();
    let cited = |view: &&View| found.citations.iter().any(|citation| citation.document == view.name);
    json!({
        "finding": found.name,
        "kind": words::kind(body.kind()),
        "reason": words::reason(body),
        "check": words::check(body),
        "severity": body.severity,
        "sides": sides,
        "calculations": calculations,
        "likelier": likelier,
        "readings": body.readings.iter().map(reading).collect::<Vec<_>>(),
        "missing": given(&body.missing),
        "cut": body.cut,
        "claims": body.claims,
        "verdicts": found.opinions.iter().map(|opinion| &opinion.object).collect::<Vec<_>>(),
        "muted": found.muted,
        "keys": keys,
        "documents": views.values().filter(cited).map(View::json).collect::<Vec<_>>(),
    })
}

/// What a loaded table says, with its cells.
fn reading(reading: &TableReading) -> Value {
    let value = reading.value.clone().unwrap_or_default();
    let over = reading.over.clone().unwrap_or_default();
    let cells: Vec<Value> = reading
        .cells
        .iter()
        .map(|cell| {
            let row = cell.row.clone().unwrap_or_default();
            json!({
                "observation": cell.observation,
                "file": row.file,
                "sheet": given(&row.sheet),
                "row": row.number,
                "column": given(&row.column),
                "cell": row.cell,
            })
        })
        .collect();
    json!({
        "source": reading.source,
        "edition": given(&reading.edition),
        "start": over.start,
        "end": over.end,
        "value": given(&value.value),
        "low": given(&value.low),
        "high": given(&value.high),
        "unit": given(&value.unit),
        "cells": cells,
    })
}

fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// A passage with its document and place; one of several spans is quoted in parts.
fn quote(found: &Found, index: usize) -> Value {
    let Some(citation) = found.citations.get(index) else { return Value::Null };
    let spans: Vec<Value> = citation
        .spans
        .iter()
        .map(|span| json!({"start_byte": span.start_byte, "end_byte": span.end_byte, "quote": span.quote}))
        .collect();
    let text: Vec<&str> = citation.spans.iter().map(|span| span.quote.as_str()).collect();
    json!({"document": citation.document, "quote": text.join(" … "), "spans": spans})
}
