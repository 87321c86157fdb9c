//! Which statements stand in a calculation of their document that comes out, or that does not.

use std::collections::BTreeSet;

use checks::{Input, Stated, audit, published};
use compare::{Item, Source, Told};
use plugin_sdk::AnalyzeError;
use plugin_sdk::record::Check;

/// Marks statements by the calculations of their document. Dates and wording say nothing of a figure.
pub(crate) fn mark(items: &mut [Item], source: &Source<'_>, told: &[Told]) -> Result<(), AnalyzeError> {
    if items.is_empty() {
        return Ok(());
    }
    let text = &source.document.text;
    let mentions = text_record::mentions(text, source.mentions).map_err(AnalyzeError::invalid_input)?;
    let claims: Vec<Stated> = told
        .iter()
        .map(|told| Stated { name: told.name.clone(), keys: Vec::new(), claim: told.claim.clone() })
        .collect();
    let outcomes = audit(&Input {
        text,
        title_bytes: source.document.title_bytes as usize,
        published: published(source.document),
        mentions: &mentions,
        claims: &claims,
    });
    let of = |holds: bool| -> BTreeSet<&str> {
        let sums = outcomes.iter().filter(|outcome| outcome.holds == holds && is_sum(outcome.check));
        sums.flat_map(|outcome| outcome.claims.iter().map(String::as_str)).collect()
    };
    let (holding, failing) = (of(true), of(false));
    for statement in items.iter_mut().map(|item| &mut item.statement) {
        statement.sum_holds = holding.contains(statement.claim.as_str());
        statement.sum_fails = failing.contains(statement.claim.as_str());
    }
    Ok(())
}

fn is_sum(check: Check) -> bool {
    matches!(
        check,
        Check::ChangeBase
            | Check::RangeBase
            | Check::PartsTotal
            | Check::Ratio
            | Check::Share
            | Check::UnitPrice
    )
}
