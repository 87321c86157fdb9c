//! Saved queries that new records are held against.
//!
//! Each query stands under the rarest terms of which a record must have at least one to answer it, each with one more term
//! that it must have then: a record is held only against those queries whose terms it has, and those are checked exactly. Queries that need no term (`NOT x`,
//! `published:2025`, everything) are held against every record. The outcome is that of asking each query of an index
//! with that one record in it; only the cost differs.

mod check;
mod cover;
mod record;
mod terms;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use crate::entry::Entry;
use crate::plan::Plan;
use check::Check;
pub use cover::{AnyTerm, Guess, Rarity};
pub use record::Scratch;
use terms::{TermId, Terms};

/// Saved queries by name.
#[derive(Default)]
pub struct Topics {
    terms: Terms,
    saved: Vec<Option<Saved>>,
    /// Places in `saved` that are free.
    free: Vec<u32>,
    names: HashMap<String, u32>,
    /// Which queries stand under each term.
    under: Vec<Vec<Posting>>,
    /// Queries that are held against every record.
    always: Vec<u32>,
    /// The names of those that every record answers, sorted.
    everything: BTreeSet<Box<str>>,
}

struct Saved {
    name: String,
    check: Check,
    /// The terms under which it stands, each with the one that must be there too; `None` if it is held against every
    /// record.
    cover: Option<Vec<(TermId, Option<TermId>)>>,
}

/// A query under a term.
struct Posting {
    /// Its place in `saved`.
    place: u32,
    /// A term that the record must have too. Most queries are left here, without a look at them.
    also: Option<TermId>,
}

impl Topics {
    /// No queries.
    pub fn new() -> Topics {
        Topics::default()
    }

    /// How many queries there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// How many of them are held against every record, because no term is needed to answer them.
    pub fn always(&self) -> usize {
        self.always.len() + self.everything.len()
    }

    /// Saves a query, in the place of any of the same name. `rarity` tells how often terms occur; what it says decides
    /// how fast records are matched, never what is found.
    pub fn set(&mut self, name: &str, plan: &Plan, rarity: &dyn Rarity) {
        self.remove(name);
        let check = Check::of(&plan.test, &mut self.terms);
        let cover = cover::cover(&plan.test, rarity).map(|terms| {
            let find = |term: &AnyTerm<'_>| self.terms.find(term);
            let ids = terms
                .iter()
                .filter_map(|needed| Some((find(&needed.term)?, needed.also.as_ref().and_then(find))));
            let mut ids: Vec<(TermId, Option<TermId>)> = ids.collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        });
        let place = self.free.pop().unwrap_or_else(|| {
            self.saved.push(None);
            // More than four thousand million queries do not fit in memory.
            u32::try_from(self.saved.len() - 1).unwrap_or(u32::MAX)
        });
        match &cover {
            None if check.is_all() => {
                self.everything.insert(name.into());
            }
            None => self.always.push(place),
            Some(ids) => {
                for (id, also) in ids {
                    let id = *id as usize;
                    self.under.resize_with(self.under.len().max(id + 1), Vec::new);
                    self.under[id].push(Posting { place, also: *also });
                }
            }
        }
        self.names.insert(name.to_owned(), place);
        self.saved[place as usize] = Some(Saved { name: name.to_owned(), check, cover });
    }

    /// Removes a query. False if there is none of this name.
    pub fn remove(&mut self, name: &str) -> bool {
        let Some(place) = self.names.remove(name) else { return false };
        let Some(saved) = self.saved[place as usize].take() else { return false };
        match &saved.cover {
            None if saved.check.is_all() => {
                self.everything.remove(name);
            }
            None => self.always.retain(|other| *other != place),
            Some(ids) => {
                for (id, _) in ids {
                    self.under[*id as usize].retain(|other| other.place != place);
                }
            }
        }
        saved.check.release(&mut self.terms);
        self.free.push(place);
        true
    }

    /// The names of all queries that a record answers, sorted. `scratch` is used again from record to record; each thread
    /// has its own.
    pub fn matches(&self, entry: &Entry, scratch: &mut Scratch) -> Vec<&str> {
        scratch.read(entry, &self.terms, self.saved.len());
        let mut found = Vec::new();
        let mut hold = |place: u32, scratch: &Scratch| {
            if let Some(saved) = &self.saved[place as usize]
                && saved.check.holds(scratch, entry)
            {
                found.push(saved.name.as_str());
            }
        };
        for place in &self.always {
            hold(*place, scratch);
        }
        for index in 0..scratch.found().len() {
            let id = scratch.found()[index];
            for Posting { place, also } in self.under.get(id as usize).map(Vec::as_slice).unwrap_or_default()
            {
                let has_also = also.is_none_or(|also| scratch.has(also));
                if has_also && scratch.first_time(*place) {
                    hold(*place, scratch);
                }
            }
        }
        found.sort_unstable();
        if self.everything.is_empty() {
            return found;
        }
        found.extend(self.everything.iter().map(AsRef::as_ref));
        // It finds the two sorted parts and merges them.
        found.sort();
        found
    }
}
