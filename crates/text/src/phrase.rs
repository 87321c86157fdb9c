//! Numbers with all that belongs to them: unit, rate, range, qualifier.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::amount::Amount;
use crate::mention::{Kind, Kinds, Qualifier};
use crate::numeral::{Form, Number, number_at};
use crate::units::{self, Class};
use crate::view::{View, is_han};
use crate::{multiple, percent, qualifier, range, rate, shy};

/// A value read; spans count characters.
#[derive(Clone, Debug)]
pub(crate) struct Phrase {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind,
    pub(crate) value: Option<Amount>,
    pub(crate) low: Option<Amount>,
    pub(crate) high: Option<Amount>,
    pub(crate) unit: Option<String>,
    pub(crate) qualifier: Option<Qualifier>,
    /// The value with the words that qualify it.
    pub(crate) scope: Range<usize>,
}

/// A unit with its rate.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UnitOf {
    pub(crate) code: String,
    pub(crate) class: Class,
    pub(crate) factor: Decimal,
}

/// A number with its unit, one end of a range perhaps.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) number: Number,
    pub(crate) unit: Option<UnitOf>,
    /// The unit stands before the number, so that the other end may do without.
    pub(crate) prefixed: bool,
}

impl Part {
    /// The value in the unit's code.
    pub(crate) fn value(&self) -> Option<Amount> {
        self.scaled(&self.number.value)
    }

    fn scaled(&self, amount: &Amount) -> Option<Amount> {
        match &self.unit {
            Some(unit) if unit.factor != Decimal::ONE => amount.times(unit.factor),
            _ => Some(amount.clone()),
        }
    }
}

/// The value that begins at `at`.
pub(crate) fn phrase_at(view: &View<'_>, at: usize, kinds: Kinds) -> Option<Phrase> {
    if let Some(phrase) = kinds.contains(Kind::Quantity).then(|| multiple::phrase_at(view, at)).flatten() {
        return Some(qualified(view, phrase));
    }
    let first = part_at(view, at, kinds)?;
    if let Some(range) = range::range(view, &first, kinds) {
        return Some(qualified(view, range));
    }
    if !stands(view, &first) {
        return None;
    }
    let mut phrase = Phrase {
        start: first.start,
        end: first.end,
        kind: kind_of(first.unit.as_ref()),
        value: None,
        low: None,
        high: None,
        unit: first.unit.as_ref().map(|unit| unit.code.clone()),
        qualifier: first.number.qualifier,
        scope: first.start..first.end,
    };
    match &first.number.bounds {
        Some((low, high)) => {
            phrase.low = Some(first.scaled(low)?);
            phrase.high = match high {
                Some(high) => Some(first.scaled(high)?),
                None => None,
            };
        }
        None => phrase.value = Some(first.value()?),
    }
    Some(qualified(view, phrase))
}

pub(crate) fn kind_of(unit: Option<&UnitOf>) -> Kind {
    match unit {
        None => Kind::Number,
        Some(unit) if unit.class == Class::Percent => Kind::Percent,
        Some(_) => Kind::Quantity,
    }
}

fn qualified(view: &View<'_>, mut phrase: Phrase) -> Phrase {
    if phrase.qualifier.is_some() {
        return phrase;
    }
    let before = qualifier::before(view, phrase.start);
    let bound = qualifier::after(view, phrase.end)
        .filter(|(qualifier, _)| matches!(qualifier, Qualifier::AtLeast | Qualifier::AtMost));
    let vague = before.is_none_or(|(qualifier, _)| matches!(qualifier, Qualifier::About | Qualifier::Nearly));
    if let Some((qualifier, end)) = bound.filter(|_| vague) {
        // "about five hundred or more": the bound says more.
        phrase.qualifier = Some(qualifier);
        phrase.scope.end = end;
    } else if let Some((qualifier, start)) = before {
        phrase.qualifier = Some(qualifier);
        if phrase.value.is_some() {
            phrase.scope.start = start;
        }
    } else if let Some((qualifier, end)) = qualifier::after(view, phrase.end) {
        phrase.qualifier = Some(qualifier);
        phrase.scope.end = end;
    }
    phrase
}

/// False for a single Chinese digit or "one" where it is no number.
fn stands(view: &View<'_>, part: &Part) -> bool {
    // Digits grown together with letters that are no unit are a part of a name.
    let glued = part.number.form != Form::Words
        && view.get(part.end).is_ascii_lowercase()
        && view.before(part.end).is_ascii_alphanumeric();
    if part.unit.is_none()
        && glued
        && units::behind(view, part.end).is_none_or(|found| found.unit.class != Class::Money)
    {
        return false;
    }
    part.unit.is_some()
        || !part.number.shy && !shy::lone_ten(view, &part.number)
        || shy::stands_alone(view, &part.number)
}

/// The number with its unit at `at`.
pub(crate) fn part_at(view: &View<'_>, at: usize, kinds: Kinds) -> Option<Part> {
    let read = number_at(view, at);
    if kinds.contains(Kind::Percent)
        && let Some(part) = percent::part_at(view, at, read.as_ref())
    {
        return Some(part);
    }
    if kinds.contains(Kind::Quantity)
        && let Some(part) = prefixed(view, at)
    {
        return Some(part);
    }
    if shy::blocked(view, at) {
        return None;
    }
    let read = read?;
    let fraction = percent::chinese_fraction(view, &read).or_else(|| percent::english_fraction(view, &read));
    let number = fraction.unwrap_or(read);
    if number.form == Form::Chinese && number.shy && shy::blocked_behind(view, &number) {
        return None;
    }
    Some(suffixed(view, number, kinds))
}

/// "$9,663.00 per ton", "USD 22.5 million", "人民币8亿元"
fn prefixed(view: &View<'_>, at: usize) -> Option<Part> {
    let (found, millions) = match units::before(view, at) {
        Some(found) => (found, false),
        None => (units::millions_code(view, at)?, true),
    };
    let next = view.blanks(found.end);
    if next > found.end + 2
        || !view.get(next).is_ascii_digit()
            && view.get(next) != '.'
            && !crate::numeral::is_chinese_numeral(view.get(next))
    {
        return None;
    }
    let mut number = number_at(view, next)?;
    if millions {
        let end = number.end;
        number = number.scaled_by(Decimal::from(1_000_000), end)?;
    }
    // With money before it, a lone m is a million.
    if view.get(number.end) == 'm' && !view.get(number.end + 1).is_ascii_alphanumeric() {
        let end = number.end + 1;
        number = number.scaled_by(Decimal::from(1_000_000), end)?;
    }
    if let Some(halves) = and_hundredths(view, &number) {
        number = halves;
    }
    let mut end = number.end;
    // 人民币8亿元, US$5 dollars: the same money said twice, or another said by mistake.
    if let Some(again) = units::behind(view, view.blanks(number.end)) {
        let named = view.get(again.end - 1).is_alphabetic();
        if again.unit.code == found.unit.code && again.unit.class == Class::Money && named {
            end = again.end;
        }
    }
    let mut unit =
        UnitOf { code: found.unit.code.to_owned(), class: found.unit.class, factor: found.unit.factor };
    if let Some((code, after)) = rate::denominator(view, end, true) {
        unit.code = format!("{}/{code}", unit.code);
        end = after;
    } else if let Some(code) = rate::before(view, at) {
        unit.code = format!("{}/{code}", unit.code);
    }
    Some(Part { start: at, end, number, unit: Some(unit), prefixed: true })
}

/// "$100 and fifty": cents.
fn and_hundredths(view: &View<'_>, number: &Number) -> Option<Number> {
    let and = view.next_word(number.end).filter(|word| word.as_str() == "and")?;
    let next = view.blanks(and.end);
    let word = view.word(next)?;
    crate::numeral::cardinal(word.as_str()).filter(|value| *value >= 10)?;
    let cents = number_at(view, next)?;
    if cents.end < view.len() && view.get(view.blanks(cents.end)).is_alphanumeric() || cents.scaled {
        return None;
    }
    let value = number.value.plus(&cents.value.times(Decimal::new(1, 2))?)?;
    Some(Number { value, end: cents.end, ..number.clone() })
}

/// The number with the unit behind it, if there is one that is wanted.
fn suffixed(view: &View<'_>, mut number: Number, kinds: Kinds) -> Part {
    let start = number.start;
    let (unit_at, bracket) = unit_place(view, &mut number);
    let found = units::behind(view, unit_at).filter(|found| {
        let wanted = if found.unit.class == Class::Percent { Kind::Percent } else { Kind::Quantity };
        kinds.contains(wanted) && rate::plausible(view, &number, unit_at, found)
    });
    let millions = || units::millions_code(view, unit_at).filter(|_| kinds.contains(Kind::Quantity));
    let found = match found {
        Some(found) => found,
        None => match millions()
            .and_then(|found| Some((found, number.clone().scaled_by(Decimal::from(1_000_000), number.end)?)))
        {
            Some((found, scaled)) => {
                number = scaled;
                found
            }
            None => {
                let end = number.end;
                return Part { start, end, number, unit: None, prefixed: false };
            }
        },
    };
    let mut unit =
        UnitOf { code: found.unit.code.to_owned(), class: found.unit.class, factor: found.unit.factor };
    let mut end = found.end;
    rate::settle(view, &number, &mut unit, end);
    if let Some(half) = half_behind(view, &number, end) {
        number.value = half;
        end += 1;
    }
    if let Some((value, after)) = rate::compound(view, &number, &unit, end) {
        number.value = value;
        end = after;
    }
    if let Some((code, after)) = rate::denominator(view, end, unit.class == Class::Money) {
        unit.code = format!("{}/{code}", unit.code);
        end = after;
    } else if unit.class == Class::Money
        && let Some(code) = rate::before(view, start)
    {
        unit.code = format!("{}/{code}", unit.code);
    }
    if let Some(close) = bracket {
        if view.get(end) != close {
            let end = number.end;
            return Part { start, end, number, unit: None, prefixed: false };
        }
        end += 1;
    }
    number.end = number.end.max(start);
    Part { start, end, number, unit: Some(unit), prefixed: false }
}

/// Where the unit begins: behind blanks, a hyphen, 多 or 余, or an opening bracket that must be closed.
fn unit_place(view: &View<'_>, number: &mut Number) -> (usize, Option<char>) {
    let mut at = number.end;
    if matches!(view.get(at), '多' | '余')
        && number.qualifier.is_none()
        && number.value.small().is_none_or(|value| value >= 10)
    {
        let counted = units::behind(view, at + 1).is_some()
            || matches!(
                view.get(at + 1),
                '个' | '家' | '名' | '人' | '种' | '只' | '位' | '项' | '次' | '万' | '亿' | '户' | '条'
            );
        if counted {
            number.qualifier = Some(Qualifier::Over);
            at += 1;
            if units::behind(view, at).is_none() {
                number.end = at;
            }
        }
    }
    if view.get(at) == '-' && view.get(at + 1).is_ascii_lowercase() {
        return (at + 1, None);
    }
    let next = view.blanks(at);
    let close = match view.get(next) {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        _ => return (if next <= at + 2 || is_han(view.get(next)) { next } else { at }, None),
    };
    (next + 1, Some(close))
}

/// 一吨半: half a unit more.
fn half_behind(view: &View<'_>, number: &Number, end: usize) -> Option<Amount> {
    if view.get(end) != '半' || matches!(view.get(end + 1), '年' | '导' | '数' | '天' | '小' | '个' | '成')
    {
        return None;
    }
    number.value.small()?;
    number.value.plus(&Amount::Short(Decimal::new(5, 1)))
}
