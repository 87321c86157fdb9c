//! Passages of a text that are to be seen: bold on a terminal, in white square brackets elsewhere.

use std::ops::Range;

use crate::fit::flat;

/// Stands before a passage.
const OPEN: char = '⟦';

/// Stands behind it.
const CLOSE: char = '⟧';

/// The text in one line, with brackets around the passages at these bytes, which are in order and do not overlap; those
/// that are not places of the text are left out. Brackets of the text's own become plain ones.
pub(crate) fn marked(text: &str, passages: impl IntoIterator<Item = Range<usize>>) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut at = 0;
    for passage in passages {
        let (Some(before), Some(inside)) = (text.get(at..passage.start), text.get(passage.clone())) else {
            continue;
        };
        if inside.is_empty() {
            continue;
        }
        out.push_str(&unmarked(before));
        out.push(OPEN);
        out.push_str(&unmarked(inside));
        out.push(CLOSE);
        at = passage.end;
    }
    out.push_str(&unmarked(text.get(at..).unwrap_or_default()));
    out
}

/// The text in one line, without brackets that would look like a mark.
fn unmarked(text: &str) -> String {
    flat(text).replace(OPEN, "[").replace(CLOSE, "]")
}

/// Shows a line of marked text: with `colour` the passages are bold and all else as `style` says, an escape sequence or
/// nothing; without, it stays as it is. A passage that goes on from the line before, or into the next, is said in `open`.
pub(crate) fn painted(line: &str, style: &str, colour: bool, open: &mut bool) -> String {
    if !colour {
        return line.to_owned();
    }
    let mut out = String::with_capacity(line.len() + 16);
    out.push_str(if *open { "\u{1b}[1m" } else { style });
    for c in line.chars() {
        match c {
            OPEN => {
                *open = true;
                out.push_str("\u{1b}[0m\u{1b}[1m");
            }
            CLOSE => {
                *open = false;
                out.push_str("\u{1b}[0m");
                out.push_str(style);
            }
            c => out.push(c),
        }
    }
    if !out.is_empty() {
        out.push_str("\u{1b}[0m");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_bracketed_and_damaged_ones_left_out() {
        assert_eq!(marked("稀土出口\u{1b}[31m", std::iter::once(0..6)), "⟦稀土⟧出口 [31m");
        assert_eq!(marked("a ⟦b⟧ c", [0..1, 3..4, 99..100, 4..6]), "⟦a⟧ [b] c");
        assert_eq!(marked("a", std::iter::once(0..0)), "a");
        // One that lies before the last is no place any more.
        assert_eq!(marked("abc", [1..2, 0..1]), "a⟦b⟧c");
    }

    #[test]
    fn a_terminal_sees_them_bold() {
        let mut open = false;
        assert_eq!(painted("⟦a⟧ b", "", false, &mut open), "⟦a⟧ b");
        assert_eq!(painted("x ⟦a", "\u{1b}[2m", true, &mut open), "\u{1b}[2mx \u{1b}[0m\u{1b}[1ma\u{1b}[0m");
        assert!(open, "it goes on in the next line");
        assert_eq!(painted("b⟧ c", "\u{1b}[2m", true, &mut open), "\u{1b}[1mb\u{1b}[0m\u{1b}[2m c\u{1b}[0m");
        assert!(!open);
    }
}
