//! Under which heading something belongs: by what is measured or what happened; of a sentence without a claim, by its words.

use api::record::{Claim, EventType, Modality};

use crate::model::SectionKind;

/// The themes, in the order of a brief.
pub(crate) const THEMES: [SectionKind; 9] = [
    SectionKind::Prices,
    SectionKind::Policy,
    SectionKind::Trade,
    SectionKind::Companies,
    SectionKind::SupplyDemand,
    SectionKind::Technology,
    SectionKind::Markets,
    SectionKind::Outlooks,
    SectionKind::Other,
];

/// Measures by theme, as the ends of their ids in the lexicon; companies have all that is not listed.
const MEASURES: [(SectionKind, &[&str]); 5] = [
    (
        SectionKind::Prices,
        &[
            "price", "spread", "premium", "discount", "contango", "backwardation", "treatment-charge",
            "freight-rate", "electricity-price",
        ],
    ),
    (
        SectionKind::Policy,
        &["quota", "tariff", "anti-dumping-duty", "export-tax-rebate", "subsidy", "vat", "royalty"],
    ),
    (SectionKind::Trade, &["imports", "exports", "reexports", "trade-balance", "shipments", "purchases"]),
    (
        SectionKind::SupplyDemand,
        &[
            "output",
            "capacity",
            "compliance-capacity",
            "capacity-under-construction",
            "operating-rate",
            "inventory",
            "cancelled-warrants",
            "stockpile",
            "reserves",
            "resources",
            "grade",
            "recovery-rate",
            "purity",
            "mine-life",
            "demand",
            "consumption",
            "supply",
            "deficit",
            "surplus",
            "balance",
            "self-sufficiency",
            "share",
            "penetration",
            "vehicle-sales",
            "registrations",
            "installed-capacity",
            "battery-installations",
            "industrial-output",
            "recycling-rate",
            "market-size",
            "delivery-volume",
            "inventory-days",
            "throughput",
            "production-cut",
            "sales-volume",
            "power-consumption",
            "power-generation",
            "strip-ratio",
            "cut-off-grade",
            "load-factor",
        ],
    ),
    (
        SectionKind::Markets,
        &[
            "share-price", "index-level", "trading-volume", "trading-value", "turnover-rate",
            "open-interest", "net-long-position", "net-inflow", "capital-outflow", "net-buying",
            "margin-balance", "short-balance", "etf-holdings", "advancers", "decliners", "ratio",
            "limit-ups", "limit-downs", "amplitude", "listed-companies", "new-listings", "delistings",
            "market-value", "pe-ratio", "pb-ratio", "ev-ebitda", "valuation", "exchange-rate",
            "interest-rate", "bond-yield", "gdp", "inflation", "pmi", "consumer-prices", "producer-prices",
            "trading-margin", "price-limit", "position-limit", "transaction-fee", "open-position-value",
            "target-price",
        ],
    ),
];

/// Words that tell the theme of a sentence without a claim, in lower case; of themes with equally many, the first.
const CUES: [(SectionKind, &[&str]); 8] = [
    (
        SectionKind::Prices,
        &[
            "price", "prices", "pricing", "per ton", "per tonne", "价格", "报价", "涨价", "元/吨", "均价",
            "底价",
        ],
    ),
    (
        SectionKind::Policy,
        &[
            "export control", "export ban", "export restriction", "licens", "licenc", "regulation",
            "crackdown", "ministry", "sanction", "tariff", "customs", "policy", "policies", "countermeasure",
            "special action", "管制", "禁令", "许可", "商务部", "海关", "政策", "关税", "制裁", "配额",
            "专项行动", "工信部", "监管", "反制",
        ],
    ),
    (
        SectionKind::Trade,
        &[
            "smuggl", "transship", "transshipment", "import", "export", "third countries", "third-country",
            "re-export", "走私", "转口", "转运", "进口", "出口", "绕道", "第三国", "贸易",
        ],
    ),
    (
        SectionKind::Outlooks,
        &[
            "is expected to", "are expected to", "forecast", "outlook", "expects", "projected", "预计",
            "预期", "展望", "有望", "评级",
        ],
    ),
    (
        SectionKind::SupplyDemand,
        &[
            "output", "production capacity", "capacity", "inventory", "inventories", "demand", "supply",
            "reserves", "shortage", "产量", "产能", "库存", "需求", "供应", "供给", "储量", "短缺", "开采",
        ],
    ),
    (
        SectionKind::Technology,
        &[
            "technology", "technologies", "technological", "extraction", "refining", "patent",
            "process upgrade", "r&d", "技术", "工艺", "专利", "萃取", "研发", "提纯",
        ],
    ),
    (
        SectionKind::Markets,
        &[
            "stock", "stocks", "shares", "index", "sector", "trading", "listing", "股", "指数", "板块",
            "成交", "涨停", "资金",
        ],
    ),
    (
        SectionKind::Companies,
        &[
            "company", "companies", "profit", "revenue", "acquisition", "公司", "企业", "净利", "营收",
            "业绩", "集团",
        ],
    ),
];

/// The theme of a claim; `None` of a figure without a measure.
pub(crate) fn of_claim(claim: &Claim) -> Option<SectionKind> {
    match claim.event() {
        EventType::Ban | EventType::Licence | EventType::Quota | EventType::Enforcement => {
            return Some(SectionKind::Policy);
        }
        EventType::Closure => return Some(SectionKind::SupplyDemand),
        EventType::Agreement => return Some(SectionKind::Companies),
        EventType::Announcement => return Some(SectionKind::Other),
        EventType::Unspecified => {}
    }
    let measure = claim.measure.as_ref()?.id.strip_prefix("measure/")?;
    let listed = MEASURES.iter().find(|(_, measures)| measures.contains(&measure));
    let theme = listed.map_or(SectionKind::Companies, |(theme, _)| *theme);
    // What a company expects of itself is the company's; what is expected of a market is an outlook.
    let expected = claim.modality.as_ref().is_some_and(|slot| slot.modality() == Modality::Expected);
    let market = matches!(theme, SectionKind::Prices | SectionKind::SupplyDemand | SectionKind::Trade);
    Some(if expected && market { SectionKind::Outlooks } else { theme })
}

/// The theme of a sentence without a claim.
pub(crate) fn of_words(sentence: &str) -> SectionKind {
    let lower = sentence.to_lowercase();
    let mut best = (0, SectionKind::Other);
    for (theme, words) in CUES {
        let said = words.iter().filter(|word| says(&lower, word)).count();
        if said > best.0 {
            best = (said, theme);
        }
    }
    best.1
}

/// Whether a text has a word; a Latin one at the beginning of a word.
fn says(lower: &str, word: &str) -> bool {
    lower.match_indices(word).any(|(at, _)| {
        let inside = lower[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphabetic());
        !(inside && word.is_ascii())
    })
}

#[cfg(test)]
mod tests {
    use api::record::{ModalitySlot, Term};

    use super::*;

    #[test]
    fn every_measure_that_is_listed_is_in_the_lexicon_and_once() {
        let mut seen = std::collections::BTreeSet::new();
        for measure in MEASURES.iter().flat_map(|(_, measures)| *measures) {
            assert!(text::Lexicon::standard().get(&format!("measure/{measure}")).is_some(), "{measure}");
            assert!(seen.insert(measure), "{measure} twice");
        }
    }

    #[test]
    fn what_a_market_is_expected_to_do_is_an_outlook() {
        let claim = |measure: &str, modality: Modality| Claim {
            measure: Some(Term { id: format!("measure/{measure}"), ..Term::default() }),
            modality: Some(ModalitySlot { modality: modality.into(), origin: None }),
            ..Claim::default()
        };
        assert_eq!(of_claim(&claim("price", Modality::Expected)), Some(SectionKind::Outlooks));
        assert_eq!(of_claim(&claim("net-profit", Modality::Expected)), Some(SectionKind::Companies));
        assert_eq!(of_claim(&claim("price", Modality::Unspecified)), Some(SectionKind::Prices));
        assert_eq!(of_claim(&Claim::default()), None);
    }

    #[test]
    fn words_tell_where_no_claim_does() {
        assert_eq!(of_words("Smugglers hid gallium among zinc"), SectionKind::Trade);
        assert_eq!(of_words("商务部宣布出口管制"), SectionKind::Policy);
        assert_eq!(of_words("Shareholders met"), SectionKind::Other);
    }
}
