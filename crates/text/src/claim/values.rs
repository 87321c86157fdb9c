//! Which values a measure can have: money, mass, percentages.

use std::sync::LazyLock;

use crate::quick::Table;

/// What the values of a measure can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Money for something, money, or a percentage of a price.
    Price,
    SharePrice,
    Money,
    PerShare,
    Never,
    /// Mass, energy, pieces.
    Amount,
    Percent,
    Ratio,
    Points,
    Stake,
    Shares,
    Lots,
    NoMoney,
    Count,
    Duration,
    MoneyOrPercent,
    Area,
    Any,
}

/// The measures of each kind of value, by id without the kind; others can have any.
const KINDS: &[(Value, &[&str])] = &[
    (
        Value::Price,
        &[
            "price", "premium", "discount", "treatment-charge", "spread", "cost", "settlement-price",
            "cash-cost", "all-in-sustaining-cost", "freight-rate", "deduction", "unit-profit",
            "electricity-price",
        ],
    ),
    (Value::SharePrice, &["share-price", "target-price", "buyback-price", "issue-price"]),
    (
        Value::Money,
        &[
            "net-profit",
            "net-loss",
            "operating-loss",
            "ebitda-loss",
            "gross-loss",
            "profit",
            "capital-outflow",
            "profit-excluding-non-recurring",
            "loss-excluding-non-recurring",
            "gross-profit",
            "operating-profit",
            "ebitda",
            "revenue",
            "market-value",
            "trading-value",
            "capex",
            "margin-balance",
            "net-inflow",
            "deal-value",
            "contract-value",
            "investment",
            "fine",
            "cash",
            "net-present-value",
            "buyback-amount",
            "impairment",
            "non-recurring-gain",
            "prepayment",
            "credit-facility",
            "bond",
            "guarantee",
            "loan",
            "debt",
            "financing",
            "total-assets",
            "net-assets",
            "operating-cash-flow",
        ],
    ),
    (Value::PerShare, &["eps", "dividend", "net-asset-value"]),
    (Value::Never, &["vat"]),
    (
        Value::Amount,
        &[
            "output",
            "imports",
            "exports",
            "inventory",
            "reserves",
            "resources",
            "capacity",
            "sales-volume",
            "shipments",
            "consumption",
            "demand",
            "supply",
            "balance",
            "deficit",
            "surplus",
            "quota",
            "production-cut",
            "purchases",
            "seizures",
            "throughput",
            "capacity-under-construction",
            "compliance-capacity",
            "inventory-days",
        ],
    ),
    (
        Value::Percent,
        &[
            "share",
            "market-share",
            "operating-rate",
            "penetration",
            "recovery-rate",
            "gross-margin",
            "turnover-rate",
            "grade",
            "cut-off-grade",
            "tariff",
            "tax",
            "interest-rate",
            "payable",
            "price-limit",
            "internal-rate-of-return",
            "roe",
            "net-margin",
            "debt-ratio",
            "dividend-yield",
            "self-sufficiency",
            "recycling-rate",
            "purity",
            "bond-yield",
            "inflation",
            "consumer-prices",
            "producer-prices",
        ],
    ),
    (Value::Ratio, &["pe-ratio", "pb-ratio", "ratio", "strip-ratio"]),
    (Value::Points, &["index-level", "price-index", "pmi"]),
    (Value::Stake, &["shareholding"]),
    (Value::Shares, &["pledged-shares"]),
    (Value::Lots, &["trading-volume", "open-interest", "position-limit"]),
    (Value::NoMoney, &["installed-capacity"]),
    (
        Value::Count,
        &["advancers", "decliners", "limit-ups", "limit-downs", "count", "vehicle-sales", "registrations"],
    ),
    (Value::Duration, &["lead-time", "payback-period", "mine-life"]),
    (
        Value::MoneyOrPercent,
        &["trading-margin", "royalty", "subsidy", "export-tax-rebate", "transaction-fee"],
    ),
    (Value::Area, &["licence-area"]),
];

/// What the values of a measure can be, by its name without the kind.
pub(super) fn kind_of_value(name: &str) -> Value {
    static BY_NAME: LazyLock<Table<&str, Value>> = LazyLock::new(|| {
        KINDS.iter().flat_map(|(kind, names)| names.iter().map(|name| (*name, *kind))).collect()
    });
    BY_NAME.get(name).copied().unwrap_or(Value::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_one_kind_of_value() {
        let all: Vec<&str> = KINDS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        for (index, name) in all.iter().enumerate() {
            assert!(!all[index + 1..].contains(name), "{name} stands twice");
        }
        assert_eq!(kind_of_value("net-profit"), Value::Money);
        assert_eq!(kind_of_value("no-such-measure"), Value::Any);
    }
}
