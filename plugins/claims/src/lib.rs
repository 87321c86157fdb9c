//! The analyzer `claims`: reads what each document states, from its text and its [`Layer`] of mentions, with the code that
//! `monazite read` uses. Every [`Claim`] is a record of its own, keyed by its document and by what it may be compared by.
//!
//! A claim cites the sentence, heading or row that states it, and behind that every passage elsewhere from which one of
//! its slots was taken.

#![forbid(unsafe_code)]

use plugin_sdk::record::{Citation, Claim, Document, Layer, Span};
use plugin_sdk::{
    AnalyzeError, Analyzer, Call, ConfigError, DocumentRead, Inputs, Manifest, content_name, key, manifest,
};
use text::{OriginKind, Reader};

/// Most claims of one document; a text of 4 MiB that is a table of numbers stays below it.
const MAX_CLAIMS: u32 = 200_000;

/// Most encoded bytes of one document's claims.
const MAX_OUTPUT_BYTES: u64 = 256 << 20;

/// Longest key that the log takes, in bytes.
const MAX_KEY_BYTES: usize = 512;

/// Longest quote of a citation, in bytes; of a longer sentence the figure alone is cited.
const MAX_QUOTE_BYTES: usize = 4096;

/// The analyzer.
pub struct Claims {
    reader: Reader,
}

impl Analyzer for Claims {
    fn manifest() -> Manifest {
        manifest("claims", env!("CARGO_PKG_VERSION"))
            .description("What each document states, in figures and in events")
            .reads::<Document>()
            .reads::<Layer>()
            .shared_key("document")
            .writes::<Claim>()
            .max_output(MAX_CLAIMS, MAX_OUTPUT_BYTES)
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
        // A layer whose document is gone is about to go too, and a document without its layer is not read yet.
        let Some(DocumentRead { name, document, mentions }) = inputs.document()? else { return Ok(()) };
        if mentions.is_empty() {
            return Ok(());
        }
        call.check_cancelled()?;
        let mentions =
            text_record::mentions(&document.text, &mentions).map_err(AnalyzeError::invalid_input)?;
        let claims = self.reader.claims(&document.text, document.title_bytes as usize, &mentions);
        for claim in &claims {
            call.check_cancelled()?;
            let body = text_record::claim(&name, claim);
            let mut keys = vec![key("document", &name)];
            let given =
                [("series", &claim.keys.series), ("fact", &claim.keys.fact), ("digits", &claim.keys.digits)];
            for (label, value) in given {
                let key = value.as_ref().map(|value| key(label, value));
                keys.extend(key.filter(|key| key.len() <= MAX_KEY_BYTES));
            }
            let citation = Citation { document: name.clone(), spans: spans(&document.text, claim) };
            call.record(content_name("claims", &body), &body, keys, vec![citation])?;
        }
        Ok(())
    }
}

/// The passages that a claim rests on: what states it first, then where it took slots from, each once.
fn spans(text: &str, claim: &text::Claim<'_>) -> Vec<Span> {
    let stated = if claim.sentence.len() > MAX_QUOTE_BYTES {
        claim.start_byte..claim.end_byte
    } else {
        claim.sentence.clone()
    };
    let mut passages = Vec::from([stated]);
    claim.each_origin(|_, origin| {
        let span = origin.start_byte..origin.end_byte;
        let known = passages.iter().any(|passage| passage.start <= span.start && span.end <= passage.end);
        if origin.kind == OriginKind::Inherited && !span.is_empty() && !known {
            passages.push(span);
        }
    });
    let offset = |bytes: usize| u32::try_from(bytes).expect("the reader reads no text beyond 4 GiB");
    passages
        .into_iter()
        .map(|passage| Span {
            start_byte: offset(passage.start),
            end_byte: offset(passage.end),
            quote: text[passage].to_owned(),
        })
        .collect()
}

plugin_sdk::export!(Claims);
