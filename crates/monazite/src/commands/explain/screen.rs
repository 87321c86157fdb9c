//! A derivation on a screen: each record with what it rests on below it, further in.

use std::collections::BTreeSet;
use std::io::{self, Write};

use api::record::SeriesPoint;
use prost::Name as _;
use text::Lexicon;

use super::{Node, Nodes, claim_of, node, text_of};
use crate::commands::facts;
use crate::fit::flat;
use crate::wrap::wrapped;

/// Passages of one record that are shown.
const PASSAGES: usize = 12;

/// Digits of a hash or digest that are shown.
const DIGITS: usize = 12;

/// Prints the record of this name and all on which it rests, on a screen of `width` cells.
///
/// # Errors
/// If `out` refuses.
pub(super) fn print(name: &str, nodes: &Nodes, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Vec::new();
    let mut told = BTreeSet::new();
    // Depth first, without recursion: what is pushed last is told first.
    let mut open = vec![(name, 0)];
    while let Some((name, depth)) = open.pop() {
        let Some(node) = nodes.get(name) else {
            push(&format!("{name} · gone, or too far away to be told here"), depth, "", width, &mut lines);
            continue;
        };
        let summary = node::summary(&node.record);
        let dot = if summary.is_empty() { "" } else { ": " };
        let head = format!("{name} · {}{dot}{summary}", node::kind(&node.record.kind));
        // What quotes nothing itself is told in a line; what it was derived from, where it is asked for.
        // A point of a series quotes nothing either, but below it stand the rows of which a finding speaks.
        let short = depth > 0
            && node.record.kind != SeriesPoint::full_name()
            && node.record.citations.iter().all(|citation| citation.spans.is_empty());
        if !told.insert(name) {
            if short {
                continue;
            }
            let again = format!("{name} · {}, as above", node::kind(&node.record.kind));
            push(&again, depth, "", width, &mut lines);
            continue;
        }
        if short {
            push(&format!("{head} · {}", by(node)), depth, "", width, &mut lines);
            continue;
        }
        push(&head, depth, "", width, &mut lines);
        for line in about(node) {
            push(&line, depth, "    ", width, &mut lines);
        }
        if let Some((claim, document)) = claim_of(node, nodes) {
            let indent = "  ".repeat(depth);
            let room = width.saturating_sub(indent.len());
            let slots = facts::explain::lines(
                Lexicon::standard(),
                &text_of(document),
                &claim,
                &node.record.keys,
                room,
            );
            lines.extend(slots.iter().map(|line| format!("{indent}{}", flat(line))));
        }
        open.extend(node.rests_on.iter().rev().map(|name| (name.as_str(), depth + 1)));
    }
    lines.iter().try_for_each(|line| writeln!(out, "{}", line.trim_end()))
}

/// Adds a text over as many lines as it needs.
fn push(text: &str, depth: usize, before: &str, width: usize, lines: &mut Vec<String>) {
    let first = format!("{}{before}", "  ".repeat(depth));
    let rest = format!("{first}    ");
    lines.extend(wrapped(&flat(text), &first, &rest, width).lines().map(str::to_owned));
}

/// Who wrote a record, in a few words.
fn by(node: &Node) -> String {
    let record = &node.record;
    match (&node.derivation, record.analyzer.as_str()) {
        (Some(from), _) => format!("by {} {}, sequence {}", from.analyzer, from.version, record.sequence),
        (None, "") => format!("put by a client, sequence {}", record.sequence),
        (None, analyzer) => format!("by {analyzer}, sequence {}", record.sequence),
    }
}

/// Who wrote a record, from what, and what it cites.
fn about(node: &Node) -> Vec<String> {
    let record = &node.record;
    let time = record.commit_time.as_ref().map(|time| format!(", {time}")).unwrap_or_default();
    let written = format!("written at sequence {}{time}", record.sequence);
    let mut lines = Vec::new();
    match (&node.derivation, record.analyzer.as_str()) {
        (Some(from), _) => {
            let config = match from.config_digest.get(..DIGITS).unwrap_or(&from.config_digest) {
                "" => "no config".to_owned(),
                digest => format!("config {digest}"),
            };
            lines.push(format!(
                "derived by {} {} · {config} · from the group {}",
                from.analyzer, from.version, from.group
            ));
            let kinds = match &node.inputs {
                Some(kinds) => {
                    let each = kinds.iter().map(|(kind, count)| format!("{count} {}", node::kind(kind)));
                    format!(" ({})", each.collect::<Vec<_>>().join(", "))
                }
                None => " (which cannot be read any more)".to_owned(),
            };
            let hash = node::hex(&from.input_hash);
            let hash = hash.get(..DIGITS).unwrap_or(&hash);
            let (count, read) = (from.input_count, from.read_sequence);
            let noun = if count == 1 { "record" } else { "records" };
            lines.push(format!("{count} {noun}{kinds} read at sequence {read}, hash {hash} · {written}"));
        }
        (None, "") => lines.push(format!("put by a client · {written}")),
        (None, analyzer) => {
            lines.push(format!("derived by {analyzer} from the group {} · {written}", record.group));
        }
    }
    let passages = record.citations.iter().flat_map(|c| c.spans.iter().map(move |span| (&c.document, span)));
    for (document, span) in passages.clone().take(PASSAGES) {
        lines.push(format!("cites {document} {}..{} «{}»", span.start_byte, span.end_byte, span.quote));
    }
    let all = passages.count();
    if all > PASSAGES {
        lines.push(format!("cites {} passages more, all of which --output json shows", all - PASSAGES));
    }
    lines
}
