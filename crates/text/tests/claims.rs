//! What the issue of claims asks for by name, in sentences of our own.

use text::{Amount, Claim, Context, Direction, Modality, Reader, Slot, Term};

fn claims(text: &str) -> Vec<Claim<'_>> {
    let reader = Reader::standard();
    let context = Context { published: Some(jiff::civil::date(2025, 7, 13)), ..Context::default() };
    let mentions = reader.read(text, &context);
    reader.claims(text, 0, &mentions)
}

fn id<'a>(slot: &'a Option<Slot<Term<'_>>>) -> &'a str {
    slot.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or("-")
}

fn amount(amount: &Amount) -> String {
    let unit = amount.unit.as_deref().unwrap_or_default();
    match (&amount.value, &amount.low, &amount.high) {
        (Some(value), ..) => format!("{value} {unit}").trim().to_owned(),
        (None, low, high) => {
            format!("{}..{} {unit}", low.as_deref().unwrap_or_default(), high.as_deref().unwrap_or_default())
        }
    }
}

fn value(claim: &Claim<'_>) -> String {
    claim.value.as_ref().map(|slot| amount(&slot.is)).unwrap_or_default()
}

#[test]
fn a_level_and_its_change_are_one_claim() {
    let found = claims("LME copper down 1.92% to $9,663.00 per ton.");
    assert_eq!(found.len(), 1);
    let claim = &found[0];
    assert_eq!(
        (id(&claim.measure), id(&claim.subject), id(&claim.venue)),
        ("measure/price", "commodity/copper", "exchange/LME")
    );
    assert_eq!(value(claim), "9663 USD/t");
    assert_eq!(claim.changes.len(), 1);
    assert_eq!(claim.changes[0].direction, Some(Direction::Down));
    assert_eq!(claim.changes[0].by.as_ref().map(|by| amount(&by.is)).as_deref(), Some("-1.92 %"));
}

#[test]
fn advancers_and_decliners_give_a_ratio() {
    let found = claims("178 stocks rose, while 87 fell, resulting in a ratio of 2.05.");
    let told: Vec<(&str, String)> = found.iter().map(|claim| (id(&claim.measure), value(claim))).collect();
    assert_eq!(
        told,
        [
            ("measure/advancers", "178".to_owned()),
            ("measure/decliners", "87".to_owned()),
            ("measure/ratio", "2.05".to_owned())
        ]
    );
    assert_eq!(found[2].derived_from, [found[0].start_byte, found[1].start_byte]);
}

#[test]
fn a_multiple_has_a_base_and_is_no_level() {
    let found = claims(
        "Demand for magnets is forecast to reach 150,000 tons by 2030, nearly five times the demand in 2020.",
    );
    assert_eq!(found.len(), 1);
    let claim = &found[0];
    assert_eq!(value(claim), "150000 t");
    assert_eq!(claim.modality.as_ref().map(|slot| slot.is.value), Some(Modality::Expected));
    let change = &claim.changes[0];
    assert_eq!(change.by.as_ref().map(|by| amount(&by.is)).as_deref(), Some("5 {multiple}"));
    let base = change.base.as_ref().and_then(|base| base.is.period.clone()).expect("2020 is the base");
    assert_eq!(base.start.as_deref(), Some("2020-01-01"));
    assert_eq!(claim.period.as_ref().and_then(|slot| slot.is.start.as_deref()), None);
}

#[test]
fn a_sector_is_not_the_good_it_is_named_after() {
    let found = claims(
        "The rare earth permanent magnet sector saw a net capital inflow of 3.5 billion yuan and a price increase of 5.15%.",
    );
    let told: Vec<(&str, bool)> =
        found.iter().map(|claim| (id(&claim.measure), id(&claim.subject).starts_with("sector/"))).collect();
    assert_eq!(told, [("measure/net-inflow", true), ("measure/share-price", true)]);
}

#[test]
fn gainers_in_brackets_move_and_are_no_count() {
    let found = claims("The top gainers included Lynas (+7.62%) and Iluka (-3.14%).");
    let told: Vec<(&str, &str)> =
        found.iter().map(|claim| (id(&claim.measure), id(&claim.subject))).collect();
    assert_eq!(told, [("measure/share-price", "company/lynas"), ("measure/share-price", "company/iluka")]);
}

#[test]
fn a_list_of_examples_is_not_what_the_next_sentence_tells_of() {
    let found =
        claims("Money moved into sectors such as cement, steel and machinery. Output rose 4% to 300 tons.");
    assert_eq!(found.iter().map(|claim| id(&claim.subject)).collect::<Vec<_>>(), ["-"]);
}

#[test]
fn each_of_two_changes_has_its_own_base() {
    let found = claims(
        "In Q3 2025 the price of antimony was raised to 19,000 yuan/ton, a 2% increase from the previous quarter and a 14% increase from the low in Q3 2024.",
    );
    let bases: Vec<_> = found[0].changes.iter().filter_map(|change| change.base.as_ref()).collect();
    assert_eq!(bases.len(), 2);
    assert_eq!(bases[0].is.relation, Some(text::Relation::QuarterOnQuarter));
    let period = bases[1].is.period.as_ref().expect("the low is dated");
    assert_eq!((bases[1].is.relation, period.start.as_deref()), (None, Some("2024-07-01")));
}

#[test]
fn the_date_of_effect_is_not_that_of_the_announcement() {
    let dates = |text: &str| {
        let found = claims(text);
        let day = |slot: &Option<Slot<text::Interval>>| {
            slot.as_ref().and_then(|slot| slot.is.start.clone()).unwrap_or_default()
        };
        (day(&found[0].announced), day(&found[0].effective))
    };
    let both = ("2024-08-15".to_owned(), "2024-09-15".to_owned());
    let text = "The ministry announced export controls on antimony on August 15, 2024, effective September 15, 2024.";
    assert_eq!(dates(text), both);
    assert_eq!(dates("8月15日，商务部公布锑出口管制，自9月15日起施行。").1, "2025-09-15");
    // What another rule does is its own.
    let text = "Beijing banned exports of antimony on December 3, 2024; the rule for tungsten is effective February 4, 2025.";
    assert_eq!(dates(text).1, "2024-12-03");
}

#[test]
fn what_all_of_it_costs_is_no_price() {
    for text in [
        "公司采购锑锭500吨，单价7.4万元/吨，总金额3,700万元。",
        "锑锭合同价为7.4万元/吨，总价3700万元。",
        "The buyer paid $30,000/t, in total $15 million, for the antimony.",
    ] {
        let found = claims(text);
        let sum = found.last().expect("the sum is a claim");
        assert_ne!(id(&sum.measure), "measure/price", "{text}");
        assert!(matches!(&*value(sum), "37000000 CNY" | "15000000 USD"), "{text}: {}", value(sum));
    }
    let found = claims("锑锭价格为7.4万元/吨，氧化锑6.3万元/吨。");
    assert_eq!(id(&found[1].measure), "measure/price");
}
