//! What a document shares with others, in numbers that are quick to compare.

use std::collections::{BTreeMap, HashMap};

use plugin_sdk::record::{MentionKind, StoryMark};

/// Weight of a good's own name beside that of what it is made of, in thousandths of a bit.
const VARIANT: u32 = 700;

/// What a document mentions: values as numbers of the group's own dictionary, sorted, with their weights.
#[derive(Debug, Default)]
pub(super) struct Profile {
    /// Numbers with what they count.
    pub(super) figures: Vec<(u32, u32)>,
    /// Entities.
    pub(super) names: Vec<(u32, u32)>,
    /// Days.
    pub(super) days: Vec<(u32, u32)>,
    /// The slots of the fingerprint.
    pub(super) slots: Vec<u16>,
    /// How many 3-grams the text has.
    pub(super) grams: u32,
    /// Hash of the canonical text.
    pub(super) body: Vec<u8>,
    /// Seconds since 1970 of its publication.
    pub(super) second: Option<i64>,
}

/// The profiles of a group's marks.
pub(super) fn profiles(marks: &[(StoryMark, Vec<String>)]) -> Vec<Profile> {
    let mut dictionary: HashMap<String, u32> = HashMap::new();
    marks.iter().map(|(mark, _)| profile(mark, &mut dictionary)).collect()
}

fn profile(mark: &StoryMark, dictionary: &mut HashMap<String, u32>) -> Profile {
    let mut number_of = |value: String| {
        let next = u32::try_from(dictionary.len()).unwrap_or(u32::MAX);
        *dictionary.entry(value).or_insert(next)
    };
    let (mut figures, mut names, mut days) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut put = |map: &mut BTreeMap<u32, u32>, value: String, weight: u32| {
        let known = map.entry(number_of(value)).or_insert(0);
        *known = weight.max(*known);
    };
    for item in mark.items.iter().filter(|item| item.weight > 0) {
        match item.kind() {
            MentionKind::Time => put(&mut days, format!("t {}", item.said), item.weight),
            MentionKind::Entity => {
                put(&mut names, format!("e {}", item.group), item.weight);
                if item.group != item.said {
                    put(&mut names, format!("e {}", item.said), VARIANT);
                }
            }
            _ => put(&mut figures, format!("n {}|{}", item.said, item.group), item.weight),
        }
    }
    let sorted = |map: BTreeMap<u32, u32>| map.into_iter().collect();
    Profile {
        figures: sorted(figures),
        names: sorted(names),
        days: sorted(days),
        slots: mark.fingerprint.chunks_exact(2).map(|slot| u16::from_le_bytes([slot[0], slot[1]])).collect(),
        grams: mark.grams,
        body: mark.body_hash.to_vec(),
        second: mark.published.is_some().then_some(mark.published_second),
    }
}
