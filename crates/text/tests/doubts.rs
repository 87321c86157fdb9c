//! Bad input: what cannot be right is marked with the reason, and never given a wrong value.

mod common;

use common::check;
use text::{Context, Doubt, Kind, Reader};

const VALUES: &[Kind] = &[Kind::Number, Kind::Percent, Kind::Quantity];

#[test]
fn ranges_that_run_backwards() {
    check(
        "",
        VALUES,
        &[
            ("3.2~2.85万元/吨", &["3.2~2.85万元/吨 | 28500..32000 | CNY/t | doubt BackwardRange"]),
            ("$600-500 per ton", &["$600-500 per ton | 500..600 | USD/t | doubt BackwardRange"]),
            ("9.6亿元至1.2亿元", &["9.6亿元至1.2亿元 | 120000000..960000000 | CNY | doubt BackwardRange"]),
            ("a share of 5%-3%", &["5%-3% | 3..5 | % | doubt BackwardRange"]),
            ("9000-1.2万元", &["9000-1.2万元 | 9000..12000 | CNY"]),
            ("the score was 3-1", &["3 | 3", "1 | 1"]),
        ],
    );
}

#[test]
fn units_that_contradict() {
    check(
        "",
        VALUES,
        &[
            ("CNY 5 USD", &["CNY 5 USD | 5 | doubt UnitConflict"]),
            ("人民币8亿美元", &["人民币8亿美元 | 800000000 | doubt UnitConflict"]),
            ("€20 yen", &["€20 yen | 20 | doubt UnitConflict"]),
            ("USD 5 CNY 36", &["USD 5 | 5 | USD", "CNY 36 | 36 | CNY"]),
            ("$500 CAD", &["$500 CAD | 500 | CAD"]),
            ("HK$5 dollars", &["HK$5 dollars | 5 | HKD"]),
            ("¥300 JPY", &["¥300 JPY | 300 | JPY"]),
            ("人民币8亿元", &["8亿元 | 800000000 | CNY"]),
            ("USD/CNY 7.18, or 7.18 CNY/USD", &["7.18 | 7.18", "7.18 | 7.18"]),
        ],
    );
}

#[test]
fn endless_numbers_are_exact_and_doubted() {
    let digits = "7".repeat(10_000);
    for (text, value) in [
        (digits.clone(), digits.clone()),
        (format!("{digits}万"), format!("{digits}0000")),
        (format!("-{digits}.5"), format!("-{digits}.5")),
    ] {
        let mentions = Reader::standard().read(&text, &Context::default());
        assert_eq!(mentions.len(), 1);
        assert_eq!(mentions[0].value, Some(value));
        assert_eq!(mentions[0].doubt, Some(Doubt::TooLong));
    }
}

#[test]
fn the_reason_is_printed() -> Result<(), Box<dyn std::error::Error>> {
    let line = text::read_line(&Reader::standard(), r#"{"text":"CNY 5 USD"}"#, text::Kinds::ALL)?;
    assert!(line.contains(r#""doubt":"unit_conflict""#), "{line}");
    let line = text::read_line(&Reader::standard(), r#"{"text":"above 3 and below 9"}"#, text::Kinds::ALL)?;
    assert!(line.contains(r#""exclusive":"both""#), "{line}");
    Ok(())
}
