//! How a text is laid out: its title, its paragraphs, the sentences in them, and rows of tables.

use std::ops::Range;

use super::lines;
use crate::mention::{Kind, Mention};
use crate::sentence::sentences;

/// What a stretch of the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// The title, or a part of it.
    Title,
    /// A line that stands above others and ends without a full stop.
    Heading,
    /// A row of a table.
    Row,
    /// A sentence of a paragraph.
    Sentence,
}

/// A sentence, a heading, a row, or a part of the title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Its bytes.
    pub(super) span: Range<usize>,
    pub(super) kind: BlockKind,
    /// Number of the line that it stands in.
    pub(super) line: usize,
    /// The cells of a row, as bytes of the text; none for the others.
    pub(super) cells: Vec<Range<usize>>,
}

/// The blocks of a text, in order. `title_bytes` is the length of the title at its beginning.
///
/// A short line that tells a figure is no heading but a sentence without a full stop.
pub(super) fn blocks(text: &str, title_bytes: usize, mentions: &[Mention<'_>]) -> Vec<Block> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut rows = lines::rows(text, mentions).into_iter();
    for (line, content) in text.split('\n').enumerate() {
        let is_title = start < title_bytes;
        if let Some(cells) = rows.next().flatten().filter(|_| !is_title) {
            let span = lines::trimmed(text, start..start + content.len());
            found.push(Block { span, kind: BlockKind::Row, line, cells });
        } else {
            let whole = sentences(content).map(|span| start + span.start..start + span.end);
            for span in whole.flat_map(|span| parts(text, span, mentions)) {
                let kind = if is_title {
                    BlockKind::Title
                } else if is_heading(content, &text[span.clone()])
                    && (!tells(mentions, &span) || says_unit(content))
                {
                    BlockKind::Heading
                } else {
                    BlockKind::Sentence
                };
                found.push(Block { span, kind, line, cells: Vec::new() });
            }
        }
        start += content.len() + 1;
    }
    found
}

/// Longest sentence that is read as one, in bytes. A longer one, which nobody writes, is read in parts, so that the time for a text
/// grows with its length.
const LONGEST_SENTENCE: usize = 4096;

/// A sentence, or its parts if it is too long, each cut behind a mark or a blank where there is one, and never inside a mention.
fn parts(text: &str, sentence: Range<usize>, mentions: &[Mention<'_>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = sentence.start;
    while sentence.end - start > LONGEST_SENTENCE {
        let limit = text.floor_char_boundary(start + LONGEST_SENTENCE);
        let middle = text.floor_char_boundary(start + LONGEST_SENTENCE / 2);
        let mark = text[middle..limit].rfind([',', '，', '、', ';', '；', ' ']);
        let mut at = mark.map_or(limit, |mark| text.ceil_char_boundary(middle + mark + 1));
        let around = mentions.partition_point(|mention| mention.end_byte <= at);
        if let Some(mention) = mentions.get(around).filter(|mention| mention.start_byte < at) {
            at = if mention.start_byte > start { mention.start_byte } else { mention.end_byte };
        }
        found.push(start..at.min(sentence.end));
        start = at.min(sentence.end);
    }
    if start < sentence.end {
        found.push(start..sentence.end);
    }
    found
}

/// The longest line that may be a heading, in bytes.
const LONGEST_HEADING: usize = 90;

/// A short line of its own without an end.
fn is_heading(line: &str, sentence: &str) -> bool {
    let ends = ['。', '！', '？', '；', '.', '!', '?', ';', '，', ','];
    line.trim().len() == sentence.len() && sentence.len() <= LONGEST_HEADING && !sentence.ends_with(ends)
}

/// True if a line says the unit of what is below it, which a grade beside it does not make a sentence.
fn says_unit(line: &str) -> bool {
    line.contains("单位") || line.contains("unit:") || line.contains("Unit:") || line.contains("units:")
}

/// True if a quantity or a percentage stands in a stretch of the text.
fn tells(mentions: &[Mention<'_>], span: &Range<usize>) -> bool {
    let first = mentions.partition_point(|mention| mention.start_byte < span.start);
    mentions[first..]
        .iter()
        .take_while(|mention| mention.start_byte < span.end)
        .any(|mention| matches!(mention.kind, Kind::Quantity | Kind::Percent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_without_end_is_read_in_parts() {
        let text = "铜价上涨1.2%，".repeat(2000);
        let found = blocks(&text, 0, &[]);
        assert!(found.iter().all(|block| block.span.len() <= LONGEST_SENTENCE));
        assert_eq!(found.iter().map(|block| &text[block.span.clone()]).collect::<String>(), text);
    }

    #[test]
    fn titles_headings_rows_and_sentences_are_told_apart() {
        let text = "Weekly report\nPrices\nCopper rose. Tin fell.\n氧化钕 | 525000 | -5000\n";
        let kinds: Vec<(&str, BlockKind)> =
            blocks(text, 13, &[]).into_iter().map(|block| (&text[block.span.clone()], block.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("Weekly report", BlockKind::Title),
                ("Prices", BlockKind::Heading),
                ("Copper rose.", BlockKind::Sentence),
                ("Tin fell.", BlockKind::Sentence),
                ("氧化钕 | 525000 | -5000", BlockKind::Row),
            ]
        );
    }
}
