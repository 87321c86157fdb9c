//! Names that no lexicon has and two sentences share: a mine, a project, a ship, in Latin letters in either language.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use text::Lexicon;

use crate::statement::{Item, sentence};

/// Shortest name, in letters.
const MIN_LETTERS: usize = 4;

/// Words with a capital letter that are no names.
const NO_NAMES: &[&str] = &[
    "january", "february", "march", "april", "june", "july", "august", "september", "october", "november",
    "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "spot",
    "total", "flash", "first", "second", "third", "fourth", "half", "quarter", "north", "south", "east",
    "west", "northern", "southern", "eastern", "western", "ministry", "department", "bureau", "office",
    "association", "commission", "institute", "customs", "data", "state", "national", "president",
    "minister", "chief", "group", "limited", "corp", "inc", "company", "board",
];

/// Every word of a name in the lexicon: what it knows is a slot, or told by ids.
static LISTED: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let names = Lexicon::standard().entries().iter().flat_map(|entry| &entry.names);
    names.flat_map(|name| tokens(&name.text)).map(|(_, word)| word.to_lowercase()).collect()
});

/// How many such names both sentences have.
pub(crate) fn shared(one: &Item, other: &Item) -> usize {
    let (left, right) = (sentence(one), sentence(other));
    if is_shouted(left) && is_shouted(right) {
        // In headlines in capitals every word looks like a name.
        return 0;
    }
    let right = names(right, other);
    names(left, one).into_iter().filter(|name| right.contains(name)).count()
}

fn names(sentence: &str, item: &Item) -> BTreeSet<String> {
    let anywhere = item.statement.language.starts_with("zh") || is_shouted(sentence);
    let begins = |at: usize| {
        let head = sentence[..at].trim_end_matches([' ', '\n', '"', '“', '*', '\'']);
        head.is_empty() || head.ends_with(['.', ':', '!', '?', '-', '—', '。'])
    };
    tokens(sentence)
        .filter(|(at, word)| word.starts_with(char::is_uppercase) && (anywhere || !begins(*at)))
        .map(|(_, word)| word.to_lowercase())
        .filter(|word| word.chars().count() >= MIN_LETTERS)
        .filter(|word| !NO_NAMES.contains(&word.as_str()) && !LISTED.contains(word))
        .collect()
}

/// True for a sentence in capitals.
fn is_shouted(sentence: &str) -> bool {
    let letters = || sentence.chars().filter(char::is_ascii_alphabetic);
    letters().count() >= 12 && letters().filter(char::is_ascii_uppercase).count() * 5 > letters().count() * 4
}

/// Words in Latin letters with their places in bytes; «'s» at their ends is no part of them.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let latin = |c: char| c.is_alphabetic() && u32::from(c) < 0x250;
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text.get(rest..)?.find(latin)?;
        let length = text[start..].find(|c: char| !latin(c)).unwrap_or(text.len() - start);
        rest = start + length;
        Some((start, &text[start..rest]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::record::{Citation, Span, Statement};

    fn item(language: &str, sentence: &str) -> Item {
        let span = Span { quote: sentence.to_owned(), ..Span::default() };
        Item {
            statement: Statement { language: language.to_owned(), sentence: 1, ..Statement::default() },
            citation: Citation { document: String::new(), spans: vec![span] },
            fact: None,
        }
    }

    #[test]
    fn a_project_is_a_name_and_a_weekday_is_none() {
        let chinese = item("zh", "纳米比亚Etango铀矿一期资本开支3.53亿美元");
        let english = item("en", "The owner budgets stage one of Etango at $335 million on Monday.");
        let shouted = item("en", "OWNER PUTS ETANGO STAGE ONE AT $335 MILLION");
        assert_eq!(shared(&chinese, &english), 1);
        assert_eq!(shared(&english, &shouted), 1);
        assert_eq!(shared(&shouted, &shouted), 0);
        assert_eq!(shared(&english, &item("en", "Prices were flat on Monday.")), 0);
    }
}
