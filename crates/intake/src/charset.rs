//! Encodings: which one a text is in, and strict decoding.

use std::fmt;
use std::str::FromStr;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding};

use crate::Error;

/// An encoding that texts may be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// GB18030, which holds GBK and GB2312.
    Gb18030,
    /// Windows-1252, Western European; never guessed, for every text is valid in it.
    Windows1252,
}

impl Charset {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Gb18030 => "GB18030",
            Self::Windows1252 => "Windows-1252",
        }
    }

    /// How many bytes its smallest unit takes.
    pub(crate) fn unit(self) -> usize {
        match self {
            Self::Utf8 | Self::Gb18030 | Self::Windows1252 => 1,
            Self::Utf16Le | Self::Utf16Be => 2,
        }
    }

    pub(crate) fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Gb18030 => encoding_rs::GB18030,
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
        }
    }

    /// Decodes all of `bytes`, without looking for a byte order mark.
    ///
    /// # Errors
    ///
    /// The offset of the first byte that is not valid, or at which the text is cut off within a character.
    pub(crate) fn decode(self, bytes: &[u8]) -> Result<String, usize> {
        if self == Self::Utf8 {
            return std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| error.valid_up_to());
        }
        decode_strictly(self.encoding(), bytes)
    }
}

impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Charset {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Ok(Self::Utf8),
            "utf-16le" | "utf16le" => Ok(Self::Utf16Le),
            "utf-16be" | "utf16be" => Ok(Self::Utf16Be),
            "gb18030" | "gbk" | "gb2312" => Ok(Self::Gb18030),
            "windows-1252" | "cp1252" => Ok(Self::Windows1252),
            _ => Err(Error::UnknownCharset(name.to_owned())),
        }
    }
}

/// Decodes `bytes` in any encoding; the error is the offset of the first malformed sequence.
pub(crate) fn decode_strictly(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, usize> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room =
        decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len() * 4 + 16);
    let mut text = String::with_capacity(room);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(text),
        DecoderResult::Malformed(length, after) => {
            Err(read.saturating_sub(usize::from(length) + usize::from(after)))
        }
        // The room is the decoder's own upper bound, so this would be a defect of the decoder.
        DecoderResult::OutputFull => Err(read),
    }
}

/// What a sample of bytes looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looks {
    /// In this encoding, after a byte order mark of so many bytes.
    Like(Charset, usize),
    /// Pure ASCII so far: the first other byte decides.
    Ascii,
    /// Not a text.
    Binary,
    /// A text in an encoding that is not read; its name.
    Other(&'static str),
}

/// Looks at the first bytes of an input; `complete` if there are no others.
pub(crate) fn look(sample: &[u8], complete: bool) -> Looks {
    if sample.starts_with(b"\xEF\xBB\xBF") {
        return Looks::Like(Charset::Utf8, 3);
    }
    if sample.starts_with(b"\xFF\xFE") {
        return Looks::Like(Charset::Utf16Le, 2);
    }
    if sample.starts_with(b"\xFE\xFF") {
        return Looks::Like(Charset::Utf16Be, 2);
    }
    if !sample.contains(&0) {
        if sample.is_ascii() {
            return Looks::Ascii;
        }
        return match without_bom(sample, complete) {
            // Text of Chinese characters alone has no zero byte in UTF-16, but then it is not valid UTF-8 either.
            Looks::Like(Charset::Utf8, _) => Looks::Like(Charset::Utf8, 0),
            other => utf16_without_bom(sample).map_or(other, |charset| Looks::Like(charset, 0)),
        };
    }
    utf16_without_bom(sample).map_or(Looks::Binary, |charset| Looks::Like(charset, 0))
}

/// Tells UTF-16 by how many of its characters are ones that market texts use.
fn utf16_without_bom(sample: &[u8]) -> Option<Charset> {
    let whole = &sample[..sample.len() / 2 * 2];
    [Charset::Utf16Le, Charset::Utf16Be].into_iter().find(|charset| {
        let units = whole.chunks_exact(2).map(|pair| match charset {
            Charset::Utf16Be => u16::from_be_bytes([pair[0], pair[1]]),
            _ => u16::from_le_bytes([pair[0], pair[1]]),
        });
        let (mut usual, mut sure) = (0, 0);
        for unit in units {
            usual += usize::from(is_usual(unit));
            // Ideographs alone prove little: pairs of bytes in other encodings look like them.
            sure += usize::from(is_usual(unit) && !(0x4E00..=0x9FFF).contains(&unit));
        }
        whole.len() >= 4 && sure > 0 && usual * 10 >= whole.len() / 2 * 9
    })
}

/// True for ASCII text, Latin-1, general and CJK punctuation, common ideographs and full-width forms.
fn is_usual(unit: u16) -> bool {
    matches!(unit, 0x09 | 0x0A | 0x0D | 0x20..=0x7E | 0xA0..=0xFF | 0x2010..=0x203A | 0x3000..=0x3017
        | 0x4E00..=0x9FFF | 0xFF01..=0xFF5E)
}

/// Tells UTF-8 from GB18030 and the rest.
fn without_bom(sample: &[u8], complete: bool) -> Looks {
    let (good, bad) = utf8_sequences(sample, complete);
    // A few broken bytes in a text that is else UTF-8 are an error to report, not another encoding: sequences of
    // three bytes hardly ever come about by chance.
    if bad == 0 || good > bad * 4 {
        return Looks::Like(Charset::Utf8, 0);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, complete);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess == encoding_rs::GBK || guess == encoding_rs::GB18030 {
        return Looks::Like(Charset::Gb18030, 0);
    }
    // A Chinese text too short for statistics: pairs of bytes that are all in GB2312 are evidence enough.
    if is_gb2312(sample, complete) {
        return Looks::Like(Charset::Gb18030, 0);
    }
    if is_control_heavy(sample) { Looks::Binary } else { Looks::Other(guess.name()) }
}

/// True if all that is not ASCII is a pair of bytes of the punctuation or ideographs of GB2312.
fn is_gb2312(sample: &[u8], complete: bool) -> bool {
    let mut at = 0;
    while let Some(lead) = sample.get(at) {
        if lead.is_ascii() {
            at += 1;
            continue;
        }
        let Some(trail) = sample.get(at + 1) else { return !complete };
        if !matches!(lead, 0xA1..=0xA3 | 0xB0..=0xF7) || *trail < 0xA1 {
            return false;
        }
        at += 2;
    }
    true
}

/// True if more than one byte in fifty is a control character that no text has.
fn is_control_heavy(sample: &[u8]) -> bool {
    let controls = sample.iter().filter(|byte| matches!(byte, 1..=8 | 14..=26 | 28..=31 | 127)).count();
    controls * 50 > sample.len()
}

/// Counts the sequences of three or more bytes that are valid UTF-8, and the places at which it is not valid. A
/// sequence that the end of an incomplete sample cuts is neither.
fn utf8_sequences(sample: &[u8], complete: bool) -> (usize, usize) {
    let (mut good, mut bad) = (0, 0);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| c.len_utf8() >= 3).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    let cut = std::str::from_utf8(sample).is_err_and(|error| error.error_len().is_none());
    let cut_later = sample.utf8_chunks().last().is_some_and(|chunk| {
        !chunk.invalid().is_empty()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|e| e.error_len().is_none())
    });
    if !complete && (cut || cut_later) { (good, bad - 1) } else { (good, bad) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINESE: &str = "北方稀土公告,2025年7月10日起稀土精矿价格上调。";

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    #[test]
    fn each_encoding_is_told() {
        let (gb, _, _) = encoding_rs::GB18030.encode(CHINESE);
        let (short, _, _) = encoding_rs::GB18030.encode("铜价");
        let (japanese, _, _) =
            encoding_rs::SHIFT_JIS.encode("これはにほんごのぶんしょうです。レアアースのかかく。");
        let marked: Vec<u8> = [b"\xFF\xFE".as_slice(), &utf16("Cu 铜", false)].concat();
        let cases: [(&[u8], Looks); 11] = [
            (CHINESE.as_bytes(), Looks::Like(Charset::Utf8, 0)),
            (b"\xEF\xBB\xBFCu", Looks::Like(Charset::Utf8, 3)),
            (&gb, Looks::Like(Charset::Gb18030, 0)),
            (&short, Looks::Like(Charset::Gb18030, 0)),
            (&marked, Looks::Like(Charset::Utf16Le, 2)),
            (&utf16(CHINESE, false), Looks::Like(Charset::Utf16Le, 0)),
            (&utf16(CHINESE, true), Looks::Like(Charset::Utf16Be, 0)),
            (&utf16("Copper rose.", true), Looks::Like(Charset::Utf16Be, 0)),
            (b"Copper rose.", Looks::Ascii),
            (b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\xb0\x5c\x99", Looks::Binary),
            (&japanese, Looks::Other("Shift_JIS")),
        ];
        for (bytes, looks) in cases {
            assert_eq!(look(bytes, true), looks, "{bytes:x?}");
        }
    }

    #[test]
    fn a_broken_byte_does_not_change_the_encoding() {
        let mut bytes = CHINESE.as_bytes().to_vec();
        bytes[7] = 0xFF;
        assert_eq!(look(&bytes, true), Looks::Like(Charset::Utf8, 0));
        assert_eq!(Charset::Utf8.decode(&bytes), Err(6));
    }

    #[test]
    fn a_sample_may_end_within_a_character() {
        for end in 1..CHINESE.len() {
            assert_eq!(look(&CHINESE.as_bytes()[..end], false), Looks::Like(Charset::Utf8, 0), "{end}");
        }
    }

    #[test]
    fn decoding_is_strict_and_tells_the_byte() {
        assert_eq!(Charset::Gb18030.decode(b"ab\x81\xff"), Err(2));
        assert_eq!(Charset::Utf16Le.decode(b"a\0\x00\xd8b\0"), Err(2));
        assert_eq!(Charset::Utf16Be.decode(b"\0a\0"), Err(2));
        assert_eq!(Charset::Gb18030.decode(b"\xcd\xad").as_deref(), Ok("铜"));
    }
}
