//! Ranges, with the unit said once or twice: 2.8~2.85万元/吨, 900 million to 960 million yuan, 1882%-2014%.

use rust_decimal::Decimal;

use crate::mention::{Doubt, Exclusive, Kind, Kinds};
use crate::numeral::{Form, cardinal, number_at};
use crate::part::{Part, part_at};
use crate::phrase::{Phrase, kind_of};
use crate::rate;
use crate::units::Class;
use crate::view::View;

/// The range that begins with `first`, if one does.
pub(crate) fn range(view: &View<'_>, first: &Part, kinds: Kinds) -> Option<Phrase> {
    if first.number.bounds.is_some() {
        return None;
    }
    let (next, tight, scope) = connector(view, first)?;
    if !tight && moves(view, first) {
        return None;
    }
    let mut low = first.clone();
    let mut high = part_at(view, next, kinds).or_else(|| rank_at(view, next))?;
    let framed = scope < first.start || closing(view, high.end, next) > high.end;
    if high.number.bounds.is_some() || !framed && (high.number.shy || first.number.shy) {
        return None;
    }
    // three-nought-four: digits said one by one.
    let words = low.number.form == Form::Words && high.number.form == Form::Words;
    let spelled = view.before(low.start) == '-' || view.get(high.end) == '-' && counts(view, high.end + 1);
    // 7-Eleven
    let name = low.number.form == Form::Digits && high.number.form == Form::Words && view.get(low.end) == '-';
    if words && spelled || name {
        return None;
    }
    unify(&mut low, &mut high, tight)?;
    rated(view, &mut low, &mut high);
    let (from, to) = (low.value()?, high.value()?);
    let mut doubt = None;
    let (mut from, mut to) = (from, to);
    if !from.less_than(&to) {
        // Without a unit it may be a score or a difference; with one the ends have changed places, or one is wrong.
        let measured = high.unit.is_some() && (tight || low.prefixed);
        if !measured || !to.less_than(&from) {
            return None;
        }
        std::mem::swap(&mut from, &mut to);
        doubt = Some(Doubt::BackwardRange);
    }
    Some(Phrase {
        start: low.start,
        end: high.end,
        kind: kind_of(high.unit.as_ref()),
        value: None,
        low: Some(from),
        high: Some(to),
        unit: high.unit.map(|unit| unit.code.into_owned()),
        qualifier: low.number.qualifier,
        exclusive: None,
        doubt: doubt.or(low.doubt).or(high.doubt),
        scope: scope..high.end.max(closing(view, high.end, next)),
    })
}

fn counts(view: &View<'_>, at: usize) -> bool {
    view.word(at).is_some_and(|word| cardinal(word.as_str()).is_some())
}

/// `[20,35]`, `(20, 35]`: an interval, where its brackets or a word near by show that it is no list and no citation.
pub(crate) fn interval_at(view: &View<'_>, at: usize) -> Option<Phrase> {
    let open = view.get(at);
    if !matches!(open, '[' | '(') {
        return None;
    }
    let low = number_at(view, view.blanks(at + 1)).filter(|low| low.bounds.is_none())?;
    let comma = view.blanks(low.end);
    if !matches!(view.get(comma), ',' | ';') {
        return None;
    }
    let high = number_at(view, view.blanks(comma + 1)).filter(|high| high.bounds.is_none())?;
    let end = view.blanks(high.end);
    let close = view.get(end);
    if !matches!(close, ']' | ')') || !low.value.less_than(&high.value) {
        return None;
    }
    let mixed = (open == '[') != (close == ']');
    let before = view.blanks_back(at);
    let word = view.word_before(before);
    let named = word
        .is_some_and(|(_, word)| matches!(word.as_str(), "interval" | "range" | "within" | "between"))
        || view.before(before) == '∈'
        || ["区间", "范围"].iter().any(|name| {
            before >= 2 && view.starts_with(before - 2, name) || view.starts_with(view.blanks(end + 1), name)
        });
    let exclusive = match (open, close) {
        ('(', ')') => Exclusive::Both,
        ('(', _) => Exclusive::Low,
        (_, ')') => Exclusive::High,
        _ => Exclusive::Neither,
    };
    (mixed || named).then(|| Phrase {
        start: at,
        end: end + 1,
        kind: Kind::Number,
        value: None,
        low: Some(low.value),
        high: Some(high.value),
        unit: None,
        qualifier: None,
        exclusive: Some(exclusive),
        doubt: None,
        scope: at..end + 1,
    })
}

/// "the fifteenth" behind "and".
fn rank_at(view: &View<'_>, at: usize) -> Option<Part> {
    let the = view.word(at).filter(|the| the.as_str() == "the")?;
    crate::compare::ordinal_at(view, view.blanks(the.end))
}

/// Where the second end begins, whether the connector is one that only ranges have, and where the words that open the range
/// begin.
fn connector(view: &View<'_>, first: &Part) -> Option<(usize, bool, usize)> {
    let end = first.end;
    let start = first.start;
    let next = view.blanks(end);
    match view.get(next) {
        '-' | '–' | '—' | '~' => {
            let mut after = next + 1;
            while view.get(after) == view.get(next) && after < next + 2 {
                after += 1;
            }
            let after_blanks = view.blanks(after);
            // More than two blanks before it set a column off.
            if next > end + 2 && after_blanks > after {
                return None;
            }
            // Blanks on both sides or on none; else it is a dash or a sign, unless the ends lie close and share a unit behind
            // the second: 560 -580 USD/mtu.
            if (next > end) != (after_blanks > after) && !close_ends(view, first, next, after_blanks) {
                return None;
            }
            // 1-222-2222 is a telephone number, 2025-07-11 a date.
            if first.unit.is_none()
                && view.digits(after_blanks).is_some_and(|digits| {
                    view.get(digits.end) == '-' && view.get(digits.end + 1).is_ascii_digit()
                })
            {
                return None;
            }
            Some((after_blanks, true, start))
        }
        '至' | '到' => {
            let opened = spanning_from(view, start);
            // 周增1.1万吨至20.9万吨: by how much, and to which level.
            let own = first.unit.is_some() && moves(view, first) && leaps(view, first, view.blanks(next + 1));
            if own {
                return None;
            }
            (opened < start || !from_before(view, start)).then(|| (view.blanks(next + 1), true, opened))
        }
        '和' | '与' | '跟' | '及' => {
            let after = view.blanks(next + 1);
            let part = part_at(view, after, Kinds::ALL)?;
            let tail = view.blanks(part.end);
            let opened = if matches!(view.before(start), '于' | '在') { start - 1 } else { start };
            let opened = match (view.before(start), view.before(opened)) {
                ('于', '位' | '介' | '处') | ('在', '处') => opened - 1,
                _ => start,
            };
            (view.starts_with(tail, "之间") || view.get(tail) == '间').then_some((after, false, opened))
        }
        _ => {
            let word = view.word(next).filter(|_| next > end)?;
            let after = view.blanks(word.end);
            let mut before = view.word_before(view.blanks_back(start));
            if let Some((the, _)) = before.filter(|(_, word)| word.as_str() == "the") {
                before = view.word_before(view.blanks_back(the));
            }
            let between = before.filter(|(_, word)| word.as_str() == "between");
            match word.as_str() {
                "to" => match spanning(view, start) {
                    Some(opened) => Some((after, false, opened)),
                    None => (!from_before(view, start)).then_some((after, false, start)),
                },
                "through" => Some((after, false, start)),
                "and" => between.map(|(opened, _)| (after, false, opened)),
                _ => None,
            }
        }
    }
}

/// True behind a verb of moving: "increased by 500 yuan to 63,200 yuan" and 增加2,500吨至108,100吨 tell by how much and to what
/// level, each with its unit. Percentages are left to the range: "rose 3% to 5%".
/// True if the number at `at` is larger than the first, by no more than a half, and alone has a unit.
fn close_ends(view: &View<'_>, first: &Part, dash: usize, at: usize) -> bool {
    if first.unit.is_some() || dash != first.end + 1 || first.number.form != Form::Digits {
        return false;
    }
    let Some(last) = part_at(view, at, Kinds::ALL).filter(|last| last.unit.is_some()) else { return false };
    let bound = first.number.value.times(Decimal::new(15, 1));
    first.number.value.less_than(&last.number.value)
        && bound.is_some_and(|bound| !bound.less_than(&last.number.value))
}

/// True if the number at `at` is more than three times the first, as a level is beside its change.
fn leaps(view: &View<'_>, first: &Part, at: usize) -> bool {
    let last = part_at(view, at, Kinds::ALL).and_then(|last| last.value());
    let bound = first.value().and_then(|value| value.times(Decimal::from(3)));
    matches!((bound, last), (Some(bound), Some(last)) if bound.less_than(&last))
}

fn moves(view: &View<'_>, first: &Part) -> bool {
    if !first.unit.as_ref().is_some_and(|unit| unit.class != Class::Percent) {
        return false;
    }
    let start = crate::qualifier::before(view, first.start).map_or(first.start, |found| found.1);
    let end = view.blanks_back(start);
    if let Some((_, word)) = view.word_before(end) {
        return matches!(
            word.as_str(),
            "by" | "up"
                | "down"
                | "rose"
                | "fell"
                | "gained"
                | "lost"
                | "added"
                | "dropped"
                | "jumped"
                | "slipped"
                | "climbed"
                | "increased"
                | "decreased"
                | "declined"
                | "rising"
                | "falling"
                | "raised"
                | "cut"
        );
    }
    let end = if view.before(end) == '了' { end - 1 } else { end };
    matches!(view.before(end), '涨' | '跌' | '降' | '升' | '增' | '减')
        || end >= 2
            && [
                "增加", "减少", "增长", "上调", "下调", "提高", "降低", "扩大", "缩小", "回落", "收窄",
                "下滑", "回升", "反弹",
            ]
            .iter()
            .any(|verb| view.starts_with(end - 2, verb))
}

/// Past 之间 behind a range joined by 和.
fn closing(view: &View<'_>, end: usize, second: usize) -> usize {
    let joined = matches!(view.before(view.blanks_back(second)), '和' | '与' | '跟' | '及');
    let tail = view.blanks(end);
    match (joined, view.starts_with(tail, "之间"), view.get(tail)) {
        (true, true, _) => tail + 2,
        (true, false, '间') => tail + 1,
        _ => end,
    }
}

/// True if 从, 由 or "from" stands before: then a change from one level to another is told, not a range.
fn from_before(view: &View<'_>, start: usize) -> bool {
    let end = view.blanks_back(start);
    matches!(view.before(end), '从' | '由' | '自')
        || view.word_before(end).is_some_and(|(_, word)| word.as_str() == "from")
}

/// "ranging from 20 to 30", "is from 20 to 30": here "from" opens a range; behind a verb of change it does not.
fn spanning(view: &View<'_>, start: usize) -> Option<usize> {
    let (from, word) = view.word_before(view.blanks_back(start))?;
    let (_, verb) = view.word_before(view.blanks_back(from)).filter(|_| word.as_str() == "from")?;
    matches!(
        verb.as_str(),
        "range"
            | "ranges"
            | "ranged"
            | "ranging"
            | "vary"
            | "varies"
            | "varied"
            | "varying"
            | "anywhere"
            | "numbers"
            | "number"
            | "values"
            | "ages"
            | "sizes"
            | "interval"
            | "is"
            | "are"
            | "was"
            | "were"
            | "be"
    )
    .then_some(from)
}

/// 范围从5到10, 是从5到10: here 从 opens a range; where that is, else `start`.
fn spanning_from(view: &View<'_>, start: usize) -> usize {
    let from = view.blanks_back(start);
    let opens = matches!(view.before(from), '从' | '由')
        && from > 1
        && matches!(view.get(from - 2), '是' | '为' | '在' | '围' | '字' | '间');
    if opens { from - 1 } else { start }
}

/// Gives both ends the same unit and scale; nothing if they do not go together.
fn unify(low: &mut Part, high: &mut Part, tight: bool) -> Option<()> {
    match (&low.unit, &high.unit) {
        (None, None) => {}
        (None, Some(unit)) => low.unit = Some(unit.clone()),
        (Some(unit), None) if low.prefixed => high.unit = Some(unit.clone()),
        (Some(one), Some(other)) if one.code == other.code => {}
        // $500-600 per ton: the rate is said once, at the end.
        (Some(one), Some(other))
            if other.code.split_once('/').is_some_and(|(money, _)| money == one.code) =>
        {
            low.unit = Some(other.clone());
        }
        _ => return None,
    }
    let scale = high.number.factor;
    if !low.number.scaled && high.number.scaled && tight_scale(low, high, scale, tight) {
        low.number.value = low.number.value.times(scale)?;
    }
    Some(())
}

/// $500-600 per ton: the rate behind the second end holds for both.
fn rated(view: &View<'_>, low: &mut Part, high: &mut Part) {
    let money = |part: &Part| {
        part.unit.as_ref().is_some_and(|unit| unit.class == Class::Money && !unit.code.contains('/'))
    };
    if !(low.prefixed && money(low) && money(high)) {
        return;
    }
    if let Some(rate) = rate::denominator(view, high.end, true) {
        high.end = rate.end;
        for unit in [&mut low.unit, &mut high.unit].into_iter().flatten() {
            rate::divide(unit, &rate);
        }
    }
}

/// True if the scale said with the second end holds for the first too: 515 to 595 million, but not 500 to 1.2 million.
fn tight_scale(low: &Part, high: &Part, scale: Decimal, tight: bool) -> bool {
    let coefficient = high.number.value.short().and_then(|value| value.checked_div(scale));
    let first = low.number.value.short();
    match (first, coefficient) {
        (Some(first), Some(coefficient)) => {
            if scale <= Decimal::ONE {
                return false;
            }
            if first < coefficient {
                return tight || first * Decimal::from(1000) > coefficient;
            }
            // 3.2~2.85万 runs backwards and has one scale; 9000~1.2万 has its own for each end.
            tight && first < coefficient * Decimal::from(100)
        }
        _ => false,
    }
}
