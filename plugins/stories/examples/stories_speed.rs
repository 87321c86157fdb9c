//! How many fingerprints are made in a second, and how long the largest group takes: `cargo run --release -p stories --example stories_speed`.

#![expect(clippy::print_stdout, reason = "a program that talks to its user")]

use std::time::Instant;

use plugin_sdk::prost::Message as _;
use plugin_sdk::record::{Document, Layer, Period, Precision, Record};
use plugin_sdk::testing;
use stories::{Fingerprint, Marks, Stories};

/// Documents of the largest group that is looked at.
const GROUP: usize = 10_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let texts: Vec<String> = (0..4000).map(text).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let start = Instant::now();
    let kept: usize = texts.iter().map(|text| Fingerprint::of(text).encoded().len()).sum();
    let seconds = start.elapsed().as_secs_f64();
    let count = texts.len() as f64;
    println!(
        "{:.0} fingerprints/s of {} bytes each ({kept} bytes kept)",
        count / seconds,
        bytes / texts.len()
    );
    for (name, each) in [("one text", 1), ("twenty texts", 20), ("all different texts", GROUP)] {
        let marks: Vec<Record> =
            (0..GROUP).map(|number| mark(number, number % each)).collect::<Result<_, _>>()?;
        let size: usize = marks.iter().map(Record::encoded_len).sum();
        let start = Instant::now();
        let records = testing::run::<Stories>("", &marks)?;
        println!(
            "{GROUP} documents, {name}: {} records in {:.2} s from {size} bytes",
            records.len(),
            start.elapsed().as_secs_f64()
        );
    }
    Ok(())
}

/// A text of about 2 KB in two languages.
fn text(number: usize) -> String {
    let sentence = |line: usize| {
        let value = (number * 7919 + line * 104_729) % 99_991;
        format!(
            "第{line}条产线停产，库存{value}吨。Plant {value} shipped {} t of antimony in week {line}. ",
            value * 3
        )
    };
    (0..22).map(sentence).collect()
}

fn mark(number: usize, text_number: usize) -> Result<Record, Box<dyn std::error::Error>> {
    let name = format!("documents/{number:032x}");
    let text = text(text_number);
    let document = Document {
        source: format!("Outlet {number}"),
        text: text.clone(),
        published: Some(Period {
            start: format!("2025-07-{:02}T{:02}:00:00Z", 1 + number % 4, number % 24),
            precision: Precision::Hour.into(),
            ..Period::default()
        }),
        ..Document::default()
    };
    let context = text::Context::default();
    let mentions = text::Reader::standard().read(&text, &context).iter().map(text_record::mention).collect();
    let layer = Layer { document: name.clone(), mentions };
    let inputs = [
        testing::record(&name, &document),
        Record { name: "layers/1".into(), ..testing::record(&name, &layer) },
    ];
    Ok(testing::run::<Marks>("", &inputs)?.remove(0))
}
