//! What holds of every brief.

use std::collections::BTreeSet;

use api::record::{Claim, Record};
use brief::told::Teller;
use brief::{Asked, Brief, Entry, Language, Parameters, Piece, SectionKind, make, render};
use proptest::prelude::*;
use prost::Message as _;
use text::Lexicon;

use crate::made::{Made, corpus};

fn about(query: &str, language: Language) -> Parameters {
    Parameters { asked: Asked::Query(query.into()), language, ..Parameters::default() }
}

fn pages(records: &[Record], parameters: &Parameters) -> Result<Vec<String>, brief::BriefError> {
    let brief = make(records, parameters)?;
    Ok(vec![render::text(&brief, 90), render::markdown(&brief), render::html(&brief), render::json(&brief)])
}

/// The digits of a text, in runs without what groups them.
fn numbers(text: &str) -> BTreeSet<String> {
    let joined: String = text.replace(',', "");
    joined.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).map(str::to_owned).collect()
}

/// The values of a claim as a reader of either language would write them.
fn values(claim: &Claim) -> String {
    let by = claim.changes.iter().filter_map(|change| change.by.as_ref());
    let values = claim.value.iter().chain(by).map(|amount| format!("{} {}", amount.value, amount.unit));
    let said = values.flat_map(|value| {
        [Language::English, Language::Chinese]
            .map(|language| Teller::new(Lexicon::standard(), language).said(&value))
    });
    said.collect::<Vec<_>>().join(" ")
}

/// Every number that an entry says in its own words stands in a passage that it cites, or is the value of a claim that it names.
fn cites_what_it_says(records: &[Record], brief: &Brief, entry: &Entry) -> Result<(), String> {
    let pieces = || entry.head.iter().chain(entry.lines.iter().flatten());
    let mut cited = BTreeSet::new();
    for piece in pieces() {
        if let Piece::Cite(passage) = piece {
            cited.extend(numbers(&brief.passages[*passage].quote));
        }
    }
    for record in records.iter().filter(|record| entry.records.contains(&record.name)) {
        if let Ok(claim) = Claim::decode(&record.body[..]) {
            cited.extend(numbers(&values(&claim)));
        }
    }
    for piece in pieces() {
        let (Piece::Words(words) | Piece::Printed(words)) = piece else { continue };
        if let Some(number) = numbers(words).difference(&cited).next() {
            return Err(format!("{number} of «{words}» is in no passage of {entry:?}"));
        }
    }
    Ok(())
}

fn is_of_points(kind: SectionKind) -> bool {
    use SectionKind::{Dispute, Holds, NotCompared, Revised, Stories};
    !matches!(kind, Dispute | Stories | Revised | Holds | NotCompared)
}

/// A note that says one number of one good, with a claim about it.
fn note(number: usize, (thousands, change, good): (u32, u32, usize)) -> Made {
    let (good, id) = [("tin", "commodity/tin"), ("锡", "commodity/tin"), ("zinc", "commodity/zinc")][good];
    let value = format!("{thousands},{:03} yuan/ton", number % 1000);
    let sentence = format!("The price of {good} rose {change}.5% to {value}.");
    let title = format!("Note of Q{} 2025", number % 4 + 1);
    let mut made = Made::new(&format!("{number:04}"), "Daily Ore", "2025-07-13", &title, &sentence);
    let fact = format!("fact=price|{id}|{thousands}");
    made.claim(&sentence, &value, &[&fact], |made, claim| {
        claim.subject = made.term(id, good);
        claim.measure = made.term("measure/price", "price");
        claim.value = made.amount(&format!("{thousands}{:03}", number % 1000), "CNY/t", &value);
        claim.period = made.when(&title[8..], api::record::OriginKind::Inherited);
        claim.changes = vec![api::record::Change {
            direction: api::record::Direction::Up.into(),
            by: made.amount(&format!("{change}.5"), "%", &format!("{change}.5%")),
            ..api::record::Change::default()
        }];
    });
    made
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_order_of_the_records_gives_the_same_bytes(records in Just(corpus()).prop_shuffle()) {
        for language in [Language::English, Language::Chinese] {
            let parameters = about("稀土", language);
            prop_assert_eq!(pages(&records, &parameters)?, pages(&corpus(), &parameters)?);
        }
    }

    #[test]
    fn a_point_cites_what_it_says(
        notes in proptest::collection::vec((1_u32..40, 0_u32..90, 0_usize..3), 1..30),
        chinese in any::<bool>(),
    ) {
        let language = if chinese { Language::Chinese } else { Language::English };
        let records: Vec<Record> =
            notes.into_iter().enumerate().flat_map(|(number, note_of)| note(number, note_of).records).collect();
        for parameters in [about("锡", language), Parameters { language, ..Parameters::default() }] {
            let brief = make(&records, &parameters)?;
            for section in brief.sections.iter().filter(|section| is_of_points(section.kind)) {
                for entry in &section.entries {
                    prop_assert_eq!(cites_what_it_says(&records, &brief, entry), Ok(()));
                }
            }
        }
    }
}

#[test]
fn every_quote_is_exactly_what_its_document_says() -> Result<(), brief::BriefError> {
    let records = corpus();
    let brief = make(&records, &about("稀土", Language::English))?;
    assert!(brief.passages.len() > 5);
    for passage in &brief.passages {
        let name = &brief.sources[passage.source].document;
        let record =
            records.iter().find(|record| record.name == *name).expect("a source is one of the records");
        let document = api::record::Document::decode(&record.body[..]).expect("it is a document");
        assert_eq!(document.text.get(passage.start_byte..passage.end_byte), Some(passage.quote.as_str()));
    }
    Ok(())
}

#[test]
fn the_id_follows_from_what_went_in_and_how() -> Result<(), brief::BriefError> {
    let plain = about("稀土", Language::English);
    let id = |records: &[Record], parameters: &Parameters| make(records, parameters).map(|brief| brief.id);
    let first = id(&corpus(), &plain)?;
    assert_eq!(first, id(&corpus(), &plain)?);
    let mut later = corpus();
    later.iter_mut().for_each(|record| record.sequence += 1);
    assert_eq!(first, id(&later, &plain)?, "when it was committed does not count");
    later.push(Record {
        name: "layers/x".into(),
        kind: "monazite.record.v1.Layer".into(),
        ..Record::default()
    });
    assert_eq!(first, id(&later, &plain)?, "what it does not look at does not count");
    let derived_by =
        vec![brief::Derived { analyzer: "claims".into(), version: "0.2.0".into(), config: String::new() }];
    let others = [
        about("稀土", Language::Chinese),
        about("锑", Language::English),
        Parameters { limit: 7, ..plain.clone() },
        Parameters { derived_by, ..plain.clone() },
    ];
    for other in others {
        assert_ne!(first, id(&corpus(), &other)?, "{other:?}");
    }
    assert_ne!(first, id(&corpus()[1..], &plain)?);
    Ok(())
}
