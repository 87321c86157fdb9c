//! Numbers as they are written: in digits, in Chinese, in English words, and mixed.

mod chinese;
mod digits;
mod english;
mod fraction;
mod power;
mod vague;
mod words;

use rust_decimal::Decimal;

use crate::amount::Amount;
use crate::mention::Qualifier;
use crate::view::{View, is_han};

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Digits, with a scale word perhaps.
    Digits,
    /// At least one Chinese numeral.
    Chinese,
    /// English words.
    Words,
}

/// A number found in a text; spans count characters.
#[derive(Clone, Debug)]
pub(crate) struct Number {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) value: Amount,
    /// For a vague count such as 数千: the bounds, of which the upper may be open.
    pub(crate) bounds: Option<(Amount, Option<Amount>)>,
    /// 多, 余, 几 within the number.
    pub(crate) qualifier: Option<Qualifier>,
    pub(crate) form: Form,
    /// It carries a scale (million, 亿, k), so that it is no year and no list number.
    pub(crate) scaled: bool,
    /// The scale at its end, which a range may say once for both ends; one if there is none.
    pub(crate) factor: Decimal,
    /// A single Chinese digit or the word "one", which is a number in some surroundings only.
    pub(crate) shy: bool,
}

impl Number {
    pub(crate) fn plain(start: usize, end: usize, value: Amount, form: Form) -> Number {
        Number {
            start,
            end,
            value,
            bounds: None,
            qualifier: None,
            form,
            scaled: false,
            factor: Decimal::ONE,
            shy: false,
        }
    }

    /// Multiplied by a factor, bounds and all.
    pub(crate) fn scaled_by(mut self, factor: Decimal, end: usize) -> Option<Number> {
        self.value = self.value.times(factor)?;
        if let Some((low, high)) = self.bounds.take() {
            let high = match high {
                Some(high) => Some(high.times(factor)?),
                None => None,
            };
            self.bounds = Some((low.times(factor)?, high));
        }
        self.factor = self.factor.checked_mul(factor)?;
        self.end = end;
        self.scaled = true;
        Some(self)
    }
}

/// The number that begins at `at`, the longest reading of it.
pub(crate) fn number_at(view: &View<'_>, at: usize) -> Option<Number> {
    // Values, dates and lengths ask for the same number one after the other.
    let first = view.get(at);
    if first.is_ascii_digit() || is_chinese_numeral(first) {
        return view.numbers.at(at, || read(view, at));
    }
    read(view, at)
}

fn read(view: &View<'_>, at: usize) -> Option<Number> {
    let first = view.get(at);
    let before = view.before(at);
    // Nothing begins in the middle of a number.
    if first.is_ascii_digit()
        && (before.is_ascii_digit() || before == '.' && at > 1 && view.get(at - 2).is_ascii_digit())
    {
        return None;
    }
    match first {
        '0'..='9'
        | '.'
        | '½'
        | '⅓'
        | '⅔'
        | '¼'
        | '¾'
        | '⅛'
        | '⅜'
        | '⅝'
        | '⅞'
        | '⅕'
        | '⅖'
        | '⅗'
        | '⅘'
        | '⅙'
        | '⅚' => {
            if first.is_ascii_digit()
                && let Some(number) = chinese::number_at(view, at)
            {
                return Some(number);
            }
            // "'000 t" heads a column: what is counted by the thousand.
            if matches!(before, '\'' | '’' | '‘')
                && view.digits(at).is_some_and(|digits| digits.count == 3 && digits.value == 0)
            {
                return None;
            }
            let number = digits::number_at(view, at)?;
            // A scale that could not be multiplied in makes it another number.
            if first.is_ascii_digit() && matches!(view.get(number.end), '万' | '亿') {
                return None;
            }
            Some(english::scaled(view, &number).unwrap_or(number))
        }
        '-' | '+' => {
            // A sign, not a dash: nothing that it could join stands before it.
            let before = view.before(at);
            // 较昨日+20, 较上周-50: behind what is compared with a sign is no dash.
            let compared = compared(view, at)
                || is_han(before)
                    && (first == '+'
                        || ["昨日", "前日", "上日", "昨天", "上周", "上月", "上期", "同比", "环比", "去年"]
                            .iter()
                            .any(|word| at >= 2 && view.starts_with(at - 2, word)));
            let joined = before.is_alphanumeric()
                && (!is_han(before) || is_chinese_numeral(before) || "年月日号吨元点度倍".contains(before))
                && !compared;
            if joined || matches!(before, ')' | ']' | '%' | '-' | '+' | '^') {
                return None;
            }
            if let Some(number) = set_off(view, at).or_else(|| column_sign(view, at)) {
                return signed(number, at, first == '-');
            }
            let next = view.get(at + 1);
            if !(next.is_ascii_digit() || next == '.' || "½⅓⅔¼¾".contains(next)) {
                return None;
            }
            let number = number_at(view, at + 1)?;
            // Behind Chinese a hyphen is a sign only where a unit shows it: 跌-1.5%, but 周报-20250713.
            let measured = || crate::units::behind(view, view.blanks(number.end)).is_some();
            let introduced = "约为是于到至达".contains(before) || compared;
            if is_han(before) && !introduced && !measured() {
                return None;
            }
            if sloppy_range(view, at, &number)
                || view.get(number.end) == '-' && view.get(number.end + 1).is_ascii_digit()
            {
                return None;
            }
            signed(number, at, first == '-')
        }
        '负' => {
            let mut number = number_at(view, view.blanks(at + 1))?;
            number.shy = false;
            signed(number, at, true)
        }
        'a'..='z' => {
            // This is asked at every word: most are no number by their first letter alone.
            let may_count =
                !matches!(first, 'c' | 'g' | 'i' | 'j' | 'k' | 'l' | 'p' | 'r' | 'u' | 'v' | 'w' | 'x' | 'y');
            if !may_count || before.is_ascii_alphanumeric() {
                return None;
            }
            if matches!(first, 'm' | 'n')
                && view.word(at).is_some_and(|word| matches!(word.as_str(), "minus" | "negative"))
            {
                let word = view.word(at)?;
                let number = number_at(view, view.blanks(word.end))?;
                let mut number = signed(number, at, true)?;
                number.shy = false;
                return Some(number);
            }
            english::number_at(view, at)
        }
        _ => chinese::number_at(view, at),
    }
}

/// 较昨日-10, 比上月+20: behind what something is compared with, and no date in digits, stands a sign.
fn compared(view: &View<'_>, at: usize) -> bool {
    const FAR: usize = 7;
    let ahead = at.saturating_sub(FAR)..at;
    let word = |index: usize| matches!(view.get(index), '较' | '比');
    let Some(from) = ahead.rev().find(|index| word(*index)) else { return false };
    (from + 1..at).all(|index| is_han(view.get(index)))
}

/// "- 1 4/5": a sign set off by a blank, where the number is all that the text says; else it would mark an item of a list.
fn set_off(view: &View<'_>, at: usize) -> Option<Number> {
    let next = view.blanks(at + 1);
    if next == at + 1 || view.blanks_back(at) > 0 {
        return None;
    }
    let number = number_at(view, next).filter(|_| view.get(next).is_ascii_digit())?;
    (view.blanks(number.end) == view.len()).then_some(number)
}

/// "370        - 1.2%": a sign in a column of its own, set off from its number by one blank and from what stands before by more.
fn column_sign(view: &View<'_>, at: usize) -> Option<Number> {
    let column = at >= 3 && (at - 3..at).all(|back| view.get(back) == ' ');
    let set_off = view.get(at + 1) == ' ' && view.get(at + 2).is_ascii_digit();
    if column && set_off && view.blanks_back(at) > 0 { number_at(view, at + 2) } else { None }
}

/// "75 -300mm": the hyphen behind another number is a dash if what follows is the larger one; a column of changes,
/// as in "445000 -5000", has the smaller one.
fn sloppy_range(view: &View<'_>, at: usize, number: &Number) -> bool {
    let end = view.blanks_back(at);
    // A tab parts two cells of a table.
    if end == at || !view.before(end).is_ascii_digit() || (end..at).any(|blank| view.get(blank) == '\t') {
        return false;
    }
    let mut start = end;
    while start > 0 && matches!(view.before(start), '0'..='9' | '.' | ',') {
        start -= 1;
    }
    digits::literal(view, start).is_some_and(|first| first.value.less_than(&number.value))
}

fn signed(mut number: Number, start: usize, negative: bool) -> Option<Number> {
    if number.bounds.is_some() {
        return None;
    }
    number.start = start;
    if negative {
        number.value = number.value.negate();
    }
    Some(number)
}

pub(crate) use chinese::{digit as chinese_digit, is_numeral as is_chinese_numeral, years as chinese_year};
pub(crate) use digits::continental;
pub(crate) use words::{CARDINALS, OPENERS, cardinal, ordinal};
