//! How much it tells when two texts share a name or a number: a table, never a count of what is stored.

use std::collections::BTreeMap;

use plugin_sdk::ConfigError;

/// What the config may hold.
pub(super) const CONFIG_SCHEMA: &str = r#"{
  "type": "object",
  "properties": {
    "version": {"description": "Name of this table; it is written into every mark", "type": "string", "minLength": 1, "maxLength": 64},
    "names": {
      "description": "Bits by the lexicon's id (country/CHN) or by its kind (country); 2.5 and more is rare",
      "type": "object", "additionalProperties": {"type": "number", "minimum": 0, "maximum": 20}
    },
    "numbers": {
      "description": "Bits of a number of one, two, three, and four or more significant digits; 5 and more is rare",
      "type": "array", "items": {"type": "number", "minimum": 0, "maximum": 20}, "minItems": 4, "maxItems": 4
    }
  },
  "required": ["version", "names", "numbers"],
  "additionalProperties": false
}"#;

/// The table that comes with the plugin.
const STANDARD: &str = include_str!("rarity.json");

/// Weight from which a name is rare, in thousandths of a bit.
pub(crate) const RARE_NAME: u32 = 2500;

/// Weight from which a number is rare, in thousandths of a bit.
pub(crate) const RARE_NUMBER: u32 = 5000;

/// Weight of a name of a kind that the table does not know, in thousandths of a bit.
const UNKNOWN: u32 = 2000;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    version: String,
    names: BTreeMap<String, f64>,
    numbers: [f64; 4],
}

/// A table of rarities.
#[derive(Debug)]
pub(super) struct Rarity {
    version: String,
    names: BTreeMap<String, u32>,
    numbers: [u32; 4],
}

impl Rarity {
    /// The table of a config, or the standard one if it is empty.
    ///
    /// # Errors
    /// If it is no such table.
    pub(super) fn from_config(config: &str) -> Result<Self, ConfigError> {
        let text = if config.is_empty() { STANDARD } else { config };
        let table: Table = serde_json::from_str(text).map_err(ConfigError::new)?;
        let numbers = table.numbers.map(thousandths);
        let names = table.names.into_iter().map(|(name, bits)| (name, thousandths(bits))).collect();
        Ok(Self { version: table.version, names, numbers })
    }

    /// The table's version.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// The weight of an entity, in thousandths of a bit: its own, else that of its kind.
    pub(super) fn name(&self, id: &str) -> u32 {
        let kind = id.split_once('/').map_or(id, |(kind, _)| kind);
        self.names.get(id).or_else(|| self.names.get(kind)).copied().unwrap_or(UNKNOWN)
    }

    /// The weight of a number, in thousandths of a bit, by its significant digits.
    pub(super) fn number(&self, decimal: &str) -> u32 {
        match significant(decimal) {
            0 => 0,
            digits => self.numbers[digits.min(4) - 1],
        }
    }
}

/// How many digits of a decimal string are significant: 12000 has two.
pub(super) fn significant(decimal: &str) -> usize {
    let digits: String = decimal.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len()
}

/// A weight in thousandths of a bit; the schema keeps it between 0 and 20 bits.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between 0 and 20,000")]
fn thousandths(bits: f64) -> u32 {
    (bits.clamp(0.0, 20.0) * 1000.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_names_and_round_numbers_tell_little() -> Result<(), ConfigError> {
        let table = Rarity::from_config("")?;
        assert!(table.name("country/CHN") < RARE_NAME && table.name("country/THA") >= RARE_NAME);
        assert!(table.number("12000") < RARE_NUMBER && table.number("3834") >= RARE_NUMBER);
        assert_eq!((significant("-0.0150"), significant("0")), (2, 0));
        Ok(())
    }

    #[test]
    fn a_table_of_ones_own_takes_its_place() -> Result<(), ConfigError> {
        let own = r#"{"version": "own", "names": {"country": 1}, "numbers": [0, 1, 2, 3]}"#;
        let table = Rarity::from_config(own)?;
        assert_eq!((table.version(), table.name("country/THA"), table.number("3834")), ("own", 1000, 3000));
        assert!(Rarity::from_config(r#"{"version": "x"}"#).is_err());
        Ok(())
    }
}
