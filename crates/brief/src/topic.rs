//! What a brief is about, and which passages name it.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};
use text::{Context, Kind, Kinds, Lexicon, Reader};

use crate::parameters::{Asked, Language};

/// Words of a query that connect others.
const CONNECTORS: [&str; 3] = ["AND", "OR", "NOT"];

/// Fields of a query whose value is a name to look for in passages; the values of all others speak of whole documents.
const NAMING: [&str; 5] = ["commodity", "entity", "country", "measure", "body"];

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
        let asked_words = match asked {
            Asked::All => return Self::everything(),
            Asked::Topic { name, query } if query.is_empty() => vec![name.clone()],
            Asked::Topic { query, .. } | Asked::Query(query) => terms(query),
        };
        let (mut named, mut words) = (Vec::new(), Vec::new());
        for word in asked_words {
            let ids = meaning(&word, lexicon, reader);
            if ids.is_empty() {
                words.push(word.to_lowercase());
            }
            named.extend(ids);
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
        names.retain(|name| seen.insert(name.clone()));
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

/// The words, phrases and naming values of a query, without what it excludes.
fn terms(query: &str) -> Vec<String> {
    let mut terms = Vec::new();
    let mut rest = query;
    let mut excluded = false;
    while let Some(start) = rest.find(|c: char| !c.is_whitespace() && !"()（）".contains(c)) {
        rest = &rest[start..];
        let (token, after) = token(rest);
        rest = after;
        if CONNECTORS.contains(&token.as_str()) {
            excluded = token == "NOT";
            continue;
        }
        let minus = token.starts_with('-');
        let (field, value) = match token.trim_start_matches('-').split_once(':') {
            Some((field, value)) if !value.is_empty() && field.bytes().all(|b| b.is_ascii_lowercase()) => {
                (field, value)
            }
            _ => ("body", token.as_str()),
        };
        let value = value.trim_matches(['"', '“', '”']).trim();
        if !minus && !excluded && NAMING.contains(&field) && value.chars().any(char::is_alphanumeric) {
            terms.push(value.to_owned());
        }
        excluded = false;
    }
    terms
}

/// The next token, in which blanks may stand within quotation marks.
fn token(text: &str) -> (String, &str) {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' | '“' | '”' => quoted = !quoted,
            c if !quoted && (c.is_whitespace() || "()（）".contains(c)) => {
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
    let same = |name: &&text::Name| name.text.to_lowercase() == word.to_lowercase();
    let by_end = |id: &str| NAMING.iter().any(|kind| id.strip_prefix(kind) == Some(&format!("/{word}")));
    let mut ids: Vec<String> = lexicon
        .entries()
        .iter()
        .filter(|entry| {
            !matches!(entry.kind(), "none" | "short" | "basis" | "relation" | "modality" | "status")
        })
        .filter(|entry| entry.names.iter().any(|name| same(&name)) || by_end(&entry.id))
        .map(|entry| entry.id.clone())
        .collect();
    let context = Context { kinds: Kinds::of(&[Kind::Entity]), ..Context::default() };
    let whole = reader.read(word, &context).into_iter().filter(|mention| mention.quote.len() == word.len());
    ids.extend(whole.filter_map(|mention| mention.id));
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
            ["export ban", "锑", "gallium"]
        );
        assert_eq!(terms("source:SMM published:2025-07.."), Vec::<String>::new());
        let (all, _) = topic("source:SMM");
        assert!(all.is_all());
    }

    #[test]
    fn half_of_the_words_are_enough_where_no_name_is_known() {
        let (topic, reader) = topic("blueberry harvest festival");
        assert!(topic.is_named_in("The blueberry festival opened.", &reader));
        assert!(!topic.is_named_in("A festival opened.", &reader));
    }
}
