//! Mentions of a layer as the reader knows them.

use plugin_sdk::{AnalyzeError, record};

/// The mentions of a document, in the order of its text.
///
/// # Errors
/// If a mention does not lie on character boundaries of the text, which a layer of this document cannot have.
pub(crate) fn mentions<'t>(
    text: &'t str,
    found: &[record::Mention],
) -> Result<Vec<text::Mention<'t>>, AnalyzeError> {
    let mut read: Vec<text::Mention<'t>> =
        found.iter().map(|mention| read(text, mention)).collect::<Result<_, _>>()?;
    read.sort_by_key(|mention| mention.start_byte);
    Ok(read)
}

fn read<'t>(text: &'t str, mention: &record::Mention) -> Result<text::Mention<'t>, AnalyzeError> {
    let span = mention.start_byte as usize..mention.end_byte as usize;
    if text.get(span.clone()).is_none() {
        return Err(AnalyzeError::invalid_input(format!(
            "a mention at bytes {} to {} of a layer does not lie in the text",
            span.start, span.end
        )));
    }
    let mut found = text::Mention::bare(kind(mention.kind()), text, span);
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    found.value = given(&mention.value);
    found.low = given(&mention.low);
    found.high = given(&mention.high);
    found.unit = given(&mention.unit);
    found.seconds = given(&mention.seconds);
    found.id = given(&mention.entity);
    found.qualifier = qualifier(mention.qualifier());
    found.doubt = doubt(mention.doubt());
    if let Some(period) = &mention.time {
        found.start = given(&period.start);
        found.end = given(&period.end);
        found.precision = precision(period.precision());
    }
    Ok(found)
}

fn kind(kind: record::MentionKind) -> text::Kind {
    match kind {
        record::MentionKind::Percent => text::Kind::Percent,
        record::MentionKind::Quantity => text::Kind::Quantity,
        record::MentionKind::Time => text::Kind::Time,
        record::MentionKind::Duration => text::Kind::Duration,
        record::MentionKind::Entity => text::Kind::Entity,
        record::MentionKind::Code => text::Kind::Code,
        record::MentionKind::Citation => text::Kind::Citation,
        record::MentionKind::Number | record::MentionKind::Unspecified => text::Kind::Number,
    }
}

fn precision(precision: record::Precision) -> Option<text::Precision> {
    Some(match precision {
        record::Precision::Unspecified => return None,
        record::Precision::Second => text::Precision::Second,
        record::Precision::Minute => text::Precision::Minute,
        record::Precision::Hour => text::Precision::Hour,
        record::Precision::Day => text::Precision::Day,
        record::Precision::Week => text::Precision::Week,
        record::Precision::TenDays => text::Precision::TenDays,
        record::Precision::Month => text::Precision::Month,
        record::Precision::Quarter => text::Precision::Quarter,
        record::Precision::Half => text::Precision::Half,
        record::Precision::Year => text::Precision::Year,
        record::Precision::Decade => text::Precision::Decade,
        record::Precision::Range => text::Precision::Range,
    })
}

fn qualifier(qualifier: record::Qualifier) -> Option<text::Qualifier> {
    Some(match qualifier {
        record::Qualifier::Unspecified => return None,
        record::Qualifier::About => text::Qualifier::About,
        record::Qualifier::Nearly => text::Qualifier::Nearly,
        record::Qualifier::Over => text::Qualifier::Over,
        record::Qualifier::AtLeast => text::Qualifier::AtLeast,
        record::Qualifier::Under => text::Qualifier::Under,
        record::Qualifier::AtMost => text::Qualifier::AtMost,
    })
}

fn doubt(doubt: record::Doubt) -> Option<text::Doubt> {
    Some(match doubt {
        record::Doubt::Unspecified => return None,
        record::Doubt::BackwardRange => text::Doubt::BackwardRange,
        record::Doubt::UnitConflict => text::Doubt::UnitConflict,
        record::Doubt::NoSuchDate => text::Doubt::NoSuchDate,
        record::Doubt::TooLong => text::Doubt::TooLong,
        record::Doubt::TranslationArtefact => text::Doubt::TranslationArtefact,
    })
}
