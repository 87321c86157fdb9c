//! What a measure is of, and which values it can have.

/// Whose measure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bearer {
    /// A good: price, output, imports.
    Good,
    /// A company or a sector of the stock market: profit, revenue, market value.
    Company,
    /// An index.
    Index,
    /// Anything: share, count, ratio.
    Any,
}

/// Measures of companies, by id without the kind.
const OF_COMPANIES: &[&str] = &[
    "net-profit",
    "profit-excluding-non-recurring",
    "gross-profit",
    "operating-profit",
    "ebitda",
    "revenue",
    "gross-margin",
    "net-margin",
    "eps",
    "dividend",
    "capex",
    "rd-spending",
    "market-value",
    "shareholding",
    "pe-ratio",
    "pb-ratio",
    "turnover-rate",
    "trading-value",
    "margin-balance",
    "net-inflow",
    "share-price",
    "deal-value",
    "contract-value",
    "investment",
    "fine",
];

const OF_ANYTHING: &[&str] = &[
    "share",
    "market-share",
    "ratio",
    "count",
    "advancers",
    "decliners",
    "limit-ups",
    "interest-rate",
    "exchange-rate",
    "tax",
];

pub(super) fn bearer(measure: &str) -> Bearer {
    let name = measure.strip_prefix("measure/").unwrap_or(measure);
    if OF_COMPANIES.contains(&name) {
        Bearer::Company
    } else if OF_ANYTHING.contains(&name) {
        Bearer::Any
    } else if name == "index-level" {
        Bearer::Index
    } else {
        Bearer::Good
    }
}

/// True if a level in `unit` can be a value of `measure`; a change may have any unit.
pub(super) fn fits(measure: &str, unit: &str) -> bool {
    let name = measure.strip_prefix("measure/").unwrap_or(measure);
    let (numerator, denominator) = unit.split_once('/').unwrap_or((unit, ""));
    let money = numerator.len() == 3 && numerator.bytes().all(|byte| byte.is_ascii_uppercase());
    let percent = matches!(numerator, "%" | "[pp]");
    match name {
        "price" | "premium" | "discount" | "treatment-charge" | "spread" | "cost" | "settlement-price" => {
            (money && denominator != "{share}") || (percent && name != "price") || unit.is_empty()
        }
        "share-price" => money && matches!(denominator, "" | "{share}"),
        "net-profit"
        | "net-loss"
        | "profit"
        | "capital-outflow"
        | "profit-excluding-non-recurring"
        | "gross-profit"
        | "operating-profit"
        | "ebitda"
        | "revenue"
        | "market-value"
        | "trading-value"
        | "capex"
        | "margin-balance"
        | "net-inflow"
        | "deal-value"
        | "contract-value"
        | "investment"
        | "fine" => money && denominator.is_empty(),
        "eps" | "dividend" => money && matches!(denominator, "" | "{share}"),
        "vat" => false,
        "output" | "imports" | "exports" | "inventory" | "reserves" | "resources" | "capacity"
        | "sales-volume" | "shipments" | "consumption" | "demand" | "supply" | "balance" | "deficit"
        | "surplus" | "quota" | "production-cut" => {
            // Money for a mass is a price, and money alone the value of what is traded.
            let amount = !matches!(numerator, "{point}" | "{multiple}" | "{share}" | "{lot}");
            let of_trade = matches!(name, "imports" | "exports" | "sales-volume" | "shipments" | "demand");
            !percent
                && !unit.is_empty()
                && amount
                && !is_rate_of_money(unit)
                && (!money || of_trade || name == "inventory")
                && !is_time(unit)
        }
        "share" | "market-share" | "operating-rate" | "penetration" | "recovery-rate" | "gross-margin"
        | "turnover-rate" | "grade" | "tariff" | "tax" | "interest-rate" => {
            percent || unit == "g/t" || unit == "[ppm]"
        }
        "pe-ratio" | "pb-ratio" | "ratio" => numerator == "{multiple}" || unit.is_empty() || percent,
        "index-level" | "price-index" => unit.is_empty() || numerator == "{point}",
        "shareholding" => percent || numerator == "{share}",
        "trading-volume" | "open-interest" => matches!(numerator, "{lot}" | "{share}" | "t" | "kg") && !money,
        "installed-capacity" => !money,
        "advancers" | "decliners" | "limit-ups" | "count" | "vehicle-sales" | "registrations" => {
            unit.is_empty()
        }
        _ => true,
    }
}

fn is_time(unit: &str) -> bool {
    matches!(unit, "a" | "mo" | "wk" | "d" | "h" | "min")
}

/// A measure by the name that figures are compared by, and the sign that its words give to a figure: a net loss is a
/// negative net profit, a deficit a negative balance.
pub(super) fn settled(id: &str, words: &str) -> (Option<&'static str>, bool) {
    match id {
        "measure/net-loss" => (Some("measure/net-profit"), true),
        "measure/deficit" => (Some("measure/balance"), true),
        "measure/surplus" => (Some("measure/balance"), false),
        "measure/capital-outflow" => (Some("measure/net-inflow"), true),
        // A profit of which nothing else is said is the one at the bottom of the account.
        "measure/profit"
            if matches!(words.to_lowercase().as_str(), "profit" | "profits" | "利润" | "盈利") =>
        {
            (Some("measure/net-profit"), false)
        }
        "measure/anti-dumping-duty" => (Some("measure/tariff"), false),
        _ => (None, false),
    }
}

/// True if the unit is money for a mass, which of a good is a price.
pub(super) fn is_rate_of_money(unit: &str) -> bool {
    let Some((money, per)) = unit.split_once('/') else { return false };
    money.len() == 3
        && money.bytes().all(|byte| byte.is_ascii_uppercase())
        && matches!(
            per,
            "t" | "kg"
                | "g"
                | "[lb_av]"
                | "[oz_tr]"
                | "[oz_av]"
                | "{mtu}"
                | "[bbl_us]"
                | "[ston_av]"
                | "[lton_av]"
                | "m2"
                | "W"
                | "W.h"
                | "kW.h"
                | "m3"
                | "{SWU}"
                | "{piece}"
        )
}

/// True if the unit is mass, energy or power for a year.
pub(super) fn is_yearly_mass(unit: &str) -> bool {
    unit.split_once('/').is_some_and(|(of, per)| {
        per == "a" && matches!(of, "t" | "kg" | "[lb_av]" | "[oz_tr]" | "GW.h" | "MW.h" | "GW")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fit_their_measures() {
        assert!(fits("measure/price", "CNY/t") && !fits("measure/price", "t") && !fits("measure/price", "%"));
        assert!(fits("measure/output", "t") && !fits("measure/output", "%"));
        assert!(fits("measure/operating-rate", "%") && !fits("measure/net-profit", "CNY/t"));
        assert!(is_rate_of_money("USD/[lb_av]") && !is_rate_of_money("CNY") && !is_rate_of_money("t/a"));
        assert_eq!(bearer("measure/revenue"), Bearer::Company);
        assert_eq!(bearer("measure/price"), Bearer::Good);
    }
}
