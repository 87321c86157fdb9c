//! Whose figure it is: that of the table's own source, of nobody who is named, or of another house.

use api::record::Statement;

use crate::publisher;
use crate::slot::folded;

/// Who stands behind a figure, as far as a table is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum House {
    /// The source of the table.
    Same,
    /// Nobody is named.
    Unnamed,
    /// Somebody else.
    Other,
}

/// Words that tell nothing of a house.
const PLAIN: &[&str] =
    &["the", "and", "data", "figures", "statistics", "report", "according", "latest", "official", "show"];

/// The same in Chinese.
const PLAIN_CHINESE: &[&str] = &["数据", "统计", "最新", "官方", "报告", "显示", "根据"];

/// Who stands behind a statement: whom it names as its source, or its publisher.
pub(super) fn house(statement: &Statement, source: &str) -> House {
    let id = publisher::id(source);
    let publishes =
        folded(&statement.source) == folded(source) || id.is_some_and(|id| id == statement.source_id);
    if publishes {
        return House::Same;
    }
    let Some(named) = statement.attribution.as_ref() else { return House::Unnamed };
    let one = id.is_some_and(|id| id == named.id) || one_name(&named.words, source);
    if one { House::Same } else { House::Other }
}

/// True if all words of one name that tell something stand in the other: «customs data» and «Example Customs», 海关数据 and 海关总署.
fn one_name(one: &str, other: &str) -> bool {
    let ((latin, chinese), (others, behind)) = (words(one), words(other));
    let within =
        |few: &[String], many: &[String]| !few.is_empty() && few.iter().all(|word| many.contains(word));
    let part = |short: &str, long: &str| short.chars().count() > 1 && long.contains(short);
    within(&latin, &others) || within(&others, &latin) || part(&chinese, &behind) || part(&behind, &chinese)
}

/// The words of a name in Latin letters, and its other letters in one, both without those that tell nothing.
fn words(name: &str) -> (Vec<String>, String) {
    let lower = folded(name);
    let latin = lower
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| word.len() > 2 && !PLAIN.contains(word));
    let mut chinese: String =
        lower.chars().filter(|letter| !letter.is_ascii() && letter.is_alphabetic()).collect();
    for plain in PLAIN_CHINESE {
        chinese = chinese.replace(plain, "");
    }
    (latin.map(str::to_owned).collect(), chinese)
}

#[cfg(test)]
mod tests {
    use api::record::Word;

    use super::*;

    fn of(source: &str, attribution: &str, table: &str) -> House {
        let named = Word { words: attribution.to_owned(), ..Word::default() };
        let attribution = (!attribution.is_empty()).then_some(named);
        house(&Statement { source: source.to_owned(), attribution, ..Statement::default() }, table)
    }

    #[test]
    fn a_house_is_known_by_its_name_or_a_word_of_it() {
        assert_eq!(of("A blog", "customs data", "Example Customs"), House::Same);
        assert_eq!(of("某网", "海关数据", "海关总署"), House::Same);
        assert_eq!(of("Example Survey", "", "example survey"), House::Same);
        assert_eq!(of("A blog", "", "Example Customs"), House::Unnamed);
        assert_eq!(of("A blog", "the Example Institute", "Example Survey"), House::Other);
        assert_eq!(of("某网", "中国有色协会", "中国海关"), House::Other);
    }
}
