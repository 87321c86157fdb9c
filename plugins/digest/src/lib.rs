//! The analyzer `digest`: viewpoint and groups of points of a document, each sentence cut out of the text with its span.
//!
//! It reads a [`Document`] and, once there is one, its [`Layer`], and writes one [`Digest`]. Where the text has
//! headings of its own, such as «Core Viewpoint», «Group 2: …» or «2.1 Copper», they are kept with the points under
//! them; else sentences are chosen by where they stand and by how many facts the layer finds in them, and grouped
//! by paragraph. The order is that of the text, and nothing is reworded.

#![forbid(unsafe_code)]

mod choose;
mod outline;
mod sentences;
mod write;

use plugin_sdk::record::{Digest, Document, Layer};
use plugin_sdk::{
    AnalyzeError, Analyzer, Call, ConfigError, DocumentRead, Inputs, Manifest, content_name_of, key, manifest,
};

pub use choose::{MAX_KEPT, MAX_POINTS};

const CONFIG_SCHEMA: &str = r#"{
  "type": "object",
  "properties": {
    "max_points": {
      "description": "Most points of a digest whose groups are not those of the text",
      "type": "integer", "minimum": 1, "maximum": 64, "default": 12
    }
  },
  "additionalProperties": false
}"#;

/// The analyzer.
#[derive(Debug)]
pub struct Digester {
    max_points: usize,
}

impl Analyzer for Digester {
    fn manifest() -> Manifest {
        manifest("digest", env!("CARGO_PKG_VERSION"))
            .description("Viewpoint and points of each document, in its own sentences")
            .reads::<Document>()
            .reads::<Layer>()
            .shared_key("document")
            .writes::<Digest>()
            .config_schema(CONFIG_SCHEMA)
            .concurrency(2)
            .build()
    }

    fn create(config: &str) -> Result<Self, ConfigError> {
        if config.is_empty() {
            return Ok(Self { max_points: MAX_POINTS });
        }
        let config: serde_json::Value = serde_json::from_str(config).map_err(ConfigError::new)?;
        let max_points = match config.get("max_points") {
            None => MAX_POINTS,
            Some(value) => {
                let number = value.as_u64().filter(|number| (1..=64).contains(number));
                let wrong = || {
                    ConfigError::new(format!("max_points is {value}; it must be a whole number from 1 to 64"))
                };
                usize::try_from(number.ok_or_else(wrong)?).map_err(ConfigError::new)?
            }
        };
        Ok(Self { max_points })
    }

    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        // A layer whose document is gone is about to go too.
        let Some(DocumentRead { name, document, mentions }) = inputs.document()? else { return Ok(()) };
        call.check_cancelled()?;
        let body_start = document.title_bytes as usize;
        let mut pieces = sentences::pieces(&document.text, body_start);
        sentences::weigh(&document.text, &mut pieces, &mentions);
        call.check_cancelled()?;
        let outline = outline::outline(&document.text, &pieces);
        let chosen = choose::choose(outline, self.max_points);
        let Some((digest, citations)) = write::digest(&name, &document.text, &chosen) else { return Ok(()) };
        let id = content_name_of("digests", &[name.as_bytes()]);
        call.record(id, &digest, [key("document", &name)], citations)
    }
}

plugin_sdk::export!(Digester);
