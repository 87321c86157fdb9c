//! `monazite facts --explain`: which rule filled which slot, from which words.

use api::record::Claim;
use text::Lexicon;
use unicode_width::UnicodeWidthStr as _;

use super::slots::{self, Said};
use crate::wrap::wrapped;

/// Most cells for the names of slots and for what they say, where these stand in columns.
const LONGEST: usize = 48;

/// A screen on which they do.
const WIDE: usize = 120;

/// One line: the slot, what it says, and where that comes from.
struct Line {
    name: String,
    says: String,
    from: String,
}

/// Lines that explain a claim of `text`, for a screen of `width` cells.
pub(super) fn lines(
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
    let longest = |field: fn(&Line) -> &String| {
        lines.iter().map(|line| field(line).width()).max().unwrap_or(0).min(LONGEST)
    };
    let (name, says) = (longest(|line| &line.name).max(12), longest(|line| &line.says));
    for key in keys {
        let (key, value) = key.split_once('=').unwrap_or(("", key));
        lines.push(Line { name: format!("key {key}"), says: value.to_owned(), from: String::new() });
    }
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
    let mut from = String::new();
    if let Some(origin) = said.origin {
        from = format!("{:<9}  {}", slots::kind(origin), origin.rule);
        if let Some(quote) = slots::quote(text, origin) {
            from = format!("{from}  {}..{} «{quote}»", origin.start_byte, origin.end_byte);
        }
    }
    lines.push(Line { name: name.clone(), says: said.says.clone(), from });
    for part in &said.parts {
        slot(text, part, format!("{name} {}", part.slot), lines);
    }
}
