//! `monazite facts --explain` and `monazite read --explain`: which rule filled which slot, from which words.

use std::ops::Range;

use api::record::Claim;
use serde_json::{Map, Value};
use text::Lexicon;
use unicode_width::UnicodeWidthStr as _;

use super::slots::{self, Said};
use crate::wrap::wrapped;

/// Most cells for the names of slots and for what they say, where these stand in columns.
const LONGEST: usize = 48;

/// A screen on which they do.
const WIDE: usize = 120;

/// One line: the slot, what it says, and where that comes from.
pub(crate) struct Line {
    /// The slot's name.
    pub(crate) name: String,
    /// What it says.
    pub(crate) says: String,
    /// Its origin, as [`from`] writes it.
    pub(crate) from: String,
}

/// Where a slot comes from: `stated     measure named  45..51 «价格»`.
pub(crate) fn from(kind: &str, rule: &str, place: Option<(Range<usize>, &str)>) -> String {
    let words = place.map(|(at, words)| format!("  {}..{} «{words}»", at.start, at.end));
    format!("{kind:<9}  {rule}{}", words.unwrap_or_default())
}

/// Lines that explain a claim of `text`, for a screen of `width` cells.
pub(crate) fn lines(
    lexicon: &Lexicon,
    text: &str,
    claim: &Claim,
    keys: &[String],
    width: usize,
) -> Vec<String> {
    let mut lines = Vec::new();
    for said in slots::said(lexicon, claim) {
        slot(text, &said, said.slot.to_owned(), &mut lines);
    }
    for key in keys {
        let (key, value) = key.split_once('=').unwrap_or(("", key));
        lines.push(Line { name: format!("key {key}"), says: value.to_owned(), from: String::new() });
    }
    laid_out(lines, width)
}

/// The filled slots of a claim of `text` for programs, each with its origin, rule and words.
pub(crate) fn object(lexicon: &Lexicon, text: &str, claim: &Claim, into: &mut Map<String, Value>) {
    slots::json(text, slots::said(lexicon, claim), into);
}

/// Lines for a screen of `width` cells: in columns if it is wide.
pub(crate) fn laid_out(lines: Vec<Line>, width: usize) -> Vec<String> {
    let with_origin = || lines.iter().filter(|line| !line.from.is_empty());
    let name = with_origin().map(|line| line.name.width()).max().unwrap_or(0).clamp(12, LONGEST);
    let says = with_origin().map(|line| line.says.width()).max().unwrap_or(0).min(LONGEST);
    let padded = |text: &str, to: usize| format!("{text}{}", " ".repeat(to.saturating_sub(text.width())));
    let mut out = Vec::new();
    for line in lines {
        let first = format!("    {}  ", padded(&line.name, name));
        let rest = " ".repeat(first.width() + 2);
        let says = if width < WIDE || line.from.is_empty() { line.says } else { padded(&line.says, says) };
        let whole = wrapped(&format!("{says}  {}", line.from), &first, &rest, width);
        out.extend(whole.lines().map(str::to_owned));
    }
    out
}

fn slot(text: &str, said: &Said<'_>, name: String, lines: &mut Vec<Line>) {
    let from = said.origin.map(|origin| {
        let at = origin.start_byte as usize..origin.end_byte as usize;
        from(slots::kind(origin), &origin.rule, slots::quote(text, origin).map(|words| (at, words)))
    });
    let from = from.unwrap_or_default();
    lines.push(Line { name: name.clone(), says: said.says.clone(), from });
    for part in &said.parts {
        slot(text, part, format!("{name} {}", part.slot), lines);
    }
}
