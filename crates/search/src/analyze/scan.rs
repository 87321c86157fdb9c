//! Cuts a text into tokens, in one pass.

use std::ops::Range;

use frostem::{Algorithm, Stemmer};

use super::fold::{Class, class, fold_into};
use super::frequent::is_frequent;
use super::tokens::{TokenKind, Tokens};

/// The longest text that is read, in bytes; what stands behind it is not indexed. Records are at most 4 MiB.
const LONGEST_TEXT: usize = 1 << 30;
/// The longest token, in bytes. A longer word (an encoded picture, say) is cut there, in texts and queries alike.
const LONGEST_TOKEN: usize = 100;
/// The longest word that is also kept in its exact spelling, in bytes.
const LONGEST_EXACT: usize = 8;

/// Cuts `text` into words, codes, pairs and edges.
pub(super) fn words(text: &str, tokens: &mut Tokens) {
    scan(text, tokens, |_| {});
}

/// The same with all words as they are, but those that begin with one of these letters (a bit for each): a word's stem
/// begins as the word does, and stemming is the dearest part of it.
pub(super) fn words_stemmed_where(text: &str, initials: u32, tokens: &mut Tokens) {
    scan(text, tokens, |scan| scan.initials = initials);
}

/// Cuts `text` into words, codes and single characters, which stand at the places that they have in [`words`].
pub(super) fn places(text: &str, tokens: &mut Tokens) {
    scan(text, tokens, |scan| scan.single = true);
}

fn scan(text: &str, tokens: &mut Tokens, set: impl FnOnce(&mut Scan<'_, '_>)) {
    tokens.clear();
    let mut scan = Scan::new(text, tokens);
    set(&mut scan);
    while let Some((character, length)) = scan.peek(scan.at) {
        match class(character) {
            Class::Han => scan.han(character, length),
            Class::Letter | Class::Digit => scan.word(),
            class => scan.separate(class, length),
        }
    }
    scan.close_run();
}

/// Cuts `text` into single Chinese characters, and nothing else.
pub(super) fn characters(text: &str, tokens: &mut Tokens) {
    tokens.clear();
    let mut position = 0;
    for (start, character) in cut(text).char_indices() {
        if class(character) == Class::Han {
            let mark = tokens.mark();
            fold_into(character, tokens.arena());
            let end = tokens.mark();
            tokens.push(mark..end, start..start + character.len_utf8(), (position, 1), TokenKind::Character);
            position += 1;
        }
    }
}

/// Cuts `text` into the pairs of [`words`] whose characters are both frequent, and nothing else.
pub(super) fn frequent_pairs(text: &str, tokens: &mut Tokens) {
    tokens.clear();
    // Where the frequent character before stands, in the text and, folded, in the arena.
    let mut before: Option<(usize, Range<usize>)> = None;
    let mut lines = 0;
    for (start, character) in cut(text).char_indices() {
        match class(character) {
            Class::Han => {
                let mark = tokens.mark();
                fold_into(character, tokens.arena());
                let own = mark..tokens.mark();
                let mut folded = tokens.arena()[mark..].chars();
                let frequent = folded.next().is_some_and(is_frequent) && folded.next().is_none();
                if let Some((from, text)) = before.take().filter(|_| frequent) {
                    // Nothing was written between the two.
                    let whole = text.start..own.end;
                    tokens.push(whole, from..start + character.len_utf8(), (0, 2), TokenKind::Pair);
                }
                before = frequent.then_some((start, own));
                lines = 0;
            }
            Class::Line => {
                lines += 1;
                if lines > 1 {
                    before = None;
                }
            }
            Class::Blank | Class::Nothing => {}
            Class::Letter | Class::Digit | Class::Hard | Class::Soft => before = None,
        }
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_TEXT)]
}

/// A part of a word or code: letters and digits that stand together.
#[derive(Clone, Debug)]
struct Part {
    /// Its folded text in the arena.
    text: Range<usize>,
    bytes: Range<usize>,
    /// It has a digit.
    digit: bool,
    /// It is one letter.
    single: bool,
}

/// What stood last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Word,
    Han,
}

/// What stood between the last token and here.
#[derive(Clone, Copy, Default)]
struct Between {
    soft: bool,
    hard: bool,
    lines: u32,
}

/// The last character of a run of Chinese ones.
struct Run {
    text: Range<usize>,
    bytes: Range<usize>,
    length: usize,
}

struct Scan<'t, 'o> {
    text: &'t str,
    at: usize,
    tokens: &'o mut Tokens,
    /// The place of the next word or character.
    position: u32,
    last: Last,
    between: Between,
    run: Option<Run>,
    parts: Vec<Part>,
    stemmer: Stemmer,
    /// Chinese characters are cut one by one, not into pairs.
    single: bool,
    /// The first letters of words that are stemmed, a bit for each.
    initials: u32,
}

impl<'t, 'o> Scan<'t, 'o> {
    fn new(text: &'t str, tokens: &'o mut Tokens) -> Self {
        Scan {
            text: cut(text),
            at: 0,
            tokens,
            position: 0,
            last: Last::Nothing,
            between: Between::default(),
            run: None,
            parts: Vec::new(),
            stemmer: Stemmer::new(Algorithm::English),
            single: false,
            initials: u32::MAX,
        }
    }

    #[inline]
    fn peek(&self, at: usize) -> Option<(char, usize)> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte < 128 {
            return Some((char::from(byte), 1));
        }
        let character = self.text.get(at..)?.chars().next()?;
        Some((character, character.len_utf8()))
    }

    #[inline]
    fn class_at(&self, at: usize) -> Option<Class> {
        self.peek(at).map(|(character, _)| class(character))
    }

    fn separate(&mut self, class: Class, length: usize) {
        match class {
            Class::Line => self.between.lines += 1,
            Class::Hard => self.between.hard = true,
            Class::Soft => self.between.soft = true,
            _ => {}
        }
        self.at += length;
    }

    /// Leaves a place out if no phrase may go on here. True if a run of Chinese characters goes on.
    fn begin(&mut self, now: Last) -> bool {
        let Between { soft, hard, lines } = std::mem::take(&mut self.between);
        let parted = hard || lines > 1;
        let both_han = self.last == Last::Han && now == Last::Han;
        let gap = self.last != Last::Nothing && (parted || both_han && soft);
        if gap || !both_han {
            self.close_run();
        }
        self.position += u32::from(gap);
        self.last = now;
        both_han && !gap
    }

    fn han(&mut self, character: char, length: usize) {
        let goes_on = self.begin(Last::Han);
        let bytes = self.at..self.at + length;
        self.at += length;
        let mark = self.tokens.mark();
        if self.single {
            fold_into(character, self.tokens.arena());
            let end = self.tokens.mark();
            self.tokens.push(mark..end, bytes, (self.position, 1), TokenKind::Character);
            self.position += 1;
            return;
        }
        let run = self.run.take().filter(|_| goes_on);
        // A pair is written as a whole: the character before, then this one, whose text the next pair copies.
        if let Some(run) = &run {
            self.tokens.arena().extend_from_within(run.text.clone());
        }
        let own = self.tokens.mark();
        fold_into(character, self.tokens.arena());
        let end = self.tokens.mark();
        let length = match run {
            Some(run) => {
                let place = (self.position - 1, 2);
                self.tokens.push(mark..end, run.bytes.start..bytes.end, place, TokenKind::Pair);
                run.length + 1
            }
            None => {
                self.tokens.push(own..end, bytes.clone(), (self.position, 1), TokenKind::Edge);
                1
            }
        };
        self.run = Some(Run { text: own..end, bytes, length });
        self.position += 1;
    }

    /// The last character of a run is an edge too.
    fn close_run(&mut self) {
        if let Some(run) = self.run.take()
            && run.length > 1
        {
            self.tokens.push(run.text, run.bytes, (self.position - 1, 1), TokenKind::Edge);
        }
    }

    /// A word, a number, or a code of parts joined by full stops.
    fn word(&mut self) {
        self.begin(Last::Word);
        let mut parts = std::mem::take(&mut self.parts);
        parts.clear();
        loop {
            parts.push(self.part());
            // 3.5t is a number and its unit, which is read next; 600111.SH is one code.
            let joined = self.peek(self.at).is_some_and(|(character, _)| character == '.')
                && matches!(self.class_at(self.at + 1), Some(Class::Letter | Class::Digit));
            if !joined {
                break;
            }
            self.at += 1;
        }
        self.skip_possessive();
        match parts.as_slice() {
            [one] => self.single(one),
            several if several.iter().all(|part| part.single) => self.acronym(several),
            several => self.code(several),
        }
        self.parts = parts;
    }

    /// Reads digits (without the commas that group them), or letters and digits.
    fn part(&mut self) -> Part {
        let from = self.at;
        let mark = self.tokens.mark();
        let mut count = 0;
        let mut digit = false;
        let starts_with_digit = self.class_at(from) == Some(Class::Digit);
        while let Some((character, length)) = self.peek(self.at) {
            match class(character) {
                Class::Letter if !starts_with_digit => {}
                Class::Digit => digit = true,
                Class::Nothing => {
                    self.at += length;
                    continue;
                }
                _ if starts_with_digit && character == ',' && self.groups(from) => {
                    self.at += 1;
                    continue;
                }
                _ => break,
            }
            count += 1;
            self.at += length;
            if self.tokens.mark() - mark < LONGEST_TOKEN {
                fold_into(character, self.tokens.arena());
            }
        }
        Part { text: mark..self.tokens.mark(), bytes: from..self.at, digit, single: count == 1 && !digit }
    }

    /// True if the comma here groups the digits that began at `from`: one to three before it (or a group that did so
    /// already), exactly three behind.
    fn groups(&self, from: usize) -> bool {
        let bytes = self.text.as_bytes();
        let before = self.text[from..self.at].split(',').next().map_or(0, str::len);
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        (1..=3).contains(&before)
            && (1..=3).all(|i| digit(self.at + i))
            && self.class_at(self.at + 4) != Some(Class::Digit)
    }

    /// China's is China.
    fn skip_possessive(&mut self) {
        let Some(('\'' | '’', length)) = self.peek(self.at) else { return };
        let letter = self.at + length;
        let ends = !matches!(self.class_at(letter + 1), Some(Class::Letter | Class::Digit | Class::Han));
        if matches!(self.peek(letter), Some(('s' | 'S', _))) && ends {
            self.at = letter + 1;
        }
    }

    fn single(&mut self, part: &Part) {
        self.exact(part.bytes.clone(), part.bytes.clone());
        self.simple(part);
    }

    /// One word at the next place.
    fn simple(&mut self, part: &Part) {
        // A letter that folds to nothing is no word.
        if part.text.is_empty() {
            return;
        }
        let text = self.stemmed(part.text.clone());
        self.tokens.push(text, part.bytes.clone(), (self.position, 1), TokenKind::Word);
        self.position += 1;
    }

    /// U.S. is US, and its last full stop ends no sentence.
    fn acronym(&mut self, parts: &[Part]) {
        let bytes = whole(parts);
        if self.peek(self.at).is_some_and(|(character, _)| character == '.') {
            self.at += 1;
        }
        self.exact(bytes.clone(), bytes.clone());
        let mark = self.tokens.mark();
        for part in parts {
            self.tokens.arena().extend_from_within(part.text.clone());
        }
        let end = self.tokens.mark();
        self.tokens.push(mark..end, bytes, (self.position, 1), TokenKind::Word);
        self.position += 1;
    }

    /// The whole, if there is a digit in it, and each part at its place.
    fn code(&mut self, parts: &[Part]) {
        if parts.iter().any(|part| part.digit) {
            let mark = self.tokens.mark();
            for (index, part) in parts.iter().enumerate() {
                let length = self.tokens.mark() - mark + part.text.len();
                if length > LONGEST_TOKEN {
                    break;
                }
                if index > 0 {
                    self.tokens.arena().push('.');
                }
                self.tokens.arena().extend_from_within(part.text.clone());
            }
            let end = self.tokens.mark();
            let places = u32::try_from(parts.len()).unwrap_or(u32::MAX);
            self.tokens.push(mark..end, whole(parts), (self.position, places), TokenKind::Code);
        }
        for part in parts {
            self.single(part);
        }
    }

    /// The word in its own spelling, if it has two capitals.
    fn exact(&mut self, source: Range<usize>, bytes: Range<usize>) {
        let spelling = &self.text[source];
        let capitals = spelling.bytes().filter(u8::is_ascii_uppercase).count();
        if capitals < 2 || spelling.len() > 2 * LONGEST_EXACT || !spelling.is_ascii() {
            return;
        }
        let mark = self.tokens.mark();
        let arena = self.tokens.arena();
        arena.push('=');
        arena.extend(spelling.chars().filter(char::is_ascii_alphanumeric));
        let end = self.tokens.mark();
        if end - mark <= LONGEST_EXACT + 1 {
            self.tokens.push(mark..end, bytes, (self.position, 1), TokenKind::Exact);
        }
    }

    /// Where the stem of a word stands in the arena: its beginning, unless the stemmer changed letters.
    fn stemmed(&mut self, text: Range<usize>) -> Range<usize> {
        let word = &self.tokens.arena()[text.clone()];
        if word.len() < 3 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return text;
        }
        if self.initials >> (word.as_bytes()[0] - b'a') & 1 == 0 {
            return text;
        }
        let stem = self.stemmer.stem(word);
        if word.starts_with(stem.as_ref()) {
            return text.start..text.start + stem.len();
        }
        let stem = stem.into_owned();
        let mark = self.tokens.mark();
        self.tokens.arena().push_str(&stem);
        mark..mark + stem.len()
    }
}

/// Where the parts stand, all together.
fn whole(parts: &[Part]) -> Range<usize> {
    let start = parts.first().map_or(0, |part| part.bytes.start);
    start..parts.last().map_or(start, |part| part.bytes.end)
}
