//! Which language a text is in, by the share of its scripts.

use crate::view::is_han;

/// The main language of a text as a BCP 47 tag: `zh`, `en`, or `und` if it has neither Han nor Latin letters.
///
/// A Chinese character says about as much as three Latin letters, so it counts for three.
///
/// ```
/// assert_eq!(text::language("稀土价格上涨 (REO)"), "zh");
/// assert_eq!(text::language("Copper rose 2% (铜)"), "en");
/// assert_eq!(text::language("2.1"), "und");
/// ```
pub fn language(text: &str) -> &'static str {
    let (mut han, mut latin) = (0_usize, 0_usize);
    for character in text.chars() {
        if is_han(character) {
            han += 3;
        } else if character.is_ascii_alphabetic() {
            latin += 1;
        }
    }
    match (han, latin) {
        (0, 0) => "und",
        (han, latin) if han >= latin => "zh",
        _ => "en",
    }
}
