//! Observations as records: names and keys.

use api::record::{Observation, Record};
use prost::{Message as _, Name as _};
use text::Keys;
use text_record::observed;

/// Longest key that the log takes, in bytes, as `record.proto` says.
const MAX_KEY_BYTES: usize = 512;

/// The key by which all observations of one edition of a source are found.
pub fn table_key(source: &str, edition: &str) -> String {
    format!("table={source}@{edition}")
}

/// The keys of a claim of the same slots; none if a detail tells the series from others that a claim could mean, or the unit
/// is not known.
pub(crate) fn keys(body: &Observation) -> Keys {
    let unit = body.value.as_ref().map_or("", |value| value.unit.as_str());
    if !body.detail.is_empty() || unit.starts_with('{') {
        return Keys::default();
    }
    let keys = Keys::of(&observed(body));
    let fits = |name: &str, key: &Option<String>| {
        key.as_ref().is_none_or(|key| name.len() + key.len() < MAX_KEY_BYTES)
    };
    if fits("series", &keys.series) && fits("fact", &keys.fact) { keys } else { Keys::default() }
}

/// What a series is called: the words of its slots as printed, and the kind of its unit. So a name keeps when the lexicon or the
/// mapping comes to know more words, and when a unit is corrected from kilograms to tonnes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identity(Vec<(&'static str, String)>);

impl Identity {
    pub(crate) fn add(&mut self, slot: &'static str, words: &str) {
        self.0.push((slot, words.to_lowercase()));
    }

    /// The 16 bytes of a hash of it.
    pub(crate) fn hash(&self) -> [u8; 16] {
        let mut fields = Fields::new("monazite.series.v1");
        for (slot, words) in &self.0 {
            fields.field(slot).field(words);
        }
        fields.short()
    }

    /// The name of the observation of this series: `observations/{id}`.
    pub(crate) fn name(&self, body: &Observation) -> String {
        let mut fields = Fields::new("monazite.observation.v1");
        for (slot, words) in &self.0 {
            fields.field(slot).field(words);
        }
        let period = body.period.clone().unwrap_or_default();
        fields.field("period").field(&period.start).field(&period.end);
        fields.field("source").field(&body.source).field("edition").field(&body.edition);
        let hex: String = fields.short().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("observations/{hex}")
    }
}

/// The record of an observation.
pub(crate) fn record(name: String, body: &Observation, keys: &Keys) -> Record {
    let mut all = vec![format!("source={}", body.source), table_key(&body.source, &body.edition)];
    all.extend(keys.series.as_ref().map(|series| format!("series={series}")));
    all.extend(keys.fact.as_ref().map(|fact| format!("fact={fact}")));
    Record {
        name,
        kind: Observation::full_name(),
        body: body.encode_to_vec().into(),
        keys: all,
        ..Record::default()
    }
}

/// Hashes fields so that their borders cannot move.
pub(crate) struct Fields(blake3::Hasher);

impl Fields {
    pub(crate) fn new(domain: &str) -> Self {
        let mut fields = Self(blake3::Hasher::new());
        fields.field(domain);
        fields
    }

    pub(crate) fn field(&mut self, value: &str) -> &mut Self {
        self.0.update(&(value.len() as u64).to_le_bytes());
        self.0.update(value.as_bytes());
        self
    }

    pub(crate) fn short(&self) -> [u8; 16] {
        let mut short = [0; 16];
        short.copy_from_slice(&self.0.finalize().as_bytes()[..16]);
        short
    }
}
