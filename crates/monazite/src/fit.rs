//! Text on a screen of fixed width, on which Chinese characters count two.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// One line of at most `width` terminal cells; a cut shows as `…`.
pub(crate) fn fit(text: &str, width: usize) -> String {
    let text = flat(text);
    if text.width() <= width {
        return text;
    }
    let mut fitted = taken(text.chars(), width.saturating_sub(1)).trim_end().to_owned();
    fitted.push('…');
    fitted
}

/// One line of at most `width` terminal cells in which the bytes `focus` of `text` are seen, with more of what stands
/// before them than behind; what is cut shows as `…`.
pub(crate) fn fit_around(text: &str, focus: Range<usize>, width: usize) -> String {
    let (Some(before), Some(rest)) = (text.get(..focus.start), text.get(focus.start..)) else {
        return fit(text, width);
    };
    let (before, rest) = (flat(before), flat(rest));
    let needed = text.get(focus).map_or(0, |focus| flat(focus).width());
    let spare = width.saturating_sub(needed);
    // The words behind a figure are often its base; they get a third of the room, or what the words before leave over.
    let behind = rest.width().saturating_sub(needed);
    let room = (spare - spare / 3).max(spare.saturating_sub(behind));
    if before.width() <= room {
        return fit(&format!("{before}{rest}"), width);
    }
    let tail: String = taken(before.chars().rev(), room.saturating_sub(2)).chars().rev().collect();
    let cut = before.len() - tail.len();
    let inside = before[..cut].ends_with(|c: char| c.is_ascii_graphic())
        && tail.starts_with(|c: char| c.is_ascii_graphic());
    // Not from the middle of a Latin word or a number.
    let word = tail.find(|c: char| !c.is_ascii_graphic()).filter(|_| inside).unwrap_or(0);
    let tail = &tail[word..];
    fit(&format!("… {}{rest}", tail.trim_start()), width)
}

/// The text in one line, without characters that would move a terminal's cursor or turn the direction of what follows.
pub(crate) fn flat(text: &str) -> String {
    text.chars().map(|c| if moves(c) { ' ' } else { c }).collect()
}

/// The text over several lines, without characters that would move a terminal's cursor or turn the direction of what
/// follows.
pub(crate) fn safe(text: &str) -> String {
    text.chars().map(|c| if moves(c) && c != '\n' { ' ' } else { c }).collect()
}

/// Control characters (C0 and C1), line and paragraph separators, and what overrides or isolates a direction of writing
/// (Unicode Standard Annex 9), by which a title could show other words than it has.
fn moves(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The first characters, as many as `width` terminal cells hold.
fn taken(chars: impl Iterator<Item = char>, width: usize) -> String {
    let mut used = 0;
    chars
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= width
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(flat("a\u{1b}[31mb\nc"), "a [31mb c");
        assert_eq!(flat("a\u{9b}2J\u{202e}b\u{2028}c"), "a 2J b c");
        assert_eq!(safe("a\r\n\u{7f}b"), "a \n b");
        assert_eq!(fit("稀土稀土", 5), "稀土…");
    }

    #[test]
    fn the_figure_is_seen_at_any_width() {
        let sentences = [
            "The copper market is experiencing a slight price decline, with LME copper down 1.92% to end the week",
            "受供应扰动影响，上周国内锑锭市场报价上调至21.5万元/吨，较前一周上涨1.92%，下游观望",
        ];
        for text in sentences {
            let start = text.find("1.92%").unwrap_or_default();
            for width in 10..140 {
                let shown = fit_around(text, start..start + 5, width);
                assert!(shown.contains("1.92%"), "{width}: {shown}");
                assert!(shown.width() <= width, "{width}: {shown}");
            }
        }
        assert_eq!(fit_around("Tin rose 2%", 9..11, 40), "Tin rose 2%");
        assert_eq!(fit_around("Refined tin rose 2% on Friday", 17..19, 18), "… tin rose 2% on…");
        assert_eq!(fit_around("在2024年锡价上涨2%", 22..24, 16), "… 年锡价上涨2%");
        assert_eq!(fit_around("锡价", 1..2, 40), "锡价");
    }
}
