//! Where a text answers: spans to highlight, and the passage that says most.

mod edges;

use std::collections::HashMap;
use std::ops::Range;

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
    patterns: Vec<(Option<Field>, Pattern)>,
}

/// Where each term stands: its places, with their bytes.
type Places<'a> = HashMap<&'a str, Vec<(u32, Range<usize>)>>;

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
        let patterns = wanted.into_iter().map(|(scope, pattern)| (scope, pattern.clone())).collect();
        Highlighter { patterns }
    }
}

impl Highlighter {
    /// The passage that says most, of at most `longest` bytes, of a text whose title is its first `title_bytes` bytes.
    pub fn snippet(&self, text: &str, title_bytes: usize, longest: usize) -> Snippet {
        let title_bytes = text.floor_char_boundary(title_bytes);
        let (title, body) = text.split_at(title_bytes);
        let title = joined(self.matches(title, Field::Title), 0);
        let matches = self.matches(body, Field::Body);
        let passage = passage(body, &matches, longest);
        let inside =
            matches.into_iter().filter(|m| m.bytes.start >= passage.start && m.bytes.end <= passage.end);
        let highlights = joined(inside.collect(), title_bytes);
        Snippet { title, passage: passage.start + title_bytes..passage.end + title_bytes, highlights }
    }

    /// All places where patterns stand, in order.
    fn matches(&self, text: &str, field: Field) -> Vec<Match> {
        let asked: Vec<(usize, &Pattern)> = self
            .patterns
            .iter()
            .enumerate()
            .filter(|(_, (scope, _))| scope.is_none_or(|scope| scope == field))
            .map(|(index, (_, pattern))| (index, pattern))
            .collect();
        let mut places = [Places::new(), Places::new()];
        for (_, pattern) in &asked {
            for (_, term) in pattern.terms() {
                places[usize::from(pattern.is_character())].insert(term, Vec::new());
            }
        }
        let mut tokens = Tokens::default();
        for (places, cut) in places.iter_mut().zip([analyze::words, analyze::characters]) {
            if places.is_empty() {
                continue;
            }
            cut(text, &mut tokens);
            for token in tokens.iter() {
                if let Some(found) = places.get_mut(token.text) {
                    found.push((token.position, token.bytes));
                }
            }
        }
        let mut found = Vec::new();
        for (pattern, asked) in asked {
            let places = &places[usize::from(asked.is_character())];
            found.extend(standing(asked, places).map(|bytes| Match { bytes, pattern }));
        }
        found.sort_by_key(|m| (m.bytes.start, m.bytes.end));
        found
    }
}

/// Where a pattern stands, given where its terms do.
fn standing<'a>(pattern: &'a Pattern, places: &'a Places<'_>) -> impl Iterator<Item = Range<usize>> + 'a {
    let of = |term: &str| places.get(term).map(Vec::as_slice).unwrap_or_default();
    let terms = pattern.terms();
    let first = terms.first().map(|(_, term)| of(term)).unwrap_or_default();
    first.iter().filter_map(move |(position, bytes)| {
        let mut whole = bytes.clone();
        for (offset, term) in &terms[1..] {
            let all = of(term);
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
