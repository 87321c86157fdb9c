//! How two goods stand to each other, by the families of the lexicon.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use text::Lexicon;

/// Goods that gather others by what they are used for or thought of: a broader term for nearly all that is written about. The
/// lexicon gives them no members, because lists of them differ.
const UMBRELLAS: &[&str] = &[
    "commodity/critical-minerals",
    "commodity/minor-metals",
    "commodity/base-metals",
    "commodity/precious-metals",
    "commodity/battery-metals",
    "commodity/metal-ores",
    "commodity/ferrous-metals",
    "commodity/nonferrous-scrap",
    "commodity/scrap-metal",
];

/// Goods that texts of the two languages call each other's name.
const ALIKE: &[(&str, &str)] = &[
    ("commodity/rare-earth-magnet", "commodity/rare-earth-magnetic-material"),
    ("commodity/nickel-iron", "commodity/ferronickel"),
    ("commodity/nickel-iron", "commodity/nickel-pig-iron"),
    ("commodity/magnet", "commodity/permanent-magnet"),
];

/// How two goods stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinship {
    /// One good.
    Same,
    /// One is a broader term for the other.
    Broader,
    /// Two goods of one family: an oxide and its metal.
    Siblings,
    /// Two families.
    Strangers,
    /// One of them is not in the lexicon, so that nothing is known.
    Unknown,
}

/// How two goods stand to each other, by their ids.
#[must_use]
pub fn kinship(one: &str, other: &str) -> Kinship {
    if one == other {
        return Kinship::Same;
    }
    let lexicon = Lexicon::standard();
    if lexicon.get(one).is_none() || lexicon.get(other).is_none() {
        return Kinship::Unknown;
    }
    if ALIKE.contains(&(one, other)) || ALIKE.contains(&(other, one)) {
        return Kinship::Same;
    }
    if UMBRELLAS.contains(&one) || UMBRELLAS.contains(&other) {
        return Kinship::Broader;
    }
    let (ancestors, others) = (ancestors(lexicon, one), ancestors(lexicon, other));
    if ancestors.contains(other) || others.contains(one) {
        return Kinship::Broader;
    }
    if is_kind_of(one, other) || is_kind_of(other, one) {
        return Kinship::Broader;
    }
    let shared = ancestors.intersection(&others).any(|id| !UMBRELLAS.contains(id));
    if shared { Kinship::Siblings } else { Kinship::Strangers }
}

/// True if one of a good's names stands in a passage.
pub(crate) fn is_named(id: &str, passage: &str) -> bool {
    let Some(entry) = Lexicon::standard().get(id) else { return false };
    let lower = passage.to_lowercase();
    entry.names.iter().any(|name| {
        let name = name.text.to_lowercase();
        lower.match_indices(&name).any(|(at, _)| {
            let inside = lower[..at].ends_with(|c: char| c.is_ascii_alphanumeric())
                || lower[at + name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
            !name.is_ascii() || !inside
        })
    })
}

/// True if the name of the first ends with a name of the second: a rare earth magnet is a magnet, 新能源汽车 are 汽车, whether or not
/// the lexicon tells of the family.
fn is_kind_of(one: &str, other: &str) -> bool {
    KINDS.get(one).is_some_and(|kinds| kinds.contains(other))
}

/// Of each good those whose names end its own.
static KINDS: LazyLock<HashMap<&'static str, BTreeSet<&'static str>>> = LazyLock::new(|| {
    let goods = || Lexicon::standard().entries().iter().filter(|entry| entry.kind() == "commodity");
    let mut ids: HashMap<String, &'static str> = HashMap::new();
    for entry in goods() {
        for name in entry.names.iter().filter(|name| name.text.chars().count() > 1) {
            ids.insert(name.text.to_lowercase(), entry.id.as_str());
        }
    }
    let mut kinds: HashMap<&'static str, BTreeSet<&'static str>> = HashMap::new();
    for entry in goods() {
        for name in &entry.names {
            let lower = name.text.to_lowercase();
            for (at, letter) in lower.char_indices().skip(1) {
                let starts = !letter.is_ascii() || lower[..at].ends_with([' ', '-']);
                let found = ids.get(&lower[at..]).filter(|id| starts && **id != entry.id);
                if let Some(id) = found {
                    kinds.entry(entry.id.as_str()).or_default().insert(id);
                }
            }
        }
    }
    kinds
});

/// All families of a good, near and far.
fn ancestors<'a>(lexicon: &'a Lexicon, id: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = family(lexicon, id);
    while let Some(next) = open.pop() {
        if found.insert(next) {
            open.extend(family(lexicon, next));
        }
    }
    found
}

fn family<'a>(lexicon: &'a Lexicon, id: &str) -> Vec<&'a str> {
    lexicon.get(id).map(|entry| entry.family.iter().map(String::as_str).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_follow_chemistry() {
        assert_eq!(kinship("commodity/antimony", "commodity/rare-earths"), Kinship::Strangers);
        assert_eq!(kinship("commodity/antimony-oxide", "commodity/antimony"), Kinship::Broader);
        assert_eq!(kinship("commodity/critical-minerals", "commodity/antimony"), Kinship::Broader);
        assert_eq!(kinship("commodity/terbium-oxide", "commodity/dysprosium-oxide"), Kinship::Siblings);
        assert_eq!(kinship("commodity/nobody", "commodity/antimony"), Kinship::Unknown);
    }
}
