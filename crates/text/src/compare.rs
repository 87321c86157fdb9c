//! Two comparisons that make one range: "greater than 100 and smaller than 300", 大于二十的同时小于等于三十五.

use crate::amount::Amount;
use crate::mention::{Exclusive, Kinds, Qualifier};
use crate::numeral::{Form, Number, cardinal, ordinal};
use crate::part::{Part, part_at};
use crate::phrase::{Phrase, single};
use crate::qualifier;
use crate::view::View;

/// How far behind the first comparison the number of the second may begin, in characters.
const REACH: usize = 32;

/// Words that join two comparisons of the same thing, the longest first.
const JOINS: &[&str] = &[
    "的同时又", "的同时", "并且也", "并且", "而且", "同时", "但是", "但又", "且", "并", "而", "但", "又",
    "也", "和",
];

/// The range that `first`, a comparison, makes with a second one right behind it.
pub(crate) fn joined(view: &View<'_>, first: &Phrase, kinds: Kinds) -> Option<Phrase> {
    let lower = is_lower(first.qualifier?)?;
    first.value.as_ref()?;
    // 不低于1亿元，不超过2亿元: two bounds with their units, each said by itself.
    let comma = matches!(view.get(view.blanks(first.scope.end)), ',' | '，');
    if comma && first.unit.is_some() {
        return None;
    }
    let from = join(view, first.scope.end)?;
    let second = second(view, from, kinds)?;
    let other = second.qualifier.and_then(is_lower)?;
    if other == lower || second.scope.start != from || second.doubt.or(first.doubt).is_some() {
        return None;
    }
    // The unit may be said once; a factor has been multiplied in already, so that both must have been said then.
    let unit = match (&first.unit, &second.unit) {
        (Some(one), Some(other)) if one != other => return None,
        (None, Some(unit)) | (Some(unit), None) if unit != "%" => return None,
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    let (low, high) = if lower { (first, &second) } else { (&second, first) };
    let (from, to) = (low.value.clone()?, high.value.clone()?);
    if !from.less_than(&to) {
        return None;
    }
    let exclusive = match (low.qualifier, high.qualifier) {
        (Some(Qualifier::Over), Some(Qualifier::Under)) => Exclusive::Both,
        (Some(Qualifier::Over), _) => Exclusive::Low,
        (_, Some(Qualifier::Under)) => Exclusive::High,
        _ => Exclusive::Neither,
    };
    Some(Phrase {
        start: first.start,
        end: second.end,
        kind: if unit.is_some() && first.unit.is_none() { second.kind } else { first.kind },
        value: None,
        low: Some(from),
        high: Some(to),
        unit,
        qualifier: None,
        exclusive: Some(exclusive),
        doubt: None,
        scope: first.scope.start..second.scope.end,
    })
}

/// True for a lower bound, false for an upper one, nothing for what is no bound.
fn is_lower(qualifier: Qualifier) -> Option<bool> {
    match qualifier {
        Qualifier::Over | Qualifier::AtLeast => Some(true),
        Qualifier::Under | Qualifier::AtMost => Some(false),
        _ => None,
    }
}

/// Where the second comparison begins: behind a joining word, or right behind a Chinese comma.
fn join(view: &View<'_>, end: usize) -> Option<usize> {
    let mut at = view.blanks(end);
    // 多于5个少于10个: what is counted may stand between.
    if matches!(view.get(at), '个' | '家' | '人' | '名' | '台' | '辆') {
        at += 1;
    }
    let comma = matches!(view.get(at), ',' | '，' | '、');
    if comma {
        at = view.blanks(at + 1);
    }
    if let Some(word) = view.word(at) {
        return matches!(word.as_str(), "and" | "but" | "yet" | "while" | "though")
            .then(|| view.blanks(word.end));
    }
    let (_, after) = view.any_of(at, JOINS).unwrap_or(("", at));
    crate::view::is_han(view.get(after)).then(|| view.blanks(after)).or_else(|| {
        // 1000以上， 1500以下: here the second number comes first.
        let opens = comma || matches!(view.before(end), '上' | '下');
        (opens && view.get(after).is_ascii_digit() && crate::view::is_han(view.before(end))).then_some(after)
    })
}

/// The first number behind `from`, with its qualifier.
fn second(view: &View<'_>, from: usize, kinds: Kinds) -> Option<Phrase> {
    for at in from..(from + REACH).min(view.len()) {
        let character = view.get(at);
        if matches!(character, '.' | ',' | '，' | '。' | ';' | '；' | '\n' | '!' | '?') {
            return None;
        }
        let inside = character.is_ascii_lowercase() && view.before(at).is_ascii_lowercase();
        if character == ' ' || inside {
            continue;
        }
        if let Some(part) = part_at(view, at, kinds).or_else(|| ordinal_at(view, at)) {
            return single(view, part);
        }
    }
    None
}

/// "the tenth", behind a comparison or "between" only: there a rank is compared as a number is.
pub(crate) fn ordinal_at(view: &View<'_>, at: usize) -> Option<Part> {
    // Tried at every word, so that the article's last letter is asked for first.
    if view.before(at) != ' ' || at < 4 || view.get(at - 2) != 'e' {
        return None;
    }
    let first = view.word(at)?;
    if !matches!(view.get(first.end - 1), 't' | 'd' | 'h' | 'y') {
        return None;
    }
    let (value, end) = match (ordinal(first.as_str()), cardinal(first.as_str())) {
        (Some(value), _) => (value, first.end),
        (None, Some(tens)) if tens >= 20 => {
            let unit = view.word(first.end + 1).filter(|_| matches!(view.get(first.end), ' ' | '-'))?;
            (tens + ordinal(unit.as_str()).filter(|value| *value < 10)?, unit.end)
        }
        _ => return None,
    };
    let (the, article) = view.word_before(view.blanks_back(at))?;
    let before = view.word_before(view.blanks_back(the));
    let compared = article.as_str() == "the"
        && (qualifier::before(view, at).is_some_and(|(qualifier, _)| is_lower(qualifier).is_some())
            || before.is_some_and(|(_, word)| matches!(word.as_str(), "between" | "and")));
    // "and the tenth" counts only as the second end of what "between" opened.
    let opens = before.is_some_and(|(start, word)| word.as_str() == "and" && !opened(view, start));
    if !compared || opens {
        return None;
    }
    let number = Number::plain(at, end, Amount::whole(value.into()), Form::Words);
    Some(Part { start: at, end, number, unit: None, prefixed: false, doubt: None })
}

/// True if "between" stands a few words before.
fn opened(view: &View<'_>, mut at: usize) -> bool {
    for _ in 0..4 {
        let Some((start, word)) = view.word_before(view.blanks_back(at)) else { return false };
        if word.as_str() == "between" {
            return true;
        }
        at = start;
    }
    false
}
