//! Their names of units in our codes: `units.tsv`.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context as _, Result, ensure};

use super::SpecKind;
use crate::decimal::Decimal;

const TABLE: &str = include_str!("../../units.tsv");

/// One reading of one of their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Our code.
    pub(crate) code: String,
    /// The power of ten that takes a value of theirs to one of ours.
    pub(crate) power: i64,
}

/// The table.
pub(crate) struct Units {
    names: HashMap<(SpecKind, String), Vec<Reading>>,
    codes: BTreeSet<(SpecKind, String)>,
}

impl Units {
    /// The table that comes with the program.
    ///
    /// # Errors
    /// If a line is not as the head of the file says; a test reads it.
    pub(crate) fn standard() -> Result<Units> {
        Units::parse(TABLE)
    }

    fn parse(table: &str) -> Result<Units> {
        let mut units = Units { names: HashMap::new(), codes: BTreeSet::new() };
        let lines = (1..).zip(table.lines());
        for (line, text) in lines.filter(|(_, text)| !text.is_empty() && !text.starts_with('#')) {
            let fields: Vec<&str> = text.split('\t').collect();
            let &[kind, name, code, factor] = fields.as_slice() else {
                anyhow::bail!("units.tsv:{line}: there are {} fields instead of four", fields.len());
            };
            let kind = [SpecKind::Currency, SpecKind::Dimension]
                .into_iter()
                .find(|known| known.name() == kind)
                .with_context(|| format!("units.tsv:{line}: «{kind}» is neither currency nor dimension"))?;
            let power = Decimal::parse(factor)
                .and_then(|factor| factor.power_of_ten())
                .with_context(|| format!("units.tsv:{line}: «{factor}» is no power of ten"))?;
            let readings = units.names.entry((kind, name.to_lowercase())).or_default();
            let reading = Reading { code: code.to_owned(), power };
            ensure!(!readings.contains(&reading), "units.tsv:{line}: stands twice");
            readings.push(reading);
            units.codes.insert((kind, code.to_owned()));
        }
        Ok(units)
    }

    /// What a name of theirs may mean; empty if the table lacks it.
    pub(crate) fn readings(&self, kind: SpecKind, name: &str) -> &[Reading] {
        self.names.get(&(kind, name.to_lowercase())).map_or(&[], Vec::as_slice)
    }

    /// True if they have a name for a unit of ours: what they cannot name is not compared.
    pub(crate) fn has_code(&self, kind: SpecKind, code: &str) -> bool {
        self.codes.contains(&(kind, code.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

    use super::*;

    #[test]
    fn names_have_codes_and_factors() {
        let units = Units::standard().unwrap();
        let cent = units.readings(SpecKind::Currency, "Cent");
        assert_eq!(cent, [Reading { code: "USD".to_owned(), power: -2 }]);
        assert_eq!(units.readings(SpecKind::Dimension, "Ounce").len(), 2);
        assert!(units.readings(SpecKind::Dimension, "Dollar").is_empty());
        assert!(units.has_code(SpecKind::Currency, "CNY") && !units.has_code(SpecKind::Dimension, "CNY"));
    }

    #[test]
    fn bad_lines_are_told() {
        for (line, wanted) in [
            ("currency\tCent", "1: there are 2 fields"),
            ("money\tCent\tUSD\t1", "«money»"),
            ("currency\tCent\tUSD\t2", "no power of ten"),
            ("currency\tCent\tUSD\t1\ncurrency\tcent\tUSD\t1", "2: stands twice"),
        ] {
            let error = Units::parse(line).err().unwrap().to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }
}
