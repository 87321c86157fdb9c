//! Numbers in English words: "twenty-one million", "half a dozen", "two thirds", "dozens".

use rust_decimal::Decimal;

use super::digits::literal;
use super::{Form, Number};
use crate::amount::Amount;
use crate::view::View;

/// One to ninety as a word.
pub(crate) fn cardinal(word: &str) -> Option<u32> {
    Some(match word {
        "zero" | "nought" | "naught" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        _ => return None,
    })
}

/// First to twentieth as a word.
pub(crate) fn ordinal(word: &str) -> Option<u32> {
    Some(match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "twentieth" => 20,
        "thirtieth" => 30,
        "hundredth" => 100,
        "thousandth" => 1000,
        _ => return None,
    })
}

fn scale(word: &str) -> Option<u64> {
    Some(match word {
        "hundred" | "hundreds" => 100,
        "thousand" => 1_000,
        "lakh" | "lakhs" => 100_000,
        "million" => 1_000_000,
        "crore" | "crores" => 10_000_000,
        "billion" => 1_000_000_000,
        "trillion" => 1_000_000_000_000,
        _ => return None,
    })
}

/// The denominator that a word names: "half", "thirds", "quarter".
fn denominator(word: &str) -> Option<(u32, bool)> {
    match word {
        "half" => return Some((2, false)),
        "halves" => return Some((2, true)),
        "quarter" => return Some((4, false)),
        "quarters" => return Some((4, true)),
        "second" | "seconds" | "first" | "firsts" => return None,
        _ => {}
    }
    if let Some(value) = ordinal(word) {
        return Some((value, false));
    }
    word.strip_suffix('s').and_then(ordinal).map(|value| (value, true))
}

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
        "a" | "an" => return with_article(view, at, word.end),
        "dozens" | "scores" | "tens" | "hundreds" | "thousands" | "millions" | "billions" | "trillions" => {
            return plural(view, at);
        }
        other => cardinal(other)?,
    };
    let number = sum(view, at)?;
    Some(dozens(view, &number).unwrap_or(number))
}

/// "a dozen", "a hundred", "a third of", "half a million"
fn with_article(view: &View<'_>, at: usize, after: usize) -> Option<Number> {
    let next = view.blanks(after);
    let word = view.word(next)?;
    if let Some(value) = scale(word.as_str()) {
        if word.as_str().ends_with('s') {
            return None;
        }
        let value = Amount::whole(value);
        let mut number = Number::plain(at, word.end, value, Form::Words);
        number.scaled = true;
        return Some(number);
    }
    if matches!(word.as_str(), "dozen") {
        return Some(Number::plain(at, word.end, Amount::whole(12), Form::Words));
    }
    let (bottom, many) = denominator(word.as_str())?;
    if many || bottom == 2 && next == after {
        return None;
    }
    // "a third country", "a quarter" of the year: only what is plainly a part counts.
    let tail = view.blanks(word.end);
    let part_of = view.word(tail).is_some_and(|next| next.as_str() == "of");
    let closed = !view.get(tail).is_alphanumeric() && view.get(tail) != '-';
    let of_year = view.starts_with(tail, "of the year") || view.starts_with(tail, "of 20");
    if of_year || !(part_of || closed && bottom != 4) {
        return None;
    }
    let value = Amount::whole(1).over(&Amount::whole(bottom.into()))?;
    Some(Number::plain(at, word.end, value, Form::Words))
}

/// "half a million", "half million", "half a dozen", "quarter million"
fn partial(view: &View<'_>, start: usize, at: usize) -> Option<Number> {
    let word = view.word(at)?;
    let bottom = denominator(word.as_str())?.0;
    let mut next = view.next_word(word.end)?;
    if matches!(next.as_str(), "a" | "an") {
        next = view.next_word(next.end)?;
    }
    let factor =
        if next.as_str() == "dozen" { 12 } else { scale(next.as_str()).filter(|scale| *scale > 100)? };
    let value = Amount::whole(factor).over(&Amount::whole(bottom.into()))?;
    let mut number = Number::plain(start, next.end, value, Form::Words);
    number.scaled = true;
    Some(number)
}

/// "dozens of", "tens of thousands": at least that many.
fn plural(view: &View<'_>, at: usize) -> Option<Number> {
    let word = view.word(at)?;
    let mut low = match word.as_str() {
        "dozens" => 24,
        "scores" => 40,
        "tens" => 10,
        "hundreds" => 100,
        "thousands" => 1_000,
        "millions" => 1_000_000,
        "billions" => 1_000_000_000,
        _ => 1_000_000_000_000_u64,
    };
    let mut end = word.end;
    let of = view.next_word(end).filter(|of| of.as_str() == "of")?;
    if let Some(next) = view.next_word(of.end) {
        let factor = match next.as_str() {
            "thousands" => Some(1_000_u64),
            "millions" => Some(1_000_000),
            "billions" => Some(1_000_000_000),
            _ => None,
        };
        if let Some(factor) = factor {
            low = low.checked_mul(factor)?;
            end = next.end;
        }
    }
    if low == 10 || low == 40 {
        return None;
    }
    let mut number = Number::plain(at, end, Amount::whole(low), Form::Words);
    number.bounds = Some((Amount::whole(low), None));
    number.scaled = true;
    Some(number)
}

fn sum(view: &View<'_>, at: usize) -> Option<Number> {
    let mut sum = Sum { total: Amount::whole(0), section: 0, last_scale: u64::MAX - 1, end: at, count: 0 };
    let mut here = at;
    let mut last_was_scale = false;
    while let Some(word) = view.word(here) {
        if let Some(value) = cardinal(word.as_str()) {
            if sum.count > 0 && (value == 0 || sum.value()?.is_zero()) || !sum.add(value) {
                break;
            }
            last_was_scale = false;
        } else if let Some(value) = scale(word.as_str()) {
            if !sum.scale(value)? {
                break;
            }
            last_was_scale = true;
        } else if word.as_str() == "and" && sum.count > 0 {
            if let Some(number) = and_fraction(view, at, word.end, &sum) {
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
    let mut number = Number::plain(at, sum.end, value, Form::Words);
    number.scaled = sum.last_scale < u64::MAX - 1;
    number.shy = sum.count == 1 && number.value == Amount::whole(1);
    if let Some(point) = decimal_words(view, &number) {
        return Some(point);
    }
    Some(number)
}

/// Past blanks, or a hyphen with blanks around it.
fn join(view: &View<'_>, at: usize) -> usize {
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

/// "twenty-three fifths", "one-eighth"
fn fraction(view: &View<'_>, at: usize, end: usize, top: &Amount) -> Option<Number> {
    let next = join(view, end);
    let word = view.word(next).filter(|_| next > end)?;
    let (bottom, many) = denominator(word.as_str())?;
    let single = top.small() == Some(1);
    if single == many {
        return None;
    }
    // "one quarter" and "two quarters" of a year are times; they are fractions only before "of" something else.
    if word.as_str().starts_with("quarter")
        && view.next_word(word.end).is_none_or(|next| next.as_str() != "of")
    {
        return None;
    }
    let value = top.over(&Amount::whole(bottom.into()))?;
    let number = Number::plain(at, word.end, value, Form::Words);
    // "two thirds of a million"
    let of = view.next_word(word.end).filter(|next| next.as_str() == "of");
    let article = of.and_then(|of| view.next_word(of.end)).filter(|next| next.as_str() == "a");
    if let Some(unit) = article.and_then(|article| view.next_word(article.end))
        && let Some(factor) = scale(unit.as_str())
    {
        let value = Amount::whole(factor).times(top.short()?)?.over(&Amount::whole(bottom.into()))?;
        return Some(Number::plain(at, unit.end, value, Form::Words));
    }
    Some(number)
}

/// "… and a half", "… and two thirds": of the last scale, if it was a million or more.
fn and_fraction(view: &View<'_>, at: usize, after: usize, sum: &Sum) -> Option<Number> {
    let next = view.next_word(after)?;
    let (top, word) = match next.as_str() {
        "a" | "an" => (1, view.next_word(next.end)?),
        other => {
            let top = cardinal(other).filter(|top| *top < 10)?;
            (top, view.word(join(view, next.end))?)
        }
    };
    let (bottom, many) = denominator(word.as_str())?;
    if (top == 1) == many {
        return None;
    }
    let mut end = word.end;
    let mut factor = if sum.section == 0 && sum.last_scale < u64::MAX - 1 { sum.last_scale } else { 1 };
    if let Some(unit) = view.next_word(word.end)
        && let Some(scale) = scale(unit.as_str())
    {
        factor = scale;
        end = unit.end;
    }
    let part = Amount::whole(factor).times(Decimal::from(top))?.over(&Amount::whole(bottom.into()))?;
    let value = sum.value()?.plus(&part)?;
    Some(Number::plain(at, end, value, Form::Words))
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
    Some(Number::plain(number.start, end, value, Form::Words))
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

/// Digits with a scale in words: "900 million", "2 hundred thousand", "3 dozen".
pub(super) fn scaled(view: &View<'_>, number: &Number) -> Option<Number> {
    if let Some(number) = dozens(view, number) {
        return Some(number);
    }
    let next = view.blanks(number.end);
    let next = if view.get(next) == '-' && view.get(next + 1).is_ascii_lowercase() { next + 1 } else { next };
    let word = view.word(next)?;
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
        let sum =
            Sum { total: number.value.clone(), section: 0, last_scale: last, end: number.end, count: 1 };
        if let Some(part) = and_fraction(view, number.start, word.end, &sum) {
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
