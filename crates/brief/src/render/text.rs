//! For a terminal.

use super::flat;
use super::page::{self, Run};
use crate::model::{Brief, Piece};
use crate::wrap::wrapped;

/// The brief for a screen of `width` terminal cells, on which Chinese characters count two. No line is wider, unless one word is.
#[must_use]
pub fn text(brief: &Brief, width: usize) -> String {
    let mut out = wrapped(&page::title(brief), "", "", width);
    out += &wrapped(&page::facts(brief).join(" · "), "", "", width);
    if brief.sections.is_empty() {
        out += &wrapped(page::nothing(brief), "", "", width);
    }
    for section in &brief.sections {
        out.push('\n');
        out += &wrapped(&section.heading, "", "", width);
        for entry in &section.entries {
            let mut head = line(brief, &entry.head);
            if let Some(told) = page::tellings(brief, entry) {
                head += &format!("  ({told})");
            }
            out += &wrapped(&head, "  • ", "    ", width);
            for below in &entry.lines {
                out += &wrapped(&line(brief, below), "      ", "      ", width);
            }
        }
        if let Some(further) = page::further(brief, section.further) {
            out += &wrapped(&further, "    ", "    ", width);
        }
    }
    if !brief.sources.is_empty() {
        out.push('\n');
        out += &wrapped(page::sources_heading(brief), "", "", width);
    }
    for source in &brief.sources {
        let number = format!("  [{}] ", source.number);
        let rest = " ".repeat(number.len());
        out += &wrapped(&page::source(brief, source), &number, &rest, width);
    }
    if let Some(derived) = page::derived_by(brief) {
        out.push('\n');
        out += &wrapped(&derived, "", "", width);
    }
    out
}

fn line(brief: &Brief, pieces: &[Piece]) -> String {
    let mut line = String::new();
    for run in page::runs(pieces) {
        match run {
            Run::Words(words) | Run::Printed(words) => line += &flat(words),
            Run::Quote(passage) => line += &page::quoted(brief, passage),
            Run::Cites(cites) => {
                let numbers = page::numbers(brief, &cites);
                line.push(' ');
                line.extend(numbers.iter().map(|number| format!("[{number}]")));
            }
        }
    }
    line
}
