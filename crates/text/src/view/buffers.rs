//! The lists of a view, filled from a text in one pass.

use std::cell::Cell;

use super::{fold_ascii, fold_wide};
use crate::odd;

/// How many letters are looked at at once, and how many NULs stand behind the last.
pub(super) const WIDTH: usize = 8;

/// What a letter is kept as among the letters; NUL for what is none.
#[inline]
fn letter(folded: char) -> u8 {
    if folded.is_ascii_lowercase() { folded as u8 } else { 0 }
}

/// The lists of a view. They are used again for the next view on the same thread: as they are if it is of the same text, whose
/// claims are read behind its mentions, and else because to allocate them costs as much as to fill them for some lines.
#[derive(Default)]
pub(super) struct Buffers {
    /// The text that they are of.
    pub(super) source: String,
    /// As [`super::View`] has them.
    pub(super) characters: Vec<char>,
    pub(super) offsets: Vec<u32>,
    pub(super) letters: Vec<u8>,
}

/// Longer lists are given back.
const KEPT: usize = 1 << 16;

/// Lists for so many views are kept: one for a text, and one for a word of it that is read by itself meanwhile.
const SPARES: usize = 2;

thread_local! {
    static SPARE: Cell<Vec<Buffers>> = const { Cell::new(Vec::new()) };
}

impl Buffers {
    /// The lists of a text.
    pub(super) fn of(source: &str) -> Buffers {
        let taken = SPARE.try_with(|spare| {
            let mut all = spare.take();
            let same = all.iter().position(|held| held.source == source);
            let found = same.map(|at| all.remove(at)).or_else(|| all.pop());
            spare.set(all);
            found.map(|found| (found, same.is_some()))
        });
        let (mut buffers, same) = taken.ok().flatten().unwrap_or_default();
        if !same {
            buffers.take_in(source);
        }
        buffers
    }

    fn take_in(&mut self, source: &str) {
        let mut signs = odd::Signs::default();
        self.fill(source, &mut signs);
        let Buffers { characters, offsets, letters, .. } = self;
        signs.see(characters);
        if odd::mend(signs, characters, offsets) {
            letters.clear();
            letters.extend(characters.iter().map(|character| letter(*character)));
            letters.extend([0; WIDTH]);
        }
    }

    /// Keeps the lists for another view.
    pub(super) fn keep(mut self, source: &str) {
        // A thread that ends keeps none.
        let _ = SPARE.try_with(|spare| {
            let mut all = spare.take();
            if all.len() < SPARES && self.characters.capacity() <= KEPT {
                self.source.clear();
                self.source.push_str(source);
                all.push(self);
            }
            spare.set(all);
        });
    }

    /// Takes in a text, folded.
    fn fill(&mut self, source: &str, signs: &mut odd::Signs) {
        let bytes = source.as_bytes();
        let length = bytes.len();
        self.characters.resize(length, '\0');
        self.offsets.resize(length + 1, 0);
        self.letters.resize(length + WIDTH, 0);
        let mut start = 0;
        let mut count = 0;
        {
            let (characters, offsets, letters) =
                (&mut self.characters[..length], &mut self.offsets[..length], &mut self.letters[..length]);
            while start < length && count < length {
                let run = ascii_run(&bytes[start..]);
                let end = count + run;
                let ascii = bytes[start..start + run].iter().zip(start..);
                let places = characters[count..end]
                    .iter_mut()
                    .zip(&mut offsets[count..end])
                    .zip(&mut letters[count..end]);
                for (((character, offset), letter), (byte, at)) in places.zip(ascii) {
                    let lower = fold_ascii(*byte);
                    *character = lower;
                    *offset = at as u32;
                    *letter = if lower.is_ascii_lowercase() { lower as u8 } else { 0 };
                }
                start += run;
                count = end;
                while start < length && count < length && !bytes[start].is_ascii() {
                    let (character, width) = wide(source, start);
                    let folded = fold_wide(character);
                    signs.widen(folded);
                    characters[count] = folded;
                    offsets[count] = start as u32;
                    letters[count] = letter(folded);
                    start += width;
                    count += 1;
                }
            }
        }
        self.characters.truncate(count);
        self.offsets.truncate(count + 1);
        self.offsets[count] = length as u32;
        self.letters.truncate(count + WIDTH);
        self.letters[count..].fill(0);
    }
}

/// The character at a byte that is not ASCII, with its length. Most are of three bytes.
#[inline]
fn wide(source: &str, at: usize) -> (char, usize) {
    if let Some([first @ 0xe1..=0xec, second, third]) = source.as_bytes().get(at..at + 3) {
        let low = |byte: u8| u32::from(byte & 0x3f);
        let code = u32::from(first & 0x0f) << 12 | low(*second) << 6 | low(*third);
        return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 3);
    }
    let character = source[at..].chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
    (character, character.len_utf8())
}

/// How many bytes of ASCII a text begins with.
#[inline]
fn ascii_run(bytes: &[u8]) -> usize {
    const HIGH: u64 = (u64::MAX / 0xff) << 7;
    let mut run = 0;
    for eight in bytes.as_chunks::<8>().0 {
        let high = u64::from_le_bytes(*eight) & HIGH;
        if high != 0 {
            return run + high.trailing_zeros() as usize / 8;
        }
        run += 8;
    }
    run + bytes[run..].iter().take_while(|byte| byte.is_ascii()).count()
}

#[cfg(test)]
mod tests {
    use crate::view::{View, fold};

    /// The characters of a text folded one by one, with their offsets.
    fn plainly(text: &str) -> Vec<(char, u32)> {
        text.char_indices().map(|(at, character)| (fold(character), at as u32)).collect()
    }

    #[test]
    fn a_text_is_folded_as_its_characters_are() {
        for text in [
            "",
            "a",
            "Ａｂ１２，铜価é¥😀 LME 三月",
            "ASCII alone, longer than eight bytes",
            "é",
            "\u{e000}\u{f900}",
        ] {
            let view = View::new(text);
            let found: Vec<(char, u32)> =
                (0..view.len()).map(|at| (view.get(at), view.byte(at) as u32)).collect();
            assert_eq!(found, plainly(text), "{text}");
            assert_eq!(view.byte(view.len()), text.len());
        }
    }

    #[test]
    fn lists_that_were_kept_are_those_of_their_text() {
        let texts = ["锡价 33,120 美元", "tin at 5", "锡价 33,121 美元", "锡价 33,120 美元"];
        for text in texts.iter().chain(texts.iter().rev()) {
            let outer = View::new(text);
            let inner = View::new("1 吨");
            assert_eq!((inner.get(0), inner.len()), ('1', 3));
            drop(inner);
            let found: Vec<char> = (0..outer.len()).map(|at| outer.get(at)).collect();
            assert_eq!(found, text.chars().map(fold).collect::<Vec<char>>(), "{text}");
            assert_eq!(outer.word(0).map(|word| word.end), text.starts_with("tin").then_some(3));
        }
    }
}
