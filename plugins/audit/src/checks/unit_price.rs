//! Money ÷ quantity is the unit price that is said for it; against a market price, a factor of three is plausible and a factor of
//! five is not.

use plugin_sdk::record::Check;
use rust_decimal::Decimal;
use text::rounding::Bounds;

use super::{Sum, plain};
use crate::figure::Figure;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence};
use crate::words;

/// Words of a price that is the market's and not the deal's.
const MARKET: &[&str] = &["spot", "market", "quoted", "traded near", "trades", "现货", "市场价", "市价", "报价", "行情", "期货"];

/// How far from a market price a deal plausibly is, and from where it is not.
const NEAR: i64 = 3;
const FAR: i64 = 5;

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    for (at, sentence) in page.sentences.iter().enumerate() {
        for price in page.of(sentence) {
            if price.unit.price().is_some() && price.is_single() {
                found.extend(stated(page, at, sentence, price));
            }
        }
    }
}

/// The deal of which a unit price is said: money and quantity in the same sentence, or the two around it.
fn stated(page: &Page<'_>, at: usize, sentence: &Sentence, price: &Figure<'_>) -> Option<Outcome> {
    let (money, below) = price.unit.price()?;
    let windows = [at..at + 1, at.saturating_sub(1)..at + 1, at..at + 2, at.saturating_sub(1)..at + 2, at.saturating_sub(2)..at + 1];
    for window in windows {
        let Some(sentences) = page.sentences.get(window) else { continue };
        if sentences.iter().any(|other| other.line != sentence.line) {
            continue;
        }
        let figures: Vec<&Figure<'_>> = sentences.iter().flat_map(|sentence| page.of(sentence)).collect();
        let sums: Vec<&Figure<'_>> = figures.iter().copied().filter(|figure| figure.unit.dimension == money && figure.is_single()).collect();
        let amounts: Vec<&Figure<'_>> = figures.iter().copied().filter(|figure| figure.unit.dimension == below && figure.is_single()).collect();
        if sums.is_empty() || amounts.is_empty() {
            continue;
        }
        let market = words::has(&page.before(sentence, price.span.start), MARKET);
        let outcomes: Vec<Outcome> = sums
            .iter()
            .flat_map(|sum| amounts.iter().map(move |amount| (sum, amount)))
            .filter_map(|(sum, amount)| judge(page, sum, amount, price, market))
            .collect();
        if let Some(holds) = outcomes.iter().find(|outcome| outcome.holds) {
            return Some(holds.clone());
        }
        return (sums.len() == 1 && amounts.len() == 1).then(|| outcomes.into_iter().next()).flatten();
    }
    None
}

fn judge(page: &Page<'_>, sum: &Figure<'_>, amount: &Figure<'_>, price: &Figure<'_>, market: bool) -> Option<Outcome> {
    let follows = sum.bounds.over(&amount.bounds)?;
    let times = |bounds: &Bounds, factor: i64| -> Option<Bounds> {
        let factor = Decimal::from(factor);
        Some(Bounds::between(bounds.low()?.checked_div(factor)?, bounds.high()?.checked_mul(factor)?))
    };
    let printed = if market {
        let near = times(&price.bounds, NEAR)?;
        if !follows.meets(&near) && follows.meets(&times(&price.bounds, FAR)?) {
            return None;
        }
        near
    } else {
        price.bounds
    };
    let sum = Sum {
        check: Check::UnitPrice,
        figures: vec![sum, amount, price],
        expression: format!("{} ÷ {}", plain(sum.quote), plain(amount.quote)),
        follows,
        printed,
        unit: price.unit.clone(),
    };
    Some(sum.outcome(page))
}
