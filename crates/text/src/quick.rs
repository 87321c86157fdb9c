//! A fast hash for tables of words that are known beforehand. It does not withstand made-up words that all fall together, so
//! that no table that grows with a text may use it.

use std::hash::{BuildHasherDefault, Hasher};

/// A table of words known beforehand.
pub(crate) type Table<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Quick>>;

/// Multiplicative hashing (Knuth, The Art of Computer Programming, 6.4), eight bytes at a time.
#[derive(Default)]
pub(crate) struct Quick(u64);

impl Quick {
    /// The hash of some bytes.
    pub(crate) fn of(bytes: &[u8]) -> u64 {
        let mut hash = Quick::default();
        hash.write(bytes);
        hash.finish()
    }

    #[inline]
    fn add(&mut self, bytes: u64) {
        self.0 = (self.0.rotate_left(5) ^ bytes).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Quick {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            self.add(u64::from_le_bytes(*eight));
        }
        if !rest.is_empty() {
            let tail = rest.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte));
            self.add(tail | (rest.len() as u64) << 56);
        }
    }

    #[inline]
    fn write_u8(&mut self, byte: u8) {
        self.add(byte.into());
    }

    #[inline]
    fn finish(&self) -> u64 {
        // The table takes the lowest bits, and those of a product are its weakest.
        self.0 ^ self.0 >> 32
    }
}
