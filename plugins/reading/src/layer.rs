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
        let mention = body(mention);
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

fn body(mention: &text::Mention<'_>) -> record::Mention {
    let has_time = mention.kind == text::Kind::Time;
    record::Mention {
        kind: kind(mention.kind).into(),
        start_byte: offset(mention.start_byte),
        end_byte: offset(mention.end_byte),
        value: mention.value.clone().unwrap_or_default(),
        low: mention.low.clone().unwrap_or_default(),
        high: mention.high.clone().unwrap_or_default(),
        unit: mention.unit.clone().unwrap_or_default(),
        time: has_time.then(|| record::Period {
            start: mention.start.clone().unwrap_or_default(),
            end: mention.end.clone().unwrap_or_default(),
            precision: mention.precision.map_or(record::Precision::Unspecified, precision).into(),
        }),
        seconds: mention.seconds.clone().unwrap_or_default(),
        entity: mention.id.clone().unwrap_or_default(),
        qualifier: mention.qualifier.map_or(record::Qualifier::Unspecified, qualifier).into(),
        doubt: mention.doubt.map_or(record::Doubt::Unspecified, doubt).into(),
    }
}

fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("the reader reads no text beyond 4 GiB")
}

fn kind(kind: text::Kind) -> record::MentionKind {
    match kind {
        text::Kind::Number => record::MentionKind::Number,
        text::Kind::Percent => record::MentionKind::Percent,
        text::Kind::Quantity => record::MentionKind::Quantity,
        text::Kind::Time => record::MentionKind::Time,
        text::Kind::Duration => record::MentionKind::Duration,
        text::Kind::Entity => record::MentionKind::Entity,
        text::Kind::Code => record::MentionKind::Code,
        text::Kind::Citation => record::MentionKind::Citation,
    }
}

fn precision(precision: text::Precision) -> record::Precision {
    match precision {
        text::Precision::Second => record::Precision::Second,
        text::Precision::Minute => record::Precision::Minute,
        text::Precision::Hour => record::Precision::Hour,
        text::Precision::Day => record::Precision::Day,
        text::Precision::Week => record::Precision::Week,
        text::Precision::TenDays => record::Precision::TenDays,
        text::Precision::Month => record::Precision::Month,
        text::Precision::Quarter => record::Precision::Quarter,
        text::Precision::Half => record::Precision::Half,
        text::Precision::Year => record::Precision::Year,
        text::Precision::Decade => record::Precision::Decade,
        text::Precision::Range => record::Precision::Range,
    }
}

fn qualifier(qualifier: text::Qualifier) -> record::Qualifier {
    match qualifier {
        text::Qualifier::About => record::Qualifier::About,
        text::Qualifier::Nearly => record::Qualifier::Nearly,
        text::Qualifier::Over => record::Qualifier::Over,
        text::Qualifier::AtLeast => record::Qualifier::AtLeast,
        text::Qualifier::Under => record::Qualifier::Under,
        text::Qualifier::AtMost => record::Qualifier::AtMost,
    }
}

fn doubt(doubt: text::Doubt) -> record::Doubt {
    match doubt {
        text::Doubt::BackwardRange => record::Doubt::BackwardRange,
        text::Doubt::UnitConflict => record::Doubt::UnitConflict,
        text::Doubt::NoSuchDate => record::Doubt::NoSuchDate,
        text::Doubt::TooLong => record::Doubt::TooLong,
        text::Doubt::TranslationArtefact => record::Doubt::TranslationArtefact,
    }
}
