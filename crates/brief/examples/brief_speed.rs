//! How long a brief takes over a made-up corpus: `cargo run --release -p brief --example brief_speed -- DOCUMENTS`.
//!
//! Each document has 15 sentences, as many claims, and a digest of ten points; a fifth of the documents tell something of tin.

#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use std::time::Instant;

use api::record::{
    Amount, Citation, Claim, Digest, DigestGroup, Document, Origin, Period, Record, Span, Term,
};
use brief::{Asked, Parameters, make, render};
use prost::{Message, Name};

const SENTENCES: usize = 15;

fn record<B: Message + Name>(name: String, body: &B, keys: Vec<String>, citations: Vec<Citation>) -> Record {
    Record {
        name,
        kind: B::full_name(),
        body: body.encode_to_vec().into(),
        keys,
        citations,
        ..Record::default()
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn document(number: usize, records: &mut Vec<Record>) {
    let name = format!("documents/{number:032x}");
    let (good, id) =
        if number.is_multiple_of(5) { ("tin", "commodity/tin") } else { ("zinc", "commodity/zinc") };
    let mut text = format!("Note {number} on {good}\n");
    let mut spans: Vec<Span> = Vec::new();
    let keys = vec![format!("document={name}")];
    for line in 0..SENTENCES {
        let value = format!("{},{:03} yuan per ton", 20 + number % 70, (number * 7 + line) % 1000);
        let sentence = format!(
            "The price of {good} of refiner {line} rose to {value} in the week, as buyers of the region came back."
        );
        let start = text.len();
        let at = start + sentence.find(&value).unwrap_or(0);
        text += &sentence;
        let span = Span { start_byte: offset(start), end_byte: offset(text.len()), quote: sentence };
        text.push(' ');
        let origin = Some(Origin {
            kind: 1,
            start_byte: offset(at),
            end_byte: offset(at + value.len()),
            rule: String::new(),
        });
        let claim = Claim {
            document: name.clone(),
            start_byte: offset(at),
            end_byte: offset(at + value.len()),
            subject: Some(Term { id: id.into(), words: good.into(), origin: origin.clone() }),
            measure: Some(Term { id: "measure/price".into(), words: "price".into(), origin: origin.clone() }),
            value: Some(Amount { value: "1".into(), unit: "CNY/t".into(), origin, ..Amount::default() }),
            ..Claim::default()
        };
        let mut keys = keys.clone();
        keys.push(format!("fact=price|{id}|{}", (number * SENTENCES + line) % 5000));
        let citation = Citation { document: name.clone(), spans: vec![span.clone()] };
        records.push(record(format!("claims/{number:08x}{line:02x}"), &claim, keys, vec![citation]));
        spans.push(span);
    }
    let points = (0..10).collect();
    let digest = Digest {
        document: name.clone(),
        groups: vec![DigestGroup { heading: None, points }],
        ..Digest::default()
    };
    let citations = spans
        .into_iter()
        .take(10)
        .map(|span| Citation { document: name.clone(), spans: vec![span] })
        .collect();
    records.push(record(name.replace("documents", "digests"), &digest, keys.clone(), citations));
    let body = Document {
        source: format!("House {}", number % 40),
        title_bytes: offset(text.find('\n').unwrap_or(0)),
        language: "en".into(),
        published: Some(Period { start: format!("2025-07-{:02}", number % 28 + 1), ..Period::default() }),
        text,
        ..Document::default()
    };
    records.push(record(name, &body, keys, Vec::new()));
}

fn main() -> Result<(), brief::BriefError> {
    let documents: usize = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(10_000);
    let mut records = Vec::new();
    (0..documents).for_each(|number| document(number, &mut records));
    let bytes: usize = records.iter().map(prost::Message::encoded_len).sum();
    println!("{documents} documents, {} records, {} MiB", records.len(), bytes >> 20);
    for asked in [Asked::Query("锡".into()), Asked::All] {
        let parameters = Parameters { asked, ..Parameters::default() };
        let start = Instant::now();
        let brief = make(&records, &parameters)?;
        let made = start.elapsed();
        let page = render::html(&brief);
        println!(
            "{:?}: {:.2} s to make, {:.3} s for {} KiB of HTML, {} of {} documents relevant",
            parameters.asked,
            made.as_secs_f64(),
            (start.elapsed() - made).as_secs_f64(),
            page.len() >> 10,
            brief.counts.relevant,
            brief.counts.documents
        );
    }
    Ok(())
}
