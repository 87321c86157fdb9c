//! Amounts said in more than one unit: 五元三毛, "3 dollars 50 cents", "six feet two inches", 一吨半, "a mile and a half".

use rust_decimal::Decimal;

use crate::amount::Amount;
use crate::numeral::{self, Form, Number, chinese_digit, number_at};
use crate::part::UnitOf;
use crate::units::{self, Class};
use crate::view::View;

/// The whole in the first unit, which ends at `end`, and the index after it; nothing if a single unit is all there is.
pub(crate) fn compound(
    view: &View<'_>,
    number: &Number,
    unit: &UnitOf,
    end: usize,
) -> Option<(Amount, usize)> {
    if number.bounds.is_some() {
        return None;
    }
    if unit.code == "m" {
        return metres(view, number, end);
    }
    if unit.code == "[ft_i]" {
        let part = next_number(view, end)?.0;
        let inches = units::behind(view, view.blanks(part.end)).filter(|found| found.unit.code == "[in_i]");
        let end = match inches {
            Some(found) => found.end,
            None => view.next_word(part.end).filter(|word| word.as_str() == "in")?.end,
        };
        return Some((number.value.plus(&part.value.over(&Amount::whole(12))?)?, end));
    }
    if unit.class != Class::Money {
        return None;
    }
    let (mut total, mut end) = (number.value.times(unit.factor)?, end);
    let mut level = unit.factor;
    let first = end;
    while let Some((part, joined)) = next_number(view, end) {
        if let Some((factor, after)) = smaller(view, unit, level, &part) {
            total = total.plus(&part.value.times(factor)?)?;
            (level, end) = (factor, after);
        } else {
            if let Some(rest) = unnamed(view, unit, level, end, &part, joined) {
                total = total.plus(&rest)?;
                end = part.end;
            }
            break;
        }
    }
    let value = total.short()?.checked_div(unit.factor)?;
    (end > first).then_some((Amount::Short(value), end))
}

/// The number behind `end` and perhaps "and", and whether there was an "and".
fn next_number(view: &View<'_>, end: usize) -> Option<(Number, bool)> {
    let mut next = view.blanks(end);
    let and = view.word(next).filter(|word| word.as_str() == "and");
    if let Some(and) = and {
        next = view.blanks(and.end);
    }
    let starts = view.get(next).is_ascii_alphanumeric() || numeral::is_chinese_numeral(view.get(next));
    let part = if starts { number_at(view, next)? } else { return None };
    (part.bounds.is_none() && !(part.scaled && part.factor > Decimal::TEN)).then_some((part, and.is_some()))
}

/// The factor of the smaller unit behind `part`, as in 三毛 behind 五元, and the end of its name.
fn smaller(view: &View<'_>, unit: &UnitOf, level: Decimal, part: &Number) -> Option<(Decimal, usize)> {
    let at = view.blanks(part.end);
    if view.get(at) == '分' && unit.code == "CNY" && level < Decimal::ONE {
        return Some((Decimal::new(1, 2), at + 1));
    }
    let found = units::behind(view, at).filter(|found| found.unit.class == Class::Money)?;
    let same = found.unit.code == unit.code && found.unit.factor < level;
    // Cents belong to any currency that is counted in hundredths.
    let hundredth = Decimal::new(1, 2);
    let general =
        found.unit.code.starts_with('{') || found.unit.code == "USD" && found.unit.factor < Decimal::ONE;
    let cents = level == Decimal::ONE && general && units::is_hundredth(view, at, found.end);
    match (same, cents) {
        (true, _) => Some((found.unit.factor, found.end)),
        (false, true) => Some((hundredth, found.end)),
        _ => None,
    }
}

/// What a number without a unit counts behind money: 五块五, "15 dollars 50", "one dollar and one".
fn unnamed(
    view: &View<'_>,
    unit: &UnitOf,
    level: Decimal,
    end: usize,
    part: &Number,
    joined: bool,
) -> Option<Amount> {
    let value = part.value.small().filter(|value| (1..100).contains(value) && !part.scaled)?;
    if !closed(view, part.end) {
        return None;
    }
    let digits = part.end - part.start;
    let yuan = unit.code == "CNY" && value < 10;
    if yuan && level > Decimal::new(1, 2) && (part.start == end || part.form == Form::Words && digits > 1) {
        return part.value.times(level.checked_div(Decimal::TEN)?);
    }
    let tight = part.start > end && part.form == Form::Digits && digits == 2;
    let hundredths = level == Decimal::ONE && (joined && part.form == Form::Words || tight);
    if hundredths { part.value.times(Decimal::new(1, 2)) } else { None }
}

/// True if nothing that could be counted follows.
fn closed(view: &View<'_>, end: usize) -> bool {
    let tail = view.blanks(end);
    match view.get(tail) {
        '\0' | '\n' | ';' | '!' | '?' | ')' | '，' | '。' | '；' | '！' | '？' | '、' | '的' | '钱' => {
            true
        }
        '.' | ',' => !view.get(tail + 1).is_ascii_digit() || view.raw(tail) == '，',
        _ => view.word(tail).is_some_and(|word| word.as_str() == "and"),
    }
}

/// "$100 and fifty": cents.
pub(crate) fn and_hundredths(view: &View<'_>, number: &Number) -> Option<(Amount, usize)> {
    let (part, joined) = next_number(view, number.end)?;
    let value = part.value.small().filter(|value| (10..100).contains(value))?;
    let tail = view.blanks(part.end);
    let last = !view.get(tail).is_alphanumeric();
    (joined && last && part.form == Form::Words && number.factor == Decimal::ONE)
        .then_some((number.value.plus(&Amount::Short(Decimal::new(value, 2)))?, part.end))
}

/// 一吨半, "two tons and a half": a part of the unit more.
pub(crate) fn halves(view: &View<'_>, number: &Number, end: usize) -> Option<(Amount, usize)> {
    number.value.small()?;
    if number.bounds.is_some() {
        return None;
    }
    let half = Amount::Short(Decimal::new(5, 1));
    if view.get(end) == '半' {
        let other = matches!(view.get(end + 1), '年' | '导' | '数' | '天' | '小' | '个' | '成' | '月' | '价');
        return if other { None } else { Some((number.value.plus(&half)?, end + 1)) };
    }
    let and = view.next_word(end).filter(|and| and.as_str() == "and")?;
    let article = view.next_word(and.end).filter(|article| article.as_str() == "a")?;
    let part = view.next_word(article.end)?;
    let value = match part.as_str() {
        "half" => half,
        "quarter" => Amount::Short(Decimal::new(25, 2)),
        _ => return None,
    };
    let tail = view.blanks(part.end);
    let alone = !view.get(tail).is_alphanumeric()
        || view.word(tail).is_some_and(|word| {
            matches!(word.as_str(), "of" | "to" | "in" | "from" | "at" | "away" | "per" | "long" | "and")
        });
    Some((number.value.plus(&value)?, part.end)).filter(|_| alone)
}

/// 一米八, 1米75: digits behind the metre are its decimals.
fn metres(view: &View<'_>, number: &Number, end: usize) -> Option<(Amount, usize)> {
    number.value.small().filter(|value| (0..100).contains(value))?;
    if view.before(end) != '米' {
        return None;
    }
    let mut here = end;
    let mut value = 0;
    while here < end + 2 {
        let character = view.get(here);
        let Some(digit) = character.to_digit(10).or_else(|| chinese_digit(character)) else { break };
        value = value * 10 + i64::from(digit);
        here += 1;
    }
    let next = view.get(here);
    let ends = closed(view, here) || matches!(next, '高' | '长' | '宽' | '深' | '左' | '以' | '多');
    let scale = u32::try_from(here - end).ok()?;
    (here > end && ends).then_some((number.value.plus(&Amount::Short(Decimal::new(value, scale)))?, here))
}
