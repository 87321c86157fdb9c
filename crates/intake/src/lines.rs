//! Lines of an input: strictly decoded, each with its number and byte, within bounded memory.

use std::io;

use crate::Charset;
use crate::charset::{self, Looks};
use crate::input::{Input, SAMPLE_BYTES};

/// A line, without its end: line feed, carriage return, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// From 1.
    pub(crate) number: u64,
    /// Offset of its first byte on disk.
    pub(crate) byte: u64,
    pub(crate) text: LineText,
}

/// What is on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LineText {
    Text(String),
    /// The byte at this offset on disk is not valid in the encoding.
    Invalid(u64),
    /// It is longer than was allowed: so many bytes.
    TooLong(u64),
}

impl Line {
    /// The text, if there is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.text {
            LineText::Text(text) => Some(text),
            LineText::Invalid(_) | LineText::TooLong(_) => None,
        }
    }

    /// True if there is nothing but white space on it.
    pub(crate) fn is_blank(&self) -> bool {
        self.text().is_some_and(|text| text.trim().is_empty())
    }
}

/// Reads lines.
pub(crate) struct Lines {
    input: Input,
    /// `None` while all was ASCII.
    charset: Option<Charset>,
    limit: usize,
    number: u64,
}

impl Lines {
    /// Lines of `input`, which stands after any byte order mark; `limit` is in bytes on disk.
    pub(crate) fn new(input: Input, charset: Option<Charset>, limit: usize) -> Self {
        Self { input, charset, limit, number: 0 }
    }

    /// The encoding; UTF-8 if nothing has decided yet.
    pub(crate) fn charset(&self) -> Charset {
        self.charset.unwrap_or(Charset::Utf8)
    }

    /// How many bytes were read.
    pub(crate) fn offset(&self) -> u64 {
        self.input.offset()
    }

    /// The next line, or `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line>> {
        let byte = self.input.offset();
        let mut raw: Vec<u8> = Vec::new();
        let mut length = 0_u64;
        let unit = self.charset().unit();
        loop {
            let charset = self.charset();
            let window = self.input.fill(unit)?;
            if window.is_empty() {
                if length == 0 {
                    return Ok(None);
                }
                break;
            }
            let found = find_line_end(window, charset);
            let taken = found.map_or(whole_units(window, unit), |(at, _)| at);
            if length + taken as u64 <= self.limit as u64 {
                raw.extend_from_slice(&window[..taken]);
            }
            length += taken as u64;
            self.input.consume(taken);
            if let Some((_, carriage_return)) = found {
                self.input.consume(unit);
                if carriage_return && starts_with_line_feed(self.input.fill(unit)?, charset) {
                    self.input.consume(unit);
                }
                break;
            }
        }
        self.number += 1;
        let text = if length > self.limit as u64 {
            LineText::TooLong(length)
        } else {
            self.decide_charset(&raw)?;
            match self.charset().decode(&raw) {
                Ok(text) => LineText::Text(text),
                Err(at) => LineText::Invalid(byte + at as u64),
            }
        };
        Ok(Some(Line { number: self.number, byte, text }))
    }

    /// Decides at the first byte that is not ASCII. All that came before reads the same in both encodings.
    fn decide_charset(&mut self, raw: &[u8]) -> io::Result<()> {
        if self.charset.is_some() || raw.is_ascii() {
            return Ok(());
        }
        let mut sample = raw.to_vec();
        sample.push(b'\n');
        let ahead = self.input.fill(SAMPLE_BYTES)?;
        sample.extend_from_slice(&ahead[..ahead.len().min(SAMPLE_BYTES)]);
        let complete = self.input.ended();
        self.charset = Some(match charset::look(&sample, complete) {
            Looks::Like(Charset::Gb18030, _) => Charset::Gb18030,
            _ => Charset::Utf8,
        });
        Ok(())
    }
}

/// Position of the first line end, and whether it is a carriage return.
fn find_line_end(window: &[u8], charset: Charset) -> Option<(usize, bool)> {
    if charset.unit() == 1 {
        // In GB18030 no byte of a longer character is below 0x30.
        let at = window.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
        return Some((at, window[at] == b'\r'));
    }
    let pairs = window.chunks_exact(2).map(|pair| utf16_unit(pair, charset));
    let (index, unit) = pairs.enumerate().find(|(_, unit)| matches!(unit, 0x0A | 0x0D))?;
    Some((index * 2, unit == 0x0D))
}

fn starts_with_line_feed(window: &[u8], charset: Charset) -> bool {
    match charset.unit() {
        1 => window.first() == Some(&b'\n'),
        _ => window.get(..2).is_some_and(|pair| utf16_unit(pair, charset) == 0x0A),
    }
}

fn utf16_unit(pair: &[u8], charset: Charset) -> u16 {
    match charset {
        Charset::Utf16Be => u16::from_be_bytes([pair[0], pair[1]]),
        _ => u16::from_le_bytes([pair[0], pair[1]]),
    }
}

/// How much of the window can be taken without cutting a unit; an odd last byte is taken alone and then invalid.
fn whole_units(window: &[u8], unit: usize) -> usize {
    if window.len() < unit { window.len() } else { window.len() / unit * unit }
}

/// Turns line ends of all kinds into line feeds.
pub(crate) fn normalize_line_ends(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8], charset: Option<Charset>, limit: usize) -> io::Result<Vec<Line>> {
        let mut lines = Lines::new(Input::new(Box::new(io::Cursor::new(bytes.to_vec()))), charset, limit);
        let mut found = Vec::new();
        while let Some(line) = lines.next()? {
            found.push(line);
        }
        Ok(found)
    }

    fn line(number: u64, byte: u64, text: &str) -> Line {
        Line { number, byte, text: LineText::Text(text.to_owned()) }
    }

    #[test]
    fn mixed_line_ends() -> io::Result<()> {
        let expected = [line(1, 0, "a"), line(2, 3, "b"), line(3, 5, ""), line(4, 6, "c"), line(5, 8, "d")];
        assert_eq!(all(b"a\r\nb\n\nc\rd", None, 100)?, expected);
        let utf16: Vec<u8> = "a\r\nb\n\nc\rd".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let doubled = expected.map(|line| Line { byte: line.byte * 2, ..line });
        assert_eq!(all(&utf16, Some(Charset::Utf16Be), 100)?, doubled);
        Ok(())
    }

    #[test]
    fn what_is_wrong_stays_on_its_line() -> io::Result<()> {
        let found = all("a\n铜\u{0}\n".replace('\u{0}', "\u{1}").as_bytes(), None, 3)?;
        assert_eq!(found[1].text, LineText::TooLong(4));
        let found = all(b"\xe9\x93\x9c\nok\xff\n\xe9\x93\x9c", Some(Charset::Utf8), 100)?;
        assert_eq!(found[1].text, LineText::Invalid(6));
        assert_eq!(found[2], line(3, 8, "铜"));
        Ok(())
    }

    #[test]
    fn the_first_line_that_is_not_ascii_decides() -> io::Result<()> {
        let (gb, _, _) = encoding_rs::GB18030.encode("plain\n铜价上涨,稀土精矿价格上调。\n北方稀土公告。\n");
        let found = all(&gb, None, 100)?;
        assert_eq!(found[1].text(), Some("铜价上涨,稀土精矿价格上调。"));
        assert_eq!(found[2].text(), Some("北方稀土公告。"));
        Ok(())
    }

    #[test]
    fn an_odd_byte_at_the_end_of_utf16_is_invalid() -> io::Result<()> {
        let found = all(b"a\0b", Some(Charset::Utf16Le), 100)?;
        assert_eq!(found[0].text, LineText::Invalid(2));
        Ok(())
    }
}
