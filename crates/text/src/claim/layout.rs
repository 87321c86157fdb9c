//! How a text is laid out: its title, its paragraphs, the sentences in them, and rows of tables.

use std::ops::Range;

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
}

/// The blocks of a text, in order. `title_bytes` is the length of the title at its beginning.
///
/// A short line that tells a figure is no heading but a sentence without a full stop.
pub(super) fn blocks(text: &str, title_bytes: usize, mentions: &[Mention<'_>]) -> Vec<Block> {
    let mut found = Vec::new();
    let mut start = 0;
    for (line, content) in text.split('\n').enumerate() {
        let is_title = start < title_bytes;
        if cells(content).is_some() && !is_title {
            found.push(Block {
                span: trimmed(text, start..start + content.len()),
                kind: BlockKind::Row,
                line,
            });
        } else {
            for span in sentences(content) {
                let span = start + span.start..start + span.end;
                let kind = if is_title {
                    BlockKind::Title
                } else if is_heading(content, &text[span.clone()]) && !tells(mentions, &span) {
                    BlockKind::Heading
                } else {
                    BlockKind::Sentence
                };
                found.push(Block { span, kind, line });
            }
        }
        start += content.len() + 1;
    }
    found
}

fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let raw = &text[span.clone()];
    let start = span.start + raw.len() - raw.trim_start().len();
    start..(start + raw.trim().len())
}

/// The longest line that may be a heading, in bytes.
const LONGEST_HEADING: usize = 90;

/// A short line of its own without an end.
fn is_heading(line: &str, sentence: &str) -> bool {
    let ends = ['。', '！', '？', '；', '.', '!', '?', ';', '，', ','];
    line.trim().len() == sentence.len() && sentence.len() <= LONGEST_HEADING && !sentence.ends_with(ends)
}

/// True if a quantity or a percentage stands in a stretch of the text.
fn tells(mentions: &[Mention<'_>], span: &Range<usize>) -> bool {
    let first = mentions.partition_point(|mention| mention.start_byte < span.start);
    mentions[first..]
        .iter()
        .take_while(|mention| mention.start_byte < span.end)
        .any(|mention| matches!(mention.kind, Kind::Quantity | Kind::Percent))
}

/// The cells of a table's row as byte ranges of the line: parted by bars, tabs, or two blanks or more; at least three by
/// blanks, two else. Nothing for running text.
pub(super) fn cells(line: &str) -> Option<Vec<Range<usize>>> {
    let bars = line.matches(['|', '｜', '\t']).count();
    let found: Vec<Range<usize>> = if bars >= 1 {
        parted(line, |rest| {
            rest.chars().next().filter(|c| matches!(c, '|' | '｜' | '\t')).map(char::len_utf8)
        })
    } else {
        parted(line, |rest| {
            let blanks = rest.len() - rest.trim_start_matches([' ', '\u{3000}']).len();
            (blanks >= 2 || rest.starts_with('\u{3000}')).then_some(blanks)
        })
    };
    let found: Vec<_> = found.into_iter().filter(|cell| !cell.is_empty()).collect();
    let least = if bars >= 1 { 2 } else { 3 };
    let prose = found.iter().any(|cell| cell.len() > 160 || line[cell.clone()].ends_with('。'));
    (found.len() >= least && !prose).then_some(found)
}

fn parted(line: &str, separator: impl Fn(&str) -> Option<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < line.len() {
        if let Some(length) = separator(&line[at..]) {
            found.push(trimmed(line, start..at));
            at += length;
            start = at;
        } else {
            at += line[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    found.push(trimmed(line, start..line.len()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn cells_are_parted_by_bars_tabs_and_wide_blanks() {
        let words = |line: &'static str| {
            cells(line).map(|cells| cells.into_iter().map(|cell| &line[cell]).collect::<Vec<_>>())
        };
        assert_eq!(words("氧化钕 | 525000-535000 | 530000"), Some(vec!["氧化钕", "525000-535000", "530000"]));
        assert_eq!(words("a\tb"), Some(vec!["a", "b"]));
        assert_eq!(words("tin   33,000   +1.2%"), Some(vec!["tin", "33,000", "+1.2%"]));
        assert_eq!(words("Tin rose.  Lead fell."), None);
        assert_eq!(words("价格上涨。"), None);
    }
}
