//! The sentences of a body, each with what a choice needs to know about it.

use std::ops::Range;

use plugin_sdk::record::{Mention, MentionKind};

/// A sentence or heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Its bytes in the document's text, without bullet and trailing citation marks.
    pub(crate) span: Range<usize>,
    /// True if a bullet stands before it.
    pub(crate) bulleted: bool,
    /// True if a line ends before it.
    pub(crate) starts_line: bool,
    /// True if a line ends after it, or the text does.
    pub(crate) ends_line: bool,
    /// Number of its paragraph.
    pub(crate) paragraph: usize,
    /// How much it tells; higher is better.
    pub(crate) weight: i32,
}

const BULLETS: [&str; 6] = ["- ", "• ", "* ", "· ", "– ", "— "];

/// Cuts the body, which starts at `body_start`, into pieces.
pub(crate) fn pieces(text: &str, body_start: usize) -> Vec<Piece> {
    let body_start = if text.is_char_boundary(body_start) { body_start } else { 0 };
    let mut pieces: Vec<Piece> = Vec::new();
    let mut paragraph = 0;
    let mut last_end = body_start;
    for found in text::sentences(&text[body_start..]) {
        let full = body_start + found.start..body_start + found.end;
        let gap = &text[last_end..full.start];
        let starts_line = pieces.is_empty() || gap.contains('\n');
        if gap.contains('\n') {
            paragraph += 1;
        }
        last_end = full.end;
        let (start, own_bullet) = without_bullet(text, full.start, full.end);
        let end = without_marks(text, start, full.end);
        if start >= end || text[start..end].chars().all(|c| !c.is_alphanumeric()) {
            continue;
        }
        let bulleted = own_bullet || gap.trim_end().ends_with(['-', '•', '–', '—', '·']);
        if let Some(previous) = pieces.last_mut() {
            previous.ends_line = starts_line;
        }
        pieces.push(Piece { span: start..end, bulleted, starts_line, ends_line: true, paragraph, weight: 0 });
    }
    pieces
}

fn without_bullet(text: &str, start: usize, end: usize) -> (usize, bool) {
    let sentence = &text[start..end];
    match BULLETS.iter().find(|bullet| sentence.starts_with(**bullet)) {
        Some(bullet) => {
            let rest = &sentence[bullet.len()..];
            (end - rest.trim_start().len(), true)
        }
        None => (start, false),
    }
}

/// The end before trailing marks such as `[3][5]` and the full stop behind them. A full stop before the marks stays.
fn without_marks(text: &str, start: usize, end: usize) -> usize {
    let mut sentence = text[start..end].trim_end();
    let mut stripped = sentence.trim_end_matches(['.', '。', ';', '\u{FF1B}']).trim_end();
    while let Some(open) = mark_at_end(stripped) {
        sentence = stripped[..open].trim_end();
        stripped = sentence;
    }
    start + sentence.len()
}

/// Where the citation mark begins with which the text ends.
fn mark_at_end(text: &str) -> Option<usize> {
    let inner = text.strip_suffix(']')?;
    let open = inner.rfind('[')?;
    let digits = &inner[open + 1..];
    let ok = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    ok.then_some(open)
}

/// Weighs each piece: by what the layer found in it, where it stands, and how it reads. Whole numbers only, so that the
/// weight is the same everywhere.
pub(crate) fn weigh(text: &str, pieces: &mut [Piece], mentions: &[Mention]) {
    let mut sorted: Vec<&Mention> = mentions.iter().collect();
    sorted.sort_by_key(|mention| (mention.start_byte, mention.end_byte, mention.kind));
    let mut paragraph = None;
    for (index, piece) in pieces.iter_mut().enumerate() {
        let from = sorted.partition_point(|mention| (mention.start_byte as usize) < piece.span.start);
        let inside =
            sorted[from..].iter().take_while(|mention| (mention.start_byte as usize) < piece.span.end);
        let (mut amounts, mut times, mut entities) = (0, 0, 0);
        for mention in inside {
            match mention.kind() {
                MentionKind::Quantity | MentionKind::Percent => amounts += 1,
                MentionKind::Time => times += 1,
                MentionKind::Entity => entities += 1,
                _ => {}
            }
        }
        let first_of_paragraph = paragraph != Some(piece.paragraph);
        paragraph = Some(piece.paragraph);
        let length = piece.span.len();
        let words = &text[piece.span.clone()];
        // What was cut off within a sentence is no statement.
        let cut = words.ends_with("...") || words.ends_with('…');
        piece.weight = 4 * amounts.min(3)
            + 2 * times.min(2)
            + entities.min(4)
            + if index == 0 { 6 } else { 0 }
            + if first_of_paragraph { 2 } else { 0 }
            - if length < 24 { 6 } else { 0 }
            - if length > 600 { 4 } else { 0 }
            - if cut { 40 } else { 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotes(text: &str, body_start: usize) -> Vec<(&str, bool)> {
        pieces(text, body_start).into_iter().map(|piece| (&text[piece.span], piece.bulleted)).collect()
    }

    #[test]
    fn marks_and_bullets_are_left_out() {
        let text = "Title\nGroup 1: Prices - Copper fell 2% [1][3]. - Tin rose. [4] - Zinc stood";
        let expected =
            [("Group 1: Prices", false), ("Copper fell 2%", true), ("Tin rose.", true), ("Zinc stood", true)];
        assert_eq!(quotes(text, 6), expected);
        assert_eq!(quotes("- One.\n- Two [12]\n[3]", 0), [("One.", true), ("Two", true)]);
        assert_eq!(quotes("It is [sic]. A [2] b.", 0), [("It is [sic].", false), ("A [2] b.", false)]);
    }

    #[test]
    fn facts_weigh() {
        let text = "Somebody said something there. Copper fell 2% to 9,663 dollars per ton.";
        let mut found = pieces(text, 0);
        let mention = |kind: MentionKind, quote: &str| {
            let start = text.find(quote).unwrap_or_default();
            Mention {
                kind: kind.into(),
                start_byte: u32::try_from(start).unwrap_or_default(),
                end_byte: u32::try_from(start + quote.len()).unwrap_or_default(),
                ..Mention::default()
            }
        };
        let mentions = [mention(MentionKind::Percent, "2%"), mention(MentionKind::Quantity, "9,663 dollars")];
        weigh(text, &mut found, &mentions);
        assert_eq!(found.iter().map(|piece| piece.weight).collect::<Vec<_>>(), [8, 8]);
        weigh(text, &mut found, &[]);
        assert_eq!(found.iter().map(|piece| piece.weight).collect::<Vec<_>>(), [8, 0]);
    }
}
