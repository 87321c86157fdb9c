//! A plugin that misbehaves on demand, for tests. Not shipped.
//!
//! - `faulty` 1.0.0 reads each document alone. A marker in the text says what it does: see [`misbehave`]. Without one
//!   it writes an [`Echo`](kinds::Echo). Its config `{"refuse": "why"}` makes it refuse to be made.
//! - `echo` 1.0.0 and 2.0.0 write the first line of each document, the second in capitals, so that an upgrade shows.
//! - `echo-length` 1.0.0 reads what `echo` writes, by document, and writes its length: two analyzers in a row.
#![forbid(unsafe_code)]

pub mod kinds;
mod misbehave;

use plugin_sdk::record::{Citation, Document, Record, Span};
use plugin_sdk::{
    AnalyzeError, Analyzer, Call, ConfigError, Inputs, Manifest, ManifestBuilder, content_name, key, manifest,
};

use crate::kinds::{Echo, Length};
pub use crate::misbehave::Faulty;

plugin_sdk::export!(Faulty, Version<1>, Version<2>, EchoLength);

/// `echo`, version `MAJOR`.0.0.
#[derive(Debug)]
pub struct Version<const MAJOR: u32>;

impl<const MAJOR: u32> Analyzer for Version<MAJOR> {
    fn manifest() -> Manifest {
        with_kinds(manifest("echo", &format!("{MAJOR}.0.0")).description("The first line of each document"))
            .reads::<Document>()
            .writes::<Echo>()
            .concurrency(2)
            .build()
    }

    fn create(_config: &str) -> Result<Self, ConfigError> {
        Ok(Self)
    }

    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        let (record, document) = inputs.only()?.decode::<Document>()?;
        let line = document.text.lines().next().unwrap_or_default();
        let said = if MAJOR == 1 { line.to_owned() } else { line.to_uppercase() };
        echo(call, &record, line, said)
    }
}

/// Writes `said` as what was read in `quote`, the beginning of a document.
fn echo(call: &mut Call<'_>, record: &Record, quote: &str, said: String) -> Result<(), AnalyzeError> {
    let body = Echo { document: record.name.clone(), text: said };
    let citations = if quote.is_empty() { vec![] } else { vec![cite(record, quote)] };
    call.record(content_name("echoes", &body), &body, [key("document", &record.name)], citations)
}

/// Cites `quote` as the beginning of a document.
fn cite(record: &Record, quote: &str) -> Citation {
    let end_byte = u32::try_from(quote.len()).unwrap_or(u32::MAX);
    let span = Span { start_byte: 0, end_byte, quote: quote.to_owned() };
    Citation { document: record.name.clone(), spans: vec![span] }
}

/// The length of what `echo` wrote about a document.
#[derive(Debug)]
pub struct EchoLength;

impl Analyzer for EchoLength {
    fn manifest() -> Manifest {
        with_kinds(manifest("echo-length", "1.0.0").description("The length of what echo wrote"))
            .reads::<Echo>()
            .shared_key("document")
            .writes::<Length>()
            .build()
    }

    fn create(_config: &str) -> Result<Self, ConfigError> {
        Ok(Self)
    }

    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        let mut length = Length::default();
        for input in inputs.iter() {
            let (_, echo) = input.decode::<Echo>()?;
            length.bytes += echo.text.len() as u64;
            length.echoes += 1;
            length.document = echo.document;
        }
        let document = key("document", &length.document);
        call.record(content_name("lengths", &length), &length, [document], Vec::new())
    }
}

fn with_kinds(manifest: ManifestBuilder) -> ManifestBuilder {
    manifest.descriptor_set(kinds::descriptor_set())
}
