//! Runs of words that two sentences of one language have in common, such as the name of an association that no lexicon has.

use api::record::{Statement, Word};

use crate::statement::{Item, sentence};

/// Shortest run in characters of Chinese.
const CHINESE: usize = 6;

/// Shortest run in words of other languages.
const WORDS: usize = 4;

/// From how many characters on sentences that are the same are no phrase.
const LONG_CHINESE: usize = 14;
const LONG: usize = 36;

/// What two sentences share in wording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shared {
    /// A run of words that is neither a figure nor what a slot of theirs says.
    pub(crate) run: bool,
    /// All but figures and slots, which stand in the same places.
    pub(crate) verbatim: bool,
    /// Nearly all of the shorter one: one was made of the other.
    pub(crate) copied: bool,
}

/// What the sentences of two statements share.
pub(crate) fn shared(one: &Item, other: &Item) -> Shared {
    if one.statement.language != other.statement.language {
        return Shared::default();
    }
    let (left, right) = (tokens(one), tokens(other));
    let needed = if one.statement.language.starts_with("zh") { CHINESE } else { WORDS };
    let (longest, covered) = runs(&left, &right);
    let words = |tokens: &[Option<String>]| tokens.iter().flatten().count();
    let shorter = words(&left).min(words(&right));
    let long = sentence(one).chars().count() >= if needed == CHINESE { LONG_CHINESE } else { LONG };
    Shared {
        run: longest >= needed,
        verbatim: long && left == right,
        copied: shorter >= needed && covered * 4 >= shorter * 3,
    }
}

/// The sentence in lower case as characters or words, with a gap for each figure and each slot's words.
fn tokens(item: &Item) -> Vec<Option<String>> {
    let mut sentence = sentence(item).to_lowercase();
    for words in said(&item.statement) {
        sentence = sentence.replace(&words, "\u{0}");
    }
    let mut found: Vec<Option<String>> = Vec::new();
    let mut word = String::new();
    let flush = |word: &mut String, found: &mut Vec<Option<String>>| {
        if !word.is_empty() {
            found.push(Some(std::mem::take(word)));
        }
    };
    for c in sentence.chars() {
        if c.is_ascii_alphabetic() || c == '\'' {
            word.push(c);
            continue;
        }
        flush(&mut word, &mut found);
        if c.is_alphabetic() {
            found.push(Some(c.to_string()));
        } else if c != ' ' {
            found.push(None);
        }
    }
    flush(&mut word, &mut found);
    found
}

fn said(statement: &Statement) -> Vec<String> {
    let one: [&Option<Word>; 7] = [
        &statement.subject, &statement.measure, &statement.place, &statement.venue, &statement.part,
        &statement.whole, &statement.period,
    ];
    let many = statement.actors.iter().chain(&statement.partners).chain(&statement.basis);
    let words = one.into_iter().flatten().chain(many).map(|word| word.words.to_lowercase());
    let mut words: Vec<String> = words.filter(|words| !words.is_empty()).collect();
    words.sort_by_key(|words| std::cmp::Reverse(words.len()));
    words
}

/// Length of the longest run that stands in both without gaps, and how many words of the first stand in runs of two or more.
fn runs(one: &[Option<String>], other: &[Option<String>]) -> (usize, usize) {
    let mut before = vec![0; other.len() + 1];
    let mut best = 0;
    let mut covered = vec![false; one.len()];
    for (index, left) in one.iter().enumerate() {
        let mut row = vec![0; other.len() + 1];
        for (at, right) in other.iter().enumerate() {
            if left.is_some() && left == right {
                row[at + 1] = before[at] + 1;
                best = best.max(row[at + 1]);
                if row[at + 1] > 1 {
                    covered[index] = true;
                    covered[index - 1] = true;
                }
            }
        }
        before = row;
    }
    (best, covered.into_iter().filter(|covered| *covered).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::record::{Citation, Span};

    fn item(language: &str, sentence: &str, good: &str) -> Item {
        let span = Span { quote: sentence.to_owned(), ..Span::default() };
        let subject = Some(Word { words: good.to_owned(), ..Word::default() });
        Item {
            statement: Statement {
                language: language.to_owned(),
                subject,
                sentence: 1,
                ..Statement::default()
            },
            citation: Citation { document: String::new(), spans: vec![span] },
            fact: None,
        }
    }

    #[test]
    fn a_source_without_an_id_is_seen() {
        let one = item("zh", "有色协会锂业分会昨日通报，上半年产量增长9%", "碳酸锂");
        let other = item("zh", "据有色协会锂业分会，产量比上年增长9%", "碳酸锂");
        assert!(shared(&one, &other).run);
        assert_eq!(shared(&one, &item("en", "有色协会锂业分会", "")), Shared::default());
    }

    #[test]
    fn a_copy_is_seen_though_its_good_is_another() {
        let one =
            item("en", "Japan imported 640 kg of germanium from Korea in July, data show.", "germanium");
        let other =
            item("en", "Japan imported 640 kg of antimony from Korea in July, data show.", "antimony");
        assert!(shared(&one, &other).copied);
        let own = item("en", "In July 640 kg of antimony came from Korea, according to customs.", "antimony");
        assert!(!shared(&one, &own).copied);
    }

    #[test]
    fn slots_and_figures_are_not_wording() {
        let one = item("zh", "六氟磷酸锂价格上涨1,200元", "六氟磷酸锂");
        let other = item("zh", "六氟磷酸锂下跌1,200元", "六氟磷酸锂");
        assert!(!shared(&one, &other).run);
    }
}
