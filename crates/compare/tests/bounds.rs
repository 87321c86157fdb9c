//! A group of any size is bounded work, and the order in which statements come does not matter.

use api::record::{Citation, Extent, FindingKind, Period, Precision, Span, Statement, Word};
use compare::{Item, MAX_FIGURES, Shared, reconcile};

fn word(id: &str) -> Option<Word> {
    Some(Word { id: id.to_owned(), words: id.to_owned(), inherited: false, span: 0 })
}

/// A statement of how much tin China made in 2024.
fn item(number: usize, tonnes: usize) -> Item {
    let value = format!("{}", tonnes * 1_000);
    let document = format!("documents/{number:06}");
    let extent = Extent {
        low: value.clone(),
        high: value.clone(),
        quantum: "1000".to_owned(),
        digits: value.trim_end_matches('0').to_owned(),
        value,
        unit: "kg".to_owned(),
        printed_unit: "t".to_owned(),
        span: 1,
        ..Extent::default()
    };
    let year =
        Period { start: "2024-01-01".into(), end: "2025-01-01".into(), precision: Precision::Year.into() };
    let statement = Statement {
        document: document.clone(),
        claim: format!("claims/{number:06}"),
        source: format!("publisher {number}"),
        value: Some(extent),
        subject: word("commodity/tin"),
        measure: word("measure/output"),
        place: word("country/CHN"),
        attribution: word("agency/nbs"),
        period: word(""),
        over: Some(year),
        ..Statement::default()
    };
    let span = Span { start_byte: 0, end_byte: 1, quote: "1".to_owned() };
    Item { statement, citation: Citation { document, spans: vec![span] }, fact: Some("fact".to_owned()) }
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
        (0..2_000).map(|number| item(number, if number % 4 == 0 { 1_234 } else { 5_678 })).collect();
    let found = reconcile(&items, Shared::Fact("fact"));
    let said: Vec<&str> = found[0].finding.sides.iter().map(|side| side.said.as_str()).collect();
    assert_eq!(said, ["1234 t", "5678 t"]);
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
