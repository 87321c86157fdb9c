//! Words of a sentence that say what its change is against, where the claim has no base or only the year before.

use std::ops::Range;

use api::record::{Change, Relation};

use super::{NAMED, Named};
use crate::statement::range;

/// The words for what a change is against, if the sentence has some that the claim does not: a plan, a mean of years, the whole of last
/// year. A base that the sentence states apart from them, such as 同比, stays as it is.
pub(crate) fn base_in_words(text: &str, sentence: &Range<usize>, change: &Change) -> Option<&'static str> {
    let figure = range(change.by.as_ref()?.origin.as_ref())?;
    let within = text.get(sentence.clone())?;
    let inner = |span: &Range<usize>| {
        let start = span.start.checked_sub(sentence.start)?;
        (span.end <= sentence.end).then(|| start..span.end - sentence.start)
    };
    let figure = inner(&figure)?;
    let Some(base) = &change.base else { return left_out(within, &figure) };
    if base.relation() != Relation::YearOnYear || base.period.is_some() {
        return None;
    }
    match range(base.origin.as_ref()) {
        Some(passage) => whole_year(within, &inner(&passage)?),
        None => whole_year(within, &clause(within, &figure)),
    }
}

/// What the clause of a change at `figure` says that it is against, if that is no time: a plan, a mean of years, a low.
fn left_out(sentence: &str, figure: &Range<usize>) -> Option<&'static str> {
    let own = clause(sentence, figure);
    let lower = sentence.to_ascii_lowercase();
    let clause = lower.get(own.clone())?;
    let figure = figure.start.saturating_sub(own.start)..figure.end.saturating_sub(own.start);
    let named = |noun: &str, kind: Named| {
        clause.match_indices(noun).any(|(at, _)| {
            let Some((word, start)) = comparing(&clause[..at]) else { return false };
            match kind {
                // «12% over the full year» is how long it took.
                Named::Whole if DURING.contains(&word) => false,
                _ if at < figure.start => {
                    // 超预期增长12% is above what was expected by an unknown part.
                    RELATING.contains(&word)
                        || !clause[at..figure.start].contains(is_change)
                            && !ENGLISH_CHANGES.iter().any(|verb| clause[at..figure.start].contains(verb))
                }
                // «12% higher than expected» and not «12% on demand that was stronger than expected».
                _ if word == "than" => {
                    clause.get(figure.end..start).is_some_and(|words| words.split_whitespace().count() <= 1)
                }
                _ => true,
            }
        })
    };
    let mut found =
        NAMED.iter().filter_map(|(nouns, kind)| nouns.iter().find(|noun| named(noun, *kind)).copied());
    // Of two nobody knows which is meant.
    found.next().filter(|_| found.next().is_none())
}

/// The words that make the base at `passage` the whole of last year, or its mean: they are compared, and the passage is part of them.
fn whole_year(sentence: &str, passage: &Range<usize>) -> Option<&'static str> {
    const YEARS: &[&str] = &["去年", "上年", "前一年", "last year's ", "the previous year's "];
    const WHOLES: &[&str] = &["全年", "平均", "均值", "月均", "monthly average", "average", "total"];
    const PHRASES: &[&str] =
        &["the whole of last year", "all of last year", "last year as a whole", "full year"];
    let lower = sentence.to_ascii_lowercase();
    let compared = |words: &str, during: &[&str]| {
        lower.match_indices(words).any(|(at, _)| {
            at < passage.end
                && passage.start < at + words.len()
                && comparing(&lower[..at]).is_some_and(|(word, _)| !during.contains(&word))
        })
    };
    let joined =
        YEARS.iter().flat_map(|year| WHOLES.iter().map(move |whole| (format!("{year}{whole}"), *whole)));
    let found = joined.into_iter().find(|(words, _)| compared(words, &[])).map(|(_, whole)| whole);
    found.or_else(|| PHRASES.iter().find(|phrase| compared(phrase, DURING)).copied())
}

/// Words before a time that may as well say how long something took.
const DURING: &[&str] = &["over", "on", "under"];

/// Words that compare whatever stands between the base and the figure: «against the plan, …», 较预算增长8%.
const RELATING: &[&str] =
    &["against", "versus", "vs", "than", "from", "compared with", "compared to", "较", "比", "相比"];

/// Verbs of change that make a figure its own, and not the distance from a plan.
const ENGLISH_CHANGES: &[&str] = &[
    " rise", " rose", " rising", " up ", " grew", " grow", " gain", " jump", " climb", " increas", " fall",
    " fell", " down ", " drop", " declin", " slid", " slump", " decreas",
];

/// True for what a Chinese verb of change is made of.
fn is_change(letter: char) -> bool {
    matches!(letter, '增' | '升' | '涨' | '降' | '跌' | '减' | '滑' | '缩')
}

/// The word that compares at the end of words, and where it stands, but for a few words of whose or which plan it is.
fn comparing(head: &str) -> Option<(&'static str, usize)> {
    const ENGLISH: &[&str] = &[
        "above", "below", "against", "versus", "vs", "than", "over", "under", "short of", "ahead of",
        "exceeding", "from", "compared with", "compared to", "on",
    ];
    const CHINESE: &[&str] = &["高于", "低于", "超过", "超出", "不及", "相比", "高出", "较", "比", "超"];
    const FILLERS: &[&str] = &[
        "the", "its", "their", "our", "own", "original", "annual", "five-year", "three-year", "ten-year",
        "long-term", "historical", "company", "analysts'", "市场", "年度", "全年", "此前", "原", "原定",
        "公司", "五年", "三年", "历史", "十年", "近五年", "近三年", "同期", "过去五年",
    ];
    let mut head = head.trim_end();
    while let Some(rest) = FILLERS.iter().find_map(|filler| head.strip_suffix(filler)) {
        head = rest.trim_end();
    }
    let free = |word: &str| {
        let before = head.strip_suffix(word);
        before.is_some_and(|before| !before.ends_with(|letter: char| letter.is_ascii_alphanumeric()))
    };
    let english = ENGLISH.iter().find(|word| free(word));
    let word = *english.or_else(|| CHINESE.iter().find(|word| head.ends_with(**word)))?;
    Some((word, head.len() - word.len()))
}

/// The clause around a figure: from the mark or the conjunction before it to the next behind it.
fn clause(sentence: &str, figure: &Range<usize>) -> Range<usize> {
    const JOINTS: &[&str] = &[" and ", " but ", " while ", " as ", " amid ", " after ", "并且", "而且"];
    let (head, tail) = (sentence.get(..figure.start), sentence.get(figure.end..));
    let (Some(head), Some(tail)) = (head, tail) else { return figure.clone() };
    let marks = |part: &str, from: usize| -> Vec<Range<usize>> {
        let letters = part.char_indices().filter(|(at, letter)| is_mark(sentence, from + at, *letter));
        let joints = JOINTS.iter().flat_map(|joint| part.match_indices(joint));
        let joints = joints.map(|(at, joint)| from + at..from + at + joint.len());
        letters.map(|(at, letter)| from + at..from + at + letter.len_utf8()).chain(joints).collect()
    };
    let start = marks(head, 0).into_iter().map(|mark| mark.end).max();
    let end = marks(tail, figure.end).into_iter().map(|mark| mark.start).min();
    start.unwrap_or(0)..end.unwrap_or(sentence.len())
}

/// True for a mark between clauses; the comma of `12,000` is none.
fn is_mark(sentence: &str, at: usize, letter: char) -> bool {
    let digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    match letter {
        ',' => !(digit(sentence[..at].chars().next_back()) && digit(sentence[at + 1..].chars().next())),
        _ => matches!(
            letter,
            '，' | '；' | '：' | '。' | '！' | '？' | ';' | '(' | ')' | '（' | '）' | '—' | '\n'
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left out of a sentence that marks its figure as `[12%]`.
    fn without(marked: &str) -> Option<&'static str> {
        let start = marked.find('[').unwrap_or_default();
        let end = marked.find(']').unwrap_or_default();
        left_out(&marked.replace(['[', ']'], ""), &(start..end.saturating_sub(1)))
    }

    #[test]
    fn bases_that_are_no_times_are_seen() {
        for marked in [
            "较年度预算高[8.4%]",
            "较预算增长[8.4%]",
            "产量12.7万吨，高于计划[8.4%]",
            "[7%] above plan",
            "[3.2%] below its guidance",
            "[4%] ahead of budget",
            "output of 12,000 t, exceeding the plan by [4%]",
            "[12%] higher than expected",
            "[17%] below the five-year average",
            "较五年均值下降[17%]",
        ] {
            assert!(without(marked).is_some(), "{marked}");
        }
    }

    #[test]
    fn what_another_clause_compares_is_no_base() {
        for marked in [
            // A plan that is made, a mean that is the figure itself, a time that it took.
            "the plan for the year rose [5%] to 200 t",
            "5月均价上涨[3.7%]，计划不变",
            "output rose [12.3%] over the full year",
            "output was 127,000 t, up [12.3%], above analysts' forecast",
            "output rose [12.3%] and was above the plan",
            "产量12.7万吨，增长[12.3%]，高于预期",
            "产量高于预期，增长[12.3%]",
            "净利润超预期增长[12.3%]",
            "profit above the forecast rose [12.3%]",
            "profit rose [12.3%] on demand that was stronger than expected",
        ] {
            assert_eq!(without(marked), None, "{marked}");
        }
    }

    #[test]
    fn only_what_is_compared_makes_a_base_the_whole_of_last_year() {
        let whole = |sentence: &str, passage: &str| {
            let start = sentence.find(passage).unwrap_or_default();
            whole_year(sentence, &(start..start + passage.len()))
        };
        assert_eq!(whole("较去年全年增长12%", "较去年"), Some("全年"));
        assert_eq!(
            whole("rose 12% from last year's monthly average", "from last year"),
            Some("monthly average")
        );
        assert_eq!(
            whole("rose 12% from the whole of last year", "last year"),
            Some("the whole of last year")
        );
        assert_eq!(whole("同比增长12%", "同比"), None);
        assert_eq!(whole("去年全年产量12.7万吨，同比增长12.3%", "同比"), None);
        assert_eq!(whole("较去年全年的计划，同比增长12.3%", "同比"), None);
        assert_eq!(whole("full year 2024 net profit rose 12.3% year on year", "year on year"), None);
        assert_eq!(whole("last year's total rose 12.3% from last year", "from last year"), None);
    }
}
