//! Words that tell what figures do to each other, in Chinese and English.

use memchr::memmem;

/// Which pairs of neighbouring bytes a text has: most words of a long list are ruled out by that, without a search for each.
pub(crate) struct Pairs([u64; 32]);

impl Pairs {
    /// The pairs of a text.
    pub(crate) fn of(text: &str) -> Pairs {
        let mut bits = [0; 32];
        for pair in text.as_bytes().windows(2) {
            let (word, bit) = place(pair);
            bits[word] |= bit;
        }
        Pairs(bits)
    }

    /// False if the text does not have the word. Two pairs may share a bit, so that it may be true of a word that the text does
    /// not have either.
    pub(crate) fn may_have(&self, word: &str) -> bool {
        word.as_bytes().windows(2).all(|pair| {
            let (word, bit) = place(pair);
            self.0[word] & bit != 0
        })
    }
}

/// The bit of a pair of bytes: one of 2,048.
fn place(pair: &[u8]) -> (usize, u64) {
    let hash = usize::from(pair[0]) * 37 + usize::from(pair[1]);
    (hash / 64 % 32, 1 << (hash % 64))
}

/// Lists of so few words are searched for at once.
const FEW: usize = 4;

/// True if a text has one of the words; English words stand alone, so that "up" is not found in "supply".
pub(crate) fn has(text: &str, words: &[&str]) -> bool {
    if words.len() <= FEW {
        return words.iter().any(|word| find(text, word).is_some());
    }
    let pairs = Pairs::of(text);
    words.iter().any(|word| pairs.may_have(word) && find(text, word).is_some())
}

/// Where a word begins in a text in lower case.
pub(crate) fn find(text: &str, word: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = memmem::find(text.get(from..)?.as_bytes(), word.as_bytes()) {
        let (start, end) = (from + at, from + at + word.len());
        let letter = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphabetic());
        let head = word.starts_with(|letter: char| letter.is_ascii_alphabetic());
        let tail = word.ends_with(|letter: char| letter.is_ascii_alphabetic());
        let joined =
            head && letter(text[..start].chars().next_back()) || tail && letter(text[end..].chars().next());
        if !joined {
            return Some(start);
        }
        from = end;
    }
    None
}

/// Where the last of the words begins in a text.
pub(crate) fn last(text: &str, words: &[&str]) -> Option<usize> {
    let every = |word: &&str| {
        let (mut from, mut found) = (0, None);
        while let Some(at) = text.get(from..).and_then(|rest| find(rest, word)) {
            found = Some(from + at);
            from += at + word.len();
        }
        found
    };
    let pairs = (words.len() > FEW).then(|| Pairs::of(text));
    let may_have = |word: &&&str| pairs.as_ref().is_none_or(|pairs| pairs.may_have(word));
    words.iter().filter(may_have).filter_map(every).max()
}

/// Words that say that something rose.
pub(crate) const UP: &[&str] = &[
    "up", "rose", "rise", "rises", "rising", "risen", "increase", "increased", "increases", "gain", "gained",
    "gains", "grew", "growth", "grown", "higher", "above", "jumped", "jump", "climbed", "climb", "advanced",
    "added", "surged", "soared", "more than", "raised", "widened", "expanded", "improved", "比上年增加",
    "上涨", "增长", "增加", "上升", "提高", "涨", "增幅", "增", "上调", "高于", "升", "攀升", "扩大",
    "wider", "变动", "more",
];

/// Words that say that something fell.
pub(crate) const DOWN: &[&str] = &[
    "down", "fell", "fall", "falls", "falling", "fallen", "decrease", "decreased", "decline", "declined",
    "declines", "drop", "dropped", "drops", "lower", "below", "lost", "slid", "slipped", "shed", "cut",
    "narrowed", "shrank", "less than", "reduced", "plunged", "tumbled", "eased", "下跌", "下降", "减少",
    "下滑", "降低", "回落", "跌", "降幅", "降", "减亏", "缩窄", "收窄", "narrowing", "smaller", "下调",
    "低于", "低", "减", "少", "缩减",
];

/// Which way the words around an amount of change say it went: 1 up, -1 down.
pub(crate) fn sign(before: &str, behind: &str) -> Option<i32> {
    // The nearest word before the figure decides, then one right behind it.
    match (last(before, UP), last(before, DOWN)) {
        (Some(up), Some(down)) => Some(if up > down { 1 } else { -1 }),
        (Some(_), None) => Some(1),
        (None, Some(_)) => Some(-1),
        (None, None) => {
            let pairs = Pairs::of(behind);
            let first = |words: &[&str]| {
                words.iter().filter(|word| pairs.may_have(word)).filter_map(|word| find(behind, word)).min()
            };
            match (first(UP), first(DOWN)) {
                (Some(up), Some(down)) => Some(if up < down { 1 } else { -1 }),
                (Some(_), None) => Some(1),
                (None, Some(_)) => Some(-1),
                (None, None) => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_finds_what_each_of_its_words_finds() {
        let texts = [
            "",
            "up",
            "supply rose 3 % to 3,834 t",
            "出口同比下降",
            "比上年增加 12 吨，价格上调",
            "a jump; it fell",
        ];
        for text in texts {
            let each = |words: &[&str]| words.iter().any(|word| find(text, word).is_some());
            assert_eq!(has(text, UP), each(UP), "{text}");
            assert_eq!(has(text, DOWN), each(DOWN), "{text}");
            let pairs = Pairs::of(text);
            let missed = UP.iter().chain(DOWN).find(|word| text.contains(**word) && !pairs.may_have(word));
            assert_eq!(missed, None, "{text}");
        }
        assert!(has("supply rose", UP) && !has("supply", &["up", "rise", "gain", "more", "rose"]));
        assert_eq!(last("rose, then rose more", UP), Some("rose, then rose ".len()));
    }
}
