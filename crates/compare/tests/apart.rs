//! What could not be compared says what it leaves out.

mod made;

use api::record::FindingKind;
use compare::{Found, Item, Shared, apart};
use made::word;

/// A statement of how much of a good China made in 2024, in metal content or without a word of how it is counted.
fn item(number: usize, good: &str, tonnes: usize, metal: bool) -> Item {
    let mut item = made::item(number, good, tonnes);
    item.statement.basis = word("basis/metal-content").filter(|_| metal).into_iter().collect();
    item
}

fn of(items: &[Item]) -> Vec<Found> {
    apart(items, Shared::Fact("fact"))
}

fn pair(number: usize, good: &str) -> [Item; 2] {
    [item(number, good, 1_234, true), item(number + 1, good, 5_678, false)]
}

#[test]
fn a_side_of_more_passages_than_are_cited_says_that_it_is_cut() {
    let mut items: Vec<Item> = (0..16).map(|number| item(number, "commodity/tin", 1_234, true)).collect();
    items.push(item(100, "commodity/tin", 5_678, false));
    let found = of(&items);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].finding.kind(), found[0].finding.cut), (FindingKind::NotComparable, false));
    items.push(item(16, "commodity/tin", 1_234, true));
    let found = of(&items);
    assert_eq!((found.len(), found[0].finding.cut), (1, true));
    assert_eq!(found[0].finding.claims.len(), 18);
}

#[test]
fn findings_beyond_eight_are_left_out_and_the_rest_says_so() {
    let items = |goods: usize| -> Vec<Item> {
        (0..goods).flat_map(|good| pair(good * 2, &format!("commodity/{good}"))).collect()
    };
    let found = of(&items(8));
    assert_eq!(found.len(), 8);
    assert!(found.iter().all(|found| !found.finding.cut));
    let found = of(&items(9));
    assert_eq!(found.len(), 8);
    assert!(found.iter().all(|found| found.finding.cut));
}

#[test]
fn two_documents_of_unknown_source_are_two_and_of_one_source_are_one() {
    let with = |source: &str| -> Vec<Item> {
        let mut items = pair(0, "commodity/tin");
        items.iter_mut().for_each(|item| item.statement.source = source.to_owned());
        items.to_vec()
    };
    assert_eq!(of(&with("")).len(), 1);
    assert!(of(&with("Example Metals")).is_empty());
}
