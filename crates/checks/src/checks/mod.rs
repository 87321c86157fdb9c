//! The checks. Each is a function from a page to what it found, and says nothing where it is not sure.

mod age;
mod calendar;
mod change_base;
mod chronology;
mod future_period;
mod parts_total;
mod range_base;
mod ratio;
mod self_explanation;
mod share;
mod unit_price;

use std::ops::Range;

use api::record::Check;
use rust_decimal::Decimal;
use text::rounding::Bounds;

use crate::figure::Figure;
use crate::outcome::{Calculated, Outcome};
use crate::page::Page;
use crate::unit::Unit;

/// What every check found.
pub(crate) fn all(page: &Page<'_>) -> Vec<Outcome> {
    let checks: [fn(&Page<'_>, &mut Vec<Outcome>); 11] = [
        change_base::check,
        range_base::check,
        parts_total::check,
        ratio::check,
        share::check,
        unit_price::check,
        future_period::check,
        calendar::check,
        self_explanation::check,
        chronology::check,
        age::check,
    ];
    let mut found = Vec::new();
    for check in checks {
        check(page, &mut found);
    }
    found.into_iter().map(|outcome| outcome.trimmed(page.text)).collect()
}

/// A calculation with the figures that it is made of, on its way to an outcome.
pub(crate) struct Sum<'p, 'a> {
    pub(crate) check: Check,
    /// Operands, the printed result last.
    pub(crate) figures: Vec<&'p Figure<'a>>,
    pub(crate) expression: String,
    pub(crate) follows: Bounds,
    pub(crate) printed: Bounds,
    /// The unit in which both are shown; both are in the base unit of its dimension.
    pub(crate) unit: Unit,
}

impl Sum<'_, '_> {
    /// True if what follows has a common point with what is printed.
    pub(crate) fn holds(&self) -> bool {
        self.follows.meets(&self.printed)
    }

    /// The outcome.
    pub(crate) fn outcome(self, page: &Page<'_>) -> Outcome {
        let holds = self.holds();
        let gap = gap(&self.follows, &self.printed);
        let verb = if holds { "=" } else { "≠" };
        let (follows, printed) = (shown(&self.follows, &self.unit), shown(&self.printed, &self.unit));
        let result = self.figures.last().map(|figure| plain(figure.quote)).unwrap_or_default();
        let said = format!("{} = {follows} {verb} {result}", self.expression);
        let operands = (0..self.figures.len()).collect();
        let calculated =
            Calculated { expression: self.expression, follows, printed, unit: self.unit.code, operands };
        Outcome {
            check: self.check,
            holds,
            severity: if holds { HOLDS } else { by_gap(gap) },
            said,
            passages: self.figures.iter().map(|figure| figure.span.clone()).collect(),
            calculations: vec![calculated],
            claims: claims(page, &self.figures),
        }
    }
}

/// Bounds in the base unit of a dimension as they are in a unit of it.
pub(crate) fn shown(bounds: &Bounds, unit: &Unit) -> Bounds {
    bounds.over(&Bounds::exact(unit.factor)).unwrap_or(*bounds)
}

/// Severity of what holds: quiet support.
pub(crate) const HOLDS: u32 = 5;

/// Severity of what fails by wording or calendar alone.
pub(crate) const WORDING: u32 = 65;

/// How many times too large or too small what is printed is, at least 1; nothing if there is no telling.
fn gap(follows: &Bounds, printed: &Bounds) -> Option<Decimal> {
    let (one, other) = if follows.is_below(printed) { (follows, printed) } else { (printed, follows) };
    let (most, least) = (one.high()?, other.low()?);
    if most <= Decimal::ZERO { None } else { least.checked_div(most) }
}

/// Severity by the size of the gap: a lost power of ten is worse than a slip in the last digit.
fn by_gap(gap: Option<Decimal>) -> u32 {
    match gap {
        Some(gap) if gap < Decimal::new(101, 2) => 55,
        Some(gap) if gap < Decimal::new(110, 2) => 65,
        Some(gap) if gap < Decimal::new(2, 0) => 75,
        Some(gap) if gap < Decimal::new(5, 0) => 80,
        Some(_) => 90,
        None => 75,
    }
}

/// Names of the stored claims of which these are figures.
pub(crate) fn claims(page: &Page<'_>, figures: &[&Figure<'_>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for figure in figures {
        let index = figure.claim.or(figure.change.map(|(claim, _)| claim));
        let name = index.map(|index| page.claims[index].name.as_str()).unwrap_or_default();
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// An outcome that rests on wording or dates, without figures of claims.
pub(crate) fn wording(
    page: &Page<'_>,
    check: Check,
    holds: bool,
    said: String,
    mut passages: Vec<Range<usize>>,
) -> Outcome {
    passages.retain(|passage| !passage.is_empty());
    let mut figures: Vec<&Figure<'_>> = Vec::new();
    for passage in &passages {
        let first = page.figures.partition_point(|figure| figure.span.start < passage.start);
        figures.extend(page.figures[first..].iter().take_while(|figure| figure.span.end <= passage.end));
    }
    let claims = claims(page, &figures);
    let severity = if holds { HOLDS } else { WORDING };
    Outcome { check, holds, severity, said, passages, calculations: Vec::new(), claims }
}

/// A quote with its blanks made plain, for an expression.
pub(crate) fn plain(quote: &str) -> String {
    quote.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One plus or minus a percentage.
pub(crate) fn factor(percent: &Bounds, sign: i32) -> Option<Bounds> {
    let share = percent.percent()?;
    let one = Bounds::exact(Decimal::ONE);
    if sign < 0 { one.minus(&share) } else { one.plus(&share) }
}
