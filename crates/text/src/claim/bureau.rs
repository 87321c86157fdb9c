//! The countries of customs, ministries and associations that count for one.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::layout::Block;
use super::scene::Scene;
use super::slots::{OriginKind, Slot, Term};
use super::subject::Around;
use crate::lexicon::Lexicon;

/// The country of national customs and bureaus of trade statistics.
pub(super) fn nation(id: &str) -> Option<&'static str> {
    Some(match id {
        "agency/gacc" => "CHN",
        "agency/cbp" | "agency/us-customs" => "USA",
        "agency/japan-customs" => "JPN",
        "agency/korea-customs" => "KOR",
        "agency/vietnam-customs" => "VNM",
        "agency/chile-customs" => "CHL",
        "agency/secex" | "agency/brazil-customs" => "BRA",
        "agency/bureau-of-customs" => "PHL",
        "agency/kazakhstan-customs" => "KAZ",
        "agency/india-customs" => "IND",
        "agency/indonesia-customs" => "IDN",
        "agency/peru-customs" => "PER",
        "agency/australia-customs" => "AUS",
        "agency/thailand-customs" => "THA",
        "agency/malaysia-customs" => "MYS",
        "agency/myanmar-customs" => "MMR",
        "agency/russia-customs" => "RUS",
        "agency/hong-kong-customs" => "HKG",
        _ => return None,
    })
}

/// True for an agency whose figures are of the trade of a country or a district.
pub(super) fn is_customs(id: &str) -> bool {
    nation(id).is_some() || id.starts_with("agency/") && id.ends_with("-customs")
}

/// The country with whose Chinese name that of a good begins: 几内亚铝土矿.
pub(super) fn origin_of(words: &str) -> Option<&'static str> {
    static COUNTRIES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
        let countries = Lexicon::standard().entries().iter().filter(|entry| entry.kind() == "country");
        let names = countries
            .flat_map(|entry| entry.names.iter().map(move |name| (name.text.as_str(), entry.id.as_str())));
        names.filter(|(name, _)| !name.is_ascii() && name.chars().count() > 1).collect()
    });
    let fits = COUNTRIES.iter().filter(|(name, _)| words.len() > name.len() && words.starts_with(name));
    fits.max_by_key(|(name, _)| name.len()).map(|(_, id)| *id)
}

/// The country of each agency whose Chinese name begins with one: 日本财务省.
static AGENCIES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let entries = Lexicon::standard().entries();
    let names = |kind: &'static str| {
        let of_kind = entries.iter().filter(move |entry| entry.kind() == kind);
        of_kind.flat_map(|entry| entry.names.iter().map(move |name| (entry.id.as_str(), name.text.as_str())))
    };
    let mut countries: Vec<(&str, &str)> =
        names("country").filter(|(_, name)| !name.is_ascii() && name.chars().count() > 1).collect();
    countries.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
    let mut found = HashMap::new();
    for (agency, name) in names("agency").chain(names("institution")).filter(|(_, name)| !name.is_ascii()) {
        if let Some((country, _)) = countries.iter().find(|(_, prefix)| name.starts_with(prefix)) {
            found.entry(agency).or_insert(*country);
        }
    }
    found
});

/// The country, other than China, of the one agency that is named among some items.
pub(super) fn ministry<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    items: std::ops::Range<usize>,
) -> Option<Slot<Term<'t>>> {
    let mut agencies = items.filter(|item| scene.kind(*item) == "agency");
    let item = agencies.next().filter(|_| agencies.next().is_none())?;
    let country = AGENCIES.get(scene.id(item)?).filter(|country| **country != "country/CHN")?;
    let mut slot = scene.term(item, block, "ministry of a country");
    slot.is.id = Some((*country).to_owned());
    slot.origin.kind = OriginKind::Resolved;
    Some(slot)
}

/// The country of the bureau or association that counts for it, of a figure of output or sales: 据中国汽车工业协会数据.
pub(super) fn counting<'t>(around: Around<'t, '_, '_, '_>, measure: &str) -> Option<Slot<Term<'t>>> {
    const COUNTED: &[&str] =
        &["output", "vehicle-sales", "consumption", "registrations", "installed-capacity"];
    let Around { scene, block, reach, .. } = around;
    let mut named = reach.all.clone().filter(|item| matches!(scene.kind(*item), "agency" | "institution"));
    let item = named.next().filter(|_| named.next().is_none() && COUNTED.contains(&measure))?;
    let counts = [
        "会", "局", "association", "Association", "bureau", "Bureau", "statistic", "Statistic", "CISA",
        "CAAM", "CPCA",
    ];
    let words = scene.words(item);
    let country = AGENCIES.get(scene.id(item)?)?;
    let own = counts.iter().any(|part| words.ends_with(part) || words.contains(part) && part.len() > 4);
    own.then_some(())?;
    let mut slot = scene.term(item, block, "ministry of a country");
    slot.is.id = Some((*country).to_owned());
    slot.origin.kind = OriginKind::Resolved;
    Some(slot)
}
