//! Fractions in English words: "two thirds", "a twenty-first", "half a million", "five and a quarter".

use rust_decimal::Decimal;

use super::english::join;
use super::words::{cardinal, ordinal, scale};
use super::{Form, Number};
use crate::amount::Amount;
use crate::units;
use crate::view::View;

/// What a fraction is divided by.
#[derive(Clone, Copy)]
pub(super) struct Denominator {
    value: u32,
    /// It is a plural: "thirds".
    many: bool,
    end: usize,
}

/// The denominator at `at`: "half", "thirds", "quarter", "twenty-firsts".
pub(super) fn denominator(view: &View<'_>, at: usize) -> Option<Denominator> {
    let word = view.word(at)?;
    let fixed = match word.as_str() {
        "half" => Some((2, false)),
        "halves" => Some((2, true)),
        "quarter" => Some((4, false)),
        "quarters" => Some((4, true)),
        "second" | "seconds" | "first" | "firsts" => return None,
        _ => None,
    };
    if let Some((value, many)) = fixed.or_else(|| named(word.as_str())) {
        return Some(Denominator { value, many, end: word.end });
    }
    let tens = cardinal(word.as_str()).filter(|tens| *tens >= 20)?;
    let unit = view.word(join(view, word.end)).filter(|unit| unit.end > word.end)?;
    let (value, many) = named(unit.as_str()).filter(|(value, _)| *value < 10)?;
    Some(Denominator { value: tens + value, many, end: unit.end })
}

/// The value of an ordinal, and whether it is a plural.
fn named(word: &str) -> Option<(u32, bool)> {
    ordinal(word)
        .map(|value| (value, false))
        .or_else(|| word.strip_suffix('s').and_then(ordinal).map(|value| (value, true)))
}

/// "a dozen", "a hundred", "a third of", "a half turn", "a foot and a half"
pub(super) fn with_article(view: &View<'_>, at: usize, after: usize) -> Option<Number> {
    let next = view.blanks(after);
    let word = view.word(next)?;
    if let Some(value) = scale(word.as_str()) {
        if word.as_str().ends_with('s') {
            return None;
        }
        let mut number = Number::plain(at, word.end, Amount::whole(value), Form::Words);
        number.scaled = true;
        return Some(number);
    }
    if word.as_str() == "dozen" {
        return Some(Number::plain(at, word.end, Amount::whole(12), Form::Words));
    }
    if let Some(number) = one_and_a_half(view, at, after) {
        return Some(number);
    }
    if let Some(number) = partial(view, at, next) {
        return Some(number);
    }
    let bottom = denominator(view, next)?;
    if bottom.many || next == after {
        return None;
    }
    // "a third country", "a quarter" of the year: only what is plainly a part counts.
    let tail = view.blanks(bottom.end);
    let part_of = view.word(tail).is_some_and(|next| next.as_str() == "of");
    let closed = !view.get(tail).is_alphanumeric() && view.get(tail) != '-';
    let of_year = view.starts_with(tail, "of the year") || view.starts_with(tail, "of 20");
    if of_year || !(part_of || closed && !matches!(bottom.value, 2 | 4)) {
        return None;
    }
    // "a quarter of a mile": the part is counted in what stands behind.
    let end = of_a_unit(view, bottom.end).unwrap_or(bottom.end);
    let value = Amount::whole(1).over(&Amount::whole(bottom.value.into()))?;
    Some(Number::plain(at, end, value, Form::Words))
}

/// "a foot and a half": the article counts one.
fn one_and_a_half(view: &View<'_>, at: usize, after: usize) -> Option<Number> {
    let unit = units::behind(view, view.blanks(after)).filter(|_| view.get(after) == ' ')?;
    let and = view.next_word(unit.end).filter(|and| and.as_str() == "and")?;
    let article = view.next_word(and.end).filter(|article| article.as_str() == "a")?;
    view.next_word(article.end).filter(|half| matches!(half.as_str(), "half" | "quarter"))?;
    Some(Number::plain(at, after, Amount::whole(1), Form::Words))
}

/// Past "of a" or "of an", if a unit stands behind.
fn of_a_unit(view: &View<'_>, end: usize) -> Option<usize> {
    let of = view.next_word(end).filter(|of| of.as_str() == "of")?;
    let article = view.next_word(of.end).filter(|word| matches!(word.as_str(), "a" | "an"))?;
    units::behind(view, view.blanks(article.end)).map(|_| article.end)
}

/// "half a million", "quarter million", "half a dozen", "half an ounce", "half turn"
pub(super) fn partial(view: &View<'_>, start: usize, at: usize) -> Option<Number> {
    let word = view.word(at)?;
    let bottom = match word.as_str() {
        "half" => 2,
        "quarter" => 4,
        _ => return None,
    };
    let mut next = view.next_word(word.end)?;
    let mut end = word.end;
    if matches!(next.as_str(), "a" | "an") {
        end = next.end;
        next = view.next_word(next.end)?;
    }
    let factor = if next.as_str() == "dozen" { Some(12) } else { scale(next.as_str()) };
    let half = |factor: u64| Amount::whole(factor).over(&Amount::whole(bottom));
    let Some(factor) = factor else {
        let unit = units::behind(view, view.blanks(end))?;
        let physical = !matches!(unit.unit.class, units::Class::Count | units::Class::Percent)
            && !matches!(next.as_str(), "times" | "fold");
        let number = Number::plain(start, end, half(1)?, Form::Words);
        return physical.then_some(number);
    };
    let mut number = Number::plain(start, next.end, half(factor)?, Form::Words);
    number.scaled = true;
    Some(number)
}

/// "twenty-three fifths", "one-eighth", "three twenty-firsts"
pub(super) fn fraction(view: &View<'_>, at: usize, end: usize, top: &Amount) -> Option<Number> {
    let next = join(view, end);
    let bottom = denominator(view, next).filter(|_| next > end)?;
    let single = top.small() == Some(1);
    if single == bottom.many {
        return None;
    }
    let of = view.next_word(bottom.end).filter(|next| next.as_str() == "of");
    // "one quarter" and "two quarters" of a year are times; they are fractions only before "of" something else.
    if bottom.value == 4 && of.is_none() && view.get(next) == 'q' {
        return None;
    }
    let divisor = Amount::whole(bottom.value.into());
    // "two thirds of a million"
    let article = of.and_then(|of| view.next_word(of.end)).filter(|next| next.as_str() == "a");
    if let Some(unit) = article.and_then(|article| view.next_word(article.end))
        && let Some(factor) = scale(unit.as_str())
    {
        let value = Amount::whole(factor).times(top.short()?)?.over(&divisor)?;
        return Some(Number::plain(at, unit.end, value, Form::Words));
    }
    let end = of_a_unit(view, bottom.end).unwrap_or(bottom.end);
    Some(Number::plain(at, end, top.over(&divisor)?, Form::Words))
}

/// "… and a half", "… and two thirds", "… and fifty-four hundredths": a part smaller than one, of the last scale if that was
/// a million or more. `value` ends before "and", whose end is `after`.
pub(super) fn and_fraction(
    view: &View<'_>,
    at: usize,
    after: usize,
    value: &Amount,
    last_scale: Option<u64>,
) -> Option<Number> {
    let next = view.next_word(after)?;
    let (top, bottom) = if matches!(next.as_str(), "a" | "an") {
        (1, denominator(view, view.blanks(next.end))?)
    } else {
        let (top, end) = below_hundred(view, view.blanks(after))?;
        (top, denominator(view, join(view, end)).filter(|bottom| bottom.end > end)?)
    };
    if (top == 1) == bottom.many || top >= bottom.value {
        return None;
    }
    let mut end = bottom.end;
    let mut factor = last_scale.unwrap_or(1);
    let mut value = value.clone();
    if let Some(unit) = view.next_word(bottom.end)
        && let Some(scale) = scale(unit.as_str())
    {
        // "three and a half million" is all millions, "one billion and a half million" is not.
        if last_scale.is_none() {
            value = value.times(Decimal::from(scale))?;
        }
        factor = scale;
        end = unit.end;
    }
    let part = Amount::whole(factor).times(Decimal::from(top))?.over(&Amount::whole(bottom.value.into()))?;
    let mut number = Number::plain(at, end, value.plus(&part)?, Form::Words);
    number.scaled = end > bottom.end;
    Some(number)
}

/// A cardinal of one or two words, and its end.
fn below_hundred(view: &View<'_>, at: usize) -> Option<(u32, usize)> {
    let first = view.word(at)?;
    let tens = cardinal(first.as_str())?;
    if tens >= 20
        && let Some(unit) = view.word(join(view, first.end))
        && unit.end > first.end
        && let Some(value) = cardinal(unit.as_str()).filter(|value| (1..10).contains(value))
    {
        return Some((tens + value, unit.end));
    }
    Some((tens, first.end))
}

/// True if the number that ends at `end` is the beginning of an ordinal such as "twenty-first".
pub(super) fn in_ordinal(view: &View<'_>, end: usize, last: u32) -> bool {
    let next = join(view, end);
    last >= 20
        && next > end
        && view.word(next).is_some_and(|word| ordinal(word.as_str()).is_some_and(|value| value < 10))
}
