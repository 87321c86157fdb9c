//! Fingerprints of texts, for finding copies and near copies.
//!
//! One-permutation hashing (Li, Owen and Zhang, 2012) of the 3-grams of words, of which a Chinese character is one, with empty bins
//! filled from others (Shrivastava, 2017), so that the share of equal slots estimates the Jaccard similarity of two texts.

/// Slots of a fingerprint.
const SLOTS: usize = 128;

/// Bands of a fingerprint that serve as keys.
const BANDS: usize = 8;

/// Slots of a band. With 8 bands of 4, .98 of pairs at a similarity of .79 share a band, and .77 at .64; what has fewer shares
/// names and numbers.
const BAND_SLOTS: usize = 4;

/// The fingerprint of a text, whose layout, punctuation and case do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    hash: [u8; 16],
    slots: Vec<u16>,
    grams: u32,
}

impl Fingerprint {
    /// The fingerprint of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut canonical = String::with_capacity(text.len());
        let mut grams = Grams { least: [u64::MAX; SLOTS], first: 0, second: 0, words: 0 };
        let mut word = 0;
        for letter in text.chars() {
            if !letter.is_alphanumeric() {
                grams.word(std::mem::take(&mut word));
                continue;
            }
            let letter = if letter.is_ascii() {
                letter.to_ascii_lowercase()
            } else {
                letter.to_lowercase().next().unwrap_or(letter)
            };
            canonical.push(letter);
            let code = u64::from(u32::from(letter));
            // From the radicals on, a character is a word.
            if code >= 0x2e80 {
                grams.word(std::mem::take(&mut word));
                grams.word(mixed(code));
            } else {
                word = mixed(word ^ code);
            }
        }
        grams.word(word);
        let mut hash = [0; 16];
        hash.copy_from_slice(&blake3::hash(canonical.as_bytes()).as_bytes()[..16]);
        Self { hash, slots: filled(&grams.least), grams: grams.words.saturating_sub(2) }
    }

    /// First 16 bytes of the BLAKE3 hash of the canonical text.
    #[must_use]
    pub fn body_hash(&self) -> &[u8; 16] {
        &self.hash
    }

    /// The slots, two bytes each, little-endian; empty if the text is shorter than a 3-gram.
    #[must_use]
    pub fn encoded(&self) -> Vec<u8> {
        self.slots.iter().flat_map(|slot| slot.to_le_bytes()).collect()
    }

    /// How many 3-grams the text has.
    #[must_use]
    pub fn grams(&self) -> u32 {
        self.grams
    }
}

/// The 3-grams of a text, word by word.
struct Grams {
    least: [u64; SLOTS],
    first: u64,
    second: u64,
    words: u32,
}

impl Grams {
    /// Takes the hash of the next word; zero is none.
    fn word(&mut self, word: u64) {
        if word == 0 {
            return;
        }
        self.words = self.words.saturating_add(1);
        if self.words > 2 {
            let hash = mixed(self.first.rotate_left(21) ^ self.second.rotate_left(42) ^ word);
            let slot = (hash >> 57) as usize;
            self.least[slot] = self.least[slot].min(hash & (u64::MAX >> 7));
        }
        (self.first, self.second) = (self.second, word);
    }
}

/// The bands of an encoded fingerprint: texts that are nearly alike share at least one.
pub(super) fn bands(encoded: &[u8]) -> impl Iterator<Item = u64> {
    encoded.chunks_exact(2 * BAND_SLOTS).take(BANDS).enumerate().map(|(number, band)| {
        let seed = mixed(number as u64 + 1);
        band.iter().fold(seed, |hash, byte| mixed(hash ^ u64::from(*byte)))
    })
}

/// The low bits of each bin's least hash; an empty bin takes those of a bin that its number leads to.
fn filled(least: &[u64; SLOTS]) -> Vec<u16> {
    if least.iter().all(|hash| *hash == u64::MAX) {
        return Vec::new();
    }
    let slot = |number: usize| -> u16 {
        let mut from = number;
        let mut attempt = 0_u64;
        while least[from] == u64::MAX {
            attempt += 1;
            from = (mixed((number as u64) << 32 | attempt) >> 57) as usize;
        }
        (least[from] & 0xffff) as u16
    };
    (0..SLOTS).map(slot).collect()
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014): a bijection that mixes all bits.
pub(super) fn mixed(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(a: &Fingerprint, b: &Fingerprint) -> f64 {
        let equal = a.slots.iter().zip(&b.slots).filter(|(a, b)| a == b).count();
        equal as f64 / SLOTS as f64
    }

    #[test]
    fn layout_and_case_do_not_count() {
        let one = Fingerprint::of("Antimony prices ROSE.\n锑价上涨!");
        assert_eq!(one, Fingerprint::of("antimony   prices rose 锑价上涨"));
        assert_ne!(one, Fingerprint::of("antimony prices fell 锑价下跌"));
    }

    #[test]
    fn the_share_of_equal_slots_estimates_how_alike_texts_are() {
        let sentence =
            |number: u32| format!("Plant {number} of line {} made {} t. ", number * 7, number * 13);
        let whole: String = (0..80).map(sentence).collect();
        let shorter: String = (0..60).map(sentence).collect();
        let other: String = (200..280).map(|n| format!("钢厂{n}检修，日产{}吨。", n * 3)).collect();
        let [whole, shorter, other] = [&whole, &shorter, &other].map(|text| Fingerprint::of(text));
        assert!((0.6..0.95).contains(&alike(&whole, &shorter)), "{}", alike(&whole, &shorter));
        assert!(alike(&whole, &other) < 0.15);
        let shared = bands(&whole.encoded()).zip(bands(&shorter.encoded())).filter(|(a, b)| a == b).count();
        assert!(shared > 0);
    }

    #[test]
    fn a_text_shorter_than_a_gram_has_no_slots() {
        assert!(Fingerprint::of("锑 !").encoded().is_empty());
        assert_eq!(Fingerprint::of("").grams(), 0);
    }
}
