//! Nouns that tell whether four digits before them are a year or a count.

/// Nouns that make a count of four digits before them.
pub(super) fn is_counted(noun: &str) -> bool {
    matches!(
        noun,
        "people"
            | "workers"
            | "employees"
            | "companies"
            | "stocks"
            | "million"
            | "billion"
            | "thousand"
            | "cars"
            | "vehicles"
            | "jobs"
            | "contract"
            | "firms"
            | "units"
            | "shares"
            | "lots"
            | "homes"
            | "houses"
            | "shops"
            | "stores"
            | "mines"
            | "points"
            | "dollars"
            | "times"
            | "items"
            | "customers"
            | "users"
            | "members"
            | "trucks"
            | "ships"
            | "vessels"
            | "containers"
            | "pieces"
    )
}

/// Nouns of what is of a year: "the 2025 quota", "2025 capex".
pub(super) fn is_of_year(noun: &str) -> bool {
    NOUNS.binary_search(&noun).is_ok()
}

/// In the order of their bytes.
const NOUNS: &[&str] = &[
    "accounts", "acquisition", "act", "adjusted", "agreement", "allocation", "annual", "average", "balance",
    "base", "benchmark", "budget", "calendar", "campaign", "capacity", "capex", "census", "conference",
    "consumption", "contracted", "cost", "costs", "crop", "deal", "deficit", "deliveries", "demand",
    "dividend", "drilling", "duties", "early", "earnings", "ebitda", "edition", "election", "estimate",
    "estimates", "expenditure", "exports", "feasibility", "figure", "figures", "final", "financial", "first",
    "fiscal", "forecast", "forecasts", "fourth", "full", "grade", "gross", "growth", "guidance", "half",
    "harvest", "headcount", "high", "imports", "income", "interim", "investment", "law", "level", "levels",
    "long", "loss", "losses", "low", "margin", "margins", "meeting", "merger", "mine", "mined", "model",
    "net", "notice", "number", "numbers", "offtake", "operating", "outlook", "output", "peak", "period",
    "plan", "premium", "premiums", "presidential", "price", "prices", "primary", "production", "profit",
    "program", "programme", "quarterly", "quota", "quotas", "rate", "rates", "record", "refined",
    "regulation", "report", "reserve", "reserves", "resource", "results", "revenue", "revenues", "review",
    "roadmap", "rules", "sales", "season", "second", "semi", "shipments", "smelter", "spending", "spot",
    "strategy", "study", "summit", "supply", "surplus", "survey", "target", "targets", "tariff", "tariffs",
    "tax", "tcs", "tender", "third", "tonnage", "total", "treatment", "turnover", "update", "version",
    "volume", "volumes", "year",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_are_in_order() {
        assert!(NOUNS.is_sorted());
    }
}
