#![expect(clippy::unwrap_used, reason = "the queries under test are right, or the test fails")]

use std::sync::LazyLock;

use super::*;

static EXPANDER: LazyLock<Expander> = LazyLock::new(|| Expander::new(Lexicon::standard()));

fn plan(text: &str, expand: Expand) -> Plan {
    let limits = Limits::default();
    EXPANDER.plan(&Query::parse(text, &limits).unwrap(), expand, &limits).unwrap()
}

fn expansions(text: &str) -> Vec<Expansion> {
    plan(text, Expand::On).expansions
}

#[test]
fn a_name_becomes_all_names_in_both_languages() {
    let [one] = expansions("稀土").try_into().unwrap();
    assert_eq!(
        (one.bytes, one.from.as_str(), one.ids),
        (0..6, "稀土", vec!["commodity/rare-earths".to_owned()])
    );
    assert!(one.to.contains(&"rare earths".to_owned()) && one.to.contains(&"REE".to_owned()), "{:?}", one.to);
    // What contains a name is found through it.
    assert!(!one.to.iter().any(|name| name.contains("element") || name.contains("元素")), "{:?}", one.to);
    let [back] = expansions("\"Rare Earths\"").try_into().unwrap();
    assert!(back.to.contains(&"稀土".to_owned()), "{:?}", back.to);
    let [antimony] = expansions("锑").try_into().unwrap();
    assert_eq!(antimony.to, ["antimony"]);
}

#[test]
fn a_term_of_the_field_is_looked_for_in_both_languages_and_is_no_entity() {
    let [one] = &expansions("出口管制")[..] else { panic!("one expansion") };
    assert_eq!(one.ids, ["term/export-control"]);
    assert!(one.to.contains(&"export control".to_owned()), "{:?}", one.to);
    let [back] = &expansions("export controls")[..] else { panic!("one expansion") };
    assert!(back.to.contains(&"出口管制".to_owned()), "{:?}", back.to);
    for text in ["出口管制", "export controls"] {
        let Test::Synonyms(tests) = plan(text, Expand::On).test else { panic!("several names") };
        assert!(tests.iter().all(|test| matches!(test, Test::Has { .. })), "{tests:?}");
    }
    let Test::Is { value, .. } = plan("entity:出口管制", Expand::On).test else { panic!("one value") };
    assert_eq!(value, "出口管制");
}

#[test]
fn bare_words_that_make_a_name_are_one() {
    let found = expansions("china rare earth export");
    let from: Vec<&str> = found.iter().map(|one| one.from.as_str()).collect();
    assert!(from.contains(&"rare earth"), "{from:?}");
    // Chinese words with a blank between them are two, though together they would name a company.
    let found = expansions("北方 稀土");
    assert_eq!(found.iter().map(|one| one.from.as_str()).collect::<Vec<_>>(), ["稀土"]);
    let found = expansions("北方稀土");
    assert_eq!(found[0].ids, ["company/northern-rare-earth"]);
}

#[test]
fn it_can_be_turned_off() {
    let off = plan("稀土 rare earth country:中国", Expand::Off);
    assert!(off.expansions.is_empty());
    assert_eq!(off.test.patterns(), 3);
    assert_ne!(off.hash, plan("稀土 rare earth country:中国", Expand::On).hash);
}

#[test]
fn exact_names_ask_for_their_spelling() {
    assert_eq!(expansions("US")[0].ids, ["country/USA"]);
    assert!(expansions("us").is_empty());
    let patterns = plan("美国", Expand::On);
    let mut wanted = Vec::new();
    patterns.test.wanted(&mut wanted);
    let terms: Vec<Vec<&str>> = wanted
        .iter()
        .map(|(_, pattern)| pattern.terms().iter().map(|term| term.1.as_str()).collect())
        .collect();
    assert!(terms.contains(&vec!["=US"]) && !terms.contains(&vec!["us"]), "{terms:?}");
}

#[test]
fn values_of_fields_may_be_names() {
    let is = |text: &str| match plan(text, Expand::On).test {
        Test::Or(tests) => tests,
        test => vec![test],
    };
    let value = |field, value: &str| vec![Test::Is { field, value: value.into() }];
    assert_eq!(is("country:中国"), value(Field::Country, "chn"));
    assert_eq!(is("country:CHN"), value(Field::Country, "chn"));
    assert_eq!(is("commodity:稀土"), value(Field::Commodity, "rare-earths"));
    assert_eq!(is("commodity:commodity/antimony"), value(Field::Commodity, "antimony"));
    assert_eq!(is("entity:\"rare earth\""), value(Field::Entity, "commodity/rare-earths"));
    assert_eq!(is("country:Atlantis"), value(Field::Country, "atlantis"));
    assert_eq!(is("source:中国"), value(Field::Source, "中国"));
}

#[test]
fn too_many_names_are_refused() {
    let limits = Limits { patterns: 3, ..Limits::default() };
    let query = Query::parse("稀土 OR 锑", &limits).unwrap();
    let error = EXPANDER.plan(&query, Expand::On, &limits).unwrap_err();
    assert_eq!(error.kind, QueryErrorKind::TooManyTerms);
    assert!(error.help.contains("turn the expansion"), "{error}");
    assert!(EXPANDER.plan(&query, Expand::Off, &limits).is_ok());
}

#[test]
fn a_name_with_several_meanings_is_not_guessed() {
    let own = "commodity/one\t\t~tuffet\t\t\tours\ncommodity/two\t\t~tuffet\t\t\tours\n\
               ~tuffet\tcommodity/one\tbefore\tred\n~tuffet\tcommodity/two\tbefore\tblue";
    let lexicon = Lexicon::parse(&[("own.tsv", own)]).unwrap();
    let limits = Limits::default();
    let query = Query::parse("tuffet", &limits).unwrap();
    let plan = Expander::new(&lexicon).plan(&query, Expand::On, &limits).unwrap();
    assert_eq!(plan.expansions[0].ids, ["commodity/one", "commodity/two"]);
    assert!(plan.expansions[0].to.is_empty());
    assert_eq!(plan.test.patterns(), 1);
}

#[test]
fn the_fingerprint_changes_with_the_lexicon() {
    let one = Lexicon::parse(&[("a.tsv", "commodity/a\t甲\ta\t\t\tours")]).unwrap();
    let two = Lexicon::parse(&[("a.tsv", "commodity/a\t乙\ta\t\t\tours")]).unwrap();
    assert_ne!(Expander::new(&one).fingerprint(), Expander::new(&two).fingerprint());
    assert_eq!(Expander::new(&one).fingerprint(), Expander::new(&one).fingerprint());
}

#[test]
fn what_is_no_name_gives_way_to_a_name_of_its_stem() {
    // «supply-side» stands in the lexicon so as not to be taken for a supply; «export» too, but it is found in exports.
    assert!(expansions("\"supply-side\"").is_empty());
    assert_eq!(expansions("export")[0].ids, ["measure/exports"]);
}
