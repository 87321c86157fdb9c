//! The analyzer as a host would call it, without a host.

#![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

use plugin_sdk::prost::Message as _;
use plugin_sdk::record::{Document, Layer, MentionKind, Period, Precision, Record};
use plugin_sdk::testing;
use reading::Reading;

fn document(text: &str, published: &str) -> Document {
    let published = Period { start: published.to_owned(), ..Period::default() };
    Document { text: text.to_owned(), published: Some(published), ..Document::default() }
}

fn layer(record: &Record) -> Layer {
    Layer::decode(record.body.as_ref()).unwrap()
}

#[test]
fn a_document_becomes_a_layer_with_exact_spans() {
    let text = "锑价周报\n上周氧化锑报价约2.8万元/吨[3]。";
    let input = testing::record("documents/0a", &document(text, "2025-07-13T16:09:00+08:00"));
    let output = testing::run::<Reading>("", &[input]).unwrap();
    assert_eq!(output.len(), 1);
    assert_eq!(output[0].keys, ["document=documents/0a"]);
    assert_eq!(output[0].citations.len(), 1);
    assert_eq!(
        (output[0].citations[0].document.as_str(), output[0].citations[0].spans.len()),
        ("documents/0a", 0)
    );
    assert!(
        output[0].name.starts_with("layers/") && output[0].name.len() == "layers/".len() + 32,
        "{}",
        output[0].name
    );

    let layer = layer(&output[0]);
    assert_eq!(layer.document, "documents/0a");
    let quote =
        |mention: &plugin_sdk::record::Mention| &text[mention.start_byte as usize..mention.end_byte as usize];
    let quotes: Vec<&str> = layer.mentions.iter().map(quote).collect();
    assert_eq!(quotes, ["锑", "上周", "氧化锑", "报价", "2.8万元/吨", "[3]"]);
    let week = layer.mentions[1].time.as_ref().unwrap();
    assert_eq!(
        (week.start.as_str(), week.end.as_str(), week.precision),
        ("2025-06-30", "2025-07-07", i32::from(Precision::Week))
    );
    assert_eq!(layer.mentions[2].entity, "commodity/antimony-oxide");
    assert_eq!((layer.mentions[4].value.as_str(), layer.mentions[4].unit.as_str()), ("28000", "CNY/t"));
    assert_eq!(layer.mentions[5].kind, i32::from(MentionKind::Citation));
}

#[test]
fn an_empty_document_has_an_empty_layer() {
    let input = testing::record("documents/0b", &document("", ""));
    let output = testing::run::<Reading>("", &[input]).unwrap();
    assert_eq!(output.len(), 1);
    assert!(layer(&output[0]).mentions.is_empty());
}

#[test]
fn equal_texts_of_two_documents_give_two_layers() {
    let name = |document_name: &str| {
        let input = testing::record(document_name, &document("15元", ""));
        testing::run::<Reading>("", &[input]).unwrap()[0].name.clone()
    };
    assert_ne!(name("documents/0a"), name("documents/0b"));
    assert_eq!(name("documents/0a"), name("documents/0a"));
}

#[test]
fn a_layer_too_large_for_one_record_is_split_and_nothing_is_lost() {
    let text = "7 吨, ".repeat(200_000);
    let input = testing::record("documents/0c", &document(&text, ""));
    let output = testing::run::<Reading>("", &[input]).unwrap();
    assert!(output.len() > 1);
    assert!(output.iter().all(|record| record.encoded_len() < 4 << 20));
    let mentions: Vec<_> = output.iter().flat_map(|record| layer(record).mentions).collect();
    assert_eq!(mentions.len(), 200_000);
    assert!(mentions.is_sorted_by_key(|mention| mention.start_byte));
}

/// A config that holds this lexicon.
fn config(lexicon: &str) -> String {
    serde_json::json!({ "lexicon": lexicon }).to_string()
}

#[test]
fn names_of_the_user_are_read_beside_those_that_are_known() {
    let own = "# our price list\ncommodity/moonstone-salt\t月光盐\tmoonstone salt\t\tcommodity/antimony\tour own list\n";
    let text = "月光盐报价2.8万元/吨，锑报价15万元/吨";
    let input = testing::record("documents/0d", &document(text, ""));
    let names = |config: &str| -> Vec<String> {
        let output = testing::run::<Reading>(config, std::slice::from_ref(&input)).unwrap();
        let mentions = layer(&output[0]).mentions;
        mentions.into_iter().map(|m| m.entity).filter(|id| id.starts_with("commodity/")).collect()
    };
    assert_eq!(names(&config(own)), ["commodity/moonstone-salt", "commodity/antimony"]);
    assert_eq!(names("{}"), ["commodity/antimony"]);
}

#[test]
fn a_config_that_cannot_be_used_names_its_line() {
    let input = testing::record("documents/0e", &document("", ""));
    let refused =
        |config: &str| testing::run::<Reading>(config, std::slice::from_ref(&input)).unwrap_err().to_string();
    let entry = "commodity/own\t自有\town salt\t\t\tour list";
    for (lexicon, expected) in [
        (format!("{entry}\nsalt"), "lexicon:2: there are 1 fields instead of six"),
        (format!("{entry}\n{entry}"), "lexicon:2: the id «commodity/own» stands already at lexicon:1"),
        (
            "commodity/a\t甲盐\t\t\tcommodity/b\tlist\ncommodity/b\t乙盐\t\t\tcommodity/a\tlist".to_owned(),
            "lead back to itself",
        ),
        ("commodity/own\t锑\t\t\t\tlist".to_owned(), "«锑» is a name of «commodity/antimony» already"),
        ("x".repeat(reading::MAX_LEXICON_BYTES + 1), "at most 786432"),
    ] {
        let error = refused(&config(&lexicon));
        assert!(error.contains(expected), "{error}");
    }
    assert!(refused("{\"lexicon\": 7}").contains("string"));
    assert!(refused("{\"words\": \"\"}").contains("unknown field"));
}
