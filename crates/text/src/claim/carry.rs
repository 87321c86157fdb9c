//! Which figures take their period from an earlier sentence or the title, and which stand without one.

use super::slots::{Claim, Modality};
use crate::mention::Precision;

/// Measures that hold until something changes them: a time said of something else says nothing of them.
const STANDING: &[&str] = &[
    "capacity", "installed-capacity", "shareholding", "tariff", "tax", "interest-rate", "investment",
    "capex", "fine", "deal-value", "contract-value", "reserves", "resources", "quota",
];

/// Measures that are read off at a moment, such as a price: a quarter's report tells them of no day.
const OF_A_MOMENT: &[&str] = &[
    "price", "premium", "discount", "treatment-charge", "spread", "price-index", "index-level",
    "share-price", "market-value", "trading-volume", "trading-value", "turnover-rate", "open-interest",
    "net-inflow", "margin-balance", "advancers", "decliners", "limit-ups", "inventory", "exchange-rate",
    "pe-ratio", "pb-ratio", "ratio",
];

/// Measures that are quoted at a moment.
const OF_A_QUOTE: &[&str] = &["price", "premium", "discount", "treatment-charge", "spread", "share-price"];

/// Measures that are printed for each session and for nothing longer.
const OF_A_SESSION: &[&str] = &[
    "index-level", "share-price", "market-value", "trading-volume", "trading-value", "turnover-rate",
    "pe-ratio", "pb-ratio",
];

fn name<'c>(claim: &'c Claim<'_>) -> &'c str {
    let id = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    super::measure::name_of(id)
}

/// True if a claim without a time of its own may take one that is said elsewhere: not what stands until it is changed, and
/// not what is merely supposed or agreed.
pub(super) fn inherits(claim: &Claim<'_>) -> bool {
    let modality = claim.modality.as_ref().map(|slot| slot.is.value);
    // A dividend is proposed for the time that the report is of.
    if name(claim) == "dividend" {
        return true;
    }
    !STANDING.contains(&name(claim))
        && !matches!(modality, Some(Modality::Hypothetical | Modality::Contractual | Modality::Planned))
}

/// True if a time of this length, said in another sentence or in the title, can be that of a claim: a day's report gives
/// prices and no output, a quarter's report output and no prices.
pub(super) fn takes(claim: &Claim<'_>, precision: Option<Precision>) -> bool {
    let measure = name(claim);
    match precision {
        Some(Precision::Second | Precision::Minute | Precision::Hour | Precision::Day) => {
            OF_A_MOMENT.contains(&measure)
        }
        Some(Precision::Quarter | Precision::Half | Precision::Year) => {
            !OF_A_MOMENT.contains(&measure) || claim.statistic.is_some() && !OF_A_SESSION.contains(&measure)
        }
        // A month's report tells the mean of its prices; another price in it is of no month.
        Some(Precision::Month) => !OF_A_QUOTE.contains(&measure) || claim.statistic.is_some(),
        Some(Precision::Decade) => false,
        _ => true,
    }
}
