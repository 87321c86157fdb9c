//! Sets of Chinese characters that are asked at most characters of a text.

/// The first character that a set can hold, and the first behind the last.
const FIRST: usize = 0x4e00;
const END: usize = 0xa000;

/// A bit for each character from U+4E00 to U+9FFF.
pub(crate) struct HanSet([u64; (END - FIRST) / 64]);

impl HanSet {
    /// The characters of a list, each of that range; another does not compile where the set is a constant.
    pub(crate) const fn of(list: &[char]) -> HanSet {
        let mut bits = [0; (END - FIRST) / 64];
        let mut at = 0;
        while at < list.len() {
            let bit = list[at] as usize - FIRST;
            bits[bit / 64] |= 1 << (bit % 64);
            at += 1;
        }
        HanSet(bits)
    }

    /// True for the characters of the list.
    #[inline]
    pub(crate) fn has(&self, character: char) -> bool {
        let bit = (character as usize).wrapping_sub(FIRST);
        self.0.get(bit / 64).is_some_and(|bits| bits >> (bit % 64) & 1 != 0)
    }
}
