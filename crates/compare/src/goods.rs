//! How two goods stand to each other, by the families of the lexicon.

use std::collections::BTreeSet;

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
    if UMBRELLAS.contains(&one) || UMBRELLAS.contains(&other) {
        return Kinship::Broader;
    }
    let (ancestors, others) = (ancestors(lexicon, one), ancestors(lexicon, other));
    if ancestors.contains(other) || others.contains(one) {
        return Kinship::Broader;
    }
    let shared = ancestors.intersection(&others).any(|id| !UMBRELLAS.contains(id));
    if shared { Kinship::Siblings } else { Kinship::Strangers }
}

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
