//! Which format an input is in: told by its content, with the file's extension as a hint.

use crate::feed::grammar;
use crate::{Format, front};

/// Extensions of files that are read from a folder.
const EXTENSIONS: [(&str, Option<Format>); 11] = [
    ("txt", None),
    ("text", None),
    ("feed", Some(Format::Feed)),
    ("md", Some(Format::Markdown)),
    ("markdown", Some(Format::Markdown)),
    ("jsonl", Some(Format::JsonLines)),
    ("ndjson", Some(Format::JsonLines)),
    ("json", None),
    ("html", Some(Format::Html)),
    ("htm", Some(Format::Html)),
    ("xhtml", Some(Format::Html)),
];

/// What an extension tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hint {
    /// A format.
    Format(Format),
    /// A text of any format.
    Any,
    /// A kind of file that is not read from a folder.
    Unknown,
}

/// Reads the hint of an extension, in lower case and without its dot; none is no hint.
pub(crate) fn hint(extension: &str) -> Hint {
    if extension.is_empty() {
        return Hint::Any;
    }
    match EXTENSIONS.iter().find(|(known, _)| *known == extension) {
        Some((_, Some(format))) => Hint::Format(*format),
        Some((_, None)) => Hint::Any,
        None => Hint::Unknown,
    }
}

/// True for files that begin as a text and are none.
pub(crate) fn is_known_binary(sample: &[u8]) -> bool {
    [b"%PDF-".as_slice(), b"{\\rtf", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG"]
        .iter()
        .any(|mark| sample.starts_with(mark))
}

/// Tells the format from the first characters.
pub(crate) fn detect(sample: &str, hint: Hint) -> Format {
    let start = sample.trim_start();
    if let Hint::Format(format @ (Format::JsonLines | Format::Feed)) = hint {
        return format;
    }
    if is_html(start) {
        return Format::Html;
    }
    if start.starts_with('{') && start[1..].trim_start().starts_with(['"', '}']) {
        return Format::JsonLines;
    }
    if front::opens(sample) {
        return if hint == Hint::Any { Format::Text } else { Format::Markdown };
    }
    if grammar::has_header(sample)
        || sample.lines().any(|line| grammar::source_line(line).is_some_and(|s| s.is_dated()))
    {
        return Format::Feed;
    }
    match hint {
        Hint::Format(Format::Html) if start.contains('<') => Format::Html,
        Hint::Format(Format::Markdown) => Format::Markdown,
        _ if start.starts_with("# ") => Format::Markdown,
        _ => Format::Text,
    }
}

/// True for what opens as a page.
fn is_html(start: &str) -> bool {
    let head: String = start.chars().take(1024).collect::<String>().to_ascii_lowercase();
    let opens = ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| head.starts_with(tag));
    opens || ((head.starts_with("<?xml") || head.starts_with("<!--")) && head.contains("<html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_goes_before_the_extension() {
        let any = hint("txt");
        let cases = [
            ("<!DOCTYPE html><p>x", any, Format::Html),
            ("<?xml version=\"1.0\"?>\n<html>", any, Format::Html),
            ("{\"text\": \"x\"}\n", any, Format::JsonLines),
            ("{ nothing", any, Format::Text),
            ("---\ntitle: x\n---\ny", any, Format::Text),
            ("---\ntitle: x\n---\ny", hint("md"), Format::Markdown),
            ("Workflow\n稀土\nicon\nSearch documents\n", any, Format::Feed),
            ("标题\n来源· 2025-07-13 16:09\n正文", any, Format::Feed),
            ("标题\n来源· 2025-07-13 16:09\n正文", hint("md"), Format::Feed),
            ("# Copper\n\nIt rose.", any, Format::Markdown),
            ("Copper rose.", any, Format::Text),
            ("Copper < 10", hint("html"), Format::Html),
            ("oops", hint("jsonl"), Format::JsonLines),
        ];
        for (sample, hint, format) in cases {
            assert_eq!(detect(sample, hint), format, "{sample}");
        }
    }

    #[test]
    fn extensions_that_are_not_read() {
        for extension in ["csv", "pdf", "rs", "docx"] {
            assert_eq!(hint(extension), Hint::Unknown);
        }
    }
}
