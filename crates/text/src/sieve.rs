//! A sieve of bits that tells in a few steps of a place in a text that none of many names begins there.

use crate::view::{View, fold};

/// Bits for the hashes of what names begin with: a Latin word by its first eight letters and its length up to eight, all
/// else by its first two characters and then by three. The bits of pairs are asked at most characters; apart from the
/// others they are few enough to stay in the fastest cache.
pub(crate) struct Sieve {
    letters: Bits,
    pairs: Bits,
    triples: Bits,
}

/// A bit for each of some hashes.
struct Bits {
    /// A power of two of bits.
    bits: Vec<u64>,
    /// By how much a hash is shifted to the number of its bit.
    shift: u32,
}

/// For each hash there are at least so many bits, so that a place where no name begins is seldom let through.
const SPARSE: usize = 12;

/// What stands for the end of a name; no text holds it.
const END: u64 = 1 << 21;

impl Bits {
    fn of(mut hashes: Vec<u64>) -> Bits {
        hashes.sort_unstable();
        hashes.dedup();
        let count = (hashes.len() * SPARSE).next_power_of_two().max(256);
        let mut bits = Bits { bits: vec![0; count / 64], shift: 64 - count.trailing_zeros() };
        for hash in hashes {
            let bit = hash >> bits.shift;
            bits.bits[bit as usize / 64] |= 1 << (bit % 64);
        }
        bits
    }

    #[inline]
    fn has(&self, hash: u64) -> bool {
        let bit = hash >> self.shift;
        self.bits.get(bit as usize / 64).is_some_and(|bits| bits >> (bit % 64) & 1 != 0)
    }
}

impl Sieve {
    /// That of some names, folded here.
    pub(crate) fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Sieve {
        let (mut words, mut pairs, mut triples) = (Vec::new(), Vec::new(), Vec::new());
        for name in names {
            let letters = letters_of(name);
            if letters != 0 {
                words.push(of_letters(letters));
                continue;
            }
            let mut characters = name.chars().map(fold);
            let mut next = || characters.next().map_or(END, plain);
            let first = with(0, next());
            let second = with(first, next());
            pairs.push(second);
            triples.push(with(second, next()));
        }
        Sieve { letters: Bits::of(words), pairs: Bits::of(pairs), triples: Bits::of(triples) }
    }

    /// False if surely no name begins with a word of these letters, up to eight.
    #[inline]
    pub(crate) fn may_begin_with_letters(&self, letters: u64) -> bool {
        self.letters.has(of_letters(letters))
    }

    /// False if surely no name of several characters begins with one that is no letter, and goes on at `at`.
    #[inline]
    pub(crate) fn may_go_on(&self, first: char, view: &View<'_>, at: usize) -> bool {
        let next = view.get(at);
        let second = with(with(0, plain(first)), plain(next));
        // Blanks may count as nothing. All is asked before anything is decided, since no processor foresees what a bit says.
        if !(self.pairs.has(second) | matches!(next, ' ' | '\n')) {
            return false;
        }
        let third = view.get(at + 1);
        matches!(next, ' ' | '\n')
            | matches!(third, ' ' | '\n')
            | self.triples.has(with(second, plain(third)))
            | self.triples.has(with(second, END))
    }

    /// False if surely no name begins a text; of names that begin with no letter that is never sure.
    pub(crate) fn may_begin_text(&self, text: &str) -> bool {
        let letters = letters_of(text);
        if letters != 0 {
            return self.letters.has(of_letters(letters));
        }
        let mut characters = text.chars().map(fold);
        let first = with(0, characters.next().map_or(END, plain));
        let next = characters.next().unwrap_or(' ');
        let second = with(first, plain(next));
        next == ' ' || self.pairs.has(second) || self.pairs.has(with(first, END))
    }
}

/// Up to eight letters with which a text begins, folded, the first in the lowest byte.
fn letters_of(text: &str) -> u64 {
    let letters = text.chars().map(fold).take(8).take_while(char::is_ascii_lowercase);
    letters.zip(0..).fold(0, |all, (letter, at)| all | u64::from(u32::from(letter)) << (8 * at))
}

/// Multiplicative hashing (Knuth, The Art of Computer Programming, 6.4).
#[inline]
fn of_letters(letters: u64) -> u64 {
    (letters ^ letters >> 29).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A hash with one character more.
#[inline]
fn with(hash: u64, character: u64) -> u64 {
    (hash.rotate_left(23) ^ character).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Hyphens count as blanks.
#[inline]
fn plain(character: char) -> u64 {
    u64::from(u32::from(if character == '-' { ' ' } else { character }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &[
        "tin", "rare earths", "germanium dioxide", "us$", "5n", "铜箔", "电解铜", "电解钴", "A股", "5-year",
    ];

    /// True if a name may begin in a text at a place, as the trie asks it.
    fn passes(sieve: &Sieve, view: &View<'_>, at: usize) -> bool {
        match view.letters_at(at) {
            0 => sieve.may_go_on(view.get(at), view, at + 1),
            letters => sieve.may_begin_with_letters(letters),
        }
    }

    fn sieve() -> Sieve {
        Sieve::of(NAMES.iter().copied())
    }

    #[test]
    fn where_a_name_begins_nothing_is_refused() {
        let sieve = sieve();
        for name in NAMES {
            for text in [name.to_string(), format!("{name} 5"), format!("{name}价"), format!("{name}，")] {
                assert!(passes(&sieve, &View::new(&text), 0), "{text}");
                assert!(sieve.may_begin_text(&text), "{text}");
            }
        }
        assert!(passes(&sieve, &View::new("5 year"), 0) && passes(&sieve, &View::new("电 解铜"), 0));
    }

    #[test]
    fn most_other_places_are_refused() {
        let sieve = sieve();
        let text =
            "The tinsmith rarely germinates 电解槽 and 镍板 at 7n, since gallium is no earth of theirs";
        let view = View::new(text);
        let passed = (0..view.len()).filter(|at| passes(&sieve, &view, *at)).count();
        assert!(passed * 4 < view.len(), "{passed} of {}", view.len());
    }
}
