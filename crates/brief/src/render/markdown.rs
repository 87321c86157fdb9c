//! For a note or a ticket.

use super::flat;
use super::page::{self, Run};
use crate::model::{Brief, Piece};

/// The brief as CommonMark. Every character of a document that Markdown or HTML would take for markup is escaped.
#[must_use]
pub fn markdown(brief: &Brief) -> String {
    let mut out =
        format!("# {}\n\n{}\n", escaped(&page::title(brief)), escaped(&page::facts(brief).join(" · ")));
    if brief.sections.is_empty() {
        out += &format!("\n{}\n", escaped(page::nothing(brief)));
    }
    for section in &brief.sections {
        out += &format!("\n## {}\n\n", escaped(&section.heading));
        for entry in &section.entries {
            out += &format!("- {}", line(brief, &entry.head));
            if let Some(told) = page::tellings(brief, entry) {
                out += &format!(" ({})", escaped(&told));
            }
            out.push('\n');
            for below in &entry.lines {
                out += &format!("  - {}\n", line(brief, below));
            }
        }
        if let Some(further) = page::further(brief, section.further) {
            out += &format!("\n{}\n", escaped(&further));
        }
    }
    if !brief.sources.is_empty() {
        out += &format!("\n## {}\n\n", page::sources_heading(brief));
    }
    for source in &brief.sources {
        out += &format!("- \\[{}\\] {}", source.number, escaped(&page::source(brief, source)));
        if let Some(url) = web(&source.url) {
            out += &format!(" <{url}>");
        }
        out.push('\n');
    }
    if let Some(derived) = page::derived_by(brief) {
        out += &format!("\n{}\n", escaped(&derived));
    }
    out
}

fn line(brief: &Brief, pieces: &[Piece]) -> String {
    let mut line = String::new();
    for run in page::runs(pieces) {
        match run {
            Run::Words(words) | Run::Printed(words) => line += &escaped(words),
            Run::Quote(passage) => line += &escaped(&page::quoted(brief, passage)),
            Run::Cites(cites) => {
                line.push(' ');
                line.extend(page::numbers(brief, &cites).iter().map(|number| format!("\\[{number}\\]")));
            }
        }
    }
    line
}

/// Text in which nothing is markup: ASCII punctuation behind a backslash (CommonMark 0.31, section 2.4), without those signs
/// that are none within a line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (index, c) in flat(text).chars().enumerate() {
        let always =
            matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '#' | '|' | '~' | '!' | '$');
        // A number with a full stop, or a dash or plus, begins a list only where a line begins.
        if always
            || index == 0 && matches!(c, '-' | '+' | '=')
            || c == '.' && out.bytes().all(|b| b.is_ascii_digit())
        {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// An address of the web in which nothing ends a link; others are not shown as links.
pub(super) fn web(url: &str) -> Option<&str> {
    let safe = url.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '\'' | '`' | '\\'));
    let known = url.starts_with("https://") || url.starts_with("http://");
    (safe && known && url.len() <= 2048).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_document_is_markup() {
        assert_eq!(escaped("<b>*x*</b> [a](b) `c` 1. d"), r"\<b\>\*x\*\</b\> \[a\](b) \`c\` 1. d");
        assert_eq!(escaped("1. a"), r"1\. a");
        assert_eq!(escaped("- a\n# b"), r"\- a \# b");
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert_eq!(web("https://example.com/a?b=1"), Some("https://example.com/a?b=1"));
        assert!(web("javascript:alert(1)").is_none() && web("https://x/\"onload=").is_none());
        assert!(web("https://x/> <script>").is_none() && web("").is_none());
    }
}
