//! The analyzer `story-marks`: what of a document can connect it with other tellings of its event.

mod fingerprint;
mod items;
mod keys;
mod rarity;
mod source;
mod when;

use plugin_sdk::record::{Document, Layer, StoryMark};
use plugin_sdk::{AnalyzeError, Analyzer, Call, ConfigError, DocumentRead, Inputs, Manifest, key, manifest};

pub use fingerprint::Fingerprint;

pub(crate) use rarity::{RARE_NAME, RARE_NUMBER};
pub(crate) use source::folded;

use rarity::Rarity;
use source::Sources;

/// The analyzer.
pub struct Marks {
    rarity: Rarity,
    sources: &'static Sources,
}

impl Analyzer for Marks {
    fn manifest() -> Manifest {
        manifest("story-marks", env!("CARGO_PKG_VERSION"))
            .description("What connects each document with other tellings of its event")
            .reads::<Document>()
            .reads::<Layer>()
            .shared_key("document")
            .writes::<StoryMark>()
            .config_schema(rarity::CONFIG_SCHEMA)
            .max_input(10_000, 128 << 20)
            .concurrency(2)
            .build()
    }

    fn create(config: &str) -> Result<Self, ConfigError> {
        Ok(Self { rarity: Rarity::from_config(config)?, sources: Sources::standard() })
    }

    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        // A layer whose document is gone is about to go too.
        let Some(read) = inputs.document()? else { return Ok(()) };
        let id = read.name.strip_prefix("documents/").unwrap_or(&read.name).to_owned();
        let mark = self.mark(&read);
        let mut keys = vec![key("document", &read.name)];
        if let Some(day) = mark.published.as_ref().and_then(|period| period.start.get(..10)) {
            keys.push(key("at", day));
        }
        keys.extend(keys::links(&mark).iter().map(|link| key("link", link)));
        call.record(format!("story-marks/{id}"), &mark, keys, Vec::new())
    }
}

impl Marks {
    /// The mark of a document.
    fn mark(&self, read: &DocumentRead) -> StoryMark {
        let document = &read.document;
        let body = document.text.get(document.title_bytes as usize..).unwrap_or_default();
        let fingerprint = Fingerprint::of(body);
        let second = document.published.as_ref().and_then(when::second);
        let (items, cut) = items::items(read, &self.rarity, second);
        StoryMark {
            document: read.name.clone(),
            source: document.source.clone(),
            published: document.published.clone(),
            published_second: second.unwrap_or_default(),
            rarity: self.rarity.version().to_owned(),
            body_hash: fingerprint.body_hash().to_vec().into(),
            fingerprint: fingerprint.encoded().into(),
            grams: fingerprint.grams(),
            items,
            attributions: self.sources.attributions(read),
            cut,
            publisher: self.sources.publisher(&document.source).unwrap_or_default().to_owned(),
        }
    }
}
