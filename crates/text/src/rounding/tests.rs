#![expect(clippy::unwrap_used, reason = "a test's own decimal is one, or the test fails")]

use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn bounds(low: &str, high: &str) -> Bounds {
    Bounds::between(decimal(low), decimal(high))
}

#[test]
fn a_printed_number_is_half_a_unit_of_its_last_digit_wide() {
    for (quote, value, low, high) in [
        ("3834", "3834", "3833.5", "3834.5"),
        ("16.4亿", "1640000000", "1635000000", "1645000000"),
        ("1.92%", "1.92", "1.915", "1.925"),
        ("5.0%", "5", "4.95", "5.05"),
        ("3,800 t", "3800", "3799.5", "3800.5"),
        ("3.8万吨", "38000", "37500", "38500"),
        ("1.06 billion yuan", "1060000000", "1055000000", "1065000000"),
        ("0.045", "0.045", "0.0445", "0.0455"),
        ("０．８％", "0.8", "0.75", "0.85"),
        ("$9,663.00 per ton", "9663", "9662.995", "9663.005"),
        ("-15.9", "-15.9", "-15.95", "-15.85"),
        ("三家", "3", "3", "3"),
        ("two million", "2000000", "1500000", "2500000"),
        ("三成", "30", "25", "35"),
        ("a third", "33.3", "31.3", "35.3"),
    ] {
        assert_eq!(printed(quote, decimal(value), None).unwrap(), bounds(low, high), "{quote}");
    }
}

#[test]
fn a_qualifier_says_which_side() {
    let said = |quote, value, qualifier| printed(quote, decimal(value), Some(qualifier)).unwrap();
    assert_eq!(said("3,800", "3800", Qualifier::About), bounds("3700", "3900"));
    assert_eq!(said("3,800", "3800", Qualifier::Over), bounds("3800", "3900"));
    assert_eq!(said("3,900", "3900", Qualifier::Nearly), bounds("3800", "3900"));
    assert_eq!(said("1.09亿", "109000000", Qualifier::About), bounds("108000000", "110000000"));
    assert_eq!(said("-8%", "-8", Qualifier::Over), bounds("-9", "-8"));
    assert_eq!(said("5000", "5000", Qualifier::AtLeast), Bounds::from(decimal("5000")));
    assert_eq!(said("1200", "1200", Qualifier::Under), bounds("0", "1200"));
}

#[test]
fn operands_take_any_value_of_their_intervals() {
    let (two, three) = (bounds("1.5", "2.5"), bounds("2.5", "3.5"));
    assert_eq!(two.plus(&three).unwrap(), bounds("4", "6"));
    assert_eq!(three.minus(&two).unwrap(), bounds("0", "2"));
    assert_eq!(two.times(&three).unwrap(), bounds("3.75", "8.75"));
    assert_eq!(bounds("-1", "2").times(&three).unwrap(), bounds("-3.5", "7"));
    assert_eq!(three.over(&bounds("0.5", "2.5")).unwrap(), bounds("1", "7"));
    assert_eq!(three.over(&bounds("-2.5", "-0.5")).unwrap(), bounds("-7", "-1"));
    assert_eq!(three.over(&bounds("-1", "1")), None);
    assert_eq!(three.over(&bounds("0", "1")), None);
}

#[test]
fn open_ends_stay_open() {
    let two = Bounds::from(decimal("2"));
    assert_eq!(two.plus(&bounds("1", "2")).unwrap(), Bounds::from(decimal("3")));
    assert_eq!(two.times(&bounds("1", "2")).unwrap(), Bounds::from(decimal("2")));
    assert_eq!(bounds("1", "4").over(&two).unwrap(), bounds("0", "2"));
    assert_eq!(two.over(&bounds("1", "2")).unwrap(), Bounds::from(decimal("1")));
    assert_eq!(Bounds::up_to(decimal("2")).times(&bounds("1", "2")), None);
    assert!(two.meets(&bounds("1", "2")) && !two.meets(&bounds("1", "1.9")));
    assert!(Bounds::up_to(decimal("2")).is_below(&bounds("3", "4")));
}

#[test]
fn what_does_not_fit_is_nothing() {
    let huge = Bounds::exact(Decimal::MAX);
    assert_eq!(huge.plus(&huge), None);
    assert_eq!(huge.times(&huge), None);
    assert_eq!(huge.over(&Bounds::exact(decimal("0.1"))), None);
    assert_eq!(printed("9", Decimal::MAX, Some(Qualifier::Over)), None);
    assert!(printed("0.00", Decimal::ZERO, None).is_some());
    let absurd = format!("0.{}1", "0".repeat(27));
    assert!(printed(&absurd, decimal(&absurd), None).is_some());
}

#[test]
fn a_range_has_two_ends_with_their_own_rounding() {
    let text = "900 million to 960 million yuan";
    let mention = crate::Reader::standard().read(text, &crate::Context::default()).remove(0);
    let (low, high) = ends(&mention).unwrap();
    assert_eq!(low, bounds("899500000", "900500000"));
    assert_eq!(high, bounds("959500000", "960500000"));
    assert_eq!(mentioned(&mention).unwrap(), bounds("900000000", "960000000"));
}

#[test]
fn an_interval_is_shown_short() {
    assert_eq!(bounds("2.11613478", "2.1192").to_string(), "2.116135..2.1192");
    assert_eq!(Bounds::exact(decimal("3.0")).to_string(), "3");
    assert_eq!(Bounds::from(decimal("3.0")).to_string(), "3..");
}
