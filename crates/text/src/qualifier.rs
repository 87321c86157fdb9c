//! Words around a value that qualify it: 约, 近, 超, over, nearly, at least.

use crate::mention::Qualifier;
use crate::view::View;

/// Chinese qualifiers that stand before a value, the longest first.
const BEFORE: &[(&str, Qualifier)] = &[
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
    ("超过了", Qualifier::Over),
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
    ("逾越", Qualifier::Over),
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

const AFTER: &[(&str, Qualifier)] = &[
    ("或者更多", Qualifier::AtLeast),
    ("或更多", Qualifier::AtLeast),
    ("左右", Qualifier::About),
    ("上下", Qualifier::About),
    ("以上", Qualifier::AtLeast),
    ("之上", Qualifier::AtLeast),
    ("以下", Qualifier::AtMost),
    ("之下", Qualifier::Under),
    ("以内", Qualifier::AtMost),
];

/// The qualifier that ends before `start`, and the index at which it begins.
pub(crate) fn before(view: &View<'_>, start: usize) -> Option<(Qualifier, usize)> {
    let end = view.blanks_back(start);
    if let Some((at, word)) = view.word_before(end) {
        return words_before(view, at, word.as_str());
    }
    let last = view.before(end);
    if last.is_ascii() && !matches!(last, '>' | '<' | '=' | '~') {
        return None;
    }
    for (name, qualifier) in BEFORE {
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
    let is = |found: &Option<(usize, crate::view::Word)>, name: &str| {
        found.as_ref().is_some_and(|(_, word)| word.as_str() == name)
    };
    let previous = prior(at);
    let simple = match word {
        "about" | "around" | "approximately" | "roughly" | "approx" | "circa" | "some" | "estimated" => {
            Qualifier::About
        }
        "nearly" | "almost" => Qualifier::Nearly,
        "over" | "above" | "exceeding" | "exceed" | "exceeds" | "exceeded" | "surpass" | "surpassing"
        | "surpassed" | "topping" | "topped" | "beyond" => Qualifier::Over,
        "under" | "below" => Qualifier::Under,
        "a" | "the" | "just" => {
            // "over a thousand", "nearly the …"
            let (start, word) = previous?;
            return (word.as_str() != "a" && word.as_str() != "the")
                .then(|| words_before(view, start, word.as_str()))
                .flatten();
        }
        "least" if is(&previous, "at") => return Some((Qualifier::AtLeast, previous?.0)),
        "most" if is(&previous, "at") => return Some((Qualifier::AtMost, previous?.0)),
        "to" if is(&previous, "up") => return Some((Qualifier::AtMost, previous?.0)),
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
        if matches!(word.as_str(), "no" | "not") {
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

/// The qualifier that begins after `end`, and the index at which it ends.
pub(crate) fn after(view: &View<'_>, end: usize) -> Option<(Qualifier, usize)> {
    if view.get(end) == '+' && !view.get(end + 1).is_alphanumeric() {
        return Some((Qualifier::Over, end + 1));
    }
    let next = view.blanks(end);
    if let Some(or) = view.word(next).filter(|word| word.as_str() == "or") {
        let word = view.next_word(or.end)?;
        return match word.as_str() {
            "more" | "greater" | "above" => Some((Qualifier::AtLeast, word.end)),
            "less" | "fewer" | "below" => Some((Qualifier::AtMost, word.end)),
            "so" => Some((Qualifier::About, word.end)),
            _ => None,
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
        AFTER
            .iter()
            .find(|(name, _)| view.starts_with(at, name))
            .map(|(name, qualifier)| (*qualifier, at + name.chars().count()))
    })
}
