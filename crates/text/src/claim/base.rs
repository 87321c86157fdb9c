//! Changes and what they are measured against.

use super::compare::{expectation, expectation_before, relation_of};
use super::cues::Cue;
use super::draft::Move;
use super::figure::{Reach, is_figure};
use super::layout::Block;
use super::period::versus;
use super::role::after_de;
use super::scene::Scene;
use super::slots::{Amount, Base, Change, Direction, Interval, Origin, Relation, Slot};
use crate::find::lower;
use crate::mention::Precision;
use jiff::ToSpan;

/// The changes of a draft.
/// `quoted` says that what is measured is quoted at moments, so that a move over a time began before it.
pub(super) fn changes<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    quoted: bool,
) -> Vec<Change<'t>> {
    let moves = &reach.draft.moves;
    let mut found: Vec<Change<'t>> = Vec::new();
    for (index, moved) in moves.iter().enumerate() {
        let Some(item) = moved.by.or(moved.before).or(moved.word) else { continue };
        if moved.against.is_some() {
            found.push(compared(scene, block, (reach.draft.level, moved), item));
            continue;
        }
        let mut change = Change {
            direction: moved.direction,
            by: moved
                .by
                .map(|by| Slot { is: signed(scene, by, moved), origin: scene.origin(by, block, "change") }),
            base: base(scene, block, reach, moved, item)
                .or_else(|| quoted.then(|| over_its_time(scene, block, reach, moved, item)).flatten()),
            qualifier: moved.by.and_then(|by| scene.mention(by)).and_then(|mention| mention.qualifier),
            origin: scene.origin(moved.word.unwrap_or(item), block, "direction"),
        };
        if change.direction.is_none() {
            change.direction = change.by.as_ref().and_then(|by| direction(&by.is));
        }
        // 是国内价的4.3倍 compares two things and is no change.
        let ratio = change.base.is_none()
            && moved.by.is_some_and(|by| {
                scene.unit(by) == Some("{multiple}") && after_de(&scene.text[..scene.items[by].start])
            });
        if ratio && reach.draft.level.is_some() {
            continue;
        }
        // «up 500 yuan, or 2 %, on the week»: the base is said once.
        let again = found.last().is_some_and(|last| unit(last) != unit(&change));
        if !again {
        } else if index > 0 && change.base.is_none() {
            change.base =
                found.last().and_then(|last| last.base.clone()).filter(|base| base.is.value.is_none());
        } else if index > 0
            && let Some(last) = found.last_mut().filter(|last| last.base.is_none())
        {
            last.base.clone_from(&change.base);
        }
        found.push(change);
    }
    found
}

/// The unit of what a change is by.
fn unit<'c>(change: &'c Change<'_>) -> Option<&'c str> {
    change.by.as_ref()?.is.unit.as_deref()
}

/// A change that is told by a word of comparison: its base is the sum, the time or the expectation behind the word.
fn compared<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    (level, moved): (Option<usize>, &Move),
    item: usize,
) -> Change<'t> {
    let named = moved.against.clone().unwrap_or(item..item);
    let value = moved.before.map(|before| Slot {
        is: level_before(scene, level, before),
        origin: scene.origin(before, block, "level before"),
    });
    let mut base = Base {
        value,
        sum: named.clone().any(|at| scene.items[at].cue() == Some(Cue::Sum)),
        ..Base::default()
    };
    base.period = span_of(named.clone().filter_map(|at| scene.interval(at)));
    let relation = named.clone().find_map(|at| match scene.items[at].cue() {
        Some(Cue::Relation(relation)) => Some(relation),
        _ if scene.is_time(at) && !extreme(scene, at) => relation_of(scene.words(at)),
        _ => None,
    });
    if !base.sum && relation.is_some() {
        base.relation = relation;
        base.period = None;
    }
    if base.period.is_none()
        && let Some(words) = moved.before.and_then(|before| {
            let from = moved.word.map_or(scene.items[before].start, |word| scene.items[word].end);
            expectation(scene.text, scene.items[before].end)
                .or_else(|| expectation_before(scene.text, from, scene.items[before].start))
        })
    {
        base.words = &scene.text[words];
    }
    let origin = scene.origin(moved.word.unwrap_or(item), block, "word of comparison");
    let is_said =
        base.period.is_some() || base.relation.is_some() || base.value.is_some() || !base.words.is_empty();
    Change {
        direction: moved.direction,
        by: None,
        base: is_said.then(|| Slot { is: base, origin: origin.clone() }),
        qualifier: None,
        origin,
    }
}

/// From the first to the last day of several intervals; nothing if one of them is open.
fn span_of(intervals: impl Iterator<Item = Interval>) -> Option<Interval> {
    intervals.reduce(|whole, next| {
        let start = whole.start.zip(next.start).map(|(one, other)| one.min(other));
        let end = whole.end.zip(next.end).map(|(one, other)| one.max(other));
        Interval { start, end, precision: None }
    })
}

/// The change's amount with its sign; 增长两倍 is a factor of three.
fn signed(scene: &Scene<'_, '_>, item: usize, moved: &Move) -> Amount {
    let mut amount = scene.amount(item);
    if scene.words(item) == "一半" && scene.text[..scene.items[item].start].ends_with('的') {
        return Amount {
            value: Some("0.5".to_owned()),
            unit: Some("{multiple}".to_owned()),
            ..Amount::default()
        };
    }
    if amount.unit.as_deref() == Some("{multiple}") {
        let quote = scene.words(item);
        let added = quote.contains('倍') && moved.direction == Some(Direction::Up);
        if added
            && let Some(value) =
                amount.value.as_deref().and_then(|value| value.parse::<rust_decimal::Decimal>().ok())
        {
            amount.value = Some((value + rust_decimal::Decimal::ONE).normalize().to_string());
        }
        return amount;
    }
    if moved.direction == Some(Direction::Down) {
        let negative = |value: &mut Option<String>| {
            if let Some(value) = value.as_mut().filter(|value| !value.starts_with('-') && *value != "0") {
                value.insert(0, '-');
            }
        };
        negative(&mut amount.value);
        negative(&mut amount.low);
        negative(&mut amount.high);
    }
    amount
}

/// Which way an amount with its sign points; a factor below one points down.
pub(super) fn direction(amount: &Amount) -> Option<Direction> {
    let value = amount.value.as_deref().or(amount.low.as_deref())?;
    if amount.unit.as_deref() == Some("{multiple}") {
        let below_one = value.starts_with("0.");
        return Some(if below_one { Direction::Down } else { Direction::Up });
    }
    Some(match value {
        "0" => Direction::Flat,
        _ if value.starts_with('-') => Direction::Down,
        _ => Direction::Up,
    })
}

/// The base of a move whose number is at `item`: a relation or a time beside it.
fn base<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    moved: &Move,
    item: usize,
) -> Option<Slot<Base<'t>>> {
    let level = reach.draft.level;
    let value = moved.before.map(|before| Slot {
        is: level_before(scene, level, before),
        origin: scene.origin(before, block, "level before"),
    });
    let low = moved.word.unwrap_or(item).min(item).min(moved.before.unwrap_or(item));
    let high = moved.word.unwrap_or(item).max(item).max(moved.before.unwrap_or(item));
    // «17 % higher on the year»: the word belongs to the amount before it, and opens no move of its own.
    let higher = scene.items.get(high + 1).is_some_and(|next| {
        matches!(next.cue(), Some(Cue::Move(_))) && next.start.saturating_sub(scene.items[high].end) <= 1
    });
    let high = if higher && high + 1 < reach.all.end { high + 1 } else { high };
    let left = (reach.all.start..low).rev().take_while(|at| open(scene, *at, true));
    let inner = low..high;
    let right = (high + 1..reach.all.end).take_while(|at| open(scene, *at, false));
    let near: Vec<usize> = inner.chain(right).chain(left).collect();
    for at in near {
        let origin = scene.origin(at, block, "base named");
        if let Some(Cue::Relation(relation)) = scene.items[at].cue() {
            // 比去年 of 比去年四季度 is no relation.
            if cuts_time(scene, at) {
                continue;
            }
            let base = Base { relation: Some(relation), value, ..Base::default() };
            return Some(Slot { is: base, origin });
        }
        if scene.is_time(at)
            && (versus(scene, at, reach).is_some()
                || after_start(scene, at, moved)
                || after_multiple(scene, at)
                || before_multiple(scene, at)
                || extreme(scene, at))
        {
            if let Some(interval) = scene.interval(at).filter(|interval| interval.end.is_none())
                && let Some(mut slot) = since(scene, block, at, interval)
            {
                slot.is.value = value;
                return Some(slot);
            }
            let sum =
                (reach.all.start..at).rev().take(3).any(|left| scene.items[left].cue() == Some(Cue::Sum));
            let base = Base { period: scene.interval(at), sum, value, ..Base::default() };
            let of_extreme = extreme(scene, at);
            let origin = if of_extreme { Origin { rule: "low or high named", ..origin } } else { origin };
            // «from last week», «1,465 t a week earlier»
            let relation = relation_of(scene.words(at)).filter(|_| !sum && !of_extreme);
            if relation.is_some() {
                let base = Base { relation, period: None, ..base };
                return Some(Slot { is: base, origin });
            }
            if base.period.is_none() && base.value.is_some() {
                return Some(Slot { is: base, origin });
            }
            return base.period.is_some().then_some(Slot { is: base, origin });
        }
    }
    let value = value?;
    // «去年同期为250吨»: the time stands before the level before.
    if let Some(before) = moved.before {
        let time = time_of(scene, before);
        if let Some(time) = time.filter(|time| relation_of(scene.words(*time)).is_none())
            && let Some(period) = scene.interval(time)
        {
            let origin = scene.origin(time, block, "time of the level before");
            let base = Base { period: Some(period), value: Some(value), ..Base::default() };
            return Some(Slot { is: base, origin });
        }
        if let Some((time, relation)) = time.and_then(|time| Some((time, relation_of(scene.words(time))?))) {
            let origin = scene.origin(time, block, "time of the level before");
            let base = Base { relation: Some(relation), value: Some(value), ..Base::default() };
            return Some(Slot { is: base, origin });
        }
        if let Some(time) = time_of_start(scene, reach, before) {
            let origin = scene.origin(time, block, "time of the level before");
            let base = Base { period: scene.interval(time), value: Some(value), ..Base::default() };
            return Some(Slot { is: base, origin });
        }
    }
    let origin = value.origin.clone();
    Some(Slot { is: Base { value: Some(value), ..Base::default() }, origin })
}

/// The time of a level before that has dates alone: 上年四季度为6780吨, «the 53,000 t landed in June 2024».
fn time_of_start(scene: &Scene<'_, '_>, reach: &Reach<'_>, before: usize) -> Option<usize> {
    const FAR: usize = 30;
    let ends = |at: usize| scene.items[at].mark().is_some() || is_figure(scene, at);
    let dated = |at: &usize| scene.is_time(*at) && scene.has_interval(*at);
    let behind = (before + 1..reach.all.end)
        .take_while(|at| !ends(*at) && scene.items[*at].start - scene.items[before].end <= FAR)
        .find(dated);
    // Before the figure the time opens a clause of its own.
    let opens = |at: &usize| {
        at.checked_sub(1).is_some_and(|mark| {
            scene.items[mark].mark().is_some() && scene.items[*at].start - scene.items[mark].end <= 1
        })
    };
    let ahead =
        || (reach.all.start..before).rev().take(5).take_while(|at| !ends(*at)).find(dated).filter(opens);
    behind.or_else(ahead)
}

/// 全周涨1.8%, "rose 5 % in June", 今年上涨: what moved over a time of its own moved from the one before.
fn over_its_time<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    moved: &Move,
    item: usize,
) -> Option<Slot<Base<'t>>> {
    moved.by?;
    let low = moved.word.unwrap_or(item).min(item);
    let high = moved.word.unwrap_or(item).max(item);
    // A level before it in the sentence has its own time; the move's stands in its own clause.
    let level = reach.draft.level.filter(|level| *level < low);
    let left = (level.map_or(reach.left.start, |level| level + 1)..low).rev();
    let left = left.take_while(|at| !matches!(scene.items[*at].mark(), Some(',' | ';' | '、' | '|' | '。')));
    let right = (high + 1..reach.tail.end.max(high + 1)).take_while(|at| open(scene, *at, false)).take(2);
    let time = left.chain(right).filter(|at| !is_figure(scene, *at)).find(|at| scene.is_time(*at))?;
    let interval = scene.interval(time)?;
    let words = scene.words(time);
    let current = words.starts_with(['今', '年', '本']) || lower(words).contains("this year");
    let relation = match interval.precision? {
        Precision::Day if words.starts_with(['当', '单']) || lower(words).contains("that day") => {
            Relation::DayOnDay
        }
        Precision::Week => Relation::WeekOnWeek,
        Precision::Month if level.is_some() => Relation::MonthOnMonth,
        Precision::Quarter if level.is_some() => Relation::QuarterOnQuarter,
        Precision::Year if current => Relation::YearStart,
        _ => return since(scene, block, time, interval),
    };
    let base = Base { relation: Some(relation), ..Base::default() };
    Some(Slot { is: base, origin: scene.origin(time, block, "a move of the period against the one before") })
}

/// «up 43.6% since 1 August», 自3月以来上涨: the base is where the open time begins.
fn since<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    time: usize,
    interval: Interval,
) -> Option<Slot<Base<'t>>> {
    let words = lower(scene.words(time));
    let opens = words.starts_with("since ") || words.ends_with("以来") || words.ends_with("至今");
    let start: jiff::civil::Date = interval.start.as_deref()?.parse().ok()?;
    if !opens || interval.end.is_some() {
        return None;
    }
    let day = words.contains(['日', '号']) || words.split([' ', ',']).any(|word| word.parse::<i8>().is_ok());
    let month = words.contains('月') || words.split(' ').any(|word| crate::time::month_name(word).is_some());
    let span = match (day, month) {
        (true, _) => 1.day(),
        (_, true) => 1.month(),
        _ if start.month() == 1 && start.day() == 1 => 1.year(),
        _ => return None,
    };
    let end = start.checked_add(span).ok()?;
    let period = Interval { end: Some(end.to_string()), ..interval };
    let base = Base { period: Some(period), ..Base::default() };
    Some(Slot { is: base, origin: scene.origin(time, block, "base named") })
}

/// True if a word ends inside a time that goes on behind it.
fn cuts_time(scene: &Scene<'_, '_>, at: usize) -> bool {
    let word = &scene.items[at];
    (at + 1..scene.items.len())
        .take_while(|next| scene.items[*next].start < word.end)
        .any(|next| scene.is_time(next) && scene.items[next].end > word.end)
}

/// «from the low in Q3», 较3月低点: the base is a level within the time and not the time itself.
pub(super) fn extreme(scene: &Scene<'_, '_>, time: usize) -> bool {
    const WORDS: &[&str] = &[
        "low", "lows", "high", "highs", "peak", "trough", "bottom", "top", "低点", "高点", "低位", "高位",
        "峰值", "谷底", "底部", "顶部",
    ];
    let item = &scene.items[time];
    let mut rest = scene.text.get(item.end..).unwrap_or_default().trim_start_matches([' ', '的']);
    while let Some(behind) = rest.strip_prefix("'s ") {
        rest = behind;
    }
    let mut before = scene.text[..item.start].trim_end();
    for word in [" the", " in", " of", " on", " at"].iter().rev() {
        before = before.strip_suffix(word).unwrap_or(before);
    }
    // Most words are told by one byte.
    let (first, last) = (rest.as_bytes().first(), before.as_bytes().last());
    let near = |word: &&&str| word.as_bytes().first() == first || word.as_bytes().last() == last;
    WORDS.iter().filter(near).any(|word| {
        let ahead = rest
            .strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
        ahead || word.is_ascii() && before.ends_with(word)
    })
}

/// The level before at an item; a loss is below zero, and a unit may be said once, with the level.
fn level_before(scene: &Scene<'_, '_>, level: Option<usize>, before: usize) -> Amount {
    let mut amount = scene.amount(before);
    if amount.unit.is_none() {
        amount.unit = level.and_then(|level| scene.unit(level)).map(str::to_owned);
    }
    let ahead = scene.text[..scene.items[before].start].trim_end();
    let loss = ["loss of", "deficit of", "losses of", "亏损", "净亏损", "亏损额"]
        .iter()
        .any(|word| ahead.ends_with(word));
    if let Some(value) = amount.value.as_mut().filter(|value| loss && !value.starts_with('-')) {
        value.insert(0, '-');
    }
    amount
}

/// The time that is told of a level before, right before it: 去年同期为250吨, «(May: 250 t)».
pub(super) fn time_of(scene: &Scene<'_, '_>, before: usize) -> Option<usize> {
    let start = scene.items[before].start;
    let between = |at: usize| {
        (at + 1..before).any(|item| {
            matches!(scene.items[item].cue(), Some(Cue::Versus | Cue::From))
                || matches!(scene.items[item].mark(), Some(',' | ';' | '、' | '|'))
        })
    };
    (before.saturating_sub(3)..before).rev().find(|at| {
        scene.is_time(*at)
            && start.saturating_sub(scene.items[*at].end) <= 12
            && scene.items[*at].end <= start
            && !between(*at)
    })
}

/// «compared with 250 t in 2024»: the time behind the level before.
fn after_start(scene: &Scene<'_, '_>, time: usize, moved: &Move) -> bool {
    moved
        .before
        .is_some_and(|before| before + 1 == time && scene.items[time].start - scene.items[before].end <= 8)
}

/// «five times the demand in 2020»: the time behind a multiple.
pub(super) fn after_multiple(scene: &Scene<'_, '_>, time: usize) -> bool {
    let start = scene.items[time].start;
    (0..time)
        .rev()
        .take_while(|item| {
            start - scene.items[*item].end.min(start) <= 40 && scene.items[*item].mark().is_none()
        })
        .find(|item| is_figure(scene, *item))
        .filter(|item| !scene.gap(*item, time).contains(['\n', '。']))
        .and_then(|item| scene.mention(item))
        .is_some_and(|mention| mention.unit.as_deref() == Some("{multiple}"))
}

/// 是2月的2倍, 为2020年同期的一半, 约为3月低点34.5万元的2.4倍: the time before a multiple.
pub(super) fn before_multiple(scene: &Scene<'_, '_>, time: usize) -> bool {
    let start = scene.items[time].end;
    let figures = (time + 1..scene.items.len())
        .take_while(|item| {
            scene.items[*item].start.saturating_sub(start) <= 40 && scene.items[*item].mark().is_none()
        })
        .filter(|item| is_figure(scene, *item))
        .take(2);
    figures.into_iter().any(|item| {
        scene.mention(item).is_some_and(|mention| {
            (mention.unit.as_deref() == Some("{multiple}") || mention.quote == "一半")
                && after_de(&scene.text[..mention.start_byte])
        })
    })
}

/// True while an item still belongs to a change's own words.
fn open(scene: &Scene<'_, '_>, at: usize, leftwards: bool) -> bool {
    let item = &scene.items[at];
    if is_figure(scene, at) {
        return false;
    }
    match item.mark() {
        Some(',' | ';' | '、' | '|' | '。') => false,
        Some(_) => true,
        // Behind the number the next move has its own base.
        None => leftwards || !matches!(item.cue(), Some(Cue::Move(_) | Cue::MoveBy(_))),
    }
}
