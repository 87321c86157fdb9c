//! The lexicon: what is known by name, as readable data files (`lexicon/*.tsv`).

use std::collections::HashMap;
use std::sync::LazyLock;

/// One thing that is known by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id, `kind/name`, such as `commodity/antimony` or `exchange/LME`.
    pub id: String,
    /// All names in all languages, the main one of each language first; a leading `=` asks for exactly this spelling.
    pub names: Vec<String>,
    /// Codes as `scheme=value`: `iso2=CN`, `ticker=600111.SH`, `symbol=Sb`, `hs=811010`.
    pub codes: Vec<String>,
    /// Ids of what it is a kind or a part of.
    pub family: Vec<String>,
    /// Where the names and codes are from.
    pub source: String,
}

impl Entry {
    /// The part of the id before the slash: `commodity`, `country`, `company` and so on.
    pub fn kind(&self) -> &str {
        self.id.split_once('/').map_or("", |(kind, _)| kind)
    }
}

/// Why a lexicon cannot be used; each says where and how to mend it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LexiconError {
    /// A line that is no entry.
    #[error(
        "{file}:{line}: {what}; a line is id, Chinese names, English names, codes, family and source, separated by tabs"
    )]
    Line {
        /// The file.
        file: String,
        /// The line, from one.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// An id that stands twice.
    #[error(
        "{file}:{line}: the id «{id}» stands already at {first}; give this entry another id, or join the two lines"
    )]
    Duplicate {
        /// The file of the second.
        file: String,
        /// The line of the second.
        line: usize,
        /// The id.
        id: String,
        /// File and line of the first.
        first: String,
    },
    /// A family that no entry has as its id.
    #[error(
        "{at}: «{id}» belongs to «{family}», which is no entry; correct the family's id or add an entry for it"
    )]
    NoFamily {
        /// File and line.
        at: String,
        /// The entry.
        id: String,
        /// The unknown id.
        family: String,
    },
    /// Families that go round in a circle.
    #[error("{at}: the families of «{id}» lead back to itself ({path}); remove one of these links")]
    Cycle {
        /// File and line.
        at: String,
        /// The entry.
        id: String,
        /// The circle, as ids with arrows.
        path: String,
    },
}

/// A checked set of entries.
///
/// ```
/// use text::Lexicon;
///
/// let own = Lexicon::parse(&[("own.tsv", "commodity/mischmetal\t混合稀土金属\tmischmetal\t\t\tour price list")])?;
/// assert_eq!(own.entries()[0].kind(), "commodity");
/// let error = Lexicon::parse(&[("own.tsv", "mischmetal")]).unwrap_err().to_string();
/// assert!(error.starts_with("own.tsv:1: "));
/// # Ok::<(), text::LexiconError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    entries: Vec<Entry>,
}

const FILES: &[(&str, &str)] = &[
    ("commodities.tsv", include_str!("../lexicon/commodities.tsv")),
    ("countries.tsv", include_str!("../lexicon/countries.tsv")),
    ("organizations.tsv", include_str!("../lexicon/organizations.tsv")),
    ("measures.tsv", include_str!("../lexicon/measures.tsv")),
    ("none.tsv", include_str!("../lexicon/none.tsv")),
];

static STANDARD: LazyLock<Lexicon> = LazyLock::new(|| {
    // The files are part of the program and a test parses them, so that this cannot fail in use.
    Lexicon::parse(FILES).unwrap_or_default()
});

impl Lexicon {
    /// The lexicon that comes with the program.
    pub fn standard() -> &'static Lexicon {
        &STANDARD
    }

    /// The standard lexicon with a user's files behind it: pairs of name and content.
    ///
    /// # Errors
    /// As [`Lexicon::parse`]; an id of the standard lexicon counts as taken.
    pub fn extended(files: &[(&str, &str)]) -> Result<Lexicon, LexiconError> {
        let all: Vec<(&str, &str)> = FILES.iter().chain(files).copied().collect();
        Lexicon::parse(&all)
    }

    /// Reads and checks entries from files given as pairs of name and content.
    ///
    /// # Errors
    /// A line that is no entry, an id that stands twice, a family that is no entry, families that go round in a circle.
    pub fn parse(files: &[(&str, &str)]) -> Result<Lexicon, LexiconError> {
        let mut entries = Vec::new();
        let mut places: HashMap<String, String> = HashMap::new();
        for (file, content) in files {
            for (number, line) in content.lines().enumerate() {
                let line = line.trim_end_matches('\r').trim_start_matches('\u{feff}');
                if line.trim().is_empty() || line.starts_with('#') {
                    continue;
                }
                let entry = entry(line).map_err(|what| LexiconError::Line {
                    file: (*file).to_owned(),
                    line: number + 1,
                    what,
                })?;
                let place = format!("{file}:{}", number + 1);
                if let Some(first) = places.insert(entry.id.clone(), place) {
                    return Err(LexiconError::Duplicate {
                        file: (*file).to_owned(),
                        line: number + 1,
                        id: entry.id,
                        first,
                    });
                }
                entries.push(entry);
            }
        }
        check_families(&entries, &places)?;
        Ok(Lexicon { entries })
    }

    /// All entries, in the order of the files.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry with an id.
    pub fn get(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }
}

fn entry(line: &str) -> Result<Entry, String> {
    let fields: Vec<&str> = line.split('\t').collect();
    let &[id, chinese, english, codes, family, source] = fields.as_slice() else {
        return Err(format!("there are {} fields instead of six", fields.len()));
    };
    let fits = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if !id.split_once('/').is_some_and(|(kind, name)| fits(kind) && fits(name)) {
        return Err(format!("«{id}» is no id of the form kind/name in letters, digits and hyphens"));
    }
    let list = |field: &str| {
        field.split('|').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut names = list(chinese);
    names.extend(list(english));
    if names.is_empty() {
        return Err(format!("«{id}» has no name"));
    }
    let codes = list(codes);
    if let Some(code) = codes.iter().find(|code| !code.contains('=')) {
        return Err(format!("the code «{code}» does not say its scheme, as in ticker={code}"));
    }
    if source.trim().is_empty() {
        return Err(format!("«{id}» has no source note"));
    }
    Ok(Entry { id: id.to_owned(), names, codes, family: list(family), source: source.trim().to_owned() })
}

fn check_families(entries: &[Entry], places: &HashMap<String, String>) -> Result<(), LexiconError> {
    let families: HashMap<&str, &[String]> =
        entries.iter().map(|entry| (entry.id.as_str(), entry.family.as_slice())).collect();
    let at = |id: &str| places.get(id).cloned().unwrap_or_default();
    for entry in entries {
        if let Some(family) = entry.family.iter().find(|family| !families.contains_key(family.as_str())) {
            return Err(LexiconError::NoFamily {
                at: at(&entry.id),
                id: entry.id.clone(),
                family: family.clone(),
            });
        }
    }
    // Depth first; an id that is met again on its own path closes a circle.
    let mut done: HashMap<&str, bool> = HashMap::new();
    for entry in entries {
        let mut path: Vec<(&str, usize)> = vec![(&entry.id, 0)];
        while let Some((id, next)) = path.last_mut() {
            let id: &str = id;
            if done.get(id).copied().unwrap_or(false) {
                path.pop();
                continue;
            }
            let parents = families.get(id).copied().unwrap_or_default();
            if let Some(parent) = parents.get(*next) {
                *next += 1;
                if path.iter().any(|(seen, _)| seen == parent) {
                    let mut circle: Vec<&str> =
                        path.iter().map(|(id, _)| *id).skip_while(|id| id != parent).collect();
                    circle.push(parent);
                    return Err(LexiconError::Cycle {
                        at: at(parent),
                        id: parent.clone(),
                        path: circle.join(" → "),
                    });
                }
                path.push((parent, 0));
            } else {
                done.insert(id, true);
                path.pop();
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

    use super::*;

    #[test]
    fn the_standard_lexicon_is_sound() {
        let lexicon = Lexicon::parse(FILES).unwrap();
        let count = |kind: &str| lexicon.entries().iter().filter(|entry| entry.kind() == kind).count();
        assert!(count("commodity") >= 80, "{}", count("commodity"));
        assert!(count("country") >= 60, "{}", count("country"));
        assert!(count("company") >= 40, "{}", count("company"));
        assert!(count("measure") >= 20, "{}", count("measure"));
        assert!(
            lexicon
                .get("commodity/antimony")
                .is_some_and(|entry| !entry.family.contains(&"commodity/rare-earths".to_owned()))
        );
    }

    fn error(content: &str) -> String {
        Lexicon::parse(&[("own.tsv", content)]).unwrap_err().to_string()
    }

    #[test]
    fn errors_say_where_and_how_to_mend() {
        assert!(error("# note\ncommodity/x\t铜").starts_with("own.tsv:2: there are 2 fields instead of six"));
        assert!(error("x\t铜\t\t\t\ts").starts_with("own.tsv:1: «x» is no id"));
        assert!(error("a/x\t铜\t\t\t\t ").contains("has no source note"));
        assert!(error("a/x\t\t\t\t\ts").contains("has no name"));
        assert!(error("a/x\t铜\t\tCu\t\ts").contains("ticker=Cu"));
        let twice = error("a/x\t铜\t\t\t\ts\na/x\t锌\t\t\t\ts");
        assert!(twice.starts_with("own.tsv:2: the id «a/x» stands already at own.tsv:1"), "{twice}");
        assert!(error("a/x\t铜\t\t\ta/y\ts").contains("belongs to «a/y», which is no entry"));
        let circle = error("a/x\t铜\t\t\ta/y\ts\na/y\t锌\t\t\ta/z\ts\na/z\t铅\t\t\ta/x\ts");
        assert!(circle.contains("a/x → a/y → a/z → a/x"), "{circle}");
    }

    #[test]
    fn a_user_extends_the_standard_lexicon() {
        let lexicon = Lexicon::extended(&[(
            "own.tsv",
            "commodity/gangue\t脉石\tgangue\t\tcommodity/rare-earths\tours",
        )])
        .unwrap();
        assert!(lexicon.get("commodity/gangue").is_some() && lexicon.get("commodity/copper").is_some());
        assert!(Lexicon::extended(&[("own.tsv", "commodity/copper\t紫铜\t\t\t\tours")]).is_err());
    }
}
