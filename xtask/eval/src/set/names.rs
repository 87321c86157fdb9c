//! Names of labels, `commodity:copper`, as ids of the lexicon.

use std::collections::HashMap;

use text::Lexicon;

/// Kinds of entities in labels.
const KINDS: &[&str] =
    &["commodity", "country", "region", "company", "exchange", "index", "agency", "institution"];

/// Kinds between which a text does not tell: which of them a name is under is the lexicon's choice.
const ORGANISATIONS: &[&str] = &["company", "exchange", "agency", "institution"];

/// What a label names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// Ids of the lexicon that have the name.
    Known(Vec<String>),
    /// A name that the lexicon does not have: the label's name.
    Unknown(String),
    /// A sector, by the good that it is named after: what follows `sector/` in its id.
    Sector(String),
    /// Words without an id.
    Words(String),
}

impl Named {
    /// The id that stands for the name in keys.
    pub(crate) fn id(&self) -> Option<String> {
        match self {
            Named::Known(ids) => ids.first().cloned(),
            Named::Sector(name) => Some(format!("sector/{name}")),
            Named::Unknown(_) | Named::Words(_) => None,
        }
    }
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Named::Known(ids) => f.write_str(&ids.join(" or ")),
            Named::Unknown(name) => write!(f, "{name} (not in the lexicon)"),
            Named::Sector(name) => write!(f, "sector/{name}"),
            Named::Words(words) => write!(f, "«{words}»"),
        }
    }
}

/// All names of a lexicon, folded.
pub(crate) struct Names {
    ids: HashMap<String, Vec<String>>,
}

impl Names {
    /// The names of a lexicon in all languages.
    pub(crate) fn new(lexicon: &Lexicon) -> Names {
        let mut ids: HashMap<String, Vec<String>> = HashMap::new();
        for entry in lexicon.entries() {
            for name in &entry.names {
                let list = ids.entry(fold(&name.text)).or_default();
                if !list.contains(&entry.id) {
                    list.push(entry.id.clone());
                }
            }
        }
        Names { ids }
    }

    /// Resolves `kind:name`.
    ///
    /// # Errors
    /// If the label has another form, as words that fit behind the field's name.
    pub(crate) fn resolve(&self, label: &str) -> Result<Named, String> {
        let wrong = || {
            format!("«{label}» is not of the form kind:name with kind {}, sector or words", KINDS.join(", "))
        };
        let (kind, name) = label.split_once(':').ok_or_else(wrong)?;
        let name = name.trim();
        if name.is_empty() {
            return Err(wrong());
        }
        match kind {
            "words" => return Ok(Named::Words(name.to_owned())),
            "sector" => return Ok(Named::Sector(self.sector(name))),
            "country" if name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                return Ok(Named::Known(vec![format!("country/{name}")]));
            }
            _ if !KINDS.contains(&kind) => return Err(wrong()),
            _ => {}
        }
        let fits = |id: &&String| {
            let found = id.split('/').next().unwrap_or_default();
            found == kind || ORGANISATIONS.contains(&kind) && ORGANISATIONS.contains(&found)
        };
        let ids = self.ids.get(&fold(name)).map_or(&[][..], Vec::as_slice);
        let mut known: Vec<String> = ids.iter().filter(fits).cloned().collect();
        // The very kind of the label first.
        known.sort_by_key(|id| !id.starts_with(kind));
        Ok(if known.is_empty() { Named::Unknown(name.to_owned()) } else { Named::Known(known) })
    }

    /// A good that the lexicon knows has one id under all its names; so has the sector that is named after it.
    fn sector(&self, name: &str) -> String {
        let ids = self.ids.get(&fold(name)).map_or(&[][..], Vec::as_slice);
        let good = ids.iter().find_map(|id| id.strip_prefix("commodity/"));
        good.map_or_else(|| fold(name).replace(' ', "-"), str::to_owned)
    }
}

/// Case and blanks folded.
fn fold(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Words without case, blanks, and articles.
pub(crate) fn plain(words: &str) -> String {
    let words = words.to_lowercase();
    words.split_whitespace().filter(|word| !matches!(*word, "the" | "a" | "an")).collect()
}

/// True if two wordings are equal or one contains the other, after folding.
pub(crate) fn words_meet(left: &str, right: &str) -> bool {
    let (left, right) = (plain(left), plain(right));
    !left.is_empty() && !right.is_empty() && (left.contains(&right) || right.contains(&left))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

    use super::*;

    #[test]
    fn names_of_both_languages_have_ids() {
        let names = Names::new(Lexicon::standard());
        let known = |id: &str| Named::Known(vec![id.to_owned()]);
        assert_eq!(names.resolve("commodity:Copper").unwrap(), known("commodity/copper"));
        assert_eq!(names.resolve("commodity:铜").unwrap(), known("commodity/copper"));
        assert_eq!(names.resolve("country:CHN").unwrap(), known("country/CHN"));
        assert_eq!(
            names.resolve("institution:northern rare earth").unwrap(),
            known("company/northern-rare-earth")
        );
        assert_eq!(names.resolve("country:Copper").unwrap(), Named::Unknown("Copper".to_owned()));
        assert_eq!(names.resolve("sector:rare earths").unwrap().id().unwrap(), "sector/rare-earths");
        assert_eq!(names.resolve("sector:稀土永磁").unwrap().id().unwrap(), "sector/rare-earth-magnet");
        assert_eq!(names.resolve("sector:New Things").unwrap().id().unwrap(), "sector/new-things");
        for bad in ["copper", "metal:copper", "commodity:"] {
            assert!(names.resolve(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn wordings_meet() {
        assert!(words_meet("the Global Reserves", "global  reserves") && words_meet("全球储量", "储量"));
        assert!(!words_meet("global reserves", "refining") && !words_meet("", "refining"));
    }
}
