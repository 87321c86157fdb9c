//! Rates whose denominator stands first, 每吨9663美元 and 每年800吨, and fractions of a whole, which are percentages.

use rust_decimal::Decimal;

use crate::amount::Amount;
use crate::mention::{Kind, Kinds};
use crate::numeral::{Form, Number};
use crate::part::{Part, UnitOf, part_at};
use crate::phrase::{Phrase, single};
use crate::rate::{self, Rate};
use crate::units::Class;
use crate::view::{View, is_han};
use crate::{qualifier, range};

/// Words that may stand between the denominator and the number: they qualify it.
const BETWEEN: &[&str] = &[
    "不超过", "不低于", "不高于", "不少于", "超过", "不到", "不足", "低于", "高于", "接近", "大约", "达到",
    "上涨", "下跌", "约", "近", "逾", "超", "达", "为",
];

/// 每吨9663美元, 每公斤不到1万元, 每年3,200吨: a rate that begins with 每.
pub(crate) fn rate_at(view: &View<'_>, at: usize, kinds: Kinds) -> Option<Phrase> {
    if view.get(at) != '每' || !kinds.contains(Kind::Quantity) {
        return None;
    }
    let rate = rate::leading(view, at + 1)?;
    let number_at = number_behind(view, rate.end)?;
    let mut part = part_at(view, number_at, kinds)?;
    // 每磅24至27美元: the unit is said once, behind the second end.
    if part.unit.is_none()
        && let Some(range) = range::range(view, &part, kinds)
    {
        return ranged(view, at, range, &rate);
    }
    if !divide(&mut part, &rate) {
        return None;
    }
    let mut phrase = match range::range(view, &part, kinds) {
        Some(mut range) => {
            // The second end was said without the rate.
            range.unit = part.unit.as_ref().map(|unit| unit.code.clone().into_owned());
            range.qualifier =
                range.qualifier.or_else(|| qualifier::before(view, number_at).map(|found| found.0));
            range
        }
        None => single(view, part)?,
    };
    if phrase.qualifier.is_none() {
        phrase.qualifier = qualifier::before(view, at).map(|found| found.0);
    }
    phrase.scope.start = phrase.scope.start.min(at);
    phrase.start = at;
    Some(phrase)
}

/// A range of money whose denominator stands before it.
fn ranged(view: &View<'_>, at: usize, mut range: Phrase, rate: &Rate) -> Option<Phrase> {
    let code = range.unit.take()?;
    let money = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    let mut unit = UnitOf { code: code.into(), class: Class::Money, factor: Decimal::ONE };
    if !money || rate::divide(&mut unit, rate).is_none() {
        return None;
    }
    let scaled = |amount: Option<Amount>| match amount {
        Some(amount) if unit.factor != Decimal::ONE => amount.times(unit.factor).map(Some),
        amount => Some(amount),
    };
    (range.low, range.high) = (scaled(range.low)?, scaled(range.high)?);
    range.unit = Some(unit.code.into_owned());
    range.qualifier = range.qualifier.or_else(|| qualifier::before(view, at).map(|found| found.0));
    range.scope.start = range.scope.start.min(at);
    range.start = at;
    Some(range)
}

/// Where the number begins behind the denominator: the good may be named, or a qualifier said, between.
fn number_behind(view: &View<'_>, end: usize) -> Option<usize> {
    let begins = |at: usize| {
        let first = view.get(at);
        first.is_ascii_digit()
            || matches!(first, '$' | '¥' | '-' | 'u')
            || crate::numeral::is_chinese_numeral(first)
    };
    let direct = view.blanks(end);
    if begins(direct) {
        return Some(direct);
    }
    if let Some((_, after)) = view.any_of(direct, BETWEEN) {
        return Some(view.blanks(after)).filter(|at| begins(*at));
    }
    // 每吨镍13,500美元
    if view.before(end) == '股' {
        return None;
    }
    (is_han(view.get(end)) && view.get(end + 1).is_ascii_digit()).then_some(end + 1)
}

/// Divides money, or what is counted by a time; false for anything else.
fn divide(part: &mut Part, rate: &Rate) -> bool {
    let Some(unit) = part.unit.as_mut() else { return false };
    if unit.code.contains('/') {
        return unit.class == Class::Money;
    }
    let fits = match unit.class {
        Class::Money => true,
        Class::Percent | Class::Multiple => false,
        _ => rate.is_time(),
    };
    fits && rate::divide(unit, rate).is_some()
}

/// A third, 十分之一, two-thirds: a fraction below one as a percentage, to two decimals where it has no end.
pub(crate) fn as_percent(number: &Number) -> Option<Amount> {
    if number.form == Form::Digits || number.bounds.is_some() || !number.value.less_than(&Amount::whole(1)) {
        return None;
    }
    let value = number.value.short()?.checked_mul(Decimal::ONE_HUNDRED)?;
    (value > Decimal::ZERO).then(|| Amount::Short(value.round_dp(2).normalize()))
}

/// "half of", "half the", 一半: the half of something.
pub(crate) fn half_at(view: &View<'_>, at: usize) -> Option<usize> {
    if view.get(at) == '一' {
        return view.any_of(at, &["一半"]).map(|found| found.1);
    }
    // Asked at most words: the four letters are compared at once.
    if view.letters_at(at) != u64::from_le_bytes(*b"half\0\0\0\0") {
        return None;
    }
    let word = view.word(at).filter(|_| !view.before(at).is_ascii_alphanumeric())?;
    if view.get(word.end) == '-' {
        return None;
    }
    let before = view.word_before(view.blanks_back(at));
    let part = before.is_some_and(|(_, before)| {
        matches!(
            before.as_str(),
            "first"
                | "second"
                | "last"
                | "the"
                | "a"
                | "one"
                | "and"
                | "other"
                | "this"
                | "that"
                | "previous"
                | "next"
                | "latter"
                | "current"
                | "each"
        )
    }) || view.before(at) == '-';
    let next = view.next_word(word.end)?;
    let of = matches!(next.as_str(), "of" | "the" | "its" | "their" | "that" | "our" | "his")
        || view.raw(next.end - next.as_str().len()).is_ascii_uppercase() && view.starts_with(next.end, "'s ");
    (of && !part).then_some(word.end)
}
