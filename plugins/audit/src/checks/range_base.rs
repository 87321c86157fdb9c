//! Both ends of a forecast range, with the changes that they are said to be, imply one base.

use plugin_sdk::record::Check;

use super::{HOLDS, Sum, factor, plain, shown};
use crate::figure::Figure;
use crate::outcome::{Calculated, Outcome};
use crate::page::{Page, Sentence};
use crate::unit::Unit;
use crate::words;

/// Words after which the size of a loss is meant, so that growth and size go apart.
const LOSS: &[&str] = &["亏", "loss", "losses", "亏损"];

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    for sentence in &page.sentences {
        let figures = page.of(sentence);
        for (index, level) in figures.iter().enumerate() {
            // Two growths in a row, each of its own figure, are no level and its growth.
            let is_change = level.unit.is_percent() && is_growth(page, sentence, level);
            if level.ends.is_none() || level.unit.dimension == "1" || is_change {
                continue;
            }
            // The growth is the next range of percentages, and no other level stands between.
            let Some(growth) = figures[index + 1..].first().filter(|next| is_growth(page, sentence, next)) else {
                continue;
            };
            if words::has(&page.lower(sentence.span.start, growth.span.end), LOSS) {
                continue;
            }
            let base = figures[index + 2..].first().filter(|next| is_base(page, sentence, level, growth, next));
            found.extend(compare(page, sentence, level, growth, base));
        }
    }
}

/// True for a range of percentages that is said to be a change.
fn is_growth(page: &Page<'_>, sentence: &Sentence, figure: &Figure<'_>) -> bool {
    let (before, behind) = around(page, sentence, figure);
    figure.ends.is_some() && figure.unit.is_percent() && words::sign(&before, &behind).is_some()
}

fn around(page: &Page<'_>, sentence: &Sentence, figure: &Figure<'_>) -> (String, String) {
    (page.before(sentence, figure.span.start), page.behind(sentence, figure.span.end))
}

/// True for a level of the same unit behind the growth that is the base: «above this year's €500 million».
fn is_base(page: &Page<'_>, sentence: &Sentence, level: &Figure<'_>, growth: &Figure<'_>, next: &Figure<'_>) -> bool {
    const BASE: &[&str] = &["from", "above", "over", "than", "compared", "below", "versus", "against", "较", "比", "去年", "上年", "上年同期"];
    let between = page.lower(growth.span.end, next.span.start);
    let near = page.before(sentence, next.span.start);
    next.is_single() && next.is_like(level) && (words::has(&between, BASE) || words::has(&near, BASE))
}

fn compare(
    page: &Page<'_>,
    sentence: &Sentence,
    level: &Figure<'_>,
    growth: &Figure<'_>,
    base: Option<&Figure<'_>>,
) -> Option<Outcome> {
    let (before, behind) = around(page, sentence, growth);
    let sign = words::sign(&before, &behind)?;
    let (low, high) = level.ends?;
    let (least, most) = growth.ends?;
    // Of two falls the larger one leads to the lower level.
    let (with_low, with_high) = if sign > 0 { (least, most) } else { (most, least) };
    let from_low = low.over(&factor(&with_low, sign)?)?;
    let from_high = high.over(&factor(&with_high, sign)?)?;
    let unit = &level.unit;
    let mut figures = vec![level, growth];
    let mut calculations = vec![Calculated {
        expression: format!("{} ÷ (1 {} {}), lower ends against upper ends", plain(level.quote), mark(sign), plain(growth.quote)),
        follows: shown(&from_low, unit),
        printed: shown(&from_high, unit),
        unit: unit.code.clone(),
        operands: vec![0, 1],
    }];
    let mut holds = from_low.meets(&from_high);
    if let Some(base) = base {
        figures.push(base);
        holds &= from_low.meets(&base.bounds) && from_high.meets(&base.bounds);
        let implied = if from_low.meets(&base.bounds) { from_high } else { from_low };
        calculations.push(Calculated {
            expression: format!("the base of both ends against {}", plain(base.quote)),
            follows: shown(&implied, unit),
            printed: shown(&base.bounds, unit),
            unit: level.unit.code.clone(),
            operands: vec![0, 1, 2],
        });
    }
    let sum = Sum {
        check: Check::RangeBase,
        figures,
        expression: String::new(),
        follows: from_low,
        printed: from_high,
        unit: Unit::parse(""),
    };
    let mut outcome = sum.outcome(page);
    outcome.said = if holds {
        format!("both ends imply one base, {} {}", shown(&from_low.hull(&from_high), &level.unit), level.unit.code)
    } else {
        let (low, high) = (shown(&from_low, &level.unit), shown(&from_high, &level.unit));
        format!("the lower ends imply {low}, the upper ends {high} {}", level.unit.code)
    };
    if holds {
        outcome.severity = HOLDS;
    } else if outcome.holds {
        outcome.severity = 70;
    }
    outcome.holds = holds;
    outcome.calculations = calculations;
    Some(outcome)
}

fn mark(sign: i32) -> char {
    if sign < 0 { '−' } else { '+' }
}
