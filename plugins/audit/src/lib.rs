//! The analyzer `audit`: the arithmetic and the dates within one document, as [`Finding`]s. What is checked, and how, is the crate
//! `checks`.

#![forbid(unsafe_code)]

use checks::{Input, MAX_OUTCOMES, Stated, audit, published};
use plugin_sdk::prost::{Message as _, Name as _};
use plugin_sdk::record::{Claim, Document, Finding, Layer};
use plugin_sdk::{AnalyzeError, Analyzer, Call, ConfigError, Inputs, Manifest, content_name, key, manifest};

/// Most encoded bytes of one document's findings.
const MAX_OUTPUT_BYTES: u64 = 32 << 20;

/// The analyzer.
pub struct Audit;

impl Analyzer for Audit {
    fn manifest() -> Manifest {
        manifest("audit", env!("CARGO_PKG_VERSION"))
            .description("Whether the arithmetic and the dates of each document hold")
            .reads::<Document>()
            .reads::<Layer>()
            .reads::<Claim>()
            .shared_key("document")
            .writes::<Finding>()
            .max_output(u32::try_from(MAX_OUTCOMES).unwrap_or(u32::MAX), MAX_OUTPUT_BYTES)
            .concurrency(2)
            .build()
    }

    fn create(config: &str) -> Result<Self, ConfigError> {
        if config.is_empty() { Ok(Self) } else { Err(ConfigError::new("it takes no config")) }
    }

    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        // Claims whose document is gone are about to go too.
        let Some(read) = inputs.document()? else { return Ok(()) };
        let mentions = text_record::mentions(&read.document.text, &read.mentions)
            .map_err(AnalyzeError::invalid_input)?;
        let mut claims = Vec::new();
        for input in inputs.iter() {
            let record = input.record()?;
            if record.kind == Claim::full_name() {
                let claim = Claim::decode(record.body.as_ref()).map_err(AnalyzeError::invalid_input)?;
                claims.push(Stated { name: record.name, keys: record.keys, claim });
            }
        }
        call.check_cancelled()?;
        let outcomes = audit(&Input {
            text: &read.document.text,
            title_bytes: read.document.title_bytes as usize,
            published: published(&read.document),
            mentions: &mentions,
            claims: &claims,
        });
        for outcome in &outcomes {
            call.check_cancelled()?;
            let (body, citations) = outcome.record(&read.name, &read.document.text);
            let mut keys = vec![key("document", &read.name), key("finding", outcome.kind())];
            keys.extend(outcome.series(&claims));
            call.record(content_name("findings", &body), &body, keys, citations)?;
        }
        Ok(())
    }
}

plugin_sdk::export!(Audit);
