//! Sentences of documents, and the passages that a brief cites.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::input::{Doc, Input};
use crate::model::{Passage, Source};

/// Longest quote, in bytes; a longer sentence is cut around what it is cited for.
pub(crate) const MAX_QUOTE: usize = 700;

/// Bytes of context on either side of a passage.
const CONTEXT: usize = 200;

/// Longest title of a source, in characters.
const MAX_TITLE: usize = 200;

/// Sentences of documents, cut when they are first asked for.
pub(crate) struct Sentences<'i, 'r> {
    input: &'i Input<'r>,
    cut: RefCell<BTreeMap<&'r str, Vec<Range<usize>>>>,
}

impl<'i, 'r> Sentences<'i, 'r> {
    /// Sentences of these documents.
    pub(crate) fn new(input: &'i Input<'r>) -> Self {
        Self { input, cut: RefCell::default() }
    }

    /// The sentence, or the run of sentences, in which these bytes lie; a title is a sentence of its own. The bytes themselves where they
    /// lie in none.
    pub(crate) fn around(&self, document: &str, at: &Range<usize>) -> Range<usize> {
        let Some((name, doc)) = self.input.documents.get_key_value(document) else { return at.clone() };
        if at.end <= doc.title_end() {
            return 0..doc.title_end();
        }
        let mut cut = self.cut.borrow_mut();
        let sentences = cut.entry(name).or_insert_with(|| pieces(doc));
        let first = sentences.partition_point(|sentence| sentence.end <= at.start);
        let last = sentences.partition_point(|sentence| sentence.start < at.end.max(at.start + 1));
        match sentences.get(first..last) {
            Some([first, .., last]) => first.start.min(at.start)..last.end.max(at.end),
            Some([only]) => only.start.min(at.start)..only.end.max(at.end),
            _ => at.clone(),
        }
    }
}

/// Sentences of the body, without the marks of bullets before them.
fn pieces(doc: &Doc<'_>) -> Vec<Range<usize>> {
    let start = doc.title_end();
    let text = &doc.body.text[start..];
    let trimmed = |span: Range<usize>| {
        let inner = text[span.clone()].trim_start_matches(['-', '•', '*', '·', '–', '—', ' ']);
        start + span.end - inner.len()..start + span.end
    };
    text::sentences(text).map(trimmed).filter(|span| !span.is_empty()).collect()
}

/// The passages and sources of a brief, numbered in the order in which they are cited.
pub(crate) struct Shelf<'i, 'r> {
    input: &'i Input<'r>,
    pub(crate) sources: Vec<Source>,
    pub(crate) passages: Vec<Passage>,
    by_document: BTreeMap<&'r str, usize>,
    by_place: BTreeMap<(usize, usize, usize), usize>,
}

impl<'i, 'r> Shelf<'i, 'r> {
    /// An empty one.
    pub(crate) fn new(input: &'i Input<'r>) -> Self {
        let (sources, passages) = (Vec::new(), Vec::new());
        Self { input, sources, passages, by_document: BTreeMap::new(), by_place: BTreeMap::new() }
    }

    /// The index of a passage, which is put there if it is not yet; `marks` are the bytes of the document on which it rests. `None`
    /// if the document is not among the records, or the bytes are not in its text.
    pub(crate) fn passage(
        &mut self,
        document: &str,
        at: &Range<usize>,
        marks: &[Range<usize>],
    ) -> Option<usize> {
        let (name, doc) = self.input.documents.get_key_value(document)?;
        let text = doc.body.text.get(at.clone())?;
        let most = marks.iter().map(|mark| mark.end).max().unwrap_or(0);
        let end = (at.start + without_marks(text)).max(most.min(at.end));
        let (shown, cut) = shown(&doc.body.text, &(at.start..end), marks);
        let source = self.source(name, doc);
        let place = (source, shown.start, shown.end);
        let index = match self.by_place.get(&place) {
            Some(index) => *index,
            None => {
                self.passages.push(new_passage(&doc.body.text, source, &shown, cut));
                self.by_place.insert(place, self.passages.len() - 1);
                self.passages.len() - 1
            }
        };
        let marked = &mut self.passages[index].marks;
        for mark in marks {
            let (start, end) = (mark.start.max(shown.start), mark.end.min(shown.end));
            if start < end && end - start < shown.len() {
                marked.push((start - shown.start, end - shown.start));
            }
        }
        merge(marked);
        Some(index)
    }

    fn source(&mut self, name: &'r str, doc: &Doc<'r>) -> usize {
        if let Some(index) = self.by_document.get(name) {
            return *index;
        }
        self.sources.push(Source {
            number: self.sources.len() + 1,
            document: name.to_owned(),
            source: doc.body.source.clone(),
            title: shortened(doc.heading(), MAX_TITLE),
            published: doc.published(),
            url: doc.body.url.clone(),
            language: doc.body.language.clone(),
            truncated: doc.body.truncated,
        });
        self.by_document.insert(name, self.sources.len() - 1);
        self.sources.len() - 1
    }
}

/// Bytes of a sentence before the citation marks at its end, such as `[3][5].`, which point to what is not in the text.
#[must_use]
pub fn without_marks(sentence: &str) -> usize {
    let mut kept = sentence.trim_end();
    let mut rest = kept.trim_end_matches(['.', '。', ';', '；']).trim_end();
    while let Some(inner) = rest.strip_suffix(']') {
        let before = inner.trim_end_matches(|c: char| c.is_ascii_digit());
        let Some(before) = before.strip_suffix('[').filter(|_| before.len() < inner.len()) else { break };
        kept = before.trim_end();
        rest = kept;
    }
    if kept.is_empty() { sentence.len() } else { kept.len() }
}

/// The first characters of a text, and `…` where there are more.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// The bytes that are quoted: all of a passage, or of a long one those around what it is cited for.
fn shown(text: &str, at: &Range<usize>, marks: &[Range<usize>]) -> (Range<usize>, bool) {
    if at.len() <= MAX_QUOTE {
        return (at.clone(), false);
    }
    let focus = marks.first().map_or(at.start, |mark| mark.start.clamp(at.start, at.end));
    let start = focus.saturating_sub(MAX_QUOTE / 2).max(at.start);
    let end = (start + MAX_QUOTE).min(at.end);
    (floor(text, start)..floor(text, end), true)
}

/// The character boundary at or before a byte.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn new_passage(text: &str, source: usize, at: &Range<usize>, cut: bool) -> Passage {
    let before = floor(text, at.start.saturating_sub(CONTEXT));
    let after = floor(text, (at.end + CONTEXT).min(text.len()));
    Passage {
        source,
        start_byte: at.start,
        end_byte: at.end,
        quote: text[at.clone()].to_owned(),
        marks: Vec::new(),
        before: format!("{}{}", if before > 0 { "…" } else { "" }, &text[before..at.start]),
        after: format!("{}{}", &text[at.end..after], if after < text.len() { "…" } else { "" }),
        cut,
    }
}

/// Puts marks in order and joins those that overlap.
fn merge(marks: &mut Vec<(usize, usize)>) {
    marks.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::with_capacity(marks.len());
    for (start, end) in marks.drain(..) {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    *marks = merged;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sentence_is_cut_around_what_it_is_cited_for() {
        let text = format!("{}价格19,109元/吨{}", "稀".repeat(1000), "土".repeat(1000));
        let (all, mark) = (0..text.len(), 3006..3020);
        let (cut, is_cut) = shown(&text, &all, std::slice::from_ref(&mark));
        assert!(is_cut && cut.start < mark.start && mark.end < cut.end && cut.len() <= MAX_QUOTE);
        assert_eq!(shown("short", &(0..5), &[]), (0..5, false));
    }

    #[test]
    fn citation_marks_at_the_end_are_left_out() {
        let kept = |sentence: &'static str| &sentence[..without_marks(sentence)];
        assert_eq!(kept("Tin rose 2% [3][10]."), "Tin rose 2%");
        assert_eq!(kept("锡价上涨 [2]。"), "锡价上涨");
        assert_eq!(kept("Tin rose [sic]. "), "Tin rose [sic].");
        assert_eq!(kept("[3]"), "[3]");
    }

    #[test]
    fn marks_that_overlap_are_one() {
        let mut marks = vec![(5, 9), (1, 3), (2, 4), (7, 8)];
        merge(&mut marks);
        assert_eq!(marks, [(1, 4), (5, 9)]);
    }
}
