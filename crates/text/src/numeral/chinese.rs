//! Chinese numerals, plain, financial, positional, and mixed with digits: 两千三百万, 壹佰, 二〇二五, 3.4万亿, 1亿2千万.

use rust_decimal::Decimal;

use super::digits::literal;
use super::vague;
use super::{Form, Number};
use crate::amount::Amount;
use crate::han::HanSet;
use crate::mention::Qualifier;
use crate::view::{View, is_han};

/// The value of a Chinese digit.
pub(crate) fn digit(character: char) -> Option<u32> {
    Some(match character {
        '零' | '〇' => 0,
        '一' | '壹' | '幺' => 1,
        '二' | '贰' | '貳' | '两' => 2,
        '三' | '叁' | '參' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// The power of ten of a Chinese scale character.
pub(super) fn scale(character: char) -> Option<u32> {
    Some(match character {
        '十' | '拾' => 1,
        '百' | '佰' => 2,
        '千' | '仟' => 3,
        '万' => 4,
        '亿' => 8,
        '兆' => 12,
        _ => return None,
    })
}

/// True for the characters of both.
#[inline]
pub(crate) fn is_numeral(character: char) -> bool {
    static SET: HanSet = HanSet::of(&[
        '零', '一', '壹', '幺', '二', '贰', '貳', '两', '三', '叁', '參', '四', '肆', '五', '伍', '六', '陆',
        '陸', '七', '柒', '八', '捌', '九', '玖', '十', '拾', '百', '佰', '千', '仟', '万', '亿', '兆',
    ]);
    character == '〇' || SET.has(character)
}

/// 二〇二五 and 二零二五 before 年: four positional digits.
pub(crate) fn years(view: &View<'_>, at: usize) -> Option<(i16, usize)> {
    let mut value = 0_i16;
    let mut end = at;
    while end < at + 4 {
        value = value * 10 + i16::try_from(digit(view.get(end))?).ok()?;
        end += 1;
    }
    Some((value, end))
}

/// Characters after which a scale character belongs to a unit: 千克, 千瓦, 百分, 兆瓦.
pub(super) fn scale_of_unit(view: &View<'_>, at: usize) -> bool {
    let next = view.get(at + 1);
    match view.get(at) {
        '千' => matches!(
            next,
            '克' | '瓦' | '米' | '卡' | '伏' | '帕' | '焦' | '安' | '赫' | '字' | '公' | '牛' | '比'
        ),
        '百' => next == '分' && view.get(at + 2) != '之',
        '兆' => matches!(next, '瓦' | '帕' | '赫' | '伏' | '焦' | '字' | '比'),
        _ => false,
    }
}

struct Builder {
    /// Sections above the present big unit, in all.
    total: Amount,
    /// The present section, below ten thousand.
    section: Amount,
    /// A coefficient that waits for its unit.
    pending: Option<Amount>,
    /// The pending coefficient was written in digits.
    literal: bool,
    /// Smallest unit in this section, as a power of ten; 9 if none.
    small: u32,
    /// Smallest big unit so far.
    big: u32,
    last_unit: Option<u32>,
    after_zero: bool,
    any_unit: bool,
    vague: bool,
    /// The first coefficient, and how many there are.
    first: Option<Amount>,
    coefficients: usize,
}

impl Builder {
    fn new() -> Builder {
        Builder {
            total: Amount::whole(0),
            section: Amount::whole(0),
            pending: None,
            literal: false,
            small: 9,
            big: 99,
            last_unit: None,
            after_zero: false,
            any_unit: false,
            vague: false,
            first: None,
            coefficients: 0,
        }
    }

    fn coefficient(&mut self, value: Amount, literal: bool) {
        self.first.get_or_insert_with(|| value.clone());
        self.coefficients += 1;
        self.pending = Some(value);
        self.literal = literal;
    }

    /// The scale, if a single coefficient has one: ten thousand for 2.85万.
    fn factor(&self) -> Option<Decimal> {
        let first = self.first.as_ref().filter(|_| self.coefficients == 1 && self.any_unit)?.short()?;
        let value = self.total.plus(&self.section)?.short()?;
        value.checked_div(first)
    }

    fn unit(&mut self, power: u32) -> Option<()> {
        let factor = Decimal::from(10_u64.pow(power));
        if power < 4 {
            let coefficient = self.pending.take().unwrap_or(Amount::whole(1));
            self.section = self.section.plus(&coefficient.times(factor)?)?;
            self.small = power;
        } else {
            let low = match self.pending.take() {
                Some(pending) => self.section.plus(&pending)?,
                None => self.section.clone(),
            };
            if power < self.big {
                let low = if low.is_zero() && self.total.is_zero() { Amount::whole(1) } else { low };
                self.total = self.total.plus(&low.times(factor)?)?;
            } else {
                self.total = self.total.plus(&low)?.times(factor)?;
            }
            self.section = Amount::whole(0);
            self.small = 9;
            self.big = power;
        }
        self.last_unit = Some(power);
        self.any_unit = true;
        self.after_zero = false;
        self.literal = false;
        Some(())
    }

    /// True if a coefficient of the unit `power` may follow here.
    fn accepts(&self, power: u32) -> bool {
        if power < 4 {
            return power < self.small;
        }
        // 万亿: a bigger unit after a smaller one multiplies, but only right behind it.
        power < self.big || (self.section.is_zero() && self.pending.is_none()) || self.total.is_zero()
    }

    fn finish(mut self) -> Option<(Amount, bool)> {
        if let Some(pending) = self.pending.take() {
            let factor = match self.last_unit {
                // 两千四百五 is 2450: the last digit counts tenths of the unit before it.
                Some(power) if !self.after_zero && power > 1 && !self.literal => 10_u64.pow(power - 1),
                _ => 1,
            };
            self.section = self.section.plus(&pending.times(Decimal::from(factor))?)?;
        }
        Some((self.total.plus(&self.section)?, self.vague))
    }
}

/// The Chinese or mixed number at `at`.
pub(super) fn number_at(view: &View<'_>, at: usize) -> Option<Number> {
    // This is asked at every place: most are left by their first character alone.
    let first = view.get(at);
    if !(first.is_ascii_digit()
        || is_numeral(first)
        || matches!(first, '.' | '数' | '几' | '好' | '上' | '成' | '半' | '廿' | '卅' | '卌'))
        || first.is_ascii_digit() && !before_scale(view, at)
    {
        return None;
    }
    if let Some(vague) = vague::chinese(view, at) {
        return Some(vague);
    }
    if let Some(number) = half(view, at).or_else(|| twenties(view, at)) {
        return Some(number);
    }
    if let Some(pair) = vague::pair(view, at) {
        return Some(pair);
    }
    if let Some(number) = positional(view, at) {
        return Some(number);
    }
    built(view, at)
}

/// A number that is built from coefficients and scales: 3.4万亿, 两千三百万.
fn built(view: &View<'_>, at: usize) -> Option<Number> {
    let mut builder = Builder::new();
    let mut end = at;
    let mut here = at;
    let mut characters = 0;
    loop {
        let current = view.get(here);
        if current.is_ascii_digit() || (current == '.' && here == at) {
            let Some(next) = coefficient(view, here, &mut builder, end, at) else { break };
            end = next;
        } else if let Some(value) = digit(current) {
            if builder.pending.is_some() {
                break;
            }
            let next = view.blanks(here + 1);
            if value == 0 && builder.any_unit {
                builder.after_zero = true;
                here = next;
                continue;
            }
            if let Some(power) = scale(view.get(next)).filter(|_| !scale_of_unit(view, next))
                && !builder.accepts(power)
            {
                break;
            }
            builder.coefficient(Amount::whole(value.into()), false);
            end = here + 1;
        } else if let Some(power) = scale(current).filter(|_| !scale_of_unit(view, here)) {
            if power < 4
                && builder.pending.is_none()
                && (builder.section.is_zero() && builder.any_unit && power > 1 || !builder.accepts(power))
            {
                break;
            }
            if power < 4 && !builder.accepts(power) {
                break;
            }
            // 百 and 千 need a coefficient, but for 百万 and 千万 within names; a lone 万 or 亿 is no number.
            if here == at && power != 1 && !financial_start(view, at) {
                return None;
            }
            builder.unit(power)?;
            end = here + 1;
        } else if matches!(current, '多' | '余' | '几')
            && builder.any_unit
            && !builder.vague
            && builder.pending.is_none()
        {
            // 十余万, 五百多, 肆拾几亿
            let after = view.blanks(here + 1);
            let followed = scale(view.get(after)).is_some_and(|power| power >= 4);
            if current == '余' && matches!(view.get(here + 1), '额' | '热' | '量' | '下')
                || current == '多' && view.get(here + 1) == '么'
            {
                break;
            }
            builder.vague = true;
            end = here + 1;
            if !followed {
                break;
            }
        } else {
            break;
        }
        characters += 1;
        here = end;
        let next = view.blanks(here);
        if next > here {
            let follows = view.get(next);
            let joins = if follows.is_ascii_digit() {
                builder.any_unit && builder.pending.is_none()
            } else {
                is_numeral(follows) || (matches!(follows, '多' | '余' | '几') && builder.any_unit)
            };
            if !joins {
                break;
            }
            here = next;
        }
    }
    if characters == 0 {
        return None;
    }
    if view.get(at).is_ascii_digit() && !builder.any_unit {
        return None;
    }
    let number = finish(view, at, end, builder, characters)?;
    Some(teens(view, &number).unwrap_or(number))
}

/// 十几, 二十几: eleven to nineteen, twenty-one to twenty-nine.
fn teens(view: &View<'_>, number: &Number) -> Option<Number> {
    let tens = number.value.small().filter(|value| (10..100).contains(value) && value % 10 == 0)?;
    if view.get(number.end.checked_sub(1)?) != '几' {
        return None;
    }
    let tens = u64::try_from(tens).ok()?;
    let mut number = number.clone();
    number.bounds = Some((Amount::whole(tens + 1), Some(Amount::whole(tens + 9))));
    number.qualifier = None;
    Some(number)
}

fn finish(view: &View<'_>, at: usize, end: usize, builder: Builder, characters: usize) -> Option<Number> {
    let any_unit = builder.any_unit;
    let factor = builder.factor();
    let last = if builder.pending.is_some() && !builder.literal { digit(view.get(end - 1)) } else { None };
    let (value, vague) = builder.finish()?;
    // 十七八个: seventeen or eighteen.
    if let Some(last) = last.filter(|last| any_unit && *last > 0)
        && digit(view.get(end)) == Some(last + 1)
        && digit(view.get(end + 1)).is_none()
    {
        let mut pair = Number::plain(at, end + 1, value.clone(), Form::Chinese);
        let step = Amount::whole(vague::step(view, end));
        pair.bounds = Some((value.clone(), Some(value.plus(&step)?)));
        pair.scaled = true;
        return Some(pair);
    }
    let mut number = Number::plain(at, end, value, Form::Chinese);
    number.scaled = any_unit;
    number.factor = factor.unwrap_or(Decimal::ONE);
    number.shy = characters == 1 && !any_unit;
    if vague {
        number.qualifier = Some(Qualifier::Over);
    }
    let number = decimals(view, number);
    // 五十打: dozens.
    if view.get(number.end) == '打'
        && !matches!(
            view.get(number.end + 1),
            '印' | '击' | '造' | '工' | '开' | '破' | '压' | '断' | '算' | '通'
        )
    {
        let after = number.end + 1;
        let mut dozens = number.scaled_by(Decimal::from(12), after)?;
        dozens.shy = false;
        return Some(dozens);
    }
    Some(number)
}

/// False if surely no scale stands behind the digits at `at`, which is told without reading them.
fn before_scale(view: &View<'_>, at: usize) -> bool {
    const ENOUGH: usize = 64;
    let behind = (at..at + ENOUGH)
        .map(|here| view.get(here))
        .find(|here| !(here.is_ascii_digit() || matches!(here, ',' | '.' | '\'' | ' ')));
    behind.is_none_or(|behind| scale(behind).is_some() || matches!(behind, '多' | '余'))
}

/// A coefficient in digits: it needs its unit right behind it.
fn coefficient(view: &View<'_>, here: usize, builder: &mut Builder, end: usize, at: usize) -> Option<usize> {
    if builder.pending.is_some() || (here > at && !builder.any_unit) {
        return None;
    }
    let number = literal(view, here)?;
    let mut unit = view.blanks(number.end);
    let blank = unit > number.end;
    // 500余万, 30多亿
    let vague =
        matches!(view.get(unit), '多' | '余') && scale(view.get(unit + 1)).is_some_and(|power| power >= 4);
    if vague {
        unit += 1;
    }
    let power = scale(view.get(unit)).filter(|_| !scale_of_unit(view, unit))?;
    if here > at && (power >= builder.last_unit.unwrap_or(0) || here > end + 2) {
        return None;
    }
    if power == 1 || blank && power < 4 && here == at {
        return None;
    }
    builder.coefficient(number.value, true);
    builder.vague |= vague;
    Some(if vague { unit } else { number.end })
}

/// 廿五, 卅, 卌二: old words for twenty, thirty and forty.
fn twenties(view: &View<'_>, at: usize) -> Option<Number> {
    let tens = match view.get(at) {
        '廿' => 20,
        '卅' => 30,
        '卌' => 40,
        _ => return None,
    };
    let unit = digit(view.get(at + 1)).filter(|unit| *unit > 0);
    let value = Amount::whole(u64::from(tens + unit.unwrap_or(0)));
    Some(Number::plain(at, at + 1 + usize::from(unit.is_some()), value, Form::Chinese))
}

/// 半百, 半打: half of the scale behind.
fn half(view: &View<'_>, at: usize) -> Option<Number> {
    if view.get(at) != '半' {
        return None;
    }
    let whole = match view.get(at + 1) {
        '打' => 12,
        '百' => 100,
        '千' if !scale_of_unit(view, at + 1) => 1_000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    };
    let value = Amount::whole(whole / 2);
    let mut number = Number::plain(at, at + 2, value, Form::Chinese);
    number.scaled = true;
    Some(number)
}

/// 壹佰 may begin with its unit in old texts; 十 always may.
fn financial_start(view: &View<'_>, at: usize) -> bool {
    matches!(view.get(at), '拾')
}

/// Positional digits: 二〇二五, 一二三.
fn positional(view: &View<'_>, at: usize) -> Option<Number> {
    // A single digit is by far the most frequent.
    digit(view.get(at))?;
    digit(view.get(at + 1))?;
    let mut end = at;
    let mut digits = String::new();
    while let Some(value) = digit(view.get(end)) {
        if matches!(view.get(end), '两') {
            return None;
        }
        digits.push(char::from_digit(value, 10)?);
        end += 1;
    }
    if digits.len() < 2 || digits.len() == 2 && scale(view.get(end)).is_some() {
        return None;
    }
    if scale(view.get(end)).is_some_and(|power| power < 4) {
        return None;
    }
    // 二三 alone is "two or three", which is no 23.
    if digits.len() == 2 && !digits.starts_with('0') && !matches!(view.get(end), '折' | '%') {
        return None;
    }
    let number = Number::plain(at, end, Amount::parse(&digits)?, Form::Chinese);
    Some(decimals(view, number))
}

/// Decimals behind 点, and a scale behind them: 三点五亿.
fn decimals(view: &View<'_>, mut number: Number) -> Number {
    let point = view.blanks(number.end);
    if view.get(point) != '点' || number.qualifier.is_some() {
        return number;
    }
    let mut digits = String::from("0.");
    let mut end = point + 1;
    loop {
        let here = if digits.len() > 2 || end == point + 1 { view.blanks(end) } else { end };
        let Some(value) = digit(view.get(here)).filter(|_| view.get(here) != '两') else { break };
        digits.extend(char::from_digit(value, 10));
        end = here + 1;
        if !is_han(view.get(end)) && view.get(end) != ' ' {
            break;
        }
    }
    if digits.len() == 2 {
        return number;
    }
    let Some(value) = Amount::parse(&digits).and_then(|fraction| number.value.plus(&fraction)) else {
        return number;
    };
    number.value = value;
    number.end = end;
    number.shy = false;
    let mut result = number;
    while let Some(power) =
        scale(view.get(result.end)).filter(|power| *power >= 4 && !scale_of_unit(view, result.end))
    {
        let next = result.end + 1;
        match result.clone().scaled_by(Decimal::from(10_u64.pow(power)), next) {
            Some(scaled) => result = scaled,
            None => break,
        }
    }
    result
}
