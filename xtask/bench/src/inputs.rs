//! What is read in the case `read`: prose in the manner of news, and tables and price lists, in both languages.
//!
//! English prose and a part of the Chinese are the entries of `examples/feed.txt`; the rest lies in `inputs/`, texts apart
//! by a blank line. All of it is ours.

use text::Reader;

use crate::fresh::{Fresh, Names, Template};
use crate::texts::Random;

const FEED: &str = include_str!("../../../examples/feed.txt");
const PROSE_ZH: &str = include_str!("../inputs/prose.zh.txt");
const TABLES_ZH: &str = include_str!("../inputs/tables.zh.txt");
const TABLES_EN: &str = include_str!("../inputs/tables.en.txt");

/// A line of the feed from this many bytes on is the text of an entry, not its title or source.
const ENTRY_BYTES: usize = 150;

/// Texts of one manner in one language.
pub(crate) struct Input {
    /// For the report.
    pub name: &'static str,
    /// `zh` or `en`.
    pub language: &'static str,
    templates: Vec<Template>,
}

/// The four.
pub(crate) fn all(reader: &Reader, names: &Names) -> [Input; 4] {
    let input = |name, language, texts: &[(&str, bool)]| Input {
        name,
        language,
        templates: texts.iter().map(|(text, titled)| Template::new(text, *titled, reader, names)).collect(),
    };
    let entries =
        |language| FEED.lines().filter(move |line| is_entry(line, language)).map(|line| (line, false));
    let chinese: Vec<_> = entries("zh").chain(apart(PROSE_ZH)).collect();
    let english: Vec<_> = entries("en").collect();
    [
        input("Chinese prose", "zh", &chinese),
        input("English prose", "en", &english),
        input("Chinese tables", "zh", &apart(TABLES_ZH).collect::<Vec<_>>()),
        input("English tables", "en", &apart(TABLES_EN).collect::<Vec<_>>()),
    ]
}

fn is_entry(line: &str, language: &str) -> bool {
    line.len() >= ENTRY_BYTES && text::language(line) == language
}

fn apart(file: &'static str) -> impl Iterator<Item = (&'static str, bool)> {
    file.split("\n\n").map(|text| (text.trim_end(), true))
}

impl Input {
    /// Texts of `bytes` together, or a little more, each drawn anew; all templates in turn.
    pub(crate) fn draw(&self, bytes: usize, names: &Names, random: &mut Random) -> Vec<Fresh> {
        let mut drawn = Vec::new();
        let mut length = 0;
        for template in self.templates.iter().cycle().take_while(|_| !self.templates.is_empty()) {
            if length >= bytes {
                break;
            }
            let fresh = template.draw(names, random);
            length += fresh.text.len();
            drawn.push(fresh);
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn texts_are_in_their_language_and_as_long_as_entries_of_a_feed() {
        let names = Names::standard();
        for input in all(&Reader::standard(), &names) {
            let texts = input.draw(100_000, &names, &mut Random::new(1));
            let long: usize = texts.iter().map(|fresh| fresh.text.len()).sum();
            let each = long / texts.len();
            assert!((300..1500).contains(&each), "{}: {each} bytes each", input.name);
            let right = texts.iter().filter(|fresh| text::language(&fresh.text) == input.language).count();
            assert!(right * 100 >= texts.len() * 95, "{}: {right} of {}", input.name, texts.len());
            let distinct: HashSet<_> = texts.iter().map(|fresh| &fresh.text).collect();
            assert_eq!(distinct.len(), texts.len(), "{}", input.name);
        }
    }

    #[test]
    fn tables_are_dense_with_digits() {
        let names = Names::standard();
        for input in all(&Reader::standard(), &names) {
            let texts = input.draw(100_000, &names, &mut Random::new(1));
            let characters: usize = texts.iter().map(|fresh| fresh.text.chars().count()).sum();
            let digits: usize =
                texts.iter().map(|fresh| fresh.text.chars().filter(char::is_ascii_digit).count()).sum();
            let percent = digits * 100 / characters;
            if input.name.ends_with("tables") {
                assert!(percent >= 20, "{}: {percent} %", input.name);
            } else {
                assert!((2..20).contains(&percent), "{}: {percent} %", input.name);
            }
        }
    }
}
