//! Words that tell what figures do to each other, in Chinese and English.

/// True if a text has one of the words; English words stand alone, so that "up" is not found in "supply".
pub(crate) fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| find(text, word).is_some())
}

/// Where a word begins in a text in lower case.
pub(crate) fn find(text: &str, word: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find(word) {
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
    words.iter().filter_map(every).max()
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
            let first = |words: &[&str]| words.iter().filter_map(|word| find(behind, word)).min();
            match (first(UP), first(DOWN)) {
                (Some(up), Some(down)) => Some(if up < down { 1 } else { -1 }),
                (Some(_), None) => Some(1),
                (None, Some(_)) => Some(-1),
                (None, None) => None,
            }
        }
    }
}
