//! Words around a value that qualify it: 约, 近, 超, over, nearly, at least.

use std::ops::Range;

use crate::mention::Qualifier;
use crate::view::{View, Word};

/// Chinese qualifiers that stand before a value, the longest first.
const BEFORE: &[(&str, Qualifier)] = &[
    ("至少还有", Qualifier::AtLeast),
    ("至少减少", Qualifier::AtLeast),
    ("至少增加", Qualifier::AtLeast),
    ("跌破", Qualifier::Under),
    ("大于或者等于", Qualifier::AtLeast),
    ("小于或者等于", Qualifier::AtMost),
    ("大于或等于", Qualifier::AtLeast),
    ("小于或等于", Qualifier::AtMost),
    ("大于等于", Qualifier::AtLeast),
    ("小于等于", Qualifier::AtMost),
    ("不少于", Qualifier::AtLeast),
    ("不低于", Qualifier::AtLeast),
    ("不小于", Qualifier::AtLeast),
    ("不超过", Qualifier::AtMost),
    ("不高于", Qualifier::AtMost),
    ("不多于", Qualifier::AtMost),
    ("不大于", Qualifier::AtMost),
    ("至少是", Qualifier::AtLeast),
    ("至少有", Qualifier::AtLeast),
    ("最多为", Qualifier::AtMost),
    ("不高出", Qualifier::AtMost),
    ("最少有", Qualifier::AtLeast),
    ("最少是", Qualifier::AtLeast),
    ("最多是", Qualifier::AtMost),
    ("最多有", Qualifier::AtMost),
    ("至多为", Qualifier::AtMost),
    ("至多是", Qualifier::AtMost),
    ("至多有", Qualifier::AtMost),
    ("至少为", Qualifier::AtLeast),
    ("不会超过", Qualifier::AtMost),
    ("超过了", Qualifier::Over),
    ("大过了", Qualifier::Over),
    ("差不多", Qualifier::About),
    ("大约", Qualifier::About),
    ("大概有", Qualifier::About),
    ("大概", Qualifier::About),
    ("大致", Qualifier::About),
    ("约为", Qualifier::About),
    ("接近", Qualifier::Nearly),
    ("将近", Qualifier::Nearly),
    ("超过", Qualifier::Over),
    ("超出", Qualifier::Over),
    ("高于", Qualifier::Over),
    ("大于", Qualifier::Over),
    ("多于", Qualifier::Over),
    ("突破", Qualifier::Over),
    ("大过", Qualifier::Over),
    ("多过", Qualifier::Over),
    ("高过", Qualifier::Over),
    ("小过", Qualifier::Under),
    ("逼近", Qualifier::Nearly),
    ("最少", Qualifier::AtLeast),
    ("不下", Qualifier::AtLeast),
    ("不逾", Qualifier::AtMost),
    ("不超", Qualifier::AtMost),
    ("不满", Qualifier::Under),
    ("至少", Qualifier::AtLeast),
    ("起码", Qualifier::AtLeast),
    ("不足", Qualifier::Under),
    ("不到", Qualifier::Under),
    ("低于", Qualifier::Under),
    ("小于", Qualifier::Under),
    ("少于", Qualifier::Under),
    ("未满", Qualifier::Under),
    ("至多", Qualifier::AtMost),
    ("最多", Qualifier::AtMost),
    ("约有", Qualifier::About),
    ("约占", Qualifier::About),
    ("约合", Qualifier::About),
    ("约计", Qualifier::About),
    ("约达", Qualifier::About),
    ("约", Qualifier::About),
    ("近", Qualifier::Nearly),
    ("超", Qualifier::Over),
    ("逾", Qualifier::Over),
    ("≥", Qualifier::AtLeast),
    (">=", Qualifier::AtLeast),
    ("≤", Qualifier::AtMost),
    ("<=", Qualifier::AtMost),
    ("≈", Qualifier::About),
    (">", Qualifier::Over),
    ("<", Qualifier::Under),
    ("~", Qualifier::About),
];

/// The last characters of those, since most characters before a number are none of them.
const LAST: &str = "<=>~≈≤≥下为了于出到多少是有概满码破约致超足过近逾占合计达加";

/// Chinese qualifiers that stand behind a value, the longest first.
const AFTER: &[(&str, Qualifier)] = &[
    ("或者更多", Qualifier::AtLeast),
    ("或者更高", Qualifier::AtLeast),
    ("或者更大", Qualifier::AtLeast),
    ("或者更少", Qualifier::AtMost),
    ("或者更低", Qualifier::AtMost),
    ("或者更小", Qualifier::AtMost),
    ("或者以上", Qualifier::AtLeast),
    ("或者以下", Qualifier::AtMost),
    ("或更多", Qualifier::AtLeast),
    ("或更高", Qualifier::AtLeast),
    ("或更大", Qualifier::AtLeast),
    ("或更少", Qualifier::AtMost),
    ("或更低", Qualifier::AtMost),
    ("或更小", Qualifier::AtMost),
    ("及以上", Qualifier::AtLeast),
    ("或以上", Qualifier::AtLeast),
    ("及以下", Qualifier::AtMost),
    ("或以下", Qualifier::AtMost),
    ("左右", Qualifier::About),
    ("附近", Qualifier::About),
    ("有余", Qualifier::Over),
    ("上下", Qualifier::About),
    ("以上", Qualifier::AtLeast),
    ("之上", Qualifier::Over),
    ("以下", Qualifier::AtMost),
    ("之下", Qualifier::Under),
    ("以内", Qualifier::AtMost),
    ("之内", Qualifier::AtMost),
];

/// The qualifier that ends before `start`, and the index at which it begins.
pub(crate) fn before(view: &View<'_>, start: usize) -> Option<(Qualifier, usize)> {
    let mut end = view.blanks_back(start);
    // 约人民币207元
    if view.before(end) == '币' && end > 3 && view.starts_with(end - 3, "人民币") {
        end = view.blanks_back(end - 3);
    }
    if let Some((at, word)) = view.word_before(end) {
        return words_before(view, at, word.as_str());
    }
    let last = view.before(end);
    if last.is_ascii() && !matches!(last, '>' | '<' | '=' | '~') {
        return None;
    }
    if !LAST.contains(last) {
        return None;
    }
    let mut bytes = [0; 4];
    let tail = last.encode_utf8(&mut bytes).as_bytes();
    // Most words are told by their last byte.
    let ends = |name: &str| name.as_bytes().last() == tail.last() && name.as_bytes().ends_with(tail);
    for (name, qualifier) in BEFORE.iter().filter(|(name, _)| ends(name)) {
        let length = name.chars().count();
        if end >= length && view.starts_with(end - length, name) {
            // 最近 and 附近 end in 近 but qualify nothing; neither does 合约.
            let prior = view.before(end - length);
            let part_of_word = match *name {
                "近" => matches!(prior, '最' | '附' | '临' | '远'),
                "约" => matches!(prior, '合' | '节' | '条' | '契' | '纽' | '续' | '签' | '履' | '违'),
                _ => false,
            };
            return (!part_of_word).then_some((*qualifier, end - length));
        }
    }
    None
}

fn words_before(view: &View<'_>, at: usize, word: &str) -> Option<(Qualifier, usize)> {
    let prior = |at: usize| view.word_before(view.blanks_back(at));
    let is = |found: &Option<(usize, crate::view::Word<'_>)>, name: &str| {
        found.as_ref().is_some_and(|(_, word)| word.as_str() == name)
    };
    let previous = prior(at);
    let simple = match word {
        "about" | "around" | "approximately" | "roughly" | "approx" | "circa" | "some" | "estimated" => {
            Qualifier::About
        }
        "nearly" | "almost" | "nearing" | "approaching" => Qualifier::Nearly,
        // A turnover of shares: "turned over 6.4 million shares".
        "over"
            if previous.as_ref().is_some_and(|(_, verb)| {
                matches!(
                    verb.as_str(),
                    "turned"
                        | "turning"
                        | "turn"
                        | "turns"
                        | "taken"
                        | "took"
                        | "take"
                        | "handed"
                        | "rolled"
                        | "carried"
                )
            }) =>
        {
            return None;
        }
        "over" | "above" | "exceeding" | "exceed" | "exceeds" | "exceeded" | "surpass" | "surpasses"
        | "surpassing" | "surpassed" | "topping" | "topped" | "beyond" => {
            // "not exceeding", "no more than" said in another way
            if let Some((start, _)) = previous.filter(|(_, word)| matches!(word.as_str(), "not" | "never")) {
                return Some((Qualifier::AtMost, start));
            }
            Qualifier::Over
        }
        "under" | "below" => {
            if let Some((start, _)) = previous.filter(|(_, word)| word.as_str() == "not") {
                return Some((Qualifier::AtLeast, start));
            }
            Qualifier::Under
        }
        "minimum" => Qualifier::AtLeast,
        "maximum" => Qualifier::AtMost,
        "of" => return measure_of(view, previous?),
        // "less than the 4,270 tonnes" compares with what is known; "lower than the ninth" bounds a rank.
        "the"
            if view.next_word(at + 3).is_none_or(|word| crate::numeral::ordinal(word.as_str()).is_none()) =>
        {
            return None;
        }
        "a" | "the" | "just" => {
            // "over a thousand"
            let (start, word) = previous?;
            return (word.as_str() != "a" && word.as_str() != "the")
                .then(|| words_before(view, start, word.as_str()))
                .flatten();
        }
        "least" if is(&previous, "at") => return Some((Qualifier::AtLeast, previous?.0)),
        "most" if is(&previous, "at") => return Some((Qualifier::AtMost, previous?.0)),
        "to" if is(&previous, "up") => {
            // «add up to 7.3 Mt», «went up to 7 t» reach just so much.
            let reached = |word: &str| {
                matches!(
                    word,
                    "add" | "adds" | "added" | "adding" | "sum" | "sums" | "summed" | "went" | "goes" | "go"
                )
            };
            let reached = prior(previous?.0).is_some_and(|(_, word)| reached(word.as_str()));
            return (!reached).then_some((Qualifier::AtMost, previous?.0));
        }
        "to" if is(&previous, "close") => return Some((Qualifier::Nearly, previous?.0)),
        "as" => {
            let (start, word) = previous?;
            let first = prior(start)?;
            let much = matches!(word.as_str(), "much" | "many" | "high") && first.1.as_str() == "as";
            return much.then_some((Qualifier::AtMost, first.0));
        }
        "to" | "than" => return comparison(view, at),
        _ => return None,
    };
    Some((simple, at))
}

/// 等于, "equal to": where the words that say that it is exactly so much begin.
pub(crate) fn exactly(view: &View<'_>, start: usize) -> Option<usize> {
    let end = view.blanks_back(start);
    if end >= 2 && view.starts_with(end - 2, "等于") {
        return Some(end - 2);
    }
    if !matches!(view.before(end), 'o' | 's' | 'g') {
        return None;
    }
    let (at, word) = view.word_before(end)?;
    let equal = |name: &str| matches!(name, "equal" | "equals" | "equaling" | "equalling");
    if word.as_str() == "to" {
        return view
            .word_before(view.blanks_back(at))
            .filter(|(_, word)| equal(word.as_str()))
            .map(|(at, _)| at);
    }
    (equal(word.as_str()) && word.as_str() != "equal").then_some(at)
}

/// "in excess of", "upwards of", "a minimum of", "short of"
fn measure_of(view: &View<'_>, (start, word): (usize, Word<'_>)) -> Option<(Qualifier, usize)> {
    let qualifier = match word.as_str() {
        "excess" => {
            let (at, word) = view.word_before(view.blanks_back(start))?;
            return (word.as_str() == "in").then_some((Qualifier::Over, at));
        }
        "upwards" | "upward" | "north" => Qualifier::Over,
        "minimum" => Qualifier::AtLeast,
        "maximum" => Qualifier::AtMost,
        "short" | "shy" => Qualifier::Nearly,
        _ => return None,
    };
    Some((qualifier, start))
}

/// "more than", "no less than", "less than or equal to": `at` is where the last word begins.
fn comparison(view: &View<'_>, at: usize) -> Option<(Qualifier, usize)> {
    let prior = |at: usize| view.word_before(view.blanks_back(at));
    let (mut start, mut word) = prior(at)?;
    let mut equal = false;
    if word.as_str() == "equal" {
        let (or, conjunction) = prior(start)?;
        if conjunction.as_str() != "or" {
            return None;
        }
        equal = true;
        (start, word) = prior(or)?;
        if word.as_str() == "than" {
            (start, word) = prior(start)?;
        }
    }
    let over = match word.as_str() {
        "more" | "greater" | "larger" | "higher" | "bigger" => true,
        "less" | "fewer" | "smaller" | "lower" => false,
        _ => return None,
    };
    if let Some((negation, word)) = prior(start) {
        // "shall not be lower than"
        let (negation, word) = match prior(negation).filter(|_| word.as_str() == "be") {
            Some(before) => before,
            None => (negation, word),
        };
        if matches!(word.as_str(), "no" | "not" | "never") {
            return Some((if over { Qualifier::AtMost } else { Qualifier::AtLeast }, negation));
        }
        if word.as_str() == "or"
            && let Some((first, equal_word)) = prior(negation)
                .and_then(|(to, word)| if word.as_str() == "to" { prior(to) } else { Some((to, word)) })
            && equal_word.as_str() == "equal"
        {
            return Some((if over { Qualifier::AtLeast } else { Qualifier::AtMost }, first));
        }
    }
    Some((
        match (over, equal) {
            (true, false) => Qualifier::Over,
            (true, true) => Qualifier::AtLeast,
            (false, false) => Qualifier::Under,
            (false, true) => Qualifier::AtMost,
        },
        start,
    ))
}

/// "less than 5000 or equal [to]": the bound with its number, and where its words end.
pub(crate) fn or_equal(view: &View<'_>, word: Qualifier, end: usize) -> Option<(Qualifier, usize)> {
    let bound = match word {
        Qualifier::Over => Qualifier::AtLeast,
        Qualifier::Under => Qualifier::AtMost,
        _ => return None,
    };
    if let Some((_, end)) = view.any_of(view.blanks(end), &["或者等于", "或等于"]) {
        let next = view.get(view.blanks(end));
        let number = next.is_ascii_digit() || crate::numeral::is_chinese_numeral(next);
        return (!number).then_some((bound, end));
    }
    let or = view.next_word(end).filter(|or| or.as_str() == "or")?;
    let equal = view.next_word(or.end).filter(|equal| matches!(equal.as_str(), "equal" | "equals"))?;
    let Some(to) = view.next_word(equal.end).filter(|to| to.as_str() == "to") else {
        return Some((bound, equal.end));
    };
    (!counts(view, to.end)).then_some((bound, to.end))
}

/// True if a number stands behind a word.
fn counts(view: &View<'_>, end: usize) -> bool {
    let next = view.blanks(end);
    !view.next_word(end).is_some_and(|word| matches!(word.as_str(), "a" | "an"))
        && crate::numeral::number_at(view, next).is_some()
}

/// 比 170 低: what the number is compared with stands on both sides of it.
pub(crate) fn around(view: &View<'_>, span: Range<usize>) -> Option<(Qualifier, Range<usize>)> {
    let open = view.blanks_back(span.start);
    if view.before(open) != '比' || matches!(view.before(open - 1), '占' | '同' | '环' | '对' | '百' | '相')
    {
        return None;
    }
    let close = view.blanks(span.end);
    let close = if matches!(view.get(close), '更' | '要' | '还') { close + 1 } else { close };
    let qualifier = match view.get(close) {
        '大' | '高' | '多' | '强' | '长' | '重' => Qualifier::Over,
        '小' | '低' | '少' | '弱' | '短' | '轻' | '矮' => Qualifier::Under,
        _ => return None,
    };
    Some((qualifier, open - 1..close + 1))
}

/// The qualifier that begins after `end`, and the index at which it ends.
pub(crate) fn after(view: &View<'_>, end: usize) -> Option<(Qualifier, usize)> {
    if view.get(end) == '+' && !view.get(end + 1).is_alphanumeric() {
        return Some((Qualifier::Over, end + 1));
    }
    let next = view.blanks(end);
    if let Some(or) = view.word(next) {
        if !matches!(or.as_str(), "or" | "and") {
            return None;
        }
        let word = view.next_word(or.end)?;
        let (bound, end) = match word.as_str() {
            "above" | "over" | "up" | "upwards" | "higher" => (Qualifier::AtLeast, word.end),
            "below" | "under" | "down" | "lower" => (Qualifier::AtMost, word.end),
            "more" | "greater" | "larger" | "bigger" if or.as_str() == "or" => (Qualifier::AtLeast, word.end),
            "less" | "fewer" | "smaller" if or.as_str() == "or" => (Qualifier::AtMost, word.end),
            "so" if or.as_str() == "or" => return Some((Qualifier::About, word.end)),
            _ => return None,
        };
        // "5000 or less than 6000" and "above 1000 and below 1500" are comparisons with the number behind.
        return match view.next_word(end).filter(|than| than.as_str() == "than") {
            Some(than) => (!counts(view, than.end)).then_some((bound, than.end)),
            None => (!counts(view, end) && !amount_begins(view, end)).then_some((bound, end)),
        };
    }
    // 2000万辆以上: what is counted may stand between.
    let counted = matches!(
        view.get(next),
        '辆' | '家'
            | '个'
            | '人'
            | '名'
            | '台'
            | '户'
            | '只'
            | '种'
            | '次'
            | '例'
            | '座'
            | '艘'
            | '套'
            | '件'
    );
    [next, next + 1].into_iter().take(if counted { 2 } else { 1 }).find_map(|at| {
        if !matches!(view.get(at), '上' | '之' | '以' | '及' | '左' | '或' | '附' | '有') {
            return None;
        }
        AFTER
            .iter()
            .find(|(name, _)| view.starts_with(at, name))
            .map(|(name, qualifier)| (*qualifier, at + name.chars().count()))
    })
}

/// True if money with its sign in front stands behind a word.
fn amount_begins(view: &View<'_>, end: usize) -> bool {
    crate::units::before(view, view.blanks(end)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_characters_are_those_of_the_table() {
        for (name, _) in BEFORE {
            assert!(name.ends_with(|last| LAST.contains(last)), "{name}");
        }
    }
}
