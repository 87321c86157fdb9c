//! A number with the unit before or behind it, and its rate.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::amount::Amount;
use crate::mention::{Doubt, Kind, Kinds, Qualifier};
use crate::numeral::{Form, Number, number_at};
use crate::units::{self, Class, Found};
use crate::view::{View, is_han};
use crate::{compound, percent, rate, shy};

/// A unit with its rate.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UnitOf {
    pub(crate) code: Cow<'static, str>,
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
    pub(crate) doubt: Option<Doubt>,
}

impl Part {
    /// The value in the unit's code.
    pub(crate) fn value(&self) -> Option<Amount> {
        self.scaled(&self.number.value)
    }

    /// Any amount counted in the same unit, in the unit's code.
    pub(crate) fn scaled(&self, amount: &Amount) -> Option<Amount> {
        match &self.unit {
            Some(unit) if unit.factor != Decimal::ONE => amount.times(unit.factor),
            _ => Some(amount.clone()),
        }
    }
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
    // No unit begins with a digit.
    if view.get(at).is_ascii_digit() {
        return None;
    }
    // -$5, but not USD-denominated and not 5-$6
    if view.get(at) == '-'
        && !view.before(at).is_alphanumeric()
        && !matches!(view.before(at), '-' | ')' | '%')
    {
        let mut part = prefixed(view, at + 1).filter(|part| part.number.bounds.is_none())?;
        part.start = at;
        part.number.value = part.number.value.negate();
        return Some(part);
    }
    // "minus $45/t"; of a range the sign would be that of one end alone.
    if let Some(word) = view.word(at).filter(|word| matches!(word.as_str(), "minus" | "negative")) {
        let next = view.blanks(word.end);
        let mut part = prefixed(view, next).filter(|part| {
            part.start == next
                && part.number.bounds.is_none()
                && !matches!(view.get(part.number.end), '-' | '~' | '–')
        })?;
        part.start = at;
        part.number.value = part.number.value.negate();
        return Some(part);
    }
    // USD/CNY 7.18 is a rate of exchange.
    if view.before(at) == '/' && at > 1 && view.get(at - 2).is_ascii_alphabetic() {
        return None;
    }
    let (found, scale) = match units::before(view, at) {
        Some(found) => (found, Decimal::ONE),
        None => units::scaled_code(view, at)?,
    };
    let next = view.blanks(found.end);
    if next > found.end + 2
        || !view.get(next).is_ascii_digit()
            && !matches!(view.get(next), '.' | '-')
            && !crate::numeral::is_chinese_numeral(view.get(next))
    {
        return None;
    }
    // R53,650 is money; R32 is a gas.
    let lone_letter = found.end - at == 1 && view.get(at).is_ascii_alphabetic();
    if lone_letter && !view.digits(next).is_some_and(|digits| matches!(view.get(digits.end), ',' | '.' | ' '))
    {
        return None;
    }
    let mut number = number_at(view, next)?;
    if scale != Decimal::ONE {
        let end = number.end;
        number = number.scaled_by(scale, end)?;
    }
    // With money before it, a lone m is a million and a lone t a trillion.
    if !view.get(number.end + 1).is_ascii_alphanumeric() && view.get(number.end + 1) != '/' {
        let factor: u64 = match view.get(number.end) {
            'm' => 1_000_000,
            't' => 1_000_000_000_000,
            _ => 1,
        };
        if factor > 1 {
            let end = number.end + 1;
            number = number.scaled_by(Decimal::from(factor), end)?;
        }
    }
    if let Some((value, end)) = compound::and_hundredths(view, &number) {
        number.value = value;
        number.end = end;
    }
    let much = number.scaled || Amount::whole(999).less_than(&number.value);
    if found.end - at == 3 && !much && units::is_word_too(view.source_of(at..found.end)) {
        return None;
    }
    let mut unit =
        UnitOf { code: found.unit.code.into(), class: found.unit.class, factor: found.unit.factor };
    let (mut end, doubt) = said_again(view, &found, number.end, &mut unit);
    if let Some(rate) = rate::denominator(view, end, true) {
        end = rate.end;
        rate::divide(&mut unit, &rate)?;
    } else if let Some(rate) = rate::before(view, at) {
        rate::divide(&mut unit, &rate)?;
    }
    // 人民币207元: the word belongs to the sentence where the unit stands behind the number.
    let said_behind = view.starts_with(at, "人民币") && view.starts_with(number.end, "元");
    let start = if said_behind { next } else { at };
    Some(Part { start, end, number, unit: Some(unit), prefixed: true, doubt })
}

/// Money that stands before the number may be said again behind it, and more exactly: 人民币8亿元, US$5 dollars, $500 CAD. What
/// contradicts, as in CNY 5 USD, is a doubt. The end of it all, and the doubt.
fn said_again(view: &View<'_>, first: &Found, end: usize, unit: &mut UnitOf) -> (usize, Option<Doubt>) {
    let at = view.blanks(end);
    let Some(again) = units::behind(view, at).filter(|again| again.unit.class == Class::Money) else {
        return (end, None);
    };
    // "USD 5 CNY 36", "$5 $6": the next amount begins.
    let next = view.get(view.blanks(again.end));
    if units::before(view, at).is_some() && (next.is_ascii_digit() || next == '.') {
        return (end, None);
    }
    let named = view.get(again.end - 1).is_alphabetic();
    if again.unit.code == unit.code {
        return (if named && again.unit.factor == Decimal::ONE { again.end } else { end }, None);
    }
    if !named || again.unit.factor != Decimal::ONE {
        return (end, None);
    }
    let symbol = view.source_of(first.end.saturating_sub(1)..first.end);
    if units::is_general(view, at, again.end) {
        return (again.end, None);
    }
    let more_exact = match symbol {
        "$" | "＄" => units::is_dollar(again.unit.code),
        "¥" | "￥" => matches!(again.unit.code, "JPY" | "CNY"),
        "£" => matches!(again.unit.code, "EGP" | "LBP" | "SYP" | "FKP" | "GIP" | "SHP" | "SSP" | "SDG"),
        _ => false,
    };
    if more_exact && first.end <= view.blanks_back(end) {
        unit.code = again.unit.code.into();
        return (again.end, None);
    }
    (again.end, Some(Doubt::UnitConflict))
}

/// The number with the unit behind it, if there is one that is wanted.
fn suffixed(view: &View<'_>, mut number: Number, kinds: Kinds) -> Part {
    let start = number.start;
    let (unit_at, bracket) = unit_place(view, &mut number);
    let found = units::behind(view, unit_at).filter(|found| {
        let wanted = if found.unit.class == Class::Percent { Kind::Percent } else { Kind::Quantity };
        kinds.contains(wanted) && rate::plausible(view, &number, unit_at, found)
    });
    let found = match found {
        Some(found) => found,
        None => match scaled_code_behind(view, &number, unit_at, kinds) {
            Some((found, scaled)) => {
                number = scaled;
                found
            }
            None => return bare(number),
        },
    };
    let mut unit =
        UnitOf { code: found.unit.code.into(), class: found.unit.class, factor: found.unit.factor };
    let mut end = found.end;
    rate::settle(view, &number, &mut unit, end);
    if let Some((value, after)) =
        compound::halves(view, &number, end).or_else(|| compound::compound(view, &number, &unit, end))
    {
        number.value = value;
        end = after;
    }
    let money = unit.class == Class::Money;
    if let Some(rate) = rate::denominator(view, end, money) {
        end = rate.end;
        if rate::divide(&mut unit, &rate).is_none() {
            return bare(number);
        }
    } else if money && let Some(rate) = rate::before(view, start) {
        if rate::divide(&mut unit, &rate).is_none() {
            return bare(number);
        }
    } else if money && rate::is_pair(view, end) {
        // 7.18 USD/CNY is a rate of exchange, and no amount of dollars.
        return bare(number);
    }
    if let Some(close) = bracket {
        if view.get(end) != close {
            return bare(number);
        }
        end += 1;
    }
    Part { start, end, number, unit: Some(unit), prefixed: false, doubt: None }
}

fn bare(number: Number) -> Part {
    Part { start: number.start, end: number.end, number, unit: None, prefixed: false, doubt: None }
}

/// 60 MUSD, "48.5 MGBP": the code says the scale.
fn scaled_code_behind(view: &View<'_>, number: &Number, at: usize, kinds: Kinds) -> Option<(Found, Number)> {
    let (found, scale) = units::scaled_code(view, at).filter(|_| kinds.contains(Kind::Quantity))?;
    let end = number.end;
    Some((found, number.clone().scaled_by(scale, end)?))
}

/// Where the unit begins: behind blanks, a hyphen, 多 or 余, or an opening bracket that must be closed.
fn unit_place(view: &View<'_>, number: &mut Number) -> (usize, Option<char>) {
    let mut at = number.end;
    if matches!(view.get(at), '多' | '余' | '来')
        && number.qualifier.is_none()
        && number.value.small().is_none_or(|value| value >= 10)
    {
        let about = view.get(at) == '来';
        let ends = matches!(view.get(at + 1), '\0' | '\n' | ',' | ';' | '。' | '、' | '的') && !about;
        let counted = ends
            || units::behind(view, at + 1).is_some()
            || matches!(
                view.get(at + 1),
                '个' | '家' | '名' | '人' | '种' | '只' | '位' | '项' | '次' | '万' | '亿' | '户' | '条'
            );
        if counted {
            number.qualifier = Some(if about { Qualifier::About } else { Qualifier::Over });
            at += 1;
            if units::behind(view, at).is_none() {
                number.end = at;
            }
        }
    }
    if view.get(at) == '-' && view.get(at + 1).is_ascii_lowercase() {
        return (at + 1, None);
    }
    let mut next = view.blanks(at);
    // "tens of thousands of tons"
    if number.bounds.is_some()
        && number.form == Form::Words
        && let Some(of) = view.word(next).filter(|of| of.as_str() == "of")
        && units::behind(view, view.blanks(of.end)).is_some()
    {
        next = view.blanks(of.end);
        return (next, None);
    }
    let close = match view.get(next) {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        _ => return (if next <= at + 2 || is_han(view.get(next)) { next } else { at }, None),
    };
    (next + 1, Some(close))
}
