//! A brief as text, Markdown, HTML and JSON. Documents are hostile: what comes from one is escaped, and characters that would move
//! a cursor or turn the direction of what follows are shown as blanks.

mod html;
mod markdown;
mod page;
mod text;

pub use html::html;
pub use markdown::markdown;
pub use text::text;

use crate::model::Brief;

/// The brief as one JSON object; docs/brief.md describes every field. Quotes are exact.
#[must_use]
pub fn json(brief: &Brief) -> String {
    // A brief is plain data with text for keys, which JSON always holds.
    let mut json = serde_json::to_string_pretty(brief).unwrap_or_default();
    json.push('\n');
    json
}

/// The text in one line, with blanks for line ends, control characters and those that turn the direction of writing.
fn flat(text: &str) -> String {
    text.chars().map(|c| if moves(c) { ' ' } else { c }).collect()
}

/// Whether a character does something to its surroundings instead of being seen.
fn moves(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}
