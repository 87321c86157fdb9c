//! How texts and queries are cut into what is indexed.
//!
//! Chinese (and kana and hangul) is indexed by its single characters with their places, so that a phrase of any length is
//! found exactly and nothing depends on a segmenter's dictionary; and by those pairs whose characters are both frequent, for
//! which the places alone would be slow. A single record is held against queries, and highlighted, by all its pairs. Words of other scripts are folded (case, width, accents), English ones stemmed (Porter 2, Snowball).
//! Numbers lose the commas that group them; a code of parts joined by full stops (`2841.90`, `600111.SH`) is found as a
//! whole and by its parts.
//!
//! Places: each word and each Chinese character takes one. Where a phrase must not go on, one is left out: between words,
//! a mark that ends a clause, an item or a cell (`. , ; : ! ?`, a tab, an empty line); between Chinese characters any mark
//! whatever. Blanks and a single line break between Chinese characters count as nothing.

mod fold;
mod frequent;
mod pattern;
mod scan;
mod tokens;

use tantivy::tokenizer::{Token as IndexToken, TokenStream, Tokenizer};

pub(crate) use fold::{Class, class};
pub(crate) use frequent::{is_frequent_pair, rank};
pub use pattern::Pattern;
pub use tokens::{Token, TokenKind, Tokens};

/// Counts up when tokens change in a way that the sample below does not show.
const VERSION: u32 = 2;

/// Texts that tell analyzers apart, whatever changed: our rules, the stemmer or the tables of Unicode.
const SAMPLE: &str = "Magnets' supplies were relatively generously organized: 3,834.50t of 2841.90 (600111.SH), U.S. REEs, \
     Nd₂Fe₁₄B; ＲＥＯ 稀土 氧化\n锑、锗。China's São Tomé skies ｶﾞ 한국 happily dying, communism\n\n中 B2B 5N锑 e.g. v1.2b3";

/// Cuts a text into words, codes, exact spellings, pairs and edges.
pub fn words(text: &str, tokens: &mut Tokens) {
    scan::words(text, tokens);
}

/// Cuts a text into single Chinese characters, and nothing else.
pub fn characters(text: &str, tokens: &mut Tokens) {
    scan::characters(text, tokens);
}

/// Cuts a text as [`words`] does, but stems only words that begin with one of these letters, a bit for each from `a` on.
pub(crate) fn words_stemmed_where(text: &str, initials: u32, tokens: &mut Tokens) {
    scan::words_stemmed_where(text, initials, tokens);
}

/// A value of a field in the form in which values compare: folded, blanks trimmed and made one.
pub(crate) fn folded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for word in value.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        word.chars().for_each(|character| fold::fold_into(character, &mut out));
    }
    out
}

/// A hash that changes when an index made with other analyzers can no longer be used.
pub(crate) fn fingerprint() -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&VERSION.to_le_bytes());
    let mut tokens = Tokens::default();
    for cut in [words, characters, scan::places, scan::frequent_pairs] {
        cut(SAMPLE, &mut tokens);
        for token in tokens.iter() {
            hasher.update(token.text.as_bytes());
            hasher.update(&token.position.to_le_bytes());
        }
    }
    hasher.finalize()
}

/// Words, codes, exact spellings and single Chinese characters at their places, for tantivy.
#[derive(Clone, Default)]
pub struct WordTokenizer {
    tokens: Tokens,
}

/// Pairs of frequent Chinese characters, for tantivy.
#[derive(Clone, Default)]
pub struct PairTokenizer {
    tokens: Tokens,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        scan::places(text, &mut self.tokens);
        Stream::new(&self.tokens)
    }
}

impl Tokenizer for PairTokenizer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        scan::frequent_pairs(text, &mut self.tokens);
        Stream::new(&self.tokens)
    }
}

/// The tokens of a text, handed to tantivy one by one.
pub struct Stream<'a> {
    tokens: &'a Tokens,
    next: usize,
    token: IndexToken,
}

impl<'a> Stream<'a> {
    fn new(tokens: &'a Tokens) -> Self {
        Stream { tokens, next: 0, token: IndexToken::default() }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Some(token) = self.tokens.get(self.next) else { return false };
        self.next += 1;
        self.token.text.clear();
        self.token.text.push_str(token.text);
        self.token.offset_from = token.bytes.start;
        self.token.offset_to = token.bytes.end;
        self.token.position = token.position as usize;
        self.token.position_length = token.places as usize;
        true
    }

    fn token(&self) -> &IndexToken {
        &self.token
    }

    fn token_mut(&mut self) -> &mut IndexToken {
        &mut self.token
    }
}

#[cfg(test)]
mod tests;
