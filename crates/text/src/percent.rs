//! Chinese ways to say parts: 百分之五, 千分之一, 三成, 七五折, 五分之一.

use rust_decimal::Decimal;

use crate::amount::Amount;
use crate::numeral::{Form, Number, number_at};
use crate::part::{Part, UnitOf};
use crate::units::Class;
use crate::view::View;

/// The words with which percentages in words begin.
pub(crate) const OPENERS: &[&str] = &["per", "percent"];

/// A percentage that is not a number with a percent sign behind it; `read` is the number that begins at `at`.
pub(crate) fn part_at(view: &View<'_>, at: usize, read: Option<&Number>) -> Option<Part> {
    let (start, end, value) =
        hundredth(view, at).or_else(|| tenths(view, at, read)).or_else(|| percent_of(view, at))?;
    let mut number = Number::plain(start, end, value, Form::Chinese);
    if let Some(vague) = read.filter(|vague| vague.bounds.is_some() && view.get(vague.end) == '成') {
        number.bounds = vague.clone().scaled_by(Decimal::TEN, end)?.bounds;
    }
    let unit = UnitOf { code: "%".into(), class: Class::Percent, factor: Decimal::ONE };
    Some(Part { start, end, number, unit: Some(unit), prefixed: false, doubt: None })
}

/// 百分之五, 千分之一, 百万分之三
fn hundredth(view: &View<'_>, at: usize) -> Option<(usize, usize, Amount)> {
    let mut power = 0_u32;
    let mut here = at;
    loop {
        power += match view.get(here) {
            '百' | '佰' => 2,
            '千' | '仟' => 3,
            '万' => 4,
            '亿' => 8,
            _ => break,
        };
        if power > 16 {
            return None;
        }
        here = view.blanks(here + 1);
    }
    if power == 0
        || power > 16
        || crate::numeral::is_chinese_numeral(view.before(view.blanks_back(at)))
        || view.before(at).is_ascii_digit()
    {
        return None;
    }
    let here = view.loosely(here, "分之")?;
    let next = view.blanks(here);
    if power == 2 && view.get(next) == '百' && !crate::numeral::is_chinese_numeral(view.get(next + 1)) {
        return Some((at, next + 1, Amount::whole(100)));
    }
    let number = number_at(view, next)?;
    let value = if power == 2 {
        number.value.clone()
    } else {
        Amount::Short(
            number
                .value
                .short()?
                .checked_mul(Decimal::from(100))?
                .checked_div(Decimal::from(10_u64.pow(power)))?,
        )
    };
    // 百分之二三十 is a vague count.
    number.bounds.is_none().then_some((at, number.end, value))
}

/// 三成, 七成六, 九五折, 半成
fn tenths(view: &View<'_>, at: usize, read: Option<&Number>) -> Option<(usize, usize, Amount)> {
    if view.get(at) == '半' && matches!(view.get(at + 1), '成' | '折') {
        let value = if view.get(at + 1) == '成' { 5 } else { 50 };
        let lone = !matches!(view.get(at + 2), '品' | '本' | '扣' | '叠');
        return lone.then_some((at, at + 2, Amount::whole(value)));
    }
    let first = view.get(at);
    if !(first.is_ascii_digit() || crate::numeral::is_chinese_numeral(first))
        || view.before(at).is_ascii_digit()
    {
        return None;
    }
    let number = read?;
    if number.value.is_zero() || number.bounds.is_some() && view.get(number.end) != '成' {
        return None;
    }
    let mark = view.blanks(number.end);
    let next = view.get(mark + 1);
    if !matches!(view.get(mark), '成' | '折') {
        return None;
    }
    let ten = number.value.times(Decimal::TEN)?;
    let below = |limit: u64| number.value.less_than(&Amount::whole(limit));
    match view.get(mark) {
        '成' if below(11)
            && !matches!(
                next,
                '本' | '为'
                    | '立'
                    | '交'
                    | '长'
                    | '品'
                    | '功'
                    | '员'
                    | '分'
                    | '都'
                    | '绩'
                    | '果'
                    | '熟'
                    | '效'
                    | '年'
            ) =>
        {
            let after = view.blanks(mark + 1);
            let digit =
                crate::numeral::chinese_digit(view.get(after)).filter(|digit| (1..10).contains(digit));
            match (digit, next) {
                (_, '半') => Some((at, mark + 2, ten.plus(&Amount::whole(5))?)),
                (Some(digit), _) if !crate::numeral::is_chinese_numeral(view.get(after + 1)) => {
                    Some((at, after + 1, ten.plus(&Amount::whole(digit.into()))?))
                }
                _ => Some((at, mark + 1, ten)),
            }
        }
        '折' if below(10) && !matches!(next, '扣' | '算' | '旧' | '价' | '叠' | '射' | '合' | '线') => {
            Some((at, mark + 1, ten))
        }
        '折' if below(100)
            && !below(11)
            && number.value.small().is_some()
            && !matches!(next, '扣' | '算') =>
        {
            Some((at, mark + 1, number.value.clone()))
        }
        _ => None,
    }
}

/// "per cent of twenty-two"
fn percent_of(view: &View<'_>, at: usize) -> Option<(usize, usize, Amount)> {
    if view.get(at) != 'p' || !view.at_edge(at) {
        return None;
    }
    let (_, after) = view.any_of(at, &["per cent of ", "percent of "])?;
    if view.before(view.blanks_back(at)).is_alphanumeric() {
        return None;
    }
    let number = number_at(view, after)?;
    (number.form == Form::Words && number.bounds.is_none()).then_some((at, number.end, number.value))
}

/// 五分之一, 三又二分之一, 十六分之5: a plain number.
pub(crate) fn chinese_fraction(view: &View<'_>, number: &Number) -> Option<Number> {
    if number.bounds.is_some() || number.form == Form::Words {
        return None;
    }
    if let Some(part) = over(view, number) {
        return Some(part);
    }
    let and = view.blanks(number.end);
    if view.get(and) != '又' {
        return None;
    }
    let bottom = number_at(view, view.blanks(and + 1))?;
    let part = match over(view, &bottom) {
        Some(part) => part,
        // 1又1/2
        None if view.get(bottom.end) != '分' && bottom.value.less_than(&Amount::whole(1)) => bottom,
        None => return None,
    };
    let value = number.value.plus(&part.value)?;
    Some(Number::plain(number.start, part.end, value, Form::Chinese))
}

/// "one over three" where nothing is counted behind it, "two out of five hundred" where it is a part.
pub(crate) fn english_fraction(view: &View<'_>, top: &Number) -> Option<Number> {
    let at = top.start;
    let word = view.next_word(top.end).filter(|_| view.get(top.end) == ' ')?;
    let (after, out_of) = match word.as_str() {
        "over" => (word.end, false),
        "out" => (view.next_word(word.end).filter(|of| of.as_str() == "of")?.end, true),
        _ => return None,
    };
    let bottom = number_at(view, view.blanks(after))?;
    let tail = view.blanks(bottom.end);
    let closed = matches!(view.get(tail), '\0' | '\n' | ',' | ';' | ')')
        || view.get(tail) == '.' && !view.get(tail + 1).is_ascii_digit();
    if bottom.bounds.is_some() || top.bounds.is_some() || view.before(at) == '$' {
        return None;
    }
    let fits = if out_of { top.value.less_than(&bottom.value) } else { closed };
    let value = top.value.over(&bottom.value).filter(|_| fits)?;
    Some(Number::plain(at, bottom.end, value, Form::Words))
}

fn over(view: &View<'_>, bottom: &Number) -> Option<Number> {
    let at = view.blanks(bottom.end);
    if view.get(at) != '分' {
        return None;
    }
    let top = number_at(view, view.blanks(view.loosely(at, "分之")?))?;
    if top.bounds.is_some() {
        return None;
    }
    let value = top.value.over(&bottom.value)?;
    Some(Number::plain(bottom.start, top.end, value, Form::Chinese))
}
