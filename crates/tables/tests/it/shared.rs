//! Public tables as they were published, where they lie beside the checkout.

use std::error::Error;
use std::path::{Path, PathBuf};

use tables::Source;

use crate::common::{Told, read};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A table of the shared folder, or `None` with a word on standard error where it is missing.
fn shared(path: &str) -> Result<Option<PathBuf>> {
    let folder = match std::env::var_os("MONAZITE_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    };
    let file = folder.join("data").join(path);
    if file.is_file() {
        return Ok(Some(file));
    }
    if std::env::var_os("CI").is_some() {
        return Err("the shared folder is missing, and CI skips nothing".into());
    }
    eprintln!("SKIPPED: there is no {path} in a shared folder beside the checkout");
    Ok(None)
}

fn mapped(path: &str, mapping: &str) -> Result<Option<Told>> {
    let Some(file) = shared(path)? else { return Ok(None) };
    let mapping = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mappings").join(mapping);
    Ok(Some(read(Source::path(&file), Some(&std::fs::read_to_string(mapping)?))?))
}

/// The value of the observation with a key.
fn value(told: &Told, fact: &str) -> Option<String> {
    let at = told.keys("fact").iter().position(|key| key.as_deref() == Some(fact))?;
    told.values().get(at).cloned()
}

#[test]
fn the_example_is_read_whole() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/tables");
    let mapping = std::fs::read_to_string(folder.join("mcs2025.toml"))?;
    let told = read(Source::path(&folder.join("mcs2025.csv")), Some(&mapping))?;
    assert!(told.refusals.is_empty(), "{:?}", told.refusals);
    assert!(told.tally.unknown.is_empty(), "{:?}", told.tally.unknown);
    let rare_earths = "output|mass|commodity/rare-earths|place=country/CHN@2024";
    assert_eq!(value(&told, rare_earths).as_deref(), Some("270000 t"));
    assert_eq!(value(&told, "output|mass|commodity/rare-earths@2024").as_deref(), Some("390000 t"));
    assert_eq!(
        value(&told, "output|mass|commodity/gallium|place=country/CHN@2024").as_deref(),
        Some("750000 kg")
    );
    let bound =
        told.entries.iter().find(|entry| entry.body.row.as_ref().is_some_and(|row| row.cell == ">90000000"));
    assert_eq!(bound.map(|entry| entry.body.qualifier()), Some(api::record::Qualifier::Over));
    Ok(())
}

#[test]
fn the_survey_of_2025_and_its_next_edition_stay_two() -> Result<()> {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/tables/mcs2025.toml");
    let Some(file) = shared("usgs/MCS2025_World_Data.csv")? else { return Ok(()) };
    let old = read(Source::path(&file), Some(&std::fs::read_to_string(example)?))?;
    let Some(new) = mapped("usgs/MCS2026_Commodities_Data.csv", "mcs2026.toml")? else { return Ok(()) };
    let fact = "output|mass|commodity/antimony|place=country/CHN@2024";
    assert_eq!(value(&old, fact).as_deref(), Some("60000 t"));
    assert_eq!(value(&new, fact).as_deref(), Some("40000 t"), "the source restates its past");
    let fact = "output|mass|commodity/tungsten|place=country/CHN@2023";
    assert_eq!(value(&old, fact).as_deref(), Some("66000 t"));
    eprintln!("2025: {:?}", Counts::of(&old));
    eprintln!("2026: {:?}", Counts::of(&new));
    for refusal in new.refusals.iter().take(12) {
        eprintln!("{refusal}");
    }
    Ok(())
}

/// What a test prints of a table.
#[derive(Debug)]
#[expect(dead_code, reason = "printed")]
struct Counts {
    observations: u64,
    series: u64,
    without_value: u64,
    refused: u64,
    without_keys: u64,
}

impl Counts {
    fn of(told: &Told) -> Self {
        let tally = &told.tally;
        Self {
            observations: tally.observations,
            series: tally.series,
            without_value: tally.without_value,
            refused: tally.refused,
            without_keys: tally.without_keys,
        }
    }
}

#[test]
fn prices_of_months_are_read() -> Result<()> {
    let Some(told) = mapped("comtrade_crm/imf_crm_prices_monthly.csv", "imf.toml")? else { return Ok(()) };
    assert!(told.refusals.is_empty(), "{:?}", told.refusals.first());
    assert_eq!(
        told.tally.left_out,
        told.tally.observations + told.tally.without_value,
        "an index for each price"
    );
    let copper = told.keys("fact");
    assert!(copper.contains(&Some("price|USD/mass|statistic=mean|commodity/copper@2005-01".to_owned())));
    Ok(())
}

#[test]
fn flows_of_trade_are_read() -> Result<()> {
    let Some(told) = mapped("comtrade_crm/comtrade_crm_flows.csv", "comtrade.toml")? else { return Ok(()) };
    let fact = "imports|mass|commodity/cobalt|place=country/JPN|partners=country/FIN@2005";
    assert_eq!(value(&told, fact).as_deref(), Some("4298850 kg"));
    let Some(told) = mapped("baci_2024/critical_minerals_edges.csv", "baci.toml")? else { return Ok(()) };
    assert_eq!((told.values()[0].as_str(), told.keys("fact")[0].as_ref()), ("3372147845 USD", None));
    assert!(told.refusals.is_empty(), "{:?}", told.refusals.first());
    Ok(())
}
