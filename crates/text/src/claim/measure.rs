//! What a measure is of, and which values it can have.

use std::sync::LazyLock;

use super::values::{Value, kind_of_value};
use crate::find::lower;
use crate::quick::Table;

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
    "net-loss",
    "operating-loss",
    "ebitda-loss",
    "gross-loss",
    "profit",
    "profit-margin",
    "roe",
    "operating-cash-flow",
    "total-assets",
    "net-assets",
    "debt",
    "debt-ratio",
    "research-spending",
    "financing",
    "loan",
    "dividend-yield",
    "ev-ebitda",
    "valuation",
    "capital-outflow",
    "net-buying",
    "short-balance",
    "shares-outstanding",
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
    "target-price",
    "buyback-price",
    "buyback-amount",
    "issue-price",
    "cash",
    "impairment",
    "non-recurring-gain",
    "operating-expenses",
    "prepayment",
    "credit-facility",
    "bond",
    "guarantee",
    "pledged-shares",
    "net-asset-value",
];

const OF_ANYTHING: &[&str] = &[
    "share", "market-share", "ratio", "count", "advancers", "decliners", "limit-ups", "interest-rate",
    "exchange-rate", "tax", "pmi", "consumer-prices", "producer-prices", "lead-time", "transaction-fee",
    "trading-margin", "licence-area",
];

pub(super) fn bearer(measure: &str) -> Bearer {
    static BY_NAME: LazyLock<Table<&str, Bearer>> = LazyLock::new(|| {
        let company = OF_COMPANIES.iter().map(|name| (*name, Bearer::Company));
        let any = OF_ANYTHING.iter().map(|name| (*name, Bearer::Any));
        any.chain(company).chain([("index-level", Bearer::Index)]).collect()
    });
    BY_NAME.get(name_of(measure)).copied().unwrap_or(Bearer::Good)
}

/// A measure's id without its kind: `price` of `measure/price`.
pub(super) fn name_of(measure: &str) -> &str {
    measure.strip_prefix("measure/").unwrap_or(measure)
}

/// True for a unit of money alone, by its code in ISO 4217.
pub(super) fn is_money(unit: &str) -> bool {
    unit.len() == 3 && unit.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// True if a level in `unit` can be a value of `measure`; a change may have any unit.
pub(super) fn fits(measure: &str, unit: &str) -> bool {
    let name = name_of(measure);
    let (numerator, denominator) = unit.split_once('/').unwrap_or((unit, ""));
    let money = is_money(numerator);
    let percent = matches!(numerator, "%" | "[pp]");
    let share = denominator == "{share}";
    match kind_of_value(name) {
        Value::Price => (money && !share) || (percent && name != "price") || unit.is_empty(),
        Value::SharePrice => money && (denominator.is_empty() || share),
        Value::Money => money && denominator.is_empty(),
        Value::PerShare => money && (denominator.is_empty() || share),
        Value::Never => false,
        Value::Amount => {
            // Money for a mass is a price, and money alone the value of what is traded.
            let amount = !matches!(
                numerator,
                "{point}"
                    | "{multiple}"
                    | "{share}"
                    | "{lot}"
                    | "[ppm]"
                    | "Cel"
                    | "[degF]"
                    | "mm"
                    | "um"
                    | "nm"
                    | "cm"
            );
            let of_trade = matches!(
                name,
                "imports" | "exports" | "sales-volume" | "shipments" | "demand" | "seizures" | "stockpile"
            );
            let stock = matches!(name, "inventory" | "inventory-days");
            !percent
                && !unit.is_empty()
                && (amount || stock && numerator == "{lot}")
                && !is_rate_of_money(unit)
                && (!money || of_trade || name == "inventory")
                && (!is_time(unit) || stock)
        }
        Value::Percent => percent || unit == "g/t" || unit == "[ppm]",
        Value::Ratio => numerator == "{multiple}" || unit.is_empty() || percent,
        Value::Points => unit.is_empty() || numerator == "{point}",
        Value::Stake => percent || numerator == "{share}",
        Value::Shares => numerator == "{share}",
        Value::Lots => matches!(numerator, "{lot}" | "{share}" | "t" | "kg") && !money,
        Value::NoMoney => !money,
        Value::Count => unit.is_empty(),
        Value::Duration => is_time(unit),
        Value::MoneyOrPercent => money && !share || percent,
        Value::Area => matches!(numerator, "har" | "km2" | "{mu}" | "m2"),
        Value::Any => true,
    }
}

/// True if the values of a measure are sums of money.
pub(super) fn is_sum(measure: &str) -> bool {
    matches!(kind_of_value(name_of(measure)), Value::Money)
}

fn is_time(unit: &str) -> bool {
    matches!(unit, "a" | "mo" | "wk" | "d" | "h" | "min")
}

/// A measure by the name that figures are compared by, and the sign that its words give to a figure: a net loss is a
/// negative net profit, a deficit a negative balance.
pub(super) fn settled(id: &str, words: &str) -> (Option<&'static str>, bool) {
    match id {
        "measure/net-loss" => (Some("measure/net-profit"), true),
        "measure/operating-loss" => (Some("measure/operating-profit"), true),
        "measure/ebitda-loss" => (Some("measure/ebitda"), true),
        "measure/gross-loss" => (Some("measure/gross-profit"), true),
        "measure/loss-excluding-non-recurring" => (Some("measure/profit-excluding-non-recurring"), true),
        "measure/deficit" => (Some("measure/balance"), true),
        "measure/surplus" => (Some("measure/balance"), false),
        "measure/capital-outflow" => (Some("measure/net-inflow"), true),
        // Names of a part or a way of reckoning, which the basis or the modality says.
        "measure/cash-cost" | "measure/all-in-sustaining-cost" => (Some("measure/cost"), false),
        "measure/capacity-under-construction" => (Some("measure/capacity"), false),
        "measure/battery-installations" => (Some("measure/installed-capacity"), false),
        "measure/reexports" => (Some("measure/exports"), false),
        "measure/stockpile" => (Some("measure/inventory"), false),
        "measure/royalty" => (Some("measure/tax"), false),
        "measure/inventory-days" => (Some("measure/inventory"), false),
        "measure/listed-companies" => (Some("measure/count"), false),
        "measure/electricity-price" => (Some("measure/price"), false),
        // A profit of which nothing else is said is the one at the bottom of the account.
        "measure/profit" if matches!(&*lower(words), "profit" | "profits" | "利润" | "盈利") => {
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
        matches!(per, "a" | "mo" | "d")
            && matches!(of, "t" | "kg" | "[lb_av]" | "[oz_tr]" | "GW.h" | "MW.h" | "GW")
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
