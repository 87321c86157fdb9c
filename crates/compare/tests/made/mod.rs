//! Statements made by hand.

use api::record::{Citation, Extent, Period, Precision, Span, Statement, Word};
use compare::Item;

/// A slot with an id.
pub(crate) fn word(id: &str) -> Option<Word> {
    Some(Word { id: id.to_owned(), words: id.to_owned(), inherited: false, span: 0 })
}

/// A statement of how much of a good China made in 2024.
pub(crate) fn item(number: usize, good: &str, tonnes: usize) -> Item {
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
        subject: word(good),
        measure: word("measure/output"),
        place: word("country/CHN"),
        period: word(""),
        over: Some(year),
        ..Statement::default()
    };
    let span = Span { start_byte: 0, end_byte: 1, quote: "1".to_owned() };
    Item { statement, citation: Citation { document, spans: vec![span] }, fact: Some("fact".to_owned()) }
}
