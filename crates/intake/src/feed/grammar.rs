//! What a line of a feed can be.

use crate::dates;

/// Words of the export's frame, which are no topic.
const FRAME_WORDS: [&str; 5] = ["workflow", "icon", "search documents", "工作流", "搜索文档"];
/// How many lines a header has at most.
pub(crate) const HEADER_LINES: usize = 12;
/// The longest line of a header, in characters.
const HEADER_LINE_CHARS: usize = 64;
/// The longest title that is told by its looks alone, in bytes.
const TITLE_BYTES: usize = 400;
/// The longest source line, in bytes.
const SOURCE_LINE_BYTES: usize = 200;
/// Headings with which the text of an entry begins.
const OPENINGS: [&str; 10] = [
    "Core Viewpoint", "Core Insights", "Core View", "Core Insight", "Investment Rating", "Key Points",
    "Key Takeaways", "Group 1", "核心观点", "投资评级",
];
/// Words that stand where a date should and are none.
const NOT_DATES: [&str; 14] = [
    "昨天", "今天", "前天", "刚刚", "小时前", "分钟前", "天前", "yesterday", "today", " ago", "unknown",
    "n/a", "null", "none",
];

/// A line such as `House News· 2025-07-13 16:09`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SourceLine<'a> {
    /// The publisher.
    pub(crate) source: &'a str,
    /// What stands where the date should; it need not be one.
    pub(crate) date: &'a str,
}

impl SourceLine<'_> {
    /// True if the date begins as one, right or wrong.
    pub(crate) fn is_dated(&self) -> bool {
        self.date.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// Reads a source line: a publisher, a middle dot, and what is meant as a date, or nothing.
pub(crate) fn source_line(line: &str) -> Option<SourceLine<'_>> {
    let line = line.trim();
    if line.len() > SOURCE_LINE_BYTES {
        return None;
    }
    // The last dot: names of publishers may hold one themselves.
    let (at, dot) = line.char_indices().rev().find(|(_, c)| matches!(c, '·' | '•' | '∙' | '・'))?;
    let source = line[..at].trim();
    let date = line[at + dot.len_utf8()..].trim();
    if source.is_empty() || source.starts_with(['-', '|', '*']) {
        return None;
    }
    (date.is_empty() || is_meant_as_date(date)).then_some(SourceLine { source, date })
}

/// True for digits with the signs of dates, and for the words that stand in their place.
fn is_meant_as_date(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let sign = |c: char| c.is_ascii_digit() || " -/.::+年月日时点分秒TZ".contains(c);
    if digits >= 4 && text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(sign) {
        return true;
    }
    let lower = text.to_lowercase();
    text.chars().count() <= 24 && NOT_DATES.iter().any(|word| lower.contains(word))
}

/// True if an entry starts at `line`, when `next` is the line with text after it.
pub(crate) fn starts_entry(line: &str, next: Option<&str>) -> bool {
    if source_line(line).is_some() {
        return false;
    }
    let next = next.unwrap_or_default();
    if source_line(next).is_some() {
        return line.len() <= 1000 && !is_bullet(line) && !is_heading(line);
    }
    looks_like_title(line) && (opens_text(next) || dates::eight_digits_at_end(line).is_some())
}

/// True for a line that begins with a heading with which texts of entries begin.
pub(crate) fn opens_text(line: &str) -> bool {
    opening(line).is_some()
}

/// The heading with which texts of entries begin, if it has a line of its own: nothing follows it but its title.
pub(crate) fn bare_opening(line: &str) -> Option<&'static str> {
    opening(line).filter(|_| !line.contains(" - "))
}

fn opening(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    OPENINGS.into_iter().find(|opening| {
        line.strip_prefix(opening).is_some_and(|rest| {
            let rest = rest.trim_start();
            rest.is_empty() || rest.starts_with(['-', ':', '\u{FF1A}', '—', '–'])
        })
    })
}

/// True for a heading of a digest, on its own line or before its text.
fn is_heading(line: &str) -> bool {
    let line = line.trim_start();
    let numbered =
        line.strip_prefix("Group ").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    numbered || opens_text(line) || line.starts_with("Summary by Sections")
}

fn is_bullet(line: &str) -> bool {
    let line = line.trim_start();
    ["- ", "• ", "* ", "|", "– ", "— "].iter().any(|bullet| line.starts_with(bullet))
}

/// True for a short line that does not end as a sentence does and is no bullet or heading.
fn looks_like_title(line: &str) -> bool {
    let line = line.trim();
    let ends_as_sentence =
        line.ends_with(['.', '。', ';', '\u{FF1B}', ',', '\u{FF0C}', ':', '\u{FF1A}', ']', '…']);
    !line.is_empty()
        && line.len() <= TITLE_BYTES
        && !ends_as_sentence
        && !is_bullet(line)
        && !is_heading(line)
}

/// A header: how many lines it takes, its topic, and its time zone as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) lines: usize,
    pub(crate) topic: Option<String>,
    /// The zone and the index of its line.
    pub(crate) zone: Option<(String, usize)>,
}

/// True if the text begins with the frame of an export.
pub(crate) fn has_header(sample: &str) -> bool {
    let mut first = sample.lines().take(HEADER_LINES).map(|line| line.trim().to_lowercase());
    first.any(|line| line == "search documents" || line == "搜索文档")
}

/// Reads the header from the first lines: all up to «Search documents», or, without it, the short lines before the
/// first entry.
pub(crate) fn header(lines: &[&str]) -> Header {
    let is_last =
        |line: &&str| matches!(line.trim().to_lowercase().as_str(), "search documents" | "搜索文档");
    let count = match lines.iter().position(is_last) {
        Some(at) => at + 1,
        None => lines_before_first_entry(lines),
    };
    let mut header = Header { lines: count, ..Header::default() };
    for (index, line) in lines[..count].iter().enumerate() {
        let line = line.trim();
        if line.is_empty() || FRAME_WORDS.contains(&line.to_lowercase().as_str()) {
            continue;
        }
        match setting(line) {
            Some(("zone", value)) => header.zone = Some((value.to_owned(), index)),
            Some((_, value)) => header.topic = Some(value.to_owned()),
            None => header.topic = Some(header.topic.unwrap_or_else(|| line.to_owned())),
        }
    }
    header
}

/// Reads `Time zone: UTC` or `Topic: copper`.
fn setting(line: &str) -> Option<(&'static str, &str)> {
    let (name, value) = line.split_once([':', '\u{FF1A}'])?;
    let value = value.trim();
    match name.trim().to_lowercase().as_str() {
        "time zone" | "timezone" | "时区" => Some(("zone", value)),
        "topic" | "主题" => Some(("topic", value)),
        _ => None,
    }
}

/// How many short lines stand before the first line that surely starts an entry; none if there is no such line.
fn lines_before_first_entry(lines: &[&str]) -> usize {
    let text_after = |at: usize| lines[at + 1..].iter().copied().find(|line| !line.trim().is_empty());
    for (at, line) in lines.iter().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        if starts_entry(line, text_after(at)) {
            return at;
        }
        if line.chars().count() > HEADER_LINE_CHARS || source_line(line).is_some() {
            return 0;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_lines() {
        let cases = [
            ("House News· 2025-07-13 16:09", "House News", "2025-07-13 16:09"),
            ("彭博·商业周刊· 2025-07-13 16:09", "彭博·商业周刊", "2025-07-13 16:09"),
            ("House News· 2025-13-07 05:44", "House News", "2025-13-07 05:44"),
            ("House News· 2025-07-13 1", "House News", "2025-07-13 1"),
            ("House News·", "House News", ""),
            ("House News· 3小时前", "House News", "3小时前"),
            ("House News • 2025年7月13日", "House News", "2025年7月13日"),
        ];
        for (line, source, date) in cases {
            assert_eq!(source_line(line), Some(SourceLine { source, date }), "{line}");
        }
        for line in ["铜· 铝· 锌", "· 2025-07-13 16:09", "Copper rose.", "- x· 2025-07-13", "a·b 12"]
        {
            assert_eq!(source_line(line), None, "{line}");
        }
    }

    #[test]
    fn where_entries_start() {
        let yes = [
            ("铜价创新高", "House News· 2025-07-13 16:09"),
            ("Prices rise.", "House News· 2025-13-13 16:09"),
            ("铜价创新高", "Core Viewpoint - x"),
            ("Experts: what now?", "Group 1: A - b"),
            ("周报-20250713", "any text"),
        ];
        for (line, next) in yes {
            assert!(starts_entry(line, Some(next)), "{line}");
        }
        let no = [
            ("It rose [3][5]", "Group 1: A"),
            ("- It rose", "Core Viewpoint"),
            ("It rose.", "Core Viewpoint"),
            ("Core Viewpoint", "Group 1: A"),
            ("The price", "Group 2: B"),
            ("The price", "of copper"),
            ("House News· 2025-07-13 16:09", "Core Viewpoint"),
            ("The price", "Group 12"),
        ];
        for (line, next) in no {
            assert!(!starts_entry(line, Some(next)), "{line}");
        }
    }

    #[test]
    fn headers() {
        let framed =
            header(&["Workflow", "稀土", "icon", "Time zone: UTC", "Search documents", "Title", "X·"]);
        let zone = Some(("UTC".to_owned(), 3));
        assert_eq!(framed, Header { lines: 5, topic: Some("稀土".to_owned()), zone });
        let short = header(&["Topic: copper", "", "Title", "House· 2025-07-13 16:09", "Text"]);
        assert_eq!(short, Header { lines: 2, topic: Some("copper".to_owned()), zone: None });
        assert_eq!(header(&["Title", "House· 2025-07-13 16:09", "Text"]), Header::default());
        assert_eq!(header(&["Title", "Text without end"]), Header::default());
    }
}
