//! A text as folded characters with their byte offsets, which all parsers work on.

use std::cell::RefCell;
use std::ops::Range;

use crate::numeral::Number;
use crate::odd;

/// True for Chinese characters, 〇 among them.
pub(crate) fn is_han(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '〇')
}

/// A text, character by character: lower case, half width, simplified; each with its offset in the source.
pub(crate) struct View<'t> {
    pub(crate) source: &'t str,
    characters: Vec<char>,
    offsets: Vec<u32>,
    /// The numbers that were read last.
    pub(crate) numbers: Memo<Number>,
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
pub(crate) struct Word {
    letters: [u8; 20],
    length: u8,
    /// Index after its last character.
    pub(crate) end: usize,
}

impl Word {
    pub(crate) fn as_str(&self) -> &str {
        // Only ASCII letters are ever stored.
        std::str::from_utf8(&self.letters[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl<'t> View<'t> {
    pub(crate) fn new(source: &'t str) -> View<'t> {
        let mut characters = Vec::with_capacity(source.len());
        let mut offsets = Vec::with_capacity(source.len() + 1);
        let mut signs = odd::Signs::default();
        let (mut before, mut second) = ('\0', '\0');
        for (offset, character) in source.char_indices() {
            if character.is_ascii_lowercase() {
                (before, second) = (character, before);
                characters.push(character);
                offsets.push(u32::try_from(offset).unwrap_or(u32::MAX));
                continue;
            }
            let folded = fold(character);
            signs.see(character, folded, before, second);
            (before, second) = (folded, before);
            characters.push(folded);
            offsets.push(u32::try_from(offset).unwrap_or(u32::MAX));
        }
        offsets.push(u32::try_from(source.len()).unwrap_or(u32::MAX));
        odd::mend(signs, &mut characters, &mut offsets);
        View { source, characters, offsets, numbers: Memo { held: RefCell::default() } }
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
        self.source_of(at..at + 1).chars().next().unwrap_or('\0')
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
        words
            .iter()
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

    /// The Latin word at `at`, if a letter stands there.
    pub(crate) fn word(&self, at: usize) -> Option<Word> {
        let mut letters = [0; 20];
        let mut length = 0;
        let mut end = at;
        while self.get(end).is_ascii_lowercase() {
            if length < letters.len() {
                letters[length] = self.get(end) as u8;
                length += 1;
            }
            end += 1;
        }
        (end > at).then_some(Word { letters, length: length as u8, end })
    }

    /// The Latin word that ends just before `at`, with its first index.
    pub(crate) fn word_before(&self, at: usize) -> Option<(usize, Word)> {
        let mut start = at;
        while start > 0 && self.get(start - 1).is_ascii_lowercase() {
            start -= 1;
        }
        self.word(start).filter(|word| word.end == at).map(|word| (start, word))
    }

    /// The next Latin word after `at` and blanks.
    pub(crate) fn next_word(&self, at: usize) -> Option<Word> {
        self.word(self.blanks(at))
    }

    /// True if `at` is not in the middle of a Latin word or a number.
    pub(crate) fn at_edge(&self, at: usize) -> bool {
        !(self.before(at).is_ascii_alphanumeric() && self.get(at).is_ascii_alphanumeric())
    }

    /// ASCII digits at `at`: their value if at most nine digits, their count, and the index after them.
    pub(crate) fn digits(&self, at: usize) -> Option<Digits> {
        let mut end = at;
        let mut value = 0_u32;
        while let Some(digit) = self.get(end).to_digit(10) {
            if end - at < 9 {
                value = value * 10 + digit;
            }
            end += 1;
        }
        (end > at).then_some(Digits {
            value: if end - at > 9 { u32::MAX } else { value },
            count: end - at,
            end,
        })
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
    if character.is_ascii() {
        return match character {
            '\t' => ' ',
            _ => character.to_ascii_lowercase(),
        };
    }
    match character {
        '\u{ff01}'..='\u{ff5e}' => {
            let half = char::from_u32(character as u32 - 0xfee0).unwrap_or(character);
            half.to_ascii_lowercase()
        }
        '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => ' ',
        '\u{4e00}'..='\u{9fff}' => simplify(character),
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
