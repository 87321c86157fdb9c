//! Which lines are rows, and the cells of each: tables with bars, tabs or wide blanks, and lists of short rows whose parts stand
//! behind a colon, a dash or strokes.

use std::ops::Range;

use memchr::{memchr, memchr3, memchr3_iter};

use crate::find::find;
use crate::mention::{Kind, Mention};

/// What parts the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// Bars or tabs.
    Bar,
    /// Two blanks or more.
    Blank,
    /// « / ».
    Stroke,
    /// « - ».
    Dash,
    /// «name figure figure» with single blanks.
    Plain,
    /// «name: figure, remark, remark».
    Colon,
}

/// The cells of a line with what parts them.
type Styled = (Style, Vec<Range<usize>>);

/// The cells of each line of a text, as bytes of the text; none for running text. A line with bars or wide blanks is a row by
/// itself, one with strokes, dashes or a colon only if a line beside it is one too.
pub(super) fn rows(text: &str, mentions: &[Mention<'_>]) -> Vec<Option<Vec<Range<usize>>>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let span = start..start + line.len();
        lines.push(styled(text, span, mentions));
        start += line.len() + 1;
    }
    let weak =
        |at: Option<&Option<Styled>>| at.and_then(Option::as_ref).map(|(style, cells)| (*style, cells.len()));
    let alone: Vec<bool> = (0..lines.len())
        .map(|at| {
            let here = weak(lines.get(at));
            let beside = |other: Option<usize>| {
                let there = other.and_then(|other| weak(lines.get(other)));
                match (here, there) {
                    (Some((Style::Colon, _)), Some((Style::Colon, _))) => true,
                    (Some(here), Some(there)) => here == there,
                    _ => false,
                }
            };
            match here {
                Some((Style::Stroke | Style::Dash | Style::Colon | Style::Plain, _)) => {
                    !beside(at.checked_sub(1)) && !beside(Some(at + 1))
                }
                _ => false,
            }
        })
        .collect();
    let mut found: Vec<Option<Styled>> =
        lines.into_iter().zip(alone).map(|(line, alone)| line.filter(|_| !alone)).collect();
    let mut start = 0;
    for (at, line) in text.split('\n').enumerate() {
        let wanted = match found.get(at + 1) {
            Some(Some((Style::Plain, cells))) => cells.len(),
            _ => 0,
        };
        if wanted > 1 && found[at].is_none() {
            found[at] = header(line, start, wanted).map(|cells| (Style::Plain, cells));
        }
        start += line.len() + 1;
    }
    found.into_iter().map(|line| line.map(|(_, cells)| cells)).collect()
}

/// The cells of the header of rows that single blanks part, if it has as many as they: 品种 均价 周涨跌.
fn header(line: &str, start: usize, wanted: usize) -> Option<Vec<Range<usize>>> {
    let cells = parted(line.trim_end(), |rest| rest.starts_with(' ').then_some(1));
    let said =
        cells.iter().all(|cell| !cell.is_empty()) && !line.trim_end().ends_with(['。', '.', '：', ':']);
    (said && cells.len() == wanted)
        .then(|| cells.into_iter().map(|cell| start + cell.start..start + cell.end).collect())
}

fn styled(text: &str, span: Range<usize>, mentions: &[Mention<'_>]) -> Option<Styled> {
    let line = &text[span.clone()];
    let shift = |cells: Vec<Range<usize>>, by: usize| -> Vec<Range<usize>> {
        cells.into_iter().map(|cell| by + cell.start..by + cell.end).collect()
    };
    if let Some((style, cells)) = parted_cells(line) {
        return Some((style, shift(cells, span.start)));
    }
    let lead = list_mark(line);
    let (body, at) = (&line[lead..], span.start + lead);
    if body.trim().is_empty() || ends_inside(body) {
        return None;
    }
    let figure_at = |from: usize| figure_within(text, mentions, from, span.end);
    let marks = [(Style::Stroke, " / "), (Style::Dash, " - "), (Style::Dash, " – "), (Style::Dash, " — ")];
    // Most lines have none of the three bytes with which the marks go on behind their blank.
    let marked = memchr3(b'/', b'-', 0xe2, body.as_bytes()).is_some();
    for (style, mark) in marks.into_iter().filter(|_| marked) {
        if find(body, mark).is_none() {
            continue;
        }
        let cells = split(body, mark);
        let least = if style == Style::Stroke { 3 } else { 2 };
        if cells.len() < least || cells.iter().any(|cell| cell.is_empty() || cell.len() > 120) {
            continue;
        }
        let cells = shift(cells, at);
        // A dash parts prose too; behind the name of a row stands its figure.
        if style == Style::Stroke || figure_at(cells[1].start) {
            return Some((style, cells));
        }
    }
    if let Some(cells) = plain(text, at..span.end, mentions) {
        return Some((Style::Plain, cells));
    }
    let (colon, width) =
        body.char_indices().find(|(_, c)| matches!(c, ':' | '：')).map(|(at, c)| (at, c.len_utf8()))?;
    let head = body[..colon].trim();
    if head.is_empty() || head.len() > LONGEST_NAME || !figure_at(at + colon + width) {
        return None;
    }
    let mut cells = shift(vec![trimmed(body, 0..colon)], at);
    cells.extend(clauses(text, at + colon + width..span.end, mentions));
    Some((Style::Colon, cells))
}

/// The cells of a short name with nothing but figures behind it: 热轧卷板 1,420, «Tin 33,120 -40».
fn plain(text: &str, span: Range<usize>, mentions: &[Mention<'_>]) -> Option<Vec<Range<usize>>> {
    const NAME: usize = 30;
    let next = mentions.partition_point(|mention| mention.start_byte < span.start);
    let figure =
        |mention: &&Mention<'_>| matches!(mention.kind, Kind::Quantity | Kind::Percent | Kind::Number);
    // 1#电解铜, 98%硫酸: the name begins with its grade.
    let graded = |mention: &&Mention<'_>| {
        mention.start_byte == trimmed(text, span.clone()).start
            && text[mention.end_byte..].starts_with(|next: char| next == '#' || next.is_alphabetic())
    };
    let mut inside = mentions[next..].iter().take_while(|mention| mention.end_byte <= span.end);
    let first = inside.clone().position(|mention| figure(&mention) && !graded(&mention))?;
    let start = mentions[next + first].start_byte;
    let name = text.get(span.start..start)?;
    let head = trimmed(text, span.start..start);
    let short = !head.is_empty()
        && head.len() <= NAME
        && name.ends_with(' ')
        && name.trim().split(' ').count() <= 3
        && !name.contains([',', '，', '、', '(', '（', '/', '.'])
        && name.chars().any(char::is_alphabetic);
    if !short {
        return None;
    }
    let mut cells = vec![head];
    let mut reached = start;
    for mention in inside.by_ref().skip(first) {
        let gap = text.get(reached..mention.start_byte)?;
        if !figure(&mention) || !gap.trim().is_empty() {
            return None;
        }
        cells.push(mention.start_byte..mention.end_byte);
        reached = mention.end_byte;
    }
    text.get(reached..span.end)?.trim().is_empty().then_some(cells)
}

/// The longest name before a colon, in bytes.
const LONGEST_NAME: usize = 80;

/// True if a figure begins at `from` or a few words behind it.
fn figure_within(text: &str, mentions: &[Mention<'_>], from: usize, end: usize) -> bool {
    const WORDS: usize = 14;
    let next = mentions.partition_point(|mention| mention.start_byte < from);
    mentions.get(next).is_some_and(|mention| {
        let figure = matches!(mention.kind, Kind::Quantity | Kind::Percent | Kind::Number);
        let lead = &text[from..mention.start_byte.max(from)];
        figure
            && mention.start_byte < end
            && lead.trim().len() <= WORDS
            && !lead.contains([',', '，', '。', '('])
    })
}

/// The cells of a line parted by bars, tabs, or two blanks or more; at least three by blanks, two else.
fn parted_cells(line: &str) -> Option<Styled> {
    let barred = bars(line).next().is_some();
    let wide = || memchr(b' ', line.as_bytes()).is_some() && find(line, "  ").is_some();
    if !barred && !wide() && find(line, "\u{3000}").is_none() {
        return None;
    }
    let found: Vec<Range<usize>> = if barred {
        let mut start = 0;
        let ends = bars(line).chain([(line.len(), 0)]);
        ends.map(|(end, length)| trimmed(line, std::mem::replace(&mut start, end + length)..end)).collect()
    } else {
        parted(line, |rest| {
            let blanks = rest.len() - rest.trim_start_matches([' ', '\u{3000}']).len();
            (blanks >= 2 || rest.starts_with('\u{3000}')).then_some(blanks)
        })
    };
    let found: Vec<_> = found.into_iter().filter(|cell| !cell.is_empty()).collect();
    let least = if barred { 2 } else { 3 };
    let prose = found.iter().any(|cell| cell.len() > 160 || line[cell.clone()].ends_with('。'));
    // Wide blanks inside running text are slips of the typist.
    let slip = !barred
        && found.iter().any(|cell| cell.len() > 60 || line[cell.clone()].ends_with([',', '，', '、']));
    let style = if barred { Style::Bar } else { Style::Blank };
    (found.len() >= least && !prose && !slip).then_some((style, found))
}

/// Where bars and tabs stand in a line, with how many bytes they take.
fn bars(line: &str) -> impl Iterator<Item = (usize, usize)> {
    let wide = '｜'.len_utf8();
    memchr3_iter(b'|', b'\t', 0xef, line.as_bytes()).filter_map(move |at| match line.as_bytes()[at] {
        0xef => line[at..].starts_with('｜').then_some((at, wide)),
        _ => Some((at, 1)),
    })
}

fn parted(line: &str, separator: impl Fn(&str) -> Option<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    // Blanks part cells, the wide one among them.
    while let Some(offset) = line.as_bytes()[at..].iter().position(|byte| matches!(byte, b' ' | 0xe3)) {
        at += offset;
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

fn split(line: &str, mark: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, _) in line.match_indices(mark) {
        found.push(trimmed(line, start..at));
        start = at + mark.len();
    }
    found.push(trimmed(line, start..line.len()));
    found
}

/// The stretches between the commas and semicolons that stand in no mention and in no bracket.
fn clauses(text: &str, span: Range<usize>, mentions: &[Mention<'_>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = span.start;
    let mut depth = 0_usize;
    let mut next = mentions.partition_point(|mention| mention.end_byte <= span.start);
    for (offset, character) in text[span.clone()].char_indices() {
        let at = span.start + offset;
        while mentions.get(next).is_some_and(|mention| mention.end_byte <= at) {
            next += 1;
        }
        match character {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            ',' | '，' | ';' | '；' | '。' if depth == 0 => {
                if mentions.get(next).is_some_and(|mention| mention.start_byte <= at) {
                    continue;
                }
                found.push(trimmed(text, start..at));
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    found.push(trimmed(text, start..span.end));
    found.retain(|cell| !cell.is_empty());
    found
}

/// The length of a bullet or list number at the beginning of a line, with the blanks behind it: `1. `, `(2) `, `• `.
fn list_mark(line: &str) -> usize {
    let start = line.len() - line.trim_start().len();
    let rest = &line[start..];
    let bullet = rest.trim_start_matches(['•', '·', '●', '◆', '▲', '■', '※', '*', '-', '–', '—', '→', '>']);
    let mut length = rest.len() - bullet.len();
    let number = bullet.trim_start_matches(['(', '（']);
    let digits = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let count = number.len() - digits.len();
    if (1..=2).contains(&count)
        && let Some(mark) = digits.chars().next().filter(|c| matches!(c, '.' | ')' | '）' | '、'))
    {
        let after = &digits[mark.len_utf8()..];
        if !after.starts_with(|c: char| c.is_ascii_digit()) {
            length = rest.len() - after.len();
        }
    }
    let tail = &rest[length..];
    start + length + tail.len() - tail.trim_start().len()
}

/// True if a sentence ends before the end of a line: no row does.
fn ends_inside(line: &str) -> bool {
    let line = line.trim().trim_end_matches(['。', '.', '；', ';']);
    find(line, "。").is_some() || find(line, ". ").is_some()
}

/// A range without the blanks at its ends.
pub(super) fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let raw = &text[span.clone()];
    let start = span.start + raw.len() - raw.trim_start().len();
    start..(start + raw.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Reader};

    fn cells(text: &str) -> Vec<Vec<&str>> {
        let mentions = Reader::standard().read(text, &Context::default());
        rows(text, &mentions)
            .into_iter()
            .map(|row| row.unwrap_or_default().into_iter().map(|cell| &text[cell]).collect())
            .collect()
    }

    #[test]
    fn bars_tabs_and_wide_blanks_part_cells() {
        assert_eq!(cells("氧化钕 | 525000-535000 | 530000"), [["氧化钕", "525000-535000", "530000"]]);
        assert_eq!(cells("a\tb"), [["a", "b"]]);
        assert_eq!(cells("tin   33,000   +1.2%"), [["tin", "33,000", "+1.2%"]]);
        assert_eq!(cells("Tin rose.  Lead fell.\n价格上涨。"), [Vec::<&str>::new(), Vec::new()]);
    }

    #[test]
    fn lists_part_their_rows_by_colons_dashes_and_strokes() {
        assert_eq!(
            cells("1. 电解铜：78,500-78,700元/吨，涨350\n2. 电解铝：20,110元/吨(含税，现款)，跌20"),
            [["电解铜", "78,500-78,700元/吨", "涨350"], ["电解铝", "20,110元/吨(含税，现款)", "跌20"]]
        );
        assert_eq!(
            cells("Copper - 9,663 - +0.5%\nTin - 33,120 - -0.2%"),
            [["Copper", "9,663", "+0.5%"], ["Tin", "33,120", "-0.2%"]]
        );
        assert_eq!(
            cells("Metal / price / change\nTin / 33,120 / -40"),
            [["Metal", "price", "change"], ["Tin", "33,120", "-40"]]
        );
    }

    #[test]
    fn one_line_alone_is_no_list() {
        assert_eq!(cells("电解铜：78,500元/吨，涨350\n市场清淡"), [Vec::<&str>::new(), Vec::new()]);
        assert_eq!(
            cells("Zinc: 5% more was sold. Lead fell.\nTin: 3% less."),
            [Vec::<&str>::new(), Vec::new()]
        );
    }
}
