//! Numbers in digits: separators, decimals, fractions, powers, short scale letters.

use std::ops::Range;

use rust_decimal::Decimal;

use super::{Form, Number, power};
use crate::amount::Amount;
use crate::view::{Digits, View, is_han};

/// Digits with separators and decimals, and nothing more: `1,234.5`, `12,34,567`, `1 234 567`, `.25`.
pub(crate) fn literal(view: &View<'_>, at: usize) -> Option<Number> {
    let first = view.digits(at);
    let mut end = at;
    if let Some(first) = first {
        if let Some((whole_end, end)) = continental(view, at) {
            return written(view, at..end, Some(whole_end));
        }
        end = grouped(view, at, first);
        let grouped = end > first.end;
        if !grouped && view.get(end) == ',' && decimal_comma(view, at, first.count, end) {
            let fraction = view.digits(end + 1)?;
            return written(view, at..fraction.end, Some(end));
        }
    } else if view.get(at) != '.' || view.before(at).is_ascii_alphanumeric() || view.before(at) == '.' {
        return None;
    }
    let mut point = None;
    if view.get(end) == '.'
        && let Some(fraction) = view.digits(end + 1)
    {
        // A second point makes it an address, a version or a list number, which is read elsewhere.
        point = Some(end);
        end = fraction.end;
    }
    if end == at {
        return None;
    }
    written(view, at..end, point)
}

/// The number that the digits of a span write, with decimals behind `point`.
fn written(view: &View<'_>, span: Range<usize>, point: Option<usize>) -> Option<Number> {
    let digits = |span: Range<usize>| span.filter_map(|at| view.get(at).to_digit(10));
    let whole = span.start..point.unwrap_or(span.end);
    let decimals = point.map_or(0..0, |point| point + 1..span.end);
    let amount = match Amount::of_digits(digits(whole.clone()), digits(decimals.clone())) {
        Some(amount) => amount,
        None => {
            let character = |digit: u32| char::from_digit(digit, 10);
            let mut text: String = digits(whole).filter_map(character).collect();
            if point.is_some() {
                text.push('.');
                text.extend(digits(decimals).filter_map(character));
            }
            Amount::parse(&text)?
        }
    };
    Some(Number::plain(span.start, span.end, amount, Form::Digits))
}

/// `10.000,50` and `1 234 567,8`: points or blanks between groups of three, and a comma before the decimals. The comma after such
/// groups makes it sure; `10.000` alone is ten. Where the comma is, and the end.
pub(crate) fn continental(view: &View<'_>, at: usize) -> Option<(usize, usize)> {
    let first = view.digits(at).filter(|first| first.count <= 3)?;
    let separator = Some(view.get(first.end)).filter(|separator| matches!(separator, '.' | ' '))?;
    let mut end = first.end;
    while view.get(end) == separator {
        let Some(group) = view.digits(end + 1).filter(|group| group.count == 3) else { break };
        end = group.end;
    }
    if end == first.end || view.raw(end) != ',' || view.get(at) == '0' {
        return None;
    }
    let decimals = view.digits(end + 1).filter(|decimals| decimals.count <= 2)?;
    let more = matches!(view.get(decimals.end), '.' | ',') && view.get(decimals.end + 1).is_ascii_digit();
    (!more && view.before(at) != '.').then_some((end, decimals.end))
}

/// The most groups that a number is read with.
const MOST_GROUPS: usize = 4_000;

/// The index after groups of digits set off by separators behind the first digits, which begin at `start`.
fn grouped(view: &View<'_>, start: usize, first: Digits) -> usize {
    let at = first.end;
    if first.count > 3 {
        return at;
    }
    let separator = view.get(at);
    let wide = separator == ',' && view.raw(at) == '，';
    let usable = match separator {
        ',' => !wide || (view.raw(at - 1) > '\u{ff00}' && view.raw(at + 1) > '\u{ff00}'),
        '\'' => true,
        ' ' => view.before(at).is_ascii_digit(),
        _ => false,
    };
    if !usable {
        return at;
    }
    let (mut twos, mut threes) = (0, 0);
    let mut last = 0;
    let mut end = at;
    while view.get(end) == separator {
        let Some(group) = view.digits(end + 1) else { break };
        // What is no group ends the search at once, so that a long list is not read again and again.
        match group.count {
            2 => twos += 1,
            3 => threes += 1,
            _ => return at,
        }
        if twos + threes > MOST_GROUPS + 1 {
            return at;
        }
        last = group.count;
        end = group.end;
    }
    let western = threes > 0 && twos == 0;
    // lakh and crore: groups of two, then one of three
    let indian = separator == ',' && first.count <= 2 && twos > 0 && threes == 1 && last == 3;
    // With blanks, two numbers that merely follow each other must not be joined.
    let lone_zero = first.count == 1 && view.get(start) == '0';
    // 氧化镝 118 104: two columns of a row.
    let columns = threes == 1
        && matches!(view.get(end), '\n' | '\0')
        && start > 1
        && view.before(start) == ' '
        && is_han(view.get(start - 2));
    let blank_sure = separator != ' ' || (!view.get(end).is_ascii_alphanumeric() && !lone_zero && !columns);
    if (western || indian) && blank_sure { end } else { at }
}

/// `5,00` and `1,3` are decimals if nothing around makes them a list.
fn decimal_comma(view: &View<'_>, at: usize, leading: usize, comma: usize) -> bool {
    if view.raw(comma) != ',' || leading > 3 {
        return false;
    }
    let Some(fraction) = view.digits(comma + 1) else { return false };
    let listed =
        |character: char| character == ',' || character == '/' || character == '-' || is_han(character);
    let more = view.get(fraction.end) == '.' && view.get(fraction.end + 1).is_ascii_digit();
    let bracketed = matches!(view.before(at), '[' | '(');
    let in_list = listed(view.get(fraction.end)) || listed(view.before(at));
    fraction.count <= 2 && !(more || bracketed || in_list)
}

/// A literal, and what digits may be joined to: fractions, powers, scale letters.
pub(super) fn number_at(view: &View<'_>, at: usize) -> Option<Number> {
    if let Some((top, bottom)) = vulgar(view.get(at)) {
        let value = Amount::whole(top).over(&Amount::whole(bottom))?;
        return Some(Number::plain(at, at + 1, value, Form::Digits));
    }
    let number = literal(view, at)?;
    if let Some((top, bottom)) = vulgar(view.get(number.end)) {
        let value = number.value.plus(&Amount::whole(top).over(&Amount::whole(bottom))?)?;
        return Some(Number::plain(at, number.end + 1, value, Form::Digits));
    }
    if let Some(power) = power::power(view, &number) {
        return Some(power);
    }
    if let Some(fraction) = fraction(view, at, &number) {
        return Some(fraction);
    }
    if let Some(mixed) = mixed_fraction(view, &number) {
        return Some(mixed);
    }
    Some(scale_letter(view, &number).unwrap_or(number))
}

fn vulgar(character: char) -> Option<(u64, u64)> {
    Some(match character {
        '½' => (1, 2),
        '⅓' => (1, 3),
        '⅔' => (2, 3),
        '¼' => (1, 4),
        '¾' => (3, 4),
        '⅕' => (1, 5),
        '⅖' => (2, 5),
        '⅗' => (3, 5),
        '⅘' => (4, 5),
        '⅙' => (1, 6),
        '⅚' => (5, 6),
        '⅛' => (1, 8),
        '⅜' => (3, 8),
        '⅝' => (5, 8),
        '⅞' => (7, 8),
        _ => return None,
    })
}

/// `3/4`, but no date such as `5/17/2018` and no season such as `2024/25`.
fn fraction(view: &View<'_>, at: usize, top: &Number) -> Option<Number> {
    if view.get(top.end) != '/' || view.before(at) == '/' {
        return None;
    }
    let bottom = view.digits(top.end + 1)?;
    let whole = view.digits(at)?;
    if whole.end != top.end || whole.count > 3 || bottom.count > 3 || bottom.value == 0 {
        return None;
    }
    if view.get(bottom.end) == '/' || view.get(bottom.end) == '.' && view.get(bottom.end + 1).is_ascii_digit()
    {
        return None;
    }
    let value = top.value.over(&Amount::whole(bottom.value.into()))?;
    Some(Number::plain(at, bottom.end, value, Form::Digits))
}

/// `1 4/5`
fn mixed_fraction(view: &View<'_>, whole: &Number) -> Option<Number> {
    let next = view.blanks(whole.end);
    if next == whole.end || view.digits(whole.start)?.count > 3 {
        return None;
    }
    // Its digits go right up to the stroke.
    view.digits(next).filter(|top| view.get(top.end) == '/')?;
    let top = literal(view, next)?;
    let part = fraction(view, next, &top)?;
    let value = whole.value.plus(&part.value)?;
    Some(Number::plain(whole.start, part.end, value, Form::Digits))
}

/// `10k`, `2.5M`, `1.2b`, `3.2bn`, `10G`; a lower-case m alone means metres and is left to the units.
fn scale_letter(view: &View<'_>, number: &Number) -> Option<Number> {
    let mut at = number.end;
    let blank = view.get(at) == ' ';
    if blank {
        at += 1;
    }
    let word = view.word(at)?;
    if view.get(word.end).is_ascii_digit() || view.get(word.end) == '/' {
        return None;
    }
    let raw = view.raw(at);
    let capital = raw.is_ascii_uppercase() || ('Ａ'..='Ｚ').contains(&raw);
    let factor: u64 = match (word.as_str(), blank) {
        // Behind a blank a capital K is a temperature.
        ("k", _) if !(blank && capital || carat_gold(view, number, word.end)) => 1_000,
        ("m", _) if capital => 1_000_000,
        ("m", _) if counted_in_millions(view, word.end) => 1_000_000,
        ("mn" | "mln" | "mio", _) => 1_000_000,
        ("b", false) => 1_000_000_000,
        // 5G and 800G光模块 are names.
        ("g", _) if capital && !is_han(view.get(word.end)) && number_of_giga(number) => 1_000_000_000,
        ("bn" | "bln" | "mrd", _) => 1_000_000_000,
        ("tn" | "trn", _) => 1_000_000_000_000,
        _ => return None,
    };
    number.clone().scaled_by(Decimal::from(factor), word.end)
}

/// "3m tonnes", "54.2m sh": metres of nothing, so millions.
fn counted_in_millions(view: &View<'_>, end: usize) -> bool {
    view.get(end) == ' '
        && view.next_word(end).is_some_and(|word| {
            matches!(
                word.as_str(),
                "tonnes"
                    | "tonne"
                    | "tons"
                    | "ton"
                    | "t"
                    | "mt"
                    | "tpa"
                    | "oz"
                    | "ounces"
                    | "ounce"
                    | "lb"
                    | "lbs"
                    | "pounds"
                    | "pound"
                    | "kg"
                    | "shares"
                    | "share"
                    | "sh"
                    | "barrels"
                    | "bbl"
                    | "units"
                    | "people"
                    | "vehicles"
                    | "cars"
                    | "wmt"
                    | "dmt"
                    | "dollars"
                    | "euros"
                    | "yuan"
                    | "rmb"
                    | "usd"
                    | "cells"
                    | "lots"
                    | "contracts"
                    | "carats"
                    | "litres"
            )
        })
}

/// 2G to 6G are networks.
fn number_of_giga(number: &Number) -> bool {
    number.value.small().is_none_or(|value| !(2..=6).contains(&value))
}

/// 18K金, "14K gold": twenty-fourths of gold.
fn carat_gold(view: &View<'_>, number: &Number, end: usize) -> bool {
    let purity = matches!(number.value.small(), Some(8 | 9 | 10 | 12 | 14 | 18 | 22 | 24));
    let next = view.blanks(end);
    purity
        && (matches!(view.get(next), '金' | '白' | '玫' | '黄')
            || view.word(next).is_some_and(|word| {
                matches!(word.as_str(), "gold" | "white" | "yellow" | "rose" | "jewelry" | "jewellery")
            }))
}
