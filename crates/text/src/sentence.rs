//! Where sentences begin and end, in Chinese, in English, and in feed digests.

use std::ops::Range;

use crate::view::is_han;

/// The sentences of a text as byte spans, trimmed, in order; headings and bullets of feed digests are sentences
/// of their own.
///
/// ```
/// let text = "Core Viewpoint - The U.S. price is $9,663.00 per ton [1]. 价格上涨。库存下降!";
/// let found: Vec<&str> = text::sentences(text).map(|span| &text[span]).collect();
/// assert_eq!(found, ["Core Viewpoint", "The U.S. price is $9,663.00 per ton [1].", "价格上涨。", "库存下降!"]);
/// ```
pub fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> {
    Sentences { text, at: 0 }
}

struct Sentences<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Sentences<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        while self.at < self.text.len() {
            let start = self.at;
            let (end, next) = sentence_end(self.text, start);
            self.at = next.max(start + 1);
            while !self.text.is_char_boundary(self.at) {
                self.at += 1;
            }
            let raw = &self.text[start..end];
            let trimmed = raw.trim_matches(is_blank);
            if !trimmed.is_empty() {
                let lead = raw.len() - raw.trim_start_matches(is_blank).len();
                return Some(start + lead..start + lead + trimmed.len());
            }
        }
        None
    }
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}')
}

/// The end of the sentence that begins at `start`, and where the next one begins.
fn sentence_end(text: &str, start: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let mut from = start;
    while let Some(at) = next_end(bytes, from) {
        let Some(character) = text[at..].chars().next() else { break };
        let after = at + character.len_utf8();
        from = after;
        match character {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => return (at, after),
            '。' | '！' | '？' | '；' | '…' | '!' | '?' => {
                let end = closing(text, after);
                if character == '…'
                    && text[end..].chars().next().is_some_and(|next| !is_han(next))
                    && !next_is_blank(text, end)
                {
                    continue;
                }
                // A Latin exclamation or question mark inside a word, as in a web address, ends nothing.
                if matches!(character, '!' | '?') && bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
                    continue;
                }
                return (end, end);
            }
            '.' if full_stop(text, start, at) => {
                let end = closing(text, after);
                return (end, end);
            }
            ' ' | '\t' if may_open(bytes.get(after)) => {
                if let Some(dash) = bullet(text, start, at) {
                    return (at, dash);
                }
                if at > start && heading_at(text, after) && !text[start..at].trim().is_empty() {
                    return (at, after);
                }
            }
            _ => {}
        }
    }
    (text.len(), text.len())
}

/// The next byte from `at` on, where a character begins, at which a sentence may end.
#[inline]
fn next_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    /// How many bytes are passed over; zero where a sentence may end.
    static STEPS: [u8; 256] = {
        let mut steps = [1; 256];
        let mut byte = 0;
        while byte < steps.len() {
            steps[byte] = match byte {
                // Chinese characters, which are three bytes each.
                0xe4..=0xe9 => 3,
                _ if may_end(byte as u8) => 0,
                _ => 1,
            };
            byte += 1;
        }
        steps
    };
    loop {
        let byte = *bytes.get(at)?;
        match STEPS[usize::from(byte)] {
            0 if byte != b' ' || may_open(bytes.get(at + 1)) => return Some(at),
            0 => at += 1,
            step => at += usize::from(step),
        }
    }
}

/// True for the first byte of a character at which a sentence may end.
const fn may_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | b'.' | b'!' | b'?' | b' ' | b'\t' | 0xe2 | 0xe3 | 0xef)
}

/// True for the first byte of a bullet or of a heading, which stand behind a blank.
#[inline]
fn may_open(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b'-' | 0xc2 | 0xe2 | b'0'..=b'9' | b'C' | b'G' | b'I' | b'K' | b'S'))
}

fn next_is_blank(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_none_or(char::is_whitespace)
}

/// Past further terminators, closing quotes and brackets.
fn closing(text: &str, mut at: usize) -> usize {
    for character in text[at..].chars() {
        if matches!(
            character,
            '。' | '！'
                | '？'
                | '…'
                | '!'
                | '?'
                | '.'
                | '”'
                | '’'
                | '」'
                | '』'
                | '）'
                | ')'
                | '"'
                | '》'
                | '】'
        ) {
            at += character.len_utf8();
        } else {
            break;
        }
    }
    at
}

/// True if the full stop at `at` ends a sentence that began at `start`.
fn full_stop(text: &str, start: usize, at: usize) -> bool {
    let rest = &text[at + 1..];
    let mut following = rest.chars();
    let next = following.next();
    let ends_here = match next {
        None => true,
        Some(next) => next.is_whitespace() || matches!(next, '"' | '”' | '’' | ')' | '）') || is_han(next),
    };
    if !ends_here {
        return false;
    }
    let before = &text[start..at];
    let word = before
        .rsplit(|character: char| character.is_whitespace() || matches!(character, '(' | '"' | '“' | '['))
        .next()
        .unwrap_or_default();
    if word.is_empty() {
        return true;
    }
    let next_word = rest.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    // A list number such as "2." opens a line; it does not end one.
    if word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit()) && before.trim() == word {
        return false;
    }
    // «238,980 t. Codelco»: a unit of one letter behind a number is no initial.
    let unit = word.len() == 1
        && word.bytes().all(|byte| byte.is_ascii_lowercase())
        && before[..before.len() - 1].trim_end().ends_with(|last: char| last.is_ascii_digit());
    if is_initials(word) && !unit {
        return STARTERS.contains(&next_word) || next_word.is_empty();
    }
    if ABBREVIATIONS.contains(&word.to_ascii_lowercase().as_str()) {
        return false;
    }
    // "Inc. said" goes on, "Inc. The" does not.
    if MAYBE.contains(&word.to_ascii_lowercase().as_str()) {
        return STARTERS.contains(&next_word) || next_word.is_empty();
    }
    if word.eq_ignore_ascii_case("no") {
        return !next_word.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    }
    true
}

/// "U.S", "U.K", "J" and the like: single letters, joined by full stops.
fn is_initials(word: &str) -> bool {
    word.split('.').all(|part| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "gen", "sen", "rep", "gov", "st", "vs", "e.g", "i.e", "approx", "cf",
    "fig", "al", "sept", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const MAYBE: &[&str] =
    &["inc", "corp", "co", "ltd", "llc", "plc", "jr", "sr", "etc", "a.m", "p.m", "bros", "est"];
const STARTERS: &[&str] = &[
    "The", "In", "It", "This", "That", "These", "Those", "However", "But", "And", "On", "At", "As", "Since",
    "For", "By", "With", "While", "When", "Its", "They", "We", "He", "She", "There", "Following", "Despite",
    "According", "After", "Before", "From", "If", "Some", "Such", "Chinese", "China", "Prices", "Group",
];

/// If a bullet " - " stands at `at`, where the text after it begins.
fn bullet(text: &str, start: usize, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let mut length = 1;
    let mut after = rest[1..].chars();
    if !matches!(after.next()?, '-' | '–' | '—' | '•' | '·') {
        return None;
    }
    length += rest[1..].chars().next().map_or(0, char::len_utf8);
    if !rest[length..].starts_with(' ') {
        return None;
    }
    let next = rest[length + 1..].chars().next()?;
    if !(next.is_uppercase()
        || next.is_ascii_digit()
        || is_han(next)
        || matches!(next, '"' | '“' | '\'' | '$'))
    {
        return None;
    }
    let before = text[start..at].trim();
    let ended = before.is_empty()
        || before.ends_with(['.', ']', '!', '?', ':', ';', ')', '。', '！', '？', '；'])
        || is_heading(before);
    ended.then_some(at + length + 1)
}

/// True if a heading of a digest begins at `at`: "Group 2: …", "Group 2 - …", "2.1 Copper - …", "Core Insights - …".
fn heading_at(text: &str, at: usize) -> bool {
    let rest = &text[at..];
    // Asked at every blank: most words are told by their first letter.
    if !matches!(rest.as_bytes().first(), Some(b'0'..=b'9' | b'C' | b'G' | b'I' | b'K' | b'S')) {
        return false;
    }
    if let Some(number) = rest.strip_prefix("Group ") {
        let digits = number.bytes().take_while(u8::is_ascii_digit).count();
        let tail = &number[digits..];
        return (1..=2).contains(&digits)
            && (tail.starts_with(':') || tail.starts_with(" -") || tail.starts_with('：'));
    }
    if FIXED_HEADINGS.iter().any(|heading| {
        rest.strip_prefix(heading)
            .is_some_and(|tail| tail.starts_with(" -") || tail.starts_with(" 1.") || tail.starts_with(':'))
    }) {
        return true;
    }
    list_number(rest).is_some_and(|length| {
        // The heading runs to its bullet, and no full stop lies between.
        let heading = &rest[length..];
        let mut end = heading.len().min(120);
        while !heading.is_char_boundary(end) {
            end -= 1;
        }
        let window = &heading[..end];
        let next_number =
            window.match_indices(' ').find(|(space, _)| list_number(&window[space + 1..]).is_some());
        let stop = window.find(" - ").or(next_number.map(|(space, _)| space));
        stop.is_some_and(|dash| is_heading(&window[..dash]))
    })
}

const FIXED_HEADINGS: &[&str] = &[
    "Core Viewpoint", "Core Insights", "Core View", "Investment Rating", "Summary by Sections", "Key Points",
    "Industry Insights",
];

/// The length of a list number with its space, such as `2. ` or `2.1 `, if `rest` begins with one before a capital.
pub(crate) fn list_number(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let first = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    // Nothing is numbered 0.9.
    if first == 0 || first > 2 || bytes.get(first) != Some(&b'.') || bytes[0] == b'0' {
        return None;
    }
    let second = bytes[first + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let end = first + 1 + second;
    if second > 2 || bytes.get(end) != Some(&b' ') {
        return None;
    }
    bytes.get(end + 1).is_some_and(u8::is_ascii_uppercase).then_some(end + 1)
}

/// True if the words look like a heading: few, no full stop inside, and nearly all capitalized.
fn is_heading(words: &str) -> bool {
    if let Some(number) = words.strip_prefix("Group ") {
        let tail = number.trim_start_matches(|character: char| character.is_ascii_digit());
        if tail.len() < number.len() && (tail.is_empty() || tail.starts_with(':') || tail.starts_with('：'))
        {
            return true;
        }
    }
    if FIXED_HEADINGS.contains(&words) {
        return true;
    }
    let mut total = 0_usize;
    let mut small = 0_usize;
    let mut connective = false;
    // «4.0 Mt to 4.4 Mt» has capitals too, but no word of a heading.
    let mut named = false;
    for word in words.split_whitespace() {
        total += 1;
        let first = word.chars().next().unwrap_or(' ');
        connective =
            matches!(word, "of" | "and" | "the" | "in" | "by" | "for" | "to" | "on" | "with" | "&" | "a");
        named |= first.is_uppercase() && word.chars().filter(|letter| letter.is_alphabetic()).count() > 3;
        if !(first.is_uppercase() || first.is_ascii_digit() || connective) {
            small += 1;
        }
        if word.ends_with(',') {
            return false;
        }
    }
    (1..=12).contains(&total) && small == 0 && named && !connective
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_is_looked_for() {
        for heading in FIXED_HEADINGS.iter().copied().chain(["Group 2", "2.1 Copper Prices"]) {
            assert!(
                heading_at(&format!("{heading} - Up"), 0) || heading_at(&format!("{heading}: Up"), 0),
                "{heading}"
            );
        }
        assert!(!heading_at("Prices - Up", 0));
        for no_heading in ["4.0 Mt to 4.4 Mt in 2026", "4.0 Mt - a record", "1.2 GWh of 3.1 GWh"] {
            assert!(!heading_at(no_heading, 0), "{no_heading}");
        }
    }
}
