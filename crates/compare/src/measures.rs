//! Kinds of measures that are compared in their own ways.

/// Measures that have no running period: a plant's capacity, an estimate, the terms of one deal.
pub(crate) const TIMELESS: &[&str] = &[
    "measure/capacity",
    "measure/capacity-under-construction",
    "measure/installed-capacity",
    "measure/reserves",
    "measure/resources",
    "measure/grade",
    "measure/mine-life",
    "measure/investment",
    "measure/financing",
    "measure/capex",
    "measure/contract-value",
    "measure/deal-value",
    "measure/net-present-value",
    "measure/internal-rate-of-return",
    "measure/payback-period",
    "measure/issue-price",
    "measure/shareholding",
    "measure/tariff",
    "measure/export-tax-rebate",
    "measure/anti-dumping-duty",
    "measure/subsidy",
    "measure/vat",
    "measure/royalty",
];

/// Measures of which two goods often have the same value.
pub(crate) const PRICES: &[&str] =
    &["measure/price", "measure/premium", "measure/treatment-charge", "measure/share-price"];

/// Measures that change from day to day, so that a text of which the day is not said tells of its own.
pub(crate) const DAILY: &[&str] = &[
    "measure/price", "measure/premium", "measure/discount", "measure/share-price", "measure/index-level",
    "measure/inventory", "measure/trading-value", "measure/trading-volume", "measure/market-value",
    "measure/freight-rate",
];

/// Measures of goods that are on their way.
pub(crate) const FLOWS: &[&str] = &[
    "measure/imports",
    "measure/exports",
    "measure/reexports",
    "measure/shipments",
    "measure/delivery-volume",
    "measure/purchases",
    "measure/sales-volume",
];

/// What says that a figure is of a part of which the words do not tell which.
pub(crate) const PARTS: &[&str] =
    &["part-of-company", "own", "of-which", "batch", "excluding", "outside", "so-far"];

/// Results of a company, of which it is itself the one source.
pub(crate) const RESULTS: &[&str] = &[
    "measure/net-profit",
    "measure/profit-excluding-non-recurring",
    "measure/profit",
    "measure/operating-profit",
    "measure/operating-loss",
    "measure/ebitda",
    "measure/net-loss",
    "measure/gross-profit",
    "measure/revenue",
    "measure/eps",
    "measure/dividend",
    "measure/capex",
    "measure/market-value",
    "measure/operating-cash-flow",
];

/// The terms of one deal.
pub(crate) const DEALS: &[&str] = &["measure/contract-value", "measure/deal-value", "measure/orders"];

/// What a company tells of its own works month by month.
pub(crate) const OPERATIONS: &[&str] = &[
    "measure/output", "measure/sales-volume", "measure/shipments", "measure/vehicle-sales",
    "measure/throughput",
];

/// Measures that are counted over months and years, never for a day.
pub(crate) const LONG: &[&str] = &[
    "measure/output",
    "measure/capacity",
    "measure/sales-volume",
    "measure/shipments",
    "measure/vehicle-sales",
    "measure/registrations",
    "measure/imports",
    "measure/exports",
    "measure/quota",
    "measure/demand",
    "measure/consumption",
    "measure/supply",
    "measure/revenue",
    "measure/net-profit",
    "measure/profit",
    "measure/operating-profit",
    "measure/net-loss",
    "measure/gross-profit",
    "measure/gross-margin",
    "measure/ebitda",
    "measure/capex",
    "measure/operating-rate",
    "measure/market-share",
];
