//! The lexicon: what is known by name, as readable data files (`lexicon/*.tsv`).

mod check;
mod line;

use std::collections::HashMap;
use std::sync::LazyLock;

pub(crate) use line::{Cue, Rule};

use crate::quick::Table;

/// One thing that is known by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id, `kind/name`, such as `commodity/antimony` or `exchange/LME`.
    pub id: String,
    /// All names in all languages, Chinese ones first, the main one of each language first among its own.
    pub names: Vec<Name>,
    /// Codes as `scheme=value`: `iso2=CN`, `ticker=600111.SH`, `symbol=Sb`, `hs=8110.10`.
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

/// A name of an entry, with the marks that its file sets before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name as it is written, without marks.
    pub text: String,
    /// It stands in the field of Chinese names.
    pub chinese: bool,
    /// It counts only in exactly this spelling: marked with `=`, or at most five capitals and digits.
    pub exact: bool,
    /// It has other meanings and counts only where a context line says so: marked with `~`.
    pub in_context: bool,
    /// It comes from a translation that distorts the meaning, such as "non-recurring net profit" for 扣非净利润, the profit
    /// *without* non-recurring items: marked with `!`. The entry is what was meant.
    pub artefact: bool,
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
    /// A line that begins with `~` or `@` and is no context line.
    #[error(
        "{file}:{line}: {what}; a context line is ~names, id, cue and words, separated by tabs, and a group of words is @group and words"
    )]
    Context {
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
    /// A name that two entries claim without a context that tells them apart.
    #[error(
        "{at}: «{name}» is a name of «{first}» already ({first_at}); mark it with ~ and say in a context line where it means «{id}», or leave it out"
    )]
    Claimed {
        /// File and line of the second.
        at: String,
        /// The name.
        name: String,
        /// The entry that claims it too.
        id: String,
        /// The entry that has it.
        first: String,
        /// File and line of that one.
        first_at: String,
    },
    /// A name marked with `~` that no context line speaks of.
    #[error(
        "{at}: «{name}» of «{id}» is marked with ~, but no context line says where it counts; add one, or take the mark away"
    )]
    NoContext {
        /// File and line.
        at: String,
        /// The entry.
        id: String,
        /// The name.
        name: String,
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
    /// Where each id stands among the entries.
    index: Table<String, usize>,
    rules: Vec<Rule>,
}

const FILES: &[(&str, &str)] = &[
    ("commodities.tsv", include_str!("../lexicon/commodities.tsv")),
    ("countries.tsv", include_str!("../lexicon/countries.tsv")),
    ("organizations.tsv", include_str!("../lexicon/organizations.tsv")),
    ("measures.tsv", include_str!("../lexicon/measures.tsv")),
    ("none.tsv", include_str!("../lexicon/none.tsv")),
    ("short.tsv", include_str!("../lexicon/short.tsv")),
    ("contexts.tsv", include_str!("../lexicon/contexts.tsv")),
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
    /// ```
    /// use text::{Context, Lexicon, Reader};
    ///
    /// let own = "commodity/gangue\t脉石\tgangue\t\tcommodity/rare-earths\tour own list, 2025";
    /// let lexicon = Lexicon::extended(&[("own.tsv", own)])?;
    /// let reader = Reader::new(&lexicon);
    /// let mentions = reader.read("脉石", &Context::default());
    /// assert_eq!(mentions[0].id.as_deref(), Some("commodity/gangue"));
    /// # Ok::<(), text::LexiconError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Lexicon::parse`]; ids and names of the standard lexicon count as taken.
    pub fn extended(files: &[(&str, &str)]) -> Result<Lexicon, LexiconError> {
        let all: Vec<(&str, &str)> = FILES.iter().chain(files).copied().collect();
        Lexicon::parse(&all)
    }

    /// Reads and checks entries from files given as pairs of name and content.
    ///
    /// # Errors
    /// A line that is no entry and no context line, an id that stands twice, a name that two entries claim, a name that
    /// waits for a context line in vain, a family that is no entry, families that go round in a circle.
    pub fn parse(files: &[(&str, &str)]) -> Result<Lexicon, LexiconError> {
        let mut lexicon = Lexicon::default();
        let mut places: Vec<String> = Vec::new();
        let mut groups: HashMap<String, Vec<String>> = HashMap::new();
        for (file, content) in files {
            for (number, line) in content.lines().enumerate() {
                let line = line.trim_end_matches('\r').trim_start_matches('\u{feff}');
                let at = (*file, number + 1);
                match line.chars().next() {
                    None | Some('#') => {}
                    Some('~' | '@') => lexicon.add_context(at, line, &mut groups)?,
                    Some(_) if line.trim().is_empty() => {}
                    Some(_) => lexicon.add_entry(at, line, &mut places)?,
                }
            }
        }
        check::families(&lexicon, &places)?;
        check::names(&lexicon, &places)?;
        Ok(lexicon)
    }

    fn add_entry(
        &mut self,
        (file, line): (&str, usize),
        text: &str,
        places: &mut Vec<String>,
    ) -> Result<(), LexiconError> {
        let entry =
            line::entry(text).map_err(|what| LexiconError::Line { file: file.to_owned(), line, what })?;
        if let Some(first) = self.index.insert(entry.id.clone(), self.entries.len()) {
            let first = places[first].clone();
            return Err(LexiconError::Duplicate { file: file.to_owned(), line, id: entry.id, first });
        }
        self.entries.push(entry);
        places.push(format!("{file}:{line}"));
        Ok(())
    }

    fn add_context(
        &mut self,
        (file, line): (&str, usize),
        text: &str,
        groups: &mut HashMap<String, Vec<String>>,
    ) -> Result<(), LexiconError> {
        let wrong = |what| LexiconError::Context { file: file.to_owned(), line, what };
        if text.starts_with('@') {
            let (name, words) = line::group(text, groups).map_err(wrong)?;
            groups.insert(name, words);
            return Ok(());
        }
        let rule = line::rule(text, groups).map_err(wrong)?;
        if !rule.id.ends_with("/*") && !self.index.contains_key(&rule.id) {
            return Err(wrong(format!("«{}» is no entry above this line", rule.id)));
        }
        self.rules.push(rule);
        Ok(())
    }

    /// All entries, in the order of the files.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry with an id.
    pub fn get(&self, id: &str) -> Option<&Entry> {
        self.index.get(id).map(|index| &self.entries[*index])
    }

    /// What the context lines say, in the order of the files.
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

#[cfg(test)]
mod tests;
