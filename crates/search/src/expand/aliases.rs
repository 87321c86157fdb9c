//! The names of a lexicon and the terms of the field, as patterns.

use std::collections::HashMap;

use text::{Entry, Lexicon, Name};

use super::terms::{self, Term};
use crate::analyze::{Pattern, folded};

/// Entries of this kind are known so as not to be taken for what they contain.
const NO_NAME: &str = "none/";

/// The names of a lexicon, and terms.
pub(super) struct Aliases {
    things: Vec<Thing>,
    /// What each name may mean; by the terms of its pattern.
    meanings: HashMap<Vec<(u32, String)>, Vec<Alias>>,
    ids: HashMap<String, usize>,
    /// Words of the longest name.
    longest: usize,
}

struct Thing {
    id: String,
    /// Names that are looked for, none of which contains another.
    names: Vec<(Pattern, String)>,
}

struct Alias {
    thing: usize,
    text: String,
    exact: bool,
    in_context: bool,
}

/// What a name means.
pub(super) enum Meaning {
    One(usize),
    /// It could be any of these.
    Several(Vec<usize>),
}

impl Aliases {
    pub(super) fn new(lexicon: &Lexicon) -> Aliases {
        let mut aliases =
            Aliases { things: Vec::new(), meanings: HashMap::new(), ids: HashMap::new(), longest: 1 };
        for entry in lexicon.entries() {
            let thing = aliases.things.len();
            for name in &entry.names {
                let Some(pattern) = Pattern::of(&name.text) else { continue };
                aliases.longest = aliases.longest.max(name.text.split_whitespace().count());
                aliases.meanings.entry(pattern.terms().to_vec()).or_default().push(Alias {
                    thing,
                    text: name.text.clone(),
                    exact: exact(name),
                    in_context: name.in_context,
                });
            }
            aliases.ids.insert(entry.id.to_lowercase(), thing);
            aliases.things.push(Thing { id: entry.id.clone(), names: looked_for(entry) });
        }
        terms::all().for_each(|term| aliases.add(&term));
        aliases
    }

    /// Adds a term. Where one of its forms is a name, that stays what it is.
    fn add(&mut self, term: &Term) {
        let thing = self.things.len();
        let named = |text: &&str| Some((Pattern::of(text)?, (*text).to_owned()));
        let forms: Vec<(Pattern, String)> = term.names.iter().filter_map(named).collect();
        self.things.push(Thing { id: term.id.clone(), names: uncovered(&forms) });
        for (pattern, text) in &forms {
            self.longest = self.longest.max(text.split_whitespace().count());
            let alias = Alias { thing, text: text.clone(), exact: false, in_context: false };
            let known = self.meanings.entry(pattern.terms().to_vec()).or_default();
            if known.iter().all(|known| self.things[known.thing].id.starts_with(NO_NAME)) {
                known.push(alias);
            }
        }
    }

    pub(super) fn id(&self, thing: usize) -> String {
        self.things[thing].id.clone()
    }

    pub(super) fn names(&self, thing: usize) -> &[(Pattern, String)] {
        &self.things[thing].names
    }

    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// True if a folded value is an id, with its kind or within `kind`.
    pub(super) fn is_id(&self, kind: Option<&str>, value: &str) -> bool {
        let within = kind.map(|kind| format!("{kind}/{value}"));
        self.ids.contains_key(within.as_deref().unwrap_or(value))
    }

    /// What a word or phrase means as a name, if it is one; among things of `kind` if that is given. A name that counts
    /// only in some contexts gives way to one that always counts, and one that asks for an exact spelling to a query that
    /// has another.
    pub(super) fn meaning(&self, pattern: &Pattern, text: &str, kind: Option<&str>) -> Option<Meaning> {
        let all = self.meanings.get(pattern.terms())?;
        let of_kind = |alias: &&Alias| {
            let (own, _) = self.things[alias.thing].id.split_once('/').unwrap_or_default();
            kind.is_none_or(|kind| kind == own)
        };
        let fits = |alias: &&Alias| !alias.exact || same(&alias.text, text);
        let candidates: Vec<&Alias> = all.iter().filter(of_kind).filter(fits).collect();
        let mut things = self.things_of(&candidates, |alias| !alias.in_context);
        if things.is_empty() {
            things = self.things_of(&candidates, |alias| alias.in_context);
        }
        if things.len() > 1 {
            // Two names may have one stem: then the one that is written counts.
            let written = folded(text);
            let as_written = self.things_of(&candidates, |alias| {
                things.contains(&alias.thing) && folded(&alias.text) == written
            });
            if as_written.len() == 1 {
                things = as_written;
            }
        }
        match things.as_slice() {
            [] => None,
            [one] => Some(Meaning::One(*one)),
            _ => Some(Meaning::Several(things)),
        }
    }

    /// The things that some aliases mean, but for phrases that are listed because they mean nothing.
    fn things_of(&self, aliases: &[&Alias], takes: impl Fn(&Alias) -> bool) -> Vec<usize> {
        let taken = aliases.iter().filter(|alias| takes(alias)).map(|alias| alias.thing);
        let mut things: Vec<usize> =
            taken.filter(|thing| !self.things[*thing].id.starts_with(NO_NAME)).collect();
        things.sort_unstable();
        things.dedup();
        things
    }
}

/// True if a name counts only in its own spelling: it says so, or it is an abbreviation with full stops, which would be
/// another word without its capitals.
fn exact(name: &Name) -> bool {
    name.exact || name.text.contains('.') && Pattern::exact(&name.text).is_some()
}

/// True if two spellings are one, blanks and the full stops of abbreviations aside.
fn same(a: &str, b: &str) -> bool {
    let letters =
        |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect() };
    letters(a) == letters(b)
}

/// The names of an entry that say enough without a context; none that contains another, because it is found through that.
fn looked_for(entry: &Entry) -> Vec<(Pattern, String)> {
    let pattern = |name: &&Name| {
        let single = !name.text.trim().contains(char::is_whitespace);
        // A word that counts only in its own spelling is looked for in that, or not at all: Polish, polish.
        let latin = name.text.is_ascii();
        let pattern =
            if exact(name) && single && latin { Pattern::exact(&name.text) } else { Pattern::of(&name.text) };
        Some((pattern?, name.text.clone()))
    };
    let all: Vec<(Pattern, String)> =
        entry.names.iter().filter(|name| !name.in_context).filter_map(|name| pattern(&name)).collect();
    uncovered(&all)
}

/// Those names that contain no other of them.
fn uncovered(all: &[(Pattern, String)]) -> Vec<(Pattern, String)> {
    let mut kept: Vec<(Pattern, String)> = Vec::new();
    for (index, (pattern, name)) in all.iter().enumerate() {
        let covered = all.iter().enumerate().any(|(other, (wider, _))| {
            // Of two that cover each other (the same but for case or plural), the first stays.
            other != index && wider.covers(pattern) && (other < index || !pattern.covers(wider))
        });
        if !covered {
            kept.push((pattern.clone(), name.clone()));
        }
    }
    kept
}

/// A hash of all that a lexicon says.
pub(super) fn fingerprint(lexicon: &Lexicon) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for entry in lexicon.entries() {
        hasher.update(format!("{} {:?} {:?}\n", entry.id, entry.names, entry.family).as_bytes());
    }
    hasher.finalize()
}
