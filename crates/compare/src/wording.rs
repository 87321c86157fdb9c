//! Runs of words that two sentences of one language have in common, such as the name of an association that no lexicon has.

use api::record::{Statement, Word};

use crate::statement::{Item, sentence};

/// Shortest run in characters of Chinese.
const CHINESE: usize = 6;

/// Shortest run in words of other languages.
const WORDS: usize = 4;

/// True if the sentences of two statements share a run of words that is neither a figure nor what a slot of theirs says.
pub(crate) fn shared(one: &Item, other: &Item) -> bool {
    if one.statement.language != other.statement.language {
        return false;
    }
    let (left, right) = (tokens(one), tokens(other));
    let needed = if one.statement.language.starts_with("zh") { CHINESE } else { WORDS };
    longest(&left, &right) >= needed
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
        &statement.subject,
        &statement.measure,
        &statement.place,
        &statement.venue,
        &statement.part,
        &statement.whole,
        &statement.period,
    ];
    let many = statement.actors.iter().chain(&statement.partners).chain(&statement.basis);
    let words = one.into_iter().flatten().chain(many).map(|word| word.words.to_lowercase());
    let mut words: Vec<String> = words.filter(|words| !words.is_empty()).collect();
    words.sort_by_key(|words| std::cmp::Reverse(words.len()));
    words
}

/// Length of the longest run that stands in both, without gaps.
fn longest(one: &[Option<String>], other: &[Option<String>]) -> usize {
    let mut before = vec![0; other.len() + 1];
    let mut best = 0;
    for left in one {
        let mut row = vec![0; other.len() + 1];
        for (at, right) in other.iter().enumerate() {
            if left.is_some() && left == right {
                row[at + 1] = before[at] + 1;
                best = best.max(row[at + 1]);
            }
        }
        before = row;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::record::{Citation, Span};

    fn item(language: &str, sentence: &str, good: &str) -> Item {
        let span = Span { quote: sentence.to_owned(), ..Span::default() };
        let subject = Some(Word { words: good.to_owned(), ..Word::default() });
        Item {
            statement: Statement { language: language.to_owned(), subject, sentence: 1, ..Statement::default() },
            citation: Citation { document: String::new(), spans: vec![span] },
            fact: None,
        }
    }

    #[test]
    fn a_source_without_an_id_is_seen() {
        let one = item("zh", "有色协会锂业分会昨日通报，上半年产量增长9%", "碳酸锂");
        let other = item("zh", "据有色协会锂业分会，产量比上年增长9%", "碳酸锂");
        assert!(shared(&one, &other));
        assert!(!shared(&one, &item("en", "有色协会锂业分会", "")));
    }

    #[test]
    fn slots_and_figures_are_not_wording() {
        let one = item("zh", "六氟磷酸锂价格上涨1,200元", "六氟磷酸锂");
        let other = item("zh", "六氟磷酸锂下跌1,200元", "六氟磷酸锂");
        assert!(!shared(&one, &other));
    }
}
