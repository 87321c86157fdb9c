//! Mentions as the body of a record.

use plugin_sdk::prost::Message as _;
use plugin_sdk::record;

/// Most encoded bytes of the mentions in one layer; a record may have 4 MiB with its envelope.
const MAX_BYTES: usize = 3 << 20;

/// The day of publication, as the document says it.
pub(crate) fn published(document: &record::Document) -> Option<jiff::civil::Date> {
    document.published.as_ref()?.start.get(..10)?.parse().ok()
}

/// The layers that hold the mentions of a document: one, or several if one would be too large.
pub(crate) fn layers(document: &str, mentions: &[text::Mention<'_>]) -> Vec<record::Layer> {
    let mut layers = vec![record::Layer { document: document.to_owned(), mentions: Vec::new() }];
    let mut size = 0;
    for mention in mentions {
        let mention = text_record::mention(mention);
        // Tag and length of an element take at most six bytes.
        let length = mention.encoded_len() + 6;
        if size + length > MAX_BYTES {
            layers.push(record::Layer { document: document.to_owned(), mentions: Vec::new() });
            size = 0;
        }
        size += length;
        if let Some(layer) = layers.last_mut() {
            layer.mentions.push(mention);
        }
    }
    layers
}
