//! The analyzer as a host would call it, without a host.

use std::error::Error;

use claims::Claims;
use plugin_sdk::prost::Message as _;
use plugin_sdk::record::{
    Claim, Document, EventType, Layer, Mention, MentionKind, OriginKind, Period, Qualifier, Record, Relation,
};
use plugin_sdk::testing;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const NAME: &str = "documents/0a";

/// What the reader finds in a text, as the analyzer `reading` writes it, as far as claims need it.
fn mentions(text: &str) -> Result<Vec<Mention>> {
    let published = Some(jiff::civil::date(2025, 7, 13));
    let context = text::Context { published, ..text::Context::default() };
    let found = text::Reader::standard().read(text, &context);
    found
        .iter()
        .map(|mention| {
            Ok(Mention {
                kind: match mention.kind {
                    text::Kind::Number => MentionKind::Number,
                    text::Kind::Percent => MentionKind::Percent,
                    text::Kind::Quantity => MentionKind::Quantity,
                    text::Kind::Time => MentionKind::Time,
                    text::Kind::Duration => MentionKind::Duration,
                    text::Kind::Entity => MentionKind::Entity,
                    text::Kind::Code => MentionKind::Code,
                    text::Kind::Citation => MentionKind::Citation,
                }
                .into(),
                start_byte: u32::try_from(mention.start_byte)?,
                end_byte: u32::try_from(mention.end_byte)?,
                value: mention.value.clone().unwrap_or_default(),
                low: mention.low.clone().unwrap_or_default(),
                high: mention.high.clone().unwrap_or_default(),
                unit: mention.unit.clone().unwrap_or_default(),
                time: (mention.kind == text::Kind::Time).then(|| Period {
                    start: mention.start.clone().unwrap_or_default(),
                    end: mention.end.clone().unwrap_or_default(),
                    ..Period::default()
                }),
                entity: mention.id.clone().unwrap_or_default(),
                qualifier: match mention.qualifier {
                    Some(text::Qualifier::About) => Qualifier::About.into(),
                    Some(text::Qualifier::Over) => Qualifier::Over.into(),
                    _ => Qualifier::Unspecified.into(),
                },
                ..Mention::default()
            })
        })
        .collect()
}

fn document(text: &str, title_bytes: usize) -> Result<Record> {
    let title_bytes = u32::try_from(title_bytes)?;
    Ok(testing::record(NAME, &Document { text: text.to_owned(), title_bytes, ..Document::default() }))
}

fn layer(name: &str, mentions: Vec<Mention>) -> Record {
    let mut record = testing::record(name, &Layer { document: NAME.to_owned(), mentions });
    record.keys = vec![format!("document={NAME}")];
    record
}

/// The claims of a text in the order of the text; every citation is checked against it.
fn claims_of(text: &str, title_bytes: usize) -> Result<Vec<(Record, Claim)>> {
    let inputs = [document(text, title_bytes)?, layer("layers/1", mentions(text)?)];
    let mut found = Vec::new();
    for record in testing::run::<Claims>("", &inputs)? {
        let claim = Claim::decode(record.body.as_ref())?;
        assert_eq!(claim.document, NAME);
        assert!(record.name.starts_with("claims/") && record.name.len() == "claims/".len() + 32);
        assert!(record.keys.contains(&format!("document={NAME}")), "{:?}", record.keys);
        let spans: Vec<_> = record.citations.iter().flat_map(|citation| &citation.spans).collect();
        for span in &spans {
            assert_eq!(text.get(span.start_byte as usize..span.end_byte as usize), Some(span.quote.as_str()));
        }
        let states = spans.first().ok_or("a claim cites what states it")?;
        assert!(states.start_byte <= claim.start_byte && claim.end_byte <= states.end_byte, "{claim:?}");
        found.push((record, claim));
    }
    found.sort_by_key(|(_, claim)| claim.start_byte);
    Ok(found)
}

fn key<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    record.keys.iter().find_map(|key| key.strip_prefix(name)?.strip_prefix('='))
}

#[test]
fn a_price_and_its_change_are_one_claim_with_exact_places() -> Result {
    let text = "2025-07-11: LME copper down 1.92% week-on-week to $9,663.00 per ton";
    let found = claims_of(text, 0)?;
    assert_eq!(found.len(), 1, "{found:#?}");
    let (record, claim) = &found[0];
    let value = claim.value.as_ref().ok_or("a value")?;
    assert_eq!((value.value.as_str(), value.unit.as_str()), ("9663", "USD/t"));
    assert_eq!(text.get(claim.start_byte as usize..claim.end_byte as usize), Some("$9,663.00 per ton"));
    let subject = claim.subject.as_ref().ok_or("a subject")?;
    let origin = subject.origin.as_ref().ok_or("an origin")?;
    assert_eq!((subject.id.as_str(), origin.kind()), ("commodity/copper", OriginKind::Stated));
    assert_eq!(text.get(origin.start_byte as usize..origin.end_byte as usize), Some("copper"));
    let change = &claim.changes[0];
    assert_eq!(change.by.as_ref().map(|by| by.value.as_str()), Some("-1.92"));
    assert_eq!(change.base.as_ref().map(|base| base.relation()), Some(Relation::WeekOnWeek));
    assert_eq!(key(record, "fact"), Some("price|USD/mass|commodity/copper|venue=exchange/LME@2025-07-11"));
    assert_eq!(key(record, "digits"), Some("9663|USD/mass"));
    Ok(())
}

#[test]
fn both_languages_meet_in_one_key() -> Result {
    let chinese = claims_of("2025年7月11日，LME铜报9663美元/吨", 0)?;
    let english = claims_of("LME copper stood at $9,663 per ton on July 11, 2025", 0)?;
    let keys = |found: &[(Record, Claim)]| {
        found.iter().find_map(|(record, _)| key(record, "fact").map(str::to_owned))
    };
    assert!(keys(&chinese).is_some(), "{chinese:#?}");
    assert_eq!(keys(&chinese), keys(&english));
    Ok(())
}

#[test]
fn what_is_taken_from_the_title_is_cited_too() -> Result {
    let title = "Copper weekly, July 11, 2025";
    let text = format!("{title}\nThe price rose to 9,663 dollars a ton.");
    let found = claims_of(&text, title.len())?;
    let (record, claim) = found
        .iter()
        .find(|(_, claim)| claim.value.as_ref().is_some_and(|v| v.value == "9663"))
        .ok_or("a price")?;
    let origin = claim.subject.as_ref().and_then(|subject| subject.origin.as_ref()).ok_or("an origin")?;
    assert_eq!(origin.kind(), OriginKind::Inherited);
    let quotes: Vec<&str> = record.citations[0].spans.iter().map(|span| span.quote.as_str()).collect();
    assert!(quotes[0].starts_with("The price rose") && quotes.contains(&"Copper"), "{quotes:?}");
    Ok(())
}

#[test]
fn an_event_has_a_type_and_dates_and_no_key_to_be_compared_by() -> Result {
    let text = "China banned exports of antimony to the United States on December 3, 2024.";
    let found = claims_of(text, 0)?;
    let (record, claim) =
        found.iter().find(|(_, claim)| claim.event() != EventType::Unspecified).ok_or("an event")?;
    assert_eq!(claim.event(), EventType::Ban);
    assert_eq!(record.keys, [format!("document={NAME}")]);
    Ok(())
}

#[test]
fn layers_in_several_records_are_read_as_one() -> Result {
    let text = "LME copper rose 2% to $9,663 per ton. LME zinc fell 1% to $2,602 per ton.";
    let whole = mentions(text)?;
    let one = [document(text, 0)?, layer("layers/1", whole.clone())];
    // The second half comes first by name.
    let (front, back) = whole.split_at(whole.len() / 2);
    let two = [document(text, 0)?, layer("layers/2", front.to_vec()), layer("layers/1", back.to_vec())];
    let (one, two) = (testing::run::<Claims>("", &one)?, testing::run::<Claims>("", &two)?);
    assert_eq!(one.len(), 2);
    assert_eq!(one, two);
    Ok(())
}

#[test]
fn without_a_document_or_a_layer_there_is_nothing() -> Result {
    let text = "LME copper rose 2% to $9,663 per ton.";
    assert!(testing::run::<Claims>("", &[document(text, 0)?])?.is_empty());
    assert!(testing::run::<Claims>("", &[layer("layers/1", mentions(text)?)])?.is_empty());
    assert!(testing::run::<Claims>("", &[document(text, 0)?, layer("layers/1", Vec::new())])?.is_empty());
    assert!(testing::run::<Claims>("", &[])?.is_empty());
    Ok(())
}

#[test]
fn a_layer_of_another_text_is_refused() -> Result {
    let beyond = layer("layers/1", mentions("LME copper rose 2% to $9,663 per ton.")?);
    let error = testing::run::<Claims>("", &[document("铜", 0)?, beyond]).err().ok_or("it is refused")?;
    assert!(error.to_string().contains("does not lie in the text"), "{error}");
    let inside = Mention { start_byte: 1, end_byte: 3, ..Mention::default() };
    let error = testing::run::<Claims>("", &[document("铜", 0)?, layer("layers/1", vec![inside])]).err();
    assert!(error.is_some(), "half a character is no mention");
    Ok(())
}

#[test]
fn a_sentence_too_long_to_quote_is_cited_by_the_part_with_its_figure() -> Result {
    let text = format!("LME copper {} and LME zinc rose to $2,663 per ton", "and so on, ".repeat(600));
    let found = claims_of(&text, 0)?;
    assert_eq!(found.len(), 1);
    for (record, claim) in found {
        assert!(record.citations[0].spans.iter().all(|span| span.quote.len() <= 4096));
        let stated = &record.citations[0].spans[0];
        assert!(stated.start_byte <= claim.start_byte && claim.end_byte <= stated.end_byte);
    }
    Ok(())
}

#[test]
fn equal_inputs_give_equal_records_and_a_config_is_refused() -> Result {
    let text = "2025年上半年，北方稀土预计净利润9亿元至9.6亿元，同比增长1882.54%至2014.71%。";
    let inputs = [document(text, 0)?, layer("layers/1", mentions(text)?)];
    let first = testing::run::<Claims>("", &inputs)?;
    assert!(!first.is_empty());
    assert_eq!(first, testing::run::<Claims>("", &inputs)?);
    assert!(testing::run::<Claims>("{}", &inputs).is_err());
    Ok(())
}
