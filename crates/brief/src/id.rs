//! What a brief is called by.

use api::record::Record;

use crate::Parameters;
use crate::input::KINDS;

/// BLAKE3 over all that decides a brief's bytes: this crate's version, the parameters, and each record that is looked at, by
/// name: its kind, body, keys and citations. Where the parameters speak of sequences, whether a record is newer counts too.
pub(crate) fn of(records: &[Record], parameters: &Parameters) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut put = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    put(env!("CARGO_PKG_VERSION").as_bytes());
    let mut parameters = parameters.clone();
    parameters.derived_by.sort();
    parameters.derived_by.dedup();
    parameters.beside.sort();
    parameters.beside.dedup();
    // Parameters are plain data, which JSON always holds.
    put(&serde_json::to_vec(&parameters).unwrap_or_default());
    let mut order: Vec<&Record> =
        records.iter().filter(|record| KINDS.contains(&record.kind.as_str())).collect();
    order.sort_by_key(|record| (&record.name, std::cmp::Reverse(record.sequence)));
    order.dedup_by_key(|record| &record.name);
    for record in order {
        put(record.name.as_bytes());
        put(record.kind.as_bytes());
        put(&record.body);
        let mut keys: Vec<&str> = record.keys.iter().map(String::as_str).collect();
        keys.sort_unstable();
        put(keys.join("\n").as_bytes());
        for citation in &record.citations {
            put(citation.document.as_bytes());
            for span in &citation.spans {
                put(format!("{} {}", span.start_byte, span.end_byte).as_bytes());
            }
        }
        if let Some(crate::Since::Sequence(since)) = parameters.since {
            put(&[u8::from(record.sequence > since)]);
        }
    }
    hasher.finalize().to_hex().to_string()
}
