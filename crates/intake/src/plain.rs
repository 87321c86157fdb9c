//! One plain text or Markdown text a file, with optional front matter.

use crate::charset::{self, Charset, Looks};
use crate::feed::invalid;
use crate::front::{self, FrontMatter};
use crate::input::{Input, WholeError};
use crate::item::{Place, Refusal, RefusalReason};
use crate::lines::normalize_line_ends;
use crate::reading::unreadable;
use crate::sink::{Draft, FormatReader, Sink, shortened, too_large};
use crate::{dates, language};

/// The longest first line that is taken for a title, in characters.
const TITLE_CHARS: usize = 120;

/// Reads a text.
pub(crate) struct PlainReader {
    input: Input,
    charset: Option<Charset>,
    markdown: bool,
}

impl PlainReader {
    /// The input stands after any byte order mark.
    pub(crate) fn new(input: Input, charset: Option<Charset>, markdown: bool) -> Self {
        Self { input, charset, markdown }
    }

    fn read(&mut self, sink: &mut Sink) -> Result<(), Box<Refusal>> {
        let subject = sink.file.clone();
        let mark = self.input.offset();
        let bytes = self.input.read_whole(sink.options.raw_limit()).map_err(|error| match error {
            WholeError::TooLarge => {
                let why = format!("a record holds at most {} bytes", sink.options.record_limit());
                too_large(sink.whole(), 1, &subject, why)
            }
            WholeError::Io(error) => unreadable(sink.whole(), &subject, &error),
        })?;
        let charset = self.charset.unwrap_or_else(|| match charset::look(&bytes, true) {
            Looks::Like(charset, _) => charset,
            _ => Charset::Utf8,
        });
        let text = charset
            .decode(&bytes)
            .map_err(|at| invalid(sink.byte(mark + at as u64), 1, &subject, charset.name()))?;
        let number = sink.next_number();
        let (draft, place) = self.draft(&normalize_line_ends(text), sink)?;
        sink.document(number, place, &subject, draft);
        Ok(())
    }

    /// Splits front matter, title and body.
    fn draft(&self, text: &str, sink: &mut Sink) -> Result<(Draft, Place), Box<Refusal>> {
        let place = sink.line(1);
        let wrong = |line: Option<u64>, what: &str, quote: &str, why: String, reason| {
            Box::new(Refusal {
                reason,
                place: Place { line: line.or(Some(1)), ..place.clone() },
                number: 1,
                what: format!("{} has {what}", place.file),
                quote: quote.to_owned(),
                why,
                mend: "correct it and import again".to_owned(),
            })
        };
        let (front, body) = if front::opens(text) {
            let (block, body, _) = front::split(text).ok_or_else(|| {
                let why = "the line «---» that ends it is missing".to_owned();
                wrong(None, "unreadable front matter", "---", why, RefusalReason::Syntax)
            })?;
            let front = front::parse(block).map_err(|(why, line)| {
                wrong(line.map(|line| line + 1), "unreadable front matter", "", why, RefusalReason::Syntax)
            })?;
            (front, body)
        } else {
            (FrontMatter::default(), text)
        };
        for field in front.unknown.iter().take(32) {
            let message = format!("the field «{}» is not known and left out", shortened(field));
            sink.notice(sink.line(1), message);
        }
        let published = front.published.as_deref().map(|written| {
            let parsed = dates::parse(written, &sink.options.feed_zone);
            parsed.map_err(|why| wrong(None, "no readable date", written, why, RefusalReason::Date))
        });
        let published = published.transpose()?;
        let (title, body) = title_and_body(front.title, body, self.markdown);
        let published = published.or_else(|| dates::at_end_of_title(&title));
        let topics = front.topics.into_iter().chain(sink.options.topic.clone()).collect();
        let draft = Draft {
            source: front.source.unwrap_or_default(),
            url: front.url.unwrap_or_default(),
            title,
            body,
            language: front.language.as_deref().map(language::from_tag),
            published,
            topics: sink.check_topics(&place, topics),
        };
        Ok((draft, place))
    }
}

impl FormatReader for PlainReader {
    fn step(&mut self, sink: &mut Sink) -> bool {
        if let Err(refusal) = self.read(sink) {
            sink.refuse(*refusal);
        }
        false
    }

    fn offset(&self) -> u64 {
        self.input.offset()
    }
}

/// Finds the title: that of the front matter, else a heading on the first line with text, else in plain text that line
/// if it looks like a title. A heading that repeats the title is not kept twice.
fn title_and_body(given: Option<String>, text: &str, markdown: bool) -> (String, String) {
    let text = text.trim_matches('\n');
    let start = text.len() - text.trim_start().len();
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let (first, rest) = text[line_start..].split_once('\n').unwrap_or((&text[line_start..], ""));
    let heading = first.trim().strip_prefix("# ").map(|title| title.trim().trim_end_matches('#').trim_end());
    let rest_has_text = !rest.trim().is_empty();
    let found = match heading {
        Some(title) if markdown => Some(title),
        _ => Some(first.trim()).filter(|line| !markdown && looks_like_title(line)),
    };
    match (given, found) {
        (Some(title), found) => {
            let repeated = rest_has_text && found == Some(title.trim());
            (title, if repeated { rest } else { text }.to_owned())
        }
        (None, Some(title)) if rest_has_text => (title.to_owned(), rest.trim_start_matches('\n').to_owned()),
        _ => (String::new(), text.to_owned()),
    }
}

/// True for a short line that does not end as a sentence does.
fn looks_like_title(line: &str) -> bool {
    let ends = ['.', '。', ';', '\u{FF1B}', ',', '\u{FF0C}', ':', '\u{FF1A}', '…'];
    !line.is_empty()
        && line.chars().count() <= TITLE_CHARS
        && !line.ends_with(ends)
        && !line.starts_with(['-', '|', '*'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles() {
        let cases = [
            (None, "铜价上涨\n\n伦敦铜价上涨。\n", false, "铜价上涨", "伦敦铜价上涨。"),
            (None, "Copper rose today.\nIt fell later.", false, "", "Copper rose today.\nIt fell later."),
            (None, "\n\n# Copper #\n\nIt rose.\n", true, "Copper", "It rose."),
            (None, "Copper\n\nIt rose.", true, "", "Copper\n\nIt rose."),
            (Some("Copper"), "# Copper\nIt rose.", true, "Copper", "It rose."),
            (Some("Copper"), "# Tin\nIt rose.", true, "Copper", "# Tin\nIt rose."),
            (None, "Only a line", false, "", "Only a line"),
            (None, "", false, "", ""),
        ];
        for (given, text, markdown, title, body) in cases {
            let found = title_and_body(given.map(str::to_owned), text, markdown);
            assert_eq!(found, (title.to_owned(), body.to_owned()), "{text}");
        }
    }
}
