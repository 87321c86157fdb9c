//! The periods of numbers that several tellings give.

use std::collections::BTreeMap;

use plugin_sdk::record::{MarkedItem, MentionKind, StoryMark};

use super::{Sides, is_number};
use crate::group::write::Members;

/// Weight of a number that is the same thing wherever a story gives it, in thousandths of a bit.
const TELLING: u32 = 5000;

/// For each number that tellings give for other periods: who gives it for which.
pub(super) fn periods<'a>(members: &Members<'a>) -> Vec<Sides<'a>> {
    let mut numbers: BTreeMap<(&str, &str), Sides<'a>> = BTreeMap::new();
    for (number, mark) in members.marks.iter().enumerate() {
        let mut said: BTreeMap<(&str, &str), Vec<&MarkedItem>> = BTreeMap::new();
        for item in
            mark.items.iter().filter(|item| is_number(item) && item.weight >= TELLING && item.group != "%")
        {
            if let Some(period) = period(mark, item) {
                said.entry((&item.said, &item.group)).or_default().push(period);
            }
        }
        for (value, periods) in said {
            // A number that a text gives for two periods says nothing about either.
            let first = periods[0];
            if periods.iter().all(|period| period.said == first.said)
                && let Some(span) = &first.span
            {
                numbers.entry(value).or_default().entry(first.said.clone()).or_default().insert(number, span);
            }
        }
    }
    let mut found: Vec<Sides<'a>> = Vec::new();
    for (value, sides) in numbers.into_iter().filter(|(_, sides)| sides.len() > 1) {
        // Several numbers of one sentence share its period, which differs once.
        if !found.iter().any(|known| known.keys().eq(sides.keys())) && is_clear(members, value, &sides) {
            found.push(sides);
        }
    }
    found
}

/// Whether no telling names, beside the number, the period of another side too: then it is a matter of which belongs to what.
fn is_clear(members: &Members<'_>, value: (&str, &str), sides: &Sides<'_>) -> bool {
    sides.iter().all(|(said, tellings)| {
        tellings.keys().all(|number| {
            let items = &members.marks[*number].items;
            let own = items
                .iter()
                .filter(|item| is_number(item) && (item.said.as_str(), item.group.as_str()) == value);
            let sentences: Vec<u32> = own.map(|item| item.sentence).collect();
            let beside = |item: &&MarkedItem| is_period(item) && sentences.contains(&item.sentence);
            !items.iter().filter(beside).any(|item| item.said != *said && sides.contains_key(&item.said))
        })
    })
}

/// The period of a number: the only one in its sentence, or the nearest one before any other number.
fn period<'a>(mark: &'a StoryMark, number: &MarkedItem) -> Option<&'a MarkedItem> {
    let start = |item: &MarkedItem| item.span.as_ref().map_or(0, |span| span.start_byte);
    let place = start(number);
    mark.items
        .iter()
        .filter(|item| item.sentence == number.sentence && is_period(item))
        .min_by_key(|item| (start(item).abs_diff(place), start(item)))
}

fn is_period(item: &MarkedItem) -> bool {
    item.kind() == MentionKind::Time
        && item.group != "day"
        && !item.said.starts_with('/')
        && !item.said.ends_with('/')
}
