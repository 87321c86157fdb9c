//! Whether two sentences say the same.

use std::collections::BTreeSet;

/// The letters and digits of a sentence, folded: equal for copies that differ in punctuation alone.
pub(crate) fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Runs of three letters.
pub(crate) type Grams = BTreeSet<[char; 3]>;

/// The runs of three letters of a sentence.
pub(crate) fn grams(text: &str) -> Grams {
    let letters: Vec<char> = folded(text).chars().collect();
    letters.windows(3).map(|three| [three[0], three[1], three[2]]).collect()
}

/// How much of the smaller of two sets is in the other, in hundredths.
pub(crate) fn shared(one: &Grams, other: &Grams) -> usize {
    let least = one.len().min(other.len());
    (one.intersection(other).count() * 100).checked_div(least).unwrap_or(0)
}

/// The numbers of a text, without what groups their digits: `3834`, `1.51`.
pub(crate) fn numbers(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut number = String::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let next_is_digit = characters.peek().is_some_and(char::is_ascii_digit);
        match c {
            '0'..='9' => number.push(c),
            '.' if !number.is_empty() && next_is_digit && !number.contains('.') => number.push(c),
            ',' if !number.is_empty() && next_is_digit => {}
            _ if !number.is_empty() => _ = found.insert(std::mem::take(&mut number)),
            _ => {}
        }
    }
    if !number.is_empty() {
        found.insert(number);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_without_their_commas() {
        let found = numbers("up 1.51% to 19,109 yuan (REO=50%), by 3834吨.");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["1.51", "19109", "3834", "50"]);
    }

    #[test]
    fn a_sentence_that_is_told_again_in_part_shares_its_words() {
        let long = grams("Rare earth concentrate was raised to 19,109 yuan per ton, up 1.51%");
        assert!(shared(&long, &grams("Concentrate was raised to 19,109 yuan")) > 80);
        assert!(shared(&long, &grams("LME copper fell on Friday")) < 30);
        assert_eq!(shared(&long, &grams("")), 0);
    }
}
