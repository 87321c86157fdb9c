//! The name of the good that a story is about; titles count.

use std::collections::BTreeMap;

use plugin_sdk::record::{MarkedItem, StoryMark};

use super::{Sides, is_good, is_number};
use crate::group::write::Members;
use crate::mark::RARE_NUMBER;

/// Weight below which a good is a class of goods, in thousandths of a bit.
const CLASS: u32 = 1500;

/// Who names which good, if not all name the same.
pub(super) fn goods<'a>(members: &Members<'a>) -> Option<Sides<'a>> {
    let focus = focus(&members.marks)?;
    let mut sides: Sides<'a> = BTreeMap::new();
    for (number, mark) in members.marks.iter().enumerate() {
        // Whoever calls it another thing in the title than in the text stands on two sides.
        for item in named(mark, &focus) {
            if let Some(span) = &item.span {
                sides.entry(item.group.clone()).or_default().entry(number).or_insert(span);
            }
        }
    }
    (sides.len() > 1).then_some(sides)
}

/// The good that most tellings name in a sentence of their text with a number that two of them share.
fn focus(marks: &[&StoryMark]) -> Option<String> {
    let mut carriers: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let rare = |item: &&MarkedItem| is_number(item) && item.weight >= RARE_NUMBER;
    for mark in marks {
        let mut values: Vec<(&str, &str)> =
            mark.items.iter().filter(rare).map(|item| (item.said.as_str(), item.group.as_str())).collect();
        values.sort_unstable();
        values.dedup();
        for value in values {
            *carriers.entry(value).or_default() += 1;
        }
    }
    let mut votes: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for mark in marks {
        let mut goods: BTreeMap<&str, usize> = BTreeMap::new();
        let shared = |item: &&MarkedItem| {
            rare(item)
                && item.sentence > 0
                && carriers.get(&(item.said.as_str(), item.group.as_str())) > Some(&1)
        };
        for number in mark.items.iter().filter(shared) {
            let beside = mark.items.iter().filter(|item| item.sentence == number.sentence && is_good(item));
            // A class says too little for another name to be a difference.
            for good in beside.filter(|item| item.weight >= CLASS) {
                *goods.entry(&good.group).or_default() += 1;
            }
        }
        for (good, times) in goods {
            let vote = votes.entry(good).or_default();
            *vote = (vote.0 + 1, vote.1 + times);
        }
    }
    let best = votes.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)))?;
    (best.1.0 > 1).then(|| best.0.to_owned())
}

/// What a telling calls the good: the title's word, if it is another good, and the text's.
fn named<'a>(mark: &'a StoryMark, focus: &str) -> Vec<&'a MarkedItem> {
    let goods = || mark.items.iter().filter(|item| is_good(item));
    let title = || goods().filter(|item| item.sentence == 0);
    let exact = goods().find(|item| item.group == focus);
    if title().any(|item| item.group == focus) {
        return exact.into_iter().collect();
    }
    // A class in the title, beside the exact name in the text, is no other name.
    let is_class = |item: &&MarkedItem| item.weight < CLASS;
    let other = title().find(|item| exact.is_none() || !is_class(item));
    other.into_iter().chain(exact).collect()
}
