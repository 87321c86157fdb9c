//! The keys that may link a document with other tellings.
//!
//! A band of the fingerprint links near copies. A rare number, or a pair of rare names, links tellings in other words and languages, if they
//! were published within one stretch of [`WINDOW_DAYS`] days. Where the stretches of a value begin depends on its hash, so that
//! tellings which share several values are never all cut apart by one midnight.

use std::collections::BTreeMap;

use plugin_sdk::record::{MarkedItem, MentionKind, StoryMark};

use super::fingerprint::{bands, mixed};
use super::rarity::{RARE_NAME, RARE_NUMBER};

/// Days within which a value links.
const WINDOW_DAYS: i64 = 10;

/// Most numbers of a document that link it.
const NUMBERS: usize = 6;

/// Below how many rare numbers pairs of less rare ones link too, and of how many.
const FEW: usize = 3;
const COMMON: usize = 4;

/// Most names of a document whose pairs link it.
const NAMES: usize = 5;

/// Sentences from the beginning whose names come first; the title is one.
const LEAD: u32 = 3;

/// The values of `link` of a mark.
pub(super) fn links(mark: &StoryMark) -> Vec<String> {
    let mut links: Vec<String> =
        bands(&mark.fingerprint).enumerate().map(|(number, band)| format!("b{number}:{band:016x}")).collect();
    // Without a time there is no closeness in time, and only the text itself links.
    if mark.published.is_none() {
        return links;
    }
    let day = mark.published_second.div_euclid(86_400);
    let rare = numbers(&mark.items, RARE_NUMBER, u32::MAX, NUMBERS);
    links.extend(rare.iter().map(|value| windowed(value, day)));
    if rare.len() < FEW {
        let common = numbers(&mark.items, RARE_NUMBER / 2, RARE_NUMBER, COMMON);
        links.extend(pairs(&common).map(|value| windowed(&value, day)));
    }
    let names = names(&mark.items);
    links.extend(pairs(&names).map(|value| windowed(&value, day)));
    links
}

/// All pairs of values, in whatever order they come.
fn pairs<T: AsRef<str>>(values: &[T]) -> impl Iterator<Item = String> {
    values.iter().enumerate().flat_map(|(place, first)| {
        values[place + 1..].iter().map(move |second| {
            let (first, second) = (first.as_ref(), second.as_ref());
            let (low, high) = if first < second { (first, second) } else { (second, first) };
            format!("{low}+{high}")
        })
    })
}

/// At most `most` numbers that weigh from `from` to below `to`, the rarest first; of equally rare ones those that a hash chooses, so that
/// two documents choose alike.
fn numbers(items: &[MarkedItem], from: u32, to: u32, most: usize) -> Vec<String> {
    let mut found: Vec<(u32, u64, String)> = items
        .iter()
        .filter(|item| (from..to).contains(&item.weight) && is_number(item))
        .map(|item| {
            let value = format!("{}|{}", item.said, item.group);
            (item.weight, hashed(&value), value)
        })
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    found.dedup_by(|a, b| a.2 == b.2);
    found.into_iter().take(most).map(|(_, _, value)| value).collect()
}

/// The rare names, goods by what they are made of; those of title and lead and those that are named often come first.
fn names(items: &[MarkedItem]) -> Vec<&str> {
    let mut found: BTreeMap<&str, (u32, u32, bool)> = BTreeMap::new();
    for item in items.iter().filter(|item| item.kind() == MentionKind::Entity && item.weight >= RARE_NAME) {
        let known = found.entry(&item.group).or_default();
        known.0 = known.0.max(item.weight);
        known.1 += 1;
        known.2 |= item.sentence < LEAD;
    }
    let mut names: Vec<(u32, &str)> = found
        .into_iter()
        .map(|(name, (weight, times, lead))| (weight + 1000 * times.min(4) + 2000 * u32::from(lead), name))
        .collect();
    names.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    names.into_iter().take(NAMES).map(|(_, name)| name).collect()
}

fn is_number(item: &MarkedItem) -> bool {
    matches!(item.kind(), MentionKind::Number | MentionKind::Percent | MentionKind::Quantity)
}

/// A value within the stretch of days in which `day` lies.
fn windowed(value: &str, day: i64) -> String {
    let hash = hashed(value);
    let phase = i64::try_from(hash % WINDOW_DAYS.unsigned_abs()).unwrap_or_default();
    format!("{hash:016x}@{}", (day + phase).div_euclid(WINDOW_DAYS))
}

fn hashed(value: &str) -> u64 {
    value.bytes().fold(0, |hash, byte| mixed(hash ^ u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_links_within_some_days_alone() {
        let same =
            (0..WINDOW_DAYS).filter(|day| windowed("3834|mass", *day) == windowed("3834|mass", day + 1));
        assert_eq!(i64::try_from(same.count()), Ok(WINDOW_DAYS - 1));
        assert_ne!(windowed("3834|mass", 0), windowed("3834|mass", WINDOW_DAYS));
        assert_ne!(windowed("3834|mass", 0), windowed("3834|%", 0));
    }

    #[test]
    fn without_a_time_only_the_text_links() {
        let number = MarkedItem {
            kind: MentionKind::Quantity.into(),
            said: "3834".into(),
            weight: 7000,
            ..MarkedItem::default()
        };
        let mut mark = StoryMark { items: vec![number], ..StoryMark::default() };
        assert!(links(&mark).is_empty());
        mark.published = Some(plugin_sdk::record::Period::default());
        assert_eq!(links(&mark).len(), 1);
    }
}
