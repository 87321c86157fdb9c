//! A copy of a short text that needs no memory of its own, such as an id that is looked at while its owner changes.

use std::ops::Deref;

/// The most bytes that are held in place.
const HELD: usize = 39;

/// A text; a short one is held in place.
pub(crate) enum Brief {
    /// Its bytes, and how many they are.
    Held([u8; HELD], u8),
    Long(String),
}

impl Brief {
    /// A copy of a text.
    pub(crate) fn of(text: &str) -> Brief {
        let mut bytes = [0; HELD];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(text.as_bytes());
                Brief::Held(bytes, length)
            }
            _ => Brief::Long(text.to_owned()),
        }
    }
}

impl Deref for Brief {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Brief::Held(bytes, length) => {
                std::str::from_utf8(&bytes[..usize::from(*length)]).unwrap_or_default()
            }
            Brief::Long(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_any_length_comes_back() {
        for length in [0, 1, HELD - 1, HELD, HELD + 1, 300] {
            let text = "x".repeat(length);
            assert_eq!(&*Brief::of(&text), text);
        }
        assert_eq!(&*Brief::of("铜价"), "铜价");
    }
}
