//! Where a sentence may be cut: not within a word or a number.

use std::ops::Range;

use crate::analyze::{Class, class};

/// Marks behind which a clause begins.
const CLAUSE: [char; 7] = ['，', '、', '；', '：', '。', ',', ';'];

/// Where a passage begins best, of all places in `range`: behind the first mark that ends a clause, else where a word
/// begins, else at the start of the range. Both ends of it are character boundaries.
pub(super) fn begin(text: &str, range: Range<usize>) -> usize {
    let places = || places(text, range.clone()).filter(|at| !is_blank_at(text, *at));
    let behind_mark = |at: &usize| text[..*at].trim_end().ends_with(CLAUSE);
    places().find(behind_mark).or_else(|| places().next()).unwrap_or(range.start)
}

/// Where a passage ends best, of all places in `range`: the last behind a whole word, else at the end of the range.
pub(super) fn end(text: &str, range: Range<usize>) -> usize {
    match places(text, range.clone()).last() {
        Some(at) => text[..at].trim_end().len().max(range.start),
        None => range.end,
    }
}

/// All places in a range, both ends included, that part no word.
fn places(text: &str, range: Range<usize>) -> impl Iterator<Item = usize> {
    (range.start..=range.end).filter(|at| text.is_char_boundary(*at) && !parts_word(text, *at))
}

fn is_blank_at(text: &str, at: usize) -> bool {
    text[at..].starts_with(char::is_whitespace)
}

/// True if a word or number goes on over this place: also 3,834 and 3.5%, China's and rare-earth.
fn parts_word(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let (mut back, mut ahead) = (before.chars().rev(), after.chars());
    let (Some(left), Some(right)) = (back.next(), ahead.next()) else { return false };
    if is_word(left) && is_word(right) {
        return true;
    }
    let is_joint = |mark: char| matches!(mark, '.' | ',' | '\'' | '’' | '-');
    is_joint(right) && is_word(left) && ahead.next().is_some_and(is_word)
        || is_joint(left) && is_word(right) && back.next().is_some_and(is_word)
        || left.is_ascii_digit() && right == '%'
}

/// True for letters and digits of scripts that are written with blanks between words.
fn is_word(character: char) -> bool {
    matches!(class(character), Class::Letter | Class::Digit | Class::Nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_stay_whole() {
        for (text, parted) in [
            ("pri|ces", true),
            ("prices| rose", false),
            ("prices |rose", false),
            ("3|,834 t", true),
            ("3,|834 t", true),
            ("3.5|%", true),
            ("rose 3|, then", false),
            ("China|'s", true),
            ("rare-|earth", true),
            ("稀|土", false),
            ("３８|３４吨", true),
            ("3834|吨", false),
            ("｜|", false),
        ] {
            let at = text.rfind('|').unwrap_or_default();
            let whole = text.replacen('|', "", 1);
            assert_eq!(parts_word(&whole, at), parted, "{text}");
        }
    }

    #[test]
    fn a_passage_begins_with_a_clause_and_ends_with_a_word() {
        let text = "it said that output rose, and antimony prices fell in May";
        let begun = |from: &str, to: &str| {
            let find = |of: &str| text.find(of).unwrap_or_default();
            &text[begin(text, find(from) + 1..find(to))..]
        };
        assert_eq!(begun("said", "antimony"), "and antimony prices fell in May");
        assert_eq!(begun("said", "output"), "that output rose, and antimony prices fell in May");
        assert_eq!(begun("antimony", "prices"), "prices fell in May");
        let whole = |from: usize, to: usize| &text[..end(text, from..to)];
        assert_eq!(whole(0, 10), "it said");
        assert_eq!(whole(0, 12), "it said that");
        assert_eq!(whole(4, 6), "it sai");
    }
}
