//! Multiples and halves in words: tenfold, doubled, halving, 翻番, 翻两番, 减半.

use rust_decimal::Decimal;

use crate::amount::Amount;
use crate::mention::Kind;
use crate::numeral::{cardinal, chinese_digit};
use crate::phrase::Phrase;
use crate::view::{View, Word};

/// The words that name multiples, beside those that end in "fold".
pub(crate) const OPENERS: &[&str] = &[
    "doubled", "doubling", "doubles", "tripled", "tripling", "triples", "trebled", "trebling", "quadrupled",
    "quadrupling", "quadruples", "quintupled", "quintupling", "halved", "halving", "halves", "halve",
    "double", "twice", "triple", "treble", "thrice", "quadruple",
];

/// The multiple that begins at `at`; how it is meant (to or by so much) is for the claim to tell.
pub(crate) fn phrase_at(view: &View<'_>, at: usize) -> Option<Phrase> {
    let (value, end) = match view.get(at) {
        // This is asked at every word: most are no multiple by their first letter alone.
        'd' | 'e' | 'f' | 'h' | 'n' | 'o' | 'q' | 's' | 't' => {
            let word = view.word(at).filter(|_| !view.before(at).is_ascii_alphanumeric())?;
            let (value, end) =
                english(word.as_str()).map(|value| (value, word.end)).or_else(|| of_a_level(view, word))?;
            (Amount::parse(value)?, end)
        }
        _ => chinese(view, at)?,
    };
    Some(Phrase {
        start: at,
        end,
        kind: Kind::Quantity,
        value: Some(value),
        low: None,
        high: None,
        unit: Some("{multiple}".to_owned()),
        qualifier: None,
        exclusive: None,
        doubt: None,
        scope: at..end,
    })
}

fn english(word: &str) -> Option<&'static str> {
    Some(match word {
        "doubled" | "doubling" | "doubles" => "2",
        "tripled" | "tripling" | "triples" | "trebled" | "trebling" => "3",
        "quadrupled" | "quadrupling" | "quadruples" => "4",
        "quintupled" | "quintupling" => "5",
        "halved" | "halving" | "halves" | "halve" => "0.5",
        _ => {
            let count = cardinal(word.strip_suffix("fold")?)?;
            const WORDS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];
            match count {
                20 => "20",
                30 => "30",
                50 => "50",
                _ => WORDS.get((count as usize).checked_sub(1)?).copied()?,
            }
        }
    })
}

/// "double the level", "triple last year's": a multiple of what stands behind.
fn of_a_level(view: &View<'_>, word: Word<'_>) -> Option<(&'static str, usize)> {
    let name = word.as_str();
    let value = match name {
        "double" | "twice" => "2",
        "triple" | "treble" | "thrice" => "3",
        "quadruple" => "4",
        _ => return None,
    };
    let verb = view.word_before(view.blanks_back(word.end - name.len())).is_some_and(|(_, before)| {
        matches!(before.as_str(), "to" | "will" | "would" | "could" | "may" | "might" | "should" | "can")
    });
    if verb && !matches!(name, "twice" | "thrice") {
        return Some((value, word.end));
    }
    let next = view.next_word(word.end)?;
    // "twice a week" counts times of another kind.
    matches!(
        next.as_str(),
        "as" | "the" | "its" | "their" | "that" | "what" | "last" | "those" | "from" | "this"
    )
    .then_some((value, word.end))
}

fn chinese(view: &View<'_>, at: usize) -> Option<(Amount, usize)> {
    let half = || Amount::Short(Decimal::new(5, 1));
    match view.get(at) {
        '翻' => turned(view, at),
        '减' | '腰' | '一' | '对' => {
            let (_, end) = view.any_of(at, &["减半", "腰斩", "一半"])?;
            Some((half(), end))
        }
        '加' | '双' => {
            let (_, end) = view.any_of(at, &["加倍", "双倍"])?;
            Some((Amount::whole(2), end))
        }
        _ => None,
    }
}

/// 翻番, 翻了一番, 翻两番 (twice doubled), 翻倍, 翻了一倍
fn turned(view: &View<'_>, at: usize) -> Option<(Amount, usize)> {
    let mut here = at + 1;
    if matches!(view.get(here), '了' | '近' | '超') {
        here += 1;
    }
    match view.get(here) {
        '番' | '倍' => return Some((Amount::whole(2), here + 1)),
        _ => {}
    }
    let count = chinese_digit(view.get(here)).or_else(|| view.get(here).to_digit(10))?;
    let times = match view.get(here + 1) {
        '番' if (1..=9).contains(&count) => 1_u64 << count,
        '倍' if count == 1 => 2,
        _ => return None,
    };
    Some((Amount::whole(times), here + 2))
}
