//! A text as folded characters with their byte offsets, which all parsers work on.

mod buffers;

use std::cell::{Cell, RefCell};
use std::ops::Range;

use buffers::{Buffers, WIDTH};

use crate::han::HanSet;
use crate::numeral::Number;

/// True for Chinese characters, 〇 among them.
pub(crate) fn is_han(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '〇')
}

/// A text, character by character: lower case, half width, simplified; each with its offset in the source.
pub(crate) struct View<'t> {
    pub(crate) source: &'t str,
    /// What the lists were of before; its memory is used again.
    kept: String,
    characters: Vec<char>,
    offsets: Vec<u32>,
    /// The letters a to z among the characters, each at its index, with NUL for all else and eight of these behind the last:
    /// what words are cut from.
    letters: String,
    /// The numbers that were read last.
    pub(crate) numbers: Memo<Number>,
    /// The run of digits and the word that were asked for last: several readings of one place ask for the same.
    run: Cell<Option<(usize, Digits)>>,
    length: Cell<(usize, usize)>,
}

/// A place, and what was read there if anything is.
type Held<T> = Option<(usize, Option<T>)>;

/// What was read at the places asked for last, or that nothing is there.
pub(crate) struct Memo<T> {
    held: RefCell<[Held<T>; 4]>,
}

impl<T: Clone> Memo<T> {
    /// What `read` finds at a place, read once.
    pub(crate) fn at(&self, place: usize, read: impl FnOnce() -> Option<T>) -> Option<T> {
        if let Some((held, found)) = &self.held.borrow()[place % 4]
            && *held == place
        {
            return found.clone();
        }
        let found = read();
        self.held.borrow_mut()[place % 4] = Some((place, found.clone()));
        found
    }
}

/// A Latin word in lower case, cut at 20 letters.
#[derive(Clone, Copy)]
pub(crate) struct Word<'v> {
    letters: &'v str,
    /// Index after its last character.
    pub(crate) end: usize,
}

impl<'v> Word<'v> {
    /// The most letters that are looked at.
    const LONGEST: usize = 20;

    pub(crate) fn as_str(&self) -> &'v str {
        self.letters
    }
}

impl<'t> View<'t> {
    pub(crate) fn new(source: &'t str) -> View<'t> {
        let Buffers { source: kept, characters, offsets, letters } = Buffers::of(source);
        let letters = String::from_utf8(letters).unwrap_or_default();
        let numbers = Memo { held: RefCell::default() };
        let (run, length) = (Cell::default(), Cell::new((usize::MAX, 0)));
        View { source, kept, characters, offsets, letters, numbers, run, length }
    }

    pub(crate) fn len(&self) -> usize {
        self.characters.len()
    }

    /// The folded character at `at`; NUL beyond the ends.
    #[inline]
    pub(crate) fn get(&self, at: usize) -> char {
        self.characters.get(at).copied().unwrap_or('\0')
    }

    /// The folded character before `at`; NUL at the beginning.
    #[inline]
    pub(crate) fn before(&self, at: usize) -> char {
        if at == 0 { '\0' } else { self.get(at - 1) }
    }

    /// The character as written, not folded.
    pub(crate) fn raw(&self, at: usize) -> char {
        let byte = self.byte(at);
        match self.source.as_bytes().get(byte) {
            Some(ascii) if ascii.is_ascii() => char::from(*ascii),
            _ => self.source[byte..].chars().next().unwrap_or('\0'),
        }
    }

    /// Byte offset of a character.
    pub(crate) fn byte(&self, at: usize) -> usize {
        self.offsets[at.min(self.len())] as usize
    }

    /// Byte span of a span of characters.
    pub(crate) fn bytes(&self, span: Range<usize>) -> Range<usize> {
        self.byte(span.start)..self.byte(span.end)
    }

    pub(crate) fn source_of(&self, span: Range<usize>) -> &'t str {
        &self.source[self.bytes(span)]
    }

    /// True if `word` (folded already) stands at `at`.
    #[inline]
    pub(crate) fn starts_with(&self, at: usize, word: &str) -> bool {
        for (here, character) in (at..).zip(word.chars()) {
            if self.get(here) != character {
                return false;
            }
        }
        true
    }

    /// The first of `words` that stands at `at`, with the index after it; one blank between two Chinese characters
    /// counts as nothing.
    #[inline]
    pub(crate) fn any_of<'w>(&self, at: usize, words: &[&'w str]) -> Option<(&'w str, usize)> {
        let mut bytes = [0; 4];
        let first = self.get(at).encode_utf8(&mut bytes).as_bytes();
        // The last byte of a Chinese character tells it from most others.
        let last = first.len() - 1;
        words
            .iter()
            .filter(|word| word.as_bytes().get(last) == Some(&first[last]))
            .filter(|word| word.as_bytes().starts_with(first))
            .find_map(|word| self.runs_on(at, word).map(|end| (*word, end)))
    }

    /// The index after `word` if it stands at `at`, blanks between Chinese characters left aside.
    #[inline]
    pub(crate) fn loosely(&self, at: usize, word: &str) -> Option<usize> {
        // Most words are told by their first character alone.
        if word.chars().next().is_some_and(|first| first != self.get(at)) {
            return None;
        }
        self.runs_on(at, word)
    }

    fn runs_on(&self, at: usize, word: &str) -> Option<usize> {
        let mut here = at;
        for (index, character) in word.chars().enumerate() {
            if index > 0 && is_han(character) && self.get(here) != character {
                here = self.blanks(here);
            }
            if self.get(here) != character {
                return None;
            }
            here += 1;
        }
        Some(here)
    }

    /// The index after blanks (not line breaks) that begin at `at`.
    #[inline]
    pub(crate) fn blanks(&self, mut at: usize) -> usize {
        while self.get(at) == ' ' {
            at += 1;
        }
        at
    }

    /// The index before blanks that end at `at`.
    pub(crate) fn blanks_back(&self, mut at: usize) -> usize {
        while at > 0 && self.get(at - 1) == ' ' {
            at -= 1;
        }
        at
    }

    /// Up to eight letters from `at` on, the first in the lowest byte; those behind the last are zero.
    #[inline]
    pub(crate) fn letters_at(&self, at: usize) -> u64 {
        let Some(eight) = self.letters.as_bytes().get(at..).and_then(<[u8]>::first_chunk::<WIDTH>) else {
            return 0;
        };
        first_letters(u64::from_le_bytes(*eight))
    }

    /// The Latin word at `at`, if a letter stands there.
    #[inline]
    pub(crate) fn word(&self, at: usize) -> Option<Word<'_>> {
        let rest = self.letters.as_bytes().get(at..)?;
        if *rest.first()? == 0 {
            return None;
        }
        let (held, mut length) = self.length.get();
        if held != at {
            let eight = rest.first_chunk::<WIDTH>().map(|eight| first_letters(u64::from_le_bytes(*eight)))?;
            length = WIDTH - eight.leading_zeros() as usize / 8;
            if length == WIDTH {
                length += rest[WIDTH..].iter().take_while(|byte| **byte != 0).count();
            }
            self.length.set((at, length));
        }
        let letters = self.letters.get(at..at + length.min(Word::LONGEST))?;
        Some(Word { letters, end: at + length })
    }

    /// The Latin word that ends just before `at`, with its first index.
    pub(crate) fn word_before(&self, at: usize) -> Option<(usize, Word<'_>)> {
        let (before, behind) = self.letters.as_bytes().split_at_checked(at)?;
        let length = before.iter().rev().take_while(|byte| **byte != 0).count();
        if length == 0 || behind.first().is_some_and(|next| *next != 0) {
            return None;
        }
        let start = at - length;
        let letters = self.letters.get(start..start + length.min(Word::LONGEST))?;
        Some((start, Word { letters, end: at }))
    }

    /// The next Latin word after `at` and blanks.
    pub(crate) fn next_word(&self, at: usize) -> Option<Word<'_>> {
        self.word(self.blanks(at))
    }

    /// True if `at` is not in the middle of a Latin word or a number.
    pub(crate) fn at_edge(&self, at: usize) -> bool {
        !(self.before(at).is_ascii_alphanumeric() && self.get(at).is_ascii_alphanumeric())
    }

    /// ASCII digits at `at`: their value if at most nine digits, their count, and the index after them.
    pub(crate) fn digits(&self, at: usize) -> Option<Digits> {
        let rest = self.characters.get(at..)?;
        if !rest.first()?.is_ascii_digit() {
            return None;
        }
        if let Some((held, digits)) = self.run.get()
            && held == at
        {
            return Some(digits);
        }
        let mut value = 0_u32;
        let mut count = 0;
        for digit in rest.iter().map_while(|character| character.to_digit(10)) {
            if count < 9 {
                value = value * 10 + digit;
            }
            count += 1;
        }
        let value = if count > 9 { u32::MAX } else { value };
        let digits = Digits { value, count, end: at + count };
        self.run.set(Some((at, digits)));
        Some(digits)
    }
}

/// Of eight letters in a number those before the first NUL.
#[inline]
fn first_letters(eight: u64) -> u64 {
    const ONES: u64 = u64::MAX / 0xff;
    // The highest bit of each byte that is zero; above the first such byte it may be set for others.
    let zeros = eight.wrapping_sub(ONES) & !eight & (ONES << 7);
    if zeros == 0 { eight } else { eight & (((zeros & zeros.wrapping_neg()) >> 7) - 1) }
}

impl Drop for View<'_> {
    fn drop(&mut self) {
        let buffers = Buffers {
            source: std::mem::take(&mut self.kept),
            characters: std::mem::take(&mut self.characters),
            offsets: std::mem::take(&mut self.offsets),
            letters: std::mem::take(&mut self.letters).into_bytes(),
        };
        buffers.keep(self.source);
    }
}

/// A run of digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digits {
    /// Its value; `u32::MAX` if it has more than nine digits.
    pub(crate) value: u32,
    /// How many digits.
    pub(crate) count: usize,
    /// Index after the last.
    pub(crate) end: usize,
}

/// Lower case, half width, simplified (the characters of numbers, units and dates alone), one kind of blank.
#[inline]
pub(crate) fn fold(character: char) -> char {
    if let Ok(byte) = u8::try_from(character)
        && byte.is_ascii()
    {
        return fold_ascii(byte);
    }
    fold_wide(character)
}

/// The same for what is not ASCII.
#[inline]
fn fold_wide(character: char) -> char {
    if matches!(character, '\u{4e00}'..='\u{9fff}') {
        return if is_traditional(character) { simplify(character) } else { character };
    }
    match character {
        '\u{ff01}'..='\u{ff5e}' => {
            let half = char::from_u32(character as u32 - 0xfee0).unwrap_or(character);
            half.to_ascii_lowercase()
        }
        '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => ' ',
        '−' | '﹣' => '-',
        '﹪' => '%',
        '⁄' => '/',
        '∼' | '〜' | '˜' => '~',
        '〇' => '零',
        '’' => '\'',
        'À'..='ɏ' => {
            let mut lower = character.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(single), None) => single,
                _ => character,
            }
        }
        _ => character,
    }
}

/// The same for ASCII.
#[inline]
fn fold_ascii(byte: u8) -> char {
    char::from(if byte == b'\t' { b' ' } else { byte.to_ascii_lowercase() })
}

/// True for characters that [`simplify`] changes.
fn is_traditional(character: char) -> bool {
    static SET: HanSet = HanSet::of(&[
        '萬', '億', '個', '點', '兩', '倆', '俩', '週', '後', '時', '號', '圓', '圆', '幣', '國', '東', '對',
        '幾', '餘', '這', '從', '間', '過', '禮', '噸', '塊', '鐘', '歐', '鎊', '盧', '韓', '華', '馬', '銅',
        '鋁', '鋅', '鎳', '錫', '鈷', '鋰', '銻', '鎵', '鍺', '鎢', '鉬', '價', '產', '進', '僅', '來', '當',
        '開', '將',
    ]);
    SET.has(character)
}

fn simplify(character: char) -> char {
    match character {
        '萬' => '万',
        '億' => '亿',
        '個' => '个',
        '點' => '点',
        '兩' | '倆' | '俩' => '两',
        '週' => '周',
        '後' => '后',
        '時' => '时',
        '號' => '号',
        '圓' | '圆' => '元',
        '幣' => '币',
        '國' => '国',
        '東' => '东',
        '對' => '对',
        '幾' => '几',
        '餘' => '余',
        '這' => '这',
        '從' => '从',
        '間' => '间',
        '過' => '过',
        '禮' => '礼',
        '噸' => '吨',
        '塊' => '块',
        '鐘' => '钟',
        '歐' => '欧',
        '鎊' => '镑',
        '盧' => '卢',
        '韓' => '韩',
        '華' => '华',
        '馬' => '马',
        '銅' => '铜',
        '鋁' => '铝',
        '鋅' => '锌',
        '鎳' => '镍',
        '錫' => '锡',
        '鈷' => '钴',
        '鋰' => '锂',
        '銻' => '锑',
        '鎵' => '镓',
        '鍺' => '锗',
        '鎢' => '钨',
        '鉬' => '钼',
        '價' => '价',
        '產' => '产',
        '進' => '进',
        '僅' => '仅',
        '來' => '来',
        '當' => '当',
        '開' => '开',
        '將' => '将',
        _ => character,
    }
}
