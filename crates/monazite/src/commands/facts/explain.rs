//! `monazite facts --explain`: which rule filled which slot, from which words.

use api::record::Claim;
use text::Lexicon;
use unicode_width::UnicodeWidthStr as _;

use super::slots::{self, Said};
use crate::wrap::wrapped;

/// Width of the names of slots with the blanks before them.
const NAMES: usize = 17;

/// Width of what slots say, where the screen is wide.
const SAYS: usize = 34;

/// A screen on which what slots say stands in a column.
const WIDE: usize = 120;

/// Lines that explain a claim of `text`, for a screen of `width` cells.
pub(super) fn lines(lexicon: &Lexicon, text: &str, claim: &Claim, keys: &[String], width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for said in slots::said(lexicon, claim) {
        slot(text, &said, said.slot.to_owned(), width, &mut lines);
    }
    for key in keys {
        let (name, value) = key.split_once('=').unwrap_or(("", key));
        line(&format!("key {name}"), value, width, &mut lines);
    }
    lines
}

fn slot(text: &str, said: &Said<'_>, name: String, width: usize, lines: &mut Vec<String>) {
    let mut what = said.says.clone();
    if let Some(origin) = said.origin {
        let column = if width < WIDE { 0 } else { SAYS.saturating_sub(what.width()) };
        what = format!("{what}{}  {:<9}  {}", " ".repeat(column), slots::kind(origin), origin.rule);
        if let Some(quote) = slots::quote(text, origin) {
            what = format!("{what}  {}..{} «{quote}»", origin.start_byte, origin.end_byte);
        }
    }
    line(&name, &what, width, lines);
    for part in &said.parts {
        slot(text, part, format!("{name} {}", part.slot), width, lines);
    }
}

fn line(name: &str, what: &str, width: usize, lines: &mut Vec<String>) {
    let name = name.trim_start_matches("changes ");
    let first = format!("{:<NAMES$}", format!("    {name}"));
    let whole = wrapped(what, &first, &" ".repeat(NAMES + 2), width);
    lines.extend(whole.lines().map(str::to_owned));
}
