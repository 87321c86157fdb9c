//! What the audit says of a made-up text, as a host would call it, without a host. All are published on 14 July 2025.

use std::error::Error;

use audit::Audit;
use plugin_sdk::prost::Message as _;
use plugin_sdk::record::{Check, Document, Finding, FindingKind, Layer, Period, Record};
use plugin_sdk::testing;

/// What a test ends with.
pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const NAME: &str = "documents/0a";

/// The document, its layer and its claims, as the analyzers before this one write them.
pub(crate) fn inputs(text: &str, title_bytes: usize) -> Result<Vec<Record>> {
    let reader = text::Reader::standard();
    let published = Some(jiff::civil::date(2025, 7, 14));
    let mentions = reader.read(text, &text::Context { published, ..text::Context::default() });
    let period = Period { start: "2025-07-14".into(), end: "2025-07-15".into(), ..Period::default() };
    let document = Document {
        text: text.to_owned(),
        title_bytes: u32::try_from(title_bytes)?,
        published: Some(period),
        ..Document::default()
    };
    let layer =
        Layer { document: NAME.to_owned(), mentions: mentions.iter().map(text_record::mention).collect() };
    let mut records = vec![testing::record(NAME, &document), testing::record("layers/1", &layer)];
    for (index, claim) in reader.claims(text, title_bytes, &mentions).iter().enumerate() {
        let mut record = testing::record(&format!("claims/{index:04}"), &text_record::claim(NAME, claim));
        record.keys = vec![format!("document={NAME}"), format!("series={index}")];
        records.push(record);
    }
    Ok(records)
}

/// The findings of a text; every citation is checked against it.
pub(crate) fn findings(text: &str, title_bytes: usize) -> Result<Vec<(Record, Finding)>> {
    let mut found = Vec::new();
    for record in testing::run::<Audit>("", &inputs(text, title_bytes)?)? {
        let finding = Finding::decode(record.body.as_ref())?;
        for span in record.citations.iter().flat_map(|citation| &citation.spans) {
            assert_eq!(text.get(span.start_byte as usize..span.end_byte as usize), Some(span.quote.as_str()));
        }
        let cited = u32::try_from(record.citations.len())?;
        let operands = finding.calculations.iter().flat_map(|sum| &sum.operands);
        assert!(operands.chain(&finding.sides[0].citations).all(|index| *index < cited), "{finding:?}");
        assert!(record.keys.contains(&format!("document={NAME}")), "{:?}", record.keys);
        found.push((record, finding));
    }
    Ok(found)
}

/// Says which of the cases came out otherwise: a case holds or fails by this check, and one that holds raises no alarm at all.
pub(crate) fn expect(check: Check, cases: &[(bool, &str)]) -> Result {
    let mut wrong = Vec::new();
    for (holds, text) in cases {
        let found = findings(text, 0)?;
        let kind = if *holds { FindingKind::Holds } else { FindingKind::Fails };
        let said = found.iter().any(|(_, finding)| finding.check() == check && finding.kind() == kind);
        let alarm = *holds && found.iter().any(|(_, finding)| finding.kind() == FindingKind::Fails);
        if !said || alarm {
            let told: Vec<&str> = found.iter().map(|(_, finding)| finding.sides[0].said.as_str()).collect();
            wrong.push(format!("{kind:?} {text}\n  {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
