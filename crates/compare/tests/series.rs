//! Loaded tables by time, and what they say of what texts state.

use std::collections::BTreeMap;

use api::record::{
    Amount, Check, Document, Finding, FindingKind, LikelierKind, Observation, Period, Precision, Relation,
    SeriesPoint, TableRow, Term,
};
use compare::series::{Point, against, points, suggest};
use compare::{Found, Item, Shared, Source, Told, reconcile, statements};
use proptest::prelude::{Just, ProptestConfig, Strategy as _};
use proptest::{prop_assert, prop_assert_eq, proptest};
use text::{Context, Reader};

/// Six months of one year and one of the year before: 26,136 t in the first half.
const MONTHS: [(&str, &str, &str); 7] = [
    ("2024-06-01", "2024-07-01", "5796"),
    ("2025-01-01", "2025-02-01", "5210"),
    ("2025-02-01", "2025-03-01", "4875"),
    ("2025-03-01", "2025-04-01", "5402"),
    ("2025-04-01", "2025-05-01", "5046"),
    ("2025-05-01", "2025-06-01", "2415"),
    ("2025-06-01", "2025-07-01", "3188"),
];

fn term(id: &str) -> Option<Term> {
    Some(Term { id: id.to_owned(), ..Term::default() })
}

/// A month of China's exports of antimony oxide, in tonnes.
fn row(edition: &str, number: u64, (start, end, value): (&str, &str, &str)) -> (String, Observation) {
    let body = Observation {
        subject: term("commodity/antimony-oxide"),
        measure: term("measure/exports"),
        place: term("country/CHN"),
        value: Some(Amount { value: value.to_owned(), unit: "t".to_owned(), ..Amount::default() }),
        printed_digits: u32::try_from(value.len()).unwrap_or_default(),
        period: Some(Period {
            start: start.to_owned(),
            end: end.to_owned(),
            precision: Precision::Month.into(),
        }),
        source: "Example Customs".to_owned(),
        edition: edition.to_owned(),
        published: Some(Period { start: format!("{edition}-18"), ..Period::default() }),
        row: Some(TableRow { file: "customs.csv".into(), number, cell: value.into(), ..TableRow::default() }),
        ..Observation::default()
    };
    (format!("observations/{edition}-{start}"), body)
}

fn table(edition: &str) -> Vec<(String, Observation)> {
    (2..).zip(MONTHS).map(|(number, month)| row(edition, number, month)).collect()
}

/// The statements of a text that was published on a day.
fn told(source: &str, day: &str, text: &str) -> Vec<Item> {
    let mentions =
        Reader::standard().read(text, &Context { published: day.parse().ok(), ..Context::default() });
    let name = format!("documents/{}", source.to_lowercase().replace(' ', "-"));
    let document = Document {
        source: source.to_owned(),
        text: text.to_owned(),
        published: Some(Period { start: day.to_owned(), ..Period::default() }),
        ..Document::default()
    };
    let claims: Vec<Told> = Reader::standard()
        .claims(text, 0, &mentions)
        .iter()
        .map(|claim| Told {
            name: format!("claims/{name}-{}", claim.start_byte),
            claim: text_record::claim(&name, claim),
            sentence: claim.sentence.clone(),
            fact: claim.keys.fact.clone(),
        })
        .collect();
    let mentions: Vec<_> = mentions.iter().map(text_record::mention).collect();
    statements(&Source { name: &name, document: &document, mentions: &mentions, story: None }, &claims)
}

/// What follows from statements and observations, fact by fact, as the dataflow derives it.
fn found(items: &[Item], observations: &[(String, Observation)]) -> Vec<Found> {
    let mut facts: BTreeMap<String, (Vec<Item>, Vec<SeriesPoint>)> = BTreeMap::new();
    for item in items {
        let fact = item.fact.clone().unwrap_or_default();
        facts.entry(fact).or_default().0.push(item.clone());
    }
    for Point { body, facts: keys } in points(observations) {
        for key in keys {
            facts.entry(key).or_default().1.push(body.clone());
        }
    }
    let mut all = Vec::new();
    for (fact, (items, points)) in &facts {
        let mut found = reconcile(items, Shared::Fact(fact));
        suggest(&mut found, items, points);
        found.extend(against(items, points, fact));
        all.extend(found);
    }
    all
}

/// What tables say of a text: kind, check, and what each side says.
fn said(
    source: &str,
    text: &str,
    observations: &[(String, Observation)],
) -> Vec<(FindingKind, Check, String)> {
    let found = found(&told(source, "2025-07-20", text), observations);
    let line = |finding: &Finding| {
        finding.sides.iter().map(|side| side.said.as_str()).collect::<Vec<_>>().join(" / ")
    };
    found.iter().map(|found| (found.finding.kind(), found.finding.check(), line(&found.finding))).collect()
}

#[test]
fn a_table_has_levels_sums_and_bases() {
    let points = points(&table("2025-07"));
    let of =
        |fact: &str| points.iter().filter(|point| point.facts.iter().any(|key| key.ends_with(fact))).count();
    let level = "exports|mass|commodity/antimony-oxide|place=country/CHN";
    for (fact, count) in [
        (format!("{level}@2025-06"), 1),
        (format!("{level}@2025-H1"), 1),
        (format!("{level}@2025-01-01..2025-06-01"), 1),
        (format!("{level}@2025-Q2"), 1),
        (
            "exports|mass|statistic=cumulative|commodity/antimony-oxide|place=country/CHN@2025-H1".to_owned(),
            1,
        ),
        ("exports|month-on-month %|commodity/antimony-oxide|place=country/CHN@2025-06".to_owned(), 1),
        ("exports|year-on-year %|commodity/antimony-oxide|place=country/CHN@2025-06".to_owned(), 1),
        // July to December is not there, and May 2024 not either.
        (format!("{level}@2025"), 0),
        ("exports|year-on-year %|commodity/antimony-oxide|place=country/CHN@2025-05".to_owned(), 0),
    ] {
        assert_eq!(of(&fact), count, "{fact}");
    }
    let half = points.iter().find(|point| point.facts.iter().any(|fact| fact.ends_with("@2025-H1")));
    let reading = half.and_then(|point| point.body.reading.clone()).unwrap_or_default();
    let value = reading.value.unwrap_or_default();
    assert_eq!(
        (value.value.as_str(), value.low.as_str(), value.high.as_str()),
        ("26136000", "26133000", "26139000")
    );
    assert_eq!(reading.cells.len(), 6);
}

#[test]
fn a_time_with_two_values_or_a_missing_month_makes_no_sum() {
    let mut observations = table("2025-07");
    let (name, mut other) = observations[3].clone();
    other.value.iter_mut().for_each(|value| value.value = "9999".to_owned());
    observations.push((format!("{name}-again"), other));
    let has = |observations: &[(String, Observation)], fact: &str| {
        points(observations).iter().any(|point| point.facts.iter().any(|key| key.ends_with(fact)))
    };
    assert!(
        !has(&observations, "@2025-03") && !has(&observations, "@2025-H1") && has(&observations, "@2025-Q2")
    );
    // A price does not add up.
    let price: Vec<(String, Observation)> = table("2025-07")
        .into_iter()
        .map(|(name, mut body)| {
            body.measure = term("measure/price");
            body.value.iter_mut().for_each(|value| value.unit = "USD/t".to_owned());
            (name, body)
        })
        .collect();
    assert!(has(&price, "@2025-06") && !has(&price, "@2025-H1"));
}

#[test]
fn level_change_and_sum_hold_or_fail() {
    let table = table("2025-07");
    let one = |text: &str| said("Sample Post", text, &table);
    let holds = "China exported 3,188 tonnes of antimony oxide in June 2025, up 32% from May.";
    let told = one(holds);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|(kind, ..)| *kind == FindingKind::Holds), "{told:?}");
    for (text, kind, check) in [
        (
            "China exported 3,818 tonnes of antimony oxide in June 2025.",
            FindingKind::Fails,
            Check::SeriesLevel,
        ),
        (
            "China exported about 3,200 tonnes of antimony oxide in June 2025.",
            FindingKind::Holds,
            Check::SeriesLevel,
        ),
        ("2025年6月中国氧化锑出口0.32万吨。", FindingKind::Holds, Check::SeriesLevel),
        ("2025年6月中国氧化锑出口3.2万吨。", FindingKind::Fails, Check::SeriesLevel),
        ("2025年1-6月，中国氧化锑累计出口2.6万吨。", FindingKind::Holds, Check::SeriesSum),
        (
            "China's exports of antimony oxide fell 45% year on year in June 2025.",
            FindingKind::Holds,
            Check::SeriesChange,
        ),
        (
            "China's exports of antimony oxide rose 45% year on year in June 2025.",
            FindingKind::Fails,
            Check::SeriesChange,
        ),
        (
            "China exported 29,131 tonnes of antimony oxide in the first half of 2025.",
            FindingKind::Fails,
            Check::SeriesSum,
        ),
    ] {
        let told = one(text);
        assert!(matches!(&told[..], [(is, of, _)] if *is == kind && *of == check), "{text}: {told:?}");
    }
}

#[test]
fn what_is_not_sure_raises_no_alarm() {
    let table = table("2025-07");
    for text in [
        // Another house has its own estimate.
        "China exported 3,818 tonnes of antimony oxide in June 2025, the Sample Institute estimates.",
        // A forecast, a part, another partner, another time, another good.
        "China is expected to export 3,818 tonnes of antimony oxide in June 2025.",
        "China exported 818 tonnes of antimony oxide to Japan in June 2025.",
        "China exported 3,818 tonnes of antimony oxide in June 2023.",
        "China exported 3,818 tonnes of antimony in June 2025.",
        // At least so much is right of nearly everything.
        "China exported at least 1,000 tonnes of antimony oxide in June 2025.",
        // A change that a restated base may explain.
        "China's exports of antimony oxide rose 31% in June 2025 from May.",
        // The text knows the table's figure.
        "China exported 3,818 tonnes of antimony oxide in June 2025, revised from 3,188 tonnes.",
    ] {
        let told = said("Sample Post", text, &table);
        assert!(told.iter().all(|(kind, ..)| *kind != FindingKind::Fails), "{text}: {told:?}");
    }
    // A level that another edition may have is one thing of a document that rests on this one, and another of a later one.
    let near = "China exported 3,140 tonnes of antimony oxide in June 2025.";
    let kinds = |day: &str| -> Vec<FindingKind> {
        found(&told("Sample Post", day, near), &table).iter().map(|found| found.finding.kind()).collect()
    };
    assert_eq!(kinds("2025-07-20"), [FindingKind::Fails]);
    assert!(kinds("2025-09-20").is_empty() && kinds("2025-07-10").is_empty());
    // Told before the month was over.
    let early =
        told("Sample Post", "2025-06-20", "China exported 3,818 tonnes of antimony oxide in June 2025.");
    assert!(found(&early, &table).is_empty());
    // What the source only estimates is no measure for a figure of nobody's.
    let estimated: Vec<_> =
        table.into_iter().map(|(name, body)| (name, Observation { estimated: true, ..body })).collect();
    let text = "China exported 3,818 tonnes of antimony oxide in June 2025.";
    assert!(said("Sample Post", text, &estimated).is_empty());
    assert_eq!(said("Example Customs", text, &estimated).len(), 1);
}

#[test]
fn what_an_earlier_edition_has_is_called_a_revision() {
    let mut both = table("2025-07");
    both.push(row("2025-08", 2, ("2025-06-01", "2025-07-01", "3201")));
    let text = "China exported 3,188 tonnes of antimony oxide in June 2025.";
    let told = said("Sample Post", text, &both);
    let says = "3188 t / 3188 t · Example Customs 2025-07 · customs.csv:8 / 3201 t · Example Customs 2025-08 · customs.csv:2";
    assert_eq!(told, [(FindingKind::Revision, Check::SeriesLevel, says.to_owned())]);
    let told = said("Sample Post", &text.replace("3,188", "3,201"), &both);
    assert!(matches!(told[..], [(FindingKind::Holds, ..)]), "{told:?}");
}

#[test]
fn what_came_of_a_forecast_is_told() {
    let text = "China is expected to export 3,500 tonnes of antimony oxide in June 2025.";
    let early = told("Sample Post", "2025-05-20", text);
    let found = found(&early, &table("2025-07"));
    let [found] = &found[..] else { panic!("{found:?}") };
    assert_eq!((found.finding.kind(), found.finding.check()), (FindingKind::Outturn, Check::SeriesLevel));
    let sides: Vec<&str> = found.finding.sides.iter().map(|side| side.said.as_str()).collect();
    assert_eq!(sides, ["3500 t, expected", "3188 t · Example Customs 2025-07 · customs.csv:8"]);
}

#[test]
fn a_fact_of_a_hundred_thousand_claims_is_bounded_and_says_so() {
    let text = "China exported 3,818 tonnes of antimony oxide in June 2025.";
    let one = told("Sample Post", "2025-07-20", text);
    let items: Vec<Item> = (0..100_000_usize)
        .map(|number| {
            let mut item = one[0].clone();
            item.statement.document = format!("documents/{number:06}");
            item.statement.claim = format!("claims/{number:06}");
            let value = (4_000_000 + number % 5_000 * 1_000).to_string();
            if let Some(extent) = &mut item.statement.value {
                (extent.low, extent.high, extent.value) = (value.clone(), value.clone(), value);
            }
            item
        })
        .collect();
    let points: Vec<SeriesPoint> = points(&table("2025-07")).into_iter().map(|point| point.body).collect();
    let found = against(&items, &points, "fact");
    assert_eq!(found.len(), 200);
    for found in &found {
        assert!(found.finding.cut && found.finding.kind() == FindingKind::Fails);
        assert!(found.finding.claims.len() <= 1_000 && found.keys.len() <= 1_024);
    }
}

#[test]
fn a_table_speaks_for_one_side_of_a_contradiction() -> Result<(), Box<dyn std::error::Error>> {
    let mut items = told(
        "Sample Post",
        "2025-07-20",
        "China exported 3,818 tonnes of antimony oxide in June 2025, customs data showed.",
    );
    items.extend(told(
        "Example Metals",
        "2025-07-20",
        "China exported 3,188 tonnes of antimony oxide in June 2025, customs data showed.",
    ));
    let found = found(&items, &table("2025-07"));
    let contradiction =
        found.iter().map(|found| &found.finding).find(|f| f.kind() == FindingKind::Contradiction);
    let finding = contradiction.ok_or("no contradiction")?;
    let reasons: Vec<_> =
        finding.likelier.iter().filter(|reason| reason.kind() == LikelierKind::Table).collect();
    let [reason] = reasons[..] else { return Err(format!("{finding:?}").into()) };
    assert_eq!(finding.sides[reason.side as usize].said, "3188 t");
    let reading = &finding.readings[reason.readings[0] as usize];
    assert_eq!(reading.cells[0].observation, "observations/2025-07-2025-06-01");
    Ok(())
}

/// The exports of June 2025 as a source has them in so many monthly editions.
fn restated(source: &str, value: &str, editions: usize) -> Vec<(String, Observation)> {
    (0..editions)
        .map(|number| {
            let edition = format!("{}-{:02}", 2025 + (number + 6) / 12, (number + 6) % 12 + 1);
            let (name, body) = row(&edition, 2, ("2025-06-01", "2025-07-01", value));
            (format!("{name}-{source}"), Observation { source: source.to_owned(), ..body })
        })
        .collect()
}

#[test]
fn a_source_that_restates_leaves_room_for_another() {
    let text = "China exported 3,188 tonnes of antimony oxide in June 2025.";
    let other = restated("Second Customs", "3188", 1);
    // As many as are asked: the other table has the figure.
    let few = [restated("Example Customs", "4188", 63), other.clone()].concat();
    let one = found(&told("Sample Post", "2025-07-20", text), &few);
    assert!(matches!(&one[..], [found] if found.finding.kind() == FindingKind::Holds && !found.finding.cut));
    // More than are asked: it still has it, and the finding says that it is cut.
    let many = [restated("Example Customs", "4188", 100), other].concat();
    let one = found(&told("Sample Post", "2025-07-20", text), &many);
    assert!(matches!(&one[..], [found] if found.finding.kind() == FindingKind::Holds && found.finding.cut));
    // What none has fails only if all were asked.
    let wrong = told("Sample Post", "2025-07-20", &text.replace("3,188", "9,188"));
    let kinds = |editions: usize| -> Vec<FindingKind> {
        let found = found(&wrong, &restated("Example Customs", "4188", editions));
        found.iter().map(|found| found.finding.kind()).collect()
    };
    assert_eq!(kinds(64), [FindingKind::Fails]);
    assert!(kinds(65).is_empty());
}

#[test]
fn tables_that_bear_out_two_sides_speak_for_none() {
    let tell = |source: &str, value: &str| {
        let text =
            format!("China exported {value} tonnes of antimony oxide in June 2025, customs data showed.");
        told(source, "2025-07-20", &text)
    };
    let items = [tell("Sample Post", "3,818"), tell("Example Metals", "3,188")].concat();
    let sides = |observations: &[(String, Observation)]| -> Vec<String> {
        let found = found(&items, observations);
        let findings = found.iter().map(|found| &found.finding);
        findings
            .filter(|finding| finding.kind() == FindingKind::Contradiction)
            .flat_map(|finding| {
                let tables = finding.likelier.iter().filter(|reason| reason.kind() == LikelierKind::Table);
                tables.map(|reason| finding.sides[reason.side as usize].said.clone())
            })
            .collect()
    };
    let (one, other) = (restated("A Customs", "3188", 2), restated("B Customs", "3818", 1));
    let neither = restated("C Customs", "4444", 1);
    assert_eq!(sides(&one), ["3188 t"]);
    assert_eq!(sides(&other), ["3818 t"]);
    assert_eq!(sides(&[one.clone(), neither].concat()), ["3188 t"]);
    assert!(sides(&[one, other].concat()).is_empty());
}

#[test]
fn bases_are_told_by_the_calendar() {
    let day = |start: &str, end: &str, value: &str| {
        let (name, mut body) = row("", 2, (start, end, value));
        body.measure = term("measure/price");
        body.value.iter_mut().for_each(|amount| amount.unit = "USD/t".to_owned());
        (name, body)
    };
    // A Friday, the Monday after, and the Wednesday, before which a day is missing.
    let days = [
        day("2025-07-11", "2025-07-12", "9663"),
        day("2025-07-14", "2025-07-15", "9643"),
        day("2025-07-16", "2025-07-17", "9637"),
    ];
    let bases: Vec<Vec<Relation>> = points(&days)
        .iter()
        .map(|point| point.body.bases.iter().map(api::record::SeriesBase::relation).collect())
        .collect();
    assert_eq!(bases, [vec![], vec![Relation::DayOnDay], vec![]]);
}

fn of_three_texts() -> Vec<Item> {
    let texts = [
        ("Sample Post", "China exported 3,818 tonnes of antimony oxide in June 2025, up 32% from May."),
        ("Example Metals", "China exported 3,188 tonnes of antimony oxide in June 2025."),
        ("Ore Mirror", "China exported 3,188 tonnes of antimony oxide in June 2025."),
    ];
    texts.iter().flat_map(|(source, text)| told(source, "2025-07-20", text)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_order_of_arrival_does_not_matter(
        items in Just(of_three_texts()).prop_shuffle(),
        observations in Just([table("2025-07"), table("2025-08")].concat()).prop_shuffle(),
    ) {
        let fresh = found(&of_three_texts(), &[table("2025-07"), table("2025-08")].concat());
        prop_assert!(fresh.iter().any(|found| found.finding.kind() == FindingKind::Fails));
        prop_assert_eq!(found(&items, &observations), fresh);
    }
}
