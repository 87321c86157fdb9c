//! The article before a time: it belongs to "the year" and "the first week of 2021", and not to "the end of June" and "the first half of 2025".

use super::TimeRead;
use crate::view::View;

/// The time without an article that is no part of it.
pub(super) fn without(view: &View<'_>, time: TimeRead) -> TimeRead {
    let Some(article) = view.word(time.start).filter(|word| word.as_str() == "the") else { return time };
    let next = view.blanks(article.end);
    // "on the 20th"
    if view.get(next).is_ascii_digit() {
        return TimeRead { start: next, ..time };
    }
    let drops = next < time.end
        && view.word(next).is_some_and(|word| is_apart(view, word.as_str(), word.end, time.end));
    if drops { TimeRead { start: next, ..time } } else { time }
}

fn is_apart(view: &View<'_>, first: &str, end: usize, stop: usize) -> bool {
    if matches!(first, "end" | "beginning" | "start" | "middle" | "latter" | "back" | "turn" | "close") {
        return true;
    }
    if crate::numeral::ordinal(first).is_none() && !matches!(first, "last" | "final") {
        return false;
    }
    let mut noun_at = if view.get(end) == '-' { end + 1 } else { view.blanks(end) };
    let counted = view.get(noun_at).is_ascii_digit()
        || view.word(noun_at).is_some_and(|word| crate::numeral::cardinal(word.as_str()).is_some());
    if counted {
        let past =
            view.digits(noun_at).map(|digits| digits.end).or_else(|| view.word(noun_at).map(|word| word.end));
        noun_at = view.blanks(past.unwrap_or(noun_at));
    }
    let Some(noun) = view.word(noun_at) else { return false };
    // So many weeks or months of a year, and the quarter of the year, keep it.
    let of = noun.end < stop && view.next_word(noun.end).is_some_and(|word| word.as_str() == "of");
    match noun.as_str() {
        "week" | "weeks" | "day" => false,
        name if super::week::weekday(name).is_some() => false,
        // "first six months of 2025" stands without it, "the last four months of 2021" with it.
        "months" | "month" => !of || first == "first" && counted,
        "quarter" => !(of && view.any_of(noun.end, &[" of the year"]).is_some()),
        _ => true,
    }
}
