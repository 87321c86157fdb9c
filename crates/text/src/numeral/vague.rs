//! Vague counts, which are bounds and never a made-up number: 数千, 上百, dozens of, several thousand.

use super::chinese::{digit, scale as power_of, scale_of_unit};
use super::words::scale;
use super::{Form, Number};
use crate::amount::Amount;
use crate::mention::Qualifier;
use crate::view::View;
use rust_decimal::Decimal;

fn bounded(at: usize, end: usize, form: Form, low: Amount, high: Option<Amount>) -> Number {
    let mut number = Number::plain(at, end, low.clone(), form);
    number.bounds = Some((low, high));
    number.scaled = true;
    number
}

/// 数千, 几十万, 好几百亿, 上百, 成千上万, 数倍
pub(super) fn chinese(view: &View<'_>, at: usize) -> Option<Number> {
    match view.get(at) {
        '数' | '几' | '好' => several(view, at),
        '上' | '成' => upwards(view, at),
        '百' | '千' | '万' | '亿' => lone_scale(view, at),
        _ => None,
    }
}

fn several(view: &View<'_>, at: usize) -> Option<Number> {
    let mut end = at + 1;
    let good = view.get(at) == '好';
    if good {
        if !matches!(view.get(end), '几' | '些') {
            return None;
        }
        end += 1;
    }
    let (power, end) = powers(view, end);
    if power == 0 {
        // 数倍, 数吨: at least two; 几 alone asks more often than it counts.
        // 数千公斤 are thousands of kilograms, though 千公斤 after digits is a tonne.
        if view.get(at) == '数' && view.get(end) == '千' && view.get(end + 1) == '公' {
            return Some(bounded(
                at,
                end + 1,
                Form::Chinese,
                Amount::whole(1_000),
                Some(Amount::whole(10_000)),
            ));
        }
        let counted = matches!(view.get(end), '倍' | '吨') && (view.get(at) == '数' || good);
        let low = Amount::whole(2);
        return counted.then(|| bounded(at, end, Form::Chinese, low, Some(Amount::whole(10))));
    }
    let low = Amount::whole(10_u64.checked_pow(power)?);
    let high = low.times(Decimal::TEN)?;
    Some(bounded(at, end, Form::Chinese, low, Some(high)))
}

/// The power of ten of the scale characters at `at`, at most 16, and their end.
fn powers(view: &View<'_>, at: usize) -> (u32, usize) {
    let (mut power, mut last, mut end) = (0, 0, at);
    while let Some(next) = power_of(view.get(end)).filter(|_| !scale_of_unit(view, end)) {
        if last >= next || power + next > 16 {
            break;
        }
        power += next;
        last = if next >= 4 { next } else { 0 };
        end += 1;
    }
    (power, end)
}

/// 上百, 上千亿, 成百上千, 成千上万: at least so many.
fn upwards(view: &View<'_>, at: usize) -> Option<Number> {
    let mut start = at + 1;
    let mut least = None;
    if view.get(at) == '成' {
        least = Some(power_of(view.get(at + 1)).filter(|power| (2..=4).contains(power))?);
        if !matches!(view.get(at + 2), '上') {
            return None;
        }
        start = at + 3;
    }
    let (power, end) = powers(view, start);
    // 上十 is no count, nor is 以上万.
    let in_word = matches!(view.get(end), '度' | '货' | '姓' | '科' | '年') && power < 5;
    if power < 2 || in_word || matches!(view.before(at), '以' | '如' | '之') {
        return None;
    }
    let low = Amount::whole(10_u64.checked_pow(least.unwrap_or(power))?);
    Some(bounded(at, end, Form::Chinese, low, None))
}

/// 近百, 逾千亿, 百余: a scale without a coefficient counts one where a word around shows that it counts.
fn lone_scale(view: &View<'_>, at: usize) -> Option<Number> {
    let (power, end) = powers(view, at);
    let after = view.get(end);
    let more = matches!(after, '余' | '多') && power < 8;
    let before = view.before(at);
    let qualified = matches!(before, '近' | '逾' | '超' | '约')
        || before == '过' && at >= 2 && view.get(at - 2) == '超'
        || view.starts_with(at.saturating_sub(2), "不足");
    let in_word = matches!(after, '分' | '年' | '科' | '一') || scale_of_unit(view, at);
    let late =
        view.starts_with(at.saturating_sub(2), "最近") || view.starts_with(at.saturating_sub(2), "附近");
    if power < 2 || in_word || late || !(more || qualified) {
        return None;
    }
    let value = Amount::whole(10_u64.checked_pow(power)?);
    let mut number = Number::plain(at, end, value, Form::Chinese);
    number.scaled = true;
    if more {
        // 百余万: the scale behind multiplies.
        let (further, past) = powers(view, end + 1);
        let further = if further >= 4 { Decimal::from(10_u64.checked_pow(further)?) } else { Decimal::ONE };
        number = number.scaled_by(further, if further > Decimal::ONE { past } else { end + 1 })?;
        number.qualifier = Some(Qualifier::Over);
    }
    Some(number)
}

/// Two neighbouring digits before a unit (三四千, 二三十, 两三个): from the one to the other.
pub(super) fn pair(view: &View<'_>, at: usize) -> Option<Number> {
    let first = digit(view.get(at))?;
    // 三五 is the one pair that leaves a number out.
    let second = digit(view.get(at + 1))
        .filter(|second| *second == first + 1 && first > 0 || (first, *second) == (3, 5))?;
    let counted = matches!(view.get(at + 2), '个' | '家' | '倍' | '成' | '天' | '年' | '次' | '吨');
    if power_of(view.get(at + 2)).is_none() && !counted {
        return None;
    }
    let mut end = at + 2;
    let mut factor = Amount::whole(1);
    while let Some(power) = power_of(view.get(end)).filter(|_| !scale_of_unit(view, end)) {
        factor = factor.times(Decimal::from(10_u64.pow(power)))?;
        end += 1;
    }
    let low = factor.times(Decimal::from(first))?;
    let high = factor.times(Decimal::from(second))?;
    let mut number = bounded(at, end, Form::Chinese, low, Some(high));
    number.scaled = end > at + 2;
    Some(number)
}

/// How much more the second digit of 十七八 or 二百三四 counts: tenths of the scale before, as in 二百三.
pub(super) fn step(view: &View<'_>, second: usize) -> u64 {
    match power_of(view.get(second.saturating_sub(2))) {
        Some(power) if power > 1 => 10_u64.pow(power - 1),
        _ => 1,
    }
}

/// "dozens of", "tens of thousands", "hundreds of millions": at least that many.
pub(super) fn plural(view: &View<'_>, at: usize) -> Option<Number> {
    let word = view.word(at)?;
    let mut low = match word.as_str() {
        "dozens" => 24,
        "scores" => 40,
        "tens" => 10,
        // A plural is two at least.
        "hundreds" => 200,
        "thousands" => 2_000,
        "millions" => 2_000_000,
        "billions" => 2_000_000_000,
        _ => 2_000_000_000_000_u64,
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
            // "hundreds of thousands" are a hundred thousand at least.
            low = if low % 100 == 0 { low / 2 } else { low }.checked_mul(factor)?;
            end = next.end;
        }
    }
    if low == 10 || low == 40 {
        return None;
    }
    Some(bounded(at, end, Form::Words, Amount::whole(low), None))
}

/// "several thousand", "a few hundred million": from one to ten of the scale.
pub(super) fn few(view: &View<'_>, at: usize, after: usize) -> Option<Number> {
    let mut word = view.next_word(after)?;
    let mut low = scale(word.as_str()).filter(|_| !word.as_str().ends_with('s'))?;
    while let Some(next) = view.next_word(word.end) {
        let Some(factor) = scale(next.as_str()).filter(|factor| *factor > low) else { break };
        low = low.checked_mul(factor)?;
        word = next;
    }
    let low = Amount::whole(low);
    let high = low.times(Decimal::TEN)?;
    Some(bounded(at, word.end, Form::Words, low, Some(high)))
}
