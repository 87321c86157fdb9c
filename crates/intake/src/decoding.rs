//! A stream of bytes of any known encoding as a stream of UTF-8, for readers that need no whole text.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};

use crate::Charset;
use crate::charset::{Looks, look};
use crate::input::{Input, SAMPLE_BYTES};

/// Reads UTF-8 from bytes in the encoding that was asked for, or else in the one that the first 64 KiB are in. A byte order
/// mark is left out. A malformed byte is an error of kind [`io::ErrorKind::InvalidData`] that says where it is; what
/// stands before it is read all the same.
///
/// ```
/// use std::io::Read as _;
///
/// let mut text = String::new();
/// intake::Decoding::new(Box::new(&b"\xEF\xBB\xBFcopper"[..]), None)?.read_to_string(&mut text)?;
/// assert_eq!(text, "copper");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Decoding {
    input: Input,
    decoder: Decoder,
    charset: Charset,
    guessed: bool,
    /// Decoded bytes that are not read yet.
    text: String,
    start: usize,
    /// What is told once the text before it is read.
    failure: Option<io::Error>,
    ended: bool,
}

impl Decoding {
    /// Looks at the first bytes.
    ///
    /// # Errors
    /// If they cannot be read, are no text, or are in an encoding that is not known and none is asked for.
    pub fn new(reader: Box<dyn Read + Send>, asked: Option<Charset>) -> io::Result<Self> {
        let mut input = Input::new(reader);
        input.fill(SAMPLE_BYTES)?;
        let ended = input.ended();
        let sample = input.fill(0)?;
        let (charset, mark) = match (asked, look(sample, ended)) {
            (Some(asked), Looks::Like(found, mark)) if asked == found => (asked, mark),
            (Some(asked), _) => (asked, 0),
            (None, Looks::Like(found, mark)) => (found, mark),
            (None, Looks::Ascii) => (Charset::Utf8, 0),
            (None, Looks::Binary) => return Err(invalid("it is no text".to_owned())),
            (None, Looks::Other(name)) => {
                return Err(invalid(format!(
                    "it seems to be {name}, which is never guessed; say its encoding, or save it as UTF-8"
                )));
            }
        };
        input.consume(mark);
        Ok(Self {
            input,
            decoder: charset.encoding().new_decoder_without_bom_handling(),
            charset,
            guessed: asked.is_none(),
            text: String::new(),
            start: 0,
            failure: None,
            ended: false,
        })
    }

    /// Decodes more, until there is text or the end.
    fn more(&mut self) -> io::Result<()> {
        self.text.clear();
        self.start = 0;
        if let Some(failure) = self.failure.take() {
            self.ended = true;
            return Err(failure);
        }
        while self.text.is_empty() && !self.ended {
            let offset = self.input.offset();
            let bytes = self.input.fill(1)?;
            let (bytes, last) = (&bytes[..bytes.len().min(SAMPLE_BYTES)], bytes.is_empty());
            let room = self.decoder.max_utf8_buffer_length_without_replacement(bytes.len());
            self.text.reserve(room.unwrap_or(bytes.len() * 4 + 16));
            let (result, read) =
                self.decoder.decode_to_string_without_replacement(bytes, &mut self.text, last);
            self.input.consume(read);
            if let DecoderResult::Malformed(length, after) = result {
                let at = offset + read as u64 - u64::from(length) - u64::from(after);
                self.failure = Some(self.malformed(at));
                if self.text.is_empty() {
                    return self.more();
                }
            }
            self.ended |= last;
        }
        Ok(())
    }

    fn malformed(&self, at: u64) -> io::Error {
        let how = if self.guessed {
            "say its encoding, such as windows-1252 or gb18030, or save it as UTF-8"
        } else {
            "say another encoding, or save it as UTF-8"
        };
        invalid(format!("byte {at} is not valid in {}; {how}", self.charset))
    }
}

impl Read for Decoding {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.start == self.text.len() {
            self.more()?;
        }
        let left = &self.text.as_bytes()[self.start..];
        let length = left.len().min(buffer.len());
        buffer[..length].copy_from_slice(&left[..length]);
        self.start += length;
        Ok(length)
    }
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], asked: Option<Charset>) -> (String, Option<String>) {
        let mut text = Vec::new();
        let error = match Decoding::new(Box::new(io::Cursor::new(bytes.to_vec())), asked) {
            Ok(mut decoding) => decoding.read_to_end(&mut text).err(),
            Err(error) => Some(error),
        };
        (String::from_utf8_lossy(&text).into_owned(), error.map(|error| error.to_string()))
    }

    #[test]
    fn every_encoding_becomes_utf8() {
        let (gb, _, _) = encoding_rs::GB18030.encode("品种,价格\n锑锭,21.5\n");
        assert_eq!(read(&gb, None), ("品种,价格\n锑锭,21.5\n".to_owned(), None));
        assert_eq!(read(b"\xEF\xBB\xBFa,b", Some(Charset::Utf8)).0, "a,b");
        assert_eq!(read(b"2021\x9624", Some(Charset::Windows1252)).0, "2021–24");
        let long = "锑锭,".repeat(100_000);
        assert_eq!(read(long.as_bytes(), None), (long, None));
    }

    #[test]
    fn what_is_not_valid_is_told_with_its_byte() {
        let mut late = b"a,b\n".repeat(40_000);
        late.push(0x97);
        let (text, error) = read(&late, None);
        assert_eq!(text.len(), 160_000);
        assert!(error.is_some_and(|e| e.contains("byte 160000 is not valid in UTF-8; say its encoding")));
        let binary = read(b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\xb0\x5c\x99", None);
        assert_eq!(binary.1.as_deref(), Some("it is no text"));
    }
}
