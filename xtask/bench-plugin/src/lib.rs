//! A plugin that emits its one input as it came, to measure what is around it. Not shipped.
#![forbid(unsafe_code)]

use plugin_sdk::record::Document;
use plugin_sdk::{AnalyzeError, Analyzer, Call, ConfigError, Inputs, Manifest, manifest};

struct Passage;

impl Analyzer for Passage {
    fn manifest() -> Manifest {
        manifest("passage", "1.0.0")
            .description("Emits what it gets")
            .reads::<Document>()
            .each_record()
            .writes::<Document>()
            .build()
    }

    fn create(_config: &str) -> Result<Self, ConfigError> {
        Ok(Self)
    }

    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        call.emit_encoded(inputs.only()?.bytes())
    }
}

plugin_sdk::export!(Passage);
