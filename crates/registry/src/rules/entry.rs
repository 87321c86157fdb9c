//! What an entry of the catalog may say.

use api::registry::Entry;
use api::registry::entry::Value;

use super::{Checked, Problem, analyzer_name, manifest, problem, require, version};

/// A name of an entry, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EntryName<'a> {
    /// `analyzers/{name}/versions/{version}`.
    Version {
        /// The analyzer.
        analyzer: &'a str,
        /// Its version.
        version: &'a str,
    },
    /// `analyzers/{name}/pin`.
    Pin,
}

impl<'a> EntryName<'a> {
    /// Takes a name apart.
    pub(crate) fn parse(name: &'a str) -> Result<Self, Problem> {
        let parts: Vec<_> = name.split('/').collect();
        match parts[..] {
            ["analyzers", analyzer, "versions", v] => {
                analyzer_name("name", analyzer)?;
                version("name", v)?;
                Ok(Self::Version { analyzer, version: v })
            }
            ["analyzers", analyzer, "pin"] => {
                analyzer_name("name", analyzer)?;
                Ok(Self::Pin)
            }
            _ => {
                let shapes = "must be analyzers/{name}/versions/{version} or analyzers/{name}/pin";
                Err(problem("name", format!("{shapes}, not {name:?}")))
            }
        }
    }
}

/// Checks an entry; its name must fit what it says.
pub(crate) fn check(entry: &Entry) -> Checked {
    match (EntryName::parse(&entry.name)?, &entry.value) {
        (EntryName::Version { analyzer, version }, Some(Value::AnalyzerVersion(value))) => {
            let manifest = value.manifest.as_ref().ok_or_else(|| problem("manifest", "is missing"))?;
            manifest::check(manifest)?;
            let same = |field, named: &str, said: &str| {
                require(named == said, field, format!("is {said}, but the entry's name says {named}"))
            };
            same("manifest.name", analyzer, &manifest.name)?;
            same("manifest.version", version, &manifest.version)
        }
        (EntryName::Pin, Some(Value::Pin(pin))) if pin.version.is_empty() => Ok(()),
        (EntryName::Pin, Some(Value::Pin(pin))) => version("pin.version", &pin.version),
        (EntryName::Version { .. }, _) => {
            Err(problem("value", "must be an analyzer_version, as the entry's name says"))
        }
        (EntryName::Pin, _) => Err(problem("value", "must be a pin, as the entry's name says")),
    }
}

#[cfg(test)]
mod tests {
    use api::registry::{AnalyzerVersion, Pin};

    use super::*;

    #[test]
    fn names_have_two_shapes() {
        let version = EntryName::Version { analyzer: "reading", version: "1.0.0" };
        assert_eq!(EntryName::parse("analyzers/reading/versions/1.0.0"), Ok(version));
        assert_eq!(EntryName::parse("analyzers/reading/pin"), Ok(EntryName::Pin));
        let wrong = [
            "",
            "analyzers",
            "analyzers/reading",
            "analyzers//pin",
            "analyzers/reading/pin/",
            "/analyzers/reading/pin",
            "analyzers/Reading/pin",
            "analyzers/reading/versions/",
            "analyzers/reading/versions/1",
            "services/reading/pin",
        ];
        for name in wrong {
            assert_eq!(EntryName::parse(name).map_err(|p| p.field), Err("name".into()), "{name}");
        }
    }

    #[test]
    fn the_value_fits_the_name() {
        let entry = |name: &str, value| Entry { name: name.into(), value, ..Entry::default() };
        let pin = |version: &str| Some(Value::Pin(Pin { version: version.into(), disabled: false }));
        let bare = Some(Value::AnalyzerVersion(AnalyzerVersion { manifest: None }));
        let cases = [
            (entry("analyzers/a/pin", pin("")), None),
            (entry("analyzers/a/pin", pin("1.0.0")), None),
            (entry("analyzers/a/pin", pin("one")), Some("pin.version")),
            (entry("analyzers/a/pin", None), Some("value")),
            (entry("analyzers/a/pin", bare.clone()), Some("value")),
            (entry("analyzers/a/versions/1.0.0", pin("")), Some("value")),
            (entry("analyzers/a/versions/1.0.0", bare), Some("manifest")),
        ];
        for (entry, field) in cases {
            assert_eq!(check(&entry).err().map(|p| p.field).as_deref(), field, "{entry:?}");
        }
    }
}
