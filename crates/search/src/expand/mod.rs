//! Aliases: a word or phrase of a query that names something in the lexicon is looked for under all names of it, in both
//! languages; so is a term of the field, such as 出口管制.

mod aliases;
mod terms;

use std::ops::Range;

use text::Lexicon;

use crate::analyze::Pattern;
use crate::field::Field;
use crate::plan::{Plan, Test};
use crate::query::{Limits, Node, Query, QueryError, QueryErrorKind, Word};
use aliases::{Aliases, Meaning};

/// Whether aliases are added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Expand {
    /// They are.
    #[default]
    On,
    /// Only what is written is looked for.
    Off,
}

/// What a word or phrase of a query was expanded to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expansion {
    /// Where it stands in the query, in bytes.
    pub bytes: Range<usize>,
    /// The word or phrase as written.
    pub from: String,
    /// Id of what it names, that of a term with `term/` before it; several if it could name several things, and then nothing is added.
    pub ids: Vec<String>,
    /// The names that are looked for besides, the main ones first. Names that contain one of these are found through it
    /// and not listed.
    pub to: Vec<String>,
}

/// Makes plans of queries, with the aliases of a lexicon.
pub struct Expander {
    aliases: Aliases,
    fingerprint: blake3::Hash,
}

impl Expander {
    /// Analyzes all names of a lexicon; takes some 100 ms for the standard one.
    pub fn new(lexicon: &Lexicon) -> Expander {
        Expander { aliases: Aliases::new(lexicon), fingerprint: aliases::fingerprint(lexicon) }
    }

    /// A hash of what the lexicon says, by which an index knows whether it was made with it.
    pub fn fingerprint(&self) -> &blake3::Hash {
        &self.fingerprint
    }

    /// The plan of a query. With [`Expand::Off`] it asks for what is written and no more.
    ///
    /// Bare words side by side that together are a name (`rare earth`) are read as that name; without aliases they are
    /// words that must all be there.
    ///
    /// # Errors
    /// If it asks for more words and phrases than `limits` allow, its aliases counted.
    pub fn plan(&self, query: &Query, expand: Expand, limits: &Limits) -> Result<Plan, QueryError> {
        let mut planner = Planner { expander: self, expand, text: &query.text, expansions: Vec::new() };
        let test = planner.test(&query.root);
        let expansions = planner.expansions;
        let patterns = test.patterns();
        if patterns > limits.patterns {
            let what = format!("it looks for {patterns} names, and {} are allowed", limits.patterns);
            let help = "turn the expansion by aliases off, or ask for less";
            let all = 0..query.text.len();
            return Err(QueryError::new(QueryErrorKind::TooManyTerms, &query.text, all, what, help));
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.fingerprint.as_bytes());
        hasher.update(format!("{:?} {expand:?}", query.root).as_bytes());
        let mut hash = [0; 16];
        hash.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Ok(Plan { test, expansions, hash })
    }
}

struct Planner<'a> {
    expander: &'a Expander,
    expand: Expand,
    text: &'a str,
    expansions: Vec<Expansion>,
}

impl Planner<'_> {
    fn test(&mut self, node: &Node) -> Test {
        match node {
            Node::All => Test::All,
            Node::And(nodes) => Test::And(nodes.iter().map(|node| self.test(node)).collect()),
            Node::Or(nodes) => Test::Or(nodes.iter().map(|node| self.test(node)).collect()),
            Node::Not(node) => match self.test(node) {
                Test::Not(inner) => *inner,
                test => Test::Not(Box::new(test)),
            },
            Node::Words { scope, words } => self.words(*scope, words),
            Node::Phrase { scope, phrase } => {
                let inside = phrase.text.as_str();
                self.name(*scope, inside, phrase.bytes.clone(), None)
            }
            Node::Value { field, value } => self.value(*field, value),
            Node::Range { field, from, to } => Test::Within { field: *field, from: *from, to: *to },
            Node::Exists { field } => Test::Exists { field: *field },
        }
    }

    /// Bare words side by side: the longest names among them, from left to right, and the other words.
    fn words(&mut self, scope: Option<Field>, words: &[Word]) -> Test {
        let mut tests = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let length = self.longest_name(&words[at..]);
            let bytes = words[at].bytes.start..words[at + length - 1].bytes.end;
            let text = match length {
                1 => words[at].text.clone(),
                _ => self.text[bytes.clone()].to_owned(),
            };
            tests.push(self.name(scope, &text, bytes, None));
            at += length;
        }
        if tests.len() == 1 { tests.remove(0) } else { Test::And(tests) }
    }

    /// How many words at the beginning make a name; one if none do. Chinese words with a blank between them are two.
    fn longest_name(&self, words: &[Word]) -> usize {
        if self.expand == Expand::Off {
            return 1;
        }
        let latin = |word: &Word| word.text.is_ascii() || !word.text.chars().any(|c| c >= '\u{2e80}');
        let most = words.iter().take_while(|word| latin(word)).count();
        let most = most.min(self.expander.aliases.longest());
        (2..=most)
            .rev()
            .find(|count| {
                let bytes = words[0].bytes.start..words[count - 1].bytes.end;
                let text = self.text.get(bytes).unwrap_or_default();
                Pattern::of(text).is_some_and(|p| self.expander.aliases.meaning(&p, text, None).is_some())
            })
            .unwrap_or(1)
    }

    /// A word or phrase with its aliases.
    fn name(&mut self, scope: Option<Field>, text: &str, bytes: Range<usize>, kind: Option<&str>) -> Test {
        // The parser refuses what has no letters.
        let Some(own) = Pattern::of(text) else { return Test::All };
        let has = |pattern: &Pattern| Test::Has { scope, pattern: pattern.clone() };
        if self.expand == Expand::Off {
            return has(&own);
        }
        let aliases = &self.expander.aliases;
        let (ids, names) = match aliases.meaning(&own, text, kind) {
            None => return has(&own),
            Some(Meaning::One(thing)) => (vec![aliases.id(thing)], aliases.names(thing)),
            Some(Meaning::Several(things)) => {
                (things.iter().map(|thing| aliases.id(*thing)).collect(), &[][..])
            }
        };
        let mut tests = vec![has(&own)];
        let mut to = Vec::new();
        for (pattern, name) in names.iter().filter(|(pattern, _)| *pattern != own) {
            tests.push(has(pattern));
            to.push(name.clone());
        }
        if let ([id], None) = (ids.as_slice(), scope)
            && !id.starts_with(terms::KIND)
        {
            // Where a name counts only in its context, the reader has found out what it means.
            tests.push(Test::Is { field: Field::Entity, value: Field::Entity.asked(id) });
        }
        self.expansions.push(Expansion { bytes, from: text.to_owned(), ids, to });
        if tests.len() == 1 { tests.remove(0) } else { Test::Synonyms(tests) }
    }

    /// A value, or what it names: `country:中国` is `country:CHN`.
    fn value(&mut self, field: Field, value: &Word) -> Test {
        let asked = Field::asked(field, &value.text);
        let plain = |value| Test::Is { field, value };
        let kind = field.lexicon_kind();
        let aliases = &self.expander.aliases;
        if self.expand == Expand::Off
            || kind.is_none() && field != Field::Entity
            || aliases.is_id(kind, &asked)
        {
            return plain(asked);
        }
        let meaning = Pattern::of(&value.text).and_then(|own| aliases.meaning(&own, &value.text, kind));
        let Some(meaning) = meaning else { return plain(asked) };
        let things = match meaning {
            Meaning::One(thing) => vec![thing],
            Meaning::Several(things) => things,
        };
        let ids = things.iter().map(|thing| aliases.id(*thing));
        let ids: Vec<String> = ids.filter(|id| !id.starts_with(terms::KIND)).collect();
        if ids.is_empty() {
            return plain(asked);
        }
        let tests = ids.iter().map(|id| plain(field.asked(id))).collect();
        let from = value.text.clone();
        self.expansions.push(Expansion { bytes: value.bytes.clone(), from, to: ids.clone(), ids });
        Test::Or(tests)
    }
}

#[cfg(test)]
mod tests;
