//! The characters that words of a list begin with, so that most places of a text are told from them at once.

/// A bit for the last byte in UTF-8 of each word's first character, which tells Chinese characters best. Made when the program
/// is compiled.
pub(crate) struct Firsts([u64; 4]);

impl Firsts {
    /// Those of a list of words, none of them empty.
    pub(crate) const fn of(words: &[&str]) -> Firsts {
        let mut bits = [0; 4];
        let mut at = 0;
        while at < words.len() {
            bits = with(bits, words[at].as_bytes());
            at += 1;
        }
        Firsts(bits)
    }

    /// Those of a list of words that stand for something each.
    pub(crate) const fn of_pairs<T: Copy>(words: &[(&str, T)]) -> Firsts {
        let mut bits = [0; 4];
        let mut at = 0;
        while at < words.len() {
            bits = with(bits, words[at].0.as_bytes());
            at += 1;
        }
        Firsts(bits)
    }

    /// The second characters of a list of words that stand for something each, all of them of two characters or more.
    pub(crate) const fn second_of_pairs<T: Copy>(words: &[(&str, T)]) -> Firsts {
        let mut bits = [0; 4];
        let mut at = 0;
        while at < words.len() {
            bits = with(bits, behind_first(words[at].0.as_bytes()));
            at += 1;
        }
        Firsts(bits)
    }

    /// The same for words that stand for two things.
    pub(crate) const fn second_of_triples<T: Copy, U: Copy>(words: &[(&str, T, U)]) -> Firsts {
        let mut bits = [0; 4];
        let mut at = 0;
        while at < words.len() {
            bits = with(bits, behind_first(words[at].0.as_bytes()));
            at += 1;
        }
        Firsts(bits)
    }

    /// False if surely none of the words begins with a character.
    #[inline]
    pub(crate) fn may_be(&self, first: char) -> bool {
        let code = u32::from(first);
        let byte = if code < 0x80 { code } else { 0x80 | code & 0x3f };
        self.0[byte as usize / 64] >> (byte % 64) & 1 != 0
    }
}

/// How many bytes follow the first of a character.
const fn tail(first: u8) -> usize {
    match first {
        0..0xc0 => 0,
        0xc0..0xe0 => 1,
        0xe0..0xf0 => 2,
        0xf0.. => 3,
    }
}

/// What stands behind the first character.
const fn behind_first(bytes: &[u8]) -> &[u8] {
    bytes.split_at(tail(bytes[0]) + 1).1
}

const fn with(mut bits: [u64; 4], bytes: &[u8]) -> [u64; 4] {
    let last = tail(bytes[0]);
    bits[bytes[last] as usize / 64] |= 1 << (bytes[last] % 64);
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_character_may_be_that_of_a_word_and_most_others_may_not() {
        const WORDS: &[&str] = &["昨日", "今天", "half", "½", "年内"];
        const FIRSTS: Firsts = Firsts::of(WORDS);
        for word in WORDS {
            assert!(word.chars().next().is_some_and(|first| FIRSTS.may_be(first)), "{word}");
        }
        const SECONDS: Firsts = Firsts::second_of_pairs(&[("昨日", 1), ("½年", 2)]);
        assert!(SECONDS.may_be('日') && SECONDS.may_be('年') && !SECONDS.may_be('昨'));
        let others = "铜价上涨了百分之五 the price rose";
        let passed = others.chars().filter(|other| FIRSTS.may_be(*other)).count();
        assert!(passed < 5, "{passed}");
    }
}
