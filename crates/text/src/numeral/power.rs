//! Powers and scientific notation: `2^5`, `1.3x10^6`, `6.02 × 10²³`, `1.5e-6`.

use rust_decimal::Decimal;

use super::{Form, Number};
use crate::amount::Amount;
use crate::view::View;

/// The power whose base, or the product whose first factor, is `base`.
pub(super) fn power(view: &View<'_>, base: &Number) -> Option<Number> {
    let end = base.end;
    let number = |end: usize, value: Amount| Number::plain(base.start, end, value, Form::Digits);
    match view.get(end) {
        '^' => {
            let (exponent, end) = exponent(view, end + 1)?;
            Some(number(end, raise(base.value.short()?, exponent)?))
        }
        'e' => {
            let (exponent, end) = exponent(view, end + 1)?;
            let whole =
                !view.get(end).is_ascii_alphanumeric() && !view.before(base.start).is_ascii_alphabetic();
            let value = raise(Decimal::TEN, exponent)?.times(base.value.short()?)?;
            whole.then(|| number(end, value))
        }
        'x' | '×' | '*' | '·' | ' ' => {
            let sign = view.blanks(end);
            if !matches!(view.get(sign), 'x' | '×' | '*' | '·') {
                return None;
            }
            let ten = view.blanks(sign + 1);
            if view.digits(ten).is_none_or(|digits| digits.value != 10 || digits.count != 2) {
                return None;
            }
            let (exponent, end) = match view.get(ten + 2) {
                '^' => exponent(view, ten + 3)?,
                _ => superscript(view, ten + 2)?,
            };
            Some(number(end, raise(Decimal::TEN, exponent)?.times(base.value.short()?)?))
        }
        _ if base.value.small() == Some(10) => {
            let (exponent, end) = superscript(view, end)?;
            Some(number(end, raise(Decimal::TEN, exponent)?))
        }
        _ => None,
    }
}

/// Digits with any number of signs before them, each of which turns it round.
fn exponent(view: &View<'_>, mut at: usize) -> Option<(i32, usize)> {
    let start = at;
    let mut negative = false;
    while matches!(view.get(at), '-' | '+') && at < start + 2 {
        negative |= view.get(at) == '-';
        at += 1;
    }
    // Two signs are a slip of the pen for none.
    negative &= !(view.get(start) == '-' && at == start + 2);
    let digits = view.digits(at)?;
    let value = i32::try_from(digits.value).ok().filter(|value| *value <= 64)?;
    Some((if negative { -value } else { value }, digits.end))
}

fn superscript(view: &View<'_>, at: usize) -> Option<(i32, usize)> {
    let negative = view.get(at) == '⁻';
    let start = if negative { at + 1 } else { at };
    let (mut value, mut end) = (0, start);
    while let Some(digit) = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|digit| digit == view.get(end)) {
        value = value * 10 + i32::try_from(digit).ok()?;
        end += 1;
        if value > 64 {
            return None;
        }
    }
    (end > start).then_some((if negative { -value } else { value }, end))
}

/// To 15 significant digits, as divisions are; nothing if it overflows.
fn raise(base: Decimal, exponent: i32) -> Option<Amount> {
    let mut value = Decimal::ONE;
    for _ in 0..exponent.unsigned_abs() {
        value = value.checked_mul(base)?;
    }
    if exponent < 0 {
        // A power of ten is exact.
        if base == Decimal::TEN && exponent >= -28 {
            return Some(Amount::Short(Decimal::new(1, exponent.unsigned_abs())));
        }
        return Amount::whole(1).over(&Amount::Short(value));
    }
    let exact = base.is_integer() || value.scale() < 28;
    if exact && value.is_integer() {
        Some(Amount::Short(value))
    } else {
        value.round_sf(15).map(Amount::Short)
    }
}
