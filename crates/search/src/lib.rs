//! Search.

mod analyze;

pub use analyze::{CharacterTokenizer, Pattern, Token, TokenKind, Tokens, WordTokenizer, characters, fingerprint, words};
