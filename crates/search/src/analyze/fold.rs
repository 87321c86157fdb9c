//! What a character is to the scanner, and how it is folded.

use unicode_normalization::char::{decompose_canonical, decompose_compatible};

/// What a character is to the scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Of a script written without blanks between words: Han, kana, hangul.
    Han,
    /// A letter of any other script, or a number that is no plain digit.
    Letter,
    /// A digit, of full or half width.
    Digit,
    /// A blank on a line.
    Blank,
    /// The end of a line.
    Line,
    /// Ends a clause, an item or a cell: no phrase goes across it.
    Hard,
    /// Any other mark: a phrase of words goes across it, a Chinese one does not.
    Soft,
    /// Has no width, or is an accent on the character before it: as if it were not there.
    Nothing,
}

/// The class of a character. Full width forms are what their half width forms are.
#[inline]
pub(crate) fn class(character: char) -> Class {
    if character.is_ascii() {
        return ascii(character);
    }
    match character {
        '\u{4e00}'..='\u{9fff}' => Class::Han,
        '。' | '、' | '…' | '—' | '•' | '｡' | '､' => Class::Hard,
        '\u{ff01}'..='\u{ff5e}' => ascii(half_width(character)),
        '\u{3000}' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => Class::Blank,
        '\u{2028}' | '\u{2029}' | '\u{85}' => Class::Line,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {
            Class::Nothing
        }
        '\u{fe00}'..='\u{fe0f}' => Class::Nothing,
        '\u{30fb}' | '\u{30a0}' => Class::Soft,
        _ if is_han(character) => Class::Han,
        _ if character.is_alphanumeric() => other(character),
        _ => Class::Soft,
    }
}

#[inline]
fn ascii(character: char) -> Class {
    match character {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => Class::Digit,
        ' ' | '\r' => Class::Blank,
        '\n' | '\x0b' | '\x0c' => Class::Line,
        '.' | ',' | ';' | ':' | '!' | '?' | '|' | '\t' => Class::Hard,
        _ => Class::Soft,
    }
}

/// True for scripts that are cut into single characters and pairs.
fn is_han(character: char) -> bool {
    matches!(character,
        '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}'
        | '々' | '〆' | '〇'
        | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}')
}

/// A subscript or a circled number is a digit, all else is a letter.
fn other(character: char) -> Class {
    let mut first = None;
    decompose_compatible(character, |part| first = first.or(Some(part)));
    match first {
        Some('0'..='9') => Class::Digit,
        _ => Class::Letter,
    }
}

/// The half width form of U+FF01 to U+FF5E.
fn half_width(character: char) -> char {
    char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
}

/// Adds the folded form of a character: lower case, half width, without accents, compatibility forms as what they are
/// forms of (Unicode Standard Annex 15). May add nothing or several characters.
#[inline]
pub(super) fn fold_into(character: char, out: &mut String) {
    match character {
        _ if character.is_ascii() => out.push(character.to_ascii_lowercase()),
        '\u{4e00}'..='\u{9fff}' => out.push(character),
        // Decomposing hangul would tear its syllables apart; kana keep their voicing marks.
        '\u{ac00}'..='\u{d7a3}' | '\u{3041}'..='\u{30ff}' => out.push(character),
        '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' => {
            decompose_canonical(character, |c| out.push(c))
        }
        _ => decompose_compatible(character, |part| {
            if class(part) != Class::Nothing {
                part.to_lowercase().filter(|c| class(*c) != Class::Nothing).for_each(|c| plain_into(c, out));
            }
        }),
    }
}

/// Adds a lower-case letter; those that have no decomposition are written as is usual without them.
fn plain_into(letter: char, out: &mut String) {
    match letter {
        'ß' => out.push_str("ss"),
        'ø' => out.push('o'),
        'ł' => out.push('l'),
        'đ' => out.push('d'),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ı' => out.push('i'),
        _ => out.push(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        text.chars().for_each(|c| fold_into(c, &mut out));
        out
    }

    #[test]
    fn letters_of_all_widths_and_cases_are_one() {
        let cases = [
            ("ＲＥＯ", "reo"),
            ("São Tomé", "sao tome"),
            ("Sa\u{303}o", "sao"),
            ("Nd₂Fe₁₄B", "nd2fe14b"),
            ("Łódź", "lodz"),
            ("Straße", "strasse"),
            ("ﬁne", "fine"),
            ("İ", "i"),
            ("鍺", "鍺"),
            ("\u{f9d1}", "六"),
            ("한국", "한국"),
            ("ｶﾞ", "カ"),
            ("６００１１１", "600111"),
        ];
        for (text, wanted) in cases {
            let found = folded(text);
            assert!(found.starts_with(wanted), "{text}: {found:?}");
        }
    }

    #[test]
    fn every_character_has_a_class_and_folds() {
        for character in (0..=0x10_ffff).filter_map(char::from_u32) {
            let mut out = String::new();
            fold_into(character, &mut out);
            let once = out.clone();
            let mut twice = String::new();
            once.chars().for_each(|c| fold_into(c, &mut twice));
            // A few letters (of Coptic, Cherokee and the like) fold in two steps; none is in what we read.
            if matches!(class(character), Class::Han | Class::Digit) || character < '\u{1000}' {
                assert_eq!(once, twice, "{character:?}");
            }
        }
    }
}
