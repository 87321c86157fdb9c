//! The analyzer that misbehaves.

use std::time::Duration;

use plugin_sdk::record::{Document, Layer, Record};
use plugin_sdk::{
    AnalyzeError, Analyzer, Call, ConfigError, Inputs, Level, Manifest, content_name, key, manifest,
};

use crate::kinds::Echo;

/// `faulty` 1.0.0.
#[derive(Debug)]
pub struct Faulty;

impl Analyzer for Faulty {
    fn manifest() -> Manifest {
        crate::with_kinds(manifest("faulty", "1.0.0").description("Misbehaves on demand"))
            .reads::<Document>()
            .writes::<Echo>()
            .config_schema(r#"{"type":"object","properties":{"refuse":{"type":"string"}}}"#)
            .concurrency(4)
            .deadline_ms(5_000)
            .max_input(4, 1 << 20)
            .max_output(16, 1 << 20)
            .build()
    }

    fn create(config: &str) -> Result<Self, ConfigError> {
        if config.is_empty() {
            return Ok(Self);
        }
        let config: serde_json::Value = serde_json::from_str(config).map_err(ConfigError::new)?;
        match config.get("refuse") {
            Some(why) => Err(ConfigError::new(format!("told to refuse: {why}"))),
            None => Ok(Self),
        }
    }

    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        let (record, document) = inputs.only()?.decode::<Document>()?;
        let marker = document.text.split_whitespace().find(|word| word.starts_with('!'));
        match marker {
            Some(marker) => misbehave(marker, &record, &document, call),
            None => crate::echo(call, &record, &document.text, document.text.clone()),
        }
    }
}

/// What a marker makes of a call.
fn misbehave(
    marker: &str,
    record: &Record,
    document: &Document,
    call: &mut Call<'_>,
) -> Result<(), AnalyzeError> {
    match marker {
        "!panic" => panic!("told to panic by {}", record.name),
        "!abort" => std::process::abort(),
        "!exit" => std::process::exit(0),
        // Hangs in a way that no cancellation ends.
        "!hang" => loop {
            std::thread::park_timeout(Duration::from_secs(1));
        },
        // Waits until it is cancelled, as a well-behaved long analysis does.
        "!wait" => loop {
            call.check_cancelled()?;
            std::thread::park_timeout(Duration::from_millis(1));
        },
        "!slow" => {
            std::thread::sleep(Duration::from_millis(200));
            crate::echo(call, record, &document.text, document.text.clone())
        }
        // Goes on after it was told to stop, and calls that a success.
        "!flood" => {
            for number in 0..100_000 {
                let _ = call.record(format!("echoes/{number}"), &Echo::default(), [], Vec::new());
            }
            Ok(())
        }
        "!flood-bytes" => loop {
            let body = Echo { document: record.name.clone(), text: "x".repeat(200_000) };
            call.record("echoes/large", &body, [], Vec::new())?;
        },
        "!lie" => {
            let body = Echo { document: record.name.clone(), text: "copper rose".into() };
            let mut citation = crate::cite(record, "copper rose");
            citation.spans[0].end_byte = 5;
            call.record(content_name("echoes", &body), &body, [key("document", &record.name)], vec![citation])
        }
        "!undeclared" => {
            let body = Layer { document: record.name.clone(), mentions: Vec::new() };
            call.record(content_name("layers", &body), &body, [key("document", &record.name)], Vec::new())
        }
        "!garbage" => call.emit_encoded(b"\xff\xff\xffthis is no record"),
        "!refuse" => Err(AnalyzeError::invalid_input("told to refuse")),
        "!fail" => Err(AnalyzeError::internal("told to fail")),
        "!noise" => {
            // Straight to the descriptors, as careless plugins do.
            use std::io::Write as _;
            let _ = std::io::stdout().write_all(b"{\"event\":\"rejected\",\"message\":\"noise\"}\n");
            let _ = std::io::stdout().flush();
            let _ = std::io::stderr().write_all(b"noise\n");
            call.log(Level::Info, "noise");
            crate::echo(call, record, &document.text, document.text.clone())
        }
        other => Err(AnalyzeError::invalid_input(format!("unknown marker {other}"))),
    }
}
