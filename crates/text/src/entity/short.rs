//! Short names: "hydroxide" or 精矿 alone, for the good of that name that the text speaks of.

use std::collections::HashMap;

use crate::lexicon::{Entry, Lexicon};
use crate::mention::{Kind, Mention};
use crate::view::fold;

/// The kind of ids that stand for no good of their own.
pub(crate) const PREFIX: &str = "short/";

/// How many goods a short name may reach back over.
const REACH: usize = 12;

/// What stands in the ids of goods that are a grade of their family.
const GRADED: &str = "-grade-";

/// How many steps lead from a good to what it is made of: battery-grade lithium carbonate, lithium carbonate, lithium.
const STEPS: usize = 3;

/// Which good each short name means behind which other.
#[derive(Default)]
pub(crate) struct Shorts {
    /// By short id and the id of a good: the good itself if its name ends in the short one, else the one that both make.
    meant: HashMap<String, HashMap<String, String>>,
    /// What is meant where nothing before fits.
    otherwise: HashMap<String, String>,
    /// What goods are made of, or kinds of.
    family: HashMap<String, Vec<String>>,
}

impl Shorts {
    pub(crate) fn new(lexicon: &Lexicon) -> Shorts {
        let mut shorts = Shorts::default();
        let heads: Vec<&Entry> =
            lexicon.entries().iter().filter(|entry| entry.id.starts_with(PREFIX)).collect();
        if heads.is_empty() {
            return shorts;
        }
        let goods = || lexicon.entries().iter().filter(|entry| entry.kind() == "commodity");
        let folded = |name: &str| -> String { name.chars().map(fold).collect() };
        let mut named: HashMap<String, &str> = HashMap::new();
        for entry in goods() {
            for name in &entry.names {
                named.entry(folded(&name.text)).or_insert(&entry.id);
            }
            if !entry.family.is_empty() {
                shorts.family.insert(entry.id.clone(), entry.family.clone());
            }
        }
        for head in heads {
            let mut meant: HashMap<String, String> = HashMap::new();
            for entry in goods() {
                for name in &entry.names {
                    let name = folded(&name.text);
                    for word in &head.names {
                        let Some(rest) = name.strip_suffix(&folded(&word.text)) else { continue };
                        meant.insert(entry.id.clone(), entry.id.clone());
                        let rest = rest.trim_end_matches([' ', '-']);
                        if let Some(maker) = named.get(rest).filter(|_| !entry.id.contains(GRADED)) {
                            meant.entry((*maker).to_owned()).or_insert_with(|| entry.id.clone());
                        }
                    }
                }
            }
            if let Some(family) = head.family.first() {
                shorts.otherwise.insert(head.id.clone(), family.clone());
            }
            shorts.meant.insert(head.id.clone(), meant);
        }
        shorts
    }

    /// Gives the short names among the mentions of a text the ids of the goods that they mean, and drops those that mean
    /// none. A name before any good, as in a title, is of the first good that fits.
    pub(crate) fn settle(&self, mentions: &mut Vec<Mention<'_>>) {
        for index in 0..mentions.len() {
            let Some(short) = mentions[index].id.as_deref().filter(|id| id.starts_with(PREFIX)) else {
                continue;
            };
            // Directly behind a good with which it makes none that the lexicon knows, it is a good of its own.
            let joined = mentions[..index].last().is_some_and(|last| {
                last.end_byte + 1 >= mentions[index].start_byte
                    && last.id.as_deref().is_some_and(|id| id.starts_with("commodity/"))
            });
            if joined {
                continue;
            }
            let before = mentions[..index].iter().rev();
            let found = self
                .good(short, before)
                .or_else(|| self.good(short, mentions[index + 1..].iter()))
                .or_else(|| self.otherwise.get(short))
                .cloned();
            if found.is_some() {
                mentions[index].id = found;
            }
        }
        mentions.retain(|mention| !mention.id.as_deref().is_some_and(|id| id.starts_with(PREFIX)));
    }

    fn good<'a, 't: 'a>(
        &self,
        short: &str,
        mentions: impl Iterator<Item = &'a Mention<'t>>,
    ) -> Option<&String> {
        let meant = self.meant.get(short)?;
        mentions
            .filter(|mention| mention.kind == Kind::Entity)
            .filter_map(|mention| mention.id.as_deref())
            .filter(|id| id.starts_with("commodity/"))
            .take(REACH)
            .find_map(|id| self.made_of(meant, id, STEPS))
    }

    /// The good that `id`, or what it is made of, makes with the short name.
    fn made_of<'s>(
        &'s self,
        meant: &'s HashMap<String, String>,
        id: &str,
        steps: usize,
    ) -> Option<&'s String> {
        let parents = self.family.get(id).map_or(&[][..], Vec::as_slice);
        if let Some(found) = meant.get(id) {
            // Of a grade, the good without it: hydroxide is lithium hydroxide, whatever its grade.
            let graded = found == id && id.contains(GRADED);
            return parents.iter().find(|_| graded).or(Some(found));
        }
        if steps == 0 {
            return None;
        }
        parents.iter().find_map(|parent| self.made_of(meant, parent, steps - 1))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Context, Kind, Reader};

    #[test]
    fn a_short_name_is_the_good_said_before() {
        let reader = Reader::standard();
        for (text, word, id) in [
            ("Lithium carbonate rose, hydroxide fell.", "hydroxide", "commodity/lithium-hydroxide"),
            ("Cobalt metal was firm and hydroxide firmer.", "hydroxide", "commodity/cobalt-hydroxide"),
            ("Antimony: ingot at $30,000/t", "ingot", "commodity/antimony-ingot"),
            (
                "Copper concentrate is short. The smelter buys concentrate in Chile.",
                "concentrate",
                "commodity/copper-concentrate",
            ),
            ("Hydroxide: lithium in brief", "Hydroxide", "commodity/lithium-hydroxide"),
            (
                "Battery-grade lithium carbonate rose; carbonate lagged.",
                "carbonate",
                "commodity/lithium-carbonate",
            ),
            ("Refined copper and imported concentrates", "concentrates", "commodity/copper-concentrate"),
            ("Antimony metal is dear, trioxide dearer", "trioxide", "commodity/antimony-oxide"),
            ("钨价上行,精矿惜售", "精矿", "commodity/tungsten-concentrate"),
            ("锂辉石价格上涨，精矿到港减少", "精矿", "commodity/spodumene-concentrate"),
        ] {
            let mentions = reader.read(text, &Context::default());
            let found = mentions.iter().rfind(|mention| mention.quote == word);
            assert_eq!(found.and_then(|mention| mention.id.as_deref()), Some(id), "{text}");
        }
        for text in
            ["They will concentrate on copper", "The oxide was green", "copper, and fines of $2m were paid"]
        {
            let mentions = reader.read(text, &Context::default());
            let words = mentions.iter().filter(|mention| mention.kind == Kind::Entity);
            assert!(words.clone().all(|mention| mention.quote == "copper"), "{text}");
        }
    }
}
