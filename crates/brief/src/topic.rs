//! What a brief is about, and which passages name it.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};
use text::{Context, Kind, Kinds, Lexicon, Reader};

use crate::parameters::{Asked, Language};

/// Words of a query that connect others.
const CONNECTORS: [&str; 3] = ["AND", "OR", "NOT"];

/// Fields of a query whose value is a name to look for in passages; the values of all others speak of whole documents.
const NAMING: [&str; 5] = ["commodity", "entity", "country", "measure", "body"];

/// What groups the parts of a query.
const PARENTHESES: &str = "()（）";

/// Marks around a phrase.
const MARKS: [char; 3] = ['"', '“', '”'];

/// Most words of a query that are tried as one name.
const LONGEST_NAME: usize = 6;

/// A name shorter than this may be a part of another word, and the reader is asked whether it is.
const SURE_HAN: usize = 2;
const SURE_LATIN: usize = 4;

/// What was asked for.
pub(crate) struct Topic {
    /// Nothing is asked for but all.
    all: bool,
    /// Ids of the lexicon that it names, with all that is a kind or a part of these.
    ids: BTreeSet<String>,
    /// The ids that it names itself.
    named: Vec<String>,
    /// Words that the lexicon does not know.
    words: Vec<String>,
    matcher: Option<AhoCorasick>,
    patterns: Vec<Pattern>,
}

struct Pattern {
    /// It tells on its own; else the reader is asked.
    sure: bool,
    /// The word it stands for, of those that the lexicon does not know.
    word: Option<usize>,
}

impl Topic {
    /// Reads what was asked for with the lexicon and its reader.
    pub(crate) fn new(asked: &Asked, lexicon: &Lexicon, reader: &Reader) -> Self {
        let runs = match asked {
            Asked::All => return Self::everything(),
            Asked::Topic { name, query } if query.is_empty() => vec![vec![name.clone()]],
            Asked::Topic { query, .. } | Asked::Query(query) => terms(query),
        };
        let (mut named, mut words) = (Vec::new(), Vec::new());
        for run in runs {
            for (word, ids) in meant(&run, lexicon, reader) {
                if ids.is_empty() {
                    words.push(word.to_lowercase());
                }
                named.extend(ids);
            }
        }
        if named.is_empty() && words.is_empty() {
            return Self::everything();
        }
        named.dedup();
        let ids = with_kinds(&named, lexicon);
        let mut names: Vec<String> = Vec::new();
        let mut patterns = Vec::new();
        for entry in lexicon.entries().iter().filter(|entry| ids.contains(&entry.id)) {
            for name in entry.names.iter().filter(|name| !name.in_context) {
                patterns.push(Pattern { sure: !name.exact && sure(&name.text), word: None });
                names.push(name.text.clone());
            }
        }
        for (index, word) in words.iter().enumerate() {
            patterns.push(Pattern { sure: true, word: Some(index) });
            names.push(word.clone());
        }
        let matcher = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(&names)
            .ok();
        Self { all: false, ids, named, words, matcher, patterns }
    }

    fn everything() -> Self {
        let none = Vec::new();
        Self {
            all: true,
            ids: BTreeSet::new(),
            named: none.clone(),
            words: none,
            matcher: None,
            patterns: Vec::new(),
        }
    }

    /// Whether all there is was asked for.
    pub(crate) fn is_all(&self) -> bool {
        self.all
    }

    /// Whether one thing is asked for and no more.
    pub(crate) fn is_one(&self) -> bool {
        self.named.len() + self.words.len() == 1
    }

    /// Whether an id of the lexicon is asked for, or is a kind of what is.
    pub(crate) fn wants(&self, id: &str) -> bool {
        self.all || self.ids.contains(id)
    }

    /// Names of what is asked for, in the reader's language first; the words as they were asked where the lexicon has none.
    pub(crate) fn names(&self, lexicon: &Lexicon, language: Language) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for id in &self.named {
            let both = [language == Language::Chinese, language != Language::Chinese];
            names
                .extend(both.into_iter().filter_map(|chinese| name(lexicon, id, chinese)).map(str::to_owned));
        }
        names.extend(self.words.iter().cloned());
        let mut seen = BTreeSet::new();
        names.retain(|name| seen.insert(folded(name)));
        names
    }

    /// Whether a passage names what is asked for: one of its goods or other names, or, of a query without any that the
    /// lexicon knows, at least half of its words.
    pub(crate) fn is_named_in(&self, passage: &str, reader: &Reader) -> bool {
        let Some(matcher) = &self.matcher else { return self.all };
        let mut unsure = false;
        let mut words = BTreeSet::new();
        for found in matcher.find_overlapping_iter(passage) {
            if !stands_alone(passage, found.start(), found.end()) {
                continue;
            }
            let pattern = &self.patterns[found.pattern().as_usize()];
            match pattern.word {
                Some(word) => _ = words.insert(word),
                None if pattern.sure => return true,
                None => unsure = true,
            }
        }
        if self.named.is_empty() {
            return !words.is_empty() && words.len() * 2 >= self.words.len();
        }
        unsure && {
            let context = Context { kinds: Kinds::of(&[Kind::Entity]), ..Context::default() };
            reader
                .read(passage, &context)
                .iter()
                .filter_map(|m| m.id.as_deref())
                .any(|id| self.ids.contains(id))
        }
    }
}

/// The name of an entry in one of the languages.
pub(crate) fn name<'l>(lexicon: &'l Lexicon, id: &str, chinese: bool) -> Option<&'l str> {
    let names = &lexicon.get(id)?.names;
    let name = names.iter().find(|name| name.chinese == chinese && !name.artefact && !name.in_context);
    name.map(|name| name.text.as_str())
}

/// The words, phrases and naming values of a query, without what it excludes. Bare words side by side are one run: together they may be a
/// name; all else is a run of its own.
fn terms(query: &str) -> Vec<Vec<String>> {
    let mut runs: Vec<Vec<String>> = Vec::new();
    let mut rest = query;
    let (mut excluded, mut goes_on) = (false, false);
    while let Some(start) = rest.find(|c: char| !c.is_whitespace() && !PARENTHESES.contains(c)) {
        goes_on &= !rest[..start].contains(|c: char| PARENTHESES.contains(c));
        rest = &rest[start..];
        let (token, after) = token(rest);
        rest = after;
        if CONNECTORS.contains(&token.as_str()) {
            (excluded, goes_on) = (token == "NOT", false);
            continue;
        }
        let minus = token.starts_with('-');
        let (field, value) = match token.trim_start_matches('-').split_once(':') {
            Some((field, value)) if !value.is_empty() && field.bytes().all(|b| b.is_ascii_lowercase()) => {
                (field, value)
            }
            _ => ("body", token.as_str()),
        };
        let bare = value == token && !token.starts_with(MARKS);
        let value = unquoted(value);
        let names = NAMING.contains(&field) && value.chars().any(char::is_alphanumeric);
        if !minus && !excluded && names {
            match runs.last_mut().filter(|_| goes_on && bare) {
                Some(run) => run.push(value.to_owned()),
                None => runs.push(vec![value.to_owned()]),
            }
        }
        goes_on = bare && !minus && !excluded;
        excluded = false;
    }
    runs
}

/// The words of a phrase without the quotation marks around it.
pub(crate) fn unquoted(phrase: &str) -> &str {
    phrase.trim().trim_matches(MARKS).trim()
}

/// The names in a run of words, the longest first that begins at each, with the ids that they have; words that the lexicon does not know
/// have none.
fn meant(run: &[String], lexicon: &Lexicon, reader: &Reader) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < run.len() {
        let ends = (at + 1..=run.len().min(at + LONGEST_NAME)).rev();
        let named = ends.map(|end| (end, run[at..end].join(" "))).find_map(|(end, phrase)| {
            let ids = meaning(&phrase, lexicon, reader);
            (!ids.is_empty()).then_some((end, phrase, ids))
        });
        let (end, phrase, ids) = named.unwrap_or_else(|| (at + 1, run[at].clone(), Vec::new()));
        found.push((phrase, ids));
        at = end;
    }
    found
}

/// A name in lower case and in the singular, as far as its last letter tells.
pub(crate) fn folded(name: &str) -> String {
    let lower = name.to_lowercase();
    let plural = lower.is_ascii() && lower.ends_with('s') && !lower.ends_with("ss");
    let singular = lower.strip_suffix('s').filter(|stem| plural && stem.len() >= SURE_LATIN);
    singular.map(str::to_owned).unwrap_or(lower)
}

/// The next token, in which blanks may stand within quotation marks.
fn token(text: &str) -> (String, &str) {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' | '“' | '”' => quoted = !quoted,
            c if !quoted && (c.is_whitespace() || PARENTHESES.contains(c)) => {
                return (text[..at].to_owned(), &text[at..]);
            }
            _ => {}
        }
    }
    (text.to_owned(), "")
}

/// Ids that a word or phrase names as a whole.
fn meaning(word: &str, lexicon: &Lexicon, reader: &Reader) -> Vec<String> {
    if lexicon.get(word).is_some() {
        return vec![word.to_owned()];
    }
    let by_end = |id: &str| NAMING.iter().any(|kind| id.strip_prefix(kind) == Some(&format!("/{word}")));
    let named = |same: &dyn Fn(&str) -> bool| -> Vec<String> {
        let kinds = lexicon.entries().iter().filter(|entry| {
            !matches!(entry.kind(), "none" | "short" | "basis" | "relation" | "modality" | "status")
        });
        let found =
            kinds.filter(|entry| entry.names.iter().any(|name| same(&name.text)) || by_end(&entry.id));
        found.map(|entry| entry.id.clone()).collect()
    };
    let lower = word.to_lowercase();
    let mut ids = named(&|name| name.to_lowercase() == lower);
    let context = Context { kinds: Kinds::of(&[Kind::Entity]), ..Context::default() };
    let whole = reader.read(word, &context).into_iter().filter(|mention| mention.quote.len() == word.len());
    ids.extend(whole.filter_map(|mention| mention.id));
    if ids.is_empty() {
        // One name in the singular and in the plural, of which the lexicon may list but one.
        let singular = folded(word);
        ids = named(&|name| folded(name) == singular);
    }
    ids.sort();
    ids.dedup();
    ids
}

/// Ids with those of all that is a kind or a part of them; the lexicon refuses cycles, so this comes to an end.
fn with_kinds(named: &[String], lexicon: &Lexicon) -> BTreeSet<String> {
    let mut ids: BTreeSet<String> = named.iter().cloned().collect();
    loop {
        let before = ids.len();
        let kinds =
            lexicon.entries().iter().filter(|entry| entry.family.iter().any(|family| ids.contains(family)));
        let more: Vec<String> = kinds.map(|entry| entry.id.clone()).collect();
        ids.extend(more);
        if ids.len() == before {
            return ids;
        }
    }
}

/// Whether a name is long enough to be no part of another word.
fn sure(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphanumeric()).count();
    if name.is_ascii() { letters >= SURE_LATIN } else { letters >= SURE_HAN }
}

/// Whether a match in Latin letters is a whole word.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let latin = |c: char| c.is_ascii_alphanumeric();
    let (before, after) = (text[..start].chars().next_back(), text[end..].chars().next());
    let (first, last) = (text[start..].chars().next(), text[..end].chars().next_back());
    let inside = |one: Option<char>, other: Option<char>| one.is_some_and(latin) && other.is_some_and(latin);
    // The plural of an English name is the name.
    let plural = after == Some('s') && !text[end + 1..].starts_with(latin);
    !inside(before, first) && (plural || !inside(last, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(query: &str) -> (Topic, Reader) {
        let reader = Reader::standard();
        (Topic::new(&Asked::Query(query.into()), Lexicon::standard(), &reader), reader)
    }

    #[test]
    fn a_passage_that_names_the_good_or_a_kind_of_it_is_meant() {
        let (topic, reader) = topic("稀土");
        for passage in [
            "the price of praseodymium",
            "稀土精矿上调",
            "Rare earths are scarce",
            "NdFeB magnets, rare-earth metals",
        ] {
            assert!(topic.is_named_in(passage, &reader), "{passage}");
        }
        for passage in ["LME copper fell", "锑价企稳", "the laser spread earthward"] {
            assert!(!topic.is_named_in(passage, &reader), "{passage}");
        }
        assert!(topic.wants("commodity/neodymium") && !topic.wants("commodity/antimony"));
    }

    #[test]
    fn a_short_name_is_no_part_of_another_word() {
        let (tin, reader) = topic("锡");
        assert!(tin.is_named_in("Tin rose to $33,000 per ton", &reader));
        assert!(!tin.is_named_in("A meeting in Beijing; getting on", &reader));
        let (gold, reader) = topic("黄金");
        assert!(!gold.is_named_in("公募基金金额", &reader));
    }

    #[test]
    fn operators_and_fields_of_whole_documents_name_nothing() {
        assert_eq!(
            terms("\"export ban\" AND (锑 OR commodity:gallium) -gold source:SMM NOT tin"),
            [["export ban"], ["锑"], ["gallium"]]
        );
        assert_eq!(terms("source:SMM published:2025-07.."), Vec::<Vec<String>>::new());
        assert_eq!(
            terms("rare earth (heavy ores) prices \"export ban\" mine"),
            [vec!["rare", "earth"], vec!["heavy", "ores"], vec!["prices"], vec!["export ban"], vec!["mine"]]
        );
        let (all, _) = topic("source:SMM");
        assert!(all.is_all());
    }

    #[test]
    fn words_side_by_side_are_one_name_in_singular_and_plural() {
        let (chinese, _) = topic("稀土");
        for query in
            ["rare earths", "rare earth", "\"rare earths\"", "Rare Earth", "commodity:\"rare earth\""]
        {
            let (english, _) = topic(query);
            assert_eq!((&english.ids, &english.words), (&chinese.ids, &chinese.words), "{query}");
            assert_eq!(english.names(Lexicon::standard(), Language::English), ["rare earths", "稀土"]);
        }
        let (several, _) = topic("antimony oxide smelter");
        assert_eq!((several.named.len(), several.words.as_slice()), (1, &["smelter".to_owned()][..]));
    }

    #[test]
    fn half_of_the_words_are_enough_where_no_name_is_known() {
        let (topic, reader) = topic("blueberry harvest festival");
        assert!(topic.is_named_in("The blueberry festival opened.", &reader));
        assert!(!topic.is_named_in("A festival opened.", &reader));
    }
}
