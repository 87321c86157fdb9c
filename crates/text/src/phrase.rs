//! Values with all that belongs to them: unit, rate, range, qualifier.

use std::ops::Range;
use std::sync::LazyLock;

use crate::amount::Amount;
use crate::mention::{Doubt, Exclusive, Kind, Kinds, Qualifier};
use crate::numeral::{self, Form, is_chinese_numeral};
use crate::part::{Part, UnitOf, part_at};
use crate::sieve::Sieve;
use crate::units::{self, Class};
use crate::view::{View, is_han};
use crate::{compare, lead, multiple, percent, qualifier, range, shy};

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
    pub(crate) exclusive: Option<Exclusive>,
    pub(crate) doubt: Option<Doubt>,
    /// The value with the words that qualify it.
    pub(crate) scope: Range<usize>,
}

/// The value that begins at `at`.
pub(crate) fn phrase_at(view: &View<'_>, at: usize, kinds: Kinds) -> Option<Phrase> {
    if may_begin(view, at) { begun_at(view, at, kinds) } else { None }
}

/// The same where [`may_begin`] is known to hold.
pub(crate) fn begun_at(view: &View<'_>, at: usize, kinds: Kinds) -> Option<Phrase> {
    if kinds.contains(Kind::Number)
        && let Some(interval) = range::interval_at(view, at)
    {
        return Some(interval);
    }
    if let Some(rate) = lead::rate_at(view, at, kinds) {
        return Some(rate);
    }
    let all = kinds.contains(Kind::Number) && kinds.contains(Kind::Percent) && kinds.contains(Kind::Quantity);
    if let Some(half) = if all { lead::half_at(view, at) } else { None } {
        return Some(qualified(view, half_of(at..half)));
    }
    if let Some(phrase) = kinds.contains(Kind::Quantity).then(|| multiple::phrase_at(view, at)).flatten() {
        return Some(qualified(view, phrase));
    }
    let first = part_at(view, at, kinds).or_else(|| compare::ordinal_at(view, at))?;
    if let Some(range) = range::range(view, &first, kinds) {
        return Some(qualified(view, range));
    }
    if !stands(view, &first) {
        return None;
    }
    let share = if all && first.unit.is_none() { lead::as_percent(&first.number) } else { None };
    let phrase = single(view, first)?;
    if let Some(share) = share {
        return Some(Phrase {
            kind: Kind::Percent,
            value: Some(share),
            unit: Some("%".to_owned()),
            ..phrase
        });
    }
    Some(compare::joined(view, &phrase, kinds).unwrap_or(phrase))
}

/// The words with which values may begin: numbers, and multiples and percentages in words.
static OPENERS: LazyLock<Sieve> = LazyLock::new(|| {
    let numbers = numeral::OPENERS.iter().chain(numeral::CARDINALS);
    let words = numbers.chain(multiple::OPENERS).chain(percent::OPENERS).copied();
    let folds: Vec<String> = numeral::CARDINALS.iter().map(|cardinal| format!("{cardinal}fold")).collect();
    Sieve::of(words.chain(folds.iter().map(String::as_str)))
});

/// False for a character with which no value begins, as most characters of a text are: none of those that the parsers below
/// look for, and none of a unit that goes before its number.
pub(crate) fn may_begin(view: &View<'_>, at: usize) -> bool {
    let first = view.get(at);
    // Ranks stand behind "the", and codes of money may have a letter for their scale before them: MUSD.
    if first.is_ascii_lowercase() {
        let letters = view.letters_at(at);
        let code = matches!(first, 'k' | 'm' | 't' | 'b') && letters >> 24 != 0 && letters >> 32 == 0;
        return code
            || view.get(at.wrapping_sub(2)) == 'e'
            || OPENERS.may_begin_with_letters(letters)
            || units::may_begin_before(view, at);
    }
    !is_han(first)
        || is_chinese_numeral(first)
        || matches!(
            first,
            '每' | '负' | '数' | '几' | '好' | '上' | '成' | '半' | '廿' | '卅' | '卌' // numbers and rates
                | '翻' | '减' | '腰' | '对' | '加' | '双' // multiples
        )
        || units::may_begin_before(view, at)
}

/// Half of something.
fn half_of(span: Range<usize>) -> Phrase {
    Phrase {
        start: span.start,
        end: span.end,
        kind: Kind::Percent,
        value: Some(Amount::whole(50)),
        low: None,
        high: None,
        unit: Some("%".to_owned()),
        qualifier: None,
        exclusive: None,
        doubt: None,
        scope: span,
    }
}

/// One number with its unit and qualifier.
pub(crate) fn single(view: &View<'_>, part: Part) -> Option<Phrase> {
    let mut phrase = Phrase {
        start: part.start,
        end: part.end,
        kind: kind_of(part.unit.as_ref()),
        value: None,
        low: None,
        high: None,
        unit: None,
        qualifier: part.number.qualifier,
        exclusive: None,
        doubt: part.doubt,
        scope: part.start..part.end,
    };
    match &part.number.bounds {
        Some((low, high)) => {
            phrase.low = Some(part.scaled(low)?);
            phrase.high = match high {
                Some(high) => Some(part.scaled(high)?),
                None => None,
            };
        }
        None => phrase.value = Some(part.value()?),
    }
    phrase.unit = part.unit.map(|unit| unit.code.into_owned());
    if phrase.doubt == Some(Doubt::UnitConflict) {
        phrase.kind = Kind::Quantity;
        phrase.unit = None;
    } else if phrase.value.as_ref().is_some_and(Amount::is_endless) {
        phrase.doubt = Some(Doubt::TooLong);
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
    use Qualifier::{About, AtLeast, AtMost, Nearly, Over, Under};
    if phrase.qualifier.is_some() {
        return phrase;
    }
    let before = qualifier::before(view, phrase.start);
    let after = qualifier::after(view, phrase.end);
    let lone = phrase.value.is_some();
    if let Some((word, start)) = before
        && let Some((than, end)) = qualifier::or_equal(view, word, phrase.end)
    {
        phrase.qualifier = Some(than);
        phrase.scope = start..end;
        return phrase;
    }
    match (before, after) {
        // "about five hundred or more": the bound says more.
        (None | Some((About | Nearly, _)), Some((bound @ (AtLeast | AtMost | Over | Under), end))) => {
            phrase.qualifier = Some(bound);
            phrase.scope.end = end;
            if let Some(start) = qualifier::exactly(view, phrase.start) {
                phrase.scope.start = start;
            }
        }
        (Some((word, start)), _) => {
            phrase.qualifier = Some(word);
            if lone {
                phrase.scope.start = start;
            }
        }
        (None, Some((word, end))) => {
            phrase.qualifier = Some(word);
            phrase.scope.end = end;
        }
        (None, None) => {
            if let Some((word, scope)) = qualifier::around(view, phrase.start..phrase.end) {
                phrase.qualifier = Some(word);
                phrase.scope = scope;
            } else if lone && let Some(start) = qualifier::exactly(view, phrase.start) {
                phrase.scope.start = start;
            }
        }
    }
    phrase
}

/// A unit that stands without a number, if such are looked for.
pub(crate) fn unit_at(view: &View<'_>, at: usize, kinds: Kinds) -> Option<Phrase> {
    if !kinds.units() || view.before(view.blanks_back(at)).is_ascii_digit() {
        return None;
    }
    let found = units::bare(view, at)?;
    let unit = UnitOf { code: found.unit.code.into(), class: found.unit.class, factor: found.unit.factor };
    let kind = kind_of(Some(&unit));
    Some(Phrase {
        start: at,
        end: found.end,
        kind,
        value: None,
        low: None,
        high: None,
        unit: Some(unit.code.into_owned()),
        qualifier: None,
        exclusive: None,
        doubt: None,
        scope: at..found.end,
    })
}

/// True if a unit of time stands behind a number that was not read as a length with it: three-month, 三个月期铜.
fn is_tenor(view: &View<'_>, end: usize) -> bool {
    if view.get(end) == '个' {
        return view.starts_with(end, "个月期");
    }
    view.get(end) == '-'
        && view.word(end + 1).is_some_and(|word| {
            matches!(word.as_str(), "month" | "months" | "year" | "years" | "week" | "weeks" | "day" | "days")
        })
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
    // "three-month copper", "15-month forward", "the Big Four": a tenor and a name.
    if part.unit.is_none() && (is_tenor(view, part.end) || shy::is_named(view, &part.number)) {
        return false;
    }
    // 每10公斤 is what a price is counted by.
    if view.before(part.start) == '每' && part.unit.as_ref().is_some_and(|unit| unit.class != Class::Money) {
        return false;
    }
    part.unit.is_some()
        || !part.number.shy && !shy::lone_ten(view, &part.number)
        || shy::stands_alone(view, &part.number)
}
