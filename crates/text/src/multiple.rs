//! Multiples and halves in words: tenfold, doubled, halving, 翻番, 翻两番, 减半.

use crate::amount::Amount;
use crate::mention::Kind;
use crate::numeral::cardinal;
use crate::phrase::Phrase;
use crate::view::View;

/// The multiple that begins at `at`; how it is meant (to or by so much) is for the claim to tell.
pub(crate) fn phrase_at(view: &View<'_>, at: usize) -> Option<Phrase> {
    let (value, end) = match view.word(at) {
        Some(word) if !view.before(at).is_ascii_alphanumeric() => (english(word.as_str())?, word.end),
        Some(_) => return None,
        None => chinese(view, at)?,
    };
    Some(Phrase {
        start: at,
        end,
        kind: Kind::Quantity,
        value: Amount::parse(value),
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
        "tripled" | "tripling" | "triples" => "3",
        "quadrupled" | "quadrupling" | "quadruples" => "4",
        "halved" | "halving" | "halves" => "0.5",
        _ => {
            let count = cardinal(word.strip_suffix("fold")?)?;
            const WORDS: [&str; 10] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
            WORDS.get((count as usize).checked_sub(1)?).copied()?
        }
    })
}

fn chinese(view: &View<'_>, at: usize) -> Option<(&'static str, usize)> {
    if !matches!(view.get(at), '翻' | '减' | '腰' | '一') {
        return None;
    }
    let (name, end) =
        view.any_of(at, &["翻两番", "翻三番", "翻一番", "翻一倍", "翻番", "翻倍", "减半", "腰斩", "一半"])?;
    Some((
        match name {
            "翻两番" => "4",
            "翻三番" => "8",
            "减半" | "腰斩" | "一半" => "0.5",
            _ => "2",
        },
        end,
    ))
}
