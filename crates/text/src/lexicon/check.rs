//! What has to hold between the entries of a lexicon.

use std::collections::{HashMap, HashSet};

use crate::lexicon::{Lexicon, LexiconError};
use crate::view::fold;

/// Every family is an entry, and none leads back to itself. `places` has file and line of each entry.
pub(super) fn families(lexicon: &Lexicon, places: &[String]) -> Result<(), LexiconError> {
    for (entry, at) in lexicon.entries.iter().zip(places) {
        if let Some(family) = entry.family.iter().find(|family| lexicon.get(family).is_none()) {
            return Err(LexiconError::NoFamily {
                at: at.clone(),
                id: entry.id.clone(),
                family: family.clone(),
            });
        }
    }
    // Depth first; an id that is met again on its own path closes a circle.
    let mut done: HashSet<&str> = HashSet::new();
    for entry in &lexicon.entries {
        let mut path: Vec<(&str, usize)> = vec![(&entry.id, 0)];
        while let Some((id, next)) = path.last_mut() {
            let id: &str = id;
            if done.contains(id) {
                path.pop();
                continue;
            }
            let parents = lexicon.get(id).map_or(&[][..], |entry| &entry.family);
            let Some(parent) = parents.get(*next) else {
                done.insert(id);
                path.pop();
                continue;
            };
            *next += 1;
            if path.iter().any(|(seen, _)| seen == parent) {
                let mut circle: Vec<&str> =
                    path.iter().map(|(id, _)| *id).skip_while(|id| id != parent).collect();
                circle.push(parent);
                return Err(LexiconError::Cycle {
                    at: lexicon.index.get(parent).map(|index| places[*index].clone()).unwrap_or_default(),
                    id: parent.clone(),
                    path: circle.join(" → "),
                });
            }
            path.push((parent, 0));
        }
    }
    Ok(())
}

/// A name that several entries claim is the plain name of one at most; the others say in which context it is theirs.
pub(super) fn names(lexicon: &Lexicon, places: &[String]) -> Result<(), LexiconError> {
    let mut allowed: HashMap<&str, Vec<&str>> = HashMap::new();
    for rule in lexicon.rules.iter().filter(|rule| !rule.bars) {
        for name in &rule.names {
            allowed.entry(name).or_default().push(&rule.id);
        }
    }
    let mut plain: HashMap<String, Vec<(usize, Option<&str>)>> = HashMap::new();
    for (index, entry) in lexicon.entries.iter().enumerate() {
        for name in &entry.names {
            let folded: String = name.text.chars().map(fold).collect();
            if name.in_context {
                let said = allowed.get(folded.as_str()).is_some_and(|ids| {
                    ids.iter().any(|id| {
                        *id == entry.id || id.strip_suffix("/*").is_some_and(|kind| kind == entry.kind())
                    })
                });
                if !said {
                    return Err(LexiconError::NoContext {
                        at: places[index].clone(),
                        id: entry.id.clone(),
                        name: name.text.clone(),
                    });
                }
                continue;
            }
            let exact = name.exact.then_some(name.text.as_str());
            let others = plain.entry(folded).or_default();
            let clash = others.iter().find(|(other, spelling)| {
                *other != index && (spelling.is_none() || exact.is_none() || *spelling == exact)
            });
            if let Some((other, _)) = clash {
                return Err(LexiconError::Claimed {
                    at: places[index].clone(),
                    name: name.text.clone(),
                    id: entry.id.clone(),
                    first: lexicon.entries[*other].id.clone(),
                    first_at: places[*other].clone(),
                });
            }
            others.push((index, exact));
        }
    }
    Ok(())
}
