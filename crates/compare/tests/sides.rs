//! Who stands on which side of a contradiction.

mod made;

use api::record::{FindingKind, Word};
use compare::{Item, Shared, reconcile};

use self::made::{item, word};

/// A statement of 48,200 t of copper concentrate that is counted in these ways, told by one agency.
fn counted(number: usize, basis: &[&str]) -> Item {
    let mut item = item(number, "commodity/copper-concentrate", 48_200);
    item.statement.basis = basis.iter().filter_map(|basis| word(basis)).collect::<Vec<Word>>();
    item.statement.attribution = word("agency/usgs");
    item
}

#[test]
fn who_agrees_stands_on_one_side_in_whatever_words() {
    let items = [
        counted(1, &["basis/metal-content"]),
        counted(2, &["basis/gross-weight"]),
        counted(3, &["basis/gross-weight", "basis/dry"]),
    ];
    let found = reconcile(&items, Shared::Fact("fact"));
    let contradictions: Vec<_> =
        found.iter().filter(|found| found.finding.kind() == FindingKind::Contradiction).collect();
    let sides: Vec<Vec<&str>> = contradictions
        .iter()
        .flat_map(|found| &found.finding.sides)
        .map(|side| side.claims.iter().map(String::as_str).collect())
        .collect();
    assert_eq!(contradictions.len(), 1, "{found:?}");
    assert!(sides.contains(&vec!["claims/000002", "claims/000003"]), "{sides:?}");
    assert!(sides.contains(&vec!["claims/000001"]), "{sides:?}");
}
