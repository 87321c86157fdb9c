//! Ratios, shares and differences that figures of the text give when they are divided or subtracted, as printed.

use rust_decimal::{Decimal, RoundingStrategy};

use super::slots::Claim;

/// How many figures back the two may stand: in the same sentence or the one before.
const BACK: usize = 6;
/// How many figures ahead: «40% of the 236.5 trillion won of all ten».
const AHEAD: usize = 2;

/// What two figures give.
#[derive(Clone, Copy, PartialEq)]
enum By {
    Division,
    Difference,
}

/// Links each ratio, share or difference to the two figures that it is calculated from.
pub(super) fn derive(claims: &mut [Claim<'_>]) {
    for index in 0..claims.len() {
        let Some((wanted, unit)) = plain(&claims[index]) else { continue };
        let Some(by) = by(&claims[index], unit) else { continue };
        let percent = unit == Some("%");
        let given = |one: usize, other: usize| gives(claims, (one, other), by, wanted, percent);
        let from = index.saturating_sub(BACK);
        let behind = (index + 1..claims.len())
            .take(AHEAD)
            .take_while(|other| by == By::Division && claims[*other].sentence == claims[index].sentence);
        let near: Vec<usize> = (from..index).rev().chain(behind).collect();
        let pair = near.iter().find_map(|one| {
            near.iter().find(|other| given(*one, **other)).map(|other| (*one.min(other), *one.max(other)))
        });
        if let Some((one, other)) = pair {
            claims[index].derived_from = vec![claims[one].start_byte, claims[other].start_byte];
        }
    }
}

/// How a claim may be calculated, by what it measures.
fn by(claim: &Claim<'_>, unit: Option<&str>) -> Option<By> {
    let slot = claim.measure.as_ref()?;
    match slot.is.id.as_deref().and_then(|id| id.strip_prefix("measure/")) {
        Some(
            "ratio" | "share" | "market-share" | "operating-rate" | "self-sufficiency" | "payable"
            | "penetration" | "recovery-rate" | "gross-margin" | "debt-ratio",
        ) => Some(By::Division),
        Some("spread") => Some(By::Difference),
        // A rate by its form alone: the completion rate of a plan.
        None if unit == Some("%") && !slot.is.words.is_empty() => Some(By::Division),
        _ => None,
    }
}

/// True if the first figure of a pair divided by the second, or less it, is the one wanted.
fn gives(claims: &[Claim<'_>], pair: (usize, usize), by: By, wanted: Decimal, percent: bool) -> bool {
    let (Some((above, left)), Some((below, right))) = (plain(&claims[pair.0]), plain(&claims[pair.1])) else {
        return false;
    };
    // Percentages of percentages are chance.
    if left != right || pair.0 == pair.1 || by == By::Division && left == Some("%") {
        return false;
    }
    let result = match by {
        By::Division => above.checked_div(below),
        By::Difference => above.checked_sub(below),
    };
    let Some(result) = result else { return false };
    let result = if percent && by == By::Division { result * Decimal::ONE_HUNDRED } else { result };
    let rounded = result.round_dp_with_strategy(wanted.scale(), RoundingStrategy::MidpointAwayFromZero);
    // «half» and «a third» say no digits.
    rounded == wanted
}

/// The level of a claim with its unit, if it is one number.
fn plain<'c>(claim: &'c Claim<'_>) -> Option<(Decimal, Option<&'c str>)> {
    let value = &claim.value.as_ref()?.is;
    Some((value.value.as_deref()?.parse().ok()?, value.unit.as_deref()))
}

#[cfg(test)]
mod tests {
    use crate::{Context, Reader};

    #[test]
    fn ratios_and_differences_name_the_figures_that_give_them() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("9月锡锭产量8吨,其中出口3吨,占37.5%。", "37.5%", &["8吨", "3吨"]),
            (
                "The actual output was 4,215 tons against the earlier forecast output of 6,000 tons, only 70.3% of the forecast number.",
                "70.3%",
                &["4,215 tons", "6,000 tons"],
            ),
            ("锡价报30万元/吨,铅价报2万元/吨,价差28万元/吨。", "28万元/吨", &["30万元/吨", "2万元/吨"]),
            ("锡产量8吨,占42%。", "42%", &[]),
        ];
        let reader = Reader::standard();
        for (text, at, expected) in cases {
            let mentions = reader.read(text, &Context::default());
            let claims = reader.claims(text, 0, &mentions);
            let quote =
                |start: usize| claims.iter().find(|claim| claim.start_byte == start).map(|claim| claim.quote);
            let from: Vec<&str> = claims
                .iter()
                .filter(|claim| claim.quote == *at)
                .flat_map(|claim| claim.derived_from.iter().filter_map(|start| quote(*start)))
                .collect();
            assert_eq!(from, *expected, "{text}");
        }
    }
}
