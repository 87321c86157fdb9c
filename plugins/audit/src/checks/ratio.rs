//! A ratio or multiple and its terms: first ÷ second.

use plugin_sdk::record::Check;

use super::{Sum, plain};
use crate::figure::Figure;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence};
use crate::words;

/// Names of ratios right before the number.
const RATIO: &[&str] = &["ratio", "比价", "比值", "之比", "比为", "比率", "单耗", "yield"];

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    for (at, sentence) in page.sentences.iter().enumerate() {
        for result in page.of(sentence) {
            let terms = terms(page, at, sentence, result);
            let Some((one, other, sure)) = terms else { continue };
            let outcomes: Vec<Outcome> =
                [(one, other), (other, one)].into_iter().filter_map(|(a, b)| judge(page, a, b, result)).collect();
            let best = outcomes.iter().find(|outcome| outcome.holds).or(outcomes.first().filter(|_| sure));
            found.extend(best.cloned());
        }
    }
}

/// The two terms of a ratio, and whether it is sure that they are.
fn terms<'p, 'a>(
    page: &'p Page<'a>,
    at: usize,
    sentence: &Sentence,
    result: &Figure<'_>,
) -> Option<(&'p Figure<'a>, &'p Figure<'a>, bool)> {
    if let Some(terms) = derived(page, result) {
        return Some(terms);
    }
    let before = page.before(sentence, result.span.start);
    let behind = page.behind(sentence, result.span.end);
    let multiple = result.unit.dimension == "{multiple}";
    let named = result.unit.dimension == "1" && words::has(&before, RATIO);
    // Growth of N times is a change and no ratio.
    if !(multiple && words::sign(&before, "").is_none() || named) || !result.is_single() {
        return None;
    }
    let figures = page.of(sentence);
    let index = figures.iter().position(|figure| figure.span == result.span)?;
    let level = |figure: &&Figure<'_>| figure.unit.dimension != "{multiple}" && !figure.unit.is_percent() && figure.is_single();
    // «3.6 times the 0.47 million tons»: one term behind it, the other before it.
    let next = figures.get(index + 1).filter(level).filter(|next| next.span.start - result.span.end <= 24);
    let head: Vec<&Figure<'_>> = figures[..index].iter().filter(level).collect();
    let last = page.sentences[..at].last().filter(|last| last.line == sentence.line);
    let told: Vec<&Figure<'_>> = last.map(|last| page.of(last).iter().filter(level).collect()).unwrap_or_default();
    if multiple && !result.quote.contains('倍') {
        let next = next?;
        let first = head.last().copied().or(told.last().copied().filter(|_| told.len() == 1))?;
        let joined = words::has(&page.lower(result.span.end, next.span.start), &["the", "as much as", "as many as", "of"]);
        return first.is_like(next).then_some((first, next, joined));
    }
    let pool = if head.len() >= 2 { head } else { told.into_iter().chain(head).collect() };
    let like: Vec<&Figure<'_>> = match pool.last() {
        Some(last) => pool.iter().copied().filter(|figure| figure.is_like(last)).collect(),
        None => return None,
    };
    let &[.., one, other] = like.as_slice() else { return None };
    let only = like.len() == 2 && pool.len() == 2;
    let told = named || words::has(&before, &["是", "为", "相当于", "达"]) || words::has(&behind, &["于", "之多"]);
    Some((one, other, only && told))
}

/// The terms of a claim that names the claims from which it is calculated.
fn derived<'p, 'a>(page: &'p Page<'a>, result: &Figure<'_>) -> Option<(&'p Figure<'a>, &'p Figure<'a>, bool)> {
    let from = &page.claims[result.claim?].claim.derived_from;
    let &[one, other] = from.as_slice() else { return None };
    let find = |start: u32| {
        let figures = page.figures.iter();
        figures.clone().find(|figure| figure.span.start == start as usize)
    };
    Some((find(one)?, find(other)?, true))
}

fn judge(page: &Page<'_>, one: &Figure<'_>, other: &Figure<'_>, result: &Figure<'_>) -> Option<Outcome> {
    let sum = Sum {
        check: Check::Ratio,
        figures: vec![one, other, result],
        expression: format!("{} ÷ {}", plain(one.quote), plain(other.quote)),
        follows: one.bounds.over(&other.bounds)?,
        printed: result.bounds,
        unit: String::new(),
    };
    Some(sum.outcome(page))
}
