//! Words looked for in a sentence. `str::find` prepares each search for texts of any length, which costs more than to search
//! a sentence; here one byte of the word is looked for, and lists of words are made ready once and looked for in one pass.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use memchr::{memchr, memrchr};

/// A list of words that is looked for in one pass.
pub(crate) struct Words {
    words: Vec<&'static str>,
    /// Absent if it could not be built, as for lists of millions.
    automaton: Option<AhoCorasick>,
}

impl Words {
    /// Makes a list ready; none of its words may be empty.
    pub(crate) fn new(words: &[&'static str]) -> Words {
        Words::built(words, false)
    }

    /// The same for words in lower case that also count where a text has capitals.
    pub(crate) fn in_any_case(words: &[&'static str]) -> Words {
        Words::built(words, true)
    }

    fn built(words: &[&'static str], any_case: bool) -> Words {
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .kind(Some(AhoCorasickKind::DFA))
            .ascii_case_insensitive(any_case)
            .build(words)
            .ok();
        Words { words: words.to_vec(), automaton }
    }

    /// True if one of the words stands anywhere in a text.
    pub(crate) fn any_in(&self, text: &str) -> bool {
        self.first_in(text).is_some()
    }

    /// Where words of the list begin in a text, in order, with what stands behind each.
    pub(crate) fn each_in<'t>(&self, text: &'t str) -> impl Iterator<Item = (usize, &'t str)> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let (at, word) = self.first_in(text.get(from..)?)?;
            let start = from + at;
            from = start + text[start..].chars().next().map_or(1, char::len_utf8);
            Some((start, &text[start + word.len()..]))
        })
    }

    /// Where the first of the words begins in a text, and which it is; of several that begin there the one that the list
    /// names first.
    pub(crate) fn first_in(&self, text: &str) -> Option<(usize, &'static str)> {
        match &self.automaton {
            Some(automaton) => {
                let found = automaton.find(text)?;
                Some((found.start(), self.words[found.pattern().as_usize()]))
            }
            None => self
                .words
                .iter()
                .enumerate()
                .filter_map(|(order, word)| Some((find(text, word)?, order, *word)))
                .min()
                .map(|(at, _, word)| (at, word)),
        }
    }
}

/// Where a word first begins in a text; the same as `str::find`.
pub(crate) fn find(text: &str, word: &str) -> Option<usize> {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let Some((ahead, byte)) = telling(word) else { return Some(0) };
    let mut from = ahead;
    loop {
        let start = from + memchr(byte, text.get(from..)?)? - ahead;
        if text[start..].starts_with(word) {
            return Some(start);
        }
        from = start + ahead + 1;
    }
}

/// Where a word begins in a text, each time; the same as `str::match_indices`.
pub(crate) fn each<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + find(text.get(from..)?, word)?;
        from = at + word.len();
        Some(at)
    })
}

/// The words that end a text; they are told by their last bytes, which seldom fit.
pub(crate) fn ending(text: &str, words: &[&'static str]) -> impl Iterator<Item = &'static str> {
    let last = text.as_bytes().last();
    words.iter().copied().filter(move |word| word.as_bytes().last() == last && text.ends_with(word))
}

/// Where a word last begins in a text; the same as `str::rfind`.
pub(crate) fn rfind(text: &str, word: &str) -> Option<usize> {
    let (bytes, word) = (text.as_bytes(), word.as_bytes());
    let Some((ahead, byte)) = telling(word) else { return Some(bytes.len()) };
    let mut to = bytes.len();
    loop {
        let at = memrchr(byte, &bytes[..to])?;
        if at >= ahead && bytes[at - ahead..].starts_with(word) {
            return Some(at - ahead);
        }
        to = at;
    }
}

/// A text in lower case; the same as `str::to_lowercase`, without a copy where nothing changes.
pub(crate) fn lower(text: &str) -> Cow<'_, str> {
    match case_of(text) {
        Case::Lower => Cow::Borrowed(text),
        Case::Capitals => Cow::Owned(text.to_ascii_lowercase()),
        Case::Unknown => Cow::Owned(text.to_lowercase()),
    }
}

/// What becomes of a text in lower case.
enum Case {
    /// It stays as it is.
    Lower,
    /// The capitals A to Z alone change.
    Capitals,
    /// It has characters of which that is not known here.
    Unknown,
}

fn case_of(text: &str) -> Case {
    // True for characters that have no lower case, which Chinese text and its marks consist of; others may have none either.
    let same =
        |character| matches!(character, '\u{2000}'..'\u{2100}' | '\u{ff00}'..'\u{ff21}' | '['..'\u{c0}');
    let bytes = text.as_bytes();
    let mut capitals = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            ..0x80 => {
                capitals |= byte.is_ascii_uppercase();
                at += 1;
            }
            // U+3000 to U+9FFF, which have no case.
            0xe3..=0xe9 => at += 3,
            _ => {
                let Some(character) = text[at..].chars().next().filter(|character| same(*character)) else {
                    return Case::Unknown;
                };
                at += character.len_utf8();
            }
        }
    }
    if capitals { Case::Capitals } else { Case::Lower }
}

/// Words that a text may begin or end with. A text is refused by one byte if none of them can.
pub(crate) struct Affixes {
    words: &'static [&'static str],
    /// A bit for each byte by which one of the words is told.
    bytes: [u64; 4],
}

impl Affixes {
    /// Words to begin with, of two bytes or more; letters count in any case.
    pub(crate) const fn heads(words: &'static [&'static str]) -> Affixes {
        let mut found = Affixes { words, bytes: [0; 4] };
        let mut at = 0;
        while at < words.len() {
            found.mark(head_byte(words[at].as_bytes()));
            at += 1;
        }
        found
    }

    /// Words to end with.
    pub(crate) const fn tails(words: &'static [&'static str]) -> Affixes {
        let mut found = Affixes { words, bytes: [0; 4] };
        let mut at = 0;
        while at < words.len() {
            let word = words[at].as_bytes();
            found.mark(word[word.len() - 1]);
            at += 1;
        }
        found
    }

    const fn mark(&mut self, byte: u8) {
        self.bytes[byte as usize / 64] |= 1 << (byte % 64);
    }

    const fn has(&self, byte: u8) -> bool {
        self.bytes[byte as usize / 64] >> (byte % 64) & 1 != 0
    }

    /// The words.
    pub(crate) const fn words(&self) -> &'static [&'static str] {
        self.words
    }

    /// True if a text begins with one of the words, whether letters are capitals or not.
    #[inline]
    pub(crate) fn begin_in_any_case(&self, text: &str) -> bool {
        self.first_in_any_case(text).is_some()
    }

    /// The first word of the list with which a text begins, whether letters are capitals or not.
    #[inline]
    pub(crate) fn first_in_any_case(&self, text: &str) -> Option<&'static str> {
        if text.is_empty() || !self.has(head_byte(text.as_bytes())) {
            return None;
        }
        let same = |word: &str| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
        self.words.iter().copied().find(|word| same(word))
    }

    /// True if a text ends with one of the words.
    #[inline]
    pub(crate) fn end(&self, text: &str) -> bool {
        text.as_bytes().last().is_some_and(|last| self.has(*last))
            && self.words.iter().any(|word| text.ends_with(word))
    }
}

/// A byte that tells a beginning: made of the last two of a Chinese character, or of two letters in any case.
#[inline]
const fn head_byte(bytes: &[u8]) -> u8 {
    match bytes {
        [0xe0..=0xff, second, third, ..] => (*second << 2) ^ *third,
        [first, second, ..] => ((*first | 0x20) << 3) ^ (*second | 0x20),
        [first] => (*first | 0x20) << 3,
        [] => 0,
    }
}

/// The byte of a word by which it is looked for, with how many stand before it: the last byte of its first Chinese character,
/// since the first bytes of those are much the same, or else the first letter that is not among the commonest.
fn telling(word: &[u8]) -> Option<(usize, u8)> {
    if let [_, _, third, ..] = word
        && word[0] >= 0xe0
    {
        return Some((2, *third));
    }
    let rare =
        |byte: &u8| !matches!(byte, b' ' | b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b'h');
    let ahead = word.iter().position(rare).unwrap_or(0);
    Some((ahead, *word.get(ahead)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_the_standard_library_finds_them() {
        let texts = [
            "",
            "a",
            "从产量看，产量比产能少",
            "up from 12 in May, from 15 in June",
            "aab aaab ab",
            "é产e产",
        ];
        let words = ["a", "ab", "aab", "from ", "产", "产能", "产量", "é", "e产", "少", " in ", "q", "June"];
        for text in texts {
            for word in words {
                assert_eq!(find(text, word), text.find(word), "{word} in {text}");
                assert_eq!(rfind(text, word), text.rfind(word), "{word} in {text}");
            }
        }
    }

    #[test]
    fn only_what_changes_is_put_in_lower_case() {
        for text in ["铜价，上涨（2%）— a", "LME铜", "Ｌ", "É", "\u{212a}", "Ⅳ", "straße", "\u{2160}", "αΑ"]
        {
            assert_eq!(lower(text), text.to_lowercase());
        }
        // No character of which it is said that it stays as it is has a lower case.
        for character in (0..=0x2_ffff).filter_map(char::from_u32) {
            let text = character.to_string();
            assert_eq!(lower(&text), text.to_lowercase());
        }
    }

    #[test]
    fn beginnings_and_ends_are_found_as_the_standard_library_finds_them() {
        const WORDS: &[&str] = &["企业", "厂", "producer", "mine", "é"];
        let (heads, tails) = (Affixes::heads(WORDS), Affixes::tails(WORDS));
        for text in
            ["", "企业的", "该企业", "工厂", "Producers", "a producer", "é", "caf\u{e9}", "企", "的", "Mine"]
        {
            let begins = WORDS.iter().any(|word| text.to_lowercase().starts_with(word));
            assert_eq!(heads.begin_in_any_case(text), begins, "{text}");
            assert_eq!(tails.end(text), WORDS.iter().any(|word| text.ends_with(word)), "{text}");
        }
        assert!(heads.begin_in_any_case("PRODUCER") && !heads.begin_in_any_case("produce"));
    }

    #[test]
    fn the_first_of_a_list_is_found() {
        let words = Words::new(&["产能", "产", "from", "ab"]);
        assert_eq!(words.first_in("x from 产能"), Some((2, "from")));
        assert_eq!(words.first_in("看产能，ab"), Some((3, "产能")));
        assert!(!words.any_in("fro m") && !words.any_in(""));
        let long = "a long sentence that names none of them ".repeat(4);
        assert_eq!(words.first_in(&format!("{long}产")), Some((long.len(), "产")));
    }
}
