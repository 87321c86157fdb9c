//! A group of any size is bounded work, and the order in which statements come does not matter.

mod made;

use api::record::FindingKind;
use compare::{Item, MAX_FIGURES, Shared, reconcile};
use made::word;

/// How much tin China made in 2024, as its statistics office says.
fn item(number: usize, tonnes: usize) -> Item {
    let mut item = made::item(number, "commodity/tin", tonnes);
    item.statement.attribution = word("agency/nbs");
    item
}

#[test]
fn a_group_of_a_hundred_thousand_claims_is_cut_and_says_so() {
    let items: Vec<Item> = (0..100_000).map(|number| item(number, 1_000 + number % 5_000)).collect();
    let found = reconcile(&items, Shared::Fact("fact"));
    assert!(!found.is_empty() && found.len() <= MAX_FIGURES * MAX_FIGURES, "{}", found.len());
    for found in &found {
        assert!(found.finding.cut);
        assert!(found.keys.len() <= 1_024 && found.citations.len() <= 65_536);
        assert!(found.finding.claims.len() <= MAX_FIGURES);
    }
    assert!(found.iter().any(|found| found.finding.kind() == FindingKind::Contradiction));
}

#[test]
fn what_most_say_is_kept_when_a_group_is_cut() {
    let items: Vec<Item> =
        (0..2_000).map(|number| item(number, if number % 4 == 0 { 1_234 } else { 2_345 })).collect();
    let found = reconcile(&items, Shared::Fact("fact"));
    let said: Vec<&str> = found[0].finding.sides.iter().map(|side| side.said.as_str()).collect();
    assert_eq!(said, ["1234 t", "2345 t"]);
    // All of them name one source, and are one voice.
    assert!(found[0].finding.sides.iter().all(|side| side.voices == 1));
}

#[test]
fn the_order_of_statements_does_not_matter() {
    let mut items: Vec<Item> = (0..150).map(|number| item(number, 1_000 + number % 7)).collect();
    let found = reconcile(&items, Shared::Fact("fact"));
    items.reverse();
    assert_eq!(reconcile(&items, Shared::Fact("fact")), found);
    items.rotate_left(37);
    assert_eq!(reconcile(&items, Shared::Fact("fact")), found);
}
