//! The analyzer `reading`: reads each document into a [`Layer`] of mentions (numbers, percentages, quantities, times,
//! durations, names, codes and citation marks), with the code that `monazite read` uses.
//!
//! Times such as "last week" are resolved against the document's time of publication. The title is read as the part of
//! the text that it is. A layer that would not fit in one record is written as several, each with the mentions of one
//! stretch of the text; nothing is left out.

#![forbid(unsafe_code)]

mod layer;

use plugin_sdk::record::{Citation, Document, Layer};
use plugin_sdk::{AnalyzeError, Analyzer, Call, ConfigError, Inputs, Manifest, content_name, key, manifest};
use text::{Context, Kinds, Reader};

/// Most encoded bytes of one document's layers. A text of 4 MiB that is all small numbers stays below it.
const MAX_OUTPUT_BYTES: u64 = 96 << 20;

/// The analyzer.
pub struct Reading {
    reader: Reader,
}

impl Analyzer for Reading {
    fn manifest() -> Manifest {
        manifest("reading", env!("CARGO_PKG_VERSION"))
            .description("Numbers, quantities, times and names in each document")
            .reads::<Document>()
            .each_record()
            .writes::<Layer>()
            .max_output(64, MAX_OUTPUT_BYTES)
            .concurrency(2)
            .build()
    }

    fn create(config: &str) -> Result<Self, ConfigError> {
        if config.is_empty() {
            Ok(Self { reader: Reader::standard() })
        } else {
            Err(ConfigError::new("it takes no config"))
        }
    }

    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        let (record, document) = inputs.only()?.decode::<Document>()?;
        let context = Context { published: layer::published(&document), kinds: Kinds::ALL };
        let mentions = self.reader.read(&document.text, &context);
        for layer in layer::layers(&record.name, &mentions) {
            call.check_cancelled()?;
            let name = content_name("layers", &layer);
            let citation = Citation { document: record.name.clone(), spans: Vec::new() };
            call.record(name, &layer, [key("document", &record.name)], vec![citation])?;
        }
        Ok(())
    }
}

plugin_sdk::export!(Reading);
