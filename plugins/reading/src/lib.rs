//! The analyzer `reading`: reads each document into a [`Layer`] of mentions (numbers, percentages, quantities, times,
//! durations, names, codes and citation marks), with the code that `monazite read` uses.
//!
//! Times such as "last week" are resolved against the document's time of publication. The title is read as the part of
//! the text that it is. A layer that would not fit in one record is written as several, each with the mentions of one
//! stretch of the text; nothing is left out.
//!
//! Its config `{"lexicon": "..."}` holds the text of a lexicon file of the user's own, in the format of
//! `crates/text/lexicon/README.md`; its names are read beside those that the reader knows. The analyzer `claims` takes
//! names from the layer, so that this is the only place where they are given.

#![forbid(unsafe_code)]

mod layer;

use plugin_sdk::record::{Citation, Document, Layer};
use plugin_sdk::{AnalyzeError, Analyzer, Call, ConfigError, Inputs, Manifest, content_name, key, manifest};
use text::{Context, Kinds, Lexicon, Reader};

/// Most encoded bytes of one document's layers. A text of 4 MiB that is all small numbers stays below it.
const MAX_OUTPUT_BYTES: u64 = 96 << 20;

/// Largest lexicon of a user, in bytes; a config may have 1 MiB, in which tabs and line feeds take two.
pub const MAX_LEXICON_BYTES: usize = 768 << 10;

const CONFIG_SCHEMA: &str = r#"{
  "type": "object",
  "properties": {
    "lexicon": {
      "description": "The text of a lexicon file with names of your own: one entry a line, six fields separated by tabs",
      "type": "string", "maxLength": 786432
    }
  },
  "additionalProperties": false
}"#;

/// A config, checked against the schema by the host.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    #[serde(default)]
    lexicon: String,
}

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
            .config_schema(CONFIG_SCHEMA)
            .max_output(64, MAX_OUTPUT_BYTES)
            .concurrency(2)
            .build()
    }

    fn create(config: &str) -> Result<Self, ConfigError> {
        if config.is_empty() {
            return Ok(Self { reader: Reader::standard() });
        }
        let Config { lexicon } = serde_json::from_str(config).map_err(ConfigError::new)?;
        if lexicon.len() > MAX_LEXICON_BYTES {
            let size = lexicon.len();
            return Err(ConfigError::new(format!(
                "the lexicon has {size} bytes, at most {MAX_LEXICON_BYTES}"
            )));
        }
        let lexicon = Lexicon::extended(&[("lexicon", &lexicon)]).map_err(ConfigError::new)?;
        Ok(Self { reader: Reader::new(&lexicon) })
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
