//! Words of the field that mean the same in both languages, beside the names of the lexicon.

/// The rows of the file; its head says what they are.
const TERMS: &str = include_str!("../../data/terms.tsv");

/// What the id of a term begins with. It is that of no entity.
pub(super) const KIND: &str = "term/";

/// A word or phrase in both languages.
pub(super) struct Term {
    pub(super) id: String,
    /// The main form of each language first.
    pub(super) names: Vec<&'static str>,
}

/// All terms, in the order of the file.
pub(super) fn all() -> impl Iterator<Item = Term> {
    let rows = TERMS.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|line| {
        let (id, names) = line.split_once('\t')?;
        Some(Term { id: format!("{KIND}{id}"), names: names.split(['\t', '|']).collect() })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::analyze::Pattern;

    #[test]
    fn each_term_has_both_languages_and_stands_once() {
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        for line in TERMS.lines().filter(|line| !line.starts_with('#')) {
            let parts: Vec<&str> = line.split('\t').collect();
            let [id, chinese, english] = parts.as_slice() else { panic!("three columns: {line}") };
            assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{line}");
            assert!(chinese.split('|').all(|name| name.chars().all(|c| c >= '\u{4e00}')), "{line}");
            assert!(chinese.split('|').all(|name| name.chars().count() > 1), "{line}");
            assert!(english.is_ascii(), "{line}");
            assert!(ids.insert(*id), "{line}");
            for name in chinese.split('|').chain(english.split('|')) {
                assert!(Pattern::of(name).is_some() && names.insert(name), "{name}");
            }
        }
        assert_eq!(all().count(), ids.len());
    }
}
