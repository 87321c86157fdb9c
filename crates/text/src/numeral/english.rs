//! Numbers in English words: "twenty-one million", "half a dozen", "two thirds", "dozens".

use rust_decimal::Decimal;

use super::digits::literal;
use super::fraction::{and_fraction, fraction, in_ordinal, partial, with_article};
use super::vague;
use super::words::{cardinal, scale};
use super::{Form, Number};
use crate::amount::Amount;
use crate::view::View;

struct Sum {
    total: Amount,
    section: u64,
    last_scale: u64,
    end: usize,
    count: usize,
}

impl Sum {
    fn value(&self) -> Option<Amount> {
        self.total.plus(&Amount::whole(self.section))
    }

    /// The scale that the last word multiplied by, of which a fraction behind is a part.
    fn scale_left(&self) -> Option<u64> {
        (self.section == 0 && self.last_scale < u64::MAX - 1).then_some(self.last_scale)
    }

    /// Takes a cardinal; false if it does not fit here.
    fn add(&mut self, value: u32) -> bool {
        let value = u64::from(value);
        if value == 0 && self.count > 0 {
            return false;
        }
        let fits = if value >= 20 {
            self.section.is_multiple_of(100)
        } else if (1..10).contains(&value) {
            self.section.is_multiple_of(10) && self.section % 100 != 10
        } else {
            self.section.is_multiple_of(100)
        };
        if !fits || self.count > 0 && self.section == 0 && self.last_scale == u64::MAX {
            return false;
        }
        self.section += value;
        true
    }

    fn scale(&mut self, scale: u64) -> Option<bool> {
        if scale == 100 {
            if self.section == 0 || self.section > 99 {
                return Some(false);
            }
            self.section *= 100;
            return Some(true);
        }
        if scale >= self.last_scale || self.section == 0 {
            return Some(false);
        }
        self.total = self.total.plus(&Amount::whole(self.section).times(Decimal::from(scale))?)?;
        self.section = 0;
        self.last_scale = scale;
        Some(true)
    }
}

/// The number in words at `at`.
pub(super) fn number_at(view: &View<'_>, at: usize) -> Option<Number> {
    if view.before(at).is_ascii_alphanumeric() {
        return None;
    }
    let word = view.word(at)?;
    match word.as_str() {
        "half" | "quarter" => return partial(view, at, at),
        "a" | "an" => {
            let few = view.next_word(word.end).filter(|few| few.as_str() == "few");
            return match few {
                Some(few) => vague::few(view, at, few.end),
                None => with_article(view, at, word.end),
            };
        }
        "several" => return vague::few(view, at, word.end),
        "dozens" | "scores" | "tens" | "hundreds" | "thousands" | "millions" | "billions" | "trillions" => {
            return vague::plural(view, at);
        }
        other => cardinal(other)?,
    };
    let number = sum(view, at)?;
    Some(dozens(view, &number).unwrap_or(number))
}

fn sum(view: &View<'_>, at: usize) -> Option<Number> {
    let mut sum = Sum { total: Amount::whole(0), section: 0, last_scale: u64::MAX - 1, end: at, count: 0 };
    let mut here = at;
    let mut last_was_scale = false;
    let mut last = 0;
    while let Some(word) = view.word(here) {
        if let Some(value) = cardinal(word.as_str()) {
            if sum.count > 0 && (value == 0 || sum.value()?.is_zero()) || !sum.add(value) {
                break;
            }
            last_was_scale = false;
            last = value;
        } else if let Some(value) = scale(word.as_str()) {
            if !sum.scale(value)? {
                break;
            }
            last_was_scale = true;
            last = 0;
        } else if word.as_str() == "and" && sum.count > 0 {
            if let Some(number) = and_fraction(view, at, word.end, &sum.value()?, sum.scale_left()) {
                return Some(number);
            }
            let next = view.next_word(word.end)?;
            let low = cardinal(next.as_str()).is_some_and(|value| value > 0);
            if !low || !last_was_scale {
                break;
            }
            here = view.blanks(word.end);
            continue;
        } else {
            break;
        }
        sum.count += 1;
        sum.end = word.end;
        here = join(view, word.end);
        if here == word.end {
            break;
        }
    }
    if sum.count == 0 {
        return None;
    }
    let value = sum.value()?;
    if let Some(number) = fraction(view, at, sum.end, &value) {
        return Some(number);
    }
    if in_ordinal(view, sum.end, last) {
        return None;
    }
    let mut number = Number::plain(at, sum.end, value, Form::Words);
    number.scaled = sum.last_scale < u64::MAX - 1;
    number.shy = sum.count == 1 && number.value == Amount::whole(1);
    if let Some(point) = decimal_words(view, &number) {
        return Some(point);
    }
    Some(number)
}

/// Past blanks, or a hyphen with blanks around it.
pub(super) fn join(view: &View<'_>, at: usize) -> usize {
    let next = view.blanks(at);
    if view.get(next) == '-' {
        let after = view.blanks(next + 1);
        if view.get(after).is_ascii_lowercase() {
            return after;
        }
        return at;
    }
    next
}

/// "five point five"
fn decimal_words(view: &View<'_>, number: &Number) -> Option<Number> {
    let point = view.next_word(number.end).filter(|word| word.as_str() == "point")?;
    let mut digits = String::from("0.");
    let mut end = point.end;
    while let Some(word) = view.next_word(end) {
        let Some(value) = cardinal(word.as_str()).filter(|value| *value < 10) else { break };
        digits.extend(char::from_digit(value, 10));
        end = word.end;
    }
    if digits.len() == 2 {
        return None;
    }
    let value = number.value.plus(&Amount::parse(&digits)?)?;
    let number = Number::plain(number.start, end, value, Form::Words);
    // "two point five million"
    let factor = view.next_word(end).and_then(|word| Some((scale(word.as_str())?, word.end)));
    match factor {
        Some((factor, end)) => number.scaled_by(Decimal::from(factor), end),
        None => Some(number),
    }
}

/// "three dozen", "3 dozens"
fn dozens(view: &View<'_>, number: &Number) -> Option<Number> {
    let word = view.next_word(number.end)?;
    if !matches!(word.as_str(), "dozen" | "dozens" | "dz" | "dzs" | "doz" | "dozs") {
        return None;
    }
    let mut number = number.clone().scaled_by(Decimal::from(12), word.end)?;
    number.shy = false;
    Some(number)
}

/// "3 and a half", "3 and a half million"
fn with_half(view: &View<'_>, number: &Number) -> Option<Number> {
    let and = view.next_word(number.end).filter(|and| and.as_str() == "and")?;
    view.next_word(and.end).filter(|article| matches!(article.as_str(), "a" | "one" | "three"))?;
    let whole = number.value.small().is_some() && number.form == Form::Digits && !number.scaled;
    if whole { and_fraction(view, number.start, and.end, &number.value, None) } else { None }
}

/// Digits with a scale in words: "900 million", "2 hundred thousand", "3 dozen".
pub(super) fn scaled(view: &View<'_>, number: &Number) -> Option<Number> {
    // Without a word behind it there is nothing to look for.
    let next = view.blanks(number.end);
    if !view.get(next).is_ascii_lowercase() && view.get(next) != '-' {
        return None;
    }
    if let Some(number) = dozens(view, number).or_else(|| with_half(view, number)) {
        return Some(number);
    }
    let next = if view.get(next) == '-' && view.get(next + 1).is_ascii_lowercase() { next + 1 } else { next };
    let word = view.word(next)?;
    // "4 ten thousand tons": 万 word by word.
    if word.as_str() == "ten"
        && number.form == Form::Digits
        && let Some(thousand) = view.next_word(word.end).filter(|word| word.as_str() == "thousand")
    {
        return number.clone().scaled_by(Decimal::from(10_000), thousand.end);
    }
    let factor = scale(word.as_str())?;
    let mut number = number.clone().scaled_by(Decimal::from(factor), word.end)?;
    let mut last = factor;
    // "2 hundred thousand" multiplies.
    while let Some(word) = view.next_word(number.end) {
        let Some(factor) = scale(word.as_str()) else { break };
        let larger = factor > last && last < 1_000 || factor == 1_000_000 && last == 1_000;
        if !larger {
            break;
        }
        number = number.scaled_by(Decimal::from(factor), word.end)?;
        last = factor;
    }
    // "4 thousand 3 hundred and 21" adds, each part with a smaller scale.
    if let Some(rest) = smaller(view, number.end, last) {
        let value = number.value.plus(&rest.value)?;
        number.value = value;
        number.end = rest.end;
    }
    if let Some(word) = view.next_word(number.end).filter(|word| word.as_str() == "and") {
        if let Some(part) = and_fraction(view, number.start, word.end, &number.value, Some(last)) {
            return Some(part);
        }
        let next = view.blanks(word.end);
        let low = if last == 100 { literal(view, next) } else { None };
        let low = low.or_else(|| {
            view.word(next)
                .filter(|word| cardinal(word.as_str()).is_some())
                .and_then(|_| self::sum(view, next))
        });
        if let Some(low) = low.filter(|low| !low.shy || last > 100 || low.form == Form::Words)
            && low.value.less_than(&Amount::whole(last))
            && !view.get(low.end).is_alphanumeric()
            && view.next_word(low.end).is_none_or(|word| scale(word.as_str()).is_none())
        {
            number.value = number.value.plus(&low.value)?;
            number.end = low.end;
        }
    }
    Some(number)
}

/// A further part with a scale below `last`, as in "3 hundred and 21".
fn smaller(view: &View<'_>, at: usize, last: u64) -> Option<Number> {
    let next = view.blanks(at);
    if next == at {
        return None;
    }
    let part = literal(view, next)?;
    let word = view.next_word(part.end)?;
    let factor = scale(word.as_str()).filter(|factor| *factor < last)?;
    let number = scaled(view, &part)?;
    number.value.less_than(&Amount::whole(last)).then_some(number).filter(|_| factor > 0)
}
