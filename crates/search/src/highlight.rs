//! Where a text answers: spans to highlight, and the passage that says most.

mod edges;

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::analyze::{self, Pattern, Tokens};
use crate::field::Field;
use crate::plan::Plan;

/// A passage of a text, and what in it answers. All spans are bytes of the whole text, on character boundaries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// What answers in the title, in order, without overlaps.
    pub title: Vec<Range<usize>>,
    /// The passage of the text behind the title: whole sentences where they fit.
    pub passage: Range<usize>,
    /// What answers in the passage, in order, without overlaps.
    pub highlights: Vec<Range<usize>>,
}

/// Finds in texts what a plan looks for, aliases included. What a query excludes is not highlighted.
pub struct Highlighter {
    title: Side,
    body: Side,
}

/// What is looked for on one side of a text: in its title, or behind it.
#[derive(Default)]
struct Side {
    asked: Vec<Asked>,
    /// The terms of all patterns, by their numbers: words and pairs, and single characters.
    terms: [FxHashMap<String, usize>; 2],
    /// The first letters of the terms, a bit for each: no other word need be stemmed.
    initials: u32,
}

/// A pattern as numbers of terms at their places.
struct Asked {
    pattern: usize,
    character: bool,
    terms: Vec<(u32, usize)>,
}

/// Where a term stands: its places, with their bytes.
type Places = Vec<(u32, Range<usize>)>;

/// A place where a pattern stands.
struct Match {
    bytes: Range<usize>,
    pattern: usize,
}

impl Plan {
    /// What finds in texts that which the plan looks for.
    pub fn highlighter(&self) -> Highlighter {
        let mut wanted = Vec::new();
        self.test.wanted(&mut wanted);
        let side = |field| {
            let mut side = Side::default();
            for (index, (scope, pattern)) in wanted.iter().enumerate() {
                if scope.is_none_or(|scope| scope == field) {
                    side.ask(index, pattern);
                }
            }
            side
        };
        Highlighter { title: side(Field::Title), body: side(Field::Body) }
    }
}

impl Highlighter {
    /// The passage that says most, of at most `longest` bytes, of a text whose title is its first `title_bytes` bytes.
    pub fn snippet(&self, text: &str, title_bytes: usize, longest: usize) -> Snippet {
        let mut tokens = Tokens::default();
        let title_bytes = text.floor_char_boundary(title_bytes);
        let (title, body) = text.split_at(title_bytes);
        let title = self.title(title, &mut tokens);
        let matches = self.body.matches(body, &mut tokens);
        let passage = passage(body, &matches, longest);
        let inside =
            matches.into_iter().filter(|m| m.bytes.start >= passage.start && m.bytes.end <= passage.end);
        let highlights = joined(inside.collect(), title_bytes);
        Snippet { title, passage: passage.start + title_bytes..passage.end + title_bytes, highlights }
    }

    /// What answers in a title, in order, without overlaps. `tokens` is overwritten, and meant to be used for many titles.
    pub fn title(&self, title: &str, tokens: &mut Tokens) -> Vec<Range<usize>> {
        joined(self.title.matches(title, tokens), 0)
    }
}

impl Side {
    fn ask(&mut self, index: usize, pattern: &Pattern) {
        let character = pattern.is_character();
        let numbers = &mut self.terms[usize::from(character)];
        let mut number = |term: &String| {
            let next = numbers.len();
            *numbers.entry(term.clone()).or_insert(next)
        };
        let terms = pattern.terms().iter().map(|(place, term)| (*place, number(term))).collect();
        let letters = pattern.terms().iter().filter_map(|(_, term)| term.bytes().next());
        self.initials |=
            letters.filter(u8::is_ascii_lowercase).fold(0, |all, letter| all | 1 << (letter - b'a'));
        self.asked.push(Asked { pattern: index, character, terms });
    }

    /// All places where patterns stand, in order.
    fn matches(&self, text: &str, tokens: &mut Tokens) -> Vec<Match> {
        let mut found = Vec::new();
        for character in [false, true] {
            let numbers = &self.terms[usize::from(character)];
            if numbers.is_empty() || text.is_empty() {
                continue;
            }
            let mut places: Vec<Places> = vec![Places::new(); numbers.len()];
            match character {
                true => analyze::characters(text, tokens),
                false => analyze::words_stemmed_where(text, self.initials, tokens),
            }
            for token in tokens.iter() {
                if let Some(number) = numbers.get(token.text) {
                    places[*number].push((token.position, token.bytes));
                }
            }
            for asked in self.asked.iter().filter(|asked| asked.character == character) {
                let standing = standing(&asked.terms, &places);
                found.extend(standing.map(|bytes| Match { bytes, pattern: asked.pattern }));
            }
        }
        found.sort_by_key(|m| (m.bytes.start, m.bytes.end));
        found
    }
}

/// Where a pattern stands, given where its terms do.
fn standing<'a>(terms: &'a [(u32, usize)], places: &'a [Places]) -> impl Iterator<Item = Range<usize>> + 'a {
    let first = terms.first().map(|(_, term)| places[*term].as_slice()).unwrap_or_default();
    first.iter().filter_map(move |(position, bytes)| {
        let mut whole = bytes.clone();
        for (offset, term) in &terms[1..] {
            let all = &places[*term];
            let index = all.binary_search_by_key(&(position + offset), |(position, _)| *position).ok()?;
            whole.start = whole.start.min(all[index].1.start);
            whole.end = whole.end.max(all[index].1.end);
        }
        Some(whole)
    })
}

/// Spans in order, those that overlap or touch made one.
fn joined(matches: Vec<Match>, shift: usize) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    for Match { bytes, .. } in matches {
        let bytes = bytes.start + shift..bytes.end + shift;
        match spans.last_mut() {
            Some(last) if bytes.start <= last.end => last.end = last.end.max(bytes.end),
            _ => spans.push(bytes),
        }
    }
    spans
}

/// The passage with the most different patterns, and among those the first: from the beginning of a sentence, as many
/// whole sentences as fit; a longer one is cut around what answers in it.
fn passage(body: &str, matches: &[Match], longest: usize) -> Range<usize> {
    let sentences: Vec<Range<usize>> = text::sentences(body).collect();
    let mut best = (0, 0..0);
    for (index, sentence) in sentences.iter().enumerate() {
        let fits = sentences[index..].iter().take_while(|next| next.end - sentence.start <= longest);
        let whole = match fits.last() {
            Some(last) => sentence.start..last.end,
            None => around(body, sentence, matches, longest),
        };
        let mut inside: Vec<usize> = matches
            .iter()
            .skip_while(|m| m.bytes.start < whole.start)
            .take_while(|m| m.bytes.start < whole.end)
            .filter(|m| m.bytes.end <= whole.end)
            .map(|m| m.pattern)
            .collect();
        inside.sort_unstable();
        inside.dedup();
        // A passage that begins where nothing answers gives way to one that begins with what does.
        let starts = matches.iter().any(|m| sentence.contains(&m.bytes.start));
        let worth = 2 * inside.len() + usize::from(starts);
        if index == 0 || worth > best.0 {
            best = (worth, whole);
        }
    }
    best.1
}

/// A part of a sentence that is too long: a little before the first match in it, and on. No word is cut, if another place
/// can be found.
fn around(body: &str, sentence: &Range<usize>, matches: &[Match], longest: usize) -> Range<usize> {
    let first = matches.iter().map(|m| &m.bytes).find(|bytes| sentence.contains(&bytes.start));
    let start = first.map_or(sentence.start, |bytes| {
        let wanted = bytes.start.saturating_sub(longest / 4).max(sentence.start);
        match wanted > sentence.start {
            true => edges::begin(body, body.ceil_char_boundary(wanted)..bytes.start),
            false => wanted,
        }
    });
    let end = body.floor_char_boundary((start + longest).min(sentence.end)).max(start);
    if end == sentence.end {
        return start..end;
    }
    // What answers stays whole where it fits.
    let least = first.map_or(start, |bytes| bytes.end).min(end);
    start..edges::end(body, least..end)
}

#[cfg(test)]
mod tests;
