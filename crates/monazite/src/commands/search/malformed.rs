//! A query that cannot be read, with a mark below the place.

use std::ops::Range;

use unicode_width::UnicodeWidthStr as _;

use crate::failure::{Failure, Kind};
use crate::fit::flat;
use crate::grpc::Malformed;

use super::compose::Composed;

/// Cells of a query that are shown around the place.
const AROUND: usize = 100;

/// The error for people, of the query that was asked: what is wrong, the query with a caret below the place, and how to
/// mend it.
pub(crate) fn shown(query: &str, malformed: &Malformed) -> String {
    let start = query.floor_char_boundary(malformed.bytes.start);
    let end = query.ceil_char_boundary(malformed.bytes.end.min(query.len())).max(start);
    let mut lines = vec![malformed.to_string()];
    if !query.trim().is_empty() {
        lines.extend(pointed(query, start..end));
    }
    if !malformed.help.is_empty() {
        lines.push(format!("  {}", malformed.help));
    }
    lines.join("\n")
}

/// A line of the query and a line with carets below the bytes.
fn pointed(query: &str, bytes: Range<usize>) -> [String; 2] {
    let (before, behind) = (flat(&query[..bytes.start]), flat(&query[bytes.end..]));
    let inside = flat(&query[bytes]);
    let marked = taken(&inside, AROUND);
    let before_cut = taken_back(&before, AROUND * 2 / 3);
    let room = AROUND.saturating_sub(marked.width());
    let behind_cut = taken(&behind, room);
    let left = if before_cut.len() < before.len() { "…" } else { "" };
    let right = if behind_cut.len() < behind.len() { "…" } else { "" };
    let blank = " ".repeat(left.width() + before_cut.width());
    let carets = "^".repeat(marked.width().max(1));
    [format!("  {left}{before_cut}{marked}{behind_cut}{right}"), format!("  {blank}{carets}")]
}

/// The beginning of a text, at most so many cells.
fn taken(text: &str, cells: usize) -> &str {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if text[..at + c.len_utf8()].width() > cells {
            break;
        }
        end = at + c.len_utf8();
    }
    &text[..end]
}

/// The end of a text, at most so many cells.
fn taken_back(text: &str, cells: usize) -> &str {
    let mut start = text.len();
    for (at, _) in text.char_indices().rev() {
        if text[at..].width() > cells {
            break;
        }
        start = at;
    }
    &text[start..]
}

/// An error of a query: with its place, if that is what it tells. A place in a filter names the filter.
pub(crate) fn placed(error: anyhow::Error, composed: &Composed) -> anyhow::Error {
    let Some(malformed) = error.downcast_ref::<Malformed>() else { return error };
    let inside = |bytes: &Range<usize>| bytes.contains(&malformed.bytes.start);
    let filter = composed.filters.iter().find(|(bytes, given)| inside(bytes) && !given.is_empty());
    let message = match filter {
        Some((_, given)) => {
            let help =
                if malformed.help.is_empty() { String::new() } else { format!("\n  {}", malformed.help) };
            format!("{given}: {}{help}", malformed.what)
        }
        None => shown(&composed.query, malformed),
    };
    Failure::new(Kind::Usage, message).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn malformed(bytes: Range<usize>) -> Malformed {
        Malformed {
            what: "this parenthesis is not closed".into(),
            help: "add «)» where it ends".into(),
            bytes,
        }
    }

    #[test]
    fn the_caret_stands_below_the_character_in_either_script() {
        insta::assert_snapshot!(shown("稀土 AND (锑 OR 镓", &malformed(11..12)), @r"
        the query cannot be read: this parenthesis is not closed
          稀土 AND (锑 OR 镓
                   ^
          add «)» where it ends
        ");
        insta::assert_snapshot!(shown("稀土", &malformed(3..6)), @r"
        the query cannot be read: this parenthesis is not closed
          稀土
            ^^
          add «)» where it ends
        ");
    }

    #[test]
    fn what_is_missing_at_the_end_is_marked_there() {
        let text = shown("锑 AND", &malformed(7..7));
        assert!(text.contains("\n  锑 AND\n        ^\n"), "{text}");
        // Offsets of another query, or within a character, never break it.
        for bytes in [100..200, 1..2, 0..0] {
            assert!(shown("锑 AND", &malformed(bytes)).contains('^'));
        }
    }

    #[test]
    fn a_long_query_is_shown_around_the_place() {
        let query = format!("{}({}", "锑 ".repeat(4000), "镓 ".repeat(4000));
        let start = "锑 ".repeat(4000).len();
        let text = shown(&query, &malformed(start..start + 1));
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].width() < AROUND * 2 && lines[1].contains('('), "{text}");
        let column = lines[1].find('(').map(|at| lines[1][..at].width());
        assert_eq!(column, lines[2].find('^'));
        assert!(lines[1].starts_with("  …") && lines[1].ends_with('…'), "{text}");
    }

    #[test]
    fn control_characters_stay_out() {
        let text = shown("a\u{1b}[31m (", &malformed(7..8));
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn a_place_in_a_filter_names_the_filter() {
        let filters = crate::cli::Filters { from: Some("2025-13".into()), ..Default::default() };
        let composed = match Composed::new("锑", &filters) {
            Ok(composed) => composed,
            Err(error) => panic!("{error}"),
        };
        let at = composed.query.find("2025").unwrap_or_default();
        let what =
            Malformed { what: "«2025-13» is no date".into(), help: String::new(), bytes: at..at + 7 };
        let error = placed(what.into(), &composed).to_string();
        assert_eq!(error, "--from 2025-13: «2025-13» is no date");
    }
}
